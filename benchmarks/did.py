"""Times difference in differences with absorbed levels against pyfixest: python benchmarks/did.py.

A million rows with 208 weeks of duration and 37 levels of hours absorbed, the three terms of a difference in
differences and three covariates, clustered by 98 municipalities and by 100,000 persons. Both ways take turns on the
same table; memory is the most a process of its own takes beyond its table, in multiples of the columns used.
The ratios travel, the seconds do not.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from indsats.evaluate import absorbed_regression, wild_bootstrap

TERMS = ("treated", "after", "both", "age", "wage", "weeks_before")
ABSORBED = ("duration", "hours")
CLUSTERS = ("municipality", "person")


def people(rows: int) -> pl.DataFrame:
    """Invented people with an effect of 0.5 hours, a hundred thousand persons to a million rows."""
    rng = np.random.default_rng(1)
    municipality = rng.integers(0, 98, rows)
    treated, after = (municipality < 19).astype(float), (rng.random(rows) < 0.5).astype(float)
    duration, hours = rng.integers(0, 208, rows), rng.integers(0, 37, rows)
    effect = 0.5 * treated * after
    return pl.DataFrame(
        {
            "change": effect + duration / 100 + hours / 10 + rng.normal(size=rows),
            "treated": treated,
            "after": after,
            "both": treated * after,
            "age": rng.normal(45, 10, rows),
            "wage": rng.normal(200, 30, rows),
            "weeks_before": rng.normal(20, 5, rows),
            "duration": duration,
            "hours": hours,
            "municipality": municipality,
            "person": rng.integers(0, max(rows // 10, 2), rows),
        }
    )


def ours(df: pl.DataFrame, cluster: str) -> tuple[float, float]:
    """Coefficient and error of the product here."""
    row = absorbed_regression(df, "change", TERMS, absorb=ABSORBED, cluster=cluster).row("both")
    return row["coef"], row["se"]


def theirs(df: pl.DataFrame, cluster: str) -> tuple[float, float]:
    """The same by pyfixest."""
    from pyfixest.estimation import feols

    formula = f"change ~ {' + '.join(TERMS)} | {' + '.join(ABSORBED)}"
    fit = feols(formula, df.to_pandas(), vcov={"CRV1": cluster})
    return float(fit.coef()["both"]), float(fit.se()["both"])


METHODS: dict[str, Callable[[pl.DataFrame, str], tuple[float, float]]] = {"ours": ours, "pyfixest": theirs}


def memory(method: str, cluster: str, rows: int) -> float:
    """The most memory of a process beyond what it held before, in multiples of the columns used."""
    command = [sys.executable, __file__, "--child", method, "--cluster", cluster, "--rows", str(rows)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603


def child(method: str, cluster: str, rows: int) -> float:
    """Runs a method once small, to load what it loads, and once in full, watching the high-water mark (Linux)."""
    METHODS[method](people(2_000), cluster)
    df = people(rows).drop([name for name in CLUSTERS if name != cluster])
    Path("/proc/self/clear_refs").write_text("5")
    held = _status("VmRSS")
    METHODS[method](df, cluster)
    return (_status("VmHWM") - held) * 1024 / df.estimated_size()


def _status(field: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(field)).split()[1])


def main() -> None:
    """Print seconds, memory and ratios, and that both ways give the same."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--child", choices=tuple(METHODS))
    parser.add_argument("--cluster", choices=CLUSTERS, default="municipality")
    options = parser.parse_args()
    out = sys.stdout
    if options.child:
        out.write(str(child(options.child, options.cluster, options.rows)))
        return
    df = people(options.rows)
    out.write(f"{options.rows:,} rows, median of {options.runs} interleaved runs\n")
    for cluster in CLUSTERS:
        taken: dict[str, list[float]] = {name: [] for name in METHODS}
        found = {name: method(df, cluster) for name, method in METHODS.items()}
        for _ in range(options.runs):
            for name, method in METHODS.items():
                start = time.perf_counter()
                method(df, cluster)
                taken[name].append(time.perf_counter() - start)
        seconds = {name: statistics.median(times) for name, times in taken.items()}
        columns = {name: memory(name, cluster, options.rows) for name in METHODS}
        same = np.allclose(found["ours"], found["pyfixest"], rtol=1e-6)
        out.write(
            f"by {cluster}: {seconds['ours']:.3f} s, pyfixest {seconds['pyfixest']:.3f} s, "
            f"pyfixest/ours {seconds['pyfixest'] / seconds['ours']:.1f}×, "
            f"memory {columns['ours']:.1f} and {columns['pyfixest']:.1f} × the columns, same to 1e-6: {same}\n"
        )
    start = time.perf_counter()
    terms = ("treated", "after", "both")
    wild_bootstrap(df, "change", terms, term="both", cluster="municipality", absorb=ABSORBED)
    out.write(f"wild bootstrap, 98 clusters, 9,999 repetitions: {time.perf_counter() - start:.2f} s\n")


if __name__ == "__main__":
    main()
