"""Giving and ending a role: what may be asked for, what is wrong with it, and the note that is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from indsats.language import Lang
from indsats.programme import Programme

from .. import clock
from ..models import Membership, Person, RoleChange, Site, User
from ..programmes import served
from ..record.numbers import forms
from ..rights import ROLES, Reader, rights
from ..words import say
from .case_words import site_title, value_title

EVERYWHERE = ("evaluator", "administrator", "citizen")
"""Roles that are held in all of a programme, never at a site."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The role an administrator wants to give. ``site`` and ``function`` are empty where none is said."""

    role: str
    programme: str
    site: str
    function: str
    ceiling: str


@dataclass
class NotSo(Exception):
    """The role cannot be given; the errors by field."""

    errors: dict[str, str]


def programmes_of(reader: Reader) -> dict[str, Programme]:
    """The programmes in which the reader gives roles."""
    mine = {one.programme for one, _ in rights(reader, "administer", "users")}
    return {name: of for name, of in served().items() if name in mine}


def sites_of(reader: Reader) -> dict[tuple[str, str], str]:
    """The names of the sites of those programmes, by programme and key."""
    mine = {one.programme for one, _ in rights(reader, "administer", "users")}
    rows = (
        Site.objects.filter(programme__in=mine)
        .order_by("name", "key")
        .values_list("programme", "key", "name")
    )
    return {(programme, key): name or key for programme, key, name in rows}


def read_asked(reader: Reader, said: Mapping[str, str]) -> Asked:
    """What a form or an address says; the first programme where it says none of the reader's."""
    known = programmes_of(reader)
    programme = said.get("programme", "")
    if programme not in known:
        programme = next(iter(known), "")
    return Asked(
        said.get("role", ""),
        programme,
        said.get("site", ""),
        said.get("function", ""),
        said.get("ceiling", "").strip(),
    )


def give(reader: Reader, user: User, asked: Asked, number: str, lang: Lang) -> None:
    """Give the role, and keep a note of it. Raises ``NotSo``; a role that is held already is not given again."""
    of = programmes_of(reader).get(asked.programme)
    errors: dict[str, str] = {}
    if of is None:
        raise NotSo({"programme": say("control.give.programme.wrong", lang)})
    if asked.role not in ROLES:
        errors["role"] = say("control.give.role.wrong", lang)
    if asked.site and (asked.programme, asked.site) not in sites_of(reader):
        errors["site"] = say("control.give.site.wrong", lang)
    if asked.site and asked.role in EVERYWHERE:
        errors["site"] = say("control.give.site.none", lang)
    if asked.function and asked.function not in of.roles:
        errors["function"] = say("control.give.function.wrong", lang)
    ceiling = _ceiling(asked.ceiling)
    if ceiling is not None and not 0 < ceiling <= 10_000:
        errors["ceiling"] = say("control.give.ceiling.wrong", lang)
    person = _person(user, number) if asked.role == "citizen" else None
    if asked.role == "citizen" and person is None:
        errors["number"] = say("control.give.number.wrong", lang)
    if errors:
        raise NotSo(errors)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # the same role given twice at once is one role
        wanted = {
            "role": asked.role, "programme": asked.programme, "site": asked.site or None,
            "function": asked.function or None,
        }  # fmt: skip
        if Membership.objects.filter(user=user, **wanted).exists():
            raise NotSo({"role": say("control.give.already", lang)})
        Membership.objects.create(user=user, ceiling=ceiling, **wanted)
        if person is not None:
            User.objects.filter(pk=user.pk).update(person=person)
        note(reader, user, "given", **wanted)


def end(reader: Reader, held: Membership) -> None:
    """End a role, and keep a note of it."""
    with transaction.atomic():
        gone, _ = Membership.objects.filter(pk=held.pk).delete()
        if gone:
            note(
                reader, held.user, "ended", role=held.role, programme=held.programme, site=held.site,
                function=held.function,
            )  # fmt: skip


def note(reader: Reader, user: User, what: str, **where: str | None) -> None:
    """Keep a note of a change of what somebody may do."""
    RoleChange.objects.create(at=clock.now(), by=reader.name, user=user, what=what, **where)


def _ceiling(said: str) -> float | None:
    """The most cases; below 0 for what is no number."""
    if not said:
        return None
    try:
        return float(said.replace(",", "."))
    except ValueError:
        return -1.0


def _person(user: User, number: str) -> Person | None:
    """The person a citizen's user is about; one who has been linked to another person stays so."""
    if not number:
        return user.person
    found = Person.objects.filter(number__in=forms(number)).first()
    found = found.merged_into or found if found is not None else None
    return found if user.person_id in (None, found.pk if found else None) else None


def ask_fields(
    reader: Reader, asked: Asked, errors: Mapping[str, str], sites: Mapping[tuple[str, str], str], lang: Lang
) -> list[dict[str, Any]]:
    """The fields of the form that gives a role; sites and functions are those of the programme."""
    known = programmes_of(reader)
    of = known.get(asked.programme)
    here = [
        (key, site_title(of, key, lang, {key: name}) if of else name)
        for (programme, key), name in sites.items()
        if programme == asked.programme
    ]
    functions = (
        [(name, value_title(of, "assigned", "role", name, {}, lang)) for name in of.roles] if of else []
    )
    made: list[dict[str, Any]] = [
        {
            "name": "role", "kind": "select", "value": asked.role,
            "options": [(name, role.title.in_(lang)) for name, role in ROLES.items()],
        },
        {
            "name": "site", "kind": "select", "value": asked.site, "required": False,
            "options": sorted(here, key=lambda one: one[1]), "empty": say("account.everywhere", lang).capitalize(),
        },
        {
            "name": "function", "kind": "select", "value": asked.function, "required": False, "options": functions,
            "empty": say("control.give.function.none", lang),
        },
        {"name": "ceiling", "kind": "number", "value": asked.ceiling, "required": False, "width": "short"},
        {"name": "number", "value": "", "required": False, "width": "medium", "attrs": {"autocomplete": "off"}},
    ]  # fmt: skip
    for field in made:
        field["label"] = say(f"control.give.{field['name']}", lang)
        field["error"] = errors.get(field["name"], "")
        if field["name"] in ("function", "ceiling", "number"):
            field["hint"] = say(f"control.give.{field['name']}.hint", lang)
    return made
