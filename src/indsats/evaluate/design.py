"""Turns columns of a table into a numeric design matrix and finds columns that say nothing new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from .inputs import Floats, numbers

TOLERANCE = 1e-7
"""A column counts as a combination of others when less than this share of its spread is its own (R: lm)."""


@dataclass(frozen=True, slots=True)
class Design:
    """``matrix`` (rows × columns, float64) and the ``names`` of its columns."""

    matrix: Floats
    names: tuple[str, ...]


def is_categorical(series: pl.Series) -> bool:
    """Text, categories and enumerations are compared level by level; numbers and true/false are not."""
    return series.dtype in (pl.String, pl.Categorical, pl.Enum)


def levels(series: pl.Series) -> list[str]:
    """The levels of a categorical column that occur, in alphabetical order."""
    return series.drop_nulls().cast(pl.String).unique().sort().to_list()


def design_matrix(table: pl.DataFrame, columns: Sequence[str], *, constant: bool = True) -> Design:
    """One column per number or true/false, one per level but the first of a categorical column.

    ``table`` must have no nulls in ``columns``. Names are the column's own or ``column=level``; the constant,
    if wanted, comes first and is called ``constant``. Raises ``ValueError`` for dates and other types, and where
    two columns would have the same name.
    """
    parts: list[Floats] = [np.ones(table.height)] if constant else []
    names: list[str] = ["constant"] if constant else []
    for column in columns:
        series = table[column]
        if is_categorical(series):
            text = series.cast(pl.String)
            for level in levels(series)[1:]:
                parts.append((text == level).to_numpy().astype(np.float64))
                names.append(f"{column}={level}")
        else:
            parts.append(numbers(table, column))
            names.append(column)
    refuse_same_names(names)
    matrix = np.column_stack(parts) if parts else np.empty((table.height, 0))
    return Design(matrix, tuple(names))


def refuse_same_names(names: Sequence[str]) -> None:
    """Raise ``ValueError`` when two columns of a model are called the same, for then neither can be told."""
    for place, name in enumerate(names):
        if name in names[:place]:
            raise ValueError(
                f"two columns of the model would have the same name '{name}': rename one of them"
            )


def standardised(matrix: Floats) -> tuple[Floats, Floats, Floats]:
    """Columns centred and scaled to unit norm where they vary; returns the result, the centres and the
    scales.

    A column that does not vary is only scaled, so that a constant stays a constant.
    """
    centres = matrix.mean(axis=0)
    spread = matrix - centres
    norms = np.sqrt((spread**2).sum(axis=0))
    flat = norms <= 1e-12 * np.maximum(np.abs(matrix).max(axis=0, initial=0.0), 1e-300) * np.sqrt(len(matrix))
    centres = np.where(flat, 0.0, centres)
    scales = np.where(flat, np.sqrt((matrix**2).sum(axis=0)), norms)
    scales = np.where(scales > 0, scales, 1.0)
    return (matrix - centres) / scales, centres, scales


def refuse_redundant(matrix: Floats, names: Sequence[str], scaled: Floats) -> None:
    """Raise ``ValueError`` naming the first column that is constant or a combination of those before it.

    ``scaled`` is the first result of :func:`standardised` for ``matrix``.
    """
    rows, width = matrix.shape
    if rows < width:
        raise ValueError(f"{rows} complete rows cannot carry {width} coefficients ({', '.join(names)})")
    # The small cross-product settles nearly every case; only doubtful ones pay for the exact factorisation.
    try:
        if np.diag(np.linalg.cholesky(scaled.T @ scaled)).min(initial=1.0) > 1000 * TOLERANCE:
            return
    except np.linalg.LinAlgError:
        pass  # not positive definite in floating point: a doubtful case
    diagonal = np.abs(np.diag(np.linalg.qr(scaled, mode="r")))
    redundant = np.flatnonzero(diagonal < TOLERANCE)
    if len(redundant):
        name = names[int(redundant[0])]
        column = matrix[:, int(redundant[0])]
        if np.ptp(column) == 0:
            raise ValueError(f"column '{name}' has the same value in every row: leave it out")
        raise ValueError(f"column '{name}' is an exact combination of other columns: leave one of them out")
