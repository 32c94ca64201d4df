"""Whether hazard ratios stay the same over time: score tests against coefficients that drift with time.

Grambsch & Therneau (1994, Biometrika 81), as R's survival 3 computes it: the model is given one more coefficient
per column for x·g(t), and the score test of these being zero uses the exact information of both sets. The score is
the sum over events of g(t) times the Schoenfeld residual (x less the risk set's mean).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import polars as pl
import scipy

from ..design import TOLERANCE
from ..inputs import Flags, Floats
from .cox_likelihood import Point, exposures, information, risk_sums, weighted_sums
from .cox_risk import RiskSets

Transform = Literal["km", "rank", "identity", "log"]
"""What is made of time: one minus the Kaplan-Meier curve just before it, its rank among the rows' times, the time
itself, or its logarithm."""


def transformed(
    moments: Floats, transform: Transform, time: Floats, event: Flags, entry: Floats | None
) -> Floats:
    """g(t) at ``moments``. The curve and the ranks are those of all rows, unweighted, whatever their stratum."""
    if transform not in get_args(Transform):
        raise ValueError(f"transform must be one of {', '.join(get_args(Transform))}, not {transform!r}")
    if transform == "identity":
        return moments
    if transform == "log":
        if not moments.min() > 0:
            raise ValueError("an event at time 0 or before has no logarithm: use transform='km'")
        return np.log(moments)
    ordered = np.sort(time)
    up_to = np.searchsorted(ordered, moments, side="right")
    before = np.searchsorted(ordered, moments, side="left")
    if transform == "rank":
        return (before + 1 + up_to) / 2
    points, events = np.unique(time[event], return_counts=True)
    at_risk = len(time) - np.searchsorted(ordered, points, side="left")
    if entry is not None:
        at_risk -= len(entry) - np.searchsorted(np.sort(entry), points, side="left")
    curve = np.concatenate([[1.0], np.cumprod(1 - events / at_risk)])
    return 1 - curve[np.searchsorted(points, moments, side="left")]


def proportionality(
    sets: RiskSets, x: Floats, point: Point, time_scale: Floats, owners: Sequence[str]
) -> pl.DataFrame:
    """``term``, ``statistic`` (χ²), ``df``, ``p``: one row per owner, all of its columns together, and
    ``GLOBAL``.

    ``owners`` names the term or covariate that each column of ``x`` is tested as part of.
    """
    low, spread = float(time_scale.min()), float(np.ptp(time_scale))
    if not spread > 0:
        raise ValueError("all events happen at one time: there is no change over time to test")
    # The test is the same for any scale and origin of g; within 0 and 1 the matrices are best behaved.
    g = (time_scale - low) / spread
    p = x.shape[1]
    sums = risk_sums(sets, x, point.risk)
    both = np.empty((2 * p, 2 * p))
    both[:p, :p] = point.information
    drift = exposures(sets, point.hazards, g)
    mixed = information(sets, x, point.risk, point.hazards, drift, sums, g)
    both[:p, p:] = both[p:, :p] = mixed
    squared = exposures(sets, point.hazards, g**2)
    both[p:, p:] = information(sets, x, point.risk, point.hazards, squared, sums, g**2)
    residual = -point.risk * drift
    residual[sets.died] += sets.weights[sets.died] * g[sets.moment]
    slope = np.concatenate([np.zeros(p), weighted_sums(residual, x)])
    names = list(dict.fromkeys(owners))
    own = [np.flatnonzero([owner == name for owner in owners]) for name in names]
    rows = [_test(both, slope, p, columns) for columns in (*own, np.arange(p))]
    return pl.DataFrame(
        {
            "term": [*names, "GLOBAL"],
            "statistic": [row[0] for row in rows],
            "df": [row[1] for row in rows],
            "p": [row[2] for row in rows],
        },
        schema_overrides={"statistic": pl.Float64, "p": pl.Float64},
    )


def _test(both: Floats, slope: Floats, p: int, columns: np.ndarray) -> tuple[float | None, int, float | None]:
    """The score test that the drifts of ``columns`` are zero; no numbers where it cannot be computed."""
    kept = np.concatenate([np.arange(p), columns + p])
    part = both[np.ix_(kept, kept)]
    scale = np.sqrt(np.maximum(np.diag(part), 0.0))
    if not scale.min() > 0:
        return None, len(columns), None
    u = slope[kept] / scale
    try:
        factor = np.linalg.cholesky(part / np.outer(scale, scale))
    except np.linalg.LinAlgError:
        return None, len(columns), None
    if np.diag(factor).min() < TOLERANCE:
        return None, len(columns), None
    statistic = float((np.linalg.solve(factor, u) ** 2).sum())
    return statistic, len(columns), float(scipy.stats.chi2.sf(statistic, len(columns)))
