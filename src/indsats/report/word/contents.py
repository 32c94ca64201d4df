"""The lists at the front of a Word report, as fields that Word works out and filled in before it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from docx.oxml.ns import qn

from .pages import Piece
from .styles import Styles
from .xml import Element, el, field, inside_link, paragraph, run


@dataclass(frozen=True, slots=True)
class Entry:
    """A heading by its bookmark: depth from 1, number and title."""

    name: str
    level: int
    number: str
    title: str
    appendix: bool = False


def contents(title: str, entries: Sequence[Entry], styles: Styles) -> Iterator[Piece]:
    """The contents of headings to depth 3, on a page of their own. Page numbers come when Word works them out."""
    lines = [
        (
            styles.deep("contents", entry.level),
            entry.name,
            f"{entry.number}\u2002{entry.title}".strip("\u2002"),
        )
        for entry in entries
    ]
    heading = paragraph(styles.of("contents-title"), [run(title)], el("pageBreakBefore"))
    content = el("sdtContent", heading, *_field('TOC \\o "1-3" \\h \\z \\u', lines))
    gallery = el("docPartObj", el("docPartGallery", val="Table of Contents"), el("docPartUnique"))
    yield Piece(el("sdt", el("sdtPr", gallery), content))


def list_of(title: str, label: str, entries: Sequence[tuple[str, str]], styles: Styles) -> Iterator[Piece]:
    """The list of tables or charts that Word counts under ``label``: bookmarks and titles."""
    yield Piece(paragraph(styles.of("contents-title"), [run(title)]), heading=True)
    lines = [(styles.of("list-of"), name, words) for name, words in entries]
    yield from map(Piece, _field(f'TOC \\h \\z \\c "{label}"', lines))


def _field(asked: str, lines: Sequence[tuple[str, str, str]]) -> list[Element]:
    """Paragraphs that a field of contents goes through from the first to the last."""
    made = [paragraph(style, [inside_link(name, [run(words)])]) for style, name, words in lines]
    if not made:
        return []
    runs = field(asked, [])
    begin, end = runs[:-1], runs[-1]
    properties = made[0].find(qn("w:pPr"))
    for part in reversed(begin):
        properties.addnext(part)
    made[-1].append(end)
    return made
