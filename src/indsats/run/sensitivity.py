"""How the main estimate stands up to being tried: a row for each check the plan asks for, and a reading of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from indsats.evaluate import (
    Caution,
    calibrate,
    check_negative_controls,
    e_value_of,
    leave_one_out,
    placebo,
    randomisation_test,
    rosenbaum_bounds,
    subgroup_effects,
    tipping_point,
    wild_bootstrap,
)
from indsats.figure import Figure, Unit
from indsats.programme import (
    AMOUNTS,
    DifferenceInDifferences,
    Evaluation,
    EValue,
    HiddenBias,
    LeaveOneOut,
    NegativeControls,
    Outcome,
    Placebo,
    Randomisation,
    Regression,
    Sensitivity,
    Subgroups,
    Text,
    TippingPoint,
    WildBootstrap,
)
from indsats.register import Cohort
from indsats.report import Block, Cell, Column, Paragraph, Reading, Table

from . import evaluation_words as told
from . import tried, words
from .doubts import without_counts
from .estimators import main_method, matches


@dataclass(frozen=True, slots=True)
class Tried:
    """What one check found: a number on ``unit``, a reading of it in words, and what to be wary of."""

    value: float | None
    unit: Unit
    reading: Text
    low: float | None = None
    high: float | None = None
    warnings: tuple[Caution, ...] = ()


def sensitivity_blocks(
    name: str, evaluation: Evaluation, study: Cohort, cautions: list[tuple[Text, Caution]]
) -> Iterator[Block]:
    """A table of checks of the first outcome's main estimate, and one of subgroups; ``cautions`` is added to."""
    if not evaluation.sensitivity:
        return
    outcome = next(one for one in evaluation.outcomes if one.id not in evaluation.negative_controls)
    method = main_method(evaluation, outcome)
    rows: list[tuple[Cell, ...]] = []
    subgroups: list[Block] = []
    for check in evaluation.sensitivity:
        if isinstance(check, Subgroups):
            subgroups.extend(_subgroups(name, evaluation, study, outcome, check.fields))
            continue
        by = getattr(check, "by", None) or getattr(check, "start", None)
        stem = f"sensitivity/{name}/{outcome.id}/{check.check}" + ("" if by is None else f"/{by}")
        title = tried.CHECKS[check.check]
        try:
            found = _try(check, evaluation, study.table, outcome)
        except ValueError as reason:
            rows.append(
                (title, Figure(stem, None, "number", method=without_counts(str(reason))), tried.NOT_TRIED)
            )
            continue
        figure = Figure(
            stem,
            found.value,
            found.unit,
            low=found.low,
            high=found.high,
            made_from=_levels(name, evaluation, outcome, check),
            method=check.check,
        )
        rows.append((title, figure, Reading(da=found.reading.da, en=found.reading.en, of=stem)))
        cautions.extend((title, caution) for caution in found.warnings)
    if rows:
        yield Table(
            f"{name}-sensitivity",
            told.sensitivity(outcome.title, method.title),
            (
                Column("check", told.CHECK),
                Column("result", told.RESULT, "number"),
                Column("reading", told.READING),
            ),
            tuple(rows),
        )
    yield from subgroups


def _levels(name: str, evaluation: Evaluation, outcome: Outcome, check: Sensitivity) -> tuple[str, ...]:
    """The levels a check would give away: those of the plain difference and of the main estimate it tries."""
    tried_on = [outcome]
    if isinstance(check, NegativeControls):
        tried_on += [one for one in evaluation.outcomes if one.id in check.outcomes]
    return tuple(
        f"effect/{name}/{one.id}/{method}/{side}"
        for one in tried_on
        for method in dict.fromkeys(("raw", main_method(evaluation, one).id))
        for side in ("treated", "untreated")
    )


def _try(check: Sensitivity, evaluation: Evaluation, table: pl.DataFrame, outcome: Outcome) -> Tried:
    """One check of the main estimate of ``outcome``. Raises ``ValueError`` where the data do not allow it."""
    method = main_method(evaluation, outcome)
    shares = not isinstance(outcome, AMOUNTS)
    gap: Unit = "points" if shares else "amount"
    if isinstance(check, HiddenBias):
        return _hidden_bias(evaluation, table, outcome)
    if isinstance(check, NegativeControls):
        return _negative_controls(check, evaluation, table, outcome, gap)
    if isinstance(check, LeaveOneOut):
        left = leave_one_out(table, check.by, method.make)
        decisive = [caution for caution in left.warnings if caution.code == "one-site-decides"]
        changed = left.table.drop_nulls("change").sort(pl.col("change").abs(), descending=True)
        if changed.is_empty():
            raise ValueError("nothing can be estimated without any one of them")
        reading = tried.leave_one_out(
            str(changed["site"][0]),
            decided=any(caution.severity != "note" for caution in decisive),
            turns=bool(decisive),
        )
        # what is left is told in the reading: it names estimates, and goes with the figure where that is hidden
        others = tuple(caution for caution in left.warnings if caution not in decisive)
        return Tried(changed["estimate"][0], gap, reading, warnings=others)
    if isinstance(check, WildBootstrap | Randomisation | Placebo):
        return _again(check, evaluation, table, outcome, gap)
    effect = method.make(table)
    if isinstance(check, EValue):
        spread = None if shares else _number(table[outcome.id].std())
        found = e_value_of(effect, shares=shares or None, sd=spread)
        return Tried(found.point, "number", tried.e_value(found.limit))
    if isinstance(check, TippingPoint):
        point = tipping_point(effect)
        return Tried(point.product, "number", tried.tipping(point, shares=shares), warnings=point.warnings)
    raise TypeError(f"no way to make the check {check.check}")


def _hidden_bias(evaluation: Evaluation, table: pl.DataFrame, outcome: Outcome) -> Tried:
    paired = matches(evaluation, table, [outcome]).get(outcome.id)
    if paired is None:
        raise ValueError("nobody was paired")
    raises = bool(
        paired.table.filter(pl.col("treated"))[outcome.id].cast(pl.Float64).mean()
        >= paired.table.filter(~pl.col("treated"))[outcome.id].cast(pl.Float64).mean()  # type: ignore[operator]
    )
    bounds = rosenbaum_bounds(
        paired.table, outcome.id, pair="pair", person="person", alternative="greater" if raises else "less"
    )
    return Tried(bounds.gamma_star, "number", tried.hidden_bias(bounds.gamma_star), warnings=bounds.warnings)


def _negative_controls(
    check: NegativeControls, evaluation: Evaluation, table: pl.DataFrame, outcome: Outcome, gap: Unit
) -> Tried:
    controls = [one for one in evaluation.outcomes if one.id in check.outcomes]
    found = [main_method(evaluation, one).make(table) for one in controls]
    warnings = check_negative_controls(found)
    if len(found) < 2:
        only = found[0]
        return Tried(only.estimate, gap, tried.one_control(only), *only.interval, warnings)
    calibrated = calibrate(main_method(evaluation, outcome).make(table), found)
    return Tried(
        calibrated.estimate,
        gap,
        tried.calibrated(calibrated),
        *calibrated.interval,
        (*warnings, *calibrated.warnings),
    )


def _again(
    check: WildBootstrap | Randomisation | Placebo,
    evaluation: Evaluation,
    table: pl.DataFrame,
    outcome: Outcome,
    gap: Unit,
) -> Tried:
    """The main regression again: by bootstrap over clusters, over assignments, or with a start moved back."""
    main = next((one for one in evaluation.estimates if one.id == evaluation.main_estimate), None)
    if isinstance(check, Placebo):
        main = next((one for one in evaluation.estimates if isinstance(one, DifferenceInDifferences)), None)
        if main is None or evaluation.effort_starts is None:
            raise ValueError("there is no difference in differences to move the start of")
        effect = placebo(
            table,
            outcome.id,
            main.site_treated,
            "index_date",
            evaluation.effort_starts,
            check.start,
            covariates=main.adjust,
            absorb=main.absorb,
            cluster=evaluation.cluster or "person",
        )
        return Tried(effect.estimate, gap, tried.placebo(effect), *effect.interval, effect.warnings)
    if not isinstance(main, Regression | DifferenceInDifferences):
        raise ValueError("the main estimate is no regression")
    if isinstance(check, Randomisation):
        after = main.after if isinstance(main, DifferenceInDifferences) else None
        treatment = main.site_treated if isinstance(main, DifferenceInDifferences) else "treated"
        effect = randomisation_test(
            table, outcome.id, check.by, treatment, after=after, covariates=main.adjust
        )
        return Tried(effect.p, "p", tried.randomisation(effect), warnings=effect.warnings)
    terms = _terms(main)
    frame = table
    if isinstance(main, DifferenceInDifferences):
        product = pl.col(main.site_treated).cast(pl.Float64) * pl.col(main.after).cast(pl.Float64)
        frame = table.with_columns(treated=product)
    effect = wild_bootstrap(
        frame, outcome.id, terms, term="treated", absorb=main.absorb, cluster=evaluation.cluster or "site"
    )
    return Tried(effect.p, "p", tried.bootstrap(effect), warnings=effect.warnings)


def _terms(main: Regression | DifferenceInDifferences) -> list[str]:
    """The columns of the main regression, the treatment's first."""
    if isinstance(main, Regression):
        return ["treated", *main.adjust]
    return ["treated", main.site_treated, main.after, *main.adjust]


def _subgroups(
    name: str, evaluation: Evaluation, study: Cohort, outcome: Outcome, fields: Sequence[str]
) -> Iterator[Block]:
    """The effect in each level of each field, a table per field with how many people it is about and their sum.

    It is adjusted as the first regression is, or else for the background, which a draw alone does without.
    """
    titles = {covariate.field: covariate.title for covariate in evaluation.covariates}
    regressions = [one for one in evaluation.estimates if isinstance(one, Regression)]
    background = [] if evaluation.design == "randomised" else list(titles)
    adjusted_for = regressions[0].adjust if regressions else background
    known = study.table.drop_nulls(outcome.id)
    amount = isinstance(outcome, AMOUNTS)
    unit: Unit = "amount" if amount else "share"
    gap: Unit = "amount" if amount else "points"
    for field in fields:
        adjust = [one for one in adjusted_for if one != field]
        title = told.subgroups(titles.get(field, Text(da=field, en=field)), outcome.title)
        try:
            found = subgroup_effects(
                known, outcome.id, "treated", [field], covariates=adjust, cluster=evaluation.cluster
            )
        except ValueError:
            yield Paragraph(told.no_subgroups(title))
            continue
        everybody, *levels = found.table.iter_rows(named=True)
        stem = f"subgroup/{name}/{outcome.id}/{field}"
        yield Table(
            f"{name}-subgroups-{field}",
            title,
            (
                Column("group", told.SUBGROUP),
                Column("treated", words.TREATED, "count"),
                Column("untreated", words.UNTREATED, "count"),
                Column("treated-level", words.MEAN_TREATED, unit, 1),
                Column("untreated-level", words.MEAN_UNTREATED, unit, 1),
                Column("difference", words.DIFFERENCE if amount else words.DIFFERENCE_POINTS, gap, 1),
                Column("p", told.P_SAME, "p", 3),
            ),
            tuple(_subgroup(stem, row, amount=amount) for row in [*levels, everybody]),
            (*((told.SUBGROUPS_ADJUSTED,) if adjust else ()), told.SUBGROUPS_NOTE),
            total_row=-1,
        )


def _subgroup(stem: str, row: Mapping[str, Any], *, amount: bool) -> tuple[Cell, ...]:
    """One level: its people, their outcome in both groups, which disclosure control has to see, and the effect."""
    level = row["level"]
    at = stem if level is None else f"{stem}/{level}"
    cells: list[Figure] = []
    for side, group in (("treated", "treated"), ("untreated", "control")):
        n, mean = row[f"n_{group}"], row[f"mean_{group}"]
        cells.append(Figure.count(f"{at}/{side}", n))
        if amount or mean is None:
            cells.append(Figure(f"{at}/{side}-level", mean, "amount" if amount else "share", None, n))
        else:
            cells.append(Figure(f"{at}/{side}-level", mean, "share", round(mean * n, 6), n))
    of = tuple(cell.id for cell in cells)
    bounds = {"low": row["lower"], "high": row["upper"]}
    return (
        told.EVERYBODY if level is None else words.LEVELS.get(level, Text(da=level, en=level)),
        cells[0],
        cells[2],
        cells[1],
        cells[3],
        Figure(f"{at}/difference", row["effect"], "amount" if amount else "points", made_from=of, **bounds),
        Figure(f"{at}/p-same", row["p_interaction"], "p", made_from=of),
    )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
