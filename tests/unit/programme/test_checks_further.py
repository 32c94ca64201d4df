"""Checks of sense catch more than their first case, and leave alone what is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from indsats.programme.loader import read
from tiny_definition import change, write

MOOD = '      - {id: C, title: {da: C, en: C}, when: "true", side: poor, source: L11}\n'
HELD = "  - {indicator: held, unit: outreach, comparator: others, source: L13}\n"
EXITS = "  exits: {title: {da: Afgang, en: Exits}, for: [exit.reason]"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("for: [requirement_answered.reason]", "for: [exit.reason]", "reasons for a 'no' are named"),
        (EXITS, EXITS.replace("exit.reason", "meeting.outcome"), "same in every programme"),
        (EXITS, EXITS.replace("exit.reason", "enrolled.case_opened"), "holds a bool"),
        (EXITS, EXITS.replace("exit.reason", "exit.unit"), "own units, sites and services"),
        ('among: outcome in ["held", "no_show"]', 'among: outcome in ["held", "noshow"]', "value 'noshow'"),
        ('treated: unit == "outreach"', 'treated: unit == "outreech"', "value 'outreech'"),
        ('"answers_in(3, 3) == 2"', "home >= 1", "'B' can never be given: earlier classes take all"),
        (
            "indicator: no-shows, unit: outreach, value: 0.2",
            "indicator: held, unit: centre, value: -2",
            "negative",
        ),
        (
            "    time_to: work\n",
            "    time_to: work\n    regressions: [{id: a, title: {da: a, en: a}, adjust: [agee], source: L1}]\n",
            "'agee'",
        ),
        ("design: matched", "design: regression", "there are no 'regressions'"),
        ("    treated: treat == 1\n", "    treated: treat == 1\n    time_to: pay\n", "has no waiting time"),
        ("kind: column, column: pay", "kind: column, column: pya", "no column 'pya'"),
        (
            "derive: {schooling2: schooling * schooling}",
            "derive: {schooling2: schooling > 1}",
            "gives true or false",
        ),
        ("exits: {work: [job]}", "exits: {work: [job], else: [job]}", "already belongs to 'work'"),
        ("exits: {work: [job]}", "exits: {work: [job], else: [move]}", "has no title"),
        (MOOD, MOOD.replace(", side: poor", ""), "has no side, so transitions"),
        ("exit_titles: {work:", "exit_titles: {wrok: {da: x, en: x}, work:", "no exit 'wrok'"),
    ],
)
def test_checks_look_further(old: str, new: str, what: str, tmp_path: Path) -> None:
    change(write(tmp_path), old, new)
    assert [problem for problem in read(tmp_path).problems if what in problem.what]


def test_targets_of_different_periods_do_not_compete(tmp_path: Path) -> None:
    spring = HELD.replace("source", "period: 2016-01-01/2016-06-30, source")
    autumn = HELD.replace("source", "period: 2016-07-01/2016-12-31, source")
    change(write(tmp_path), HELD, HELD + spring + autumn)
    assert read(tmp_path).problems == ()


def test_a_derived_column_may_use_those_above_it_only(tmp_path: Path) -> None:
    change(
        write(tmp_path),
        "{schooling2: schooling * schooling}",
        "{schooling4: schooling2 * 2, schooling2: pay}",
    )
    assert [problem.what for problem in read(tmp_path).errors] == ["there is no field 'schooling2' here"]
