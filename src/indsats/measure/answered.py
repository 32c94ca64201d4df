"""Answered questionnaires as a table, and which of several answers speaks for a person or a site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import polars as pl

from indsats.problem import InputRefused, Problem
from indsats.programme import Period, Questionnaire
from indsats.record import edition_of

from .classes import classify
from .states import COMPLETE, COUNTS, read_edition, states_of, with_filters
from .waves import NO_ENROLMENT, OUTSIDE_ROUNDS, placed, timetable, who_of

if TYPE_CHECKING:
    from indsats.record import Facts

At = Literal["first", "last"]
"""Which of several measurements speaks."""

INCOMPLETE = "incomplete"
NOT_ANSWERED = "not_answered"

_KEPT = (
    *("id", "person", "enrolment", "site", "unit", "service"),
    *("occurred_from", "rater", "wave", "respondent"),
)

_RESERVED = frozenset(
    {
        *(
            *_KEPT,
            "edition",
            "class",
            "side",
            "complete",
            "value",
            "band",
            "reason",
            "low",
            "high",
            "prorated",
        ),
        *("scored_items", "rule", "round", "counts", *(f"n_{name}" for name in COUNTS)),
    }
)


def answers(facts: Facts, questionnaire_id: str) -> pl.DataFrame:
    """Every answered questionnaire as one row, ordered by person, day and id.

    Columns: ``id``, ``person``, ``enrolment``, ``site``, ``unit``, ``service``, ``occurred_from`` (the day),
    ``rater``, ``wave`` (as recorded), ``respondent``, ``edition`` (the one it was given to), ``round`` (the wave it
    belongs to, as ``assigned_waves`` tells), one Int64 column per item of any edition (null where no point of the
    scale was chosen), ``n_asked`` and the parts it falls into (``n_answered``, ``n_dont_know``, ``n_not_relevant``,
    ``n_declined``, ``n_missing``; see ``item_states``), ``class``, ``side`` and ``complete`` (every item asked was
    answered). One about persons has no ``respondent``, one about sites neither
    ``person`` nor ``enrolment``. Raises KeyError for a questionnaire the programme does not have, and InputRefused
    when an item bears the name of one of the other columns.
    """
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    _refuse_reserved_names(questionnaire_id, questionnaire)
    rows = _with_round(facts, raw_answers(facts, questionnaire_id), questionnaire)
    editions = questionnaire.editions
    read = [
        classify(read_edition(rows.filter(pl.col("edition") == name), asking), asking)
        for name, asking in editions.items()
    ]
    # Only facts recorded under another version of the programme can name an edition this one does not have.
    read.append(rows.filter(~pl.col("edition").is_in(list(editions))))
    columns = {
        **dict.fromkeys(questionnaire.all_items, pl.Int64()),
        **{f"n_{name}": pl.Int64() for name in COUNTS},
        "class": pl.String(),
        "side": pl.String(),
    }
    table = pl.concat(fitted(part, columns).select(*_KEPT, "edition", "round", *columns) for part in read)
    table = table.with_columns(pl.col(f"n_{name}").fill_null(0) for name in COUNTS)
    return table.with_columns(COMPLETE.alias("complete")).sort("person", "occurred_from", "id")


def raw_answers(facts: Facts, questionnaire_id: str) -> pl.DataFrame:
    """Every answered questionnaire as it was recorded: the columns of ``answers`` up to ``edition``, then one
    column ``answer.<item>`` per item with the number given, on the scale or beside it, and ``asked.<item>`` (Boolean,
    null where nothing tells) for items that are only for those who answered another one so."""
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    kind = questionnaire.answer_kind
    table = facts.table(kind).filter(pl.col("questionnaire") == questionnaire_id)
    if "respondent" not in table.columns:
        table = table.with_columns(respondent=pl.lit(None, dtype=pl.String))
    given = {f"answer.{item}": pl.Int64() for item in questionnaire.all_items}
    table = fitted(table.with_columns(edition=edition_of(questionnaire)), given)
    return with_filters(facts, table.select(*_KEPT, "edition", *given), questionnaire_id)


def fitted(table: pl.DataFrame, columns: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """``table`` with those of ``columns`` it lacks, empty."""
    return table.with_columns(
        pl.lit(None, dtype=type_).alias(name) for name, type_ in columns.items() if name not in table.columns
    )


def item_states(facts: Facts, questionnaire_id: str) -> pl.DataFrame:
    """The rows of ``answers`` up to ``edition``, then one text column per item: its ``State`` (never null)."""
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    _refuse_reserved_names(questionnaire_id, questionnaire)
    rows = raw_answers(facts, questionnaire_id)
    read = [
        states_of(rows.filter(pl.col("edition") == name), asking)
        for name, asking in questionnaire.editions.items()
    ]
    read.append(rows.filter(~pl.col("edition").is_in(list(questionnaire.editions))))
    items = dict.fromkeys(questionnaire.all_items, pl.String())
    table = pl.concat(fitted(part, items).select(*_KEPT, "edition", *items) for part in read)
    return table.with_columns(pl.col(list(items)).fill_null("not_asked")).sort(
        "person", "occurred_from", "id"
    )


def one_a_day(answered: pl.DataFrame, questionnaire: Questionnaire) -> pl.DataFrame:
    """At most one row of ``answered`` per person and day, in the same order.

    Where a person was measured several times on a day, a complete set of answers goes before an incomplete
    one, then the rater who stands first in the questionnaire's ``raters`` (decision: the documents name both
    the citizen and the caseworker as rater, and never both at once), then the lowest id.
    """
    return (
        answered.with_columns(rater_place(questionnaire).alias("__place"))
        .sort("person", "occurred_from", pl.col("complete").not_(), "__place", "id")
        .unique(["person", "occurred_from"], keep="first", maintain_order=True)
        .drop("__place")
    )


def in_round(
    answered: pl.DataFrame, questionnaire: Questionnaire, period: Period | None, wave: str | None
) -> pl.DataFrame:
    """The rows of ``answered`` in ``period``, or those that count in a ``wave`` by the period's end.

    A wave says itself which measurement is meant: the baseline of a later report lies before the report's period.
    Of those by one rater (and respondent) in the wave one counts, see ``counting``. Rows that name the wave and
    belong to no round are there too, for ``once_each`` to leave out by reason. Raises KeyError for an unknown wave.
    """
    if wave is None:
        return answered if period is None else in_period(answered, period)
    _ = questionnaire.waves[wave]
    rows = answered if period is None else answered.filter(pl.col("occurred_from") <= period.last)
    stray = rows.filter((pl.col("wave") == wave) & pl.col("round").is_null())
    return pl.concat([counting(rows.filter(pl.col("round") == wave), questionnaire), stray])


def counting(rows: pl.DataFrame, questionnaire: Questionnaire) -> pl.DataFrame:
    """Those of ``rows`` that count: one for each round, rater and, about sites, respondent.

    A complete one goes ahead of an incomplete one, then the first, then the lowest id; an unnamed respondent is
    somebody new each time. ``rows`` all have a ``round``, and ``complete``.
    """
    one = [who_of(questionnaire), "round", "rater"]
    nameless = rows.clear()
    if questionnaire.about == "site":
        one.append("respondent")
        nameless = rows.filter(pl.col("respondent").is_null())
        rows = rows.drop_nulls("respondent")
    ranked = rows.sort(pl.col("complete").not_(), "occurred_from", "id")
    return pl.concat([ranked.unique(one, keep="first", maintain_order=True), nameless])


def once_each(
    valued: pl.DataFrame, questionnaire: Questionnaire, at: At, lacking: str, *, wave: str | None = None
) -> pl.DataFrame:
    """One row of ``valued`` per enrolment, or per respondent of a site: the first or last with a ``value``.

    ``valued`` are rows of ``answers`` with ``value``. Whoever never has a value keeps one row with ``reason``
    ``lacking``; answers about a person that name no enrolment keep theirs with ``no_enrolment``. Of several on a
    day a complete set goes before an incomplete one, then the rater who stands first, then the lowest id; an
    unnamed respondent is somebody new each time. Of the raters that count in a ``wave`` the complete one speaks ahead
    of the first, as in ``rounds``, and who has none in it is left out as ``outside_rounds``.
    """
    who, lone = ["enrolment"], pl.col("enrolment").is_null()
    if questionnaire.about == "site":
        who, lone = ["site", "rater", "respondent"], pl.col("respondent").is_null()
    why = pl.lit(lacking)
    if wave is not None:
        inside = pl.col("round").eq_missing(pl.lit(wave))
        valued = valued.with_columns(value=pl.when(inside).then("value"))
        why = pl.when(inside).then(why).otherwise(pl.lit(OUTSIDE_ROUNDS))
    no_value = pl.when(pl.col("value").is_null()).then(why)
    no_enrolment = pl.lit(NO_ENROLMENT if questionnaire.about == "person" else None, dtype=pl.String)
    day = pl.col("occurred_from").to_physical() * (1 if at == "first" or wave is not None else -1)
    order = [day, pl.col("complete").not_()]
    if wave is not None:
        order = [pl.col("round").is_null(), *reversed(order)]
    named = (
        valued.filter(~lone)
        .sort(pl.col("value").is_null(), *order, rater_place(questionnaire), "id")
        .unique(who, keep="first", maintain_order=True)
        .with_columns(reason=no_value)
    )
    alone = valued.filter(lone).with_columns(reason=pl.coalesce(no_enrolment, no_value))
    return pl.concat([named, alone])


def _with_round(facts: Facts, rows: pl.DataFrame, questionnaire: Questionnaire) -> pl.DataFrame:
    if not questionnaire.waves:
        return rows.with_columns(round=pl.lit(None, dtype=pl.String))
    return placed(rows, timetable(facts, questionnaire), questionnaire).drop("row", "reason")


def rater_place(questionnaire: Questionnaire) -> pl.Expr:
    """Where a row's rater stands among those of the questionnaire; others come last."""
    order = {rater: place for place, rater in enumerate(questionnaire.raters)}
    return pl.col("rater").replace_strict(order, default=len(order), return_dtype=pl.Int64)


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
        for item in questionnaire.all_items
        if item in _RESERVED
    ]
    if problems:
        raise InputRefused(problems)
