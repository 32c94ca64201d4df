"""Small worlds whose truth is known: people drawn from a law in which the effect of treatment is a chosen number."""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.special import expit, log_ndtr

WEEKS = 52
"""Weeks people are followed for in worlds of waiting."""

SPLIT_AT, RATIO = 8, 1.68
"""Document 002 L462-466: no effect in weeks 1-8, and a rate 1.68 times as high from week 9."""


def waiting(
    rng: Generator, *, n: int, ratio: float, split_at: int, sites: int = 100, alike: float = 0.0
) -> pl.DataFrame:
    """People waiting, half of the ``sites`` treated: rates ``ratio`` times as high after week ``split_at``.

    Columns: ``site``, ``treated`` (by site), ``age`` (standardised; raises the rate by 30 % per standard deviation),
    ``weeks`` (whole weeks, 1 and up) and ``event``. Everybody is followed ``WEEKS`` weeks at most, some for less.
    Within a week the time is continuous and only its week is seen, so ties are as in a weekly register.
    ``alike`` is the correlation within a site of what waiting is drawn from (normal scores): each person's own law,
    and with it the truth, is the same whatever it is, but people of a site are no longer independent.
    """
    site = rng.integers(0, sites, n)
    treated = site < sites // 2
    age = rng.normal(size=n)
    rate = _rate(age)
    score = np.sqrt(alike) * rng.normal(size=sites)[site] + np.sqrt(1 - alike) * rng.normal(size=n)
    need = -log_ndtr(-score)  # exponential with mean 1
    early = rate * split_at
    factor = np.where(treated, ratio, 1.0)
    time = np.where(need <= early, need / rate, split_at + (need - early) / (rate * factor))
    end = np.where(rng.random(n) < 0.3, rng.integers(10, WEEKS, n), WEEKS)
    week = np.ceil(time)
    return pl.DataFrame(
        {
            "site": site,
            "treated": treated,
            "age": age,
            "weeks": np.minimum(week, end),
            "event": week <= end,
        }
    )


def _rate(age: NDArray[np.float64]) -> NDArray[np.float64]:
    """Exits a week without treatment: more than half have left after a year."""
    return 0.015 * np.exp(np.log(1.3) * age)


def mean_wait_difference(ratio: float, split_at: int, horizon: int = WEEKS) -> float:
    """The true difference in whole weeks waited within ``horizon`` in ``waiting``, averaged over ages."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    rate = _rate(nodes)[:, None]
    week = np.arange(horizon)[None, :]  # somebody waits week w+1 whole when still there at its beginning
    hazard = np.minimum(week, split_at) + ratio * np.maximum(week - split_at, 0)
    plain = np.exp(-rate * week).sum(axis=1)
    treated = np.exp(-rate * hazard).sum(axis=1)
    return float((weights * (treated - plain)).sum() / weights.sum())


def confounded(rng: Generator, *, n: int, effect: float, rising: float = 0.0) -> pl.DataFrame:
    """People whose age and earlier weeks decide both who is treated and how they fare.

    The effect is ``effect`` at the mean age and ``rising`` more for each standard deviation above it.
    Columns: ``treated``, ``age`` and ``earlier`` (standardised), ``origin`` (three levels), ``hours``, the outcome.
    """
    age, earlier = rng.normal(size=n), rng.normal(size=n)
    origin = rng.choice(["dk", "other", "west"], n, p=[1 - _OTHER - 0.1, _OTHER, 0.1])
    other = origin == "other"
    treated = rng.random(n) < _taken_in(age, earlier, other)
    without = 20 - 1.5 * age + 2.0 * earlier - 2.0 * other + rng.normal(0, 4, n)
    return pl.DataFrame(
        {
            "treated": treated,
            "age": age,
            "earlier": earlier,
            "origin": origin,
            "hours": without + (effect + rising * age) * treated,
        }
    )


_OTHER = 0.3
"""The share of origin ``other``."""


def _taken_in(
    age: NDArray[np.float64], earlier: NDArray[np.float64], other: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """The probability of treatment."""
    return expit(-1.0 + 0.4 * age - 0.4 * earlier + 0.4 * other)


def effect_among(estimand: Literal["ATT", "ATE", "ATO"], effect: float, rising: float) -> float:
    """The true mean effect in ``confounded``: in the treated, in all, or in those who could be either (overlap)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    age, earlier, other = np.meshgrid(nodes, nodes, np.array([False, True]), indexing="ij")
    mass = weights[:, None, None] * weights[None, :, None] * np.array([1 - _OTHER, _OTHER])
    share = _taken_in(age, earlier, other)
    mass = mass * {"ATT": share, "ATE": np.ones_like(share), "ATO": share * (1 - share)}[estimand]
    return effect + rising * float((mass * age).sum() / mass.sum())


def before_and_after(rng: Generator, *, sites: int, treated: int, people: int, effect: float) -> pl.DataFrame:
    """Repeated cross-sections of ``people`` a site and period; sites differ, and change, in ways of their own.

    Columns: ``site``, ``site_treated``, ``after``, ``earlier`` (whole weeks 0-207), ``hours``.
    """
    site = np.repeat(np.arange(sites), 2 * people)
    after = np.tile(np.repeat([False, True], people), sites)
    level, change = rng.normal(0, 1.5, sites), rng.normal(0, 0.7, sites)
    earlier = rng.integers(0, 208, len(site))
    hours = (
        8
        + level[site]
        + (0.5 + change[site]) * after
        + 0.01 * earlier
        + effect * (after & (site < treated))
        + rng.normal(0, 4, len(site))
    )
    return pl.DataFrame(
        {
            "site": site,
            "site_treated": site < treated,
            "after": after,
            "earlier": earlier,
            "hours": hours,
        }
    )


def staggered(rng: Generator, *, units: int, effect: float) -> pl.DataFrame:
    """Units seen in six years, a third never treated and the others from year 3, 4 or 5, with a constant effect.

    Columns: ``unit``, ``year`` (1-6), ``first`` (0 for never), ``hours``.
    """
    first = rng.choice([0, 3, 4, 5], units, p=[0.34, 0.22, 0.22, 0.22])
    own = rng.normal(0, 2, units) + 0.3 * first
    unit, year = np.repeat(np.arange(units), 6), np.tile(np.arange(1, 7), units)
    started = (first[unit] > 0) & (year >= first[unit])
    hours = own[unit] + 0.4 * year + effect * started + rng.normal(0, 1, len(unit))
    return pl.DataFrame({"unit": unit, "year": year, "first": first[unit], "hours": hours})


def drawn(rng: Generator, *, n: int, effect: float, take_up: float = 1.0) -> pl.DataFrame:
    """A draw within four strata of unequal size and share; ``take_up`` of those drawn receive, nobody else does.

    Columns: ``stratum``, ``drawn``, ``received``, ``age``, ``hours``. The effect is that of receiving.
    """
    stratum = rng.choice(4, n, p=[0.4, 0.3, 0.2, 0.1])
    chosen = np.zeros(n, dtype=bool)
    for number, share in enumerate((0.5, 0.3, 0.5, 0.7)):
        rows = np.flatnonzero(stratum == number)
        chosen[rng.permutation(rows)[: round(share * len(rows))]] = True
    age = rng.normal(size=n)
    willing = rng.random(n) < take_up
    received = chosen & willing
    hours = 15 + 2.0 * stratum + age + 1.0 * willing + effect * received + rng.normal(0, 3, n)
    return pl.DataFrame(
        {"stratum": stratum, "drawn": chosen, "received": received, "age": age, "hours": hours}
    )


def drawn_sites(rng: Generator, *, sites: int, people: int, effect: float) -> pl.DataFrame:
    """A draw of half of the ``sites``, whose people are alike. Columns: ``site``, ``drawn``, ``hours``."""
    chosen = rng.permutation(sites) < sites // 2
    site = np.repeat(np.arange(sites), people)
    hours = 10 + rng.normal(0, 1, sites)[site] + effect * chosen[site] + rng.normal(0, 3, len(site))
    return pl.DataFrame({"site": site, "drawn": chosen[site], "hours": hours})


def shares(rng: Generator, *, n: int, base: float, effect: float) -> pl.DataFrame:
    """Two groups of ``n`` and a yes-or-no outcome. Columns: ``treated``, ``job``."""
    treated = np.repeat([True, False], n)
    return pl.DataFrame({"treated": treated, "job": rng.random(2 * n) < base + effect * treated})
