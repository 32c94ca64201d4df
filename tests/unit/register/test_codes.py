"""The code list and the codes of a state."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indsats.register import BLANK, code_list, expand, monday
from indsats.register.code_lists import SCHEMA
from indsats.register.codes import code_sources, invalid_codes, unknown_codes
from weekbook import START, register_of


def test_the_code_list_has_each_code_once() -> None:
    codes = code_list()
    assert codes.schema == pl.Schema(SCHEMA)
    assert codes.height == 131
    assert codes["code"].is_unique().all()
    assert codes["code"].is_sorted()
    assert {111, 651, 730, 881, 997, 998, 999} <= set(codes["code"])


def test_only_two_codes_are_conventions_of_extracts() -> None:
    assert code_list().filter(~pl.col("official"))["code"].to_list() == [0, 100]


def test_every_code_says_its_meaning_in_both_languages_and_its_source() -> None:
    told = [name for name in SCHEMA if name not in ("valid_from", "valid_to", "note_da", "note_en")]
    assert code_list().select(told).null_count().sum_horizontal().item() == 0
    assert set(code_list()["source"]) == set(code_sources()["source"])


@pytest.mark.parametrize(
    ("state", "codes"),
    [
        ("cash_benefit", ["130-131", "133-139", "730-731", "733-739"]),
        ("education_help", ["140", "143-149", "720", "723-729"]),
        ("ledighedsydelse", ["740-741", "743-748"]),
        ("flex_job", ["771", "774"]),
        ("resource_course", ["810", "813-818"]),
        ("sickness", ["890", "893-899"]),
        ("student_grant", ["651-652"]),
        ("parental", ["881"]),
        ("not_resident", ["997"]),
        ("state_pension", ["998"]),
        ("dead", ["999"]),
    ],
)
def test_a_state_has_the_codes_of_its_benefit(state: str, codes: list[str]) -> None:
    assert set(code_list().filter(state=state)["code"]) == expand(codes)


def test_the_last_digit_is_the_activity() -> None:
    blocks = code_list().filter(
        pl.col("group").is_in(["cash-benefit", "education-help", "ledighedsydelse", "resource-course"])
    )
    meant = {0: "passive", 1: "guidance", 3: "guidance", 4: "education", 5: "wage-subsidy"}
    meant |= {6: "wage-subsidy", 7: "placement", 8: "placement", 9: "utility-job"}
    assert [meant[code % 10] for code in blocks["code"]] == blocks["activity"].to_list()


def test_what_the_source_says_otherwise_is_noted_at_the_code() -> None:
    noted = code_list().filter(pl.col("code").is_in([139, 741]))
    assert noted["note_en"].str.contains("passive").all()


def test_the_list_is_read_once() -> None:
    assert code_list() is code_list()


def test_ranges_are_spelled_out() -> None:
    assert expand(["651", "737-739", "blank"]) == {651, 737, 738, 739, BLANK}
    assert expand(["001-002"]) == {1, 2}


@pytest.mark.parametrize("ranges", [["739-730"], ["1000"], ["x"]])
def test_what_is_no_range_is_refused(ranges: list[str]) -> None:
    with pytest.raises(ValueError, match=r"range|invalid literal"):
        expand(ranges)


def test_codes_off_the_list_are_counted() -> None:
    register = register_of({"a": "3x873 2x730 1x873", "b": "4x873", "c": "1x163 5x-"})
    assert register.unknown_codes.rows() == [(873, 8, 2), (163, 1, 1)]


def test_blank_weeks_are_no_unknown_code() -> None:
    assert register_of({"a": "5x-"}).unknown_codes.height == 0


def dated_list(folder: Path, *codes: str) -> Path:
    """A municipality's list with these codes, beside the shipped one."""
    file = folder / "newer.yaml"
    file.write_text(
        "id: newer\ntitle: {da: Nyere, en: Newer}\nsources: {own: {title: Own list, licence: none}}\ncodes:\n"
        + "\n".join(
            f"  - {{{code}, da: x, en: x, group: job-clarification, activity: passive,"
            " state: job_clarification, source: own}"
            for code in codes
        ),
        encoding="utf-8",
    )
    return file


def test_a_code_of_the_newer_list_is_no_longer_unknown(tmp_path: Path) -> None:
    codes = code_list(dated_list(tmp_path, "code: 873"))
    spells = register_of({"a": "3x873 2x730 1x163"}).spells
    assert unknown_codes(spells, codes).rows() == [(163, 1, 1)]
    assert codes.height == code_list().height + 1


def test_weeks_in_which_a_code_was_not_in_use_are_counted(tmp_path: Path) -> None:
    first, last = monday(START + 2), monday(START + 4)
    codes = code_list(dated_list(tmp_path, f"code: 873, valid_from: {first}, valid_to: {last}"))
    spells = register_of({"a": "10x873", "b": "2x730 3x873 5x730", "c": "10x163"}).spells
    assert invalid_codes(spells, codes).rows() == [(873, 7, 1)]


def test_one_day_in_use_makes_a_week_valid(tmp_path: Path) -> None:
    sunday = date.fromordinal(monday(START + 1).toordinal() - 1)
    codes = code_list(dated_list(tmp_path, f"code: 873, valid_from: {sunday}"))
    assert invalid_codes(register_of({"a": "3x873"}).spells, codes).height == 0


def test_a_code_may_have_two_meanings_one_after_the_other(tmp_path: Path) -> None:
    change = monday(START + 3)
    before = date.fromordinal(change.toordinal() - 5)
    codes = code_list(
        dated_list(tmp_path, f"code: 873, valid_to: {before}", f"code: 873, valid_from: {change}")
    )
    assert codes.filter(code=873).height == 2
    spells = register_of({"a": "10x873"}).spells
    assert invalid_codes(spells, codes).height == 0
    assert unknown_codes(spells, codes).height == 0


def test_codes_whose_validity_is_unknown_are_never_out_of_use() -> None:
    assert invalid_codes(register_of({"a": "3x873 2x730", "b": "5x-"}).spells).rows() == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([-1, 5, 6, 7]), min_size=1, max_size=20),
    st.lists(st.integers(0, 19), min_size=4, max_size=4, unique=True),
)
def test_invalid_weeks_are_those_a_walk_through_the_weeks_finds(row: list[int], ends: list[int]) -> None:
    a, b, c, d = sorted(ends)
    shape = code_list().head(3)
    codes = shape.with_columns(
        code=pl.Series([5, 5, 6], dtype=pl.Int16),
        valid_from=pl.Series([monday(START + a), monday(START + c), None], dtype=pl.Date),
        valid_to=pl.Series([monday(START + b), monday(START + d), monday(START + b)], dtype=pl.Date),
    )
    course = " ".join(f"1x{'-' if code == BLANK else code}" for code in row)
    valid = {5: {*range(a, b + 1), *range(c, d + 1)}, 6: set(range(b + 1)), 7: set(range(20))}
    wrong = [code for week, code in enumerate(row) if code != BLANK and week not in valid[code]]
    expected = {code: wrong.count(code) for code in set(wrong)}
    found = invalid_codes(register_of({"a": course}).spells, codes)
    assert dict(found.select("code", "weeks").iter_rows()) == expected
