"""Newton's way up the partial likelihood, and the signs that it has no top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from ..design import TOLERANCE, refuse_redundant
from ..inputs import Floats
from .cox_likelihood import Point, evaluate
from .cox_risk import RiskSets

MOST_ITERATIONS = 30
"""Newton's method needs about five where a maximum exists; without one it moves on for ever."""
SMALL_STEP = 1e-5
"""In coefficients of standardised columns; Newton's steps square, so one this small ends within 1e-10 of the top."""
DOUBTFUL = 1e8
"""Variance inflation above which a column is looked at closely: it may be a combination of others."""
ENDLESS_STEP = 1e-4
"""A coefficient that still moves this much when the likelihood no longer rises is on its way to infinity."""


@dataclass(frozen=True, slots=True)
class Maximum:
    """The ``point`` where the climb ended, and the ``inverse`` of its information.

    ``settled`` when the steps had become as good as nothing; otherwise ``endless`` are the positions of
    coefficients that were still on their way when the likelihood no longer rose.
    """

    point: Point
    inverse: Floats
    null_loglik: float
    iterations: int
    settled: bool
    endless: tuple[int, ...]


def maximise(sets: RiskSets, x: Floats, names: Sequence[str]) -> Maximum:
    """Climbs from zero on standardised columns ``x``, halving steps that lower the likelihood.

    Raises ``ValueError`` naming a column that is a combination of others, everywhere or among those at risk.
    """
    point = evaluate(sets, x, np.zeros(x.shape[1]))
    if point is None:
        raise ValueError("the weights differ too much in size to be summed: the greatest is all there is")
    null_loglik = point.loglik
    inverse = _first_inverse(point.information, x, names)
    iteration = 0
    while iteration < MOST_ITERATIONS:
        iteration += 1
        step = inverse @ point.slope
        following = _higher(sets, x, point, step)
        following_inverse = None if following is None else _inverse(following.information)
        if following is None or following_inverse is None:
            break
        point, inverse = following, following_inverse
        if float(np.abs(step).max()) < SMALL_STEP:
            return Maximum(point, inverse, null_loglik, iteration, True, ())
    moving = np.abs(inverse @ point.slope) > ENDLESS_STEP
    endless = tuple(int(index) for index in np.flatnonzero(moving))
    return Maximum(point, inverse, null_loglik, iteration, False, endless)


def _higher(sets: RiskSets, x: Floats, point: Point, step: Floats) -> Point | None:
    """The point one step on, or half a step, or a quarter …; ``None`` when none of them is higher."""
    least = point.loglik - 1e-12 * abs(point.loglik)
    for _ in range(MOST_ITERATIONS):
        following = evaluate(sets, x, point.beta + step)
        if following is not None and following.loglik >= least:
            return following
        step = step / 2
    return None


def _inverse(information: Floats) -> Floats | None:
    """The inverse, or ``None`` when the information is singular to the computer."""
    diagonal = np.diag(information)
    if not diagonal.min() > 0:
        return None
    scale = 1 / np.sqrt(diagonal)
    try:
        factor = cho_factor(information * np.outer(scale, scale))
    except np.linalg.LinAlgError:
        return None
    if np.diag(factor[0]).min() < TOLERANCE:
        return None
    return cho_solve(factor, np.eye(len(scale))) * np.outer(scale, scale)


def _first_inverse(information: Floats, x: Floats, names: Sequence[str]) -> Floats:
    """The inverse at zero; ``ValueError`` for columns that tell nothing new about who of those at risk has the
    event.
    """
    spread = np.sqrt(np.maximum(np.diag(information), 0.0))
    # A standardised column that varies among those at risk adds about one per event.
    flat = np.flatnonzero(spread <= 1e-6 * max(float(spread.max()), 1.0))
    inverse = None if len(flat) else _inverse(information)
    if inverse is not None and (np.diag(inverse) * spread**2).max() < DOUBTFUL:
        return inverse
    refuse_redundant(x, names, x / np.sqrt(len(x)))
    if len(flat):
        raise ValueError(
            f"column '{names[int(flat[0])]}' has the same value for everybody at risk together when events "
            "happen (in each stratum, if there are strata): no hazard ratio can be estimated; leave it out"
        )
    if inverse is None:
        raise ValueError(
            f"among those at risk together, some of the columns {', '.join(names)} are an exact combination "
            "of others: leave one of them out"
        )
    return inverse
