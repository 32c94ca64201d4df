"""Duplicates: who may be the same citizen, the two side by side, joining them, and parting them again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse

from indsats.language import percent
from indsats.problem import InputRefused

from ..models import Case, Fact, Merge, Person, Site, as_one
from ..programmes import served
from ..record import merging
from ..record.known import known_persons
from ..record.likeness import Known, pairs
from ..rights import Reader, ReaderRequest, read, read_persons, scope, screen, searched
from ..words import say
from .assignment_choice import lang_now
from .case_words import kind_title, names_of, site_title, value_title
from .intake_choice import errors_of, level_title, refused

_MOST = 100


@screen("merge", "person")
def duplicates(request: ReaderRequest) -> HttpResponse:
    """Those who may be the same, and those who have been joined; two numbers lead to the two side by side."""
    reader, lang = request.reader, lang_now()
    mine = scope(reader, Person, "merge", "person")
    errors: dict[str, str] = {}
    if request.method == "POST":
        numbers = [request.POST.get(name, "").strip() for name in ("one", "other")]
        found = known_persons([number for number in numbers if number])
        keys = [found[number].pk if number in found else 0 for number in numbers]
        there = {one.pk: one for one in mine.filter(pk__in=keys)}
        searched(reader, " ".join(numbers), len(there))
        if len(there) == 2:
            return redirect("intake-merge", there[keys[0]].public, there[keys[1]].public)
        errors["one"] = say("intake.duplicates.find.missing", lang)
    alike = pairs(Known(*row) for row in _known(mine))
    shown = alike[:_MOST]
    keys = [key for pair in shown for key in (pair.one.key, pair.other.key)]
    persons = {one.pk: one for one in mine.filter(pk__in=keys)}
    read_persons(reader, "duplicates", persons.values())
    rows = [
        {
            "one": persons[pair.one.key],
            "other": persons[pair.other.key],
            "likeness": percent(pair.likeness, lang, 0),
        }
        for pair in shown
        if pair.one.key in persons and pair.other.key in persons
    ]
    fields = [
        {
            "name": name,
            "label": say(f"intake.duplicates.find.{name}", lang),
            "value": request.POST.get(name, ""),
            "width": "medium",
            "error": errors.get(name, ""),
            "attrs": {"autocomplete": "off"},
        }
        for name in ("one", "other")
    ]
    context = {
        "rows": rows,
        "cut": len(alike) > _MOST,
        "most": _MOST,
        "fields": fields,
        "errors": errors_of(errors, fields),
        "merges": _merges(request),
    }
    return render(request, "intake/duplicates.html", context, status=422 if errors else 200)


def _known(mine: Any) -> Any:
    return mine.exclude(name="").values_list("pk", "number", "name", "birth_date", "sex")


def _merges(request: ReaderRequest) -> list[dict[str, Any]]:
    """The merges whose one kept the reader may join others to, the newest first."""
    found = (
        Merge.objects.filter(kept__in=scope(request.reader, Person, "merge", "person"))
        .select_related("gone", "kept")
        .order_by("-at")[:_MOST]
    )
    rows = list(found)
    read_persons(request.reader, "duplicates", [one.kept for one in rows])
    names = names_of([one.by for one in rows])
    return [{"merge": one, "by": names.get(one.by, one.by), "undone": one.undone is not None} for one in rows]


@screen("merge", "person")
def merge(request: ReaderRequest, one: str, other: str) -> HttpResponse:
    """The two side by side; sent with who is kept and how one knows, they are joined."""
    reader, lang = request.reader, lang_now()
    found = {
        person.public: person
        for person in scope(reader, Person, "merge", "person").filter(public__in=(one, other))
    }
    if set(found) != {one, other} or len(found) != 2:
        raise Http404
    both = (found[one], found[other])
    errors: dict[str, str] = {}
    if request.method == "POST":
        kept, reason = request.POST.get("kept", ""), request.POST.get("reason", "").strip()
        if kept not in found:
            errors["kept"] = say("intake.merge.keep.missing", lang)
        if not reason:
            errors["reason"] = say("intake.merge.reason", lang)
        if not errors:
            gone = found[other if kept == one else one]
            try:
                merging.merge(reader.name, gone, found[kept], reason)
            except InputRefused as why:
                errors[""] = " ".join(refused(why.problems, next(iter(served().values())), lang))
            else:
                messages.success(request, say("intake.merge.done", lang))
                return redirect("intake-duplicates")
    return _side_by_side(request, both, errors)


def _side_by_side(request: ReaderRequest, both: Sequence[Person], errors: dict[str, str]) -> HttpResponse:
    reader, lang = request.reader, lang_now()
    cases = list(
        scope(reader, Case).filter(person__in=both).select_related("person").order_by("programme", "start")
    )
    read(reader, "merge", cases)
    fields = [
        {
            "name": "kept",
            "label": say("intake.merge.keep", lang),
            "kind": "radio",
            "options": [
                (person.public, f"{person.name or person.public} ({person.number})") for person in both
            ],
            "value": request.POST.get("kept", ""),
            "error": errors.get("kept", ""),
        },
        {
            "name": "reason",
            "label": say("intake.merge.why", lang),
            "kind": "textarea",
            "value": request.POST.get("reason", ""),
            "error": errors.get("reason", ""),
        },
    ]
    counts = _counts(reader, both)
    there = Site.objects.filter(key__in={case.site for case in cases})
    names = {(one.programme, one.key): one.name or "" for one in there}
    of = next(iter(served().values()))
    shown = {
        "both": [
            {
                "person": person,
                "sex": level_title(of, "sex", person.sex, lang),
                "cases": [_case(case, names) for case in cases if case.person_id == person.pk],
                "facts": [
                    (kind_title(kind, lang), n)
                    for kind, n in sorted(counts[person.pk].items(), key=lambda one: -one[1])
                ],
            }
            for person in both
        ],
        "fields": fields,
        "errors": errors_of(errors, fields),
    }
    return render(request, "intake/merge.html", shown, status=422 if errors else 200)


def _counts(reader: Reader, both: Sequence[Person]) -> dict[int, Counter[str]]:
    """How many facts of each kind the reader may see of each, those of persons joined to them included."""
    whose = Q(person__in=as_one(person.pk for person in both))
    rows = scope(reader, Fact).filter(whose, replaced_at=None).values("person", "person__merged_into", "kind")
    found: dict[int, Counter[str]] = {person.pk: Counter() for person in both}
    for row in rows.annotate(n=Count("pk")).order_by():
        found[row["person__merged_into"] or row["person"]][row["kind"]] += row["n"]
    return found


def _case(case: Case, names: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    of, lang = served()[case.programme], lang_now()
    service = value_title(of, "enrolled", "service", case.service, {}, lang) if case.service else ""
    return {
        "case": case,
        "title": of.title.in_(lang),
        "service": service,
        "site": site_title(of, case.site, lang, {case.site: names.get((case.programme, case.site), "")})
        if case.site
        else "",
    }


@screen("merge", "person")
def part(request: ReaderRequest, key: int) -> HttpResponse:
    """Ask, and part two who were joined."""
    reader, lang = request.reader, lang_now()
    mine = Merge.objects.filter(kept__in=scope(reader, Person, "merge", "person"), undone=None)
    found = mine.select_related("gone", "kept").filter(pk=key).first()
    if found is None:
        raise Http404
    errors: list[str] = []
    if request.method == "POST":
        try:
            merging.undo(reader.name, found)
        except InputRefused as why:
            errors = refused(why.problems, next(iter(served().values())), lang)
        else:
            messages.success(request, say("intake.merge.undo.done", lang))
            return redirect("intake-duplicates")
    read_persons(reader, "duplicates", [found.gone, found.kept])
    shown = {
        "title": say("intake.merge.undo.title", lang),
        "text": say(
            "intake.merge.of", lang, gone=found.gone.name or "–", kept=found.kept.name or found.kept.public
        ),
        "points": [found.reason, say("intake.merge.undo.text", lang)],
        "errors": errors,
        "do": say("intake.merge.undo", lang),
        "cancel": reverse("intake-duplicates"),
    }
    return render(request, "intake/confirm.html", shown, status=409 if errors else 200)


urlpatterns: list[URLPattern] = [
    path("visitation/dubletter/", duplicates, name="intake-duplicates"),
    path("visitation/dubletter/skil/<int:key>/", part, name="intake-part"),
    path("visitation/dubletter/<str:one>/<str:other>/", merge, name="intake-merge"),
]
