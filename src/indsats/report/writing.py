"""What a writer changes in a report: a text file beside it, read again when the numbers are made anew.

The file holds the fields a writer fills in and every passage under a mark with its id and a hash of the words as they
were made. A number stands in its slot with its value, ``{{borgere = 1.249}}``: the value is put in anew each time, and
only the name counts. A passage whose words no longer have their hash was changed by a writer and is kept; an empty one
was taken out. Where the words made by rule have changed since, the file says how they read now.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import yaml

from indsats.language import Lang
from indsats.problem import InputRefused, Problem
from indsats.programme import SLOT, Text

from .document import Document, Passage
from .passages import slot_text
from .texts import say

_MARK = re.compile(
    r"^<!-- text ([a-z0-9][a-z0-9_.-]*) ([0-9a-f]{10})(?: ([0-9a-f]{10}))? -->[ \t]*$", re.MULTILINE
)
_OF = re.compile(r"^<!-- report ([a-z0-9-]+)(?: (\S+))? -->$", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_WRITTEN = re.compile(r"\{\{\s*(?:(ref)\s*:\s*)?([a-z0-9][a-z0-9_.-]*)\s*(?:=[^{}]*)?\}\}")
_BETWEEN = r"[\s.\u2010-\u2015-]"
_PERSON_NUMBER = re.compile(
    rf"(?<!\d)(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01]){_BETWEEN}?(?:0[1-9]|1[0-2]){_BETWEEN}?\d\d{_BETWEEN}{{0,3}}\d{{4}}(?!\d)"
)
"""A day (61 and up in numbers that stand in for one), a month, a year and four digits, however they are parted."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A passage as a writer left it: the words, and the hash of those it was made from.

    ``told`` is the hash of what was made, numbers and all, when the writer was last told of it.
    """

    text: str
    made_from: str
    told: str = ""

    @property
    def edited(self) -> bool:
        """Whether the words are no longer those that were made."""
        return _hash(self.text) != self.made_from


@dataclass(frozen=True, slots=True)
class Writing:
    """A text file read: fields by name, passages by id in the order of the file, and the report it was written for."""

    fields: Mapping[str, str] = field(default_factory=dict)
    passages: Mapping[str, Kept] = field(default_factory=dict)
    of: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Outdated:
    """A passage a writer changed and should look at again.

    ``why``: what is made by rule, or a number in it, is no longer what it was (``moved``); the report has it no more
    (``gone``); it was changed in this language and not in the other (``alone``).
    """

    passage: str
    lang: Lang
    why: Literal["moved", "gone", "alone"]


def read_writing(path: Path) -> Writing:
    """The text file of a report; raises ``InputRefused`` for one that cannot be read, and for a person number in it."""
    try:
        text = path.read_text("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise _refused(path, None, "the file is not written in UTF-8", "Save it as UTF-8 text") from None
    found = _PERSON_NUMBER.search(text)
    if found is not None:
        line = text.count("\n", 0, found.start()) + 1
        raise _refused(path, line, "a person number stands in the text", "Remove it: reports name nobody")
    head, body, offset = _parted(text, path)
    marks = list(_MARK.finditer(body))
    above = _COMMENT.sub("", body[: marks[0].start()] if marks else body)
    if above.strip():
        line = offset + body.count("\n", 0, body.index(above.strip().split("\n")[0])) + 1
        remedy = "Put it under the mark of the text it belongs to"
        raise _refused(path, line, "words stand above the first mark, where nothing is read", remedy)
    passages: dict[str, Kept] = {}
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        name, made_from, told = mark.groups()
        if name in passages:
            line = offset + body.count("\n", 0, mark.start()) + 1
            what, remedy = f"the passage '{name}' stands twice", "Keep one of them, with its mark above it"
            raise _refused(path, line, what, remedy)
        inside = body[mark.end() : following.start() if following else len(body)]
        passages[name] = Kept(_bare(_COMMENT.sub("", inside)), made_from, told or "")
    of = _OF.search(body)
    return Writing(head, passages, None if of is None else (of.group(1), of.group(2) or ""))


def _parted(text: str, path: Path) -> tuple[dict[str, str], str, int]:
    """The fields, the rest of the file, and how many lines stand above the rest."""
    if not text.startswith("---\n") or "\n---\n" not in text:
        return {}, text, 0
    head, _, body = text[4:].partition("\n---\n")
    lines = head.count("\n") + 3
    try:
        found = yaml.safe_load(head)
    except yaml.YAMLError as reason:
        mark = getattr(reason, "problem_mark", None)
        line = 2 + mark.line if mark is not None else 1
        remedy = "Write 'name: text', and put texts that hold ': ' in quotation marks"
        raise _refused(path, line, "the fields at the top cannot be read", remedy) from None
    if found is None:
        return {}, body, lines
    if not isinstance(found, dict):
        raise _refused(path, 2, "the fields at the top are no fields", "Write 'name: text', one on a line")
    return {str(key): str(value).strip() for key, value in found.items() if value is not None}, body, lines


def _refused(path: Path, line: int | None, what: str, remedy: str) -> InputRefused:
    return InputRefused([Problem(what, remedy, str(path), line)])


def with_writing(
    document: Document, writings: Mapping[Lang, Writing]
) -> tuple[Document, tuple[Outdated, ...]]:
    """A protected document with what writers changed, and where the words made by rule have moved on since.

    Raises ``ValueError`` for a document that is not protected: a writer sees what leaves, and no more.
    """
    if not document.protected:
        raise ValueError("protect the document before a writer's words are put in")
    for lang, writing in writings.items():
        if writing.of not in (None, (document.report, document.about)):
            what = f"the text file in {lang} was written for another report, '{' '.join(writing.of or ())}'"
            raise InputRefused([Problem(what, "Give --out a folder of its own", f"text.{lang}.md")])
    outdated: list[Outdated] = []
    there: set[str] = set()
    sections = []
    for section in document.sections:
        blocks = []
        for block in section.blocks:
            if isinstance(block, Passage):
                there.add(block.id)
                made, edited = block, list[Lang]()
                for lang, writing in writings.items():
                    kept = writing.passages.get(block.id)
                    if kept is not None and kept.edited:
                        edited.append(lang)
                        text, lost = _with_gaps(kept.text, block, document, lang)
                        if lost or kept.told != _told(made, document, lang):
                            outdated.append(Outdated(block.id, lang, "moved"))
                        block = _rewritten(block, lang, text)
                if len(edited) < len(writings) and edited:
                    outdated.append(Outdated(block.id, edited[0], "alone"))
            blocks.append(block)
        sections.append(replace(section, blocks=tuple(blocks)))
    for lang, writing in writings.items():
        gone = (name for name, kept in writing.passages.items() if name not in there and kept.edited)
        outdated += [Outdated(name, lang, "gone") for name in gone]
    words = dict(document.words)
    for name in document.fields:
        given = {lang: writing.fields.get(name, "") for lang, writing in writings.items()}
        da, en = (given.get(lang) or words[name].in_(lang) for lang in ("da", "en"))
        words[name] = Text(da=da, en=en)
    return replace(document, sections=tuple(sections), words=words), tuple(outdated)


def _with_gaps(text: str, block: Passage, document: Document, lang: Lang) -> tuple[str, bool]:
    """A writer's words with a visible gap for each number nothing stands for any more, and whether there is one."""
    lost = False

    def put(slot: re.Match[str]) -> str:
        nonlocal lost
        name = f"ref:{slot.group(2)}" if slot.group(1) else slot.group(2)
        if slot_text(name, block, document, lang) is not None:
            return slot.group()
        lost = True
        return f"**{say('writing-lost', lang)}**".replace("[", "\\[").replace("]", "\\]")

    return SLOT.sub(put, text), lost


def _rewritten(block: Passage, lang: Lang, text: str) -> Passage:
    """The passage with a writer's words; one that was taken out is left without visible words."""
    both = {"da": block.text.da, "en": block.text.en} | {lang: text or "\u00a0"}
    return replace(block, text=Text(**both), edited=block.edited | {lang})


def writing_text(document: Document, lang: Lang, before: Writing | None = None) -> str:
    """The text file of a protected document, with what was kept of ``before`` still marked by what it was made from.

    ``document`` is as made, without the writer's words. Nothing a writer wrote is lost: what the report has no more
    stands at the end.
    """
    before = before or Writing()
    lines = ["---", *(f"# {line}" for line in say("writing-fields", lang).split("\n"))]
    for name, title in document.fields.items():
        value = before.fields.get(name, "")
        lines.append(f"{name}: {_quoted(value) if value else ''} # {title.in_(lang)}".replace(":  #", ": #"))
    lines += [
        f"{name}: {_quoted(value)}" for name, value in before.fields.items() if name not in document.fields
    ]
    about = f" {document.about}" if document.about else ""
    lines += ["---", "", f"<!-- report {document.report}{about} -->"] if document.report else ["---", ""]
    lines.append(f"<!-- {say('writing-about', lang)} -->")
    there: set[str] = set()
    for section in document.sections:
        if section.title is not None:
            lines += ["", f"<!-- {'#' * section.level} {section.title.in_(lang).replace('--', '–')} -->"]
        for block in section.blocks:
            if isinstance(block, Passage):
                there.add(block.id)
                lines += _passage(block, document, lang, before.passages.get(block.id))
    gone = {name: kept for name, kept in before.passages.items() if name not in there and kept.edited}
    if gone:
        lines += ["", f"<!-- {say('writing-gone', lang)} -->"]
    for name, kept in gone.items():
        lines += ["", f"<!-- text {name} {kept.made_from} {kept.told} -->".replace("  ", " "), kept.text]
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    return yaml.safe_dump(value, allow_unicode=True, default_style='"', width=10_000).strip()


def _passage(block: Passage, document: Document, lang: Lang, kept: Kept | None) -> Iterator[str]:
    made = block.text.in_(lang)
    edited = kept is not None and kept.edited
    made_from = kept.made_from if kept is not None and edited else _hash(made)
    yield ""
    yield f"<!-- text {block.id} {made_from} {_told(block, document, lang)} -->"
    if edited and kept is not None:
        if made_from != _hash(made):
            shown = _valued(made, block, document, lang).replace("--", "–")
            yield f"<!-- {say('writing-now', lang)}\n{shown}\n-->"
        yield _valued(kept.text, block, document, lang)
    else:
        yield _valued(made, block, document, lang)


def _valued(text: str, block: Passage, document: Document, lang: Lang) -> str:
    """The text with the value of each slot beside its name."""

    def put(slot: re.Match[str]) -> str:
        name = f"ref:{slot.group(2)}" if slot.group(1) else slot.group(2)
        value = slot_text(name, block, document, lang)
        told = f"ref: {slot.group(2)}" if slot.group(1) else slot.group(2)
        return f"{{{{{told}}}}}" if value is None else f"{{{{{told} = {value}}}}}"

    return SLOT.sub(put, text)


def _told(block: Passage, document: Document, lang: Lang) -> str:
    """The hash of what is made, numbers and all."""
    return hashlib.sha256(_valued(block.text.in_(lang), block, document, lang).encode()).hexdigest()[:10]


def _bare(text: str) -> str:
    """Words with the slots' names alone, without space around them."""

    def name(slot: re.Match[str]) -> str:
        return f"{{{{ref: {slot.group(2)}}}}}" if slot.group(1) else f"{{{{{slot.group(2)}}}}}"

    return "\n".join(line.rstrip() for line in _WRITTEN.sub(name, text).strip().split("\n"))


def _hash(text: str) -> str:
    return hashlib.sha256(_bare(text).encode()).hexdigest()[:10]
