"""Those who started beside everybody else of the population they came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from indsats.evaluate import representativeness
from indsats.figure import Figure
from indsats.language import LANGUAGES
from indsats.problem import InputRefused, Problem
from indsats.programme import (
    PERSON_FIELDS,
    Period,
    Programme,
    RepresentativenessBlock,
    Text,
    field_in_words,
)
from indsats.record import Facts
from indsats.report import Block, Cell, Column, Group, Paragraph, Table

from . import representativeness_words as words
from .words import CHARACTERISTIC, LEVELS, P_VALUE, PERSONS, both

FIELDS = ("age", *(name for name, kind in PERSON_FIELDS.items() if kind == "text"))
"""What people can be compared on: what is known of them when they come in."""

_WAYS_IN = ("drawn", "visitation")


def representativeness_blocks(
    facts: Facts, block: RepresentativenessBlock, period: Period
) -> Iterator[Block]:
    """A table of fields: those who started, the others, everybody, the difference and its test.

    Counted are all who had come in by the end of the period, each person once. Raises ``InputRefused`` for a field
    that is not known of everybody when they come in.
    """
    for name in block.fields:
        if name not in FIELDS:
            known = ", ".join(FIELDS)
            raise InputRefused(
                [
                    Problem(
                        f"people cannot be compared on '{name}' when they come in",
                        f"Name one of {known} under 'fields' of the block 'representativeness'",
                        file=facts.programme.programme,
                    )
                ]
            )
    people = _people(facts, block.population, period)
    if people["started"].n_unique() < 2:
        yield Paragraph(words.NOBODY_ELSE[block.population])
        return
    rows = representativeness(people, "started", block.fields)
    yield _table(facts.programme, block, people, rows)


def _people(facts: Facts, population: Literal["assigned", "enrolled"], period: Period) -> pl.DataFrame:
    """A row for each person of the population: person, its fields, age in whole years on the day they came in, and
    whether they ``started`` in a unit of the effort."""
    enrolled = facts.enrolments().filter(pl.col("start") <= period.last)
    effort = list(facts.programme.effort_units)
    started = enrolled.filter(pl.col("unit").is_in(effort)).select("person").unique()
    came = [enrolled.select("person", day="start")]
    if population == "assigned":
        came += [
            facts.table(kind)
            .filter(pl.col("occurred_from") <= period.last)
            .select("person", day="occurred_from")
            for kind in _WAYS_IN
        ]
    first = pl.concat(came).drop_nulls().group_by("person").agg(pl.col("day").min())
    birth, day = pl.col("birth_date"), pl.col("day")
    had_birthday = (day.dt.month() * 100 + day.dt.day()) >= (birth.dt.month() * 100 + birth.dt.day())
    age = day.dt.year() - birth.dt.year() - (~had_birthday).cast(pl.Int32)
    return (
        first.join(facts.persons, on="person", how="left")
        .with_columns(age=age, started=pl.col("person").is_in(started["person"].implode()))
        .sort("person")
    )


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the three columns of people, and how its numbers are called in the rows of ``representativeness``."""

    id: str
    title: Text
    key: str


def _table(
    programme: Programme, block: RepresentativenessBlock, people: pl.DataFrame, found: pl.DataFrame
) -> Table:
    sides = (
        _Side("started", words.STARTED, "group"),
        _Side("others", words.OTHERS[block.population], "rest"),
        _Side("all", words.POPULATION[block.population], "population"),
    )
    stem = f"representativeness/{block.population}"
    size = int(people["started"].sum())
    counts = [
        Figure.count(f"{stem}/persons/{side.id}", number)
        for side, number in zip(sides, (size, people.height - size, people.height), strict=True)
    ]
    rows: list[tuple[Cell, ...]] = [(PERSONS, *counts, None, None, None)]
    groups = [_sum(counts)]
    for field in block.fields:
        of_field = [row for row in found.iter_rows(named=True) if row["field"] == field]
        title = _title(programme, field)
        # Two levels are each other's complement: the test of the whole is that of either.
        told = [row for row in of_field if row["measure"] != "distribution" or len(of_field) != 3]
        levels: list[list[Figure]] = []
        for row in told:
            if row["measure"] == "distribution":
                continue
            levels.append(
                [_figure(f"{stem}/{field}/{row['level'] or ''}/{side.id}", row, side) for side in sides]
            )
        groups += [_sum(cells) for cells in levels]
        if len(levels) > 1:
            groups += [
                Group(ids[0], ids)
                for ids in (tuple(one.id for one in side) for side in zip(*levels, strict=True))
            ]
        made = iter(levels)
        for row in told:
            name = f"{stem}/{field}/{row['level'] or ''}"
            if row["measure"] == "distribution":
                ids = tuple(cell.id for cells in levels for cell in cells[:2])
                rows.append(
                    (_labelled(title, words.ALL_LEVELS), None, None, None, None, None, _p(name, row, ids))
                )
                continue
            cells = next(made)
            ids = tuple(cell.id for cell in cells[:2])
            rows.append((_labelled(title, _level(row["level"])), *cells, *_differences(name, row, ids)))
    columns = (
        Column("characteristic", CHARACTERISTIC),
        *(Column(side.id, side.title) for side in sides),
        Column("difference", words.DIFFERENCE),
        Column("standardised", words.STANDARDISED, "number", 2),
        Column("p", P_VALUE, "p", 3),
    )
    return Table(
        f"representativeness-{block.population}",
        block.title,
        columns,
        tuple(rows),
        notes=(words.WHO[block.population], words.MEASURES),
        groups=tuple(groups),
    )


def _figure(name: str, row: dict[str, Any], side: _Side) -> Figure:
    """A share with its count, or a mean with its sum."""

    def number(what: str) -> int:
        if side.key == "population":
            return int(row[f"{what}_group"] + row[f"{what}_rest"])
        return int(row[f"{what}_{side.key}"])

    persons, value = number("n"), row[side.key]
    missing = number("missing")
    excluded = {"missing": missing} if missing else {}
    if row["measure"] == "share":
        return Figure.share(name, number("count"), persons, excluded=excluded)
    total = None if value is None else round(value * persons, 6)
    return Figure(name, value, "mean", total, persons, excluded=excluded)


def _differences(name: str, row: dict[str, Any], ids: tuple[str, ...]) -> tuple[Figure, Figure, Figure]:
    unit: Literal["points", "mean"] = "points" if row["measure"] == "share" else "mean"
    return (
        Figure(f"{name}/difference", row["difference_rest"], unit, p=row["p"], made_from=ids),
        Figure(f"{name}/standardised", row["standardised"], "number", made_from=ids),
        _p(name, row, ids),
    )


def _p(name: str, row: dict[str, Any], ids: tuple[str, ...]) -> Figure:
    return Figure(f"{name}/p", row["p"], "p", method=row["test"], made_from=ids)


def _sum(cells: Sequence[Figure]) -> Group:
    """Everybody is those who started and the others: a reader subtracts."""
    started, others, everybody = cells
    return Group(everybody.id, (started.id, others.id))


def _title(programme: Programme, field: str) -> Text:
    told = {lang: field_in_words(programme, "person", field, lang) for lang in LANGUAGES}
    return Text.model_validate({lang: text[:1].upper() + text[1:] for lang, text in told.items()})


def _level(level: str | None) -> Text | None:
    return None if level is None else LEVELS.get(level, both(level, level))


def _labelled(title: Text, level: Text | None) -> Text:
    return title if level is None else both(f"{title.da}: {level.da}", f"{title.en}: {level.en}")
