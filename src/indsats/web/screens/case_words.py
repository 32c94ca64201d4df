"""Facts in words: what one says in a line, what its fields are called, and what a thing that is due is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from hashlib import blake2b
from typing import Any

from indsats.language import Lang, day, inside, local, number
from indsats.programme import Programme, Text, field_in_words, value_in_words
from indsats.record import KINDS, payload_fields
from indsats.steer import QUEUES

from ..models import Fact, User
from ..words import say, words

ANSWER = "answer."
"""What a field with the answer to an item begins with."""

Names = Mapping[str, str]
"""What workers are called, by their ids in facts."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a fact says: a line, and what more there is of it as label and value.

    ``short`` are fields every programme has, ``own`` the programme's own and the answers to a questionnaire.
    """

    line: str
    short: tuple[tuple[str, str], ...] = ()
    own: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return " · ".join([self.line, *(f"{label}: {value}" for label, value in self.short)])


def said(fact: Fact, programme: Programme, lang: Lang, names: Names | None = None) -> str:
    """What a fact says, in one line: its headline and those of its fields that every programme has."""
    return str(told(fact, programme, lang, names))


def headline(fact: Fact, programme: Programme, lang: Lang, names: Names | None = None) -> str:
    """What a fact says at its shortest, for messages and links."""
    return told(fact, programme, lang, names).line


def told(fact: Fact, programme: Programme, lang: Lang, names: Names | None = None) -> Said:
    """What a fact says; ``names`` are the workers' names (their ids stand where a name is missing)."""
    shown = {
        name: field_value(programme, fact.kind, name, value, fact.payload, lang, names)
        for name, value in fact.payload.items()
        if not name.startswith(ANSWER)
    }
    line, used = _line(fact, shown, lang)
    short: list[tuple[str, str]] = []
    own: list[tuple[str, str]] = []
    common = (
        {"service", *(field.name for field in payload_fields(fact.kind))} if fact.kind in KINDS else set()
    )
    if fact.occurred_to is not None:
        short.append((label(programme, fact.kind, "occurred_to", lang), day(fact.occurred_to, lang)))
    long = {*KINDS[fact.kind].lists} if fact.kind in KINDS else set()
    for name, value in shown.items():
        if name not in used:
            beside = short if name in common - long else own
            beside.append((short_label(programme, fact.kind, name, lang), value))
    own += answers_told(fact, programme, lang)
    if any(name.startswith(ANSWER) for name in fact.payload):
        short.append((say("register.field.answers", lang), _counted(fact, programme, lang)))
    return Said(_capital(line), tuple(short), tuple(own))


@cache
def _common(kind: str) -> frozenset[str]:
    """The fields every programme has in a kind."""
    return frozenset({"service", *(field.name for field in payload_fields(kind))} if kind in KINDS else ())


Wanted = tuple[str, Mapping[str, Any]]
_HEADS: Mapping[str, tuple[Wanted, ...]] = {
    "visitation": (("visitation", {"group": ...}), ("visitation.none", {})),
    "enrolled": (("enrolled.service", {"service": ...}), ("enrolled", {})),
    "assigned": (("assigned.worker", {"worker": ..., "role": ...}), ("assigned", {"role": ...})),
    "plan": (("plan.goal", {"goal": ...}), ("plan", {})),
    "cv": (("cv.published", {"published": True}), ("cv", {"published": False})),
    "job_goal": (
        ("job_goal.both", {"level": ..., "occupation": ...}),
        ("job_goal.level", {"level": ...}),
        ("job_goal.occupation", {"occupation": ...}),
        ("job_goal", {}),
    ),
    "contact_attempt": (
        ("contact_attempt.reached", {"reached": True}),
        ("contact_attempt", {"reached": False}),
    ),
    "walk_in": (("walk_in.topic", {"topic": ...}), ("walk_in", {})),
    "agreement": (("agreement.with", {"type": ..., "counterpart": ...}), ("agreement", {"type": ...})),
    "placement": (("placement.at", {"type": ..., "employer": ...}), ("placement", {"type": ...})),
    "pause": (("pause.reason", {"reason": ...}), ("pause", {})),
    "event": (("event.value", {"event": ..., "value": ...}), ("event", {"event": ...})),
    "exit": (("exit.reason", {"reason": ...}), ("exit", {})),
}
"""The lines of a kind that has several, by the fields each needs (``...``: filled); the first that fits is said."""

_TITLES_INSIDE = {"role", "rater"}
"""Fields whose titles stand inside their line with a small letter."""


def _line(fact: Fact, shown: Mapping[str, str], lang: Lang) -> tuple[str, set[str]]:
    for key, wanted in _HEADS.get(fact.kind, ()):
        if all(
            name in fact.payload and (value is ... or fact.payload[name] == value)
            for name, value in wanted.items()
        ):
            return _filled(key, set(wanted), shown, lang)
    pattern = words().get(f"case.said.{fact.kind}")
    needed = set(re.findall(r"{(\w+)}", pattern.in_(lang))) if pattern is not None else set()
    if pattern is not None and fact.kind not in _HEADS and needed <= set(shown):
        return _filled(fact.kind, needed, shown, lang)
    return kind_title(fact.kind, lang), set()


def _filled(key: str, used: set[str], shown: Mapping[str, str], lang: Lang) -> tuple[str, set[str]]:
    said = {name: inside(shown[name]) if name in _TITLES_INSIDE else shown[name] for name in used}
    return say(f"case.said.{key}", lang, **said), used


def _capital(line: str) -> str:
    return line[:1].upper() + line[1:]


def kind_title(kind: str, lang: Lang) -> str:
    """What a kind of fact is called in menus and headings."""
    known = words().get(f"case.kind.{kind}")
    return known.in_(lang) if known is not None else kind


def label(programme: Programme, kind: str, name: str, lang: Lang) -> str:
    """What a field is called on a form: by our own words for it, by the title of its code list, or as in rules."""
    if name.startswith(ANSWER):
        item = name.removeprefix(ANSWER)
        asked = programme.questionnaires.values()
        title = next((one.all_items[item].title for one in asked if item in one.all_items), None)
        return title.in_(lang) if title is not None else item
    known = words()
    own = known.get(f"register.field.{kind}.{name}")
    if own is not None:
        return own.in_(lang)
    detail = programme.details(kind).get(name)
    if detail is not None:
        return detail.title.in_(lang)
    codes = programme.codes_for(f"{kind}.{name}")
    if codes is not None:
        return codes.title.in_(lang)
    common = known.get(f"register.field.{name}")
    return (
        common.in_(lang)
        if common is not None
        else _capital(bare(field_in_words(programme, kind, name, lang)))
    )


def short_label(programme: Programme, kind: str, name: str, lang: Lang) -> str:
    """What a field is called where its value stands beside it: a noun, not the question of the form."""
    detail = programme.details(kind).get(name)
    if detail is not None or name.startswith(ANSWER):
        return label(programme, kind, name, lang)
    return _capital(bare(field_in_words(programme, kind, name, lang)))


def field_value(
    programme: Programme,
    kind: str,
    name: str,
    value: Any,
    beside: Mapping[str, Any],
    lang: Lang,
    names: Names | None = None,
) -> str:
    """A value of a field in words; ``beside`` are the other fields of the fact, which say which list it is from."""
    if isinstance(value, bool):
        return say("case.yes" if value else "case.no", lang)
    if name.startswith(ANSWER):
        return _answer_told(programme, name.removeprefix(ANSWER), value, beside, lang)
    if isinstance(value, int | float):
        return plain_number(value, lang)
    value = str(value)
    if name == "worker":
        return names.get(value, value) if names else value
    detail = programme.details(kind).get(name)
    if detail is not None and detail.type == "date":
        return day(date.fromisoformat(value), lang)
    if kind in KINDS and name in KINDS[kind].lists:
        one_by_one = value.split(";")
        return ", ".join(value_title(programme, kind, name, one, beside, lang) for one in one_by_one)
    return value_title(programme, kind, name, value, beside, lang)


def value_title(
    programme: Programme, kind: str, name: str, value: str, beside: Mapping[str, Any], lang: Lang
) -> str:
    """What a value of a text field is called, without quotation marks."""
    titles = _titles_beside(programme, kind, name, beside)
    if value in titles:
        return titles[value].in_(lang)
    return bare(value_in_words(programme, kind, name, value, lang))


def _titles_beside(
    programme: Programme, kind: str, name: str, beside: Mapping[str, Any]
) -> Mapping[str, Text]:
    """Titles that depend on another field of the fact: outcomes of the event, arms of the draw, rounds, editions."""
    if (kind, name) == ("event", "value") and beside.get("event") in programme.events:
        return {key: one.title for key, one in programme.events[beside["event"]].values.items()}
    if (kind, name) == ("drawn", "arm") and beside.get("draw") in programme.draws:
        return {key: one.title for key, one in programme.draws[beside["draw"]].arms.items()}
    if name == "wave" and beside.get("questionnaire") in programme.questionnaires:
        asked = programme.questionnaires[beside["questionnaire"]]
        return {key: one.title for key, one in asked.waves.items()}
    if (kind, name) == ("requirement_answered", "reason"):
        codes = programme.codes_for("requirement_answered.reason")
        return {key: one.title for key, one in codes.values.items()} if codes is not None else {}
    return {}


def bare(words_: str) -> str:
    """A name without the quotation marks it has inside a sentence."""
    return words_.strip("»«“”")


def plain_number(value: float, lang: Lang) -> str:
    """A number with the decimals it has, two at most."""
    decimals = next((n for n in range(3) if round(value, n) == value), 2)
    return number(value, lang, decimals)


def site_title(programme: Programme, key: str, lang: Lang, known: Mapping[str, str] | None = None) -> str:
    """What a site is called: by the definition in the language, else by the table of sites."""
    site = programme.sites.get(key)
    if site is not None:
        return site.title.in_(lang)
    return (known or {}).get(key) or key


def answers_told(fact: Fact, programme: Programme, lang: Lang) -> list[tuple[str, str]]:
    """The answers of a fact about a questionnaire, item by item, as label and what was answered."""
    asked = programme.questionnaires.get(fact.payload.get("questionnaire") or "")
    if asked is None:
        return []
    given = {
        name.removeprefix(ANSWER): value for name, value in fact.payload.items() if name.startswith(ANSWER)
    }
    order = [item for item in asked.all_items if item in given]
    return [
        (
            asked.all_items[item].title.in_(lang),
            _answer_told(programme, item, given[item], fact.payload, lang),
        )
        for item in order
    ]


def _answer_told(programme: Programme, item: str, value: int, beside: Mapping[str, Any], lang: Lang) -> str:
    asked = programme.questionnaires.get(beside.get("questionnaire") or "")
    if asked is None or item not in asked.all_items:
        return str(value)
    for asking in (asked, *asked.earlier.values()):
        if value in asking.beside:
            return asking.beside[value].title.in_(lang)
        question = asking.items.get(item)
        title = (question.answers.get(value) if question else None) or asking.scale.labels.get(value)
        if title is not None:
            return f"{value}: {title.in_(lang)}"
    return str(value)


def _counted(fact: Fact, programme: Programme, lang: Lang) -> str:
    given = sum(name.startswith(ANSWER) for name in fact.payload)
    asked = programme.questionnaires.get(fact.payload.get("questionnaire") or "")
    return say("case.answered_of", lang, n=given, of=max(given, len(asked.items)) if asked else given)


def names_of(workers: Iterable[str | None]) -> dict[str, str]:
    """The names of workers by their ids in facts; one query."""
    wanted = {one for one in workers if one}
    found = User.objects.filter(username__in=wanted).values_list("username", "name")
    return {username: name or username for username, name in found}


def workers_in(facts: Iterable[Fact]) -> set[str]:
    """The ids of all who recorded the facts or are named in them."""
    found: set[str] = set()
    for fact in facts:
        found.add(fact.recorded_by)
        if isinstance(fact.payload.get("worker"), str):
            found.add(fact.payload["worker"])
    return found


def what_is_due(programme: Programme, queue: str, what: str, lang: Lang) -> str:
    """What an item of a queue is about: the title of the requirement, questionnaire, type …; else the queue's."""
    kinds: Mapping[str, tuple[tuple[str, str], ...]] = {
        "meetings_today": (("meeting", "type"),),
        "meetings_unanswered": (("meeting", "type"),),
        "no_show": (("meeting", "type"),),
        "minutes": (("meeting", "type"),),
        "agreements_ending": (("agreement", "type"), ("placement", "type")),
        "hours": (("hours", "type"),),
        "placement_follow_up": (("placement", "type"),),
    }
    parts: Mapping[str, Mapping[str, Any]] = {
        "requirements": programme.requirements,
        "measurements": programme.questionnaires,
        "meetings_late": programme.cadences,
    }
    if what in parts.get(queue, {}):
        return parts[queue][what].title.in_(lang)
    for kind, name in kinds.get(queue, ()):
        title = value_title(programme, kind, name, what, {}, lang)
        if what and title != what:
            return title
    if queue == "subgoals" and what:
        return what
    return QUEUES[queue].title.in_(lang) if queue in QUEUES else queue


_SAFE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,119}$")
_NUMBER = re.compile(r"(?<!\d)\d{6}[- ]?\d{4}(?!\d)|(?<!\d)\d{9}(?!\d)")


def fact_key(fact: str) -> str:
    """What a fact is called in addresses: its id, or a digest of one that an address should not carry."""
    if _SAFE.match(fact) and not _NUMBER.search(fact):
        return fact
    return "~" + blake2b(fact.encode(), digest_size=10).hexdigest()


def clock_time(at: datetime) -> str:
    """The time of day on a Danish clock: ``9.05``."""
    there = local(at)
    return f"{there.hour}.{there.minute:02}"
