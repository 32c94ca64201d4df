"""From what each row adds to an estimate to its standard error, also when ingredients were estimated first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ..cautions import FEW_CLUSTERS, Caution, few_clusters
from ..inputs import Flags, Floats, codes
from ..results import Diagnostic, Effect, Estimand, infer
from .doubts import few_rows

ROUNDING = 1e-12
"""An error smaller than this part of the outcome is rounding: there is no variation to judge by."""


@dataclass(frozen=True, slots=True)
class Ingredient:
    """Parameters estimated on the way to an estimate, such as those of a propensity score.

    ``design`` (n × k) are the columns of its linear predictor, ``slope`` (n) how fast what is made of the
    predictor (a weight, a probability) rises with it, ``influence`` (n × k) how far each row moves the
    parameters: their error is about the mean of its rows.
    """

    design: Floats
    slope: Floats
    influence: Floats

    def carried(self, sensitivity: Floats) -> Floats:
        """What each row adds to an estimate through these parameters.

        ``sensitivity`` (n) is the derivative of the estimate, times n, with respect to what is made of the
        predictor in each row.
        """
        return self.influence @ (self.design.T @ (sensitivity * self.slope) / len(sensitivity))


def influence(scores: Floats, information: Floats) -> Floats:
    """How far each row moves parameters that solve ``scores.sum(axis=0) == 0`` (scores: n × k).

    ``information`` (k × k) is minus the derivative of that sum. This is the stacked sandwich of M-estimation
    written row by row (Stefanski & Boos 2002, The American Statistician 56:29–38). The pseudo-inverse lets
    parameters stand that the rows of one group cannot tell apart but that do not matter to the result.
    """
    return len(scores) * scores @ np.linalg.pinv(information, hermitian=True)


@dataclass(frozen=True, slots=True)
class Clusters:
    """The column that names clusters, and the number of the cluster of each row from 0."""

    column: str
    of_row: NDArray[np.int64]

    @property
    def count(self) -> int:
        """How many clusters there are."""
        return int(self.of_row.max()) + 1


def read_clusters(table: pl.DataFrame, column: str | None) -> Clusters | None:
    """The clusters of a table without missing values in ``column``; ``ValueError`` if there is only one."""
    if column is None:
        return None
    clusters = Clusters(column, codes(table, column)[0])
    if clusters.count < 2:
        raise ValueError(f"column '{column}' holds one cluster: cluster-robust errors need at least two")
    return clusters


def effect_of(
    *,
    estimate: float,
    rows: Floats,
    outcome: str,
    values: Floats,
    flags: Flags,
    estimand: Estimand,
    design: str,
    errors: str,
    clusters: Clusters | None,
    means: tuple[float, float],
    excluded: Mapping[str, int],
    diagnostics: Mapping[str, Diagnostic],
    warnings: Sequence[Caution],
) -> Effect:
    """An effect whose error comes from ``rows`` (n): how far each row moves the estimate.

    The variance is Σ rows² / n² as in Stata's teffects (HC0), with the normal distribution; with clusters the
    rows of one are summed first, times G/(G−1), with t on G − 1 degrees of freedom. ``values`` and ``flags``
    are the outcomes and groups of the rows with an outcome; where some rows have none, G counts the clusters
    with a row that moves the estimate. Raises ``ValueError`` when that is one cluster.
    """
    n, degrees, n_clusters = len(rows), None, None
    n_treated, n_control = int(flags.sum()), int((~flags).sum())
    cautions = [*warnings, *few_rows(n_treated, n_control)]
    if clusters is None:
        variance = float((rows**2).sum()) / n**2
        law = "normal distribution"
    else:
        # Rows without an outcome bring no clusters of their own, unless what they say of the weights matters.
        part = clusters.of_row if len(values) == n else clusters.of_row[rows != 0]
        n_clusters = len(np.unique(part))
        if n_clusters < 2:
            raise ValueError(
                f"one cluster of column '{clusters.column}' is left in the rows used for outcome '{outcome}': "
                "cluster-robust errors need at least two"
            )
        sums = np.bincount(clusters.of_row, weights=rows)
        variance = float((sums**2).sum()) / n**2 * n_clusters / (n_clusters - 1)
        degrees = float(n_clusters - 1)
        law = f"cluster-robust by '{clusters.column}', t with clusters − 1 degrees of freedom"
        if n_clusters < FEW_CLUSTERS:
            cautions.append(few_clusters(n_clusters))
    se = sqrt(variance)
    drawn = infer(outcome, estimate, se if se > ROUNDING * np.abs(values).max() else 0.0, degrees)
    binary = bool(((values == 0) | (values == 1)).all())
    return Effect(
        estimand=estimand,
        estimate=estimate,
        se=se,
        interval=drawn.interval,
        p=drawn.p,
        n_treated=n_treated,
        n_control=n_control,
        n_clusters=n_clusters,
        outcome=outcome,
        design=design,
        se_method=f"{errors}; {law}",
        statistic=drawn.statistic,
        df=degrees,
        mean_treated=means[0],
        mean_control=means[1],
        events_treated=int(values[flags].sum()) if binary else None,
        events_control=int(values[~flags].sum()) if binary else None,
        excluded=excluded,
        diagnostics=diagnostics,
        warnings=tuple(cautions),
    )
