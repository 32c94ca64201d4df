"""Plans of evaluations: registered with time and hash, compared with what is done, and proof against alteration."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from indsats.problem import InputRefused
from indsats.programme import Programme, load
from indsats.run.plans import JOURNAL, note_outcomes_read, plan_hash, plan_of, register_plan, standing
from tiny_definition import change, write

NOW = datetime(2016, 5, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def tiny(tmp_path: Path) -> Programme:
    return load(write(tmp_path / "tiny"))


def changed(tmp_path: Path, old: str, new: str) -> Programme:
    folder = write(tmp_path / "changed")
    change(folder, old, new)
    return load(folder)


def test_a_plan_holds_what_decides_a_number_and_nothing_that_only_tells(
    tiny: Programme, tmp_path: Path
) -> None:
    plan = plan_of(tiny, "to-work")
    reworded = changed(
        tmp_path, "ask: {da: Virker det?, en: Does it work?}", "ask: {da: Hvad nu?, en: What now?}"
    )
    stricter = changed(tmp_path, "within_weeks: 52, at_least_weeks: 2", "within_weeks: 52, at_least_weeks: 3")
    assert plan["population"]["states"]["working"]["codes"]
    assert plan_hash(plan_of(reworded, "to-work")) == plan_hash(plan)
    assert plan_hash(plan_of(stricter, "to-work")) != plan_hash(plan)


def test_without_a_registration_there_is_no_plan(tiny: Programme, tmp_path: Path) -> None:
    plan = standing(tiny, "to-work", tmp_path)
    assert (plan.registered, plan.first_read, plan.in_time, plan.deviations) == (None, None, False, ())


def test_a_plan_registered_before_outcomes_are_read_is_in_time(tiny: Programme, tmp_path: Path) -> None:
    register_plan(tiny, "to-work", tmp_path, NOW)
    note_outcomes_read(tiny, ["to-work"], tmp_path, LATER)
    note_outcomes_read(tiny, ["to-work"], tmp_path, LATER + timedelta(days=1))
    plan = standing(tiny, "to-work", tmp_path)
    assert plan.in_time
    assert plan.first_read == LATER
    assert {one.standing for one in plan.deviations} == {"as planned"}


def test_a_plan_registered_afterwards_is_not(tiny: Programme, tmp_path: Path) -> None:
    note_outcomes_read(tiny, ["to-work"], tmp_path, NOW)
    register_plan(tiny, "to-work", tmp_path, LATER)
    assert not standing(tiny, "to-work", tmp_path).in_time


def test_the_newest_plan_before_the_reading_counts_and_later_ones_do_not(
    tiny: Programme, tmp_path: Path
) -> None:
    stricter = changed(tmp_path, "within_weeks: 52, at_least_weeks: 2", "within_weeks: 52, at_least_weeks: 3")
    data = tmp_path / "data"
    data.mkdir()
    register_plan(tiny, "to-work", data, NOW)
    register_plan(stricter, "to-work", data, NOW + timedelta(hours=1))
    note_outcomes_read(stricter, ["to-work"], data, LATER)
    register_plan(tiny, "to-work", data, LATER + timedelta(hours=1))
    deviations = {(one.part, one.item): one.standing for one in standing(tiny, "to-work", data).deviations}
    assert deviations["outcomes", "work"] == "changed"
    assert deviations["covariates", "age"] == "as planned"


def test_what_is_added_and_left_out_afterwards_is_told(tiny: Programme, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    register_plan(tiny, "to-work", data, NOW)
    other = changed(
        tmp_path,
        "    matching: {on: propensity, exact: [sex], source: L17}\n",
        "    matching: {on: propensity, exact: [sex], source: L17}\n"
        "    estimates: [{id: more, kind: regression, title: {da: a, en: a}, source: L1}]\n"
        "    sensitivity: [{check: e-value, source: L1}]\n",
    )
    deviations = {(one.part, one.item): one.standing for one in standing(other, "to-work", data).deviations}
    assert deviations["estimates", "more"] == "added"
    assert deviations["sensitivity", "e-value"] == "added"
    back = tmp_path / "back"
    back.mkdir()
    register_plan(other, "to-work", back, NOW)
    deviations = {(one.part, one.item): one.standing for one in standing(tiny, "to-work", back).deviations}
    assert deviations["estimates", "more"] == "left out"


@pytest.mark.parametrize("alter", ["edit", "remove", "insert", "cut", "last"])
def test_an_altered_journal_is_refused(alter: str, tiny: Programme, tmp_path: Path) -> None:
    for hour in range(3):
        register_plan(tiny, "to-work", tmp_path, NOW + timedelta(hours=hour))
    path = tmp_path / JOURNAL
    lines = path.read_text("utf-8").splitlines()
    if alter == "edit":
        lines[0] = lines[0].replace("2016-05-01T12", "2015-05-01T12")
    elif alter == "remove":
        del lines[0]
    elif alter == "insert":
        lines.insert(1, lines[0])
    elif alter == "cut":
        lines[1] = lines[1][:40]
    else:
        lines[2] = lines[2].replace("2016-05-01T14", "2015-05-01T14")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(InputRefused, match="altered") as refused:
        standing(tiny, "to-work", tmp_path)
    assert refused.value.problems[0].line == {"edit": 1, "remove": 1, "last": 3}.get(alter, 2)


def test_two_checks_of_one_kind_are_two_items_and_a_column_named_like_a_word_counts(tmp_path: Path) -> None:
    old = "    matching: {on: propensity, exact: [sex], source: L17}\n"
    added = (
        "    derive: {unit2: age * 2, note: age * 3}\n"
        "    sensitivity: [{check: leave-one-out, source: L1}, {check: leave-one-out, by: sex, source: L1}]\n"
    )
    plan = plan_of(changed(tmp_path, old, old + added), "to-work")
    assert list(plan["sensitivity"]) == ["leave-one-out (site)", "leave-one-out (sex)"]
    assert plan["treatment"]["derive"] == {"unit2": "age * 2", "note": "age * 3"}


def test_an_unknown_evaluation_is_refused_with_those_there_are(tiny: Programme, tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="to-wrk") as refused:
        register_plan(tiny, "to-wrk", tmp_path, NOW)
    assert "to-work" in str(refused.value.problems[0])


def test_the_journal_is_plain_lines_for_the_owner_alone(tiny: Programme, tmp_path: Path) -> None:
    entry = register_plan(tiny, "to-work", tmp_path, NOW)
    path = tmp_path / JOURNAL
    [line] = path.read_text("utf-8").splitlines()
    assert json.loads(line)["plan_hash"] == entry.plan_hash
    assert path.stat().st_mode & 0o077 == 0
