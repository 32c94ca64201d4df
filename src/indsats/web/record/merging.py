"""Two persons in the database who are one: joined with a reason, and parted again if that was wrong.

Every fact stays under the person it was written about; only the person gets a mark (``merged_into``), and the record is
read under the number of the one that was kept.
"""

from __future__ import annotations

from django.db import connection, transaction

from indsats.problem import InputRefused, Problem
from indsats.record import Record, record_from_tables

from .. import clock
from ..derive import project
from ..models import Fact, Merge, Person
from ..programmes import programme as definition
from .reading import record_of


def merge(by: str, gone: Person, kept: Person, reason: str) -> Merge:
    """Join ``gone`` to ``kept``; ``by`` is the user's name. The projections of both are made anew.

    Raises ``InputRefused``, and changes nothing, when the two are one already, when either has been joined to somebody
    else, when no reason is given, when only ``gone`` is shielded, and when the record's rules would be broken: both
    enrolled in the same service at the same time, for one. A problem of our own has the key of its words in ``field``.
    """
    with transaction.atomic():
        locked = _locked(gone, kept)
        gone, kept = locked[gone.pk], locked[kept.pk]
        _refuse(_objections(gone, kept, reason))
        before = _problems_alone(gone, kept)
        Person.objects.filter(pk=gone.pk).update(merged_into=kept)
        _refuse(problem for problem in _problems(kept, _programmes(gone, kept)) if problem.what not in before)
        _touched(gone, kept)
        made = Merge.objects.create(gone=gone, kept=kept, at=clock.now(), by=by, reason=reason.strip())
    project([gone.pk, kept.pk])
    return made


def undo(by: str, merged: Merge) -> Merge:
    """Part two persons who were joined: each has their own facts again, and the projections are made anew.

    Raises ``InputRefused``, and changes nothing, when they have been parted already, and when facts written since would
    be left pointing to an enrolment of the other.
    """
    with transaction.atomic():
        now = Merge.objects.select_for_update().get(pk=merged.pk)
        locked = _locked(now.gone, now.kept)
        gone, kept = locked[now.gone_id], locked[now.kept_id]
        if now.undone is not None or gone.merged_into_id != kept.pk:
            _refuse([_own("parted", "the two have been parted already", "Look at the list of merges.")])
        programmes = _programmes(gone, kept)
        before = {problem.what for problem in _problems(kept, programmes)}
        Person.objects.filter(pk=gone.pk).update(merged_into=None)
        after = [problem for one in (gone, kept) for problem in _problems(one, programmes)]
        _refuse(problem for problem in after if problem.what not in before)
        _touched(gone, kept)
        now.undone, now.undone_by = clock.now(), by
        now.save(update_fields=["undone", "undone_by"])
    project([gone.pk, kept.pk])
    return now


def _locked(*persons: Person) -> dict[int, Person]:
    """The persons as they are now, held until the transaction ends, always in the same order."""
    keys = [one.pk for one in persons]
    return {one.pk: one for one in Person.objects.select_for_update().filter(pk__in=keys).order_by("pk")}


def _refuse(problems: object) -> None:
    found = list(problems)  # type: ignore[call-overload]
    if found:
        raise InputRefused(found)


def _own(key: str, what: str, remedy: str) -> Problem:
    return Problem(what, remedy, field=f"merge.{key}")


def _objections(gone: Person, kept: Person, reason: str) -> list[Problem]:
    """What speaks against joining them before their facts are looked at."""
    found = []
    if not reason.strip():
        found.append(_own("reason", "no reason is given", "Write how you know that the two are one person."))
    if gone.pk == kept.pk:
        found.append(_own("same", "it is the same person twice", "Choose two persons."))
    for one in (gone, kept):
        if one.merged_into_id is not None:
            found.append(
                _own("joined", "one of them has been joined to somebody already", "Choose the one kept then.")
            )
    if Person.objects.filter(merged_into=gone).exists():
        found.append(
            _own(
                "chain",
                "somebody else has been joined to the one that is to go",
                "Keep this one instead, or part those two first.",
            )
        )
    if gone.protected and not kept.protected:
        found.append(
            _own(
                "shielded",
                "only the one that is to go is shielded, and the joined person would not be",
                "Keep the shielded one.",
            )
        )
    return found


def _programmes(*persons: Person) -> list[str]:
    facts = Fact.objects.filter(person__in=persons)
    return sorted(set(facts.values_list("programme", flat=True)))


def _problems(person: Person, programmes: list[str]) -> list[Problem]:
    """What the record's own rules say of everything written about a person, as it is read now."""
    return [problem for programme in programmes for problem in _checked(record_of(programme, (person.pk,)))]


def _checked(record: Record) -> tuple[Problem, ...]:
    """The problems of a record taken in anew, all versions of all facts."""
    facts = {kind: table for kind, table in record.facts.items() if table.height}
    try:
        record_from_tables(
            definition(record.programme.programme),
            facts,
            persons=record.persons,
            sites=record.sites if record.sites.height else None,
            synthetic=record.synthetic,
        )
    except InputRefused as refused:
        return refused.problems
    return ()


def _problems_alone(gone: Person, kept: Person) -> set[str]:
    """What the rules of today already say of either alone: that is no hindrance to joining them."""
    programmes = _programmes(gone, kept)
    return {problem.what for one in (gone, kept) for problem in _problems(one, programmes)}


def _touched(*persons: Person) -> None:
    """A place of its own among the facts: who is writing about either of them meanwhile has to look again."""
    Person.objects.filter(pk__in=[one.pk for one in persons]).update(revision=_next_place(), waiting=True)


def _next_place() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence('web_fact', 'id'))")
        else:
            cursor.execute("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'web_fact'")
            cursor.execute("SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'web_fact'), 1)")
        ((place,),) = cursor.fetchall()
    return place
