"""Which target holds for a place in a period, and the level it asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from indsats.figure import Figure
from indsats.programme import Period, Target

from .exposure import person_months
from .indicators import figure_id, level
from .selection import Scope

if TYPE_CHECKING:
    from indsats.record import Facts


def target_of(
    targets: Sequence[Target], indicator_id: str, period: Period, *, unit: str | None, site: str | None
) -> Target | None:
    """The target of a place: that of exactly this period, else one valid on its last day, else the standing one.

    A place has no other target than its own: a site does not inherit its unit's, nor a unit the programme's.
    """
    mine = [
        target
        for target in targets
        if (target.indicator, target.unit, target.site) == (indicator_id, unit, site)
    ]
    holding = [target for target in mine if holds(target, period)]
    return min(holding, key=_precedence, default=None)


def holds(target: Target, period: Period) -> bool:
    """Whether a target holds for a report of ``period``."""
    if target.period is not None:
        return target.period == period
    return target.valid is None or target.valid.first <= period.last <= target.valid.last


def _precedence(target: Target) -> int:
    return 0 if target.period is not None else 1 if target.valid is not None else 2


def target_level(facts: Facts, target: Target, period: Period, realised: Figure) -> Figure:
    """The level a target asks for, in the unit of ``realised``, id ``target/<indicator>/<place>/<first>..<last>``.

    A fixed value, the level of the others or of all, or a part of another target (see ``targets``). No value where
    it cannot be told: nobody to compare with, nobody enrolled to share by, or the other target does not hold for
    the period.
    """
    own = Scope.of(target.unit, target.site)
    name = figure_id("target", target.indicator, period, own)
    if target.value is not None:
        return Figure(name, target.value, realised.unit, method="fixed", given=True)
    if target.share_of is not None:
        return _part(facts, target, period, realised, name)
    compared = compared_with(facts, target)
    theirs = level(facts, target.indicator, period, compared)
    if realised.unit != "count":
        return Figure(
            name,
            theirs.value,
            theirs.unit,
            theirs.numerator,
            theirs.denominator,
            theirs.excluded,
            method=str(target.comparator),
            of=theirs.of,
        )
    return _scaled(facts, target, period, theirs, compared, name)


def compared_with(facts: Facts, target: Target) -> Scope:
    """Those whose level a target asks for: all, or all but the place itself (nobody where that is everything)."""
    if target.comparator == "all":
        return Scope()
    if target.site is not None:
        return Scope("others", apart=target.site)
    return Scope("others", frozenset(facts.programme.units) - {target.unit})


def _scaled(
    facts: Facts, target: Target, period: Period, theirs: Figure, compared: Scope, name: str
) -> Figure:
    """Their count as it would be with as many person-months as our own, within the indicator's service."""
    service = facts.programme.indicators[target.indicator].service
    own = person_months(facts, period, Scope.of(target.unit, target.site), service)
    other = person_months(facts, period, compared, service)
    method = f"{target.comparator} per month"
    if not own or not other:
        return Figure(name, None, "count", theirs.numerator, None, theirs.excluded, method=method)
    ratio = other / own
    value = (theirs.value or 0.0) / ratio
    return Figure(name, value, "count", theirs.numerator, ratio, theirs.excluded, method=method)


def _part(facts: Facts, target: Target, period: Period, realised: Figure, name: str) -> Figure:
    """A part of the fixed level at the end of the chain: the shares of the chain multiplied.

    Where the share is not given, the numerator is the unit's own person-months, and the denominator the months that
    make the same part of the level. A chain that never ends in a level (a definition the check refuses) gives none.
    """
    whole, own = 1.0, None
    one: Target | None = target
    seen: set[str | None] = set()
    while one is not None and one.value is None:
        parent = next((each for each in facts.programme.targets if each.id == one.share_of), None)
        if parent is None or not holds(parent, period) or parent.id in seen:
            return Figure(name, None, realised.unit, method="part")
        seen.add(parent.id)
        if one.share is not None:
            whole *= one.share
        else:
            service = facts.programme.indicators[one.indicator].service
            months = person_months(facts, period, Scope.of(one.unit, one.site), service)
            among = person_months(facts, period, Scope.of(parent.unit, parent.site), service)
            if not months or not among:
                return Figure(name, None, realised.unit, method="part by month")
            whole *= months / among
            own = own or months
        one = parent
    if one is None or one.value is None:
        return Figure(name, None, realised.unit, method="part")
    if own is None:
        return Figure(name, one.value * whole, realised.unit, method="part", given=True)
    return Figure(name, one.value * whole, realised.unit, own, own / whole, method="part by month")
