"""Outcomes in weeks: a state reached, a state at a point in time, weeks in a state, and how long each is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import narwhals as nw

from indsats.programme import (
    HoursOutcome,
    MonthsOutcome,
    RegisterOutcome,
    StateOutcome,
    StatusOutcome,
    WeeksOutcome,
)

from ..codes import DEAD, NOT_RESIDENT, expand
from .measures import Measure, start, stop, touches, weeks_between
from .question import states_named
from .stays import Frame, Room, Source

WEEKS_A_MONTH = 5
"""At most so many Thursdays lie in a month."""


def horizon(outcome: RegisterOutcome) -> int:
    """The last week after index that the outcome looks at, or a later one for outcomes in months."""
    if isinstance(outcome, StateOutcome):
        return outcome.within_weeks
    if isinstance(outcome, StatusOutcome):
        return outcome.week
    if isinstance(outcome, WeeksOutcome):
        return outcome.to_week
    months = outcome.within_months if isinstance(outcome, MonthsOutcome) else outcome.to_month
    return (months + 1) * WEEKS_A_MONTH


def own_codes(room: Room, outcome: RegisterOutcome) -> frozenset[int]:
    """The codes of the outcome's own state or states: those do not end its observation."""
    states = states_named(outcome)[:1] if isinstance(outcome, StateOutcome) else states_named(outcome)
    return frozenset().union(*(expand(room.question.states[state].codes) for state in states))


def watched(room: Room, outcome: RegisterOutcome) -> nw.Expr:
    """The last week in which all that the outcome looks at is observed, stays that are cut short aside."""
    by_hours = isinstance(outcome, HoursOutcome) or (isinstance(outcome, MonthsOutcome) and outcome.hours)
    return watched_states(room, states_named(outcome), own_codes(room, outcome), by_hours=by_hours)


def watched_states(
    room: Room, states: Iterable[str], own: frozenset[int], *, by_hours: bool = False
) -> nw.Expr:
    """The last week in which codes are observed, and hours ``by_hours`` or if one of ``states`` needs them.

    The first code for death or living abroad ends it, unless it is one of ``own``.
    """
    ends = [nw.col("last_week")]
    if NOT_RESIDENT not in own:
        ends.append(nw.col("abroad") - 1)
    if DEAD not in own:
        ends.append(nw.col("dead") - 1)
    if by_hours or any(room.question.states[state].paid_hours for state in states):
        ends.append(nw.lit(room.paid_through))
    return ends[0] if len(ends) == 1 else nw.min_horizontal(*ends)


def cut_short(name: str, state: str, watch: nw.Expr, back: int, ahead: int) -> Measure:
    """The first week of the stay that the end of observation cuts before it is long enough, null for none.

    Nobody can tell whether it would have been: what is known ends in the week before it.
    """
    cut = nw.when((nw.col("first") <= watch) & (nw.col("last") >= watch)).then(nw.col("first"))
    return Measure(name, Source(state, kind="short"), back, ahead, "min", cut)


def outcome_measures(room: Room, number: int, outcome: RegisterOutcome) -> Iterator[Measure]:
    """What has to be counted for one outcome, the ``number``-th of the question."""
    name, ahead = f"o{number}", horizon(outcome)
    for position, state in enumerate(states_named(outcome)):
        if room.question.states[state].at_least_weeks > 1:
            yield cut_short(f"{name}cut{position}", state, watched(room, outcome), 0, ahead)
    if isinstance(outcome, StateOutcome):
        yield from _reached(name, outcome)
        for position, state in enumerate(outcome.ends):
            begins = nw.when(touches(0, ahead)).then(start(0))
            yield Measure(f"{name}end{position}", Source(state), 0, ahead, "min", begins)
    elif isinstance(outcome, StatusOutcome):
        here = nw.when(touches(ahead, ahead)).then(nw.lit(1)).otherwise(nw.lit(0))
        yield Measure(name, Source(outcome.state), 0, ahead, "sum", here)
    elif isinstance(outcome, WeeksOutcome):
        spent = weeks_between(outcome.from_week, outcome.to_week)
        yield Measure(name, Source(outcome.state), 0, ahead, "sum", spent)


def _reached(name: str, outcome: StateOutcome) -> Iterator[Measure]:
    source, n = Source(outcome.state), outcome.at_least_weeks
    low, high = outcome.from_week, outcome.within_weeks
    if n > 1 and not outcome.in_a_row:
        yield Measure(name, source, -low, high, "min", nth=n)
        return
    # Stays do not touch each other, so weeks in a row are weeks of one stay.
    enough = stop(high) - start(low) + 1 >= n
    yield Measure(name, source, -low, high, "min", nw.when(enough).then(start(low) + (n - 1)))


def with_until(room: Room, frame: Frame, number: int, outcome: RegisterOutcome) -> Frame:
    """``frame`` with ``watched`` and ``until``: the last week known for this outcome, never before index."""
    cuts = [
        nw.col(f"o{number}cut{position}") - 1
        for position, state in enumerate(states_named(outcome))
        if room.question.states[state].at_least_weeks > 1
    ]
    until = nw.min_horizontal("watched", *cuts) if cuts else nw.col("watched")
    return frame.with_columns(watched=watched(room, outcome)).with_columns(
        until=nw.max_horizontal(until, nw.col("index_week"))
    )


def with_outcome(room: Room, frame: Frame, number: int, outcome: RegisterOutcome) -> Frame:
    """``frame`` with the outcome as ``o<number>``, for a state outcome also ``o<number>weeks`` and ``…ended``."""
    name = f"o{number}"
    frame = with_until(room, frame, number, outcome)
    if isinstance(outcome, StateOutcome):
        return _with_wait(room, frame, name, outcome)
    known = nw.col("until") >= nw.col("index_week") + horizon(outcome)
    if isinstance(outcome, StatusOutcome):
        return frame.with_columns(nw.when(known).then(nw.col(name) > 0).alias(name))
    return frame.with_columns(nw.when(known).then(nw.col(name).cast(nw.Float64)).alias(name))


def _with_wait(room: Room, frame: Frame, name: str, outcome: StateOutcome) -> Frame:
    index, last = nw.col("index_week"), nw.col("index_week") + outcome.within_weeks
    begins = [nw.col(f"{name}end{position}") for position in range(len(outcome.ends))]
    # Who left the wait is known not to have reached it only if observed as long as those who did not leave.
    frame = frame.with_columns(whole=nw.col("until") >= last)
    if begins:
        earliest = begins[0] if len(begins) == 1 else nw.min_horizontal(*begins)
        frame = frame.with_columns(exit=earliest)
        stopped = ~nw.col("exit").is_null() & (nw.col("exit") - 1 <= nw.col("until"))
        frame = frame.with_columns(stopped=stopped).with_columns(
            until=nw.when(nw.col("stopped")).then(nw.col("exit") - 1).otherwise(nw.col("until"))
        )
    else:
        frame = frame.with_columns(stopped=nw.lit(False))
    frame = frame.with_columns(there=nw.when(nw.col(name) <= nw.col("until")).then(nw.col(name)))
    there = ~nw.col("there").is_null()
    waited = nw.max_horizontal(nw.min_horizontal(nw.col("until"), last) - index, nw.lit(0))
    own = own_codes(room, outcome)
    ended = nw.lit("data_end")
    for code, column in ((NOT_RESIDENT, "abroad"), (DEAD, "dead")):
        if code not in own:
            ended = nw.when(nw.col(column) - 1 == nw.col("watched")).then(nw.lit(column)).otherwise(ended)
    for state, begin in reversed(list(zip(outcome.ends, begins, strict=True))):
        here = nw.col("stopped") & (begin == nw.col("exit"))
        ended = nw.when(here).then(nw.lit(state)).otherwise(ended)
    ended = nw.when(nw.col("until") >= last).then(nw.lit("horizon")).otherwise(ended)
    ended = nw.when(there).then(nw.lit("reached")).otherwise(ended)
    return frame.with_columns(
        nw.when(nw.col("whole")).then(there).alias(name),
        nw.when(there).then(nw.col("there") - index).otherwise(waited).cast(nw.Int32).alias(f"{name}weeks"),
        ended.alias(f"{name}ended"),
    )
