"""The wild cluster bootstrap: p and interval for few clusters, computed on the sums of clusters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from scipy import linalg, sparse

from ..inputs import Floats, Frame, as_polars, chosen, columns_of, complete_rows, numbers
from ..results import Effect
from .absorb import Factor
from .absorbed import estimate
from .cautions import few_treated_clusters, open_interval
from .inversion import inverted
from .prepare import Prepared, prepare, solve, triangle

Signs = Literal["auto", "rademacher", "webb"]
"""What a cluster's residuals are multiplied by: ±1, or Webb's six values ±√(1/2), ±1, ±√(3/2)."""

MOST_ENUMERATED = 12
"""Up to this many clusters all sign patterns are gone through instead of drawn."""
TOO_FEW_FOR_SIGNS = 5
"""With this many clusters or fewer, signs alone cannot give a p below 0.05 (2/2⁵): Webb's weights are drawn."""
MOST_CLUSTERS = 3_000
BLOCK = 4_000_000
"""Numbers held at a time: clusters × repetitions of one block."""
TIES = 1e-9
"""Statistics this close count as equal, so that the pattern that gives the data back is not lost to rounding."""


def wild_bootstrap(
    df: Frame,
    outcome: str,
    covariates: Sequence[str],
    *,
    term: str,
    cluster: str,
    absorb: Sequence[str] = (),
    repetitions: int = 9_999,
    weights: Signs = "auto",
    seed: int = 0,
) -> Effect:
    """The coefficient of ``term`` (one of ``covariates``) with p and interval of the restricted wild bootstrap (WCR).

    Cameron, Gelbach & Miller (2008, Review of Economics and Statistics 90:414-427): fit under the null, multiply each
    cluster's residuals by one random weight, and compare the cluster-robust t of the data with those of the samples
    so made; symmetric p. The samples are never formed: numerator and variance of t are linear and quadratic in the
    weights through sums by cluster (Roodman, MacKinnon, Nielsen & Webb 2019, Stata Journal 19:4-60). The interval
    holds all values the same test does not reject, and need not be symmetric.

    ``weights``: ``"rademacher"`` (all 2^G patterns up to 12 clusters, the unchanged data among them), ``"webb"`` (for
    very few clusters), ``"auto"`` the former, or the latter with five clusters or fewer. Drawn repetitions count the
    data as one: p = (1 + those at least as large) / (1 + ``repetitions``). ``se`` and ``statistic`` are those of
    :func:`absorbed_regression`, the basis of t. The estimand is ``association``: what the coefficient means depends
    on the regression.

    Raises ``ValueError`` as :func:`absorbed_regression`, for a ``term`` that is no numeric covariate, fewer than two
    or more than 3,000 clusters (there the usual error serves), and fewer than 99 repetitions.
    """
    df = as_polars(df)
    chosen("weights", weights, Signs)
    covariates, absorb = (
        columns_of(covariates, outcome=outcome),
        columns_of(absorb, "absorb", outcome=outcome),
    )
    if repetitions < 99:
        raise ValueError(f"a bootstrap needs at least 99 repetitions, not {repetitions}")
    complete = complete_rows(df, [outcome, *covariates, *absorb, cluster])
    ready = prepare(
        complete.table,
        complete.rows,
        df.height,
        complete.excluded,
        outcome,
        covariates,
        absorb=absorb,
        cluster=(cluster,),
    )
    if term not in ready.names or term == "constant":
        names = ", ".join(name for name in ready.names if name != "constant")
        raise ValueError(f"'term' must be one of the regression's coefficients ({names}), not '{term}'")
    groups = ready.clusters[0]
    if groups.count > MOST_CLUSTERS:
        raise ValueError(
            f"the wild bootstrap is for few clusters; with {groups.count} in column '{cluster}' the "
            "cluster-robust error of absorbed_regression serves"
        )
    fit = estimate(ready)
    row = fit.row(term)
    sums = _Sums(ready, ready.names.index(term), groups)
    webb = weights == "webb" or (weights == "auto" and groups.count <= TOO_FEW_FOR_SIGNS)
    enumerated = not webb and groups.count <= MOST_ENUMERATED
    blocks = _all_signs(groups.count) if enumerated else _drawn(groups.count, repetitions, webb, seed)
    samples = _Samples(sums, blocks, enumerated)
    interval = inverted(samples.p, row["coef"], row["se"])
    values = numbers(ready.table, term) if term in ready.table.columns else np.empty(0)
    treated = (values != 0) if len(values) and ((values == 0) | (values == 1)).all() else None
    warnings = ready.cautions
    if treated is not None:
        inside = len(np.unique(groups.codes[treated]))
        warnings = (*warnings, *few_treated_clusters(inside, groups.count - inside))
    if not np.isfinite(interval).all():
        warnings = (*warnings, open_interval())
    name = "Webb" if webb else "Rademacher"
    made = f"all {samples.count} patterns" if enumerated else f"{repetitions} repetitions, seed {seed}"
    return Effect(
        estimand="association",
        estimate=row["coef"],
        se=row["se"],
        interval=interval,
        p=samples.p(0.0),
        n_treated=int(treated.sum()) if treated is not None else fit.n,
        n_control=int((~treated).sum()) if treated is not None else 0,
        n_clusters=groups.count,
        outcome=outcome,
        design=f"least squares, coefficient of '{term}'"
        + (f", within levels of {', '.join(absorb)}" if absorb else ""),
        se_method=f"p and interval: restricted wild cluster bootstrap by '{cluster}' ({name}, {made}); "
        f"standard error: {fit.se_method}",
        scale="difference" if treated is not None else "slope",
        statistic=row["t"],
        excluded=ready.excluded,
        diagnostics={"repetitions": samples.count, "p of t": row["p"]},
        warnings=warnings,
        table=fit.table,
    )


class _Sums:
    """What the bootstrap needs of the data, by cluster: everything is (outcome part) − r · (term part).

    With x the term less all else in the regression and u the residual under the null β = r, cluster g contributes
    a_g = x_g'u_g to the coefficient. After refitting the sample whose residuals are v_g·u_g its score is
    s_g = a_g·v_g − Σ_h C_gh·v_h, where C_gh = x_g'Z_g(Z'Z)⁻¹Z_h'u_h over all columns Z, the absorbed ones included.
    """

    def __init__(self, ready: Prepared, place: int, groups: Factor) -> None:
        columns = ready.columns
        others = np.delete(columns, place, axis=0)
        term, null = columns[place], ready.outcome
        if len(others):
            names = [name for i, name in enumerate(ready.names) if i != place]
            norms, upper = triangle(others, None, names)
            term = solve(others, term, None, norms, upper)[1]
            null = solve(others, null, None, norms, upper)[1]
        self.length = float(term @ term)
        self.estimate = float(term @ null) / self.length
        self.own = np.stack([np.bincount(groups.codes, weights=term * u) for u in (null, term)])
        norms, upper = triangle(columns, None, ready.names)
        scores = np.stack([np.bincount(groups.codes, weights=column * term) for column in columns])
        left = linalg.solve_triangular(upper, scores / norms[:, None], trans=1)
        self.cross = np.empty((2, groups.count, groups.count))
        for i, residual in enumerate((null, term)):
            right = np.stack([np.bincount(groups.codes, weights=column * residual) for column in columns])
            self.cross[i] = left.T @ linalg.solve_triangular(upper, right / norms[:, None], trans=1)
            if ready.within is not None:
                self.cross[i] += _through_levels(ready, term, residual, groups)

    def scores(self, signs: Floats) -> Floats:
        """Scores by cluster of samples with ``signs`` (G × B), of both parts: 2 × G × B."""
        return self.own[:, :, None] * signs - self.cross @ signs


def _through_levels(ready: Prepared, term: Floats, residual: Floats, groups: Factor) -> Floats:
    """x_g'D_g(D'D)⁻¹D_h'u_h over the absorbed indicators D: the largest column by means, the rest by solving."""
    within = ready.within
    if within is None:
        return np.zeros((groups.count, groups.count))
    first, rest = within.level_sums(residual, groups)
    lever, lever_rest = within.level_sums(term, groups)
    means = sparse.csr_array(first.multiply(1 / within.totals[:, None]))
    through: Floats = (lever.T @ means).toarray()
    if len(rest):
        effects = within.solve_rest(rest - (within.cross.T @ means))
        pull = (lever.multiply(1 / within.totals[:, None]).T @ within.cross).toarray()
        through += (lever_rest.T - pull) @ effects
    return through


class _Samples:
    """The bootstrap's statistics as functions of the supposed effect r: five numbers a sample serve every r."""

    def __init__(self, sums: _Sums, blocks: Iterator[Floats], enumerated: bool) -> None:
        self.sums, self.enumerated = sums, enumerated
        numerators, squares = [], []
        for signs in blocks:
            y, x = sums.scores(signs)
            numerators.append(sums.own @ signs)
            squares.append(np.stack([(y * y).sum(axis=0), (x * y).sum(axis=0), (x * x).sum(axis=0)]))
        self.numerators, self.squares = np.hstack(numerators), np.hstack(squares)
        self.count = self.numerators.shape[1]
        # The data are the sample with no sign changed, wherever the null is put.
        unchanged = sums.scores(np.ones((sums.own.shape[1], 1)))[0]
        self.data = float((unchanged**2).sum())

    def p(self, effect: float) -> float:
        """The share of samples whose |t| is at least that of the data when the effect is supposed to be ``effect``."""
        observed = (self.sums.estimate - effect) * self.sums.length
        squares = self.squares[0] - 2 * effect * self.squares[1] + effect**2 * self.squares[2]
        drawn = np.abs(self.numerators[0] - effect * self.numerators[1])
        # |drawn| / √squares ≥ |observed| / √data, without dividing by a variance that may be zero
        extreme = drawn * np.sqrt(self.data) >= (1 - TIES) * abs(observed) * np.sqrt(np.maximum(squares, 0.0))
        if self.enumerated:
            return float(extreme.mean())
        return float((1 + extreme.sum()) / (1 + self.count))


def _all_signs(clusters: int) -> Iterator[Floats]:
    patterns = np.arange(2**clusters)
    yield 1.0 - 2.0 * ((patterns >> np.arange(clusters)[:, None]) & 1)


def _drawn(clusters: int, repetitions: int, webb: bool, seed: int) -> Iterator[Floats]:
    rng = np.random.default_rng(seed)
    values = np.array([-1.0, 1.0])
    if webb:
        sizes = np.sqrt([0.5, 1.0, 1.5])
        values = np.concatenate([-sizes, sizes])
    width = max(1, BLOCK // clusters)
    for begin in range(0, repetitions, width):
        yield values[rng.integers(0, len(values), size=(clusters, min(width, repetitions - begin)))]
