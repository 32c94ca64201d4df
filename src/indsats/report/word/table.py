"""Tables of a Word report: how wide their columns are, and the rows and cells themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from ..typeface import sans
from .styles import CELL_POINTS, MUTED, RULE, Styles
from .xml import Element, border, el, outside_link, paragraph, run

_PAD = 230
"""What a cell keeps free left and right, in twentieths of a point."""
_WIDER = 1.04
"""Word's and the senders' own sans-serif fonts run wider than the one measured."""
_EASY = 0.15
"""No column of words is narrower than this part of the page, where all have room for it."""
_HALVINGS = 30
_HEAD_LINES = 2
"""Headings may take this many lines before they ask for room."""
_SMALLER = 1.0
_SHORT = 15
"""Tables with this many rows or fewer are kept on one page."""
_BREAKS = re.compile(r"[ \n/]|(?<=-)")
_UNIT = 20
"""Twentieths of a point are what Word counts in."""


@dataclass(frozen=True, slots=True)
class Part:
    """Words of a cell; ``href`` is where they link to."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class TextCell:
    """A cell as text: its parts on one line, and ``below`` in smaller type on the next."""

    parts: tuple[Part, ...]
    below: str = ""

    @property
    def words(self) -> str:
        """What is read in its parts."""
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of text: ``right`` says which columns stand to the right, ``total`` is the index of the row of sums.

    ``title`` and ``about`` are read instead of the table by those who do not see it.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[TextCell, ...], ...]
    right: tuple[bool, ...]
    title: str
    about: str
    total: int | None = None
    total_column: int | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """How a table is set: widths of its columns in twentieths of a point, the size of its type, on a page on its side
    or not."""

    widths: tuple[int, ...]
    points: float
    landscape: bool


def fit(grid: Grid, upright: int, sideways: int) -> Fit:
    """The largest type that lets every word of a table stand whole, upright if it can.

    ``upright`` and ``sideways`` are the widths of the text on a page, in twentieths of a point. Where no size does,
    words break in the smallest on a page on its side.
    """
    for landscape, points in (
        (False, CELL_POINTS),
        (False, 8.0),
        (True, CELL_POINTS),
        (True, 8.0),
        (True, 7.0),
    ):
        room = sideways if landscape else upright
        widths = _widths(grid, room, points)
        if widths is not None:
            return Fit(widths, points, landscape)
    least, _ = _needs(grid, 7.0)
    return Fit(_scaled(least, sideways), 7.0, landscape=True)


def _needs(grid: Grid, points: float) -> tuple[list[int], list[int]]:
    """The least width of each column, that of its longest word, and the width of its longest line."""
    least, most = [], []
    for index, head in enumerate(grid.heads):
        cells = [row[index] for row in grid.rows]
        lines = {(line, points) for cell in cells for line in cell.words.split("\n")}
        lines |= {(cell.below, points - _SMALLER) for cell in cells}
        words = {(word, size) for line, size in (*lines, (head, points)) for word in _BREAKS.split(line)}
        least.append(max(_width(word, size) for word, size in words))
        longest = max((_width(line, size) for line, size in lines), default=0)
        most.append(max(least[-1], longest, _width(head, points) // _HEAD_LINES))
    return least, most


def _width(text: str, points: float) -> int:
    return ceil(sans().width(text, points) * _WIDER * _UNIT) + _PAD


def _widths(grid: Grid, room: int, points: float) -> tuple[int, ...] | None:
    least, most = _needs(grid, points)
    if sum(least) > room:
        return None
    if sum(most) <= room:
        return _scaled(most, room)
    easy = [max(low, min(high, round(room * _EASY))) for low, high in zip(least, most, strict=True)]
    return _even(easy if sum(easy) <= room else least, most, room)


def _even(least: Sequence[int], most: Sequence[int], room: int) -> tuple[int, ...]:
    """At least ``least``, and the rest so that the longest texts of all columns take about as many lines."""
    few, many = 1.0, max(high / low for low, high in zip(least, most, strict=True))
    for _ in range(_HALVINGS):
        lines = (few + many) / 2
        if sum(max(low, high / lines) for low, high in zip(least, most, strict=True)) > room:
            few = lines
        else:
            many = lines
    return _scaled([max(low, high / many) for low, high in zip(least, most, strict=True)], room)


def _scaled(widths: Sequence[float], room: int) -> tuple[int, ...]:
    return _whole([width * room / sum(widths) for width in widths], room)


def _whole(widths: Sequence[float], room: int) -> tuple[int, ...]:
    found = [int(width) for width in widths]
    found[0] += room - sum(found)
    return tuple(found)


def table_element(grid: Grid, fitted: Fit, styles: Styles, relate: Callable[[str], str]) -> Element:
    """The table. Its headings come again on each page, its rows do not break, short tables stay on one page.

    ``relate(href)`` gives the id of a link's relation.
    """
    setter = _Setter(grid, fitted, styles, relate)
    look = el("tblLook", val="06A0", firstRow=1, lastRow=0, firstColumn=1, lastColumn=0, noHBand=1, noVBand=1)
    properties = el(
        "tblPr",
        el("tblStyle", val=styles.table),
        el("tblW", w=sum(fitted.widths), type="dxa"),
        el("tblLayout", type="fixed"),
        look,
        el("tblCaption", val=grid.title),
        el("tblDescription", val=grid.about),
    )
    columns = el("tblGrid", *(el("gridCol", w=width) for width in fitted.widths))
    rows = [setter.head(), *(setter.row(index) for index in range(len(grid.rows)))]
    return el("tbl", properties, columns, *rows)


@dataclass(frozen=True, slots=True)
class _Setter:
    grid: Grid
    fitted: Fit
    styles: Styles
    relate: Callable[[str], str]

    def head(self) -> Element:
        cells = [
            self._cell(index, [run(text, el("b"), *self._size())], keep=True)
            for index, text in enumerate(self.grid.heads)
        ]
        return el("tr", el("trPr", el("cantSplit"), el("tblHeader")), *cells)

    def row(self, index: int) -> Element:
        total = self.grid.total == index
        last = index == len(self.grid.rows) - 1  # the lines under the table stand with it
        keep = len(self.grid.rows) <= _SHORT or last
        cells = []
        for place, cell in enumerate(self.grid.rows[index]):
            bold = total or self.grid.total_column == place
            cells.append(self._cell(place, self._runs(cell, bold=bold), keep=keep, total=total))
        return el("tr", el("trPr", el("cantSplit")), *cells)

    def _runs(self, cell: TextCell, *, bold: bool) -> list[Element]:
        found: list[Element] = []
        for part in cell.parts:
            made = run(part.text, *([el("b")] if bold else []), *self._size())
            if part.href:
                named = run(part.text, el("rStyle", val=self.styles.link), *self._size())
                made = outside_link(self.relate(part.href), [named])
            found.append(made)
        if cell.below:
            small = round((self.fitted.points - _SMALLER) * 2)
            letters = el("color", val=MUTED), el("sz", val=small), el("szCs", val=small)
            found.append(run(f"\n{cell.below}", *letters))
        return found

    def _size(self) -> list[Element]:
        if self.fitted.points == CELL_POINTS:
            return []
        return [el("sz", val=round(self.fitted.points * 2)), el("szCs", val=round(self.fitted.points * 2))]

    def _cell(self, index: int, runs: Sequence[Element], *, keep: bool, total: bool = False) -> Element:
        properties = el("tcPr", el("tcW", w=self.fitted.widths[index], type="dxa"))
        if total:
            properties.append(el("tcBorders", border("top", 8, RULE)))
        set_up = [el("jc", val="right")] if self.grid.right[index] else []
        if keep:
            set_up.append(el("keepNext"))
        return el("tc", properties, paragraph(self.styles.of("cell"), runs, *set_up))


def facts_lines(rows: Sequence[tuple[str, Sequence[str]]], styles: Styles) -> list[Element]:
    """Titles and what they stand for, a line each: the words of a title stand in the margin."""
    found: list[Element] = []
    for title, lines in rows:
        for number, line in enumerate(lines):
            named = [run(title, el("b"))] if number == 0 else []
            found.append(paragraph(styles.of("facts"), [*named, run(f"\t{line}")]))
    return found
