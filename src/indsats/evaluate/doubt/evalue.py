"""E-values: how strongly a hidden cause would have to go with treatment and outcome to explain an effect away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, expm1, inf, isfinite, log, sqrt
from typing import Literal

from ..inputs import chosen
from ..results import Effect

RatioScale = Literal["risk ratio", "hazard ratio", "odds ratio", "standardised difference"]

COMMON = 0.15
"""An outcome more usual than this by the end of follow-up is common (VanderWeele & Ding 2017)."""

PER_DEVIATION = 0.91
"""A difference of one standard deviation is about as much as a risk ratio of exp(0.91)."""

LARGEST_LOG = 300.0

OF_LOG: dict[str, RatioScale] = {
    "log risk ratio": "risk ratio",
    "log hazard ratio": "hazard ratio",
    "log odds ratio": "odds ratio",
}


@dataclass(frozen=True, slots=True)
class EValue:
    """``point`` for the estimate, ``limit`` for the end of the interval nearest to no effect.

    Both are risk ratios of 1 or more; ``limit`` is 1 when the interval holds no effect, ``None`` when no
    interval was given. ``risk_ratio`` is the estimate as a risk ratio, ``common`` whether hazard or odds
    ratios were turned into it as for a common outcome (``None`` where that is no question).
    """

    point: float
    limit: float | None
    risk_ratio: float
    common: bool | None = None


def e_value(
    estimate: float,
    lower: float | None = None,
    upper: float | None = None,
    *,
    scale: RatioScale = "risk ratio",
    common: bool = True,
) -> EValue:
    """The least risk ratio that a hidden cause must have with treatment *and* with outcome, beyond what is
    adjusted for, to account for the whole estimate: RR + √(RR(RR − 1)), for ratios below 1 of 1/RR.

    VanderWeele & Ding (2017), Annals of Internal Medicine 167:268–274. ``estimate``, ``lower`` and ``upper``
    (95 %) are on ``scale``: ratios, or a difference in standard deviations of the outcome. Ratios of rare
    outcomes (``common=False``) stand for risk ratios; otherwise an odds ratio counts as its square root and
    a hazard ratio as (1 − 0.5^√HR)/(1 − 0.5^√(1/HR)), which gives the smaller E-value. A standardised
    difference d counts as exp(0.91 d).

    Raises ``ValueError`` for ratios not above zero, for numbers that are not finite, and for an interval
    that does not hold the estimate.
    """
    chosen("scale", scale, RatioScale)
    given = [estimate, *(end for end in (lower, upper) if end is not None)]
    if not all(isfinite(value) for value in given):
        raise ValueError("an E-value needs a finite estimate and finite ends of its interval")
    if scale != "standardised difference" and min(given) <= 0:
        raise ValueError(f"a {scale} must be above zero, got {min(given):g}; was its logarithm given?")
    if (lower is not None and lower > estimate) or (upper is not None and upper < estimate):
        raise ValueError(f"the estimate {estimate:g} is not between 'lower' and 'upper'")
    turn = _to_risk_ratio(scale, common=common)
    ends = (None if lower is None else turn(lower), None if upper is None else turn(upper))
    asked = common if scale in ("hazard ratio", "odds ratio") else None
    return _e_value(turn(estimate), *ends, asked)


def e_value_of(
    effect: Effect, *, common: bool | None = None, shares: bool | None = None, sd: float | None = None
) -> EValue:
    """The E-value of an estimate (see :func:`e_value`).

    Log ratios are raised to ratios; ``common`` says whether the outcome is common, by default what
    ``events_control`` says, and common when nobody counted. A difference in shares becomes the risk ratio
    (``mean_control`` + difference) / ``mean_control``; ``shares`` says that it is one, by default when the
    estimate counts events. A difference in amounts needs ``sd``, the standard deviation of the outcome in the
    outcome's unit.

    Raises ``ValueError`` for a scale no ratio can be made of, and where the shares give none (nobody among
    the controls has the outcome, or nobody would among the treated).
    """
    low, high = effect.interval
    if effect.scale in OF_LOG:
        if common is None:
            common = effect.events_control is None or effect.events_control / effect.n_control > COMMON
        # An interval that says nothing may reach further than a ratio can be written.
        ends = (exp(min(max(value, -LARGEST_LOG), LARGEST_LOG)) for value in (effect.estimate, low, high))
        return e_value(*ends, scale=OF_LOG[effect.scale], common=common)
    if effect.scale != "difference":
        raise ValueError(
            f"an E-value needs a ratio or a difference, outcome '{effect.outcome}' is a {effect.scale}"
        )
    if sd is not None:
        if not 0 < sd < inf:
            raise ValueError(f"'sd' must be a number above zero, got {sd:g}")
        return e_value(effect.estimate / sd, low / sd, high / sd, scale="standardised difference")
    if not (effect.events_control is not None if shares is None else shares):
        raise ValueError(
            f"outcome '{effect.outcome}' is an amount: give 'sd', its standard deviation (or shares=True)"
        )
    base = effect.mean_control
    if base is None or not 0 < base <= 1 or base + effect.estimate <= 0:
        raise ValueError(
            f"outcome '{effect.outcome}' gives no risk ratio: the share is {base} among the controls and "
            f"the difference {effect.estimate:g}"
        )
    # An end of the interval can lie below what a share can be: it is then further off than any ratio.
    return _e_value(1 + effect.estimate / base, max(1 + low / base, 0.0), 1 + high / base, None)


def _to_risk_ratio(scale: RatioScale, *, common: bool) -> Callable[[float], float]:
    """How a value on ``scale`` becomes a risk ratio; each keeps 1 (or a difference of 0) at 1."""
    if scale == "standardised difference":
        return lambda value: exp(PER_DEVIATION * value)
    if scale == "odds ratio" and common:
        return sqrt
    if scale == "hazard ratio" and common:
        return lambda value: expm1(-log(2) * sqrt(value)) / expm1(-log(2) * sqrt(1 / value))
    return lambda value: value


def _e_value(ratio: float, lower: float | None, upper: float | None, common: bool | None) -> EValue:
    nearest = lower if ratio >= 1 else upper
    limit = None
    if nearest is not None:
        # An end of the interval beyond 1 means that the interval holds no effect.
        limit = 1.0 if (nearest - 1) * (ratio - 1) <= 0 else _least(nearest)
    return EValue(_least(ratio), limit, ratio, common)


def _least(ratio: float) -> float:
    away = exp(abs(log(ratio)))
    return away + sqrt(away * max(away - 1, 0.0))
