"""What a transition from the first measurement of a period to its end means."""

from __future__ import annotations

import pytest

from casebook import Casebook, period, programme
from development_goals import all_at, goals
from indsats.measure import Transitions, transitions

YEAR = period("2014-01-01", "2014-12-31")
EXITS = {"job-or-education": ["job", "education"]}
PROGRAMME = programme(questionnaires={"goals": goals()})
GOOD, POOR = all_at(5), all_at(2)


def book() -> Casebook:
    return Casebook(PROGRAMME).enrol("2013-06-01").data_until("2015-03-01")


def moved(case: Casebook, start_months: int | None = None) -> Transitions:
    return transitions(case.facts(), "goals", YEAR, EXITS, start_months=start_months)


def path(case: Casebook, start_months: int | None = None) -> list[tuple[str, str]]:
    """Start and end of everybody in the base."""
    table = moved(case, start_months)
    return [(row.start, row.end) for row in table.rows if row.unit == "all" and row.count.value]


def test_who_is_measured_twice_moves_from_the_first_side_to_the_last() -> None:
    assert path(book().answer("2014-01-10", GOOD).answer("2014-12-05", POOR)) == [("good", "poor")]


def test_who_leaves_for_a_job_has_a_named_exit() -> None:
    case = book().answer("2014-01-10", GOOD).leave("2014-05-01", "job")
    assert path(case) == [("good", "job-or-education")]


@pytest.mark.parametrize("reason", ["death", "moved", "pension", None])
def test_who_leaves_for_anything_else_is_an_other_exit(reason: str | None) -> None:
    assert path(book().answer("2014-01-10", GOOD).leave("2014-05-01", reason)) == [("good", "other")]


def test_who_stays_but_is_not_measured_again_is_counted_apart_from_exits() -> None:
    assert path(book().answer("2014-01-10", GOOD)) == [("good", "not_measured_again")]


def test_an_exit_goes_before_an_earlier_measurement() -> None:
    case = book().answer("2014-01-10", GOOD).answer("2014-03-10", POOR).leave("2014-05-01", "job")
    assert path(case) == [("good", "job-or-education")]


def test_a_measurement_after_the_exit_does_not_bring_the_person_back() -> None:
    case = book().answer("2014-01-10", GOOD).leave("2014-05-01", "job").answer("2014-06-10", POOR)
    assert path(case) == [("good", "job-or-education")]


def test_a_new_enrolment_brings_the_person_back() -> None:
    case = book().answer("2014-01-10", GOOD).leave("2014-05-01", "job").enrol("2014-09-01", enrolment="e2")
    assert path(case) == [("good", "not_measured_again")]
    assert path(case.answer("2014-10-10", POOR, enrolment="e2")) == [("good", "poor")]


def test_who_leaves_one_of_two_services_has_not_left() -> None:
    case = book().enrol("2014-01-05", enrolment="e2", service="course").answer("2014-01-10", GOOD)
    case.leave("2014-05-01", "job", enrolment="e2").answer("2014-12-05", GOOD)
    assert path(case) == [("good", "good")]


def test_who_leaves_on_the_day_of_the_measurement_has_left() -> None:
    assert path(book().answer("2014-01-10", GOOD).leave("2014-01-10", "job")) == [
        ("good", "job-or-education")
    ]


def test_the_last_exit_names_the_end() -> None:
    case = book().enrol("2014-01-05", enrolment="e2", service="course").answer("2014-01-10", GOOD)
    case.leave("2014-05-01", "job").leave("2014-07-01", "moved", enrolment="e2")
    assert path(case) == [("good", "other")]


def test_of_two_exits_on_a_day_the_named_one_speaks() -> None:
    for first, second in (("job", "moved"), ("moved", "job")):
        case = book().enrol("2014-01-05", enrolment="e2", service="course").answer("2014-01-10", GOOD)
        case.leave("2014-05-01", first).leave("2014-05-01", second, enrolment="e2")
        assert path(case) == [("good", "job-or-education")]


def test_an_enrolment_after_the_period_does_not_bring_the_person_back_into_it() -> None:
    case = book().answer("2014-01-10", GOOD).leave("2014-05-01", "job").enrol("2015-01-02", enrolment="e2")
    assert path(case) == [("good", "job-or-education")]


def test_an_exit_after_the_period_is_not_yet_known_to_it() -> None:
    case = book().answer("2014-01-10", GOOD).answer("2014-12-05", GOOD).leave("2015-01-01", "job")
    assert path(case) == [("good", "good")]


def test_an_exit_on_the_last_day_of_the_period_counts() -> None:
    case = book().answer("2014-01-10", GOOD).answer("2014-12-05", GOOD).leave("2014-12-31", "job")
    assert path(case) == [("good", "job-or-education")]


def test_a_relapse_that_was_overcome_within_the_period_is_no_movement() -> None:
    case = book().answer("2014-01-10", GOOD).answer("2014-06-10", POOR).answer("2014-12-05", GOOD)
    assert path(case) == [("good", "good")]


def test_base_months_leave_out_who_was_first_measured_later() -> None:
    case = book().answer("2014-02-01", GOOD).answer("2014-12-05", POOR)
    assert path(case, start_months=1) == []
    assert path(case, start_months=2) == [("good", "poor")]
    assert path(case) == [("good", "poor")]


def test_measurements_outside_the_period_do_not_count() -> None:
    case = book().answer("2013-12-10", POOR).answer("2014-01-10", GOOD).answer("2015-01-05", POOR)
    assert path(case) == [("good", "not_measured_again")]


def test_an_incomplete_last_measurement_is_passed_over() -> None:
    case = book().answer("2014-01-10", GOOD).answer("2014-06-10", POOR)
    assert path(case.answer("2014-12-05", {**GOOD, "focus": None})) == [("good", "poor")]


def test_who_was_never_measured_completely_is_excluded_and_counted() -> None:
    table = moved(book().answer("2014-01-10", {**GOOD, "focus": None}))
    share = table.row("outreach", "good", "good").share
    assert (share.value, share.denominator, share.excluded) == (None, 0, {"incomplete": 1})


def test_a_person_with_two_enrolments_counts_once() -> None:
    case = book().enrol("2013-07-01", enrolment="e2", site="city").answer("2014-01-10", GOOD)
    case.answer("2014-01-20", GOOD, enrolment="e2").answer("2014-12-05", POOR)
    table = moved(case)
    assert table.row("all", "good", "poor").share.denominator == 1
    assert table.units == ("outreach", "all")


def test_movement_between_different_raters_is_told_apart() -> None:
    case = book().answer("2014-01-10", GOOD).answer("2014-12-05", POOR, rater="citizen")
    assert moved(case).changed_rater["outreach"].value == 1
    same = book().answer("2014-01-10", GOOD).answer("2014-12-05", POOR)
    assert moved(same).changed_rater["outreach"].value == 0


def test_rows_add_up_to_the_base_in_every_unit() -> None:
    case = Casebook(PROGRAMME).data_until("2015-03-01")
    for number in range(60):
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        case.enrol("2013-06-01", site="north" if number % 3 else "city", **who)
        case.answer("2014-01-10", GOOD if number % 2 else POOR, **who)
        if number % 5 < 2:
            case.leave("2014-05-01", ("job", "education", "death")[number % 3], **who)
        elif number % 5 < 4:
            case.answer("2014-11-10", GOOD if number % 4 else POOR, **who)
    table = moved(case)
    assert table.ends == ("good", "poor", "job-or-education", "other", "not_measured_again")
    for unit in table.units:
        for start in table.sides:
            rows = [row for row in table.rows if (row.unit, row.start) == (unit, start)]
            assert sum(row.count.value or 0 for row in rows) == rows[0].share.denominator
            assert sum(row.share.value or 0 for row in rows) == pytest.approx(1)
    counts = table.counts("good", ["outreach", "centre"])
    assert [sum(column) for column in zip(*counts, strict=True)] == table.counts("good", ["all"])[0]
    assert sum(map(sum, table.counts("good", ["all"]) + table.counts("poor", ["all"]))) == 60


def test_an_exit_may_not_bear_the_name_of_a_side() -> None:
    with pytest.raises(ValueError, match="good"):
        transitions(book().facts(), "goals", YEAR, {"good": ["job"]})
