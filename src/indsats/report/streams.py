"""Transitions: streams of persons from where they began, on the left, to where they ended, on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import altair as alt
import numpy as np

from indsats.figure import Figure
from indsats.language import Lang

from .canvas import DASHES, INK, MUTED, SERIES, Drawing, value_of
from .document import Cell
from .formats import HIDDEN_MARK, is_hidden, quantity
from .sheet import LEADING, Sheet, lines_of, muted
from .texts import say

BETWEEN, BLOCK, NAMES, GAP = 330.0, 16.0, 160.0, 10.0
_APART, _OPEN, _STEPS = 12.0, 14.0, 30
_LEAST, _MORE = 300.0, 44.0
"""Pixels that all persons are high: at least, and for each block where there are many."""
_SHADES = (0.5, 0.32)
"""Opacity of neighbouring starts, so that they differ without colour; dark text can be read on all of them."""
_ENOUGH = 15.0
"""Pixels a stream must be wide to carry its number."""


@dataclass(slots=True)
class _Block:
    """A start or an end. ``flows`` are the numbers drawn, ``open`` says that some may not be; ``y`` is its top."""

    name: str
    flows: list[float]
    open: bool
    total: float | None
    lines: list[tuple[str, bool]] = field(default_factory=list)
    y: float = 0.0

    @property
    def persons(self) -> float:
        """Persons its height stands for. Where a part is hidden that is what is drawn, and never more."""
        drawn = sum(self.flows)
        return drawn if self.open or self.total is None else max(drawn, self.total)

    def slot(self, each: float) -> float:
        """Its height with what hangs on it, at so many pixels for each person."""
        return max(self.persons * each + (_OPEN if self.open else 0.0), LEADING * len(self.lines))


def streams(d: Drawing) -> alt.TopLevelMixin | None:
    """Blocks for starts (left) and ends (right), as high as they have persons, and streams between them.

    Encodings: ``label`` (the starts, one row each), ``ends`` (a column of counts for each end), optionally
    ``total`` (a column with the persons of each start). The table's ``total_row``, where it has one, gives the
    persons of each end and of all. Blocks stand in the order of the table; ``y_title`` is the heading of the
    starts, ``x_title`` that of the ends. A block is labelled with its name, its persons and their share of all, a
    stream that is wide enough with its persons and their share of its start.
    A count that may not be shown has no stream: both its blocks have an open, dashed end of a fixed height, and
    no height in the drawing depends on the number. Starts and ends without persons are left out. ``None`` when
    no stream is left. Raises ``ValueError`` when an encoding is missing or an end is not a count.
    """
    starts, ends = _blocks(d)
    if not any(flow > 0 for start in starts for flow in start.flows):
        return None
    totals = [start.total for start in starts]
    known = [total for total in totals if total is not None]
    whole = _grand_total(d) if d.table.total_row is not None else None
    if whole is None and len(known) == len(totals):
        whole = sum(known)
    for block in (*starts, *ends):
        block.lines = _lines(block, whole, d.lang)
    shown_starts, shown_ends = ([b for b in side if b.persons or b.open] for side in (starts, ends))
    tallest = max(_LEAST, _MORE * max(len(shown_starts), len(shown_ends)))
    each = tallest / max(sum(block.persons for block in side) for side in (shown_starts, shown_ends))
    tall = max(_tall(side, each) for side in (shown_starts, shown_ends))
    sheet, top = Sheet(), 30.0
    for side in (shown_starts, shown_ends):
        _place(side, each, top + (tall - _tall(side, each)) / 2)
    heads = [top + (tall - _tall(side, each)) / 2 - 16 for side in (shown_starts, shown_ends)]
    muted(sheet, -GAP, heads[0], d.title("y", d.required("label")), "right")
    muted(sheet, 2 * BLOCK + BETWEEN + GAP, heads[1], d.title("x", None) or say("chart-end", d.lang), "left")
    _draw_streams(sheet, starts, ends, each, d.lang)
    far = 2 * BLOCK + BETWEEN
    for index, block in enumerate(starts):
        if block.persons or block.open:
            _draw_block(sheet, block, 0, each, SERIES[index % len(SERIES)], left=True)
    for block in shown_ends:
        _draw_block(sheet, block, far - BLOCK, each, MUTED, left=False)
    height = top + tall
    if any(block.open for block in starts):
        for line in lines_of(say("chart-open", d.lang), far + 2 * NAMES):
            height += LEADING + 4
            muted(sheet, -GAP - NAMES, height, line, "left")
    return sheet.drawn(far, height)


def _blocks(d: Drawing) -> tuple[list[_Block], list[_Block]]:
    """Starts and ends in the table's order; ``flows`` of a start by end, of an end by start."""
    label, total = d.required("label"), d.one("total")
    d.required("ends")
    names = d.many("ends")
    sums = None if d.table.total_row is None else d.table.total_row % len(d.table.rows)
    rows = [index for index in range(len(d.table.rows)) if index != sums]
    cells = [[d.cells(name)[row] for name in names] for row in rows]
    for row in cells:
        for name, cell in zip(names, row, strict=True):
            if cell is not None and not (isinstance(cell, Figure) and cell.unit == "count"):
                raise ValueError(f"chart '{d.chart.id}': the end '{name}' must be a column of counts")
    texts = d.texts(label)
    starts = [
        _block(texts[row], line, d.cells(total)[row] if total else None, given=total is not None)
        for row, line in zip(rows, cells, strict=True)
    ]
    ends = [
        _block(
            d.column(name).title.in_(d.lang),
            [line[index] for line in cells],
            d.cells(name)[sums] if sums is not None else None,
            given=sums is not None,
        )
        for index, name in enumerate(names)
    ]
    return starts, ends


def _block(name: str, cells: Sequence[Cell], total: Cell, *, given: bool) -> _Block:
    """A total that may not be shown is not worked out from what may."""
    flows = [value_of(cell) or 0.0 for cell in cells]
    hidden = any(is_hidden(cell) for cell in cells)
    persons = value_of(total) if given else None if hidden else sum(flows)
    return _Block(name, flows, hidden, persons)


def _grand_total(d: Drawing) -> float | None:
    column, row = d.one("total"), d.table.total_row
    return value_of(d.cells(column)[row]) if column and row is not None else None


def _lines(block: _Block, whole: float | None, lang: Lang) -> list[tuple[str, bool]]:
    """The name, in bold, the number of persons with their share, and whether a part is not shown."""
    lines = [(line, True) for line in lines_of(block.name, NAMES, 13)]
    if block.total is not None:
        lines.append((_count(block.total, whole, lang), False))
    if block.open:
        nothing = not any(block.flows) and block.total is None
        lines.append((f"{HIDDEN_MARK} {say('hidden' if nothing else 'chart-part', lang)}", False))
    return lines


def _count(persons: float, whole: float | None, lang: Lang) -> str:
    """``36 (30 %)``."""
    text = quantity(persons, "count", lang)
    return f"{text} ({quantity(persons / whole, 'share', lang, 0)})" if whole else text


def _tall(side: Sequence[_Block], each: float) -> float:
    return sum(block.slot(each) for block in side) + _APART * (len(side) - 1)


def _place(side: Sequence[_Block], each: float, top: float) -> None:
    """One block below the other, each in the middle of the room that its label needs."""
    for block in side:
        slot = block.slot(each)
        high = block.persons * each + (_OPEN if block.open else 0.0)
        block.y = top + (slot - high) / 2
        top += slot + _APART


def _draw_streams(
    sheet: Sheet, starts: Sequence[_Block], ends: Sequence[_Block], each: float, lang: Lang
) -> None:
    """Streams leave and arrive in the order of the table, so that they cross as little as that allows."""
    arrived = [end.y for end in ends]
    for index, start in enumerate(starts):
        ink, y = SERIES[index % len(SERIES)], start.y
        for number, persons in enumerate(start.flows):
            if not persons:
                continue
            wide = persons * each
            sheet.area(
                f"{index}-{number}",
                ribbon((BLOCK, y), (BLOCK + BETWEEN, arrived[number]), wide),
                fill=ink,
                opacity=_SHADES[index % len(_SHADES)],
                dash=DASHES[(index + index // len(SERIES)) % len(DASHES)],
                start=start.name,
                end=ends[number].name,
                persons=persons,
            )
            _number(sheet, _count(persons, start.total, lang), y, arrived[number], wide)
            y += wide
            arrived[number] += wide


def _number(sheet: Sheet, text: str, y: float, to: float, wide: float) -> None:
    """Writes a stream's number where it leaves its block, if it stays within the stream all along."""
    long = len(text) * 6.2
    first, middle, last = (y + (to - y) * _level((8 + at) / BETWEEN) for at in (0, long / 2, long))
    if wide >= _ENOUGH + abs(last - first):
        sheet.text(BLOCK + 8, round(middle + wide / 2, 2), text)


def _level(t: float) -> float:
    """The cubic from 0 to 1 that is level at both ends."""
    return t * t * (3 - 2 * t)


def ribbon(
    start: tuple[float, float], end: tuple[float, float], wide: float
) -> list[tuple[float, float, float]]:
    """A band of one width (upright) from one point to another: x, upper and lower y of 30 places.

    The points are its upper corners. In between it follows the cubic 3t² − 2t³, level at both ends.
    """
    t = np.linspace(0.0, 1.0, _STEPS)
    x = start[0] + (end[0] - start[0]) * t
    y = start[1] + (end[1] - start[1]) * (t * t * (3 - 2 * t))
    return [
        (round(at, 2), round(top, 2), round(top + wide, 2))
        for at, top in zip(x.tolist(), y.tolist(), strict=True)
    ]


def _draw_block(sheet: Sheet, block: _Block, x: float, each: float, ink: str, *, left: bool) -> None:
    low = block.y + block.persons * each
    if block.persons:
        sheet.box(x, round(block.y, 2), x + BLOCK, round(low, 2), ink, block=block.name)
    if block.open and not block.persons:
        sheet.line(x, round(low, 2), x + BLOCK, round(low, 2), ink=ink, thick=3)
    if block.open:
        for side in (x + 1, x + BLOCK - 1):
            sheet.line(side, round(low, 2), side, round(low + _OPEN, 2), ink=ink, thick=2, dash=(2, 2))
    middle = (block.y + low + (_OPEN if block.open else 0.0)) / 2
    at, align = (x - GAP, "right") if left else (x + BLOCK + GAP, "left")
    top = middle - LEADING * (len(block.lines) - 1) / 2
    for number, (line, bold) in enumerate(block.lines):
        y = round(top + LEADING * number, 2)
        sheet.text(at, y, line, align=align, ink=INK, bold=bold, size=13 if bold else 12)
