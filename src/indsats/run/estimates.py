"""Composes the tables of effects of one evaluation: every outcome by every method."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from indsats.evaluate import Caution, Effect, Match, adjust_p
from indsats.figure import Figure, Unit
from indsats.programme import AMOUNTS, ColumnOutcome, Evaluation, Outcome, Text
from indsats.register import Cohort
from indsats.report import Cell, Column, Table

from . import evaluation_words as told
from . import words
from .doubts import without_counts
from .estimators import methods

COUNTED = 1e-4
"""A share times its people this near a whole number is a count of them; nearer than a modelled one comes by chance."""


def estimates_tables(
    name: str,
    evaluation: Evaluation,
    study: Cohort,
    matches: Mapping[str, Match],
    cautions: list[tuple[Text, Caution]],
) -> Iterator[Table]:
    """Every outcome by every method: both groups, the difference with interval, standard error and p.

    Shares stand in one table and amounts in another. What cannot be estimated in these data keeps its row,
    without numbers; the figure's ``method`` says why. ``cautions`` is added to, each under its method's title.
    """
    amounts = [outcome for outcome in evaluation.outcomes if isinstance(outcome, AMOUNTS)]
    shares = [outcome for outcome in evaluation.outcomes if not isinstance(outcome, AMOUNTS)]
    main: dict[str, Figure] = {}
    if shares:
        title = words.estimates(evaluation.title)
        yield _table(f"{name}-effects", title, name, evaluation, shares, study, matches, cautions, main)
    if amounts:
        table = f"{name}-amounts" if shares else f"{name}-effects"
        title = words.amounts(evaluation.title) if shares else words.estimates(evaluation.title)
        yield _table(table, title, name, evaluation, amounts, study, matches, cautions, main)
    yield from _several(name, evaluation, main)


def _several(name: str, evaluation: Evaluation, main: Mapping[str, Figure]) -> Iterator[Table]:
    """The p-values of the main estimate, adjusted for there being several outcomes."""
    tested = [
        one for one in evaluation.outcomes if one.id in main and one.id not in evaluation.negative_controls
    ]
    if evaluation.multiplicity is None or len(tested) < 2:
        return
    adjusted = adjust_p([main[one.id].value for one in tested], evaluation.multiplicity)
    made_from = tuple(main[one.id].id for one in tested)
    yield Table(
        f"{name}-several",
        told.many(evaluation.title),
        (
            Column("outcome", words.OUTCOME),
            Column("p", words.P_VALUE, "p", 3),
            Column("adjusted", told.P_ADJUSTED, "p", 3),
        ),
        tuple(
            (
                one.title,
                replace(main[one.id], id=f"several/{name}/{one.id}/p", made_from=(main[one.id].id,)),
                Figure(f"several/{name}/{one.id}/p-adjusted", p, "p", made_from=made_from),
            )
            for one, p in zip(tested, adjusted, strict=True)
        ),
    )


def _table(
    table: str,
    title: Text,
    name: str,
    evaluation: Evaluation,
    outcomes: Sequence[Outcome],
    study: Cohort,
    matches: Mapping[str, Match],
    cautions: list[tuple[Text, Caution]],
    main: dict[str, Figure],
) -> Table:
    rows: list[tuple[Cell, ...]] = []
    shares = not isinstance(outcomes[0], AMOUNTS)
    for outcome in outcomes:
        for method in methods(evaluation, outcome, matches.get(outcome.id)):
            stem = f"effect/{name}/{outcome.id}/{method.id}"
            raw = f"effect/{name}/{outcome.id}/raw"
            above = () if method.id == "raw" else (f"{raw}/treated", f"{raw}/untreated")
            try:
                effect = method.make(study.table)
            except ValueError as reason:
                rows.append(_empty_row(stem, outcome, method.title, str(reason)))
                continue
            rows.append(_estimate_row(stem, outcome, method.title, effect, above))
            cautions.extend((method.title, caution) for caution in effect.warnings)
            p = rows[-1][-1]
            if method.id == (evaluation.main_estimate or "raw") and isinstance(p, Figure):
                main[outcome.id] = p
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


def _estimate_row(
    stem: str, outcome: Outcome, method: Text, effect: Effect, made_from: tuple[str, ...]
) -> tuple[Cell, ...]:
    """One method's row. ``made_from`` names the raw levels the others would give away."""
    amount = isinstance(outcome, AMOUNTS)
    # where a person is twin to several, the mean is over pairs, and so is the count behind it
    over_pairs = not amount and effect.events_control is None
    persons = effect.n_treated if over_pairs else effect.n_control
    unit: Unit = "amount" if amount else "points"
    parts: tuple[Figure | None, Figure | None] = (None, None)  # an association has no two groups
    ids = made_from
    if effect.estimand != "association":
        one = _level(f"{stem}/treated", effect.mean_treated, effect.n_treated, amount, made_from)
        two = _level(f"{stem}/untreated", effect.mean_control, persons, amount, made_from)
        parts, ids = (one, two), (one.id, two.id)
    excluded = _excluded(effect, outcome)

    def made(what: str, value: float, unit: Unit) -> Figure:
        return Figure(f"{stem}/{what}", value, unit, made_from=ids)

    difference = Figure(
        f"{stem}/difference",
        effect.estimate,
        unit,
        excluded=excluded,
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


def _excluded(effect: Effect, outcome: Outcome) -> dict[str, int]:
    """Who was left out: without an outcome, mostly not followed long enough, or for want of something else."""
    no_outcome = effect.excluded.get(f"missing {outcome.id}", 0)
    other = sum(effect.excluded.values()) - no_outcome
    reason = "missing" if isinstance(outcome, ColumnOutcome) else "censored"
    counts = {reason: no_outcome}
    counts["missing"] = counts.get("missing", 0) + other
    return {name: count for name, count in counts.items() if count}


def _level(stem: str, mean: float | None, persons: int, amount: bool, made_from: tuple[str, ...]) -> Figure:
    """A mean amount, or a share with the count behind it, which disclosure control has to see.

    A share that is no count of people (weighted, modelled) stands alone; the raw levels above it are judged for it.
    """
    if amount or mean is None:
        return Figure(stem, mean, "amount" if amount else "share", None, persons, made_from=made_from)
    count = round(mean * persons, 6)
    if made_from and abs(count - round(count)) > COUNTED:
        return Figure(stem, mean, "share", made_from=made_from)
    return Figure(stem, mean, "share", count, persons, made_from=made_from)


def _empty_row(stem: str, outcome: Outcome, method: Text, reason: str) -> tuple[Cell, ...]:
    unit: Unit = "amount" if isinstance(outcome, AMOUNTS) else "points"
    difference = Figure(f"{stem}/difference", None, unit, method=f"not estimated: {without_counts(reason)}")
    return (outcome.title, method, None, None, difference, None, None)
