"""The rounds a questionnaire is to be answered in, what became of each, and which answers count."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from casebook import EFFORT_EVERYWHERE, Casebook, item, programme, text
from development_goals import ITEMS, all_at, goals
from indsats.measure.rounds import ROUND_COLUMNS, assigned_waves, rounds

AFTER = {
    "start": item("Start", after="P0D"),
    "half": item("Half", after="P6M"),
    "year": item("Year", after="P12M"),
}
ASKED: dict[str, Any] = {
    "waves": AFTER,
    "window": {"early": "P14D", "late": "P28D"},
    "baseline": {"within": "P1M", "before": "P7D", "source": "L1"},
    "reminders": ["P7D", "P21D"],
}


def book(**rest: Any) -> Casebook:
    return Casebook(programme(questionnaires={"goals": goals(**{**ASKED, **rest})}))


def step(cases: Casebook, day: str, what: str, **rest: Any) -> Casebook:
    return cases.fact("questionnaire_asked", day, **{"questionnaire": "goals", "step": what, **rest})


def table(cases: Casebook, until: str) -> pl.DataFrame:
    return rounds(cases.facts(), "goals", date.fromisoformat(until))


def one(cases: Casebook, until: str, wave: str, **which: Any) -> dict[str, Any]:
    rows = table(cases, until).filter(pl.col("wave") == wave)
    for name, value in which.items():
        rows = rows.filter(pl.col(name).eq_missing(pl.lit(value)))
    [row] = rows.to_dicts()
    return row


def statuses(cases: Casebook, until: str) -> list[str]:
    return table(cases, until)["status"].to_list()


def assigned(cases: Casebook) -> list[tuple[Any, ...]]:
    return assigned_waves(cases.facts(), "goals").select("round", "counts", "reason").rows()


def test_the_days_of_each_round_follow_from_enrolment_and_window() -> None:
    days = (
        table(book().enrol("2016-01-20"), "2016-01-20")
        .select("wave", "opens", "due", "closes", "ends")
        .rows()
    )
    assert days == [
        # The first opens with the window, which is earlier than the baseline allows.
        ("start", date(2016, 1, 6), date(2016, 1, 20), date(2016, 2, 17), date(2016, 7, 5)),
        ("half", date(2016, 7, 6), date(2016, 7, 20), date(2016, 8, 17), date(2017, 1, 5)),
        ("year", date(2017, 1, 6), date(2017, 1, 20), date(2017, 2, 17), None),
    ]


def test_the_first_round_opens_as_early_as_the_baseline_allows() -> None:
    early = book(baseline={"within": "P1M", "before": "P1M", "source": "L1"}).enrol("2016-01-20")
    assert one(early, "2016-02-01", "start")["opens"] == date(2015, 12, 20)


def test_months_end_at_their_last_day() -> None:
    waves = {"month": item("Month", after="P1M"), "year": item("Year", after="P12M")}
    cases = book(waves=waves, window={"early": "P1M", "late": "P1M"}, baseline=None).enrol("2016-01-31")
    row = one(cases, "2016-02-01", "month")
    assert (row["opens"], row["due"], row["closes"]) == (
        date(2016, 1, 29),
        date(2016, 2, 29),
        date(2016, 3, 29),
    )
    leap = book(waves=waves, baseline=None).enrol("2016-02-29")
    assert one(leap, "2016-03-01", "year")["due"] == date(2017, 2, 28)


@pytest.mark.parametrize(
    ("until", "status"),
    [
        ("2016-07-05", "upcoming"),
        ("2016-07-06", "due"),
        ("2016-08-17", "due"),
        ("2016-08-18", "late"),
        ("2017-01-05", "late"),
        ("2017-01-06", "missed"),
    ],
)
def test_an_unanswered_round_goes_through_its_states_day_by_day(until: str, status: str) -> None:
    assert one(book().enrol("2016-01-20"), until, "half")["status"] == status


def test_the_last_round_stays_late_for_nothing_follows_it() -> None:
    assert one(book().enrol("2016-01-20"), "2020-01-01", "year")["status"] == "late"


@pytest.mark.parametrize(
    ("left", "status"),
    [("2016-07-19", "ended"), ("2016-07-20", "ended"), ("2016-07-21", "missed"), ("2016-08-30", "missed")],
)
def test_who_left_before_it_was_due_is_not_expected_and_who_left_later_missed_it(
    left: str, status: str
) -> None:
    assert one(book().enrol("2016-01-20").leave(left), "2016-09-01", "half")["status"] == status


@pytest.mark.parametrize(
    ("day", "timing"),
    [("2016-07-05", "early"), ("2016-07-06", "on_time"), ("2016-08-17", "on_time"), ("2016-08-18", "late")],
)
def test_an_answer_that_names_the_wave_is_early_on_time_or_late(day: str, timing: str) -> None:
    row = one(book().enrol("2016-01-20").answer(day, all_at(3), wave="half"), "2016-12-01", "half")
    assert (row["status"], row["timing"], row["answered_on"]) == ("answered", timing, date.fromisoformat(day))


def test_an_answer_naming_a_wave_too_early_is_that_waves_and_leaves_the_open_one_unanswered() -> None:
    cases = book().enrol("2016-01-20").answer("2016-01-25", all_at(3), wave="year")
    assert statuses(cases, "2016-02-01") == ["due", "upcoming", "answered"]
    assert one(cases, "2016-02-01", "year")["timing"] == "early"


def test_an_answer_without_a_wave_belongs_to_the_last_round_that_had_opened() -> None:
    cases = book().enrol("2016-01-20").answer("2016-07-05", all_at(3)).answer("2016-07-06", all_at(3))
    assert assigned(cases) == [("start", True, None), ("half", True, None)]
    assert one(cases, "2016-12-01", "start")["timing"] == "late"


def test_an_answer_before_the_enrolment_counts_as_far_as_the_first_round_is_open() -> None:
    cases = book().enrol("2016-01-20")
    cases.answer("2016-01-05", all_at(3), wave="start").answer("2016-01-06", all_at(4))
    assert assigned(cases) == [(None, False, "before_enrolment"), ("start", True, None)]


def test_an_answer_between_enrolment_and_the_first_round_is_outside_the_rounds() -> None:
    waves = {"quarter": item("Quarter", after="P3M")}
    cases = book(waves=waves, baseline=None).enrol("2016-01-20").answer("2016-02-01", all_at(3))
    cases.answer("2016-01-19", all_at(3))
    assert assigned(cases) == [(None, False, "before_enrolment"), (None, False, "outside_rounds")]
    assert statuses(cases, "2016-02-02") == ["upcoming"]


@pytest.mark.parametrize(
    ("named", "reason"),
    [
        ({"enrolment": None}, "no_enrolment"),
        ({"enrolment": "e9"}, "no_enrolment"),
        ({"wave": "gone"}, "outside_rounds"),
    ],
)
def test_an_answer_that_names_nothing_known_belongs_to_none(named: dict[str, Any], reason: str) -> None:
    assert assigned(book().enrol("2016-01-20").answer("2016-01-25", all_at(3), **named)) == [
        (None, False, reason)
    ]


def test_somebody_enrolled_twice_has_rounds_of_each_enrolment() -> None:
    cases = book().enrol("2016-01-20").leave("2016-03-01").enrol("2016-05-01", enrolment="e2")
    cases.answer("2016-05-02", all_at(3), enrolment="e2")
    rows = (
        table(cases, "2016-05-10")
        .filter(pl.col("wave") == "start")
        .select("enrolment", "person", "status")
        .rows()
    )
    assert rows == [("e1", "p1", "missed"), ("e2", "p1", "answered")]


def test_a_duplicated_wave_keeps_the_first_complete_answer() -> None:
    cases = book().enrol("2016-01-20").answer("2016-01-21", {**all_at(3), "focus": None}, wave="start")
    cases.answer("2016-01-25", all_at(4), wave="start").answer("2016-01-24", all_at(5))
    row = one(cases, "2016-02-01", "start")
    assert (row["answered_on"], row["duplicates"]) == (date(2016, 1, 24), 2)
    assert assigned(cases) == [
        ("start", False, "duplicate"),
        ("start", True, None),
        ("start", False, "duplicate"),
    ]


def test_two_raters_in_one_round_when_one_is_enough() -> None:
    cases = book().enrol("2016-01-20").answer("2016-01-22", all_at(3), rater="citizen")
    cases.answer("2016-01-22", all_at(4), rater="caseworker").answer(
        "2016-01-23", all_at(4), rater="caseworker"
    )
    row = one(cases, "2016-02-01", "start")
    # The caseworker stands first in the definition; the citizen's is no further answer by the same rater.
    assert (row["rater"], row["answer"][-6:], row["duplicates"]) == (None, "000002", 1)
    assert assigned(cases) == [("start", True, None), ("start", True, None), ("start", False, "duplicate")]


def test_two_raters_in_one_round_when_each_is_to_answer() -> None:
    cases = book(by="each").enrol("2016-01-20").answer("2016-01-22", all_at(3), rater="citizen")
    rows = table(cases, "2016-02-01").filter(pl.col("wave") == "start").select("rater", "status").rows()
    assert rows == [("caseworker", "due"), ("citizen", "answered")]


def test_a_rater_without_an_item_to_answer_has_no_round() -> None:
    items = {name: item(name, raters=["caseworker"]) for name in ITEMS}
    cases = book(by="each", items=items, classes=[]).enrol("2016-01-20")
    assert table(cases, "2016-02-01")["rater"].unique().to_list() == ["caseworker"]


def test_declined_then_answered_is_answered() -> None:
    cases = step(book().enrol("2016-01-20"), "2016-01-21", "declined", wave="start")
    assert one(cases, "2016-01-25", "start")["status"] == "declined"
    assert one(cases.answer("2016-01-26", all_at(3)), "2016-01-26", "start")["status"] == "answered"
    assert one(cases, "2016-01-25", "start")["status"] == "declined"


def test_of_declined_and_not_relevant_the_newest_holds_and_other_steps_change_nothing() -> None:
    cases = step(book().enrol("2016-01-20"), "2016-01-21", "declined")
    step(step(cases, "2016-01-23", "not_relevant"), "2016-01-24", "invited")
    assert one(cases, "2016-01-22", "start")["status"] == "declined"
    assert one(cases, "2016-01-25", "start")["status"] == "not_relevant"
    assert one(cases, "2016-01-25", "half")["status"] == "upcoming"


def test_who_declines_before_they_begin_has_declined_the_round_they_name() -> None:
    cases = step(book().enrol("2016-01-20"), "2015-12-01", "declined", wave="start")
    assert one(step(cases, "2015-12-01", "declined"), "2016-01-25", "start")["status"] == "declined"
    assert (
        one(step(book().enrol("2016-01-20"), "2015-12-01", "declined"), "2016-01-25", "start")["status"]
        == "due"
    )


def test_a_step_that_names_a_rater_is_that_raters_and_one_that_names_none_is_for_all() -> None:
    own = step(book(by="each").enrol("2016-01-20"), "2016-01-21", "declined", rater="citizen")
    assert statuses(own, "2016-01-25")[:2] == ["due", "declined"]
    both = step(book(by="each").enrol("2016-01-20"), "2016-01-21", "declined")
    assert statuses(both, "2016-01-25")[:2] == ["declined", "declined"]


def test_reminders_come_one_after_the_other_until_there_are_no_more() -> None:
    cases = book().enrol("2016-01-20")

    def reminder(until: str) -> tuple[int, date | None]:
        row = one(cases, until, "start")
        return row["reminded"], row["next_reminder"]

    assert reminder("2016-01-21") == (0, date(2016, 1, 27))
    step(step(cases, "2016-01-28", "reminded", channel="sms"), "2016-01-28", "reminded", channel="letter")
    assert reminder("2016-01-28") == (1, date(2016, 2, 10))
    step(cases, "2016-02-11", "reminded")
    assert reminder("2016-02-20") == (2, None)
    assert one(cases, "2016-01-28", "half")["next_reminder"] is None


def test_nothing_dated_later_is_used() -> None:
    assert one(book().enrol("2016-01-20").leave("2016-07-15"), "2016-07-10", "half")["status"] == "due"
    cases = book().enrol("2016-01-20").enrol("2016-02-02", enrolment="e2").answer("2016-02-02", all_at(3))
    assert statuses(cases, "2016-02-01") == ["due", "upcoming", "upcoming"]


def test_a_pause_moves_no_round() -> None:
    away = book().enrol("2016-01-20").fact("pause", "2016-02-01", to="2016-09-01", reason="ill")
    assert table(away, "2016-10-01").equals(table(book().enrol("2016-01-20"), "2016-10-01"))


def test_waves_of_the_calendar_are_for_those_who_had_begun_by_their_last_day() -> None:
    waves = {
        "spring": item("Spring", period="2016-03-01/2016-03-31"),
        "autumn": item("Autumn", period="2016-09-01/2016-09-30"),
    }
    cases = book(waves=waves, window={"late": "P10D"}).enrol("2016-01-20")
    cases.enrol("2016-03-31", person="p2", enrolment="e2").enrol("2016-04-01", person="p3", enrolment="e3")
    cases.answer("2016-04-10", all_at(3)).answer("2016-04-11", all_at(3))
    cases.answer("2016-04-02", all_at(3), person="p3", enrolment="e3", wave="spring")
    rows = table(cases, "2016-05-01").select("enrolment", "wave", "status", "ends").rows()
    assert rows == [
        ("e1", "spring", "answered", date(2016, 8, 31)),
        ("e1", "autumn", "upcoming", None),
        ("e2", "spring", "late", date(2016, 8, 31)),
        ("e2", "autumn", "upcoming", None),
        ("e3", "autumn", "upcoming", None),
    ]
    assert assigned(cases) == [
        ("spring", True, None),
        (None, False, "outside_rounds"),
        (None, False, "outside_rounds"),
    ]


def test_site_waves_are_answered_when_anybody_there_answered() -> None:
    waves = {
        "one": item("One", period="2016-03-01/2016-03-31"),
        "two": item("Two", period="2016-09-01/2016-09-30"),
    }
    asked = goals(about="site", classes=[], waves=waves)
    cases = Casebook(programme(units=EFFORT_EVERYWHERE, questionnaires={"goals": asked}))
    said = {f"answer.{name}": 2 for name in ITEMS}
    here: dict[str, Any] = {
        "person": None,
        "enrolment": None,
        "questionnaire": "goals",
        "rater": "caseworker",
    }
    cases.fact("site_answered", "2016-03-05", site="city", respondent="r1", **here, **said)
    cases.fact("site_answered", "2016-03-06", site="city", respondent="r1", **here, **said)
    cases.fact("site_answered", "2016-03-07", site="city", respondent=None, **here, **said)
    cases.fact("site_answered", "2016-03-07", site="city", respondent=None, **here, **said)
    rows = table(cases, "2016-04-02").select("site", "unit", "wave", "status", "duplicates").rows()
    assert rows == [
        ("city", "centre", "one", "answered", 1),
        ("city", "centre", "two", "upcoming", 0),
        ("north", "outreach", "one", "late", 0),
        ("north", "outreach", "two", "upcoming", 0),
    ]
    assert sorted(row[1] for row in assigned(cases)) == [False, True, True, True]
    declined: dict[str, Any] = {**here, "questionnaire": "goals", "step": "declined", "wave": "one"}
    cases.fact("site_asked", "2016-03-08", site="north", respondent="r7", **declined)
    assert statuses(cases, "2016-04-02")[2] == "late"
    cases.fact("site_asked", "2016-03-08", site="north", respondent=None, **declined)
    assert statuses(cases, "2016-04-02")[2] == "declined"


def test_a_site_that_chose_its_own_length_has_its_own_days() -> None:
    setting = item("Wait", value=6, unit=text("months"), measures="months", override=True)
    waves = {"later": item("Later", after="wait")}
    asked = goals(waves=waves, baseline=None)
    cases = Casebook(programme(questionnaires={"goals": asked}, settings={"wait": setting}))
    cases.fact(
        "site_setting", "2016-01-01", person=None, enrolment=None, site="city", setting="wait", value=3.0
    )
    cases.enrol("2015-12-31", site="city").enrol("2016-01-31", site="city", enrolment="e2")
    cases.enrol("2016-01-31", site="north", enrolment="e3")
    assert table(cases, "2016-03-01")["due"].to_list() == [
        date(2016, 6, 30),
        date(2016, 4, 30),
        date(2016, 7, 31),
    ]


@pytest.mark.parametrize("waves", [{}, {"some-time": item("Some time")}])
def test_without_waves_that_fall_due_there_are_no_rounds(waves: dict[str, Any]) -> None:
    cases = (
        book(waves=waves).enrol("2016-01-20").answer("2016-01-25", all_at(3), wave=next(iter(waves), None))
    )
    got = table(cases, "2016-02-01")
    assert (got.height, got.columns) == (0, list(ROUND_COLUMNS))
    assert assigned(cases) == [("some-time", True, None) if waves else (None, False, "outside_rounds")]


def test_no_facts_no_rounds_and_an_unknown_questionnaire_is_a_key_error() -> None:
    facts = book().facts()
    got = rounds(facts, "goals", date(2016, 1, 1))
    assert (got.height, got.columns) == (0, list(ROUND_COLUMNS))
    assert got.schema == rounds(book().enrol("2016-01-20").facts(), "goals", date(2016, 3, 1)).schema
    assert assigned_waves(facts, "goals").height == 0
    with pytest.raises(KeyError, match="nothing"):
        rounds(facts, "nothing", date(2016, 1, 1))


def test_a_site_that_only_serves_as_comparison_is_not_expected_but_may_answer() -> None:
    waves = {"one": item("One", period="2016-03-01/2016-03-31")}
    asked = goals(about="site", classes=[], waves=waves)
    cases = Casebook(programme(questionnaires={"goals": asked})).data_until("2016-02-01")
    assert table(cases, "2016-04-02")["site"].to_list() == ["north"]
    given = {f"answer.{name}": 2 for name in ITEMS}
    cases.fact("site_answered", "2016-03-05", person=None, enrolment=None, site="city", questionnaire="goals",
               rater="caseworker", **given)  # fmt: skip
    assert table(cases, "2016-04-02").select("site", "status").rows() == [
        ("city", "answered"),
        ("north", "late"),
    ]
