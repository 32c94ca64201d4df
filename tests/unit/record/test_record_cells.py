"""Cells as people write them: each way is read, or named as unreadable."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from indsats.record.cells import typed
from indsats.record.tables import TIME


def read(values: list[object], type_: pl.DataType) -> tuple[list[object], list[int | None]]:
    raw = pl.DataFrame({"x": values, "_row": range(2, 2 + len(values))}, strict=False)
    frame, found = typed(raw, {"x": type_}, "f.csv")
    assert all(problem.file == "f.csv" and problem.field == "x" for problem in found)
    return frame["x"].to_list(), [problem.row for problem in found]


@pytest.mark.parametrize(
    "cell", ["2016-05-03", "03-05-2016", "3-5-2016", "03.05.2016", " 2016-05-03 ", "2016-05-03 00:00:00"]
)
def test_a_date_is_read_the_iso_way_and_the_danish_way(cell: str) -> None:
    assert read([cell, None], pl.Date()) == ([date(2016, 5, 3), None], [])


@pytest.mark.parametrize(
    "cell",
    ["03/05/2016", "2016-13-01", "31-02-2016", "03-05-16", "0216-05-03", "3016-05-03", "i går", "42493"],
)
def test_what_is_no_certain_date_is_refused(cell: str) -> None:
    assert read(["2016-05-03", cell], pl.Date()) == ([date(2016, 5, 3), None], [3])


def test_both_ways_of_writing_dates_may_stand_in_one_column() -> None:
    assert read(["2016-05-03", "03-05-2016"], pl.Date()) == ([date(2016, 5, 3)] * 2, [])


@pytest.mark.parametrize(("cell", "value"), [("12,5", 12.5), ("12.5", 12.5), ("37", 37.0), ("-1,25", -1.25)])
def test_a_number_has_a_decimal_comma_or_point(cell: str, value: float) -> None:
    assert read([cell], pl.Float64()) == ([value], [])


@pytest.mark.parametrize("cell", ["1.234,5", "12 t", "1,2,3", "nan", "inf", "½"])
def test_what_is_no_number_is_refused(cell: str) -> None:
    assert read([cell], pl.Float64()) == ([None], [2])


def test_a_whole_number_is_not_read_from_a_thousands_point() -> None:
    assert read(["3", "3.0", "12.000", "3,5"], pl.Int64()) == ([3, 3, None, None], [4, 5])


@pytest.mark.parametrize("cell", ["ja", "JA", "true", "1", "SAND", "yes"])
def test_yes_is_written_in_many_ways(cell: str) -> None:
    assert read([cell], pl.Boolean()) == ([True], [])


@pytest.mark.parametrize("cell", ["nej", "Nej", "false", "0", "FALSK", "no"])
def test_no_is_written_in_many_ways(cell: str) -> None:
    assert read([cell], pl.Boolean()) == ([False], [])


def test_a_yes_or_no_that_is_neither_is_refused() -> None:
    assert read(["måske", "ja"], pl.Boolean()) == ([None, True], [2])


@pytest.mark.parametrize(
    "cell",
    [
        "2016-05-03T10:15:00.000000Z",
        "2016-05-03T10:15:00Z",
        "2016-05-03 10:15",
        "2016-05-03T12:15:00+02:00",
        "03-05-2016 10:15",
    ],
)
def test_a_time_without_a_zone_is_utc(cell: str) -> None:
    assert read([cell], TIME) == ([datetime(2016, 5, 3, 10, 15, tzinfo=UTC)], [])


def test_what_is_no_time_is_refused() -> None:
    assert read(["i morges"], TIME) == ([None], [2])


def test_blanks_around_a_text_go_and_an_empty_text_is_nothing() -> None:
    assert read(["  talk ", "   ", ""], pl.String()) == (["talk", None, None], [])


def test_typed_columns_keep_their_values() -> None:
    assert read([date(2016, 5, 3)], pl.Date()) == ([date(2016, 5, 3)], [])
    assert read([3, 4], pl.Float64()) == ([3.0, 4.0], [])
    assert read([float("nan")], pl.Float64()) == ([None], [2])
    assert read([12345], pl.String()) == (["12345"], [])


def test_an_unreadable_person_number_is_hidden_in_the_message() -> None:
    raw = pl.DataFrame({"x": ["010190-1234"], "_row": [2]})
    _, found = typed(raw, {"x": pl.Date()}, "f.csv")
    assert found[0].value == "••••••-••••"
