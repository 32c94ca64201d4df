"""From rows to the record of ``indsats.record``: the same tables a data folder gives, for some persons or for all."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import polars as pl
from django.db import connection

from indsats.programme import Programme
from indsats.record import KINDS, PERSONS, SITES, Record, empty_record, schema

from ..models import Person, Served, Site
from ..programmes import programme as definition

_TIME = "%Y-%m-%d %H:%M:%S%.f"
_COMMON = (
    "fact",
    "version",
    "kind",
    "programme",
    "programme_version",
    "person_id",
    "enrolment",
    "site",
    "occurred_from",
    "occurred_to",
    "payload",
    "recorded_at",
    "recorded_by",
    "source",
    "replaced_at",
)


@dataclass(frozen=True, slots=True)
class People:
    """Whose facts are read: those with keys from ``first`` to ``last``, or the ones in ``keys``."""

    keys: tuple[int, ...] | None = None
    first: int = 0
    last: int = 0


def record_of(
    programme: str,
    persons: Collection[int] | People | None = None,
    kinds: Collection[str] | None = None,
    *,
    sites: bool | None = None,
) -> Record:
    """The record of a programme as the database has it: every version of the facts about ``persons`` (their keys).

    Everybody's when ``persons`` is None. Facts about sites come along when ``sites`` is true, and when everybody is
    read. ``kinds`` limits it to some kinds. A person merged into another is read under the other's number, so asking
    for the one that was kept gives the facts of both. Persons stand under their numbers. Raises KeyError for a
    programme not served.
    """
    of = definition(programme)
    synthetic = Served.objects.values_list("synthetic", flat=True).get(programme=programme)
    who = persons if isinstance(persons, People) or persons is None else People(tuple(persons))
    known, canonical = _people(who, programme)
    places = _sites(programme)
    record = empty_record(of, known, places if places.height else None, synthetic=synthetic)
    rows = _rows(programme, who, kinds, list(canonical), sites=sites is True)
    return record.with_facts(dict(_tables(of, rows, canonical)))


def _people(who: People | None, programme: str) -> tuple[pl.DataFrame, dict[int, str]]:
    """The table of persons, and the number each key (of merged persons too) is read under."""
    fields = [name for name in PERSONS if name != "person"]
    rows = Person.objects.values_list("id", "merged_into", "number", *fields)
    if who is None:
        rows = rows.filter(id__in=_with_facts(programme))
    elif who.keys is not None:
        rows = rows.filter(id__in=who.keys) | rows.filter(merged_into__in=who.keys)
    else:
        rows = rows.filter(id__gte=who.first, id__lte=who.last) | rows.filter(
            merged_into__gte=who.first, merged_into__lte=who.last
        )
    found = list(rows.order_by("id"))
    numbers = {key: number for key, into, number, *_ in found if into is None}
    missing = {into for _, into, *_ in found if into is not None and into not in numbers}
    if missing:
        extra = Person.objects.filter(id__in=missing).values_list("id", "merged_into", "number", *fields)
        found += list(extra)
        numbers |= {key: number for key, _, number, *_ in extra}
    canonical = {key: numbers[into or key] for key, into, *_ in found}
    own = [(number, *rest) for _, into, number, *rest in found if into is None]
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
    of: Programme, rows: Iterator[tuple], canonical: Mapping[int, str]
) -> Iterator[tuple[str, pl.DataFrame]]:
    by_kind: dict[str, list[tuple]] = {}
    for row in rows:
        by_kind.setdefault(row[2], []).append(row)
    for kind in KINDS:  # in the order of the kinds, whatever the rows' order
        if kind in by_kind:
            yield kind, _table(kind, of, by_kind.pop(kind), canonical)


def _rows(
    programme: str, who: People | None, kinds: Collection[str] | None, keys: list[int], *, sites: bool
) -> Iterator[tuple]:
    where: list[str] = ["programme = %s"]
    values: list[object] = [programme]
    if who is not None:
        whose = []
        if who.keys is None:  # a range of keys, and those merged into it
            whose.append("person_id BETWEEN %s AND %s")
            values += [who.first, who.last]
            keys = [key for key in keys if not who.first <= key <= who.last]
        if keys:
            whose.append(f"person_id IN ({_places(keys)})")
            values += keys
        if sites:
            whose.append("person_id IS NULL")
        where.append(f"({' OR '.join(whose) or '1 = 0'})")
    if kinds is not None:
        where.append(f"kind IN ({_places(kinds)})")
        values += list(kinds)
    columns = ", ".join(_text(name) for name in _COMMON)
    query = f"SELECT {columns} FROM web_fact WHERE {' AND '.join(where)} ORDER BY id"  # noqa: S608 - names are ours
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        while rows := cursor.fetchmany(20000):
            yield from rows


def _places(values: Collection[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _text(name: str) -> str:
    """A column as SQLite keeps it, on PostgreSQL too: days, times and payloads as text."""
    if name.endswith("_at") and connection.vendor == "postgresql":
        return f"to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
    if name.startswith("occurred_") or name.endswith("_at") or name == "payload":
        return f"CAST({name} AS text)"
    return name


def _table(kind: str, of: Programme, rows: list[tuple], canonical: Mapping[int, str]) -> pl.DataFrame:
    """A table of the record: common columns as they are, payload columns from the JSON of each row."""
    wanted = schema(kind, of)
    raw = pl.DataFrame(
        rows,
        schema={
            name: pl.Int64() if name in ("version", "programme_version", "person_id") else pl.String()
            for name in _COMMON
        },
        orient="row",
    )
    payload = {
        name: type_ for name, type_ in wanted.items() if name not in _COMMON and name not in ("id", "person")
    }
    said = raw["payload"].str.json_decode(pl.Struct(_read_as(payload))).struct.unnest() if payload else None
    numbers = pl.Series([canonical.get(key) for key in raw["person_id"]], dtype=pl.String)
    common = raw.select(
        pl.col("fact").alias("id"),
        "version",
        "kind",
        "programme",
        "programme_version",
        numbers.alias("person"),
        "enrolment",
        "site",
        *(pl.col(name).str.to_date("%Y-%m-%d").alias(name) for name in ("occurred_from", "occurred_to")),
        *(
            pl.col(name).str.to_datetime(_TIME, time_unit="us", time_zone="UTC").alias(name)
            for name in ("recorded_at", "replaced_at")
        ),
        "recorded_by",
        "source",
    )
    if said is not None:
        common = common.hstack([_as(said[name], type_) for name, type_ in payload.items()])
    return common.select(list(wanted))


def _as(said: pl.Series, type_: pl.DataType) -> pl.Series:
    if type_ == pl.Date() and said.dtype == pl.String():
        return said.str.to_date("%Y-%m-%d")
    return said.cast(type_)


def _read_as(payload: Mapping[str, pl.DataType]) -> dict[str, pl.DataType]:
    """The types JSON is read as; dates stand there as text."""
    return {name: pl.String() if type_ == pl.Date() else type_ for name, type_ in payload.items()}
