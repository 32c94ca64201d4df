"""When a recomputed figure counts as the printed one."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from .printed import Beyond, Found, Listed, PrintedFigure, Proportions, Rank, Table

Value = float | str | None
"""A number, a status in words, or nothing."""

_NOISE = 9
"""Decimals beyond which a binary fraction says nothing (13.5 may be held as 13.499999999999998)."""


def rounded(value: float, decimals: int) -> float:
    """``value`` at so many decimals, halves away from zero; −1 and −2 decimals are tens and hundreds."""
    exact = Decimal(repr(round(value, _NOISE)))
    return float(exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))


def compare(figure: PrintedFigure, value: Value) -> Found:
    """What the comparison of a printed figure with its recomputed ``value`` finds.

    A number is ``equal`` when it gives the printed one after rounding half up at the printed decimals,
    ``equal_within_rounding`` when, unrounded, it lies no more than one unit of the last printed digit away
    (cut off, rounded the other way, or rounded twice), otherwise ``differs``. What is counted out, and what is
    marked ``exact``, is never rounded: it is equal or differs. A claimed level of significance
    is ``equal`` when p lies on the side of it that the document says. A status is ``equal`` when it is the
    same word. A percentage with an unprinted numerator is ``attainable`` when exactly one whole number gives
    it; that shows it is possible, not that it is right.
    """
    if figure.make.recipe == "attainable":
        return "differs" if value is None else "attainable"
    if value is None:
        return "differs"
    if isinstance(value, str) or isinstance(figure.printed, str):
        return "equal" if value == figure.printed else "differs"
    if isinstance(figure.make, Proportions | Table):
        holds = value < figure.printed if figure.make.claim == "below" else value > figure.printed
        return "equal" if holds else "differs"
    decimals = figure.decimals or 0
    if rounded(value, decimals) == figure.printed:
        return "equal"
    if figure.exact or isinstance(figure.make, Rank | Beyond | Listed):
        return "differs"
    unit = 10.0**-decimals
    return "equal_within_rounding" if abs(value - figure.printed) <= unit * (1 + 1e-9) else "differs"
