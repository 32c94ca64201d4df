"""Spells back to weeks: a matrix with a row a person and a column a week."""

from __future__ import annotations

import numpy as np
import polars as pl

from ..codes import BLANK

UNSEEN = -2
"""A week that no file tells of."""


def weeks_matrix(spells: pl.DataFrame, persons: pl.Series, first_week: int, last_week: int) -> np.ndarray:
    """The codes of ``persons`` from ``first_week`` to ``last_week`` (both included): persons × weeks, Int16.

    ``spells`` is a table of a store (``person``, ``first_week``, ``last_week``, ``code``); ``persons`` are the
    numbers wanted, each once, in the order of the rows. A week without a code is ``BLANK``, a week nothing
    tells of ``UNSEEN``. Raises ``ValueError`` when a number stands twice or the weeks end before they begin.
    """
    if last_week < first_week:
        raise ValueError(f"the weeks {first_week} to {last_week} end before they begin")
    if persons.n_unique() != len(persons):
        raise ValueError("a person is asked for twice")
    wanted = pl.DataFrame({"person": persons.cast(pl.Int32), "at": np.arange(len(persons))})
    found = spells.select("person", "first_week", "last_week", "code").join(wanted, on="person")
    found = found.filter((pl.col("last_week") >= first_week) & (pl.col("first_week") <= last_week))
    return painted(
        found["at"].to_numpy(),
        np.maximum(found["first_week"].to_numpy(), first_week) - first_week,
        np.minimum(found["last_week"].to_numpy(), last_week) - first_week,
        found["code"].fill_null(BLANK).to_numpy(),
        (len(persons), last_week - first_week + 1),
    )


def painted(
    row: np.ndarray, first: np.ndarray, last: np.ndarray, code: np.ndarray, shape: tuple[int, int]
) -> np.ndarray:
    """A matrix of ``shape`` with ``code`` in the columns ``first`` to ``last`` of each ``row``, else ``UNSEEN``."""
    matrix = np.full(shape, UNSEEN, dtype=np.int16)
    length = (last - first + 1).astype(np.int64)
    begin = row.astype(np.int64) * shape[1] + first
    at = np.repeat(begin - (np.cumsum(length) - length), length) + np.arange(length.sum())
    matrix.reshape(-1)[at] = np.repeat(code, length)
    return matrix
