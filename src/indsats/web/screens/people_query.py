"""What somebody searches for: a person number, a day of birth, an enrolment, or the beginnings of a name's parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from .. import clock
from ..models import Case, Person, PersonToken, folded
from ..record.numbers import forms, is_number
from ..rights import Reader, scope

MOST = 50
"""So many cases are shown; a search that finds more asks for more words."""

_BORN = re.compile(r"^(\d\d)(\d\d)(\d{4}|\d\d)$|^(\d\d?)[.\-/ ]+(\d\d?)[.\-/ ]+(\d{4}|\d\d)$")
_OLDEST = timedelta(days=110 * 366)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a search is for. Each of the four is empty where the words do not say it."""

    numbers: tuple[str, ...] = ()
    born: tuple[date, ...] = ()
    enrolment: str = ""
    parts: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.numbers or self.born or self.enrolment or self.parts)


def wanted(words: str) -> Wanted:
    """What the words of a search are for; nothing where there are too few to search by.

    A number is looked for as it is and with and without its hyphen; six digits are a day of birth, in either century;
    one word with a digit in it may be an enrolment, or the number of somebody who has another kind of number.
    """
    said = words.strip()
    if is_number(said):
        return Wanted(numbers=forms(said))
    born = _born(said)
    if born:
        return Wanted(born=born)
    if re.search(r"\d", said) and " " not in said:
        return Wanted(numbers=forms(said), enrolment=said[:120])
    parts = tuple(dict.fromkeys(folded(said)))[:5]
    return Wanted(parts=parts) if any(len(part) >= 2 and not part.isdecimal() for part in parts) else Wanted()


def found(reader: Reader, of: Wanted) -> list[Case]:
    """The cases of those searched for that the reader may see, by name, at most one more than ``MOST``. Two queries.

    Whoever is found by a number or a day is named one by one in the second query, and so are those a person found was
    merged into: an "or" over several tables would make the databases look through every case.
    """
    if not of:
        return []
    asked = Q()
    if of.numbers or of.born:
        whom = Person.objects.filter(Q(number__in=of.numbers) | Q(birth_date__in=of.born))
        asked = Q(person__in={into or key for key, into in whom.values_list("pk", "merged_into")})
        if of.enrolment:
            asked |= Q(enrolment=of.enrolment)
    for part in of.parts:
        asked &= Q(person__in=PersonToken.objects.filter(beginning(part)).values("person"))
    if of.parts:
        gone = Person.objects.filter(merged_into__isnull=False)
        for part in of.parts:
            gone = gone.filter(Exists(PersonToken.objects.filter(beginning(part), person=OuterRef("pk"))))
        kept = set(gone.values_list("merged_into", flat=True))
        asked |= Q(person__in=kept) if kept else Q()
    rows = scope(reader, Case).filter(asked).select_related("person")
    return list(rows.order_by("person__name", "person", "-start", "pk")[: MOST + 1])


def again(reader: Reader, cases: Sequence[str]) -> list[Case]:
    """Cases found before, those the reader may still see, in the same order."""
    rows = scope(reader, Case).filter(pk__in=cases).select_related("person")
    return list(rows.order_by("person__name", "person", "-start", "pk"))


def beginning(part: str) -> Q:
    """Tokens that begin with a part, so that the database's index finds them."""
    if connection.vendor == "postgresql":
        return Q(token__startswith=part)
    return Q(token__gte=part, token__lt=part + "\U0010ffff")


def _born(said: str) -> tuple[date, ...]:
    """The days of birth that digits written as day, month and year may mean: none ahead, none impossibly old."""
    shape = _BORN.match(said)
    if shape is None:
        return ()
    day, month, year = (part for part in shape.groups() if part is not None)
    today = clock.today()
    days = []
    for full in (int(year),) if len(year) == 4 else (1900 + int(year), 2000 + int(year)):
        try:
            born = date(full, int(month), int(day))
        except ValueError:
            continue
        if today - _OLDEST <= born <= today:
            days.append(born)
    return tuple(days)
