"""Minimum requirements: one item per run of the phase, with what was answered and what dated facts say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from indsats.programme import Requirement, WithinMeasure

from .measured import readings
from .phases import open_until, phase_runs
from .remembered import remembered
from .together import PART, later_each, occurrences

if TYPE_CHECKING:
    from indsats.record import Facts

_KEY = [PART, "enrolment", "run"]
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
    requirements = dict(enumerate(facts.programme.requirements.values()))
    if not requirements:
        return pl.DataFrame(schema=_ITEM)
    runs = _runs(facts, requirements, until)
    measures = {part: one.measured for part, one in requirements.items() if one.measured is not None}
    items = runs.join(_last_answers(facts, runs, until), on=_KEY, how="left").join(
        readings(facts, measures, runs, until), on=_KEY, how="left"
    )
    lengths = {part: one.due for part, one in requirements.items() if one.due is not None}
    asked_by = later_each(facts, items, "start", lengths).alias("asked_by")
    # What has no length of its own is due when what is measured is.
    own = pl.col(PART).is_in(list(lengths))
    ruled_out = occurrences(
        facts, {part: one.not_applicable_when for part, one in requirements.items()}, until
    )
    items = items.with_columns(asked_by).with_columns(
        asked_by=pl.when(own).then("asked_by").otherwise("measured_due")
    )
    items = items.join(
        ruled_out.filter("known").group_by(PART, "enrolment").agg(ruled_out=pl.col("day").min()),
        on=[PART, "enrolment"],
        how="left",
    )
    by_run_end = (pl.col("ruled_out") <= pl.col("end").fill_null(until)).fill_null(value=False)
    not_applicable = pl.col("skipped") | by_run_end | pl.col("answered").eq_missing(pl.lit("not_applicable"))
    # What has a day of its own lapses when the run ends before it, unless somebody answered all the same.
    within = [
        part for part, one in measures.items() if part not in lengths and isinstance(one, WithinMeasure)
    ]
    overtaken = (
        pl.when(pl.col(PART).is_in(within))
        .then(pl.col("asked_by").is_null() & pl.col("end").is_not_null())
        .otherwise(pl.col("end") < pl.col("asked_by"))
    )
    lapsed = overtaken & pl.col("answered").is_null()
    day = pl.coalesce(pl.min_horizontal("asked_by", "end"), "end")
    measured = (
        pl.when(~pl.col("__out") | pl.col("measured").is_null())
        .then("measured")
        .otherwise(pl.lit("not_applicable"))
    )
    return (
        items.with_columns(due=pl.when(~lapsed.fill_null(value=False)).then(day), __out=not_applicable)
        .with_columns(measured=measured, state=_state(until))
        .join(_named(facts), on=PART)
        .sort("enrolment", PART, "run")
        .select(pl.col(name).cast(type_) for name, type_ in _ITEM.items())
    )


def _named(facts: Facts) -> pl.DataFrame:
    """The requirements by number: ``part``, ``requirement``, ``phase``, ``element``."""
    rows = [
        (part, name, one.phase, one.element)
        for part, (name, one) in enumerate(facts.programme.requirements.items())
    ]
    columns = dict.fromkeys(("requirement", "phase", "element"), pl.String)
    return pl.DataFrame(rows, schema={PART: pl.Int64, **columns}, orient="row")


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


def _runs(facts: Facts, requirements: Mapping[int, Requirement], until: date) -> pl.DataFrame:
    """The runs each requirement is asked of, with its number as ``part``."""
    of_phase = [(part, one.phase) for part, one in requirements.items() if one.phase is not None]
    elements = facts.programme.elements
    of_service = [
        (part, elements[one.element].service if one.element in elements else None)
        for part, one in requirements.items()
        if one.phase is None
    ]
    columns = (PART, "enrolment", "person", "unit", "site", "service", "run", "start", "end", "skipped")
    in_phase = pl.DataFrame(of_phase, schema={PART: pl.Int64, "phase": pl.String}, orient="row")
    alone = pl.DataFrame(of_service, schema={PART: pl.Int64, "of": pl.String}, orient="row")
    runs = phase_runs(facts, until).join(in_phase, on="phase").select(columns)
    if alone.is_empty():
        return runs
    enrolled = open_until(facts, until).join(alone, how="cross")
    enrolled = enrolled.filter(pl.col("of").is_null() | (pl.col("service") == pl.col("of")))
    whole = enrolled.with_columns(run=pl.lit(1, dtype=pl.Int64), skipped=pl.lit(value=False))
    return pl.concat([runs, whole.select(columns)])


def _last_answers(facts: Facts, runs: pl.DataFrame, until: date) -> pl.DataFrame:
    """The answer that holds for each run: ``part``, ``enrolment``, ``run``, ``answered``, ``reason``.

    Each answer belongs to the run that had begun last by then; the last one given holds.
    """
    parts = {name: part for part, name in enumerate(facts.programme.requirements)}
    return (
        facts.table("requirement_answered")
        .lazy()
        .filter(pl.col("occurred_from") <= until)
        .select(
            pl.col("requirement").replace_strict(parts, default=None, return_dtype=pl.Int64).alias(PART),
            *("enrolment", "answer", "reason", "recorded_at", "id"),
            day="occurred_from",
        )
        .collect()
        .sort("day", "recorded_at", "id")
        .join_asof(
            runs.select(*_KEY, "start").sort("start"),
            left_on="day",
            right_on="start",
            by=[PART, "enrolment"],
            strategy="backward",
            check_sortedness=False,
        )
        .filter(pl.col("run").is_not_null())
        .unique(_KEY, keep="last", maintain_order=True)
        .select(*_KEY, "reason", answered="answer")
    )
