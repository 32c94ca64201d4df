"""Hours as intervals: never counted twice, whatever overlaps; held against a loop over every day."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from indsats.measure import CONFIRMED, counted_hours, differing_hours
from indsats.record import KINDS

START = date(2017, 1, 1)
SCHEMA = {
    "id": pl.String,
    "person": pl.String,
    "type": pl.String,
    "hours_per_week": pl.Float64,
    "evidence": pl.String,
    "occurred_from": pl.Date,
    "occurred_to": pl.Date,
    "recorded_at": pl.Datetime("us", "UTC"),
}
BEST_FIRST = ({"payslip", "register"}, {"employer"}, {"citizen"}, {"estimate"}, {None})


def on(offset: int) -> date:
    return START + timedelta(days=offset)


@dataclass(frozen=True)
class Told:
    """A fact of hours; days count from ``START``, ``last`` None is open."""

    id: str
    first: int
    last: int | None
    hours: float = 10
    evidence: str | None = "payslip"
    person: str = "p1"
    type: str = "ordinary"
    recorded: int = 0

    @property
    def strength(self) -> tuple[int, int, int, str]:
        place = next(at for at, those in enumerate(BEST_FIRST) if self.evidence in those)
        return -place, self.recorded, self.first, self.id

    def runs(self, offset: int) -> bool:
        return self.first <= offset and (self.last is None or offset <= self.last)


def table(*told: Told) -> pl.DataFrame:
    rows = [
        (
            *(one.id, one.person, one.type, one.hours, one.evidence, on(one.first)),
            None if one.last is None else on(one.last),
            datetime(2018, 1, 1, tzinfo=UTC) + timedelta(minutes=one.recorded),
        )
        for one in told
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


Key = tuple[str, str, date]


def day_by_day(told: list[Told], until: int) -> dict[Key, Told]:
    """The fact that counts on each day, found by looking at every fact on every day."""
    found: dict[Key, Told] = {}
    for offset in range(until + 1):
        for one in told:
            key = (one.person, one.type, on(offset))
            if one.runs(offset) and (key not in found or one.strength > found[key].strength):
                found[key] = one
    return found


def spread(counted: pl.DataFrame) -> list[tuple[Key, float, str | None, str]]:
    """A row for each day of the intervals."""
    return [
        ((row["person"], row["type"], row["first"] + timedelta(days=n)), row["hours"], row["evidence"], row["fact"])
        for row in counted.rows(named=True)
        for n in range((row["last"] - row["first"]).days + 1)
    ]  # fmt: skip


@st.composite
def facts(draw: st.DrawFn, *, at_once: bool = True) -> list[Told]:
    """Facts of two persons; with ``at_once`` several may have been recorded in the same moment."""
    many = draw(st.integers(0, 12))
    order = draw(
        st.lists(st.integers(0, 3), min_size=many, max_size=many) if at_once else st.permutations(range(many))
    )
    found = []
    for number, recorded in enumerate(order):
        first = draw(st.integers(0, 40))
        length = draw(st.none() | st.integers(0, 25))
        found.append(
            Told(
                id=f"f{number:02}",
                first=first,
                last=None if length is None else first + length,
                hours=draw(st.sampled_from([0, 5, 7.5, 10, 37])),
                evidence=draw(
                    st.sampled_from(["payslip", "register", "employer", "citizen", "estimate", None])
                ),
                person=draw(st.sampled_from(["p1", "p2"])),
                type=draw(st.sampled_from(["ordinary", "flex"])),
                recorded=recorded,
            )
        )
    return found


@settings(max_examples=200, deadline=None)
@given(facts(), st.integers(0, 60))
def test_no_day_is_counted_twice_and_each_has_the_hours_a_loop_over_the_days_finds(
    told: list[Told], until: int
) -> None:
    counted = counted_hours(table(*told), on(until))
    rows = spread(counted)
    assert len({key for key, *_ in rows}) == len(rows), "two numbers for a person, a type and a day"
    wanted = day_by_day(told, until)
    assert {key: (hours, evidence, fact) for key, hours, evidence, fact in rows} == {
        key: (one.hours, one.evidence, one.id) for key, one in wanted.items()
    }
    total = sum(one.hours for one in wanted.values())
    assert math.isclose(counted.select((pl.col("hours") * pl.col("days")).sum()).item(), total)
    assert counted["confirmed"].to_list() == [one in CONFIRMED for one in counted["evidence"]]


@settings(deadline=None)
@given(facts(), st.integers(0, 60), st.randoms(use_true_random=False))
def test_the_order_of_the_facts_does_not_matter(told: list[Told], until: int, random) -> None:
    other = random.sample(told, len(told))
    for function in (counted_hours, differing_hours):
        assert function(table(*told), on(until)).equals(function(table(*other), on(until)))


@settings(deadline=None)
@given(facts(at_once=False), st.integers(0, 60), st.data())
def test_a_fact_split_in_two_equal_ones_changes_nothing(
    told: list[Told], until: int, data: st.DataObject
) -> None:
    halves: list[Told] = []
    for one in told:
        last = until if one.last is None else one.last
        cut = data.draw(st.integers(one.first, last - 1)) if last > one.first else None
        if cut is None:
            halves.append(one)
        else:
            halves += [replace(one, id=f"{one.id}a", last=cut), replace(one, id=f"{one.id}b", first=cut + 1)]

    def told_of(of: list[Told]) -> list[tuple[Key, float, str | None]]:
        return [row[:3] for row in spread(counted_hours(table(*of), on(until)))]

    assert told_of(halves) == told_of(told)


@settings(deadline=None)
@given(facts(), st.integers(0, 60))
def test_facts_that_differ_are_told_with_the_days_they_differ_on(told: list[Told], until: int) -> None:
    wanted: dict[tuple[str, str], list[date]] = {}
    for (person, kind, day), counts in day_by_day(told, until).items():
        for one in told:
            same = one.person == person and one.type == kind and one.runs((day - START).days)
            if same and one.hours != counts.hours:
                wanted.setdefault((one.id, counts.id), []).append(day)
    found = differing_hours(table(*told), on(until))
    assert {
        (row["fact"], row["counts"]): (row["first"], row["last"], row["days"])
        for row in found.rows(named=True)
    } == {pair: (min(days), max(days), len(days)) for pair, days in wanted.items()}
    of = {one.id: one for one in told}
    for row in found.rows(named=True):
        one, counts = of[row["fact"]], of[row["counts"]]
        assert (row["hours"], row["evidence"]) == (one.hours, one.evidence)
        assert (row["hours_counted"], row["evidence_counted"]) == (counts.hours, counts.evidence)
        assert row["difference"] == one.hours - counts.hours


def test_a_payslip_counts_on_its_days_and_the_citizen_on_the_others() -> None:
    said = table(
        Told("told", 0, None, hours=12, evidence="citizen"), Told("paid", 10, 19, hours=10, recorded=-9)
    )
    counted = counted_hours(said, on(29))
    assert counted.select("first", "last", "days", "hours", "confirmed", "goes_on").rows() == [
        (on(0), on(9), 10, 12.0, False, False),
        (on(10), on(19), 10, 10.0, True, False),
        (on(20), on(29), 10, 12.0, False, True),
    ]
    (apart,) = differing_hours(said, on(29)).rows(named=True)
    assert (apart["days"], apart["fact"], apart["counts"], apart["difference"]) == (10, "told", "paid", 2.0)


def test_more_hours_registered_while_the_former_stand_open_count_from_their_day() -> None:
    rise = table(Told("five", 0, None, hours=5), Told("fifteen", 31, None, hours=15, recorded=5))
    assert counted_hours(rise, on(60)).select("first", "hours").rows() == [(on(0), 5.0), (on(31), 15.0)]
    at_once = table(Told("five", 0, None, hours=5), Told("fifteen", 31, None, hours=15))
    assert counted_hours(at_once, on(60)).equals(counted_hours(rise, on(60)))


def test_types_are_counted_apart_and_what_agrees_is_no_disagreement() -> None:
    said = table(
        Told("a", 0, 9, evidence="register"), Told("b", 0, 9, evidence="citizen"), Told("c", 0, 9, type="flex")
    )  # fmt: skip
    assert counted_hours(said, on(20)).select("type", "fact", "days").rows() == [
        ("flex", "c", 10),
        ("ordinary", "a", 10),
    ]
    assert differing_hours(said, on(20)).is_empty()


def test_what_has_not_begun_and_what_ends_before_it_begins_is_no_hours() -> None:
    said = table(Told("ahead", 20, None), Told("turned", 5, 3))
    assert counted_hours(said, on(10)).is_empty()
    assert differing_hours(said, on(10)).is_empty()
    assert counted_hours(table(), on(10)).is_empty()


def test_an_agreed_end_ahead_is_cut_at_the_day_and_said_to_go_on() -> None:
    said = table(Told("agreed", 0, 30), Told("over", 0, 10, type="unpaid"))
    assert counted_hours(said, on(10)).select("type", "last", "goes_on").rows() == [
        ("ordinary", on(10), True),
        ("unpaid", on(10), False),
    ]


def test_evidence_is_that_of_the_kind() -> None:
    known = {one for those in BEST_FIRST for one in those if one}
    field = KINDS["hours"].model_fields["evidence"].annotation
    assert all(f"'{one}'" in str(field) for one in known)
    assert str(field).count("'") == 2 * len(known)


def test_nested_facts_of_many_persons_take_no_more_than_n_log_n() -> None:
    """Every fact lies within the one before: gone through pair by pair these would be a hundred million."""
    many, number = 20_000, count()
    said = pl.DataFrame(
        [
            (f"f{next(number)}", f"p{at % 2}", "ordinary", 5.0, None, on(-at), on(at), datetime(2018, 1, 1, tzinfo=UTC))
            for at in range(many)
        ],
        schema=SCHEMA,
        orient="row",
    )  # fmt: skip
    began = time.perf_counter()
    counted = counted_hours(said, on(many))
    assert time.perf_counter() - began < 5
    assert counted["days"].sum() == sum(2 * (many - 1 - at) + 1 for at in (0, 1))
