"""What surrounds the text of a Word report: its pages, headers and footers, properties and settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Literal

from docx.document import Document as WordFile
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement, parse_xml

from indsats.language import Lang

from ..around import programme_name
from ..document import Document
from ..texts import say
from .styles import RULE, Styles
from .xml import (
    Element,
    attribute,
    border,
    clean,
    el,
    field,
    one,
    package_of,
    paragraph,
    put_before,
    run,
    set_attributes,
)

_LEAST_WIDTH = 2000
_VALUES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
"""The class that custom properties of all Office files belong to."""
_AFTER_UPDATE = [
    "hdrShapeDefaults",
    "footnotePr",
    "endnotePr",
    "compat",
    "docVars",
    "rsids",
    "mathPr",
    "attachedSchema",
    "themeFontLang",
    "clrSchemeMapping",
    "doNotIncludeSubdocsInStats",
    "shapeDefaults",
    "decimalSymbol",
    "listSeparator",
]
_AFTER_COMPAT = _AFTER_UPDATE[4:]
_WORD_15 = ("compatibilityMode", "http://schemas.microsoft.com/office/word", "15")
"""Laid out as the Words of today do."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text: ``wide`` ones stand on a page on its side, ``heading`` ones go with what follows."""

    element: Element
    wide: bool = False
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """The page the text stands on: ``width`` and ``sideways`` are the room for text on a page upright and on its side,
    ``height`` that from top to bottom, in twentieths of a point."""

    section: Element
    width: int
    sideways: int
    height: int

    @property
    def turned(self) -> bool:
        """Whether the template's own pages lie on their side."""
        return self.width >= self.sideways


def page_at(file: WordFile, place: int) -> Page:
    """The page at an index of the body: that of the next end of a section."""
    body = file.element.body
    found = None
    for child in list(body)[place:]:
        found = child if child.tag == qn("w:sectPr") else child.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
        if found is not None:
            break
    if found is None:
        found = file.sections[-1]._sectPr
    size, margins = one(found, "pgSz"), one(found, "pgMar")
    if size is None:
        size = el("pgSz", w=11906, h=16838)
        put_before(
            found,
            size,
            [
                "pgMar",
                "paperSrc",
                "pgBorders",
                "lnNumType",
                "pgNumType",
                "cols",
                "titlePg",
                "textDirection",
                "docGrid",
            ],
        )

    def side(name: str) -> int:
        return 0 if margins is None else abs(int(attribute(margins, name) or "0"))

    wide, high = (int(attribute(size, name) or "0") for name in ("w", "h"))
    beside, above = side("left") + side("right") + side("gutter"), side("top") + side("bottom")
    return Page(
        found,
        max(wide - beside, _LEAST_WIDTH),
        max(max(wide, high) - beside, _LEAST_WIDTH),
        max(min(wide, high) if wide > high else high, above + _LEAST_WIDTH) - above,
    )


def put(
    file: WordFile, place: int, page: Page, pieces: Sequence[Piece], turned: Sequence[Element] = ()
) -> None:
    """Put the text into the body, parted into sections where pages turn.

    ``turned`` are the references to headers and footers for pages on their side; without them those stay the same.
    """
    body = file.element.body
    groups = _groups(pieces)
    follows = len(body) > place + 1
    ends = groups if follows and groups and groups[-1][0] else groups[:-1]
    first = deepcopy(page.section)
    elements: list[Element] = []
    for number, (wide, group) in enumerate(groups):
        elements += group
        if number < len(ends):
            section = _section(first, wide=wide, first=number == 0, turned=turned)
            if not group or group[-1].tag != qn("w:p"):
                elements.append(
                    paragraph(None, (), el("spacing", before=0, after=0, line=20, lineRule="exact"))
                )
            elements[-1].find(qn("w:pPr")).append(section)
    if ends:
        last_wide = groups[-1][0] and len(ends) < len(groups)
        new = _section(first, wide=last_wide, first=False, turned=turned)
        page.section.getparent().replace(page.section, new)
    for offset, element in enumerate(elements):
        body.insert(place + offset, element)


def _groups(pieces: Sequence[Piece]) -> list[tuple[bool, list[Element]]]:
    """Runs of pieces on pages of one kind; headings go over to what they head."""
    wide = [piece.wide for piece in pieces]
    for index in range(len(pieces) - 2, -1, -1):
        if pieces[index].heading:
            wide[index] = wide[index + 1]
    groups: list[tuple[bool, list[Element]]] = []
    for piece, turned in zip(pieces, wide, strict=True):
        if not groups or groups[-1][0] != turned:
            groups.append((turned, []))
        groups[-1][1].append(piece.element)
    return groups


def _section(like: Element, *, wide: bool, first: bool, turned: Sequence[Element]) -> Element:
    made = deepcopy(like)
    if not first:
        for name in ("titlePg", "type"):
            found = one(made, name)
            if found is not None:
                made.remove(found)
        numbers = one(made, "pgNumType")
        if numbers is not None and attribute(numbers, "start") is not None:
            del numbers.attrib[qn("w:start")]
    size = one(made, "pgSz")
    short, long = sorted(int(attribute(size, name) or "0") for name in ("w", "h"))
    if wide:
        set_attributes(size, {"w": long, "h": short, "orient": "landscape"})
        if turned:
            for reference in (*made.findall(qn("w:headerReference")), *made.findall(qn("w:footerReference"))):
                made.remove(reference)
            for index, reference in enumerate(turned):
                made.insert(index, deepcopy(reference))
    return made


def running(
    file: WordFile, document: Document, lang: Lang, styles: Styles, width: int, parts: Sequence[str]
) -> list[Element]:
    """Our own header and footer for pages of this width: title and programme, label and page number.

    ``parts`` says which are made; returns their references.
    """
    references: list[Element] = []
    tabs = el(
        "tabs",
        el("tab", val="clear", pos=4513),
        el("tab", val="clear", pos=9026),
        el("tab", val="right", pos=width),
    )
    if "header" in parts:
        part, key = file.part.add_header_part()
        words = f"{document.title.in_(lang)}\t{programme_name(document, lang)}"
        line = el("pBdr", border("bottom", 4, RULE, 4))
        _only(part.element, paragraph(styles.of("header"), [run(words)], deepcopy(tabs), line))
        references.append(_reference("header", key))
    if "footer" in parts:
        part, key = file.part.add_footer_part()
        label = [run(f"▲ {say('synthetic', lang)}", el("b"))] if document.synthetic else []
        before, between, after = page_words(lang)
        content = [*label, run(f"\t{before}"), *field("PAGE", [run("1")]), run(between)]
        content += [*field("NUMPAGES", [run("1")]), *([run(after)] if after else [])]
        _only(part.element, paragraph(styles.of("footer"), content, deepcopy(tabs)))
        references.append(_reference("footer", key))
    return references


def page_words(lang: Lang) -> tuple[str, str, str]:
    """What stands before, between and after the numbers in "page 2 of 9"."""
    before, rest = say("page-of", lang, page="\x00", pages="\x01").split("\x00")
    between, after = rest.split("\x01")
    return before, between, after


def _only(root: Element, content: Element) -> None:
    for child in list(root):
        root.remove(child)
    root.append(content)


def _reference(kind: Literal["header", "footer"], key: str) -> Element:
    made = el(f"{kind}Reference", type="default")
    made.set(qn("r:id"), key)
    return made


def sections_of(file: WordFile) -> Iterator[Element]:
    """Each section's properties."""
    yield from file.element.body.iter(qn("w:sectPr"))


def refer(section: Element, references: Sequence[Element]) -> None:
    """Have a section use these headers and footers."""
    for index, reference in enumerate(references):
        section.insert(index, deepcopy(reference))


def label_footers(file: WordFile, lang: Lang, styles: Styles) -> None:
    """The word that the data are synthetic, in each footer of a template: it stands on every page."""
    for relation in file.part.rels.values():
        if relation.reltype == RT.FOOTER:
            label = paragraph(styles.of("footer"), [run(f"▲ {say('synthetic', lang)}", el("b"))])
            part: Any = relation.target_part
            part.element.append(label)


def set_settings(file: WordFile, *, contents: bool, ours: bool) -> None:
    """Fields are worked out anew when the file is opened, where it has lists of contents."""
    root = file.settings.element
    if contents and one(root, "updateFields") is None:
        put_before(root, el("updateFields", val="true"), _AFTER_UPDATE)
    if ours:
        compat = one(root, "compat")
        if compat is None:
            compat = el("compat")
            put_before(root, compat, _AFTER_COMPAT)
        for setting in compat.findall(qn("w:compatSetting")):
            compat.remove(setting)
        name, uri, value = _WORD_15
        compat.append(el("compatSetting", name=name, uri=uri, val=value))


def set_properties(file: WordFile, document: Document, lang: Lang) -> None:
    """Title, subject and language, a time that hangs on the data alone, and what the report is made again from."""
    core = file.core_properties
    core.title, core.subject = _short(document.title.in_(lang)), _short(programme_name(document, lang))
    core.language = "da-DK" if lang == "da" else "en-GB"
    core.author = core.last_modified_by = core.comments = core.keywords = core.category = ""
    core.created = core.modified = _moment(document)
    core.revision = 1
    printed = core._element.find(
        "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}lastPrinted"
    )
    if printed is not None:
        printed.getparent().remove(printed)
    _set_custom(file, basis_properties(document))


def _short(text: str) -> str:
    """What python-docx lets a property hold."""
    return clean(text)[:255]


def _moment(document: Document) -> datetime:
    basis = document.basis
    at = (basis.recorded_until if basis else None) or document.known
    if at is not None:
        return (
            at.astimezone(UTC).replace(tzinfo=None, microsecond=0) if at.tzinfo else at.replace(microsecond=0)
        )
    day = (basis.data_end if basis else None) or (document.period.last if document.period else None)
    return datetime(1980, 1, 1) if day is None else datetime.combine(day, time())  # noqa: DTZ001  no zone in the format


def basis_properties(document: Document) -> dict[str, str]:
    """The custom properties of the file, by name."""
    found = {
        "IndsatsProgramme": document.programme,
        "IndsatsVersion": str(document.version),
        "IndsatsReport": document.report,
        "IndsatsPeriod": str(document.period or ""),
        "IndsatsSynthetic": "yes" if document.synthetic else "no",
    }
    if document.basis is not None:
        basis = document.basis
        found |= {
            "IndsatsDefinition": basis.definition,
            "IndsatsDataEnd": basis.data_end.isoformat() if basis.data_end else "",
            "IndsatsRecordedUntil": basis.recorded_until.isoformat() if basis.recorded_until else "",
            "IndsatsCode": basis.code,
            **{f"IndsatsInput {name}": value for name, value in sorted(basis.inputs.items())},
        }
    return {name: value for name, value in found.items() if value}


def _set_custom(file: WordFile, values: Mapping[str, str]) -> None:
    """Custom properties of the file; those of a template stay."""
    package = package_of(file)
    part = next(
        (one.target_part for one in package.rels.values() if one.reltype == RT.CUSTOM_PROPERTIES), None
    )
    empty = f'<Properties xmlns="{_CUSTOM}" xmlns:vt="{_VALUES}"/>'
    root: Element = parse_xml(empty if part is None else part.blob)
    for old in list(root):
        if old.get("name") in values:
            root.remove(old)
    number = max((int(old.get("pid") or "1") for old in root), default=1)
    for key, value in values.items():
        number += 1
        made = root.makeelement(f"{{{_CUSTOM}}}property", fmtid=_FORMAT, pid=str(number), name=clean(key))
        words = made.makeelement(f"{{{_VALUES}}}lpwstr")
        words.text = clean(value)
        made.append(words)
        root.append(made)
    blob = serialize_part_xml(root)
    if part is not None:
        part._blob = blob
    else:
        made = Part(PackURI("/docProps/custom.xml"), CT.OFC_CUSTOM_PROPERTIES, blob, package)
        package.relate_to(made, RT.CUSTOM_PROPERTIES)


def drawing(inline: Element) -> Element:
    """A run that holds a picture."""
    made: Element = OxmlElement("w:drawing")
    made.append(inline)
    return el("r", made)
