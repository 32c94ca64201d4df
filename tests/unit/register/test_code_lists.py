"""Code lists of a municipality beside the shipped one, and what is said about broken ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from indsats.problem import InputRefused, Problem
from indsats.register import code_list
from indsats.register.codes import code_sources

HEAD = """\
id: newer
title: {da: Nyere koder, en: Newer codes}
sources:
  own: {title: The municipality's list, licence: none, as_of: 2025-01-01}
groups:
  clarification: {da: Jobafklaringsforløb, en: Job clarification course}
"""

CODE = (
    "code: 870, da: Afklaring, en: Clarification, group: clarification, activity: passive,"
    " state: job_clarification, source: own"
)


def newer(folder: Path, *codes: str, head: str = HEAD) -> Path:
    file = folder / "newer.yaml"
    file.write_text(head + "codes:\n" + "\n".join(f"  - {{{code}}}" for code in codes), encoding="utf-8")
    return file


def refused(file: Path) -> tuple[Problem, ...]:
    with pytest.raises(InputRefused) as refusal:
        code_list(file)
    return refusal.value.problems


def test_a_newer_list_adds_its_codes_groups_and_sources(tmp_path: Path) -> None:
    file = newer(tmp_path, CODE)
    (row,) = code_list(file).filter(code=870).to_dicts()
    assert (row["group_en"], row["activity_en"], row["source"]) == (
        "Job clarification course",
        "Passive",
        "own",
    )
    assert set(code_sources(file)["source"]) == {"lokesonne-2016", "own"}
    assert 870 not in set(code_list()["code"])


def test_a_code_of_the_shipped_list_is_refused_unless_it_replaces(tmp_path: Path) -> None:
    again = CODE.replace("870", "785")
    (problem,) = refused(newer(tmp_path, again))
    assert "785 stands already in dream.yaml" in problem.what
    assert problem.line == 8
    assert "replaces: true" in problem.remedy
    codes = code_list(newer(tmp_path, again, head="replaces: true\n" + HEAD))
    assert codes.filter(code=785)["name_en"].to_list() == ["Clarification"]
    assert codes.height == code_list().height


def test_overlapping_validity_is_refused_and_touching_is_not(tmp_path: Path) -> None:
    first = f"{CODE}, valid_to: 2022-06-30"
    assert code_list(newer(tmp_path, first, f"{CODE}, valid_from: 2022-07-01")).filter(code=870).height == 2
    (problem,) = refused(newer(tmp_path, first, f"{CODE}, valid_from: 2022-06-30"))
    assert (problem.line, problem.file) == (9, "newer.yaml")
    assert "newer.yaml, line 8" in problem.what


def test_an_id_nobody_explains_is_told_with_those_there_are(tmp_path: Path) -> None:
    (problem,) = refused(newer(tmp_path, CODE.replace("job_clarification", "clarified")))
    assert "state 'clarified'" in problem.what
    assert "job_clarification" in problem.remedy


@pytest.mark.parametrize(
    ("code", "field"),
    [
        (CODE.replace("870", "8700"), "code"),
        (CODE.replace("870", "x"), "code"),
        (CODE.replace("en: Clarification, ", ""), "en"),
        (f"{CODE}, valid_from: soon", "valid_from"),
        (f"{CODE}, colour: red", "colour"),
        (f"{CODE}, flags: [new]", "flags.0"),
    ],
)
def test_what_is_wrong_with_a_code_is_told_with_its_line(tmp_path: Path, code: str, field: str) -> None:
    (problem,) = refused(newer(tmp_path, CODE.replace("870", "871"), code))
    assert (problem.field, problem.line) == (field, 9)


def test_validity_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    (problem,) = refused(newer(tmp_path, f"{CODE}, valid_from: 2020-01-01, valid_to: 2019-12-31"))
    assert "2019-12-31" in problem.what
    assert problem.line == 8


def test_every_problem_is_told_and_many_are_counted(tmp_path: Path) -> None:
    codes = [CODE.replace("870", str(number)).replace("own", "other") for number in range(800, 812)]
    found = refused(newer(tmp_path, *codes))
    assert len(found) == 12
    assert any("code 810 stands already" in problem.what for problem in found)
    assert found[-1].what.startswith("at least 2 more")  # of the twelve sources


def test_a_file_that_is_no_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("id: x\ncodes: [\n", encoding="utf-8")
    (problem,) = refused(file)
    assert problem.what == "the code list is no YAML"
    assert problem.line == 3


@pytest.mark.parametrize("code", ["0773", "773", "'0773'", "'773'"])
def test_zeros_in_front_of_a_code_change_nothing(tmp_path: Path, code: str) -> None:
    replaced = "replaces: true\n" + HEAD
    codes = code_list(newer(tmp_path, CODE.replace("870", code), head=replaced))
    assert codes.filter(name_en="Clarification")["code"].to_list() == [773]


def test_codes_of_two_digits_are_the_same_with_and_without_their_zero(tmp_path: Path) -> None:
    first = newer(tmp_path, *(CODE.replace("870", code) for code in ("073", "089")))
    assert code_list(first).filter(name_en="Clarification")["code"].to_list() == [73, 89]


@pytest.mark.parametrize("code", ["0x1F", "0b11", "0o17", "1:30"])
def test_numbers_no_register_writes_are_refused(tmp_path: Path, code: str) -> None:
    (problem,) = refused(newer(tmp_path, CODE.replace("870", f"{code} ")))
    assert (problem.field, problem.line) == ("code", 8)


def test_a_day_the_calendar_does_not_have_is_told_with_its_line(tmp_path: Path) -> None:
    (problem,) = refused(newer(tmp_path, f"{CODE}, valid_from: 2017-02-30"))
    assert (problem.field, problem.line) == ("valid_from", 8)


def test_what_stands_twice_is_refused(tmp_path: Path) -> None:
    file = newer(tmp_path, CODE)
    file.write_text(file.read_text("utf-8") + f"\ncodes:\n  - {{{CODE}}}\n  - {{{CODE}}}\n", "utf-8")
    (problem,) = refused(file)
    assert (problem.what, problem.line) == ("'codes' stands twice", 9)
    (problem,) = refused(newer(tmp_path, f"{CODE}, code: 871"))
    assert problem.what == "'code' stands twice"


def test_lists_that_name_themselves_or_each_other_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "round.yaml"
    file.write_text("codes: &a [*a]\n", encoding="utf-8")
    assert refused(file)
    names = [f"a{depth}: &a{depth} [{', '.join([f'*a{depth - 1}'] * 9)}]\n" for depth in range(1, 30)]
    file.write_text("a0: &a0 [x]\n" + "".join(names), encoding="utf-8")
    assert refused(file)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (missing,) = refused(tmp_path / "nowhere.yaml")
    assert "cannot be read" in missing.what
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"id: \xe6\n")
    assert "cannot be read" in refused(latin)[0].what


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "empty.yaml"
    file.write_text("", encoding="utf-8")
    assert refused(file)
