"""Spells that somebody has made elsewhere: a row a spell, with columns person, from, to and code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .source import Encoded, Part, Repair
from .spans import Columns, reach, read_spans
from .tables import Table


@dataclass(slots=True)
class SpellsSource:
    """A row a spell, both ends included. Weeks that no spell tells of are weeks without a code.

    The ends are weeks (``y_1401``, ``1401``, ``2014-W01``) or dates. One day colours its whole week, as in
    the register itself (Statistics Denmark's documentation of DREAM, June 2015). Where one spell ends and
    another begins on different days of a week, the later one has the week, since the register keeps one code.
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
    ) -> SpellsSource:
        """The spells in a table; unless given, the register's weeks are those the spells tell of."""
        columns = Columns.of(table, person, "from", "to")
        first, last = reach(table, columns, first_week, last_week)
        return cls(table.file, first, last, columns.left_out(table), table.repairs, table, columns)

    def parts(self) -> Sequence[Part]:
        """The parts of the table."""
        return self.table.parts()

    def read(self, part: Part) -> Encoded:
        """The persons of a part and their runs, or what is wrong with it."""
        window = self.first_week, self.last_week
        return read_spans(self.table, self.columns, part, window, "the spell overlaps the one")
