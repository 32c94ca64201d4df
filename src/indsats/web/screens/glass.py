"""Breaking the glass: seeing somebody one otherwise may not, for a reason, for a while, under review."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from indsats.language import Lang

from .. import clock
from ..look import language
from ..models import Case, Glass
from ..record.numbers import forms
from ..rights import Reader, ReaderRequest, rights, scope, screen, searched
from ..words import say

LASTS = timedelta(hours=8)
"""How long a broken glass stays open."""
SHORTEST = 20
"""The fewest characters of a reason."""
CAUSES = ("emergency", "standing_in", "moved", "enquiry", "other")
"""The kinds of reason; their words are ``people.glass.cause.<kind>``."""


@screen("glass", "case")
def glass(request: ReaderRequest) -> HttpResponse:
    """The form, and the breaking of the glass: number, kind of reason and reason are given at once.

    That a person is there is told only to somebody who has given a reason, and the question is kept as a search.
    """
    reader, lang = request.reader, language(request)
    if request.method != "POST":
        return _form(request, {}, {})
    said = {name: request.POST.get(name, "").strip() for name in ("number", "cause", "reason")}
    errors = _errors(said, lang)
    if errors:
        return _form(request, said, errors)
    cases = _cases(reader, said["number"])
    seen = set(scope(reader, Case).filter(pk__in=[case.pk for case in cases]).values_list("pk", flat=True))
    # of somebody with several courses the glass is for those one does not see
    hidden = [case for case in cases if case.pk not in seen]
    shown = hidden or cases
    with transaction.atomic():
        searched(reader, said["number"], int(bool(shown)), int(any(case.person.protected for case in shown)))
        if not shown:
            return _form(request, said, {"number": say("people.glass.nobody", lang)})
        if hidden:
            _break(reader, hidden, said)
    messages.info(request, say("people.glass.open" if hidden else "people.glass.already", lang))
    return redirect("case", shown[0].public)


def _cases(reader: Reader, number: str) -> list[Case]:
    """The cases of the person with a number, in the programmes where the reader may break the glass."""
    programmes = {one.programme for one, _ in rights(reader, "glass", "case")}
    found = Case.objects.filter(programme__in=programmes).select_related("person").order_by("-start", "pk")
    own = list(found.filter(person__number__in=forms(number)))
    return own or list(found.filter(person__merged__number__in=forms(number)))


def _break(reader: Reader, cases: list[Case], said: dict[str, str]) -> None:
    """Open the glass in every programme the person is in; one that is open is not opened again."""
    at = clock.now()
    Glass.objects.bulk_create(
        Glass(
            user=reader.user,
            person=cases[0].person,
            programme=programme,
            cause=said["cause"],
            reason=said["reason"],
            since=at,
            until=at + LASTS,
        )
        for programme in sorted({case.programme for case in cases})
    )


def _errors(said: dict[str, str], lang: Lang) -> dict[str, str]:
    errors = {}
    if not said["number"]:
        errors["number"] = say("people.glass.no_number", lang)
    if said["cause"] not in CAUSES:
        errors["cause"] = say("people.glass.no_cause", lang)
    if len(" ".join(said["reason"].split())) < SHORTEST:
        errors["reason"] = say("people.glass.short", lang, least=SHORTEST)
    return errors


def _form(request: ReaderRequest, said: dict[str, str], errors: dict[str, str]) -> HttpResponse:
    lang = language(request)
    fields: list[dict[str, Any]] = [
        {
            "name": "number", "value": said.get("number", ""), "width": "medium",
            "attrs": {"autocomplete": "off", "inputmode": "numeric"},
        },
        {
            "name": "cause", "kind": "radio", "value": said.get("cause", ""),
            "options": [(one, say(f"people.glass.cause.{one}", lang)) for one in CAUSES],
        },
        {"name": "reason", "kind": "textarea", "value": said.get("reason", "")},
    ]  # fmt: skip
    for field in fields:
        field["label"] = say(f"people.glass.{field['name']}", lang)
        field["error"] = errors.get(field["name"], "")
    fields[2]["hint"] = say("people.glass.reason.hint", lang, least=SHORTEST)
    shown = {"fields": fields, "errors": errors, "hours": int(LASTS.total_seconds() // 3600)}
    return render(request, "people/glass.html", shown, status=422 if errors else 200)
