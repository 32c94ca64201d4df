"""The chance of treatment given covariates, and how uncertain it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy
from scipy.special import expit, log_ndtr

from ..design import Design, standardised
from ..inputs import Flags, Floats
from ..logit import MOST_ITERATIONS, SMALL_STEP, logit
from .influence import Ingredient, influence

Link = Literal["logit", "probit"]
"""The curve between covariates and the chance of treatment."""


@dataclass(frozen=True, slots=True)
class Propensity:
    """``score`` (n): each row's predicted chance of treatment; ``model``: the coefficients' uncertainty, its
    ``slope`` being the derivative of the score; ``coefficients`` belong to the columns as given.
    """

    link: Link
    coefficients: Floats
    score: Floats
    model: Ingredient

    def predict(self, matrix: Floats) -> Floats:
        """The chance of treatment in other rows with the same columns."""
        return _curve(self.link, matrix @ self.coefficients)


def propensity(design: Design, treated: Flags, link: Link = "logit") -> Propensity:
    """Maximum-likelihood fit of ``treated`` (n) on ``design`` (n × k, its first column the constant).

    Raises ``ValueError`` when no treated or no control is left, and for columns that are redundant or that
    separate treated from controls, naming the column.
    """
    try:
        fit = logit(design.matrix, treated, design.names)
    except ValueError as reason:
        raise ValueError(
            "the chance of treatment cannot be modelled (here 'outcome' means treatment): " + str(reason)
        ) from reason
    scaled, centres, scales = standardised(design.matrix)
    t = treated.astype(np.float64)
    coefficients = fit.coefficients
    if link == "probit":
        # Probit separates exactly when logit does, so from here on a maximum exists.
        solved = _probit(scaled, t, 0.6 * fit.predict(design.matrix))
        coefficients = solved / scales
        coefficients[0] -= centres @ coefficients
    eta = design.matrix @ coefficients
    score = _curve(link, eta)
    if link == "logit":
        slope = curvature = score * (1 - score)
        pull = t - score
    else:
        slope = scipy.stats.norm.pdf(eta)
        pull, curvature = _probit_terms(eta, t)
    information = scaled.T @ (scaled * curvature[:, None])
    moved = influence(scaled * pull[:, None], information)
    return Propensity(link, coefficients, score, Ingredient(scaled, slope, moved))


def _curve(link: Link, eta: Floats) -> Floats:
    return expit(eta) if link == "logit" else scipy.stats.norm.cdf(eta)


def _probit_terms(eta: Floats, t: Floats) -> tuple[Floats, Floats]:
    """First and minus second derivative of each row's log likelihood with respect to its predictor."""
    sign = 2 * t - 1
    # In logarithms, for the tail of the normal distribution underflows where its ratio to the density does not.
    pull = sign * np.exp(scipy.stats.norm.logpdf(eta) - log_ndtr(sign * eta))
    return pull, pull * (pull + eta)


def _probit(scaled: Floats, t: Floats, start: Floats) -> Floats:
    """Coefficients on scaled columns by Newton's method; the likelihood is concave."""
    beta = np.linalg.lstsq(scaled, start, rcond=None)[0]
    for _ in range(MOST_ITERATIONS):
        pull, curvature = _probit_terms(scaled @ beta, t)
        step = np.linalg.solve(scaled.T @ (scaled * curvature[:, None]), scaled.T @ pull)
        beta = beta + step
        if np.abs(step).max() < SMALL_STEP * np.sqrt(len(t)):
            return beta
    raise ValueError("the probit model of treatment does not settle: use link='logit'")
