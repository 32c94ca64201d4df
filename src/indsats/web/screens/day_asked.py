"""The queues of My day that rest on no facts: hand-overs the reader is asked about, and forms they have begun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.urls import reverse

from indsats.language import Lang
from indsats.programme import Programme

from .. import clock
from ..models import Case, Draft, HandOver
from ..rights import Reader, rights, scope
from ..words import say
from .case_panels import age_on
from .case_words import fact_key, kind_title, names_of
from .register_drafts import KEPT

HAND_OVERS, DRAFTS = "overdragelser", "kladder"
"""What addresses call the two queues."""

MOST = 100
"""How many of each are shown."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A hand-over the reader is asked about. ``href`` is None where the reader may not see the case before the yes."""

    pk: int
    name: str
    href: str | None
    age: int | None
    giver: str
    role: str
    reason: str
    asked: datetime


@dataclass(frozen=True, slots=True)
class Begun:
    """A form the reader has begun to fill in."""

    href: str
    name: str
    what: str
    changed: datetime


def numbers(reader: Reader) -> tuple[int, int]:
    """How many hand-overs wait for the reader's answer, and how many drafts they have; one query."""
    asked = _asked(reader).order_by().values_list(Value("a"), "pk")
    begun = _begun(reader).order_by().values_list(Value("b"), "pk")
    kinds = [kind for kind, _ in asked.union(begun, all=True)]
    return kinds.count("a"), kinds.count("b")


def hand_overs(
    reader: Reader, programmes: Mapping[str, Programme], lang: Lang
) -> tuple[list[Asked], list[Case]]:
    """The hand-overs that wait for the reader's answer, the oldest first, and the cases whose citizen they name."""
    seen = scope(reader, Case).filter(pk=OuterRef("case_id"))
    rows = list(
        _asked(reader)
        .select_related("case__person")
        .annotate(seen=Exists(seen))
        .order_by("asked", "pk")[:MOST]
    )
    names = names_of(one.giver for one in rows)
    today = clock.today()
    found, named = [], []
    for one in rows:
        of, person = programmes[one.case.programme], one.case.person
        seen_here = bool(getattr(one, "seen", False))
        hidden = person.protected and not seen_here
        if not hidden:
            named.append(one.case)
        found.append(
            Asked(
                one.pk,
                say("day.hand_overs.shielded", lang) if hidden else person.name or person.public,
                reverse("case", args=[one.case_id]) if seen_here else None,
                None if hidden else age_on(person.birth_date, today),
                names.get(one.giver, one.giver),
                of.roles[one.role].title.in_(lang) if one.role in of.roles else one.role,
                one.reason,
                one.asked,
            )
        )
    return found, named


def drafts(reader: Reader, lang: Lang) -> tuple[list[Begun], list[Case]]:
    """The forms the reader has begun, the newest first, and the cases they are about."""
    rows = list(_begun(reader).select_related("case__person").order_by("-changed", "pk")[:MOST])
    back = urlencode({"next": f"{reverse('day')}?koe={DRAFTS}", "draft": "1"})
    found = []
    for one in rows:
        kind = kind_title(one.kind, lang)
        if one.fact:
            href = reverse("correct", args=[one.case_id, fact_key(one.fact)])
        else:
            href = reverse("register", args=[one.case_id, one.kind])
        what = say("day.drafts.correct" if one.fact else "day.drafts.new", lang, kind=kind)
        found.append(
            Begun(f"{href}?{back}", one.case.person.name or one.case.person.public, what, one.changed)
        )
    return found, [one.case for one in rows]


def _asked(reader: Reader) -> QuerySet[HandOver]:
    # who is asked may see the question, although the case is not theirs yet: while they work in its programme
    there = {one.programme for one, _ in rights(reader, "hand_over", "case")}
    return HandOver.objects.filter(taker=reader.name, answered=None, case__programme__in=sorted(there))


def _begun(reader: Reader) -> QuerySet[Draft]:
    return scope(reader, Draft).filter(changed__gte=clock.now() - KEPT)
