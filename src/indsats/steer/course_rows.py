"""Follows each person through the steps of the course: which day they came to each, and when they left."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import polars as pl

from indsats.programme import CourseStep, Programme

from . import reasons
from .phases import open_until
from .remembered import remembered
from .selection import candidates

if TYPE_CHECKING:
    from indsats.record import Facts

OF_PERSONS: Final = ("drawn", "excluded", "visitation")
"""Kinds that are about a person and may come before there is an enrolment to name."""

_OWN: dict[str, pl.DataType] = {
    "course": pl.String(),
    "person": pl.String(),
    "enrolment": pl.String(),
    "unit": pl.String(),
    "site": pl.String(),
    "left": pl.Date(),
}


def started_step(programme: Programme) -> str | None:
    """The step people come to by being enrolled: the first whose facts are all enrolments, where there is one."""
    steps = programme.course.items()
    return next((name for name, step in steps if taken_by_enrolment(step)), None)


def taken_by_enrolment(step: CourseStep) -> bool:
    """Whether being enrolled is what takes people to a step."""
    return all(one.kind == "enrolled" for one in step.what)


def course_rows(facts: Facts, end: date) -> pl.DataFrame:
    """One row per course of a person as known on the day ``end``; nothing dated later is used.

    Columns: ``course`` (a key), ``person``, ``enrolment`` (null: never enrolled), ``unit`` and ``site`` (of the
    enrolment, else of the first fact that tells it), ``left`` (date, null while under way) and ``day:<step>`` for
    each step (date of the first such fact, null where there is none).

    Each enrolment is a course; where a step is the enrolment itself, only the enrolments it takes. Draws, exclusions
    and visitations need not name an enrolment: one that names none belongs to the person's first enrolment on or
    after it, else to the one that is open that day, else to a course without an enrolment. Leaving ends a course,
    so what was known of a person who was left out does not go over to a later enrolment. All other facts that name
    no enrolment are left out (``course_left_out`` counts them), and so is what comes after the day of leaving.
    """
    return remembered(facts, ("course_rows", end), lambda: _rows(facts, end))


def course_left_out(facts: Facts, end: date) -> pl.DataFrame:
    """The facts that may belong to a step and are not used: ``step``, ``unit``, ``site``, ``reason``.

    They name no enrolment and are not about a person alone, or lack a value that decides it. One that lacks a value
    is told only where the enrolment has not come to the step by another fact.
    """
    return remembered(facts, ("course_left_out", end), lambda: _left_out(facts, end))


def _of_steps(facts: Facts, end: date) -> pl.DataFrame:
    """The facts of all steps, the unusable among them, with ``step``, ``place`` and ``leaves``.

    A fact about a person that names an enrolment which has not begun names none yet.
    """
    begun = open_until(facts, end).select("enrolment", begun=pl.lit(value=True)).unique()
    found = [
        candidates(facts, step.what, end).with_columns(
            step=pl.lit(name), place=pl.lit(place), leaves=pl.lit(step.leaves)
        )
        for place, (name, step) in enumerate(facts.programme.course.items())
    ]
    of_person = pl.col("kind").is_in(OF_PERSONS)
    early = of_person & pl.col("begun").is_null()
    return (
        pl.concat(found)
        .join(begun, on="enrolment", how="left")
        .with_columns(pl.when(~early).then("enrolment").alias("enrolment"))
        .with_columns(
            reason=pl.when(of_person & pl.col("enrolment").is_null())
            .then(pl.when(~pl.col("sure")).then(pl.lit(reasons.UNKNOWN_VALUE)))
            .otherwise("reason")
        )
        .drop("begun")
    )


def _rows(facts: Facts, end: date) -> pl.DataFrame:
    course = facts.programme.course
    if not course:
        return pl.DataFrame(schema=_OWN)
    dated = _of_steps(facts, end).filter(pl.col("reason").is_null() & pl.col("person").is_not_null())
    enrolled = _enrolments(facts, dated, end)
    mine = dated.join(enrolled.select("enrolment"), on="enrolment", how="semi").with_columns(
        course=pl.format("e/{}", "enrolment")
    )
    loose = _placed(dated.filter(pl.col("enrolment").is_null()), enrolled)
    known = pl.concat([mine, loose.select(mine.columns)])
    own = _people(known, enrolled)
    left = (
        known.filter("leaves")
        .sort("day", "place")
        .group_by("course")
        .agg(left=pl.col("day").first(), by=pl.col("step").first())
    )
    # An enrolment that has ended has left, whether or not the course names the exit.
    gone = own.join(left, on="course", how="left").with_columns(left=pl.min_horizontal("left", "end"))
    days = known.join(gone.select("course", "left", "by"), on="course").filter(
        (pl.col("day") <= pl.col("left")).fill_null(value=True)
        & (~pl.col("leaves") | (pl.col("step") == pl.col("by")))
    )
    reached = days.group_by("course").agg(_first_day(name) for name in course)
    return gone.join(reached, on="course", how="left").select(*_OWN, *(f"day:{name}" for name in course))


def _first_day(name: str) -> pl.Expr:
    return pl.col("day").filter(pl.col("step") == name).min().alias(f"day:{name}")


def _enrolments(facts: Facts, dated: pl.DataFrame, end: date) -> pl.DataFrame:
    """The enrolments that are courses: ``enrolment``, ``person``, ``unit``, ``site``, ``start``, ``end``."""
    enrolled = open_until(facts, end)
    started = started_step(facts.programme)
    if started is not None:
        taken = dated.filter(pl.col("step") == started).select("enrolment").unique()
        enrolled = enrolled.join(taken, on="enrolment", how="semi")
    return enrolled.select("enrolment", "person", "unit", "site", "start", "end")


def _placed(loose: pl.DataFrame, enrolled: pl.DataFrame) -> pl.DataFrame:
    """Facts without an enrolment, with the course they belong to and its enrolment.

    A person's facts fall in stretches that each end with leaving; a fact goes to an enrolment only if that began
    before its stretch was over.
    """
    ordered = loose.sort("person", "day", "leaves", "place")
    stretch = (pl.col("leaves").cast(pl.Int64).cum_sum() - pl.col("leaves").cast(pl.Int64)).over("person")
    ordered = ordered.with_columns(stretch=stretch).with_columns(
        over=pl.col("day").filter("leaves").min().over("person", "stretch")
    )
    begun = enrolled.select("person", "start", ahead="enrolment").sort("start")
    running = enrolled.select("person", since="start", until="end", around="enrolment").sort("since")
    found = (
        ordered.drop("enrolment")
        .sort("day")
        .join_asof(
            begun, left_on="day", right_on="start", by="person", strategy="forward", check_sortedness=False
        )
        .join_asof(
            running,
            left_on="day",
            right_on="since",
            by="person",
            strategy="backward",
            check_sortedness=False,
        )
    )
    before = pl.when((pl.col("start") <= pl.col("over")).fill_null(pl.col("start").is_not_null())).then(
        "ahead"
    )
    during = pl.when((pl.col("until") >= pl.col("day")).fill_null(pl.col("since").is_not_null())).then(
        "around"
    )
    return found.with_columns(enrolment=pl.coalesce(before, during)).with_columns(
        course=pl.coalesce(
            pl.format("e/{}", "enrolment"),
            pl.format("p/{}/{}", pl.col("stretch"), pl.col("person")),
        )
    )


def _people(known: pl.DataFrame, enrolled: pl.DataFrame) -> pl.DataFrame:
    """Every course with whose it is, where, and the day its enrolment ended."""
    of_enrolments = enrolled.select(
        pl.format("e/{}", "enrolment").alias("course"), "person", "enrolment", "unit", "site", "end"
    )
    without = (
        known.filter(pl.col("enrolment").is_null())
        .sort("day", "place")
        .group_by("course")
        .agg(
            pl.col("person").first(),
            pl.col("enrolment").first(),
            pl.col("unit").drop_nulls().first(),
            pl.col("site").drop_nulls().first(),
            end=pl.lit(None, dtype=pl.Date),
        )
    )
    return pl.concat([of_enrolments, without.select(of_enrolments.columns)]).sort("course")


def _left_out(facts: Facts, end: date) -> pl.DataFrame:
    if not facts.programme.course:
        return pl.DataFrame(schema=dict.fromkeys(("step", "unit", "site", "reason"), pl.String()))
    found = _of_steps(facts, end)
    unused = found.filter(pl.col("reason").is_not_null())
    came = found.filter(pl.col("reason").is_null() & pl.col("enrolment").is_not_null())
    settled = came.select("enrolment", "step", settled=pl.lit(value=True)).unique()
    return (
        unused.join(settled, on=["enrolment", "step"], how="left")
        .filter(pl.col("settled").is_null())
        .select("step", "unit", "site", "reason")
    )
