"""Who is to be asked what, by whom, on any date: the rounds of waves and of cadences on one list."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from indsats.measure import next_reminder, round_status, rounds
from indsats.programme import Questionnaire
from indsats.record import later

from .cadence import chain
from .caseload import responsible
from .phases import phase_runs

if TYPE_CHECKING:
    from indsats.record import Facts

OPEN = ("due", "late")
"""The states of a round that can be answered now."""

_COLUMNS = {
    "questionnaire": pl.String(),
    "about": pl.String(),
    **dict.fromkeys(("enrolment", "person", "site", "unit", "service", "wave", "rater"), pl.String()),
    "asked_by": pl.String(),
    "worker": pl.String(),
    **dict.fromkeys(("opens", "due", "closes"), pl.Date()),
    "status": pl.String(),
    "timing": pl.String(),
    "answered_on": pl.Date(),
    "days_late": pl.Int64(),
    "reminded": pl.Int64(),
    "next_reminder": pl.Date(),
}


def measurements_due(
    facts: Facts, until: date, *, questionnaires: Collection[str] | None = None
) -> pl.DataFrame:
    """Every round of every questionnaire as known on ``until``, whether answered, due, late, missed or still to come.

    Columns: ``questionnaire``, ``about`` (person or site), ``enrolment``, ``person``, ``site``, ``unit``, ``service``,
    ``wave`` (null for a round of a cadence), ``rater`` (null where any may answer), ``asked_by`` (the raters who may,
    joined by ";"), ``worker`` (who holds such a role for the enrolment on the day, null where nobody does or the
    rater is the citizen), ``opens``, ``due``, ``closes``, ``status``, ``timing``, ``answered_on``, ``days_late`` (after
    ``closes``, of rounds that are late), ``reminded``, ``next_reminder``. Ordered by questionnaire as in the
    definition, enrolment or site, and due date.

    Waves are those of ``measure.rounds``. A questionnaire with a ``cadence`` has one round per stretch of it (see
    ``due_items``: pauses put it off): it opens and closes by the questionnaire's window, stays late until it is
    answered, and is missed when the enrolment, or the cadence's phase, ended first. Declined or not relevant
    holds for as long as the cadence lasts; then it is asked for again. Raises KeyError for an unknown questionnaire.
    """
    known = facts.programme.questionnaires
    nothing = pl.DataFrame(schema=_COLUMNS)
    parts = [nothing]
    for name in known if questionnaires is None else questionnaires:
        asked = known[name]
        found = [rounds(facts, name, until)] if asked.waves else []
        if asked.cadence is not None:
            found.append(_stretches(facts, name, asked.cadence, until))
        parts += [_told(facts, part, name, asked, until) for part in found]
    return pl.concat(parts)


def _stretches(facts: Facts, name: str, cadence: str, until: date) -> pl.DataFrame:
    """The rounds of a cadence, in the columns of ``rounds`` that the list shows."""
    asked = facts.programme.questionnaires[name]
    every, phase = facts.programme.cadences[cadence].every, facts.programme.cadences[cadence].phase
    # The end of the run holds the enrolment's: an exit ends it too.
    stretch, ends = ["enrolment"], facts.enrolments().select("enrolment", "end")
    if phase is not None:
        stretch = ["enrolment", "run"]
        ends = phase_runs(facts, until).filter(pl.col("phase") == phase).select(*stretch, "end")
    items = chain(facts, cadence, until).items.join(ends, on=stretch, how="left", maintain_order="left")
    window = asked.window
    items = items.with_columns(
        opens=pl.col("due").dt.offset_by(f"-{window.early.polars_offset}"),
        closes=pl.col("due").dt.offset_by(window.late.polars_offset),
        ends=pl.lit(None, dtype=pl.Date),
        end=pl.when(pl.col("end") <= until).then("end"),
        answered_on="done_on",
        answer=pl.col("done_on").cast(pl.String),
    )
    items = _with_steps(facts, name, items, until)
    holds = later(facts, items, "said_on", every)
    items = items.with_columns(said=pl.when(holds >= until).then("said"))
    overtaken = pl.col("left_out").is_not_null() & pl.col("done_on").is_null()
    status = pl.when(overtaken).then(pl.lit("ended")).otherwise("status")
    items = round_status(items, until).with_columns(
        status=status, wave=pl.lit(None, dtype=pl.String), rater=pl.lit(None, dtype=pl.String)
    )
    return next_reminder(facts, items, asked)


def _with_steps(facts: Facts, name: str, items: pl.DataFrame, until: date) -> pl.DataFrame:
    """``items`` with what was done about each since its clock started: ``said``, ``said_on`` and ``reminded``.

    A step belongs to the stretch it was taken in: after the start and before the next. One that names no enrolment
    is about every enrolment of the person.
    """
    steps = facts.table("questionnaire_asked").filter(
        (pl.col("questionnaire") == name) & (pl.col("occurred_from") <= until)
    )
    taken = steps.select("enrolment", "person", "id", "step", "recorded_at", day="occurred_from")
    clock = items.select("enrolment", "person", "run", "start", "done_on")
    own = taken.drop_nulls("enrolment").drop("person").join(clock.drop("person"), on="enrolment")
    everywhere = taken.filter(pl.col("enrolment").is_null()).drop("enrolment").join(clock, on="person")
    columns = ("enrolment", "run", "start", "done_on", "id", "step", "recorded_at", "day")
    both = pl.concat([own.select(columns), everywhere.select(columns)])
    inside = (pl.col("day") >= pl.col("start")) & (
        pl.col("done_on").is_null() | (pl.col("day") < pl.col("done_on"))
    )
    says = pl.col("step").is_in(["declined", "not_relevant"])
    found = (
        both.filter(inside)
        .sort("day", "recorded_at", "id")
        .group_by("enrolment", "run", "start", maintain_order=True)
        .agg(
            said=pl.col("step").filter(says).last(),
            said_on=pl.col("day").filter(says).last(),
            reminded=pl.col("day").filter(pl.col("step") == "reminded").n_unique().cast(pl.Int64),
        )
    )
    joined = items.join(found, on=["enrolment", "run", "start"], how="left", maintain_order="left")
    return joined.with_columns(pl.col("reminded").fill_null(0))


def _told(facts: Facts, rows: pl.DataFrame, name: str, asked: Questionnaire, until: date) -> pl.DataFrame:
    """``rows`` as the list shows them: with who may be asked, who asks, and how late it is."""
    who = pl.coalesce("rater", pl.lit(";".join(asked.raters)))
    late = (pl.lit(until) - pl.col("closes")).dt.total_days()
    rows = rows.with_columns(
        questionnaire=pl.lit(name),
        about=pl.lit(asked.about),
        asked_by=who,
        days_late=pl.when(pl.col("status") == "late").then(late),
    )
    by = "site" if asked.about == "site" else "enrolment"
    told = _with_worker(facts, rows, asked, until).select(list(_COLUMNS))
    # Both kinds come ordered by whom they are of, and nearly always by day: then there is nothing to sort.
    back = (pl.col(by) == pl.col(by).shift()) & (pl.col("due") < pl.col("due").shift())
    if not told.select(back.any()).item():
        return told
    return told.sort(by, "due", maintain_order=True)


def _with_worker(facts: Facts, rows: pl.DataFrame, asked: Questionnaire, until: date) -> pl.DataFrame:
    """``rows`` with who is to ask: the worker in the rater's role, else in the first role that may answer."""
    roles = [rater for rater in asked.raters if rater in facts.programme.roles]
    if asked.about == "site" or not roles:
        return rows.with_columns(worker=pl.lit(None, dtype=pl.String))
    place = pl.col("role").replace_strict(
        {role: number for number, role in enumerate(roles)}, return_dtype=pl.Int64
    )
    holds = responsible(facts, until, roles).sort(place, maintain_order=True)
    anyone = holds.unique("enrolment", keep="first", maintain_order=True).drop("role")
    own = holds.rename({"role": "rater", "worker": "__own"})
    return (
        rows.join(anyone, on="enrolment", how="left", maintain_order="left")
        .join(own, on=["enrolment", "rater"], how="left", maintain_order="left")
        .with_columns(worker=pl.when(pl.col("rater").is_null()).then("worker").otherwise("__own"))
    )
