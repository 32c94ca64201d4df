"""What stands around the timeline of a case: where it is, who has it, what is due, requirements and measurements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import urlencode

from django.urls import reverse

from indsats.language import Lang, day, inside
from indsats.programme import Programme

from ..models import Case, Due, Fact, Responsible
from ..rights import Action
from ..words import say
from .case_facts import History, current
from .case_words import ANSWER, Names, fact_key, site_title, value_title, what_is_due

State = Literal[
    "met", "near", "missed", "not_applicable", "overdue", "today", "soon", "later", "upcoming", "active"
]
"""How a state is drawn (a name of ``parts.STATES``); its words say the same."""

SOON_DAYS = 14
"""A deadline so many days ahead, or fewer, is soon."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds or held a role for the case."""

    name: str
    role: str
    since: date
    until: date | None
    external: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """Something to be done, with the address of the form that does it."""

    queue: str
    what: str
    when: str
    state: State
    whose: str
    href: str | None
    opens: date


@dataclass(frozen=True, slots=True)
class Answer:
    """An answered requirement."""

    title: str
    answer: str
    state: State
    reason: str
    day: date
    key: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One question of a questionnaire: the last answer, in short and in words, and the one before it."""

    title: str
    now: str
    now_words: str
    before: str
    moved: Literal["forward", "back", "same", ""]


@dataclass(frozen=True, slots=True)
class Measured:
    """The last answers to a questionnaire by those who answered it as last."""

    title: str
    day: date
    rater: str
    scale: str
    readings: tuple[Reading, ...]


def where_words(case: Case, today: date, lang: Lang) -> str:
    """Where the case stands, in words: under way since, on pause, ended …"""
    when = case.end if case.state == "ended" else case.start
    told = say(f"case.state.{case.state}", lang, day=day(when, lang) if when else "–")
    if case.state == "active" and case.start is not None:
        weeks = (today - case.start).days // 7 + 1
        told = f"{told} · {say('case.week', lang, n=weeks)}"
    return told


def age_on(born: date | None, today: date) -> int | None:
    """Whole years old; None where the day of birth is not known."""
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def phases(case: Case, programme: Programme, lang: Lang) -> list[dict[str, str]]:
    """The phases of the service the case is in, in the order of the definition, with the one it is in now."""
    of = [
        (name, one)
        for name, one in programme.phases.items()
        if case.enrolment and one.service in (None, case.service)
    ]
    return [
        {"title": one.title.in_(lang), "state": "now" if name == case.phase else "", "note": ""}
        for name, one in of
    ]


def holders(
    rows: Sequence[Responsible], programme: Programme, names: Names, today: date, lang: Lang
) -> tuple[list[Holder], list[Holder]]:
    """Who is responsible today, in the order of the roles in the definition, and who was before, the last first."""
    order = {name: place for place, name in enumerate(programme.roles)}

    def told(row: Responsible) -> Holder:
        role = programme.roles.get(row.role)
        return Holder(
            names.get(row.worker, row.worker),
            value_title(programme, "assigned", "role", row.role, {}, lang),
            row.since,
            row.until,
            role is not None and role.external,
        )

    now = [row for row in rows if row.since <= today and (row.until is None or row.until >= today)]
    before = [row for row in rows if row.until is not None and row.until < today]
    now.sort(key=lambda row: (order.get(row.role, len(order)), row.since))
    before.sort(key=lambda row: row.until or today, reverse=True)
    return [told(row) for row in now], [told(row) for row in before]


def due_items(
    rows: Iterable[Due],
    case: Case,
    programme: Programme,
    names: Names,
    today: date,
    lang: Lang,
    may: Mapping[Action, frozenset[str]],
) -> tuple[list[Item], list[Item]]:
    """What is to be done now, the most pressing first, and what comes later; ``may`` are the kinds the reader may
    register and correct here."""
    found = [_item(row, case, programme, names, today, lang, may) for row in rows]
    found.sort(key=lambda one: (one[0], one[1].opens))
    items = [one for _, one in found]
    return [one for one in items if one.opens <= today], [one for one in items if one.opens > today]


def _item(
    row: Due,
    case: Case,
    programme: Programme,
    names: Names,
    today: date,
    lang: Lang,
    may: Mapping[Action, frozenset[str]],
) -> tuple[date, Item]:
    when, state = when_due(row.opens, row.due, today, lang)
    title = what_is_due(programme, row.queue, row.what, lang)
    return row.due or date.max, Item(
        queue=row.queue,
        what=title,
        when=when,
        state=state,
        whose=names.get(row.worker, row.worker) if row.worker else "",
        href=action_of(row, case, may),
        opens=row.opens,
    )


def when_due(opens: date, due: date | None, today: date, lang: Lang) -> tuple[str, State]:
    """When something is due, in words, and how that is drawn."""
    if due is not None and due < today:
        return say("case.due.overdue", lang, day=day(due, lang)), "overdue"
    if due == today:
        return say("case.due.today", lang), "today"
    if due is not None:
        soon: State = "soon" if (due - today).days <= SOON_DAYS else "later"
        return say("case.due.soon", lang, day=day(due, lang)), soon
    if opens > today:
        return day(opens, lang), "later"
    return say("case.due.open", lang), "later"


DOES: Mapping[str, tuple[str, bool]] = {
    "no_next_step": ("meeting", False),
    "meetings_today": ("meeting", True),
    "meetings_to_move": ("meeting", True),
    "meetings_unanswered": ("meeting", True),
    "meetings_late": ("meeting", False),
    "no_show": ("contact_attempt", False),
    "measurements": ("questionnaire_answered", False),
    "requirements": ("requirement_answered", False),
    "agreements_ending": ("agreement", False),
    "minutes": ("meeting", True),
    "subgoals": ("subgoal_reviewed", False),
    "hours": ("hours", True),
    "placement_follow_up": ("meeting", False),
    "unassigned": ("assigned", False),
}
"""What does an item of a queue: the kind that is registered, or (true) whose fact is corrected."""


def action_of(row: Due, case: Case, may: Mapping[Action, frozenset[str]], **query: str) -> str | None:
    """The address of the form that does what is due, where the reader may use it; ``query`` goes with it."""
    kind, corrects = DOES.get(row.queue, ("", False))
    if corrects and row.fact:
        if kind not in may["correct"]:
            return None
        address = reverse("correct", args=[case.public, fact_key(row.fact)])
    else:
        if kind not in may["register"]:
            return None
        address = reverse("register", args=[case.public, kind])
        if row.queue in ("measurements", "requirements") and row.what:
            query = {"what": row.what, **query}
        if row.queue == "no_next_step":
            query = {"outcome": "planned", **query}
    return f"{address}?{urlencode(query)}" if query else address


def answered(known: Sequence[History], programme: Programme, lang: Lang) -> list[Answer]:
    """The last answer to each requirement, newest first."""
    found: dict[str, Fact] = {}
    for fact in current(known, "requirement_answered"):
        found.setdefault(fact.payload.get("requirement", ""), fact)
    states: Mapping[str, State] = {
        "yes": "met",
        "partly": "near",
        "no": "missed",
        "not_applicable": "not_applicable",
    }

    def word(fact: Fact, name: str) -> str:
        said = fact.payload.get(name)
        return value_title(programme, fact.kind, name, said, fact.payload, lang) if said else ""

    return [
        Answer(
            word(fact, "requirement"),
            word(fact, "answer"),
            states.get(fact.payload.get("answer", ""), "not_applicable"),
            word(fact, "reason"),
            fact.occurred_from,
            fact_key(fact.fact),
        )
        for fact in found.values()
    ]


def measured(known: Sequence[History], programme: Programme, lang: Lang) -> list[Measured]:
    """The last answers to each questionnaire and rater beside those before, in the order of the definition."""
    by: dict[tuple[str, str], list[Fact]] = {}
    for fact in current(known, "questionnaire_answered"):
        by.setdefault((fact.payload.get("questionnaire", ""), fact.payload.get("rater", "")), []).append(fact)
    order = {name: place for place, name in enumerate(programme.questionnaires)}
    return [
        _measured(facts, programme, lang)
        for (name, _), facts in sorted(
            by.items(), key=lambda one: (order.get(one[0][0], len(order)), one[0][1])
        )
        if name in programme.questionnaires
    ]


def _measured(facts: Sequence[Fact], programme: Programme, lang: Lang) -> Measured:
    now, before = facts[0], facts[1] if len(facts) > 1 else None
    name = now.payload["questionnaire"]
    asked = programme.questionnaires[name]
    scale = asked.scale
    readings = []
    for item, question in asked.all_items.items():
        key = ANSWER + item
        if key not in now.payload and (before is None or key not in before.payload):
            continue
        last, earlier = now.payload.get(key), before.payload.get(key) if before is not None else None
        on_scale = all(isinstance(one, int) and scale.low <= one <= scale.high for one in (last, earlier))
        moved: Literal["forward", "back", "same", ""] = ""
        if on_scale and scale.better != "neither" and last is not None and earlier is not None:
            better = (last - earlier) * (1 if scale.better == "higher" else -1)
            moved = "forward" if better > 0 else "back" if better < 0 else "same"
        readings.append(
            Reading(
                question.title.in_(lang),
                _point(last, asked, lang),
                say(f"case.measurements.{moved or 'same'}", lang, n=_point(last, asked, lang)),
                _point(earlier, asked, lang),
                moved,
            )
        )
    return Measured(
        asked.title.in_(lang),
        now.occurred_from,
        inside(value_title(programme, now.kind, "rater", now.payload.get("rater", ""), now.payload, lang)),
        say("case.measurements.scale", lang, low=scale.low, high=scale.high),
        tuple(readings),
    )


def _point(value: int | None, asked, lang: Lang) -> str:
    if value is None:
        return "–"
    beside = asked.beside.get(value)
    return beside.title.in_(lang) if beside is not None else str(value)


def spans(known: Sequence[History], kind: str, programme: Programme, lang: Lang) -> list[tuple[str, str]]:
    """Facts of a kind that run from and to, newest first: when, and why."""
    return [
        (
            say("case.span", lang, first=day(fact.occurred_from, lang), last=day(fact.occurred_to, lang))
            if fact.occurred_to
            else say("case.span.open", lang, first=day(fact.occurred_from, lang)),
            value_title(programme, kind, "reason", fact.payload["reason"], fact.payload, lang)
            if fact.payload.get("reason")
            else "",
        )
        for fact in current(known, kind)
    ]


def titles(case: Case, programme: Programme, sites: Mapping[str, str], lang: Lang) -> dict[str, str]:
    """What the case's service, site, group, phase and reason of exit are called; empty where it has none."""
    service = programme.services.get(case.service or "")
    phase = programme.phases.get(case.phase or "")
    group = programme.groups.get(case.group or "")
    return {
        "service": service.title.in_(lang) if service else case.service or "",
        "site": site_title(programme, case.site, lang, sites) if case.site else "",
        "group": group.title.in_(lang) if group else case.group or "",
        "phase": phase.title.in_(lang) if phase else case.phase or "",
        "exit": value_title(programme, "exit", "reason", case.exit_reason, {}, lang)
        if case.exit_reason
        else "",
    }
