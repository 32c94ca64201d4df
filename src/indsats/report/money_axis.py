"""The axis that money stands on: round kroner, written in kroner or millions as the numbers are large."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from indsats.language import Lang

from .canvas import INK, LINE
from .formats import kroner
from .sheet import Ruler, Sheet

_MILLION = 1e6
_EPS = 1e-9


@dataclass(frozen=True, slots=True)
class MoneyScale:
    """Kroner from ``low`` to ``high``, both whole multiples of ``step``."""

    low: float
    high: float
    step: float
    lang: Lang

    @property
    def millions(self) -> bool:
        """Whether its numbers are written in millions."""
        return max(abs(self.low), abs(self.high)) >= _MILLION

    def ruler(self, width: float, margin: float = 0.0) -> Ruler:
        """The scale on so many pixels."""
        return Ruler(self.low, self.high, width, margin)

    def ticks(self) -> list[float]:
        """The round numbers, from end to end."""
        return [n * self.step for n in range(round(self.low / self.step), round(self.high / self.step) + 1)]

    def tick(self, value: float) -> str:
        """A round number, with the decimals that the step needs."""
        if abs(value) < self.step / 2:
            return kroner(0, self.lang)
        step = self.step / _MILLION if self.millions else self.step
        return kroner(value, self.lang, max(0, -floor(log10(step) + _EPS)), millions=self.millions)

    def told(self, value: float) -> str:
        """A number beside a mark: whole kroner, or millions with two decimals, more where the axis has them."""
        if self.millions and value:
            decimals = max(2, 1 - floor(log10(self.step / _MILLION) + _EPS))
            return kroner(value, self.lang, decimals, millions=True)
        return kroner(value, self.lang)


def money_scale(values: Sequence[float], lang: Lang, most: int = 6) -> MoneyScale:
    """From a round number below all ``values`` (at least one) to one above, in some ``most`` whole-krone steps."""
    low, high = min(values), max(values)
    least = max((high - low) / most, max(abs(low), abs(high)) * 1e-6, 1.0)
    power = 10.0 ** floor(log10(least))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= least * (1 - _EPS))
    first, last = floor(low / step + _EPS), ceil(high / step - _EPS)
    return MoneyScale(first * step, max(last, first + 1) * step, step, lang)


def money_levels(sheet: Sheet, scale: MoneyScale, ruler: Ruler, bottom: float, width: float) -> None:
    """Light level lines with their amounts to the left, under what is drawn later; a dark one at zero, over it."""
    for value in scale.ticks():
        y = bottom - ruler(value)
        if abs(value) < scale.step / 2:
            sheet.line(0, y, width, y, ink=INK, thick=1.5)
        else:
            sheet.box(0, y - 0.5, width, y + 0.5, LINE)
        sheet.text(-8, y, scale.tick(value), align="right")


def money_along(sheet: Sheet, scale: MoneyScale, ruler: Ruler, top: float, bottom: float) -> None:
    """Light upright lines with their amounts below, under what is drawn later."""
    for value in scale.ticks():
        x = ruler(value)
        sheet.box(x - 0.5, top, x + 0.5, bottom + 5, LINE)
        sheet.text(x, bottom + 16, scale.tick(value), align="center")
