"""Writes more into facts that are there, where a requirement asks for it, rather than a further fact beside them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from indsats.programme import Happening

from .flow import makeable
from .satisfying import fields_of
from .world import World

_NOT_CHANGED = frozenset(
    {"placement", "hours", "pause", "questionnaire_answered", "enrolled", "exit", "walk_in"}
)
"""Kinds that follow from the register, from answers or from the case itself."""

_WHAT_IT_IS = frozenset(
    {"type", "event", "value", "outcome", "role", "group", "legal_basis", "draw", "arm", "status"}
)
"""Fields that say what a fact is; a fact is enriched only where they agree already."""


def enriched(
    world: World,
    asked: Sequence[Happening],
    enrolment: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    name: str,
) -> np.ndarray:
    """Makes facts of each enrolment between two days satisfy a happening as well, by their own fields and forms.

    Returns where that could be done: there was a fact of the kind, of the right type, and with more said in it
    it still does all it did, begins or ends no phase it did not, and passes the entry rules.
    """
    done = np.zeros(len(enrolment), dtype=bool)
    for one in makeable(world, asked):
        table = world.ledger.table(one.kind)
        if one.kind in _NOT_CHANGED or table is None or table.is_empty():
            continue
        open_ = np.flatnonzero(~done)
        done[open_] = _by(world, one, table, enrolment[open_], low[open_], high[open_], name)
    return done


def _by(
    world: World,
    happening: Happening,
    table: pl.DataFrame,
    enrolment: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    name: str,
) -> np.ndarray:
    kind = happening.kind
    ways = world.ledger.ways(happening, int(world.last_day))
    said = [
        field
        for field in fields_of(ways)
        if field in table.columns and ways.schema[field] == table.schema[field]
    ]
    if set(said) != set(fields_of(ways)):
        return np.zeros(len(enrolment), dtype=bool)  # dates and ends are not moved
    fixed = [field for field in said if field in _WHAT_IT_IS]
    free = [field for field in said if field not in _WHAT_IT_IS]
    by_type: dict[tuple[object, ...], list[int]] = {}
    for number, values in enumerate(ways.select(fixed).iter_rows() if fixed else [()] * ways.height):
        by_type.setdefault(values, []).append(number)
    candidate, way = _candidates(world, table, fixed, by_type, enrolment, low, high, name)
    rows = np.flatnonzero(candidate >= 0)
    if not len(rows):
        return np.zeros(len(enrolment), dtype=bool)
    # One fact serves one clock at a time; the rest find it as it then is.
    _, first = np.unique(candidate[rows], return_index=True)
    rows = rows[np.sort(first)]
    changed = _changed(kind, table, candidate[rows], ways, way[rows], free)
    good = _still_good(world, happening, table[candidate[rows]], changed)
    if good.any():
        kept = candidate[rows][good]
        better = changed.filter(pl.Series(good))
        whole = table.with_columns(
            table[field].scatter(kept, better[field]) if field in free else table[field]
            for field in table.columns
        )
        world.ledger.replace(kind, whole)
    found = np.zeros(len(enrolment), dtype=bool)
    found[rows[good]] = True
    return found


def _candidates(
    world: World,
    table: pl.DataFrame,
    fixed: list[str],
    by_type: dict[tuple[object, ...], list[int]],
    enrolment: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    name: str,
) -> tuple[np.ndarray, np.ndarray]:
    """The first fact of each enrolment between its days that is of a right type, and a way to enrich it."""
    rng = world.stream(f"enriched {name}")
    who, when = table["enrolment"].to_numpy(), table["occurred_from"].to_numpy()
    order = np.lexsort((when, who))
    types = list(table.select(fixed).iter_rows()) if fixed else [()] * table.height
    first, last = np.searchsorted(who[order], enrolment), np.searchsorted(who[order], enrolment, side="right")
    candidate, way = np.full(len(enrolment), -1), np.zeros(len(enrolment), dtype=np.int64)
    picks = rng.random(len(enrolment))
    for index in range(len(enrolment)):
        for row in order[first[index] : last[index]].tolist():
            if low[index] <= when[row] <= high[index] and types[row] in by_type:
                known = by_type[types[row]]
                candidate[index], way[index] = row, known[int(picks[index] * len(known))]
                break
    return candidate, way


def _changed(
    kind: str,
    table: pl.DataFrame,
    rows: np.ndarray,
    ways: pl.DataFrame,
    way: np.ndarray,
    free: list[str],
) -> pl.DataFrame:
    """The facts in ``rows`` with the free fields set; names are added to those there."""
    these = table[rows]
    columns = []
    for field in free:
        fresh = ways[field].gather(way)
        if field == "participants" and kind == "meeting":
            both = zip(these[field], fresh, strict=True)
            names = [joined(there, more, ways[field], add=True) for there, more in both]
            fresh = pl.Series(field, names, dtype=pl.String)
        columns.append(fresh.alias(field))
    return these.with_columns(columns)


def _still_good(world: World, happening: Happening, before: pl.DataFrame, after: pl.DataFrame) -> np.ndarray:
    """Which facts satisfy the happening now, nothing less than before, and nothing of a phase that they did not."""
    kind, ledger = happening.kind, world.ledger
    good = ledger.satisfies(after, [happening]) & ledger.accepts(kind, after)
    phases = world.programme.phases.values()
    road = [one for phase in phases for one in (*phase.starts, *phase.ends, *phase.skipped_by)]
    road += [one for part in world.programme.requirements.values() for one in part.not_applicable_when]
    texts = [one.rule for one in world.flow if one.kind == kind]
    was = ledger.reading.marks(ledger.as_rules_see(before), kind, texts)
    now = ledger.reading.marks(ledger.as_rules_see(after), kind, texts)
    for text in texts:
        good &= ~(was[text] & ~now[text])
    for one in road:
        if one.kind == kind and one.rule in now:
            good &= ~(now[one.rule] & ~was[one.rule])
    return good


def joined(there: str | None, fresh: str | None, ways: pl.Series, add: bool) -> str | None:
    """Names joined by ";": ``fresh`` added to those there, or put in place of all that ``ways`` speak of."""
    names = [] if there is None else there.split(";")
    wanted = [] if fresh is None else fresh.split(";")
    spoken_of = {name for one in ways.drop_nulls() for name in one.split(";")}
    if not add:
        names = [name for name in names if name not in spoken_of or name in wanted]
    names += [name for name in wanted if name not in names]
    return ";".join(names) or None
