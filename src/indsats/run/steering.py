"""Composes the tables of indicators, targets and the programme theory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

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
from .progression import slug


def target_blocks(facts: Facts, block: TargetsBlock, period: Period) -> Iterator[Block]:
    """Indicators of one unit with target, realised, status and what the target rests on, and a drawing of them.

    The drawing puts every level as a percentage of its own target, so counts and shares go on one axis.
    """
    rows = targets(facts, block.unit, block.indicators, period)
    programme = facts.programme
    waits = [isinstance(programme.indicators[row.indicator], WithinIndicator) for row in rows]
    columns = [
        Column("indicator", words.INDICATOR),
        Column("target", words.TARGET),
        Column("realised", words.REALISED),
        *([Column("everybody", words.EVERYBODY)] if any(waits) else []),
        Column("status", words.STATUS),
        Column("basis", words.BASIS),
    ]
    body: list[tuple[Cell, ...]] = []
    for row, waited in zip(rows, waits, strict=True):
        everybody = within_curve(facts, row.indicator, period, unit=row.unit) if waited else None
        body.append(
            (
                programme.indicators[row.indicator].title,
                row.target,
                row.realised,
                *([everybody] if any(waits) else []),
                Light(row.status),  # judges realised against target: hidden when either is
                _basis(row.rule),
            )
        )
    name = f"targets-{block.unit}-{slug(block.indicators[0])}"
    yield Table(name, block.title, tuple(columns), tuple(body))
    if sum(row.realised.unit == "share" for row in rows) >= 2:
        yield Chart(
            f"{name}-chart",
            block.title,
            name,
            "targets",
            {"label": "indicator", "target": "target", "realised": "realised"},
            Text(
                da="For hver linje i tabellen: det realiserede som punkt, i procent af målet, som er stregen ved 100.",
                en="For each line of the table: the realised level as a point, in per cent of the target, which is the "
                "line at 100.",
            ),
        )


_MOST_ACROSS = 4
"""Places that fit beside one another on a page; more of them stand below one another."""


def indicator_blocks(facts: Facts, block: IndicatorsBlock, period: Period) -> Iterator[Block]:
    """Indicators down and units or sites across, or the other way round where there are many places."""
    programme = facts.programme
    places = places_of(facts, block.by)
    names = [(name, programme.indicators[name].title) for name in block.indicators]
    many = len(places) > _MOST_ACROSS
    down, across = (places, names) if many else (names, places)
    body: list[tuple[Cell, ...]] = []
    for key, title in down:
        pairs = [(other, key) if many else (key, other) for other, _ in across]
        row = (indicator(facts, name, period, **{block.by: place}) for name, place in pairs)
        body.append((title, *row))
    heading = (words.SITE if block.by == "site" else words.UNIT) if many else words.INDICATOR
    columns = (
        Column("place" if many else "indicator", heading),
        *(Column(slug(key), title) for key, title in across),
    )
    yield Table(f"indicators-{block.by}-{slug(block.indicators[0])}", block.title, columns, tuple(body))


def places_of(facts: Facts, by: Literal["unit", "site"], *, effort: bool = False) -> list[tuple[str, Text]]:
    """The units, or the sites of the effort, with their names.

    Units that only serve as comparison are among them where they have enrolments (they may be known from a register
    alone), and never with ``effort``.
    """
    units = facts.programme.units
    if by == "unit":
        compared = set() if effort else set(facts.enrolments()["unit"].unique())
        return [(unit, part.title) for unit, part in units.items() if part.in_effort or unit in compared]
    named = facts.sites.filter(facts.sites["unit"].is_in(facts.programme.effort_units))
    return [(row["site"], Text(da=row["name"], en=row["name"])) for row in named.iter_rows(named=True)]


def theory_blocks(facts: Facts, block: TheoryBlock, period: Period) -> Iterator[Block]:
    """Each link of the theory: cause, effect, what the document found, and how often the effect was seen."""
    programme = facts.programme
    theory = programme.theories[block.theory]
    unit = next(iter(programme.effort_units), None)
    # many links lead to the same effect: each indicator is computed once
    evidence = {link.effect: next(iter(theory.nodes[link.effect].evidence), None) for link in theory.links}
    seen = {name: indicator(facts, name, period, unit=unit) for name in set(evidence.values()) if name}
    body: list[tuple[Cell, ...]] = []
    for link in theory.links:
        name = evidence[link.effect]
        body.append(
            (
                theory.nodes[link.cause].title,
                theory.nodes[link.effect].title,
                words.STRENGTH[link.strength],
                programme.indicators[name].title if name else None,
                seen[name] if name else None,
            )
        )
    columns = (
        Column("cause", words.CAUSE),
        Column("effect", words.EFFECT),
        Column("evidence", words.EVIDENCE),
        Column("indicator", words.INDICATOR),
        Column("measured", words.MEASURED),
    )
    yield Table(f"theory-{slug(block.theory)}", block.title, columns, tuple(body))


def _basis(rule: Target | None) -> Text:
    if rule is None:
        return words.NO_TARGET
    return words.FIXED if rule.value is not None else words.FROM_OTHERS
