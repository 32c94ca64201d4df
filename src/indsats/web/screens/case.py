"""The case: one page with everything about one enrolment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse

from indsats.language import Lang
from indsats.programme import Programme
from indsats.record import KINDS

from .. import clock
from ..look import language
from ..models import Case, Draft, Due, Fact, Responsible, Site
from ..programmes import served
from ..rights import Action, ReaderRequest, may, read, scope, screen, widest
from . import case_panels as panels
from .case_facts import by_day, facts_of, histories, kinds_there, withdrawn
from .case_requirements import requirements_of
from .case_rights import allowed
from .case_words import Names, fact_key, kind_title, names_of, site_title, value_title, workers_in
from .day_queues import neighbours
from .hours import agreed_there

SHOWN = 40
"""How many facts the timeline shows before it offers the rest."""
MOST = 8
"""How many requirements stand in the panel, asked and answered each, before the rest are folded away."""


@dataclass(frozen=True)
class Open:
    """A case that is looked at: the row, its programme, what the reader may do, and the person's other cases."""

    case: Case
    programme: Programme
    lang: Lang
    may: Mapping[Action, frozenset[str]]
    others: list[Case]
    programmes: Mapping[str, Programme]
    held: list[Responsible]
    due: list[Due]


@screen("see", "case")
def case(request: ReaderRequest, public: str) -> HttpResponse:
    """The page of a case."""
    opened = _opened(request, public)
    read(request.reader, "case", [opened.case])
    facts = list(facts_of(request.reader, opened.case))
    names = names_of(workers_in(facts) | _workers(opened))
    shown = {**_page(request, opened, facts, names), **_derived(request, opened, names)}
    return render(request, "case/page.html", shown)


@screen("see", "case")
def now(request: ReaderRequest, public: str) -> HttpResponse:
    """The panels that follow from the facts, by themselves: asked for while they are brought up to date."""
    opened = _opened(request, public)
    part = "due" if request.GET.get("part") == "due" else "where"
    if not opened.case.person.waiting:
        read(request.reader, "case", [opened.case])
    shown = _derived(request, opened, names_of(_workers(opened)))
    return render(request, "case/now.html", {**shown, "part": part})


@screen("see", "case")
def requirements(request: ReaderRequest, public: str) -> HttpResponse:
    """All requirements of a case with their state, and the phases it has been through, worked out from its facts."""
    opened = _opened(request, public)
    if not may(request.reader, "see", "requirement_answered", opened.case):
        raise Http404
    read(request.reader, "case-requirements", [opened.case])
    worked_out = requirements_of(opened.case, opened.programme, clock.today(), opened.lang)
    return render(
        request,
        "case/requirements.html",
        {
            "case": opened.case,
            "person": opened.case.person,
            "runs": worked_out.runs,
            "groups": worked_out.groups,
            "may_register": "requirement_answered" in opened.may["register"],
        },
    )


def _opened(request: ReaderRequest, public: str) -> Open:
    """The case of an address and the person's other cases, as far as the reader may see them; Http404 elsewhere."""
    reader = request.reader
    of = Draft.objects.filter(user=reader.user, case=OuterRef("pk")).order_by("-changed")
    rows = (
        scope(reader, Case)
        .filter(person__cases=public)
        .select_related("person")
        .annotate(
            site_name=Subquery(
                Site.objects.filter(programme=OuterRef("programme"), key=OuterRef("site")).values("name")[:1]
            ),
            draft_kind=Subquery(of.values("kind")[:1]),
            draft_fact=Subquery(of.values("fact")[:1]),
        )
        .order_by("start", "public")
    )
    cases = list(rows)
    found = next((one for one in cases if one.public == public), None)
    if found is None:
        raise Http404
    programmes = served()
    return Open(
        found,
        programmes[found.programme],
        language(request),
        allowed(reader, found),
        [one for one in cases if one.public != public],
        programmes,
        list(Responsible.objects.filter(case=found)),
        _due(found, clock.today()),
    )


def _workers(opened: Open) -> set[str]:
    return {row.worker for row in opened.held} | {row.worker for row in opened.due if row.worker}


def _derived(request: ReaderRequest, opened: Open, names: Names) -> dict[str, Any]:
    """What the panels made of projections show: where the case is, who has it, and what is due."""
    case_, lang, programme = opened.case, opened.lang, opened.programme
    today = clock.today()
    held, before = panels.holders(opened.held, programme, names, today, lang)
    todo, later = panels.due_items(opened.due, case_, programme, names, today, lang, opened.may)
    asked = [one for one in todo if one.queue == "requirements"]
    sites = {case_.site: getattr(case_, "site_name", None) or ""} if case_.site else {}
    return {
        "case": case_,
        "lang": lang,
        "where": panels.where_words(case_, today, lang),
        "titles": panels.titles(case_, programme, sites, lang),
        "phases": panels.phases(case_, programme, lang),
        "held": held,
        "before": before,
        "todo": [one for one in todo if one.queue != "requirements"],
        "later": [one for one in later if one.queue != "requirements"],
        "asked": asked[:MOST],
        "asked_more": asked[MOST:],
        "asked_later": [one for one in later if one.queue == "requirements"],
        "n_asked": len(asked),
        "n_todo": len(todo),
        "whose": whose.pop() if len(whose := {one.whose for one in (*todo, *later)}) == 1 else "",
        "see_requirements": may(request.reader, "see", "requirement_answered"),
        "invites": may(request.reader, "invite", "case", case_),
        "letters": may(request.reader, "letter", "case", case_)
        and any(one.about == "person" for one in programme.reports.values()),
        "hands_over": may(request.reader, "hand_over", "case")
        and (
            widest(request.reader, "hand_over", "case") != "own"
            or any(row.worker == request.reader.name and row.until is None for row in opened.held)
        ),
    }


def _due(case_: Case, today: date) -> list[Due]:
    """What is due in the case; that it is new to somebody is nothing to be done about it."""
    rows = Due.objects.filter(case=case_).exclude(queue="new_to_me")
    return list(rows.filter(Q(closes=None) | Q(closes__gte=today)))


def _page(request: ReaderRequest, opened: Open, facts: list[Fact], names: Names) -> dict[str, Any]:
    case_, lang, programme, reader = opened.case, opened.lang, opened.programme, request.reader
    today = clock.today()
    known = histories(facts)
    kind = request.GET.get("kind", "")
    shown = [one for one in known if not kind or one.now.kind == kind]
    most = None if "all" in request.GET else SHOWN
    days = by_day(shown, programme, lang, names, today, opened.may["correct"], most)
    total = sum(not one.withdrawn for one in shown)
    answers = panels.answered(known, programme, lang)
    glass = any(
        one.person_id == case_.person_id and one.programme == case_.programme for one in reader.glasses
    )
    return {
        "person": case_.person,
        "age": panels.age_on(case_.person.birth_date, today),
        "glass": glass,
        "beside": neighbours(reader, request.GET, case_),
        "programme_title": programme.title.in_(lang),
        "days": days,
        "total": total,
        "cut": total > sum(len(day.entries) + len(day.answers) for day in days),
        "kind": kind,
        "kinds": sorted(
            ((name, kind_title(name, lang), n) for name, n in kinds_there(known).items()),
            key=lambda one: one[1],
        ),
        "gone": withdrawn(known, programme, lang, names),
        "answers": answers[:MOST],
        "more_answers": max(0, len(answers) - MOST),
        "measured": panels.measured(known, programme, lang),
        "see_plan": may(reader, "see", "plan", case_),
        "see_measurements": may(reader, "see", "questionnaire_answered", case_),
        "agreed": agreed_there(known) if may(reader, "see", "hours", case_) else [],
        "pauses": panels.spans(known, "pause", programme, lang),
        "others": [_other(one, opened.programmes[one.programme], lang) for one in opened.others],
        "offered": offered(opened.case, programme, opened.may["register"], lang),
        "may_meet": "meeting" in opened.may["register"] and case_.state != "ended",
        "draft": _draft(case_, lang),
        "waiting": case_.person.waiting,
    }


def _other(case_: Case, programme: Programme, lang: Lang) -> dict[str, Any]:
    service = value_title(programme, "enrolled", "service", case_.service, {}, lang) if case_.service else ""
    name = getattr(case_, "site_name", None) or ""
    return {
        "href": reverse("case", args=[case_.public]),
        "title": programme.title.in_(lang),
        "service": service,
        "site": site_title(programme, case_.site, lang, {case_.site: name}) if case_.site else "",
        "where": panels.where_words(case_, clock.today(), lang),
    }


def _draft(case_: Case, lang: Lang) -> dict[str, str] | None:
    kind, fact = getattr(case_, "draft_kind", None), getattr(case_, "draft_fact", None)
    if not kind:
        return None
    if fact:
        return {
            "kind": kind_title(kind, lang),
            "href": reverse("correct", args=[case_.public, fact_key(fact)]),
        }
    return {"kind": kind_title(kind, lang), "href": reverse("register", args=[case_.public, kind])}


def offered(case_: Case, programme: Programme, kinds: Collection[str], lang: Lang) -> list[tuple[str, str]]:
    """The kinds that can be registered in a case, of those the reader may register: kind and title.

    What needs an enrolment is offered in one, a course that has ended is not ended again, and a kind that is all
    about a part of the definition needs the part.
    """
    parts = {
        "drawn": programme.draws,
        "excluded": programme.exclusions,
        "event": programme.events,
        "requirement_answered": programme.requirements,
        "questionnaire_answered": [one for one in programme.questionnaires.values() if one.about == "person"],
        "questionnaire_asked": [one for one in programme.questionnaires.values() if one.about == "person"],
    }
    found = []
    for kind, model in KINDS.items():
        inside = model.needs_enrolment and kind != "enrolled" and not case_.enrolment
        again = kind == "exit" and case_.state == "ended"
        if kind in kinds and parts.get(kind, True) and not inside and not again:
            found.append((kind, kind_title(kind, lang)))
    return found


urlpatterns: list[URLPattern] = [
    path("sager/<str:public>/", case, name="case"),
    path("sager/<str:public>/nu/", now, name="case-now"),
    path("sager/<str:public>/krav/", requirements, name="case-requirements"),
]
