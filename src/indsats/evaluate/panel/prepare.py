"""The variables of a regression with absorbed columns, and the algebra of least squares on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import linalg

from ..cautions import Caution, left_out
from ..design import design_matrix, is_categorical, refuse_redundant
from ..inputs import Floats, numbers
from .absorb import Factor, Within, factor, not_alone
from .cautions import alone

ABSORBED = 1e-7
"""A column is absorbed when less than this share of its spread is left within levels (R: lm's tolerance)."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """The variables of a regression after absorption: ``columns`` (k × n) and ``outcome`` (n) within levels.

    ``shift`` turns the coefficients of ``columns`` into those of the variables as given (only the constant moves).
    """

    table: pl.DataFrame
    rows: NDArray[np.int64]
    total: int
    excluded: dict[str, int]
    names: tuple[str, ...]
    columns: Floats
    outcome: Floats
    outcome_name: str
    shift: Floats
    factors: tuple[Factor, ...]
    within: Within | None
    clusters: tuple[Factor, ...]
    weights: Floats | None

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What to know about the rows left out."""
        missing = {key: count for key, count in self.excluded.items() if key.startswith("missing ")}
        return (*left_out(missing, self.total), *alone(self.excluded, self.total))


def cluster_names(cluster: str | Sequence[str] | None) -> tuple[str, ...]:
    """No, one or two cluster columns."""
    names = (cluster,) if isinstance(cluster, str) else tuple(cluster or ())
    if len(names) > 2 or len(set(names)) < len(names):
        raise ValueError(f"give one cluster column or two different ones, not {', '.join(names)}")
    return names


def prepare(
    table: pl.DataFrame,
    rows: NDArray[np.int64],
    total: int,
    excluded: dict[str, int],
    outcome: str,
    covariates: Sequence[str],
    *,
    absorb: Sequence[str] = (),
    cluster: Sequence[str] = (),
    weights: str | None = None,
    droppable: Sequence[str] = (),
    keep_alone: bool = False,
) -> Prepared:
    """Reads a table of complete rows and takes the absorbed levels out of its columns.

    ``droppable`` names covariates that leave the regression if the absorbed levels already hold them; with
    ``keep_alone`` rows alone in a level stay.
    """
    repeated = {name for name in (outcome, *covariates) if [outcome, *covariates].count(name) > 1}
    if repeated:
        raise ValueError(f"column '{sorted(repeated)[0]}' is given more than once")
    factors = tuple(factor(table[name]) for name in dict.fromkeys(absorb))
    if factors and not keep_alone:
        keep, lost = not_alone(factors)
        if lost:
            if not keep.any():
                raise ValueError(
                    f"every row is alone in its level of {', '.join(absorb)}: absorb something coarser"
                )
            table, rows, excluded = table.filter(pl.Series(keep)), rows[keep], {**excluded, **lost}
            factors = tuple(factor(table[one.name]) for one in factors)
    clusters = tuple(factor(table[name]) for name in cluster)
    for one in clusters:
        if one.count < 2:
            raise ValueError(
                f"cluster-robust errors need at least two clusters, column '{one.name}' has one value"
            )
    weight = numbers(table, weights) if weights else None
    if weight is not None and not (weight > 0).all():
        raise ValueError(f"weights in column '{weights}' must be above zero")
    names, columns = _columns(table, covariates, constant=not factors)
    values = numbers(table, outcome).copy()
    shift = np.eye(len(names))
    within = Within(factors, weight) if factors else None
    spreads = np.empty(len(names))
    for i, column in enumerate(columns):
        if not factors and i == 0:
            spreads[i] = 1.0
            continue
        centre = float(column.mean())
        largest = float(np.abs(column).max())
        column -= centre
        spread = float(np.linalg.norm(column))
        if spread <= 1e-12 * largest * np.sqrt(len(column)):
            raise ValueError(f"column '{names[i]}' has the same value in every row: leave it out")
        spreads[i] = spread
        if not factors:
            shift[0, i] = -centre
    if within is not None:
        within.remove(columns)
        within.remove(values[None, :])
        left = np.array([float(np.linalg.norm(column)) for column in columns])
        gone = left <= ABSORBED * spreads
        for i in np.flatnonzero(gone):
            if names[i] not in droppable:
                raise ValueError(
                    f"column '{names[i]}' does not vary within the levels of {', '.join(absorb)}: "
                    "leave it out, or absorb something else"
                )
        if gone.any():
            names = tuple(name for name, lost in zip(names, gone, strict=True) if not lost)
            columns, shift = columns[~gone], np.eye(len(names))
    return Prepared(
        table,
        rows,
        total,
        excluded,
        names,
        columns,
        values,
        outcome,
        shift,
        factors,
        within,
        clusters,
        weight,
    )


def _columns(
    table: pl.DataFrame, covariates: Sequence[str], *, constant: bool
) -> tuple[tuple[str, ...], Floats]:
    """The design as rows of a k × n array, each contiguous, with their names."""
    names = ["constant"] if constant else []
    parts: list[Floats] = [np.ones((1, table.height))] if constant else []
    for column in covariates:
        if is_categorical(table[column]):
            design = design_matrix(table, [column], constant=False)
            names.extend(design.names)
            parts.append(design.matrix.T)
        else:
            names.append(column)
            parts.append(numbers(table, column)[None, :])
    return tuple(names), np.vstack(parts) if parts else np.empty((0, table.height))


def triangle(columns: Floats, weights: Floats | None, names: Sequence[str]) -> tuple[Floats, Floats]:
    """Norms of the columns (k × n), and the upper triangle R of those of unit norm: R'R is their cross-product.

    Raises ``ValueError`` naming a column that is a combination of others.
    """
    root = columns if weights is None else columns * np.sqrt(weights)
    norms = np.sqrt(np.einsum("ij,ij->i", root, root))
    product = root @ root.T / np.outer(norms, norms)
    try:
        upper = np.asarray(np.linalg.cholesky(product).T, dtype=np.float64)
        if np.diag(upper).min(initial=1.0) > 1e-3:
            return norms, upper
    except np.linalg.LinAlgError:
        pass  # not positive definite in floating point: a doubtful case, which pays for the exact factorisation
    scaled = (root / norms[:, None]).T
    refuse_redundant(columns.T, names, scaled)
    return norms, np.asarray(linalg.qr(scaled, mode="r")[0][: len(norms)], dtype=np.float64)


def solve(
    columns: Floats, outcome: Floats, weights: Floats | None, norms: Floats, upper: Floats
) -> tuple[Floats, Floats]:
    """Coefficients and residuals by the normal equations of :func:`triangle`, refined once (Björck 1987)."""

    def step(values: Floats) -> Floats:
        right = columns @ (values if weights is None else values * weights) / norms
        return np.linalg.solve(upper, np.linalg.solve(upper.T, right)) / norms

    coefficients = step(outcome)
    residuals = outcome - coefficients @ columns
    correction = step(residuals)
    residuals -= correction @ columns
    return coefficients + correction, residuals
