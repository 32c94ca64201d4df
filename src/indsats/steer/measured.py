"""What dated facts say about a requirement, beside what somebody answered."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, assert_never

import polars as pl

from indsats.programme import EachMeasure, EveryMeasure, Measured, WithinMeasure, with_rule
from indsats.record import later

from .cadence import due_items
from .phases import open_until
from .selection import candidates, fact_rule, happened, next_day, one_per_fact, recorded

if TYPE_CHECKING:
    from indsats.record import Facts

_KEY = ["enrolment", "run"]
_EVER = date(1900, 1, 1)
"""Before anything that can be recorded."""


def reading(facts: Facts, measure: Measured, runs: pl.DataFrame, until: date) -> pl.DataFrame:
    """One row per run: ``enrolment``, ``run``, ``measured``, ``measured_due``.

    ``runs`` have ``enrolment``, ``run``, ``site``, ``start`` and ``end`` (null: open on the day ``until``).
    ``measured`` is met, not_met, not_due or unknown (a value that decides it is missing). ``measured_due`` is the
    first day a ``within`` fell or falls due; null for the others, which have no day of their own, and where the
    run ended first.
    """
    match measure:
        case WithinMeasure():
            parts = _within(facts, measure, runs, until)
        case EveryMeasure():
            parts = _every(facts, measure, runs, until)
        case EachMeasure():
            parts = _each(facts, measure, runs, until)
        case _:
            assert_never(measure)
    state = pl.col("state")
    together = parts.group_by(_KEY).agg(
        measured=pl.when((state == "not_met").any())
        .then(pl.lit("not_met"))
        .when((state == "unknown").any())
        .then(pl.lit("unknown"))
        .when((state == "met").any())
        .then(pl.lit("met")),
        measured_due=pl.col("due").min(),
    )
    return (
        runs.select(_KEY)
        .join(together, on=_KEY, how="left")
        .with_columns(pl.col("measured").fill_null("not_due"))
    )


def _inside(days: pl.DataFrame, runs: pl.DataFrame, until: date) -> pl.DataFrame:
    """``days`` (with ``enrolment``, ``day``) that lie in a run, both its ends included, with the run."""
    return days.join(runs.select(*_KEY, "site", "start", "end"), on="enrolment").filter(
        pl.col("day").is_between(pl.col("start"), pl.col("end").fill_null(until))
    )


def _within(facts: Facts, measure: WithinMeasure, runs: pl.DataFrame, until: date) -> pl.DataFrame:
    """One row per clock: its ``state``, and ``due`` unless the run ended before it.

    Facts count from ``since`` on: with ``after`` from the day that says, else from the day after the run before
    ended (what met the requirement once does not meet it again), and up to the exit.
    """
    clocks = runs.select(*_KEY, "site", "end", clock="start")
    if measure.of:
        days = happened(facts, measure.of, until).select("enrolment", "day").unique()
        clocks = _inside(days, runs, until).select(*_KEY, "site", "end", clock="day")
    clocks = clocks.with_columns(opens="clock")
    if measure.after is not None:
        clocks = clocks.with_columns(later(facts, clocks, "clock", measure.after).alias("opens"))
    clocks = clocks.with_columns(later(facts, clocks, "opens", measure.within, clock="clock").alias("due"))
    if measure.after is not None:
        clocks = clocks.with_columns(since="opens")
    else:
        before = pl.col("end").shift(1).over("enrolment")
        floors = runs.sort(_KEY).select(*_KEY, since=(before + pl.duration(days=1)).fill_null(_EVER))
        clocks = clocks.join(floors, on=_KEY, how="left")
    exits = open_until(facts, until).select("enrolment", exit="end")
    found = (
        candidates(facts, measure.what, until)
        .join(exits, on="enrolment", how="left")
        .filter(pl.col("exit").is_null() | (pl.col("day") <= pl.col("exit")))
    )
    known, perhaps = (
        found.filter(pl.col("reason").is_null()),
        found.filter(pl.col("reason").is_not_null() & pl.col("enrolment").is_not_null()),
    )
    clocks = next_day(next_day(clocks, known, "done"), perhaps, "perhaps")
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


def _every(facts: Facts, measure: EveryMeasure, runs: pl.DataFrame, until: date) -> pl.DataFrame:
    """One row per item of the cadence that fell due in a run."""
    items = due_items(facts, measure.cadence, until).filter(pl.col("due") <= until)
    # Nothing falls due on the day a run ends: as with the exit, there is nobody left to do it.
    fell_due = _inside(items.select("enrolment", "timely", day="due"), runs, until).filter(
        pl.col("end").is_null() | (pl.col("day") < pl.col("end"))
    )
    state = pl.when("timely").then(pl.lit("met")).otherwise(pl.lit("not_met"))
    return fell_due.select(*_KEY, state=state, due=pl.lit(None, dtype=pl.Date))


def _each(facts: Facts, measure: EachMeasure, runs: pl.DataFrame, until: date) -> pl.DataFrame:
    """One row per fact that each has to be as ``where`` says."""
    kind = measure.of.kind
    judged = with_rule(recorded(facts, kind), "hit", fact_rule(facts, kind, measure.where), until)
    facts_of = happened(facts, [measure.of], until).join(
        one_per_fact(judged, kind).select("id", "hit"), on="id"
    )
    state = (
        pl.when("hit")
        .then(pl.lit("met"))
        .when(pl.col("hit").is_null())
        .then(pl.lit("unknown"))
        .otherwise(pl.lit("not_met"))
    )
    return _inside(facts_of.select("enrolment", "hit", "day"), runs, until).select(
        *_KEY, state=state, due=pl.lit(None, dtype=pl.Date)
    )
