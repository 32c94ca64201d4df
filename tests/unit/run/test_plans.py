"""Plans of evaluations: registered with time and hash, compared with what is done, and proof against alteration."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from indsats.problem import InputRefused
from indsats.programme import Programme, Text, estimates, evaluation, load
from indsats.programme.base import Part
from indsats.report import Paragraph, Table
from indsats.run import plans
from indsats.run.plan_blocks import plan_blocks
from indsats.run.plans import (
    JOURNAL,
    PARTS,
    Deviation,
    Plan,
    interrupted,
    journal,
    note_outcomes_read,
    plan_hash,
    plan_of,
    register_plan,
    standing,
)
from indsats.run.tried import CHECKS
from tiny_definition import change, write

NOW = datetime(2016, 5, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
MATCHING = "    matching: {on: propensity, exact: [sex], source: L17}\n"
OUTCOME = """\
      - {id: work, title: {da: Job, en: Job}, kind: state, state: working,
        within_weeks: 52, at_least_weeks: 2, source: L17}
"""


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


def test_two_placebos_are_two_items(tmp_path: Path) -> None:
    added = (
        "    effort_starts: 2015-01-01\n"
        "    estimates: [{id: d, kind: did, site_treated: sex, after: age, title: {da: a, en: a}, source: L1}]\n"
        "    sensitivity: [{check: placebo, start: 2014-03-01, source: L1},"
        " {check: placebo, start: 2014-06-01, source: L1}]\n"
    )
    plan = plan_of(changed(tmp_path, MATCHING, MATCHING + added), "to-work")
    assert list(plan["sensitivity"]) == ["placebo (2014-03-01)", "placebo (2014-06-01)"]


def test_what_groups_are_made_alike_on_may_be_dropped_while_the_history_stays(
    tiny: Programme, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    register_plan(tiny, "to-work", data, NOW)
    without = changed(tmp_path, ", {field: earlier, title: {da: Før, en: Before}}", "")
    deviations = {(one.part, one.item): one.standing for one in standing(without, "to-work", data).deviations}
    assert deviations["covariates", "earlier"] == "left out"
    assert deviations["history", "earlier"] == "as planned"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("within_weeks: 52, at_least_weeks: 2", "from_week: 1, within_weeks: 52, at_least_weeks: 2"),
        (MATCHING, MATCHING.replace("source", "ratio: 1, replace: false, source")),
        (
            "    population: age >= 18\n    treated",
            "    cluster: null\n    population: age >= 18\n    treated",
        ),
    ],
)
def test_a_default_that_is_written_out_changes_nothing(
    old: str, new: str, tiny: Programme, tmp_path: Path
) -> None:
    assert plan_of(changed(tmp_path, old, new), "to-work") == plan_of(tiny, "to-work")


def test_the_defaults_that_decide_a_number_are_those_of_the_plans_already_registered() -> None:
    """They are not written in a plan: one that changes changes what registered plans mean, unseen."""
    found = {
        f"{kind.__name__}.{name}": field.default
        for module in (estimates, evaluation)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Part)
        for name, field in kind.model_fields.items()
        if not field.is_required() and field.default
    }
    assert found == {
        "Matching.ratio": 1,
        "Weighting.whom": "treated",
        "DoublyRobust.whom": "treated",
        "DoublyRobust.folds": 5,
        "LeaveOneOut.by": "site",
        "Randomisation.by": "site",
        "RegisterState.at_least_weeks": 1,
        "Rows.where": "true",
        "IndexEvent.at": "start",
        "StateOutcome.from_week": 1,
        "StateOutcome.at_least_weeks": 1,
        "WeeksOutcome.from_week": 1,
        "HoursOutcome.from_month": 1,
        "MonthsOutcome.in_a_row": 1,
        "MonthsOutcome.hours": True,
        "History.measure": "weeks",
        "Happening.kind": "event",
        "Happening.where": "true",
        "Evaluation.population": "true",
    }


def test_the_order_of_names_does_not_count_and_the_order_of_outcomes_does(tmp_path: Path) -> None:
    def planned(adjust: str, outcomes: str) -> dict[str, object]:
        folder = write(tmp_path / f"{adjust}{len(list(tmp_path.iterdir()))}")
        said = f"id: r, kind: regression, adjust: [{adjust}], title: {{da: a, en: a}}, source: L1"
        added = f"    estimates: [{{{said}}}]\n"
        change(folder, MATCHING, MATCHING + added)
        change(folder, OUTCOME, outcomes)
        return plan_of(load(folder), "to-work")

    other = OUTCOME.replace("id: work", "id: more")
    plan = planned("age, sex", OUTCOME + other)
    assert planned("sex, age", OUTCOME + other) == plan
    turned = planned("age, sex", other + OUTCOME)
    assert [part for part in PARTS if turned[part] != plan[part]] == ["main"]


def test_a_reading_that_stands_later_is_later_whatever_the_clocks_say(
    tiny: Programme, tmp_path: Path
) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    after.mkdir()
    register_plan(tiny, "to-work", before, LATER)
    note_outcomes_read(tiny, ["to-work"], before, NOW)
    assert standing(tiny, "to-work", before).in_time
    note_outcomes_read(tiny, ["to-work"], after, LATER)
    register_plan(tiny, "to-work", after, NOW)
    assert not standing(tiny, "to-work", after).in_time
    assert [entry.at for entry in journal(after)] == [LATER, NOW]


@pytest.mark.parametrize("locks", [True, False])
def test_writers_at_once_wait_for_each_other(
    locks: bool, tiny: Programme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not locks:
        monkeypatch.setattr(plans, "fcntl", None)

    def write_one(hour: int) -> None:
        if hour % 2:
            register_plan(tiny, "to-work", tmp_path, NOW + timedelta(hours=hour))
        else:
            note_outcomes_read(tiny, ["to-work"], tmp_path, NOW + timedelta(hours=hour))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write_one, range(40)))
    assert sorted(entry.what for entry in journal(tmp_path)) == ["read"] + ["registered"] * 20
    assert [path.name for path in tmp_path.glob("*jsonl*")] == [JOURNAL]


def test_a_writer_who_never_ends_is_told_of(
    tiny: Programme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "fcntl", None)
    monkeypatch.setattr(plans, "WAIT_SECONDS", 0.05)
    lock = tmp_path / f"{JOURNAL}.lock"
    lock.touch()
    with pytest.raises(InputRefused, match="for too long") as refused:
        register_plan(tiny, "to-work", tmp_path, NOW)
    assert refused.value.problems[0].file == str(lock)
    assert lock.exists()


@pytest.mark.parametrize("left", [0, 1, 40, -1])
def test_an_interrupted_last_line_does_not_count_and_is_replaced(
    left: int, tiny: Programme, tmp_path: Path
) -> None:
    register_plan(tiny, "to-work", tmp_path, NOW)
    path = tmp_path / JOURNAL
    first = path.read_bytes()
    register_plan(tiny, "to-work", tmp_path, LATER)
    path.write_bytes(first + path.read_bytes()[len(first) :][:left])
    assert [entry.at for entry in journal(tmp_path)] == [NOW]
    assert interrupted(tmp_path) == (left != 0)
    note_outcomes_read(tiny, ["to-work"], tmp_path, LATER)
    assert [entry.what for entry in journal(tmp_path)] == ["registered", "read"]
    assert not interrupted(tmp_path)
    assert path.read_bytes().startswith(first)


def test_an_interrupted_first_line_leaves_an_empty_journal(tiny: Programme, tmp_path: Path) -> None:
    assert not interrupted(tmp_path)
    (tmp_path / JOURNAL).write_bytes(b'{"at":"2016')
    assert standing(tiny, "to-work", tmp_path).registered is None
    register_plan(tiny, "to-work", tmp_path, NOW)
    assert len(journal(tmp_path)) == 1


def test_the_format_is_sealed_and_another_one_is_refused(
    tiny: Programme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register_plan(tiny, "to-work", tmp_path, NOW)
    path = tmp_path / JOURNAL
    content = path.read_text("utf-8")
    path.write_text(content.replace('"format":1', '"format":2'), "utf-8")
    with pytest.raises(InputRefused, match="altered"):
        journal(tmp_path)
    path.unlink()
    with monkeypatch.context() as later:
        later.setattr(plans, "FORMAT", 2)
        register_plan(tiny, "to-work", tmp_path, NOW)
    with pytest.raises(InputRefused, match="in format 2, and this version reads format 1"):
        journal(tmp_path)


def test_a_time_without_a_zone_is_refused(tiny: Programme, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        register_plan(tiny, "to-work", tmp_path, NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="no time zone"):
        note_outcomes_read(tiny, ["to-work"], tmp_path, NOW.replace(tzinfo=None))
    assert not (tmp_path / JOURNAL).exists()


def test_no_plan_comes_first_where_anybody_can_have_read_the_outcomes(
    tiny: Programme, tmp_path: Path
) -> None:
    with pytest.raises(InputRefused, match="packaged tables"):
        register_plan(tiny, "earnings", tmp_path, NOW)
    assert not (tmp_path / JOURNAL).exists()


def test_the_report_calls_every_item_by_a_name_in_both_languages(tiny: Programme) -> None:
    asked = tiny.evaluations["to-work"]
    plan = plan_of(tiny, "to-work")
    items = [(part, item) for part in PARTS for item in plan[part]]
    items += [("sensitivity", name) for name in [*CHECKS, "subgroups", "leave-one-out (sex)"]]
    items += [("outcomes", "main"), ("estimates", "gone")]
    deviations = tuple(Deviation(part, item, "left out") for part, item in items)
    [entry] = [plans.Entry("registered", NOW, "tiny", 1, "to-work", plan_hash(plan), plan)]
    sentence, table = plan_blocks("to-work", asked, Plan(entry, None, deviations, True))
    assert isinstance(sentence, Paragraph)
    assert isinstance(table, Table)
    named = {item: row[1] for item, row in zip(items, table.rows, strict=True)}
    by_id = {item for item, name in named.items() if isinstance(name, Text) and name.en == item[1]}
    assert by_id == {("outcomes", "main"), ("estimates", "gone")}
    assert named["estimates", "matched"] == Text(da="Par", en="Pairs")
    assert named["history", "earlier"] == Text(da="Før", en="Before")
    kind = CHECKS["leave-one-out"]
    assert named["sensitivity", "leave-one-out (sex)"] == Text(da=f"{kind.da} (sex)", en=f"{kind.en} (sex)")


@pytest.mark.parametrize("asked", ["register", "status"])
def test_an_unknown_evaluation_is_refused_with_those_there_are(
    asked: str, tiny: Programme, tmp_path: Path
) -> None:
    ask = partial(register_plan, at=NOW) if asked == "register" else standing
    with pytest.raises(InputRefused, match="to-wrk") as refused:
        ask(tiny, "to-wrk", tmp_path)
    assert "to-work" in str(refused.value.problems[0])


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permissions of this kind")
@pytest.mark.parametrize(("umask", "mode"), [(0o002, 0o664), (0o077, 0o600)])
def test_the_journal_is_plain_lines_with_the_permissions_of_other_new_files(
    umask: int, mode: int, tiny: Programme, tmp_path: Path
) -> None:
    """Several write in a shared folder, and nothing in the journal is about persons."""
    before = os.umask(umask)
    try:
        entry = register_plan(tiny, "to-work", tmp_path, NOW)
    finally:
        os.umask(before)
    path = tmp_path / JOURNAL
    [line] = path.read_text("utf-8").splitlines()
    told = json.loads(line)
    assert (told["plan_hash"], told["format"]) == (entry.plan_hash, 1)
    assert path.stat().st_mode & 0o777 == mode
