"""Composes the tables and curves of one evaluation: who is in it, how alike the groups are, and the effects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from indsats.evaluate import Match, balance
from indsats.figure import Figure
from indsats.programme import Evaluation, Programme, Text
from indsats.record import Facts
from indsats.register import (
    REASONS,
    Cohort,
    Register,
    Store,
    cohort,
    packaged_cohort,
    question_of,
    week_numbers,
)
from indsats.report import Block, Cell, Chart, Column, Group, Paragraph, Table
from indsats.steer import happened

from . import words
from .doubts import design_doubts, doubts_blocks
from .estimates import estimates_tables
from .estimators import matches
from .plan_blocks import plan_blocks
from .plans import Plan
from .sensitivity import sensitivity_blocks
from .waiting import waiting_blocks

UNKNOWN = "outcome_unknown"
"""The reason of those whose outcome is not known, beside the reasons of the cohort."""


def blocks(
    programme: Programme,
    evaluation_id: str,
    facts: Facts | None,
    register: Register | Store | None,
    hours: pl.DataFrame | None = None,
    plan: Plan | None = None,
) -> Iterator[Block]:
    """The plan, attrition, balance (with a love plot where people are matched), estimates, waiting times and doubts.

    An evaluation on registers without a register is a sentence that says so: steering does without. Without
    monthly hours only the outcomes in hours are left out, and a sentence says so.
    """
    evaluation = programme.evaluations[evaluation_id]
    if not evaluation.rows and (facts is None or register is None):
        yield Paragraph(words.NO_REGISTER)
        return
    if not evaluation.rows and hours is None and question_of(programme, evaluation_id).needs_hours:
        yield Paragraph(words.NO_HOURS)
    studied = study_of(programme, evaluation_id, facts, register, hours)
    if studied is None:
        return
    evaluation, study = studied
    if study.table["treated"].n_unique() < 2:
        yield Paragraph(words.NOBODY_TO_COMPARE)
        return
    fields = [covariate.field for covariate in evaluation.covariates]
    titles = {covariate.field: covariate.title for covariate in evaluation.covariates}
    paired = matches(evaluation, study.table, evaluation.outcomes)
    cautions = list(design_doubts(evaluation, study))
    if plan is not None:
        yield from plan_blocks(evaluation_id, evaluation, plan)
    yield _attrition(evaluation_id, evaluation, study, programme.disclosure_threshold)
    yield from _balance(evaluation_id, evaluation, study, fields, titles, next(iter(paired.values()), None))
    yield from _pairing(evaluation_id, evaluation, paired)
    yield from estimates_tables(evaluation_id, evaluation, study, paired, cautions)
    if evaluation.time_to is not None:
        yield from waiting_blocks(evaluation_id, evaluation, study, cautions, programme.disclosure_threshold)
    yield from sensitivity_blocks(evaluation_id, evaluation, study, cautions)
    smallest = min(int(study.table["treated"].sum()), int((~study.table["treated"]).sum()))
    yield from doubts_blocks(evaluation_id, cautions, programme.disclosure_threshold, smallest)


def study_of(
    programme: Programme,
    evaluation_id: str,
    facts: Facts | None,
    register: Register | Store | None,
    hours: pl.DataFrame | None = None,
) -> tuple[Evaluation, Cohort] | None:
    """An evaluation as far as the data allow, and its cohort; ``None`` where nothing of it can be answered.

    Without monthly hours the outcomes in hours are left out of it.
    """
    evaluation = programme.evaluations[evaluation_id]
    if evaluation.rows:
        return evaluation, packaged_cohort(programme, evaluation_id)
    if facts is None or register is None:
        return None
    if hours is None and question_of(programme, evaluation_id).needs_hours:
        programme = _without_hours(programme, evaluation_id)
        evaluation = programme.evaluations[evaluation_id]
        if question_of(programme, evaluation_id).needs_hours or not evaluation.outcomes:
            return None
    events = _events(facts, evaluation)
    return evaluation, cohort(
        register, programme, evaluation_id, facts.persons, facts.sites, hours=hours, events=events
    )


def _without_hours(programme: Programme, name: str) -> Programme:
    """The programme with only those outcomes of an evaluation that need no paid hours."""
    asked = programme.evaluations[name]
    left = question_of(programme, name).without_hours()
    kept = asked.model_copy(
        update={
            "outcomes": [outcome for outcome in asked.outcomes if outcome.id in left],
            "time_to": asked.time_to if asked.time_to in left else None,
        }
    )
    return programme.model_copy(update={"evaluations": {**programme.evaluations, name: kept}})


def _events(facts: Facts, evaluation: Evaluation) -> pl.DataFrame | None:
    """The weeks of the facts that start the clock, when it is a happening that does."""
    if evaluation.index is None or evaluation.index.happening is None:
        return None
    found = happened(facts, [evaluation.index.happening], facts.last_day)
    return found.select("person", week=week_numbers(pl.col("day"))).drop_nulls().unique()


def _attrition(name: str, evaluation: Evaluation, study: Cohort, threshold: int) -> Table:
    """Everybody considered, by why they are left out or which group they are in.

    Those whose outcome is not known are one line for both groups: by group they could be told from the levels.
    The sizes of the groups stand under every effect, so a line of few, hidden, would follow from all the others.
    Such lines are put together with others; where even together they are few there is no total to subtract in.
    Where a group itself is of few, neither total nor those left out are told.
    """
    known = study.table.drop_nulls([outcome.id for outcome in evaluation.outcomes])
    treated = int(known["treated"].sum())
    stem = f"evaluation/{name}"
    left = [(REASONS[reason], reason, count) for reason, count in study.excluded.items()]
    left.append((words.NOT_FOLLOWED, UNKNOWN, study.table.height - known.height))
    groups = treated, known.height - treated
    lines = _together([line for line in left if line[2]], threshold)
    few = any(0 < group < threshold for group in groups)
    if few:
        lines = []  # how many there are in all may stand elsewhere, and the other group does
    rows: list[tuple[Cell, ...]] = [
        (title, Figure.count(f"{stem}/excluded/{reason}", count)) for title, reason, count in lines
    ]
    rows += [
        (words.TREATED, Figure.count(f"{stem}/treated", treated)),
        (words.UNTREATED, Figure.count(f"{stem}/untreated", groups[1])),
    ]
    summed = not few and all(count >= threshold for _, _, count in lines)
    if summed:
        rows.append((words.TOTAL, Figure.count(f"{stem}/total", study.considered)))
    return Table(
        f"{name}-population",
        words.population(evaluation.title),
        (Column("step", words.STEP), Column("persons", words.PERSONS, "count")),
        tuple(rows),
        total_row=-1 if summed else None,
    )


def _together(lines: list[tuple[Text, str, int]], threshold: int) -> list[tuple[Text, str, int]]:
    """Lines of fewer than ``threshold`` put together, with the smallest of the others while they are still few."""
    few = [line for line in lines if line[2] < threshold]
    many = sorted((line for line in lines if line not in few), key=lambda line: line[2])
    while few and many and sum(count for _, _, count in few) < threshold:
        few.append(many.pop(0))
    if len(few) < 2:
        return lines
    few.sort(key=lines.index)
    title = Text(
        da="; ".join(one.da for one, _, _ in few),
        en="; ".join(one.en for one, _, _ in few),
    )
    kept = [line for line in lines if line not in few]
    return [*kept, (title, "+".join(reason for _, reason, _ in few), sum(count for _, _, count in few))]


def _pairing(name: str, evaluation: Evaluation, matches: Mapping[str, Match]) -> Iterator[Block]:
    """How many of the treated found a twin, for each outcome that was matched on."""
    rows: list[tuple[Cell, ...]] = []
    for outcome in evaluation.outcomes:
        matched = matches.get(outcome.id)
        if matched is not None:
            stem = f"pairs/{name}/{outcome.id}"
            rows.append(
                (
                    outcome.title,
                    Figure.count(f"{stem}/with", matched.n_matched),
                    Figure.count(f"{stem}/without", sum(matched.lost.values())),
                    Figure.count(f"{stem}/total", matched.n_matched + sum(matched.lost.values())),
                )
            )
    if rows:
        yield Table(
            f"{name}-pairs",
            words.PAIRING,
            (
                Column("outcome", words.OUTCOME),
                Column("with", words.PAIRED, "count"),
                Column("without", words.UNPAIRED, "count"),
                Column("total", words.TOTAL, "count"),
            ),
            tuple(rows),
            total_column=-1,
        )


def _balance(
    name: str,
    evaluation: Evaluation,
    study: Cohort,
    fields: Sequence[str],
    titles: dict[str, Text],
    matched: Match | None,
) -> Iterator[Block]:
    """How alike the groups are, before and after matching; shares where a characteristic is yes-or-no."""
    compared = matched.balance if matched else balance(study.table, fields)
    columns = [
        Column("characteristic", words.CHARACTERISTIC),
        Column("treated", words.MEAN_TREATED, "number"),
        Column("untreated", words.MEAN_UNTREATED, "number"),
        Column("before", words.SMD_BEFORE, "number", 3),
    ]
    if matched:
        columns.append(Column("after", words.SMD_AFTER, "number", 3))
    else:
        columns.append(Column("p", words.P_VALUE, "p", 3))
    base = matched.weights if matched else study.table
    sizes = {"treated": int(base["treated"].sum()), "control": int((~base["treated"]).sum())}
    rows: list[tuple[Cell, ...]] = []
    levels: dict[tuple[str, str], list[str]] = {}
    for row in compared.iter_rows(named=True):
        stem = f"balance/{name}/{row['field']}/{row['level'] or ''}"
        pair = tuple(
            _mean(
                f"{stem}/{key}", row, row[f"mean_{group}"], sizes[group] - (row.get(f"missing_{group}") or 0)
            )
            for key, group in (("treated", "treated"), ("untreated", "control"))
        )
        ids = (pair[0].id, pair[1].id)
        if row["level"] is not None:
            for side, key in zip(("treated", "untreated"), ids, strict=True):
                levels.setdefault((row["field"], side), []).append(key)
        last = (
            Figure(f"{stem}/after", row["smd_matched"], "number", made_from=ids)
            if matched
            else Figure(f"{stem}/p", row["p"], "p", made_from=ids)
        )
        rows.append(
            (
                _labelled(titles.get(row["field"], words.SCORE), row["level"]),
                *pair,
                Figure(f"{stem}/before", row["smd"], "number", made_from=ids),
                last,
            )
        )
    notes = [words.SMD_NOTE]
    if evaluation.matching is not None and evaluation.matching.on == "prognosis":
        notes.append(words.PROGNOSIS_NOTE)
    table = Table(
        f"{name}-balance",
        words.balance(evaluation.title),
        tuple(columns),
        tuple(rows),
        tuple(notes),
        groups=(*_levels_add_up(levels), *_same_in_subgroups(name, evaluation, levels)),
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


def _levels_add_up(levels: Mapping[tuple[str, str], Sequence[str]]) -> Iterator[Group]:
    """The levels of a field are everybody of a group: the last follows from the others and the size."""
    for keys in levels.values():
        yield Group(keys[0], tuple(keys))


def _same_in_subgroups(
    name: str, evaluation: Evaluation, levels: Mapping[tuple[str, str], Sequence[str]]
) -> Iterator[Group]:
    """How many of a group have a level stands in the tables of subgroups too."""
    for (field, side), keys in levels.items():
        for key in keys:
            level = key.removeprefix(f"balance/{name}/{field}/").removesuffix(f"/{side}")
            for outcome in evaluation.outcomes:
                yield Group(f"subgroup/{name}/{outcome.id}/{field}/{level}/{side}", (key,))


def _mean(stem: str, row: Mapping[str, Any], mean: float | None, persons: int) -> Figure:
    """A mean, or a share with its count where the characteristic is yes-or-no or a level of several."""
    yes_or_no = row["level"] is not None or row["variance_ratio"] is None
    if mean is not None and yes_or_no and 0 <= mean <= 1:
        return Figure(stem, mean, "share", round(mean * persons, 6), persons)
    return Figure(stem, mean, "mean", None, persons)


def _labelled(title: Text, level: str | None) -> Text:
    if not level:
        return title
    shown = words.LEVELS.get(level, Text(da=level, en=level))
    return Text(da=f"{title.da}: {shown.da}", en=f"{title.en}: {shown.en}")
