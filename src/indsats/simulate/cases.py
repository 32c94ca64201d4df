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
from .states import CONCEPT, CORE, PARENT, SICK
from .streams import stream

FEWEST_WEEKS = 3
MOVED_AWAY_SHARE = 0.03
"""Share of enrolments that end because the person moves while still on the benefit."""

NOT_ELIGIBLE_SHARE = 0.005
"""Share of those outside the target group who are enrolled all the same."""

LONGEST_COURSE = 78 * 7


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


def open_cases(
    programme: Programme,
    profile: Profile,
    people: People,
    places: Places,
    history: History,
    served: np.ndarray,
    boost: Boost,
    seed: int,
) -> Cases:
    """Every enrolment of the fact period: main cases from weeks on the benefit, then courses within them."""
    main = _main_cases(programme, profile, people, history, served, seed)
    courses = _courses(profile, places, main, boost, seed) if profile.courses else []
    every = [main, *courses]
    joined = Cases(*(np.concatenate([getattr(c, n) for c in every]) for n in Cases.__dataclass_fields__))
    joined = joined.take(np.lexsort((joined.service, joined.person, joined.start)))
    services = (profile.main_service, *profile.courses)
    frame = pl.DataFrame(
        {
            "case_opened": np.ones(len(joined), dtype=bool),
            "occurred_from": pl.Series(joined.start.astype(np.int32)).cast(pl.Date),
            "occurred_to": pl.Series([None] * len(joined), dtype=pl.Date),
            "site": places.ids[joined.site],
            "unit": np.array(places.units)[places.unit[joined.site]],
            "service": np.array(services)[joined.service],
        }
    )
    return joined.take(accepted(programme, "enrolled", frame))


def accepted(programme: Programme, kind: str, frame: pl.DataFrame) -> np.ndarray:
    """Which rows every entry rule about ``kind`` holds for (unknown is not accepted), as a mask."""
    rows = frame.with_row_index("row_of_facts")
    for rule in programme.entry_rules.values():
        if rule.kind == kind:
            rows = keep(rows, parse_rule(rule.must, rule_fields(programme, kind)))
    mask = np.zeros(frame.height, dtype=bool)
    mask[rows["row_of_facts"].to_numpy()] = True
    return mask


def _main_cases(
    programme: Programme, profile: Profile, people: People, history: History, served: np.ndarray, seed: int
) -> Cases:
    rng = stream(seed, "cases")
    offset = max((day(profile.first_day) - int(monday_of(profile.register_first))) // 7, 0)
    state = history.state[:, offset:]
    columns = state.shape[1]
    stretches = runs_of((state == CORE) | (state == SICK) | (state == PARENT))
    row, first, last = stretches.row, _first_core(state, stretches), stretches.last
    long_enough = last - first + 1 >= FEWEST_WEEKS
    eligible = _eligible(programme, profile, people)[row] | (rng.random(len(row)) < NOT_ELIGIBLE_SHARE)
    kept = long_enough & eligible
    row, first, last = row[kept], first[kept], last[kept]
    ended = last < columns - 1
    after = state[row, np.minimum(last + 1, columns - 1)]
    concept = np.where(ended, np.array(CONCEPT, dtype=object)[after], "")
    leaves = (rng.random(len(row)) < MOVED_AWAY_SHARE) & (last - first > 20)
    last = np.where(leaves, first + 10 + (rng.random(len(row)) * (last - first - 10)).astype(np.int64), last)
    concept, ended = np.where(leaves, "moved", concept), ended | leaves
    running = (first == 0) & (offset > 0)  # those already on the benefit are called in first
    begins = np.maximum(monday_of(first + offset + profile.register_first), day(profile.first_day))
    start = begins + np.where(running, rng.integers(0, 14, len(row)), rng.integers(0, 5, len(row)))
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


def _first_core(state: np.ndarray, stretches: Runs) -> np.ndarray:
    """The first column of each stretch on the core benefit; past its end when there is none."""
    columns = state.shape[1]
    following = np.full((state.shape[0], columns + 1), columns + FEWEST_WEEKS, dtype=np.int32)
    following[:, :-1] = np.where(state == CORE, np.arange(columns, dtype=np.int32), columns + FEWEST_WEEKS)
    following = np.minimum.accumulate(following[:, ::-1], axis=1)[:, ::-1]
    return following[stretches.row, stretches.first].astype(np.int64)


def _eligible(programme: Programme, profile: Profile, people: People) -> np.ndarray:
    """Who belongs to the main service's target group on the first day."""
    group = programme.services[profile.main_service].group
    rule_text = None if group is None else programme.groups[group].when
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
            service=1 + rng.integers(0, len(profile.courses), n),
            site=chosen.site,
            start=start,
            exit=np.where(finished, over, chosen.exit),
            last=np.where(finished, over - 1, chosen.last),
            concept=np.where(finished, "completed", chosen.concept),
            main=np.zeros(n, dtype=bool),
        )
    ]
