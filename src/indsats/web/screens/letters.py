"""Letters and summaries of a case: looked at first, then given, and kept exactly as they were given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from indsats.language import LANGUAGES, Lang, local
from indsats.programme import Programme
from indsats.record import Facts
from indsats.report import Order, Writing, make
from indsats.run import Material, compose, kinds_told

from .. import clock
from ..look import language
from ..models import Case, Fact, Letter, as_one
from ..parts import Option, Shown
from ..programmes import programme as definition
from ..record import record_of
from ..rights import Reader, ReaderRequest, found_case, kinds_seen, read, scope, screen
from ..words import say
from .case_words import names_of
from .steering_reports import FORMATS

FORMS = ("pdf", "word")
"""How a letter may be given: what is printed, and what is sent on from the house's own word processor."""
_MOST = 500
"""The most signs of what is written into a field of a letter."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A letter somebody asks for: which report, in which language and form, and what is written in its fields."""

    report: str
    lang: Lang
    form: str
    fields: Mapping[str, str]


def letters_of(reader: Reader, case: Case, programme: Programme) -> list[str]:
    """The reports about one person that the reader sees all of in a case: what they do not see cannot be left out."""
    there = [name for name, report in programme.reports.items() if report.about == "person"]
    seen = kinds_seen(reader, case) if there else set()
    return [name for name in there if kinds_told(programme, name) <= seen]


@screen("letter", "case")
@sensitive_post_parameters()
def letters(request: ReaderRequest, public: str) -> HttpResponse:
    """What was given in a case, the newest first, and the form of a new one."""
    reader, lang = request.reader, language(request)
    case = found_case(reader, public, "letter", "case")
    programme = definition(case.programme)
    offered = letters_of(reader, case, programme)
    asked = _asked(request, programme, offered) if request.method == "POST" else None
    if asked is not None:
        content = _made(reader, case, programme, asked)
        if request.POST.get("do") != "give":
            read(reader, "letter-looked", [case])
            return _file(content, asked.form, f"{case.programme}-{asked.report}-{clock.today()}.{asked.lang}")
        _keep(reader, case, programme, asked, content)
        messages.success(request, say("letters.given", lang))
        return redirect("case-letters", case.public)
    read(reader, "case-letters", [case])
    given = list(_given(case, offered).defer("content").order_by("-made", "-pk"))
    names = names_of([one.made_by for one in given])
    context = {
        "case": case,
        "person": case.person,
        "forms": [_form(name, programme, lang) for name in offered],
        "given": [
            {"letter": one, "title": one.title[lang], "by": names.get(one.made_by, one.made_by)}
            for one in given
        ],
    }
    return render(request, "case/letters.html", context)


@require_GET
@screen("letter", "case")
def letter(request: ReaderRequest, public: str, letter: str) -> HttpResponse:
    """The file of a letter, byte for byte as it was given."""
    reader = request.reader
    case = found_case(reader, public, "letter", "case")
    programme = definition(case.programme)
    found = _given(case, letters_of(reader, case, programme)).filter(public=letter).first()
    if found is None:
        raise Http404
    read(reader, "letter", [case])
    name = f"{case.programme}-{found.report}-{local(found.made).date()}.{found.lang}"
    return _file(bytes(found.content), found.form, name)


def _given(case: Case, offered: list[str]) -> Any:
    return Letter.objects.filter(case=case.public, report__in=offered)


def _asked(request: ReaderRequest, programme: Programme, offered: list[str]) -> Asked:
    sent = request.POST
    report, lang, form = sent.get("rapport", ""), sent.get("sprog", ""), sent.get("format", "")
    if report not in offered or lang not in LANGUAGES or form not in FORMS:
        raise Http404
    fields = {name: sent.get(name, "").strip()[:_MOST] for name in programme.reports[report].fields}
    return Asked(report, cast("Lang", lang), form, fields)


def _made(reader: Reader, case: Case, programme: Programme, asked: Asked) -> bytes:
    """The file, from what is recorded now of this course and of the person apart from any course."""
    form = cast("Any", asked.form)
    material = Material(programme, _facts(reader, case), None, None, about=case.person.number)
    document = compose(material, asked.report)
    order = Order(asked.lang, both=False, formats=(form,))
    writings: dict[Lang, Writing] = {asked.lang: Writing(fields=asked.fields)}
    made = make(document, order, writings=writings, earlier=())
    return next(content for name, content in made.contents.items() if name.startswith("report."))


def _facts(reader: Reader, case: Case) -> Facts:
    """What the reader sees of a case, as known now and to this day; of other courses of the person nothing is told."""
    persons = as_one([case.person_id])
    seen = scope(reader, Fact).filter(programme=case.programme, person__in=persons)
    here = {
        fact for fact, of in seen.values_list("fact", "enrolment").distinct() if of in (None, case.enrolment)
    }
    record = record_of(case.programme, persons)
    kept = {kind: table.filter(table["id"].is_in(list(here))) for kind, table in record.facts.items()}
    return replace(record.with_facts(kept).as_of(), through=clock.today())


def _keep(reader: Reader, case: Case, programme: Programme, asked: Asked, content: bytes) -> None:
    title = programme.reports[asked.report].title
    Letter.objects.create(
        person=case.person,
        programme=case.programme,
        case=case.public,
        report=asked.report,
        title={lang: title.in_(lang) for lang in LANGUAGES},
        lang=asked.lang,
        form=asked.form,
        content=content,
        digest=sha256(content).hexdigest(),
        made=clock.now(),
        made_by=reader.name,
    )
    read(reader, "letter-given", [case])


def _form(name: str, programme: Programme, lang: Lang) -> dict[str, Any]:
    """The form of one letter: its fields, its language and its form."""
    report = programme.reports[name]

    def one_of(field: str, said: str, values: Sequence[str], first: str) -> Shown:
        options = tuple(
            Option(value, say(f"{said}.{value}", lang), chosen=value == first) for value in values
        )
        key = f"{name}-{field}"
        return Shown(field, "select", say(said, lang), key, first, options=options, empty="")

    fields = [
        Shown(
            key,
            "text",
            one.title.in_(lang),
            f"{name}-{key}",
            hint=say("letters.default", lang, text=one.default) if one.default else "",
            required=False,
        )
        for key, one in report.fields.items()
    ]
    fields.append(one_of("sprog", "letters.lang", LANGUAGES, lang))
    fields.append(one_of("format", "letters.form", FORMS, FORMS[0]))
    return {"id": name, "title": report.title, "fields": fields}


def _file(content: bytes, form: str, name: str) -> HttpResponse:
    ending, kind = FORMATS[cast("Any", form)]
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return answer


urlpatterns: list[URLPattern] = [
    path("sager/<str:public>/breve/", letters, name="case-letters"),
    path("sager/<str:public>/breve/<str:letter>/", letter, name="case-letter"),
]
