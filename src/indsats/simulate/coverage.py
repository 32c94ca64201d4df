"""Do the intervals hold what they say? Every estimator that claims 95 % is tried on worlds whose truth is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from indsats import evaluate as ev
from indsats.problem import InputRefused, Problem
from indsats.progress import Progress
from indsats.register.store.workers import Workers

from .claims import CLAIMS, Claim, Told

BAND = (0.93, 0.97)
"""Where the coverage of a 95 % interval is taken to be right."""

REFUSALS = 0.01
"""The share of draws an estimator may refuse: coverage among the rest says little when it refuses more."""

_BATCH = 25
"""Draws to a task: some tenths of a second, so that progress moves and a stop is quick."""

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

    A row for each part of each claim: ``truth``, the ``mean`` and ``sd`` of the estimates, their mean standard error,
    the ``coverage`` with its own 95 % interval ``lower``-``upper`` (Wilson). ``failed`` counts draws that the
    estimator refused; the other columns are of the rest. ``within``: the coverage lies in ``BAND``, and at most
    ``REFUSALS`` of the draws were refused. The same seed gives the same table whatever ``workers``, the number of
    processes. ``claims`` of one's own must be picklable where there are more than one. Raises ``ValueError`` for
    less than one run or a negative seed, and ``InputRefused`` when a process was ended from outside.
    """
    if runs < 1 or seed < 0 or workers < 1:
        raise ValueError("runs and workers are 1 or more, and a seed is not negative")
    asked = list(CLAIMS if claims is None else claims)
    tasks = [
        (number, range(start, min(start + _BATCH, runs)))
        for number in range(len(asked))
        for start in range(0, runs, _BATCH)
    ]
    told: list[list[Told | None]] = [[] for _ in tasks]
    done = 0
    with Workers(workers) as processes:
        try:
            for task, found in processes.results([(_tried, (asked[n], seed, part)) for n, part in tasks]):
                told[task] = found
                done += len(found)
                if progress is not None:
                    progress(done, runs * len(asked), "estimators tried")
        except InputRefused:
            raise InputRefused(
                [
                    Problem(
                        "a process that tries estimators was ended from outside",
                        "Most often memory ran out: end other programs and ask again",
                    )
                ]
            ) from None
    rows = [
        row
        for number, claim in enumerate(asked)
        for row in _summed(
            claim, [run for task, of in zip(tasks, told, strict=True) if task[0] == number for run in of]
        )
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _tried(claim: Claim, seed: int, runs: range) -> list[Told | None]:
    """What some draws told; None for those the estimator refused."""
    return [_run(claim, seed, run) for run in runs]


def _run(claim: Claim, seed: int, run: int) -> Told | None:
    key = [seed, run, *claim.name.encode(), 0, *claim.world.encode()]
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
            yield (claim.name, claim.world, part, truth, len(told), len(told), *[None] * 7, False)
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
            BAND[0] <= share <= BAND[1] and len(told) - len(found) <= REFUSALS * len(told),
        )
