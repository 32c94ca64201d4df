"""Ranks that tell how sure they are: the ranks a place may have, and its chance of being in an outer quarter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .intervals import Z95

Floats = NDArray[np.float64]
Single = NDArray[np.float32]
Whole = NDArray[np.int64]

DRAWS: Final = 2_000
SEED: Final = 20_130
_AT_ONCE: Final = 4_000_000
"""Numbers held at once while draws are gone through."""


@dataclass(frozen=True, slots=True)
class RankSets:
    """The rank of each place (1 is the highest estimate, equals share the better one) and the ranks it may have."""

    rank: Whole
    low: Whole
    high: Whole


def ranks(estimates: ArrayLike) -> Whole:
    """1 plus the number of places with a higher estimate, which differs by more than rounding."""
    values = np.asarray(estimates, dtype=np.float64)
    above = values[None, :] > values[:, None] + 1e-12 * np.maximum(1.0, np.abs(values))[:, None]
    return above.sum(axis=1) + 1


def rank_sets(
    estimates: ArrayLike,
    errors: ArrayLike,
    *,
    coverage: float = 0.95,
    together: bool = False,
    draws: int = DRAWS,
    seed: int = SEED,
) -> RankSets:
    """For each of K places the ranks that its true level may have among the true levels of all.

    ``estimates`` (K) are independent with standard ``errors`` (K). Of each place the differences from the K − 1
    others are bounded simultaneously: the critical value is the quantile of the largest studentised difference, from
    ``draws`` parametric draws. Who is surely above pushes the best possible rank down, who is surely below pulls the
    worst one up. What has been decided is taken out and the rest bounded again until nothing more is decided.
    Marginal sets: each holds its place's true rank with the probability ``coverage``. With ``together`` all of them
    do so at once, which makes them wider. The same seed gives the same sets.

    Source: Mogstad, Romano, Shaikh & Wilhelm (2024), Review of Economic Studies 91:476-518, sections 3.1-3.3 and the
    stepwise form; R: ``csranks``. Raises ``ValueError`` for fewer than two places, a number that is not finite, or
    a negative error.
    """
    values, spread = _checked(estimates, errors)
    count = len(values)
    both = np.sqrt(spread[:, None] ** 2 + spread[None, :] ** 2)
    apart = values[:, None] - values[None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        # Without any error the smallest difference is sure, and none is none.
        studentised = np.where(both > 0, apart / both, np.sign(apart) * np.inf)
    studentised[np.isnan(studentised)] = 0.0
    drawn = np.random.default_rng(seed).standard_normal((draws, count)) * spread
    scale = np.where(both > 0, both, np.inf)
    if together:
        surely = _decided_together(studentised, drawn, scale, coverage)
        return RankSets(ranks(values), surely.sum(axis=0) + 1, count - surely.sum(axis=1))
    low, high = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    # Half the digits are plenty for a quantile of draws, and twice as fast to go through.
    of_places, scale = np.ascontiguousarray(drawn.T, dtype=np.float32), scale.astype(np.float32)
    for place in range(count):
        over, under = _decided(studentised[place], of_places, scale[place], place, coverage)
        low[place], high[place] = under + 1, count - over
    return RankSets(ranks(values), low, high)


def outer_quarters(
    estimates: ArrayLike, errors: ArrayLike, *, draws: int = DRAWS, seed: int = SEED
) -> tuple[Floats, Floats]:
    """The chance (K each) that a place is truly among the highest quarter, and among the lowest.

    A quarter is K / 4 places, rounded up. The true levels are taken to be spread normally around their mean, by as
    much as the estimates vary beyond their errors (DerSimonian & Laird 1986, Controlled Clinical Trials 7:177-188);
    each is drawn from what that spread and its own estimate say. Taken from the estimates alone, a small place would
    look likely to be both best and worst. Where nothing varies beyond the errors all have the same chance. Raises
    ``ValueError`` as ``rank_sets``.
    """
    values, spread = _checked(estimates, errors)
    count = len(values)
    quarter = -(-count // 4)
    if np.ptp(values) == 0:
        return np.full(count, quarter / count), np.full(count, quarter / count)
    spread = np.maximum(spread, 1e-9 * np.ptp(values))
    between = between_variance(values, spread)
    weights = 1 / (spread**2 + between)
    centre = float((weights * values).sum() / weights.sum())
    kept = between / (between + spread**2)
    if between == 0:
        return np.full(count, quarter / count), np.full(count, quarter / count)
    mean, sd = centre + kept * (values - centre), np.sqrt(kept) * spread
    levels = mean + sd * np.random.default_rng(seed).standard_normal((draws, count))
    order = np.argsort(levels, axis=1)
    lowest = np.bincount(order[:, :quarter].ravel(), minlength=count) / draws
    highest = np.bincount(order[:, count - quarter :].ravel(), minlength=count) / draws
    return highest, lowest


def between_variance(estimates: Floats, errors: Floats) -> float:
    """How much the true levels vary between places, DerSimonian & Laird's moment estimate, 0 or more."""
    weights = 1 / errors**2
    centre = (weights * estimates).sum() / weights.sum()
    heterogeneity = float((weights * (estimates - centre) ** 2).sum())
    scale = float(weights.sum() - (weights**2).sum() / weights.sum())
    return max(0.0, (heterogeneity - (len(estimates) - 1)) / scale)


def share_errors(numerators: ArrayLike, denominators: ArrayLike) -> Floats:
    """Standard errors (K) of shares of few people, none of them 0 for 0 of 3.

    √(p(1 − p) / d), where p is the place's share after some persons with the share of all places have been added, as
    Agresti & Coull (1998, The American Statistician 52:119-126) add halves. Halves would make the error of a rare thing
    as large as that of a common one, while the share of all is what a place is compared with. The larger error of two
    is taken: with z² = 3.84 persons added, more where fewer than one with and one without are expected among them; and
    with as many as places that are so alike call for (beta-binomial: P(1 − P) / τ² − 1, with P the share of all and
    τ² from ``between_variance``), all of P where nothing tells them apart. The first alone makes sets of alike
    places too narrow, the second those of rare things. The shares themselves stay as they are printed. 0 where
    nobody or everybody in all places is counted. Raises ``ValueError`` for an empty place.
    """
    n, d = np.asarray(numerators, dtype=np.float64), np.asarray(denominators, dtype=np.float64)
    if (d <= 0).any():
        raise ValueError("a share has an error only where there is at least one person")
    pooled = float(n.sum() / d.sum())
    if not 0 < pooled < 1:
        return np.zeros(len(n))
    chance = pooled * (1 - pooled)
    between = between_variance(n / d, np.sqrt(chance / d)) if len(n) > 1 else 0.0
    least = max(Z95**2, 1 / pooled, 1 / (1 - pooled))
    # The weight of what is added is m / (d + m); with m = chance / τ² − 1 that is 1 where τ² is 0.
    weights = (least / (d + least), np.clip((chance - between) / (chance + (d - 1) * between), 0, 1))
    shares = [n / d + weight * (pooled - n / d) for weight in weights]
    return np.sqrt(np.maximum(*(share * (1 - share) for share in shares)) / d)


def effective_sizes(shares: ArrayLike, lows: ArrayLike, highs: ArrayLike) -> Floats:
    """How many independent persons (K) a share is worth, read back from the width of its Wilson interval (95 %).

    Where people are counted several times the interval is wider than their number says. With w the width, p the share
    and a = z² / m, Wilson's formula gives (w² − 1)a² + (2w² − 4p(1 − p))a + w² = 0, which has one positive root.
    """
    p, width = np.asarray(shares, dtype=np.float64), np.subtract(highs, lows, dtype=np.float64)
    first, second = width**2 - 1, 2 * width**2 - 4 * p * (1 - p)
    root = (-second - np.sqrt(second**2 - 4 * first * width**2)) / (2 * first)
    return Z95**2 / root


def _checked(estimates: ArrayLike, errors: ArrayLike) -> tuple[Floats, Floats]:
    values, spread = np.asarray(estimates, dtype=np.float64), np.asarray(errors, dtype=np.float64)
    if len(values) < 2 or values.shape != spread.shape:
        raise ValueError("ranks need at least two places, each with an estimate and an error")
    if not (np.isfinite(values).all() and np.isfinite(spread).all()) or (spread < 0).any():
        raise ValueError("ranks need finite estimates and errors of zero or more")
    return values, spread


def _decided(
    studentised: Floats, drawn: Single, scale: Single, place: int, coverage: float
) -> tuple[int, int]:
    """How many places one is surely above, and surely below; ``drawn`` has a row for each place."""
    differences = (drawn[place] - drawn) / scale[:, None]
    over, under = np.zeros(len(scale), dtype=bool), np.zeros(len(scale), dtype=bool)
    while True:
        first = _largest(differences, over)
        second = _largest(-differences, under)
        critical = np.quantile(np.maximum(first, second), coverage)
        # Only what has not been decided is bounded by this value.
        now_over, now_under = over | (studentised > critical), under | (-studentised > critical)
        if (now_over == over).all() and (now_under == under).all():
            return int(over.sum()), int(under.sum())
        over, under = now_over, now_under


def _largest(differences: Single, decided: NDArray[np.bool_]) -> Single:
    """By draw the largest of the differences that are still open; one's own is 0 and does no harm."""
    return (differences[~decided] if decided.any() else differences).max(axis=0)


def _decided_together(
    studentised: Floats, drawn: Floats, scale: Floats, coverage: float
) -> NDArray[np.bool_]:
    """For every ordered pair whether the first is surely above the second."""
    count = len(scale)
    open_ = ~np.eye(count, dtype=bool)
    surely = np.zeros((count, count), dtype=bool)
    chunk = max(1, _AT_ONCE // count**2)
    while open_.any():
        largest = np.concatenate(
            [
                np.max(
                    (part[:, :, None] - part[:, None, :]) / scale, axis=(1, 2), initial=-np.inf, where=open_
                )
                for part in np.split(drawn, range(chunk, len(drawn), chunk))
            ]
        )
        found = open_ & (studentised > np.quantile(largest, coverage))
        if not found.any():
            break
        surely |= found
        open_ &= ~found
    return surely
