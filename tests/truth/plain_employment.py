"""Who finds work within 52 weeks, walked through week by week with lists and loops.

Written from the words of docs/methods/employment-definition.md, not from the preset's file or the engine: it knows no
table library and none of the package's code.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

NOT_RESIDENT, STATE_PENSION, DEAD = 997, 998, 999
STUDENT_GRANT = {651, 652}
NO_BENEFIT = {None, 0, 100}
"""A blank week, and what some extracts write instead."""

IN_A_ROW = 4
HORIZON = 52
BEFORE = 26


@dataclass(frozen=True)
class Wait:
    """How the wait for one exit went; ``reached_in_time`` is None when not all 52 weeks were observed."""

    reached_in_time: bool | None
    weeks: int
    event: bool
    ended: str


@dataclass(frozen=True)
class Followed:
    """What is known of one person. Histories are None when the data do not reach back."""

    index_week: str
    benefit_before: int | None
    employed_before: int | None
    employment: Wait
    education: Wait
    employed_after: int | None


@dataclass(frozen=True)
class Life:
    """One person's weeks: the Monday and the code (None for a blank) of each, and the months with hours."""

    mondays: list[date]
    codes: list[int | None]
    paid_months: set[tuple[int, int]]


def column_monday(name: str) -> date:
    """The Monday of a column ``y_YYWW`` whose leading zeros may be lost."""
    digits = name.removeprefix("y_")
    while len(digits) < 4:
        digits = "0" + digits
    short = int(digits[:2])
    return date.fromisocalendar(1900 + short if short >= 90 else 2000 + short, int(digits[2:]), 1)


def week_name(monday: date) -> str:
    """A week as ``1999-W10``."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}"


def read_lives(dream: Path, hours: Path) -> dict[str, Life]:
    """Every person of a wide file, in the order of the weeks whatever the order of the columns."""
    paid: dict[str, set[tuple[int, int]]] = {}
    with hours.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if float(row["hours"]) > 0:
                year, month, _ = row["month"].split("-")
                paid.setdefault(row["person"], set()).add((int(year), int(month)))
    lives: dict[str, Life] = {}
    with dream.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            weeks = sorted(
                (column_monday(name), int(value) if value else None)
                for name, value in row.items()
                if name != "person"
            )
            lives[row["person"]] = Life(
                [monday for monday, _ in weeks], [code for _, code in weeks], paid.get(row["person"], set())
            )
    return lives


def worked_weeks(life: Life) -> list[bool]:
    """Per week whether it has no benefit and lies in a month with hours."""
    worked = []
    for monday, code in zip(life.mondays, life.codes, strict=True):
        thursday = monday + timedelta(days=3)
        worked.append(code in NO_BENEFIT and (thursday.year, thursday.month) in life.paid_months)
    return worked


def granted_weeks(life: Life) -> list[bool]:
    """Per week whether it has a student grant."""
    return [code in STUDENT_GRANT for code in life.codes]


def benefit_weeks(life: Life) -> list[bool]:
    """Per week whether it has any other code than employment, education, pension, abroad and dead."""
    neither = NO_BENEFIT | STUDENT_GRANT | {NOT_RESIDENT, STATE_PENSION, DEAD}
    return [code not in neither for code in life.codes]


def only_long(weeks: list[bool]) -> list[bool]:
    """The weeks that belong to a run of at least four."""
    kept = [False] * len(weeks)
    run: list[int] = []
    for position, inside in enumerate([*weeks, False]):
        if inside:
            run.append(position)
            continue
        if len(run) >= IN_A_ROW:
            for member in run:
                kept[member] = True
        run = []
    return kept


def index_position(on_benefit: list[bool]) -> int | None:
    """The first week of the first stay on benefit that begins in the data.

    Up to three other weeks between two stays make them one. A stay that is there in the first week of the
    data has begun before.
    """
    last_on_benefit = None
    for position, inside in enumerate(on_benefit):
        if not inside:
            continue
        begins = last_on_benefit is None or position - last_on_benefit - 1 >= IN_A_ROW
        if begins and position > 0:
            return position
        last_on_benefit = position
    return None


def last_known(life: Life, index: int, goals: list[list[bool]]) -> tuple[int, str]:
    """The last step after the index that is known, and what ends the knowledge there.

    A run of the goals' kind that the end cuts before its fourth week may or may not have lasted: what is
    known ends before it. ``goals`` are weeks of the kind, long run or not.
    """
    last, why = len(life.codes) - 1, "data_end"
    for position in range(index + 1, len(life.codes)):
        if life.codes[position] in (DEAD, NOT_RESIDENT):
            last, why = position - 1, "dead" if life.codes[position] == DEAD else "abroad"
            break
    known = last
    for weeks in goals:
        begin = last + 1
        while begin - 1 > index and weeks[begin - 1]:
            begin -= 1
        if last - begin + 1 < IN_A_ROW:
            known = min(known, begin - 1)
    return known - index, why


def wait_for(goal: list[bool], rival: list[bool], rival_name: str, life: Life, index: int) -> Wait:
    """The weeks from the index to the first week of the goal, or to what ended the wait.

    Whether it was reached in time is told of those known for all 52 weeks, and of nobody else.
    """
    known, why = last_known(life, index, [worked_weeks(life), granted_weeks(life)])
    in_time = known >= HORIZON
    for step in range(1, min(known, HORIZON) + 1):
        position = index + step
        if life.codes[position] == STATE_PENSION or rival[position]:
            ended = "pension" if life.codes[position] == STATE_PENSION else rival_name
            return Wait(False if in_time else None, step - 1, False, ended)
        if goal[position]:
            return Wait(True if in_time else None, step, True, "reached")
    return Wait(False if in_time else None, min(known, HORIZON), False, "horizon" if in_time else why)


def follow(life: Life) -> Followed | None:
    """What is known of a person; None for one whose benefit never begins in the data."""
    on_benefit = benefit_weeks(life)
    employed = only_long(worked_weeks(life))
    in_education = only_long(granted_weeks(life))
    index = index_position(on_benefit)
    if index is None:
        return None
    reaches = index - BEFORE >= 0
    whole = last_known(life, index, [worked_weeks(life)])[0] >= HORIZON
    return Followed(
        index_week=week_name(life.mondays[index]),
        benefit_before=sum(on_benefit[index - BEFORE : index]) if reaches else None,
        employed_before=sum(employed[index - BEFORE : index]) if reaches else None,
        employment=wait_for(employed, in_education, "education", life, index),
        education=wait_for(in_education, employed, "employment", life, index),
        employed_after=sum(employed[index + 1 : index + HORIZON + 1]) if whole else None,
    )
