"""A municipality to walk in: invented names for simulated people, and a user for everybody who works with them."""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b

from django.contrib.auth.hashers import make_password
from django.db import transaction

from indsats.problem import InputRefused, Problem
from indsats.programme import Programme

from .models import Fact, Membership, Person, PersonToken, Served, Site, User, folded
from .programmes import programme as definition
from .record.loading import load_record
from .rights import RoleName

__all__ = ["PASSWORD", "load_record", "people_and_users"]

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
    """Names for the persons of a simulated programme and a user for each worker in its facts, a coordinator and a
    manager for each site, and an evaluator, an administrator and a citizen; gives the users of each role.

    Raises ``InputRefused`` where the programme's people are not invented.
    """
    if not Served.objects.filter(programme=programme, synthetic=True).exists():
        raise InputRefused(
            [
                Problem(
                    f"the people of '{programme}' are not invented, so none are given invented users",
                    "Create users one by one, or sign in as an administrator and create them there.",
                )
            ]
        )
    with transaction.atomic():
        _names(programme)
        return _users(definition(programme))


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


def _users(of: Programme) -> dict[RoleName, list[str]]:
    word = make_password(PASSWORD)
    made: dict[RoleName, list[str]] = {}
    given: list[Membership] = []
    there = dict(User.objects.values_list("username", "id"))
    users: list[User] = []

    def user(
        name: str, role: RoleName, site: str | None, function: str | None = None, person: int | None = None
    ) -> None:
        if name not in there and all(one.username != name for one in users[-1:]):
            users.append(User(username=name, name=invented_name("w" + name), password=word, person_id=person))
        given.append(
            Membership(
                user=User(username=name), role=role, programme=of.programme, site=site, function=function
            )
        )
        made.setdefault(role, []).append(name)

    for name, (function, site) in sorted(_workers(of.programme).items()):
        user(name, _role_of(of, function), site, function)
    for site in Site.objects.filter(programme=of.programme).order_by("key").values_list("key", flat=True):
        user(f"tovholder-{site}", "coordinator", site)
        user(f"leder-{site}", "manager", site)
    user("leder", "manager", None)
    user("evaluator", "evaluator", None)
    user("administrator", "administrator", None)
    first = (
        Person.objects.filter(facts__programme=of.programme, facts__kind="enrolled").order_by("id").first()
    )
    if first is not None:
        user("borger", "citizen", None, person=first.pk)
    User.objects.bulk_create(users, batch_size=500, ignore_conflicts=True)
    keys = dict(User.objects.values_list("username", "id"))
    for one in given:
        one.user_id = keys[one.user.username]
    Membership.objects.bulk_create(given, batch_size=500, ignore_conflicts=True)
    return made


def _workers(programme: str) -> dict[str, tuple[str, str | None]]:
    """The role each worker is mostly assigned, and the site most of those cases are at."""
    roles: dict[str, Counter[str]] = {}
    sites: dict[str, Counter[str]] = {}
    rows = Fact.objects.filter(programme=programme, kind="assigned", replaced_at=None)
    for said, site in rows.values_list("payload", "site").iterator():
        worker = said.get("worker")
        if worker:
            roles.setdefault(worker, Counter())[said["role"]] += 1
            if site:
                sites.setdefault(worker, Counter())[site] += 1
    return {
        worker: (found.most_common(1)[0][0], sites[worker].most_common(1)[0][0] if worker in sites else None)
        for worker, found in roles.items()
    }


def _role_of(of: Programme, function: str) -> RoleName:
    """The role of the server for a role of a programme, as far as the definition tells them apart.

    Somebody outside the municipality gives support; a role whose caseload is counted finds jobs; the rest have the
    case.
    """
    role = of.roles.get(function)
    if role is not None and role.external:
        return "cti_worker"
    return "job_broker" if function in {one.role for one in of.caseloads.values()} else "caseworker"
