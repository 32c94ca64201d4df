"""Steering at national scale: every indicator and the barometer for 98 sites from facts, and after one new fact.

    python benchmarks/steering.py [PROGRAMME] [--sites 98] [--participants 1000] [--facts 2000000]

98 sites of 1,000 participants over two years with two million facts when left out, told in seconds of the clock and of
the processors, and as ratios of sorting the same facts: on a machine that others use too, the clock tells of them as
well. Synthetic facts: a simulated programme of some thousand participants is laid side by side under new names until
there are enough, and thinned evenly to as many facts as asked for (``--facts 0``: all there are, over four million).
Everybody's enrolment and exit is kept, so there are as many people, phases and requirements however few the facts.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from indsats.library import definition_path
from indsats.programme import Period, Programme, load
from indsats.record import Record, read_record
from indsats.simulate import simulate
from indsats.steer import Board, board

PERSONS = 6000
NAMES = ("person", "enrolment", "id")


KEPT = ("enrolled", "exit")


def main(name: str, sites: int, participants: int, facts_asked: int) -> None:
    """Time each step, the best of three, and print a table."""
    programme = load(definition_path(name))
    record = thinned(nation(programme, sites, participants), facts_asked)
    facts = record.as_of()
    one = facts.table("enrolled").row(7, named=True)
    last = facts.last_day
    period = Period(first=date(last.year - 2, last.month, 1), last=last)
    number = sum(table.height for table in record.facts.values())
    print(  # noqa: T201
        f"{name}: {facts.sites.height} sites, {facts.enrolments().height:,} enrolments, {number:,} facts, "
        f"{len(programme.indicators)} indicators, {len(programme.requirements)} requirements"
    )
    del facts
    base = timed(lambda: [table.sort("person", "occurred_from", "id") for table in record.facts.values()])
    made: dict[str, Board] = {}
    whole = timed(lambda: made.update(board=board(record.as_of(), period)))
    tell("sorting the facts", base, base)
    tell("barometer and all indicators, every site", whole, base)
    later = with_one_more(record, one["person"], one["enrolment"], last)
    after = timed(lambda: made["board"].after(later.as_of(), persons=[one["person"]]))
    tell("the same after one new fact", after, base)


def tell(what: str, took: tuple[float, float], base: tuple[float, float]) -> None:
    """A line: seconds of the clock and of the processors, and how many times the sorting the latter are."""
    clock, work = took
    print(f"{what:44} {clock:6.2f} s {work:6.2f} s of processors {work / base[1]:6.1f}x")  # noqa: T201


def timed(step: Callable[[], object]) -> tuple[float, float]:
    """The shortest of three runs in seconds of the clock, and of the processors."""
    found: list[tuple[float, float]] = []
    for _ in range(3):
        start, work = time.perf_counter(), time.process_time()
        step()
        found.append((time.perf_counter() - start, time.process_time() - work))
    return min(clock for clock, _ in found), min(work for _, work in found)


def thinned(record: Record, number: int) -> Record:
    """The record with about so many facts (0: all): of every kind but ``KEPT`` the same part, by the facts' names."""
    total = sum(table.height for table in record.facts.values())
    whole = sum(table.height for kind, table in record.facts.items() if kind in KEPT)
    share = (number - whole) / (total - whole)
    if number == 0 or share >= 1:
        return record
    keep = pl.col("id").hash(7) < int(share * (2**64 - 1))
    return record.with_facts(
        {kind: table if kind in KEPT else table.filter(keep) for kind, table in record.facts.items()}
    )


def nation(programme: Programme, sites: int, participants: int) -> Record:
    """A record of ``sites`` with ``participants`` enrolments each, of copies of one simulated programme."""
    with tempfile.TemporaryDirectory() as folder:
        record = read_record(simulate(programme, PERSONS, 1, Path(folder) / "data"), programme)
    last = record.as_of().last_day
    recent = record.facts["enrolled"].filter(pl.col("occurred_from") > date(last.year - 2, last.month, 1))
    record = record.with_facts(
        {kind: table.join(recent, on="person", how="semi") for kind, table in record.facts.items()}
    )
    here = record.facts["enrolled"]
    copies = -(-sites * participants // here.height)
    unit = programme.effort_units[0]
    names = [f"site-{number:02}" for number in range(sites)]
    where = {
        person: names[number % sites]
        for number, person in enumerate(here["person"].unique(maintain_order=True).to_list())
    }
    facts = {
        kind: pl.concat([_copy(table, where, names, number) for number in range(copies)])
        for kind, table in record.facts.items()
        if table["person"].null_count() < table.height
    }
    persons = pl.concat(
        [
            record.persons.with_columns(person=pl.format("{}-{}", "person", pl.lit(number)))
            for number in range(copies)
        ]
    )
    table = pl.DataFrame({"site": names}).with_columns(
        unit=pl.lit(unit), name=pl.col("site"), open_days_per_week=pl.lit(5.0)
    )
    kept = record.sites.clear()
    placed = pl.concat([kept, table], how="diagonal").select(kept.columns)
    return Record(programme, facts, persons, placed, synthetic=True)


def _copy(table: pl.DataFrame, where: dict[str, str], names: list[str], number: int) -> pl.DataFrame:
    """The facts once more, about others and at the next sites along."""
    home = pl.col("person").replace_strict(where, default=names[0])
    moved = pl.Series(names[number:] + names[:number]) if number < len(names) else pl.Series(names)
    site = home.replace_strict(dict(zip(names, moved.to_list(), strict=True)))
    return table.with_columns(
        site=pl.when(pl.col("site").is_not_null()).then(site),
        **{
            name: pl.when(pl.col(name).is_not_null()).then(pl.format("{}-{}", name, pl.lit(number)))
            for name in NAMES
        },
    )


def with_one_more(record: Record, person: str, enrolment: str, day: date) -> Record:
    """The record with one more meeting of somebody."""
    now = datetime(day.year + 1, 1, 1, tzinfo=UTC)
    row = {
        "person": person,
        "enrolment": enrolment,
        "occurred_from": day,
        "outcome": "held",
        "type": "samtale",
    }
    table = record.table("meeting")
    wide = pl.DataFrame([row]).with_columns(
        id=pl.lit("one-more"), recorded_at=pl.lit(now), kind=pl.lit("meeting"), version=pl.lit(1)
    )
    more = pl.concat(
        [table, wide.select(pl.col(c).cast(table.schema[c]) for c in wide.columns)], how="diagonal"
    )
    return record.with_facts({**record.facts, "meeting": more})


if __name__ == "__main__":
    given = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    given.add_argument("programme", nargs="?", default="udvikling-i-fleksjob")
    given.add_argument("--sites", type=int, default=98)
    given.add_argument("--participants", type=int, default=1000, help="at each site")
    given.add_argument("--facts", type=int, default=2_000_000, help="0: all that the simulation gives")
    asked = given.parse_args()
    main(asked.programme, asked.sites, asked.participants, asked.facts)
