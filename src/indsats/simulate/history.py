"""Weekly histories: a semi-Markov walk between states, and activities beside the benefit, all at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .calendar import monday_of
from .people import People
from .states import (
    ABROAD,
    CORE,
    COUNT,
    DEAD,
    EDUCATION,
    EXITS,
    GUIDANCE,
    JOB,
    JOB_READY,
    NONE,
    OLD_AGE,
    PARENT,
    PENSION,
    PLACEMENTS,
    PRACTICE_PRIVATE,
    PRACTICE_PUBLIC,
    REST,
    SICK,
    STUDY,
    SUBSIDY_PRIVATE,
    SUBSIDY_PUBLIC,
    Coding,
    chances,
    start_shares,
)
from .streams import choose, stream

_PLACEMENT_CHANCE = 0.0021
"""Weekly chance that a company placement begins, which makes about one in ten within a year."""

_PLACEMENT_KINDS = (
    (PRACTICE_PRIVATE, 0.55),
    (PRACTICE_PUBLIC, 0.27),
    (SUBSIDY_PRIVATE, 0.10),
    (SUBSIDY_PUBLIC, 0.08),
)
ACTIVATION = 0.07
"""Weekly chance of guidance or education where there is no effort."""

_OLD_AGE = 65.0
NEVER = 1 << 20
"""A week that never comes."""


@dataclass(frozen=True, slots=True)
class Boost:
    """What an effort does to each person from week column ``start`` on (NEVER: nothing)."""

    start: np.ndarray
    placement_ratio: np.ndarray
    exit_ratio: np.ndarray
    activation: np.ndarray
    """Weekly chance of guidance or education for someone without an activity."""
    course_start: np.ndarray
    """Week column a course begins, if the person is then on the core benefit."""
    course_chance: float
    """Weekly chance of a placement in the course's first 26 weeks, in place of the ordinary one."""


@dataclass(frozen=True, slots=True)
class History:
    """States and activities by person (row) and register week (column), int8."""

    state: np.ndarray
    activity: np.ndarray

    def codes(self, coding: Coding) -> np.ndarray:
        """Register codes, int16, 0 for blank weeks."""
        return coding.codes[self.state, self.activity]


def no_boost(n: int) -> Boost:
    """The world without any effort."""
    return Boost(np.full(n, NEVER), np.ones(n), np.ones(n), np.full(n, ACTIVATION), np.full(n, NEVER), 0.0)


def walk(
    people: People,
    first_week: int,
    weeks: int,
    boost: Boost,
    seed: int,
    core: int,
) -> History:
    """The histories of everyone over ``weeks`` weeks from register week ``first_week``, on ``core`` as benefit.

    The same ``seed`` gives the same random numbers whatever the boost. Calls with and without a boost are
    therefore a person's two potential histories, which differ only by what the boost did.
    """
    n = len(people.birth)
    rng = stream(seed, "history")
    chance = people.chance + people.unseen
    base = chances(core).astype(np.float32)
    factors = _factors(people, int(monday_of(first_week)), chance).astype(np.float32)
    placing = np.exp(0.9 * people.chance + 0.3 * people.unseen)
    kinds = np.array([kind for kind, _ in _PLACEMENT_KINDS], dtype=np.int8)
    shares = np.cumsum([share for _, share in _PLACEMENT_KINDS])
    state = _start(people, chance, rng, core)
    length = rng.integers(0, 150, n)
    activity, left = np.zeros(n, dtype=np.int8), np.zeros(n, dtype=np.int64)
    states, activities = np.empty((weeks, n), dtype=np.int8), np.empty((weeks, n), dtype=np.int8)
    on_course = np.zeros(n, dtype=bool)
    retires = np.ceil((people.birth + _OLD_AGE * 365.25 - int(monday_of(first_week))) / 7)
    for week in range(weeks):
        draws = rng.random((4, n), dtype=np.float32)
        active = week >= boost.start
        if week:
            state, length = _next_state(
                state, length, base, factors, np.where(active, boost.exit_ratio, 1.0), draws[0]
            )
        old = (week >= retires) & (state != DEAD) & (state != ABROAD)
        state = np.where(old, OLD_AGE, state).astype(np.int8)
        on_course |= (week == boost.course_start) & (state == CORE)
        fresh = on_course & (week < boost.course_start + 26)
        rate = _PLACEMENT_CHANCE * placing * np.where(active, boost.placement_ratio, 1.0)
        rate = np.where(fresh, np.maximum(rate, boost.course_chance), rate)
        offer = np.where(active, boost.activation, ACTIVATION)
        activity, left = _next_activity(state, activity, left, rate, offer, draws[1:], kinds, shares)
        states[week], activities[week] = state, activity
    return History(np.ascontiguousarray(states.T), np.ascontiguousarray(activities.T))


def _start(people: People, chance: np.ndarray, rng: np.random.Generator, core: int) -> np.ndarray:
    """States of the first week; those with good chances begin in work more often than on the benefit."""
    n = len(chance)
    drawn = choose(rng, start_shares(core), n)
    swapped = rng.random(n) < np.clip(np.abs(chance) * 0.5, 0, 0.6)
    drawn = np.where(swapped & (chance > 0) & (drawn == CORE), JOB, drawn)
    drawn = np.where(swapped & (chance < 0) & (drawn == JOB), CORE, drawn)
    return np.where((drawn == PARENT) & ~people.woman, CORE, drawn).astype(np.int8)


def _factors(people: People, first_day: int, chance: np.ndarray) -> np.ndarray:
    """Each person's multipliers of the chance to enter each state, shape (persons, states)."""
    age = people.age(first_day)
    factors = np.ones((len(age), COUNT))
    good = np.exp(chance)
    factors[:, JOB] = good
    factors[:, REST] = np.exp(0.6 * chance)
    factors[:, STUDY] = np.exp(0.5 * chance - 0.06 * (age - 38))
    factors[:, JOB_READY] = good
    factors[:, CORE] = np.exp(-0.5 * chance)
    factors[:, SICK] = np.exp(-0.3 * chance)
    factors[:, PENSION] = np.where(age > 50, 2.5, 0.5) * np.exp(-0.5 * chance)
    factors[:, DEAD] = np.where(age > 50, 2.0, 0.6)
    factors[:, PARENT] = np.where(people.woman & (age < 42), 1.0, 0.0)
    return factors


def _next_state(
    state: np.ndarray,
    length: np.ndarray,
    base: np.ndarray,
    factors: np.ndarray,
    exit_ratio: np.ndarray,
    draw: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """One week on. Leaving the core benefit gets less likely with time spent on it (semi-Markov)."""
    risk = base[state] * factors
    fresh = np.where(length < 13, 1.5, np.where(length < 52, 1.05, 0.8))
    on_core = state == CORE
    risk *= np.where(on_core, fresh, 1.0).astype(np.float32)[:, None]
    if (exit_ratio != 1.0).any():
        risk[:, EXITS] *= np.where(on_core, exit_ratio, 1.0).astype(np.float32)[:, None]
    np.cumsum(risk, axis=1, out=risk)
    moves = draw < risk[:, -1]
    target = state.copy()
    target[moves] = (draw[moves, None] >= risk[moves]).sum(axis=1)
    return target, np.where(moves, 0, length + 1)


def _next_activity(
    state: np.ndarray,
    activity: np.ndarray,
    left: np.ndarray,
    rate: np.ndarray,
    offer: np.ndarray,
    draws: np.ndarray,
    kinds: np.ndarray,
    shares: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Activities last their drawn weeks and end with the benefit; a placement takes the place of guidance."""
    start, kind, duration = draws
    possible = (state == CORE) | (state == JOB_READY)
    left = np.where(possible, np.maximum(left - 1, 0), 0)
    activity = np.where(left > 0, activity, NONE).astype(np.int8)
    placed = np.isin(activity, PLACEMENTS)
    placing = possible & ~placed & (start < rate)
    # Placements and other offers draw from opposite ends, so that more of one does not crowd out the other.
    guiding = possible & (activity == NONE) & ~placing & (start > 1 - offer)
    chosen = kinds[np.minimum(np.searchsorted(shares, kind), len(kinds) - 1)]
    weeks = np.where(chosen <= SUBSIDY_PUBLIC, 13 + duration * 14, 4 + duration * 10).astype(np.int64)
    activity = np.where(placing, chosen, activity)
    left = np.where(placing, weeks, left)
    activity = np.where(guiding, np.where(kind < 0.85, GUIDANCE, EDUCATION), activity).astype(np.int8)
    return activity, np.where(guiding, (3 + duration * 9).astype(np.int64), left)
