"""Reads of the log as lines: when, who, whom, what, and what they had to do with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from indsats.language import Lang

from ..models import Access, Case, Membership
from ..programmes import served
from ..words import has, say
from .rights_words import role_title


@dataclass(frozen=True, slots=True)
class Line:
    """A read in words. ``reason`` is that of a broken glass."""

    at: datetime
    user: str
    role: str
    person: str
    what: str
    programme: str
    related: bool
    relation: str
    reason: str


def lines_of(reads: Iterable[Access], lang: Lang) -> list[Line]:
    """The reads in words, in their order; ``related`` has been annotated. Three queries however many."""
    rows = list(reads)
    of_case = dict(
        Case.objects.filter(pk__in={row.case for row in rows if row.case}).values_list("pk", "programme")
    )
    roles: dict[tuple[int, str], list[str]] = {}
    for user, programme, role in Membership.objects.filter(
        user__in={row.user_id for row in rows}
    ).values_list("user", "programme", "role"):
        roles.setdefault((user, programme), []).append(role)
    programmes = served()
    found = []
    for row in rows:
        name = of_case.get(row.case, "")
        held = roles.get((row.user_id, name)) or [
            role for (user, _), some in roles.items() if user == row.user_id for role in some
        ]
        related = bool(getattr(row, "related", False))
        found.append(
            Line(
                at=row.at,
                user=row.user.name or row.user.username,
                role=", ".join(role_title(role, lang) for role in dict.fromkeys(held)),
                person=row.person.name or row.person.public,
                what=what_title(row.what, lang),
                programme=programmes[name].title.in_(lang) if name in programmes else "",
                related=related,
                relation=say("control.related" if related else "control.unrelated", lang),
                reason=row.glass.reason if row.glass is not None else "",
            )
        )
    return found


def what_title(what: str, lang: Lang) -> str:
    """What was read: the words of the page, list or export."""
    key = f"control.what.{what.partition(':')[0]}"
    return say(key, lang) if has(key) else say("control.what.other", lang)
