"""The log-rank test that several groups leave at the same pace."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import stats

from .curves import read_times


@dataclass(frozen=True, slots=True)
class LogRank:
    """``statistic`` is χ² with ``df`` degrees of freedom; ``groups``: ``group``, ``n``, ``observed``,
    ``expected``.
    """

    statistic: float
    df: int
    p: float
    groups: pl.DataFrame


def logrank(table: pl.DataFrame, time: str, event: str, by: str) -> LogRank:
    """Tests that the curves of all groups in ``by`` are the same (R: ``survdiff``).

    Raises ``ValueError`` with fewer than two groups, without any event, and when no event happens while
    members of two groups are at risk.
    """
    group, times, ended, labels = read_times(table, time, event, by)
    k = len(labels)
    if k < 2:
        raise ValueError(f"a log-rank test needs at least two groups in column '{by}', there is one")
    if not ended.any():
        raise ValueError("a log-rank test needs at least one event, there is none")
    moments, index = np.unique(times, return_inverse=True)
    cell = group * len(moments) + index
    leaving = np.bincount(cell, minlength=k * len(moments)).reshape(k, -1)
    deaths = np.bincount(cell, weights=ended, minlength=k * len(moments)).reshape(k, -1)
    at_risk = leaving[:, ::-1].cumsum(axis=1)[:, ::-1].astype(np.float64)
    hit = deaths.sum(axis=0) > 0
    deaths, at_risk = deaths[:, hit], at_risk[:, hit]
    d, n = deaths.sum(axis=0), at_risk.sum(axis=0)
    share = at_risk / n
    expected = (share * d).sum(axis=1)
    observed = deaths.sum(axis=1)
    # Hypergeometric variance of the events each group gets at each time.
    factor = d * (n - d) / np.maximum(n - 1, 1)
    covariance = np.diag((factor * share).sum(axis=1)) - (factor * share) @ share.T
    difference = observed - expected
    if not np.diag(covariance).max() > 0:
        raise ValueError("no event happens while two groups are at risk: a log-rank test is not possible")
    statistic = float(difference @ np.linalg.pinv(covariance, rcond=1e-10, hermitian=True) @ difference)
    df = int(np.linalg.matrix_rank(covariance, tol=1e-10 * np.diag(covariance).max(), hermitian=True))
    groups = pl.DataFrame(
        {
            "group": labels,
            "n": np.bincount(group, minlength=k),
            "observed": observed.astype(np.int64),
            "expected": expected,
        }
    )
    return LogRank(statistic, df, float(stats.chi2.sf(statistic, df)), groups)
