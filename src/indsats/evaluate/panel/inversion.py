"""The interval of a test that has no formula: all effects it does not reject."""

from __future__ import annotations

from collections.abc import Callable

from ..results import LEVEL, Interval

WIDEST = 1e4
"""Standard errors from the estimate beyond which a bound counts as absent."""
STEPS = 60


def inverted(p_of: Callable[[float], float], estimate: float, se: float) -> Interval:
    """The 95 % interval around ``estimate``: where ``p_of`` (a p for each supposed effect) falls below 0.05.

    From the estimate outwards the steps double until the test rejects, then the border is halved down to a
    millionth of ``se``. A side on which it never rejects has an infinite bound.
    """
    return Interval(_border(p_of, estimate, -se), _border(p_of, estimate, se))


def _border(p_of: Callable[[float], float], estimate: float, step: float) -> float:
    inside, outside = 0.0, 1.0
    while p_of(estimate + outside * step) >= LEVEL:
        inside, outside = outside, 2 * outside
        if outside > WIDEST:
            return float("inf") if step > 0 else float("-inf")
    for _ in range(STEPS):
        middle = (inside + outside) / 2
        if p_of(estimate + middle * step) >= LEVEL:
            inside = middle
        else:
            outside = middle
        if outside - inside < 1e-6:
            break
    return estimate + inside * step
