"""Person-months, mean population and open days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import START, Casebook, indicator, item, period, programme
from indsats.steer import DAYS_PER_MONTH, population
from indsats.steer import indicator as level

PROGRAMME = programme(
    indicators={
        "visits-per-day": indicator("rate", kind="walk_in", per="open_day"),
        "placements-per-month": indicator("rate", kind="placement", per="person_month"),
        "course-placements": indicator("rate", kind="placement", per="person_month", service="course"),
    }
)
JANUARY = period("2016-01-01", "2016-01-31")
QUARTER = period("2016-01-01", "2016-03-31")


def months(
    book: Casebook, over: tuple[str, str] = ("2016-01-01", "2016-01-31"), **scope: str
) -> float | None:
    """The denominator of a rate, in days."""
    figure = level(book.facts(), "placements-per-month", period(*over), **scope)
    assert figure.denominator is not None
    return round(figure.denominator * DAYS_PER_MONTH, 6)


def book() -> Casebook:
    return Casebook(PROGRAMME).data_until("2016-12-31")


def test_open_days_run_from_the_first_day_up_to_the_day_before_the_exit() -> None:
    assert months(book().enrol("2016-01-10").leave("2016-01-20")) == 10


def test_an_open_enrolment_runs_to_the_end_of_the_period() -> None:
    assert months(book().enrol("2015-06-01")) == 31


def test_person_months_end_where_the_data_do() -> None:
    assert months(Casebook(PROGRAMME).enrol("2016-01-01").data_until("2016-01-10")) == 10


def test_a_period_after_the_data_has_no_person_months_and_no_rate() -> None:
    figure = level(
        book().enrol("2016-01-01").facts(), "placements-per-month", period("2017-01-01", "2017-01-31")
    )
    assert (figure.value, figure.denominator) == (None, 0)


def test_two_enrolments_at_once_count_once_a_day() -> None:
    case = book().enrol("2016-01-01").leave("2016-01-11").enrol("2016-01-06", enrolment="e2")
    assert months(case.leave("2016-01-21", enrolment="e2")) == 20


def test_an_enrolment_inside_another_adds_nothing() -> None:
    case = book().enrol("2016-01-01").enrol("2016-01-06", enrolment="e2").leave("2016-01-11", enrolment="e2")
    assert months(case.enrol("2016-01-20", enrolment="e3")) == 31


def test_a_unit_has_its_own_person_months() -> None:
    case = book().enrol("2016-01-01").enrol("2016-01-22", person="p2", enrolment="e2", site="city")
    assert (months(case, unit="outreach"), months(case, unit="centre"), months(case)) == (31, 10, 41)
    assert months(case, site="city") == 10


SPELLS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(-30, 80), st.none() | st.integers(0, 90)), max_size=8
)


@settings(max_examples=40, deadline=None)
@given(SPELLS)
def test_person_months_equal_a_count_of_days(spells: list[tuple[int, int, int | None]]) -> None:
    case = book()
    expected: set[tuple[int, date]] = set()
    for number, (person, start, length) in enumerate(spells):
        begun = START + timedelta(days=start)
        who = {"person": f"p{person}", "enrolment": f"e{number}"}
        case.enrol(begun, **who)
        stop = QUARTER.last + timedelta(days=1)
        if length is not None:
            case.leave(begun + timedelta(days=length), **who)
            stop = min(stop, begun + timedelta(days=length))
        days = (begun + timedelta(days=d) for d in range(max((stop - begun).days, 0)))
        expected |= {(person, day) for day in days if day >= QUARTER.first}
    assert months(case, ("2016-01-01", "2016-03-31")) == len(expected)


def test_the_population_is_the_mean_over_month_ends() -> None:
    case = book().enrol("2016-01-10").enrol("2016-02-29", person="p2", enrolment="e2").leave("2016-03-31")
    figure = population(case.facts(), QUARTER)
    assert (figure.numerator, figure.denominator, figure.value) == (1 + 2 + 1, 3, pytest.approx(4 / 3))
    assert population(case.facts(), QUARTER, unit="centre").value == 0


def test_a_period_without_a_month_end_has_no_population() -> None:
    assert population(book().enrol("2016-01-01").facts(), period("2016-01-05", "2016-01-20")).value is None


def test_a_december_month_end_is_found() -> None:
    figure = population(book().enrol("2016-01-01").facts(), period("2016-12-01", "2016-12-31"))
    assert (figure.value, figure.denominator) == (1, 1)


def test_open_days_are_days_a_week_times_weeks() -> None:
    case = book()
    for day in ("2016-01-04", "2016-01-05", "2016-01-06"):
        case.fact("walk_in", day, site="north", enrolment=None)
    figure = level(case.facts(), "visits-per-day", period("2016-01-04", "2016-01-17"), unit="outreach")
    assert (figure.numerator, figure.denominator, figure.value) == (3, 4, 0.75)


def test_a_visit_of_nobody_in_particular_is_a_visit() -> None:
    case = book().fact("walk_in", "2016-01-04", site="north", enrolment=None)
    case.fact("walk_in", "2016-01-05", site="north", enrolment=None, person=None, has_case=False)
    figure = level(case.facts(), "visits-per-day", period("2016-01-04", "2016-01-17"), unit="outreach")
    assert (figure.numerator, figure.denominator) == (2, 4)


def test_visits_at_a_place_that_tells_no_opening_days_leave_the_rate_and_are_counted() -> None:
    sites = {"north": item(unit="outreach", open_days_per_week=2.0), "south": item(unit="outreach")}
    silent = programme(indicators=PROGRAMME.model_dump(exclude_none=True)["indicators"], sites=sites)
    case = Casebook(silent).data_until("2016-12-31")
    for site in ("north", "south", "south", None):
        case.fact("walk_in", "2016-01-04", site=site, enrolment=None)
    figure = level(case.facts(), "visits-per-day", period("2016-01-04", "2016-01-17"))
    assert (figure.numerator, figure.denominator) == (1, 4)
    assert figure.excluded == {"no_site": 1, "no_open_days": 2}


def test_a_rate_per_person_month_leaves_out_facts_without_enrolment() -> None:
    case = book().enrol("2016-01-01").fact("placement", "2016-01-10", type="trainee")
    case.fact("placement", "2016-01-10", type="trainee", enrolment=None, site="north")
    figure = level(case.facts(), "placements-per-month", JANUARY)
    assert figure.numerator == 1
    assert figure.excluded == {"no_enrolment": 1}
    assert figure.value == pytest.approx(1 / (31 / 30.4375))


def test_a_rate_per_person_month_counts_a_fact_where_the_person_is_enrolled() -> None:
    case = book().enrol("2016-01-01").fact("placement", "2016-01-10", type="trainee", site="city")
    assert level(case.facts(), "placements-per-month", JANUARY, unit="outreach").numerator == 1
    assert level(case.facts(), "placements-per-month", JANUARY, unit="centre").numerator == 0


def test_a_rate_of_one_service_counts_its_facts_and_its_months() -> None:
    case = book().enrol("2016-01-01").enrol("2016-01-22", enrolment="e2", service="course")
    case.fact("placement", "2016-01-10").fact("placement", "2016-01-25", enrolment="e2")
    figure = level(case.facts(), "course-placements", JANUARY)
    assert figure.numerator == 1
    assert figure.denominator == pytest.approx(10 / 30.4375)


def test_open_days_are_counted_from_where_the_data_begin() -> None:
    case = book().fact("walk_in", "2016-01-11", site="north", enrolment=None)
    figure = level(case.facts(), "visits-per-day", period("2015-12-01", "2016-01-17"), site="north")
    assert (figure.numerator, figure.denominator) == (1, 2)


def test_a_rate_of_a_time_before_the_data_is_not_known() -> None:
    case = book().enrol("2016-01-01").fact("placement", "2016-01-10", type="trainee")
    figure = level(case.facts(), "placements-per-month", period("2010-01-01", "2010-12-31"))
    assert figure.value is None
