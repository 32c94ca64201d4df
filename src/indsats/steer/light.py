"""The light beside a target: met, near, not met, too few, not measurable."""

from __future__ import annotations

import math
from typing import Literal

from indsats.figure import Status

_REL_TOL = 1e-9
"""Two levels closer than this are equal: shares come from divisions and 0.1 + 0.2 is not 0.3."""


def status(
    value: float | None,
    target: float | None,
    better: Literal["higher", "lower", "neither"],
    band: float = 0.10,
    n: float | None = None,
    threshold: int = 5,
) -> Status:
    """How ``value`` stands to ``target``, both in the same unit.

    ``not_measurable`` when either is missing or the indicator has no better direction; ``too_few`` when the
    value rests on ``n`` below ``threshold``; ``met`` when the value is at the target or on its better side
    (equality is met); ``near`` when it misses by no more than ``band``, a share of the target; otherwise
    ``not_met``. ``n`` is left out for counts, which rest on no denominator.
    """
    if value is None or target is None or better == "neither":
        return "not_measurable"
    if n is not None and n < threshold:
        return "too_few"
    if _at_least_as_good(value, target, better):
        return "met"
    margin = abs(target) * band
    edge = target - margin if better == "higher" else target + margin
    return "near" if _at_least_as_good(value, edge, better) else "not_met"


def _at_least_as_good(value: float, level: float, better: Literal["higher", "lower"]) -> bool:
    if math.isclose(value, level, rel_tol=_REL_TOL, abs_tol=1e-12):
        return True
    return value > level if better == "higher" else value < level
