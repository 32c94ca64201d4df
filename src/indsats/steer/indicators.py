"""An indicator of the definition as one figure, for a unit, a site or the whole programme."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

import polars as pl

from indsats.figure import Figure
from indsats.programme import (
    AnswerIndicator,
    BetweenIndicator,
    CaseloadIndicator,
    ChangeIndicator,
    ConsecutiveIndicator,
    CountIndicator,
    FulfilmentIndicator,
    Indicator,
    MeanIndicator,
    MissingIndicator,
    Period,
    RateIndicator,
    ReachedIndicator,
    ScoreIndicator,
    ShareIndicator,
    StockIndicator,
    TimelinessIndicator,
    WithinIndicator,
)

from .caseload import cases_per_worker
from .counted import Counted, Place, at_places, figure_of
from .exposure import DAYS_PER_MONTH, open_spells
from .fulfilment import Asked, met
from .questionnaires import mean_score, share_answered
from .reached import days_between, missing, reached
from .remembered import remembered
from .selection import Scope, in_group
from .tallies import mean_of_facts, number_of, rate, share_of_facts, timeliness
from .touched import change, in_a_row, stock
from .within import within

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

    ``mean``
        numerator: the sum of the field over such facts that tell it, denominator: their number.
    ``missing``
        denominator: enrolments open on the last day observed; numerator: those whose first missing step is the one
        asked for, or that lack any.
    ``caseload``
        numerator: cases open on the last day observed that somebody holds in the role, denominator: those somebodies.

    With ``group`` only what is about its persons counts. ``low`` and ``high`` bound a 95 % interval (``intervals``)
    where the level is not told of everybody on a day.

    Exclusions are counted by the keys of ``REASONS``; for ``timeliness``, ``within``, ``reached`` and ``between``,
    ``no_enrolment`` counts facts that may belong to an item but cannot be tied to it. Shares are 0 to 1. No value
    when the denominator is zero. A figure of one site has ``site.<site>`` in its id. Raises KeyError for an
    unknown indicator.
    """
    return level(facts, indicator_id, period, Scope.of(unit, site))


def indicator_by(facts: Facts, indicator_id: str, period: Period, by: Place) -> dict[str, Figure]:
    """The level of an indicator at every unit of the programme, or every site of the record, in one pass.

    Each figure equals that of ``indicator`` for the place, its id included.
    """
    found = counted(facts, indicator_id, period)
    return at_places(facts, found, by, lambda scope: figure_id("indicator", indicator_id, period, scope))


def indicator_rows(facts: Facts, indicator_id: str, period: Period) -> pl.DataFrame:
    """What an indicator counts, a row each, and what it leaves out and why: columns ``ROWS``.

    These are the facts behind its figures: those of a place are the rows of that unit or site.
    """
    return counted(facts, indicator_id, period).rows


def per_enrolment(facts: Facts, indicator_id: str, period: Period) -> pl.DataFrame:
    """The indicator of each enrolment by itself: ``enrolment``, ``person``, ``unit``, ``site``, ``value``.

    Counts and rates are 0 for enrolments open in the period that have none, and tell only of those; shares and means
    are null where nothing of the enrolment is in the denominator, and such enrolments are left out. Where all of a
    person's items have to be met, it is 1 when all of the enrolment's are. A rate is told per month the enrolment was
    open. Empty for indicators about places, for cases per worker and for changes, which no single enrolment has.
    """
    made = counted(facts, indicator_id, period)
    asked = facts.programme.indicators[indicator_id]
    enrolled = facts.enrolments().select("enrolment", "person", "unit", "site")
    if made.of == "places" or made.fold == "total" or made.unit in ("change", "rate"):
        return enrolled.clear().with_columns(value=pl.lit(None, dtype=pl.Float64))
    if asked.group is not None:
        enrolled = enrolled.join(
            _group(facts, asked.group, period), on="person", how="semi", maintain_order="left"
        )
    kept = made.rows.filter(pl.col("reason").is_null() & pl.col("enrolment").is_not_null())
    per = kept.group_by("enrolment", maintain_order=True)
    sums = per.agg(pl.col("n").sum(), pl.col("d").sum())
    if made.fold == "all":
        sums = per.agg(pl.col("n").min(), d=pl.lit(1.0))
    if made.unit not in ("count", "monthly"):
        value = pl.when(pl.col("d") > 0).then(pl.col("n") / pl.col("d"))
        found = enrolled.join(sums, on="enrolment", maintain_order="left").with_columns(value=value)
        return found.drop_nulls("value").drop("n", "d")
    time = open_spells(facts, period, asked.service, "enrolment")
    months = time.group_by("enrolment").agg(
        months=pl.col("stop").sub(pl.col("start")).dt.total_days().sum() / DAYS_PER_MONTH
    )
    found = enrolled.join(months, on="enrolment", maintain_order="left").join(
        sums, on="enrolment", how="left", maintain_order="left"
    )
    number = pl.col("n").fill_null(0.0)
    return found.with_columns(value=number if made.unit == "count" else number / pl.col("months")).drop(
        "n", "d", "months"
    )


def level(facts: Facts, indicator_id: str, period: Period, scope: Scope) -> Figure:
    """As ``indicator``, for any scope."""
    found = counted(facts, indicator_id, period)
    within = found if scope.everywhere else found.within(scope.holds)
    return figure_of(within, figure_id("indicator", indicator_id, period, scope))


def counted(facts: Facts, indicator_id: str, period: Period) -> Counted:
    """The rows of an indicator everywhere. Raises KeyError for an unknown indicator."""
    asked = facts.programme.indicators[indicator_id]

    def make() -> Counted:
        found = replace(_counted(facts, asked, period), decimals=asked.decimals)
        if not found.known:
            # Where there can be no figure yet there is nothing behind it either.
            return replace(found, rows=found.rows.clear())
        if asked.group is None:
            return found
        return found.about(_group(facts, asked.group, period))

    return remembered(facts, ("counted", indicator_id, str(period)), make)


def _group(facts: Facts, group: str, period: Period) -> pl.DataFrame:
    """The persons of a target group on the last day observed of the period: ``person``."""
    return in_group(facts, group, min(period.last, facts.last_day))


def _counted(facts: Facts, asked: Indicator, period: Period) -> Counted:
    match asked:
        case CountIndicator():
            return number_of(facts, asked, period)
        case ShareIndicator():
            return share_of_facts(facts, asked, period)
        case MeanIndicator():
            return mean_of_facts(facts, asked, period)
        case RateIndicator():
            return rate(facts, asked, period)
        case TimelinessIndicator():
            return timeliness(facts, asked, period)
        case WithinIndicator():
            return within(facts, asked, period)
        case StockIndicator():
            return stock(facts, asked, period)
        case ReachedIndicator():
            return reached(facts, asked, period)
        case BetweenIndicator():
            return days_between(facts, asked, period)
        case ConsecutiveIndicator():
            return in_a_row(facts, asked, period)
        case ChangeIndicator():
            return change(facts, asked, period)
        case MissingIndicator():
            return missing(facts, asked, period)
        case CaseloadIndicator():
            return cases_per_worker(facts, asked, period)
        case FulfilmentIndicator():
            which = Asked(asked.phase, asked.element, asked.requirement, asked.service)
            return met(facts, period, which, of=asked.of, by=asked.by)
        case ScoreIndicator():
            return mean_score(facts, asked, period)
        case AnswerIndicator():
            return share_answered(facts, asked, period)
    assert_never(asked)


def figure_id(what: str, indicator_id: str, period: Period, scope: Scope) -> str:
    """The id of a figure: ``indicator/no-shows/outreach/2016-05-01..2016-09-30``."""
    return f"{what}/{indicator_id}/{scope.label}/{period.first}..{period.last}"
