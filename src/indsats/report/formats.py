"""How a cell reads: numbers, dates, lights and hidden figures as plain text in one language."""

from __future__ import annotations

from datetime import date
from math import floor, log10

from indsats.figure import Figure, Unit
from indsats.language import NO_VALUE, Lang, day, number, p_value, percent
from indsats.programme import Text

from .document import Cell, Column, Light, ProtectedFigure
from .texts import light, method, reason, say

HIDDEN_MARK = "•"
_SMALL = 0.1
_DECIMALS: dict[Unit | None, int] = {
    "count": 0,
    "share": 1,
    "points": 1,
    "mean": 2,
    "rate": 2,
    "monthly": 2,
    "weeks": 1,
    "amount": 0,
    "change": 0,
}


def quantity(value: float | None, unit: Unit | None, lang: Lang, decimals: int | None = None) -> str:
    """A number of a unit as a reader expects it; a dash for no value. Weeks lose a ``,0``."""
    if value is None:
        return NO_VALUE
    if unit == "p":
        return p_value(value, lang)
    if decimals is None:
        whole = float(value).is_integer() and unit in (None, "weeks", "number")
        decimals = 0 if whole else _DECIMALS.get(unit, 2)
        if unit == "number" and 0 < abs(value) < _SMALL:
            decimals = 1 - floor(log10(abs(value)))  # two digits that say something
        if unit == "count" and not float(value).is_integer():
            decimals = 1  # a target scaled from other units: 31.4 against 31 reached is not met
    if unit == "points":
        return number(value * 100, lang, decimals)
    if unit == "change":
        shown = percent(value, lang, decimals)
        return f"+{shown}" if value > 0 else shown
    return percent(value, lang, decimals) if unit in ("share", "monthly") else number(value, lang, decimals)


def kroner(value: float, lang: Lang, decimals: int = 0, *, millions: bool = False) -> str:
    """Money with its unit: ``1.234.567 kr.``, ``1,5 mio. kr.`` or ``DKK 1.5 million``; it does not break over lines."""
    amount = number(value / 1e6 if millions else value, lang, decimals)
    if lang == "da":
        return f"{amount}\u00a0mio.\u00a0kr." if millions else f"{amount}\u00a0kr."
    return f"DKK\u00a0{amount}\u00a0million" if millions else f"DKK\u00a0{amount}"


def part(value: float | None, lang: Lang) -> str:
    """A numerator or denominator: whole unless it is not."""
    return quantity(value, "number", lang)


def cell_text(cell: Cell, column: Column, lang: Lang) -> str:
    """What stands in a cell, without markup. A hidden figure is a dot, an empty cell an empty text."""
    if cell is None:
        return ""
    if isinstance(cell, Text):
        return cell.in_(lang)
    if isinstance(cell, Light):
        return " ".join(light(cell.status, lang))
    if isinstance(cell, Figure):
        if is_hidden(cell):
            return HIDDEN_MARK
        return quantity(cell.value, cell.unit, lang, _decimals(cell, column))
    if isinstance(cell, bool):
        return say("yes" if cell else "no", lang)
    if isinstance(cell, int | float):
        return quantity(cell, column.unit, lang, column.decimals)
    return day(cell, lang) if isinstance(cell, date) else cell


def _decimals(figure: Figure, column: Column) -> int | None:
    """Those of the column go before the figure's own."""
    return figure.decimals if column.decimals is None else column.decimals


def is_hidden(cell: Cell) -> bool:
    """Whether disclosure control took the figure's value away."""
    return isinstance(cell, ProtectedFigure) and cell.hidden


def interval_text(figure: Figure, column: Column, lang: Lang) -> str:
    """``(12,1–15,3 %)``, or nothing when there is no interval."""
    if figure.low is None or figure.high is None:
        return ""
    decimals = _decimals(figure, column)
    low, high = (quantity(end, figure.unit, lang, decimals) for end in (figure.low, figure.high))
    shared = "\u00a0%" if lang == "da" else "%"
    if figure.unit in ("share", "monthly"):
        low = low.removesuffix(shared)
    between = " – " if "\u2212" in low + high else "–"
    return f"({low}{between}{high})"


def excluded_text(figure: Figure, lang: Lang) -> str:
    """Who left the denominator: ``ikke relevant 12; ukendt 7``."""
    named = [f"{reason(name, lang)} {part(rows, lang)}" for name, rows in figure.excluded.items()]
    if isinstance(figure, ProtectedFigure):
        named += [f"{reason(name, lang)} {HIDDEN_MARK}" for name in figure.few]
    return "; ".join(named)


def basis_text(figure: Figure, lang: Lang) -> str:
    """The tooltip of a figure: parts, interval, p-value, exclusions and method, as far as there are any."""
    if is_hidden(figure):
        return say("hidden", lang)
    told: list[str] = []
    if figure.numerator is not None and figure.denominator is not None:
        numerator, denominator = part(figure.numerator, lang), part(figure.denominator, lang)
        told.append(say("of", lang, numerator=numerator, denominator=denominator))
    elif figure.denominator is not None:
        told.append(f"n = {part(figure.denominator, lang)}")
    if figure.low is not None and figure.high is not None:
        low, high = (quantity(end, figure.unit, lang) for end in (figure.low, figure.high))
        told.append(say("interval", lang, low=low, high=high))
    if figure.p is not None:
        told.append(say("p", lang, p=p_value(figure.p, lang)))
    excluded = excluded_text(figure, lang)
    if excluded:
        told.append(say("left-out", lang, reasons=excluded))
    how = method(figure.method, lang)
    if how:
        told.append(how)
    return "; ".join(told)
