"""Enrolments, read off the weekly histories: when a case opens, where, in what service, and why it ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from indsats.programme import Programme, keep, parse_rule, rule_fields

from .calendar import as_date, day, monday_of
from .history import Boost, History
from .people import People
from .places import Places
from .profile import Profile
from .satisfying import ways
from .states import CONCEPT, CORE, FLEX, JOB, PARENT, SICK
from .streams import stream

FEWEST_WEEKS = 3
MOVED_AWAY_SHARE = 0.03
"""Share of enrolments that end because the person moves while still on the benefit."""

LONGEST_COURSE = 78 * 7
_ON_THE_BENEFIT = (CORE, SICK, PARENT)
_WORK = {"ordinary": JOB, "flex": FLEX}
"""Types of hours that are weeks of their own in the register, and the state those weeks are in."""

_MEANT = {"job": JOB, "flex": FLEX}
"""The same for what the outcome of an event can mean."""

_FOLLOWED_WEEKS = (13, 60)
"""Fewest and most weeks of work after which a case that follows people into work is closed."""


@dataclass(frozen=True, slots=True)
class Cases:
    """Enrolments in order of their beginning; one entry each, in day numbers and indices.

    ``exit`` is -1 for open enrolments, ``last`` the last day a fact may belong to the enrolment, ``concept``
    why it ended ("" while open), ``main`` whether it is a case in the main service (else a course).
    """

    person: np.ndarray
    service: np.ndarray
    site: np.ndarray
    start: np.ndarray
    exit: np.ndarray
    last: np.ndarray
    concept: np.ndarray
    main: np.ndarray

    def take(self, rows: np.ndarray) -> Cases:
        """The enrolments at ``rows`` (indices or mask)."""
        return Cases(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True, slots=True)
class Runs:
    """Unbroken stretches in a matrix persons x columns: row, first and last column of each."""

    row: np.ndarray
    first: np.ndarray
    last: np.ndarray


def runs_of(inside: np.ndarray) -> Runs:
    """The stretches of True in each row."""
    edges = np.zeros((inside.shape[0], inside.shape[1] + 2), dtype=np.int8)
    edges[:, 1:-1] = inside
    change = np.diff(edges, axis=1)
    row, first = np.nonzero(change == 1)
    _, last = np.nonzero(change == -1)
    return Runs(row, first, last - 1)


def candidates(
    programme: Programme,
    profile: Profile,
    people: People,
    places: Places,
    history: History,
    served: np.ndarray,
    seed: int,
) -> Cases:
    """The cases there would be if nobody were left out: spells on the benefit from the profile's first day.

    Units that only serve as comparison have none where the profile says that they record nothing.
    """
    found = _spells(programme, profile, people, history, served, seed)
    return found if profile.comparison_enrolled else found.take(places.treated[found.site])


def open_cases(
    programme: Programme, profile: Profile, places: Places, main: Cases, boost: Boost, seed: int
) -> Cases:
    """Every enrolment of the fact period: ``main`` cases and the courses within them, in order of beginning."""
    courses = _courses(profile, places, main, boost, seed) if profile.courses else []
    beside = _beside(profile, places, main, seed) if profile.beside else []
    every = [main, *courses, *beside]
    joined = Cases(*(np.concatenate([getattr(c, n) for c in every]) for n in Cases.__dataclass_fields__))
    joined = joined.take(np.lexsort((joined.service, joined.person, joined.start)))
    frame = pl.DataFrame(
        {
            "case_opened": np.ones(len(joined), dtype=bool),
            "occurred_from": pl.Series(joined.start.astype(np.int32)).cast(pl.Date),
            "occurred_to": pl.Series([None] * len(joined), dtype=pl.Date),
            "site": pl.Series(places.names_of(joined.site), dtype=pl.String),
            "unit": pl.Series(places.units_of(joined.site), dtype=pl.String),
            "service": pl.Series(np.array(profile.services)[joined.service], dtype=pl.String),
        }
    )
    return joined.take(accepted(programme, "enrolled", frame))


def followed_work(programme: Programme) -> frozenset[int]:
    """The states of work a case stays open in, because a phase begins with such hours or such an event.

    Empty where the case ends when the person leaves the benefit.
    """
    found: set[int] = set()
    on = programme.first_day or as_date(16_000)
    for phase in programme.phases.values():
        for happening in phase.starts:
            if happening.kind == "hours":
                possible = ways(programme, "hours", happening.rule, on)
                types = set(possible["type"]) if "type" in possible.columns else set(_WORK)
                found |= {state for type_, state in _WORK.items() if type_ in types}
            elif happening.kind == "event":
                possible = ways(programme, "event", happening.rule, on)
                named = set(possible["event"]) if "event" in possible.columns else set()
                meant = {
                    code.means
                    for key in named & set(programme.events)
                    for value, code in programme.events[key].values.items()
                    if "value" not in possible.columns or value in set(possible["value"])
                }
                found |= {state for concept, state in _MEANT.items() if concept in meant}
    return frozenset(found)


def open_case(cases: Cases, person: np.ndarray, days: np.ndarray) -> np.ndarray:
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


def accepted(programme: Programme, kind: str, frame: pl.DataFrame) -> np.ndarray:
    """Which rows every entry rule about ``kind`` holds for (unknown is not accepted), as a mask."""
    rows = frame.with_row_index("row_of_facts")
    for rule in programme.entry_rules.values():
        if rule.kind == kind:
            rows = keep(rows, parse_rule(rule.must, rule_fields(programme, kind)))
    mask = np.zeros(frame.height, dtype=bool)
    mask[rows["row_of_facts"].to_numpy()] = True
    return mask


def _spells(
    programme: Programme, profile: Profile, people: People, history: History, served: np.ndarray, seed: int
) -> Cases:
    rng = stream(seed, "cases")
    offset = max((day(profile.first_day) - int(monday_of(profile.register_first))) // 7, 0)
    state = history.state[:, offset:]
    columns = state.shape[1]
    inside = np.isin(state, _ON_THE_BENEFIT)
    work = followed_work(programme)
    if work:
        at_work = np.isin(state, sorted(work))
        most = stream(seed, "followed into work").integers(*_FOLLOWED_WEEKS, len(state))
        inside |= at_work & (_weeks_so_far(at_work) <= most[:, None])
    stretches = runs_of(inside)
    row, first, last = stretches.row, _first_core(state, stretches), stretches.last
    long_enough = last - first + 1 >= FEWEST_WEEKS
    inside_group = eligible(programme, profile, people, programme.services[profile.main_service].group)
    taken_in = inside_group[row] | (rng.random(len(row)) < profile.not_eligible_share)
    kept = long_enough & taken_in
    row, first, last = row[kept], first[kept], last[kept]
    ended = last < columns - 1
    after = state[row, np.minimum(last + 1, columns - 1)]
    concept = np.where(ended, np.array(CONCEPT, dtype=object)[after], "")
    leaves = (rng.random(len(row)) < MOVED_AWAY_SHARE) & (last - first > 20)
    last = np.where(leaves, first + 10 + (rng.random(len(row)) * (last - first - 10)).astype(np.int64), last)
    concept, ended = np.where(leaves, "moved", concept), ended | leaves
    running = (first == 0) & (offset > 0)  # those already on the benefit are called in first
    begins = np.maximum(monday_of(first + offset + profile.register_first), day(profile.first_day))
    start = begins + np.where(
        running, rng.integers(0, profile.intake_days, len(row)), rng.integers(0, 5, len(row))
    )
    exit_ = monday_of(last + 1 + offset + profile.register_first) + rng.integers(0, 5, len(row))
    ended &= exit_ <= day(profile.last_day)
    return Cases(
        person=row,
        service=np.zeros(len(row), dtype=np.int64),
        site=served[row],
        start=start,
        exit=np.where(ended, exit_, -1),
        last=np.where(ended, exit_ - 1, day(profile.last_day)),
        concept=np.where(ended, concept, ""),
        main=np.ones(len(row), dtype=bool),
    ).take(start < np.where(ended, exit_, day(profile.last_day)))


def _weeks_so_far(inside: np.ndarray) -> np.ndarray:
    """How many weeks in a row, up to and with each column, have been inside."""
    at = np.arange(inside.shape[1], dtype=np.int32)
    outside = np.where(inside, np.int32(-1), at)
    return at - np.maximum.accumulate(outside, axis=1)


def _first_core(state: np.ndarray, stretches: Runs) -> np.ndarray:
    """The first column of each stretch on the core benefit; past its end when there is none."""
    columns = state.shape[1]
    following = np.full((state.shape[0], columns + 1), columns + FEWEST_WEEKS, dtype=np.int32)
    following[:, :-1] = np.where(state == CORE, np.arange(columns, dtype=np.int32), columns + FEWEST_WEEKS)
    following = np.minimum.accumulate(following[:, ::-1], axis=1)[:, ::-1]
    return following[stretches.row, stretches.first].astype(np.int64)


def eligible(programme: Programme, profile: Profile, people: People, group: str | None) -> np.ndarray:
    """By person, who belongs to a target group on the first day; everybody where no rule tells."""
    rule_text = None if group is None or group not in programme.groups else programme.groups[group].when
    return who(programme, profile, people, rule_text)


def who(programme: Programme, profile: Profile, people: People, rule_text: str | None) -> np.ndarray:
    """By person, whom a rule over persons holds for on the first day; everybody without a rule."""
    if rule_text is None:
        return np.ones(len(people.birth), dtype=bool)
    rule = parse_rule(rule_text, rule_fields(programme, "person"))
    table = people.table(np.full(len(people.birth), "")).with_row_index("row_of_people")
    table = table.with_columns(age=pl.Series(np.floor(people.age(day(profile.first_day)))))
    rows = keep(table, rule, as_date(day(profile.first_day)))["row_of_people"].to_numpy()
    mask = np.zeros(len(people.birth), dtype=bool)
    mask[rows] = True
    return mask


def _courses(profile: Profile, places: Places, main: Cases, boost: Boost, seed: int) -> list[Cases]:
    """One course enrolment for each case that is open when the person's course begins, courses by turns."""
    rng = stream(seed, "courses")
    start_week = boost.course_start[main.person]
    start = monday_of(start_week + profile.register_first) + 1
    inside = (start >= main.start + 7) & (start + 14 <= main.last) & places.treated[main.site]
    chosen = main.take(inside)
    start = start[inside]
    n = len(chosen)
    over = start + LONGEST_COURSE
    finished = over <= chosen.last
    return [
        Cases(
            person=chosen.person,
            service=1 + len(profile.tracks) + rng.integers(0, len(profile.courses), n),
            site=chosen.site,
            start=start,
            exit=np.where(finished, over, chosen.exit),
            last=np.where(finished, over - 1, chosen.last),
            concept=np.where(finished, "completed", chosen.concept),
            main=np.zeros(n, dtype=bool),
        )
    ]


def _beside(profile: Profile, places: Places, main: Cases, seed: int) -> list[Cases]:
    """One enrolment in a service beside the case for some of the cases in the effort, some months long."""
    rng = stream(seed, "beside")
    n = len(main)
    start = main.start + rng.integers(20, 240, n)
    length = np.floor(rng.lognormal(4.9, 0.5, n)).astype(np.int64) + 14
    inside = (start + 14 <= main.last) & places.treated[main.site] & (rng.random(n) < profile.beside_share)
    chosen, start, over = main.take(inside), start[inside], (start + length)[inside]
    finished = over <= chosen.last
    before = len(profile.services) - len(profile.beside)
    return [
        Cases(
            person=chosen.person,
            service=before + rng.integers(0, len(profile.beside), len(chosen)),
            site=chosen.site,
            start=start,
            exit=np.where(finished, over, chosen.exit),
            last=np.where(finished, over - 1, chosen.last),
            concept=np.where(finished, "completed", chosen.concept),
            main=np.zeros(len(chosen), dtype=bool),
        )
    ]
