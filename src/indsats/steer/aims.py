"""Targets: the level aimed at, the level reached, and the light between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from indsats.figure import Figure, Status
from indsats.figure import Unit as Measure
from indsats.programme import Period, Target

from . import reasons
from .indicators import counted, level
from .light import status
from .selection import Scope
from .target_levels import compared_with, target_level, target_of

if TYPE_CHECKING:
    from indsats.record import Facts

SHOWN_DECIMALS: dict[Measure, int] = {"share": 3, "change": 2, "count": 1, "mean": 2}
"""What a reader sees: shares as per cent with one decimal, changes as whole per cent, counts with one decimal and means
with two. Other units are not rounded. An indicator's own ``decimals`` go before."""
_PER_CENT: frozenset[Measure] = frozenset({"share", "monthly", "change", "points"})
"""Units that are told as per cent: two decimals fewer than they are counted with."""

Why = Literal[
    "no_target", "before_data", "after_data", "not_followed", "nobody", "no_comparison", "no_direction"
]
"""Why a level cannot be held against a target: there is none; the period ends before the data begin; it
begins after they end; nothing has been
followed long enough, or fallen due; there is nobody or nothing to count among; the target's own level cannot be told;
neither higher nor lower is better."""

_LATER = (reasons.NOT_OBSERVED_LONG_ENOUGH, reasons.NOT_YET_DUE)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One indicator in one place: the target (none when there is none), the realised level, the light.

    With neither ``unit`` nor ``site`` the place is the whole programme. ``rule`` is the definition's target that was
    chosen, none when no target applies. ``why`` is told where the status is ``not_measurable``.
    """

    indicator: str
    unit: str | None
    target: Figure | None
    realised: Figure
    status: Status
    rule: Target | None = None
    site: str | None = None
    why: Why | None = None


def targets(
    facts: Facts,
    unit: str | None,
    indicators: Sequence[str],
    period: Period,
    *,
    site: str | None = None,
) -> tuple[TargetRow, ...]:
    """The target table of a unit, of a site (``unit`` none) or of the whole programme (both none).

    One row per indicator, in the order given. A target with a ``period`` holds for exactly that report period and
    goes before one that is ``valid`` on the period's last day, which goes before the standing one. No place takes
    over the target of another: a site whose definition says nothing has none.

    The ``others`` comparator is the realised level of all other units together, for a site of all other sites, never
    the place itself (decision: document 004 L1010 compares with a whole that contains the part); ``all`` is that
    whole. Units that only serve as comparison are among both. For a count it is their count × the place's own
    person-months / theirs, within the indicator's service; the figure shows the count as numerator and their
    person-months per one of our own as denominator. A target that is a part (``share_of``, 004 L1116 "sin relative
    del") is the other target's fixed level × the share given, else × own person-months / those of the place the
    other target is for.

    Levels are compared as they are printed (``decimals`` of the indicator, else ``SHOWN_DECIMALS``), so that 13.1 per
    cent against 13.1 is met (L1108-1116). ``too_few``: the realised share or mean, or that of the others, rests on a
    denominator below the programme's disclosure threshold, or the rate per month on so few persons.

    Raises KeyError for an unknown indicator and ValueError for both a unit and a site.
    """
    if unit is not None and site is not None:
        raise ValueError("a target is for a unit or for a site; a site has its unit")
    return tuple(_row(facts, unit, site, name, period) for name in indicators)


def _row(facts: Facts, unit: str | None, site: str | None, indicator_id: str, period: Period) -> TargetRow:
    asked = facts.programme.indicators[indicator_id]
    realised = level(facts, indicator_id, period, Scope.of(unit, site))
    chosen = target_of(facts.programme.targets, indicator_id, period, unit=unit, site=site)
    if chosen is None:
        return TargetRow(indicator_id, unit, None, realised, "not_measurable", site=site, why="no_target")
    target = replace(target_level(facts, chosen, period, realised), decimals=realised.decimals)
    # Few sites are no small number of people.
    threshold = 0 if realised.of == "places" else facts.programme.disclosure_threshold
    bases = [figure.denominator for figure in (realised, target) if figure.unit != "count"]
    if realised.unit == "monthly":
        # Its denominator is months, and a single person has many of them.
        scopes = [Scope.of(unit, site), *([compared_with(facts, chosen)] if chosen.comparator else [])]
        bases = [_people(facts, indicator_id, period, scope) for scope in scopes]
    known = [base for base in bases if base is not None]
    # A count of a time nobody has seen is no zero.
    after, before = period.first > facts.last_day, period.last < facts.first_day
    unseen = after or (before and realised.value is None)
    light = status(
        None if unseen else _shown(realised),
        _shown(target),
        asked.better,
        chosen.band,
        n=min(known) if known else None,
        threshold=threshold,
    )
    why: Why | None = None
    if light == "not_measurable":
        why = ("after_data" if after else "before_data") if unseen else _why(realised, target)
    return TargetRow(indicator_id, unit, target, realised, light, chosen, site, why)


def _people(facts: Facts, indicator_id: str, period: Period, scope: Scope) -> float:
    """How many persons a rate per month is a rate of."""
    exposure = counted(facts, indicator_id, period).within(scope.holds).exposure
    return 0.0 if exposure is None else float(exposure["person"].n_unique())


def _why(realised: Figure, target: Figure) -> Why:
    if realised.value is None:
        return "not_followed" if any(reason in realised.excluded for reason in _LATER) else "nobody"
    return "no_comparison" if target.value is None else "no_direction"


def _shown(figure: Figure) -> float | None:
    decimals = SHOWN_DECIMALS.get(figure.unit)
    if figure.decimals is not None:
        decimals = figure.decimals + (2 if figure.unit in _PER_CENT else 0)
    if figure.value is None or decimals is None:
        return figure.value
    return round(figure.value, decimals)
