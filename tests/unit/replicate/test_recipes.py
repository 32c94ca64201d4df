"""Each recipe alone: values worked out by hand, what it refuses, and what must hold whatever the numbers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from indsats.replicate.compare import Value, compare
from indsats.replicate.printed import PrintedFigure
from indsats.replicate.recipes import recompute

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False)
RATIOS = st.floats(0.2, 5).filter(lambda ratio: abs(ratio - 1) > 0.01)


def figure(make: dict[str, Any], printed: float | str = 0, decimals: int = 0, **more: Any) -> PrintedFigure:
    text = {"da": "tal", "en": "figure"}
    entry = {"id": "x", "what": text, "line": "L1", "printed": printed, "decimals": decimals, "inputs": "L1"}
    return PrintedFigure.model_validate(entry | {"make": make} | more)


def made(recipe: str, **make: Any) -> Value:
    return recompute(figure({"recipe": recipe} | make))


def number(recipe: str, **make: Any) -> float:
    value = made(recipe, **make)
    assert isinstance(value, float)
    return value


@pytest.mark.parametrize(
    ("recipe", "make", "expected"),
    [
        ("mean", {"values": [10, 20, 60]}, 30),
        ("mean", {"values": [10, 20], "weights": [3, 1]}, 12.5),
        ("change", {"before": 1, "after": 3}, 200),
        ("change", {"before": 52, "after": 47}, -9.615384615),
        ("direction", {"first": 2, "second": 1}, "higher"),
        ("direction", {"first": {"numerator": [1], "denominator": [3]}, "second": 0.5}, "lower"),
        ("direction", {"first": {"numerator": [2, 1], "denominator": [4, 2]}, "second": 0.5}, "same"),
        ("rank", {"value": 34, "others": [42, 24], "first": "highest"}, 2),
        ("rank", {"value": 57, "others": [83, 85, 13, 57], "first": "lowest"}, 2),
        ("beyond", {"values": [69, 70, 71, 72], "limit": 70, "side": "above"}, 2),
        ("beyond", {"values": [1, 5, 5], "limit": [2, 4, 5], "side": "below"}, 1),
        ("listed", {"items": ["a", "b", "a"]}, 2),
        ("length", {"period": "2017-08-01/2018-03-31", "unit": "months"}, 8),
        ("length", {"period": "2016-02-29/2016-02-29", "unit": "months"}, 1),
        ("length", {"period": "2017-05-01/2017-05-14", "unit": "weeks"}, 2),
        ("significance", {"p": 0.049, "level": 0.05}, "significant"),
        ("significance", {"p": 0.05, "level": 0.05}, "not_significant"),
        ("hazard", {"share": 36, "ratio": 0.5}, -16),
        ("hazard", {"share": 20, "ratio": 2}, 16),
    ],
)
def test_a_value_worked_out_by_hand(recipe: str, make: dict[str, Any], expected: float | str) -> None:
    value = made(recipe, **make)
    assert value == (expected if isinstance(expected, str) else pytest.approx(expected, abs=1e-9))


def test_nothing_is_divided_by_zero() -> None:
    assert made("change", before=0, after=3) is None
    assert made("direction", first={"numerator": [1], "denominator": [0]}, second=1) is None


def test_pooling_by_hand() -> None:
    # 2 with p 0.0455 is two standard errors from 1, so is 4 with the same p: log 2 / 2 and log 4 / 2.
    two, p = 2.0, 0.0455002638963584
    pooled = number("pooled", estimates=[[two, p], [two**2, p]], part="ratio")
    assert pooled == pytest.approx(two ** (6 / 5), abs=1e-6)


@pytest.mark.parametrize(
    ("printed", "decimals", "make", "expected"),
    [
        (50, 0, {"of": 76}, 38),
        (10, 0, {"of": 76}, None),  # 7 gives 9, 8 gives 11
        (63, 0, {"of": 126}, None),  # 79 and 80 both fit
        (3.4, 1, {"of": 5, "highest": 4}, 17),
        (4.0, 1, {"of": 5, "highest": 4}, 20),
        (3.5, 1, {"of": 5, "highest": 4}, None),
        (0.8, 1, {"of": 5, "highest": 4}, None),  # below the lowest answer
    ],
)
def test_attainable_gives_the_one_number_that_fits(
    printed: float, decimals: int, make: dict[str, Any], expected: float | None
) -> None:
    assert recompute(figure({"recipe": "attainable"} | make, printed, decimals)) == expected


@pytest.mark.parametrize(
    "make",
    [
        {"recipe": "rank", "value": 57, "others": [13], "first": "lowest"},
        {"recipe": "beyond", "values": [2, 3], "limit": 1, "side": "above"},
        {"recipe": "listed", "items": ["a", "b"]},
    ],
)
def test_what_is_counted_out_is_never_off_by_one(make: dict[str, Any]) -> None:
    one_less = figure(make, 1)
    assert compare(one_less, recompute(one_less)) == "differs"


def test_an_exact_figure_is_equal_or_differs() -> None:
    restated = {"recipe": "restated", "value": 9}
    assert compare(figure(restated, 8), 9.0) == "equal_within_rounding"
    assert compare(figure(restated, 8, exact=True), 9.0) == "differs"
    assert compare(figure(restated, 9, exact=True), 9.0) == "equal"


@pytest.mark.parametrize(
    "make",
    [
        {"recipe": "mean", "values": [1, 2], "weights": [1]},
        {"recipe": "beyond", "values": [1, 2], "limit": [1], "side": "above"},
        {"recipe": "pooled", "estimates": [[1.2, 0.5]], "part": "p"},
        {"recipe": "pooled", "estimates": [[1.2, 0.5], [1.0, 0.9]], "part": "p"},
        {"recipe": "length", "period": "2018-01-31/2017-08-01", "unit": "months"},
    ],
)
def test_what_cannot_be_computed_is_refused(make: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        figure(make)


@given(st.lists(st.tuples(NUMBERS, st.floats(0.1, 1e3)), min_size=1, max_size=8), st.floats(0.1, 100))
def test_a_mean_lies_between_its_values_and_only_relative_weights_count(
    parts: list[tuple[float, float]], factor: float
) -> None:
    values, weights = [value for value, _ in parts], [weight for _, weight in parts]
    mean = number("mean", values=values, weights=weights)
    assert min(values) - 1e-6 <= mean <= max(values) + 1e-6
    scaled = number("mean", values=values, weights=[weight * factor for weight in weights])
    assert scaled == pytest.approx(mean, rel=1e-9, abs=1e-6)


@given(st.lists(NUMBERS, min_size=2, max_size=8, unique=True))
def test_ranks_number_the_values(values: list[float]) -> None:
    places = [
        made("rank", value=value, others=values[:at] + values[at + 1 :], first="highest")
        for at, value in enumerate(values)
    ]
    assert sorted(places, key=float) == list(range(1, len(values) + 1))
    assert places.index(1) == values.index(max(values))


@given(NUMBERS, NUMBERS)
def test_a_direction_turns_with_its_numbers(first: float, second: float) -> None:
    turned = {"higher": "lower", "lower": "higher", "same": "same"}
    assert (
        made("direction", first=second, second=first)
        == turned[str(made("direction", first=first, second=second))]
    )


@given(RATIOS, st.floats(0.001, 0.9))
def test_pooling_an_estimate_with_itself_keeps_it_and_makes_it_surer(ratio: float, p: float) -> None:
    twice = [[ratio, p], [ratio, p]]
    assert number("pooled", estimates=twice, part="ratio") == pytest.approx(ratio)
    assert number("pooled", estimates=twice, part="p") < p


@given(st.floats(1, 99), st.floats(0.1, 10))
def test_a_hazard_above_one_brings_more_and_never_more_than_all(share: float, ratio: float) -> None:
    more = number("hazard", share=share, ratio=ratio)
    assert (more > 0) == (ratio > 1) or more == pytest.approx(0, abs=1e-9)
    assert -share < more < 100 - share + 1e-9
