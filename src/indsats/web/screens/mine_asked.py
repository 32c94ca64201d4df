"""What a citizen is asked to fill in: the rounds of questionnaires that are open now and theirs to answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.db.models import Q, QuerySet

from indsats.programme import Programme, Questionnaire
from indsats.steer import OPEN, measurements_due

from .. import clock
from ..models import Case, Due
from ..record import record_of
from ..rights import ROLES, Reader, scope
from .forms_questions import edition_on

QUEUE = "measurements"


@dataclass(frozen=True, slots=True)
class Asked:
    """An open round of a questionnaire for the citizen; ``wave`` is its round where the questionnaire has such."""

    name: str
    rater: str
    wave: str | None
    due: date


def answers_as(programme: Programme) -> str | None:
    """The role of the definition a citizen answers in: the one its letters to citizens name, else the one called so."""
    blocks = (block for report in programme.reports.values() for _, block in report.placed_blocks())
    named = {block.citizen for block in blocks if block.block == "person" and block.citizen}
    if named:
        return min(named)
    own = ROLES["citizen"].title
    called = (
        name for name, one in programme.roles.items() if one.title.da == own.da or one.title.en == own.en
    )
    return next(called, None)


def due_now(reader: Reader, cases: Iterable[Case], programmes: Mapping[str, Programme]) -> list[Due]:
    """What the work lists have of open rounds that are the citizen's to answer, the first due first; one query."""
    of = [one.pk for one in cases]
    rows = _rows(reader).filter(case__in=of).order_by("due", "what")
    found: dict[tuple[str, str], Due] = {}
    for row in rows:
        asked = programmes[row.programme].questionnaires.get(row.what)
        if asked is not None and _theirs(row, asked, answers_as(programmes[row.programme])):
            found.setdefault((row.case_id, row.what), row)
    return list(found.values())


def asked_now(case: Case, programme: Programme, name: str) -> Asked | None:
    """The open round of a questionnaire the citizen may answer now, worked out from the facts; None for none."""
    rater, questionnaire = answers_as(programme), programme.questionnaires.get(name)
    if rater is None or questionnaire is None or questionnaire.about != "person":
        return None
    facts = record_of(case.programme, [case.person_id], sites=True).as_of()
    rounds = measurements_due(facts, clock.today(), questionnaires=[name]).filter(
        (pl.col("enrolment") == case.enrolment)
        & pl.col("status").is_in(OPEN)
        & pl.col("asked_by").str.split(";").list.contains(rater)
    )
    row = next(rounds.sort("due").iter_rows(named=True), None)
    return None if row is None else Asked(name, rater, row["wave"], row["due"])


def has_easy(asked: Questionnaire) -> bool:
    """Whether the definition has plainer words for what is asked today: it may have them for our own wording alone."""
    items = asked.editions[edition_on(asked, clock.today(), None)].items
    return any(one.easy is not None for one in items.values())


def settled(reader: Reader, case: Case, programme: Programme, name: str) -> None:
    """Take an answered round off the lists at once; what else follows comes when the projections are made."""
    asked, rater = programme.questionnaires[name], answers_as(programme)
    rows = _rows(reader).filter(case=case, what=name)
    rows.filter(pk__in=[row.pk for row in rows if _theirs(row, asked, rater)]).delete()


def _rows(reader: Reader) -> QuerySet[Due]:
    today = clock.today()
    mine = scope(reader, Due, "answer", "questionnaire_answered")
    return mine.filter(Q(closes=None) | Q(closes__gte=today), queue=QUEUE, opens__lte=today)


def _theirs(row: Due, asked: Questionnaire, rater: str | None) -> bool:
    # where each answers for themselves the row is one rater's; else it is whoever answers first
    return rater in asked.raters and (asked.by != "each" or row.role == rater)
