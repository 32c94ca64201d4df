"""Days and weeks as whole numbers: days since 1970-01-01, weeks since Monday 1991-08-05, vectorised."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

EPOCH = date(1970, 1, 1)
FIRST_MONDAY = (date(1991, 8, 5) - EPOCH).days
"""The first day of the DREAM register, week 0."""


def day(value: date) -> int:
    """Days since 1970-01-01."""
    return (value - EPOCH).days


def as_date(days: int) -> date:
    """The date of a day number."""
    return EPOCH + timedelta(days=int(days))


def week_of(days: int) -> int:
    """The register week a day falls in."""
    return (days - FIRST_MONDAY) // 7


def monday_of(week: np.ndarray | int) -> np.ndarray:
    """Day number of the Monday of a register week."""
    return np.asarray(week) * 7 + FIRST_MONDAY


def column_of(week: int) -> str:
    """``y_YYWW``: two-digit ISO year and ISO week of a register week."""
    iso = as_date(int(monday_of(week))).isocalendar()
    return f"y_{iso.year % 100:02d}{iso.week:02d}"


def after_each(days: np.ndarray, months: np.ndarray, more_days: np.ndarray) -> np.ndarray:
    """Each day moved by calendar months and days of its own; like ``Duration.after``, months end at their last day."""
    dates = days.astype("datetime64[D]")
    from_ = dates.astype("datetime64[M]")
    moved = from_ + months.astype("timedelta64[M]")
    last = (moved + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    same_day = moved.astype("datetime64[D]") + (dates - from_.astype("datetime64[D]"))
    return np.minimum(same_day, last).astype(np.int64) + more_days


def weekday(days: np.ndarray) -> np.ndarray:
    """Each day, weekends moved back to the Friday before: offices are closed."""
    of_week = (days - FIRST_MONDAY) % 7
    return days - np.maximum(of_week - 4, 0)
