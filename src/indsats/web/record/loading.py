"""A data folder into the database, whole: the way existing data come under the server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from django.db import connection, transaction

from indsats.problem import InputRefused, Problem
from indsats.progress import Progress
from indsats.record import PERSONS, SITES, Record, payload_columns

from .. import clock
from ..models import Fact, Person, PersonToken, Served, Site, folded

_FACT = [field.column for field in Fact._meta.concrete_fields if field.column != "id"]
_ROWS = 20000
"""How many rows are sent to the database at a time."""


def load_record(
    record: Record, definition: Path, names: Mapping[str, str] | None = None, progress: Progress | None = None
) -> int:
    """Bring a checked record into the database under the definition in the folder ``definition``; gives its facts.

    All or nothing. ``names`` are persons' names by number. Persons another programme has brought keep what is known
    of them. Raises ``InputRefused`` when the programme has facts already.
    """
    programme = record.programme.programme
    if Fact.objects.filter(programme=programme).exists():
        raise InputRefused(
            [
                Problem(
                    f"the database has facts of '{programme}' already",
                    "Bring further facts in as lists on the intake page, or start with an empty database.",
                )
            ]
        )
    total = sum(table.height for table in record.facts.values())
    with transaction.atomic():
        Served.objects.update_or_create(
            programme=programme,
            defaults={"definition": str(definition), "synthetic": record.synthetic, "since": clock.now()},
        )
        _sites(record)
        keys = _persons(record, names or {})
        done = 0
        for kind, table in record.facts.items():
            for rows in _rows(table, kind, record, keys):
                if progress:
                    progress(done, total, f"writing {kind}")
                _insert("web_fact", _FACT, rows)
                done += len(rows)
        _marked(sorted(keys.values()))
    return total


def _sites(record: Record) -> None:
    fields = [name for name in SITES if name != "site"]
    Site.objects.bulk_create(
        [
            Site(
                programme=record.programme.programme, key=row["site"], **{name: row[name] for name in fields}
            )
            for row in record.sites.rows(named=True)
        ],
        batch_size=1000,
    )


def _persons(record: Record, names: Mapping[str, str]) -> dict[str, int]:
    """The key of each person the record names, made where they are new."""
    of = [table.select("person") for table in record.facts.values() if "person" in table.columns]
    mentioned = pl.concat([record.persons.select("person"), *of]).drop_nulls().unique(maintain_order=True)
    known = record.persons.rows_by_key("person", named=True, unique=True)
    there = dict(Person.objects.values_list("number", "id"))
    new = [number for number in mentioned["person"] if number not in there]
    fields = [name for name in PERSONS if name != "person"]
    for first in range(0, len(new), 5000):
        made = Person.objects.bulk_create(
            Person(
                number=number,
                name=names.get(number, ""),
                **{name: known[number][name] for name in fields if number in known},
            )
            for number in new[first : first + 5000]
        )
        PersonToken.objects.bulk_create(
            PersonToken(person=one, token=token) for one in made for token in dict.fromkeys(folded(one.name))
        )
        there |= {one.number: one.pk for one in made}
    return {number: there[number] for number in mentioned["person"]}


def _rows(
    table: pl.DataFrame, kind: str, record: Record, keys: Mapping[str, int]
) -> Iterator[list[Sequence[Any]]]:
    """Rows as the database has them, in the order of ``_FACT``."""
    import json

    payload = list(payload_columns(kind, record.programme))
    extra = [name for name in table.columns if name.startswith("answer.") and name not in payload]
    for part in table.iter_slices(_ROWS):
        rows = []
        for row in part.iter_rows(named=True):
            said = {
                name: row[name].isoformat() if isinstance(row[name], date) else row[name]
                for name in (*payload, *extra)
                if row[name] is not None
            }
            cells = {
                **row,
                "fact": row["id"],
                "person_id": keys[row["person"]] if row["person"] is not None else None,
                "payload": json.dumps(said, ensure_ascii=False),
                "batch_id": None,
            }
            rows.append([_cell(cells[name]) for name in _FACT])
        yield rows


def _cell(value: Any) -> Any:
    """A value as the database keeps it; SQLite keeps days and times as text, in UTC without zone."""
    if connection.vendor == "sqlite" and isinstance(value, date):
        return (
            connection.ops.adapt_datetimefield_value(value) if hasattr(value, "hour") else value.isoformat()
        )
    return value


def _insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)  # noqa: S608 - names are ours


def _marked(keys: Sequence[int]) -> None:
    """Persons' revisions, and the mark that their projections wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE web_person SET waiting = %s, revision = COALESCE((SELECT MAX(f.id) FROM web_fact f "
            "WHERE f.person_id = web_person.id), 0) WHERE id BETWEEN %s AND %s",
            [True, keys[0] if keys else 0, keys[-1] if keys else 0],
        )
