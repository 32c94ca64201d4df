"""The pieces a Word file is built of: elements, runs, fields, bookmarks and links, each in the order Word asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from docx.document import Document as WordFile
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

Element = Any
"""An element of lxml; its own types do not tell the names that python-docx adds."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs that no XML file may hold: control characters, halves of pairs."""

_PARAGRAPH_ORDER = [
    "pStyle",
    "keepNext",
    "keepLines",
    "pageBreakBefore",
    "numPr",
    "pBdr",
    "shd",
    "tabs",
    "spacing",
    "ind",
    "contextualSpacing",
    "jc",
    "outlineLvl",
    "rPr",
    "sectPr",
]
_RUN_ORDER = [
    "rStyle",
    "rFonts",
    "b",
    "i",
    "caps",
    "smallCaps",
    "color",
    "spacing",
    "sz",
    "szCs",
    "vertAlign",
    "lang",
]


def clean(text: str) -> str:
    """The text without the signs that no XML file may hold."""
    return _NOT_XML.sub("", text)


def el(tag: str, *children: Element, **values: object) -> Element:
    """An element of Word's namespace, its attributes too: ``el("jc", val="right")``."""
    made: Element = OxmlElement(f"w:{tag}")
    for name, value in values.items():
        made.set(qn(f"w:{name}"), clean(str(value)))
    made.extend(children)
    return made


def _ordered(children: Iterable[Element], order: Sequence[str]) -> list[Element]:
    return sorted(children, key=lambda child: order.index(child.tag.rpartition("}")[2]))


def paragraph_properties(style: str | None, *properties: Element) -> Element:
    """``w:pPr`` with its children in the order of the format."""
    named = [el("pStyle", val=style)] if style else []
    return el("pPr", *_ordered((*named, *properties), _PARAGRAPH_ORDER))


def run_properties(*properties: Element) -> Element:
    """``w:rPr`` with its children in the order of the format."""
    return el("rPr", *_ordered(properties, _RUN_ORDER))


def paragraph(style: str | None, content: Iterable[Element] = (), *properties: Element) -> Element:
    """A paragraph in the style with this id; ``properties`` are set beside it."""
    return el("p", paragraph_properties(style, *properties), *content)


def on_new_page(paragraph: Element) -> None:
    """Have a paragraph begin a page."""
    properties = paragraph.find(qn("w:pPr"))
    if one(properties, "pageBreakBefore") is None:
        put_before(
            properties,
            el("pageBreakBefore"),
            _PARAGRAPH_ORDER[_PARAGRAPH_ORDER.index("pageBreakBefore") + 1 :],
        )


def run(text: str, *properties: Element) -> Element:
    """Words set alike. A line feed breaks the line, a tab is a tab."""
    parts: list[Element] = []
    for piece in re.split("([\n\t])", clean(text).replace("\r\n", "\n").replace("\r", "\n")):
        if piece == "\n":
            parts.append(el("br"))
        elif piece == "\t":
            parts.append(el("tab"))
        elif piece:
            words = el("t")
            words.text = piece
            if piece != piece.strip() or "  " in piece:
                words.set(qn("xml:space"), "preserve")
            parts.append(words)
    return el("r", *([run_properties(*properties)] if properties else []), *parts)


def field(asked: str, shown: Iterable[Element], *properties: Element) -> list[Element]:
    """A field of Word's: what it asks for, and the runs it shows until Word works it out anew."""

    def mark(kind: str) -> Element:
        return el(
            "r", *([run_properties(*properties)] if properties else []), el("fldChar", fldCharType=kind)
        )

    code = el("instrText")
    code.text = f" {asked} "
    code.set(qn("xml:space"), "preserve")
    return [mark("begin"), el("r", code), mark("separate"), *shown, mark("end")]


def bookmarked(name: str, number: int, content: Iterable[Element]) -> list[Element]:
    """Content that links and fields of the file find by ``name``; ``number`` is unique in the file."""
    return [el("bookmarkStart", id=number, name=name), *content, el("bookmarkEnd", id=number)]


def inside_link(anchor: str, runs: Iterable[Element]) -> Element:
    """A link to a bookmark of the file."""
    return el("hyperlink", *runs, anchor=anchor, history=1)


def outside_link(relation: str, runs: Iterable[Element]) -> Element:
    """A link to an address, by the id of its relation."""
    made = el("hyperlink", *runs, history=1)
    made.set(qn("r:id"), relation)
    return made


def border(side: str, eighths: int, colour: str, space: int = 0) -> Element:
    """A line of ``eighths`` of a point."""
    return el(side, val="single", sz=eighths, space=space, color=colour)


def put_before(parent: Element, child: Element, followers: Iterable[str]) -> None:
    """``child`` in the place that the order of the format gives it: before the first of its ``followers``."""
    names = {qn(f"w:{name}") for name in followers}
    for index, other in enumerate(parent):
        if other.tag in names:
            parent.insert(index, child)
            return
    parent.append(child)


def one(parent: Element, tag: str) -> Element | None:
    """The child with this tag of Word's namespace, if any."""
    return parent.find(qn(f"w:{tag}"))


def attribute(element: Element, name: str) -> str | None:
    """An attribute of Word's namespace."""
    return element.get(qn(f"w:{name}"))


def set_attributes(element: Element, values: Mapping[str, object]) -> None:
    """Attributes of Word's namespace."""
    for name, value in values.items():
        element.set(qn(f"w:{name}"), str(value))


def package_of(file: WordFile) -> Any:
    """The package that holds the file's parts."""
    return file.part.package
