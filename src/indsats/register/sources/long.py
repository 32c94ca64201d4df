"""The register in the long layout: a row for each week of each person, with columns person, week and code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .source import Encoded, Part, Repair
from .spans import Columns, reach, read_spans
from .tables import Table


@dataclass(slots=True)
class LongSource:
    """A row a person and week. Weeks without a row are weeks without a code.

    A week is written ``y_1401``, ``1401`` or ``2014-W01``, or is a date, which stands for the week it is in.
    """

    file: Path
    first_week: int
    last_week: int
    left_out: tuple[str, ...]
    repairs: tuple[Repair, ...]
    table: Table
    columns: Columns
    whole: bool = False

    @classmethod
    def of(
        cls, table: Table, person: str = "person", first_week: int | None = None, last_week: int | None = None
    ) -> LongSource:
        """The long register in a table; unless given, its weeks are those the rows tell of."""
        columns = Columns.of(table, person, "week", "week")
        first, last = reach(table, columns, first_week, last_week)
        return cls(table.file, first, last, columns.left_out(table), table.repairs, table, columns)

    def parts(self) -> Sequence[Part]:
        """The parts of the table."""
        return self.table.parts()

    def read(self, part: Part) -> Encoded:
        """The persons of a part and their runs, or what is wrong with it."""
        window = self.first_week, self.last_week
        return read_spans(self.table, self.columns, part, window, "another code for the same week stands")
