"""The other facts of a case: pauses, workers, plans, activation, hours, walk-ins, requirements, exits."""

from __future__ import annotations

import numpy as np

from indsats.programme import Programme

from .calendar import day, monday_of, weekday
from .cases import Cases, runs_of
from .history import History
from .ledger import Ledger, where_true
from .places import Places
from .profile import Profile
from .states import NONE, PLACEMENTS, SUBSIDY_PRIVATE, SUBSIDY_PUBLIC
from .streams import choose, stream
from .wording import drawn, meaning, values_of

_DRAWN_PER_VISITOR = 15
"""Residents drawn for each visitor without a case; most turn out to have one and are passed over."""


def pauses(profile: Profile, cases: Cases, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """First and last day of the pause some main cases have; -1 for the others."""
    rng = stream(seed, "pauses")
    n = len(cases)
    length = rng.integers(14, 57, n)
    room = cases.last - cases.start - 60 - length
    begins = cases.start + 30 + np.floor(rng.random(n) * np.maximum(room, 0)).astype(np.int64)
    has = cases.main & (room > 0) & (rng.random(n) < profile.pause_share)
    return np.where(has, begins, -1), np.where(has, begins + length - 1, -1)


def workers(cases: Cases, places: Places, seed: int) -> np.ndarray:
    """By enrolment the caseworker's name tag. Cases of the effort are spread over twice as many workers."""
    rng = stream(seed, "workers")
    per_worker = np.where(places.treated, 110, 220)
    load = np.bincount(cases.site, minlength=len(places.ids))
    there = np.maximum(np.ceil(load / per_worker), 2).astype(np.int64)
    number = 1 + np.floor(rng.random(len(cases)) * there[cases.site]).astype(np.int64)
    return np.array(
        [f"{site}-{n:02d}" for site, n in zip(places.ids[cases.site], number, strict=True)], dtype=object
    )


def case_facts(programme: Programme, profile: Profile, ledger: Ledger) -> None:
    """Enrolments, exits and everything that happens around a case, but cadences, activation and walk-ins."""
    rng = stream(ledger.seed, "case facts")
    cases = ledger.cases
    n = len(cases)
    every = np.arange(n)
    ledger.add("enrolled", cases.start, enrolment=every, case_opened=True)
    ended = np.flatnonzero(cases.exit >= 0)
    reasons = {concept: meaning(programme, "exit.reason", concept) for concept in set(cases.concept) - {""}}
    reason = np.array([reasons[concept] for concept in cases.concept[ended]], dtype=object)
    ledger.add("exit", cases.exit[ended], enrolment=ended, reason=reason)
    paused = np.flatnonzero(ledger.pause_first >= 0)
    ledger.add("pause", ledger.pause_first[paused], enrolment=paused, until=ledger.pause_last[paused])
    roles = values_of(programme, "assigned", "role") or ["caseworker"]
    ledger.add("assigned", cases.start, enrolment=every, role=roles[0], worker=ledger.workers)
    if programme.groups and (group := programme.services[ledger.services[0]].group) is not None:
        main = np.flatnonzero(cases.main)
        ledger.add("visitation", cases.start[main], enrolment=main, group=group)

    def some(share: float, earliest: int, latest: int) -> tuple[np.ndarray, np.ndarray]:
        days = weekday(cases.start + rng.integers(earliest, latest + 1, n))
        rows = np.flatnonzero((rng.random(n) < share) & (days <= cases.last) & (days >= cases.start))
        return rows, days[rows]

    rows, days = some(0.85, 7, 60)
    ledger.add("plan", days, enrolment=rows)
    rows, days = some(0.5, 90, 300)
    status = np.array(["not_started", "under_way", "reached", "dropped"], dtype=object)
    ledger.add("subgoal_reviewed", days, enrolment=rows, subgoal="next step",
               status=status[choose(rng, np.array([0.2, 0.5, 0.2, 0.1]), len(rows))])  # fmt: skip
    rows, days = some(0.6, 14, 200)
    ledger.add("cv", days, enrolment=rows)
    rows, days = some(0.7, 14, 120)
    ledger.add("job_goal", days, enrolment=rows)
    rows, days = some(0.12, 20, 300)
    ledger.add("agreement", days, enrolment=rows)
    rows, days = some(0.15, 20, 400)
    ledger.add("parallel_effort", days, enrolment=rows)
    if programme.events:
        rows, days = some(0.3, 10, 500)
        ledger.add("event", days, enrolment=rows)
    _hours(ledger, ended, rng)
    _requirements(programme, profile, ledger)


def _hours(ledger: Ledger, ended: np.ndarray, rng: np.random.Generator) -> None:
    """Ordinary hours at the exit to a job, and a few hours a week beside the benefit for some."""
    cases = ledger.cases
    to_job = ended[(cases.concept[ended] == "job") & cases.main[ended]]
    hours = np.round(rng.uniform(12, 37, len(to_job)))
    ledger.add("hours", cases.exit[to_job], enrolment=to_job, hours_per_week=hours,
               type="ordinary", evidence="register")  # fmt: skip
    to_flex = ended[(cases.concept[ended] == "flex") & cases.main[ended]]
    hours = np.round(rng.uniform(4, 20, len(to_flex)))
    ledger.add("hours", cases.exit[to_flex], enrolment=to_flex, hours_per_week=hours,
               type="flex", evidence="employer")  # fmt: skip
    begins = weekday(cases.start + rng.integers(60, 700, len(cases)))
    few = np.flatnonzero(cases.main & (rng.random(len(cases)) < 0.10) & (begins + 28 <= cases.last))
    until = np.minimum(begins[few] + rng.integers(28, 200, len(few)), cases.last[few])
    hours = np.round(rng.uniform(2, 12, len(few)))
    ledger.add("hours", begins[few], enrolment=few, until=until, hours_per_week=hours,
               type="ordinary", evidence="payslip")  # fmt: skip


def _requirements(programme: Programme, profile: Profile, ledger: Ledger) -> None:
    cases = ledger.cases
    met = np.array([profile.behaviour[key].requirement_yes for key in ledger.places.units])
    for key, requirement in programme.requirements.items():
        rng = stream(ledger.seed, f"requirement {key}")
        days = weekday(cases.start + rng.integers(60, 130, len(cases)))
        rows = np.flatnonzero(cases.main & (days <= cases.last))
        n = len(rows)
        yes = rng.random(n) < met[ledger.places.unit[cases.site[rows]]]
        applies = rng.random(n) >= 0.08
        answer = np.where(applies, np.where(yes, "yes", "no"), "not_applicable").astype(object)
        given = drawn(programme, "requirement_answered", "reason", n, rng)
        if requirement.if_no:
            given = np.array(requirement.if_no, dtype=object)[rng.integers(0, len(requirement.if_no), n)]
        reason = where_true(answer == "no", given)
        ledger.add(
            "requirement_answered", days[rows], enrolment=rows, requirement=key, answer=answer, reason=reason
        )


def activation(programme: Programme, profile: Profile, ledger: Ledger, history: History) -> None:
    """A fact for each activity in the register that begins while a case is open, with the register's weeks.

    Company placements carry the codes for them. Guidance and education become facts only where the
    definition has other types of placement than those. A course that is open claims the fact.
    """
    values = values_of(programme, "placement", "type")
    named = {kind: meaning(programme, "placement.type", _concept(kind)) for kind in PLACEMENTS}
    others = [value for value in values if value not in set(named.values())]
    rng = stream(ledger.seed, "activation")
    row, first, last, kind = _activities(history)
    fact_week = (day(profile.first_day) - int(monday_of(profile.register_first))) // 7
    kept = (first >= fact_week) & (np.isin(kind, PLACEMENTS) | bool(others))
    row, first, last, kind = row[kept], first[kept], last[kept], kind[kept]
    from_ = monday_of(first + profile.register_first)
    until = monday_of(last + profile.register_first) + 4
    still = last == history.activity.shape[1] - 1
    enrolment = _open_case(ledger.cases, row, from_)
    found = enrolment >= 0
    row, kind, from_, until = row[found], kind[found], from_[found], np.where(still, -1, until)[found]
    n = len(row)
    type_ = np.array(others or [""], dtype=object)[rng.integers(0, max(len(others), 1), n)]
    for placement in PLACEMENTS:
        type_[kind == placement] = named[placement]
    hours = np.clip(np.round(rng.normal(25, 7, n)), 4, 37)
    number = rng.integers(1, 400, n)
    firm = np.array([f"firm {value:03d}" for value in number], dtype=object)
    employer = where_true(np.isin(kind, PLACEMENTS), firm)
    ledger.add("placement", from_, enrolment=enrolment[found], until=until, type=type_, employer=employer,
               hours_per_week=hours)  # fmt: skip


def _concept(kind: int) -> str:
    return "subsidy" if kind in (SUBSIDY_PRIVATE, SUBSIDY_PUBLIC) else "practice"


def _activities(history: History) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Person, first and last column and kind of every stretch of one activity."""
    parts = []
    for kind in np.unique(history.activity):
        if kind != NONE:
            runs = runs_of(history.activity == kind)
            parts.append((runs.row, runs.first, runs.last, np.full(len(runs.row), kind)))
    if not parts:
        empty = np.empty(0, dtype=np.int64)
        return empty, empty, empty, empty
    row, first, last, kind = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((first, row))
    return row[order], first[order], last[order], kind[order]


def _open_case(cases: Cases, person: np.ndarray, days: np.ndarray) -> np.ndarray:
    """The enrolment open for each person on each day, a course before the main case; -1 for none."""
    found = np.full(len(person), -1)
    for main in (True, False):
        rows = np.flatnonzero(cases.main == main)
        order = rows[np.lexsort((cases.start[rows], cases.person[rows]))]
        key = cases.person[order] * 1_000_000 + cases.start[order]
        at = np.searchsorted(key, person * 1_000_000 + days, side="right") - 1
        if len(order) == 0:
            continue
        candidate = order[np.maximum(at, 0)]
        good = (at >= 0) & (cases.person[candidate] == person) & (days <= cases.last[candidate])
        found = np.where(good, candidate, found)
    return found


def walk_ins(profile: Profile, ledger: Ledger, history: History, served: np.ndarray) -> None:
    """Visits without appointment at sites of the effort, by people with a case there and people without."""
    rng = stream(ledger.seed, "walk-ins")
    cases, places = ledger.cases, ledger.places
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
    week = (when - int(monday_of(profile.register_first))) // 7
    state = history.state[person, np.minimum(week, history.state.shape[1] - 1)]
    here = np.isin(state, (9, 10, 11), invert=True)  # the old, the moved and the dead do not come by
    free = np.flatnonzero((_open_case(cases, person, when) < 0) & here)[:more]
    ledger.add(
        "walk_in", when[free], person=person[free], site=served[person[free]], summoned=False, has_case=False
    )
