"""When a thing that must happen again and again fell due, and whether it was done in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from indsats.programme import Cadence, with_rule

from . import reasons
from .selection import fact_rule, unheld, unknown_reason

if TYPE_CHECKING:
    from indsats.record import Facts

_ITEM = ("enrolment", "person", "unit", "site", "service", "start", "due", "done_on", "timely")


@dataclass(frozen=True, slots=True)
class Chain:
    """All items of a cadence, those an exit ended (``exited_first``) among them, and facts not used.

    ``unused`` has one row per fact that could not be: ``unit``, ``site``, ``day``, ``reason``.
    """

    items: pl.DataFrame
    unused: pl.DataFrame


def due_items(facts: Facts, cadence_id: str, until: date) -> pl.DataFrame:
    """Every item of a cadence as known on the day ``until`` (nothing dated later is used).

    Columns: ``enrolment``, ``person``, ``unit``, ``site``, ``service`` (of the enrolment), ``start`` (the
    clock's start), ``due``, ``done_on`` (null: not done), ``timely`` (null: not due and not done yet).
    Ordered by enrolment and start.

    The clock starts when the enrolment does and anew at each fact that satisfies the cadence; several such
    facts on a day are one, one on the enrolment's first day is the start. Each stretch is one item, however
    late it ends. ``due`` is ``every`` after ``start``, put off by every day of pause from the start on, so
    that it never lies inside a pause; under a pause without an end it is the earliest day still possible.
    An item done early keeps the day it would have been due. Nothing falls due on the day of exit or later:
    such items are left out, done or not. A fact on the day of exit still counts. An enrolment has its own
    clock, so a person enrolled twice has two; a pause recorded without enrolment holds for all of the
    person's. Raises KeyError for an unknown cadence.
    """
    return chain(facts, cadence_id, until).items.filter(~pl.col("exited_first")).select(_ITEM)


def chain(facts: Facts, cadence_id: str, until: date) -> Chain:
    """As ``due_items``, with what was left out."""
    cadence = facts.programme.cadences[cadence_id]
    enrolled = (
        facts.enrolments()
        .filter(pl.col("start") <= until)
        .with_columns(pl.when(pl.col("end") <= until).then(pl.col("end")).alias("end"))
    )
    if cadence.service is not None:
        enrolled = enrolled.filter(pl.col("service") == cadence.service)
    done, unused = _done(facts, cadence, until)
    inside = (pl.col("day") > pl.col("begun")) & (pl.col("end").is_null() | (pl.col("day") <= pl.col("end")))
    restarts = (
        done.join(enrolled.select("enrolment", "end", begun="start"), on="enrolment")
        .filter(inside)
        .select("enrolment", "day")
        .unique()
    )
    clock = pl.concat([enrolled.select("enrolment", day="start"), restarts]).sort("enrolment", "day")
    same = pl.col("enrolment") == pl.col("enrolment").shift(-1)
    items = clock.select(
        "enrolment",
        start="day",
        due=pl.col("day").dt.offset_by(cadence.every.polars_offset),
        done_on=pl.when(same).then(pl.col("day").shift(-1)),
    )
    items = _put_off(items, _pauses(facts, enrolled, until)).join(
        enrolled.select("enrolment", "person", "unit", "site", "service", "end"), on="enrolment", how="left"
    )
    in_time = (
        pl.when(pl.col("done_on").is_not_null())
        .then(pl.col("done_on") <= pl.col("due"))
        .when(pl.col("due") <= until)
        .then(pl.lit(value=False))
    )
    exited_first = (pl.col("due") >= pl.col("end")).fill_null(value=False)
    items = items.with_columns(timely=in_time, exited_first=exited_first).sort("enrolment", "start")
    return Chain(items.select(*_ITEM, "exited_first"), unused)


def _done(facts: Facts, cadence: Cadence, until: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Facts that restart the clock (``enrolment``, ``day``), and those that perhaps would have."""
    rule = fact_rule(facts, cadence.kind, cadence.where)
    rows = facts.table(cadence.kind).filter(pl.col("occurred_from") <= until)
    if cadence.service is not None:
        rows = rows.filter((pl.col("service") == cadence.service).fill_null(pl.col("enrolment").is_null()))
    rows = with_rule(rows, "hit", rule, until)
    rows = rows.filter(pl.col("hit").fill_null(value=True) & ~unheld(cadence.kind, rule)).with_columns(
        day=pl.col("occurred_from"),
        reason=pl.when(pl.col("enrolment").is_null())
        .then(pl.lit(reasons.NO_ENROLMENT))
        .when(pl.col("hit").is_null())
        .then(unknown_reason(cadence.kind, rule)),
    )
    usable = pl.col("reason").is_null()
    return (
        rows.filter(usable).select("enrolment", "day"),
        rows.filter(~usable).select("unit", "site", "day", "reason"),
    )


def _pauses(facts: Facts, enrolled: pl.DataFrame, until: date) -> pl.DataFrame:
    """Pauses per enrolment, merged: ``enrolment``, ``at`` and ``total``, both in whole days.

    ``at`` is the reading of the enrolment's working clock (days since 1970 less paused days so far) at which
    the pause stops it, ``total`` the paused days up to and with this pause.
    """
    rows = facts.table("pause").select(
        "enrolment",
        "person",
        first=pl.col("occurred_from").cast(pl.Int32),
        last=pl.max_horizontal(
            "occurred_from",
            pl.col("occurred_to").fill_null(pl.max_horizontal("occurred_from", pl.lit(until))),
        ).cast(pl.Int32),
    )
    own = rows.filter(pl.col("enrolment").is_not_null()).select("enrolment", "first", "last")
    everywhere = (
        rows.filter(pl.col("enrolment").is_null())
        .select("person", "first", "last")
        .join(enrolled.select("person", "enrolment"), on="person")
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
    )


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
    return due.select("enrolment", "start", due=moved, done_on="done_on")
