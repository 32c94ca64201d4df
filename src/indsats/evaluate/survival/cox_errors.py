"""The cluster-robust covariance of a Cox regression: scores of each row, summed by cluster, around the inverse.

Lin & Wei (1989, JASA 84), with tied events as Therneau & Grambsch (2000, Modeling Survival Data, §7.1). Row i's
score is  δᵢ(xᵢ − ū) − rᵢ Σ steps (m/φ)(1 − l/d if it is its own event)(xᵢ − x̄),  where ū is the plain mean of
x̄ over the d steps of its event.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from ..inputs import Floats
from .cox_likelihood import Point, risk_sums
from .cox_risk import Index, RiskSets, grouped


def cluster_scores(sets: RiskSets, x: Floats, point: Point, cluster: Index) -> Floats:
    """The weighted score residuals at ``point``, summed by ``cluster`` (numbered from 0): clusters × columns.

    Everything that varies by row is summed by sparse products, so that no table of rows × columns is made.
    """
    found, risk, events = point.hazards, point.risk, sets.weights[sets.died]
    groups = int(cluster.max()) + 1
    order, ends = grouped(cluster, groups)
    whole, own = risk_sums(sets, x, risk)

    # Σ steps (m/φ) x̄ per moment, then over the moments each row was at risk in.
    drift = np.zeros((sets.moments + 1, x.shape[1]))
    np.multiply(whole, found.square[:, None], out=drift[1:])
    drift[sets.tied + 1] -= own * found.own_square[sets.tied, None]
    np.cumsum(drift, axis=0, out=drift)

    residual = -risk * point.exposure
    residual[sets.died] += events
    total = csr_array((residual[order], order, ends), shape=(groups, len(x))) @ x
    shape = (groups, len(drift))
    total += csr_array((risk[order], sets.last[order], ends), shape=shape) @ drift
    if sets.first is not None:
        entered = np.minimum(sets.first, sets.last)[order]
        total -= csr_array((risk[order], entered, ends), shape=shape) @ drift

    # The events' own part: the mean of x̄ over the steps, and the share of Σ (m/φ) x̄ they were not exposed to.
    order, ends = grouped(cluster[sets.died], groups)
    shape = (groups, sets.moments)
    if len(sets.tied):
        unexposed = np.zeros_like(whole)
        unexposed[sets.tied] = whole[sets.tied] * found.own_square[sets.tied, None]
        unexposed[sets.tied] -= own * found.own_own_square[sets.tied, None]
        total -= csr_array((risk[sets.died][order], sets.moment[order], ends), shape=shape) @ unexposed
    deaths = np.bincount(sets.moment, weights=events)
    whole *= (found.hazard / deaths)[:, None]
    whole[sets.tied] -= own * (found.own_hazard / deaths)[sets.tied, None]
    total -= csr_array((events[order], sets.moment[order], ends), shape=shape) @ whole
    return total


def robust_covariance(sets: RiskSets, x: Floats, point: Point, inverse: Floats, cluster: Index) -> Floats:
    """The sandwich of summed scores; no small-sample factor, as in R's ``coxph(cluster = )``."""
    influence = cluster_scores(sets, x, point, cluster) @ inverse
    return influence.T @ influence
