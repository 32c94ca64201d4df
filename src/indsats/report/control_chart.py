"""The control chart: a number month by month, between the limits within which chance alone can move it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil
from typing import TypeVar

import altair as alt

from indsats.figure import Unit

from .canvas import ACCENT, INK, MUTED, SERIES, Drawing, unit_of, value_of
from .document import Cell
from .formats import is_hidden, quantity
from .sheet import Glyph, Ruler, Shape, Sheet, key, muted
from .texts import say

PLOT, HIGH, LEFT = 620.0, 250.0, 64.0
SIGNS: tuple[tuple[Shape, str], ...] = (
    ("diamond", SERIES[1]),
    ("square", SERIES[4]),
    ("triangle-up", SERIES[3]),
)
"""Shapes of points that signal, by their words in the order they appear."""
Part = TypeVar("Part")
_LIMIT, _LABEL, _MOST_NAMED = (6, 4), 106.0, 4


def control(d: Drawing) -> alt.TopLevelMixin | None:
    """Months from left to right, joined by a line, with the centre line and dashed limits that may vary by month.

    Encodings: ``label`` (the months), ``value``, optionally ``centre``, ``low`` and ``high`` (a column each), and
    ``signal`` (words): points of one word have a shape of their own, which the key names by that word; up to three
    words. A month without a number is a gap, one that may not be shown too, and a note says so. Where only few
    points signal their months stand beside them. ``None`` when no month has a number. Raises ``ValueError`` when an
    encoding is missing or there are more words than shapes.
    """
    label, value = d.required("label"), d.required("value")
    cells, names = d.cells(value), d.texts(label)
    values = [value_of(cell) for cell in cells]
    if all(one is None for one in values):
        return None
    centre, low, high = (_numbers(d, role, len(cells)) for role in ("centre", "low", "high"))
    words = d.texts(signal) if (signal := d.one("signal")) else [""] * len(cells)
    signs = signs_of(d, [word for word, one in zip(words, values, strict=True) if one is not None])
    drawn = [one for line in (values, centre, low, high) for one in line if one is not None]
    unit = unit_of(cells, d.column(value))
    ruler = level_ruler(drawn, unit)
    sheet = Sheet()
    entries = _entries(d, sheet, centre, low, high, signs)
    top = key(sheet, -LEFT, LEFT + PLOT, entries) + 8
    named = d.title("y", value)
    if named:
        muted(sheet, -LEFT, top + 6, named, "left")
        top += 22
    bottom = top + HIGH
    level_axis(d, sheet, ruler, bottom, unit)
    across = Ruler(-0.5, len(cells) - 0.5, PLOT)
    for limit in (low, high):
        _steps(sheet, across, ruler, bottom, limit, dash=_LIMIT, thick=1.5, ink=MUTED)
    _steps(sheet, across, ruler, bottom, centre, thick=1.5, ink=INK)
    points = [None if one is None else (across(at), bottom - ruler(one)) for at, one in enumerate(values)]
    for piece in pieces(points):
        if len(piece) > 1:
            sheet.curve(piece, ink=ACCENT, thick=1.5)
    few = (
        sum(bool(word) and point is not None for word, point in zip(words, points, strict=True))
        <= _MOST_NAMED
    )
    for at, (point, word) in enumerate(zip(points, words, strict=True)):
        if point is None:
            continue
        shape, ink = signs.get(word, ("circle", ACCENT))
        sheet.dot(
            *point, shape, ink=ink, size=130 if word else 42, item=names[at], value=values[at], signal=word
        )
        if word and few:
            line = centre[at]
            above = line is None or (values[at] or 0.0) >= line
            # near the ends of the plot the name is written inwards
            align = "left" if at < 3 else "right" if at > len(cells) - 4 else "center"
            sheet.text(point[0], point[1] + (-15 if above else 15), names[at], align=align, size=11)
    _months(sheet, across, names, bottom)
    height = bottom + 24
    if any(is_hidden(cell) for cell in cells):
        muted(sheet, -LEFT, height + 12, say("chart-left-out", d.lang), "left")
        height += 20
    return sheet.drawn(PLOT, height)


def signs_of(d: Drawing, words: Sequence[str]) -> dict[str, tuple[Shape, str]]:
    """A shape and colour for each word that signals; ``ValueError`` for more words than shapes."""
    found = list(dict.fromkeys(word for word in words if word))
    if len(found) > len(SIGNS):
        raise ValueError(
            f"chart '{d.chart.id}' tells {len(found)} kinds of signals apart; at most {len(SIGNS)}"
        )
    return dict(zip(found, SIGNS, strict=False))


def level_ruler(drawn: Sequence[float], unit: Unit | None) -> Ruler:
    """From a round number below all to one above all, upwards; counts and shares do not go below 0 or above all."""
    low, high = min(drawn), max(drawn)
    if low == high:
        low, high = low - abs(low) * 0.1 - 0.01, high + abs(high) * 0.1 + 0.01
    room = (high - low) * 0.08
    ends = [low - room, high + room]
    if unit in ("count", "share", "rate", "monthly") and low >= 0:
        ends[0] = max(ends[0], 0.0)
        if ends[0] < 0.25 * (high - low):
            ends[0] = 0.0
    if unit == "share" and high <= 1:
        ends[1] = min(ends[1], 1.0) if high < 1 else 1.0
    return Ruler(ends[0], ends[1], HIGH)


def level_axis(d: Drawing, sheet: Sheet, ruler: Ruler, bottom: float, unit: Unit | None) -> None:
    """Light level lines at round numbers, which stand to the left."""
    ticks = _round(ruler)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    scale = 100 if unit in ("share", "points", "monthly") else 1
    decimals = next((n for n in range(4) if abs(step * scale - round(step * scale, n)) < 1e-9), 4)
    for tick in ticks:
        y = bottom - ruler(tick)
        sheet.line(0, y, PLOT, y)
        sheet.text(-8, y, quantity(tick, unit, d.lang, decimals), align="right")


def _round(ruler: Ruler) -> list[float]:
    step = 0.0
    for tick in pairwise(ruler.ticks(7)[1:-1]):
        step = tick[1] - tick[0]
        break
    if not step:
        return [ruler.low, ruler.high]
    first = ceil(ruler.low / step - 1e-9)
    return [n * step for n in range(first, int(ruler.high / step + 1e-9) + 1)]


def _numbers(d: Drawing, role: str, months: int) -> list[float | None]:
    column = d.one(role)
    cells: list[Cell] = d.cells(column) if column else [None] * months
    return [value_of(cell) for cell in cells]


def _entries(
    d: Drawing,
    sheet: Sheet,
    centre: Sequence[float | None],
    low: Sequence[float | None],
    high: Sequence[float | None],
    signs: dict[str, tuple[Shape, str]],
) -> list[tuple[Glyph, str]]:
    def months(x: float, y: float) -> None:
        sheet.line(x, y, x + 26, y, ink=ACCENT, thick=1.5)
        sheet.dot(x + 13, y, "circle", ink=ACCENT, size=42)

    def middle(x: float, y: float) -> None:
        sheet.line(x, y, x + 26, y, ink=INK, thick=1.5)

    def limits(x: float, y: float) -> None:
        sheet.line(x, y, x + 26, y, ink=MUTED, thick=1.5, dash=_LIMIT)

    entries: list[tuple[Glyph, str]] = [(months, say("chart-month", d.lang))]
    if any(one is not None for one in centre):
        entries.append((middle, say("chart-centre", d.lang)))
    if any(one is not None for one in (*low, *high)):
        entries.append((limits, say("chart-control-limits", d.lang)))
    return [*entries, *sign_entries(sheet, signs)]


def sign_entries(sheet: Sheet, signs: dict[str, tuple[Shape, str]]) -> list[tuple[Glyph, str]]:
    """The key of points that signal."""

    def glyph(shape: Shape, ink: str) -> Glyph:
        return lambda x, y: sheet.dot(x + 13, y, shape, ink=ink, size=130)

    return [(glyph(shape, ink), word[:1].upper() + word[1:]) for word, (shape, ink) in signs.items()]


def _steps(
    sheet: Sheet,
    across: Ruler,
    ruler: Ruler,
    bottom: float,
    levels: Sequence[float | None],
    **style: object,
) -> None:
    """A level that holds for a month at a time; broken where a month has none."""
    edges = [
        None
        if one is None
        else [(across(at - 0.5), bottom - ruler(one)), (across(at + 0.5), bottom - ruler(one))]
        for at, one in enumerate(levels)
    ]
    for piece in pieces(edges):
        sheet.curve([point for edge in piece for point in edge], **style)  # type: ignore[arg-type]


def pieces(points: Sequence[Part | None]) -> list[list[Part]]:
    """The stretches between gaps."""
    found: list[list[Part]] = [[]]
    for point in points:
        if point is None:
            found.append([])
        else:
            found[-1].append(point)
    return [piece for piece in found if piece]


def _months(sheet: Sheet, across: Ruler, names: Sequence[str], bottom: float) -> None:
    """The names of so many months as there is room for, the last one among them."""
    every = max(1, ceil(_LABEL / (PLOT / len(names))))
    sheet.line(0, bottom, PLOT, bottom, ink=MUTED)
    for at, name in enumerate(names):
        if (len(names) - 1 - at) % every == 0:
            sheet.line(across(at), bottom, across(at), bottom + 5, ink=MUTED)
            sheet.text(across(at), bottom + 15, name, align="center")
