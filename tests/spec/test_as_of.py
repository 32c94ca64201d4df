"""What "as known at a time" means, one example for each sentence."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from indsats.problem import InputRefused
from indsats.record import Facts, Record, import_files
from logbook import LATER, NOON, enrolled, leave, meeting, programme, small_record, write

BETWEEN = datetime(2016, 7, 1, tzinfo=UTC)


def outcome(facts: Facts, fact_id: str = "m1") -> str:
    return facts.table("meeting").filter(id=fact_id)["outcome"].item()


def corrected(record: Record) -> Record:
    return record.correct("m1", {"outcome": "cancelled"}, recorded_at=LATER, recorded_by="bo", source="phone")


def test_a_fact_recorded_late_is_not_known_before_it_was_recorded() -> None:
    late = small_record().add(
        "meeting", [meeting(day="2016-03-01")], recorded_at=LATER, recorded_by="anna", source="web"
    )
    assert date(2016, 3, 1) not in late.as_of(BETWEEN).table("meeting")["occurred_from"].to_list()
    assert date(2016, 3, 1) in late.as_of(LATER).table("meeting")["occurred_from"].to_list()


def test_a_correction_made_after_a_report_changes_the_record_now() -> None:
    assert outcome(corrected(small_record()).as_of()) == "cancelled"


def test_a_correction_made_after_a_report_leaves_the_report_as_it_was() -> None:
    before = small_record()
    view, again = before.as_of(BETWEEN), corrected(before).as_of(BETWEEN)
    assert outcome(again) == "held"
    assert again.table("meeting").sort("id").equals(view.table("meeting").sort("id"))


def test_a_correction_is_known_from_the_moment_it_is_recorded() -> None:
    assert outcome(corrected(small_record()).as_of(LATER)) == "cancelled"


def test_a_view_has_one_version_of_each_fact() -> None:
    record = corrected(small_record())
    assert record.table("meeting").height == 3
    for known in (BETWEEN, LATER, None):
        assert record.as_of(known).table("meeting")["id"].is_unique().all()


def test_a_withdrawn_fact_was_known_until_it_was_withdrawn() -> None:
    record = small_record().withdraw("m1", recorded_at=LATER, recorded_by="bo", source="mistaken person")
    assert "m1" in record.as_of(BETWEEN).table("meeting")["id"].to_list()
    assert "m1" not in record.as_of().table("meeting")["id"].to_list()


def test_who_withdrew_a_fact_and_why_is_kept() -> None:
    record = small_record().withdraw("m1", recorded_at=LATER, recorded_by="bo", source="mistaken person")
    last = record.table("meeting").filter(id="m1", version=2)
    assert (last["recorded_by"].item(), last["source"].item()) == ("bo", "mistaken person")


def test_an_enrolment_is_open_in_a_view_from_before_its_exit_was_recorded() -> None:
    record = small_record().add("exit", [leave()], recorded_at=LATER, recorded_by="anna", source="web")
    ends = {
        known: record.as_of(known).enrolments().filter(enrolment="e1")["end"].item() for known in (NOON, None)
    }
    assert ends == {NOON: None, None: date(2016, 5, 2)}


def test_of_two_extracts_that_differ_each_is_what_was_known_when_it_was_taken(tmp_path: Path) -> None:
    definition = programme()
    heading = "id,version,person,enrolment,occurred_from,type,outcome\n"
    first = [
        write(tmp_path, "enrolled.csv", "person,enrolment,service,occurred_from\np1,e1,talks,2016-01-04\n"),
        write(tmp_path, "meeting.csv", heading + "m1,1,p1,e1,2016-02-01,talk,held\n"),
    ]
    second = [write(tmp_path, "meeting-extract-2.csv", heading + "m1,2,p1,e1,2016-02-01,talk,moved\n")]
    record = import_files(first, definition, recorded_at=NOON, recorded_by="anna")
    record = import_files(second, definition, record, recorded_at=LATER, recorded_by="anna")
    assert outcome(record.as_of(NOON)) == "held"
    assert outcome(record.as_of(LATER)) == "moved"


def test_nothing_is_known_before_the_first_fact_was_recorded() -> None:
    facts = small_record().as_of(datetime(2016, 1, 1, tzinfo=UTC))
    assert facts.table("meeting").is_empty()
    with pytest.raises(InputRefused, match="no facts known by 2016-01-01"):
        _ = facts.last_day


def test_the_data_end_with_the_last_day_a_fact_occurred_however_late_it_was_corrected() -> None:
    assert small_record().as_of().last_day == date(2016, 2, 1)
    assert corrected(small_record()).as_of().last_day == date(2016, 2, 1)


def test_an_appointment_that_lies_ahead_does_not_lengthen_the_data() -> None:
    record = small_record().add(
        "meeting",
        [meeting(day="2017-01-01", outcome="planned")],
        recorded_at=NOON,
        recorded_by="a",
        source="w",
    )
    assert record.as_of().last_day == date(2016, 2, 1)


def test_what_is_recorded_just_before_midnight_utc_in_summer_belongs_to_the_next_danish_day() -> None:
    late = datetime(2016, 6, 30, 22, 30, tzinfo=UTC)
    record = small_record().add(
        "meeting", [meeting(day="2016-07-01")], recorded_at=late, recorded_by="a", source="w"
    )
    assert record.as_of().last_day == date(2016, 7, 1)


def test_a_time_without_a_zone_is_no_moment() -> None:
    with pytest.raises(ValueError, match="zone"):
        small_record().as_of(datetime(2016, 6, 1))  # noqa: DTZ001


def test_a_fact_without_a_site_takes_its_enrolments_site_and_unit() -> None:
    table = small_record().as_of().table("meeting")
    assert dict(table.select("id", "unit").iter_rows()) == {"m1": "outreach", "m2": "centre"}
    assert table["service"].to_list() == ["talks", "talks"]


def test_facts_recorded_under_an_older_version_of_the_programme_keep_it() -> None:
    old = small_record(programme(version=1))
    new = old.under(programme(version=2)).add(
        "enrolled", [enrolled("p3")], recorded_at=LATER, recorded_by="anna", source="web"
    )
    versions = new.table("enrolled").select("person", "programme_version")
    assert dict(versions.iter_rows()) == {"p1": 1, "p2": 1, "p3": 2}
