"""Who was responsible on a day: for a case, or which cases a worker had."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET

from .. import clock
from ..caseloads import responsible_on
from ..models import Case
from ..programmes import served
from ..rights import ReaderRequest, found_case, read, scope, screen
from ..words import say
from .assignment_choice import Chosen, choosing, chosen, lang_now, name_of, names_of

_MOST = 200


@require_GET
@screen("see", "caseload")
def who(request: ReaderRequest) -> HttpResponse:
    """``?sag=`` (a case's key) or ``?medarbejder=`` (a worker's id), and ``?dag=``."""
    lang = lang_now()
    said = request.GET.get("dag", "")
    error, day = "", clock.today()
    if said:
        try:
            day = date.fromisoformat(said)
        except ValueError:
            error = say("assignment.who.bad_day", lang)
    case: Case | None = None
    worker = request.GET.get("medarbejder", "")
    cases = scope(request.reader, Case)
    choice = None
    if public := request.GET.get("sag", ""):
        case = found_case(request.reader, public)
        cases, worker = cases.filter(pk=case.pk), ""
    else:
        choice = chosen(request, request.reader, "see", "caseload")
        cases = cases.filter(programme=choice.of.programme, site__in=choice.keys)
    rows = (
        list(responsible_on(cases, day, worker or None)[: _MOST + 1])
        if (case or worker) and not error
        else []
    )
    more, rows = len(rows) > _MOST, rows[:_MOST]
    shown = {one.case_id: one.case for one in rows}
    if case is not None:
        shown[case.pk] = case
    if shown:
        read(request.reader, "responsible", shown.values())
    names = names_of(one.worker for one in rows)
    programmes = served()
    fields = [] if choice is None else [
        *(field for field in choosing(choice) if field["name"] != "rolle"),
        {
            "name": "medarbejder",
            "label": say("assignment.who.worker", lang),
            "kind": "select",
            "options": _workers(choice),
            "value": worker,
        },
    ]  # fmt: skip
    context = {
        "fields": [
            *fields,
            {
                "name": "dag",
                "label": say("assignment.who.day", lang),
                "kind": "date",
                "value": said or day.isoformat(),
                "error": error,
            },
        ],
        "case": case,
        "name": name_of(case) if case is not None else "",
        "worker": worker,
        "day": day,
        "error": error,
        "more": _MOST if more else 0,
        "rows": [
            {
                "row": one,
                "name": name_of(one.case),
                "worker": names[one.worker],
                "role": programmes[one.case.programme].roles[one.role].title
                if one.role in programmes[one.case.programme].roles
                else one.role,
            }
            for one in rows
        ],
    }
    return render(request, "assignment/who.html", context)


def _workers(choice: Chosen) -> list[tuple[str, str]]:
    found = {one.user.username: one.user.name or one.user.username for one in choice.members}
    return list(found.items())


urlpatterns: list[URLPattern] = [path("fordeling/hvem/", who, name="who-was-responsible")]
