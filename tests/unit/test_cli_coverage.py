"""`indsats coverage`, as a person at a terminal meets it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import psutil
import pytest
from typer.testing import CliRunner

from indsats import simulate
from indsats.cli import app

BIN = Path(sys.executable).parent / "indsats"


def _with(monkeypatch: pytest.MonkeyPatch, *within: bool) -> pl.DataFrame:
    """A table of what was found that took no time to find."""
    claims = [claim for claim in simulate.CLAIMS if claim.name == "difference in shares"]
    found = simulate.coverage(5, 1, claims=claims, workers=1).with_columns(within=pl.Series(within))
    monkeypatch.setattr(simulate, "coverage", lambda *_, **__: found)
    return found


def test_two_pages_and_a_table_are_written_and_a_claim_that_fails_ends_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _with(monkeypatch, True, False)
    ended = CliRunner().invoke(app, ["coverage", "--runs", "5", "--out", str(tmp_path / "c")])
    assert ended.exit_code == 1
    assert "1 of 2 intervals cover as they say" in ended.output
    assert [line[0] for line in ended.output.splitlines()[:2]] == ["✓", "✗"]
    assert pl.read_csv(tmp_path / "c" / "coverage.csv").equals(found, null_equal=True)
    assert 'lang="da"' in (tmp_path / "c" / "report.html").read_text(encoding="utf-8")
    assert 'lang="en"' in (tmp_path / "c" / "report.en.html").read_text(encoding="utf-8")
    figures = json.loads((tmp_path / "c" / "results.json").read_text(encoding="utf-8"))["figures"]
    assert [figure["value"] for figure in figures] == found["coverage"].to_list()


def test_claims_that_all_hold_end_with_0(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _with(monkeypatch, True, True)
    ended = CliRunner().invoke(app, ["coverage", "--out", str(tmp_path), "--lang", "en"])
    assert ended.exit_code == 0
    assert 'lang="en"' in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert 'lang="da"' in (tmp_path / "report.da.html").read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_tried(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("something else")
    ended = subprocess.run(  # noqa: S603
        [str(BIN), "coverage", "--out", str(tmp_path / "taken")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "COLUMNS": "400"},
    )
    assert ended.returncode == 1
    assert "taken: file exists" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_stopped_trial_leaves_no_file_and_no_process(tmp_path: Path) -> None:
    words = [str(BIN), "coverage", "--runs", "5000", "--out", str(tmp_path / "c")]
    running = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603
    patience = time.monotonic() + 120
    while not (helpers := psutil.Process(running.pid).children()):
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < patience
        time.sleep(0.02)
    time.sleep(1)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Stopped." in said
    assert list((tmp_path / "c").iterdir()) == []
    gone, alive = psutil.wait_procs(helpers, timeout=10)
    assert gone
    assert not alive
