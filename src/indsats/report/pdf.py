"""A protected document as PDF/UA-1 (ISO 14289-1): typeset by Typst, readable by machines and screen readers."""

from __future__ import annotations

import io
import json
from datetime import UTC
from functools import cache
from importlib.resources import files

import pikepdf
import typst

from indsats.language import Lang, end_of

from .document import Document
from .pdf_data import document_data
from .typeface import FOLDERS


def render_pdf(document: Document, lang: Lang = "da") -> bytes:
    """The document as an A4 PDF with tags, bookmarks and alternative texts; the same bytes for the same input.

    Only the fonts of the package are used and nothing is fetched. ``ValueError`` for a document that has not passed
    ``protect``.
    """
    if not document.protected:
        raise ValueError("protect the document before it is printed: render_pdf(protect(document), lang)")
    data = json.dumps(document_data(document, lang), ensure_ascii=False)
    made = typst.compile(
        files("indsats.report").joinpath("templates/report.typ").read_bytes(),
        format="pdf",
        pdf_standards="ua-1",
        font_paths=_fonts(),
        sys_inputs={"document": data},
        timestamp=_made_at(document),
    )
    return _with_row_headings(made)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(FOLDERS))


def _made_at(document: Document) -> int:
    """The time the file says it was made at, in seconds: that of the facts, never the clock's."""
    known = document.known or (document.basis.recorded_until if document.basis else None)
    if known is None and document.period is not None:
        known = end_of(document.period.last)
    if known is None:
        return 0
    return int((known if known.tzinfo else known.replace(tzinfo=UTC)).timestamp())


def _with_row_headings(made: bytes) -> bytes:
    """The file with the first cell of every table row marked as the heading of its row.

    Typst marks the headings of columns only; its own call for rows is behind a switch that its Python wheel cannot set.
    Cells name the headings of their column one by one, which would leave the rows' out: as all headings have a scope,
    the names are dropped.
    """
    with pikepdf.open(io.BytesIO(made)) as pdf:
        for table in _elements(pdf.Root.StructTreeRoot, "/Table"):
            for body in _children(table, "/TBody"):
                for row in _children(body, "/TR"):
                    for index, cell in enumerate(_children(row, "/TD")):
                        _mark(cell, heading=index == 0)
        target = io.BytesIO()
        pdf.save(target, deterministic_id=True)
    return target.getvalue()


def _mark(cell: pikepdf.Object, *, heading: bool) -> None:
    attributes = cell.get("/A")
    found = (
        []
        if attributes is None
        else list(attributes)
        if isinstance(attributes, pikepdf.Array)
        else [attributes]
    )
    kept = [one for one in found if one.get("/O") != "/Table"]
    if heading:
        cell.S = pikepdf.Name.TH
        kept.append(pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row))
    if kept:
        cell.A = pikepdf.Array(kept)
    elif attributes is not None:
        del cell["/A"]


def _children(element: pikepdf.Object, kind: str) -> list[pikepdf.Object]:
    """The structure elements of a kind right below another one."""
    below = element.get("/K")
    if below is None:
        return []
    each = list(below) if isinstance(below, pikepdf.Array) else [below]
    return [one for one in each if isinstance(one, pikepdf.Dictionary) and one.get("/S") == kind]


def _elements(root: pikepdf.Object, kind: str) -> list[pikepdf.Object]:
    """All structure elements of a kind, in reading order."""
    found: list[pikepdf.Object] = []
    left: list[pikepdf.Object] = [root]
    while left:
        one = left.pop()
        if one.get("/S") == kind:
            found.append(one)
        below = one.get("/K")
        each = list(below) if isinstance(below, pikepdf.Array) else [below]
        left += [item for item in reversed(each) if isinstance(item, pikepdf.Dictionary) and "/S" in item]
    return found
