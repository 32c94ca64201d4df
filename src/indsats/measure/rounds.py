"""The rounds a questionnaire is to be answered in: who is expected, what became of it, and which answer counts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from indsats.programme import Questionnaire

from .answered import answers, counting, rater_place, raw_answers
from .states import COMPLETE, read_edition
from .waves import moved, placed, timetable, waves_in_order, who_of

if TYPE_CHECKING:
    from indsats.record import Facts

DUPLICATE = "duplicate"

ROUND_COLUMNS = (
    *("enrolment", "person", "site", "unit", "service", "wave", "rater"),
    *("opens", "due", "closes", "ends", "status", "timing", "answered_on", "answer", "edition"),
    *("duplicates", "reminded", "next_reminder"),
)
NOT_EXPECTED = ("upcoming", "ended")
"""The states of a round that nobody is, or was, expected to answer."""


def rounds(facts: Facts, questionnaire_id: str, until: date) -> pl.DataFrame:
    """Every round that is or will be expected, as known on the day ``until`` (nothing dated later is used).

    One row per enrolment begun by then (or per site) × wave × rater, ordered so, the waves and raters as in the
    definition's own time and order. ``by: each`` has a row for each rater with an item to answer, ``by: one`` a
    single one with ``rater`` null. A wave of the calendar that was due before an enrolment began is not for it.
    No waves that fall due, no rows.

    Columns: ``enrolment``, ``person``, ``site``, ``unit``, ``service``, ``wave``, ``rater``, ``opens``, ``due``,
    ``closes``, ``ends`` (the day before the next round of the same clock opens), ``status``, ``timing`` (early |
    on_time | late), ``answered_on``, ``answer`` (the fact's id), ``edition``, ``duplicates`` (further answers by a
    rater who had answered), ``reminded`` (days on which somebody was reminded), ``next_reminder``.

    ``status``, the first that holds: ``answered``; ``declined`` or ``not_relevant``, whichever was said last;
    ``ended``, the enrolment ended by the day it was due, as of cadences; ``missed``, it ended later or the next
    round has opened; ``upcoming``; ``due``, open and not closed; ``late``. A pause moves no round: somebody who is
    away is shown as late or missed unless it is recorded as not relevant. ``next_reminder`` is that of the
    definition's reminders whose turn it is, for rounds that are due or late.

    A site's round is answered when anybody there answered; only a step that names no respondent declines it. A site
    of a unit that only serves as comparison is not expected to answer, and has a row only where it did. Raises
    KeyError for an unknown questionnaire.
    """
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    table = timetable(facts, questionnaire, until)
    given = _given(facts, questionnaire_id, table, until)
    raters = expected_raters(questionnaire)
    long = _long(table, questionnaire, raters)
    long = long.join(
        _answer_of_round(given, questionnaire, raters), on="key", how="left", maintain_order="left"
    )
    steps = steps_of(facts, questionnaire_id, table, until)
    if questionnaire.about == "site":
        about_all = pl.col("respondent").is_null() | (pl.col("step") == "reminded")
        steps = steps.filter(about_all)
    long = long.join(_said(steps, questionnaire, raters), on="key", how="left", maintain_order="left")
    if questionnaire.about == "site":
        units = facts.programme.units
        beside = [name for name, unit in units.items() if not unit.in_effort]
        answered = pl.col("answer").is_not_null()
        long = long.filter(answered | ~pl.col("unit").is_in(beside).fill_null(value=False))
    long = with_status(long, until).with_columns(pl.col("duplicates", "reminded").fill_null(0))
    return with_reminder(facts, long, questionnaire).select(ROUND_COLUMNS)


def assigned_waves(facts: Facts, questionnaire_id: str) -> pl.DataFrame:
    """``answers`` with the wave each belongs to (``round``), whether it ``counts``, and if not the ``reason``.

    One answer counts for each round, rater and (about sites) respondent: a complete one ahead of an incomplete one,
    then the first, then the lowest id; an unnamed respondent is somebody new each time. ``by: one`` has several
    that count where several raters answered a round; ``rounds`` takes one of them.

    An answer that names a wave is that wave's, however early. One that does not belongs to the round it falls in:
    of waves after enrolment the last that had opened, of waves of the calendar the one it lies in. Reasons:
    ``duplicate``, ``no_enrolment``, ``before_enrolment`` (earlier than the enrolment and what its baseline
    allows, whatever wave it names) and ``outside_rounds``.
    """
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    given = _given(facts, questionnaire_id, timetable(facts, questionnaire), None)
    found = given.select("id", "counts", "reason")
    return answers(facts, questionnaire_id).join(found, on="id", how="left", maintain_order="left")


def expected_raters(questionnaire: Questionnaire) -> tuple[str | None, ...]:
    """The raters that each have a round of their own: one None where any of them may answer it."""
    if questionnaire.by == "one":
        return (None,)
    asked = [one for one in questionnaire.items.values() if not one.advice] or questionnaire.items.values()
    return tuple(
        rater for rater in questionnaire.raters if any(not one.raters or rater in one.raters for one in asked)
    )


def with_status(rows: pl.DataFrame, until: date) -> pl.DataFrame:
    """``rows`` with ``status`` and ``timing``.

    They have ``opens``, ``due``, ``closes``, ``ends``, ``end`` (of the enrolment), ``answer``, ``answered_on`` and
    ``said`` (declined, not_relevant or null).
    """
    status = (
        pl.when(pl.col("answer").is_not_null())
        .then(pl.lit("answered"))
        .when(pl.col("said").is_not_null())
        .then("said")
        .when(pl.col("end") <= pl.col("due"))
        .then(pl.lit("ended"))
        .when(pl.col("end").is_not_null() | (pl.col("ends") < until))
        .then(pl.lit("missed"))
        .when(pl.col("opens") > until)
        .then(pl.lit("upcoming"))
        .when(pl.col("closes") >= until)
        .then(pl.lit("due"))
        .otherwise(pl.lit("late"))
    )
    timing = (
        pl.when(pl.col("answered_on") < pl.col("opens"))
        .then(pl.lit("early"))
        .when(pl.col("answered_on") <= pl.col("closes"))
        .then(pl.lit("on_time"))
        .when(pl.col("answered_on").is_not_null())
        .then(pl.lit("late"))
    )
    return rows.with_columns(status=status, timing=timing)


def steps_of(facts: Facts, questionnaire_id: str, table: pl.DataFrame, until: date) -> pl.DataFrame:
    """What was done about rounds by ``until``, placed in them: the columns of the fact, ``row`` and ``round``.

    A step is placed as an answer is, and one that names no enrolment belongs to no round either; but one that names
    its wave may lie before the enrolment, for people are invited, and decline, before they begin.
    """
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    kind = questionnaire.step_kind
    steps = facts.table(kind).filter(
        (pl.col("questionnaire") == questionnaire_id) & (pl.col("occurred_from") <= until)
    )
    if "respondent" not in steps.columns:
        steps = steps.with_columns(respondent=pl.lit(None, dtype=pl.String))
    waves = waves_in_order(questionnaire)
    kept = [
        who_of(questionnaire),
        *("id", "occurred_from", "recorded_at", "wave", "rater", "respondent", "step"),
    ]
    found = placed(steps.select(kept), table, questionnaire)
    named = pl.when(pl.col("row").is_not_null() & pl.col("wave").is_in(waves)).then("wave")
    return found.with_columns(round=pl.coalesce("round", named)).drop_nulls(["row", "round"])


def given_by(facts: Facts, questionnaire_id: str, until: date) -> pl.DataFrame:
    """Answers up to ``until`` as ``assigned_waves`` has them, without a column per item."""
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    return _given(facts, questionnaire_id, timetable(facts, questionnaire, until), until)


def _given(facts: Facts, questionnaire_id: str, table: pl.DataFrame, until: date | None) -> pl.DataFrame:
    """Answers placed in rounds, with ``counts`` and ``reason``; ``complete`` only where several contend."""
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    rows = raw_answers(facts, questionnaire_id)
    if until is not None:
        rows = rows.filter(pl.col("occurred_from") <= until)
    found = placed(rows, table, questionnaire).with_columns(place=rater_place(questionnaire))
    return _with_counts(found, questionnaire)


def _with_counts(rows: pl.DataFrame, questionnaire: Questionnaire) -> pl.DataFrame:
    # Nearly every round has one answer. Only where several contend must it be found which are complete.
    who = who_of(questionnaire)
    several = (pl.len() > 1).over(who, "round") & pl.col("round").is_not_null()
    contended = rows.filter(several)
    complete = pl.concat(
        [
            read_edition(contended.filter(pl.col("edition") == name), asking).select("id", complete=COMPLETE)
            for name, asking in questionnaire.editions.items()
        ]
    )
    # One of an edition that this version of the programme does not have is an answer, and cannot be read.
    contended = contended.join(complete, on="id", how="left").with_columns(
        pl.col("complete").fill_null(value=False)
    )
    first = counting(contended, questionnaire)
    losers = contended.join(first, on="id", how="anti").select("id", loses=pl.lit(value=True))
    return (
        rows.join(contended.select("id", "complete"), on="id", how="left", maintain_order="left")
        .join(losers, on="id", how="left", maintain_order="left")
        .with_columns(
            counts=pl.col("round").is_not_null() & pl.col("loses").is_null(),
            reason=pl.when(pl.col("loses")).then(pl.lit(DUPLICATE)).otherwise("reason"),
        )
        .drop("loses")
    )


def _long(table: pl.DataFrame, questionnaire: Questionnaire, raters: tuple[str | None, ...]) -> pl.DataFrame:
    """One row per row of the timetable × wave × rater it is for, in that order, with a ``key`` that names the three."""
    waves = waves_in_order(questionnaire)
    empty = table.clear().select(
        pl.lit(0, dtype=pl.Int64).alias("key"),
        *("enrolment", "person", "site", "unit", "service", "start", "end"),
        *(pl.lit(None, dtype=pl.String).alias(name) for name in ("wave", "rater")),
        *(pl.lit(None, dtype=pl.Date).alias(name) for name in ("opens", "due", "closes", "ends")),
    )
    parts = [
        table.select(
            _key(pl.lit(place), pl.lit(number), len(waves), len(raters)).alias("key"),
            *("enrolment", "person", "site", "unit", "service", "start", "end"),
            pl.lit(wave).alias("wave"),
            pl.lit(rater, dtype=pl.String).alias("rater"),
            *(pl.col(f"{name} {wave}").alias(name) for name in ("opens", "due", "closes", "ends")),
        )
        for place, wave in enumerate(waves)
        for number, rater in enumerate(raters)
    ]
    return pl.concat([empty, *parts]).drop_nulls("due").sort("key")


def _key(wave: pl.Expr, rater: pl.Expr, waves: int, raters: int) -> pl.Expr:
    return (pl.col("row").cast(pl.Int64) * waves + wave) * raters + rater


def _keyed(rows: pl.DataFrame, questionnaire: Questionnaire, raters: tuple[str | None, ...]) -> pl.DataFrame:
    """``rows`` with the ``key`` of their round; those of no round, or of a rater who has none, are left out."""
    waves = waves_in_order(questionnaire)
    places = {wave: place for place, wave in enumerate(waves)}
    wave = pl.col("round").replace_strict(places, default=None, return_dtype=pl.Int64)
    rater = pl.lit(0)
    if raters != (None,):
        numbers = {rater: number for number, rater in enumerate(raters)}
        rater = pl.col("rater").replace_strict(numbers, default=None, return_dtype=pl.Int64)
    return rows.with_columns(key=_key(wave, rater, len(waves), len(raters))).drop_nulls("key")


def _answer_of_round(
    given: pl.DataFrame, questionnaire: Questionnaire, raters: tuple[str | None, ...]
) -> pl.DataFrame:
    """By ``key``: ``answer``, ``answered_on``, ``edition`` and ``duplicates``."""
    keyed = _keyed(given, questionnaire, raters)
    first = (
        keyed.filter("counts")
        .sort("key", pl.col("complete").not_(), "occurred_from", "place", "id")
        .unique("key", keep="first", maintain_order=True)
    )
    further = keyed.filter(~pl.col("counts")).group_by("key").agg(duplicates=pl.len().cast(pl.Int64))
    return first.select("key", "edition", answer="id", answered_on="occurred_from").join(
        further, on="key", how="left"
    )


def _said(steps: pl.DataFrame, questionnaire: Questionnaire, raters: tuple[str | None, ...]) -> pl.DataFrame:
    """By ``key``: what was ``said`` last instead of an answer, and on how many days somebody was ``reminded``."""
    to_all = steps.filter(pl.col("rater").is_null())
    if raters != (None,):
        steps = pl.concat(
            [
                steps.drop_nulls("rater"),
                *(to_all.with_columns(rater=pl.lit(rater, dtype=pl.String)) for rater in raters),
            ]
        )
    says = pl.col("step").is_in(["declined", "not_relevant"])
    return (
        _keyed(steps, questionnaire, raters)
        .sort("occurred_from", "recorded_at", "id")
        .group_by("key", maintain_order=True)
        .agg(
            said=pl.col("step").filter(says).last(),
            reminded=pl.col("occurred_from").filter(pl.col("step") == "reminded").n_unique().cast(pl.Int64),
        )
    )


def with_reminder(facts: Facts, rows: pl.DataFrame, questionnaire: Questionnaire) -> pl.DataFrame:
    """``rows`` with ``next_reminder``: the day of the definition's reminder whose turn it is, while a round is open.

    They have ``due``, ``start`` (of the enrolment), ``site``, ``status`` and ``reminded``.
    """
    following = pl.lit(None, dtype=pl.Date)
    columns: list[pl.Series] = []
    for number, wait in enumerate(questionnaire.reminders):
        columns.append(moved(facts, rows, "due", wait).alias(f"__{number}"))
        following = pl.when(pl.col("reminded") == number).then(pl.col(f"__{number}")).otherwise(following)
    still_open = pl.col("status").is_in(["due", "late"])
    return rows.with_columns(columns).with_columns(next_reminder=pl.when(still_open).then(following))
