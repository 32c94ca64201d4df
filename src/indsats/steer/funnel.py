"""Funnel limits: which places differ from the level of all by more than their size explains (Spiegelhalter 2005).

A small place swings widely by chance. Limits that narrow with size keep it from being ranked on noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Final, Literal

import numpy as np
import polars as pl
import scipy
from numpy.typing import NDArray

FunnelKind = Literal["share", "rate"]
Position = Literal["inside", "above_95", "above_998", "below_95", "below_998"]

FEWEST_PLACES: Final = 10
"""Places before their spread beyond chance is estimated."""
_TAILS: Final = {"95": 0.025, "998": 0.001}
_WINSOR: Final = 0.1
_STEP: Final = 0.01
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PlaceSpread:
    """How much places differ beyond chance.

    ``phi`` is the mean square of their winsorised z-scores; ``tau`` the standard deviation between places on the
    transformed scale (arcsine of the root of a share, root of a rate), 0 where chance explains all. ``used`` is
    ``tau`` rounded up, which limits are widened by. ``phi`` is ``None`` with fewer than 10 places.
    """

    level: float | None
    places: int
    phi: float | None
    tau: float
    used: float


def funnel(
    places: pl.DataFrame, *, target: float | None = None, kind: FunnelKind, widen: bool = True
) -> pl.DataFrame:
    """Each place's level, limits and position.

    ``places`` has ``place``, ``n`` and ``d`` (Float64): events and those who could have one (``share``), or events
    and exposure (``rate``); other columns are kept. Limits lie around ``target``, or around the level of all places
    together (sum of n over sum of d). ``widen`` lets differences between places that size does not explain widen
    them (see ``place_spread``). With equal true levels at most 5 % and 0.2 % of places lie outside.

    Adds ``level``, ``centre``, ``low_998``, ``low_95``, ``high_95``, ``high_998`` (Float64) and ``position``
    (``inside``, ``above_95``, ``above_998``, ``below_95``, ``below_998``). A place with a null or nothing to divide
    by has nulls. Raises ``ValueError`` for a share with n outside 0 to d, a negative n, or a target out of range.
    """
    _check(places, kind, target)
    known = pl.col("n").is_not_null() & pl.col("d").is_not_null() & (pl.col("d") > 0)
    found = places.with_columns(level=pl.when(known).then(pl.col("n") / pl.col("d")))
    spread = place_spread(places, kind)
    centre = spread.level if target is None else target
    if centre is None:
        empty = [pl.lit(None, pl.Float64).alias(name) for name in ("centre", *_LIMITS)]
        return found.with_columns(*empty, position=pl.lit(None, pl.String))
    limits = funnel_limits(
        found["d"].cast(pl.Float64), centre, kind=kind, tau=spread.used if widen else 0.0, clipped=False
    )
    found = found.with_columns(pl.lit(centre).alias("centre"), *limits.select(_LIMITS))
    place = pl.lit("inside")
    for name, beyond in (("95", 1e-12), ("998", 1e-12)):
        low, high = pl.col(f"low_{name}"), pl.col(f"high_{name}")
        place = (
            pl.when(pl.col("level") >= high - beyond)
            .then(pl.lit(f"above_{name}"))
            .when(pl.col("level") <= low + beyond)
            .then(pl.lit(f"below_{name}"))
            .otherwise(place)
        )
    top = 1.0 if kind == "share" else None
    return found.with_columns(position=pl.when(pl.col("level").is_not_null()).then(place)).with_columns(
        pl.col(_LIMITS).clip(0.0, top)
    )


def funnel_limits(
    sizes: pl.Series | Sequence[float],
    centre: float,
    *,
    kind: FunnelKind,
    tau: float = 0.0,
    clipped: bool = True,
) -> pl.DataFrame:
    """The limits at each size: ``d``, ``low_998``, ``low_95``, ``high_95``, ``high_998`` (Float64), in the order given.

    Exact binomial (``share``) or Poisson (``rate``) limits, with Spiegelhalter's (2005, appendix A.1) interpolation
    between whole numbers: the lower limit is (r − α)/d, where r is the least number with P(X ≤ r) ≥ p and
    α = (P(X ≤ r) − p) / P(X = r). The upper limit is that of those without the event, turned round: (r + 1 − α)/d
    with p = 0.975. His own, (r − α)/d at both ends, puts one of one outside the 95 % limits of a level of one half.
    So a place lies outside exactly when chance gives its number or a more extreme one, on that side, in at most
    2.5 % (0.1 %) of cases.

    ``tau`` adds a spread between places (Spiegelhalter's additive model): on the transformed scale a limit h away from
    the centre moves to √(h² + z² tau²) away. ``clipped`` keeps limits within 0 and 1 (a rate above 0); unclipped, a
    limit that no number can reach lies beyond. A share's size is rounded to whole persons.
    """
    d = np.asarray(pl.Series(sizes, dtype=pl.Float64).fill_null(np.nan).to_numpy(), dtype=np.float64)
    d = np.where(d > 0, d, np.nan)
    ends: dict[str, Numbers] = {}
    for name, tail in _TAILS.items():
        z = float(scipy.stats.norm.isf(tail))
        low = exact_limit(d, centre, tail, kind, upper=False)
        high = exact_limit(d, centre, 1 - tail, kind, upper=True)
        ends[f"low_{name}"] = _widened(low, centre, z * tau, kind)
        ends[f"high_{name}"] = _widened(high, centre, z * tau, kind)
    if clipped:
        top = 1.0 if kind == "share" else np.inf
        ends = {name: np.clip(end, 0.0, top) for name, end in ends.items()}
    return pl.DataFrame({"d": d, **{name: ends[name] for name in _LIMITS}}).fill_nan(None)


def place_spread(places: pl.DataFrame, kind: FunnelKind) -> PlaceSpread:
    """How much places differ beyond chance, by Spiegelhalter's additive model (2005, appendix A.2–A.3).

    z = (g(level) − g(level of all)) · 2√d, where g is the arcsine of the root of a share or the root of a rate, whose
    standard error 1/(2√d) hangs on size alone. The tenth of the z-scores at either end is drawn in (winsorised), so
    that the places the limits are to find do not widen them; phi = mean of z². Where I places give I·phi > I − 1,
    tau² = (I·phi − (I − 1)) / (Σw − Σw²/Σw) with w = 4d; else tau is 0.

    Additive and not multiplicative: true levels differ somewhat between large places too, while multiplying by √phi
    would widen most where chance already explains nearly all, and leave large places to be singled out.
    ``used`` is tau rounded up to a hundredth (for rates, of the root of the level), so that a place whose numbers may
    not be shown cannot be solved out of the limits of others. Winsorised z-scores of equal places have phi about 0.68:
    a spread is added only where it is clear.
    """
    read = places.filter(pl.col("n").is_not_null() & (pl.col("d") > 0))
    n, d = (read[name].cast(pl.Float64).to_numpy() for name in ("n", "d"))
    count = len(n)
    level = float(n.sum() / d.sum()) if count else None
    if count < FEWEST_PLACES or level is None or level <= 0 or (kind == "share" and level >= 1):
        return PlaceSpread(level, count, None, 0.0, 0.0)
    z = (_scaled(n / d, kind) - _scaled(level, kind)) * 2 * np.sqrt(d)
    low, high = np.quantile(z, (_WINSOR, 1 - _WINSOR))
    phi = float(np.mean(np.clip(z, low, high) ** 2))
    w = 4 * d
    between = (count * phi - (count - 1)) / float(w.sum() - (w**2).sum() / w.sum())
    tau = sqrt(max(between, 0.0))
    step = _STEP * (1.0 if kind == "share" else sqrt(level))
    return PlaceSpread(level, count, phi, tau, ceil(tau / step - 1e-9) * step)


_LIMITS = ["low_998", "low_95", "high_95", "high_998"]


def exact_limit(d: Numbers, centre: float, p: float, kind: FunnelKind, *, upper: bool) -> Numbers:
    """One interpolated exact limit at each size (see ``funnel_limits``); not a number where there is no size.

    ``p`` is the probability below it. Beyond the range where no number reaches it.
    """
    size = np.maximum(np.round(d), 1.0) if kind == "share" else d
    if kind == "share":
        r = scipy.stats.binom.ppf(p, size, centre)
        below, before = scipy.stats.binom.cdf(r, size, centre), scipy.stats.binom.cdf(r - 1, size, centre)
    else:
        r = scipy.stats.poisson.ppf(p, size * centre)
        below, before = (
            scipy.stats.poisson.cdf(r, size * centre),
            scipy.stats.poisson.cdf(r - 1, size * centre),
        )
    with np.errstate(invalid="ignore", divide="ignore"):
        alpha = (below - p) / (below - before)
    return np.asarray((r - alpha + (1.0 if upper else 0.0)) / size, dtype=np.float64)


def _widened(limit: Numbers, centre: float, more: float, kind: FunnelKind) -> Numbers:
    if more == 0:
        return limit
    top = 1.0 if kind == "share" else np.inf
    reached = (limit >= 0) & (limit <= top)
    middle = _scaled(centre, kind)
    away = _scaled(np.clip(limit, 0.0, top), kind) - middle
    moved = middle + np.sign(limit - centre) * np.sqrt(away**2 + more**2)
    ends = (0.0, np.pi / 2) if kind == "share" else (0.0, np.inf)
    back = np.sin(np.clip(moved, *ends)) ** 2 if kind == "share" else np.clip(moved, *ends) ** 2
    # where the wider limit is past the end of the scale no place reaches it
    past = np.where(moved < ends[0], -1.0, np.where(moved > ends[1], 2.0, back))
    return np.where(reached, past, limit)


def _scaled(value: Numbers | float, kind: FunnelKind) -> Numbers:
    root = np.sqrt(np.asarray(value, dtype=np.float64))
    return np.arcsin(np.minimum(root, 1.0)) if kind == "share" else root


def _check(places: pl.DataFrame, kind: FunnelKind, target: float | None) -> None:
    wrong = pl.col("n") < 0
    if kind == "share":
        wrong |= pl.col("n") > pl.col("d") + 1e-9
    bad = places.filter(wrong)
    if bad.height:
        raise ValueError(f"'{bad['place'][0]}' has {bad['n'][0]} of {bad['d'][0]}")
    if target is not None and (target < 0 or (kind == "share" and target > 1)):
        raise ValueError(f"a target of {target} is out of range for a {kind}")
