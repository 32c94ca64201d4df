"""Times nearest-neighbour matching on a score against a plain NumPy scan: python benchmarks/matching.py."""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

from indsats.evaluate import nearest


def scan(score: np.ndarray, treated: np.ndarray, replace: bool) -> list[tuple[int, int]]:
    """The vectorised O(treated × untreated) way: one pass over all untreated per treated."""
    controls = np.flatnonzero(~treated)
    values = score[controls].copy()
    pairs = []
    for i in sorted(np.flatnonzero(treated), key=lambda i: (-score[i], i)):
        best = int(np.abs(values - score[i]).argmin())
        pairs.append((int(i), int(controls[best])))
        if not replace:
            values[best] = np.inf
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
    """Print a table of times and ratios, and check that both ways give the same pairs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--treated", type=int, default=5_000)
    parser.add_argument("--untreated", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    rng = np.random.default_rng(1)
    treated = np.arange(options.treated + options.untreated) < options.treated
    score = rng.normal(treated * 0.5, 1.0)
    out = sys.stdout
    out.write(f"{options.treated} treated, {options.untreated} untreated, median of {options.runs} runs\n")
    for name, replace in (("without replacement", False), ("with replacement", True)):
        found = nearest(score, treated, replace=replace)
        ours = seconds(lambda replace=replace: nearest(score, treated, replace=replace), options.runs)
        slow = seconds(lambda replace=replace: scan(score, treated, replace), 1)
        same = set(zip(found.treated.tolist(), found.untreated.tolist(), strict=True)) == set(
            scan(score, treated, replace)
        )
        out.write(
            f"1:1 {name}: {ours:.4f} s, scan {slow:.3f} s, scan/ours {slow / ours:.0f}×, same pairs: {same}\n"
        )
    cell = rng.integers(0, 260, len(score))
    cells = seconds(lambda: nearest(score, treated, cell=cell), options.runs)
    triple = seconds(lambda: nearest(score, treated, ratio=3), options.runs)
    out.write(f"1:1 within 260 exact cells: {cells:.4f} s\n1:3 without replacement: {triple:.4f} s\n")


if __name__ == "__main__":
    main()
