"""What is wrong with an input: where, what, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about one place in an input.

    ``file`` with ``line`` and ``column`` (both from 1) place it in a text file; ``row`` (the row number a
    spreadsheet shows, the heading being row 1) and ``field`` place it in a table. ``value`` is what stood
    there, already cleared of person numbers.
    """

    what: str
    remedy: str
    file: str = ""
    line: int | None = None
    column: int | None = None
    row: int | None = None
    field: str | None = None
    value: str | None = None
    severity: Severity = "error"

    @property
    def where(self) -> str:
        """The place as a person reads it: ``file:line:column`` or ``file, row 7, column 'outcome'``."""
        place = self.file
        if self.line is not None:
            place += f":{self.line}"
            if self.column is not None:
                place += f":{self.column}"
        if self.row is not None:
            place += f", row {self.row}" if place else f"row {self.row}"
        if self.field is not None:
            # Definitions have no columns: there it is the part's name.
            field = f"'{self.field}'" if self.file.endswith(".yaml") else f"column '{self.field}'"
            place += f", {field}" if place else field
        return place

    def __str__(self) -> str:
        shown = f" (found: {self.value})" if self.value is not None else ""
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.severity}: {self.what}{shown}. {self.remedy}"


class InputRefused(Exception):
    """An input was refused as a whole; nothing of it was used. ``problems`` holds every finding."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
