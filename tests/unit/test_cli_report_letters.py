"""The commands that write letters to sites and a summary to a citizen, as a person at a terminal meets them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from indsats import library, programme, record, simulate

BIN = Path(sys.executable).parent / "indsats"
PROGRAMME = "effektiv-indsats"


def report(*words: object, answer: str | None = None) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "NO_COLOR": "1", "COLUMNS": "400", "TERM": "dumb"}
    return subprocess.run(  # noqa: S603
        [str(BIN), "report", *map(str, words)],
        capture_output=True,
        text=True,
        env=env,
        input=answer,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def definition() -> programme.Programme:
    return programme.load(library.definition_path(PROGRAMME))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, definition: programme.Programme) -> Path:
    return simulate.simulate(definition, 150, 3, tmp_path_factory.mktemp("citizens") / "data")


@pytest.fixture(scope="module")
def person(data: Path, definition: programme.Programme) -> str:
    return record.read_record(data, definition).as_of().enrolments()["person"][0]


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_letters_are_written_a_folder_for_each_site_and_a_release_notes_them(
    data: Path, definition: programme.Programme, tmp_path: Path
) -> None:
    log = tmp_path / "hidden.csv"
    done = report(
        "letters", PROGRAMME, "--report", "stedbrev", "--data", data, "--out", tmp_path / "out",
        "--format", "html", "--format", "pdf", "--release", "breve-1", "--hidden-log", log,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    facts = record.read_record(data, definition).as_of()
    sites = facts.sites.filter(facts.sites["unit"].is_in(definition.effort_units))
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(sites["site"])
    for site, name in sites.select("site", "name").iter_rows():
        page = (tmp_path / "out" / site / "report.html").read_text("utf-8")
        assert name in page
        assert (tmp_path / "out" / site / "report.pdf").read_bytes().startswith(b"%PDF")
        for other in set(sites["name"]) - {name}:
            assert other not in page
    assert log.read_text("utf-8").startswith("figure,")
    assert "breve-1" in report("releases", "--data", data).stdout
    again = report("letters", PROGRAMME, "--data", data, "--out", tmp_path / "b", "--release", "breve-1")
    assert "there is already a release" in again.stderr


def test_one_site_may_be_asked_for(data: Path, definition: programme.Programme, tmp_path: Path) -> None:
    facts = record.read_record(data, definition).as_of()
    site = facts.sites.filter(facts.sites["unit"].is_in(definition.effort_units))["site"][0]
    done = report("letters", PROGRAMME, "--data", data, "--out", tmp_path, "--site", site)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [site]


def test_what_is_no_letter_or_no_site_is_refused(data: Path, tmp_path: Path) -> None:
    wrong = report("letters", PROGRAMME, "--report", "maanedens-tal", "--data", data, "--out", tmp_path / "x")
    assert wrong.returncode != 0
    assert "Ask for one of: stedbrev" in wrong.stderr
    nowhere = report("letters", PROGRAMME, "--data", data, "--out", tmp_path / "x", "--site", "atlantis")
    assert "no letter is written to atlantis" in nowhere.stderr
    inside = report("letters", PROGRAMME, "--data", data, "--out", data / "facts")
    assert "Give --out a folder of its own" in inside.stderr
    assert not (tmp_path / "x").exists()


def test_a_citizen_is_asked_for_and_never_shown(data: Path, person: str, tmp_path: Path) -> None:
    done = report("citizen", PROGRAMME, "--data", data, "--out", tmp_path / "out", answer=f"{person}\n")
    assert done.returncode == 0, done.stderr
    assert person not in done.stdout + done.stderr
    written = files(tmp_path / "out")
    assert set(written) == {"report.html"}
    page = written["report.html"].decode()
    assert "Indeholder personoplysninger" in page
    assert person not in page


def test_a_citizen_may_be_named_by_an_option_and_get_a_pdf(data: Path, person: str, tmp_path: Path) -> None:
    done = report(
        "citizen", PROGRAMME, "--report", "borgeroverblik", "--data", data, "--out", tmp_path / "out",
        "--person", person, "--format", "pdf", "--lang", "en",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert set(files(tmp_path / "out")) == {"report.pdf"}
    assert person not in done.stdout + done.stderr


@pytest.mark.parametrize("typed", ["010170-1234", "0101701234"])
def test_a_stranger_is_refused_without_telling_what_was_typed(data: Path, typed: str, tmp_path: Path) -> None:
    done = report("citizen", PROGRAMME, "--data", data, "--out", tmp_path / "out", "--person", typed)
    assert done.returncode != 0
    assert "Give the id that the fact files have" in done.stderr
    assert typed not in done.stdout + done.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_that_tells_whose_it_is_is_refused(data: Path, person: str, tmp_path: Path) -> None:
    done = report("citizen", PROGRAMME, "--data", data, "--out", tmp_path / person, "--person", person)
    assert "the name of the folder tells whose the summary is" in done.stderr
    assert person not in done.stdout + done.stderr
    assert not (tmp_path / person).exists()


def test_a_report_about_the_programme_is_no_summary(data: Path, tmp_path: Path) -> None:
    done = report(
        "citizen", PROGRAMME, "--report", "stedbrev", "--data", data, "--out", tmp_path / "x", "--person", "a"
    )
    assert "is not about one person. Ask for one of: borgeroverblik" in done.stderr
