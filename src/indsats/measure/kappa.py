"""Weighted kappa: agreement of two raters on an ordinal scale, beyond what chance gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
import polars as pl
import scipy
from numpy.typing import ArrayLike, NDArray

from .reliability import Numbers, two_columns

Weights = Literal["quadratic", "linear", "none"]

_ROUNDING = 1e-13
"""A variance that is but rounding of shares."""


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa by ``weights`` of ``n`` pairs, with its large-sample error and 95 % interval (within ±1)."""

    value: float
    se: float
    low: float | None
    high: float | None
    n: int
    left_out: int
    weights: Weights


def weighted_kappa(
    first: ArrayLike | pl.Series,
    second: ArrayLike | pl.Series,
    *,
    points: Sequence[float],
    weights: Weights = "quadratic",
) -> Kappa:
    """Cohen's weighted kappa of two raters on a scale of ``points``, with its large-sample standard error.

    Disagreement counts by the distance between the points (``linear``), its square (``quadratic``), or alike
    (``none``). The error is that of Fleiss, Cohen & Everitt (1969, Psychological Bulletin 72:323–327), for kappa
    anywhere and not only at zero; there is no interval where it is zero, as at perfect agreement. Null and NaN
    are left out with their pair. Raises ``ValueError`` for fewer than three pairs, a rating that is none of the
    points, and when all ratings are one point, for then kappa is not defined.
    """
    one, two = two_columns(first, second)
    known = ~(np.isnan(one) | np.isnan(two))
    one, two = one[known], two[known]
    n = len(one)
    if n < 3:
        raise ValueError(f"kappa takes at least 3 people with both ratings, got {n}: gather more")
    scale = np.unique(np.asarray(points, dtype=np.float64))
    if not len(scale):
        raise ValueError("kappa takes the points of a scale, none were given")
    size = len(scale)
    cells = np.bincount(_place(one, scale) * size + _place(two, scale), minlength=size**2)
    share = cells.reshape(size, size) / n
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    distance = np.abs(scale[:, None] - scale[None, :])
    counted = {"quadratic": distance**2, "linear": distance, "none": (distance > 0).astype(np.float64)}[
        weights
    ]
    expected = float(rows @ counted @ columns)
    if expected <= 0:
        raise ValueError("all ratings are the same point: kappa takes people who differ")
    counted = counted / counted.max()
    expected = float(rows @ counted @ columns)
    value = 1 - float((share * counted).sum()) / expected
    # Written in weights of agreement, 1 − what counts as disagreement, as the source has it.
    agreed = 1 - counted
    margins = (agreed @ columns)[:, None] + (rows @ agreed)[None, :]
    spread = (share * (agreed - margins * (1 - value)) ** 2).sum() - (
        value - (1 - expected) * (1 - value)
    ) ** 2
    se = sqrt(float(spread) / n) / expected if spread > _ROUNDING else 0.0
    low = high = None
    if se > 1e-9:
        half = float(scipy.stats.norm.ppf(0.975)) * se
        low, high = max(-1.0, value - half), min(1.0, value + half)
    return Kappa(value, se, low, high, n, int((~known).sum()), weights)


def _place(ratings: Numbers, scale: Numbers) -> NDArray[np.intp]:
    found = np.clip(np.searchsorted(scale, ratings - 1e-9), 0, len(scale) - 1)
    off = np.abs(scale[found] - ratings) > 1e-9
    if off.any():
        raise ValueError(
            f"{int(off.sum())} ratings, {ratings[off][0]:g} the first, are none of the scale's points: "
            "correct them or give the points of the scale they are on"
        )
    return found
