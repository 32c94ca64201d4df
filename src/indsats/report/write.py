"""A document as files: report.html, results.json and tables/<id>.csv, all from the protected document."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from indsats.figure import Figure
from indsats.language import LANGUAGES, Lang
from indsats.programme import Text
from indsats.progress import Progress

from .disclosure import protect
from .document import Cell, Document, Light, ProtectedFigure, Table
from .formats import HIDDEN_MARK, is_hidden
from .html import Switch, render_html

_TABLE_FILE = re.compile(r"^tables/[a-z0-9][a-z0-9_-]*\.csv$")

_STEP = "protecting and writing the report"


def write(
    document: Document,
    out: Path,
    lang: Lang = "da",
    *,
    both: bool = False,
    progress: Progress | None = None,
) -> tuple[Path, ...]:
    """Protect a document and write it into the folder ``out``; the paths written, the page first.

    ``report.html`` is in ``lang``; with ``both`` there is ``report.<other>.html`` beside it, and each page
    links to the other. Every file is written under another name and then put in place, so that a reader or
    a broken run never meets half a file. Tables of an earlier report that are no longer part of it are
    removed; other files in ``out`` are left alone. The same document gives the same bytes.
    ``progress(done, total, what)`` is told of each step.
    """
    tell = progress or (lambda _done, _total, _what: None)
    steps = 3 + both
    tell(0, steps, _STEP)
    document = protect(document)
    tell(1, steps, _STEP)
    other: Lang = next(one for one in LANGUAGES if one != lang)
    beside = f"report.{other}.html"
    contents = {"report.html": render_html(document, lang, Switch(beside, other) if both else None)}
    tell(2, steps, _STEP)
    if both:
        contents[beside] = render_html(document, other, Switch("report.html", lang))
    contents |= {_file(table): table_csv(table) for table in document.tables()}
    contents["results.json"] = results_json(document)
    tell(steps - 1, steps, _STEP)
    former = _former_tables(out)
    for name, text in contents.items():
        _put(out / name, text)
    for name in sorted(former - contents.keys()):
        (out / name).unlink(missing_ok=True)
    tell(steps, steps, _STEP)
    return tuple(out / name for name in contents)


def results_json(document: Document) -> str:
    """Every figure of a protected document once, in reading order, and an index of its tables, as JSON text.

    ``value`` of a share is between 0 and 1. ``hidden`` figures have no numbers; ``few`` names reasons of
    exclusion whose number of rows is not shown. ``status`` has a row for each light. ``definition``, ``data_end`` and
    ``recorded_until`` tell what the report can be made again from. Raises ``ValueError`` for an unprotected document.
    """
    _must_be_protected(document)
    figures: dict[str, dict[str, Any]] = {}
    for table in document.tables():
        for figure in table.figures():
            figures.setdefault(figure.id, _figure(figure))
    basis = document.basis
    content = {
        "programme": document.programme,
        "version": document.version,
        "title": _text(document.title),
        "period": str(document.period) if document.period else None,
        "known": _moment(document.known),
        "synthetic": document.synthetic,
        "threshold": document.threshold,
        "definition": basis.definition if basis else None,
        "data_end": basis.data_end.isoformat() if basis else None,
        "recorded_until": _moment(basis.recorded_until) if basis else None,
        "figures": list(figures.values()),
        "status": list(_status(document)),
        "tables": [
            {
                "id": table.id,
                "number": number,
                "title": _text(table.title),
                "file": _file(table),
                "rows": len(table.rows),
                "columns": [
                    {"id": column.id, "title": _text(column.title), "unit": column.unit}
                    for column in table.columns
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

    A column whose figures have denominators is followed by ``<id>.numerator`` and ``<id>.denominator``. A
    hidden number is ``•``, no number is empty, a light its status. Texts are in Danish and English, in
    columns ``<id>`` and ``<id>.en``.
    """
    plans = [(index, *_shape(table, index)) for index in range(len(table.columns))]
    heading: list[str] = []
    for index, has_parts, has_texts in plans:
        key = table.columns[index].id
        heading.append(key)
        heading += [f"{key}.numerator", f"{key}.denominator"] if has_parts else []
        heading += [f"{key}.en"] if has_texts else []
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(heading)
    for row in table.rows:
        line: list[str] = []
        for index, has_parts, has_texts in plans:
            cell = row[index]
            line.append(_plain(cell, "da"))
            if has_parts:
                hidden, figure = is_hidden(cell), cell if isinstance(cell, Figure) else None
                for value in (figure.numerator, figure.denominator) if figure else (None, None):
                    line.append(HIDDEN_MARK if hidden else _plain(value, "da"))
            if has_texts:
                line.append(_plain(cell, "en"))
        writer.writerow(line)
    return target.getvalue()


def _must_be_protected(document: Document) -> None:
    if not document.protected:
        raise ValueError("protect the document before it is written")


def _file(table: Table) -> str:
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


def _shape(table: Table, index: int) -> tuple[bool, bool]:
    cells = [row[index] for row in table.rows]
    parts = any(isinstance(cell, Figure) and (cell.denominator is not None) for cell in cells)
    return parts, any(isinstance(cell, Text) for cell in cells)


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


def _former_tables(out: Path) -> set[str]:
    """Tables that an earlier results.json in the folder says it wrote; none when there is none to read."""
    try:
        names = [
            table["file"]
            for table in json.loads((out / "results.json").read_text(encoding="utf-8"))["tables"]
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return {name for name in names if isinstance(name, str) and _TABLE_FILE.match(name)}


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
