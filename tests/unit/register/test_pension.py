"""The state pension age by date of birth."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indsats.programme import Duration
from indsats.register.pension import pension_ages, pension_date

LAW = [
    (date(1939, 7, 1), 780),
    (date(1954, 1, 1), 786),
    (date(1954, 7, 1), 792),
    (date(1955, 1, 1), 798),
    (date(1955, 7, 1), 804),
    (date(1963, 1, 1), 816),
    (date(1967, 1, 1), 828),
    (date(1971, 1, 1), 840),
]
"""From which day of birth each age in months holds; 804 before the first."""


def reached(*born: date | None) -> list[date | None]:
    frame = pl.DataFrame({"born": born}, schema={"born": pl.Date})
    return frame.select(day=pension_date(pl.col("born")))["day"].to_list()


@pytest.mark.parametrize(
    ("born", "day"),
    [
        (date(1930, 5, 17), date(1997, 5, 17)),
        (date(1939, 6, 30), date(2006, 6, 30)),  # 60 on the last day before the reform took hold
        (date(1939, 7, 1), date(2004, 7, 1)),
        (date(1953, 12, 31), date(2018, 12, 31)),
        (date(1954, 1, 1), date(2019, 7, 1)),
        (date(1954, 7, 1), date(2020, 7, 1)),
        (date(1955, 6, 30), date(2021, 12, 30)),
        (date(1962, 12, 31), date(2029, 12, 31)),
        (date(1963, 1, 1), date(2031, 1, 1)),
        (date(1967, 1, 1), date(2036, 1, 1)),
        (date(1971, 1, 1), date(2041, 1, 1)),
        (date(1956, 2, 29), date(2023, 2, 28)),
        (date(1954, 8, 31), date(2020, 8, 31)),
        (date(1955, 3, 31), date(2021, 9, 30)),
    ],
)
def test_the_day_is_that_of_the_law(born: date, day: date) -> None:
    assert reached(born) == [day]


def test_who_has_no_date_of_birth_has_no_day() -> None:
    assert reached(None, date(1970, 1, 1)) == [None, date(2039, 1, 1)]


def test_the_table_leaves_no_day_of_birth_out_and_has_none_twice() -> None:
    ages = pension_ages()
    assert ages["born_from"].null_count() == ages["born_to"].null_count() == 1
    assert (ages["born_from"][0], ages["born_to"][-1]) == (None, None)
    for ends, begins in zip(ages["born_to"][:-1], ages["born_from"][1:], strict=True):
        assert begins == ends + timedelta(days=1)


def test_what_was_not_seen_in_a_law_is_marked() -> None:
    unseen = pension_ages().filter(~pl.col("verified"))
    assert unseen.select("born_from", "months").rows() == [(None, 804), (date(1971, 1, 1), 840)]


@settings(deadline=None)
@given(st.dates(date(1880, 1, 1), date(2030, 12, 31)))
def test_any_day_of_birth_follows_the_steps_of_the_law(born: date) -> None:
    months = next((age for since, age in reversed(LAW) if born >= since), 804)
    assert reached(born) == [Duration(months=months).after(born)]


def test_it_runs_on_a_lazy_table_too() -> None:
    lazy = pl.LazyFrame({"born": [date(1980, 1, 2)]}).select(day=pension_date(pl.col("born")))
    assert lazy.collect_schema() == {"day": pl.Date}
    assert lazy.collect().item() == date(2050, 1, 2)
