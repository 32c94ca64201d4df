"""What the reimbursement ladder means, one example per sentence.

Steps as in § 5 of the act: the state pays 80 % of weeks 1-4 on benefit, 40 % of weeks 5-26, 30 % of weeks 27-52 and
20 % after. § 6: it starts over after 52 whole weeks of self-support within three years (156 weeks).
"""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np
import polars as pl
import pytest

from indsats.economy.ladder import Ladder, state_share_of_register, weeks_counted
from weekbook import START, register_of

STEPS = ((4.0, 0.8), (26.0, 0.4), (52.0, 0.3), (inf, 0.2))
LADDER = Ladder(STEPS, reset_weeks=52, window_weeks=156)


def week_on_ladder(course: str) -> int:
    """What counts in the last week of ``54b 24s 14b``: b on benefit, s self-supporting, o neither."""
    letters = np.array([list("".join(int(part[:-1]) * part[-1] for part in course.split()))])
    return int(weeks_counted(letters == "b", letters == "s", LADDER)[0, -1])


def test_the_first_week_is_reimbursed_with_80_percent_and_the_53rd_with_20() -> None:
    weeks = np.array([1, 4, 5, 26, 27, 52, 53, 500])
    assert LADDER.by_week(weeks).tolist() == [0.8, 0.8, 0.4, 0.4, 0.3, 0.3, 0.2, 0.2]


def test_the_first_year_is_reimbursed_with_38_percent() -> None:
    # 4 × 80 + 22 × 40 + 26 × 30 = 320 + 880 + 780 = 1,980 hundredths of a week; 1,980 / 52 = 38.08 %.
    assert LADDER.state_share(0, 52) == pytest.approx(19.8 / 52)


def test_the_second_year_is_reimbursed_with_20_percent() -> None:
    assert LADDER.state_share(52, 104) == pytest.approx(0.2)


def test_a_stretch_may_begin_and_end_within_a_step_and_within_a_week() -> None:
    # From 2.5 to 10 weeks: 1.5 at 80 % and 6 at 40 %: (1.2 + 2.4) / 7.5 = 48 %.
    assert LADDER.state_share(2.5, 10) == pytest.approx(0.48)


def test_only_weeks_on_benefit_count() -> None:
    assert week_on_ladder("10b 20o 1b") == 11


def test_the_share_reached_stands_while_away_until_52_weeks_of_self_support() -> None:
    assert week_on_ladder("30b 51s 1b") == 31
    assert week_on_ladder("30b 52s 1b") == 1


def test_weeks_of_self_support_need_not_lie_together() -> None:
    assert week_on_ladder("30b 26s 10b 25s 1b") == 41
    assert week_on_ladder("30b 26s 10b 26s 1b") == 1


def test_weeks_that_are_neither_benefit_nor_self_support_do_not_start_it_over() -> None:
    assert week_on_ladder("30b 100o 1b") == 31


def test_self_support_before_the_first_week_on_benefit_does_not_count() -> None:
    # 40 weeks before and 20 after are more than 52, but only the 20 are new.
    assert week_on_ladder("40s 30b 20s 1b") == 31


def test_self_support_that_has_been_used_does_not_start_it_over_again() -> None:
    # 60 weeks start it over once; in the second count 10 more are far from 52.
    assert week_on_ladder("30b 60s 5b 10s 1b") == 6


def test_self_support_older_than_three_years_is_forgotten() -> None:
    # 26 weeks, 100 on benefit, 26 more: all 52 lie within 152 weeks, and it starts over.
    assert week_on_ladder("30b 26s 100b 26s 1b") == 1
    # With 110 between them the first six weeks are more than 156 back when the 52nd comes: 30 + 110 + 1.
    assert week_on_ladder("30b 26s 110b 26s 1b") == 141


def test_it_starts_over_when_the_52nd_week_comes_however_long_the_person_stays_away() -> None:
    assert week_on_ladder("30b 52s 150o 1b") == 1


def test_the_example_in_the_remarks_of_the_bill_starts_over_in_the_job() -> None:
    # 54 weeks of benefit, 24 off at one's own expense, 14 of benefit, 106 in an ordinary job: 24 + 28 are 52. They lie
    # within 24 + 14 + 28 = 66 weeks.
    assert week_on_ladder("54b 24s 14b 27s 1b") == 69
    assert week_on_ladder("54b 24s 14b 106s 1b") == 1


def share_by_year(courses: dict[str, str], index: int, years: int) -> pl.DataFrame:
    """With the same index week for everybody; 730-739 is benefit, a blank week self-support."""
    cases = pl.DataFrame({"person": list(courses), "index_week": [START + index] * len(courses)})
    return state_share_of_register(
        register_of(courses), cases, LADDER, benefit=["730-739"], self_support=["blank"], years=years
    )


def test_the_week_after_index_is_the_first_of_year_one() -> None:
    # Index is the person's first week on benefit, so year one is weeks 2 to 53 on the ladder:
    # 3 × 0.8 + 22 × 0.4 + 26 × 0.3 + 1 × 0.2 = 2.4 + 8.8 + 7.8 + 0.2 = 19.2.
    found = share_by_year({"a": "200x730"}, 0, 2)
    assert found["state_share"].to_list() == pytest.approx([19.2 / 52, 0.2])


def test_weeks_on_benefit_before_index_count_on_the_ladder() -> None:
    # Index in the 61st week: everything after is above 52 weeks.
    assert share_by_year({"a": "200x730"}, 60, 1)["state_share"].to_list() == pytest.approx([0.2])


def test_the_average_is_over_weeks_on_benefit_of_everybody() -> None:
    # a: weeks 2-53 of the ladder, 52 weeks worth 19.2. b: weeks 2-5 and then off: 3 × 0.8 + 0.4 = 2.8 in 4 weeks.
    found = share_by_year({"a": "60x730", "b": "5x730 55x-"}, 0, 1)
    assert found.row(0) == (1, 104, 56, pytest.approx(22.0 / 56))


def test_somebody_who_returns_after_a_year_of_self_support_is_on_the_first_step_again() -> None:
    # Index in week 1, off for 52 weeks, which is year one; the first four weeks of year two are at 80 %.
    found = share_by_year({"a": "1x730 52x- 4x730 60x651"}, 0, 2)
    assert found["weeks"].to_list() == [0, 4]
    assert found["state_share"].to_list() == [None, pytest.approx(0.8)]


def test_weeks_after_the_register_ends_are_not_observed() -> None:
    # 60 weeks in the register: 52 of year one, 7 of year two.
    assert share_by_year({"a": "60x730"}, 0, 2)["observed"].to_list() == [52, 7]


def test_weeks_no_file_tells_of_are_not_observed() -> None:
    # The register goes on for 60 weeks, b's own file ends after 20: index, and 19 weeks of year one.
    register = register_of({"a": "60x730", "b": "60x730"})
    ends = pl.when(pl.col("person") == "b").then(START + 19).otherwise(pl.col("last_week")).cast(pl.Int32)
    register = replace(register, spells=register.spells.with_columns(last_week=ends))
    cases = pl.DataFrame({"person": ["b"], "index_week": [START]})
    found = state_share_of_register(
        register, cases, LADDER, benefit=["730-739"], self_support=["blank"], years=1
    )
    assert found.select("observed", "weeks").row(0) == (19, 19)
