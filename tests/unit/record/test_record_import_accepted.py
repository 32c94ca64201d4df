"""Import files as people make them: separators, encodings, dates, blanks, Excel and Parquet."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from indsats.record import Record, import_files, read_record
from logbook import LATER, NOON, programme, small_record, write

DANISH = (
    "Person;Enrolment ;occurred_from;type;outcome;place\n"
    " p1 ;e1;03-02-2016;talk;held;Nørrebro\n"
    ";;;;;\n"
    'p2;e2;2016-02-04; talk;held;"home; by phone"\n'
)


def imported(path: Path, definition_record: Record | None = None) -> pl.DataFrame:
    record = import_files(
        [path], programme(), definition_record or small_record(), recorded_at=LATER, recorded_by="anna"
    )
    return record.table("meeting").filter(pl.col("source") == path.name)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_danish_csv_is_read_with_or_without_a_byte_order_mark(
    mark: bytes, ending: str, tmp_path: Path
) -> None:
    path = write(tmp_path, "meeting-2016.csv", mark + DANISH.replace("\n", ending).encode())
    table = imported(path)
    assert table.select("person", "occurred_from", "type", "place").rows() == [
        ("p1", date(2016, 2, 3), "talk", "Nørrebro"),
        ("p2", date(2016, 2, 4), "talk", "home; by phone"),
    ]


def test_a_decimal_comma_and_ja_and_nej_are_read(tmp_path: Path) -> None:
    paths = [
        write(
            tmp_path,
            "hours.csv",
            "person;occurred_from;hours_per_week;type\np1;2016-02-03;12,5;ordinary\n",
        ),
        write(
            tmp_path, "walk_in.csv", "person;occurred_from;summoned\np1;2016-02-03;ja\np2;2016-02-03;nej\n"
        ),
    ]
    record = import_files(paths, programme(), small_record(), recorded_at=LATER, recorded_by="anna")
    assert record.table("hours")["hours_per_week"].to_list() == [12.5]
    assert record.table("walk_in")["summoned"].to_list() == [True, False]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_the_three_formats_give_the_same_facts(ending: str, tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "person": ["p1", "p2"],
            "enrolment": ["e1", "e2"],
            "questionnaire": "goals",
            "rater": "citizen",
            "occurred_from": [date(2016, 3, 1), date(2016, 3, 2)],
            "answer.skills": [1, 5],
            "answer.health": [None, 2],
        }
    )
    path = tmp_path / f"questionnaire_answered.{ending}"
    writers = {"csv": frame.write_csv, "xlsx": frame.write_excel, "parquet": frame.write_parquet}
    writers[ending](path)
    record = import_files([path], programme(), small_record(), recorded_at=LATER, recorded_by="anna")
    table = record.table("questionnaire_answered").filter(source=path.name).sort("person")
    assert table["answer.skills"].to_list() == [1, 5]
    assert table["answer.health"].to_list() == [None, 2]
    assert table["id"].str.starts_with("questionnaire_answered-").all()


def test_ids_made_of_content_are_the_same_from_every_format_and_machine(tmp_path: Path) -> None:
    text = write(tmp_path, "walk_in.csv", "person,occurred_from,topic\np1,03-05-2016,work\n")
    pl.read_csv(text).write_excel(tmp_path / "walk_in.xlsx")
    ids = [
        import_files([path], programme(), small_record(), recorded_at=LATER, recorded_by="anna")
        .table("walk_in")["id"]
        .item()
        for path in (text, tmp_path / "walk_in.xlsx")
    ]
    assert ids == ["walk_in-cf3c33e62bceb22822f9"] * 2


def test_several_files_of_a_kind_and_their_enrolments_come_in_together(tmp_path: Path) -> None:
    heading = "person,enrolment,occurred_from,type,outcome\n"
    paths = [
        write(tmp_path, "meeting-1.csv", heading + "p1,e1,2016-02-03,talk,held\n"),
        write(tmp_path, "meeting-2.csv", heading + "p1,e1,2016-02-04,talk,held\n"),
        write(tmp_path, "enrolled.csv", "person,enrolment,occurred_from,service\np1,e1,2016-01-04,talks\n"),
    ]
    record = import_files(paths, programme(), recorded_at=NOON, recorded_by="anna")
    assert record.as_of().table("meeting")["source"].to_list() == ["meeting-1.csv", "meeting-2.csv"]


def test_facts_of_a_folder_that_do_not_say_when_they_were_recorded_count_from_the_day_they_began(
    tmp_path: Path,
) -> None:
    heading = "person,occurred_from,type,outcome\n"
    write(tmp_path, "facts/meeting.csv", heading + "p1,2016-02-03,talk,held\np1,2016-08-01,talk,planned\n")
    record = read_record(tmp_path, programme())
    assert record.table("meeting")["recorded_at"].to_list() == [datetime(2016, 2, 3, tzinfo=UTC)] * 2
    assert record.as_of().last_day == date(2016, 2, 3)
    assert record.synthetic is False


def test_a_sites_file_takes_the_place_of_the_definitions_sites(tmp_path: Path) -> None:
    write(
        tmp_path, "sites.csv", "site;unit;residents;open_days_per_week;cluster\nwest;outreach;812;2,5;towns\n"
    )
    write(tmp_path, "facts/walk_in.csv", "person,site,occurred_from\np1,west,2016-02-03\n")
    record = read_record(tmp_path, programme())
    assert record.sites.rows() == [("west", "outreach", None, 812, 2.5, "towns")]
    assert record.as_of().table("walk_in")["unit"].to_list() == ["outreach"]


def test_a_heading_without_rows_is_no_facts(tmp_path: Path) -> None:
    path = write(tmp_path, "meeting.csv", "person,occurred_from,type,outcome\n")
    assert imported(path).is_empty()


def test_progress_is_told_of_every_step_and_ends_at_the_whole(tmp_path: Path) -> None:
    write(tmp_path, "facts/walk_in.csv", "person,occurred_from\np1,2016-02-03\n")
    told: list[tuple[int, int, str]] = []
    read_record(tmp_path, programme(), lambda done, total, what: told.append((done, total, what)))
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert told[0] == (0, told[-1][1], "reading walk_in.csv")
    assert told[-1] == (told[-1][1], told[-1][1], "done")


def test_an_answer_column_of_an_earlier_version_is_kept(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "questionnaire_answered.csv",
        "person,questionnaire,rater,occurred_from,programme_version,answer.mood\n"
        "p1,goals,citizen,2016-02-03,1,4\n",
    )
    record = import_files([path], programme(), recorded_at=NOON, recorded_by="anna")
    assert record.as_of().table("questionnaire_answered")["answer.mood"].to_list() == [4]
