"""The cells of a workbook that comes back: texts and numbers, and what is wrong with them, each with its cell."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import fastexcel
import numpy as np

from indsats.language import LANGUAGES, Lang
from indsats.problem import InputRefused, Problem
from indsats.programme import Text

from ..lines import Array
from .labels import SHEETS, WORDS, Sheet, choice, other
from .layout import FIRST, HEADING, cell, column, first_year, headings

Key = TypeVar("Key")

READ: tuple[Sheet, ...] = (
    "assumptions",
    "discounting",
    "prices",
    "quantities",
    "years",
    "division",
    "caveats",
)
"""The sheets a case is read from; all others follow from them."""

_EMPTY = "the cell is empty"

_ONE_CAUSE = 20
"""Nobody empties more cells than these by hand: one cause is told once."""

_YES_NO = {"yes": WORDS["yes"], "no": WORDS["no"]}


class Book:
    """The cells of a workbook as texts, and the problems found in them."""

    def __init__(self, path: Path) -> None:
        self._file, self.problems = path.name, list[Problem]()
        if not path.is_file():
            raise self._refused("there is no such file", "Check the name and the folder.")
        try:
            reader = fastexcel.read_excel(path)
        except fastexcel.FastExcelError as error:
            raise self._refused(
                "the file is not an Excel workbook that can be read", "Open it in Excel and save it as .xlsx."
            ) from error
        names = reader.sheet_names
        written: list[Lang] = [lang for lang in LANGUAGES if SHEETS["front"].in_(lang) in names]
        if not written:
            tabs = " or ".join(f"'{SHEETS['front'].in_(lang)}'" for lang in LANGUAGES)
            raise self._refused(
                f"the workbook is no business case: it has no sheet {tabs}",
                "Start from a workbook that this program has written, and keep the names of its sheets.",
            )
        self.lang: Lang = written[0]
        self._rows: dict[Sheet, list[list[str]]] = {}
        self._numbers: dict[Sheet, list[tuple[float | None, ...]]] = {}
        for sheet in READ:
            tab = SHEETS[sheet].in_(self.lang)
            if tab not in names:
                self.problems.append(
                    self._problem(f"the sheet '{tab}' is missing", "Put it back, or write the workbook anew.")
                )
                continue
            texts, numbers = (
                reader.load_sheet_by_name(tab, header_row=None, skip_rows=0, dtypes=kind).to_polars()
                for kind in ("string", "float")  # a number read as text is rounded to nine decimals
            )
            self._rows[sheet] = [[(value or "").strip() for value in row] for row in texts.iter_rows()]
            self._numbers[sheet] = list(numbers.iter_rows())
        self.refuse()
        self.years = self._years()
        for sheet in READ:
            self._check_headings(sheet)
        self.refuse()

    def refuse(self) -> None:
        """Raises what has been found."""
        empty = [problem for problem in self.problems if problem.what == _EMPTY]
        if len(empty) > _ONE_CAUSE:
            raise self._refused(
                "the formulas of the workbook have no values",
                "Open it in Excel or LibreOffice and save it: another program has written it without computing it.",
            )
        if self.problems:
            raise InputRefused(self.problems)

    def rows(self, sheet: Sheet) -> list[int]:
        """The rows of a table that have something in their first column."""
        return [row for row, cells in enumerate(self._rows[sheet]) if row >= FIRST and cells and cells[0]]

    def text(self, sheet: Sheet, row: int, col: int | str) -> str:
        """What a cell says."""
        col = column(sheet, col) if isinstance(col, str) else col
        cells = self._rows[sheet][row] if row < len(self._rows[sheet]) else []
        return cells[col] if col < len(cells) else ""

    def wrong(self, sheet: Sheet, row: int, col: int | str, what: str, remedy: str) -> None:
        """Notes a problem of a cell."""
        col = column(sheet, col) if isinstance(col, str) else col
        self.problems.append(self._problem(what, remedy, sheet, cell(row, col)))

    def number(
        self, sheet: Sheet, row: int, col: int | str, low: float = -math.inf, high: float = math.inf
    ) -> float:
        """The number in a cell; one that is missing, no number or out of bounds is noted."""
        found = self.maybe(sheet, row, col)
        if found is None:
            self.wrong(
                sheet,
                row,
                col,
                _EMPTY,
                "Write a number. If the cell holds a formula, open the workbook in Excel and save it: "
                "another program has written it without computing it.",
            )
            return math.nan
        if found < low or found > high:
            bounds = f"at least {low:g}" if high == math.inf else f"between {low:g} and {high:g}"
            self.wrong(sheet, row, col, f"{found:g} is out of bounds", f"Write a number {bounds}.")
        return found

    def maybe(self, sheet: Sheet, row: int, col: int | str) -> float | None:
        """The number in a cell, or None where it is empty."""
        if not self.text(sheet, row, col):
            return None
        found = self._numbers[sheet][row][column(sheet, col) if isinstance(col, str) else col]
        if found is not None and math.isfinite(found):
            return found
        self.wrong(
            sheet, row, col, "the cell holds no number", "Write the number alone, without unit or blanks."
        )
        return math.nan

    def one_of(self, sheet: Sheet, row: int, col: str, words: Mapping[Key, Text]) -> Key:
        """What the word in a cell stands for."""
        found = choice(words, self.text(sheet, row, col), self.lang)
        if found is None:
            known = ", ".join(f"'{text.in_(self.lang)}'" for text in words.values())
            self.wrong(sheet, row, col, "the cell holds none of the words it may", f"Choose one of {known}.")
            return next(iter(words))
        return found

    def yes(self, sheet: Sheet, row: int, col: str) -> bool:
        """Whether a cell says yes."""
        return self.one_of(sheet, row, col, _YES_NO) == "yes"

    def both(self, sheet: Sheet, row: int, here: str, there: str) -> Text:
        """A text in both languages; where one is missing, what is written in the other."""
        mine = self.text(sheet, row, here)
        theirs = self.text(sheet, row, there)
        texts = {self.lang: mine or theirs, other(self.lang): theirs or mine}
        if not mine and not theirs:
            self.wrong(sheet, row, here, _EMPTY, "Write what the row is called.")
            return Text(da="?", en="?")
        return Text(da=texts["da"], en=texts["en"])

    def series(self, sheet: Sheet, row: int) -> Array:
        """The numbers of all years in a row."""
        start = first_year(sheet)
        return np.array([self.number(sheet, row, start + year) for year in range(self.years)])

    def _years(self) -> int:
        """How many years there are headings for on the sheet of discounting."""
        heads = self._rows["discounting"][HEADING] if len(self._rows["discounting"]) > HEADING else []
        return max(len([head for head in heads if head]) - first_year("discounting"), 1)

    def _check_headings(self, sheet: Sheet) -> None:
        over_years = sheet in ("discounting", "years", "division")
        for col, head in enumerate(headings(sheet, self.lang, self.years if over_years else 0)):
            if self.text(sheet, HEADING, col) != head:
                self.wrong(
                    sheet,
                    HEADING,
                    col,
                    f"the heading is not '{head}'",
                    "Put rows and columns back where they were when the workbook was written.",
                )

    def _problem(self, what: str, remedy: str, sheet: Sheet | None = None, at: str = "") -> Problem:
        where = f", sheet '{SHEETS[sheet].in_(self.lang)}', cell {at}" if sheet else ""
        return Problem(what, remedy, file=self._file + where)

    def _refused(self, what: str, remedy: str) -> InputRefused:
        return InputRefused([self._problem(what, remedy)])
