"""What chance alone makes of a draw: balance of the groups drawn, and the permutation test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import comb, lgamma, log, prod
from typing import NamedTuple

import numpy as np
import polars as pl
import scipy

from ..cautions import Caution, left_out
from ..design import is_categorical, levels
from ..inputs import Flags, Floats, Frame, as_polars, codes, complete_rows, numbers, two_groups
from .cautions import few_for_balance
from .multiple import adjust_p

ROWS_PER_TESTED = 10
"""Below this many rows per characteristic the joint test is called approximate."""

NEGLIGIBLE = 1e-10
"""Characteristics whose share of the spread is below this say nothing of their own."""

BALANCE = {
    "field": pl.String,
    "level": pl.String,
    "mean_treated": pl.Float64,
    "mean_control": pl.Float64,
    "difference": pl.Float64,
    "standardised": pl.Float64,
    "z": pl.Float64,
    "p": pl.Float64,
    "p_holm": pl.Float64,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomisationBalance:
    """``table`` by characteristic, and the joint test that the draw was one of those possible.

    ``statistic`` is χ² with ``df`` degrees of freedom; a small ``p`` says that so uneven groups are rare in a
    draw as described.
    """

    table: pl.DataFrame
    statistic: float
    df: int
    p: float
    n_treated: int
    n_control: int
    excluded: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[Caution, ...] = ()


class PermutationTest(NamedTuple):
    """``difference`` seen, two-sided ``p``, and whether all ``arrangements`` of the draw were gone through.

    Where they were not, ``arrangements`` counts those drawn.
    """

    difference: float
    p: float
    exact: bool
    arrangements: int


def randomisation_balance(
    df: Frame, drawn: str, covariates: Sequence[str], *, strata: str | None = None
) -> RandomisationBalance:
    """Whether those drawn and those not are as alike as a draw makes them, for each characteristic and jointly.

    Under the draw (within ``strata`` where given) the sum of a characteristic over those drawn has mean
    Σ m x̄ and variance Σ m(n − m)/n · s² over strata with m of n drawn. ``z`` and ``p`` test each
    characteristic by that, and d² = t′ Cov(t)⁻ t all of them together (Hansen & Bowers 2008, Statistical
    Science 23:219–236). No model of the characteristics is needed.

    ``table``: ``field``, ``level`` (of text), ``mean_treated``, ``mean_control`` (plain means), ``difference``
    (adjusted for strata, each weighted by m(n − m)/n), ``standardised`` (over √((s²₁ + s²₀)/2)), ``z``, ``p``,
    ``p_holm`` (for the number of characteristics). ``z`` and ``p`` are null where nothing varies within strata.

    Rows without a value in any column are excluded and counted. Raises ``ValueError`` without covariates, for an
    empty group, and when nothing varies.
    """
    df = as_polars(df)
    if not covariates:
        raise ValueError("name at least one characteristic (covariates) to compare the groups on")
    complete = complete_rows(df, [drawn, *([strata] if strata else []), *covariates])
    flags = two_groups(complete.table, drawn)
    block = codes(complete.table, strata)[0] if strata else np.zeros(len(flags), dtype=np.int64)
    names, matrix = _all_levels(complete.table, covariates)
    n, m = np.bincount(block), np.bincount(block, weights=flags)
    harmonic = m * (n - m) / n
    if not harmonic.sum() > 0:
        raise ValueError(f"no stratum of column '{strata}' has both drawn and not drawn people: merge strata")
    means = np.stack([np.bincount(block, weights=column) for column in matrix.T]) / n
    within = matrix - means.T[block]
    # Rounding leaves crumbs of a constant: they are not variation.
    within[:, np.abs(within).max(axis=0) <= 1e-12 * np.abs(matrix).max(axis=0)] = 0.0
    total = within[flags].sum(axis=0)
    weight = np.divide(harmonic, n - 1, out=np.zeros(len(n)), where=n > 1)[block]
    covariance = (within * weight[:, None]).T @ within
    deviation = np.sqrt(np.diag(covariance))
    varies = deviation > 0
    if not varies.any():
        raise ValueError(f"none of {', '.join(covariates)} varies: there is no balance to test")
    z = np.divide(total, deviation, out=np.zeros(len(total)), where=varies)
    values, vectors = np.linalg.eigh(
        covariance[np.ix_(varies, varies)] / np.outer(deviation, deviation)[np.ix_(varies, varies)]
    )
    kept = values > NEGLIGIBLE * len(values)
    statistic = float(((vectors[:, kept].T @ z[varies]) ** 2 / values[kept]).sum())
    df_joint = int(kept.sum())
    p = [
        float(2 * scipy.stats.norm.sf(abs(one))) if some else None
        for one, some in zip(z, varies, strict=True)
    ]
    ruler = np.sqrt((_variance(matrix[flags]) + _variance(matrix[~flags])) / 2)
    difference = total / harmonic.sum()
    table = pl.DataFrame(
        {
            "field": [name for name, _ in names],
            "level": [level for _, level in names],
            "mean_treated": matrix[flags].mean(axis=0),
            "mean_control": matrix[~flags].mean(axis=0),
            "difference": difference,
            "standardised": [float(d / s) if s > 0 else None for d, s in zip(difference, ruler, strict=True)],
            "z": [float(one) if some else None for one, some in zip(z, varies, strict=True)],
            "p": p,
            "p_holm": adjust_p(p),
        },
        schema=BALANCE,
    )
    warnings = left_out(complete.excluded, df.height)
    if len(flags) < ROWS_PER_TESTED * df_joint:
        warnings = (*warnings, few_for_balance(len(flags), df_joint))
    return RandomisationBalance(
        table=table,
        statistic=statistic,
        df=df_joint,
        p=float(scipy.stats.chi2.sf(statistic, df_joint)),
        n_treated=int(flags.sum()),
        n_control=int((~flags).sum()),
        excluded=complete.excluded,
        warnings=warnings,
    )


def _all_levels(table: pl.DataFrame, columns: Sequence[str]) -> tuple[list[tuple[str, str | None]], Floats]:
    """One column per number or yes-or-no, one per level of text, the first included: the reader sees them all."""
    names: list[tuple[str, str | None]] = []
    parts: list[Floats] = []
    for column in columns:
        if is_categorical(table[column]):
            text = table[column].cast(pl.String)
            for level in levels(table[column]):
                names.append((column, level))
                parts.append((text == level).to_numpy().astype(np.float64))
        else:
            names.append((column, None))
            parts.append(numbers(table, column))
    return names, np.column_stack(parts)


def _variance(matrix: Floats) -> Floats:
    return matrix.var(axis=0, ddof=1) if len(matrix) > 1 else np.zeros(matrix.shape[1])


def permutation_test(
    df: Frame,
    outcome: str,
    treatment: str,
    *,
    strata: str | None = None,
    repetitions: int = 9999,
    seed: int = 0,
) -> PermutationTest:
    """Fisher's randomisation test that treatment makes no difference to anybody (Fisher 1935).

    The difference in means (within ``strata``: weighted by their rows, as :func:`itt`) is compared with those of
    the other ways the same people could have been drawn: as many treated in each stratum. p is the share of ways
    with a difference at least as far from zero. When there are at most ``repetitions`` + 1 ways all are gone
    through; otherwise ``repetitions`` are drawn with ``seed`` and p is (b + 1) / (repetitions + 1), the way seen
    being one of them (Phipson & Smyth 2010). The answer does not depend on the order of rows.

    Rows without a value are left out (:func:`missing_rows` counts them). Raises ``ValueError`` for an empty
    group, an outcome that does not vary within any stratum, and fewer than one repetition.
    """
    df = as_polars(df)
    if repetitions < 1:
        raise ValueError(f"a permutation test needs at least one repetition, got {repetitions}")
    complete = complete_rows(df, [treatment, *([strata] if strata else []), outcome])
    flags, values = two_groups(complete.table, treatment), numbers(complete.table, outcome)
    block = codes(complete.table, strata)[0] if strata else np.zeros(len(flags), dtype=np.int64)
    parts = [_Stratum.of(values[block == one], flags[block == one]) for one in range(int(block.max()) + 1)]
    parts = [part for part in parts if part is not None]
    if not parts:
        raise ValueError(f"no stratum of column '{strata}' has both treated and controls: merge strata")
    if all(len(part.levels) == 1 for part in parts):
        raise ValueError(f"outcome '{outcome}' does not vary: every draw gives the same difference")
    rows = sum(part.size for part in parts)
    seen = sum(part.size / rows * part.seen for part in parts)
    # Far too many ways are told by their logarithm: the whole number has as many digits as there are rows.
    log_ways = sum(part.log_ways for part in parts)
    ways = prod(comb(part.size, part.treated) for part in parts) if log_ways < log(repetitions + 1) + 1 else 0
    exact = 0 < ways <= repetitions + 1
    if exact:
        found = np.zeros(1)
        for part in parts:
            found = (found[:, None] + part.size / rows * part.every()).ravel()
    else:
        rng = np.random.default_rng(seed)
        found = sum((part.size / rows * part.some(repetitions, rng) for part in parts), np.zeros(repetitions))
    crumbs = 1e-14 * max(float(np.ptp(part.levels)) for part in parts)
    # Ways that differ as much as the one seen count; rounding must not lose them.
    far = int((np.abs(found) >= abs(seen) * (1 - 1e-9) - crumbs).sum())
    p = far / ways if exact else (far + 1) / (repetitions + 1)
    return PermutationTest(float(seen), p, exact, ways if exact else repetitions)


@dataclass(frozen=True, slots=True)
class _Stratum:
    """The rows of one stratum: distinct outcomes (centred), how many have each, and the difference seen."""

    levels: Floats
    counts: np.ndarray
    size: int
    treated: int
    seen: float

    @staticmethod
    def of(values: Floats, flags: Flags) -> _Stratum | None:
        """None where one group is empty, for then every way is the same."""
        treated = int(flags.sum())
        if treated in (0, len(flags)):
            return None
        distinct, counts = np.unique(values, return_counts=True)
        centred = distinct - counts @ distinct / len(values)
        seen = float(values[flags].mean() - values[~flags].mean())
        return _Stratum(centred, counts, len(values), treated, seen)

    @property
    def scale(self) -> float:
        """The difference is the sum of centred outcomes over the treated, divided by this."""
        return self.treated * (self.size - self.treated) / self.size

    @property
    def log_ways(self) -> float:
        """The logarithm of the number of ways to draw the treated."""
        n, m = self.size, self.treated
        return lgamma(n + 1) - lgamma(m + 1) - lgamma(n - m + 1)

    def every(self) -> Floats:
        """The difference in each way to draw the treated."""
        outcomes = np.repeat(self.levels, self.counts)
        chosen = np.array(list(combinations(range(self.size), self.treated)))
        return outcomes[chosen].sum(axis=1) / self.scale

    def some(self, repetitions: int, rng: np.random.Generator) -> Floats:
        """The difference in ``repetitions`` ways drawn: only how many treated have each outcome matters."""
        batch = max(1, 4_000_000 // len(self.counts))
        sums = [
            rng.multivariate_hypergeometric(
                self.counts, self.treated, size=min(batch, repetitions - start), method="marginals"
            )
            @ self.levels
            for start in range(0, repetitions, batch)
        ]
        return np.concatenate(sums) / self.scale
