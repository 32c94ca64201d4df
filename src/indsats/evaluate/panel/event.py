"""Event study: the difference between treated and others in every period around a common start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
import scipy

from ..cautions import Caution
from ..inputs import Floats, Frame, as_polars, complete_rows, numbers, two_groups
from ..results import Effect, infer
from .absorbed import AbsorbedRegression, SmallSample, estimate
from .cautions import clusters_of_groups, pre_trend, pre_trend_untested
from .prepare import cluster_names, prepare


@dataclass(frozen=True, slots=True, kw_only=True)
class EventStudy:
    """Differences by period.

    ``table``: ``period``, ``coef`` (0 in the reference period), ``se``, ``p``, ``lower``, ``upper``, and ``n``, the
    rows of treated in the period. ``pre_trend_statistic`` is the F of all coefficients before the start being zero,
    ``pre_trend_df`` its two degrees of freedom, ``pre_trend_p`` its p; ``None`` where it cannot be tested. ``average``
    is the plain mean of the coefficients from the start on, as an effect. ``fit`` is the regression behind them.
    """

    table: pl.DataFrame
    pre_trend_statistic: float | None
    pre_trend_df: tuple[float, float] | None
    pre_trend_p: float | None
    average: Effect
    fit: AbsorbedRegression
    n: int
    clusters: tuple[int, ...]
    df: float
    excluded: dict[str, int] = field(default_factory=dict)
    warnings: tuple[Caution, ...] = ()


def event_study(
    df: Frame,
    outcome: str,
    treatment: str,
    period: str,
    *,
    cluster: str | Sequence[str] | None,
    reference: float = -1,
    start: float = 0,
    covariates: Sequence[str] = (),
    absorb: Sequence[str] = (),
    weights: str | None = None,
    small_sample: SmallSample = "nonnested",
) -> EventStudy:
    """How treated and others differ in each period, less how they differed in the ``reference`` period.

    Y = Σ_p δ_p·treatment·1(period = p) + treatment·θ + period effects + X·β + e over all p but the reference. From
    ``start`` on δ_p is the effect in those treated (ATT) if both would have moved alike; before it δ_p should be zero,
    which an F (Wald) test on all of them together judges with (q, G − 1) degrees of freedom. ``treatment`` says who is
    ever treated (true/false), ``period`` is a number common to all rows: the start must be the same for everybody
    (otherwise :func:`group_time`). ``absorb`` adds columns beside the period, such as the unit, which then holds θ.
    Errors and ``cluster`` as in :func:`did`.

    Raises ``ValueError`` when the reference period has no rows of either group, when no period is left on either
    side of ``start`` to compare, and as :func:`absorbed_regression`.
    """
    df = as_polars(df)
    wanted = cluster_names(cluster)
    used = [treatment, period, outcome, *covariates, *absorb, *wanted, *([weights] if weights else [])]
    complete = complete_rows(df, used)
    treated = two_groups(complete.table, treatment)
    when = numbers(complete.table, period)
    periods = np.unique(when)
    shared = np.intersect1d(when[treated], when[~treated])
    if reference not in shared:
        raise ValueError(
            f"the reference period {reference:.15g} of column '{period}' needs rows of both groups; "
            f"both have rows in {', '.join(f'{p:.15g}' for p in shared) or 'no period'}"
        )
    if reference >= start:
        raise ValueError(f"the reference period ({reference:.15g}) must lie before the start ({start:.15g})")
    compared = [float(p) for p in shared if p != reference]
    if not any(p >= start for p in compared):
        raise ValueError(
            f"no period from {start:.15g} on has rows of both groups (columns '{period}', '{treatment}')"
        )
    # Periods that only one group has say nothing about the difference; their indicators hold them.
    names = [f"{treatment}:{period}={p:.15g}" for p in compared]
    table = complete.table.with_columns(
        pl.Series(treatment, treated),
        *(pl.Series(name, treated & (when == p)) for name, p in zip(names, compared, strict=True)),
    )
    only_one = np.isin(when, np.setdiff1d(periods, shared))
    excluded = dict(complete.excluded)
    rows = complete.rows
    if only_one.any():
        excluded[f"only one group in {period}"] = int(only_one.sum())
        table, rows = table.filter(pl.Series(~only_one)), rows[~only_one]
    ready = prepare(
        table,
        rows,
        df.height,
        excluded,
        outcome,
        [treatment, *names, *covariates],
        absorb=(period, *absorb),
        cluster=wanted,
        weights=weights,
        droppable=(treatment,),
    )
    fit = estimate(ready, small_sample=small_sample)
    site = numbers(ready.table, treatment) == 1
    warnings = ready.cautions
    if ready.clusters:
        one = min(ready.clusters, key=lambda factor: factor.count)
        inside, outside = len(np.unique(one.codes[site])), len(np.unique(one.codes[~site]))
        warnings = (*warnings, *clusters_of_groups(one.count, inside, outside))
    before = [name for name, p in zip(names, compared, strict=True) if p < start]
    statistic, degrees, p_before = _wald(fit, before)
    warnings = (*warnings, pre_trend_untested()) if p_before is None else (*warnings, *pre_trend(p_before))
    later = [name for name, p in zip(names, compared, strict=True) if p >= start]
    here = numbers(ready.table, period)
    counts = {p: int((site & (here == p)).sum()) for p in [*compared, float(reference)]}
    return EventStudy(
        table=_by_period(fit, dict(zip(names, compared, strict=True)), float(reference), counts),
        pre_trend_statistic=statistic,
        pre_trend_df=degrees,
        pre_trend_p=p_before,
        average=_average(fit, later, site & (here >= start), outcome, treatment, period, warnings),
        fit=fit,
        n=fit.n,
        clusters=fit.clusters,
        df=fit.df,
        excluded=fit.excluded,
        warnings=warnings,
    )


def _by_period(
    fit: AbsorbedRegression, terms: dict[str, float], reference: float, counts: dict[float, int]
) -> pl.DataFrame:
    found = (
        fit.table.filter(pl.col("term").is_in(list(terms)))
        .with_columns(period=pl.col("term").replace_strict(terms, return_dtype=pl.Float64))
        .select("period", "coef", "se", "p", "lower", "upper")
    )
    zero = pl.DataFrame({"period": [reference], "coef": [0.0]})
    return (
        pl.concat([found, zero], how="diagonal")
        .sort("period")
        .with_columns(n=pl.col("period").replace_strict(counts, return_dtype=pl.Int64))
    )


def _places(fit: AbsorbedRegression, terms: Sequence[str]) -> list[int]:
    order = fit.table["term"].to_list()
    return [order.index(term) for term in terms]


def _wald(
    fit: AbsorbedRegression, terms: Sequence[str]
) -> tuple[float | None, tuple[float, float] | None, float | None]:
    """F of all ``terms`` being zero, b'V⁻¹b / q; nothing when V cannot be inverted (as many terms as clusters)."""
    if not terms or len(terms) > fit.df:
        return None, None, None
    places = _places(fit, terms)
    b: Floats = fit.table["coef"].to_numpy()[places]
    covariance = fit.covariance[np.ix_(places, places)]
    if np.linalg.matrix_rank(covariance, hermitian=True) < len(terms):
        return None, None, None
    statistic = float(b @ np.linalg.solve(covariance, b)) / len(terms)
    degrees = (float(len(terms)), fit.df)
    return statistic, degrees, float(scipy.stats.f.sf(statistic, *degrees))


def _average(
    fit: AbsorbedRegression,
    terms: Sequence[str],
    treated_after: np.ndarray,
    outcome: str,
    treatment: str,
    period: str,
    warnings: tuple[Caution, ...],
) -> Effect:
    places = _places(fit, terms)
    share = np.full(len(places), 1 / len(places))
    value = float(share @ fit.table["coef"].to_numpy()[places])
    se = float(np.sqrt(share @ fit.covariance[np.ix_(places, places)] @ share))
    drawn = infer(outcome, value, se, fit.df)
    return Effect(
        estimand="ATT",
        estimate=value,
        se=se,
        interval=drawn.interval,
        p=drawn.p,
        n_treated=int(treated_after.sum()),
        n_control=int((~treated_after).sum()),
        n_clusters=min(fit.clusters) if fit.clusters else None,
        outcome=outcome,
        design=f"event study, '{treatment}' by '{period}': mean of {len(places)} periods from the start on",
        se_method=fit.se_method,
        statistic=drawn.statistic,
        df=fit.df,
        excluded=fit.excluded,
        warnings=warnings,
        table=fit.table,
    )
