"""Composes the table of effects and the waiting-time curve of one evaluation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import polars as pl

from indsats.evaluate import (
    Effect,
    Match,
    difference_in_means,
    difference_in_shares,
    kaplan_meier,
    log_rank,
    regression,
)
from indsats.figure import Figure, Unit
from indsats.programme import ColumnOutcome, Evaluation, Outcome, Text
from indsats.register import Cohort
from indsats.report import Block, Cell, Chart, Column, Table

from . import words

CURVE_STEP = 4
"""Weeks between the printed points of a waiting-time curve: single weeks would show single persons."""


def estimates_table(name: str, evaluation: Evaluation, study: Cohort, matches: Mapping[str, Match]) -> Table:
    """Every outcome by every method: both groups, the difference with interval, standard error and p.

    What cannot be estimated in these data keeps its row, without numbers; the figure's ``method`` says why.
    """
    rows: list[tuple[Cell, ...]] = []
    shares = not isinstance(evaluation.outcomes[0], ColumnOutcome)
    for outcome in evaluation.outcomes:
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
    notes = [words.INTERVAL_SHARES if shares else words.INTERVAL_MEANS]
    if any(isinstance(row[4], Figure) and row[4].value is None for row in rows):
        notes.append(words.NOT_ESTIMATED)
    return Table(f"{name}-effects", words.estimates(evaluation.title), columns, tuple(rows), tuple(notes))


def _methods(
    evaluation: Evaluation, outcome: Outcome, study: Cohort, matched: Match | None
) -> Iterator[tuple[str, Text, Callable[[], Effect]]]:
    plain = difference_in_means if isinstance(outcome, ColumnOutcome) else difference_in_shares
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
    amount = isinstance(outcome, ColumnOutcome)
    parts: tuple[Figure, Figure]
    if amount:
        parts = (
            Figure(
                f"{stem}/treated", effect.mean_treated, "amount", None, effect.n_treated, made_from=made_from
            ),
            Figure(
                f"{stem}/untreated",
                effect.mean_untreated,
                "amount",
                None,
                effect.n_untreated,
                made_from=made_from,
            ),
        )
    else:
        parts = (
            _level(
                f"{stem}/treated", effect.events_treated, effect.mean_treated, effect.n_treated, made_from
            ),
            # where a person is twin to several, the mean is over pairs, and so is the count behind it
            _level(
                f"{stem}/untreated",
                effect.events_untreated,
                effect.mean_untreated,
                effect.n_untreated if effect.events_untreated is not None else effect.n_treated,
                made_from,
            ),
        )
    unit: Unit = "amount" if amount else "points"
    ids = (parts[0].id, parts[1].id)
    reason, left = ("missing" if amount else "censored"), sum(effect.excluded.values())

    def made(what: str, value: float, unit: Unit) -> Figure:
        return Figure(f"{stem}/{what}", value, unit, made_from=ids)

    difference = Figure(
        f"{stem}/difference",
        effect.estimate,
        unit,
        excluded={reason: left} if left else {},
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


def _level(stem: str, events: int | None, mean: float, persons: int, made_from: tuple[str, ...]) -> Figure:
    """A share with the count behind it, which disclosure control has to see."""
    count = mean * persons if events is None else events
    return Figure(stem, mean, "share", round(count, 6), persons, made_from=made_from)


def _empty_row(stem: str, outcome: Outcome, method: Text, reason: str) -> tuple[Cell, ...]:
    unit: Unit = "amount" if isinstance(outcome, ColumnOutcome) else "points"
    difference = Figure(f"{stem}/difference", None, unit, method=f"not estimated: {reason}")
    return (outcome.title, method, None, None, difference, None, None)


def waiting_blocks(name: str, evaluation: Evaluation, study: Cohort) -> Iterator[Block]:
    """The share that has not reached the outcome, by week and group, as a table and a curve."""
    outcome = next(outcome for outcome in evaluation.outcomes if outcome.id == evaluation.time_to)
    observed = study.table.drop_nulls(["weeks", "event"])
    curve = kaplan_meier(observed, "weeks", "event", by="treated")
    rows: list[tuple[Cell, ...]] = []
    last = int(max(curve["time"].max() or 0, CURVE_STEP))  # type: ignore[arg-type]
    for treated, title in ((True, words.TREATED), (False, words.UNTREATED)):
        steps = curve.filter(pl.col("group") == treated).sort("time")
        rows.append((title, _week(name, outcome, treated, 0), _everybody(name, outcome, treated)))
        for week in range(CURVE_STEP, last + 1, CURVE_STEP):
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
                    _week(name, outcome, treated, week),
                    Figure(
                        f"{stem}/share",
                        # three decimals: more would tell how many people the curve began with
                        round(row["survival"], 3),
                        "share",
                        None,
                        at_risk,
                        low=round(row["low"], 3),
                        high=round(row["high"], 3),
                    ),
                )
            )
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
    yield from _log_rank(name, outcome, observed, tuple(figure.id for figure in table.figures()))
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


def _week(name: str, outcome: Outcome, treated: bool, week: int) -> Figure:
    group = "treated" if treated else "untreated"
    return Figure(f"waiting/{name}/{outcome.id}/{group}/{week}/week", float(week), "weeks", given=True)


def _everybody(name: str, outcome: Outcome, treated: bool) -> Figure:
    """Where every curve begins: nobody has reached it yet."""
    group = "treated" if treated else "untreated"
    return Figure(f"waiting/{name}/{outcome.id}/{group}/0/share", 1.0, "share", given=True)


def _log_rank(
    name: str, outcome: Outcome, observed: pl.DataFrame, made_from: tuple[str, ...]
) -> Iterator[Block]:
    """The test that both groups wait equally long; hidden with any point of the curves it was made from."""
    try:
        apart = log_rank(observed, "weeks", "event", by="treated")
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
