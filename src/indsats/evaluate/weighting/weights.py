"""Weights that make treated and controls alike: from a score, from its subclasses, or by entropy balancing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..design import Design, standardised
from ..inputs import Flags, Floats
from ..results import Estimand
from .entropy import entropy_weights
from .influence import Ingredient, influence
from .propensity import Propensity


@dataclass(frozen=True, slots=True)
class Weights:
    """One weight per row and what the weights owe to estimates; ``None`` where they jump (subclasses)."""

    values: Floats
    ingredients: tuple[Ingredient, ...] | None


def from_score(score: Floats, treated: Flags, estimand: Estimand) -> tuple[Floats, Floats]:
    """Balancing weights of each row and their derivative with respect to its score.

    h(e)/e for treated and h(e)/(1 − e) for controls, where h is 1 (ATE), e (ATT), 1 − e (ATC) or e(1 − e)
    (ATO, overlap weights): Li, Morgan & Zaslavsky (2018), Journal of the American Statistical Association
    113:390–400. Raises ``ValueError`` when a score is so near 0 or 1 that its weight is not finite.
    """
    e, t = score, treated
    if estimand == "ATO":
        return np.where(t, 1 - e, e), np.where(t, -1.0, 1.0)
    given = {"ATT": t, "ATC": ~t}.get(estimand, np.zeros(len(e), dtype=bool))
    chance = np.where(given, 1.0, np.where(t, e, 1 - e))
    if (chance <= 0).any():
        raise ValueError(
            "somebody's estimated chance of treatment is 0 or 1 in floating point: use fewer covariates, "
            "'trim', or method='overlap'"
        )
    steep = np.where(t, -1.0, 1.0) / chance**2
    if estimand == "ATE":
        return 1 / chance, steep
    return np.where(given, 1.0, 1 / chance - 1), np.where(given, 0.0, steep)


def reach(trim: float, estimand: Estimand) -> tuple[float, float]:
    """The scores trimming keeps: from ``trim`` and to 1 − ``trim``, but only on the side where weights grow large,
    so that the effect on few treated does not lose the many who were hardly ever treated.
    """
    return (0.0 if estimand == "ATT" else trim), (1.0 if estimand == "ATC" else 1 - trim)


def inverse_probability(
    model: Propensity, treated: Flags, estimand: Estimand, *, stabilised: bool = False
) -> Weights:
    """Weights from the estimated chance of treatment; ``stabilised`` ones are times the group's share."""
    values, steep = from_score(model.score, treated, estimand)
    if not stabilised:
        return Weights(values, (_of_weight(model.model, steep),))
    t = treated.astype(np.float64)
    share = float(t.mean())
    group = np.where(treated, share, 1 - share)
    # The shares are estimated too: a parameter of their own, whose predictor is the constant.
    of_share = Ingredient(np.ones((len(values), 1)), np.where(treated, values, -values), (t - share)[:, None])
    return Weights(values * group, (_of_weight(model.model, steep * group), of_share))


def _of_weight(score: Ingredient, steep: Floats) -> Ingredient:
    return Ingredient(score.design, score.slope * steep, score.influence)


def by_subclass(
    score: Floats, treated: Flags, estimand: Estimand, subclasses: int
) -> tuple[Floats, NDArray[np.int64]]:
    """Weights that give both groups the same share in every subclass of the score, and the subclass (from 1).

    Subclasses are bounded by quantiles of the score among those the estimand is about (MatchIt's
    ``method="subclass"``; Rosenbaum & Rubin 1984, Journal of the American Statistical Association
    79:516–524). Raises ``ValueError`` when a group is missing from a subclass.
    """
    about = {"ATT": score[treated], "ATC": score[~treated]}.get(estimand, score)
    inner = np.quantile(about, np.arange(1, subclasses) / subclasses)
    subclass = np.searchsorted(inner, score, side="right")
    n_treated = np.bincount(subclass, weights=treated, minlength=subclasses)
    n_control = np.bincount(subclass, weights=~treated, minlength=subclasses)
    for number in np.flatnonzero((n_treated == 0) | (n_control == 0)):
        lacking = "treated" if n_treated[number] == 0 else "control"
        raise ValueError(
            f"subclass {number + 1} of {subclasses} has no {lacking} row: use fewer subclasses or another method"
        )
    of_interest = {"ATT": n_treated, "ATC": n_control}.get(estimand, n_treated + n_control)
    own = np.where(treated, n_treated[subclass], n_control[subclass])
    return of_interest[subclass] / own, subclass + 1


def entropy_balanced(design: Design, treated: Flags, estimand: Estimand) -> Weights:
    """Entropy-balancing weights: each group that is not the target gets the target's means exactly.

    The target is the treated (ATT), the controls (ATC) or everybody (ATE); weights of a group sum to the
    number of rows in the target. ``design`` starts with the constant. The weights solve
    Σ_group w(x) x = Σ_target x with w = exp(x'γ), whose scores are the errors' ingredient (Zhao & Percival 2017,
    Journal of Causal Inference 5:20160010).
    """
    scaled = standardised(design.matrix)[0]
    n = len(treated)
    values, ingredients = np.ones(n), []
    everybody = np.ones(n, dtype=bool)
    target, whose = {"ATT": (treated, "treated"), "ATC": (~treated, "controls")}.get(
        estimand, (everybody, "rows of both groups")
    )
    for group, who in ((treated, "treated"), (~treated, "control")):
        if (group == target).all():
            continue
        means = design.matrix[target, 1:].mean(axis=0)
        shares = entropy_weights(design.matrix[group, 1:], means, design.names[1:], who, whose)
        values[group] = shares * target.sum()
        inside = np.where(group, values, 0.0)
        moved = influence(
            scaled * (target.astype(np.float64) - inside)[:, None], scaled.T @ (scaled * inside[:, None])
        )
        ingredients.append(Ingredient(scaled, inside, moved))
    return Weights(values, tuple(ingredients))
