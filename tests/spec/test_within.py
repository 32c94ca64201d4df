"""What it means to reach something within so many weeks, plainly and by Kaplan-Meier."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import Casebook, indicator, period, programme
from indsats.figure import Figure
from indsats.steer import indicator as level
from indsats.steer import within_curve

PROGRAMME = programme(
    indicators={
        "placed": indicator(
            "within", kind="placement", where='type == "trainee"', weeks=26, service="course"
        ),
        "gone": indicator("within", kind="exit", where='reason == "job"', weeks=26),
        "talks": indicator("count", kind="meeting"),
    }
)
YEAR = period("2016-01-01", "2016-12-31")
LONG_AGO, TOO_LATE = "2016-01-04", "2016-07-03"
"""26 weeks before the period ends is 2 July."""


def book() -> Casebook:
    return Casebook(PROGRAMME).data_until("2016-12-31")


def enrolled(
    case: Casebook, number: int, day: str | date, placed_after: int | None = None, **placed: str
) -> Casebook:
    who = {"person": f"p{number}", "enrolment": f"e{number}"}
    begun = date.fromisoformat(day) if isinstance(day, str) else day
    case.enrol(begun, service="course", **who)
    if placed_after is not None:
        case.fact("placement", begun + timedelta(days=placed_after), **{"type": "trainee", **placed}, **who)
    return case


def plain(case: Casebook) -> Figure:
    return level(case.facts(), "placed", YEAR)


def test_the_last_day_of_the_last_week_is_within() -> None:
    assert plain(enrolled(book(), 1, LONG_AGO, 182)).value == 1
    assert plain(enrolled(book(), 1, LONG_AGO, 183)).value == 0


def test_the_first_day_is_within_and_the_day_before_is_not() -> None:
    assert plain(enrolled(book(), 1, LONG_AGO, 0)).value == 1
    assert plain(enrolled(book(), 1, LONG_AGO, -1)).value == 0


def test_who_was_not_followed_long_enough_is_left_out_even_when_already_placed() -> None:
    case = enrolled(enrolled(book(), 1, LONG_AGO), 2, TOO_LATE, 10)
    figure = plain(case)
    assert (figure.numerator, figure.denominator) == (0, 1)
    assert figure.excluded == {"not_observed_long_enough": 1}


def test_who_was_followed_exactly_long_enough_is_in() -> None:
    assert plain(enrolled(book(), 1, "2016-07-02")).denominator == 1


def test_enrolments_before_the_period_are_in() -> None:
    assert plain(enrolled(book(), 1, "2014-01-01", 30)).value == 1


def test_enrolments_after_the_period_are_not() -> None:
    figure = plain(enrolled(book().data_until("2018-01-01"), 1, "2017-01-05", 3))
    assert (figure.denominator, figure.excluded) == (None, {})


def test_of_a_time_outside_the_data_nothing_is_known() -> None:
    case = enrolled(book(), 1, "2016-07-02")
    for over in (period("2030-01-01", "2030-12-31"), period("2010-01-01", "2010-12-31")):
        assert level(case.facts(), "placed", over).value is None
        assert within_curve(case.facts(), "placed", over).value is None


def test_who_left_without_it_has_not_reached_it() -> None:
    case = enrolled(book(), 1, LONG_AGO).leave("2016-02-01", "moved", enrolment="e1")
    assert plain(case).value == 0


def test_another_kind_of_placement_does_not_count_and_an_unknown_kind_is_unknown() -> None:
    assert plain(enrolled(book(), 1, LONG_AGO, 10, type="subsidy")).value == 0
    case = enrolled(book(), 1, LONG_AGO)
    case.fact("placement", "2016-02-01", type=None)
    figure = plain(case)
    assert (figure.value, figure.excluded) == (None, {"unknown_value": 1})


def test_an_unknown_placement_does_no_harm_beside_a_known_one() -> None:
    case = enrolled(book(), 1, LONG_AGO, 30)
    case.fact("placement", "2016-02-01", type=None)
    assert plain(case).value == 1


def test_placements_that_belong_to_no_enrolment_are_counted_beside() -> None:
    case = enrolled(book(), 1, LONG_AGO)
    case.fact("placement", "2016-02-01", type="trainee", enrolment=None, site="north")
    assert plain(case).excluded == {"no_enrolment": 1}


def test_other_services_are_not_followed() -> None:
    assert plain(enrolled(book().enrol("2016-01-04", enrolment="e9"), 1, LONG_AGO, 5)).denominator == 1


def test_an_exit_may_itself_be_what_is_reached() -> None:
    case = book().enrol("2016-01-04").leave("2016-03-01", "job")
    assert level(case.facts(), "gone", YEAR).value == 1


def test_the_curve_equals_the_plain_share_when_everybody_was_followed() -> None:
    case = book()
    for number, after in enumerate([10, 30, 60, 182, 200, None, None, None, 90, 90]):
        enrolled(case, number, LONG_AGO, after)
    curve = within_curve(case.facts(), "placed", YEAR)
    assert plain(case).value == 0.6
    assert curve.value == pytest.approx(0.6)
    assert curve.low is not None
    assert curve.high is not None
    assert 0 < curve.low < 0.6 < curve.high < 1
    assert (curve.denominator, curve.id) == (10, "within-curve/placed/all/2016-01-01..2016-12-31")
    assert curve.made_from == (plain(case).id,)


def test_the_curve_uses_those_not_followed_long_enough_as_far_as_they_were() -> None:
    case = enrolled(enrolled(enrolled(book(), 1, LONG_AGO, 50), 2, LONG_AGO), 3, "2016-11-22", None)
    # Three at risk, the third is followed 39 days only: one of two is placed on day 50.
    assert within_curve(case.facts(), "placed", YEAR).value == pytest.approx(0.5)
    sooner = enrolled(enrolled(enrolled(book(), 1, LONG_AGO, 20), 2, LONG_AGO), 3, "2016-11-22", None)
    assert within_curve(sooner.facts(), "placed", YEAR).value == pytest.approx(1 / 3)


def test_a_curve_that_nobody_followed_to_the_end_has_no_value() -> None:
    case = enrolled(enrolled(book(), 1, "2016-10-01", 20), 2, "2016-10-01")
    assert within_curve(case.facts(), "placed", YEAR).value is None


def test_a_curve_that_everybody_reached_early_is_whole() -> None:
    case = enrolled(enrolled(book(), 1, "2016-10-01", 20), 2, "2016-10-01", 30)
    figure = within_curve(case.facts(), "placed", YEAR)
    assert (figure.value, figure.low, figure.high) == (1, None, None)


def test_a_curve_that_nobody_reached_is_zero_without_an_interval() -> None:
    figure = within_curve(enrolled(book(), 1, LONG_AGO).facts(), "placed", YEAR)
    assert (figure.value, figure.low, figure.high) == (0, None, None)


def test_a_curve_of_nobody_has_no_value() -> None:
    figure = within_curve(book().facts(), "placed", YEAR)
    assert (figure.value, figure.denominator) == (None, 0)


def test_a_curve_needs_a_within_indicator() -> None:
    with pytest.raises(TypeError, match="talks"):
        within_curve(book().facts(), "talks", YEAR)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.none() | st.integers(0, 250), min_size=1, max_size=12))
def test_curve_and_plain_share_agree_whenever_nobody_is_censored(placed: list[int | None]) -> None:
    case = book()
    for number, after in enumerate(placed):
        enrolled(case, number, LONG_AGO, after)
    curve = within_curve(case.facts(), "placed", YEAR).value
    assert curve == pytest.approx(plain(case).value)
