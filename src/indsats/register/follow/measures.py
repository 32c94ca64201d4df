"""Measures: what is counted over the stays around each case, all that look at the same stays in one pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import narwhals as nw

from .entries import CASE
from .stays import Frame, Reach, Room, Source


@dataclass(frozen=True)
class Measure:
    """A number for each case: the sum or the minimum of ``value`` over the stays of ``source``.

    ``value`` is an expression over pairs of a stay (``first``, ``last``, with a gap also ``until``) and a case
    (``person``, ``index_week``, and for short stays what tells how long it is observed). Only stays that touch
    the weeks from ``back`` before index to ``forward`` after it matter; the sum over none is 0, the minimum
    null. With ``nth`` the value is the week in which so many weeks of ``window`` have been spent in stays.
    """

    name: str
    source: Source
    back: int
    forward: int
    by: Literal["sum", "min"]
    value: nw.Expr | None = None
    nth: int = 0


def weeks_between(low: int, high: int) -> nw.Expr:
    """Weeks of a stay that lie from ``low`` to ``high`` weeks after index, 0 for none."""
    inside = stop(high) - start(low) + 1
    return nw.when(inside > 0).then(inside).otherwise(nw.lit(0))


def start(low: int) -> nw.Expr:
    """The first week of a stay, or the week ``low`` weeks after index if that is later."""
    return nw.max_horizontal(nw.col("first"), nw.col("index_week") + low)


def stop(high: int) -> nw.Expr:
    """The last week of a stay, or the week ``high`` weeks after index if that is earlier."""
    return nw.min_horizontal(nw.col("last"), nw.col("index_week") + high)


def touches(low: int, high: int) -> nw.Expr:
    """Whether a stay has a week from ``low`` to ``high`` weeks after index."""
    return (nw.col("last") >= nw.col("index_week") + low) & (nw.col("first") <= nw.col("index_week") + high)


def pairs(
    room: Room, cases: Frame, source: Source, back: int, forward: int, carry: Iterable[str] = ()
) -> Frame:
    """Each case with each stay that touches its weeks from ``back`` before to ``forward`` after index."""
    stays = room.stays(source, Reach(cases, back, forward))
    return stays.join(cases.select(*CASE, *carry), on="person").filter(touches(-back, forward))


def measured(room: Room, cases: Frame, measures: Iterable[Measure]) -> Frame:
    """``cases`` with a column (Int32) for each measure."""
    by_source: dict[Source, list[Measure]] = {}
    for measure in measures:
        by_source.setdefault(measure.source, []).append(measure)
    found = cases
    for source, group in by_source.items():
        found = found.join(_counted(room, cases, source, group), on=CASE, how="left")
        sums = [measure.name for measure in group if measure.by == "sum"]
        if sums:
            found = found.with_columns(nw.col(sums).fill_null(0))
    return found


def _counted(room: Room, cases: Frame, source: Source, group: list[Measure]) -> Frame:
    carry = ("last_week", "abroad", "dead") if source.kind == "short" else ()
    frame = pairs(
        room, cases, source, max(one.back for one in group), max(one.forward for one in group), carry
    )
    values = {}
    for measure in group:
        if measure.nth:
            # The weeks so far need the stays in order, which only these measures pay for.
            spent, so_far = f"spent:{measure.name}", f"so_far:{measure.name}"
            frame = frame.with_columns(
                weeks_between(-measure.back, measure.forward).alias(spent)
            ).with_columns(nw.col(spent).cum_sum().over(*CASE, order_by="first").alias(so_far))
            there = (nw.col(so_far) >= measure.nth) & (nw.col(so_far) - nw.col(spent) < measure.nth)
            week = stop(measure.forward) - (nw.col(so_far) - measure.nth)
            values[measure.name] = nw.when(there).then(week)
        else:
            assert measure.value is not None  # noqa: S101 - the other sort of measure
            values[measure.name] = measure.value
    aggregated = [
        (nw.col(one.name).sum() if one.by == "sum" else nw.col(one.name).min()).cast(nw.Int32)
        for one in group
    ]
    return frame.with_columns(**values).group_by(CASE).agg(*aggregated)
