"""The cast of the tests of rights: a user for each role at one site, and cases inside and outside of what they may see.

What a role may do is worked out here a second time, straight from the table and by plain comparison: the tests hold the
server's own way, which is made of database conditions, against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse
from django.utils.html import escape

import town

KIND = "contact_attempt"
"""The kind of fact each case has one of, and that is registered, corrected and withdrawn."""
OTHER = "udvikling-i-fleksjob"
"""Another programme, with a case and nobody of the cast in it."""
NOWHERE = "findes-ikke-0000"
"""What no case, list or job is called."""
NAMED = re.compile(r"\bQz(\d+)z\b")
"""The name of a person of the town, with their key; a whole word, as a form's token may hold one by chance."""


@dataclass(frozen=True)
class Sample:
    """A case, and how it lies to the user: theirs, at their site, in their programme, of a shielded person."""

    name: str
    case: Any
    own: bool = False
    here: bool = False
    programme: bool = True
    shielded: bool = False
    myself: bool = False


@dataclass(frozen=True)
class Played:
    """Somebody who holds one role at one site, and the cases there are."""

    role: str
    user: Any
    site: str
    samples: tuple[Sample, ...]
    facts: Mapping[str, str] = field(default_factory=dict)
    letters: Mapping[str, str] = field(default_factory=dict)

    def sample(self, name: str) -> Sample:
        """A case by its name."""
        return next(one for one in self.samples if one.name == name)

    def may(self, action: str, kind: str, one: Sample | None = None) -> bool:
        """What the table says: to that kind of that case, or (None) anywhere at all."""
        from indsats.web.rights import RIGHTS

        held = [
            right for right in RIGHTS if (right.role, right.action, right.kind) == (self.role, action, kind)
        ]
        if one is None:
            return bool(held)
        reach = {"self": one.myself, "own": one.own, "site": one.here, "programme": one.programme}
        if not any(one.programme and reach[right.scope] for right in held):
            return False
        if one.shielded and action != "protected" and not one.myself:
            return self.may("protected", "case", one)
        return True


def made(role: str) -> Played:
    """The cast for a role. Every person of the town gets a name that is found again on a page."""
    from indsats.web.models import Case, Membership, Person, PersonToken, Responsible, Site, User, folded

    Person.objects.update(name=Concat(Value("Qz"), Cast("id", CharField()), Value("z Prøve")))
    PersonToken.objects.all().delete()
    PersonToken.objects.bulk_create(
        PersonToken(person=one, token=token) for one in Person.objects.all() for token in folded(one.name)
    )
    rows = Case.objects.filter(programme=town.PROGRAMME).exclude(enrolment="").order_by("public")
    chosen = [case for case in rows.select_related("person") if case.person.cases.count() == 1][:7]
    site, away = list(Site.objects.filter(programme=town.PROGRAMME).order_by("key"))[:2]
    here, there = [_moved(case, site) for case in chosen[:4]], [_moved(case, away) for case in chosen[4:]]
    site = site.key
    user = User.objects.create(username=f"cast-{role}", name=f"Prøve {role}")
    everywhere = role in ("evaluator", "administrator", "citizen")
    Membership.objects.create(
        user=user, role=role, programme=town.PROGRAMME, site=None if everywhere else site
    )
    samples = (
        Sample("own", here[0], own=True, here=True, myself=role == "citizen"),
        Sample("site", here[1], here=True),
        Sample("shielded", here[2], here=True, shielded=True),
        Sample("shielded own", here[3], own=True, here=True, shielded=True),
        Sample("away", there[0]),
        Sample("away own", there[1], own=True),
        Sample("shielded away", there[2], shielded=True),
        Sample("other programme", _elsewhere(site), programme=False),
    )
    for one in samples:
        if one.own:
            Responsible.objects.create(case=one.case, role="r", worker=user.username, since=one.case.start)
        if one.shielded:
            one.case.person.protected = True
            one.case.person.save(update_fields=["protected"])
    if role == "citizen":
        user.person = samples[0].case.person
        user.save()
    facts = {one.name: _fact(one.case) for one in samples}
    return Played(role, user, site, samples, facts, {one.name: _letter(one.case) for one in samples})


def _moved(case: Any, site: Any) -> Any:
    """The case at another site and under way, with what is due in it; a small town has few at each."""
    from indsats.web.models import Due

    case.site, case.unit, case.state, case.end = site.key, site.unit, "active", None
    case.save()
    Due.objects.filter(case=case).update(site=site.key)
    return case


def _elsewhere(site: str) -> Any:
    """A case of another programme, at a site of the same name."""
    from indsats.library import definition_path
    from indsats.web import clock
    from indsats.web.models import Case, Person, Served

    Served.objects.get_or_create(
        programme=OTHER,
        defaults={"definition": str(definition_path(OTHER)), "synthetic": True, "since": clock.now()},
    )
    person = Person.objects.create(number="012180-1111", name="Qz0z Andet")
    Person.objects.filter(pk=person.pk).update(name=f"Qz{person.pk}z Andet")
    return Case.objects.create(
        public="e" * 18, programme=OTHER, enrolment="andet-1", person=person, site=site, unit=site,
        start=clock.today(), state="active", computed_on=clock.today(),
    )  # fmt: skip


def _fact(case: Any) -> str:
    """A fact of the case, which it has and no list of what is due."""
    from indsats.web import clock
    from indsats.web.models import Fact

    fact = Fact.objects.create(
        programme=case.programme, fact=f"{KIND}-{case.public}", kind=KIND, programme_version=1, person=case.person,
        enrolment=case.enrolment, site=case.site, occurred_from=clock.today(), payload={"reached": True},
        recorded_at=clock.now(), recorded_by="prøve",
    )  # fmt: skip
    Fact.objects.create(
        programme=case.programme, fact=f"agreement-{case.public}", kind="agreement", programme_version=1,
        person=case.person, enrolment=case.enrolment, site=case.site, occurred_from=clock.today(),
        payload={"type": "arbejdsaftale"}, recorded_at=clock.now(), recorded_by="prøve",
    )  # fmt: skip
    return fact.fact


def _letter(case: Any) -> str:
    """A letter that was given in the case."""
    from indsats.web import clock
    from indsats.web.models import Letter

    letter = Letter.objects.create(
        person=case.person, programme=case.programme, case=case.public, report="min-plan", lang="da", form="pdf",
        title={"da": "Min plan", "en": "My plan"}, content=b"%PDF", digest="0" * 64, made=clock.now(), made_by="prøve",
    )  # fmt: skip
    return letter.public


@dataclass(frozen=True)
class Opened:
    """What came back from an address: ``asked`` says which."""

    name: str
    asked: str
    response: Any
    queries: int
    text: str

    @property
    def status(self) -> int:
        """The status of the answer."""
        return self.response.status_code

    @property
    def named(self) -> set[int]:
        """The keys of the persons whose names the page shows."""
        return {int(key) for key in NAMED.findall(self.text)}

    @property
    def plain(self) -> tuple[int, str, tuple[tuple[str, str], ...]]:
        """The answer without what is new in every answer: the form's token, and the address itself."""
        text = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]*"', r"\1", self.text)
        headers = tuple(
            sorted((name, value) for name, value in self.response.headers.items() if name != "Content-Length")
        )
        return self.status, text.replace(f'value="{escape(self.asked)}"', "ADDRESS"), headers


def opened(
    client: Client, name: str, data: Mapping[str, Any] | None = None, query: str = "", **kwargs: Any
) -> Opened:
    """Open an address; one that only takes forms is sent ``data``, or an empty form."""
    return sent(client, name, reverse(name, kwargs=kwargs) + query, data)


def sent(client: Client, name: str, address: str, data: Mapping[str, Any] | None = None) -> Opened:
    """Open an address that is written out."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        response = client.get(address) if data is None else client.post(address, data)
        if response.status_code == 405:
            response = client.post(address, data or {})
    text = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    return Opened(name, address, response, len(asked), text.decode("utf-8", "replace"))


def patterns() -> Iterator[tuple[str, URLPattern]]:
    """Every address of the server, by name."""
    from indsats.web import urls

    for one in urls.urlpatterns:
        assert isinstance(one, URLPattern), one
        assert one.name, f"the address {one.pattern} has no name"
        yield one.name, one


def screen_of(pattern: URLPattern) -> str:
    """What the table of screens calls the function behind an address."""
    return f"{pattern.callback.__module__}.{pattern.callback.__name__}"


def controller(role: str, site: str | None) -> Client:
    """Somebody who sees to control, signed in."""
    from indsats.web.models import Membership, User

    user = User.objects.create(username=f"kontrol-{role}-{site}", name="Kontrol")
    Membership.objects.create(user=user, role=role, programme=town.PROGRAMME, site=site)
    client = Client()
    client.force_login(user)
    return client
