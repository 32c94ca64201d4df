"""Least squares with absorbed columns and cluster-robust errors, for millions of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import polars as pl
import scipy
from numpy.typing import NDArray

from ..cautions import FEW_CLUSTERS, Caution, few_clusters
from ..design import refuse_same_names
from ..inputs import Floats, Frame, as_polars, chosen, columns_of, complete_rows, numbers
from ..results import NO_ERROR
from .absorb import Factor, Within, crossed, nested
from .cautions import no_error, not_positive
from .prepare import Prepared, cluster_names, prepare, solve, triangle

SmallSample = Literal["nonnested", "all"]
"""Which absorbed levels count as coefficients in the factor of a cluster-robust error."""

TwoWay = Literal["each", "smallest"]
"""Whose number of clusters corrects the three terms of a two-way error: each its own, or the smallest for all."""

Independent = Literal["hc1", "classical"]
"""The error when no cluster is given."""


@dataclass(frozen=True, slots=True)
class AbsorbedRegression:
    """A fitted regression.

    ``table`` has a row for each coefficient (``term``, ``coef``, ``se``, ``t``, ``p`` and 95 % ``lower`` and
    ``upper``); ``covariance`` is in its order. ``n`` counts the rows used, ``clusters`` the clusters of each cluster
    column, ``df`` the degrees of freedom of t, ``absorbed`` the levels of each absorbed column. ``residuals`` belong
    to ``rows``, the positions in the table that was given; ``excluded`` counts the others by reason.
    """

    table: pl.DataFrame
    covariance: Floats
    n: int
    clusters: tuple[int, ...]
    df: float
    residuals: Floats
    rows: NDArray[np.int64]
    outcome: str
    se_method: str
    absorbed: dict[str, int] = field(default_factory=dict)
    excluded: dict[str, int] = field(default_factory=dict)
    warnings: tuple[Caution, ...] = ()

    def row(self, term: str) -> dict[str, float]:
        """One coefficient by name: ``coef``, ``se``, ``t``, ``p``, ``lower`` and ``upper``.

        Raises ``ValueError`` when there is no such coefficient, or no error for it.
        """
        found = self.table.filter(pl.col("term") == term)
        if not found.height:
            raise ValueError(f"the regression has no term '{term}', it has {', '.join(self.table['term'])}")
        if found["se"].null_count():
            raise ValueError(
                f"there is no error for '{term}': outcome '{self.outcome}' does not vary between the clusters "
                "in a way that would tell"
            )
        return found.drop("term").row(0, named=True)


def absorbed_regression(
    df: Frame,
    outcome: str,
    covariates: Sequence[str],
    *,
    absorb: Sequence[str] = (),
    cluster: str | Sequence[str] | None = None,
    weights: str | None = None,
    small_sample: SmallSample = "nonnested",
    two_way: TwoWay = "each",
    se: Independent = "hc1",
) -> AbsorbedRegression:
    """Least squares of ``outcome`` on ``covariates`` and an indicator for every level of the columns ``absorb``.

    The indicators are projected out (Frisch-Waugh-Lovell) and never written out; without ``absorb`` there is a
    ``constant``. Categorical covariates enter as one indicator per level but the first. ``weights`` are analytic:
    they scale a row's square, not the number of rows.

    The variance is B⁻¹(Σ s_g s_g')B⁻¹ with B = X'WX within levels and s_g the sum of x·w·e over cluster g (Liang &
    Zeger 1986, Biometrika 73:13-22), times G/(G−1) · (N−1)/(N−K), with t on G − 1. K counts the coefficients and the
    absorbed levels: under ``small_sample="nonnested"`` without those of columns that lie within clusters, which the
    cluster already allows for (as R's fixest and Stata's reghdfe), under ``"all"`` all of them (as if each indicator
    had been written out). Two cluster columns: V₁ + V₂ − V₁₂ (Cameron, Gelbach & Miller 2011, Journal of Business &
    Economic Statistics 29:238-249), each with its own G (``two_way="each"``, as R's sandwich) or all with the
    ``"smallest"`` (as fixest), and t on the fewer clusters − 1; a negative eigenvalue is set to zero. Without
    clusters: ``se="hc1"`` (N/(N−K)) or ``"classical"``, K counting all.

    Rows with a missing value, and rows alone in an absorbed level, are excluded and counted. Raises ``ValueError``
    for a covariate that does not vary within the absorbed levels or is a combination of others, naming it; for
    fewer than two clusters, weights that are not above zero, too few rows, and an outcome fitted without remainder.
    """
    df = as_polars(df)
    covariates, absorb = (
        columns_of(covariates, outcome=outcome),
        columns_of(absorb, "absorb", outcome=outcome),
    )
    wanted = cluster_names(cluster)
    used = [outcome, *covariates, *absorb, *wanted, *([weights] if weights else [])]
    complete = complete_rows(df, used)
    ready = prepare(
        complete.table,
        complete.rows,
        df.height,
        complete.excluded,
        outcome,
        [*covariates],
        absorb=absorb,
        cluster=wanted,
        weights=weights,
    )
    return estimate(ready, small_sample=small_sample, two_way=two_way, se=se)


def estimate(
    ready: Prepared,
    *,
    small_sample: SmallSample = "nonnested",
    two_way: TwoWay = "each",
    se: Independent = "hc1",
) -> AbsorbedRegression:
    """Coefficients and errors of a prepared regression."""
    chosen("small_sample", small_sample, SmallSample)
    chosen("two_way", two_way, TwoWay)
    chosen("se", se, Independent)
    refuse_same_names(ready.names)
    k, n = ready.columns.shape
    absorbed = ready.within.rank if ready.within else 0
    if n <= k + absorbed:
        raise ValueError(f"{n} rows leave nothing to estimate the error of {k + absorbed} coefficients by")
    if not k:
        raise ValueError("the regression has no covariate: name at least one")
    norms, upper = triangle(ready.columns, ready.weights, ready.names)
    coefficients, residuals = solve(ready.columns, ready.outcome, ready.weights, norms, upper)
    spread = float(np.linalg.norm(ready.outcome - (ready.outcome.mean() if not ready.within else 0.0)))
    size = float(np.abs(numbers(ready.table, ready.outcome_name)).max())
    if float(np.linalg.norm(residuals)) <= max(1e-10 * spread, 1e-13 * size * np.sqrt(n)):
        raise ValueError(
            f"outcome '{ready.outcome_name}' is explained without remainder: there is no standard error to give"
        )
    inverse = np.linalg.inv(upper)
    bread = inverse @ inverse.T / np.outer(norms, norms)
    weighted = residuals if ready.weights is None else residuals * ready.weights
    classical = bread * float(residuals @ weighted) / (n - k - absorbed)
    cautions = ready.cautions
    if ready.clusters:
        counted = k + (absorbed if small_sample == "all" else _counted(ready))
        if n <= counted:
            raise ValueError(f"{n} rows leave nothing to estimate the error of {counted} coefficients by")
        smallest = min(one.count for one in ready.clusters)
        covariance = (n - 1) / (n - counted) * bread @ _meat(ready, weighted, two_way) @ bread
        if len(ready.clusters) > 1:
            values, vectors = np.linalg.eigh(covariance)
            if values.min() < -1e-12 * values.max():
                covariance = (vectors * np.maximum(values, 0.0)) @ vectors.T
                cautions = (*cautions, not_positive())
        degrees = float(smallest - 1)
        if smallest < FEW_CLUSTERS:
            cautions = (*cautions, few_clusters(smallest))
    elif se == "classical":
        covariance, degrees = classical, float(n - k - absorbed)
    else:
        scores = ready.columns * weighted
        covariance = n / (n - k - absorbed) * bread @ (scores @ scores.T) @ bread
        degrees = float(n - k - absorbed)
    back = ready.shift
    covariance = back @ covariance @ back.T
    limits = np.sqrt(np.diag(back @ classical @ back.T)) * NO_ERROR
    table = _table(ready.names, back @ coefficients, covariance, degrees, limits)
    if table["se"].null_count():
        terms = ", ".join(table.filter(pl.col("se").is_null())["term"])
        cautions = (*cautions, no_error(terms))
    return AbsorbedRegression(
        table=table,
        covariance=covariance,
        n=n,
        clusters=tuple(one.count for one in ready.clusters),
        df=degrees,
        residuals=residuals,
        rows=ready.rows,
        outcome=ready.outcome_name,
        se_method=_se_method(ready, small_sample, two_way, se),
        absorbed={one.name: one.count for one in ready.factors},
        excluded=ready.excluded,
        warnings=cautions,
    )


def _counted(ready: Prepared) -> int:
    """Absorbed levels that are not nested in a cluster; the constant they hold counts in any case."""
    if ready.within is None:
        return 0
    free = [one for one in ready.factors if not any(nested(one, outer) for outer in ready.clusters)]
    if len(free) == len(ready.factors):
        return ready.within.rank
    return Within(free).rank if len(free) > 1 else (free[0].count if free else 1)


def _meat(ready: Prepared, weighted: Floats, two_way: TwoWay) -> Floats:
    """The sum over clusters of the outer products of their scores, times G/(G − 1)."""
    smallest = min(one.count for one in ready.clusters)

    def outer(one: Factor) -> Floats:
        sums = cluster_sums(ready.columns, weighted, one)
        clusters = one.count if two_way == "each" else smallest
        return clusters / (clusters - 1) * (sums @ sums.T)

    if len(ready.clusters) == 1:
        return outer(ready.clusters[0])
    one, other = ready.clusters
    return outer(one) + outer(other) - outer(crossed(one, other))


def cluster_sums(columns: Floats, weighted: Floats, one: Factor) -> Floats:
    """Sums of columns (k × n) times ``weighted`` (n) by cluster: k × G."""
    return np.array(
        [np.bincount(one.codes, weights=column * weighted) for column in columns], dtype=np.float64
    )


def _table(
    names: Sequence[str], coefficients: Floats, covariance: Floats, degrees: float, limits: Floats
) -> pl.DataFrame:
    error = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    known = error > limits
    law = scipy.stats.t(degrees)
    statistic = coefficients / np.where(known, error, 1.0)
    half = float(law.ppf(0.975)) * error
    told = pl.Series(known)
    return pl.DataFrame(
        {
            "term": list(names),
            "coef": coefficients,
            "se": error,
            "t": statistic,
            "p": 2 * law.sf(np.abs(statistic)),
            "lower": coefficients - half,
            "upper": coefficients + half,
        }
    ).with_columns(pl.when(told).then(pl.col("se", "t", "p", "lower", "upper")))


def _se_method(ready: Prepared, small_sample: SmallSample, two_way: TwoWay, se: Independent) -> str:
    if not ready.clusters:
        name = "heteroskedasticity-robust HC1" if se == "hc1" else "classical least squares"
        return f"{name}, t with N − K degrees of freedom"
    by = " and ".join(f"'{one.name}'" for one in ready.clusters)
    levels, whose, fewer = "", "", ""
    if ready.factors:
        levels = ", K with all absorbed levels"
        if small_sample == "nonnested":
            levels = ", K without absorbed levels nested in clusters"
    if len(ready.clusters) > 1:
        fewer = "the fewer "
        whose = f", G {'of each' if two_way == 'each' else 'the smallest'}"
    return (
        f"cluster-robust CRV1 by {by}: G/(G−1)·(N−1)/(N−K){whose}{levels}, t with "
        f"{fewer}clusters − 1 degrees of freedom"
    )
