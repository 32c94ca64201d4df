"""Indicators read off questionnaires: the mean of a score, the share who answered so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import polars as pl

from indsats.measure import answers, item_answers, measurements
from indsats.programme import AnswerIndicator, Period, Questionnaire, ScoreIndicator

from .counted import Counted, left_out, rows_of

if TYPE_CHECKING:
    from indsats.record import Facts


def mean_score(facts: Facts, asked: ScoreIndicator, period: Period) -> Counted:
    """The mean of a score at each enrolment's first or last measurement of the period, or over site means."""
    questionnaire = facts.programme.questionnaires[asked.questionnaire]
    rows = measurements(
        answers(facts, asked.questionnaire),
        questionnaire,
        asked.score,
        period=period,
        wave=asked.wave,
        at=asked.at,
    )
    return _counted(rows, asked.service, questionnaire, "mean")


def share_answered(facts: Facts, asked: AnswerIndicator, period: Period) -> Counted:
    """Among those who answered an item: the share whose answer is one of those asked for, or on the level."""
    questionnaire = facts.programme.questionnaires[asked.questionnaire]
    hit = pl.col("value").is_in([float(answer) for answer in asked.answers])
    if asked.level is not None:
        hit = hit | (pl.col("level") == asked.level).fill_null(value=False)
    rows = item_answers(
        answers(facts, asked.questionnaire),
        questionnaire,
        asked.item,
        period=period,
        wave=asked.wave,
        at=asked.at,
    )
    rows = rows.with_columns(value=hit.fill_null(value=False).cast(pl.Float64))
    return _counted(rows, asked.service, questionnaire, "share")


def _counted(
    rows: pl.DataFrame, service: str | None, questionnaire: Questionnaire, unit: Literal["mean", "share"]
) -> Counted:
    """The values of enrolments, or of sites: each with the mean of those who answered for it.

    A service is of enrolments, so it says nothing about answers for a site.
    """
    counts = pl.col("reason").is_null()
    if questionnaire.about == "person":
        if service is not None:
            rows = rows.filter((pl.col("service") == service).fill_null(pl.col("enrolment").is_null()))
        found = rows_of(
            rows,
            n=pl.when(counts).then("value"),
            d=pl.when(counts).then(1.0),
            day=pl.col("occurred_from"),
            kind=pl.lit("questionnaire_answered"),
        )
        return Counted(found, unit)
    valued = rows.filter(counts & pl.col("value").is_not_null() & pl.col("site").is_not_null())
    means = valued.group_by("unit", "site").agg(n=pl.col("value").mean()).sort("site")
    found = rows_of(means, d=pl.lit(1.0), key=pl.col("site"), kind=pl.lit("site_answered"))
    return Counted(pl.concat([found, left_out(rows)]), unit, method="mean of site means", of="places")
