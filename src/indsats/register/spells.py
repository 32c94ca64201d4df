"""Spells: one row for each run of weeks with the same code, encoded from a matrix of weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from .codes import BLANK

SPELL_COLUMNS: dict[str, pl.DataType] = {
    "person": pl.String(),
    "first_week": pl.Int32(),
    "last_week": pl.Int32(),
    "code": pl.Int16(),
}


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of equal codes as four arrays of one length, sorted by person, then week.

    ``person`` is the row of the matrix, ``first`` and ``last`` are columns of it (both included).
    """

    person: np.ndarray
    first: np.ndarray
    last: np.ndarray
    code: np.ndarray


def run_lengths(matrix: np.ndarray) -> Runs:
    """The runs of equal codes in ``matrix`` (weeks × persons, Int16, ``BLANK`` for none).

    Weeks come first because columns of a wide file then fill the matrix without a transposition, which costs
    more than the encoding. Time and memory grow with the number of cells; the runs alone are sorted.
    """
    weeks, persons = matrix.shape
    starts_run = np.empty(matrix.shape, dtype=bool)
    starts_run[0] = True
    np.not_equal(matrix[1:], matrix[:-1], out=starts_run[1:])
    flat = np.flatnonzero(starts_run)
    first, person = np.divmod(flat, persons)
    # Stable sorting of 16-bit numbers is a radix sort; batches are small enough for it.
    keys = person.astype(np.uint16) if persons <= np.iinfo(np.uint16).max + 1 else person
    order = np.argsort(keys, kind="stable")
    person, first = person[order].astype(np.int32), first[order].astype(np.int32)
    last = np.full(len(first), weeks - 1, dtype=np.int32)
    if len(first) > 1:
        same = person[1:] == person[:-1]
        last[:-1][same] = first[1:][same] - 1
    return Runs(person, first, last, matrix.ravel()[flat[order]])


def spell_table(persons: pl.Series, batches: Sequence[Runs], first_week: int) -> pl.DataFrame:
    """The runs of all batches as one table sorted by person and week.

    ``persons`` names the persons in the order of the batches, each once; ``Runs.person`` counts from 0 in
    each batch. Returns the columns ``SPELL_COLUMNS``; a blank week has a null code.
    """
    offsets = np.cumsum([0, *(int(runs.person[-1]) + 1 for runs in batches)])
    number = np.concatenate([runs.person + offset for runs, offset in zip(batches, offsets, strict=False)])
    first, last, code = (
        np.concatenate([getattr(runs, name) for runs in batches]) for name in ("first", "last", "code")
    )
    by_name = persons.arg_sort().to_numpy()
    if not np.array_equal(by_name, np.arange(len(by_name))):
        # Each person's runs stand together: move the blocks, do not sort the rows.
        length = np.bincount(number, minlength=len(by_name))
        start = np.concatenate([[0], np.cumsum(length)[:-1]])
        moved = length[by_name]
        before = np.concatenate([[0], np.cumsum(moved)[:-1]])
        order = np.repeat(start[by_name] - before, moved) + np.arange(len(number))
        number, first, last, code = number[order], first[order], last[order], code[order]
    return pl.DataFrame(
        {
            "person": persons.gather(number),
            "first_week": (first + first_week).astype(np.int32),
            "last_week": (last + first_week).astype(np.int32),
            "code": pl.Series(code).set(pl.Series(code == BLANK), None),
        },
        schema=SPELL_COLUMNS,
    )


def spells_of(persons: Sequence[str], matrix: np.ndarray, first_week: int) -> pl.DataFrame:
    """Spells of a matrix (persons × weeks) of integers with ``BLANK`` (-1) for weeks without a code.

    For data that are made in memory, such as simulated ones. Persons must be unique; the first column is
    week ``first_week``. Raises ``ValueError`` when the shapes differ or there is nothing in the matrix.
    """
    if matrix.ndim != 2 or matrix.shape[0] != len(persons) or 0 in matrix.shape:
        raise ValueError(f"{len(persons)} persons need a matrix of as many rows, found shape {matrix.shape}")
    runs = run_lengths(np.ascontiguousarray(matrix.T, dtype=np.int16))
    return spell_table(pl.Series(persons, dtype=pl.String), [runs], first_week)


def merge_neighbours(spells: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Rows of the same ``keys`` that follow each other without a gap become one row.

    ``spells`` has ``first_week`` and ``last_week``, is sorted by ``keys``, then ``first_week``, and rows of
    the same keys do not overlap; the result is sorted alike and has only these columns.
    """
    first, last = spells["first_week"].to_numpy(), spells["last_week"].to_numpy()
    begins = np.empty(spells.height, dtype=bool)
    begins[:1] = True
    begins[1:] = first[1:] != last[:-1] + 1
    for key in keys:
        begins[1:] |= spells[key][1:].ne_missing(spells[key][:-1]).to_numpy()
    at = np.flatnonzero(begins)
    until = np.append(at[1:], spells.height)[: len(at)] - 1
    return pl.DataFrame(
        {**{key: spells[key].gather(at) for key in keys}, "first_week": first[at], "last_week": last[until]},
        schema_overrides={"first_week": pl.Int32, "last_week": pl.Int32},
    )
