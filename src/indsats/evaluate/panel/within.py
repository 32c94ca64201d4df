"""The effect of treatment in a regression within absorbed levels, told as every other effect."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..cautions import FEW_CLUSTERS, few_clusters
from ..inputs import Frame, as_polars, numbers, yes_no
from ..results import Effect, Interval
from .absorbed import absorbed_regression


def regression_within(
    df: Frame,
    outcome: str,
    treatment: str,
    covariates: Sequence[str] = (),
    *,
    absorb: Sequence[str],
    cluster: str | None = None,
) -> Effect:
    """The coefficient of ``treatment`` beside ``covariates`` and an indicator for each level of ``absorb``.

    Estimand: the average effect within levels, weighted by how much treatment varies in them, if nothing but
    ``covariates`` and the levels decides both treatment and outcome. Errors as in :func:`absorbed_regression`;
    ``mean_treated`` and ``mean_control`` are unadjusted. Raises what it raises, and ``ValueError`` for a treatment
    that is not true/false or 0/1.
    """
    df = as_polars(df)
    fit = absorbed_regression(df, outcome, [treatment, *covariates], absorb=absorb, cluster=cluster)
    row = fit.row(treatment)
    used = df[fit.rows]
    flags, values = yes_no(used, treatment), numbers(used, outcome)
    binary = bool(np.isin(values, (0, 1)).all())
    warnings = fit.warnings
    n_clusters = min(fit.clusters) if fit.clusters else None
    told = {caution.code for caution in warnings}
    if (
        cluster is not None
        and n_clusters is not None
        and n_clusters < FEW_CLUSTERS
        and "few-clusters" not in told
    ):
        warnings = (*warnings, few_clusters(n_clusters, used.filter(flags)[cluster].n_unique()))
    return Effect(
        estimand="ATE",
        estimate=row["coef"],
        se=row["se"],
        interval=Interval(row["lower"], row["upper"]),
        p=row["p"],
        n_treated=int(flags.sum()),
        n_control=int((~flags).sum()),
        n_clusters=n_clusters,
        outcome=outcome,
        design="least-squares regression"
        + (f", adjusted for {', '.join(covariates)}" if covariates else "")
        + f", within levels of {', '.join(absorb)}",
        se_method=fit.se_method,
        statistic=row["t"],
        df=fit.df,
        mean_treated=float(values[flags].mean()),
        mean_control=float(values[~flags].mean()),
        events_treated=int(values[flags].sum()) if binary else None,
        events_control=int(values[~flags].sum()) if binary else None,
        excluded=fit.excluded,
        warnings=warnings,
        table=fit.table,
    )
