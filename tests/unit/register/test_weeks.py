"""Weeks as integers, and the names of week columns."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indsats.programme import Period
from indsats.register import (
    WeekError,
    column_of_week,
    monday,
    month_of_week,
    week_number,
    week_of_column,
    weeks_of,
)
from indsats.register.weeks import LAST_WEEK, month_number, weeks_calendar


def test_the_register_begins_in_week_32_of_1991() -> None:
    assert week_of_column("y_9132") == 0
    assert monday(0) == date(1991, 8, 5)
    assert week_number(date(1991, 8, 11)) == 0
    assert week_number(date(1991, 8, 12)) == 1


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        # The three cases of the R package osdc.
        ("y_0701", date(2007, 1, 1)),
        ("y_0953", date(2009, 12, 28)),
        ("y_0852", date(2008, 12, 22)),
        ("y_9952", date(1999, 12, 27)),
        ("y_0001", date(2000, 1, 3)),
        ("y_1501", date(2014, 12, 29)),
        ("y_8952", date(2089, 12, 26)),
    ],
)
def test_a_column_name_gives_its_monday(name: str, begins: date) -> None:
    assert monday(week_of_column(name)) == begins
    assert column_of_week(week_number(begins)) == name


@pytest.mark.parametrize(
    ("name", "meant"), [("y_701", "y_0701"), ("y_52", "y_0052"), ("y_1", "y_0001"), ("Y_1401", "y_1401")]
)
def test_lost_zeros_are_put_back(name: str, meant: str) -> None:
    assert column_of_week(week_of_column(name)) == meant


def test_week_53_exists_in_long_years_only() -> None:
    for year in range(1992, 2030):
        name = f"y_{year % 100:02d}53"
        if year in (1992, 1998, 2004, 2009, 2015, 2020, 2026):
            assert monday(week_of_column(name)).isocalendar()[:2] == (year, 53)
        else:
            with pytest.raises(WeekError, match=f"{year} has the weeks 1 to 52"):
                week_of_column(name)


@pytest.mark.parametrize(
    "name", ["y_1400", "y_1454", "y_9131", "y_20140", "y_", "y_14w1", "uge_1401", "y1401"]
)
def test_a_name_of_no_week_is_refused_with_a_remedy(name: str) -> None:
    with pytest.raises(WeekError) as refusal:
        week_of_column(name)
    assert name in refusal.value.what
    assert refusal.value.remedy


@pytest.mark.parametrize("week", [-1, week_of_column("y_8952") + 1])
def test_weeks_beyond_two_digits_have_no_name(week: int) -> None:
    with pytest.raises(ValueError, match="no column name"):
        column_of_week(week)


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=5_134))
def test_names_and_numbers_are_each_others_inverse(week: int) -> None:
    assert week_of_column(column_of_week(week)) == week
    assert column_of_week(week)[2:] == monday(week).strftime("%G%V")[2:]


def test_a_week_counts_in_the_month_of_its_thursday() -> None:
    assert month_of_week(week_number(date(2014, 12, 29))) == date(2015, 1, 1)
    assert month_of_week(week_number(date(2015, 12, 28))) == date(2015, 12, 1)
    assert month_of_week(week_number(date(2016, 2, 29))) == date(2016, 3, 1)


def test_a_period_has_the_weeks_whose_thursday_it_has() -> None:
    first, last = weeks_of(Period(first=date(2013, 1, 1), last=date(2014, 12, 31)))
    assert (column_of_week(first), column_of_week(last)) == ("y_1301", "y_1452")


@settings(deadline=None)
@given(st.dates(date(1991, 8, 5), date(2060, 1, 1)), st.integers(min_value=0, max_value=60))
def test_weeks_of_a_period_are_found_by_their_thursdays(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    low, high = weeks_of(Period(first=first, last=last))
    thursdays = [day for k in range(days + 1) if (day := first + timedelta(days=k)).isoweekday() == 4]
    assert list(range(low, high + 1)) == [week_number(day) for day in thursdays]


LONG_YEARS = (1992, 1998, 2004, 2009, 2015, 2020, 2026)


@pytest.mark.parametrize("year", LONG_YEARS)
def test_week_53_lies_between_week_52_and_week_1(year: int) -> None:
    names = [f"y_{year % 100:02d}52", f"y_{year % 100:02d}53", f"y_{(year + 1) % 100:02d}01"]
    weeks = [week_of_column(name) for name in names]
    assert weeks == [weeks[0], weeks[0] + 1, weeks[0] + 2]


def test_the_calendar_has_every_week_a_name_can_tell() -> None:
    calendar = weeks_calendar()
    assert calendar.schema == {
        "week": pl.Int32,
        "iso_year": pl.Int32,
        "iso_week": pl.Int32,
        "monday": pl.Date,
        "month": pl.Int32,
    }
    assert calendar["week"].to_list() == list(range(LAST_WEEK + 1))
    long_years = calendar.filter(iso_week=53)["iso_year"]
    assert tuple(year for year in long_years if year <= 2026) == LONG_YEARS


def test_the_calendar_agrees_with_the_calendar_of_python() -> None:
    for week, iso_year, iso_week, begins, month in weeks_calendar().iter_rows():
        thursday = begins + timedelta(days=3)
        assert begins == monday(week)
        assert begins.isocalendar()[:2] == (iso_year, iso_week)
        assert month == thursday.year * 12 + thursday.month - 1


def test_months_are_numbered_without_a_gap_and_may_lie_before_the_register() -> None:
    days = [date(2014, 12, 29), date(1999, 12, 30), date(1991, 7, 31)]
    assert [month_number(week_number(day)) for day in days] == [2015 * 12, 1999 * 12 + 11, 1991 * 12 + 7]
    assert month_number(-1) == 1991 * 12 + 7
    assert month_number(-200) == (day := month_of_week(-200)).year * 12 + day.month - 1
