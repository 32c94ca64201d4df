"""What a week holds, held against a loop over every day; and the days that hold too much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import Casebook, programme
from indsats.measure import LOADING, crowded_days, weekly_load

FIRST = date(2020, 1, 6)
LAST = FIRST + timedelta(days=40)


def on(offset: int) -> date:
    return FIRST + timedelta(days=offset)


@dataclass(frozen=True)
class Part:
    kind: str
    person: str
    first: int
    length: int | None
    hours: float | None
    dropped: bool = False

    def runs(self, offset: int) -> bool:
        return self.first <= offset and (self.length is None or offset <= self.first + self.length)


PART = st.builds(
    Part,
    kind=st.sampled_from(("activity", "parallel_effort", "placement")),
    person=st.sampled_from(("p1", "p2")),
    first=st.integers(-10, 45),
    length=st.none() | st.integers(0, 30),
    hours=st.none() | st.sampled_from((2.0, 7.5, 20.0, 37.0)),
    dropped=st.booleans(),
)
WORK = st.builds(
    Part,
    kind=st.just("hours"),
    person=st.sampled_from(("p1", "p2")),
    first=st.integers(-10, 45),
    length=st.integers(0, 30),
    hours=st.sampled_from((5.0, 12.0)),
)


def record_of(parts: list[Part]) -> Casebook:
    book = Casebook(programme())
    for one in parts:
        to = None if one.length is None else on(one.first + one.length)
        says: dict[str, Any] = {"hours_per_week": one.hours}
        if one.kind == "activity":
            says |= {"subgoal": "move", "activity": "walk", "status": "dropped" if one.dropped else "planned"}
        elif one.kind == "hours":
            says |= {"type": "ordinary", "evidence": "payslip"}
        else:
            says |= {"type": "other"}
        book.fact(one.kind, on(one.first), to=to, person=one.person, **says)
    return book


def tables_of(book: Casebook) -> dict[str, pl.DataFrame]:
    facts = book.facts()
    return {kind: facts.table(kind) for kind in LOADING}


@settings(deadline=None, max_examples=150)
@given(st.lists(PART, max_size=8), st.lists(WORK, max_size=1))
def test_the_load_of_each_day_is_that_of_what_runs_on_it(parts: list[Part], work: list[Part]) -> None:
    found = weekly_load(tables_of(record_of([*parts, *work])), FIRST, LAST)
    days = {
        (row["person"], row["first"] + timedelta(days=n)): row
        for row in found.iter_rows(named=True)
        for n in range((row["last"] - row["first"]).days + 1)
    }
    assert len(days) == sum((row["last"] - row["first"]).days + 1 for row in found.iter_rows(named=True))
    for person in ("p1", "p2"):
        for offset in range(41):
            here = [
                one for one in (*parts, *work) if one.person == person and one.runs(offset)
                and not (one.kind == "activity" and one.dropped)
            ]  # fmt: skip
            row = days.get((person, on(offset)))
            if not here:
                assert row is None
                continue
            assert row is not None
            by = {kind: sum(one.hours or 0 for one in here if one.kind == kind) for kind in
                  ("activity", "parallel_effort", "placement", "hours")}  # fmt: skip
            assert row["hours"] == by["activity"] + by["parallel_effort"] + max(by["placement"], by["hours"])
            assert row["running"] == sum(one.kind != "hours" for one in here)
            assert row["untold"] == sum(one.hours is None for one in here)


def test_nothing_that_runs_gives_no_rows() -> None:
    found = weekly_load(tables_of(Casebook(programme())), FIRST, LAST)
    assert found.height == 0
    assert found.columns == ["person", "first", "last", "hours", "running", "untold"]


def test_two_meetings_on_a_day_and_a_meeting_in_a_pause_are_told_and_what_is_over_is_not() -> None:
    book = Casebook(programme())
    for day, outcome in (
        (2, "planned"),
        (2, "planned"),
        (5, "planned"),
        (9, "planned"),
        (12, "held"),
        (12, "held"),
    ):
        book.meet(on(day), outcome)
    book.meet(on(-3), "planned").meet(on(-3), "planned")
    book.fact("pause", on(8), to=on(10)).fact("pause", on(9), reason="again")
    facts = book.facts()
    found = crowded_days(facts.table("meeting"), facts.table("pause"), FIRST)
    assert found.rows() == [("p1", on(2), 2, False), ("p1", on(9), 1, True)]
    assert crowded_days(facts.table("meeting"), facts.table("pause"), on(10)).height == 0
    assert found.schema["meetings"] == pl.Int64
