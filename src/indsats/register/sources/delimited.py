"""The wide register as text with separators: CSV with commas, semicolons or tabs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from indsats.problem import Problem

from .columns import week_columns
from .source import Encoded, Part, Repair
from .text import DelimitedTable
from .wide import encoded_columns, refused


@dataclass(slots=True)
class DelimitedSource:
    """A row a person, a column a week, in a text file; ``weeks`` are its columns in the order of time."""

    file: Path
    first_week: int
    last_week: int
    left_out: tuple[str, ...]
    repairs: tuple[Repair, ...]
    table: DelimitedTable
    person: str
    weeks: tuple[str, ...]
    whole: bool = True

    @classmethod
    def of(cls, table: DelimitedTable, person: str) -> DelimitedSource:
        """The wide register in a table; ``InputRefused`` with every problem in its heading."""
        columns = week_columns(table.file.name, list(table.names), person)
        repairs = (*table.repairs, *columns.repairs)
        first, last = columns.first_week, columns.last_week
        return cls(table.file, first, last, columns.left_out, repairs, table, person, columns.names)

    def parts(self) -> Sequence[Part]:
        """Ranges of bytes that end where a line ends."""
        return self.table.parts()

    def read(self, part: Part) -> Encoded:
        """The persons of a part and their runs, or what is wrong with it."""
        problems: list[Problem] = []
        types: dict[str, pl.DataType] = dict.fromkeys(self.weeks, pl.Int16())
        frame = self.table.frame(part, types, problems)
        if frame is None:
            return refused(problems)
        columns = (frame[name] for name in self.weeks)
        row = self.table.first_row(part)
        return encoded_columns(self.file.name, frame[self.person], columns, self.first_week, row)
