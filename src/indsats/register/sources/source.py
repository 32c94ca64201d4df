"""What every reader of a weekly register gives: parts that can be read one by one, and their runs of equal codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import polars as pl

from indsats.problem import Problem


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of weeks with one code as four arrays of one length, sorted by person, then week.

    ``person`` (Int32) is a position in a list of persons; ``first`` and ``last`` (Int32) are weeks since
    1991-W32, both included; ``code`` (Int16) is ``BLANK`` for weeks without one.
    """

    person: np.ndarray
    first: np.ndarray
    last: np.ndarray
    code: np.ndarray


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a file that is read by itself. What ``start`` and ``count`` count is the source's own."""

    index: int
    start: int
    count: int


@dataclass(frozen=True, slots=True)
class Repair:
    """Something put right in the reading without being asked: what, how often, in which file."""

    what: str
    count: int
    file: str


@dataclass(frozen=True, slots=True)
class Encoded:
    """What one part holds: its persons, each once, the row each first stands in, and their runs.

    ``person`` is String without nulls, ``row`` Int64 with the heading as row 1; ``Runs.person`` is a position
    in ``person``. With ``problems`` the rest is not to be used. ``repairs`` are those of this part alone.
    """

    person: pl.Series
    row: np.ndarray
    runs: Runs
    problems: list[Problem]
    repairs: tuple[Repair, ...] = ()


class Source(Protocol):
    """A file that holds a weekly register.

    ``whole``: a person has one row that tells of every week from ``first_week`` to ``last_week``. Otherwise a
    person may come again in a later part, and weeks that nothing tells of are weeks without a code.
    """

    file: Path
    first_week: int
    last_week: int
    left_out: tuple[str, ...]
    repairs: tuple[Repair, ...]
    whole: bool

    def parts(self) -> Sequence[Part]:
        """The parts in the order of the file; none when it has no rows."""
        ...

    def read(self, part: Part) -> Encoded:
        """One part, read and checked. May be called in another process: sources can be pickled."""
        ...
