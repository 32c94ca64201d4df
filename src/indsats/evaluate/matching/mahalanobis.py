"""Points whose Euclidean distance is the Mahalanobis distance of people in their covariates."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

import numpy as np
import polars as pl

from ..design import is_categorical, levels
from ..inputs import Flags, Floats, numbers

TOLERANCE = 1e-8
"""Directions with less than this share of the largest variance say nothing new (MatchIt 4.7)."""


def mahalanobis_points(
    table: pl.DataFrame, covariates: Sequence[str], treated: Flags
) -> tuple[Floats, Floats]:
    """The points (rows × directions), and one number per row that says in what order ties are settled.

    The distance is √((a − b)ᵀ S⁻¹ (a − b)) with S the covariance within the groups, pooled (Rubin 1980,
    Biometrics). A categorical column counts as one indicator per level; as these sum to one, S⁻¹ is then a
    generalised inverse. The number is the coordinate along which MatchIt 4.7 walks. Raises ``ValueError`` when
    no covariate varies.
    """
    raw: list[Floats] = []
    for column in covariates:
        if is_categorical(table[column]):
            text = table[column].cast(pl.String)
            raw += [(text == level).to_numpy().astype(np.float64) for level in levels(text)]
        else:
            raw.append(numbers(table, column))
    scaled = [(x - fsum(x) / len(x)) / x.std(ddof=1) for x in raw if np.ptp(x) > 0]
    if not scaled:
        raise ValueError("every covariate has the same value in every row: there is nothing to match on")
    matrix = np.column_stack(scaled)
    within = matrix.copy()
    for group in (treated, ~treated):
        within[group] -= within[group].mean(axis=0)
    covariance = within.T @ within / max(len(within) - 2, 1)
    size, direction = np.linalg.eigh(covariance)
    real = size > TOLERANCE * max(float(size[-1]), TOLERANCE)
    if not real.any():
        raise ValueError("no covariate varies within the groups: there is no distance to match on")
    size, direction = size[real], direction[:, real]
    inverse = (direction / size) @ direction.T
    first = int(np.argmax(np.diag(inverse)))
    # Column by column: a matrix routine may round equal rows differently.
    return _combine(scaled, direction / np.sqrt(size)), _combine(scaled, inverse[:, [first]])[:, 0]


def _combine(columns: Sequence[Floats], factors: Floats) -> Floats:
    """The matrix product of columns and factors, equal in equal rows to the last bit."""
    result = np.zeros((len(columns[0]), factors.shape[1]))
    for column, factor in zip(columns, factors, strict=True):
        for i, weight in enumerate(factor):
            result[:, i] += column * weight
    return result
