"""Waiting times: edges of the curve, reading it off, medians and refusals."""

import polars as pl
import pytest

from indsats.evaluate import at_risk_table, kaplan_meier, logrank, median_time, missing_rows, survival_at


def waits(
    times: list[float | None], events: list[bool | None], group: list[object] | None = None
) -> pl.DataFrame:
    return pl.DataFrame({"t": times, "e": events, "g": group or ["a"] * len(times)}, strict=False)


def test_by_hand() -> None:
    """Five people: event at 1, censored at 1, events at 2 and 3, censored at 4."""
    curve = kaplan_meier(waits([1, 1, 2, 3, 4], [True, False, True, True, False]), "t", "e")
    assert curve["time"].to_list() == [0, 1, 2, 3, 4]
    assert curve["at_risk"].to_list() == [5, 5, 3, 2, 1]
    assert curve["events"].to_list() == [0, 1, 1, 1, 0]
    assert curve["censored"].to_list() == [0, 1, 0, 0, 1]
    assert curve["survival"].to_list() == pytest.approx([1, 0.8, 0.8 * 2 / 3, 0.8 / 3, 0.8 / 3])
    assert curve["se"][1] == pytest.approx(0.8 * (1 / 20) ** 0.5)
    assert curve["lower"][0] == curve["upper"][0] == 1
    assert curve["group"].null_count() == curve.height


def test_curve_that_reaches_zero_has_no_bounds_there() -> None:
    curve = kaplan_meier(waits([1, 2], [True, True]), "t", "e")
    assert curve["survival"].to_list() == [1, 0.5, 0]
    assert curve["lower"][2] is None
    assert curve["se"][2] is None


def test_nobody_has_the_event() -> None:
    curve = kaplan_meier(waits([3, 5], [False, False]), "t", "e")
    assert curve["survival"].to_list() == [1, 1, 1]
    assert curve["lower"].to_list() == curve["upper"].to_list() == [1, 1, 1]
    assert median_time(curve)["median"].to_list() == [None]


def test_reading_between_and_past_the_steps() -> None:
    curve = kaplan_meier(waits([1, 2, 4], [True, True, False]), "t", "e")
    read = survival_at(curve, [0, 1.5, 2, 3, 4, 5])
    assert read["survival"].to_list() == pytest.approx([1, 2 / 3, 1 / 3, 1 / 3, 1 / 3, None])
    assert read["at_risk"].to_list() == [3, 2, 2, 1, 1, 0]
    assert survival_at(curve, 2)["survival"].to_list() == pytest.approx([1 / 3])
    with pytest.raises(ValueError, match="zero or more"):
        survival_at(curve, -1)


def test_at_risk_columns() -> None:
    curve = kaplan_meier(waits([1, 2, 4, 9], [True, True, False, True], ["a", "a", "b", "b"]), "t", "e", "g")
    assert at_risk_table(curve, [0, 2, 26]).to_dicts() == [
        {"group": "a", "0": 2, "2": 1, "26": 0},
        {"group": "b", "0": 2, "2": 2, "26": 0},
    ]


def test_median_midway_when_exactly_half_remain() -> None:
    curve = kaplan_meier(waits([1, 2, 6, 8], [True, True, True, True]), "t", "e")
    assert median_time(curve)["median"].to_list() == [4]


@pytest.mark.parametrize("group", [[True, True, False], [2, 2, 1], ["b", "b", "a"]])
def test_groups_keep_type_and_order(group: list[object]) -> None:
    curve = kaplan_meier(waits([1, 2, 3], [True, True, False], group), "t", "e", "g")
    assert curve["group"].unique(maintain_order=True).to_list() == [group[2], group[0]]


def test_missing_rows_are_counted() -> None:
    table = waits([1, None, 3, 4], [True, True, None, False])
    assert missing_rows(table, ["t", "e"]) == {"missing t": 1, "missing e": 1}
    assert kaplan_meier(table, "t", "e")["at_risk"][0] == 2


def test_event_in_the_week_of_start_counts() -> None:
    curve = kaplan_meier(waits([0, 1], [True, False]), "t", "e")
    assert curve["survival"].to_list() == [0.5, 0.5]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (waits([-1, 2], [True, True]), "negative times"),
        (waits([1, 2], [True, True]).with_columns(e=pl.lit(3)), "true/false or 0/1"),
        (waits([None, 2.0], [True, None]), "no row has a value"),
    ],
)
def test_curve_refusals(table: pl.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        kaplan_meier(table, "t", "e")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (waits([1, 2], [True, True]), "at least two groups"),
        (waits([1, 2], [False, False], ["a", "b"]), "at least one event"),
        (waits([1, 2], [False, True], ["a", "b"]), "while two groups are at risk"),
    ],
)
def test_logrank_refusals(table: pl.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        logrank(table, "t", "e", "g")


def test_all_events_in_one_group_can_be_tested() -> None:
    test = logrank(waits([1, 2, 3, 4], [True, True, False, False], ["a", "a", "b", "b"]), "t", "e", "g")
    assert test.groups["observed"].to_list() == [2, 0]
    assert test.df == 1
    assert 0 < test.p < 0.2
