"""The blocks of a document as pieces of a Word file: paragraphs, lists, tables and drawings."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import vl_convert
from docx.document import Document as WordFile
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml.ns import qn
from docx.shared import Emu

from indsats.figure import Figure
from indsats.language import Lang

from ..around import links, set_right
from ..charts import chart_svg
from ..document import Block, Cell, Column, Document, Paragraph, Passage, Table
from ..formats import cell_text, interval_text
from ..passages import passage_prose
from ..plot import Chart
from ..prose import Points, Prose, Run, Words
from ..texts import say
from .lists import Lists
from .pages import Page, Piece, drawing
from .styles import ACCENT, MUTED, Styles
from .table import Grid, Part, TextCell, fit, table_element
from .xml import Element, bookmarked, border, clean, el, inside_link, outside_link, paragraph, run
from .xml import field as word_field

_EMU = 635
"""Word's unit of pictures in a twentieth of a point."""
_PIXEL = 15
"""Twentieths of a point in a pixel of a drawing, at 96 to the inch."""
_SHARPER = 2
_HIGHEST = 0.78
"""No drawing is higher than this part of the page, so that its caption and lines stand with it."""
_WITH_HEADING = 0.85
"""On a page on its side there must be room for a heading too."""
_LEAST = 0.7
"""A drawing that would be made smaller than this gets a page on its side."""
_NEAR, _ROOM = 60, 240
"""Space before the lines under a table or drawing, and after the last of them."""
_BAR, _STEP, _HANGING = 8, 18, 16
"""How far from its text the bar of edited words stands, how much
further with each depth of a list, and how far its signs stand out; in points."""
_FURTHEST = 31
_SCHEMES = ("http", "https", "mailto")


@dataclass(slots=True)
class Marks:
    """Names and ids of bookmarks and pictures that no other in the file has; ``bookmark`` and ``picture`` are the
    highest taken."""

    bookmark: int
    picture: int

    def next_bookmark(self) -> int:
        """An id that no bookmark of the file has."""
        self.bookmark += 1
        return self.bookmark

    def next_picture(self) -> int:
        """An id that no picture of the file has."""
        self.picture += 1
        return self.picture


@dataclass(frozen=True, slots=True)
class Setter:
    """Sets the blocks of one document into one file.

    ``numbers`` are what tables and charts are called, ``anchors`` the bookmarks of these numbers, both by id.
    """

    file: WordFile
    document: Document
    lang: Lang
    styles: Styles
    lists: Lists
    page: Page
    marks: Marks
    numbers: Mapping[str, str]
    anchors: Mapping[str, str]
    relations: dict[str, str] = field(default_factory=dict)

    def block(self, block: Block) -> Iterator[Piece]:
        """The pieces of a block; ``ValueError`` for one that no protected document holds."""
        match block:
            case Paragraph():
                lines = (" ".join(part.split()) for part in block.text.in_(self.lang).split("\n\n"))
                yield from self.prose(tuple(Words((Run(line),)) for line in lines if line))
            case Passage():
                text = passage_prose(block, self.document, self.lang)
                yield from self._edited(text) if self.lang in block.edited else self.prose(text)
            case Table():
                yield from self._table(block)
            case Chart():
                yield from self._chart(block)
            case _:
                raise ValueError(
                    f"'{block.id}' was not made into a passage: write documents from protect() only"
                )

    def prose(self, text: Prose, *, edited: bool = False) -> Iterator[Piece]:
        """Paragraphs and lists; ``edited`` ones have a bar beside them."""
        for node in text:
            if isinstance(node, Words):
                bar = [_bar(0)] if edited else []
                yield Piece(paragraph(self.styles.of("body"), self.runs(node.runs), *bar))
            else:
                yield from self._points(node, edited=edited)

    def _points(self, node: Points, *, edited: bool) -> Iterator[Piece]:
        key = None
        if node.first is not None:
            key = self.lists.begin(self.styles.of("number-1"), node.first)
        for point in node.points:
            if key is not None and point.level == 0:
                style, sign = self.styles.of("number-1"), self.lists.numbered(key, 0)
            else:
                style = self.styles.deep("bullet", point.level + 1)
                sign = self.lists.bullet(style, point.level)
            bar = [_bar(point.level + 1)] if edited else []
            yield Piece(paragraph(style, self.runs(point.runs), *bar, *sign))

    def runs(self, runs: Iterable[Run]) -> list[Element]:
        """Words with their weight and links."""
        found: list[Element] = []
        for one in runs:
            marks = [el("b")] * one.strong + [el("i")] * one.emphasis
            if _is_address(one.href):
                named = run(one.text, el("rStyle", val=self.styles.link), *marks)
                found.append(outside_link(self.relate(one.href), [named]))
            else:
                found.append(run(one.text, *marks))
        return found

    def relate(self, href: str) -> str:
        """The id of the relation to an address, one for each address."""
        href = clean(href)
        if href not in self.relations:
            self.relations[href] = self.file.part.relate_to(href, RT.HYPERLINK, is_external=True)
        return self.relations[href]

    def _edited(self, text: Prose) -> Iterator[Piece]:
        """A bar in the margin and the words that say so: both are there on paper and in every program."""
        words = f"[{say('edited', self.lang)}]"
        mark = [run(words, el("i"), el("color", val=MUTED))]
        yield Piece(paragraph(self.styles.of("source"), mark, _bar(0), el("keepNext")), heading=True)
        yield from self.prose(text, edited=True)

    def heading(self, title: str, level: int, number: Sequence[Element] = (), name: str = "") -> Piece:
        """A heading; ``name`` is the bookmark that the contents lead to, ``number`` what numbers it."""
        words = [run(title)]
        content = bookmarked(name, self.marks.next_bookmark(), words) if name else words
        return Piece(paragraph(self.styles.deep("heading", level), content, *number), heading=True)

    def caption(self, key: str, title: str, *, wide: bool) -> Piece:
        """The number that Word counts and the title of a table or chart."""
        name, _, number = self.numbers[key].rpartition(" ")
        label = [run(f"{name} "), *word_field(f"SEQ {name} \\* ARABIC", [run(number)])]
        content = [*bookmarked(self.anchors[key], self.marks.next_bookmark(), label), run(f". {title}")]
        return Piece(paragraph(self.styles.of("caption"), content, el("keepNext")), wide=wide)

    def _table(self, table: Table) -> Iterator[Piece]:
        title = table.title.in_(self.lang)
        grid = grid_of(table, self.lang, f"{self.numbers[table.id]}. {title}")
        yield from self.table(grid, self._lines(table), key=table.id, title=title)

    def table(self, grid: Grid, lines: Sequence[Element], *, key: str, title: str) -> Iterator[Piece]:
        """A table with its caption and the ``lines`` under it; ``key`` empty: a title without number."""
        fitted = fit(grid, self.page.width, self.page.sideways)
        wide = fitted.landscape and not self.page.turned
        if key:
            yield self.caption(key, title, wide=wide)
        else:
            yield Piece(paragraph(self.styles.of("caption"), [run(title)], el("keepNext")), wide=wide)
        yield Piece(table_element(grid, fitted, self.styles, self.relate), wide=wide)
        # Without a paragraph between them Word makes one of two tables that follow each other.
        thin = el("spacing", before=0, after=_NEAR * 2, line=20, lineRule="exact")
        for line in lines or [paragraph(self.styles.of("source"), (), thin)]:
            yield Piece(line, wide=wide)

    def _lines(self, table: Table) -> list[Element]:
        told = [("note", note) for note in table.notes]
        told += [("source", table.source)] if table.source else []
        return self._under([self._told(key, text.in_(self.lang)) for key, text in told])

    def _told(self, key: str, text: str) -> list[Element]:
        return [run(f"{say(key, self.lang)}: ", el("b")), run(text)]

    def _under(self, lines: Sequence[Sequence[Element]]) -> list[Element]:
        """The lines under a table or drawing; after the last one there is room."""
        style = self.styles.of("source")
        room = el("spacing", before=_NEAR, after=_ROOM)
        kept = [paragraph(style, line, el("keepNext")) for line in lines[:-1]]
        return [*kept, *(paragraph(style, line, room) for line in lines[-1:])]

    def _chart(self, chart: Chart) -> Iterator[Piece]:
        table = self.document.table(chart.table_id)
        arrows = self.document.table(chart.graph.links_id) if chart.graph else None
        svg = chart_svg(chart, table, self.lang, arrows)
        title = chart.title.in_(self.lang)
        if svg is None:
            yield self.caption(chart.id, title, wide=False)
            yield Piece(paragraph(self.styles.of("body"), [run(say("chart-empty", self.lang))]))
            return
        width, height = _size(svg, chart.id)
        wide = not self.page.turned and width > height and self._scale(width, height, wide=False) < _LEAST
        scale = self._scale(width, height, wide=wide)
        yield self.caption(chart.id, title, wide=wide)
        about = f"{title}: {chart.alt.in_(self.lang)}"
        picture = self._picture(svg, width * scale, height * scale, self.numbers[chart.id], title, about)
        spacing = el("spacing", before=0, after=40, line=240, lineRule="auto")
        yield Piece(paragraph(self.styles.of("body"), [picture], spacing, el("keepNext")), wide=wide)
        data = run(say("chart-data", self.lang, table=self.numbers[table.id]))
        lines = [[inside_link(self.anchors[table.id], [data])]]
        if table.source is not None:
            lines.append(self._told("source", table.source.in_(self.lang)))
        yield from (Piece(line, wide=wide) for line in self._under(lines))

    def _scale(self, width: float, height: float, *, wide: bool) -> float:
        across, down = self.page.width, self.page.height
        if wide:
            across, down = self.page.sideways, self.page.width * _WITH_HEADING
        return min(1.0, across / (width * _PIXEL), down * _HIGHEST / (height * _PIXEL))

    def _picture(self, svg: str, width: float, height: float, name: str, title: str, about: str) -> Element:
        """A drawing of ``width`` times ``height`` pixels as a picture in the line, with what is read instead of it."""
        png = vl_convert.svg_to_png(svg, scale=_SHARPER)
        size = Emu(round(width * _PIXEL * _EMU)), Emu(round(height * _PIXEL * _EMU))
        inline = self.file.part.new_pic_inline(io.BytesIO(png), *size)
        for side in (
            "distT",
            "distB",
            "distL",
            "distR",
        ):  # LibreOffice moves the picture where they are left out
            inline.set(side, "0")
        number = str(self.marks.next_picture())
        for tag in ("wp:docPr", "pic:cNvPr"):
            for found in inline.iter(qn(tag)):
                found.set("id", number)
                found.set("name", clean(name))
                found.set("descr", clean(about))
                found.set("title", clean(title))
        return drawing(inline)


def grid_of(table: Table, lang: Lang, title: str) -> Grid:
    """A table's cells as text."""
    heads = tuple(column.title.in_(lang) for column in table.columns)
    return Grid(
        heads,
        tuple(
            tuple(_cell(cell, column, lang) for cell, column in zip(row, table.columns, strict=True))
            for row in table.rows
        ),
        tuple(set_right(table, index) for index in range(len(heads))),
        title,
        say("table-about", lang, columns="; ".join(heads), rows=len(table.rows)),
        None if table.total_row is None else table.total_row % len(table.rows),
        None if table.total_column is None else table.total_column % len(heads),
    )


def text_grid(
    heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool], title: str, lang: Lang
) -> Grid:
    """A table of plain words."""
    return Grid(
        tuple(heads),
        tuple(tuple(TextCell((Part(text),)) for text in row) for row in rows),
        tuple(right),
        title,
        say("table-about", lang, columns="; ".join(heads), rows=len(rows)),
    )


def _cell(cell: Cell, column: Column, lang: Lang) -> TextCell:
    below = interval_text(cell, column, lang) if isinstance(cell, Figure) else ""
    linked = links(cell) if isinstance(cell, str) else []
    if not linked:
        return TextCell((Part(cell_text(cell, column, lang)),), below)
    parts: list[Part] = []
    for words, href in linked:
        parts += [Part("; ")] if parts else []
        parts.append(Part(words, href if _is_address(href) else ""))
    return TextCell(tuple(parts), below)


def _is_address(href: str) -> bool:
    try:
        return urlsplit(href).scheme in _SCHEMES and not re.search(r"\s", href)
    except ValueError:
        return False


def _size(svg: str, key: str) -> tuple[float, float]:
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if found is None:
        raise ValueError(f"chart '{key}' was drawn without its size")
    return float(found[1]), float(found[2])


def _bar(depth: int) -> Element:
    """A bar in the margin, in one line beside paragraphs and points; Word sets it off from the words."""
    return el("pBdr", border("left", 18, ACCENT, min(_BAR + max(0, depth * _STEP - _HANGING), _FURTHEST)))
