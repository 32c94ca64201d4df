"""Adds, corrects and withdraws facts in a record: each gives a new record or refuses with every problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from indsats.problem import InputRefused, Problem
from indsats.progress import Progress

from . import tables, versions
from .files import RawTable
from .findings import ROW, choose, masked
from .intake import Recorded, take_in
from .kinds import KINDS
from .record import Record, empty_record
from .tables import ANSWER

Rows = pl.DataFrame | Sequence[Mapping[str, Any]]


def added(
    record: Record, kind: str, rows: Rows, *, recorded_at: datetime, recorded_by: str, source: str
) -> Record:
    """See ``Record.add``."""
    _zoned(recorded_at)
    table = _raw(record, kind, rows)
    return take_in(record, [table], Recorded(recorded_at, recorded_by, source))


def record_from_tables(
    programme: Any,
    facts: Mapping[str, Rows],
    *,
    persons: pl.DataFrame | None = None,
    sites: pl.DataFrame | None = None,
    synthetic: bool = False,
    recorded_at: datetime | None = None,
    recorded_by: str = "import",
    source: str = "tables",
    progress: Progress | None = None,
) -> Record:
    """A record made at once of tables by kind, checked together; for simulations and tests.

    Rows may bring their own recorded columns. Without those and without ``recorded_at`` a fact counts as
    recorded on the day it began. Raises InputRefused with every problem found.
    """
    if recorded_at is not None:
        _zoned(recorded_at)
    record = empty_record(programme, None, sites, synthetic=synthetic)
    given = [_raw(record, kind, rows) for kind, rows in facts.items()]
    if persons is not None:
        given.insert(0, RawTable("persons", "", persons.with_row_index(ROW, offset=2)))
    return take_in(record, given, Recorded(recorded_at, recorded_by, source), progress=progress)


def corrected(
    record: Record,
    fact_id: str,
    changes: Mapping[str, Any],
    *,
    recorded_at: datetime,
    recorded_by: str,
    source: str,
    version: int | None = None,
) -> Record:
    """See ``Record.correct``."""
    _zoned(recorded_at)
    kind, old = _open_version(record, fact_id, version, recorded_at)
    fixed = {*tables.KEY, *tables.RECORDED}
    allowed = [name for name in record.table(kind).columns if name not in fixed]
    changes = _answers_apart(changes)
    wrong = [name for name in changes if name not in allowed]
    if wrong:
        raise InputRefused(
            Problem(
                f"'{name}' is not something a correction can change",
                choose(name, allowed, "field"),
                field=name,
            )
            for name in wrong
        )
    row = versions.next_version(
        old,
        changes,
        recorded_at=recorded_at,
        recorded_by=recorded_by,
        source=source,
    )
    return _followed(record, kind, row, Recorded(recorded_at, recorded_by, source))


def withdrawn(
    record: Record,
    fact_id: str,
    *,
    recorded_at: datetime,
    recorded_by: str,
    source: str,
    version: int | None = None,
) -> Record:
    """See ``Record.withdraw``."""
    _zoned(recorded_at)
    kind, old = _open_version(record, fact_id, version, recorded_at)
    row = versions.withdrawal(old, recorded_at=recorded_at, recorded_by=recorded_by, source=source)
    return _followed(record, kind, row, Recorded(recorded_at, recorded_by, source))


def _followed(record: Record, kind: str, row: Mapping[str, Any], recorded: Recorded) -> Record:
    return take_in(record, [_raw(record, kind, [row])], recorded)


def _open_version(
    record: Record, fact_id: str, version: int | None, recorded_at: datetime
) -> tuple[str, dict[str, Any]]:
    """The kind and the version in view of a fact, or InputRefused when it cannot be followed by another."""
    for kind, table in record.facts.items():
        found = table.filter(pl.col("id") == fact_id).sort("version")
        if found.is_empty():
            continue
        last = found.row(-1, named=True)
        if last["replaced_at"] is not None:
            raise _refused(
                fact_id, "the fact has been withdrawn", "Record a new fact if it was true after all."
            )
        if version is not None and version != last["version"]:
            raise _refused(
                fact_id,
                f"version {version} has been replaced; the fact is now at version {last['version']}",
                "Look at the newest version and correct that one if it is still wrong.",
            )
        if recorded_at <= last["recorded_at"]:
            raise _refused(
                fact_id,
                "the change is recorded no later than the version it replaces",
                "A correction is recorded after what it corrects; check the time.",
            )
        return kind, last
    raise _refused(fact_id, "there is no fact with this id in the record", "Check the id.")


def _raw(record: Record, kind: str, rows: Rows) -> RawTable:
    """Rows as a table with row numbers, or InputRefused for fields the kind does not have."""
    if kind not in KINDS:
        raise InputRefused([Problem(f"'{kind}' is no kind of fact", choose(kind, KINDS, "kind"))])
    if not isinstance(rows, pl.DataFrame):
        rows = pl.DataFrame([_answers_apart(row) for row in rows], infer_schema_length=None, strict=False)
    # a fact of an earlier programme version is corrected with the columns that only that version had
    known = {**tables.schema(kind, record.programme), **record.table(kind).schema}
    unknown = [name for name in rows.columns if name not in known and not name.startswith(ANSWER)]
    if unknown:
        raise InputRefused(
            Problem(
                f"'{name}' is not a field of '{kind}'",
                choose(name, [field for field in known if field not in rows.columns], "field"),
                field=name,
            )
            for name in unknown
        )
    return RawTable(kind, "", rows.with_row_index(ROW, offset=2))


def _answers_apart(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row in which ``answers: {item: value}`` has become one ``answer.<item>`` per item."""
    answers = row.get("answers") or {}
    return {name: value for name, value in row.items() if name != "answers"} | {
        ANSWER + item: value for item, value in answers.items()
    }


def _zoned(time: datetime) -> None:
    if time.tzinfo is None:
        raise ValueError("recorded_at needs its zone, such as datetime(2016, 10, 1, 9, 30, tzinfo=UTC)")


def _refused(fact_id: str, what: str, remedy: str) -> InputRefused:
    return InputRefused([Problem(what, remedy, field="id", value=masked(fact_id))])
