"""The shipped edge-case persons: plain Python, and the engine, give the rows that were worked out by hand."""

from __future__ import annotations

import csv
from dataclasses import astuple
from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pytest
import yaml

from indsats.library import edge_cases_path
from indsats.register import BLANK, Register, column_of_week, monday, spells_of, week_of_column
from indsats.register.codes import unknown_codes
from indsats.register.follow import outcomes, preset
from truth.plain_employment import Followed, follow, read_lives, week_name
from weekbook import weeks_of_course

HOME = edge_cases_path()
CASES: dict[str, Any] = yaml.safe_load((HOME / "cases.yaml").read_text("utf-8"))
FILES = list(CASES["files"])


def rows(name: str) -> list[dict[str, str]]:
    with (HOME / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


EXPECTED = {row["person"]: row for row in rows("expected.csv")}


def told(value: object) -> str:
    """A value as expected.csv writes it."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def as_row(person: str, found: Followed | None) -> dict[str, str]:
    values: list[object] = [None] * 12
    if found is not None:
        values = [
            found.index_week,
            found.benefit_before,
            found.employed_before,
            *astuple(found.employment),
            *astuple(found.education),
            found.employed_after,
        ]
    return dict(zip(EXPECTED[person], [person, *map(told, values)], strict=True))


def spells() -> pl.DataFrame:
    """All weeks of all files, a row for each."""
    parts = [
        pl.read_csv(HOME / name, infer_schema=False)
        .unpivot(index="person", variable_name="column", value_name="code")
        .with_columns(
            first_week=pl.col("column").map_elements(week_of_column, pl.Int32),
            code=pl.col("code").cast(pl.Int16),
        )
        .with_columns(last_week=pl.col("first_week"))
        for name in FILES
    ]
    return pl.concat(parts)


@pytest.mark.parametrize("file", FILES)
def test_plain_python_gives_the_rows_worked_out_by_hand(file: str) -> None:
    lives = read_lives(HOME / file, HOME / "hours.csv")
    assert {person: as_row(person, follow(life)) for person, life in lives.items()} == {
        person: EXPECTED[person] for person in lives
    }


def test_every_person_stands_in_every_place_once() -> None:
    told_of = [case["person"] for case in CASES["cases"]]
    assert told_of == [row["person"] for row in rows("persons.csv")] == list(EXPECTED)
    for file in FILES:
        assert [row["person"] for row in rows(file)] == [
            case["person"] for case in CASES["cases"] if case["file"] == file
        ]
    assert {row["person"] for row in rows("hours.csv")} <= set(told_of)


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["person"])
def test_the_course_in_words_is_the_row_of_the_file(case: dict[str, Any]) -> None:
    (row,) = [row for row in rows(case["file"]) if row.pop("person") == case["person"]]
    assert [int(value) if value else BLANK for value in row.values()] == weeks_of_course(case["course"])


@pytest.mark.parametrize("file", FILES)
def test_the_columns_are_the_weeks_the_file_is_said_to_have(file: str) -> None:
    what = CASES["files"][file]
    columns = [name for name in rows(file)[0] if name != "person"]
    weeks = [week_of_column(name) for name in columns]
    assert weeks == list(range(weeks[0], weeks[-1] + 1))
    ends = [week_of_column("y_" + what[end][2:4] + what[end][-2:]) for end in ("first_week", "last_week")]
    assert [weeks[0], weeks[-1]] == ends
    lost = [name for name, week in zip(columns, weeks, strict=True) if name != column_of_week(week)]
    assert bool(lost) == what["names_lost_zeros"]


def test_the_stretches_hold_the_long_years_and_the_turn_of_the_century() -> None:
    columns = {name for file in FILES for name in rows(file)[0]}
    assert {"y_9853", "y_9952", "y_0001", "y_0453", "y_701"} <= columns


def test_the_unknown_codes_are_those_told() -> None:
    assert unknown_codes(spells()).to_dicts() == CASES["unknown_codes"]


@cache
def found_by(engine: str, file: str) -> dict[str, dict[str, str]]:
    """What the engine finds for the preset in one file, in the words of expected.csv."""
    hours = pl.read_csv(HOME / "hours.csv", try_parse_dates=True)
    found = outcomes(register_of_file(file), preset(CASES["preset"]), hours=hours, engine=engine)
    return {row["person"]: as_expected(row) for row in found.to_dicts()}


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case["person"]) for case in CASES["cases"]],
)
def test_the_engine_gives_the_rows_worked_out_by_hand(case: dict[str, Any], engine: str) -> None:
    person, expected = case["person"], EXPECTED[case["person"]]
    found = found_by(engine, case["file"]).get(person)
    assert found == (expected if expected["index_week"] else None)


def register_of_file(file: str) -> Register:
    """The register of one wide file."""
    wide = rows(file)
    persons = [row.pop("person") for row in wide]
    weeks = [week_of_column(name) for name in wide[0]]
    matrix = np.array([[int(value) if value else BLANK for value in row.values()] for row in wide])
    return Register.of(spells_of(persons, matrix, weeks[0]), weeks[0], weeks[-1])


def as_expected(found: dict[str, Any]) -> dict[str, str]:
    """A row of the engine in the words of expected.csv."""
    row = {"person": found["person"], "index_week": week_name(monday(found["index_week"]))}
    for name in ("benefit-26", "employment-26", "employed-weeks-52"):
        row[name] = told(None if found[name] is None else int(found[name]))
    for name in ("employment-52", "education-52"):
        ended = found[f"ended:{name}"]
        row |= {name: told(found[name]), f"{name}_weeks": told(found[f"weeks:{name}"])}
        row |= {f"{name}_event": told(ended == "reached"), f"{name}_ended": ended}
    return row
