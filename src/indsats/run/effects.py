"""Composes the tables and curves of one evaluation: who is in it, how alike the groups are, and the effects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from indsats.evaluate import (
    Effect,
    Match,
    balance,
    difference_in_means,
    difference_in_shares,
    kaplan_meier,
    match,
    regression,
)
from indsats.figure import Figure, Unit
from indsats.problem import InputRefused, Problem
from indsats.programme import ColumnOutcome, Evaluation, Outcome, Programme, Text
from indsats.record import Facts
from indsats.register import REASONS, Cohort, Register, cohort, packaged_cohort
from indsats.report import Block, Cell, Chart, Column, Table

from . import words

CURVE_STEP = 4
"""Weeks between the printed points of a waiting-time curve: single weeks would show single persons."""


@dataclass(frozen=True)
class _Estimate:
    outcome: Outcome
    method: Text
    effect: Effect


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
    yield _estimates(evaluation_id, evaluation, study, matches)
    if evaluation.time_to is not None:
        yield from _waiting(evaluation_id, evaluation, study)


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
    """One set of pairs per outcome when pairing on prognosis (each outcome has its own), one for all otherwise."""
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


def _estimates(name: str, evaluation: Evaluation, study: Cohort, matches: dict[str, Match]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    shares = not isinstance(evaluation.outcomes[0], ColumnOutcome)
    for outcome in evaluation.outcomes:
        for key, method, effect in _effects(evaluation, outcome, study, matches.get(outcome.id)):
            rows.append(_estimate_row(f"effect/{name}/{outcome.id}/{key}", outcome, method, effect))
    unit: Unit = "share" if shares else "amount"
    gap: Unit = "points" if shares else "amount"
    decimals = 1 if shares else 0
    columns = (
        Column("outcome", words.OUTCOME),
        Column("method", words.METHOD),
        Column("treated", words.TREATED, unit, decimals),
        Column("untreated", words.UNTREATED, unit, decimals),
        Column("difference", words.DIFFERENCE_POINTS if shares else words.DIFFERENCE, gap, decimals),
        Column("se", words.STANDARD_ERROR, gap, decimals),
        Column("p", words.P_VALUE, "p", 3),
    )
    note = words.INTERVAL_SHARES if shares else words.INTERVAL_MEANS
    return Table(f"{name}-effects", words.estimates(evaluation.title), columns, tuple(rows), (note,))


def _effects(
    evaluation: Evaluation, outcome: Outcome, study: Cohort, matched: Match | None
) -> Iterator[tuple[str, Text, Effect]]:
    column = outcome.id
    plain = difference_in_means if isinstance(outcome, ColumnOutcome) else difference_in_shares
    yield "raw", words.RAW, plain(study.table, column)
    if matched is not None and evaluation.matching is not None:
        method = words.PROGNOSIS_PAIRS if evaluation.matching.on == "prognosis" else words.PROPENSITY_PAIRS
        yield "matched", method, plain(matched.table, column, pair="pair", person="person")
    for model in evaluation.regressions:
        yield model.id, model.title, regression(study.table, column, "treated", model.adjust)


def _estimate_row(stem: str, outcome: Outcome, method: Text, effect: Effect) -> tuple[Cell, ...]:
    amount = isinstance(outcome, ColumnOutcome)
    parts: tuple[Figure, Figure]
    if amount or effect.events_treated is None or effect.events_untreated is None:
        parts = (
            Figure(f"{stem}/treated", effect.mean_treated, "amount", None, effect.n_treated),
            Figure(f"{stem}/untreated", effect.mean_untreated, "amount", None, effect.n_untreated),
        )
    else:
        parts = (
            Figure.share(f"{stem}/treated", effect.events_treated, effect.n_treated),
            Figure.share(f"{stem}/untreated", effect.events_untreated, effect.n_untreated),
        )
    unit: Unit = "amount" if amount else "points"
    ids = (parts[0].id, parts[1].id)

    def made(what: str, value: float, unit: Unit) -> Figure:
        return Figure(f"{stem}/{what}", value, unit, made_from=ids)

    difference = Figure(
        f"{stem}/difference",
        effect.estimate,
        unit,
        excluded=effect.excluded,
        low=effect.low,
        high=effect.high,
        p=effect.p,
        method=f"{effect.method}; {effect.se_method}",
        made_from=ids,
    )
    return (
        outcome.title,
        method,
        *parts,
        difference,
        made("se", effect.se, unit),
        made("p", effect.p, "p"),
    )


def _waiting(name: str, evaluation: Evaluation, study: Cohort) -> Iterator[Block]:
    outcome = next(outcome for outcome in evaluation.outcomes if outcome.id == evaluation.time_to)
    observed = study.table.drop_nulls(["weeks", "event"])
    curve = kaplan_meier(observed, "weeks", "event", by="treated")
    rows: list[tuple[Cell, ...]] = []
    last = int(max(curve["time"].max() or 0, CURVE_STEP))  # type: ignore[arg-type]
    for treated, title in ((True, words.TREATED), (False, words.UNTREATED)):
        steps = curve.filter(pl.col("group") == treated).sort("time")
        for week in range(0, last + 1, CURVE_STEP):
            stem = f"waiting/{name}/{outcome.id}/{'treated' if treated else 'untreated'}/{week}"
            reached = steps.filter(pl.col("time") <= week)
            ahead = steps.filter(pl.col("time") >= max(week, 1))
            at_risk = int(ahead["at_risk"][0]) if ahead.height else 0
            row = (
                reached.row(-1, named=True) if reached.height else {"survival": 1.0, "low": 1.0, "high": 1.0}
            )
            rows.append(
                (
                    title,
                    Figure(f"{stem}/week", float(week), "weeks"),
                    Figure(
                        f"{stem}/share",
                        row["survival"],
                        "share",
                        None,
                        at_risk,
                        low=row["low"],
                        high=row["high"],
                    ),
                    Figure(f"{stem}/low", row["low"], "share", made_from=(f"{stem}/share",)),
                    Figure(f"{stem}/high", row["high"], "share", made_from=(f"{stem}/share",)),
                )
            )
    table = Table(
        f"{name}-waiting",
        words.waiting(outcome.title),
        (
            Column("group", words.GROUP),
            Column("week", words.WEEK, "weeks", 0),
            Column("share", words.STILL_WAITING_SHARE, "share"),
            Column("low", words.LOW, "share"),
            Column("high", words.HIGH, "share"),
        ),
        tuple(rows),
    )
    yield table
    yield Chart(
        f"{name}-curve",
        words.waiting(outcome.title),
        table.id,
        "survival",
        {"time": "week", "survival": "share", "low": "low", "high": "high", "group": "group"},
        Text(
            da="Andelen, der endnu ikke har nået effektmålet, uge for uge i hver gruppe (Kaplan-Meier, 95 % interval).",
            en="The share that has not yet reached the outcome, by week and group (Kaplan-Meier, 95% interval).",
        ),
    )


def _labelled(title: Text, level: str | None) -> Text:
    if not level:
        return title
    shown = words.LEVELS.get(level, Text(da=level, en=level))
    return Text(da=f"{title.da}: {shown.da}", en=f"{title.en}: {shown.en}")
