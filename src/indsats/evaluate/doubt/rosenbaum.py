"""Rosenbaum's bounds: how unequal hidden bias may make the chances within pairs before a test stops holding."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil, exp, floor, log, sqrt
from typing import Literal

import numpy as np
import polars as pl
import scipy
from numpy.typing import ArrayLike
from scipy.optimize import root_scalar

from indsats.language import number, p_value

from ..cautions import Caution, caution, left_out, no_discordant_pairs
from ..inputs import Floats, Frame, as_polars, chosen
from ..pairs import paired_rows
from ..results import LEVEL

Alternative = Literal["greater", "less", "two-sided"]

GAMMAS = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0)
FEW_PAIRS = 25
"""Up to this many pairs with a difference the signed-rank test is exact: all ways the signs could have fallen."""
LARGEST_GAMMA = 1e9
SENSITIVE = 1.25
"""A conclusion overturned by chances this unequal rests on hardly any room for hidden bias."""

SCHEMA = {
    "gamma": pl.Float64,
    "p_low": pl.Float64,
    "p_high": pl.Float64,
    "estimate_low": pl.Float64,
    "estimate_high": pl.Float64,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RosenbaumBounds:
    """How far the test of no effect stands hidden bias.

    ``table`` has a row per ``gamma``: with it the odds of treatment within a pair lie between 1/Γ and Γ, and
    the p-value between ``p_low`` and ``p_high``; ``estimate_low`` and ``estimate_high`` bound the
    Hodges–Lehmann estimate of the effect in the outcome's unit (null for yes-or-no outcomes). ``gamma_star``
    is the Γ at which ``p_high`` becomes 0.05, ``None`` when the test says nothing even without hidden bias.
    ``statistic`` is the sum of ranks of the positive differences, or the number of positive differences;
    ``n_pairs`` counts the pairs and ``n_different`` those whose two outcomes differ, which alone are tested.
    """

    table: pl.DataFrame
    gamma_star: float | None
    statistic: float
    n_pairs: int
    n_different: int
    method: str
    alternative: Alternative
    excluded: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[Caution, ...] = ()


def rosenbaum_bounds(
    df: Frame,
    outcome: str,
    treatment: str = "treated",
    *,
    pair: str,
    person: str | None = None,
    alternative: Alternative = "greater",
    gammas: Sequence[float] = GAMMAS,
) -> RosenbaumBounds:
    """Bounds on the test of no effect in one-to-one pairs (column ``pair``); see :func:`bounds_of_differences`.

    Pairs without both outcomes are excluded and counted. Raises ``ValueError`` when a pair has several
    controls or a person (column ``person``) serves in two, for then the differences are not independent.
    """
    df = as_polars(df)
    rows = paired_rows(df, outcome, treatment, pair, person)
    if not rows.one_to_one:
        raise ValueError(
            f"Rosenbaum's bounds need pairs of one treated and one control, none of them in two; column '{pair}' "
            "has others"
        )
    treated = rows.values[rows.treated][np.argsort(rows.pair[rows.treated])]
    control = rows.values[~rows.treated][np.argsort(rows.pair[~rows.treated])]
    found = bounds_of_differences(treated - control, alternative=alternative, gammas=gammas)
    cautions = (*left_out(rows.excluded, df.height), *found.warnings)
    return replace(found, excluded=rows.excluded, warnings=cautions)


def bounds_of_differences(
    differences: ArrayLike, *, alternative: Alternative = "greater", gammas: Sequence[float] = GAMMAS
) -> RosenbaumBounds:
    """Bounds from the differences treated − control of independent pairs (n), in the outcome's unit.

    With hidden bias of at most Γ the chance that the treated of a pair has the larger outcome, did treatment
    nothing, lies between 1/(1 + Γ) and Γ/(1 + Γ). Amounts: Wilcoxon's signed-rank test, exact up to 25 pairs
    and normal without continuity correction above, equal pairs dropped and ties given mean ranks. Differences
    that are only −1, 0 and 1 are yes-or-no outcomes: the exact binomial (McNemar) test. Rosenbaum (2002),
    Observational Studies, 2nd ed., chapter 4; the bounds on the estimate solve W(d − τ) = its largest
    and smallest mean.

    ``alternative``: treatment raises the outcome (``greater``), lowers it (``less``); ``two-sided`` is twice
    the smaller of the two bounds. At Γ = 1 the ordinary test. Raises ``ValueError`` for no pairs, values that
    are not finite, and Γ below 1.
    """
    chosen("alternative", alternative, Alternative)
    d = np.asarray(differences, dtype=np.float64)
    wanted = np.asarray(gammas, dtype=np.float64)
    if d.ndim != 1 or not len(d):
        raise ValueError("Rosenbaum's bounds need a list of differences, one per pair, and at least one")
    if not np.isfinite(d).all():
        raise ValueError("a difference is missing or infinite: leave the pair out")
    if not len(wanted) or not (np.isfinite(wanted) & (wanted >= 1)).all():
        raise ValueError("every gamma must be a number of 1 or more")
    different = d[d != 0]
    if not len(different):
        return _nothing_to_test(len(d), alternative, wanted)
    binary = bool((np.abs(different) == 1).all())
    ranks = np.ones(len(different)) if binary else scipy.stats.rankdata(np.abs(different))
    positive = float(ranks[different > 0].sum())
    tail, method = _tail(ranks, binary=binary)
    observed = {"greater": positive, "less": float(ranks.sum()) - positive}
    sides = list(observed) if alternative == "two-sided" else [alternative]

    def p(chance: float) -> float:
        smallest = min(tail(observed[side], chance) for side in sides)
        return min(1.0, smallest * len(sides))

    def p_high(gamma: float) -> float:
        return p(gamma / (1 + gamma))

    star = None
    if p_high(1.0) < LEVEL:
        # Searched on the logarithm, over which p rises evenly.
        found = root_scalar(lambda g: p_high(exp(g)) - LEVEL, bracket=(0.0, log(LARGEST_GAMMA)))
        star = exp(found.root)
    rows = []
    for gamma in wanted.tolist():
        ends = (None, None) if binary else _estimate_bounds(d, gamma)
        rows.append((gamma, p(1 / (1 + gamma)), p_high(gamma), *ends))
    return RosenbaumBounds(
        table=pl.DataFrame(rows, schema=SCHEMA, orient="row"),
        gamma_star=star,
        statistic=positive,
        n_pairs=len(d),
        n_different=len(different),
        method=method,
        alternative=alternative,
        warnings=_doubts(star, p_high(1.0)),
    )


def _tail(ranks: Floats, *, binary: bool) -> tuple[Callable[[float, float], float], str]:
    """P(W ≥ observed) when each difference is positive with the same chance, and what the test is called."""
    n = len(ranks)
    if binary:
        return lambda w, chance: float(scipy.stats.binom.sf(w - 1, n, chance)), "exact binomial (McNemar)"
    if n > FEW_PAIRS:
        total, squares = float(ranks.sum()), float((ranks**2).sum())

        def normal(w: float, chance: float) -> float:
            return float(scipy.stats.norm.sf((w - chance * total) / sqrt(chance * (1 - chance) * squares)))

        return normal, "Wilcoxon signed-rank, normal approximation"
    halves = np.rint(2 * ranks).astype(np.int64)  # mean ranks of ties are halves: doubled they are whole

    def exact(w: float, chance: float) -> float:
        ways = np.zeros(int(halves.sum()) + 1)
        ways[0] = 1.0
        for rank in halves.tolist():
            moved = ways * (1 - chance)
            moved[rank:] += ways[: len(ways) - rank] * chance
            ways = moved
        return float(min(ways[round(2 * w) :].sum(), 1.0))

    return exact, "Wilcoxon signed-rank, exact"


def _estimate_bounds(d: Floats, gamma: float) -> tuple[float, float]:
    """The Hodges–Lehmann estimate at either end of the bias: quantiles of the means of all pairs of differences.

    W(d − τ) counts the means (dᵢ + dⱼ)/2, i ≤ j, above τ (Walsh averages), so that its equation with a mean
    of share × n(n + 1)/2 is solved by a quantile of these means; at Γ = 1 by their median.
    """
    ordered = np.sort(d)
    count = len(d) * (len(d) + 1) / 2
    low = (count - 1) / (1 + gamma)
    return _walsh_quantile(ordered, low), _walsh_quantile(ordered, count - 1 - low)


def _walsh_quantile(ordered: Floats, position: float) -> float:
    """The Walsh average at ``position`` from 0 in ascending order; between two of them, in proportion."""
    below, above = (_walsh_at(ordered, at) for at in (floor(position), ceil(position)))
    return below + (above - below) * (position - floor(position))


def _walsh_at(ordered: Floats, position: int) -> float:
    """Halves the range until only one value is left; never holds all n(n + 1)/2 means in memory."""
    n = len(ordered)
    starts = np.arange(n)
    low, high = float(ordered[0]), float(ordered[-1])
    for _ in range(100):
        middle = low + (high - low) / 2
        if not low < middle < high:
            break
        last = np.searchsorted(ordered, 2 * middle - ordered, side="right")
        if int(np.maximum(last - starts, 0).sum()) > position:
            high = middle
        else:
            low = middle
    return high


def _nothing_to_test(n: int, alternative: Alternative, gammas: Floats) -> RosenbaumBounds:
    rows = [(gamma, 1.0, 1.0, None, None) for gamma in gammas.tolist()]
    return RosenbaumBounds(
        table=pl.DataFrame(rows, schema=SCHEMA, orient="row"),
        gamma_star=None,
        statistic=0.0,
        n_pairs=n,
        n_different=0,
        method="no pair differs",
        alternative=alternative,
        warnings=(no_discordant_pairs(),),
    )


def _doubts(star: float | None, p: float) -> tuple[Caution, ...]:
    if star is None:
        return (
            caution(
                "nothing-to-overturn",
                "note",
                f"Selv uden skjult skævhed viser parrene ingen sikker forskel (p = {p_value(p, 'da')}).",
                f"Even without hidden bias the pairs show no sure difference (p = {p_value(p, 'en')}).",
            ),
        )
    if star > SENSITIVE:
        return ()
    return (
        caution(
            "sensitive-to-hidden-bias",
            "doubt",
            "Konklusionen falder, hvis den ene i et par af skjulte grunde havde bare "
            f"{number(star, 'da', 2)} gange så store odds for at få indsatsen som den anden.",
            "The conclusion falls if, for hidden reasons, one in a pair had as little as "
            f"{number(star, 'en', 2)} times the other's odds of being treated.",
        ),
    )
