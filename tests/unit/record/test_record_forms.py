"""The fields of a programme's forms: columns like any other, checked where their form is for the fact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from indsats.problem import InputRefused, Problem
from indsats.programme import Programme
from indsats.record import (
    Record,
    import_files,
    payload_columns,
    read_record,
    record_from_tables,
    schema,
    write_record,
)
from logbook import LATER, NOON, enrolled, everything, item, meeting, programme, small_record, text, write

DAY = date(2016, 3, 1)
FORMS: dict[str, Any] = {
    "work-agreement": item(
        "Work agreement",
        kind="agreement",
        type="work",
        fields={
            "tasks": item(type="text", required=True),
            "paid_hours": item(type="number"),
            "review": item(type="date"),
            "mentor": item(type="bool"),
            "level": item(type="choice", choices={"low": item("Low"), "high": item("High")}),
        },
    ),
    "other-agreement": item(
        kind="agreement",
        type="school",
        fields={"level": item(type="choice", choices={"tenth": item("Tenth")})},
    ),
    "every-plan": item(kind="plan", fields={"next_step": item(type="text", required=True)}),
    "talk": item("Talk", kind="meeting", type="talk", fields={"topic": item(type="text", required=True)}),
}


@cache
def with_forms(version: int = 2) -> Programme:
    return programme(forms=FORMS, version=version)


@cache
def record() -> Record:
    rows = [{**meeting("p1", id="m1"), "topic": "the job"}, meeting("p2", type="network", id="m2")]
    return record_from_tables(
        with_forms(),
        {"enrolled": [enrolled("p1"), enrolled("p2", site="city")], "meeting": rows},
        recorded_at=NOON,
        recorded_by="anna",
    )


def agreement(kind: str = "work", **rest: Any) -> dict[str, Any]:
    return {"person": "p1", "enrolment": "e1", "type": kind, "occurred_from": DAY, **rest}


def plan(**rest: Any) -> dict[str, Any]:
    return {"person": "p1", "enrolment": "e1", "occurred_from": DAY, **rest}


def added(kind: str, *rows: dict[str, Any], into: Record | None = None) -> Record:
    return (into or record()).add(kind, rows, recorded_at=LATER, recorded_by="anna", source="web")


def refused(kind: str, *rows: dict[str, Any], into: Record | None = None) -> Problem:
    with pytest.raises(InputRefused) as caught:
        added(kind, *rows, into=into)
    assert len(caught.value.problems) == 1, caught.value.problems
    return caught.value.problems[0]


FILLED = {"tasks": "stock", "paid_hours": 3.5, "review": date(2016, 5, 1), "mentor": True, "level": "high"}


def test_the_fields_of_a_form_are_typed_columns_of_its_kind_after_the_common_ones() -> None:
    columns = payload_columns("agreement", with_forms())
    assert list(columns)[:3] == ["type", "counterpart", "hours_per_week"]
    assert dict(list(columns.items())[3:]) == {
        "tasks": pl.String(),
        "paid_hours": pl.Float64(),
        "review": pl.Date(),
        "mentor": pl.Boolean(),
        "level": pl.String(),
    }
    assert "tasks" not in schema("plan", with_forms())


def test_a_form_field_that_bears_the_name_of_a_column_leaves_the_column_as_it_is() -> None:
    forms = {
        "f": item(kind="plan", fields={"site": item(type="number"), "goal": item(type="bool", required=True)})
    }
    definition = programme(forms=forms)
    assert schema("plan", definition) == schema("plan", programme())
    into = small_record(definition)
    assert added("plan", plan(goal="a job"), plan(occurred_to=DAY), into=into).table("plan").height == 2


BROKEN: list[tuple[str, dict[str, Any], str, str, str]] = [
    # kind, row, column, what, remedy
    (
        "agreement",
        agreement(paid_hours=3),
        "tasks",
        "'tasks' is not filled in",
        "The form 'Work agreement' asks",
    ),
    ("agreement", agreement(tasks="  "), "tasks", "'tasks' is not filled in", "fill it in"),
    ("agreement", agreement(tasks="x", level="hihg"), "level", "can take", "Did you mean 'high'?"),
    ("agreement", agreement(tasks="x", level="tenth"), "level", "can take", "low, high"),
    ("agreement", agreement("school", level="low"), "level", "can take", "tenth"),
    (
        "agreement",
        agreement("school", tasks="x"),
        "tasks",
        "not in the form for this type",
        "the field is for work",
    ),
    (
        "agreement",
        agreement("leisure", level="low"),
        "level",
        "not in the form",
        "the field is for work and school",
    ),
    ("agreement", agreement(tasks="x", paid_hours="three"), "paid_hours", "is not a number", "12,5"),
    ("agreement", agreement(tasks="x", review="soon"), "review", "is not a date", "2016-05-03"),
    ("agreement", agreement(tasks="x", mentor="perhaps"), "mentor", "neither yes nor no", "ja or nej"),
    ("plan", plan(goal="a job"), "next_step", "not filled in", "asks for it"),
    ("meeting", meeting(day="2016-03-07"), "topic", "not filled in", "The form 'Talk' asks"),
]


@pytest.mark.parametrize(("kind", "row", "column", "what", "remedy"), BROKEN)
def test_a_form_filled_in_wrongly_is_refused(
    kind: str, row: dict[str, Any], column: str, what: str, remedy: str
) -> None:
    problem = refused(kind, row)
    assert (problem.row, problem.field) == (2, column)
    assert what in problem.what
    assert remedy in problem.remedy


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        ("agreement", agreement(**FILLED)),
        ("agreement", agreement(tasks="stock")),
        ("agreement", agreement("school", level="tenth")),
        ("agreement", agreement("leisure")),
        ("plan", plan(next_step="call the firm")),
        ("meeting", meeting(day="2016-03-07", topic="health")),
        ("meeting", meeting(day="2016-03-07", outcome="no_show", reason="illness")),
        ("meeting", meeting(day="2017-03-07", outcome="planned")),
        ("meeting", meeting(day="2016-03-07", type="network")),
    ],
)
def test_a_form_filled_in_rightly_is_accepted(kind: str, row: dict[str, Any]) -> None:
    assert added(kind, row).table(kind).height == record().table(kind).height + 1


def test_a_type_that_is_missing_is_told_without_more_about_its_form() -> None:
    assert refused("agreement", agreement(kind=None)).field == "type"  # type: ignore[arg-type]


def test_facts_of_an_older_version_need_no_form() -> None:
    rows = [
        agreement(programme_version=1, level="medium"),
        agreement("leisure", programme_version=1, tasks="x"),
    ]
    assert added("agreement", *rows).table("agreement").height == 2


def test_a_form_is_corrected_like_any_field() -> None:
    now = added("agreement", agreement(**FILLED, id="a1"))
    by: Mapping[str, Any] = {"recorded_at": LATER.replace(day=2), "recorded_by": "bo", "source": "phone"}
    later = now.correct("a1", {"level": "low", "review": date(2016, 6, 1)}, **by)
    row = later.as_of().table("agreement").row(0, named=True)
    assert (row["level"], row["review"], row["tasks"]) == ("low", date(2016, 6, 1), "stock")
    assert later.as_of(LATER).table("agreement")["level"].to_list() == ["high"]
    with pytest.raises(InputRefused, match="'tasks' is not filled in"):
        now.correct("a1", {"tasks": None}, **by)


def test_an_entry_rule_may_ask_about_a_form_field() -> None:
    must = {
        "rule": {
            "source": "L1",
            "kind": "agreement",
            "must": "paid_hours < 30 or mentor",
            "say": text("needs a mentor"),
        }
    }
    into = small_record(programme(forms={"f": FORMS["work-agreement"]}, entry_rules=must))
    assert added("agreement", agreement(tasks="x", paid_hours=30.0, mentor=True), into=into)
    assert (
        refused("agreement", agreement(tasks="x", paid_hours=30.0, mentor=False), into=into).what
        == "needs a mentor"
    )


@pytest.mark.parametrize("format_", ["csv", "parquet", "xlsx"])
def test_forms_are_written_and_read_back(format_: str, tmp_path: Path) -> None:
    now = added("agreement", agreement(**FILLED), agreement(tasks="a; b", mentor=False))
    write_record(now, tmp_path / "a", format_)  # type: ignore[arg-type]
    back = read_record(tmp_path / "a", with_forms())
    for kind, table in now.facts.items():
        assert back.table(kind).equals(table.sort("id", "version")), kind


HEADING = "person;type;occurred_from;Tasks;paid_hours;review;mentor;LEVEL\n"


def imported(path: Path, into: Record | None = None) -> Record:
    return import_files([path], with_forms(), into or record(), recorded_at=LATER, recorded_by="anna")


def test_a_file_names_the_fields_of_a_form_in_its_heading(tmp_path: Path) -> None:
    path = write(tmp_path, "agreement.csv", HEADING + "p1;work;01-03-2016;stock;3,5;01-05-2016;ja;high\n")
    assert imported(path).table("agreement").select(list(FILLED)).to_dicts() == [FILLED]


def test_a_file_is_told_row_column_value_and_remedy(tmp_path: Path) -> None:
    rows = "p1;work;01-03-2016;stock;3,5;01-05-2016;ja;high\np2;work;01-03-2016;;x;;;medium\n"
    with pytest.raises(InputRefused) as caught:
        imported(write(tmp_path, "agreement.csv", HEADING + rows))
    assert [(found.row, found.field, found.value) for found in caught.value.problems] == [
        (3, "paid_hours", "x"),
        (3, "tasks", None),
        (3, "level", "medium"),
    ]


def test_the_same_fact_has_the_same_id_with_and_without_the_columns_of_forms() -> None:
    row = agreement("leisure", programme_version=1)
    with_columns = added("agreement", row).table("agreement")["id"].to_list()
    assert with_columns == added("agreement", row, into=small_record()).table("agreement")["id"].to_list()


def test_a_data_folder_from_before_the_forms_is_read_with_empty_columns(tmp_path: Path) -> None:
    write_record(small_record(), tmp_path / "a")
    back = read_record(tmp_path / "a", with_forms(version=3))
    assert back.table("meeting")["topic"].to_list() == [None, None]
    assert back.table("meeting").drop("topic").equals(small_record().table("meeting").sort("id"))


def test_a_record_under_a_newer_version_has_the_columns_of_its_forms() -> None:
    now = small_record().under(with_forms(version=3))
    assert now.as_of().table("meeting")["topic"].to_list() == [None, None]
    assert list(now.table("agreement").columns) == list(schema("agreement", with_forms(version=3)))


WITHOUT = programme(version=3)
"""A later version of the programme, which has no forms."""


@pytest.mark.parametrize("format_", ["csv", "parquet", "xlsx"])
def test_what_was_filled_in_in_a_form_that_is_no_longer_there_is_kept_and_written_again(
    format_: str, tmp_path: Path
) -> None:
    old = added("agreement", agreement(**FILLED, id="a1"))
    write_record(old, tmp_path / "a", format_)  # type: ignore[arg-type]
    back = read_record(tmp_path / "a", WITHOUT)
    assert back.table("agreement")["tasks"].to_list() == ["stock"]
    write_record(back, tmp_path / "b", format_)  # type: ignore[arg-type]
    assert read_record(tmp_path / "b", WITHOUT).table("agreement").equals(back.table("agreement"))
    if format_ == "csv":
        again = (tmp_path / "b/facts/agreement.csv").read_text("utf-8")
        assert sorted(_cells(again)) == sorted(
            _cells((tmp_path / "a/facts/agreement.csv").read_text("utf-8"))
        )


def test_a_fact_whose_form_is_no_longer_there_can_be_corrected() -> None:
    old = added("agreement", agreement(**FILLED, id="a1")).under(WITHOUT)
    by: Mapping[str, Any] = {"recorded_at": LATER.replace(day=2), "recorded_by": "bo", "source": "phone"}
    now = old.correct("a1", {"counterpart": "a firm", "level": "low"}, **by).as_of().table("agreement")
    assert now.select("counterpart", "level", "tasks", "paid_hours").rows() == [
        ("a firm", "low", "stock", 3.5)
    ]


def test_new_facts_cannot_fill_in_a_form_that_is_no_longer_there() -> None:
    old = added("agreement", agreement(**FILLED, id="a1")).under(WITHOUT)
    problem = refused("agreement", agreement(tasks="x"), into=old)
    assert problem.field == "tasks"
    assert "in this version of the programme" in problem.what


def test_a_file_that_does_not_say_its_version_cannot_name_a_field_that_is_no_longer_there(
    tmp_path: Path,
) -> None:
    path = write(tmp_path, "agreement.csv", HEADING + "p1;work;01-03-2016;stock;;;;\n")
    with pytest.raises(InputRefused, match="not a column of this kind"):
        import_files([path], WITHOUT, recorded_at=LATER, recorded_by="anna")


def test_a_first_version_has_no_earlier_fields_to_keep(tmp_path: Path) -> None:
    path = write(
        tmp_path, "plan.csv", "person,occurred_from,programme_version,goaal\np1,2016-03-01,1,a job\n"
    )
    with pytest.raises(InputRefused) as caught:
        import_files([path], programme(version=1), recorded_at=LATER, recorded_by="anna")
    (problem,) = caught.value.problems
    assert (problem.row, problem.field) == (1, "goaal")
    assert "Did you mean 'goal'?" in problem.remedy


def _cells(csv_text: str) -> list[tuple[str, str]]:
    heading, row = csv_text.splitlines()
    return list(zip(heading.split(","), row.split(","), strict=True))


def test_reading_and_writing_forms_gives_the_same_bytes(tmp_path: Path) -> None:
    write_record(added("agreement", agreement(**FILLED)), tmp_path / "a")
    write_record(read_record(tmp_path / "a", with_forms()), tmp_path / "b")
    assert everything(tmp_path / "a") == everything(tmp_path / "b")
