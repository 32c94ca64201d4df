"""A country's worth of cases for the server's benchmark: one simulated programme laid side by side under new names.

Each copy is moved some days ahead, so that its courses are at different places on the day that counts as today, and
what would lie after that day is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from indsats.library import definition_path
from indsats.programme import Programme, load
from indsats.record import Record, read_record
from indsats.simulate import simulate

PROGRAMME = "fremskudt-indsats"
PERSONS = 4000
SITES = 98
WORKERS = 400
_AHEAD = (730, 1060)
"""Days the copies are moved ahead, from and to: some twenty facts of each case have then happened by today."""


@dataclass(frozen=True, slots=True)
class Nation:
    """The record, the day that counts as today in it, and its definition."""

    record: Record
    day: date
    definition: Path


def nation(cases: int, folder: Path) -> Nation:
    """A record of so many enrolments at 98 sites with 400 workers; the simulated programme is kept in ``folder``."""
    definition = definition_path(PROGRAMME)
    programme = load(definition)
    data = folder / "simulated"
    if not (data / "dataset.json").exists():
        simulate(programme, PERSONS, 1, data)
    record = read_record(data, programme)
    day = record.as_of().last_day
    places = _places(record)
    copies: list[Record] = []
    have = number = 0
    while have < cases:
        nearest, furthest = _AHEAD
        ahead = nearest + number * 97 % (furthest - nearest)
        copy = _copied(record, number, ahead, day, places)
        have += copy.facts["enrolled"].height
        copies.append(copy)
        number += 1
    return Nation(_numbered(_joined(programme, copies, places)), day, definition)


def _places(record: Record) -> dict[str, list[str]]:
    """The new sites each site stands for, 98 in all."""
    names = record.sites["site"].to_list()
    return {
        name: [f"{name}-{copy + 1}" for copy in range(SITES // len(names) + (place < SITES % len(names)))]
        for place, name in enumerate(names)
    }


def _copied(record: Record, number: int, ahead: int, day: date, places: dict[str, list[str]]) -> Record:
    """The record once more about others, ``ahead`` days later, as it is known on ``day``."""
    here = {name: those[number % len(those)] for name, those in places.items()}
    first = {name for name, those in places.items() if number < len(those)}
    facts = {}
    for kind, table in record.facts.items():
        moved = table.with_columns(
            *(
                pl.col(name).dt.offset_by(f"{ahead}d")
                for name, of in table.schema.items()
                if of.is_temporal()
            ),
            *(pl.format("{}-{}", name, pl.lit(number)).alias(name) for name in ("id", "person", "enrolment")),
        )
        # facts about a place are told once for each new one
        kept = pl.col("person").is_not_null() | pl.col("site").is_in(list(first))
        known = pl.col("recorded_at").dt.date() <= day
        moved = moved.filter(kept & known).with_columns(
            replaced_at=pl.when(pl.col("replaced_at").dt.date() <= day).then("replaced_at"),
            site=pl.col("site").replace_strict(here, default=None),
        )
        facts[kind] = _with_workers(moved) if kind == "assigned" else moved
    # an enrolment whose first day has not come, or was never recorded, has no facts
    enrolled = facts["enrolled"].select("enrolment")
    facts = {
        kind: pl.concat(
            [
                table.filter(pl.col("enrolment").is_null()),
                table.join(enrolled, on="enrolment", how="semi"),
            ]
        )
        for kind, table in facts.items()
    }
    named = record.persons.with_columns(person=pl.format("{}-{}", "person", pl.lit(number)))
    of = pl.concat([table.select("person") for table in facts.values()]).unique()
    return replace(record, facts=facts, persons=named.join(of, on="person", how="semi"))


def _with_workers(assigned: pl.DataFrame) -> pl.DataFrame:
    """Those who are responsible are four or five at each site."""
    hashed = pl.col("enrolment").fill_null(pl.col("person")).hash(seed=3)
    many = pl.when(pl.col("site").hash(seed=5) % 49 < 4).then(5).otherwise(WORKERS // SITES)
    return assigned.with_columns(
        worker=pl.format("{}-{}", pl.col("site").fill_null("felles"), hashed % many + 1)
    )


def _joined(programme: Programme, copies: list[Record], places: dict[str, list[str]]) -> Record:
    first = copies[0]
    facts = {
        kind: pl.concat([copy.facts[kind] for copy in copies]).sort("recorded_at", maintain_order=True)
        for kind in first.facts
    }
    new = pl.DataFrame(
        [(old, name) for old, names in places.items() for name in names], schema=["old", "site"], orient="row"
    )
    sites = new.join(first.sites.rename({"site": "old"}), on="old", how="left").with_columns(name="site")
    return Record(
        programme,
        {kind: table for kind, table in facts.items() if table.height},
        pl.concat([copy.persons for copy in copies]),
        sites.select(first.sites.columns),
        synthetic=True,
    )


def _numbered(record: Record) -> Record:
    """Persons under invented numbers of the right form: months 21 to 32, a running number for each birthday."""
    born = record.persons.with_columns(
        pl.col("birth_date").fill_null(date(1970, 1, 1))
        + pl.duration(days=pl.col("person").hash(seed=1) % 28)
    )
    day = pl.col("birth_date").dt
    running = pl.int_range(pl.len()).over("birth_date")
    numbers = born.with_columns(
        number=pl.format(
            "{}{}{}-{}",
            day.day().cast(pl.String()).str.zfill(2),
            day.month() + 20,
            (day.year() % 100).cast(pl.String()).str.zfill(2),
            running.cast(pl.String()).str.zfill(4),
        )
    )
    # a hundred years apart, two birthdays read the same
    twice = pl.int_range(pl.len()).over("number")
    numbers = numbers.with_columns(
        number=pl.when(twice == 0)
        .then("number")
        .otherwise(
            pl.format("{}-{}", pl.col("number").str.head(6), pl.lit("9") + pl.col("number").str.tail(3))
        )
    )
    if numbers["number"].n_unique() < numbers.height:
        raise RuntimeError("two persons were given the same number")
    of = numbers.select("person", "number")

    def renamed(table: pl.DataFrame) -> pl.DataFrame:
        found = table.join(of, on="person", how="left", maintain_order="left")
        return found.with_columns(person="number").select(table.columns)

    return replace(
        record,
        facts={kind: renamed(table) for kind, table in record.facts.items()},
        persons=renamed(numbers.drop("number").select(record.persons.columns)),
    )


def about(found: Nation) -> str:
    """What there is, in a line."""
    record = found.record
    enrolled = record.facts["enrolled"]
    facts = sum(table.height for table in record.facts.values())
    ended = record.facts["exit"].height
    workers = record.facts["assigned"]["worker"].n_unique()
    return (
        f"{enrolled.height:,} enrolments ({ended:,} ended), {record.persons.height:,} persons, {facts:,} facts, "
        f"{record.sites.height} sites, {workers} workers, today is {found.day}"
    )
