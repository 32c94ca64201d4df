"""Reading monthly hours."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from indsats.problem import InputRefused
from indsats.register import read_hours
from weekbook import write_wide


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
