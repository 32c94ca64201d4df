"""Minimum requirements: one item per run of the phase, with what was answered and what dated facts say."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from indsats.programme import Requirement, WithinMeasure
from indsats.record import later

from .measured import reading
from .phases import open_until, phase_runs
from .remembered import remembered
from .selection import happened

if TYPE_CHECKING:
    from indsats.record import Facts

_KEY = ["enrolment", "run"]
_TEXTS = ("enrolment", "person", "unit", "site", "service", "requirement", "phase", "element")
_ITEM: dict[str, pl.DataType] = {
    **dict.fromkeys(_TEXTS, pl.String()),
    "run": pl.Int64(),
    **dict.fromkeys(("start", "end", "due"), pl.Date()),
    **dict.fromkeys(("answered", "reason", "measured", "state"), pl.String()),
}


def requirement_items(facts: Facts, until: date) -> pl.DataFrame:
    """Every item of every requirement as known on the day ``until`` (nothing dated later is used).

    A requirement with a phase has an item for each run of it. One without has an item for each enrolment in the
    service of its core element, or in any where that names none; its run is from the first day to the exit.
    Columns: ``enrolment``, ``person``, ``unit``, ``site``, ``service`` (of the enrolment), ``requirement``,
    ``phase``, ``element``, ``run``, ``start``, ``end`` (of the run, null: open),
    ``due``, ``answered``, ``reason``, ``measured``, ``state``. Ordered by enrolment, requirement (as in the
    definition) and run.

    ``answered`` is the last answer dated in the run or after it, before the next run begins: yes, partly, no,
    not_applicable or null; of several on a day the one recorded last. ``reason`` is the answer's.

    ``measured`` is met, not_met, not_due, not_applicable or unknown; null where the requirement names no dated
    facts. ``within``: each clock's day is due ``after`` + ``within`` later; a clock whose run ends before that
    without the fact is not due; all that are due must be met. ``every``: the cadence's items due in the run.
    ``each``: the facts in the run. Where there is nothing to judge it is not_due.

    ``due`` is so long after the run's start as the requirement says; else the day ``within`` is due (of several
    the first); else the day the run ended; null while the run is open. A run that ends before the day its
    requirement would be due takes it along: it never falls due (null), unless it was answered, and then it is
    taken on the day the run ended.

    ``state``: not_applicable (phase skipped, that answer, or a ``not_applicable_when`` fact in the enrolment by
    the run's end), met (yes), not_met (no, partly), not_answered (due by ``until``) or not_due. What is not
    applicable is so in ``measured`` too.
    """
    return remembered(facts, ("requirement_items", until), lambda: _requirement_items(facts, until))


def _requirement_items(facts: Facts, until: date) -> pl.DataFrame:
    answers = (
        facts.table("requirement_answered")
        .filter(pl.col("occurred_from") <= until)
        .sort("occurred_from", "recorded_at", "id")
    )
    of_each = [
        _items_of(facts, requirement, answers.filter(pl.col("requirement") == name), until).with_columns(
            requirement=pl.lit(name),
            phase=pl.lit(requirement.phase, dtype=pl.String),
            element=pl.lit(requirement.element, dtype=pl.String),
            __place=pl.lit(place),
        )
        for place, (name, requirement) in enumerate(facts.programme.requirements.items())
    ]
    if not of_each:
        return pl.DataFrame(schema=_ITEM)
    return (
        pl.concat(of_each)
        .sort("enrolment", "__place", "run")
        .select(pl.col(name).cast(type_) for name, type_ in _ITEM.items())
    )


def _items_of(facts: Facts, requirement: Requirement, answers: pl.DataFrame, until: date) -> pl.DataFrame:
    runs = _runs(facts, requirement, until)
    items = runs.join(_last_answers(answers, runs), on=_KEY, how="left")
    if requirement.measured is None:
        missing = {"measured": pl.lit(None, dtype=pl.String), "measured_due": pl.lit(None, dtype=pl.Date)}
        items = items.with_columns(**missing)
    else:
        items = items.join(reading(facts, requirement.measured, runs, until), on=_KEY, how="left")
    asked_by = items["measured_due"]
    if requirement.due is not None:
        asked_by = later(facts, items, "start", requirement.due)
    ruled_out = happened(facts, requirement.not_applicable_when, until)
    items = items.with_columns(asked_by.alias("asked_by")).join(
        ruled_out.group_by("enrolment").agg(ruled_out=pl.col("day").min()), on="enrolment", how="left"
    )
    by_run_end = (pl.col("ruled_out") <= pl.col("end").fill_null(until)).fill_null(value=False)
    not_applicable = pl.col("skipped") | by_run_end | pl.col("answered").eq_missing(pl.lit("not_applicable"))
    # What has a day of its own lapses when the run ends before it, unless somebody answered all the same.
    lapsed = (pl.col("end") < pl.col("asked_by")) & pl.col("answered").is_null()
    if requirement.due is None and isinstance(requirement.measured, WithinMeasure):
        lapsed = pl.col("asked_by").is_null() & pl.col("end").is_not_null() & pl.col("answered").is_null()
    day = pl.coalesce(pl.min_horizontal("asked_by", "end"), "end")
    items = items.with_columns(due=pl.when(~lapsed.fill_null(value=False)).then(day), __out=not_applicable)
    return items.select(
        *("enrolment", "person", "unit", "site", "service", "run", "start", "end", "due"),
        "answered",
        "reason",
        measured=pl.when(~pl.col("__out") | pl.col("measured").is_null())
        .then("measured")
        .otherwise(pl.lit("not_applicable")),
        state=_state(until),
    )


def _state(until: date) -> pl.Expr:
    return (
        pl.when("__out")
        .then(pl.lit("not_applicable"))
        .when(pl.col("answered") == "yes")
        .then(pl.lit("met"))
        .when(pl.col("answered").is_not_null())
        .then(pl.lit("not_met"))
        .when(pl.col("due") <= until)
        .then(pl.lit("not_answered"))
        .otherwise(pl.lit("not_due"))
    )


def _runs(facts: Facts, requirement: Requirement, until: date) -> pl.DataFrame:
    """The runs a requirement is asked of."""
    if requirement.phase is not None:
        return phase_runs(facts, until).filter(pl.col("phase") == requirement.phase).drop("phase")
    enrolled = open_until(facts, until)
    element = facts.programme.elements.get(requirement.element or "")
    if element is not None and element.service is not None:
        enrolled = enrolled.filter(pl.col("service") == element.service)
    return enrolled.select(
        *("enrolment", "person", "unit", "site", "service"),
        pl.lit(1, dtype=pl.Int64).alias("run"),
        *("start", "end"),
        pl.lit(value=False).alias("skipped"),
    )


def _last_answers(answers: pl.DataFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """The answer that holds for each run: ``enrolment``, ``run``, ``answered``, ``reason``.

    ``answers`` are in the order they were given; each belongs to the run that had begun last by then.
    """
    return (
        answers.select("enrolment", "answer", "reason", day="occurred_from")
        .join_asof(
            runs.select(*_KEY, "start").sort("start"),
            left_on="day",
            right_on="start",
            by="enrolment",
            strategy="backward",
            check_sortedness=False,
        )
        .filter(pl.col("run").is_not_null())
        .unique(_KEY, keep="last", maintain_order=True)
        .select(*_KEY, "reason", answered="answer")
    )
