"""What the makers of facts share: the programme, its people and histories, and the ledger they write in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from indsats.programme import Duration, Programme, Questionnaire, happenings

from .calendar import after_each, day, monday_of
from .history import History
from .ledger import Ledger
from .people import People
from .places import Places
from .profile import Profile
from .states import CORE, JOB_READY, NONE
from .streams import stream

_LONGEST_WAIT = 8
"""Weeks within which somebody on sick leave can still begin the activity that was found."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Who was to answer a round of a questionnaire: an entry each, an enrolment or the name of a respondent.

    ``rater`` is set where each rater answers. An answer after the day in ``closes`` is late.
    """

    questionnaire: str
    wave: str
    who: np.ndarray
    closes: np.ndarray
    rater: str | None = None


@dataclass
class World:
    """Everything a maker of facts may look at; it writes to ``ledger`` and ``activity`` only.

    ``activity`` is the register's activity by person and week, to which the flow of a programme adds
    placements; ``claimed`` marks the weeks that have a fact of their own already. ``chosen`` has by setting
    each site's own value, NaN where the programme's holds. ``reasons`` are the exit reasons a phase asked for.
    """

    programme: Programme
    profile: Profile
    people: People
    places: Places
    history: History
    ledger: Ledger
    seed: int
    chosen: dict[str, np.ndarray] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    remembered: list[tuple[Any, list[pl.DataFrame | None], np.ndarray, Any]] = field(default_factory=list)
    """Runs of phases as last read off the facts, with the tables and exits they were read off."""
    expected: list[Expected] = field(default_factory=list)
    """What rounds of questionnaires were made, for the truth."""

    def __post_init__(self) -> None:
        asked = [one for path, one in happenings(self.programme) if path[0] != "indicators"]
        self.flow = list({(one.kind, one.rule): one for one in asked}.values())
        """What phases, cadences and requirements look for."""
        self.activity = self.history.activity.copy()
        self.claimed = np.zeros(self.activity.shape, dtype=bool)

    def stream(self, name: str) -> np.random.Generator:
        """Random numbers for one maker, independent of all others."""
        return stream(self.seed, name)

    def week(self, days: np.ndarray | int) -> np.ndarray:
        """The register column a day falls in."""
        return (np.asarray(days) - int(monday_of(self.profile.register_first))) // 7

    @property
    def last_day(self) -> int:
        """The last day of the data."""
        return day(self.profile.last_day)

    def behaviour(self, name: str, enrolment: np.ndarray) -> np.ndarray:
        """One of the planted chances, for the unit of each enrolment."""
        values = np.array([getattr(self.profile.behaviour[unit], name) for unit in self.places.units])
        return values[self.ledger.unit(enrolment)]

    def later(self, days: np.ndarray, duration: Duration, site: np.ndarray) -> np.ndarray:
        """Each day moved by a duration; where it names a setting, by the value its site has chosen."""
        whole = self.programme.length(duration)
        months, more = np.full(len(days), whole.months), np.full(len(days), whole.days)
        if duration.setting is not None and duration.setting in self.chosen:
            own = self.chosen[duration.setting]
            for index in np.flatnonzero(~np.isnan(own)):
                length = self.programme.length(duration, float(own[index]))
                here = site == index
                months, more = np.where(here, length.months, months), np.where(here, length.days, more)
        return after_each(days, months, more)

    def usual_days(self, duration: Duration) -> int:
        """About how many days a duration is, by the programme's own settings."""
        whole = self.programme.length(duration)
        return round(whole.months * 30.4) + whole.days

    def followed_up(self, questionnaire: Questionnaire) -> bool:
        """Whether somebody waits for late answers to a round: there are reminders, or days of grace."""
        grace = self.programme.length(questionnaire.window.late)
        return bool(questionnaire.reminders or grace.months or grace.days)

    def quietly(self, kind: str, days: np.ndarray, **said: Any) -> pl.DataFrame:
        """Facts as ``Ledger.add`` makes them, without those that something in the flow of the programme would count.

        What only fills a case out must not begin a phase, meet a requirement or wind a cadence's clock.
        """
        frame = self.ledger.add(kind, days, **said)
        listened = [one for one in self.flow if one.kind == kind]
        if not listened or frame.is_empty():
            return frame
        kept = frame.filter(pl.Series(~self.ledger.satisfies(frame, listened)))
        self.ledger.frames[kind][-1] = kept
        return kept

    def cut(self, enrolment: np.ndarray, days: np.ndarray, concept: str) -> None:
        """Ends cases on earlier days than the register did, where the day lies inside the case."""
        cases = self.ledger.cases
        inside = (days > cases.start[enrolment]) & (days <= np.minimum(cases.last[enrolment], self.last_day))
        rows, when = enrolment[inside], days[inside]
        cases.exit[rows], cases.last[rows], cases.concept[rows] = when, when - 1, concept

    def place(
        self, enrolment: np.ndarray, days: np.ndarray, weeks: np.ndarray, kind: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Writes activities of a ``kind`` and so many ``weeks`` into the register, from the week of each day.

        They begin on the day, or on the Monday of the first later week that is spent on the benefit without
        another activity of the flow. Returns first day (-1: not possible within the case) and last day (-1:
        still running when the data end).
        """
        cases, columns = self.ledger.cases, self.activity.shape[1]
        begins, ends = np.full(len(days), -1), np.full(len(days), -1)
        person, wanted, last = cases.person[enrolment], self.week(days), self.week(cases.last[enrolment])
        for index in range(len(days)):
            row, first = int(person[index]), int(wanted[index])
            stop = min(int(last[index]) + 1, first + _LONGEST_WAIT, columns)
            state, taken = self.history.state[row], self.claimed[row]
            free = [week for week in range(max(first, 0), stop)
                    if state[week] in (CORE, JOB_READY) and not taken[week]]  # fmt: skip
            if not free:
                continue
            start = free[0]
            end = start
            while (
                end + 1 < columns
                and end - start + 1 < weeks[index]
                and state[end + 1] in (CORE, JOB_READY)
                and not taken[end + 1]
            ):
                end += 1
            self._write(row, start, end, int(kind[index]))
            monday = int(monday_of(start + self.profile.register_first))
            begins[index] = max(int(days[index]), monday)
            if end < columns - 1:
                ends[index] = int(monday_of(end + self.profile.register_first)) + 4
        too_late = begins > cases.last[enrolment]
        return np.where(too_late, -1, begins), np.maximum(ends, np.where(ends >= 0, begins, -1))

    def _write(self, row: int, start: int, end: int, kind: int) -> None:
        self.activity[row, start : end + 1] = kind
        self.claimed[row, start : end + 1] = True
        # An activity of the same kind just before or after would be read as one with this.
        for beside in (start - 1, end + 1):
            if 0 <= beside < self.activity.shape[1] and not self.claimed[row, beside]:
                self.activity[row, beside] = NONE
