"""Every check of a fact: what breaks it, which column is named, and what the message says to do."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from indsats.problem import InputRefused, Problem
from indsats.record import Record, empty_record, record_from_tables
from logbook import LATER, answered, codes, enrolled, leave, meeting, programme, small_record, text

DAY = date(2016, 3, 1)


def refused(kind: str, *rows: dict[str, Any], record: Record | None = None) -> list[Problem]:
    with pytest.raises(InputRefused) as caught:
        (record or small_record()).add(kind, rows, recorded_at=LATER, recorded_by="anna", source="web")
    return list(caught.value.problems)


def accepted(kind: str, *rows: dict[str, Any], record: Record | None = None) -> Record:
    return (record or small_record()).add(kind, rows, recorded_at=LATER, recorded_by="anna", source="web")


REQUIREMENT = {"person": "p1", "enrolment": "e1", "requirement": "contact", "occurred_from": DAY}
HOURS = {"person": "p1", "enrolment": "e1", "type": "ordinary", "hours_per_week": 12.5, "occurred_from": DAY}
EVENT = {"person": "p1", "event": "strategy-made", "occurred_from": DAY}

BROKEN: list[tuple[str, dict[str, Any], str, str]] = [
    ("meeting", meeting(outcome="noshow"), "outcome", "Did you mean 'no_show'"),
    ("meeting", meeting(type="tlak"), "type", "Did you mean 'talk'"),
    ("meeting", meeting(type=None), "type", "Fill it in"),
    ("meeting", {**meeting(), "person": None, "enrolment": None}, "person", "Fill it in"),
    ("meeting", {**meeting(), "occurred_from": None}, "occurred_from", "Fill it in"),
    ("meeting", meeting(site="norht"), "site", "Did you mean 'north'"),
    ("meeting", meeting(enrolment="e9"), "enrolment", "file 'enrolled'"),
    ("meeting", {**meeting("p1"), "enrolment": "e2"}, "person", "Check the person and the enrolment"),
    ("meeting", meeting(day="2016-03-02", occurred_to=DAY), "occurred_to", "swapped"),
    ("meeting", meeting(day="2017-01-01"), "occurred_from", "Check the date"),
    ("meeting", meeting(day="2016-08-01", occurred_to=date(2017, 1, 1)), "occurred_to", "leave the end open"),
    ("meeting", meeting(kind="walk_in"), "kind", "Move the row"),
    ("meeting", meeting(programme="other"), "programme", "own programme"),
    ("meeting", meeting(programme_version=3), "programme_version", "newest version"),
    ("meeting", meeting(version=0), "version", "Write 1"),
    ("meeting", meeting(recorded_at="2099-01-01T00:00:00Z"), "recorded_at", "Check the year"),
    ("meeting", meeting(version=2), "version", "1, 2, 3"),
    ("meeting", {**meeting(), "person": "3113801234", "enrolment": None}, "person", "leading zero"),
    ("meeting", {**meeting(), "person": "101801234", "enrolment": None}, "person", "leading zero"),
    ("enrolled", enrolled("p3", service="tlaks"), "service", "Did you mean 'talks'"),
    ("enrolled", enrolled("p3", enrolment=None), "enrolment", "id of the enrolment"),
    ("enrolled", enrolled("p3", enrolment="e1"), "enrolment", "an id of its own"),
    ("enrolled", enrolled("p1", "2016-03-01", enrolment="e9"), "enrolment", "exit of the earlier enrolment"),
    ("walk_in", {"site": "north", "has_case": True, "occurred_from": DAY}, "person", "Fill it in"),
    ("walk_in", {"site": "north", "occurred_from": DAY}, "person", "Fill it in"),
    ("walk_in", {"has_case": False, "occurred_from": DAY}, "site", "Fill it in"),
    ("walk_in", {"enrolment": "e1", "has_case": False, "occurred_from": DAY}, "person", "Fill it in"),
    ("exit", leave("p1", "2016-01-03"), "occurred_from", "day of the start at the earliest"),
    ("exit", leave("p1", reason="jbo"), "reason", "Did you mean 'job'"),
    ("requirement_answered", {**REQUIREMENT, "answer": "maybe"}, "answer", "not_applicable"),
    ("requirement_answered", {**REQUIREMENT, "requirement": "x", "answer": "yes"}, "requirement", "contact"),
    ("requirement_answered", {**REQUIREMENT, "answer": "no", "reason": "no-tim"}, "reason", "'no-time'"),
    ("questionnaire_answered", {**answered(), "questionnaire": "gaols"}, "questionnaire", "'goals'"),
    ("questionnaire_answered", {**answered(), "rater": "mother"}, "rater", "citizen, caseworker"),
    ("questionnaire_answered", answered(skills=6), "answer.skills", "leave the cell empty"),
    ("questionnaire_answered", answered(skills=None, health=None), "questionnaire", "no answer is no fact"),
    ("questionnaire_answered", answered(skills=3, calm=4), "answer.calm", "skills, health"),
    ("questionnaire_answered", answered(skills=3, mood=4), "answer.mood", "skills, health"),
    ("event", {**EVENT, "event": "strategy"}, "event", "'strategy-made'"),
    ("assigned", {"person": "p1", "role": "coordnator", "occurred_from": DAY}, "role", "'coordinator'"),
    ("hours", {**HOURS, "hours_per_week": 169.0}, "hours_per_week", "its unit"),
    ("hours", {**HOURS, "hours_per_week": -1.0}, "hours_per_week", "its unit"),
    ("hours", {**HOURS, "hours_per_week": "twelve"}, "hours_per_week", "12,5"),
    ("hours", {**HOURS, "evidence": "rumour"}, "evidence", "payslip"),
    ("job_goal", {"person": "p1", "level": "D", "occurred_from": DAY}, "level", "A, B, C"),
]


@pytest.mark.parametrize(("kind", "row", "column", "remedy"), BROKEN)
def test_a_broken_fact_is_refused_with_column_and_remedy(
    kind: str, row: dict[str, Any], column: str, remedy: str
) -> None:
    found = refused(kind, row)
    assert (column, True) in [(problem.field, remedy in problem.remedy) for problem in found], found
    assert all(problem.what and problem.remedy for problem in found)


SOUND: list[tuple[str, dict[str, Any]]] = [
    ("meeting", meeting(day="2017-01-01", outcome="planned")),
    ("meeting", meeting(day="2017-01-01", outcome="cancelled")),
    ("placement", {**HOURS, "type": "traineeship", "occurred_to": date(2017, 1, 1)}),
    ("hours", {**HOURS, "occurred_to": date(2017, 1, 1)}),
    ("requirement_answered", {**REQUIREMENT, "answer": "no", "reason": "no-need"}),
    ("enrolled", enrolled("p1", "2016-03-01", enrolment="e9", service="course")),
    ("walk_in", {"person": "0101801234", "occurred_from": DAY, "summoned": False}),
    ("walk_in", {"person": "610180-1234", "occurred_from": DAY}),
    ("walk_in", {"site": "north", "has_case": False, "occurred_from": DAY}),
    ("visitation", {"person": "p7", "occurred_from": DAY}),
    ("event", EVENT),
    ("exit", leave("p1", "2016-01-04")),
]


@pytest.mark.parametrize(("kind", "row"), SOUND)
def test_a_sound_fact_is_accepted(kind: str, row: dict[str, Any]) -> None:
    before, after = small_record(), accepted(kind, row)
    assert after.table(kind).height == before.table(kind).height + 1


def test_every_problem_is_told_at_once() -> None:
    found = refused("meeting", meeting(type="x", outcome="y", site="z"), meeting(day="2016-02-02", type="w"))
    assert [(problem.row, problem.field) for problem in found] == [
        (2, "outcome"),
        (2, "type"),
        (2, "site"),
        (3, "type"),
    ]


def test_an_entry_rule_refuses_with_what_it_says() -> None:
    (problem,) = refused("meeting", meeting(outcome="no_show"))
    assert problem.what == "a no-show needs a reason"
    assert problem.value == "outcome: no_show, reason: –"


def rule(must: str) -> Any:
    return programme(
        entry_rules={"rule": {"source": "L1", "kind": "hours", "must": must, "say": text("not allowed here")}}
    )


def test_an_entry_rule_may_ask_about_the_enrolments_service_and_the_sites_unit() -> None:
    record = small_record(rule('service == "course" or unit == "centre"'))
    assert refused("hours", HOURS, record=record)[0].what == "not allowed here"
    assert accepted("hours", {**HOURS, "person": "p2", "enrolment": "e2"}, record=record)


def test_an_entry_rule_that_cannot_be_decided_refuses_nothing() -> None:
    assert accepted("hours", HOURS, record=small_record(rule("days_between(occurred_from, occurred_to) < 5")))


def test_time_since_in_an_entry_rule_counts_to_the_day_of_recording() -> None:
    record = small_record(rule("days_since(occurred_from) <= 30"))
    assert accepted("hours", {**HOURS, "occurred_from": date(2016, 8, 15)}, record=record)
    assert refused("hours", HOURS, record=record)[0].what == "not allowed here"


def test_facts_of_an_older_version_are_not_judged_by_the_new_lists() -> None:
    assert accepted("meeting", meeting(type="old-type", programme_version=1))
    assert accepted("questionnaire_answered", {**answered(mood=9), "programme_version": 1})


def test_two_facts_that_say_the_same_are_taken_for_one_written_twice() -> None:
    (problem,) = refused(
        "walk_in", {"person": "p1", "occurred_from": DAY}, {"person": "p1", "occurred_from": DAY}
    )
    assert problem.row == 3
    assert "an id of its own" in problem.remedy


def test_the_same_thing_may_happen_twice_when_each_has_an_id() -> None:
    row = {"person": "p1", "occurred_from": DAY}
    assert accepted("walk_in", {**row, "id": "w1"}, {**row, "id": "w2"}).table("walk_in").height == 2


def test_an_id_belongs_to_one_kind() -> None:
    found = refused("walk_in", {"id": "m1", "person": "p1", "occurred_from": DAY})
    assert [problem.field for problem in found] == ["id"]


def test_person_numbers_never_stand_in_a_message() -> None:
    found = refused(
        "meeting", {**meeting(), "person": "010180-1234", "enrolment": "0101801234-1", "type": "x"}
    )
    told = " ".join(str(problem) for problem in found)
    assert "1234" not in told.replace("••••••-••••", "")
    assert any(problem.field == "enrolment" and problem.value == "••••••-••••-1" for problem in found)


def test_a_person_must_be_in_the_table_of_persons_where_there_is_one() -> None:
    with pytest.raises(InputRefused, match="not in the table of persons"):
        record_from_tables(
            programme(),
            {"enrolled": [enrolled("p1")]},
            persons=pl.DataFrame({"person": ["p2"]}),
            recorded_at=LATER,
        )


def test_an_invented_persons_impossible_month_is_right_in_synthetic_data_only() -> None:
    visit = {"person": "012180-1234", "occurred_from": DAY}
    real, invented = empty_record(programme()), empty_record(programme(), synthetic=True)
    assert refused("walk_in", visit, record=real)[0].field == "person"
    assert accepted("walk_in", visit, record=invented)
    assert refused("walk_in", {**visit, "person": "014580-1234"}, record=invented)[0].field == "person"


def test_an_enrolment_may_begin_on_the_day_the_one_before_it_ended() -> None:
    record = accepted("exit", leave("p1", "2016-05-02"))
    assert accepted("enrolled", enrolled("p1", "2016-05-02", enrolment="e9"), record=record)
    found = refused("enrolled", enrolled("p1", "2016-05-01", enrolment="e9"), record=record)
    assert "already enrolled" in found[0].what


def test_a_long_enrolment_overlaps_one_that_follows_a_short_one_within_it() -> None:
    record = accepted("exit", leave("p1", "2016-08-01"))
    short = [enrolled("p1", "2016-02-01", enrolment="a"), enrolled("p1", "2016-04-01", enrolment="b")]
    found = refused("enrolled", *short, record=record)
    assert [problem.row for problem in found] == [2, 3]


def test_an_enrolment_ends_once() -> None:
    found = refused("exit", leave("p1", "2016-06-02"), record=accepted("exit", leave("p1")))
    assert "ends on more than one row" in found[0].what


def test_a_programme_without_a_list_takes_any_text() -> None:
    free = small_record(programme(codes={}, roles={}))
    assert accepted("meeting", meeting(type="anything"), record=free)
    assert accepted("assigned", {"person": "p1", "role": "any", "occurred_from": DAY}, record=free)


def test_a_code_list_goes_before_the_parts_of_the_definition() -> None:
    listed = programme(codes={"roles": codes("assigned.role", values=("buddy",))})
    role = {"person": "p1", "occurred_from": DAY}
    assert accepted("assigned", {**role, "role": "buddy"}, record=small_record(listed))
    (problem,) = refused("assigned", {**role, "role": "coordinator"}, record=small_record(listed))
    assert "buddy" in problem.remedy


def test_an_unknown_kind_or_field_is_refused_with_what_was_meant() -> None:
    assert "'meeting'" in refused("meting", meeting())[0].remedy
    assert "'place'" in refused("meeting", {**meeting(), "plase": "home"})[0].remedy
