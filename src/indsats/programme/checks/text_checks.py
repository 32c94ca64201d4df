"""Checks of what a definition tells its readers: where it comes from, and both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..base import Item, Text
from ..definition import Programme
from ..fields import parts
from .finding import Finding, check_named
from .references import unknown

_LINES = re.compile(r"^(?:(\S+) )?L(\d+)(?:-L?(\d+))?$")


@check_named("source-document")
def sources_name_documents(programme: Programme) -> Iterator[Finding]:
    """A source with a document before its line numbers names one of ``documents``."""
    for path, item in parts(programme, Item):
        for number, source in enumerate(item.source):
            lines = _LINES.match(source)
            if lines is not None:
                yield from unknown((*path, "source", number), lines[1], programme.documents, "document")


@check_named("source-lines")
def source_lines_run_forward(programme: Programme) -> Iterator[Finding]:
    """A source's line numbers begin at 1 and do not run backwards."""
    for path, item in parts(programme, Item):
        for number, source in enumerate(item.source):
            lines = _LINES.match(source)
            if lines is None:
                continue
            first, last = int(lines[2]), int(lines[3] or lines[2])
            if first < 1 or last < first:
                what = f"the lines of the source '{source}' run backwards or begin before line 1"
                yield Finding((*path, "source", number), what, "Write the lower line first: L911-923.")


@check_named("document-lines")
def source_lines_are_in_the_document(programme: Programme) -> Iterator[Finding]:
    """No source names a line beyond the end of a document whose length is given."""
    for path, item in parts(programme, Item):
        for number, source in enumerate(item.source):
            lines = _LINES.match(source)
            document = programme.documents.get(lines[1] or programme.document) if lines else None
            if lines is None or document is None or document.lines is None:
                continue
            last = int(lines[3] or lines[2])
            if last > document.lines:
                what = f"the source '{source}' lies beyond the document, which has {document.lines} lines"
                remedy = "Correct the line, or the document's 'lines'."
                yield Finding((*path, "source", number), what, remedy)


_LONG = 25
"""Shorter texts can well be the same in both languages: names, abbreviations, loan words."""


@check_named("translation")
def texts_are_translated(programme: Programme) -> Iterator[Finding]:
    """A long text does not read the same in both languages; proper names of programmes, documents, data and
    places may."""
    for path, text in parts(programme, Text):
        if path[-1] == "title" and path[0] in ("title", "documents", "sites", "tables"):
            continue
        if len(text.da) > _LONG and text.da.strip() == text.en.strip():
            what = "the text is the same in Danish and English"
            yield Finding((*path, "en"), what, "Translate it.", "warning")
