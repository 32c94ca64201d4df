"""Charts of money by year and by worth: what falls on whom and when, how sure the net is, how likely it is to pay.

All money is kroner. What one payer gets, or one end of an input gives, has a pattern of its own besides its colour,
and what may not be shown is not drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Final

import altair as alt

from .canvas import DASHES, INK, MUTED, SERIES, Drawing, value_of
from .control_chart import pieces
from .document import Cell
from .economy_bars import clear_text, noted, total_of
from .formats import HIDDEN_MARK, is_hidden, quantity
from .hatching import Hatch, sample, surface
from .money_axis import MoneyScale, money_levels, money_scale
from .sheet import Dash, Glyph, Ruler, Sheet, key, muted
from .texts import say

PAYERS: Final = (
    Hatch("#0059b3", "#08306b"),
    Hatch("#ffffff", "#8a3f00", "level"),
    Hatch("#dbe7f5", "#08306b", "rising"),
    Hatch("#ffffff", "#1d6f42", "crossed"),
    Hatch("#d9dde3", "#4f5763"),
)
"""One for each payer, in the order of the columns."""
LEFT, PLOT, HIGH, RIGHT = 104.0, 560.0, 290.0, 104.0
_BANDS: Final[tuple[tuple[float, str, str, Dash], ...]] = (
    (0.95, "#e4edf7", "#4f5763", (2, 3)),
    (0.80, "#bfd5ec", "#0059b3", (6, 3)),
    (0.50, "#8db6dd", "#08306b", (1, 0)),
)
"""The widest first: it lies under the others. Share of outcomes, fill, and ink and dash of the edge."""
_LEAST_APART, _FEW_POINTS = 16.0, 15


def cash(d: Drawing) -> alt.TopLevelMixin | None:
    """A bar for each year, stacked by payer: what is spent below zero, what is gained above; a line for the sum so far.

    Encodings: ``label`` (the years, a row each; the table's ``total_row`` is left out), ``parts`` (a column for each
    payer, at most 5) and ``net`` (the running net, drawn with a ring for each year and its last number beside it).
    A part that may not be shown is not drawn, and its year is marked. ``None`` when nothing is left. Raises
    ``ValueError`` when an encoding is missing or there are more payers than patterns.
    """
    label, net, parts = d.required("label"), d.required("net"), d.many("parts")
    d.required("parts")
    if len(parts) > len(PAYERS):
        raise ValueError(
            f"chart '{d.chart.id}' has {len(parts)} payers; at most {len(PAYERS)} can be told apart"
        )
    rows = [at for at in range(len(d.table.rows)) if at != total_of(d)]
    names = [d.texts(label)[at] for at in rows]
    columns = [[d.cells(part)[at] for at in rows] for part in parts]
    running = [d.cells(net)[at] for at in rows]
    stacks = [_stack([value_of(column[at]) for column in columns]) for at in range(len(rows))]
    sums = [value_of(cell) for cell in running]
    drawn = [end for stack in stacks for piece in stack if piece for end in piece]
    drawn += [value for value in sums if value is not None]
    if not drawn:
        return None
    sheet = Sheet()
    entries: list[tuple[Glyph, str]] = [
        (sample(sheet, hatch), d.column(part).title.in_(d.lang))
        for hatch, part in zip(PAYERS, parts, strict=False)
    ]
    entries.append((_ring_line(sheet), d.column(net).title.in_(d.lang)))
    scale, bottom = _upright(d, sheet, entries, [0.0, *drawn])
    ruler, across = scale.ruler(HIGH), Ruler(-0.5, max(len(rows), 1) - 0.5, PLOT)
    half = min(34.0, PLOT / len(rows) * 0.34)
    for at, stack in enumerate(stacks):
        for piece, hatch, part in zip(stack, PAYERS, parts, strict=False):
            if piece is not None:
                low, high = sorted(piece)
                edges = (across(at) - half, bottom - ruler(high), across(at) + half, bottom - ruler(low))
                surface(sheet, *edges, hatch, item=names[at], part=part, value=piece[1] - piece[0])
    points = [None if value is None else (across(at), bottom - ruler(value)) for at, value in enumerate(sums)]
    _cased(sheet, points)
    for name, point, value in zip(names, points, sums, strict=True):
        if point is not None:
            sheet.dot(*point, "circle", ink=INK, hollow=True, size=60, item=name, net=value)
    if points[-1] is not None and sums[-1] is not None:
        sheet.text(PLOT + 6, points[-1][1], scale.told(sums[-1]), bold=True)
    return _years(d, sheet, across, names, [*columns, running], bottom)


def fan(d: Drawing) -> alt.TopLevelMixin | None:
    """The median of the running net by year, in bands that hold 50, 80 and 95 % of the outcomes; zero stands out.

    Encodings: ``label`` (the years), ``value`` (the median), ``low`` and ``high`` (three columns each: of 50, 80 and
    95 %). The edges differ in dash, and the last year's median and outer edges are written. A year with a number that
    may not be shown is a gap. ``None`` when no year is left. Raises ``ValueError`` when an encoding is missing or
    there are not three bands.
    """
    label, value = d.required("label"), d.required("value")
    low, high = d.many("low"), d.many("high")
    if len(low) != 3 or len(high) != 3:
        raise ValueError(
            f"chart '{d.chart.id}' of kind 'fan' needs three columns 'low' and three columns 'high'"
        )
    names, cells = d.texts(label), [d.cells(name) for name in (value, *low, *high)]
    years = [_known([column[at] for column in cells]) for at in range(len(names))]
    drawn = [end for year in years if year for end in year]
    if not drawn:
        return None
    sheet = Sheet()
    entries: list[tuple[Glyph, str]] = [(_ring_line(sheet), say("money-median", d.lang))]
    entries += [
        (_band_sample(sheet, band), say("money-band", d.lang, share=quantity(band[0], "share", d.lang, 0)))
        for band in _BANDS[::-1]
    ]
    scale, bottom = _upright(d, sheet, entries, [0.0, *drawn])
    ruler, across = scale.ruler(HIGH), Ruler(-0.5, len(names) - 0.5, PLOT)
    half = 0.3 if len(names) == 1 else 0.0
    for index, (share, fill, ink, dash) in zip((2, 1, 0), _BANDS, strict=True):
        edge = [
            None if year is None else (at, bottom - ruler(year[4 + index]), bottom - ruler(year[1 + index]))
            for at, year in enumerate(years)
        ]
        for piece in pieces(edge):
            ends = [(piece[0][0] - half, *piece[0][1:]), *piece[1:-1], (piece[-1][0] + half, *piece[-1][1:])]
            points = [(across(at), upper, lower) for at, upper, lower in ends]
            sheet.area(f"{share}-{piece[0][0]}", points, fill=fill, opacity=1)
            for side in (1, 2):
                sheet.curve([(point[0], point[side]) for point in points], ink=ink, thick=1.2, dash=dash)
    middle = [
        None if year is None else (across(at), bottom - ruler(year[0])) for at, year in enumerate(years)
    ]
    _cased(sheet, middle)
    for name, point, year in zip(names, middle, years, strict=True):
        if point is not None and year is not None:
            sheet.dot(*point, "circle", ink=INK, hollow=True, size=60, item=name, median=year[0])
    if (last := years[-1]) is not None:
        told = [(bottom - ruler(last[0]), last[0], True)]
        told += [(bottom - ruler(last[at]), last[at], False) for at in (3, 6)]
        for y, number, bold in _apart(told):
            clear_text(sheet, across(len(names) - 1 + half) + 10, y, scale.told(number), bold=bold)
    return _years(d, sheet, across, names, cells, bottom)


def acceptability(d: Drawing) -> alt.TopLevelMixin | None:
    """How likely it is that the effort pays, by what one unit of the yardstick is worth to those who decide.

    Encodings: ``worth`` (money per unit, from left to right) and ``chance`` (shares; several columns, at most 6, have
    dashes of their own and the column's title in the key). The first and last chance are written; a dashed line
    marks even chances. ``None`` when no chance is left. Raises ``ValueError`` when an encoding is missing or there
    are too many columns.
    """
    worth, columns = d.required("worth"), d.many("chance")
    first = d.required("chance")
    if len(columns) > len(DASHES):
        raise ValueError(f"chart '{d.chart.id}' has {len(columns)} curves; at most {len(DASHES)}")
    worths = [value_of(cell) for cell in d.cells(worth)]
    curves = [
        [None if at is None else _pair(at, cell) for at, cell in zip(worths, d.cells(name), strict=True)]
        for name in columns
    ]
    drawn = [point for curve in curves for point in curve if point]
    if not drawn:
        return None
    sheet = Sheet()
    share = quantity(0.5, "share", d.lang, 0)
    entries: list[tuple[Glyph, str]] = [
        (_line(sheet, SERIES[at], DASHES[at]), d.column(name).title.in_(d.lang))
        for at, name in enumerate(columns)
        if len(columns) > 1
    ]
    entries.append((_line(sheet, MUTED, (2, 3)), say("money-even", d.lang, share=share)))
    top = key(sheet, -LEFT, LEFT + PLOT + RIGHT, entries) + 8
    muted(sheet, -LEFT, top + 6, d.title("y", first), "left")
    top += 26
    bottom = top + HIGH
    ruler = Ruler(0.0, 1.0, HIGH)
    for level in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = bottom - ruler(level)
        sheet.box(0, y - 0.5, PLOT, y + 0.5, "#d5dae1")
        sheet.text(-8, y, quantity(level, "share", d.lang, 0), align="right")
    sheet.line(0, bottom - ruler(0.5), PLOT, bottom - ruler(0.5), ink=MUTED, thick=1.5, dash=(2, 3))
    sheet.line(0, bottom, PLOT, bottom, ink=MUTED)
    scale = money_scale([at for at, _ in drawn], d.lang, 5)
    across = scale.ruler(PLOT)
    for at in scale.ticks():
        sheet.line(across(at), bottom, across(at), bottom + 5, ink=MUTED)
        sheet.text(across(at), bottom + 16, scale.tick(at), align="center")
    first_told, last_told = [], []
    for curve, ink, dash in zip(curves, SERIES, DASHES, strict=False):
        for piece in pieces(curve):
            points = [(across(at), bottom - ruler(chance)) for at, chance in piece]
            sheet.curve(points, ink=ink, thick=2.5, dash=dash)
            for (at, chance), point in zip(piece, points, strict=True):
                if len(curve) <= _FEW_POINTS or len(piece) == 1:
                    sheet.dot(*point, "circle", ink=ink, size=40, worth=at, chance=chance)
        if known := [point for point in curve if point]:
            height = bottom - ruler(known[0][1])
            # a curve that does not fall leaves room below its first point
            below = known[-1][1] >= known[0][1] and height + 24 < bottom
            if len(known) > 1:
                first_told.append((height + (16 if below else -16), known[0][1], True))
            last_told.append((bottom - ruler(known[-1][1]), known[-1][1], True))
    for told, worths_told in ((first_told, min), (last_told, max)):
        x = across(worths_told(at for at, _ in drawn)) + (6 if worths_told is min else 10)
        for y, chance, bold in _apart(told):
            clear_text(sheet, x, y, quantity(chance, "share", d.lang, 0), bold=bold)
    muted(sheet, PLOT / 2, bottom + 38, d.title("x", worth), "center")
    gone = any(is_hidden(cell) for name in columns for cell in d.cells(name))
    return noted(d, sheet, bottom + 46, gone, -LEFT, PLOT)


def _stack(values: Sequence[float | None]) -> list[tuple[float, float] | None]:
    """From where to where each part goes: gains upwards from zero, what is spent downwards."""
    ends = {True: 0.0, False: 0.0}
    found: list[tuple[float, float] | None] = []
    for value in values:
        if value is None:
            found.append(None)
            continue
        start = ends[value >= 0]
        ends[value >= 0] = start + value
        found.append((start, start + value))
    return found


def _known(cells: Sequence[Cell]) -> list[float] | None:
    """All numbers of a year, or none when one of them is missing."""
    values = [value for cell in cells if (value := value_of(cell)) is not None]
    return values if len(values) == len(cells) else None


def _pair(at: float, cell: Cell) -> tuple[float, float] | None:
    return None if (value := value_of(cell)) is None else (at, value)


def _upright(
    d: Drawing, sheet: Sheet, entries: Sequence[tuple[Glyph, str]], values: Sequence[float]
) -> tuple[MoneyScale, float]:
    """The key, the heading and the levels of a chart whose money goes upwards; its scale and where it ends."""
    top = key(sheet, -LEFT, LEFT + PLOT + RIGHT, entries) + 8
    if d.chart.y_title is not None:
        muted(sheet, -LEFT, top + 6, d.chart.y_title.in_(d.lang), "left")
        top += 18
    top += 10
    scale = money_scale(values, d.lang)
    money_levels(sheet, scale, scale.ruler(HIGH), top + HIGH, PLOT)
    return scale, top + HIGH


def _years(
    d: Drawing,
    sheet: Sheet,
    across: Ruler,
    names: Sequence[str],
    columns: Sequence[Sequence[Cell]],
    bottom: float,
) -> alt.TopLevelMixin:
    """The drawing above as many years as there is room for; those with a number that may not be shown are marked."""
    gone = [any(is_hidden(column[at]) for column in columns) for at in range(len(names))]
    room = max(len(name) + 2 for name in names) * 6.6
    every = max(1, ceil(room / (PLOT / len(names))))
    for at, name in enumerate(names):
        if at % every == 0 or gone[at]:
            sheet.text(across(at), bottom + 16, f"{name} {HIDDEN_MARK}" if gone[at] else name, align="center")
    muted(sheet, PLOT / 2, bottom + 38, d.title("x", d.one("label")), "center")
    return noted(d, sheet, bottom + 46, any(gone), -LEFT, PLOT)


def _cased(sheet: Sheet, points: Sequence[tuple[float, float] | None]) -> None:
    """A dark line that stays apart from what lies under it by a light edge."""
    for piece in pieces(points):
        if len(piece) > 1:
            sheet.curve(piece, ink="#ffffff", thick=5)
            sheet.curve(piece, ink=INK, thick=2)


def _ring_line(sheet: Sheet) -> Glyph:
    def glyph(x: float, y: float) -> None:
        sheet.line(x, y, x + 26, y, ink=INK, thick=2)
        sheet.dot(x + 13, y, "circle", ink=INK, hollow=True, size=60)

    return glyph


def _line(sheet: Sheet, ink: str, dash: Dash) -> Glyph:
    return lambda x, y: sheet.line(x, y, x + 26, y, ink=ink, thick=2, dash=dash)


def _band_sample(sheet: Sheet, band: tuple[float, str, str, Dash]) -> Glyph:
    def glyph(x: float, y: float) -> None:
        sheet.box(x, y - 7, x + 26, y + 7, band[1])
        for edge in (y - 7, y + 7):
            sheet.line(x, edge, x + 26, edge, ink=band[2], thick=1.2, dash=band[3])

    return glyph


def _apart(told: Sequence[tuple[float, float, bool]]) -> list[tuple[float, float, bool]]:
    """Heights moved as little as keeps numbers from lying on each other."""
    placed: list[tuple[float, float, bool]] = []
    for y, number, bold in sorted(told):
        placed.append((max(y, placed[-1][0] + _LEAST_APART) if placed else y, number, bold))
    return placed
