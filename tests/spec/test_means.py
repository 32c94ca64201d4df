"""The mean of a number over facts, one sentence at a time, and counted again in plain Python on drawn facts."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings

from casebook import Casebook, indicator, period, programme
from drawn_cases import SITES, Case, cases, on, over, periods
from indsats.figure import Figure
from indsats.steer import indicator as level

PROGRAMME = programme(
    indicators={
        "hours": indicator("mean", kind="hours", field="hours_per_week"),
        "ordinary": indicator("mean", kind="hours", field="hours_per_week", where='type == "ordinary"'),
        "course": indicator("mean", kind="hours", field="hours_per_week", service="course"),
    }
)
MAY = period("2016-05-01", "2016-05-31")


def book(*hours: float | None, **rest: Any) -> Casebook:
    case = Casebook(PROGRAMME).enrol("2016-01-01").data_until("2016-12-31")
    for number in hours:
        case.fact("hours", "2016-05-10", hours_per_week=number, **{"type": "ordinary", **rest})
    return case


def may(case: Casebook, name: str = "hours", **scope: str) -> Figure:
    return level(case.facts(), name, MAY, **scope)


def test_it_is_the_sum_over_the_facts_that_tell_it() -> None:
    figure = may(book(10.0, 20.0, 37.0))
    assert (figure.value, figure.numerator, figure.denominator, figure.unit) == (67 / 3, 67, 3, "mean")


def test_a_fact_that_does_not_tell_the_number_is_left_out_and_counted() -> None:
    figure = may(book(10.0, None))
    assert (figure.value, figure.excluded) == (10, {"unknown_value": 1})


def test_a_fact_whose_rule_cannot_be_decided_is_left_out_and_counted() -> None:
    figure = may(book(10.0, type=None), "ordinary")
    assert (figure.value, figure.denominator, figure.excluded) == (None, 0, {"unknown_value": 1})


def test_a_fact_the_rule_rules_out_is_no_exclusion() -> None:
    figure = may(book(10.0, type="sick"), "ordinary")
    assert (figure.value, figure.excluded) == (None, {})


def test_facts_count_by_the_day_they_began() -> None:
    case = book(10.0).fact("hours", "2016-04-30", to="2016-06-30", hours_per_week=37.0, type="ordinary")
    assert may(case).value == 10


def test_of_a_service_only_facts_of_its_enrolments_count() -> None:
    case = book(10.0).enrol("2016-01-01", enrolment="e2", service="course")
    case.fact("hours", "2016-05-10", enrolment="e2", hours_per_week=30.0, type="ordinary")
    case.fact("hours", "2016-05-10", enrolment=None, site="north", hours_per_week=5.0, type="ordinary")
    assert (may(case, "course").value, may(case, "course").excluded) == (30, {"no_enrolment": 1})


def test_units_and_sites_have_their_own() -> None:
    case = book(10.0).fact("hours", "2016-05-10", site="city", hours_per_week=30.0, type="ordinary")
    assert [may(case, unit=unit).value for unit in ("outreach", "centre")] == [10, 30]
    assert may(case, site="city").value == 30


def test_without_facts_there_is_no_mean() -> None:
    assert (may(book()).value, may(book()).denominator) == (None, 0)


@settings(max_examples=80, deadline=None)
@given(cases(("hours", "meeting"), most=15), periods())
def test_it_is_what_one_counts_by_hand(case: Case, days: tuple[int, int]) -> None:
    facts = case.book().facts()
    for place in (None, *SITES):
        told, left = [], Counter[str]()
        for fact in case.of("hours"):
            here = place is None or case.at(fact) == place
            if not here or not days[0] <= fact.day <= days[1] or fact.payload["type"] == "sick":
                continue
            if fact.payload["type"] is None or fact.payload["hours_per_week"] is None:
                left["unknown_value"] += 1
            else:
                told.append(fact.payload["hours_per_week"])
        found = level(facts, "mean", over(*days), site=place)
        assert (found.denominator, found.excluded) == (len(told), left)
        assert found.numerator == pytest.approx(sum(told))
        assert found.value == (pytest.approx(sum(told) / len(told)) if told else None)
    assert on(0) <= facts.last_day
