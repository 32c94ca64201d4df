"""A document as files: pages, PDF, Word, results.json, tables and text files, all from the protected one."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from indsats.language import LANGUAGES, Lang
from indsats.progress import Progress

from .disclosure import Protection, Release, protection, protection_of_all
from .document import Document, Passage
from .html import Switch, render_html
from .results import RESULTS, results_json, table_csv, table_file
from .writing import Outdated, Writing, read_writing, with_writing, writing_text

Format = Literal["html", "pdf", "word"]
"""What a report can be written as."""
ENDINGS: dict[Format, str] = {"html": "html", "pdf": "pdf", "word": "docx"}

_TABLE_FILE = re.compile(r"^tables/[a-z0-9][a-z0-9_-]*\.csv$")

_STEP = "protecting and writing the report"


@dataclass(frozen=True, slots=True)
class Order:
    """How a report is to be written: its language, whether in the other too, which formats, whose template."""

    lang: Lang = "da"
    both: bool = False
    formats: tuple[Format, ...] = ("html",)
    word_template: Path | None = None

    @property
    def langs(self) -> tuple[Lang, ...]:
        """The languages, the first one first."""
        others: list[Lang] = [other for other in LANGUAGES if self.both and other != self.lang]
        return (self.lang, *others)


@dataclass(frozen=True, slots=True)
class Made:
    """A report made and not yet put anywhere: the bytes of each file by its name, and what there is to say of it.

    ``outdated`` are passages a writer changed whose numbers or words have moved on since.
    """

    contents: Mapping[str, bytes]
    document: Document
    protection: Protection
    outdated: tuple[Outdated, ...] = ()


def make(
    document: Document,
    order: Order | None = None,
    *,
    writings: Mapping[Lang, Writing] | None = None,
    earlier: Sequence[Release] = (),
    progress: Progress | None = None,
) -> Made:
    """Protect a document and write all its files, in memory. The same input gives the same bytes.

    ``earlier`` are the releases it is protected against, ``writings`` what writers changed. A document about one person
    is pages alone: no data file holds that person's numbers.
    """
    order = order or Order()
    tell = progress or (lambda _done, _total, _what: None)
    steps = 2 + len(order.langs) * len(order.formats)
    tell(0, steps, _STEP)
    guarded = protection(document, earlier)
    made = _made(
        guarded, guarded.document, order, writings or {}, earlier, lambda done: tell(done, steps, _STEP)
    )
    tell(steps, steps, _STEP)
    return made


def make_all(
    documents: Mapping[str, Document],
    order: Order | None = None,
    *,
    writings: Mapping[str, Mapping[Lang, Writing]] | None = None,
    earlier: Sequence[Release] = (),
    only: Collection[str] | None = None,
    progress: Progress | None = None,
) -> Iterator[tuple[str, Made]]:
    """As ``make`` for documents by name that are protected as one, one after another; ``writings`` by the same names.

    With ``only`` those alone are written; they are protected beside all of them, so that it does not matter which are
    written today.
    """
    order, writings = order or Order(), writings or {}
    tell = progress or (lambda _done, _total, _what: None)
    asked = [name for name in documents if only is None or name in only]
    tell(0, len(asked), _STEP)
    guarded = protection_of_all(list(documents.values()), earlier)
    safe = dict(zip(documents, guarded.documents, strict=True))
    for done, name in enumerate(asked, start=1):
        yield name, _made(guarded, safe[name], order, writings.get(name, {}), earlier, lambda _done: None)
        tell(done, len(asked), _STEP)


def _made(
    guarded: Protection,
    safe: Document,
    order: Order,
    writings: Mapping[Lang, Writing],
    earlier: Sequence[Release],
    tell: Callable[[int], None],
) -> Made:
    done = 0
    shown, outdated = with_writing(safe, writings)
    contents: dict[str, bytes] = {}
    for lang in order.langs:
        for form in order.formats:
            done += 1
            tell(done)
            contents[_name(form, lang, order)] = _rendered(shown, form, lang, order)
    if not safe.personal:
        contents |= {table_file(table): table_csv(table).encode() for table in shown.tables()}
        names = [one.name for one in earlier if one.programme == safe.programme]
        contents[RESULTS] = results_json(shown, how_written(order, names)).encode()
        if any(isinstance(block, Passage) for block in safe.blocks()):
            for lang in LANGUAGES:
                contents[writing_file(lang)] = writing_text(safe, lang, writings.get(lang)).encode()
    return Made(contents, shown, guarded, outdated)


def put(made: Made, out: Path) -> tuple[Path, ...]:
    """Put the files of a report into the folder ``out``; their paths, the first page first.

    Every file is written under another name and then put in place, so that a reader or a broken run never meets half a
    file. Tables and pages of an earlier report that are no longer part of it are removed; other files are left alone.
    """
    former = _former_files(out)
    for name, content in made.contents.items():
        _put(out / name, content)
    for name in sorted(former - made.contents.keys()):
        (out / name).unlink(missing_ok=True)
    return tuple(out / name for name in made.contents)


def write(
    document: Document, out: Path, lang: Lang = "da", *, both: bool = False, progress: Progress | None = None
) -> tuple[Path, ...]:
    """Protect a document and write it into the folder ``out`` as pages and data; the paths written, the page first.

    ``report.html`` is in ``lang``; with ``both`` there is ``report.<other>.html`` beside it, and each page links to the
    other. What writers changed in text files in ``out`` is kept.
    """
    return put(make(document, Order(lang, both), writings=read_writings(out), progress=progress), out)


def read_writings(folder: Path) -> dict[Lang, Writing]:
    """What writers changed in the text files of a folder, by language; nothing where there are none."""
    files: dict[Lang, Path] = {lang: folder / writing_file(lang) for lang in LANGUAGES}
    return {lang: read_writing(file) for lang, file in files.items() if file.is_file()}


def writing_file(lang: Lang) -> str:
    """The name of the text file of a report in a language."""
    return f"text.{lang}.md"


def how_written(order: Order, releases: Sequence[str]) -> dict[str, object]:
    """What results.json says of how the report was written, so that it can be written again."""
    template = order.word_template
    return {
        "lang": order.lang,
        "both": order.both,
        "formats": list(order.formats),
        "word_template": None if template is None else hashlib.sha256(template.read_bytes()).hexdigest(),
        "releases": list(releases),
    }


def _name(form: Format, lang: Lang, order: Order) -> str:
    return f"report.{ENDINGS[form]}" if lang == order.lang else f"report.{lang}.{ENDINGS[form]}"


def _rendered(document: Document, form: Format, lang: Lang, order: Order) -> bytes:
    # Typst and python-docx are loaded by those who ask for what they make.
    if form == "pdf":
        from .pdf import render_pdf

        return render_pdf(document, lang)
    if form == "word":
        from .word import render_word

        return render_word(document, lang, order.word_template)
    others: list[Lang] = [one for one in order.langs if one != lang]
    other = next(iter(others), None)
    switch = None if other is None else Switch(_name("html", other, order), other)
    return render_html(document, lang, switch).encode()


def _former_files(out: Path) -> set[str]:
    """Pages and tables that an earlier results.json in the folder says it wrote; none when there is none to read."""
    try:
        told = json.loads((out / RESULTS).read_text(encoding="utf-8"))
        names = [table["file"] for table in told["tables"]]
        formats = told.get("how", {}).get("formats", ["html"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return set()
    pages = {
        name
        for form in formats
        if form in ENDINGS
        for name in (f"report.{ENDINGS[form]}", *(f"report.{lang}.{ENDINGS[form]}" for lang in LANGUAGES))
    }
    return {name for name in names if isinstance(name, str) and _TABLE_FILE.match(name)} | pages


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
