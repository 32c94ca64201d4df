"""Who was measured at the start, and what came to them in the time they were followed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal

import polars as pl

from indsats.measure import INCOMPLETE, NO_ENROLMENT, NOT_ANSWERED, answers, item_answers
from indsats.measure.change import NOT_MEASURED, TOO_LATE, baselines
from indsats.measure.waves import BEFORE_ENROLMENT
from indsats.programme import Duration, Happening
from indsats.record import later

from . import reasons
from .remembered import remembered
from .selection import candidates

if TYPE_CHECKING:
    from indsats.record import Facts

_ORDER = {BEFORE_ENROLMENT: 3, TOO_LATE: 2, INCOMPLETE: 1}
"""Of several reasons why a person has no value the one that came nearest to one is told."""


def first_measured(
    facts: Facts, q_id: str, kind: Literal["score", "item"], key: str, until: date
) -> pl.DataFrame:
    """One row per person enrolled or measured by ``until``: the first value of a score or an item at a baseline.

    Columns: ``person``, ``enrolment``, its ``site``, ``day``, ``value``, ``level`` (the answer's level or
    the score's band) and ``reason`` (null where there is a value). Of several enrolments the first with a value speaks
    for the person.
    """
    return remembered(
        facts,
        ("first measured", q_id, kind, key, until),
        lambda: _first_measured(facts, q_id, kind, key, until),
    )


def _first_measured(
    facts: Facts, q_id: str, kind: Literal["score", "item"], key: str, until: date
) -> pl.DataFrame:
    rows = answers(facts, q_id).filter((pl.col("occurred_from") <= until) & pl.col("person").is_not_null())
    enrolled = facts.enrolments().filter(pl.col("start") <= until)
    told = (
        _scored(facts, q_id, key, until) if kind == "score" else _answered(facts, q_id, key, rows, enrolled)
    )
    people = (
        enrolled.select("enrolment", "person", "site", "start")
        .join(told, on="enrolment", how="left")
        .with_columns(
            reason=pl.when(pl.col("value").is_null()).then(pl.col("reason").fill_null(NOT_ANSWERED))
        )
        .sort(
            "person",
            pl.col("value").is_null(),
            "day",
            -pl.col("reason").replace_strict(_ORDER, default=0, return_dtype=pl.Int64),
            "start",
            "enrolment",
            nulls_last=True,
        )
        .unique("person", keep="first", maintain_order=True)
        .select("person", "enrolment", "site", "day", "value", "level", "reason")
    )
    loose = rows.filter(pl.col("enrolment").is_null()).select("person").unique()
    unenrolled = loose.join(people, on="person", how="anti").with_columns(reason=pl.lit(NO_ENROLMENT))
    return pl.concat([people, unenrolled], how="diagonal").sort("person")


def _scored(facts: Facts, q_id: str, key: str, until: date) -> pl.DataFrame:
    """One row per enrolment: ``value``, ``level``, ``day`` of a score's baseline, or the ``reason``."""
    # Who never answered is told in the same words for scores and items.
    reason = pl.col("reason").replace(NOT_MEASURED, NOT_ANSWERED)
    found = baselines(facts, q_id, key, until=until)
    return found.select("enrolment", "value", "day", level="band", reason=reason)


def _answered(facts: Facts, q_id: str, key: str, rows: pl.DataFrame, enrolled: pl.DataFrame) -> pl.DataFrame:
    """As ``_scored`` for an item: one row per enrolment with answers to the questionnaire."""
    questionnaire = facts.programme.questionnaires[q_id]
    window = questionnaire.baseline
    begun = enrolled.select("enrolment", begun_at="site", start="start")
    timed = rows.join(begun, on="enrolment", how="inner", maintain_order="left")
    outside = pl.lit(None, dtype=pl.String)
    if window is not None:
        started = timed.select("start", site="begun_at")
        day = pl.col("occurred_from")
        outside = (
            pl.when(day > later(facts, started, "start", window.within))
            .then(pl.lit(TOO_LATE))
            .when(day < pl.col("start").dt.offset_by(f"-{window.before.polars_offset}"))
            .then(pl.lit(BEFORE_ENROLMENT))
        )
    timed = timed.with_columns(outside=outside)
    at_start = timed.filter(pl.col("outside").is_null()).select(rows.columns)
    told = item_answers(at_start, questionnaire, key).select(
        "enrolment", "value", "level", "reason", day="occurred_from"
    )
    missed = (
        timed.drop_nulls("outside")
        .join(told, on="enrolment", how="anti")
        .sort("outside")
        .unique("enrolment", keep="last", maintain_order=True)
        .select("enrolment", reason="outside")
    )
    return pl.concat([told, missed], how="diagonal")


def outcomes_of(
    facts: Facts,
    measured: pl.DataFrame,
    what: Sequence[Happening],
    within: Duration | None,
    until: date,
    outcomes: pl.DataFrame | None,
) -> pl.DataFrame:
    """``measured`` with ``outcome`` (Boolean), and in ``reason`` why it is not known of those who had none yet.

    Either a fact of ``what`` about the person begins in ``(day, day + within]``, or ``outcomes`` says so. Raises
    ValueError for ``outcomes`` without the columns needed or with several rows for one person or enrolment.
    """
    if outcomes is not None:
        known = _given(measured, outcomes)
    elif within is not None:
        known = _happened(facts, measured, what, within, until)
    else:
        raise ValueError("facts need a time 'within' which they are to happen")
    reason = pl.coalesce("reason", "unknown")
    return known.with_columns(reason=reason, outcome=pl.when(reason.is_null()).then("outcome")).drop(
        "unknown"
    )


def _happened(
    facts: Facts, measured: pl.DataFrame, what: Sequence[Happening], within: Duration, until: date
) -> pl.DataFrame:
    last = min(until, facts.last_day)
    dated = measured.drop_nulls("day")
    dated = dated.with_columns(later(facts, dated, "day", within).alias("followed_to"))
    facts_of = (
        candidates(facts, what, last)
        .drop_nulls("person")
        .select("person", "sure", fact_day="day")
        .join(dated.select("person", "day", "followed_to"), on="person")
        .filter((pl.col("fact_day") > pl.col("day")) & (pl.col("fact_day") <= pl.col("followed_to")))
        .group_by("person")
        .agg(outcome=pl.col("sure").any())
    )
    # A fact that may be one leaves the outcome open unless another settles it.
    open_ = pl.col("outcome").not_().fill_null(value=False)
    unknown = (
        pl.when(pl.col("followed_to") > last)
        .then(pl.lit(reasons.NOT_OBSERVED_LONG_ENOUGH))
        .when(open_)
        .then(pl.lit(reasons.UNKNOWN_VALUE))
    )
    return (
        measured.join(dated.select("person", "followed_to"), on="person", how="left", maintain_order="left")
        .join(facts_of, on="person", how="left", maintain_order="left")
        .with_columns(unknown=unknown, outcome=pl.col("outcome").fill_null(value=False))
        .drop("followed_to")
    )


def _given(measured: pl.DataFrame, outcomes: pl.DataFrame) -> pl.DataFrame:
    by = next((name for name in ("enrolment", "person") if name in outcomes.columns), None)
    if by is None or "outcome" not in outcomes.columns:
        raise ValueError("'outcomes' needs a column 'person' or 'enrolment', and a column 'outcome'")
    if outcomes["outcome"].dtype != pl.Boolean:
        raise ValueError(
            f"column 'outcome' of 'outcomes' must be true or false, it is {outcomes['outcome'].dtype}"
        )
    if outcomes[by].is_duplicated().any():
        raise ValueError(f"'outcomes' has several rows for one {by}: give one")
    found = measured.join(outcomes.select(by, "outcome"), on=by, how="left", maintain_order="left")
    unknown = pl.when(pl.col("outcome").is_null()).then(pl.lit(reasons.UNKNOWN_VALUE))
    return found.with_columns(unknown=unknown)
