"""Exact tests on counts: Fisher's, the binomial one, and McNemar's on few discordant pairs."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, inf, log, prod
from typing import NamedTuple

import numpy as np
import scipy
from scipy.optimize import root_scalar
from scipy.special import gammaln, logsumexp

from ..results import Interval

SMALLEST_EXPECTED = 5.0
"""Below this expected count in any cell an exact test takes the place of the approximate one."""

MOST_TABLES = 1_000_000
"""Tables an exact test of several levels may go through: about a tenth of a second."""

AS_LIKELY = 1 + 1e-7
"""Tables as likely as the one seen count; rounding must not lose them (the same margin as R's)."""


class FisherTest(NamedTuple):
    """The odds ratio (conditional maximum likelihood), its exact 95 % interval and the two-sided p.

    ``odds_ratio`` and ``interval.high`` may be infinite, where an empty cell allows any odds ratio upwards.
    """

    odds_ratio: float
    interval: Interval
    p: float


class BinomialTest(NamedTuple):
    """The share seen, its Clopper–Pearson 95 % interval and the two-sided p."""

    share: float
    interval: Interval
    p: float


def _whole(*counts: float) -> list[int]:
    """Counts as whole numbers; ``ValueError`` for negative, broken or infinite ones."""
    if any(not np.isfinite(count) or count < 0 or count != int(count) for count in counts):
        raise ValueError(
            f"counts must be whole numbers of zero or more, got {', '.join(f'{c:g}' for c in counts)}"
        )
    return [int(count) for count in counts]


def fisher_test(a: float, b: float, c: float, d: float) -> FisherTest:
    """Fisher's exact test of the 2 × 2 table with rows (a, b) and (c, d).

    p sums the chances of all tables with these margins that are as unlikely as this one or more so; the odds
    ratio is the conditional maximum-likelihood one, its interval that of Fisher's noncentral hypergeometric
    distribution (Fisher 1935; R: ``fisher.test``). Raises ``ValueError`` for counts that are not whole numbers
    of zero or more, and when a row or column is empty, for then there is nothing to test.
    """
    a, b, c, d = _whole(a, b, c, d)
    if min(a + b, c + d, a + c, b + d) == 0:
        raise ValueError("Fisher's test needs people in both rows and both columns of the table")
    fewest = max(0, a - d)
    possible = np.arange(fewest, min(a + b, a + c) + 1)
    row, column, total = a + b, a + c, a + b + c + d
    log_chances = (
        -gammaln(possible + 1)
        - gammaln(row - possible + 1)
        - gammaln(column - possible + 1)
        - gammaln(total - row - column + possible + 1)
    )
    log_chances -= logsumexp(log_chances)
    chances = np.exp(log_chances)
    p = float(chances[chances <= chances[a - fewest] * AS_LIKELY].sum())
    seen = a - fewest
    steps = np.arange(len(possible), dtype=np.float64)

    def tilted(log_odds: float) -> np.ndarray:
        """The chances of all tables at an odds ratio."""
        weights = log_chances + log_odds * steps
        weights = np.exp(weights - weights.max())
        return weights / weights.sum()

    near = log((a + 0.5) * (d + 0.5) / ((b + 0.5) * (c + 0.5)))
    ratio, low, high = 0.0, 0.0, inf
    if seen > 0:
        low = _odds(lambda x: float(tilted(x)[seen:].sum()) - 0.025, near)
    if seen < len(possible) - 1:
        high = _odds(lambda x: 0.025 - float(tilted(x)[: seen + 1].sum()), near)
        if seen > 0:
            ratio = _odds(lambda x: float(tilted(x) @ (steps - seen)), near)
    else:
        ratio = inf
    return FisherTest(ratio, Interval(low, high), min(p, 1.0))


def _odds(rising: Callable[[float], float], near: float) -> float:
    """The odds ratio at whose logarithm a rising function is zero, searched for outwards from ``near``."""
    below, above = near - 1.0, near + 1.0
    while rising(below) > 0:
        below -= 2 * (near - below)
    while rising(above) < 0:
        above += 2 * (above - near)
    return exp(float(root_scalar(rising, bracket=(below, above), xtol=1e-13, rtol=1e-13).root))


def binomial_test(count: float, size: float, share: float = 0.5) -> BinomialTest:
    """Exact test that ``count`` of ``size`` comes from a population with this ``share`` (0 to 1).

    p sums the chances of all counts as unlikely as this one or more so (R: ``binom.test``); the interval is
    that of Clopper & Pearson (1934, Biometrika 26:404–413). Raises ``ValueError`` for impossible counts or shares.
    """
    count, size = _whole(count, size)
    if not (size > 0 and count <= size and 0 <= share <= 1):
        raise ValueError(
            f"a binomial test needs 0 ≤ count ≤ size, a size above 0 and a share from 0 to 1, got {count} of {size} "
            f"against {share:g}"
        )
    found = scipy.stats.binomtest(count, size, share)
    bounds = found.proportion_ci(0.95, method="exact")
    return BinomialTest(count / size, Interval(float(bounds.low), float(bounds.high)), float(found.pvalue))


def exact_mcnemar(only_first: float, only_second: float) -> BinomialTest:
    """McNemar's exact test: whether the discordant pairs fall equally to both sides.

    ``share`` is the share of discordant pairs in which only the first has the outcome. Raises ``ValueError``
    when there is no discordant pair.
    """
    only_first, only_second = _whole(only_first, only_second)
    if only_first + only_second == 0:
        raise ValueError("McNemar's test needs at least one pair whose two outcomes differ")
    return binomial_test(only_first, only_first + only_second)


def freeman_halton(counts: np.ndarray) -> float | None:
    """Fisher's exact p for levels × two: the chance of all tables with these margins as unlikely or more so.

    Freeman & Halton (1951, Biometrika 38:141–149). None when there are too many tables to go through.
    """
    totals = counts.sum(axis=1)
    order = np.argsort(totals, kind="stable")  # the largest level last: what is left over decides it
    totals, observed = totals[order], counts[order, 0]
    size = int(observed.sum())
    if prod(min(int(total), size) + 1 for total in totals[:-1]) > MOST_TABLES:
        return None

    def ways(total: int, taken: np.ndarray) -> np.ndarray:
        return gammaln(total + 1) - gammaln(taken + 1) - gammaln(total - taken + 1)

    taken, chance = np.zeros(1), np.zeros(1)
    for total in totals[:-1].tolist():
        here = np.arange(min(total, size) + 1.0)
        taken, chance = (
            (taken[:, None] + here).ravel(),
            (chance[:, None] + ways(total, here)).ravel(),
        )
        taken, chance = taken[taken <= size], chance[taken <= size]
    last = int(totals[-1])
    fits = size - taken <= last
    chance = chance[fits] + ways(last, size - taken[fits])
    this = sum(float(ways(int(total), np.array(here))) for total, here in zip(totals, observed, strict=True))
    everything = float(ways(int(totals.sum()), np.array(size)))
    return min(1.0, float(np.exp(chance[chance <= this + np.log(AS_LIKELY)] - everything).sum()))
