"""The sub-goals of a plan: how far each is, what the last review said, and the activities that lead to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from indsats.language import Lang
from indsats.programme import Programme

from ..models import Due, Fact
from ..words import say
from .case_facts import History, current
from .case_panels import State, when_due
from .case_words import fact_key, label, plain_number, value_title

_STATES: Final[Mapping[str, State]] = {
    "reached": "met",
    "under_way": "active",
    "not_started": "upcoming",
    "dropped": "not_applicable",
}
_ASKED: Final = ("activities_work", "adjust", "other_activities")
"""What a review asks beside how far the sub-goal is (document 003 L890)."""
_TROUBLE: Final = {"activities_work": False, "adjust": True, "other_activities": True}
"""The answer to each that asks for something to be done."""


@dataclass(frozen=True, slots=True)
class Activity:
    """What is done for a sub-goal; ``key`` leads to its form where the reader may correct it."""

    title: str
    purpose: str
    by: str
    first: date
    last: date | None
    hours: str
    status: str
    state: State
    key: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a review, what was answered, and whether the answer asks for something to be done."""

    question: str
    answer: str
    trouble: bool


@dataclass(frozen=True, slots=True)
class Subgoal:
    """A sub-goal, with the fact its forms take it from (``source``)."""

    title: str
    status: str
    state: State
    open: bool
    reviewed: date | None
    reviews: int
    answers: tuple[Asked, ...]
    due: str
    due_state: State
    activities: tuple[Activity, ...]
    source: str


def subgoals_of(
    known: Sequence[History],
    due: Mapping[str, Due],
    programme: Programme,
    today: date,
    lang: Lang,
    correctable: Collection[str],
) -> list[Subgoal]:
    """Every sub-goal that was reviewed or has an activity: what is open before what is over, then as they came up.

    ``due`` are the reviews that are due, by sub-goal.
    """
    reviews: dict[str, list[Fact]] = {}
    activities: dict[str, list[Fact]] = {}
    for kind, found in (("subgoal_reviewed", reviews), ("activity", activities)):
        for fact in current(known, kind):
            found.setdefault(fact.payload["subgoal"], []).append(fact)
    names = {**dict.fromkeys(activities), **dict.fromkeys(reviews)}
    told = [
        _subgoal(name, reviews.get(name, []), activities.get(name, []), due.get(name), programme, today, lang,
                 correctable)
        for name in names
    ]  # fmt: skip
    begun = {
        name: min(one.occurred_from for one in (*reviews.get(name, ()), *activities.get(name, ())))
        for name in names
    }
    order = sorted(zip(names, told, strict=True), key=lambda one: (not one[1].open, begun[one[0]], one[0]))
    return [one for _, one in order]


def _subgoal(
    name: str,
    reviews: Sequence[Fact],
    activities: Sequence[Fact],
    due: Due | None,
    programme: Programme,
    today: date,
    lang: Lang,
    correctable: Collection[str],
) -> Subgoal:
    last = reviews[0] if reviews else None
    status = last.payload["status"] if last else ""
    open_ = status not in ("reached", "dropped")
    when, state = when_due(due.opens, due.due, today, lang) if due else ("", "later")
    return Subgoal(
        value_title(programme, "subgoal_reviewed", "subgoal", name, {}, lang),
        value_title(programme, "subgoal_reviewed", "status", status, {}, lang)
        if status
        else say("plan.subgoal.unreviewed", lang),
        _STATES.get(status, "not_applicable"),
        open_,
        last.occurred_from if last else None,
        len(reviews),
        _answers(last, programme, lang, open_=open_) if last else (),
        when,
        state,
        tuple(_activity(one, programme, lang, correctable) for one in reversed(activities)),
        fact_key((last or activities[0]).fact),
    )


def _answers(review: Fact, programme: Programme, lang: Lang, *, open_: bool) -> tuple[Asked, ...]:
    """What was answered; of a sub-goal that is over nothing asks to be followed up."""
    return tuple(
        Asked(
            label(programme, "subgoal_reviewed", name, lang),
            say("plan.yes" if review.payload[name] else "plan.no", lang),
            open_ and review.payload[name] is _TROUBLE[name],
        )
        for name in _ASKED
        if review.payload.get(name) is not None
    )


def _activity(fact: Fact, programme: Programme, lang: Lang, correctable: Collection[str]) -> Activity:
    said = fact.payload
    hours = said.get("hours_per_week")
    states: Mapping[str, State] = {"done": "met", "under_way": "active", "planned": "upcoming"}
    return Activity(
        value_title(programme, "activity", "activity", said["activity"], said, lang),
        said.get("purpose") or "",
        value_title(programme, "activity", "by", said["by"], said, lang) if said.get("by") else "",
        fact.occurred_from,
        fact.occurred_to,
        "" if hours is None else plain_number(hours, lang),
        value_title(programme, "activity", "status", said["status"], said, lang),
        states.get(said["status"], "not_applicable"),
        fact_key(fact.fact) if "activity" in correctable else None,
    )
