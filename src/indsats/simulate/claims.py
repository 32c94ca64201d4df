"""What is claimed: the estimators whose 95 % intervals are tried, each in a world whose truth is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import log
from typing import Literal

import polars as pl
from numpy.random import Generator

from indsats import evaluate as ev

from . import worlds

Told = Mapping[str, tuple[float, float, float, float]]
"""What one run found: for each part of a claim the estimate, its standard error and the ends of its interval."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An estimator, a world and the truth in it.

    ``draw`` makes the data of a run, ``estimate`` tells of them by part; ``truth`` has the same parts.
    """

    name: str
    world: str
    draw: Callable[[Generator], pl.DataFrame]
    estimate: Callable[[pl.DataFrame], Told]
    truth: Mapping[str, float]


def _one(effect: ev.Effect) -> Told:
    return {"effect": (effect.estimate, effect.se, effect.interval.low, effect.interval.high)}


def _split_cox(data: pl.DataFrame, *, cluster: str | None) -> Told:
    fit = ev.cox(
        data, "weeks", "event", ["treated", "age"], cluster=cluster, split={"treated": [worlds.SPLIT_AT]}
    )
    found = fit.table.filter(pl.col("term").str.starts_with("treated"))
    return {
        row["term"]: (row["coef"], row["se"], log(row["lower"]), log(row["upper"]))
        for row in found.iter_rows(named=True)
    }


def _plain_cox(data: pl.DataFrame) -> Told:
    fit = ev.cox(data, "weeks", "event", ["treated", "age"])
    [row] = fit.table.filter(pl.col("term") == "treated").iter_rows(named=True)
    return {"effect": (row["coef"], row["se"], log(row["lower"]), log(row["upper"]))}


_BACKGROUND = ("age", "earlier", "origin")


def _matched(data: pl.DataFrame, **settings: object) -> Told:
    made = ev.match(data, "treated", _BACKGROUND, **settings)  # type: ignore[arg-type]
    return _one(made.effect("hours", covariates=_BACKGROUND))


def _weighted(data: pl.DataFrame, method: str, estimand: str) -> Told:
    made = ev.weigh(data, "treated", _BACKGROUND, method=method, estimand=estimand)  # type: ignore[arg-type]
    return _one(made.effect("hours"))


def _did(data: pl.DataFrame, absorb: Sequence[str] = ()) -> Told:
    return _one(ev.did(data, "hours", "site_treated", "after", absorb=absorb, cluster="site"))


def _wild(data: pl.DataFrame) -> Told:
    product = pl.col("site_treated") & pl.col("after")
    frame = data.with_columns(treated=product)
    terms = ["treated", "site_treated", "after"]
    return _one(
        ev.wild_bootstrap(frame, "hours", terms, term="treated", cluster="site", repetitions=799, seed=1)
    )


def _staggered(data: pl.DataFrame) -> Told:
    made = ev.group_time(data, "hours", "unit", "year", "first")
    return _one(made.aggregate("simple").effect)


def _claims() -> Iterator[Claim]:
    """Every estimator in a world with an effect and in the same without."""
    late = {"treated[..8]": 0.0, "treated[9..]": log(worlds.RATIO)}
    for world, ratio, truth in (
        ("rate 1.0 in weeks 1-8 and 1.68 after", worlds.RATIO, late),
        ("no effect", 1.0, dict.fromkeys(late, 0.0)),
    ):
        draw = partial(worlds.waiting, n=1500, ratio=ratio, split_at=worlds.SPLIT_AT)
        yield Claim("cox, split", world, draw, partial(_split_cox, cluster=None), truth)
        # People of a site are alike here: errors that do not know of sites hold the truth too seldom.
        within = f"{world}, 100 sites alike within"
        together = partial(worlds.waiting, n=1500, ratio=ratio, split_at=worlds.SPLIT_AT, alike=0.1)
        yield Claim("cox, split, clustered", within, together, partial(_split_cox, cluster="site"), truth)
        saved = worlds.mean_wait_difference(ratio, worlds.SPLIT_AT)
        yield Claim("restricted mean", world, draw, _mean_wait, {"effect": saved})
    yield Claim(
        "cox",
        "proportional, rate 1.4",
        partial(worlds.waiting, n=1000, ratio=1.4, split_at=0),
        _plain_cox,
        {"effect": log(1.4)},
    )
    for world, effect in (("confounded", 2.0), ("confounded, no effect", 0.0)):
        draw, truth = partial(worlds.confounded, n=800, effect=effect), {"effect": effect}
        for name, (estimate, _) in _IN_CONFOUNDED.items():
            yield Claim(name, world, draw, estimate, truth)
    # The effect is not the same for all, so that an interval for the wrong people misses.
    for name, (estimate, estimand) in _IN_CONFOUNDED.items():
        if estimand is not None:
            draw = partial(worlds.confounded, n=800, effect=2.0, rising=3.0)
            truth = {"effect": worlds.effect_among(estimand, 2.0, 3.0)}
            yield Claim(name, "confounded, effect rising with age", draw, estimate, truth)
    for world, effect in (("60 sites, 30 treated", 1.0), ("60 sites, no effect", 0.0)):
        draw = partial(worlds.before_and_after, sites=60, treated=30, people=20, effect=effect)
        truth = {"effect": effect}
        yield Claim("did, clustered", world, draw, _did, truth)
        yield Claim("did, 208 weeks absorbed", world, draw, partial(_did, absorb=["earlier"]), truth)
    for world, effect in (("12 sites, 5 treated", 1.0), ("12 sites, no effect", 0.0)):
        draw = partial(worlds.before_and_after, sites=12, treated=5, people=30, effect=effect)
        yield Claim("did, wild bootstrap", world, draw, _wild, {"effect": effect})
    for world, effect in (("staggered starts", 1.0), ("staggered, no effect", 0.0)):
        draw = partial(worlds.staggered, units=300, effect=effect)
        yield Claim("group-time effects", world, draw, _staggered, {"effect": effect})
    for world, effect in (("drawn within strata", 1.0), ("drawn, no effect", 0.0)):
        draw = partial(worlds.drawn, n=400, effect=effect)
        yield Claim(
            "intention to treat, strata", world, draw, partial(_itt, covariates=()), {"effect": effect}
        )
        yield Claim(
            "intention to treat, adjusted",
            world,
            draw,
            partial(_itt, covariates=("age",)),
            {"effect": effect},
        )
        half = partial(worlds.drawn, n=800, effect=effect, take_up=0.6)
        yield Claim("compliers' effect", f"{world}, 60 % take up", half, _compliers, {"effect": effect})
    for world, effect in (("60 sites drawn", 0.8), ("60 sites drawn, no effect", 0.0)):
        draw = partial(worlds.drawn_sites, sites=60, people=15, effect=effect)
        yield Claim("intention to treat, clusters", world, draw, _itt_sites, {"effect": effect})
    for world, effect in (("shares 0.20 and 0.28", 0.08), ("shares alike", 0.0)):
        draw = partial(worlds.shares, n=200, base=0.2, effect=effect)
        yield Claim("difference in shares", world, draw, _shares, {"effect": effect})


def _mean_wait(data: pl.DataFrame) -> Told:
    return _one(ev.restricted_mean_difference(data, "weeks", "event", "treated", horizon=worlds.WEEKS))


def _itt(data: pl.DataFrame, covariates: Sequence[str]) -> Told:
    return _one(ev.itt(data, "hours", "drawn", strata="stratum", covariates=covariates))


def _itt_sites(data: pl.DataFrame) -> Told:
    return _one(ev.itt(data, "hours", "drawn", cluster="site"))


def _compliers(data: pl.DataFrame) -> Told:
    return _one(ev.cace(data, "hours", "drawn", "received", strata="stratum"))


def _shares(data: pl.DataFrame) -> Told:
    return _one(ev.difference_in_shares(data, "job"))


def _regressed(data: pl.DataFrame) -> Told:
    return _one(ev.regression(data, "hours", "treated", _BACKGROUND, se="hc1"))


def _standardised(data: pl.DataFrame) -> Told:
    return _one(ev.standardise(data, "hours", "treated", _BACKGROUND))


def _doubly_robust(data: pl.DataFrame, estimand: str) -> Told:
    return _one(ev.aipw(data, "hours", "treated", _BACKGROUND, estimand=estimand))  # type: ignore[arg-type]


_Estimand = Literal["ATT", "ATE", "ATO"] | None

# In whom the effect is meant, where the claim is also made when the effect is not the same for all. It is not made
# for regression, whose one coefficient is a mean of effects with weights of its own; nor for pairs: within a caliper
# their effect is that of those who found a partner, and without one the pairs are not quite alike, which the
# adjustment by one coefficient for each column puts right only where the effect is the same for all.
_IN_CONFOUNDED: Mapping[str, tuple[Callable[[pl.DataFrame], Told], _Estimand]] = {
    "pairs by propensity, adjusted": (partial(_matched, distance="propensity", caliper=0.2), None),
    "twins by prognosis, adjusted": (
        partial(_matched, distance="prognostic", outcome="hours", caliper=0.2),
        None,
    ),
    "Mahalanobis pairs, adjusted": (partial(_matched, distance="mahalanobis"), None),
    "inverse probability, treated": (partial(_weighted, method="propensity", estimand="ATT"), "ATT"),
    "inverse probability, all": (partial(_weighted, method="propensity", estimand="ATE"), "ATE"),
    "entropy balancing": (partial(_weighted, method="entropy", estimand="ATT"), "ATT"),
    "overlap weights": (partial(_weighted, method="overlap", estimand="ATO"), "ATO"),
    "regression": (_regressed, None),
    "standardisation": (_standardised, "ATE"),
    "doubly robust, all": (partial(_doubly_robust, estimand="ATE"), "ATE"),
    "doubly robust, treated": (partial(_doubly_robust, estimand="ATT"), "ATT"),
}

CLAIMS: tuple[Claim, ...] = tuple(_claims())
"""Every estimator that claims 95 %, in the worlds it claims it for. Few clusters are claimed for by the wild
bootstrap alone: clustered errors warn there instead."""
