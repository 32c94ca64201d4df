"""What a programme's own terms allow: outcomes, partly met, participants, arms, and settings sites choose."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import polars as pl
import pytest

from indsats.problem import InputRefused, Problem
from indsats.record import Record, empty_record
from logbook import LATER, NOON, codes, item, meeting, programme, small_record, text

DAY = date(2016, 3, 1)


def setting(value: float, measures: str = "days", **rest: Any) -> dict[str, Any]:
    return item("setting", value=value, unit=text("days"), measures=measures, **rest)


@cache
def record() -> Record:
    """The small record under a programme with outcomes, partly met requirements, draws, roles and settings."""
    definition = programme(
        roles={
            name: item(name, does=text(name))
            for name in ("coordinator", "caseworker", "mentor", "consultant")
        },
        legal_bases={"par-32": item("32", about=text("32"))},
        draws={
            "first": item(about=text("x"), arms={"help": item("Help"), "usual": item("Usual")}),
            "second": item(about=text("x"), arms={"late": item("Late")}),
        },
        exclusions={"moved-away": item("Moved")},
        events={
            "strategy-made": item("Strategy"),
            "recommended": item("Recommended", values={"flex": item("Flex"), "pension": item("Pension")}),
        },
        requirements={
            "contact": item("Contact", ask=text("Contact?"), if_no=["no-time", "no-need"]),
            "plan": item("Plan", ask=text("Plan?"), answer="yes_partly_no", if_no=["no-time"]),
        },
        settings={
            "interval": setting(90, override=True, low=14, high=120),
            "deadline": setting(14, override=True),
            "ceiling": setting(40.5, "number", override=True, high=60),
            "threshold": setting(5, "number"),
        },
    )
    return small_record(definition)


def added(kind: str, *rows: dict[str, Any], into: Record | None = None) -> Record:
    return (into or record()).add(kind, rows, recorded_at=LATER, recorded_by="anna", source="web")


def refused(kind: str, *rows: dict[str, Any], into: Record | None = None) -> Problem:
    with pytest.raises(InputRefused) as caught:
        added(kind, *rows, into=into)
    assert len(caught.value.problems) == 1, caught.value.problems
    return caught.value.problems[0]


def event(name: str, value: str | None) -> dict[str, Any]:
    return {"person": "p1", "event": name, "value": value, "occurred_from": DAY}


def required(name: str, answer: str, reason: str | None = None) -> dict[str, Any]:
    who = {"person": "p1", "enrolment": "e1", "occurred_from": DAY}
    return {**who, "requirement": name, "answer": answer, "reason": reason}


def chosen(
    name: str, value: float | None, day: date = DAY, site: str | None = "north", **rest: Any
) -> dict[str, Any]:
    return {"site": site, "setting": name, "value": value, "occurred_from": day, **rest}


def drawn(draw: str, arm: str) -> dict[str, Any]:
    return {"person": "p1", "draw": draw, "arm": arm, "occurred_from": DAY}


BROKEN: list[tuple[str, dict[str, Any], str, str, str]] = [
    # kind, row, column, what, remedy
    ("event", event("strategy-made", "good"), "value", "has no outcomes", "Leave 'value' empty"),
    (
        "event",
        event("recommended", "flexx"),
        "value",
        "not one that 'value' can take",
        "Did you mean 'flex'?",
    ),
    ("drawn", drawn("first", "late"), "arm", "can take", "help, usual"),
    ("drawn", drawn("frist", "help"), "draw", "can take", "Did you mean 'first'?"),
    (
        "excluded",
        {"person": "p1", "reason": "move", "occurred_from": DAY},
        "reason",
        "can take",
        "moved-away",
    ),
    (
        "visitation",
        {"person": "p1", "legal_basis": "par-33", "occurred_from": DAY},
        "legal_basis",
        "can take",
        "'par-32'",
    ),
    (
        "requirement_answered",
        required("contact", "partly"),
        "answer",
        "cannot be met partly",
        "yes_partly_no",
    ),
    (
        "requirement_answered",
        required("plan", "partly", "no-need"),
        "reason",
        "'plan' can be missed",
        "no-time",
    ),
    ("requirement_answered", required("plan", "no", "no-need"), "reason", "'plan' can be missed", "no-time"),
    ("meeting", meeting(participants="mentr"), "participants", "not a role", "Did you mean 'mentor'?"),
    ("meeting", meeting(participants="mentor;chef"), "participants", "not a role", "Join several by ';'"),
    (
        "meeting",
        meeting(participants="mentor, caseworker"),
        "participants",
        "not a role",
        "Join several by ';'",
    ),
    ("site_setting", chosen("intervl", 30), "setting", "can take", "Did you mean 'interval'?"),
    ("site_setting", chosen("threshold", 3), "setting", "same for all sites", "interval, deadline, ceiling"),
    ("site_setting", chosen("interval", 13), "value", "outside", "at least 14 and at most 120 (days)"),
    ("site_setting", chosen("interval", 121), "value", "outside", "at least 14 and at most 120 (days)"),
    ("site_setting", chosen("interval", 30.5), "value", "length in whole days", "whole number of days"),
    ("site_setting", chosen("deadline", 0), "value", "outside", "at least 1 (days)"),
    ("site_setting", chosen("ceiling", 60.5), "value", "outside", "at most 60"),
    ("site_setting", chosen("interval", None), "value", "not filled in", "Fill it in"),
    ("site_setting", chosen("interval", 30, site=None), "site", "not filled in", "site the fact is about"),
    ("site_setting", chosen("interval", 30, site="nroth"), "site", "not known", "Did you mean 'north'?"),
    ("site_setting", chosen("interval", 30, person="p1"), "person", "not a person", "Leave the person empty"),
    (
        "site_setting",
        chosen("interval", 30, enrolment="e1"),
        "enrolment",
        "not a person",
        "Leave the enrolment",
    ),
    (
        "site_setting",
        chosen("interval", 30, occurred_to=date(2016, 4, 1)),
        "occurred_to",
        "no end",
        "next value",
    ),
]


@pytest.mark.parametrize(("kind", "row", "column", "what", "remedy"), BROKEN)
def test_a_fact_against_the_programmes_terms_is_refused(
    kind: str, row: dict[str, Any], column: str, what: str, remedy: str
) -> None:
    problem = refused(kind, row)
    assert problem.field == column
    assert what in problem.what
    assert remedy in problem.remedy
    assert problem.row == 2


SOUND: list[tuple[str, dict[str, Any]]] = [
    ("event", event("strategy-made", None)),
    ("event", event("recommended", "flex")),
    ("event", event("recommended", None)),
    ("drawn", drawn("second", "late")),
    ("excluded", {"person": "p1", "reason": "moved-away", "occurred_from": DAY}),
    ("visitation", {"person": "p1", "legal_basis": "par-32", "occurred_from": DAY}),
    ("requirement_answered", required("plan", "partly", "no-time")),
    ("requirement_answered", required("plan", "yes", "went well")),
    ("site_setting", chosen("interval", 14)),
    ("site_setting", chosen("interval", 120.0)),
    ("site_setting", chosen("deadline", 1)),
    ("site_setting", chosen("ceiling", 12.5)),
]


@pytest.mark.parametrize(("kind", "row"), SOUND)
def test_a_fact_within_the_programmes_terms_is_accepted(kind: str, row: dict[str, Any]) -> None:
    assert added(kind, row).table(kind).height == 1


@pytest.mark.parametrize(
    "kind_row", [("event", event("strategy-made", "good")), ("site_setting", chosen("old", 0.5))]
)
def test_facts_of_an_older_version_are_not_judged_by_the_new_terms(
    kind_row: tuple[str, dict[str, Any]],
) -> None:
    kind, row = kind_row
    assert added(kind, {**row, "programme_version": 1}).table(kind).height == 1


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("caseworker;mentor", "caseworker;mentor"),
        (" caseworker ;  mentor ", "caseworker;mentor"),
        ("mentor;;caseworker;", "mentor;caseworker"),
        ("mentor;mentor", "mentor"),
        (" ; ", None),
        (None, None),
    ],
)
def test_participants_are_kept_joined_by_a_semicolon_and_nothing_else(
    written: str | None, kept: str | None
) -> None:
    now = added("meeting", meeting(day="2016-03-07", participants=written))
    assert now.table("meeting").filter(occurred_from=date(2016, 3, 7))["participants"].to_list() == [kept]


def test_the_same_meeting_with_other_blanks_is_the_same_fact() -> None:
    rows = [
        meeting(day="2016-03-07", participants=names)
        for names in ("mentor;caseworker", "mentor; caseworker ")
    ]
    assert refused("meeting", *rows).row == 3


def test_participants_may_be_anybody_where_there_are_no_roles() -> None:
    free = small_record(programme(roles={}))
    assert added("meeting", meeting(participants="the neighbour; a friend"), into=free)


def test_a_code_list_for_participants_goes_before_the_roles() -> None:
    listed = programme(codes={"who": codes("meeting.participants", values=("buddy", "boss"))})
    into = empty_record(listed)
    who = {**meeting(), "enrolment": None}
    assert added("meeting", {**who, "participants": "buddy; boss"}, into=into)
    assert "buddy, boss" in refused("meeting", {**who, "participants": "coordinator"}, into=into).remedy


def test_a_site_chooses_one_value_a_day_and_a_slip_is_corrected() -> None:
    now = added("site_setting", chosen("interval", 30, id="s1"), chosen("interval", 30, site="city"))
    problem = refused("site_setting", chosen("interval", 60), into=now)
    assert problem.field == "occurred_from"
    assert "Correct that fact" in problem.remedy
    now = now.correct(
        "s1", {"value": 60.0}, recorded_at=LATER.replace(day=2), recorded_by="bo", source="phone"
    )
    assert now.as_of().settings().rows() == [
        ("city", "interval", 30.0, DAY),
        ("north", "interval", 60.0, DAY),
    ]
    withdrawn = now.withdraw("s1", recorded_at=LATER.replace(day=3), recorded_by="bo", source="mistake")
    assert added("site_setting", chosen("interval", 20, id="s2"), into=withdrawn)


def test_settings_are_sorted_by_site_setting_and_day() -> None:
    later = date(2016, 4, 1)
    now = added(
        "site_setting",
        chosen("interval", 60, later),
        chosen("interval", 30),
        chosen("deadline", 7, later),
        chosen("interval", 20, site="city"),
    )
    facts = now.as_of()
    assert facts.settings().columns == ["site", "setting", "value", "occurred_from"]
    assert facts.settings().rows() == [
        ("city", "interval", 20.0, DAY),
        ("north", "deadline", 7.0, later),
        ("north", "interval", 30.0, DAY),
        ("north", "interval", 60.0, later),
    ]
    assert facts.site_values("interval").columns == ["site", "from", "value"]
    assert facts.site_values("interval").rows() == [
        ("city", DAY, 20.0),
        ("north", DAY, 30.0),
        ("north", later, 60.0),
    ]
    assert facts.site_values("ceiling").schema == {"site": pl.String, "from": pl.Date, "value": pl.Float64}
    assert now.as_of(NOON).settings().height == 0
    with pytest.raises(KeyError, match="the settings are interval, deadline"):
        facts.site_values("intervall")


def test_who_is_assigned_a_role_that_combines_others_holds_them_all() -> None:
    roles = {
        "both": item(does=text("x"), combines=["caseworker", "broker"]),
        "broker": item(does=text("x"), combines=["consultant", "caseworker"]),
        "caseworker": item(does=text("x"), combines=["both"]),
        "consultant": item(does=text("x")),
    }
    who = {"person": "p1", "occurred_from": DAY}
    now = added(
        "assigned",
        {**who, "role": "broker", "worker": "anna", "id": "a1"},
        {**who, "role": "consultant", "worker": "bo", "id": "a2"},
        {**who, "role": "gone", "programme_version": 1, "id": "a3"},
        into=small_record(programme(roles=roles)),
    )
    held = now.as_of().assigned_roles()
    assert held.select("id", "assigned_as", "role").rows() == [
        ("a1", "broker", "broker"),
        ("a1", "broker", "consultant"),
        ("a1", "broker", "caseworker"),
        ("a1", "broker", "both"),
        ("a2", "consultant", "consultant"),
        ("a3", "gone", "gone"),
    ]
    assert set(now.as_of().table("assigned").columns) < set(held.columns)
    assert held["worker"].to_list() == ["anna"] * 4 + ["bo", None]


def test_without_roles_everybody_holds_what_they_were_assigned() -> None:
    now = added(
        "assigned",
        {"person": "p1", "role": "any", "occurred_from": DAY},
        into=small_record(programme(roles={})),
    )
    assert now.as_of().assigned_roles().select("role", "assigned_as").rows() == [("any", "any")]


def test_who_takes_part_in_a_meeting_in_a_combined_role_is_there_in_each_of_them() -> None:
    roles = {
        "both": item(does=text("x"), combines=["caseworker"]),
        "caseworker": item(does=text("x")),
        "mentor": item(does=text("x")),
    }
    who = {"person": "p1", "occurred_from": DAY, "type": "talk", "outcome": "held"}
    now = added(
        "meeting",
        {**who, "participants": "mentor;both", "id": "w1"},
        {**who, "participants": "mentor", "id": "w2"},
        {**who, "id": "w3"},
        into=small_record(programme(roles=roles)),
    )
    mine = pl.col("id").str.starts_with("w")
    there = now.as_of().meetings().filter(mine)["participants"].to_list()
    assert there == ["mentor;both;both;caseworker", "mentor", None]
    assert now.as_of().table("meeting").filter(mine)["participants"].to_list() == [
        "mentor;both",
        "mentor",
        None,
    ]
