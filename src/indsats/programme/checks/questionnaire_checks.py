"""Checks of questionnaires: class ids, sides, labels, and classes tried on every possible answer pattern."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

import polars as pl

from ..definition import Programme
from ..fields import AskedHere, asking_of, askings, points, rule_places
from ..rules import Call, Constant, Rule, walk, with_rule
from .finding import Finding, check_named
from .references import unknown
from .rule_checks import readable

_MOST_PATTERNS = 100_000


@check_named("class-id")
def class_ids_differ(programme: Programme) -> Iterator[Finding]:
    """No two classes of a questionnaire have the same id."""
    for here in askings(programme):
        seen: set[str] = set()
        for number, found in enumerate(here.asking.classes):
            if found.id in seen:
                what = f"the questionnaire '{here.name}' has two classes '{found.id}'"
                path = (*here.path, "classes", number, "id")
                yield Finding(path, what, "Join their rules with 'or', or rename one.")
            seen.add(found.id)


@check_named("class-side")
def class_sides_exist(programme: Programme) -> Iterator[Finding]:
    """A class's side is one of the questionnaire's."""
    for here in askings(programme):
        for number, found in enumerate(here.asking.classes):
            path = (*here.path, "classes", number, "side")
            yield from unknown(path, found.side, here.asking.sides, "side")


@check_named("side-unused")
def sides_have_classes(programme: Programme) -> Iterator[Finding]:
    """Every side has a class."""
    for here in askings(programme):
        used = {found.side for found in here.asking.classes}
        for side in here.asking.sides:
            if side not in used:
                what = f"no class belongs to the side '{side}'"
                remedy = "Give it a class, or remove it."
                yield Finding((*here.path, "sides", side), what, remedy, "warning", at_key=True)


@check_named("answer-label")
def labels_are_on_the_scale(programme: Programme) -> Iterator[Finding]:
    """Texts for answers belong to answers of the scale."""
    for here in askings(programme):
        low, high = here.asking.scale.low, here.asking.scale.high
        for item, question in here.asking.items.items():
            for answer in question.answers:
                path = (*here.path, "items", item, "answers", answer)
                if not low <= answer <= high:
                    what = f"the answer {answer} is not on the scale, which runs from {low} to {high}"
                    yield Finding(path, what, "Move the text, or widen the scale.", at_key=True)
                elif question.options and answer not in question.options:
                    what = f"the answer {answer} has a text, and is no option of '{item}'"
                    yield Finding(path, what, "Remove the text, or add the option.", "warning", at_key=True)


@check_named("answers-on-scale")
def counted_answers_are_on_the_scale(programme: Programme) -> Iterator[Finding]:
    """What ``answers_in`` counts can be answered; beyond the scale it silently counts less than it says."""
    for place in rule_places(programme):
        rule = readable(place) if place.table.startswith("questionnaire:") else None
        for call in walk(rule.tree) if rule is not None else ():
            if not (isinstance(call, Call) and call.function == "answers_in"):
                continue
            scale = asking_of(programme, place.table).scale
            for bound in call.arguments[:2]:
                value = bound.value if isinstance(bound, Constant) else None
                if isinstance(value, float) and not scale.low <= value <= scale.high:
                    what = f"no answer is {value:g}: the scale runs from {scale.low} to {scale.high}"
                    remedy = "Write numbers of the scale, or widen it."
                    yield Finding(place.path, what, remedy, offset=bound.position)


@check_named("questionnaire-cadence")
def questionnaire_cadences_count_answers(programme: Programme) -> Iterator[Finding]:
    """A questionnaire's cadence is renewed by answered questionnaires."""
    for name, asked in programme.questionnaires.items():
        cadence = programme.cadences.get(asked.cadence or "")
        if cadence is not None and not any(one.kind == "questionnaire_answered" for one in cadence.what):
            what = f"the cadence '{asked.cadence}' is renewed by '{cadence.what[0].kind}', not by answers"
            remedy = "Name a cadence with 'kind: questionnaire_answered'."
            yield Finding(("questionnaires", name, "cadence"), what, remedy)


@check_named("class-hits")
def classes_can_be_reached(programme: Programme) -> Iterator[Finding]:
    """Every class is the first hit of at least one answer pattern."""
    for here in askings(programme):
        first_hits = _first_hits(programme, here)
        if first_hits is None:
            continue
        patterns, hits = first_hits
        reached = set(hits.unique().to_list())
        for number, found in enumerate(here.asking.classes):
            if number in reached:
                continue
            ever = patterns[f"class {number}"].any()
            reason = (
                "earlier classes take all its patterns" if ever else "no answer pattern satisfies its rule"
            )
            remedy = "Move it before the wider classes." if ever else "Correct its rule, or remove it."
            path = (*here.path, "classes", number, "when")
            yield Finding(path, f"the class '{found.id}' can never be given: {reason}", remedy)


@check_named("class-gap")
def patterns_have_a_class(programme: Programme) -> Iterator[Finding]:
    """Every complete answer pattern has a class."""
    for here in askings(programme):
        first_hits = _first_hits(programme, here)
        if first_hits is None:
            continue
        patterns, hits = first_hits
        without = patterns.filter(hits.is_null()).select(list(here.asking.items))
        if without.height:
            example = ", ".join(f"{item} {answer}" for item, answer in without.row(0, named=True).items())
            what = (
                f"{without.height:,} of {patterns.height:,} answer patterns have no class, such as {example}"
            )
            remedy = "Add a last class with 'when: \"true\"' if they belong together."
            yield Finding((*here.path, "classes"), what, remedy, "warning", at_key=True)


def _first_hits(programme: Programme, here: AskedHere) -> tuple[pl.DataFrame, pl.Series] | None:
    """All answer patterns with a column for each class, and the number of the first class that hits.

    None when there are no classes, a rule cannot be read, or the patterns are too many to try.
    """
    options = {item: points(here.asking, item) for item in here.asking.items}
    if not here.asking.classes or prod(map(len, options.values())) > _MOST_PATTERNS:
        return None
    rules: list[Rule] = []
    for place in rule_places(programme):
        if place.path[:-2] == (*here.path, "classes"):
            rule = readable(place)
            if rule is None:
                return None
            rules.append(rule)
    patterns = pl.DataFrame({"": [0]})
    for item, answers in options.items():
        patterns = patterns.join(pl.DataFrame({item: answers}), how="cross")
    for number, rule in enumerate(rules):
        patterns = with_rule(patterns, f"class {number}", rule)
    first = pl.coalesce(
        pl.when(pl.col(f"class {number}")).then(pl.lit(number)) for number in range(len(rules))
    )
    return patterns, patterns.select(first.alias("first")).to_series()
