"""Handing a case over: asked by one who has it, answered by the one who is to take it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from indsats.problem import InputRefused

from .. import assigning
from ..assigning import Above, Taken, Unfit
from ..caseloads import load_of, loads
from ..models import Case, HandOver
from ..programmes import programme
from ..rights import ReaderRequest, found_case, read, rights, scope, screen
from ..words import say
from .assignment_choice import bar_of, lang_now, name_of, names_of


@require_http_methods(["GET", "POST"])
@screen("hand_over", "case")
def hand_over(request: ReaderRequest, public: str) -> HttpResponse:
    """Ask somebody to take over a case the reader may hand over."""
    case = found_case(request.reader, public, "hand_over")
    read(request.reader, "hand-over", [case])
    of, lang = programme(case.programme), lang_now()
    held = {
        role: fact.payload["worker"]
        for role, fact in assigning.all_holders([case]).get(case.pk, {}).items()
        if role in of.roles
    }
    mine = [role for role, worker in held.items() if worker == request.reader.name]
    role = request.POST.get("rolle") or request.GET.get("rolle") or next(iter([*mine, *held]), "")
    if role and role not in of.roles:
        raise Http404
    giver = held.get(role, "")
    takers = (
        [one for one in loads(of, role, [case.site] if case.site else None) if one.worker != giver]
        if giver
        else []
    )
    errors: dict[str, str] = {}
    if request.method == "POST" and giver:
        taker, reason = request.POST.get("til", ""), request.POST.get("hvorfor", "").strip()
        if taker not in {one.worker for one in takers}:
            errors["til"] = say("assignment.no_worker", lang)
        if not reason:
            errors["hvorfor"] = say("assignment.reason.missing", lang)
        if not errors:
            try:
                assigning.ask(case, role, giver, taker, reason)
            except Unfit:
                errors["til"] = say("assignment.unfit", lang)
            else:
                said = say("assignment.hand_over.done", lang, taker=names_of([taker])[taker])
                messages.success(request, said)
                return redirect("case", case.pk)
    fields = [
        {
            "name": "til",
            "label": say("assignment.hand_over.taker", lang),
            "kind": "select",
            "options": [(one.worker, f"{one.name} – {bar_of(one)['words']}") for one in takers],
            "value": request.POST.get("til", ""),
            "error": errors.get("til", ""),
        },
        {
            "name": "hvorfor",
            "label": say("assignment.hand_over.reason", lang),
            "hint": say("assignment.hand_over.reason.hint", lang),
            "kind": "textarea",
            "value": request.POST.get("hvorfor", ""),
            "error": errors.get("hvorfor", ""),
        },
    ]
    context = {
        "case": case,
        "name": name_of(case),
        "giver": names_of([giver])[giver] if giver else "",
        "role": of.roles[role].title if role else "",
        "roles": [(name, of.roles[name].title) for name in held],
        "chosen_role": role,
        "takers": takers,
        "fields": fields,
        "errors": errors,
    }
    return render(request, "assignment/hand_over.html", context)


@require_http_methods(["GET", "POST"])
@screen("hand_over", "case")
def answer(request: ReaderRequest, pk: int) -> HttpResponse:
    """Answer a hand-over one was asked about, or take back one's own question."""
    asked = HandOver.objects.select_related("case__person").filter(pk=pk).first()
    if asked is None:
        raise Http404
    # who was asked and has left the programme since is no longer told of the citizen
    taking = asked.taker == request.reader.name and any(
        one.programme == asked.case.programme for one, _ in rights(request.reader, "hand_over", "case")
    )
    # whoever may hand the case over may take the question back; to all others it is not there
    if not taking and not scope(request.reader, Case, "hand_over").filter(pk=asked.case_id).exists():
        raise Http404
    lang, of = lang_now(), programme(asked.case.programme)
    names = names_of([asked.giver, asked.taker])
    shielded = (
        asked.case.person.protected and not scope(request.reader, Case).filter(pk=asked.case_id).exists()
    )
    if asked.answered is not None:
        messages.info(request, say("assignment.answer.gone", lang))
        return redirect("day")
    error = ""
    if request.method == "POST":
        said, do = request.POST.get("svar", "").strip(), request.POST.get("gør", "")
        if not taking or do == "nej":
            done = assigning.decline(asked, said)
            key = "gone" if not done else "declined" if taking else "taken_back"
            messages.success(request, say(f"assignment.answer.{key}", lang, giver=names[asked.giver]))
            return redirect("day")
        try:
            assigning.accept(asked, said, request.POST.get("over", ""))
        except Above:
            error = say("assignment.answer.above", lang)
        except (Taken, Unfit):
            messages.warning(request, say("assignment.answer.gone", lang))
            return redirect("day")
        except InputRefused:
            error = say("assignment.refused", lang)
        else:
            messages.success(request, say("assignment.answer.accepted", lang))
            return redirect("case", asked.case_id)
    if not shielded:
        read(request.reader, "hand-over", [asked.case])
    load = load_of(of, asked.role, asked.taker)
    fields: list[dict[str, Any]] = [
        {
            "name": "svar",
            "label": say("assignment.answer.text", lang),
            "hint": say("assignment.answer.hint", lang),
            "kind": "textarea",
            "required": False,
            "value": request.POST.get("svar", ""),
        }
    ]
    if error:
        fields.append(
            {
                "name": "over",
                "label": say("assignment.override", lang),
                "kind": "text",
                "required": False,
                "value": request.POST.get("over", ""),
                "error": error,
            }
        )
    context = {
        "asked": asked,
        "name": name_of(asked.case, shielded=shielded),
        "giver": names[asked.giver],
        "taker": names[asked.taker],
        "role": of.roles[asked.role].title if asked.role in of.roles else asked.role,
        "taking": taking,
        "load": load,
        "bar": bar_of(load) if load is not None else None,
        "fields": fields,
        "errors": fields if error else [],
    }
    return render(request, "assignment/answer.html", context)


def hand_over_url(case: Case) -> str:
    """Where a case is handed over from: for the case page."""
    return reverse("hand-over", args=[case.pk])


urlpatterns: list[URLPattern] = [
    path("fordeling/overdrag/<str:public>/", hand_over, name="hand-over"),
    path("fordeling/svar/<int:pk>/", answer, name="hand-over-answer"),
]
