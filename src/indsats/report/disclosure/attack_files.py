"""The attack on finished reports, from the files that leave the house: results.json and what is written in tables/."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from indsats.problem import InputRefused, Problem
from indsats.programme import DisclosureRules, Text

from ..document import Cell, Column, Document, ProtectedFigure, Section, Table
from ..results import RESULTS
from .attack import Found, attack


def attack_files(folders: Sequence[Path], *, threshold: int | None = None) -> tuple[Found, ...]:
    """What a reader of all these report folders can find out; see ``attack``. The threshold is the one they name.

    Sums that only the definition knows are not in the files, so ``attack`` on the document finds more.
    Raises ``InputRefused`` where a folder holds no report.
    """
    return attack([read_report(folder) for folder in folders], threshold=threshold)


def read_report(folder: Path) -> Document:
    """A report as its files tell it, without texts, charts and named totals.

    Raises ``InputRefused`` where results.json or a table is missing or was written by another version.
    """
    place = folder / RESULTS
    try:
        content = json.loads(place.read_text(encoding="utf-8"))
        figures = {one["id"]: _figure(one) for one in content["figures"]}
        tables = tuple(_table(folder, one, figures) for one in content["tables"])
        return Document(
            title=Text(**content["title"]),
            programme=content["programme"],
            version=content["version"],
            period=None,
            sections=(Section(Text(**content["title"]), tables),),
            threshold=content["threshold"],
            synthetic=content["synthetic"],
            rules=DisclosureRules(rounding=content["rounding"]),
            adds_up=frozenset(content["adds_up"]),
            protected=True,
        )
    except OSError as error:
        _refuse(Path(error.filename or place), "there is no such file to read", error)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        _refuse(place, "this is no report that this version wrote", error)


def _refuse(place: Path, what: str, error: Exception) -> NoReturn:
    remedy = "name the folder of a report that `indsats run` wrote, or write the report again"
    raise InputRefused([Problem(what, remedy, file=str(place))]) from error


def _figure(one: dict[str, Any]) -> ProtectedFigure:
    names = ("id", "value", "unit", "numerator", "denominator", "excluded", "of", "hidden")
    return ProtectedFigure(**{name: one[name] for name in names}, few=tuple(one["few"]))


def _table(folder: Path, one: dict[str, Any], figures: dict[str, ProtectedFigure]) -> Table:
    """Figures where results.json names them; the texts beside them are the CSV file's."""
    columns = tuple(Column(c["id"], Text(**c["title"]), unit=c["unit"]) for c in one["columns"])
    with (folder / one["file"]).open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    rows: list[tuple[Cell, ...]] = [
        tuple(
            figures[key] if key is not None else line[column.id]
            for column, key in zip(columns, cells, strict=True)
        )
        for line, cells in zip(lines, one["cells"], strict=True)
    ]
    return Table(one["id"], Text(**one["title"]), columns, tuple(rows))
