"""What the light beside a target says, one sentence at a time."""

from __future__ import annotations

import pytest

from indsats.steer import status


def test_no_shows_of_13_1_against_13_1_are_met_though_lower_is_better() -> None:
    assert status(0.131, 0.131, "lower") == "met"


def test_lower_is_better_means_below_the_target_is_met() -> None:
    assert status(0.126, 0.132, "lower") == "met"


def test_higher_is_better_means_above_the_target_is_met() -> None:
    assert status(0.74, 0.68, "higher") == "met"


def test_a_miss_within_a_tenth_of_the_target_is_near() -> None:
    assert status(19.0, 21.0, "higher", 0.10) == "near"
    assert status(0.140, 0.131, "lower", 0.10) == "near"


def test_the_edge_of_the_band_is_still_near() -> None:
    assert status(0.27, 0.30, "higher", 0.10) == "near"
    assert status(0.33, 0.30, "lower", 0.10) == "near"


def test_a_miss_beyond_the_band_is_not_met() -> None:
    assert status(89, 108, "higher", 0.10) == "not_met"
    assert status(6, 13, "higher", 0.10) == "not_met"


def test_the_band_is_a_share_of_the_target_not_percentage_points() -> None:
    assert status(0.61, 0.68, "higher", 0.10) == "not_met"
    assert status(0.62, 0.68, "higher", 0.10) == "near"


def test_without_a_band_there_is_no_near() -> None:
    assert status(0.2999, 0.30, "higher", 0.0) == "not_met"


def test_a_target_of_zero_has_no_band() -> None:
    assert status(0.0, 0.0, "lower") == "met"
    assert status(0.01, 0.0, "lower") == "not_met"


def test_equality_survives_binary_fractions() -> None:
    assert status(0.1 + 0.2, 0.3, "lower") == "met"
    assert status(1 - 0.9, 0.1, "higher") == "met"


def test_a_value_on_fewer_than_the_threshold_has_too_few() -> None:
    assert status(0.5, 0.4, "higher", n=4, threshold=5) == "too_few"
    assert status(0.5, 0.4, "higher", n=5, threshold=5) == "met"


def test_public_data_have_no_threshold() -> None:
    assert status(0.5, 0.4, "higher", n=1, threshold=0) == "met"


@pytest.mark.parametrize(("value", "target"), [(None, 0.5), (0.5, None), (None, None)])
def test_a_missing_side_is_not_measurable(value: float | None, target: float | None) -> None:
    assert status(value, target, "higher", n=3) == "not_measurable"


def test_an_indicator_without_a_better_direction_has_no_light() -> None:
    assert status(0.5, 0.4, "neither") == "not_measurable"
