"""Finding people: the search, the list of cases, and the list as a file."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from indsats.language import Lang

from ..look import language
from ..models import Case
from ..programmes import served
from ..rights import ReaderRequest, may, read, screen, searched, without_numbers
from ..sheets import csv_answer
from ..words import say
from .glass import glass
from .people_list import PAGE, Choice, choice_of, fields, listed
from .people_query import MOST, again, found, wanted
from .people_rows import Row, rows

KEPT = 5
"""So many searches can be gone back to."""

MOST_EXPORTED = 5000


@screen("see", "case")
def search(request: ReaderRequest) -> HttpResponse:
    """Search, and show what was found under an address that tells nothing of it and can be gone back to."""
    reader, lang = request.reader, language(request)
    if request.method == "POST":
        return _search(request)
    kept = request.session.get("searches", {}).get(request.GET.get("s", ""))
    cases = again(reader, kept["cases"]) if kept else []
    read(reader, "search", cases)
    return render(
        request,
        "people/search.html",
        {
            "asked": kept is not None,
            "words": kept["words"] if kept else "",
            "unclear": bool(kept and kept["unclear"]),
            "rows": rows(cases, served(), lang),
            "more": bool(kept and kept["more"]),
            "most": MOST,
            "may_glass": may(reader, "glass", "case"),
            "may_create": may(reader, "register", "visitation"),
        },
    )


def _search(request: ReaderRequest) -> HttpResponse:
    reader, words = request.reader, request.POST.get("q", "").strip()[:200]
    asked = wanted(words)
    cases = found(reader, asked) if asked else []
    shown, persons = cases[:MOST], {case.person_id: case.person for case in cases[:MOST]}
    shielded = sum(person.protected for person in persons.values())
    with transaction.atomic():
        searched(reader, words, len(persons), shielded)
        if asked.numbers and len(shown) == 1:
            return redirect("case", shown[0].public)
        key = secrets.token_urlsafe(6)
        kept = dict(list(request.session.get("searches", {}).items())[1 - KEPT :])
        kept[key] = {
            # a number stays nowhere, not even in the session
            "words": words if asked.parts and without_numbers(words) == words else "",
            "unclear": bool(words) and not asked,
            "cases": [case.public for case in shown],
            "more": len(cases) > MOST,
        }
        request.session["searches"] = kept
    return redirect(f"{reverse('search')}?s={key}")


@require_safe
@screen("see", "case")
def cases(request: ReaderRequest) -> HttpResponse:
    """The cases the reader may see, by what they choose."""
    reader, lang, programmes = request.reader, language(request), served()
    choice = choice_of(reader, request.GET, programmes)
    cases_ = listed(reader, choice)
    more, cases_ = len(cases_) > PAGE, cases_[:PAGE]
    read(reader, "cases", cases_)
    return render(
        request,
        "people/cases.html",
        {
            "fields": fields(reader, choice, programmes, lang),
            "rows": rows(cases_, programmes, lang),
            "several": len(choice.programmes) > 1,
            "one_site": bool(choice.site) or len({case.site for case in cases_}) <= 1,
            "first": choice.first + 1 if cases_ else 0,
            "last": choice.first + len(cases_),
            "previous": _page(choice, choice.page - 1) if choice.page > 1 else "",
            "next": _page(choice, choice.page + 1) if more else "",
            "export": f"{reverse('cases-export')}?{choice.query()}" if may(reader, "export", "case") else "",
        },
    )


def _page(choice: Choice, page: int) -> str:
    return f"{reverse('cases')}?{choice.query(page)}"


@require_safe
@screen("export", "case")
def export(request: ReaderRequest) -> HttpResponse:
    """The chosen cases as a file: names and where they are, no person numbers. Every person in it is noted as read."""
    reader, lang, programmes = request.reader, language(request), served()
    choice = choice_of(reader, request.GET, programmes)
    cases_ = listed(reader, choice, "export", most=MOST_EXPORTED)
    if len(cases_) > MOST_EXPORTED:
        said = say("people.export.many", lang, n=MOST_EXPORTED)
        return render(request, "people/too_many.html", {"said": said, "back": _page(choice, 1)}, status=422)
    read(reader, "cases-export", cases_)
    head = [say(f"people.column.{one}", lang) for one in _EXPORTED]
    return csv_answer(
        "sager" if lang == "da" else "cases",
        head,
        (_cells(case, row, lang) for case, row in zip(cases_, rows(cases_, programmes, lang), strict=True)),
    )


_EXPORTED = (
    "name",
    "born",
    "programme",
    "service",
    "site",
    "state",
    "phase",
    "start",
    "end",
    "held",
    "next",
    "responsible",
)


def _cells(case: Case, row: Row, lang: Lang) -> list[Any]:
    held = ", ".join(f"{name} ({role})" for name, role in row.responsible)
    state = say(f"look.state.{row.state}", lang)
    return [
        row.name, case.person.birth_date, row.programme, row.service, row.site, state, row.phase, case.start, case.end,
        row.last_held, row.next_planned, held,
    ]  # fmt: skip


urlpatterns: list[URLPattern] = [
    path("soeg/", search, name="search"),
    path("sager/", cases, name="cases"),
    path("sager.csv", export, name="cases-export"),
    path("glas/", glass, name="glass"),
]
