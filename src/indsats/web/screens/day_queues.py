"""The queues of a working day as one reader has them: which there are, how much is in each, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.urls import reverse

from indsats.programme import Text
from indsats.steer import QUEUES

from .. import clock
from ..models import Access, Case, Due, Site
from ..rights import Action, Reader, may, rights, scope, widest
from .whole import whole

NEEDS: Mapping[str, tuple[Action, str]] = {
    "meetings_today": ("see", "meeting"),
    "meetings_to_move": ("see", "meeting"),
    "meetings_unanswered": ("see", "meeting"),
    "meetings_late": ("see", "meeting"),
    "no_show": ("see", "meeting"),
    "new_to_me": ("see", "case"),
    "unassigned": ("assign", "case"),
    "no_next_step": ("see", "meeting"),
    "measurements": ("see", "questionnaire_answered"),
    "requirements": ("see", "requirement_answered"),
    "agreements_ending": ("see", "agreement"),
    "hours": ("see", "hours"),
    "subgoals": ("see", "subgoal_reviewed"),
    "placement_follow_up": ("see", "placement"),
    "minutes": ("see", "meeting"),
}
"""The queues in the order of the screen, what must happen today first, each with the right it is of use to."""

MINE, ALL, NOBODYS = "mine", "alle", "ingen"
"""Whose items a list is of, as addresses say it; anything else is a worker's id."""

PAGE = 50
"""How many cases are shown at a time."""

_BESIDE = 60
"""How far from its place in the queue a case is looked for: cases before it may have been settled meanwhile."""

_ITEMS = ("due", "opens", "what", "fact", "pk")


@dataclass(frozen=True, slots=True)
class Choice:
    """What the queues are limited to: whose items, and a programme and a site ("" for all)."""

    who: str = MINE
    programme: str = ""
    site: str = ""

    def query(self, queue: str = "", place: int | None = None) -> str:
        """The choice as the query of an address, with a queue and a place in it; "" where all is as usual."""
        told = {
            "koe": queue,
            "nr": "" if place is None else str(place),
            "hvem": self.who,
            "programme": self.programme,
            "sted": self.site,
        }
        return urlencode({name: value for name, value in told.items() if value})


@dataclass(frozen=True, slots=True)
class Size:
    """How many cases a queue has, and in how many of them something is past its deadline."""

    n: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Waits:
    """A case in a queue, with what is to be done about it there, the most pressing first.

    ``may``: the reader may register or correct what the queue asks for.
    """

    case: Case
    items: tuple[Due, ...]
    site_name: str
    may: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """Where a case stands in a queue: the address of the list and of the cases before and after it."""

    title: Text
    back: str
    previous: str | None
    next: str | None


def has_day(reader: Reader) -> bool:
    """Whether the reader works on cases, so that there is a day of theirs to show."""
    return may(reader, "register", "meeting")


def usual(reader: Reader) -> str:
    """Whose items a reader is shown first: who assigns cases looks after everybody's, others after their own."""
    return ALL if may(reader, "assign", "case") else MINE


def queues_of(reader: Reader) -> tuple[str, ...]:
    """The queues the reader has use for, in order; what nobody has for who assigns cases stands first."""
    found = [queue for queue, (action, kind) in NEEDS.items() if may(reader, action, kind)]
    return tuple(sorted(found, key=lambda queue: queue != "unassigned"))


def choice_of(reader: Reader, said: Mapping[str, str]) -> Choice:
    """What the query of an address asks for; a list may be of everybody's items only as far as the reader sees them."""
    who = said.get("hvem") or usual(reader)
    if who != MINE and who != ALL and widest(reader, "see", "case") == "own":
        who = MINE
    return Choice(who, said.get("programme", ""), said.get("sted", ""))


def queue_of(reader: Reader, said: Mapping[str, str]) -> str | None:
    """The queue an address names, where the reader has use for it."""
    named = said.get("koe", "")
    return named if named in queues_of(reader) else None


def place_of(said: Mapping[str, str]) -> int:
    """The place in a queue an address names, from 1; 0 where it names none."""
    return whole(said.get("nr"), digits=7) or 0


def items(reader: Reader, choice: Choice) -> QuerySet[Due]:
    """The items on the reader's lists today. Those of a queue are of the cases the reader has its right in."""
    today = clock.today()
    rows = _seen(reader).filter(_whose(reader, choice))
    rows = rows.filter(Q(closes=None) | Q(closes__gte=today), opens__lte=today)
    if choice.programme:
        rows = rows.filter(programme=choice.programme)
    if choice.site:
        rows = rows.filter(site=choice.site)
    # what is new is new to the reader, and no longer so once they have opened the case
    opened = Access.objects.filter(
        person=OuterRef("case__person"),
        user=reader.user,
        case=OuterRef("case_id"),
        what="case",
        at__gte=OuterRef("opens"),
    )
    return rows.exclude(Q(queue="new_to_me") & (~Q(worker=reader.name) | Exists(opened)))


def sizes(on_lists: QuerySet[Due]) -> dict[str, Size]:
    """How many cases each queue has of ``items``; one query, whatever their number. Empty queues are left out."""
    n = Count("case_id", distinct=True)
    late = Count("case_id", distinct=True, filter=Q(due__lt=clock.today()))
    rows = on_lists.order_by().values_list("queue").annotate(n=n, late=late)
    return {queue: Size(n, late) for queue, n, late in rows}


def listed(
    reader: Reader,
    on_lists: QuerySet[Due],
    queue: str,
    does: tuple[Action, str] | None,
    first: int = 0,
    most: int = PAGE + 1,
) -> list[Waits]:
    """The cases ``items`` has of a queue, the most pressing first, ``first`` counting from 0. Two queries.

    ``does`` is the right to what the queue asks for (None: it asks for nothing to be registered).
    """
    keys = list(_in_order(on_lists, queue)[first : first + most])
    name = Site.objects.filter(programme=OuterRef("programme"), key=OuterRef("site")).values("name")[:1]
    may = Exists(scope(reader, Case, *does).filter(pk=OuterRef("case_id"))) if does else Value(value=False)
    rows = (
        on_lists.filter(queue=queue, case__in=keys)
        .select_related("case__person")
        .annotate(site_name=Subquery(name), may=may)
        .order_by(F("due").asc(nulls_last=True), *_ITEMS[1:])
    )
    found: dict[str, list[Any]] = {key: [] for key in keys}
    for row in rows:
        found[row.case_id].append(row)
    return [
        Waits(of[0].case, tuple(of), of[0].site_name or "", bool(of[0].may)) for of in found.values() if of
    ]


def neighbours(reader: Reader, said: Mapping[str, str], case: Case) -> Beside | None:
    """Where a case stands in the queue it was opened from (``koe`` and ``nr`` of its address); None without one.

    Where all there was to do about it has been done, the next case is the one that has taken its place. One query.
    """
    queue, place = queue_of(reader, said), place_of(said)
    if queue is None:
        return None
    choice = choice_of(reader, said)
    start = max(0, place - 1 - _BESIDE)
    cases = list(_in_order(items(reader, choice), queue)[start : start + 2 * _BESIDE + 1])
    here = min(max(place - 1 - start, 0), len(cases))
    at = cases.index(case.pk) if case.pk in cases else None

    def way(n: int) -> str | None:
        return case_href(cases[n], choice, queue, start + n + 1) if 0 <= n < len(cases) else None

    back = f"{reverse('day')}?{choice.query(queue, place or None)}"
    if at is None:
        return Beside(QUEUES[queue].title, back, way(here - 1), way(here))
    return Beside(QUEUES[queue].title, back, way(at - 1), way(at + 1))


def _in_order(on_lists: QuerySet[Due], queue: str) -> Any:
    """The keys of the cases of a queue, in its order."""
    first = {"first_due": Min("due"), "first_opens": Min("opens")}
    rows = on_lists.filter(queue=queue).order_by().values("case_id").annotate(**first)
    order = (F("first_due").asc(nulls_last=True), "first_opens", "case_id")
    return rows.order_by(*order).values_list("case_id", flat=True)


def case_href(case: str, choice: Choice, queue: str, place: int) -> str:
    """The address of a case opened from a place of a queue."""
    return f"{reverse('case', args=[case])}?{choice.query(queue, place)}"


def _seen(reader: Reader) -> QuerySet[Due]:
    """The items the reader may know of: queues whose rights reach as far are asked about together."""
    alike: dict[frozenset[tuple[int, str]], list[str]] = {}
    for queue in queues_of(reader):
        held = frozenset((one.pk, right.scope) for one, right in rights(reader, *NEEDS[queue]))
        alike.setdefault(held, []).append(queue)
    parts = [scope(reader, Due, *NEEDS[queues[0]]).filter(queue__in=queues) for queues in alike.values()]
    return reduce(or_, parts, Due.objects.none())


def _whose(reader: Reader, choice: Choice) -> Q:
    if choice.who == MINE:
        # a case nobody has is a matter for who assigns, whoever they are
        return Q(worker=reader.name) | Q(worker=None, queue="unassigned")
    if choice.who == NOBODYS:
        return Q(worker=None)
    return Q() if choice.who == ALL else Q(worker=choice.who)
