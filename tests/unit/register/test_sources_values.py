"""What stands in the cells of a register."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from indsats.problem import Problem
from indsats.register.sources.values import MOST, codes, persons, shorten, twice


def read(values: pl.Series) -> list[int | None]:
    problems: list[Problem] = []
    found = codes(values.alias("y_1401"), "f", 2, problems)
    assert problems == []
    assert found.dtype == pl.Int16
    return found.to_list()


@pytest.mark.parametrize(
    "values",
    [
        pl.Series([730, None, 7, 0], dtype=pl.Int64),
        pl.Series([730, None, 7, 0], dtype=pl.UInt16),
        pl.Series([730.0, float("nan"), 7.0, 0.0]),
        pl.Series(["730", None, "7", "0"]),
        pl.Series([" 730", "", "007", "000 "]),
        pl.Series(["730.0", ".", "7.00", "0.0"]),
        pl.Series(["730", ".A", "7", "0"]),
        pl.Series(["730", " ._ ", "7", "0"]),
        pl.Series(["730", None, "7", "0"]).cast(pl.Categorical),
        pl.Series([730, None, 7, 0]).cast(pl.Decimal(5, 1)),
    ],
)
def test_every_way_of_writing_codes_says_the_same(values: pl.Series) -> None:
    assert read(values) == [730, None, 7, 0]


def test_a_column_of_nulls_is_weeks_without_codes() -> None:
    assert read(pl.Series([None, None])) == [None, None]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("kth", "kth"),
        ("-1", "-1"),
        ("1000", "1000"),
        ("73.5", "73.5"),
        ("7 30", "7 30"),
        ("inf", "inf"),
        (".AB", ".AB"),
        (1000, "1000"),
        (-1, "-1"),
        (73.5, "73.5"),
        (99999, "99999"),
        ("0101801234", "10 characters"),
    ],
)
def test_what_is_no_code_is_told_with_its_row_and_column(value: str | float, shown: str) -> None:
    problems: list[Problem] = []
    found = codes(pl.Series("y_1401", [None, value]), "f", 5, problems)
    assert [(problem.row, problem.field, problem.value) for problem in problems] == [(6, "y_1401", shown)]
    assert found.null_count() == 2


def test_no_more_problems_than_needed_are_collected() -> None:
    problems: list[Problem] = []
    codes(pl.Series("a", ["x"] * 3 * MOST), "f", 2, problems)
    codes(pl.Series("b", ["x"] * 3 * MOST), "f", 2, problems)
    assert len(problems) == MOST
    short = shorten(problems)
    assert len(short) == 11
    assert "990 more" in short[-1].what


def test_persons_are_text_without_blanks_around() -> None:
    problems: list[Problem] = []
    assert persons(pl.Series([" a ", "", None, "b"]), "f", problems).to_list() == ["a", None, None, "b"]
    assert persons(pl.Series([17, 4]), "f", problems).to_list() == ["17", "4"]
    assert persons(pl.Series([17.0, float("nan")]), "f", problems).to_list() == ["17", None]
    assert problems == []


@pytest.mark.parametrize("values", [[101801234], [3112801234], [101801234.0], [1.5]])
def test_person_numbers_stored_as_numbers_are_told_without_showing_them(values: list[float]) -> None:
    problems: list[Problem] = []
    persons(pl.Series("person", values), "f", problems)
    assert len(problems) == 1
    assert "1801234" not in str(problems[0])


def test_a_second_row_of_a_person_names_the_first() -> None:
    found = twice(pl.Series("person", ["a", "b", "a", "a"]), np.array([2, 3, 7, 8]), "f")
    assert [(problem.row, problem.what) for problem in found] == [
        (7, "the person stands already in row 2"),
        (8, "the person stands already in row 2"),
    ]
