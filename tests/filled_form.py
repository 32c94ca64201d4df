"""A form of the server read as a browser without scripts reads it, and a case to fill one in for."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser
from typing import Any

from indsats.library import definition_path
from indsats.programme import load


class Fields(HTMLParser):
    """The controls of the form with id ``fill``, as a browser without scripts would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inside = False
        self.values: dict[str, list[str]] = {}
        self.choices: dict[str, list[str]] = {}
        self.required: set[str] = set()
        self.kinds: dict[str, str] = {}
        self._select: str | None = None
        self._area: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value if value is not None else "" for name, value in attrs}
        if tag == "form":
            self.inside = said.get("id") == "fill"
        if not self.inside:
            return
        name = said.get("name", "")
        if name and "required" in said:
            self.required.add(name)
        if tag == "input" and name:
            self.kinds[name] = said.get("type", "text")
            if said.get("type") in ("radio", "checkbox"):
                self.choices.setdefault(name, []).append(said.get("value", ""))
                if "checked" in said:
                    self.values.setdefault(name, []).append(said.get("value", ""))
            else:
                self.values.setdefault(name, []).append(said.get("value", ""))
        if tag == "select":
            self._select = name
            self.kinds[name] = "select"
            self.choices.setdefault(name, [])
        if tag == "option" and self._select:
            self.choices[self._select].append(said.get("value", ""))
            if "selected" in said:
                self.values.setdefault(self._select, []).append(said.get("value", ""))
        if tag == "textarea":
            self._area = name
            self.kinds[name] = "textarea"
            self.values.setdefault(name, [""])

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] = [self.values[self._area][0] + data]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "select":
            self._select = None
        if tag == "textarea":
            self._area = None


def serve(programme: str, site: str | None = None) -> Any:
    """A programme on the server, with one person enrolled in it and a coordinator who may do all; gives the case."""
    from indsats.web import clock
    from indsats.web.derive import project
    from indsats.web.models import Case, Membership, Person, Served, Site, User
    from indsats.web.record import register

    definition = load(definition_path(programme))
    Served.objects.get_or_create(
        programme=programme,
        defaults={"definition": str(definition_path(programme)), "synthetic": True, "since": clock.now()},
    )
    here = Site.objects.filter(programme=programme).first()
    if here is None:
        units = list(definition.units) or ["all"]
        here = Site.objects.create(programme=programme, key="here", unit=units[0], name="Her")
    user = User.objects.create(username=f"prøve-{programme}", name="Prøve Prøvesen")
    Membership.objects.create(user=user, role="coordinator", programme=programme, site=None)
    person = Person.objects.create(number="0131800001", name="Vera Kvist", birth_date=date(1980, 1, 1))
    service = next(iter(definition.services), None)
    register(
        user.username,
        programme,
        "enrolled",
        {
            "enrolment": f"e-{programme}",
            "service": service,
            "site": here.key,
            "occurred_from": date(2019, 3, 4).isoformat(),
        },
        person=person,
    )
    project([person.pk])
    return Case.objects.select_related("person").get(programme=programme, person=person)
