"""Stays: the runs of weeks that a state's rules make of spells, as Narwhals expressions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import narwhals as nw
import polars as pl

from indsats.programme import RegisterState

from ..codes import BLANK, expand
from ..pension import pension_date
from ..weeks import week_numbers
from .calendar import months_table, through
from .engines import Engine
from .question import Question

Frame = nw.LazyFrame[Any]

NEVER = -1
"""A week before all others: the last week with hours where there are no hours."""


@dataclass(frozen=True)
class Tables:
    """The data of a question, as native tables of one engine. Weeks are numbers from 1991-W32, Int32.

    - ``spells``: ``person`` (Int32 or String, as in all the tables), ``first_week``, ``last_week``, ``code``
      (Int16, null for a week without one); spells of a person do not overlap.
    - ``persons``: ``person``, ``first_week``, ``last_week`` (the weeks in which the person is observed), one row
      each; with ``birth_date`` (Date) if a state ends at the state pension age.
    - ``hours``: ``person``, ``month`` (Int32, year * 12 + month - 1), ``hours`` paid; a month without a row has
      none.
    - ``events``: ``person``, ``week`` of the dated facts that start the clock.

    ``hours_until`` is the last month the hours tell of; without it, the last in ``hours``. ``maximal`` says
    that neighbouring spells of a person always differ in code, which saves work.
    """

    spells: Any
    persons: Any
    hours: Any = None
    events: Any = None
    hours_until: int | None = None
    maximal: bool = False


@dataclass(frozen=True)
class Source:
    """Which stays a measure looks at.

    ``stays`` are those that are long enough. With ``gap`` they also carry ``until``, the last week of the stays
    that the gap rule joins to one; ``joined`` are these whole, bridged weeks included. ``short`` are the runs
    that are not long enough.
    """

    state: str
    gap: int = 0
    kind: Literal["stays", "joined", "short"] = "stays"


@dataclass(frozen=True)
class Reach:
    """The weeks that matter: from ``back`` before index to ``forward`` after it, for the cases in ``cases``."""

    cases: Frame
    back: int
    forward: int


@dataclass(frozen=True)
class Room:
    """The tables of one question, ready to be asked: what they lack is added, what recurs is worked out once."""

    question: Question
    engine: Engine
    spells: Frame
    persons: Frame
    hours: Frame | None
    paid: Frame | None
    events: Frame | None
    paid_through: int
    maximal: bool

    def keep(self, frame: Frame) -> Frame:
        """The same rows, worked out once."""
        return nw.from_native(self.engine.keep(frame.to_native()))

    def table(self, frame: pl.DataFrame) -> Frame:
        """A table of our own on the engine."""
        return nw.from_native(self.engine.table(frame))

    def stays(self, source: Source, reach: Reach | None = None) -> Frame:
        """``person``, ``first``, ``last`` (and ``until``, see ``Source``) of everybody's stays.

        With ``reach`` only of persons with a case, and at least those that touch the weeks that matter; they
        may be shorter than they are where they go on beyond these, though never so that it makes a difference.
        """
        state = self.question.states[source.state]
        codes = expand(state.codes)
        spells = self.spells.filter(has_code(codes))
        single = self.maximal and len(codes) == 1
        if reach is not None and (state.paid_hours or source.gap > 0 or not single):
            # So far beyond, what lies there cannot join what matters, or make it long enough, any more.
            spells = _within_reach(spells, reach, beyond=source.gap + state.at_least_weeks + 1)
        runs = self._runs(state, spells)
        if not single:
            runs = merged(runs)
        if source.kind == "short":
            return runs.filter(_length() < state.at_least_weeks)
        if state.at_least_weeks > 1:
            runs = runs.filter(_length() >= state.at_least_weeks)
        if source.gap == 0:
            return runs
        return merged(runs, source.gap, keep_parts=source.kind == "stays")

    def narrowed(self, cases: Frame) -> Room:
        """The same room with the hours of persons who have a case, worked out once."""
        if self.hours is None:
            return self
        own = self.hours.join(cases.select("person").unique(), on="person", how="semi")
        hours = self.keep(_summed(own))
        return replace(self, hours=hours, paid=self.keep(_paid(hours, self.table(months_table()))))

    def _runs(self, state: RegisterState, spells: Frame) -> Frame:
        """The weeks of ``spells`` that satisfy the state's further rules, as ``person``, ``first``, ``last``."""
        runs = spells.select("person", first="first_week", last="last_week")
        if state.before_pension and "pension_week" in self.persons.collect_schema().names():
            pensions = self.persons.select("person", "pension_week")
            runs = (
                runs.join(pensions, on="person", how="left")
                .with_columns(last=nw.min_horizontal("last", nw.col("pension_week") - 1))
                .filter(nw.col("first") <= nw.col("last"))
                .drop("pension_week")
            )
        if state.paid_hours:
            assert self.paid is not None  # noqa: S101 - open_room refuses the question otherwise
            runs = (
                runs.join(self.paid, on="person")
                .filter((nw.col("last") >= nw.col("paid_first")) & (nw.col("first") <= nw.col("paid_last")))
                .select(
                    "person",
                    first=nw.max_horizontal("first", "paid_first"),
                    last=nw.min_horizontal("last", "paid_last"),
                )
            )
        return runs


def open_room(question: Question, tables: Tables, engine: Engine, states: Iterable[str]) -> Room:
    """The room of a question that looks at ``states``; ``ValueError`` when it needs hours and there are none."""
    rules = [question.states[state] for state in states]
    needs_hours = question.counts_hours or any(rule.paid_hours for rule in rules)
    if needs_hours and tables.hours is None:
        raise ValueError("the question needs monthly hours, and none are given")
    hours = paid = None
    paid_through = NEVER
    if needs_hours:
        known = nw.from_native(tables.hours)
        if tables.hours_until is not None:
            known = known.filter(nw.col("month") <= tables.hours_until)
        until = tables.hours_until
        if until is None:
            until = engine.collect(known.select(nw.col("month").max()).to_native()).item()
        paid_through = NEVER if until is None else through(until)
        hours, paid = known, _paid(_summed(known), nw.from_native(engine.table(months_table())))
    return Room(
        question,
        engine,
        nw.from_native(tables.spells),
        _persons(nw.from_native(tables.persons), engine, births=any(rule.before_pension for rule in rules)),
        hours,
        paid,
        None if tables.events is None else nw.from_native(tables.events),
        paid_through,
        tables.maximal,
    )


def _summed(hours: Frame) -> Frame:
    """One row for each person and month: ``person``, ``month``, ``hours``."""
    # Parts of an hour may be added in any order: rounding makes the sum the same on all engines.
    return hours.group_by("person", "month").agg(nw.col("hours").sum().round(6))


def _paid(hours: Frame, months: Frame) -> Frame:
    """The runs of weeks in months with hours: ``person``, ``paid_first``, ``paid_last``."""
    worked = hours.filter(nw.col("hours") > 0).join(months, on="month")
    runs = merged(worked.select("person", first="month_first", last="month_last"))
    return runs.select("person", paid_first="first", paid_last="last")


def _persons(persons: Frame, engine: Engine, *, births: bool) -> Frame:
    """``person``, ``first_week``, ``last_week``, and ``pension_week`` if ``births`` matter and are known."""
    own = ["person", "first_week", "last_week"]
    if not births or "birth_date" not in persons.collect_schema().names():
        return persons.select(own)
    # There are few dates of birth and many persons: months are added to each date once, off the engine,
    # for adding months is not something all engines do alike.
    born = persons.filter(~nw.col("birth_date").is_null()).select("birth_date").unique()
    reached = pension_date(pl.col("birth_date"))
    pensions = engine.collect(born.to_native()).select("birth_date", pension_week=week_numbers(reached))
    table = nw.from_native(engine.table(pensions))
    joined = persons.join(table, on="birth_date", how="left").select(*own, "pension_week")
    return nw.from_native(engine.keep(joined.to_native()))


def has_code(codes: Iterable[int]) -> nw.Expr:
    """Whether a spell's code is one of ``codes``, as few comparisons as it takes; ``BLANK`` is a null."""
    code = nw.col("code")
    found: nw.Expr | None = None
    for low, high in _ranges(sorted(set(codes))):
        here = (
            code.is_null()
            if high == BLANK
            else (code == low if low == high else (code >= low) & (code <= high))
        )
        found = here if found is None else found | here
    if found is None:
        raise ValueError("no codes are asked for")
    return found


def _ranges(codes: Sequence[int]) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1 and code - 1 != BLANK:
            ranges[-1] = (ranges[-1][0], code)
        else:
            ranges.append((code, code))
    return ranges


def merged(runs: Frame, gap: int = 0, *, keep_parts: bool = False) -> Frame:
    """Runs of a person with at most ``gap`` weeks between them as one: ``person``, ``first``, ``last``.

    ``runs`` has these columns; runs of a person do not overlap. With ``keep_parts`` the rows stay as they are
    and ``until`` tells the last week of what each is joined to.
    """
    before = nw.col("last").shift(1).over("person", order_by="first")
    begins = nw.col("before").is_null() | (nw.col("first") > nw.col("before") + (1 + gap))
    numbered = (
        runs.with_columns(before=before)
        .with_columns(begins=nw.when(begins).then(nw.lit(1)).otherwise(nw.lit(0)))
        .with_columns(stay=nw.col("begins").cum_sum().over("person", order_by="first"))
    )
    if keep_parts:
        until = nw.col("last").max().over("person", "stay")
        return numbered.with_columns(until=until).select("person", "first", "last", "until")
    return (
        numbered.group_by("person", "stay")
        .agg(nw.col("first").min(), nw.col("last").max())
        .select("person", "first", "last")
    )


def _within_reach(spells: Frame, reach: Reach, *, beyond: int) -> Frame:
    """Spells of persons with a case that touch the weeks that matter to any of them, and some ``beyond`` these.

    Cutting here keeps the window functions that follow from walking through a whole life.
    """
    hulls = reach.cases.group_by("person").agg(
        hull_first=nw.col("index_week").min() - (reach.back + beyond),
        hull_last=nw.col("index_week").max() + (reach.forward + beyond),
    )
    return spells.join(hulls, on="person").filter(
        (nw.col("last_week") >= nw.col("hull_first")) & (nw.col("first_week") <= nw.col("hull_last"))
    )


def _length() -> nw.Expr:
    return nw.col("last") - nw.col("first") + 1
