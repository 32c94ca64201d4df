"""Outcomes in calendar months: paid hours a week, and months that are touched by work."""

from __future__ import annotations

import narwhals as nw
import polars as pl

from indsats.programme import HoursOutcome, MonthsOutcome

from ..weeks import month_number, weeks_calendar
from .calendar import first_day, through
from .entries import CASE
from .measures import pairs
from .outcomes import horizon, with_until
from .stays import Frame, Room, Source

DAYS_A_WEEK = 7


def with_months(room: Room, frame: Frame, number: int, outcome: HoursOutcome | MonthsOutcome) -> Frame:
    """``frame`` (kept on the engine) with the outcome as ``o<number>``; null if not observed to its last month."""
    name = f"o{number}"
    last = outcome.within_months if isinstance(outcome, MonthsOutcome) else outcome.to_month
    first = 1 if isinstance(outcome, MonthsOutcome) else outcome.from_month
    frame = frame.join(room.table(_spans(first, last)), on="index_week", how="left")
    if isinstance(outcome, HoursOutcome):
        counted, value = (
            _hours(room, frame, name, first, last),
            nw.col(name).fill_null(0) / nw.col("span_weeks"),
        )
    else:
        counted, value = _touched(room, frame, name, outcome), ~nw.col(name).is_null()
    found = with_until(room, frame.join(counted, on=CASE, how="left"), number, outcome)
    known = nw.col("until") >= nw.col("span_last")
    return found.with_columns(nw.when(known).then(value).alias(name)).drop(
        "span_first", "span_last", "span_weeks"
    )


def _spans(first: int, last: int) -> pl.DataFrame:
    """For each index week the weeks of the months ``first`` to ``last`` after it, and these months' days in weeks.

    Worked out once for all weeks there are, so that no engine has to know how long a month is.
    """
    rows = []
    for week in weeks_calendar()["week"]:
        month = month_number(week)
        days = (first_day(month + last + 1) - first_day(month + first)).days
        rows.append((week, through(month + first - 1) + 1, through(month + last), days / DAYS_A_WEEK))
    schema = {
        "index_week": pl.Int32(),
        "span_first": pl.Int32(),
        "span_last": pl.Int32(),
        "span_weeks": pl.Float64(),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _case_months(room: Room, frame: Frame, first: int, last: int) -> Frame:
    """Each case with each month from ``first`` to ``last`` after index that has hours: ``after``, ``hours``."""
    assert room.hours is not None  # noqa: S101 - open_room refuses the question otherwise
    return (
        room.hours.join(frame.select(*CASE, "index_month"), on="person")
        .with_columns(after=nw.col("month") - nw.col("index_month"))
        .filter((nw.col("after") >= first) & (nw.col("after") <= last))
    )


def _hours(room: Room, frame: Frame, name: str, first: int, last: int) -> Frame:
    hours = _case_months(room, frame, first, last)
    # Rounded, for the order of additions differs between engines, and with it the last digit.
    return hours.group_by(CASE).agg(nw.col("hours").sum().round(6).alias(name))


def _touched(room: Room, frame: Frame, name: str, outcome: MonthsOutcome) -> Frame:
    """The cases with enough touched months in a row: ``CASE`` and ``name``, the month in which it is so."""
    parts: list[Frame] = []
    if outcome.hours:
        worked = _case_months(room, frame, 1, outcome.within_months).filter(nw.col("hours") > 0)
        parts.append(worked.select(*CASE, first="after", last="after"))
    for state in outcome.states:
        parts.append(_months_of_stays(room, frame, state, horizon(outcome)))
    touched = nw.concat(parts, how="vertical") if len(parts) > 1 else parts[0]
    # Months of different kinds overlap, so a run begins after all months so far, not after the one before.
    reach = nw.col("last").cum_max().over(*CASE, order_by=["first", "last"])
    before = nw.col("reach").shift(1).over(*CASE, order_by=["first", "last"])
    begins = nw.col("before").is_null() | (nw.col("first") > nw.col("before") + 1)
    runs = (
        touched.unique()
        .with_columns(reach=reach)
        .with_columns(before=before)
        .with_columns(begins=nw.when(begins).then(nw.lit(1)).otherwise(nw.lit(0)))
        .with_columns(run=nw.col("begins").cum_sum().over(*CASE, order_by=["first", "last"]))
        .group_by(*CASE, "run")
        .agg(nw.col("first").min(), nw.col("last").max())
    )
    enough = runs.filter(nw.col("last") - nw.col("first") + 1 >= outcome.in_a_row)
    return enough.group_by(CASE).agg((nw.col("first").min() + (outcome.in_a_row - 1)).alias(name))


def _months_of_stays(room: Room, frame: Frame, state: str, ahead: int) -> Frame:
    """The months after index that each stay touches, as the first and last of them: a stay skips no month."""
    stays = pairs(room, frame, Source(state), 0, ahead, ("index_month", "span_first", "span_last"))
    weeks = room.table(weeks_calendar().select("week", "month"))
    return (
        stays.with_columns(
            first=nw.max_horizontal("first", "span_first"), last=nw.min_horizontal("last", "span_last")
        )
        .filter(nw.col("first") <= nw.col("last"))
        .join(weeks.select(first="week", from_month="month"), on="first")
        .join(weeks.select(last="week", to_month="month"), on="last")
        .select(
            *CASE,
            first=nw.col("from_month") - nw.col("index_month"),
            last=nw.col("to_month") - nw.col("index_month"),
        )
    )
