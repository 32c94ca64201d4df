"""A municipality to walk in: invented names for simulated people, and a user for everybody who works with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b
from typing import get_args

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Count, Q

from indsats.problem import InputRefused, Problem
from indsats.programme import Programme

from . import clock
from .models import Fact, Membership, Person, PersonToken, Responsible, Served, Site, User, folded
from .programmes import programme as definition
from .record.loading import load_record
from .rights import RoleName

__all__ = ["PASSWORD", "invented_name", "load_record", "login_of_each_role", "people_and_users"]

PASSWORD = "kun-til-afproevning"  # noqa: S105 - invented people only; refused where anybody is real
"""The word every invented user signs in with."""

_FIRST = tuple(
    """
Anders Bodil Carim Dorte Emil Fatima Gunnar Hanne Ibrahim Jytte Karl Lone Mehmet Nina Otto Pia
Rasmus Sana Tove Ulla Viggo Yasmin Åse Ærik Bent Connie Dennis Elsebeth Finn Grethe Henning Inger
Jamal Kirsten Leif Merete Niels Ole Preben Rikke Svend Tina
""".split()  # noqa: SIM905 - names are read, not counted
)
_LAST = tuple(
    """
Andersen Bach Christensen Dam Eriksen Frandsen Gade Holm Iversen Juhl Kjær Lund Møller Nygaard Olsen
Poulsen Ravn Skov Thomsen Ustrup Vestergaard Winther Ørsted Ågaard Krogh Bjerre Friis Lauridsen
""".split()  # noqa: SIM905 - names are read, not counted
)


def _picked(of: tuple[str, ...], seed: str) -> str:
    return of[int.from_bytes(blake2b(seed.encode(), digest_size=4).digest(), "big") % len(of)]


def invented_name(seed: str) -> str:
    """A name for somebody who does not exist, the same for the same seed."""
    return f"{_picked(_FIRST, seed + 'f')} {_picked(_LAST, seed + 'l')}"


def people_and_users(programme: str) -> dict[RoleName, list[str]]:
    """Names for the persons of a simulated programme and users for those who work with them; gives each role's users.

    Every worker in the facts is a user; each site has a coordinator and a manager; there are a manager of all sites, an
    evaluator, an administrator and a citizen. The same names are given memberships in further programmes. Raises
    ``InputRefused`` where the programme's people are not invented.
    """
    if not Served.objects.filter(programme=programme, synthetic=True).exists():
        raise InputRefused(
            [
                Problem(
                    f"the people of '{programme}' are not invented, so none are given invented users",
                    "Create users one by one with 'indsats user add', or sign in as an administrator and create them.",
                )
            ]
        )
    with transaction.atomic():
        _names(programme)
        held = list(_held(definition(programme)))
        _users(programme, held)
    made: dict[RoleName, list[str]] = {}
    for name, role, *_ in held:
        made.setdefault(role, []).append(name)
    return made


def login_of_each_role() -> dict[RoleName, str]:
    """The user to try each role with: of those in programmes with invented people, who has most cases today."""
    invented = list(Served.objects.filter(synthetic=True).values_list("programme", flat=True))
    now = Q(until=None) | Q(until__gte=clock.today())
    cases = dict(
        Responsible.objects.filter(now, case__programme__in=invented, case__state="active")
        .values_list("worker")
        .annotate(Count("case", distinct=True))
    )
    found: dict[RoleName, str] = {}
    for role in get_args(RoleName):
        held = Membership.objects.filter(role=role, programme__in=invented, user__is_active=True)
        names = sorted(set(held.values_list("user__username", flat=True)))
        if names:
            found[role] = max(names, key=lambda name: (cases.get(name, 0), -names.index(name)))
    return found


def _names(programme: str) -> None:
    nameless = list(Person.objects.filter(name="", facts__programme=programme).distinct())
    for person in nameless:
        person.name = invented_name(person.number)
    Person.objects.bulk_update(nameless, ["name"], batch_size=500)
    PersonToken.objects.bulk_create(
        [
            PersonToken(person=one, token=token)
            for one in nameless
            for token in dict.fromkeys(folded(one.name))
        ],
        batch_size=2000,
    )


Held = tuple[str, RoleName, str | None, str | None]
"""A user's name, the role, the site (None: all) and the role of the programme's definition."""


def _held(of: Programme) -> Iterable[Held]:
    """Who holds which role where."""
    yield from _workers(of)
    for site in Site.objects.filter(programme=of.programme).order_by("key").values_list("key", flat=True):
        yield f"tovholder-{site}", "coordinator", site, None
        yield f"leder-{site}", "manager", site, None
    yield "leder", "manager", None, None
    yield "evaluator", "evaluator", None, None
    yield "administrator", "administrator", None, None
    yield "borger", "citizen", None, None


def _users(programme: str, held: list[Held]) -> None:
    word = make_password(PASSWORD)
    enrolled = Person.objects.filter(facts__programme=programme, facts__kind="enrolled").order_by("id")
    still = enrolled.exclude(facts__programme=programme, facts__kind="exit")
    met = still.filter(facts__programme=programme, facts__kind="meeting", facts__source="appointments")
    citizen = met.first() or still.first() or enrolled.first()
    there = set(User.objects.values_list("username", flat=True))
    new = {name: role for name, role, *_ in held if name not in there}
    User.objects.bulk_create(
        [
            User(
                username=name,
                name=citizen.name if citizen and role == "citizen" else invented_name("w" + name),
                password=word,
                person=citizen if role == "citizen" else None,
            )
            for name, role in new.items()
        ],
        batch_size=500,
    )
    keys = dict(User.objects.values_list("username", "id"))
    Membership.objects.bulk_create(
        [
            Membership(user_id=keys[name], role=role, programme=programme, site=site, function=function)
            for name, role, site, function in held
        ],
        batch_size=500,
        ignore_conflicts=True,
    )


def _workers(of: Programme) -> Iterable[Held]:
    """Each worker in the facts, in the role they are mostly assigned, at the site most of those cases are at.

    Every role of the server that has cases is somebody's: where the definition has none for it, a worker with many
    cases holds it.
    """
    roles: dict[str, Counter[str]] = {}
    sites: dict[str, Counter[str]] = {}
    rows = Fact.objects.filter(programme=of.programme, kind="assigned", replaced_at=None)
    for said, site in rows.values_list("payload", "site").iterator():
        worker = said.get("worker")
        if worker:
            roles.setdefault(worker, Counter())[said["role"]] += 1
            if site:
                sites.setdefault(worker, Counter())[site] += 1
    if not roles:
        return
    main = sum(roles.values(), Counter[str]()).most_common(1)[0][0]
    mostly = {worker: found.most_common(1)[0][0] for worker, found in sorted(roles.items())}
    held: dict[str, RoleName] = {name: _role_of(of, its, main) for name, its in mostly.items()}
    wanted: tuple[RoleName, ...] = ("caseworker", "job_broker", "company_consultant", "cti_worker")
    for role in wanted:
        spare = [name for name, its in held.items() if Counter(held.values())[its] > 1]
        if role not in held.values() and spare:
            held[max(spare, key=lambda name: roles[name].total())] = role
    for worker, role in held.items():
        yield worker, role, sites[worker].most_common(1)[0][0] if worker in sites else None, mostly[worker]


def _role_of(of: Programme, function: str, main: str) -> RoleName:
    """The role of the server for a role of a programme, as far as the definition and the facts tell them apart.

    The role most are assigned in has the case; somebody outside the municipality gives support; another role whose
    caseload is counted finds jobs; the rest have the case too.
    """
    role = of.roles.get(function)
    if function != main and role is not None and role.external:
        return "cti_worker"
    counted = {one.role for one in of.caseloads.values()}
    return "job_broker" if function != main and function in counted else "caseworker"
