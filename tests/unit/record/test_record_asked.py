"""What was done about a round, and answers that contradict others or lie a year before their enrolment."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from indsats.problem import InputRefused, Problem
from indsats.programme import Programme
from indsats.record import Record, import_files, payload_columns, read_record, write_record
from logbook import LATER, enrolled, item, programme, small_record, write

DAY = date(2016, 3, 1)
BY: dict[str, Any] = {"recorded_at": LATER, "recorded_by": "anna"}


@cache
def definition() -> Programme:
    """A questionnaire about persons in rounds, with an earlier edition, and one about sites."""
    scale, items = {"low": 1, "high": 5}, {"skills": item(), "health": item()}
    earlier = {"first": {"source": "L1", "scale": scale, "items": items, "until": date(2016, 1, 31)}}
    return programme(
        questionnaires={
            "goals": item(
                scale=scale,
                items=items,
                edition="second",
                earlier=earlier,
                raters=["citizen", "caseworker"],
                waves={"start": item(after="P0D"), "midway": item(after="P3M")},
            ),
            "mood": item(scale={"low": 0, "high": 5}, items={"calm": item()}, raters=["citizen"]),
            "model": item(
                about="site",
                scale={"low": 0, "high": 3},
                items={"plans": item()},
                raters=["leader", "staff"],
                waves={"autumn": item()},
            ),
        }
    )


def answer(**rest: Any) -> dict[str, Any]:
    row = {"person": "p1", "enrolment": "e1", "questionnaire": "goals", "rater": "citizen", "wave": "start"}
    return {**row, "occurred_from": DAY, "answers": {"skills": 3, "health": 4}, **rest}


def of_site(**rest: Any) -> dict[str, Any]:
    row = {"site": "north", "questionnaire": "model", "rater": "staff", "respondent": "r1", "wave": "autumn"}
    return {**row, "occurred_from": DAY, "answers": {"plans": 2}, **rest}


def step(**rest: Any) -> dict[str, Any]:
    return {"person": "p1", "questionnaire": "goals", "step": "invited", "occurred_from": DAY, **rest}


def site_step(**rest: Any) -> dict[str, Any]:
    return {"site": "north", "questionnaire": "model", "step": "invited", "occurred_from": DAY, **rest}


def added(kind: str, *rows: dict[str, Any], record: Record | None = None) -> Record:
    return (record or small_record(definition())).add(kind, rows, source="web", **BY)


def refused(kind: str, *rows: dict[str, Any], record: Record | None = None) -> list[Problem]:
    with pytest.raises(InputRefused) as caught:
        added(kind, *rows, record=record)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        ("questionnaire_asked", step()),  # neither enrolment nor rater nor round
        ("questionnaire_asked", step(enrolment="e1", rater="caseworker", wave="midway", channel="sms")),
        ("questionnaire_asked", step(step="declined", reason="too tired")),
        ("questionnaire_asked", step(questionnaire="mood", step="not_reached")),
        ("site_asked", site_step()),
        ("site_asked", site_step(rater="staff", respondent="r1", wave="autumn", step="reminded")),
    ],
)
def test_what_was_done_about_a_round_is_recorded(kind: str, row: dict[str, Any]) -> None:
    kept = added(kind, row).as_of().table(kind).row(0, named=True)
    assert {name: kept[name] for name in row} == row


BROKEN: list[tuple[str, dict[str, Any], str, str, str]] = [
    # kind, row, column, what, remedy
    ("questionnaire_asked", step(step="asked"), "step", "can take", "invited, reminded, declined"),
    ("questionnaire_asked", step(step=None), "step", "not filled in", "Fill it in"),
    ("questionnaire_asked", step(person=None), "person", "not filled in", "Fill it in"),
    ("questionnaire_asked", step(questionnaire="gaols"), "questionnaire", "can take", "Did you mean 'goals'"),
    (
        "questionnaire_asked",
        step(questionnaire="model"),
        "questionnaire",
        "about a site, not about a person",
        "'site_asked'",
    ),
    (
        "site_asked",
        site_step(questionnaire="goals"),
        "questionnaire",
        "about a person, not about a site",
        "'questionnaire_asked'",
    ),
    ("questionnaire_asked", step(rater="leader"), "rater", "can take", "citizen, caseworker"),
    ("questionnaire_asked", step(questionnaire="mood", rater="caseworker"), "rater", "can take", "citizen"),
    ("questionnaire_asked", step(wave="midwya"), "wave", "can take", "Did you mean 'midway'"),
    ("questionnaire_asked", step(questionnaire="mood", wave="start"), "wave", "not asked in rounds", "empty"),
    ("questionnaire_asked", step(enrolment="e2"), "person", "another person", "Check the person"),
    ("site_asked", site_step(site=None), "site", "not filled in", "the site the fact is about"),
    ("site_asked", site_step(person="p1"), "person", "about a site", "Leave the person empty"),
    ("site_asked", site_step(wave="start"), "wave", "can take", "autumn"),
    ("site_asked", site_step(rater="citizen"), "rater", "can take", "leader, staff"),
    (
        "questionnaire_asked",
        step(occurred_from=date(2017, 1, 1)),
        "occurred_from",
        "after the day it was recorded",
        "Check the date",
    ),
    (
        "questionnaire_asked",
        step(enrolment="e1", occurred_from=date(2015, 1, 3)),
        "occurred_from",
        "more than a year before the enrolment it names began (2016-01-04)",
        "Check the year",
    ),
]


@pytest.mark.parametrize(("kind", "row", "column", "what", "remedy"), BROKEN)
def test_what_does_not_fit_the_questionnaire_is_refused(
    kind: str, row: dict[str, Any], column: str, what: str, remedy: str
) -> None:
    (problem,) = refused(kind, row)
    assert problem.field == column
    assert what in problem.what
    assert remedy in problem.remedy


def test_a_step_holds_no_answers() -> None:
    columns = [
        *payload_columns("questionnaire_asked", definition()),
        *payload_columns("site_asked", definition()),
    ]
    assert not [name for name in columns if name.startswith("answer.") or name == "edition"]


@pytest.mark.parametrize("format_", ["csv", "parquet", "xlsx"])
def test_steps_are_written_and_read_back(format_: str, tmp_path: Path) -> None:
    now = added("questionnaire_asked", step(), step(step="declined", occurred_from=DAY + timedelta(days=8)))
    now = added("site_asked", site_step(respondent="r1"), record=now)
    write_record(now, tmp_path / "a", format_)  # type: ignore[arg-type]
    back = read_record(tmp_path / "a", definition())
    for kind in ("questionnaire_asked", "site_asked"):
        assert back.table(kind).equals(now.table(kind).sort("id"))


# contradictions ------------------------------------------------------------------------------------------------


def test_two_different_answers_of_one_rater_to_one_round_on_one_day_are_refused_naming_both(
    tmp_path: Path,
) -> None:
    path = write(
        tmp_path,
        "questionnaire_answered.csv",
        "person,enrolment,questionnaire,rater,wave,occurred_from,answer.skills,answer.health\n"
        "p1,e1,goals,citizen,start,2016-03-01,3,4\n"
        "p2,e2,goals,citizen,start,2016-03-01,3,4\n"
        "p1,e1,goals,citizen,start,2016-03-01,3,\n",
    )
    with pytest.raises(InputRefused) as caught:
        import_files([path], definition(), small_record(definition()), **BY)
    (problem,) = caught.value.problems
    assert (problem.row, problem.field, problem.value) == (4, "occurred_from", "2016-03-01")
    assert problem.what == (
        "the same rater has answered differently on the same day: see questionnaire_answered.csv row 2"
    )


def test_an_answer_that_contradicts_one_in_the_record_is_refused_and_a_correction_is_not() -> None:
    before = added("questionnaire_answered", answer(id="a1"))
    (problem,) = refused("questionnaire_answered", answer(answers={"skills": 5}), record=before)
    assert "see the fact a1 in the record" in problem.what
    assert "a correction with the fact's next version" in problem.remedy
    at = {**BY, "recorded_at": LATER + timedelta(hours=1), "source": "phone"}
    assert before.correct("a1", {"answers": {"skills": 5}}, **at).table("questionnaire_answered").height == 4


def test_two_respondents_contradict_nobody_and_one_contradicts_himself() -> None:
    other = {"plans": 3}
    assert refused("site_answered", of_site(), of_site(answers=other))[0].row == 3
    unnamed = [of_site(respondent=None), of_site(respondent=None, answers=other)]
    assert added("site_answered", of_site(), of_site(respondent="r2", answers=other), *unnamed)


@pytest.mark.parametrize(
    "difference",
    [
        {"rater": "caseworker"},
        {"wave": "midway"},
        {"wave": None},
        {"occurred_from": DAY + timedelta(days=1)},
        {"person": "p2", "enrolment": "e2"},
        {"edition": "first"},
        {"questionnaire": "mood", "wave": None, "answers": {"calm": 1}},
        {"answers": {"skills": 3, "health": 4}, "id": "again"},  # alike: nothing to choose between
    ],
)
def test_answers_that_can_both_hold_are_accepted(difference: dict[str, Any]) -> None:
    second = answer(**{"answers": {"skills": 1}, **difference})
    assert added("questionnaire_answered", answer(), second).table("questionnaire_answered").height == 4


def test_naming_the_edition_of_the_day_does_not_hide_a_contradiction() -> None:
    rows = [answer(), answer(edition="second", answers={"skills": 1})]
    assert [problem.row for problem in refused("questionnaire_answered", *rows)] == [3]


def test_contradictions_recorded_under_an_older_version_are_left_as_they_are() -> None:
    rows = [answer(programme_version=1), answer(programme_version=1, answers={"skills": 1})]
    assert added("questionnaire_answered", *rows).table("questionnaire_answered").height == 4


# long before the enrolment --------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [date(2016, 1, 3), date(2015, 1, 4)])
def test_answers_up_to_a_year_before_the_enrolment_are_accepted(day: date) -> None:
    assert added("questionnaire_answered", answer(occurred_from=day))


def test_answers_more_than_a_year_before_the_enrolment_are_refused() -> None:
    (problem,) = refused("questionnaire_answered", answer(occurred_from=date(2015, 1, 3)))
    assert (problem.field, problem.value) == ("occurred_from", "2015-01-03")
    assert "more than a year before the enrolment it names began (2016-01-04)" in problem.what
    assert added("questionnaire_answered", answer(occurred_from=date(2015, 1, 3), enrolment=None))
    assert added("questionnaire_answered", answer(occurred_from=date(2015, 1, 3), programme_version=1))


def test_a_year_before_the_29th_of_february_is_the_28th() -> None:
    record = added("enrolled", enrolled("p3", "2016-02-29"))
    row = answer(person="p3", enrolment="e3", occurred_from=date(2015, 2, 28))
    assert added("questionnaire_answered", row, record=record)
    assert refused("questionnaire_answered", {**row, "occurred_from": date(2015, 2, 27)}, record=record)
