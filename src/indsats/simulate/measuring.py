"""Whether requirements were met, told from the dated facts made so far."""

from __future__ import annotations

import numpy as np

from indsats.programme import EachMeasure, EveryMeasure, Happening, Requirement, WithinMeasure

from .due import due_items
from .runs import OPEN, Days, Runs, enrolment_runs
from .world import World

MET, NOT_MET, NOT_DUE, NOT_APPLICABLE, UNKNOWN = "met", "not_met", "not_due", "not_applicable", "unknown"


def runs_for(world: World, requirement: Requirement, by_phase: dict[str, Runs]) -> Runs:
    """The runs a requirement is asked about: those of its phase, else enrolments in the service of its element.

    Without a phase, or a service of its element, every enrolment is asked.
    """
    if requirement.phase is not None:
        return by_phase[requirement.phase]
    element = world.programme.elements.get(requirement.element or "")
    return enrolment_runs(world, None if element is None or element.service is None else [element.service])


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
        low, high = begun.bounds(runs.enrolment, runs.start, np.minimum(runs.end, world.last_day))
        run = np.repeat(np.arange(len(runs)), high - low)
        at = np.arange(len(run)) - np.repeat(np.cumsum(high - low) - (high - low), high - low)
        days = begun.day[np.repeat(low, high - low) + at]
        run, start = np.unique(np.stack([run, days]), axis=1) if len(run) else (run, days)
    site = world.ledger.cases.site[runs.enrolment[run]]
    first = start if how.after is None else world.later(start, how.after, site)
    due = world.later(first, how.within, site)
    # What met a requirement in one run does not meet it in the next.
    low = runs.since[run] if how.after is None else first
    return run, low, due, start


def _within(world: World, how: WithinMeasure, runs: Runs) -> tuple[np.ndarray, np.ndarray]:
    run, low, due, _ = clocks(world, how, runs)
    enrolment = runs.enrolment[run]
    exits = world.ledger.cases.exit[enrolment]
    latest = np.minimum(np.minimum(due, world.last_day), np.where(exits >= 0, exits, OPEN))
    hit = Days.of(world, how.what).first(enrolment, low) <= latest
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
    until = np.minimum(runs.end, world.last_day)
    asked, held = (
        np.subtract(*days.bounds(runs.enrolment, runs.start, until)[::-1]) for days in (every, good)
    )
    state = np.where(held == asked, MET, NOT_MET).astype(object)
    return np.where(asked > 0, state, NOT_DUE)


def _every(world: World, how: EveryMeasure, runs: Runs) -> np.ndarray:
    items = due_items(world, world.programme.cadences[how.cadence])
    days = Days(items.enrolment, items.due)
    low, high = days.bounds(runs.enrolment, runs.start, runs.end - 1)
    missed = np.concatenate([[0], np.cumsum(~items.timely)])
    state = np.where(missed[high] > missed[low], NOT_MET, MET).astype(object)
    return np.where(high > low, state, NOT_DUE)
