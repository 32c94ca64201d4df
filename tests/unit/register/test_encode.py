"""The kernel against a walk through every cell."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from indsats.register.sources.encode import Encoder, runs_of_rows
from indsats.register.sources.source import Runs

CODES = st.sampled_from([-1, 0, 1, 730, 999])
WEEKS = arrays(np.int16, array_shapes(min_dims=2, max_dims=2, max_side=12), elements=CODES)
INTEGERS = [pl.Int16, pl.Int32, pl.Int64, pl.UInt16, pl.UInt32, pl.UInt64]


def walked(weeks: np.ndarray, first_week: int) -> list[tuple[int, int, int, int]]:
    runs = []
    for person, row in enumerate(weeks.tolist()):
        begin = 0
        for week in range(1, len(row) + 1):
            if week == len(row) or row[week] != row[begin]:
                runs.append((person, first_week + begin, first_week + week - 1, row[begin]))
                begin = week
    return runs


def rows(runs: Runs) -> list[tuple[int, ...]]:
    return list(
        zip(runs.person.tolist(), runs.first.tolist(), runs.last.tolist(), runs.code.tolist(), strict=True)
    )


def column(codes: np.ndarray, kind: type[pl.DataType]) -> pl.Series:
    return pl.Series("y", [None if code == -1 else code for code in codes.tolist()], dtype=kind)


@given(WEEKS, st.sampled_from(INTEGERS), st.integers(0, 2000))
def test_columns_of_any_whole_numbers_become_the_runs_a_walk_finds(weeks, kind, first_week):
    encoder = Encoder(len(weeks), first_week)
    for week in weeks.T:
        assert encoder.add_column(column(week, kind))
    assert encoder.in_range()
    assert rows(encoder.runs()) == walked(weeks, first_week)


@given(WEEKS, st.integers(0, 11))
def test_a_column_that_is_a_slice_of_a_longer_one_is_read_from_its_own_beginning(weeks, cut):
    encoder = Encoder(len(weeks), 0)
    for week in weeks.T:
        longer = np.concatenate([np.full(cut, 5, dtype=np.int16), week, np.full(3, -1, dtype=np.int16)])
        assert encoder.add_column(column(longer, pl.Int16)[cut : cut + len(week)])
    assert rows(encoder.runs()) == walked(weeks, 0)


@given(WEEKS, st.integers(0, 2000))
def test_rows_become_the_same_runs_as_columns(weeks, first_week):
    assert rows(runs_of_rows(weeks, first_week)) == walked(weeks, first_week)


def test_cells_left_out_are_in_no_run():
    weeks = np.array([[-2, 1, 1, -2, 1], [-2, -2, -2, -2, -2]], dtype=np.int16)
    assert rows(runs_of_rows(weeks, 10, left_out=-2)) == [(0, 11, 12, 1), (0, 14, 14, 1)]


def test_runs_have_the_types_that_are_promised():
    encoder = Encoder(3, 0)
    encoder.add(np.array([1, 2, -1], dtype=np.int16))
    for runs in (encoder.runs(), runs_of_rows(np.ones((2, 2), dtype=np.int16), 0)):
        assert [getattr(runs, name).dtype for name in Runs.__slots__] == ["int32", "int32", "int32", "int16"]


@pytest.mark.parametrize(
    "odd",
    [
        pl.Series([1, -1, None], dtype=pl.Int16),
        pl.Series([1, 70_000, None], dtype=pl.Int32),
        pl.Series([1, -40_000, None], dtype=pl.Int64),
        pl.Series([1.0, 2.0, None]),
        pl.Series(["1", "2", None]),
    ],
)
def test_a_column_that_needs_a_closer_look_is_not_added(odd):
    encoder = Encoder(3, 0)
    encoder.add(np.array([7, 7, 7], dtype=np.int16))
    assert not encoder.add_column(odd)
    assert rows(encoder.runs()) == [(0, 0, 0, 7), (1, 0, 0, 7), (2, 0, 0, 7)]


@pytest.mark.parametrize("number", [1000, 32_767, -2, -32_767])
def test_a_number_that_is_no_code_is_noticed_wherever_it_stands(number):
    encoder = Encoder(2, 0)
    encoder.add_column(pl.Series([1, 2], dtype=pl.Int16))
    encoder.add_column(pl.Series([1, number], dtype=pl.Int16))
    assert not encoder.in_range()


def test_the_lowest_number_of_all_is_noticed_although_no_run_seems_to_begin():
    encoder = Encoder(2, 0)
    assert encoder.add_column(pl.Series([1, -32_768], dtype=pl.Int16))
    assert not encoder.in_range()


@pytest.mark.parametrize("persons", [0, 65_537])
def test_an_encoder_says_how_many_persons_it_takes(persons):
    with pytest.raises(ValueError, match="1 to 65536 persons"):
        Encoder(persons, 0)


def test_as_many_persons_as_an_encoder_takes_are_kept_apart():
    encoder = Encoder(65_536, 0)
    for week in range(3):
        encoder.add(np.full(65_536, week // 2, dtype=np.int16))
    runs = encoder.runs()
    assert runs.person.tolist() == np.repeat(np.arange(65_536), 2).tolist()
    assert runs.last.tolist() == [1, 2] * 65_536
