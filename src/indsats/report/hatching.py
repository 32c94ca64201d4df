"""Surfaces that differ in pattern and not in colour alone, so that they can be told apart in grey print."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any, Final, Literal

from .sheet import Glyph, Sheet

Pattern = Literal["plain", "rising", "falling", "level", "crossed"]
_APART: Final = 6.0


@dataclass(frozen=True, slots=True)
class Hatch:
    """A surface: its ground, the lines on it, and the ink of these and of its outline."""

    fill: str
    ink: str
    pattern: Pattern = "plain"


def surface(sheet: Sheet, x: float, y: float, x2: float, y2: float, hatch: Hatch, **told: Any) -> None:
    """A rectangle from its upper left to its lower right corner; the lines of neighbours meet."""
    sheet.box(x, y, x2, y2, hatch.fill, **told)
    if x2 - x < 0.5 or y2 - y < 0.5:
        return
    lines: list[tuple[float, float, float, float]] = []
    if hatch.pattern == "level":
        lines += [(x, at, x2, at) for at in _steps(y, y2)]
    if hatch.pattern in ("rising", "crossed"):
        for at in _steps(x + y, x2 + y2, 1.4):
            start, end = max(x, at - y2), min(x2, at - y)
            lines.append((start, at - start, end, at - end))
    if hatch.pattern in ("falling", "crossed"):
        for at in _steps(x - y2, x2 - y, 1.4):
            start, end = max(x, at + y), min(x2, at + y2)
            lines.append((start, start - at, end, end - at))
    lines += [(x, y, x2, y), (x, y2, x2, y2), (x, y, x, y2), (x2, y, x2, y2)]
    for line in lines:
        sheet.line(*(round(end, 2) for end in line), ink=hatch.ink, thick=1.2)


def sample(sheet: Sheet, hatch: Hatch) -> Glyph:
    """The surface as it stands in the key."""
    return lambda x, y: surface(sheet, x, y - 7, x + 26, y + 7, hatch)


def _steps(low: float, high: float, wider: float = 1.0) -> list[float]:
    apart = _APART * wider
    return [n * apart for n in range(ceil(low / apart + 1e-6), ceil(high / apart - 1e-6))]
