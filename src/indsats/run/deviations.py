"""Composes the table of missed targets: what is asked for, what came, and what is still to be done."""

from __future__ import annotations

from collections.abc import Iterator

from indsats.programme import DeviationsBlock, Period, Text
from indsats.record import Facts
from indsats.report import Block, Cell, Column, Light, Reading, Table
from indsats.steer import DeviationRow, deviations, remembered

from . import target_words as told
from . import words
from .progression import slug


def deviation_blocks(facts: Facts, block: DeviationsBlock, period: Period) -> Iterator[Block]:
    """Every indicator of the block with its status, and for the missed ones explanation and plans of action.

    Indicators that are met stand in the table too: a table of the missed alone would tell of a hidden figure that it
    is missed. What was said about a row is left out where a figure of the row is hidden.
    """
    # Letters to the sites of a unit show the same table of it.
    rows = remembered(
        facts,
        ("deviations", block.unit, block.site, tuple(block.indicators), str(period)),
        lambda: deviations(facts, block.unit, block.indicators, period, site=block.site),
    )
    columns = (
        Column("indicator", words.INDICATOR),
        Column("target", words.TARGET),
        Column("realised", words.REALISED),
        Column("status", words.STATUS),
        Column("explanation", told.EXPLANATION),
        Column("plan", told.PLAN),
    )
    place = block.unit or block.site or "all"
    name = f"deviations-{place}-{slug(block.indicators[0])}"
    yield Table(name, block.title, columns, tuple(_row(facts, row) for row in rows), notes=(told.ASKED,))


def _row(facts: Facts, row: DeviationRow) -> tuple[Cell, ...]:
    programme = facts.programme
    return (
        programme.indicators[row.aim.indicator].title,
        row.aim.target,
        row.aim.realised,
        Light(row.aim.status),
        _said(told.asked_by(told.explanation(programme, row), row.asked_by)),
        _said(told.plans(programme, row)),
    )


def _said(text: Text | None) -> Cell:
    return None if text is None else Reading(da=text.da, en=text.en)
