"""Accounts add up however they are split, follow the prices, and agree with what a participant costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import Casebook, item, period
from costbook import MEETING, activity, book, costed, quoted
from indsats.economy.costs import accounts, accounts_by, course, per_participant, still_enrolled
from indsats.economy.dose import doses, participants
from indsats.programme import Programme

PARTS: dict[str, Any] = {
    "meetings": activity("talk", "count", MEETING, usual={"quantity": 1, "source": "L1"}),
    "time": activity("year", "time", each=0.025),
    "heads": activity("head", "participants", phase="start_up"),
    "rent": activity("month", "fixed"),
    "training": activity("once", "fixed", phase="start_up"),
    "overheads": {"lead": item("Lead", share=0.2), "house": item("House", share=0.1, of=["rent"])},
}
PROGRAMME = costed(**PARTS)
FIRST, LAST = date(2016, 1, 1), date(2016, 12, 31)

people = st.lists(
    st.tuples(
        st.sampled_from(["north", "city"]),
        st.integers(0, 365),
        st.integers(0, 300),
        st.lists(st.integers(0, 200), max_size=4),
    ),
    min_size=1,
    max_size=6,
)


def drawn(rows: list[tuple[str, int, int, list[int]]], definition: Programme = PROGRAMME) -> Casebook:
    case = book(definition, LAST.isoformat())
    for number, (site, begins, length, meetings) in enumerate(rows):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        start = FIRST + timedelta(days=begins)
        case.enrol(start, **who, site=site)
        if start + timedelta(days=length) <= LAST:
            case.leave(start + timedelta(days=length), **who)
        for day in meetings:
            if start + timedelta(days=day) <= LAST:
                case.meet(start + timedelta(days=day), **who)
    return case


@settings(max_examples=25, deadline=None)
@given(people, st.integers(0, 364))
def test_accounts_are_doses_times_prices_however_they_are_split(
    rows: list[tuple[str, int, int, list[int]]], cut: int
) -> None:
    facts, quotes = drawn(rows).facts(), quoted(PROGRAMME)
    whole = accounts(facts, quotes)
    for name, one in PROGRAMME.economy.activities.items():
        of_it = whole.filter(pl.col("activity") == name)
        worth = float(doses(facts, name)["quantity"].sum()) * quotes.found[one.price].amount.value
        assert of_it["amount"].sum() == pytest.approx(worth)
        assert (of_it["phase"] == one.phase).all()
    total = whole["amount"].sum()
    for by in ("unit", "site", "month"):
        assert accounts_by(facts, quotes, [by])["amount"].sum() == pytest.approx(total)
    day = FIRST + timedelta(days=cut)
    halves = (
        period(FIRST.isoformat(), day.isoformat()),
        period((day + timedelta(1)).isoformat(), "2016-12-31"),
    )
    parts = pl.concat(accounts(facts, quotes, half) for half in halves)
    places = ["activity", "site", "month"]
    summed = parts.group_by(places).agg(pl.col("amount").sum()).sort(places)
    wanted = whole.group_by(places).agg(pl.col("amount").sum()).sort(places)
    joined = summed.join(wanted, on=places, how="full", nulls_equal=True)
    assert joined["amount"].fill_null(0).to_list() == pytest.approx(
        joined["amount_right"].fill_null(0).to_list()
    )


@settings(max_examples=15, deadline=None)
@given(people)
def test_double_prices_double_everything(rows: list[tuple[str, int, int, list[int]]]) -> None:
    double = costed(2, **PARTS)
    once, twice = drawn(rows).facts(), drawn(rows, double).facts()
    for table in (accounts, per_participant):
        single, doubled = table(once, quoted(PROGRAMME)), table(twice, quoted(double))
        assert doubled["amount"].to_list() == pytest.approx((single["amount"] * 2).to_list())


@settings(max_examples=25, deadline=None)
@given(people)
def test_when_all_were_followed_to_the_end_the_mean_is_the_plain_one(
    rows: list[tuple[str, int, int, list[int]]],
) -> None:
    # All begin on the first day, so every month is that of all and the naive mean is right.
    rows = [(site, 0, length, meetings) for site, _, length, meetings in rows]
    facts, quotes = drawn(rows).facts(), quoted(PROGRAMME)
    number = participants(facts).height
    costs = per_participant(facts, quotes)
    assert costs["amount"].sum() == pytest.approx(accounts(facts, quotes)["amount"].sum() / number)
    found = course(facts, "meetings")
    held = np.array([len([day for day in meetings if day <= 365]) for *_, meetings in rows], dtype=float)
    if number > 1:
        assert found.se == pytest.approx(held.std(ddof=1) / np.sqrt(number), abs=1e-12)
    else:
        assert np.isnan(found.se)


def test_rent_of_idle_days_is_borne_by_those_who_came() -> None:
    # 31 days at 100 a day, ten of them without anybody, by two people followed no longer: 3,100 / 2 are not told
    # as 2,100 / 2. The data run on, so that the months are over.
    definition = costed(rent=activity("month", "fixed"))
    case = book(definition, "2016-03-31").enrol("2016-01-01").leave("2016-01-11")
    case.enrol("2016-01-21", person="p2", enrolment="e2").leave("2016-02-01", enrolment="e2")
    assert per_participant(case.facts(), quoted(definition))["amount"].sum() == pytest.approx(3_100 / 2)


def test_an_overhead_is_its_share_times_what_it_is_a_share_of() -> None:
    table = per_participant(drawn([("north", 0, 100, [3])]).facts(), quoted(PROGRAMME))
    added = table.filter(pl.col("activity").is_in(["lead", "house"]))
    assert (added["quantity"] * added["price"]).to_list() == pytest.approx(added["amount"].to_list())
    base = table.filter(pl.col("activity").is_in(["meetings", "time", "heads"]))["amount"].sum()
    assert added.filter(pl.col("activity") == "lead")["amount"].sum() == pytest.approx(0.2 * float(base))


def test_months_asked_for_end_the_course() -> None:
    facts = drawn([("north", 0, 300, [10, 40, 70]), ("city", 0, 300, [10, 11])]).facts()
    short = course(facts, "meetings", 1)
    assert (short.quantity.tolist(), short.followed.tolist()) == ([1.5], [2])
    # Two and one in the first month: a standard error of 1/√2 / √2.
    assert short.se == pytest.approx(0.5)


def test_nobody_enrolled_costs_nothing_per_participant() -> None:
    facts = book(PROGRAMME).facts()
    assert accounts(facts, quoted(PROGRAMME)).is_empty()
    assert per_participant(facts, quoted(PROGRAMME))["amount"].sum() == 0
    assert course(facts, "time").by_year(2).tolist() == [0, 0]
    assert still_enrolled(facts) == (0, 0.0)


def test_people_followed_less_than_a_month_tell_nothing_yet() -> None:
    found = course(drawn([("north", 350, 300, [2])]).facts(), "meetings")
    assert found.quantity.size == 0
    assert not found.total.bounded


def test_the_usual_goes_to_the_first_year_where_nothing_was_had() -> None:
    table = per_participant(drawn([("north", 0, 300, [])]).facts(), quoted(PROGRAMME), 2)
    usual = table.filter(pl.col("activity") == "meetings")
    assert usual["usual_amount"].to_list() == [500, 0]
    assert usual["extra"].to_list() == [-500, 0]


def test_a_site_bears_its_part_of_what_is_paid_once() -> None:
    # 20 days at north and 10 in the city: two thirds and one third, of one participant each.
    definition = costed(training=activity("once", "fixed"))
    case = book(definition, "2016-01-20").enrol("2016-01-01")
    facts = case.enrol("2016-01-11", person="p2", enrolment="e2", site="city").facts()
    shares = [course(facts, "training", site=site).total.value for site in ("north", "city")]
    assert shares == pytest.approx([2 / 3, 1 / 3])


def test_an_exit_after_the_day_the_data_reach_to_is_not_known_yet() -> None:
    # Seen on 20 January nobody knows of the exit in March: 20 days enrolled, of which 10 are the second ten.
    definition = costed(training=activity("once", "fixed"))
    seen = book(definition).enrol("2016-01-01").leave("2016-03-01").facts()
    facts = replace(seen, through=date(2016, 1, 20))
    spent = accounts(facts, quoted(definition), period("2016-01-11", "2016-12-31"))
    assert spent["amount"].sum() == pytest.approx(6_000)
    assert still_enrolled(facts) == (0, 1.0)


def test_months_that_few_were_followed_through_are_not_told() -> None:
    # Six begin in January and one of them alone is followed into the second half-year.
    case = book(PROGRAMME, LAST.isoformat())
    for number in range(6):
        start = FIRST if number == 0 else FIRST + timedelta(days=240)
        case.enrol(start, person=f"p{number}", enrolment=f"e{number}")
        case.meet(start + timedelta(days=5), person=f"p{number}", enrolment=f"e{number}")
    case.meet(FIRST + timedelta(days=300), person="p0", enrolment="e0")
    facts = case.facts()
    everything, told = course(facts, "meetings"), course(facts, "meetings", least=5)
    assert everything.total.value == 2
    assert told.total.value == 1
    assert told.followed.min() >= 5
    assert len(told.quantity) < len(everything.quantity)


def test_what_is_still_to_come_is_told_for_the_months_that_are_counted() -> None:
    case = book(PROGRAMME, LAST.isoformat())
    for number in range(10):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        case.enrol(FIRST, **who)
        if number < 4:
            case.leave(FIRST + timedelta(days=60), **who)
    assert still_enrolled(case.facts(), 5)[1] == pytest.approx(0.6)
