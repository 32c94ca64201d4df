"""What became of each item: answered, one of the answers beside the scale, missing, or never asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, get_args

import polars as pl
from polars import selectors

from indsats.programme import AskedOf, Asking, Questionnaire

if TYPE_CHECKING:
    from indsats.record import Facts

State = Literal["answered", "dont_know", "not_relevant", "declined", "missing", "not_asked"]
"""``missing``: asked, and nothing was given. ``not_asked``: advice, another rater's item, an item of another
edition, or one for those who answered another item otherwise."""

STATES: tuple[State, ...] = get_args(State)
COUNTS = ("asked", "answered", "dont_know", "not_relevant", "declined", "missing")
"""What is counted of the items of a row: those asked, and the parts they fall into."""


COMPLETE = (pl.col("n_answered") == pl.col("n_asked")) & (pl.col("n_asked") > 0)
"""Every item asked was answered, and some were."""


def read_edition(rows: pl.DataFrame, asking: Asking) -> pl.DataFrame:
    """Rows of one edition from ``raw_answers`` with a column per item and the counts ``n_<state>``."""
    items = list(asking.items)
    asked = {item: _asked(asking, item) for item in items}
    on_scale = {item: _on_scale(asking, item) for item in items}
    parts = {"asked": list(asked.values())}
    parts["answered"] = [asked[item] & on_scale[item] for item in items]
    for means in ("dont_know", "not_relevant", "declined"):
        parts[means] = [asked[item] & _beside(asking, item, means) for item in items]
    counts = {name: pl.sum_horizontal(one.cast(pl.Int64) for one in parts[name]) for name in parts}
    given = sum((counts[name] for name in ("answered", "dont_know", "not_relevant", "declined")), pl.lit(0))
    counts["missing"] = counts["asked"] - given
    return rows.with_columns(
        *(pl.when(asked[item] & on_scale[item]).then(_raw(item)).alias(item) for item in items),
        *(counts[name].cast(pl.Int64).alias(f"n_{name}") for name in COUNTS),
    )


def states_of(rows: pl.DataFrame, asking: Asking) -> pl.DataFrame:
    """Rows of one edition from ``raw_answers`` with a text column per item: its ``State``."""
    return rows.with_columns(_state(asking, item).alias(item) for item in asking.items)


def _state(asking: Asking, item: str) -> pl.Expr:
    found = pl.lit("missing")
    for means in ("dont_know", "not_relevant", "declined"):
        found = pl.when(_beside(asking, item, means)).then(pl.lit(means)).otherwise(found)
    found = pl.when(_on_scale(asking, item)).then(pl.lit("answered")).otherwise(found)
    return pl.when(_asked(asking, item)).then(found).otherwise(pl.lit("not_asked"))


def _raw(item: str) -> pl.Expr:
    return pl.col(f"answer.{item}")


def _on_scale(asking: Asking, item: str) -> pl.Expr:
    return _raw(item).is_between(asking.scale.low, asking.scale.high).fill_null(value=False)


def _beside(asking: Asking, item: str, means: str) -> pl.Expr:
    codes = [code for code, beside in asking.beside.items() if beside.means == means]
    return _raw(item).is_in(codes).fill_null(value=False) if codes else pl.lit(value=False)


def _asked(asking: Asking, item: str) -> pl.Expr:
    """Whether the item was put to whoever filled in the row.

    A point of advice is not a question, unless the whole form is advice that is answered point by point. Where
    nothing tells whether a filter let the item through, it was asked if it has an answer.
    """
    question = asking.items[item]
    if question.advice and not all(one.advice for one in asking.items.values()):
        return _raw(item).is_not_null()
    asked = pl.lit(value=True)
    if question.raters:
        asked = pl.col("rater").is_in(question.raters).fill_null(value=False)
    if question.asked_of is not None:
        asked = asked & pl.coalesce(f"asked.{item}", _raw(item).is_not_null())
    return asked


def with_filters(facts: Facts, rows: pl.DataFrame, questionnaire_id: str) -> pl.DataFrame:
    """``rows`` with ``asked.<item>`` for each item that is only for those who answered another one so.

    The other item's answer is that of the same row, or of the newest answer to the other questionnaire by the same
    rater and respondent about the same person or site, no later than this one. Null where there is none.
    """
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    filtered = {
        (name, item): question.asked_of
        for name, asking in questionnaire.editions.items()
        for item, question in asking.items.items()
        if question.asked_of is not None
    }
    for item in dict.fromkeys(item for _, item in filtered):
        says = pl.lit(None, dtype=pl.Boolean)
        for (name, one), asked_of in filtered.items():
            if one != item:
                continue
            rows = _with_other(facts, rows, questionnaire, asked_of)
            said = pl.col(_other(asked_of)).is_in(asked_of.answers)
            says = pl.when(pl.col("edition") == name).then(said).otherwise(says)
        rows = rows.with_columns(says.alias(f"asked.{item}"))
    return rows.select(~selectors.starts_with("other."))


def _other(asked_of: AskedOf) -> str:
    """The column that holds the answer a filter looks at."""
    if asked_of.questionnaire is None:
        return f"answer.{asked_of.item}"
    return f"other.{asked_of.questionnaire}.{asked_of.item}"


def _with_other(
    facts: Facts, rows: pl.DataFrame, questionnaire: Questionnaire, asked_of: AskedOf
) -> pl.DataFrame:
    """``rows`` with the answer given to an item of another questionnaire, where the filter looks at one."""
    name = _other(asked_of)
    if asked_of.questionnaire is None or name in rows.columns:
        return rows
    kind = questionnaire.answer_kind
    about = _WHO[questionnaire.about]
    known = facts.table(kind).filter(pl.col("questionnaire") == asked_of.questionnaire)
    if f"answer.{asked_of.item}" not in known.columns:
        return rows.with_columns(pl.lit(None, dtype=pl.Int64).alias(name))
    others = (
        known.drop_nulls(list(about))
        .select(*about, "occurred_from", "id", pl.col(f"answer.{asked_of.item}").alias(name))
        .drop_nulls(name)
        .sort("occurred_from", "id")
        .drop("id")
    )
    order = rows.with_row_index("__row").sort("occurred_from")
    # Both sides are sorted here; Polars cannot check that within groups and would warn.
    joined = order.join_asof(others, on="occurred_from", by=list(about), check_sortedness=False)
    return joined.sort("__row").drop("__row")


_WHO: dict[str, Sequence[str]] = {"person": ("person", "rater"), "site": ("site", "rater", "respondent")}
