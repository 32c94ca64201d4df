"""From rows to the record of ``indsats.record``: the same tables a data folder gives, for some persons or for all."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import Q

from indsats.programme import Programme
from indsats.record import COMMON, KINDS, PERSONS, SITES, Record, empty_record, schema

from ..models import Person, Site
from ..programmes import programme_and_people

_TIME = "%Y-%m-%d %H:%M:%S%.f"
_READ: Mapping[str, pl.DataType] = {
    "id": pl.Int64(),
    "fact": pl.String(),
    "version": pl.Int64(),
    "kind": pl.String(),
    "programme_version": pl.Int64(),
    "person_id": pl.Int64(),
    "enrolment": pl.String(),
    "site": pl.String(),
    "occurred_from": pl.String(),
    "occurred_to": pl.String(),
    "payload": pl.String(),
    "recorded_at": pl.String(),
    "recorded_by": pl.String(),
    "source": pl.String(),
    "replaced_at": pl.String(),
}
"""The columns of a fact's row that are read, and what they are read as."""
_MOST = 5000
"""How many keys are asked for at a time."""
_ROWS = 50000
"""How many rows are held as Python's own values at a time."""


def record_of(
    programme: str,
    persons: Collection[int] | None = None,
    kinds: Collection[str] | None = None,
    *,
    sites: bool | Collection[str] | None = None,
) -> Record:
    """The record of a programme as the database has it: every version of the facts about ``persons`` (their keys).

    Everybody's when ``persons`` is None. Facts about sites come along when ``sites`` is true or names their kinds, and
    when everybody is read. ``kinds`` limits it to some kinds. A person merged into another is read under the other's
    number, so asking for either gives the facts of both. Persons stand under their numbers. Raises KeyError for a
    programme not served.
    """
    of, synthetic = programme_and_people(programme)
    known, canonical = _people(persons, programme)
    places = _sites(programme)
    record = empty_record(of, known, places if places.height else None, synthetic=synthetic)
    rows = _rows(programme, None if persons is None else list(canonical), kinds, sites=sites or False)
    return record.with_facts(dict(_tables(of, rows, canonical)))


def _people(keys: Collection[int] | None, programme: str) -> tuple[pl.DataFrame, dict[int, str]]:
    """The table of persons, and the number each key (of merged persons too) is read under."""
    fields = [name for name in PERSONS if name != "person"]
    rows = Person.objects.order_by("id").values_list("id", "merged_into", "number", *fields)
    if keys is None:
        found = {row[0]: row for row in rows.filter(id__in=_with_facts(programme))}
    else:
        wanted, found = sorted(keys), {}
        for first in range(0, len(wanted), _MOST):
            some = wanted[first : first + _MOST]
            found |= {row[0]: row for row in rows.filter(Q(id__in=some) | Q(merged_into__in=some))}
    missing = {into for _, into, *_ in found.values() if into is not None} - set(found)
    if missing:
        found |= {row[0]: row for row in rows.filter(Q(id__in=missing) | Q(merged_into__in=missing))}
    canonical = {key: found[into or key][2] for key, into, *_ in found.values()}
    own = [row[2:] for row in found.values() if row[1] is None]
    return pl.DataFrame(own, schema=dict(PERSONS), orient="row"), canonical


def _with_facts(programme: str):
    from ..models import Fact

    facts = Fact.objects.filter(programme=programme, person__isnull=False)
    return (
        Person.objects.filter(id__in=facts.values("person"))
        .values("id")
        .union(Person.objects.filter(merged__in=facts.values("person")).values("id"))
    )


def _sites(programme: str) -> pl.DataFrame:
    fields = [name for name in SITES if name != "site"]
    rows = Site.objects.filter(programme=programme).order_by("id").values_list("key", *fields)
    return pl.DataFrame(list(rows), schema=dict(SITES), orient="row")


def _tables(
    of: Programme, rows: pl.DataFrame, canonical: Mapping[int, str]
) -> Iterator[tuple[str, pl.DataFrame]]:
    if not rows.height:
        return
    numbers = pl.DataFrame(
        {"person_id": list(canonical), "person": list(canonical.values())},
        schema={"person_id": pl.Int64(), "person": pl.String()},
    )
    known = (
        rows.drop("id")
        .join(numbers, on="person_id", how="left", maintain_order="left")
        .with_columns(
            pl.lit(of.programme).alias("programme"),
            pl.col("fact").alias("id"),
            *(pl.col(name).str.to_date("%Y-%m-%d") for name in ("occurred_from", "occurred_to")),
            *(
                pl.col(name).str.to_datetime(_TIME, time_unit="us", time_zone="UTC")
                for name in ("recorded_at", "replaced_at")
            ),
        )
    )
    by_kind = {str(kind): table for (kind,), table in known.partition_by("kind", as_dict=True).items()}
    for kind in KINDS:  # in the order of the kinds, whatever the rows' order
        if kind in by_kind:
            yield kind, _table(kind, of, by_kind[kind])


def _rows(
    programme: str,
    keys: list[int] | None,
    kinds: Collection[str] | None,
    *,
    sites: bool | Collection[str],
) -> pl.DataFrame:
    """The rows of facts as they stand, oldest first; days, times and payloads as text."""
    columns = ", ".join(f"{_text(name)} AS {name}" for name in _READ)
    whose: list[tuple[str, list[Any]]] = []
    if keys is None:
        whose.append(("web_fact f WHERE f.programme = %s", [programme]))
    elif keys:
        whose.append(_about(keys, programme))
    if keys is not None and sites:
        asked = "" if sites is True else f" AND f.kind IN ({_places(sites)})"
        named = () if sites is True else sites
        whose.append(
            (f"web_fact f WHERE f.programme = %s AND f.person_id IS NULL{asked}", [programme, *named])
        )
    parts = [pl.DataFrame(schema=_READ)]
    for rows, values in whose:
        of_kinds = "" if kinds is None else f" AND f.kind IN ({_places(kinds)})"
        parts += _read(f"SELECT {columns} FROM {rows}{of_kinds}", [*values, *(kinds or ())])  # noqa: S608 - our names
    return pl.concat(parts).sort("id")


def _read(query: str, values: Sequence[Any]) -> Iterator[pl.DataFrame]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        while rows := cursor.fetchmany(_ROWS):
            cells = zip(_READ.items(), zip(*rows, strict=True), strict=True)
            yield pl.DataFrame([pl.Series(name, those, dtype=type_) for (name, type_), those in cells])


def _about(keys: Sequence[int], programme: str) -> tuple[str, list[Any]]:
    """The rows about any number of persons, and the values asked with.

    On SQLite the list stands first, so that facts are looked up person by person and never all gone through.
    """
    if connection.vendor == "postgresql":
        return "web_fact f WHERE f.programme = %s AND f.person_id = ANY(%s)", [programme, list(keys)]
    rows = "(SELECT value FROM json_each(%s)) k CROSS JOIN web_fact f WHERE f.person_id = k.value AND f.programme = %s"
    return rows, [json.dumps(list(keys)), programme]


def _places(values: Collection[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _text(name: str) -> str:
    """A column as SQLite keeps it, on PostgreSQL too: days, times and payloads as text."""
    if name.endswith("_at") and connection.vendor == "postgresql":
        return f"to_char(f.{name} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
    if name.startswith("occurred_") or name.endswith("_at") or name == "payload":
        return f"CAST(f.{name} AS text)"
    return f"f.{name}"


def _table(kind: str, of: Programme, rows: pl.DataFrame) -> pl.DataFrame:
    """A table of the record: common columns as they are, payload columns from the JSON of each row."""
    wanted = schema(kind, of)
    payload = {name: type_ for name, type_ in wanted.items() if name not in COMMON}
    if not payload:
        return rows.select(list(wanted))
    said = rows["payload"].str.json_decode(pl.Struct(_read_as(payload))).struct.unnest()
    told = [_as(said[name], type_) for name, type_ in payload.items()]
    return rows.select(name for name in wanted if name in COMMON).hstack(told).select(list(wanted))


def _as(said: pl.Series, type_: pl.DataType) -> pl.Series:
    if type_ == pl.Date() and said.dtype == pl.String():
        return said.str.to_date("%Y-%m-%d")
    return said.cast(type_)


def _read_as(payload: Mapping[str, pl.DataType]) -> dict[str, pl.DataType]:
    """The types JSON is read as; dates stand there as text."""
    return {name: pl.String() if type_ == pl.Date() else type_ for name, type_ in payload.items()}
