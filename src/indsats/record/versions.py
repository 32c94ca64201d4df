"""Versions of facts: the view as known at a time, and the only two ways a fact can change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl

from .tables import TIME


def as_of(table: pl.DataFrame, known: datetime | None = None) -> pl.DataFrame:
    """The versions in view at ``known`` (zone required), or now when None; at most one per fact.

    ``replaced_at`` is null in the view: at that time nobody knew of the replacement.
    """
    if known is None:
        if table["replaced_at"].null_count() == table.height:
            return table  # nothing was corrected: no copy is needed to leave it out
        return table.filter(pl.col("replaced_at").is_null())
    at = pl.lit(known).cast(TIME)
    seen = (pl.col("recorded_at") <= at) & (pl.col("replaced_at").is_null() | (pl.col("replaced_at") > at))
    return table.filter(seen).with_columns(replaced_at=pl.lit(None, dtype=TIME))


def until(table: pl.DataFrame, known: datetime) -> pl.DataFrame:
    """The versions there were at ``known`` (zone required), as they stood then: nothing recorded or replaced since."""
    at = pl.lit(known).cast(TIME)
    open_then = pl.col("replaced_at") > at
    return table.filter(pl.col("recorded_at") <= at).with_columns(
        replaced_at=pl.when(open_then).then(None).otherwise(pl.col("replaced_at")).cast(TIME)
    )


def closed(table: pl.DataFrame, fact_id: str, at: datetime) -> pl.DataFrame:
    """The table with the open version of a fact closed at ``at``; everything else untouched."""
    this = (pl.col("id") == fact_id) & pl.col("replaced_at").is_null()
    return table.with_columns(
        replaced_at=pl.when(this).then(pl.lit(at).cast(TIME)).otherwise(pl.col("replaced_at"))
    )


def next_version(
    old: Mapping[str, Any],
    changes: Mapping[str, Any],
    *,
    recorded_at: datetime,
    recorded_by: str,
    source: str,
) -> dict[str, Any]:
    """The row of the version that follows ``old``.

    It stays under the programme version the fact was first recorded under: a slip is put right, the fact is
    not recorded anew in terms it was not asked in.
    """
    return {
        **old,
        **changes,
        "version": old["version"] + 1,
        "recorded_at": recorded_at,
        "recorded_by": recorded_by,
        "source": source,
        "replaced_at": None,
    }


def withdrawal(
    old: Mapping[str, Any], *, recorded_at: datetime, recorded_by: str, source: str
) -> dict[str, Any]:
    """The row that says who withdrew a fact and why; recorded and replaced at once, so never in view."""
    row = next_version(old, {}, recorded_at=recorded_at, recorded_by=recorded_by, source=source)
    return {**row, "replaced_at": recorded_at}
