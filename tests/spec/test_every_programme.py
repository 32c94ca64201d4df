"""Every definition checks, simulates, runs and reports from its data alone; so does one that no document knows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indsats import library, programme
from indsats.run import run_programme
from indsats.simulate import simulate

SEVENTH = Path(__file__).parents[1] / "seventh_programme"
EVERY = [*library.programmes(), str(SEVENTH)]
PERSONS = 400


def folder_of(name: str) -> Path:
    return SEVENTH if name == str(SEVENTH) else library.definition_path(name)


@pytest.fixture(scope="module", params=EVERY, ids=lambda name: Path(name).name)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path, Path]:
    definition = programme.load(folder_of(request.param))
    home = tmp_path_factory.mktemp(definition.programme)
    data = simulate(definition, PERSONS, 7, home / "data")
    run_programme(definition, data=data, out=home / "out")
    return request.param, data, home / "out"


@pytest.mark.parametrize("name", EVERY, ids=lambda name: Path(name).name)
def test_the_definition_has_no_errors_and_no_warnings(name: str) -> None:
    assert [str(problem) for problem in programme.check(folder_of(name))] == []


def test_the_report_has_every_section_in_both_languages(made: tuple[str, Path, Path]) -> None:
    name, _, out = made
    definition = programme.load(folder_of(name))
    report = next(iter(definition.reports.values()))
    pages = {
        "da": (out / "report.html").read_text("utf-8"),
        "en": (out / "report.en.html").read_text("utf-8"),
    }
    for lang, page in pages.items():
        plain = page.replace("&#39;", "'").replace("&amp;", "&")
        for section in report.sections:
            assert (section.title.da if lang == "da" else section.title.en) in plain
    assert "ynteti" in pages["da"], "simulated data say so"
    assert "ynthetic" in pages["en"], "simulated data say so"


def test_the_figures_are_there_and_made_of_counts(made: tuple[str, Path, Path]) -> None:
    _, _, out = made
    results = json.loads((out / "results.json").read_text("utf-8"))
    values = [
        figure["value"] for figure in results["figures"] if isinstance(figure.get("value"), int | float)
    ]
    assert len(values) >= 10
    assert any(value != 0 for value in values)


def test_the_truth_that_was_planted_is_told(made: tuple[str, Path, Path]) -> None:
    _, data, _ = made
    truth = json.loads((data / "truth.json").read_text("utf-8"))
    assert truth["generator"]["persons"] == PERSONS
    assert {"enrolments", "registrations"} <= set(truth)
