"""What the facts made so far amount to: runs of phases, and days on which something came true."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

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
    ``OPEN``; ``since`` the day after the run before it ended, 0 for the first; ``left`` whether the exit ended it.
    """

    enrolment: np.ndarray
    run: np.ndarray
    start: np.ndarray
    end: np.ndarray
    until: np.ndarray
    since: np.ndarray
    skipped: np.ndarray
    left: np.ndarray

    def __len__(self) -> int:
        return len(self.enrolment)


@dataclass(frozen=True)
class Days:
    """Days of facts by enrolment, in order of both, for looking up what lies in a stretch of time."""

    enrolment: np.ndarray
    day: np.ndarray

    @classmethod
    def of(cls, world: World, asked: Sequence[Happening]) -> Days:
        """The days on which any of the happenings came true so far."""
        return cls(*world.ledger.found(asked))

    @cached_property
    def key(self) -> np.ndarray:
        """Enrolment and day as one number that sorts like both."""
        return self.enrolment * OPEN + self.day

    def first(self, enrolment: np.ndarray, low: np.ndarray) -> np.ndarray:
        """The first day at or after ``low`` for each enrolment, ``OPEN`` where there is none."""
        if len(self.day) == 0:
            return np.full(len(enrolment), OPEN)
        at = np.searchsorted(self.key, enrolment * OPEN + low)
        found = np.minimum(at, len(self.key) - 1)
        good = (at < len(self.key)) & (self.enrolment[found] == enrolment)
        return np.where(good, self.day[found], OPEN)

    def any_by(self, enrolment: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Whether each enrolment has a day at or before ``high``."""
        return self.first(enrolment, np.zeros(len(enrolment), dtype=np.int64)) <= high

    def bounds(
        self, enrolment: np.ndarray, low: np.ndarray, high: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """For each enrolment the range of entries from day ``low`` to day ``high``, both included."""
        start = np.searchsorted(self.key, enrolment * OPEN + low)
        return start, np.maximum(np.searchsorted(self.key, enrolment * OPEN + high, side="right"), start)

    def by_enrolment(self, n: int) -> list[list[int]]:
        """The days of each of ``n`` enrolments, each day once."""
        found: list[list[int]] = [[] for _ in range(n)]
        for enrolment, day in zip(self.enrolment.tolist(), self.day.tolist(), strict=True):
            days = found[enrolment]
            if not days or days[-1] != day:
                days.append(day)
        return found


def enrolment_runs(world: World, services: Sequence[str] | None = None) -> Runs:
    """Each enrolment as one run, from its first day to its exit."""
    cases = world.ledger.cases
    rows = np.arange(len(cases))
    if services is not None:
        rows = rows[np.isin(np.array(world.ledger.services, dtype=object)[cases.service], list(services))]
    end = np.where(cases.exit[rows] >= 0, cases.exit[rows], OPEN)
    none = np.zeros(len(rows), dtype=bool)
    return Runs(rows, np.ones(len(rows), dtype=np.int64), cases.start[rows], end,
                np.full(len(rows), OPEN), np.zeros(len(rows), dtype=np.int64), none, end < OPEN)  # fmt: skip


def phase_runs(world: World, phase: Phase) -> Runs:
    """The runs of a phase as the facts have it: begun by the first start, ended by the next end or the exit."""
    asked = (*phase.starts, *phase.ends, *phase.skipped_by)
    tables = [world.ledger.table(kind) for kind in dict.fromkeys(one.kind for one in asked)]
    exits = world.ledger.cases.exit.copy()
    for known, seen, out, runs in world.remembered:
        if (
            known is phase
            and np.array_equal(out, exits)
            and all(a is b for a, b in zip(seen, tables, strict=True))
        ):
            return runs
    world.remembered = [entry for entry in world.remembered if entry[0] is not phase]
    runs = _phase_runs(world, phase)
    world.remembered.append((phase, tables, exits, runs))
    return runs


def _phase_runs(world: World, phase: Phase) -> Runs:
    cases = world.ledger.cases
    n = len(cases)
    inside = np.ones(n, dtype=bool)
    if phase.service is not None:
        inside = np.array(world.ledger.services, dtype=object)[cases.service] == phase.service
    starts, skips = Days.of(world, phase.starts).by_enrolment(n), Days.of(world, phase.skipped_by)
    ends = Days.of(world, phase.ends).by_enrolment(n)
    at_once = _ends_at_once(world, phase)
    rows: list[tuple[int, int, int, int, bool]] = []
    exits = np.where(cases.exit >= 0, cases.exit, OPEN).tolist()
    for enrolment in np.flatnonzero(inside).tolist():
        out, closing = exits[enrolment], ends[enrolment]
        at, number = -1, 0
        for start in starts[enrolment]:
            if start < at or start > out or (number and not phase.repeats):
                continue
            # The fact that began a run does not end it, and what ended a run does not end the next that day.
            same_day = (enrolment, start) in at_once and not (number and start == at)
            place = bisect_left(closing, start) if same_day else bisect_right(closing, start)
            stop = closing[place] if place < len(closing) else OPEN
            number += 1
            at = min(stop, out)
            rows.append((enrolment, number, start, at, at == out and out < OPEN and stop > out))
    table = np.array([row[:4] for row in rows], dtype=np.int64).reshape(-1, 4)
    enrolment, run, start, end = table.T
    following = np.append(enrolment[1:] == enrolment[:-1], [False])[: len(enrolment)]
    until = np.where(following, np.append(start[1:], 0)[: len(start)], OPEN)
    left = np.array([row[4] for row in rows], dtype=bool)
    # What let somebody skip a phase once says nothing about a later return to it.
    since = np.where(run > 1, np.append([0], end[:-1])[: len(end)] + 1, 0)
    skipped = skips.first(enrolment, since) <= start
    return Runs(enrolment, run, start, end, until, since, skipped, left)


def _ends_at_once(world: World, phase: Phase) -> set[tuple[int, int]]:
    """Enrolments and days with a fact that ends a phase and does not begin it."""
    found: set[tuple[int, int]] = set()
    for kind in dict.fromkeys(one.kind for one in phase.ends):
        table = world.ledger.table(kind)
        if table is None or table.is_empty():
            continue
        ends = world.ledger.satisfies(table, [one for one in phase.ends if one.kind == kind])
        begins = world.ledger.satisfies(table, [one for one in phase.starts if one.kind == kind])
        rows = table.filter(pl.Series(ends & ~begins))
        found |= set(zip(rows["enrolment"].to_list(), rows["occurred_from"].to_list(), strict=True))
    return found
