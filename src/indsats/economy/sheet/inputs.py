"""The sheets of the workbook that are written in: assumptions, prices, quantities, and how they fall."""

from __future__ import annotations

import numpy as np

from indsats.programme import PAYERS

from ..lines import Array, Line, Uncertain
from ..prices import Quotes
from ..words import PAYER_WORDS, PERS, SEVERITIES
from .cells import Kind, Pages, Shape
from .labels import ORIGINS, PARTS, SPREADS, Sheet, other, word
from .layout import FIRST, Layout, column, first_year


def write_inputs(pages: Pages, layout: Layout, quotes: Quotes | None) -> None:
    """All sheets with inputs, in the order they are shown."""
    _assumptions(pages, layout)
    _discounting(pages, layout)
    _prices(pages, layout, quotes)
    _quantities(pages, layout)
    _years(pages, layout)
    _division(pages, layout)


def write_caveats(pages: Pages, layout: Layout) -> None:
    """The cautions of each case, in words that can be read back."""
    lang, rows = layout.lang, [(case, one) for case in layout.cases for one in case.cautions]
    pages.table("caveats", (16, 12, 110), len(rows), hold=0)
    for row, (case, one) in enumerate(rows, FIRST):
        cells = (
            case.scenario,
            SEVERITIES[one.severity].in_(lang),
            one.text.in_(lang),
            one.code,
            one.text.in_(other(lang)),
        )
        for col, text in enumerate(cells):
            pages.text("caveats", row, col, text)


def yes(layout: Layout, holds: bool) -> str:
    """Yes or no."""
    return word("yes" if holds else "no", layout.lang)


def _assumptions(pages: Pages, layout: Layout) -> None:
    lang, sheet = layout.lang, "assumptions"
    pages.table(sheet, (18, 46, 14, 12, 14, 46), len(layout.cases), hold=1)
    for n, case in enumerate(layout.cases):
        row, unit = FIRST + n, case.yardstick_unit
        pages.text(sheet, row, 0, case.scenario)
        pages.text(sheet, row, 1, case.title.in_(lang))
        first = layout.cases[0]
        same = n > 0 and case.participants == first.participants
        _value(
            pages, sheet, (row, 2), case.participants, "whole", layout.ref(sheet, FIRST, 2) if same else None
        )
        pages.number(sheet, row, 3, case.price_year, "year")
        pages.number(sheet, row, 4, case.displaced, "share", kind="input")
        pages.text(sheet, row, 5, unit.in_(lang) if unit else "")
        pages.text(sheet, row, 6, case.yardstick or "")
        pages.text(sheet, row, 7, case.title.in_(other(lang)))
        pages.text(sheet, row, 8, unit.in_(other(lang)) if unit else "")
        pages.name(f"{_NAMES[lang]['participants']}_{n + 1}", layout.ref(sheet, row, "participants"))
        pages.name(f"{_NAMES[lang]['displaced']}_{n + 1}", layout.ref(sheet, row, "displaced"))


_NAMES = {
    "da": {"participants": "deltagere", "displaced": "fortrængning", "factors": "diskontering"},
    "en": {"participants": "participants", "displaced": "displacement", "factors": "discounting"},
}


def named(layout: Layout, what: str, case: int) -> str:
    """The name of a case's cell, or of its discount factors."""
    return f"{_NAMES[layout.lang][what]}_{case + 1}"


def _discounting(pages: Pages, layout: Layout) -> None:
    sheet: Sheet = "discounting"
    pages.table(sheet, (18, 12), 2 * len(layout.cases), years=layout.years, hold=2)
    start, first = first_year(sheet), layout.cases[0].discount
    for n, case in enumerate(layout.cases):
        row = FIRST + 2 * n
        for step, what in enumerate(("rate", "factor")):
            pages.text(sheet, row + step, 0, case.scenario)
            pages.text(sheet, row + step, 1, word(what, layout.lang))
        pages.number(sheet, row + 1, start, 1, "number")
        rates = case.discount[:-1] / case.discount[1:] - 1
        linked = n > 0 and np.array_equal(case.discount, first)
        for year, rate in enumerate(rates, 1):
            col = start + year
            link = layout.ref(sheet, FIRST, col) if linked else None
            # Dividing leaves 0.034999999999999: the fifteenth decimal is nobody's rate.
            _value(pages, sheet, (row, col), round(float(rate), 14), "rate", link)
            before, this = layout.ref(sheet, row + 1, col - 1), layout.ref(sheet, row, col)
            factor = float(case.discount[year])
            pages.formula(sheet, row + 1, col, f"{before}/(1+{this})", factor, "number")
        pages.name(named(layout, "factors", n), layout.factors(n))


def _prices(pages: Pages, layout: Layout, quotes: Quotes | None) -> None:
    lang, sheet = layout.lang, "prices"
    pages.table(sheet, (18, 30, 12, 12, 11, 11, 18, 12, 10, 9, 16, 34, 28), len(layout.prices), hold=2)
    used = {line.price_of: line for case in layout.cases for line in case.lines}
    for row, ((price_of, amount), code) in enumerate(layout.prices.items(), FIRST):
        quoted = quotes.found.get(price_of) if quotes else None
        pages.text(sheet, row, 0, code)
        pages.text(sheet, row, 1, (quoted or used[price_of]).title.in_(lang))
        per = f"{quoted.unit.in_(lang)} / {PERS[quoted.per].in_(lang)}" if quoted else ""
        pages.text(sheet, row, 2, per)
        _uncertain(pages, sheet, row, 3, amount, "money", None)
        pages.number(sheet, row, 7, quoted.stated if quoted else None, "money")
        pages.text(sheet, row, 8, PERS[quoted.stated_per].in_(lang) if quoted else "")
        pages.number(sheet, row, 9, quoted.price_year if quoted else None, "year")
        pages.text(sheet, row, 10, ORIGINS[quoted.origin].in_(lang) if quoted else "")
        pages.text(sheet, row, 11, "\n".join(quoted.sources) if quoted else "")
        pages.text(sheet, row, 12, quoted.note.in_(lang) if quoted and quoted.note else "")
        pages.text(sheet, row, 13, price_of)


def _quantities(pages: Pages, layout: Layout) -> None:
    sheet: Sheet = "quantities"
    count = sum(len(case.lines) for case in layout.cases)
    pages.table(sheet, (18, 20, 40, 14, 30, 14, 12, 12, 18, 14, 15), count)
    for n, case in enumerate(layout.cases):
        for i, line in enumerate(case.lines):
            row, twin = layout.row(n, i), layout.twin(n, line)
            same = twin is not None and twin[1].quantity == line.quantity
            link = layout.row(0, twin[0]) if twin and same else None
            _line_words(pages, layout, row, case.scenario, line)
            _uncertain(pages, sheet, row, 5, line.quantity, "number", link, layout)
            price = layout.ref("prices", layout.price_row(line), "price")
            pages.formula(sheet, row, 9, price, line.price.value, "money")
            product = f"{layout.ref(sheet, row, 'quantity')}*{layout.ref(sheet, row, 'price')}"
            pages.formula(sheet, row, 10, product, line.amount, "money")


def _line_words(pages: Pages, layout: Layout, row: int, scenario: str, line: Line) -> None:
    lang, to = layout.lang, other(layout.lang)
    words = {
        "scenario": scenario,
        "code": line.id,
        "title": line.title.in_(lang),
        "part": PARTS[line.part].in_(lang),
        "unit": line.unit.in_(lang),
        "of": line.of,
        "price_key": layout.prices[line.price_of, line.price],
        "errs_with": line.errs_with,
        "moves": yes(layout, line.moves),
        "transfer": yes(layout, line.transfer),
        "other_title": line.title.in_(to),
        "other_unit": line.unit.in_(to),
    }
    for name, text in words.items():
        pages.text("quantities", row, column("quantities", name), text)


def _years(pages: Pages, layout: Layout) -> None:
    sheet: Sheet = "years"
    count = sum(len(case.lines) for case in layout.cases)
    pages.table(sheet, (18, 20, 40), count, years=layout.years)
    for n, case in enumerate(layout.cases):
        for i, line in enumerate(case.lines):
            row, twin = layout.row(n, i), layout.twin(n, line)
            _names(pages, sheet, row, case.scenario, line, layout)
            same = twin is not None and np.array_equal(twin[1].weights, line.weights)
            _series(
                pages, layout, sheet, row, line.weights, layout.row(0, twin[0]) if twin and same else None
            )


def _division(pages: Pages, layout: Layout) -> None:
    sheet: Sheet = "division"
    count = sum(len(case.lines) for case in layout.cases) * len(PAYERS)
    pages.table(sheet, (18, 20, 40, 12), count, years=layout.years, hold=4)
    for n, case in enumerate(layout.cases):
        for i, line in enumerate(case.lines):
            twin = layout.twin(n, line)
            same = twin is not None and np.array_equal(twin[1].shares, line.shares)
            for p, payer in enumerate(PAYERS):
                row = layout.payer_row(n, i, p)
                _names(pages, sheet, row, case.scenario, line, layout)
                pages.text(sheet, row, 3, PAYER_WORDS[payer].in_(layout.lang))
                link = layout.payer_row(0, twin[0], p) if twin and same else None
                _series(pages, layout, sheet, row, line.shares[p], link)


def _names(pages: Pages, sheet: Sheet, row: int, scenario: str, line: Line, layout: Layout) -> None:
    for col, text in enumerate((scenario, line.id, line.title.in_(layout.lang))):
        pages.text(sheet, row, col, text)


def _series(pages: Pages, layout: Layout, sheet: Sheet, row: int, values: Array, link: int | None) -> None:
    """A number for each year, or as in another row."""
    for col, value in enumerate(values, first_year(sheet)):
        to = layout.ref(sheet, link, col) if link is not None else None
        _value(pages, sheet, (row, col), float(value), "number", to)


def _value(
    pages: Pages, sheet: Sheet, at: tuple[int, int], value: float, shape: Shape, link: str | None
) -> None:
    """An input, or what another cell says until something else is written."""
    if link is None:
        pages.number(sheet, *at, value, shape, kind="input")
    else:
        pages.formula(sheet, *at, link, value, shape, kind="linked")


def _uncertain(
    pages: Pages,
    sheet: Sheet,
    row: int,
    col: int,
    what: Uncertain,
    shape: Shape,
    link: int | None,
    layout: Layout | None = None,
) -> None:
    """Value, low, high and what low and high are, from ``col`` on; or those of row ``link``."""
    kind: Kind = "input"
    for step, value in enumerate((what.value, what.low, what.high)):
        if link is None or layout is None:
            pages.number(sheet, row, col + step, value, shape, kind=kind)
            continue
        to = layout.ref(sheet, link, col + step)
        shown = "" if value is None else value
        pages.formula(sheet, row, col + step, f'IF({to}="","",{to})', shown, shape, kind="linked")
    words = SPREADS[what.spread].in_(pages.lang)
    if link is None or layout is None:
        pages.text(sheet, row, col + 3, words, kind=kind)
    else:
        pages.formula(sheet, row, col + 3, layout.ref(sheet, link, col + 3), words, "text", kind="linked")
    pages.spread(sheet, row, col + 3)
