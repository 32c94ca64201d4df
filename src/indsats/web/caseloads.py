"""How many cases each worker has now, weighted, and the most they may have: what assignment goes by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from indsats.programme import Programme

from . import clock
from .models import Case, Fact, Membership, Responsible, User

WEIGHTS: Mapping[str, float] = {"active": 1.0, "paused": 0.5, "upcoming": 0.25}
"""What a case weighs by its state: one that is paused takes half the work, one that has not begun a quarter. A decision
where the documents are silent; cases in other states weigh nothing."""

STAFF = ("caseworker", "job_broker", "company_consultant", "cti_worker", "coordinator")
"""The roles of the server whose holders have cases."""


@dataclass(frozen=True, slots=True)
class Load:
    """A worker's cases in a role. ``ceiling``: the most, weighted, they may have (None: none is set); ``typical``: what
    the definition has seen others have."""

    worker: str
    name: str
    role: str
    sites: tuple[str | None, ...]
    cases: int
    weighted: float
    ceiling: float | None
    typical: float | None = None
    active: bool = True

    @property
    def room(self) -> float | None:
        """How much more the worker may have; None without a ceiling."""
        return None if self.ceiling is None else self.ceiling - self.weighted

    @property
    def above(self) -> bool:
        """Whether they have more than they may."""
        return self.ceiling is not None and self.weighted > self.ceiling

    def fits(self, weight: float) -> bool:
        """Whether cases of that weight can be added."""
        return self.room is None or weight <= self.room + 1e-9


def now_responsible() -> Q:
    """The rows of ``Responsible`` that hold today."""
    day = clock.today()
    return Q(since__lte=day) & (Q(until=None) | Q(until__gte=day))


def staff(programme: str, sites: Collection[str] | None = None) -> QuerySet[Membership]:
    """The memberships of those who can have cases, at some sites or (None) all; who has all sites is among them."""
    found = Membership.objects.filter(programme=programme, role__in=STAFF, user__is_active=True)
    if sites is not None:
        found = found.filter(Q(site__in=sites) | Q(site=None))
    return found.select_related("user").order_by("user__name", "user__username")


def loads(
    of: Programme,
    role: str,
    sites: Collection[str] | None = None,
    known: Iterable[Membership] | None = None,
) -> list[Load]:
    """The workers who can be given ``role``, each with what they have now, those with most room first.

    They are those whose membership names the role, or no role at all, and whoever holds it for a case at ``sites``.
    Cases at other sites count too: a ceiling is a person's. ``known`` are the memberships ``staff`` gives, where they
    have been read already. Three to five queries.
    """
    members: dict[str, list[Membership]] = {}
    for one in staff(of.programme, sites) if known is None else known:
        if one.function in (None, role):
            members.setdefault(one.user.username, []).append(one)
    held = Responsible.objects.filter(now_responsible(), case__programme=of.programme, role=role)
    here = held if sites is None else held.filter(case__site__in=sites)
    workers = set(members) | set(here.values_list("worker", flat=True).distinct())
    counted = (
        held.filter(worker__in=workers, case__state__in=WEIGHTS)
        .values_list("worker", "case__state")
        .annotate(n=Count("case", distinct=True))
    )
    numbers: dict[str, dict[str, int]] = {}
    for worker, state, n in counted:
        numbers.setdefault(worker, {})[state] = n
    people = {one.user.username: one.user for held in members.values() for one in held}
    if unknown := workers - people.keys():
        people |= {one.username: one for one in User.objects.filter(username__in=unknown)}
    chosen = _chosen(of, role)
    found = [
        _load(of, role, worker, members.get(worker, []), numbers.get(worker, {}), people, chosen)
        for worker in workers
    ]
    return sorted(found, key=lambda one: (-_free(one), one.name, one.worker))


def _free(load: Load) -> float:
    """What the workers are ordered by: their room, or without a ceiling how little they have."""
    return -load.weighted if load.room is None else load.room


def load_of(of: Programme, role: str, worker: str) -> Load | None:
    """What one worker has; None for somebody who can have no cases in the programme."""
    return next((one for one in loads(of, role) if one.worker == worker), None)


def _load(
    of: Programme,
    role: str,
    worker: str,
    members: Iterable[Membership],
    numbers: Mapping[str, int],
    people: Mapping[str, User],
    chosen: Mapping[str, float],
) -> Load:
    members = list(members)
    own = [one.ceiling for one in members if one.ceiling is not None]
    user = people.get(worker)
    sites = tuple(dict.fromkeys(one.site for one in members))
    return Load(
        worker,
        user.name if user is not None and user.name else worker,
        role,
        sites,
        sum(numbers.values()),
        sum(WEIGHTS[state] * n for state, n in numbers.items()),
        max(own) if own else _ceiling(of, role, sites, chosen),
        next((one.typical for one in of.caseloads.values() if one.role == role), None),
        user is not None and user.is_active,
    )


def _ceiling(
    of: Programme, role: str, sites: Collection[str | None], chosen: Mapping[str, float]
) -> float | None:
    """The programme's ceiling for a role, as ``steer.caseload`` has it: the number, or the setting of the site."""
    for asked in of.caseloads.values():
        if asked.role != role:
            continue
        if asked.setting is not None:
            here = (chosen[site] for site in sites if site is not None and site in chosen)
            return max(here, default=of.settings[asked.setting].value)
        if asked.most is not None:
            return asked.most
    return None


def ceiling_of(of: Programme, role: str, members: Iterable[Membership]) -> float | None:
    """The most, weighted, somebody with these memberships may have in a role; None where no ceiling is set."""
    members = list(members)
    own = [one.ceiling for one in members if one.ceiling is not None]
    return max(own) if own else _ceiling(of, role, {one.site for one in members}, _chosen(of, role))


def _chosen(of: Programme, role: str) -> dict[str, float]:
    """What sites have chosen as the ceiling of a role, by site, where it is a setting of theirs."""
    names = {one.setting for one in of.caseloads.values() if one.role == role and one.setting is not None}
    if not names:
        return {}
    rows = Fact.objects.filter(
        programme=of.programme,
        kind="site_setting",
        person=None,
        replaced_at=None,
        occurred_from__lte=clock.today(),
    )
    found: dict[str, float] = {}
    for site, said in rows.order_by("occurred_from", "pk").values_list("site", "payload"):
        if said.get("setting") in names and site is not None:
            found[site] = float(said["value"])
    return found


def weight_of(case: Case) -> float:
    """What a case weighs now."""
    return WEIGHTS.get(case.state, 0.0)


@dataclass(frozen=True, slots=True)
class Spread:
    """Who gets which case (case to worker), and the cases nobody has room for."""

    given: Mapping[str, str]
    left: tuple[str, ...]


def spread(cases: Iterable[tuple[str, float]], to: Iterable[Load], *, beyond: bool = False) -> Spread:
    """Cases (key and weight) given one by one, the heaviest first, to whoever then has least of what they may have.

    Nobody is given more than their ceiling unless ``beyond``. Who has no ceiling is measured against the largest there
    is, or all by weight alone where nobody has one. The same cases and workers always give the same answer.
    """
    takers = list(to)
    most = max((one.ceiling for one in takers if one.ceiling), default=1.0)
    has = {one.worker: one.weighted for one in takers}
    given: dict[str, str] = {}
    left: list[str] = []
    for case, weight in sorted(cases, key=lambda one: (-one[1], one[0])):
        able = [
            one
            for one in takers
            if beyond or one.ceiling is None or has[one.worker] + weight <= one.ceiling + 1e-9
        ]
        if not able:
            left.append(case)
            continue
        taker = min(able, key=lambda one: (has[one.worker] / (one.ceiling or most), one.worker))
        has[taker.worker] += weight
        given[case] = taker.worker
    return Spread(given, tuple(left))


def responsible_on(cases: QuerySet[Case], day: date, worker: str | None = None) -> QuerySet[Responsible]:
    """Who was responsible for cases on a day, in the order of roles; for one ``worker`` only when named."""
    found = Responsible.objects.filter(case__in=cases, since__lte=day).filter(
        Q(until=None) | Q(until__gte=day)
    )
    if worker is not None:
        found = found.filter(worker=worker)
    return found.select_related("case", "case__person").order_by(
        "case__person__name", "case", "role", "since"
    )
