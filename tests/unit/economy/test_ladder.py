"""The reimbursement ladder against plain Python, and what it refuses."""

from __future__ import annotations

import time
from math import inf

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indsats.economy.ladder import Ladder, state_share_of_register, weeks_counted
from weekbook import START, register_of

STEPS = ((4.0, 0.8), (26.0, 0.4), (52.0, 0.3), (inf, 0.2))
LADDER = Ladder(STEPS, reset_weeks=52, window_weeks=156)
SHORT = Ladder(((1.0, 0.8), (inf, 0.2)), reset_weeks=3, window_weeks=5)

WEEK = st.sampled_from("bs-")
COURSES = st.integers(1, 40).flatmap(
    lambda weeks: st.lists(st.text(WEEK, min_size=weeks, max_size=weeks), min_size=1, max_size=6)
)


def plain(course: str, ladder: Ladder) -> list[int]:
    """The rule told one week after the other, each time looking back at the letters."""
    counted, first, count = [], None, 0
    for week, letter in enumerate(course):
        if first is not None:
            since = max(first + 1, week + 1 - ladder.window_weeks)
            if course[since : week + 1].count("s") >= ladder.reset_weeks:
                first, count = None, 0
        if letter == "b":
            first = week if first is None else first
            count += 1
        counted.append(count)
    return counted


def counted(courses: list[str], ladder: Ladder) -> list[list[int]]:
    letters = np.array([list(course) for course in courses])
    return weeks_counted(letters == "b", letters == "s", ladder).tolist()


@settings(max_examples=150, deadline=None)
@given(courses=COURSES, reset=st.integers(1, 6), more=st.integers(0, 12))
def test_the_count_is_that_of_plain_python(courses: list[str], reset: int, more: int) -> None:
    ladder = Ladder(((inf, 0.5),), reset_weeks=reset, window_weeks=reset + more)
    assert counted(courses, ladder) == [plain(course, ladder) for course in courses]


@settings(max_examples=60, deadline=None)
@given(first=st.integers(0, 80), weeks=st.integers(1, 80))
def test_the_share_of_a_stretch_is_the_mean_of_its_weeks(first: int, weeks: int) -> None:
    mean = float(LADDER.by_week(np.arange(first + 1, first + weeks + 1)).mean())
    assert LADDER.state_share(first, first + weeks) == pytest.approx(mean, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(times=st.lists(st.floats(0, 200), min_size=3, max_size=3))
def test_stretches_after_each_other_add_up(times: list[float]) -> None:
    first, middle, last = sorted(times)
    parts = LADDER.state_share(first, middle) * (middle - first)
    parts += LADDER.state_share(middle, last) * (last - middle)
    assert LADDER.state_share(first, last) * (last - first) == pytest.approx(parts, abs=1e-9)


@settings(deadline=None)
@given(first=st.floats(0, 200), length=st.floats(0.1, 50), later=st.floats(0, 50))
def test_a_later_stretch_is_never_reimbursed_better(first: float, length: float, later: float) -> None:
    now = LADDER.state_share(first, first + length)
    assert 0.2 - 1e-12 <= LADDER.state_share(first + later, first + later + length) <= now + 1e-9


def test_an_instant_has_the_share_of_what_follows() -> None:
    assert LADDER.state_share(0, 0) == 0.8
    assert LADDER.state_share(4, 4) == 0.4
    assert LADDER.state_share(60, 60) == 0.2


def test_no_weeks_are_counted_at_all_without_persons_or_weeks() -> None:
    nobody = np.zeros((0, 5), dtype=bool)
    assert weeks_counted(nobody, nobody, LADDER).shape == (0, 5)
    no_weeks = np.zeros((3, 0), dtype=bool)
    assert weeks_counted(no_weeks, no_weeks, LADDER).shape == (3, 0)
    assert LADDER.by_week(np.zeros(0, dtype=np.int64)).shape == (0,)


def test_ten_years_of_five_thousand_persons_take_well_under_a_second() -> None:
    state = np.random.default_rng(1).integers(0, 3, (5000, 520))
    benefit, support = state == 0, state == 1
    began = time.perf_counter()
    weeks_counted(benefit, support, LADDER)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    ("steps", "reset", "window"),
    [
        (((4.0, 0.8), (4.0, 0.4), (inf, 0.2)), 52, 156),
        (((4.0, 0.8), (26.0, 0.4)), 52, 156),
        ((), 52, 156),
        (((4.0, 80), (inf, 20)), 52, 156),
        (STEPS, 0, 156),
        (STEPS, 157, 156),
    ],
)
def test_a_ladder_that_is_none_is_refused(
    steps: tuple[tuple[float, float], ...], reset: int, window: int
) -> None:
    with pytest.raises(ValueError, match=r"steps|share|do not fit"):
        Ladder(steps, reset, window)


@pytest.mark.parametrize(("first", "last"), [(-1, 3), (5, 4), (0, inf), (float("nan"), 3)])
def test_a_stretch_that_is_none_is_refused(first: float, last: float) -> None:
    with pytest.raises(ValueError, match="no stretch"):
        LADDER.state_share(first, last)


def test_weeks_before_the_first_and_contradictory_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="counted from 1"):
        LADDER.by_week(np.array([1, 0]))
    week = np.ones((2, 3), dtype=bool)
    with pytest.raises(ValueError, match="both on benefit"):
        weeks_counted(week, week, LADDER)
    with pytest.raises(ValueError, match="same weeks"):
        weeks_counted(week, ~week[:, :2], LADDER)


def of_register(courses: dict[str, str], cases: list[tuple[str, int]], years: int = 1) -> pl.DataFrame:
    rows = [(person, START + week) for person, week in cases]
    index = pl.DataFrame(rows, schema={"person": pl.String, "index_week": pl.Int32}, orient="row")
    return state_share_of_register(
        register_of(courses), index, LADDER, benefit=["730-739"], self_support=["blank"], years=years
    )


def test_a_person_with_two_cases_counts_twice_and_a_stranger_not_at_all() -> None:
    once = of_register({"a": "200x730"}, [("a", 0)], 2)
    twice = of_register({"a": "200x730"}, [("a", 0), ("stranger", 0), ("a", 0)], 2)
    assert twice["weeks"].to_list() == [104, 104]
    assert twice["state_share"].to_list() == once["state_share"].to_list()


def test_cases_without_an_index_and_no_cases_at_all_give_no_share() -> None:
    assert of_register({"a": "60x730"}, []).row(0) == (1, 0, 0, None)
    index = pl.DataFrame({"person": ["a"], "index_week": [None]}, schema_overrides={"index_week": pl.Int32})
    found = state_share_of_register(
        register_of({"a": "60x730"}), index, LADDER, benefit=["730"], self_support=["blank"], years=1
    )
    assert found.row(0) == (1, 0, 0, None)


def test_a_code_on_both_sides_and_no_years_are_refused() -> None:
    register, index = register_of({"a": "2x730"}), pl.DataFrame({"person": ["a"], "index_week": [START]})
    with pytest.raises(ValueError, match="735 are codes both"):
        state_share_of_register(register, index, LADDER, benefit=["730-735"], self_support=["735"], years=1)
    with pytest.raises(ValueError, match="0 years"):
        state_share_of_register(register, index, LADDER, benefit=["730"], self_support=["blank"], years=0)
