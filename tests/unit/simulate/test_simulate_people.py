"""Person numbers that cannot exist: unique, in the right shape, for a whole generation."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from indsats.simulate import IMPOSSIBLE_MONTH, person_numbers


def _births(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.random.Generator]:
    rng = np.random.default_rng(seed)
    first, last = (date(1949, 1, 1) - date(1970, 1, 1)).days, (date(1996, 12, 31) - date(1970, 1, 1)).days
    return rng.integers(first, last + 1, n), rng.random(n) < 0.5, rng


def test_a_million_numbers_are_unique() -> None:
    births, woman, rng = _births(1_000_000, 1)
    assert pl.Series(person_numbers(births, woman, rng)).n_unique() == 1_000_000


def test_a_number_tells_birthday_and_sex_and_an_impossible_month() -> None:
    birth = np.array([(date(1975, 11, 3) - date(1970, 1, 1)).days] * 2)
    numbers = person_numbers(birth, np.array([True, False]), np.random.default_rng(2))
    assert [number[:7] for number in numbers] == [f"03{11 + IMPOSSIBLE_MONTH}75-"] * 2
    assert [int(number[-1]) % 2 for number in numbers] == [0, 1]


def test_more_births_than_a_day_has_numbers_are_refused() -> None:
    birth = np.zeros(2001, dtype=np.int64)
    with pytest.raises(ValueError, match="2,000"):
        person_numbers(birth, np.ones(2001, dtype=bool), np.random.default_rng(3))
