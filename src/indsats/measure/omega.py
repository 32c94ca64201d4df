"""McDonald's omega: the reliability of a sum when items measure one thing unequally well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import polars as pl
import scipy
from numpy.typing import NDArray

from .reliability import Numbers, complete_rows, covariance

HEYWOOD = "heywood"
"""An item's own variance went to its lower bound: it is not to be trusted, nor is omega."""
MIXED_SIGNS = "mixed_signs"
"""Items load with different signs: one is to be turned round before it is summed."""
NO_FACTOR = "no_factor"
"""The items have nothing in common that the model can find."""
NOT_CONVERGED = "not_converged"
"""The search stopped before the best fit was reached."""
DRAWS_LOST = "draws_lost"
"""More than one in twenty bootstrap samples could not be fitted."""

_LOWEST = 0.005
"""Least share of an item's variance that is its own; R's ``factanal`` has the same bound."""
_STEPS = 200
_NEAR = 1e-10
_CHUNK = 2_000_000
"""Numbers held at once by the bootstrap: 16 MB."""


@dataclass(frozen=True, slots=True)
class Omega:
    """ω_total of ``items`` over the ``n`` rows where all are answered; ``left_out`` rows are not.

    ``loadings`` and ``uniquenesses`` are in the units of the items, in their order; loadings point the way of most.
    ``chi_squared`` on ``df`` tests that one factor is enough, with ``p``; None for three items, which any one
    factor fits. ``low`` and ``high`` bound the bootstrap's 95 % interval where it was asked for, of ``draws`` samples.
    """

    value: float
    loadings: tuple[float, ...]
    uniquenesses: tuple[float, ...]
    n: int
    left_out: int
    items: tuple[str, ...]
    chi_squared: float
    df: int
    p: float | None
    low: float | None = None
    high: float | None = None
    draws: int = 0
    warnings: tuple[str, ...] = ()
    method: Literal["one_factor_ml"] = "one_factor_ml"


def mcdonald_omega(
    frame: pl.DataFrame,
    items: Sequence[str],
    *,
    interval: bool = False,
    draws: int = 1000,
    seed: int = 1,
) -> Omega:
    """McDonald's ω_total = (Σλ)² / ((Σλ)² + Σθ) from one factor fitted by maximum likelihood.

    The fit is Jöreskog's (1967, Psychometrika 32:443–482) on the rows with every item answered. Equal to alpha when
    all loadings are equal, above it when they are not. ``interval`` gives percentiles of ``draws`` samples of
    rows with replacement; it takes time in proportion to rows × draws (a second for 20,000 × 1,000). Raises
    ``ValueError`` as ``complete_rows``, for fewer than three items (two fit no single factor), no more rows than
    items, and items of which one follows from the others.
    """
    values, left_out = complete_rows(frame, items, least=3)
    n, k = values.shape
    if n <= k:
        raise ValueError(
            f"one factor of {k} items takes more than {k} complete rows, got {n}: gather more answers"
        )
    sds = values.std(axis=0, ddof=1)
    values = (values - values.mean(axis=0)) / sds
    correlation = covariance(values)
    if not _regular(correlation[None])[0]:
        raise ValueError("one item follows from the others, so their covariances have no fit: leave it out")
    fit = _one_factor(correlation[None])
    loadings, own = fit.loadings[0], fit.own[0]
    value = _total(loadings * sds, own * sds**2)
    df = k * (k - 3) // 2
    chi_squared = float(max(fit.misfit[0], 0.0) * (n - 1))
    warnings: list[str] = []
    if (own <= _LOWEST * 1.001).any():
        warnings.append(HEYWOOD)
    common = float(np.abs(loadings).max())
    if common < 1e-6:
        warnings.append(NO_FACTOR)
    elif (loadings < 0).any():
        warnings.append(MIXED_SIGNS)
    if not fit.reached[0]:
        warnings.append(NOT_CONVERGED)
    low = high = None
    used = 0
    if interval:
        found = _bootstrap(values, sds, draws, seed)
        used = len(found)
        if used < 0.95 * draws:
            warnings.append(DRAWS_LOST)
        if used:
            low, high = (float(bound) for bound in np.quantile(found, [0.025, 0.975]))
    return Omega(
        value=float(value),
        loadings=tuple(float(one) for one in loadings * sds),
        uniquenesses=tuple(float(one) for one in own * sds**2),
        n=n,
        left_out=left_out,
        items=tuple(items),
        chi_squared=chi_squared,
        df=df,
        p=float(scipy.stats.chi2.sf(chi_squared, df)) if df else None,
        low=low,
        high=high,
        draws=used,
        warnings=tuple(warnings),
    )


class _Found(NamedTuple):
    """A fit to each of B correlation matrices: B × k, B × k, B and B."""

    own: Numbers
    loadings: Numbers
    misfit: Numbers
    reached: NDArray[np.bool_]


def _total(loadings: Numbers, own: Numbers) -> Numbers:
    common = loadings.sum(axis=-1) ** 2
    return common / (common + own.sum(axis=-1))


def _regular(correlations: Numbers) -> NDArray[np.bool_]:
    return np.linalg.eigvalsh(correlations)[:, 0] > _NEAR


def _one_factor(correlations: Numbers) -> _Found:
    """One factor fitted to each correlation matrix (B × k × k).

    Given the items' own variances ψ, the best loadings follow from the largest eigenvalue θ₁ of
    ψ^(−½) S ψ^(−½), and what is left to minimise is Σ (θ − log θ − 1) over the other eigenvalues (Jöreskog 1967).
    That is done over log ψ by Newton's method with its exact second derivatives, or where those have no
    minimum by the positive ones of Lawley & Maxwell, with steps halved until they lead down.
    """
    k = correlations.shape[-1]
    lowest = np.log(_LOWEST)
    y = np.log((1 - 0.5 / k) / np.diagonal(np.linalg.inv(correlations), axis1=1, axis2=2))
    y = np.clip(y, lowest, 0.0)
    reached = np.zeros(len(y), dtype=bool)
    for _ in range(_STEPS):
        left = np.flatnonzero(~reached)
        matrices, here = correlations[left], y[left]
        slope, curvature = _derivatives(matrices, here)
        held = ((here <= lowest) & (slope > 0)) | ((here >= 0) & (slope < 0))
        slope = np.where(held, 0.0, slope)
        reached[left] = np.abs(slope).max(axis=1) < _NEAR
        if reached.all():
            break
        curvature[held[:, :, None] | held[:, None, :]] = 0.0
        curvature += held[:, :, None] * np.eye(k)
        step = -np.linalg.solve(curvature, slope[..., None])[..., 0]
        step /= np.maximum(1.0, np.abs(step).max(axis=1, keepdims=True))
        y[left] = _downhill(matrices, here, step, lowest)
    own = np.exp(y)
    values, vectors = np.linalg.eigh(_scaled(correlations, y))
    loadings = np.sqrt(own * np.maximum(values[:, -1:] - 1, 0.0)) * vectors[:, :, -1]
    loadings *= np.where(loadings.sum(axis=1, keepdims=True) < 0, -1.0, 1.0)
    return _Found(own, loadings, _misfit(values), reached)


def _scaled(correlations: Numbers, y: Numbers) -> Numbers:
    root = np.exp(-y / 2)
    return correlations * root[:, :, None] * root[:, None, :]


def _misfit(values: NDArray[np.floating]) -> Numbers:
    """What is to be minimised, from the eigenvalues in ascending order (B × k)."""
    rest = values[:, :-1]
    return (rest - np.log(rest) - 1).sum(axis=1)


def _derivatives(correlations: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """First (B × k) and second (B × k × k) derivatives of the misfit in log ψ; the second positive definite."""
    values, vectors = np.linalg.eigh(_scaled(correlations, y))
    first, rest = values[:, -1:], values[:, :-1]
    others = vectors[:, :, :-1]
    transposed = others.transpose(0, 2, 1)
    slope = ((1 - rest)[:, None, :] * others**2).sum(axis=2)
    plain = others @ transposed
    weighted = (others * rest[:, None, :]) @ transposed
    lean = (1 - rest) * (rest + first) / np.maximum(first - rest, _NEAR)
    leading = vectors[:, :, -1]
    exact = weighted * plain + leading[:, :, None] * leading[:, None, :] * (
        (others * lean[:, None, :]) @ transposed
    )
    positive = plain**2 + 1e-6 * np.eye(y.shape[1])
    bowl = np.linalg.eigvalsh(exact)[:, 0] > 1e-6
    return slope, np.where(bowl[:, None, None], exact, positive)


def _downhill(correlations: Numbers, y: Numbers, step: Numbers, lowest: float) -> Numbers:
    """``y`` after the longest of the step, its half, its quarter … that does not raise the misfit."""
    start = _misfit(np.linalg.eigvalsh(_scaled(correlations, y)))
    length = np.ones((len(y), 1))
    for _ in range(30):
        there = np.clip(y + length * step, lowest, 0.0)
        worse = _misfit(np.linalg.eigvalsh(_scaled(correlations, there))) > start + 1e-13
        if not worse.any():
            break
        length[worse] /= 2
    return np.clip(y + length * step, lowest, 0.0)


def _bootstrap(standardised: Numbers, sds: Numbers, draws: int, seed: int) -> Numbers:
    """ω of ``draws`` samples of rows with replacement, those that can be fitted."""
    rng = np.random.default_rng(seed)
    n, k = standardised.shape
    at_once = max(1, _CHUNK // (n * k))
    spreads = np.empty((draws, k, k))
    for start in range(0, draws, at_once):
        size = min(at_once, draws - start)
        sample = standardised[rng.integers(0, n, (size, n))]
        sample -= sample.mean(axis=1, keepdims=True)
        spreads[start : start + size] = sample.transpose(0, 2, 1) @ sample / (n - 1)
    roots = np.sqrt(np.diagonal(spreads, axis1=1, axis2=2))
    varied = (roots > _NEAR).all(axis=1)
    spreads, roots = spreads[varied], roots[varied]
    correlations = spreads / (roots[:, :, None] * roots[:, None, :])
    regular = _regular(correlations)
    if not regular.any():
        return np.empty(0)
    found = _one_factor(correlations[regular])
    units = roots[regular] * sds
    return _total(found.loadings * units, found.own * units**2)[found.reached]
