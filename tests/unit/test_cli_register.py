"""The register's commands, as a person at a terminal meets them."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from indsats import cli, library
from indsats.register import column_of_week, open_store

BIN = Path(sys.executable).parent / "indsats"
ENV = {**os.environ, "NO_COLOR": "1", "COLUMNS": "400", "TERM": "dumb"}


def indsats(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        [str(BIN), "register", *map(str, words)],
        capture_output=True,
        text=True,
        env=ENV,
        timeout=300,
        check=False,
    )


def _bytes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def cases() -> Path:
    return library.edge_cases_path()


@pytest.fixture(scope="module")
def store(cases: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "store"
    done = indsats("build", cases / "dream.csv", "--out", folder, "--synthetic")
    assert done.returncode == 0, done.stderr
    return folder


def test_build_tells_what_was_built_and_which_codes_no_list_knows(cases: Path, tmp_path: Path) -> None:
    done = indsats("build", cases / "dream.csv", "--out", tmp_path / "store", "--synthetic")
    found = open_store(tmp_path / "store")
    assert f"{found.persons:,} persons, {found.spells:,} spells" in done.stdout
    assert "not on the code list" in done.stderr
    assert found.synthetic


def test_a_second_build_into_the_same_folder_is_refused(cases: Path, store: Path) -> None:
    before = _bytes(store)
    done = indsats("build", cases / "dream.csv", "--out", store)
    assert done.returncode == 1
    assert "holds a store already" in done.stderr
    assert _bytes(store) == before


def test_a_broken_file_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "dream.csv").write_text("person,y_1401,y_1402\na,730,730\nb,730\n", encoding="utf-8")
    done = indsats("build", tmp_path / "dream.csv", "--out", tmp_path / "store")
    assert done.returncode == 1
    assert "dream.csv, row 3: error:" in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dream.csv"]


def test_describe_counts_codes_and_says_what_a_weekly_register_is_not(store: Path) -> None:
    told = indsats("describe", store)
    assert told.returncode == 0
    assert "It is not made for counting" in told.stdout
    assert "Synthetic data" in told.stdout
    content = json.loads(indsats("describe", store, "--json").stdout)
    assert content["synthetic"] is True
    assert content["coverage"][0]["persons"] == open_store(store).persons
    weeks = sum(row["weeks"] for row in content["codes"])
    assert weeks == open_store(store).person_weeks
    assert content["codes that are not on the code list"]


def test_describe_knows_the_codes_of_a_list_of_ones_own(store: Path, tmp_path: Path) -> None:
    unknown = json.loads(indsats("describe", store, "--json").stdout)["codes that are not on the code list"]
    own = tmp_path / "codes.yaml"
    own.write_text(
        "\n".join(
            [
                "id: own",
                "title: {da: Egen, en: Own}",
                "sources: {own: {title: Our own list, licence: ours}}",
                "codes:",
                *(
                    f"  - {{code: {row['code']}, da: Ny, en: New, group: cash-benefit, activity: passive,"
                    " state: cash_benefit, source: own}"
                    for row in unknown
                ),
            ]
        ),
        encoding="utf-8",
    )
    done = indsats("describe", store, "--json", "--codes", own)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["codes that are not on the code list"] == []


def test_outcomes_of_the_preset_are_the_expected_rows(cases: Path, store: Path, tmp_path: Path) -> None:
    done = indsats(
        *("outcomes", store, "--preset", "employment-four-weeks", "--hours", cases / "hours.csv"),
        *("--persons", cases / "persons.csv", "--out", tmp_path / "out"),
    )
    assert done.returncode == 0, done.stderr
    table = pl.read_parquet(sorted((tmp_path / "out").glob("bucket=*.parquet")))
    assert f"{table.height:,} cases" in done.stdout
    expected = pl.read_csv(cases / "expected.csv", infer_schema_length=None)
    both = table.join(expected, on="person", suffix="_expected")
    assert both.height == table.height > 20
    assert (both["weeks:employment-52"] == both["employment-52_weeks"]).all()
    assert (both["ended:employment-52"] == both["employment-52_ended"]).all()


def test_outcomes_of_a_programme_need_the_hours_it_asks_for(store: Path, tmp_path: Path) -> None:
    done = indsats("outcomes", store, "--programme", "fremskudt-indsats", "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "monthly hours" in done.stderr
    assert "--hours" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Give --programme, --preset or --question"),
        (("--preset", "x", "--programme", "fremskudt-indsats"), "Give --programme, --preset or --question"),
        (("--preset", "x"), "employment-four-weeks"),
        (("--programme", "supported-work"), "asks anything of a register"),
        (("--programme", "fremskudt-indsats", "--evaluation", "x"), "virkning"),
    ],
)
def test_a_question_that_is_none_is_refused_with_what_to_give(
    store: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    done = indsats("outcomes", store, "--out", tmp_path / "out", *words)
    assert done.returncode == 1
    assert said in done.stderr


def test_with_a_key_no_identification_is_written(tmp_path: Path) -> None:
    key, table = tmp_path / "secret" / "key", tmp_path / "dream.csv"
    key.parent.mkdir()
    assert indsats("key", key).returncode == 0
    table.write_text("person,y_1401,y_1402\nsomebody,730,730\nanother,,651\n", encoding="utf-8")
    done = indsats("build", table, "--out", tmp_path / "store", "--key", key)
    assert done.returncode == 0, done.stderr
    assert open_store(tmp_path / "store").pseudonymous
    assert not any(b"somebody" in path.read_bytes() for path in (tmp_path / "store").rglob("*.*"))


def test_a_killed_build_goes_on_and_ends_with_the_same_bytes(tmp_path: Path) -> None:
    numbers = np.random.default_rng(5)
    weeks = {
        column_of_week(week): pl.Series(numbers.choice([730, 651, 110], 400_000).astype(np.int16))
        for week in range(60)
    }
    persons = pl.Series([f"p{number}" for number in range(400_000)])
    pl.DataFrame({"person": persons, **weeks}).write_parquet(
        tmp_path / "dream.parquet", row_group_size=50_000
    )
    words = [str(BIN), "register", "build", str(tmp_path / "dream.parquet"), "--out"]
    subprocess.run([*words, str(tmp_path / "whole")], env=ENV, check=True, capture_output=True)  # noqa: S603
    goal, building = tmp_path / "store", tmp_path / ".store.building"
    process = subprocess.Popen([*words, str(goal)], env=ENV, start_new_session=True)  # noqa: S603
    while process.poll() is None and not list(building.glob("parts/*")):
        time.sleep(0.002)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not goal.exists()
    assert building.exists()
    subprocess.run([*words, str(goal)], env=ENV, check=True, capture_output=True)  # noqa: S603
    assert _bytes(goal) == _bytes(tmp_path / "whole")
    assert not building.exists()


def test_too_many_buckets_are_refused_with_a_sentence(cases: Path, tmp_path: Path) -> None:
    done = indsats("build", cases / "dream.csv", "--out", tmp_path / "store", "--buckets", 2000)
    assert done.returncode == 1
    assert "a store has 1 to 1000 buckets, asked for 2000" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["", "there.txt"])
def test_a_full_disk_is_told_without_a_traceback_wherever_it_is_met(
    place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full() -> None:
        told = (errno.ENOSPC, os.strerror(errno.ENOSPC))
        raise OSError(*told, place) if place else OSError(*told)

    monkeypatch.setattr(cli, "app", full)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    told = " ".join(capsys.readouterr().err.split())
    assert f"{place + ': ' if place else ''}there is no room left on the disk. Make room" in told
