"""Reading the long layout and spells made elsewhere."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import polars as pl
import pytest

from indsats.register import BLANK
from indsats.register.sources import open_source, tables, text
from sourcebook import lines, read, refusal

WEEK = 1169  # 2014-W01, which begins on Monday 30 December 2013
SPELL = "person,from,to,code"


def repairs(path: Path, **layout: int | str) -> list[tuple[str, int]]:
    source = open_source(path, **layout)
    found = [source.read(part) for part in source.parts()]
    return [(repair.what, repair.count) for part in found for repair in part.repairs]


@pytest.mark.parametrize(
    "weeks",
    [
        ["y_1401", "y_1402", "y_1404"],
        ["1401", "1402", "1404"],
        ["2014-W01", "2014-W02", "2014-w04"],
        ["2013-12-30", "2014-01-12", "2014-01-22"],
        ["30-12-2013", "12.01.2014", "22-1-2014"],
        ["2013-12-30 00:00:00", "2014-01-12T00:00:00.000", "2014-01-22"],
        [" y_1401", "2014-W02 ", "1404.0"],
    ],
)
def test_weeks_in_every_notation(tmp_path: Path, weeks: list[str]) -> None:
    first, second, fourth = weeks
    path = lines(
        tmp_path / "r.csv",
        "person,week,code",
        f"a,{first},730",
        f"b,{second},",
        f"a,{fourth},730",
        f"a,{second},730",
    )
    assert read(path) == [
        ("a", WEEK, WEEK + 1, 730),
        ("a", WEEK + 3, WEEK + 3, 730),
        ("b", WEEK + 1, WEEK + 1, BLANK),
    ]
    source = open_source(path)
    assert (source.first_week, source.last_week, source.whole) == (WEEK, WEEK + 3, False)


def test_week_53_the_turn_of_the_century_and_lost_zeros(tmp_path: Path) -> None:
    weeks = ["9852", "9853", "9901", "9952", "1", "2"]
    path = lines(tmp_path / "r.csv", "PNR,WEEK,CODE", *(f"a,{week},730" for week in weeks))
    assert read(path) == [("a", 385, 387, 730), ("a", 438, 440, 730)]
    assert read(lines(tmp_path / "s.csv", "person,week,code", "a,701,730"))[0][1] == 804


def test_parquet_with_dates_numbers_and_texts(tmp_path: Path) -> None:
    for weeks in (
        [date(2014, 1, 1), date(2014, 1, 6)],
        [datetime(2014, 1, 1), datetime(2014, 1, 6, 12)],  # noqa: DTZ001
        [1401, 1402],
        [1401.0, 1402.0],
        ["y_1401", "2014-W02"],
    ):
        frame = pl.DataFrame({"person": ["a", "a"], "kon": [1, 1], "week": weeks, "code": [730, 730]})
        frame.write_parquet(tmp_path / "r.parquet")
        assert read(tmp_path / "r.parquet") == [("a", WEEK, WEEK + 1, 730)]
        assert open_source(tmp_path / "r.parquet").left_out == ("kon",)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("b,1453,730", "row 3, column 'week': error: 'y_1453' means week 53 of 2014"),
        (
            "b,2014-W53,730",
            "row 3, column 'week': error: this is no week of a register (found: 8 characters)",
        ),
        ("b,2014-02-30,730", "row 3, column 'week': error: this is no week"),
        ("b,1990-01-01,730", "row 3, column 'week': error: this lies before 1991-W32"),
        ("b,2914-01-01,730", "row 3, column 'week': error: this is no week of a register"),
        ("b,9130,730", "before the register begins"),
        ("b,soon,730", "this is no week of a register (found: 4 characters)"),
        ("b,,730", "row 3, column 'week': error: there is no week or date"),
        (",1402,730", "row 3: error: the row has no person"),
        ("b,1402,x", "row 3, column 'code': error: this is no register code (found: 1 character)"),
        ("a,1401,651", "row 3: error: another code for the same week stands in row 2"),
        ("b,1402", "row 3: error: the row has 2 fields"),
    ],
)
def test_wrong_rows_are_refused(tmp_path: Path, row: str, said: str) -> None:
    found = refusal(lines(tmp_path / "r.csv", "person,week,code", "a,1401,730", row))
    assert said in found
    assert found.count("error") == 1


def test_rows_that_say_the_same_are_a_counted_repair(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "r.csv", "person,week,code", "a,1401,730", "a,y_1401,730", "a,1402,730", "a,1401,730"
    )
    assert read(path) == [("a", WEEK, WEEK + 1, 730)]
    assert repairs(path) == [("rows that repeat another one left out", 2)]


def test_weeks_asked_for_bound_what_is_read_and_what_is_cut_is_counted(tmp_path: Path) -> None:
    path = lines(tmp_path / "r.csv", SPELL, "a,1401,1410,730", "b,1401,1402,651", "c,1405,1406,111")
    window = {"first_week": WEEK + 2, "last_week": WEEK + 8}
    assert read(path, **window) == [("a", WEEK + 2, WEEK + 8, 730), ("c", WEEK + 4, WEEK + 5, 111)]
    assert repairs(path, **window) == [("rows outside the weeks asked for left out, or cut", 2)]
    wide = open_source(path, first_week=0, last_week=2000)
    assert (wide.first_week, wide.last_week) == (0, 2000)
    assert "lies before the first" in refusal(path, first_week=9, last_week=8)


@pytest.mark.parametrize(
    "row",
    ["a,1401,1403,730", "a,2014-W01,y_1403,730", "a,2014-01-03,2014-01-13,730", "a,03.01.2014,2014-W03,730"],
)
def test_one_day_colours_its_week_and_both_ends_belong(tmp_path: Path, row: str) -> None:
    assert read(lines(tmp_path / "r.csv", SPELL, row)) == [("a", WEEK, WEEK + 2, 730)]


def test_spells_that_follow_each_other_are_joined_and_the_rest_is_left_open(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "r.csv", SPELL, "b,1405,1406,730", "a,1403,1404,730", "a,1401,1402,730", "a,1407,1407,"
    )
    assert read(path) == [
        ("b", WEEK + 4, WEEK + 5, 730),
        ("a", WEEK, WEEK + 3, 730),
        ("a", WEEK + 6, WEEK + 6, BLANK),
    ]


def test_of_two_spells_that_meet_inside_a_week_the_later_has_it(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "r.csv",
        SPELL,
        "a,2013-12-30,2014-01-14,730",  # until Tuesday of week 3
        "a,2014-01-15,2014-01-15,651",  # Wednesday alone
        "a,2014-01-16,2014-01-26,111",
        "b,2013-12-30,2014-01-14,730",
        "b,2014-01-15,2014-01-19,730",
    )
    assert read(path) == [
        ("a", WEEK, WEEK + 1, 730),
        ("a", WEEK + 2, WEEK + 3, 111),
        ("b", WEEK, WEEK + 2, 730),
    ]
    assert repairs(path) == [("weeks in which two spells meet given to the later one", 2)]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("b,1405,1404,730", "row 3: error: the spell ends before it begins"),
        ("b,2014-01-05,2014-01-04,730", "row 3: error: the spell ends before it begins"),
        ("a,1403,1409,730", "row 3: error: the spell overlaps the one in row 2"),
        ("a,2014-01-19,2014-02-20,651", "row 3: error: the spell overlaps the one in row 2"),
        ("b,1401,9999-12-31,730", "row 3, column 'to': error: this lies behind all weeks"),
        ("b,1401,,730", "row 3, column 'to': error: there is no week or date"),
        (",1401,1402,730", "row 3: error: the row has no person"),
        ("b,1401,1402,7300", "row 3, column 'code'"),
    ],
)
def test_wrong_spells_are_refused(tmp_path: Path, row: str, said: str) -> None:
    found = refusal(lines(tmp_path / "r.csv", SPELL, "a,1401,1403,730", row))
    assert said in found
    assert found.count("error") == 1


def test_a_spell_inside_a_long_one_is_found_behind_a_short_one(tmp_path: Path) -> None:
    rows = ["a,1401,1420,730", "a,1402,1403,651", "a,1410,1411,651", "b,1405,1440,1", "b,1401,1405,2"]
    found = refusal(lines(tmp_path / "r.csv", SPELL, *rows))
    for row in (3, 4):
        assert f"row {row}: error: the spell overlaps the one in row 2" in found
    assert "row 6: error: the spell overlaps the one in row 5" in found
    assert found.count("error") == 3


def test_missing_columns_are_named_together(tmp_path: Path) -> None:
    found = refusal(lines(tmp_path / "r.csv", "id,from,to", "a,1401,1402"))
    assert "there is no column 'person'" in found
    assert "there is no column 'code'" in found


def test_no_readable_week_at_all_is_refused(tmp_path: Path) -> None:
    assert "no row has a week" in refusal(lines(tmp_path / "r.csv", "person,week,code", "a,x,730"))


def test_person_numbers_are_never_shown(tmp_path: Path) -> None:
    rows = ["0101801234,1401,0101801234", "0101801234,0101801234,730"]
    assert "0101801234" not in refusal(lines(tmp_path / "r.csv", "person,week,code", "x,1401,730", *rows))


def test_a_person_may_come_again_in_a_later_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "NARROW_ROWS", 3)
    monkeypatch.setattr(text, "NARROW_ROWS", 3)
    rows = [f"{person},14{week:02d},730" for week in range(1, 5) for person in "ab"]
    path = lines(tmp_path / "r.csv", "person,week,code", *rows)
    source = open_source(path)
    found = [source.read(part) for part in source.parts()]
    assert len(found) >= 2
    assert [part.row.tolist() for part in found][:2] == [[2, 3], [5, 6]]
    frame = pl.read_csv(path)
    frame.write_parquet(tmp_path / "r.parquet")
    assert read(tmp_path / "r.parquet") == read(path)


@pytest.mark.parametrize("name", ["r.csv", "r.parquet"])
def test_in_a_file_sorted_by_person_nobody_stands_in_two_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(tables, "NARROW_ROWS", 4)
    monkeypatch.setattr(text, "NARROW_ROWS", 4)
    rows = [f"14{week:02d},{person},730" for person in "abcde" for week in range(1, 6)]
    path = lines(tmp_path / "r.csv", "week,person,code", *rows)
    pl.read_csv(path).write_parquet(tmp_path / "r.parquet")
    source = open_source(tmp_path / name)
    found = [source.read(part) for part in source.parts()]
    assert [part.row.tolist() for part in found][:2] == [[2], [7]]
    assert [person for part in found for person in part.person] == list("abcde")


def test_a_week_cut_short_at_the_end_of_the_file_is_not_taken_for_another(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    for week in ("y_140", "140", "2014-W0", "2014-01-0"):
        path.write_bytes(f"person,code,week\na,730,y_1401\na,730,{week}".encode())
        assert "row 3: error: the last line has no line end" in refusal(path)
    path.write_bytes(b"person,code,week\na,730,y_1401\na,730,y_1402")
    assert read(path) == [("a", WEEK, WEEK + 1, 730)]


@pytest.mark.parametrize("name", ["r.csv", "r.parquet"])
def test_spells_that_reach_out_of_the_calendar_are_cut_where_weeks_are_asked_for(
    tmp_path: Path, name: str
) -> None:
    rows = ["a,2014-01-06,9999-12-31,730", "b,1985-03-04,2014-01-05,651", "c,1980-01-01,1985-12-31,111"]
    path = lines(tmp_path / "r.csv", SPELL, *rows)
    frame = pl.read_csv(path)
    frame.with_columns(pl.col("from", "to").str.to_date()).write_parquet(tmp_path / "r.parquet")
    path = tmp_path / name
    window = {"first_week": "y_1401", "last_week": "y_1404"}
    assert read(path, **window) == [("a", WEEK + 1, WEEK + 3, 730), ("b", WEEK, WEEK, 651)]
    assert repairs(path, **window) == [("rows outside the weeks asked for left out, or cut", 3)]
    said = refusal(path, first_week="y_1401")
    assert (
        "row 2, column 'to': error: this lies behind all weeks a register can have. Give the last week"
        in said
    )
    assert said.count("error") == 1
    said = refusal(path, last_week="y_1404")
    assert "row 3, column 'from': error: this lies before 1991-W32" in said
    assert "row 4, column 'from': error: this lies before 1991-W32" in said


def test_years_that_are_slips_are_refused_whatever_was_asked_for(tmp_path: Path) -> None:
    window = {"first_week": 0, "last_week": 2000}
    path = lines(tmp_path / "r.csv", SPELL, "a,0018-02-01,2018-03-01,730", "b,2914-01-01,2914-02-01,730")
    said = refusal(path, **window)
    assert "row 2, column 'from': error: this is no week" in said
    assert "row 3, column 'from': error: this is no week" in said


def test_where_no_end_can_be_read_the_column_of_ends_is_named(tmp_path: Path) -> None:
    said = refusal(lines(tmp_path / "r.csv", SPELL, "a,1401,9999-12-31,730"))
    assert "column 'to'" in said
    assert "column 'from'" not in said


@pytest.mark.parametrize("week", [-5, 10**6])
@pytest.mark.parametrize("which", ["first_week", "last_week"])
def test_weeks_no_register_can_have_cannot_be_asked_for(tmp_path: Path, which: str, week: int) -> None:
    path = lines(tmp_path / "r.csv", SPELL, "a,1401,1402,730")
    assert f"week {week} is no week a register can have" in refusal(path, **{which: week})


def test_a_time_zone_does_not_move_a_day(tmp_path: Path) -> None:
    monday = pl.Series("week", [datetime(2014, 1, 6)]).dt.replace_time_zone("Europe/Copenhagen")  # noqa: DTZ001
    frame = pl.DataFrame({"person": ["a"], "week": monday, "code": [730]})
    frame.write_parquet(tmp_path / "r.parquet")
    assert read(tmp_path / "r.parquet") == [("a", WEEK + 1, WEEK + 1, 730)]


@pytest.mark.parametrize("name", ["r[1].parquet", "r?.parquet", "r*.parquet"])
def test_a_name_that_looks_like_a_pattern_reads_no_neighbour(tmp_path: Path, name: str) -> None:
    for file, code in ((name, 730), ("r1.parquet", 111)):
        frame = pl.DataFrame({"person": ["a"], "week": ["1401"], "code": [code]})
        frame.write_parquet(tmp_path / file)
    assert read(tmp_path / name) == [("a", WEEK, WEEK, 730)]


@pytest.mark.parametrize("name", ["r.csv", "r.parquet"])
def test_a_column_of_persons_named_by_hand_is_where_parts_are_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(tables, "NARROW_ROWS", 4)
    monkeypatch.setattr(text, "NARROW_ROWS", 4)
    rows = [f"14{week:02d},{person},730" for person in "abcde" for week in range(1, 6)]
    path = lines(tmp_path / "r.csv", "week,borger,code", *rows)
    pl.read_csv(path).write_parquet(tmp_path / "r.parquet")
    source = open_source(tmp_path / name, person="borger")
    found = [source.read(part) for part in source.parts()]
    assert len(found) >= 4
    assert [person for part in found for person in part.person] == list("abcde")


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("week", [[1401]], "column 'week': error: the column holds lists"),
        ("week", [time(1, 2)], "column 'week': error: the column holds times of day"),
        ("person", [["a"]], "column 'person': error: the column holds lists"),
        ("person", [float("inf")], "column 'person': error: persons are stored as decimal numbers"),
        ("week", [float("inf")], "column 'week': error: this is no week"),
        ("code", [float("inf")], "column 'code': error: this is no register code"),
        ("code", [[730]], "column 'code': error: the column holds lists"),
        ("code", [{"a": 1}], "column 'code': error: the column holds lists or structures"),
        ("person", [b"\xff\xfe"], "the file cannot be read as Parquet"),
    ],
)
def test_columns_of_types_that_mean_nothing_are_refused(
    tmp_path: Path, column: str, values: list[object], said: str
) -> None:
    table = {"person": ["a"], "week": ["1401"], "code": [730], column: values}
    pl.DataFrame(table).write_parquet(tmp_path / "r.parquet")
    found = refusal(tmp_path / "r.parquet", first_week="y_1401", last_week="y_1402")
    assert said in found
    assert "inf)" not in found


def test_text_stored_as_bytes_and_names_with_blanks_are_read(tmp_path: Path) -> None:
    pl.DataFrame({"PERSON ": [b"a"], " week": [b"1401"], "code ": [b"730"]}).write_parquet(
        tmp_path / "r.parquet"
    )
    assert read(tmp_path / "r.parquet") == [("a", WEEK, WEEK, 730)]
