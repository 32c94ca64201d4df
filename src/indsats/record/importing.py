"""Reads data folders and import files into a record: everything or nothing, and a list of what is wrong."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import polars as pl

from indsats.problem import InputRefused, Problem
from indsats.programme import Programme
from indsats.progress import Progress

from . import tables
from .asked import answered_elsewhere
from .files import FORMATS, MASTER, Headings, RawTable, read_raw, what_it_holds
from .findings import choose, masked
from .forms import FORM_KINDS
from .intake import Recorded, take_in
from .kinds import KINDS
from .payload import payload_fields
from .record import Record, empty_record
from .storing import recovered, written_whole

ERROR_COLUMNS = ("file", "row", "column", "value", "what", "remedy")
"""The columns of the error file."""


def read_record(folder: Path, programme: Programme, progress: Progress | None = None) -> Record:
    """The record in a data folder, every fact checked; ``progress(done, total, what)`` is told of each step.

    ``folder/facts/<kind>.csv|xlsx|parquet`` with ``folder/persons.*``, ``folder/sites.*`` and
    ``folder/dataset.json`` where they exist. Facts that do not say when they were recorded count as recorded
    on the day they began. Raises InputRefused with every problem found.
    """
    recovered(folder)
    if not folder.is_dir():
        raise InputRefused(
            [
                Problem(
                    "there is no such data folder", "Check the path given as data folder.", file=str(folder)
                )
            ]
        )
    synthetic = _dataset(folder, programme)
    paths = [
        path for name in MASTER for path in sorted(folder.glob(f"{name}.*")) if path.suffix.lower() in FORMATS
    ]
    facts = folder / "facts"
    paths += sorted(path for path in facts.glob("*") if path.is_file() and path.name[0] not in ".~")
    given, found, following = _read(paths, programme, progress)
    found += _two_formats(paths)
    if not paths:
        found.append(
            Problem(
                "the data folder holds no facts",
                f"Put files named after their kind in {facts.name}/, such as {facts.name}/enrolled.csv.",
                file=str(folder),
            )
        )
    record = empty_record(programme, synthetic=synthetic)
    return take_in(record, given, Recorded(None, "import"), before=found, progress=following)


def import_files(
    paths: Sequence[Path],
    programme: Programme,
    into: Record | None = None,
    errors_to: Path | None = None,
    *,
    recorded_at: datetime,
    recorded_by: str,
    progress: Progress | None = None,
) -> Record:
    """A record with the facts of all files, or InputRefused and nothing of any of them.

    Files are named after what they hold (``meeting.csv``, ``meeting-2016-05.xlsx``, ``persons.parquet``).
    Columns id, version, recorded_at, … are filled in where absent: ids are made of the content, so a file
    imported twice is refused. A row with the id of a fact in the record and its next version number is a
    correction. On refusal every problem is also written to ``errors_to``, a CSV with the columns
    ``ERROR_COLUMNS``; nothing else is ever written. ``recorded_at`` needs its zone (else ValueError).
    """
    if recorded_at.tzinfo is None:
        raise ValueError("recorded_at needs its zone, such as datetime(2016, 10, 1, 9, 30, tzinfo=UTC)")
    record = empty_record(programme) if into is None else into.under(programme)
    try:
        given, found, following = _read(paths, programme, progress)
        recorded = Recorded(recorded_at, recorded_by)
        return take_in(record, given, recorded, before=found, progress=following)
    except InputRefused as refused:
        if errors_to is not None:
            write_problems(refused.problems, errors_to)
        raise


def write_problems(problems: Sequence[Problem], path: Path) -> None:
    """Problems as a CSV that Excel opens rightly (UTF-8 with a mark at its beginning).

    Values that a spreadsheet would take for a formula are led by an apostrophe.
    """
    rows = [
        {
            "file": problem.file,
            "row": problem.row,
            "column": problem.field,
            "value": problem.value,
            "what": problem.what,
            "remedy": problem.remedy,
        }
        for problem in problems
    ]
    schema = {name: pl.Int64 if name == "row" else pl.String for name in ERROR_COLUMNS}
    frame = pl.DataFrame(rows, schema=schema).with_columns(
        pl.col(pl.String).str.replace(r"^([=+\-@\t\r])", "'${1}")
    )
    text = frame.write_csv(include_bom=True)
    written_whole(path, text.encode())


def _read(
    paths: Sequence[Path], programme: Programme, progress: Progress | None
) -> tuple[list[RawTable], list[Problem], Progress | None]:
    """The files' cells, what is wrong with whole files, and the progress for what follows."""
    given: list[RawTable] = []
    found: list[Problem] = []
    ahead = len(paths) * 2 + 1
    for step, path in enumerate(paths):
        if progress:
            progress(step, len(paths) + ahead, f"reading {path.name}")
        try:
            given.append(read_raw(path, headings(what_it_holds(path), programme)))
        except InputRefused as refused:
            found += refused.problems

    def following(done: int, total: int, what: str) -> None:
        if progress:
            progress(len(paths) + done, len(paths) + total, what)

    return given, found, following


def headings(holds: str, programme: Programme) -> Headings:
    """The columns a file may have, and those it must have."""
    if holds == "persons":
        return Headings(list(tables.PERSONS), ["person"])
    if holds == "sites":
        return Headings(list(tables.SITES), ["site", "unit"])
    model = KINDS[holds]
    required = ["person"] * model.needs_person + ["enrolment"] * model.needs_enrolment
    required += ["site"] * model.needs_site + ["occurred_from"]
    required += [field.name for field in payload_fields(holds) if field.required]
    has_form = holds in FORM_KINDS and programme.version > 1

    def earlier(name: str) -> bool:
        return has_form or name.startswith(tables.ANSWER)

    columns = list(tables.schema(holds, programme))
    return Headings(columns, required, answered_elsewhere(holds, programme), earlier)


def _two_formats(paths: Sequence[Path]) -> list[Problem]:
    """The same table twice in a folder, in two formats: nobody can tell which is meant."""
    stems = Counter(path.with_suffix("") for path in paths)
    return [
        Problem(
            "the table stands in the folder in two formats",
            "Keep one of them; which is right cannot be told from here.",
            file=path.name,
        )
        for path in paths
        if stems[path.with_suffix("")] > 1
    ]


def _dataset(folder: Path, programme: Programme) -> bool:
    """Whether the folder's data are synthetic; InputRefused when they belong to another programme."""
    path = folder / "dataset.json"
    if not path.is_file():
        return False
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        of, version, synthetic = said["programme"], int(said.get("version", 1)), bool(said["synthetic"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputRefused(
            [
                Problem(
                    "the file does not say which programme the data belong to",
                    'Write {"programme": "<id>", "version": 1, "synthetic": false}.',
                    file=path.name,
                )
            ]
        ) from error
    found: list[Problem] = []
    if of != programme.programme:
        found.append(
            Problem(
                f"the data belong to another programme than '{programme.programme}'",
                f"Choose the right definition. {choose(of, [programme.programme], 'programme')}",
                file=path.name,
                field="programme",
                value=masked(of),
            )
        )
    elif version > programme.version:
        found.append(
            Problem(
                f"the data are of version {version}, and the definition is version {programme.version}",
                "Use the newest version of the definition.",
                file=path.name,
                field="version",
                value=str(version),
            )
        )
    if found:
        raise InputRefused(found)
    return synthetic
