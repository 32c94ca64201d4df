"""Cells of people who agree: exactly in some columns, roughly in others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, log2
from typing import Literal

import numpy as np
import polars as pl

from ..inputs import Flags, Floats, codes, numbers
from .nearest import Indices

Bins = int | Sequence[float] | Literal["sturges"]
"""How a number is coarsened: into so many equally wide bins, at given cut points, or by Sturges' rule."""

Coarsening = Mapping[str, Bins] | Literal["sturges"]


def coarsenings(
    table: pl.DataFrame, covariates: Sequence[str], coarsen: Coarsening | None
) -> dict[str, Bins]:
    """The bins of each column to be coarsened; ``"sturges"`` alone means every number among the covariates."""
    if coarsen is None:
        return {}
    if isinstance(coarsen, str):
        if coarsen != "sturges":
            raise ValueError(f"'coarsen' is a mapping of columns to bins or 'sturges', not '{coarsen}'")
        return {name: "sturges" for name in covariates if table[name].dtype.is_numeric()}
    return dict(coarsen)


def cells(table: pl.DataFrame, exact: Sequence[str], coarsen: Mapping[str, Bins]) -> Indices:
    """The cell of each row as a number: equal in every column of ``exact`` and every coarsened column."""
    cell = np.zeros(table.height, dtype=np.int64)
    for column in dict.fromkeys(exact):
        level, labels = codes(table, column)
        cell = np.unique(cell * len(labels) + level, return_inverse=True)[1]
    for column, bins in coarsen.items():
        level = binned(numbers(table, column), bins, column)
        cell = np.unique(cell * (int(level.max()) + 1) + level, return_inverse=True)[1]
    return cell


def binned(values: Floats, bins: Bins, column: str) -> Indices:
    """The bin of each value, from 0; a value on a boundary belongs to the higher bin, as in MatchIt.

    A number of bins divides the range evenly; Sturges' rule (1926, JASA) makes it ⌈log₂ n + 1⌉. Raises
    ``ValueError`` for anything else.
    """
    if isinstance(bins, str):
        if bins != "sturges":
            raise ValueError(
                f"column '{column}' is coarsened by a number, cut points or 'sturges', not '{bins}'"
            )
        bins = ceil(log2(len(values)) + 1)
    if isinstance(bins, int):
        if bins < 1:
            raise ValueError(f"column '{column}' needs at least one bin, not {bins}")
        low, high = float(values.min()), float(values.max())
        cuts = low + np.arange(1, bins) * ((high - low) / bins)
    else:
        cuts = np.sort(np.asarray(bins, dtype=np.float64))
        if not np.isfinite(cuts).all():
            raise ValueError(f"the cut points of column '{column}' must be finite numbers")
    return np.searchsorted(cuts, values, side="right")


def cell_weights(cell: Indices, treated: Flags) -> Floats:
    """The weights that make the controls of each cell count as many as its treated.

    1 for treated, treated/controls of the cell for controls, 0 where a cell lacks one of them (Iacus, King &
    Porro 2012, Political Analysis).
    """
    n_treated = np.bincount(cell, weights=treated)
    n_control = np.bincount(cell, weights=~treated)
    both = (n_treated > 0) & (n_control > 0)
    share = np.where(both, n_treated / np.maximum(n_control, 1), 0.0)
    return np.where(treated, both[cell].astype(np.float64), share[cell])
