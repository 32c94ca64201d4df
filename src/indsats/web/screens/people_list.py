"""The list of cases: what can be chosen, and the rows that follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q

from indsats.language import Lang
from indsats.programme import Programme
from indsats.steer import QUEUES

from .. import clock
from ..caseloads import now_responsible, staff
from ..models import Case, Due, Responsible, Site
from ..rights import Action, Reader, rights, scope
from ..words import say
from .case_words import site_title
from .whole import page_number

PAGE = 50
STATES = ("candidate", "upcoming", "active", "paused", "ended")
SORTS: Mapping[str, tuple[str, ...]] = {
    "navn": ("person__name", "person", "pk"),
    "start": ("-start", "pk"),
    "holdt": ("last_held", "pk"),
}
"""The orders a list can have: by name, the newest first, the longest without a meeting first."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the list is limited to; empty where it is not. ``programmes`` are those the reader sees cases in."""

    programmes: tuple[str, ...]
    programme: str = ""
    site: str = ""
    worker: str = ""
    state: str = ""
    phase: str = ""
    queue: str = ""
    sort: str = "navn"
    page: int = 1

    @property
    def first(self) -> int:
        """How many rows stand before the page."""
        return (self.page - 1) * PAGE

    def query(self, page: int = 1) -> str:
        """The choice as the part of an address after the question mark."""
        said = {
            "programme": self.programme, "sted": self.site, "hvem": self.worker, "tilstand": self.state,
            "fase": self.phase, "koe": self.queue, "orden": self.sort, "side": str(page) if page > 1 else "",
        }  # fmt: skip
        return urlencode({name: value for name, value in said.items() if value})


def choice_of(reader: Reader, said: Mapping[str, str], programmes: Mapping[str, Programme]) -> Choice:
    """What an address asks for; what it asks for and there is not is left out."""
    seen = tuple(
        name for name in programmes if any(one.programme == name for one, _ in rights(reader, "see", "case"))
    )
    programme = said.get("programme", "") if said.get("programme", "") in seen else ""
    of = programmes.get(programme or (seen[0] if len(seen) == 1 else ""))
    page = said.get("side", "")
    site = said.get("sted", "")[:80]
    return Choice(
        seen,
        programme,
        site,
        said.get("hvem", "")[:150],
        said.get("tilstand", "") if said.get("tilstand", "") in STATES else "",
        said.get("fase", "") if of is not None and said.get("fase", "") in of.phases else "",
        said.get("koe", "") if said.get("koe", "") in QUEUES else "",
        said.get("orden", "")
        if said.get("orden", "") in SORTS
        else ("navn" if site or not _wide(reader) else "start"),
        page_number(page),
    )


def _wide(reader: Reader) -> bool:
    """Whether the reader sees all of a programme: too many to be put in the order of their names for each page."""
    return any(
        right.scope == "programme" or (right.scope == "site" and one.site is None)
        for one, right in rights(reader, "see", "case")
    )


def listed(reader: Reader, choice: Choice, action: Action = "see", most: int | None = None) -> list[Case]:
    """The cases of a page and one more where there is a next; with ``most``, all from the first, and at most one more.

    Cases that have ended are left out unless they are asked for.
    """
    today = clock.today()
    found = scope(reader, Case, action).select_related("person")
    if choice.programme:
        found = found.filter(programme=choice.programme)
    if choice.site:
        found = found.filter(site=choice.site)
    found = found.filter(state=choice.state) if choice.state else found.filter(state__in=STATES[:-1])
    if choice.phase:
        found = found.filter(phase=choice.phase)
    if choice.worker:
        held = Responsible.objects.filter(now_responsible(), worker=choice.worker)
        found = found.filter(pk__in=held.values("case"))
    if choice.queue:
        open_ = Q(closes=None) | Q(closes__gte=today)
        found = found.filter(
            pk__in=scope(reader, Due).filter(open_, queue=choice.queue, opens__lte=today).values("case")
        )
    found = found.order_by(*SORTS[choice.sort])
    return list(found[: most + 1] if most is not None else found[choice.first : choice.first + PAGE + 1])


def fields(
    reader: Reader, choice: Choice, programmes: Mapping[str, Programme], lang: Lang
) -> list[dict[str, Any]]:
    """The fields of the form that limits the list; a field with nothing to choose between is left out."""
    only = programmes.get(choice.programme or (choice.programmes[0] if len(choice.programmes) == 1 else ""))
    named = [(name, programmes[name].title.in_(lang)) for name in choice.programmes]
    asked = [("programme", choice.programme, named)] if len(named) > 1 else []
    asked.append(("sted", choice.site, _sites(reader, choice, programmes, lang)))
    asked.append(("hvem", choice.worker, _workers(reader, choice, lang)))
    asked.append(("tilstand", choice.state, [(state, say(f"look.state.{state}", lang)) for state in STATES]))
    if only is not None:
        asked.append(
            ("fase", choice.phase, [(name, one.title.in_(lang)) for name, one in only.phases.items()])
        )
    asked.append(("koe", choice.queue, [(name, one.title.in_(lang)) for name, one in QUEUES.items()]))
    made = [
        _select(name, value, [("", say(f"people.all.{name}", lang)), *options], lang)
        for name, value, options in asked
        if len(options) > 1
    ]
    return [
        *made,
        _select("orden", choice.sort, [(name, say(f"people.sort.{name}", lang)) for name in SORTS], lang),
    ]


def _select(name: str, value: str, options: list[tuple[str, str]], lang: Lang) -> dict[str, Any]:
    return {
        "name": name, "kind": "select", "label": say(f"people.filter.{name}", lang), "options": options, "value": value,
        "empty": "",
    }  # fmt: skip


def _sites(
    reader: Reader, choice: Choice, programmes: Mapping[str, Programme], lang: Lang
) -> list[tuple[str, str]]:
    rows = scope(reader, Site).order_by("name", "key").values_list("programme", "key", "name")
    named = {
        key: site_title(programmes[name], key, lang, {key: title or ""})
        for name, key, title in rows
        if name in programmes and choice.programme in ("", name)
    }
    return sorted(named.items(), key=lambda one: one[1])


def _workers(reader: Reader, choice: Choice, lang: Lang) -> list[tuple[str, str]]:
    """Oneself, and those who have cases where the reader sees everybody's."""
    names: dict[str, str] = {}
    for programme in (choice.programme,) if choice.programme else choice.programmes:
        places = [
            None if right.scope == "programme" else one.site
            for one, right in rights(reader, "see", "case")
            if one.programme == programme and right.scope in ("site", "programme")
        ]
        if places:
            sites = None if None in places else [place for place in places if place]
            names |= {
                one.user.username: one.user.name or one.user.username for one in staff(programme, sites)
            }
    names.pop(reader.name, None)
    return [(reader.name, say("people.mine", lang)), *names.items()]
