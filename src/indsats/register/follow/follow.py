"""Following persons through a register: one row a case with its covariates and outcomes, and the path of states."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl

from indsats.programme import HoursOutcome, MonthsOutcome, StateOutcome

from ..codes import expand
from .engines import Engine
from .entries import CASE, with_observation
from .entries import cases as cases_of
from .histories import history_measures, history_value
from .measures import measured, pairs
from .monthly import with_months
from .outcomes import cut_short, outcome_measures, watched_states, with_outcome
from .question import Question
from .stays import Frame, Room, Source, Tables, open_room


def follow(question: Question, tables: Tables, engine: Engine, *, every: bool = False) -> Any:
    """One row for each case, as a native lazy table of ``engine``, in no particular order.

    Columns: ``person``; ``index_week`` (Int32), unique for the person; ``left_truncated``, whether the clock
    had started before; ``observed_until`` (Int32), the last week observed: the person's last, or the one before
    the first week after index abroad or dead; each history under its id (Float64); each outcome under its id
    (Boolean or Float64, null when not known) and for state outcomes ``weeks:<id>`` (Int32), weeks to it or
    waited in vain, and ``ended:<id>``: ``reached``, ``horizon``, ``data_end``, ``dead``, ``abroad`` or the state
    that ended the wait. With ``every`` each stay or event that starts the clock is a case, otherwise a person's
    earliest. What the parts of a question mean stands with their definitions.

    Raises ``ValueError`` when the question needs hours or events that are not there.
    """
    room = open_room(question, tables, engine, question.named())
    frame = cases_of(room, every=every)
    room = room.narrowed(frame)
    histories = list(enumerate(question.history))
    outcomes = list(enumerate(question.outcomes))
    measures = [one for number, history in histories for one in history_measures(number, history)]
    measures += [one for number, outcome in outcomes for one in outcome_measures(room, number, outcome)]
    frame = room.keep(measured(room, frame, measures))
    observed_until = nw.min_horizontal("last_week", nw.col("abroad") - 1, nw.col("dead") - 1)
    columns = ["person", "index_week", "left_truncated", observed_until.alias("observed_until")]
    columns += [history_value(number, history).alias(history.id) for number, history in histories]
    found = frame
    for number, outcome in outcomes:
        name = f"o{number}"
        made = [name]
        columns.append(nw.col(f"answer_{name}").alias(outcome.id))
        if isinstance(outcome, HoursOutcome | MonthsOutcome):
            answer = with_months(room, frame, number, outcome)
        else:
            answer = with_outcome(room, frame, number, outcome)
        if isinstance(outcome, StateOutcome):
            made += [f"{name}weeks", f"{name}ended"]
            columns += [
                nw.col(f"answer_{name}{told}").alias(f"{told}:{outcome.id}") for told in ("weeks", "ended")
            ]
        # Worked out one by one: DuckDB writes steps upon steps into each other, and a plan of ten outcomes takes
        # it longer than the answer.
        part = room.keep(answer.select(*CASE, *(nw.col(column).alias(f"answer_{column}") for column in made)))
        found = found.join(part, on=CASE, how="left")
    return found.select(*columns).to_native()


def trajectory(question: Question, cases: Any, tables: Tables, engine: Engine, weeks: range) -> Any:
    """How many cases are in each state, week by week around index, as a native lazy table of ``engine``.

    ``cases`` is a native table with ``person`` and ``index_week``; ``weeks`` counts from index, negative before.
    Columns: ``state``, ``week`` (Int32), ``persons``, the cases in the state, and ``observed``, those of whom
    it is known (Int64 both). Raises ``ValueError`` for weeks that are none or not one after another.
    """
    if not weeks or weeks.step != 1:
        raise ValueError("weeks must follow each other, as range(-52, 53) does")
    room = open_room(question, tables, engine, question.states)
    frame = with_observation(room, nw.from_native(cases).select(CASE))
    room = room.narrowed(frame)
    parts = [_path(room, frame, state, weeks) for state in question.states]
    return (parts[0] if len(parts) == 1 else nw.concat(parts, how="vertical")).to_native()


def _path(room: Room, frame: Frame, state: str, weeks: range) -> Frame:
    """``state``, ``week``, ``persons``, ``observed`` of one state."""
    low, high = weeks[0], weeks[-1]
    index, rule = nw.col("index_week"), room.question.states[state]
    watch = watched_states(room, (state,), expand(rule.codes))
    until = watch
    if rule.at_least_weeks > 1:
        frame = measured(room, frame, [cut_short("cut", state, watch, -low, high)])
        until = nw.min_horizontal(watch, nw.col("cut") - 1)
    frame = room.keep(
        frame.select(
            *CASE,
            seen_first=nw.max_horizontal(nw.col("first_week"), index + low),
            seen_last=nw.min_horizontal(until, index + high),
        )
    )
    seen = ("seen_first", "seen_last")
    stays = pairs(room, frame, Source(state), -low, high, seen).select(
        *CASE,
        seen_first=nw.max_horizontal("seen_first", "first"),
        seen_last=nw.min_horizontal("seen_last", "last"),
    )
    parts = [*_changes(stays, "persons", "observed"), *_changes(frame, "observed", "persons")]
    grid = pl.DataFrame({"week": list(weeks), "persons": 0, "observed": 0}).cast(
        {"week": pl.Int32(), "persons": pl.Int64(), "observed": pl.Int64()}
    )
    parts.append(room.table(grid))
    changes = nw.concat(parts, how="vertical").group_by("week").agg(nw.col("persons", "observed").sum())
    return (
        changes.with_columns(state=nw.lit(state))
        .with_columns(
            nw.col("persons", "observed").cum_sum().over("state", order_by="week").cast(nw.Int64),
        )
        .filter((nw.col("week") >= low) & (nw.col("week") <= high))
        .select("state", "week", "persons", "observed")
    )


def _changes(spans: Frame, name: str, other: str) -> list[Frame]:
    """How many more are in spans of weeks than the week before, as the column ``name``; ``other`` is 0."""
    spans = spans.filter(nw.col("seen_first") <= nw.col("seen_last"))
    parts = []
    for week, step in ((nw.col("seen_first"), 1), (nw.col("seen_last") + 1, -1)):
        counted = spans.select(week=week - nw.col("index_week")).group_by("week").agg(count=nw.len())
        change = (nw.col("count") * step).cast(nw.Int64)
        zero = nw.lit(0).cast(nw.Int64)
        columns = {name: change, other: zero}
        parts.append(
            counted.select(
                nw.col("week").cast(nw.Int32),
                columns["persons"].alias("persons"),
                columns["observed"].alias("observed"),
            )
        )
    return parts
