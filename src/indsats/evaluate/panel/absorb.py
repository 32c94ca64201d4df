"""Removes the levels of categorical columns from numbers: what is left is the variation within levels.

A regression with an indicator for every level of some columns has the same coefficients as one of the variables
after each has been replaced by its residual from those indicators (Frisch & Waugh 1933; Lovell 1963). The indicators
need never be written out: their normal equations are counts. The largest column is eliminated by its level means,
and what the others add is a small symmetric system, solved exactly; only where it would be large is it iterated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import linalg, sparse
from scipy.linalg import lapack
from scipy.sparse import csgraph
from scipy.sparse.linalg import LinearOperator, cg

from ..inputs import Floats

Codes = NDArray[np.intp]

MOST_DENSE = 3_000
"""Up to this many levels beside the largest column the normal equations are solved directly."""

DEPENDENT = 1e-9
"""A level whose own share of its rows falls below this is a combination of other levels."""

TIGHT = 1e-12
"""Relative residual at which the iteration for large systems ends."""

SMALL_INTEGERS = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.Boolean)


@dataclass(frozen=True, slots=True)
class Factor:
    """A column as level numbers from 0 (``codes``, one a row) and how many levels there are."""

    name: str
    codes: Codes
    count: int


def factor(series: pl.Series) -> Factor:
    """Numbers the levels of a column without nulls; the order of the numbers means nothing."""
    if series.dtype == pl.String:
        series = series.cast(pl.Categorical)
    if series.dtype in (pl.Categorical, pl.Enum):
        series = series.to_physical()
    if series.dtype in SMALL_INTEGERS:
        values = series.cast(pl.Int64).to_numpy()
        lowest = int(values.min())
        width = int(values.max()) - lowest + 1
        if width <= 4 * len(values) + 1_000:  # a table of all numbers in the range is cheaper than sorting
            shifted = values - lowest
            seen = np.zeros(width, dtype=bool)
            seen[shifted] = True
            if seen.all():
                return Factor(series.name, shifted, width)
            number = np.cumsum(seen) - 1
            return Factor(series.name, number[shifted], int(number[-1]) + 1)
    codes = series.rank("dense").to_numpy().astype(np.intp) - 1
    return Factor(series.name, codes, int(codes.max()) + 1)


def crossed(one: Factor, other: Factor) -> Factor:
    """The combinations of two columns that occur, as one."""
    joint = pl.Series(f"{one.name}:{other.name}", one.codes * other.count + other.codes)
    return factor(joint)


def not_alone(factors: Sequence[Factor]) -> tuple[NDArray[np.bool_], dict[str, int]]:
    """Rows that share every level with another row, and how many were lost to each column.

    A row alone in its level is fitted exactly and says nothing; removing it can leave another alone, so the search
    is repeated until none is (Correia 2015, "Singletons, cluster-robust standard errors and fixed effects").
    """
    keep = np.ones(len(factors[0].codes), dtype=bool)
    lost: dict[str, int] = {}
    settled = 0
    while settled < len(factors):
        for one in factors:
            counts = np.bincount(one.codes[keep] if lost else one.codes, minlength=one.count)
            if not (counts == 1).any():
                settled += 1
                if settled >= len(factors):
                    break
                continue
            alone = keep & (counts[one.codes] == 1)
            keep &= ~alone
            lost[f"alone in {one.name}"] = lost.get(f"alone in {one.name}", 0) + int(alone.sum())
            settled = 0
    return keep, lost


def nested(inner: Factor, outer: Factor) -> bool:
    """Whether every level of ``inner`` lies within one level of ``outer``."""
    owner = np.zeros(inner.count, dtype=np.intp)
    owner[inner.codes] = outer.codes
    return bool((owner[inner.codes] == outer.codes).all())


class Within:
    """The within-transformation for one or several factors, with weights if given.

    ``remove`` subtracts the (weighted) projection on all indicators; ``rank`` is the number of indicators that are
    not combinations of others: exact for one or two factors and wherever the system is solved directly, otherwise
    an upper bound (each further factor loses one level).
    """

    def __init__(self, factors: Sequence[Factor], weights: Floats | None = None) -> None:
        self.factors = tuple(sorted(factors, key=lambda one: -one.count))
        self._weights = weights
        self._cell = _cells(self.factors)
        rows = len(self.factors[0].codes)
        if self._cell is None:
            self.codes = [one.codes for one in self.factors]
            mass = np.ones(rows) if weights is None else weights
        else:
            cells = int(self._cell.max()) + 1
            self.codes = []
            for one in self.factors:
                of_cell = np.empty(cells, dtype=np.intp)
                of_cell[self._cell] = one.codes
                self.codes.append(of_cell)
            mass = np.bincount(self._cell, weights=weights, minlength=cells).astype(np.float64)
        self.counts = [one.count for one in self.factors]
        self._starts = np.cumsum([0, *self.counts[1:]])
        self.totals = np.bincount(self.codes[0], weights=mass, minlength=self.counts[0])
        self.cross = sparse.csr_array((self.counts[0], 0))
        self.rank = self.counts[0]
        if len(self.factors) > 1:
            self._eliminate(mass)

    def _eliminate(self, mass: Floats) -> None:
        """The normal equations of all factors but the first, after the first has been eliminated."""
        size = int(self._starts[-1])
        cells = np.arange(len(mass))
        others = sparse.hstack(
            [
                sparse.csr_array((np.ones(len(cells)), (cells, codes)), shape=(len(cells), count))
                for codes, count in zip(self.codes[1:], self.counts[1:], strict=True)
            ],
            format="csr",
        )
        first = sparse.csr_array((mass, (self.codes[0], cells)), shape=(self.counts[0], len(cells)))
        self.cross = sparse.csr_array(first @ others)
        weighted = sparse.csr_array((mass, (cells, cells)), shape=(len(cells), len(cells)))
        own = sparse.csr_array(others.T @ weighted @ others)
        self._scale = np.sqrt(own.diagonal())
        means = sparse.csr_array(self.cross.T / self.totals)
        if size > MOST_DENSE:
            self._own, self._means, self._kept = own, means, None
            self.rank += self._connected_rank()
            return
        system = (own - means @ self.cross).toarray() / np.outer(self._scale, self._scale)
        triangle, order, kept, _ = lapack.dpstrf(system, lower=1, tol=DEPENDENT)  # type: ignore[attr-defined]
        # LAPACK stops once only dependent levels are left; their effects are set to zero.
        self._kept = order[:kept] - 1
        self._triangle = np.tril(triangle)[:kept, :kept]
        self.rank += int(kept)

    def _connected_rank(self) -> int:
        size = self.counts[0] + self.counts[1]
        edges = sparse.coo_array(
            (np.ones(len(self.codes[0])), (self.codes[0], self.codes[1] + self.counts[0])), shape=(size, size)
        )
        components = int(csgraph.connected_components(edges, directed=False)[0])
        return self.counts[1] - components + sum(count - 1 for count in self.counts[2:])

    def solve_rest(self, sums: Floats) -> Floats:
        """Effects (levels of all factors but the first × columns) from right-hand sides after elimination."""
        if not len(sums):
            return sums
        if self._kept is None:
            return np.column_stack([self._iterate(column) for column in sums.T])
        effects = np.zeros_like(sums)
        scaled = (sums / self._scale[:, None])[self._kept]
        effects[self._kept] = linalg.cho_solve((self._triangle, True), scaled)
        return effects / self._scale[:, None]

    def _iterate(self, sums: Floats) -> Floats:
        def system(effects: Floats) -> Floats:
            return self._own @ effects - self._means @ (self.cross @ effects)

        size = len(sums)
        preconditioner = sparse.diags_array(1 / self._scale**2)
        operator = LinearOperator((size, size), matvec=system)  # type: ignore[call-arg]
        effects, failed = cg(operator, sums, rtol=TIGHT, maxiter=20_000, M=preconditioner)
        if failed:
            names = ", ".join(one.name for one in self.factors)
            raise ValueError(
                f"the levels of {names} are so loosely connected that their effects could not be told apart: "
                "absorb fewer columns or coarser levels"
            )
        return effects

    def remove(self, columns: Floats) -> None:
        """Replaces each row of ``columns`` (k × n) by its residual from all indicators, in place."""
        if not len(columns):
            return
        sums: list[Floats] = []
        for column in columns:
            column -= column.mean()  # spares digits; the constant is among the indicators anyway
            weighted = column if self._weights is None else column * self._weights
            sums.append(weighted if self._cell is None else _sums(self._cell, weighted))
        first = np.stack([np.bincount(self.codes[0], weights=s, minlength=self.counts[0]) for s in sums])
        means = first / self.totals
        rest = np.empty((int(self._starts[-1]), len(columns)))
        for j, (codes, count) in enumerate(zip(self.codes[1:], self.counts[1:], strict=True)):
            here = slice(self._starts[j], self._starts[j + 1])
            rest[here] = np.stack([np.bincount(codes, weights=s, minlength=count) for s in sums], axis=1)
        effects = self.solve_rest(rest - self.cross.T @ means.T)
        means -= (self.cross @ effects).T / self.totals
        for i, column in enumerate(columns):
            fitted = means[i].take(self.codes[0])
            for j, codes in enumerate(self.codes[1:]):
                fitted += effects[self._starts[j] : self._starts[j + 1], i].take(codes)
            column -= fitted if self._cell is None else fitted.take(self._cell)

    def level_sums(self, values: Floats, groups: Factor) -> tuple[sparse.csr_array, Floats]:
        """Sums of ``values`` (n) by level and group: the first factor's (sparse) and all others' (levels × groups)."""

        def table(one: Factor) -> sparse.csr_array:
            return sparse.csr_array((values, (one.codes, groups.codes)), shape=(one.count, groups.count))

        rest = [table(one).toarray() for one in self.factors[1:]]
        return table(self.factors[0]), np.vstack([np.empty((0, groups.count)), *rest])


def _sums(codes: Codes, values: Floats) -> Floats:
    return np.asarray(np.bincount(codes, weights=values), dtype=np.float64)


def _cells(factors: Sequence[Factor]) -> Codes | None:
    """The occurring combinations of all factors, numbered; None where there are about as many as rows."""
    rows = len(factors[0].codes)
    possible = 1
    for one in factors:
        possible *= one.count
    if possible > rows / 4:
        return None
    joint = factors[0].codes
    for one in factors[1:]:
        joint = joint * one.count + one.codes
    return factor(pl.Series("cell", joint)).codes if len(factors) > 1 else joint
