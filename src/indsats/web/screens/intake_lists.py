"""Bringing in a list: chosen, shown before anything is written, then written whole or put away."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_POST

from indsats.language import Lang
from indsats.problem import InputRefused, Problem
from indsats.programme import Programme
from indsats.record import KINDS, PERSONS, payload_columns, write_problems

from ..models import Batch, Case, Person, Site
from ..programmes import programme as definition
from ..record import batches, draws
from ..record.plans import BESIDE, MOST
from ..rights import Reader, ReaderRequest, may, read, require, rights, scope, screen
from ..words import say
from .assignment_choice import lang_now
from .case_words import kind_title, site_title
from .intake_choice import Field, Place, choosing, errors_of, place, refused, select, told

LARGEST = 20 * 1024 * 1024
"""The largest file that is taken, in bytes."""
_SHOWN = 200
"""So many problems stand on the page; the file has them all."""


@screen("import", "batch")
def bring_in(request: ReaderRequest) -> HttpResponse:
    """Choose a file and what is in it; when it is sent, what it would do is shown."""
    at, lang = place(request, request.reader, "import", "batch"), lang_now()
    if request.method != "POST":
        return _form(request, at, lang, {})
    file, holds = request.FILES.get("fil"), request.POST.get("kind") or None
    if holds not in (None, *_kinds(request.reader, at.of)):
        raise Http404
    if file is None or file.size is None or file.size > LARGEST:
        key = "intake.list.no_file" if file is None else "intake.list.too_large"
        return _form(request, at, lang, {"fil": say(key, lang)})
    made = batches.preview(request.reader, at.of.programme, file.name or "", file.read(), holds, at.site)
    if made.kind and made.kind not in _kinds(request.reader, at.of):
        batches.drop(made)
        raise Http404
    return redirect("intake-batch", made.public)


def _kinds(reader: Reader, of: Programme) -> list[str]:
    """What the reader may bring in: persons, and the kinds of facts about them they may register."""
    mine = {one.programme for one, _ in rights(reader, "import", "batch")}
    if of.programme not in mine:
        return []
    facts = [kind for kind, model in KINDS.items() if model.needs_person and may(reader, "register", kind)]
    return ["persons", *facts]


def holds_title(kind: str, lang: Lang) -> str:
    """What a list holds, in words."""
    return say("intake.list.kind.persons", lang) if kind == "persons" else kind_title(kind, lang)


def _form(request: ReaderRequest, at: Place, lang: Lang, errors: dict[str, str]) -> HttpResponse:
    kinds = [(kind, holds_title(kind, lang)) for kind in _kinds(request.reader, at.of)]
    by_name = [("", say("intake.list.kind.by_name", lang))]
    accept = {"accept": ".csv,.xlsx,.parquet"}
    file: Field = {
        "name": "fil",
        "label": say("intake.list.file", lang),
        "hint": say("intake.list.file.hint", lang, n=MOST),
        "kind": "file",
        "attrs": accept,
        "error": errors.get("fil", ""),
    }
    holds = select("kind", "intake.list.kind", [*by_name, *kinds], request.POST.get("kind", ""), lang)
    fields = [*choosing(at, lang, all_sites="intake.list.site.in_list"), holds, file]
    templates = [
        {"title": title, "href": reverse("intake-template", args=[kind]) + at.query()}
        for kind, title in kinds
    ]
    shown = {"at": at, "fields": fields, "errors": errors_of(errors, fields), "templates": templates}
    return render(request, "intake/list.html", shown, status=422 if errors else 200)


@require_GET
@screen("import", "batch")
def template(request: ReaderRequest, kind: str) -> HttpResponse:
    """An empty list of a kind: its headings, the person's at the end."""
    at = place(request, request.reader, "import", "batch")
    if kind not in _kinds(request.reader, at.of):
        raise Http404
    about = [*(name for name in PERSONS if name != "person"), *BESIDE]
    own: list[str] = []
    if kind != "persons":
        own = ["enrolment", "site", "occurred_from", "occurred_to", *payload_columns(kind, at.of)]
    named = ["person", *own, *(name for name in about if name not in own)]
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerow(named)
    return _file(("\ufeff" + text.getvalue()).encode(), f"{kind}.csv")


def _file(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def visible(reader: Reader) -> QuerySet[Batch]:
    """The lists a reader may see: their own, and those of the sites they bring lists in for."""
    found = Q(pk__in=[])
    for one, right in rights(reader, "import", "batch"):
        here = Q(programme=one.programme)
        if one.site is not None and right.scope != "programme":
            here &= Q(site=one.site) | Q(user=reader.user)
        found |= here
    return Batch.objects.filter(found)


def found_batch(reader: Reader, public: str) -> Batch:
    """The list of an address, if the reader may see it; else Http404."""
    found = visible(reader).select_related("user").filter(public=public).first()
    if found is None or (found.kind and found.kind not in _kinds(reader, definition(found.programme))):
        raise Http404
    if is_draw(found):
        require(reader, "draw", "batch")
    return found


def is_draw(batch: Batch) -> bool:
    """Whether it came from a draw and not from a file."""
    return "seed" in batch.told


@require_GET
@screen("import", "batch")
def batch(request: ReaderRequest, public: str) -> HttpResponse:
    """What a list would do, or did."""
    return batch_page(request, found_batch(request.reader, public))


def batch_page(request: ReaderRequest, one: Batch, errors: list[str] | None = None) -> HttpResponse:
    """The page of a list or a draw, with what stands in the way of what was asked."""
    lang, of, said = lang_now(), definition(one.programme), one.told
    shown: dict[str, Any] = {
        "batch": one,
        "of": of,
        "kind": holds_title(one.kind, lang) if one.kind else "–",
        "site": _site_name(of, one.site, lang),
        "errors": errors or [],
        "undecided": one.accepted is None and one.undone is None,
        "standing": one.accepted is not None and one.undone is None,
        "by": one.user.name or one.user.username,
    }
    status = 409 if errors else 200
    if is_draw(one):
        from .intake_draw import drawn

        return render(request, "intake/drawn.html", {**shown, **drawn(request, one)}, status=status)
    problems = said.get("problems", [])
    names = ("rows", "facts", "already", "new", "known", "filled")
    shown |= {
        "counts": [(say(f"intake.batch.{name}", lang), said.get(name, 0)) for name in names],
        "problems": [
            {**row, "said": told(row["what"], row["remedy"], of, lang)} for row in problems[:_SHOWN]
        ],
        "n_problems": len(problems),
        "most": _SHOWN,
        "likely": _likely(request, said.get("likely", []), one.programme) if one.accepted is None else [],
        "writes": bool(
            said.get("facts") or said.get("filled") or (one.kind == "persons" and said.get("new"))
        ),
    }
    return render(request, "intake/batch.html", shown, status=status)


def _site_name(of: Programme, key: str | None, lang: Lang) -> str:
    """What a site is called, "" for none."""
    if key is None:
        return ""
    known = Site.objects.filter(programme=of.programme, key=key).values_list("key", "name")
    return site_title(of, key, lang, {site: name or "" for site, name in known})


def _likely(request: ReaderRequest, pairs: list[list[int]], programme: str) -> list[dict[str, Any]]:
    """Rows of the list with those the reader sees who may be the same."""
    keys = [key for _, key in pairs[:_SHOWN]]
    persons = {one.pk: one for one in scope(request.reader, Person).filter(pk__in=keys)}
    cases: dict[int, Case] = {}
    for case in scope(request.reader, Case).filter(person__in=persons).select_related("person"):
        if case.person_id not in cases or case.programme == programme:
            cases[case.person_id] = case
    read(request.reader, "batch", cases.values())
    return [
        {"row": row, "name": persons[key].name, "case": cases.get(key)}
        for row, key in pairs[:_SHOWN]
        if key in persons
    ]


@require_POST
@screen("import", "batch")
def accept(request: ReaderRequest, public: str) -> HttpResponse:
    """Write a list, or a draw, that was shown."""
    one, lang = found_batch(request.reader, public), lang_now()
    drew = is_draw(one)
    try:
        done = draws.accept(request.reader, one) if drew else batches.accept(request.reader, one)
    except InputRefused as why:
        said = refused(_few(why.problems), definition(one.programme), lang)
        return batch_page(request, one, said)
    n = len(done.told["people"]) if drew else done.told["facts"]
    messages.success(request, say("intake.draw.accepted" if drew else "intake.batch.accepted", lang, n=n))
    return redirect("intake-batch", public)


def _few(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    return problems[:20]


@require_POST
@screen("import", "batch")
def drop(request: ReaderRequest, public: str) -> HttpResponse:
    """Put away a list, or a draw, that was shown and not written."""
    one, lang = found_batch(request.reader, public), lang_now()
    try:
        batches.drop(one)
    except InputRefused as why:
        return batch_page(request, one, refused(why.problems, definition(one.programme), lang))
    messages.info(request, say("intake.draw.dropped" if is_draw(one) else "intake.batch.dropped", lang))
    return redirect("intake")


@require_GET
@screen("import", "batch")
def problems(request: ReaderRequest, public: str) -> HttpResponse:
    """Every problem of a list as a CSV that a spreadsheet opens rightly and takes no formula from."""
    one, lang = found_batch(request.reader, public), lang_now()
    of = definition(one.programme)
    found = [
        Problem(
            told(row["what"], row["remedy"], of, lang),
            row["remedy"] if lang == "en" else "",
            row=row["row"],
            field=row["column"],
            value=row["value"],
        )
        for row in one.told.get("problems", [])
    ]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "problems.csv"
        write_problems(found, file)
        return _file(file.read_bytes(), "fejl.csv" if lang == "da" else "problems.csv")


@require_GET
@screen("import", "batch")
def lists(request: ReaderRequest) -> HttpResponse:
    """The lists and draws there have been, the newest first."""
    lang = lang_now()
    found = visible(request.reader).defer("content").select_related("user").order_by("-made")[:200]
    rows = [
        {
            "batch": one,
            "kind": say("intake.draw.which", lang)
            if is_draw(one)
            else holds_title(one.kind or "persons", lang),
            "by": one.user.name or one.user.username,
            "n": len(one.told["people"]) if is_draw(one) else one.told.get("facts", 0),
            "state": "undone" if one.undone else "accepted" if one.accepted else "shown",
        }
        for one in found
    ]
    for row in rows:
        row["said"] = say(f"intake.batch.state.{row['state']}", lang)
    return render(request, "intake/batches.html", {"rows": rows})


urlpatterns: list[URLPattern] = [
    path("visitation/liste/", bring_in, name="intake-list"),
    path("visitation/liste/tom/<str:kind>.csv", template, name="intake-template"),
    path("visitation/liste/<str:public>/", batch, name="intake-batch"),
    path("visitation/liste/<str:public>/skriv/", accept, name="intake-accept"),
    path("visitation/liste/<str:public>/laeg-vaek/", drop, name="intake-drop"),
    path("visitation/liste/<str:public>/fejl.csv", problems, name="intake-problems"),
    path("visitation/lister/", lists, name="intake-batches"),
]
