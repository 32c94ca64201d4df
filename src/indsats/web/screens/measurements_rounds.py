"""The rounds of a questionnaire in one case, and what was done about them beside an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import polars as pl

from indsats.language import Lang, inside
from indsats.programme import Programme
from indsats.record import Facts
from indsats.steer import OPEN, measurements_due

from ..models import Case
from ..words import say
from .case_words import value_title

_STATES: Mapping[str, str] = {
    "answered": "met",
    "declined": "not_applicable",
    "not_relevant": "not_applicable",
    "ended": "ended",
    "missed": "missed",
    "upcoming": "later",
    "due": "today",
    "late": "overdue",
}
"""How a state of a round is drawn (a name of ``parts.STATES``); its words say the same."""


@dataclass(frozen=True, slots=True)
class Round:
    """A round and who is to answer it: the days it can be answered in, and what became of it.

    ``status`` and ``timing`` are those of ``measurements_due``; ``open``: it can be answered now.
    """

    title: str
    rater: str
    opens: date
    due: date
    closes: date
    status: str
    timing: str
    state: str
    words: str
    open: bool
    form: str
    """What is added to the address of the form, so that it stands on this round and whoever is to answer alone."""


@dataclass(frozen=True, slots=True)
class Approach:
    """Something that was done about a round beside an answer: invited, reminded, declined, not reached …"""

    day: date
    step: str
    round: str
    rater: str


def own(case: Case) -> pl.Expr:
    """The rows of a case: those of its enrolment, and those about the person that name none."""
    nobodys = pl.col("enrolment").is_null()
    return (pl.col("enrolment") == case.enrolment) | nobodys if case.enrolment else nobodys


def rater_title(programme: Programme, rater: str | None, lang: Lang) -> str:
    """What somebody who answers is called; empty where nobody is named."""
    if not rater:
        return ""
    return value_title(programme, "questionnaire_answered", "rater", rater, {}, lang)


def wave_title(programme: Programme, name: str, wave: str | None, lang: Lang) -> str:
    """What a round is called; empty for none."""
    waves = programme.questionnaires[name].waves
    return waves[wave].title.in_(lang) if wave in waves else wave or ""


def rounds_of(
    facts: Facts, name: str, case: Case, programme: Programme, until: date, lang: Lang
) -> list[Round]:
    """Every round of a questionnaire in the case, as ``measurements_due`` says on ``until``, earliest first."""
    rows = measurements_due(facts, until, questionnaires=[name]).filter(pl.col("enrolment") == case.enrolment)
    return [_round(row, name, programme, lang) for row in rows.iter_rows(named=True)]


def _round(row: Mapping[str, Any], name: str, programme: Programme, lang: Lang) -> Round:
    cadence = programme.cadences.get(programme.questionnaires[name].cadence or "")
    title = wave_title(programme, name, row["wave"], lang)
    raters = [inside(rater_title(programme, one, lang)) for one in row["asked_by"].split(";")]
    who = raters[-1]
    if len(raters) > 1:
        who = say("measurements.or", lang, others=", ".join(raters[:-1]), last=who)
    status, timing = row["status"], row["timing"] or ""
    return Round(
        title or (cadence.title.in_(lang) if cadence is not None else ""),
        who[:1].upper() + who[1:],
        row["opens"],
        row["due"],
        row["closes"],
        status,
        timing,
        "late" if status == "answered" and timing == "late" else _STATES[status],
        say(
            f"measurements.round.{status}{f'.{timing}' if status == 'answered' else ''}",
            lang,
            n=row["days_late"] or 0,
            day=row["answered_on"] or row["due"],
            due=row["closes"],
            opens=row["opens"],
        ),
        status in OPEN,
        _asked(row),
    )


def _asked(row: Mapping[str, Any]) -> str:
    alone = row["asked_by"] if ";" not in row["asked_by"] else None
    said = {name: value for name, value in (("rater", alone), ("wave", row["wave"])) if value}
    return f"&{urlencode(said)}" if said else ""


def approaches_of(
    facts: Facts, name: str, case: Case, programme: Programme, until: date, lang: Lang
) -> list[Approach]:
    """What was done about the questionnaire in the case beside an answer, up to ``until``, newest first."""
    rows = facts.table("questionnaire_asked").filter(
        (pl.col("questionnaire") == name) & (pl.col("occurred_from") <= until) & own(case)
    )
    rows = rows.sort("occurred_from", "recorded_at", "id", descending=True)
    return [
        Approach(
            row["occurred_from"],
            value_title(programme, "questionnaire_asked", "step", row["step"], row, lang),
            wave_title(programme, name, row["wave"], lang),
            rater_title(programme, row["rater"], lang),
        )
        for row in rows.iter_rows(named=True)
    ]
