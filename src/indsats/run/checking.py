"""A definition held against a data folder: windows the facts or the register are too short for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from indsats.problem import Problem
from indsats.programme import Evaluation, Finding, Programme, Reading, placed
from indsats.programme.evaluation import Outcome
from indsats.progress import Progress
from indsats.record import read_record
from indsats.register import has_register, read_register
from indsats.register.weeks import monday, week_number
from indsats.steer import data_findings

_WEEKS_IN_MONTH = 52 / 12


def check_data(reading: Reading, data: Path, progress: Progress | None = None) -> list[Problem]:
    """What the data in a folder cannot show of a definition that has been read, with file and line; all warnings.

    Of the facts what ``data_findings`` tells, of the register (where there is one) evaluations whose index weeks,
    history or outcomes lie outside it. Raises InputRefused for a definition with errors and for data that cannot be
    read.
    """
    if reading.programme is None:
        raise ValueError("a definition the schema does not accept cannot be held against data")
    found = data_findings(read_record(data, reading.programme, progress).as_of())
    if has_register(data):
        register = read_register(data, progress)
        found += register_findings(reading.programme, register.first_week, register.last_week)
    return placed(reading, found)


def register_findings(programme: Programme, first_week: int, last_week: int) -> Iterator[Finding]:
    """Evaluations on registers that ask for weeks outside those there are (numbered from 1991-W32)."""
    for name, evaluation in programme.evaluations.items():
        if evaluation.index is not None:
            yield from _of_evaluation(("evaluations", name), evaluation, first_week, last_week)


def _of_evaluation(
    path: tuple[str, str], evaluation: Evaluation, first_week: int, last_week: int
) -> Iterator[Finding]:
    there = f"the register reaches from {monday(first_week)} to {_sunday(last_week)}"
    window = evaluation.index.window if evaluation.index is not None else None
    first, last = first_week, last_week
    if window is not None:
        first, last = max(week_number(window.first), first_week), min(week_number(window.last), last_week)
        if first > last:
            what = f"nobody can begin between {window.first} and {window.last}: {there}"
            yield _finding((*path, "index", "window"), what)
            return
    for number, outcome in enumerate(evaluation.outcomes):
        weeks = weeks_followed(outcome)
        if first + weeks > last_week:
            what = (
                f"'{outcome.id}' asks for {weeks} weeks after index, and nobody is followed so long: {there}"
            )
            yield _finding((*path, "outcomes", number), what)
    for number, made in enumerate(evaluation.history):
        if last - made.weeks < first_week:
            what = (
                f"'{made.id}' asks for {made.weeks} weeks before index, and nobody is known so long: {there}"
            )
            yield _finding((*path, "history", number), what)


def weeks_followed(outcome: Outcome) -> int:
    """Weeks after index an outcome is read in; calendar months as the least weeks they can be, 0 for a column."""
    for name in ("within_weeks", "to_week", "week"):
        weeks = getattr(outcome, name, None)
        if isinstance(weeks, int):
            return weeks
    months = getattr(outcome, "to_month", None) or getattr(outcome, "within_months", None) or 0
    return int(months * _WEEKS_IN_MONTH)


def _sunday(week: int) -> date:
    return date.fromordinal(monday(week).toordinal() + 6)


def _finding(path: tuple[object, ...], what: str) -> Finding:
    return Finding(path, what, "Shorten it, or wait for more weeks of the register.", "warning")


__all__ = ["check_data", "register_findings", "weeks_followed"]
