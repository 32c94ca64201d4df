"""The queues of a working day, one sentence at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from casebook import Casebook, item, programme, text
from indsats.steer import QUEUES, worklist

HELD = {"kind": "meeting", "where": 'outcome == "held"'}
PROGRAMME = programme(
    roles={
        "caseworker": item("Caseworker", does=text("leads the case")),
        "broker": item("Broker", does=text("finds jobs")),
        "both": item("Both", does=text("does both"), combines=["caseworker", "broker"]),
        "firm": item("Firm", does=text("employs"), external=True),
    },
    events={name: item(name) for name in ("begun", "over")},
    phases={
        "busy": item("Busy", about=text("about"), starts=[{"event": "begun"}], ends=[{"event": "over"}]),
    },
    cadences={
        "contact": item("Contact", what=[HELD], every="P28D"),
        "in-phase": item("Talk", phase="busy", what=[HELD], every="P14D"),
        "goals-again": item(
            "Goals again",
            what=[{"kind": "questionnaire_answered", "where": 'questionnaire == "goals"'}],
            every="P28D",
        ),
    },
    requirements={
        "plan-made": item("Plan made", ask=text("Is there a plan?"), due="P30D"),
        "in-the-end": item("Said goodbye", ask=text("Was goodbye said?")),
    },
    questionnaires={
        "goals": item(
            "Goals",
            about="person",
            raters=["broker", "citizen"],
            scale={"low": 1, "high": 5},
            items={"a": item("A")},
            cadence="goals-again",
        ),
        "wellbeing": item(
            "Well-being",
            about="person",
            raters=["citizen"],
            scale={"low": 1, "high": 5},
            items={"a": item("A")},
            waves={"start": item("Start", after="P0D"), "later": item("Later", after="P90D")},
            window={"early": "P7D", "late": "P14D"},
        ),
    },
)


def book() -> Casebook:
    """An enrolment of 4 January 2016 with a caseworker from that day."""
    case = Casebook(PROGRAMME).enrol("2016-01-04")
    return case.fact("assigned", "2016-01-04", role="caseworker", worker="w1")


def rows(case: Casebook, queue: str, day: str) -> list[dict[str, Any]]:
    """The items that are on the list of a queue on a day."""
    today = date.fromisoformat(day)
    table = worklist(case.facts(), today).filter(
        (pl.col("queue") == queue)
        & (pl.col("opens") <= today)
        & (pl.col("closes").is_null() | (pl.col("closes") >= today))
    )
    return table.to_dicts()


def shown(case: Casebook, queue: str, day: str) -> list[str]:
    return [
        " ".join(
            part
            for part in (
                row["worker"] or "nobody",
                row["what"],
                f"since {row['opens']:%m-%d}",
                f"by {row['due']:%m-%d}" if row["due"] else "",
            )
            if part
        )
        for row in rows(case, queue, day)
    ]


def fell(case: Casebook, queue: str, on: str, off: str) -> bool:
    """Whether the case comes on the list of the queue on one day and is off it from another on."""
    eve = date.fromordinal(date.fromisoformat(on).toordinal() - 1).isoformat()
    last = date.fromordinal(date.fromisoformat(off).toordinal() - 1).isoformat()
    return [bool(rows(case, queue, day)) for day in (eve, on, last, off)] == [False, True, True, False]


def test_every_queue_has_a_title_and_a_sentence_in_both_languages() -> None:
    for queue in QUEUES.values():
        assert queue.about.da.endswith(".")
        assert queue.about.en.endswith(".")
        assert queue.title.da
        assert queue.title.en


# Who has the case


def test_a_case_nobody_has_is_unassigned_from_its_first_day() -> None:
    case = Casebook(PROGRAMME).enrol("2016-01-04")
    assert shown(case, "unassigned", "2016-01-20") == ["nobody since 01-04"]
    assert shown(book(), "unassigned", "2016-01-20") == []


def test_somebody_outside_the_programme_has_no_case() -> None:
    case = Casebook(PROGRAMME).enrol("2016-01-04").fact("assigned", "2016-01-05", role="firm", worker="f1")
    assert shown(case, "unassigned", "2016-01-20") == ["nobody since 01-04"]


def test_a_case_whose_worker_left_is_unassigned_from_the_day_after() -> None:
    case = Casebook(PROGRAMME).enrol("2016-01-04")
    case.fact("assigned", "2016-01-04", to="2016-01-10", role="caseworker", worker="w1")
    assert shown(case, "unassigned", "2016-01-10") == []
    assert shown(case, "unassigned", "2016-01-11") == ["nobody since 01-11"]


def test_a_case_is_new_for_fourteen_days() -> None:
    assert shown(book(), "new_to_me", "2016-01-18") == ["w1 since 01-04"]
    assert shown(book(), "new_to_me", "2016-01-19") == []


def test_a_further_role_makes_no_case_new() -> None:
    case = book().fact("assigned", "2016-01-20", role="broker", worker="w1")
    assert shown(case, "new_to_me", "2016-01-21") == []


def test_a_case_handed_over_is_new_to_the_one_who_got_it() -> None:
    case = book().fact("assigned", "2016-01-20", role="caseworker", worker="w2")
    assert shown(case, "new_to_me", "2016-01-21") == ["w2 since 01-20"]


def test_the_first_role_of_the_definition_that_is_filled_acts() -> None:
    case = Casebook(PROGRAMME).enrol("2016-01-04")
    case.fact("assigned", "2016-01-04", role="broker", worker="w2")
    assert [row["role"] for row in rows(case, "no_next_step", "2016-01-10")] == ["broker"]
    case.fact("assigned", "2016-01-08", role="caseworker", worker="w1")
    assert [row["worker"] for row in rows(case, "no_next_step", "2016-01-10")] == ["w1"]


def test_a_worker_in_a_combined_role_acts_in_the_roles_it_combines() -> None:
    case = Casebook(PROGRAMME).enrol("2016-01-04").fact("assigned", "2016-01-04", role="both", worker="w3")
    (row,) = rows(case, "no_next_step", "2016-01-10")
    assert (row["worker"], row["role"]) == ("w3", "caseworker")


# Meetings


def test_a_case_without_a_meeting_ahead_lacks_a_next_step() -> None:
    assert shown(book(), "no_next_step", "2016-01-10") == ["w1 since 01-04"]
    ahead = book().meet("2016-01-20", "planned")
    assert shown(ahead, "no_next_step", "2016-01-20") == []
    assert shown(ahead, "no_next_step", "2016-01-21") == ["w1 since 01-21"]


def test_what_was_met_or_missed_needs_a_next_step_the_same_day() -> None:
    assert shown(book().meet("2016-01-20"), "no_next_step", "2016-01-20") == ["w1 since 01-20"]
    assert shown(book().meet("2016-01-20", "no_show"), "no_next_step", "2016-01-20") == ["w1 since 01-20"]


def test_a_meeting_called_off_is_no_next_step() -> None:
    assert shown(book().meet("2016-01-20", "cancelled"), "no_next_step", "2016-01-10") == ["w1 since 01-04"]


def test_a_paused_case_needs_no_next_step_before_the_pause_is_over() -> None:
    paused = book().fact("pause", "2016-01-10", to="2016-01-15")
    assert shown(paused, "no_next_step", "2016-01-12") == []
    assert shown(paused, "no_next_step", "2016-01-16") == ["w1 since 01-16"]
    assert shown(book().fact("pause", "2016-01-10"), "no_next_step", "2016-03-01") == []


def test_an_appointment_is_on_the_list_of_its_day_alone() -> None:
    case = book().meet("2016-01-20", "planned", worker="w2")
    assert fell(case, "meetings_today", "2016-01-20", "2016-01-21")
    assert shown(case, "meetings_today", "2016-01-20") == ["w2 talk since 01-20 by 01-20"]


def test_a_meeting_the_citizen_asks_to_move_is_on_the_list_until_its_day_is_over() -> None:
    asked = {"citizen_said": "move", "worker": "w2", "recorded_at": datetime(2016, 1, 12, 23, 30, tzinfo=UTC)}
    case = book().meet("2016-01-20", "planned", **asked)
    # written at half past midnight in Denmark
    assert fell(case, "meetings_to_move", "2016-01-13", "2016-01-21")
    (row,) = rows(case, "meetings_to_move", "2016-01-13")
    assert (row["worker"], row["due"], row["what"]) == ("w2", date(2016, 1, 20), "")
    assert row["fact"] == rows(case, "meetings_today", "2016-01-20")[0]["fact"]
    coming = book().meet("2016-01-20", "planned", **{**asked, "citizen_said": "coming"})
    assert rows(coming, "meetings_to_move", "2016-01-13") == []
    held = book().meet("2016-01-20", "held", **asked)
    assert rows(held, "meetings_to_move", "2016-01-20") == []


def test_an_appointment_stands_in_a_pause() -> None:
    case = book().meet("2016-01-20", "planned").fact("pause", "2016-01-10")
    assert shown(case, "meetings_today", "2016-01-20") == ["w1 talk since 01-20 by 01-20"]


def test_a_meeting_without_an_outcome_is_asked_about_from_the_day_after() -> None:
    case = book().meet("2016-01-20", "planned")
    assert shown(case, "meetings_unanswered", "2016-01-20") == []
    assert shown(case, "meetings_unanswered", "2016-01-21") == ["w1 talk since 01-21"]
    assert shown(book().meet("2016-01-20"), "meetings_unanswered", "2016-01-21") == []


def test_whoever_left_the_case_does_not_answer_for_its_old_meetings() -> None:
    case = book().meet("2016-01-20", "planned", worker="gone")
    assert shown(case, "meetings_unanswered", "2016-01-21") == ["w1 talk since 01-21"]


def test_a_meeting_of_a_person_not_enrolled_is_its_workers() -> None:
    case = Casebook(PROGRAMME).meet("2016-01-20", "planned", enrolment=None, site="city", worker="w9")
    (row,) = rows(case, "meetings_today", "2016-01-20")
    assert (row["enrolment"], row["person"], row["site"], row["unit"]) == ("", "p1", "city", "centre")
    assert shown(case, "meetings_unanswered", "2016-01-21") == ["w9 talk since 01-21"]


def test_a_meeting_that_names_no_enrolment_is_of_the_open_one_that_began_last() -> None:
    case = book().enrol("2016-01-10", enrolment="e2", site="city")
    case.meet("2016-01-20", "planned", enrolment=None)
    assert [row["enrolment"] for row in rows(case, "meetings_today", "2016-01-20")] == ["e2"]
    gone = Casebook(PROGRAMME).enrol("2016-01-04").leave("2016-01-10")
    gone.meet("2016-01-20", "planned", enrolment=None)
    assert rows(gone, "meetings_today", "2016-01-20") == []


def test_contact_is_on_the_list_from_a_week_before_it_is_due() -> None:
    assert shown(book(), "meetings_late", "2016-01-24") == []
    assert shown(book(), "meetings_late", "2016-01-25") == ["w1 contact since 01-25 by 02-01"]
    assert shown(book(), "meetings_late", "2016-03-01") == ["w1 contact since 01-25 by 02-01"]
    assert shown(book().meet("2016-01-26"), "meetings_late", "2016-01-27") == []


def test_contact_in_a_phase_is_due_while_the_phase_lasts() -> None:
    case = book().fact("event", "2016-01-05", event="begun")
    assert "w1 in-phase since 01-12 by 01-19" in shown(case, "meetings_late", "2016-01-22")
    over = case.fact("event", "2016-01-21", event="over")
    assert shown(over, "meetings_late", "2016-01-22") == []


def test_contact_is_put_off_by_a_pause() -> None:
    case = book().fact("pause", "2016-01-20", to="2016-01-29")
    assert shown(case, "meetings_late", "2016-02-03") == []
    assert shown(case, "meetings_late", "2016-02-04") == ["w1 contact since 02-04 by 02-11"]
    assert shown(book().fact("pause", "2016-01-28"), "meetings_late", "2016-03-01") == []


def test_what_was_late_before_a_pause_stays_on_the_list() -> None:
    case = book().fact("pause", "2016-02-05")
    assert shown(case, "meetings_late", "2016-03-01") == ["w1 contact since 01-25 by 02-01"]


def test_a_no_show_waits_for_an_attempt_or_a_meeting() -> None:
    case = book().meet("2016-01-20", "no_show")
    assert shown(case, "no_show", "2016-01-25") == ["w1 talk since 01-20"]
    assert shown(case.fact("contact_attempt", "2016-01-20", reached=False), "no_show", "2016-01-25") == []
    met = book().meet("2016-01-20", "no_show").meet("2016-01-22")
    assert shown(met, "no_show", "2016-01-21") == ["w1 talk since 01-20"]
    assert shown(met, "no_show", "2016-01-22") == []


def test_of_several_no_shows_the_last_is_on_the_list() -> None:
    case = book().meet("2016-01-20", "no_show").meet("2016-01-22", "no_show")
    assert shown(case, "no_show", "2016-01-25") == ["w1 talk since 01-22"]


def test_minutes_that_are_written_are_to_be_shared() -> None:
    case = book().meet("2016-01-20", minutes_shared=False)
    assert shown(case, "minutes", "2016-03-01") == ["w1 talk since 01-20"]
    assert shown(book().meet("2016-01-20", minutes_shared=True), "minutes", "2016-03-01") == []
    assert shown(book().meet("2016-01-20"), "minutes", "2016-03-01") == []


# What the definition asks for


def test_a_round_is_on_the_list_from_when_it_opens_until_the_next_one_does() -> None:
    case = book()
    assert shown(case, "measurements", "2016-01-05") == ["w1 wellbeing since 12-28 by 01-04"]
    late = [row for row in rows(case, "measurements", "2016-03-26") if row["what"] == "wellbeing"]
    assert [row["due"] for row in late] == [date(2016, 1, 4)]
    now = [row for row in rows(case, "measurements", "2016-03-27") if row["what"] == "wellbeing"]
    assert [row["due"] for row in now] == [date(2016, 4, 3)]


def test_who_may_answer_a_round_asks_for_it() -> None:
    case = book().fact("assigned", "2016-01-04", role="broker", worker="w2")
    (row,) = (row for row in rows(case, "measurements", "2016-02-01") if row["what"] == "goals")
    assert (row["worker"], row["role"], row["due"]) == ("w2", "broker", date(2016, 2, 1))


def test_a_round_that_was_answered_is_off_the_list() -> None:
    case = book().answer("2016-01-06", {"a": 3}, questionnaire="wellbeing", rater="citizen")
    assert shown(case, "measurements", "2016-01-07") == []


def test_a_requirement_is_on_the_list_from_two_weeks_before_it_is_due() -> None:
    assert shown(book(), "requirements", "2016-01-19") == []
    assert shown(book(), "requirements", "2016-01-20") == ["w1 plan-made since 01-20 by 02-03"]
    assert shown(book(), "requirements", "2016-05-01") == ["w1 plan-made since 01-20 by 02-03"]


def test_a_requirement_that_was_answered_is_off_the_list() -> None:
    for answer in ("yes", "no", "not_applicable"):
        said = book().fact("requirement_answered", "2016-01-25", requirement="plan-made", answer=answer)
        assert shown(said, "requirements", "2016-02-10") == []


# What runs


def test_an_agreement_is_on_the_list_for_its_last_four_weeks() -> None:
    case = book().fact("agreement", "2016-01-10", to="2016-03-31", type="training")
    assert fell(case, "agreements_ending", "2016-03-03", "2016-04-01")
    assert shown(case, "agreements_ending", "2016-03-31") == ["w1 training since 03-03 by 03-31"]


def test_an_agreement_another_carries_on_needs_nothing() -> None:
    case = book().fact("agreement", "2016-01-10", to="2016-03-31", type="training")
    case.fact("agreement", "2016-03-20", to="2016-08-31", type="training")
    assert shown(case, "agreements_ending", "2016-03-25") == []
    other = book().fact("agreement", "2016-01-10", to="2016-03-31", type="training")
    other.fact("agreement", "2016-03-20", to="2016-08-31", type="wages")
    assert shown(other, "agreements_ending", "2016-03-25") == ["w1 training since 03-03 by 03-31"]


def test_a_placement_ends_as_an_agreement_does() -> None:
    case = book().fact("placement", "2016-03-20", to="2016-03-31", type="traineeship")
    assert shown(case, "agreements_ending", "2016-03-25") == ["w1 traineeship since 03-20 by 03-31"]


def test_a_placement_is_followed_up_every_four_weeks() -> None:
    case = book().fact("placement", "2016-02-01", to="2016-05-31", type="traineeship")
    assert fell(case, "placement_follow_up", "2016-02-29", "2016-06-01")
    assert shown(case, "placement_follow_up", "2016-03-01") == ["w1 traineeship since 02-29 by 02-29"]
    case.meet("2016-02-25")
    assert shown(case, "placement_follow_up", "2016-03-23") == []
    assert shown(case, "placement_follow_up", "2016-03-24") == ["w1 traineeship since 03-24 by 03-24"]


def test_a_placement_that_ends_before_four_weeks_needs_no_follow_up() -> None:
    case = book().fact("placement", "2016-02-01", to="2016-02-20", type="traineeship")
    assert shown(case, "placement_follow_up", "2016-02-20") == []


def test_hours_nobody_has_confirmed_are_on_the_list_while_they_run() -> None:
    for evidence in (None, "citizen", "estimate"):
        case = book().fact(
            "hours", "2016-02-01", to="2016-02-20", type="ordinary", hours_per_week=10.0, evidence=evidence
        )
        assert fell(case, "hours", "2016-02-01", "2016-02-21")
    sure = book().fact("hours", "2016-02-01", type="ordinary", hours_per_week=10.0, evidence="payslip")
    assert shown(sure, "hours", "2016-02-10") == []


def test_an_open_sub_goal_is_reviewed_every_six_weeks() -> None:
    case = book().fact("subgoal_reviewed", "2016-01-10", subgoal="sleep", status="under_way")
    assert shown(case, "subgoals", "2016-02-20") == []
    assert shown(case, "subgoals", "2016-02-21") == ["w1 sleep since 02-21 by 02-21"]
    again = case.fact("subgoal_reviewed", "2016-02-01", subgoal="sleep", status="under_way")
    assert shown(again, "subgoals", "2016-02-21") == []
    reached = book().fact("subgoal_reviewed", "2016-01-10", subgoal="sleep", status="reached")
    assert shown(reached, "subgoals", "2016-03-01") == []


# Ends and pauses


def test_what_would_open_in_a_pause_opens_when_it_is_over() -> None:
    case = book().fact("subgoal_reviewed", "2016-01-10", subgoal="sleep", status="under_way")
    case.fact("pause", "2016-02-15", to="2016-02-29", enrolment=None)
    assert shown(case, "subgoals", "2016-02-25") == []
    assert shown(case, "subgoals", "2016-03-01") == ["w1 sleep since 03-01 by 02-21"]


def test_pauses_that_follow_one_another_are_one() -> None:
    case = book().fact("subgoal_reviewed", "2016-01-10", subgoal="sleep", status="under_way")
    case.fact("pause", "2016-02-15", to="2016-02-22").fact("pause", "2016-02-23", to="2016-02-29")
    assert shown(case, "subgoals", "2016-03-01") == ["w1 sleep since 03-01 by 02-21"]


def test_an_enrolment_that_has_ended_gives_nothing() -> None:
    case = book().meet("2016-01-20", "planned").meet("2016-01-10", minutes_shared=False)
    case.fact("subgoal_reviewed", "2016-01-10", subgoal="sleep", status="under_way").leave("2016-01-15")
    assert worklist(case.facts(), date(2016, 1, 14)).height > 0
    assert worklist(case.facts(), date(2016, 1, 15)).height == 0


def test_nothing_at_all_gives_an_empty_list() -> None:
    assert worklist(Casebook(PROGRAMME).facts(), date(2016, 1, 15)).height == 0
