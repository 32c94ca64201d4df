"""A missed target asks for an explanation and a plan (003 L165, L259, L590, L1026), one sentence at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from casebook import Casebook, indicator, period, programme
from indsats.record import Record
from indsats.steer import DeviationRow, deviations

MAY = period("2016-05-01", "2016-05-31")
HALF = period("2016-01-01", "2016-06-30")


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC)


def book(value: float = 0.1, **aim: Any) -> Casebook:
    """Three of ten meetings of May missed, in a unit that aims at ``value`` or fewer."""
    place = aim.pop("place", {"unit": "outreach"})
    definition = programme(
        targets=[{"indicator": "no-shows", "source": "L1", "value": value, **place, **aim}],
        indicators={"no-shows": indicator("share", "lower", kind="meeting", where='outcome == "no_show"')},
    )
    case = Casebook(definition).data_until("2016-12-31").enrol("2016-01-01")
    for number in range(10):
        case.meet("2016-05-10", "no_show" if number < 3 else "held")
    return case


def explain(
    case: Casebook, on: str, first: str = "2016-05-01", to: str = "2016-05-31", **rest: Any
) -> Casebook:
    says = {"indicator": "no-shows", "unit": "outreach", "explanation": "sygdom blandt personalet", **rest}
    who = {"person": None, "enrolment": None}
    return case.fact("deviation_explained", first, to=to, recorded_at=at(on), **who, **says)


def plan(case: Casebook, on: str, start: str, to: str, status: str = "planned", **rest: Any) -> Casebook:
    says = {"indicator": "no-shows", "unit": "outreach", "action": "sms dagen før", "status": status, **rest}
    who = {"person": None, "enrolment": None}
    return case.fact("action_planned", start, to=to, recorded_at=at(on), **who, **says)


def row(
    case: Casebook | Record,
    known: str | None = "2016-12-31",
    over: Any = MAY,
    unit: str | None = "outreach",
    **place: Any,
) -> DeviationRow:
    record = case.record() if isinstance(case, Casebook) else case
    facts = record.as_of(at(known) if known else None)
    [found] = deviations(facts, unit, ["no-shows"], over, **place)
    return found


def test_a_missed_target_asks_for_an_answer_a_month_after_the_period() -> None:
    found = row(book())
    assert (found.aim.status, found.asked_by) == ("not_met", date(2016, 6, 30))
    assert (found.explained, found.planned) == ("missing", "missing")


def test_a_month_after_the_half_year_is_the_last_of_july() -> None:
    assert row(book(), over=HALF).asked_by == date(2016, 7, 31)


def test_the_target_says_how_long_there_is() -> None:
    assert row(book(explain_within="P14D")).asked_by == date(2016, 6, 14)


@pytest.mark.parametrize(("value", "status"), [(0.3, "met"), (0.28, "near")])
def test_a_target_that_is_met_or_nearly_so_asks_for_nothing(value: float, status: str) -> None:
    found = row(book(value))
    assert (found.aim.status, found.asked_by, found.explained, found.planned) == (status, None, None, None)


def test_until_the_day_has_passed_it_is_awaited() -> None:
    assert (row(book(), "2016-06-30").explained, row(book(), "2016-07-01").explained) == (
        "awaited",
        "missing",
    )


@pytest.mark.parametrize(("on", "given"), [("2016-06-30", "in_time"), ("2016-07-01", "late")])
def test_an_explanation_is_in_time_on_the_last_day_and_late_the_day_after(on: str, given: str) -> None:
    found = row(explain(book(), on))
    assert (found.explained, found.explanation is not None) == (given, True)
    assert found.explanation is not None
    assert (found.explanation.given_on, found.explanation.text) == (
        date.fromisoformat(on),
        "sygdom blandt personalet",
    )


def test_an_explanation_not_yet_recorded_is_not_known() -> None:
    assert row(explain(book(), "2016-06-20"), "2016-06-19").explained == "awaited"


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"indicator": "held"},
        {"unit": "centre"},
        {"unit": None},
        {"unit": None, "site": "north"},
        {"first": "2016-05-02"},
        {"to": "2016-05-30"},
    ],
)
def test_an_explanation_is_about_the_same_figure_place_and_the_whole_period(
    elsewhere: dict[str, Any],
) -> None:
    assert row(explain(book(), "2016-06-20", **elsewhere)).explained == "missing"


def test_an_explanation_of_a_longer_time_covers_the_period() -> None:
    assert row(explain(book(), "2016-06-20", "2016-01-01", "2016-06-15")).explained == "in_time"


def test_a_site_and_the_whole_programme_have_explanations_of_their_own() -> None:
    site = explain(book(place={"site": "north"}), "2016-06-20", unit=None, site="north")
    assert row(site, unit=None, site="north").explained == "in_time"
    whole = explain(book(place={}), "2016-06-20", unit=None)
    assert row(whole, unit=None).explained == "in_time"


def test_a_word_mended_later_does_not_make_it_late_and_is_seen_from_then_on() -> None:
    record = explain(book(), "2016-06-20").record()
    name = record.table("deviation_explained")["id"].item()
    by = {"recorded_by": "anna", "source": "web", "recorded_at": at("2016-09-01")}
    mended = record.correct(name, {"explanation": "influenza blandt personalet"}, **by)
    found, before = row(mended), row(mended, "2016-08-31")
    assert found.explanation is not None
    assert before.explanation is not None
    assert (found.explained, found.explanation.text) == ("in_time", "influenza blandt personalet")
    assert before.explanation.text == "sygdom blandt personalet"


def test_a_withdrawn_explanation_is_missing() -> None:
    record = explain(book(), "2016-06-20").record()
    name = record.table("deviation_explained")["id"].item()
    gone = record.withdraw(name, recorded_by="anna", source="web", recorded_at=at("2016-06-25"))
    assert row(gone).explained == "missing"


def test_a_plan_of_the_time_after_answers_the_period() -> None:
    found = row(plan(book(), "2016-06-20", "2016-06-20", "2016-08-01", owner="coordinator"), "2016-07-01")
    [action] = found.actions
    assert found.planned == "in_time"
    assert (action.text, action.owner, action.status, action.deadline, action.overdue, action.carried) == (
        "sms dagen før",
        "coordinator",
        "planned",
        date(2016, 8, 1),
        False,
        False,
    )


def test_a_plan_that_begins_after_the_next_period_belongs_to_another() -> None:
    assert row(plan(book(), "2016-06-20", "2016-06-30", "2016-08-01")).planned == "in_time"
    later = row(plan(book(), "2016-06-20", "2016-07-01", "2016-08-01"))
    assert (later.planned, later.actions) == ("missing", ())


def test_a_plan_past_its_deadline_is_overdue_while_it_is_open() -> None:
    for status, overdue in (("planned", True), ("under_way", True), ("done", False), ("dropped", False)):
        case = plan(book(), "2016-06-20", "2016-06-20", "2016-08-01", status)
        [action] = row(case, "2016-08-02").actions
        assert action.overdue is overdue
        [action] = row(case, "2016-08-01").actions
        assert not action.overdue


def test_a_plan_dropped_again_is_no_answer() -> None:
    found = row(plan(book(), "2016-06-20", "2016-06-20", "2016-08-01", "dropped"))
    assert (found.planned, len(found.actions)) == ("missing", 1)


def test_an_open_plan_of_an_earlier_period_is_carried_forward() -> None:
    found = row(plan(book(), "2016-03-01", "2016-03-01", "2016-04-01", "under_way"))
    [action] = found.actions
    assert (action.carried, action.overdue, found.planned) == (True, True, "carried")


def test_a_plan_is_carried_forward_though_the_target_is_met_now() -> None:
    found = row(plan(book(0.5), "2016-03-01", "2016-03-01", "2016-04-01"))
    assert (found.asked_by, found.planned, len(found.actions)) == (None, None, 1)


@pytest.mark.parametrize("status", ["done", "dropped"])
def test_a_closed_plan_of_an_earlier_period_is_left_behind(status: str) -> None:
    found = row(plan(book(), "2016-03-01", "2016-03-01", "2016-04-01", status))
    assert (found.actions, found.planned) == ((), "missing")


def test_a_plan_that_gets_done_is_corrected_and_both_views_hold() -> None:
    record = plan(book(), "2016-03-01", "2016-03-01", "2016-04-01").record()
    name = record.table("action_planned")["id"].item()
    by = {"recorded_by": "anna", "source": "web", "recorded_at": at("2016-07-10")}
    done = record.correct(name, {"status": "done"}, **by)
    assert (len(row(done, "2016-07-09").actions), row(done).actions) == (1, ())


def test_without_a_time_the_last_day_recorded_tells_what_is_missing() -> None:
    short = book()
    assert row(short, None).explained == "missing"  # the data end in December


def test_explanations_do_not_move_the_day_the_data_end() -> None:
    case = plan(explain(book(), "2017-03-01"), "2017-03-01", "2017-02-01", "2017-02-28", "done")
    assert case.facts().last_day == date(2016, 12, 31)
