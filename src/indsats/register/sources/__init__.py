"""Readers of weekly registers: each layout as parts that can be read one by one, with their runs of codes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from indsats.problem import InputRefused, Problem
from indsats.progress import Progress

from ..weeks import LAST_WEEK, week_of_column
from .delimited import DelimitedSource
from .fixed_width import FixedWidthSource, Layout, layout_beside, open_fixed_width
from .given_spells import SpellsSource
from .long import LongSource
from .parquet import ParquetSource
from .sas import ENDINGS, SasSource, open_sas
from .source import Encoded, Part, Repair, Runs, Source
from .tables import Table, has_weeks, open_parquet, person_column
from .text import open_delimited

__all__ = [
    "DelimitedSource",
    "Encoded",
    "FixedWidthSource",
    "Layout",
    "LongSource",
    "ParquetSource",
    "Part",
    "Repair",
    "Runs",
    "SasSource",
    "Source",
    "SpellsSource",
    "open_source",
]

_TEXT = (".csv", ".tsv", ".txt", ".dat")
_FIXED = (".txt", ".dat")


def open_source(
    path: Path | str,
    *,
    layout: Layout | Mapping[str, Any] | Path | None = None,
    first_week: int | str | None = None,
    last_week: int | str | None = None,
    person: str = "person",
    progress: Progress | None = None,
) -> Source:
    """The register in a file, whatever its layout.

    The ending tells the format: ``.parquet``, ``.csv``, ``.tsv``, ``.txt`` and ``.dat`` (text of fixed width
    if it has a layout or no separators), ``.sas7bdat``, ``.dta``, ``.sav``. The columns tell the layout:
    ``y_YYWW`` a row a person, ``week`` a row a week, ``from`` and ``to`` a row a spell. ``person`` names the
    column of persons; ``pnr``, ``lobenr`` and ``recnr`` are known. ``layout`` is for text of fixed width.
    ``first_week`` and ``last_week`` (numbers, or names such as ``y_1401``) bound the long layout and spells,
    which do not tell them; other layouts do, and refuse them. ``progress`` is told of the bytes looked through
    in text files.

    Raises ``InputRefused`` with every problem that shows before the rows are read, and ``WeekError`` for a
    name that means no week.
    """
    path = Path(path)
    first, last = (
        week_of_column(week) if isinstance(week, str) else week for week in (first_week, last_week)
    )
    outside = [week for week in (first, last) if week is not None and not 0 <= week <= LAST_WEEK]
    if outside:
        what = f"week {outside[0]} is no week a register can have"
        remedy = f"Weeks are numbers from 0 (1991-W32) to {LAST_WEEK} (2089-W52), or names such as y_1401"
        raise InputRefused([Problem(what, remedy, path.name)])
    source = _open(path, layout, first, last, person, progress)
    if source.whole and (first is not None or last is not None):
        what = "a first or last week was given for a file whose columns tell its weeks"
        raise InputRefused([Problem(what, "Leave it out, or take the columns out of the file", path.name)])
    return source


def _open(
    path: Path,
    layout: Layout | Mapping[str, Any] | Path | None,
    first_week: int | None,
    last_week: int | None,
    person: str,
    progress: Progress | None,
) -> Source:
    ending = path.suffix.lower()
    if not path.is_file():
        raise InputRefused([Problem("there is no such file", "Check the name and the folder", path.name)])
    if ending in _FIXED and (layout is not None or layout_beside(path) or not _has_separators(path)):
        return open_fixed_width(path, layout)
    if layout is not None:
        what = "a layout was given for a file that tells its columns itself"
        raise InputRefused([Problem(what, "Leave the layout out", path.name)])
    if ending in ENDINGS:
        return open_sas(path, person)
    if ending == ".parquet":
        return _parquet(path, person, first_week, last_week)
    if ending in _TEXT:
        table = open_delimited(path, progress, person, ended=True)
        wide = person_column(path.name, table.names, person)
        return _not_wide(table, person, first_week, last_week) or DelimitedSource.of(table, wide)
    what = f"'{ending}' is no ending of a register file"
    remedy = f"Use .parquet, {', '.join((*_TEXT, *ENDINGS))}"
    raise InputRefused([Problem(what, remedy, path.name)])


def _parquet(path: Path, person: str, first_week: int | None, last_week: int | None) -> Source:
    try:
        names = pq.read_schema(path).names
    except (pa.ArrowException, OSError):
        return ParquetSource(path, person)  # tells what is wrong
    narrow = (
        None if has_weeks(names) else _not_wide(open_parquet(path, person), person, first_week, last_week)
    )
    return narrow or ParquetSource(path, person_column(path.name, names, person))


def _not_wide(
    table: Table, person: str, first_week: int | None, last_week: int | None
) -> LongSource | SpellsSource | None:
    """The source of a table that has no column of a week, if its columns make one."""
    names = {name.strip().lower() for name in table.names}
    if has_weeks(table.names):
        return None
    if {"from", "to"} <= names:
        return SpellsSource(table, person, first_week, last_week)
    return LongSource(table, person, first_week, last_week) if "week" in names else None


def _has_separators(path: Path) -> bool:
    with path.open("rb") as file:
        heading = file.readline(1_000_000)
    return any(sign in heading for sign in (b",", b";", b"\t"))
