"""From a broken condition on a table to problems that say file, row, column, value and what to do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from indsats.problem import Problem
from indsats.programme import Programme

FILE, ROW = "_file", "_row"
"""Working columns that say where a row came from; null for facts that were already in the record."""

SEEN = "_seen"
"""Working column: the Danish day a fact was recorded, or today where the input does not say."""

_PERSON_NUMBER = re.compile(r"(?<!\d)(\d{6}[- ]?\d{4}|\d{9})(?!\d)")
_MASK = "••••••-••••"


@dataclass(frozen=True, slots=True)
class Check:
    """A condition no row may meet. ``what`` and ``remedy`` may be made from the value in ``told`` or ``shown``."""

    field: str | None
    broken: pl.Expr
    what: str | Callable[[Any], str]
    remedy: str | Callable[[Any], str]
    shown: str | None = None
    """The column whose value is shown; ``field`` itself when left out."""
    told: str | None = None
    """The column whose value ``what`` and ``remedy`` are made from; the one shown when left out."""


def masked(value: object) -> str:
    """A value as text with every person number hidden, also nine digits (a number that lost its zero)."""
    return _PERSON_NUMBER.sub(_MASK, str(value))


def nearest(value: str, known: Collection[str]) -> str | None:
    """The known name most like ``value``, or None when none is like it."""
    found = difflib.get_close_matches(value.lower(), [name.lower() for name in known], n=1, cutoff=0.6)
    return next((name for name in known if name.lower() == found[0]), None) if found else None


def choose(value: object, known: Collection[str], noun: str = "value") -> str:
    """A remedy: did you mean …?, and what there is to choose from."""
    like = nearest(str(value), known)
    hint = f"Did you mean '{like}'? " if like else ""
    if not known:
        return f"{hint}There is no {noun} to choose from; add it to the definition first."
    listed = list(known)
    rest = f" and {len(listed) - 15} more" if len(listed) > 15 else ""
    return f"{hint}Choose a known {noun}: {', '.join(listed[:15])}{rest}."


def current(programme: Programme) -> pl.Expr:
    """Whether a fact was recorded under this version of the programme; older ones are not judged by its terms."""
    return pl.col("programme_version") == programme.version


def listed(name: str, known: Collection[str], only: pl.Expr | None = None, noun: str = "value") -> Check:
    """The check that a field that is filled has one of the ``known`` values; ``only`` limits it to some rows."""
    broken = pl.col(name).is_not_null() & ~pl.col(name).is_in(list(known))
    return Check(
        name,
        broken if only is None else broken & only,
        f"the value is not one that '{name}' can take",
        lambda value: choose(value, known, noun),
    )


def run(frame: pl.DataFrame, checks: Sequence[Check]) -> list[Problem]:
    """Every row that meets a check's condition, as a problem; one pass over the table when all is well."""
    if frame.is_empty() or not checks:
        return []
    flags = frame.lazy().select(check.broken.any().alias(str(place)) for place, check in enumerate(checks))
    found = flags.collect().row(0)
    return [
        problem
        for check, hit in zip(checks, found, strict=True)
        if hit
        for problem in problems(frame.filter(check.broken), check)
    ]


def problems(broken: pl.DataFrame, check: Check) -> Iterable[Problem]:
    """A problem for each row of a table of broken rows."""
    shown = check.shown or check.field
    values = broken[shown] if shown in broken.columns else pl.Series([None] * broken.height)
    tellings = values if check.told is None else broken[check.told]
    said: dict[Any, tuple[str, str, str | None]] = {}  # one wrong code often stands on thousands of rows
    for file, row, value, telling in zip(broken[FILE], broken[ROW], values, tellings, strict=True):
        if (value, telling) not in said:
            said[value, telling] = (
                check.what if isinstance(check.what, str) else check.what(telling),
                check.remedy if isinstance(check.remedy, str) else check.remedy(telling),
                None if value is None else masked(value),
            )
        what, remedy, text = said[value, telling]
        yield Problem(what, remedy, file=file or "", row=row, field=check.field, value=text)


def in_order(found: Iterable[Problem]) -> list[Problem]:
    """Problems by file and row, and only the first at each place: the others mostly follow from it."""
    first: dict[tuple[str, int | None, str | None, str], Problem] = {}
    for problem in found:
        anywhere = problem.row is None or problem.field is None
        first.setdefault(
            (problem.file, problem.row, problem.field, problem.what if anywhere else ""), problem
        )
    return sorted(first.values(), key=lambda problem: (problem.file, problem.row or 0))
