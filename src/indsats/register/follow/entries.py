"""Entries: when each person's clock starts, and how long the person is observed from then on."""

from __future__ import annotations

import narwhals as nw

from ..codes import DEAD, NOT_RESIDENT
from ..weeks import weeks_calendar, weeks_of
from .stays import Frame, Room, Source, has_code

CASE = ["person", "index_week"]
"""What names a case."""


def cases(room: Room, *, every: bool) -> Frame:
    """The cases and what outcomes need to know of each, kept on the engine, one row each.

    ``person``, ``index_week``, ``left_truncated``; ``first_week`` and ``last_week`` in which the person is
    observed; ``abroad`` and ``dead``, the first week after index with the code for it, null for none;
    ``index_month`` (year * 12 + month - 1). With ``every`` a person has a case for each stay or event that
    starts the clock, otherwise for the earliest.
    """
    state = room.question.index.state
    return with_observation(
        room, _after_events(room, every) if state is None else _after_stays(room, state, every)
    )


def with_observation(room: Room, started: Frame) -> Frame:
    """``cases`` of a table with ``person``, ``index_week`` and what else it has."""
    found = room.keep(started)
    gone = (
        room.spells.filter(has_code((NOT_RESIDENT, DEAD)))
        .join(found.select(CASE), on="person")
        .filter(nw.col("last_week") > nw.col("index_week"))
        .with_columns(since=nw.max_horizontal("first_week", nw.col("index_week") + 1))
        .with_columns(
            abroad=nw.when(nw.col("code") == NOT_RESIDENT).then(nw.col("since")),
            dead=nw.when(nw.col("code") == DEAD).then(nw.col("since")),
        )
        .group_by(CASE)
        .agg(nw.col("abroad").min(), nw.col("dead").min())
    )
    clock = room.table(weeks_calendar().select("week", "month")).select(
        index_week="week", index_month="month"
    )
    observed = room.persons.select("person", "first_week", "last_week")
    return room.keep(
        found.join(observed, on="person")
        .join(gone, on=CASE, how="left")
        .join(clock, on="index_week", how="left")
    )


def _window(room: Room) -> tuple[nw.Expr, nw.Expr]:
    """The first and last week in which a person's clock can start; the first may be above the last."""
    opens, closes = nw.col("first_week"), nw.col("last_week")
    if room.question.index.window is not None:
        first, last = weeks_of(room.question.index.window)
        opens, closes = nw.max_horizontal(opens, nw.lit(first)), nw.min_horizontal(closes, nw.lit(last))
    return opens, closes


def _observed(room: Room, rows: Frame) -> Frame:
    """``rows`` of observed persons with the weeks they are observed and in which their clock can start."""
    opens, closes = _window(room)
    return (
        rows.join(room.persons.select("person", "first_week", "last_week"), on="person")
        .with_columns(opens=opens, closes=closes)
        .filter(nw.col("opens") <= nw.col("closes"))
    )


def _after_stays(room: Room, state: str, every: bool) -> Frame:
    index = room.question.index
    stays = _observed(room, room.stays(Source(state, index.gap_weeks, "joined")))
    if index.new:
        stays = stays.filter(
            (nw.col("first") >= nw.col("opens"))
            & (nw.col("first") <= nw.col("closes"))
            & (nw.col("first") > nw.col("first_week"))
        )
    if index.at == "end":
        found = stays.with_columns(index_week=nw.col("last") + 1).filter(
            (nw.col("index_week") >= nw.col("opens")) & (nw.col("index_week") <= nw.col("closes"))
        )
        found = found.select(CASE)
        gone = (
            room.spells.filter(has_code((NOT_RESIDENT, DEAD)))
            .join(found, on="person")
            .filter(
                (nw.col("first_week") <= nw.col("index_week")) & (nw.col("index_week") <= nw.col("last_week"))
            )
            .select(CASE)
        )
        found = found.join(gone, on=CASE, how="anti")
        if not every:
            found = found.group_by("person").agg(nw.col("index_week").min())
        # The clock starts where the stay ends: nothing of what it measures lies before it.
        return found.select(*_case_columns(nw.lit(False)))
    found = stays.filter(
        (nw.col("last") >= nw.col("opens")) & (nw.col("first") <= nw.col("closes"))
    ).with_columns(index_week=nw.max_horizontal("first", "opens"))
    if not every:
        # The earliest stay also has the earliest index week, so the two minima are of one stay.
        found = found.group_by("person").agg(
            nw.col("index_week").min(), nw.col("first").min(), nw.col("first_week").min()
        )
    truncated = (nw.col("first") < nw.col("index_week")) | (nw.col("first") == nw.col("first_week"))
    return found.select(*_case_columns(truncated))


def _after_events(room: Room, every: bool) -> Frame:
    if room.events is None:
        raise ValueError("the clock starts with a happening, and no events are given")
    found = (
        _observed(room, room.events.select("person", "week"))
        .filter((nw.col("week") >= nw.col("opens")) & (nw.col("week") <= nw.col("closes")))
        .select("person", index_week="week")
    )
    found = found.unique() if every else found.group_by("person").agg(nw.col("index_week").min())
    return found.select(*_case_columns(nw.lit(False)))


def _case_columns(left_truncated: nw.Expr) -> list[nw.Expr]:
    return [nw.col("person"), nw.col("index_week").cast(nw.Int32), left_truncated.alias("left_truncated")]
