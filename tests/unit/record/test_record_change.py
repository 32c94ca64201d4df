"""Corrections and withdrawals: append-only, in order, all or nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from indsats.problem import InputRefused, Problem
from indsats.record import Record, empty_record
from logbook import LATER, NOON, enrolled, leave, meeting, programme, small_record

STILL_LATER = LATER + timedelta(days=1)
BY: dict[str, Any] = {"recorded_at": LATER, "recorded_by": "bo", "source": "phone"}


def refused(change: Any) -> list[Problem]:
    with pytest.raises(InputRefused) as caught:
        change()
    return list(caught.value.problems)


def versions(record: Record, fact_id: str) -> list[tuple[Any, ...]]:
    table = record.table("meeting").filter(id=fact_id).sort("version")
    return table.select("version", "outcome", "recorded_at", "recorded_by", "replaced_at").rows()


def test_a_correction_closes_the_old_version_and_adds_one() -> None:
    before = small_record()
    after = before.correct("m1", {"outcome": "moved"}, **BY)
    assert versions(after, "m1") == [(1, "held", NOON, "anna", LATER), (2, "moved", LATER, "bo", None)]
    assert versions(before, "m1") == [(1, "held", NOON, "anna", None)]


def test_a_correction_may_change_day_person_and_answers() -> None:
    record = small_record()
    fact = record.table("questionnaire_answered").filter(person="p1")["id"].item()
    changes = {"occurred_from": "03-02-2016", "answers": {"skills": 5}}
    table = record.correct(fact, changes, **BY).as_of().table("questionnaire_answered").filter(id=fact)
    assert table.select("occurred_from", "answer.skills", "answer.health").row(0) == (date(2016, 2, 3), 5, 4)


def test_a_value_may_be_corrected_to_nothing() -> None:
    record = small_record().correct("m2", {"outcome": "held", "reason": None}, **BY)
    assert record.as_of().table("meeting").filter(id="m2")["reason"].item() is None


def test_a_correction_is_checked_like_any_fact() -> None:
    (problem,) = refused(lambda: small_record().correct("m1", {"outcome": "no_show"}, **BY))
    assert problem.what == "a no-show needs a reason"


def test_a_correction_of_an_unknown_fact_is_refused() -> None:
    assert "no fact with this id" in refused(lambda: small_record().correct("m9", {}, **BY))[0].what


def test_a_correction_of_an_unknown_field_is_refused() -> None:
    (problem,) = refused(lambda: small_record().correct("m1", {"outcom": "held"}, **BY))
    assert "'outcome'" in problem.remedy


@pytest.mark.parametrize("field", ["id", "version", "recorded_at", "replaced_at", "kind"])
def test_what_the_record_keeps_itself_cannot_be_corrected(field: str) -> None:
    (problem,) = refused(lambda: small_record().correct("m1", {field: "x"}, **BY))
    assert problem.field == field


def test_correcting_a_version_that_has_been_replaced_is_refused() -> None:
    record = small_record().correct("m1", {"place": "home"}, **BY)
    by = {**BY, "recorded_at": STILL_LATER}
    (problem,) = refused(lambda: record.correct("m1", {"place": "office"}, version=1, **by))
    assert "version 1 has been replaced" in problem.what
    again = record.correct("m1", {"place": "office"}, version=2, **by)
    assert [row[0] for row in versions(again, "m1")] == [1, 2, 3]


def test_a_withdrawn_fact_cannot_be_corrected_or_withdrawn_again() -> None:
    record = small_record().withdraw("m1", **BY)
    by = {**BY, "recorded_at": STILL_LATER}
    assert "withdrawn" in refused(lambda: record.correct("m1", {"place": "x"}, **by))[0].what
    assert "withdrawn" in refused(lambda: record.withdraw("m1", **by))[0].what


@pytest.mark.parametrize("at", [NOON, NOON - timedelta(days=1)])
def test_a_correction_is_recorded_after_what_it_corrects(at: datetime) -> None:
    by = {**BY, "recorded_at": at}
    assert "no later than" in refused(lambda: small_record().correct("m1", {"place": "x"}, **by))[0].what


def test_an_enrolment_that_facts_point_to_cannot_be_withdrawn_or_renamed() -> None:
    record = small_record()
    fact = record.table("enrolled").filter(person="p1")["id"].item()
    assert "would no longer be there" in refused(lambda: record.withdraw(fact, **BY))[0].what
    assert refused(lambda: record.correct(fact, {"enrolment": "e9"}, **BY))


def test_an_enrolment_without_facts_can_be_withdrawn() -> None:
    record = small_record().add("enrolled", [enrolled("p3", id="x")], **{**BY, "recorded_at": NOON})
    assert "e3" not in record.withdraw("x", **BY).as_of().enrolments()["enrolment"].to_list()


def test_an_enrolments_start_cannot_be_corrected_past_its_exit() -> None:
    record = small_record().add("exit", [leave()], **BY)
    fact = record.table("enrolled").filter(person="p1")["id"].item()
    by = {**BY, "recorded_at": STILL_LATER}
    found = refused(lambda: record.correct(fact, {"occurred_from": date(2016, 5, 3)}, **by))
    assert "exit lies before" in found[0].what


def test_a_fact_of_an_older_programme_version_can_be_corrected_and_stays_under_it() -> None:
    old = {**meeting(day="2016-02-09", type="old-type"), "id": "m0", "programme_version": 1}
    record = small_record().add("meeting", [old], **{**BY, "recorded_at": NOON})
    table = record.correct("m0", {"place": "home"}, **BY).as_of().table("meeting").filter(id="m0")
    assert table.select("type", "place", "programme_version").row(0) == ("old-type", "home", 1)


def test_a_time_without_a_zone_is_refused() -> None:
    naive = datetime(2016, 9, 1)  # noqa: DTZ001
    with pytest.raises(ValueError, match="zone"):
        small_record().add("meeting", [meeting()], recorded_at=naive, recorded_by="a", source="w")


def test_an_empty_record_gives_empty_tables_with_the_right_columns() -> None:
    record = empty_record(programme())
    assert record.table("meeting").is_empty()
    assert record.as_of().table("meeting").columns == small_record().as_of().table("meeting").columns
    assert record.as_of().enrolments().columns == small_record().as_of().enrolments().columns
    assert record.sites["site"].to_list() == ["north", "city"]


def test_an_unknown_kind_has_no_table() -> None:
    with pytest.raises(KeyError, match="no kind of fact"):
        small_record().table("meetings")
    with pytest.raises(KeyError, match="no kind of fact"):
        small_record().as_of().table("meetings")


def test_a_record_goes_under_another_version_of_its_own_programme_only() -> None:
    with pytest.raises(ValueError, match="cannot go under"):
        small_record().under(programme(programme="other"))


def test_a_correction_in_a_tie_of_times_across_zones_is_kept_in_utc() -> None:
    danish = datetime(2016, 9, 1, 14, tzinfo=UTC) - timedelta(hours=2)
    record = small_record().correct("m1", {"place": "x"}, **{**BY, "recorded_at": danish})
    assert versions(record, "m1")[1][2] == LATER
