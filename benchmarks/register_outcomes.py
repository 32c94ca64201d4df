"""Outcomes and covariates of every entry to cash benefit in a store of spells: seconds, cases and peak memory.

    python benchmarks/register_outcomes.py STORE [polars|duckdb ...]

A case is a stay on cash benefit that begins with 156 weeks of data before it and 52 after. Asked are weeks of
self-support in the 156 weeks before, weeks on cash benefit in the 52 before, self-support for a week and for four weeks
in a row within 52 weeks, and the weeks to each. Every engine runs in a process of its own, so that its peak memory is
its own; results are written bucket by bucket to a temporary folder, as ``indsats register outcomes`` does.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from indsats.programme import History, IndexEvent, Period, RegisterState, StateOutcome, Text
from indsats.register import monday
from indsats.register.follow import Question, engine_named, outcomes
from indsats.register.store import open_store

BEFORE, WITHIN = 156, 52
_TITLE = Text(da="-", en="-")
_ITEM: dict[str, Any] = {"title": _TITLE, "source": "published: a benchmark"}


@dataclass(frozen=True)
class Measured:
    """What one run took; ``peak`` is the process' largest resident memory in bytes."""

    engine: str
    cases: int
    seconds: float
    peak: int


def every_entry(first_week: int, last_week: int) -> Question:
    """The question, for a register of these weeks."""
    opens, closes = monday(first_week + BEFORE), monday(last_week - WITHIN) + timedelta(days=6)
    within: dict[str, Any] = {**_ITEM, "kind": "state", "state": "self-support", "within_weeks": WITHIN}
    return Question(
        {
            "cash": RegisterState(**_ITEM, codes=["130-139", "730-739"]),
            "self-support": RegisterState(**_ITEM, codes=["blank"]),
        },
        IndexEvent(state="cash", new=True, window=Period(first=opens, last=closes)),
        (
            History(id="self-support-before", title=_TITLE, state="self-support", weeks=BEFORE),
            History(id="cash-before", title=_TITLE, state="cash", weeks=52),
        ),
        (
            StateOutcome(id="any-week", **within),
            StateOutcome(id="four-weeks", **within, at_least_weeks=4, in_a_row=True),
        ),
    )


def run(store_folder: Path, engine: str, out: Path) -> Measured:
    """One run in this process."""
    store = open_store(store_folder)
    question = every_entry(store.first_week, store.last_week)
    used = engine_named(engine)
    start = time.perf_counter()
    written = outcomes(store, question, engine=used, every=True, out=out)
    seconds = time.perf_counter() - start
    used.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return Measured(engine, int(written["cases"].sum()), seconds, peak)


def outcomes_benchmark(store_folder: Path, engines: tuple[str, ...] = ("polars", "duckdb")) -> list[Measured]:
    """Runs and prints each engine in a new process; the last column compares with the first engine."""
    found: list[Measured] = []
    for engine in engines:
        with tempfile.TemporaryDirectory() as out:
            command = [sys.executable, __file__, "--one", str(store_folder), engine, out]
            told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()  # noqa: S603
        found.append(Measured(engine, int(told[0]), float(told[1]), int(told[2])))
        one = found[-1]
        print(  # noqa: T201
            f"{engine:8} {one.cases:>12,} cases {one.seconds:7.1f} s {one.peak / 2**30:6.2f} GiB peak"
            f" {one.seconds / found[0].seconds:6.2f}x"
        )
    return found


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        one = run(Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
        print(one.cases, one.seconds, one.peak)  # noqa: T201
    else:
        outcomes_benchmark(Path(sys.argv[1]), tuple(sys.argv[2:]) or ("polars", "duckdb"))
