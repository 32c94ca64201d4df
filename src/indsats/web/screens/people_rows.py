"""Cases as rows of a list: who, where in the programme, at which site, and who is responsible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse

from indsats.language import Lang
from indsats.programme import Programme

from .. import clock
from ..models import Case, Responsible, Site, User
from .case_panels import age_on, where_words
from .case_words import site_title, value_title

_SHOWN = 2
"""How many of those responsible for a case are named in a list; the case itself names all."""


@dataclass(frozen=True, slots=True)
class Row:
    """A case in a list."""

    href: str
    name: str
    age: int | None
    protected: bool
    waiting: bool
    programme: str
    service: str
    site: str
    state: str
    phase: str
    where: str
    last_held: date | None
    next_planned: date | None
    responsible: tuple[tuple[str, str], ...]
    """Name and role of those who are responsible today, in the order of the roles in the definition."""

    @property
    def first(self) -> tuple[tuple[str, str], ...]:
        """Those a list has room for."""
        return self.responsible[:_SHOWN]

    @property
    def others(self) -> int:
        """How many more there are."""
        return len(self.responsible) - len(self.first)


def rows(
    cases: Sequence[Case], programmes: Mapping[str, Programme], lang: Lang, query: str = ""
) -> list[Row]:
    """The cases as rows, in their order; ``query`` goes with each address. Two queries however many."""
    today = clock.today()
    held = _held(cases, today)
    sites = site_names({case.programme for case in cases})
    return [
        _row(case, programmes[case.programme], held.get(case.pk, ()), sites, today, lang, query)
        for case in cases
    ]


def site_names(programmes: Iterable[str]) -> dict[tuple[str, str], str]:
    """The sites' names in the database, by programme and key."""
    found = Site.objects.filter(programme__in=set(programmes)).values_list("programme", "key", "name")
    return {(programme, key): name or key for programme, key, name in found}


def _held(cases: Sequence[Case], today: date) -> dict[str, list[tuple[str, str]]]:
    """The role and the name of everybody responsible today, by case."""
    now = Responsible.objects.filter(
        Q(until=None) | Q(until__gte=today), case__in=[case.pk for case in cases], since__lte=today
    )
    found = list(now.order_by("since", "role").values_list("case", "role", "worker"))
    names = dict(
        User.objects.filter(username__in={worker for *_, worker in found}).values_list("username", "name")
    )
    by_case: dict[str, list[tuple[str, str]]] = {}
    for case, role, worker in found:
        by_case.setdefault(case, []).append((role, names.get(worker) or worker))
    return by_case


def _row(
    case: Case,
    of: Programme,
    held: Sequence[tuple[str, str]],
    sites: Mapping[tuple[str, str], str],
    today: date,
    lang: Lang,
    query: str,
) -> Row:
    phase = of.phases.get(case.phase or "")
    order = {name: place for place, name in enumerate(of.roles)}
    in_order = sorted(held, key=lambda one: order.get(one[0], len(order)))
    known = {case.site: sites.get((case.programme, case.site), case.site)} if case.site else {}
    return Row(
        href=reverse("case", args=[case.public]) + query,
        name=case.person.name or case.person.public,
        age=age_on(case.person.birth_date, today),
        protected=case.person.protected,
        waiting=case.person.waiting,
        programme=of.title.in_(lang),
        service=value_title(of, "enrolled", "service", case.service, {}, lang) if case.service else "",
        site=site_title(of, case.site, lang, known) if case.site else "",
        state=case.state,
        phase=phase.title.in_(lang) if phase is not None else "",
        where=where_words(case, today, lang),
        last_held=case.last_held,
        next_planned=case.next_planned,
        responsible=tuple(
            (name, value_title(of, "assigned", "role", role, {}, lang)) for role, name in in_order
        ),
    )
