"""The answers the simulator plants, worked out by plain sums: what a rise or a rater's gap comes to in points.

A level is normal around an item's own place; a logistic curve bends it onto the scale, a whole number is ticked,
and a form that lacks the number gives the one beside it. Nothing here is read from the package.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

PERSONS, DAY = 0.7, 0.55
"""Standard deviations of persons and of what differs from item to item and day to day."""
_GRID = stats.norm.ppf((np.arange(4000) + 0.5) / 4000)


@dataclass(frozen=True, slots=True)
class Item:
    """An item with the points of its scale, the point its form ``lacks``, and the place that gives a mean."""

    low: int
    high: int
    lacks: int | None
    place: float

    def wanted(self, level: np.ndarray) -> np.ndarray:
        """The point nearest to each level, on a form that lacks none."""
        return np.rint(self.low + (self.high - self.low) / (1 + np.exp(-1.4 * (level + self.place))))

    def drawn(self, level: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """The point ticked at each level: of the two beside one that the form lacks either."""
        points = self.wanted(level)
        return np.where(points == self.lacks, rng.choice(self._beside(), len(points)), points)

    def mean(self, shift: float = 0.0, *, whole: bool = False) -> float:
        """The mean answer of people ``shift`` better than those the item's place was found from.

        ``whole`` is what it would have been on a form that lacks no point.
        """
        points = self.wanted(shift + np.hypot(PERSONS, DAY) * _GRID)
        if not whole:
            points = np.where(points == self.lacks, np.mean(self._beside()), points)
        return float(points.mean())

    def _beside(self) -> list[int]:
        if self.lacks is None:
            return [self.low]
        return [point for point in (self.lacks - 1, self.lacks + 1) if self.low <= point <= self.high]


def item_with_mean(low: int, high: int, lacks: int | None, mean: float) -> Item:
    """The item whose mean answer this is."""
    place = optimize.brentq(lambda at: Item(low, high, lacks, at).mean() - mean, -4, 4, xtol=1e-4)
    return Item(low, high, lacks, float(place))


def alpha(items: Sequence[Item], n: int = 200_000) -> float:
    """Cronbach's alpha of the items, from many people drawn."""
    rng = np.random.default_rng(1)
    person = rng.normal(0, PERSONS, n)
    ticked = np.stack([one.drawn(person + rng.normal(0, DAY, n), rng) for one in items])
    k = len(items)
    return float(k / (k - 1) * (1 - ticked.var(axis=1).sum() / ticked.sum(axis=0).var()))
