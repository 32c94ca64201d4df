"""Facts that follow from the weekly register, placements and hours of work, and visits without appointment."""

from __future__ import annotations

import numpy as np

from indsats.programme import ChangeIndicator, Programme, happenings

from .calendar import as_date, day, monday_of, weekday
from .cases import followed_work, open_case, runs_of
from .flow import make
from .ledger import where_true
from .satisfying import ways
from .states import ABROAD, DEAD, FLEX, JOB, NONE, OLD_AGE, PLACEMENTS, SUBSIDY_PRIVATE, SUBSIDY_PUBLIC
from .wording import meanings, values_of
from .world import World

_DRAWN_PER_VISITOR = 15
"""Residents drawn for each visitor without a case; most turn out to have one and are passed over."""

_SOME_HOURS = 0.10
_MORE_HOURS = 0.30
"""Share of the cases with a few ordinary hours beside the benefit; the higher where the definition counts them."""


def placements_found(world: World) -> None:
    """A placement for a share of the cases in the effort, where the definition is about placements."""
    cases = world.ledger.cases
    rng = world.stream("placements found")
    asked = (
        cases.main & world.places.treated[cases.site] & (rng.random(len(cases)) < world.profile.placed_share)
    )
    days = weekday(cases.start + 14 + np.floor(rng.lognormal(4.4, 0.7, len(cases))).astype(np.int64))
    rows = np.flatnonzero(asked & (days <= cases.last) & (days >= cases.start))
    wanted = [
        one
        for path, one in happenings(world.programme)
        if one.kind == "placement" and path[0] == "indicators"
    ]
    wanted += [
        one
        for path, one in happenings(world.programme)
        if one.kind == "placement" and path[0] == "requirements"
    ]
    if wanted and len(rows):
        phases = world.programme.phases.values()
        avoid = [one for phase in phases for one in (*phase.starts, *phase.ends, *phase.skipped_by)]
        make(world, wanted, rows, days[rows], "placements found", avoid)


def activation(world: World) -> None:
    """A fact for each activity in the register that begins while a case is open, with the register's weeks.

    Company placements carry the codes for them. Guidance and education become facts only where the
    definition has other types of placement than those. A course that is open claims the fact. Where an
    indicator compares with the time before, activities before the case become facts without one.
    """
    programme = world.programme
    values = values_of(programme, "placement", "type")
    named = {kind: meanings(programme, "placement.type", _concept(kind)) for kind in PLACEMENTS}
    taken = {code for codes in named.values() for code in codes}
    others = [value for value in values if value not in taken]
    rng = world.stream("activation")
    row, first, last, kind = _activities(np.where(world.claimed, NONE, world.activity))
    kept = np.isin(kind, PLACEMENTS) | bool(others)
    row, first, last, kind = row[kept], first[kept], last[kept], kind[kept]
    from_ = monday_of(first + world.profile.register_first)
    until = monday_of(last + world.profile.register_first) + 4
    still = last == world.activity.shape[1] - 1
    enrolment = open_case(world.ledger.cases, row, from_)
    found = (enrolment >= 0) & (first >= world.week(day(world.profile.first_day)))
    before = (enrolment < 0) & _before(world, row, from_)
    rows = np.flatnonzero(found | before)
    row, kind, from_, enrolment = row[rows], kind[rows], from_[rows], enrolment[rows]
    until = np.where(still[rows], -1, until[rows])
    n = len(row)
    type_ = np.array(others or [""], dtype=object)[rng.integers(0, max(len(others), 1), n)]
    for placement, codes in named.items():
        these = np.flatnonzero(kind == placement)
        type_[these] = np.array(codes, dtype=object)[rng.integers(0, len(codes), len(these))]
    hours = np.clip(np.round(rng.normal(25, 7, n)), 4, 37)
    number = rng.integers(1, 400, n)
    firm = np.array([f"firm {value:03d}" for value in number], dtype=object)
    employer = where_true(np.isin(kind, PLACEMENTS), firm)
    site = np.where(enrolment >= 0, world.ledger.cases.site[enrolment], _home(world)[row])
    world.ledger.add("placement", from_, enrolment=enrolment, person=row, site=site, until=until, type=type_,
                     employer=employer, hours_per_week=hours)  # fmt: skip
    world.claimed |= world.activity != NONE


def _before(world: World, person: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Whether a day lies in the time before a person's first case that an indicator compares with."""
    compared = [part for part in world.programme.indicators.values() if isinstance(part, ChangeIndicator)]
    if not any(one.kind == "placement" for part in compared for one in part.what):
        return np.zeros(len(days), dtype=bool)
    longest = max(world.usual_days(part.before) for part in compared)
    first = np.full(len(world.people.birth), -1)
    cases = world.ledger.cases
    order = np.lexsort((cases.start, cases.person))
    who, at = np.unique(cases.person[order], return_index=True)
    first[who] = cases.start[order][at]
    return (days < first[person]) & (days >= first[person] - longest)


def _home(world: World) -> np.ndarray:
    """By person the site of a case of theirs, 0 for those without."""
    home = np.zeros(len(world.people.birth), dtype=np.int64)
    home[world.ledger.cases.person] = world.ledger.cases.site
    return home


def _concept(kind: int) -> str:
    return "subsidy" if kind in (SUBSIDY_PRIVATE, SUBSIDY_PUBLIC) else "practice"


def _activities(activity: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Person, first and last column and kind of every stretch of one activity."""
    parts = []
    for kind in np.unique(activity):
        if kind != NONE:
            runs = runs_of(activity == kind)
            parts.append((runs.row, runs.first, runs.last, np.full(len(runs.row), kind)))
    if not parts:
        empty = np.empty(0, dtype=np.int64)
        return empty, empty, empty, empty
    row, first, last, kind = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((first, row))
    return row[order], first[order], last[order], kind[order]


def work(world: World) -> None:
    """Hours at the exit to a job, spells of work a case stays open in, and a few hours beside the benefit."""
    cases, ledger = world.ledger.cases, world.ledger
    rng = world.stream("work")
    for state, type_, low, high in ((JOB, "ordinary", 12, 37), (FLEX, "flex", 3, 20)):
        if state in followed_work(world.programme):
            _spells_of(world, state, type_, low, high)
            continue
        concept = "job" if state == JOB else "flex"
        rows = np.flatnonzero((cases.exit >= 0) & (cases.concept == concept) & cases.main)
        hours = np.round(rng.uniform(low, high, len(rows)))
        ledger.add("hours", cases.exit[rows], enrolment=rows, hours_per_week=hours, type=type_,
                   evidence="register" if state == JOB else "employer")  # fmt: skip
    share = _MORE_HOURS if counts_hours(world.programme) else _SOME_HOURS
    begins = weekday(cases.start + rng.integers(60, 700, len(cases)))
    few = np.flatnonzero(cases.main & (rng.random(len(cases)) < share) & (begins + 28 <= cases.last))
    until = np.minimum(begins[few] + rng.integers(28, 200, len(few)), cases.last[few])
    hours = np.round(rng.uniform(2, 12, len(few)))
    world.quietly("hours", begins[few], enrolment=few, until=until, hours_per_week=hours,
                  type="ordinary", evidence="payslip")  # fmt: skip


def counts_hours(programme: Programme) -> bool:
    """Whether an indicator looks at ordinary hours."""
    for path, one in happenings(programme):
        if path[0] == "indicators" and one.kind == "hours":
            found = ways(programme, "hours", one.rule, _some_day(programme))
            if "type" not in found.columns or "ordinary" in found["type"].to_list():
                return True
    return any(getattr(part, "kind", "") == "hours" for part in programme.indicators.values())


def _some_day(programme: Programme):

    return programme.first_day or as_date(16_000)


def _spells_of(world: World, state: int, type_: str, low: int, high: int) -> None:
    """Hours for each spell of work that begins while a case is open, unless the flow has recorded them."""
    runs = runs_of(world.history.state == state)
    start = monday_of(runs.first + world.profile.register_first)
    end = monday_of(runs.last + world.profile.register_first) + 6
    end = np.where(runs.last == world.history.state.shape[1] - 1, -1, end)
    cases = world.ledger.cases
    enrolment = open_case(cases, runs.row, start)
    table = world.ledger.table("hours")
    recorded: set[tuple[int, int]] = set()
    if table is not None:
        recorded = set(table.select("enrolment", "occurred_from").iter_rows())
    fresh = np.array(
        [pair not in recorded for pair in zip(enrolment.tolist(), start.tolist(), strict=True)], dtype=bool
    )
    rows = np.flatnonzero((enrolment >= 0) & fresh & (start > cases.start[enrolment]))
    hours = np.round(world.stream(f"spells of {type_}").uniform(low, high, len(rows)))
    world.ledger.add("hours", start[rows], enrolment=enrolment[rows], until=end[rows], hours_per_week=hours,
                     type=type_, evidence="employer" if state == FLEX else "register")  # fmt: skip


def has_walk_ins(programme: Programme) -> bool:
    """Whether the definition speaks of visits without appointment at all."""
    kinds = {getattr(part, "kind", "") for part in programme.indicators.values()}
    kinds |= {rule.kind for rule in programme.entry_rules.values()}
    kinds |= {one.kind for _, one in happenings(programme)}
    kinds |= {place.partition(".")[0] for codes in programme.codes.values() for place in codes.applies_to}
    return "walk_in" in kinds


def walk_ins(world: World, served: np.ndarray) -> None:
    """Visits without appointment at sites of the effort, by people with a case there and people without."""
    if not has_walk_ins(world.programme):
        return
    rng = world.stream("walk-ins")
    profile, ledger, places = world.profile, world.ledger, world.places
    cases = ledger.cases
    there = np.flatnonzero(cases.main & places.treated[cases.site])
    days_open = cases.last[there] - cases.start[there] + 1
    visits = rng.poisson(profile.walk_ins_per_month * days_open / 30.4)
    enrolment = np.repeat(there, visits)
    offset = np.floor(rng.random(len(enrolment)) * np.repeat(days_open, visits)).astype(np.int64)
    days = np.maximum(weekday(cases.start[enrolment] + offset), cases.start[enrolment])
    summoned = rng.random(len(enrolment)) < profile.summoned_share
    ledger.add("walk_in", days, enrolment=enrolment, summoned=summoned, has_case=True)
    share = (1 - profile.walk_ins_with_case) / profile.walk_ins_with_case
    more = rng.poisson(len(enrolment) * share)
    residents = np.flatnonzero(places.treated[served])
    if len(residents) == 0:
        return
    person = residents[rng.integers(0, len(residents), _DRAWN_PER_VISITOR * more)]
    span = day(profile.last_day) - day(profile.first_day) + 1
    when = np.maximum(
        weekday(day(profile.first_day) + rng.integers(0, span, _DRAWN_PER_VISITOR * more)),
        day(profile.first_day),
    )
    week = world.week(when)
    state = world.history.state[person, np.minimum(week, world.history.state.shape[1] - 1)]
    here = np.isin(state, (OLD_AGE, ABROAD, DEAD), invert=True)  # they do not come by
    free = np.flatnonzero((open_case(cases, person, when) < 0) & here)[:more]
    ledger.add(
        "walk_in", when[free], person=person[free], site=served[person[free]], summoned=False, has_case=False
    )
