"""The profile: items as rows of dots on one scale, where people stood at the start and where they stand now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import altair as alt

from .canvas import INK, MUTED, SERIES, Drawing, value_of
from .document import Cell
from .formats import HIDDEN_MARK, cell_text, is_hidden
from .plot import Span
from .sheet import LEADING, Glyph, Ruler, Shape, Sheet, drawn_axis, key, lines_of, muted
from .texts import say

SHAPES: Final[tuple[Shape, ...]] = ("circle", "diamond", "square", "triangle-up")
NAMES, PLOT, GAP = 240.0, 440.0, 16.0
_LANE = 22.0


@dataclass(frozen=True, slots=True)
class _Pair:
    """The two cells of one row in one group, and how they read."""

    before: Cell
    now: Cell
    before_text: str
    now_text: str

    @property
    def hidden(self) -> bool:
        return is_hidden(self.before) or is_hidden(self.now)


def profile(d: Drawing) -> alt.TopLevelMixin | None:
    """A row for each item with a hollow dot for the baseline and a filled one for now, joined by a line.

    Encodings: ``label``, ``before`` and ``now``: one column each, or as many of both, one for each group (such
    as two units), in the same order. Every group has a shape and a line of its own in the row; the legend names
    the columns by their titles. The chart's ``scale`` gives the ends of the axis and what they are called.
    ``None`` when no dot is left. Raises ``ValueError`` when an encoding or the scale is missing, when there are
    not as many columns of both, or more groups than shapes (4).
    """
    label = d.required("label")
    d.required("before")
    d.required("now")
    before, now, scale = d.many("before"), d.many("now"), scale_of(d)
    if len(before) != len(now) or len(now) > len(SHAPES):
        raise ValueError(
            f"chart '{d.chart.id}' needs as many columns 'before' ({len(before)}) as 'now' ({len(now)}), "
            f"and at most {len(SHAPES)}"
        )
    pairs = [_pairs(d, one, other) for one, other in zip(before, now, strict=True)]
    shown = [cell for group in pairs for pair in group for cell in (pair.before, pair.now)]
    if all(value_of(cell) is None for cell in shown):
        return None
    sheet, ruler = Sheet(), Ruler(scale.low, scale.high, PLOT, 34)
    left = -NAMES - GAP
    named = [
        _entry(sheet, index, hollow, d.column(name).title.in_(d.lang))
        for index, ends in enumerate(zip(before, now, strict=True))
        for hollow, name in zip((True, False), ends, strict=True)
    ]
    top = key(sheet, left, NAMES + GAP + PLOT, named, sample=14) + 4
    top = headings(d, sheet, ruler, scale, top, left)
    names = [(name, lines_of(name, NAMES, 13)) for name in d.texts(label)]
    heights = [max(_LANE * len(pairs), LEADING * len(lines)) + 12 for _, lines in names]
    drawn_axis(sheet, ruler, top, top + sum(heights), d.lang)
    y = top
    for row, ((name, lines), tall) in enumerate(zip(names, heights, strict=True)):
        sheet.line(left, y, PLOT, y)
        sheet.paragraph(left, y + tall / 2, lines, size=13)
        for index, group in enumerate(pairs):
            at = y + tall / 2 + (index - (len(pairs) - 1) / 2) * _LANE
            _lane(d, sheet, ruler, group[row], at, index, name)
        y += tall
    sheet.line(left, y, PLOT, y)
    height = under_axis(d, sheet, ruler, scale, y + 26)
    if any(pair.hidden for group in pairs for pair in group):
        muted(sheet, left, height + 10, say("chart-left-out", d.lang), "left")
    return sheet.drawn(PLOT, height)


def scale_of(d: Drawing) -> Span:
    """The scale of a chart that cannot do without; ``ValueError`` when it has none."""
    if d.chart.scale is None:
        raise ValueError(
            f"chart '{d.chart.id}' of kind '{d.chart.kind}' needs the ends of its scale ('scale')"
        )
    return d.chart.scale


def headings(d: Drawing, sheet: Sheet, ruler: Ruler, scale: Span | None, top: float, left: float) -> float:
    """Above the rows: what the rows are, and which way is better. The height where the rows begin."""
    named = d.chart.y_title.in_(d.lang) if d.chart.y_title else ""
    better = scale.better if scale else "neither"
    if not named and better == "neither":
        return top + 4
    if named:
        muted(sheet, left, top + 8, named, "left")
    if better == "higher":
        muted(sheet, ruler(ruler.high), top + 8, f"{say('chart-better', d.lang).lower()} →", "right")
    elif better == "lower":
        muted(sheet, ruler(ruler.low), top + 8, f"← {say('chart-better', d.lang).lower()}", "left")
    return top + 22


def under_axis(d: Drawing, sheet: Sheet, ruler: Ruler, scale: Span | None, y: float) -> float:
    """Below the numbers of the axis: what its ends are called, and its title. The height it ends at."""
    low, high = (
        lines_of(title.in_(d.lang), ruler.width / 2 - 20) if title else []
        for title in ((scale.low_title, scale.high_title) if scale else (None, None))
    )
    for index, line in enumerate(low):
        sheet.text(ruler(ruler.low) - 4, y + 8 + LEADING * index, line)
    for index, line in enumerate(high):
        sheet.text(ruler(ruler.high) + 4, y + 8 + LEADING * index, line, align="right")
    y += LEADING * max(len(low), len(high))
    title = d.title("x", None)
    if title:
        muted(sheet, ruler.width / 2, y + 10, title, "center")
        y += LEADING + 2
    return y + 4


def _pairs(d: Drawing, before: str, now: str) -> list[_Pair]:
    one, other = d.column(before), d.column(now)
    return [
        _Pair(start, end, cell_text(start, one, d.lang), cell_text(end, other, d.lang))
        for start, end in zip(d.cells(before), d.cells(now), strict=True)
    ]


def _entry(sheet: Sheet, group: int, hollow: bool, title: str) -> tuple[Glyph, str]:
    def glyph(x: float, y: float) -> None:
        sheet.dot(x + 7, y, SHAPES[group], ink=SERIES[group], hollow=hollow)

    return glyph, title


def _lane(d: Drawing, sheet: Sheet, ruler: Ruler, pair: _Pair, y: float, group: int, name: str) -> None:
    """One row of one group: the line between the dots, the dots, and their numbers on the outer sides."""
    ink, shape = SERIES[group], SHAPES[group]
    start, end = value_of(pair.before), value_of(pair.now)
    if start is not None and end is not None:
        sheet.line(ruler(start), y, ruler(end), y, ink=ink, thick=2)
    met = start is not None and end is not None and abs(ruler(end) - ruler(start)) < 6
    if start is not None:
        # where little has moved the filled dot is small and lies in the ring, so that both are seen
        size = 190 if met else 120
        sheet.dot(ruler(start), y, shape, ink=ink, hollow=True, size=size, item=name, value=start)
    if end is not None:
        sheet.dot(ruler(end), y, shape, ink=ink, size=20 if met else 90, item=name, value=end)
    to_the_right = start is None or end is None or end >= start
    same = start is not None and end is not None and pair.before_text == pair.now_text
    if start is not None and not same:
        _beside(sheet, ruler(start), y, pair.before_text, right=not to_the_right, ink=MUTED)
    if end is not None:
        _beside(sheet, ruler(end), y, pair.now_text, right=to_the_right, ink=INK)
    if pair.hidden or (start is None and end is None):
        _gone(d, sheet, ruler, [x for x in (start, end) if x is not None], y, hidden=pair.hidden)


def _beside(sheet: Sheet, x: float, y: float, text: str, *, right: bool, ink: str) -> None:
    sheet.text(x + (11 if right else -11), y, text, align="left" if right else "right", ink=ink)


def _gone(d: Drawing, sheet: Sheet, ruler: Ruler, drawn: Sequence[float], y: float, *, hidden: bool) -> None:
    """That there is no number, or none that may be shown, on the side where no dot stands."""
    said = f"{HIDDEN_MARK} {say('hidden', d.lang)}" if hidden else f"– {say('no-value', d.lang)}"
    if drawn and max(drawn) < (ruler.low + ruler.high) / 2:
        sheet.text(ruler(ruler.high) + 4, y, said, align="right")
    else:
        sheet.text(ruler(ruler.low) - 4, y, said)
