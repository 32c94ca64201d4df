"""Answered questionnaires as a table, and the one that speaks when several were filled in on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from indsats.problem import InputRefused, Problem
from indsats.programme import Period, Questionnaire

from .classes import classify

if TYPE_CHECKING:
    from indsats.record import Facts

_KEPT = ("id", "person", "enrolment", "site", "unit", "occurred_from", "rater")
_RESERVED = frozenset({*_KEPT, "class", "side", "complete"})


def answers(facts: Facts, questionnaire_id: str) -> pl.DataFrame:
    """Every answered questionnaire as one row, ordered by person, day and id.

    Columns: ``id``, ``person``, ``enrolment``, ``site``, ``unit``, ``occurred_from`` (the day), ``rater``,
    one Int64 column per item (null where it was not answered), ``class``, ``side`` and ``complete`` (every
    item answered). Raises KeyError for a questionnaire the programme does not have, and InputRefused when an
    item bears the name of one of the other columns.
    """
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    _refuse_reserved_names(questionnaire_id, questionnaire)
    table = facts.table("questionnaire_answered").filter(pl.col("questionnaire") == questionnaire_id)
    present = set(table.columns)
    items = [
        (pl.col(f"answer.{item}") if f"answer.{item}" in present else pl.lit(None)).cast(pl.Int64).alias(item)
        for item in questionnaire.items
    ]
    rows = classify(table.select(*_KEPT, *items), questionnaire)
    complete = pl.all_horizontal(pl.col(list(questionnaire.items)).is_not_null())
    return rows.with_columns(complete.alias("complete")).sort("person", "occurred_from", "id")


def one_a_day(answered: pl.DataFrame, questionnaire: Questionnaire) -> pl.DataFrame:
    """At most one row of ``answered`` per person and day, in the same order.

    Where a person was measured several times on a day, a complete set of answers goes before an incomplete
    one, then the rater who stands first in the questionnaire's ``raters`` (decision: the documents name both
    the citizen and the caseworker as rater, and never both at once), then the lowest id.
    """
    order = {rater: place for place, rater in enumerate(questionnaire.raters)}
    place = pl.col("rater").replace_strict(order, default=len(order), return_dtype=pl.Int64)
    return (
        answered.with_columns(place.alias("__place"))
        .sort("person", "occurred_from", pl.col("complete").not_(), "__place", "id")
        .unique(["person", "occurred_from"], keep="first", maintain_order=True)
        .drop("__place")
    )


def in_period(answered: pl.DataFrame, period: Period) -> pl.DataFrame:
    """The rows whose day lies in ``period``, both ends included."""
    return answered.filter(pl.col("occurred_from").is_between(period.first, period.last))


def _refuse_reserved_names(questionnaire_id: str, questionnaire: Questionnaire) -> None:
    problems = [
        Problem(
            what=f"item '{item}' of questionnaire '{questionnaire_id}' is named as a column of its table",
            remedy="Give the item another id in the programme definition.",
            field=item,
        )
        for item in questionnaire.items
        if item in _RESERVED
    ]
    if problems:
        raise InputRefused(problems)
