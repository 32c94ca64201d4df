"""How much of each activity was recorded: facts, time and hours of the record in the units of the activity's price.

Whatever is spent is a spell of days with so much a day: a meeting is a spell of one day. So one function cuts all of
it at the turns of calendar months and of months since the participant began, without a loop over facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from indsats.problem import InputRefused, Problem
from indsats.programme import (
    Activity,
    CountDose,
    FixedDose,
    Happening,
    HoursDose,
    ParticipantDose,
    Per,
    TimeDose,
    parse_rule,
    rule_fields,
)
from indsats.steer import happened

from .units import DAYS_A_MONTH, DAYS_A_YEAR

if TYPE_CHECKING:
    from indsats.record import Facts

DOSE: Final[dict[str, pl.DataType]] = {
    "enrolment": pl.String(),
    "person": pl.String(),
    "unit": pl.String(),
    "site": pl.String(),
    "start": pl.Date(),
    "month": pl.Date(),
    "since": pl.Int64(),
    "quantity": pl.Float64(),
}
"""Columns of a dose. ``unit`` and ``site`` are where it was spent: those of the fact, or of the enrolment where time
enrolled is counted. ``start`` is the first day the person was enrolled at all, ``since`` whole months since then,
``month`` the first day of the calendar month. ``quantity`` is in units of the price."""

DAYS: Final[dict[Per, float]] = {"week": 7, "month": DAYS_A_MONTH, "year": DAYS_A_YEAR}
"""How many days the units of time have in which recorded time is counted."""

Ints = NDArray[np.int64]

_SPELL = ("enrolment", "person", "unit", "site", "start", "begin", "stop")


def doses(
    facts: Facts, activity: str, until: date | None = None, *, first: date | None = None
) -> pl.DataFrame:
    """What was recorded of an activity from ``first`` to ``until`` (all the data when left out): columns ``DOSE``.

    Facts count as steering counts them (``steer.happened``), and of meetings those that were held, unless the rule
    itself says something of the outcome. A fact that names no enrolment, one of a unit that only serves as comparison,
    and what lies before the enrolment began, is no dose; a fact after the exit is. Spells run with both their days; one
    without an end runs to the exit or to the last day of the data. Time enrolled is counted as ``steer.population``
    does: up to, not including, the day of exit, a person with several open enrolments once a day, pauses included.
    People are counted the first day they are enrolled (in the activity's service).

    A fixed cost is shared, day by day, among those enrolled; on days without anybody it is nobody's (``enrolment``
    is null). It runs from the first to the last day somebody is enrolled. Where its price is for no week, month or
    year it is spent once, and every day enrolled bears as much of it.

    Whatever the time asked for, the parts of a longer time add up to it. Raises KeyError for an unknown activity, and
    ``InputRefused`` for a negative dose and for a price in a unit that the dose cannot be told in.
    """
    asked = facts.programme.economy.activities[activity]
    window = _window(facts, first, until)
    _refuse_unit(facts, activity, asked)
    enrolled = enrolments(facts)
    if asked.service is not None:
        enrolled = enrolled.filter(pl.col("service") == asked.service)
    dose, days = asked.dose, DAYS.get(facts.programme.economy.prices[asked.price].per)
    if isinstance(dose, FixedDose):
        return _fixed(enrolled, dose, days, window)
    pieces, begin, stop = _cut(_within(_spells(facts, activity, asked, enrolled, days), window))
    return pieces.with_columns(quantity=pl.col("daily") * pl.Series(stop - begin)).select(list(DOSE))


def time_within(facts: Facts, until: date | None = None, *, first: date | None = None) -> pl.DataFrame:
    """Days people were enrolled, by month: ``person``, ``unit``, ``site``, ``month``, ``since`` and ``days``."""
    pieces, begin, stop = _cut(_within(_time_enrolled(enrolments(facts)), _window(facts, first, until)))
    return pieces.select("person", "unit", "site", "month", "since").with_columns(
        days=pl.Series(stop - begin, dtype=pl.Int64)
    )


def participants(facts: Facts, *, unit: str | None = None, site: str | None = None) -> pl.DataFrame:
    """The people the effort is spent on, one row each, ordered by person.

    Columns ``person``, ``start`` (the first day enrolled), ``unit`` and ``site`` of that enrolment, ``months``: how
    many whole months each was followed, to the last day of the data. Units that only serve as comparison are left out.
    With ``unit`` or ``site`` those who began there.
    """
    people = (
        enrolments(facts)
        .sort("person", "begin", "enrolment")
        .unique("person", keep="first", maintain_order=True)
        .select("person", "start", "unit", "site")
    )
    starts = _days(people["start"])
    after = np.full(starts.shape, _number(facts.last_day) + 1)
    people = people.with_columns(months=pl.Series(_months_since(starts, after), dtype=pl.Int64))
    for column, place in (("unit", unit), ("site", site)):
        if place is not None:
            people = people.filter(pl.col(column) == place)
    return people


def enrolments(facts: Facts) -> pl.DataFrame:
    """Enrolments of the effort in the data: who and where, ``service``, ``begin``, ``stop``, ``start``.

    ``stop`` is the first day after it: the exit, or the day after the last of the data. ``start`` is the first day of
    the person's first enrolment.
    """
    ours = pl.col("unit").is_in(facts.programme.effort_units).fill_null(value=True)
    return (
        facts.enrolments()
        .filter(ours & (pl.col("start") <= facts.last_day))
        .sort("start", maintain_order=True)
        .unique("enrolment", keep="first", maintain_order=True)
        .select(
            "enrolment",
            "person",
            "unit",
            "site",
            "service",
            begin="start",
            stop=pl.min_horizontal("end", pl.lit(facts.last_day + timedelta(days=1))),
            start=pl.col("start").min().over("person"),
        )
    )


def _time_enrolled(enrolled: pl.DataFrame) -> pl.DataFrame:
    """When people of ``enrolments`` were enrolled, as spells; days that two of one person share go to the first."""
    covered = pl.col("stop").cum_max().shift(1).over("person")
    return (
        enrolled.sort("person", "begin", "enrolment")
        .with_columns(begin=pl.max_horizontal("begin", covered))
        .filter(pl.col("stop") > pl.col("begin"))
        .select(_SPELL)
    )


def _spells(
    facts: Facts, activity: str, asked: Activity, enrolled: pl.DataFrame, days: float | None
) -> pl.DataFrame:
    """The activity as spells, with the quantity ``daily`` of each of their days."""
    dose = asked.dose
    if isinstance(dose, TimeDose):
        spells = _runs(facts, activity, dose.what, enrolled) if dose.what else _time_enrolled(enrolled)
        return spells.with_columns(daily=pl.lit(dose.each / (days or np.nan)))
    if isinstance(dose, HoursDose):
        runs, told = _runs(facts, activity, dose.what, enrolled), _hours(facts, dose.what)
        spells = runs.join(told, on=["kind", "id"], how="left", maintain_order="left")
        if (spells["hours_per_week"] < 0).any():
            raise _negative(activity)
        return spells.with_columns(daily=pl.col("hours_per_week").fill_null(0) * (dose.each / 7))
    if isinstance(dose, ParticipantDose):
        spells = enrolled.sort("begin", "enrolment").unique("person", keep="first", maintain_order=True)
    elif isinstance(dose, CountDose):
        found = _found(facts, dose.what, enrolled)
        spells = found.filter(pl.col("day") >= pl.col("begin")).with_columns(begin="day")
    else:
        raise TypeError(dose)
    return spells.with_columns(stop=pl.col("begin") + pl.duration(days=1), daily=pl.lit(float(dose.each)))


def _found(facts: Facts, what: Sequence[Happening], enrolled: pl.DataFrame) -> pl.DataFrame:
    """Facts of the enrolments, with ``begin`` and ``stop`` of the enrolment."""
    home = enrolled.select("enrolment", "person", "start", "begin", "stop")
    return (
        happened(facts, [_held(facts, one) for one in what], facts.last_day)
        .select("enrolment", "unit", "site", "day", "end", "kind", "id")
        .join(home, on="enrolment", how="inner", maintain_order="left")
    )


def _held(facts: Facts, one: Happening) -> Happening:
    """A happening of meetings asks for held ones, unless its rule itself says something of the outcome."""
    if one.kind != "meeting":
        return one
    if "outcome" in parse_rule(one.rule, rule_fields(facts.programme, "meeting")).fields:
        return one
    return Happening(kind="meeting", where=f'({one.rule}) and outcome == "held"')


def _runs(facts: Facts, activity: str, what: Sequence[Happening], enrolled: pl.DataFrame) -> pl.DataFrame:
    """Facts as spells: those that began before the enrolment count from its first day."""
    found = _found(facts, what, enrolled)
    if (found["end"] < found["day"]).any():
        raise _negative(activity)
    return found.with_columns(
        begin=pl.max_horizontal("begin", "day"),
        stop=pl.coalesce(pl.col("end") + pl.duration(days=1), "stop"),
    )


def _hours(facts: Facts, what: Sequence[Happening]) -> pl.DataFrame:
    """Hours a week of every fact of the kinds: ``kind``, ``id``, ``hours_per_week``."""
    return pl.concat(
        facts.table(kind).select(pl.lit(kind).alias("kind"), "id", pl.col("hours_per_week").cast(pl.Float64))
        for kind in dict.fromkeys(one.kind for one in what)
    )


def _window(facts: Facts, first: date | None, until: date | None) -> tuple[date | None, date]:
    """The first day asked for and the day after the last, none of it after the data."""
    last = facts.last_day if until is None else min(until, facts.last_day)
    return first, last + timedelta(days=1)


def _within(spells: pl.DataFrame, window: tuple[date | None, date]) -> pl.DataFrame:
    """The part of the spells inside the window, without those that have no day in it."""
    first, after = window
    return spells.with_columns(
        begin="begin" if first is None else pl.max_horizontal("begin", pl.lit(first)),
        stop=pl.min_horizontal("stop", pl.lit(after)),
    ).filter(pl.col("stop") > pl.col("begin"))


def _cut(spells: pl.DataFrame) -> tuple[pl.DataFrame, Ints, Ints]:
    """Spells cut at the turns of calendar months and of months since ``start``, with ``month`` and ``since``.

    Beside them the first day of each piece and the day after it, as days since 1970.
    """
    begin, stop, start = (_days(spells[name]) for name in ("begin", "stop", "start"))
    first = _month(begin)
    number = _month(stop - 1) - first + 1
    row = np.repeat(np.arange(spells.height), number)
    month = first[row] + np.arange(row.size) - np.repeat(np.cumsum(number) - number, number)
    opens, closes = _first_day(month), _first_day(month + 1)
    turn = _turn(start[row], month)
    # Each month has one day on which a month since the start is over; it cuts a piece in two.
    begins = np.stack([np.maximum(begin[row], opens), np.maximum(begin[row], turn)], axis=1).ravel()
    stops = np.stack([np.minimum(stop[row], turn), np.minimum(stop[row], closes)], axis=1).ravel()
    since = np.stack([month - _month(start[row]) - 1, month - _month(start[row])], axis=1).ravel()
    kept = stops > begins
    pieces = spells[np.repeat(row, 2)[kept]].with_columns(
        month=pl.Series(np.repeat(opens, 2)[kept]).cast(pl.Int32).cast(pl.Date),
        since=pl.Series(since[kept]),
    )
    return pieces, begins[kept], stops[kept]


def _fixed(
    enrolled: pl.DataFrame, dose: FixedDose, days: float | None, window: tuple[date | None, date]
) -> pl.DataFrame:
    """A fixed cost, shared day by day among those enrolled in its units."""
    if dose.units:
        enrolled = enrolled.filter(pl.col("unit").is_in(dose.units))
    spells = _time_enrolled(enrolled)
    if spells.is_empty():
        return pl.DataFrame(schema=DOSE)
    begin, stop = _days(spells["begin"]), _days(spells["stop"])
    opens = int(begin.min())
    length = int(stop.max()) - opens
    turns = np.bincount(begin - opens, minlength=length + 1) - np.bincount(stop - opens, minlength=length + 1)
    there = np.cumsum(turns)[:length]
    daily = dose.each / days if days is not None else 0.0
    # What somebody who is enrolled from the first day has had of it by the morning of each day.
    each = dose.each / there.sum() if days is None else np.where(there > 0, daily / np.maximum(there, 1), 0.0)
    had = np.concatenate([[0.0], np.cumsum(np.broadcast_to(each, there.shape))])
    pieces, begins, stops = _cut(_within(spells, window))
    shared = pieces.with_columns(quantity=pl.Series(had[stops - opens] - had[begins - opens])).select(
        list(DOSE)
    )
    if days is None:
        return shared
    return pl.concat([shared, _nobodys(opens + np.flatnonzero(there == 0), daily, window)])


def _nobodys(days: Ints, daily: float, window: tuple[date | None, date]) -> pl.DataFrame:
    """Days of a fixed cost on which nobody was enrolled, by calendar month."""
    first, after = window
    days = days[(days < _number(after)) & (days >= (0 if first is None else _number(first)))]
    months, number = np.unique(_month(days), return_counts=True)
    table = pl.DataFrame({"month": _first_day(months), "quantity": number * daily})
    lacking = (
        pl.lit(None, dtype=type_).alias(name) for name, type_ in DOSE.items() if name not in table.columns
    )
    return table.with_columns(pl.col("month").cast(pl.Int32).cast(pl.Date), *lacking).select(list(DOSE))


def _days(dates: pl.Series) -> Ints:
    """Dates as days since 1970."""
    return dates.to_physical().cast(pl.Int64).to_numpy()


def _number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _month(days: Ints) -> Ints:
    """The month of each day, counted from January 1970."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _first_day(months: Ints) -> Ints:
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def _turn(start: Ints, month: Ints) -> Ints:
    """The day in a month on which a whole number of months has passed since ``start``; the last where it lacks one."""
    opens = _first_day(month)
    within = start - _first_day(_month(start))
    return opens + np.minimum(within, _first_day(month + 1) - opens - 1)


def _months_since(start: Ints, day: Ints) -> Ints:
    """How many whole months have passed from ``start`` to the morning of ``day``."""
    month = _month(day)
    return month - _month(start) - (day < _turn(start, month))


def _refuse_unit(facts: Facts, activity: str, asked: Activity) -> None:
    per = facts.programme.economy.prices[asked.price].per
    if isinstance(asked.dose, TimeDose) and per not in DAYS:
        raise _in_units(activity, asked.price, per, "time", "week, month or year")
    if isinstance(asked.dose, HoursDose) and per != "hour":
        raise _in_units(activity, asked.price, per, "hours", "hour")


def _in_units(
    activity: str, price: str, per: Per, how: Literal["time", "hours"], wanted: str
) -> InputRefused:
    what = f"the dose of the activity '{activity}' is counted in {how}, and its price '{price}' is per {per}"
    return InputRefused([Problem(what, f"Use a price per {wanted}.", file="economy.yaml", field=activity)])


def _negative(activity: str) -> InputRefused:
    what = f"the dose of the activity '{activity}' is negative: a fact ends before it begins, or has hours below zero"
    remedy = "Correct the facts; reading them with the record's own import names the rows."
    return InputRefused([Problem(what, remedy, field=activity)])
