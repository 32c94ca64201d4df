"""Tables that people keep beside the facts, such as prices: read and refused as facts are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import polars as pl

from indsats.problem import InputRefused

from .cells import typed
from .files import Headings, read_raw
from .findings import FILE, ROW, Check, in_order, run

_GROUPED = r"^\s*[+-]?[1-9]\d{0,2}[.,]\d{3}\s*$"
"""Twelve thousand to some who write it and twelve to others."""


def read_beside(
    path: Path,
    holds: str,
    schema: Mapping[str, pl.DataType],
    required: Collection[str],
    checks: Sequence[Check] = (),
) -> pl.DataFrame:
    """The table in a CSV, Excel or Parquet file, its columns of the types in ``schema``; columns left out are null.

    ``holds`` is the name of its sheet where a workbook has several. Decimal comma and point are both read; numbers
    written as ``12.000`` are refused, because they can be twelve or twelve thousand. Raises ``InputRefused`` with
    every cell that cannot be read or that a check finds broken, by row and column.
    """
    raw = read_raw(path, Headings(list(schema), required), holds)
    frame, found = typed(raw.frame, schema, raw.file)
    written = [
        name
        for name, type_ in schema.items()
        if isinstance(type_, pl.Float64) and name in raw.frame.columns and raw.frame[name].dtype == pl.String
    ]
    cells = raw.frame.select(pl.lit(raw.file).alias(FILE), pl.col(ROW).cast(pl.Int64), *written)
    found = [*run(cells, [_grouped(name) for name in written]), *found, *run(frame, checks)]
    if found:
        raise InputRefused(in_order(found))
    return frame.drop(FILE, ROW)


def _grouped(name: str) -> Check:
    return Check(
        name,
        pl.col(name).str.contains(_GROUPED),
        "the number can be read as thousands or as decimals",
        "Write 12000 for twelve thousand and 12,00 for twelve.",
    )
