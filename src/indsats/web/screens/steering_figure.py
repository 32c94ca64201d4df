"""The page of the people behind a figure."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET

from indsats.programme import Programme, Text
from indsats.steer import REASONS

from ..models import Site
from ..programmes import served
from ..rights import ReaderRequest, read, screen
from ..words import words
from .steering_choice import dates, span
from .steering_pages import PAGES
from .steering_people import MOST, PART, Behind, behind, visible
from .steering_reach import Followed, followed, follows, programmes_steered

_LACKS = 6
"""How many of the requirements a case lacks are named."""
_SHOWN = 200
"""How many cases of a part are shown; the reads of those shown are noted."""


@require_GET
@screen("steer", "figures")
def figure(request: ReaderRequest, page: str, programme: str, figure: str) -> HttpResponse:
    """Who is behind a figure, as far as the reader may see them; site by site where they are many."""
    if page not in PAGES or programme not in programmes_steered(request.reader):
        raise Http404
    of = served()[programme]
    asked = followed(figure, of)
    if asked is None or not follows(request.reader, programme):
        raise Http404
    found = visible(request.reader, of, asked)
    cases = list(found[: MOST + 1])
    context: dict[str, Any] = {
        "page_url": reverse(page) + f"?programme={programme}&periode={dates(asked.period)}",
        "what": _what(of, asked),
        "about": _about(asked),
        "span": span(asked.period),
        "programme_title": of.title,
    }
    if len(cases) > MOST and asked.site is None:
        sites = {one.key: one.name or one.key for one in Site.objects.filter(programme=programme)}
        keys = found.order_by().values_list("site", flat=True).distinct()
        context["place"] = _place(of, asked, sites)
        context["sites"] = sorted(
            (
                {"name": sites[key], "href": reverse("figure", args=[page, programme, asked.at(key)])}
                for key in keys
                if key in sites
            ),
            key=lambda one: one["name"],
        )
        return render(request, "steering/figure.html", context)
    rows, facts = behind(of, asked, cases)
    names = facts.sites.select("site", "name").iter_rows()
    sites = {key: name or key for key, name in names}
    parts = [_part(of, name, [one for one in rows if one.part == name], sites) for name in PART]
    if seen := [one.case for part in parts for one in part["shown"]]:
        read(request.reader, f"figure:{page}", seen)
    context |= {"parts": [part for part in parts if part["n"]], "place": _place(of, asked, sites)}
    return render(request, "steering/figure.html", context)


def _part(of: Programme, name: str, found: list[Behind], sites: dict[str, str]) -> dict[str, Any]:
    shown = found[:_SHOWN]
    lacks = [_lacks(of, one) for one in shown]
    return {
        "name": name,
        "title": f"steering.people.{name}",
        "lead": f"steering.people.{name}.lead",
        "n": len(found),
        "more": len(found) - len(shown),
        "shown": shown,
        "rows": [
            {
                "one": one,
                "site": sites.get(one.case.site or "", one.case.site),
                "phase": of.phases[one.case.phase].title if one.case.phase in of.phases else None,
                "why": [REASONS[reason] for reason in one.reasons if reason in REASONS],
                "lacks": lacking[:_LACKS],
                "more": len(lacking) - _LACKS,
            }
            for one, lacking in zip(shown, lacks, strict=True)
        ],
        "lacks": any(lacks),
    }


def _lacks(of: Programme, one: Behind) -> list[Text]:
    """The requirements that are not met, each with the reason that was answered, where one was."""
    codes = of.codes_for("requirement_answered.reason")
    titles = {key: code.title for key, code in codes.values.items()} if codes is not None else {}
    lacking = []
    for what in (what for what in one.what if what in of.requirements):
        title, why = of.requirements[what].title, titles.get(one.said.get(what, ""))
        if why is not None:
            title = Text(da=f"{title.da} ({why.da})", en=f"{title.en} ({why.en})")
        lacking.append(title)
    return lacking


def _what(of: Programme, asked: Followed) -> Text:
    """What the figure is called."""
    if asked.indicator is not None:
        return of.indicators[asked.indicator].title
    which = asked.which or {}
    for kind, titles in (("requirement", of.requirements), ("element", of.elements), ("phase", of.phases)):
        if kind in which:
            return titles[which[kind]].title
    return words()[f"steering.people.{asked.state}" if asked.state else "steering.people.requirements"]


def _about(asked: Followed) -> list[Text]:
    """What else tells the figure from others of the same name."""
    if asked.indicator is not None:
        return []
    if asked.state is not None:
        return [words()[f"steering.people.{asked.state}"]]
    told = [words()[f"steering.people.by.{asked.by}"]]
    return [*told, words()["steering.people.of.participants"]] if asked.of == "participants" else told


def _place(of: Programme, asked: Followed, sites: dict[str, str]) -> Text | str:
    if asked.site is not None:
        return sites.get(asked.site, asked.site)
    return of.units[asked.unit].title if asked.unit is not None else words()["steering.all"]


urlpatterns: list[URLPattern] = [path("tal/<str:page>/<str:programme>/<path:figure>/", figure, name="figure")]
