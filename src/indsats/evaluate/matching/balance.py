"""How alike treated and untreated are, characteristic by characteristic."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np
import polars as pl
from scipy import stats

from ..design import is_categorical, levels
from ..inputs import Flags, Floats, complete_rows, missing_values, numbers, two_groups
from ..trials.proportions import proportion_test

SCHEMA = {
    "field": pl.String,
    "level": pl.String,
    "mean_treated": pl.Float64,
    "mean_untreated": pl.Float64,
    "difference": pl.Float64,
    "smd": pl.Float64,
    "variance_ratio": pl.Float64,
    "p": pl.Float64,
    "missing_treated": pl.Int64,
    "missing_untreated": pl.Int64,
}


def balance(
    table: pl.DataFrame,
    covariates: Sequence[str],
    treated: str = "treated",
    weights: str | None = None,
    *,
    reference: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """One row per number or yes-or-no covariate and per level of a categorical one.

    Columns: ``field``, ``level`` (null unless categorical), ``mean_treated``, ``mean_untreated`` (shares for
    yes-or-no and levels), ``difference`` of the two in the covariate's unit, ``smd`` = that difference
    divided by the standard deviation among the treated of ``reference``, ``variance_ratio`` (treated over
    untreated, null
    for yes-or-no and levels), ``p``, ``missing_treated`` and ``missing_untreated`` (rows).

    ``reference`` is the sample before matching (default: ``table`` itself), so that balance before and after
    is measured with the same ruler; the deviation of a yes-or-no is √(p(1 − p)). Both conventions are
    MatchIt's
    for the effect on the treated. ``p`` is Welch's test for numbers and the pooled z test for shares; with
    ``weights`` it is null, for the rows are then no sample. Where there is no spread to divide by, ``smd`` is
    0 for equal means and null otherwise. Rows without a value are counted and left out of that covariate
    only. Raises ``ValueError`` for empty groups and for columns that are neither numbers, true/false nor
    text.
    """
    known = complete_rows(table, [treated]).table
    flags = two_groups(known, treated)
    weight = numbers(known, weights) if weights else None
    ruler = known if reference is None else complete_rows(reference, [treated]).table
    ruler_flags = flags if reference is None else two_groups(ruler, treated)
    rows = []
    for covariate in covariates:
        missing = missing_values(known[covariate])
        counts = (int((missing & flags).sum()), int((missing & ~flags).sum()))
        present, keep = known.filter(pl.Series(~missing)), ~missing
        ruler_keep = ~missing_values(ruler[covariate])
        ruler_present, ruler_treated = ruler.filter(pl.Series(ruler_keep)), ruler_flags[ruler_keep]
        w = None if weight is None else weight[keep]
        for side, n in (("treated", flags[keep].sum()), ("untreated", (~flags[keep]).sum())):
            if n == 0:
                raise ValueError(f"no {side} row has a value in column '{covariate}'")
        if is_categorical(known[covariate]):
            text, ruler_text = present[covariate].cast(pl.String), ruler_present[covariate].cast(pl.String)
            for level in sorted(set(levels(present[covariate])) | set(levels(ruler_present[covariate]))):
                here = (text == level).to_numpy().astype(np.float64)
                base = (ruler_text == level).to_numpy().astype(np.float64)[ruler_treated]
                rows.append((covariate, level, *_compare(here, flags[keep], w, base), *counts))
        else:
            values = numbers(present, covariate)
            base = numbers(ruler_present, covariate)[ruler_treated]
            rows.append((covariate, None, *_compare(values, flags[keep], w, base), *counts))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def effective_size(weights: Floats) -> float:
    """Kish's effective sample size (Σw)²/Σw²: how many equally weighted people carry as much information."""
    total = float(weights.sum())
    return total**2 / float((weights**2).sum()) if total else 0.0


def _compare(
    values: Floats, treated: Flags, weights: Floats | None, base: Floats
) -> tuple[float, float, float, float | None, float | None, float | None]:
    """Means, difference, standardised difference, variance ratio and p of one covariate or level."""
    one, two = values[treated], values[~treated]
    w1, w2 = (None, None) if weights is None else (weights[treated], weights[~treated])
    mean_1, mean_2 = float(np.average(one, weights=w1)), float(np.average(two, weights=w2))
    difference = mean_1 - mean_2
    binary = bool(((values == 0) | (values == 1)).all())
    share = float(base.mean())
    if binary:
        deviation = sqrt(share * (1 - share)) if 0 <= share <= 1 else 0.0
    else:
        deviation = float(base.std(ddof=1)) if len(base) > 1 else 0.0
    if deviation > 0:
        smd: float | None = difference / deviation
    else:
        smd = 0.0 if difference == 0 else None
    ratio: float | None = None
    if not binary:
        v1, v2 = _variance(one, w1), _variance(two, w2)
        ratio = v1 / v2 if v1 is not None and v2 else None
    p = None if weights is not None else _p(one, two, binary=binary)
    return mean_1, mean_2, difference, smd, ratio, p


def _variance(values: Floats, weights: Floats | None) -> float | None:
    """Unbiased variance; the weighted form equals the plain one when all weights are equal."""
    if len(values) < 2:
        return None
    w = np.ones(len(values)) if weights is None else weights
    total = w.sum()
    mean = (w * values).sum() / total
    left = total - (w**2).sum() / total
    return float((w * (values - mean) ** 2).sum() / left) if left > 0 else None


def _p(one: Floats, two: Floats, *, binary: bool) -> float | None:
    if binary:
        events = one.sum() + two.sum()
        if events in (0, len(one) + len(two)):
            return None
        return proportion_test(float(one.sum()), len(one), float(two.sum()), len(two)).p
    if min(len(one), len(two)) < 2 or one.var() + two.var() == 0:
        return None
    v1, v2 = one.var(ddof=1) / len(one), two.var(ddof=1) / len(two)
    df = (v1 + v2) ** 2 / (v1**2 / (len(one) - 1) + v2**2 / (len(two) - 1))
    return float(2 * stats.t.sf(abs(one.mean() - two.mean()) / sqrt(v1 + v2), df))
