"""The follow-ups laid down with an agreement or a placement: which were held, which comes next, which wait."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from indsats.language import Lang, day

from ..models import Case, Fact
from ..record import laid_down, laid_down_with
from ..rights import Reader, scope
from ..words import say
from .case_panels import State
from .case_words import fact_key

_OVER: dict[str, tuple[State, str]] = {
    "held": ("met", "held"),
    "no_show": ("missed", "no_show"),
    "cancelled": ("not_applicable", "cancelled"),
    "moved": ("not_applicable", "moved_to"),
}
"""How a meeting that has its result is drawn, and the words of it."""


@dataclass(frozen=True, slots=True)
class FollowUpDate:
    """One meeting of a plan; ``correct`` is its key where its result waits and the reader may register it."""

    day: date
    state: State
    said: str
    correct: str | None


@dataclass(frozen=True, slots=True)
class Followed:
    """The meetings of one agreement's plan: ``now`` are those that wait and the next one, the others lie about them."""

    earlier: tuple[FollowUpDate, ...]
    now: tuple[FollowUpDate, ...]
    later: tuple[FollowUpDate, ...]


def followed(
    reader: Reader,
    case: Case,
    agreed: Sequence[Fact],
    today: date,
    lang: Lang,
    correctable: Collection[str],
) -> dict[str, Followed]:
    """The plan of each agreement that has one, by the agreement's fact; two questions to the database."""
    sources = [laid_down(one.fact) for one in agreed]
    if not sources:
        return {}
    persons = {one.person_id for one in agreed}  # facts are found by person; nothing finds them by source
    theirs = Fact.objects.filter(person__in=persons, programme=case.programme, kind="meeting")
    first = theirs.filter(version=1, source__in=sources)
    written = {fact: laid_down_with(source) for fact, source in first.values_list("fact", "source")}
    if not written:
        return {}
    held = scope(reader, Fact).filter(programme=case.programme, fact__in=written, replaced_at=None)
    found: dict[str, list[Fact]] = {}
    for one in held.order_by("occurred_from", "fact"):
        of = written[one.fact]
        if of is not None:
            found.setdefault(of, []).append(one)
    may = "meeting" in correctable
    return {of: _told(meetings, today, lang, may=may) for of, meetings in found.items()}


def _told(meetings: Sequence[Fact], today: date, lang: Lang, *, may: bool) -> Followed:
    """The meetings of one plan, in order of their days."""
    over = [one for one in meetings if one.payload.get("outcome") != "planned"]
    waiting = [one for one in meetings if one.payload.get("outcome") == "planned"]
    due = [one for one in waiting if one.occurred_from <= today]
    ahead = [one for one in waiting if one.occurred_from > today]
    earlier = [_date(one, *_OVER[one.payload["outcome"]], lang, may=False) for one in over]
    now = [
        _date(
            one, *(("today", "today") if one.occurred_from == today else ("overdue", "late")), lang, may=may
        )
        for one in due
    ]
    now += [_date(one, "soon", "next", lang, may=False) for one in ahead[:1]]
    later = [_date(one, "later", "planned", lang, may=False) for one in ahead[1:]]
    return Followed(tuple(earlier), tuple(now), tuple(later))


def _date(fact: Fact, state: State, said: str, lang: Lang, *, may: bool) -> FollowUpDate:
    words = f"{day(fact.occurred_from, lang)}: {say(f'follow_up.{said}', lang)}"
    return FollowUpDate(fact.occurred_from, state, words, fact_key(fact.fact) if may else None)
