"""Whether requirements were met, told from the dated facts made so far."""

from __future__ import annotations

import numpy as np

from indsats.programme import EachMeasure, EveryMeasure, Happening, Requirement, WithinMeasure

from .due import due_items
from .runs import OPEN, Days, Runs, enrolment_runs
from .world import World

MET, NOT_MET, NOT_DUE, NOT_APPLICABLE, UNKNOWN = "met", "not_met", "not_due", "not_applicable", "unknown"


def runs_for(world: World, requirement: Requirement, by_phase: dict[str, Runs]) -> Runs:
    """The runs a requirement is asked about: those of its phase, else enrolments in what it belongs to.

    Without a phase every enrolment is asked, whatever its service.
    """
    return by_phase[requirement.phase] if requirement.phase is not None else enrolment_runs(world)


def measured(world: World, requirement: Requirement, runs: Runs) -> tuple[np.ndarray, np.ndarray]:
    """What dated facts say about each run (met, not_met, not_due, not_applicable, unknown), and when it was due."""
    n = len(runs)
    due = np.where(runs.end < OPEN, runs.end, OPEN)
    state = np.full(n, UNKNOWN, dtype=object)
    how = requirement.measured
    if isinstance(how, WithinMeasure):
        state, due = _within(world, how, runs)
    elif isinstance(how, EachMeasure):
        state = _each(world, how, runs)
    elif isinstance(how, EveryMeasure):
        state = _every(world, how, runs)
    needless = Days.of(world, requirement.not_applicable_when)
    ended = np.minimum(runs.end, world.last_day)
    none = runs.skipped | needless.any_by(runs.enrolment, ended)
    return np.where(none, NOT_APPLICABLE, state), due


def clocks(
    world: World, how: WithinMeasure, runs: Runs
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Of each clock that starts in a run: the run's position, the first day that counts, the due day, its start."""
    if not how.of:
        run, start = np.arange(len(runs)), runs.start
    else:
        begun = Days.of(world, how.of)
        ended = np.minimum(runs.end, world.last_day)
        found = [
            begun.between(int(e), int(s), int(t))
            for e, s, t in zip(runs.enrolment, runs.start, ended, strict=True)
        ]
        run = np.repeat(np.arange(len(runs)), [len(np.unique(days)) for days in found])
        start = np.concatenate([np.unique(days) for days in found]) if found else np.empty(0, dtype=np.int64)
    site = world.ledger.cases.site[runs.enrolment[run]]
    first = start if how.after is None else world.later(start, how.after, site)
    due = world.later(first, how.within, site)
    low = np.zeros(len(run), dtype=np.int64) if how.after is None else first
    return run, low, due, start


def _within(world: World, how: WithinMeasure, runs: Runs) -> tuple[np.ndarray, np.ndarray]:
    run, low, due, _ = clocks(world, how, runs)
    enrolment = runs.enrolment[run]
    hit = Days.of(world, how.what).first(enrolment, low) <= np.minimum(due, world.last_day)
    ended_first = runs.end[run] < due
    waits = ~hit & ((due > world.last_day) | ended_first)
    misses = ~hit & ~waits
    state = np.full(len(runs), NOT_DUE, dtype=object)
    state[np.unique(run[hit])] = MET
    state[np.unique(run[misses])] = NOT_MET
    last = np.full(len(runs), -1)
    np.maximum.at(last, run, due)
    return state, np.where(last >= 0, last, np.where(runs.end < OPEN, runs.end, OPEN))


def _each(world: World, how: EachMeasure, runs: Runs) -> np.ndarray:
    every = Days.of(world, [how.of])
    also = f"({how.of.rule}) and ({how.where})"
    good = Days.of(world, [Happening(kind=how.of.kind, where=also)])
    state = np.full(len(runs), NOT_DUE, dtype=object)
    for index in range(len(runs)):
        low, high = int(runs.start[index]), int(min(runs.end[index], world.last_day))
        asked = len(every.between(int(runs.enrolment[index]), low, high))
        if asked:
            held = len(good.between(int(runs.enrolment[index]), low, high))
            state[index] = MET if held == asked else NOT_MET
    return state


def _every(world: World, how: EveryMeasure, runs: Runs) -> np.ndarray:
    items = due_items(world, world.programme.cadences[how.cadence])
    edges = np.searchsorted(items.enrolment, np.arange(int(runs.enrolment.max(initial=0)) + 2))
    state = np.full(len(runs), NOT_DUE, dtype=object)
    for index, enrolment in enumerate(runs.enrolment.tolist()):
        first, last = edges[enrolment], edges[enrolment + 1]
        inside = (items.due[first:last] >= runs.start[index]) & (items.due[first:last] < runs.end[index])
        if inside.any():
            state[index] = MET if items.timely[first:last][inside].all() else NOT_MET
    return state
