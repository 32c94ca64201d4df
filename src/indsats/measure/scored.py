"""Every score of every answer as one long table: what is stored and handed on, with the rule it was made by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from indsats.programme import Asking, Questionnaire, rule_of

from .answered import answers
from .editions import by_edition
from .scores import score

if TYPE_CHECKING:
    from indsats.record import Facts

CLASS = "class"
"""What stands for the score in the row that tells of an answer's class."""

TOO_FEW_ANSWERED = "too_few_answered"
NOT_ASKED = "not_asked"
"""Everything that was asked was answered, but too few of the score's items were asked."""
NO_CLASS = "no_class"

_WHO = ("id", "person", "enrolment", "site", "day", "wave", "rater", "respondent", "questionnaire", "edition")
_MADE = {
    "score": pl.String(),
    "value": pl.Float64(),
    "band": pl.String(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "scored_items": pl.Int64(),
    "items": pl.Int64(),
    "prorated": pl.Boolean(),
    "reason": pl.String(),
    "rule": pl.String(),
}


def score_table(facts: Facts, questionnaire_id: str | None = None) -> pl.DataFrame:
    """One row for each answered questionnaire and each score its edition has, and one for its class.

    Columns: ``id`` (of the answer), ``person``, ``enrolment``, ``site``, ``day``, ``wave``, ``rater``,
    ``respondent``, ``questionnaire``, ``edition``, ``score``, ``value``, ``band``, ``low``, ``high``,
    ``scored_items`` of ``items``, ``prorated``, ``reason`` (null, ``too_few_answered``, ``not_asked`` or
    ``no_class``) and ``rule``, as in ``score``. The row of a class has ``score`` ``class`` and the class as
    ``band``. Ordered by questionnaire (as in the definition), answer and score. Raises KeyError for an unknown
    questionnaire.
    """
    known = facts.programme.questionnaires
    asked = known if questionnaire_id is None else {questionnaire_id: known[questionnaire_id]}
    nothing = pl.DataFrame(schema={**dict.fromkeys(_WHO, pl.String()), "day": pl.Date(), **_MADE})
    return pl.concat([nothing, *(_of(facts, name, one) for name, one in asked.items())])


def _of(facts: Facts, name: str, questionnaire: Questionnaire) -> pl.DataFrame:
    answered = answers(facts, name).with_row_index("__row")
    # An item may be called as a column of this table is: these are named once no item is read any more.
    told: dict[str, pl.Expr] = {
        **{one: pl.col(one) for one in _WHO},
        "day": pl.col("occurred_from"),
        "questionnaire": pl.lit(name),
    }
    parts = [
        part.select("__row", **told, **{made: pl.col(made).cast(type_) for made, type_ in _MADE.items()})
        for part in _parts(answered, questionnaire)
    ]
    if not parts:
        return answered.head(0).select(
            **told, **{made: pl.lit(None, dtype=type_) for made, type_ in _MADE.items()}
        )
    # The sort is stable: the scores of an answer keep the order of the definition.
    return pl.concat(parts).sort("__row", maintain_order=True).drop("__row")


def _parts(answered: pl.DataFrame, questionnaire: Questionnaire) -> Iterator[pl.DataFrame]:
    """A table per score, and one of the classes."""
    editions = questionnaire.editions.values()
    lacking = pl.when("complete").then(pl.lit(NOT_ASKED)).otherwise(pl.lit(TOO_FEW_ANSWERED))
    for name in dict.fromkeys(one for asking in editions for one in asking.scores):

        def items(_: str, asking: Asking, name: str = name) -> pl.Expr:
            number = len(asking.scores[name].items or asking.items) if name in asking.scores else None
            return pl.lit(number, dtype=pl.Int64)

        yield (
            score(answered, questionnaire, name)
            .with_columns(
                score=pl.lit(name),
                items=by_edition(answered, questionnaire, items),
                reason=pl.when(pl.col("value").is_null()).then(lacking),
            )
            .filter(pl.col("rule").is_not_null())
        )
    if any(asking.classes for asking in editions):

        def rule(name: str, asking: Asking) -> pl.Expr:
            text = f"{CLASS}@{name}#{rule_of(asking, CLASS)}" if asking.classes else None
            return pl.lit(text, dtype=pl.String)

        unclassed = pl.when("complete").then(pl.lit(NO_CLASS)).otherwise(pl.lit(TOO_FEW_ANSWERED))
        nothing = pl.lit(None)
        yield answered.with_columns(
            score=pl.lit(CLASS),
            value=nothing,
            band="class",
            low=nothing,
            high=nothing,
            scored_items="n_answered",
            items="n_asked",
            prorated=nothing,
            reason=pl.when(pl.col("class").is_null()).then(unclassed),
            rule=by_edition(answered, questionnaire, rule),
        ).filter(pl.col("rule").is_not_null())
