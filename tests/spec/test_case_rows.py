"""Where every case stands, one sentence at a time."""

from __future__ import annotations

from datetime import date
from typing import Any

from casebook import Casebook, item, programme, text
from indsats.steer import STATES, case_rows

PROGRAMME = programme(
    events={name: item(name) for name in ("begun", "over", "passed", "second")},
    phases={
        "first": item(
            "First",
            about=text("about"),
            starts=[{"event": "begun"}],
            ends=[{"event": "over"}],
            skipped_by=[{"event": "passed"}],
        ),
        "second": item("Second", about=text("about"), starts=[{"event": "second"}]),
    },
    groups={name: item(name) for name in ("young", "old")},
)


def only(case: Casebook, day: str) -> dict[str, Any]:
    (row,) = case_rows(case.facts(), date.fromisoformat(day)).to_dicts()
    assert row["state"] in STATES
    return row


def enrolled() -> Casebook:
    return Casebook(PROGRAMME).enrol("2016-01-04")


def test_a_case_is_upcoming_then_active_then_ended() -> None:
    case = enrolled().leave("2016-03-01", "job")
    assert [only(case, day)["state"] for day in ("2016-01-03", "2016-01-04", "2016-02-29", "2016-03-01")] == [
        "upcoming",
        "active",
        "active",
        "ended",
    ]


def test_an_exit_that_lies_ahead_is_not_known_yet() -> None:
    case = enrolled().leave("2016-03-01", "job")
    assert (only(case, "2016-02-29")["end"], only(case, "2016-02-29")["exit_reason"]) == (None, None)
    assert (only(case, "2016-03-01")["end"], only(case, "2016-03-01")["exit_reason"]) == (
        date(2016, 3, 1),
        "job",
    )


def test_a_case_is_paused_from_the_first_day_of_the_pause_to_its_last() -> None:
    case = enrolled().fact("pause", "2016-02-01", to="2016-02-10")
    assert [only(case, day)["state"] for day in ("2016-01-31", "2016-02-01", "2016-02-10", "2016-02-11")] == [
        "active",
        "paused",
        "paused",
        "active",
    ]
    assert only(enrolled().fact("pause", "2016-02-01", enrolment=None), "2016-05-01")["state"] == "paused"


def test_a_person_without_an_enrolment_is_a_candidate() -> None:
    case = Casebook(PROGRAMME).fact("visitation", "2016-01-02", enrolment=None, site="city", group="old")
    row = only(case, "2016-01-03")
    assert (row["enrolment"], row["state"], row["site"], row["unit"]) == ("", "candidate", "city", "centre")
    assert (row["group"], row["start"], row["service"]) == ("old", None, None)
    assert case_rows(case.facts(), date(2016, 1, 1)).is_empty()


def test_a_candidate_stands_at_the_newest_fact_with_a_site() -> None:
    case = Casebook(PROGRAMME).fact("visitation", "2016-01-02", enrolment=None, site="city", group="old")
    case.fact("walk_in", "2016-01-05", enrolment=None, site="north").fact(
        "excluded", "2016-01-06", enrolment=None, reason="x"
    )
    assert only(case, "2016-01-10")["site"] == "north"


def test_whoever_is_enrolled_is_no_candidate() -> None:
    case = enrolled().fact("visitation", "2016-01-02", enrolment=None, group="old")
    assert (only(case, "2016-02-01")["enrolment"], only(case, "2016-02-01")["group"]) == ("e1", "old")


def test_the_phase_is_the_open_one_begun_last() -> None:
    case = enrolled().fact("event", "2016-01-10", event="begun")
    assert only(case, "2016-01-09")["phase"] is None
    assert only(case, "2016-01-10")["phase"] == "first"
    case.fact("event", "2016-01-20", event="second")
    assert only(case, "2016-01-25")["phase"] == "second"
    assert only(enrolled().fact("event", "2016-01-20", event="second"), "2016-01-25")["phase"] == "second"


def test_a_phase_that_is_over_or_skipped_is_not_the_phase() -> None:
    over = enrolled().fact("event", "2016-01-10", event="begun").fact("event", "2016-01-20", event="over")
    assert only(over, "2016-01-25")["phase"] is None
    skipped = (
        enrolled().fact("event", "2016-01-08", event="passed").fact("event", "2016-01-10", event="begun")
    )
    assert only(skipped, "2016-01-25")["phase"] is None


def test_a_group_found_later_is_not_known_yet() -> None:
    case = enrolled().fact("visitation", "2016-01-02", enrolment=None, group="old")
    case.fact("visitation", "2016-02-02", enrolment=None, group="young")
    assert [only(case, day)["group"] for day in ("2016-02-01", "2016-02-02")] == ["old", "young"]


def test_the_last_meeting_held_and_the_next_one_planned() -> None:
    case = enrolled().meet("2016-01-10").meet("2016-01-20").meet("2016-02-10", "planned")
    case.meet("2016-02-20", "planned").meet("2016-01-25", "no_show")
    row = only(case, "2016-01-30")
    assert (row["last_held"], row["next_planned"]) == (date(2016, 1, 20), date(2016, 2, 10))
    assert only(case, "2016-02-10")["next_planned"] == date(2016, 2, 10)
    assert only(case, "2016-02-11")["next_planned"] == date(2016, 2, 20)


def test_a_case_that_has_ended_has_no_next_meeting() -> None:
    case = enrolled().meet("2016-01-10").meet("2016-02-10", "planned").leave("2016-01-15")
    row = only(case, "2016-01-30")
    assert (row["last_held"], row["next_planned"]) == (date(2016, 1, 10), None)


def test_a_meeting_that_names_no_enrolment_is_of_the_open_one_that_began_last() -> None:
    case = enrolled().enrol("2016-01-06", enrolment="e2").meet("2016-02-10", "planned", enrolment=None)
    rows = case_rows(case.facts(), date(2016, 2, 1))
    assert rows.select("enrolment", "next_planned").rows() == [("e1", None), ("e2", date(2016, 2, 10))]


def test_a_candidate_has_meetings_too() -> None:
    case = Casebook(PROGRAMME).meet("2016-02-10", "planned", enrolment=None, site="city")
    assert only(case, "2016-02-01")["next_planned"] == date(2016, 2, 10)
