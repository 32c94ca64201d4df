"""Small worlds whose truth is known: people drawn from a law in which the effect of treatment is a chosen number."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.random import Generator

WEEKS = 52
"""Weeks people are followed for in worlds of waiting."""

SPLIT_AT, RATIO = 8, 1.68
"""Document 002 L462-466: no effect in weeks 1-8, and a rate 1.68 times as high from week 9."""

_RATE = 0.015
"""Exits a week without treatment: about half have left after a year."""


def waiting(rng: Generator, *, n: int, ratio: float, split_at: int, sites: int = 60) -> pl.DataFrame:
    """People waiting, half of the ``sites`` treated: rates ``ratio`` times as high after week ``split_at``.

    Columns: ``site``, ``treated`` (by site), ``age`` (standardised; raises the rate by 30 % per standard deviation),
    ``weeks`` (whole weeks, 1 and up) and ``event``. Everybody is followed ``WEEKS`` weeks at most, some for less.
    Within a week the time is continuous and only its week is seen, so ties are as in a weekly register.
    """
    site = rng.integers(0, sites, n)
    treated = site < sites // 2
    age = rng.normal(size=n)
    rate = _RATE * np.exp(np.log(1.3) * age)
    need = rng.exponential(size=n)
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


def mean_wait_difference(ratio: float, split_at: int, horizon: int = WEEKS) -> float:
    """The true difference in whole weeks waited within ``horizon`` in ``waiting``, averaged over ages."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    rate = _RATE * np.exp(np.log(1.3) * nodes)[:, None]
    week = np.arange(horizon)[None, :]  # somebody waits week w+1 whole when still there at its beginning
    hazard = np.minimum(week, split_at) + ratio * np.maximum(week - split_at, 0)
    plain = np.exp(-rate * week).sum(axis=1)
    treated = np.exp(-rate * hazard).sum(axis=1)
    return float((weights * (treated - plain)).sum() / weights.sum())


def confounded(rng: Generator, *, n: int, effect: float) -> pl.DataFrame:
    """People whose age and earlier weeks decide both who is treated and how they fare; the effect is the same for all.

    Columns: ``treated``, ``age`` and ``earlier`` (standardised), ``origin`` (three levels), ``hours``, the outcome.
    """
    age, earlier = rng.normal(size=n), rng.normal(size=n)
    origin = rng.choice(["dk", "other", "west"], n, p=[0.6, 0.3, 0.1])
    lean = -1.0 + 0.4 * age - 0.4 * earlier + 0.4 * (origin == "other")
    treated = rng.random(n) < 1 / (1 + np.exp(-lean))
    without = 20 - 1.5 * age + 2.0 * earlier - 2.0 * (origin == "other") + rng.normal(0, 4, n)
    return pl.DataFrame(
        {
            "treated": treated,
            "age": age,
            "earlier": earlier,
            "origin": origin,
            "hours": without + effect * treated,
        }
    )


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
