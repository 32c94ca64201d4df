"""A new citizen: searched for first, and created only when nobody is there under the number."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from indsats.language import Lang
from indsats.problem import InputRefused

from .. import clock
from ..derive import project
from ..models import Case, Person, PersonToken, folded
from ..record import register
from ..record.fact_ids import digest
from ..record.known import born_on, known_persons
from ..record.likeness import Known, like
from ..record.numbers import birth_of, is_number, sex_of, written
from ..rights import Reader, ReaderRequest, may, read, scope, screen, searched
from ..words import say
from .assignment_choice import lang_now
from .forms_reading import day_of
from .intake_choice import Field, Place, choosing, errors_of, options_of, place, refused, select

_SALT = "indsats.intake.searched"
_AGE = 60 * 60
"""So many seconds after the search somebody can still be created from it."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What was searched for without anybody found: creating is possible only with this in hand."""

    number: str
    name: str
    nonce: str

    def signed(self, reader: Reader) -> str:
        """As a hidden field carries it; good for whoever searched, for an hour."""
        return signing.dumps(
            [self.number, self.name, self.nonce], salt=f"{_SALT}.{reader.user.pk}", compress=True
        )

    @classmethod
    def read(cls, reader: Reader, said: str) -> Searched | None:
        """What the hidden field says; None when it is somebody else's, too old or made up."""
        try:
            return cls(*signing.loads(said, salt=f"{_SALT}.{reader.user.pk}", max_age=_AGE))
        except signing.BadSignature:
            return None


@screen("register", "visitation")
def new(request: ReaderRequest) -> HttpResponse:
    """Search for somebody; with nobody under the number the form that creates them is shown."""
    at, lang = place(request, request.reader, "register", "visitation"), lang_now()
    number, name = request.POST.get("number", "").strip(), request.POST.get("name", "").strip()
    if request.method != "POST":
        return render(
            request, "intake/new.html", {"at": at, "fields": _search_fields(lang, number, name, {})}
        )
    errors = {} if is_number(number) else {"number": say("intake.new.no_number", lang)}
    errors |= {} if name else {"name": say("intake.new.no_name", lang)}
    if errors:
        fields = _search_fields(lang, number, name, errors)
        shown = {"at": at, "fields": fields, "errors": errors_of(errors, fields)}
        return render(request, "intake/new.html", shown, status=422)
    found = _cases(request.reader, number)
    searched(request.reader, f"{number} {name}", len(found))
    if found:
        return _found(request, at, number, name, found)
    return _form(request, at, Searched(written(number), name, secrets.token_hex(10)), {})


def _search_fields(lang: Lang, number: str, name: str, errors: dict[str, str]) -> list[Field]:
    return [
        {
            "name": "number",
            "label": say("intake.new.number", lang),
            "hint": say("intake.new.number.hint", lang),
            "value": number,
            "width": "medium",
            "error": errors.get("number", ""),
            "attrs": {"inputmode": "numeric", "autocomplete": "off"},
        },
        {
            "name": "name",
            "label": say("intake.new.name", lang),
            "value": name,
            "error": errors.get("name", ""),
            "attrs": {"autocomplete": "off"},
        },
    ]


def _cases(reader: Reader, number: str) -> list[Case]:
    """The cases the reader may see of the person with a number, however it is written."""
    person = known_persons([number]).get(number)
    if person is None:
        return []
    return list(
        scope(reader, Case).filter(person=person).select_related("person").order_by("programme", "start")
    )


def _found(request: ReaderRequest, at: Place, number: str, name: str, cases: Sequence[Case]) -> HttpResponse:
    """They are there already: the way on goes from their cases."""
    read(request.reader, "intake", cases)
    fields = _search_fields(lang_now(), number, name, {})
    return render(
        request, "intake/new.html", {"at": at, "fields": fields, "found": cases, "person": cases[0].person}
    )


def _alike(reader: Reader, asked: Searched, birth: date | None) -> list[Case]:
    """The cases of those the reader sees who may be the one searched for, one for each person."""
    born = birth or birth_of(asked.number)
    if born is None:
        return []
    one = Known(0, asked.number, asked.name, born, sex_of(asked.number))
    keys = [pair.other.key for pair in like(one, born_on(reader, {born}).get(born, ()))]
    cases = scope(reader, Case).filter(person__in=keys).select_related("person")
    first: dict[int, Case] = {}
    for case in cases.order_by("person", "pk"):
        first.setdefault(case.person_id, case)
    return list(first.values())


def _form(request: ReaderRequest, at: Place, asked: Searched, errors: dict[str, str]) -> HttpResponse:
    reader, lang, said = request.reader, lang_now(), request.POST
    alike = _alike(reader, asked, day_of(said.get("birth", "")))
    read(reader, "intake", alike)
    born = birth_of(asked.number)
    fields: list[Field] = []
    if born is None:
        fields.append(_date_field("birth", "intake.new.birth", said.get("birth", ""), errors, lang))
    fields += choosing(at, lang, all_sites=None)
    starts = [(key, say(f"intake.new.start.{key}", lang)) for key in _starts(reader)]
    fields.append(
        {
            "name": "start",
            "label": say("intake.new.start", lang),
            "kind": "radio",
            "options": starts,
            "value": said.get("start", starts[0][0]),
        }
    )
    fields += start_fields(
        at, said.get("service", ""), said.get("group", ""), said.getlist("legal_basis"), lang
    )
    fields.append(
        _date_field("on", "intake.new.day", said.get("on", clock.today().isoformat()), errors, lang)
    )
    fields.append(
        {
            "name": "protected",
            "label": say("intake.new.protected", lang),
            "kind": "checkbox",
            "required": False,
            "attrs": {"checked": True} if said.get("protected") else {},
        }
    )
    if alike:
        fields.append(
            {
                "name": "other",
                "label": say("intake.new.likely.none", lang),
                "kind": "checkbox",
                "attrs": {"checked": True} if said.get("other") else {},
            }
        )
    for field in fields:
        field["error"] = errors.get(str(field["name"]), "")
    shown = {
        "at": at,
        "asked": asked,
        "token": asked.signed(reader),
        "born": born,
        "alike": alike,
        "fields": fields,
        "errors": errors_of(errors, fields),
    }
    return render(request, "intake/create.html", shown, status=422 if errors else 200)


def _starts(reader: Reader) -> list[str]:
    return [kind for kind in ("visitation", "enrolled") if may(reader, "register", kind)]


def start_fields(at: Place, service: str, group: str, bases: Sequence[str], lang: Lang) -> list[Field]:
    """The fields of a beginning: target group, legal bases and service, as far as the definition has any."""
    fields: list[Field] = []
    nothing = [("", "–")]
    if groups := options_of(at.of, "visitation", "group", lang):
        fields.append(
            {**select("group", "intake.group", [*nothing, *groups], group, lang), "required": False}
        )
    if legal := options_of(at.of, "visitation", "legal_basis", lang):
        fields.append(
            {
                "name": "legal_basis",
                "label": say("intake.legal_basis", lang),
                "hint": say("intake.legal_basis.hint", lang),
                "kind": "checkboxes",
                "options": legal,
                "value": list(bases),
                "required": False,
            }
        )
    if services := options_of(at.of, "enrolled", "service", lang):
        if len(services) > 1:
            services = [*nothing, *services]
        fields.append({**select("service", "intake.service", services, service, lang), "required": False})
    return fields


def _date_field(name: str, label: str, value: str, errors: dict[str, str], lang: Lang) -> Field:
    return {
        "name": name,
        "label": say(label, lang),
        "kind": "date",
        "value": value,
        "width": "short",
        "error": errors.get(name, ""),
    }


@require_POST
@screen("register", "visitation")
def create(request: ReaderRequest) -> HttpResponse:
    """Create somebody who was searched for and not found, with what begins for them, all or nothing."""
    reader, lang, said = request.reader, lang_now(), request.POST
    at = place(request, reader, "register", "visitation")
    asked = Searched.read(reader, said.get("token", ""))
    if asked is None:
        messages.warning(request, say("intake.new.expired", lang))
        return redirect("intake-new")
    if cases := _cases(
        reader, asked.number
    ):  # somebody has created them since the search, or this was sent twice
        return _found(request, at, asked.number, asked.name, cases)
    birth, on = birth_of(asked.number) or day_of(said.get("birth", "")), day_of(said.get("on", ""))
    start = said.get("start", "")
    errors: dict[str, str] = {}
    if birth is None or birth > clock.today():
        errors["birth"] = say("intake.new.birth.missing", lang)
    if at.site is None:
        errors["sted"] = say("intake.new.no_site", lang)
    if on is None or on > clock.today():
        errors["on"] = say("intake.new.no_day", lang)
    if start not in _starts(reader):
        errors["start"] = say("intake.new.start", lang)
    if start == "enrolled" and not said.get("service") and options_of(at.of, "enrolled", "service", lang):
        errors["service"] = say("intake.new.no_service", lang)
    if _alike(reader, asked, birth) and not said.get("other"):
        errors["other"] = say("intake.new.likely.missing", lang)
    if errors or on is None or birth is None:
        return _form(request, at, asked, errors)
    try:
        person = _created(reader, at, asked, birth, on, request)
    except InputRefused as why:
        return _form(request, at, asked, {"": " ".join(refused(why.problems, at.of, lang))})
    project([person.pk])
    case = scope(reader, Case).filter(person=person, programme=at.of.programme).order_by("-start").first()
    if case is None:
        messages.success(request, say("intake.new.done.hidden", lang))
        return redirect("intake")
    messages.success(request, say("intake.new.done", lang, name=person.name or asked.name))
    return redirect("case", case.pk)


def _created(
    reader: Reader, at: Place, asked: Searched, birth: date, on: date, request: ReaderRequest
) -> Person:
    """The person with their first facts. Somebody the reader may not see keeps what is known of them."""
    said = request.POST
    with transaction.atomic():
        codes = at.of.codes_for("person.sex")
        sex = sex_of(asked.number)
        person = known_persons([asked.number]).get(asked.number)
        if person is None:
            person, made = Person.objects.get_or_create(
                number=asked.number,
                defaults={
                    "name": asked.name,
                    "birth_date": birth,
                    "sex": sex if codes is None or sex in codes.values else None,
                    "protected": bool(said.get("protected")),
                },
            )
            if made:
                parts = dict.fromkeys(folded(asked.name))
                PersonToken.objects.bulk_create(PersonToken(person=person, token=part[:60]) for part in parts)
        begun(reader, at, person, on, said.get("start", ""), asked.nonce, request)
    return person


def begun(
    reader: Reader, at: Place, person: Person, on: date, start: str, nonce: str, request: ReaderRequest
) -> str:
    """Write what begins: a visitation for each legal basis, and the enrolment; gives the enrolment's id, or ''."""
    said = request.POST
    known = {value for value, _ in options_of(at.of, "visitation", "legal_basis", lang_now())}
    bases: list[str | None] = [one for one in dict.fromkeys(said.getlist("legal_basis")) if one in known]
    common = {"site": at.site, "occurred_from": on}
    group = said.get("group") or None
    own = fact_nonce(reader, at, person, nonce)
    if start == "visitation" or bases or group:
        for number, basis in enumerate(bases or [None]):
            values = {**common, "group": group, "legal_basis": basis}
            each = f"{own[:16]}{number:04x}"
            register(reader.name, at.of.programme, "visitation", values, person=person, nonce=each)
    if start != "enrolled":
        return ""
    enrolment = f"e-{digest('enrolment', own)[:16]}"
    values = {**common, "enrolment": enrolment, "service": said.get("service") or None}
    register(reader.name, at.of.programme, "enrolled", values, person=person, nonce=own)
    return enrolment


def fact_nonce(reader: Reader, at: Place, person: Person, nonce: str) -> str:
    """The part of the facts' ids that a form sent twice has in common, and no other form can have."""
    return digest("begun", at.of.programme, str(person.pk), reader.name, nonce)[:20]


urlpatterns: list[URLPattern] = [
    path("visitation/ny/", new, name="intake-new"),
    path("visitation/ny/opret/", create, name="intake-create"),
]
