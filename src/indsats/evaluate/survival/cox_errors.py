"""The cluster-robust covariance of a Cox regression: scores of each row, summed by cluster, around the inverse.

Lin & Wei (1989, JASA 84), with tied events as Therneau & Grambsch (2000, Modeling Survival Data, §7.1). Row i's
score is  δᵢ(xᵢ − ū) − rᵢ Σ steps (m/φ)(1 − l/d if it is its own event)(xᵢ − x̄),  where ū is the plain mean of
x̄ over the d steps of its event.
"""

from __future__ import annotations

import numpy as np

from ..inputs import Floats
from .cox_likelihood import Point, cross_product, risk_sums
from .cox_risk import Index, RiskSets, summed


def cluster_scores(sets: RiskSets, x: Floats, point: Point, cluster: Index) -> Floats:
    """The weighted score residuals at ``point``, summed by ``cluster`` (numbered from 0): clusters × columns.

    Everything that varies by row is summed by sparse products, so that no table of rows × columns is made.
    """
    found, risk, events = point.hazards, point.risk, sets.weights[sets.died]
    groups = int(cluster.max()) + 1
    whole, own = risk_sums(sets, x, risk)

    # Σ steps (m/φ) x̄ per moment, then over the moments each row was at risk in.
    drift = np.zeros((sets.moments + 1, x.shape[1]))
    np.multiply(whole, found.square[:, None], out=drift[1:])
    drift[sets.tied + 1] -= own * found.own_square[sets.tied, None]
    np.cumsum(drift, axis=0, out=drift)

    residual = -risk * point.exposure
    residual[sets.died] += events
    total = summed(residual, np.arange(len(x)), cluster, groups, x)
    total += summed(risk, sets.last, cluster, groups, drift)
    if sets.first is not None:
        total -= summed(risk, np.minimum(sets.first, sets.last), cluster, groups, drift)

    # The events' own part: the mean of x̄ over the steps, and the share of Σ (m/φ) x̄ they were not exposed to.
    cluster = cluster[sets.died]
    if len(sets.tied):
        unexposed = np.zeros_like(whole)
        unexposed[sets.tied] = whole[sets.tied] * found.own_square[sets.tied, None]
        unexposed[sets.tied] -= own * found.own_own_square[sets.tied, None]
        total -= summed(risk[sets.died], sets.moment, cluster, groups, unexposed)
    deaths = np.bincount(sets.moment, weights=events)
    whole *= (found.hazard / deaths)[:, None]
    whole[sets.tied] -= own * (found.own_hazard / deaths)[sets.tied, None]
    total -= summed(events, sets.moment, cluster, groups, whole)
    return total


def robust_covariance(sets: RiskSets, x: Floats, point: Point, inverse: Floats, cluster: Index) -> Floats:
    """The sandwich of summed scores; no small-sample factor, as in R's ``coxph(cluster = )``."""
    scores = cluster_scores(sets, x, point, cluster)
    return inverse @ cross_product(scores, np.ones(len(scores))) @ inverse
