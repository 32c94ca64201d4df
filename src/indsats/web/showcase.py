"""A page with every component, for whoever builds screens: shown by a server that runs with INDSATS_DEBUG."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path

from indsats.language import Lang
from indsats.programme import Text

from . import look
from .models import User
from .parts import STATES
from .rights import Reader
from .words import say


def show(request: HttpRequest) -> HttpResponse:
    """The page; Http404 on a server that is not run for its developers."""
    if not settings.DEBUG:
        raise Http404
    if "job" in request.GET:
        return render(request, "components/progress.html", {"job": _SHOWN["jobs"][0]})
    return render(request, "components/all.html", {**_SHOWN, **_shell(look.language(request))})


def _shell(lang: Lang) -> dict[str, Any]:
    """The frame as somebody signed in sees it, so that it is shown too."""
    ways = [(key, say(f"shell.nav.{key}", lang)) for key in look.WAYS]
    return {
        "reader": Reader(User(username="m.holm", name="Maja Holm"), ()),
        "nav": [look.Way(key, title, f"/{key}/", key == "cases") for key, title in ways],
        "searches": True,
        "registers": True,
        "synthetic": True,
        "demo_day": _SHOWN["today"],
        "keys_on": True,
    }


_FIELDS: list[dict[str, Any]] = [
    {"name": "when", "kind": "date", "label": "Dato", "value": "2026-11-23"},
    {
        "name": "outcome",
        "kind": "radio",
        "label": "Resultat",
        "options": [("held", "Holdt"), ("noshow", "Udeblivelse"), ("cancelled", "Afbud")],
        "value": "held",
        "in_line": True,
    },
    {
        "name": "place",
        "kind": "select",
        "label": "Sted",
        "options": [("office", "På kontoret"), ("firm", "På virksomheden"), ("phone", "I telefon")],
        "error": "Vælg, hvor samtalen blev holdt.",
    },
    {
        "name": "hours",
        "kind": "number",
        "label": "Ordinære timer",
        "hint": "Timer om ugen, som de står på lønsedlen.",
        "suffix": "timer",
        "value": "4,5",
        "width": "short",
    },
    {
        "name": "along",
        "kind": "checkboxes",
        "label": "Hvem var med?",
        "options": [("doctor", "Lægen"), ("firm", "Virksomheden", "Leder eller mentor")],
        "required": False,
    },
    {"name": "employer", "label": "Virksomhed", "suggestions": ["Havnens Værksted", "Lageret i Nord"]},
    {"name": "note", "kind": "textarea", "label": "Bemærkning", "required": False},
    {
        "name": "shared",
        "kind": "checkbox",
        "label": "Borgeren har fået referatet",
        "hint": "Også i Digital Post.",
    },
    {"name": "list", "kind": "file", "label": "Liste"},
]
_SHOWN: dict[str, Any] = {
    "states": list(STATES),
    "title": Text(da="Opfølgning", en="Follow-up"),
    "today": date(2026, 11, 23),
    "born": date(1979, 3, 4),
    "fields": _FIELDS,
    "nobody": [],
    "queues": [
        {"title": "Samtaler i dag", "href": "?k=1", "count": 4, "current": True},
        {"title": "Samtaler, der er forsinkede", "href": "?k=2", "count": 12, "late": 12},
        {"title": "Udeblevet uden opfølgning", "href": "?k=3", "count": 3, "late": 1},
        {"title": "Måling skal tages", "href": "?k=4", "count": 1207},
        {"title": "Referat ikke sendt til borgeren", "href": "?k=5", "count": 0},
    ],
    "phases": [
        {"title": "Opstart", "state": "done"},
        {"title": "Plan", "state": "skipped"},
        {"title": "Virksomhedsmatch", "state": "now", "note": "siden 2.9."},
        {"title": "Praktik og støtte", "state": "ahead"},
        {"title": "Efterværn", "state": "ahead"},
    ],
    "days": [
        {
            "day": date(2026, 11, 23),
            "label": "i dag",
            "happened": [
                {
                    "title": "Samtale",
                    "time": "kl. 9.00",
                    "text": "på virksomheden",
                    "note": "Udviklingsmål og delmål 2 skal med",
                    "state": "planned",
                    "actions": [{"title": "Registrér", "href": "?r", "about": "samtale i dag kl. 9.00"}],
                }
            ],
        },
        {
            "day": date(2026, 11, 14),
            "happened": [
                {"title": "Timer", "text": "4 ordinære timer om ugen fra 10.11.", "note": "Kilde: lønseddel"},
                {"title": "Udeblivelse", "text": "fra opfølgningssamtale", "state": "missed"},
            ],
        },
        {
            "day": date(2026, 9, 2),
            "happened": [
                {
                    "title": "Fælles plan",
                    "text": "Slutmål: lagermedarbejder, 15 timer",
                    "marks": [
                        {"state": "late", "text": "registreret 9.10.2026"},
                        {"state": "corrected", "text": "rettet 12.10.2026 af Maja Holm"},
                    ],
                    "actions": [{"title": "Ret", "href": "?r", "about": "fælles plan 2.9.2026"}],
                }
            ],
        },
    ],
    "columns": [
        *({"title": title} for title in ("Tid", "Borger", "Hvor i forløbet", "Frist")),
        {"title": "Timer", "number": True},
    ],
    "rows": [
        {
            "cells": [
                {"text": "09.00", "href": "?c=1"},
                {"text": "Anders Bach", "sub": "47 år · Nordhavn", "strong": True},
                {"text": "Virksomhedsmatch", "sub": "uge 9"},
                {"state": "soon", "text": "frist 1.12."},
                "4,5",
            ]
        },
        {
            "cells": [
                {"text": "10.30", "href": "?c=2"},
                {"text": "Bodil Krogh", "sub": "52 år", "strong": True},
                "Opstart og plan",
                {"state": "met"},
                "0",
            ],
            "current": True,
        },
        {
            "cells": [
                {"text": "13.00", "href": "?c=3"},
                {"text": "Carim Ågaard", "strong": True},
                "Praktik, uge 3",
                {"state": "overdue", "text": "5 uger siden, højst 4"},
                "12",
            ]
        },
    ],
    "jobs": [
        {
            "title": "Barometer, januar–juni",
            "state": "running",
            "done": 420,
            "total": 1200,
            "step": "Krav",
            "url": "?job",
            "stop_url": "?stop",
        },
        {"title": "Rapport til udvalget", "state": "ended", "result_url": "?result"},
        {
            "title": "Liste",
            "state": "failed",
            "said": "Filen kunne ikke læses. Gem den som CSV, og prøv igen.",
        },
    ],
    "points": ["De 14 registreringer i listen trækkes tilbage.", "Historikken bliver stående."],
    "reason": [{"name": "reason", "label": "Hvorfor fortrydes listen?", "kind": "textarea"}],
}
"""Everything the page shows; the people are invented."""

urlpatterns: list[URLPattern | URLResolver] = (
    [path("om/udseende/", show, name="look")] if settings.DEBUG else []
)
