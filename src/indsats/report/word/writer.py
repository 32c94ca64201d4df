"""A protected document as a Word file: in the sender's own template, or in a plain one of our own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from indsats.language import Lang, day, local

from ..around import (
    BASIS_HEADS,
    about_facts,
    about_title,
    basis_rows,
    lights_line,
    period_text,
    programme_name,
    reading_lines,
    shortened,
)
from ..document import Document
from ..html import block_numbers
from ..passages import head_facts
from ..prose import Point, Points, Run, Words, plain, prose
from ..texts import say
from .blocks import Marks, Setter, text_grid
from .contents import Entry, contents, list_of
from .lists import Lists
from .pages import (
    Piece,
    label_footers,
    page_at,
    put,
    refer,
    running,
    sections_of,
    set_properties,
    set_settings,
)
from .styles import Styles, set_language, styles_of
from .table import facts_lines
from .template import empty_file, fill, highest_id, opened, packed, place
from .xml import Element, el, on_new_page, one, paragraph, run

_LISTS_FROM = 7
"""With this many tables, or charts, they are listed after the contents."""
_FIRST_MARK = 700_000_001
"""The number of the first bookmark in its name: Word counts its own from lower ones."""
_FRONT_SPACE = 3400
"""How far down the title page the title stands, in twentieths of a point."""
_BASIS_RIGHT = ("numerator", "denominator")


def render_word(document: Document, lang: Lang = "da", template: Path | None = None) -> bytes:
    """The document as a ``.docx`` file; the same bytes for the same input.

    ``template`` is the sender's own ``.docx`` or ``.dotx``: its headers, footers, pictures and styles stay, slots such
    as ``{{ title }}`` are filled in, and the report is put where ``{{ report }}`` stands, or instead of all its text.
    ``ValueError`` for a document that has not passed ``protect``; ``InputRefused`` for a template that cannot be used.
    """
    if not document.protected:
        raise ValueError("protect the document before it is written: render_word(protect(document), lang)")
    file = empty_file() if template is None else opened(template)
    set_language(file, lang)
    styles = styles_of(file, ours=template is None)
    front = True
    at = 0
    if template is not None:
        at = place(template, file)
        front = "title" not in fill(template, file, slot_values(document, lang))
    page = page_at(file, at)
    marks = Marks(highest_id(file, "w:bookmarkStart"), highest_id(file, "wp:docPr"))
    numbers = block_numbers(document, lang)
    # Word hides bookmarks whose names begin so, and names no two of its own alike.
    anchors = {key: f"_Ref{_FIRST_MARK + index}" for index, key in enumerate(numbers)}
    setter = Setter(file, document, lang, styles, Lists(file, styles), page, marks, numbers, anchors)
    writer = _Writer(setter, ours=template is None, front=front)
    pieces = list(writer.pieces())
    turned = _surround(setter, ours=template is None, wide=any(piece.wide for piece in pieces))
    put(file, at, page, pieces, turned)
    set_settings(file, contents=document.form == "report", ours=template is None)
    set_properties(file, document, lang)
    return packed(file)


def slot_values(document: Document, lang: Lang) -> Mapping[str, str]:
    """What a template can have filled in, by name: title, subtitle, programme, period, date, the document's words."""
    words = {
        name: plain(prose(text.in_(lang), lang)) for name, text in document.words.items() if ":" not in name
    }
    return {
        **words,
        "title": document.title.in_(lang),
        "subtitle": document.subtitle.in_(lang) if document.subtitle else "",
        "programme": programme_name(document, lang),
        "version": str(document.version),
        "period": period_text(document, lang),
        "date": date_of(document, lang),
    }


def date_of(document: Document, lang: Lang) -> str:
    """The day a letter bears: when it was made where that is told, else the last day that it knows of."""
    made, basis = document.generated_on, document.basis
    if made is None and document.known is not None:
        made = local(document.known).date()
    if made is None and basis is not None:
        made = local(basis.recorded_until).date() if basis.recorded_until else basis.data_end
    if made is None and document.period is not None:
        made = document.period.last
    return "" if made is None else day(made, lang)


def _surround(setter: Setter, *, ours: bool, wide: bool) -> list[Element]:
    """Headers and footers where the file has none; returns those of pages on their side."""
    file, document, lang, styles = setter.file, setter.document, setter.lang, setter.styles
    if document.synthetic and not ours:
        label_footers(file, lang, styles)
    sections = list(sections_of(file))
    has = {
        kind: any(one(section, f"{kind}Reference") is not None for section in sections)
        for kind in ("header", "footer")
    }
    missing = [] if has["footer"] else ["footer"]
    if not has["footer"] and not has["header"]:
        missing.insert(0, "header")
    if not missing:
        return []
    upright = running(file, document, lang, styles, setter.page.width, missing)
    for section in sections[:1]:
        refer(section, upright)
        if ours and document.form == "report" and one(section, "titlePg") is None:
            # before the last of the section's properties, in the order of the format
            grid = one(section, "docGrid")
            front = el("titlePg")
            if grid is None:
                section.append(front)
            else:
                grid.addprevious(front)
    return running(file, document, lang, styles, setter.page.sideways, missing) if ours and wide else []


@dataclass(slots=True)
class _Writer:
    """Sets a whole document in order."""

    setter: Setter
    ours: bool
    front: bool
    entries: list[Entry] = field(default_factory=list)
    _numbering: int | None = None

    @property
    def _document(self) -> Document:
        return self.setter.document

    @property
    def _lang(self) -> Lang:
        return self.setter.lang

    @property
    def _styles(self) -> Styles:
        return self.setter.styles

    def pieces(self) -> Iterator[Piece]:
        """Front, contents, sections, and what stands after them."""
        text, after = list(self._sections()), list(self._after())
        if self._document.form == "report":
            for part in filter(None, (text, after)):
                on_new_page(part[0].element)
        if self.front:
            yield from self._front()
        yield from self._labels()
        if self._document.form == "report":
            yield from self._contents()
        yield from text
        yield from after

    def _say(self, key: str, **values: object) -> str:
        return say(key, self._lang, **values)

    def _set(self, role: str, words: str, *properties: Element) -> Piece:
        return Piece(paragraph(self._styles.of(role), [run(words)], *properties))  # type: ignore[arg-type]

    def _front(self) -> Iterator[Piece]:
        document, lang = self._document, self._lang
        programme = programme_name(document, lang)
        if document.form == "report":
            space = el("spacing", before=_FRONT_SPACE, after=160)
            yield self._set("front", programme, space)
        elif document.form == "letter":
            site = document.words.get("site")
            yield self._set("front", programme)
            if site is not None:
                yield self._set("front", site.in_(lang))
            yield self._set("front", date_of(document, lang), el("jc", val="right"))
        yield self._set("title", document.title.in_(lang))
        if document.subtitle is not None:
            yield self._set("subtitle", document.subtitle.in_(lang))
        period = period_text(document, lang) if document.form == "report" else ""
        facts = [(self._say("period"), [period])] if period else []
        facts += [(title, [words]) for title, words in head_facts(document, lang)]
        yield from map(Piece, facts_lines(facts, self._styles))

    def _labels(self) -> Iterator[Piece]:
        for key, needed in (("synthetic", self._document.synthetic), ("personal", self._document.personal)):
            if needed:
                words = f"▲ {self._say(key)}. {self._say(f'{key}-about')}"
                yield self._set("label", words)

    def _contents(self) -> Iterator[Piece]:
        document, setter = self._document, self.setter
        yield from contents(self._say("contents"), self.entries, self._styles)
        for key, blocks in (("tables-list", document.tables()), ("figures-list", document.charts())):
            if len(blocks) >= _LISTS_FROM:
                named = [
                    (setter.anchors[one.id], f"{setter.numbers[one.id]}. {one.title.in_(self._lang)}")
                    for one in blocks
                ]
                label = setter.numbers[blocks[0].id].rpartition(" ")[0]
                yield from list_of(self._say(key), label, named, self._styles)

    def _sections(self) -> Iterator[Piece]:
        level = 0
        titles = [section.title.in_(self._lang) for section in self._document.sections if section.title]
        numbered = (
            self.ours and self._document.form == "report" and not any(one[:1].isdigit() for one in titles)
        )
        counts = [0, 0, 0]
        for section in self._document.sections:
            if section.title is not None:
                level = min(section.level, level + 1, 3)
                counts[level - 1] += 1
                counts[level:] = [0] * (3 - level)
                number = ".".join(map(str, counts[:level])) if numbered else ""
                yield self._heading(section.title.in_(self._lang), level, number)
            for block in section.blocks:
                yield from self.setter.block(block)

    def _heading(self, title: str, level: int, number: str = "") -> Piece:
        entry = Entry(f"_Toc{_FIRST_MARK + len(self.entries)}", level, number, title)
        self.entries.append(entry)
        properties = []
        if number:
            if self._numbering is None:
                self._numbering = self.setter.lists.headings()
            properties += self.setter.lists.numbered(self._numbering, level - 1)
        return self.setter.heading(title, level, properties, entry.name)

    def _after(self) -> Iterator[Piece]:
        """How the numbers are read, what they are made of, and what the document was made from."""
        report = self._document.form == "report"
        lines = [f"{mark} {line}".strip() for mark, line in reading_lines(self._document, self._lang)]
        lights = lights_line(self._document, self._lang)
        reading = [Point((Run(line),)) for line in [*lines, *([lights] if lights else [])]]
        if reading:
            yield self._appendix(self._say("reading"))
            yield from self.setter.prose((Points(tuple(reading)),))
        if report:
            yield from self._basis()
        yield self._appendix(about_title(self._document, self._lang))
        yield from map(Piece, facts_lines(self._facts(), self._styles))
        yield from self.setter.prose(
            tuple(Words((Run(note.in_(self._lang)),)) for note in self._document.notes)
        )

    def _facts(self) -> list[tuple[str, list[str]]]:
        told = about_facts(self._document, self._lang)
        return [(name, [shortened(line) for line in lines]) for name, lines in told]

    def _appendix(self, title: str) -> Piece:
        if self._document.form == "report":
            number = 1 + sum(entry.appendix for entry in self.entries)
            piece = self._heading(f"{self._say('appendix', number=number)}. {title}", 1)
            self.entries[-1] = Entry(self.entries[-1].name, 1, "", self.entries[-1].title, appendix=True)
            return piece
        return self._heading(title, 1)

    def _basis(self) -> Iterator[Piece]:
        begun = False
        for table in self._document.tables():
            rows = basis_rows(table, self._lang)
            if not rows:
                continue
            if not begun:
                yield self._appendix(self._say("appendix-basis"))
                begun = True
            kept = [index for index in range(len(BASIS_HEADS)) if any(row[index] for row in rows)]
            names = [BASIS_HEADS[index] for index in kept]
            title = f"{self.setter.numbers[table.id]}. {table.title.in_(self._lang)}"
            grid = text_grid(
                [self._say(f"basis-{name}") for name in names],
                [[row[index] for index in kept] for row in rows],
                [name in _BASIS_RIGHT for name in names],
                self._say("basis-of", table=title),
                self._lang,
            )
            yield from self.setter.table(grid, (), key="", title=title)
