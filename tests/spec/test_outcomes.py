"""What an outcome on a weekly register means, one example per sentence.

Persons enter ``benefit`` (730-739) in the first week shown; ``off`` is no code or education, and outcomes ask
about four weeks unless another number stands there.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from indsats.register import week_number
from weekbook import cohort_of, outcome


def reached(course: str, *, weeks: int | None = None, start: int | None = None, **how: Any) -> bool | None:
    """Whether the outcome of one person is true, false or unknown."""
    rest = {} if start is None else {"start": start}
    return cohort_of({"a": course}, {"outcomes": [outcome(**how)]}, weeks=weeks, **rest).table["off"].item()


def waiting(course: str, **how: Any) -> tuple[int, bool]:
    """Weeks and event of one person."""
    asked = {"outcomes": [outcome(**how)], "time_to": "off"}
    return cohort_of({"a": course}, asked).table.select("weeks", "event").row(0)


def test_one_week_suffices() -> None:
    assert reached("3x730 1x- 1x730") is True


def test_the_first_week_looked_at_is_the_one_after_index() -> None:
    assert reached("1x730 1x- 3x730") is True


def test_the_last_week_looked_at_is_week_w() -> None:
    assert reached("4x730 1x-") is True
    assert reached("5x730 1x-") is False


def test_within_52_weeks_is_weeks_1_to_52() -> None:
    assert reached("52x730 1x- 9x730", within=52) is True
    assert reached("53x730 1x- 9x730", within=52) is False


def test_the_index_week_itself_is_not_looked_at() -> None:
    # Education counts both as entry and as outcome here: the entry week alone is no exit.
    both = {"index": {"state": "education"}, "outcomes": [outcome("off", "education")]}
    assert cohort_of({"a": "1x651 4x730"}, both).table["off"].item() is False
    assert cohort_of({"a": "2x651 3x730"}, both).table["off"].item() is True


def test_at_least_k_weeks_need_not_be_in_a_row() -> None:
    assert reached("1x730 1x- 1x730 1x- 1x730", at_least=2) is True
    assert reached("1x730 1x- 3x730", at_least=2) is False


def test_weeks_of_different_codes_of_the_state_add_up() -> None:
    assert reached("1x730 1x- 1x651 2x730", at_least=2) is True


def test_weeks_before_index_are_no_outcome() -> None:
    assert reached("5x- 5x730") is False


def test_follow_up_that_the_data_cut_short_gives_no_answer() -> None:
    assert reached("4x730") is None


def test_an_outcome_reached_before_the_data_end_gives_no_answer_either() -> None:
    assert reached("2x730 2x-") is None


def test_follow_up_that_is_just_long_enough_gives_an_answer() -> None:
    assert reached("5x730") is False


def test_death_inside_the_window_gives_no_answer() -> None:
    assert reached("3x730 5x999") is None
    assert reached("2x730 1x- 5x999") is None


def test_death_after_the_window_changes_nothing() -> None:
    assert reached("5x730 5x999") is False


def test_moving_abroad_ends_the_observation_and_coming_back_does_not_begin_it_anew() -> None:
    assert reached("2x730 1x997 1x- 5x730") is None
    assert waiting("2x730 1x997 1x- 5x730") == (1, False)


def test_living_abroad_before_index_is_no_obstacle() -> None:
    assert reached("3x997 2x730 1x- 5x730") is True


def test_state_pension_is_observed_and_is_no_exit() -> None:
    assert reached("2x730 6x998") is False


def test_a_state_that_lists_death_is_not_cut_short_by_it() -> None:
    assert reached("3x730 5x999", state="death") is True
    assert reached("3x730 1x997 5x999", state="death") is None


def test_a_blank_week_is_observed() -> None:
    assert reached("1x730 4x-", state="education") is False


def test_an_unknown_code_is_an_observed_week_in_no_state() -> None:
    assert reached("1x730 8x873") is False
    assert reached("1x730 2x873 1x- 4x873") is True


def test_week_53_is_a_week_like_the_others() -> None:
    # 2015 had 53 weeks: from its week 51, week 4 is week 2 of 2016 and not week 3.
    begins = week_number(date(2015, 12, 14))
    assert reached("4x730 1x-", start=begins) is True
    assert reached("5x730 1x-", start=begins) is False


def test_the_waiting_time_is_the_week_of_the_first_outcome_week() -> None:
    assert waiting("1x730 1x- 8x730") == (1, True)
    assert waiting("4x730 5x-") == (4, True)


def test_the_waiting_time_of_k_weeks_is_the_week_of_the_kth() -> None:
    assert waiting("1x730 1x- 1x730 2x- 4x730", at_least=2) == (3, True)
    assert waiting("1x730 9x-", at_least=3) == (3, True)


def test_without_an_outcome_the_waiting_time_ends_with_the_window() -> None:
    assert waiting("9x730") == (4, False)
    assert waiting("6x730 3x-") == (4, False)


def test_the_data_end_censors_the_waiting_time() -> None:
    assert waiting("3x730") == (2, False)
    assert waiting("1x730") == (0, False)


def test_an_outcome_before_the_data_end_counts_in_the_waiting_time() -> None:
    assert waiting("2x730 1x-") == (2, True)


def test_death_censors_the_waiting_time_in_the_week_before() -> None:
    assert waiting("3x730 5x999") == (2, False)
    assert waiting("1x730 5x999") == (0, False)
    assert waiting("2x730 1x- 5x999") == (2, True)


def test_the_first_entry_in_the_window_starts_the_clock() -> None:
    window = {"index": {"state": "benefit", "window": "2013-01-14/2013-12-31"}}
    table = cohort_of({"a": "1x730 2x- 5x730 1x- 9x730"}, window, weeks=60).table
    assert table.select(pl.col("index_week") - week_number(date(2013, 1, 3))).item() == 3
    assert table["left_truncated"].item() is False
    assert table["off"].item() is False


def test_who_is_in_the_state_already_starts_with_the_window_and_is_marked() -> None:
    window = {"index": {"state": "benefit", "window": "2013-01-14/2013-12-31"}}
    table = cohort_of({"a": "1x- 5x730 9x-"}, window).table
    assert table.select(pl.col("index_week") - week_number(date(2013, 1, 3))).item() == 2
    assert table["left_truncated"].item() is True


def test_who_is_in_the_state_when_the_data_begin_is_marked() -> None:
    assert cohort_of({"a": "5x730", "b": "1x- 4x730"}).table["left_truncated"].to_list() == [True, False]


def test_a_history_counts_the_weeks_before_index() -> None:
    history = {"history": [{"id": "before", "title": {"da": "x", "en": "x"}, "state": "work", "weeks": 4}]}
    assert cohort_of({"a": "4x- 5x730"}, history).table["before"].item() == 4
    assert cohort_of({"a": "3x- 1x651 1x- 1x651 5x730"}, history).table["before"].item() == 2


def test_a_history_the_data_do_not_reach_is_unknown() -> None:
    history = {"history": [{"id": "before", "title": {"da": "x", "en": "x"}, "state": "work", "weeks": 4}]}
    assert cohort_of({"a": "3x- 5x730"}, history).table["before"].item() is None
