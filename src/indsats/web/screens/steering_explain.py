"""Why a target was not met, and what is done about it: registered from the page of targets, about a place."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from indsats.problem import InputRefused
from indsats.programme import Programme

from .. import clock
from ..models import Site
from ..record import register
from ..rights import ReaderRequest, may, rights, screen
from ..words import say
from .assignment_choice import lang_now
from .steering_choice import Steered, steered
from .steering_pages import aimed

_NONCE = re.compile(r"^[0-9A-Za-z-]{1,40}$")
_STATUS = ("planned", "under_way", "done", "dropped")


@require_http_methods(["GET", "POST"])
@screen("register", "deviation_explained")
def explain(request: ReaderRequest) -> HttpResponse:
    """Explain why a target was not met in a period."""
    return _form(request, "deviation_explained", "explain")


@require_http_methods(["GET", "POST"])
@screen("register", "action_planned")
def plan(request: ReaderRequest) -> HttpResponse:
    """Plan what is done about a target that was not met."""
    return _form(request, "action_planned", "plan")


def _form(request: ReaderRequest, kind: str, name: str) -> HttpResponse:
    choice = steered(request, request.reader)
    places = _places(request, choice.of, kind)
    names = aimed(choice.of) or list(choice.of.indicators)
    if not places or not names:
        raise Http404
    lang = lang_now()
    fields = _fields(choice, kind, places, names)
    errors: dict[str, str] = {}
    if request.method == "POST":
        for field in fields:
            field["value"] = request.POST.get(field["name"], "").strip()
            allowed = {value for value, _ in field.get("options", ())}
            if (field.get("required", True) and not field["value"]) or (
                field["value"] and allowed and field["value"] not in allowed
            ):
                errors[field["name"]] = say("steering.explain.missing", lang)
        values = (
            {} if errors else _values(kind, {field["name"]: field["value"] for field in fields}, errors, lang)
        )
        if not errors:
            try:
                nonce = request.POST.get("nonce", "")
                once = nonce if _NONCE.match(nonce) else None
                register(request.reader.name, choice.of.programme, kind, values, nonce=once)
            except InputRefused as refused:
                asked = {
                    _FIELDS.get(problem.field or "", problem.field or "") for problem in refused.problems
                }
                named = asked & {field["name"] for field in fields}
                errors = {one: say("steering.explain.refused", lang) for one in named or {"first"}}
            else:
                messages.success(request, say(f"steering.{name}.saved", lang))
                return redirect(reverse("targets") + choice.query())
    for field in fields:
        field["error"] = errors.get(field["name"], "")
    context = {
        "choice": choice,
        "title": f"steering.{name}",
        "lead": f"steering.{name}.lead",
        "fields": fields,
        "errors": errors,
        "nonce": request.POST.get("nonce") or secrets.token_hex(10),
        "back": reverse("targets") + choice.query(),
    }
    return render(request, "steering/explain.html", context)


_FIELDS = {
    "occurred_from": "first",
    "occurred_to": "last",
    "explanation": "text",
    "action": "text",
    "unit": "place",
    "site": "place",
}
"""The fields of the form by the columns of the fact."""


def _places(request: ReaderRequest, of: Programme, kind: str) -> list[tuple[str, str]]:
    """The places the reader may register about: the whole and its units for who has all sites, and the sites."""
    lang = lang_now()
    whole = any(
        one.programme == of.programme and (one.site is None or right.scope == "programme")
        for one, right in rights(request.reader, "register", kind)
    )
    found: list[tuple[str, str]] = []
    if whole:
        found.append(("all", say("steering.all", lang)))
        found += [(f"unit.{unit}", of.units[unit].title.in_(lang)) for unit in of.effort_units]
    for site in Site.objects.filter(programme=of.programme).order_by("name", "key"):
        if may(request.reader, "register", kind, site):
            found.append((f"site.{site.key}", site.name or site.key))
    return found


def _fields(
    choice: Steered, kind: str, places: list[tuple[str, str]], names: list[str]
) -> list[dict[str, Any]]:
    lang, of = lang_now(), choice.of
    titles = [(one, of.indicators[one].title.in_(lang)) for one in names]
    after = choice.period.last + timedelta(days=1)
    fields: list[dict[str, Any]] = [
        {"name": "indicator", "label": "explain.indicator", "kind": "select", "options": titles},
        {"name": "place", "label": "explain.place", "kind": "select", "options": places},
    ]
    if kind == "deviation_explained":
        causes = _codes(of, f"{kind}.cause")
        cause = {"name": "cause", "label": "explain.cause", "required": False}
        fields += [
            cause | ({"kind": "select", "options": causes} if causes else {}),
            {"name": "text", "label": "explain.explanation", "kind": "textarea"},
            {"name": "first", "label": "explain.first", "kind": "date", "value": str(choice.period.first)},
            {"name": "last", "label": "explain.last", "kind": "date", "value": str(choice.period.last)},
        ]
    else:
        roles = [(one, told.title.in_(lang)) for one, told in of.roles.items()]
        status = [(one, say(f"steering.plan.{one}", lang)) for one in _STATUS]
        deadline = max(after, clock.today()) + timedelta(days=90)
        fields += [
            {"name": "text", "label": "plan.action", "kind": "textarea"},
            {"name": "owner", "label": "plan.owner", "kind": "select", "options": roles, "required": False},
            {
                "name": "status",
                "label": "plan.status",
                "kind": "radio",
                "options": status,
                "value": "planned",
            },
            {"name": "first", "label": "plan.start", "kind": "date", "value": str(max(after, clock.today()))},
            {"name": "last", "label": "plan.deadline", "kind": "date", "value": str(deadline)},
        ]
    if len(places) == 1:
        fields[1]["value"] = places[0][0]
    return [field | {"label": say(f"steering.{field['label']}", lang)} for field in fields]


def _codes(of: Programme, name: str) -> list[tuple[str, str]]:
    lang = lang_now()
    codes = of.codes_for(name)
    return [] if codes is None else [(key, one.title.in_(lang)) for key, one in codes.values.items()]


def _values(kind: str, said: Mapping[str, str], errors: dict[str, str], lang: Any) -> dict[str, Any]:
    """What the fact holds; days that cannot be read go among the errors."""
    values: dict[str, Any] = {"indicator": said["indicator"]}
    place = said["place"]
    if place.startswith(("site.", "unit.")):
        values[place[:4]] = place[5:]
    for name, column in (("first", "occurred_from"), ("last", "occurred_to")):
        try:
            values[column] = date.fromisoformat(said[name])
        except ValueError:
            errors[name] = say("steering.explain.missing", lang)
    if kind == "deviation_explained":
        return values | {"cause": said["cause"] or None, "explanation": said["text"]}
    return values | {"action": said["text"], "owner": said["owner"] or None, "status": said["status"]}


urlpatterns: list[URLPattern] = [
    path("maal/forklar/", explain, name="explain-deviation"),
    path("maal/plan/", plan, name="plan-action"),
]
