"""Who is in the database already: by number, by day of birth, and without anything written about them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ..models import Fact, Person
from ..rights import Reader, scope
from .likeness import Known
from .numbers import forms


def known_persons(numbers: Iterable[str]) -> dict[str, Person]:
    """The persons in the database behind some numbers, each under the number asked for; merged ones as who was kept."""
    asked = {form: number for number in numbers for form in forms(number)}
    found = Person.objects.filter(number__in=list(asked)).select_related("merged_into").order_by("pk")
    return {asked[one.number]: one.merged_into or one for one in found}


def born_on(reader: Reader, days: set[date]) -> dict[date | None, list[Known]]:
    """Those the reader may see who were born on some days, by day."""
    rows = (
        scope(reader, Person).filter(birth_date__in=days).exclude(name="") if days else Person.objects.none()
    )
    found: dict[date | None, list[Known]] = {}
    for row in rows.values_list("pk", "number", "name", "birth_date", "sex"):
        found.setdefault(row[3], []).append(Known(*row))
    return found


def without_facts(persons: Iterable[Person]) -> set[int]:
    """The keys of those nobody has written anything about that still counts."""
    keys = {one.pk for one in persons}
    with_facts = (
        Fact.objects.filter(replaced_at=None).filter(person__in=keys).values_list("person", flat=True)
    )
    theirs = Fact.objects.filter(replaced_at=None, person__merged_into__in=keys)
    return (
        keys
        - set(with_facts.distinct())
        - set(theirs.values_list("person__merged_into", flat=True).distinct())
    )
