"""Interval arithmetic on spells: what happened before and after each person's index week.

Weeks are never listed one by one: a spell is cut to the window that is asked about, and lengths are added.
"""

from __future__ import annotations

import polars as pl


def weeks_within(spells: pl.DataFrame, windows: pl.DataFrame) -> pl.DataFrame:
    """The weeks each person spent in ``spells`` during their window.

    ``spells``: ``person``, ``first_week``, ``last_week``, several per person, not overlapping.
    ``windows``: ``person``, ``start``, ``end`` (both included), one per person; an end before the start is an
    empty window.
    Returns ``windows`` with ``inside`` (Int32), 0 for none, rows in the same order.
    """
    inside = _cut(spells, windows).group_by("person").agg(inside=(pl.col("last") - pl.col("first") + 1).sum())
    return windows.join(inside, on="person", how="left", maintain_order="left").with_columns(
        pl.col("inside").fill_null(0).cast(pl.Int32)
    )


def week_of_nth(spells: pl.DataFrame, windows: pl.DataFrame, n: int) -> pl.DataFrame:
    """The week in which each person had spent ``n`` weeks in ``spells`` during their window.

    Takes the tables of ``weeks_within``; returns ``windows`` with ``reached`` (Int32), null when it was never
    so, rows in the same order.
    """
    cut = (
        _cut(spells, windows)
        .sort("person", "first")
        .with_columns(length=pl.col("last") - pl.col("first") + 1)
        .with_columns(until=pl.col("length").cum_sum().over("person"))
        .filter(pl.col("until") >= n)
        .group_by("person", maintain_order=True)
        .first()
        .select("person", reached=(pl.col("last") - (pl.col("until") - n)).cast(pl.Int32))
    )
    return windows.join(cut, on="person", how="left", maintain_order="left")


def first_week_after(spells: pl.DataFrame, index: pl.DataFrame) -> pl.DataFrame:
    """The first week in ``spells`` after each person's ``index_week``, null for none.

    ``index`` has ``person`` and ``index_week``, one row per person; it is returned with ``after`` (Int32).
    """
    after = (
        index.select("person", "index_week")
        .join(spells, on="person")
        .filter(pl.col("last_week") > pl.col("index_week"))
        .group_by("person")
        .agg(after=pl.max_horizontal("first_week", pl.col("index_week") + 1).min().cast(pl.Int32))
    )
    return index.join(after, on="person", how="left", maintain_order="left")


def _cut(spells: pl.DataFrame, windows: pl.DataFrame) -> pl.DataFrame:
    """The parts of spells that lie in the person's window: ``person``, ``first``, ``last``."""
    return (
        windows.select("person", "start", "end")
        .join(spells, on="person")
        .select(
            "person",
            first=pl.max_horizontal("first_week", "start"),
            last=pl.min_horizontal("last_week", "end"),
        )
        .filter(pl.col("first") <= pl.col("last"))
    )
