"""Reading the wide register: what is taken, what is put right and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from indsats.problem import InputRefused
from indsats.register import (
    Register,
    Store,
    build,
    cohort,
    has_register,
    open_source,
    read_register,
    spells_of,
)
from weekbook import SITES, START, headings, outcome, persons_of, programme, weeks_of_course, write_wide

HEAD = "person,y_1401,y_1402,y_1403"


def refusal(folder: Path) -> str:
    with pytest.raises(InputRefused) as refused:
        read_register(folder)
    assert all(problem.remedy for problem in refused.value.problems)
    return str(refused.value)


def spells(register: Register | Store) -> list[tuple[str, int, int, int | None]]:
    assert isinstance(register, Register)
    return [
        (person, first - register.first_week, last - register.first_week, code)
        for person, first, last, code in register.spells.rows()
    ]


def test_weeks_become_spells_sorted_by_person(tmp_path: Path) -> None:
    register = read_register(write_wide(tmp_path, [HEAD, "b,730,730,", "a,651,730,730"]))
    assert spells(register) == [("a", 0, 0, 651), ("a", 1, 2, 730), ("b", 0, 1, 730), ("b", 2, 2, None)]
    assert (register.first_week, register.last_week) == (1169, 1171)
    assert register.spells.schema == {
        "person": pl.String,
        "first_week": pl.Int32,
        "last_week": pl.Int32,
        "code": pl.Int16,
    }


def test_numbers_text_decimals_dots_and_semicolons_say_the_same(tmp_path: Path) -> None:
    expected = spells(read_register(write_wide(tmp_path, [HEAD, "a,730,,651"])))
    for lines in (
        [HEAD, "a,730.0,,651.0"],
        [HEAD, "a, 730 , ,651"],
        [HEAD, "a,730,.,651"],
        ["\ufeff" + HEAD, "a,730,,651"],
        [HEAD.replace(",", ";"), "a;730;;651"],
        ['"person","y_1401","y_1402","y_1403"', '"a","730","","651"'],
        [HEAD, "a,730,,651", "", ""],
    ):
        assert spells(read_register(write_wide(tmp_path, lines))) == expected


@pytest.mark.parametrize(
    "dtype", [pl.Int16, pl.Int64, pl.UInt16, pl.Float64, pl.String, pl.Categorical, pl.Decimal(5, 1)]
)
def test_parquet_of_any_column_type(tmp_path: Path, dtype: pl.DataType) -> None:
    column = pl.Series([730, None, 651, 33])
    column = column.cast(pl.String) if dtype == pl.Categorical else column
    wide = pl.DataFrame({"person": ["a", "b", "c", "d"], "y_1401": column.cast(dtype)})
    (tmp_path / "register").mkdir()
    wide.write_parquet(tmp_path / "register" / "dream.parquet")
    assert read_register(tmp_path).spells["code"].to_list() == [730, None, 651, 33]


def test_nan_is_a_week_without_a_code_and_a_column_of_nulls_too(tmp_path: Path) -> None:
    (tmp_path / "register").mkdir()
    wide = pl.DataFrame({"person": ["a"], "y_1401": [730.0], "y_1402": [float("nan")], "y_1403": [None]})
    wide.write_parquet(tmp_path / "register" / "dream.parquet")
    assert spells(read_register(tmp_path)) == [("a", 0, 0, 730), ("a", 1, 2, None)]


def test_lost_zeros_in_column_names_are_put_back(tmp_path: Path) -> None:
    register = read_register(write_wide(tmp_path, ["person,y_652,y_701", "a,730,731"]))
    assert register.last_week - register.first_week == 1
    assert register.first_week == 803


def test_week_53_stands_between_the_years(tmp_path: Path) -> None:
    register = read_register(write_wide(tmp_path, ["person,y_1552,y_1553,y_1601", "a,730,731,732"]))
    assert spells(register) == [("a", 0, 0, 730), ("a", 1, 1, 731), ("a", 2, 2, 732)]


def test_persons_come_out_sorted_whatever_their_order_in_the_file(tmp_path: Path) -> None:
    numbers = np.random.default_rng(3)
    matrix = numbers.choice([-1, 730, 651], size=(17, 6)).astype(np.int16)
    people = [f"p{number}" for number in numbers.permutation(17)]
    lines = [
        ",".join([person, *("" if code < 0 else str(code) for code in row)])
        for person, row in zip(people, matrix, strict=True)
    ]
    write_wide(tmp_path, [",".join(["person", *headings(START, 6)]), *lines])
    calls: list[tuple[int, int, str]] = []
    register = read_register(tmp_path, lambda *call: calls.append(call))
    assert isinstance(register, Register)
    assert register.spells.equals(spells_of(people, matrix, START))
    assert register.persons["person"].to_list() == sorted(people)
    assert {what for _, _, what in calls} >= {"persons read", "buckets written"}


def test_a_store_that_lies_there_is_opened_and_answers_alike(tmp_path: Path) -> None:
    lines = ["person,y_1401,y_1402,y_1403,y_1404", "b,730,730,,651", "a,651,730,730,", "c,,730,,"]
    read = read_register(write_wide(tmp_path, lines))
    source = open_source(tmp_path / "register" / "dream.csv")
    build([source], tmp_path / "other" / "register" / "dream", buckets=2)
    opened = read_register(tmp_path / "other")
    assert isinstance(opened, Store)
    asked = programme({"outcomes": [outcome(within=1)], "time_to": "off"})
    persons = persons_of(["a", "b", "c"])
    one, other = (cohort(found, asked, "exit", persons, SITES) for found in (read, opened))
    assert one.table.equals(other.table)
    assert one.excluded == other.excluded


def test_week_columns_out_of_order_are_put_right_and_counted(tmp_path: Path) -> None:
    register = read_register(write_wide(tmp_path, ["person,y_1402,y_1401", "a,651,730"]))
    assert spells(register) == [("a", 0, 0, 730), ("a", 1, 1, 651)]
    assert [(repair.count, repair.file) for repair in register.repairs] == [(2, "dream.csv")]


def test_progress_may_stop_the_reading(tmp_path: Path) -> None:
    def stop(done: int, total: int, what: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_register(write_wide(tmp_path, [HEAD, "a,730,,"]), stop)


def test_other_columns_are_left_out_and_named(tmp_path: Path) -> None:
    register = read_register(write_wide(tmp_path, ["person,kon,y_1401,branche_2014_01", "a,2,730,471110"]))
    assert register.left_out == ("kon", "branche_2014_01")


def test_unknown_codes_are_kept_and_counted(tmp_path: Path) -> None:
    register = read_register(write_wide(tmp_path, [HEAD, "a,873,873,730"]))
    assert spells(register)[0] == ("a", 0, 1, 873)
    assert register.unknown_codes.to_dicts() == [{"code": 873, "weeks": 2, "persons": 1}]


def test_missing_and_twofold_files(tmp_path: Path) -> None:
    assert not has_register(tmp_path)
    assert "there is no weekly register" in refusal(tmp_path)
    write_wide(tmp_path, [HEAD, "a,730,,"])
    assert has_register(tmp_path)
    pl.DataFrame({"person": ["a"], "y_1401": [730]}).write_parquet(tmp_path / "register" / "dream.parquet")
    assert "there twice" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("y_1401,y_1402", "no column 'person'"),
        ("person,kon", "no week column"),
        ("person,1401,1402", "'1401' is not the name of a week column"),
        ("person,uge_1401", "'uge_1401' is not the name"),
        ("person,y_1401,y_1401", "the column stands twice"),
        ("person,y_701,y_0701", "'y_701' and 'y_0701' are the same week"),
        ("person,y_1401,y_1403", "y_1402 is missing before the column"),
        ("person,y_1452,y_1504", "y_1501 to y_1503 (3 weeks) are missing"),
        ("person,y_1453", "2014 has the weeks 1 to 52"),
        ("person,y_1401,y_1402x", "'y_1402x' is not the name"),
    ],
)
def test_wrong_headings_are_refused(tmp_path: Path, heading: str, said: str) -> None:
    row = ",".join(["a"] * (heading.count(",") + 1))
    assert said in refusal(write_wide(tmp_path, [heading, row]))


def test_empty_files_are_refused(tmp_path: Path) -> None:
    assert "no persons" in refusal(write_wide(tmp_path, [HEAD]))
    (tmp_path / "register" / "dream.csv").write_bytes(b"")
    assert "the file is empty" in refusal(tmp_path)
    (tmp_path / "register" / "dream.csv").rename(tmp_path / "register" / "dream.parquet")
    assert "cannot be read as Parquet" in refusal(tmp_path)


def test_files_broken_inside_are_refused_without_their_content(tmp_path: Path) -> None:
    write_wide(tmp_path, [HEAD, "a,730,730,730"])
    path = tmp_path / "register" / "dream.csv"
    path.write_bytes(HEAD.encode() + b"\n0101801234\xe5,730,x,730\n")
    assert "row 2, column 'y_1402': error: this is no register code" in refusal(tmp_path)
    assert "0101801234" not in refusal(tmp_path)
    pl.DataFrame({"person": ["a"] * 900, "y_1401": [730] * 900}).write_parquet(path)
    content = bytearray(path.read_bytes())
    path.unlink()
    content[8:40] = bytes(32)
    path.with_suffix(".parquet").write_bytes(content)
    assert "cannot be read as Parquet" in refusal(tmp_path)


def test_a_file_cut_off_is_refused_not_read_as_weeks_without_benefit(tmp_path: Path) -> None:
    said = refusal(write_wide(tmp_path, [HEAD, "a,730,730,730", "b,730"]))
    assert "row 3" in said
    assert "2 fields and the heading has 4" in said


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("kth", "3 characters"),
        ("-1", "-1"),
        ("1000", "1000"),
        ("73.5", "73.5"),
        ("7 30", "7 30"),
        ("inf", "3 characters"),
    ],
)
def test_values_that_are_no_codes_are_refused_by_row_and_column(
    tmp_path: Path, value: str, shown: str
) -> None:
    said = refusal(write_wide(tmp_path, [HEAD, "a,730,730,730", f"b,730,{value},730"]))
    assert "dream.csv, row 3, column 'y_1402'" in said
    assert f"(found: {shown})" in said


@pytest.mark.parametrize("value", [-1, 1000])
def test_numbers_that_are_no_codes_are_refused_in_parquet(tmp_path: Path, value: int) -> None:
    (tmp_path / "register").mkdir()
    wide = pl.DataFrame({"person": ["a", "b"], "y_1401": [730, value]})
    wide.write_parquet(tmp_path / "register" / "dream.parquet")
    assert "row 3, column 'y_1401'" in refusal(tmp_path)


def test_a_wrong_file_gives_a_short_list(tmp_path: Path) -> None:
    (tmp_path / "register").mkdir()
    wide = pl.DataFrame({"person": [f"p{k}" for k in range(5000)], "y_1401": ["x"] * 5000})
    wide.write_parquet(tmp_path / "register" / "dream.parquet")
    with pytest.raises(InputRefused) as refused:
        read_register(tmp_path)
    assert len(refused.value.problems) == 11
    assert "more problems are of this kind" in refused.value.problems[-1].what


def test_duplicate_and_missing_persons_are_refused_without_showing_them(tmp_path: Path) -> None:
    said = refusal(write_wide(tmp_path, [HEAD, "0101801234,730,,", "b,,,", "0101801234,651,,", ",730,,"]))
    assert "row 4, column 'person': error: the person stands already in row 2" in said
    assert "row 5: error: the row has no person" in said
    assert "0101801234" not in said


def test_a_person_number_in_a_week_column_is_not_shown(tmp_path: Path) -> None:
    said = refusal(write_wide(tmp_path, [HEAD, "a,0101801234,,", "b,010180-1234,,"]))
    assert "10 characters" in said
    assert "1234" not in said


def test_person_numbers_stored_as_numbers_are_refused(tmp_path: Path) -> None:
    (tmp_path / "register").mkdir()
    wide = pl.DataFrame({"person": [101801234], "y_1401": [730]})
    wide.write_parquet(tmp_path / "register" / "dream.parquet")
    assert "loses a leading zero" in refusal(tmp_path)


def test_rows_are_numbered_as_in_the_file_after_an_empty_one(tmp_path: Path) -> None:
    assert "row 4, column 'y_1401'" in refusal(write_wide(tmp_path, [HEAD, "a,730,,", "", "b,x,,"]))
    assert "row 4, column 'person'" in refusal(write_wide(tmp_path, [HEAD, "a,730,,", "", "a,,,"]))


def test_spells_of_needs_as_many_persons_as_rows() -> None:
    with pytest.raises(ValueError, match="2 persons need a matrix"):
        spells_of(["a", "b"], np.array([weeks_of_course("3x730")]), START)


def test_a_first_week_for_a_file_that_tells_its_weeks_is_refused(tmp_path: Path) -> None:
    path = write_wide(tmp_path, [HEAD, "a,730,730,730"]) / "register" / "dream.csv"
    with pytest.raises(InputRefused, match="whose columns tell its weeks"):
        open_source(path, first_week="y_1402")
