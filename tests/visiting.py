"""A programme with open counselling beside that of the town: two sites, a caseworker, and people with a case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from indsats.library import definition_path
from indsats.programme import load

OF = "fremskudt-indsats"
SITE, OTHER = "sted-a", "sted-b"
WORKER = "vejleder"


def opened() -> Any:
    """Serve the programme; the caseworker at the first site, whose word is that of invented users, is returned."""
    from django.contrib.auth.hashers import make_password

    from indsats.web import clock
    from indsats.web.models import Membership, Served, Site, User
    from indsats.web.seed import PASSWORD

    definition = definition_path(OF)
    Served.objects.create(programme=OF, definition=str(definition), synthetic=True, since=clock.now())
    unit = next(iter(load(definition).units))
    for key in (SITE, OTHER):
        Site.objects.create(programme=OF, key=key, unit=unit, name=f"Sted {key[-1].upper()}")
    user = User.objects.create(username=WORKER, name="Vej Leder", password=make_password(PASSWORD))
    Membership.objects.create(user=user, role="caseworker", programme=OF, site=SITE)
    return user


def enrolled(name: str, number: str, site: str = SITE) -> Any:
    """Somebody with a case that has been under way for ninety days."""
    from indsats.web import clock
    from indsats.web.derive import project
    from indsats.web.models import Case, Person, PersonToken, folded
    from indsats.web.record import register

    person = Person.objects.create(number=number, name=name)
    PersonToken.objects.bulk_create(PersonToken(person=person, token=token) for token in folded(name))
    values = {"enrolment": f"e-{number}", "site": site, "occurred_from": clock.today() - timedelta(days=90)}
    service = next(iter(load(definition_path(OF)).services))
    register("me", OF, "enrolled", {**values, "service": service}, person=person)
    project([person.pk])
    return Case.objects.get(person=person)


def prepared() -> None:
    """In a process of its own: the programme, and somebody to find."""
    import django

    django.setup()
    opened()
    enrolled("Signe Åben", "012180-1119")
    enrolled("Signe Anden", "022180-1117")
