"""What falls due again and again: where a cadence's clock runs, and what fell due by the facts there are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indsats.programme import Cadence

from .chains import Chain
from .runs import phase_runs
from .world import World


@dataclass(frozen=True, slots=True)
class Spans:
    """Stretches of enrolments in which a cadence turns: the clock's first day and the last day anything counts."""

    enrolment: np.ndarray
    start: np.ndarray
    last: np.ndarray


def spans_of(world: World, cadence: Cadence | None) -> Spans:
    """The enrolments in a cadence's service, or the runs of its phase so far; main cases without a cadence."""
    cases, services = world.ledger.cases, np.array(world.ledger.services, dtype=object)
    if cadence is not None and cadence.phase is not None:
        runs = phase_runs(world, world.programme.phases[cadence.phase])
        kept = ~runs.skipped
        if cadence.service is not None:
            kept &= services[cases.service[runs.enrolment]] == cadence.service
        enrolment, start, end = runs.enrolment[kept], runs.start[kept], runs.end[kept]
        return Spans(enrolment, start, np.minimum(end - 1, cases.last[enrolment]))
    wanted = np.ones(len(cases), dtype=bool)
    service = world.ledger.services[0] if cadence is None else cadence.service
    if service is not None:
        wanted = services[cases.service] == service
    rows = np.flatnonzero(wanted)
    return Spans(rows, cases.start[rows], cases.last[rows])


def put_off(clock: np.ndarray, planned: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Due days with the days of a pause after the clock's start added: in a pause the clock stands still."""
    paused = first >= 0
    ahead = paused & (clock < first) & (first <= planned)
    during = paused & (clock >= first) & (clock <= last)
    return planned + np.where(ahead, last - first + 1, 0) + np.where(during, last - clock, 0)


@dataclass(frozen=True, slots=True)
class Items:
    """What fell due by a cadence as the facts have it: one entry each, in order of enrolment and due day."""

    enrolment: np.ndarray
    due: np.ndarray
    timely: np.ndarray


def due_items(world: World, cadence: Cadence) -> Items:
    """Everything that fell due by a cadence until the data end, and whether it was done in time.

    The clock starts with each span and anew at each fact inside it; nothing falls due on its last day or later.
    """
    spans = spans_of(world, cadence)
    enrolment, days = world.ledger.found(cadence.what)
    number = np.arange(len(spans.enrolment))
    order = np.argsort(spans.enrolment, kind="stable")
    low = np.searchsorted(spans.enrolment[order], enrolment)
    high = np.searchsorted(spans.enrolment[order], enrolment, side="right")
    each = np.repeat(np.arange(len(enrolment)), high - low)
    span = order[
        low[each] + (np.arange(len(each)) - np.repeat(np.cumsum(high - low) - (high - low), high - low))
    ]
    inside = (days[each] > spans.start[span]) & (days[each] <= spans.last[span])
    pairs = np.unique(np.stack([np.concatenate([number, span[inside]]),
                                np.concatenate([spans.start, days[each][inside]])]), axis=1)  # fmt: skip
    at, clock = pairs
    who = spans.enrolment[at]
    planned = world.later(clock, cadence.every, world.ledger.cases.site[who])
    due = put_off(clock, planned, world.ledger.pause_first[who], world.ledger.pause_last[who])
    following = np.append(at[1:] == at[:-1], [False])[: len(at)]
    done = np.where(following, np.append(clock[1:], 0)[: len(at)], np.iinfo(np.int64).max)
    counts = (due <= spans.last[at]) & (due <= world.last_day)
    rows = np.flatnonzero(counts)
    rows = rows[np.lexsort((due[rows], who[rows]))]
    return Items(who[rows], due[rows], done[rows] <= due[rows])


def exact(items: Items, planted: Chain) -> bool:
    """Whether the items of a cadence are those planted for it: else its planted chance is not quite its truth."""
    counted = np.flatnonzero(planted.counts)
    counted = counted[np.lexsort((planted.due[counted], planted.enrolment[counted]))]
    return (
        np.array_equal(items.enrolment, planted.enrolment[counted])
        and np.array_equal(items.due, planted.due[counted])
        and np.array_equal(items.timely, planted.timely[counted])
    )
