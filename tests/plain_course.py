"""The course told the slow way, one person after the other with dictionaries, as the measure for the columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median

LEAVES = ("excluded", "exit")
STEPS = ("drawn", "excluded", "started", "agreement", "placement", "exit")
STARTED = "started"

Event = tuple[str, int, str | None, date]
"""Step, person, enrolment (or none) and day."""


@dataclass
class Way:
    """One course: the first day at each step, and the day it was left."""

    days: dict[str, date] = field(default_factory=dict)
    left: date | None = None

    def take(self, step: str, day: date) -> None:
        if self.left is not None and (day > self.left or step in LEAVES):
            return
        if step in LEAVES:
            self.left = day
        if step not in self.days or day < self.days[step]:
            self.days[step] = day


@dataclass(frozen=True)
class Told:
    came_in: int
    came_on: int
    past: int
    left: int
    under_way: int
    wait: float | None
    arrived: float | None


def ways(events: Sequence[Event]) -> list[Way]:
    """Every course of every person."""
    found: list[Way] = []
    for person in sorted({event[1] for event in events}):
        mine = sorted(
            (event for event in events if event[1] == person),
            key=lambda one: (one[3], one[0] in LEAVES, STEPS.index(one[0])),
        )
        starts = {event[2]: event[3] for event in mine if event[0] == STARTED}
        ends: dict[str | None, date] = {}
        for step, _, enrolment, day in mine:
            if step == "exit":
                ends.setdefault(enrolment, day)
        own: dict[str | None, list[tuple[str, date]]] = {name: [] for name in starts}
        loose: list[tuple[str, date]] = []
        for step, _, enrolment, day in mine:
            if enrolment is not None:
                own[enrolment].append((step, day))
            else:
                loose.append((step, day))
        stretch: list[tuple[str, date]] = []
        stretches = [stretch]
        for one in loose:
            stretch.append(one)
            if one[0] in LEAVES:
                stretch = []
                stretches.append(stretch)
        for one in stretches:
            over = next((day for step, day in one if step in LEAVES), None)
            nowhere: list[tuple[str, date]] = []
            for step, day in one:
                ahead = sorted((start, name) for name, start in starts.items() if start >= day)
                around = sorted((start, name) for name, start in starts.items() if start <= day)
                if ahead and (over is None or ahead[0][0] <= over):
                    own[ahead[0][1]].append((step, day))
                elif around and (around[-1][1] not in ends or ends[around[-1][1]] >= day):
                    own[around[-1][1]].append((step, day))
                else:
                    nowhere.append((step, day))
            if nowhere:
                found.append(_way(nowhere))
        found += [_way(one) for one in own.values()]
    return found


def _way(facts: list[tuple[str, date]]) -> Way:
    way = Way()
    for step, day in sorted(facts, key=lambda one: (one[1], one[0] in LEAVES, STEPS.index(one[0]))):
        way.take(step, day)
    return way


def told(found: Sequence[Way], step: str, end: date) -> Told:
    """What became of a step, by looking at each course in turn."""
    at = STEPS.index(step)
    since = STEPS.index(STARTED) if at > STEPS.index(STARTED) else 0
    earlier = [name for name in STEPS[since:at] if name not in LEAVES]
    later = [name for name in STEPS[at + 1 :] if name not in LEAVES]
    came_in = came_on = past = left = under_way = 0
    waits: list[tuple[int, bool]] = []
    for way in found:
        mine = way.days.get(step)
        beyond = min((way.days[name] for name in later if name in way.days), default=None)
        stop = min(day for day in (mine, beyond, way.left or end) if day is not None)
        begun = [way.days[name] for name in earlier if name in way.days and way.days[name] <= stop]
        if not begun:
            came_in += mine is not None
            continue
        waits.append(((stop - max(begun)).days, mine == stop))
        if mine is not None:
            came_on += 1
        elif beyond is not None:
            past += 1
        elif way.left is not None:
            left += 1
        else:
            under_way += 1
    came = [days for days, arrived in waits if arrived]
    return Told(
        came_in, came_on, past, left, under_way, _middle(waits), float(median(came)) if came else None
    )


def _middle(waits: Sequence[tuple[int, bool]]) -> float | None:
    """The first day at which half or fewer still wait, midway to the next where it is half exactly."""
    share = 1.0
    days = sorted({wait for wait, arrived in waits if arrived})
    for number, day in enumerate(days):
        at_risk = sum(wait >= day for wait, _ in waits)
        share *= 1 - sum(wait == day and arrived for wait, arrived in waits) / at_risk
        if abs(share - 0.5) < 1e-9:
            return (day + days[number + 1]) / 2 if number + 1 < len(days) else float(day)
        if share < 0.5:
            return float(day)
    return None
