"""Register codes: the code list, and which codes a state of a definition stands for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import polars as pl

from indsats.library import dream_codes_path

from .code_lists import Read, merged, read_code_list, sources
from .weeks import week_numbers

BLANK = -1
"""How a week without a code is held in NumPy arrays; in tables it is null."""

HIGHEST = 999
"""Codes have three digits."""

NOT_RESIDENT = 997
DEAD = 999

_BEFORE, _AFTER = -1_000_000, 1_000_000
"""Weeks before and after all others."""


def code_list(extra: Path | None = None) -> pl.DataFrame:
    """The known codes, one row for each and its time of validity: the columns of ``code_lists.SCHEMA``.

    ``code`` (Int16), name, group, activity and state (each as id, Danish and English), flags, ``official``
    (false for conventions of some extracts), ``valid_from`` and ``valid_to`` (Date, both included, null when
    unknown), ``source`` and notes. The shipped list is from 2016, and later codes are missing from every public
    source found: ``extra`` names a file of the same form as ``library/registers/dream.yaml`` with others.
    Raises InputRefused when it is not of that form, or a code has two meanings at once.

    A code that is not on it stops nothing (decision 14): it is counted, see ``unknown_codes``.
    """
    if extra is None:
        return _shipped_table()
    return merged(_shipped(), read_code_list(extra))


def code_sources(extra: Path | None = None) -> pl.DataFrame:
    """Where the codes are from: ``source`` (as in ``code_list``), title, licence, address, version, date."""
    return sources(_shipped(), None if extra is None else read_code_list(extra))


@cache
def _shipped() -> Read:
    return read_code_list(dream_codes_path())


@cache
def _shipped_table() -> pl.DataFrame:
    return merged(_shipped(), None)


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


def unknown_codes(spells: pl.DataFrame, codes: pl.DataFrame | None = None) -> pl.DataFrame:
    """Codes that the code list lacks: ``code``, ``weeks``, ``persons``, those with most weeks first.

    ``spells`` has ``person``, ``first_week``, ``last_week`` and ``code``; ``codes`` is the shipped list unless
    given.
    """
    known = (code_list() if codes is None else codes)["code"]
    weeks = pl.col("last_week") - pl.col("first_week") + 1
    return _counted(
        spells.lazy()
        .filter(pl.col("code").is_not_null() & ~pl.col("code").is_in(known.unique().implode()))
        .select("person", "code", weeks=weeks)
    )


def invalid_codes(spells: pl.DataFrame, codes: pl.DataFrame | None = None) -> pl.DataFrame:
    """Known codes in weeks in which they were not in use: ``code``, ``weeks``, ``persons``, most weeks first.

    A week counts as valid when any of its days is, since one day of a benefit gives its code to the week; an
    end that is not known excludes nothing. Arguments are those of ``unknown_codes``.
    """
    periods = _weeks_of_validity(code_list() if codes is None else codes)
    weeks = pl.col("last_week") - pl.col("first_week") + 1
    overlap = pl.min_horizontal("last_week", "until") - pl.max_horizontal("first_week", "since") + 1
    return _counted(
        spells.lazy()
        .with_row_index("spell")
        .join(periods.lazy(), on="code")
        .group_by("spell", "person", "code")
        .agg(weeks=weeks.first() - overlap.clip(lower_bound=0).sum())
        .filter(pl.col("weeks") > 0)
    )


def _weeks_of_validity(codes: pl.DataFrame) -> pl.DataFrame:
    """``code``, ``since``, ``until`` (Int32 weeks) of the codes whose validity has a known end.

    The week in which one meaning gives way to the next is counted with the first.
    """
    dated = codes.filter(
        (pl.col("valid_from").is_not_null() | pl.col("valid_to").is_not_null()).any().over("code")
    )
    week = [
        week_numbers(pl.col(name)).fill_null(edge)
        for name, edge in (("valid_from", _BEFORE), ("valid_to", _AFTER))
    ]
    return (
        dated.select("code", since=week[0], until=week[1])
        .sort("code", "since")
        .with_columns(
            since=pl.max_horizontal("since", pl.col("until").shift().over("code").fill_null(_BEFORE) + 1)
        )
    )


def _counted(weeks: pl.LazyFrame) -> pl.DataFrame:
    return (
        weeks.group_by("code")
        .agg(weeks=pl.col("weeks").sum().cast(pl.Int64), persons=pl.col("person").n_unique().cast(pl.Int64))
        .sort("weeks", "code", descending=[True, False])
        .collect()
    )
