"""Checks of register states, packaged tables and evaluations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..base import FieldType
from ..definition import Programme
from ..estimates import fields_of
from ..evaluation import (
    ColumnOutcome,
    HoursOutcome,
    MonthsOutcome,
    Outcome,
    StateOutcome,
    WeeksOutcome,
    states_of,
)
from ..fields import evaluation_fields, rule_places, source_fields
from ..rules import exclude_each_other, implies, never_true
from .finding import Finding, check_named
from .references import unknown
from .rule_checks import domain, readable


@check_named("state-codes")
def code_ranges_run_forward(programme: Programme) -> Iterator[Finding]:
    """A range of register codes has its lower code first."""
    for name, state in programme.states.items():
        for number, codes in enumerate(state.codes):
            low, _, high = codes.partition("-")
            if high and high < low:
                path = ("states", name, "codes", number)
                yield Finding(path, f"the range {codes} runs backwards", f"Write {high}-{low}.")


@check_named("state")
def named_states_exist(programme: Programme) -> Iterator[Finding]:
    """Index, outcomes and history name states that exist."""
    for path, state in _states_used(programme):
        yield from unknown(path, state, programme.states, "state")


@check_named("state-unused")
def states_are_used(programme: Programme) -> Iterator[Finding]:
    """Every state is used by an evaluation."""
    used = {state for _, state in _states_used(programme)}
    for name in programme.states:
        if name not in used:
            what = f"no evaluation uses the state '{name}'"
            yield Finding(("states", name), what, "Use it, or remove it.", "warning", at_key=True)


def _states_used(programme: Programme) -> Iterator[tuple[tuple[Any, ...], str]]:
    for name, evaluation in programme.evaluations.items():
        at = ("evaluations", name)
        if evaluation.index is not None and evaluation.index.state is not None:
            yield (*at, "index", "state"), evaluation.index.state
        for number, outcome in enumerate(evaluation.outcomes):
            for place, state in states_of(outcome):
                yield (*at, "outcomes", number, *place), state
        for number, made in enumerate(evaluation.history):
            yield (*at, "history", number, "state"), made.state
            if made.of is not None:
                yield (*at, "history", number, "of"), made.of


@check_named("table")
def named_tables_exist(programme: Programme) -> Iterator[Finding]:
    """The tables an evaluation stacks exist."""
    for name, evaluation in programme.evaluations.items():
        for number, rows in enumerate(evaluation.rows):
            path = ("evaluations", name, "rows", number, "table")
            yield from unknown(path, rows.table, programme.tables, "table")


@check_named("table-columns")
def stacked_tables_fit(programme: Programme) -> Iterator[Finding]:
    """Tables that are stacked give a column of the same name the same type."""
    for name, evaluation in programme.evaluations.items():
        first: dict[str, tuple[str, FieldType]] = {}
        for number, rows in enumerate(evaluation.rows):
            table = programme.tables.get(rows.table)
            for column, what in table.columns.items() if table else ():
                other, type_ = first.setdefault(column, (rows.table, what.type))
                if type_ != what.type:
                    said = f"'{column}' is {what.type} in '{rows.table}' and {type_} in '{other}'"
                    path = ("evaluations", name, "rows", number, "table")
                    yield Finding(path, said, "Give the column one type, or do not stack the tables.")


@check_named("outcome-source")
def outcomes_fit_the_data(programme: Programme) -> Iterator[Finding]:
    """Weeks, states and hours are outcomes of registers, columns are outcomes of packaged tables."""
    for name, evaluation in programme.evaluations.items():
        for number, outcome in enumerate(evaluation.outcomes):
            path = ("evaluations", name, "outcomes", number, "kind")
            if evaluation.rows and not isinstance(outcome, ColumnOutcome):
                yield Finding(path, "packaged tables hold no registers", "Use 'kind: column'.")
            elif not evaluation.rows and isinstance(outcome, ColumnOutcome):
                yield Finding(path, "registers hold no columns to take as outcome", "Use 'kind: state'.")
            elif isinstance(outcome, ColumnOutcome):
                known = evaluation_fields(programme, evaluation)
                column = ("evaluations", name, "outcomes", number, "column")
                yield from unknown(column, outcome.column, known, "column")


@check_named("outcome-weeks")
def outcomes_can_happen(programme: Programme) -> Iterator[Finding]:
    """An outcome asks for no more weeks or months than it looks at."""
    for name, evaluation in programme.evaluations.items():
        for number, outcome in enumerate(evaluation.outcomes):
            for field, what, remedy in _impossible(outcome):
                yield Finding(("evaluations", name, "outcomes", number, field), what, remedy)


def _impossible(outcome: Outcome) -> Iterator[tuple[str, str, str]]:
    """Field, fault and remedy of an outcome that nobody can have."""
    if isinstance(outcome, StateOutcome):
        room = outcome.within_weeks - outcome.from_week + 1
        if room < 1:
            what = f"week {outcome.from_week} is after the last, {outcome.within_weeks}"
            yield "from_week", what, "Lower 'from_week', or raise 'within_weeks'."
        elif outcome.at_least_weeks > room:
            what = f"{outcome.at_least_weeks} weeks cannot fall within {room}"
            yield "at_least_weeks", what, "Lower 'at_least_weeks', or raise 'within_weeks'."
    elif isinstance(outcome, WeeksOutcome) and outcome.from_week > outcome.to_week:
        what = f"week {outcome.from_week} is after the last, {outcome.to_week}"
        yield "from_week", what, "Lower 'from_week', or raise 'to_week'."
    elif isinstance(outcome, HoursOutcome) and outcome.from_month > outcome.to_month:
        what = f"month {outcome.from_month} is after the last, {outcome.to_month}"
        yield "from_month", what, "Lower 'from_month', or raise 'to_month'."
    elif isinstance(outcome, MonthsOutcome) and outcome.in_a_row > outcome.within_months:
        what = f"{outcome.in_a_row} months in a row cannot fall within {outcome.within_months}"
        yield "in_a_row", what, "Lower 'in_a_row', or raise 'within_months'."


@check_named("history-source")
def history_needs_registers(programme: Programme) -> Iterator[Finding]:
    """History is made from registers, which packaged tables do not have."""
    for name, evaluation in programme.evaluations.items():
        if evaluation.rows and evaluation.history:
            what = "'history' is made from a register, and the data are packaged tables"
            yield Finding(("evaluations", name, "history"), what, "Remove it, or use 'index'.", at_key=True)


@check_named("evaluation-ids")
def outcome_and_estimate_ids_differ(programme: Programme) -> Iterator[Finding]:
    """Outcomes, history and estimates of an evaluation have ids of their own."""
    for name, evaluation in programme.evaluations.items():
        for key in ("outcomes", "history", "estimates"):
            seen: set[str] = set()
            for number, item in enumerate(getattr(evaluation, key)):
                if item.id in seen:
                    path = ("evaluations", name, key, number, "id")
                    yield Finding(path, f"the id '{item.id}' is given twice", "Give one another id.")
                seen.add(item.id)


@check_named("derive-name")
def derived_columns_are_new(programme: Programme) -> Iterator[Finding]:
    """A derived column does not take the name of a column the data have."""
    for name, evaluation in programme.evaluations.items():
        known = source_fields(programme, evaluation)
        for column in evaluation.derive:
            if column in known:
                what = f"the data already have a column '{column}'"
                yield Finding(
                    ("evaluations", name, "derive", column), what, "Choose another name.", at_key=True
                )


@check_named("covariate")
def covariates_exist(programme: Programme) -> Iterator[Finding]:
    """Covariates, matching, clusters, estimates and checks of sensitivity name fields of the evaluation's data."""
    for name, evaluation in programme.evaluations.items():
        at = ("evaluations", name)
        known = evaluation_fields(programme, evaluation)
        if evaluation.rows and not known:
            continue
        for number, covariate in enumerate(evaluation.covariates):
            yield from unknown((*at, "covariates", number, "field"), covariate.field, known, "field")
        yield from unknown((*at, "cluster"), evaluation.cluster, known, "field")
        for place, part in evaluation.parts():
            for path, field in fields_of(part):
                yield from unknown((*at, *place, *path), field, known, "field")


@check_named("covariate-date")
def covariates_can_be_compared(programme: Programme) -> Iterator[Finding]:
    """A covariate is a number, a text or true/false; a date has no mean to compare."""
    for name, evaluation in programme.evaluations.items():
        known = evaluation_fields(programme, evaluation)
        for number, covariate in enumerate(evaluation.covariates):
            if known.get(covariate.field) == "date":
                what = f"'{covariate.field}' is a date, which groups cannot be compared on"
                remedy = "Use 'age', or derive a number from it."
                yield Finding(("evaluations", name, "covariates", number, "field"), what, remedy)


@check_named("time-to")
def curves_follow_a_state(programme: Programme) -> Iterator[Finding]:
    """The outcome whose waiting time is drawn exists and is a state reached in weeks."""
    for name, evaluation in programme.evaluations.items():
        path = ("evaluations", name, "time_to")
        kinds = {outcome.id: outcome.kind for outcome in evaluation.outcomes}
        yield from unknown(path, evaluation.time_to, kinds, "outcome")
        if evaluation.time_to is not None and kinds.get(evaluation.time_to, "state") != "state":
            what = f"the outcome '{evaluation.time_to}' has no waiting time: it does not happen in a week"
            yield Finding(path, what, "Name an outcome of 'kind: state', or remove 'time_to'.")


@check_named("evaluation-arms")
def both_arms_can_have_people(programme: Programme) -> Iterator[Finding]:
    """Within the population, somebody can be treated and somebody not."""
    places = {place.path: place for place in rule_places(programme) if place.path[0] == "evaluations"}
    for name in programme.evaluations:
        population = readable(places["evaluations", name, "population"])
        treated = readable(places["evaluations", name, "treated"])
        if population is None or treated is None:
            continue
        known = domain(programme, f"evaluation:{name}")
        path = ("evaluations", name, "treated")
        if never_true(treated.tree, known) or never_true(population.tree, known):
            continue  # told by the check of rules that never hold
        if exclude_each_other(population.tree, treated.tree, known):
            what = "nobody in the population can be treated"
            yield Finding(path, what, "Look for conditions in the two that exclude each other.")
        elif implies(population.tree, treated.tree, known):
            what = "everybody in the population is treated, so there is nobody to compare with"
            yield Finding(path, what, "Widen 'population', or narrow 'treated'.")
