"""Least squares whose errors hold in small samples: HC2 by person, CR2 by cluster, with their degrees of freedom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl
import scipy
from numpy.typing import NDArray

from ..design import refuse_redundant, standardised
from ..inputs import Floats

NO_ERROR = 1e-12
"""An error below this share of the outcome's size is rounding, not variation."""

HC2 = "heteroskedasticity-robust HC2, t with n − k degrees of freedom"
CR2 = "cluster-robust CR2 by '{cluster}', t with Bell–McCaffrey degrees of freedom"


class Contrast(NamedTuple):
    """A weighted sum of coefficients, its standard error and the degrees of freedom of its t distribution."""

    estimate: float
    se: float
    degrees: float


class Wald(NamedTuple):
    """A joint test that several coefficients are zero: F with ``degrees`` (several, remaining) and its p."""

    statistic: float
    degrees: tuple[float, float]
    p: float


@dataclass(frozen=True, slots=True)
class RobustFit:
    """Coefficients in the order of ``names`` and what their errors are made of.

    ``root`` (k × k) turns the orthonormal columns of the fit into coefficients; ``scores`` (units × k) holds
    what each unit (person or cluster) adds to the error; ``spread`` (units × k × k, or units × 1 × 1 for
    persons, whose own adjustment is one number) and ``own`` are what the degrees of freedom need.
    """

    names: tuple[str, ...]
    coefficients: Floats
    residuals: Floats
    root: Floats
    scores: Floats
    spread: Floats
    own: Floats
    clustered: bool
    scale: float

    @property
    def covariance(self) -> Floats:
        """HC2 or CR2 covariance of the coefficients."""
        moved = self.scores @ self.root.T
        return moved.T @ moved

    def influence(self, weights: Floats) -> Floats:
        """What each unit adds to the error of ``weights @ coefficients``: its variance is the sum of squares."""
        return self.scores @ (self.root.T @ weights)

    def contrast(self, weights: Floats) -> Contrast:
        """The weighted sum of coefficients; ``se`` is 0 when only rounding is left of it."""
        se = float(np.sqrt((self.influence(weights) ** 2).sum()))
        size = self.scale * float(np.abs(self.root.T @ weights).max(initial=0.0))
        return Contrast(
            float(weights @ self.coefficients), se if se > NO_ERROR * size else 0.0, self._degrees(weights)
        )

    def _degrees(self, weights: Floats) -> float:
        """n − k for persons; for clusters the Satterthwaite ones of Bell & McCaffrey (2002).

        With errors of equal variance the CR2 variance is a quadratic form with matrix Ω over clusters; the
        degrees of freedom are tr(Ω)² / tr(Ω²). Ω is diagonal minus U Uᵀ, so nothing of its size is formed.
        """
        if not self.clustered:
            return float(len(self.residuals) - len(self.names))
        direction = self.root.T @ weights
        adjusted = self.spread @ direction  # B_g v
        outer = np.einsum("gij,gj->gi", self.own, adjusted)  # S_g B_g v
        diagonal = np.einsum("gi,gi->g", adjusted, outer)
        squares = (outer**2).sum(axis=1)
        trace = diagonal.sum() - squares.sum()
        whole = (diagonal**2).sum() - 2 * (diagonal * squares).sum() + ((outer.T @ outer) ** 2).sum()
        return float(trace**2 / whole) if whole > 0 and trace > 0 else 1.0

    @property
    def table(self) -> pl.DataFrame:
        """``term, coef, se, p, lower, upper``, each coefficient with its own degrees of freedom."""
        found = [self.contrast(one) for one in np.eye(len(self.names))]
        estimate, se, degrees = (np.array(part) for part in zip(*found, strict=True))
        half = scipy.stats.t.ppf(0.975, degrees) * se
        some = se > 0
        t = np.divide(np.abs(estimate), se, out=np.zeros(len(se)), where=some)
        p = np.where(some, 2 * scipy.stats.t.sf(t, degrees), np.nan)
        return pl.DataFrame(
            {
                "term": self.names,
                "coef": estimate,
                "se": se,
                "p": pl.Series(p, nan_to_null=True),
                "lower": estimate - half,
                "upper": estimate + half,
            }
        )

    def wald(self, weights: Floats) -> Wald:
        """Joint test that the sums of coefficients weighted by each row of ``weights`` (q × k) are zero.

        F with q degrees of freedom, and n − k (persons) or clusters − q (clusters) remaining; for clusters the
        statistic is scaled as Hotelling's T² with clusters − 1. Raises ``ValueError`` when there are too few
        clusters for so many, or a sum has no error.
        """
        q = len(weights)
        influence = self.scores @ (self.root.T @ weights.T)
        covariance = influence.T @ influence
        remaining = float(len(self.scores) - 1 if self.clustered else len(self.residuals) - len(self.names))
        left = remaining - q + 1 if self.clustered else remaining
        se = np.array([self.contrast(one).se for one in weights])
        if left < 1 or not (se > 0).all():
            raise ValueError(
                f"{len(self.scores)} rows or clusters are too few to test {q} differences jointly"
            )
        values = weights @ self.coefficients / se
        quadratic = float(values @ np.linalg.pinv(covariance / np.outer(se, se), hermitian=True) @ values)
        statistic = quadratic / q * (left / remaining)
        return Wald(statistic, (float(q), left), float(scipy.stats.f.sf(statistic, q, left)))


def robust_fit(
    matrix: Floats, outcome: Floats, names: Sequence[str], clusters: NDArray[np.int64] | None = None
) -> RobustFit:
    """Least squares of ``outcome`` (n) on ``matrix`` (n × k, with its constant) with HC2 or CR2 errors.

    HC2 divides each squared residual by 1 − leverage (MacKinnon & White 1985, Journal of Econometrics
    29:305–325); CR2 multiplies the residuals of a cluster by (I − H_gg)^(−1/2) (Bell & McCaffrey 2002, Survey
    Methodology 28:169–181), by its generalised inverse where a cluster alone decides a coefficient (Pustejovsky
    & Tipton 2018, Journal of Business & Economic Statistics 36:672–683). On orthonormal columns Q the matrix
    of a cluster's size reduces to one of k × k: (I − QQᵀ)^(−1/2) Q = Q (I − QᵀQ)^(−1/2).

    Raises ``ValueError`` for redundant columns, n ≤ k, fewer than two clusters, and a row that alone decides
    a coefficient (HC2 has no value there).
    """
    n, k = matrix.shape
    scaled, _, _ = standardised(matrix)
    refuse_redundant(matrix, names, scaled)
    if n <= k:
        raise ValueError(f"{n} complete rows leave nothing to estimate the error of {k} coefficients by")
    if clusters is not None and clusters.max() < 1:
        raise ValueError("cluster-robust errors need at least two clusters, there is one")
    q = np.linalg.qr(scaled)[0]
    norms = np.sqrt((matrix**2).sum(axis=0))
    root = np.linalg.inv(q.T @ (matrix / norms)) / norms[:, None]
    projected = q.T @ outcome
    residuals = outcome - q @ projected
    scale = float(np.abs(outcome).max(initial=0.0))
    if clusters is None:
        left = 1 - (q**2).sum(axis=1)
        alone = np.flatnonzero(left < 1e-10)
        if len(alone):
            column = names[int(np.argmax(np.abs(q[alone[0]])))]
            raise ValueError(
                f"a single row alone decides a coefficient (near column '{column}'), so its error cannot be "
                "known: merge small levels or leave the column out"
            )
        scores = q * (residuals / np.sqrt(left))[:, None]
        spread = own = np.empty((0, k, k))
    else:
        groups = int(clusters.max()) + 1
        order = np.argsort(clusters, kind="stable")
        starts = np.searchsorted(clusters[order], np.arange(groups))
        sorted_q = q[order]
        own = np.stack([part.T @ part for part in np.split(sorted_q, starts[1:])])
        values, vectors = np.linalg.eigh(own)
        rest = 1 - values
        inverse = np.where(rest > 1e-8, 1 / np.sqrt(np.maximum(rest, 1e-8)), 0.0)
        spread = (vectors * inverse[:, None, :]) @ vectors.transpose(0, 2, 1)
        sums = np.add.reduceat(sorted_q * residuals[order][:, None], starts, axis=0)
        scores = np.einsum("gij,gj->gi", spread, sums)
    return RobustFit(
        tuple(names), root @ projected, residuals, root, scores, spread, own, clusters is not None, scale
    )
