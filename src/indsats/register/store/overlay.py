"""Persons that are told of more than once: their weeks from all files laid over one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..codes import BLANK
from ..sources.encode import runs_of_rows
from ..sources.source import Runs
from .wide import UNSEEN, painted

CELLS = 4_000_000
"""Weeks laid out at a time."""


@dataclass(frozen=True, slots=True)
class File:
    """What must be known of a file: its name, its weeks, and whether a person has one row in it."""

    name: str
    first_week: int
    last_week: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Meetings:
    """Persons for whom two files (positions, maybe the same one) tell of the same week, alike or not."""

    agreeing: Counter[tuple[int, int]]
    differing: Counter[tuple[int, int]]

    @classmethod
    def none(cls) -> Meetings:
        """Before any was found."""
        return cls(Counter(), Counter())


def overlaid(
    runs: Runs, file: np.ndarray, entry: np.ndarray, files: Sequence[File], meetings: Meetings
) -> Runs:
    """One line of runs for each person out of several entries.

    ``file`` is the position of each run's file and ``entry`` what tells a person's entries apart, rising in
    reading order. A file with ``whole`` false has no code in the weeks it leaves out. Where entries tell of the
    same week the earlier one stands, and the person is counted in ``meetings``. The weeks of some persons at a
    time are laid out, so that memory stays bounded.
    """
    start = min(source.first_week for source in files)
    weeks = max(source.last_week for source in files) - start + 1
    order = np.argsort(runs.person, kind="stable")
    person, first, last, code, file, entry = (
        array[order] for array in (runs.person, runs.first - start, runs.last - start, runs.code, file, entry)
    )
    everybody, place = np.unique(person, return_inverse=True)
    step = max(1, CELLS // weeks)
    made: list[Runs] = []
    for begin in range(0, len(everybody), step):
        some = slice(*np.searchsorted(place, [begin, begin + step]))
        shape = min(step, len(everybody) - begin), weeks
        sheet = _Sheet(shape, meetings)
        at = [place[some] - begin, first[some], last[some], code[some], entry[some]]
        for position in np.unique(file[some]).tolist():
            here = file[some] == position
            sheet.lay(
                _layer([array[here] for array in at], shape, start, position, files, meetings), position
            )
        found = runs_of_rows(sheet.weeks, start, left_out=UNSEEN)
        made.append(Runs(everybody[begin + found.person], found.first, found.last, found.code))
    return Runs(*(np.concatenate([getattr(found, name) for found in made]) for name in Runs.__slots__))


def _layer(
    runs: Sequence[np.ndarray],
    shape: tuple[int, int],
    start: int,
    position: int,
    files: Sequence[File],
    meetings: Meetings,
) -> np.ndarray:
    """What one file tells: persons × weeks."""
    *painting, entry = runs
    source = files[position]
    if source.whole:
        return painted(*painting, shape=shape)
    turn = _turns(painting[0], entry)
    alone = _Sheet(shape, meetings)
    for which in range(int(turn.max()) + 1):
        alone.lay(painted(*(array[turn == which] for array in painting), shape=shape), position)
    weeks = alone.weeks[np.unique(painting[0]), source.first_week - start : source.last_week - start + 1]
    weeks[weeks == UNSEEN] = BLANK
    alone.weeks[np.unique(painting[0]), source.first_week - start : source.last_week - start + 1] = weeks
    return alone.weeks


def _turns(person: np.ndarray, entry: np.ndarray) -> np.ndarray:
    """For each run which of its person's entries it is from, counted from 0; both are sorted."""
    count = np.cumsum(np.diff(entry, prepend=-1) != 0)
    begins = np.flatnonzero(np.diff(person, prepend=-1))
    return count - np.repeat(count[begins], np.diff(np.append(begins, len(person))))


class _Sheet:
    """Weeks of some persons, and which file told of each first."""

    def __init__(self, shape: tuple[int, int], meetings: Meetings) -> None:
        self.weeks = np.full(shape, UNSEEN, dtype=np.int16)
        self._teller = np.zeros(shape, dtype=np.int16)
        self._meetings = meetings

    def lay(self, layer: np.ndarray, file: int) -> None:
        """Lays what a file tells below what is there, and counts the persons for whom they meet."""
        told = layer != UNSEEN
        both = told & (self.weeks != UNSEEN)
        if both.any():
            differs = both & (self.weeks != layer)
            for other in np.unique(self._teller[both]).tolist():
                met = (both & (self._teller == other)).any(axis=1)
                apart = (differs & (self._teller == other)).any(axis=1)
                self._meetings.agreeing[other, file] += int((met & ~apart).sum())
                self._meetings.differing[other, file] += int(apart.sum())
        new = told & ~both
        self.weeks[new] = layer[new]
        self._teller[new] = file
