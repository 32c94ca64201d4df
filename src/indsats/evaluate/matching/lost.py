"""Treated who got no match, and why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from ..inputs import Flags, missing_values
from .sample import Sample


def lost_treated(
    sample: Sample, matched: Flags, numbered: pl.DataFrame, needed: Sequence[str]
) -> dict[str, int]:
    """How many treated are without a match, by the first reason that applies.

    ``numbered`` is the table given with its ``row`` numbers, ``needed`` the columns a row had to be complete in.
    """
    lost: dict[str, int] = {}
    remaining = numbered.filter(pl.col(sample.treatment).cast(pl.Float64) == 1).join(
        sample.rows.select("row"), on="row", how="anti"
    )
    for column in needed:
        kept = remaining.filter(pl.Series(~missing_values(remaining[column])))
        if kept.height < remaining.height:
            lost[f"missing {column}"] = remaining.height - kept.height
        remaining = kept
    alone = np.flatnonzero(sample.treated & ~matched & sample.inside)
    supplied = np.isin(sample.cell[alone], sample.cell[~sample.treated])
    # With replacement all find somebody but those to whom nobody is near enough.
    reached = 0
    if sample.space is not None and supplied.any():
        found = sample.search(sample.space, alone[supplied], replace=True)
        reached = len(np.unique(found.treated))
    for reason, count in (
        ("outside common support", int((sample.treated & ~sample.inside).sum())),
        ("no control in cell", int((~supplied).sum())),
        ("no control within caliper", int(supplied.sum()) - reached),
        ("controls used up", reached),
    ):
        if count:
            lost[reason] = count
    return lost
