"""Targets: the level aimed at, the level reached, and the light between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indsats.figure import Figure, Status
from indsats.figure import Unit as Measure
from indsats.programme import Period, Target

from .exposure import person_months
from .indicators import figure_id, level
from .light import status
from .selection import Scope

if TYPE_CHECKING:
    from indsats.record import Facts

SHOWN_DECIMALS: dict[Measure, int] = {"share": 3, "change": 2, "count": 1, "mean": 2}
"""What a reader sees: shares as per cent with one decimal, changes as whole per cent, counts with one decimal and means
with two. Other units are not rounded."""


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One indicator in one unit: the target (none when there is none), the realised level, the light.

    ``rule`` is the definition's target that was chosen, none when no target applies.
    """

    indicator: str
    unit: str
    target: Figure | None
    realised: Figure
    status: Status
    rule: Target | None = None


def targets(facts: Facts, unit: str, indicators: Sequence[str], period: Period) -> tuple[TargetRow, ...]:
    """The target table of a unit: one row per indicator, in the order given.

    A target with a ``period`` holds for exactly that report period and goes before the standing one. The
    ``others`` comparator is the realised level of all other units together, never the unit itself
    (decision: document 004 L1010 compares with a whole that contains the part). For a count it is
    the others' count × the unit's own person-months / the others', within the indicator's service; the figure
    shows the count as numerator and the others' person-months per one of our own as denominator.

    Levels are compared as they are printed (``SHOWN_DECIMALS``), so that 13.1 per cent against 13.1 is met
    (L1108-1116). ``too_few``: the realised share or rate, or that of the others, rests on a denominator below
    the programme's disclosure threshold. Raises KeyError for an unknown indicator.
    """
    return tuple(_row(facts, unit, name, period) for name in indicators)


def _row(facts: Facts, unit: str, indicator_id: str, period: Period) -> TargetRow:
    asked = facts.programme.indicators[indicator_id]
    realised = level(facts, indicator_id, period, Scope.of(unit, None))
    chosen = _chosen(facts.programme.targets, unit, indicator_id, period)
    if chosen is None:
        return TargetRow(indicator_id, unit, None, realised, "not_measurable")
    target = _target(facts, chosen, period, realised)
    # Few sites are no small number of people.
    threshold = 0 if realised.of == "places" else facts.programme.disclosure_threshold
    bases = [figure.denominator for figure in (realised, target) if figure.unit != "count"]
    known = [base for base in bases if base is not None]
    light = status(
        _shown(realised),
        _shown(target),
        asked.better,
        chosen.band,
        n=min(known) if known else None,
        threshold=threshold,
    )
    return TargetRow(indicator_id, unit, target, realised, light, chosen)


def _chosen(all_targets: Sequence[Target], unit: str, indicator_id: str, period: Period) -> Target | None:
    mine = [target for target in all_targets if target.indicator == indicator_id and target.unit == unit]
    exact = [target for target in mine if target.period == period]
    standing = [target for target in mine if target.period is None]
    return next(iter([*exact, *standing]), None)


def _target(facts: Facts, chosen: Target, period: Period, realised: Figure) -> Figure:
    own = Scope.of(chosen.unit, None)
    name = figure_id("target", chosen.indicator, period, own)
    if chosen.comparator is None:
        return Figure(name, chosen.value, realised.unit, method="fixed", given=True)
    others = Scope("others", frozenset(facts.programme.units) - {chosen.unit})
    theirs = level(facts, chosen.indicator, period, others)
    if realised.unit != "count":
        return Figure(
            name,
            theirs.value,
            theirs.unit,
            theirs.numerator,
            theirs.denominator,
            theirs.excluded,
            method="others",
            of=theirs.of,
        )
    service = facts.programme.indicators[chosen.indicator].service
    our_months = person_months(facts, period, own, service)
    their_months = person_months(facts, period, others, service)
    if not our_months or not their_months:
        return Figure(name, None, "count", theirs.numerator, None, theirs.excluded, method="others per month")
    ratio = their_months / our_months
    return Figure(
        name,
        (theirs.value or 0.0) / ratio,
        "count",
        theirs.numerator,
        ratio,
        theirs.excluded,
        method="others per month",
    )


def _shown(figure: Figure) -> float | None:
    decimals = SHOWN_DECIMALS.get(figure.unit)
    if figure.value is None or decimals is None:
        return figure.value
    return round(figure.value, decimals)
