"""Persons rather than facts: who is enrolled, and in whose months something ran."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from indsats.figure import Figure
from indsats.programme import ChangeIndicator, ConsecutiveIndicator, Period, StockIndicator
from indsats.record import KINDS

from . import reasons
from .exposure import observed
from .phases import phase_runs
from .selection import Scope, candidates, enrolled_in

if TYPE_CHECKING:
    from indsats.record import Facts


def stock(facts: Facts, asked: StockIndicator, period: Period, scope: Scope, name: str) -> Figure:
    """Persons with an open enrolment on the last day observed, or with one in an open run of the phase.

    No value for a period after the data.
    """
    seen = observed(facts, period)
    if seen is None:
        return Figure(name, None, "count")
    day = pl.lit(seen.last)
    still = enrolled_in(facts, scope, asked.service).filter(
        (pl.col("start") <= day) & (pl.col("end").is_null() | (pl.col("end") > day))
    )
    if asked.phase is not None:
        runs = phase_runs(facts, seen.last).filter(
            (pl.col("phase") == asked.phase) & pl.col("end").is_null() & ~pl.col("skipped")
        )
        still = still.join(runs, on="enrolment", how="semi")
    return Figure.count(name, still["person"].n_unique())


def share_in_a_row(
    facts: Facts, asked: ConsecutiveIndicator, period: Period, scope: Scope, name: str
) -> Figure:
    """Among persons enrolled in the period: those with so many touched calendar months in a row.

    A month is touched when a fact ran on a day of it, from the person's enrolment to the last day observed of the
    period (document 001 L304, L390; kinds combined, a decision). A person whom only facts with a
    missing value could bring there is left out.
    """
    persons, spells = _persons_and_spells(facts, asked, period, scope)
    after = spells.with_columns(pl.max_horizontal("first", "start").alias("first"))
    certain = _in_a_row(after.filter("known"), asked.months)
    perhaps = _in_a_row(after, asked.months).join(certain, on="person", how="anti")
    return Figure.share(
        name,
        certain.height,
        persons.height - perhaps.height,
        excluded={reasons.UNKNOWN_VALUE: perhaps.height} if perhaps.height else {},
    )


def change(facts: Facts, asked: ChangeIndicator, period: Period, scope: Scope, name: str) -> Figure:
    """Persons touched since enrolment (numerator) against those of the same touched before it (denominator).

    The value is (after − before) / before: 0 as many, 2.0 three times as many (document 001
    L380-392); none when nobody was touched before. Before is the stretch ``before`` long that ends on the eve of
    enrolment, after runs from enrolment to the last day observed of the period; the two are as long as they are.
    A person of whom a missing value decides either is left out of both.
    """
    _, spells = _persons_and_spells(facts, asked, period, scope)
    length = facts.programme.length(asked.before)
    opens = pl.col("start").dt.offset_by(f"-{length.polars_offset}")
    ran_before = (pl.col("first") < pl.col("start")) & (pl.col("last") >= opens)
    touched = spells.group_by("person").agg(
        after=((pl.col("last") >= pl.col("start")) & pl.col("known")).any(),
        perhaps_after=(pl.col("last") >= pl.col("start")).any(),
        before=(ran_before & pl.col("known")).any(),
        perhaps_before=ran_before.any(),
    )
    sure = (pl.col("after") == pl.col("perhaps_after")) & (pl.col("before") == pl.col("perhaps_before"))
    known = touched.filter(sure)
    then, now = int(known["before"].sum()), int(known["after"].sum())
    doubtful = touched.height - known.height
    return Figure(
        name,
        (now - then) / then if then else None,
        "change",
        float(now),
        float(then),
        {reasons.UNKNOWN_VALUE: doubtful} if doubtful else {},
        method="after against before",
    )


def _persons_and_spells(
    facts: Facts, asked: ConsecutiveIndicator | ChangeIndicator, period: Period, scope: Scope
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Persons with an enrolment open in the period (``person``, first day ``start``) and what ran for them.

    Spells have ``person``, ``start``, ``first``, ``last`` (no later than the last day observed) and ``known``
    (false where a missing value decides whether they count). They are the person's, in the enrolment or outside
    it: hours worked before enrolment belong to none, and registers know no enrolments.
    """
    end = min(period.last, facts.last_day)
    first_open = pl.max_horizontal("start", pl.lit(period.first))
    in_period = (pl.col("start") <= end) & (pl.col("end").is_null() | (pl.col("end") > first_open))
    persons = (
        enrolled_in(facts, scope, asked.service)
        .filter(in_period)
        .group_by("person")
        .agg(pl.col("start").min())
    )
    return persons, _spells(facts, asked, end).join(persons, on="person")


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
    """Persons (``person``) with that many calendar months in a row in which a spell ran."""
    number = {name: pl.col(name).dt.year() * 12 + pl.col(name).dt.month() for name in ("first", "last")}
    touched = (
        spells.filter(pl.col("last") >= pl.col("first"))
        .select("person", month=pl.int_ranges(number["first"], number["last"] + 1))
        .explode("month")
        .unique()
        .sort("person", "month")
    )
    # Months in a row are as far from the start of the list as from their place in it.
    row = pl.col("month") - pl.int_range(pl.len()).over("person")
    return (
        touched.with_columns(row=row)
        .group_by("person", "row")
        .len()
        .filter(pl.col("len") >= months)
        .select("person")
        .unique()
    )
