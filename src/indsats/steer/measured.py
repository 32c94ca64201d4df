"""What dated facts say about requirements, beside what somebody answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from indsats.programme import EachMeasure, EveryMeasure, Measured, WithinMeasure, with_rule

from .cadence import due_items
from .phases import open_until
from .selection import fact_rule, happened, next_day, one_per_fact, recorded, unheld
from .together import PART, later_each, occurrences, of_enrolments

if TYPE_CHECKING:
    from indsats.record import Facts

_WHOSE = [PART, "enrolment"]
_KEY = [PART, "enrolment", "run"]
_STATES = ("not_due", "met", "unknown", "not_met")
"""Of several clocks, items or facts in a run the last of these that one of them has is that of the run."""
_EVER = date(1900, 1, 1)
"""Before anything that can be recorded."""

_TOLD = {
    PART: pl.Int64(),
    "enrolment": pl.String(),
    "run": pl.Int64(),
    "state": pl.String(),
    "due": pl.Date(),
}


def readings(facts: Facts, measures: Mapping[int, Measured], runs: pl.DataFrame, until: date) -> pl.DataFrame:
    """One row per run of a requirement that is measured: ``part``, ``enrolment``, ``run``, ``measured``,
    ``measured_due``.

    ``measures`` are those of the requirements by their number, the ``part`` of ``runs``, which have ``enrolment``,
    ``run``, ``site``, ``start`` and ``end`` too (null: open on the day ``until``). ``measured`` is met, not_met,
    not_due or unknown (a value that decides it is missing). ``measured_due`` is the first day a ``within`` fell or
    falls due; null for the others, which have no day of their own, and where the run ended first.
    """
    within = {part: one for part, one in measures.items() if isinstance(one, WithinMeasure)}
    every = {part: one for part, one in measures.items() if isinstance(one, EveryMeasure)}
    each = {part: one for part, one in measures.items() if isinstance(one, EachMeasure)}

    def of(asked: Mapping[int, Measured]) -> pl.DataFrame:
        return runs.filter(pl.col(PART).is_in(list(asked)))

    told = [
        *([_within(facts, within, of(within), until)] if within else []),
        *([_every(facts, every, of(every), until)] if every else []),
        *([_each(facts, each, of(each), until)] if each else []),
    ]
    parts = pl.concat([pl.DataFrame(schema=_TOLD), *(one.select(*_TOLD) for one in told)])
    # The state that tells most of a run is the one with the highest number: of numbers the highest is found fast.
    numbers = parts.select(
        *_KEY,
        "due",
        number=pl.col("state").replace_strict(_STATES, range(len(_STATES)), return_dtype=pl.Int8),
    )
    together = (
        numbers.group_by(_KEY)
        .agg(number=pl.col("number").max(), measured_due=pl.col("due").min())
        .with_columns(
            measured=pl.col("number").replace_strict(
                range(len(_STATES)), _STATES, default=None, return_dtype=pl.String
            )
        )
        .drop("number")
    )
    return (
        runs.filter(pl.col(PART).is_in(list(measures)))
        .select(_KEY)
        .join(together, on=_KEY, how="left")
        .with_columns(pl.col("measured").fill_null("not_due"))
    )


def _inside(days: pl.DataFrame, runs: pl.DataFrame, until: date) -> pl.DataFrame:
    """``days`` (with ``part``, ``enrolment``, ``day``) that lie in a run, both its ends included, with the run."""
    return days.join(runs.select(*_KEY, "site", "start", "end"), on=_WHOSE).filter(
        pl.col("day").is_between(pl.col("start"), pl.col("end").fill_null(until))
    )


def _within(
    facts: Facts, measures: Mapping[int, WithinMeasure], runs: pl.DataFrame, until: date
) -> pl.DataFrame:
    """One row per clock: its ``state``, and ``due`` unless the run ended before it.

    Facts count from ``since`` on: with ``after`` from the day that says, else from the day after the run before
    ended (what met the requirement once does not meet it again), and up to the exit.
    """
    started = {part: one.of for part, one in measures.items() if one.of}
    after = {part: one.after for part, one in measures.items() if one.after is not None}
    clocks = runs.filter(~pl.col(PART).is_in(list(started))).select(*_KEY, "site", "end", clock="start")
    days = occurrences(facts, started, until).filter("known").select(*_WHOSE, "day").unique()
    clocks = pl.concat([clocks, _inside(days, runs, until).select(*_KEY, "site", "end", clock="day")])
    moved = later_each(facts, clocks, "clock", after)
    clocks = clocks.with_columns(moved.alias("moved")).with_columns(opens=pl.coalesce("moved", "clock"))
    within = {part: one.within for part, one in measures.items()}
    due = later_each(facts, clocks, "opens", within, clock="clock")
    again = pl.all_horizontal(pl.col(name) == pl.col(name).shift(1) for name in _WHOSE)
    before = pl.when(again).then(pl.col("end").shift(1))
    floors = runs.sort(_KEY).select(*_KEY, floor=(before + pl.duration(days=1)).fill_null(_EVER))
    clocks = (
        clocks.with_columns(due.alias("due"))
        .join(floors, on=_KEY, how="left")
        .with_columns(since=pl.coalesce("moved", "floor"))
    )
    exits = open_until(facts, until).select("enrolment", exit="end")
    found = (
        occurrences(facts, {part: one.what for part, one in measures.items()}, until)
        .join(exits, on="enrolment", how="left")
        .filter(pl.col("exit").is_null() | (pl.col("day") <= pl.col("exit")))
    )
    clocks = next_day(clocks, found.filter("known"), "done", by=_WHOSE)
    clocks = next_day(clocks, found.filter(~pl.col("known")), "perhaps", by=_WHOSE)
    overtaken = (pl.col("end") < pl.col("due")).fill_null(value=False)
    state = (
        pl.when(pl.col("done") <= pl.col("due"))
        .then(pl.lit("met"))
        .when(overtaken | (pl.col("due") > until))
        .then(pl.lit("not_due"))
        .when(pl.col("perhaps") <= pl.col("due"))
        .then(pl.lit("unknown"))
        .otherwise(pl.lit("not_met"))
    )
    return clocks.select(*_KEY, state=state, due=pl.when(~overtaken).then("due"))


def _every(
    facts: Facts, measures: Mapping[int, EveryMeasure], runs: pl.DataFrame, until: date
) -> pl.DataFrame:
    """One row per item of the cadence that fell due in a run."""
    items = pl.concat(
        due_items(facts, one.cadence, until)
        .filter(pl.col("due") <= until)
        .select(pl.lit(part, dtype=pl.Int64).alias(PART), "enrolment", "timely", day="due")
        for part, one in measures.items()
    )
    # Nothing falls due on the day a run ends: as with the exit, there is nobody left to do it.
    fell_due = _inside(items, runs, until).filter(pl.col("end").is_null() | (pl.col("day") < pl.col("end")))
    state = pl.when("timely").then(pl.lit("met")).otherwise(pl.lit("not_met"))
    return fell_due.select(*_KEY, state=state, due=pl.lit(None, dtype=pl.Date))


def _each(facts: Facts, measures: Mapping[int, EachMeasure], runs: pl.DataFrame, until: date) -> pl.DataFrame:
    """One row per fact that each has to be as ``where`` says."""
    judged = pl.concat(
        [
            pl.LazyFrame(schema={**_TOLD, "day": pl.Date, "hit": pl.Boolean}).select(*_WHOSE, "day", "hit"),
            *(
                _judged(facts, one, until).select(
                    pl.lit(part, dtype=pl.Int64).alias(PART), "enrolment", "day", "hit"
                )
                for part, one in measures.items()
                if not of_enrolments(facts, one.of.kind, until).is_empty()
            ),
        ]
    ).collect()
    state = (
        pl.when("hit")
        .then(pl.lit("met"))
        .when(pl.col("hit").is_null())
        .then(pl.lit("unknown"))
        .otherwise(pl.lit("not_met"))
    )
    return _inside(judged, runs, until).select(*_KEY, state=state, due=pl.lit(None, dtype=pl.Date))


def _judged(facts: Facts, measure: EachMeasure, until: date) -> pl.LazyFrame:
    """The facts a measure asks about: ``enrolment``, ``day``, and ``hit``, whether they are as they have to be."""
    kind, where = measure.of.kind, fact_rule(facts, measure.of.kind, measure.where)
    if kind == "assigned":
        # A role that combines others has a row for each of them, and one row will do.
        rows = one_per_fact(with_rule(recorded(facts, kind), "hit", where, until), kind)
        return happened(facts, [measure.of], until).join(rows.select("id", "hit"), on="id").lazy()
    rule = fact_rule(facts, kind, measure.of.rule)
    rows = with_rule(of_enrolments(facts, kind, until).lazy(), "__of", rule, until)
    asked = rows.filter(pl.col("__of").fill_null(value=False) & ~unheld(kind, rule))
    return with_rule(asked, "hit", where, until).select("enrolment", "hit", day="occurred_from")
