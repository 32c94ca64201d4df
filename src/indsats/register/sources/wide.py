"""From the rows of a wide register, a person a row, to runs of equal codes."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from indsats.problem import Problem

from ..codes import BLANK
from ..faults import MOST, shorten
from .encode import Encoder, runs_of_rows
from .source import Encoded, Runs
from .values import codes, persons, twice


def encoded_columns(
    file: str, person: pl.Series, weeks: Iterable[pl.Series], first_week: int, first_row: int
) -> Encoded:
    """The persons and runs of a table with a column for each week; there must be one of each at least.

    ``weeks`` are taken one by one, so that they need not all be in memory as they stand in the file.
    ``first_row`` is the row of the first person in the file.
    """
    problems: list[Problem] = []
    encoder = Encoder(len(person), first_week)
    for column in weeks:
        found = codes(column, file, first_row, problems)
        if not problems:
            encoder.add_column(found)
        if len(problems) >= MOST:
            break
    who = persons(person, file, problems)
    return refused(problems) if problems else encoded(file, who, encoder.runs(), first_row)


def encoded_rows(
    file: str, person: pl.Series, matrix: np.ndarray, first_week: int, first_row: int, problems: list[Problem]
) -> Encoded:
    """The persons and runs of a matrix persons × weeks (Int16, ``BLANK`` for none).

    ``problems`` are those found in its making. For files that are stored by rows: codes then change in the
    order of persons, and no run has to be sorted.
    """
    who = persons(person, file, problems)
    return refused(problems) if problems else encoded(file, who, runs_of_rows(matrix, first_week), first_row)


def refused(problems: list[Problem]) -> Encoded:
    """A part that holds nothing but what is wrong with it."""
    none = np.empty(0, dtype=np.int32)
    nobody = pl.Series("person", [], dtype=pl.String)
    runs = Runs(none, none, none, none.astype(np.int16))
    return Encoded(nobody, none.astype(np.int64), runs, shorten(problems))


def encoded(file: str, person: pl.Series, runs: Runs, first_row: int) -> Encoded:
    """The part as read, unless a person is missing or stands twice. A row that is empty throughout is skipped."""
    rows = np.arange(first_row, first_row + len(person), dtype=np.int64)
    problems: list[Problem] = []
    named = person.is_not_null().to_numpy()
    if not named.all():
        coded = np.zeros(len(named), dtype=bool)
        coded[runs.person[runs.code != BLANK]] = True
        remedy = "Give the person's identification, or take the row out"
        problems += [
            Problem("the row has no person", remedy, file, row=int(row))
            for row in rows[coded & ~named][:MOST]
        ]
        kept = named[runs.person]
        position = (np.cumsum(named) - 1).astype(np.int32)
        runs = Runs(position[runs.person[kept]], runs.first[kept], runs.last[kept], runs.code[kept])
        person, rows = person.drop_nulls(), rows[named]
    problems += twice(person, rows, file)
    return refused(problems) if problems else Encoded(person.alias("person"), rows, runs, [])
