"""Lists of what is wrong with a file: as long as somebody reads, and without what may tell of a person."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import polars as pl

from indsats.problem import InputRefused, Problem

SHOWN = 10
"""Problems listed of one sort before the rest is only counted."""

MOST = 1_000
"""Problems collected before looking stops: a wrong file has millions of them."""


def each_row(
    what: str, remedy: str, file: str, rows: Iterable[int], field: str | None = None
) -> list[Problem]:
    """The problem in each of ``rows``, as long as there are not too many."""
    return [Problem(what, remedy, file, row=int(row), field=field) for row in islice(rows, MOST)]


def harmless(value: str) -> str:
    """The value if it can tell of nobody, else its length.

    A value in the wrong column may be a name or the beginning of a person number, which is a birth date.
    """
    letters, digits = any(map(str.isalpha, value)), sum(map(str.isdigit, value))
    if len(value) <= 6 and digits <= 4 and not letters:
        return value
    return f"{len(value)} character{'s' if len(value) > 1 else ''}"


def refuse_repeated(persons: pl.DataFrame) -> None:
    """Raises ``InputRefused`` when a table of ``person`` has one of them twice."""
    repeated = persons.height - persons["person"].n_unique()
    if repeated:
        what = f"{repeated} rows repeat a person"
        raise InputRefused([Problem(what, "Keep one row for each person", "persons", field="person")])


def shorten(problems: list[Problem]) -> list[Problem]:
    """The first problems of each sort, which is those of one remedy, and how many more were found."""
    kept: list[Problem] = []
    counts: dict[str, int] = {}
    for problem in problems:
        counts[problem.remedy] = counts.get(problem.remedy, 0) + 1
        if counts[problem.remedy] <= SHOWN:
            kept.append(problem)
    for remedy, count in counts.items():
        if count > SHOWN:
            alike = next(problem for problem in problems if problem.remedy == remedy)
            more = f"at least {count - SHOWN} more problems are of this kind"  # looking stops at ``MOST``
            kept.append(Problem(more, remedy, alike.file))
    return kept
