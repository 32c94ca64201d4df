"""The effect on the matched treated, with errors that know who was matched with whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ..cautions import Caution, controls_reused, left_out
from ..design import design_matrix
from ..inputs import Flags, Floats, complete_rows, numbers, yes_no
from ..regression import LeastSquares, least_squares
from ..results import Effect, infer
from .abadie_imbens import abadie_imbens_variance
from .nearest import Indices
from .sample import Sample

Errors = Literal["cluster", "hc1", "abadie-imbens"]


def matched_effect(
    sample: Sample,
    table: pl.DataFrame,
    outcome: str,
    covariates: Sequence[str],
    errors: Errors | None,
    method: str,
    warnings: tuple[Caution, ...],
) -> Effect:
    """The effect on the matched treated, in the unit of ``outcome``.

    Weighted least squares of the outcome on treatment and ``covariates`` in the matched rows; without
    covariates that is the mean of the treated minus the weighted mean of their controls. ``errors``:

    - ``"cluster"`` (the default): by pair or cell, CRV1 with the factor G/(G−1)·(n−1)/(n−k) (Abadie & Spiess
      2022, JASA; R's ``sandwich::vcovCL(type = "HC1")``). With replacement by pair and by person (Cameron,
      Gelbach & Miller 2011, JBES), or by pair alone where that sum is not positive.
    - ``"hc1"``: of rows.
    - ``"abadie-imbens"``: for matching with replacement, without covariates; see
      :func:`abadie_imbens_variance`. The normal distribution is used.

    Rows without outcome or covariate are left out and counted; the weights of those left in a pair or cell are
    made to fit again, and pairs that lack a side are left out as ``partner missing``. Raises ``ValueError``
    for fewer than two pairs, an outcome that does not vary, a column that is constant or a combination of
    others, and errors that do not fit the matching.
    """
    errors = errors or "cluster"
    if errors not in ("cluster", "hc1", "abadie-imbens"):
        raise ValueError(f"errors are 'cluster', 'hc1' or 'abadie-imbens', not '{errors}'")
    used = _read(table, sample.treatment, outcome, covariates)
    adjustment = design_matrix(used.table, covariates, constant=False)
    matrix = np.column_stack([np.ones(len(used.values)), used.treated.astype(np.float64), adjustment.matrix])
    names = ("constant", sample.treatment, *adjustment.names)
    people = np.unique(used.table["row"].to_numpy(), return_inverse=True)[1]
    fit = least_squares(matrix, used.values, names, se="hc1", weights=used.weight)
    estimate = float(fit.coefficients[1])
    if np.abs(fit.residuals).max() <= 1e-12 * np.abs(used.values).max():
        infer(outcome, estimate, 0.0)  # says that nothing varies: what is left is rounding
    degrees: float | None
    if errors == "abadie-imbens":
        if covariates:
            raise ValueError("Abadie–Imbens errors are for the difference without covariates")
        variance, se_method = abadie_imbens_variance(sample, used, outcome, estimate)
        degrees = None
    elif errors == "hc1":
        variance, degrees = float(fit.covariance[1, 1]), fit.df
        se_method = "heteroskedasticity-robust HC1, t with n − k degrees of freedom"
    else:
        variance, degrees, se_method = _clustered(matrix, names, used, people, fit)
    drawn = infer(outcome, estimate, sqrt(variance), degrees)
    reused = sample.space is not None and sample.replace
    n_control = len(np.unique(people[~used.treated]))
    n_pairs = int(used.pair.max()) + 1
    yes = (
        bool(((used.values == 0) | (used.values == 1)).all())
        and bool((used.weight == 1).all())
        and not reused
    )
    return Effect(
        estimand="ATT",
        estimate=estimate,
        se=sqrt(variance),
        interval=drawn.interval,
        p=drawn.p,
        n_treated=int(used.treated.sum()),
        n_control=n_control,
        n_clusters=n_pairs if errors == "cluster" else None,
        outcome=outcome,
        design=method + (f"; adjusted for {', '.join(covariates)}" if covariates else ""),
        se_method=se_method,
        statistic=drawn.statistic,
        df=degrees,
        mean_treated=float(used.values[used.treated].mean()),
        mean_control=float(np.average(used.values[~used.treated], weights=used.weight[~used.treated])),
        events_treated=int(used.values[used.treated].sum()) if yes else None,
        events_control=int(used.values[~used.treated].sum()) if yes else None,
        excluded=used.excluded,
        diagnostics={"pairs" if sample.space is not None else "cells": n_pairs},
        warnings=(
            *warnings,
            *left_out(used.excluded, table.height),
            *((controls_reused(n_control, n_pairs),) if reused and n_control < (~used.treated).sum() else ()),
        ),
    )


@dataclass(frozen=True, slots=True)
class Used:
    """The matched rows with an outcome; ``pair`` counts from 0, ``weight`` is 1 for treated."""

    table: pl.DataFrame
    values: Floats
    treated: Flags
    pair: Indices
    weight: Floats
    excluded: dict[str, int]


def _read(table: pl.DataFrame, treatment: str, outcome: str, covariates: Sequence[str]) -> Used:
    """The rows of whole pairs, the controls of each weighing as much as its treated."""
    complete = complete_rows(table, [outcome, *covariates])
    excluded = dict(complete.excluded)
    flags, pair = yes_no(complete.table, treatment), complete.table["pair"].to_numpy()
    n_treated, n_control = np.bincount(pair, weights=flags), np.bincount(pair, weights=~flags)
    whole = ((n_treated > 0) & (n_control > 0))[pair]
    if not whole.any():
        raise ValueError(f"no pair has both a treated and a control with a value in '{outcome}'")
    if not whole.all():
        excluded["partner missing"] = int((~whole).sum())
    share = n_treated / np.maximum(n_control, 1)
    return Used(
        table=complete.table.filter(pl.Series(whole)),
        values=numbers(complete.table, outcome)[whole],
        treated=flags[whole],
        pair=np.unique(pair[whole], return_inverse=True)[1],
        weight=np.where(flags, 1.0, share[pair])[whole],
        excluded=excluded,
    )


def _clustered(
    matrix: Floats, names: Sequence[str], used: Used, people: NDArray[np.int64], rows: LeastSquares
) -> tuple[float, float, str]:
    """The variance clustered by pair, and by person where controls serve in several pairs."""

    def by(clusters: NDArray[np.int64]) -> LeastSquares:
        return least_squares(matrix, used.values, names, se="cluster", clusters=clusters, weights=used.weight)

    pairs = by(used.pair)
    by_pair = float(pairs.covariance[1, 1])
    if len(np.unique(people)) == len(people):
        return by_pair, pairs.df, "cluster-robust by pair (CRV1), t with pairs − 1 degrees of freedom"
    twice = by_pair + float(by(people).covariance[1, 1]) - float(rows.covariance[1, 1])
    controls = len(np.unique(people[~used.treated]))
    name = "cluster-robust by pair and by person (controls used more than once), t with clusters − 1 df"
    # The two-way sum is not always positive in small samples; the pairs alone are then the better bound.
    return twice if twice > 0 else by_pair, float(max(min(pairs.df, controls - 1), 1)), name
