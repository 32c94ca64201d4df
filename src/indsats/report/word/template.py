"""A Word file to write into: the sender's own template, or an empty one; and how it is packed so that bytes repeat."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import docx
from docx.document import Document as WordFile
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml.ns import qn

from indsats.problem import InputRefused, Problem
from indsats.programme import SLOT

from .xml import Element, attribute, clean, el, one, package_of

_TEMPLATE_TYPE = b"wordprocessingml.template.main+xml"
_DOCUMENT_TYPE = b"wordprocessingml.document.main+xml"
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MOST_BYTES = 64 * 1024 * 1024
_HARMLESS = {RT.HYPERLINK}
_LEFT_BEHIND = {RT.STYLES.replace("/styles", "/attachedTemplate"), RT.THUMBNAIL}
"""Where the template itself was made from, and a picture of its own first page: neither is the report's."""
_OLD_NAMES = ("customXml", "stylesWithEffects")
_EPOCH = (1980, 1, 1, 0, 0, 0)
REPORT = "report"
"""The slot that the report itself is put into."""


def empty_file() -> WordFile:
    """A file without content, styles, lists or an author; an A4 sheet."""
    file = docx.Document()
    for holder in (file.part, package_of(file)):
        for key, relation in list(holder.rels.items()):
            if any(name in relation.reltype for name in (*_OLD_NAMES, "thumbnail", "numbering")):
                holder.rels.pop(key)
    styles = file.styles.element
    for style in styles.findall(qn("w:style")):
        styles.remove(style)
    section = file.sections[0]._sectPr
    sizes = one(section, "pgSz"), one(section, "pgMar")
    for found in sizes:
        if found is not None:
            section.remove(found)
    margins = {
        "top": 1474,
        "right": 1361,
        "bottom": 1361,
        "left": 1361,
        "header": 680,
        "footer": 624,
        "gutter": 0,
    }
    section.insert(0, el("pgMar", **margins))
    section.insert(0, el("pgSz", w=11906, h=16838))
    return file


def opened(path: Path) -> WordFile:
    """A template as a file to write into. ``.docx`` and ``.dotx`` are read.

    Raises ``InputRefused``, saying what to do, for a file that is missing, broken, of the old format, protected by a
    password, with macros, or that fetches pictures from elsewhere.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _refused(path, "the Word template cannot be read", "Check the name and the rights") from error
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise _refused(
                path, "the Word template is protected by a password", "Save it without a password in Word"
            )
        raise _refused(path, "the Word template is in Word's old format", "Save it as .docx in Word")
    try:
        file = docx.Document(io.BytesIO(_as_document(path, content)))
        _ = file.styles, file.settings, file.sections[0]
    except InputRefused:
        raise
    except (
        zipfile.BadZipFile,
        SyntaxError,
        KeyError,
        ValueError,
        AttributeError,
        IndexError,
    ) as error:
        raise _refused(
            path,
            "the Word template is not a Word document that can be read",
            "Open it in Word and save it as 'Word document (.docx)', not as 'Strict Open XML'",
        ) from error
    _refuse_outside(path, file)
    return file


def _as_document(path: Path, content: bytes) -> bytes:
    """The file's bytes; those of a .dotx say it is a document."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        if sum(entry.file_size for entry in source.infolist()) > _MOST_BYTES:
            raise _refused(
                path, "the Word template is larger than 64 MB unpacked", "Make its pictures smaller"
            )
        if any(name.lower().endswith("vbaproject.bin") for name in source.namelist()):
            raise _refused(path, "the Word template holds macros", "Save it as .docx, which leaves them out")
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
            for entry in source.infolist():
                part = source.read(entry)
                if entry.filename == "[Content_Types].xml":
                    part = part.replace(_TEMPLATE_TYPE, _DOCUMENT_TYPE)
                copy.writestr(entry, part)
    return target.getvalue()


def _refuse_outside(path: Path, file: WordFile) -> None:
    package = package_of(file)
    holders = [package, *package.iter_parts()]
    for holder in holders:
        for key, relation in list(holder.rels.items()):
            if relation.reltype in _LEFT_BEHIND:
                holder.rels.pop(key)
            elif relation.is_external and relation.reltype not in _HARMLESS:
                raise _refused(
                    path,
                    "the Word template fetches something from elsewhere, such as a linked picture",
                    "Put the picture into the file itself",
                )
    settings = file.settings.element
    attached = one(settings, "attachedTemplate")
    if attached is not None:
        settings.remove(attached)


def _refused(path: Path, what: str, remedy: str) -> InputRefused:
    return InputRefused([Problem(what, remedy, file=str(path))])


def place(path: Path, file: WordFile) -> int:
    """Where in the body the report goes: instead of the paragraph ``{{ report }}``, or of all there is.

    Raises ``InputRefused`` when that slot stands inside other words, in a table or twice.
    """
    body = file.element.body
    alone = [p for p in body.findall(qn("w:p")) if _is_report(_words(p))]
    inside = [p for p in body.iter(qn("w:p")) if REPORT in _slots(_words(p)) and p not in alone]
    if inside or len(alone) > 1:
        raise _refused(
            path,
            "'{{ report }}' does not stand once, in a paragraph of its own in the text",
            "Give it a paragraph of its own, outside tables and boxes",
        )
    if alone:
        at = body.index(alone[0])
        kept = alone[0].find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
        if kept is None:
            body.remove(alone[0])
        else:
            for child in list(alone[0])[1:]:
                alone[0].remove(child)
        return at
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    return 0


def fill(path: Path, file: WordFile, values: Mapping[str, str]) -> frozenset[str]:
    """Put words into the slots of the template's text, headers and footers; the names found in its text.

    Raises ``InputRefused`` for a name that the report does not know.
    """
    in_text = frozenset[str]()
    for root in stories(file):
        for paragraph in root.iter(qn("w:p")):
            names = _slots(_words(paragraph))
            for name in sorted(names - values.keys()):
                raise _refused(
                    path,
                    f"the Word template has a place for '{name}', which this report does not have",
                    f"Use one of: {', '.join(sorted(values))}; or another template for this report",
                )
            if names:
                _put(paragraph, values)
            if root is file.element:
                in_text |= names
    return in_text


def stories(file: WordFile) -> Iterator[Element]:
    """The text, and each header and footer."""
    yield file.element
    for relation in file.part.rels.values():
        if relation.reltype in (RT.HEADER, RT.FOOTER):
            part: Any = relation.target_part
            yield part.element


def _own_texts(paragraph: Element) -> list[Element]:
    """The texts of a paragraph, without those of a box that is anchored in it."""
    return [
        text
        for text in paragraph.iter(qn("w:t"))
        if next(text.iterancestors(qn("w:p"))) is paragraph
    ]  # fmt: skip


def _words(paragraph: Element) -> str:
    return "".join(text.text or "" for text in _own_texts(paragraph))


def _slots(words: str) -> set[str]:
    return {found.group(2) for found in SLOT.finditer(words)}


def _is_report(words: str) -> bool:
    found = SLOT.fullmatch(words.strip())
    return found is not None and found.group(2) == REPORT


def _put(paragraph: Element, values: Mapping[str, str]) -> None:
    """Word parts a slot over several runs as it pleases: the words go where it begins, in the look it has there."""
    texts = _own_texts(paragraph)
    for found in reversed(list(SLOT.finditer(_words(paragraph)))):
        if found.group(2) not in values:
            continue
        at, new = 0, clean(values[found.group(2)])
        for text in texts:
            old = text.text or ""
            first, last = max(found.start() - at, 0), min(found.end() - at, len(old))
            at += len(old)
            if first < last:
                text.text = old[:first] + new + old[last:]
                text.set(qn("xml:space"), "preserve")
                new = ""


def packed(file: WordFile) -> bytes:
    """The file as bytes, the same for the same content: parts sorted, no time of making."""
    saved, target = io.BytesIO(), io.BytesIO()
    file.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            copy.writestr(entry, source.read(name))
    return target.getvalue()


def highest_id(file: WordFile, tag: str) -> int:
    """The highest id that elements with this tag have in the template, 0 when there are none."""
    found = [0]
    for root in stories(file):
        for element in root.iter(qn(tag)):
            key = attribute(element, "id") or element.get("id") or "0"
            found.append(int(key) if key.isdecimal() else 0)
    return max(found)
