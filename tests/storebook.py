"""Registers for tests of the store: weeks in memory, as Parquet files, and read back from a store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from indsats.register.sources.parquet import ParquetSource
from indsats.register.store.store import Store
from indsats.register.store.wide import weeks_matrix
from indsats.register.weeks import column_of_week


def some_weeks(persons: int, weeks: int, seed: int = 1) -> np.ndarray:
    """A matrix persons × weeks of codes with runs of several lengths; -1 is blank."""
    random = np.random.default_rng(seed)
    codes = random.choice([-1, -1, 0, 111, 730, 783, 999], (persons, weeks))
    stays = random.random((persons, weeks)) < 0.7
    for week in range(1, weeks):
        codes[:, week] = np.where(stays[:, week], codes[:, week - 1], codes[:, week])
    return codes.astype(np.int16)


def named(count: int, start: int = 0) -> list[str]:
    """Persons p0, p1, …"""
    return [f"p{number}" for number in range(start, start + count)]


def wide_table(persons: Sequence[str | None], weeks: np.ndarray, first_week: int = 0) -> pl.DataFrame:
    """The wide layout: a column ``person`` and one for each week, blank as null."""
    columns = [
        pl.Series(column_of_week(first_week + week), weeks[:, week]).set(
            pl.Series(weeks[:, week] == -1), None
        )
        for week in range(weeks.shape[1])
    ]
    return pl.DataFrame([pl.Series("person", persons, dtype=pl.String), *columns])


def parquet(
    path: Path, persons: Sequence[str | None], weeks: np.ndarray, first_week: int = 0, rows: int | None = None
) -> ParquetSource:
    """The weeks as a Parquet file with ``rows`` in each row group, opened."""
    wide_table(persons, weeks, first_week).write_parquet(path, row_group_size=rows)
    return ParquetSource(path)


def read_back(store: Store) -> dict[str, list[int]]:
    """Each person's weeks in the store, by identification; -1 is blank, -2 not observed."""
    found = {}
    for bucket in range(store.buckets):
        people = pl.read_parquet(store.persons_path(bucket))
        spells = pl.read_parquet(store.spells_path(bucket))
        weeks = weeks_matrix(spells, people["person"], store.first_week, store.last_week)
        found |= dict(zip(people["identity"], weeks.tolist(), strict=True))
    return found


def all_bytes(folder: Path) -> dict[str, bytes]:
    """Every file below a folder and what is in it."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
