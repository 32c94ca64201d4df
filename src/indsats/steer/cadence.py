"""When a thing that must happen again and again fell due, and whether it was done in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from indsats.programme import Cadence
from indsats.record import later

from . import reasons
from .phases import open_until, phase_runs
from .remembered import remembered
from .selection import candidates

if TYPE_CHECKING:
    from indsats.record import Facts

_ITEM = ("enrolment", "person", "unit", "site", "service", "run", "start", "due", "done_on", "timely")


@dataclass(frozen=True, slots=True)
class Chain:
    """All items of a cadence, those an exit or the phase's end overtook among them, and facts not used.

    ``items`` are those of ``due_items`` and ``left_out``: why an item is none of them (a key of ``REASONS``),
    else null. ``unused`` has one row per fact that could not be used: ``unit``, ``site``, ``person``, ``day``,
    ``reason``.
    """

    items: pl.DataFrame
    unused: pl.DataFrame


def due_items(facts: Facts, cadence_id: str, until: date) -> pl.DataFrame:
    """Every item of a cadence as known on the day ``until`` (nothing dated later is used).

    Columns: ``enrolment``, ``person``, ``unit``, ``site``, ``service`` (of the enrolment), ``run`` (of the
    cadence's phase; 1 without one), ``start`` (the clock's start), ``due``, ``done_on`` (null: not done),
    ``timely`` (null: not due and not done yet). Ordered by enrolment and start.

    The clock starts when the enrolment does, or with a ``phase`` when a run of it begins that is not skipped,
    and anew at each fact in ``what``; several such facts on a day are one, one on the first day is the start.
    Each stretch is one item, however late it ends. ``due`` is ``every`` after ``start`` (where that is a setting,
    as long as the enrolment's site had chosen by then), put off by every day of pause from the start on, so
    that it never lies inside a pause; under a pause without an end it is the earliest day still possible.
    An item done early keeps the day it would have been due. Nothing falls due on the day of exit, or the day the
    phase ends, or later: such items are left out, done or not. A fact on that day still counts. An enrolment has
    its own clock, so a person enrolled twice has two; a pause recorded without enrolment holds for all of the
    person's. Raises KeyError for an unknown cadence.
    """
    return chain(facts, cadence_id, until).items.filter(pl.col("left_out").is_null()).select(_ITEM)


def chain(facts: Facts, cadence_id: str, until: date) -> Chain:
    """As ``due_items``, with what was left out."""
    return remembered(facts, ("chain", cadence_id, until), lambda: _chain(facts, cadence_id, until))


def _chain(facts: Facts, cadence_id: str, until: date) -> Chain:
    cadence = facts.programme.cadences[cadence_id]
    stretches = _stretches(facts, cadence, until).collect()
    found = candidates(facts, cadence.what, until, service=cadence.service)
    items = _items(stretches.lazy(), found.lazy().filter(pl.col("reason").is_null())).collect()
    due = later(facts, items, "start", cadence.every)
    items = _put_off(items.with_columns(due.alias("due")), _pauses(facts, until))
    in_time = (
        pl.when(pl.col("done_on").is_not_null())
        .then(pl.col("done_on") <= pl.col("due"))
        .when(pl.col("due") <= until)
        .then(pl.lit(value=False))
    )
    left_out = (
        pl.when(pl.col("due") >= pl.col("exit"))
        .then(pl.lit(reasons.EXITED_BEFORE_DUE))
        .when(pl.col("due") >= pl.col("end"))
        .then(pl.lit(reasons.PHASE_ENDED_FIRST))
    )
    items = items.select(*_ITEM[:-1], timely=in_time, left_out=left_out).sort("enrolment", "start")
    unused = found.filter(pl.col("reason").is_not_null()).select("unit", "site", "person", "day", "reason")
    return Chain(items, unused)


def _stretches(facts: Facts, cadence: Cadence, until: date) -> pl.LazyFrame:
    """Where the clock runs: each enrolment, or each run of the phase, from ``begun`` to ``end``, and the exit."""
    enrolled = open_until(facts, until).lazy().with_columns(run=pl.lit(1, dtype=pl.Int64), exit="end")
    stretches = enrolled.rename({"start": "begun"})
    if cadence.phase is not None:
        runs = phase_runs(facts, until).lazy().filter((pl.col("phase") == cadence.phase) & ~pl.col("skipped"))
        stretches = runs.rename({"start": "begun"}).join(
            enrolled.select("enrolment", "exit"), on="enrolment", how="left"
        )
    if cadence.service is not None:
        stretches = stretches.filter(pl.col("service") == cadence.service)
    return stretches.select("enrolment", "person", "unit", "site", "service", "run", "begun", "end", "exit")


def _items(stretches: pl.LazyFrame, done: pl.LazyFrame) -> pl.LazyFrame:
    """One row per stretch of the clock: its ``start`` and when it was done (``done_on``)."""
    inside = (pl.col("day") > pl.col("begun")) & (pl.col("end").is_null() | (pl.col("day") <= pl.col("end")))
    restarts = (
        done.select("enrolment", "day")
        .unique()
        .join(stretches.select("enrolment", "run", "begun", "end"), on="enrolment")
        .filter(inside)
        .select("enrolment", "run", "day")
    )
    clock = pl.concat([stretches.select("enrolment", "run", day="begun"), restarts])
    clock = clock.sort("enrolment", "run", "day")
    same = (pl.col("enrolment") == pl.col("enrolment").shift(-1)) & (pl.col("run") == pl.col("run").shift(-1))
    return clock.select(
        "enrolment", "run", start="day", done_on=pl.when(same).then(pl.col("day").shift(-1))
    ).join(stretches.drop("begun"), on=["enrolment", "run"], how="left")


def _pauses(facts: Facts, until: date) -> pl.DataFrame:
    """Pauses per enrolment, merged: ``enrolment``, ``at`` and ``total``, both in whole days.

    ``at`` is the reading of the enrolment's working clock (days since 1970 less paused days so far) at which
    the pause stops it, ``total`` the paused days up to and with this pause.
    """
    return remembered(facts, ("pauses", until), lambda: _merged_pauses(facts, until))


def _merged_pauses(facts: Facts, until: date) -> pl.DataFrame:
    rows = (
        facts.table("pause")
        .lazy()
        .select(
            "enrolment",
            "person",
            first=pl.col("occurred_from").cast(pl.Int32),
            last=pl.max_horizontal(
                "occurred_from",
                pl.col("occurred_to").fill_null(pl.max_horizontal("occurred_from", pl.lit(until))),
            ).cast(pl.Int32),
        )
    )
    own = rows.filter(pl.col("enrolment").is_not_null()).select("enrolment", "first", "last")
    everywhere = (
        rows.filter(pl.col("enrolment").is_null())
        .select("person", "first", "last")
        .join(open_until(facts, until).lazy().select("person", "enrolment"), on="person")
        .select("enrolment", "first", "last")
    )
    together = pl.concat([own, everywhere]).sort("enrolment", "first")
    reach = pl.col("last").cum_max().shift(1).over("enrolment")
    merged = (
        together.with_columns(new=(pl.col("first") > reach + 1).fill_null(value=True))
        .with_columns(spell=pl.col("new").cum_sum().over("enrolment"))
        .group_by("enrolment", "spell")
        .agg(pl.col("first").min(), pl.col("last").max())
        .sort("enrolment", "first")
        .with_columns(days=pl.col("last") - pl.col("first") + 1)
        .with_columns(total=pl.col("days").cum_sum().over("enrolment"))
    )
    return merged.select(
        "enrolment", at=pl.col("first") - 1 - (pl.col("total") - pl.col("days")), total="total", first="first"
    ).collect()


def _put_off(items: pl.DataFrame, pauses: pl.DataFrame) -> pl.DataFrame:
    """``items`` with ``due`` moved so that as many unpaused days lie after ``start`` as the cadence has days.

    The working clock stands still in a pause. Its reading at ``start`` plus the cadence's days is its reading
    when the item is due; the date is that reading plus the paused days before it was reached.
    """
    if pauses.is_empty():
        return items
    # Both sides are sorted here; Polars cannot check that within groups and would warn.
    begun = (
        items.with_columns(__start=pl.col("start").cast(pl.Int32))
        .sort("__start")
        .join_asof(
            pauses.sort("first"),
            left_on="__start",
            right_on="first",
            by="enrolment",
            check_sortedness=False,
        )
    )
    reading = pl.max_horizontal("at", pl.col("__start") - pl.col("total").fill_null(0))
    aim = (reading + (pl.col("due") - pl.col("start")).dt.total_days()).cast(pl.Int32)
    due = (
        begun.with_columns(__aim=aim)
        .drop("at", "total", "first")
        .sort("__aim")
        .join_asof(
            pauses.sort("at"),
            left_on="__aim",
            right_on="at",
            by="enrolment",
            allow_exact_matches=False,
            check_sortedness=False,
        )
    )
    moved = (pl.col("__aim") + pl.col("total").fill_null(0)).cast(pl.Int32).cast(pl.Date)
    return due.with_columns(due=moved).drop("__start", "__aim", "at", "total", "first")
