"""Hours, agreements and placements of a case: the course, what disagrees, what runs out, and the citizen's own gain."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from indsats.language import Lang
from indsats.programme import Programme

from .. import clock
from ..look import language
from ..models import Case, Due, Fact, as_one
from ..programmes import programme as definition
from ..rights import Reader, ReaderRequest, found_case, read, require, scope, screen
from ..words import say
from .case_facts import History, current, histories, kinds_there
from .case_panels import State, due_items
from .case_rights import allowed
from .case_words import Names, fact_key, names_of, plain_number, told
from .hours_course import Course, workers_of
from .hours_follow_up import Followed, followed
from .hours_gain import gain_of

AGREED = ("agreement", "placement")
KINDS_HERE = ("hours", *AGREED)
"""The kinds of facts the page tells of."""

QUEUES_HERE = ("agreements_ending", "placement_follow_up", "hours")
"""The queues about what the page shows."""

SOON_DAYS = 28
"""An agreed end so near is to be looked at; the queue of agreements that run out says the same."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """An agreement or a placement that has not ended; ``days`` to its agreed end, None where none is agreed."""

    kind: str
    title: str
    since: date
    until: date | None
    days: int | None
    state: State
    left: str
    hours: str
    renew: str
    key: str
    correct: str | None
    follow: Followed | None
    """The meetings laid down with it."""


@screen("see", "case")
def hours(request: ReaderRequest, public: str) -> HttpResponse:
    """The page; its form of the citizen's own gain is sent to the same address and changes nothing."""
    reader, lang, today = request.reader, language(request), clock.today()
    case = found_case(reader, public)
    require(reader, "see", "hours", case)
    read(reader, "case-hours", [case])
    programme, may_here = definition(case.programme), allowed(reader, case)
    known = histories(_facts(reader, case))
    told_hours = current(known, "hours")
    agreed = [one for kind in AGREED for one in current(known, kind) if _not_over(one, today)]
    due = list(Due.objects.filter(case=case, queue__in=QUEUES_HERE))
    follow = followed(reader, case, agreed, today, lang, may_here["correct"])
    names = names_of(workers_of(told_hours) | {one.worker for one in due if one.worker})
    course = Course(told_hours, case, programme, today, lang, names, may_here["correct"])
    still = [one for one in due if one.closes is None or one.closes >= today]
    todo, later = due_items(still, case, programme, names, today, lang, may_here)
    sent = {name: str(value) for name, value in request.GET.items()}
    return render(
        request,
        "case/hours.html",
        {
            "case": case,
            "person": case.person,
            "course": course,
            "agreed": _agreed(agreed, programme, names, today, lang, may_here["correct"], follow),
            "todo": todo,
            "later": later,
            "may_register": "hours" in may_here["register"],
            "may_renew": [kind for kind in AGREED if kind in may_here["register"]],
            "gain": gain_of(programme, course.ordinary_now, sent, today.year, lang),
        },
    )


def agreed_there(known: Sequence[History]) -> list[tuple[str, int]]:
    """How many facts a case has of each kind the page tells of, with the key of the words that say so."""
    there = kinds_there(known)
    return [(f"hours.count.{kind}", there[kind]) for kind in KINDS_HERE if kind in there]


def _facts(reader: Reader, case: Case) -> list[Fact]:
    """Every version of what the reader may see of it. Hours belong to the person: those of all their courses in the
    programme count; agreements and placements are the case's own."""
    about = scope(reader, Fact).filter(
        person__in=as_one([case.person_id]), programme=case.programme, kind__in=KINDS_HERE
    )
    here = (None, case.enrolment)
    return [one for one in about.order_by("fact", "version") if one.kind == "hours" or one.enrolment in here]


def _not_over(fact: Fact, today: date) -> bool:
    return fact.occurred_to is None or fact.occurred_to >= today


def _agreed(
    facts: Sequence[Fact],
    programme: Programme,
    names: Names,
    today: date,
    lang: Lang,
    correctable: Collection[str],
    follow: Mapping[str, Followed],
) -> list[Agreed]:
    """What has been agreed and is not over: what ends first stands first."""
    found = []
    for fact in facts:
        days = None if fact.occurred_to is None else (fact.occurred_to - today).days
        state: State = "later" if days is None or days > SOON_DAYS else "today" if days == 0 else "soon"
        hours = fact.payload.get("hours_per_week")
        found.append(
            Agreed(
                fact.kind,
                told(fact, programme, lang, names).line,
                fact.occurred_from,
                fact.occurred_to,
                days,
                state,
                _left(days, lang),
                "" if hours is None else plain_number(hours, lang),
                say(f"hours.renew.{fact.kind}", lang),
                fact_key(fact.fact),
                fact_key(fact.fact) if fact.kind in correctable else None,
                follow.get(fact.fact),
            )
        )
    return sorted(found, key=lambda one: (one.until or date.max, one.since))


def _left(days: int | None, lang: Lang) -> str:
    if days is None:
        return say("hours.agreed.open", lang)
    return say("hours.agreed.today", lang) if days == 0 else say("hours.agreed.left", lang, n=days)


urlpatterns: list[URLPattern] = [path("sager/<str:public>/timer/", hours, name="case-hours")]
