"""A protected document as one self-contained page: no script, no font, no picture from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from indsats.figure import Figure
from indsats.language import Lang, day, local
from indsats.programme import Text

from .charts import chart_svg
from .document import Cell, Chart, Column, Document, Light, Paragraph, Table
from .formats import HIDDEN_MARK, basis_text, cell_text, excluded_text, interval_text, is_hidden, part
from .texts import STATUS, light, say

_FOLD_ABOVE = 20
"""Tables behind a chart with more rows than this are folded away on screen."""
_LONG = 40
_ADDRESS = ("https://", "http://")
"""Words in a cell that are longer than this are given room, so that they do not run down the page."""
_FEW_COLUMNS = 6
"""With more columns there is no room to give."""
_SHORT = 15
"""Tables with this many rows or fewer stay on one sheet of paper."""


@dataclass(frozen=True, slots=True)
class Switch:
    """Where the same report stands in the other language."""

    href: str
    lang: Lang


def render_html(document: Document, lang: Lang = "da", switch: Switch | None = None) -> str:
    """The page of a document that has passed ``protect``; ``ValueError`` for one that has not."""
    if not document.protected:
        raise ValueError("protect the document before it is shown: render_html(protect(document), lang)")
    css = files("indsats.report").joinpath("templates/report.css").read_text(encoding="utf-8")
    environment = Environment(
        loader=PackageLoader("indsats.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    numbers = block_numbers(document, lang)
    figures = [figure for table in document.tables() for figure in table.figures()]
    cells = [cell for table in document.tables() for row in table.rows for cell in row]
    shown = {cell.status for cell in cells if isinstance(cell, Light)}
    page = environment.get_template("report.html.j2").render(
        lang=lang,
        say=lambda key, **values: say(key, lang, **values),
        css=Markup(css),  # noqa: S704  the package's own file
        css_hash=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
        title=document.title.in_(lang),
        subtitle=document.subtitle.in_(lang) if document.subtitle else "",
        programme_title=document.programme_title.in_(lang)
        if document.programme_title
        else document.programme,
        switch=switch and {"href": switch.href, "lang": switch.lang, "text": say("other-language", lang)},
        synthetic=document.synthetic,
        facts=_facts(document, lang),
        sections=[
            {
                "id": f"section-{index}",
                "title": section.title.in_(lang),
                "blocks": [_block(block, document, numbers, lang) for block in section.blocks],
            }
            for index, section in enumerate(document.sections, start=1)
        ],
        lights=[_light(status, lang) for status in STATUS if status in shown],
        hides=any(is_hidden(figure) for figure in figures),
        intervals=any(figure.low is not None and figure.high is not None for figure in figures),
        notes=[note.in_(lang) for note in document.notes],
    )
    return "\n".join(line for line in page.splitlines() if line.strip()) + "\n"


def block_numbers(document: Document, lang: Lang) -> dict[str, str]:
    """``Tabel 1``, ``Figur 1`` by id, counted in reading order."""
    found = {table.id: say("table", lang, number=i) for i, table in enumerate(document.tables(), start=1)}
    found |= {chart.id: say("chart", lang, number=i) for i, chart in enumerate(document.charts(), start=1)}
    return found


def _facts(document: Document, lang: Lang) -> list[tuple[str, list[str]]]:
    name = document.programme_title.in_(lang) if document.programme_title else document.programme
    known = say("known-all", lang)
    if document.known is not None:
        at = local(document.known)
        known = say(
            "known-at", lang, day=day(at.date(), lang), hour=f"{at.hour:02}", minute=f"{at.minute:02}"
        )
    facts = [
        (say("programme", lang), [f"{name}, {say('version', lang, version=document.version)}"]),
        (say("known", lang), [known]),
    ]
    if document.period is not None:
        first, last = day(document.period.first, lang), day(document.period.last, lang)
        facts.insert(1, (say("period", lang), [say("period-value", lang, first=first, last=last)]))
    if document.generated_on is not None:
        facts.append((say("generated", lang), [day(document.generated_on, lang)]))
    if document.sources:
        facts.append((say("sources", lang), [source.in_(lang) for source in document.sources]))
    hides = document.threshold > 1
    rule = say("threshold-value", lang, most=document.threshold - 1) if hides else say("threshold-none", lang)
    return [*facts, (say("threshold", lang), [rule])]


def _light(status: Any, lang: Lang) -> dict[str, str]:
    symbol, text = light(status, lang)
    return {"kind": status, "symbol": symbol, "text": text}


def _block(
    block: Paragraph | Table | Chart, document: Document, numbers: dict[str, str], lang: Lang
) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        lines = [" ".join(part.split()) for part in block.text.in_(lang).split("\n\n")]
        return {"is": "text", "lines": [line for line in lines if line]}
    common = {"id": block.id, "number": numbers[block.id], "title": block.title.in_(lang)}
    if isinstance(block, Chart):
        links = document.table(block.graph.links_id) if block.graph else None
        svg = chart_svg(block, document.table(block.table_id), lang, links)
        return common | {
            "is": "chart",
            "svg": Markup(svg) if svg else None,  # noqa: S704  drawn here, its texts escaped by the renderer
            "table_id": block.table_id,
            "data": say("chart-data", lang, table=numbers[block.table_id]),
        }
    drawn = any(chart.table_id == block.id for chart in document.charts())
    fold = drawn and len(block.rows) > _FOLD_ABOVE
    last_row = None if block.total_row is None else block.total_row % len(block.rows)
    return common | {
        "is": "table",
        "short": len(block.rows) <= _SHORT,
        "folded": f"{numbers[block.id]}: {say('show-rows', lang, rows=len(block.rows))}" if fold else "",
        "heads": [
            {"text": column.title.in_(lang), "classes": "n" if _right(block, index) else ""}
            for index, column in enumerate(block.columns)
        ],
        "rows": [
            {"total": index == last_row, "cells": _row(block, row, lang)}
            for index, row in enumerate(block.rows)
        ],
        "notes": [note.in_(lang) for note in block.notes],
        **_basis(block, numbers[block.id], lang),
    }


def _right(table: Table, index: int) -> bool:
    column = table.columns[index]
    if column.align is not None:
        return column.align == "right"
    cells = [row[index] for row in table.rows if row[index] is not None]
    return column.unit is not None or any(_is_number(cell) for cell in cells)


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, Figure | int | float) and not isinstance(cell, bool)


def _row(table: Table, row: Sequence[Cell], lang: Lang) -> list[dict[str, Any]]:
    total = None if table.total_column is None else table.total_column % len(table.columns)
    roomy = len(table.columns) <= _FEW_COLUMNS
    return [
        _cell(cell, column, lang, heading=i == 0, right=_right(table, i), total=i == total, roomy=roomy)
        for i, (cell, column) in enumerate(zip(row, table.columns, strict=True))
    ]


def _cell(
    cell: Cell, column: Column, lang: Lang, *, heading: bool, right: bool, total: bool, roomy: bool
) -> dict[str, Any]:
    figure = cell if isinstance(cell, Figure) else None
    text = cell_text(cell, column, lang)
    long = roomy and isinstance(cell, Text) and not heading and len(text) > _LONG
    names = (("n", right and not heading), ("sum", total), ("said", long))
    return {
        "tag": "th" if heading else "td",
        "classes": " ".join(name for name, on in names if on),
        "text": text,
        "light": _light(cell.status, lang) if isinstance(cell, Light) else None,
        "hidden": is_hidden(cell),
        "title": basis_text(figure, lang) if figure else "",
        "interval": interval_text(figure, column, lang) if figure else "",
        "links": _links(cell) if isinstance(cell, str) else [],
    }


def _links(text: str) -> list[dict[str, str]]:
    """The parts of a cell of sources, one or several with "; " between: addresses as links named by their host.

    Nothing for a cell without an address.
    """
    parts = text.split("; ")
    if not any(part.startswith(_ADDRESS) for part in parts):
        return []
    return [
        {"text": urlsplit(part).netloc.removeprefix("www."), "href": part}
        if part.startswith(_ADDRESS)
        else {"text": part, "href": ""}
        for part in parts
    ]


def _basis(table: Table, number: str, lang: Lang) -> dict[str, Any]:
    """Numerator, denominator and exclusions of every figure that has more to it than its value."""
    rows: list[list[str]] = []
    for row in table.rows:
        for column, cell in zip(table.columns[1:], row[1:], strict=True):
            if not isinstance(cell, Figure):
                continue
            excluded = excluded_text(cell, lang)
            if not (cell.denominator is not None or excluded or is_hidden(cell)):
                continue
            mark = HIDDEN_MARK if is_hidden(cell) else ""
            rows.append(
                [
                    cell_text(row[0], table.columns[0], lang),
                    column.title.in_(lang),
                    mark or part(cell.numerator, lang),
                    mark or part(cell.denominator, lang),
                    say("hidden", lang) if mark else excluded,
                    cell.method,
                ]
            )
    heads = ["row", "column", "numerator", "denominator", "excluded", "method"]
    if not any(row[-1] for row in rows):
        heads, rows = heads[:-1], [row[:-1] for row in rows]
    return {
        "basis": rows,
        "basis_title": say("basis-of", lang, table=number),
        "basis_heads": [
            {
                "text": say(f"basis-{head}", lang),
                "classes": "n" if head in ("numerator", "denominator") else "",
            }
            for head in heads
        ],
    }
