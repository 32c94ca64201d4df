"""The log-rank test that several groups leave at the same pace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
import scipy

from ..cautions import Caution, left_out
from ..inputs import Floats, Frame, as_polars, codes, yes_no
from .curves import distinct, from_end, read_waits, tally


@dataclass(frozen=True, slots=True)
class LogRank:
    """``statistic`` is χ² with ``df`` degrees of freedom; ``groups``: ``group``, ``n``, ``observed``,
    ``expected`` events. ``excluded`` counts rows left out, by reason (``missing <column>``).
    """

    statistic: float
    df: int
    p: float
    groups: pl.DataFrame
    excluded: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[Caution, ...] = ()


def logrank(df: Frame, duration: str, event: str, by: str, *, strata: str | None = None) -> LogRank:
    """Tests that the curves of all groups in ``by`` are the same (Mantel 1966, Cancer Chemotherapy Reports; R:
    ``survdiff``).

    At each event time the events are shared out by the numbers at risk, with hypergeometric variance, so ties
    (many leave in the same week) need no correction. With ``strata`` people are compared within the values of
    that column only, and the differences are added (R: ``survdiff(… + strata(s))``).

    Rows with a missing value are left out and counted. Raises ``ValueError`` with fewer than two groups, without
    any event, and when no event happens while members of two groups are at risk.
    """
    df = as_polars(df)
    waits = read_waits(df, duration, event, by, [strata] if strata else [])
    ended, k = yes_no(waits.table, event), len(waits.labels)
    if k < 2:
        raise ValueError(f"a log-rank test needs at least two groups in column '{by}', there is one")
    if not ended.any():
        raise ValueError(f"a log-rank test needs at least one event in column '{event}', there is none")
    moments, index = distinct(waits.times)
    stratum = np.zeros(len(index), dtype=np.int64) if strata is None else codes(waits.table, strata)[0]
    # The times of one stratum after those of another: one long line of risk sets, cut between strata.
    places, cell = distinct((stratum * len(moments) + index).astype(np.float64))
    size = len(places)
    place = waits.group * size + cell
    leaving = tally(place, np.ones(len(place)), k * size).reshape(k, size)
    events = tally(place, ended.astype(np.float64), k * size).reshape(k, size)
    following = np.searchsorted(places, (places // len(moments) + 1) * len(moments))
    beyond = np.append(from_end(leaving), np.zeros((k, 1)), axis=1)
    at_risk = beyond[:, :-1] - beyond[:, following]
    hit = events.sum(axis=0) > 0
    events, at_risk = events[:, hit], at_risk[:, hit]
    d, n = events.sum(axis=0), at_risk.sum(axis=0)
    share = at_risk / n
    observed, expected = events.sum(axis=1), (share * d).sum(axis=1)
    factor = d * (n - d) / np.maximum(n - 1, 1)
    covariance = np.diag((factor * share).sum(axis=1)) - (factor * share) @ share.T
    tested = chi_squared_of(observed - expected, covariance)
    if tested is None:
        raise ValueError("no event happens while two groups are at risk: a log-rank test is not possible")
    statistic, degrees, p = tested
    groups = pl.DataFrame(
        {
            "group": waits.labels,
            "n": np.bincount(waits.group, minlength=k),
            "observed": observed.astype(np.int64),
            "expected": expected,
        }
    )
    return LogRank(statistic, degrees, p, groups, waits.excluded, left_out(waits.excluded, df.height))


def chi_squared_of(difference: Floats, covariance: Floats) -> tuple[float, int, float] | None:
    """χ², its degrees of freedom and p for differences that sum to zero over groups; None without variance.

    The degrees of freedom are the rank: a group that nobody could be compared with counts for none.
    """
    scale = float(np.diag(covariance).max())
    if not scale > 1e-12:
        return None
    statistic = float(difference @ np.linalg.pinv(covariance, rcond=1e-10, hermitian=True) @ difference)
    degrees = int(np.linalg.matrix_rank(covariance, tol=1e-10 * scale, hermitian=True))
    return statistic, degrees, float(scipy.stats.chi2.sf(statistic, degrees))
