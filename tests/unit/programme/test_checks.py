"""Every check of sense has a definition that it catches, at the right place, and with a way out.

The cases stand in ``caught/``, one file for each module of checks.
"""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from indsats.programme import CHECKS
from indsats.programme.loader import read
from tiny_definition import change, write

Edits = list[tuple[str, str]]

# check: edits, where the finding points, words of the finding, words of the remedy, severity
CAUGHT: dict[str, tuple[Edits, str, str, str, str]] = {}
for file in sorted((Path(__file__).parent / "caught").glob("*.py")):
    CAUGHT |= runpy.run_path(str(file))["CAUGHT"]


def _cut(folder: Path, key: str) -> None:
    """Takes a whole top-level part out of the definition."""
    for file in folder.glob("*.yaml"):
        lines = file.read_text("utf-8").split("\n")
        keep, inside = [], False
        for line in lines:
            if line and not line[0].isspace():
                inside = line.startswith(f"x-{key}:")
            if not inside:
                keep.append(line)
        file.write_text("\n".join(keep), "utf-8")


def test_every_check_has_its_case() -> None:
    assert set(CAUGHT) == set(CHECKS)


@pytest.mark.parametrize("name", sorted(CAUGHT))
def test_a_check_catches(name: str, tmp_path: Path) -> None:
    edits, at, what, remedy, severity = CAUGHT[name]
    folder = write(tmp_path)
    for old, new in edits:
        change(folder, old, new)
    _cut(folder, "units")
    reading = read(folder)
    assert reading.programme is not None, "\n".join(map(str, reading.problems))
    said = [finding for finding in CHECKS[name](reading.programme) if what in finding.what]
    assert len(said) == 1, "\n".join(map(str, reading.problems))
    [problem] = [one for one in reading.problems if what in one.what]
    assert problem.line is not None
    assert problem.column is not None
    found = "\n".join(Path(problem.file).read_text("utf-8").split("\n")[problem.line - 1 :])[
        problem.column - 1 :
    ]
    assert found.startswith(at), str(problem)
    assert remedy in problem.remedy
    assert problem.severity == severity
