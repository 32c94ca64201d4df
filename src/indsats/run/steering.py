"""Composes the tables of indicators, targets and the programme theory."""

from __future__ import annotations

from collections.abc import Iterator

from indsats.figure import Figure
from indsats.programme import (
    IndicatorsBlock,
    Period,
    Target,
    TargetsBlock,
    Text,
    TheoryBlock,
    WithinIndicator,
)
from indsats.record import Facts
from indsats.report import Block, Cell, Chart, Column, Light, Table
from indsats.steer import indicator, targets, within_curve

from . import words
from .progress import slug, unit_title


def target_blocks(facts: Facts, block: TargetsBlock, period: Period) -> Iterator[Block]:
    """Indicators of one unit with target, realised, status and what the target rests on.

    Counts and shares go in tables of their own, because a drawing of both on one axis would say nothing.
    """
    rows = targets(facts, block.unit, block.indicators, period)
    programme = facts.programme
    waits = any(isinstance(programme.indicators[row.indicator], WithinIndicator) for row in rows)
    columns = [
        Column("indicator", words.INDICATOR),
        Column("target", words.TARGET),
        Column("realised", words.REALISED),
        Column("status", words.STATUS),
        Column("basis", words.BASIS),
    ]
    if waits:
        columns.insert(3, Column("everybody", words.EVERYBODY))
    body: list[tuple[Cell, ...]] = []
    for row in rows:
        cells: list[Cell] = [
            programme.indicators[row.indicator].title,
            row.target,
            row.realised,
            Light(row.status),  # judges realised against target: hidden when either is
            _basis(row.rule),
        ]
        if waits:
            within = isinstance(programme.indicators[row.indicator], WithinIndicator)
            curve = within_curve(facts, row.indicator, period, unit=row.unit) if within else None
            cells.insert(3, curve)
        body.append(tuple(cells))
    name = f"targets-{block.unit}-{slug(block.indicators[0])}"
    yield Table(name, block.title, tuple(columns), tuple(body))
    drawn = [row for row in body if isinstance(row[2], Figure) and row[2].unit == "share"]
    if len(drawn) >= 2:
        yield Chart(
            f"{name}-chart",
            block.title,
            name,
            "targets",
            {"label": "indicator", "target": "target", "realised": "realised"},
            Text(
                da="For hver andel i tabellen: målet som streg og det realiserede som punkt.",
                en="For each share in the table: the target as a line and the realised level as a point.",
            ),
        )


def indicator_blocks(facts: Facts, block: IndicatorsBlock, period: Period) -> Iterator[Block]:
    """Indicators down, units or sites across."""
    programme = facts.programme
    if block.by == "unit":
        places = [(unit, unit_title(programme, unit)) for unit in programme.units]
        cells = [
            tuple(indicator(facts, name, period, unit=unit) for unit, _ in places)
            for name in block.indicators
        ]
    else:
        named = facts.sites.filter(
            facts.sites["unit"].is_in([u for u, part in programme.units.items() if part.in_effort])
        )
        places = [(row["site"], Text(da=row["name"], en=row["name"])) for row in named.iter_rows(named=True)]
        cells = [
            tuple(indicator(facts, name, period, site=site) for site, _ in places)
            for name in block.indicators
        ]
    body = tuple(
        (programme.indicators[name].title, *row) for name, row in zip(block.indicators, cells, strict=True)
    )
    columns = (
        Column("indicator", words.INDICATOR),
        *(Column(slug(place), title) for place, title in places),
    )
    yield Table(f"indicators-{block.by}-{slug(block.indicators[0])}", block.title, columns, body)


def theory_blocks(facts: Facts, block: TheoryBlock, period: Period) -> Iterator[Block]:
    """Each link of the theory: cause, effect, what the document found, and how often the effect was seen."""
    programme = facts.programme
    theory = programme.theory
    if theory is None:
        return
    unit = next((name for name, part in programme.units.items() if part.in_effort), None)
    body: list[tuple[Cell, ...]] = []
    for link in theory.links:
        evidence = theory.nodes[link.effect].evidence
        measured = indicator(facts, evidence[0], period, unit=unit) if evidence else None
        title = programme.indicators[evidence[0]].title if evidence else None
        body.append(
            (
                theory.nodes[link.cause].title,
                theory.nodes[link.effect].title,
                words.STRENGTH[link.strength],
                title,
                measured,
            )
        )
    columns = (
        Column("cause", words.CAUSE),
        Column("effect", words.EFFECT),
        Column("evidence", words.EVIDENCE),
        Column("indicator", words.INDICATOR),
        Column("measured", words.MEASURED),
    )
    yield Table("theory", block.title, columns, tuple(body))


def _basis(rule: Target | None) -> Text:
    if rule is None:
        return words.NO_TARGET
    return words.FIXED if rule.value is not None else words.FROM_OTHERS
