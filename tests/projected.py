"""The projections as they stand, row by row, and what must hold of them and of the facts whatever was done."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from typing import Any


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every projection without the keys that mean nothing, in an order of its own."""
    from indsats.web.models import Case, Due, Responsible

    found = {}
    for model, left_out in ((Case, ()), (Responsible, ("id",)), (Due, ("id",))):
        names = [field.attname for field in model._meta.concrete_fields if field.attname not in left_out]
        found[model.__name__] = sorted(model.objects.values_list(*names), key=repr)
    return found


def facts_hold() -> None:
    """Versions follow one another without a gap, at most one of a fact is open, and each is about what there is."""
    from indsats.web.models import Fact, Person, Site

    chains: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for row in Fact.objects.order_by("programme", "fact", "version"):
        chains[row.programme, row.fact].append(row)
    persons = set(Person.objects.values_list("pk", flat=True))
    sites = set(Site.objects.values_list("programme", "key"))
    for versions in chains.values():
        assert [one.version for one in versions] == list(range(1, len(versions) + 1))
        for one, after in pairwise(versions):
            assert one.replaced_at == after.recorded_at, one.fact
            assert one.recorded_at < after.recorded_at
            assert (one.kind, one.person_id) == (after.kind, after.person_id)
            assert one.pk < after.pk
        last = versions[-1]
        assert last.replaced_at is None or last.replaced_at >= last.recorded_at
        assert last.person_id in persons or (last.person_id is None and (last.programme, last.site) in sites)


def revisions_hold() -> None:
    """A person's revision is at least the key of the newest row about them, or about somebody merged into them."""
    from django.db.models import Max

    from indsats.web.models import Person

    for person in Person.objects.annotate(newest=Max("facts__pk"), theirs=Max("merged__facts__pk")):
        if person.merged_into_id is None:
            assert person.revision >= max(person.newest or 0, person.theirs or 0), person.pk


def responsible_hold() -> None:
    """Nobody holds a role of a case on the same day as somebody else, and every time begins before it ends."""
    from indsats.web.models import Responsible

    held: dict[tuple[str, str], list[tuple[date, date | None]]] = defaultdict(list)
    for row in Responsible.objects.order_by("case", "role", "since"):
        held[row.case_id, row.role].append((row.since, row.until))
        assert row.until is None or row.since <= row.until
    for times in held.values():
        for (_, until), (since, _) in pairwise(times):
            assert until is not None
            assert until < since


def assigned_are_followed() -> None:
    """From one assignment to the next in the same role of a case there is no day without a holder, but where the
    assignment said its own end, or the enrolment ended."""
    from indsats.web.models import Case, Fact, Responsible

    last_holders = {
        (row.case_id, row.role): row for row in Responsible.objects.order_by("since").select_related("case")
    }
    for case in Case.objects.exclude(enrolment="").select_related("person"):
        newest: dict[str, Fact] = {}
        whose = [case.person_id, *case.person.merged.values_list("pk", flat=True)]
        taken = Fact.objects.filter(
            programme=case.programme,
            kind="assigned",
            replaced_at=None,
            enrolment=case.enrolment,
            person__in=whose,
        )
        for fact in taken.order_by("occurred_from", "recorded_at", "fact"):
            newest[fact.payload["role"]] = fact
        for role, fact in newest.items():
            if fact.payload.get("worker") is None or (case.end is not None and case.end < fact.occurred_from):
                continue
            ends = [day for day in (fact.occurred_to, case.end) if day is not None]
            row = last_holders[case.pk, role]
            assert (row.worker, row.since) == (fact.payload["worker"], fact.occurred_from)
            assert row.until == min(ends, default=None)


def everything_is_reachable() -> None:
    """Every open fact about somebody, merged or not, is in the record read for the one they are."""
    from indsats.web.models import Fact, Person
    from indsats.web.record import record_of

    for person in Person.objects.filter(merged_into__isnull=False).select_related("merged_into"):
        assert person.merged_into is not None
        for programme in set(Fact.objects.filter(person=person).values_list("programme", flat=True)):
            there = record_of(programme, (person.merged_into.pk,))
            ids = {one for table in there.facts.values() for one in table["id"].to_list()}
            assert (
                set(Fact.objects.filter(person=person, programme=programme).values_list("fact", flat=True))
                <= ids
            )


def day_after(day: date, days: int = 1) -> date:
    """So many days on."""
    return day + timedelta(days=days)
