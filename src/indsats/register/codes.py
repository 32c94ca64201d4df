"""Register codes: the code list, and which codes a state of a definition stands for."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from indsats.library import dream_codes_path

BLANK = -1
"""How a week without a code is held in NumPy arrays; in tables it is null."""

HIGHEST = 999
"""Codes have three digits."""

NOT_RESIDENT = 997
DEAD = 999


def code_list() -> pl.DataFrame:
    """The known codes: ``code`` (Int16) and what the code list tells about each, one row per code.

    The list carries its source; it is from 2016, and later codes are missing from every public source found.
    A code that is not on it stops nothing (decision 14): it is counted in ``Register.unknown_codes``.
    """
    return pl.read_csv(dream_codes_path(), schema_overrides={"code": pl.Int16})


def expand(ranges: Iterable[str]) -> frozenset[int]:
    """The codes that ``130``, ``730-739`` and ``blank`` stand for; ``blank`` is ``BLANK``.

    A range takes every number between its ends, on the code list or not: codes introduced later fall into
    the block they extend. Raises ``ValueError`` for a range that ends before it begins, or anything else.
    """
    codes: set[int] = set()
    for text in ranges:
        if text == "blank":
            codes.add(BLANK)
            continue
        first, _, last = text.partition("-")
        low, high = int(first), int(last or first)
        if not 0 <= low <= high <= HIGHEST:
            raise ValueError(
                f"'{text}' is no range of codes: it ends before it begins or has other than 3 digits"
            )
        codes.update(range(low, high + 1))
    return frozenset(codes)


def lookup(codes: Iterable[int]) -> np.ndarray:
    """A boolean array, true at position ``code + 1`` for each of ``codes``; position 0 is ``BLANK``."""
    table = np.zeros(HIGHEST + 2, dtype=bool)
    table[[code + 1 for code in codes]] = True
    return table


def unknown_codes(spells: pl.DataFrame) -> pl.DataFrame:
    """Codes that the code list lacks: ``code``, ``weeks``, ``persons``, those with most weeks first."""
    known = code_list()["code"]
    return (
        spells.lazy()
        .filter(pl.col("code").is_not_null() & ~pl.col("code").is_in(known.implode()))
        .group_by("code")
        .agg(
            weeks=(pl.col("last_week") - pl.col("first_week") + 1).sum().cast(pl.Int64),
            persons=pl.col("person").n_unique().cast(pl.Int64),
        )
        .sort("weeks", "code", descending=[True, False])
        .collect()
    )
