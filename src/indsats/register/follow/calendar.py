"""Months and their weeks, as a small table that every engine can join and as plain functions."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import polars as pl

from ..weeks import LAST_WEEK, ORIGIN, month_number

_THURSDAY = ORIGIN + timedelta(days=3)


def first_day(month: int) -> date:
    """The first day of a month numbered year * 12 + month - 1."""
    return date(month // 12, month % 12 + 1, 1)


def through(month: int) -> int:
    """The last week that counts in ``month``."""
    return (first_day(month + 1) - timedelta(days=1) - _THURSDAY).days // 7


@cache
def months_table() -> pl.DataFrame:
    """``month``, ``month_first`` and ``month_last`` (its weeks, Int32), for all months weeks count in."""
    months = range(month_number(0), month_number(LAST_WEEK) + 1)
    schema = {"month": pl.Int32(), "month_first": pl.Int32(), "month_last": pl.Int32()}
    return pl.DataFrame([(m, through(m - 1) + 1, through(m)) for m in months], schema=schema, orient="row")
