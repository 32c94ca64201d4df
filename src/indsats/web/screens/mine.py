"""The citizen's own page: the meetings ahead, what they are asked, the plan, and who helps. All a citizen sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from indsats.language import Lang
from indsats.programme import Programme

from .. import clock
from ..look import language
from ..models import Case, Due, Fact, Responsible, Site, as_one
from ..programmes import served
from ..rights import ROLES, ReaderRequest, read, scope, screen
from .case_panels import holders
from .case_words import names_of, site_title, value_title
from .mine_answers import answer
from .mine_asked import due_now, has_easy
from .mine_meetings import MOST_WISH, answer_meeting, meetings_of

_SHOWN = ("meeting", "plan", "activity", "subgoal_reviewed")


@dataclass(frozen=True, slots=True)
class Step:
    """A sub-goal with what is done for it; ``status`` is "" where nobody has looked at it yet."""

    goal: str
    status: str
    activities: tuple[dict[str, Any], ...]


@screen("see", "mine")
def mine(request: ReaderRequest) -> HttpResponse:
    """The citizen's courses that run or are to begin; the last one where all have ended."""
    reader, lang, today = request.reader, language(request), clock.today()
    cases = list(scope(reader, Case, "see", "mine").select_related("person").order_by("-start", "pk"))
    running = [one for one in cases if one.state != "ended"] or cases[:1]
    facts = list(
        scope(reader, Fact)
        .filter(kind__in=_SHOWN, replaced_at=None, person__in=as_one({one.person_id for one in cases}))
        .order_by("occurred_from", "recorded_at", "pk")
    )
    held = list(
        Responsible.objects.filter(Q(until=None) | Q(until__gte=today), case__in=running, since__lte=today)
    )
    names = names_of([*(row.worker for row in held), *(fact.payload.get("worker") for fact in facts)])
    sites = {
        (site.programme, site.key): site.name or site.key
        for site in Site.objects.filter(programme__in={one.programme for one in running})
    }
    programmes = served()
    due = due_now(reader, running, programmes)
    read(reader, "mine", running)
    return render(
        request,
        "account/mine.html",
        {
            "person": reader.user.person,
            "most_wish": MOST_WISH,
            "courses": [
                _course(
                    one,
                    programmes[one.programme],
                    _of(facts, one),
                    [row for row in held if row.case_id == one.pk],
                    [row for row in due if row.case_id == one.pk],
                    names,
                    sites,
                    lang,
                )
                for one in running
            ],
        },
    )


def _of(facts: Sequence[Fact], case: Case) -> list[Fact]:
    return [
        fact
        for fact in facts
        if fact.programme == case.programme and fact.enrolment in (None, case.enrolment or None)
    ]


def _course(
    case: Case,
    programme: Programme,
    facts: Sequence[Fact],
    held: Sequence[Responsible],
    due: Sequence[Due],
    names: dict[str, str],
    sites: dict[tuple[str, str], str],
    lang: Lang,
) -> dict[str, Any]:
    today = clock.today()
    plan = next((fact for fact in reversed(facts) if fact.kind == "plan"), None)
    known = {case.site: sites.get((case.programme, case.site), case.site)} if case.site else {}
    now, _ = holders(held, programme, names, today, lang)
    # a programme may count the citizens among its roles: they get the help
    citizen = ROLES["citizen"].title.in_(lang)
    helpers = [one for one in now if one.role != citizen]
    return {
        "case": case.public,
        "title": programme.title.in_(lang),
        "site": site_title(programme, case.site, lang, known) if case.site else "",
        "ended": case.end if case.state == "ended" else None,
        "meetings": meetings_of(facts, programme, names, [one.name for one in helpers], lang),
        "asked": [
            (row.what, asked.title.in_(lang), row.due, has_easy(asked))
            for row in due
            for asked in (programme.questionnaires[row.what],)
        ],
        "plan": plan,
        "goal": value_title(programme, "plan", "goal", plan.payload["goal"], {}, lang)
        if plan and plan.payload.get("goal")
        else "",
        "steps": _steps(programme, facts, lang),
        "helpers": helpers,
    }


def _steps(programme: Programme, facts: Sequence[Fact], lang: Lang) -> list[Step]:
    """The sub-goals in the order they came up, each with the activities that are planned, under way or done."""
    reviewed = {
        fact.payload["subgoal"]: fact.payload["status"] for fact in facts if fact.kind == "subgoal_reviewed"
    }
    activities: dict[str, list[dict[str, Any]]] = {}
    for fact in facts:
        said = fact.payload
        if fact.kind == "activity" and said["status"] != "dropped":
            activities.setdefault(said["subgoal"], []).append(
                {
                    "what": value_title(programme, "activity", "activity", said["activity"], said, lang),
                    "by": value_title(programme, "activity", "by", said["by"], said, lang)
                    if said.get("by")
                    else "",
                    "first": fact.occurred_from,
                    "last": fact.occurred_to,
                    "status": f"mine.activity.{said['status']}",
                }
            )
    return [
        Step(
            goal,
            f"account.mine.subgoal.{reviewed[goal]}" if goal in reviewed else "",
            tuple(activities.get(goal, ())),
        )
        for goal in dict.fromkeys([*reviewed, *activities])
    ]


urlpatterns: list[URLPattern] = [
    path("mit/", mine, name="mine"),
    path("mit/moede/<str:fact>/", answer_meeting, name="mine-meeting"),
    path("mit/svar/<str:public>/<str:asked>/", answer, name="mine-answer"),
]
