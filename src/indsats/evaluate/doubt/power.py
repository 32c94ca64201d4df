"""Power before the start: what a study of a given size can find, or what size it must have.

Each function has a chance (``power``), a size and an effect; leave out the one to be found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, inf, isfinite, isinf, log, sqrt

import scipy
from scipy.optimize import root_scalar

from ..results import LEVEL

MOST_PEOPLE = 1e9
CLOSE = 1e-12
"""How near the search comes, in shares of the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """A study before it starts, two-sided test at ``level``.

    ``power`` is the chance of a significant result in the direction of ``effect``: a difference in the unit of
    the outcome or in shares, or a hazard ratio. ``n_treated`` and ``n_control`` are people and need not be
    whole (round up); for hazard ratios they are ``None`` and ``events`` counts instead. ``design_effect`` is
    how many times as many people clusters demand, ``degrees`` those of the t distribution used (``None``:
    normal).
    """

    power: float
    effect: float
    n_treated: float | None = None
    n_control: float | None = None
    events: float | None = None
    level: float = LEVEL
    design_effect: float = 1.0
    degrees: float | None = None
    method: str


@dataclass(frozen=True, slots=True)
class _Clustering:
    """Treatment given to whole clusters of ``size`` people whose outcomes have the intraclass correlation ``icc``."""

    size: float | None
    icc: float

    @property
    def effect(self) -> float:
        """1 + (m − 1) · icc: Donner & Klar (2000), Design and Analysis of Cluster Randomization Trials."""
        return 1.0 if self.size is None else 1 + (self.size - 1) * self.icc

    def degrees(self, n: float) -> float | None:
        """Clusters − 2."""
        return None if self.size is None else n / self.size - 2


def power_means(
    difference: float | None = None,
    n_treated: float | None = None,
    n_control: float | None = None,
    *,
    sd: float = 1.0,
    power: float | None = None,
    controls_per_treated: float = 1.0,
    cluster_size: float | None = None,
    icc: float = 0.0,
    level: float = LEVEL,
) -> Power:
    """A difference in means in the unit of ``sd``, the standard deviation of the outcome within groups.

    Noncentral t with n − 2 degrees of freedom and noncentrality |difference| / (sd · √(1/n₁ + 1/n₀)); R's
    ``power.t.test``. Leave out one of ``difference`` (the least that can be found), ``n_treated`` (with
    ``controls_per_treated``) and ``power``. Where whole clusters are treated, ``cluster_size`` and ``icc``
    multiply the variance by 1 + (m − 1) · icc and the degrees of freedom are clusters − 2.

    Raises ``ValueError`` unless exactly one is left out, for values out of range, fewer than three clusters,
    and when no size or difference will do.
    """
    clustering = _clustering(cluster_size, icc)
    _in_range(level=(level, 0, 1), sd=(sd, 0, inf), power=(power, level / 2, 1))
    _one_left_out(difference=difference, n_treated=n_treated, power=power)
    if difference is not None and not isfinite(difference):
        raise ValueError(f"'difference' must be a finite number, got {difference:g}")

    def chance(gap: float, n1: float, n0: float) -> float:
        degrees = clustering.degrees(n1 + n0)
        degrees = n1 + n0 - 2 if degrees is None else degrees
        error = sd * sqrt((1 / n1 + 1 / n0) * clustering.effect)
        return _beyond(float(scipy.stats.t.ppf(1 - level / 2, degrees)), abs(gap) / error, degrees)

    found, n1, n0, reached = _solve(
        chance, difference, inf, n_treated, n_control, controls_per_treated, power, clustering, sd
    )
    degrees = clustering.degrees(n1 + n0)
    return Power(
        power=reached,
        effect=found,
        n_treated=n1,
        n_control=n0,
        level=level,
        design_effect=clustering.effect,
        degrees=n1 + n0 - 2 if degrees is None else degrees,
        method="two means, noncentral t",
    )


def power_shares(
    p_control: float,
    p_treated: float | None = None,
    n_treated: float | None = None,
    n_control: float | None = None,
    *,
    power: float | None = None,
    controls_per_treated: float = 1.0,
    cluster_size: float | None = None,
    icc: float = 0.0,
    level: float = LEVEL,
) -> Power:
    """A difference in shares with a yes-or-no outcome (0 to 1) by the z test of two proportions.

    Φ((|p₁ − p₀| − z · √(p̄(1 − p̄)(1/n₁ + 1/n₀))) / √(p₁(1 − p₁)/n₁ + p₀(1 − p₀)/n₀)), p̄ the share in both groups
    together: Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions; R's ``power.prop.test``
    for groups of one size. Leave out one of ``p_treated`` (the least share above ``p_control`` that can be
    found; for a fall, ask about the share without the outcome), ``n_treated`` and ``power``. Clusters as in
    :func:`power_means`, with a noncentral t in place of the normal distribution.

    Raises ``ValueError`` unless exactly one is left out, for values out of range, fewer than three clusters,
    and when no size or share will do.
    """
    clustering = _clustering(cluster_size, icc)
    _in_range(level=(level, 0, 1), p_control=(p_control, 0, 1), power=(power, level / 2, 1))
    if p_treated is not None and not 0 <= p_treated <= 1:
        raise ValueError(f"'p_treated' must be between 0 and 1, got {p_treated:g}")
    _one_left_out(p_treated=p_treated, n_treated=n_treated, power=power)

    def chance(gap: float, n1: float, n0: float) -> float:
        p1 = min(max(p_control + gap, 0.0), 1.0)
        both = (n1 * p1 + n0 * p_control) / (n1 + n0)
        under_none = sqrt(both * (1 - both) * (1 / n1 + 1 / n0) * clustering.effect)
        under_gap = sqrt((p1 * (1 - p1) / n1 + p_control * (1 - p_control) / n0) * clustering.effect)
        degrees = clustering.degrees(n1 + n0)
        law = scipy.stats.norm if degrees is None else scipy.stats.t(degrees)
        critical = float(law.ppf(1 - level / 2)) * under_none / under_gap
        return _beyond(critical, abs(gap) / under_gap, degrees)

    gap = None if p_treated is None else p_treated - p_control
    found, n1, n0, reached = _solve(
        chance, gap, 1 - p_control, n_treated, n_control, controls_per_treated, power, clustering
    )
    return Power(
        power=reached,
        effect=found,
        n_treated=n1,
        n_control=n0,
        level=level,
        design_effect=clustering.effect,
        degrees=clustering.degrees(n1 + n0),
        method="two shares, z test" if cluster_size is None else "two shares, noncentral t over clusters",
    )


def power_cox(
    events: float | None = None,
    share_treated: float = 0.5,
    hazard_ratio: float | None = None,
    *,
    power: float | None = None,
    level: float = LEVEL,
) -> Power:
    """A hazard ratio by Cox regression or the log-rank test, from the number of ``events`` in both groups.

    Φ(√(events · q(1 − q)) · |log HR| − z) with q the share of people treated: Schoenfeld (1983), Biometrics
    39:499–503. Leave out one of ``events``, ``hazard_ratio`` (the least above 1; its inverse is found as
    easily) and ``power``. Clusters are not allowed for. Raises ``ValueError`` unless exactly one is left out
    and for values out of range.
    """
    _one_left_out(events=events, hazard_ratio=hazard_ratio, power=power)
    _in_range(share_treated=(share_treated, 0, 1), level=(level, 0, 1))
    _in_range(events=(events, 0, inf), hazard_ratio=(hazard_ratio, 0, inf), power=(power, level / 2, 1))
    spread = share_treated * (1 - share_treated)
    critical = float(scipy.stats.norm.ppf(1 - level / 2))
    needed = None if power is None else critical + float(scipy.stats.norm.ppf(power))
    if hazard_ratio is None and events is not None and needed is not None:
        hazard_ratio = exp(needed / sqrt(events * spread))
    elif events is None and hazard_ratio is not None and needed is not None:
        if hazard_ratio == 1:
            raise ValueError("a hazard ratio of 1 cannot be found with any number of events")
        events = needed**2 / (spread * log(hazard_ratio) ** 2)
    elif power is None and events is not None and hazard_ratio is not None:
        power = float(scipy.stats.norm.sf(critical - sqrt(events * spread) * abs(log(hazard_ratio))))
    return Power(
        power=_known(power),
        effect=_known(hazard_ratio),
        events=_known(events),
        level=level,
        method="hazard ratio, Schoenfeld",
    )


Chance = Callable[[float, float, float], float]
"""Power from a difference, the treated and the controls."""


def _solve(
    chance: Chance,
    gap: float | None,
    widest: float,
    n_treated: float | None,
    n_control: float | None,
    ratio: float,
    power: float | None,
    clustering: _Clustering,
    unit: float = 1.0,
) -> tuple[float, float, float, float]:
    """The difference, treated, controls and power, one of which is searched for. ``widest`` bounds
    the difference, which is measured in ``unit``.
    """
    _in_range(
        n_treated=(n_treated, 0, inf), n_control=(n_control, 0, inf), controls_per_treated=(ratio, 0, inf)
    )
    least = 3.0 * (clustering.size or 1.0)  # one degree of freedom
    if n_treated is None:
        gap, power = _known(gap), _known(power)
        if n_control is not None:
            raise ValueError(
                "the size is found for both groups: give 'controls_per_treated' and no 'n_control'"
            )
        smallest = max(least, 4.0) / (1 + ratio)
        size = _search(lambda n: chance(gap, n, n * ratio), power, smallest, MOST_PEOPLE)
        if size is None:
            raise ValueError(f"no number of people finds a difference of {gap:g} with the chance {power:g}")
        return gap, size, size * ratio, chance(gap, size, size * ratio)
    n0 = n_treated * ratio if n_control is None else n_control
    if n_treated + n0 < least:
        what = "people" if clustering.size is None else f"clusters of {clustering.size:g}"
        raise ValueError(f"{n_treated + n0:g} people are too few: the test needs three {what} or more")
    if gap is None:
        power = _known(power)
        top = widest
        if isinf(widest):  # a difference of ten standard errors is found by anyone
            top = unit
            while chance(top, n_treated, n0) < power:
                top *= 2
        gap = _search(lambda d: chance(d, n_treated, n0), power, 0.0, top, near=CLOSE * top)
        if gap is None:
            raise ValueError(
                f"with {n_treated:g} and {n0:g} people no difference is found with the chance {power:g}"
            )
    return gap, n_treated, n0, chance(gap, n_treated, n0)


def _search(
    rising: Callable[[float], float], power: float, low: float, high: float, near: float = CLOSE
) -> float | None:
    """Where a rising chance reaches ``power``: ``low`` when it is there already, ``None`` when it never is."""
    if rising(low) >= power:
        return low
    if rising(high) < power:
        return None
    return float(root_scalar(lambda x: rising(x) - power, bracket=(low, high), rtol=CLOSE, xtol=near).root)


def _beyond(critical: float, shift: float, degrees: float | None) -> float:
    """The chance that a statistic with mean ``shift`` exceeds ``critical``."""
    if degrees is None:
        return float(scipy.stats.norm.sf(critical - shift))
    found = float(scipy.stats.nct.sf(critical, degrees, shift))
    if found == found:
        return found
    # Too far out for the noncentral t: beside such a shift only the spread of the denominator matters.
    return float(scipy.stats.chi2.cdf(degrees * (shift / critical) ** 2, degrees))


def _clustering(size: float | None, icc: float) -> _Clustering:
    if size is None and icc:
        raise ValueError("'icc' says how alike people in a cluster are: give 'cluster_size' too")
    if size is not None and not 1 <= size < inf:
        raise ValueError(f"'cluster_size' must be 1 or more, got {size:g}")
    if not 0 <= icc <= 1:
        raise ValueError(f"'icc' must be between 0 and 1, got {icc:g}")
    return _Clustering(size, icc)


def _in_range(**given: tuple[float | None, float, float]) -> None:
    """Raises for a value not strictly between its two bounds; ``None`` is not looked at."""
    for name, (value, low, high) in given.items():
        if value is not None and not low < value < high:
            bounds = f"above {low:g}" if high == inf else f"between {low:g} and {high:g}"
            raise ValueError(f"'{name}' must be {bounds}, got {value:g}")


def _one_left_out(**given: float | None) -> None:
    missing = [name for name, value in given.items() if value is None]
    if len(missing) != 1:
        raise ValueError(
            f"leave out exactly one of {', '.join(given)}, the one to be found; "
            f"left out now: {', '.join(missing) or 'none'}"
        )


def _known(value: float | None) -> float:
    """A value that the check of what is left out has made sure of."""
    if value is None:
        raise ValueError("a value is missing that the others do not give")
    return value
