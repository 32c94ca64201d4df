"""Times matching and its balance table against plain NumPy loops: python benchmarks/matching.py."""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import polars as pl

from indsats.evaluate import balance, match, nearest
from indsats.evaluate.matching.space import Space, nearest_in_space

DIMENSIONS = 10


def scan_score(score: np.ndarray, treated: np.ndarray, replace: bool) -> set[tuple[int, int]]:
    """The O(treated × controls) way: one pass over all controls per treated."""
    controls = np.flatnonzero(~treated)
    values = score[controls].copy()
    pairs = set()
    for i in sorted(np.flatnonzero(treated), key=lambda i: (-score[i], i)):
        best = int(np.abs(values - score[i]).argmin())
        pairs.add((int(i), int(controls[best])))
        if not replace:
            values[best] = np.inf
    return pairs


def scan_points(points: np.ndarray, treated: np.ndarray, replace: bool) -> set[tuple[int, int]]:
    """The same among points."""
    controls = np.flatnonzero(~treated)
    others = points[controls].copy()
    pairs = set()
    for i in np.flatnonzero(treated):
        best = int(((others - points[i]) ** 2).sum(axis=1).argmin())
        pairs.add((int(i), int(controls[best])))
        if not replace:
            others[best] = np.inf
    return pairs


def seconds(work: Callable[[], object], times: int) -> float:
    """Median wall time of ``times`` runs."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main() -> None:
    """Print times and ratios, and check that both ways give the same pairs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--treated", type=int, default=5_000)
    parser.add_argument("--controls", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    rng = np.random.default_rng(1)
    n = options.treated + options.controls
    treated = np.arange(n) < options.treated
    queue = np.flatnonzero(treated)
    score = rng.normal(treated * 0.5, 1.0)
    points = rng.normal(treated[:, None] * 0.3, 1.0, (n, DIMENSIONS))
    place = np.argsort(np.argsort(points[:, 0], kind="stable"), kind="stable")
    space = Space(points, place, outermost=True)
    one_cell = np.zeros(n, dtype=np.int64)

    def show(what: str, ours: float, rest: str = "") -> None:
        sys.stdout.write(f"{what}: {ours:.3f} s{rest}\n")

    sys.stdout.write(
        f"{options.treated} treated, {options.controls} controls, median of {options.runs} runs\n"
    )
    for replace in (False, True):
        how = "with replacement" if replace else "without replacement"

        def on_score(replace: bool = replace) -> object:
            return nearest(score, treated, replace=replace)

        def in_space(replace: bool = replace) -> object:
            return nearest_in_space(space, treated, queue, cell=one_cell, replace=replace)

        for what, fast, slow in (
            (f"given score, {how}", on_score, lambda replace=replace: scan_score(score, treated, replace)),
            (
                f"{DIMENSIONS} dimensions, {how}",
                in_space,
                lambda replace=replace: scan_points(points, treated, replace),
            ),
        ):
            found = fast()
            pairs = set(zip(found.treated.tolist(), found.control.tolist(), strict=True))  # type: ignore[attr-defined]
            start = time.perf_counter()
            same = pairs == slow()
            scanned = time.perf_counter() - start
            ours = seconds(fast, options.runs)
            show(what, ours, f", scan {scanned:.2f} s ({scanned / ours:.0f}×), same pairs: {same}")
    cell = rng.integers(0, 260, n)
    show(
        "given score, within 260 exact cells",
        seconds(lambda: nearest(score, treated, cell=cell), options.runs),
    )
    show("given score, three controls each", seconds(lambda: nearest(score, treated, ratio=3), options.runs))
    fields = [f"x{i}" for i in range(DIMENSIONS)]
    table = pl.DataFrame(dict(zip(fields, points.T, strict=True))).with_columns(
        treated=pl.Series(treated), y=pl.Series(rng.normal(size=n))
    )
    show(f"balance of {DIMENSIONS} numbers", seconds(lambda: balance(table, fields), options.runs))
    for distance in ("propensity", "mahalanobis"):
        made = match(table, "treated", fields, distance=distance)
        show(
            f"match, all of it, {distance}",
            seconds(
                lambda distance=distance: match(table, "treated", fields, distance=distance), options.runs
            ),
        )
        show(f"its effect, {distance}", seconds(lambda made=made: made.effect("y"), options.runs))


if __name__ == "__main__":
    main()
