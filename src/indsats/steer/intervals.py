"""95 % intervals of levels, for many places at once, wide enough where the same people are counted several times.

Meetings of one person resemble one another, so a thousand meetings of a hundred people tell less than a thousand
people would. How much less is estimated from the data as the design effect of the ratio estimator (Kish 1965), never
below one, and the interval is that of so many fewer independent observations, fewer still where few people are there
to tell it (Korn and Graubard 1998).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv, ndtri, stdtrit

Numbers = npt.NDArray[np.float64]
Ends = tuple[Numbers, Numbers]
Z95 = float(ndtri(0.975))
_SAME = 1e-9
"""How much of a level rounding alone may make of no difference."""


def share_interval(n: Numbers, d: Numbers, effective: Numbers) -> Ends:
    """Wilson's score interval (1927) of shares ``n / d`` worth ``effective`` independent observations.

    Not a number where ``d`` is zero.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        p, m = n / d, effective
        middle = (p + Z95**2 / (2 * m)) / (1 + Z95**2 / m)
        half = Z95 / (1 + Z95**2 / m) * np.sqrt(p * (1 - p) / m + Z95**2 / (4 * m**2))
        low, high = np.clip(middle - half, 0, 1), np.clip(middle + half, 0, 1)
    # At the ends the formula gives 0 and 1 but for rounding.
    return np.where(p <= 0, 0.0, low), np.where(p >= 1, 1.0, high)


def thinned_by(effect: Numbers, d: Numbers, clusters: Numbers) -> Numbers:
    """How many independent observations ``d`` are worth, with a design ``effect`` told by two ``clusters`` or more.

    The fewer they are, the less sure the effect: Korn and Graubard (1998) divide by the square of how much wider
    Student's interval is with as many clusters than with as many observations.
    """
    many, few = (stdtrit(np.where(size > 1, size - 1, np.nan), 0.975) for size in (d, clusters))
    return d / effect * (many / few) ** 2


def count_interval(n: Numbers, effective: Numbers) -> Ends:
    """The exact Poisson interval (Garwood 1936) of counts ``n`` that hold ``effective`` independent events.

    It says how much the count would have varied had the time been lived again, not whether it was counted right.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        each = np.where(effective > 0, n / effective, 1.0)
        low = np.where(effective > 0, gammaincinv(effective, 0.025), 0.0)
        high = gammaincinv(effective + 1, 0.975)
    return low * each, high * each


def mean_interval(value: Numbers, error: Numbers, clusters: Numbers) -> Ends:
    """Student's interval of means with standard ``error`` from so many ``clusters``.

    None with fewer than two, nor where all of them say the same: that they do not differ is no proof that nobody would.
    """
    with np.errstate(invalid="ignore"):
        differ = (clusters > 1) & (error > _SAME * np.maximum(np.abs(value), 1))
        half = stdtrit(np.where(differ, clusters - 1, np.nan), 0.975) * error
    return value - half, value + half


def change_interval(both: Numbers, only_before: Numbers, only_after: Numbers) -> Ends:
    """The interval of ``after / before - 1`` for the same people, from the paired log ratio.

    ``both`` were touched before and after. Its variance is (b + c) / ((a + b) (a + c)) (Nam and Blackwelder 2002,
    Wald). Not a number where nobody was touched before, or after, or where it was the same people.
    """
    before, after = both + only_before, both + only_after
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.sqrt((only_before + only_after) / (before * after))
        told = (before > 0) & (after > 0) & (only_before + only_after > 0)
        ratio = np.where(told, after / before, np.nan)
        return ratio * np.exp(-Z95 * error) - 1, ratio * np.exp(Z95 * error) - 1
