"""Composes the waiting times of one evaluation: the curve, the test, hazard ratios and mean waits."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from indsats.evaluate import Caution, CoxFit, kaplan_meier, logrank, survival_at
from indsats.figure import Figure
from indsats.programme import Evaluation, Outcome, Text
from indsats.register import Cohort
from indsats.report import Block, Cell, Chart, Column, Table
from indsats.report.disclosure import CurvePoint, small_step

from . import evaluation_words as told
from . import words
from .doubts import without_counts
from .estimators import fits, mean_waits

CURVE_STEP = 4
"""The fewest weeks between the printed points of a waiting-time curve."""


def waiting_blocks(
    name: str,
    evaluation: Evaluation,
    study: Cohort,
    cautions: list[tuple[Text, Caution]],
    threshold: int = 0,
) -> Iterator[Block]:
    """The share that has not reached the outcome, by week and group; the test, hazard ratios, mean waits; the curve.

    Weeks are put together until at least ``threshold`` people reached the outcome between two printed points.
    """
    outcome = next(one for one in evaluation.outcomes if one.id == evaluation.time_to)
    observed = study.table.drop_nulls(["weeks", "event"])
    rows: list[tuple[Cell, ...]] = []
    for treated, title in ((True, words.TREATED), (False, words.UNTREATED)):
        stem = f"waiting/{name}/{outcome.id}/{'treated' if treated else 'untreated'}"
        for week, share in _curve(stem, observed, treated, threshold):
            rows.append((title, Figure(f"{stem}/{week}/week", float(week), "weeks", given=True), share))
    table = Table(
        f"{name}-waiting",
        words.waiting(outcome.title),
        (
            Column("group", words.GROUP),
            Column("week", words.WEEK, "weeks", 0),
            Column("share", words.STILL_WAITING_SHARE, "share"),
        ),
        tuple(rows),
        (_weeks_together(threshold),) if threshold > 1 else (),
    )
    yield table
    made_from = tuple(figure.id for figure in table.figures())
    yield from _logrank(name, outcome, observed, made_from)
    yield from _hazards(name, evaluation, outcome, study, made_from, cautions)
    yield from _mean_waits(name, evaluation, outcome, study, made_from, cautions)
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


def _curve(stem: str, observed: pl.DataFrame, treated: bool, threshold: int) -> list[tuple[int, CurvePoint]]:
    """The points to print of one group's curve: the start, each that tells of enough people, and the end.

    A point that would tell of few is left out and its people are told of by the next; what is left over at the end
    is told of together with the point before. Where not even the whole curve tells of enough people the end is
    kept, for disclosure control to hide with all that is made from it.
    """
    waits = observed.filter(pl.col("treated") == treated)
    last = int(observed.select(pl.col("weeks").max()).item() or 0)
    if waits.is_empty():
        return []
    weeks = sorted({*range(CURVE_STEP, last + 1, CURVE_STEP), last} - {0})
    steps = survival_at(kaplan_meier(waits, "weeks", "event"), weeks)
    printed = [(0, CurvePoint(f"{stem}/0/share", 1.0, "share", None, waits.height))]
    end = printed[0]
    for step in steps.drop_nulls("survival").iter_rows(named=True):
        week = int(step["time"])
        reached = waits.filter(pl.col("event") & (pl.col("weeks") <= week)).height
        # who is followed to the end of a week still waits in it
        lost = waits.filter(~pl.col("event") & (pl.col("weeks") < week)).height
        # three decimals: more would tell how many people the curve began with
        value, low, high = (_rounded(step[part]) for part in ("survival", "lower", "upper"))
        point = CurvePoint(
            f"{stem}/{week}/share",
            value,
            "share",
            None,
            waits.height - reached - lost,
            low=low,
            high=high,
            reached=reached,
            lost=lost,
        )
        end = (week, point)
        if _enough(printed[-1][1], point, threshold):
            printed.append(end)
    if printed[-1] != end:
        while len(printed) > 1 and not _enough(printed[-1][1], end[1], threshold):
            printed.pop()
        printed.append(end)
    return printed


def _enough(before: CurvePoint, after: CurvePoint, threshold: int) -> bool:
    return not small_step(before, after, threshold) and not 0 < (after.denominator or 0) < threshold


def _weeks_together(threshold: int) -> Text:
    return Text(
        da=f"Uger er lagt sammen, til mindst {threshold} har nået effektmålet mellem to punkter.",
        en=f"Weeks are put together until at least {threshold} have reached the outcome between two points.",
    )


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


def _hazards(
    name: str,
    evaluation: Evaluation,
    outcome: Outcome,
    study: Cohort,
    made_from: tuple[str, ...],
    cautions: list[tuple[Text, Caution]],
) -> Iterator[Block]:
    """The treatment's hazard ratios by each Cox regression, and whether they are the same all the time."""
    rows: list[tuple[Cell, ...]] = []
    for estimate, fit in fits(evaluation, study.table):
        stem = f"hazard/{name}/{outcome.id}/{estimate.id}"
        if isinstance(fit, str):
            rows.append(
                (
                    estimate.title,
                    None,
                    Figure(f"{stem}/ratio", None, "number", method=without_counts(fit)),
                    None,
                    None,
                )
            )
            continue
        cautions.extend((estimate.title, caution) for caution in fit.warnings)
        constant = _constancy(fit)
        for row in fit.table.iter_rows(named=True):
            if row["term"].split("[")[0] != "treated":
                continue
            at = f"{stem}/{row['term']}"
            ratio = Figure(
                f"{at}/ratio",
                row["hazard_ratio"],
                "number",
                low=row["lower"],
                high=row["upper"],
                made_from=made_from,
                method="Cox",
            )
            p = Figure(f"{at}/p", row["p"], "p", made_from=made_from)
            same = Figure(f"{at}/p-constant", constant.get(row["term"]), "p", made_from=made_from)
            rows.append((estimate.title, told.weeks_of(row["term"]), ratio, p, same))
    if rows:
        yield Table(
            f"{name}-hazards",
            told.hazards(outcome.title),
            (
                Column("method", words.METHOD),
                Column("weeks", told.TERM),
                Column("ratio", told.HAZARD_RATIO, "number", 2),
                Column("p", words.P_VALUE, "p", 3),
                Column("constant", told.PROPORTIONAL, "p", 3),
            ),
            tuple(rows),
            (told.HAZARDS_NOTE,),
        )


def _constancy(fit: CoxFit) -> dict[str, float | None]:
    """The p-value of each term being the same all the time; none where that cannot be told."""
    try:
        return dict(fit.schoenfeld().select("term", "p").iter_rows())
    except ValueError:
        return {}  # all events at one time, or a term without a finite estimate: `cautions` tell the latter


def _mean_waits(
    name: str,
    evaluation: Evaluation,
    outcome: Outcome,
    study: Cohort,
    made_from: tuple[str, ...],
    cautions: list[tuple[Text, Caution]],
) -> Iterator[Block]:
    """The difference in mean weeks of waiting within a horizon."""
    rows: list[tuple[Cell, ...]] = []
    for estimate, effect in mean_waits(evaluation, study.table):
        stem = f"mean-wait/{name}/{outcome.id}/{estimate.id}"
        if isinstance(effect, str):
            rows.append(
                (
                    estimate.title,
                    Figure(f"{stem}/difference", None, "amount", method=without_counts(effect)),
                    None,
                )
            )
            continue
        cautions.extend((estimate.title, caution) for caution in effect.warnings)
        low, high = effect.interval
        difference = Figure(
            f"{stem}/difference",
            effect.estimate,
            "amount",
            low=low,
            high=high,
            made_from=made_from,
            method=effect.design,
        )
        rows.append((estimate.title, difference, Figure(f"{stem}/p", effect.p, "p", made_from=made_from)))
    if rows:
        yield Table(
            f"{name}-mean-wait",
            told.mean_wait(outcome.title),
            (
                Column("method", words.METHOD),
                Column("difference", told.WEEKS_SAVED, "amount", 1),
                Column("p", words.P_VALUE, "p", 3),
            ),
            tuple(rows),
            (told.MEAN_WAIT_NOTE,),
        )
