"""Enrolments that came to something: the share that reached it, and the days it took."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from indsats.figure import Figure
from indsats.programme import BetweenIndicator, Happening, Period, ReachedIndicator

from . import reasons
from .selection import Scope, candidates, counted, enrolled_in, next_day

if TYPE_CHECKING:
    from indsats.record import Facts

_YES, _PERHAPS, _NO = 2, 1, 0


def share_reached(facts: Facts, asked: ReachedIndicator, period: Period, scope: Scope, name: str) -> Figure:
    """Among enrolments begun in the period: those with such a fact by the end of the data.

    With ``among`` only enrolments with such a fact are in the denominator, with ``every`` one of each of ``what``
    is needed. An enrolment of which a missing value decides either is left out. Facts in scope without an
    enrolment, from the period's start to the end of the data, are counted beside.
    """
    end = facts.last_day
    begun = enrolled_in(facts, scope, asked.service).filter(
        pl.col("start").is_between(period.first, min(period.last, end))
    )
    had, among = _has(facts, begun, asked.what, end), _has(facts, begun, asked.among, end)
    base = pl.DataFrame(
        {
            "among": among.max_horizontal() if asked.among else pl.repeat(_YES, begun.height, eager=True),
            "hit": had.min_horizontal() if asked.every else had.max_horizontal(),
        }
    ).filter(pl.col("among") > _NO)
    known = base.filter((pl.col("among") == _YES) & (pl.col("hit") != _PERHAPS))
    reached = int((known["hit"] == _YES).sum())
    excluded = _loose(facts, [*asked.what, *asked.among], period.first, end, scope)
    if doubtful := base.height - known.height:
        excluded[reasons.UNKNOWN_VALUE] = doubtful
    return Figure.share(name, reached, known.height, excluded=excluded)


def _has(facts: Facts, begun: pl.DataFrame, happenings: Sequence[Happening], end: date) -> pl.DataFrame:
    """A column per happening: how sure it is that each enrolment of ``begun`` has such a fact (yes, perhaps, no)."""
    columns: list[pl.Series] = []
    for number, happening in enumerate(happenings):
        found = candidates(facts, [happening], end).drop_nulls("enrolment")
        sure = found.group_by("enrolment").agg(
            pl.when(pl.col("reason").is_null().any()).then(_YES).otherwise(_PERHAPS).alias(f"has_{number}")
        )
        joined = begun.select("enrolment").join(sure, on="enrolment", how="left", maintain_order="left")
        columns.append(joined[f"has_{number}"].fill_null(_NO))
    return pl.DataFrame(columns)


def days_between(facts: Facts, asked: BetweenIndicator, period: Period, scope: Scope, name: str) -> Figure:
    """Mean days from ``since`` to the first ``until`` on or after it, where that falls in the period.

    Numerator: the days; denominator: enrolments. ``excluded`` counts enrolments still open that have had
    ``since`` and wait for ``until`` when the period or the data end (``not_reached``: they make a mean of those
    who arrived look shorter than the wait is), those in which a fact with a missing value may have come first,
    and facts of the period in scope without an enrolment.
    """
    end = min(period.last, facts.last_day)
    enrolled = enrolled_in(facts, scope, asked.service).filter(pl.col("start") <= end)
    clocks = enrolled.select("enrolment", "end", since="start")
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
    inside = pl.col("until").is_between(period.first, end)
    doubtful = (
        pl.col("perhaps").is_not_null()
        & (pl.col("until").is_null() | (pl.col("perhaps") < pl.col("until")))
        & pl.coalesce("until", "perhaps").is_between(period.first, end)
    )
    arrived = clocks.filter(inside & ~doubtful.fill_null(value=False))
    waiting = clocks.filter(
        pl.col("until").is_null()
        & pl.col("perhaps").is_null()
        & (pl.col("end").is_null() | (pl.col("end") > end))
    )
    excluded = _loose(facts, [*asked.until, *asked.since], period.first, end, scope)
    for reason, number in (
        (reasons.NOT_REACHED, waiting.height),
        (reasons.UNKNOWN_VALUE, clocks.filter(doubtful).height),
    ):
        if number:
            excluded[reason] = number
    days = int((arrived["until"] - arrived["since"]).dt.total_days().sum())
    value = days / arrived.height if arrived.height else None
    return Figure(name, value, "mean", float(days), float(arrived.height), excluded, method="days")


def _loose(
    facts: Facts, happenings: Sequence[Happening], first: date, last: date, scope: Scope
) -> dict[str, int]:
    """Facts in scope from ``first`` to ``last`` that belong to no enrolment, by reason."""
    found = candidates(facts, happenings, last).filter(pl.col("enrolment").is_null())
    return counted(scope.rows(found.filter(pl.col("day") >= first)))
