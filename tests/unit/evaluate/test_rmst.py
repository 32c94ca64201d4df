"""Restricted mean time: areas by hand, which horizons are possible, and what has no error."""

from math import sqrt

import polars as pl
import pytest

from indsats.evaluate import restricted_mean, restricted_mean_difference

WAITS = pl.DataFrame(
    {
        "t": [2, 4, 6, 8, 1, 3, 5, 10],
        "e": [1, 1, 1, 0, 1, 1, 0, 0],
        "treated": [1, 1, 1, 1, 0, 0, 0, 0],
    }
)


def test_by_hand() -> None:
    """Treated: S is 1, 3/4, 1/2, 1/4 from weeks 0, 2, 4, 6; the area to 8 is 2 + 1.5 + 1 + 0.5."""
    table = restricted_mean(WAITS, "t", "e", "treated", horizon=8)
    assert table.columns == ["group", "horizon", "n", "events", "mean", "se", "lower", "upper"]
    control, treated = table.rows(named=True)
    assert treated["mean"] == pytest.approx(5)
    variance = 3**2 / (4 * 3) + 1.5**2 / (3 * 2) + 0.5**2 / (2 * 1)
    assert treated["se"] == pytest.approx(sqrt(variance))
    assert treated["upper"] - treated["mean"] == pytest.approx(1.959964 * sqrt(variance))
    assert (treated["n"], treated["events"], treated["horizon"]) == (4, 3, 8)
    assert control["mean"] == pytest.approx(1 + 2 * 0.75 + 5 * 0.5)


def test_difference_is_that_of_the_two_means() -> None:
    control, treated = restricted_mean(WAITS, "t", "e", "treated", horizon=8).rows(named=True)
    effect = restricted_mean_difference(WAITS, "t", "e", "treated", horizon=8)
    assert effect.estimate == pytest.approx(treated["mean"] - control["mean"])
    assert effect.se == pytest.approx(sqrt(treated["se"] ** 2 + control["se"] ** 2))
    assert (effect.mean_treated, effect.mean_control) == (treated["mean"], control["mean"])
    assert (effect.n_treated, effect.n_control, effect.events_treated, effect.events_control) == (4, 4, 3, 2)
    assert effect.diagnostics == {"horizon": 8.0}
    assert effect.outcome == "t"


def test_swapped_groups_swap_the_sign() -> None:
    effect = restricted_mean_difference(WAITS, "t", "e", "treated", horizon=7)
    swapped = restricted_mean_difference(
        WAITS.with_columns(treated=1 - pl.col("treated")), "t", "e", "treated", horizon=7
    )
    assert swapped.estimate == -effect.estimate
    assert swapped.p == effect.p


def test_horizon_between_two_weeks() -> None:
    table = restricted_mean(WAITS.filter(pl.col("treated") == 1), "t", "e", horizon=3)
    assert table.columns[0] == "horizon"
    assert table["mean"].to_list() == [2 + 0.75]


def test_horizon_beyond_what_is_known_names_the_longest_possible() -> None:
    with pytest.raises(ValueError, match=r"horizon 9 .* shortest group .*'treated'.* at most 8"):
        restricted_mean_difference(WAITS, "t", "e", "treated", horizon=9)
    with pytest.raises(ValueError, match="at most 10"):
        restricted_mean(WAITS, "t", "e", horizon=11)
    assert restricted_mean(WAITS, "t", "e", horizon=10).height == 1


def test_a_group_that_all_left_is_known_for_ever() -> None:
    table = restricted_mean(pl.DataFrame({"t": [1, 3], "e": [True, True]}), "t", "e", horizon=52)
    assert table["mean"].to_list() == [2]


def test_no_error_where_nobody_or_everybody_leaves_at_once() -> None:
    table = pl.DataFrame({"t": [9, 9, 4, 4], "e": [0, 0, 1, 1], "g": ["a", "a", "b", "b"]})
    read = restricted_mean(table, "t", "e", "g", horizon=8)
    assert read["mean"].to_list() == [8, 4]
    assert read["se"].null_count() == read["lower"].null_count() == read["upper"].null_count() == 2
    with pytest.raises(ValueError, match="do not vary"):
        restricted_mean_difference(table.with_columns(g=pl.col("g") == "a"), "t", "e", "g", horizon=8)


def test_rows_left_out_are_counted_and_warned_of_and_pandas_is_read() -> None:
    table = pl.concat([WAITS, WAITS.head(1).with_columns(t=pl.lit(None, pl.Int64))])
    effect = restricted_mean_difference(table.to_pandas(), "t", "e", "treated", horizon=8)
    assert effect.excluded == {"missing t": 1}
    assert [caution.code for caution in effect.warnings] == ["missing-values"]
    assert effect.estimate == restricted_mean_difference(WAITS, "t", "e", "treated", horizon=8).estimate


@pytest.mark.parametrize(
    ("changed", "horizon", "message"),
    [
        ({}, 0, "above 0"),
        ({}, float("nan"), "above 0"),
        ({"treated": pl.lit(1)}, 5, "control group"),
        ({"treated": pl.col("t")}, 5, "true/false or 0/1"),
        ({"t": -pl.col("t")}, 5, "negative times"),
        ({"e": pl.col("t")}, 5, "true/false or 0/1"),
    ],
)
def test_refusals(changed: dict[str, pl.Expr], horizon: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        restricted_mean_difference(WAITS.with_columns(**changed), "t", "e", "treated", horizon=horizon)
