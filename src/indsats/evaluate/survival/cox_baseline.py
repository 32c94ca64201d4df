"""The baseline hazard of a Cox regression, at every time a row ends."""

from __future__ import annotations

import numpy as np
import polars as pl

from ..inputs import Flags, Floats
from .cox_risk import Index, RiskSets


def baseline_table(
    sets: RiskSets,
    hazard: Floats,
    time: Floats,
    event: Flags,
    entry: Floats | None,
    stratum: Index | None,
    weights: Floats,
) -> pl.DataFrame:
    """``stratum`` (its number), ``time``, ``at_risk``, ``events``, ``hazard``, ``cumulative``, ``survival``.

    ``hazard`` belongs to the moments of ``sets``; the other arrays to the rows as they were given.
    """
    distinct, at = np.unique(time, return_inverse=True)
    offset = 0 if stratum is None else stratum * len(distinct)
    key, place = np.unique(offset + at, return_inverse=True)
    flow = np.bincount(place, weights=weights, minlength=len(key))
    into = np.zeros(len(key) + 1)
    if entry is not None:
        entered = np.searchsorted(key, offset + np.searchsorted(distinct, entry, side="right"))
        into += np.bincount(entered, weights=weights, minlength=len(key) + 1)
    elif stratum is not None:
        into += np.bincount(np.searchsorted(key, offset), weights=weights, minlength=len(key) + 1)
    # At a time are those who leave then or later, less those who enter only afterwards.
    at_risk = np.cumsum((flow - into[1:])[::-1])[::-1]
    steps = np.zeros(len(key))
    moment_time = np.searchsorted(distinct, sets.times)
    steps[np.searchsorted(key, sets.strata * len(distinct) + moment_time)] = hazard
    table = pl.DataFrame(
        {
            "stratum": key // len(distinct),
            "time": distinct[key % len(distinct)],
            "at_risk": at_risk,
            "events": np.bincount(place, weights=weights * event, minlength=len(key)),
            "hazard": steps,
        }
    )
    if (weights == np.floor(weights)).all():
        table = table.with_columns(pl.col("at_risk", "events").round().cast(pl.Int64))
    return table.with_columns(cumulative=pl.col("hazard").cum_sum().over("stratum")).with_columns(
        survival=(-pl.col("cumulative")).exp()
    )
