"""Cohorts, covariates and outcomes the slow way: a list of weekly codes a person, and loops.

Written from the words that define them (``programme/evaluation.py`` and ``register/follow``), and sharing no code
with what it checks but the names of settings: a week is asked about one by one, and nothing is cut or joined.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

from indsats.programme import (
    History,
    HoursOutcome,
    IndexEvent,
    MonthsOutcome,
    RegisterState,
    StateOutcome,
    StatusOutcome,
    WeeksOutcome,
)

BLANK = None
HOLE = "hole"
"""A week that no file tells of."""

FIRST_MONDAY = date(1991, 8, 5)

PENSION_AGES = [
    (date(1939, 7, 1), 65 * 12),
    (date(1954, 1, 1), 65 * 12 + 6),
    (date(1954, 7, 1), 66 * 12),
    (date(1955, 1, 1), 66 * 12 + 6),
    (date(1955, 7, 1), 67 * 12),
]


@dataclass
class Person:
    name: str
    first_week: int
    codes: list[Any]
    birth: date | None = None
    hours: dict[int, float] = field(default_factory=dict)
    events: list[int] = field(default_factory=list)
    remembered: dict[int, list[list[int]]] = field(default_factory=dict, repr=False)
    """Runs by state, for they are asked for at every week."""
    weeks_in: dict[int, set[int]] = field(default_factory=dict, repr=False)
    """The weeks of the stays, by state."""

    @property
    def last_week(self) -> int:
        return self.first_week + len(self.codes) - 1

    @property
    def weeks(self) -> range:
        return range(self.first_week, self.last_week + 1)

    def code(self, week: int) -> Any:
        return self.codes[week - self.first_week] if week in self.weeks else HOLE


@dataclass
class World:
    states: dict[str, RegisterState]
    persons: list[Person]
    hours_until: int | None
    """The last month the hours tell of."""


def thursday(week: int) -> date:
    return FIRST_MONDAY + timedelta(days=7 * week + 3)


@cache
def month(week: int) -> int:
    return thursday(week).year * 12 + thursday(week).month - 1


def days_of(number: int) -> int:
    following = number + 1
    start = date(number // 12, number % 12 + 1, 1)
    return (date(following // 12, following % 12 + 1, 1) - start).days


def listed(state: RegisterState, code: Any) -> bool:
    for text in state.codes:
        if text == "blank":
            if code is BLANK:
                return True
        elif code is not BLANK and code != HOLE:
            low, _, high = text.partition("-")
            if int(low) <= code <= int(high or low):
                return True
    return False


def pension_day(birth: date) -> date:
    months = next(age for since, age in reversed(PENSION_AGES) if birth >= since)
    number = birth.year * 12 + birth.month - 1 + months
    return date(number // 12, number % 12 + 1, min(birth.day, days_of(number)))


def qualifies(person: Person, state: RegisterState, week: int) -> bool:
    """Whether one week by itself counts, the length of the stay aside."""
    if not listed(state, person.code(week)):
        return False
    if state.before_pension and person.birth is not None:
        sunday = FIRST_MONDAY + timedelta(days=7 * week + 6)
        if pension_day(person.birth) <= sunday:
            return False
    return not (state.paid_hours and person.hours.get(month(week), 0) <= 0)


def runs(person: Person, state: RegisterState) -> list[list[int]]:
    """Unbroken runs of weeks that qualify, of any length."""
    if id(state) in person.remembered:
        return person.remembered[id(state)]
    found: list[list[int]] = []
    for week in person.weeks:
        if qualifies(person, state, week):
            if found and found[-1][-1] == week - 1:
                found[-1].append(week)
            else:
                found.append([week])
    person.remembered[id(state)] = found
    return found


def stays(person: Person, state: RegisterState) -> list[list[int]]:
    return [run for run in runs(person, state) if len(run) >= state.at_least_weeks]


def in_state(person: Person, state: RegisterState, week: int) -> bool:
    if id(state) not in person.weeks_in:
        person.weeks_in[id(state)] = {one for stay in stays(person, state) for one in stay}
    return week in person.weeks_in[id(state)]


def joined(person: Person, state: RegisterState, gap: int) -> list[list[int]]:
    """Stays with at most ``gap`` weeks between them as one list of weeks, bridged weeks not in it."""
    found: list[list[int]] = []
    for stay in stays(person, state):
        if found and stay[0] - found[-1][-1] - 1 <= gap:
            found[-1] = found[-1] + stay
        else:
            found.append(stay)
    return found


def in_window(index: IndexEvent, week: int) -> bool:
    return index.window is None or index.window.first <= thursday(week) <= index.window.last


def entries(world: World, index: IndexEvent, person: Person, every: bool) -> list[tuple[int, bool]]:
    """Index weeks and whether each is left truncated."""
    found: list[tuple[int, bool]] = []
    if index.state is None:
        found = [
            (week, False)
            for week in sorted(set(person.events))
            if week in person.weeks and in_window(index, week)
        ]
        return found if every else found[:1]
    for stay in joined(person, world.states[index.state], index.gap_weeks):
        first, last = stay[0], stay[-1]
        if index.new and (not in_window(index, first) or first == person.first_week):
            continue
        if index.at == "end":
            after = last + 1
            if after in person.weeks and in_window(index, after) and person.code(after) not in (997, 999):
                found.append((after, False))
            continue
        inside = [week for week in range(first, last + 1) if in_window(index, week)]
        if inside:
            found.append((inside[0], first < inside[0] or first == person.first_week))
    return found if every else found[:1]


def history(world: World, person: Person, index: int, asked: History) -> float | None:
    window = range(index - asked.weeks, index)
    if person.first_week > window[0]:
        return None
    state = world.states[asked.state]
    spent = float(sum(in_state(person, state, week) for week in window))
    if asked.measure == "weeks":
        return spent
    if asked.measure == "share":
        assert asked.of is not None
        whole = sum(in_state(person, world.states[asked.of], week) for week in window)
        return spent / whole if whole else None
    together = joined(person, state, asked.gap_weeks)
    if asked.measure == "stays":
        return float(sum(any(stay[0] <= week <= stay[-1] for week in window) for stay in together))
    for stay in together:
        if stay[0] <= index - 1 and stay[-1] >= index - 1 - asked.gap_weeks:
            return float(sum(week in window for week in stay))
    return 0.0


def observation(
    world: World, person: Person, index: int, own: list[str], watched: list[str], hours: bool
) -> tuple[int, str]:
    """The last week observed and why no later one is, for an outcome on ``watched`` whose codes ``own`` lists."""
    hours = hours or any(world.states[state].paid_hours for state in watched)
    end, why = index, "data_end"
    for week in range(index + 1, person.last_week + 1):
        code = person.code(week)
        if code in (997, 999) and not any(listed(world.states[state], code) for state in own):
            why = "dead" if code == 999 else "abroad"
            break
        if hours and (world.hours_until is None or month(week) > world.hours_until):
            break
        end = week
    known = end
    for state in watched:
        for run in runs(person, world.states[state]):
            if len(run) < world.states[state].at_least_weeks and end in run:
                known = min(known, run[0] - 1)
    return max(known, index), why


def state_outcome(
    world: World, person: Person, index: int, asked: StateOutcome
) -> tuple[bool | None, int, str]:
    end, why = observation(world, person, index, [asked.state], [asked.state, *asked.ends], hours=False)
    last = index + asked.within_weeks
    whole = end >= last
    stopped = None
    for week in range(end + 1, index - 1, -1):  # the earliest week wins, and of its states the first named
        for state in reversed(asked.ends):
            if in_state(person, world.states[state], week):
                stopped = (week, state)
    if stopped is not None:
        end = stopped[0] - 1
    spent = 0
    for week in range(index + asked.from_week, min(end, last) + 1):
        if in_state(person, world.states[asked.state], week):
            spent += 1
        elif asked.in_a_row:
            spent = 0
        if spent == asked.at_least_weeks:
            return (True if whole else None), week - index, "reached"
    if end >= last:
        return False, asked.within_weeks, "horizon"
    return (False if whole else None), max(end - index, 0), (stopped[1] if stopped else why)


@cache
def last_week_of(number: int) -> int:
    week = 0
    while month(week + 1) <= number:
        week += 1
    return week


def outcome(world: World, person: Person, index: int, asked: Any) -> Any:
    if isinstance(asked, StatusOutcome | WeeksOutcome):
        state = world.states[asked.state]
        end, _ = observation(world, person, index, [asked.state], [asked.state], hours=False)
        if isinstance(asked, StatusOutcome):
            return in_state(person, state, index + asked.week) if end >= index + asked.week else None
        if end < index + asked.to_week:
            return None
        window = range(index + asked.from_week, index + asked.to_week + 1)
        return float(sum(in_state(person, state, week) for week in window))
    begins = month(index)
    if isinstance(asked, HoursOutcome):
        end, _ = observation(world, person, index, [], [], hours=True)
        if end < last_week_of(begins + asked.to_month):
            return None
        months = range(begins + asked.from_month, begins + asked.to_month + 1)
        return sum(person.hours.get(one, 0) for one in months) / (sum(days_of(one) for one in months) / 7)
    assert isinstance(asked, MonthsOutcome)
    end, _ = observation(world, person, index, asked.states, asked.states, hours=asked.hours)
    if end < last_week_of(begins + asked.within_months):
        return None
    in_a_row = 0
    for one in range(begins + 1, begins + asked.within_months + 1):
        touched = asked.hours and person.hours.get(one, 0) > 0
        for state in asked.states:
            touched = touched or any(
                month(week) == one and in_state(person, world.states[state], week) for week in person.weeks
            )
        in_a_row = in_a_row + 1 if touched else 0
        if in_a_row == asked.in_a_row:
            return True
    return False


def plain_follow(
    world: World, index: IndexEvent, histories: list[History], outcomes: list[Any], every: bool
) -> list[tuple[Any, ...]]:
    """The rows, sorted by person and index week, columns in the order the engine gives them."""
    rows = []
    for person in sorted(world.persons, key=lambda one: one.name):
        for week, truncated in entries(world, index, person, every):
            until = week
            while until + 1 in person.weeks and person.code(until + 1) not in (997, 999):
                until += 1
            row: list[Any] = [person.name, week, truncated, until]
            row += [history(world, person, week, asked) for asked in histories]
            for asked in outcomes:
                if isinstance(asked, StateOutcome):
                    row += state_outcome(world, person, week, asked)
                else:
                    row.append(outcome(world, person, week, asked))
            rows.append(tuple(row))
    return rows


def plain_trajectory(
    world: World, cases: list[tuple[str, int]], weeks: range
) -> list[tuple[str, int, int, int]]:
    """``state``, ``week``, cases in it, cases of whom it is known; sorted."""
    by_name = {person.name: person for person in world.persons}
    rows = []
    for name in sorted(world.states):
        for relative in weeks:
            inside = observed = 0
            for who, index in cases:
                person, state = by_name[who], world.states[name]
                week = index + relative
                if week in person.weeks and known(world, person, index, week, name):
                    observed += 1
                    inside += in_state(person, state, week)
            rows.append((name, relative, inside, observed))
    return rows


def known(world: World, person: Person, index: int, week: int, name: str) -> bool:
    """Whether it is known if the person is in the state in an observed ``week`` before or after index."""
    state = world.states[name]
    end = person.last_week
    for later in range(index + 1, person.last_week + 1):
        if person.code(later) in (997, 999) and not listed(state, person.code(later)):
            end = later - 1
            break
    if state.paid_hours:
        until = -1 if world.hours_until is None else world.hours_until
        while end >= person.first_week and month(end) > until:
            end -= 1
    for run in runs(person, state):
        if len(run) < state.at_least_weeks and end in run:
            end = run[0] - 1
            break
    return week <= end
