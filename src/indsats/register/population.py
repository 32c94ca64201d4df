"""Who takes part in an evaluation and who counts as treated, with everybody left out counted by reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from indsats.programme import Evaluation, Programme, Text, fields_of, parse_rule, rule_fields, with_rule

REASONS: Mapping[str, Text] = {
    "no_person_record": Text(
        da="I registret, men ikke blandt personerne", en="In the register, but not among the persons"
    ),
    "not_in_register": Text(
        da="Blandt personerne, men ikke i registret", en="Among the persons, but not in the register"
    ),
    "no_index_event": Text(
        da="Aldrig i indgangstilstanden i perioden", en="Never in the index state during the window"
    ),
    "outside_rows": Text(da="Rækker, der ikke indgår", en="Rows that are not taken"),
    "outside_population": Text(da="Uden for populationen", en="Outside the population"),
    "population_unknown": Text(
        da="Oplysninger mangler om populationen", en="Unknown whether in the population"
    ),
    "treated_unknown": Text(da="Oplysninger mangler om indsatsen", en="Unknown whether treated"),
}
"""What each reason for leaving somebody out is called."""

OWN_COLUMNS = ("person", "index_week", "left_truncated", "treated", "weeks", "event")


@dataclass(frozen=True, slots=True)
class Cohort:
    """The persons of one evaluation.

    ``table`` has one row per person, sorted by person: ``person``, ``index_week`` (Int32, weeks since
    1991-W32) and ``left_truncated`` (both null for packaged tables), ``treated``, a column for each outcome
    under its id (Boolean for states, null when not observed long enough; the column itself for columns),
    with ``time_to`` also ``weeks`` (Int32) and ``event``, and every field that covariates, histories,
    derived columns, regressions and exact matching name (numbers as Float64).

    ``excluded`` counts who was left out, by reason in the order they were tried (a key of ``REASONS``, zeros
    included); ``considered`` is how many there were before: take all excluded away and the number of rows is
    left.
    """

    table: pl.DataFrame
    considered: int
    excluded: dict[str, int]


def evaluation_of(programme: Programme, evaluation: str) -> Evaluation:
    """The evaluation with this id; ``ValueError`` when the programme has none."""
    if evaluation not in programme.evaluations:
        known = ", ".join(programme.evaluations) or "none"
        raise ValueError(f"the programme defines no evaluation '{evaluation}'; it has: {known}")
    return programme.evaluations[evaluation]


def with_derived(
    frame: pl.DataFrame, programme: Programme, evaluation: str, as_of: str | None
) -> pl.DataFrame:
    """``frame`` with the evaluation's ``derive`` columns, made one after the other in the order written."""
    fields = rule_fields(programme, f"evaluation:{evaluation}")
    for name, text in evaluation_of(programme, evaluation).derive.items():
        frame = with_rule(frame, name, parse_rule(text, fields, expect="number"), as_of)
    return frame


def select_population(
    frame: pl.DataFrame, programme: Programme, evaluation: str, as_of: str | None
) -> tuple[pl.DataFrame, dict[str, int]]:
    """The rows in the population whose treatment is known, with ``treated``, and counts of the others.

    A rule that cannot be answered because a field is missing leaves the person out as unknown, never as
    outside or untreated. ``as_of`` names the date column that rules such as ``weeks_since`` count to.
    """
    ev = evaluation_of(programme, evaluation)
    fields = rule_fields(programme, f"evaluation:{evaluation}")
    population = parse_rule(ev.population, fields, expect="bool")
    treated = parse_rule(ev.treated, fields, expect="bool")
    inside = with_rule(frame, "_inside", population, as_of)
    excluded = {
        "outside_population": inside.filter(~pl.col("_inside")).height,
        "population_unknown": inside["_inside"].null_count(),
    }
    kept = with_rule(inside.filter("_inside").drop("_inside"), "treated", treated, as_of)
    excluded["treated_unknown"] = kept["treated"].null_count()
    return kept.drop_nulls("treated"), excluded


def outcome_column(outcome: str) -> str:
    """Where an outcome of the register stands until the cohort's table is made: no field has such a name."""
    return f"outcome:{outcome}"


def refuse_own_names(evaluation: Evaluation) -> None:
    """Raises ``ValueError`` when a field of the cohort would have the name of one of its own columns."""
    clashing = sorted(set(OWN_COLUMNS).intersection(named_fields(evaluation)))
    if clashing:
        raise ValueError(
            f"a cohort has columns of its own named {', '.join(clashing)}; name the field otherwise"
        )


def named_fields(evaluation: Evaluation) -> list[str]:
    """The fields a cohort carries beside the outcomes, each once, in the order the definition names them."""
    names = [covariate.field for covariate in evaluation.covariates]
    names += [history.id for history in evaluation.history]
    names += evaluation.derive
    for _, part in evaluation.parts():
        names += [field for _, field in fields_of(part)]
    if evaluation.cluster is not None:
        names.append(evaluation.cluster)
    if evaluation.effort_starts is not None:
        names.append("index_date")
    return list(dict.fromkeys(names))


def cohort_table(frame: pl.DataFrame, evaluation: Evaluation) -> pl.DataFrame:
    """The columns of a ``Cohort.table``, taken from ``frame``, with outcomes of the register as ``outcome_column``.

    Raises ``ValueError`` for a field the data lack and for an outcome whose id is a column with another
    meaning.
    """
    columns = [pl.col(name) for name in OWN_COLUMNS if name in frame.columns]
    taken = {*OWN_COLUMNS, *named_fields(evaluation)}
    for outcome in evaluation.outcomes:
        source = outcome.column if outcome.kind == "column" else outcome_column(outcome.id)
        if outcome.id in taken:
            raise ValueError(f"the outcome '{outcome.id}' bears the name of another column of the cohort")
        columns.append(pl.col(source).alias(outcome.id))
        taken.add(outcome.id)
    columns += [pl.col(name) for name in named_fields(evaluation)]
    wanted = {outcome.column for outcome in evaluation.outcomes if outcome.kind == "column"}
    lacking = sorted(wanted.union(named_fields(evaluation)).difference(frame.columns))
    if lacking:
        raise ValueError(f"the data of the evaluation have no field {', '.join(lacking)}")
    table = frame.select(columns)
    numbers = [name for name in table.columns if name not in OWN_COLUMNS and table[name].dtype.is_numeric()]
    return table.with_columns(pl.col(numbers).cast(pl.Float64)).sort("person")
