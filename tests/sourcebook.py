"""What tests of the readers of weekly registers share: small files in every layout, and what was read from them."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from indsats.problem import InputRefused
from indsats.register import BLANK, column_of_week
from indsats.register.sources import Source, open_source

Told = tuple[str, int, int, int]
"""Person, first week, last week, code (``BLANK`` for none)."""


def told(source: Source) -> list[Told]:
    """The runs of all parts, each read by a copy as another process has it; nothing may be wrong with them."""
    there = pickle.loads(pickle.dumps(source))  # noqa: S301
    runs: list[Told] = []
    for part in there.parts():
        found = there.read(part)
        assert found.problems == []
        assert len(found.person) == len(found.row) == found.person.n_unique()
        assert [getattr(found.runs, name).dtype for name in ("person", "first", "last", "code")] == [
            np.int32,
            np.int32,
            np.int32,
            np.int16,
        ]
        names = found.person.gather(found.runs.person).to_list()
        numbers = (getattr(found.runs, name).tolist() for name in ("first", "last", "code"))
        runs += zip(names, *numbers, strict=True)
    return runs


def read(path: Path, **layout: Any) -> list[Told]:
    """What the file tells."""
    return told(open_source(path, **layout))


def refusal(path: Path, **layout: Any) -> str:
    """What is wrong with the file, at its opening or in its parts; a part with a problem holds nothing else."""
    try:
        source = open_source(path, **layout)
    except InputRefused as refused:
        problems = list(refused.problems)
    else:
        problems = []
        for part in source.parts():
            found = source.read(part)
            problems += found.problems
            assert not found.problems or (len(found.person), len(found.runs.code)) == (0, 0)
    assert problems
    assert all(problem.remedy for problem in problems)
    return "\n".join(map(str, problems))


def lines(path: Path, *rows: str, encoding: str = "utf-8") -> Path:
    """A text file of these lines."""
    path.write_bytes(("\n".join(rows) + "\n").encode(encoding))
    return path


def wide_frame(persons: list[str], matrix: np.ndarray, first_week: int) -> pl.DataFrame:
    """The wide register of a matrix persons × weeks."""
    weeks = {
        column_of_week(first_week + week): pl.Series(matrix[:, week], dtype=pl.Int16).replace(BLANK, None)
        for week in range(matrix.shape[1])
    }
    return pl.DataFrame({"person": pl.Series(persons, dtype=pl.String), **weeks})


def with_blanks(runs: list[Told], first_week: int, last_week: int) -> list[Told]:
    """Runs of whole weeks: weeks that nothing tells of filled with blanks, neighbours of one code joined."""
    weeks: dict[str, list[int]] = {}
    for person, first, last, code in runs:
        course = weeks.setdefault(person, [BLANK] * (last_week - first_week + 1))
        course[first - first_week : last + 1 - first_week] = [code] * (last - first + 1)
    joined: list[Told] = []
    for person, course in sorted(weeks.items()):
        for week, code in enumerate(course, start=first_week):
            if joined and joined[-1][0] == person and joined[-1][3] == code:
                joined[-1] = (*joined[-1][:2], week, code)
            else:
                joined.append((person, week, week, code))
    return joined
