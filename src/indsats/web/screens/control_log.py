"""The logs as far as somebody who sees to control may read them: reads, samples, broken glasses, searches."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from hashlib import blake2b
from operator import or_

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from indsats.language import Lang, end_of, month_name

from .. import clock
from ..models import Access, Case, Glass, Membership, Person, Responsible, Search, User, as_one
from ..rights import Reader, rights

PAGE = 50
SAMPLE = 20
"""So many reads of a month are drawn."""
MONTHS = 13


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar month in Denmark."""

    year: int
    month: int

    @classmethod
    def of(cls, said: str, *, before: bool = False) -> Period:
        """The month ``2026-11`` names, else this one, or with ``before`` the last that is over."""
        try:
            day = date.fromisoformat(f"{said}-01")
        except ValueError:
            day = None
        # of other years the days around the month cannot be named
        if day is None or not 1900 < day.year < 2200:
            day = clock.today().replace(day=1)
            day = (day - timedelta(days=1)).replace(day=1) if before else day
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return (self.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    def title(self, lang: Lang) -> str:
        """``november 2026``."""
        return f"{month_name(self.month, lang)} {self.year}"

    def covers(self) -> Q:
        """The rows whose ``at`` lies in it."""
        return Q(at__gt=end_of(self.first - timedelta(days=1)), at__lte=end_of(self.last))


def periods() -> list[Period]:
    """This month and the twelve before it, the newest first."""
    found, day = [], clock.today()
    for _ in range(MONTHS):
        found.append(Period(day.year, day.month))
        day = day.replace(day=1) - timedelta(days=1)
    return found


def reads(
    reader: Reader,
    period: Period | None,
    *,
    every: bool,
    lists: bool,
    user: str = "",
    person: Person | None = None,
) -> QuerySet[Access]:
    """The reads the reader may control, the newest first, each with ``related``: whether whoever read was responsible
    for the case on that day.

    Without ``every`` only those who were not; without ``lists`` only persons shown by themselves. Reads of shielded
    persons are left out for those who may not know of them.
    """
    found = Access.objects.filter(_covered(reader))
    if period is not None:
        found = found.filter(period.covers())
    if not lists:
        found = found.filter(alone=True)
    if user:
        found = found.filter(user__username=user)
    if person is not None:
        found = found.filter(person__in=as_one([person.pk]))
    on = OuterRef("on")
    held = Responsible.objects.filter(
        Q(until=None) | Q(until__gte=on),
        case=OuterRef("case"),
        worker=OuterRef("user__username"),
        since__lte=on,
    )
    found = found.annotate(on=TruncDate("at")).annotate(related=Exists(held))
    if not every:
        found = found.filter(related=False)
    return found.select_related("user", "person", "glass").order_by("-at", "-pk")


def sample(reader: Reader, period: Period) -> tuple[list[Access], int]:
    """Some reads of a month in which somebody was shown by themselves, drawn by chance, and how many there are.

    The draw is a keyed digest of each read: whoever draws again gets the same, and nobody can know beforehand which.
    """
    mine = reads(reader, period, every=True, lists=False).exclude(user=reader.user)
    keys = list(mine.order_by().values_list("pk", flat=True))
    drawn = heapq.nsmallest(
        SAMPLE, keys, key=lambda key: blake2b(f"{period}:{key}".encode(), digest_size=8).digest()
    )
    return list(mine.filter(pk__in=drawn)), len(keys)


def searches(reader: Reader, period: Period) -> QuerySet[Search]:
    """The searches of those who have a role where the reader sees to control, the newest first."""
    return Search.objects.filter(
        period.covers(), Exists(_staff(reader).filter(user=OuterRef("user")))
    ).order_by("-at", "-pk")


def glasses(reader: Reader) -> QuerySet[Glass]:
    """The glasses broken by those who have a role where the reader sees to control, or to see somebody there."""
    of_person = _cases(reader).filter(person=OuterRef("person"), programme=OuterRef("programme"))
    by_staff = _staff(reader).filter(user=OuterRef("user"), programme=OuterRef("programme"))
    return Glass.objects.filter(Exists(of_person) | Exists(by_staff)).order_by(
        F("reviewed_at").asc(nulls_first=True), "-since"
    )


def known_persons(reader: Reader) -> QuerySet[Person]:
    """The persons whose reads the reader may control; merged ones under whom they were merged into."""
    return Person.objects.filter(Exists(_cases(reader).filter(person=OuterRef("pk"))))


def staff(reader: Reader) -> QuerySet[User]:
    """The users who have a role where the reader sees to control."""
    return User.objects.filter(Exists(_staff(reader).filter(user=OuterRef("pk")))).order_by(
        "name", "username"
    )


def _covered(reader: Reader) -> Q:
    """The reads of cases the reader may control; of a case that is no longer there, by its person."""
    there = Case.objects.filter(pk=OuterRef("case"))
    whose = Q(person=OuterRef("person")) | Q(person=OuterRef("person__merged_into"))
    return Q(Exists(_cases(reader).filter(pk=OuterRef("case")))) | (
        ~Q(Exists(there)) & Q(Exists(_cases(reader).filter(whose)))
    )


def _places(held: Iterable[tuple[Membership, object]]) -> Q:
    found = []
    for one, right in held:
        place = Q(programme=one.programme)
        if getattr(right, "scope", "") == "site" and one.site is not None:
            place &= Q(site=one.site)
        found.append(place)
    return reduce(or_, found, Q(pk__in=[]))


def _cases(reader: Reader) -> QuerySet[Case]:
    """The cases whose reads the reader may control. That somebody is shielded is known only to who may know it."""
    found = Case.objects.filter(_places(rights(reader, "control", "log")))
    knows = _places(rights(reader, "protected", "log"))
    return found.filter(Q(person__protected=False) | knows)


def _staff(reader: Reader) -> QuerySet[Membership]:
    """The memberships at the places where the reader sees to control."""
    return Membership.objects.filter(_places(rights(reader, "control", "log"))).exclude(role="citizen")
