"""The edge-case persons in the published code itself, against ours: equal but where docs say that we differ.

``published_spells.csv`` is what ``u.spells`` of DREAMtoolsR (commit ed4d386) gave for the shipped files, run with
R 4.2.2 unchanged but for two stand-ins: its call into a package of another name, and the date of an ISO week, which
was made to read years from 90 on as 1990s. The file with lost zeros is not among them: the code cannot read such
names.
"""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import pytest

from indsats.library import edge_cases_path
from truth.plain_employment import Followed, column_monday, follow, read_lives, week_name

HOME = edge_cases_path()
DIFFERENT = {
    "zero-hours": "an employment rate of zero counts there",
    "two-and-two": "weeks in education and in employment are added up there",
    "local-code": "only a missing code is a week without benefit there",
}
"""Persons whose wait ends otherwise in the published code; see docs/methods/employment-definition.md."""


def published() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    with Path(__file__).with_name("published_spells.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["person"], []).append(row)
    return found


SPELLS = published()
LIVES = {
    person: life
    for file in ("dream.csv", "dream_2004.csv")
    for person, life in read_lives(HOME / file, HOME / "hours.csv").items()
}
FOLLOWED = {person: found for person, life in LIVES.items() if (found := follow(life)) is not None}


def last_week_of_the_wait(person: str, found: Followed) -> str | None:
    """The last week before whatever ended the wait; None when the horizon or the data did."""
    if found.employment.ended in ("horizon", "data_end"):
        return None
    weeks = found.employment.weeks - (1 if found.employment.event else 0)
    names = [week_name(monday) for monday in LIVES[person].mondays]
    return names[names.index(found.index_week) + weeks]


def spell_with(person: str, week: str) -> dict[str, str]:
    """The published spell of unemployment that holds a week."""
    mondays = {week_name(monday): monday for monday in LIVES[person].mondays}
    for spell in SPELLS[person]:
        begins = column_monday(spell["start"]) if spell["start"] else min(mondays.values())
        if begins <= mondays[week] < begins + timedelta(weeks=int(spell["weeks"])):
            return spell
    raise AssertionError(f"{person} is in no spell in {week}")


def published_end(person: str, found: Followed) -> str | None:
    """The last week of the published spell, where it lies within 52 weeks of our index."""
    end = spell_with(person, found.index_week)["end"]
    if not end:
        return None
    week = week_name(column_monday(end))
    names = [week_name(monday) for monday in LIVES[person].mondays]
    return week if names.index(week) - names.index(found.index_week) < 52 else None


def test_everybody_was_run_in_the_published_code() -> None:
    assert set(SPELLS) == set(LIVES)


@pytest.mark.parametrize("person", [name for name in FOLLOWED if name not in DIFFERENT])
def test_the_wait_ends_in_the_week_the_published_code_says(person: str) -> None:
    found = FOLLOWED[person]
    assert last_week_of_the_wait(person, found) == published_end(person, found)


@pytest.mark.parametrize("person", DIFFERENT)
def test_where_we_differ_the_published_code_says_otherwise(person: str) -> None:
    found = FOLLOWED[person]
    assert last_week_of_the_wait(person, found) != published_end(person, found)


def test_the_published_code_marks_no_death_pension_or_emigration_as_censored() -> None:
    lost = [name for name, one in FOLLOWED.items() if one.employment.ended in ("dead", "abroad", "pension")]
    assert lost
    assert {spell_with(name, FOLLOWED[name].index_week)["right_censored"] for name in lost} == {"false"}
