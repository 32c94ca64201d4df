"""When a phase of the programme begins, is skipped, ends and begins again, one sentence at a time."""

from __future__ import annotations

from datetime import date
from typing import Any

from casebook import Casebook, item, period, programme, text
from indsats.steer import PhaseRow, phase_counts, phase_runs


def phase(starts: list[Any], ends: list[Any] | None = None, **rest: Any) -> dict[str, Any]:
    return item("Phase", about=text("about"), starts=starts, ends=ends or [], **rest)


def event(name: str, **rest: Any) -> dict[str, Any]:
    return {"event": name, **rest}


PROGRAMME = programme(
    events={
        name: item(name) for name in ("team-meeting", "awarded", "agreed-before", "job", "back", "review")
    },
    roles={
        "broker": item("Broker", does=text("finds")),
        "all-in-one": item("Both", does=text("both"), combines=["broker"]),
    },
    phases={
        "before": phase([{"kind": "enrolled"}], [event("team-meeting")], entry=True),
        "find-job": phase(
            [event("awarded"), event("back")],
            [event("job")],
            skipped_by=[event("agreed-before")],
            repeats=True,
        ),
        "in-job": phase([event("job")], [event("back")], repeats=True),
        "cycle": phase([event("review")], [event("review")], repeats=True),
        "brokered": phase([{"kind": "assigned", "where": 'role == "broker"'}]),
        "course-only": phase([event("awarded")], service="course"),
    },
)
YEAR = period("2016-01-01", "2016-12-31")


def book(**enrolment: Any) -> Casebook:
    return Casebook(PROGRAMME).enrol("2016-01-10", **enrolment)


def happens(case: Casebook, *named: str, **rest: Any) -> Casebook:
    """``"02-01 job"``: the event on that day of 2016."""
    for one in named:
        day, what = one.split(" ")
        case.fact("event", f"2016-{day}", event=what, **rest)
    return case


def runs(case: Casebook, name: str, until: str = "2016-12-31") -> list[str]:
    table = phase_runs(case.facts(), date.fromisoformat(until))
    return [
        f"{start:%m-%d}..{'' if end is None else f'{end:%m-%d}'}{' skipped' if skipped else ''}"
        for phase_id, start, end, skipped in table.select("phase", "start", "end", "skipped").iter_rows()
        if phase_id == name
    ]


def counts(case: Casebook, name: str, over: Any = YEAR, **scope: str) -> PhaseRow:
    return next(row for row in phase_counts(case.facts(), over, **scope) if row.phase == name)


def test_a_phase_that_starts_with_enrolment_starts_on_its_first_day() -> None:
    assert runs(book(), "before") == ["01-10.."]


def test_it_ends_with_the_fact_that_ends_it() -> None:
    assert runs(happens(book(), "03-01 team-meeting"), "before") == ["01-10..03-01"]


def test_what_comes_later_is_not_known_yet() -> None:
    case = happens(book(), "03-01 team-meeting", "04-01 awarded")
    assert runs(case, "before", until="2016-02-01") == ["01-10.."]
    assert runs(case, "find-job", until="2016-02-01") == []
    assert runs(case, "before", until="2016-01-09") == []


def test_a_phase_that_nothing_ended_ends_with_the_enrolment() -> None:
    assert runs(book().leave("2016-06-01"), "before") == ["01-10..06-01"]


def test_one_fact_may_end_one_phase_and_begin_the_next_on_the_same_day() -> None:
    case = happens(book(), "02-01 awarded", "03-01 job")
    assert runs(case, "find-job") == ["02-01..03-01"]
    assert runs(case, "in-job") == ["03-01.."]


def test_a_phase_can_end_on_the_day_it_began() -> None:
    assert runs(happens(book(), "02-01 awarded", "02-01 job"), "find-job") == ["02-01..02-01"]


def test_a_phase_is_skipped_because_an_agreement_already_existed() -> None:
    case = happens(book(), "01-20 agreed-before", "02-01 awarded", "03-01 job")
    assert runs(case, "find-job") == ["02-01..03-01 skipped"]


def test_an_agreement_on_the_very_day_skips_it_too_and_a_later_one_does_not() -> None:
    assert runs(happens(book(), "02-01 agreed-before", "02-01 awarded"), "find-job") == ["02-01.. skipped"]
    assert runs(happens(book(), "02-02 agreed-before", "02-01 awarded"), "find-job") == ["02-01.."]


def test_an_agreement_that_skipped_a_phase_once_says_nothing_about_a_later_return_to_it() -> None:
    case = happens(book(), "01-20 agreed-before", "02-01 awarded", "03-01 job", "06-01 back", "08-01 job")
    assert runs(case, "find-job") == ["02-01..03-01 skipped", "06-01..08-01"]
    anew = happens(
        book(), "01-20 agreed-before", "02-01 awarded", "03-01 job", "05-20 agreed-before", "06-01 back"
    )
    assert runs(anew, "find-job") == ["02-01..03-01 skipped", "06-01.. skipped"]


def test_who_falls_back_to_an_earlier_phase_goes_through_it_again() -> None:
    case = happens(book(), "02-01 awarded", "03-01 job", "06-01 back", "08-01 job")
    assert runs(case, "find-job") == ["02-01..03-01", "06-01..08-01"]
    assert runs(case, "in-job") == ["03-01..06-01", "08-01.."]


def test_without_repeats_there_is_only_the_first_run() -> None:
    once = PROGRAMME.phases["in-job"].model_copy(update={"repeats": False})
    case = happens(book(), "02-01 awarded", "03-01 job", "06-01 back", "08-01 job")
    case.programme = PROGRAMME.model_copy(update={"phases": {"in-job": once}})
    assert runs(case, "in-job") == ["03-01..06-01"]


def test_a_start_inside_an_open_run_begins_nothing() -> None:
    assert runs(happens(book(), "02-01 awarded", "02-10 back", "03-01 job"), "find-job") == ["02-01..03-01"]


def test_a_start_on_the_day_a_run_ends_begins_the_next() -> None:
    case = happens(book(), "02-01 awarded", "03-01 job", "03-01 back")
    assert runs(case, "find-job") == ["02-01..03-01", "03-01.."]


def test_the_fact_that_begins_a_run_does_not_end_it_but_the_next_of_its_kind_does() -> None:
    assert runs(happens(book(), "02-01 review"), "cycle") == ["02-01.."]
    assert runs(happens(book(), "02-01 review", "03-01 review"), "cycle") == ["02-01..03-01", "03-01.."]


def test_several_starts_on_a_day_are_one() -> None:
    assert runs(happens(book(), "02-01 review", "02-01 review"), "cycle") == ["02-01.."]


def test_a_fact_on_the_day_of_exit_still_counts_and_one_after_it_does_not() -> None:
    assert runs(happens(book(), "06-01 job").leave("2016-06-01"), "in-job") == ["06-01..06-01"]
    assert runs(happens(book(), "06-02 job").leave("2016-06-01"), "in-job") == []


def test_a_fact_before_enrolment_that_belongs_to_it_begins_a_phase() -> None:
    assert runs(happens(book(), "01-04 awarded"), "find-job") == ["01-04.."]


def test_phases_are_of_the_enrolment_and_not_of_the_person() -> None:
    case = happens(book().enrol("2016-02-01", enrolment="e2"), "03-01 team-meeting", enrolment="e2")
    assert runs(case, "before") == ["01-10..", "02-01..03-01"]


def test_a_fact_without_enrolment_is_not_guessed_to_belong_to_the_only_one_there_is() -> None:
    case = happens(book(), "03-01 team-meeting", enrolment=None, site="north").data_until("2016-12-31")
    assert runs(case, "before") == ["01-10.."]
    assert counts(case, "before").ended.excluded == {"no_enrolment": 1}


def test_a_phase_of_one_service_is_only_for_those_enrolled_in_it() -> None:
    assert runs(happens(book(), "02-01 awarded"), "course-only") == []
    assert runs(happens(book(service="course"), "02-01 awarded"), "course-only") == ["02-01.."]


def test_who_is_assigned_a_role_is_assigned_the_roles_it_combines() -> None:
    assert runs(book().fact("assigned", "2016-02-01", role="all-in-one", worker="w"), "brokered") == [
        "02-01.."
    ]


def test_the_counts_tell_who_began_skipped_ended_and_is_in_a_phase() -> None:
    case = happens(book(), "02-01 awarded", "03-01 job")
    for number, facts in enumerate((["02-01 awarded"], ["02-01 agreed-before", "02-01 awarded"]), 2):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        happens(case.enrol("2016-01-10", **who), *facts, **who)
    row = counts(case.data_until("2016-12-31"), "find-job")
    assert [row.begun.value, row.skipped.value, row.ended.value, row.open_now.value] == [2, 1, 1, 1]
    assert row.begun.id == "phase/find-job/all/2016-01-01..2016-12-31/begun"


def test_an_enrolment_counts_once_however_often_the_phase_ran() -> None:
    case = happens(book(), "02-01 awarded", "03-01 job", "06-01 back", "08-01 job").data_until("2016-12-31")
    row = counts(case, "find-job")
    assert [row.begun.value, row.ended.value, row.open_now.value] == [1, 1, 0]


def test_the_counts_are_of_the_period_and_of_the_unit() -> None:
    case = happens(book(), "02-01 awarded", "08-01 job").data_until("2016-12-31")
    spring = period("2016-01-01", "2016-06-30")
    row = counts(case, "find-job", spring)
    assert [row.begun.value, row.ended.value, row.open_now.value] == [1, 0, 1]
    assert counts(case, "find-job", period("2016-07-01", "2016-12-31")).begun.value == 0
    assert counts(case, "find-job", spring, unit="centre").begun.value == 0
    assert counts(case, "find-job", spring, site="north").begun.value == 1


def test_nobody_knows_who_is_in_a_phase_after_the_data_end() -> None:
    case = happens(book(), "02-01 awarded").data_until("2016-12-31")
    assert counts(case, "find-job", period("2017-01-01", "2017-06-30")).open_now.value is None
