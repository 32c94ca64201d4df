"""The measurements of one case: scores over time, the change since the start, the items, and the rounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import polars as pl
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse

from indsats.language import Lang, inside
from indsats.measure import assigned_waves
from indsats.programme import Programme, Questionnaire
from indsats.record import Facts

from .. import clock
from ..look import language
from ..models import Case
from ..programmes import programme as definition
from ..record import record_of
from ..rights import ReaderRequest, found_case, may, read, screen
from ..words import say
from .case import offered
from .case_rights import allowed
from .measurements_items import Profile, profile_of
from .measurements_rounds import Approach, Round, approaches_of, own, rater_title, rounds_of
from .measurements_scores import Course, courses_of

_FORMS = ("questionnaire_answered", "questionnaire_asked")


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a questionnaire in a case; ``forms`` are the addresses of the forms, by kind of fact."""

    id: str
    title: str
    about: str
    courses: tuple[Course, ...]
    rounds: tuple[Round, ...]
    approaches: tuple[Approach, ...]
    profile: Profile | None
    forms: Mapping[str, str]


@screen("see", "case")
def measurements(request: ReaderRequest, public: str) -> HttpResponse:
    """Every questionnaire about the person that was answered, asked or is to be, worked out from their facts."""
    reader, lang = request.reader, language(request)
    case = found_case(reader, public)
    if not may(reader, "see", "questionnaire_answered", case):
        raise Http404
    read(reader, "case-measurements", [case])
    programme = definition(case.programme)
    mine = allowed(reader, case)["register"]
    kinds = {kind for kind, _ in offered(case, programme, mine & set(_FORMS), lang)}
    told = measurements_of(case, programme, lang, kinds)
    return render(request, "case/measured.html", {"case": case, "person": case.person, "told": told})


def measurements_of(case: Case, programme: Programme, lang: Lang, kinds: set[str]) -> list[Told]:
    """The questionnaires of a case in the order of the definition, as known today; ``kinds`` may be registered."""
    facts = record_of(case.programme, [case.person_id], sites=True).as_of()
    found = []
    for name, asked in programme.questionnaires.items():
        if asked.about == "person":
            one = _told(facts, name, asked, case, programme, lang, kinds)
            if one.courses or one.rounds or one.approaches or one.profile:
                found.append(one)
    return found


def _told(
    facts: Facts,
    name: str,
    asked: Questionnaire,
    case: Case,
    programme: Programme,
    lang: Lang,
    kinds: set[str],
) -> Told:
    until = clock.today()
    given = assigned_waves(facts, name).filter(own(case) & (pl.col("occurred_from") <= until))
    raters = ", ".join(inside(rater_title(programme, one, lang)) for one in asked.raters)
    back = reverse("case-measurements", args=[case.public])
    return Told(
        name,
        asked.title.in_(lang),
        say(
            f"measurements.by.{asked.by}" if len(asked.raters) > 1 else "measurements.by", lang, raters=raters
        ),
        tuple(courses_of(facts, name, given, case, programme, until, lang, f"course-{name}")),
        tuple(rounds_of(facts, name, case, programme, until, lang)),
        tuple(approaches_of(facts, name, case, programme, until, lang)),
        profile_of(facts, name, given, programme, lang),
        {
            kind: f"{reverse('register', args=[case.public, kind])}?{urlencode({'what': name, 'next': back})}"
            for kind in kinds
        },
    )


urlpatterns: list[URLPattern] = [
    path("sager/<str:public>/maalinger/", measurements, name="case-measurements"),
]
