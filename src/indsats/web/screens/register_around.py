"""What a form starts from: the day, the place, the people it offers, and what was written in the case before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db.models import Q

from indsats.language import Lang
from indsats.programme import Programme
from indsats.record import KINDS, payload_fields

from .. import clock
from ..models import Case, Fact, Responsible, Site, User
from ..rights import Reader, scope
from .case_facts import facts_of
from .case_words import site_title
from .forms import Around, Before, Option

_PLACED = ("visitation", "enrolled")
"""Kinds that say where the citizen is to be: on their forms the site is chosen."""
_ONE_LIST = (("activity", "subgoal_reviewed"),)
"""Kinds whose forms offer what was written in one another: a sub-goal is called the same in both."""
_SUGGESTED = 12
"""How many of the texts written before are offered."""


def around_of(reader: Reader, case: Case, programme: Programme, kind: str, lang: Lang) -> Around:
    """What the form of a kind in a case starts from; at most three questions to the database."""
    names = {one.name for one in payload_fields(kind)}
    functions = [
        one.function for one in reader.memberships if one.programme == case.programme and one.function
    ]
    return Around(
        enrolment=case.enrolment or None,
        service=case.service,
        site=case.site,
        today=clock.today(),
        worker=reader.name,
        workers=_workers(reader, case) if "worker" in names else (),
        sites=_sites(reader, case, programme, kind, lang) if kind in _PLACED else (),
        function=functions[0] if functions else None,
        before=cache(lambda: _before(reader, case, kind)),
    )


def _before(reader: Reader, case: Case, kind: str) -> Before:
    """What was written before in facts of the kind, and of those that share its words."""
    kinds = next((some for some in _ONE_LIST if kind in some), (kind,))
    facts = list(
        facts_of(reader, case)
        .filter(kind__in=kinds, replaced_at=None)
        .order_by("-occurred_from", "-recorded_at")[:60]
    )
    written: dict[str, tuple[str, ...]] = {}
    for one in payload_fields(kind):
        if one.type == "text":
            texts = dict.fromkeys(fact.payload[one.name] for fact in facts if fact.payload.get(one.name))
            written[one.name] = tuple(texts)[:_SUGGESTED]
    types = [fact.payload.get("type") for fact in facts if fact.payload.get("type")]
    return Before(written, types[0] if types else None, _answered(facts))


def _answered(before: Sequence[Fact]) -> frozenset[tuple[str, str, str]]:
    """Which rounds were answered, and by whom."""
    return frozenset(
        (one.payload.get("questionnaire", ""), one.payload.get("rater", ""), one.payload["wave"])
        for one in before
        if one.payload.get("wave")
    )


def _workers(reader: Reader, case: Case) -> tuple[Option, ...]:
    """The reader first, then who holds the case, then colleagues at the site, by name."""
    there = Q(memberships__programme=case.programme, is_active=True) & ~Q(memberships__role="citizen")
    at_site = Q(memberships__site=case.site) | Q(memberships__site=None)
    held = Responsible.objects.filter(case=case, until=None).values("worker")
    rows = (
        User.objects.filter((there & at_site) | Q(username__in=held) | Q(pk=reader.user.pk))
        .distinct()
        .values_list("username", "name")
    )
    named = sorted(
        ((key, name or key) for key, name in rows), key=lambda one: (one[0] != reader.name, one[1])
    )
    return tuple(named)


def _sites(reader: Reader, case: Case, programme: Programme, kind: str, lang: Lang) -> tuple[Option, ...]:
    """The sites the reader may register the kind at, and the case's own."""
    mine = scope(reader, Site, "register", kind).filter(programme=case.programme)
    rows = {key: name or key for key, name in mine.order_by("name", "key").values_list("key", "name")}
    if case.site:
        rows.setdefault(case.site, case.site)
    return tuple((key, site_title(programme, key, lang, rows)) for key in rows)


def defaults(
    kind: str, around: Around, programme: Programme, asked: Mapping[str, Any]
) -> dict[str, list[str]]:
    """What stands in the fields of a new form; ``asked`` are values an address brings, such as ``outcome``."""
    found = {"occurred_from": [around.today.isoformat()]}
    fields = {one.name for one in payload_fields(kind)}
    if around.site and kind in _PLACED:
        found["site"] = [around.site]
    if "worker" in fields and kind != "assigned":
        found["worker"] = [around.worker]
    if KINDS[kind].starts_ahead and "outcome" in fields:
        found["outcome"] = ["held"]
    if kind == "questionnaire_answered":
        found |= _who_and_when(around, programme, asked)
    for name in ("outcome",):
        if name in fields and asked.get(name):
            found[name] = [asked[name]]
    if found.get("outcome") == ["planned"]:
        found["occurred_from"] = []  # a day ahead: nobody can guess it
    return found


def _who_and_when(around: Around, programme: Programme, asked: Mapping[str, Any]) -> dict[str, list[str]]:
    """Who answers and which round: what an address asks for, else the reader's own role where it answers and the first
    round still open."""
    chosen = asked.get("what") or asked.get("chosen")
    known = [name for name, one in programme.questionnaires.items() if one.about == "person"]
    name = chosen if chosen in known else known[0] if len(known) == 1 else None
    if name is None:
        return {}
    one = programme.questionnaires[name]
    meant = [asked.get("rater"), around.function, one.raters[0] if len(one.raters) == 1 else None]
    rater = next((who for who in meant if who in one.raters), None)
    found = {"rater": [rater]} if rater else {}
    if asked.get("wave") in one.waves:
        return {**found, "wave": [asked["wave"]]}
    answered = {
        wave
        for which, who, wave in around.before().answered
        if which == name and who in (rater, rater or who)
    }
    wave = next((wave for wave in one.waves if wave not in answered), None)
    return {**found, "wave": [wave]} if wave else found
