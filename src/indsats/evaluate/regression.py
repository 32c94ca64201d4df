"""Least-squares regression of an outcome on treatment and covariates, with a named standard error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .cautions import FEW_CLUSTERS, few_clusters, left_out
from .design import design_matrix, refuse_redundant, standardised
from .errors import cluster_meat
from .inputs import Floats, as_polars, chosen, codes, columns_of, complete_rows, numbers, two_groups
from .results import ROUNDING, Effect, infer

StandardError = Literal["classical", "hc1", "cluster"]

SE_NAMES: dict[StandardError, str] = {
    "classical": "classical least squares, t with n − k degrees of freedom",
    "hc1": "heteroskedasticity-robust HC1, t with n − k degrees of freedom",
    "cluster": "cluster-robust CRV1 by '{cluster}', t with clusters − 1 degrees of freedom",
}


@dataclass(frozen=True, slots=True)
class LeastSquares:
    """Coefficients in the order of ``names`` with their standard errors; ``df`` of the t distribution."""

    names: tuple[str, ...]
    coefficients: Floats
    se: Floats
    covariance: Floats
    df: float
    residuals: Floats


def least_squares(
    matrix: Floats,
    outcome: Floats,
    names: Sequence[str],
    *,
    se: StandardError = "classical",
    clusters: NDArray[np.int64] | None = None,
    weights: Floats | None = None,
) -> LeastSquares:
    """Ordinary or weighted least squares of ``outcome`` (n) on ``matrix`` (n × k, constant included).

    ``clusters`` numbers the cluster of each row from 0; the CRV1 factor is G/(G−1)·(n−1)/(n−k) as in Stata
    and R's sandwich. Raises ``ValueError`` when a column is redundant, when n ≤ k, or with fewer than two
    clusters.
    """
    n, k = matrix.shape
    scaled, centres, scales = standardised(matrix)
    refuse_redundant(matrix, names, scaled)
    if n <= k:
        raise ValueError(f"{n} complete rows leave nothing to estimate the error of {k} coefficients by")
    # Centring moves a multiple of the constant; without one the columns are only scaled.
    has_constant = bool((np.ptp(matrix, axis=0) == 0).any())
    if not has_constant:
        scales = np.sqrt((matrix**2).sum(axis=0))
        centres, scaled = np.zeros(k), matrix / scales
    root = np.ones(n) if weights is None else np.sqrt(weights)
    q, r = np.linalg.qr(scaled * root[:, None])
    solved = np.linalg.solve(r, q.T @ (outcome * root))
    back = _unscale(centres, scales, matrix)
    coefficients = back @ solved
    residuals = outcome - scaled @ solved
    bread = np.linalg.inv(r) @ np.linalg.inv(r).T
    df = float(n - k)
    if se == "classical":
        inner = bread * float(((residuals * root) ** 2).sum()) / df
    else:
        scores = scaled * (residuals * root**2)[:, None]
        if se == "hc1":
            inner = n / (n - k) * bread @ (scores.T @ scores) @ bread
        elif clusters is None:
            raise ValueError("cluster-robust errors need the column that names the clusters")
        else:
            inner = (n - 1) / (n - k) * bread @ cluster_meat(scores, clusters) @ bread
            df = float(clusters.max())
    covariance = back @ inner @ back.T
    return LeastSquares(tuple(names), coefficients, np.sqrt(np.diag(covariance)), covariance, df, residuals)


def _unscale(centres: Floats, scales: Floats, matrix: Floats) -> Floats:
    """The matrix that turns coefficients of centred and scaled columns into those of the columns as given."""
    back = np.diag(1 / scales)
    moved = np.flatnonzero(centres)
    if len(moved):
        constant = int(np.flatnonzero(np.ptp(matrix, axis=0) == 0)[0])
        back[constant, moved] -= centres[moved] / scales[moved] / matrix[0, constant]
    return back


def regression(
    df: pl.DataFrame,
    outcome: str,
    treatment: str = "treated",
    adjust: Sequence[str] = (),
    *,
    se: StandardError = "classical",
    cluster: str | None = None,
    weights: str | None = None,
) -> Effect:
    """The coefficient of ``treatment`` in a least-squares regression of ``outcome`` that also holds ``adjust``.

    All columns are cast to float64 first; categorical columns enter as one indicator per level but the first
    (alphabetically). ``mean_treated`` and ``mean_control`` are the unadjusted (weighted) means. Rows with a
    missing value in any column used are excluded and counted. Raises ``ValueError`` for empty groups, for
    a column that is constant or a combination of others, naming it, and for an outcome that the columns explain
    without remainder.
    """
    df = as_polars(df)
    chosen("se", se, StandardError)
    adjust = columns_of(adjust, "adjust", outcome=outcome, treatment=treatment)
    if (cluster is None) == (se == "cluster"):
        raise ValueError("give 'cluster' exactly when the standard error is 'cluster'")
    columns = [treatment, outcome, *adjust, *(c for c in (cluster, weights) if c)]
    complete = complete_rows(df, columns)
    flags = two_groups(complete.table, treatment)
    values = numbers(complete.table, outcome)
    weight = numbers(complete.table, weights) if weights else None
    if weight is not None and not (weight > 0).all():
        raise ValueError(f"weights in column '{weights}' must be above zero")
    adjustment = design_matrix(complete.table, adjust, constant=False)
    matrix = np.column_stack([np.ones(len(values)), flags.astype(np.float64), adjustment.matrix])
    names = ("constant", treatment, *adjustment.names)
    groups = codes(complete.table, cluster)[0] if cluster else None
    fit = least_squares(matrix, values, names, se=se, clusters=groups, weights=weight)
    estimate, error = float(fit.coefficients[1]), float(fit.se[1])
    root = np.ones(len(values)) if weight is None else np.sqrt(weight)
    if float(np.linalg.norm(fit.residuals * root)) <= ROUNDING * float(np.linalg.norm(values * root)):
        raise ValueError(
            f"outcome '{outcome}' is explained without remainder: there is no standard error to give"
        )
    size = float(np.abs(values).max() / np.sqrt(len(values)))
    if groups is not None and error <= ROUNDING * size:
        raise ValueError(
            f"what is unexplained of '{outcome}' cancels out within each cluster (column '{cluster}'): "
            "there is no standard error to give"
        )
    drawn = infer(outcome, estimate, error, fit.df, size=size)
    binary = bool(((values == 0) | (values == 1)).all())
    cautions = left_out(complete.excluded, df.height)
    n_clusters = None
    if groups is not None:
        n_clusters = int(groups.max()) + 1
        if n_clusters < FEW_CLUSTERS:
            cautions = (*cautions, few_clusters(n_clusters, len(np.unique(groups[flags]))))
    return Effect(
        estimand="ATE",
        estimate=estimate,
        se=error,
        interval=drawn.interval,
        p=drawn.p,
        n_treated=int(flags.sum()),
        n_control=int((~flags).sum()),
        n_clusters=n_clusters,
        outcome=outcome,
        design=("weighted " if weights else "")
        + "least-squares regression"
        + (f", adjusted for {', '.join(adjust)}" if adjust else ""),
        se_method=SE_NAMES[se].format(cluster=cluster),
        statistic=drawn.statistic,
        df=fit.df,
        mean_treated=float(np.average(values[flags], weights=None if weight is None else weight[flags])),
        mean_control=float(np.average(values[~flags], weights=None if weight is None else weight[~flags])),
        events_treated=int(values[flags].sum()) if binary else None,
        events_control=int(values[~flags].sum()) if binary else None,
        excluded=complete.excluded,
        warnings=cautions,
    )
