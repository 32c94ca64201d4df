"""When a minimum requirement is met, answered, measured, due and not applicable, one sentence at a time."""

from __future__ import annotations

from datetime import date
from typing import Any

from casebook import Casebook, item, programme, text
from indsats.steer import requirement_items


def phase(starts: list[Any], ends: list[Any], **rest: Any) -> dict[str, Any]:
    return item("Phase", about=text("about"), starts=starts, ends=ends, **rest)


def event(name: str, **rest: Any) -> dict[str, Any]:
    return {"event": name, **rest}


def asked(**rest: Any) -> dict[str, Any]:
    return item("Requirement", ask=text("?"), **rest)


HELD = {"kind": "meeting", "where": 'outcome == "held"'}
STRATEGY = {"how": "within", "what": [event("strategy")], "within": "P14D"}
PROGRAMME = programme(
    events={
        name: item(name) for name in ("awarded", "agreed-before", "job", "back", "strategy", "waived", "more")
    },
    settings={"deadline": item("Deadline", value=14, unit=text("d"), measures="days", override=True)},
    phases={
        "find-job": phase(
            [event("awarded"), event("back")],
            [event("job")],
            skipped_by=[event("agreed-before")],
            repeats=True,
        ),
    },
    cadences={
        "follow-up": item("Follow-up", phase="find-job", what=[HELD], every="P21D"),
        "always": item("Talk", what=[HELD], every="P21D"),
    },
    requirements={
        "strategy": asked(phase="find-job", measured=STRATEGY),
        "strategy-local": asked(phase="find-job", measured={**STRATEGY, "within": "deadline"}),
        "cv": asked(phase="find-job", answer="yes_partly_no"),
        "cv-early": asked(phase="find-job", due="P1M"),
        "followed-up": asked(phase="find-job", measured={"how": "every", "cadence": "follow-up"}),
        "focused": asked(
            phase="find-job",
            measured={"how": "within", "after": "P3M", "what": [event("more")], "within": "P14D"},
        ),
        "talked": asked(phase="find-job", measured={"how": "every", "cadence": "always"}),
        "later-local": asked(
            phase="find-job",
            measured={"how": "within", "after": "P10D", "what": [event("more")], "within": "deadline"},
        ),
        "after-each": asked(
            phase="find-job",
            measured={
                "how": "within",
                "of": [HELD],
                "what": [event("more")],
                "after": "P0D",
                "within": "P7D",
            },
        ),
        "broker-there": asked(
            phase="find-job", measured={"how": "each", "of": HELD, "where": 'place == "firm"'}
        ),
        "told": asked(due="P10D", not_applicable_when=[event("waived")]),
        "whole-way": asked(),
        "of-course": asked(element="teaching"),
    },
    elements={"teaching": item("Teaching", about=text("about"), service="course")},
)


def book(*named: str) -> Casebook:
    """An enrolment of 10 January 2016 and events of that year: ``"02-01 awarded"``."""
    case = Casebook(PROGRAMME).enrol("2016-01-10")
    return happens(case, *named)


def happens(case: Casebook, *named: str) -> Casebook:
    for one in named:
        day, what = one.split(" ")
        case.fact("event", f"2016-{day}", event=what)
    return case


def answer(case: Casebook, name: str, said: str, day: str = "2016-02-05", **rest: Any) -> Casebook:
    return case.fact("requirement_answered", day, requirement=name, answer=said, **rest)


def items(case: Casebook, name: str, until: str = "2016-12-31") -> list[dict[str, Any]]:
    table = requirement_items(case.facts(), date.fromisoformat(until))
    return [row for row in table.iter_rows(named=True) if row["requirement"] == name]


def state(case: Casebook, name: str, until: str = "2016-12-31") -> str:
    [one] = items(case, name, until)
    return one["state"]


def measured(case: Casebook, name: str, until: str = "2016-12-31") -> str | None:
    [one] = items(case, name, until)
    return one["measured"]


def due(case: Casebook, name: str, until: str = "2016-12-31") -> date | None:
    [one] = items(case, name, until)
    return one["due"]


def test_who_never_comes_into_the_phase_has_no_item() -> None:
    assert items(book(), "strategy") == []


def test_a_requirement_without_a_phase_is_asked_of_every_enrolment() -> None:
    [one] = items(book().leave("2016-05-01"), "told")
    assert (one["phase"], one["run"], one["start"], one["end"]) == (
        None,
        1,
        date(2016, 1, 10),
        date(2016, 5, 1),
    )


def test_one_whose_core_element_belongs_to_a_service_is_asked_there_only() -> None:
    case = book().enrol("2016-02-01", enrolment="e2", service="course")
    assert [one["enrolment"] for one in items(case, "of-course")] == ["e2"]
    assert [one["enrolment"] for one in items(case, "whole-way")] == ["e1", "e2"]


def test_yes_is_met_and_no_and_partly_are_not() -> None:
    for said, expected in (("yes", "met"), ("partly", "not_met"), ("no", "not_met")):
        assert state(answer(book("02-01 awarded"), "cv", said), "cv") == expected


def test_a_reason_comes_with_the_answer() -> None:
    [one] = items(answer(book("02-01 awarded"), "cv", "no", reason="no-time"), "cv")
    assert (one["answered"], one["reason"]) == ("no", "no-time")


def test_the_last_answer_holds() -> None:
    case = answer(answer(book("02-01 awarded"), "cv", "no"), "cv", "yes", "2016-03-01")
    assert state(case, "cv") == "met"
    assert state(case, "cv", until="2016-02-20") == "not_met"


def test_an_answer_from_before_the_phase_is_none() -> None:
    assert items(answer(book("02-10 awarded"), "cv", "yes"), "cv")[0]["answered"] is None


def test_while_the_phase_runs_an_unanswered_question_is_not_due() -> None:
    case = book("02-01 awarded")
    assert (state(case, "cv"), due(case, "cv")) == ("not_due", None)


def test_when_the_phase_has_ended_an_unanswered_question_is_overdue() -> None:
    case = book("02-01 awarded", "04-01 job")
    assert (state(case, "cv"), due(case, "cv")) == ("not_answered", date(2016, 4, 1))


def test_a_deadline_of_its_own_runs_from_the_start_of_the_phase() -> None:
    case = book("02-01 awarded")
    assert due(case, "cv-early") == date(2016, 3, 1)
    assert state(case, "cv-early", until="2016-02-29") == "not_due"
    assert state(case, "cv-early", until="2016-03-01") == "not_answered"


def test_an_answer_given_before_it_is_due_counts_at_once() -> None:
    assert state(answer(book("02-01 awarded"), "cv-early", "yes"), "cv-early", until="2016-02-10") == "met"


def test_a_measured_question_is_due_when_what_it_measures_is() -> None:
    assert due(book("02-01 awarded"), "strategy") == date(2016, 2, 15)


def test_a_strategy_on_the_last_day_is_within_and_one_the_day_after_is_not() -> None:
    assert measured(book("02-01 awarded", "02-15 strategy"), "strategy") == "met"
    assert measured(book("02-01 awarded", "02-16 strategy"), "strategy") == "not_met"


def test_not_yet_due_is_neither_met_nor_missed() -> None:
    case = book("02-01 awarded")
    assert measured(case, "strategy", until="2016-02-14") == "not_due"
    assert measured(case, "strategy", until="2016-02-15") == "not_met"


def test_done_before_the_phase_began_is_done_in_time() -> None:
    assert measured(book("01-20 strategy", "02-01 awarded"), "strategy") == "met"


def test_nothing_is_due_when_the_phase_ends_first() -> None:
    case = book("02-01 awarded", "02-10 job")
    assert measured(case, "strategy") == "not_due"
    assert due(case, "strategy") is None
    assert state(case, "strategy") == "not_due"


def test_an_answer_counts_even_when_the_phase_ended_before_it_was_due() -> None:
    case = answer(book("02-01 awarded", "02-10 job"), "strategy", "yes")
    assert (state(case, "strategy"), due(case, "strategy")) == ("met", date(2016, 2, 10))


def test_what_met_a_requirement_once_does_not_meet_it_again_after_a_relapse() -> None:
    case = book("02-01 awarded", "02-10 strategy", "03-01 job", "06-01 back")
    assert [one["measured"] for one in items(case, "strategy")] == ["met", "not_met"]
    anew = book("02-01 awarded", "02-10 strategy", "03-01 job", "05-20 strategy", "06-01 back")
    assert [one["measured"] for one in items(anew, "strategy")] == ["met", "met"]


def test_what_happened_after_the_exit_meets_nothing() -> None:
    case = happens(book("02-01 awarded").leave("2016-02-05"), "02-08 strategy")
    assert measured(case, "strategy") == "not_due"


def test_what_is_due_on_the_day_the_phase_ends_is_due() -> None:
    case = book("02-01 awarded", "02-15 job")
    assert (measured(case, "strategy"), due(case, "strategy")) == ("not_met", date(2016, 2, 15))


def test_answered_yes_but_measured_no_are_told_side_by_side() -> None:
    [one] = items(answer(book("02-01 awarded", "03-01 strategy"), "strategy", "yes"), "strategy")
    assert (one["answered"], one["state"], one["measured"]) == ("yes", "met", "not_met")


def test_a_skipped_phase_makes_its_requirements_not_applicable() -> None:
    case = book("02-01 agreed-before", "02-01 awarded", "03-01 job")
    assert (state(case, "strategy"), measured(case, "strategy")) == ("not_applicable", "not_applicable")
    assert (state(case, "cv"), measured(case, "cv")) == ("not_applicable", None)


def test_what_was_answered_of_a_skipped_phase_is_kept_and_counts_for_nothing() -> None:
    [one] = items(answer(book("02-01 agreed-before", "02-01 awarded"), "cv", "no"), "cv")
    assert (one["answered"], one["state"]) == ("no", "not_applicable")


def test_not_applicable_may_be_the_answer() -> None:
    case = answer(book("02-01 awarded"), "strategy", "not_applicable")
    assert (state(case, "strategy"), measured(case, "strategy")) == ("not_applicable", "not_applicable")


def test_a_fact_may_make_it_not_applicable_as_long_as_it_comes_before_the_end() -> None:
    assert state(book("03-01 waived"), "told") == "not_applicable"
    assert state(book("03-01 waived"), "told", until="2016-02-29") == "not_answered"
    assert state(book("03-01 waived").leave("2016-02-20"), "told") == "not_answered"
    assert state(book("02-20 waived").leave("2016-02-20"), "told") == "not_applicable"


def test_each_run_of_a_phase_has_an_item_of_its_own() -> None:
    case = book("02-01 awarded", "02-10 strategy", "03-01 job", "06-01 back")
    answer(case, "cv", "yes", "2016-03-15")
    first, second = items(case, "cv")
    assert (first["run"], first["state"], second["run"], second["state"]) == (1, "met", 2, "not_due")


def test_an_answer_on_the_day_the_next_run_begins_is_about_that_run() -> None:
    case = book("02-01 awarded", "03-01 job", "06-01 back")
    first, second = items(answer(case, "cv", "yes", "2016-06-01"), "cv")
    assert (first["state"], second["state"]) == ("not_answered", "met")


def test_follow_up_is_met_when_every_talk_that_fell_due_in_the_phase_was_in_time() -> None:
    case = book("02-01 awarded").meet("2016-02-20").meet("2016-03-10")
    assert measured(case, "followed-up", until="2016-03-20") == "met"
    assert measured(case, "followed-up", until="2016-04-10") == "not_met"


def test_follow_up_is_not_due_before_the_first_talk_is() -> None:
    assert measured(book("02-01 awarded"), "followed-up", until="2016-02-10") == "not_due"
    assert measured(book("02-01 awarded", "02-22 job"), "followed-up") == "not_due"


def test_of_a_cadence_nothing_falls_due_on_the_day_the_phase_ends() -> None:
    assert measured(book("01-20 awarded", "01-31 job"), "talked") == "not_due"
    assert measured(book("01-20 awarded", "02-01 job"), "talked") == "not_met"
    assert measured(book("02-01 awarded", "02-10 job"), "talked") == "not_due"


def test_a_more_focused_effort_has_to_come_after_three_months_and_not_before() -> None:
    assert measured(book("02-01 awarded", "03-01 more"), "focused") == "not_met"
    assert measured(book("02-01 awarded", "05-01 more"), "focused") == "met"
    assert measured(book("02-01 awarded", "05-15 more"), "focused") == "met"
    assert measured(book("02-01 awarded", "05-16 more"), "focused") == "not_met"


def test_with_several_clocks_all_that_are_due_have_to_be_met() -> None:
    case = book("02-01 awarded", "02-12 more").meet("2016-02-10").meet("2016-03-10")
    assert measured(case, "after-each", until="2016-03-12") == "met"
    assert measured(case, "after-each", until="2016-03-17") == "not_met"
    assert due(case, "after-each") == date(2016, 2, 17)


def test_without_a_clock_there_is_nothing_to_measure() -> None:
    case = book("02-01 awarded", "03-01 job").meet("2016-01-20").meet("2016-03-02")
    assert measured(case, "after-each") == "not_due"


def test_each_meeting_has_to_be_as_asked_for() -> None:
    case = book("02-01 awarded").meet("2016-02-10", place="firm").meet("2016-01-20", place="office")
    assert measured(case, "broker-there") == "met"
    assert measured(case.meet("2016-02-20", place="office"), "broker-there") == "not_met"


def test_a_meeting_whose_place_is_unknown_leaves_it_unknown_unless_another_settles_it() -> None:
    case = book("02-01 awarded").meet("2016-02-10", place="firm").meet("2016-02-12")
    assert measured(case, "broker-there") == "unknown"
    assert measured(case.meet("2016-02-20", place="office"), "broker-there") == "not_met"


def test_a_site_that_sets_its_own_deadline_has_it_from_that_day_on() -> None:
    case = book("02-01 awarded", "02-20 strategy")
    case.enrol("2016-01-10", person="p2", enrolment="e2", site="city")
    case.fact("event", "2016-02-01", event="awarded", person="p2", enrolment="e2")
    setting = {"person": None, "enrolment": None, "site": "north", "setting": "deadline"}
    before = {row["enrolment"]: row["due"] for row in items(case, "strategy-local")}
    case.fact("site_setting", "2016-02-01", value=21.0, **setting)
    after = {row["enrolment"]: row["due"] for row in items(case, "strategy-local")}
    assert before == {"e1": date(2016, 2, 15), "e2": date(2016, 2, 15)}
    assert after == {"e1": date(2016, 2, 22), "e2": date(2016, 2, 15)}
    assert items(case, "strategy-local")[0]["measured"] == "met"


def test_a_deadline_set_after_the_clock_started_changes_nothing() -> None:
    case = book("02-01 awarded")
    case.fact(
        "site_setting",
        "2016-02-02",
        person=None,
        enrolment=None,
        site="north",
        setting="deadline",
        value=21.0,
    )
    assert due(case, "strategy-local") == date(2016, 2, 15)


def test_a_deadline_that_opens_later_is_as_long_as_when_the_clock_started() -> None:
    case = book("02-01 awarded")
    setting = {"person": None, "enrolment": None, "site": "north", "setting": "deadline"}
    case.fact("site_setting", "2016-02-05", value=21.0, **setting)
    assert due(case, "later-local") == date(2016, 2, 25)


def test_who_is_enrolled_twice_has_an_item_for_each() -> None:
    case = book().enrol("2016-03-01", enrolment="e2")
    assert [(row["enrolment"], row["due"]) for row in items(case, "told")] == [
        ("e1", date(2016, 1, 20)),
        ("e2", date(2016, 3, 11)),
    ]


def test_a_programme_without_requirements_has_no_items() -> None:
    table = requirement_items(Casebook(programme()).enrol("2016-01-10").facts(), date(2016, 12, 31))
    assert (table.height, table.columns[5:8]) == (0, ["requirement", "phase", "element"])
