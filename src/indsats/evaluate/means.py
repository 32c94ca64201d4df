"""Plain differences between treated and untreated: in means and in shares, unpaired or over matched pairs."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import Literal

import numpy as np
import polars as pl
from scipy import stats

from .inputs import Flags, Floats, complete_rows, numbers, two_groups, yes_no
from .pairs import PairedRows, paired_rows
from .proportions import (
    mcnemar_test,
    newcombe_interval,
    newcombe_paired_interval,
    proportion_test,
)
from .results import Effect, exclusion_note


def difference_in_means(
    table: pl.DataFrame,
    outcome: str,
    treated: str = "treated",
    *,
    variance: Literal["pooled", "welch"] = "pooled",
    pair: str | None = None,
    person: str | None = None,
    effect_id: str | None = None,
) -> Effect:
    """The mean outcome among treated minus the mean among untreated, in the unit of ``outcome``.

    ``variance="pooled"`` gives the classical least-squares standard error (one variance, t with n − 2 degrees
    of freedom); ``"welch"`` lets the groups differ in variance (Welch–Satterthwaite degrees of freedom). With
    ``pair``, a column that says which rows are matched to each other, the mean of the within-pair differences
    is taken (``variance`` is then not used); ``person`` names the column that identifies a person, needed
    when the same control serves in several pairs.

    Rows without outcome or treatment are excluded and counted. Raises ``ValueError`` for empty groups and for
    an outcome that does not vary within the groups, where no standard error exists.
    """
    if pair is not None:
        rows = paired_rows(table, outcome, treated, pair, person)
        return _over_pairs(rows, outcome, effect_id or f"{outcome}/paired-difference-in-means")
    complete = complete_rows(table, [treated, outcome])
    flags = two_groups(complete.table, treated)
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
        df = float((v1 + v2) ** 2 / (v1**2 / (n1 - 1) + v2**2 / (n2 - 1))) if se > 0 else 0.0
        se_method = "Welch: unequal variances, t with Welch–Satterthwaite degrees of freedom"
    else:
        df = float(n1 + n2 - 2)
        if df < 1:
            raise ValueError("a pooled standard error needs at least three rows, the table has two")
        squares = float(((one - one.mean()) ** 2).sum() + ((two - two.mean()) ** 2).sum())
        se = sqrt(squares / df * (1 / n1 + 1 / n2))
        se_method = "classical least squares: pooled variance, t with n − 2 degrees of freedom"
    effect = _with_t(
        Effect(
            id=effect_id or f"{outcome}/difference-in-means",
            outcome=outcome,
            method="difference in means",
            se_method=se_method,
            estimate=difference,
            se=se,
            low=difference,
            high=difference,
            p=1.0,
            n_treated=n1,
            n_untreated=n2,
            mean_treated=float(one.mean()),
            mean_untreated=float(two.mean()),
            note=exclusion_note(complete.excluded),
            excluded=complete.excluded,
        ),
        df,
    )
    return _with_events(effect, values, flags)


def difference_in_shares(
    table: pl.DataFrame,
    outcome: str,
    treated: str = "treated",
    pair: str | None = None,
    *,
    person: str | None = None,
    effect_id: str | None = None,
) -> Effect:
    """The share with a yes-or-no ``outcome`` among treated minus the share among untreated (scale 0 to 1).

    Unpaired: Newcombe's hybrid score interval, the unpooled (Wald) standard error, and the p of the pooled
    two-proportion z test. With ``pair`` and one untreated per treated: Newcombe's score interval for pairs,
    the Wald standard error of a paired difference, and McNemar's p. With several untreated per treated, or
    the same untreated in several pairs (``person`` then identifies people): the mean within-pair difference
    with cluster-robust error. When nobody or everybody in both groups has the outcome, ``p`` is 1 and
    ``note`` says why.

    Rows without outcome or treatment are excluded and counted. Raises ``ValueError`` for empty groups and for
    an outcome that is not true/false or 0/1.
    """
    if pair is not None:
        rows = paired_rows(table, outcome, treated, pair, person)
        if not ((rows.values == 0) | (rows.values == 1)).all():
            raise ValueError(f"column '{outcome}' must be true/false or 0/1 for a difference in shares")
        if rows.one_to_one:
            return _shares_over_pairs(rows, outcome, effect_id or f"{outcome}/paired-difference-in-shares")
        return _over_pairs(rows, outcome, effect_id or f"{outcome}/paired-difference-in-shares", shares=True)
    complete = complete_rows(table, [treated, outcome])
    flags = two_groups(complete.table, treated)
    events = yes_no(complete.table, outcome)
    n1, n2 = int(flags.sum()), int((~flags).sum())
    x1, x2 = int(events[flags].sum()), int(events[~flags].sum())
    p1, p2 = x1 / n1, x2 / n2
    low, high = newcombe_interval(x1, n1, x2, n2)
    notes = [exclusion_note(complete.excluded)]
    z: float | None = None
    p = 1.0
    if 0 < x1 + x2 < n1 + n2:
        z, p = proportion_test(x1, n1, x2, n2)
    else:
        notes.append(
            f"{'nobody' if x1 == 0 else 'everybody'} in either group has the outcome: no test is possible"
        )
    return Effect(
        id=effect_id or f"{outcome}/difference-in-shares",
        outcome=outcome,
        method="difference in shares",
        se_method="Newcombe hybrid score interval; Wald standard error; p from the pooled z test",
        estimate=p1 - p2,
        se=sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2),
        low=low,
        high=high,
        p=p,
        n_treated=n1,
        n_untreated=n2,
        mean_treated=p1,
        mean_untreated=p2,
        events_treated=x1,
        events_untreated=x2,
        statistic=z,
        note="; ".join(filter(None, notes)),
        excluded=complete.excluded,
    )


def _shares_over_pairs(rows: PairedRows, outcome: str, effect_id: str) -> Effect:
    """One-to-one pairs with a yes-or-no outcome: Newcombe's paired interval and McNemar's test."""
    ones = rows.values[rows.treated][np.argsort(rows.pair[rows.treated])] == 1
    twos = rows.values[~rows.treated][np.argsort(rows.pair[~rows.treated])] == 1
    n = rows.n_pairs
    only_first, only_second = int((ones & ~twos).sum()), int((~ones & twos).sum())
    both = int((ones & twos).sum())
    low, high = newcombe_paired_interval(both, only_first, only_second, n - both - only_first - only_second)
    notes = [exclusion_note(rows.excluded)]
    z: float | None = None
    p = 1.0
    if only_first + only_second:
        z, p = mcnemar_test(only_first, only_second)
    else:
        notes.append("both in every pair have the same outcome: no test is possible")
    difference = (only_first - only_second) / n
    return Effect(
        id=effect_id,
        outcome=outcome,
        method="difference in shares over matched pairs",
        se_method="Newcombe score interval for pairs; paired Wald standard error; p from McNemar's test",
        estimate=difference,
        se=sqrt(max(only_first + only_second - n * difference**2, 0.0)) / n,
        low=low,
        high=high,
        p=p,
        n_treated=n,
        n_untreated=n,
        mean_treated=float(ones.mean()),
        mean_untreated=float(twos.mean()),
        events_treated=int(ones.sum()),
        events_untreated=int(twos.sum()),
        statistic=z,
        note="; ".join(filter(None, notes)),
        excluded=rows.excluded,
    )


def _over_pairs(rows: PairedRows, outcome: str, effect_id: str, *, shares: bool = False) -> Effect:
    """The mean within-pair difference, every pair counting once and its controls sharing one weight."""
    if rows.n_pairs < 2:
        raise ValueError(f"a paired difference needs at least two complete pairs, there are {rows.n_pairs}")
    mean_treated = float(rows.values[rows.treated].mean())
    mean_untreated = float((rows.values * rows.weight)[~rows.treated].sum() / rows.n_pairs)
    difference = mean_treated - mean_untreated
    variance, df, se_method = _pair_variance(rows, mean_treated, mean_untreated)
    n_untreated = len(np.unique(rows.person[~rows.treated]))
    notes = [exclusion_note(rows.excluded)]
    if rows.reused:
        notes.append(f"{n_untreated} different untreated serve in {rows.n_pairs} pairs")
    effect = _with_t(
        Effect(
            id=effect_id,
            outcome=outcome,
            method=f"difference in {'shares' if shares else 'means'} over matched pairs",
            se_method=se_method,
            estimate=difference,
            se=sqrt(variance),
            low=difference,
            high=difference,
            p=1.0,
            n_treated=rows.n_pairs,
            n_untreated=n_untreated,
            mean_treated=mean_treated,
            mean_untreated=mean_untreated,
            note="; ".join(filter(None, notes)),
            excluded=rows.excluded,
        ),
        df,
    )
    if rows.reused:
        return effect
    return _with_events(effect, rows.values, rows.treated)


def _pair_variance(rows: PairedRows, mean_treated: float, mean_untreated: float) -> tuple[float, float, str]:
    """Variance of the mean within-pair difference, its degrees of freedom and its name.

    Without reuse this is the ordinary paired variance. A control in several pairs ties those pairs together;
    then clusters are both the pairs and the people (Cameron, Gelbach & Miller 2011; Austin & Cafri 2020).
    """
    n = rows.n_pairs
    score = (
        np.where(rows.treated, rows.values - mean_treated, -rows.weight * (rows.values - mean_untreated)) / n
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


def _with_t(effect: Effect, df: float) -> Effect:
    """Interval and p from the t distribution; refuses when there is no variation to judge by."""
    if not effect.se > 0:
        raise ValueError(
            f"outcome '{effect.outcome}' does not vary within the groups: there is no standard error to give"
        )
    statistic = effect.estimate / effect.se
    half = float(stats.t.ppf(0.975, df)) * effect.se
    return replace(
        effect,
        low=effect.estimate - half,
        high=effect.estimate + half,
        p=float(2 * stats.t.sf(abs(statistic), df)),
        statistic=statistic,
        df=df,
    )


def _with_events(effect: Effect, values: Floats, flags: Flags) -> Effect:
    """Adds counts of yes when the outcome is yes-or-no."""
    if not ((values == 0) | (values == 1)).all():
        return effect
    return replace(
        effect, events_treated=int(values[flags].sum()), events_untreated=int(values[~flags].sum())
    )
