"""What happens when files come again: nothing is taken twice, nothing recorded is overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from indsats.problem import InputRefused, Problem
from indsats.record import Record, import_files
from logbook import LATER, NOON, programme, small_record, write

HEADING = "person,enrolment,occurred_from,type,outcome\n"
GOOD = HEADING + "p1,e1,2016-02-02,talk,held\n"


def refused(path: Path, into: Record) -> list[Problem]:
    with pytest.raises(InputRefused) as caught:
        import_files([path], programme(), into, recorded_at=LATER, recorded_by="anna")
    return list(caught.value.problems)


@pytest.mark.parametrize("ids", ["", "id,"])
def test_the_same_file_a_second_time_is_refused(ids: str, tmp_path: Path) -> None:
    line = "m9," if ids else ""
    path = write(tmp_path, "meeting.csv", ids + HEADING + line + "p1,e1,2016-02-02,talk,held\n")
    once = import_files([path], programme(), small_record(), recorded_at=LATER, recorded_by="anna")
    (problem,) = refused(path, into=once)
    assert "a second time" in problem.what
    assert (problem.file, problem.row, problem.field) == ("meeting.csv", 2, "id")


def test_a_row_that_was_corrected_since_is_still_known_when_its_file_comes_again(tmp_path: Path) -> None:
    path = write(tmp_path, "meeting.csv", GOOD)
    record = import_files([path], programme(), small_record(), recorded_at=NOON, recorded_by="anna")
    fact = record.table("meeting").filter(source="meeting.csv")["id"].item()
    record = record.correct(
        fact, {"outcome": "no_show", "reason": "illness"}, recorded_at=LATER, recorded_by="bo", source="web"
    )
    assert "a second time" in refused(path, into=record)[0].what


def test_what_is_recorded_about_a_person_is_not_overwritten(tmp_path: Path) -> None:
    first = write(tmp_path, "persons.csv", "person,sex,area\np1,f,\np2,m,north\n")
    record = import_files([first], programme(), small_record(), recorded_at=NOON, recorded_by="anna")
    same = write(tmp_path, "persons-same.csv", "person,area\np1,city\np3,\n")
    record = import_files([same], programme(), record, recorded_at=NOON, recorded_by="anna")
    assert record.persons.select("person", "sex", "area").rows() == [
        ("p1", "f", "city"),
        ("p2", "m", "north"),
        ("p3", None, None),
    ]
    other = write(tmp_path, "persons-other.csv", "person,sex\np1,m\n")
    (problem,) = refused(other, into=record)
    assert (problem.row, problem.field) == (2, "sex")
