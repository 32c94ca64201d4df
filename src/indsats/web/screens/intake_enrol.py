"""Enrolling somebody who is known: in this programme or another, beside other courses or once more."""

from __future__ import annotations

import re
import secrets
from datetime import date

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path

from indsats.problem import InputRefused

from .. import clock
from ..derive import project
from ..derive.project import case_key
from ..models import Case
from ..programmes import served
from ..record import Stale, written_since
from ..rights import ReaderRequest, found_case, read, scope, screen
from ..words import say
from .assignment_choice import lang_now
from .case_words import value_title
from .forms_reading import day_of
from .intake_choice import Place, choosing, errors_of, options_of, place, refused
from .intake_person import begun, fact_nonce, start_fields
from .whole import whole

_NONCE = re.compile(r"^[0-9a-f]{20}$")


@screen("register", "enrolled")
def enrol(request: ReaderRequest, public: str) -> HttpResponse:
    """Enrol the citizen of a case; what there is already stands beside."""
    case = found_case(request.reader, public, "register", "enrolled")
    lang, said, elsewhere = (
        lang_now(),
        request.POST,
        request.GET.get("programme", case.programme) != case.programme,
    )
    own = None if elsewhere else case.site
    at = place(request, request.reader, "register", "enrolled", case.programme, own)
    if request.method != "POST":
        return _form(request, at, case, {})
    errors: dict[str, str] = {}
    on = day_of(said.get("on", ""))
    if at.site is None:
        errors["sted"] = say("intake.new.no_site", lang)
    if on is None or on > clock.today():
        errors["on"] = say("intake.new.no_day", lang)
    if not said.get("service") and options_of(at.of, "enrolled", "service", lang):
        errors["service"] = say("intake.new.no_service", lang)
    if errors or on is None:
        return _form(request, at, case, errors)
    nonce = said.get("nonce", "")
    if not _NONCE.match(nonce):
        raise Http404
    try:
        enrolment = _enrolled(request, at, case, on, nonce)
    except Stale as stale:
        n = len(stale.since)
        key = "intake.enrol.stale" if n else "intake.enrol.stale.joined"
        return _form(request, at, case, {"": say(key, lang, n=n) if n else say(key, lang)}, status=409)
    except InputRefused as why:
        return _form(request, at, case, {"": " ".join(refused(why.problems, at.of, lang))})
    project([case.person_id])
    messages.success(request, say("intake.enrol.done", lang, name=case.person.name or case.person.public))
    key = case_key(at.of.programme, enrolment)
    return (
        redirect("case", key) if scope(request.reader, Case).filter(pk=key).exists() else redirect("intake")
    )


def _enrolled(request: ReaderRequest, at: Place, case: Case, on: date, nonce: str) -> str:
    """Write the enrolment and its legal bases, all or none, if nobody has written since the page was opened."""
    revision = whole(request.POST.get("revision"))
    with transaction.atomic():
        case.person.refresh_from_db()
        sent = f"enrolled-{fact_nonce(request.reader, at, case.person, nonce)}"
        again = case.person.facts.filter(programme=at.of.programme, fact=sent).exists()
        if not again and revision is not None and revision != case.person.revision:
            raise Stale(written_since(case.person, case.programme, revision))
        return begun(request.reader, at, case.person, on, "enrolled", nonce, request)


def _form(
    request: ReaderRequest, at: Place, case: Case, errors: dict[str, str], status: int = 0
) -> HttpResponse:
    reader, lang, said = request.reader, lang_now(), request.POST
    others = list(
        scope(reader, Case)
        .filter(person=case.person_id)
        .select_related("person")
        .order_by("programme", "start")
    )
    read(reader, "enrol", others or [case])
    group = said.get("group", "")
    fields = [field for field in choosing(at, lang, all_sites=None) if field["name"] != "programme"]
    fields += start_fields(at, said.get("service", ""), group, said.getlist("legal_basis"), lang)
    fields.append(
        {
            "name": "on",
            "label": say("intake.new.day", lang),
            "kind": "date",
            "value": said.get("on", clock.today().isoformat()),
            "width": "short",
        }
    )
    for field in fields:
        field["error"] = errors.get(str(field["name"]), "")
        if field["name"] == "service":
            field["required"] = True
    first = choosing(at, lang, all_sites=None)
    shown = {
        "at": at,
        "case": case,
        "person": case.person,
        "name": case.person.name or case.person.public,
        "programmes": [field for field in first if field["name"] == "programme"],
        "fields": fields,
        "errors": errors_of(errors, fields),
        "nonce": said.get("nonce") or secrets.token_hex(10),
        "revision": case.person.revision if status == 409 else said.get("revision") or case.person.revision,
        "others": [
            {
                "case": one,
                "service": _service(at, one),
                "programme": one.programme,
            }
            for one in others
            if one.enrolment
        ],
    }
    return render(request, "intake/enrol.html", shown, status=status or (422 if errors else 200))


def _service(at: Place, case: Case) -> str:
    of, lang = served()[case.programme], lang_now()
    title = value_title(of, "enrolled", "service", case.service, {}, lang) if case.service else ""
    own = of.title.in_(lang) if case.programme != at.of.programme else ""
    return ": ".join(one for one in (own, title[:1].upper() + title[1:]) if one)


urlpatterns: list[URLPattern] = [
    path("sager/<str:public>/indskriv/", enrol, name="enrol"),
]
