"""How long people are in a phase: as its deadlines and cadences tell, kept as often as requirements are met."""

from __future__ import annotations

import numpy as np

from indsats.programme import WithinMeasure

from .world import World

USUAL_DAYS = 75
"""Median length of a phase that neither deadlines nor cadences tell anything about."""

_SPREAD = 0.5


def lengths(world: World, key: str, rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Days each of the enrolments ``rows`` spends in a phase.

    Where a deadline of a requirement is about what ends the phase, so many keep it as the requirement is
    planted to be met; else phases last a little longer than their deadlines, with a long tail.
    """
    n = len(rows)
    deadline = _deadline(world, key)
    if deadline is not None:
        keeps = rng.random(n) < met_share(world, world.behaviour("requirement_yes", rows))
        early = (0.2 + 0.75 * rng.random(n)) * deadline
        late = deadline * (1.08 + rng.exponential(0.35, n)) + 2
        return np.floor(np.where(keeps, early, late)).astype(np.int64)
    return np.floor(rng.lognormal(np.log(median_days(world, key)), _SPREAD, n)).astype(np.int64) + 1


def met_share(world: World, yes: np.ndarray) -> np.ndarray:
    """The share met in fact, from the share answered yes and how often the two disagree."""
    return yes * (1 - world.profile.yes_but_late) + (1 - yes) * world.profile.no_but_done


def _deadline(world: World, key: str) -> int | None:
    """Days of the first deadline whose clock starts with the phase and that what ends the phase keeps."""
    phase, implies = world.programme.phases[key], world.ledger.implies
    for requirement in world.programme.requirements.values():
        measured = requirement.measured
        if not isinstance(measured, WithinMeasure) or measured.after is not None or not phase.ends:
            continue
        if measured.of:
            with_the_phase = any(implies(a, b) or implies(b, a) for a in phase.starts for b in measured.of)
        else:
            with_the_phase = requirement.phase == key
        if with_the_phase and any(implies(phase.ends[0], one) for one in measured.what):
            return max(world.usual_days(measured.within), 2)
    return None


def median_days(world: World, key: str) -> int:
    """The usual length of a phase: longer than its deadlines, with room for its cadences to turn."""
    programme = world.programme
    told = [0]
    for requirement in programme.requirements.values():
        if requirement.phase != key:
            continue
        if requirement.due is not None:
            told.append(round(1.4 * world.usual_days(requirement.due)))
        measured = requirement.measured
        if isinstance(measured, WithinMeasure):
            after = 0 if measured.after is None else world.usual_days(measured.after)
            told.append(round(1.4 * (after + world.usual_days(measured.within))))
    for cadence in programme.cadences.values():
        if cadence.phase == key:
            told.append(round(3.3 * world.usual_days(cadence.every)))
    return int(np.clip(max(told), 20, 300)) if max(told) else USUAL_DAYS
