"""Visits without appointment: who came by and what it was about, in two fields, and how many come when it is open."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from hashlib import blake2b
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from indsats.language import Lang, number
from indsats.problem import InputRefused
from indsats.programme import Programme, allowed_values

from .. import clock, record
from ..look import language
from ..models import Case, Due, Fact
from ..programmes import served
from ..rights import Reader, ReaderRequest, found_case, may, read, rights, scope, screen, searched
from ..words import say
from .case_panels import DOES, due_items, where_words
from .case_rights import allowed
from .case_words import clock_time, fact_key, names_of, value_title
from .intake_choice import Field, Place, choosing, errors_of, options_of, place, refused, select
from .people_query import found, wanted

KIND = "walk_in"
NAMELESS = "-"
"""What stands for a visitor who has no case and is not asked for a name."""
MOST = 8
"""So many are offered at a time; more words make them fewer."""
DAYS = 28
"""The days whose openings are counted."""

_NONCE = re.compile(r"^[0-9a-f]{20}$")


def takes_visits(of: Programme) -> bool:
    """Whether a programme receives visits: its definition says what they can be about."""
    return bool(allowed_values(of, KIND, "topic"))


def receives(reader: Reader, programmes: Mapping[str, Programme]) -> bool:
    """Whether the reader receives visits at a site of one of the programmes."""
    return any(
        right.scope in ("site", "programme") and takes_visits(programmes[one.programme])
        for one, right in rights(reader, "register", KIND)
        if one.programme in programmes
    )


@screen("register", KIND)
def visits(request: ReaderRequest) -> HttpResponse:
    """Who came by today and a form for the next; sent, the visit is registered."""
    at = _place(request)
    if at is None:
        return render(request, "visits/nowhere.html")
    if request.method != "POST" or at.site is None:
        return _page(request, at, {})
    if "find" in request.POST:
        return _page(request, at, {}, part=bool(request.htmx))  # type: ignore[attr-defined]
    return _registered(request, at)


def _place(request: ReaderRequest) -> Place | None:
    """Programme and site of the page; None where none of the reader's programmes and sites receives visits."""
    open_ = [name for name, of in served().items() if takes_visits(of)]
    said = request.GET if request.method == "GET" else request.POST
    asked = said.get("programme")
    if asked and asked not in open_:
        raise Http404
    mine = [one.programme for one in request.reader.memberships if one.programme in open_]
    if not mine:
        return None
    at = place(request, request.reader, "register", KIND, programme=mine[0])
    if at.of.programme not in open_ or not at.sites:
        return None
    shown = tuple(name for name in at.programmes if name in open_)
    return Place(at.of, shown, at.sites, at.site, at.everywhere)


def _registered(request: ReaderRequest, at: Place) -> HttpResponse:
    reader, lang, said = request.reader, language(request), request.POST
    who, topic = said.get("who", ""), said.get("topic", "")
    errors = {} if who else {"who": say("visits.who.missing", lang)}
    errors |= {} if topic else {"topic": say("visits.topic.missing", lang)}
    if errors:
        return _page(request, at, errors)
    case = None if who == NAMELESS else found_case(reader, who, "register", KIND)
    if case is not None and case.programme != at.of.programme:
        raise Http404
    here = case is not None and bool(case.enrolment) and case.state != "ended"
    values: dict[str, Any] = {
        "site": at.site,
        "enrolment": case.enrolment if here and case is not None else None,
        "occurred_from": clock.today().isoformat(),
        "topic": topic,
        "action": said.get("action") or None,
        "summoned": here and _summoned(said.get("summoned", ""), case),
        "has_case": here,
    }
    try:
        record.register(
            reader.name, at.of.programme, KIND, values,
            person=case.person if case is not None else None, nonce=_once(said.get("nonce", ""), who, topic),
        )  # fmt: skip
    except InputRefused as why:
        return _page(request, at, {"": " ".join(refused(why.problems, at.of, lang))})
    name = (case.person.name or case.person.public) if case is not None else say("visits.nameless", lang)
    messages.success(request, say("visits.saved", lang, name=name))
    return redirect(reverse("visits") + at.query(sag=case.public if case is not None and here else None))


def _once(nonce: str, who: str, topic: str) -> str | None:
    """What makes the same form sent twice one visit, and one gone back to and filled in anew another."""
    if not _NONCE.match(nonce):
        return None
    return blake2b(f"{nonce} {who} {topic}".encode(), digest_size=10).hexdigest()


def _summoned(said: str, case: Case | None) -> bool:
    """Whether somebody came because they were summoned: as is said, else whether a meeting is planned today."""
    if said:
        return said == "yes"
    return Due.objects.filter(case=case, queue="meetings_today", opens=clock.today()).exists()


@require_POST
@screen("register", KIND)
def undo(request: ReaderRequest, fact: str) -> HttpResponse:
    """Take back a visit of nobody in particular that the reader registered today; those of a case are on its page."""
    at = _place(request)
    old = None
    if at is not None and at.site is not None:
        mine = _today(request.reader, at).filter(recorded_by=request.reader.name, person=None)
        old = next((one for one in mine if fact_key(one.fact) == fact), None)
    if at is None or old is None:
        raise Http404
    record.withdraw(request.reader.name, old, reason=say("visits.undo.reason", "da"))
    messages.success(request, say("visits.undone", language(request)))
    return redirect(reverse("visits") + at.query())


def _page(request: ReaderRequest, at: Place, errors: dict[str, str], part: bool = False) -> HttpResponse:
    reader, lang = request.reader, language(request)
    words = request.POST.get("q", "").strip()[:200]
    cases = _candidates(request, at, words)
    who = _who_field(request, cases, lang, errors.get("who", ""))
    fields = _fields(request, at, lang, errors)
    today = _rows(request, at, lang) if at.site is not None and not part else []
    read(
        reader,
        "visits",
        {one.pk: one for one in [*cases, *(row["case"] for row in today if row["case"])]}.values(),
    )
    shown = {
        "at": at,
        "choosing": choosing(at, lang, all_sites=None),
        "site": at.name(at.site, lang),
        "words": words,
        "unclear": bool(words) and not cases,
        "who": who,
        "more_than": len(cases) >= MOST,
        "topic": fields[0],
        "more": fields[1:],
        "more_open": any(one["error"] for one in fields[1:]),
        "errors": errors_of(errors, [who, *fields]),
        "nonce": request.POST.get("nonce") or secrets.token_hex(10),
    }
    if part:
        return render(request, "visits/who.html", shown)
    openings = _openings(reader, at)
    mean = sum(one["n"] for one in openings) / len(openings) if len(openings) > 1 else None
    shown |= {
        "rows": today,
        "openings": openings,
        "mean": mean and say("visits.mean", lang, mean=number(mean, lang, 1), n=len(openings)),
        "now": _can_do_now(request, at, lang),
    }
    return render(request, "visits/page.html", shown, status=422 if errors else 200)


def _candidates(request: ReaderRequest, at: Place, words: str) -> list[Case]:
    """Those searched for who can be registered here, each with the course they are in; who was chosen stays."""
    reader = request.reader
    asked = wanted(words) if words else None
    cases = [one for one in found(reader, asked) if one.programme == at.of.programme] if asked else []
    if asked and "find" in request.POST:
        persons = {one.person_id: one.person for one in cases}
        searched(reader, words, len(persons), sum(one.protected for one in persons.values()))
    chosen = request.POST.get("who", "")
    if chosen and chosen != NAMELESS and chosen not in {one.public for one in cases}:
        cases += scope(reader, Case).filter(pk=chosen, programme=at.of.programme).select_related("person")
    # who has a case stands before who waits or has ended, those at the site before others
    cases.sort(
        key=lambda one: (one.public != chosen, one.state in ("candidate", "ended"), one.site != at.site)
    )
    return [one for one in cases if may(reader, "register", KIND, one)][:MOST]


def _who_field(request: ReaderRequest, cases: list[Case], lang: Lang, error: str) -> Field:
    today, options = clock.today(), []
    for one in cases:
        born = one.person.birth_date
        hint = [say("visits.born", lang, day=born)] if born else []
        hint.append(where_words(one, today, lang))
        options.append((one.public, one.person.name or one.person.public, " · ".join(filter(None, hint))))
    options.append((NAMELESS, say("visits.nameless", lang), say("visits.nameless.hint", lang)))
    only = cases[0].public if len(cases) == 1 else ""
    return {
        "name": "who",
        "label": say("visits.who", lang),
        "kind": "radio",
        "options": options,
        "value": request.POST.get("who") or only,
        "error": error,
        "required": True,
    }


def _fields(request: ReaderRequest, at: Place, lang: Lang, errors: dict[str, str]) -> list[Field]:
    """What it was about; and under further information what was done and whether they were summoned."""
    said = request.POST
    topic = select("topic", "visits.topic", options_of(at.of, KIND, "topic", lang), said.get("topic"), lang)
    fields: list[Field] = [{**topic, "required": True, "empty": None}]
    actions = options_of(at.of, KIND, "action", lang)
    if actions:
        none = say("visits.action.none", lang)
        fields.append({**select("action", "visits.action", actions, said.get("action"), lang), "empty": none})
    answers = [("yes", say("visits.summoned.yes", lang)), ("no", say("visits.summoned.no", lang))]
    by_day = say("visits.summoned.by_day", lang)
    fields.append(
        {**select("summoned", "visits.summoned", answers, said.get("summoned"), lang), "empty": by_day}
    )
    return [{**one, "error": errors.get(str(one["name"]), "")} for one in fields]


def _today(reader: Reader, at: Place) -> QuerySet[Fact]:
    return _visits(reader, at).filter(occurred_from=clock.today()).order_by("-recorded_at")


def _visits(reader: Reader, at: Place) -> QuerySet[Fact]:
    there = scope(reader, Fact).filter(programme=at.of.programme, kind=KIND, site=at.site)
    return there.filter(replaced_at=None)


def _rows(request: ReaderRequest, at: Place, lang: Lang) -> list[dict[str, Any]]:
    """Today's visits at the site, the last first; whom the reader may not see stands without a name."""
    facts = list(_today(request.reader, at).select_related("person")[:100])
    # who was merged into another is that other now
    whose = {one.pk: one.person.merged_into_id or one.person_id for one in facts if one.person}
    asked = scope(request.reader, Case).filter(programme=at.of.programme, person__in=set(whose.values()))
    cases = asked.select_related("person")
    of: dict[tuple[int | None, str | None], Case] = {}
    for one in cases.order_by("start"):
        of |= {(one.person_id, one.enrolment): one, (one.person_id, None): one}
    names = names_of(one.recorded_by for one in facts)
    rows = []
    for one in facts:
        case = of.get((whose[one.pk], one.enrolment)) if one.pk in whose else None
        rows.append({
            "case": case,
            "at": clock_time(one.recorded_at),
            "topic": _title(at.of, "topic", one, lang),
            "action": _title(at.of, "action", one, lang),
            "summoned": bool(one.payload.get("summoned")),
            "has_case": bool(one.payload.get("has_case")),
            "by": names.get(one.recorded_by, one.recorded_by),
            "key": fact_key(one.fact),
            "undo": one.person_id is None and one.recorded_by == request.reader.name,
        })  # fmt: skip
    return rows


def _title(of: Programme, field: str, fact: Fact, lang: Lang) -> str:
    value = fact.payload.get(field)
    if not value:
        return ""
    title = value_title(of, KIND, field, value, fact.payload, lang)
    return title[:1].upper() + title[1:]


def _openings(reader: Reader, at: Place) -> list[dict[str, Any]]:
    """How many came on each day somebody did, the last days first."""
    if at.site is None:
        return []
    first = clock.today() - timedelta(days=DAYS - 1)
    of_case = Q(payload__has_case=True)
    days = (
        _visits(reader, at)
        .filter(occurred_from__gte=first, occurred_from__lte=clock.today())
        .order_by()
        .values("occurred_from")
        .annotate(
            n=Count("pk"),
            with_case=Count("pk", filter=of_case),
            summoned=Count("pk", filter=of_case & Q(payload__summoned=True)),
        )
    )
    return [{**one, "without": one["n"] - one["with_case"]} for one in days.order_by("-occurred_from")]


def _can_do_now(request: ReaderRequest, at: Place, lang: Lang) -> dict[str, Any] | None:
    """What can be done while the citizen who was just registered is here, talks that are due first of all."""
    asked = request.GET.get("sag", "")
    case = (
        scope(request.reader, Case)
        .filter(pk=asked, programme=at.of.programme)
        .select_related("person")
        .first()
    )
    if not asked or case is None:
        return None
    read(request.reader, "visits", [case])
    today: date = clock.today()
    rows = Due.objects.filter(Q(closes=None) | Q(closes__gte=today), case=case).exclude(queue="new_to_me")
    now, later = due_items(rows, case, at.of, {}, today, lang, allowed(request.reader, case))
    talks = [one for one in later if DOES.get(one.queue, ("", False))[0] == "meeting"]
    return {"case": case, "name": case.person.name or case.person.public, "items": [*now, *talks]}


urlpatterns: list[URLPattern] = [
    path("besoeg/", visits, name="visits"),
    path("besoeg/<str:fact>/fortryd/", undo, name="visit-undo"),
]
