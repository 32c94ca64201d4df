"""The styles of a Word report: those the template has, by their English or Danish names, and ours where it has none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from docx.document import Document as WordFile
from docx.oxml.ns import qn

from indsats.language import Lang

from .xml import (
    Element,
    attribute,
    border,
    el,
    one,
    paragraph_properties,
    put_before,
    run_properties,
    set_attributes,
)

Role = Literal[
    "normal",
    "body",
    "title",
    "subtitle",
    "heading-1",
    "heading-2",
    "heading-3",
    "bullet-1",
    "bullet-2",
    "bullet-3",
    "number-1",
    "number-2",
    "number-3",
    "caption",
    "source",
    "cell",
    "facts",
    "front",
    "label",
    "header",
    "footer",
    "contents-title",
    "contents-1",
    "contents-2",
    "contents-3",
    "list-of",
]

SERIF, SANS = "Cambria", "Calibri"
"""Every Word has them; LibreOffice sets Caladea and Carlito, which are as wide."""
INK, MUTED, RULE, ACCENT = "1A1A1A", "4F5763", "AEB6C1", "12395B"
CELL_POINTS = 9.0
"""The size of type in a table that has room."""
TABLE_STYLE = "Indsats"


@dataclass(frozen=True, slots=True)
class Look:
    """A style where the template has none: ``names`` it may have there, the first is what we call it.

    ``points`` is the size of type, ``before`` and ``after`` the space in points. ``sans`` and ``colour`` are set only
    in a file of our own: in a template a new style follows the template's own type.
    """

    names: tuple[str, ...]
    base: Role | None = "normal"
    points: float | None = None
    before: float = 0
    after: float = 0
    line: float | None = None
    sans: bool = False
    bold: bool = False
    colour: str | None = None
    keep: bool = False
    level: int | None = None
    indent: float = 0
    hanging: float = 0
    own: bool = False
    """Not one of Word's own styles."""


_BULLETS = ("List Bullet", "Opstilling - punkttegn", "Opstilling – punkttegn")
_NUMBERS = ("List Number", "Opstilling - talopstilling", "Opstilling - tal")


def _deeper(names: tuple[str, ...], level: int) -> tuple[str, ...]:
    return names if level == 1 else tuple(f"{name} {level}" for name in names)


LOOKS: Final[Mapping[Role, Look]] = {
    "normal": Look(("Normal",), None, 10.5, colour=INK),
    "body": Look(("Body Text", "Brødtekst"), after=7, line=1.18),
    "title": Look(("Title", "Titel"), points=26, after=8, line=1.0, sans=True, bold=True, colour=ACCENT, keep=True),
    "subtitle": Look(("Subtitle", "Undertitel"), points=14, after=14, sans=True, colour=MUTED, keep=True),
    "heading-1": Look(
        ("heading 1", "Overskrift 1"),
        points=16, before=22, after=7, sans=True, bold=True, colour=ACCENT, keep=True, level=0,
    ),
    "heading-2": Look(
        ("heading 2", "Overskrift 2"),
        points=13, before=16, after=5, sans=True, bold=True, colour=ACCENT, keep=True, level=1,
    ),
    "heading-3": Look(
        ("heading 3", "Overskrift 3"), points=11, before=12, after=4, sans=True, bold=True, keep=True, level=2
    ),
    **{
        f"bullet-{level}": Look(_deeper(_BULLETS, level), "body", after=3, line=1.18, indent=18 * level, hanging=14)
        for level in (1, 2, 3)
    },
    **{
        f"number-{level}": Look(_deeper(_NUMBERS, level), "body", after=3, line=1.18, indent=20 * level, hanging=20)
        for level in (1, 2, 3)
    },
    "caption": Look(("caption", "Billedtekst"), points=10, before=12, after=4, sans=True, bold=True, keep=True),
    "source": Look(("Source", "Kilde"), points=8.5, before=3, after=2, sans=True, colour=MUTED, own=True),
    "cell": Look(("Indsats Table", "Tabeltekst"), points=CELL_POINTS, line=1.0, sans=True, own=True),
    "facts": Look(("Indsats Facts",), points=10, after=3, sans=True, own=True, indent=130, hanging=130),
    "front": Look(("Indsats Front",), points=11, after=6, sans=True, colour=MUTED, own=True, keep=True),
    "label": Look(("Indsats Label",), points=9.5, before=8, after=8, sans=True, bold=True, own=True),
    "header": Look(("header", "Sidehoved"), points=8.5, sans=True, colour=MUTED),
    "footer": Look(("footer", "Sidefod"), points=8.5, sans=True, colour=MUTED),
    "contents-title": Look(
        ("TOC Heading", "Indholdsfortegnelse"), points=16, before=12, after=8, sans=True, bold=True, colour=ACCENT,
        keep=True,
    ),
    "contents-1": Look(("toc 1", "Indholdsfortegnelse 1"), points=10.5, before=5, after=1, sans=True),
    "contents-2": Look(("toc 2", "Indholdsfortegnelse 2"), points=10, after=1, sans=True, indent=14),
    "contents-3": Look(("toc 3", "Indholdsfortegnelse 3"), points=10, after=1, sans=True, indent=28),
    "list-of": Look(("table of figures", "Liste over figurer"), points=10, after=2, sans=True),
}  # fmt: skip  # type: ignore[dict-item]


@dataclass(frozen=True, slots=True)
class Styles:
    """Style ids by what they are for. ``numbered`` are those whose template gives them signs or numbers itself: the
    id of the list they belong to."""

    ids: Mapping[Role, str]
    link: str
    table: str
    numbered: Mapping[str, int] = field(default_factory=dict)

    def of(self, role: Role) -> str:
        return self.ids[role]

    def deep(self, kind: Literal["heading", "bullet", "number", "contents"], level: int) -> str:
        """The style at a depth from 1; what is deeper than 3 stands at 3."""
        return self.ids[f"{kind}-{max(1, min(level, 3))}"]  # type: ignore[index]


def styles_of(file: WordFile, *, ours: bool) -> Styles:
    """Every style that a report needs, made where the file has none. ``ours``: the file is no sender's template."""
    root = file.styles.element
    by_name = {
        (style.find(qn("w:name")).get(qn("w:val")) or "").lower(): style
        for style in root.findall(qn("w:style"))
    }
    ids: dict[Role, str] = {}
    for role, look in LOOKS.items():
        found = next((by_name[name.lower()] for name in look.names if name.lower() in by_name), None)
        if found is None and role == "body" and not ours:
            ids[role] = ids["normal"]
            continue
        if found is None:
            found = _made(look, ids, _free(root, look.names[0]), ours=ours)
            root.append(found)
        ids[role] = attribute(found, "styleId") or ""
    link = by_name.get("hyperlink")
    if link is None:
        link = el(
            "style", el("name", val="Hyperlink"), el("uiPriority", val=99), el("unhideWhenUsed"),
            el("rPr", el("color", val="0B5394"), el("u", val="single")), type="character", styleId="Hyperlink",
        )  # fmt: skip
        root.append(link)
    table = by_name.get(TABLE_STYLE.lower())
    if table is None or attribute(table, "type") != "table":
        table = _table_style(root, _free(root, TABLE_STYLE))
        root.append(table)
    numbered = {key: number for key in set(ids.values()) if (number := _list_of(root, key)) is not None}
    return Styles(ids, attribute(link, "styleId") or "", attribute(table, "styleId") or "", numbered)


def set_language(file: WordFile, lang: Lang) -> None:
    """The language that Word spells and reads the text in."""
    code = "da-DK" if lang == "da" else "en-GB"
    root = file.styles.element
    defaults = one(root, "docDefaults")
    if defaults is None:
        defaults = el("docDefaults")
        root.insert(0, defaults)
    holder = one(defaults, "rPrDefault")
    if holder is None:
        holder = el("rPrDefault")
        defaults.insert(0, holder)
    properties = one(holder, "rPr")
    if properties is None:
        properties = el("rPr")
        holder.append(properties)
    if one(properties, "lang") is None:
        put_before(properties, el("lang"), ("eastAsianLayout", "specVanish", "oMath"))
    for found in root.iter(qn("w:lang")):
        set_attributes(found, {"val": code})


def _free(root: Element, name: str) -> str:
    """An id that no style of the file has."""
    taken = {attribute(style, "styleId") for style in root.findall(qn("w:style"))}
    key = "".join(word[:1].upper() + word[1:] for word in name.split())
    while key in taken:
        key += "1"
    return key


def _made(look: Look, ids: Mapping[Role, str], key: str, *, ours: bool) -> Element:
    made = el("style", type="paragraph", styleId=key)
    if look.base is None:
        made.set(qn("w:default"), "1")
    if look.own:
        made.set(qn("w:customStyle"), "1")
    made.append(el("name", val=look.names[0]))
    if look.base is not None:
        made.append(el("basedOn", val=ids[look.base]))
    made.append(el("qFormat"))
    made.append(paragraph_properties(None, *_paragraph(look, ours=ours)))
    made.append(run_properties(*_letters(look, ours=ours)))
    return made


def _paragraph(look: Look, *, ours: bool) -> Iterator[Element]:
    if look.keep:
        yield el("keepNext")
    spacing = el("spacing", before=round(look.before * 20), after=round(look.after * 20))
    if look.line is not None:
        set_attributes(spacing, {"line": round(look.line * 240), "lineRule": "auto"})
    yield spacing
    if look.indent:
        yield el("ind", left=round(look.indent * 20), hanging=round(look.hanging * 20))
    if look.hanging and look.own:
        yield el("tabs", el("tab", val="left", pos=round(look.indent * 20)))
    if look.level is not None:
        yield el("outlineLvl", val=look.level)
    if look.names[0] == "heading 1" and ours:
        yield el("keepLines")


def _letters(look: Look, *, ours: bool) -> Iterator[Element]:
    if ours and (look.sans or look.base is None):
        font = SANS if look.sans else SERIF
        yield el("rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=font)
    if look.bold:
        yield el("b")
    if look.colour is not None and ours:
        yield el("color", val=look.colour)
    if look.points is not None and (ours or look.base is not None):
        yield el("sz", val=round(look.points * 2))
        yield el("szCs", val=round(look.points * 2))


def _table_style(root: Element, key: str) -> Element:
    """Calm: a rule above, below the headings and at the end, thin ones between rows, none upright."""
    default = next(
        (
            attribute(style, "styleId")
            for style in root.findall(qn("w:style"))
            if attribute(style, "type") == "table" and attribute(style, "default") == "1"
        ),
        None,
    )
    sides = {"top": 40, "left": 110, "bottom": 40, "right": 110}
    properties = el(
        "tblPr",
        el("tblInd", w=0, type="dxa"),
        el(
            "tblBorders", border("top", 8, INK), border("bottom", 8, INK), border("insideH", 4, "D5DAE1")
        ),
        el("tblCellMar", *(el(side, w=width, type="dxa") for side, width in sides.items())),
    )  # fmt: skip
    head = el(
        "tblStylePr",
        el("rPr", el("b")),
        el("tcPr", el("tcBorders", border("bottom", 6, INK)), el("vAlign", val="bottom")),
        type="firstRow",
    )
    made = el("style", el("name", val=TABLE_STYLE), type="table", customStyle=1, styleId=key)
    if default is not None:
        made.append(el("basedOn", val=default))
    made.extend((el("uiPriority", val=99), properties, head))
    return made


def _list_of(root: Element, key: str) -> int | None:
    """The list that a style, or one it is based on, belongs to."""
    by_id = {attribute(style, "styleId"): style for style in root.findall(qn("w:style"))}
    seen: set[str | None] = set()
    name: str | None = key
    while name in by_id and name not in seen:
        seen.add(name)
        style = by_id[name]
        number = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
        if number is not None:
            value = int(attribute(number, "val") or "0")
            return value or None
        base = one(style, "basedOn")
        name = None if base is None else attribute(base, "val")
    return None
