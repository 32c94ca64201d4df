"""From a register and a question about effect to a table with one row per person."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from indsats.programme import PERSON_FIELDS, Outcome, Programme, StateOutcome
from indsats.progress import Progress

from .faults import refuse_repeated
from .follow import outcomes, question_of
from .population import (
    Cohort,
    cohort_table,
    evaluation_of,
    outcome_column,
    refuse_own_names,
    select_population,
    with_derived,
)
from .register import Register
from .store import Store
from .weeks import ORIGIN

_TYPES: dict[str, pl.DataType] = {
    "number": pl.Float64(),
    "text": pl.String(),
    "bool": pl.Boolean(),
    "date": pl.Date(),
}
_INDEX_DATE = "index_date"
"""The Monday of the index week, as rules may name it."""


def cohort(
    register: Register | Store,
    programme: Programme,
    evaluation: str,
    persons: pl.DataFrame,
    sites: pl.DataFrame,
    *,
    hours: pl.DataFrame | None = None,
    events: pl.DataFrame | None = None,
    progress: Progress | None = None,
) -> Cohort:
    """The cohort of an evaluation on registers.

    ``persons`` has ``person`` and the fields of ``PERSON_FIELDS`` (absent ones count as missing), ``sites``
    has ``site`` and ``unit``; a person's site of residence is the one whose id stands in ``area``. ``hours``
    (``person``, ``month``, ``hours``) and ``events`` (``person``, ``week``) are needed by evaluations that
    name paid hours or start at a happening.

    Index week, histories, outcomes and what is known of them: see ``follow``. Who is in the index state
    already when the window or the data begin starts there, as a person first seen then (document 004, L387),
    and is marked ``left_truncated``: how long the state had lasted is not in the clock. Age, and
    ``weeks_since`` and its like in rules, count to the Monday of the index week.

    Outcomes are known for those observed to their last week or month and null for the others, whether or not
    they were reached: shares of those observed for different lengths of time do not compare (decision 5).

    *time_to*: ``weeks`` from index to the week in which the outcome is reached and ``event`` true; without
    one, the weeks observed, at most the outcome's, and ``event`` false. Everybody has both, those censored
    too. *Exclusions*: see ``REASONS``.

    Raises ``ValueError`` for an evaluation that does not fit (no index event, a field or outcome that is not
    there, a field named like a column of the cohort, hours or events that are not given) and ``InputRefused``
    for a person who occurs twice among ``persons``.
    """
    ev = evaluation_of(programme, evaluation)
    if ev.index is None:
        raise ValueError(f"the evaluation '{evaluation}' is on packaged tables; use packaged_cohort")
    waited = (outcome for outcome in ev.outcomes if isinstance(outcome, StateOutcome))
    timed = next((outcome for outcome in waited if outcome.id == ev.time_to), None)
    if ev.time_to is not None and timed is None:
        raise ValueError(f"'time_to: {ev.time_to}' of '{evaluation}' is no outcome of kind state")
    refuse_own_names(ev)
    people = _people(persons)
    known = register.identities()
    both = people.filter(pl.col("person").is_in(known.implode()))
    cases = outcomes(
        register,
        question_of(programme, evaluation),
        persons=both,
        hours=hours,
        events=events,
        engine="polars" if isinstance(register, Register) else "duckdb",
        progress=progress,
    )
    started = both.join(_renamed(cases, ev.outcomes, timed), on="person", maintain_order="left")
    excluded = {
        "no_person_record": len(known) - both.height,
        "not_in_register": people.height - both.height,
        "no_index_event": both.height - started.height,
    }
    considered = people.height + excluded["no_person_record"]
    frame = with_derived(_with_residence(_with_age(started), sites), programme, evaluation, _INDEX_DATE)
    frame, left = select_population(frame, programme, evaluation, _INDEX_DATE)
    return Cohort(cohort_table(frame, ev), considered, excluded | left)


def _renamed(cases: pl.DataFrame, asked: Sequence[Outcome], timed: StateOutcome | None) -> pl.DataFrame:
    """The cases with outcomes where ``cohort_table`` looks for them, and the waiting time of the timed one."""
    told = [name for name in cases.columns if name.startswith(("weeks:", "ended:"))]
    waiting = (
        []
        if timed is None
        else [
            pl.col(f"weeks:{timed.id}").alias("weeks"),
            (pl.col(f"ended:{timed.id}") == "reached").alias("event"),
        ]
    )
    names = {one.id: outcome_column(one.id) for one in asked if one.id in cases.columns}
    return cases.with_columns(waiting).drop(*told, "observed_until").rename(names)


def _people(persons: pl.DataFrame) -> pl.DataFrame:
    refuse_repeated(persons)
    return persons.select(
        pl.col("person").cast(pl.String),
        *(
            pl.col(name).cast(_TYPES[kind])
            if name in persons.columns
            else pl.lit(None, _TYPES[kind]).alias(name)
            for name, kind in PERSON_FIELDS.items()
        ),
    )


def _with_age(frame: pl.DataFrame) -> pl.DataFrame:
    born, day = pl.col("birth_date"), pl.col(_INDEX_DATE)
    birthday_ahead = day.dt.month().cast(pl.Int32) * 100 + day.dt.day() < (
        born.dt.month().cast(pl.Int32) * 100 + born.dt.day()
    )
    return frame.with_columns(
        (pl.lit(ORIGIN) + pl.duration(weeks=pl.col("index_week"))).cast(pl.Date).alias(_INDEX_DATE)
    ).with_columns(
        age=(day.dt.year() - born.dt.year() - birthday_ahead.cast(pl.Int32)).cast(pl.Float64),
    )


def _with_residence(frame: pl.DataFrame, sites: pl.DataFrame) -> pl.DataFrame:
    """Adds ``site`` and ``unit`` of residence; null for an area that is no site of the programme."""
    areas = sites.select(
        area=pl.col("site").cast(pl.String), site="site", unit=pl.col("unit").cast(pl.String)
    )
    return frame.join(areas, on="area", how="left", maintain_order="left")
