"""Tables for paper: the width of every column, the size of the type, and whether the page is turned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from indsats.language import Lang

from .document import Light
from .texts import light
from .typeface import printable, sans

PORTRAIT, LANDSCAPE = 453.0, 716.0
"""The room between the margins in points: A4 with 25 mm at the sides, and turned with 22 mm."""
_GAP = 12.0
"""Points between two columns."""
_SIZES = (
    (9.0, PORTRAIT),
    (8.0, PORTRAIT),
    (7.5, PORTRAIT),
    (9.0, LANDSCAPE),
    (8.0, LANDSCAPE),
    (7.0, LANDSCAPE),
    (6.0, LANDSCAPE),
)
_SPACIOUS = 20
"""With more columns there is less between them."""
_WIDEST = 0.9
"""Few characters are wider than this many ems."""
_COMFORT = 7.5
"""A column of words gets room for about this many ems before the type is made smaller."""
_PART = 0.45
"""Or this part of its longest line, when that is more."""
_MOST = 28.0
"""No column asks for more than this many ems."""
_OVER_NUMBERS = 0.6
"""Headings over numbers are set in two lines sooner than words are."""
_STRETCH = 1.5
"""A table of few words is not drawn out over the whole page."""
_SMALL = 0.85
"""Intervals are set smaller than the values they are about."""
_LONGEST = 30
"""Words with more characters are no words of a language: they may be parted, at their signs first."""
_TOGETHER = 16
"""The words of a light with fewer characters stay on one line."""
_SHORT = 12
"""Tables with this many rows or fewer are kept on one page."""
_LINE = 1.35
"""From one line to the next, in ems."""
_TALL = 200.0
"""A row higher than about this many points may run over to the next page."""
_PLACES = re.compile(r"(?<=[/_.?&=@:;,–-])(?=\w)")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell of a printed table, ``small`` under it and ``href`` where its words lead."""

    text: str
    small: str = ""
    sign: str = ""
    kind: str = ""
    runs: tuple[tuple[str, str], ...] = ()

    def lines(self) -> tuple[tuple[str, float], ...]:
        """Its lines of text and their size against the table's."""
        text = f"{self.sign}\u00a0{self.text}" if self.sign else self.text
        return ((text, 1.0), (self.small, _SMALL)) if self.small else ((text, 1.0),)

    def data(self) -> dict[str, Any]:
        """As the layout reads it."""
        runs = [{"text": text, "href": href} for text, href in self.runs]
        return {"text": self.text, "small": self.small, "sign": self.sign, "kind": self.kind, "runs": runs}


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of cells. ``right`` says of each column whether it is set to the right, ``total`` which row and column
    hold the sums."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    right: tuple[bool, ...]
    total: tuple[int | None, int | None] = (None, None)


def light_cell(cell: Light, lang: Lang) -> Cell:
    """A traffic light: its sign and its words."""
    sign, text = light(cell.status, lang)
    if len(text) < _TOGETHER:
        text = text.replace(" ", "\u00a0")
    return Cell(text, sign=printable(sign), kind=cell.status)


def laid_out(grid: Grid, first: float = _SIZES[0][0]) -> dict[str, Any]:
    """The grid as the layout reads it: type size in points, columns with widths in points, rows of cells.

    ``wide`` is the paper when it needs a turned page. Nothing runs off it: a column is as wide as its longest word.
    ``first`` is the largest size tried.
    """
    size, room = _SIZES[-1]
    gap = min(_GAP, _GAP * _SPACIOUS / len(grid.heads))
    gaps = gap * (len(grid.heads) - 1)
    for size, room in (one for one in _SIZES if one[0] <= first):
        asked = zip(_asked(grid, size), grid.right, strict=True)
        needed = [low if right else _comfort(low, high, size) for (low, high), right in asked]
        if sum(needed) + gaps <= room:
            break
    if sum(low for low, _ in _asked(grid, size)) + gaps > room:
        grid = _crammed(grid, room - gaps)
    widths = _shared(_asked(grid, size), room - gaps)
    return {
        "size": size,
        "wide": "a4" if room == LANDSCAPE else "",
        "short": len(grid.rows) <= _SHORT,
        "gap": gap,
        "columns": [
            {"text": parted(head), "width": round(width, 2), "right": right}
            for head, width, right in zip(grid.heads, widths, grid.right, strict=True)
        ],
        "rows": [
            {"total": index == grid.total[0], "tall": _height(row, widths, size) > _TALL}
            | {"cells": [cell.data() | {"sum": at == grid.total[1]} for at, cell in enumerate(row)]}
            for index, row in enumerate(grid.rows)
        ],
    }


def _height(row: Sequence[Cell], widths: Sequence[float], size: float) -> float:
    """About how high a row gets, in points."""
    lines = (sans().width(cell.text, size) / width for cell, width in zip(row, widths, strict=True))
    return max(lines) * size * _LINE


def _comfort(least: float, most: float, size: float) -> float:
    """What a column of words needs to be read at ease: the more it has to say, the more room."""
    return max(least, min(most, max(_COMFORT * size, _PART * most)))


def parted(text: str, most: int = _LONGEST) -> str:
    """A text whose words of more than ``most`` characters may break after signs and, having none, every ``most``."""
    if len(text) <= most:
        return text
    return re.sub(rf"[^\s\u200b]{{{most + 1},}}", lambda word: _parted(word.group(), most), text)


def _parted(word: str, most: int) -> str:
    pieces = _PLACES.split(word)
    cut = [piece[at : at + most] for piece in pieces for at in range(0, len(piece), most)]
    return "\u200b".join(cut)


def _crammed(grid: Grid, room: float) -> Grid:
    """The grid with its words parted so that the columns have room beside each other, whatever they hold."""
    most = max(1, int(room / len(grid.heads) / _SIZES[-1][0] / _WIDEST))

    def cut(cell: Cell) -> Cell:
        runs = tuple((parted(words, most), href) for words, href in cell.runs)
        return replace(cell, text=parted(cell.text, most), small=parted(cell.small, most), runs=runs)

    return replace(
        grid,
        heads=tuple(parted(one, most) for one in grid.heads),
        rows=tuple(tuple(map(cut, row)) for row in grid.rows),
    )


def _asked(grid: Grid, size: float) -> list[tuple[float, float]]:
    """The least and the most each column asks for: its longest word, and its longest line."""
    found: list[tuple[float, float]] = []
    for index, (head, right) in enumerate(zip(grid.heads, grid.right, strict=True)):
        head_word, head_line = _extent([(head, 1.0)])
        word, line = _extent([line for row in grid.rows for line in row[index].lines()])
        longest = max(word, head_word)
        widest = max(line, head_line * (_OVER_NUMBERS if right else 1.0), longest)
        found.append((longest * size + 1.0, min(widest, max(longest, _MOST)) * size + 1.0))
    return found


def _extent(lines: Sequence[tuple[str, float]]) -> tuple[float, float]:
    face = sans()
    longest = widest = 0.0
    for text, scale in dict.fromkeys(lines):
        widest = max(widest, face.width(text.replace("\u200b", ""), scale))
        for word in re.split("\u200b" if scale < 1 else "[ \n\u200b]", text):  # an interval stays on one line
            longest = max(longest, face.width(word, scale))
    return longest, widest


def _shared(asked: Sequence[tuple[float, float]], room: float) -> list[float]:
    """Shares the room out: what is left over the least goes to those that ask for more."""
    least, most = sum(low for low, _ in asked), sum(high for _, high in asked)
    if least >= room:
        return [low * room / least for low, _ in asked]
    if most <= room:
        scale = min(_STRETCH, room / most)
        return [high * scale for _, high in asked]
    share = (room - least) / (most - least)
    return [low + (high - low) * share for low, high in asked]
