"""Doubly robust estimates: right when either the model of treatment or that of the outcome is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ..cautions import left_out
from ..design import Design, design_matrix
from ..inputs import Flags, Floats, Frame, as_polars, chosen, columns_of, complete_rows, numbers, two_groups
from ..matching import effective_size
from ..results import Effect, Estimand
from .doubts import extreme_weights, overlap, trimmed
from .influence import Clusters, Ingredient, effect_of, read_clusters
from .outcomes import Predicted, by_group, is_binary, learnt_elsewhere, unadjustable
from .propensity import Link, propensity
from .weights import from_score, reach


def aipw(
    df: Frame,
    outcome: str,
    treatment: str,
    covariates: Sequence[str],
    *,
    estimand: Estimand = "ATE",
    score_covariates: Sequence[str] | None = None,
    folds: int = 5,
    seed: int = 0,
    cluster: str | None = None,
    trim: float = 0.01,
    link: Link = "logit",
) -> Effect:
    """The effect by augmented inverse probability weighting: predictions, corrected by weighted residuals.

    ATE: mean of m₁ − m₀ + T(y − m₁)/e − (1 − T)(y − m₀)/(1 − e). ATT: Σ[T − (1 − T)e/(1 − e)](y − m₀) / ΣT;
    ATC likewise with the groups exchanged.
    m are models of the outcome by group on ``covariates`` (logistic for 0/1, else least squares), e the chance
    of treatment by ``link`` on ``score_covariates`` (default: the same). Robins, Rotnitzky & Zhao (1994), Journal
    of the American Statistical Association 89:846–866. With ``folds`` above 1 every row is judged by models that
    did not see it (Chernozhukov et al. 2018, Econometrics Journal 21:C1–C68), clusters undivided; which fold a
    row falls in depends on its position and ``seed``. ``folds=1`` fits on everybody and its errors stack all
    equations, as Stata's ``teffects aipw``. Rows whose chance of treatment is below ``trim`` (not for
    the ATT) or above 1 − ``trim`` (not for the ATC) are left out of the means and counted; 0 keeps all.

    Rows with a missing value are excluded and counted. Raises ``ValueError`` for empty groups, columns that are
    redundant or separate groups or outcomes (saying in which fold), and settings out of range.
    """
    df = as_polars(df)
    if estimand not in ("ATE", "ATT", "ATC"):
        raise ValueError(f"an estimand of doubly robust estimates is 'ATE', 'ATT' or 'ATC', not '{estimand}'")
    if not 0 <= trim < 0.5 or folds < 1:
        raise ValueError(f"'trim' is from 0 to below 0.5 and 'folds' at least 1, not {trim:g} and {folds}")
    chosen("link", link, Link)
    covariates = columns_of(covariates, outcome=outcome, treatment=treatment)
    of_score = covariates
    if score_covariates is not None:
        of_score = columns_of(score_covariates, "score_covariates", outcome=outcome, treatment=treatment)
    needed = [treatment, outcome, *covariates, *of_score, *([cluster] if cluster else [])]
    complete = complete_rows(df, needed)
    rows, excluded = complete.table, dict(complete.excluded)
    treated, values = two_groups(rows, treatment), numbers(rows, outcome)
    clusters = read_clusters(rows, cluster)
    models = _models(
        design_matrix(rows, covariates),
        design_matrix(rows, of_score),
        values,
        treated,
        link,
        None if folds == 1 else _folds(treated, clusters, folds, seed),
    )
    low, high = reach(trim, estimand)
    kept = (models.score >= low) & (models.score <= high)
    cautions = [*left_out(excluded, df.height), *unadjustable(values, treated)]
    if not kept.all():
        excluded[f"score outside {low:g} to {high:g}"] = int((~kept).sum())
        lost = int((~kept & treated).sum()), int((~kept & ~treated).sum())
        cautions += trimmed(*lost, len(kept), (low, high))
        two_groups(rows.filter(pl.Series(kept)), treatment)
    weight, steep = from_score(np.where(kept, models.score, 0.5), treated, estimand)
    cautions += overlap(models.score[kept], treated[kept], estimand)
    cautions += extreme_weights(weight[kept], treated[kept])
    meant = {"ATT": treated, "ATC": ~treated}.get(estimand, np.ones(len(values), dtype=bool))
    means, moved = _combined(models, values, treated, meant, kept, weight, steep)
    return effect_of(
        estimate=means[0] - means[1],
        rows=moved,
        outcome=outcome,
        values=values[kept],
        flags=treated[kept],
        estimand=estimand,
        design="augmented inverse probability weighting"
        + (f", cross-fitted in {folds} folds" if folds > 1 else "")
        + f"; outcome on {', '.join(covariates)}; {link} of treatment on {', '.join(of_score)}",
        errors="M-estimation (HC0) of models and means together"
        if folds == 1
        else "influence function of the cross-fitted estimate (HC0)",
        clusters=clusters,
        means=means,
        excluded=excluded,
        diagnostics={
            "folds": folds,
            "seed": seed if folds > 1 else None,
            "score_lowest": float(models.score.min()),
            "score_highest": float(models.score.max()),
            "effective_treated": effective_size(weight[kept & treated]),
            "effective_control": effective_size(weight[kept & ~treated]),
        },
        warnings=cautions,
    )


@dataclass(frozen=True, slots=True)
class Models:
    """Every row's chance of treatment (``score``) and predicted outcomes if ``treated`` and if ``control``.

    ``chance`` is the model behind the score, ``None`` when cross-fitted, for then the models' errors do not
    reach the estimate to first order.
    """

    score: Floats
    chance: Ingredient | None
    treated: Predicted
    control: Predicted


def _combined(
    models: Models, values: Floats, treated: Flags, meant: Flags, kept: Flags, weight: Floats, steep: Floats
) -> tuple[tuple[float, float], Floats]:
    """The two means and how far each row moves their difference.

    All estimands in one: predictions averaged over those ``meant``, corrected by the residuals of everybody,
    weighted to be like them; ``steep`` is the derivative of ``weight`` with respect to the score.
    """
    part = kept / float((kept & meant).mean())
    predicted = models.treated.mean, models.control.mean
    of_treated, of_control = np.where(treated, weight, 0.0), np.where(treated, 0.0, weight)
    residual = values - np.where(treated, *predicted)
    one = float((part * (meant * predicted[0] + of_treated * residual)).mean())
    two = float((part * (meant * predicted[1] + of_control * residual)).mean())
    signal = meant * (predicted[0] - predicted[1] - (one - two)) + (of_treated - of_control) * residual
    moved = part * signal
    moved += models.treated.carried(part * (meant - of_treated))
    moved -= models.control.carried(part * (meant - of_control))
    if models.chance is not None:
        moved += models.chance.carried(part * np.where(treated, steep, -steep) * residual)
    return (one, two), moved


def _models(
    design: Design,
    score_design: Design,
    values: Floats,
    treated: Flags,
    link: Link,
    fold: NDArray[np.int64] | None,
) -> Models:
    """The models fitted to everybody, or for each ``fold`` to all others."""
    if fold is None:
        model = propensity(score_design, treated, link)
        return Models(model.score, model.model, *by_group(design, values, treated))
    score, one, two = (np.empty(len(values)) for _ in range(3))
    binary = is_binary(values)
    for number in range(int(fold.max()) + 1):
        here, others = fold == number, fold != number
        where = f"when fold {number + 1} is left out"
        try:
            model = propensity(Design(score_design.matrix[others], score_design.names), treated[others], link)
        except ValueError as reason:
            raise ValueError(f"{where}: {reason}") from reason
        score[here] = model.predict(score_design.matrix[here])
        for group, name, predicted in ((treated, "treated", one), (~treated, "controls", two)):
            learners = group & others
            predicted[here] = learnt_elsewhere(
                design.matrix[learners],
                values[learners],
                design.names,
                design.matrix[here],
                f"{where}, the outcome model among the {name} cannot be fitted",
                binary=binary,
            )
    return Models(score, None, Predicted(one, None), Predicted(two, None))


def _folds(treated: Flags, clusters: Clusters | None, folds: int, seed: int) -> NDArray[np.int64]:
    """The fold of each row from 0: clusters dealt out whole, otherwise treated and controls dealt out alike."""
    rng = np.random.default_rng(seed)
    most = clusters.count if clusters else int(min(treated.sum(), (~treated).sum()))
    if folds > most:
        what = f"clusters in '{clusters.column}'" if clusters else "rows in the smaller group"
        raise ValueError(f"{folds} folds cannot be made of {most} {what}: use fewer, or folds=1")
    if clusters:
        return (rng.permutation(clusters.count) % folds)[clusters.of_row]
    fold = np.empty(len(treated), dtype=np.int64)
    for group in (treated, ~treated):
        fold[rng.permutation(np.flatnonzero(group))] = np.arange(group.sum()) % folds
    return fold
