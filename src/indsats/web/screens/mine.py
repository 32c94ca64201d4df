"""The citizen's own page: the next meeting, the plan, and who helps. The only page a citizen sees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render

from indsats.language import Lang
from indsats.programme import Programme

from .. import clock
from ..look import language
from ..models import Case, Fact, Responsible, Site, as_one
from ..programmes import served
from ..rights import ROLES, ReaderRequest, read, scope, screen
from .case_panels import Holder, holders
from .case_words import names_of, site_title, value_title

_SHOWN = ("meeting", "plan", "subgoal_reviewed")


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
    read(reader, "mine", running)
    return render(
        request,
        "account/mine.html",
        {
            "person": reader.user.person,
            "courses": [
                _course(
                    one,
                    programmes[one.programme],
                    _of(facts, one),
                    [row for row in held if row.case_id == one.pk],
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
    names: dict[str, str],
    sites: dict[tuple[str, str], str],
    lang: Lang,
) -> dict[str, Any]:
    today = clock.today()
    plan = next((fact for fact in reversed(facts) if fact.kind == "plan"), None)
    subgoals = {
        fact.payload["subgoal"]: fact.payload["status"] for fact in facts if fact.kind == "subgoal_reviewed"
    }
    known = {case.site: sites.get((case.programme, case.site), case.site)} if case.site else {}
    now, _ = holders(held, programme, names, today, lang)
    # a programme may count the citizens among its roles: they get the help
    citizen = ROLES["citizen"].title.in_(lang)
    helpers = [one for one in now if one.role != citizen]
    return {
        "title": programme.title.in_(lang),
        "site": site_title(programme, case.site, lang, known) if case.site else "",
        "ended": case.end if case.state == "ended" else None,
        "next": _next(programme, facts, names, helpers, lang),
        "plan": plan,
        "goal": value_title(programme, "plan", "goal", plan.payload["goal"], {}, lang)
        if plan and plan.payload.get("goal")
        else "",
        "subgoals": [(goal, f"account.mine.subgoal.{status}") for goal, status in subgoals.items()],
        "helpers": helpers,
    }


def _next(
    programme: Programme, facts: Sequence[Fact], names: dict[str, str], helpers: Sequence[Holder], lang: Lang
) -> dict[str, Any] | None:
    """The next meeting that is planned: the day, what kind, where, and with whom."""
    today = clock.today()
    ahead = [
        fact for fact in facts
        if fact.kind == "meeting" and fact.payload.get("outcome") == "planned" and fact.occurred_from >= today
    ]  # fmt: skip
    if not ahead:
        return None
    said = ahead[0].payload
    worker = said.get("worker")
    return {
        "day": ahead[0].occurred_from,
        "type": value_title(programme, "meeting", "type", said["type"], {}, lang),
        "place": value_title(programme, "meeting", "place", said["place"], {}, lang)
        if said.get("place")
        else "",
        "worker": names.get(worker, "") if worker else (helpers[0].name if len(helpers) == 1 else ""),
    }
