"""A table as its page shows it: cells with what is behind each number, status in words and shape, and the basis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from indsats.figure import Figure, Status
from indsats.language import Lang
from indsats.programme import Text

from .around import BASIS_HEADS, basis_rows, links, set_right
from .document import Cell, Column, Light, Table
from .formats import basis_text, cell_text, interval_text, is_hidden
from .texts import light, say

_FOLD_ABOVE = 20
"""Tables behind a chart with more rows than this are folded away on screen."""
_LONG = 40
"""Words in a cell that are longer than this are given room, so that they do not run down the page."""
_FEW_COLUMNS = 6
"""With more columns there is no room to give."""
_SHORT = 15
"""Tables with this many rows or fewer stay on one sheet of paper."""


def table_parts(table: Table, number: str, lang: Lang, *, drawn: bool) -> dict[str, Any]:
    """What the page's template sets; ``number`` is ``Tabel 1``, ``drawn`` says that a chart shows the numbers too."""
    fold = drawn and len(table.rows) > _FOLD_ABOVE
    last_row = None if table.total_row is None else table.total_row % len(table.rows)
    basis = basis_rows(table, lang)
    heads = BASIS_HEADS if any(row[-1] for row in basis) else BASIS_HEADS[:-1]
    return {
        "is": "table",
        "id": table.id,
        "number": number,
        "title": table.title.in_(lang),
        "short": len(table.rows) <= _SHORT,
        "folded": f"{number}: {say('show-rows', lang, rows=len(table.rows))}" if fold else "",
        "heads": [
            {"text": column.title.in_(lang), "classes": "n" if set_right(table, index) else ""}
            for index, column in enumerate(table.columns)
        ],
        "rows": [
            {"total": index == last_row, "cells": _row(table, row, lang)}
            for index, row in enumerate(table.rows)
        ],
        "source": table.source.in_(lang) if table.source else "",
        "notes": [note.in_(lang) for note in table.notes],
        "basis": [row[: len(heads)] for row in basis],
        "basis_title": say("basis-of", lang, table=number),
        "basis_heads": [say(f"basis-{head}", lang) for head in heads],
    }


def light_parts(status: Status, lang: Lang) -> dict[str, str]:
    """A traffic light: kind, symbol and words."""
    symbol, text = light(status, lang)
    return {"kind": status, "symbol": symbol, "text": text}


def _row(table: Table, row: Sequence[Cell], lang: Lang) -> list[dict[str, Any]]:
    total = None if table.total_column is None else table.total_column % len(table.columns)
    roomy = len(table.columns) <= _FEW_COLUMNS
    return [
        _cell(cell, column, lang, heading=i == 0, right=set_right(table, i), total=i == total, roomy=roomy)
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
        "light": light_parts(cell.status, lang) if isinstance(cell, Light) else None,
        "hidden": is_hidden(cell),
        "title": basis_text(figure, lang) if figure else "",
        "interval": interval_text(figure, column, lang) if figure else "",
        "links": links(cell) if isinstance(cell, str) else [],
        "figure": figure.id if figure else getattr(cell, "of", ""),
    }
