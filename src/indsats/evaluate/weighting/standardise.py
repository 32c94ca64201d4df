"""Standardisation: what a model of the outcome says all would have had with, and without, treatment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..cautions import left_out
from ..design import design_matrix
from ..inputs import Frame, as_polars, columns_of, complete_rows, numbers, two_groups
from ..results import Effect, Estimand
from .influence import effect_of, read_clusters
from .outcomes import by_group, in_one_model, unadjustable


def standardise(
    df: Frame,
    outcome: str,
    treatment: str,
    covariates: Sequence[str],
    *,
    estimand: Estimand = "ATE",
    interactions: bool | Sequence[str] = True,
    cluster: str | None = None,
) -> Effect:
    """Everybody's mean predicted ``outcome`` with treatment minus without (regression adjustment, g-computation).

    τ = Σ_target [m₁(x) − m₀(x)] / n_target, m a least-squares model, or a logistic one when the outcome is only
    0 and 1 (the effect is then a difference of shares); the target is all (ATE), the treated (ATT) or the
    controls (ATC). Robins (1986), Mathematical Modelling 7:1393–1512; Stata's ``teffects ra``. With
    ``interactions`` each group has a model of its own; without, or only for the covariates named, there is one
    model of everybody. The error stacks the models' equations and the mean (M-estimation), so covariates count
    as drawn at random; by ``cluster`` if given. ``mean_treated`` and ``mean_control`` are the standardised
    means.

    Rows with a missing value are excluded and counted. Raises ``ValueError`` for empty groups, an outcome that
    does not vary, and columns that are redundant in a group or separate the outcomes, naming them.
    """
    df = as_polars(df)
    if estimand not in ("ATE", "ATT", "ATC"):
        raise ValueError(f"an estimand of standardisation is 'ATE', 'ATT' or 'ATC', not '{estimand}'")
    covariates = columns_of(covariates, outcome=outcome, treatment=treatment)
    complete = complete_rows(df, [treatment, outcome, *covariates, *([cluster] if cluster else [])])
    rows = complete.table
    treated, values = two_groups(rows, treatment), numbers(rows, outcome)
    design = design_matrix(rows, covariates)
    if interactions is True:
        one, two = by_group(design, values, treated)
    else:
        chosen = [] if interactions is False else columns_of(interactions, "interactions")
        if unknown := [name for name in chosen if name not in covariates]:
            raise ValueError(f"interactions must be among the covariates; '{unknown[0]}' is not")
        columns = design_matrix(rows, chosen, constant=False).names
        of_chosen = [design.names.index(name) for name in columns]
        one, two = in_one_model(design, values, treated, treatment, of_chosen)
    n = len(values)
    meant = {"ATT": treated, "ATC": ~treated}.get(estimand, np.ones(n, dtype=bool))
    share = meant / meant.mean()
    means = float((share * one.mean).mean()), float((share * two.mean).mean())
    estimate = means[0] - means[1]
    return effect_of(
        estimate=estimate,
        rows=share * (one.mean - two.mean - estimate) + one.carried(share) - two.carried(share),
        outcome=outcome,
        values=values,
        flags=treated,
        estimand=estimand,
        design="standardisation (regression adjustment); "
        + ("a model for each group" if interactions is True else "one model")
        + f" on {', '.join(covariates) or 'nothing'}",
        errors="M-estimation (HC0) of models and means together",
        clusters=read_clusters(rows, cluster),
        means=means,
        excluded=complete.excluded,
        diagnostics={},
        warnings=(*left_out(complete.excluded, df.height), *unadjustable(values, treated)),
    )
