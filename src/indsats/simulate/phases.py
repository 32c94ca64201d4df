"""Walks enrolments through the phases of their service: in order, skipping some, coming back to others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indsats.programme import Happening, Phase, Programme

from .calendar import weekday
from .cases import open_case
from .flow import Made, make, makeable
from .lengths import lengths, median_days
from .runs import OPEN, Runs, phase_runs
from .world import World

_SIDE_SHARE = 0.35
_PAUSE_SHARE = 0.1
"""Share of those who could that come into a phase beside the main road, and into one that begins with a pause."""

_SKIPPED_DAYS = 14
_GAP = 2.0
_AGAIN_AFTER = 60
_ROUNDS = 2
"""How often a phase that repeats can begin anew."""


@dataclass
class Walk:
    """Where each enrolment has come in each phase: days by phase and enrolment, -1 for not (yet)."""

    began: dict[str, np.ndarray]
    finished: dict[str, np.ndarray]


def in_order(programme: Programme) -> list[str]:
    """The phases, each after those it follows; where they follow one another in a circle, as written."""
    left = list(programme.phases)
    found: list[str] = []
    while left:
        ready = [key for key in left if not set(programme.phases[key].follows) & set(left)]
        found.append((ready or left)[0])
        left.remove(found[-1])
    return found


def walk_phases(world: World) -> None:
    """Makes the facts that begin, end and skip phases, and ends the cases that have been through them all."""
    if not world.programme.phases or len(world.ledger.cases) == 0:
        return
    cases = world.ledger.cases
    for index, service in enumerate(world.ledger.services):
        keys = [
            key for key in in_order(world.programme) if world.programme.phases[key].service in (None, service)
        ]
        rows = np.flatnonzero(cases.service == index)
        if keys and len(rows):
            _walk_service(world, keys, rows, service)
    _courses_end_with_the_case(world)


def _courses_end_with_the_case(world: World) -> None:
    """A course within a case that was closed early ends on the same day."""
    cases = world.ledger.cases
    courses = np.flatnonzero(~cases.main)
    if not len(courses):
        return
    around = open_case(cases.take(cases.main), cases.person[courses], cases.start[courses])
    main = np.flatnonzero(cases.main)[around]
    out = np.where(around >= 0, cases.exit[main], -1)
    ends = cases.exit[courses]
    shorter = (out >= 0) & ((ends < 0) | (ends > out)) & (out > cases.start[courses])
    world.cut(courses[shorter], out[shorter], "other")


def _walk_service(world: World, keys: list[str], rows: np.ndarray, service: str) -> None:
    n = len(world.ledger.cases)
    entry = _entry(world, keys, rows, service)
    walk = Walk({key: np.full(n, -1) for key in keys}, {key: np.full(n, -1) for key in keys})
    for key in keys:
        wanted = _wanted(world, keys, key, rows, entry, walk, service)
        _begin(world, key, rows, wanted, walk, service)
        skipped = _skip(world, key, walk, service)
        _end(world, key, walk, skipped, service, 0)
        if world.programme.phases[key].repeats:
            for again in range(1, _ROUNDS + 1):
                _come_back(world, key, walk, service, again)
    for key in keys:
        _finish_what_began(world, key, walk, service)
    _close(world, keys, rows, walk, service)


def _entry(world: World, keys: list[str], rows: np.ndarray, service: str) -> np.ndarray:
    """By enrolment, the position among ``keys`` of the phase it begins in."""
    phases = world.programme.phases
    entries = [number for number, key in enumerate(keys) if phases[key].entry] or [0]
    if len(entries) == 1 and len(keys) > entries[0] + 1:
        # Where the definition names one way in, a few come in a step later all the same.
        entries, share = [entries[0], entries[0] + 1], world.profile.later_entry_share / 2
    else:
        share = world.profile.later_entry_share
    rng = world.stream(f"entry {service}")
    later = np.array(entries[1:] or entries)[rng.integers(0, max(len(entries) - 1, 1), len(rows))]
    entry = np.full(len(world.ledger.cases), -1)
    entry[rows] = np.where(rng.random(len(rows)) < share, later, entries[0])
    return entry


def _wanted(
    world: World, keys: list[str], key: str, rows: np.ndarray, entry: np.ndarray, walk: Walk, service: str
) -> np.ndarray:
    """By enrolment, the day a phase would begin, -1 where it is not this enrolment's turn."""
    phase, number = world.programme.phases[key], keys.index(key)
    rng = world.stream(f"turn {service} {key}")
    start = world.ledger.cases.start
    n = len(start)
    before = [one for one in phase.follows if one in keys[:number]]
    gap = 1 + np.floor(rng.exponential(_GAP, n)).astype(np.int64)
    wanted = np.where(entry == number, start + np.floor(rng.exponential(4.0, n)).astype(np.int64), -1)
    aside = _is_side(world, keys, key)
    if before:
        came = np.max([_passed(world, keys, one, key, walk, aside, rng) for one in before], axis=0)
        share = world.profile.goes_on_share if not aside else _SIDE_SHARE
        if any(one.kind == "pause" for one in phase.starts):
            share = min(share, _PAUSE_SHARE)
        goes_on = (came >= 0) & (rng.random(n) < share)
        wanted = np.where(goes_on & (wanted < 0), came + gap, wanted)
    elif not phase.entry and number:
        # A phase that follows nothing runs beside the others, for some.
        beside = (rng.random(n) < 0.6) & (entry >= 0)
        later = start + np.floor(rng.lognormal(np.log(40), 0.6, n)).astype(np.int64)
        wanted = np.where(beside & (wanted < 0), later, wanted)
    mine = np.zeros(n, dtype=bool)
    mine[rows] = True
    return np.where(mine & (wanted >= 0), weekday_after(wanted, start), -1)


def _passed(
    world: World, keys: list[str], before: str, key: str, walk: Walk, aside: bool, rng: np.random.Generator
) -> np.ndarray:
    """By enrolment, when a phase has let another begin (-1: not): at its end, or within it.

    Within it where what ends the one begins a third that follows the other: that one must come first. So must
    phases beside the main road, which run while the other does.
    """
    phases = world.programme.phases
    third = [phases[other] for other in keys if other not in (before, key) and key in phases[other].follows]
    within = aside or any(one in next_.starts for next_ in third for one in phases[before].ends)
    began, finished = walk.began[before], walk.finished[before]
    if not within:
        return finished
    length = np.where(finished >= 0, finished - began, median_days(world, before))
    part = 0.1 + 0.5 * rng.random(len(began))
    return np.where(began >= 0, began + np.floor(part * length).astype(np.int64), -1)


def _is_side(world: World, keys: list[str], key: str) -> bool:
    """Whether a phase lies beside the main road: it can come again and leads nowhere that others do not."""
    phases = world.programme.phases
    leads = {keys[-1]}
    for other in reversed(keys):
        if other in leads:
            leads |= set(phases[other].follows) & set(keys)
    return phases[key].repeats and key not in leads and bool(phases[key].follows)


def weekday_after(days: np.ndarray, floor: np.ndarray) -> np.ndarray:
    """Each day moved back to a working day, never before ``floor``."""
    return np.maximum(weekday(days), floor)


def _begin(world: World, key: str, rows: np.ndarray, wanted: np.ndarray, walk: Walk, service: str) -> None:
    phase, cases = world.programme.phases[key], world.ledger.cases
    began = walk.began[key]
    _first_days(world, phase.starts, rows, began)
    asked = np.flatnonzero((wanted >= 0) & (began < 0) & (wanted <= cases.last))
    made = make(
        world, phase.starts, asked, wanted[asked], f"begin {service} {key}", _others(world, phase.starts)
    )
    began[asked[made.row]] = made.day


def _first_days(world: World, asked: list[Happening], rows: np.ndarray, days: np.ndarray) -> None:
    """Fills ``days`` with each enrolment's first fact so far that satisfies a happening, inside the case."""
    enrolment, when = world.ledger.found(asked)
    cases = world.ledger.cases
    inside = np.isin(enrolment, rows) & (when >= cases.start[enrolment]) & (when <= cases.last[enrolment])
    enrolment, when = enrolment[inside], when[inside]
    first = np.unique(enrolment, return_index=True)
    days[first[0]] = when[first[1]]


def _others(world: World, own: list[Happening]) -> list[Happening]:
    """What begins, ends or skips phases, but for what is meant: not to be made come true by the way."""
    found: list[Happening] = []
    for phase in world.programme.phases.values():
        found += [one for one in (*phase.starts, *phase.ends, *phase.skipped_by) if one not in own]
    return found


def _skip(world: World, key: str, walk: Walk, service: str) -> np.ndarray:
    """Makes what lets a phase be skipped come true for some, before it begins; by enrolment, who skips."""
    phase, cases = world.programme.phases[key], world.ledger.cases
    began = walk.began[key]
    skips = np.zeros(len(began), dtype=bool)
    if not phase.skipped_by:
        return skips
    rng = world.stream(f"skip {service} {key}")
    there = np.full(len(began), -1)
    _first_days(world, phase.skipped_by, np.flatnonzero(began >= 0), there)
    skips = (there >= 0) & (there <= began)
    rows = np.flatnonzero((began >= 0) & ~skips & (rng.random(len(began)) < world.profile.skipped_share))
    room = np.minimum(began[rows] - cases.start[rows], 45)
    days = began[rows] - np.floor(rng.random(len(rows)) * (room + 1)).astype(np.int64)
    days = np.minimum(weekday_after(days, cases.start[rows]), began[rows])
    avoid = _others(world, phase.skipped_by)
    made = make(world, phase.skipped_by, rows, days, f"skip {service} {key}", avoid)
    good = made.day <= began[rows[made.row]]
    skips[rows[made.row[good]]] = True
    return skips


def _end(world: World, key: str, walk: Walk, skipped: np.ndarray, service: str, again: int) -> None:
    """Ends the phase for those who are in it, after as long as it lasts; many are still in it at the end."""
    phase, cases = world.programme.phases[key], world.ledger.cases
    began, finished = walk.began[key], walk.finished[key]
    inside = np.flatnonzero((began >= 0) & (finished < began))
    rng = world.stream(f"end {service} {key} {again}")
    length = lengths(world, key, inside, rng)
    length = np.where(skipped[inside], rng.integers(1, _SKIPPED_DAYS, len(inside)), length)
    days = began[inside] + np.maximum(length, 1)
    days = np.maximum(weekday(days), began[inside] + 1)
    ended = days <= cases.last[inside]
    if not phase.ends:
        finished[inside[ended]] = days[ended]
        return
    _ended_already(world, phase, inside, began, finished)
    free = ended & (finished[inside] < began[inside])
    rows, days = inside[free], days[free]
    if not makeable(world, phase.ends):
        _ended_by_exit(world, phase, rows, days, rng)
        return
    avoid = _others(world, [*phase.ends, *_next_starts(world, key)])
    made: Made = make(world, phase.ends, rows, days, f"end {service} {key} {again}", avoid, began[rows] + 1)
    finished[rows[made.row]] = made.day


def _next_starts(world: World, key: str) -> list[Happening]:
    """What begins the phases that follow: one fact may well end a phase and begin the next."""
    following = [phase for phase in world.programme.phases.values() if key in phase.follows]
    return [one for phase in following for one in phase.starts]


def _ended_already(
    world: World, phase: Phase, inside: np.ndarray, began: np.ndarray, finished: np.ndarray
) -> None:
    """Phases that facts made for something else have ended after they began."""
    enrolment, when = world.ledger.found(phase.ends)
    after = np.isin(enrolment, inside) & (when > began[enrolment])
    enrolment, when = enrolment[after], when[after]
    first = np.unique(enrolment, return_index=True)
    finished[first[0]] = when[first[1]]


def _ended_by_exit(
    world: World, phase: Phase, rows: np.ndarray, days: np.ndarray, rng: np.random.Generator
) -> None:
    """A phase that only an exit ends: for most it is the exit that ends it, at the phase's own time."""
    exits = [one for one in phase.ends if one.kind == "exit"]
    if not exits:
        return
    closes = rng.random(len(rows)) < world.profile.completes_share
    ways = world.ledger.ways(exits[0], int(world.last_day))
    for enrolment, day in zip(rows[closes].tolist(), days[closes].tolist(), strict=True):
        world.cut(np.array([enrolment]), np.array([day]), "completed")
        if "reason" in ways.columns and ways.height:
            world.reasons[enrolment] = ways["reason"][int(rng.integers(0, ways.height))]


def _come_back(world: World, key: str, walk: Walk, service: str, again: int) -> None:
    """Begins a phase anew for some of those who had ended it, and ends it again."""
    phase, cases = world.programme.phases[key], world.ledger.cases
    rng = world.stream(f"again {service} {key} {again}")
    began, finished = walk.began[key], walk.finished[key]
    done = np.flatnonzero((began >= 0) & (finished >= began))
    done = done[rng.random(len(done)) < world.profile.relapse_share]
    days = finished[done] + 7 + np.floor(rng.lognormal(np.log(_AGAIN_AFTER), 0.6, len(done))).astype(np.int64)
    days = np.maximum(weekday(days), finished[done] + 1)
    inside = days <= cases.last[done]
    asked, days = done[inside], days[inside]
    made = make(
        world, phase.starts, asked, days, f"again {service} {key} {again}", _others(world, phase.starts)
    )
    only = Walk({key: np.full(len(began), -1)}, {key: np.full(len(began), -1)})
    only.began[key][asked[made.row]] = made.day
    _end(world, key, only, np.zeros(len(began), dtype=bool), service, again)
    back = only.began[key] >= 0
    began[back], finished[back] = only.began[key][back], only.finished[key][back]


def _finish_what_began(world: World, key: str, walk: Walk, service: str) -> None:
    """Ends runs of a phase that something else began by the way, such as a return from a later phase."""
    phase, cases = world.programme.phases[key], world.ledger.cases
    if not phase.repeats or not makeable(world, phase.ends):
        return
    runs = phase_runs(world, phase)
    index = np.array(world.ledger.services, dtype=object)[cases.service[runs.enrolment]] == service
    open_ = np.flatnonzero(
        index & ~runs.left & (runs.end == OPEN) & (runs.start != walk.began[key][runs.enrolment])
    )
    open_ = open_[(runs.run[open_] > 1) | (walk.began[key][runs.enrolment[open_]] < 0)]
    rng = world.stream(f"finish {service} {key}")
    open_ = open_[rng.random(len(open_)) < world.profile.goes_on_share]
    rows = runs.enrolment[open_]
    days = np.maximum(weekday(runs.start[open_] + lengths(world, key, rows, rng)), runs.start[open_] + 1)
    inside = days <= cases.last[rows]
    avoid = _others(world, [*phase.ends, *_next_starts(world, key)])
    made = make(world, phase.ends, rows[inside], days[inside], f"finish {service} {key}", avoid,
                runs.start[open_][inside] + 1)  # fmt: skip
    chosen = rows[inside][made.row]
    walk.began[key][chosen] = runs.start[open_][inside][made.row]
    walk.finished[key][chosen] = made.day


def finish_new_runs(world: World, before: dict[str, Runs]) -> None:
    """Ends runs of phases that have begun since they were looked at, as people end those they mean to begin."""
    for key in in_order(world.programme):
        phase = world.programme.phases[key]
        runs = phase_runs(world, phase)
        known = set(zip(before[key].enrolment.tolist(), before[key].start.tolist(), strict=True))
        pairs = zip(runs.enrolment.tolist(), runs.start.tolist(), strict=True)
        fresh = np.array([pair not in known for pair in pairs], dtype=bool)
        open_ = (
            np.flatnonzero(fresh & ((runs.end == OPEN) | runs.left))
            if len(runs)
            else np.empty(0, dtype=np.int64)
        )
        rng = world.stream(f"finish new {key}")
        rows, start = runs.enrolment[open_], runs.start[open_]
        days = np.maximum(weekday(start + lengths(world, key, rows, rng)), start + 1)
        inside = days <= world.ledger.cases.last[rows]
        avoid = _others(world, [*phase.ends, *_next_starts(world, key)])
        make(world, phase.ends, rows[inside], days[inside], f"finish new {key}", avoid, start[inside] + 1)


def _close(world: World, keys: list[str], rows: np.ndarray, walk: Walk, service: str) -> None:
    """Ends the cases of most of those who have finished every phase they began, some weeks later."""
    rng = world.stream(f"close {service}")
    began = np.array([walk.began[key][rows] for key in keys])
    finished = np.array([walk.finished[key][rows] for key in keys])
    through = (began >= 0).any(axis=0) & ((began < 0) | (finished >= began)).all(axis=0)
    last = [number for number, key in enumerate(keys) if not _is_side(world, keys, key)
            and not any(key in world.programme.phases[other].follows for other in keys[number + 1 :])]  # fmt: skip
    at_the_end = (finished[last] >= 0).any(axis=0)
    closes = through & (rng.random(len(rows)) < np.where(at_the_end, world.profile.completes_share, 0.4))
    gap = np.where(at_the_end, rng.integers(5, 45, len(rows)), rng.integers(20, 150, len(rows)))
    days = weekday(finished.max(axis=0) + gap)
    for concept, chosen in (("completed", closes & at_the_end), ("other", closes & ~at_the_end)):
        world.cut(rows[chosen], days[chosen], concept)
