"""Checks of targets."""

from __future__ import annotations

from collections.abc import Iterator

from ..base import Period
from ..definition import Programme
from ..steering import ScoreIndicator
from .finding import Finding, check_named
from .references import unknown
from .score_checks import possible_scores

_SHARES = ("share", "timeliness", "within", "reached", "consecutive", "fulfilment", "answer")
_SIGNED = ("change", "score")
"""A change can be aimed below what it was, and a scale can begin below 0."""


@check_named("target-indicator")
def targets_name_indicators(programme: Programme) -> Iterator[Finding]:
    """A target is for an indicator that exists."""
    for number, target in enumerate(programme.targets):
        path = ("targets", number, "indicator")
        yield from unknown(path, target.indicator, programme.indicators, "indicator")


@check_named("target-unit")
def targets_name_units(programme: Programme) -> Iterator[Finding]:
    """A target is for a unit that exists."""
    for number, target in enumerate(programme.targets):
        yield from unknown(("targets", number, "unit"), target.unit, programme.units, "unit")


@check_named("target-level")
def target_levels_are_possible(programme: Programme) -> Iterator[Finding]:
    """A target for a share lies between 0 and 1, that for a score within it, and counts and days are not negative."""
    for number, target in enumerate(programme.targets):
        indicator = programme.indicators.get(target.indicator)
        value, path = target.value, ("targets", number, "value")
        if indicator is None or value is None:
            continue
        if value < 0 and indicator.measures not in _SIGNED:
            yield Finding(path, f"the target {value:g} is negative", "Give a level of 0 or more.")
        elif indicator.measures in _SHARES and value > 1:
            remedy = f"Write {value:g} % as {value / 100:g}." if value <= 100 else "Give a share from 0 to 1."
            yield Finding(path, f"the target {value:g} is not a share between 0 and 1", remedy)
        elif isinstance(indicator, ScoreIndicator):
            asked = programme.questionnaires.get(indicator.questionnaire)
            score = asked.scores.get(indicator.score) if asked else None
            values = possible_scores(asked, score) if asked and score else []
            if values and not values[0] <= value <= values[-1]:
                what = f"the target {value:g} is no possible score: they run from {values[0]:g} to {values[-1]:g}"
                yield Finding(path, what, "Give a level within the score.")


@check_named("target-direction")
def targets_have_a_direction(programme: Programme) -> Iterator[Finding]:
    """An indicator with a target says whether higher or lower is better."""
    for number, target in enumerate(programme.targets):
        indicator = programme.indicators.get(target.indicator)
        if indicator is not None and indicator.better == "neither":
            what = f"'{target.indicator}' has a target, and neither higher nor lower is better"
            remedy = "Write 'better: higher' or 'better: lower' at the indicator, or remove the target."
            yield Finding(("targets", number, "indicator"), what, remedy)


@check_named("target-comparator")
def comparators_have_others(programme: Programme) -> Iterator[Finding]:
    """A target that compares with the other units has other units to compare with."""
    for number, target in enumerate(programme.targets):
        if target.comparator == "others" and not set(programme.units) - {target.unit}:
            what = "the target compares with other units, and there are none"
            yield Finding(("targets", number, "comparator"), what, "Add a unit, or give a fixed 'value'.")


@check_named("target-once")
def targets_do_not_compete(programme: Programme) -> Iterator[Finding]:
    """No two targets hold for the same indicator, unit and report period."""
    for number, target in enumerate(programme.targets):
        for earlier in programme.targets[:number]:
            same = (earlier.indicator, earlier.unit) == (target.indicator, target.unit)
            if same and _meet(earlier.period, target.period):
                what = f"'{target.indicator}' already has a target in '{target.unit}' for this period"
                yield Finding(
                    ("targets", number, "indicator"), what, "Keep one, or give them different periods."
                )
                break


def _meet(one: Period | None, other: Period | None) -> bool:
    # Each period is that of one report, and reports may cover the same days; a target without a period is the
    # standing one.
    return one == other
