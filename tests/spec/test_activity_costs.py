"""What was spent and what a participant costs, one sentence at a time, each reckoned by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from casebook import Casebook, item, period
from costbook import MEETING, activity, book, costed, quoted
from indsats.economy.costs import accounts, accounts_by, course, per_participant, still_enrolled
from indsats.economy.dose import doses
from indsats.programme import Programme

PLACEMENT = {"kind": "placement"}


def spent(case: Casebook, name: str = "it") -> float:
    return float(doses(case.facts(), name)["quantity"].sum())


def kroner(case: Casebook, definition: Programme, name: str = "it") -> float:
    table = accounts(case.facts(), quoted(definition))
    return float(table.filter(pl.col("activity") == name)["amount"].sum())


def placed(case: Casebook, day: str, to: str | None, hours: float | None = None, **rest: Any) -> Casebook:
    return case.fact("placement", day, to=to, type="practice", hours_per_week=hours, **rest)


TALKS = costed(it=activity("talk", "count", MEETING, each=1.5))


def test_meetings_cost_the_hours_each_takes() -> None:
    # Two meetings of one and a half hour at 500 kr.: 2 × 1.5 × 500 = 1,500.
    case = book(TALKS).enrol("2016-01-01").meet("2016-01-05").meet("2016-02-05")
    assert kroner(case, TALKS) == 1_500


def test_a_meeting_nobody_held_costs_nothing() -> None:
    case = book(TALKS).enrol("2016-01-01")
    for outcome in ("planned", "cancelled", "moved", "no_show"):
        case.meet("2016-01-05", outcome)
    assert spent(case) == 0


def test_a_rule_may_ask_for_meetings_that_were_not_held() -> None:
    # Somebody sat and waited: one no-show of one hour; the meeting that was held is not asked for.
    waited = costed(it=activity("talk", "count", {**MEETING, "where": 'outcome == "no_show"'}))
    case = book(waited).enrol("2016-01-01").meet("2016-01-05", "no_show").meet("2016-01-06")
    assert spent(case) == 1


def test_a_meeting_two_rules_ask_for_is_paid_once() -> None:
    definition = costed(it=activity("talk", "count", MEETING, {**MEETING, "where": 'type == "talk"'}))
    assert spent(book(definition).enrol("2016-01-01").meet("2016-01-05")) == 1


def test_what_names_no_enrolment_or_lies_before_it_is_no_dose() -> None:
    case = book(TALKS).enrol("2016-02-01").meet("2016-02-05", enrolment=None).meet("2016-01-31")
    assert spent(case) == 0


def test_a_meeting_after_the_exit_was_held_all_the_same() -> None:
    assert spent(book(TALKS).enrol("2016-01-01").leave("2016-02-01").meet("2016-02-10")) == 1.5


def test_units_that_only_serve_as_comparison_cost_the_effort_nothing() -> None:
    apart = TALKS.model_copy(
        update={
            "units": {**TALKS.units, "centre": TALKS.units["centre"].model_copy(update={"in_effort": False})}
        }
    )
    case = book(apart).enrol("2016-01-01", site="city").meet("2016-01-05")
    assert spent(case) == 0
    assert (
        spent(case.enrol("2016-01-01", person="p2", enrolment="e2").meet("2016-01-05", enrolment="e2")) == 1.5
    )


ENROLLED = costed(it=activity("week", "time"))


def test_time_enrolled_runs_to_the_day_before_the_exit() -> None:
    # 31 days of January and 29 of February are 60 days; 60 / 7 weeks at 700 kr. are 6,000.
    case = book(ENROLLED).enrol("2016-01-01").leave("2016-03-01")
    assert kroner(case, ENROLLED) == pytest.approx(6_000)


def test_an_open_enrolment_runs_to_the_last_day_of_the_data() -> None:
    # 1 to 14 January, both days: two weeks.
    assert spent(book(ENROLLED, "2016-01-14").enrol("2016-01-01")) == pytest.approx(2)


def test_a_pause_does_not_stop_the_time_enrolled() -> None:
    case = book(ENROLLED, "2016-01-14").enrol("2016-01-01").fact("pause", "2016-01-03", to="2016-01-09")
    assert spent(case) == pytest.approx(2)


def test_a_day_in_two_enrolments_is_one_day() -> None:
    # 1 to 14 January in the one, 8 to 21 in the other: 21 days, three weeks.
    case = book(ENROLLED, "2016-01-21").enrol("2016-01-01").leave("2016-01-15")
    assert spent(case.enrol("2016-01-08", enrolment="e2", service="course")) == pytest.approx(3)


def test_a_worker_with_forty_cases_is_a_fortieth_a_year() -> None:
    # 730,500 a year are 2,000 a day, a fortieth is 50; 60 days come to 3,000.
    broker = costed(it=activity("year", "time", each=0.025))
    case = book(broker).enrol("2016-01-01").leave("2016-03-01")
    assert kroner(case, broker) == pytest.approx(3_000)


def test_only_the_service_asked_for_counts() -> None:
    # Two weeks in talks and one in the course, of which only the course costs.
    definition = costed(it=activity("week", "time", service="course"))
    case = book(definition, "2016-01-14").enrol("2016-01-01")
    case.enrol("2016-01-08", person="p2", enrolment="e2", service="course")
    assert spent(case) == pytest.approx(1)


IN_PLACE = costed(it=activity("week", "time", PLACEMENT))


def test_a_placement_has_both_its_days() -> None:
    # 11 to 24 January are 14 days, two weeks at 700 kr.
    case = placed(book(IN_PLACE).enrol("2016-01-01"), "2016-01-11", "2016-01-24")
    assert kroner(case, IN_PLACE) == pytest.approx(1_400)


def test_a_placement_without_an_end_stops_with_the_enrolment() -> None:
    # 11 to 24 January again: the 25th is the day of exit.
    case = placed(book(IN_PLACE).enrol("2016-01-01"), "2016-01-11", None).leave("2016-01-25")
    assert spent(case) == pytest.approx(2)


def test_an_agreed_end_ahead_counts_to_the_last_day_of_the_data() -> None:
    case = placed(book(IN_PLACE, "2016-01-24").enrol("2016-01-01"), "2016-01-11", "2016-06-30")
    assert spent(case) == pytest.approx(2)


def test_what_ran_before_the_enrolment_counts_from_its_first_day() -> None:
    case = placed(book(IN_PLACE).enrol("2016-01-11"), "2016-01-01", "2016-01-24")
    assert spent(case) == pytest.approx(2)


def test_hours_are_hours_a_week_for_as_long_as_they_ran() -> None:
    # 10 hours a week for 14 days are 20 hours; at 500 kr. that is 10,000.
    definition = costed(it=activity("talk", "hours", PLACEMENT))
    case = placed(book(definition).enrol("2016-01-01"), "2016-01-11", "2016-01-24", 10)
    assert kroner(placed(case, "2016-03-01", "2016-03-31"), definition) == pytest.approx(10_000)


def test_a_participant_is_paid_for_once() -> None:
    # Two people at 800 kr.; one of them comes back, which costs no second time.
    definition = costed(it=activity("head", "participants"))
    case = book(definition).enrol("2016-01-01").leave("2016-02-01").enrol("2016-05-01", enrolment="e3")
    assert kroner(case.enrol("2016-03-01", person="p2", enrolment="e2"), definition) == 1_600


RENT = costed(it=activity("month", "fixed"))


def rent(first: str = "2016-01-01", second: str = "2016-01-11", until: str = "2016-01-20") -> Casebook:
    case = book(RENT, until).enrol(first)
    return case.enrol(second, person="p2", enrolment="e2", site="city")


def test_rent_is_shared_day_by_day_among_those_enrolled() -> None:
    # 100 a day: the first is alone for ten days and shares ten, 1,000 + 500; the other has 500.
    shared = accounts(rent().facts(), quoted(RENT))
    assert dict(shared.select("site", "amount").iter_rows()) == pytest.approx({"north": 1_500, "city": 500})


def test_rent_of_days_without_anybody_is_nobodys_and_still_paid() -> None:
    # 1 to 10 January and 21 to 31 January: the ten days between are 1,000.
    case = book(RENT, "2016-01-31").enrol("2016-01-01").leave("2016-01-11")
    case.enrol("2016-01-21", person="p2", enrolment="e2")
    table = accounts(case.facts(), quoted(RENT))
    assert dict(table.select("site", "amount").iter_rows()) == pytest.approx({"north": 2_100, None: 1_000})


def test_rent_of_some_units_is_only_theirs() -> None:
    # From 11 to 20 January somebody is enrolled in the centre: ten days at 100.
    definition = costed(it=activity("month", "fixed", units=["centre"]))
    case = book(definition, "2016-01-20").enrol("2016-01-01")
    case.enrol("2016-01-11", person="p2", enrolment="e2", site="city")
    assert accounts(case.facts(), quoted(definition)).select("site", "amount").rows() == [
        ("city", pytest.approx(1_000))
    ]


def test_what_is_paid_once_is_shared_by_days_enrolled() -> None:
    # 12,000 over 20 + 10 days: 400 a day.
    definition = costed(it=activity("once", "fixed", phase="start_up"))
    case = book(definition, "2016-01-20").enrol("2016-01-01")
    case.enrol("2016-01-11", person="p2", enrolment="e2", site="city")
    table = accounts(case.facts(), quoted(definition))
    assert dict(table.select("site", "amount").iter_rows()) == pytest.approx({"north": 8_000, "city": 4_000})


def test_overheads_are_a_share_of_what_is_not_fixed() -> None:
    # Talks 1,500 and time 60 / 7 × 700 = 6,000 make 7,500; a fifth of that is 1,500, and the rent is left out.
    definition = costed(
        talks=activity("talk", "count", MEETING, each=1.5),
        time=activity("week", "time"),
        rent=activity("month", "fixed"),
        overheads={"lead": item("Lead", share=0.2), "of-talks": item("Of talks", share=0.1, of=["talks"])},
    )
    case = book(definition).enrol("2016-01-01").leave("2016-03-01").meet("2016-01-05").meet("2016-02-05")
    assert kroner(case, definition, "lead") == pytest.approx(1_500)
    assert kroner(case, definition, "of-talks") == pytest.approx(150)


def test_a_grant_is_no_cost() -> None:
    definition = costed(pool=activity("grant", "fixed"), talks=activity("talk", "count", MEETING))
    table = accounts(book(definition).enrol("2016-01-01").meet("2016-01-05").facts(), quoted(definition))
    assert table["activity"].to_list() == ["talks"]


MIXED = costed(
    training=activity("once", "fixed", phase="start_up"),
    time=activity("week", "time"),
)


def mixed() -> Casebook:
    case = book(MIXED, "2016-02-29").enrol("2016-01-01").leave("2016-01-31")
    return case.enrol("2016-02-01", person="p2", enrolment="e2", site="city").leave(
        "2016-02-21", enrolment="e2"
    )


def test_start_up_and_running_are_told_apart_site_by_site() -> None:
    # 30 days in January at north and 20 in February in the city. Training: 12,000 / 50 = 240 a day; time: 100 a day.
    table = accounts_by(mixed().facts(), quoted(MIXED), ["site"]).sort("site")
    assert table["start_up"].to_list() == pytest.approx([4_800, 7_200])
    assert table["running"].to_list() == pytest.approx([2_000, 3_000])
    # 340 a day whatever the site: 340 × 30.4375 an enrolled month.
    assert table["a_month"].to_list() == pytest.approx([10_348.75, 10_348.75])


def test_a_period_has_its_own_days_and_all_periods_make_the_whole() -> None:
    # 11 to 30 January at 100 a day are 2,000 of the 5,000.
    def running(first: str, last: str) -> float:
        table = accounts_by(mixed().facts(), quoted(MIXED), ["month"], period(first, last))
        return float(table["running"].sum())

    assert running("2016-01-11", "2016-01-31") == pytest.approx(2_000)
    assert running("2016-01-01", "2016-01-10") + running("2016-02-01", "2016-02-29") == pytest.approx(3_000)


MONTHLY = costed(it=activity("talk", "count", MEETING))


def staggered(until: str = "2016-03-31") -> Casebook:
    """Three people who begin a month apart, each with a meeting on the tenth of every month."""
    case = book(MONTHLY, until)
    for person, first in enumerate((1, 2, 3), start=1):
        who = {"person": f"p{person}", "enrolment": f"e{person}"}
        case.enrol(date(2016, first, 1), **who)
        for month in range(first, 4):
            case.meet(date(2016, month, 10), **who)
    return case


def test_open_cases_do_not_make_a_course_look_cheap() -> None:
    # 6 meetings among 3 people are 2 each. But one was followed three months, two of them two, all three one, and
    # whoever was followed had a meeting a month: 1 + 1 + 1 = 3.
    found = course(staggered().facts(), "it")
    assert found.followed.tolist() == [3, 2, 1]
    assert found.quantity.tolist() == [1, 1, 1]


def test_the_error_is_that_of_a_mean_month_by_month() -> None:
    # The first has one more in the first month: 2, 1 and 1 make a mean of 4/3, with a variance of 1/3 and a standard
    # error of √(1/3 / 3) = 1/3. Nobody differs in later months.
    found = course(staggered().meet("2016-01-20").facts(), "it")
    assert found.quantity.sum() == pytest.approx(1 + 1 / 3 + 2)
    assert found.se == pytest.approx(1 / 3)
    assert found.total.low == pytest.approx(10 / 3 - 1.959964 / 3)


def test_who_has_left_counts_with_nothing() -> None:
    # p1 leaves before the second month, and its two later meetings were never held: months are 1, 1/2 and 0.
    case = book(MONTHLY, "2016-03-31").enrol("2016-01-01").meet("2016-01-10").leave("2016-01-20")
    case.enrol("2016-02-01", person="p2", enrolment="e2")
    for day in ("2016-02-10", "2016-03-10"):
        case.meet(day, person="p2", enrolment="e2")
    assert course(case.facts(), "it").quantity.tolist() == [1, 0.5, 0]


def test_a_month_that_is_not_over_is_not_used() -> None:
    # On 30 March nobody's newest month is over, so the last meeting of each is left out.
    found = course(staggered("2016-03-30").facts(), "it")
    assert found.followed.tolist() == [2, 1]
    assert found.quantity.tolist() == [1, 1]


def test_years_are_counted_from_each_ones_own_start() -> None:
    # From 10 July to the next: four meetings in the first year and one in the second.
    case = book(MONTHLY, "2018-07-09").enrol("2016-07-10")
    for day in ("2016-07-10", "2016-12-31", "2017-01-01", "2017-07-09", "2017-07-10"):
        case.meet(day)
    found = course(case.facts(), "it", 36)
    by_year, total = found.by_year(3), found.total
    assert by_year.tolist() == [4, 1, 0]
    assert (total.value, total.bounded) == (5, False)


def test_what_the_comparison_would_have_cost_is_taken_off() -> None:
    # 3 talks at 500 are 1,500, and 2 would have been had anyway: 1,000. The fifth on top is 300 against 200.
    definition = costed(
        talks=activity("talk", "count", MEETING, usual={"quantity": 2, "source": "L1"}),
        overheads={"lead": item("Lead", share=0.2)},
    )
    case = book(definition, "2016-12-31").enrol("2016-01-01")
    for day in ("2016-01-05", "2016-02-05", "2016-03-05"):
        case.meet(day)
    case.leave("2016-06-01")
    table = per_participant(case.facts(), quoted(definition), 1)
    assert table.select("activity", "amount", "usual_amount", "extra").rows() == [
        ("talks", 1_500, 1_000, 500),
        ("lead", 300, 200, 100),
    ]


def test_what_a_course_under_way_stands_instead_of_is_not_taken_off_yet() -> None:
    # The 2 talks that would have been had anyway are those of a whole course, and this one is not over.
    definition = costed(talks=activity("talk", "count", MEETING, usual={"quantity": 2, "source": "L1"}))
    case = book(definition, "2016-12-31").enrol("2016-01-01").meet("2016-01-05")
    assert per_participant(case.facts(), quoted(definition), 1)["usual_amount"].to_list() == [0]


def test_what_is_paid_once_is_divided_among_all_so_far_in_the_first_year() -> None:
    definition = costed(it=activity("once", "fixed"))
    case = book(definition, "2017-06-30").enrol("2016-01-01")
    case.enrol("2017-06-20", person="p2", enrolment="e2")
    assert per_participant(case.facts(), quoted(definition))["amount"].to_list() == pytest.approx([6_000, 0])


def test_the_share_still_enrolled_when_the_data_end_is_told() -> None:
    # Of two followed for twelve months, one left after three.
    case = (
        book(MONTHLY).enrol("2016-01-01").enrol("2016-01-01", person="p2", enrolment="e2").leave("2016-04-01")
    )
    assert still_enrolled(case.facts()) == (12, 0.5)


def test_a_site_has_the_participants_who_began_there() -> None:
    # North: one of two had a meeting. City: three for one.
    case = (
        book(MONTHLY).enrol("2016-01-01").enrol("2016-01-01", person="p2", enrolment="e2").meet("2016-01-05")
    )
    case.enrol("2016-01-01", person="p3", enrolment="e3", site="city")
    for day in ("2016-01-05", "2016-01-06", "2016-01-07"):
        case.meet(day, person="p3", enrolment="e3")
    assert course(case.facts(), "it", site="north").quantity.sum() == 0.5
    assert course(case.facts(), "it", unit="centre").quantity.sum() == 3
