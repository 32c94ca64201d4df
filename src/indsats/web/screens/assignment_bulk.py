"""Moving many cases from one worker: chosen, spread below the ceilings, shown first, then all at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from indsats.problem import InputRefused

from .. import assigning
from ..assigning import Above, Given, Taken, Unfit
from ..caseloads import Load, loads, now_responsible, spread, weight_of
from ..models import Case, Responsible
from ..parts import Wrong
from ..rights import ReaderRequest, read, scope, screen
from ..words import say
from .assignment_choice import (
    Chosen,
    above_said,
    bar_of,
    chosen,
    lang_now,
    name_of,
    names_of,
    taken_said,
)
from .whole import whole


@require_http_methods(["GET", "POST"])
@screen("assign", "case")
def bulk(request: ReaderRequest) -> HttpResponse:
    """Choose cases of ``fra`` and who is to have them; POST shows the plan, or carries out the one that was shown."""
    choice = chosen(request, request.reader, "assign", "case")
    said = request.GET if request.method == "GET" else request.POST
    giver = said.get("fra", "")
    if not giver:
        raise Http404
    cases = list(_cases(request, choice, giver))
    takers = [
        one
        for one in loads(choice.of, choice.role, choice.keys, choice.members)
        if one.worker != giver and one.active
    ]
    read(request.reader, "assignment", cases)
    if request.method == "GET":
        return _form(request, choice, giver, cases, takers, {})
    if request.POST.get("gør") == "flyt":
        return _moved(request, choice, giver, cases, takers)
    if request.POST.get("gør") == "ret":
        return _form(request, choice, giver, cases, takers, {})
    return _plan(request, choice, giver, cases, takers)


def _cases(request: ReaderRequest, choice: Chosen, giver: str) -> QuerySet[Case]:
    held = Responsible.objects.filter(now_responsible(), worker=giver, role=choice.role)
    return (
        scope(request.reader, Case, "assign")
        .filter(programme=choice.of.programme, site__in=choice.keys, pk__in=held.values("case"))
        .exclude(state="ended")
        .select_related("person")
        .order_by("person__name", "pk")
    )


def _form(
    request: ReaderRequest,
    choice: Chosen,
    giver: str,
    cases: list[Case],
    takers: list[Load],
    errors: dict[str, str],
    status: int = 200,
) -> HttpResponse:
    lang = lang_now()
    chosen_cases = set(request.POST.getlist("sag")) if request.method == "POST" else {one.pk for one in cases}
    sites = {one.key: one.name or one.key for one in choice.sites}
    fields: list[dict[str, Any]] = [
        {
            "name": "til",
            "label": say("assignment.bulk.to", lang),
            "hint": say("assignment.bulk.to.hint", lang),
            "kind": "checkboxes",
            "options": [(one.worker, f"{one.name} – {bar_of(one)['words']}") for one in takers],
            "value": request.POST.getlist("til"),
            "error": errors.get("til", ""),
        },
        {
            "name": "hvorfor",
            "label": say("assignment.bulk.reason", lang),
            "hint": say("assignment.bulk.reason.hint", lang),
            "value": request.POST.get("hvorfor", ""),
            "error": errors.get("hvorfor", ""),
        },
        {
            "name": "over",
            "label": say("assignment.override", lang),
            "hint": say("assignment.override.hint", lang),
            "required": False,
            "value": request.POST.get("over", ""),
            "error": errors.get("over", ""),
        },
    ]
    return render(
        request,
        "assignment/bulk.html",
        {
            "choice": choice,
            "role": choice.of.roles[choice.role].title,
            "giver": giver,
            "name": names_of([giver])[giver],
            "cases": [
                {
                    "case": one,
                    "name": name_of(one),
                    "site": sites.get(one.site or "", one.site),
                    "ticked": one.pk in chosen_cases,
                }
                for one in cases
            ],
            "fields": fields,
            "errors": [
                Wrong(text, {"sag": "cases", "til": "id_til_0"}.get(name, f"id_{name}" if name else ""))
                for name, text in errors.items()
            ],
        },
        status=status,
    )


def _plan(
    request: ReaderRequest, choice: Chosen, giver: str, cases: list[Case], takers: list[Load]
) -> HttpResponse:
    """Show who would get which; nothing is written."""
    lang = lang_now()
    keys, to = set(request.POST.getlist("sag")), set(request.POST.getlist("til"))
    reason, override = request.POST.get("hvorfor", "").strip(), request.POST.get("over", "").strip()
    picked, chosen_takers = (
        [one for one in cases if one.pk in keys],
        [one for one in takers if one.worker in to],
    )
    errors = {}
    if not picked:
        errors["sag"] = say("assignment.none_chosen", lang)
    if not chosen_takers:
        errors["til"] = say("assignment.bulk.no_taker", lang)
    if not reason:
        errors["hvorfor"] = say("assignment.reason.missing", lang)
    if errors:
        return _form(request, choice, giver, cases, takers, errors)
    found = spread([(one.pk, weight_of(one)) for one in picked], chosen_takers, beyond=bool(override))
    marks = assigning.marks(picked, choice.role)
    names = {one.worker: one.name for one in chosen_takers}
    gets, more = Counter(found.given.values()), Counter[str]()
    for one in picked:
        if one.pk in found.given:
            more[found.given[one.pk]] += weight_of(one)  # type: ignore[assignment]
    after = [_after(one, more[one.worker]) for one in chosen_takers]
    return render(
        request,
        "assignment/plan.html",
        {
            "choice": choice,
            "giver": giver,
            "name": names_of([giver])[giver],
            "workers": [{"load": one, "gets": gets[one.worker], "bar": bar_of(one)} for one in after],
            "moves": [
                {
                    "case": one,
                    "name": name_of(one),
                    "worker": found.given.get(one.pk),
                    "to": names.get(found.given.get(one.pk, ""), ""),
                    "mark": marks[one.pk],
                }
                for one in picked
            ],
            "left": len(found.left),
            "n": len(found.given),
            "picked": [one.pk for one in picked],
            "to": sorted(to),
            "reason": reason,
            "override": override,
        },
    )


def _after(load: Load, more: float) -> Load:
    return replace(load, weighted=load.weighted + more)


def _moved(
    request: ReaderRequest, choice: Chosen, giver: str, cases: list[Case], takers: list[Load]
) -> HttpResponse:
    """Carry out the plan that was shown: all of it, or none."""
    lang = lang_now()
    names = {one.worker for one in takers}
    given = []
    by_key = {one.pk: one for one in cases}
    planned = [key for key in request.POST.getlist("sag") if request.POST.get(f"får-{key}")]
    for key in planned:
        worker, mark = request.POST.get(f"får-{key}", ""), request.POST.get(f"set-{key}", "")
        if key not in by_key:
            said = say("assignment.answer.gone", lang)
            return _form(request, choice, giver, cases, takers, {"": said}, status=409)
        seen = whole(mark)
        if worker not in names or seen is None:
            return _form(request, choice, giver, cases, takers, {"til": say("assignment.unfit", lang)})
        given.append(Given(by_key[key], worker, seen))
    reason, override = request.POST.get("hvorfor", ""), request.POST.get("over", "")
    try:
        assigning.assign(request.reader.name, choice.role, given, override=override, reason=reason)
    except Above as above:
        return _form(request, choice, giver, cases, takers, {"over": above_said(above.loads[0])})
    except Unfit:
        return _form(request, choice, giver, cases, takers, {"til": say("assignment.unfit", lang)})
    except Taken as taken:
        return _form(request, choice, giver, cases, takers, {"": taken_said(taken, cases)}, status=409)
    except InputRefused:
        return _form(request, choice, giver, cases, takers, {"": say("assignment.refused", lang)})
    messages.success(request, say("assignment.bulk.done", lang, n=len(given)))
    return redirect(reverse("assignment") + choice.query())


urlpatterns: list[URLPattern] = [path("fordeling/samlet/", bulk, name="assignment-bulk")]
