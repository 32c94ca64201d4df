"""The course: a score from day to day, a line for each who measured it, over the named parts of its scale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import altair as alt

from indsats.language import Lang, month_name

from .canvas import DASHES, INK, MUTED, SERIES, Drawing, value_of
from .dots import scale_of
from .formats import is_hidden
from .sheet import LEADING, Dash, Glyph, Ruler, Shape, Sheet, key, lines_of, muted, short
from .texts import say

SHAPES: Final[tuple[Shape, ...]] = (
    "circle",
    "diamond",
    "square",
    "triangle-up",
    "triangle-left",
    "triangle-right",
)
LEFT, PLOT, HIGH, RIGHT = 34.0, 232.0, 168.0, 34.0
"""Small enough to be read on a phone as it is."""
_ZONES: Final = ("#eef2f7", "#e1e8f0")
_APART, _NAMED = 15.0, 82.0


def course(d: Drawing) -> alt.TopLevelMixin | None:
    """Days from left to right, as far apart as they lie in time; a line with a shape and a dash of its own a series.

    Encodings: ``day`` and ``value`` (one or several columns, named in the key when there are several); an empty cell
    is passed over. The chart's ``scale`` gives the ends, its ``zones`` the parts with a name, which are told below.
    The last number of each line stands at its right. ``None`` when there is no number. Raises ``ValueError`` when an
    encoding or the scale is missing, or a day is none.
    """
    day, columns, scale = d.required("day"), d.many("value"), scale_of(d)
    d.required("value")
    days = [_day(d, cell) for cell in d.cells(day)]
    lines = [
        [
            (on, value)
            for on, cell in zip(days, d.cells(name), strict=True)
            if (value := value_of(cell)) is not None
        ]
        for name in columns
    ]
    known = [on for line in lines for on, _ in line]
    if not known:
        return None
    sheet, ruler, across = Sheet(), Ruler(scale.low, scale.high, HIGH), _across(min(known), max(known))
    top = _above(d, sheet, columns)
    bottom = top + HIGH
    for place, zone in enumerate(d.chart.zones):
        low = scale.low if zone.low is None else zone.low
        high = scale.high if zone.high is None else zone.high
        sheet.box(
            0, bottom - ruler(high), PLOT, bottom - ruler(low), _ZONES[place % 2], zone=zone.title.in_(d.lang)
        )
    for level in _levels(d, ruler):
        y = bottom - ruler(level)
        sheet.line(0, y, PLOT, y)
        sheet.text(-8, y, short(level, d.lang), align="right")
    last: list[tuple[float, str, str]] = []
    for place, (name, line) in enumerate(zip(columns, lines, strict=True)):
        shape, ink, dash = _look(place)
        points = [(across(on.toordinal()), bottom - ruler(value)) for on, value in sorted(line)]
        if len(points) > 1:
            sheet.curve(points, ink=ink, thick=2, dash=dash)
        for point, (on, value) in zip(points, sorted(line), strict=True):
            sheet.dot(*point, shape, ink=ink, size=60, series=name, day=on.isoformat(), value=value)
        if points:
            last.append((points[-1][1], short(sorted(line)[-1][1], d.lang), ink))
    for y, text, ink in _apart(last):
        sheet.text(PLOT + 10, y, text, ink=ink, bold=True)
    _days(sheet, across, sorted(set(known)), bottom, d.lang)
    height = _below(d, sheet, bottom + 30)
    if any(is_hidden(cell) for name in columns for cell in d.cells(name)):
        muted(sheet, -LEFT, height + 10, say("chart-left-out", d.lang), "left")
        height += 20
    return sheet.drawn(PLOT + RIGHT, height)


def _day(d: Drawing, cell: object) -> date:
    if not isinstance(cell, date):
        raise ValueError(f"chart '{d.chart.id}' of kind 'course' needs a day in every row of its table")
    return cell


def _look(place: int) -> tuple[Shape, str, Dash]:
    """The shape, ink and dash of a line: no two of the first thirty-six alike."""
    return SHAPES[place % 6], SERIES[place % 6], DASHES[(place + place // 6) % 6]


def _across(first: date, last: date) -> Ruler:
    """From the first day to the last; a single day stands in the middle."""
    low, high = first.toordinal(), last.toordinal()
    return Ruler(low - 1, high + 1, PLOT) if low == high else Ruler(low, high, PLOT, 10)


def _above(d: Drawing, sheet: Sheet, columns: Sequence[str]) -> float:
    """The key of several lines, and which way is better; the height where the plot begins."""
    top = 4.0
    if len(columns) > 1:
        entries = [
            (_sample(sheet, place), d.column(name).title.in_(d.lang)) for place, name in enumerate(columns)
        ]
        top = key(sheet, -LEFT, LEFT + PLOT + RIGHT, entries)
    better = scale_of(d).better
    if better != "neither":
        arrow = "↑" if better == "higher" else "↓"
        muted(sheet, -LEFT, top + 8, f"{arrow} {say('chart-better', d.lang).lower()}", "left")
        top += 22
    return top + 4


def _sample(sheet: Sheet, place: int) -> Glyph:
    shape, ink, dash = _look(place)

    def glyph(x: float, y: float) -> None:
        sheet.line(x, y, x + 26, y, ink=ink, thick=2, dash=dash)
        sheet.dot(x + 13, y, shape, ink=ink, size=60)

    return glyph


def _levels(d: Drawing, ruler: Ruler) -> list[float]:
    """The ends of the scale and of its zones, or round numbers where it has none; none so near that they collide."""
    ends = [end for zone in d.chart.zones for end in (zone.low, zone.high) if end is not None]
    wanted = [ruler.low, ruler.high, *sorted(ends)] if ends else ruler.ticks(5)
    kept: list[float] = []
    for level in wanted:
        if all(abs(ruler(level) - ruler(one)) >= _APART for one in kept):
            kept.append(level)
    return sorted(kept)


def _days(sheet: Sheet, across: Ruler, days: Sequence[date], bottom: float, lang: Lang) -> None:
    """A mark for each day, and the names of the first, the last, and those between that there is room for."""
    sheet.line(0, bottom, PLOT, bottom, ink=MUTED)
    named: list[float] = []
    ends = [days[0], days[-1]] if len(days) > 1 else [days[0]]
    for on in days:
        sheet.line(across(on.toordinal()), bottom, across(on.toordinal()), bottom + 5, ink=MUTED)
    for on in (*ends, *days[1:-1]):
        x = across(on.toordinal())
        align = "center" if len(days) == 1 or on not in ends else "left" if on == days[0] else "right"
        # the names of the ends are written inwards, so they reach further into the plot
        reach = {"left": x + _NAMED / 2, "right": x - _NAMED / 2, "center": x}[align]
        if all(abs(reach - one) >= _NAMED for one in named):
            named.append(reach)
            sheet.text(
                x + {"left": -10, "right": 10, "center": 0}[align], bottom + 15, _said(on, lang), align=align
            )


def _said(on: date, lang: Lang) -> str:
    """``3.5.2016`` (da) or ``3 May 2016`` (en)."""
    if lang == "da":
        return f"{on.day}.{on.month}.{on.year}"
    return f"{on.day} {month_name(on.month, lang)[:3]} {on.year}"


def _below(d: Drawing, sheet: Sheet, y: float) -> float:
    """What the zones are called and where they lie, the highest first; the height it ends at."""
    scale, zones = scale_of(d), d.chart.zones
    for place in sorted(range(len(zones)), key=lambda one: zones[one].low or scale.low, reverse=True):
        zone = zones[place]
        ends = (scale.low if zone.low is None else zone.low, scale.high if zone.high is None else zone.high)
        told = f"{short(ends[0], d.lang)}–{short(ends[1], d.lang)}: {zone.title.in_(d.lang)}"
        sheet.box(-LEFT, y + 2, -LEFT + 16, y + 14, _ZONES[place % 2])
        for line in lines_of(told, LEFT + PLOT + RIGHT - 22):
            sheet.text(-LEFT + 22, y + 8, line, ink=INK)
            y += LEADING
        y += 4
    return y


def _apart(last: Sequence[tuple[float, str, str]]) -> list[tuple[float, str, str]]:
    """Heights moved as little as keeps the numbers from lying on each other."""
    placed: list[tuple[float, str, str]] = []
    for y, text, ink in sorted(last):
        placed.append((max(y, placed[-1][0] + _APART) if placed else y, text, ink))
    return placed
