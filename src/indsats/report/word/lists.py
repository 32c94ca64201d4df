"""Lists of a Word report: bullets and numbers at three depths, each numbered list beginning anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.document import Document as WordFile
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.oxml.ns import nsdecls, qn
from docx.parts.numbering import NumberingPart

from .styles import Styles
from .xml import Element, attribute, el, one, package_of

_SIGNS = ("•", "–", "·")
_FORMS = ("decimal", "lowerLetter", "lowerRoman")
_STEP, _HANGING = 360, 320
"""How much deeper each level stands, and the room for its sign, in twentieths of a point."""


class Lists:
    """What numbers the points of a file. A template's own list styles keep their signs; ours stand in for the rest."""

    def __init__(self, file: WordFile, styles: Styles) -> None:
        self._styles = styles
        self._root = _numbering(file)
        self._ours: dict[bool, int] = {}
        self._bullets: int | None = None

    def bullet(self, style: str, level: int) -> list[Element]:
        """What a bullet of this style needs beside it, ``level`` from 0; nothing where the style brings its sign."""
        if style in self._styles.numbered:
            return []
        if self._bullets is None:
            self._bullets = self._list(self._definition(numbers=False))
        return [_in_list(self._bullets, level)]

    def begin(self, style: str, first: int) -> int:
        """A new numbered list, from ``first``, with the numbers of the style where it brings them; its id."""
        definition = None
        if style in self._styles.numbered:
            definition = self._definition_of(self._styles.numbered[style])
        return self._list(self._definition(numbers=True) if definition is None else definition, first)

    def numbered(self, key: int, level: int) -> list[Element]:
        """What a point of the numbered list ``key`` needs."""
        return [_in_list(key, level)]

    def headings(self) -> int:
        """A list that numbers headings by their depth, ``2.1``; its id."""
        forms = [(".".join(f"%{one}" for one in range(1, level + 1)), "decimal") for level in (1, 2, 3)]
        return self._list(self._define(forms, [(0, 0)] * 3, "multilevel"))

    def _definition_of(self, key: int) -> int | None:
        for found in self._root.findall(qn("w:num")):
            if attribute(found, "numId") == str(key):
                return int(attribute(one(found, "abstractNumId"), "val") or "0")
        return None

    def _list(self, definition: int, first: int | None = None) -> int:
        taken = [int(attribute(found, "numId") or "0") for found in self._root.findall(qn("w:num"))]
        key = max(taken, default=0) + 1
        made = el("num", el("abstractNumId", val=definition), numId=key)
        if first is not None:
            made.append(el("lvlOverride", el("startOverride", val=first), ilvl=0))
        last = self._root.findall(qn("w:num"))
        if last:
            last[-1].addnext(made)
        else:
            self._root.append(made)
        return key

    def _definition(self, *, numbers: bool) -> int:
        if numbers in self._ours:
            return self._ours[numbers]
        signs = [(f"%{level}.", _FORMS[level - 1]) for level in (1, 2, 3)]
        forms = signs if numbers else [(sign, "bullet") for sign in _SIGNS]
        places = [(_STEP * level, _HANGING) for level in (1, 2, 3)]
        self._ours[numbers] = self._define(forms, places, "hybridMultilevel")
        return self._ours[numbers]

    def _define(self, forms: Sequence[tuple[str, str]], places: Sequence[tuple[int, int]], kind: str) -> int:
        """A definition of three levels: sign and form of each, and where it stands; its id."""
        before = self._root.findall(qn("w:abstractNum"))
        key = max((int(attribute(found, "abstractNumId") or "0") for found in before), default=-1) + 1
        made = el("abstractNum", el("multiLevelType", val=kind), abstractNumId=key)
        for level, ((sign, form), (left, hanging)) in enumerate(zip(forms, places, strict=True)):
            made.append(
                el(
                    "lvl",
                    el("start", val=1),
                    el("numFmt", val=form),
                    *([] if hanging else [el("suff", val="space")]),
                    el("lvlText", val=f"{sign} " if not hanging else sign),
                    el("lvlJc", val="left"),
                    el("pPr", el("ind", left=left, hanging=hanging)),
                    ilvl=level,
                )
            )
        if before:
            before[-1].addnext(made)
        else:
            self._root.insert(0, made)
        return key


def _in_list(key: int, level: int) -> Element:
    return el("numPr", el("ilvl", val=min(level, 2)), el("numId", val=key))


def _numbering(file: WordFile) -> Element:
    """The file's definitions of lists, made where it has none."""
    for relation in file.part.rels.values():
        if relation.reltype == RT.NUMBERING:
            known: Any = relation.target_part
            return known.element
    empty = f"<w:numbering {nsdecls('w')}/>".encode()
    part = NumberingPart.load(PackURI("/word/numbering.xml"), CT.WML_NUMBERING, empty, package_of(file))
    file.part.relate_to(part, RT.NUMBERING)
    return part.element
