"""Checks of what questionnaires measure: items, waves, levels, scores and their bands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..definition import Programme
from ..fields import RulePlace, rule_fields
from ..measurement import Questionnaire, Score
from ..rules import exclude_each_other
from .entry_checks import meet
from .finding import Finding, check_named
from .references import unknown
from .rule_checks import domain, happening_rule, readable


@check_named("scale-label")
def scale_labels_are_on_the_scale(programme: Programme) -> Iterator[Finding]:
    """The answers a scale names are on it."""
    for name, asked in programme.questionnaires.items():
        low, high = asked.scale.low, asked.scale.high
        for answer in asked.scale.labels:
            if not low <= answer <= high:
                what = f"the answer {answer} is named, and the scale runs from {low} to {high}"
                path = ("questionnaires", name, "scale", "labels", answer)
                yield Finding(path, what, "Move the label, or widen the scale.", at_key=True)


@check_named("item-rater")
def items_are_answered_by_raters(programme: Programme) -> Iterator[Finding]:
    """Who answers an item is among those who answer the questionnaire."""
    for name, asked in programme.questionnaires.items():
        for item, question in asked.items.items():
            for number, rater in enumerate(question.raters):
                path = ("questionnaires", name, "items", item, "raters", number)
                yield from unknown(path, rater, asked.raters, "rater of the questionnaire")


@check_named("item-part")
def parts_belong_to_a_whole(programme: Programme) -> Iterator[Finding]:
    """A question split from a point has that point beside it, or another question split from it."""
    for name, asked in programme.questionnaires.items():
        for item, question in asked.items.items():
            path = ("questionnaires", name, "items", item, "part_of")
            point = question.part_of
            if point == item:
                yield Finding(path, f"'{item}' is part of itself", "Name the point it was split from.")
                continue
            twins = [one for one, other in asked.items.items() if other.part_of == point and one != item]
            if point is not None and point not in asked.items and not twins:
                what = f"'{item}' is the only part of '{point}', which is no item"
                remedy = "Name an item or the point other items are split from, or remove it."
                yield Finding(path, what, remedy, "warning")


@check_named("item-wording")
def owned_wording_is_left_out(programme: Programme) -> Iterator[Finding]:
    """An instrument somebody owns is shipped without the wording its owner licenses."""
    for name, asked in programme.questionnaires.items():
        for item, question in asked.items.items():
            if asked.owner is not None and question.wording is not None:
                what = f"the wording belongs to {asked.owner}"
                remedy = "Leave 'wording' out; those who hold the licence fill it in."
                path = ("questionnaires", name, "items", item, "wording")
                yield Finding(path, what, remedy, "warning", at_key=True)


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
    for name, asked in programme.questionnaires.items():
        path = ("questionnaires", name, "levels")
        level_of: dict[int, str] = {}
        ids: set[str] = set()
        for number, level in enumerate(asked.levels):
            if level.id in ids:
                what = f"two levels are called '{level.id}'"
                yield Finding((*path, number, "id"), what, "Join them, or rename one.")
            ids.add(level.id)
            for place, answer in enumerate(level.answers):
                at = (*path, number, "answers", place)
                if not asked.scale.low <= answer <= asked.scale.high:
                    what = f"{answer} is not on the scale from {asked.scale.low} to {asked.scale.high}"
                    yield Finding(at, what, "Remove it, or widen the scale.")
                if answer in level_of:
                    what = f"the answer {answer} already belongs to the level '{level_of[answer]}'"
                    remedy = "Let each answer have one level; an indicator can name several 'answers' itself."
                    yield Finding(at, what, remedy, "warning")
                level_of.setdefault(answer, level.id)


@check_named("score-items")
def scores_are_made_of_items(programme: Programme) -> Iterator[Finding]:
    """A score's items exist and stand once, and no more answers are needed than it has items."""
    for path, asked, score in _scores(programme):
        for number, item in enumerate(score.items):
            yield from unknown((*path, "items", number), item, asked.items, "item")
            if item in score.items[:number]:
                what = f"the item '{item}' stands twice in the score"
                yield Finding((*path, "items", number), what, "Keep one.")
        count = len(score.items or asked.items)
        if score.at_least is not None and score.at_least > count:
            what = f"{score.at_least} answers are needed, and the score has {count} items"
            yield Finding((*path, "at_least"), what, f"Write {count} or fewer.")


@check_named("score-bands")
def bands_divide_the_score(programme: Programme) -> Iterator[Finding]:
    """Every value a score can take lies in one band, and bands stand from low to high."""
    for path, asked, score in _scores(programme):
        at = (*path, "bands")
        seen: set[str] = set()
        for number, band in enumerate(score.bands):
            if band.id in seen:
                yield Finding((*at, number, "id"), f"two bands are called '{band.id}'", "Rename one.")
            seen.add(band.id)
            if band.low is not None and band.high is not None and band.high < band.low:
                what = f"the band ends ({band.high:g}) below its start ({band.low:g})"
                yield Finding((*at, number, "high"), what, "Write the lower bound as 'low'.")
        starts = [-float("inf") if band.low is None else band.low for band in score.bands]
        for number in range(1, len(starts)):
            if starts[number] < starts[number - 1]:
                what = f"the band '{score.bands[number].id}' begins below the band before it"
                yield Finding((*at, number), what, "Write the bands from low to high.", "warning")
        values = possible_scores(asked, score)
        if score.bands and values:
            yield from _held(at, score, values)


def _held(at: tuple[Any, ...], score: Score, values: list[float]) -> Iterator[Finding]:
    """Values in two bands, in none, and bands without a value."""
    held = [
        [
            number
            for number, band in enumerate(score.bands)
            if (band.low is None or band.low <= value) and (band.high is None or value <= band.high)
        ]
        for value in values
    ]
    twice = next((place for place, bands in enumerate(held) if len(bands) > 1), None)
    if twice is not None:
        one, other = (score.bands[number].id for number in held[twice][:2])
        what = f"{values[twice]:g} lies both in '{one}' and in '{other}'"
        yield Finding((*at, held[twice][1]), what, "Both ends of a band are included: let them not meet.")
    never = next((place for place, bands in enumerate(held) if not bands), None)
    if never is not None:
        what = f"the score can be {values[never]:g}, which no band holds"
        yield Finding(at, what, "Widen a band, or add one.", "warning", at_key=True)
    for number, band in enumerate(score.bands):
        if all(number not in bands for bands in held):
            what = f"no score falls in the band '{band.id}': scores run from {values[0]:g} to {values[-1]:g}"
            yield Finding((*at, number), what, "Correct its bounds, or remove it.", "warning")


@check_named("score-reference")
def references_are_possible_scores(programme: Programme) -> Iterator[Finding]:
    """What a score is compared with lies within what the score can be."""
    for path, asked, score in _scores(programme):
        values = possible_scores(asked, score)
        for number, reference in enumerate(score.references if values else ()):
            if not values[0] <= reference.value <= values[-1]:
                what = (
                    f"{reference.value:g} is no possible score: they run from {values[0]:g} to {values[-1]:g}"
                )
                yield Finding((*path, "references", number, "value"), what, "Check the scale and 'times'.")


def _scores(programme: Programme) -> Iterator[tuple[tuple[Any, ...], Questionnaire, Score]]:
    for name, asked in programme.questionnaires.items():
        for key, score in asked.scores.items():
            yield ("questionnaires", name, "scores", key), asked, score


def possible_scores(asked: Questionnaire, score: Score) -> list[float]:
    """Every value the score can take, from low to high; none where it can have no value at all."""
    count = len(score.items or asked.items)
    if count == 0 or (score.at_least or 0) > count:
        return []
    found: set[float] = set()
    for answered in range(score.at_least or count, count + 1):
        for total in range(answered * asked.scale.low, answered * asked.scale.high + 1):
            mean = total / answered
            found.add(round((mean if score.combine == "mean" else mean * count) * score.times, 9))
    return sorted(found)
