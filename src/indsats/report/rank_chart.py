"""Ranks with what they are worth: each place's level with its interval, and beside it the ranks it may have."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final

import altair as alt

from indsats.figure import Figure, Unit
from indsats.language import Lang

from .canvas import ACCENT, INK, MUTED, Drawing, unit_of, value_of
from .document import Cell, Column
from .formats import HIDDEN_MARK, cell_text, is_hidden, quantity
from .sheet import LEADING, Ruler, Sheet, key, lines_of, muted
from .texts import say

NAMES, LEVELS, RANKS, GAP = 190.0, 250.0, 210.0, 34.0
_BAR: Final = "#b9cfe8"
_ABOVE, _BELOW, _SAME = "triangle-right", "triangle-left", "circle"


@dataclass(frozen=True, slots=True)
class _Row:
    """A place as it is drawn; ``whole`` marks all places together."""

    name: str
    level: Cell
    rank: Cell
    apart: Cell
    whole: bool

    @property
    def order(self) -> tuple[float, str]:
        """The best first; what has no rank, or none that may be shown, by name so that its row tells nothing."""
        rank = value_of(self.rank)
        return (rank if rank is not None else float("inf"), self.name if rank is None else "")


def rank_chart(d: Drawing) -> alt.TopLevelMixin | None:
    """A row for each place, the best first: its level with interval, its rank, and a bar over the ranks it may have.

    Encodings: ``label``, ``value`` (levels), ``rank`` (ranks with the first and last possible as interval), and
    optionally ``apart`` (the distance to the others with its interval: the shape of the point says whether it is
    surely above or below them). The table's ``total_row`` is all places together, drawn as a line through the
    levels. ``None`` when no level is left. Raises ``ValueError`` when an encoding is missing.
    """
    label, value, rank, apart = d.required("label"), d.required("value"), d.required("rank"), d.one("apart")
    size = len(d.table.rows)
    total = None if d.table.total_row is None else d.table.total_row % size
    empty: list[Cell] = [None] * size
    cells = zip(
        d.texts(label), d.cells(value), d.cells(rank), d.cells(apart) if apart else empty, strict=True
    )
    rows = [_Row(*row, whole=at == total) for at, row in enumerate(cells)]
    places = sorted((row for row in rows if not row.whole), key=lambda row: row.order)
    if all(value_of(row.level) is None for row in places):
        return None
    sheet, column = Sheet(), d.column(value)
    unit = unit_of(d.cells(value), column)
    levels = _level_ruler([row.level for row in rows], unit)
    last = max((end for row in places if (end := _high(row.rank)) is not None), default=None)
    left = -NAMES - 12
    width = LEVELS + (GAP + RANKS if last else 0)
    top = key(sheet, left, NAMES + 12 + width, _entries(sheet, d, places, total is not None), sample=22) + 6
    muted(sheet, LEVELS / 2, top + 6, d.title("x", value), "center")
    if last:
        muted(sheet, LEVELS + GAP + RANKS / 2, top + 6, d.column(rank).title.in_(d.lang), "center")
    top += 22
    tall = 28.0 if len(places) <= 12 else 21.0 if len(places) <= 40 else 17.0
    named = [lines_of(row.name, NAMES, 13 if tall > 20 else 12) for row in places]
    heights = [max(tall, LEADING * len(lines) + 2) for lines in named]
    bottom = top + 16 + sum(heights)
    ranks = Ruler(1, max(last or 2, 2), RANKS, 10)
    many = len(places) > 25
    _level_axis(sheet, levels, top, bottom, unit, d.lang, above=many)
    if last:
        _rank_axis(sheet, ranks, top, bottom, above=many)
    whole = next((value_of(row.level) for row in rows if row.whole), None)
    if whole is not None:
        sheet.line(levels(whole), top + 12, levels(whole), bottom, ink=INK, thick=1.5, dash=(5, 3))
    y = top + 16
    for row, lines, height in zip(places, named, heights, strict=True):
        sheet.paragraph(left, y + height / 2, lines, size=13 if tall > 20 else 12)
        _drawn_level(sheet, d, row, column, levels, y + height / 2, whole)
        if last:
            _drawn_rank(sheet, row, d.column(rank), ranks, y + height / 2, d.lang, wide=tall > 20)
        y += height
    return sheet.drawn(width, bottom + 26)


def _entries(sheet: Sheet, d: Drawing, rows: list[_Row], whole: bool) -> list:
    def dot(shape: str, ink: str):
        return lambda x, y: sheet.dot(x + 11, y, shape, ink=ink, hollow=shape == _SAME, size=80)  # type: ignore[arg-type]

    shapes = {_shape(row.apart) for row in rows if value_of(row.level) is not None}
    told = [(_ABOVE, "ranks-above"), (_BELOW, "ranks-below"), (_SAME, "ranks-same")]
    found = [
        (dot(shape, _ink(shape)), say(name if d.one("apart") else "ranks-level", d.lang))
        for shape, name in told
        if shape in shapes
    ]
    if whole:
        found.append(
            (
                lambda x, y: sheet.line(x, y, x + 22, y, ink=INK, thick=1.5, dash=(5, 3)),
                say("ranks-all", d.lang),
            )
        )
    if any(_high(row.rank) for row in rows):
        found.append((lambda x, y: sheet.box(x, y - 4, x + 22, y + 4, _BAR), say("ranks-possible", d.lang)))
    return found


def _shape(apart: Cell) -> str:
    if not isinstance(apart, Figure) or apart.low is None or apart.high is None:
        return _SAME
    return _ABOVE if apart.low > 0 else _BELOW if apart.high < 0 else _SAME


def _ink(shape: str) -> str:
    return MUTED if shape == _SAME else ACCENT


def _high(rank: Cell) -> float | None:
    if not isinstance(rank, Figure) or rank.value is None:
        return None
    return rank.high if rank.high is not None else rank.value


def _level_ruler(levels: list[Cell], unit: Unit | None) -> Ruler:
    """From one round number to another, so that every level and its interval has room."""
    ends = [
        end
        for cell in levels
        if isinstance(cell, Figure)
        for end in (cell.value, cell.low, cell.high)
        if end is not None
    ]
    low, high = min(ends), max(ends)
    step = _step(max(high - low, abs(high) * 0.01, 1e-6) / 4)
    low, high = floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step
    if high <= low:
        high = low + step
    return Ruler(low, min(high, 1.0) if unit == "share" else high, LEVELS, 12)


def _step(least: float) -> float:
    power = 10.0 ** floor(log10(least))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= least - 1e-12)


def _level_axis(
    sheet: Sheet, ruler: Ruler, top: float, bottom: float, unit: Unit | None, lang: Lang, *, above: bool
) -> None:
    step = _step((ruler.high - ruler.low) / 5)
    tick = ruler.low
    while tick <= ruler.high + step / 100:
        sheet.line(ruler(tick), top + 12, ruler(tick), bottom + 4)
        for y in (top + 4, bottom + 14) if above else (bottom + 14,):
            decimals = max(0, -floor(log10(step * (100 if unit == "share" else 1)) + 1e-9))
            sheet.text(ruler(tick), y, quantity(tick, unit, lang, decimals), align="center")
        tick += step


def _rank_axis(sheet: Sheet, ruler: Ruler, top: float, bottom: float, *, above: bool) -> None:
    step = max(1, int(_step(ruler.high / 6)))
    inner = [n for n in range(step, int(ruler.high), step) if n > 1 and ruler.high - n > step * 0.5]
    for tick in (1, *inner, int(ruler.high)):
        x = LEVELS + GAP + ruler(tick)
        sheet.line(x, top + 12, x, bottom + 4)
        for y in (top + 4, bottom + 14) if above else (bottom + 14,):
            sheet.text(x, y, str(tick), align="center")


def _drawn_level(
    sheet: Sheet, d: Drawing, row: _Row, column: Column, ruler: Ruler, y: float, whole: float | None
) -> None:
    level = value_of(row.level)
    if level is None:
        hidden = is_hidden(row.level)
        said = f"{HIDDEN_MARK} {say('hidden', d.lang)}" if hidden else f"– {say('no-value', d.lang)}"
        # clear of the line through all places
        right = whole is not None and ruler(whole) < ruler.width / 2
        sheet.text(
            ruler(ruler.high if right else ruler.low), y, said, align="right" if right else "left", ink=MUTED
        )
        return
    shape = _shape(row.apart)
    ink = _ink(shape)
    if isinstance(row.level, Figure) and row.level.low is not None and row.level.high is not None:
        sheet.line(ruler(row.level.low), y, ruler(row.level.high), y, ink=ink, thick=2)
    text = cell_text(row.level, column, d.lang)
    sheet.dot(ruler(level), y, shape, ink=ink, hollow=shape == _SAME, size=80, item=row.name, told=text)  # type: ignore[arg-type]


def _drawn_rank(
    sheet: Sheet, row: _Row, column: Column, ruler: Ruler, y: float, lang: Lang, *, wide: bool
) -> None:
    if not isinstance(row.rank, Figure) or row.rank.value is None:
        said = (
            f"{HIDDEN_MARK} {say('hidden', lang)}"
            if is_hidden(row.rank)
            else cell_text(row.rank, column, lang)
        )
        sheet.text(LEVELS + GAP + ruler(1), y, said, ink=MUTED)
        return
    start, half = LEVELS + GAP, 7.0 if wide else 5.5
    if row.rank.low is not None and row.rank.high is not None:
        sheet.box(start + ruler(row.rank.low) - 4, y - half, start + ruler(row.rank.high) + 4, y + half, _BAR)
    sheet.text(start + ruler(row.rank.value), y, cell_text(row.rank, column, lang), align="center", bold=True)
