"""What a person's week holds: the hours of everything that runs at once, and the days that hold too much."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl

from .hours import counted_hours

FULL_WEEK: Final = 37.0
"""Hours of an ordinary full working week in Denmark; a week that asks for more than that is too full."""

LOADING: Final = ("activity", "parallel_effort", "placement", "hours")
"""The kinds of facts that ask for hours of a week."""


def weekly_load(facts: Mapping[str, pl.DataFrame], first: date, last: date) -> pl.DataFrame:
    """The hours a week asked of each person from ``first`` to ``last``, both included, in intervals of equal load.

    ``facts`` are tables of the kinds in ``LOADING`` as a view of the record has them (``facts.table(kind)``).
    Activities of the plan and efforts beside add up. Placements and hours worked tell of the same time from two sides,
    so of those two the greater counts; hours are those of ``counted_hours``. What has been dropped asks for nothing,
    and nor does what runs while no hours are told: it is counted in ``untold``. An open fact runs on to ``last``.

    Result, sorted by person and day: ``person``, ``first``, ``last``, ``hours``, ``running`` (so many things at once)
    and ``untold``. Days on which nothing runs have no row. Takes O(n log n), and the number of things at once.
    """
    spans = _spans(facts, first, last)
    edges = (
        pl.concat(
            [
                spans.select("person", day="first"),
                spans.select("person", day=pl.col("last") + pl.duration(days=1)),
            ]
        )
        .unique()
        .sort("person", "day")
        .with_row_index("place")
    )
    place = pl.col("place").cast(pl.Int64)
    edges = edges.with_columns(place, until=pl.col("day").shift(-1) - pl.duration(days=1))
    key = ["person", "day"]
    ends = edges.select("person", "day", ends="place")
    begun = edges.select("person", "day", begins="place")
    return (
        spans.join(begun, left_on=["person", "first"], right_on=key)
        .with_columns(day=pl.col("last") + pl.duration(days=1))
        .join(ends, on=key)
        .with_columns(place=pl.int_ranges("begins", "ends"))
        .explode("place")
        .group_by("person", "place")
        .agg(
            *(pl.col("hours").filter(pl.col("source") == one).sum().alias(one) for one in LOADING),
            running=pl.col("source").filter(pl.col("source") != "hours").len(),
            untold=pl.col("hours").null_count(),
        )
        .join(edges.select("place", first="day", last="until"), on="place")
        .with_columns(
            hours=pl.col("activity") + pl.col("parallel_effort") + pl.max_horizontal("placement", "hours")
        )
        .select("person", "first", "last", "hours", "running", "untold")
        .sort("person", "first")
    )


def crowded_days(meetings: pl.DataFrame, pauses: pl.DataFrame, first: date) -> pl.DataFrame:
    """Appointments from ``first`` on that cannot all be kept as they stand; facts of two kinds, as the record has them.

    Two planned meetings of a person on one day (the record holds days and no times, so somebody has to look), and
    planned meetings in a pause. Result, sorted: ``person``, ``day``, ``meetings`` (planned that day), ``paused``.
    """
    ahead = (
        meetings.filter((pl.col("outcome") == "planned") & (pl.col("occurred_from") >= first))
        .group_by("person", day="occurred_from")
        .agg(meetings=pl.len())
    )
    breaks = pauses.select("person", since="occurred_from", until=pl.col("occurred_to").fill_null(date.max))
    inside = (
        ahead.join(breaks, on="person")
        .filter(pl.col("day").is_between(pl.col("since"), pl.col("until")))
        .select("person", "day")
        .unique()
        .with_columns(paused=pl.lit(value=True))
    )
    return (
        ahead.join(inside, on=["person", "day"], how="left")
        .with_columns(pl.col("paused").fill_null(value=False), pl.col("meetings").cast(pl.Int64))
        .filter((pl.col("meetings") > 1) | pl.col("paused"))
        .sort("person", "day")
    )


def _spans(facts: Mapping[str, pl.DataFrame], first: date, last: date) -> pl.DataFrame:
    """Everything that runs between the days, cut there: ``person``, ``source``, ``first``, ``last``, ``hours``."""
    found: list[pl.DataFrame] = []
    for kind in ("activity", "parallel_effort", "placement"):
        rows = facts[kind]
        if kind == "activity":
            rows = rows.filter(pl.col("status") != "dropped")
        found.append(
            rows.select(
                "person",
                source=pl.lit(kind),
                first=pl.max_horizontal("occurred_from", pl.lit(first)),
                last=pl.min_horizontal(pl.col("occurred_to").fill_null(last), pl.lit(last)),
                hours=pl.col("hours_per_week").cast(pl.Float64),
            )
        )
    counted = counted_hours(facts["hours"], last)
    found.append(
        counted.select(
            "person",
            source=pl.lit("hours"),
            first=pl.max_horizontal("first", pl.lit(first)),
            last="last",
            hours=pl.col("hours").cast(pl.Float64),
        )
    )
    return pl.concat(found).filter(pl.col("first") <= pl.col("last"))
