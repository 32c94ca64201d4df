"""How much of an effect is left in each year after the start."""

from __future__ import annotations

import numpy as np

from indsats.programme import Duration, Programme, Scenario

from .lines import Array
from .units import MONTHS_A_YEAR, WEEKS_A_YEAR

_DAYS_A_YEAR = 7 * WEEKS_A_YEAR


def years_long(length: Duration) -> float:
    """A length in years of 12 months or 52 weeks."""
    return length.months / MONTHS_A_YEAR + length.days / _DAYS_A_YEAR


def lasting(programme: Programme, scenario: Scenario, years: int) -> Array:
    """The part of the effect left on average in each of ``years`` years, 0 to 1.

    It is whole while it ``lasts`` (throughout when left out) and then goes evenly to nothing while it ``fades``.
    """
    if scenario.lasts is None:
        return np.ones(years)
    whole = years_long(programme.length(scenario.lasts))
    fades = 0.0 if scenario.fades is None else years_long(programme.length(scenario.fades))
    return np.diff(_area(np.arange(years + 1, dtype=np.float64), whole, fades))


def _area(until: Array, whole: float, fades: float) -> Array:
    """What is left of the effect, added up from the start to ``until``."""
    area = np.minimum(until, whole)
    if fades > 0:
        into = np.clip(until - whole, 0, fades)
        area = area + into - into**2 / (2 * fades)
    return area
