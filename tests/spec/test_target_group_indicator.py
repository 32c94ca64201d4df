"""An indicator of a target group, one sentence at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from casebook import Casebook, indicator, item, period, programme
from indsats.figure import Figure
from indsats.programme import Preference, Visitation
from indsats.steer import indicator as level

PROGRAMME = programme(
    groups={"near": item("Near"), "far": item("Far")},
    indicators={
        "stock": indicator("stock", group="near"),
        "count": indicator("count", kind="meeting", group="near"),
        "share": indicator("share", kind="meeting", where='outcome == "held"', group="near"),
        "rate": indicator("rate", kind="meeting", per="person_month", group="near"),
    },
)
SPRING = period("2016-01-01", "2016-06-30")


def book(*visited: tuple[str, str, str | None]) -> Casebook:
    """p1 and p2, met once each, and who was visited (person, day, group)."""
    case = Casebook(PROGRAMME).enrol("2016-01-01").enrol("2016-01-01", person="p2", enrolment="e2")
    case.meet("2016-03-01").meet("2016-03-01", "no_show", person="p2", enrolment="e2")
    for person, day, group in visited:
        case.fact("visitation", day, person=person, enrolment=None, group=group)
    return case.data_until("2016-12-31")


def of(case: Casebook, name: str = "stock", **rest: Any) -> Figure:
    return level(case.facts(), name, rest.pop("over", SPRING), **rest)


def test_only_what_is_about_its_people_counts() -> None:
    case = book(("p1", "2016-01-02", "near"), ("p2", "2016-01-02", "far"))
    assert (of(case).value, of(case, "count").value, of(case, "share").denominator) == (1, 1, 1)


def test_time_is_that_of_its_people_too() -> None:
    case = book(("p1", "2016-01-02", "near"))
    assert of(case, "rate").denominator == 182 / 30.4375


def test_who_was_never_visited_is_in_no_group() -> None:
    assert of(book()).value == 0


def test_the_newest_visitation_by_the_periods_last_day_decides() -> None:
    case = book(("p1", "2016-01-02", "near"), ("p1", "2016-04-01", "far"), ("p2", "2016-07-01", "near"))
    assert of(case).value == 0
    assert of(case, over=period("2016-01-01", "2016-03-31")).value == 1
    assert of(case, over=period("2016-01-01", "2016-07-31")).value == 1


def test_a_visitation_without_a_group_changes_nothing() -> None:
    assert of(book(("p1", "2016-01-02", "near"), ("p1", "2016-02-01", None))).value == 1


def test_a_fact_about_nobody_is_in_no_group() -> None:
    case = book(("p1", "2016-01-02", "near"))
    case.meet("2016-03-02", person=None, enrolment=None, site="north")
    assert of(case, "count").value == 1


RULED = PROGRAMME.model_copy(
    update={
        "visitation": Visitation(
            windows=[
                Preference(
                    id="all-year",
                    period=period("2016-01-01", "2016-12-31"),
                    groups=["near", "far"],
                    prefer=["latest_start"],
                    source="L1",
                )
            ],
            source="L1",
        )
    }
)


def test_the_programmes_rule_knows_what_had_been_visited_by_then() -> None:
    case = book(("p1", "2016-01-02", "near"), ("p1", "2016-08-01", "far"))
    facts = replace(case.facts(), programme=RULED)
    assert level(facts, "stock", SPRING).value == 1
    assert level(facts, "stock", period("2016-01-01", "2016-12-31")).value == 0
