"""How long the units of time of a price are."""

from __future__ import annotations

from typing import Final

from indsats.programme import Per

WEEKS_A_YEAR: Final = 52
"""A year of effect is 52 weeks, as registers follow people."""

MONTHS_A_YEAR: Final = 12

DAYS_A_YEAR: Final = 365.25
DAYS_A_MONTH: Final = DAYS_A_YEAR / MONTHS_A_YEAR

HOURS_A_WEEK: Final = 37
"""Full time."""

_A_YEAR: dict[Per, float] = {
    "year": 1,
    "month": MONTHS_A_YEAR,
    "week": WEEKS_A_YEAR,
    "hour": WEEKS_A_YEAR * HOURS_A_WEEK,
}


def per_year(per: Per) -> float | None:
    """How many of a price's units of time a year of effect has, full time; None for what is no time."""
    return _A_YEAR.get(per)


def converted(amount: float, per: Per, to: Per) -> float | None:
    """An amount per one unit of time as one per another, full time; None where one of them is no time."""
    ours, theirs = per_year(per), per_year(to)
    return None if ours is None or theirs is None else amount * ours / theirs
