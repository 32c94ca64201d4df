"""A report can be made again to the byte from what it says it was made from, and what moved is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

import simulated
from indsats import record, run
from indsats.problem import InputRefused
from indsats.programme import Programme
from indsats.report import read_releases

REPORT = "udvalgssag"


def of_version(_number: int) -> Programme:
    return simulated.definition()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the simulated municipality that a test may add to."""
    return Path(shutil.copytree(simulated.folder(), tmp_path / "data"))


def verified(out: Path, data: Path) -> run.Verified:
    return run.verify(out, of_version, data=data)


def written(data: Path, out: Path, **more: object) -> run.Ran:
    return run.run_programme(simulated.definition(), data=data, out=out, report=REPORT, **more)  # type: ignore[arg-type]


def test_a_report_is_made_again_to_the_byte(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    written(data, out)
    found = verified(out, data)
    assert found.holds
    assert found.changed == ()
    assert {"report.html", "report.en.html", "results.json", "text.da.md"} <= {*found.same}


def test_it_says_what_it_was_made_from(data: Path, tmp_path: Path) -> None:
    written(data, tmp_path / "out")
    told = json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))
    assert told["report"] == REPORT
    assert told["code"]
    assert len(told["definition"]) == 64
    assert {"facts", "persons", "sites", "register"} <= told["inputs"].keys()
    assert told["recorded_until"]
    assert told["how"]["formats"] == ["html"]


def test_facts_recorded_since_change_nothing(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    written(data, out)
    later(data)
    found = verified(out, data)
    assert found.holds
    assert found.changed == ()


def later(data: Path) -> None:
    """A meeting recorded today, about a day long ago, in place of another."""
    definition = simulated.definition()
    before = record.read_record(data, definition)
    meetings = before.facts["meeting"]
    row = meetings.filter(meetings["replaced_at"].is_null()).head(1)
    now = datetime.now(UTC)
    added = row.with_columns(id=pl.lit("later"), version=pl.lit(1, pl.Int64), recorded_at=pl.lit(now))
    closed = meetings.with_columns(
        replaced_at=pl.when(pl.col("id") == row["id"].item())
        .then(pl.lit(now))
        .otherwise(pl.col("replaced_at"))
        .cast(meetings.schema["replaced_at"])
    )
    both = pl.concat([closed, added.cast(dict(closed.schema))])  # type: ignore[arg-type]
    record.write_record(replace(before, facts={**before.facts, "meeting": both}), data, "parquet")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("report.html", lambda text: text.replace("</h1>", "!</h1>", 1)),
        ("results.json", lambda text: text.replace('"value": 0.', '"value": 0.9', 1)),
    ],
)
def test_a_file_that_was_changed_by_hand_is_found(
    data: Path, tmp_path: Path, name: str, change: Callable[[str], str]
) -> None:
    out = tmp_path / "out"
    written(data, out)
    file = out / name
    file.write_text(change(file.read_text("utf-8")), "utf-8")
    found = verified(out, data)
    assert found.differ == (name,)
    assert not found.holds


def test_a_file_that_is_gone_is_named(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    written(data, out)
    (out / "report.en.html").unlink()
    assert verified(out, data).missing == ("report.en.html",)


def test_an_input_that_is_not_as_it_was_is_named(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    written(data, out)
    before = record.read_record(data, simulated.definition())
    more = before.sites.with_columns(residents=pl.col("residents") + 1000)
    record.write_record(replace(before, sites=more), data, "parquet")
    assert verified(out, data).changed == ("sites",)


def test_a_writers_words_are_part_of_what_is_made_again(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    written(data, out)
    text = (out / "text.da.md").read_text("utf-8")
    assert "\nsagsnummer: # Sagsnummer\n" in text
    (out / "text.da.md").write_text(text.replace("\nsagsnummer:", "\nsagsnummer: 2016-0391364"), "utf-8")
    written(data, out)
    assert "2016-0391364" in (out / "report.html").read_text("utf-8")
    assert verified(out, data).holds


def test_a_release_is_noted_and_the_report_is_made_again_without_those_that_came_after(
    data: Path, tmp_path: Path
) -> None:
    written(data, tmp_path / "first", release="biu-august")
    [left] = read_releases(data / run.RELEASES)
    assert left.name == "biu-august"
    written(data, tmp_path / "second", release="biu-november")
    assert json.loads((tmp_path / "second" / "results.json").read_text("utf-8"))["how"]["releases"] == [
        "biu-august"
    ]
    assert verified(tmp_path / "first", data).holds
    assert verified(tmp_path / "second", data).holds


@pytest.mark.parametrize("name", ["biu-august", "BIU August", ""])
def test_a_name_that_is_taken_or_no_name_is_refused_and_nothing_is_written(
    data: Path, tmp_path: Path, name: str
) -> None:
    written(data, tmp_path / "first", release="biu-august")
    with pytest.raises(InputRefused):
        written(data, tmp_path / "second", release=name)
    assert not (tmp_path / "second").exists()


def test_a_release_that_is_lost_is_named(data: Path, tmp_path: Path) -> None:
    written(data, tmp_path / "first", release="biu-august")
    written(data, tmp_path / "second")
    shutil.rmtree(data / run.RELEASES)
    with pytest.raises(InputRefused, match="biu-august"):
        verified(tmp_path / "second", data)


def test_a_folder_without_a_report_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused):
        run.verify(tmp_path, of_version, data=None)
