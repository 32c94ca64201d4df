"""Restricted mean time: how many weeks people wait on average within a horizon, and the difference treatment makes."""

from __future__ import annotations

from math import isfinite, sqrt

import numpy as np
import polars as pl

from ..cautions import left_out
from ..inputs import Frame, as_polars, two_groups
from ..results import Z95, Effect, infer
from .curves import Waits, kaplan_meier, labelled, read_waits

_SCHEMA = {
    "horizon": pl.Float64,
    "n": pl.Int64,
    "events": pl.Int64,
    "mean": pl.Float64,
    "se": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
}


def restricted_mean(
    df: Frame, duration: str, event: str, by: str | None = None, *, horizon: float
) -> pl.DataFrame:
    """The mean time without the event within the first ``horizon`` weeks, for all or each value of ``by``.

    The area under the Kaplan-Meier curve from 0 to ``horizon`` (Irwin 1949, Journal of Hygiene), in the unit of
    ``duration``: who is still waiting then counts with ``horizon``. ``se`` = √ Σ A(t)² d / (n (n − d)), A(t) being
    the area from t on (Royston & Parmar 2013, BMC Medical Research Methodology 13:152; R: ``survRM2``).

    Columns: ``group`` (only with ``by``), ``horizon``, ``n``, ``events`` (to the horizon), ``mean``, ``se``, ``lower``,
    ``upper`` (95 %, normal). Where nobody, or everybody at one time, has the event, there is no error to give: the
    last three are null.

    Rows with a missing value are left out (:func:`missing_rows` counts them). Raises ``ValueError`` for a horizon that
    is not above 0 and for one beyond the last time of a group in which somebody still waits then, where the curve
    is not known; the message says which horizon is possible. Raises also as :func:`kaplan_meier` does.
    """
    df = as_polars(df)
    return _means(read_waits(df, duration, event, by), duration, event, by, horizon)


def restricted_mean_difference(
    df: Frame, duration: str, event: str, treatment: str, *, horizon: float
) -> Effect:
    """The restricted mean time among treated minus that among controls, in the unit of ``duration`` (weeks).

    Estimand: the average effect on min(wait, ``horizon``) where treatment was drawn at random; below zero the treated
    leave sooner. Needs no proportional hazards. Each mean and its error are those of :func:`restricted_mean`, the
    errors of the two groups are independent, and the interval and p are by the normal distribution.
    ``diagnostics`` holds the ``horizon``; ``events_*`` count events to the horizon.

    Rows with a missing value are excluded and counted. Raises ``ValueError`` for empty groups, for a horizon beyond
    the shorter group's last time (saying which is possible), and when no wait in either group varies before it.
    """
    df = as_polars(df)
    waits = read_waits(df, duration, event, treatment)
    flags = two_groups(waits.table, treatment)
    control, treated = _means(waits, duration, event, treatment, horizon).iter_rows(named=True)
    se = sqrt((treated["se"] or 0.0) ** 2 + (control["se"] or 0.0) ** 2)
    if not se > 0:
        raise ValueError(
            f"waits in column '{duration}' do not vary within the groups before {horizon:g}: "
            "there is no standard error to give"
        )
    difference = treated["mean"] - control["mean"]
    drawn = infer(duration, difference, se)
    return Effect(
        estimand="ATE",
        estimate=difference,
        se=se,
        interval=drawn.interval,
        p=drawn.p,
        n_treated=int(flags.sum()),
        n_control=int((~flags).sum()),
        outcome=duration,
        design=f"difference in restricted mean time to {horizon:g}",
        se_method="Greenwood-type variance of the area under the Kaplan-Meier curve, normal distribution",
        statistic=drawn.statistic,
        mean_treated=treated["mean"],
        mean_control=control["mean"],
        events_treated=treated["events"],
        events_control=control["events"],
        excluded=waits.excluded,
        diagnostics={"horizon": float(horizon)},
        warnings=left_out(waits.excluded, df.height),
    )


def _means(waits: Waits, duration: str, event: str, by: str | None, horizon: float) -> pl.DataFrame:
    if not (isfinite(horizon) and horizon > 0):
        raise ValueError(f"the horizon must be a number above 0, it is {horizon}")
    curves = kaplan_meier(waits.table, duration, event, by)
    parts = [curves] if by is None else curves.partition_by("group", maintain_order=True)
    longest = min((_known_until(part) for part in parts), default=0.0)
    if horizon > longest:
        raise ValueError(
            f"horizon {horizon:g} is beyond the last time observed in column '{duration}'"
            f"{'' if by is None else f' in the shortest group of column {by!r}'}: give at most {longest:g}"
        )
    return labelled([_mean(part, float(horizon)) for part in parts], waits.labels if by else None)


def _known_until(curve: pl.DataFrame) -> float:
    """The last time the curve is known to: for ever when nobody is left waiting."""
    return float("inf") if curve["survival"][-1] == 0 else float(curve["time"][-1])


def _mean(curve: pl.DataFrame, horizon: float) -> pl.DataFrame:
    """The area under one curve to the horizon, with its error."""
    steps = curve.filter(pl.col("time") < horizon)
    n, d, survival = (steps[name].to_numpy().astype(np.float64) for name in ("at_risk", "events", "survival"))
    areas = survival * np.diff(np.append(steps["time"].to_numpy(), horizon))
    rest = areas[::-1].cumsum()[::-1]
    # Once nobody is left the area is 0, and so is what that last step adds to the variance.
    alive = n > d
    se = sqrt(float((rest**2 * np.divide(d, n * (n - d), out=np.zeros_like(d), where=alive)).sum()))
    mean = float(areas.sum())
    row = {
        "horizon": horizon,
        "n": int(n[0]),
        "events": int(curve.filter(pl.col("time") <= horizon)["events"].sum()),
        "mean": mean,
        **({"se": se, "lower": mean - Z95 * se, "upper": mean + Z95 * se} if se > 0 else {}),
    }
    return pl.DataFrame([row], schema=_SCHEMA)
