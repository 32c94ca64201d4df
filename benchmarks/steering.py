"""Steering at national scale: every indicator and the barometer for 98 sites from facts, and after one new fact.

    python benchmarks/steering.py [PROGRAMME] [SITES] [PARTICIPANTS]

98 sites of 1,000 participants over two years when left out, told as ratios of sorting the same facts. Synthetic facts:
a simulated programme of some thousand participants is laid side by side under new names until there are enough.
"""

from __future__ import annotations

import sys
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


def main(name: str, sites: int, participants: int) -> None:
    """Time each step, the best of three, and print a table."""
    programme = load(definition_path(name))
    record = nation(programme, sites, participants)
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
    print(f"{'sorting the facts':48} {base:6.2f} s")  # noqa: T201
    print(f"{'barometer and all indicators, every site':48} {whole:6.2f} s {whole / base:6.1f}x")  # noqa: T201
    later = with_one_more(record, one["person"], one["enrolment"], last)
    after = timed(lambda: made["board"].after(later.as_of(), persons=[one["person"]]))
    print(f"{'the same after one new fact':48} {after:6.2f} s {after / base:6.1f}x")  # noqa: T201


def timed(step: Callable[[], object]) -> float:
    """The shortest of three runs, in seconds."""
    found = []
    for _ in range(3):
        start = time.perf_counter()
        step()
        found.append(time.perf_counter() - start)
    return min(found)


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
    given = sys.argv[1:]
    main(
        given[0] if given else "udvikling-i-fleksjob",
        int(given[1]) if len(given) > 1 else 98,
        int(given[2]) if len(given) > 2 else 1000,
    )
