"""Simulated explanations and plans are about targets that were missed; some are late and some do not come."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indsats import library, programme, simulate
from indsats.programme import Period
from indsats.record import Record, read_record
from indsats.steer import deviations

PROGRAMME = "fremskudt-indsats"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    definition = programme.load(library.definition_path(PROGRAMME))
    return simulate.simulate(definition, 300, 4, tmp_path_factory.mktemp("simulated") / "data")


@pytest.fixture(scope="module")
def record(folder: Path) -> Record:
    return read_record(folder, programme.load(library.definition_path(PROGRAMME)))


def test_what_is_told_in_the_truth_is_what_the_record_gives(folder: Path, record: Record) -> None:
    truth = json.loads((folder / "truth.json").read_text("utf-8"))["deviations"]
    assert truth["asked"] > 0
    facts = record.as_of()
    for kind in ("deviation_explained", "action_planned"):
        made = truth[kind]
        assert sum(made.values()) == truth["asked"]
        assert facts.table(kind).height == made["in_time"] + made["late"]


def test_every_explanation_is_of_a_target_that_was_missed(record: Record) -> None:
    facts = record.as_of()
    told = facts.table("deviation_explained")
    states = []
    for one in told.iter_rows(named=True):
        period = Period(first=one["occurred_from"], last=one["occurred_to"])
        [row] = deviations(facts, one["unit"], [one["indicator"]], period, site=one["site"])
        assert row.aim.status == "not_met"
        states.append(row.explained)
    assert set(states) <= {"in_time", "late"}


def test_the_truth_counts_the_late_ones_as_they_are(folder: Path, record: Record) -> None:
    facts = record.as_of()
    late = 0
    for one in facts.table("deviation_explained").iter_rows(named=True):
        period = Period(first=one["occurred_from"], last=one["occurred_to"])
        [row] = deviations(facts, one["unit"], [one["indicator"]], period, site=one["site"])
        late += row.explained == "late"
    truth = json.loads((folder / "truth.json").read_text("utf-8"))["deviations"]
    assert truth["deviation_explained"]["late"] == late
