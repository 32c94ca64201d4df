"""Entropy balancing: the most even weights under which a group has exactly the means asked for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import logsumexp, softmax

from ..inputs import Floats

MOST_STEPS = 100
EXACT = 1e-10
"""Means agree to this part of a column's standard deviation."""


def entropy_weights(group: Floats, target: Floats, names: Sequence[str], who: str, whose: str) -> Floats:
    """Weights (m, sum 1) closest to even under which the columns of ``group`` (m × k) have means ``target`` (k).

    Hainmueller (2012), Political Analysis 20:25–46: w ∝ exp(λ'x), λ by Newton's method on the convex dual
    log Σ exp(λ'(x − target)). ``who`` and ``whose`` name the group and the owner of the means in messages.
    Raises ``ValueError`` when no weights exist (the means lie outside what the group spans), naming a column
    to leave out.
    """
    spread = group.std(axis=0)
    size = np.maximum(np.abs(group).max(axis=0, initial=0.0), np.abs(target))
    flat = spread <= 1e-12 * size
    off = flat & (np.abs(group.mean(axis=0) - target) > 1e-9 * size)
    outside = ~flat & ((target >= group.max(axis=0)) | (target <= group.min(axis=0)))
    for column in np.flatnonzero(off | outside).tolist():
        low, high = group[:, column].min(), group[:, column].max()
        raise ValueError(
            f"entropy balancing has no solution: the {whose} have mean {target[column]:g} in column "
            f"'{names[column]}', which no weighting of the {len(group)} {who} rows ({low:g} to {high:g}) gives; "
            "leave the column out or keep only rows that are found in both groups"
        )
    centred = (group[:, ~flat] - target[~flat]) / spread[~flat]
    kept = [name for name, constant in zip(names, flat, strict=True) if not constant]
    weights = _solve(centred)
    if weights is None:
        raise ValueError(_no_solution(centred, kept, who, whose))
    return weights


def _solve(centred: Floats) -> Floats | None:
    """Weights under which every column of ``centred`` has mean 0; None when there are none."""
    multipliers = np.zeros(centred.shape[1])
    value = float(np.log(len(centred)))
    for _ in range(MOST_STEPS):
        weights = softmax(centred @ multipliers)
        gap = weights @ centred
        if np.abs(gap).max(initial=0.0) < EXACT:
            return weights
        curvature = centred.T @ (centred * weights[:, None]) - np.outer(gap, gap)
        # Columns that say the same within the group leave the curvature singular; any solution will do.
        step = -np.linalg.lstsq(curvature, gap, rcond=1e-13)[0]
        slope = float(gap @ step)
        share = 1.0
        while (
            new := float(logsumexp(centred @ (multipliers + share * step)))
        ) > value + 1e-4 * share * slope + 1e-14 * abs(value):
            share /= 2
            if share < 1e-10:
                return None
        multipliers, value = multipliers + share * step, new
        # The dual is bounded below by the entropy of a solution; below 0 the target is strictly outside.
        if value < 0:
            return None
    return None


def _no_solution(centred: Floats, names: Sequence[str], who: str, whose: str) -> str:
    """Says which columns are one too many."""
    enough = [name for i, name in enumerate(names) if _solve(np.delete(centred, i, axis=1)) is not None]
    advice = (
        f"leave out {' or '.join(repr(name) for name in enough)}"
        if enough
        else f"leave out two or more of {', '.join(repr(name) for name in names)}"
    )
    return (
        f"entropy balancing has no solution: no weighting of the {len(centred)} {who} rows has the means of the "
        f"{whose} in all {len(names)} columns at once; {advice}"
    )
