"""Enrolments that came to something: the share that reached it, and the days it took."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from indsats.programme import (
    BetweenIndicator,
    Happening,
    MissingIndicator,
    Period,
    ReachedIndicator,
)

from . import reasons
from .counted import Counted, left_out, rows_of
from .exposure import observed
from .selection import Scope, candidates, enrolled_in, next_day, open_on

if TYPE_CHECKING:
    from indsats.record import Facts

YES, PERHAPS, NO = 2, 1, 0


def reached(facts: Facts, asked: ReachedIndicator, period: Period) -> Counted:
    """Among enrolments begun in the period: those with such a fact by the end of the data.

    With ``among`` only enrolments with such a fact are in the denominator, with ``every`` one of each of ``what``
    is needed. An enrolment of which a missing value decides either is left out. Facts without an enrolment, from the
    period's start to the end of the data, are counted beside.
    """
    end = facts.last_day
    begun = enrolled_in(facts, Scope(), asked.service).filter(
        pl.col("start").is_between(period.first, min(period.last, end))
    )
    had, among = had_each(facts, begun, asked.what, end), had_each(facts, begun, asked.among, end)
    base = begun.select("unit", "site", "person", "enrolment", day="start").with_columns(
        among=among.max_horizontal() if asked.among else pl.repeat(YES, begun.height, eager=True),
        hit=had.min_horizontal() if asked.every else had.max_horizontal(),
    )
    known = (pl.col("among") == YES) & (pl.col("hit") != PERHAPS)
    base = base.filter(pl.col("among") > NO).with_columns(
        reason=pl.when(~known).then(pl.lit(reasons.UNKNOWN_VALUE))
    )
    rows = rows_of(base, n=pl.when(known).then(pl.col("hit") == YES), d=pl.when(known).then(1.0))
    loose = _loose(facts, [*asked.what, *asked.among], period.first, end)
    return Counted(pl.concat([rows, left_out(loose)]), "share")


def had_each(facts: Facts, begun: pl.DataFrame, happenings: Sequence[Happening], end: date) -> pl.DataFrame:
    """A column per happening: how sure it is that each enrolment of ``begun`` has such a fact (yes, perhaps, no)."""
    columns: list[pl.Series] = []
    for number, happening in enumerate(happenings):
        found = candidates(facts, [happening], end).drop_nulls("enrolment")
        sure = found.group_by("enrolment").agg(
            pl.when(pl.col("reason").is_null().any()).then(YES).otherwise(PERHAPS).alias(f"has_{number}")
        )
        joined = begun.select("enrolment").join(sure, on="enrolment", how="left", maintain_order="left")
        columns.append(joined[f"has_{number}"].fill_null(NO))
    return pl.DataFrame(columns)


def days_between(facts: Facts, asked: BetweenIndicator, period: Period) -> Counted:
    """Mean days from ``since`` to the first ``until`` on or after it, where that falls in the period.

    Numerator: the days; denominator: enrolments. Left out are enrolments still open that have had ``since`` and wait
    for ``until`` when the period or the data end (``not_reached``: they make a mean of those who arrived look shorter
    than the wait is), those in which a fact with a missing value may have come first, and facts of the period
    without an enrolment.
    """
    end = min(period.last, facts.last_day)
    enrolled = enrolled_in(facts, Scope(), asked.service).filter(pl.col("start") <= end)
    clocks = enrolled.select("unit", "site", "person", "enrolment", "end", since="start")
    if asked.since:
        first = (
            candidates(facts, asked.since, end)
            .filter(pl.col("reason").is_null())
            .group_by("enrolment")
            .agg(since=pl.col("day").min())
        )
        clocks = clocks.drop("since").join(first, on="enrolment")
    found = candidates(facts, asked.until, end).drop_nulls("enrolment")
    sure = pl.col("reason").is_null()
    clocks = next_day(next_day(clocks, found.filter(sure), "until"), found.filter(~sure), "perhaps")
    inside = pl.col("until").is_between(period.first, end).fill_null(value=False)
    doubtful = (
        pl.col("perhaps").is_not_null()
        & (pl.col("until").is_null() | (pl.col("perhaps") < pl.col("until")))
        & pl.coalesce("until", "perhaps").is_between(period.first, end)
    ).fill_null(value=False)
    waiting = (
        pl.col("until").is_null()
        & pl.col("perhaps").is_null()
        & (pl.col("end").is_null() | (pl.col("end") > end))
    )
    why = (
        pl.when(doubtful).then(pl.lit(reasons.UNKNOWN_VALUE)).when(waiting).then(pl.lit(reasons.NOT_REACHED))
    )
    clocks = clocks.with_columns(reason=why).filter(inside | doubtful | waiting)
    counts = pl.col("reason").is_null()
    days = (pl.col("until") - pl.col("since")).dt.total_days()
    rows = rows_of(
        clocks, n=pl.when(counts).then(days), d=pl.when(counts).then(1.0), day=pl.coalesce("until", "since")
    )
    loose = _loose(facts, [*asked.until, *asked.since], period.first, end)
    known = observed(facts, period) is not None
    return Counted(pl.concat([rows, left_out(loose)]), "mean", method="days", known=known)


def missing(facts: Facts, asked: MissingIndicator, period: Period) -> Counted:
    """Among enrolments open on the last day observed: those whose first missing step is the one asked for, or any.

    A person with two open enrolments counts twice, each with what it lacks. Where a fact with a missing value may be
    the first step that is lacking, the enrolment is left out, whichever step is asked for: so all steps have one
    denominator, and add up to those that lack any.
    """
    steps = list(asked.steps)
    if observed(facts, period) is None:
        return Counted(rows_of(pl.DataFrame()), "share")
    day = min(period.last, facts.last_day)
    still = open_on(facts, day, asked.service)
    had = pl.DataFrame(
        {step: had_each(facts, still, one.what, day).max_horizontal() for step, one in asked.steps.items()}
    )
    lacking = pl.coalesce(pl.when(pl.col(step) < YES).then(pl.lit(step)) for step in steps)
    sure = pl.coalesce(pl.when(pl.col(step) < YES).then(pl.col(step) == NO) for step in steps)
    found = still.select("unit", "site", "person", "enrolment").hstack(
        had.select(lacks=lacking, sure=sure.fill_null(value=True))
    )
    hit = pl.col("lacks").is_not_null() if asked.step is None else pl.col("lacks").eq_missing(asked.step)
    found = found.with_columns(hit=hit, reason=pl.when(~pl.col("sure")).then(pl.lit(reasons.UNKNOWN_VALUE)))
    counts = pl.col("reason").is_null()
    rows = rows_of(
        found,
        n=pl.when(counts).then("hit"),
        d=pl.when(counts).then(1.0),
        day=pl.lit(day),
        kind=pl.col("lacks"),
    )
    return Counted(rows, "share", sampled=False)


def _loose(facts: Facts, happenings: Sequence[Happening], first: date, last: date) -> pl.DataFrame:
    """Facts from ``first`` to ``last`` that belong to no enrolment."""
    found = candidates(facts, happenings, last).with_columns(fact="id")
    return found.filter(pl.col("enrolment").is_null() & (pl.col("day") >= first))
