"""An indicator of the definition as one figure, for a unit, a site or the whole programme."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

import polars as pl

from indsats.figure import Figure
from indsats.programme import (
    AnswerIndicator,
    BetweenIndicator,
    ChangeIndicator,
    ConsecutiveIndicator,
    CountIndicator,
    FulfilmentIndicator,
    Period,
    RateIndicator,
    ReachedIndicator,
    ScoreIndicator,
    ShareIndicator,
    StockIndicator,
    TimelinessIndicator,
    WithinIndicator,
)

from . import reasons
from .cadence import chain
from .exposure import open_days, person_months
from .fulfilment import Asked, share_met
from .questionnaires import mean_score, share_answered
from .reached import days_between, share_reached
from .selection import Scope, counted, select
from .touched import change, share_in_a_row, stock
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
    ``stock``
        persons with an open enrolment, or in an open phase, on the last day observed of the period.
    ``reached``
        denominator: enrolments begun in the period (with ``among``: of those, that have such a fact); numerator:
        those with the fact, or one of each, by the end of the data.
    ``between``
        mean days from one fact to the next other; numerator: the days, denominator: enrolments in which the
        later of them falls in the period.
    ``consecutive``
        denominator: persons with an open enrolment in the period; numerator: those touched in so many calendar
        months in a row.
    ``change``
        persons touched since enrolment (numerator) against those of the same touched before (denominator).
    ``fulfilment``
        as ``fulfilment``.
    ``score``
        numerator: the sum of the values, denominator: enrolments measured (or sites, each with its mean).
    ``answer``
        denominator: enrolments that answered the item; numerator: those who answered so (over sites: the sum of
        the sites' shares, and the number of sites).

    Exclusions are counted by the keys of ``REASONS``; for ``timeliness``, ``within``, ``reached`` and ``between``,
    ``no_enrolment`` counts facts that may belong to an item but cannot be tied to it. Shares are 0 to 1. No value
    when the denominator is zero. A figure of one site has ``site.<site>`` in its id. Raises KeyError for an
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
        case StockIndicator():
            return stock(facts, asked, period, scope, name)
        case ReachedIndicator():
            return share_reached(facts, asked, period, scope, name)
        case BetweenIndicator():
            return days_between(facts, asked, period, scope, name)
        case ConsecutiveIndicator():
            return share_in_a_row(facts, asked, period, scope, name)
        case ChangeIndicator():
            return change(facts, asked, period, scope, name)
        case FulfilmentIndicator():
            which = Asked(asked.phase, asked.element, asked.requirement, asked.service)
            return share_met(facts, period, which, scope, of=asked.of, by=asked.by, name=name)
        case ScoreIndicator():
            return mean_score(facts, asked, period, scope, name)
        case AnswerIndicator():
            return share_answered(facts, asked, period, scope, name)
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
    stayed = items.filter(pl.col("left_out").is_null())
    fell_due = stayed.filter(pl.col("due") <= end)
    unused = made.unused.filter(scope.holds & pl.col("day").is_between(period.first, period.last))
    excluded = counted(unused) | counted(items, "left_out")
    _count(excluded, reasons.NOT_YET_DUE, stayed.height - fell_due.height)
    return Figure.share(name, int(fell_due["timely"].sum()), fell_due.height, excluded=excluded)


def _count(excluded: dict[str, int], reason: str, number: int) -> None:
    """Reasons that occur, only."""
    if number:
        excluded[reason] = number
