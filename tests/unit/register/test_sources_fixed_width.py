"""Reading the wide register from text of fixed width."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indsats.register import BLANK
from indsats.register.sources import Layout, fixed_width, open_source
from sourcebook import lines, read, refusal, told

WEEK = 1169  # 2014-W01
LAYOUT = {"person_width": 2, "first_week": "y_1401"}
EXPECTED = [("a", WEEK, WEEK, 730), ("a", WEEK + 1, WEEK + 1, BLANK), ("a", WEEK + 2, WEEK + 2, 33)]


@pytest.mark.parametrize(
    "row", ["a 730   033", "a 730   33 ", " a730   .33".replace(".33", " 33"), "a 730 . 033"]
)
def test_three_characters_a_week(tmp_path: Path, row: str) -> None:
    assert read(lines(tmp_path / "r.txt", row), layout=LAYOUT) == EXPECTED


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("ended", [True, False])
def test_line_ends_of_either_sort_and_none_at_the_end(tmp_path: Path, end: str, ended: bool) -> None:
    path = tmp_path / "r.dat"
    path.write_bytes(("a 730   033" + end + "b    " + "   730" + end * ended).encode())
    runs = read(path, layout=LAYOUT)
    assert runs[:3] == EXPECTED
    assert runs[3:] == [("b", WEEK, WEEK + 1, BLANK), ("b", WEEK + 2, WEEK + 2, 730)]


@pytest.mark.parametrize(
    ("layout", "row"),
    [
        ({"person_start": 3, "person_width": 1, "weeks_start": 4}, "xxa730   033"),
        ({"person_start": 10, "person_width": 1, "weeks_start": 1, "weeks": 3}, "730   033a"),
        ({"person_width": 1, "week_width": 4}, "a 730      33"),
        ({"person_width": 1, "week_width": 5}, "a730.0    .33.0 ".replace("    .", "     ")),
        ({"person_width": 1, "weeks_start": 2, "weeks": 3}, "a730   033 rest"),
    ],
)
def test_layouts(tmp_path: Path, layout: dict[str, Any], row: str) -> None:
    assert read(lines(tmp_path / "r.txt", row), layout={"first_week": "y_1401", **layout}) == EXPECTED


def test_what_the_layout_does_not_tell_of_is_left_out_and_named(tmp_path: Path) -> None:
    layout = {**LAYOUT, "person_start": 3, "person_width": 1, "weeks_start": 5, "weeks": 1}
    source = open_source(lines(tmp_path / "r.txt", "xxa-730tail"), layout=layout)
    assert source.left_out == ("characters 1-2", "characters 4-4", "characters 8-11")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("r.txt.yaml", "person_width: 2\nfirst_week: y_1401\n"),
        ("r.yml", "person_width: 2\nfirst_week: y_1401\n"),
        ("r.json", json.dumps(LAYOUT)),
    ],
)
def test_a_layout_beside_the_file_is_found(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    path = lines(tmp_path / "r.txt", "a 730   033")
    assert read(path) == EXPECTED
    assert read(path, layout=tmp_path / name) == EXPECTED
    assert read(path, layout=Layout.model_validate(LAYOUT)) == EXPECTED


@pytest.mark.parametrize(
    ("layout", "said"),
    [
        ({"person_width": 2}, "column 'first_week': error: the layout is wrong"),
        ({**LAYOUT, "persons": 3}, "column 'persons': error: the layout is wrong"),
        ({**LAYOUT, "person_width": 0}, "column 'person_width'"),
        ({**LAYOUT, "first_week": "1401"}, "'1401' is not the name of a week column"),
        ({**LAYOUT, "first_week": "y_1453"}, "2014 has the weeks 1 to 52"),
        ({**LAYOUT, "first_week": "y_8951"}, "beyond what a column name can tell"),
        ({**LAYOUT, "weeks": 4}, "the layout needs 14 characters and the line has 11"),
        ({**LAYOUT, "person_width": 12}, "the layout needs"),
        ({**LAYOUT, "person_width": 3}, "2 characters remain behind 2 weeks"),
        ({**LAYOUT, "weeks_start": 2, "weeks": 3}, "persons and weeks overlap"),
    ],
)
def test_layouts_that_do_not_fit_are_refused(tmp_path: Path, layout: dict[str, Any], said: str) -> None:
    assert said in refusal(lines(tmp_path / "r.txt", "a 730   033"), layout=layout)


def test_no_layout_and_one_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    path = lines(tmp_path / "r.txt", "a 730   033")
    assert "needs to be told where persons and weeks stand" in refusal(path)
    (tmp_path / "r.json").write_text("{")
    assert "the layout cannot be read" in refusal(path)
    (tmp_path / "r.json").write_text("[]")
    assert "the layout is wrong" in refusal(path)


def test_a_line_of_another_length_is_told_by_its_row(tmp_path: Path) -> None:
    rows = ["a 730730730", "b 730730730", "c 730730"]
    said = refusal(lines(tmp_path / "r.txt", *rows), layout=LAYOUT)
    assert "row 3: error: the line has 8 characters and the first has 11" in said
    (tmp_path / "r.txt").write_bytes(b"")
    assert "the file is empty" in refusal(tmp_path / "r.txt", layout=LAYOUT)


def test_lines_whose_lengths_make_up_for_each_other_are_told_by_the_first(tmp_path: Path) -> None:
    rows = ["a 730730730", "b 730730", "c 730730730730", "d 730730730"]
    said = refusal(lines(tmp_path / "r.txt", *rows), layout=LAYOUT)
    assert "row 2: error: the line is not 11 characters long" in said
    path = tmp_path / "r.txt"
    path.write_bytes(b"a 730730730\r\nb 730730730 \nc 730730730\r\n")
    assert "row 2: error" in refusal(path, layout=LAYOUT)


@pytest.mark.parametrize("cell", ["7x0", "7.5", "..1", "7 0", "-73", "\u00e67", "pp0"])
def test_what_is_no_code_is_told_by_row_and_week(tmp_path: Path, cell: str) -> None:
    path = lines(tmp_path / "r.txt", "a 730730730", f"b 730{cell}730", encoding="latin-1")
    if len(cell.encode("latin-1")) != 3:
        assert "row 2" in refusal(path, layout=LAYOUT)
        return
    assert "r.txt, row 2, column 'y_1402': error: this is no register code" in refusal(path, layout=LAYOUT)


def test_persons_missing_or_there_twice_are_refused(tmp_path: Path) -> None:
    rows = ["a 730730730", "  730730730", "           ", "b 730730730"]
    said = refusal(lines(tmp_path / "r.txt", *rows), layout=LAYOUT)
    assert said.count("error") == 1
    assert "row 2: error: the row has no person" in said
    said = refusal(lines(tmp_path / "r.txt", "b 730730730", "           ", "b 111111111"), layout=LAYOUT)
    assert "row 3, column 'person': error: the person stands already in row 1" in said


def test_parts_join_without_a_seam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = np.random.default_rng(5)
    rows = [
        f"{number:02d}" + "".join(numbers.choice(["730", "   ", "651"], size=9))
        for number in range(fixed_width.BLOCK)
    ][:90]
    path = lines(tmp_path / "r.txt", *rows)
    whole = read(path, layout=LAYOUT)
    monkeypatch.setattr(fixed_width, "PART_ROWS", 20)
    monkeypatch.setattr(fixed_width, "BLOCK", 7)
    source = open_source(path, layout=LAYOUT)
    assert [part.count for part in source.parts()] == [20, 20, 20, 20, 10]
    assert told(source) == whole
    assert source.read(source.parts()[2]).row.tolist() == list(range(41, 61))


def test_text_with_separators_is_not_taken_for_fixed_width(tmp_path: Path) -> None:
    assert read(lines(tmp_path / "r.txt", "person\ty_1401", "a\t730")) == [("a", WEEK, WEEK, 730)]


def test_a_mark_before_the_text_is_no_part_of_it(tmp_path: Path) -> None:
    path = tmp_path / "r.txt"
    path.write_bytes(b"\xef\xbb\xbfa 730   033\nb 730   033\n")
    source = open_source(path, layout=LAYOUT)
    assert told(source)[:3] == EXPECTED
    assert source.read(source.parts()[0]).person.to_list() == ["a", "b"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("more", ["\n", "\r\n", "\n\n\n", "\n" * 5000])
def test_empty_lines_at_the_end_are_none(tmp_path: Path, end: str, more: str) -> None:
    path = tmp_path / "r.txt"
    path.write_bytes(f"a 730   033{end}b 730   033{end}{more}".encode())
    runs = read(path, layout=LAYOUT)
    assert runs[:3] == EXPECTED
    assert len(runs) == 6


def test_what_makes_a_line_longer_is_said(tmp_path: Path) -> None:
    path = tmp_path / "r.txt"
    path.write_bytes("a 730   033\næ 730   033\n".encode())
    assert "row 2: error: the file has letters outside ASCII in UTF-8" in refusal(path, layout=LAYOUT)
    path.write_bytes("æ 730   033\na 730   033\n".encode())
    layout = {**LAYOUT, "person_width": 3}
    assert "row 2: error: the file has letters outside ASCII in UTF-8" in refusal(path, layout=layout)
    path.write_bytes(b"a 730   033\r\nb 730   033\nc 730   033\r\n")
    assert "row 2: error: the line does not end as the first one does" in refusal(path, layout=LAYOUT)


def test_a_layout_that_is_not_utf_8_or_not_there_is_refused(tmp_path: Path) -> None:
    path = lines(tmp_path / "r.txt", "a 730   033")
    (tmp_path / "l.yaml").write_bytes(b"person_width: 2 # p\xe5\n")
    assert "the layout cannot be read" in refusal(path, layout=tmp_path / "l.yaml")
    assert "the layout cannot be read" in refusal(path, layout=tmp_path / "none.yaml")
