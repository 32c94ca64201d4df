"""Composes the tables of phases: how many began, skipped and ended each, and how many are in it."""

from __future__ import annotations

from collections.abc import Iterator

from indsats.programme import Period, PhasesBlock
from indsats.record import Facts
from indsats.report import Block, Chart, Column, Table
from indsats.steer import phase_counts

from . import words
from .progression import slug, unit_title


def phase_blocks(facts: Facts, block: PhasesBlock, period: Period) -> Iterator[Block]:
    """One table for each unit of the effort: phases down, what happened to them across, and a drawing of who is
    where."""
    units = facts.programme.effort_units
    for unit in units:
        rows = phase_counts(facts, period, unit=unit)
        name = f"phases-{slug(unit)}"
        title = block.title
        if len(units) > 1:
            title = words.joined(block.title, unit_title(facts.programme, unit))
        yield Table(
            name,
            title,
            (
                Column("phase", words.PHASE),
                Column("begun", words.BEGUN, "count"),
                Column("skipped", words.SKIPPED, "count"),
                Column("ended", words.ENDED, "count"),
                Column("open", words.OPEN_NOW, "count"),
            ),
            tuple(
                (facts.programme.phases[row.phase].title, row.begun, row.skipped, row.ended, row.open_now)
                for row in rows
            ),
            notes=(words.PHASES_NOTE,),
        )
        yield Chart(
            f"{name}-chart", title, name, "bars", {"label": "phase", "value": "open"}, words.PHASES_DRAWN
        )
