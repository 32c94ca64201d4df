"""Weeks as integers: ISO weeks counted from 1991-W32 (Monday 5 August 1991), where DREAM begins."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

import polars as pl

from indsats.programme import Period

ORIGIN = date(1991, 8, 5)
"""The Monday of week 0, the first week DREAM has a column for."""

PIVOT = 90
"""Two-digit years from here on belong to the 1900s. The register begins in 1991, so 2089 is the last year
a column name can tell."""

_COLUMN = re.compile(r"^y_(\d{1,4})$", re.IGNORECASE)


class WeekError(ValueError):
    """A column name that names no week. ``what`` is the fault, ``remedy`` what to do about it."""

    def __init__(self, what: str, remedy: str) -> None:
        self.what, self.remedy = what, remedy
        super().__init__(f"{what}. {remedy}")


def week_number(day: date) -> int:
    """The number of the ISO week ``day`` lies in; negative before 1991-W32."""
    return (day - ORIGIN).days // 7


def week_numbers(days: pl.Expr) -> pl.Expr:
    """``week_number`` of a column of days (Date): Int32, null for null."""
    return ((days - pl.lit(ORIGIN)).dt.total_days() // 7).cast(pl.Int32)


def monday(week: int) -> date:
    """The Monday the week begins on."""
    return ORIGIN + timedelta(weeks=week)


def month_of_week(week: int) -> date:
    """The first day of the month the week counts in: the month of its Thursday.

    The same rule that gives an ISO week its year; both public code bases for DREAM use it
    (LokeSonne/DREAM-CSV-til-JSON, carstennielsen/DREAMtoolsR).
    """
    return (monday(week) + timedelta(days=3)).replace(day=1)


def month_number(week: int) -> int:
    """The month the week counts in as year × 12 + month - 1: neighbouring months differ by one."""
    month = month_of_week(week)
    return month.year * 12 + month.month - 1


@cache
def weeks_calendar() -> pl.DataFrame:
    """Every week a column name can tell: ``week`` (Int32, from 0), ``iso_year``, ``iso_week`` (Int32),
    ``monday`` (Date) and ``month`` (Int32, see ``month_number``), for joins."""
    monday_of, thursday = pl.col("monday"), pl.col("monday") + timedelta(days=3)
    return (
        pl.DataFrame({"week": pl.int_range(LAST_WEEK + 1, dtype=pl.Int32, eager=True)})
        .with_columns(monday=(pl.lit(ORIGIN) + pl.duration(weeks=pl.col("week"))).cast(pl.Date))
        .select(
            "week",
            iso_year=monday_of.dt.iso_year().cast(pl.Int32),
            iso_week=monday_of.dt.week().cast(pl.Int32),
            monday=monday_of,
            month=thursday.dt.year().cast(pl.Int32) * 12 + thursday.dt.month().cast(pl.Int32) - 1,
        )
    )


def weeks_of(period: Period) -> tuple[int, int]:
    """The first and last week whose Thursday lies in ``period``; the first is above the last if none does."""
    thursday = timedelta(days=3)
    first = -((ORIGIN + thursday - period.first).days // 7)
    last = (period.last - ORIGIN - thursday).days // 7
    return first, last


def week_of_column(name: str) -> int:
    """The week a column ``y_YYWW`` stands for; ``y_701`` is read as ``y_0701``.

    Programs that take the four digits for a number lose leading zeros (seen in the Danish register packages
    heaven and osdc), so missing digits are put back on the left. Raises ``WeekError`` when the name has
    another form, the year has no such week, or the week lies before 1991-W32.
    """
    found = _COLUMN.match(name)
    if found is None:
        raise WeekError(
            f"'{name}' is not the name of a week column",
            "Name week columns y_ and four digits, year and ISO week: y_1401 is week 1 of 2014",
        )
    digits = found[1].zfill(4)
    short, week = int(digits[:2]), int(digits[2:])
    year = short + (1900 if short >= PIVOT else 2000)
    last = date(year, 12, 28).isocalendar().week  # 28 December always lies in the year's last ISO week
    if not 1 <= week <= last:
        raise WeekError(
            f"'{name}' means week {week} of {year}, and {year} has the weeks 1 to {last}",
            "Name the column by ISO year and ISO week; the days around New Year may belong to the other year",
        )
    number = week_number(date.fromisocalendar(year, week, 1))
    if number < 0:
        raise WeekError(
            f"'{name}' means week {week} of {year}, before the register begins (week 32 of 1991)",
            "Leave the column out, or correct its year",
        )
    return number


def column_of_week(week: int) -> str:
    """The column name ``y_YYWW`` of a week; ``ValueError`` outside 1991-W32 to 2089-W52."""
    if not 0 <= week <= LAST_WEEK:
        raise ValueError(f"week {week} has no column name; names cover the weeks 0 to {LAST_WEEK}")
    year, number, _ = monday(week).isocalendar()
    return f"y_{year % 100:02d}{number:02d}"


LAST_WEEK = week_number(date(1999 + PIVOT, 12, 28))
"""The last week a column name can tell."""
