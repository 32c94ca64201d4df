"""Persons and sites: the tables facts point to, joined without losing or silently changing what is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import polars as pl

from indsats.problem import Problem

from . import tables
from .findings import FILE, ROW, Check, choose, problems, run
from .record import Record


def impossible_person(person: pl.Expr, synthetic: bool) -> pl.Expr:
    """Whether a text has the shape of a Danish person number but cannot be one.

    Ten digits (with or without a hyphen before the last four) must begin with a day and a month that exist;
    days 61-91 belong to replacement numbers. Nine digits are a number that lost its leading zero. The check
    digit is not judged: numbers without one have been given out since 2007. Pseudonyms of other shapes pass.
    Invented persons have months 21-32, which no calendar has: right in synthetic data, and only there.
    """
    digits = person.str.replace(r"^(\d{6})[- ](\d{4})$", "${1}${2}")
    shaped = digits.str.contains(r"^\d{10}$")
    day = digits.str.slice(0, 2).cast(pl.Int16, strict=False)
    day = pl.when(day > 60).then(day - 60).otherwise(day)
    month = digits.str.slice(2, 2).cast(pl.Int16, strict=False)
    longest = pl.when(month == 2).then(29).when(month.is_in([4, 6, 9, 11])).then(30).otherwise(31)
    possible = day.is_between(1, longest) & month.is_between(1, 12)
    if synthetic:
        possible |= day.is_between(1, 31) & month.is_between(21, 32)
    return (shaped & ~possible) | digits.str.contains(r"^\d{9}$")


def person_shape(synthetic: bool, field: str = "person") -> Check:
    """The check that a person number is one."""
    return Check(
        field,
        impossible_person(pl.col(field), synthetic),
        "the person number cannot be right: no such birthday, or a digit is missing",
        "Check the ten digits; a spreadsheet drops a leading zero unless the column is formatted as text.",
    )


def persons_joined(record: Record, given: pl.DataFrame) -> tuple[Record, list[Problem]]:
    """The record with new persons, and with what was unknown about the old ones filled in."""
    unborn = Check(
        "birth_date",
        pl.col("birth_date") > datetime.now(UTC).date(),
        "the person is not born yet",
        "Check the year of birth.",
    )
    return _joined(record, given, "persons", "person", [person_shape(record.synthetic), unborn])


def sites_joined(record: Record, given: pl.DataFrame) -> tuple[Record, list[Problem]]:
    """The record with the sites of a file; they replace the definition's as long as there are no facts."""
    units = record.programme.units
    checks = [
        _filled("unit"),
        Check(
            "unit",
            pl.col("unit").is_not_null() & ~pl.col("unit").is_in(list(units)),
            "the unit is not in the definition",
            lambda unit: choose(unit, units, "unit"),
        ),
        # Ids of figures name the site between slashes.
        Check(
            "site",
            pl.col("site").str.contains("/", literal=True),
            "the site's key has a slash in it",
            "Write a key without one, such as 'east-west'; the name may have it.",
        ),
        *(
            Check(name, pl.col(name) < 0, "the number is below zero", "Write a number from 0 and up.")
            for name in ("residents", "open_days_per_week")
        ),
    ]
    if not record.facts and record.sites.equals(tables.definition_sites(record.programme)):
        record = replace(record, sites=record.sites.clear())
    return _joined(record, given, "sites", "site", checks)


def _joined(
    record: Record, given: pl.DataFrame, name: str, key: str, checks: Sequence[Check]
) -> tuple[Record, list[Problem]]:
    columns: Mapping[str, pl.DataType] = tables.PERSONS if name == "persons" else tables.SITES
    found = run(
        given,
        [
            _filled(key),
            *checks,
            Check(
                key,
                pl.col(key).is_not_null() & ~pl.col(key).is_first_distinct(),
                f"the {key} stands on more than one row",
                "Keep one row and delete the others.",
            ),
        ],
    )
    old = record.persons if name == "persons" else record.sites
    both = given.join(old, on=key, how="left", suffix="_old", maintain_order="left")
    for field in columns:
        if field == key:
            continue
        differs = pl.col(field).is_not_null() & (pl.col(field) != pl.col(f"{field}_old"))
        check = Check(
            field,
            differs,
            f"the record already says something else about this {key}",
            "Check which is right; what is recorded is not overwritten by an import.",
        )
        found += problems(both.filter(differs), check) if both.select(differs.any()).item() else []
    fresh = given.drop(FILE, ROW).join(old.select(key), on=key, how="anti", maintain_order="left")
    filled = old.join(given.drop(FILE, ROW), on=key, how="left", suffix="_new", maintain_order="left")
    filled = filled.select(
        pl.col(key),
        *(pl.coalesce(field, f"{field}_new").alias(field) for field in columns if field != key),
    )
    joined = pl.concat([filled, fresh.select(list(columns))])
    return (replace(record, persons=joined) if name == "persons" else replace(record, sites=joined)), found


def _filled(name: str) -> Check:
    return Check(name, pl.col(name).is_null(), f"'{name}' is not filled in", "Fill it in on every row.")
