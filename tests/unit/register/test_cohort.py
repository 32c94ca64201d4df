"""Who is in a cohort, who is not and why, and what is known about them."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from indsats.problem import InputRefused
from indsats.register import REASONS, cohort, week_number
from weekbook import SITES, cohort_of, outcome, persons_of, programme, register_of, text

COVARIATES = [{"field": name, "title": text(name)} for name in ("age", "sex")]


def test_attrition_adds_up_in_the_order_it_was_tried() -> None:
    register = register_of({name: "5x730" for name in "abcdefg"} | {"h": "5x-", "stranger": "5x730"})
    persons = persons_of(
        [*"abcdefgh", "unregistered"],
        birth_date=[*[date(1980, 1, 1)] * 5, date(1990, 1, 1), None, date(1980, 1, 1), date(1980, 1, 1)],
        area=["north", "north", "city", None, "elsewhere", "north", "north", "north", "north"],
    )
    found = cohort(register, programme({"population": "age >= 30"}), "exit", persons, SITES)
    assert found.considered == 10
    assert list(found.excluded.items()) == [
        ("no_person_record", 1),
        ("not_in_register", 1),
        ("no_index_event", 1),
        ("outside_population", 1),
        ("population_unknown", 1),
        ("treated_unknown", 2),
    ]
    assert found.table.select("person", "treated").rows() == [("a", True), ("b", True), ("c", False)]
    assert found.considered - sum(found.excluded.values()) == found.table.height
    assert set(found.excluded) <= set(REASONS)


def test_the_table_has_the_columns_of_the_definition_and_no_others() -> None:
    asked = {
        "outcomes": [outcome(), outcome("school", "education")],
        "covariates": COVARIATES,
        "history": [{"id": "worked", "title": text("x"), "state": "work", "weeks": 2}],
        "derive": {"age2": "age * age"},
        "time_to": "school",
    }
    table = cohort_of({"b": "2x- 5x730", "a": "2x- 5x730"}, asked).table
    assert table.columns == [
        *("person", "index_week", "left_truncated", "treated", "weeks", "event"),
        *("off", "school", "age", "sex", "worked", "age2"),
    ]
    assert table["person"].to_list() == ["a", "b"]
    assert [table[name].dtype for name in ("age", "worked", "age2")] == [pl.Float64] * 3
    assert (table["index_week"].dtype, table["weeks"].dtype, table["off"].dtype) == (
        pl.Int32,
        pl.Int32,
        pl.Boolean,
    )
    assert table["age2"].to_list() == [32.0**2] * 2


@pytest.mark.parametrize(
    ("born", "age"),
    [
        (date(1983, 1, 7), 30),
        (date(1983, 1, 8), 29),
        (date(1983, 1, 1), 30),
        (date(1983, 12, 31), 29),
        (date(1980, 2, 29), 32),
        (None, None),
    ],
)
def test_age_is_in_whole_years_on_the_monday_of_the_index_week(born: date | None, age: int | None) -> None:
    begins = week_number(date(2013, 1, 7))
    found = cohort_of({"a": "5x730"}, start=begins, birth_date=[born])
    assert found.table["age"].item() == age


def test_rules_count_time_to_the_monday_of_the_index_week() -> None:
    asked = {"population": "weeks_since(birth_date) >= 1 and days_since(birth_date) < 9"}
    begins = week_number(date(2013, 1, 7))
    courses = {"a": "5x730", "b": "1x- 4x730"}
    found = cohort_of(courses, asked, start=begins, birth_date=date(2012, 12, 31))
    assert found.table["person"].to_list() == ["a"]


def test_rules_may_name_the_monday_of_the_index_week() -> None:
    asked: dict[str, Any] = {
        "derive": {"later": "count_true(index_date >= 2013-01-14)"},
        "treated": "later == 1",
    }
    begins = week_number(date(2013, 1, 7))
    found = cohort_of({"a": "5x730", "b": "1x- 4x730"}, asked, start=begins)
    assert found.table.select("person", "treated", "later").rows() == [("a", False, 0.0), ("b", True, 1.0)]


def test_rules_may_use_history_and_derived_columns() -> None:
    asked: dict[str, Any] = {
        "history": [{"id": "worked", "title": text("x"), "state": "work", "weeks": 2}],
        "derive": {"idle": "2 - worked"},
        "population": "worked >= 1",
        "treated": "idle == 0",
    }
    found = cohort_of({"a": "2x- 5x730", "b": "1x651 1x- 5x730", "c": "2x651 5x730"}, asked)
    assert found.table.select("person", "treated", "idle").rows() == [("a", True, 0.0), ("b", False, 1.0)]


def test_site_of_residence_is_found_through_the_area() -> None:
    found = cohort_of({"a": "5x730", "b": "5x730"}, {"treated": 'site == "north"'}, area=["north", "city"])
    assert found.table["treated"].to_list() == [True, False]


def test_a_persons_field_may_be_an_outcome() -> None:
    asked = {
        "outcomes": [
            {"id": "level", "title": text("x"), "source": "L1", "kind": "column", "column": "education"}
        ]
    }
    asked["outcomes"][0]["unit"] = text("x")  # type: ignore[assignment]
    assert cohort_of({"a": "5x730"}, asked, education="primary").table["level"].item() == "primary"


def test_person_fields_the_data_lack_count_as_missing() -> None:
    persons = pl.DataFrame({"person": ["a"], "area": ["north"]})
    found = cohort(register_of({"a": "5x730"}), programme(), "exit", persons, SITES)
    assert found.table["age"].to_list() == [None]


def test_nobody_left_gives_an_empty_table_with_its_columns() -> None:
    found = cohort_of({"a": "5x-"}, {"time_to": "off"})
    assert found.table.height == 0
    assert {"off", "weeks", "event", "age", "treated"} <= set(found.table.columns)


def test_a_window_before_the_data_has_no_index_event() -> None:
    found = cohort_of({"a": "5x730"}, {"index": {"state": "benefit", "window": "2010-01-01/2010-12-31"}})
    assert found.excluded["no_index_event"] == 1


def test_a_person_listed_twice_is_refused() -> None:
    persons = persons_of(["a", "a"])
    with pytest.raises(InputRefused, match="1 rows repeat a person"):
        cohort(register_of({"a": "5x730"}), programme(), "exit", persons, SITES)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"time_to": "missing"}, "no outcome of kind state"),
        ({"covariates": [{"field": "shoe_size", "title": text("x")}]}, "no field shoe_size"),
        ({"covariates": [{"field": "weeks", "title": text("x")}]}, "columns of its own named weeks"),
        ({"outcomes": [outcome("age")]}, "name of another column"),
    ],
)
def test_definitions_that_do_not_fit_are_refused(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        cohort_of({"a": "5x730"}, asked)


def test_an_evaluation_that_is_not_defined_or_not_on_registers_is_refused() -> None:
    with pytest.raises(ValueError, match="no evaluation 'entry'; it has: exit"):
        cohort(register_of({"a": "5x730"}), programme(), "entry", persons_of(["a"]), SITES)
    rows = {"index": None, "rows": [{"table": "t"}]}
    with pytest.raises(ValueError, match="use packaged_cohort"):
        cohort(register_of({"a": "5x730"}), programme(rows), "exit", persons_of(["a"]), SITES)
