"""Into the record: a fact is checked by the record's own rules, and written once or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
from django.db import IntegrityError, transaction

from indsats.problem import InputRefused
from indsats.record import Record, payload_columns

from .. import clock
from ..models import Case, Due, Fact, Person, Site, as_one
from .reading import record_of


@dataclass
class Stale(Exception):
    """Somebody else wrote about the person, or changed the fact, since the form was opened; ``since`` is what they did.

    ``since`` are the fact rows that have come, oldest first. Nothing was written.
    """

    since: list[Fact]


@dataclass(frozen=True, slots=True)
class Beside:
    """Facts of one kind about the same person that follow from a registration; ``rows`` as the values of ``register``.

    Their source names the fact they were written with (``laid_down_with``), and stays in their first version.
    """

    kind: str
    rows: Sequence[Mapping[str, Any]]


def register(
    by: str,
    programme: str,
    kind: str,
    values: Mapping[str, Any],
    *,
    person: Person | None = None,
    revision: int | None = None,
    nonce: str | None = None,
    source: str = "screen",
    beside: Beside | None = None,
) -> Fact:
    """Write a new fact, and give its row.

    ``values`` are the columns of the kind and ``enrolment``, ``site``, ``occurred_from``, ``occurred_to``; ``by`` is
    who records it. ``revision`` is the person's when the form was opened (None: do not look). ``nonce`` makes sending
    the same form twice one fact: the second gives the row of the first. ``beside`` are facts that are written with it,
    all or none. Raises ``InputRefused`` with every problem the record finds, each with its field (``kind.field``, or
    ``kind.``, for those beside), and ``Stale``.
    """
    nonce = nonce or secrets.token_hex(10)
    fact = f"{kind}-{nonce}"
    person = _canonical(person)
    owner = _owner(person, programme, values.get("enrolment"))
    for _ in range(_TRIES):
        known = Fact.objects.filter(programme=programme, fact=fact, version=1).first()
        if known is not None:
            return known
        seen = _revision(person)
        if person is not None and revision is not None and seen != revision:
            raise Stale(written_since(person, programme, revision))
        kinds = _kinds_beside(kind)
        if kinds is not None and beside is not None:
            kinds = (*kinds, beside.kind)
        record = record_of(programme, _keys(person), kinds) if person else _of_site(programme, kind)
        at = clock.now()
        row = {**values, "id": fact, "person": person.number if person else None}
        grown = record.add(
            kind, [{name: cell for name, cell in row.items() if cell is not None}], recorded_at=at, recorded_by=by,
            source=source,
        )  # fmt: skip
        (new,) = _rows(grown, kind, fact, 1)
        columns = payload_columns(kind, grown.programme)
        rows = [row_of(new, programme, owner, columns)]
        if beside is not None and person is not None:
            rows += _rows_beside(grown, beside, fact, nonce, person, owner, at, by)
        written = _written(person, seen, rows)
        if written:
            return written[0]
    raise Stale([])


def laid_down(fact: str) -> str:
    """The source of facts that were written beside a fact: it says which."""
    return f"{_WITH}{fact}"


def laid_down_with(source: str | None) -> str | None:
    """The fact that one of this source was written beside; None for all others."""
    return source.removeprefix(_WITH) if source is not None and source.startswith(_WITH) else None


_WITH = "with "


def _rows_beside(
    record: Record,
    beside: Beside,
    fact: str,
    nonce: str,
    person: Person,
    owner: Person | None,
    at: datetime,
    by: str,
) -> list[Fact]:
    ids = [f"{beside.kind}-{nonce}-{number}" for number in range(1, len(beside.rows) + 1)]
    told = [
        {name: cell for name, cell in values.items() if cell is not None} | {"id": id_, "person": person.number}
        for id_, values in zip(ids, beside.rows, strict=True)
    ]
    try:
        grown = record.add(beside.kind, told, recorded_at=at, recorded_by=by, source=laid_down(fact))
    except InputRefused as refused:
        raise InputRefused(
            replace(one, field=f"{beside.kind}.{one.field or ''}") for one in refused.problems
        ) from None
    columns = payload_columns(beside.kind, grown.programme)
    programme = grown.programme.programme
    return [
        row_of(row, programme, owner, columns) for id_ in ids for row in _rows(grown, beside.kind, id_, 1)
    ]


def correct(
    by: str, fact: Fact, changes: Mapping[str, Any], *, version: int | None = None, source: str = "screen"
) -> Fact:
    """Write a new version of a fact, and give its row; ``version`` is the one the form was opened on.

    Raises ``InputRefused`` and, when another version has come since, ``Stale`` with the versions that have.
    """
    return _next(fact, version, lambda record, at: record.correct(
        fact.fact, changes, recorded_at=at, recorded_by=by, source=source
    ))  # fmt: skip


def withdraw(by: str, fact: Fact, *, reason: str, version: int | None = None) -> Fact:
    """Close a fact that was never true; ``reason`` is kept as the source of the last version. Raises as ``correct``."""
    return _next(fact, version, lambda record, at: record.withdraw(
        fact.fact, recorded_at=at, recorded_by=by, source=reason
    ))  # fmt: skip


_TRIES = 4
"""How often a write is checked anew because somebody else wrote about the same person in between."""


Change = Callable[[Record, datetime], Record]


def _next(fact: Fact, version: int | None, change: Change) -> Fact:
    person = _canonical(fact.person)
    for _ in range(_TRIES):
        seen = _revision(person)
        last = Fact.objects.filter(programme=fact.programme, fact=fact.fact).order_by("-version").first()
        if last is None or (version is not None and last.version != version):
            since = Fact.objects.filter(programme=fact.programme, fact=fact.fact, version__gt=version or 0)
            raise Stale(list(since.order_by("version")))
        kinds = _kinds_beside(fact.kind)
        record = (
            record_of(fact.programme, _keys(person), kinds) if person else _of_site(fact.programme, fact.kind)
        )
        at = max(clock.now(), last.recorded_at + timedelta(microseconds=1))
        grown = change(record, at)
        (new,) = _rows(grown, fact.kind, fact.fact, last.version + 1)
        columns = payload_columns(fact.kind, grown.programme)
        written = _written(person, seen, [row_of(new, fact.programme, fact.person, columns)], closes=last)
        if written:
            return written[0]
    raise Stale([])


def _written(
    person: Person | None, seen: int, rows: list[Fact], closes: Fact | None = None
) -> list[Fact] | None:
    """The rows once they are in the database; None when somebody wrote about the person since ``seen``.

    One transaction: the fact, the end of the version it follows, the person's revision and the mark that projections
    wait. What the fact settles leaves the lists at once; the rest follows when the projections are made.
    """
    try:
        with transaction.atomic():
            if person is not None:
                locked = (
                    Person.objects.select_for_update().values_list("revision", flat=True).get(pk=person.pk)
                )
                if locked != seen:
                    return None
            if closes is not None:
                Fact.objects.filter(pk=closes.pk, replaced_at=None).update(replaced_at=rows[0].recorded_at)
            made = [_saved(row) for row in rows]
            if person is not None:
                Person.objects.filter(pk=person.pk).update(revision=made[-1].pk, waiting=True)
                Due.objects.filter(case__person=person, fact=rows[0].fact).delete()
            else:
                _site_changed(made[-1])
    except IntegrityError:
        return None  # the same version was written by somebody else in this moment: look again
    return made


def _site_changed(fact: Fact) -> None:
    Site.objects.filter(programme=fact.programme, key=fact.site).update(revision=fact.pk)
    if fact.kind == "site_setting":  # what falls due at the site follows from it
        here = Case.objects.filter(programme=fact.programme, site=fact.site)
        Person.objects.filter(pk__in=here.values("person")).update(waiting=True)


def _saved(row: Fact) -> Fact:
    row.save(force_insert=True)
    return row


def _revision(person: Person | None) -> int:
    if person is None:
        return 0
    return Person.objects.values_list("revision", flat=True).get(pk=person.pk)


def _canonical(person: Person | None) -> Person | None:
    return person.merged_into or person if person is not None else None


def _owner(person: Person | None, programme: str, enrolment: str | None) -> Person | None:
    """Whose fact it is: of somebody merged into ``person`` when the enrolment is theirs, so that they can be parted."""
    if person is None or enrolment is None:
        return person
    theirs = Person.objects.filter(
        merged_into=person, facts__programme=programme, facts__kind="enrolled", facts__enrolment=enrolment
    )
    return theirs.first() or person


def _keys(person: Person) -> tuple[int, ...]:
    return (person.pk,)


def written_since(person: Person, programme: str, revision: int) -> list[Fact]:
    """The facts about a person, and about those merged into them, that have come since ``revision``, oldest first."""
    rows = Fact.objects.filter(person__in=as_one([person.pk]), programme=programme, pk__gt=revision)
    return list(rows.order_by("pk"))


def _kinds_beside(kind: str) -> tuple[str, ...] | None:
    """The kinds a fact of ``kind`` is checked against: enrolments and exits; all when an enrolment changes, because
    other facts point to it."""
    return None if kind == "enrolled" else tuple({kind, "enrolled", "exit"})


def _of_site(programme: str, kind: str) -> Record:
    """A record with the facts about sites of a kind, and nobody in it."""
    return record_of(programme, (), (kind,), sites=True)


def _rows(record: Record, kind: str, fact: str, version: int) -> list[dict[str, Any]]:
    table = record.table(kind)
    return table.filter((pl.col("id") == fact) & (pl.col("version") == version)).rows(named=True)


def row_of(
    new: Mapping[str, Any], programme: str, person: Person | None, payload: Collection[str] | None = None
) -> Fact:
    """A row of the database from a row of the record; ``payload`` as in ``payload_of``."""
    return Fact(
        programme=programme,
        fact=new["id"],
        version=new["version"],
        kind=new["kind"],
        programme_version=new["programme_version"],
        person=person,
        enrolment=new["enrolment"],
        site=new["site"],
        occurred_from=new["occurred_from"],
        occurred_to=new["occurred_to"],
        payload=payload_of(new, new["kind"], programme, payload),
        recorded_at=_zoned(new["recorded_at"]),
        recorded_by=new["recorded_by"],
        source=new["source"],
        replaced_at=_zoned(new["replaced_at"]),
    )


def payload_of(
    row: Mapping[str, Any], kind: str, programme: str, payload: Collection[str] | None = None
) -> dict[str, Any]:
    """The filled payload columns of a row, dates as text; ``payload`` names the columns where many rows are made."""
    from ..programmes import programme as definition

    return {
        name: row[name].isoformat() if isinstance(row[name], date) else row[name]
        for name in (payload_columns(kind, definition(programme)) if payload is None else payload)
        if row.get(name) is not None
    }


def _zoned(at: datetime | None) -> datetime | None:
    return at if at is None or at.tzinfo is not None else at.replace(tzinfo=UTC)


__all__ = [
    "Beside",
    "InputRefused",
    "Stale",
    "correct",
    "laid_down",
    "laid_down_with",
    "payload_of",
    "register",
    "row_of",
    "withdraw",
    "written_since",
]
