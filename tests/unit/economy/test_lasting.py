"""How much of an effect is left: whole, then evenly to nothing, and never more than there was."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import item, programme, text
from drawn_business import lengths
from indsats.economy.lasting import lasting, years_long
from indsats.economy.lines import Array
from indsats.programme import Duration

some = settings(deadline=None)


def left(years: int, **scenario: str | None) -> Array:
    given = {key: value for key, value in scenario.items() if value is not None}
    economy = {"scenarios": {"s": item("S", about=text("s"), **given)}}
    asked = programme(economy=economy)
    return lasting(asked, asked.economy.scenarios["s"], years)


def in_years(length: str) -> float:
    number, unit = int(length[1:-1]), length[-1]
    return number / {"Y": 1, "M": 12, "W": 52}[unit]


@pytest.mark.parametrize(
    ("written", "years"),
    [("P2Y", 2), ("P6M", 0.5), ("P1Y6M", 1.5), ("P26W", 0.5), ("P1W", 1 / 52), ("P7D", 1 / 52)],
)
def test_a_year_is_twelve_months_or_52_weeks(written: str, years: float) -> None:
    assert years_long(Duration.model_validate(written)) == pytest.approx(years)


@some
@given(lengths(), st.none() | lengths(), st.integers(1, 8))
def test_each_year_is_the_mean_of_what_is_left_at_every_time_in_it(
    lasts: str, fades: str | None, years: int
) -> None:
    """A thousand times in each year, one by one."""
    whole, fading = in_years(lasts), in_years(fades) if fades else 0.0

    def at(time: float) -> float:
        if time < whole:
            return 1.0
        return max(1 - (time - whole) / fading, 0.0) if fading else 0.0

    times = (np.arange(1000) + 0.5) / 1000
    plain = [np.mean([at(year + time) for time in times]) for year in range(years)]
    assert left(years, lasts=lasts, fades=fades) == pytest.approx(plain, abs=2e-3)


@some
@given(lengths(), st.none() | lengths(), st.integers(1, 8))
def test_it_is_a_part_of_the_whole_and_never_grows(lasts: str, fades: str | None, years: int) -> None:
    found = left(years, lasts=lasts, fades=fades)
    assert found.shape == (years,)
    assert np.all((found >= 0) & (found <= 1 + 1e-12))
    assert np.all(np.diff(found) <= 1e-12)


@some
@given(lengths(), st.none() | lengths())
def test_in_all_it_lasts_and_half_of_the_time_it_fades(lasts: str, fades: str | None) -> None:
    in_all = in_years(lasts) + (in_years(fades) / 2 if fades else 0)
    assert left(13, lasts=lasts, fades=fades).sum() == pytest.approx(in_all)


@some
@given(lengths(), lengths(), st.none() | lengths(), st.integers(1, 8))
def test_what_lasts_longer_leaves_no_less(one: str, other: str, fades: str | None, years: int) -> None:
    short, long = sorted((one, other), key=in_years)
    assert np.all(left(years, lasts=short, fades=fades) <= left(years, lasts=long, fades=fades) + 1e-12)


@some
@given(lengths(), st.none() | lengths(), st.integers(1, 7))
def test_the_first_years_are_the_same_however_many_are_counted(
    lasts: str, fades: str | None, years: int
) -> None:
    longer = left(years + 1, lasts=lasts, fades=fades)
    assert left(years, lasts=lasts, fades=fades) == pytest.approx(longer[:years])


def test_nothing_said_is_all_of_it() -> None:
    assert left(3) == pytest.approx([1, 1, 1])


def test_a_length_may_be_a_setting() -> None:
    settings = {"stays": item("Stays", value=18, unit=text("months"), measures="months")}
    economy = {"scenarios": {"s": item("S", about=text("s"), lasts="stays")}}
    asked = programme(economy=economy, settings=settings)
    assert lasting(asked, asked.economy.scenarios["s"], 3) == pytest.approx([1, 0.5, 0])
