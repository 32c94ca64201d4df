"""Open cases per worker as an indicator, one sentence at a time, and counted again in plain Python."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from casebook import Casebook, indicator, item, period, programme, text
from drawn_cases import SITES, Case, cases, on, over, periods
from indsats.figure import Figure
from indsats.steer import caseload, indicator_by
from indsats.steer import indicator as level

PROGRAMME = programme(
    roles={
        "broker": item("Broker", does=text("finds")),
        "guide": item("Guide", does=text("guides")),
        "both": item("Both", does=text("both"), combines=["broker", "guide"]),
    },
    indicators={
        "cases": indicator("caseload", "lower", role="broker"),
        "course": indicator("caseload", "lower", role="broker", service="course"),
    },
)
SPRING = period("2016-01-01", "2016-06-30")


def book(*held: tuple[str | None, str], role: str = "broker") -> Casebook:
    """An enrolment for each worker and site named."""
    case = Casebook(PROGRAMME)
    for number, (worker, site) in enumerate(held, 1):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        case.enrol("2016-01-04", site=site, **who)
        if worker is not None:
            case.fact("assigned", "2016-01-05", role=role, worker=worker, **who)
    return case.data_until("2016-12-31")


def of(case: Casebook, name: str = "cases", **scope: Any) -> Figure:
    return level(case.facts(), name, SPRING, **scope)


def test_it_is_open_cases_over_those_who_hold_them() -> None:
    figure = of(book(("anna", "north"), ("anna", "north"), ("bo", "north")))
    assert (figure.value, figure.numerator, figure.denominator, figure.unit) == (1.5, 3, 2, "mean")


def test_a_case_that_nobody_holds_is_left_out_and_counted() -> None:
    figure = of(book(("anna", "north"), (None, "north")))
    assert (figure.value, figure.excluded) == (1, {"no_worker": 1})


def test_it_is_told_of_the_last_day_observed() -> None:
    case = book(("anna", "north"), ("anna", "north")).leave("2016-06-30")
    assert of(case).value == 1
    assert level(case.facts(), "cases", period("2016-01-01", "2016-06-29")).value == 2


def test_a_worker_with_cases_at_two_places_counts_in_both_and_once_in_all() -> None:
    case = book(("anna", "north"), ("anna", "city"), ("anna", "city"))
    by = indicator_by(case.facts(), "cases", SPRING, "unit")
    assert [(by[unit].numerator, by[unit].denominator) for unit in ("outreach", "centre")] == [(1, 1), (2, 1)]
    assert (of(case).numerator, of(case).denominator) == (3, 1)


def test_who_holds_a_role_that_combines_it_holds_it() -> None:
    assert of(book(("anna", "north"), role="both")).value == 1
    assert of(book(("anna", "north"), role="guide")).excluded == {"no_worker": 1}


def test_of_a_service_only_its_cases_count() -> None:
    case = book(("anna", "north")).enrol("2016-01-04", enrolment="e9", service="course")
    case.fact("assigned", "2016-01-05", enrolment="e9", role="broker", worker="bo")
    assert (of(case, "course").value, of(case).denominator) == (1, 2)


def test_it_is_told_of_everybody_and_has_no_interval() -> None:
    assert of(book(("anna", "north"), ("bo", "north"))).low is None


def test_after_the_data_it_is_not_known() -> None:
    found = level(book(("anna", "north")).facts(), "cases", period("2017-01-01", "2017-06-30"))
    assert (found.value, found.numerator) == (None, None)


def test_it_is_the_mean_of_the_caseload() -> None:
    case = book(("anna", "north"), ("anna", "city"), ("bo", "city"), (None, "city"))
    [told] = caseload(case.facts(), SPRING.last, role="broker")
    ours = of(case)
    assert (ours.value, ours.numerator, ours.denominator, ours.excluded) == (
        told.mean.value,
        told.mean.numerator,
        told.mean.denominator,
        told.mean.excluded,
    )


@settings(max_examples=60, deadline=None)
@given(cases(("assigned", "meeting"), most=15), periods())
def test_it_is_what_one_counts_by_hand(case: Case, days: tuple[int, int]) -> None:
    facts = case.book().facts()
    last = min(days[1], (facts.last_day - on(0)).days)
    for place in (None, *SITES):
        holders: list[str | None] = []
        for one in case.enrolled:
            if place not in (None, one.site) or not one.open_on(last):
                continue
            mine = [
                fact for fact in case.of("assigned") if fact.enrolment == one.enrolment and fact.day <= last
            ]
            # Sorting keeps the order of writing within a day: the last one written holds.
            latest = sorted(mine, key=lambda fact: fact.day)[-1:]
            holders += [fact.payload["worker"] for fact in latest] or [None]
        named = [worker for worker in holders if worker is not None]
        found = level(facts, "caseload", over(*days), site=place)
        if days[0] > last or last < (facts.first_day - on(0)).days:
            assert found.value is None
            continue
        assert (found.numerator, found.denominator) == (len(named), len(set(named)))
        assert found.excluded.get("no_worker", 0) == len(holders) - len(named)
