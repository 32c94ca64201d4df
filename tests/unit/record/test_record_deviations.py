"""Explanations and plans of action on the way in and out: about an indicator and one place, and about nobody."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from casebook import indicator
from indsats.problem import InputRefused, Problem
from indsats.record import Record, import_files, read_record, write_record
from logbook import LATER, codes, item, programme, small_record, text, write

FIRST, LAST = date(2016, 1, 1), date(2016, 6, 30)


@cache
def record() -> Record:
    definition = programme(
        roles={"coordinator": item("Coordinator", does=text("leads"))},
        indicators={"no-shows": indicator("share", "lower", kind="meeting", where='outcome == "no_show"')},
        codes={"causes": codes("deviation_explained.cause", values=("staff", "season"))},
    )
    return small_record(definition)


def explanation(**rest: Any) -> dict[str, Any]:
    says = {"indicator": "no-shows", "unit": "outreach", "cause": "staff", "explanation": "færre på arbejde"}
    return {**says, "occurred_from": FIRST, "occurred_to": LAST, **rest}


def plan(**rest: Any) -> dict[str, Any]:
    says = {"indicator": "no-shows", "unit": "outreach", "action": "sms", "owner": "coordinator"}
    days = {"occurred_from": date(2016, 8, 1), "occurred_to": date(2017, 1, 31)}
    return {**says, "status": "under_way", **days, **rest}


def added(kind: str, *rows: dict[str, Any]) -> Record:
    return record().add(kind, rows, recorded_at=LATER, recorded_by="anna", source="web")


def refused(kind: str, row: dict[str, Any]) -> Problem:
    with pytest.raises(InputRefused) as caught:
        added(kind, row)
    assert len(caught.value.problems) == 1, caught.value.problems
    return caught.value.problems[0]


GOOD = [
    ("deviation_explained", explanation()),
    ("deviation_explained", explanation(unit=None, site="north")),
    ("deviation_explained", explanation(unit=None, cause=None)),
    ("deviation_explained", explanation(explanation="12 % færre i 2016, 1.234.567 kr.")),
    ("action_planned", plan()),
    ("action_planned", plan(owner=None, unit=None)),
    ("action_planned", plan(status="planned", occurred_from=date(2016, 12, 1))),
]

BAD = [
    (
        "deviation_explained",
        explanation(indicator="noshows"),
        "indicator",
        "can take",
        "Did you mean 'no-shows'?",
    ),
    ("deviation_explained", explanation(unit="outraech"), "unit", "can take", "Did you mean 'outreach'?"),
    ("deviation_explained", explanation(unit=None, site="nroth"), "site", "not known", "'north'"),
    ("deviation_explained", explanation(site="north"), "unit", "both a unit and a site", "Keep the site"),
    ("deviation_explained", explanation(cause="stafff"), "cause", "can take", "Did you mean 'staff'?"),
    ("deviation_explained", explanation(explanation=None), "explanation", "not filled in", "Fill it in"),
    ("deviation_explained", explanation(occurred_to=None), "occurred_to", "not filled in", "last day"),
    ("deviation_explained", explanation(occurred_to=date(2016, 9, 30)), "occurred_to", "ends after", "Check"),
    ("deviation_explained", explanation(person="p1"), "person", "not a person", "Leave the person empty"),
    ("action_planned", plan(occurred_to=None), "occurred_to", "not filled in", "last day"),
    ("action_planned", plan(occurred_from=date(2016, 12, 1)), "occurred_from", "begins after", "Check"),
    ("action_planned", plan(status="begun"), "status", "can take", "planned, under_way, done, dropped"),
    ("action_planned", plan(owner="cordinator"), "owner", "can take", "'coordinator'"),
]


@pytest.mark.parametrize(("kind", "row"), GOOD)
def test_what_is_right_is_taken_in(kind: str, row: dict[str, Any]) -> None:
    assert added(kind, row).table(kind).height == 1


@pytest.mark.parametrize(("kind", "row", "field", "what", "remedy"), BAD)
def test_what_is_wrong_is_refused_with_a_way_out(
    kind: str, row: dict[str, Any], field: str, what: str, remedy: str
) -> None:
    problem = refused(kind, row)
    assert problem.field == field
    assert what in problem.what
    assert remedy in problem.remedy


@pytest.mark.parametrize("number", ["010190-1234", "0101901234", "010190 1234", "101901234"])
@pytest.mark.parametrize(
    ("kind", "field"), [("deviation_explained", "explanation"), ("action_planned", "action")]
)
def test_a_person_number_in_a_text_is_refused_and_not_repeated(kind: str, field: str, number: str) -> None:
    row = explanation() if kind == "deviation_explained" else plan()
    problem = refused(kind, {**row, field: f"det gælder {number}, der flyttede"})
    assert problem.field == field
    assert "person number" in problem.what
    assert number not in f"{problem}"


def test_both_kinds_come_back_from_a_folder_and_from_files_as_they_were(tmp_path: Path) -> None:
    both = added("deviation_explained", explanation()).add(
        "action_planned", [plan()], recorded_at=LATER, recorded_by="anna", source="web"
    )
    write_record(both, tmp_path, format="csv")
    again = read_record(tmp_path, record().programme)
    for kind in ("deviation_explained", "action_planned"):
        assert again.table(kind).equals(both.table(kind))


def test_a_file_named_after_the_kind_is_taken_in(tmp_path: Path) -> None:
    rows = "indicator,unit,occurred_from,occurred_to,cause,explanation\n"
    rows += "no-shows,outreach,2016-01-01,2016-06-30,season,jul\n"
    file = write(tmp_path, "deviation_explained.csv", rows)
    found = import_files([file], record().programme, record(), recorded_at=LATER, recorded_by="anna")
    assert found.table("deviation_explained")["cause"].to_list() == ["season"]


def test_a_rule_sees_the_unit_that_was_named_or_that_of_the_site() -> None:
    facts = added("deviation_explained", explanation(), explanation(unit=None, site="city")).as_of()
    assert sorted(facts.table("deviation_explained")["unit"]) == ["centre", "outreach"]
