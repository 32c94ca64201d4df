"""Composes the tables of indicators, targets and the programme theory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from indsats.figure import Figure, Unit
from indsats.programme import (
    IndicatorsBlock,
    Period,
    TargetsBlock,
    Text,
    WithinIndicator,
)
from indsats.record import Facts
from indsats.report import Block, Cell, Chart, Column, Light, Reading, Table
from indsats.steer import Place, indicator, indicator_by, remembered, targets, within_curve

from . import target_words as told
from . import words
from .progression import slug


def target_blocks(facts: Facts, block: TargetsBlock, period: Period) -> Iterator[Block]:
    """Indicators of one place with target, realised, status and what the target rests on, and a drawing of them.

    The period and who set the targets are told in notes below. Why a level cannot be held against its target stands in
    a column of its own wherever targets are set: were it there only with something to say, it would still tell that
    when the words are hidden. The drawing puts every level as a percentage of its own target,
    so counts and shares go on one axis.
    """
    rows = targets(facts, block.unit, block.indicators, period, site=block.site)
    programme = facts.programme
    titles = {name: programme.indicators[name].title for name in block.indicators}
    waits = [isinstance(programme.indicators[row.indicator], WithinIndicator) for row in rows]
    why = [told.WHY[row.why] if row.why is not None and row.rule is not None else None for row in rows]
    aimed = any(row.rule is not None for row in rows)
    columns = [
        Column("indicator", words.INDICATOR),
        Column("target", words.TARGET),
        Column("realised", words.REALISED),
        *([Column("everybody", words.EVERYBODY)] if any(waits) else []),
        Column("status", words.STATUS),
        *([Column("why", told.NOT_MEASURABLE)] if aimed else []),
        Column("basis", words.BASIS),
    ]
    body: list[tuple[Cell, ...]] = []
    for row, waited, reason in zip(rows, waits, why, strict=True):
        everybody = (
            within_curve(facts, row.indicator, period, unit=row.unit, site=row.site) if waited else None
        )
        body.append(
            (
                titles[row.indicator],
                row.target,
                row.realised,
                *([everybody] if any(waits) else []),
                Light(row.status),  # judges realised against target: hidden when either is
                *([Reading(da=reason.da, en=reason.en) if reason else None] if aimed else []),
                told.basis(row.rule),
            )
        )
    name = f"targets-{block.unit or block.site or 'all'}-{slug(block.indicators[0])}"
    notes = (told.covers(period), *told.setters([(titles[row.indicator], row.rule) for row in rows]))
    yield Table(name, block.title, tuple(columns), tuple(body), notes)
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
    """Indicators down and units or sites across, or the other way round where there are many places.

    Of one site: that one and the whole of its unit across.
    """
    programme = facts.programme
    if block.site is not None:
        yield _at_site(facts, block, block.site, period)
        return
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


def _at_site(facts: Facts, block: IndicatorsBlock, site: str, period: Period) -> Table:
    unit = unit_of_site(facts, site)

    def at(name: str, place: Place, where: str) -> Figure:
        # Every site asks for the same in its letter: all of them are counted in one pass.
        return remembered(
            facts, ("letters", name, str(period), place), lambda: indicator_by(facts, name, period, place)
        )[where]

    body = tuple(
        (
            facts.programme.indicators[name].title,
            at(name, "site", site),
            indicator(facts, name, period) if unit is None else at(name, "unit", unit),
        )
        for name in block.indicators
    )
    columns = (Column("indicator", words.INDICATOR), *beside_columns(facts, site))
    return Table(f"indicators-at-site-{slug(block.indicators[0])}", block.title, columns, body)


def beside_columns(facts: Facts, site: str, unit: Unit | None = None) -> tuple[Column, Column]:
    """Columns for a site (``here``) and the whole it is part of (``whole``)."""
    named = dict(places_of(facts, "site")).get(site, words.both(site, site))
    of = unit_of_site(facts, site)
    whole = words.ALL_UNITS
    if of is not None:
        title = facts.programme.units[of].title
        whole = words.both(f"I alt, {title.da}", f"In all, {title.en}")
    return Column("here", named, unit), Column("whole", whole, unit)


def unit_of_site(facts: Facts, site: str) -> str | None:
    """The unit of a site; None for one whose unit is not known."""
    return dict(facts.sites.select("site", "unit").iter_rows()).get(site)


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
