"""Reading monthly hours."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import polars as pl
import pytest

from indsats.problem import InputRefused
from indsats.register import read_hours
from indsats.register.hours import SCHEMA, last_month, read_hours_file
from sourcebook import lines
from weekbook import write_wide

MAY, JUNE = date(2016, 5, 1), date(2016, 6, 1)


def refusal(folder: Path) -> str:
    with pytest.raises(InputRefused) as refused:
        read_hours(folder)
    assert all(problem.remedy for problem in refused.value.problems)
    return str(refused.value)


def written(folder: Path, *rows: str, heading: str = "person,month,hours") -> Path:
    return write_wide(folder, [heading, *rows], "hours.csv")


def test_jobs_of_a_month_are_added_up(tmp_path: Path) -> None:
    hours = read_hours(written(tmp_path, "b,2016-05-01,10.5", "a,2016-05-01,7", "b,2016-05-01,4"))
    assert hours.rows() == [("a", date(2016, 5, 1), 7.0), ("b", date(2016, 5, 1), 14.5)]
    assert hours.schema == {"person": pl.String, "month": pl.Date, "hours": pl.Float64}


def test_the_danish_way_of_writing(tmp_path: Path) -> None:
    hours = read_hours(written(tmp_path, "a;2016-05-01;37,5", heading="person;month;hours"))
    assert hours["hours"].to_list() == [37.5]


def test_parquet(tmp_path: Path) -> None:
    (tmp_path / "register").mkdir()
    table = pl.DataFrame({"person": ["a"], "month": [date(2016, 5, 1)], "hours": [20]})
    table.write_parquet(tmp_path / "register" / "hours.parquet")
    assert read_hours(tmp_path).rows() == [("a", date(2016, 5, 1), 20.0)]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",2016-05-01,7", "row 3, column 'person'"),
        ("b,2016-05-02,7", "row 3, column 'month'"),
        ("b,maj 2016,7", "row 3, column 'month'"),
        ("b,2016-05-01,-1", "row 3, column 'hours'"),
        ("b,2016-05-01,745", "row 3, column 'hours'"),
        ("b,2016-05-01,", "row 3, column 'hours'"),
        ("b,2016-05-01,many", "row 3, column 'hours'"),
    ],
)
def test_wrong_rows_are_refused(tmp_path: Path, row: str, said: str) -> None:
    assert said in refusal(written(tmp_path, "a,2016-05-01,7", row))


def test_months_that_add_up_to_too_much_are_refused(tmp_path: Path) -> None:
    assert "1 persons' months" in refusal(written(tmp_path, "a,2016-05-01,500", "a,2016-05-01,500"))


def test_wrong_files_are_refused(tmp_path: Path) -> None:
    assert "there are no monthly hours" in refusal(tmp_path)
    assert "no column 'hours'" in refusal(written(tmp_path, "a,2016-05-01", heading="person,month"))
    assert "no rows" in refusal(written(tmp_path))
    (tmp_path / "register" / "hours.csv").write_bytes(b"")
    assert "empty" in refusal(tmp_path)


def refused(path: Path) -> str:
    with pytest.raises(InputRefused) as found:
        read_hours_file(path)
    assert all(problem.remedy for problem in found.value.problems)
    return str(found.value)


def test_imputed_hours_are_told_as_a_share_of_the_hours_and_pay_is_added_up(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "h.csv",
        "person,month,hours,imputed,pay,industry",
        "a,2016-05-01,30,1,100,471110",
        "a,2016-05-01,10,0,-40,",
        "b,2016-05-01,0,1,,",
        "b,2016-05-01,0,0,,",
        "a,2016-06-01,8,0.25,,",
    )
    hours = read_hours_file(path)
    assert hours.schema == SCHEMA
    assert hours.rows() == [
        ("a", MAY, 40.0, 0.75, 60.0),
        ("a", JUNE, 8.0, 0.25, None),
        ("b", MAY, 0.0, 0.5, None),
    ]
    assert last_month(hours) == JUNE
    assert last_month(hours.clear()) is None


def test_the_registers_own_names_in_which_nought_is_imputed(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "h.csv",
        "PNR;month;AJO_LOENTIMER;AJO_LOENTIME_KODE;AJO_BREDT_LOENBELOEB",
        "a;2016-05-01;37,5;0;7500,50",
        "b;2016-05-01;12;1;2400",
    )
    assert read_hours_file(path).rows() == [("a", MAY, 37.5, 1.0, 7500.5), ("b", MAY, 12.0, 0.0, 2400.0)]
    path = lines(tmp_path / "h.csv", "lobenr,month,loentimer", "a,2016-05-01,12")
    assert read_hours_file(path).rows() == [("a", MAY, 12.0, None, None)]


def test_parquet_with_all_columns_says_the_same(tmp_path: Path) -> None:
    table = pl.DataFrame(
        {
            "person": ["a", "a"],
            "month": [MAY, MAY],
            "hours": [30, 10],
            "imputed": [True, False],
            "pay": [1.5, None],
        }
    )
    table.write_parquet(tmp_path / "h.parquet")
    assert read_hours_file(tmp_path / "h.parquet").rows() == [("a", MAY, 40.0, 0.75, 1.5)]


def test_an_industry_means_employed_that_month_for_unknown_hours(tmp_path: Path) -> None:
    (tmp_path / "register").mkdir()
    path = lines(
        tmp_path / "register" / "hours.csv",
        "person,kon,branche_2016_05,BRANCHE_2016_06,grad_2016_05",
        "b,1,471110,,0.5",
        "a,2,,011100,",
        "c,2, ,.,",
    )
    assert read_hours_file(path).rows() == [("a", JUNE, None, None, None), ("b", MAY, None, None, None)]
    assert "not for how many hours" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["person,branche_2016_13", "a,1"], "column 'branche_2016_13': error: there is no month 13"),
        (["kon,branche_2016_05", "a,1"], "no column 'person'"),
        (
            ["person,branche_2016_05", "a,1", "a,1"],
            "row 3, column 'person': error: the person stands already in row 2",
        ),
        (["person,branche_2016_05", ",1"], "row 2, column 'person': error: the row has no person"),
        (["person,grad_2016_05", "a,0.5"], "an employment degree cannot be turned into hours"),
        (["person,month,hours,imputed", "a,2016-05-01,7,2"], "row 2, column 'imputed'"),
        (["person,month,hours,imputed", "a,2016-05-01,7,"], "row 2, column 'imputed'"),
        (["person,month,hours,ajo_loentime_kode", "a,2016-05-01,7,7"], "row 2, column 'ajo_loentime_kode'"),
        (["person,month,hours,pay", "a,2016-05-01,7,much"], "row 2, column 'pay'"),
        (["pnr,month,ajo_loentimer", "a,2016-05-01,nan"], "row 2, column 'ajo_loentimer'"),
        (["person,month,hours", "a,2016-05-01"], "row 2: error: the row has 2 fields"),
        (["person,month,hours", "a,2016-05-01,7", "", "b,2016-05-02,7"], "row 4, column 'month'"),
    ],
)
def test_wrong_files_of_hours_are_refused_by_row_and_column(
    tmp_path: Path, rows: list[str], said: str
) -> None:
    assert said in refused(lines(tmp_path / "h.csv", *rows))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert "there is no such file" in refused(tmp_path / "h.csv")


def test_a_wrong_column_gives_a_short_list(tmp_path: Path) -> None:
    said = refused(lines(tmp_path / "h.csv", "person,month,hours", *["a,2016-05-01,x"] * 50))
    assert said.count("row ") == 10
    assert "at least 40 more problems are of this kind" in said


@pytest.mark.parametrize(
    ("written", "pay"),
    [
        ("25000", 25000.0),
        ("25000,5", 25000.5),
        ("25.000,50", 25000.5),
        ("1.250.000", 1250000.0),
        ("-1.250,5", -1250.5),
        ("25.5", 25.5),
        ("0.125", 0.125),
        (" ", None),
    ],
)
def test_points_and_commas_of_danish_numbers(tmp_path: Path, written: str, pay: float | None) -> None:
    path = lines(tmp_path / "h.csv", "person;month;hours;pay", f"a;2016-05-01;7;{written}")
    assert read_hours_file(path)["pay"].to_list() == [pay]


def test_a_number_that_may_be_thousands_or_thousandths_is_refused(tmp_path: Path) -> None:
    said = refused(lines(tmp_path / "h.csv", "person;month;hours;pay", "a;2016-05-01;7;25.000"))
    assert "row 2, column 'pay': error: pay is not a number. Give DKK" in said
    assert "thousands no point" in said
    said = refused(lines(tmp_path / "h.csv", "person;month;hours", "a;2016-05-01;1.250"))
    assert "row 2, column 'hours'" in said
    path = lines(tmp_path / "h.csv", "person,month,hours", "a,2016-05-01,1.250")
    assert read_hours_file(path)["hours"].to_list() == [1.25]


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("person,month,hours,loentimer", "'hours' and 'loentimer' both mean hours"),
        ("person,month,HOURS,hours", "'HOURS' and 'hours' both mean hours"),
        ("person,month,hours,Month", "'month' and 'Month' both mean the month"),
        ("person,month,hours,pay,ajo_bredt_loenbeloeb", "both mean pay"),
        ("person,month,hours,imputed,ajo_loentime_kode", "both mean imputed hours"),
    ],
)
def test_two_columns_of_one_meaning_are_refused(tmp_path: Path, heading: str, said: str) -> None:
    row = ",".join(["a", "2016-05-01", *["1"] * (heading.count(",") - 1)])
    assert said in refused(lines(tmp_path / "h.csv", heading, row))


def test_months_in_other_notations_and_of_no_time_anybody_lived_in(tmp_path: Path) -> None:
    path = lines(tmp_path / "h.csv", "person,month,hours", "a,01-05-2016,7", "b,20160501,8")
    assert read_hours_file(path)["month"].to_list() == [MAY, MAY]
    for month in ("0018-05-01", "9999-05-01", "201605"):
        path = lines(tmp_path / "h.csv", "person,month,hours", f"a,{month},7")
        assert "row 2, column 'month': error" in refused(path)


def test_a_file_without_a_line_break_at_its_end_is_read(tmp_path: Path) -> None:
    path = tmp_path / "h.csv"
    path.write_bytes(b"person,month,hours\na,2016-05-01,42.5")
    assert read_hours_file(path)["hours"].to_list() == [42.5]


def test_a_time_zone_does_not_move_a_month(tmp_path: Path) -> None:
    month = pl.Series([datetime(2016, 5, 1)]).dt.replace_time_zone("Europe/Copenhagen")  # noqa: DTZ001
    pl.DataFrame({"person": ["a"], "month": month, "hours": [7]}).write_parquet(tmp_path / "h.parquet")
    assert read_hours_file(tmp_path / "h.parquet")["month"].to_list() == [MAY]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("hours", [7.0], "column 'hours': error: the column holds lists"),
        ("hours", time(7), "column 'hours': error: the column holds times of day"),
        ("hours", MAY, "row 2, column 'hours'"),
        ("hours", True, "row 2, column 'hours'"),
        ("month", time(7), "column 'month': error: the column holds times of day"),
        ("month", 16922, "row 2, column 'month'"),
        ("pay", [7.0], "column 'pay': error: the column holds lists"),
    ],
)
def test_columns_of_types_that_mean_nothing_are_refused(
    tmp_path: Path, column: str, value: object, said: str
) -> None:
    table = {"person": ["a"], "month": [MAY], "hours": [7.0], column: [value]}
    pl.DataFrame(table).write_parquet(tmp_path / "h.parquet")
    assert said in refused(tmp_path / "h.parquet")


def test_a_name_that_looks_like_a_pattern_reads_no_neighbour(tmp_path: Path) -> None:
    for name, hours in (("h[1].parquet", 7.0), ("h1.parquet", 8.0)):
        table = pl.DataFrame({"person": ["a"], "month": [MAY], "hours": [hours]})
        table.write_parquet(tmp_path / name)
    assert read_hours_file(tmp_path / "h[1].parquet")["hours"].to_list() == [7.0]
