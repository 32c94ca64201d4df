"""Reads a workbook back into business cases, or says in which sheet and cell it is broken, and what to do."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar, cast

import fastexcel
import numpy as np

from indsats.evaluate import Caution
from indsats.language import LANGUAGES, Lang
from indsats.problem import InputRefused, Problem
from indsats.programme import PAYERS, Text

from .lines import Array, Case, Line, Part, Spread, Uncertain
from .sheet_layout import FIRST, HEADING, cell, column, first_year, headings
from .sheet_words import PARTS, SHEETS, SPREADS, WORDS, Sheet, choice, other, word
from .words import PAYER_WORDS, SEVERITIES

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


def read_sheet(path: Path) -> tuple[Case, ...]:
    """The cases of a workbook that ``write_sheet`` made, with what has been changed in its inputs since.

    Results in the workbook are not read: they follow from the cases. All or nothing: raises InputRefused with every
    problem found, each with its sheet and cell.
    """
    book = _Book(path)
    cases = list(_cases(book))
    book.refuse()
    return tuple(cases)


class _Book:
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


def _cases(book: _Book) -> Iterator[Case]:
    prices = _prices(book)
    sheet: Sheet = "assumptions"
    rows = book.rows(sheet)
    discounts = _by_key(book, "discounting", ("scenario", "what"))
    scenarios = {book.text(sheet, row, "scenario"): row for row in rows}
    for row in rows:
        if scenarios[name := book.text(sheet, row, "scenario")] != row:
            book.wrong(
                sheet, row, "scenario", f"the scenario '{name}' stands twice", "Delete one of the rows."
            )
    if not rows:
        book.wrong(sheet, FIRST, "scenario", "there is no scenario", "Put the row of the scenario back.")
    lines = _lines(book, prices, set(scenarios))
    cautions = list(_cautions(book, set(scenarios)))
    for name, row in scenarios.items():
        yardstick = book.text(sheet, row, "yardstick")
        participants = book.number(sheet, row, "participants", low=0)
        year = book.number(sheet, row, "price_year", low=1900, high=2200)
        displaced = book.number(sheet, row, "displaced", low=0, high=1)
        rates = discounts.get((name, word("rate", book.lang)))
        discount = _factors(book, rates) if rates is not None else np.ones(book.years)
        if rates is None:
            book.wrong(
                "discounting", FIRST, 0, f"there are no rates for the scenario '{name}'", "Put the row back."
            )
        mine = tuple(line for scenario, line in lines if scenario == name)
        if not any(book.text("quantities", one, "scenario") == name for one in book.rows("quantities")):
            book.wrong("quantities", FIRST, 0, f"there is no line of '{name}'", "Put the rows back.")
        case_title = book.both(sheet, row, "title", "other_title")
        counted = any(book.text(sheet, row, name) for name in ("yardstick_unit", "other_unit"))
        unit = book.both(sheet, row, "yardstick_unit", "other_unit") if counted else None
        if book.problems:
            continue
        yield Case(
            scenario=name,
            title=case_title,
            lines=mine,
            discount=discount,
            participants=participants,
            price_year=int(year),
            yardstick=yardstick or None,
            yardstick_unit=unit,
            displaced=displaced,
            cautions=tuple(caution for scenario, caution in cautions if scenario == name),
        )


def _factors(book: _Book, row: int) -> Array:
    """What a krone in each year is worth today, from the rates between the years."""
    start = first_year("discounting")
    rates = [
        book.number("discounting", row, start + year, low=-0.99, high=10) for year in range(1, book.years)
    ]
    return np.cumprod([1.0, *(1 / (1 + rate) for rate in rates)], dtype=np.float64)


def _prices(book: _Book) -> dict[str, tuple[str, Uncertain]]:
    """Prices by their code, each with the id of the price."""
    found: dict[str, tuple[str, Uncertain]] = {}
    for (code, *_), row in _by_key(book, "prices", ("code",)).items():
        found[code] = (book.text("prices", row, "price_of"), _uncertain(book, "prices", row, "price"))
    return found


def _lines(
    book: _Book, prices: Mapping[str, tuple[str, Uncertain]], scenarios: set[str]
) -> list[tuple[str, Line]]:
    sheet: Sheet = "quantities"
    years = _by_key(book, "years", ("scenario", "code"))
    division = _by_key(book, "division", ("scenario", "code", "payer"))
    payers = [PAYER_WORDS[payer].in_(book.lang) for payer in PAYERS]
    lines = []
    for (scenario, code), row in _by_key(book, sheet, ("scenario", "code")).items():
        key = book.text(sheet, row, "price_key")
        rows = [years.get((scenario, code)), *(division.get((scenario, code, payer)) for payer in payers)]
        if scenario not in scenarios:
            book.wrong(
                sheet,
                row,
                "scenario",
                f"there is no scenario '{scenario}'",
                f"Write one of {', '.join(scenarios)}.",
            )
        if key not in prices:
            book.wrong(
                sheet,
                row,
                "price_key",
                f"there is no price '{key}'",
                f"Write one of {', '.join(prices)}.",
            )
        for at, (found, tab) in enumerate(zip(rows, ("years", *("division",) * len(PAYERS)), strict=True)):
            if found is None:
                whose = f" for {payers[at - 1]}" if at else ""
                tab_name = SHEETS[cast("Sheet", tab)].in_(book.lang)
                book.wrong(
                    sheet, row, "code", f"'{code}' has no row{whose} on '{tab_name}'", "Put the row back."
                )
        quantity = _uncertain(book, sheet, row, "quantity")
        words = {
            "title": book.both(sheet, row, "title", "other_title"),
            "unit": book.both(sheet, row, "unit", "other_unit"),
        }
        part: Part = book.one_of(sheet, row, "part", PARTS)
        moves, transfer = (book.yes(sheet, row, name) for name in ("moves", "transfer"))
        weights, *shares = (
            book.series("division" if at else "years", found) if found is not None else np.zeros(book.years)
            for at, found in enumerate(rows)
        )
        if transfer or part == "grant":
            _check_transfer(book, code, np.stack(shares), rows[1])
        if key not in prices or book.problems:
            continue
        line = Line(
            id=code,
            of=book.text(sheet, row, "of"),
            title=words["title"],
            part=part,
            quantity=quantity,
            price=prices[key][1],
            shares=np.stack(shares),
            weights=weights,
            unit=words["unit"],
            price_of=prices[key][0],
            errs_with=book.text(sheet, row, "errs_with"),
            moves=moves,
            transfer=transfer,
        )
        lines.append((scenario, line))
    return lines


def _check_transfer(book: _Book, code: str, shares: Array, row: int | None) -> None:
    """Notes the first year in which what moves between payers is more or less than nothing."""
    wrong = np.flatnonzero(np.abs(shares.sum(axis=0)) > 1e-9 * max(1.0, np.abs(shares).max()))
    if row is not None and wrong.size:
        year = int(wrong[0])
        book.wrong(
            "division",
            row,
            first_year("division") + year,
            f"'{code}' moves money between payers, but the {len(shares)} rows sum to {shares[:, year].sum():g}",
            "Change the rows so that they sum to 0 in each year.",
        )


def _uncertain(book: _Book, sheet: Sheet, row: int, col: str) -> Uncertain:
    """Value, low and high from ``col`` on, and what low and high are."""
    at = column(sheet, col)
    value, low, high = (
        book.number(sheet, row, at),
        book.maybe(sheet, row, at + 1),
        book.maybe(sheet, row, at + 2),
    )
    spread: Spread = book.one_of(sheet, row, "spread", SPREADS)
    if spread == "exact":
        return Uncertain(value)
    if low is None or high is None:
        missing = at + 1 if low is None else at + 2
        remedy = f"Write it, or choose '{SPREADS['exact'].in_(book.lang)}' in the column after."
        book.wrong(sheet, row, missing, "one end of the interval is missing", remedy)
        return Uncertain(value)
    if low <= value <= high:
        return Uncertain(value, low, high, spread)
    if not any(math.isnan(end) for end in (low, value, high)):
        what = f"{value:g} is not between {low:g} and {high:g}"
        book.wrong(sheet, row, at, what, "Move low and high along with the value.")
    return Uncertain(value)


def _cautions(book: _Book, scenarios: set[str]) -> Iterator[tuple[str, Caution]]:
    for row in book.rows("caveats"):
        name = book.text("caveats", row, "scenario")
        if name not in scenarios:
            book.wrong(
                "caveats", row, "scenario", f"there is no scenario '{name}'", "Delete the row, or correct it."
            )
        severity = book.one_of("caveats", row, "severity", SEVERITIES)
        text = book.both("caveats", row, "caution", "other_caution")
        yield name, Caution(book.text("caveats", row, "code"), severity, text)


def _by_key(book: _Book, sheet: Sheet, names: tuple[str, ...]) -> dict[tuple[str, ...], int]:
    """The rows of a table by what stands in some columns; the same twice is noted."""
    found: dict[tuple[str, ...], int] = {}
    for row in book.rows(sheet):
        key = tuple(book.text(sheet, row, name) for name in names)
        if key in found:
            first = cell(found[key], 0)
            book.wrong(
                sheet,
                row,
                names[0],
                f"the row is about the same as the one at {first}",
                "Delete one of them.",
            )
            continue
        found[key] = row
    return found
