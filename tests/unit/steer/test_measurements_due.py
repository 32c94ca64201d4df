"""Who is to be asked what, by whom: rounds of waves and of cadences on one list, on any date."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import polars as pl
import pytest

from casebook import Casebook, item, programme, text
from indsats.programme import Duration
from indsats.steer import measurements_due
from plain_rounds import shifted, stretches

ROLES = {
    "caseworker": item("Caseworker", does=text("Talks")),
    "mentor": item("Mentor", does=text("Supports")),
}
FORM = {"scale": {"low": 1, "high": 5}, "items": {"mood": item("Mood")}}


def by_cadence(**rest: Any) -> Casebook:
    when = {"cadence": "asking", "window": {"early": "P14D", "late": "P7D"}, "reminders": ["P3D", "P10D"]}
    form = item("Goals", **{**FORM, **when, "raters": ["citizen", "caseworker"], **rest})
    cadence = item(
        "Asking",
        what=[{"kind": "questionnaire_answered", "where": 'questionnaire == "goals"'}],
        every="P3M",
    )
    return Casebook(programme(questionnaires={"goals": form}, cadences={"asking": cadence}, roles=ROLES))


def by_wave(**rest: Any) -> Casebook:
    waves = {"start": item("Start", after="P0D"), "later": item("Later", after="P6M")}
    form = item("Goals", **{**FORM, "raters": ["citizen", "mentor"], "waves": waves, **rest})
    return Casebook(programme(questionnaires={"goals": form}, roles=ROLES))


def on(book: Casebook, day: str, *columns: str) -> list[tuple[Any, ...]]:
    return measurements_due(book.facts(), date.fromisoformat(day)).select(columns).rows()


@pytest.mark.parametrize(
    ("day", "status", "days_late"),
    [
        ("2016-03-17", "upcoming", None),
        ("2016-03-18", "due", None),
        ("2016-04-08", "due", None),
        ("2016-04-09", "late", 1),
        ("2017-01-01", "late", 268),
    ],
)
def test_a_round_of_a_cadence_opens_closes_and_stays_late(
    day: str, status: str, days_late: int | None
) -> None:
    book = by_cadence().enrol("2016-01-01")
    assert on(book, day, "status", "days_late") == [(status, days_late)]
    assert on(book, day, "opens", "due", "closes") == [
        (date(2016, 3, 18), date(2016, 4, 1), date(2016, 4, 8))
    ]


@pytest.mark.parametrize(
    ("day", "timing"), [("2016-03-17", "early"), ("2016-04-08", "on_time"), ("2016-04-09", "late")]
)
def test_an_answer_is_early_in_time_or_late_and_starts_the_clock_anew(day: str, timing: str) -> None:
    book = by_cadence().enrol("2016-01-01").answer(day, {"mood": 3})
    answered = date.fromisoformat(day)
    rows = on(book, "2016-05-01", "status", "timing", "answered_on", "due")
    assert rows[0] == ("answered", timing, answered, date(2016, 4, 1))
    assert rows[1][0] == "upcoming"
    assert rows[1][3] > answered


def test_a_pause_puts_it_off() -> None:
    book = by_cadence().enrol("2016-01-01").fact("pause", "2016-02-01", to="2016-02-29")
    assert on(book, "2016-04-09", "status", "due") == [("upcoming", date(2016, 4, 30))]


@pytest.mark.parametrize(
    ("left", "status"), [("2016-03-31", "ended"), ("2016-04-01", "ended"), ("2016-05-01", "missed")]
)
def test_who_left_before_it_was_due_is_not_expected_and_who_left_after_is_missed(
    left: str, status: str
) -> None:
    book = by_cadence().enrol("2016-01-01").leave(left)
    assert on(book, "2016-06-01", "status") == [(status,)]
    # On the day before nobody knew of the exit.
    before = (date.fromisoformat(left) - timedelta(days=1)).isoformat()
    assert on(book, before, "status")[0][0] in ("due", "late")


def test_who_declines_is_asked_again_when_the_cadence_has_passed() -> None:
    book = by_cadence().enrol("2016-01-01")
    book.fact("questionnaire_asked", "2016-04-02", questionnaire="goals", rater="citizen", step="declined")
    assert on(book, "2016-04-01", "status") == [("due",)]
    assert on(book, "2016-07-02", "status") == [("declined",)]
    assert on(book, "2016-07-03", "status") == [("late",)]


def test_reminders_are_counted_and_the_next_one_told_while_it_is_open() -> None:
    book = by_cadence().enrol("2016-01-01")
    assert on(book, "2016-04-02", "reminded", "next_reminder") == [(0, date(2016, 4, 4))]
    book.fact("questionnaire_asked", "2016-04-04", questionnaire="goals", step="reminded")
    book.fact("questionnaire_asked", "2016-04-04", questionnaire="goals", step="reminded", channel="sms")
    assert on(book, "2016-04-05", "reminded", "next_reminder") == [(1, date(2016, 4, 11))]
    book.fact("questionnaire_asked", "2016-04-11", questionnaire="goals", step="reminded")
    assert on(book, "2016-04-12", "reminded", "next_reminder") == [(2, None)]
    book.answer("2016-04-13", {"mood": 2})
    assert on(book, "2016-04-14", "reminded", "next_reminder")[1] == (0, None)


def test_a_step_that_names_no_enrolment_is_about_every_enrolment_of_the_person() -> None:
    book = by_cadence().enrol("2016-01-01").enrol("2016-01-01", enrolment="e2", site="city")
    book.fact("questionnaire_asked", "2016-04-02", enrolment=None, questionnaire="goals", step="not_relevant")
    assert on(book, "2016-04-09", "enrolment", "status") == [("e1", "not_relevant"), ("e2", "not_relevant")]


def test_the_worker_in_a_role_that_may_answer_is_the_one_to_ask() -> None:
    book = by_cadence().enrol("2016-01-01")
    book.fact("assigned", "2016-01-01", role="mentor", worker="w0")
    book.fact("assigned", "2016-01-01", role="caseworker", worker="w1")
    book.fact("assigned", "2016-03-01", role="caseworker", worker="w2")
    assert on(book, "2016-02-01", "asked_by", "worker") == [("citizen;caseworker", "w1")]
    assert on(book, "2016-04-01", "worker") == [("w2",)]


def test_each_rater_has_a_round_and_the_workers_own_is_asked_of_that_worker() -> None:
    book = by_wave(by="each").enrol("2016-01-01")
    book.fact("assigned", "2016-01-01", role="mentor", worker="w0")
    rows = on(book, "2016-01-01", "wave", "rater", "asked_by", "worker", "status")
    assert rows == [
        ("start", "citizen", "citizen", None, "due"),
        ("start", "mentor", "mentor", "w0", "due"),
        ("later", "citizen", "citizen", None, "upcoming"),
        ("later", "mentor", "mentor", "w0", "upcoming"),
    ]


def test_rounds_of_sites_and_of_persons_stand_on_one_list() -> None:
    people = item("Goals", **FORM, raters=["citizen"], waves={"start": item("Start", after="P0D")})
    places = item("Model", **FORM, about="site", raters=["lead"],
                  waves={"spring": item("Spring", period="2016-01-01/2016-05-31")})  # fmt: skip
    book = Casebook(programme(questionnaires={"goals": people, "model": places})).enrol("2016-01-01")
    book.fact("site_answered", "2016-02-01", person=None, enrolment=None, site="city", questionnaire="model",
              rater="lead", **{"answer.mood": 3})  # fmt: skip
    rows = on(book, "2016-06-01", "questionnaire", "about", "enrolment", "site", "status")
    assert rows == [
        ("goals", "person", "e1", "north", "late"),
        ("model", "site", None, "city", "answered"),
        ("model", "site", None, "north", "late"),
    ]


def test_only_the_questionnaires_asked_for() -> None:
    book = by_wave().enrol("2016-01-01")
    assert measurements_due(book.facts(), date(2016, 1, 1), questionnaires=[]).height == 0
    with pytest.raises(KeyError, match="none"):
        measurements_due(book.facts(), date(2016, 1, 1), questionnaires=["none"])


def test_what_is_dated_later_is_not_known_yet() -> None:
    book = (
        by_cadence()
        .enrol("2016-01-01")
        .answer("2016-04-01", {"mood": 3})
        .enrol("2016-06-01", person="p2", enrolment="e2")
    )
    assert on(book, "2016-03-31", "enrolment", "status") == [("e1", "due")]


def test_the_number_of_lookups_does_not_grow_with_the_people(monkeypatch: pytest.MonkeyPatch) -> None:
    collect, calls = pl.LazyFrame.collect, [0]

    def counted(self: pl.LazyFrame, *args: Any, **kwargs: Any) -> Any:
        calls[-1] += 1
        return collect(self, *args, **kwargs)

    monkeypatch.setattr(pl.LazyFrame, "collect", counted)
    for people in (3, 60):
        book = by_cadence()
        for number in range(people):
            book.enrol("2016-01-01", person=f"p{number}", enrolment=f"e{number}")
        facts = book.facts()
        calls.append(0)
        assert measurements_due(facts, date(2016, 4, 1)).height == people
    assert calls[-1] == calls[-2]


def test_the_round_of_a_phase_that_ended_is_missed_and_stays_no_longer_late() -> None:
    asking = item(
        "Asking",
        phase="begun",
        what=[{"kind": "questionnaire_answered", "where": 'questionnaire == "goals"'}],
        every="P1M",
    )
    begun = item(
        "Begun",
        about=text("x"),
        starts=[{"kind": "meeting", "where": 'type == "begin"'}],
        ends=[{"kind": "meeting", "where": 'type == "end"'}],
        repeats=True,
    )
    form = item("Goals", **FORM, raters=["citizen"], cadence="asking")
    book = Casebook(
        programme(questionnaires={"goals": form}, cadences={"asking": asking}, phases={"begun": begun})
    )
    book.enrol("2016-01-01").meet("2016-01-10", type="begin").meet("2016-03-01", type="end")
    book.meet("2016-05-01", type="begin")
    rows = on(book, "2016-06-02", "due", "status", "days_late")
    assert rows == [(date(2016, 2, 10), "missed", None), (date(2016, 6, 1), "late", 1)]
    assert on(book, "2016-02-29", "due", "status") == [(date(2016, 2, 10), "late")]


@pytest.mark.parametrize("seed", range(12))
def test_the_rounds_of_a_cadence_are_as_told_day_by_day(seed: int) -> None:
    draw = Random(seed)  # noqa: S311
    lengths = ["P0D", "P7D", "P1M"]
    early, late = draw.choice(lengths), draw.choice(lengths)
    book = by_cadence(window={"early": early, "late": late}, reminders=[])
    every = draw.choice(["P30D", "P1M", "P3M"])
    book.programme.cadences["asking"] = book.programme.cadences["asking"].model_copy(
        update={"every": Duration.model_validate(every)}
    )
    until, told = date(2016, 12, 1), list[tuple[Any, ...]]()
    for number in range(30):
        name, begun = f"e{number:02d}", date(2015, 12, 31) + timedelta(draw.randint(0, 92))
        whose: dict[str, Any] = {"person": f"p{number}", "enrolment": name}
        book.enrol(begun, **whose)
        end = begun + timedelta(draw.randint(0, 200)) if draw.random() < 0.4 else None
        if end is not None:
            book.leave(end, **whose)
        done = [begun + timedelta(draw.randint(-3, 250)) for _ in range(draw.randint(0, 4))]
        for day in done:
            book.answer(day, {"mood": 3}, rater="citizen", **whose)
        paused = list[tuple[date, date]]()
        for _ in range(draw.choice([0, 0, 1, 2])):
            first = begun + timedelta(draw.randint(-5, 150))
            paused.append((first, first + timedelta(draw.randint(0, 40))))
            book.fact("pause", first, to=paused[-1][1], **whose)
        known = [day for day in done if day <= until]
        for start, due, answered in stretches(begun, end, known, paused, Duration.model_validate(every)):
            opens = shifted(due, Duration.model_validate(early), -1)
            closes = shifted(due, Duration.model_validate(late))
            status = (
                "answered"
                if answered
                else "ended"
                if end is not None and due >= end
                else "missed"
                if end is not None
                else "upcoming"
                if until < opens
                else "due"
                if until <= closes
                else "late"
            )
            told.append((name, opens, due, closes, status, answered))
            assert start < due
    got = measurements_due(book.facts(), until)
    assert got.select("enrolment", "opens", "due", "closes", "status", "answered_on").rows() == sorted(
        told, key=lambda row: (row[0], row[2])
    )
