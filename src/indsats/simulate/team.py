"""Who works with whom: a worker for each role, roles that are filled by one person, and changes on the way."""

from __future__ import annotations

import numpy as np

from indsats.programme import Programme

from .calendar import weekday
from .cases import Cases
from .places import Places
from .streams import stream
from .wording import values_of
from .world import World

_PER_WORKER = 110
"""Cases of the effort for each worker where the definition says nothing; elsewhere twice as many."""

_ROOM = 0.85
"""How full a caseload with a ceiling is on average; at some workers it is over the ceiling."""

_COMBINED_EVERY = 3
"""Every third site has the role that combines others, where a form of organisation does."""

_OTHERS_SHARE = 0.35
_CHANGED_SHARE = 0.12
"""Share of the cases in which somebody else takes over."""


def workers(programme: Programme, cases: Cases, places: Places, seed: int) -> np.ndarray:
    """By enrolment the name tag of whoever has the first role. Caseloads follow the definition's, where it has some."""
    number = _numbers(programme, cases, places, first_role(programme), stream(seed, "workers"))
    return np.array(
        [f"{site}-{n:02d}" for site, n in zip(places.ids[cases.site], number, strict=True)], dtype=object
    )


def first_role(programme: Programme) -> str:
    """The role everybody is assigned first; a plain word in a programme without roles."""
    return (values_of(programme, "assigned", "role") or ["worker"])[0]


def _numbers(
    programme: Programme, cases: Cases, places: Places, role: str, rng: np.random.Generator
) -> np.ndarray:
    """The number of each enrolment's worker at its site."""
    most = [load.most or _setting(programme, load.setting) or load.typical
            for load in programme.caseloads.values() if load.role == role]  # fmt: skip
    if most and most[0]:
        per_worker = np.full(len(places.ids), _ROOM * float(most[0]))
    else:
        per_worker = np.where(places.treated, _PER_WORKER, 2 * _PER_WORKER)
    load = np.bincount(cases.site, minlength=len(places.ids))
    there = np.maximum(np.ceil(load / per_worker), 2).astype(np.int64)
    return 1 + np.floor(rng.random(len(cases)) * there[cases.site]).astype(np.int64)


def named(world: World, roles: np.ndarray, enrolment: np.ndarray) -> np.ndarray:
    """The name tags of those who hold ``roles`` for ``enrolment``, the same person for a role however it came about."""
    cases, places = world.ledger.cases, world.places
    found = np.empty(len(enrolment), dtype=object)
    for role in dict.fromkeys(roles):
        mine = roles == role
        tags = _numbers(world.programme, cases, places, role, world.stream(f"workers {role}"))
        sites = places.ids[cases.site[enrolment[mine]]]
        found[mine] = [f"{site}-{role}-{n:02d}" for site, n in zip(sites, tags[enrolment[mine]], strict=True)]
    return found


def _setting(programme: Programme, key: str | None) -> float | None:
    return programme.settings[key].value if key in programme.settings else None


def assignments(world: World) -> None:
    """Facts of who took which role: at the start, and when somebody else took over.

    Where a role combines others, some sites have it in place of those. Roles with a caseload, or that should
    be the same person through several phases, are filled for everybody, others for some.
    """
    programme, ledger, cases = world.programme, world.ledger, world.ledger.cases
    rng = world.stream("assignments")
    every = np.arange(len(cases))
    main = first_role(programme)
    combined = {
        key: what.combines for key, what in programme.roles.items() if what.combines and not what.external
    }
    parts = {part: key for key, what in combined.items() for part in what}
    has_combined = cases.site % _COMBINED_EVERY == 1
    role = np.full(len(cases), main, dtype=object)
    if main in parts:
        role = np.where(has_combined, parts[main], role)
    world.quietly("assigned", cases.start, enrolment=every, role=role, worker=ledger.workers)
    needed = {load.role for load in programme.caseloads.values()}
    needed |= {key for key, what in programme.roles.items() if what.continuity}
    for key in values_of(programme, "assigned", "role"):
        if key == main or key in combined:
            continue
        there = np.ones(len(cases), dtype=bool) if key in needed else rng.random(len(cases)) < _OTHERS_SHARE
        if key in parts:
            there &= ~has_combined
        rows = np.flatnonzero(there & cases.main)
        names = named(world, np.full(len(rows), key, dtype=object), rows)
        days = np.minimum(weekday(cases.start[rows] + rng.integers(0, 30, len(rows))), cases.last[rows])
        days = np.maximum(days, cases.start[rows])
        world.quietly("assigned", days, enrolment=rows, role=key, worker=names)
    _taken_over(world, role, rng)


def _taken_over(world: World, role: np.ndarray, rng: np.random.Generator) -> None:
    cases, ledger = world.ledger.cases, world.ledger
    days = weekday(cases.start + rng.integers(60, 500, len(cases)))
    rows = np.flatnonzero(
        (rng.random(len(cases)) < _CHANGED_SHARE) & (days <= cases.last) & (days > cases.start)
    )
    tags = _numbers(
        world.programme, cases, world.places, first_role(world.programme), world.stream("taken over")
    )
    names = np.array([f"{world.places.ids[cases.site[row]]}-{tags[row]:02d}" for row in rows], dtype=object)
    other = names != ledger.workers[rows]
    world.quietly(
        "assigned", days[rows[other]], enrolment=rows[other], role=role[rows[other]], worker=names[other]
    )
