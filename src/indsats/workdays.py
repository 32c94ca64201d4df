"""Days on which people can be met at work in Denmark: which are off and why, and days in a rhythm that avoid them.

The days off are the law's, with those on which municipalities and most companies are closed beside them: 1 May, the
Constitution's day, Christmas Eve and New Year's Eve. They follow from Easter and the calendar, so nothing is fetched
and no list grows old; Store bededag was abolished from 2024.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from dateutil.easter import easter

from indsats.language import Lang

_FIXED: Mapping[tuple[int, int], tuple[str, str]] = {
    (1, 1): ("nytårsdag", "New Year's Day"),
    (5, 1): ("1. maj", "May Day"),
    (6, 5): ("grundlovsdag", "Constitution Day"),
    (12, 24): ("juleaften", "Christmas Eve"),
    (12, 25): ("juledag", "Christmas Day"),
    (12, 26): ("2. juledag", "Boxing Day"),
    (12, 31): ("nytårsaften", "New Year's Eve"),
}
_FROM_EASTER: Mapping[int, tuple[str, str]] = {
    -3: ("skærtorsdag", "Maundy Thursday"),
    -2: ("langfredag", "Good Friday"),
    0: ("påskedag", "Easter Sunday"),
    1: ("2. påskedag", "Easter Monday"),
    26: ("store bededag", "Great Prayer Day"),
    39: ("Kristi himmelfartsdag", "Ascension Day"),
    49: ("pinsedag", "Whit Sunday"),
    50: ("2. pinsedag", "Whit Monday"),
}
_PRAYER_DAY, _PRAYER_DAY_UNTIL = 26, 2023
_WEEKEND: Mapping[int, tuple[str, str]] = {5: ("lørdag", "Saturday"), 6: ("søndag", "Sunday")}


@dataclass(frozen=True, slots=True)
class Meant:
    """A day of a rhythm: ``meant`` is where the rhythm has it, ``day`` where it is held; the same unless it is off."""

    meant: date
    day: date


def day_off(day: date, lang: Lang) -> str | None:
    """Why a day is off, as written inside a sentence (``langfredag``, ``lørdag``); None for a working day."""
    named = _days_off(day.year).get(day) or _WEEKEND.get(day.weekday())
    return None if named is None else named[0 if lang == "da" else 1]


def in_rhythm(first: date, weeks: int, last: date) -> list[Meant]:
    """The days every so many weeks from ``first`` until ``last``, each moved to the next working day where it is off.

    The rhythm itself stays: what comes after a moved day is not moved with it. Where the next working day lies after
    ``last`` the one before is taken, unless that lies before ``first``. Two of the days are never the same: they
    stand a week apart, and no stretch of days off is as long. Raises ValueError for fewer than one week.
    """
    if weeks < 1:
        raise ValueError(f"a rhythm takes at least one week, got {weeks}")
    steps = range((last - first).days // (7 * weeks) + 1)
    return [_held(first + timedelta(weeks=weeks * step), first, last) for step in steps]


def _held(meant: date, first: date, last: date) -> Meant:
    after, before = _working(meant, 1), _working(meant, -1)
    return Meant(meant, before if after > last and before >= first else after)


def _working(day: date, step: int) -> date:
    while day.weekday() >= 5 or day in _days_off(day.year):
        day += timedelta(days=step)
    return day


@cache
def _days_off(year: int) -> Mapping[date, tuple[str, str]]:
    sunday = easter(year)
    found = {date(year, month, day): named for (month, day), named in _FIXED.items()}
    for days, named in _FROM_EASTER.items():
        if days != _PRAYER_DAY or year <= _PRAYER_DAY_UNTIL:
            found[sunday + timedelta(days=days)] = named
    return found
