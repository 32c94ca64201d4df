"""The command ``check`` with a data folder: warnings with file and line that do not fail it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tiny_definition import change, write

BIN = Path(sys.executable).parent / "indsats"
FACT = "id,version,kind,programme,programme_version,person,enrolment,site,occurred_from,recorded_at"


def indsats(*words: object) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "NO_COLOR": "1", "COLUMNS": "400", "TERM": "dumb"}
    return subprocess.run(  # noqa: S603
        [str(BIN), *map(str, words)], capture_output=True, text=True, env=env, timeout=300, check=False
    )


def _data(folder: Path, last: str) -> Path:
    """Somebody enrolled on New Year's Day, and one meeting on the last day of the data."""
    facts = folder / "facts"
    facts.mkdir(parents=True)
    common = "tiny,1,anna,e1,north"
    enrolled = f"{FACT},service\nf1,1,enrolled,{common},2016-01-01,2016-01-01T09:00:00Z,talks\n"
    met = f"{FACT},type,outcome\nf2,1,meeting,{common},{last},{last}T09:00:00Z,talk,held\n"
    (facts / "enrolled.csv").write_text(enrolled, "utf-8")
    (facts / "meeting.csv").write_text(met, "utf-8")
    (folder / "dataset.json").write_text('{"programme": "tiny", "version": 1, "synthetic": true}', "utf-8")
    return folder


def test_a_window_longer_than_the_data_is_a_warning_with_its_line(tmp_path: Path) -> None:
    folder = write(tmp_path / "tiny")
    file, line, _ = change(folder, "kind: placement, weeks: 26", "kind: placement, weeks: 27")
    done = indsats("check", folder, "--data", _data(tmp_path / "data", "2016-02-01"))
    assert done.returncode == 0, done.stderr
    [told] = [words for words in done.stderr.splitlines() if "27 weeks" in words]
    assert told.startswith(f"{file}:{line}:"), told
    assert "warning: 27 weeks are longer than the data: the data reach from 2016-01-01 to 2016-02-01" in told
    assert "warnings." in done.stdout
    assert "27 weeks" not in indsats("check", folder).stderr


def test_a_definition_with_errors_is_not_held_against_data(tmp_path: Path) -> None:
    folder = write(tmp_path / "tiny")
    change(folder, "kind: placement, weeks: 26", "kind: placment, weeks: 26")
    done = indsats("check", folder, "--data", _data(tmp_path / "data", "2016-02-01"))
    assert done.returncode == 1
    assert "placment" in done.stderr
    assert "Traceback" not in done.stderr
    assert "data reach" not in done.stderr


def test_a_data_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    done = indsats("check", write(tmp_path / "tiny"), "--data", tmp_path / "nowhere")
    assert done.returncode == 1
    assert "there is no such data folder" in done.stderr
