"""Broken import files: each gets a message one can act on, and nothing is written but the error file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from indsats.problem import InputRefused, Problem
from indsats.record import ERROR_COLUMNS, Record, import_files, read_record, write_record
from logbook import LATER, everything, programme, small_record, write

HEADING = "person,enrolment,occurred_from,type,outcome\n"
GOOD = HEADING + "p1,e1,2016-02-02,talk,held\n"
Maker = Callable[[Path], Path]


def file(name: str, content: str | bytes) -> Maker:
    return lambda folder: write(folder, name, content)


def two_sheets(folder: Path) -> Path:
    path = folder / "meeting.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("Ark1", "Ark2"):
            book.add_worksheet(name).write(0, 0, "person")
    return path


def number_without_zero(folder: Path) -> Path:
    path = folder / "meeting.xlsx"
    pl.DataFrame(
        {
            "person": [101801234],
            "occurred_from": [datetime(2016, 2, 2, tzinfo=UTC).date()],
            "type": ["talk"],
            "outcome": ["held"],
        }
    ).write_excel(path)
    return path


def time_in_date_column(folder: Path) -> Path:
    path = folder / "meeting.parquet"
    half_past_nine = datetime(2016, 2, 2, 9, 30)  # noqa: DTZ001
    pl.DataFrame(
        {
            "person": ["p1"],
            "occurred_from": [half_past_nine],
            "type": ["talk"],
            "outcome": ["held"],
        }
    ).write_parquet(path)
    return path


BROKEN: dict[str, tuple[Maker, str, int | None, str | None, str]] = {
    # name: (the file, what the message says, row, column, what to do)
    "empty": (file("meeting.csv", ""), "the file is empty", None, None, "heading row"),
    "blank lines only": (file("meeting.csv", "\n\n \n"), "the file is empty", None, None, "heading row"),
    "wrong heading": (
        file("meeting.csv", GOOD.replace("outcome", "outcom")),
        "the heading is not a column",
        1,
        "outcom",
        "Did you mean 'outcome'?",
    ),
    "missing column": (
        file("meeting.csv", "person,occurred_from,type\np1,2016-02-02,talk\n"),
        "the column 'outcome' is missing",
        1,
        "outcome",
        "Add the column",
    ),
    "column twice": (
        file("meeting.csv", GOOD.replace("enrolment", "Person")),
        "the heading names 'person' 2 times",
        1,
        "person",
        "delete the others",
    ),
    "column without a heading": (
        file("meeting.csv", GOOD.replace("enrolment", "")),
        "column 2 has cells but no heading",
        1,
        None,
        "Write the column's name",
    ),
    "no heading at all": (
        file("meeting.csv", "p1,e1,2016-02-02,talk,held\n"),
        "the column 'person' is missing",
        1,
        "person",
        "Add the column",
    ),
    "unknown kind": (
        file("meetings-all.csv", GOOD),
        "the file's name does not say what it holds",
        None,
        None,
        "Did you mean 'meeting.csv'?",
    ),
    "name that says nothing": (
        file("x.csv", GOOD),
        "the file's name does not say what it holds",
        None,
        None,
        "The kinds are drawn, excluded, visitation",
    ),
    "unknown format": (file("meeting.ods", GOOD), "'.ods' is no format", None, None, ".csv, .xlsx, .parquet"),
    "missing file": (lambda folder: folder / "meeting.csv", "there is no such file", None, None, "Check"),
    "missing file whose name would say nothing": (
        lambda folder: folder / "meetings-all.ods",
        "there is no such file",
        None,
        None,
        "Check the name and the folder",
    ),
    "windows encoding": (
        file("meeting.csv", (GOOD + "p1,e1,2016-02-03,trænet,held\n").encode("cp1252")),
        "Windows-1252",
        3,
        None,
        "CSV UTF-8",
    ),
    "utf-16": (file("meeting.csv", GOOD.encode("utf-16")), "UTF-16", None, None, "CSV UTF-8"),
    "workbook called csv": (
        file("meeting.csv", b"PK\x03\x04rest"),
        "Excel workbook with the ending .csv",
        None,
        None,
        ".xlsx",
    ),
    "text called workbook": (
        file("meeting.xlsx", GOOD),
        "not an Excel workbook",
        None,
        None,
        "save it as .xlsx",
    ),
    "text called parquet": (
        file("meeting.parquet", GOOD),
        "not a Parquet file",
        None,
        None,
        "Write it again",
    ),
    "several sheets": (
        two_sheets,
        "2 sheets (Ark1, Ark2)",
        None,
        None,
        "Call the sheet with the facts 'meeting'",
    ),
    "row cut short": (
        file("meeting.csv", GOOD + "p1,e1,2016-02"),
        "the row has 3 cells where the heading has 5",
        3,
        None,
        "missing or extra ','",
    ),
    "row with a cell too many": (
        file("meeting.csv", GOOD + "p1,e1,2016-02-03,talk,held,12,5\n"),
        "the row has 7 cells",
        3,
        None,
        "needs quotes",
    ),
    "rows that end the old way": (
        file("meeting.csv", GOOD.replace("\n", "\r")),
        "old Macs",
        None,
        None,
        "CSV UTF-8",
    ),
    "quote never closed": (
        file("meeting.csv", GOOD + 'p1,e1,2016-02-03,"talk,held\np1,e1,2016-02-04,talk,held\n'),
        "cells",
        3,
        None,
        "quotes",
    ),
    "date that does not exist": (
        file("meeting.csv", GOOD.replace("2016-02-02", "30-02-2016")),
        "is not a date",
        2,
        "occurred_from",
        "2016-05-03 or 03-05-2016",
    ),
    "american date": (
        file("meeting.csv", GOOD.replace("2016-02-02", "02/13/2016")),
        "is not a date",
        2,
        "occurred_from",
        "2016-05-03 or 03-05-2016",
    ),
    "time where a date belongs": (time_in_date_column, "is not a date", 2, "occurred_from", "2016-05-03"),
    "cell not filled in": (
        file("meeting.csv", GOOD + "p1,e1,,talk,held\n"),
        "'occurred_from' is not filled in",
        3,
        "occurred_from",
        "the day it happened",
    ),
    "unknown code": (
        file("meeting.csv", GOOD.replace("talk", "Talk")),
        "not one that 'type' can take",
        2,
        "type",
        "Did you mean 'talk'?",
    ),
    "fact without its enrolment": (
        file("meeting.csv", GOOD.replace("e1", "e7")),
        "no such enrolment",
        2,
        "enrolment",
        "Add it to the file 'enrolled'",
    ),
    "person number that lost its zero": (
        number_without_zero,
        "person number",
        2,
        "person",
        "formatted as text",
    ),
    "row twice": (
        file("meeting.csv", GOOD + "p1,e1,2016-02-02,talk,held\n"),
        "the row says the same",
        3,
        "id",
        "Delete one of them",
    ),
    "site of no known unit": (
        file("sites.csv", "site;unit\nnorth;outreach\nwest;outraech\n"),
        "the unit is not in the definition",
        3,
        "unit",
        "Did you mean 'outreach'?",
    ),
    "site with a slash": (
        file("sites.csv", "site;unit\nnorth;outreach\neast/west;outreach\n"),
        "has a slash in it",
        3,
        "site",
        "east-west",
    ),
    "person on two rows": (
        file("persons.csv", "person,sex\np8,f\np8,m\n"),
        "stands on more than one row",
        3,
        "person",
        "Keep one row",
    ),
    "person not born yet": (
        file("persons.csv", "person,birth_date\np8,01-01-2099\n"),
        "not born yet",
        2,
        "birth_date",
        "year of birth",
    ),
    "birth date in words": (
        file("persons.csv", "person,birth_date\np8,May 1980\n"),
        "is not a date",
        2,
        "birth_date",
        "1900",
    ),
}


def refused(path: Path, errors_to: Path | None = None, into: Record | None = None) -> list[Problem]:
    with pytest.raises(InputRefused) as caught:
        import_files(
            [path], programme(), into or small_record(), errors_to, recorded_at=LATER, recorded_by="anna"
        )
    return list(caught.value.problems)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_gets_a_message_to_act_on_and_leaves_nothing_behind(name: str, tmp_path: Path) -> None:
    make, what, row, column, remedy = BROKEN[name]
    folder = tmp_path / "in"
    folder.mkdir()
    path = make(folder)
    before = everything(tmp_path)
    found = refused(path)
    hit = [problem for problem in found if what in problem.what]
    assert hit, found
    assert (hit[0].row, hit[0].field) == (row, column)
    assert hit[0].file == path.name
    assert remedy in hit[0].remedy
    assert everything(tmp_path) == before


def test_the_error_file_lists_every_problem_of_every_file(tmp_path: Path) -> None:
    record = small_record()
    paths = [
        write(tmp_path, "meeting.csv", GOOD.replace("talk", "tlak") + "p1,e1,2016-02-03,talk,gone\n"),
        write(tmp_path, "persons.csv", "person,birth_date\n0101801234,then\n"),
        write(tmp_path, "exit.csv", ""),
    ]
    before = everything(tmp_path)
    with pytest.raises(InputRefused) as caught:
        import_files(
            paths, programme(), record, tmp_path / "errors.csv", recorded_at=LATER, recorded_by="anna"
        )
    after = everything(tmp_path)
    told = list(csv.DictReader(io.StringIO(after.pop("errors.csv").decode("utf-8-sig"))))
    assert after == before
    assert tuple(told[0]) == ERROR_COLUMNS
    assert [(row["file"], row["row"], row["column"], row["value"]) for row in told] == [
        ("exit.csv", "", "", ""),
        ("meeting.csv", "2", "type", "tlak"),
        ("meeting.csv", "3", "outcome", "gone"),
        ("persons.csv", "2", "birth_date", "then"),
    ]
    assert len(told) == len(caught.value.problems)
    assert record.table("meeting").height == 2


def test_a_value_that_a_spreadsheet_would_run_is_made_harmless_in_the_error_file(tmp_path: Path) -> None:
    path = write(tmp_path, "meeting.csv", GOOD.replace("talk", "=cmd()"))
    refused(path, tmp_path / "errors.csv")
    assert "'=cmd()" in (tmp_path / "errors.csv").read_text("utf-8-sig")


def test_a_data_folder_is_read_all_or_nothing(tmp_path: Path) -> None:
    write_record(small_record(), tmp_path / "data")
    write(tmp_path, "data/facts/walk_in.csv", "person,occurred_from\np1,yesterday\n")
    write(tmp_path, "data/facts/notes.txt", "x")
    with pytest.raises(InputRefused) as caught:
        read_record(tmp_path / "data", programme())
    assert {problem.file for problem in caught.value.problems} == {"walk_in.csv", "notes.txt"}


def test_a_table_in_two_formats_is_refused(tmp_path: Path) -> None:
    write_record(small_record(), tmp_path / "data")
    small_record().table("meeting").write_parquet(tmp_path / "data/facts/meeting.parquet")
    with pytest.raises(InputRefused, match="in two formats"):
        read_record(tmp_path / "data", programme())


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ('{"programme": "other", "version": 1, "synthetic": false}', "another programme"),
        ('{"programme": "trial", "version": 3, "synthetic": false}', "the definition is version 2"),
        ("{}", "does not say which programme"),
        ("not json", "does not say which programme"),
        ("[1]", "does not say which programme"),
    ],
)
def test_data_of_another_programme_or_version_are_refused(said: str, what: str, tmp_path: Path) -> None:
    write_record(small_record(), tmp_path / "data")
    write(tmp_path, "data/dataset.json", said)
    with pytest.raises(InputRefused, match=what):
        read_record(tmp_path / "data", programme())


def test_a_folder_that_is_not_there_or_holds_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="no such data folder"):
        read_record(tmp_path / "nowhere", programme())
    with pytest.raises(InputRefused, match="holds no facts"):
        read_record(tmp_path, programme())


def damaged(draw: st.DrawFn) -> bytes:
    """A sound file in which a few stretches of bytes have been replaced."""
    data = bytearray((GOOD + 'p2,e2,03-02-2016,"talk",planned\n').encode())
    pieces = [b"", b"\n", b"\r", b",", b";", b'"', b"\xe6", b"\0", b"-", b"9" * 20, b"2016-02-30", b"e1"]
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 6))] = draw(st.sampled_from(pieces))
    return bytes(data)


@settings(max_examples=60, deadline=None)
@given(st.composite(damaged)())
def test_however_a_file_is_damaged_it_is_read_or_refused_with_reasons(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = write(Path(folder), "meeting.csv", data)
        told = ["accepted"]
        try:
            import_files([path], programme(), small_record(), recorded_at=LATER, recorded_by="anna")
        except InputRefused as refusal:
            told = [problem.what and problem.remedy for problem in refusal.problems]
        assert told
        assert all(told)
        assert [left.name for left in Path(folder).iterdir()] == ["meeting.csv"]
