"""Makes the projections of persons from their facts, by the pure functions of ``steer``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

import polars as pl
from django.db import transaction
from django.db.models import Max

from indsats.progress import Progress
from indsats.record import Facts
from indsats.steer import case_rows, worklist

from .. import clock
from ..models import Case, Due, Person, Responsible, Site
from ..programmes import served
from ..record import record_of
from ..record.loading import insert

CHUNK = 2000
"""How many persons are made at a time."""
_TRIES = 5
"""How often persons are made anew because a place's settings changed meanwhile."""

_CASE_FIELDS = (
    "service", "unit", "site", "start", "end", "exit_reason", "state", "phase", "group", "last_held", "next_planned",
    "computed_on",
)  # fmt: skip
_OF_SITES = ("site_setting",)
"""The kinds of facts about sites that what falls due depends on."""


def waiting(most: int = 500) -> list[int]:
    """The keys of persons whose facts are newer than their projections, at most so many."""
    return list(Person.objects.filter(waiting=True).order_by("id").values_list("id", flat=True)[:most])


def project(persons: Collection[int], day: date | None = None) -> None:
    """Make the projections of some persons, in all programmes, from what the database holds now.

    A fact that comes in while they are made leaves the person as they were, and waiting. Merged persons are made with
    the one they were merged into, and have no rows of their own.
    """
    keys = _whole(persons)
    for _ in range(_TRIES):
        if _made(keys, day or clock.today()):
            return


def refresh(day: date | None = None, progress: Progress | None = None) -> int:
    """Make the projections that were made for an earlier day; gives how many persons that were.

    What falls due follows from the day, so everybody's are made once a day.
    """
    day = day or clock.today()
    old = Case.objects.filter(computed_on__lt=day).order_by("person").values_list("person", flat=True)
    return _in_chunks(list(old.distinct()), day, progress)


def rebuild(day: date | None = None, progress: Progress | None = None) -> int:
    """Make everybody's projections anew from the facts alone; gives how many persons there are.

    The rows are the same as those made one by one as facts came in.
    """
    everybody = list(Person.objects.order_by("id").values_list("id", flat=True))
    return _in_chunks(everybody, day or clock.today(), progress)


def _in_chunks(keys: Sequence[int], day: date, progress: Progress | None) -> int:
    for first in range(0, len(keys), CHUNK):
        if progress:
            progress(first, len(keys), "projections")
        project(keys[first : first + CHUNK], day)
    return len(keys)


def _whole(persons: Collection[int]) -> list[int]:
    """The keys asked for, with those merged with any of them: whoever is one person is made together."""
    asked = set(persons)
    into = Person.objects.filter(pk__in=asked, merged_into__isnull=False)
    kept = asked | set(into.values_list("merged_into", flat=True))
    return sorted(kept | set(Person.objects.filter(merged_into__in=kept).values_list("pk", flat=True)))


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows made for some persons in a programme; ``person`` is the key of whose they are."""

    cases: list[Case]
    responsible: pl.DataFrame
    due: pl.DataFrame


def _made(keys: list[int], day: date) -> bool:
    """Make the rows of whole persons; False, and nothing changed, when a place's settings changed meanwhile.

    A person whose facts changed meanwhile keeps the rows there are and goes on waiting.
    """
    places = _places()
    before = dict(Person.objects.filter(pk__in=keys).values_list("pk", "revision"))
    numbers = {
        number: (key, public)
        for key, public, number in Person.objects.filter(pk__in=keys, merged_into=None).values_list(
            "pk", "public", "number"
        )
    }
    made = [rows for name in served() if (rows := _rows(name, keys, day, numbers)) is not None]
    with transaction.atomic():
        now = Person.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",))
        changed = {
            into or key
            for key, revision, into in now.values_list("pk", "revision", "merged_into")
            if before.get(key) != revision
        }
        if _places() != places:
            return False
        settled = [key for key in keys if key not in changed]
        if changed:  # and whoever is merged with them
            with_them = Person.objects.filter(merged_into__in=changed).values_list("pk", flat=True)
            settled = sorted(set(settled) - set(with_them))
        _replace(settled, made)
        Person.objects.filter(pk__in=settled, waiting=True).update(waiting=False)
    return True


def _places() -> int:
    """A number that grows with every fact about a place."""
    return Site.objects.aggregate(newest=Max("revision"))["newest"] or 0


def _rows(programme: str, keys: list[int], day: date, numbers: dict[str, tuple[int, str]]) -> _Rows | None:
    """The cases of a programme, who is responsible for each, and what is due."""
    facts = record_of(programme, keys, sites=_OF_SITES).as_of()
    if not any(table["person"].null_count() < table.height for table in facts.facts.values()):
        return None
    cases = []
    for row in case_rows(facts, day).rows(named=True):
        key, public = numbers[row["person"]]
        cases.append(
            Case(
                public=case_key(programme, row["enrolment"] or public),
                programme=programme,
                enrolment=row["enrolment"],
                person_id=key,
                computed_on=day,
                **{name: row[name] for name in _CASE_FIELDS if name != "computed_on"},
            )
        )
    of = pl.DataFrame(
        [(one.person_id, one.enrolment, one.public, one.site) for one in cases],
        schema={"key": pl.Int64(), "enrolment": pl.String(), "case_id": pl.String(), "site": pl.String()},
        orient="row",
    )
    known = pl.DataFrame(
        [(number, key) for number, (key, _) in numbers.items()],
        schema={"person": pl.String(), "key": pl.Int64()},
        orient="row",
    )
    held = _of_cases(_responsible(facts), known, of).select(
        "key", "case_id", "role", "worker", _day("since"), _day("until")
    )
    due = _of_cases(worklist(facts, day).drop("site").unique(maintain_order=True), known, of).select(
        "key",
        "case_id",
        pl.lit(programme).alias("programme"),
        "site",
        "role",
        "worker",
        "queue",
        pl.col("what", "fact").fill_null(""),
        _day("opens"),
        _day("due"),
        _day("closes"),
    )
    return _Rows(cases, held, due)


def _of_cases(rows: pl.DataFrame, known: pl.DataFrame, of: pl.DataFrame) -> pl.DataFrame:
    """Rows about persons and enrolments with the case they are of; rows that are of none are left out."""
    named = rows.with_columns(pl.col("enrolment").fill_null("")).join(
        known, on="person", maintain_order="left"
    )
    return named.join(of, on=["key", "enrolment"], maintain_order="left")


def _day(name: str) -> pl.Expr:
    return pl.col(name).dt.to_string("%Y-%m-%d")


def case_key(programme: str, of: str) -> str:
    """What a case is called in addresses: the same for the same enrolment, and telling nothing of it."""
    return blake2b(f"{programme}\x1f{of}".encode(), digest_size=9).hexdigest()


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


def _replace(keys: list[int], made: list[_Rows]) -> None:
    """Put the rows in place of those there were; a case that is still there keeps its row, and what points to it."""
    whose = set(keys)
    cases = [case for rows in made for case in rows.cases if case.person_id in whose]
    there = list(Case.objects.filter(person__in=keys).values_list("pk", flat=True))
    gone = set(there) - {case.public for case in cases}
    for some in _some(there):
        Responsible.objects.filter(case__in=some).delete()
        Due.objects.filter(case__in=some).delete()
    if gone:
        Case.objects.filter(pk__in=gone).delete()
    Case.objects.bulk_create(
        cases,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["public"],
        update_fields=["person", "enrolment", *_CASE_FIELDS],
    )
    settled = pl.Series(keys, dtype=pl.Int64()).implode()
    for rows in made:
        for model, table in ((Responsible, rows.responsible), (Due, rows.due)):
            kept = table.filter(pl.col("key").is_in(settled)).drop("key")
            if kept.height:
                insert(model._meta.db_table, kept)


def _some(keys: list[str], most: int = 5000) -> Iterator[list[str]]:
    for first in range(0, len(keys), most):
        yield keys[first : first + most]
