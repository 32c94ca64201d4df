"""From a register and a question about effect to a table with one row per person."""

from __future__ import annotations

import polars as pl

from indsats.problem import InputRefused, Problem
from indsats.programme import PERSON_FIELDS, Evaluation, IndexEvent, Programme, StateOutcome

from .codes import DEAD, NOT_RESIDENT, expand
from .files import Register
from .follow_up import first_week_after, week_of_nth, weeks_within
from .population import (
    Cohort,
    cohort_table,
    evaluation_of,
    refuse_own_names,
    select_population,
    state_column,
    with_derived,
)
from .states import state_spells, weeks_of_codes
from .weeks import ORIGIN, weeks_of

CENSORING = frozenset({NOT_RESIDENT, DEAD})
"""Codes that end the observation of a person: 997 not resident in Denmark, 999 dead."""

_TYPES: dict[str, pl.DataType] = {
    "number": pl.Float64(),
    "text": pl.String(),
    "bool": pl.Boolean(),
    "date": pl.Date(),
}
_INDEX_DATE = "index_date"
"""The Monday of the index week, as rules may name it."""


def cohort(
    register: Register, programme: Programme, evaluation: str, persons: pl.DataFrame, sites: pl.DataFrame
) -> Cohort:
    """The cohort of an evaluation on registers.

    ``persons`` has ``person`` and the fields of ``PERSON_FIELDS`` (absent ones count as missing), ``sites``
    has ``site`` and ``unit``; a person's site of residence is the one whose id stands in ``area``.

    *Index week*: the first week in the index state within the window. A person who is in the state already
    when the window or the data begin starts there, as a person first seen then (document 004, L387), and is
    marked ``left_truncated``: how long the state had lasted is not in the clock. A week lies in the window
    when its Thursday does. Age, and ``weeks_since`` and its like in rules, count to the Monday of that week.

    *Outcomes* look at weeks 1 to W after the index week, never at the index week itself. They are known for
    those observed all W weeks and null for the others, whether or not the state was reached: shares of those
    observed for different lengths of time do not compare (decision 5). Observation ends with the data, or
    in the week before the first code for death (999) or for living abroad (997), and does not begin anew for
    those who return; a state that itself lists such a code is not cut short by it. State pension (998) is an
    observed status like any other.

    *time_to*: ``weeks`` from index to the week in which the outcome is reached (the ``at_least_weeks``-th
    week in the state) and ``event`` true; without one, the weeks observed, at most W, and ``event`` false.
    Everybody has both, those censored too.

    *Histories* count weeks in the state in the weeks before index. They are null when the data do not reach
    that far back. *Exclusions*: see ``REASONS``.

    Raises ``ValueError`` for an evaluation that does not fit (no index event, a field or outcome that is not
    there, a field named like a column of the cohort) and ``InputRefused`` for a person who
    occurs twice among ``persons``.
    """
    ev = evaluation_of(programme, evaluation)
    if ev.index is None:
        raise ValueError(f"the evaluation '{evaluation}' is on packaged tables; use packaged_cohort")
    timed = next((outcome for outcome in ev.outcomes if outcome.id == ev.time_to), None)
    if ev.time_to is not None and not isinstance(timed, StateOutcome):
        raise ValueError(f"'time_to: {ev.time_to}' of '{evaluation}' is no outcome of kind state")
    refuse_own_names(ev)
    people = _people(persons)
    known = register.spells.select(pl.col("person").unique())
    both = people.join(known, on="person", how="semi")
    started = both.join(_index_weeks(register, programme, ev.index), on="person")
    excluded = {
        "no_person_record": known.height - both.height,
        "not_in_register": people.height - both.height,
        "no_index_event": both.height - started.height,
    }
    considered = people.height + excluded["no_person_record"]
    # From here on only the spells of those who have an index week matter.
    own = Register(
        register.spells.join(started, on="person", how="semi", maintain_order="left"),
        register.first_week,
        register.last_week,
        register.unknown_codes,
    )
    frame = _with_residence(_with_age(started), sites)
    frame = _with_histories(frame, own, programme, ev)
    frame = with_derived(frame, programme, evaluation, _INDEX_DATE)
    frame, left = select_population(frame, programme, evaluation, _INDEX_DATE)
    excluded |= left
    for outcome in ev.outcomes:
        if isinstance(outcome, StateOutcome):
            frame = _with_outcome(frame, own, programme, outcome, timed=outcome is timed)
    return Cohort(cohort_table(frame, ev), considered, excluded)


def _people(persons: pl.DataFrame) -> pl.DataFrame:
    repeated = persons.height - persons["person"].n_unique()
    if repeated:
        what = f"{repeated} rows repeat a person"
        raise InputRefused([Problem(what, "Keep one row for each person", "persons", field="person")])
    return persons.select(
        pl.col("person").cast(pl.String),
        *(
            pl.col(name).cast(_TYPES[kind])
            if name in persons.columns
            else pl.lit(None, _TYPES[kind]).alias(name)
            for name, kind in PERSON_FIELDS.items()
        ),
    )


def _index_weeks(register: Register, programme: Programme, index: IndexEvent) -> pl.DataFrame:
    """``person``, ``index_week`` and ``left_truncated`` of everybody with an index event."""
    first, last = register.first_week, register.last_week
    if index.window is not None:
        opens, closes = weeks_of(index.window)
        first, last = max(first, opens), min(last, closes)
    return (
        state_spells(register, [index.state], programme)
        .filter((pl.col("last_week") >= first) & (pl.col("first_week") <= last))
        .group_by("person")
        .agg(pl.col("first_week").min())
        .select(
            "person",
            index_week=pl.max_horizontal("first_week", pl.lit(first, pl.Int32)),
            left_truncated=(pl.col("first_week") < first) | (pl.col("first_week") == register.first_week),
        )
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


def _with_histories(
    frame: pl.DataFrame, register: Register, programme: Programme, evaluation: Evaluation
) -> pl.DataFrame:
    for history in evaluation.history:
        windows = frame.select(
            "person", start=pl.col("index_week") - history.weeks, end=pl.col("index_week") - 1
        )
        spells = state_spells(register, [history.state], programme)
        counted = weeks_within(spells, windows)
        reaches = counted["start"] >= register.first_week
        frame = frame.with_columns(counted["inside"].cast(pl.Float64).set(~reaches, None).alias(history.id))
    return frame


def _with_outcome(
    frame: pl.DataFrame, register: Register, programme: Programme, outcome: StateOutcome, *, timed: bool
) -> pl.DataFrame:
    codes = expand(programme.states[outcome.state].codes)
    stopped = first_week_after(
        weeks_of_codes(register, CENSORING - codes), frame.select("person", "index_week")
    )
    horizon = pl.col("index_week") + outcome.within_weeks
    windows = stopped.with_columns(
        until=pl.min_horizontal(pl.col("after") - 1, pl.lit(register.last_week, pl.Int32))
    ).select(
        "person",
        "index_week",
        "until",
        start=pl.col("index_week") + 1,
        end=pl.min_horizontal("until", horizon),
    )
    spells = state_spells(register, [outcome.state], programme)
    reached = week_of_nth(spells, windows, outcome.at_least_weeks)
    event = pl.col("reached").is_not_null()
    columns = reached.select(
        pl.when(pl.col("until") >= horizon).then(event).alias(state_column(outcome.id)),
        weeks=(pl.coalesce("reached", "end") - pl.col("index_week")).cast(pl.Int32),
        event=event,
    )
    return frame.hstack(columns if timed else columns.select(state_column(outcome.id)))
