"""Doses equal a count day by day, add up however they are split, and refuse what cannot be a dose."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import Casebook
from costbook import MEETING, activity, book, costed
from indsats.economy.dose import DOSE, doses, participants, time_within
from indsats.problem import InputRefused
from indsats.record import Facts

FIRST, LAST = date(2016, 1, 1), date(2016, 6, 30)
DAYS = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
PLACEMENT = {"kind": "placement"}
EVERYTHING = costed(
    meetings=activity("talk", "count", MEETING, each=2),
    time=activity("week", "time"),
    talks=activity("week", "time", service="talks"),
    placed=activity("week", "time", PLACEMENT),
    hours=activity("talk", "hours", PLACEMENT),
    heads=activity("head", "participants"),
    rent=activity("month", "fixed"),
    training=activity("once", "fixed", each=3),
)

day_numbers = st.integers(0, len(DAYS) - 1)
spells = st.tuples(day_numbers, st.one_of(st.none(), st.integers(0, 120)))
cases = st.lists(
    st.tuples(
        st.sampled_from(["p1", "p2", "p3"]),
        st.sampled_from(["north", "city"]),
        st.sampled_from(["talks", "course"]),
        spells,
        st.lists(day_numbers, max_size=3),
        st.lists(st.tuples(spells, st.integers(0, 37)), max_size=2),
    ),
    max_size=6,
)


def drawn(rows: list[tuple]) -> Casebook:
    """A casebook with an enrolment for each row, with meetings and placements that may lie outside it."""
    case = book(EVERYTHING, LAST.isoformat())
    for number, (person, site, service, (begins, length), meetings, placements) in enumerate(rows):
        who = {"person": person, "enrolment": f"e{number}"}
        case.enrol(DAYS[begins], **who, site=site, service=service)
        if length is not None and DAYS[begins] + timedelta(days=length) <= LAST:
            case.leave(DAYS[begins] + timedelta(days=length), **who)
        for day in meetings:
            case.meet(DAYS[day], **who)
        for (day, runs), hours in placements:
            to = None if runs is None else DAYS[day] + timedelta(days=runs)
            case.fact("placement", DAYS[day], to=to, type="practice", hours_per_week=float(hours), **who)
    return case


def day_by_day(facts: Facts) -> dict[str, dict[date, float]]:
    """What is spent on each day, by loops over days: an own count to hold the columns against."""
    enrolled = facts.enrolments().rows(named=True)
    ends = {one["enrolment"]: one["end"] for one in enrolled}
    begins = {one["enrolment"]: one["start"] for one in enrolled}
    spent: dict[str, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    open_on = {
        day: [one for one in enrolled if one["start"] <= day and (one["end"] is None or day < one["end"])]
        for day in DAYS
    }
    for day in DAYS:
        there = {one["person"] for one in open_on[day]}
        spent["time"][day] = len(there) / 7
        spent["talks"][day] = len({one["person"] for one in open_on[day] if one["service"] == "talks"}) / 7
        for one in facts.table("placement").rows(named=True):
            last = one["occurred_to"] or (ends[one["enrolment"]] or LAST + timedelta(days=1)) - timedelta(
                days=1
            )
            if max(one["occurred_from"], begins[one["enrolment"]]) <= day <= last:
                spent["placed"][day] += 1 / 7
                spent["hours"][day] += one["hours_per_week"] / 7
        for one in facts.table("meeting").rows(named=True):
            if one["occurred_from"] == day >= begins[one["enrolment"]]:
                spent["meetings"][day] += 2
    for person in {one["person"] for one in enrolled}:
        spent["heads"][min(one["start"] for one in enrolled if one["person"] == person)] += 1
    busy = [day for day in DAYS if open_on[day]]
    person_days = sum(len({one["person"] for one in open_on[day]}) for day in busy)
    for day in DAYS:
        if busy and busy[0] <= day <= busy[-1]:
            spent["rent"][day] = 1 / (365.25 / 12)
        if busy:
            spent["training"][day] = 3 * len({one["person"] for one in open_on[day]}) / person_days
    return spent


@settings(max_examples=40, deadline=None)
@given(cases, day_numbers, day_numbers)
def test_every_form_of_dose_equals_a_count_day_by_day(rows: list[tuple], one: int, other: int) -> None:
    facts = drawn(rows).facts()
    first, until = DAYS[min(one, other)], DAYS[max(one, other)]
    spent = day_by_day(facts)
    for name in EVERYTHING.economy.activities:
        found = doses(facts, name, until, first=first)
        assert dict(found.schema) == DOSE
        months: dict[date, float] = defaultdict(float)
        for day, quantity in spent[name].items():
            if first <= day <= until:
                months[day.replace(day=1)] += quantity
        counted = dict(found.group_by("month").agg(pl.col("quantity").sum()).iter_rows())
        wanted = {month: quantity for month, quantity in months.items() if quantity}
        assert {month: quantity for month, quantity in counted.items() if quantity} == pytest.approx(
            wanted
        ), name


@settings(max_examples=40, deadline=None)
@given(cases)
def test_months_since_the_start_are_those_of_the_calendar(rows: list[tuple]) -> None:
    time = time_within(drawn(rows).facts())
    people = participants(drawn(rows).facts())
    starts = dict(people.select("person", "start").iter_rows())
    for person, since, days in time.group_by("person", "since").agg(pl.col("days").sum()).iter_rows():
        turn = pl.Series([starts[person]])
        begins, ends = (turn.dt.offset_by(f"{since + more}mo")[0] for more in (0, 1))
        assert 0 < days <= (ends - begins).days
    followed = people.select(
        pl.col("start").dt.offset_by(pl.format("{}mo", "months")).alias("over"),
        pl.col("start").dt.offset_by(pl.format("{}mo", pl.col("months") + 1)).alias("not_over"),
    )
    assert (followed["over"] <= LAST + timedelta(days=1)).all()
    assert (followed["not_over"] > LAST + timedelta(days=1)).all()


def test_the_month_since_a_last_of_january_is_over_on_the_last_of_february() -> None:
    case = book(EVERYTHING, "2016-03-31").enrol("2016-01-31")
    for day in ("2016-02-28", "2016-02-29", "2016-03-30", "2016-03-31"):
        case.meet(day)
    assert doses(case.facts(), "meetings")["since"].to_list() == [0, 1, 1, 2]


def test_nothing_recorded_is_no_dose() -> None:
    facts = book(EVERYTHING).facts()
    for name in EVERYTHING.economy.activities:
        assert doses(facts, name).is_empty()


def test_an_activity_nobody_defined_is_not_looked_for() -> None:
    with pytest.raises(KeyError):
        doses(book(EVERYTHING).facts(), "nothing")


@pytest.mark.parametrize(("to", "hours"), [("2016-01-01", 10.0), ("2016-02-01", -1.0)])
def test_a_negative_dose_is_refused_by_name(to: str, hours: float) -> None:
    case = book(EVERYTHING).enrol("2016-01-01")
    case.fact("placement", "2016-01-11", to=to, type="practice", hours_per_week=hours)
    with pytest.raises(InputRefused, match=r"activity 'hours' is negative"):
        doses(case.facts(), "hours")


@pytest.mark.parametrize(
    ("cost", "how", "wanted"), [("head", "time", "week, month or year"), ("week", "hours", "hour")]
)
def test_a_price_in_another_unit_is_refused_with_the_one_to_use(cost: str, how: str, wanted: str) -> None:
    definition = costed(it=activity(cost, how, PLACEMENT))
    with pytest.raises(InputRefused, match=f"'it'.*per {wanted}"):
        doses(book(definition).facts(), "it")
