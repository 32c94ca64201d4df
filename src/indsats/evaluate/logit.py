"""Logistic regression by iteratively reweighted least squares, with separation found and named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_expit

from .design import refuse_redundant, standardised
from .inputs import Flags, Floats

MOST_ITERATIONS = 30
"""Newton's method needs about ten where a maximum exists; without one it moves on for ever."""
SMALL_STEP = 1e-8


@dataclass(frozen=True, slots=True)
class Logit:
    """A fitted model: ``coefficients`` and ``se`` in the order of ``names``, ``fitted`` probabilities by
    row.
    """

    names: tuple[str, ...]
    coefficients: Floats
    se: Floats
    fitted: Floats
    log_likelihood: float
    iterations: int

    def predict(self, matrix: Floats) -> Floats:
        """The linear predictor (log odds) of the rows of ``matrix``, whose columns are those of the fit."""
        return matrix @ self.coefficients


def logit(matrix: Floats, outcome: Flags | Floats, names: Sequence[str] | None = None) -> Logit:
    """Maximum-likelihood logistic regression of a 0/1 ``outcome`` (n) on ``matrix`` (n × k).

    The matrix is used as it is: a constant has to be one of its columns. Standard errors come from the
    expected information, as R's ``glm``. Raises ``ValueError`` when all outcomes are equal, when a column is
    constant or a combination of others, and when columns separate the outcomes (no finite maximum), naming
    the column.
    """
    x = np.ascontiguousarray(matrix, dtype=np.float64)
    y = np.asarray(outcome, dtype=np.float64)
    columns = tuple(names) if names is not None else tuple(f"column {i + 1}" for i in range(x.shape[1]))
    if len(y) != len(x) or len(columns) != x.shape[1]:
        raise ValueError("outcome, matrix and names of a logistic regression do not fit together")
    if not np.isfinite(x).all() or not ((y == 0) | (y == 1)).all():
        raise ValueError("a logistic regression needs finite numbers and an outcome of only 0 and 1")
    events = int(y.sum())
    if events in (0, len(y)):
        who = "nobody" if events == 0 else "everybody"
        raise ValueError(f"{who} of the {len(y)} rows has the outcome: no logistic regression can be fitted")
    scaled, centres, scales = standardised(x)
    refuse_redundant(x, columns, scaled)
    flat = np.flatnonzero(np.ptp(x, axis=0) == 0)
    if not len(flat):
        scales, centres = np.sqrt((x**2).sum(axis=0)), np.zeros(x.shape[1])
        scaled = x / scales
    solved, information, log_likelihood, iterations = _climb(scaled, y, x, columns)
    back = np.diag(1 / scales)
    if len(flat):
        back[flat[0]] -= np.where(centres != 0, centres / scales / x[0, flat[0]], 0.0)
    se = np.sqrt(np.diag(back @ np.linalg.inv(information) @ back.T))
    return Logit(columns, back @ solved, se, expit(scaled @ solved), log_likelihood, iterations)


def _climb(
    scaled: Floats, y: Floats, original: Floats, names: Sequence[str]
) -> tuple[Floats, Floats, float, int]:
    """Newton steps on the scaled columns, halved when they lower the likelihood."""
    beta = np.zeros(scaled.shape[1])
    eta = scaled @ beta
    likelihood = float(log_expit(np.where(y == 1, eta, -eta)).sum())
    # Columns have unit norm: a coefficient's natural size grows with √n.
    unit = np.sqrt(len(y))
    for iteration in range(1, MOST_ITERATIONS + 1):
        fitted = expit(eta)
        information = (scaled * (fitted * (1 - fitted))[:, None]).T @ scaled
        gradient = scaled.T @ (y - fitted)
        if np.linalg.cond(information) > 1e14:
            raise ValueError(_separation_message(original, y, names))
        step = np.linalg.solve(information, gradient)
        best = likelihood
        for _ in range(MOST_ITERATIONS):
            eta = scaled @ (beta + step)
            likelihood = float(log_expit(np.where(y == 1, eta, -eta)).sum())
            if likelihood >= best - 1e-12 * abs(best):
                break
            step = step / 2
        beta = beta + step
        if np.abs(step).max() < SMALL_STEP * unit:
            fitted = expit(eta)
            information = (scaled * (fitted * (1 - fitted))[:, None]).T @ scaled
            return beta, information, likelihood, iteration
    raise ValueError(_separation_message(original, y, names))


def _separation_message(matrix: Floats, y: Floats, names: Sequence[str]) -> str:
    """Names the first column that by itself tells outcomes apart, or says that only several together do."""
    for index, name in enumerate(names):
        column = matrix[:, index]
        if np.ptp(column) == 0:
            continue
        values = np.unique(column)
        if len(values) == 2:
            for value in values:
                here = y[column == value]
                if here.min() == here.max():
                    return (
                        f"column '{name}' separates the outcomes: all {len(here)} rows where it is "
                        f"{value:g} have outcome {here[0]:g}; leave it out or merge it with another level"
                    )
        low, high = column[y == 0], column[y == 1]
        if low.max() <= high.min() or high.max() <= low.min():
            return f"column '{name}' separates the outcomes: its values do not overlap; leave it out"
    return (
        "the logistic regression has no finite solution: the columns "
        f"{', '.join(n for n in names if n != 'constant')} together separate the outcomes; use fewer of them"
    )
