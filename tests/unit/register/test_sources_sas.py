"""Reading the wide register from files of SAS, Stata and SPSS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from indsats.register import BLANK
from indsats.register.sources import open_source, sas
from sas_writer import write_sas
from sourcebook import read, refusal, told

WEEK = 1169  # 2014-W01
COLUMNS: dict[str, list[Any]] = {
    "person": ["p1", "p2", "p3"],
    "y_1401": [730.0, None, 7.0],
    "y_1402": [730.0, "A", 7.0],
}
EXPECTED = [("p1", WEEK, WEEK + 1, 730), ("p2", WEEK, WEEK + 1, BLANK), ("p3", WEEK, WEEK + 1, 7)]


def test_the_files_made_for_tests_are_read_alike_by_two_libraries(tmp_path: Path) -> None:
    path = write_sas(tmp_path / "r.sas7bdat", {"person": ["p1", "pp2"], "y_9152": [730.0, None]})
    for frame in (pyreadstat.read_sas7bdat(path)[0], pd.read_sas(path, encoding="utf-8")):
        assert frame["person"].tolist() == ["p1", "pp2"]
        assert frame["y_9152"].tolist()[0] == 730.0
        assert np.isnan(frame["y_9152"].tolist()[1])


def test_sas_numbers_with_missing_values_of_all_sorts(tmp_path: Path) -> None:
    assert read(write_sas(tmp_path / "r.sas7bdat", COLUMNS)) == EXPECTED


def test_sas_text_codes_and_capital_names(tmp_path: Path) -> None:
    columns: dict[str, list[Any]] = {
        "PNR": ["p1", "p2", "p3"],
        "Y_1401": ["730", "", "7"],
        "KON": ["1", "2", "1"],
        "Y_1402": ["730", ".", "007"],
    }
    source = open_source(write_sas(tmp_path / "r.sas7bdat", columns))
    assert told(source) == EXPECTED
    assert source.left_out == ("KON",)


def test_stata_and_spss_say_the_same(tmp_path: Path) -> None:
    frame = pd.DataFrame({"person": ["p1", "p2", "p3"], "y_1401": [730, None, 7], "y_1402": [730, None, 7]})
    pyreadstat.write_dta(frame, tmp_path / "r.dta")
    pyreadstat.write_sav(frame, tmp_path / "r.sav")
    assert read(tmp_path / "r.dta") == EXPECTED
    assert read(tmp_path / "r.sav") == EXPECTED


def test_columns_out_of_order_and_the_turn_of_the_century(tmp_path: Path) -> None:
    columns: dict[str, list[Any]] = {"y_0001": [2.0], "person": ["p1"], "y_9951": [7.0], "y_9952": [1.0]}
    source = open_source(write_sas(tmp_path / "r.sas7bdat", columns))
    assert [code for *_, code in told(source)] == [7, 1, 2]
    assert [repair.count for repair in source.repairs] == [3]


def test_parts_and_pieces_join_without_a_seam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = np.random.default_rng(7)
    columns: dict[str, list[Any]] = {"person": [f"p{number}" for number in range(47)]}
    for week in range(1, 6):
        columns[f"y_140{week}"] = numbers.choice([730.0, None, 651.0], size=47).tolist()
    path = write_sas(tmp_path / "r.sas7bdat", columns)
    whole = read(path)
    monkeypatch.setattr(sas, "PART_ROWS", 20)
    monkeypatch.setattr(sas, "CELLS", 50)
    source = open_source(path)
    assert [part.count for part in source.parts()] == [20, 20, 7]
    assert told(source) == whole
    assert source.read(source.parts()[2]).row.tolist() == list(range(42, 49))


def test_a_value_that_is_no_code_is_told_by_row_and_column(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sas, "CELLS", 4)
    said = refusal(write_sas(tmp_path / "r.sas7bdat", {**COLUMNS, "y_1402": [730.0, 1.5, 1000.0]}))
    assert "r.sas7bdat, row 3, column 'y_1402': error: this is no register code (found: 1.5)" in said
    assert "r.sas7bdat, row 4, column 'y_1402': error: this is no register code (found: 1000)" in said


@pytest.mark.parametrize("value", [-1.0, 1000.0, 9999.0, 0.5])
def test_a_number_alone_that_is_no_code_is_told(tmp_path: Path, value: float) -> None:
    path = write_sas(tmp_path / "r.sas7bdat", {**COLUMNS, "y_1402": [730.0, value, None]})
    assert f"row 3, column 'y_1402': error: this is no register code (found: {value:g})" in refusal(path)


def test_persons_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "r.sas7bdat"
    assert "loses a leading zero" in refusal(write_sas(path, {**COLUMNS, "person": [101801234.0, 1.0, 2.0]}))
    said = refusal(write_sas(path, {**COLUMNS, "person": ["p1", "p2", "p1"]}))
    assert "row 4, column 'person': error: the person stands already in row 2" in said
    assert "row 4: error: the row has no person" in refusal(
        write_sas(path, {**COLUMNS, "person": ["a", "b", ""]})
    )
    assert [person for person, *_ in read(write_sas(path, {**COLUMNS, "person": [7.0, 8.0, 9.0]}))] == list(
        "789"
    )


@pytest.mark.parametrize("kept", [0, 500, 0.5, 0.999])
def test_a_file_cut_off_is_refused(tmp_path: Path, kept: float) -> None:
    columns: dict[str, list[Any]] = {"person": [f"p{k}" for k in range(4000)], "y_1401": [730.0] * 4000}
    path = write_sas(tmp_path / "r.sas7bdat", columns)
    content = path.read_bytes()
    path.write_bytes(content[: int(kept if kept >= 1 else kept * len(content))])
    assert "cannot be read as sas7bdat" in refusal(path)


def test_headings_are_checked_and_files_without_rows_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.sas7bdat"
    assert "y_1402 is missing" in refusal(
        write_sas(path, {"person": ["a"], "y_1401": [1.0], "y_1403": [1.0]})
    )
    assert "no column 'person'" in refusal(write_sas(path, {"id": ["a"], "y_1401": [1.0]}))
    frame = pd.DataFrame({"person": pd.Series([], dtype=str), "y_1401": pd.Series([], dtype=float)})
    pyreadstat.write_dta(frame, tmp_path / "r.dta")
    assert "no persons" in refusal(tmp_path / "r.dta")
