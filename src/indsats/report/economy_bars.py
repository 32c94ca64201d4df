"""Charts of money from left to right: which input the net hangs on, and in whose view it pays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import altair as alt

from indsats.figure import Figure
from indsats.language import Lang

from .canvas import INK, MUTED, Drawing, value_of
from .document import Cell
from .formats import HIDDEN_MARK, is_hidden
from .hatching import Hatch, sample, surface
from .money_axis import money_along, money_scale
from .sheet import LEADING, Glyph, Ruler, Sheet, key, lines_of, muted
from .texts import say

LOW, HIGH = Hatch("#dbe7f5", "#08306b", "rising"), Hatch("#0059b3", "#08306b")
GAIN, LOSS = Hatch("#0059b3", "#08306b"), Hatch("#fbe9dc", "#8a3f00", "rising")
_NET: Final = {True: Hatch(INK, INK), False: Hatch("#ffffff", INK, "rising")}
NAMES, ALONG, GAP = 232.0, 520.0, 12.0
_MOST = 130.0
"""Pixels an input's value may take beside its bar before it is broken."""


def tornado(d: Drawing) -> alt.TopLevelMixin | None:
    """A bar for each input, from the net at its low value to the net at its high one, around the expected net.

    Encodings: ``label``, ``low`` and ``high`` (of the input, as they read: written at the ends of the bar), ``at_low``
    and ``at_high`` (the net there), ``centre`` (the expected net: the first number of the column). Rows stand in the
    order of the table. A row with a net that may not be shown has no bar. ``None`` when no bar or no expected net
    is left. Raises ``ValueError`` when an encoding is missing.
    """
    label, low, high = d.required("label"), d.required("low"), d.required("high")
    ends = [d.cells(d.required(role)) for role in ("at_low", "at_high")]
    centre = next((v for cell in d.cells(d.required("centre")) if (v := value_of(cell)) is not None), None)
    nets = [(value_of(one), value_of(other)) for one, other in zip(*ends, strict=True)]
    drawn = [end for pair in nets if None not in pair for end in pair if end is not None]
    if centre is None or not drawn:
        return None
    drawn.append(centre)
    if max(min(drawn), -max(drawn)) < max(drawn) - min(drawn):
        drawn.append(0.0)  # near enough to be seen: does the sign hang on an input?
    sheet, left = Sheet(), -NAMES - GAP
    entries: list[tuple[Glyph, str]] = [
        (sample(sheet, hatch), say(name, d.lang))
        for hatch, name in ((LOW, "money-at-low"), (HIGH, "money-at-high"))
    ]
    top = key(sheet, left, -left + ALONG, entries) + 4
    written = [(d.texts(low)[at], d.texts(high)[at]) for at in range(len(nets))]
    scale = money_scale(drawn, d.lang, 5)
    ruler = scale.ruler(ALONG, min(max(36.0, *(_wide(text) + 8 for pair in written for text in pair)), _MOST))
    muted(sheet, left, top + 8, d.title("y", label), "left")
    sheet.text(
        ruler(centre), top + 8, say("money-expected", d.lang, value=scale.told(centre)), align="center"
    )
    top += 22
    named = [lines_of(name, NAMES, 13) for name in d.texts(label)]
    heights = [max(34.0, LEADING * len(lines) + 10) for lines in named]
    bottom = top + sum(heights)
    money_along(sheet, scale, ruler, top, bottom)
    y = top
    for lines, tall, pair, texts, *cells in zip(named, heights, nets, written, *ends, strict=True):
        middle, covered = y + tall / 2, False
        sheet.paragraph(left, middle, lines, size=13)
        if pair[0] is None or pair[1] is None:
            told = _gone(cells, d.lang)
            fits = ruler(centre) + 8 + _wide(told) < ALONG
            side, x = ("left", ruler(centre) + 8) if fits else ("right", ruler(centre) - 8)
            clear_text(sheet, x, middle, told, align=side, ink=MUTED)
        else:
            spans = _swing(sheet, ruler, middle, centre, (pair[0], pair[1]), texts, " ".join(lines))
            covered = any(start - 3 < ruler(0.0) < end + 3 for start, end in spans)
        if scale.low <= 0 <= scale.high:
            # open where it would cross a text
            for start, end in ((y, middle - 9), (middle + 9, y + tall)) if covered else ((y, y + tall),):
                sheet.line(ruler(0.0), start, ruler(0.0), end, ink=INK, thick=1.5)
        y += tall
    sheet.line(ruler(centre), top - 4, ruler(centre), bottom + 5, ink=INK, thick=2, dash=(5, 3))
    muted(sheet, ALONG / 2, bottom + 38, d.title("x", d.one("centre")), "center")
    return noted(d, sheet, bottom + 46, any(map(is_hidden, (*ends[0], *ends[1]))), left, ALONG)


def perspectives(d: Drawing) -> alt.TopLevelMixin | None:
    """A bar for what each perspective gains, for the cost (below zero), and set apart below them their net.

    Encodings: ``label`` and ``value`` (gains positive, costs negative; an interval is drawn where a figure has one).
    The table's ``total_row`` is the net. A number that may not be shown has no bar. ``None`` when none is left.
    Raises ``ValueError`` when an encoding is missing.
    """
    label, value = d.required("label"), d.required("value")
    cells = d.cells(value)
    reach = [
        end
        for cell in cells
        if (middle := value_of(cell)) is not None
        for end in (middle, *(_interval(cell) or ()))
    ]
    if not reach:
        return None
    sheet, left = Sheet(), -NAMES - GAP
    entries: list[tuple[Glyph, str]] = [
        (sample(sheet, hatch), say(name, d.lang))
        for hatch, name in ((GAIN, "money-gain"), (LOSS, "money-loss"))
    ]
    if any(_interval(cell) for cell in cells):
        entries.append((_whisker_sample(sheet), say("money-interval", d.lang)))
    top = key(sheet, left, -left + ALONG, entries) + 8
    scale = money_scale([0.0, *reach], d.lang, 4)
    room = max(_wide(scale.told(one)) for cell in cells if (one := value_of(cell)) is not None)
    ruler = scale.ruler(ALONG, room + 14)
    whole, tall = total_of(d), 38.0
    order = [at for at in range(len(cells)) if at != whole] + ([whole] if whole is not None else [])
    bottom = top + tall * len(order) + (8 if whole is not None else 0)
    money_along(sheet, scale, ruler, top, bottom)
    sheet.line(ruler(0.0), top, ruler(0.0), bottom + 5, ink=INK, thick=1.5)
    y, names = top, d.texts(label)
    for at in order:
        if at == whole:
            sheet.line(left, y + 4, ALONG, y + 4, ink=INK)
            y += 8
        middle, amount = y + tall / 2, value_of(cells[at])
        sheet.paragraph(left, middle, lines_of(names[at], NAMES, 13), size=13, bold=at == whole)
        if amount is None:
            clear_text(sheet, ruler(0.0) + 8, middle, _gone([cells[at]], d.lang), ink=MUTED)
        else:
            hatch = _NET[amount >= 0] if at == whole else GAIN if amount >= 0 else LOSS
            start, end = sorted((ruler(0.0), ruler(amount)))
            surface(sheet, start, middle - 11, end, middle + 11, hatch, item=names[at], value=amount)
            if span := _interval(cells[at]):
                _whisker(sheet, ruler(span[0]), ruler(span[1]), middle + 15)
            side, x = ("left", end + 8) if amount >= 0 else ("right", start - 8)
            clear_text(sheet, x, middle, scale.told(amount), align=side, bold=at == whole)
        y += tall
    muted(sheet, ALONG / 2, bottom + 38, d.title("x", value), "center")
    return noted(d, sheet, bottom + 46, any(map(is_hidden, cells)), left, ALONG)


def total_of(d: Drawing) -> int | None:
    """The row of the table that is the sum of the others, from 0."""
    return None if d.table.total_row is None else d.table.total_row % len(d.table.rows)


def noted(
    d: Drawing, sheet: Sheet, height: float, hidden: bool, left: float, width: float
) -> alt.TopLevelMixin:
    """The drawing, below it a note where a number may not be shown."""
    if hidden:
        muted(sheet, left, height + 10, say("chart-left-out", d.lang), "left")
        height += 20
    return sheet.drawn(width, height)


def clear_text(
    sheet: Sheet,
    x: float,
    y: float,
    text: str,
    *,
    align: Literal["left", "right"] = "left",
    ink: str = INK,
    bold: bool = False,
) -> None:
    """A text that no level line runs through."""
    start, end = (x, x + _wide(text)) if align == "left" else (x - _wide(text), x)
    sheet.box(start - 2, y - 8, end + 2, y + 8, "#ffffff")
    sheet.text(x, y, text, align=align, ink=ink, bold=bold)


def _wide(text: str) -> float:
    return len(text) * 6.6


def _gone(cells: Sequence[Cell], lang: Lang) -> str:
    if any(is_hidden(cell) for cell in cells):
        return f"{HIDDEN_MARK} {say('hidden', lang)}"
    return f"– {say('no-value', lang)}"


def _interval(cell: Cell) -> tuple[float, float] | None:
    if not isinstance(cell, Figure) or cell.low is None or cell.high is None:
        return None
    return cell.low, cell.high


def _swing(
    sheet: Sheet,
    ruler: Ruler,
    y: float,
    centre: float,
    ends: tuple[float, float],
    texts: tuple[str, str],
    name: str,
) -> list[tuple[float, float]]:
    """The bar of one input: a part from the expected net to each end, and beyond them the input's values.

    Returns from where to where these are written.
    """
    order = sorted(zip(ends, texts, (LOW, HIGH), strict=True), key=lambda end: -abs(end[0] - centre))
    written: list[tuple[float, float]] = []
    taken = ""
    for value, text, hatch in order:
        start, end = sorted((ruler(centre), ruler(value)))
        surface(sheet, start, y - 10, end, y + 10, hatch, item=name, value=value)
        side = "left" if value < centre else "right"
        if side == taken:  # both ends lie on one side: the nearer one is written on the other
            side = "right" if side == "left" else "left"
            start = end = ruler(centre)
        taken = side
        lines = lines_of(text, _MOST - 8)
        wide = max(map(_wide, lines))
        x = start - 7 if side == "left" else end + 7
        written.append((x - wide, x) if side == "left" else (x, x + wide))
        sheet.box(written[-1][0] - 2, y - 8, written[-1][1] + 2, y + 8, "#ffffff")
        sheet.paragraph(x, y, lines, align="right" if side == "left" else "left")
    return written


def _whisker(sheet: Sheet, start: float, end: float, y: float) -> None:
    sheet.line(start, y, end, y, ink=INK, thick=2)
    for x in (start, end):
        sheet.line(x, y - 4, x, y + 4, ink=INK, thick=2)


def _whisker_sample(sheet: Sheet) -> Glyph:
    return lambda x, y: _whisker(sheet, x, x + 26, y)
