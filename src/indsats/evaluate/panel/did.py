"""Difference in differences over a repeated cross-section, and the same before anything began (placebo)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl

from ..cautions import Caution, left_out
from ..inputs import Flags, Floats, Frame, as_polars, columns_of, complete_rows, numbers, two_groups, yes_no
from ..results import Diagnostic, Effect, Interval
from .absorb import Factor
from .absorbed import Independent, SmallSample, estimate
from .cautions import clusters_of_groups, placebo_effect
from .prepare import cluster_names, prepare


def did(
    df: Frame,
    outcome: str,
    site_treated: str,
    after: str,
    *,
    cluster: str | Sequence[str] | None,
    covariates: Sequence[str] = (),
    absorb: Sequence[str] = (),
    weights: str | None = None,
    small_sample: SmallSample = "nonnested",
    se: Independent = "hc1",
) -> Effect:
    """How much more ``outcome`` changed where there was treatment than where there was not.

    Y = X·β + after·γ + site_treated·θ + (site_treated·after)·δ + e, fitted by least squares; δ is the average effect
    in those treated (ATT) if both groups would have changed alike without treatment. ``df`` has a row per person, who
    need not be seen twice (repeated cross-section); ``site_treated`` and ``after`` are true/false or 0/1. Columns in
    ``absorb`` enter by an indicator per level; a main effect they already hold leaves the regression.

    ``cluster`` must be named, or ``None`` for independent rows: errors as in :func:`absorbed_regression`. ``table``
    holds the coefficients, the product as ``site_treated:after``. ``n_treated`` counts rows of treated sites after,
    ``n_control`` all others; ``mean_treated`` is the mean of the former and ``mean_control`` what it would have been
    without the effect (``mean_treated − estimate``). ``diagnostics`` has mean and rows of the four cells.

    Raises ``ValueError`` for groups that are constant, an empty cell of the four, a product that the absorbed levels
    hold or that combines other columns, fewer than two clusters, and an outcome without variation to judge by.
    """
    df = as_polars(df)
    covariates = columns_of(covariates, outcome=outcome, treatment=site_treated)
    absorb = columns_of(absorb, "absorb", outcome=outcome)
    wanted = cluster_names(cluster)
    product = f"{site_treated}:{after}"
    used = [site_treated, after, outcome, *covariates, *absorb, *wanted, *([weights] if weights else [])]
    if product in used:
        raise ValueError(f"column '{product}' must be called something else: the product has that name")
    complete = complete_rows(df, used)
    site = two_groups(complete.table, site_treated)
    later = yes_no(complete.table, after)
    for words, group in _cells(site, later).items():
        if not group.any():
            raise ValueError(
                f"there is no complete row of {words} (columns '{site_treated}' and '{after}'): "
                "a difference in differences needs all four groups"
            )
    table = complete.table.with_columns(
        pl.Series(site_treated, site), pl.Series(after, later), pl.Series(product, site & later)
    )
    ready = prepare(
        table,
        complete.rows,
        df.height,
        complete.excluded,
        outcome,
        [site_treated, after, product, *covariates],
        absorb=absorb,
        cluster=wanted,
        weights=weights,
        droppable=(site_treated, after),
    )
    fit = estimate(ready, small_sample=small_sample, se=se)
    row = fit.row(product)
    site, later = yes_no(ready.table, site_treated), yes_no(ready.table, after)
    values = numbers(ready.table, outcome)
    cells = _cells(site, later)
    treated = site & later
    mean = _mean(values, treated, ready.weights)
    warnings = ready.cautions
    diagnostics: dict[str, Diagnostic] = {}
    for words, group in cells.items():
        diagnostics[f"mean {words}"] = _mean(values, group, ready.weights) if group.any() else None
        diagnostics[f"rows {words}"] = int(group.sum())
    if ready.clusters:
        told, counts = _clusters(ready.clusters, site)
        warnings = (*warnings, *told)
        diagnostics |= counts
    binary = bool(((values == 0) | (values == 1)).all())
    return Effect(
        estimand="ATT",
        estimate=row["coef"],
        se=row["se"],
        interval=Interval(row["lower"], row["upper"]),
        p=row["p"],
        n_treated=int(treated.sum()),
        n_control=int((~treated).sum()),
        n_clusters=min(fit.clusters) if fit.clusters else None,
        outcome=outcome,
        design=("weighted " if weights else "")
        + f"difference in differences, '{site_treated}' by '{after}'"
        + (f", adjusted for {', '.join(covariates)}" if covariates else "")
        + (f", within levels of {', '.join(absorb)}" if absorb else ""),
        se_method=fit.se_method,
        statistic=row["t"],
        df=fit.df,
        mean_treated=mean,
        mean_control=mean - row["coef"],
        events_treated=int(values[treated].sum()) if binary else None,
        events_control=int(values[~treated].sum()) if binary else None,
        excluded=fit.excluded,
        diagnostics=diagnostics,
        warnings=(*warnings, *(w for w in fit.warnings if w.code in ("no-error", "two-way-repaired"))),
        table=fit.table,
    )


def placebo(
    df: Frame,
    outcome: str,
    site_treated: str,
    period: str,
    start: float | date,
    fake_start: float | date,
    *,
    cluster: str | Sequence[str] | None,
    covariates: Sequence[str] = (),
    absorb: Sequence[str] = (),
    weights: str | None = None,
    small_sample: SmallSample = "nonnested",
    se: Independent = "hc1",
) -> Effect:
    """The same difference in differences as if treatment had begun at ``fake_start``, before it did at ``start``.

    Only rows with ``period`` before ``start`` are used, so there is nothing to find: an estimate away from zero says
    that the groups did not change alike (``placebo-effect``). ``period`` may be numbers or dates. ``table`` calls the
    second half ``after``. The estimand is ``association``. Raises ``ValueError`` as :func:`did`, and unless
    ``fake_start`` lies before ``start`` with rows on both sides of it.
    """
    df = as_polars(df)
    covariates = columns_of(covariates, outcome=outcome, treatment=site_treated)
    absorb = columns_of(absorb, "absorb", outcome=outcome)
    wanted = cluster_names(cluster)
    used = [period, site_treated, outcome, *covariates, *absorb, *wanted, *([weights] if weights else [])]
    complete = complete_rows(df, used)
    try:
        right_order = bool(fake_start < start)  # type: ignore[operator]
        before = complete.table.filter(pl.col(period) < start)
        shares = before.select(pl.col(period) >= fake_start).to_series()
    except (pl.exceptions.PolarsError, TypeError):
        raise ValueError(
            f"'start' and 'fake_start' must be of the kind of column '{period}', "
            f"which is {complete.table[period].dtype}"
        ) from None
    if not right_order:
        raise ValueError(f"the fake start ({fake_start}) must lie before the start ({start})")
    if not shares.any() or shares.all():
        raise ValueError(
            f"column '{period}' has no rows {'from' if not shares.any() else 'before'} the fake start "
            f"({fake_start}) within the time before the start ({start})"
        )
    if "after" in used:
        raise ValueError(
            "column 'after' must be called something else: the placebo makes a column of that name"
        )
    effect = did(
        before.with_columns(after=shares),
        outcome,
        site_treated,
        "after",
        cluster=wanted,
        covariates=covariates,
        absorb=absorb,
        weights=weights,
        small_sample=small_sample,
        se=se,
    )
    outside = complete.table.height - before.height
    return replace(
        effect,
        estimand="association",
        design=f"placebo: {effect.design}; '{period}' from {fake_start} to before {start}",
        excluded={**complete.excluded, f"{period} from {start} on": outside, **effect.excluded},
        warnings=(*left_out(complete.excluded, df.height), *effect.warnings, *placebo_effect(effect.p)),
    )


def _cells(site: Flags, later: Flags) -> dict[str, Flags]:
    return {
        "treated sites before": site & ~later,
        "treated sites after": site & later,
        "other sites before": ~site & ~later,
        "other sites after": ~site & later,
    }


def _mean(values: Floats, group: Flags, weights: Floats | None) -> float:
    return float(np.average(values[group], weights=None if weights is None else weights[group]))


def _clusters(clusters: Sequence[Factor], site: Flags) -> tuple[tuple[Caution, ...], dict[str, Diagnostic]]:
    """Cautions and counts from the cluster column with fewest clusters."""
    one = min(clusters, key=lambda factor: factor.count)
    treated = len(np.unique(one.codes[site]))
    control = len(np.unique(one.codes[~site]))
    return clusters_of_groups(one.count, treated, control), {
        "clusters with treated rows": treated,
        "clusters with other rows": control,
    }
