"""The commands about definitions: check with an explanation, and the differences between two versions."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from indsats import programme
from indsats.cli import app
from indsats.problem import InputRefused
from indsats.programme import loader
from tiny_definition import change, write


def _run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=True)


def test_check_explains_in_either_language(tmp_path: Path) -> None:
    folder = write(tmp_path)
    danish, english = _run("check", folder, "--explain"), _run("check", folder, "--explain", "--lang", "en")
    assert (danish.exit_code, english.exit_code) == (0, 0)
    assert danish.stdout.strip() == programme.explain(programme.load(folder)).strip()
    assert english.stdout.startswith("# Tiny\n")


def test_a_definition_with_errors_is_not_explained(tmp_path: Path) -> None:
    change(write(tmp_path), "time_to: work", "time_to: wrok")
    result = _run("check", tmp_path, "--explain")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "wrok" in result.stderr


def test_checking_reads_a_definition_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []
    original = loader.read_yaml

    def counted(path: Path, shown_as: str):
        read.append(path)
        return original(path, shown_as)

    monkeypatch.setattr(loader, "read_yaml", counted)
    result = _run("check", write(tmp_path))
    assert "no errors, 0 warnings" in result.stdout
    assert len(read) == len(set(read)) > 0


def test_check_counts_one_warning_as_one(tmp_path: Path) -> None:
    change(write(tmp_path), "every: gap", "every: P3M")
    assert "no errors, 1 warning." in _run("check", tmp_path).stdout


def test_diff_of_two_folders_is_grouped_by_part(tmp_path: Path) -> None:
    old, new = write(tmp_path / "old"), write(tmp_path / "new")
    change(new, "value: 0.2", "value: 0.25")
    change(new, "every: P6M", "every: P3M")
    change(new, "every: P21D", "every: P14D")
    result = _run("diff", old, new)
    assert result.exit_code == 0
    assert result.stdout.split("\n") == [
        "",
        "Det, der gentages",
        "  »Spørg« › interval: ændret fra 6 måneder til 3 måneder",
        "  »Søg« › interval: ændret fra 3 uger til 2 uger",
        "",
        "Måltal",
        "  »Udeblivelser« i »Opsøgende« › værdi: ændret fra 0,2 til 0,25",
        "",
    ]
    assert "changed from 3 weeks to 2 weeks" in _run("diff", old, new, "--lang", "en").stdout


def test_diff_of_two_versions_of_one_folder(tmp_path: Path) -> None:
    write(tmp_path / "v1")
    change(write(tmp_path / "v2"), "version: 1\n", "version: 2\n")
    result = _run("diff", f"{tmp_path}@1", f"{tmp_path}@2")
    assert result.stdout.split("\n") == ["", "Version", "  ændret fra 1 til 2", ""]
    assert _run("diff", f"{tmp_path}@1", tmp_path).stdout == result.stdout


def test_no_differences_are_said_so(tmp_path: Path) -> None:
    folder = write(tmp_path)
    assert _run("diff", folder, folder).stdout == "ingen forskelle\n"
    english = _run("diff", folder, folder, "--lang", "en")
    assert (english.stdout, english.exit_code) == ("no differences\n", 0)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("{folder}@two", "not the number of a version"),
        ("{folder}@7", "no version 7"),
        ("nowhere", "no programme"),
    ],
)
def test_a_version_that_does_not_exist(name: str, what: str, tmp_path: Path) -> None:
    folder = write(tmp_path)
    result = _run("diff", name.format(folder=folder), folder)
    assert isinstance(result.exception, InputRefused)
    assert what in str(result.exception)
