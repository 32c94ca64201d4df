"""The truth of the flow: entry, phases, requirements, deadlines and sites' settings."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from .chains import Chain
from .due import due_items, exact
from .entry import Entry, shares_of
from .lengths import met_share
from .measuring import NOT_APPLICABLE, measured
from .requirements import Asked
from .runs import OPEN, phase_runs
from .world import World


def entry(world: World, decided: Entry) -> dict[str, Any]:
    """Draws with planted and realised shares, reasons for being left out, and groups after the visitation.

    ``group_of_persons`` counts the persons by the group that the records of visitation were made to lead to.
    """
    programme = world.programme
    draws = {}
    for number, (key, draw) in enumerate(programme.draws.items()):
        arms = decided.arm[decided.draw == number]
        planted = shares_of(draw) / shares_of(draw).sum()
        draws[key] = {
            arm: {"planted": float(round(planted[index], 6)), "drawn": int((arms == index).sum())}
            for index, arm in enumerate(draw.arms)
        }
    groups, number_in = np.unique(decided.group[decided.first >= 0].astype(str), return_counts=True)
    table = world.ledger.table("visitation")
    visited = table if table is not None else pl.DataFrame({"person": []})
    records = visited.group_by("person").len()
    return {
        "draws": draws,
        "excluded": {
            key: int((decided.reason == number).sum()) for number, key in enumerate(programme.exclusions)
        },
        "group_of_persons": {key: int(n) for key, n in zip(groups.tolist(), number_in, strict=True) if key},
        "put_off": int((decided.deferred & (decided.first >= 0)).sum()),
        "records_of_visitation": visited.height,
        "persons_with_several_records": int((records["len"] > 1).sum()) if records.height else 0,
    }


def phases(world: World) -> dict[str, Any]:
    """By phase and unit the runs the facts amount to: begun, again, skipped, ended, left by an exit, still open."""
    told: dict[str, Any] = {}
    for key, phase in world.programme.phases.items():
        runs = phase_runs(world, phase)
        unit = world.ledger.unit(runs.enrolment)
        told[key] = {}
        for index, name in enumerate(world.places.units):
            here = unit == index
            told[key][name] = {
                "runs": int(here.sum()),
                "again": int((here & (runs.run > 1)).sum()),
                "skipped": int((here & runs.skipped).sum()),
                "ended": int((here & (runs.end < OPEN) & ~runs.left).sum()),
                "ended_by_exit": int((here & runs.left).sum()),
                "open": int((here & (runs.end == OPEN)).sum()),
            }
    return told


def requirements(world: World, asked: dict[str, Asked]) -> dict[str, Any]:
    """By requirement and unit what was planted and what came of it.

    ``answered`` counts the runs by their last answer, ``measured`` by what dated facts say (where the
    definition measures it), ``yes_but_not_met`` the runs answered yes that the facts show as not met.
    """
    told: dict[str, Any] = {}
    for key, one in asked.items():
        requirement = world.programme.requirements[key]
        runs = one.runs
        state = None
        if requirement.measured is not None:
            state, _ = measured(world, requirement, runs)
            state = np.where(one.answer == NOT_APPLICABLE, NOT_APPLICABLE, state)
        unit = world.ledger.unit(runs.enrolment)
        units = {}
        for index, name in enumerate(world.places.units):
            here = unit == index
            yes = world.profile.behaviour[name].requirement_yes
            part: dict[str, Any] = {
                "planted": {"yes": yes, "met": float(round(float(met_share(world, np.array([yes]))[0]), 6))},
                "runs": int(here.sum()),
                "answered": _counts(np.where(one.answer == "", "none", one.answer)[here]),
            }
            if state is not None:
                part["measured"] = _counts(state[here])
                part["yes_but_not_met"] = int((here & (one.answer == "yes") & (state == "not_met")).sum())
                part["yes_and_measured"] = int(
                    (here & (one.answer == "yes") & np.isin(state, ["met", "not_met"])).sum()
                )
            units[name] = part
        told[key] = units
    return {
        "planted": {
            "answered_share": world.profile.answered_share,
            "yes_but_late": world.profile.yes_but_late,
            "no_but_done": world.profile.no_but_done,
            "partly_of_not_yes": world.profile.partly_share,
        },
        "requirements": told,
    }


def _counts(values: np.ndarray) -> dict[str, int]:
    names, number = np.unique(values.astype(str), return_counts=True)
    return {str(name): int(n) for name, n in zip(names, number, strict=True)}


def timeliness(world: World, chains: dict[str, Chain]) -> dict[str, Any]:
    """By cadence and unit the planted chance of being in time, and what fell due and was in time by the facts.

    ``register`` cadences follow from the weekly histories and have no planted chance. Where other facts also
    count, or some were refused (``exact`` false), the planted chance is that of the items planted alone.
    """
    told: dict[str, Any] = {}
    for key, cadence in world.programme.cadences.items():
        items = due_items(world, cadence)
        unit = world.ledger.unit(items.enrolment)
        planted = key in chains
        told[key] = {"register": not planted, "units": {}}
        if planted:
            told[key]["exact"] = exact(items, chains[key])
        for index, name in enumerate(world.places.units):
            here = unit == index
            part: dict[str, Any] = {"planted": world.profile.behaviour[name].timely} if planted else {}
            told[key]["units"][name] = {
                **part,
                "due": int(here.sum()),
                "in_time": int((here & items.timely).sum()),
            }
    return told


def site_settings(world: World) -> dict[str, Any]:
    """By setting the sites that run by a number of their own."""
    return {
        key: {str(world.places.ids[site]): float(own[site]) for site in np.flatnonzero(~np.isnan(own))}
        for key, own in world.chosen.items()
    }
