"""Reads columns of a table into float arrays for the kernels, and says clearly what cannot be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import narwhals as nw
import numpy as np
import polars as pl
from narwhals.typing import IntoDataFrame
from numpy.typing import NDArray

Frame = IntoDataFrame
"""A table as users have it: Polars, pandas, PyArrow …"""

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def as_polars(df: Frame) -> pl.DataFrame:
    """Any table in memory as Polars; a Polars one as it is. Raises ``ValueError`` for what is no table."""
    if isinstance(df, pl.DataFrame):
        return df
    try:
        return nw.from_native(df, eager_only=True).to_polars()
    except TypeError:
        raise ValueError(
            f"give a table, such as a Polars or pandas data frame, not {type(df).__name__}"
        ) from None


def columns_of(
    given: Sequence[str],
    what: str = "covariates",
    *,
    outcome: str | None = None,
    treatment: str | None = None,
) -> list[str]:
    """Column names as a list; ``ValueError`` for a lone string, which would be read letter by letter.

    Nor may ``outcome`` or ``treatment`` be among them, or be the same column.
    """
    if isinstance(given, str):
        raise ValueError(f"give '{what}' as a list of columns: [{given!r}], not {given!r}")
    for name, column in (("outcome", outcome), ("treatment", treatment)):
        if column is not None and column in given:
            raise ValueError(
                f"the {name} (column '{column}') cannot be among '{what}' too: leave it out there"
            )
    if outcome is not None and outcome == treatment:
        raise ValueError(f"column '{outcome}' cannot be both outcome and treatment")
    return list(given)


def chosen(name: str, value: object, choices: object) -> None:
    """Raise ``ValueError`` unless an option is one of its ``choices``, a ``Literal``."""
    options = get_args(choices)
    if value not in options:
        raise ValueError(f"{name} is one of {', '.join(map(repr, options))}, not {value!r}")


@dataclass(frozen=True, slots=True)
class Complete:
    """The rows of a table that have every column asked for.

    ``table`` holds them in their old order, ``rows`` their positions in the table that was given,
    ``excluded`` how many rows were left out by the first column that lacked a value (``missing <column>``).
    """

    table: pl.DataFrame
    rows: NDArray[np.int64]
    excluded: dict[str, int]


def complete_rows(table: pl.DataFrame, columns: Sequence[str]) -> Complete:
    """Keep rows without null or NaN in ``columns``; the order of ``columns`` decides which one is blamed.

    Raises ``ValueError`` for a column the table lacks and for a table no complete row is left of.
    """
    absent = [column for column in columns if column not in table.columns]
    if absent:
        raise ValueError(f"the table has no column {', '.join(repr(column) for column in absent)}")
    keep = np.ones(table.height, dtype=bool)
    excluded: dict[str, int] = {}
    for column in dict.fromkeys(columns):
        lost = missing_values(table[column]) & keep
        if lost.any():
            excluded[f"missing {column}"] = int(lost.sum())
            keep &= ~lost
    if not keep.any():
        reason = f" ({', '.join(f'{key}: {count}' for key, count in excluded.items())})" if excluded else ""
        raise ValueError(f"no row has a value in all of {', '.join(dict.fromkeys(columns))}{reason}")
    rows = np.flatnonzero(keep)
    return Complete(table if keep.all() else table.filter(pl.Series(keep)), rows, excluded)


def missing_values(series: pl.Series) -> Flags:
    """Where a column has null or NaN."""
    if series.dtype.is_float():
        return np.isnan(series.to_numpy())  # where null is NaN too
    return series.is_null().to_numpy() if series.null_count() else np.zeros(len(series), dtype=bool)


def numbers(table: pl.DataFrame, column: str) -> Floats:
    """A numeric or yes-or-no column as float64, so that small integer types cannot overflow in what follows.

    Raises ``ValueError`` for text, dates and other types, and for infinite values.
    """
    series = table[column]
    if not (series.dtype.is_numeric() or series.dtype == pl.Boolean):
        raise ValueError(f"column '{column}' must be numbers or true/false, it is {series.dtype}")
    values = series.cast(pl.Float64).to_numpy()
    if not np.isfinite(values).all():
        raise ValueError(f"column '{column}' has an infinite or missing value")
    return values


def codes(table: pl.DataFrame, column: str) -> tuple[NDArray[np.int64], pl.Series]:
    """Any column without nulls as numbers from 0, and the sorted labels these numbers stand for."""
    series = table[column]
    if series.dtype == pl.Categorical:  # its order is that of first appearance, not of the words
        series = series.cast(pl.String)
    labels = series.unique().sort()
    return series.replace_strict(labels, np.arange(len(labels)), return_dtype=pl.Int64).to_numpy(), labels


def yes_no(table: pl.DataFrame, column: str) -> Flags:
    """A true/false column, or numbers that are only 0 and 1, as booleans. Raises ``ValueError`` otherwise."""
    values = numbers(table, column)
    if not ((values == 0) | (values == 1)).all():
        raise ValueError(f"column '{column}' must be true/false or 0/1, it has other values")
    return values == 1


def two_groups(table: pl.DataFrame, treated: str, at_least: int = 1) -> Flags:
    """The treatment column as booleans; ``ValueError`` unless both groups have ``at_least`` rows."""
    flags = yes_no(table, treated)
    n_treated = int(flags.sum())
    for name, n in (("treated", n_treated), ("control", len(flags) - n_treated)):
        if n < at_least:
            needed = "a row" if at_least == 1 else f"{at_least} rows"
            raise ValueError(
                f"the {name} group (column '{treated}') has {n} complete rows, it needs at least {needed}"
            )
    return flags
