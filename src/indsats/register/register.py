"""A register in memory: what a municipality's weeks are followed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from .codes import BLANK, unknown_codes
from .sources.encode import runs_of_rows
from .sources.source import Repair
from .store.store import Store

SPELL_COLUMNS: dict[str, pl.DataType] = {
    "person": pl.String(),
    "first_week": pl.Int32(),
    "last_week": pl.Int32(),
    "code": pl.Int16(),
}


@dataclass(frozen=True, slots=True)
class Register:
    """A weekly register as spells in memory.

    ``spells`` has a row for each run of weeks with one code: ``person`` (String), ``first_week``,
    ``last_week`` (Int32, weeks since 1991-W32, both included), ``code`` (Int16, null for weeks without one);
    it is sorted by person and week. ``persons`` has a row for each person: ``person``, ``first_week``,
    ``last_week``, the weeks in which the person is observed.
    ``unknown_codes`` counts the codes the code list lacks (``code``, ``weeks``, ``persons``). ``left_out``
    names the columns of the files that are neither person nor week, ``repairs`` what was put right unasked.
    """

    spells: pl.DataFrame
    persons: pl.DataFrame
    first_week: int
    last_week: int
    unknown_codes: pl.DataFrame
    left_out: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()

    @property
    def buckets(self) -> int:
        """One: all of it is in memory."""
        return 1

    def identities(self) -> pl.Series:
        """What the files call the persons of the register (String)."""
        return self.persons["person"]

    @classmethod
    def of(cls, spells: pl.DataFrame, first_week: int, last_week: int) -> Register:
        """A register of a spell table, its unknown codes counted."""
        observed = spells.group_by("person", maintain_order=True).agg(
            pl.col("first_week").min(), pl.col("last_week").max()
        )
        return cls(spells, observed, first_week, last_week, unknown_codes(spells))

    @classmethod
    def load(cls, store: Store) -> Register:
        """All of a store in memory, its persons under the names the files gave them.

        Raises ``InputRefused`` when a file is not the one that was built.
        """
        buckets = range(store.buckets)
        persons = pl.concat([store.read_persons(bucket) for bucket in buckets])
        spells = pl.concat([store.read_spells(bucket) for bucket in buckets])
        return cls(
            _named(spells, persons).select(*SPELL_COLUMNS).sort("person", "first_week"),
            _named(persons.drop("identity"), persons)
            .select("person", "first_week", "last_week")
            .sort("person"),
            store.first_week,
            store.last_week,
            store.unknown_codes,
            store.left_out,
            store.repairs,
        )


def _named(rows: pl.DataFrame, persons: pl.DataFrame) -> pl.DataFrame:
    names = persons.select("person", "identity")
    return rows.join(names, on="person", how="left").drop("person").rename({"identity": "person"})


def spells_of(persons: Sequence[str], matrix: np.ndarray, first_week: int) -> pl.DataFrame:
    """Spells of a matrix (persons × weeks) of integers with ``BLANK`` (-1) for weeks without a code.

    For data that are made in memory, such as simulated ones. Persons must be unique; the first column is
    week ``first_week``. Raises ``ValueError`` when the shapes differ or there is nothing in the matrix.
    """
    if matrix.ndim != 2 or matrix.shape[0] != len(persons) or 0 in matrix.shape:
        raise ValueError(f"{len(persons)} persons need a matrix of as many rows, found shape {matrix.shape}")
    runs = runs_of_rows(np.ascontiguousarray(matrix, dtype=np.int16), first_week)
    return pl.DataFrame(
        {
            "person": pl.Series(persons, dtype=pl.String).gather(runs.person),
            "first_week": runs.first,
            "last_week": runs.last,
            "code": pl.Series(runs.code).replace(BLANK, None),
        },
        schema=SPELL_COLUMNS,
    ).sort("person", "first_week", maintain_order=True)
