"""The variance of matching with replacement, as Abadie and Imbens derived it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import KDTree

from ..design import design_matrix
from ..inputs import Flags, Floats, complete_rows, numbers
from ..logit import logit
from .mahalanobis import mahalanobis_points
from .nearest import Indices
from .sample import Sample
from .space import Space, nearest_in_space

if TYPE_CHECKING:
    from .effect import Used

NEIGHBOURS = 2
"""People of the same group, alike, whose spread tells how much outcomes vary; Stata's teffects takes two."""


def abadie_imbens_variance(sample: Sample, used: Used, outcome: str, estimate: float) -> tuple[float, str]:
    """The variance of the effect on the treated, matched with replacement, and its name.

    V = 1/n₁² · [Σ_treated (Yᵢ − Ȳ₀ᵢ − τ)² + Σ_controls (Kᵢ² − K′ᵢ) σ²ᵢ], where Ȳ₀ᵢ is the mean of the partners
    of i, Kᵢ and K′ᵢ are the sum of the shares and of the squared shares control i has in the pairs it serves
    in, and σ²ᵢ is the variance of the outcome among people of the same group like i (Abadie & Imbens 2006,
    Econometrica 74, theorem 7; J = 2 neighbours).

    A propensity score that was estimated here changes it by (d′I⁻¹d − c′I⁻¹c)/n (Abadie & Imbens 2016,
    Econometrica 84, theorem 2), with I the information of the logistic regression per row. It can be smaller
    or larger than with a known score.

    Raises ``ValueError`` for matching without replacement, whole cells, prognostic scores, column calipers,
    and, with an estimated score, for ``discard`` and exact cells, where the theory does not hold.
    """
    if sample.space is None or not sample.replace or sample.distance == "prognostic":
        raise ValueError(
            "Abadie–Imbens errors are for matching with replacement on covariates or a propensity score"
        )
    rows = sample.rows
    place = np.full(int(rows["row"].to_numpy().max()) + 1, -1)
    place[rows["row"].to_numpy()] = np.arange(rows.height)
    who = place[used.table["row"].to_numpy()]
    n1 = int(used.treated.sum())
    control_mean = np.bincount(used.pair, weights=np.where(used.treated, 0.0, used.weight * used.values))
    own = np.bincount(used.pair, weights=np.where(used.treated, used.values, 0.0))
    total = float(((own - control_mean - estimate) ** 2).sum())
    control, share = who[~used.treated], used.weight[~used.treated]
    k = np.bincount(control, weights=share, minlength=rows.height)
    excess = k**2 - np.bincount(control, weights=share**2, minlength=rows.height)
    busy = np.flatnonzero(excess > 0)
    known = complete_rows(rows, [outcome]).rows
    values = np.full(rows.height, np.nan)
    values[known] = numbers(rows[known], outcome)
    if len(busy):
        others = known[~sample.treated[known]]
        near = _alike(sample.space.points, busy, others, NEIGHBOURS)
        spread = (values[busy] - values[near].mean(axis=1)) ** 2 * NEIGHBOURS / (NEIGHBOURS + 1)
        total += float((excess[busy] * spread).sum())
    variance = total / n1**2
    name = f"Abadie–Imbens (2006) with {NEIGHBOURS} neighbours, normal distribution"
    if sample.distance == "propensity" and sample.score_fitted:
        if not sample.inside.all() or len(np.unique(sample.cell)) > 1 or len(known) < rows.height:
            raise ValueError(
                "Abadie–Imbens errors with an estimated score need every row: no discard, no exact cells and no "
                "missing outcome"
            )
        variance += _estimated_score(sample, sample.space.points, values, estimate)
        name = f"Abadie–Imbens (2016) for an estimated score, {NEIGHBOURS} neighbours, normal distribution"
    if variance <= 0:
        raise ValueError(
            "the Abadie–Imbens variance is not positive in these few people: use errors='cluster'"
        )
    return variance, name


def _estimated_score(sample: Sample, score: Floats, values: Floats, estimate: float) -> float:
    """What estimating the score adds to the variance (or takes from it)."""
    treated = sample.treated
    design = design_matrix(sample.rows, sample.covariates)
    x = design.matrix
    p = logit(x, treated, design.names).fitted
    density = p * (1 - p)
    n = len(p)
    information = (x * density[:, None]).T @ x / n
    everybody = np.arange(n)
    # The effect in people with the same covariates, and in people with the same score. The latter is judged by
    # others: one's own outcome goes with one's own covariates.
    points, line = mahalanobis_points(sample.rows, sample.covariates, treated)
    by_covariates = np.where(treated, 1.0, -1.0) * (values - values[_opposite(points, line, treated)])
    by_score = np.zeros(n)
    together = np.zeros(x.shape[1])
    for group, side, odds in ((treated, 1.0, np.ones(n)), (~treated, -1.0, p / (1 - p))):
        members = np.flatnonzero(group)
        by_score += side * values[_alike(score, everybody, members, NEIGHBOURS)].mean(axis=1)
        near = _alike(score, everybody, members, NEIGHBOURS, itself=True)
        y, z = values[near], x[near]
        products = (z - z.mean(axis=1, keepdims=True)) * (y - y.mean(axis=1, keepdims=True))[..., None]
        covariance = products.sum(axis=1) / (NEIGHBOURS - 1)
        together += (density * odds) @ covariance / n
    together += x.T @ (density * (by_score - estimate)) / n
    slope = x.T @ (density * (by_covariates - estimate)) / n
    share = float(p.mean())
    d, c = slope / share, together / share
    return float(d @ np.linalg.solve(information, d) - c @ np.linalg.solve(information, c)) / n


def _opposite(points: Floats, line: Floats, treated: Flags) -> Indices:
    """The nearest person of the other group, for everybody."""
    place = np.empty(len(line), dtype=np.int64)
    place[np.argsort(line, kind="stable")] = np.arange(len(line))
    space = Space(points, place)
    found = np.empty(len(line), dtype=np.int64)
    for group in (treated, ~treated):
        pairs = nearest_in_space(
            space, group, np.flatnonzero(group), cell=np.zeros(len(line), dtype=np.int64), replace=True
        )
        found[pairs.treated] = pairs.control
    return found


def _alike(points: Floats, who: Indices, among: Indices, count: int, *, itself: bool = False) -> Indices:
    """The ``count`` rows of ``among`` nearest to each of ``who`` (n × count), without or with itself."""
    if len(among) < count + (not itself):
        raise ValueError(
            f"Abadie–Imbens errors need at least {count + 1} treated and controls with an outcome"
        )
    wanted = count + (not itself)
    near = among[KDTree(points[among]).query(points[who], k=wanted)[1].reshape(len(who), wanted)]
    if itself:
        return near
    # Take out itself, or where others are equally near and crowd it out, the last.
    own = near == who[:, None]
    own[~own.any(axis=1), -1] = True
    return near[~own].reshape(len(who), count)
