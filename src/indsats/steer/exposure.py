"""What a rate is measured against: person-months of open enrolment and open days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from indsats.figure import Figure
from indsats.programme import Period

from .selection import Scope, enrolled_in

if TYPE_CHECKING:
    from indsats.record import Facts

DAYS_PER_MONTH = 30.4375
"""365.25 / 12."""


def observed(facts: Facts, period: Period) -> Period | None:
    """The part of the period the data cover, or none: of what was before they begin and after they end nobody knows."""
    first, last = max(period.first, facts.first_day), min(period.last, facts.last_day)
    return None if last < first else Period(first=first, last=last)


def person_months(facts: Facts, period: Period, scope: Scope, service: str | None = None) -> float:
    """Months of open enrolment within the observed part of the period: days / 30.4375.

    An enrolment is open from its first day up to, not including, the day of exit. A person with several open
    enrolments counts once a day.
    """
    spells = scope.rows(open_spells(facts, period, service)).with_columns(place=pl.lit(""))
    return float(person_time(spells, ["place"])["months"].sum())


def open_spells(facts: Facts, period: Period, service: str | None = None, *also: str) -> pl.DataFrame:
    """When each enrolment was open within the observed part of the period.

    Columns ``unit``, ``site``, ``person``, ``start`` and ``stop``, the first day after it, and those asked for
    ``also``.
    """
    seen = observed(facts, period)
    enrolled = enrolled_in(facts, Scope(), service)
    if seen is None:
        enrolled = enrolled.clear()
    first = pl.lit(period.first if seen is None else seen.first)
    after = pl.lit((period.last if seen is None else seen.last) + timedelta(days=1))
    return enrolled.select(
        "unit",
        "site",
        "person",
        *also,
        start=pl.max_horizontal("start", first),
        stop=pl.min_horizontal(pl.col("end").fill_null(after), after),
    ).filter(pl.col("stop") > pl.col("start"))


def person_time(spells: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """``months`` for each value of the columns ``by``; days that spells of one person share count once."""
    who = [*by, "person"]
    # Persons by number: their order is of no matter here, and names are slow to sort.
    numbers = spells.with_columns(pl.col("person").cast(pl.Categorical).to_physical())
    days = (
        numbers.sort(*who, "start")
        .with_columns(covered=pl.col("stop").cum_max().shift(1).over(who))
        .select(
            *by,
            days=(pl.col("stop") - pl.max_horizontal("start", pl.col("covered").fill_null(pl.col("start"))))
            .dt.total_days()
            .clip(lower_bound=0),
        )
        .group_by(by)
        .agg(pl.col("days").sum())
    )
    # Not by Polars, which divides a row in the middle of a table otherwise than one at its end.
    months = pl.Series("months", days["days"].to_numpy() / DAYS_PER_MONTH, dtype=pl.Float64)
    return days.drop("days").with_columns(months)


def population(
    facts: Facts,
    period: Period,
    *,
    unit: str | None = None,
    site: str | None = None,
    service: str | None = None,
) -> Figure:
    """The mean number of persons with an open enrolment on the month-ends of the observed period.

    ``numerator`` is the sum over the month-ends, ``denominator`` their number; no value when the period
    holds no month-end. Not used by rates, which take exact days; it is what a reader calls the number of
    citizens.
    """
    scope = Scope.of(unit, site)
    name = f"population/{service or 'all'}/{scope.label}/{period.first}..{period.last}"
    seen = observed(facts, period)
    days = [] if seen is None else _month_ends(seen)
    enrolled = enrolled_in(facts, scope, service)
    total = sum(
        enrolled.filter((pl.col("start") <= day) & (pl.col("end").is_null() | (pl.col("end") > day)))[
            "person"
        ].n_unique()
        for day in days
    )
    return Figure(name, total / len(days) if days else None, "mean", float(total), float(len(days)))


def open_days(facts: Facts, period: Period) -> pl.DataFrame:
    """Open days of the sites that tell them: ``unit``, ``site``, ``amount`` (days a week × weeks observed)."""
    seen = observed(facts, period)
    weeks = 0.0 if seen is None else ((seen.last - seen.first).days + 1) / 7
    told = facts.sites.filter(pl.col("open_days_per_week").is_not_null())
    return told.select("unit", "site", amount=pl.col("open_days_per_week") * weeks)


def _month_ends(period: Period) -> list[date]:
    days: list[date] = []
    day = period.first
    while day <= period.last:
        following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        if following - timedelta(days=1) <= period.last:
            days.append(following - timedelta(days=1))
        day = following
    return days
