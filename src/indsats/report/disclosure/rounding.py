"""Counts shown as the nearest multiple of a base: how they are rounded, and what a reader still knows."""

from __future__ import annotations

import math
from collections.abc import Mapping

from indsats.figure import Figure

from .graph import SUMS
from .needs import is_rounded


def rounded(number: float, base: int) -> float:
    """The nearest multiple of the base; half way, the one farther from zero (2 to the base 4 is 4).

    The same number always becomes the same multiple: there is no chance in it, so nothing can be averaged away.
    """
    return math.copysign(math.floor(abs(number) / base + 0.5) * base, number) + 0.0


def interval(number: float, base: int) -> tuple[float, float]:
    """The smallest and largest whole number from 0 up that are rounded as this one is.

    A count that is not whole (a level scaled from others) lies between them too.
    """
    shown = rounded(number, base)
    low, high = max(0, math.ceil(shown - base / 2)), math.ceil(shown + base / 2) - 1
    return min(float(low), number), max(float(high), number)


def parts_rounded(figure: Figure, base: int) -> tuple[float | None, float | None, Mapping[str, int]]:
    """Numerator, denominator and excluded rows as they are shown.

    The numerator of a mean is not: with the mean it would give the exact number of people back.
    """

    def shown(part: str, number: float | None) -> float | None:
        return rounded(number, base) if number is not None and is_rounded(figure.unit, part) else number

    numerator = shown("n", figure.numerator)
    if figure.unit in SUMS and figure.denominator is not None:
        numerator = None
    excluded = {one: int(rounded(rows, base)) for one, rows in figure.excluded.items()}
    return numerator, shown("d", figure.denominator), excluded


def value_rounded(figure: Figure, numerator: float | None, denominator: float | None) -> float | None:
    """The value that follows from the rounded parts; a mean, an amount and a point of a curve keep theirs.

    What happened over a time keeps the time: its value grows or shrinks as its numerator does.
    """
    if figure.value is None or numerator is None or figure.unit in SUMS:
        return figure.value
    if figure.unit in ("share", "change") and denominator is not None:
        if not denominator:
            return None
        return numerator / denominator - (1 if figure.unit == "change" else 0)
    if figure.value == figure.numerator:
        return numerator
    return figure.value * numerator / figure.numerator if figure.numerator else figure.value
