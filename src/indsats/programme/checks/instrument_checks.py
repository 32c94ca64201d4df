"""Checks of what questionnaires ask and when: scale, items, waves and levels."""

from __future__ import annotations

from collections.abc import Iterator

from ..definition import Programme
from ..fields import RulePlace, askings, items_asked, rule_fields
from ..rules import exclude_each_other
from .entry_checks import meet
from .finding import Finding, check_named
from .references import unknown
from .rule_checks import domain, happening_rule, readable


@check_named("scale-label")
def scale_labels_are_on_the_scale(programme: Programme) -> Iterator[Finding]:
    """The answers a scale names are on it."""
    for here in askings(programme):
        low, high = here.asking.scale.low, here.asking.scale.high
        for answer in here.asking.scale.labels:
            if not low <= answer <= high:
                what = f"the answer {answer} is named, and the scale runs from {low} to {high}"
                path = (*here.path, "scale", "labels", answer)
                yield Finding(path, what, "Move the label, or widen the scale.", at_key=True)


@check_named("item-rater")
def items_are_answered_by_raters(programme: Programme) -> Iterator[Finding]:
    """Who answers an item is among those who answer the questionnaire."""
    for path, here, question in items_asked(programme):
        for number, rater in enumerate(question.raters):
            known = here.questionnaire.raters
            yield from unknown((*path, "raters", number), rater, known, "rater of the questionnaire")


@check_named("item-part")
def parts_belong_to_a_whole(programme: Programme) -> Iterator[Finding]:
    """A question split from a point has that point beside it, or another question split from it."""
    for path, here, question in items_asked(programme):
        item, items, point = path[-1], here.asking.items, question.part_of
        at = (*path, "part_of")
        if point == item:
            yield Finding(at, f"'{item}' is part of itself", "Name the point it was split from.")
            continue
        twins = [one for one, other in items.items() if other.part_of == point and one != item]
        if point is not None and point not in items and not twins:
            what = f"'{item}' is the only part of '{point}', which is no item"
            remedy = "Name an item or the point other items are split from, or remove it."
            yield Finding(at, what, remedy, "warning")


@check_named("item-wording")
def owned_wording_is_left_out(programme: Programme) -> Iterator[Finding]:
    """An instrument somebody owns is shipped without the wording its owner licenses."""
    for path, here, question in items_asked(programme):
        for key in ("wording", "easy"):
            if here.questionnaire.owner is not None and getattr(question, key) is not None:
                what = f"the wording belongs to {here.questionnaire.owner}"
                remedy = f"Leave '{key}' out; those who hold the licence fill it in."
                yield Finding((*path, key), what, remedy, "warning", at_key=True)


@check_named("questionnaire-about")
def site_questionnaires_have_no_personal_clock(programme: Programme) -> Iterator[Finding]:
    """A questionnaire about a site has neither a cadence nor a wave counted from an enrolment."""
    for name, asked in programme.questionnaires.items():
        if asked.about != "site":
            continue
        path = ("questionnaires", name)
        if asked.cadence is not None:
            what = "a questionnaire about a site cannot recur with an enrolment"
            yield Finding((*path, "cadence"), what, "Use 'waves' with a 'period', or write 'about: person'.")
        for wave, round_ in asked.waves.items():
            if round_.after is not None:
                what = "a wave of a questionnaire about a site cannot count from enrolment"
                yield Finding((*path, "waves", wave, "after"), what, "Give it a 'period'.")


@check_named("questionnaire-renewal")
def cadences_are_renewed_by_the_questionnaire_itself(programme: Programme) -> Iterator[Finding]:
    """A questionnaire's cadence can be renewed by answers to that questionnaire."""
    fields = rule_fields(programme, "questionnaire_answered")
    known = domain(programme, "questionnaire_answered")
    for name, asked in programme.questionnaires.items():
        cadence = programme.cadences.get(asked.cadence or "")
        answers = [one for one in cadence.what if one.kind == "questionnaire_answered"] if cadence else []
        own = readable(RulePlace((), f'questionnaire == "{name}"', "questionnaire_answered", fields))
        rules = [happening_rule(programme, one) for one in answers]
        if own is None or not rules or any(rule is None for rule in rules):
            continue
        if all(rule is not None and exclude_each_other(rule.tree, own.tree, known) for rule in rules):
            what = f"answers to '{name}' do not renew the cadence '{asked.cadence}'"
            remedy = f"Let its 'what' hold questionnaire == \"{name}\"."
            yield Finding(("questionnaires", name, "cadence"), what, remedy)


@check_named("wave")
def waves_are_named_rounds(programme: Programme) -> Iterator[Finding]:
    """A wave has a period or a time from enrolment; periods of a questionnaire's waves do not overlap."""
    for name, asked in programme.questionnaires.items():
        earlier: list[str] = []
        for key, wave in asked.waves.items():
            path = ("questionnaires", name, "waves", key)
            if wave.period is not None and wave.after is not None:
                what = "a wave lies either in a period or at a time from enrolment"
                yield Finding((*path, "after"), what, "Keep one of the two.")
            elif wave.period is None and wave.after is None:
                what = f"nothing says when the wave '{key}' is"
                yield Finding(path, what, "Give 'period' or 'after'.", "warning", at_key=True)
            for other in earlier:
                period = asked.waves[other].period
                if wave.period and period and meet(wave.period, period):
                    what = f"the wave overlaps '{other}', so an answer could belong to both"
                    yield Finding((*path, "period"), what, "Let one begin after the other.")
            earlier.append(key)


@check_named("level")
def levels_divide_the_scale(programme: Programme) -> Iterator[Finding]:
    """Levels have ids of their own, name answers of the scale, and no answer has two levels."""
    for here in askings(programme):
        path, scale = (*here.path, "levels"), here.asking.scale
        level_of: dict[int, str] = {}
        ids: set[str] = set()
        for number, level in enumerate(here.asking.levels):
            if level.id in ids:
                what = f"two levels are called '{level.id}'"
                yield Finding((*path, number, "id"), what, "Join them, or rename one.")
            ids.add(level.id)
            for place, answer in enumerate(level.answers):
                at = (*path, number, "answers", place)
                if not scale.low <= answer <= scale.high:
                    what = f"{answer} is not on the scale from {scale.low} to {scale.high}"
                    yield Finding(at, what, "Remove it, or widen the scale.")
                if answer in level_of:
                    what = f"the answer {answer} already belongs to the level '{level_of[answer]}'"
                    remedy = "Let each answer have one level; an indicator can name several 'answers' itself."
                    yield Finding(at, what, remedy, "warning")
                level_of.setdefault(answer, level.id)
