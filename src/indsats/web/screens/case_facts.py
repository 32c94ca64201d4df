"""The facts of a case as a timeline: newest first, by day, with what came late, was corrected or withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Q, QuerySet

from indsats.language import Lang, local
from indsats.programme import Programme

from ..models import Case, Fact, as_one
from ..rights import Reader, scope
from .case_words import Names, Said, fact_key, told

LATE_DAYS = 14
"""A fact recorded so many days after it happened, or fewer, is in time."""

_SHAPES = {"planned": "planned", "no_show": "missed"}
"""Outcomes of meetings whose point on the timeline differs from that of what happened."""


@dataclass(frozen=True, slots=True)
class History:
    """All versions of one fact, oldest first."""

    versions: tuple[Fact, ...]

    @property
    def first(self) -> Fact:
        """The version it was first recorded in."""
        return self.versions[0]

    @property
    def now(self) -> Fact:
        """The last version; of a withdrawn fact the one that says who withdrew it."""
        return self.versions[-1]

    @property
    def day(self) -> date:
        """The day it happened."""
        return self.now.occurred_from

    @property
    def at(self) -> datetime:
        """When it was first recorded."""
        return self.first.recorded_at

    @property
    def withdrawn(self) -> bool:
        """Whether nothing of it holds any more."""
        return self.now.replaced_at is not None

    @property
    def late(self) -> int | None:
        """How many days after it happened it was first recorded, where that is late."""
        days = (local(self.first.recorded_at).date() - self.first.occurred_from).days
        return days if days > LATE_DAYS else None


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a fact as the page tells it."""

    number: int
    at: datetime
    by: str
    said: Said


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact on the timeline."""

    key: str
    kind: str
    day: date
    said: Said
    at: datetime
    by: str
    late: int | None
    corrected: Version | None
    """When it was last corrected, and by whom."""
    before: tuple[Version, ...]
    """The versions there were before the one that holds, newest first."""
    correct: bool
    result: bool
    """Whether it is an appointment whose day has come."""
    shape: str = ""
    """How its point is drawn: "planned", "missed" for somebody who did not come, else "". The line says it too."""


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on a day; many answers to requirements stand together."""

    day: date
    entries: tuple[Entry, ...]
    answers: tuple[Entry, ...]
    ahead: bool


@dataclass(frozen=True, slots=True)
class Gone:
    """A withdrawn fact."""

    said: Said
    day: date
    at: datetime
    by: str
    reason: str


def facts_of(reader: Reader, case: Case, action: str = "see") -> QuerySet[Fact]:
    """Every version of the facts of a case the reader may do ``action`` to: those of its enrolment, and those about
    the person in the programme that name none. Facts of somebody merged into the person are among them."""
    whose = Q(person__in=as_one([case.person_id]))
    of = Q(enrolment=case.enrolment) | Q(enrolment=None) if case.enrolment else Q(enrolment=None)
    found = scope(reader, Fact, action)  # type: ignore[arg-type]  # an action of the table
    return found.filter(whose, of, programme=case.programme).order_by("fact", "version")


def histories(facts: Iterable[Fact]) -> list[History]:
    """The versions of each fact together; ``facts`` are ordered by id and version."""
    return [History(tuple(versions)) for _, versions in groupby(facts, key=lambda one: one.fact)]


def by_day(
    known: Sequence[History],
    programme: Programme,
    lang: Lang,
    names: Names,
    today: date,
    correctable: frozenset[str],
    most: int | None = None,
) -> list[Day]:
    """The timeline: the days in order, the newest first; appointments that lie ahead before them, the nearest first.

    ``correctable`` are the kinds the reader may correct here. ``most``: no further day is begun after so many facts.
    """
    live = [one for one in known if not one.withdrawn]
    ahead = sorted((one for one in live if one.day > today), key=lambda one: one.day)
    past = sorted((one for one in live if one.day <= today), key=lambda one: (one.day, one.at), reverse=True)
    found: list[Day] = []
    told_of = 0
    for day, facts in groupby([*ahead, *past], key=lambda one: one.day):
        if most is not None and told_of >= most:
            break
        entries = [_entry(one, programme, lang, names, today, correctable) for one in facts]
        told_of += len(entries)
        found.append(_day(day, entries, ahead=day > today))
    return found


def _day(day: date, entries: Iterable[Entry], *, ahead: bool) -> Day:
    all_ = list(entries)
    answers = [one for one in all_ if one.kind == "requirement_answered"]
    if len(answers) < 2:
        answers = []
    rest = [one for one in all_ if one not in answers]
    return Day(day, tuple(rest), tuple(answers), ahead)


def _entry(
    one: History,
    programme: Programme,
    lang: Lang,
    names: Names,
    today: date,
    correctable: frozenset[str],
) -> Entry:
    now = one.now
    earlier = [_version(fact, programme, lang, names) for fact in reversed(one.versions[:-1])]
    last = _version(now, programme, lang, names)
    planned = now.kind == "meeting" and now.payload.get("outcome") == "planned"
    return Entry(
        key=fact_key(now.fact),
        kind=now.kind,
        day=now.occurred_from,
        said=last.said,
        at=one.first.recorded_at,
        by=names.get(one.first.recorded_by, one.first.recorded_by),
        late=one.late,
        corrected=last if earlier else None,
        before=tuple(earlier),
        correct=now.kind in correctable,
        result=planned and now.occurred_from <= today and now.kind in correctable,
        shape=_SHAPES.get(now.payload.get("outcome"), "") if now.kind == "meeting" else "",
    )


def _version(fact: Fact, programme: Programme, lang: Lang, names: Names) -> Version:
    by = names.get(fact.recorded_by, fact.recorded_by)
    return Version(fact.version, fact.recorded_at, by, told(fact, programme, lang, names))


def withdrawn(known: Sequence[History], programme: Programme, lang: Lang, names: Names) -> list[Gone]:
    """The facts that were withdrawn, the one withdrawn last first."""
    gone = [one for one in known if one.withdrawn]
    gone.sort(key=lambda one: one.now.recorded_at, reverse=True)
    return [
        Gone(
            told(one.now, programme, lang, names),
            one.now.occurred_from,
            one.now.recorded_at,
            names.get(one.now.recorded_by, one.now.recorded_by),
            one.now.source or "",
        )
        for one in gone
    ]


def current(known: Sequence[History], kind: str) -> list[Fact]:
    """The facts of a kind that hold, newest first."""
    found = [one.now for one in known if not one.withdrawn and one.now.kind == kind]
    return sorted(found, key=lambda fact: (fact.occurred_from, fact.recorded_at), reverse=True)


def kinds_there(known: Sequence[History]) -> Mapping[str, int]:
    """How many facts of each kind hold."""
    found: dict[str, int] = {}
    for one in known:
        if not one.withdrawn:
            found[one.now.kind] = found.get(one.now.kind, 0) + 1
    return found
