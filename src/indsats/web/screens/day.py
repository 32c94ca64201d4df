"""My day: the queues of what is to be done, and the cases behind them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from indsats.language import Lang
from indsats.programme import Programme
from indsats.steer import QUEUES

from .. import clock
from ..caseloads import staff
from ..look import language
from ..models import Case, Due, Site
from ..programmes import served
from ..rights import Reader, ReaderRequest, read, rights, scope, signed_in, widest
from ..words import say
from .account import home
from .case_words import Names, names_of, site_title
from .day_asked import DRAFTS, HAND_OVERS, drafts, hand_overs, numbers
from .day_load import loads_of
from .day_queues import (
    ALL,
    MINE,
    NOBODYS,
    PAGE,
    Choice,
    Size,
    choice_of,
    has_day,
    items,
    listed,
    place_of,
    queue_of,
    queues_of,
    sizes,
)
from .day_rows import Said, does, row_of
from .visits import receives

_COLUMNS = ("citizen", "when", "what", "where", "last", "whose", "do")
_LOOKS = (600, 1000, 2000, 4000, 8000)
"""After how many milliseconds a list asks again, each time longer, whether what waits has been brought up to date."""


@require_safe
@signed_in
def day(request: ReaderRequest) -> HttpResponse:
    """My day; who has no cases is led to what they use instead."""
    reader, lang = request.reader, language(request)
    if not has_day(reader):
        return redirect(home(reader))
    said = request.GET
    programmes = served()
    choice = choice_of(reader, said)
    on_lists = items(reader, choice)
    found, asked = sizes(on_lists), numbers(reader)
    chosen = _chosen(reader, said, found, asked)
    fields, names = _filters(reader, choice, programmes, lang)
    shown = {
        "today": clock.today(),
        "queues": _queues(reader, choice, chosen, found, asked, lang),
        "fields": fields,
        "choice": choice,
        "loads": [(one, one.words(lang)) for one in loads_of(reader, programmes, lang)],
        "chosen": chosen,
        "clear": not found and not any(asked),
        "visits": receives(reader, programmes),
    }
    if chosen == HAND_OVERS:
        shown["asked"], cases = hand_overs(reader, programmes, lang)
    elif chosen == DRAFTS:
        shown["drafts"], cases = drafts(reader, lang)
    else:
        queue, cases = _queue(request, choice, on_lists, chosen, programmes, names, lang)
        shown |= queue
    read(reader, "day", cases)
    return render(request, "day/page.html", shown | _heading(chosen, lang))


def _chosen(
    reader: Reader, said: Mapping[str, str], found: Mapping[str, Size], asked: tuple[int, int]
) -> str:
    """The queue that is shown: the one asked for, else the first with something in it."""
    for name, n in zip((HAND_OVERS, DRAFTS), asked, strict=True):
        if said.get("koe") == name and n:
            return name
    named = queue_of(reader, said)
    if named is not None:
        return named
    if asked[0]:
        return HAND_OVERS
    known = queues_of(reader)
    return next((queue for queue in known if queue in found), known[0])


def _heading(chosen: str, lang: Lang) -> dict[str, str]:
    own = {HAND_OVERS: "day.hand_overs", DRAFTS: "day.drafts"}
    if chosen in own:
        return {"title": say(own[chosen], lang), "about": say(f"{own[chosen]}.about", lang)}
    return {"title": QUEUES[chosen].title.in_(lang), "about": QUEUES[chosen].about.in_(lang)}


def _queues(
    reader: Reader,
    choice: Choice,
    chosen: str,
    found: Mapping[str, Size],
    asked: tuple[int, int],
    lang: Lang,
) -> list[dict[str, Any]]:
    """The list of queues; those that rest on no facts only where there is something in them."""
    own = ((HAND_OVERS, "day.hand_overs", asked[0]), (DRAFTS, "day.drafts", asked[1]))
    every = [(name, say(title, lang), Size(n)) for name, title, n in own if n]
    # what colleagues wait for stands first, what one has left lying last
    first = [one for one in every if one[0] == HAND_OVERS]
    last = [one for one in every if one[0] == DRAFTS]
    facts = [(queue, QUEUES[queue].title.in_(lang), found.get(queue, Size())) for queue in queues_of(reader)]
    return [
        {
            "title": title,
            "href": f"{reverse('day')}?{choice.query(queue)}",
            "count": size.n,
            "late": size.late,
            "current": queue == chosen,
            "key": str(n) if n < 10 else "",
        }
        for n, (queue, title, size) in enumerate([*first, *facts, *last], 1)
    ]


def _queue(
    request: HttpRequest,
    choice: Choice,
    on_lists: QuerySet[Due],
    queue: str,
    programmes: Mapping[str, Programme],
    names: Names,
    lang: Lang,
) -> tuple[dict[str, Any], list[Case]]:
    """A page of a queue, and the cases on it. Where the place asked for is past the end, the last page is shown."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    place = place_of(request.GET)
    first = (max(place, 1) - 1) // PAGE * PAGE
    rows = listed(reader, on_lists, queue, does(queue), first)
    if not rows and first:
        # the last of a page has been settled: what is left is on the page before
        first, place = first - PAGE, first
        rows = listed(reader, on_lists, queue, does(queue), first)
    more, rows = len(rows) > PAGE, rows[:PAGE]
    current = min(place, first + len(rows)) if place else 0
    several = choice.who != MINE and queue not in ("new_to_me", "unassigned")
    if several and not names:
        names = names_of(one.worker for of in rows for one in of.items)
    said = Said(lang, names if several else {}, sites=_several_sites(reader))
    looks = place_of({"nr": request.GET.get("set", "")})
    again = any(one.case.person.waiting for one in rows) and looks < len(_LOOKS)
    shown = {
        "rows": [
            row_of(one, programmes[one.case.programme], choice, n, said, current=n == current)
            for n, one in enumerate(rows, first + 1)
        ],
        "queue": queue,
        "do": say(f"day.do.{queue}", lang),
        "columns": {name: say(f"day.column.{name}", lang) for name in _COLUMNS},
        "has_what": any(one.what for of in rows for one in of.items),
        "has_whose": several,
        "first": first + 1,
        "last": first + len(rows),
        "previous": _page(choice, queue, first + 1 - PAGE) if first else "",
        "next": _page(choice, queue, first + 1 + PAGE) if more else "",
        "asked_again": looks > 0,
        "delay": _LOOKS[looks] if again else 0,
        "again": f"{_page(choice, queue, place or None)}&set={looks + 1}" if again else "",
    }
    return shown, [one.case for one in rows]


def _page(choice: Choice, queue: str, place: int | None) -> str:
    return f"{reverse('day')}?{choice.query(queue, place)}"


def _several_sites(reader: Reader) -> bool:
    return len({(one.programme, one.site) for one, _ in rights(reader, "see", "case")}) > 1 or any(
        one.site is None for one, _ in rights(reader, "see", "case")
    )


def _filters(
    reader: Reader, choice: Choice, programmes: Mapping[str, Programme], lang: Lang
) -> tuple[list[dict[str, Any]], Names]:
    """The fields that limit the queues, those with one answer left out, and the names of the workers there are."""
    fields = []
    names: dict[str, str] = {}
    own = widest(reader, "see", "case") == "own"
    everybody = say("day.who.all.own" if own else "day.who.all", lang)
    who = [(MINE, say("day.who.mine", lang)), (ALL, everybody)]
    if not own:
        who.append((NOBODYS, say("day.who.none", lang)))
        names = _staff(reader)
        who += [(worker, name) for worker, name in names.items() if worker != reader.name]
    fields.append(_select("hvem", "day.who", who, choice.who, lang))
    mine = [
        name for name in programmes if name in {one.programme for one, _ in rights(reader, "see", "case")}
    ]
    if len(mine) > 1:
        options = [
            ("", say("day.programme.all", lang)),
            *((name, programmes[name].title.in_(lang)) for name in mine),
        ]
        fields.append(_select("programme", "day.programme", options, choice.programme, lang))
    if _several_sites(reader):
        sites = scope(reader, Site).order_by("name", "key").values_list("programme", "key", "name")
        known = {
            key: site_title(programmes[name], key, lang, {key: title or ""})
            for name, key, title in sites
            if name in programmes and choice.programme in ("", name)
        }
        options = [("", say("day.site.all", lang)), *sorted(known.items(), key=lambda one: one[1])]
        fields.append(_select("sted", "day.site", options, choice.site, lang))
    return fields, names


def _staff(reader: Reader) -> dict[str, str]:
    """The names of those who have cases where the reader sees everybody's; one query for each programme."""
    places: dict[str, set[str] | None] = {}
    for one, right in rights(reader, "see", "case"):
        if right.scope in ("site", "programme"):
            whole = right.scope == "programme" or one.site is None
            there = places.setdefault(one.programme, set())
            places[one.programme] = None if whole or there is None else there | {one.site}  # type: ignore[operator]
    return {
        one.user.username: one.user.name or one.user.username
        for programme, sites in places.items()
        for one in staff(programme, sites)
    }


def _select(name: str, label: str, options: list[tuple[str, str]], value: str, lang: Lang) -> dict[str, Any]:
    return {
        "name": name,
        "label": say(label, lang),
        "kind": "select",
        "options": options,
        "value": value,
        "empty": "",
        "required": True,
    }


urlpatterns: list[URLPattern] = [path("", day, name="day")]
