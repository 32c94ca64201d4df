"""Composes a programme theory: the drawing with its evidence, what was measured at each step, and every link."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from indsats.figure import Figure
from indsats.programme import Evaluation, Period, Programme, Text, Theory, TheoryBlock
from indsats.record import Facts
from indsats.register import Register, Store
from indsats.report import GROUP, LEVELS, STRENGTHS, Block, Cell, Chart, Column, Table, theory_graph
from indsats.steer import WITHOUT, Association, associations, theory_evidence

from . import theory_words as told
from . import words
from .effects import study_of
from .estimates import estimates_tables
from .estimators import main_method, matches
from .progression import slug


@dataclass(frozen=True, slots=True)
class _Effect:
    """An effect at a final goal: the figure, and what it is an effect on."""

    figure: Figure
    title: Text


def theory_blocks(
    facts: Facts,
    block: TheoryBlock,
    period: Period,
    register: Register | Store | None = None,
    hours: pl.DataFrame | None = None,
) -> Iterator[Block]:
    """The drawing, a table of its boxes, one of its arrows, and the effects at final goals with their groups.

    Effects are told where a final goal names its evaluation and there are registers to answer it from.
    """
    theory = facts.programme.theories[block.theory]
    name = f"theory-{slug(block.theory)}"
    found, tables = _effects(facts.programme, theory, facts, register, hours)
    steps, rows = _steps(facts, block, period, found, f"{name}-steps")
    links = _links(
        facts.programme, theory, associations(facts, block.theory, period), f"{name}-links", block.title
    )
    graph = theory_graph(
        theory, facts.programme.groups.get(theory.group or ""), rows, links.id, told.LINK_COLUMNS
    )
    yield Chart(
        name,
        block.title,
        steps.id,
        "theory",
        {"label": "indicator", "value": "measured"},
        told.DRAWING,
        graph=graph,
    )
    yield steps
    yield links
    yield from tables


def _steps(
    facts: Facts, block: TheoryBlock, period: Period, effects: Mapping[str, _Effect], table: str
) -> tuple[Table, dict[str, list[int]]]:
    """A row for each thing measured at a box, and the rows of each box; a box with nothing measured has one too."""
    programme = facts.programme
    theory = programme.theories[block.theory]
    body: list[tuple[Cell, ...]] = []
    rows: dict[str, list[int]] = {}

    def add(name: str, *cells: Cell) -> None:
        rows.setdefault(name, []).append(len(body))
        body.append(cells)

    if theory.group is not None:
        size = Figure.count(f"size/{block.theory}", theory.size, given=True) if theory.size else None
        title = programme.groups[theory.group].title
        add(GROUP, title, LEVELS["group"], told.SIZE, told.PEOPLE if size else told.NO_SIZE, size)
    for name, measured in theory_evidence(facts, block.theory, period).items():
        node = theory.nodes[name]
        effect = effects.get(name)
        if effect is not None:
            add(name, node.title, LEVELS[node.level], told.EFFECT, effect.title, effect.figure)
        for one, figure in measured:
            indicator = programme.indicators[one].title
            add(name, node.title, LEVELS[node.level], told.KIND[node.level], indicator, figure)
        if name not in rows:
            add(name, node.title, LEVELS[node.level], told.KIND[node.level], told.NOT_MEASURED, None)
    columns = (
        Column("step", told.BOX),
        Column("level", told.LEVEL),
        Column("kind", told.SHOWS),
        Column("indicator", words.INDICATOR),
        Column("measured", words.MEASURED),
    )
    return Table(table, told.steps(block.title), columns, tuple(body)), rows


def _links(programme: Programme, theory: Theory, found: list[Association], table: str, title: Text) -> Table:
    """Every link in order: what the document found, and how its ends go together in the numbers."""
    body: list[tuple[Cell, ...]] = []
    for number, (link, one) in enumerate(zip(theory.links, found, strict=True), start=1):
        through = [theory.nodes[passed].title for passed in link.through]
        body.append(
            (
                str(number),
                theory.nodes[link.cause].title,
                told.listed(through),
                theory.nodes[link.effect].title,
                STRENGTHS[link.strength],
                one.figure,
                one.adjusted,
                _how(programme, one),
            )
        )
    tested = sum(one.figure is not None for one in found)
    notes = [told.ASSOCIATION, *([told.several(tested)] if tested > 1 else [])] if tested else []
    columns = (
        Column("link", told.LINK),
        Column("cause", words.CAUSE),
        Column("through", told.THROUGH),
        Column("effect", words.EFFECT),
        Column("strength", words.EVIDENCE),
        Column("association", told.GOES_WITH, "number", 2),
        Column("p", told.P_ADJUSTED, "p", 3),
        Column("how", told.HOW),
    )
    return Table(table, told.links(title), columns, tuple(body), tuple(notes))


def _how(programme: Programme, one: Association) -> Text:
    if one.without is not None or one.cause is None or one.effect is None:
        return WITHOUT[one.without or "no_indicator"]
    ends = (programme.indicators[one.cause].title, programme.indicators[one.effect].title)
    return told.measured(*ends, one.level or "person", one.held)


def _effects(
    programme: Programme,
    theory: Theory,
    facts: Facts,
    register: Register | Store | None,
    hours: pl.DataFrame | None,
) -> tuple[dict[str, _Effect], list[Table]]:
    """The effect at each final goal that names an evaluation, and the tables that show both groups behind it.

    Only the plain comparison and the estimate the conclusion rests on are made; the evaluation's own part of a
    report has the others.
    """
    found: dict[str, _Effect] = {}
    tables: list[Table] = []
    asked = dict.fromkeys(node.evaluation for node in theory.nodes.values() if node.evaluation is not None)
    for name in asked:
        studied = study_of(programme, name, facts, register, hours)
        if studied is None or studied[1].table["treated"].n_unique() < 2:
            continue
        evaluation, study = studied
        first = evaluation.outcomes[0].id
        at = {key: node.outcome or first for key, node in theory.nodes.items() if node.evaluation == name}
        short = _main_only(evaluation, set(at.values()))
        if not short.outcomes:
            continue
        paired = matches(short, study.table, short.outcomes)
        made = list(estimates_tables(name, short, study, paired, []))
        tables += made
        figures = {figure.id: figure for table in made for figure in table.figures()}
        titles = {outcome.id: outcome.title for outcome in short.outcomes}
        for key, outcome in at.items():
            asked_for = next((one for one in short.outcomes if one.id == outcome), None)
            if asked_for is None:
                continue
            method = main_method(short, asked_for, paired.get(outcome)).id
            figure = figures.get(f"effect/{name}/{outcome}/{method}/difference")
            if figure is not None:
                found[key] = _Effect(figure, told.effect_on(titles[outcome], points=figure.unit == "points"))
    return found, tables


def _main_only(evaluation: Evaluation, outcomes: set[str]) -> Evaluation:
    """The evaluation with only these outcomes, and of its estimates the one the conclusion rests on."""
    main = evaluation.main_estimate
    return evaluation.model_copy(
        update={
            "outcomes": [one for one in evaluation.outcomes if one.id in outcomes],
            "estimates": [one for one in evaluation.estimates if one.id == main],
            "matching": evaluation.matching if main == "matched" else None,
            "multiplicity": None,
            "main": main,
        }
    )
