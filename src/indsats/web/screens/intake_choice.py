"""What the pages of intake are about: programme and site, what can be chosen, and refusals in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest

from indsats.language import Lang
from indsats.problem import Problem
from indsats.programme import Programme, allowed_values, value_in_words

from ..models import Site
from ..programmes import served
from ..rights import Reader, rights, scope
from ..rights.table import Action
from ..words import has, say
from ..words.intake_problems import problem_said
from .case_words import bare, site_title, value_title

Field = dict[str, Any]
"""A field as ``components/field.html`` takes it."""


@dataclass(frozen=True, slots=True)
class Place:
    """The programme of a page and the reader's sites in it; ``site`` is the one chosen, None for all of them.

    ``everywhere`` says whether the reader has the right at all sites of the programme.
    """

    of: Programme
    programmes: tuple[str, ...]
    sites: tuple[Site, ...]
    site: str | None
    everywhere: bool

    @property
    def keys(self) -> list[str]:
        """The sites the page is about."""
        return [self.site] if self.site is not None else [one.key for one in self.sites]

    def query(self, **more: str | None) -> str:
        """The choice as the query of an address."""
        told = {"programme": self.of.programme, "sted": self.site, **more}
        return "?" + urlencode({key: value for key, value in told.items() if value})

    def name(self, key: str | None, lang: Lang) -> str:
        """What a site is called."""
        known = {one.key: one.name or "" for one in self.sites}
        return site_title(self.of, key, lang, known) if key else ""


def place(
    request: HttpRequest,
    reader: Reader,
    action: Action,
    kind: str,
    programme: str = "",
    site: str | None = None,
) -> Place:
    """What the query or the form asks for, as far as the reader may; Http404 where there is nothing for them.

    ``programme`` and ``site`` are what is meant where nothing is asked for, if the reader may there.
    """
    said = request.GET if request.method == "GET" else request.POST
    held = rights(reader, action, kind)
    every = served()
    known = tuple(name for name in every if name in {one.programme for one, _ in held})
    name = said.get("programme") or (programme if programme in known else next(iter(known), ""))
    if name not in known:
        raise Http404
    sites = tuple(scope(reader, Site, action, kind).filter(programme=name).order_by("name", "key"))
    keys = {one.key for one in sites}
    meant = site if site in keys else sites[0].key if len(sites) == 1 else None
    site = said.get("sted") or (meant if request.method == "GET" and "sted" not in said else None)
    if site is None and len(sites) == 1:
        site = sites[0].key
    if site is not None and site not in keys:
        raise Http404
    everywhere = any(
        one.programme == name and (one.site is None or right.scope == "programme") for one, right in held
    )
    return Place(every[name], known, sites, site, everywhere)


def choosing(at: Place, lang: Lang, *, all_sites: str | None = "intake.all_sites") -> list[Field]:
    """The fields that choose programme and site; one with a single answer is left out.

    ``all_sites`` is the key of what no site is called; None where one must be chosen.
    """
    fields = []
    if len(at.programmes) > 1:
        every = served()
        options = [(name, every[name].title.in_(lang)) for name in at.programmes]
        fields.append(select("programme", "intake.programme", options, at.of.programme, lang))
    if len(at.sites) > 1:
        fields.append(site_field(at, lang, all_sites))
    return fields


def site_field(at: Place, lang: Lang, all_sites: str | None = None) -> Field:
    """The field that chooses a site."""
    options = [(one.key, at.name(one.key, lang)) for one in at.sites]
    if all_sites is not None:
        options = [("", say(all_sites, lang)), *options]
    found = select("sted", "intake.site", options, at.site or "", lang)
    return {**found, "empty": None if all_sites is None else "", "required": all_sites is None}


def select(name: str, label: str, options: Sequence[tuple[str, str]], value: str | None, lang: Lang) -> Field:
    """A list to choose one from; ``label`` is a key."""
    return {
        "name": name,
        "label": say(label, lang),
        "kind": "select",
        "options": list(options),
        "value": value or "",
        "empty": "",
    }


def options_of(of: Programme, kind: str, name: str, lang: Lang) -> list[tuple[str, str]]:
    """What a field of a kind can be, by the definition, each with its title; none where any text will do."""
    values = allowed_values(of, kind, name) or ()
    titles = [(value, value_title(of, kind, name, value, {}, lang)) for value in values]
    return [(value, title[:1].upper() + title[1:]) for value, title in titles]


def group_title(of: Programme, group: str | None, lang: Lang) -> str:
    """What a target group is called."""
    if group is None:
        return say("intake.no_group", lang)
    title = value_title(of, "visitation", "group", group, {}, lang)
    return title[:1].upper() + title[1:]


def level_title(of: Programme, field: str, value: str | None, lang: Lang) -> str:
    """What a value of a person's field is called."""
    if value is None:
        return say("intake.level.none", lang)
    key = f"intake.level.{value}"
    return say(key, lang) if has(key) else bare(value_in_words(of, "person", field, value, lang))


def told(what: str, remedy: str, of: Programme, lang: Lang) -> str:
    """One problem in the reader's language; a rule of the programme has its own words."""
    for rule in of.entry_rules.values():
        if rule.say.en == what:
            return rule.say.in_(lang)
    return problem_said(what, remedy, lang)


def refused(problems: Iterable[Problem], of: Programme, lang: Lang) -> list[str]:
    """Problems as lines; those of our own functions name the key of their words in ``field``."""
    lines = []
    for one in problems:
        key = f"intake.{one.field}"
        lines.append(say(key, lang) if has(key) else told(one.what, one.remedy, of, lang))
    return list(dict.fromkeys(lines))


def errors_of(errors: Mapping[str, str], fields: Iterable[Field] = ()) -> list[Any]:
    """The lines of the list of errors: those of fields lead to them, the rest stand alone."""
    shown = {str(field["name"]): field for field in fields}
    alone = [text for name, text in errors.items() if name not in shown]
    return [*alone, *(field for name, field in shown.items() if name in errors)]
