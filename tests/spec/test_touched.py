"""Persons touched by something, months in a row, and against the time before: one sentence at a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import START, Casebook, indicator, item, period, programme, text
from indsats.figure import Figure
from indsats.steer import indicator as level
from indsats.steer import targets

WORKED = {"kind": "hours", "where": 'type == "ordinary" and hours_per_week > 0'}
PLACED = {"kind": "placement"}
TO_EDUCATION = {"kind": "exit", "where": 'reason == "education"'}
COUNTING: dict[str, Any] = {"what": [WORKED, PLACED, TO_EDUCATION]}
PROGRAMME = programme(
    events={"begun": item("Begun"), "over": item("Over"), "passed": item("Passed")},
    phases={
        "busy": item(
            "Busy",
            about=text("about"),
            starts=[{"event": "begun"}],
            ends=[{"event": "over"}],
            skipped_by=[{"event": "passed"}],
        )
    },
    indicators={
        "three": indicator("consecutive", months=3, **COUNTING),
        "touched": indicator("consecutive", **COUNTING),
        "course-touched": indicator("consecutive", service="course", **COUNTING),
        "more": indicator("change", what=[WORKED], before="P2Y"),
        "open": indicator("stock"),
        "busy": indicator("stock", phase="busy"),
        "course-open": indicator("stock", service="course"),
    },
    targets=[
        {"indicator": "three", "unit": "outreach", "value": 0.4, "source": "L304"},
        {"indicator": "more", "unit": "outreach", "value": 2.0, "source": "L388"},
        {"indicator": "open", "unit": "outreach", "comparator": "others", "source": "L1"},
    ],
    disclosure_threshold=0,
)
YEAR = period("2016-01-01", "2016-12-31")


def book(person: int = 1, case: Casebook | None = None, day: str = "2016-01-10", **rest: Any) -> Casebook:
    case = case or Casebook(PROGRAMME).data_until("2016-12-31")
    return case.enrol(day, **{"person": f"p{person}", "enrolment": f"e{person}", **rest})


def works(
    case: Casebook, first: str, last: str | None, person: int = 1, hours: float | None = 5.0, **rest: Any
) -> Casebook:
    """Ordinary hours, which belong to no enrolment: registers know none."""
    return case.fact(
        "hours",
        first,
        to=last,
        person=f"p{person}",
        enrolment=None,
        hours_per_week=hours,
        type=rest.pop("type", "ordinary"),
    )


def year(case: Casebook, name: str, **scope: str) -> Figure:
    return level(case.facts(), name, YEAR, **scope)


def test_three_calendar_months_in_a_row_count_and_two_do_not() -> None:
    assert year(works(book(), "2016-03-31", "2016-05-01"), "three").value == 1
    assert year(works(book(), "2016-03-01", "2016-04-30"), "three").value == 0


def test_a_month_counts_when_something_ran_on_a_day_of_it() -> None:
    case = works(
        works(works(book(), "2016-03-05", "2016-03-05"), "2016-04-30", "2016-04-30"),
        "2016-05-01",
        "2016-05-02",
    )
    assert year(case, "three").value == 1


def test_a_month_without_anything_breaks_the_row() -> None:
    case = works(works(book(), "2016-03-01", "2016-04-30"), "2016-06-01", "2016-07-31")
    assert year(case, "three").value == 0


def test_the_row_goes_on_over_new_year() -> None:
    case = works(book(day="2015-06-01"), "2015-11-20", "2016-01-05")
    assert year(case, "three").value == 1


def test_the_kinds_that_count_are_combined() -> None:
    case = works(book(), "2016-03-01", "2016-03-20")
    case.fact("placement", "2016-04-01", to="2016-04-30").leave("2016-05-15", "education")
    assert year(case, "three").value == 1
    assert year(case.leave("2016-05-15", "moved", enrolment="e9"), "three").value == 1


def test_what_is_not_counted_touches_nobody() -> None:
    assert year(works(book(), "2016-03-01", "2016-08-30", type="subsidised"), "touched").value == 0
    assert year(works(book(), "2016-03-01", "2016-08-30", hours=0.0), "touched").value == 0


def test_one_month_is_what_is_called_touched() -> None:
    assert year(works(book(), "2016-03-01", "2016-03-02"), "touched").value == 1


def test_months_before_enrolment_and_after_the_period_do_not_count() -> None:
    assert year(works(book(), "2015-11-01", "2016-02-28"), "three").value == 0
    late = works(book().data_until("2017-12-31"), "2016-11-01", "2017-03-31")
    assert year(late, "three").value == 0
    assert level(late.facts(), "three", period("2016-01-01", "2017-01-31")).value == 1


def test_hours_without_an_end_still_run() -> None:
    assert year(works(book(), "2016-10-15", None), "three").value == 1


def test_an_exit_lasts_a_day() -> None:
    assert year(book().leave("2016-05-15", "education"), "three").value == 0
    assert year(book().leave("2016-05-15", "education"), "touched").value == 1


def test_the_denominator_is_persons_with_an_enrolment_open_in_the_period() -> None:
    case = book(2, book(), day="2015-01-01").leave("2016-01-01", person="p2", enrolment="e2")
    book(3, case, day="2017-02-01").data_until("2017-12-31")
    book(1, case, enrolment="e1b", service="course")
    assert year(case, "three").denominator == 1


def test_who_was_enrolled_and_left_on_the_same_day_never_had_an_open_enrolment() -> None:
    assert year(book().leave("2016-01-10", "moved"), "three").denominator == 0
    assert year(book().leave("2016-01-11", "moved"), "three").denominator == 1


def test_who_left_in_the_period_is_still_asked_about() -> None:
    case = works(book(), "2016-07-01", "2016-09-30").leave("2016-02-01", "moved")
    assert (year(case, "three").numerator, year(case, "three").denominator) == (1, 1)


def test_a_person_only_unknown_hours_could_bring_there_is_left_out() -> None:
    case = works(book(2, book()), "2016-03-01", "2016-08-30", hours=None)
    figure = year(case, "three")
    assert (figure.numerator, figure.denominator, figure.excluded) == (0, 1, {"unknown_value": 1})
    assert year(works(case, "2016-03-01", "2016-08-30"), "three").excluded == {}


def test_the_example_of_the_document_four_of_ten_meets_the_target() -> None:
    case = Casebook(PROGRAMME).data_until("2016-12-31")
    for person in range(10):
        book(person, case)
    for person in range(3):
        works(case, "2016-02-01", "2016-06-30", person)
    case.fact("placement", "2016-05-01", to="2016-08-01", person="p3", enrolment="e3")
    [row] = targets(case.facts(), "outreach", ["three"], YEAR)
    assert (row.realised.value, row.status) == (0.4, "met")


def test_the_service_and_the_unit_are_those_of_the_enrolment() -> None:
    case = works(
        works(book(2, book(), service="course", site="city"), "2016-03-01", "2016-03-05", 2),
        "2016-03-01",
        "2016-03-05",
    )
    assert year(case, "course-touched").denominator == 1
    assert [year(case, "touched", unit=unit).denominator for unit in ("outreach", "centre")] == [1, 1]
    assert year(case, "touched", site="city").value == 1


def test_three_times_as_many_is_a_change_of_two_hundred_per_cent() -> None:
    case = Casebook(PROGRAMME).data_until("2016-12-31")
    for person in range(4):
        book(person, case)
    works(case, "2015-01-01", "2015-03-31", 0)
    for person in range(1, 4):
        works(case, "2016-06-01", "2016-06-30", person)
    figure = year(case, "more")
    assert (figure.unit, figure.numerator, figure.denominator, figure.value) == ("change", 3, 1, 2.0)
    [row] = targets(case.facts(), "outreach", ["more"], YEAR)
    assert row.status == "met"


def test_as_many_is_no_change_and_fewer_is_less() -> None:
    case = works(works(book(), "2015-01-01", "2015-01-31"), "2016-06-01", "2016-06-30")
    assert year(case, "more").value == 0
    assert year(works(book(), "2015-01-01", "2015-01-31"), "more").value == -1


def test_a_baseline_of_zero_gives_no_change() -> None:
    figure = year(works(book(), "2016-06-01", "2016-06-30"), "more")
    assert (figure.value, figure.numerator, figure.denominator) == (None, 1, 0)


def test_the_time_before_ends_on_the_eve_of_enrolment_and_is_as_long_as_said() -> None:
    def before(first: str, last: str) -> float | None:
        return year(works(book(), first, last), "more").denominator

    assert before("2016-01-09", "2016-01-09") == 1
    assert before("2014-01-01", "2014-01-10") == 1
    assert before("2013-12-01", "2014-01-09") == 0
    assert before("2016-01-10", "2016-01-10") == 0


def test_hours_that_run_on_over_enrolment_touch_both_sides() -> None:
    figure = year(works(book(), "2015-12-01", None), "more")
    assert (figure.value, figure.numerator, figure.denominator) == (0, 1, 1)


def test_a_person_of_whom_a_missing_value_decides_leaves_both_sides_of_a_change() -> None:
    case = works(works(book(2, book()), "2015-12-01", "2015-12-05", hours=None), "2016-06-01", "2016-06-05")
    works(case, "2015-12-01", "2015-12-05", 2)
    figure = year(case, "more")
    assert (figure.numerator, figure.denominator, figure.excluded) == (0, 1, {"unknown_value": 1})


def test_the_stock_is_persons_with_an_open_enrolment_on_the_last_day() -> None:
    case = book(2, book(), day="2016-06-01")
    book(1, case, day="2016-05-01", enrolment="e1b", service="course")
    assert year(case, "open").value == 2
    assert year(case, "course-open").value == 1
    assert level(case.facts(), "open", period("2016-01-01", "2016-05-31")).value == 1


def test_the_day_of_exit_is_no_longer_open() -> None:
    assert year(book().leave("2016-12-31", "moved"), "open").value == 0
    assert year(book().leave("2017-01-01", "moved").data_until("2017-02-01"), "open").value == 1


def test_the_stock_of_a_phase_is_persons_in_a_run_of_it() -> None:
    case = book(3, book(2, book()))
    for person in (1, 2, 3):
        case.fact("event", "2016-02-01", event="begun", person=f"p{person}", enrolment=f"e{person}")
    case.fact("event", "2016-03-01", event="over", person="p2", enrolment="e2")
    case.fact("event", "2016-01-20", event="passed", person="p3", enrolment="e3")
    assert year(case, "busy").value == 1
    assert level(case.facts(), "busy", period("2016-01-01", "2016-02-28")).value == 2


def test_a_stock_after_the_data_is_not_known() -> None:
    figure = level(book().facts(), "open", period("2017-01-01", "2017-06-30"))
    assert (figure.value, figure.unit) == (None, "count")


def test_a_stock_is_compared_with_that_of_the_others_by_their_person_months() -> None:
    case = book(2, book(), site="city")
    for person in (3, 4):
        book(person, case, site="city")
    [row] = targets(case.facts(), "outreach", ["open"], YEAR)
    assert row.target is not None
    assert row.target.value == pytest.approx(1)
    assert row.status == "met"


SPELLS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(-200, 400), st.none() | st.integers(0, 150)), max_size=7
)


@settings(max_examples=60, deadline=None)
@given(SPELLS, st.integers(0, 200), st.integers(1, 4))
def test_months_in_a_row_equal_a_walk_through_the_calendar(
    spells: list[tuple[int, int, int | None]], enrolled_on: int, months: int
) -> None:
    definition = programme(
        indicators={"row": indicator("consecutive", what=[PLACED], months=months)}, disclosure_threshold=0
    )
    case = Casebook(definition).data_until("2016-12-31")
    begun = START + timedelta(days=enrolled_on)
    days: dict[int, set[date]] = {person: set() for person in range(3)}
    for person in range(3):
        case.enrol(begun, person=f"p{person}", enrolment=f"e{person}")
    for person, start, length in spells:
        first = START + timedelta(days=start)
        last = date(2016, 12, 31) if length is None else first + timedelta(days=length)
        case.fact(
            "placement", first, to=None if length is None else last, person=f"p{person}", enrolment=None
        )
        days[person] |= {first + timedelta(days=d) for d in range(max((last - first).days + 1, 0))}
    expected = 0
    for ran in days.values():
        touched = {day.year * 12 + day.month for day in ran if begun <= day <= date(2016, 12, 31)}
        expected += any(set(range(month, month + months)) <= touched for month in touched)
    assert year(case, "row").numerator == expected
