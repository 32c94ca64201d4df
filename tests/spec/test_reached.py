"""What enrolments came to and how long it took, one sentence at a time."""

from __future__ import annotations

from typing import Any

from casebook import Casebook, indicator, item, period, programme
from indsats.figure import Figure
from indsats.steer import REASONS
from indsats.steer import indicator as level


def event(name: str, **rest: Any) -> dict[str, Any]:
    return {"event": name, **rest}


PROGRAMME = programme(
    events={name: item(name, values={"good": item()}) for name in ("cv", "plan", "strategy", "awarded")},
    indicators={
        "cv": indicator("reached", what=[event("cv")]),
        "either": indicator("reached", what=[event("cv"), event("plan")]),
        "both": indicator("reached", what=[event("cv"), event("plan")], every=True),
        "of-awarded": indicator("reached", what=[event("strategy")], among=[event("awarded")]),
        "good-cv": indicator("reached", what=[event("cv", where='value == "good"')]),
        "course-cv": indicator("reached", what=[event("cv")], service="course"),
        "to-strategy": indicator("between", "lower", since=[event("awarded")], until=[event("strategy")]),
        "to-cv": indicator("between", "lower", until=[event("cv", where='value != "bad"')]),
    },
)
SPRING = period("2016-01-01", "2016-06-30")


def book(person: int = 1, case: Casebook | None = None, day: str = "2016-01-10", **rest: Any) -> Casebook:
    case = case or Casebook(PROGRAMME).data_until("2016-12-31")
    return case.enrol(day, person=f"p{person}", enrolment=f"e{person}", **rest)


def happens(case: Casebook, *named: str, person: int = 1, **rest: Any) -> Casebook:
    for one in named:
        day, what = one.split(" ")
        who = {"person": f"p{person}", "enrolment": f"e{person}", "value": "good", **rest}
        case.fact("event", f"2016-{day}", event=what, **who)
    return case


def spring(case: Casebook, name: str, **scope: str) -> Figure:
    return level(case.facts(), name, SPRING, **scope)


def parts(figure: Figure) -> tuple[float | None, float | None]:
    return figure.numerator, figure.denominator


def test_the_denominator_is_enrolments_begun_in_the_period() -> None:
    case = happens(book(2, book(day="2015-12-31"), day="2016-06-30"), "07-01 cv", person=2)
    happens(case, "02-01 cv")
    book(3, case, day="2016-07-01")
    assert parts(spring(case, "cv")) == (1, 1)


def test_what_is_reached_after_the_period_and_before_the_data_end_counts() -> None:
    assert spring(happens(book(), "12-30 cv"), "cv").value == 1


def test_any_of_several_will_do_unless_one_of_each_is_asked_for() -> None:
    case = happens(book(), "02-01 plan")
    assert spring(case, "either").value == 1
    assert spring(case, "both").value == 0
    assert spring(happens(case, "03-01 cv"), "both").value == 1


def test_among_narrows_the_denominator() -> None:
    case = happens(book(3, book(2, book())), "02-01 awarded", "02-10 strategy")
    happens(case, "02-01 awarded", person=2)
    assert parts(spring(case, "of-awarded")) == (1, 2)


def test_an_enrolment_of_which_a_missing_value_decides_is_left_out() -> None:
    case = happens(book(2, book()), "02-01 cv", value=None)
    figure = spring(case, "good-cv")
    assert (figure.denominator, figure.excluded) == (1, {"unknown_value": 1})
    assert parts(spring(happens(case, "03-01 cv"), "good-cv")) == (1, 2)


def test_a_fact_without_enrolment_reaches_nothing_and_is_counted_beside() -> None:
    figure = spring(happens(book(), "02-01 cv", enrolment=None, site="north"), "cv")
    assert (figure.value, figure.excluded) == (0, {"no_enrolment": 1})
    assert (
        spring(happens(book(), "02-01 cv", enrolment=None, site="city"), "cv", unit="outreach").excluded == {}
    )


def test_the_service_and_the_place_are_those_of_the_enrolment() -> None:
    case = happens(book(2, book(), service="course", site="city"), "02-01 cv", person=2, site="north")
    assert parts(spring(case, "course-cv")) == (1, 1)
    assert parts(spring(case, "cv", unit="outreach")) == (0, 1)
    assert parts(spring(case, "cv", site="city")) == (1, 1)


def test_enrolments_of_a_period_after_the_data_are_not_known() -> None:
    figure = level(book().facts(), "cv", period("2017-01-01", "2017-06-30"))
    assert (figure.value, figure.denominator) == (None, 0)


def test_days_run_from_the_first_fact_to_the_first_other_on_or_after_it() -> None:
    case = happens(book(), "01-20 strategy", "02-01 awarded", "02-11 strategy", "03-01 strategy")
    figure = spring(case, "to-strategy")
    assert (figure.value, figure.numerator, figure.denominator, figure.unit) == (10, 10, 1, "mean")


def test_on_the_same_day_is_no_days() -> None:
    assert spring(happens(book(), "02-01 awarded", "02-01 strategy"), "to-strategy").value == 0


def test_without_a_first_fact_they_run_from_enrolment() -> None:
    assert spring(happens(book(), "01-30 cv"), "to-cv").value == 20


def test_the_later_fact_has_to_fall_in_the_period() -> None:
    case = happens(book(), "02-01 awarded", "07-01 strategy")
    assert parts(spring(case, "to-strategy")) == (0, 0)
    autumn = level(case.facts(), "to-strategy", period("2016-07-01", "2016-12-31"))
    assert autumn.value == 151


def test_the_mean_is_over_enrolments() -> None:
    case = happens(book(2, book()), "02-01 awarded", "02-03 strategy")
    happens(case, "02-01 awarded", "02-09 strategy", person=2)
    assert spring(case, "to-strategy").value == 5


def test_those_who_still_wait_are_counted_beside_and_those_who_left_are_not() -> None:
    case = happens(book(2, book()), "02-01 awarded")
    happens(case, "02-01 awarded", person=2).leave("2016-05-01", "moved", person="p2", enrolment="e2")
    figure = spring(case, "to-strategy")
    assert (figure.value, figure.excluded) == (None, {"not_reached": 1})


def test_a_fact_whose_value_is_missing_may_have_come_first() -> None:
    case = happens(happens(book(), "01-20 cv", value=None), "01-30 cv")
    figure = spring(case, "to-cv")
    assert (figure.denominator, figure.excluded) == (0, {"unknown_value": 1})
    same_day = happens(happens(book(), "01-30 cv", value=None), "01-30 cv")
    assert (spring(same_day, "to-cv").value, spring(same_day, "to-cv").excluded) == (20, {})
    after = happens(happens(book(), "01-30 cv", value=None), "01-20 cv")
    assert (spring(after, "to-cv").value, spring(after, "to-cv").excluded) == (10, {})


def test_every_reason_has_a_title() -> None:
    case = happens(book(2, book()), "02-01 cv", value=None)
    happens(case, "03-01 cv", enrolment=None, site="north")
    reasons = {**spring(case, "to-cv").excluded, **spring(case, "good-cv").excluded}
    assert set(reasons) == {"not_reached", "unknown_value", "no_enrolment"}
    assert set(reasons) <= REASONS.keys()
