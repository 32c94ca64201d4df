"""Tests and intervals for counts: two proportions, contingency tables, score intervals, matched pairs."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, sqrt
from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import ArrayLike

from ..results import Z95, Interval


class ProportionTest(NamedTuple):
    """``z`` is positive when the first proportion is larger; ``p`` is two-sided."""

    z: float
    p: float


class ChiSquared(NamedTuple):
    """Pearson's statistic, its degrees of freedom and the upper tail."""

    statistic: float
    df: int
    p: float


def _check_counts(*groups: tuple[float, float]) -> None:
    for x, n in groups:
        if n <= 0:
            raise ValueError("a proportion needs a group with at least one person, this one is empty")
        if not 0 <= x <= n:
            raise ValueError(f"a proportion needs 0 ≤ count ≤ group size, got {x:g} of {n:g}")


def proportion_test(x1: float, n1: float, x2: float, n2: float) -> ProportionTest:
    """Two-sided z test that two proportions ``x1/n1`` and ``x2/n2`` are equal.

    The variance is pooled and there is no continuity correction: ``z²`` is Pearson's χ² of the 2 × 2 table
    (R: ``prop.test(..., correct = FALSE)``). Raises ``ValueError`` for empty groups, impossible counts, and
    when nobody or everybody in both groups is counted, for then there is nothing to test.
    """
    _check_counts((x1, n1), (x2, n2))
    pooled = (x1 + x2) / (n1 + n2)
    if pooled in (0.0, 1.0):
        who = "nobody" if pooled == 0 else "everybody"
        raise ValueError(f"{who} in either group is counted: the two proportions cannot be tested")
    z = (x1 / n1 - x2 / n2) / sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    return ProportionTest(z, float(2 * scipy.stats.norm.sf(abs(z))))


def chi_squared(table: ArrayLike | Sequence[Sequence[float]]) -> ChiSquared:
    """Pearson's χ² test of independence in a table of counts (rows × columns), without correction.

    Rows and columns that are zero throughout say nothing about dependence; they are left out and do not count
    in the degrees of freedom. Raises ``ValueError`` for negative counts or fewer than two rows or columns
    left.
    """
    counts = np.asarray(table, dtype=np.float64)
    if counts.ndim != 2:
        raise ValueError("a χ² test needs a table with rows and columns")
    if not np.isfinite(counts).all() or (counts < 0).any():
        raise ValueError("a χ² test needs counts of zero or more in every cell")
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    rows, columns = counts.shape
    if rows < 2 or columns < 2:
        raise ValueError("a χ² test needs at least two rows and two columns that are not empty")
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    statistic = float(((counts - expected) ** 2 / expected).sum())
    df = (rows - 1) * (columns - 1)
    return ChiSquared(statistic, df, float(scipy.stats.chi2.sf(statistic, df)))


def wilson_interval(x: float, n: float) -> Interval:
    """Wilson's score interval (95 %) for the proportion ``x/n``; good at 0 and n too."""
    _check_counts((x, n))
    centre = x + Z95**2 / 2
    half = Z95 * sqrt(x * (n - x) / n + Z95**2 / 4)
    # At the edges the bounds are 0 and 1 exactly; rounding must not push them outside.
    low = 0.0 if x == 0 else (centre - half) / (n + Z95**2)
    high = 1.0 if x == n else (centre + half) / (n + Z95**2)
    return Interval(low, high)


def newcombe_interval(x1: float, n1: float, x2: float, n2: float) -> Interval:
    """Newcombe's hybrid score interval (95 %) for ``x1/n1 − x2/n2``, two independent groups.

    Method 10 of Newcombe (1998), Statistics in Medicine 17:873–890: Wilson bounds of each proportion, squared
    and added. Never leaves −1 to 1 and is defined at zero events.
    """
    _check_counts((x1, n1), (x2, n2))
    p1, p2 = x1 / n1, x2 / n2
    one, two = wilson_interval(x1, n1), wilson_interval(x2, n2)
    difference = p1 - p2
    return Interval(
        difference - sqrt((p1 - one.low) ** 2 + (two.high - p2) ** 2),
        difference + sqrt((one.high - p1) ** 2 + (p2 - two.low) ** 2),
    )


def newcombe_paired_interval(both: int, only_first: int, only_second: int, neither: int) -> Interval:
    """Newcombe's score interval (95 %) for the difference of two proportions in matched pairs.

    The arguments count pairs in which both, only the first, only the second, or neither had the outcome.
    Method 10 of Newcombe (1998), Statistics in Medicine 17:2635–2650: Wilson bounds of the two margins joined
    through the correlation φ of the pairs, φ corrected for continuity when positive.
    """
    n = both + only_first + only_second + neither
    if n <= 0 or min(both, only_first, only_second, neither) < 0:
        raise ValueError("a paired interval needs at least one pair and no negative counts")
    x1, x2 = both + only_first, both + only_second
    p1, p2 = x1 / n, x2 / n
    one, two = wilson_interval(x1, n), wilson_interval(x2, n)
    margins = x1 * (n - x1) * x2 * (n - x2)
    phi = 0.0
    if margins > 0:
        cross = both * neither - only_first * only_second
        phi = (max(cross - n / 2, 0.0) if cross > 0 else cross) / sqrt(margins)
    low_1, high_1, low_2, high_2 = p1 - one.low, one.high - p1, p2 - two.low, two.high - p2
    difference = p1 - p2
    return Interval(
        difference - sqrt(max(low_1**2 - 2 * phi * low_1 * high_2 + high_2**2, 0.0)),
        difference + sqrt(max(low_2**2 - 2 * phi * low_2 * high_1 + high_1**2, 0.0)),
    )


def mcnemar_test(only_first: int, only_second: int) -> ProportionTest:
    """McNemar's test on the discordant pairs, asymptotic and without continuity correction.

    The uncorrected form keeps its level well even with few pairs (Fagerland, Lydersen & Laake 2013). Raises
    ``ValueError`` when there is no discordant pair.
    """
    discordant = only_first + only_second
    if not isfinite(discordant) or min(only_first, only_second) < 0 or discordant == 0:
        raise ValueError(
            "McNemar's test needs counts of pairs, at least one of them with two different outcomes"
        )
    z = (only_first - only_second) / sqrt(discordant)
    return ProportionTest(z, float(2 * scipy.stats.norm.sf(abs(z))))
