"""Do the intervals hold what they say? Every estimator that claims 95 % is tried on worlds whose truth is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from math import log

import numpy as np
import polars as pl
from numpy.random import Generator

from indsats import evaluate as ev
from indsats.progress import Progress

from . import worlds

BAND = (0.93, 0.97)
"""Where the coverage of a 95 % interval is taken to be right."""

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


SCHEMA = {
    "estimator": pl.String,
    "world": pl.String,
    "part": pl.String,
    "truth": pl.Float64,
    "runs": pl.Int64,
    "failed": pl.Int64,
    "mean": pl.Float64,
    "bias": pl.Float64,
    "sd": pl.Float64,
    "mean_se": pl.Float64,
    "coverage": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "within": pl.Boolean,
}


def coverage(
    runs: int = 1000,
    seed: int = 1,
    *,
    claims: Sequence[Claim] | None = None,
    workers: int = 2,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """How often the 95 % intervals of each claim hold the truth over ``runs`` independent draws.

    A row for each part of each claim: ``truth``, the ``mean`` and ``sd`` of the estimates, the mean standard error,
    the ``coverage`` with its own 95 % interval ``lower``-``upper`` (Wilson), and whether the coverage lies in
    ``BAND``. ``failed`` counts runs in which the estimator refused. The same seed gives the same table whatever
    ``workers``.
    """
    asked = list(CLAIMS if claims is None else claims)
    numbers = [CLAIMS.index(claim) if claim in CLAIMS else -1 for claim in asked]
    rows: list[tuple[object, ...]] = []
    pool = ProcessPoolExecutor(workers) if workers > 1 and -1 not in numbers else None
    try:
        for done, (claim, number) in enumerate(zip(asked, numbers, strict=True)):
            if progress is not None:
                progress(done, len(asked), "estimators tried")
            if pool is None:
                told = [_run(claim, seed, run) for run in range(runs)]
            else:
                told = list(pool.map(partial(_numbered, number, seed), range(runs), chunksize=25))
            rows.extend(_summed(claim, told))
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)
    if progress is not None:
        progress(len(asked), len(asked), "estimators tried")
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _numbered(number: int, seed: int, run: int) -> Told | None:
    return _run(CLAIMS[number], seed, run)


def _run(claim: Claim, seed: int, run: int) -> Told | None:
    """One draw; None when the estimator refuses it."""
    key = [seed, run, *claim.name.encode(), *claim.world.encode()]
    data = claim.draw(np.random.default_rng(key))
    try:
        return claim.estimate(data)
    except ValueError:
        return None


def _summed(claim: Claim, told: Sequence[Told | None]) -> Iterator[tuple[object, ...]]:
    found = [run for run in told if run is not None]
    for part, truth in claim.truth.items():
        values = np.array([run[part] for run in found]).reshape(-1, 4)
        inside = int(((values[:, 2] <= truth) & (truth <= values[:, 3])).sum())
        if not len(values):
            yield (claim.name, claim.world, part, truth, len(told), len(told), *[None] * 8)
            continue
        share = inside / len(values)
        low, high = ev.wilson_interval(inside, len(values))
        mean = float(values[:, 0].mean())
        yield (
            claim.name,
            claim.world,
            part,
            truth,
            len(told),
            len(told) - len(found),
            mean,
            mean - truth,
            float(values[:, 0].std(ddof=1)) if len(values) > 1 else None,
            float(values[:, 1].mean()),
            share,
            low,
            high,
            BAND[0] <= share <= BAND[1],
        )


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
        yield Claim("cox, split, clustered", world, draw, partial(_split_cox, cluster="site"), truth)
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
        for name, estimate in _IN_CONFOUNDED.items():
            yield Claim(name, world, draw, estimate, truth)
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


_IN_CONFOUNDED: Mapping[str, Callable[[pl.DataFrame], Told]] = {
    "pairs by propensity, adjusted": partial(_matched, distance="propensity", caliper=0.2),
    "twins by prognosis, adjusted": partial(_matched, distance="prognostic", outcome="hours", caliper=0.2),
    "Mahalanobis pairs, adjusted": partial(_matched, distance="mahalanobis"),
    "inverse probability, treated": partial(_weighted, method="propensity", estimand="ATT"),
    "inverse probability, all": partial(_weighted, method="propensity", estimand="ATE"),
    "entropy balancing": partial(_weighted, method="entropy", estimand="ATT"),
    "overlap weights": partial(_weighted, method="overlap", estimand="ATO"),
    "regression": _regressed,
    "standardisation": _standardised,
    "doubly robust, all": partial(_doubly_robust, estimand="ATE"),
    "doubly robust, treated": partial(_doubly_robust, estimand="ATT"),
}

CLAIMS: tuple[Claim, ...] = tuple(_claims())
"""Every estimator that claims 95 %, in the worlds it claims it for. Few clusters are claimed for by the wild
bootstrap alone: clustered errors warn there instead."""
