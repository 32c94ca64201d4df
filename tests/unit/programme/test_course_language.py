"""What a definition may not say of the course, and how it is told back."""

from __future__ import annotations

from pathlib import Path

import pytest

from indsats.language import Lang
from indsats.programme import check, explain, load
from tiny_definition import change, write

SERVICES = "services:\n  talks:"
BEGUN = "begun: {title: {da: Begyndt, en: Begun}, what: [{kind: enrolled}], source: L6}"
DEAL = "deal: {title: {da: Aftale, en: Deal}, what: [{kind: agreement, where: WHERE}], source: L6}"
OUT = "out: {title: {da: Ude, en: Out}, what: [{kind: exit}], leaves: true, source: L6}"
GONE = "gone: {title: {da: Væk, en: Gone}, what: [{kind: excluded}], leaves: true, source: L6}"


def written(folder: Path, *steps: str) -> Path:
    rows = "".join(f"  {step}\n" for step in steps).replace("WHERE", 'type == "deal"')
    change(write(folder), SERVICES, f"course:\n{rows}{SERVICES}")
    return folder


def found(folder: Path) -> list[str]:
    return [problem.what for problem in check(folder)]


def test_a_whole_course_is_accepted(tmp_path: Path) -> None:
    before = found(write(tmp_path))
    for file in tmp_path.iterdir():
        file.unlink()
    assert found(written(tmp_path, BEGUN, DEAL, OUT)) == before


def test_a_course_of_ways_out_alone_is_found(tmp_path: Path) -> None:
    assert "every step of the course leads out" in " ".join(found(written(tmp_path, GONE, OUT)))


def test_a_course_that_begins_with_a_way_out_is_found(tmp_path: Path) -> None:
    assert "the first step of the course leads out" in " ".join(found(written(tmp_path, OUT, BEGUN, DEAL)))


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ('type == "deal" and type != "deal"', "can never hold"),
        ('kind_of == "deal"', "kind_of"),
        ('type == "lease"', "never takes the value 'lease'"),
    ],
)
def test_a_step_that_cannot_be_reached_is_found(where: str, said: str, tmp_path: Path) -> None:
    folder = written(tmp_path, BEGUN, DEAL.replace("WHERE", where), OUT)
    assert said in " ".join(found(folder))


def test_a_step_of_an_event_there_is_not_is_found(tmp_path: Path) -> None:
    lost = "lost: {title: {da: Tabt, en: Lost}, what: [{event: bored}], source: L6}"
    assert "there is no event 'bored'" in found(written(tmp_path, BEGUN, lost))


def test_a_step_about_a_site_is_found(tmp_path: Path) -> None:
    lost = "lost: {title: {da: Tabt, en: Lost}, what: [{kind: site_answered}], source: L6}"
    assert "about a site" in " ".join(found(written(tmp_path, BEGUN, lost)))


@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        ("da", ["## Vejen gennem indsatsen", "1. Begyndt", "2. Aftale", "Den, der når til »Ude«, er ude"]),
        (
            "en",
            ["## The way through the effort", "1. Begun", "type is “Deal”", "Whoever comes to “Out” is out"],
        ),
    ],
)
def test_it_is_told_back(lang: Lang, sentences: list[str], tmp_path: Path) -> None:
    text = explain(load(written(tmp_path, BEGUN, DEAL, OUT)), lang)
    assert [one for one in sentences if one not in text] == []
