"""Waiting times: edges of the curve, reading it off, medians and refusals."""

import polars as pl
import pytest

from indsats.evaluate import at_risk_table, kaplan_meier, logrank, median_time, missing_rows, survival_at

CURVE = ["time", "at_risk", "events", "censored", "hazard", "survival", "se", "lower", "upper"]


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
    assert curve["hazard"].to_list() == pytest.approx([0, 1 / 5, 1 / 3, 1 / 2, 0])
    assert curve.columns == CURVE


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


def test_only_a_curve_by_group_has_a_group_column() -> None:
    table = waits([1, 2, 6], [True, True, False], ["b", "b", "a"])
    alone, apart = kaplan_meier(table, "t", "e"), kaplan_meier(table, "t", "e", "g")
    assert apart.columns == ["group", *CURVE]
    assert survival_at(alone, 1).columns == ["time", "at_risk", "survival", "se", "lower", "upper"]
    assert survival_at(apart, 1)["group"].to_list() == ["a", "b"]
    assert at_risk_table(alone, [0, 2]).to_dicts() == [{"0": 3, "2": 2}]
    assert median_time(alone).columns == ["median", "lower", "upper"]
    assert median_time(apart).select("group", "median").rows() == [("a", None), ("b", 1.5)]


def test_pandas_is_read_as_polars_is() -> None:
    table = waits([1, 2, 6, 3], [True, True, False, True], ["b", "b", "a", "a"])
    for call in (kaplan_meier, lambda *asked: logrank(*asked).groups):
        assert call(table, "t", "e", "g").equals(call(table.to_pandas(), "t", "e", "g"))


def test_people_are_at_risk_after_their_entry_only() -> None:
    """Seen from 0 to an event at 3, from 2 to an event at 3, from 3 to an event at 5, from 0 to 1 (censored)."""
    table = waits([3, 3, 5, 1], [True, True, True, False]).with_columns(start=pl.Series([0, 2, 3, 0]))
    curve = kaplan_meier(table, "t", "e", entry="start")
    assert curve["time"].to_list() == [0, 1, 2, 3, 5]
    assert curve["at_risk"].to_list() == [2, 2, 1, 2, 1]
    assert curve["events"].to_list() == [0, 0, 0, 2, 1]
    assert curve["survival"].to_list() == [1, 1, 1, 0, 0]
    assert survival_at(curve, [2.5, 3.5, 6])["at_risk"].to_list() == [2, 1, 0]


def test_exit_rate_is_null_while_nobody_is_under_observation() -> None:
    table = waits([1, 9], [False, True]).with_columns(start=pl.Series([0, 5]))
    curve = kaplan_meier(table, "t", "e", entry="start")
    assert curve["time"].to_list() == [0, 1, 5, 9]
    assert curve["at_risk"].to_list() == [1, 1, 0, 1]
    assert curve["hazard"].to_list() == [0, 0, None, 1]


def test_entry_at_zero_for_all_is_no_entry() -> None:
    table = waits([0, 1, 2, 4, 4], [True, False, True, True, False]).with_columns(start=pl.lit(0))
    assert kaplan_meier(table, "t", "e", entry="start").equals(kaplan_meier(table, "t", "e"))


def test_weights_count_as_so_many_people_and_zero_as_none() -> None:
    table = waits([1, 2, 3, 9], [True, False, True, True]).with_columns(w=pl.Series([0.5, 2.0, 1.5, 0.0]))
    curve = kaplan_meier(table, "t", "e", weights="w")
    assert curve["time"].to_list() == [0, 1, 2, 3]
    assert curve["at_risk"].to_list() == [4, 4, 3.5, 1.5]
    assert curve["events"].to_list() == [0, 0.5, 0, 1.5]
    assert curve["survival"].to_list() == pytest.approx([1, 3.5 / 4, 3.5 / 4, 0])


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
        (waits([1, float("inf")], [True, True]), "infinite"),
        (waits([None, 2.0], [True, None]), "no row has a value"),
        (waits([1], [True]).clear(), "no row has a value"),
    ],
)
def test_curve_refusals(table: pl.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        kaplan_meier(table, "t", "e")


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"entry": "same"}, "at or after 't'"),
        ({"entry": "below"}, "negative"),
        ({"weights": "below"}, "must not be negative"),
        ({"weights": "none"}, "nor all be 0"),
        ({"weights": "absent"}, "no column 'absent'"),
    ],
)
def test_refusals_of_entry_and_weights(columns: dict[str, str], message: str) -> None:
    table = waits([1, 2], [True, True]).with_columns(same=pl.col("t"), below=-pl.col("t"), none=pl.lit(0.0))
    with pytest.raises(ValueError, match=message):
        kaplan_meier(table, "t", "e", **columns)


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


def test_logrank_counts_and_warns_of_rows_left_out() -> None:
    table = waits([1, 2, None, 4], [True, True, True, True], ["a", "a", "b", "b"])
    test = logrank(table, "t", "e", "g")
    assert test.excluded == {"missing t": 1}
    assert [caution.code for caution in test.warnings] == ["missing-values"]
    assert test.groups["n"].to_list() == [2, 1]


def test_logrank_within_strata_by_hand() -> None:
    """Two strata of two people: an event before the other leaves expects one half in each group."""
    table = waits([1, 2, 7, 9], [True, False, True, False], ["a", "b", "a", "b"]).with_columns(
        s=pl.Series(["x", "x", "y", "y"])
    )
    test = logrank(table, "t", "e", "g", strata="s")
    assert test.groups["expected"].to_list() == [1, 1]
    assert test.groups["observed"].to_list() == [2, 0]
    assert test.statistic == pytest.approx((2 - 1) ** 2 / (2 * 0.25))


def test_strata_that_hold_one_group_each_cannot_be_compared() -> None:
    table = waits([1, 2, 3, 4], [True] * 4, ["a", "a", "b", "b"]).with_columns(s=pl.col("g"))
    with pytest.raises(ValueError, match="while two groups are at risk"):
        logrank(table, "t", "e", "g", strata="s")
