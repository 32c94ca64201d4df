"""Cox regression against statsmodels' PHReg and SurPyval: python benchmarks/cox.py [--persons 100000] [--runs 5].

Synthetic people in 500 sites with five normal and five binary covariates, two thirds with the event: in 104 weeks
(ties) and at continuous times; and as start-stop rows where a programme begins in some week. Every round runs each
method once, one after the other, so that what else the machine does hits all alike; medians are printed. The most
memory a fit takes beyond its data is that of a process of its own. Machines differ: the ratios travel, the seconds
do not.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable

import numpy as np
import polars as pl
import psutil

from indsats.evaluate import cox

COVARIATES = [f"x{i}" for i in range(10)]
SITES = 500


def people(n: int, *, weekly: bool) -> pl.DataFrame:
    """One row a person."""
    rng = np.random.default_rng(2016)
    x = np.column_stack([rng.normal(size=(n, 5)), rng.integers(0, 2, (n, 5))]).astype(np.float64)
    site = rng.integers(0, SITES, n)
    rate = np.exp(x @ np.linspace(-0.3, 0.3, 10) + rng.normal(0, 0.3, SITES)[site])
    waits = rng.exponential(100 / rate)
    censored = rng.uniform(20, 208, n).clip(max=104)
    times = np.minimum(waits, censored)
    columns = {name: x[:, i] for i, name in enumerate(COVARIATES)}
    return pl.DataFrame(
        {
            "week": np.ceil(times) if weekly else times,
            "event": (waits <= censored).astype(np.float64),
            "site": site,
            "person": np.arange(n),
            **columns,
        }
    )


def start_stop(n: int) -> pl.DataFrame:
    """A good third of the people begin a programme in some week: from then on they have a second row."""
    rng = np.random.default_rng(7)
    whole = people(n, weekly=True).with_columns(
        began=pl.when(pl.Series(rng.random(n) < 0.82)).then(pl.Series(rng.integers(1, 104, n)))
    )
    joined = (pl.col("began") < pl.col("week")).fill_null(value=False)
    before = whole.with_columns(
        entry=pl.lit(0.0),
        event=pl.when(joined).then(0.0).otherwise("event"),
        week=pl.when(joined).then("began").otherwise("week").cast(pl.Float64),
        x9=pl.lit(0.0),
    )
    after = whole.filter(joined).with_columns(entry=pl.col("began").cast(pl.Float64), x9=pl.lit(1.0))
    return pl.concat([before, after], how="diagonal").drop("began")


def wide(n: int) -> pl.DataFrame:
    """Three categorical columns of 84 levels each: about 250 indicators."""
    rng = np.random.default_rng(3)
    return people(n, weekly=True).with_columns(
        pl.Series(name, rng.integers(0, 84, n)).cast(pl.String) for name in ("a", "b", "c")
    )


def ours(data: pl.DataFrame, cluster: str | None) -> np.ndarray:
    """Coefficients and errors by :func:`indsats.evaluate.cox`."""
    entry = "entry" if "entry" in data.columns else None
    fit = cox(data, "week", "event", COVARIATES, cluster=cluster, entry=entry)
    return fit.table.select("coef", "se").to_numpy()


def phreg(data: pl.DataFrame, cluster: str | None) -> np.ndarray:
    """The same by statsmodels."""
    from statsmodels.duration.hazard_regression import PHReg

    model = PHReg(
        data["week"].to_numpy(), data.select(COVARIATES).to_numpy(), data["event"].to_numpy(), ties="efron"
    )
    fit = model.fit(groups=data[cluster].to_numpy()) if cluster else model.fit()
    return np.column_stack([fit.params, fit.bse])


def surpyval(data: pl.DataFrame, cluster: str | None) -> np.ndarray:
    """The same by SurPyval."""
    from surpyval import CoxPH

    week, z = data["week"].to_numpy(), data.select(COVARIATES).to_numpy()
    censored = 1 - data["event"].to_numpy()
    if "entry" in data.columns:
        person = data["person"].to_numpy()
        model = CoxPH.fit_tvc(person, data["entry"].to_numpy(), week, censored, z)
        order = model.tvc_row_order
    else:
        model = CoxPH.fit(week, z, censored)
        order = slice(None)
    if cluster is None:
        return np.column_stack([model.beta, model.standard_errors()])
    covariance = model.robust_covariance(cluster=data[cluster].to_numpy()[order])
    return np.column_stack([model.beta, np.sqrt(np.diag(covariance))])


METHODS: dict[str, Callable[[pl.DataFrame, str | None], np.ndarray]] = {
    "ours": ours,
    "surpyval": surpyval,
    "phreg": phreg,
}
DATA: dict[str, Callable[[int], pl.DataFrame]] = {
    "weekly": lambda n: people(n, weekly=True),
    "continuous": lambda n: people(n, weekly=False),
    "start-stop": start_stop,
}
# PHReg takes a minute a fit at continuous times, and keeps people at risk in the week they enter.
COMPARED = [
    ("weekly", None, ("ours", "surpyval", "phreg")),
    ("weekly", "site", ("ours", "surpyval", "phreg")),
    ("continuous", None, ("ours", "surpyval")),
    ("continuous", "site", ("ours", "surpyval")),
    ("start-stop", "person", ("ours", "surpyval")),
]


def extra_memory(kind: str, cluster: str | None, method: str, n: int) -> tuple[float, float]:
    """Megabytes a process of its own takes beyond its data for one fit, and megabytes of the columns used."""
    command = [sys.executable, __file__, "--child", kind, cluster or "", method, "--persons", str(n)]
    # The command is this file itself.
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    extra, columns = done.stdout.split()
    return float(extra), float(columns)


def child(kind: str, cluster: str | None, method: str, n: int) -> None:
    """Fits a little to load what is needed, then once in full, and prints how much the peak rose."""
    warnings.simplefilter("ignore")
    METHODS[method](DATA[kind](500), cluster)
    data = DATA[kind](n)
    used = ["week", "event", *COVARIATES, *(c for c in ("entry", cluster) if c in data.columns)]
    before = psutil.Process().memory_info().rss
    stop = threading.Event()
    peak = [before]

    def watch() -> None:
        while not stop.wait(0.001):
            peak[0] = max(peak[0], psutil.Process().memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    METHODS[method](data, cluster)
    stop.set()
    watcher.join()
    sys.stdout.write(f"{(peak[0] - before) / 1e6} {data.select(used).estimated_size() / 1e6}")


def main() -> None:
    """Print a table of medians, ratios to ours, greatest difference from ours, and memory."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--persons", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    n = options.persons
    if options.child:
        kind, cluster, method = options.child
        child(kind, cluster or None, method, n)
        return
    warnings.simplefilter("ignore")  # PHReg's own
    out = sys.stdout
    out.write(f"{n} people, medians of {options.runs} interleaved rounds\n")
    for kind, cluster, methods in COMPARED:
        data = DATA[kind](n)
        taken: dict[str, list[float]] = {method: [] for method in methods}
        answers: dict[str, np.ndarray] = {}
        for _ in range(options.runs):
            for method in methods:
                start = time.perf_counter()
                answers[method] = METHODS[method](data, cluster)
                taken[method].append(time.perf_counter() - start)
        own = statistics.median(taken["ours"])
        out.write(f"\n{kind}, {data.height} rows, errors {f'by {cluster}' if cluster else 'plain'}\n")
        for method in methods:
            seconds = statistics.median(taken[method])
            away = np.abs(answers[method] / answers["ours"] - 1).max(axis=0)
            extra, columns = extra_memory(kind, cluster, method, n)
            out.write(
                f"  {method:9} {seconds:8.3f} s {seconds / own:6.1f}×  coefficients within {away[0]:.0e}, errors "
                f"within {away[1]:.0e}; peak {extra:.0f} MB beyond data of {columns:.0f} MB\n"
            )
    data = wide(n)
    start = time.perf_counter()
    fit = cox(data, "week", "event", ["a", "b", "c"], cluster="site")
    out.write(f"\n{fit.table.height} indicators, errors by site: ours {time.perf_counter() - start:.2f} s\n")


if __name__ == "__main__":
    main()
