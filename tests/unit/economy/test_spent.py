"""What a participant had: counted in facts where there are any, else as the definition says."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import item, programme
from costbook import MEETING, activity, book, costed
from indsats.economy import course, participants_said, spent_on
from indsats.problem import InputRefused
from indsats.programme import Programme
from pricebook import price

A_YEAR = {"year": 1.0, "month": 12.0, "week": 365.25 / 7}
"""How many of a price's unit of time a year of days has; what is not here is spent once."""


def fixed(per: str, each: float, people: int | None = 10, **rest: Any) -> Programme:
    said = {} if people is None else {"participants": people}
    return programme(
        economy={
            **said,
            "prices": {"rent": price(per=per, amount=1, price_year=2016)},
            "activities": {
                "rent": item("Rent", price="rent", dose={"how": "fixed", "each": each}),
                **rest,
            },
        }
    )


@settings(deadline=None)
@given(
    st.sampled_from(["once", "year", "month", "week", "hour", "course"]),
    st.integers(1, 50),
    st.integers(1, 400),
)
def test_a_fixed_cost_is_that_of_a_year_shared_by_those_who_take_part(
    per: str, each: int, people: int
) -> None:
    found = spent_on(fixed(per, each, people), None)["rent"]
    assert found.total.value * people == pytest.approx(each * A_YEAR.get(per, 1))
    assert found.by_year.tolist() == pytest.approx([found.total.value])
    assert found.total.spread == "exact"


def test_hours_bought_once_are_not_a_year_of_full_time_with_facts_or_without() -> None:
    """Eight hours of training for four people: two each."""
    definition = costed(
        training=activity("talk", "fixed", each=8),
    )
    facts = book(definition)
    for number in range(4):
        facts.enrol("2016-01-01", person=f"p{number}", enrolment=f"e{number}")
    counted = spent_on(definition, facts.facts())["training"]
    said = spent_on(
        definition.model_copy(update={"economy": definition.economy.model_copy(update={"participants": 4})}),
        None,
    )["training"]
    assert [counted.total.value, said.total.value] == pytest.approx([2, 2])


@settings(deadline=None)
@given(st.integers(1, 60))
def test_what_each_participant_has_is_as_said(each: int) -> None:
    found = spent_on(costed(start=activity("head", "participants", each=each)), None)["start"]
    assert (found.total.value, found.by_year.tolist()) == (each, [each])


def test_without_facts_what_is_counted_in_them_is_refused_by_name() -> None:
    definition = costed(
        talks=activity("talk", "count", MEETING),
        time=activity("month", "time"),
        start=activity("head", "participants"),
    )
    with pytest.raises(InputRefused) as refused:
        spent_on(definition, None)
    assert [one.field for one in refused.value.problems] == ["talks", "time"]
    assert all("--data FOLDER" in (one.remedy or "") for one in refused.value.problems)


def test_a_fixed_cost_has_to_be_shared_by_somebody() -> None:
    with pytest.raises(InputRefused, match="nothing says how many take part in 'trial'") as refused:
        spent_on(fixed("year", 1, people=None), None)
    assert "participants" in str(refused.value.problems[0].remedy)
    with pytest.raises(InputRefused):
        participants_said(fixed("year", 1, people=None))
    assert participants_said(fixed("year", 1, people=7)) == 7


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 700), max_size=12), st.integers(0, 1))
def test_with_facts_it_is_what_the_course_counts(days: list[int], until: int) -> None:
    definition = costed(talks=activity("talk", "count", MEETING, each=1.5), rent=activity("month", "fixed"))
    facts = book(definition, f"201{7 + until}-12-31")
    start = date(2016, 1, 1)
    for number in range(3):
        facts.enrol(start, person=f"p{number}", enrolment=f"e{number}")
    for number, day in enumerate(days):
        who = number % 3
        facts.meet(start + timedelta(days=day), person=f"p{who}", enrolment=f"e{who}")
    known = facts.facts()
    found = spent_on(definition, known)
    assert found.keys() == definition.economy.activities.keys()
    for name, had in found.items():
        expected = course(known, name)
        assert had.total == expected.total
        assert had.by_year.sum() == pytest.approx(expected.total.value)
        assert had.by_year.tolist() == pytest.approx(expected.by_year().tolist())
    assert found["talks"].total.value == pytest.approx(1.5 * len(days) / 3)
