"""What it means that a recurring talk was held in time, one sentence at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from casebook import Casebook, indicator, item, period, programme
from indsats.figure import Figure
from indsats.record import Record
from indsats.steer import due_items
from indsats.steer import indicator as level

CADENCES = {
    "talk": item(
        "Talk", service="talks", what=[{"kind": "meeting", "where": 'outcome == "held"'}], every="P3M"
    ),
    "check": item("Check", what=[{"event": "check"}], every="P14D"),
}
PROGRAMME = programme(
    cadences=CADENCES,
    events={"check": item("Check")},
    indicators={"timely": indicator("timeliness", cadence="talk")},
)
YEAR = period("2016-01-01", "2016-12-31")


def book(**enrolment: str) -> Casebook:
    return Casebook(PROGRAMME).enrol("2016-01-10", **enrolment)


def items(case: Casebook, until: str = "2016-12-31", cadence: str = "talk") -> list[tuple[str, ...]]:
    """Start, due, done and timely, shortened to month-day."""
    table = due_items(case.facts(), cadence, date.fromisoformat(until))
    shown = {True: "in time", False: "late", None: "open"}
    return [
        (f"{start:%m-%d}", f"{due:%m-%d}", f"{done:%m-%d}" if done else "", shown[timely])
        for start, due, done, timely in table.select("start", "due", "done_on", "timely").iter_rows()
    ]


def timely(case: Casebook, first: str = "2016-01-01", last: str = "2016-12-31") -> Figure:
    return level(case.facts(), "timely", period(first, last))


def test_the_clock_starts_at_enrolment() -> None:
    assert items(book(), until="2016-02-01") == [("01-10", "04-10", "", "open")]


def test_it_starts_anew_at_each_talk() -> None:
    case = book().meet("2016-03-01").meet("2016-05-20")
    assert items(case, until="2016-06-01") == [
        ("01-10", "04-10", "03-01", "in time"),
        ("03-01", "06-01", "05-20", "in time"),
        ("05-20", "08-20", "", "open"),
    ]


def test_a_talk_on_the_day_it_is_due_is_in_time() -> None:
    assert items(book().meet("2016-04-10"), until="2016-04-30")[0][-1] == "in time"


def test_a_talk_the_day_after_is_late() -> None:
    assert items(book().meet("2016-04-11"), until="2016-04-30")[0][-1] == "late"


def test_an_overdue_talk_stays_one_item_until_it_is_held_and_restarts_from_then() -> None:
    case = book().meet("2016-11-01")
    assert items(case) == [("01-10", "04-10", "11-01", "late"), ("11-01", "02-01", "", "open")]


def test_a_talk_never_held_is_one_late_item_however_long_it_waits() -> None:
    assert items(book(), until="2018-12-31") == [("01-10", "04-10", "", "late")]


def test_a_talk_not_held_when_its_day_has_passed_is_late_and_on_the_eve_still_open() -> None:
    assert items(book(), until="2016-04-09")[0][-1] == "open"
    assert items(book(), until="2016-04-10")[0][-1] == "late"


def test_due_at_the_end_of_a_shorter_month() -> None:
    case = Casebook(PROGRAMME).enrol("2016-11-30")
    assert due_items(case.facts(), "talk", date(2016, 12, 31))["due"].to_list() == [date(2017, 2, 28)]


def test_a_talk_that_nobody_came_to_restarts_nothing() -> None:
    case = book().meet("2016-03-01", "no_show").meet("2016-03-08", "cancelled").meet("2016-03-09", "planned")
    assert items(case, until="2016-03-31") == [("01-10", "04-10", "", "open")]


def test_two_talks_on_a_day_are_one_and_one_on_the_first_day_is_the_start() -> None:
    case = book().meet("2016-01-10").meet("2016-03-01").meet("2016-03-01")
    assert items(case, until="2016-03-31") == [
        ("01-10", "04-10", "03-01", "in time"),
        ("03-01", "06-01", "", "open"),
    ]


def test_nothing_falls_due_after_the_exit() -> None:
    assert items(book().meet("2016-03-01").leave("2016-05-31")) == [("01-10", "04-10", "03-01", "in time")]


def test_nothing_falls_due_on_the_day_of_exit() -> None:
    assert items(book().leave("2016-04-10")) == []
    assert items(book().leave("2016-04-11")) == [("01-10", "04-10", "", "late")]


def test_a_talk_held_late_on_the_day_of_exit_still_counts_as_held() -> None:
    case = book().leave("2016-05-01").meet("2016-05-01")
    assert items(case) == [("01-10", "04-10", "05-01", "late")]


def test_a_talk_after_the_exit_is_none_of_this_enrolment() -> None:
    assert items(book().leave("2016-05-01").meet("2016-05-02")) == [("01-10", "04-10", "", "late")]


def test_an_exit_that_comes_later_is_not_known_yet() -> None:
    assert items(book().leave("2016-04-01"), until="2016-03-01") == [("01-10", "04-10", "", "open")]


def test_a_pause_across_the_due_day_puts_it_off_by_the_whole_pause() -> None:
    case = book().fact("pause", "2016-04-01", to="2016-04-20", reason="ill")
    assert items(case, until="2016-04-25") == [("01-10", "04-30", "", "open")]


def test_a_pause_before_the_due_day_puts_it_off_too() -> None:
    case = book().fact("pause", "2016-02-01", to="2016-02-05", reason="ill")
    assert items(case, until="2016-03-01") == [("01-10", "04-15", "", "open")]


def test_a_pause_after_the_due_day_helps_nobody() -> None:
    case = book().fact("pause", "2016-04-11", to="2016-04-20", reason="ill")
    assert items(case, until="2016-04-25") == [("01-10", "04-10", "", "late")]


def test_the_day_a_pause_begins_is_a_paused_day() -> None:
    case = book().fact("pause", "2016-04-10", to="2016-04-10", reason="ill")
    assert items(case, until="2016-04-10") == [("01-10", "04-11", "", "open")]


def test_a_pause_reached_only_because_of_another_counts_as_well() -> None:
    case = book().fact("pause", "2016-04-01", to="2016-04-10", reason="ill")
    case.fact("pause", "2016-04-15", to="2016-04-16", reason="ill")
    assert items(case, until="2016-04-20") == [("01-10", "04-22", "", "open")]


def test_overlapping_pauses_count_each_day_once() -> None:
    case = book().fact("pause", "2016-04-01", to="2016-04-10", reason="ill")
    case.fact("pause", "2016-04-05", to="2016-04-12", reason="leave")
    assert items(case, until="2016-04-20") == [("01-10", "04-22", "", "open")]


def test_a_clock_started_in_a_pause_runs_from_its_end() -> None:
    case = Casebook(PROGRAMME).enrol("2016-01-10").fact("pause", "2016-01-05", to="2016-01-20", reason="ill")
    assert items(case, until="2016-02-01") == [("01-10", "04-20", "", "open")]


def test_while_a_pause_without_end_runs_nothing_falls_due() -> None:
    case = book().fact("pause", "2016-04-01", reason="ill")
    [(_, _, done, state)] = items(case, until="2017-06-01")
    assert (done, state) == ("", "open")


def test_a_pause_without_enrolment_stops_every_clock_of_the_person() -> None:
    case = book().enrol("2016-01-10", enrolment="e2")
    case.fact("pause", "2016-04-01", to="2016-04-20", enrolment=None, reason="ill")
    assert [row[1] for row in items(case)] == ["04-30", "04-30"]


def test_a_person_enrolled_twice_has_two_clocks() -> None:
    case = book().enrol("2016-02-10", enrolment="e2").meet("2016-03-01")
    assert items(case, until="2016-03-31") == [
        ("01-10", "04-10", "03-01", "in time"),
        ("03-01", "06-01", "", "open"),
        ("02-10", "05-10", "", "open"),
    ]


def test_other_services_have_no_clock() -> None:
    assert items(book(service="course")) == []


def test_a_cadence_may_run_in_every_service_and_on_events_of_the_programme() -> None:
    case = (
        book(service="course")
        .fact("event", "2016-01-20", event="check")
        .fact("event", "2016-01-22", event="x")
    )
    assert items(case, until="2016-01-31", cadence="check") == [
        ("01-10", "01-24", "01-20", "in time"),
        ("01-20", "02-03", "", "open"),
    ]


def test_the_share_counts_items_that_fell_due_in_the_period() -> None:
    case = book().meet("2016-04-05").meet("2016-08-01").data_until("2016-12-31")
    figure = timely(case)
    assert (figure.numerator, figure.denominator) == (1, 3)
    assert timely(case, "2016-07-01", "2016-07-31").value == 0
    assert timely(case, "2016-04-01", "2016-04-30").value == 1


def test_items_due_after_the_data_end_are_not_yet_due() -> None:
    figure = timely(book().data_until("2016-03-01"))
    assert (figure.value, figure.denominator, figure.excluded) == (None, 0, {"not_yet_due": 1})


def test_items_the_exit_overtook_are_counted_beside() -> None:
    figure = timely(book().leave("2016-03-01").data_until("2016-12-31"))
    assert (figure.value, figure.excluded) == (None, {"exited_before_due": 1})


def test_talks_that_belong_to_no_enrolment_are_counted_beside() -> None:
    case = book().meet("2016-03-01", enrolment=None, site="north").data_until("2016-12-31")
    figure = timely(case)
    assert (figure.value, figure.excluded) == (0, {"no_enrolment": 1})


def test_the_share_is_of_the_unit_of_the_enrolment() -> None:
    case = (
        book().enrol("2016-01-10", person="p2", enrolment="e2", site="city").meet("2016-04-01", site="city")
    )
    case.data_until("2016-05-01")
    facts = case.facts()
    assert level(facts, "timely", YEAR, unit="outreach").value == 1
    assert level(facts, "timely", YEAR, unit="centre").value == 0
    assert level(facts, "timely", YEAR, site="city").value == 0
    assert level(facts, "timely", YEAR).value == 0.5


def test_a_talk_registered_months_late_is_late_until_it_is_known() -> None:
    def recorded(day: date) -> dict[str, object]:
        return {
            "recorded_at": datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
            "recorded_by": "a caseworker",
            "source": "form",
        }

    blank = Casebook(PROGRAMME).enrol("2016-01-10").facts()
    record = Record(PROGRAMME, {}, blank.persons, blank.sites)
    who = {"person": "p1", "enrolment": "e1", "site": "north"}
    record = record.add(
        "enrolled",
        [{**who, "occurred_from": date(2016, 1, 10), "service": "talks"}],
        **recorded(date(2016, 1, 10)),  # type: ignore[arg-type]
    )
    record = record.add(
        "cv",
        [{"person": "p2", "occurred_from": date(2016, 5, 1), "published": True}],
        **recorded(date(2016, 5, 1)),  # type: ignore[arg-type]
    )
    record = record.add(
        "meeting",
        [{**who, "occurred_from": date(2016, 4, 1), "type": "talk", "outcome": "held"}],
        **recorded(date(2016, 8, 1)),  # type: ignore[arg-type]
    )
    spring = period("2016-04-01", "2016-04-30")
    before = level(record.as_of(datetime(2016, 6, 1, tzinfo=UTC)), "timely", spring)
    after = level(record.as_of(), "timely", spring)
    assert (before.numerator, before.denominator) == (0, 1)
    assert (after.numerator, after.denominator) == (1, 1)


def test_an_unknown_cadence_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="nothing"):
        due_items(book().facts(), "nothing", date(2016, 1, 1))
