"""Lists that are brought in: shown first, written whole or not at all, undone whole while nothing rests on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from django.db import IntegrityError, connection, transaction
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest

from indsats.problem import InputRefused, Problem
from indsats.record import payload_columns

from .. import clock
from ..models import Batch, Fact, Person, PersonToken, folded
from ..programmes import programme as definition
from ..rights import Reader
from .known import without_facts
from .plans import Plan, plan_list, safe_name
from .writing import row_of

_TRIES = 4
"""How often a list is checked anew because somebody wrote about the same persons in between."""
KEPT = timedelta(days=7)
"""How long a list that was shown and neither accepted nor dropped is kept: it holds person numbers."""
_MASTER = ("birth_date", "sex", "origin", "civil_status", "education", "area")

Why = Literal["corrected", "enrolment", "followed", "person"]
"""corrected: a fact of the batch has a newer version; enrolment: a fact about an enrolment of the batch; followed: an
enrolment or a draw that came after the visitation or the draw; person: a fact about a person the batch brought in."""


@dataclass(frozen=True, slots=True)
class Resting:
    """A fact that rests on a batch, and why."""

    fact: Fact
    why: Why


@dataclass
class Rested(Exception):
    """The batch cannot be undone, and nothing was: these facts rest on it."""

    facts: list[Resting]


def preview(
    reader: Reader,
    programme: str,
    name: str,
    content: bytes,
    holds: str | None = None,
    site: str | None = None,
) -> Batch:
    """A batch that says in ``told`` what the list would do; nothing else is written. See ``plan_list``.

    ``told`` has ``rows``, ``facts``, ``already``, ``new``, ``known``, ``filled`` (numbers), ``problems`` (row, column,
    value, what, remedy) and ``likely`` (rows with keys of persons). Lists nobody has decided on for a week go.
    """
    Batch.objects.filter(accepted=None, undone=None, made__lt=clock.now() - KEPT).delete()
    plan = plan_list(reader, programme, name, content, holds, site)
    return Batch.objects.create(
        user=reader.user,
        programme=programme,
        site=site,
        kind=plan.holds,
        name=safe_name(name),
        content=content,
        told=told(plan),
        made=clock.now(),
    )


def told(plan: Plan) -> dict[str, Any]:
    """A plan in numbers and words, as a batch keeps it: no person number is in it."""
    return {
        "rows": plan.size,
        "facts": len(plan.rows),
        "already": plan.already,
        "new": plan.new,
        "known": len(plan.made) + len({one.pk for one in plan.known.values()}) - plan.new,
        "filled": len(plan.filled),
        "likely": plan.likely,
        "problems": [
            {"row": one.row, "column": one.field, "value": one.value, "what": one.what, "remedy": one.remedy}
            for one in plan.problems
        ],
    }


def accept(reader: Reader, batch: Batch) -> Batch:
    """Write everything of a list that was shown, or nothing.

    It is looked at anew: what has come since it was shown counts. Raises ``InputRefused`` when anything in it cannot be
    written, when everything in it is there already, and when the batch was accepted or dropped before.
    """
    for _ in range(_TRIES):
        batch = current(batch)
        plan = plan_list(
            reader, batch.programme, batch.name, bytes(batch.content), batch.kind or None, batch.site
        )
        refuse(plan)
        done = write(batch, plan)
        if done is not None:
            return done
    raise InputRefused([_own("busy", "others are writing about the same persons", "Try again in a moment.")])


def refuse(plan: Plan) -> None:
    """InputRefused when a plan has problems, or nothing in it is new."""
    if plan.problems:
        raise InputRefused(plan.problems)
    # who is there already, and not to be known of, is answered as somebody new
    if not (plan.rows or plan.made or plan.filled or (plan.holds == "persons" and plan.new)):
        raise InputRefused(
            [_own("nothing", "everything in the list is there already", "Nothing needs to be done.")]
        )


def write(batch: Batch, plan: Plan) -> Batch | None:
    """Write a plan in one transaction, linked to its batch; None when somebody has written about its persons since."""
    seen = {one.pk: one.revision for one in plan.known.values()}
    try:
        with transaction.atomic():
            now = current(batch, hold=True)
            if _revisions(seen) != seen:
                return None
            made = _persons(plan.made)
            old = _fill(plan.filled)
            of = {**plan.known, **{one.number: one for one in made}}
            columns = payload_columns(plan.holds, definition(plan.programme)) if plan.rows else ()
            rows = [row_of(row, plan.programme, _whose(row, plan, of), columns) for row in plan.rows]
            for row in rows:
                row.batch_id = now.pk
            _mark_waiting(Fact.objects.bulk_create(rows, batch_size=500))
            now.accepted, now.content = clock.now(), b""
            now.told |= told(plan) | {"made": [one.pk for one in made], "before": old}
            now.save(update_fields=["accepted", "content", "told"])
    except IntegrityError:
        return None  # a person or a fact of the list was written by somebody else in this moment
    return now


def drop(batch: Batch) -> None:
    """Forget a list that was shown and not accepted; InputRefused when it was decided on before."""
    with transaction.atomic():
        now = current(batch, hold=True)
        now.delete()


def resting(batch: Batch) -> list[Resting]:
    """The facts that rest on an accepted batch, in the order they were written; with any, it cannot be undone."""
    own = Fact.objects.filter(batch=batch, version=1)
    live = Fact.objects.filter(programme=batch.programme, replaced_at=None)
    others = live.exclude(batch=batch)
    found: list[tuple[QuerySet[Fact], Why]] = [
        (others.filter(fact__in=own.values("fact")), "corrected"),
    ]
    if batch.kind == "enrolled":
        enrolments = own.filter(replaced_at=None).values("enrolment")
        found.append((others.filter(person__in=_all_of(own), enrolment__in=enrolments), "enrolment"))
    if batch.kind in ("visitation", "drawn"):
        after = ("drawn", "enrolled") if batch.kind == "visitation" else ("enrolled",)
        since = others.filter(recorded_at__gt=batch.accepted, kind__in=after, version=1)
        found.append((since.filter(person__in=_all_of(own)), "followed"))
    if batch.kind == "persons":
        brought = Fact.objects.filter(person__in=batch.told.get("made", []), replaced_at=None)
        found.append((brought, "person"))
    first: dict[int, Resting] = {}
    for facts, why in found:
        for fact in facts.select_related("person"):
            first.setdefault(fact.pk, Resting(fact, why))
    return [first[key] for key in sorted(first)]


def _all_of(facts: QuerySet[Fact]) -> QuerySet[Person]:
    """The persons of facts, with those they were merged into and those merged into them."""
    own = facts.values("person")
    into = Person.objects.filter(pk__in=own, merged_into__isnull=False).values("merged_into")
    return Person.objects.filter(Q(pk__in=own) | Q(pk__in=into) | Q(merged_into__in=own))


def undo(by: str, batch: Batch, reason: str) -> Batch:
    """Withdraw every fact of an accepted batch, in one transaction, and blank what it said of persons.

    Facts stay, as facts that were withdrawn by ``by`` for ``reason``; one that was withdrawn before is left alone.
    Raises ``Rested`` when later facts rest on it, and ``InputRefused`` when it was not accepted, is undone already, or
    no reason is given.
    """
    with transaction.atomic():
        now = Batch.objects.select_for_update().get(pk=batch.pk)
        if now.accepted is None or now.undone is not None:
            raise InputRefused(
                [_own("undone", "the list is not in the record", "Look at the lists brought in.")]
            )
        if not reason.strip():
            raise InputRefused([_own("reason", "no reason is given", "Write why the list is undone.")])
        rows = list(Fact.objects.filter(batch=now, replaced_at=None).select_related("person"))
        persons = {one.person.merged_into_id or one.person.pk for one in rows if one.person}
        _revisions(dict.fromkeys(persons, 0))
        if found := resting(now):
            raise Rested(found)
        at = max([clock.now(), *(one.recorded_at + timedelta(microseconds=1) for one in rows)])
        Fact.objects.filter(batch=now, replaced_at=None).update(replaced_at=at)
        withdrawn = [_withdrawn(one, by, at, reason) for one in rows]
        _mark_waiting(Fact.objects.bulk_create(withdrawn, batch_size=500))
        _blank(now)
        now.undone, now.undone_by, now.reason = clock.now(), by, reason.strip()
        now.save(update_fields=["undone", "undone_by", "reason"])
    return now


def _own(key: str, what: str, remedy: str) -> Problem:
    """A problem with the key of its words in ``field``."""
    return Problem(what, remedy, field=f"batch.{key}")


def current(batch: Batch, *, hold: bool = False) -> Batch:
    """A batch as it is now, held until the transaction ends if asked for; InputRefused when it was decided on."""
    rows = Batch.objects.select_for_update() if hold else Batch.objects.all()
    now = rows.filter(pk=batch.pk, accepted=None, undone=None).first()
    if now is None:
        raise InputRefused(
            [_own("decided", "the list has been decided on already", "Look at the lists brought in.")]
        )
    return now


def _revisions(seen: Mapping[int, int]) -> dict[int, int]:
    """The revisions of persons now, who are held until the transaction ends, always in the same order."""
    rows = Person.objects.select_for_update().filter(pk__in=list(seen)).order_by("pk")
    return dict(rows.values_list("pk", "revision"))


def _persons(made: list[Person]) -> list[Person]:
    # copies: a plan that has to be written once more must not carry keys of the first time
    fresh = [
        Person(**{name: getattr(one, name) for name in ("number", "name", "protected", *_MASTER)})
        for one in made
    ]
    created = Person.objects.bulk_create(fresh, batch_size=500)
    _tokens(created)
    return created


def _tokens(persons: Iterable[Person]) -> None:
    rows = [
        PersonToken(person=one, token=part[:60])
        for one in persons
        for part in dict.fromkeys(folded(one.name))
    ]
    PersonToken.objects.bulk_create(rows, batch_size=1000)


def _fill(filled: Mapping[int, Mapping[str, Any]]) -> dict[str, dict[str, list[Any]]]:
    """Write what the list says of known persons; gives for each what stood there and what stands there now."""
    persons = list(Person.objects.filter(pk__in=list(filled)))
    old = {
        str(one.pk): {
            name: [_plain(getattr(one, name)), _plain(value)] for name, value in filled[one.pk].items()
        }
        for one in persons
    }
    for one in persons:
        for name, value in filled[one.pk].items():
            setattr(one, name, value)
    _saved(persons, {one.pk for one in persons if "name" in filled[one.pk]})
    return old


def _saved(persons: list[Person], renamed: set[int]) -> None:
    if not persons:
        return
    columns = ("name", "protected", *_MASTER)
    said = ", ".join(f"{name} = %s" for name in columns)
    rows = [(*(_plain(getattr(one, name)) for name in columns), one.pk) for one in persons]
    with connection.cursor() as cursor:  # Django's own way takes minutes for thousands of rows
        cursor.executemany(f"UPDATE web_person SET {said} WHERE id = %s", rows)  # noqa: S608 - names are ours
    PersonToken.objects.filter(person__in=renamed).delete()
    _tokens(one for one in persons if one.pk in renamed)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _blank(batch: Batch) -> None:
    """Persons as they were before a batch: what it filled in is put back, those only it brought keep their number."""
    before: dict[str, dict[str, list[Any]]] = batch.told.get("before", {})
    persons = list(Person.objects.filter(pk__in=[int(key) for key in before]))
    renamed = set()
    for one in persons:
        for name, (old, new) in before[str(one.pk)].items():
            if _plain(getattr(one, name)) == new:  # else somebody has put it right since
                setattr(one, name, date.fromisoformat(old) if name == "birth_date" and old else old)
                renamed |= {one.pk} if name == "name" else set()
    _saved(persons, renamed)
    made = list(Person.objects.filter(pk__in=batch.told.get("made", [])))
    alone = without_facts(made)
    gone = [one for one in made if one.pk in alone]
    for one in gone:
        one.name, one.protected = "", False
        for name in _MASTER:
            setattr(one, name, None)
    _saved(gone, {one.pk for one in gone})


def _whose(row: Mapping[str, Any], plan: Plan, of: Mapping[str, Person]) -> Person:
    """Whose fact it is: of somebody merged into the person when the enrolment is theirs."""
    return plan.owners.get(row["enrolment"] or "", of[row["person"]])


def _mark_waiting(written: Iterable[Fact]) -> None:
    """The revisions of the persons facts were written about follow the last of them, and their projections wait."""
    last: dict[int, int] = {}
    apart: dict[int, int] = {}
    for row in written:
        if row.person is None:
            continue
        into = row.person.merged_into_id
        (last if into is None else apart)[into or row.person.pk] = row.pk
    newest = (
        Fact.objects.filter(person=OuterRef("pk")).values("person").annotate(last=Max("pk")).values("last")
    )
    Person.objects.filter(pk__in=list(last)).update(waiting=True, revision=Subquery(newest))
    for key, place in apart.items():  # what was written about somebody merged is about who was kept, too
        Person.objects.filter(pk=key).update(waiting=True, revision=Greatest("revision", place))


def _withdrawn(row: Fact, by: str, at: Any, reason: str) -> Fact:
    """The last version of a fact that was never true."""
    kept = {
        name: getattr(row, name)
        for name in (
            "programme", "fact", "kind", "programme_version", "person", "enrolment", "site", "occurred_from",
            "occurred_to", "payload", "batch_id",
        )
    }  # fmt: skip
    return Fact(
        **kept,
        version=row.version + 1,
        recorded_at=at,
        recorded_by=by,
        source=reason.strip()[:200],
        replaced_at=at,
    )
