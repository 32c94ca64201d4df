"""A protected document as data: results.json with every figure, and a CSV file for each table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from indsats.figure import Figure
from indsats.language import Lang
from indsats.programme import Text

from .document import Cell, Document, Light, ProtectedFigure, Table
from .formats import HIDDEN_MARK, is_hidden

RESULTS = "results.json"
"""The file that holds every figure of a report, and what it was made from."""


def results_json(document: Document, how: Mapping[str, Any] | None = None) -> str:
    """Every figure of a protected document once, those of tables first, and an index of its tables, as JSON text.

    ``value`` of a share is between 0 and 1. ``hidden`` figures have no numbers; ``few`` names reasons of
    exclusion whose number of rows is not shown; ``cells`` of a table names the figure of each cell. ``status`` has a
    row for each light. ``definition``, ``data_end`` and ``recorded_until`` tell what the report can be made again
    from. Raises ``ValueError`` for an unprotected document.
    """
    must_be_protected(document)
    figures, basis = document.figures(), document.basis
    content = {
        "programme": document.programme,
        "version": document.version,
        "report": document.report,
        "about": document.about,
        "title": _text(document.title),
        "period": str(document.period) if document.period else None,
        "known": _moment(document.known),
        "synthetic": document.synthetic,
        "threshold": document.threshold,
        "rounding": document.rules.rounding,
        "adds_up": sorted(document.adds_up & figures.keys()),
        "definition": basis.definition if basis else None,
        "data_end": basis.data_end.isoformat() if basis and basis.data_end else None,
        "recorded_until": _moment(basis.recorded_until) if basis else None,
        "code": basis.code if basis else None,
        "inputs": dict(basis.inputs) if basis else {},
        "how": dict(how or {}),
        "figures": [_figure(figure) for figure in figures.values()],
        "status": list(_status(document)),
        "tables": [
            {
                "id": table.id,
                "number": number,
                "title": _text(table.title),
                "file": table_file(table),
                "rows": len(table.rows),
                "columns": [
                    {"id": column.id, "title": _text(column.title), "unit": column.unit}
                    for column in table.columns
                ],
                "cells": [
                    [cell.id if isinstance(cell, Figure) else None for cell in row] for row in table.rows
                ],
            }
            for number, table in enumerate(document.tables(), start=1)
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _moment(time: datetime | None) -> str | None:
    if time is None:
        return None
    return (time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)).isoformat()


def _status(document: Document) -> Iterator[dict[str, Any]]:
    """Each light with the ids of the figures it holds against each other: the level and its target."""
    for table in document.tables():
        for row in table.rows:
            ids = [cell.id for cell in row if isinstance(cell, Figure)]
            level = next((name for name in ids if name.startswith("indicator/")), None)
            target = next((name for name in ids if name.startswith("target/")), None)
            for cell in row:
                if isinstance(cell, Light):
                    yield {"figure": cell.of or level, "target": target, "status": cell.status}


def table_csv(table: Table) -> str:
    """A table of a protected document as CSV text: column ids as heading, numbers unrounded with a point.

    A column whose figures have denominators is followed by ``<id>.numerator`` and ``<id>.denominator``, one with
    intervals (of ranks too) by ``<id>.low`` and ``<id>.high``. A hidden number is ``•``, no number is empty, a light
    its status. Texts are in Danish and English, in columns ``<id>`` and ``<id>.en``.
    """
    plans = [(index, *_shape(table, index)) for index in range(len(table.columns))]
    heading: list[str] = []
    for index, parts, has_texts in plans:
        key = table.columns[index].id
        heading.append(key)
        heading += [f"{key}.{part}" for part in parts]
        heading += [f"{key}.en"] if has_texts else []
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(heading)
    for row in table.rows:
        line: list[str] = []
        for index, parts, has_texts in plans:
            cell = row[index]
            line.append(_plain(cell, "da"))
            for part in parts:
                value = getattr(cell, part) if isinstance(cell, Figure) else None
                line.append(HIDDEN_MARK if is_hidden(cell) else _plain(value, "da"))
            if has_texts:
                line.append(_plain(cell, "en"))
        writer.writerow(line)
    return target.getvalue()


def must_be_protected(document: Document) -> None:
    """Raises ``ValueError`` for a document that still has its true figures."""
    if not document.protected:
        raise ValueError("protect the document before it is written")


def table_file(table: Table) -> str:
    """Where a table's CSV file lies, from the folder of the report."""
    return f"tables/{table.id}.csv"


def _text(text: Text) -> dict[str, str]:
    return {"da": text.da, "en": text.en}


def _tidy(value: float | None) -> float | int | None:
    """Whole numbers without ``.0``, so that counts read as counts."""
    return int(value) if value is not None and float(value).is_integer() else value


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "id": figure.id,
        "value": _tidy(figure.value),
        "unit": figure.unit,
        "of": figure.of,
        "numerator": _tidy(figure.numerator),
        "denominator": _tidy(figure.denominator),
        "excluded": dict(figure.excluded),
        "few": list(figure.few) if isinstance(figure, ProtectedFigure) else [],
        "low": _tidy(figure.low),
        "high": _tidy(figure.high),
        "p": figure.p,
        "hidden": is_hidden(figure),
        "method": figure.method,
    }


def _shape(table: Table, index: int) -> tuple[tuple[str, ...], bool]:
    """The parts of its figures that a column's value is followed by, and whether it has texts."""
    cells = [row[index] for row in table.rows]
    figures = [cell for cell in cells if isinstance(cell, Figure)]
    shares = ("numerator", "denominator") if any(one.denominator is not None for one in figures) else ()
    ends = ("low", "high") if any(one.low is not None and one.high is not None for one in figures) else ()
    return (*shares, *ends), any(isinstance(cell, Text) for cell in cells)


def _plain(cell: Cell, lang: Lang) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Figure):
        return HIDDEN_MARK if is_hidden(cell) else _plain(cell.value, lang)
    if isinstance(cell, Light):
        return cell.status
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, int | float):
        return str(_tidy(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    text = cell.in_(lang) if isinstance(cell, Text) else cell
    # a spreadsheet would run a text that begins like a formula
    return f"'{text}" if text[:1] in ("=", "+", "@", "\t", "\r") else text
