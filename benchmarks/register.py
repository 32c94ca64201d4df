"""The register engine: a wide weekly register to a store of spells against two ways of doing it in SQL, and outcomes.

    python benchmarks/register.py --work FOLDER                 500,000 persons × 520 weeks, three methods
    python benchmarks/register.py --work FOLDER --sizes         four sizes: growth is linear
    python benchmarks/register.py --work FOLDER --nation        5 million persons × 1,800 weeks

``FOLDER`` must be outside the repository; the synthetic registers made there are kept (the nation takes 5 GB, its
store 0.7 GB). Every method runs in a process of its own, from its start to the last byte written; memory is the
resident set of that process and all its children, sampled every 50 ms. Machines differ and are shared: the ratios
travel, the seconds do not, and seconds of processors less than those on the clock depend on who else is at work.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
from register_data import make
from register_outcomes import outcomes_benchmark

from indsats.register.weeks import column_of_week

NATION = (5_000_000, 1_800)
SAMPLE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds on the clock, seconds of processors, and the most memory in GB, of one method."""

    seconds: float
    processor: float
    gigabytes: float


def build_store(files: list[Path], out: Path, _weeks: int) -> None:
    """Ours."""
    from indsats.register.sources.parquet import ParquetSource
    from indsats.register.store.build import build

    build([ParquetSource(file) for file in files], out, synthetic=True)


def unpivot(files: list[Path], out: Path, weeks: int) -> None:
    """The textbook way: a row a person-week, sorted, runs numbered by a running sum of changes."""
    columns = ", ".join(f'{column_of_week(week)} as "{week}"' for week in range(weeks))
    _sql(
        out,
        f"""
        with wide as (
            select person, {columns} from read_parquet($files)
        ), long as (
            from wide unpivot include nulls (code for week in (columns(* exclude (person))))
        ), typed as (
            select person, week::int as week, code from long
        ), marked as (
            select *, (code is distinct from lag(code) over w or row_number() over w = 1)::int as new
            from typed window w as (partition by person order by week)
        ), numbered as (
            select *, sum(new) over (partition by person order by week) as run from marked
        )
        select person, min(week) as first_week, max(week) as last_week, any_value(code) as code
        from numbered group by person, run
        """,  # noqa: S608 - numbers and names made here
        files,
    )


def change_points(files: list[Path], out: Path, weeks: int) -> None:
    """The better way in SQL: an array a person, filtered for the places where it changes."""
    columns = ", ".join(column_of_week(week) for week in range(weeks))
    _sql(
        out,
        f"""
        with arrays as (
            select person, [{columns}] as codes from read_parquet($files)
        ), changes as (
            select person, codes,
                   list_filter(
                       range(1, {weeks + 1}), lambda i: i = 1 or codes[i] is distinct from codes[i - 1]
                   ) as starts
            from arrays
        )
        select person, (unnest(starts) - 1)::int as first_week,
               (unnest(list_append(starts[2:], {weeks + 1})) - 2)::int as last_week,
               unnest(list_transform(starts, lambda i: codes[i])) as code
        from changes
        """,  # noqa: S608 - numbers and names made here
        files,
    )


METHODS: dict[str, Callable[[list[Path], Path, int], None]] = {
    "store": build_store,
    "change-points": change_points,
    "unpivot": unpivot,
}


def _sql(out: Path, query: str, files: list[Path]) -> None:
    spill = out.with_suffix(".spill")
    with duckdb.connect(config={"temp_directory": str(spill), "preserve_insertion_order": False}) as engine:
        names = [str(file) for file in files]
        listed = "[" + ", ".join(f"'{name}'" for name in names) + "]"
        engine.execute(
            f"copy ({query.replace('$files', listed)}) to '{out}' (format parquet, compression zstd)"
        )
    shutil.rmtree(spill, ignore_errors=True)


def measure(method: str, files: list[Path], out: Path, weeks: int) -> Measured:
    """Runs a method in a process of its own and watches it."""
    if out.is_dir():
        shutil.rmtree(out)
    out.unlink(missing_ok=True)
    command = [sys.executable, __file__, "--method", method, "--out", str(out), "--weeks", str(weeks)]
    start = time.perf_counter()
    process = subprocess.Popen([*command, "--files", *map(str, files)])  # noqa: S603
    most = ended = 0
    while not ended:
        most = max(most, _resident(process.pid))
        time.sleep(SAMPLE_SECONDS)
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{method} ended with status {process.returncode}")
    return Measured(seconds, usage.ru_utime + usage.ru_stime, most / 1e9)


def _resident(process: int) -> int:
    """Bytes in memory of a process and all below it (Linux)."""
    about = Path("/proc") / str(process)
    try:
        pages = int((about / "statm").read_text().split()[1])
        children = [
            child for task in (about / "task").iterdir() for child in (task / "children").read_text().split()
        ]
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(_resident(int(child)) for child in children)


def differing(store: Path, other: Path) -> int:
    """Spells that are in one of the two and not in the other."""
    with duckdb.connect(config={"temp_directory": str(other.with_suffix(".spill"))}) as engine:
        engine.execute(
            f"""
            create view ours as
            select identity, s.first_week, s.last_week, code
            from read_parquet('{store}/spells/*.parquet', hive_partitioning = false) s
            join read_parquet('{store}/persons/*.parquet', hive_partitioning = false) using (person);
            create view theirs as select person, first_week, last_week, code from read_parquet('{other}')
            """  # noqa: S608 - names made here
        )
        one, two = "select * from ours", "select * from theirs"
        counts = [
            (engine.execute(f"select count(*) from ({a} except all {b})").fetchone() or (0,))[0]  # noqa: S608
            for a, b in ((one, two), (two, one))
        ]
    return sum(counts)


def against_sql(work: Path, persons: int, weeks: int) -> None:
    """Ours against both ways in SQL, and whether all give the same spells."""
    files = make(work / f"{persons}x{weeks}", persons, weeks)
    found: dict[str, Measured] = {}
    for method in METHODS:
        out = work / f"{persons}x{weeks}-{method}"
        found[method] = measure(method, files, out, weeks)
        _print(method, found[method], persons * weeks, found["store"])
        if method != "store":
            print(f"{'':14} spells that differ: {differing(work / f'{persons}x{weeks}-store', out)}")  # noqa: T201


def growth(work: Path, persons: int, weeks: int) -> None:
    """Four sizes, each twice the one before: to a store, and its outcomes."""
    before = None
    for size in (persons // 8, persons // 4, persons // 2, persons):
        files = make(work / f"{size}x{weeks}", size, weeks)
        store = work / f"{size}x{weeks}-store"
        found = measure("store", files, store, weeks)
        _print(f"{size:,}", found, size * weeks, before or found)
        outcomes_benchmark(store, ("duckdb",))
        before = found


def nation(work: Path) -> None:
    """Five million persons from 1991 on: to a store, and the outcomes of every entry to cash benefit."""
    persons, weeks = NATION
    files = make(work / "nation" / "wide", persons, weeks)
    found = measure("store", files, work / "nation" / "store", weeks)
    _print("nation", found, persons * weeks, found)
    outcomes_benchmark(work / "nation" / "store")


def _print(name: str, found: Measured, cells: int, base: Measured) -> None:
    print(  # noqa: T201
        f"{name:14} {found.seconds:6.1f} s ({found.seconds / base.seconds:5.1f}x)   "
        f"processors {found.processor:6.1f} s ({found.processor / base.processor:5.1f}x)   "
        f"{found.gigabytes:5.2f} GB   {cells / found.seconds / 1e6:6.1f} M person-weeks/s",
        flush=True,
    )


def main() -> None:
    """Reads the words of the command."""
    words = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    words.add_argument("--work", type=Path, help="a folder outside the repository")
    words.add_argument("--persons", type=int, default=500_000)
    words.add_argument("--weeks", type=int, default=520)
    words.add_argument("--sizes", action="store_true")
    words.add_argument("--nation", action="store_true")
    words.add_argument("--method", choices=METHODS, help=argparse.SUPPRESS)
    words.add_argument("--files", type=Path, nargs="*", help=argparse.SUPPRESS)
    words.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    asked = words.parse_args()
    if asked.method:
        METHODS[asked.method](asked.files, asked.out, asked.weeks)
        return
    if asked.work is None or Path(__file__).parents[1] in asked.work.resolve().parents:
        words.error("--work names a folder outside the repository")
    print(f"others at work on this machine: load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")  # noqa: T201
    if asked.nation:
        nation(asked.work)
    elif asked.sizes:
        growth(asked.work, asked.persons, asked.weeks)
    else:
        against_sql(asked.work, asked.persons, asked.weeks)


if __name__ == "__main__":
    main()
