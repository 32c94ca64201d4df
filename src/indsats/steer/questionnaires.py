"""Indicators read off questionnaires: the mean of a score, the share who answered so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from indsats.figure import Figure
from indsats.measure import answers, item_answers, mean_figure, measurements, share_of
from indsats.programme import AnswerIndicator, Period, Questionnaire, ScoreIndicator

from .remembered import remembered
from .selection import Scope

if TYPE_CHECKING:
    from indsats.record import Facts


def mean_score(facts: Facts, asked: ScoreIndicator, period: Period, scope: Scope, name: str) -> Figure:
    """The mean of a score at each enrolment's first or last measurement of the period, or over site means."""
    questionnaire = facts.programme.questionnaires[asked.questionnaire]
    rows = remembered(
        facts,
        ("score", asked.questionnaire, asked.score, asked.at, asked.wave, str(period)),
        lambda: measurements(
            answers(facts, asked.questionnaire),
            questionnaire,
            asked.score,
            period=period,
            wave=asked.wave,
            at=asked.at,
        ),
    )
    return mean_figure(_asked_of(rows, scope, asked.service, questionnaire), questionnaire, name)


def share_answered(facts: Facts, asked: AnswerIndicator, period: Period, scope: Scope, name: str) -> Figure:
    """Among those who answered an item: the share whose answer is one of those asked for, or on the level."""
    questionnaire = facts.programme.questionnaires[asked.questionnaire]
    hit = pl.col("value").is_in([float(answer) for answer in asked.answers])
    if asked.level is not None:
        hit = hit | (pl.col("level") == asked.level).fill_null(value=False)
    rows = remembered(
        facts,
        ("answer", asked.questionnaire, asked.item, asked.at, asked.wave, str(period)),
        lambda: item_answers(
            answers(facts, asked.questionnaire),
            questionnaire,
            asked.item,
            period=period,
            wave=asked.wave,
            at=asked.at,
        ),
    )
    return share_of(_asked_of(rows, scope, asked.service, questionnaire), questionnaire, hit, name)


def _asked_of(
    rows: pl.DataFrame, scope: Scope, service: str | None, questionnaire: Questionnaire
) -> pl.DataFrame:
    """Rows in scope; a service is of enrolments, so it says nothing about answers for a site."""
    rows = scope.rows(rows)
    if service is None or questionnaire.about == "site":
        return rows
    return rows.filter((pl.col("service") == service).fill_null(pl.col("enrolment").is_null()))
