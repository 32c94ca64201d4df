"""Drawing by lot among those who wait: who can be drawn, what the draw gives, and keeping it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path

from indsats.language import NO_VALUE, Lang, number, percent
from indsats.problem import InputRefused
from indsats.programme import Draw, Programme, field_in_words

from ..models import Batch, Case
from ..programmes import programme as definition
from ..record import draws
from ..rights import ReaderRequest, read, scope, screen
from ..words import say
from .assignment_choice import lang_now
from .case_words import bare, value_title
from .intake_choice import Field, Place, choosing, errors_of, level_title, place, refused, select
from .whole import whole

_MOST = 1000
"""So many of those drawn stand on the page; the facts have them all."""


@screen("draw", "batch")
def draw(request: ReaderRequest) -> HttpResponse:
    """Who can be drawn and who is left out; sent, the draw is made and shown."""
    at, lang = place(request, request.reader, "draw", "batch"), lang_now()
    if not at.of.draws:
        return render(request, "intake/draw.html", {"at": at, "choosing": choosing(at, lang)})
    said = request.GET if request.method == "GET" else request.POST
    name = said.get("draw") or next(iter(at.of.draws))
    if name not in at.of.draws:
        raise Http404
    if request.method != "POST":
        return _page(request, at, name, {})
    n = len(draws.pool(request.reader, at.of.programme, name, at.site).cases)
    asked = _numbers(request, at.of.draws[name])
    if asked is not None and sum(asked.values()) != n:
        return _page(request, at, name, {"numbers": say("intake.draw.numbers.wrong", lang, n=n)})
    try:
        made = draws.preview(request.reader, at.of.programme, name, asked, at.site)
    except InputRefused as why:
        return _page(request, at, name, {"": " ".join(refused(why.problems, at.of, lang))})
    return redirect("intake-batch", made.public)


def _numbers(request: ReaderRequest, the_draw: Draw) -> dict[str, float] | None:
    """How many each arm gets, where the definition does not know the shares; 0 in all where that was not understood."""
    if draws.shares_of(the_draw) is not None:
        return None
    said = {arm: request.POST.get(f"arm-{arm}", "").strip() for arm in the_draw.arms}
    if not all(whole(one, digits=8) for one in said.values()):
        return dict.fromkeys(said, 0.0)
    return {arm: float(one) for arm, one in said.items()}


def _page(request: ReaderRequest, at: Place, name: str, errors: dict[str, str]) -> HttpResponse:
    lang, the_draw = lang_now(), at.of.draws[name]
    among = draws.pool(request.reader, at.of.programme, name, at.site)
    fields = choosing(at, lang)
    if len(at.of.draws) > 1:
        options = [(key, one.title.in_(lang)) for key, one in at.of.draws.items()]
        fields.append(select("draw", "intake.draw.which", options, name, lang))
    within = [say("intake.draw.within.site", lang), *(one.title.in_(lang) for one in the_draw.strata)]
    numbers = _number_fields(request, the_draw, len(among.cases), errors, lang)
    shown = {
        "at": at,
        "choosing": fields,
        "name": name,
        "draw": the_draw,
        "n": len(among.cases),
        "out": [(reason_title(at.of, key, lang), n) for key, n in sorted(among.left_out.items())],
        "within": ", ".join(within),
        "arms": _shares(the_draw, lang),
        "numbers": numbers,
        "errors": errors_of(errors, numbers),
    }
    return render(request, "intake/draw.html", shown, status=422 if errors else 200)


def _number_fields(
    request: ReaderRequest, the_draw: Draw, n: int, errors: dict[str, str], lang: Lang
) -> list[Field]:
    if draws.shares_of(the_draw) is not None:
        return []
    return [
        {
            "name": f"arm-{arm}",
            "label": one.title.in_(lang),
            "kind": "number",
            "hint": say("intake.draw.numbers.hint", lang, n=n) if place_ == 0 else "",
            "value": request.POST.get(f"arm-{arm}", ""),
            "width": "short",
            "attrs": {"min": 1, "step": 1},
            "error": errors.get("numbers", "") if place_ == 0 else "",
        }
        for place_, (arm, one) in enumerate(the_draw.arms.items())
    ]


def _shares(the_draw: Draw, lang: Lang) -> list[tuple[str, str]]:
    known = draws.shares_of(the_draw) or {}
    whole = sum(known.values()) or 1
    return [(the_draw.arms[arm].title.in_(lang), percent(one / whole, lang, 0)) for arm, one in known.items()]


def reason_title(of: Programme, key: str, lang: Lang) -> str:
    """What a reason for not being among those drawn is called."""
    if key == "drawn":
        return say("intake.draw.drawn", lang)
    title = value_title(of, "excluded", "reason", key, {}, lang)
    return title[:1].upper() + title[1:]


def drawn(request: ReaderRequest, one: Batch) -> dict[str, Any]:
    """What the page of a draw that was made shows."""
    lang, of, said = lang_now(), definition(one.programme), one.told
    the_draw = of.draws[said["draw"]]
    arms = {arm: each.title.in_(lang) for arm, each in the_draw.arms.items()}
    n = len(said["people"]) or 1
    cases = scope(request.reader, Case).filter(
        programme=one.programme, person__in=[int(key) for key in list(said["people"])[:_MOST]]
    )
    first: dict[int, Case] = {}
    for case in cases.select_related("person").order_by("person", "-start", "pk"):
        first.setdefault(case.person_id, case)
    read(request.reader, "draw", first.values())
    people = [(case, arms[said["people"][str(key)]]) for key, case in first.items()]
    return {
        "draw": the_draw,
        "arms": arms,
        "counts": [
            (title, said["counts"].get(arm, 0), percent(said["counts"].get(arm, 0) / n, lang, 1))
            for arm, title in arms.items()
        ],
        "out": [(reason_title(of, key, lang), count) for key, count in sorted(said["left_out"].items())],
        "balance": [_balance(row, said, arms, of, lang) for row in said["balance"]],
        "people": sorted(people, key=lambda both: (both[1], both[0].person.name)),
        "hidden": len(said["people"]) - len(people),
    }


def _balance(
    row: dict[str, Any], said: dict[str, Any], arms: dict[str, str], of: Programme, lang: Lang
) -> Any:
    """A line of the comparison of the arms: what, and for each arm how many and which share, or the mean."""
    field, value = row["field"], row["value"]
    if field == "age":
        means = [
            NO_VALUE if row["arms"].get(arm) is None else number(row["arms"][arm], lang, 1) for arm in arms
        ]
        return say("intake.draw.balance.age", lang), means
    title = bare(field_in_words(of, "person", field, lang))
    known = level_title(of, field, value, lang)
    cells = []
    for arm in arms:
        n, whole = row["arms"].get(arm, 0), said["counts"].get(arm, 0)
        cells.append(f"{number(n, lang)} ({percent(n / whole, lang, 0)})" if whole else number(n, lang))
    return f"{title[:1].upper()}{title[1:]}: {known}", cells


urlpatterns: list[URLPattern] = [
    path("visitation/udtraek/", draw, name="intake-draw"),
]
