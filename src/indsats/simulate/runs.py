"""What the facts made so far amount to: runs of phases, and days on which something came true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from indsats.programme import Happening, Phase

from .world import World

OPEN = 1 << 40
"""A day that has not come."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of one phase, or of enrolments: one entry each, in order of enrolment and start.

    ``end`` is the day it ended, ``OPEN`` while it has not; ``until`` the day the next run begins, else
    ``OPEN``; ``left`` whether the exit ended it.
    """

    enrolment: np.ndarray
    run: np.ndarray
    start: np.ndarray
    end: np.ndarray
    until: np.ndarray
    skipped: np.ndarray
    left: np.ndarray

    def __len__(self) -> int:
        return len(self.enrolment)


@dataclass(frozen=True)
class Days:
    """Days of facts by enrolment, for looking up what lies in a stretch of time."""

    enrolment: np.ndarray
    day: np.ndarray

    @classmethod
    def of(cls, world: World, asked: Sequence[Happening]) -> Days:
        """The days on which any of the happenings came true so far."""
        return cls(*world.ledger.found(asked))

    def first(self, enrolment: np.ndarray, low: np.ndarray) -> np.ndarray:
        """The first day at or after ``low`` for each enrolment, ``OPEN`` where there is none."""
        if len(self.day) == 0:
            return np.full(len(enrolment), OPEN)
        key = self.enrolment * OPEN + self.day
        at = np.searchsorted(key, enrolment * OPEN + low)
        found = np.minimum(at, len(key) - 1)
        good = (at < len(key)) & (self.enrolment[found] == enrolment)
        return np.where(good, self.day[found], OPEN)

    def any_by(self, enrolment: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Whether each enrolment has a day at or before ``high``."""
        return self.first(enrolment, np.zeros(len(enrolment), dtype=np.int64)) <= high

    def between(self, enrolment: int, low: int, high: int) -> np.ndarray:
        """The days of one enrolment from ``low`` to ``high``, both included."""
        first, last = np.searchsorted(self.enrolment, [enrolment, enrolment + 1])
        days = self.day[first:last]
        return days[(days >= low) & (days <= high)]


def enrolment_runs(world: World, services: Sequence[str] | None = None) -> Runs:
    """Each enrolment as one run, from its first day to its exit."""
    cases = world.ledger.cases
    rows = np.arange(len(cases))
    if services is not None:
        rows = rows[np.isin(np.array(world.ledger.services, dtype=object)[cases.service], list(services))]
    end = np.where(cases.exit[rows] >= 0, cases.exit[rows], OPEN)
    none = np.zeros(len(rows), dtype=bool)
    return Runs(rows, np.ones(len(rows), dtype=np.int64), cases.start[rows], end,
                np.full(len(rows), OPEN), none, end < OPEN)  # fmt: skip


def phase_runs(world: World, phase: Phase) -> Runs:
    """The runs of a phase as the facts have it: begun by the first start, ended by the next end or the exit."""
    cases = world.ledger.cases
    inside = np.ones(len(cases), dtype=bool)
    if phase.service is not None:
        inside = np.array(world.ledger.services, dtype=object)[cases.service] == phase.service
    starts, ends = Days.of(world, phase.starts), Days.of(world, phase.ends)
    both = _same_facts(world, phase)
    skips = Days.of(world, phase.skipped_by)
    rows: list[tuple[int, int, int, int, bool]] = []
    edges = np.searchsorted(starts.enrolment, np.arange(len(cases) + 1))
    for enrolment in np.flatnonzero(inside & (np.diff(edges) > 0)).tolist():
        out = int(cases.exit[enrolment]) if cases.exit[enrolment] >= 0 else OPEN
        closing = ends.between(enrolment, 0, OPEN)
        double = both.between(enrolment, 0, OPEN)
        at, number = 0, 0
        for start in np.unique(starts.day[edges[enrolment] : edges[enrolment + 1]]).tolist():
            if start < at or start > out or (number and not phase.repeats):
                continue
            # What ended a run on the day the next begins does not end that one too.
            later = closing[closing > start] if number and start == at else closing[closing >= start]
            if len(later) and later[0] == start and (double == start).any():
                # The fact that began the run does not end it; another on the same day would.
                same = int((closing == start).sum()) - int((double == start).sum())
                later = later if same > 0 else later[later > start]
            end = min(int(later[0]) if len(later) else OPEN, out)
            left = end == out and out < OPEN and not (len(later) and int(later[0]) <= out)
            number += 1
            rows.append((enrolment, number, start, end, left))
            at = end if end < OPEN else OPEN
    table = np.array([row[:4] for row in rows], dtype=np.int64).reshape(-1, 4)
    enrolment, run, start, end = table.T
    following = np.append(enrolment[1:] == enrolment[:-1], [False])[: len(enrolment)]
    until = np.where(following, np.append(start[1:], 0)[: len(start)], OPEN)
    left = np.array([row[4] for row in rows], dtype=bool)
    return Runs(enrolment, run, start, end, until, skips.any_by(enrolment, start), left)


def _same_facts(world: World, phase: Phase) -> Days:
    """Days of facts that both begin and end a phase."""
    parts = []
    for kind in {one.kind for one in phase.starts} & {one.kind for one in phase.ends}:
        table = world.ledger.table(kind)
        if table is None or table.is_empty():
            continue
        marks = [
            world.ledger.satisfies(table, [one for one in asked if one.kind == kind])
            for asked in (phase.starts, phase.ends)
        ]
        rows = table.filter(pl.Series(marks[0] & marks[1])).sort("enrolment", "occurred_from")
        parts.append((rows["enrolment"].to_numpy(), rows["occurred_from"].to_numpy()))
    if not parts:
        return Days(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
    enrolment, when = (np.concatenate([part[side] for part in parts]) for side in (0, 1))
    order = np.lexsort((when, enrolment))
    return Days(enrolment[order], when[order])
