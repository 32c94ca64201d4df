"""Indicators that divide by nothing, names that stand for nothing, and windows nobody can be followed through."""

from __future__ import annotations

from pathlib import Path

import pytest

from indsats.programme.loader import read
from tiny_definition import change, write

HELD = "measures: count, kind: meeting, source: L12}"
IN_TIME = "measures: timeliness, cadence: talk, source: L12}"
DONE = "of: requirements, by: measured, phase: search, source: L29}"
TARGET = "{indicator: no-shows, unit: outreach, value: 0.2, source: L13}"
PAPER = "document: paper\n"
OTHER_SERVICE = (
    "services:\n",
    "services:\n  other: {title: {da: A, en: A}, about: {da: a, en: a}, source: L6}\n",
)
BY_EARLIER_STEP = (
    HELD,
    "measures: missing, source: L12, steps: {"
    "met: {title: {da: M, en: M}, what: [{kind: meeting, where: outcome == 'held'}]},"
    "seen: {title: {da: S, en: S}, what: [{kind: meeting}, {kind: plan}]}}}",
)
WIDE_FIRST = (
    HELD,
    "measures: missing, source: L12, steps: {"
    "seen: {title: {da: S, en: S}, what: [{kind: meeting}, {kind: plan}]},"
    "met: {title: {da: M, en: M}, what: [{kind: meeting, where: outcome == 'held'}]}}}",
)

FOUND: dict[str, tuple[list[tuple[str, str]], str]] = {
    "a mean of a text": (
        [(HELD, "measures: mean, kind: meeting, field: place, source: L12}")],
        "'place' of 'meeting' holds a text",
    ),
    "an unknown group": (
        [(HELD, "measures: count, kind: meeting, group: yung, source: L12}")],
        "there is no group 'yung'",
    ),
    "a mean of nothing": (
        [
            (
                HELD,
                "measures: mean, kind: hours, field: hours_per_week, where: hours_per_week > 9 and"
                " hours_per_week < 3, source: L12}",
            )
        ],
        "the rule can never hold",
    ),
    "a step every enrolment takes": (
        [
            (
                HELD,
                "measures: missing, source: L12, steps: {in: {title: {da: I, en: I}, what: [{kind: enrolled}]}}}",
            )
        ],
        "every enrolment has taken the step 'in'",
    ),
    "a step an earlier one takes": ([BY_EARLIER_STEP], "whoever took the step 'met' has taken 'seen'"),
    "an unknown event in a step": (
        [
            (
                HELD,
                "measures: missing, source: L12, steps: {in: {title: {da: I, en: I}, what: [{event: bord}]}}}",
            )
        ],
        "there is no event 'bord'",
    ),
    "an unknown event in the course": (
        [
            (
                "indicators:\n",
                "course:\n  in: {title: {da: I, en: I}, source: L1, what: [{event: bord}]}\nindicators:\n",
            )
        ],
        "there is no event 'bord'",
    ),
    "an unknown field in a framework condition": (
        [
            (
                "indicators:\n",
                "comparable:\n  source: L1\n  conditions:\n"
                "    old: {title: {da: G, en: O}, when: aeg > 50, source: L1}\nindicators:\n",
            )
        ],
        "there is no field 'aeg'",
    ),
    "requirements of another service": (
        [OTHER_SERVICE, (DONE, "of: requirements, phase: opening, service: other, source: L29}")],
        "its requirements are asked in 'talks' only",
    ),
    "a cadence in a phase of another service": (
        [
            OTHER_SERVICE,
            ("follows: [opening], source: L23,", "follows: [opening], service: talks, source: L23,"),
            (IN_TIME, "measures: timeliness, cadence: seek, service: other, source: L12}"),
        ],
        "the cadence runs in a phase of 'talks' only",
    ),
    "a happening of another service": (
        [
            OTHER_SERVICE,
            (
                "until: [{kind: placement}], source: L29}",
                "until: [{kind: placement, where: service == 'other'}], service: talks, source: L29}",
            ),
        ],
        "the rule never holds for enrolments in 'talks'",
    ),
    "a target before the first day": (
        [
            (PAPER, f"{PAPER}first_day: 2016-01-01\n"),
            (
                TARGET,
                "{indicator: no-shows, unit: outreach, value: 0.2, valid: 2015-01-01/2015-12-31, source: L13}",
            ),
        ],
        "before the programme's first day, 2016-01-01",
    ),
    "a target for months in a row": (
        [
            (PAPER, f"{PAPER}first_day: 2016-01-15\n"),
            (
                TARGET,
                "{indicator: touched, unit: outreach, value: 0.2, period: 2016-01-01/2016-02-29, source: L13}",
            ),
        ],
        "has been followed 3 months before 2016-03-01",
    ),
    "a target before the shortest a site may choose": (
        [
            (PAPER, f"{PAPER}first_day: 2016-01-15\n"),
            (
                TARGET,
                "{indicator: in-time, unit: outreach, value: 0.2, period: 2016-01-01/2016-02-14, source: L13}",
            ),
        ],
        "has been followed 1 month before 2016-02-15",
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_a_definition_is_told_of(name: str, tmp_path: Path) -> None:
    edits, what = FOUND[name]
    folder = write(tmp_path)
    for old, new in edits:
        change(folder, old, new)
    [problem] = [one for one in read(folder).problems if what in one.what]
    assert problem.line is not None
    assert problem.remedy


LEFT_ALONE: dict[str, tuple[list[tuple[str, str]], str]] = {
    "a wide step before a narrow one": ([WIDE_FIRST], "whoever took"),
    "a service an indicator names twice": (
        [(HELD, "measures: count, kind: meeting, service: talks, where: service == 'talks', source: L12}")],
        "never holds for enrolments",
    ),
    "a target a site with the shortest interval can reach": (
        [
            (PAPER, f"{PAPER}first_day: 2016-01-15\n"),
            (
                TARGET,
                "{indicator: in-time, unit: outreach, value: 0.2, period: 2016-01-01/2016-02-15, source: L13}",
            ),
        ],
        "has been followed",
    ),
    "a definition without a first day": (
        [
            (
                TARGET,
                "{indicator: kept, unit: outreach, value: 0.2, period: 2016-01-01/2016-01-31, source: L13}",
            )
        ],
        "has been followed",
    ),
    "requirements of any service": (
        [OTHER_SERVICE, (DONE, "of: requirements, phase: search, service: other, source: L29}")],
        "its requirements are asked",
    ),
}


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_what_may_be_meant_is_left_alone(name: str, tmp_path: Path) -> None:
    edits, what = LEFT_ALONE[name]
    folder = write(tmp_path)
    for old, new in edits:
        change(folder, old, new)
    reading = read(folder)
    assert reading.programme is not None
    assert not [one for one in reading.problems if what in one.what]
