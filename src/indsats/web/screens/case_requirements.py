"""All requirements of one case and the phases it has been through, worked out from the person's facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from indsats.language import Lang, day
from indsats.programme import Programme
from indsats.steer import phase_runs, requirement_items

from ..models import Case
from ..record import record_of
from ..words import say
from .case_panels import State
from .case_words import value_title

_STATES: dict[str, State] = {
    "met": "met",
    "not_met": "missed",
    "not_answered": "overdue",
    "not_due": "later",
    "not_applicable": "not_applicable",
}


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a phase the citizen was or is in."""

    phase: str
    start: date
    end: date | None
    skipped: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A requirement in one run of its phase."""

    requirement: str
    title: str
    state: State
    state_words: str
    answer: str
    reason: str
    measured: str
    due: str


@dataclass(frozen=True, slots=True)
class Group:
    """The requirements of a phase; of the whole course where they name none."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """The phases and requirements of a case."""

    runs: list[Run]
    groups: list[Group]


def requirements_of(case: Case, programme: Programme, today: date, lang: Lang) -> WorkedOut:
    """Every requirement asked of the case as known today, by phase, and the runs of its phases, oldest first."""
    if not case.enrolment:
        return WorkedOut([], [])
    facts = record_of(case.programme, [case.person_id], sites=True).as_of()
    items = [
        one for one in requirement_items(facts, today).rows(named=True) if one["enrolment"] == case.enrolment
    ]
    runs = [one for one in phase_runs(facts, today).rows(named=True) if one["enrolment"] == case.enrolment]
    runs.sort(key=lambda one: (one["start"], list(programme.phases).index(one["phase"])))
    by_phase: dict[str | None, list[Row]] = {}
    for one in items:
        by_phase.setdefault(one["phase"], []).append(_row(one, programme, lang))
    order = [None, *programme.phases]
    return WorkedOut(
        [
            Run(programme.phases[one["phase"]].title.in_(lang), one["start"], one["end"], one["skipped"])
            for one in runs
        ],
        [Group(_phase(name, programme, lang), tuple(by_phase[name])) for name in order if name in by_phase],
    )


def _phase(name: str | None, programme: Programme, lang: Lang) -> str:
    return say("case.all.no_phase", lang) if name is None else programme.phases[name].title.in_(lang)


def _row(one: dict[str, Any], programme: Programme, lang: Lang) -> Row:
    def word(field: str, value: str | None) -> str:
        return value_title(programme, "requirement_answered", field, value, one, lang) if value else ""

    return Row(
        one["requirement"],
        programme.requirements[one["requirement"]].title.in_(lang),
        _STATES[one["state"]],
        say(f"case.requirement.{one['state']}", lang),
        word("answer", one["answered"]),
        word("reason", one["reason"]),
        say(f"case.requirement.{one['measured']}", lang) if one["measured"] else "",
        day(one["due"], lang) if one["due"] else "",
    )
