"""Assignment: who has how many cases, who gets the next, and hand-overs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_POST

from indsats.problem import InputRefused

from .. import assigning, clock
from ..assigning import Above, Given, Taken, Unfit
from ..caseloads import Load, loads
from ..models import Case, Due, HandOver
from ..parts import Wrong
from ..rights import ReaderRequest, may, read, scope, screen
from ..words import say
from . import assignment_bulk, assignment_hand_over, assignment_who
from .assignment_choice import (
    Chosen,
    above_said,
    bar_of,
    choosing,
    chosen,
    lang_now,
    name_of,
    names_of,
    taken_said,
)
from .whole import whole

_PAGE = 100
"""How many cases are shown at a time; the oldest come first, so the next are shown when these are given."""


@require_GET
@screen("see", "caseload")
def assignment(request: ReaderRequest) -> HttpResponse:
    """The cases nobody is responsible for, and how much each worker of the site has."""
    choice = chosen(request, request.reader, "see", "caseload")
    return _page(request, choice)


@require_POST
@screen("assign", "case")
def assign(request: ReaderRequest) -> HttpResponse:
    """Give the chosen cases to a worker; with what must be mended on the page itself."""
    choice = chosen(request, request.reader, "assign", "case")
    lang = lang_now()
    keys, worker = request.POST.getlist("sag"), request.POST.get("til", "")
    override = request.POST.get("over", "").strip()
    cases = list(_unassigned(request, choice).filter(pk__in=keys))
    if not cases or not worker:
        errors = {} if cases else {"sag": say("assignment.none_chosen", lang)}
        errors |= {} if worker else {"til": say("assignment.no_worker", lang)}
        return _page(request, choice, errors)
    given = [Given(case, worker, _mark(request, case)) for case in cases]
    try:
        assigning.assign(request.reader.name, choice.role, given, override=override)
    except Above as above:
        return _page(request, choice, {"over": above_said(above.loads[0])})
    except Unfit:
        return _page(request, choice, {"til": say("assignment.unfit", lang)})
    except Taken as taken:
        return _page(request, choice, {"": taken_said(taken, cases)}, status=409)
    except InputRefused:
        return _page(request, choice, {"": say("assignment.refused", lang)})
    messages.success(request, say("assignment.given", lang, n=len(cases), worker=names_of([worker])[worker]))
    return redirect(reverse("assignment") + choice.query())


def _mark(request: ReaderRequest, case: Case) -> int | None:
    return whole(request.POST.get(f"set-{case.pk}"))


def _unassigned(request: ReaderRequest, choice: Chosen) -> QuerySet[Case]:
    """The cases on the list of those without anybody, within the reader's right to see them."""
    waiting = Due.objects.filter(queue="unassigned", programme=choice.of.programme, site__in=choice.keys)
    return (
        scope(request.reader, Case)
        .filter(programme=choice.of.programme, pk__in=waiting.values("case"))
        .select_related("person")
        .order_by("start", "pk")
    )


def _page(
    request: ReaderRequest, choice: Chosen, errors: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    errors = errors or {}
    shown = list(_unassigned(request, choice)[: _PAGE + 1])
    more, shown = len(shown) > _PAGE, shown[:_PAGE]
    assigns = may(request.reader, "assign", "case")
    marks = assigning.marks(shown, choice.role) if assigns else {}
    workers = loads(choice.of, choice.role, choice.keys, choice.members)
    asks = _asks(request, choice)
    if seen := {case.pk: case for case in (*shown, *(one["asked"].case for one in asks))}:
        read(request.reader, "assignment", seen.values())
    today = clock.today()
    ticked = set(request.POST.getlist("sag"))
    names = {one.key: one.name or one.key for one in choice.sites}
    return render(
        request,
        "assignment/assignment.html",
        {
            "choice": choice,
            "choosing": choosing(choice),
            "role": choice.of.roles[choice.role].title,
            "cases": [
                {
                    "case": case,
                    "name": name_of(case),
                    "site": names.get(case.site or "", case.site),
                    "mark": marks.get(case.pk, 0),
                    "days": (today - case.start).days if case.start else None,
                    "ticked": case.pk in ticked,
                }
                for case in shown
            ],
            "more": more,
            "assigns": assigns,
            "workers": [{"load": one, "bar": bar_of(one)} for one in workers],
            "fields": _fields(request, workers, errors),
            "errors": _errors(errors),
            "asks": asks,
        },
        status=status,
    )


def _fields(request: ReaderRequest, workers: list[Load], errors: dict[str, str]) -> list[dict[str, Any]]:
    lang = lang_now()
    options = [(one.worker, f"{one.name} – {bar_of(one)['words']}") for one in workers if one.active]
    return [
        {
            "name": "til",
            "label": say("assignment.to", lang),
            "kind": "select",
            "options": options,
            "value": request.POST.get("til", ""),
            "error": errors.get("til", ""),
        },
        {
            "name": "over",
            "label": say("assignment.override", lang),
            "hint": say("assignment.override.hint", lang),
            "value": request.POST.get("over", ""),
            "error": errors.get("over", ""),
            "required": False,
            "kind": "text",
        },
    ]


def _errors(errors: dict[str, str]) -> list[Wrong]:
    """The lines of the list of errors, each leading to what is to be mended."""
    return [Wrong(text, _PLACES.get(name, "")) for name, text in errors.items()]


_PLACES = {"sag": "cases", "til": "id_til", "over": "id_over"}


def _asks(request: ReaderRequest, choice: Chosen) -> list[dict[str, Any]]:
    """The hand-overs under way at the sites, those the reader may see the case of."""
    found = (
        scope(request.reader, HandOver, "see", "case")
        .filter(answered=None, case__programme=choice.of.programme, case__site__in=choice.keys)
        .select_related("case__person")
        .order_by("asked")[:50]
    )
    rows = list(found)
    names = names_of([*(one.giver for one in rows), *(one.taker for one in rows)]) if rows else {}
    return [
        {
            "asked": one,
            "name": name_of(one.case),
            "giver": names[one.giver],
            "taker": names[one.taker],
        }
        for one in rows
    ]


urlpatterns: list[URLPattern] = [
    path("fordeling/", assignment, name="assignment"),
    path("fordeling/tildel/", assign, name="assign"),
    *assignment_hand_over.urlpatterns,
    *assignment_bulk.urlpatterns,
    *assignment_who.urlpatterns,
]
