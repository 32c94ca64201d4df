"""Files of rows and columns that are read a part at a time, and which of their columns is what."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import polars as pl

from indsats.problem import InputRefused, Problem

from ..faults import shorten
from .source import Part, Repair

PART_ROWS = 50_000
"""Rows of a part at most."""

PART_BYTES = 32_000_000
"""Bytes of a part of a text file at most; read, they take about as much again."""

NARROW_ROWS = 500_000
"""Rows of a part of a file that has a row a week or a spell."""

STRETCH = 10_000
"""Rows a part of such a file may grow by so that it ends where a person does.

In files sorted by person no person then stands in two parts, and all that can be wrong with one shows in one."""

PERSON_NAMES = ("person", "pnr", "lobenr", "recnr")
"""What the column of persons is called, here and in the registers themselves."""

AGAIN = "Export the register again and check that the copy is whole"
"""What to do about a file that is broken as a file."""

NO_ROWS = "the file has a heading but no rows, and so no persons"
_WEEK = re.compile(r"^y_\d{1,4}$", re.IGNORECASE)


class Table(Protocol):
    """A file of rows and columns."""

    @property
    def file(self) -> Path:
        """Where it is."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """The columns in the order of the file; a second one of a name ends in ``_duplicated_0``."""
        ...

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """What was put right when it was opened."""
        ...

    def parts(self) -> Sequence[Part]:
        """The parts in the order of the file."""
        ...

    def first_row(self, part: Part) -> int:
        """The row the part begins with, the heading being row 1."""
        ...

    def frame(
        self, part: Part, types: Mapping[str, pl.DataType], problems: list[Problem]
    ) -> pl.DataFrame | None:
        """The columns of ``types`` in a part, or None once something was added to ``problems``.

        Text has the types asked for where all its fields can be read so, and is text otherwise.
        """
        ...


@dataclass(frozen=True, slots=True)
class ParquetTable:
    """A Parquet file of few columns. ``cuts`` are the rows each part begins with, and the number of rows."""

    file: Path
    names: tuple[str, ...]
    cuts: tuple[int, ...]
    repairs: tuple[Repair, ...] = ()

    def parts(self) -> Sequence[Part]:
        """Ranges of rows, the first being row 0."""
        pairs = enumerate(itertools.pairwise(self.cuts))
        return [Part(index, start, until - start) for index, (start, until) in pairs]

    def first_row(self, part: Part) -> int:
        """The row the part begins with, the heading being row 1."""
        return part.start + 2

    def frame(
        self, part: Part, types: Mapping[str, pl.DataType], problems: list[Problem]
    ) -> pl.DataFrame | None:
        """The columns of ``types`` in a part with the types they have in the file; bytes are read as text."""
        scan = pl.scan_parquet(self.file, glob=False).select(list(types)).slice(part.start, part.count)
        try:
            frame = scan.collect().with_columns(pl.col(pl.Binary).cast(pl.String))
        except (pl.exceptions.PolarsError, OSError):
            problems.append(Problem("the file cannot be read as Parquet", AGAIN, self.file.name))
            return None
        odd = [
            name for name, kind in frame.schema.items() if kind.is_nested() or kind in (pl.Time, pl.Duration)
        ]
        remedy = "Store it as text, numbers or dates"
        problems += [
            Problem(f"the column holds {_sort(frame.schema[name])}", remedy, self.file.name, field=name)
            for name in odd
        ]
        return None if odd else frame


def open_parquet(path: Path, person: str = "person") -> ParquetTable:
    """The table in a Parquet file; ``InputRefused`` when it cannot be read or has no rows.

    ``person`` is what the column of persons may be called besides the names registers use.
    """
    try:
        lazy = pl.scan_parquet(path, glob=False)  # a name with [1] in it is a name, and no pattern
        names = tuple(lazy.collect_schema().names())
        rows = int(lazy.select(pl.len()).collect().item())
        cuts = [
            0,
            *(_change(lazy, names, person, cut) for cut in range(NARROW_ROWS, rows, NARROW_ROWS)),
            rows,
        ]
    except (pl.exceptions.PolarsError, OSError):
        raise InputRefused([Problem("the file cannot be read as Parquet", AGAIN, path.name)]) from None
    if not rows:
        raise InputRefused([Problem(NO_ROWS, "Add its rows, or leave the file out", path.name)])
    return ParquetTable(path, names, tuple(sorted(set(cuts))))


def _sort(kind: pl.DataType) -> str:
    return "lists or structures" if kind.is_nested() else "times of day or durations"


def _change(lazy: pl.LazyFrame, names: Sequence[str], asked: str, cut: int) -> int:
    """The first row from ``cut`` on where the person changes, or ``cut`` if that is far away."""
    person = names[likely_person(names, asked)]
    near = lazy.select(person).slice(cut - 1, STRETCH).collect()[person]
    changes = np.flatnonzero(near.ne_missing(near[0]).to_numpy())
    if len(changes):
        return cut - 1 + int(changes[0])
    return cut if len(near) == STRETCH else cut - 1 + len(near)


def whole(table: Table, names: Sequence[str]) -> pl.DataFrame:
    """The columns ``names`` of a whole file, text where it can be, with ``row``, the heading being row 1.

    Empty lines are left out. Raises ``InputRefused`` with everything that cannot be read.
    """
    problems: list[Problem] = []
    frames = []
    for part in table.parts():
        frame = table.frame(part, dict.fromkeys(names, pl.String()), problems)
        if frame is None:
            raise InputRefused(shorten(problems))
        frame = frame.select(names).with_row_index("row", offset=table.first_row(part))
        frames.append(frame.filter(~pl.all_horizontal(pl.col(names).is_null())))
    return pl.concat(frames)


def likely_person(names: Sequence[str], asked: str = "person") -> int:
    """The position of the column that seems to hold the persons: the one asked for, if it is there."""
    stripped = [name.strip() for name in names]
    if asked in stripped:
        return stripped.index(asked)
    return next((at for at, name in enumerate(stripped) if name.lower() in PERSON_NAMES), 0)


def has_weeks(names: Sequence[str]) -> bool:
    """Whether some column is a week, so that a row is a person."""
    return any(_WEEK.match(name.strip()) for name in names)


def person_column(file: str, names: Sequence[str], asked: str = "person") -> str:
    """Which of ``names`` holds the persons: the one asked for, or the only one with a name registers use.

    Raises ``InputRefused`` when several could be meant. When none could, it is the one asked for, and the
    reader tells that it is missing.
    """
    if asked in names:
        return asked
    known = [name for name in names if name.strip().lower() in PERSON_NAMES]
    if len(known) > 1:
        what = f"{' and '.join(repr(name) for name in known)} could both be the person"
        remedy = "Say which column identifies the person, or keep one of them"
        raise InputRefused([Problem(what, remedy, file)])
    return known[0] if known else asked


def the_column(
    file: str, names: Sequence[str], known: Sequence[str], means: str, problems: list[Problem]
) -> str | None:
    """The one of ``names`` that is ``known``, in capital letters or not; None if there is none.

    Two that mean the same are added to ``problems``: to take one of them would be a guess.
    """
    present = [name for name in names if name.strip().lower() in known]
    if len(present) > 1:
        what = f"{' and '.join(repr(name) for name in present)} both mean {means}"
        problems.append(Problem(what, "Keep one of them", file))
    return present[0] if present else None


def refuse(problems: list[Problem]) -> None:
    """Raises ``InputRefused`` if there are problems."""
    if problems:
        raise InputRefused(shorten(problems))
