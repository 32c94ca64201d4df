"""Visitation and intake: who waits, and the ways in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, Min, OuterRef, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET

from .. import clock
from ..models import Case, Fact, Person
from ..rights import ReaderRequest, may, read, scope, screen
from ..words import say
from . import intake_draw, intake_enrol, intake_lists, intake_merge, intake_person, intake_undo
from .assignment_choice import lang_now
from .intake_choice import Place, choosing, group_title, options_of, place, select
from .whole import page_number

_PAGE = 50
_NO_GROUP = "-"
"""What stands in an address for those without a group."""


@require_GET
@screen("register", "visitation")
def intake(request: ReaderRequest) -> HttpResponse:
    """Those who wait to begin, by group and site, and the ways in."""
    at, lang, reader = place(request, request.reader, "register", "visitation"), lang_now(), request.reader
    group = request.GET.get("gruppe", "")
    page = page_number(request.GET.get("side"))
    first = (page - 1) * _PAGE
    cases = list(_waiting(request, at, group)[first : first + _PAGE + 1])
    more, cases = len(cases) > _PAGE, cases[:_PAGE]
    read(reader, "intake", cases)
    groups = options_of(at.of, "visitation", "group", lang)
    chosen = [("", say("intake.all_groups", lang)), *groups, (_NO_GROUP, say("intake.no_group", lang))]
    fields = choosing(at, lang)
    if groups:
        fields.append(select("gruppe", "intake.group", chosen, group, lang))
    enrols = may(reader, "register", "enrolled")
    return render(
        request,
        "intake/intake.html",
        {
            "at": at,
            "choosing": fields,
            "rows": [_row(case, at, clock.today(), enrols) for case in cases],
            "ways": _ways(request, at),
            "first": first + 1 if cases else None,
            "last": first + len(cases),
            "previous": _page(at, group, page - 1) if first else "",
            "next": _page(at, group, page + 1) if more else "",
        },
    )


def _waiting(request: ReaderRequest, at: Place, group: str) -> Any:
    """The candidates, who have waited longest first."""
    # as a list of keys, so that the facts are looked up and not gone through
    one = OuterRef(OuterRef("person"))
    whose = Person.objects.filter(Q(pk=one) | Q(merged_into=one)).values("pk")
    facts = Fact.objects.filter(person__in=whose, programme=at.of.programme, replaced_at=None, enrolment=None)
    since = facts.order_by().values("programme").annotate(first=Min("occurred_from")).values("first")
    cases = scope(request.reader, Case).filter(programme=at.of.programme, state="candidate")
    if at.site is not None or not at.everywhere:
        cases = cases.filter(site__in=at.keys)
    if group:
        cases = cases.filter(group=None if group == _NO_GROUP else group)
    return (
        cases.select_related("person")
        .annotate(since=Subquery(since))
        .order_by(F("since").asc(nulls_last=True), "pk")
    )


def _row(case: Any, at: Place, today: date, enrols: bool) -> dict[str, Any]:
    lang = lang_now()
    return {
        "case": case,
        "name": case.person.name or case.person.public,
        "group": group_title(at.of, case.group, lang),
        "site": at.name(case.site, lang),
        "days": (today - case.since).days if case.since else None,
        "enrols": enrols,
    }


def _page(at: Place, group: str, number: int) -> str:
    return reverse("intake") + at.query(gruppe=group, side=str(number))


def _ways(request: ReaderRequest, at: Place) -> list[dict[str, str]]:
    """The ways in that the reader may go."""
    reader = request.reader
    ways = [("intake-new", "intake.to.new", may(reader, "register", "visitation"))]
    ways.append(("intake-list", "intake.to.list", may(reader, "import", "batch")))
    ways.append(("intake-draw", "intake.to.draw", bool(at.of.draws) and may(reader, "draw", "batch")))
    ways.append(("intake-batches", "intake.to.batches", may(reader, "import", "batch")))
    ways.append(("intake-duplicates", "intake.to.duplicates", may(reader, "merge", "person")))
    query = at.query() if len(at.programmes) > 1 or len(at.sites) > 1 else ""
    return [
        {"href": reverse(name) + query, "title": say(title, lang_now())}
        for name, title, shown in ways
        if shown
    ]


urlpatterns: list[URLPattern] = [
    path("visitation/", intake, name="intake"),
    *intake_lists.urlpatterns,
    *intake_undo.urlpatterns,
    *intake_person.urlpatterns,
    *intake_enrol.urlpatterns,
    *intake_draw.urlpatterns,
    *intake_merge.urlpatterns,
]
