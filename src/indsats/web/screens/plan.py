"""The one plan of a case: the goal and who agreed to it, sub-goals with what is done for them, and the calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from indsats.language import Lang
from indsats.programme import Programme

from .. import clock
from ..look import language
from ..models import Case, Due, Fact
from ..programmes import served
from ..rights import ReaderRequest, found_case, may, read, require, scope, screen
from ..words import say
from .case import offered
from .case_facts import current, facts_of, histories
from .case_panels import State
from .case_rights import allowed
from .case_words import Names, fact_key, names_of, told, value_title, workers_in
from .plan_calendar import calendar_of
from .plan_subgoals import subgoals_of

KINDS_HERE = (
    *("plan", "activity", "subgoal_reviewed", "parallel_effort", "placement", "meeting"),
    *("pause", "job_goal", "cv"),
)
"""The kinds of facts the page tells of, and registers."""


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


@screen("see", "case")
def plan(request: ReaderRequest, public: str) -> HttpResponse:
    """The page; what of it the reader may not see is not there."""
    reader, lang, today = request.reader, language(request), clock.today()
    case = found_case(reader, public)
    require(reader, "see", "plan", case)
    read(reader, "case-plan", [case])
    programmes = served()
    programme, may_here = programmes[case.programme], allowed(reader, case)
    facts = list(facts_of(reader, case).filter(kind__in=KINDS_HERE))
    known, names = histories(facts), names_of(workers_in(facts))
    versions = [_version(one, programme, names, lang) for one in current(known, "plan")]
    due = {one.what: one for one in Due.objects.filter(case=case, queue="subgoals")}
    others = scope(reader, Case).filter(person=case.person).exclude(pk=case.pk).order_by("start", "pk")
    offers = {kind for kind, _ in offered(case, programme, may_here["register"], lang)}
    cvs = current(known, "cv")
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
                programme,
                known,
                [(one, programmes[one.programme]) for one in others],
                today,
                lang,
                loaded=may(reader, "see", "hours", case) and may(reader, "see", "placement", case),
            ),
            "wanted": _wanted(current(known, "job_goal"), programme, lang),
            "cv": cvs[0] if cvs else None,
            "may": {kind: kind in offers for kind in KINDS_HERE},
            "correctable": may_here["correct"],
            "sees_goals": may(reader, "see", "job_goal", case),
        },
    )


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


urlpatterns: list[URLPattern] = [path("sager/<str:public>/plan/", plan, name="case-plan")]
