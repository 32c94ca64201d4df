"""Composes the tables and curves of one evaluation: who is in it, how alike the groups are, and the effects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from indsats.evaluate import Match, balance, match
from indsats.figure import Figure
from indsats.problem import InputRefused, Problem
from indsats.programme import Evaluation, Programme, Text
from indsats.record import Facts
from indsats.register import REASONS, Cohort, Register, cohort, packaged_cohort
from indsats.report import Block, Cell, Chart, Column, Table

from . import words
from .estimates import estimates_table, waiting_blocks


def blocks(
    programme: Programme, evaluation_id: str, facts: Facts | None, register: Register | None
) -> Iterator[Block]:
    """Attrition, balance (with a love plot where people are matched), estimates and waiting times.

    Raises ``InputRefused`` when the evaluation is on registers and no register was given.
    """
    evaluation = programme.evaluations[evaluation_id]
    study = _cohort(programme, evaluation_id, facts, register)
    fields = [covariate.field for covariate in evaluation.covariates]
    titles = {covariate.field: covariate.title for covariate in evaluation.covariates}
    matches = _matches(evaluation, study, fields)
    yield _attrition(evaluation_id, evaluation, study)
    yield from _balance(evaluation_id, evaluation, study, fields, titles, next(iter(matches.values()), None))
    yield estimates_table(evaluation_id, evaluation, study, matches)
    if evaluation.time_to is not None:
        yield from waiting_blocks(evaluation_id, evaluation, study)


def _cohort(
    programme: Programme, evaluation_id: str, facts: Facts | None, register: Register | None
) -> Cohort:
    if programme.evaluations[evaluation_id].rows:
        return packaged_cohort(programme, evaluation_id)
    if facts is None or register is None:
        raise InputRefused(
            [
                Problem(
                    f"the evaluation '{evaluation_id}' needs a weekly register, and there is none",
                    "Put register/dream.parquet or register/dream.csv in the data folder",
                )
            ]
        )
    return cohort(register, programme, evaluation_id, facts.persons, facts.sites)


def _matches(evaluation: Evaluation, study: Cohort, fields: Sequence[str]) -> dict[str, Match]:
    """One set of pairs per outcome when pairing on prognosis (each outcome has its own), one for all otherwise.

    An outcome for which no score can be fitted, as happens in small data, has none.
    """
    rule = evaluation.matching
    if rule is None:
        return {}
    found: dict[str, Match] = {}
    for outcome in evaluation.outcomes:
        column = outcome.id
        if rule.on == "propensity" and found:
            found[outcome.id] = next(iter(found.values()))
            continue
        observed = study.table.drop_nulls(column) if rule.on == "prognosis" else study.table
        with suppress(ValueError):
            found[outcome.id] = match(
                observed,
                fields,
                on=rule.on,
                outcome=column if rule.on == "prognosis" else None,
                ratio=rule.ratio,
                replace=rule.replace,
                caliper=rule.caliper,
                exact=rule.exact,
                person="person",
            )
    return found


def _attrition(name: str, evaluation: Evaluation, study: Cohort) -> Table:
    treated = int(study.table["treated"].sum())
    stem = f"evaluation/{name}"
    rows: list[tuple[Cell, ...]] = [
        (REASONS[reason], Figure.count(f"{stem}/excluded/{reason}", count))
        for reason, count in study.excluded.items()
        if count
    ]
    rows += [
        (words.TREATED, Figure.count(f"{stem}/treated", treated)),
        (words.UNTREATED, Figure.count(f"{stem}/untreated", study.table.height - treated)),
        (words.TOTAL, Figure.count(f"{stem}/total", study.considered)),
    ]
    return Table(
        f"{name}-population",
        words.population(evaluation.title),
        (Column("step", words.STEP), Column("persons", words.PERSONS, "count")),
        tuple(rows),
        total_row=-1,
    )


def _balance(
    name: str,
    evaluation: Evaluation,
    study: Cohort,
    fields: Sequence[str],
    titles: dict[str, Text],
    matched: Match | None,
) -> Iterator[Block]:
    before = matched.balance_before if matched else balance(study.table, fields)
    after = (
        {(row["field"], row["level"]): row["smd"] for row in matched.balance_after.iter_rows(named=True)}
        if matched
        else {}
    )
    columns = [
        Column("characteristic", words.CHARACTERISTIC),
        Column("treated", words.MEAN_TREATED, "number", 2),
        Column("untreated", words.MEAN_UNTREATED, "number", 2),
        Column("before", words.SMD_BEFORE, "number", 3),
    ]
    if matched:
        columns.append(Column("after", words.SMD_AFTER, "number", 3))
    else:
        columns.append(Column("p", words.P_VALUE, "p", 3))
    base = matched.score if matched else study.table
    sizes = {True: int(base["treated"].sum()), False: int((~base["treated"]).sum())}
    rows: list[tuple[Cell, ...]] = []
    for row in before.iter_rows(named=True):
        stem = f"balance/{name}/{row['field']}/{row['level'] or ''}"
        last = (
            Figure(f"{stem}/after", after.get((row["field"], row["level"])), "number")
            if matched
            else Figure(f"{stem}/p", row["p"], "p")
        )
        rows.append(
            (
                _labelled(titles.get(row["field"], words.SCORE), row["level"]),
                Figure(
                    f"{stem}/treated", row["mean_treated"], "mean", None, sizes[True] - row["missing_treated"]
                ),
                Figure(
                    f"{stem}/untreated",
                    row["mean_untreated"],
                    "mean",
                    None,
                    sizes[False] - row["missing_untreated"],
                ),
                Figure(f"{stem}/before", row["smd"], "number"),
                last,
            )
        )
    notes = [words.SMD_NOTE]
    if matched:
        notes.append(words.pairs_note(matched.pairs.height, matched.n_treated, sum(matched.lost.values())))
    table = Table(
        f"{name}-balance", words.balance(evaluation.title), tuple(columns), tuple(rows), tuple(notes)
    )
    yield table
    if matched:
        yield Chart(
            f"{name}-love",
            words.balance(evaluation.title),
            table.id,
            "love",
            {"label": "characteristic", "before": "before", "after": "after"},
            Text(
                da="Standardiserede forskelle før og efter matchning for hvert kendetegn, med streger ved 0,1.",
                en="Standardised differences before and after matching for each characteristic, with lines at 0.1.",
            ),
        )


def _labelled(title: Text, level: str | None) -> Text:
    if not level:
        return title
    shown = words.LEVELS.get(level, Text(da=level, en=level))
    return Text(da=f"{title.da}: {shown.da}", en=f"{title.en}: {shown.en}")
