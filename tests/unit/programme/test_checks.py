"""Every check of sense has a definition that it catches, at the right place, and with a way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from indsats.programme import CHECKS
from indsats.programme.loader import read
from tiny_definition import change, write

Edits = list[tuple[str, str]]

MOOD = '      - {id: C, title: {da: C, en: C}, when: "true", side: poor, source: L11}\n'
HELD = "  - {indicator: held, unit: outreach, comparator: others, source: L13}\n"
LAST_LINK = "    - {cause: trust, effect: work, source: L14}\n"
EXITS = "  exits: {title: {da: Afgang, en: Exits}, for: [exit.reason]"
TALK_KIND = "service: talks, kind: meeting"
OUTCOME = """\
      - {id: work, title: {da: Job, en: Job}, kind: state, state: working,
        within_weeks: 52, at_least_weeks: 2, source: L17}
"""
SECOND_TABLE = """\
tables:
  other:
    title: {da: Andet, en: Other}
    source: L16
    package: somewhere
    file: other.dta
    licence: MIT
    columns: {pay: {title: {da: Løn, en: Pay}, type: text}}
"""

# check: edits, where the finding points, words of the finding, words of the remedy, severity
CAUGHT: dict[str, tuple[Edits, str, str, str, str]] = {
    "unit-of-site": (
        [("unit: outreach, source: L3", "unit: outreech, source: L3")],
        "outreech",
        "no unit",
        "'outreach'",
        "error",
    ),
    "unit-without-site": (
        [("unit: centre, source: L3", "unit: outreach, source: L3")],
        "centre",
        "has no site",
        "Give it",
        "warning",
    ),
    "group-of-service": ([("group: young", "group: yong")], "yong", "no group 'yong'", "'young'", "error"),
    "kind": (
        [(TALK_KIND, "service: talks, kind: meting")],
        "meting",
        "no kind of fact",
        "'meeting'",
        "error",
    ),
    "service": ([("element: talks", "element: talk")], "talk,", "no service 'talk'", "'talks'", "error"),
    "cadence": (
        [("cadence: talk, source: L12", "cadence: tolk, source: L12")],
        "tolk",
        "no cadence",
        "'talk'",
        "error",
    ),
    "rater": (
        [("raters: [caseworker]", "raters: [caseworkr]")],
        "caseworkr",
        "no role",
        "'caseworker'",
        "error",
    ),
    "reasons-for-no": ([("if_no: [ill]", "if_no: [il]")], "il]", "no reason", "'ill'", "error"),
    "code-list-field": (
        [(EXITS, EXITS.replace("exit.reason", "exit.raeson"))],
        "exit.raeson",
        "no field",
        "'exit.reason'",
        "error",
    ),
    "code-list-once": (
        [("for: [requirement_answered.reason]", "for: [requirement_answered.reason, exit.reason]")],
        "exit.reason]",
        "already takes",
        "one list",
        "error",
    ),
    "document": ([("document: paper\n", "document: papir\n")], "papir", "no document", "'paper'", "error"),
    "source-document": (
        [("source: L5}", "source: [papr L5]}")],
        "papr L5",
        "no document 'papr'",
        "'paper'",
        "error",
    ),
    "source-lines": (
        [("source: L5}", "source: L50-41}")],
        "L50-41",
        "run backwards",
        "lower line first",
        "error",
    ),
    "rule": ([("treated: treat == 1", "treated: treat")], "treat\n", "gives a number", "Compare", "error"),
    "coded-value": (
        [('outcome == "held"', 'outcome == "hold"')],
        '"hold"',
        "never takes the value 'hold'",
        "'held'",
        "error",
    ),
    "class-id": ([("id: B, title", "id: A, title")], "A,", "two classes 'A'", "rename", "error"),
    "class-side": (
        [('"answers_in(3, 3) == 2", side: good', '"answers_in(3, 3) == 2", side: god')],
        "god",
        "no side 'god'",
        "'good'",
        "error",
    ),
    "side-unused": ([(MOOD, MOOD.replace("poor", "good"))], "poor", "no class belongs", "remove", "warning"),
    "answer-label": ([("answers: {1:", "answers: {4:")], "4", "not on the scale", "widen", "error"),
    "questionnaire-cadence": (
        [("    cadence: asking", "    cadence: talk")],
        "talk",
        "not by answers",
        "questionnaire_answered",
        "error",
    ),
    "answers-on-scale": (
        [('"answers_in(3, 3) == 2"', '"answers_in(3, 4) == 2"')],
        "4",
        "no answer is 4: the scale runs from 1 to 3",
        "widen",
        "error",
    ),
    "class-hits": (
        [('"answers_in(3, 3) == 2"', '"answers_in(3, 3) == 3"')],
        '"answers_in',
        "'A' can never be given: no answer",
        "Correct",
        "error",
    ),
    "class-gap": (
        [(MOOD, MOOD.replace('"true"', "work >= 2"))],
        "classes",
        "1 of 9 answer patterns",
        "last class",
        "warning",
    ),
    "target-indicator": (
        [("indicator: held, unit", "indicator: hold, unit")],
        "hold",
        "no indicator",
        "'held'",
        "error",
    ),
    "target-unit": (
        [("indicator: held, unit: outreach", "indicator: held, unit: out")],
        "out,",
        "no unit",
        "Known here",
        "error",
    ),
    "target-level": ([("value: 0.2", "value: 20")], "20", "not a share", "Write 20 % as 0.2", "error"),
    "target-direction": (
        [("    better: lower", "    better: neither")],
        "no-shows",
        "neither higher",
        "remove the target",
        "error",
    ),
    "target-comparator": (
        [("  centre: {title: {da: Centralt, en: Centre}, in_effort: false, source: L2}\n", "")],
        "others",
        "there are none",
        "fixed 'value'",
        "error",
    ),
    "target-once": ([(HELD, HELD + HELD)], "held", "already has a target", "Keep one", "error"),
    "indicator-unused": (
        [("indicators: [no-shows, held, in-time]", "indicators: [no-shows, held]")],
        "in-time",
        "no report",
        "remove",
        "warning",
    ),
    "theory-node": ([("cause: talk, effect", "cause: tolk, effect")], "tolk", "no node", "'talk'", "error"),
    "theory-evidence": (
        [("evidence: [no-shows]", "evidence: [no-show]")],
        "no-show]",
        "no indicator",
        "'no-shows'",
        "error",
    ),
    "theory-link-once": (
        [(LAST_LINK, LAST_LINK + LAST_LINK)],
        "{cause: trust",
        "drawn twice",
        "Keep one",
        "error",
    ),
    "theory-lonely-node": ([(LAST_LINK, "")], "work", "no link leads", "Link it", "warning"),
    "theory-cycle": (
        [(LAST_LINK, LAST_LINK + "    - {cause: work, effect: talk, source: L14}\n")],
        "{cause: work",
        "circle: talk → trust → work → talk",
        "backwards",
        "error",
    ),
    "state-codes": ([('"130-139"', '"139-130"')], '"139-130"', "runs backwards", "130-139", "error"),
    "state": (
        [("index: {state: benefit", "index: {state: benefits")],
        "benefits",
        "no state",
        "'benefit'",
        "error",
    ),
    "state-unused": (
        [("kind: state, state: working", "kind: state, state: benefit")],
        "working",
        "no evaluation uses",
        "remove",
        "warning",
    ),
    "table": ([("table: trial, where", "table: trail, where")], "trail", "no table", "'trial'", "error"),
    "table-columns": (
        [
            ("tables:\n", SECOND_TABLE),
            ("[{table: trial, where: pay >= 0}]", "[{table: trial}, {table: other}]"),
        ],
        "other}",
        "'pay' is text in 'other' and number in 'trial'",
        "one type",
        "error",
    ),
    "outcome-source": (
        [("rows: [{table: trial, where: pay >= 0}]", "index: {state: benefit}")],
        "column,",
        "no columns to take",
        "kind: state",
        "error",
    ),
    "outcome-weeks": (
        [("at_least_weeks: 2", "at_least_weeks: 53")],
        "53",
        "cannot fall within 52",
        "Lower",
        "error",
    ),
    "history-source": (
        [
            (
                "    derive: {",
                "    history: [{id: h, title: {da: Før, en: Before}, state: benefit, weeks: 1}]\n    derive: {",
            )
        ],
        "history",
        "made from a register",
        "index",
        "error",
    ),
    "evaluation-ids": (
        [(OUTCOME, OUTCOME + OUTCOME)],
        "work,",
        "'work' is given twice",
        "another id",
        "error",
    ),
    "derive-name": (
        [("derive: {schooling2: schooling * schooling}", "derive: {pay: schooling, schooling2: pay}")],
        "pay: schooling,",
        "already have",
        "another name",
        "error",
    ),
    "covariate": (
        [("exact: [sex]", "exact: [gender]")],
        "gender",
        "no field 'gender'",
        "Known here",
        "error",
    ),
    "covariate-date": (
        [("covariates: [{field: age,", "covariates: [{field: birth_date,")],
        "birth_date",
        "is a date",
        "'age'",
        "error",
    ),
    "design": (
        [("design: regression", "design: matched")],
        "matched\n",
        "'matching' is missing",
        "Add",
        "error",
    ),
    "time-to": ([("time_to: work", "time_to: wrok")], "wrok", "no outcome", "'work'", "error"),
    "report-indicator": (
        [("indicators: [no-shows]}", "indicators: [noshows]}")],
        "noshows",
        "no indicator",
        "'no-shows'",
        "error",
    ),
    "report-unit": (
        [("en: Aims}, unit: outreach", "en: Aims}, unit: outreache")],
        "outreache",
        "no unit",
        "'outreach'",
        "error",
    ),
    "report-target": (
        [("indicators: [no-shows]}", "indicators: [no-shows, in-time]}")],
        "in-time]}",
        "no target in the unit",
        "Add one",
        "warning",
    ),
    "report-questionnaire": (
        [
            (
                "classes, title: {da: Klasser, en: Classes}, questionnaire: mood",
                "classes, title: {da: Klasser, en: Classes}, questionnaire: moods",
            )
        ],
        "moods",
        "no questionnaire",
        "'mood'",
        "error",
    ),
    "report-exits": (
        [("exits: {work: [job]}", "exits: {work: [jobs]}")],
        "jobs",
        "no exit reason",
        "'job'",
        "error",
    ),
    "report-evaluation": (
        [("evaluation: earnings", "evaluation: earning")],
        "earning}",
        "no evaluation",
        "'earnings'",
        "error",
    ),
    "evaluation-unused": (
        [("          - {block: evaluation, evaluation: earnings}\n", "")],
        "earnings",
        "no report",
        "evaluation' block",
        "warning",
    ),
    "report-theory": (
        [("theory:\n  nodes:", "x-theory:\n  nodes:")],
        "theory",
        "no theory to show",
        "Add 'theory'",
        "error",
    ),
    "report-by-unit": ([("units:\n", "x-units:\n")], "{block: indicators", "no units", "by: site", "error"),
}


def _cut(folder: Path, key: str) -> None:
    """Takes a whole top-level part out of the definition."""
    for file in folder.glob("*.yaml"):
        lines = file.read_text("utf-8").split("\n")
        keep, inside = [], False
        for line in lines:
            if line and not line[0].isspace():
                inside = line.startswith(f"x-{key}:")
            if not inside:
                keep.append(line)
        file.write_text("\n".join(keep), "utf-8")


def test_every_check_has_its_case() -> None:
    assert set(CAUGHT) == set(CHECKS)


@pytest.mark.parametrize("name", CAUGHT)
def test_a_check_catches(name: str, tmp_path: Path) -> None:
    edits, at, what, remedy, severity = CAUGHT[name]
    folder = write(tmp_path)
    for old, new in edits:
        change(folder, old, new)
    for key in ("theory", "units"):
        _cut(folder, key)
    reading = read(folder)
    assert reading.programme is not None, "\n".join(map(str, reading.problems))
    said = [finding for finding in CHECKS[name](reading.programme) if what in finding.what]
    assert len(said) == 1, "\n".join(map(str, reading.problems))
    [problem] = [one for one in reading.problems if what in one.what]
    assert problem.line is not None
    assert problem.column is not None
    found = "\n".join(Path(problem.file).read_text("utf-8").split("\n")[problem.line - 1 :])[
        problem.column - 1 :
    ]
    assert found.startswith(at), str(problem)
    assert remedy in problem.remedy
    assert problem.severity == severity
