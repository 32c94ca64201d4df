"""Undoing a list or a draw: asked for with a reason, and refused with what rests on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse

from indsats.problem import InputRefused

from ..derive.project import case_key
from ..models import Batch, Case, Fact, Site
from ..programmes import programme as definition
from ..record import batches
from ..rights import Reader, ReaderRequest, read, scope, screen
from ..words import say
from .assignment_choice import lang_now
from .case_words import headline, names_of, workers_in
from .intake_choice import refused
from .intake_lists import found_batch, is_draw

_MOST = 200


@screen("import", "batch")
def undo(request: ReaderRequest, public: str) -> HttpResponse:
    """Ask why a list is undone, and undo it whole."""
    one, lang = found_batch(request.reader, public), lang_now()
    if one.accepted is None or one.undone is not None:
        raise Http404
    if not _reaches(request.reader, one):
        messages.warning(request, say("intake.batch.undo.elsewhere", lang))
        return redirect("intake-batch", public)
    if request.method != "POST":
        found = batches.resting(one)
        return _rested(request, one, found) if found else _question(request, one)
    reason = request.POST.get("reason", "").strip()
    try:
        batches.undo(request.reader.name, one, reason)
    except batches.Rested as why:
        return _rested(request, one, why.facts)
    except InputRefused as why:
        return _question(request, one, refused(why.problems, definition(one.programme), lang))
    messages.success(request, say("intake.batch.undo.done", lang))
    return redirect("intake-batch", public)


def _reaches(reader: Reader, one: Batch) -> bool:
    """Whether every registration of a list is at a site the reader may bring lists in to, or at none."""
    sites = Fact.objects.filter(batch=one, replaced_at=None).values_list("site", flat=True).distinct()
    mine = (
        scope(reader, Site, "import", "batch").filter(programme=one.programme).values_list("key", flat=True)
    )
    return set(sites) - {None} <= set(mine)


def _question(request: ReaderRequest, one: Batch, errors: list[str] | None = None) -> HttpResponse:
    lang = lang_now()
    n = len(one.told["people"]) if is_draw(one) else one.told.get("facts", 0)
    field = {
        "name": "reason",
        "label": say("intake.batch.undo.reason", lang),
        "kind": "textarea",
        "value": request.POST.get("reason", ""),
        "errors": errors or [],
        "attrs": {"maxlength": 200},
    }
    shown = {
        "title": say("intake.batch.undo.title", lang),
        "text": say("intake.batch.undo.text", lang, n=n) if n else "",
        "points": [say("intake.batch.undo.persons", lang)]
        if one.told.get("before") or one.told.get("made")
        else [],
        "fields": [field],
        "errors": [field] if errors else [],
        "do": say("intake.batch.undo", lang),
        "cancel": reverse("intake-batch", args=[one.public]),
        "danger": True,
    }
    return render(request, "intake/confirm.html", shown, status=422 if errors else 200)


def _rested(request: ReaderRequest, one: Batch, found: list[batches.Resting]) -> HttpResponse:
    """What stands in the way: on cases the reader sees in full, of the others only how many."""
    reader, lang, of = request.reader, lang_now(), definition(one.programme)
    persons = {_kept(row) for row in found}
    cases = scope(reader, Case).filter(programme=one.programme, person__in=persons).select_related("person")
    by_key = {case.pk: case for case in cases}
    by_person = {case.person_id: case for case in by_key.values()}
    told = set(scope(reader, Fact).filter(pk__in=[row.fact.pk for row in found]).values_list("pk", flat=True))
    names = names_of(workers_in([row.fact for row in found]))
    rows: list[dict[str, Any]] = []
    for row in found:
        case = by_key.get(case_key(one.programme, row.fact.enrolment or "")) or by_person.get(_kept(row))
        if case is None or row.fact.pk not in told:
            continue
        rows.append(
            {
                "case": case,
                "name": case.person.name or case.person.public,
                "said": headline(row.fact, of, lang, names),
                "on": row.fact.occurred_from,
                "why": say(f"intake.batch.rested.{row.why}", lang),
            }
        )
    read(reader, "batch", {row["case"].pk: row["case"] for row in rows}.values())
    shown = {
        "batch": one,
        "rows": rows[:_MOST],
        "hidden": len(found) - len(rows),
        "more": max(len(rows) - _MOST, 0),
    }
    return render(request, "intake/rested.html", shown, status=409)


def _kept(row: batches.Resting) -> int:
    """The key of the person a fact is read under; 0 for one about nobody."""
    return (row.fact.person.merged_into_id or row.fact.person.pk) if row.fact.person else 0


urlpatterns: list[URLPattern] = [
    path("visitation/liste/<str:public>/fortryd/", undo, name="intake-undo"),
]
