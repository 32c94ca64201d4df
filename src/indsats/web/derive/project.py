"""Makes the projections of persons from their facts, by the pure functions of ``steer``."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from hashlib import blake2b
from typing import Any

import polars as pl
from django.db import transaction
from django.db.models import Max, Min

from indsats.progress import Progress
from indsats.record import Facts
from indsats.steer import case_rows, worklist

from .. import clock
from ..models import Case, Due, Person, Responsible
from ..programmes import served
from ..record import People, record_of

CHUNK = 2000
"""How many persons are made at a time."""

_CASE_FIELDS = (
    "service", "unit", "site", "start", "end", "exit_reason", "state", "phase", "group", "last_held", "next_planned",
    "computed_on",
)  # fmt: skip


def waiting(most: int = 500) -> list[int]:
    """The keys of persons whose facts are newer than their projections, at most so many."""
    return list(Person.objects.filter(waiting=True).order_by("id").values_list("id", flat=True)[:most])


def project(persons: Collection[int], day: date | None = None) -> None:
    """Make the projections of some persons, in all programmes, from what the database holds now.

    A fact that comes in while they are made leaves the person waiting. Merged persons are made with the one they
    were merged into, and have no rows of their own.
    """
    asked = set(persons)
    into = Person.objects.filter(pk__in=asked, merged_into__isnull=False).values_list(
        "merged_into", flat=True
    )
    keys = sorted(asked | set(into))
    _made(People(tuple(keys)), keys, day or clock.today())


def refresh(day: date | None = None, progress: Progress | None = None) -> int:
    """Make the projections that were made for an earlier day; gives how many persons that were.

    What falls due follows from the day, so everybody's are made once a day.
    """
    day = day or clock.today()
    old = list(
        Case.objects.filter(computed_on__lt=day)
        .order_by("person")
        .values_list("person", flat=True)
        .distinct()
    )
    for first in range(0, len(old), CHUNK):
        if progress:
            progress(first, len(old), "projections of the day")
        project(old[first : first + CHUNK], day)
    return len(old)


def rebuild(day: date | None = None, progress: Progress | None = None) -> int:
    """Make everybody's projections anew from the facts alone; gives how many persons there are.

    The rows are the same as those made one by one as facts came in.
    """
    day = day or clock.today()
    ends = Person.objects.aggregate(first=Min("id"), last=Max("id"))
    first, last, made = ends["first"], ends["last"], 0
    while first is not None and first <= last:
        keys = list(Person.objects.filter(id__gte=first).order_by("id").values_list("id", flat=True)[:CHUNK])
        if not keys:
            break
        if progress:
            progress(first, last, "projections")
        _made(People(first=keys[0], last=keys[-1]), keys, day)
        first, made = keys[-1] + 1, made + len(keys)
    return made


def _made(who: People, keys: list[int], day: date) -> None:
    """Make the rows of ``who``; ``keys`` are their keys, merged persons' too."""
    known = dict(Person.objects.filter(pk__in=keys).values_list("pk", "revision")) if who.keys is not None else dict(
        Person.objects.filter(pk__gte=who.first, pk__lte=who.last).values_list("pk", "revision")
    )  # fmt: skip
    numbers = _numbers(who)
    rows = [_rows(name, who, day, numbers) for name in served()]
    with transaction.atomic():
        _replace(who, [row for part in rows for row in part])
        for key, revision in known.items() if who.keys is not None else ():
            Person.objects.filter(pk=key, revision=revision).update(waiting=False)
        if who.keys is None:
            _settled(who, known)


def _settled(who: People, known: dict[int, int]) -> None:
    still = Person.objects.filter(pk__gte=who.first, pk__lte=who.last, waiting=True).values_list(
        "pk", "revision"
    )
    done = [key for key, revision in still if known.get(key) == revision]
    Person.objects.filter(pk__in=done).update(waiting=False)


def _numbers(who: People) -> dict[str, tuple[int, str]]:
    """The key and the public name of each person by number."""
    rows = Person.objects.filter(merged_into=None).values_list("number", "pk", "public")
    if who.keys is not None:
        rows = rows.filter(pk__in=who.keys)
    else:
        rows = rows.filter(pk__gte=who.first, pk__lte=who.last) | rows.filter(
            merged__pk__gte=who.first, merged__pk__lte=who.last
        )
    return {number: (key, public) for number, key, public in rows}


Made = tuple[Case, list[Responsible], list[Due]]


def _rows(programme: str, who: People, day: date, numbers: dict[str, tuple[int, str]]) -> Iterator[Made]:
    """The cases of a programme, each with who is responsible and what is due."""
    facts = record_of(programme, who, sites=True).as_of()
    if not any(table.height for kind, table in facts.facts.items() if "person" in table.columns):
        return
    cases = case_rows(facts, day)
    held = _by_case(_responsible(facts))
    due = _by_case(worklist(facts, day).unique(maintain_order=True))
    for row in cases.rows(named=True):
        if row["person"] not in numbers:
            continue
        key, public = numbers[row["person"]]
        case = Case(
            public=case_key(programme, row["enrolment"] or public),
            programme=programme,
            enrolment=row["enrolment"],
            person_id=key,
            computed_on=day,
            **{name: row[name] for name in _CASE_FIELDS if name != "computed_on"},
        )
        of = (row["person"], row["enrolment"])
        yield (
            case,
            [
                Responsible(case=case, **{name: one[name] for name in ("role", "worker", "since", "until")})
                for one in held.get(of, ())
            ],
            [
                Due(
                    case=case,
                    programme=programme,
                    site=row["site"],
                    what=one["what"] or "",
                    fact=one["fact"] or "",
                    **{name: one[name] for name in ("role", "worker", "queue", "opens", "due")},
                )
                for one in due.get(of, ())
            ],
        )


def case_key(programme: str, of: str) -> str:
    """What a case is called in addresses: the same for the same enrolment, and telling nothing of it."""
    return blake2b(f"{programme}\x1f{of}".encode(), digest_size=9).hexdigest()


def _by_case(rows: pl.DataFrame) -> dict[tuple[str, str], list[dict[str, Any]]]:
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows.rows(named=True):
        found.setdefault((row["person"], row["enrolment"] or ""), []).append(row)
    return found


def _responsible(facts: Facts) -> pl.DataFrame:
    """Who has held which role in each case, from and until: person, enrolment, role, worker, since, until.

    A role passes to the next one assigned it; it ends with the assignment's own end, or with the enrolment. An
    assignment without enrolment is about the case there is before one.
    """
    taken = facts.table("assigned").filter(pl.col("worker").is_not_null())
    ends = facts.enrolments().select("enrolment", _end="end")
    return (
        taken.select(
            "person",
            pl.col("enrolment").fill_null(""),
            "role",
            "worker",
            "recorded_at",
            "id",
            since="occurred_from",
            own="occurred_to",
        )
        .join(ends, on="enrolment", how="left", maintain_order="left")
        .sort("person", "enrolment", "role", "since", "recorded_at", "id")
        .with_columns(_next=pl.col("since").shift(-1).over("person", "enrolment", "role"))
        .with_columns(
            until=pl.min_horizontal("own", "_end", pl.col("_next").dt.offset_by("-1d")),
        )
        .filter(pl.col("until").is_null() | (pl.col("until") >= pl.col("since")))
        .select("person", "enrolment", "role", "worker", "since", "until")
    )


def _replace(who: People, rows: list[Made]) -> None:
    """Put the rows in place of those there were; a case that is still there keeps its row, and what points to it."""
    if who.keys is not None:
        old = Case.objects.filter(person__in=who.keys)
    else:
        old = Case.objects.filter(person__gte=who.first, person__lte=who.last)
    kept = [case.public for case, _, _ in rows]
    gone = set(old.values_list("pk", flat=True)) - set(kept)
    Responsible.objects.filter(case__in=old).delete()
    Due.objects.filter(case__in=old).delete()
    Case.objects.filter(pk__in=gone).delete()
    Case.objects.bulk_create(
        [case for case, _, _ in rows],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["public"],
        update_fields=["person", "enrolment", *_CASE_FIELDS],
    )
    Responsible.objects.bulk_create([one for _, held, _ in rows for one in held], batch_size=500)
    Due.objects.bulk_create([one for _, _, due in rows for one in due], batch_size=500)
