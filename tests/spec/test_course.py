"""The course: intake by month, and how far people come on the way from draw to exit, one example per rule."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import exp, log, sqrt

import pytest

from casebook import Casebook, item, period, programme
from indsats.programme import Programme
from indsats.record import Facts
from indsats.steer import Course, StepRow, course

YEAR = period("2018-01-01", "2018-12-31")


def step(*what: dict[str, object], leaves: bool = False) -> dict[str, object]:
    return item("step", what=list(what), leaves=leaves)


def trial() -> Programme:
    return programme(
        draws={"draw": item("Draw", about={"da": "d", "en": "d"}, arms={"in": item(), "out": item()})},
        course={
            "drawn": step({"kind": "drawn", "where": 'arm == "in"'}),
            "excluded": step({"kind": "excluded"}, leaves=True),
            "started": step({"kind": "enrolled", "where": 'service == "talks"'}),
            "agreement": step({"kind": "agreement"}),
            "placement": step({"kind": "placement", "where": 'type == "practice"'}),
            "hours": step({"kind": "hours", "where": "hours_per_week > 0"}),
            "exit": step({"kind": "exit"}, leaves=True),
        },
    )


def case() -> Casebook:
    return Casebook(trial())


def draw(book: Casebook, day: str, person: str, arm: str = "in", site: str | None = "north") -> Casebook:
    return book.fact("drawn", day, person=person, enrolment=None, site=site, draw="draw", arm=arm)


def exclude(book: Casebook, day: str, person: str) -> Casebook:
    return book.fact("excluded", day, person=person, enrolment=None, site="north", reason="prison")


def agree(book: Casebook, day: str, number: int) -> Casebook:
    return book.fact("agreement", day, person=f"p{number}", enrolment=f"e{number}", type="work")


def place(book: Casebook, day: str, number: int) -> Casebook:
    return book.fact("placement", day, person=f"p{number}", enrolment=f"e{number}", type="practice")


def enrol(book: Casebook, day: str, number: int, **rest: str) -> Casebook:
    return book.enrol(day, person=f"p{number}", enrolment=f"e{number}", **rest)


def row(found: Course, name: str) -> StepRow:
    return next(one for one in found.steps if one.step == name)


def counts(one: StepRow) -> tuple[float | None, ...]:
    """Came in here, came on, went past, left before, under way."""
    return tuple(part.value for part in (one.came_in, one.came_on, one.past, one.left, one.under_way))


def told(book: Casebook, name: str) -> StepRow:
    return row(course(book.facts(), YEAR), name)


def printed_intake() -> Facts:
    """224 people from February to December 2018 and 280 from January to September 2019 (000 L226-228, L616)."""
    book = Casebook(programme())
    number = 0
    for first, months, people in ((date(2018, 2, 1), 11, 224), (date(2019, 1, 1), 9, 280)):
        for one in range(people):
            number += 1
            month = first.month + one % months
            enrol(book, f"{first.year}-{month:02d}-{1 + one % 28:02d}", number)
    return book.data_until("2019-09-30").facts()


def test_the_printed_intake_of_a_month_comes_out_from_people() -> None:
    facts = printed_intake()
    first = course(facts, period("2018-02-01", "2018-12-31"))
    second = course(facts, period("2019-01-01", "2019-09-30"))
    assert (first.enrolled.value, second.enrolled.value) == (224, 280)
    assert round(first.enrolled_per_month.value or 0) == 20
    assert round(second.enrolled_per_month.value or 0) == 31
    assert (first.enrolled_per_month.numerator, first.enrolled_per_month.denominator) == (224, 11)
    assert second.intake[-1].enrolled_so_far.value == 504
    assert sum(one.enrolled.value or 0 for one in first.intake) == 224


def test_a_month_without_anybody_is_nought_and_one_after_the_data_has_no_value() -> None:
    book = case()
    enrol(book, "2018-01-10", 1)
    enrol(book, "2018-03-10", 2)
    found = course(book.facts(), period("2018-01-01", "2018-04-30"))
    assert [one.enrolled.value for one in found.intake] == [1, 0, 1, None]
    assert [one.enrolled_so_far.value for one in found.intake] == [1, 1, 2, None]
    assert found.enrolled_per_month.denominator == pytest.approx(2 + 10 / 31)


def test_who_came_before_the_period_is_in_the_cumulated_intake_and_not_in_its_months() -> None:
    book = case()
    enrol(book, "2017-06-01", 1)
    enrol(book, "2018-02-01", 2)
    found = course(book.facts(), YEAR)
    assert [one.enrolled_so_far.value for one in found.intake[:2]] == [1, 2]
    assert found.enrolled.value == 1


def test_quarters_and_years_hold_the_months() -> None:
    book = case()
    for number, day in enumerate(("2018-01-05", "2018-03-31", "2018-04-01", "2018-12-31")):
        enrol(book, day, number)
    by = {grain: course(book.facts(), YEAR, by=grain).intake for grain in ("month", "quarter", "year")}
    assert [one.enrolled.value for one in by["quarter"]] == [2, 1, 0, 1]
    assert [(one.span.first, one.enrolled.value) for one in by["year"]] == [(date(2018, 1, 1), 4)]
    assert len(by["month"]) == 12


def test_the_first_step_has_an_intake_of_its_own() -> None:
    book = draw(draw(case(), "2018-01-08", "p1"), "2018-01-09", "p2", arm="out")
    enrol(book, "2018-02-01", 1)
    found = course(book.facts(), period("2018-01-01", "2018-02-28"))
    assert [(one.entered.value, one.enrolled.value) for one in found.intake if one.entered] == [
        (1, 0),
        (0, 1),
    ]


def test_a_draw_belongs_to_the_first_enrolment_on_or_after_it() -> None:
    book = draw(case(), "2018-02-01", "p1")
    enrol(book, "2018-01-01", 1).leave("2018-01-20")
    book.enrol("2018-02-01", person="p1", enrolment="e9")
    assert counts(told(book, "started")) == (1, 1, 0, 0, 0)  # the first enrolment had no draw
    assert told(book, "started").arrived.value == 0  # type: ignore[union-attr]


def test_drawn_and_never_enrolled_is_under_way_and_excluded_has_left() -> None:
    book = draw(draw(draw(case(), "2018-01-01", "p1"), "2018-01-01", "p2"), "2018-01-01", "p3")
    exclude(book, "2018-01-10", "p2")
    enrol(book, "2018-01-31", 3)
    assert counts(told(book, "drawn")) == (3, 0, 0, 0, 0)
    assert counts(told(book, "excluded")) == (0, 1, 1, 0, 1)
    assert counts(told(book, "started")) == (0, 1, 0, 1, 1)


def test_leaving_ends_a_course_and_what_comes_after_begins_another() -> None:
    book = draw(exclude(draw(case(), "2018-01-01", "p1"), "2018-01-10", "p1"), "2018-05-01", "p1")
    enrol(book, "2018-05-11", 1)
    assert told(book, "drawn").reached.value == 2
    assert counts(told(book, "started")) == (0, 1, 0, 1, 0)
    assert told(book, "started").arrived.value == 10  # type: ignore[union-attr]


def test_an_exclusion_while_enrolled_ends_the_enrolment() -> None:
    book = exclude(enrol(draw(case(), "2018-01-01", "p1"), "2018-01-10", 1), "2018-01-15", "p1")
    agree(book, "2018-02-01", 1)
    assert told(book, "excluded").reached.value == 1
    assert counts(told(book, "agreement")) == (0, 0, 0, 1, 0)


def test_who_was_drawn_and_never_began_could_not_have_come_to_the_agreement() -> None:
    book = draw(draw(case(), "2018-01-01", "p1"), "2018-01-01", "p2")
    agree(enrol(book, "2018-02-01", 1), "2018-02-15", 1)
    share = told(book, "agreement").share
    assert (share.numerator, share.denominator) == (1, 1)


def test_a_step_that_is_skipped_is_gone_past_and_the_next_is_waited_for_from_the_one_before() -> None:
    book = place(enrol(case(), "2018-02-01", 1), "2018-03-01", 1)
    assert counts(told(book, "agreement")) == (0, 0, 1, 0, 0)
    assert told(book, "placement").arrived.value == 28  # type: ignore[union-attr]


def test_a_step_taken_out_of_turn_counts_but_is_no_wait() -> None:
    book = agree(place(enrol(case(), "2018-02-01", 1), "2018-03-01", 1), "2018-05-01", 1)
    late = told(book, "agreement")
    assert counts(late) == (0, 1, 0, 0, 0)
    assert late.arrived is not None
    assert (late.arrived.value, late.arrived.denominator) == (None, 0)
    assert told(book, "placement").arrived.value == 28  # type: ignore[union-attr]


def test_a_step_before_the_enrolment_began_is_come_in_by_and_never_a_negative_wait() -> None:
    book = agree(enrol(case(), "2018-02-01", 1), "2018-01-15", 1)
    assert counts(told(book, "agreement")) == (1, 0, 0, 0, 0)
    assert told(book, "agreement").share.value is None


def test_two_steps_on_one_day_are_a_wait_of_no_days() -> None:
    book = place(agree(enrol(case(), "2018-02-01", 1), "2018-02-01", 1), "2018-02-01", 1)
    assert told(book, "agreement").arrived.value == 0  # type: ignore[union-attr]
    assert told(book, "placement").wait.value == 0  # type: ignore[union-attr]


def test_what_happens_after_leaving_is_not_on_the_way_and_on_the_day_it_is() -> None:
    book = enrol(enrol(case(), "2018-02-01", 1), "2018-02-01", 2)
    for number in (1, 2):
        book.leave("2018-03-01", person=f"p{number}", enrolment=f"e{number}")
    agree(agree(book, "2018-03-01", 1), "2018-03-02", 2)
    assert counts(told(book, "agreement")) == (0, 1, 0, 1, 0)


def test_an_exit_leaves_where_the_course_does_not_name_it() -> None:
    steps = {"started": step({"kind": "enrolled"}), "agreement": step({"kind": "agreement"})}
    book = enrol(Casebook(programme(course=steps)), "2018-02-01", 1).leave("2018-03-01")
    assert counts(told(book, "agreement")) == (0, 0, 0, 1, 0)


def test_the_median_wait_counts_those_who_still_wait() -> None:
    """Three came after 10, 20 and 30 days; two wait since 100 days. The plain median of those who came is 20 and
    too short: with 5 waiting the curve is 0.8, 0.6, 0.4, and first at or below one half after 30 days."""
    book = case()
    for number, wait in enumerate((10, 20, 30, None, None), 1):
        enrol(book, "2018-01-01", number)
        if wait is not None:
            agree(book, (date(2018, 1, 1) + timedelta(wait)).isoformat(), number)
    found = told(book.data_until("2018-04-11"), "agreement")
    assert found.wait is not None
    assert found.arrived is not None
    assert (found.wait.value, found.arrived.value) == (30, 20)
    assert (found.wait.denominator, found.arrived.denominator) == (5, 3)


def test_who_left_is_waited_for_no_longer_and_no_arrival_is_lost() -> None:
    """Two left after 5 days: of the three left, half have come by 20 days. As never arriving they would leave no
    median at all."""
    book = case()
    for number, wait in enumerate((10, 20, 30, None, None), 1):
        enrol(book, "2018-01-01", number)
        if wait is None:
            book.leave("2018-01-06", person=f"p{number}", enrolment=f"e{number}")
        else:
            agree(book, (date(2018, 1, 1) + timedelta(wait)).isoformat(), number)
    found = told(book, "agreement")
    assert found.wait is not None
    assert (found.wait.value, found.share.value) == (20, 0.6)


def test_the_interval_of_the_median_is_where_the_bounds_cross_one_half() -> None:
    book = case()
    for number in range(1, 21):
        enrol(book, "2018-01-01", number)
        agree(book, (date(2018, 1, 1) + timedelta(number)).isoformat(), number)
    wait = told(book, "agreement").wait
    assert wait is not None

    def bound(came: int, sign: int) -> float:
        share = 1 - came / 20  # nobody is censored, so Greenwood's variance is share (1 - share) / n
        width = 1.959964 * sqrt((1 - share) / (20 * share)) / -log(share)
        return share ** exp(sign * width)

    low, high = (next(k for k in range(1, 20) if bound(k, sign) <= 0.5) for sign in (1, -1))
    assert (wait.value, wait.low, wait.high) == (10.5, low, high)


def test_a_step_that_leads_out_has_no_wait() -> None:
    book = enrol(case(), "2018-02-01", 1).leave("2018-03-01")
    assert (told(book, "exit").wait, told(book, "exit").arrived) == (None, None)


def test_facts_of_no_enrolment_and_unknown_values_are_told_apart() -> None:
    book = enrol(enrol(case(), "2018-02-01", 1), "2018-02-01", 2)
    book.fact("agreement", "2018-03-01", person="p1", enrolment=None, site="north", type="work")
    book.fact("placement", "2018-03-01", person="p1", enrolment="e1", type=None)
    book.fact("placement", "2018-03-01", person="p2", enrolment="e2", type=None)
    place(book, "2018-04-01", 2)  # settles it for the second
    assert dict(told(book, "agreement").reached.excluded) == {"no_enrolment": 1}
    assert dict(told(book, "placement").reached.excluded) == {"unknown_value": 1}


def test_an_enrolment_in_another_service_is_no_course() -> None:
    book = place(enrol(case(), "2018-02-01", 1, service="course"), "2018-03-01", 1)
    found = course(book.facts(), YEAR)
    assert (found.enrolled.value, row(found, "placement").reached.value) == (0, 0)


def test_a_place_shows_its_own_and_the_whole_is_the_effort() -> None:
    book = enrol(enrol(case(), "2018-02-01", 1), "2018-02-01", 2, site="city")
    draw(book, "2018-01-01", "p3", site=None)  # of no known place: in the whole alone
    facts = book.facts()
    assert course(facts, YEAR).enrolled.value == 1
    assert course(facts, YEAR, unit="centre").enrolled.value == 1
    assert course(facts, YEAR, site="city").enrolled.value == 1
    assert row(course(facts, YEAR), "drawn").reached.value == 1
    assert row(course(facts, YEAR, unit="outreach"), "drawn").reached.value == 0


def test_nothing_after_the_period_is_used() -> None:
    book = agree(enrol(case(), "2018-02-01", 1), "2019-01-15", 1).leave("2019-02-01")
    assert counts(told(book, "agreement")) == (0, 0, 0, 0, 1)


def test_a_late_registration_moves_the_earlier_month_now_and_not_in_the_report_of_then() -> None:
    book = enrol(enrol(case(), "2018-01-10", 1), "2018-01-20", 2)
    late = book._rows["enrolled"][-1]
    late["recorded_at"] = datetime(2018, 6, 1, tzinfo=UTC)
    record = book.data_until("2018-02-28").record()
    january = period("2018-01-01", "2018-01-31")
    then = course(record.as_of(datetime(2018, 3, 1, tzinfo=UTC)), january)
    assert (then.enrolled.value, course(record.as_of(), january).enrolled.value) == (1, 2)


def test_without_steps_there_is_the_intake_alone() -> None:
    found = course(enrol(Casebook(programme()), "2018-02-01", 1).facts(), YEAR)
    assert (found.enrolled.value, found.steps, found.entered) == (1, (), None)
