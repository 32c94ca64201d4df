"""Requirements about each fact of a kind: facts to judge, changed so that they are as they should be, or not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from indsats.programme import EachMeasure, Happening

from .enriching import joined
from .flow import make, makeable
from .runs import Days, Runs
from .satisfying import fields_of
from .world import World

ENOUGH = 0.3
_JUDGED_SHARE = 0.7
"""Where fewer than ``ENOUGH`` of the runs have what a requirement looks at, it is made for such a share."""


def can_be_made(world: World, asked: Sequence[Happening], phase: str | None) -> bool:
    """Whether facts can be made without beginning a phase out of turn or skipping one by the way.

    That they end a phase, begin the next after the requirement's own, or one that runs but once, or, for a
    requirement without a phase, begin any, is as it should be.
    """
    phases = world.programme.phases.values()
    against = [one for part in phases for one in part.skipped_by]
    for part in phases:
        out_of_turn = phase is not None and phase not in part.follows and part.repeats
        against += part.starts if out_of_turn else []
    return bool(makeable(world, asked)) and not any(
        world.ledger.implies(one, other) for one in asked for other in against
    )


def road(world: World) -> list[Happening]:
    """What begins, ends and skips phases."""
    phases = world.programme.phases.values()
    return [one for phase in phases for one in (*phase.starts, *phase.ends, *phase.skipped_by)]


def judged_facts(
    world: World, key: str, how: EachMeasure, runs: Runs, met: np.ndarray, phase: str | None
) -> None:
    """Changes facts in a run so that all of them satisfy a rule where planned, and one does not where not."""
    if can_be_made(world, [how.of], phase):
        _made_for_each(world, key, how, runs)
    table = world.ledger.table(how.of.kind)
    if table is None or table.is_empty() or len(runs) == 0:
        return
    rng = world.stream(f"at each {key}")
    asked = Happening(kind=how.of.kind, where=f"({how.of.rule}) and ({how.where})")
    refused = Happening(kind=how.of.kind, where=f"({how.of.rule}) and not ({how.where})")
    good, bad = (world.ledger.ways(one, int(world.last_day)) for one in (asked, refused))
    inside = world.ledger.satisfies(table, [how.of])
    rows = np.flatnonzero(inside)
    days, enrolment = table["occurred_from"].to_numpy()[rows], table["enrolment"].to_numpy()[rows]
    to_good = np.zeros(len(rows), dtype=bool)
    to_bad = np.zeros(len(rows), dtype=bool)
    order = np.lexsort((days, enrolment))
    edges = np.searchsorted(enrolment[order], np.arange(int(enrolment.max(initial=0)) + 2))
    for index, who in enumerate(runs.enrolment.tolist()):
        if who + 1 >= len(edges):
            continue
        these = order[edges[who] : edges[who + 1]]
        these = these[
            (days[these] >= runs.start[index]) & (days[these] <= min(runs.end[index], world.last_day))
        ]
        if not len(these):
            continue
        to_good[these] = True
        if not met[index]:
            one = these[int(rng.integers(0, len(these)))]
            to_good[one], to_bad[one] = False, True
    for marked, ways in ((to_good, good), (to_bad, bad)):
        if ways.height and marked.any():
            table = _changed(world, how, table, rows[marked], ways, rng, add=marked is to_good)
    world.ledger.replace(how.of.kind, table)


def _made_for_each(world: World, key: str, how: EachMeasure, runs: Runs) -> None:
    """A fact to judge in most of the runs, where hardly any run has one."""
    rng = world.stream(f"made for each {key}")
    ends = np.minimum(np.minimum(runs.end, world.last_day), world.ledger.cases.last[runs.enrolment])
    there = Days.of(world, [how.of]).first(runs.enrolment, runs.start) <= ends
    if len(runs) == 0 or there.mean() >= ENOUGH:
        return
    rows = np.flatnonzero(
        ~there & ~runs.skipped & (rng.random(len(runs)) < _JUDGED_SHARE) & (ends >= runs.start)
    )
    part = np.floor((0.1 + 0.8 * rng.random(len(rows))) * (ends[rows] - runs.start[rows])).astype(np.int64)
    avoid = [one for one in world.flow if one != how.of]
    make(world, [how.of], runs.enrolment[rows], runs.start[rows] + part, f"for each {key}", avoid)


def _changed(
    world: World,
    how: EachMeasure,
    table: pl.DataFrame,
    rows: np.ndarray,
    ways: pl.DataFrame,
    rng: np.random.Generator,
    *,
    add: bool,
) -> pl.DataFrame:
    """The table with the fields the measure's rule reads set by one of ``ways`` in some rows.

    Names in a list are added to those there, or taken out, so that several requirements of one meeting can
    all be kept.
    """
    kind, before = how.of.kind, table
    reads = world.ledger.fields_read(Happening(kind=kind, where=how.where))
    fields = [
        name for name in fields_of(ways) if name in reads and name in table.columns and name != "occurred_to"
    ]
    picked = rng.integers(0, ways.height, len(rows))
    for name in fields:
        values = table[name].to_list()
        for row, way in zip(rows.tolist(), picked.tolist(), strict=True):
            fresh = ways[name][way]
            values[row] = joined(values[row], fresh, ways[name], add) if name == "participants" else fresh
        table = table.with_columns(pl.Series(name, values, dtype=table.schema[name]))
    # What the programme's entry rules would refuse stays as it was.
    refused = np.zeros(table.height, dtype=bool)
    refused[rows] = ~world.ledger.accepts(kind, table[rows])
    back = pl.Series(refused)
    return table.with_columns(
        pl.when(back).then(before[name]).otherwise(pl.col(name)).alias(name) for name in fields
    )
