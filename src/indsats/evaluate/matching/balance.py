"""How alike treated and controls are, characteristic by characteristic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import polars as pl
import scipy

from ..design import is_categorical, levels
from ..inputs import (
    Flags,
    Floats,
    Frame,
    as_polars,
    columns_of,
    complete_rows,
    missing_values,
    numbers,
    two_groups,
)
from ..trials.proportions import proportion_test

MEASURES = ("mean_treated", "mean_control", "difference", "smd", "variance_ratio", "ks", "ecdf_mean")
"""The columns that compare the groups."""

SCHEMA = {
    "field": pl.String,
    "level": pl.String,
    **dict.fromkeys(MEASURES, pl.Float64),
    "p": pl.Float64,
    "missing_treated": pl.Int64,
    "missing_control": pl.Int64,
}


def balance(
    df: Frame,
    covariates: Sequence[str],
    treatment: str = "treated",
    weights: str | None = None,
    *,
    reference: Frame | None = None,
) -> pl.DataFrame:
    """One row per number or yes-or-no covariate and per level of a categorical one.

    Columns: ``field``, ``level`` (null unless categorical), ``mean_treated``, ``mean_control`` (shares for
    yes-or-no and levels), ``difference`` of the two in the covariate's unit, ``smd`` = that difference
    divided by the standard deviation among the treated of ``reference``, ``variance_ratio`` (treated over
    control, null for yes-or-no and levels), ``ks`` and ``ecdf_mean`` (the largest and the mean distance of the
    two cumulative distributions over the values that occur), ``p``, ``missing_treated`` and
    ``missing_control`` (rows).

    ``reference`` is the sample before matching (default: ``df`` itself), so that balance before and after
    is measured with the same ruler; the deviation of a yes-or-no is √(p(1 − p)). These conventions are
    MatchIt's for the effect on the treated. ``p`` is Welch's test for numbers and the pooled z test for
    shares; with ``weights`` it is null, for the rows are then no sample. Where there is no spread to divide
    by, ``smd`` is 0 for equal means and null otherwise. Rows without a value are counted and left out of that
    covariate only. Raises ``ValueError`` for empty groups, for weights that are negative, missing or zero in a
    whole group, and for columns that are neither numbers, true/false nor text.
    """
    table = as_polars(df)
    covariates = columns_of(covariates)
    known = complete_rows(table, [treatment]).table
    flags = two_groups(known, treatment)
    weight = numbers(known, weights) if weights else None
    if weight is not None and (weight < 0).any():
        raise ValueError(f"weights in column '{weights}' must not be negative")
    ruler = known if reference is None else complete_rows(as_polars(reference), [treatment]).table
    ruler_flags = flags if reference is None else two_groups(ruler, treatment)
    rows = []
    for covariate in covariates:
        bases = {c.level: c.values[c.treated] for c in characteristics(ruler, covariate, ruler_flags)}
        for here in characteristics(known, covariate, flags, extra=[level for level in bases if level]):
            keep = here.known
            for side, n in (("treated", here.treated.sum()), ("control", (~here.treated).sum())):
                if n == 0:
                    raise ValueError(f"no {side} row has a value in column '{covariate}'")
                group = here.treated if side == "treated" else ~here.treated
                if weight is not None and not weight[keep][group].sum() > 0:
                    raise ValueError(
                        f"every {side} row with a value in column '{covariate}' has the weight 0 (column '{weights}')"
                    )
            base = bases.get(here.level, np.zeros(1))
            one = compare(
                here.values, here.treated, None if weight is None else weight[keep], deviation(base)
            )
            p = None if weight is not None else _p(here.values, here.treated)
            missing = (int((~keep & flags).sum()), int((~keep & ~flags).sum()))
            rows.append((covariate, here.level, *one, p, *missing))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def balance_twice(
    table: pl.DataFrame, covariates: Sequence[str], treated: Flags, weights: Floats
) -> pl.DataFrame:
    """Balance of complete rows as they are, and with ``weights`` in columns that end in ``_matched``."""
    rows = []
    for covariate in covariates:
        for one in characteristics(table, covariate, treated):
            spread = deviation(one.values[treated])
            raw = compare(one.values, treated, None, spread)
            rows.append((covariate, one.level, *raw, *compare(one.values, treated, weights, spread)))
    schema = {
        "field": pl.String,
        "level": pl.String,
        **dict.fromkeys(MEASURES, pl.Float64),
        **dict.fromkeys((f"{name}_matched" for name in MEASURES), pl.Float64),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def effective_size(weights: Floats) -> float:
    """Kish's effective sample size (Σw)²/Σw²: how many equally weighted people carry as much information."""
    total = float(weights.sum())
    return total**2 / float((weights**2).sum()) if total else 0.0


@dataclass(frozen=True, slots=True)
class Characteristic:
    """A number, a yes-or-no or one level, in the rows where it is ``known``."""

    level: str | None
    values: Floats
    treated: Flags
    known: Flags


def characteristics(
    table: pl.DataFrame, column: str, treated: Flags, extra: Sequence[str] = ()
) -> Iterator[Characteristic]:
    """What a column says: itself, or each of its levels (and of ``extra``) as yes or no."""
    known = ~missing_values(table[column])
    present = table if known.all() else table.filter(pl.Series(known))
    if is_categorical(present[column]):
        text = present[column].cast(pl.String)
        for level in sorted({*levels(text), *extra}):
            values = (text == level).to_numpy().astype(np.float64)
            yield Characteristic(level, values, treated[known], known)
    else:
        yield Characteristic(None, numbers(present, column), treated[known], known)


def deviation(values: Floats) -> float:
    """The standard deviation; of a yes-or-no √(p(1 − p))."""
    if len(values) and np.ptp(values) == 0:
        return 0.0  # the deviation of equal decimals comes out as next to nothing instead of nothing
    if _binary(values):
        share = float(values.mean())
        return sqrt(share * (1 - share))
    return float(values.std(ddof=1)) if len(values) > 1 else 0.0


def compare(
    values: Floats, treated: Flags, weights: Floats | None, spread: float
) -> tuple[float, float, float, float | None, float | None, float, float]:
    """The measures of :data:`MEASURES` for one characteristic; differences are divided by ``spread``."""
    one, two = values[treated], values[~treated]
    w1 = np.ones(len(one)) if weights is None else weights[treated]
    w2 = np.ones(len(two)) if weights is None else weights[~treated]
    mean_1, mean_2 = _mean(one, w1), _mean(two, w2)
    difference = mean_1 - mean_2
    smd = difference / spread if spread > 0 else (0.0 if difference == 0 else None)
    if _binary(values):
        return mean_1, mean_2, difference, smd, None, abs(difference), abs(difference)
    v1, v2 = _variance(one, w1), _variance(two, w2)
    ratio = v1 / v2 if v1 is not None and v2 else None
    share = np.empty(len(values))
    share[treated], share[~treated] = w1 / w1.sum(), -w2 / w2.sum()
    order = np.argsort(values, kind="stable")
    last = np.append(np.diff(values[order]) != 0, True)
    gap = np.abs(np.cumsum(share[order])[last])
    return mean_1, mean_2, difference, smd, ratio, float(gap.max()), float(gap.mean())


def _mean(values: Floats, weights: Floats) -> float:
    used = values[weights > 0]
    if np.ptp(used) == 0:
        return float(used[0])  # a mean of equal decimals is not always that decimal
    return float(np.average(values, weights=weights))


def _binary(values: Floats) -> bool:
    return bool(((values == 0) | (values == 1)).all())


def _variance(values: Floats, weights: Floats) -> float | None:
    """Unbiased variance; the weighted form equals the plain one when all weights are equal."""
    total = weights.sum()
    if np.ptp(values[weights > 0]) == 0:
        return 0.0 if (weights > 0).sum() > 1 else None
    mean = (weights * values).sum() / total
    left = total - (weights**2).sum() / total
    return float((weights * (values - mean) ** 2).sum() / left) if left > 1e-12 * total else None


def _p(values: Floats, treated: Flags) -> float | None:
    one, two = values[treated], values[~treated]
    if _binary(values):
        events = one.sum() + two.sum()
        if events in (0, len(one) + len(two)):
            return None
        return proportion_test(float(one.sum()), len(one), float(two.sum()), len(two)).p
    if min(len(one), len(two)) < 2 or (np.ptp(one) == 0 and np.ptp(two) == 0):
        return None
    v1, v2 = one.var(ddof=1) / len(one), two.var(ddof=1) / len(two)
    degrees = (v1 + v2) ** 2 / (v1**2 / (len(one) - 1) + v2**2 / (len(two) - 1))
    return float(2 * scipy.stats.t.sf(abs(one.mean() - two.mean()) / sqrt(v1 + v2), degrees))
