"""The prices a user gives: ``prices.csv`` or ``prices.xlsx`` with amounts that no public source has."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from indsats.problem import InputRefused, Problem
from indsats.programme import Programme
from indsats.record import Check, choose, read_beside

SHEET: Final = "prices"
FORMATS: Final = (".csv", ".xlsx")

COLUMNS: Final[Mapping[str, pl.DataType]] = {
    "item": pl.String(),
    "amount": pl.Float64(),
    "price_year": pl.Int64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "source": pl.String(),
}
"""``item`` is a price of the programme, ``amount`` is in that price's unit at the level of ``price_year``; ``low`` and
``high``, which may be left out, are the smallest and largest it may be; ``source`` is where the amount is from."""

REQUIRED: Final = ("item", "amount", "price_year", "source")
FIRST_YEAR: Final = 1980
LAST_YEAR: Final = 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenPrice:
    """One row of the user's prices: an amount for a price of the programme, and where it is from."""

    item: str
    amount: float
    price_year: int
    low: float | None = None
    high: float | None = None
    source: str


def find_prices(folder: Path) -> Path | None:
    """The user's prices in a data folder, if there are any. Raises ``InputRefused`` where they stand there twice."""
    found = [path for ending in FORMATS if (path := folder / f"{SHEET}{ending}").is_file()]
    if len(found) > 1:
        raise InputRefused(
            [
                Problem(
                    "the prices stand in the folder in two formats",
                    f"Keep either {found[0].name} or {found[1].name}; which is right cannot be told from here.",
                    file=str(folder),
                )
            ]
        )
    return found[0] if found else None


def read_prices(path: Path, programme: Programme) -> dict[str, GivenPrice]:
    """The prices in a file with the columns ``COLUMNS``, by item, in the file's order.

    All or nothing: raises ``InputRefused`` with every problem by row and column. A price given here goes before the
    amount that the programme or the price book has.
    """
    table = read_beside(path, SHEET, COLUMNS, REQUIRED, _checks(tuple(programme.economy.prices)))
    return {row["item"]: GivenPrice(**row) for row in table.iter_rows(named=True)}


def _checks(known: Collection[str]) -> list[Check]:
    item, amount = pl.col("item"), pl.col("amount")
    low, high = pl.col("low"), pl.col("high")
    return [
        Check("item", item.is_null(), "the row names no price", "Write which price of the programme it is."),
        Check(
            "item",
            item.is_not_null() & ~item.is_in(list(known)),
            "the programme has no such price",
            lambda value: choose(value, known, "price"),
        ),
        Check(
            "item",
            item.is_duplicated() & item.is_not_null(),
            "the price is given more than once",
            "Keep one row for each price; which is right cannot be told from here.",
        ),
        Check("amount", amount.is_null(), "the amount is missing", "Write the amount, or delete the row."),
        *(
            Check(
                name,
                (pl.col(name) < 0) | ~pl.col(name).is_finite(),
                "an amount cannot be below zero or without end",
                "Write it without a sign: whether it is a cost or a gain stands in the programme.",
            )
            for name in ("amount", "low", "high")
        ),
        Check(
            "price_year",
            pl.col("price_year").is_null(),
            "the price year is missing",
            "Write the year whose prices the amount is told in, such as 2024.",
        ),
        Check(
            "price_year",
            ~pl.col("price_year").is_between(FIRST_YEAR, LAST_YEAR),
            "the price year is no year that can be meant",
            f"Write a year between {FIRST_YEAR} and {LAST_YEAR}.",
        ),
        Check(
            "low",
            low.is_null() & high.is_not_null(),
            "a range has both ends, and the low one is missing",
            "Write the smallest amount it may be, or leave out both.",
        ),
        Check(
            "high",
            high.is_null() & low.is_not_null(),
            "a range has both ends, and the high one is missing",
            "Write the largest amount it may be, or leave out both.",
        ),
        Check(
            "low",
            low > amount,
            "the low end is above the amount",
            "Write low, amount and high in rising order.",
        ),
        Check(
            "high",
            high < amount,
            "the high end is below the amount",
            "Write low, amount and high in rising order.",
        ),
        Check(
            "source",
            pl.col("source").is_null(),
            "nothing says where the amount is from",
            "Write the source: a budget, an account, a page, or whose judgement it is.",
        ),
    ]
