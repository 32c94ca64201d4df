"""The commands of evaluation plans, as a person at a terminal meets them."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from indsats.programme import load
from indsats.run.plans import JOURNAL, journal, note_outcomes_read, register_plan
from tiny_definition import change, write

BIN = Path(sys.executable).parent / "indsats"
NOW = datetime(2016, 5, 1, 12, tzinfo=UTC)


def plan(*words: object) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "NO_COLOR": "1", "COLUMNS": "400", "TERM": "dumb"}
    return subprocess.run(  # noqa: S603
        [str(BIN), "plan", *map(str, words)],
        capture_output=True,
        text=True,
        env=env,
        timeout=300,
        check=False,
    )


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return write(tmp_path / "tiny")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def test_register_takes_the_evaluations_on_registers_and_says_which_it_leaves_out(
    tiny: Path, data: Path
) -> None:
    done = plan("register", tiny, "--data", data)
    assert done.returncode == 0, done.stderr
    [entry] = journal(data)
    assert (entry.what, entry.evaluation) == ("registered", "to-work")
    assert f"to-work: {entry.plan_hash[:12]} registered {entry.at:%Y-%m-%d %H:%M} UTC\n" in done.stdout
    assert "earnings: left out, it is on packaged tables" in done.stdout


def test_register_says_when_it_comes_late(tiny: Path, data: Path) -> None:
    note_outcomes_read(load(tiny), ["to-work"], data, NOW)
    assert "UTC, after outcomes had been read" in plan("register", tiny, "--data", data).stdout
    assert "after outcomes had been read" in plan("status", tiny, "--data", data).stdout


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("register", "TINY", "--evaluation", "earnings"), "'earnings' is on packaged tables"),
        (
            ("register", "TINY", "--evaluation", "nope"),
            "'tiny' has no evaluation 'nope'. Ask for one of: to-work",
        ),
        (
            ("status", "TINY", "--evaluation", "nope"),
            "'tiny' has no evaluation 'nope'. Ask for one of: to-work",
        ),
        (("status", "TINY", "--evaluation", ""), "'tiny' has no evaluation ''"),
        (("register", "supported-work"), "has no evaluation on registers"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_and_nothing_is_written(
    words: tuple[str, ...], what: str, tiny: Path, data: Path
) -> None:
    done = plan(*(str(tiny) if word == "TINY" else word for word in words), "--data", data)
    assert done.returncode == 1
    assert what in done.stderr
    assert "Traceback" not in done.stderr
    assert list(data.iterdir()) == []


@pytest.mark.parametrize("command", ["register", "status"])
def test_a_data_folder_that_is_not_there_is_named(command: str, tiny: Path, tmp_path: Path) -> None:
    done = plan(command, tiny, "--data", tmp_path / "nowhere")
    assert done.returncode == 1
    assert "there is no such data folder" in done.stderr


def test_status_tells_what_is_registered_read_and_deviates(tiny: Path, data: Path) -> None:
    before = plan("status", tiny, "--data", data).stdout
    assert "not yet" in before
    assert "packaged tables, no plan" in before
    register_plan(load(tiny), "to-work", data, NOW)
    assert "none" in plan("status", tiny, "--data", data, "--evaluation", "to-work").stdout
    note_outcomes_read(load(tiny), ["to-work"], data, NOW)
    change(tiny, "within_weeks: 52, at_least_weeks: 2", "within_weeks: 52, at_least_weeks: 3")
    told = plan("status", tiny, "--data", data, "--evaluation", "to-work").stdout
    assert told.count("2016-05-01 12:00") == 2
    assert "outcomes work: changed" in told
    assert "after outcomes had been read" not in told
    assert "earnings" not in told


def test_status_tells_of_an_interrupted_line_and_refuses_an_altered_journal(tiny: Path, data: Path) -> None:
    register_plan(load(tiny), "to-work", data, NOW)
    path = data / JOURNAL
    whole = path.read_text("utf-8")
    path.write_text(whole + whole[:30], "utf-8")
    done = plan("status", tiny, "--data", data)
    assert done.returncode == 0
    assert "The last line of the journal was interrupted" in done.stdout
    path.write_text(whole.replace("2016-05-01", "2016-04-01"), "utf-8")
    done = plan("status", tiny, "--data", data)
    assert done.returncode == 1
    assert f"{path}:1: error: the journal of plans was altered" in done.stderr
