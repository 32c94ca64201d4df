"""Weighting: controls (or both groups) are given weights under which the groups are alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import polars as pl

from ..cautions import Caution, left_out
from ..design import design_matrix, standardised
from ..inputs import Frame, as_polars, columns_of, complete_rows, missing_values, numbers, two_groups
from ..matching import effective_size
from ..matching.balance import balance_twice
from ..regression import least_squares
from ..results import Effect, Estimand
from .doubts import extreme_weights, imbalance, overlap, trimmed
from .influence import Ingredient, effect_of, read_clusters
from .propensity import Link, propensity
from .weights import Weights, by_subclass, entropy_balanced, inverse_probability, reach

Method = Literal["propensity", "entropy", "overlap", "subclass"]
Errors = Literal["estimated", "robust"]

ERRORS: dict[Errors, str] = {
    "estimated": "M-estimation (HC0) that allows for the weights being estimated",
    "robust": "heteroskedasticity-robust (HC0), weights taken as known",
}
"""What :attr:`Effect.se_method` says first."""

UNLIKE = 0.1
"""Standardised differences above this are worth a caution (Stuart, Lee & Leacy 2013)."""


@dataclass(frozen=True, slots=True)
class Weighting:
    """Weights and everything needed to judge them; the outcome comes afterwards, in :meth:`effect`.

    ``weights``: ``row`` (position in the table given, from 0), ``treated``, ``weight``, ``score`` (estimated
    chance of treatment, null for entropy balancing), and ``subclass`` where there are any. ``balance`` has the
    columns of a :class:`Match`'s: each measure before and, ending in ``_matched``, after weighting, with the
    deviation among the treated before weighting as denominator. ``effective_treated`` and
    ``effective_control`` are Kish's effective sizes. ``excluded`` counts rows left out by reason, and
    ``method`` says in words what was done.
    """

    weights: pl.DataFrame
    balance: pl.DataFrame
    estimand: Estimand
    n_treated: int
    n_control: int
    effective_treated: float
    effective_control: float
    excluded: Mapping[str, int]
    method: str
    warnings: tuple[Caution, ...]
    _rows: pl.DataFrame = field(repr=False)
    _given: int = field(repr=False)
    _ingredients: tuple[Ingredient, ...] | None = field(repr=False)

    def effect(
        self,
        outcome: str,
        *,
        covariates: Sequence[str] = (),
        cluster: str | None = None,
        errors: Errors | None = None,
    ) -> Effect:
        """The weighted mean ``outcome`` of the treated minus that of the controls, in the outcome's unit.

        With ``covariates`` it is the coefficient of treatment in a weighted least-squares regression on them.
        ``errors="estimated"`` (default, where weights are a smooth function of estimates) stacks the equations
        of the weights and of the outcome (Lunceford & Davidian 2004, Statistics in Medicine 23:2937–2960; Stata's
        ``teffects ipw``); ``"robust"`` takes weights as known, which is usually, though not always, too wide
        for the ATE, and is the only choice (and default) for subclasses. Rows without the outcome or covariates
        are excluded and counted. ``mean_treated`` and ``mean_control`` are weighted and unadjusted. Raises
        ``ValueError`` for a group without outcomes, for an outcome that does not vary, redundant covariates, and
        a ``cluster`` column with missing values or one cluster.
        """
        errors = errors or ("robust" if self._ingredients is None else "estimated")
        if errors not in ERRORS:
            raise ValueError(f"errors are 'estimated' or 'robust', not '{errors}'")
        if errors == "estimated" and self._ingredients is None:
            raise ValueError("subclasses allow no error for estimated weights: use errors='robust'")
        if cluster is not None and cluster not in self._rows.columns:
            raise ValueError(f"the table has no column '{cluster}'")
        if cluster and (lost := int(missing_values(self._rows[cluster]).sum())):
            raise ValueError(f"column '{cluster}' lacks a value in {lost} of the weighted rows: fill it in")
        known = complete_rows(self._rows, [outcome, *covariates])
        treated = self.weights["treated"].to_numpy()[known.rows]
        two_groups(pl.DataFrame({"treated": treated}), "treated")
        values, n = numbers(known.table, outcome), self._rows.height
        weight = self.weights["weight"].to_numpy()[known.rows]
        added = design_matrix(known.table, covariates, constant=False)
        t = treated.astype(np.float64)
        fit = least_squares(
            np.column_stack([np.ones(len(t)), t, added.matrix]),
            values,
            ("constant", "treatment", *added.names),
            weights=weight,
        )
        # Shifting and scaling covariates leaves the coefficient of treatment alone and the numbers small.
        regressors = np.column_stack([np.ones(len(t)), t, standardised(added.matrix)[0]])
        bread = np.linalg.inv(regressors.T @ (regressors * weight[:, None]))[1]
        pull = regressors @ bread * fit.residuals * n
        moved = np.zeros(n)
        moved[known.rows] = pull * weight
        if errors == "estimated":
            sensitivity = np.zeros(n)
            sensitivity[known.rows] = pull
            for ingredient in self._ingredients or ():
                moved += ingredient.carried(sensitivity)
        means = (
            float(np.average(values[treated], weights=weight[treated])),
            float(np.average(values[~treated], weights=weight[~treated])),
        )
        return effect_of(
            estimate=float(fit.coefficients[1]),
            rows=moved,
            outcome=outcome,
            values=values,
            flags=treated,
            estimand=self.estimand,
            design=self.method + (f"; adjusted for {', '.join(covariates)}" if covariates else ""),
            errors=ERRORS[errors],
            clusters=read_clusters(self._rows, cluster),
            means=means,
            excluded={**self.excluded, **known.excluded},
            diagnostics={
                "effective_treated": effective_size(weight[treated]),
                "effective_control": effective_size(weight[~treated]),
                "largest_weight": float(weight.max()),
            },
            warnings=(*self.warnings, *left_out(known.excluded, self._given)),
        )


def weigh(
    df: Frame,
    treatment: str,
    covariates: Sequence[str],
    *,
    method: Method = "propensity",
    estimand: Estimand | None = None,
    subclasses: int = 6,
    trim: float | None = None,
    stabilised: bool = False,
    link: Link = "logit",
) -> Weighting:
    """Weights under which treated and controls have the same ``covariates``; none is chosen by the outcome.

    - ``"propensity"``: inverse probability weights from a logistic (or ``link="probit"``) regression;
    - ``"entropy"``: entropy balancing (Hainmueller 2012, Political Analysis 20:25–46), exactly equal means;
    - ``"overlap"``: weights e(1 − e) for the effect in those who could be either (Li, Morgan & Zaslavsky 2018);
    - ``"subclass"``: ``subclasses`` quantile classes of the score, as MatchIt.

    ``estimand`` is the effect in the treated (``"ATT"``, default), in all (``"ATE"``) or in the controls
    (``"ATC"``); overlap weights are always ``"ATO"``. Weights are 1 for the treated (ATT) or controls (ATC)
    themselves. ``trim`` (below 0.5) leaves out rows whose score is under ``trim`` (not for the ATT) or over
    1 − ``trim`` (not for the ATC), and fits the score again on the rest, to whom the effect then applies
    (Crump et al. 2009, Biometrika 96:187–199); errors take that choice as given. ``stabilised`` multiplies ATE
    weights by the group's share, which changes no difference in weighted means. Nothing beyond the means of
    ``covariates`` (and, for scores, the model) is balanced: give squares as columns of their own.

    Rows without treatment or a covariate are excluded and counted. Raises ``ValueError`` for empty groups,
    columns that are redundant or separate the groups, entropy balancing without a solution, subclasses without
    a group, and settings that do not fit together.
    """
    df = as_polars(df)
    covariates = columns_of(covariates, treatment=treatment)
    meant = _check_settings(covariates, method, estimand, subclasses, trim, stabilised=stabilised, link=link)
    complete = complete_rows(df, [treatment, *covariates])
    rows, positions, excluded = complete.table, complete.rows, dict(complete.excluded)
    treated = two_groups(rows, treatment)
    cautions = [*left_out(excluded, df.height)]
    if trim is not None:
        score = propensity(design_matrix(rows, covariates), treated, link).score
        low, high = reach(trim, meant)
        keep = (score >= low) & (score <= high)
        if not keep.all():
            excluded[f"score outside {low:g} to {high:g}"] = int((~keep).sum())
            lost = int((~keep & treated).sum()), int((~keep & ~treated).sum())
            cautions += trimmed(*lost, len(keep), (low, high))
        rows, positions = rows.filter(pl.Series(keep)), positions[keep]
        treated = two_groups(rows, treatment)
    design = design_matrix(rows, covariates)
    score, subclass = None, None
    if method == "entropy":
        weights = entropy_balanced(design, treated, meant)
    else:
        model = propensity(design, treated, link)
        score = model.score
        cautions += overlap(score, treated, meant)
        if method == "subclass":
            values, subclass = by_subclass(score, treated, meant, subclasses)
            weights = Weights(values, None)
        else:
            weights = inverse_probability(model, treated, meant, stabilised=stabilised)
    compared = balance_twice(rows, covariates, treated, weights.values)
    table = pl.DataFrame(
        {"row": positions, "treated": treated, "weight": weights.values, "score": score},
        schema_overrides={"score": pl.Float64},
    )
    return Weighting(
        weights=table if subclass is None else table.with_columns(subclass=pl.Series(subclass)),
        balance=compared,
        estimand=meant,
        n_treated=int(treated.sum()),
        n_control=int((~treated).sum()),
        effective_treated=effective_size(weights.values[treated]),
        effective_control=effective_size(weights.values[~treated]),
        excluded=excluded,
        method=_describe(method, meant, covariates, subclasses, link, stabilised=stabilised),
        warnings=(*cautions, *extreme_weights(weights.values, treated), *imbalance(_unlike(compared))),
        _rows=rows,
        _given=df.height,
        _ingredients=weights.ingredients,
    )


def _check_settings(
    covariates: Sequence[str],
    method: Method,
    estimand: Estimand | None,
    subclasses: int,
    trim: float | None,
    *,
    stabilised: bool,
    link: Link,
) -> Estimand:
    """The estimand meant; ``ValueError`` for settings out of range or at odds."""
    if not covariates:
        raise ValueError("weighting needs at least one covariate")
    if method not in ("propensity", "entropy", "overlap", "subclass"):
        raise ValueError(f"a method is 'propensity', 'entropy', 'overlap' or 'subclass', not '{method}'")
    if link not in ("logit", "probit"):
        raise ValueError(f"a link is 'logit' or 'probit', not '{link}'")
    if (method == "overlap") != (estimand == "ATO") and estimand is not None:
        raise ValueError("estimand 'ATO' and method 'overlap' belong together")
    meant: Estimand = estimand or ("ATO" if method == "overlap" else "ATT")
    if meant not in ("ATT", "ATE", "ATC", "ATO"):
        raise ValueError(f"an estimand of weighting is 'ATT', 'ATE', 'ATC' or 'ATO', not '{meant}'")
    if trim is not None and (not 0 < trim < 0.5 or method == "entropy"):
        raise ValueError("'trim' is a chance of treatment between 0 and 0.5, for methods that have a score")
    if stabilised and (method, meant) != ("propensity", "ATE"):
        raise ValueError("only inverse probability weights for 'ATE' are stabilised")
    if subclasses < 2:
        raise ValueError(f"there must be at least 2 subclasses, not {subclasses}")
    return meant


def _unlike(compared: pl.DataFrame) -> list[tuple[str, float]]:
    """The characteristics that still differ after weighting, with their standardised differences."""
    left = compared.filter(pl.col("smd_matched").abs() > UNLIKE)
    names = pl.when(pl.col("level").is_null()).then("field").otherwise(pl.format("{}={}", "field", "level"))
    return list(zip(left.select(names).to_series(), left["smd_matched"], strict=True))


TEXTS: dict[Method, str] = {
    "propensity": "{stabilised}inverse probability weights",
    "entropy": "entropy balancing weights",
    "overlap": "overlap weights",
    "subclass": "weights by {subclasses} subclasses of the score",
}


def _describe(
    method: Method,
    estimand: Estimand,
    covariates: Sequence[str],
    subclasses: int,
    link: Link,
    *,
    stabilised: bool,
) -> str:
    """What was done, in one sentence."""
    weights = TEXTS[method].format(stabilised="stabilised " if stabilised else "", subclasses=subclasses)
    model = "means of" if method == "entropy" else f"{link} regression of treatment on"
    return f"difference in weighted means; {weights} ({estimand}); {model} {', '.join(covariates)}"
