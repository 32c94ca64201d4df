"""Plain differences between treated and controls: in means and in shares, unpaired or over matched pairs."""

from __future__ import annotations

from math import sqrt
from typing import Literal

import numpy as np
import polars as pl

from ..cautions import controls_reused, left_out, no_discordant_pairs, no_variation
from ..inputs import Flags, Floats, as_polars, chosen, complete_rows, numbers, two_groups, yes_no
from ..pairs import PairedRows, paired_rows
from ..results import Effect, infer
from .proportions import (
    mcnemar_test,
    newcombe_interval,
    newcombe_paired_interval,
    proportion_test,
)

Variance = Literal["pooled", "welch"]
"""Whether the groups share one variance or each has its own."""


def difference_in_means(
    df: pl.DataFrame,
    outcome: str,
    treatment: str = "treated",
    *,
    variance: Variance = "pooled",
    pair: str | None = None,
    person: str | None = None,
) -> Effect:
    """The mean outcome among treated minus the mean among controls, in the unit of ``outcome``.

    ``variance="pooled"`` gives the classical least-squares standard error (one variance, t with n − 2 degrees
    of freedom); ``"welch"`` lets the groups differ in variance (Welch–Satterthwaite degrees of freedom). With
    ``pair``, a column that says which rows are matched to each other, the mean of the within-pair differences
    is taken (``variance`` is then not used); ``person`` names the column that identifies a person, needed
    when the same control serves in several pairs.

    Estimand: the average effect where treatment was drawn at random, in the treated where they were paired.
    Rows without outcome or treatment are excluded and counted. Raises ``ValueError`` for empty groups and for
    an outcome that does not vary within the groups, where no standard error exists.
    """
    df = as_polars(df)
    chosen("variance", variance, Variance)
    if pair is not None:
        return _over_pairs(paired_rows(df, outcome, treatment, pair, person), outcome)
    complete = complete_rows(df, [treatment, outcome])
    flags = two_groups(complete.table, treatment)
    values = numbers(complete.table, outcome)
    one, two = values[flags], values[~flags]
    n1, n2 = len(one), len(two)
    difference = float(one.mean() - two.mean())
    if variance == "welch":
        if min(n1, n2) < 2:
            raise ValueError(
                f"Welch's standard error needs two rows per group, the groups have {n1} and {n2}"
            )
        v1, v2 = one.var(ddof=1) / n1, two.var(ddof=1) / n2
        se = sqrt(v1 + v2)
        degrees = float((v1 + v2) ** 2 / (v1**2 / (n1 - 1) + v2**2 / (n2 - 1))) if se > 0 else 0.0
        se_method = "Welch: unequal variances, t with Welch–Satterthwaite degrees of freedom"
    else:
        degrees = float(n1 + n2 - 2)
        if degrees < 1:
            raise ValueError("a pooled standard error needs at least three rows, the table has two")
        squares = float(((one - one.mean()) ** 2).sum() + ((two - two.mean()) ** 2).sum())
        se = sqrt(squares / degrees * (1 / n1 + 1 / n2))
        se_method = "classical least squares: pooled variance, t with n − 2 degrees of freedom"
    drawn = infer(outcome, difference, se, degrees, size=float(np.abs(values).max()) / sqrt(n1 + n2))
    return Effect(
        estimand="ATE",
        estimate=difference,
        se=se,
        interval=drawn.interval,
        p=drawn.p,
        n_treated=n1,
        n_control=n2,
        outcome=outcome,
        design="difference in means",
        se_method=se_method,
        statistic=drawn.statistic,
        df=degrees,
        mean_treated=float(one.mean()),
        mean_control=float(two.mean()),
        events_treated=_events(values, flags),
        events_control=_events(values, ~flags),
        excluded=complete.excluded,
        warnings=left_out(complete.excluded, df.height),
    )


def difference_in_shares(
    df: pl.DataFrame,
    outcome: str,
    treatment: str = "treated",
    pair: str | None = None,
    *,
    person: str | None = None,
) -> Effect:
    """The share with a yes-or-no ``outcome`` among treated minus the share among controls (scale 0 to 1).

    Unpaired: Newcombe's hybrid score interval, the unpooled (Wald) standard error, and the p of the pooled
    two-proportion z test. With ``pair`` and one control per treated: Newcombe's score interval for pairs,
    the Wald standard error of a paired difference, and McNemar's p. With several controls per treated, or
    the same control in several pairs (``person`` then identifies people): the mean within-pair difference
    with cluster-robust error. When nobody or everybody in both groups has the outcome, ``p`` is 1 and
    ``warnings`` says why.

    Rows without outcome or treatment are excluded and counted. Raises ``ValueError`` for empty groups and for
    an outcome that is not true/false or 0/1.
    """
    df = as_polars(df)
    if pair is not None:
        rows = paired_rows(df, outcome, treatment, pair, person)
        if not ((rows.values == 0) | (rows.values == 1)).all():
            raise ValueError(f"column '{outcome}' must be true/false or 0/1 for a difference in shares")
        return _shares_over_pairs(rows, outcome) if rows.one_to_one else _over_pairs(rows, outcome, "shares")
    complete = complete_rows(df, [treatment, outcome])
    flags = two_groups(complete.table, treatment)
    events = yes_no(complete.table, outcome)
    n1, n2 = int(flags.sum()), int((~flags).sum())
    x1, x2 = int(events[flags].sum()), int(events[~flags].sum())
    p1, p2 = x1 / n1, x2 / n2
    cautions = left_out(complete.excluded, df.height)
    z: float | None = None
    p = 1.0
    if 0 < x1 + x2 < n1 + n2:
        z, p = proportion_test(x1, n1, x2, n2)
    else:
        cautions = (*cautions, no_variation("nobody" if x1 == 0 else "everybody"))
    return Effect(
        estimand="ATE",
        estimate=p1 - p2,
        se=sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2),
        interval=newcombe_interval(x1, n1, x2, n2),
        p=p,
        n_treated=n1,
        n_control=n2,
        outcome=outcome,
        design="difference in shares",
        se_method="Newcombe hybrid score interval; Wald standard error; p from the pooled z test",
        statistic=z,
        mean_treated=p1,
        mean_control=p2,
        events_treated=x1,
        events_control=x2,
        excluded=complete.excluded,
        warnings=cautions,
    )


def _shares_over_pairs(rows: PairedRows, outcome: str) -> Effect:
    """One-to-one pairs with a yes-or-no outcome: Newcombe's paired interval and McNemar's test."""
    ones = rows.values[rows.treated][np.argsort(rows.pair[rows.treated])] == 1
    twos = rows.values[~rows.treated][np.argsort(rows.pair[~rows.treated])] == 1
    n = rows.n_pairs
    only_first, only_second = int((ones & ~twos).sum()), int((~ones & twos).sum())
    both = int((ones & twos).sum())
    cautions = left_out(rows.excluded, len(rows.values) + sum(rows.excluded.values()))
    z: float | None = None
    p = 1.0
    if only_first + only_second:
        z, p = mcnemar_test(only_first, only_second)
    else:
        cautions = (*cautions, no_discordant_pairs())
    difference = (only_first - only_second) / n
    return Effect(
        estimand="ATT",
        estimate=difference,
        se=sqrt(max(only_first + only_second - n * difference**2, 0.0)) / n,
        interval=newcombe_paired_interval(both, only_first, only_second, n - both - only_first - only_second),
        p=p,
        n_treated=n,
        n_control=n,
        n_clusters=n,
        outcome=outcome,
        design="difference in shares over matched pairs",
        se_method="Newcombe score interval for pairs; paired Wald standard error; p from McNemar's test",
        statistic=z,
        mean_treated=float(ones.mean()),
        mean_control=float(twos.mean()),
        events_treated=int(ones.sum()),
        events_control=int(twos.sum()),
        excluded=rows.excluded,
        warnings=cautions,
    )


def _over_pairs(rows: PairedRows, outcome: str, what: Literal["means", "shares"] = "means") -> Effect:
    """The mean within-pair difference, every pair counting once and its controls sharing one weight."""
    if rows.n_pairs < 2:
        raise ValueError(f"a paired difference needs at least two complete pairs, there are {rows.n_pairs}")
    mean_treated = float(rows.values[rows.treated].mean())
    mean_control = float((rows.values * rows.weight)[~rows.treated].sum() / rows.n_pairs)
    difference = mean_treated - mean_control
    variance, degrees, se_method = _pair_variance(rows, mean_treated, mean_control)
    n_control = len(np.unique(rows.person[~rows.treated]))
    cautions = left_out(rows.excluded, len(rows.values) + sum(rows.excluded.values()))
    if rows.reused:
        cautions = (*cautions, controls_reused(n_control, rows.n_pairs))
    size = float(np.abs(rows.values).max()) / sqrt(rows.n_pairs)
    drawn = infer(outcome, difference, sqrt(variance), degrees, size=size)
    return Effect(
        estimand="ATT",
        estimate=difference,
        se=sqrt(variance),
        interval=drawn.interval,
        p=drawn.p,
        n_treated=rows.n_pairs,
        n_control=n_control,
        n_clusters=rows.n_pairs,
        outcome=outcome,
        design=f"difference in {what} over matched pairs",
        se_method=se_method,
        statistic=drawn.statistic,
        df=degrees,
        mean_treated=mean_treated,
        mean_control=mean_control,
        events_treated=None if rows.reused else _events(rows.values, rows.treated),
        events_control=None if rows.reused else _events(rows.values, ~rows.treated),
        excluded=rows.excluded,
        warnings=cautions,
    )


def _pair_variance(rows: PairedRows, mean_treated: float, mean_control: float) -> tuple[float, float, str]:
    """Variance of the mean within-pair difference, its degrees of freedom and its name.

    Without reuse this is the ordinary paired variance. A control in several pairs ties those pairs together;
    then clusters are both the pairs and the people (Cameron, Gelbach & Miller 2011; Austin & Cafri 2020).
    """
    n = rows.n_pairs
    score = (
        np.where(rows.treated, rows.values - mean_treated, -rows.weight * (rows.values - mean_control)) / n
    )

    def clustered(cluster: np.ndarray) -> float:
        sums = np.bincount(cluster, weights=score)
        return float((sums**2).sum() * len(sums) / (len(sums) - 1))

    by_pair = clustered(rows.pair)
    if not rows.reused:
        return by_pair, float(n - 1), "standard deviation of within-pair differences, t with pairs − 1 df"
    people = np.unique(rows.person, return_inverse=True)[1]
    total = by_pair + clustered(people) - clustered(np.arange(len(score)))
    controls = len(np.unique(rows.person[~rows.treated]))
    # The two-way sum is not always positive in small samples; the pairs alone are then the better bound.
    variance = total if total > 0 else by_pair
    name = "cluster-robust by pair and by person (controls used more than once), t with clusters − 1 df"
    return variance, float(max(min(n, controls) - 1, 1)), name


def _events(values: Floats, group: Flags) -> int | None:
    """The count of yes in one group when the outcome is yes-or-no."""
    return int(values[group].sum()) if ((values == 0) | (values == 1)).all() else None
