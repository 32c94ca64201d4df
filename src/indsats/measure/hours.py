"""Hours of work as intervals that never overlap, and where those who tell of them disagree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

CONFIRMED: Final = ("payslip", "register", "employer")
"""Evidence that somebody else than the citizen stands for; without it hours rest on somebody's word."""

_STRENGTH: Final[Mapping[str, int]] = {
    "payslip": 4,
    "register": 4,
    "employer": 3,
    "citizen": 2,
    "estimate": 1,
}
"""How well evidence holds against other evidence; hours whose evidence is not told have 0."""

Places = NDArray[np.int64]


def counted_hours(hours: pl.DataFrame, day: date) -> pl.DataFrame:
    """The hours that count on each day up to ``day``: at most one number for each person, type and day.

    ``hours`` are facts of kind ``hours`` as a view of the record has them (``facts.table("hours")``), of any number of
    persons. The rule: **a fact says all hours a week of its type, so facts about the same days never add up.** The one
    with the best evidence counts: payslip or register, then employer, citizen, estimate, and last what does not say.
    Of equal evidence the one recorded last counts, and of those recorded at once the one that began last. Two jobs at
    once are registered as one fact with the hours of both (ADR 0014).

    Result, sorted by person, type and day: ``person``, ``type``, ``first`` and ``last`` (both included; an open fact
    is followed to ``day``), ``days``, ``hours`` (a week), ``evidence``, ``confirmed`` (false where the days rest on
    the citizen's word, on an estimate, or on nothing told), ``goes_on`` (whether it runs past ``day``) and ``fact``
    (the id of the fact that counts). Days without a row have no hours told. Takes O(n log n).
    """
    _, counted = _settled(hours, day)
    return counted.select(
        "person",
        "type",
        "first",
        "last",
        (pl.col("last") - pl.col("first")).dt.total_days().alias("days") + 1,
        "hours",
        "evidence",
        pl.col("evidence").is_in(CONFIRMED).fill_null(value=False).alias("confirmed"),
        (pl.col("goes_on") & (pl.col("last") == day)).alias("goes_on"),
        "fact",
    )


def differing_hours(hours: pl.DataFrame, day: date) -> pl.DataFrame:
    """Facts of another number of hours than what counts on the same days, each against each fact that counts.

    Takes what ``counted_hours`` takes. Result, a row for each pair, sorted by person, type and first day: ``person``,
    ``type``, ``first``, ``last`` and ``days`` (on so many days between the two, both included, they differ), ``fact``,
    ``hours`` and ``evidence`` of what does not count there, ``counts``, ``hours_counted`` and ``evidence_counted`` of
    what does, and ``difference`` (hours a week more than what counts). Takes O(n log n) and the length of the result.
    """
    told, counted = _settled(hours, day)
    starts = counted["place"].to_numpy()
    of = counted.select(
        "row", "first", "last", counts="fact", hours_counted="hours", evidence_counted="evidence"
    )
    pairs = (
        told.with_columns(
            pl.Series("lowest", np.searchsorted(starts, told["begins"].to_numpy(), side="right") - 1),
            pl.Series("above", np.searchsorted(starts, told["ends"].to_numpy(), side="left")),
        )
        .with_columns(row=pl.int_ranges("lowest", "above"))
        .explode("row")
        .join(of, on="row", suffix="_counted")
        .filter((pl.col("fact") != pl.col("counts")) & (pl.col("hours") != pl.col("hours_counted")))
        .with_columns(
            first=pl.max_horizontal("first", "first_counted"),
            last=pl.min_horizontal("last", "last_counted"),
        )
    )
    return (
        pairs.group_by("person", "type", "fact", "counts")
        .agg(
            pl.col("first").min(),
            pl.col("last").max(),
            ((pl.col("last") - pl.col("first")).dt.total_days() + 1).sum().alias("days"),
            pl.col("hours", "evidence", "hours_counted", "evidence_counted").first(),
        )
        .with_columns(difference=pl.col("hours") - pl.col("hours_counted"))
        .select(
            *("person", "type", "first", "last", "days", "fact", "hours", "evidence"),
            *("counts", "hours_counted", "evidence_counted", "difference"),
        )
        .sort("person", "type", "first", "fact", "counts")
    )


def _settled(hours: pl.DataFrame, day: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The facts, and the intervals in which one of them counts.

    Days on which any fact begins, or has just ended, have a place in one row of all persons and types: facts run from
    place ``begins`` to before ``ends``, intervals (numbered by ``row``) begin at ``place``.
    """
    told = _told(hours, day)
    after = (pl.col("last") + pl.duration(days=1)).alias("day")
    edges = (
        pl.concat([told.select("person", "type", day="first"), told.select("person", "type", after)])
        .unique()
        .sort("person", "type", "day")
        .with_row_index("place")
        .with_columns(pl.col("place").cast(pl.Int64))
    )
    key = ["person", "type", "day"]
    told = (
        told.join(
            edges.rename({"place": "begins"}),
            left_on=["person", "type", "first"],
            right_on=key,
            maintain_order="left",
        )
        .with_columns(after)
        .join(edges.rename({"place": "ends"}), on=key, maintain_order="left")
        .drop("day")
    )
    best = _strongest(told["begins"].to_numpy(), told["ends"].to_numpy(), edges.height)
    counted = (
        edges.with_columns(pl.Series("strength", best), until=pl.col("day").shift(-1) - pl.duration(days=1))
        .with_columns(run=pl.col("strength").rle_id())
        .filter(pl.col("strength") >= 0)
        .group_by("run", maintain_order=True)
        .agg(
            pl.col("place", "strength", "day").first(),
            pl.col("until").last(),
        )
        .join(told.drop("first", "last"), on="strength", maintain_order="left")
        .rename({"day": "first", "until": "last"})
        .with_row_index("row")
        .with_columns(pl.col("row").cast(pl.Int64))
    )
    return told, counted


def _told(hours: pl.DataFrame, day: date) -> pl.DataFrame:
    """The facts that had begun by the day, cut there, with ``strength``: of two the one with the greater counts."""
    evidence = pl.col("evidence").replace_strict(_STRENGTH, default=0, return_dtype=pl.Int64)
    return (
        hours.select(
            "person",
            "type",
            "evidence",
            "recorded_at",
            fact="id",
            hours="hours_per_week",
            first="occurred_from",
            last=pl.min_horizontal(pl.col("occurred_to").fill_null(day), pl.lit(day)),
            goes_on=pl.col("occurred_to").is_null() | (pl.col("occurred_to") > day),
        )
        .filter(pl.col("first") <= pl.col("last"))
        .sort(evidence.fill_null(0), "recorded_at", "first", "fact")
        .with_row_index("strength")
        .with_columns(pl.col("strength").cast(pl.Int64))
    )


def _strongest(begins: Places, ends: Places, places: int) -> Places:
    """The greatest number of a range that covers each place, -1 where none does; ranges are numbered in their order.

    A range is two overlapping blocks whose length is the greatest power of two in it. From the longest to the shortest
    what covers a block is handed down to its two halves; a range is never gone through place by place.
    """
    best = np.full(places, -1, dtype=np.int64)
    if not len(begins):
        return best
    number = np.arange(len(begins), dtype=np.int64)
    levels = np.frexp((ends - begins).astype(np.float64))[1] - 1
    for level in range(int(levels.max()), -1, -1):
        long = 1 << level
        handed = best.copy()  # blocks twice as long, of which this is the first half
        handed[long:] = np.maximum(best[long:], best[:-long])  # or the second
        best = handed
        here = levels == level
        np.maximum.at(best, begins[here], number[here])
        np.maximum.at(best, ends[here] - long, number[here])
    return best
