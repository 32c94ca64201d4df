"""The one plan of a case: the goal and who agreed to it, sub-goals with what is done for them, and the calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from indsats.language import Lang, inside
from indsats.measure import LOADING
from indsats.programme import Programme

from .. import clock
from ..look import language
from ..models import Case, Due, Fact, as_one
from ..programmes import served
from ..rights import Reader, ReaderRequest, found_case, may, read, require, scope, screen
from ..words import say
from .case import offered
from .case_facts import current, histories
from .case_panels import State
from .case_rights import allowed
from .case_words import Names, fact_key, kind_title, names_of, told, value_title, workers_in
from .plan_calendar import FULL, calendar_of, is_of
from .plan_subgoals import subgoals_of

KINDS_HERE = (
    *("plan", "activity", "subgoal_reviewed", "parallel_effort", "placement", "meeting"),
    *("pause", "job_goal", "cv"),
)
"""The kinds of facts the page tells of, and registers."""
BESIDE = (*LOADING, "meeting", "pause")
"""What the calendar is made of, beside other courses; hours are in the load alone."""


@dataclass(frozen=True, slots=True)
class Version:
    """The plan as it was agreed on a day; ``agreed`` says by whom, and how that is drawn is ``state``."""

    key: str
    day: date
    goal: str
    agreed: str
    state: State
    because: str
    by: str
    own: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A job goal: the last said of its level."""

    level: str
    occupation: str
    day: date


@dataclass(frozen=True, slots=True)
class Curriculum:
    """The last CV, and what of the least a CV is to hold it ``lacks``; without a CV that is all of it."""

    day: date | None
    published: bool
    least: int
    lacks: tuple[str, ...]


@screen("see", "case")
def plan(request: ReaderRequest, public: str) -> HttpResponse:
    """The page; of what the reader may not see nothing is there, and the page says so."""
    reader, lang, today = request.reader, language(request), clock.today()
    case = found_case(reader, public)
    require(reader, "see", "plan", case)
    read(reader, "case-plan", [case])
    programmes = served()
    programme, may_here = programmes[case.programme], allowed(reader, case)
    facts = _facts(reader, case, programmes)
    known = histories(one for one in facts if is_of(one, case))
    versions_of = current(known, "plan")
    names = names_of(workers_in(versions_of))
    versions = [_version(one, programme, names, lang) for one in versions_of]
    still = Q(closes=None) | Q(closes__gte=today)
    due = {one.what: one for one in Due.objects.filter(still, case=case, queue="subgoals")}
    others = scope(reader, Case).filter(person=case.person).exclude(pk=case.pk).order_by("start", "pk")
    offers = {kind for kind, _ in offered(case, programme, may_here["register"], lang)}
    hidden = [kind for kind in BESIDE if not may(reader, "see", kind, case)]
    return render(
        request,
        "case/plan.html",
        {
            "case": case,
            "person": case.person,
            "now": versions[0] if versions else None,
            "before": versions[1:],
            "subgoals": subgoals_of(known, due, programme, today, lang, may_here["correct"]),
            "calendar": calendar_of(
                case,
                programmes,
                histories(facts),
                [one for one in others if one.programme in programmes],
                today,
                lang,
                loaded=not {*LOADING} & {*hidden},
            ),
            "full": FULL,
            "hidden": ", ".join(inside(kind_title(kind, lang)) for kind in hidden),
            "wanted": _wanted(current(known, "job_goal"), programme, lang),
            "cv": _curriculum(current(known, "cv"), programme, lang),
            "may": {kind: kind in offers for kind in KINDS_HERE},
            "correctable": may_here["correct"],
            "sees_goals": may(reader, "see", "job_goal", case),
            "sees_cv": may(reader, "see", "cv", case),
        },
    )


def _facts(reader: Reader, case: Case, programmes: Mapping[str, Programme]) -> list[Fact]:
    """Every version of what the reader may see of it, of all the person's courses: one query."""
    about = scope(reader, Fact).filter(
        person__in=as_one([case.person_id]), programme__in=list(programmes), kind__in=(*KINDS_HERE, "hours")
    )
    return list(about.order_by("fact", "version"))


def _version(fact: Fact, programme: Programme, names: Names, lang: Lang) -> Version:
    said = fact.payload
    agreed, state = _agreed(said)
    goal = value_title(programme, "plan", "goal", said["goal"], said, lang) if said.get("goal") else ""
    return Version(
        fact_key(fact.fact),
        fact.occurred_from,
        goal,
        say(f"plan.agreed.{agreed}", lang),
        state,
        said.get("on_behalf") or "",
        names.get(fact.recorded_by, fact.recorded_by),
        told(fact, programme, lang, names).own,
    )


def _agreed(said: Mapping[str, Any]) -> tuple[str, State]:
    """Who agreed: the citizen, somebody on their behalf, not the citizen, or nobody has said."""
    if said.get("agreed_by_citizen"):
        return "yes", "met"
    if said.get("on_behalf"):
        return "behalf", "near"
    return ("unknown", "not_applicable") if said.get("agreed_by_citizen") is None else ("no", "missed")


def _wanted(goals: Sequence[Fact], programme: Programme, lang: Lang) -> list[Wanted]:
    """The last job goal of each level, A before B before C; ``goals`` are newest first."""
    last: dict[str, Fact] = {}
    for fact in goals:
        last.setdefault(fact.payload.get("level") or "", fact)
    return [
        Wanted(
            value_title(programme, "job_goal", "level", level, {}, lang) if level else "",
            value_title(programme, "job_goal", "occupation", fact.payload["occupation"], {}, lang)
            if fact.payload.get("occupation")
            else "",
            fact.occurred_from,
        )
        for level, fact in sorted(last.items(), key=lambda one: one[0] or "~")
    ]


def _curriculum(cvs: Sequence[Fact], programme: Programme, lang: Lang) -> Curriculum:
    """``cvs`` are newest first; the least a CV is to hold are the questions of the programme's forms about one."""
    least = {name: one for name, one in programme.details("cv").items() if one.type == "bool"}
    last = cvs[0] if cvs else None
    return Curriculum(
        last.occurred_from if last else None,
        bool(last and last.payload["published"]),
        len(least),
        tuple(one.title.in_(lang) for name, one in least.items() if not (last and last.payload.get(name))),
    )


urlpatterns: list[URLPattern] = [path("sager/<str:public>/plan/", plan, name="case-plan")]
