"""What stands in the cells of a register."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import polars as pl
import pytest

from indsats.problem import Problem
from indsats.register.faults import MOST, shorten
from indsats.register.sources.values import codes, dates, persons, text, twice


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
        ("kth", "3 characters"),
        ("-1", "-1"),
        ("1000", "1000"),
        ("73.5", "73.5"),
        ("7 30", "7 30"),
        ("inf", "3 characters"),
        (".AB", "3 characters"),
        (1000, "1000"),
        (-1, "-1"),
        (73.5, "73.5"),
        (99999, "5 characters"),
        (1000.0, "1000"),
        ("010180", "6 characters"),
        ("Krogh", "5 characters"),
        ("å", "1 character"),
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


@pytest.mark.parametrize(
    "values", [[101801234], [3112801234], [101801234.0], [1.5], [17.0, float("inf")], [1e30]]
)
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


def test_texts_of_nine_and_of_ten_digits_in_one_column_have_lost_a_zero() -> None:
    problems: list[Problem] = []
    persons(pl.Series("person", ["101801234", "3112801234", "a"]), "f", problems)
    assert [problem.field for problem in problems] == ["person"]
    assert "1 persons have nine digits" in problems[0].what
    assert "1801234" not in str(problems[0])


@pytest.mark.parametrize(
    "values",
    [
        ["0101801234", "3112801234"],
        ["101801234", "311280123"],
        ["10180123x", "3112801234"],
        ["101801234", "12", "12345678901"],
    ],
)
def test_other_texts_of_digits_are_nobody_s_lost_zero(values: list[str]) -> None:
    problems: list[Problem] = []
    assert persons(pl.Series(values), "f", problems).to_list() == values
    assert problems == []


@pytest.mark.parametrize(
    "values",
    [
        pl.Series([date(2016, 5, 3), None]),
        pl.Series([datetime(2016, 5, 3, 23, 59), None]),  # noqa: DTZ001
        pl.Series(["2016-05-03", None]),
        pl.Series([" 03-05-2016 ", ""]),
        pl.Series(["3.5.2016", " "]),
        pl.Series(["2016-05-03 00:00:00", "."]),
        pl.Series(["2016-05-03T00:00:00.000", "x"]),
        pl.Series(["20160503", "2016-05-03 12:00:00"]),
        pl.Series(["2016-05-03", None]).cast(pl.Categorical),
        pl.Series([20160503, 43132]),
        pl.Series([20160503.0, float("nan")]),
        pl.Series([20160503, 180503]),
    ],
)
def test_every_way_of_writing_a_day_says_the_same(values: pl.Series) -> None:
    found = dates(values.alias("day"))
    assert (found.name, found.dtype, found.to_list()) == ("day", pl.Date, [date(2016, 5, 3), None])


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_a_time_with_a_time_zone_has_the_day_of_that_zone(unit: str) -> None:
    midnight = pl.Series([datetime(2016, 5, 3), datetime(2016, 1, 3)])  # noqa: DTZ001
    there = midnight.cast(pl.Datetime(unit)).dt.replace_time_zone("Europe/Copenhagen")  # type: ignore[arg-type]
    assert dates(there).to_list() == [date(2016, 5, 3), date(2016, 1, 3)]


@pytest.mark.parametrize(
    "values",
    [[True, False], [43132, 1], [0.5, 43132.0], ["0018-02-01", "9999-12-31"], ["2016-02-30", "2016-5"]],
)
def test_what_is_no_day_is_none(values: list[object]) -> None:
    assert dates(pl.Series(values)).to_list() == [None, None]


def test_the_days_allowed_can_be_told() -> None:
    days = pl.Series([date(18, 2, 1), date(2016, 1, 1), date(9999, 12, 31)])
    assert dates(days).to_list() == [None, date(2016, 1, 1), None]
    assert dates(days, last=date.max).to_list() == [None, date(2016, 1, 1), date(9999, 12, 31)]


def test_whole_numbers_in_a_decimal_column_are_texts_without_the_point() -> None:
    assert text(pl.Series([101.0, float("nan"), None])).to_list() == ["101", None, None]
    assert text(pl.Series([101.5, 2.0])).to_list() == ["101.5", "2.0"]
    assert text(pl.Series([1e30, 2.0])).null_count() == 0
