"""Reading the wide register from text with separators."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indsats.register import BLANK
from indsats.register.sources import open_source, text
from sourcebook import lines, read, refusal, told, wide_frame

HEAD = "person,y_1401,y_1402,y_1403"
WEEK = 1169  # 2014-W01
EXPECTED = [("a", WEEK, WEEK, 730), ("a", WEEK + 1, WEEK + 1, BLANK), ("a", WEEK + 2, WEEK + 2, 651)]


@pytest.mark.parametrize(
    "rows",
    [
        [HEAD, "a,730,,651"],
        [HEAD, "a,730.0,,651.0"],
        [HEAD, "a, 730 , ,651"],
        [HEAD, "a,730,.,651"],
        [HEAD, "a,730,.A,651"],
        [HEAD, "a,0730,,651"],
        ["\ufeff" + HEAD, "a,730,,651"],
        [HEAD.replace(",", ";"), "a;730;;651"],
        [HEAD.replace(",", "\t"), "a\t730\t\t651"],
        ['"person","y_1401","y_1402","y_1403"', '"a","730","","651"'],
        [HEAD, "a,730,,651", "", ""],
        [HEAD, "a,730,,651\r", "\r"],
        [HEAD, ",,,", "a,730,,651"],
        ["y_1403,y_1401,person,y_1402", "651,730,a,"],
        ["name," + HEAD, '"Hansen, Ib",a,730,,651'],
    ],
)
def test_every_way_of_writing_the_rows_says_the_same(tmp_path: Path, rows: list[str]) -> None:
    assert read(lines(tmp_path / "r.csv", *rows)) == EXPECTED


def test_columns_out_of_order_are_a_counted_repair(tmp_path: Path) -> None:
    source = open_source(lines(tmp_path / "r.csv", "person,y_0001,y_9951,y_9952", "a,3,1,2"))
    assert [(repair.what, repair.count) for repair in source.repairs] == [
        ("week columns put in the order of time", 3)
    ]
    assert [code for *_, code in told(source)] == [1, 2, 3]


def test_lost_zeros_week_53_and_the_turn_of_the_century(tmp_path: Path) -> None:
    assert open_source(lines(tmp_path / "a.csv", "person,y_652,y_701", "a,1,2")).first_week == 803
    source = open_source(lines(tmp_path / "b.csv", "person,y_1552,y_1553,y_1601", "a,1,2,3"))
    assert source.last_week - source.first_week == 2
    source = open_source(lines(tmp_path / "c.csv", "person,y_9852,y_9853,y_9901", "a,1,2,3"))
    assert source.last_week - source.first_week == 2
    source = open_source(lines(tmp_path / "d.csv", "person,y_9952,y_0001", "a,1,2"))
    assert source.last_week - source.first_week == 1


def test_text_in_latin_1_is_read_and_said(tmp_path: Path) -> None:
    path = lines(tmp_path / "r.csv", "person,navn,y_1401", "å,Søren,730", encoding="latin-1")
    source = open_source(path)
    assert told(source) == [("å", WEEK, WEEK, 730)]
    assert [repair.what for repair in source.repairs] == ["text in Latin-1 read as such"]
    assert source.left_out == ("navn",)
    assert read(lines(tmp_path / "u.csv", "person,navn,y_1401", "å,Søren,730")) == told(source)


def test_the_registers_own_names_of_the_person(tmp_path: Path) -> None:
    for name in ("PNR", "lobenr", "recnr", "Person"):
        assert read(lines(tmp_path / "r.csv", f"{name},y_1401", "a,730")) == [("a", WEEK, WEEK, 730)]
    said = refusal(lines(tmp_path / "r.csv", "pnr,lobenr,y_1401", "a,b,730"))
    assert "'pnr' and 'lobenr' could both be the person" in said
    path = lines(tmp_path / "r.csv", "pnr,lobenr,y_1401", "a,b,730")
    assert read(path, person="lobenr") == [("b", WEEK, WEEK, 730)]


@pytest.mark.parametrize(("rows", "size"), [(5, 10**9), (10**6, 100), (3, 60)])
def test_parts_join_without_a_seam(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, size: int
) -> None:
    numbers = np.random.default_rng(3)
    matrix = numbers.choice([BLANK, 730, 651], size=(23, 6)).astype(np.int16)
    path = tmp_path / "r.csv"
    wide_frame([f"p{number}" for number in range(23)], matrix, WEEK).write_csv(path)
    whole = read(path)
    monkeypatch.setattr(text, "PART_ROWS", rows)
    monkeypatch.setattr(text, "PART_BYTES", size)
    calls: list[tuple[int, int, str]] = []
    source = open_source(path, progress=lambda *call: calls.append(call))
    parts = source.parts()
    assert len(parts) >= 4
    assert calls[-1][:2] == (path.stat().st_size, path.stat().st_size)
    assert told(source) == whole
    found = [source.read(part) for part in parts]
    assert np.concatenate([part.row for part in found]).tolist() == list(range(2, 25))


def test_a_part_has_no_more_rows_than_allowed_though_lines_become_shorter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "PART_ROWS", 4)
    long = ["x" * 200_000 + f"{number},730" for number in range(5)]
    path = lines(tmp_path / "r.csv", "person,y_1401", *long, *(f"{number},730" for number in range(40)))
    source = open_source(path)
    found = [source.read(part) for part in source.parts()]
    assert max(len(part.person) for part in found) <= 4
    assert np.concatenate([part.row for part in found]).tolist() == list(range(2, 47))


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("y_1401,y_1402", "no column 'person'"),
        ("person,kon", "no week column"),
        ("person,y_1401,y_1401", "the column stands twice"),
        ("person,y_701,y_0701", "'y_701' and 'y_0701' are the same week"),
        ("person,y_1401,y_1403", "y_1402 is missing before the column"),
        ("person,y_1453", "2014 has the weeks 1 to 52"),
        ("person,y_1401,y_1402x", "'y_1402x' is not the name"),
    ],
)
def test_wrong_headings_are_refused(tmp_path: Path, heading: str, said: str) -> None:
    row = ",".join(["a"] * (heading.count(",") + 1))
    assert said in refusal(lines(tmp_path / "r.csv", heading, row))


def test_files_without_content_are_refused(tmp_path: Path) -> None:
    assert "no persons" in refusal(lines(tmp_path / "r.csv", HEAD))
    assert "no persons" in refusal(lines(tmp_path / "r.csv", HEAD, "", ""))
    (tmp_path / "r.csv").write_bytes(b"")
    assert "the file is empty" in refusal(tmp_path / "r.csv")
    assert "there is no such file" in refusal(tmp_path / "other.csv")
    (tmp_path / "r.csv").write_bytes(HEAD.encode() + "\na,730,,\n".encode("utf-16"))
    assert "not text" in refusal(tmp_path / "r.csv")


@pytest.mark.parametrize("rows", [["a,730,730,730", "b,730"], ["b,1,2", "c,1,2,3,4"], ["b,1,2,3,4", "c,1,2"]])
def test_a_row_with_another_number_of_fields_is_refused(tmp_path: Path, rows: list[str]) -> None:
    said = refusal(lines(tmp_path / "r.csv", HEAD, "a,730,730,730", *rows))
    for row, line in enumerate(rows, start=3):
        found = line.count(",") + 1
        assert (f"row {row}: error: the row has {found} fields and the heading has 4" in said) == (found != 4)


@pytest.mark.parametrize("end", ["73", "", "730,7", "730,"])
def test_a_last_line_cut_off_is_never_read_as_blank_weeks(tmp_path: Path, end: str) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(f"{HEAD}\na,730,730,730\nb,730,{end}".encode())
    assert "row 3" in refusal(path)


def test_a_last_line_without_its_end_is_taken_if_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    for end in ("651", "651.0", '"651"'):
        path.write_bytes(f"{HEAD}\na,730,,{end}".encode())
        assert read(path) == EXPECTED


def test_values_that_are_no_codes_are_told_by_row_and_column(tmp_path: Path) -> None:
    said = refusal(lines(tmp_path / "r.csv", HEAD, "a,730,730,730", "", "b,730,x,1000"))
    assert "r.csv, row 4, column 'y_1402': error: this is no register code (found: 1 character)" in said
    assert "r.csv, row 4, column 'y_1403': error: this is no register code (found: 1000)" in said


def test_persons_missing_or_there_twice_are_refused_without_showing_them(tmp_path: Path) -> None:
    said = refusal(lines(tmp_path / "r.csv", HEAD, "0101801234,730,,", "b,,,", "0101801234,651,,", ",730,,"))
    assert "row 5: error: the row has no person" in said
    said += refusal(lines(tmp_path / "r.csv", HEAD, "0101801234,730,,", "b,,,", "0101801234,651,,"))
    assert "row 4, column 'person': error: the person stands already in row 2" in said
    assert "0101801234" not in said


@pytest.mark.parametrize("row", ['a,"730,730,730', 'a,730,730,"730'])
def test_a_quotation_mark_left_open_is_refused_on_its_line(tmp_path: Path, row: str) -> None:
    said = refusal(lines(tmp_path / "r.csv", HEAD, "x,1,2,3", row, "c,1,2,3"))
    assert "row 3: error: a quotation mark is opened and not closed" in said


def test_a_file_that_shrinks_between_opening_and_reading_is_refused(tmp_path: Path) -> None:
    path = lines(tmp_path / "r.csv", HEAD, "a,730,730,730", "b,730,730,730")
    source = open_source(path)
    lines(path, HEAD, "a,730,730,730")
    assert "shorter" in source.read(source.parts()[0]).problems[0].what


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"person,y_1401\ra,730\rb,730\r", "lines end in carriage returns alone"),
        (b"per\rson,y_1401\na,730\n", "lines end in carriage returns alone"),
        (b"x" * 140_000 + b",person,y_1401\na,b,730\n", "the first line cannot be read as a heading"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"\xef\xbb\xbf\nperson,y_1401\na,730\n", "the file is empty, or its first line is"),
    ],
)
def test_headings_that_are_none_are_refused(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "r.csv").write_bytes(content)
    assert said in refusal(tmp_path / "r.csv")


@pytest.mark.parametrize("name", ["y_kommune", "2014", "730", "9999", "y_"])
def test_columns_that_look_a_little_like_weeks_are_left_out_and_named(tmp_path: Path, name: str) -> None:
    source = open_source(lines(tmp_path / "r.csv", f"{HEAD},{name}", "a,730,,651,1"))
    assert source.left_out == (name,)
    assert told(source) == EXPECTED


@pytest.mark.parametrize("name", ["1404", "1352", "y1404", "uge_1404", "y_14041"])
def test_a_week_with_a_wrong_name_is_not_left_out(tmp_path: Path, name: str) -> None:
    path = lines(tmp_path / "r.csv", f"{HEAD},{name}", "a,730,,651,1")
    assert f"'{name}' is not the name of a week column" in refusal(path)


def test_persons_of_nine_digits_beside_some_of_ten_are_refused(tmp_path: Path) -> None:
    said = refusal(lines(tmp_path / "r.csv", HEAD, "101801234,730,,", "3112801234,730,,"))
    assert "a leading zero was lost" in said
    assert "1801234" not in said


def test_values_that_may_tell_of_somebody_are_not_shown(tmp_path: Path) -> None:
    said = refusal(lines(tmp_path / "r.csv", HEAD, "a,Krogh,010190,Å"))
    assert not any(value in said for value in ("Krogh", "010190", "Å"))
