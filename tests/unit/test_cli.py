"""The commands, as a person at a terminal meets them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

import simulated

BIN = Path(sys.executable).parent / "indsats"


def indsats(*words: object, **more: object) -> subprocess.CompletedProcess[str]:
    """Run the installed command; ``NO_COLOR`` and a wide terminal keep what it says on one line."""
    env = {**os.environ, "NO_COLOR": "1", "COLUMNS": "400", "TERM": "dumb"}
    return subprocess.run(  # noqa: S603
        [str(BIN), *map(str, words)],
        capture_output=True,
        text=True,
        env=env,
        timeout=300,
        check=False,
        **more,
    )


def _content(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


def test_check_is_silent_about_a_sound_definition_and_ends_with_0() -> None:
    done = indsats("check", "fremskudt-indsats")
    assert done.returncode == 0
    assert "no errors, 0 warnings" in done.stdout


def test_check_names_file_line_and_remedy_and_ends_with_1(tmp_path: Path) -> None:
    folder = tmp_path / "v1"
    folder.mkdir()
    (folder / "programme.yaml").write_text("programme: x\nversoin: 1\n", encoding="utf-8")
    done = indsats("check", folder)
    assert done.returncode == 1
    assert "programme.yaml:2:1: error:" in done.stderr
    assert "'version'" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_programme_is_answered_with_a_suggestion() -> None:
    done = indsats("check", "fremskud-indsats")
    assert done.returncode == 1
    assert "Did you mean 'fremskudt-indsats'?" in done.stderr


def test_schema_is_json() -> None:
    assert "properties" in json.loads(indsats("schema").stdout)


def test_replicate_has_at_least_forty_rows_and_no_unexplained_difference() -> None:
    done = indsats("replicate", "--json")
    rows = json.loads(done.stdout)
    assert done.returncode == 0
    assert len(rows) >= 40
    assert not [row for row in rows if row["verdict"] == "unexplained"]


def test_replicate_for_people_ends_with_a_count_of_verdicts() -> None:
    done = indsats("replicate", "supported-work")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].startswith("21 figures: 16 equal")


def test_simulate_gives_the_same_bytes_for_the_same_seed(tmp_path: Path) -> None:
    for name in ("one", "two"):
        made = indsats(
            "simulate", "fremskudt-indsats", "--persons", 60, "--seed", 3, "--out", tmp_path / name
        )
        assert made.returncode == 0, made.stderr
    assert _content(tmp_path / "one") == _content(tmp_path / "two")


def test_run_writes_in_the_language_asked_for(tmp_path: Path) -> None:
    done = indsats("run", "supported-work", "--out", tmp_path, "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert 'lang="en"' in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_run_says_what_is_wrong_with_a_time_or_a_period(tmp_path: Path) -> None:
    bad = indsats(
        "run", "fremskudt-indsats", "--data", simulated.folder(), "--out", tmp_path, "--as-of", "yesterday"
    )
    assert bad.returncode == 1
    assert "Write --as-of 2016-06-30" in bad.stderr
    bad = indsats(
        "run", "fremskudt-indsats", "--data", simulated.folder(), "--out", tmp_path, "--period", "2016"
    )
    assert bad.returncode == 1
    assert "Write --period 2016-01-01/2016-06-30" in bad.stderr


def test_run_before_anything_was_known_says_so(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = indsats(
        "run", "fremskudt-indsats", "--data", simulated.folder(), "--out", out, "--as-of", "1999-01-01"
    )
    assert done.returncode == 1
    assert "no facts" in done.stderr
    assert not out.exists()


def test_export_imports_again_and_exports_the_same_bytes(tmp_path: Path) -> None:
    first = indsats("export", "fremskudt-indsats", "--data", simulated.folder(), "--out", tmp_path / "a")
    assert first.returncode == 0, first.stderr
    again = indsats("export", "fremskudt-indsats", "--data", tmp_path / "a", "--out", tmp_path / "b")
    assert again.returncode == 0, again.stderr
    assert _content(tmp_path / "a") == _content(tmp_path / "b")


def test_exported_simulated_data_begin_a_new_folder(tmp_path: Path) -> None:
    exported = tmp_path / "exported"
    assert (
        indsats("export", "fremskudt-indsats", "--data", simulated.folder(), "--out", exported).returncode
        == 0
    )
    files = [*sorted(exported.glob("*.csv")), *sorted((exported / "facts").glob("*.csv"))]
    refused = indsats("import", "fremskudt-indsats", *files, "--into", tmp_path / "new")
    assert refused.returncode == 1
    assert not (tmp_path / "new").exists()
    begun = indsats("import", "fremskudt-indsats", *files, "--into", tmp_path / "new", "--synthetic")
    assert begun.returncode == 0, begun.stderr
    assert _content(exported / "facts") == _content(tmp_path / "new" / "facts")


def test_a_folder_that_is_read_is_not_written_into(tmp_path: Path) -> None:
    data = simulated.folder()
    for place in (data, data / "facts"):
        done = indsats("export", "fremskudt-indsats", "--data", data, "--out", place)
        assert done.returncode == 1
        assert "a folder of its own" in done.stderr
    done = indsats("run", "fremskudt-indsats", "--data", data, "--out", data / "facts")
    assert done.returncode == 1
    assert "a folder of its own" in done.stderr


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    done = indsats("run", "supported-work", "--out", tmp_path / "file")
    assert done.returncode == 1
    assert str(tmp_path / "file") in done.stderr
    assert "Traceback" not in done.stderr


def test_a_day_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    done = indsats("publish", tmp_path, "--on", "2026-13-01")
    assert done.returncode == 1
    assert "Write --on 2026-06-30" in done.stderr


def test_import_adds_facts_and_a_refused_one_writes_only_the_error_file(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert indsats("export", "fremskudt-indsats", "--data", simulated.folder(), "--out", data).returncode == 0
    case = pl.read_csv(data / "facts" / "enrolled.csv", infer_schema=False).row(0, named=True)
    given = "person,enrolment,site,occurred_from,type,outcome\n"
    row = f"{case['person']},{case['enrolment']},{case['site']},{case['occurred_from']}"
    meetings = tmp_path / "meeting.csv"

    meetings.write_text(f"{given}{row},opfoelgningssamtale,held\n", encoding="utf-8")
    added = indsats("import", "fremskudt-indsats", meetings, "--into", data)
    assert added.returncode == 0, added.stderr
    assert "1 fact added" in added.stdout

    before = _content(data)
    meetings.write_text(f"{given}{row},opfoelgningsamtale,hold\n", encoding="utf-8")
    refused = indsats("import", "fremskudt-indsats", meetings, "--into", data)
    assert refused.returncode == 1
    assert _content(data) == before
    errors = pl.read_csv(tmp_path / "data-errors.csv", infer_schema=False)
    assert errors.columns == ["file", "row", "column", "value", "what", "remedy"]
    assert set(errors["column"]) == {"type", "outcome"}
    assert set(errors["row"]) == {"2"}
    assert case["person"] not in refused.stderr + refused.stdout


@pytest.mark.parametrize("comes_out_as", ["KeyboardInterrupt", "typer.Exit(1)", "OSError(5, 'io', 'x')"])
def test_an_interrupt_that_comes_out_as_an_error_still_ends_as_stopped(comes_out_as: str) -> None:
    code = f"""
import os, signal, sys, typer
from indsats import cli
app = typer.Typer()
@app.command()
def work():
    try:
        os.kill(os.getpid(), signal.SIGINT)
        signal.pause()
    except KeyboardInterrupt:
        raise {comes_out_as}
cli.app = app
sys.argv = ['indsats']
cli.main()
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603
    assert ended.returncode == 130
    assert "Traceback" not in ended.stderr


def test_a_stopped_simulation_leaves_nothing_behind(tmp_path: Path) -> None:
    words = [
        str(BIN),
        "simulate",
        "fremskudt-indsats",
        "--persons",
        "20000",
        "--seed",
        "1",
        "--out",
        str(tmp_path / "d"),
    ]
    running = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603
    patience = time.monotonic() + 120
    while not list(tmp_path.iterdir()):  # it writes beside the folder it was asked for
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < patience
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Stopped." in said
    assert list(tmp_path.iterdir()) == []
