"""An indicator of the definition as one figure, for a unit, a site or the whole programme."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

import polars as pl

from indsats.figure import Figure
from indsats.programme import (
    CountIndicator,
    Period,
    RateIndicator,
    ShareIndicator,
    TimelinessIndicator,
    WithinIndicator,
)

from . import reasons
from .cadence import chain
from .exposure import open_days, person_months
from .selection import Scope, select
from .within import share_within

if TYPE_CHECKING:
    from indsats.record import Facts


def indicator(
    facts: Facts, indicator_id: str, period: Period, *, unit: str | None = None, site: str | None = None
) -> Figure:
    """The level of an indicator in ``period``, id ``indicator/<id>/<unit or all>/<first>..<last>``.

    ``count``
        facts that begin in the period and satisfy ``where``.
    ``share``
        denominator: facts that begin in the period and satisfy ``among``; numerator: those of them that
        satisfy ``where``.
    ``rate``
        such facts per person-month of open enrolment (days / 30.4375; a fact counts where its enrolment is,
        one without enrolment is left out) or per open day (days a week × weeks; facts of sites that tell no
        opening days are left out). The denominator ends where the data do.
    ``timeliness``
        among items of a cadence due in the period and not after the data's end: the share done no later than
        due.
    ``within``
        among enrolments begun early enough to have been followed ``weeks`` by the period's end: the share
        with the fact by then. ``within_curve`` stands beside it.

    Exclusions are counted by the keys of ``REASONS``; for ``timeliness`` and ``within``, ``no_enrolment``
    counts facts that may belong to an item but cannot be tied to it. Shares are 0 to 1. No value when the
    denominator is zero. A figure of one site has ``site.<site>`` in its id. Raises KeyError for an
    unknown indicator.
    """
    return level(facts, indicator_id, period, Scope.of(unit, site))


def level(facts: Facts, indicator_id: str, period: Period, scope: Scope) -> Figure:
    """As ``indicator``, for any scope."""
    asked = facts.programme.indicators[indicator_id]
    name = figure_id("indicator", indicator_id, period, scope)
    match asked:
        case CountIndicator():
            found = select(
                facts, asked.kind, period, scope, asked.service, among=asked.where, where=asked.where
            )
            return Figure.count(name, found.rows.height, excluded=found.excluded)
        case ShareIndicator():
            found = select(
                facts, asked.kind, period, scope, asked.service, among=asked.among, where=asked.where
            )
            return Figure.share(
                name, int(found.rows["hit"].sum()), found.rows.height, excluded=found.excluded
            )
        case RateIndicator():
            return _rate(facts, asked, period, scope, name)
        case TimelinessIndicator():
            return _timeliness(facts, asked, period, scope, name)
        case WithinIndicator():
            return share_within(facts, asked, period, scope, name)
    assert_never(asked)


def figure_id(what: str, indicator_id: str, period: Period, scope: Scope) -> str:
    """The id of a figure: ``indicator/no-shows/outreach/2016-05-01..2016-09-30``."""
    return f"{what}/{indicator_id}/{scope.label}/{period.first}..{period.last}"


def _rate(facts: Facts, asked: RateIndicator, period: Period, scope: Scope, name: str) -> Figure:
    per_month = asked.per == "person_month"
    found = select(
        facts,
        asked.kind,
        period,
        scope,
        asked.service,
        among=asked.where,
        where=asked.where,
        by_enrolment=per_month,
    )
    excluded = dict(found.excluded)
    if per_month:
        number, exposure = found.rows.height, person_months(facts, period, scope, asked.service)
    else:
        exposure, telling = open_days(facts, period, scope)
        nowhere = int(found.rows["site"].null_count())
        number = int(found.rows["site"].is_in(sorted(telling)).sum())
        _count(excluded, reasons.NO_SITE, nowhere)
        _count(excluded, reasons.NO_OPEN_DAYS, found.rows.height - nowhere - number)
    value = number / exposure if exposure else None
    unit = "monthly" if asked.per == "person_month" else "rate"
    return Figure(name, value, unit, float(number), exposure, excluded, method=f"per {asked.per}")


def _timeliness(facts: Facts, asked: TimelinessIndicator, period: Period, scope: Scope, name: str) -> Figure:
    end = facts.last_day
    made = chain(facts, asked.cadence, end)
    items = made.items.filter(scope.holds & pl.col("due").is_between(period.first, period.last))
    if asked.service is not None:
        items = items.filter(pl.col("service") == asked.service)
    stayed = items.filter(~pl.col("exited_first"))
    fell_due = stayed.filter(pl.col("due") <= end)
    unused = made.unused.filter(scope.holds & pl.col("day").is_between(period.first, period.last))
    excluded: dict[str, int] = dict(unused.group_by("reason").len().sort("reason").iter_rows())
    _count(excluded, reasons.EXITED_BEFORE_DUE, items.height - stayed.height)
    _count(excluded, reasons.NOT_YET_DUE, stayed.height - fell_due.height)
    return Figure.share(name, int(fell_due["timely"].sum()), fell_due.height, excluded=excluded)


def _count(excluded: dict[str, int], reason: str, number: int) -> None:
    """Reasons that occur, only."""
    if number:
        excluded[reason] = number
