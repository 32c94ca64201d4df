"""The funnel: places by their size, between limits that narrow as size leaves less to chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import Literal

import altair as alt

from indsats.figure import Figure

from .canvas import ACCENT, INK, MUTED, Drawing, unit_of, value_of
from .control_chart import HIGH, LEFT, PLOT, level_axis, level_ruler, sign_entries, signs_of
from .formats import is_hidden
from .sheet import Dash, Glyph, Ruler, Sheet, key, muted, short
from .texts import say

_DASHES: tuple[Dash, Dash] = ((6, 4), (2, 3))
_TALL = HIGH + 90
_BETWEEN, _MOST_NAMED, _LETTERS, _LINE = 12, 12, 34, 13.0
Side = Literal["left", "right"]
Limits = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Place:
    """One point: its limits are low and high of 95 %, then of 99.8 %; none where they may not be shown."""

    name: str
    size: float
    level: float
    limits: Limits | None
    word: str
    x: float = 0.0
    y: float = 0.0

    def beyond(self, centre: float) -> float:
        """How far out it lies, in widths of its own 95 % limits."""
        if self.limits is None:
            return 0.0
        low, high = self.limits[:2]
        width = high - centre if self.level > centre else centre - low
        return abs(self.level - centre) / width if width else 0.0


def funnel(d: Drawing) -> alt.TopLevelMixin | None:
    """Size from left to right, level upwards; the level of all, and limits of 95 % and 99.8 % in different dashes.

    Encodings: ``label`` (places), ``level`` (figures whose denominator is the size), ``centre``, ``low`` and ``high``
    (two columns each: of 95 % and of 99.8 %), optionally ``signal`` (words; empty for a place inside the limits).
    Points of one word have a shape of their own, which the key names by the word, and the place stands beside them;
    of more than 12 those farthest out. Limits are drawn through those of the places, along the root of their size.
    ``None`` when no place may be shown. Raises ``ValueError`` when an encoding is missing, or there are not two
    columns of limits, or more than three words.
    """
    places, hidden = _places(d)
    if not places:
        return None
    centre = next(
        (one for cell in d.cells(d.required("centre")) if (one := value_of(cell)) is not None), None
    )
    signs = signs_of(d, [place.word for place in places])
    level = d.required("level")
    unit = unit_of(d.cells(level), d.column(level))
    reach = [place.level for place in places] + [
        end for place in places if place.limits for end in place.limits[:2]
    ]
    ruler = level_ruler([*reach, *([centre] if centre is not None else [])], unit)
    ruler = Ruler(ruler.low, ruler.high, _TALL)
    sheet = Sheet()
    bounded = any(place.limits for place in places)
    named = _key(d, sheet, centre is not None, bounded)
    if any(not place.word for place in places):
        named.append((_dot(sheet), say("chart-inside", d.lang)))
    top = key(sheet, -LEFT, LEFT + PLOT, [*named, *sign_entries(sheet, signs)]) + 8
    muted(sheet, -LEFT, top + 6, d.title("y", level), "left")
    top += 22
    bottom = top + _TALL
    level_axis(d, sheet, ruler, bottom, unit)
    largest = max(place.size for place in places)
    across = Ruler(0.0, largest * 1.04, PLOT)
    if centre is not None:
        sheet.line(0, bottom - ruler(centre), PLOT, bottom - ruler(centre), ink=INK, thick=1.5)
    _curves(sheet, across, ruler, bottom, places)
    _size_axis(d, sheet, across, bottom)
    put = [
        _Place(p.name, p.size, p.level, p.limits, p.word, across(p.size), bottom - ruler(p.level))
        for p in places
    ]
    for place in sorted(put, key=lambda one: bool(one.word)):
        shape, ink = signs.get(place.word, ("circle", ACCENT))
        told = {"item": place.name, "value": place.level, "signal": place.word}
        sheet.dot(
            place.x, place.y, shape, ink=ink, hollow=not place.word, size=120 if place.word else 46, **told
        )
    outside = sorted((p for p in put if p.word), key=lambda p: -p.beyond(centre or 0.0))
    _names(sheet, outside[:_MOST_NAMED], put, top, bottom)
    height = bottom + 44
    if len(outside) > _MOST_NAMED:
        said = say("chart-more-outside", d.lang, number=len(outside) - _MOST_NAMED)
        muted(sheet, -LEFT, height + 8, said, "left")
        height += 18
    if hidden:
        muted(sheet, -LEFT, height + 8, say("chart-left-out", d.lang), "left")
        height += 18
    return sheet.drawn(PLOT, height)


def _places(d: Drawing) -> tuple[list[_Place], bool]:
    """The places with a level and a size, and whether some may not be shown."""
    low, high = d.many("low"), d.many("high")
    if len(low) != 2 or len(high) != 2:
        raise ValueError(
            f"chart '{d.chart.id}' of kind 'funnel' needs two columns 'low' and two columns 'high'"
        )
    ends = [d.cells(column) for column in (low[0], high[0], low[1], high[1])]
    words = d.texts(signal) if (signal := d.one("signal")) else None
    found: list[_Place] = []
    hidden = False
    for at, (name, cell) in enumerate(
        zip(d.texts(d.required("label")), d.cells(d.required("level")), strict=True)
    ):
        hidden |= is_hidden(cell)
        if not isinstance(cell, Figure) or cell.value is None or not cell.denominator:
            continue
        limits = [value_of(column[at]) for column in ends]
        known = [limit for limit in limits if limit is not None]
        bounds: Limits | None = (known[0], known[1], known[2], known[3]) if len(known) == 4 else None
        found.append(_Place(name, cell.denominator, cell.value, bounds, words[at] if words else ""))
    return found, hidden


def _key(d: Drawing, sheet: Sheet, centre: bool, bounded: bool) -> list[tuple[Glyph, str]]:
    def line(dash: Dash | None) -> Glyph:
        if dash is None:
            return lambda x, y: sheet.line(x, y, x + 26, y, ink=INK, thick=1.5)
        return lambda x, y: sheet.line(x, y, x + 26, y, ink=MUTED, thick=1.5, dash=dash)

    entries: list[tuple[Glyph, str]] = [(line(None), say("chart-level-of-all", d.lang))] if centre else []
    if bounded:
        names = (say("chart-limits-95", d.lang), say("chart-limits-998", d.lang))
        entries += [(line(dash), name) for dash, name in zip(_DASHES, names, strict=True)]
    return entries


def _dot(sheet: Sheet) -> Glyph:
    return lambda x, y: sheet.dot(x + 13, y, "circle", ink=ACCENT, hollow=True, size=46)


def _curves(sheet: Sheet, across: Ruler, ruler: Ruler, bottom: float, places: Sequence[_Place]) -> None:
    """The limits of all sizes: between two places straight along 1/√size, as limits of chance run."""
    known = {place.size: place.limits for place in places if place.limits}
    sizes = sorted(known)
    if len(sizes) < 2:
        return
    for index in range(4):
        points: list[tuple[float, float]] = []
        for one, other in pairwise(sizes):
            first, last = 1 / sqrt(one), 1 / sqrt(other)
            steps = _BETWEEN if across(other) - across(one) > 4 else 1
            for step in range(steps):
                root = first + (last - first) * step / steps
                share = step / steps
                level = known[one][index] * (1 - share) + known[other][index] * share
                points.append((1 / root**2, level))
        points.append((sizes[-1], known[sizes[-1]][index]))
        inside = [
            (across(size), bottom - ruler(level))
            for size, level in points
            if ruler.low <= level <= ruler.high
        ]
        if len(inside) > 1:
            sheet.curve(inside, ink=MUTED, thick=1.5, dash=_DASHES[index // 2])


def _size_axis(d: Drawing, sheet: Sheet, across: Ruler, bottom: float) -> None:
    sheet.line(0, bottom, PLOT, bottom, ink=MUTED)
    for tick in across.ticks(8)[:-1]:
        sheet.line(across(tick), bottom, across(tick), bottom + 5, ink=MUTED)
        sheet.text(across(tick), bottom + 15, short(tick, d.lang), align="center")
    title = d.chart.x_title.in_(d.lang) if d.chart.x_title else say("chart-size", d.lang)
    muted(sheet, PLOT / 2, bottom + 34, title, "center")


def _names(
    sheet: Sheet, named: Sequence[_Place], points: Sequence[_Place], top: float, bottom: float
) -> None:
    """Names beside their points, where neither another name nor a point stands; on the right when nothing is free."""
    taken: list[tuple[float, float, float]] = []
    for place in named:
        name = place.name if len(place.name) <= _LETTERS else place.name[: _LETTERS - 1].rstrip() + "…"
        wide = len(name) * 6.0
        right, left = (place.x + 10, place.x + 10 + wide), (place.x - 10 - wide, place.x - 10)
        best: tuple[float, float, Side] | None = None
        worst = float("inf")
        for shift in (side * step * _LINE for step in range(5) for side in (-1, 1)):
            y = place.y + shift
            if not top - 2 <= y <= bottom - 4:
                continue
            sides: tuple[tuple[float, float, Side], ...] = ((*right, "left"), (*left, "right"))
            for start, end, align in sides:
                if start < 0 or end > PLOT + 30:
                    continue
                met = sum(start < b and end > a and abs(y - other) < _LINE for a, b, other in taken) * 20
                met += sum(start - 4 < p.x < end + 4 and abs(p.y - y) < 9 for p in points if p is not place)
                cost = met + abs(shift) / _LINE
                if cost < worst:
                    worst = cost
                    best = (start, y, "left") if align == "left" else (end, y, "right")
        beside: tuple[float, float, Side] = (place.x + 10, place.y, "left")
        x, y, align = best or beside
        taken.append((x, x + wide, y) if align == "left" else (x - wide, x, y))
        sheet.text(x, y, name, align=align, size=11)
