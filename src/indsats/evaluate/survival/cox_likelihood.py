"""The partial likelihood of Cox regression with tied events, its slope and its information, in whole columns.

With risk rᵢ = wᵢ exp(xᵢβ), at moment k let S₀, S₁ be the sums of r and r·x over those at risk and E₀, E₁ those
over the d tied events. Efron (1977, JASA 72) lets the l-th of d steps (l = 0 … d − 1) count the events' own risk
as 1 − l/d: φ = S₀ − (l/d) E₀, mean x̄ = (S₁ − (l/d) E₁)/φ, each step with the events' mean weight m. Breslow (1974,
Biometrics 30) takes one step with l = 0 and the sum of the weights. Then

    log L = Σ events w·xβ − Σ steps m log φ
    slope = Σ rows x (w·event − r·C)
    information = Σ rows r·C·x xᵀ − Σ steps m x̄ x̄ᵀ

where Cᵢ sums m/φ over the steps of row i's moments, less (l/d) m/φ for the steps of its own event. So the first
part of the information is one weighted cross-product of the rows, and the second needs per moment only S₁, E₁ and
five numbers: no matrix is held per moment, and no moment is visited in turn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..inputs import Floats
from .cox_risk import RiskSets

PRODUCTS = 1 << 18
"""Multiplications per block of a cross-product of few columns: so few are done at once by one thread, whereas
waking others for them costs much more than the work when the machine has something else to do."""
ROWS = 512
"""Rows per block at least: with many columns, a block that stays in the processor's cache."""

LEAST = 1e-140
"""The least risk, beside a greatest of 1, that can be divided by twice."""


@dataclass(frozen=True, slots=True)
class Hazards:
    """Per moment the sums over its steps of m/φ (``hazard``: the baseline's step) and m/φ², plain and times
    l/d.
    """

    hazard: Floats
    own_hazard: Floats
    square: Floats
    own_square: Floats
    own_own_square: Floats
    log_sum: float


@dataclass(frozen=True, slots=True)
class Point:
    """The likelihood at one ``beta``; ``risk`` is wᵢ exp(xᵢβ − ``shift``)."""

    beta: Floats
    loglik: float
    slope: Floats
    information: Floats
    risk: Floats
    shift: float
    hazards: Hazards
    exposure: Floats


def evaluate(sets: RiskSets, x: Floats, beta: Floats) -> Point | None:
    """The likelihood at ``beta``, or ``None`` where it is too far out to be computed."""
    predictor = np.einsum("ij,j->i", x, beta)  # by one thread, as in weighted_sums
    shift = float(predictor.max())  # cancels out; keeps the exponential within range
    predictor -= shift
    risk = sets.weights * np.exp(predictor)
    found = hazards(sets, risk)
    if found is None:
        return None
    events = sets.weights[sets.died]
    loglik = float((events * predictor[sets.died]).sum()) - found.log_sum
    exposure = exposures(sets, found)
    residual = -risk * exposure
    residual[sets.died] += events
    info = information(sets, x, risk, found, exposure, risk_sums(sets, x, risk))
    return Point(beta, loglik, weighted_sums(residual, x), info, risk, shift, found, exposure)


def hazards(sets: RiskSets, risk: Floats) -> Hazards | None:
    """The numbers per moment; ``None`` when a risk set is empty to the computer."""
    tied = np.zeros(sets.moments)
    tied[sets.tied] = sets.tied_events.totals(risk)
    change = sets.leaving.totals(risk) + tied
    if sets.entering is not None:
        change -= sets.entering.totals(risk)
    sums = _backwards(change)
    left = sums[sets.step_moment] - sets.share * tied[sets.step_moment]
    if not left.min() > LEAST:
        return None
    per_step = sets.step_weight / left
    squared = per_step / left
    return Hazards(
        hazard=np.add.reduceat(per_step, sets.starts),
        own_hazard=np.add.reduceat(per_step * sets.share, sets.starts),
        square=np.add.reduceat(squared, sets.starts),
        own_square=np.add.reduceat(squared * sets.share, sets.starts),
        own_own_square=np.add.reduceat(squared * sets.share**2, sets.starts),
        log_sum=float((sets.step_weight * np.log(left)).sum()),
    )


def exposures(sets: RiskSets, found: Hazards, factor: Floats | None = None) -> Floats:
    """Per row the hazard it was exposed to at relative risk 1 (C above), each moment times its ``factor``."""
    hazard, own = found.hazard, found.own_hazard
    if factor is not None:
        hazard, own = hazard * factor, own * factor
    total = np.concatenate([[0.0], np.cumsum(hazard)])
    exposure = total[sets.last]
    if sets.first is not None:
        # Where somebody enters after the last moment they could be at risk in, there is nothing to subtract.
        exposure -= total[np.minimum(sets.first, sets.last)]
    exposure[sets.died] -= own[sets.moment]
    return exposure


def risk_sums(sets: RiskSets, x: Floats, risk: Floats) -> tuple[Floats, Floats]:
    """S₁ of every moment and E₁ of the tied ones."""
    own = sets.tied_events.sums(risk, x)
    whole = sets.leaving.sums(risk, x)
    whole[sets.tied] += own
    if sets.entering is not None:
        whole -= sets.entering.sums(risk, x)
    return _backwards(whole), own


def information(
    sets: RiskSets,
    x: Floats,
    risk: Floats,
    found: Hazards,
    exposure: Floats,
    sums: tuple[Floats, Floats],
    factor: Floats | None = None,
) -> Floats:
    """The information, each moment's share of it times its ``factor`` (which ``exposure`` then holds too)."""
    whole, own = sums
    square = found.square if factor is None else found.square * factor
    result = cross_product(x, risk * exposure) - cross_product(whole, square)
    if len(sets.tied):
        scale = np.ones(len(sets.tied)) if factor is None else factor[sets.tied]
        mixed = whole[sets.tied].T @ (own * (found.own_square[sets.tied] * scale)[:, None])
        result += mixed + mixed.T - cross_product(own, found.own_own_square[sets.tied] * scale)
    return result


def cross_product(x: Floats, weight: Floats) -> Floats:
    """``xᵀ diag(weight) x`` for weights of zero or more, in blocks of rows."""
    n, p = x.shape
    root = np.sqrt(np.maximum(weight, 0.0))  # rounding may leave a weight just below zero
    size = max(PRODUCTS // p**2, ROWS)
    buffer = np.empty((min(size, n), p))
    result = np.zeros((p, p))
    for start in range(0, n, size):
        part = x[start : start + size]
        block = np.multiply(part, root[start : start + size, None], out=buffer[: len(part)])
        result += block.T @ block
    return result


def weighted_sums(weight: Floats, x: Floats) -> Floats:
    """``weight @ x`` by one thread: many are slower for so little, and much slower on a busy machine."""
    return np.einsum("i,ij->j", weight, x)


def _backwards(parts: Floats) -> Floats:
    """Running sums from the last row to the first."""
    return np.cumsum(parts[::-1], axis=0, out=parts[::-1])[::-1]
