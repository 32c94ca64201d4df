"""Reads a workbook back into business cases, or says in which sheet and cell it is broken, and what to do."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import numpy as np

from indsats.evaluate import Caution
from indsats.programme import PAYERS

from ..lines import Array, Case, Line, Part, Spread, Uncertain
from ..words import PAYER_WORDS, SEVERITIES
from .labels import PARTS, SHEETS, SPREADS, Sheet, word
from .layout import FIRST, cell, column, first_year
from .workbook import Book


def read_sheet(path: Path) -> tuple[Case, ...]:
    """The cases of a workbook that ``write_sheet`` made, with what has been changed in its inputs since.

    Results in the workbook are not read: they follow from the cases. All or nothing: raises InputRefused with every
    problem found, each with its sheet and cell.
    """
    book = Book(path)
    cases = list(_cases(book))
    book.refuse()
    return tuple(cases)


def _cases(book: Book) -> Iterator[Case]:
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


def _factors(book: Book, row: int) -> Array:
    """What a krone in each year is worth today, from the rates between the years."""
    start = first_year("discounting")
    rates = [
        book.number("discounting", row, start + year, low=-0.99, high=10) for year in range(1, book.years)
    ]
    return np.cumprod([1.0, *(1 / (1 + rate) for rate in rates)], dtype=np.float64)


def _prices(book: Book) -> dict[str, tuple[str, Uncertain]]:
    """Prices by their code, each with the id of the price."""
    found: dict[str, tuple[str, Uncertain]] = {}
    for (code, *_), row in _by_key(book, "prices", ("code",)).items():
        found[code] = (book.text("prices", row, "price_of"), _uncertain(book, "prices", row, "price"))
    return found


def _lines(
    book: Book, prices: Mapping[str, tuple[str, Uncertain]], scenarios: set[str]
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


def _check_transfer(book: Book, code: str, shares: Array, row: int | None) -> None:
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


def _uncertain(book: Book, sheet: Sheet, row: int, col: str) -> Uncertain:
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


def _cautions(book: Book, scenarios: set[str]) -> Iterator[tuple[str, Caution]]:
    for row in book.rows("caveats"):
        name = book.text("caveats", row, "scenario")
        if name not in scenarios:
            book.wrong(
                "caveats", row, "scenario", f"there is no scenario '{name}'", "Delete the row, or correct it."
            )
        severity = book.one_of("caveats", row, "severity", SEVERITIES)
        text = book.both("caveats", row, "caution", "other_caution")
        yield name, Caution(book.text("caveats", row, "code"), severity, text)


def _by_key(book: Book, sheet: Sheet, names: tuple[str, ...]) -> dict[tuple[str, ...], int]:
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
