"""Several facts of one kind about several persons at once: all are written, or none."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import polars as pl
from django.db import transaction

from .. import clock
from ..models import Fact, Person
from .reading import record_of
from .writing import row_of


def register_together(
    by: str,
    programme: str,
    kind: str,
    rows: Sequence[tuple[int, Mapping[str, Any]]],
    *,
    source: str = "screen",
    check: Callable[[], None] | None = None,
) -> list[Fact]:
    """Write a fact of ``kind`` for each of ``rows`` (the key of a person, and values as ``register`` takes them).

    The persons are locked from before they are read until all is written, so nothing can come in between. ``check``
    is called inside, and what it raises leaves everything as it was. Raises ``InputRefused`` with every problem the
    record finds.
    """
    with transaction.atomic():
        keys = sorted({key for key, _ in rows})
        persons = {
            one.pk: one for one in Person.objects.select_for_update().filter(pk__in=keys).order_by("pk")
        }
        if check is not None:
            check()
        record = record_of(programme, keys, tuple({kind, "enrolled", "exit"}))
        names = [f"{kind}-{secrets.token_hex(10)}" for _ in rows]
        told = [
            {name: cell for name, cell in values.items() if cell is not None}
            | {"id": fact, "person": persons[key].number}
            for fact, (key, values) in zip(names, rows, strict=True)
        ]
        grown = record.add(kind, told, recorded_at=clock.now(), recorded_by=by, source=source)
        made = grown.table(kind).filter(pl.col("id").is_in(names))
        by_name = {row["id"]: row for row in made.rows(named=True)}
        owners = _owners(programme, {values.get("enrolment") for _, values in rows})
        facts = []
        for name, (key, values) in zip(names, rows, strict=True):
            owner = owners.get(values.get("enrolment") or "", persons[key])
            fact = row_of(by_name[name], programme, owner)
            fact.save(force_insert=True)
            persons[key].revision, persons[key].waiting = fact.pk, True
            facts.append(fact)
        Person.objects.bulk_update(persons.values(), ["revision", "waiting"], batch_size=500)
        return facts


def _owners(programme: str, enrolments: Collection[Any]) -> dict[str, Person]:
    """Whose each enrolment is: of somebody merged into another it stays theirs, so that the two can be parted."""
    enrolled = Fact.objects.filter(
        programme=programme,
        kind="enrolled",
        replaced_at=None,
        enrolment__in=[one for one in enrolments if one],
    )
    return {
        fact.enrolment: fact.person
        for fact in enrolled.select_related("person")
        if fact.enrolment is not None and fact.person is not None
    }
