"""Change arrows: the mean at the start and the mean now, row by row, against what chance and noise can do."""

from __future__ import annotations

from dataclasses import dataclass, replace

import altair as alt

from indsats.figure import Figure

from .canvas import ACCENT, INK, MUTED, Drawing, value_of
from .document import Cell
from .dots import headings, under_axis
from .formats import HIDDEN_MARK, cell_text, is_hidden, quantity
from .plot import Span
from .sheet import Glyph, Ruler, Sheet, drawn_axis, key, lines_of, muted, short
from .texts import say

NAMES, PLOT, GAP, BESIDE = 170.0, 350.0, 16.0, 180.0
_TALL = 52.0
_HEAD = 6.0
"""Pixels from the tip of an arrow to the middle of its head."""
_ZONE = "#e4e8ee"


@dataclass(frozen=True, slots=True)
class _Change:
    """One row: what may be drawn of it, in the units of the scale, and how its numbers read."""

    name: str
    before: float | None
    after: float | None
    before_text: str
    after_text: str
    change: Cell
    reliable: float | None
    hidden: bool
    said: str
    beside: str

    @property
    def interval(self) -> tuple[float, float] | None:
        """The limits of the change, laid out from where it began."""
        figure = self.change
        if self.before is None or not isinstance(figure, Figure) or figure.low is None or figure.high is None:
            return None
        return self.before + figure.low, self.before + figure.high


def arrows(d: Drawing) -> alt.TopLevelMixin | None:
    """An arrow from the mean before to the mean after in each row, and beside it in words what became of it.

    Encodings: ``label``, ``before``, ``after``; optionally ``change`` (a figure, after less before, with its
    95 % interval), ``reliable`` (the change in one person that is more than noise; shaded both ways from the
    start), ``n`` and ``verdict`` (words that replace ours). A verdict of ours is better or worse when the interval
    leaves out no change at all, by the ``better`` of the chart's ``scale``; otherwise no clear change. Without an
    interval, or a better end, it says which way the mean moved and no more. All rows share one axis: the
    chart's ``scale``; where a zone of reliable change tells what is much, or there is no scale, as far as the
    numbers reach. A row of which a part may not be shown has no arrow.
    ``None`` when no row has one. Raises ``ValueError`` when an encoding is missing.
    """
    rows = _changes(d)
    drawn = [row for row in rows if row.before is not None and row.after is not None]
    if not drawn:
        return None
    scale = d.chart.scale
    sheet = Sheet()
    low, high = _ends(drawn, scale)
    ruler = Ruler(low, high, PLOT, 34)
    left = -NAMES - GAP
    top = headings(d, sheet, ruler, scale, _key(d, sheet, drawn, left) + 4, left)
    for index, row in enumerate(rows):
        y = top + _TALL * index
        _shaded(sheet, ruler, row, y)
    bottom = top + _TALL * len(rows)
    drawn_axis(sheet, ruler, top, bottom, d.lang, 7)
    for index, row in enumerate(rows):
        y = top + _TALL * index
        sheet.line(left, y, PLOT + GAP + BESIDE, y)
        sheet.paragraph(left, y + _TALL / 2, lines_of(row.name, NAMES, 13), size=13)
        _arrow(sheet, ruler, row, y + _TALL / 2)
        _beside(d, sheet, row, y + _TALL / 2)
    sheet.line(left, bottom, PLOT + GAP + BESIDE, bottom)
    height = under_axis(d, sheet, ruler, _reached(scale, low, high), bottom + 26)
    if scale and (low, high) != (scale.low, scale.high):
        ends = [short(end, d.lang) for end in (low, high, scale.low, scale.high)]
        said = say("chart-part-of-scale", d.lang, low=ends[0], high=ends[1], first=ends[2], last=ends[3])
        muted(sheet, left, height + 10, said, "left")
        height += 18
    if any(row.hidden for row in rows):
        muted(sheet, left, height + 10, say("chart-left-out", d.lang), "left")
    return sheet.drawn(PLOT, height)


def _changes(d: Drawing) -> list[_Change]:
    label, before, after = d.required("label"), d.required("before"), d.required("after")
    change, reliable, n, verdict = (d.one(role) for role in ("change", "reliable", "n", "verdict"))
    found: list[_Change] = []
    for index, name in enumerate(d.texts(label)):
        start, end = d.cells(before)[index], d.cells(after)[index]
        moved = d.cells(change)[index] if change else None
        zone = d.cells(reliable)[index] if reliable else None
        people = d.cells(n)[index] if n else None
        # the arrow shows the change, so where that is hidden the arrow is too
        hidden = any(is_hidden(cell) for cell in (start, end, moved))
        first, last = (None, None) if hidden else (value_of(start), value_of(end))
        told = d.texts(verdict)[index] if verdict else ""
        count = f"n = {cell_text(people, d.column(n), d.lang)}" if n and people is not None else ""
        change_text = _change_text(d, moved, change) if change and moved is not None else ""
        found.append(
            _Change(
                name,
                first,
                last,
                cell_text(start, d.column(before), d.lang),
                cell_text(end, d.column(after), d.lang),
                None if hidden else moved,
                None if hidden else value_of(zone),
                hidden,
                told or _verdict(d, first, last, moved),
                "; ".join(part for part in (change_text, count) if part),
            )
        )
    return found


def _verdict(d: Drawing, before: float | None, after: float | None, change: Cell) -> str:
    """Better, worse or no clear change by the interval; else which way the mean moved."""
    if before is None or after is None:
        return ""
    better = d.chart.scale.better if d.chart.scale else "neither"
    up = after > before
    if isinstance(change, Figure) and change.low is not None and change.high is not None:
        if change.low <= 0 <= change.high:
            return say("chart-unclear", d.lang)
        up = change.low > 0
        if better != "neither":
            return say("chart-better" if up == (better == "higher") else "chart-worse", d.lang)
    if before == after:
        return say("chart-unchanged", d.lang)
    return say("chart-higher" if up else "chart-lower", d.lang)


def _change_text(d: Drawing, change: Cell, key: str) -> str:
    """``+3,2 (1,1 til 5,3)``."""
    column, value = d.column(key), value_of(change)
    if value is None:
        return ""
    text = ("+" if value > 0 else "") + cell_text(change, column, d.lang).removeprefix("+")
    if isinstance(change, Figure) and change.low is not None and change.high is not None:
        low, high = (quantity(end, change.unit, d.lang, column.decimals) for end in (change.low, change.high))
        text += f" ({say('chart-range', d.lang, low=low, high=high)})"
    return text


def _ends(rows: list[_Change], scale: Span | None) -> tuple[float, float]:
    """The ends of the axis."""
    if scale and not any(row.reliable for row in rows):
        return scale.low, scale.high
    low, high = _reach(rows)
    return (max(low, scale.low), min(high, scale.high)) if scale else (low, high)


def _reached(scale: Span | None, low: float, high: float) -> Span | None:
    """The scale with the names of those of its ends that the axis goes to."""
    if scale is None:
        return None
    return replace(
        scale,
        low_title=scale.low_title if low == scale.low else None,
        high_title=scale.high_title if high == scale.high else None,
    )


def _reach(rows: list[_Change]) -> tuple[float, float]:
    """From the least to the greatest number drawn, a little beyond."""
    found: list[float] = []
    for row in rows:
        if row.before is not None and row.after is not None:
            found += [row.before, row.after, *(row.interval or ())]
            found += [row.before - row.reliable, row.before + row.reliable] if row.reliable else []
    ruler = Ruler(min(found) - 0.5, max(found) + 0.5, 1)
    inner = ruler.ticks(6)[1:-1]
    step = inner[1] - inner[0] if len(inner) > 1 else 1.0
    return (min(found) // step) * step, -(-max(found) // step) * step


def _key(d: Drawing, sheet: Sheet, rows: list[_Change], left: float) -> float:
    def arrow(x: float, y: float) -> None:
        sheet.line(x + 2, y, x + 18, y, ink=ACCENT, thick=3)
        sheet.dot(x + 2, y, "circle", ink=ACCENT, hollow=True, size=70)
        sheet.dot(x + 20, y, "triangle-right", ink=ACCENT, size=90)

    def interval(x: float, y: float) -> None:
        _limits(sheet, x, x + 26, y)

    def zone(x: float, y: float) -> None:
        _band(sheet, x, x + 26, y - 8, y + 8)

    before, after = (d.column(d.required(role)).title.in_(d.lang) for role in ("before", "after"))
    entries: list[tuple[Glyph, str]] = [(arrow, say("chart-from-to", d.lang, before=before, after=after))]
    if any(row.interval for row in rows):
        entries.append((interval, say("chart-interval", d.lang)))
    if any(row.reliable for row in rows):
        entries.append((zone, say("chart-reliable", d.lang)))
    return key(sheet, left, NAMES + 2 * GAP + PLOT + BESIDE, entries)


def _shaded(sheet: Sheet, ruler: Ruler, row: _Change, y: float) -> None:
    if row.before is not None and row.reliable:
        low, high = (row.before + side * row.reliable for side in (-1, 1))
        _band(sheet, ruler(max(low, ruler.low)), ruler(min(high, ruler.high)), y + 3, y + _TALL - 3)


def _band(sheet: Sheet, x: float, x2: float, y: float, y2: float) -> None:
    sheet.box(x, y, x2, y2, _ZONE)
    for side in (x, x2):
        # in the lower half only: above stand the numbers of the arrow
        sheet.line(side, (y + y2) / 2, side, y2, ink=MUTED, dash=(3, 3))


def _limits(sheet: Sheet, x: float, x2: float, y: float) -> None:
    sheet.line(x, y, x2, y, ink=INK, thick=1.5)
    for side in (x, x2):
        sheet.line(side, y - 4, side, y + 4, ink=INK, thick=1.5)


def _arrow(sheet: Sheet, ruler: Ruler, row: _Change, middle: float) -> None:
    if row.before is None or row.after is None:
        return
    limits = row.interval
    y = middle - (9 if limits or row.reliable else 0)
    x, x2 = ruler(row.before), ruler(row.after)
    way = 1 if x2 >= x else -1
    if x == x2:
        sheet.dot(x, y, "circle", ink=ACCENT, hollow=True, size=150, item=row.name, value=row.before)
        sheet.dot(x, y, "circle", ink=ACCENT, size=40, item=row.name, value=row.after)
    else:
        # a short way has a small ring and head, so that neither covers the other
        near = abs(x2 - x) < 24
        back = _HEAD / 2 if near else _HEAD
        if abs(x2 - x) > back:
            sheet.line(x, y, x2 - way * back, y, ink=ACCENT, thick=3)
        sheet.dot(
            x, y, "circle", ink=ACCENT, hollow=True, size=40 if near else 100, item=row.name, value=row.before
        )
        head = "triangle-right" if way > 0 else "triangle-left"
        sheet.dot(
            x2 - way * back, y, head, ink=ACCENT, size=30 if near else 130, item=row.name, value=row.after
        )
    if x != x2:
        sheet.text(x - way * 11, y, row.before_text, align="right" if way > 0 else "left", ink=MUTED)
    sheet.text(x2 + way * 11, y, row.after_text, align="left" if way > 0 else "right")
    if limits:
        _limits(sheet, ruler(limits[0]), ruler(limits[1]), middle + 13)


def _beside(d: Drawing, sheet: Sheet, row: _Change, middle: float) -> None:
    x = PLOT + GAP
    if row.hidden:
        sheet.text(x, middle, f"{HIDDEN_MARK} {say('hidden', d.lang)}")
    elif not row.said:
        sheet.text(x, middle, f"– {say('no-value', d.lang)}")
    else:
        said = lines_of(row.said, BESIDE, 13)
        told = lines_of(row.beside, BESIDE) if row.beside else []
        top = middle - 8 * (len(said) + len(told) - 1)
        for index, line in enumerate([*said, *told]):
            bold = index < len(said)
            sheet.text(x, top + 16 * index, line, bold=bold, size=13 if bold else 12)
