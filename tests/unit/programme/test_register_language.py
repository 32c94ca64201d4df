"""What a definition can say of registers: states with rules, clocks, histories and outcomes; told and checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from indsats.programme import Programme, explain, load
from indsats.programme.loader import read
from tiny_definition import change, write

ONE = """      - {id: work, title: {da: Job, en: Job}, kind: state, state: working,
        within_weeks: 52, at_least_weeks: 2, source: L17}
"""
TITLE = "title: {da: Mere, en: More}"
MORE = f"""\
      - {{id: row, {TITLE}, kind: state, state: working, from_week: 9, within_weeks: 52, at_least_weeks: 4,
        in_a_row: true, ends: [benefit], source: L17}}
      - {{id: then, {TITLE}, kind: status, state: working, week: 26, source: L17}}
      - {{id: spent, {TITLE}, kind: weeks, state: working, from_week: 53, to_week: 104, source: L17}}
      - {{id: paid, {TITLE}, kind: hours, to_month: 12, source: L17}}
      - {{id: touched, {TITLE}, kind: months, within_months: 12, in_a_row: 3, states: [working], source: L17}}
"""
EARLIER = "{id: earlier, title: {da: Før, en: Before}, state: benefit, weeks: 52}"


def _changed(folder: Path, *changes: tuple[str, str]) -> Path:
    written = write(folder)
    for old, new in changes:
        change(written, old, new)
    return written


def _said(folder: Path, lang: str, *changes: tuple[str, str]) -> str:
    return explain(load(_changed(folder, *changes)), lang)  # type: ignore[arg-type]


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    return load(_changed(tmp_path / "p", (ONE, ONE + MORE)))


def test_every_kind_of_register_outcome_is_read(programme: Programme) -> None:
    kinds = [outcome.kind for outcome in programme.evaluations["to-work"].outcomes]
    assert kinds == ["state", "state", "status", "weeks", "hours", "months"]


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("da", "Mere (mindst 4 uger i træk i »Arbejde« blandt uge 9–52 efter start, indtil »Ydelse«)."),
        ("en", "More (in “Working” in week 26 after the start)."),
        ("en", "More (weeks in “Working” among weeks 53–104 after the start)."),
        ("da", "Mere (løntimer om ugen i måned 1–12 efter start)."),
        (
            "en",
            "More (at least 3 months in a row with paid hours / “Working” in months 1–12 after the start).",
        ),
    ],
)
def test_each_outcome_is_told_in_words(programme: Programme, lang: str, sentence: str) -> None:
    assert sentence in explain(programme, lang)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("index: {state: benefit,", "index: {state: benefit, new: true,", "a new stay in “Benefit”"),
        (
            "index: {state: benefit,",
            "index: {state: benefit, at: end, gap_weeks: 4,",
            "the first week after a stay",
        ),
        ("index: {state: benefit,", "index: {state: benefit, gap_weeks: 4,", "gaps of at most 4 weeks"),
        ("index: {state: benefit,", "index: {happening: {kind: drawn},", "The clock starts in the week of"),
        (EARLIER, EARLIER.replace("weeks: 52", "weeks: 52, measure: stays"), "number of stays in “Benefit”"),
        (
            EARLIER,
            EARLIER.replace("weeks: 52", "weeks: 52, measure: uninterrupted, gap_weeks: 3"),
            "unbroken weeks in “Benefit” up to the start in the last 52 weeks before the start, gaps of at most 3",
        ),
        (
            EARLIER,
            EARLIER.replace("weeks: 52", "weeks: 52, measure: share, of: working"),
            "as a share of weeks in",
        ),
        (
            'codes: ["130-139"]',
            'codes: ["130-139"], paid_hours: true, at_least_weeks: 4',
            "only stays of at least 4",
        ),
    ],
)
def test_clock_history_and_state_are_told_in_words(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert sentence in _said(tmp_path / "p", "en", (old, new))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("from_week: 9,", "from_week: 53,", "week 53 is after the last, 52"),
        ("at_least_weeks: 4,", "at_least_weeks: 45,", "45 weeks cannot fall within 44"),
        ("from_week: 53, to_week: 104", "from_week: 105, to_week: 104", "week 105 is after the last, 104"),
        (
            "kind: hours, to_month: 12",
            "kind: hours, from_month: 13, to_month: 12",
            "month 13 is after the last",
        ),
        ("in_a_row: 3", "in_a_row: 13", "13 months in a row cannot fall within 12"),
        ("ends: [benefit]", "ends: [benefitt]", "no state 'benefitt'"),
        ("states: [working]", "states: [wrking]", "no state 'wrking'"),
        ("in_a_row: 3, states: [working]", "hours: false", "no month can count"),
        ("time_to: work", "time_to: spent", "has no waiting time"),
    ],
)
def test_what_cannot_happen_is_found(tmp_path: Path, old: str, new: str, what: str) -> None:
    problems = read(_changed(tmp_path / "p", (ONE, ONE + MORE), (old, new))).problems
    assert any(what in str(problem) for problem in problems), [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (
            "index: {state: benefit,",
            "index: {state: benefit, happening: {kind: drawn},",
            "either a 'state' or",
        ),
        ("index: {state: benefit,", "index: {happening: {kind: drawn}, at: end,", "tell of stays"),
        (EARLIER, EARLIER.replace("weeks: 52", "weeks: 52, measure: share"), "'of' names what a share is of"),
        (EARLIER, EARLIER.replace("weeks: 52", "weeks: 52, gap_weeks: 2"), "'gap_weeks' joins stays"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(tmp_path: Path, old: str, new: str, what: str) -> None:
    problems = read(_changed(tmp_path / "p", (old, new))).problems
    assert any(what in str(problem) for problem in problems), [str(problem) for problem in problems]
