"""Lists of people: facts of one kind with what is known of the persons on the same rows."""

from pathlib import Path

import polars as pl
import pytest

from indsats.problem import InputRefused
from indsats.record import import_files, read_list, take_in
from indsats.record.intake import Recorded
from logbook import NOON, programme, small_record

VISITED = "person;occurred_from;group;name;birth_date\np1;2016-05-03; ;Anne;03-05-1971\np2;2016-05-04;;;\n"


def _file(tmp_path: Path, text: str, name: str = "visitation.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_facts_and_persons_stand_on_the_same_rows(tmp_path: Path) -> None:
    found = read_list(_file(tmp_path, VISITED), programme(), beside={"name": pl.String()})
    assert (found.holds, found.problems) == ("visitation", ())
    assert found.people.select("_row", "person", "name").rows() == [(2, "p1", "Anne"), (3, "p2", None)]
    assert "name" not in found.facts.columns


def test_ids_are_those_an_import_makes(tmp_path: Path) -> None:
    path = _file(tmp_path, "person;occurred_from\np1;2016-05-03\n")
    found = read_list(path, programme())
    record = import_files([path], programme(), recorded_at=NOON, recorded_by="me")
    assert found.facts["id"].to_list() == record.table("visitation")["id"].to_list()


def test_what_was_read_is_taken_in(tmp_path: Path) -> None:
    record = small_record()
    found = read_list(_file(tmp_path, "person;occurred_from\np9;2016-05-03\n"), record.programme)
    given = [found.given_people(found.people), found.given(found.facts)]
    grown = take_in(record, given, Recorded(NOON, "me", "list"))
    assert grown.table("visitation")["source"].to_list() == ["list"]
    assert "p9" in grown.persons["person"].to_list()


def test_numbers_are_written_as_where_they_go(tmp_path: Path) -> None:
    found = read_list(
        _file(tmp_path, VISITED), programme(), "visitation", {"name": pl.String()}, written=str.upper
    )
    assert found.facts["person"].to_list() == found.people["person"].to_list() == ["P1", "P2"]


def test_cells_that_cannot_be_read_are_problems(tmp_path: Path) -> None:
    path = _file(tmp_path, "person;occurred_from;birth_date\np1;soon;long ago\n")
    found = read_list(path, programme())
    assert {(one.row, one.field) for one in found.problems} == {(2, "occurred_from"), (2, "birth_date")}


def test_how_a_fact_was_recorded_is_not_for_a_list_to_say(tmp_path: Path) -> None:
    path = _file(tmp_path, "person;occurred_from;recorded_at\np1;2016-05-03;2016-05-03\n")
    with pytest.raises(InputRefused, match="filled in here"):
        read_list(path, programme())


@pytest.mark.parametrize("holds", ["sites", "site_setting", "nothing"])
def test_a_list_is_about_persons(tmp_path: Path, holds: str) -> None:
    with pytest.raises(InputRefused, match="not about persons"):
        read_list(_file(tmp_path, VISITED), programme(), holds)


def test_a_column_the_server_makes_may_be_missing(tmp_path: Path) -> None:
    path = _file(tmp_path, "person;occurred_from\np1;2016-05-03\n")
    with pytest.raises(InputRefused, match="'enrolment' is missing"):
        read_list(path, programme(), "enrolled")
    assert read_list(path, programme(), "enrolled", optional=("enrolment",)).facts["enrolment"].to_list() == [
        None
    ]


def test_a_list_of_persons(tmp_path: Path) -> None:
    path = _file(tmp_path, "person;birth_date;name\np1;1971-05-03;Anne\n", "persons.csv")
    found = read_list(path, programme(), beside={"name": pl.String()})
    assert found.holds == "persons"
    assert found.people["name"].to_list() == ["Anne"]
