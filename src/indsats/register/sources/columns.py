"""Which columns of a wide file are weeks, and whether every week between the first and the last is there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from indsats.problem import InputRefused, Problem

from ..weeks import WeekError, column_of_week, week_of_column
from .source import Repair

_MISNAMED_WEEK = re.compile(r"^(y_\d.*|(y|u|uge|w|week)[ _.\-]?\d{3,4})$", re.IGNORECASE)
_BARE_NUMBER = re.compile(r"^[ _.\-]?(\d{3,4})$")
_RENAMED_TWIN = re.compile(r"_duplicated_\d+$")  # what Polars calls the second column of a name


@dataclass(frozen=True, slots=True)
class WeekColumns:
    """The week columns of a file in the order of time; the first is ``first_week``, and none is missing."""

    names: tuple[str, ...]
    first_week: int
    left_out: tuple[str, ...]
    repairs: tuple[Repair, ...]

    @property
    def last_week(self) -> int:
        """The week of the last column."""
        return self.first_week + len(self.names) - 1


def week_columns(file: str, names: list[str], person: str = "person") -> WeekColumns:
    """The week columns among ``names``, the columns of ``file``.

    Columns in another order than time are put in order, as a repair: files are often sorted by name, and
    ``y_0001`` comes before ``y_9132``. A number without ``y_`` is another column, unless it would be the week
    next to those there are, or there are none: then it is a week with a wrong name. Raises ``InputRefused``
    with every problem found: no column of persons, no week, a name that means no week, a column or a week
    that stands twice, a week that is missing.
    """
    problems: list[Problem] = []
    weeks: dict[str, int] = {}
    left_out: list[str] = []
    bare: dict[str, int] = {}
    for name in names:
        twin = _RENAMED_TWIN.sub("", name)
        if twin != name and twin in names:
            problems.append(Problem("the column stands twice", "Keep one of the two", file, field=twin))
        elif name == person:
            continue
        elif _MISNAMED_WEEK.match(name.strip()):
            try:
                weeks[name] = week_of_column(name.strip())
            except WeekError as fault:
                problems.append(Problem(fault.what, fault.remedy, file, field=name))
        else:
            left_out.append(name)
            if (number := _BARE_NUMBER.match(name.strip())) and (week := _week(number[1])) is not None:
                bare[name] = week
    known = weeks.values()
    for name, week in bare.items():
        if not weeks or week in (min(known) - 1, max(known) + 1):
            remedy = "Name week columns y_ and four digits, or rename the column if it is none"
            problems.append(Problem(f"'{name}' is not the name of a week column", remedy, file, field=name))
    if person not in names:
        remedy = f"Name the column with the person's identification '{person}'"
        problems.append(Problem(f"there is no column '{person}'", remedy, file))
    if not weeks and not problems:
        remedy = "Name week columns y_ and four digits, year and ISO week: y_1401 is week 1 of 2014"
        problems.append(Problem("there is no week column", remedy, file))
    ordered = sorted(weeks, key=lambda name: weeks[name])
    if not problems:
        problems = _gaps(file, ordered, weeks)
    if problems:
        raise InputRefused(problems)
    moved = sum(a != b for a, b in zip(weeks, ordered, strict=True))
    repairs = (Repair("week columns put in the order of time", moved, file),) if moved else ()
    return WeekColumns(tuple(ordered), weeks[ordered[0]], tuple(left_out), repairs)


def _week(digits: str) -> int | None:
    """The week that four digits would mean, if any."""
    try:
        return week_of_column(f"y_{digits}")
    except WeekError:
        return None


def _gaps(file: str, ordered: list[str], weeks: dict[str, int]) -> list[Problem]:
    problems = []
    for before, name in pairwise(ordered):
        week, following = weeks[before], weeks[name]
        if following == week:
            what, remedy = f"'{before}' and '{name}' are the same week", "Keep one of the two"
        elif following > week + 1:
            count = following - week - 1
            missing = column_of_week(week + 1), column_of_week(following - 1)
            span = f"{missing[0]} is" if count == 1 else f"{missing[0]} to {missing[1]} ({count} weeks) are"
            what = f"{span} missing before the column"
            remedy = (
                "Add the missing weeks; empty weeks need a column too, or they would pass for observed ones"
            )
        else:
            continue
        problems.append(Problem(what, remedy, file, field=name))
    return problems
