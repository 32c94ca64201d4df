"""What the assignment pages are about: programme, site and role, chosen among those the reader may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.utils.translation import get_language

from indsats.language import Lang
from indsats.programme import Programme

from ..assigning import Taken
from ..caseloads import Load, staff
from ..models import Case, Membership, Site, User
from ..programmes import served
from ..rights import Reader, rights, scope
from ..rights.table import Action
from ..words import say

ALL = "alle"
"""What stands in an address for all sites together."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Programme, sites (None: all of the programme), the site chosen (None: all the reader may see) and role."""

    of: Programme
    sites: tuple[Site, ...]
    site: str | None
    role: str
    roles: tuple[str, ...]
    programmes: Mapping[str, Programme]
    members: tuple[Membership, ...]

    @property
    def keys(self) -> list[str]:
        """The sites the page is about."""
        return [self.site] if self.site is not None else [one.key for one in self.sites]

    def query(self, **more: str) -> str:
        """The choice as the query of an address."""
        told = {"programme": self.of.programme, "sted": self.site or ALL, "rolle": self.role, **more}
        return "?" + urlencode({key: value for key, value in told.items() if value})


def chosen(request: HttpRequest, reader: Reader, action: Action, kind: str) -> Chosen:
    """What the query asks for, as far as the reader may; Http404 where there is nothing for them."""
    said = request.GET if request.method == "GET" else request.POST
    mine = sorted({one.programme for one, _ in rights(reader, action, kind)})
    known = {name: of for name, of in served().items() if name in mine}
    if not known:
        raise Http404
    name = said.get("programme") or next(iter(known))
    if name not in known:
        raise Http404
    of = known[name]
    sites = tuple(scope(reader, Site, action, kind).filter(programme=name).order_by("name", "key"))
    site = said.get("sted") or (sites[0].key if len(sites) == 1 else ALL)
    site = None if site == ALL else site
    if site is not None and site not in {one.key for one in sites}:
        raise Http404
    members = tuple(staff(name, [site] if site else [one.key for one in sites]))
    roles = roles_of(of, members)
    role = said.get("rolle") or roles[0]
    if role not in of.roles:
        raise Http404
    return Chosen(of, sites, site, role, roles, known, members)


def roles_of(of: Programme, members: Iterable[Membership]) -> tuple[str, ...]:
    """The roles these members fill, in the order of the definition; the programme's own where nobody fills any."""
    filled = {one.function for one in members if one.function is not None}
    own = tuple(role for role in of.roles if role in filled)
    return own or tuple(role for role, told in of.roles.items() if not told.external)


def choosing(choice: Chosen) -> list[dict[str, Any]]:
    """The fields that choose; those with one answer are left out."""
    fields: list[dict[str, Any]] = []
    lang = lang_now()
    if len(choice.programmes) > 1:
        options = [(name, of.title.in_(lang)) for name, of in choice.programmes.items()]
        fields.append(_select("programme", "assignment.programme", options, choice.of.programme))
    if len(choice.sites) > 1:
        options = [(ALL, say("assignment.all_sites", lang))]
        options += [(one.key, one.name or one.key) for one in choice.sites]
        fields.append(_select("sted", "assignment.site", options, choice.site or ALL))
    if len(choice.roles) > 1:
        options = [(role, choice.of.roles[role].title.in_(lang)) for role in choice.roles]
        fields.append(_select("rolle", "assignment.role", options, choice.role))
    return fields


def _select(name: str, label: str, options: list[tuple[str, str]], value: str) -> dict[str, Any]:
    label = say(label, lang_now())
    return {"name": name, "label": label, "kind": "select", "options": options, "value": value, "empty": ""}


def lang_now() -> Lang:
    """The reader's language, as the middleware has set it."""
    return "en" if get_language() == "en" else "da"


def bar_of(load: Load) -> dict[str, Any]:
    """What ``components/bar.html`` needs of a worker's cases."""
    lang = lang_now()
    if load.ceiling is None:
        words = say("assignment.no_ceiling", lang, now=load.weighted)
        if load.typical is not None:
            words += " · " + say("assignment.typical", lang, typical=load.typical)
        return {
            "part": load.weighted,
            "whole": load.typical or max(load.weighted, 1.0) * 2,
            "words": words,
            "state": "",
        }
    words = say("assignment.of", lang, now=load.weighted, ceiling=load.ceiling)
    if load.above:
        words += " · " + say("assignment.over", lang)
    elif load.room == 0:
        words += " · " + say("assignment.full", lang)
    state = "missed" if load.above else "near" if load.ceiling and load.weighted >= 0.9 * load.ceiling else ""
    return {"part": load.weighted, "whole": max(load.ceiling, load.weighted), "words": words, "state": state}


def name_of(case: Case, *, shielded: bool = False) -> str:
    """What the citizen of a case is called on a page."""
    if shielded:
        return say("assignment.answer.shielded", lang_now())
    return case.person.name or case.person.public


def names_of(workers: Iterable[str]) -> dict[str, str]:
    """What workers are called, by their id in facts; the id itself where they have no name. One query."""
    asked = set(workers)
    known = dict(User.objects.filter(username__in=asked).exclude(name="").values_list("username", "name"))
    return {one: known.get(one, one) for one in asked}


def above_said(load: Load) -> str:
    """That a worker would have more than they may."""
    return say(
        "assignment.above", lang_now(), worker=load.name, now=load.weighted, ceiling=load.ceiling or 0.0
    )


def taken_said(taken: Taken, cases: list[Case]) -> str:
    """Who has got the first of the cases meanwhile, and from whom."""
    by_key = {case.pk: case for case in cases}
    for key, fact in taken.by_case.items():
        worker, by = fact.payload.get("worker") or "", fact.recorded_by
        names = names_of([worker, by])
        return say(
            "assignment.taken", lang_now(), name=name_of(by_key[key]), worker=names[worker], by=names[by]
        )
    return say("assignment.answer.gone", lang_now())
