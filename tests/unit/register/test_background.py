"""Reading who people are."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import polars as pl
import pytest

from indsats.problem import InputRefused
from indsats.programme import PERSON_FIELDS
from indsats.register.background import SCHEMA, odd_check_digits, read_background
from sourcebook import lines


def refusal(path: Path, **how: bool) -> str:
    with pytest.raises(InputRefused) as refused:
        read_background(path, **how)
    assert all(problem.remedy for problem in refused.value.problems)
    return str(refused.value)


def test_codes_of_the_civil_register_are_translated_and_words_are_kept(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "b.csv",
        "PNR;KOEN;FOED_DAG;IE_TYPE;CIVST;KOM;HFAUDD;DODDATO;udrejsedato;navn",
        "a;1;1980-06-01;1;U;0101;1023;;;x",
        "b;2;01-06-1980;2;g;101;;2016-05-03;;x",
        "c;K;01.06.1980;3;E;;;;20160503;x",
        "d;woman;1-6-1980;danish;married;;;;;x",
        "e;9;;9;9;;;;;x",
    )
    found = read_background(path)
    assert found.schema == SCHEMA
    assert found.columns == ["person", *PERSON_FIELDS, "death_date", "emigrated"]
    assert found["person"].to_list() == list("abcde")
    assert found["sex"].to_list() == ["man", "woman", "woman", "woman", None]
    assert found["birth_date"].to_list() == [date(1980, 6, 1)] * 4 + [None]
    assert found["origin"].to_list() == ["danish", "immigrant", "descendant", "danish", None]
    assert found["civil_status"].to_list() == ["single", "married", "widowed", "married", None]
    assert found["area"].to_list() == ["0101", "101", None, None, None]
    assert found["education"].to_list() == ["1023", None, None, None, None]
    assert found["death_date"].to_list() == [None, date(2016, 5, 3), None, None, None]
    assert found["emigrated"].to_list() == [None, None, date(2016, 5, 3), None, None]


@pytest.mark.parametrize(
    ("letter", "meaning"),
    [
        ("F", "divorced"),
        ("P", "registered_partner"),
        ("O", "dissolved_partnership"),
        ("L", "surviving_partner"),
        ("D", "dead"),
    ],
)
def test_civil_status(tmp_path: Path, letter: str, meaning: str) -> None:
    path = lines(tmp_path / "b.csv", "person,civil_status", f"a,{letter}")
    assert read_background(path)["civil_status"].to_list() == [meaning]


def test_parquet_with_dates_and_numbers_says_the_same(tmp_path: Path) -> None:
    pl.DataFrame(
        {"person": ["a"], "sex": [2], "birth_date": [date(1980, 6, 1)], "origin": [1.0], "area": [101]}
    ).write_parquet(tmp_path / "b.parquet")
    lines(tmp_path / "b.csv", "person,sex,birth_date,origin,area", "a,2,1980-06-01,1,101")
    assert read_background(tmp_path / "b.parquet").equals(read_background(tmp_path / "b.csv"))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["sex", "1"], "no column 'person'"),
        (["person,hair", "a,1"], "no column tells anything about persons"),
        (["person,sex,KOEN", "a,1,1"], "'sex' and 'KOEN' both mean sex"),
        (["person,sex", "a,1", ",2"], "row 3: error: the row has no person"),
        (
            ["person,sex", "a,1", "", "a,2"],
            "row 4, column 'person': error: the person stands already in row 2",
        ),
        (["person,sex", "a,3"], "row 2, column 'sex': error: this is no known code (found: 3)"),
        (["person,civst", "a,X"], "row 2, column 'civst': error: this is no known code (found: X)"),
        (["person,birth_date", "a,1980-02-30"], "row 2, column 'birth_date': error: this is no date"),
        (["person,birth_date", "a,1780-02-03"], "row 2, column 'birth_date': error: this is no date"),
        (["person,birth_date", "a,0101801234"], "(found: 10 characters)"),
        (["person,birth_date,death_date", "a,1980-01-02,1980-01-01"], "the person died before birth"),
        (["person,sex", "a"], "row 2: error: the row has 1 fields"),
        (["person,sex"], "no persons"),
    ],
)
def test_wrong_files_are_refused(tmp_path: Path, rows: list[str], said: str) -> None:
    assert said in refusal(lines(tmp_path / "b.csv", *rows))


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    said = refusal(lines(tmp_path / "b.csv", "person,sex,birth_date", "a,3,x", "a,1,y", ",1,1980-01-01"))
    assert said.count("error") == 5


def test_files_of_other_sorts_are_refused(tmp_path: Path) -> None:
    assert "there is no such file" in refusal(tmp_path / "b.csv")
    (tmp_path / "b.sas7bdat").write_bytes(b"x")
    assert "not read from .sas7bdat" in refusal(tmp_path / "b.sas7bdat")
    pl.DataFrame({"person": [101801234], "sex": ["1"]}).write_parquet(tmp_path / "b.parquet")
    assert "loses a leading zero" in refusal(tmp_path / "b.parquet")


@pytest.mark.parametrize(
    ("number", "born"),
    # The table of centuries: the seventh digit against the year; months of 21 and more belong to nobody.
    [
        ("012100-0000", 1900),
        ("012199-3000", 1999),
        ("012136-4000", 2036),
        ("012137-4000", 1937),
        ("012157-5000", 2057),
        ("012158-8000", 1858),
        ("012100-5000", 2000),
        ("012136-9000", 2036),
        ("0121379000", 1937),
    ],
)
def test_the_century_follows_from_the_seventh_digit(tmp_path: Path, number: str, born: int) -> None:
    path = lines(tmp_path / "b.csv", "person,sex", f"{number},")
    assert read_background(path)["birth_date"].to_list() == [None]
    found = read_background(path, derive=True, synthetic=True)
    assert found["birth_date"].to_list() == [date(born, 1, 1)]


def test_what_the_file_says_goes_before_what_a_number_says(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "b.csv",
        "person,sex,birth_date",
        "012180-0001,woman,1981-02-03",
        "012180-0001x,,",
        "022180-0001,,",
        "022180-0002,,",
        "p5,,",
    )
    found = read_background(path, derive=True, synthetic=True)
    assert found["sex"].to_list() == ["woman", None, "man", "woman", None]
    assert found["birth_date"].to_list() == [date(1981, 2, 3), None, date(1980, 1, 2), date(1980, 1, 2), None]
    assert read_background(path)["sex"].to_list() == ["woman", None, None, None, None]


def test_a_number_for_the_time_being_tells_sex_but_no_birth_date(tmp_path: Path) -> None:
    path = lines(tmp_path / "b.csv", "person,sex", "612180-0001,")
    found = read_background(path, derive=True, synthetic=True)
    assert found.select("sex", "birth_date").rows() == [("man", None)]


def test_a_number_without_a_possible_date_is_refused_and_not_shown(tmp_path: Path) -> None:
    path = lines(tmp_path / "b.csv", "person,sex", "012180-0001,", "322180-0001,")
    assert "row 3, column 'person'" in refusal(path, derive=True, synthetic=True)
    said = refusal(path, derive=True)
    assert said.count("begins with no possible date") == 2
    assert "0001" not in said


def test_a_check_digit_that_fails_is_a_warning_that_counts() -> None:
    # 4·0 + 3·1 + 2·2 + 7·1 + 6·8 + 5·0 + 4·0 + 3·0 + 2·0 = 62; the last digit 4 makes it 66 = 6 · 11
    assert odd_check_digits(pl.Series(["012180-0004", "p1", None])) == []
    found = odd_check_digits(pl.Series(["012180-0004", "0121800005", "012180-0006"]), "b.csv")
    assert [(problem.severity, problem.what) for problem in found] == [
        ("warning", "2 of 3 person numbers fail the check of their last digit")
    ]
    assert odd_check_digits(pl.Series([], dtype=pl.String)) == []


def test_a_time_zone_does_not_move_a_birth(tmp_path: Path) -> None:
    born = pl.Series([datetime(1980, 6, 1)]).dt.replace_time_zone("Europe/Copenhagen")  # noqa: DTZ001
    pl.DataFrame({"person": ["a"], "birth_date": born}).write_parquet(tmp_path / "b.parquet")
    assert read_background(tmp_path / "b.parquet")["birth_date"].to_list() == [date(1980, 6, 1)]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("birth_date", time(1), "column 'birth_date': error: the column holds times of day"),
        ("birth_date", [date(1980, 6, 1)], "column 'birth_date': error: the column holds lists"),
        ("sex", ["1"], "column 'sex': error: the column holds lists"),
        ("birth_date", 3804, "row 2, column 'birth_date': error: this is no date"),
    ],
)
def test_columns_of_types_that_mean_nothing_are_refused(
    tmp_path: Path, column: str, value: object, said: str
) -> None:
    pl.DataFrame({"person": ["a"], column: [value]}).write_parquet(tmp_path / "b.parquet")
    assert said in refusal(tmp_path / "b.parquet")


def test_a_name_or_a_birth_date_in_the_wrong_column_is_not_shown(tmp_path: Path) -> None:
    said = refusal(lines(tmp_path / "b.csv", "person,birth_date", "a,Krogh", "b,010190"))
    assert "Krogh" not in said
    assert "010190" not in said
