"""Where everything stands in the workbook of a business case: what is written there is read from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from indsats.language import Lang
from indsats.programme import PAYERS

from ..lines import Case, Line, Uncertain
from ..words import PAYER_WORDS
from .labels import SHEETS, Sheet, word

HEADING = 3
"""The row of the headings, from 0; the sheet's title and what it is about stand above."""
FIRST = HEADING + 1
"""The first row of a table."""

COLUMNS: dict[Sheet, tuple[str, ...]] = {
    "assumptions": (
        "scenario",
        "title",
        "participants",
        "price_year",
        "displaced",
        "yardstick_unit",
        "yardstick",
        "other_title",
        "other_unit",
    ),
    "discounting": ("scenario", "what"),
    "prices": (
        "code",
        "title",
        "per",
        "price",
        "low",
        "high",
        "spread",
        "stated",
        "stated_per",
        "stated_year",
        "origin",
        "sources",
        "note",
        "price_of",
    ),
    "quantities": (
        "scenario",
        "code",
        "title",
        "part",
        "unit",
        "quantity",
        "low",
        "high",
        "spread",
        "price",
        "amount",
        "of",
        "price_key",
        "errs_with",
        "moves",
        "transfer",
        "other_title",
        "other_unit",
    ),
    "years": ("scenario", "code", "title"),
    "division": ("scenario", "code", "title", "payer"),
    "flow": ("scenario", "code", "title", "payer"),
    "present": (
        "scenario",
        "code",
        "title",
        "part",
        *PAYERS,
        "public",
        "cautious",
        "hopeful",
        "worth",
        "units",
        "zero",
        "moves",
        "transfer",
        "of",
        "spread",
        "errs_with",
        "middle",
        "smallest",
        "largest",
    ),
    "caveats": ("scenario", "severity", "caution", "code", "other_caution"),
}
"""The columns of each table, before those of the years."""

TEXTS = frozenset(
    (
        *(
            "scenario",
            "code",
            "title",
            "other_title",
            "yardstick",
            "yardstick_unit",
            "other_unit",
            "what",
            "per",
        ),
        *(
            "spread",
            "stated_per",
            "origin",
            "sources",
            "note",
            "price_of",
            "part",
            "unit",
            "of",
            "payer",
        ),
        *("price_key", "errs_with", "moves", "transfer", "zero", "severity", "caution", "other_caution"),
    )
)
"""The columns of words; all others are numbers."""

SHOWN: dict[Sheet, int] = {"assumptions": 6, "prices": 13, "quantities": 11, "present": 12, "caveats": 3}
"""How many columns are for people; those after are there to read the workbook back, and are folded."""


def column(sheet: Sheet, name: str) -> int:
    """The number, from 0, of a column."""
    return COLUMNS[sheet].index(name)


def first_year(sheet: Sheet) -> int:
    """The column of year 1."""
    return len(COLUMNS[sheet])


def headings(sheet: Sheet, lang: Lang, years: int = 0) -> list[str]:
    """The headings of a table, the years last."""
    payers = {str(payer): text.in_(lang) for payer, text in PAYER_WORDS.items()}
    named = [payers.get(name) or word(name, lang) for name in COLUMNS[sheet]]
    return named + [f"{word('year', lang)} {year}" for year in range(1, years + 1)]


def cell(row: int, col: int) -> str:
    """A cell's name, such as ``D7``."""
    return xl_rowcol_to_cell(row, col)


def place(name: str) -> tuple[int, int]:
    """The row and column, from 0, of a cell's name."""
    return xl_cell_to_rowcol(name)


@dataclass(frozen=True)
class Layout:
    """The rows of the cases' lines on every sheet, and how a formula names them.

    Raises ValueError for cases that cannot stand in one workbook.
    """

    cases: tuple[Case, ...]
    lang: Lang

    def __post_init__(self) -> None:
        if not self.cases or not all(case.lines for case in self.cases):
            raise ValueError("a workbook needs a case, and each case a line")
        if len({case.years for case in self.cases}) > 1:
            raise ValueError("cases of one workbook must count the same number of years")
        if len({case.scenario for case in self.cases}) < len(self.cases):
            raise ValueError("cases of one workbook must be of different scenarios")
        for case in self.cases:
            if abs(case.discount[0] - 1) > 1e-12:
                raise ValueError(f"the first year of '{case.scenario}' is discounted")
            if len({line.id for line in case.lines}) < len(case.lines):
                raise ValueError(f"two lines of '{case.scenario}' have the same id")

    @property
    def years(self) -> int:
        """How many years the cases count."""
        return self.cases[0].years

    @cached_property
    def prices(self) -> dict[tuple[str, Uncertain], str]:
        """The code of each price there is: its id, with a number after where an id has several amounts."""
        codes: dict[tuple[str, Uncertain], str] = {}
        for case in self.cases:
            for line in case.lines:
                same = sum(price_of == line.price_of for price_of, _ in codes)
                code = line.price_of if not same else f"{line.price_of} ({same + 1})"
                codes.setdefault((line.price_of, line.price), code)
        return codes

    def price_row(self, line: Line) -> int:
        """The row of a line's price on the sheet of prices."""
        return FIRST + list(self.prices).index((line.price_of, line.price))

    def row(self, case: int, line: int = 0) -> int:
        """The row of a line where each line has one."""
        return FIRST + sum(len(one.lines) for one in self.cases[:case]) + line

    def payer_row(self, case: int, line: int = 0, payer: int = 0) -> int:
        """The row of a payer of a line where each line has one for every payer."""
        return FIRST + (self.row(case, line) - FIRST) * len(PAYERS) + payer

    def twin(self, case: int, line: Line) -> tuple[int, Line] | None:
        """The line of the first case with the same id, and its number, for cases after the first."""
        if not case:
            return None
        return next(((n, one) for n, one in enumerate(self.cases[0].lines) if one.id == line.id), None)

    def ref(self, sheet: Sheet, row: int, col: int | str) -> str:
        """A cell of a sheet as a formula names it."""
        col = column(sheet, col) if isinstance(col, str) else col
        return f"'{SHEETS[sheet].in_(self.lang)}'!{xl_rowcol_to_cell(row, col, row_abs=True, col_abs=True)}"

    def span(self, sheet: Sheet, rows: Sequence[int], cols: Sequence[int]) -> str:
        """The cells from the first to the last of rows and columns as a formula names them."""
        last = xl_rowcol_to_cell(rows[-1], cols[-1], row_abs=True, col_abs=True)
        return f"{self.ref(sheet, rows[0], cols[0])}:{last}"

    def over_years(self, sheet: Sheet, row: int) -> str:
        """The cells of all years in a row."""
        return self.span(sheet, (row,), (first_year(sheet), first_year(sheet) + self.years - 1))

    def of_case(self, sheet: Sheet, case: int, name: str) -> str:
        """A column of one case's lines, on a sheet where each line has one row."""
        rows = (self.row(case), self.row(case, len(self.cases[case].lines) - 1))
        return self.span(sheet, rows, (column(sheet, name),))

    def factors(self, case: int) -> str:
        """The discount factors of a case."""
        return self.over_years("discounting", FIRST + 2 * case + 1)
