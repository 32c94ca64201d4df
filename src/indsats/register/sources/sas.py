"""The wide register as a SAS7BDAT file; Stata and SPSS files are read by the same library in the same way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from indsats.problem import InputRefused, Problem

from ..codes import BLANK, HIGHEST
from ..faults import MOST
from .columns import week_columns
from .source import Encoded, Part, Repair
from .tables import AGAIN, PART_ROWS, person_column
from .values import codes
from .wide import encoded_rows, refused

CELLS = 4_000_000
"""Cells read at a time. The library gives each as a Python object, which takes 32 bytes."""

ENDINGS = (".sas7bdat", ".dta", ".sav")
"""The files that can be read here."""


@dataclass(slots=True)
class SasSource:
    """A row a person, a column a week; ``weeks`` are its columns in the order of time.

    To reach a row the library passes over those before it, at some gigabytes a second: the time for a whole
    file grows with the square of its size, which is felt from a few tens of gigabytes on.
    """

    file: Path
    first_week: int
    last_week: int
    left_out: tuple[str, ...]
    repairs: tuple[Repair, ...]
    person: str
    weeks: tuple[str, ...]
    rows: int
    whole: bool = True

    def parts(self) -> Sequence[Part]:
        """Ranges of rows, the first being row 0."""
        starts = range(0, self.rows, PART_ROWS)
        return [Part(index, start, min(PART_ROWS, self.rows - start)) for index, start in enumerate(starts)]

    def read(self, part: Part) -> Encoded:
        """The persons of a part and their runs, or what is wrong with it."""
        wanted = [self.person, *self.weeks]
        step = max(1, CELLS // len(wanted))
        matrix = np.empty((part.count, len(self.weeks)), dtype=np.int16)
        person: list[pl.Series] = []
        problems: list[Problem] = []
        for done in range(0, part.count, step):
            count = min(step, part.count - done)
            start = part.start + done
            try:
                columns, about = _reader(self.file)(
                    str(self.file),
                    row_offset=start,
                    row_limit=count,
                    usecols=wanted,
                    output_format="dict",
                    disable_datetime_conversion=True,
                )
            except Exception as fault:  # whatever the library says may quote what it read
                return refused([_unreadable(self.file, fault)])
            if len(columns[self.person]) != count:
                return refused([Problem("the file has fewer rows than it says", AGAIN, self.file.name)])
            types = about.readstat_variable_types
            person.append(_series(self.person, columns[self.person], types[self.person]))
            piece = matrix[done : done + count]
            if all(types[name] != "string" for name in self.weeks) and _fill(piece, columns, self.weeks):
                continue
            for week, name in enumerate(self.weeks):
                found = codes(_series(name, columns[name], types[name]), self.file.name, start + 2, problems)
                piece[:, week] = found.fill_null(BLANK).to_numpy()
            if len(problems) >= MOST:
                return refused(problems)
        who = pl.concat(person)
        return encoded_rows(self.file.name, who, matrix, self.first_week, part.start + 2, problems)


def open_sas(path: Path, person: str = "person") -> SasSource:
    """The register in a file of SAS, Stata or SPSS.

    Raises ``InputRefused`` with every problem in its columns, or when it cannot be read or has no rows.
    """
    try:
        _, about = _reader(path)(str(path), metadataonly=True)
    except Exception as fault:
        raise InputRefused([_unreadable(path, fault)]) from None
    names = list(about.column_names)
    who = person_column(path.name, names, person)
    columns = week_columns(path.name, names, who)
    if not about.number_rows or about.number_rows < 0:
        what = "the register has columns but no persons, or does not say how many"
        raise InputRefused([Problem(what, "Add a row for each person", path.name)])
    first, last = columns.first_week, columns.last_week
    return SasSource(
        path, first, last, columns.left_out, columns.repairs, who, columns.names, int(about.number_rows)
    )


def _reader(path: Path) -> Callable[..., tuple[Mapping[str, list[Any]], Any]]:
    import pyreadstat  # only here: it loads pandas, and every process of a build loads this room

    return {
        ".sas7bdat": pyreadstat.read_sas7bdat,
        ".dta": pyreadstat.read_dta,
        ".sav": pyreadstat.read_sav,
    }[path.suffix.lower()]


def _series(name: str, values: list[Any], kind: str) -> pl.Series:
    """A column with its own type; missing numbers of any sort are null."""
    if kind == "string":
        return pl.Series(name, values, dtype=pl.String)
    return pl.Series(name, np.array(values, dtype=np.float64), nan_to_null=True)


def _fill(matrix: np.ndarray, columns: Mapping[str, list[Any]], weeks: Sequence[str]) -> bool:
    """Fills ``matrix`` (persons × weeks) with the codes of number columns. False if some number is no code."""
    cells = np.array([columns[name] for name in weeks], dtype=np.float64)
    missing = np.isnan(cells)
    cells[missing] = BLANK
    if cells.min() < BLANK or cells.max() > HIGHEST:
        return False
    matrix[:] = cells.T
    return bool((cells == matrix.T).all()) and np.count_nonzero(matrix == BLANK) == np.count_nonzero(missing)


def _unreadable(path: Path, fault: Exception) -> Problem:
    what = f"the file cannot be read as {path.suffix[1:].lower()} ({type(fault).__name__})"
    return Problem(what, AGAIN, path.name)
