"""Composes the table of effects and the waiting-time curve of one evaluation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import polars as pl

from indsats.evaluate import (
    Effect,
    Match,
    difference_in_means,
    difference_in_shares,
    kaplan_meier,
    logrank,
    regression,
    survival_at,
)
from indsats.figure import Figure, Unit
from indsats.programme import AMOUNTS, ColumnOutcome, Evaluation, Outcome, Text
from indsats.register import Cohort
from indsats.report import Block, Cell, Chart, Column, Table

from . import words

CURVE_STEP = 4
"""Weeks between the printed points of a waiting-time curve: single weeks would show single persons."""


def estimates_tables(
    name: str, evaluation: Evaluation, study: Cohort, matches: Mapping[str, Match]
) -> Iterator[Table]:
    """Every outcome by every method: both groups, the difference with interval, standard error and p.

    Shares stand in one table and amounts in another. What cannot be estimated in these data keeps its row,
    without numbers; the figure's ``method`` says why.
    """
    amounts = [outcome for outcome in evaluation.outcomes if isinstance(outcome, AMOUNTS)]
    shares = [outcome for outcome in evaluation.outcomes if not isinstance(outcome, AMOUNTS)]
    if shares:
        title = words.estimates(evaluation.title)
        yield _table(f"{name}-effects", title, name, evaluation, shares, study, matches)
    if amounts:
        table = f"{name}-amounts" if shares else f"{name}-effects"
        title = words.amounts(evaluation.title) if shares else words.estimates(evaluation.title)
        yield _table(table, title, name, evaluation, amounts, study, matches)


def _table(
    table: str,
    title: Text,
    name: str,
    evaluation: Evaluation,
    outcomes: Sequence[Outcome],
    study: Cohort,
    matches: Mapping[str, Match],
) -> Table:
    rows: list[tuple[Cell, ...]] = []
    shares = not isinstance(outcomes[0], AMOUNTS)
    for outcome in outcomes:
        for key, method, estimate in _methods(evaluation, outcome, study, matches.get(outcome.id)):
            stem = f"effect/{name}/{outcome.id}/{key}"
            raw = f"effect/{name}/{outcome.id}/raw"
            above = () if key == "raw" else (f"{raw}/treated", f"{raw}/untreated")
            try:
                rows.append(_estimate_row(stem, outcome, method, estimate(), above))
            except ValueError as reason:
                rows.append(_empty_row(stem, outcome, method, str(reason)))
    unit: Unit = "share" if shares else "amount"
    gap: Unit = "points" if shares else "amount"
    decimals = 0 if isinstance(outcomes[0], ColumnOutcome) else 1
    columns = (
        Column("outcome", words.OUTCOME),
        Column("method", words.METHOD),
        Column("treated", words.TREATED, unit, decimals),
        Column("untreated", words.UNTREATED, unit, decimals),
        Column("difference", words.DIFFERENCE_POINTS if shares else words.DIFFERENCE, gap, decimals),
        Column("se", words.STANDARD_ERROR, gap, decimals),
        Column("p", words.P_VALUE, "p", 3),
    )
    notes = [words.INTERVAL_SHARES if shares else words.INTERVAL_MEANS]
    if any(isinstance(row[4], Figure) and row[4].value is None for row in rows):
        notes.append(words.NOT_ESTIMATED)
    return Table(table, title, columns, tuple(rows), tuple(notes))


def _methods(
    evaluation: Evaluation, outcome: Outcome, study: Cohort, matched: Match | None
) -> Iterator[tuple[str, Text, Callable[[], Effect]]]:
    plain = difference_in_means if isinstance(outcome, AMOUNTS) else difference_in_shares
    yield "raw", words.RAW, lambda: plain(study.table, outcome.id)
    if evaluation.matching is not None:
        method = words.PROGNOSIS_PAIRS if evaluation.matching.on == "prognosis" else words.PROPENSITY_PAIRS
        yield "matched", method, lambda: _over_pairs(plain, outcome, matched)
    for model in evaluation.regressions:
        yield model.id, model.title, partial(regression, study.table, outcome.id, "treated", model.adjust)


def _over_pairs(plain: Callable[..., Effect], outcome: Outcome, matched: Match | None) -> Effect:
    if matched is None:
        raise ValueError("no score could be fitted, so nobody was paired")
    return plain(matched.table, outcome.id, pair="pair", person="person")


def _estimate_row(
    stem: str, outcome: Outcome, method: Text, effect: Effect, made_from: tuple[str, ...]
) -> tuple[Cell, ...]:
    """One method's row. ``made_from`` names the raw levels the others would give away."""
    amount = isinstance(outcome, AMOUNTS)
    # where a person is twin to several, the mean is over pairs, and so is the count behind it
    over_pairs = not amount and effect.events_control is None
    persons = effect.n_treated if over_pairs else effect.n_control
    parts = (
        _level(f"{stem}/treated", effect.mean_treated, effect.n_treated, amount, made_from),
        _level(f"{stem}/untreated", effect.mean_control, persons, amount, made_from),
    )
    unit: Unit = "amount" if amount else "points"
    ids = (parts[0].id, parts[1].id)
    reason = "missing" if isinstance(outcome, ColumnOutcome) else "censored"
    left = sum(effect.excluded.values())

    def made(what: str, value: float, unit: Unit) -> Figure:
        return Figure(f"{stem}/{what}", value, unit, made_from=ids)

    difference = Figure(
        f"{stem}/difference",
        effect.estimate,
        unit,
        excluded={reason: left} if left else {},
        low=effect.interval.low,
        high=effect.interval.high,
        p=effect.p,
        method=f"{effect.design}; {effect.se_method}",
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


def _level(stem: str, mean: float | None, persons: int, amount: bool, made_from: tuple[str, ...]) -> Figure:
    """A mean amount, or a share with the count behind it, which disclosure control has to see."""
    if amount or mean is None:
        return Figure(stem, mean, "amount" if amount else "share", None, persons, made_from=made_from)
    return Figure(stem, mean, "share", round(mean * persons, 6), persons, made_from=made_from)


def _empty_row(stem: str, outcome: Outcome, method: Text, reason: str) -> tuple[Cell, ...]:
    unit: Unit = "amount" if isinstance(outcome, AMOUNTS) else "points"
    difference = Figure(f"{stem}/difference", None, unit, method=f"not estimated: {reason}")
    return (outcome.title, method, None, None, difference, None, None)


def waiting_blocks(name: str, evaluation: Evaluation, study: Cohort) -> Iterator[Block]:
    """The share that has not reached the outcome, by week and group, as a table and a curve."""
    outcome = next(outcome for outcome in evaluation.outcomes if outcome.id == evaluation.time_to)
    observed = study.table.drop_nulls(["weeks", "event"])
    curve = kaplan_meier(observed, "weeks", "event", by="treated")
    rows: list[tuple[Cell, ...]] = []
    last = int(observed.select(pl.col("weeks").max()).item() or 0)
    for treated, title in ((True, words.TREATED), (False, words.UNTREATED)):
        stem = f"waiting/{name}/{outcome.id}/{'treated' if treated else 'untreated'}"
        start = Figure(
            f"{stem}/0/share", 1.0, "share", given=True
        )  # every curve begins with everybody waiting
        rows.append((title, _week(stem, 0), start))
        steps = survival_at(curve.filter(pl.col("group") == treated), range(CURVE_STEP, last + 1, CURVE_STEP))
        for step in steps.iter_rows(named=True):
            week = int(step["time"])
            # three decimals: more would tell how many people the curve began with
            value, low, high = (_rounded(step[part]) for part in ("survival", "lower", "upper"))
            share = Figure(f"{stem}/{week}/share", value, "share", None, step["at_risk"], low=low, high=high)
            rows.append((title, _week(stem, week), share))
    table = Table(
        f"{name}-waiting",
        words.waiting(outcome.title),
        (
            Column("group", words.GROUP),
            Column("week", words.WEEK, "weeks", 0),
            Column("share", words.STILL_WAITING_SHARE, "share"),
        ),
        tuple(rows),
    )
    yield table
    yield from _logrank(name, outcome, observed, tuple(figure.id for figure in table.figures()))
    yield Chart(
        f"{name}-curve",
        words.waiting(outcome.title),
        table.id,
        "survival",
        {"time": "week", "survival": "share", "group": "group"},
        Text(
            da="Andelen, der endnu ikke har nået effektmålet, uge for uge i hver gruppe (Kaplan-Meier, 95 % interval).",
            en="The share that has not yet reached the outcome, by week and group (Kaplan-Meier, 95% interval).",
        ),
    )


def _week(stem: str, week: int) -> Figure:
    return Figure(f"{stem}/{week}/week", float(week), "weeks", given=True)


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 3)


def _logrank(
    name: str, outcome: Outcome, observed: pl.DataFrame, made_from: tuple[str, ...]
) -> Iterator[Block]:
    """The test that both groups wait equally long; hidden with any point of the curves it was made from."""
    try:
        apart = logrank(observed, "weeks", "event", by="treated")
    except ValueError:  # nobody reached it, or one group is empty: the curve says so itself
        return
    stem = f"waiting/{name}/{outcome.id}/log-rank"
    yield Table(
        f"{name}-waiting-test",
        words.WAITING_TEST,
        (
            Column("outcome", words.OUTCOME),
            Column("statistic", words.STATISTIC, "number", 1),
            Column("p", words.P_VALUE, "p", 3),
        ),
        (
            (
                outcome.title,
                Figure(f"{stem}/statistic", apart.statistic, "number", made_from=made_from),
                Figure(f"{stem}/p", apart.p, "p", made_from=made_from),
            ),
        ),
        notes=(words.WAITING_TEST_NOTE,),
    )
