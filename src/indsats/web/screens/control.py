"""Control: who read whom, samples, broken glasses and searches, and the table of rights."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from .. import clock
from ..look import language
from ..models import Access, Glass, Person
from ..record.numbers import forms
from ..rights import ROLES, ReaderRequest, read_persons, rights, screen, searched
from ..sheets import csv_answer
from ..words import say
from . import users
from .control_log import PAGE, Period, glasses, known_persons, periods, reads, sample, searches, staff
from .control_rows import lines_of
from .rights_words import lines, role_title
from .whole import page_number

SHORTEST = 10
"""The fewest characters of the note of a review."""

_INSIGHT = ("at", "what", "role", "user", "programme", "relation", "reason")


@require_safe
@screen("control", "log")
def control(request: ReaderRequest) -> HttpResponse:
    """Who read whom in a month: first those who were not responsible for the case on the day."""
    reader, lang, said = request.reader, language(request), request.GET
    period, every, lists = (
        Period.of(said.get("maaned", "")),
        said.get("alle") == "1",
        said.get("lister") == "1",
    )
    users_ = {one.username: one.name or one.username for one in staff(reader)}
    user = said.get("hvem", "") if said.get("hvem", "") in users_ else ""
    page = _page(request)
    rows = list(
        reads(reader, period, every=every, lists=lists, user=user)[page.start : page.start + PAGE + 1]
    )
    _note(request, rows[:PAGE])
    everybody = [("", say("control.everybody", lang)), *users_.items()]
    choice = [("", say("control.unrelated.only", lang)), ("1", say("control.every", lang))]
    kinds = [("", say("control.alone", lang)), ("1", say("control.lists", lang))]
    return render(
        request,
        "control/reads.html",
        {
            "rows": lines_of(rows[:PAGE], lang),
            "fields": [
                _month(period, request),
                _select("alle", "1" if every else "", choice, request),
                _select("lister", "1" if lists else "", kinds, request),
                _select("hvem", user, everybody, request),
            ],
            **page.shown(len(rows)),
        },
    )


@require_safe
@screen("control", "log")
def control_sample(request: ReaderRequest) -> HttpResponse:
    """Some reads of a month, drawn by chance: the same each time it is opened."""
    period = Period.of(request.GET.get("maaned", ""), before=True)
    rows, of = sample(request.reader, period)
    _note(request, rows)
    shown = {
        "rows": lines_of(rows, language(request)),
        "of": of,
        "fields": [_month(period, request)],
        "open": period.last >= clock.today(),
    }
    return render(request, "control/sample.html", shown)


@require_safe
@screen("control", "log")
def control_glasses(request: ReaderRequest) -> HttpResponse:
    """The broken glasses: those nobody has looked at first."""
    reader, lang = request.reader, language(request)
    found = list(glasses(reader).select_related("user", "person")[:200])
    named = {one.pk: one for one in known_persons(reader).filter(pk__in={one.person_id for one in found})}
    read_persons(reader, "control", named.values())
    rows = [
        {
            "glass": one,
            "by": one.user.name or one.user.username,
            # whose case lies elsewhere, or is not to be known of, has no name here
            "person": named[one.person_id].name
            if one.person_id in named
            else say("control.glass.other", lang),
            "cause": say(f"people.glass.cause.{one.cause}", lang) if one.cause else "",
            "own": one.user_id == reader.user.pk,
        }
        for one in found
    ]
    parted: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for row in rows:
        parted[row["glass"].reviewed_at is None].append(row)
    shown = {"waiting": parted[True], "seen": parted[False], "least": SHORTEST}
    return render(request, "control/glasses.html", shown)


@require_POST
@screen("control", "log")
def control_review(request: ReaderRequest, pk: int) -> HttpResponse:
    """Note what a review of a broken glass found. Nobody reviews their own."""
    lang, note = language(request), request.POST.get("note", "").strip()
    one = glasses(request.reader).filter(pk=pk).exclude(user=request.reader.user).first()
    if one is None:
        raise Http404
    if len(note) < SHORTEST:
        messages.error(request, say("control.glass.short", lang, least=SHORTEST))
        return redirect("control-glasses")
    done = Glass.objects.filter(pk=one.pk, reviewed_at=None).update(
        reviewed_by=request.reader.name, reviewed_at=clock.now(), note=note
    )
    messages.success(request, say("control.glass.done" if done else "control.glass.already", lang))
    return redirect("control-glasses")


@require_safe
@screen("control", "log")
def control_searches(request: ReaderRequest) -> HttpResponse:
    """Who searched for what in a month."""
    reader, page = request.reader, _page(request)
    period = Period.of(request.GET.get("maaned", ""))
    rows = list(searches(reader, period).select_related("user")[page.start : page.start + PAGE + 1])
    knows = bool(rights(reader, "protected", "log"))
    shown = {
        "rows": [(one, one.hits if knows else one.hits - one.shielded) for one in rows[:PAGE]],
        "fields": [_month(period, request)],
        **page.shown(len(rows)),
    }
    return render(request, "control/searches.html", shown)


@screen("control", "log")
def control_insight(request: ReaderRequest) -> HttpResponse:
    """Who has looked at one citizen, as a file for the citizen: when, what, in which role, and why."""
    reader, lang = request.reader, language(request)
    number = request.POST.get("number", "").strip()
    if request.method != "POST":
        return _insight(request, "", "")
    known = known_persons(reader)
    of = forms(number) if number else ()
    person = known.filter(number__in=of).first() or known.filter(merged__number__in=of).first()
    searched(reader, number, int(person is not None), int(person is not None and person.protected))
    if person is None:
        return _insight(request, number, say("control.insight.nobody", lang))
    read_persons(reader, "insight", [person])
    return _insight_file(request, person, names=request.POST.get("names") == "on")


def _insight(request: ReaderRequest, number: str, error: str) -> HttpResponse:
    lang = language(request)
    field = {
        "name": "number", "label": say("people.glass.number", lang), "value": number, "error": error, "width": "medium",
        "attrs": {"autocomplete": "off", "inputmode": "numeric"},
    }  # fmt: skip
    return render(request, "control/insight.html", {"fields": [field]}, status=422 if error else 200)


def _insight_file(request: ReaderRequest, person: Person, *, names: bool) -> HttpResponse:
    lang = language(request)
    rows = lines_of(reads(request.reader, None, every=True, lists=True, person=person), lang)
    columns = [name for name in _INSIGHT if names or name != "user"]
    return csv_answer(
        "indsigt" if lang == "da" else "access",
        [say(f"control.column.{name}", lang) for name in columns],
        ([getattr(row, name) for name in columns] for row in rows),
    )


@require_safe
@screen("control", "log")
def rights_table(request: ReaderRequest) -> HttpResponse:
    """The whole table of rights in words, role by role."""
    lang = language(request)
    roles = [
        {
            "key": name,
            "title": role_title(name, lang),
            "held_by": role.held_by.in_(lang),
            "lines": lines(name, lang),
        }
        for name, role in ROLES.items()
    ]
    return render(request, "control/rights.html", {"roles": roles})


class _Page:
    """A page of a list, and the addresses of those before and after it."""

    def __init__(self, request: ReaderRequest) -> None:
        self.number = page_number(request.GET.get("side"))
        self.start = (self.number - 1) * PAGE
        self._query = request.GET.copy()

    def shown(self, there: int) -> dict[str, Any]:
        """What the pager takes, when ``there`` rows were found, one more than a page where there is a next."""
        return {
            "previous": self._at(self.number - 1) if self.number > 1 else "",
            "next": self._at(self.number + 1) if there > PAGE else "",
            "first": self.start + 1 if there else 0,
            "last": self.start + min(there, PAGE),
        }

    def _at(self, number: int) -> str:
        self._query["side"] = str(number)
        return f"?{self._query.urlencode()}"


def _page(request: ReaderRequest) -> _Page:
    return _Page(request)


def _note(request: ReaderRequest, rows: list[Access]) -> None:
    """Whoever controls reads too."""
    read_persons(request.reader, "control", {row.person_id: row.person for row in rows}.values())


def _month(period: Period, request: ReaderRequest) -> dict[str, Any]:
    lang = language(request)
    known = [(str(one), one.title(lang)) for one in periods()]
    if str(period) not in dict(known):
        known.append((str(period), period.title(lang)))
    return _select("maaned", str(period), known, request)


def _select(name: str, value: str, options: list[tuple[str, str]], request: ReaderRequest) -> dict[str, Any]:
    label = say(f"control.filter.{name}", language(request))
    return {"name": name, "kind": "select", "label": label, "options": options, "value": value, "empty": ""}


urlpatterns: list[URLPattern] = [
    path("kontrol/", control, name="control"),
    path("kontrol/stikproeve/", control_sample, name="control-sample"),
    path("kontrol/glas/", control_glasses, name="control-glasses"),
    path("kontrol/glas/<int:pk>/", control_review, name="control-review"),
    path("kontrol/soegninger/", control_searches, name="control-searches"),
    path("kontrol/indsigt/", control_insight, name="control-insight"),
    path("kontrol/rettigheder/", rights_table, name="rights"),
    *users.urlpatterns,
]
