"""How reliably items measure one thing, and how large a change must be to be more than error of measurement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from typing import Literal

import numpy as np
import polars as pl
import scipy
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]

RELIABLE = 1.96
"""The sources define a reliable change and the limits of agreement by 1.96, so the two decimals are kept."""

NEGATIVE_ITEM = "negative_item"
"""An item goes against the others: it may be one to be turned round before it is summed."""
FLOOR, CEILING = "floor", "ceiling"
"""More than 15 % have the lowest, or the highest, score there is (Terwee et al. 2007)."""
FEW = "few"
"""Fewer than the 50 persons that Terwee et al. (2007) ask for."""

_CUSTOMARY_SHARE, _CUSTOMARY_NUMBER = 0.15, 50
_EPS = 1e-9
"""Scores nearer each other than this are the same: 3 * (7 / 3) is not always 7."""


@dataclass(frozen=True, slots=True)
class Alpha:
    """Cronbach's alpha of ``items`` over the ``n`` rows where all are answered; ``left_out`` rows are not.

    ``low`` and ``high`` bound Feldt's 95 % interval; None when the items say exactly the same, for then the rows
    say nothing of its error. ``mean_correlation`` is that of all pairs of items.
    """

    value: float
    low: float | None
    high: float | None
    n: int
    left_out: int
    items: tuple[str, ...]
    mean_correlation: float
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CountedShare:
    """``count`` of those measured, their share of them (``value``), and its Wilson 95 % interval."""

    count: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class FloorCeiling:
    """The shares at the lowest (``floor``) and highest (``ceiling``) score among the ``n`` with one."""

    n: int
    left_out: int
    floor: CountedShare
    ceiling: CountedShare
    warnings: tuple[str, ...] = ()


def complete_rows(frame: pl.DataFrame, items: Sequence[str], least: int = 2) -> tuple[Numbers, int]:
    """The rows with every one of ``items`` answered (n × items), and how many rows are left out.

    Null and NaN are unanswered. Raises ``ValueError`` for fewer than ``least`` items, an item named twice, not in
    the table, not a number or not finite, fewer than three complete rows, and an item that does not vary in them.
    """
    if len(items) < least:
        raise ValueError(f"this takes at least {least} items, got {len(items)}: name more items")
    twice = sorted({item for item in items if list(items).count(item) > 1})
    if twice:
        raise ValueError(f"each item may be named once, these are named more often: {', '.join(twice)}")
    unknown = [item for item in items if item not in frame.columns]
    if unknown:
        raise ValueError(f"the table has no column for these items: {', '.join(unknown)}")
    kinds = {item: frame.schema[item] for item in items}
    words = [item for item, kind in kinds.items() if not (kind.is_numeric() or kind in (pl.Boolean, pl.Null))]
    if words:
        raise ValueError(f"these items are not numbers: {', '.join(words)}; give the points of their scale")
    answered = frame.select(pl.col(item).cast(pl.Float64).fill_nan(None) for item in items).drop_nulls()
    values = answered.to_numpy()
    if len(values) < 3:
        raise ValueError(
            f"this takes at least 3 rows with every item answered, {len(values)} of {frame.height} are: "
            "gather more answers or leave out the items that few answer"
        )
    for item, low, high in zip(items, values.min(axis=0), values.max(axis=0), strict=True):
        if not (isfinite(low) and isfinite(high)):
            raise ValueError(f"item {item} has a value that is not finite: correct it or leave it empty")
        if low == high:
            raise ValueError(f"item {item} does not vary, all answered {low:g}: leave the item out")
    return values, frame.height - len(values)


def covariance(values: Numbers) -> Numbers:
    """The covariance of the columns (divisor n − 1), from deviations, so that shifts cost no digits."""
    deviations = values - values.mean(axis=0)
    return deviations.T @ deviations / (len(values) - 1)


def cronbach_alpha(frame: pl.DataFrame, items: Sequence[str]) -> Alpha:
    """Cronbach's alpha, k/(k−1)·(1 − Σ variances / variance of the sum), of the rows with every item answered.

    The interval is Feldt's (Feldt, Woodruff & Salih 1987, Applied Psychological Measurement 11:93–103), which
    takes parallel items with normal errors. Alpha is the reliability of the sum when the items measure one thing
    equally well, a lower bound of it when they do so unequally, and no sign that they measure one thing. It can be
    negative. Raises ``ValueError`` as ``complete_rows``.
    """
    values, left_out = complete_rows(frame, items)
    spread = covariance(values)
    n, k = len(values), len(items)
    total = float(spread.sum())
    if total <= _EPS * float(np.trace(spread)):
        raise ValueError(
            "the items cancel each other, their sum does not vary: turn the reversed items round"
        )
    alpha = k / (k - 1) * (1 - float(np.trace(spread)) / total)
    sds = np.sqrt(np.diag(spread))
    correlations = spread / np.outer(sds, sds)
    low = high = None
    if 1 - alpha > _EPS:
        df, error_df = n - 1, (n - 1) * (k - 1)
        low = 1 - (1 - alpha) * float(scipy.stats.f.ppf(0.975, df, error_df))
        high = 1 - (1 - alpha) * float(scipy.stats.f.ppf(0.025, df, error_df))
    against = bool((spread.sum(axis=0) - np.diag(spread) < 0).any())
    return Alpha(
        value=alpha,
        low=low,
        high=high,
        n=n,
        left_out=left_out,
        items=tuple(items),
        mean_correlation=float((correlations.sum() - k) / (k * (k - 1))),
        warnings=(NEGATIVE_ITEM,) if against else (),
    )


def item_analysis(frame: pl.DataFrame, items: Sequence[str]) -> pl.DataFrame:
    """One row per item, in the order of ``items``, over the rows with every item answered.

    Columns: ``item``, ``n``, ``mean``, ``sd``, ``total_correlation`` (with the sum of the other items, so that the
    item does not correlate with itself) and ``alpha_if_dropped`` (alpha of the others; null when only one other
    is left). Null too where the others' sum does not vary. Raises ``ValueError`` as ``complete_rows``.
    """
    values, _ = complete_rows(frame, items)
    spread = covariance(values)
    k = len(items)
    own = np.diag(spread)
    with_total = spread.sum(axis=0)
    others = spread.sum() - 2 * with_total + own
    others_own = own.sum() - own
    possible = others > _EPS * others_own
    divisor = np.where(possible, others, np.nan)
    correlation = (with_total - own) / np.sqrt(own * divisor)
    dropped = (k - 1) / (k - 2) * (1 - others_own / divisor) if k > 2 else np.full(k, np.nan)
    return pl.DataFrame(
        {
            "item": list(items),
            "n": [len(values)] * k,
            "mean": values.mean(axis=0),
            "sd": np.sqrt(own),
            "total_correlation": correlation,
            "alpha_if_dropped": dropped,
        }
    ).with_columns(pl.col("total_correlation", "alpha_if_dropped").fill_nan(None))


def floor_and_ceiling(values: ArrayLike | pl.Series, low: float, high: float) -> FloorCeiling:
    """How many have the lowest (``low``) and the highest (``high``) score there is.

    Warns ``floor`` or ``ceiling`` where they are more than 15 %, for then the score cannot tell them apart nor
    show that they get worse or better, and ``few`` below 50 persons (Terwee et al. 2007, Journal of Clinical
    Epidemiology 60:34–42). Null and NaN are left out. Raises ``ValueError`` when nobody has a score, a score lies
    off ``low`` to ``high``, or ``high`` is not above ``low``.
    """
    if not low < high:
        raise ValueError(f"the highest score ({high:g}) must be above the lowest ({low:g})")
    given = one_column(values)
    known = given[~np.isnan(given)]
    if not len(known):
        raise ValueError("nobody has a score: there is no share at the ends to tell")
    off = int(((known < low - _EPS) | (known > high + _EPS)).sum())
    if off:
        raise ValueError(f"{off} scores lie off {low:g} to {high:g}: correct them or the ends of the score")
    floor = share_with_interval(int((known <= low + _EPS).sum()), len(known))
    ceiling = share_with_interval(int((known >= high - _EPS).sum()), len(known))
    warnings = [
        code for code, end in ((FLOOR, floor), (CEILING, ceiling)) if end.value > _CUSTOMARY_SHARE
    ] + ([FEW] if len(known) < _CUSTOMARY_NUMBER else [])
    return FloorCeiling(len(known), len(given) - len(known), floor, ceiling, tuple(warnings))


def standard_error_of_measurement(sd: float, reliability: float) -> float:
    """``sd·√(1 − reliability)``, in the units of the score: how far one measurement strays from the true one.

    ``sd`` is that between people of the kind measured. Raises ``ValueError`` for a negative ``sd`` or a
    reliability off 0 to 1.
    """
    if not (isfinite(sd) and sd >= 0):
        raise ValueError(f"a standard deviation is zero or more, got {sd:g}")
    if not 0 <= reliability <= 1:
        raise ValueError(
            f"a reliability lies between 0 and 1, got {reliability:g}: "
            "a negative alpha means that items run against each other"
        )
    return sd * sqrt(1 - reliability)


def smallest_detectable_change(sd: float, reliability: float, n: int = 1) -> float:
    """The least change that is more than error of measurement: ``1.96·√2·sd·√(1 − reliability)``.

    That is for one person, and the threshold of ``reliable_change``. For the mean of a group of ``n`` it is
    divided by √n (de Vet et al. 2006, Health and Quality of Life Outcomes 4:54). It says nothing of whether people
    would call such a change one. Raises ``ValueError`` as ``standard_error_of_measurement`` and for ``n`` below 1.
    """
    if n < 1:
        raise ValueError(f"a group has at least one person, got n = {n}")
    return RELIABLE * sqrt(2) * standard_error_of_measurement(sd, reliability) / sqrt(n)


def reliable_change(
    first: ArrayLike | pl.Series,
    last: ArrayLike | pl.Series,
    *,
    sd: float,
    reliability: float,
    better: Literal["higher", "lower", "neither"] = "higher",
) -> pl.DataFrame:
    """One row per person: ``change`` (last − first), ``index`` and ``verdict`` (better | same | worse).

    ``index`` is Jacobson & Truax' (1991, Journal of Consulting and Clinical Psychology 59:12–19) reliable change
    index, the change over √2 standard errors of measurement; beyond ±1.96 it is more than error explains. Of people
    who did not change, 2.5 % are then called better and 2.5 % worse. ``sd`` is that of the baseline. With a
    test–retest ``reliability`` the error holds what varies from day to day; alpha does not see that and gives a
    threshold that is too small where a score swings. ``verdict`` is null where the scale has no better end, and
    all three columns are null where ``first`` or ``last`` is. Raises ``ValueError`` for columns of unequal length,
    ``sd`` not above 0 and a reliability off 0 to 1 or at 1, for then every change would be reliable.
    """
    gains = {
        "higher": pl.col("index"),
        "lower": -pl.col("index"),
        "neither": pl.lit(None, dtype=pl.Float64),
    }
    if better not in gains:
        raise ValueError(f"better is one of {', '.join(gains)}, got {better}")
    before, after = two_columns(first, last)
    error = sqrt(2) * standard_error_of_measurement(sd, reliability)
    if error <= 0:
        raise ValueError(
            f"there is no error of measurement with sd {sd:g} and reliability {reliability:g}: "
            "give an sd above 0 and a reliability below 1"
        )
    measured = pl.DataFrame({"change": after - before}).with_columns(pl.col("change").fill_nan(None))
    gain = gains[better]
    # A change at the threshold to the last digit of its sums is not beyond it.
    beyond = RELIABLE * (1 + _EPS)
    verdict = (
        pl.when(gain > beyond)
        .then(pl.lit("better"))
        .when(gain < -beyond)
        .then(pl.lit("worse"))
        .when(gain.is_not_null())
        .then(pl.lit("same"))
    )
    return measured.with_columns(index=pl.col("change") / error).with_columns(verdict=verdict)


def one_column(values: ArrayLike | pl.Series) -> Numbers:
    """``values`` as Float64 with NaN for what is missing. Raises ``ValueError`` for tables and infinite numbers."""
    found = np.asarray(
        values.cast(pl.Float64).to_numpy() if isinstance(values, pl.Series) else values, dtype=np.float64
    )
    if found.ndim != 1:
        raise ValueError(f"this takes one column of numbers, got {found.ndim} dimensions")
    if np.isinf(found).any():
        raise ValueError("a value is not finite: correct it or leave it empty")
    return found


def two_columns(first: ArrayLike | pl.Series, second: ArrayLike | pl.Series) -> tuple[Numbers, Numbers]:
    """Both as ``one_column``, of the same length. Raises ``ValueError`` when they are not."""
    one, two = one_column(first), one_column(second)
    if len(one) != len(two):
        raise ValueError(f"the two columns are of the same people, but have {len(one)} and {len(two)} rows")
    return one, two


def share_with_interval(count: int, n: int) -> CountedShare:
    """``count`` of ``n`` (at least one) as a share."""
    bounds = scipy.stats.binomtest(count, n).proportion_ci(method="wilson")
    return CountedShare(count, count / n, float(bounds.low), float(bounds.high))
