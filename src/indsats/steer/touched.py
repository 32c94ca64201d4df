"""Persons rather than facts: who is enrolled, and in whose months something ran."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from indsats.figure import Unit as Measure
from indsats.programme import ChangeIndicator, ConsecutiveIndicator, Period, StockIndicator
from indsats.record import KINDS

from . import reasons
from .counted import Counted, rows_of
from .exposure import observed
from .phases import phase_runs
from .selection import Scope, candidates, enrolled_in, open_on

if TYPE_CHECKING:
    from indsats.record import Facts


def stock(facts: Facts, asked: StockIndicator, period: Period) -> Counted:
    """Persons with an open enrolment on the last day observed, or with one in an open run of the phase."""
    seen = observed(facts, period)
    day = period.last if seen is None else seen.last
    still = open_on(facts, day, asked.service)
    if asked.phase is not None:
        runs = phase_runs(facts, day).filter(
            (pl.col("phase") == asked.phase) & pl.col("end").is_null() & ~pl.col("skipped")
        )
        still = still.join(runs, on="enrolment", how="semi")
    rows = rows_of(still, key=pl.col("person"), n=pl.lit(1.0), day=pl.col("start"))
    return Counted(rows, "count", "first", sampled=False, known=seen is not None)


def in_a_row(facts: Facts, asked: ConsecutiveIndicator, period: Period) -> Counted:
    """Among persons enrolled in the period: those with so many touched calendar months in a row.

    A month is touched when a fact ran on a day of it, from the person's enrolment to the last day observed of the
    period (document 001 L304, L390; kinds combined, a decision). A person whom only facts with a
    missing value could bring there is left out.
    """
    enrolled, spells = _enrolled_and_spells(facts, asked, period)
    after = spells.with_columns(pl.max_horizontal("first", "start").alias("first"))
    certain = _in_a_row(after.filter("known"), asked.months).with_columns(hit=pl.lit(value=True))
    perhaps = _in_a_row(after, asked.months).with_columns(maybe=pl.lit(value=True))
    found = (
        enrolled.join(certain, on="enrolment", how="left")
        .join(perhaps, on="enrolment", how="left")
        .with_columns(pl.col("hit", "maybe").fill_null(value=False))
    )
    made = _by_person(found, pl.col("maybe") & ~pl.col("hit"), pl.col("hit"), pl.lit(1.0), "share")
    return replace(made, known=observed(facts, period) is not None)


def change(facts: Facts, asked: ChangeIndicator, period: Period) -> Counted:
    """Persons touched since enrolment (numerator) against those of the same touched before it (denominator).

    The value is (after − before) / before: 0 as many, 2.0 three times as many (document 001
    L380-392); none when nobody was touched before. Before is the stretch ``before`` long that ends on the eve of
    enrolment, after runs from enrolment to the last day observed of the period; the two are as long as they are.
    A person of whom a missing value decides either is left out of both.
    """
    enrolled, spells = _enrolled_and_spells(facts, asked, period)
    length = facts.programme.length(asked.before)
    opens = pl.col("start").dt.offset_by(f"-{length.polars_offset}")
    ran_before = (pl.col("first") < pl.col("start")) & (pl.col("last") >= opens)
    touched = spells.group_by("enrolment").agg(
        after=((pl.col("last") >= pl.col("start")) & pl.col("known")).any(),
        perhaps_after=(pl.col("last") >= pl.col("start")).any(),
        before=(ran_before & pl.col("known")).any(),
        perhaps_before=ran_before.any(),
    )
    sure = (pl.col("after") == pl.col("perhaps_after")) & (pl.col("before") == pl.col("perhaps_before"))
    found = enrolled.join(touched, on="enrolment")
    made = _by_person(found, ~sure, pl.col("after"), pl.col("before"), "change", "after against before")
    return replace(made, known=observed(facts, period) is not None)


def _by_person(
    found: pl.DataFrame, doubtful: pl.Expr, n: pl.Expr, d: pl.Expr, unit: Measure, method: str = ""
) -> Counted:
    """Enrolments, of which a person's earliest in a place counts there; the doubtful are left out."""
    found = found.with_columns(reason=pl.when(doubtful).then(pl.lit(reasons.UNKNOWN_VALUE)))
    counts = pl.col("reason").is_null()
    rows = rows_of(
        found,
        key=pl.col("person"),
        day=pl.col("start"),
        n=pl.when(counts).then(n.cast(pl.Float64)),
        d=pl.when(counts).then(d.cast(pl.Float64)),
    )
    return Counted(rows, unit, "first", method)


def _enrolled_and_spells(
    facts: Facts, asked: ConsecutiveIndicator | ChangeIndicator, period: Period
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Enrolments open in the period, and what ran for the persons of each.

    Spells have ``enrolment``, ``start``, ``first``, ``last`` (no later than the last day observed) and ``known``
    (false where a missing value decides whether they count). They are the person's, in the enrolment or outside
    it: hours worked before enrolment belong to none, and registers know no enrolments.
    """
    end = min(period.last, facts.last_day)
    first_open = pl.max_horizontal("start", pl.lit(period.first))
    in_period = (pl.col("start") <= end) & (pl.col("end").is_null() | (pl.col("end") > first_open))
    enrolled = (
        enrolled_in(facts, Scope(), asked.service)
        .filter(in_period)
        .select("unit", "site", "person", "enrolment", "start")
    )
    mine = enrolled.select("person", "enrolment", "start")
    return enrolled, _spells(facts, asked, end).join(mine, on="person")


def _spells(facts: Facts, asked: ConsecutiveIndicator | ChangeIndicator, end: date) -> pl.DataFrame:
    """``person``, ``first``, ``last``, ``known`` of everything in ``what`` that had begun by ``end``.

    A kind that has an end runs on while none is recorded; the others are over on their day.
    """
    found = candidates(facts, asked.what, end).filter(pl.col("person").is_not_null())
    lasting = pl.col("kind").is_in([kind for kind, model in KINDS.items() if model.ends_ahead])
    last = pl.col("end").fill_null(pl.when(lasting).then(pl.lit(end)).otherwise("day"))
    return found.select(
        "person",
        first="day",
        last=pl.max_horizontal("day", pl.min_horizontal(last, pl.lit(end))),
        known="sure",
    )


def _in_a_row(spells: pl.DataFrame, months: int) -> pl.DataFrame:
    """Enrolments (``enrolment``) with that many calendar months in a row in which a spell ran."""
    number = {name: pl.col(name).dt.year() * 12 + pl.col(name).dt.month() for name in ("first", "last")}
    touched = (
        spells.filter(pl.col("last") >= pl.col("first"))
        .select("enrolment", month=pl.int_ranges(number["first"], number["last"] + 1))
        .explode("month")
        .unique()
        .sort("enrolment", "month")
    )
    # Months in a row are as far from the start of the list as from their place in it.
    row = pl.col("month") - pl.int_range(pl.len()).over("enrolment")
    return (
        touched.with_columns(row=row)
        .group_by("enrolment", "row")
        .len()
        .filter(pl.col("len") >= months)
        .select("enrolment")
        .unique()
    )
