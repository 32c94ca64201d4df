"""Writes a record to a data folder that imports again unchanged."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import polars as pl

from indsats.problem import InputRefused, Problem
from indsats.progress import Progress

from . import tables
from .files import FORMATS, MASTER
from .record import Record
from .storing import folder_written_whole

Format = Literal["csv", "parquet", "xlsx"]

EXCEL_ROWS = 1_048_575
"""Rows below the heading that a sheet can hold."""

_TIME_TEXT = "%Y-%m-%dT%H:%M:%S%.6fZ"


def write_record(
    record: Record,
    folder: Path,
    format: Format = "csv",  # noqa: A002 (the name users of tables expect)
    progress: Progress | None = None,
) -> None:
    """Writes facts, persons, sites and ``dataset.json`` to a data folder, replacing those that were there.

    Rows are ordered by id and version, so that the same record always gives the same CSV and Parquet bytes.
    Other files of the folder stay. The folder is replaced whole: killed half-way, the old one is intact.
    Raises ValueError when a table has more rows than an Excel sheet can hold, InputRefused when an earlier
    write had been interrupted and the folder was put back: the caller may not have seen what was in it.
    """
    write = _WRITERS[format]
    facts = {kind: table for kind, table in sorted(record.facts.items()) if not table.is_empty()}
    largest = max((table.height for table in facts.values()), default=0)
    if format == "xlsx" and largest > EXCEL_ROWS:
        raise ValueError(f"{largest:,} facts of one kind are more than an Excel sheet holds; write parquet")

    def into(beside: Path) -> None:
        (beside / "facts").mkdir()
        for done, (kind, table) in enumerate(facts.items()):
            if progress:
                progress(done, len(facts) + 1, f"writing {kind}")
            write(table.sort("id", "version"), beside / "facts" / f"{kind}.{format}", kind)
        for name, table in (("persons", record.persons), ("sites", record.sites)):
            if not table.is_empty():
                write(table.sort(table.columns[0]), beside / f"{name}.{format}", name)
        said = {
            "programme": record.programme.programme,
            "version": record.programme.version,
            "synthetic": record.synthetic,
        }
        (beside / "dataset.json").write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")

    folder_written_whole(folder, into, _ours)
    if progress:
        progress(len(facts) + 1, len(facts) + 1, "done")


def write_table(table: pl.DataFrame, path: Path) -> None:
    """Writes any table to one CSV, Parquet or Excel file, by the ending of its name; replaces one that is there.

    The file is replaced whole, and its folder made where there is none. Raises InputRefused for another ending, for
    more rows than a sheet can hold, and for a folder that cannot be made.
    """
    write = _WRITERS.get(path.suffix.lower().removeprefix("."))
    if write is None:
        what = f"'{path.name}' does not say in which format to write"
        raise InputRefused(
            [Problem(what, f"Let its name end with one of {', '.join(FORMATS)}", file=str(path))]
        )
    if path.suffix.lower() == ".xlsx" and table.height > EXCEL_ROWS:
        what = f"{table.height:,} rows are more than an Excel sheet holds"
        raise InputRefused([Problem(what, "Write .parquet or .csv", file=str(path))])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as failed:
        what = f"the folder '{path.parent}' cannot be made"
        raise InputRefused(
            [Problem(what, "Give a file in a folder you may write to", file=str(path))]
        ) from failed
    unfinished = path.with_name(f".{path.stem}.part{path.suffix.lower()}")
    try:
        write(table, unfinished, "table")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _ours(entry: Path) -> bool:
    return entry.name in ("facts", "dataset.json") or (entry.stem in MASTER and entry.suffix in FORMATS)


def _csv(table: pl.DataFrame, path: Path, name: str) -> None:  # noqa: ARG001
    table.write_csv(path, datetime_format=_TIME_TEXT, date_format="%Y-%m-%d")


def _parquet(table: pl.DataFrame, path: Path, name: str) -> None:  # noqa: ARG001
    table.write_parquet(path, compression="zstd", statistics=False)


def _xlsx(table: pl.DataFrame, path: Path, name: str) -> None:
    """Times as text (Excel keeps milliseconds), and numbers as text where a cell would round them."""
    exact = [pl.col(tables.TIME).dt.strftime(_TIME_TEXT)]
    for column in (name for name, type_ in table.schema.items() if type_ == pl.Float64):
        if (table[column].round(9) != table[column]).any():
            exact.append(pl.col(column).cast(pl.String))
    table.with_columns(exact).write_excel(
        path,
        worksheet=name,
        dtype_formats={pl.Date: "yyyy-mm-dd", pl.Float64: "General", pl.Int64: "0"},
        autofit=table.height < 10_000,
    )


_WRITERS: dict[str, Callable[[pl.DataFrame, Path, str], None]] = {
    "csv": _csv,
    "parquet": _parquet,
    "xlsx": _xlsx,
}
