"""Whether a group is like the population it comes from, characteristic by characteristic."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np
import polars as pl
import scipy

from ..design import is_categorical, levels
from ..inputs import Flags, Floats, Frame, as_polars, missing_values, numbers, two_groups
from .exact import SMALLEST_EXPECTED, freeman_halton
from .means import difference_in_means
from .proportions import chi_squared, proportion_test

WELCH, Z, CHI_SQUARED = "Welch t", "two proportions z", "chi-squared"
FISHER = "Fisher exact"

SCHEMA = {
    "field": pl.String,
    "level": pl.String,
    "measure": pl.String,
    "group": pl.Float64,
    "rest": pl.Float64,
    "population": pl.Float64,
    "difference_rest": pl.Float64,
    "difference_population": pl.Float64,
    "standardised": pl.Float64,
    "test": pl.String,
    "statistic": pl.Float64,
    "df": pl.Float64,
    "p": pl.Float64,
    "n_group": pl.Int64,
    "n_rest": pl.Int64,
    "n_population": pl.Int64,
    "missing_group": pl.Int64,
    "missing_rest": pl.Int64,
    "count_group": pl.Int64,
    "count_rest": pl.Int64,
    "sd_group": pl.Float64,
    "sd_rest": pl.Float64,
    "least_expected": pl.Float64,
}


def representativeness(
    population: Frame, group: str, fields: Sequence[str], *, weights: str | None = None
) -> pl.DataFrame:
    """A group against the population it is part of: one row for each number or yes-or-no field, and for text fields
    one for the whole distribution (``level`` null) followed by one for each level.

    ``population`` has a row for everybody, the group included; ``group`` names the true/false column that says who is
    in it. The *rest* is the population without the group, so that no one is compared with themselves.

    - ``measure``: ``mean``, ``share`` or ``distribution``; ``group``, ``rest``, ``population``: that mean or share
      (null for a distribution); ``difference_rest`` = group − rest and ``difference_population`` = group − population,
      which without weights is the former times ``n_rest / n_population``. A test of one is a test of the other;
    - ``standardised``: ``difference_rest`` over √((s²_group + s²_rest) / 2), with p(1 − p) for the variance of shares
      (Austin 2009, Statistics in Medicine 28:3083–3107); 0 where all are alike, null where only the means differ;
    - ``test`` (of group against rest), ``statistic``, ``df`` (null where it has none), ``p`` (two-sided): ``Welch t``
      for means; ``two proportions z`` (pooled, no correction: z² is Pearson's χ²) for shares; ``chi-squared`` for
      distributions; ``Fisher exact`` for both when a cell's expected count is below 5, with several levels as
      Freeman & Halton (1951), where fewer than a million tables are possible (else χ², and ``least_expected`` warns).
      ``none: …`` says why there is no test;
    - what it is made of: ``n_*`` rows with a value, ``missing_*`` rows without, ``count_*`` of yes or of the level,
      ``sd_*`` of numbers (n − 1), ``least_expected`` the smallest expected count. A share is ``count / n``. Whoever has
      these can work out the rest.

    With ``weights`` (a column of numbers from 0 up) means and shares are weighted and nothing is tested, for rows are
    then no sample; counts, ``sd_*`` and the ruler of ``standardised`` stay those of the rows. Raises ``ValueError``
    for a group that is empty, everybody or unknown for somebody, for missing or negative weights, and for fields
    that are neither numbers, true/false nor text.
    """
    population = as_polars(population)
    absent = [
        name for name in (group, *fields, *([weights] if weights else [])) if name not in population.columns
    ]
    if absent:
        raise ValueError(f"the table has no column {', '.join(repr(name) for name in absent)}")
    if unknown := int(missing_values(population[group]).sum()):
        raise ValueError(
            f"column '{group}' must say of everybody whether they are in the group; {unknown} lack it"
        )
    flags = two_groups(population, group)
    weight = None
    if weights is not None:
        if missing_values(population[weights]).any():
            raise ValueError(f"column '{weights}' lacks a weight for somebody")
        weight = numbers(population, weights)
        if (weight < 0).any():
            raise ValueError(f"column '{weights}' has a negative weight")
    rows: list[dict[str, object]] = []
    for name in fields:
        series = population[name]
        known = ~missing_values(series)
        inside = flags[known]
        w = None if weight is None else weight[known]
        base = {
            "field": name,
            "n_group": int(inside.sum()),
            "n_rest": int((~inside).sum()),
            "n_population": int(known.sum()),
            "missing_group": int((~known & flags).sum()),
            "missing_rest": int((~known & ~flags).sum()),
        }
        present = population.filter(pl.Series(known))
        if is_categorical(series):
            text = present[name].cast(pl.String)
            called = [(text == level).to_numpy() for level in levels(series)]
            counts = np.array([[(here & inside).sum(), (here & ~inside).sum()] for here in called]).reshape(
                -1, 2
            )
            tested = _distribution(counts) if w is None else _untested("weighted")
            rows.append({**base, "measure": "distribution", **tested})
            for level, here in zip(levels(series), called, strict=True):
                rows.append({**base, "level": level, **_share(here.astype(np.float64), inside, w)})
            continue
        values = numbers(present, name)
        binary = series.dtype == pl.Boolean or (
            len(values) > 0 and bool(((values == 0) | (values == 1)).all())
        )
        rows.append({**base, **(_share if binary else _mean)(values, inside, w)})
    return pl.DataFrame(rows, schema=SCHEMA)


def _share(values: Floats, inside: Flags, weights: Floats | None) -> dict[str, object]:
    """A row for a yes-or-no or a level; ``values`` are 0 and 1."""
    ones, others = int(values[inside].sum()), int(values[~inside].sum())
    n1, n2 = int(inside.sum()), int((~inside).sum())
    p1, p2 = (ones / n1 if n1 else 0.0), (others / n2 if n2 else 0.0)
    row = {
        "measure": "share",
        "count_group": ones,
        "count_rest": others,
        **_values(values, inside, weights, p1 * (1 - p1), p2 * (1 - p2)),
    }
    counts = np.array([[ones, others], [n1 - ones, n2 - others]])
    if weights is not None:
        return row | _untested("weighted")
    if min(n1, n2) == 0:
        return row | _untested("nobody has a value")
    expected = _least_expected(counts)
    if counts.sum(axis=1).min() == 0:
        return row | _untested("all are alike") | {"least_expected": expected}
    if expected < SMALLEST_EXPECTED:
        return row | {
            "test": FISHER,
            "p": float(scipy.stats.fisher_exact(counts).pvalue),  # type: ignore[attr-defined]
            "least_expected": expected,
        }
    z, p = proportion_test(ones, n1, others, n2)
    return row | {"test": Z, "statistic": z, "p": p, "least_expected": expected}


def _mean(values: Floats, inside: Flags, weights: Floats | None) -> dict[str, object]:
    one, two = values[inside], values[~inside]
    s1, s2 = _deviation(one), _deviation(two)
    row = {
        "measure": "mean",
        "sd_group": s1,
        "sd_rest": s2,
        **_values(values, inside, weights, None if s1 is None else s1**2, None if s2 is None else s2**2),
    }
    if weights is not None:
        return row | _untested("weighted")
    if s1 is None or s2 is None:
        few = "nobody has a value" if min(len(one), len(two)) == 0 else "a single value"
        return row | _untested(few)
    if s1 == 0 and s2 == 0:
        return row | _untested("no variation")
    pair = pl.DataFrame({"treated": inside, "value": values})
    effect = difference_in_means(pair, "value", variance="welch")
    return row | {"test": WELCH, "statistic": effect.statistic, "df": effect.df, "p": effect.p}


def _deviation(values: Floats) -> float | None:
    if len(values) < 2:
        return None
    # The deviation of equal decimals comes out as next to nothing instead of nothing.
    return float(values.std(ddof=1)) if np.ptp(values) > 0 else 0.0


def _values(
    values: Floats, inside: Flags, weights: Floats | None, v1: float | None, v2: float | None
) -> dict[str, float | None]:
    """Means of group, rest and all, their differences, and the standardised one from the two variances."""

    def mean(which: Flags) -> float | None:
        weight = None if weights is None else weights[which]
        if not which.any() or (weight is not None and not weight.sum() > 0):
            return None
        if np.ptp(values[which]) == 0:
            return float(values[which][0])  # a mean of equal decimals is not always that decimal
        return float(np.average(values[which], weights=weight))

    one, two, everybody = mean(inside), mean(~inside), mean(np.ones(len(values), dtype=bool))
    found: dict[str, float | None] = {"group": one, "rest": two, "population": everybody}
    if one is None or two is None or everybody is None:
        return found
    found |= {"difference_rest": one - two, "difference_population": one - everybody}
    if v1 is not None and v2 is not None:
        if v1 + v2 > 0:
            found["standardised"] = (one - two) / sqrt((v1 + v2) / 2)
        elif one == two:
            found["standardised"] = 0.0
    return found


def _distribution(counts: np.ndarray) -> dict[str, object]:
    """The test of a whole distribution; ``counts`` is levels × (group, rest)."""
    if counts.size == 0 or counts.sum(axis=0).min() == 0:
        return _untested("nobody has a value")
    if len(counts) < 2:
        return _untested("all are alike")
    expected = _least_expected(counts)
    if expected < SMALLEST_EXPECTED and (p := freeman_halton(counts)) is not None:
        return {"test": FISHER, "p": p, "least_expected": expected}
    statistic, df, p = chi_squared(counts)
    return {"test": CHI_SQUARED, "statistic": statistic, "df": float(df), "p": p, "least_expected": expected}


def _least_expected(counts: np.ndarray) -> float:
    return float(np.outer(counts.sum(axis=1), counts.sum(axis=0)).min() / counts.sum())


def _untested(why: str) -> dict[str, object]:
    return {"test": f"none: {why}"}
