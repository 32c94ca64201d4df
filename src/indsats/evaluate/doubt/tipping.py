"""Tipping points: how strong a hidden cause would have to be to take an estimate, or its interval, to zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt

import polars as pl
import scipy

from ..cautions import Caution, caution
from ..results import Effect

STEPS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5)

SCHEMA = {
    "imbalance": pl.Float64,
    "strength": pl.Float64,
    "estimate": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "overturned": pl.String,
}


@dataclass(frozen=True, slots=True)
class Robustness:
    """Shares (0 to 1) of the variation left in treatment, and of that left in the outcome, that a hidden cause must
    both explain: ``value`` takes the estimate to zero, ``limit`` the nearest end of its interval (0 when zero is
    inside). ``partial_r2`` is the share of the outcome's remaining variation that treatment explains.
    """

    value: float
    limit: float
    partial_r2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TippingPoint:
    """What a hidden yes-or-no cause must be like to overturn a difference.

    ``product`` is how large imbalance × strength has to be for the estimate to become zero, ``product_limit``
    for the nearest end of the interval (0 when the interval holds zero already): the imbalance is how much
    more usual the cause is in one group (0 to 1), its strength what it adds to the outcome in the outcome's
    unit. ``table`` (shares only, else ``None``) tries both: the ``estimate`` and interval that would be left,
    and what is ``overturned``: ``nothing``, ``interval`` or ``estimate``. ``robustness`` is there for
    least-squares estimates with classical errors, else ``None``.
    """

    product: float
    product_limit: float
    robustness: Robustness | None
    table: pl.DataFrame | None
    warnings: tuple[Caution, ...] = ()


def robustness_value(statistic: float, degrees: float) -> Robustness:
    """The robustness value of a least-squares coefficient, from its classical t and residual degrees of freedom.

    With f = |t|/√df: ½(√(f⁴ + 4f²) − f²); for the interval f is lessened by t₀.₉₇₅(df − 1)/√(df − 1), and where
    that bound is no longer the binding one (f above its inverse) (f² − f*²)/(1 + f²). Cinelli & Hazlett
    (2020), Journal of the Royal Statistical Society B 82:39–67. Raises ``ValueError`` for fewer than 2 degrees.
    """
    if not isfinite(statistic) or not degrees >= 2:
        raise ValueError("a robustness value needs a finite t statistic and at least 2 degrees of freedom")
    f = abs(statistic) / sqrt(degrees)
    least = float(scipy.stats.t.ppf(0.975, degrees - 1)) / sqrt(degrees - 1)
    if f <= least:
        limit = 0.0
    elif f > 1 / least:
        limit = (f**2 - least**2) / (1 + f**2)
    else:
        limit = _explained(f - least)
    return Robustness(_explained(f), limit, f**2 / (1 + f**2))


def tipping_point(
    effect: Effect, *, imbalances: Sequence[float] = STEPS, strengths: Sequence[float] = STEPS
) -> TippingPoint:
    """How much a hidden cause must differ between the groups, and matter to the outcome, to explain an effect away.

    The bias of a difference from a yes-or-no cause that works alike in both groups is imbalance × strength
    (VanderWeele & Arah 2011, Epidemiology 22:42–52). The cause is taken to work in the direction
    of the estimate. Raises ``ValueError`` for scales other than differences (see :func:`e_value_of`) and for
    imbalances or strengths outside 0 to 1.
    """
    if effect.scale != "difference":
        raise ValueError(f"a tipping point is about differences, not a {effect.scale}: use the E-value")
    if not all(0 <= step <= 1 for step in (*imbalances, *strengths)):
        raise ValueError("imbalances and strengths are shares between 0 and 1")
    low, high = effect.interval
    nearest = low if effect.estimate >= 0 else -high
    shares = effect.events_control is not None
    robustness, cautions = None, ()
    # Only the classical error belongs to the partial R²; a robust or clustered t says something else.
    if effect.statistic is not None and effect.df and effect.se_method.startswith("classical"):
        robustness = robustness_value(effect.statistic, effect.df)
    elif not shares:
        cautions = (_no_robustness(),)
    return TippingPoint(
        product=abs(effect.estimate),
        product_limit=max(nearest, 0.0),
        robustness=robustness,
        table=_grid(effect, imbalances, strengths) if shares else None,
        warnings=cautions,
    )


def _explained(f: float) -> float:
    return (sqrt(f**4 + 4 * f**2) - f**2) / 2


def _grid(effect: Effect, imbalances: Sequence[float], strengths: Sequence[float]) -> pl.DataFrame:
    sign = 1.0 if effect.estimate >= 0 else -1.0
    nearest = effect.interval.low if sign > 0 else -effect.interval.high
    bias = pl.col("imbalance") * pl.col("strength")
    tried = pl.DataFrame({"imbalance": imbalances}, schema={"imbalance": pl.Float64}).join(
        pl.DataFrame({"strength": strengths}, schema={"strength": pl.Float64}), how="cross"
    )
    return tried.with_columns(
        estimate=effect.estimate - sign * bias,
        lower=effect.interval.low - sign * bias,
        upper=effect.interval.high - sign * bias,
        overturned=pl.when(bias >= abs(effect.estimate))
        .then(pl.lit("estimate"))
        .when(bias >= nearest)
        .then(pl.lit("interval"))
        .otherwise(pl.lit("nothing")),
    ).select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())


def _no_robustness() -> Caution:
    return caution(
        "no-robustness-value",
        "note",
        "Hvor stor en del af variationen en skjult årsag skal forklare, kan kun regnes ud fra en almindelig regression "
        "med klassisk usikkerhed; den er ikke regnet her.",
        "What share of the variation a hidden cause must explain follows only from an ordinary regression with "
        "classical errors; it is not worked out here.",
    )
