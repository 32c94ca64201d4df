"""Answers about sites work as answers about persons do; rounds and the raters of single items are respected."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from indsats.problem import InputRefused, Problem
from indsats.record import Record, import_files, read_record, write_record
from logbook import LATER, answered, item, programme, small_record, write

DAY = date(2016, 3, 1)


@cache
def record() -> Record:
    """The small record under a programme that asks persons and sites, in rounds, some items by some raters."""
    definition = programme(
        questionnaires={
            "goals": item(
                scale={"low": 1, "high": 5},
                items={"skills": item(), "health": item(), "home": item(raters=["caseworker"])},
                raters=["citizen", "caseworker"],
            ),
            "model": item(
                about="site",
                scale={"low": 0, "high": 3},
                items={"health": item(), "plans": item(raters=["leader"]), "brokers": item()},
                raters=["leader", "staff"],
                waves={"start": item(), "midway": item()},
            ),
        }
    )
    return small_record(definition)


def about_site(questionnaire: str = "model", rater: str = "leader", **rest: Any) -> dict[str, Any]:
    answers = rest.pop("answers", {"health": 2, "brokers": 0})
    row = {"site": "north", "questionnaire": questionnaire, "rater": rater, "occurred_from": DAY}
    return {**row, "answers": answers, **rest}


def about_person(questionnaire: str = "goals", rater: str = "caseworker", **rest: Any) -> dict[str, Any]:
    return {**answered(day="2016-03-01", skills=3), "questionnaire": questionnaire, "rater": rater, **rest}


def added(kind: str, *rows: dict[str, Any]) -> Record:
    return record().add(kind, rows, recorded_at=LATER, recorded_by="anna", source="web")


def refused(kind: str, *rows: dict[str, Any]) -> list[Problem]:
    with pytest.raises(InputRefused) as caught:
        added(kind, *rows)
    return list(caught.value.problems)


BROKEN: list[tuple[str, dict[str, Any], str, str, str]] = [
    # kind, row, column, what, remedy
    (
        "site_answered",
        about_site("goals"),
        "questionnaire",
        "about a person, not about a site",
        "questionnaire_answered",
    ),
    (
        "questionnaire_answered",
        about_person("model"),
        "questionnaire",
        "about a site, not about a person",
        "site_answered",
    ),
    ("site_answered", about_site("modl"), "questionnaire", "can take", "Did you mean 'model'?"),
    ("questionnaire_answered", about_person("gaols"), "questionnaire", "can take", "'goals'"),
    ("site_answered", about_site(rater="citizen"), "rater", "can take", "leader, staff"),
    (
        "site_answered",
        about_site(answers={"health": 4}),
        "answer.health",
        "scale of 'model', 0 to 3",
        "leave the cell",
    ),
    (
        "site_answered",
        about_site(answers={"health": -1}),
        "answer.health",
        "scale of 'model', 0 to 3",
        "leave the cell",
    ),
    (
        "site_answered",
        about_site(answers={"skills": 1}),
        "answer.skills",
        "no item 'skills'",
        "health, plans, brokers",
    ),
    (
        "site_answered",
        about_site(answers={"health": None}),
        "questionnaire",
        "no item",
        "no answer is no fact",
    ),
    ("site_answered", about_site(wave="midwya"), "wave", "can take", "Did you mean 'midway'?"),
    (
        "questionnaire_answered",
        about_person(wave="start"),
        "wave",
        "not asked in rounds",
        "Leave 'wave' empty",
    ),
    (
        "site_answered",
        about_site(rater="staff", answers={"plans": 1, "health": 2}),
        "answer.plans",
        "'staff' does not answer item 'plans'",
        "Only leader can answer it",
    ),
    (
        "questionnaire_answered",
        about_person(rater="citizen", answers={"skills": 2, "home": 2}),
        "answer.home",
        "'citizen' does not answer item 'home'",
        "leave the cell empty",
    ),
    ("site_answered", about_site(site=None), "site", "not filled in", "the site the fact is about"),
    ("site_answered", about_site(person="p1"), "person", "about a site", "Leave the person empty"),
    ("site_answered", about_site(site="norht"), "site", "not known", "Did you mean 'north'"),
]


@pytest.mark.parametrize(("kind", "row", "column", "what", "remedy"), BROKEN)
def test_answers_that_do_not_fit_are_refused(
    kind: str, row: dict[str, Any], column: str, what: str, remedy: str
) -> None:
    found = [problem for problem in refused(kind, row) if problem.field == column]
    assert len(found) == 1
    assert what in found[0].what
    assert remedy in found[0].remedy


def test_a_rater_who_is_none_of_the_questionnaires_is_told_once() -> None:
    found = refused("site_answered", about_site(rater="citizen", answers={"plans": 1}))
    assert [problem.field for problem in found] == ["rater"]


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        ("site_answered", about_site()),
        ("site_answered", about_site(wave="midway", respondent="r1")),
        ("site_answered", about_site(rater="staff")),
        ("site_answered", about_site(answers={"plans": 3})),
        ("site_answered", about_site(rater="staff", answers={"plans": None, "health": 1})),
        ("questionnaire_answered", about_person(answers={"skills": 2, "home": 2})),
        ("questionnaire_answered", about_person(rater="citizen", answers={"skills": 2})),
    ],
)
def test_answers_that_fit_are_accepted(kind: str, row: dict[str, Any]) -> None:
    assert added(kind, row).table(kind).height == record().table(kind).height + 1


def test_answers_of_an_older_version_are_not_judged_by_the_new_raters_and_rounds() -> None:
    row = about_site(rater="staff", wave="first", answers={"plans": 9}, programme_version=1)
    assert added("site_answered", row).table("site_answered")["answer.plans"].to_list() == [9]


def test_two_respondents_of_a_site_may_answer_the_same() -> None:
    rows = [about_site(rater="staff", respondent=who) for who in ("r1", "r2")]
    assert added("site_answered", *rows).table("site_answered").height == 2
    assert "an id of its own" in refused("site_answered", about_site(), about_site())[0].remedy


def test_an_item_is_kept_and_read_back_with_the_unit_of_its_site() -> None:
    table = added("site_answered", about_site()).as_of().table("site_answered")
    row = table.row(0, named=True)
    assert (row["unit"], row["answer.health"], row["answer.brokers"], row["answer.plans"]) == (
        "outreach",
        2,
        0,
        None,
    )
    assert "answer.skills" not in table.columns


@pytest.mark.parametrize("format_", ["csv", "parquet", "xlsx"])
def test_answers_about_sites_are_written_and_read_back(format_: str, tmp_path: Path) -> None:
    now = added("site_answered", about_site(wave="start", respondent="r1"), about_site(rater="staff"))
    write_record(now, tmp_path / "a", format_)  # type: ignore[arg-type]
    back = read_record(tmp_path / "a", now.programme)
    assert back.table("site_answered").equals(now.table("site_answered").sort("id"))


def imported(path: Path) -> Record:
    return import_files([path], record().programme, record(), recorded_at=LATER, recorded_by="anna")


def test_a_file_of_answers_about_sites_is_imported(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "site_answered.csv",
        "site;questionnaire;rater;wave;occurred_from;Answer.Health;answer.plans\nnorth;model;leader;start;01-03-2016;2;\n",
    )
    assert imported(path).table("site_answered")["answer.health"].to_list() == [2]


def test_a_heading_of_the_other_kinds_item_says_where_it_belongs(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "questionnaire_answered.csv",
        "person,questionnaire,rater,occurred_from,answer.health,Answer.Brokers\np1,model,leader,2016-03-01,2,1\n",
    )
    with pytest.raises(InputRefused) as caught:
        imported(path)
    (problem,) = caught.value.problems
    assert (problem.field, problem.row) == ("Answer.Brokers", 1)
    assert "'model' is answered about a site" in problem.remedy
    assert "site_answered" in problem.remedy
