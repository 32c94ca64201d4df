"""Indicators that count facts: how many, which share, how often, how much on average, how many in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from indsats.programme import (
    CountIndicator,
    MeanIndicator,
    Period,
    RateIndicator,
    ShareIndicator,
    TimelinessIndicator,
)

from . import reasons
from .cadence import chain
from .counted import EXPOSURE, Counted, left_out, rows_of
from .exposure import observed, open_days, open_spells
from .selection import judged

if TYPE_CHECKING:
    from indsats.record import Facts

_COUNTS = pl.col("reason").is_null()


def number_of(facts: Facts, asked: CountIndicator, period: Period) -> Counted:
    """Facts that begin in the period and satisfy ``where``."""
    found = judged(facts, asked.kind, period, asked.service, among=asked.where, where=asked.where)
    rows = rows_of(found, n=pl.when(_COUNTS).then(1.0))
    known, seen = period.first <= facts.last_day, observed(facts, period) is not None
    return Counted(rows, "count", known=known, seen=seen)


def share_of_facts(facts: Facts, asked: ShareIndicator, period: Period) -> Counted:
    """Among facts that begin in the period and satisfy ``among``: those that satisfy ``where``."""
    found = judged(facts, asked.kind, period, asked.service, among=asked.among, where=asked.where)
    return Counted(rows_of(found, n=pl.when(_COUNTS).then("hit"), d=pl.when(_COUNTS).then(1.0)), "share")


def mean_of_facts(facts: Facts, asked: MeanIndicator, period: Period) -> Counted:
    """The mean of a number over such facts; those that do not tell it are left out."""
    found = judged(
        facts, asked.kind, period, asked.service, among=asked.where, where=asked.where, field=asked.field
    )
    told = pl.col(asked.field).cast(pl.Float64)
    untold = pl.when(told.is_null()).then(pl.lit(reasons.UNKNOWN_VALUE))
    found = found.with_columns(n=told, reason=pl.coalesce("reason", untold))
    return Counted(rows_of(found, n=pl.when(_COUNTS).then("n"), d=pl.when(_COUNTS).then(1.0)), "mean")


def rate(facts: Facts, asked: RateIndicator, period: Period) -> Counted:
    """Such facts per person-month of open enrolment (counted where the enrolment is), or per open day of a site."""
    per_month = asked.per == "person_month"
    found = judged(
        facts,
        asked.kind,
        period,
        asked.service,
        among=asked.where,
        where=asked.where,
        by_enrolment=per_month,
    )
    if per_month:
        exposure = open_spells(facts, period, asked.service)
    else:
        exposure = open_days(facts, period)
        untold = (
            pl.when(pl.col("site").is_null())
            .then(pl.lit(reasons.NO_SITE))
            .when(~pl.col("site").is_in(exposure["site"].to_list()))
            .then(pl.lit(reasons.NO_OPEN_DAYS))
        )
        found = found.with_columns(reason=pl.coalesce("reason", untold))
    lacking = {
        name: pl.lit(None, dtype=type_) for name, type_ in EXPOSURE.items() if name not in exposure.columns
    }
    return Counted(
        rows_of(found, n=pl.when(_COUNTS).then(1.0)),
        "monthly" if per_month else "rate",
        method=f"per {asked.per}",
        exposure=exposure.with_columns(**lacking).select(list(EXPOSURE)),
    )


def timeliness(facts: Facts, asked: TimelinessIndicator, period: Period) -> Counted:
    """Among items of a cadence that fell due in the period: those done no later than due."""
    end = facts.last_day
    made = chain(facts, asked.cadence, end)
    items = made.items.filter(pl.col("due").is_between(period.first, period.last))
    if asked.service is not None:
        items = items.filter(pl.col("service") == asked.service)
    later = pl.when(pl.col("due") > end).then(pl.lit(reasons.NOT_YET_DUE))
    items = items.with_columns(reason=pl.coalesce("left_out", later), day="due")
    unused = made.unused.filter(pl.col("day").is_between(period.first, period.last))
    rows = rows_of(items, n=pl.when(_COUNTS).then("timely"), d=pl.when(_COUNTS).then(1.0))
    return Counted(pl.concat([rows, left_out(unused)]), "share")
