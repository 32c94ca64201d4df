"""Word files read back, and small documents to write: what the tests of Word reports share."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import docx
from docx.document import Document as WordFile
from docx.oxml.ns import qn

from indsats.language import Lang
from indsats.programme import Text
from indsats.report import (
    Chart,
    Column,
    Document,
    Form,
    Section,
    Table,
    protect,
)
from indsats.report.word import render_word
from sample_report import sample


@cache
def protected(form: Form = "report") -> Document:
    """The sample; items and letters without its drawings, which take their time."""
    document = protect(sample(form=form))
    if form == "report":
        return document
    kept = [
        replace(one, blocks=tuple(block for block in one.blocks if not isinstance(block, Chart)))
        for one in document.sections
    ]
    return replace(document, sections=tuple(kept))


@cache
def made(form: Form = "report", lang: Lang = "da") -> bytes:
    return render_word(protected(form), lang)


def read(content: bytes) -> WordFile:
    return docx.Document(io.BytesIO(content))


def text_of(element: Any) -> str:
    """The words of a part of the file, without the codes of its fields."""
    signs = {qn("w:t"): None, qn("w:br"): "\n", qn("w:tab"): "\t"}
    return "".join(
        (part.text or "") if signs[part.tag] is None else str(signs[part.tag])
        for part in element.iter(*signs)
        if part.getparent().tag == qn("w:r")
    )


def paragraphs(file: WordFile) -> list[str]:
    return [text_of(one) for one in file.element.body.iter(qn("w:p"))]


def cells(file: WordFile) -> list[list[list[str]]]:
    return [
        [[text_of(cell) for cell in row.iter(qn("w:tc"))] for row in table.iter(qn("w:tr"))]
        for table in file.element.body.iter(qn("w:tbl"))
    ]


def codes(file: WordFile) -> list[str]:
    return [(one.text or "").strip() for one in file.element.body.iter(qn("w:instrText"))]


def media(content: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        yield from (packed.read(name) for name in packed.namelist() if name.startswith("word/media/"))


def wide_table(columns: int) -> Table:
    heads = (
        Column("a", Text(da="Enhed", en="Unit")),
        *tuple(
            Column(f"c{index}", Text(da=f"Beskæftigelsesgrad {index}", en=f"Degree of employment {index}"))
            for index in range(columns)
        ),
    )
    return Table("bred", Text(da="Bred", en="Wide"), heads, (("Ungeenheden", *(["12,5"] * columns)),))


def one_block(*blocks: Any, title: str = "Afsnit") -> Document:
    sections = (Section(Text(da=title, en=title), blocks),)
    return protect(replace(sample(form="case"), sections=sections, words={}, fields=(), head=()))
