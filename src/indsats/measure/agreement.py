"""How far two measurements of the same people agree: over again, and between raters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, sqrt
from typing import Literal

import numpy as np
import polars as pl
import scipy
from numpy.typing import ArrayLike

from .kappa import Kappa, weighted_kappa
from .reliability import RELIABLE, CountedShare, Numbers, share_with_interval, two_columns

NO_SPREAD = "no_spread"
"""Every pair differs by the same amount: there is no spread to make an interval or a test of."""

Form = Literal["1,1", "2,1", "3,1", "1,k", "2,k", "3,k"]


@dataclass(frozen=True, slots=True)
class Icc:
    """An intraclass correlation and its 95 % interval; no bounds where the ratings leave no error to judge by.

    Where people differ far less than chance would have them, that of a mean of raters may be −∞ or lack a bound.
    """

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Iccs:
    """The six intraclass correlations of ``n`` people rated by ``raters``; ``left_out`` people lack a rating.

    The mean squares are of the two-way analysis of variance: between people, between raters, and what is left.
    """

    n: int
    raters: int
    left_out: int
    forms: Mapping[Form, Icc]
    people_square: float
    raters_square: float
    error_square: float


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of agreement and its 95 % interval."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two measurements of the same ``n`` people; ``left_out`` people lack one of them.

    ``agreement`` is ICC(2,1), which counts a shift between the two as error, ``consistency`` ICC(3,1), which does
    not. ``error`` is the standard error of measurement with the shift, ``own_error`` without; ``detectable`` is
    the smallest change beyond the former, for one person (1.96·√2·error), and ``detectable_mean`` for the mean of
    these n. ``gap`` is the mean of second − first with its t interval (``low``, ``high``) and ``p``,
    ``gap_sd`` the spread of the differences. 95 % of differences lie between ``lower`` and ``upper``.
    """

    n: int
    left_out: int
    agreement: Icc
    consistency: Icc
    error: float
    own_error: float
    detectable: float
    detectable_mean: float
    gap: float
    low: float | None
    high: float | None
    p: float | None
    gap_sd: float
    lower: Limit
    upper: Limit
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RaterGap:
    """What two raters say of the same people: ``agreement.gap`` is how much higher the second rates on average.

    ``same`` is the share rated exactly alike. The kappas are None when no points of a scale were given.
    """

    agreement: Agreement
    same: CountedShare
    quadratic: Kappa | None
    linear: Kappa | None
    warnings: tuple[str, ...] = ()


def icc(ratings: ArrayLike | pl.DataFrame) -> Iccs:
    """All six intraclass correlations of Shrout & Fleiss (1979, Psychological Bulletin 86:420–428).

    ``ratings`` is n people × k raters, from 3 × 2. ``"1,1"``: each person has raters of their own; ``"2,1"``: the
    raters are a sample and their differences count as error; ``"3,1"``: these raters only, differences in
    level do not count. ``k`` in place of 1: the reliability of the mean of all k. Intervals are those F gives (for
    ``"2,·"`` by Satterthwaite's degrees of freedom, as McGraw & Wong 1996; so few below zero that it may miss).
    People with a rating missing are left out. Raises ``ValueError`` for fewer than two raters or three people with
    all, and when people do not differ on average.
    """
    table = _table(ratings)
    complete = table[~np.isnan(table).any(axis=1)]
    n, k = complete.shape
    if k < 2:
        raise ValueError(f"agreement takes at least two raters, got {k}")
    if n < 3:
        raise ValueError(
            f"agreement takes at least 3 people with every rating, {n} of {len(table)} have: gather more"
        )
    people, raters, error = _mean_squares(complete)
    within = (raters + (n - 1) * error) / n
    if people <= 0:
        raise ValueError("the people's mean ratings do not differ: agreement takes people who differ")
    forms: dict[Form, Icc] = {}
    forms["1,1"], forms["1,k"] = _within(people, within, n, k, n * (k - 1))
    forms["2,1"], forms["2,k"] = _absolute(people, raters, error, n, k)
    forms["3,1"], forms["3,k"] = _within(people, error, n, k, (n - 1) * (k - 1))
    return Iccs(n, k, len(table) - n, forms, people, raters, error)


def test_retest(first: ArrayLike | pl.Series, second: ArrayLike | pl.Series) -> Agreement:
    """How far a measurement taken again (``second``) repeats the ``first``, in people who did not change between.

    ICC(2,1) and ICC(3,1) as ``icc``; errors of measurement as de Vet et al. (2006, Journal of Clinical
    Epidemiology 59:1033–1039); limits of agreement as Bland & Altman (1986, Lancet 327:307–310), mean ± 1.96
    standard deviations, each with the interval of their 1999 paper (Statistical Methods in Medical Research
    8:135–160), whose variance is s²(1/n + 1.96²/(2(n − 1))). Null and NaN are left out with their pair.
    Without spread in the differences (``no_spread``) there are no intervals and no p. Raises ``ValueError`` for
    columns of unequal length and as ``icc``.
    """
    one, two = two_columns(first, second)
    found = icc(np.column_stack([one, two]))
    n = found.n
    difference = two - one
    difference = difference[~np.isnan(difference)]
    gap = float(difference.mean())
    sd = sqrt(2 * found.error_square)
    own_error = sqrt(found.error_square)
    shift = max(0.0, (found.raters_square - found.error_square) / n)
    error = sqrt(shift + found.error_square)
    detectable = RELIABLE * sqrt(2) * error
    low = high = p = None
    half = None
    if sd > 0:
        reach = float(scipy.stats.t.ppf(0.975, n - 1))
        standard = sd / sqrt(n)
        low, high = gap - reach * standard, gap + reach * standard
        p = float(2 * scipy.stats.t.sf(abs(gap) / standard, n - 1))
        half = reach * sd * sqrt(1 / n + RELIABLE**2 / (2 * (n - 1)))
    return Agreement(
        n=n,
        left_out=found.left_out,
        agreement=found.forms["2,1"],
        consistency=found.forms["3,1"],
        error=error,
        own_error=own_error,
        detectable=detectable,
        detectable_mean=detectable / sqrt(n),
        gap=gap,
        low=low,
        high=high,
        p=p,
        gap_sd=sd,
        lower=_limit(gap - RELIABLE * sd, half),
        upper=_limit(gap + RELIABLE * sd, half),
        warnings=() if sd > 0 else (NO_SPREAD,),
    )


def rater_gap(
    first: ArrayLike | pl.Series,
    second: ArrayLike | pl.Series,
    *,
    points: Sequence[float] | None = None,
) -> RaterGap:
    """What two raters say of the same people: how far they agree, and how much higher the ``second`` rates.

    With the ``points`` of an ordinal scale, weighted kappas stand beside. Raises ``ValueError`` as ``test_retest``
    and, for ratings that are none of the points, as ``weighted_kappa``.
    """
    one, two = two_columns(first, second)
    agreement = test_retest(one, two)
    known = ~(np.isnan(one) | np.isnan(two))
    alike = int(np.isclose(one[known], two[known], rtol=0, atol=1e-9).sum())
    return RaterGap(
        agreement=agreement,
        same=share_with_interval(alike, agreement.n),
        quadratic=None if points is None else weighted_kappa(one, two, points=points),
        linear=None if points is None else weighted_kappa(one, two, points=points, weights="linear"),
        warnings=agreement.warnings,
    )


def _table(ratings: ArrayLike | pl.DataFrame) -> Numbers:
    given = ratings.cast(pl.Float64).to_numpy() if isinstance(ratings, pl.DataFrame) else ratings
    table = np.asarray(given, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"ratings are a table of people by raters, got {table.ndim} dimensions")
    if np.isinf(table).any():
        raise ValueError("a rating is not finite: correct it or leave it empty")
    return table


def _mean_squares(table: Numbers) -> tuple[float, float, float]:
    """Between people, between raters, and what is left; sums that are but rounding of the ratings are zero."""
    n, k = table.shape
    rounding = n * k * (16 * np.finfo(np.float64).eps * float(np.abs(table).max())) ** 2
    centred = table - table.mean()
    by_person, by_rater = centred.mean(axis=1), centred.mean(axis=0)
    rest = centred - by_person[:, None] - by_rater[None, :]
    people, raters, error = (
        0.0 if square <= rounding else square
        for square in (
            k * float(by_person @ by_person),
            n * float(by_rater @ by_rater),
            float((rest**2).sum()),
        )
    )
    return people / (n - 1), raters / (k - 1), error / ((n - 1) * (k - 1))


def _within(people: float, error: float, n: int, k: int, error_df: int) -> tuple[Icc, Icc]:
    """ICC(1,·) or ICC(3,·) of one rating and of the mean of k."""
    if error == 0:
        return Icc(1.0, None, None), Icc(1.0, None, None)
    ratio = people / error
    low = ratio / float(scipy.stats.f.ppf(0.975, n - 1, error_df))
    high = ratio * float(scipy.stats.f.ppf(0.975, error_df, n - 1))
    one = Icc(*((f - 1) / (f + k - 1) for f in (ratio, low, high)))
    return one, Icc(*(1 - 1 / f for f in (ratio, low, high)))


def _absolute(people: float, raters: float, error: float, n: int, k: int) -> tuple[Icc, Icc]:
    """ICC(2,·) of one rating and of the mean of k."""
    if error == 0 and raters == 0:
        return Icc(1.0, None, None), Icc(1.0, None, None)
    # Everything but the people in the variance of one rating, and of a mean of k, both times n.
    one, mean = k * raters + (k * n - k - n) * error, raters - error
    # k·ICC / (n·(1 − ICC)), without the digits that 1 − ICC would lose.
    weight = (people - error) / (raters + (n - 1) * error)
    shift, rest = weight * raters, (1 + weight * (n - 1)) * error
    df = (shift + rest) ** 2 / (shift**2 / (k - 1) + rest**2 / ((n - 1) * (k - 1)))
    f_low, f_high = float(scipy.stats.f.ppf(0.975, n - 1, df)), float(scipy.stats.f.ppf(0.975, df, n - 1))
    single, average = (
        (
            _above(n * (people - error), n * people + other),
            _above(n * (people - f_low * error), n * people + f_low * other),
            _above(n * (f_high * people - error), n * f_high * people + other),
        )
        for other in (one, mean)
    )
    return _bounded(*single), _bounded(*average)


def _bounded(value: float | None, low: float | None, high: float | None) -> Icc:
    return Icc(-inf if value is None else value, low, high)


def _above(part: float, whole: float) -> float | None:
    """Their ratio; None where that of a mean of raters has run to −∞, for one rating is at or below −1/(k − 1)."""
    return part / whole if whole > 0 else None


def _limit(value: float, half: float | None) -> Limit:
    return Limit(value, None, None) if half is None else Limit(value, value - half, value + half)
