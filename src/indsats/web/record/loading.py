"""A data folder into the database, whole and column by column: the way existing data come under the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl
from django.db import connection, transaction

from indsats.problem import InputRefused, Problem
from indsats.progress import Progress
from indsats.record import COMMON, PERSONS, SITES, Record

from .. import clock
from ..models import Fact, Person, PersonToken, Served, Site, folded, public_key

_ROWS = 20000
"""How many rows are sent to the database at a time."""
_COLUMNS = tuple(field.column for field in Fact._meta.concrete_fields if field.column != "id")
_PERSONS = 4000
"""How many persons' facts are made into rows at a time."""
_MOMENTS = ("recorded_at", "replaced_at")
_DAYS = ("occurred_from", "occurred_to")


def load_record(
    record: Record,
    definition: Path,
    names: Callable[[str], str] | None = None,
    progress: Progress | None = None,
) -> int:
    """Bring a checked record into the database under the definition in the folder ``definition``; gives its facts.

    All or nothing. ``names`` gives persons' names by number. Persons another programme has brought keep what is known
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
    with transaction.atomic():
        Served.objects.update_or_create(
            programme=programme,
            defaults={"definition": str(definition), "synthetic": record.synthetic, "since": clock.now()},
        )
        _sites(record)
        keys = _persons(record, names)
        count = write_facts(record.facts, programme, keys, progress=progress)
        _marked(programme)
    return count


def write_facts(
    tables: Mapping[str, pl.DataFrame],
    programme: str,
    keys: Mapping[str, int],
    *,
    batch: int | None = None,
    progress: Progress | None = None,
) -> int:
    """Write rows of the record as they stand, within the caller's transaction; gives how many.

    ``tables`` are checked tables by kind; ``keys`` the persons' keys by number; ``batch`` the list they came with. The
    facts of a person are written one after another, so that they are read together. Neither revisions nor projections
    follow: that is the caller's.
    """
    total, done = sum(table.height for table in tables.values()), 0
    order = sorted(keys.values())
    groups = [
        (None, None),
        *((order[first], order[first : first + _PERSONS][-1]) for first in range(0, len(order), _PERSONS)),
    ]
    made = [_as_rows(table, programme, keys, batch) for table in tables.values()]
    for first, last in groups:
        whose = (
            pl.col("person_id").is_null() if first is None else pl.col("person_id").is_between(first, last)
        )
        rows = pl.concat([table.filter(whose) for table in made], how="vertical")
        for part in rows.sort("person_id", maintain_order=True).collect().iter_slices(_ROWS):
            if progress:
                progress(done, total, "writing facts")
            insert(Fact._meta.db_table, part)
            done += part.height
    return total


def insert(table: str, rows: pl.DataFrame) -> None:
    """Write a frame whose columns are those of a table, days, times and JSON as text."""
    names = ", ".join(f'"{name}"' for name in rows.columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(  # pyright: ignore[reportAttributeAccessIssue] - of psycopg
                f"COPY {table} ({names}) FROM STDIN (FORMAT csv)"
            ) as copy:
                copy.write(rows.write_csv(include_header=False))
        else:
            places = ", ".join(["%s"] * rows.width)
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows.rows())  # noqa: S608 - names are ours


def _as_rows(table: pl.DataFrame, programme: str, keys: Mapping[str, int], batch: int | None) -> pl.LazyFrame:
    """A table of the record as the rows of the database, in the order of their columns."""
    return (
        table.with_columns(_keyed(table, keys).alias("person_id"))
        .lazy()
        .select(
            pl.lit(programme).alias("programme"),
            pl.col("id").alias("fact"),
            "version",
            "kind",
            "programme_version",
            "person_id",
            "enrolment",
            "site",
            *(pl.col(name).dt.to_string("%Y-%m-%d") for name in _DAYS),
            _payload(table).alias("payload"),
            *(_moment(name) for name in _MOMENTS),
            "recorded_by",
            "source",
            pl.lit(batch, dtype=pl.Int64()).alias("batch_id"),
        )
        .select(_COLUMNS)
    )


def _keyed(table: pl.DataFrame, keys: Mapping[str, int]) -> pl.Series:
    """The key of each row's person, null for facts about sites."""
    known = pl.DataFrame(
        {"person": list(keys), "key": list(keys.values())}, schema={"person": pl.String(), "key": pl.Int64()}
    )
    found = table.select("person").join(known, on="person", how="left", maintain_order="left")
    lost = found.filter(pl.col("key").is_null() & pl.col("person").is_not_null()).height
    if lost:
        raise KeyError(f"{lost} facts are about persons without a key")
    return found["key"]


def _payload(table: pl.DataFrame) -> pl.Expr:
    """The filled payload columns of each row as JSON: each column written apart, what is empty left out."""
    filled = [
        name for name in table.columns if name not in COMMON and table[name].null_count() < table.height
    ]
    if not filled:
        return pl.lit("{}")
    said = [
        pl.when(pl.col(name).is_not_null()).then(
            pl.struct(name).struct.json_encode().str.slice(1).str.head(-1)
        )
        for name in filled
    ]
    return pl.concat_str(pl.lit("{"), pl.concat_str(said, separator=",", ignore_nulls=True), pl.lit("}"))


def _moment(name: str) -> pl.Expr:
    """A time in UTC without zone, as Django writes it on SQLite: a fraction only where there is one.

    PostgreSQL is told the zone.
    """
    at = pl.col(name).dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    if connection.vendor == "postgresql":
        return at.dt.to_string("%Y-%m-%d %H:%M:%S%.6f+00")
    whole = pl.when(at.dt.microsecond() == 0)
    return whole.then(at.dt.to_string("%Y-%m-%d %H:%M:%S")).otherwise(
        at.dt.to_string("%Y-%m-%d %H:%M:%S%.6f")
    )


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


def _persons(record: Record, names: Callable[[str], str] | None) -> dict[str, int]:
    """The key of each person the record names, made where they are new."""
    of = [table.select("person") for table in record.facts.values() if "person" in table.columns]
    mentioned = pl.concat([record.persons.select("person"), *of]).drop_nulls().unique(maintain_order=True)
    there = set(Person.objects.values_list("number", flat=True))
    new = mentioned.filter(~pl.col("person").is_in(pl.Series(list(there), dtype=pl.String()).implode()))
    fields = [name for name in PERSONS if name != "person"]
    known = new.join(record.persons, on="person", how="left", maintain_order="left").select("person", *fields)
    for part in known.iter_slices(5000):
        made = Person.objects.bulk_create(
            Person(
                number=number,
                name=names(number) if names else "",
                public=public_key(),
                **dict(zip(fields, cells, strict=True)),
            )
            for number, *cells in part.rows()
        )
        tokens = [(one.pk, token) for one in made for token in dict.fromkeys(folded(one.name))]
        insert(
            PersonToken._meta.db_table,
            pl.DataFrame(tokens, schema={"person_id": pl.Int64(), "token": pl.String()}, orient="row"),
        )
    wanted = set(mentioned["person"])
    return {
        number: key
        for number, key in Person.objects.values_list("number", "id").order_by("id").iterator()
        if number in wanted
    }


def _marked(programme: str) -> None:
    """Persons' and sites' revisions after facts of a programme came; the persons' projections wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE web_person SET waiting = %s, revision = f.newest FROM (SELECT person_id, MAX(id) AS newest "
            "FROM web_fact WHERE programme = %s AND person_id IS NOT NULL GROUP BY person_id) f "
            "WHERE f.person_id = web_person.id",
            [True, programme],
        )
        cursor.execute(
            "UPDATE web_site SET revision = f.newest FROM (SELECT site, MAX(id) AS newest FROM web_fact "
            "WHERE programme = %s AND person_id IS NULL GROUP BY site) f "
            "WHERE f.site = web_site.key AND web_site.programme = %s",
            [programme, programme],
        )
