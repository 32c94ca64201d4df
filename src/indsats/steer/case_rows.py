"""Where every case stands on a day: one row per enrolment, and one per person who is not enrolled yet."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from indsats.record import KINDS, one_group

from .phases import phase_runs
from .worklist_cases import NO_CASE, Cases

if TYPE_CHECKING:
    from indsats.record import Facts

STATES = ("candidate", "upcoming", "active", "paused", "ended")
"""Where a case can stand, in the order it usually comes to."""

_ROW: dict[str, pl.DataType] = {
    **dict.fromkeys(("person", "enrolment", "service", "unit", "site"), pl.String()),
    **dict.fromkeys(("start", "end"), pl.Date()),
    **dict.fromkeys(("exit_reason", "state", "phase", "group"), pl.String()),
    **dict.fromkeys(("last_held", "next_planned"), pl.Date()),
}

_OF_PERSON = ("person", "site", "unit", "occurred_from", "recorded_at", "id")


def case_rows(facts: Facts, day: date) -> pl.DataFrame:
    """One row per enrolment, and one with enrolment '' per person with facts in the programme and no enrolment.

    Columns: ``person``, ``enrolment``, ``service``, ``unit``, ``site``, ``start``, ``end``, ``exit_reason``, ``state``,
    ``phase``, ``group``, ``last_held``, ``next_planned``. Ordered by person, start and enrolment. A row depends on
    nobody else's facts.

    ``state``: ended (the day of exit is no longer open), upcoming (begins after ``day``), paused, active; candidate
    without an enrolment. An exit after ``day`` is not known yet. ``phase`` is the one that is open and not skipped, of
    several the one begun last, then the last in the definition. ``group`` is the person's target group by ``day``: by
    the programme's rule, else by the newest visitation. ``last_held`` is the day of the last meeting held by ``day``
    and ``next_planned`` of the first planned from ``day`` on, null in a case that has ended; a meeting that names no
    enrolment counts as in ``worklist``. A person without an enrolment stands where the newest fact with a site is from.
    """
    cases = Cases(facts, day)
    known = pl.when(pl.col("end") <= day)
    enrolled = facts.enrolments().with_columns(end=known.then("end"), exit_reason=known.then("exit_reason"))
    paused = cases.paused.select("enrolment", __paused=pl.lit(value=True))
    state = (
        pl.when(pl.col("end").is_not_null())
        .then(pl.lit("ended"))
        .when(pl.col("start") > day)
        .then(pl.lit("upcoming"))
        .when(pl.col("__paused"))
        .then(pl.lit("paused"))
        .otherwise(pl.lit("active"))
    )
    rows = enrolled.join(paused, on="enrolment", how="left").with_columns(state=state)
    runs = phase_runs(facts, day).filter(pl.col("end").is_null() & ~pl.col("skipped"))
    places = {name: number for number, name in enumerate(facts.programme.phases)}
    place = pl.col("phase").replace_strict(places, return_dtype=pl.Int64)
    current = runs.sort("start", place).unique("enrolment", keep="last", maintain_order=True)
    rows = rows.join(current.select("enrolment", "phase"), on="enrolment", how="left")
    both = pl.concat([rows, _candidates(cases)], how="diagonal")
    return (
        _with_meetings(cases, both)
        .join(_groups(cases), on="person", how="left")
        .sort("person", "start", "enrolment")
        .select(pl.col(name).cast(type_) for name, type_ in _ROW.items())
    )


def _candidates(cases: Cases) -> pl.DataFrame:
    """Persons with facts by the day (or an appointment) and no enrolment: ``person``, place, ``state``."""
    ahead = pl.col("occurred_from") <= cases.day
    empty = cases.facts.table("visitation").clear()
    parts = [empty.select(_OF_PERSON)]
    for kind, model in KINDS.items():
        facts = cases.facts.facts.get(kind)
        if not model.needs_person or facts is None or not facts["enrolment"].null_count():
            continue
        dated = ahead | (pl.col("outcome") == "planned") if kind == "meeting" else ahead
        found = cases.facts.table(kind).filter(dated & pl.col("enrolment").is_null())
        parts.append(found.select(_OF_PERSON).join(cases.enrolled, on="person", how="anti"))
    return (
        pl.concat(parts)
        .drop_nulls("person")
        .sort(pl.col("site").is_not_null(), "occurred_from", "recorded_at", "id")
        .unique("person", keep="last", maintain_order=True)
        .select("person", "site", "unit", enrolment=pl.lit(NO_CASE), state=pl.lit("candidate"))
    )


def _with_meetings(cases: Cases, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with ``last_held`` and ``next_planned``."""
    table = cases.facts.table("meeting")
    if table["enrolment"].null_count():
        loose = table.filter(pl.col("enrolment").is_null())
        placed = cases.of(loose).select(table.columns).collect()
        table = pl.concat([table.filter(pl.col("enrolment").is_not_null()), placed])
    days = table.group_by("enrolment", "person").agg(
        last_held=pl.col("occurred_from")
        .filter((pl.col("outcome") == "held") & (pl.col("occurred_from") <= cases.day))
        .max(),
        next_planned=pl.col("occurred_from")
        .filter((pl.col("outcome") == "planned") & (pl.col("occurred_from") >= cases.day))
        .min(),
    )
    found = rows.join(days, on=["enrolment", "person"], how="left")
    return found.with_columns(next_planned=pl.when(pl.col("state") != "ended").then("next_planned"))


def _groups(cases: Cases) -> pl.DataFrame:
    """The target group of each person by the day: ``person``, ``group``."""
    known = cases.facts.table("visitation").filter(pl.col("occurred_from") <= cases.day)
    rule = cases.facts.programme.visitation
    if rule is not None:
        return one_group(known, rule).select("person", "group")
    return (
        known.drop_nulls("group")
        .sort("occurred_from", "recorded_at", "id")
        .unique("person", keep="last", maintain_order=True)
        .select("person", "group")
    )
