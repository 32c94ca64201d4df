"""The commands of measurement, as a person at a terminal meets them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import simulated
from indsats import measure, record, steer

BIN = Path(sys.executable).parent / "indsats"


def measured(*words: object) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "NO_COLOR": "1", "COLUMNS": "400", "TERM": "dumb"}
    return subprocess.run(  # noqa: S603
        [str(BIN), "measure", *map(str, words)],
        capture_output=True,
        text=True,
        env=env,
        timeout=300,
        check=False,
    )


def facts() -> record.Facts:
    return record.read_record(simulated.folder(), simulated.definition()).as_of()


def test_due_tells_each_site_and_writes_the_open_rounds(tmp_path: Path) -> None:
    into = tmp_path / "due.csv"
    day = facts().last_day
    said = measured("due", simulated.PROGRAMME, "--data", simulated.folder(), "--on", day, "--out", into)
    assert said.returncode == 0, said.stderr
    rows = steer.measurements_due(facts(), day)
    open_now = rows.filter(pl.col("status").is_in(steer.OPEN))
    assert open_now.height > 0
    assert pl.read_csv(into, infer_schema_length=None).height == open_now.height
    for site in rows["site"].drop_nulls().unique():
        assert site in said.stdout
    late = rows.filter(questionnaire="udviklingsmaal", status="late").group_by("site").len()
    for site, number in late.iter_rows():
        line = next(
            line for line in said.stdout.splitlines() if "udviklingsmaal" in line and f" {site} " in line
        )
        assert f" {number:,} " in line


def test_due_of_one_site_and_questionnaire(tmp_path: Path) -> None:
    site = facts().sites["site"][0]
    into = tmp_path / "due.parquet"
    asked = ("--questionnaire", "udviklingsmaal", "--site", site, "--out", into)
    said = measured("due", simulated.PROGRAMME, "--data", simulated.folder(), *asked)
    assert said.returncode == 0, said.stderr
    assert set(pl.read_parquet(into)["site"]) <= {site}


def test_scores_are_those_of_the_room(tmp_path: Path) -> None:
    into = tmp_path / "scores.parquet"
    said = measured("scores", simulated.PROGRAMME, "--data", simulated.folder(), "--out", into)
    assert said.returncode == 0, said.stderr
    assert pl.read_parquet(into).equals(measure.score_table(facts()))
    assert [path.name for path in tmp_path.iterdir()] == ["scores.parquet"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("due", "--questionnaire", "udviklingsmal"), "Did you mean 'udviklingsmaal'?"),
        (("due", "--site", "nowhere"), "there is no site 'nowhere'"),
        (("due", "--on", "soon"), "'soon' is not a day"),
        (("scores", "--out", "scores.doc"), "Let its name end with one of"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(words: tuple[str, ...], says: str) -> None:
    command, *rest = words
    said = measured(command, simulated.PROGRAMME, "--data", simulated.folder(), *rest)
    assert said.returncode == 1
    assert says in said.stderr
    assert "Traceback" not in said.stderr
