"""The code list and the codes of a state."""

from __future__ import annotations

import polars as pl
import pytest

from indsats.register import BLANK, code_list, expand
from weekbook import register_of


def test_the_code_list_has_each_code_once() -> None:
    codes = code_list()
    assert codes["code"].dtype == pl.Int16
    assert codes["code"].is_unique().all()
    assert {111, 651, 730, 881, 997, 998, 999} <= set(codes["code"])


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
