"""Differences in means and shares: what they refuse, count, pair and say."""

import polars as pl
import pytest

from indsats.evaluate import (
    chi_squared,
    difference_in_means,
    difference_in_shares,
    mcnemar_test,
    newcombe_interval,
    newcombe_paired_interval,
    proportion_test,
    wilson_interval,
)


def groups(treated: list[float | None], untreated: list[float | None]) -> pl.DataFrame:
    flags = [True] * len(treated) + [False] * len(untreated)
    return pl.DataFrame({"treated": flags, "y": [*treated, *untreated]}, schema_overrides={"y": pl.Float64})


def test_means_and_estimate() -> None:
    effect = difference_in_means(groups([3, 5], [1, 2, 3]), "y")
    assert (effect.mean_treated, effect.mean_control, effect.estimate) == (4, 2, 2)
    assert effect.df == 3
    assert effect.interval.low < effect.estimate < effect.interval.high
    assert effect.events_treated is None
    assert "pooled" in effect.se_method


def test_missing_outcomes_are_counted_and_said() -> None:
    table = groups([3, 5, None, float("nan")], [1, 2, 3]).vstack(
        pl.DataFrame({"treated": [None], "y": [1.0]}, schema={"treated": pl.Boolean, "y": pl.Float64})
    )
    effect = difference_in_means(table, "y")
    assert effect.excluded == {"missing treated": 1, "missing y": 2}
    (said,) = effect.warnings
    assert (said.code, said.severity) == ("missing-values", "doubt")
    assert said.text.en == "3 of 8 rows are left out for want of a value (treated: 1, y: 2)."
    assert effect.n_treated == 2


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (groups([], [1, 2]), r"the treated group .* has 0 complete rows"),
        (groups([1, 2], [None]), r"the control group .* has 0 complete rows"),
        (groups([None], [None]).cast({"y": pl.Float64}), "no row has a value in all of treated, y"),
        (groups([2, 2], [2, 2]), "does not vary"),
        (groups([1], [2]), "at least three rows"),
        (groups([1, float("inf")], [2, 3]), "infinite"),
        (groups([1, 2], [2, 3]).with_columns(y=pl.lit("a")), "must be numbers"),
        (groups([1, 2], [2, 3]).with_columns(treated=pl.lit(2)), "must be true/false or 0/1"),
        (groups([1, 2], [2, 3]).drop("y"), "no column 'y'"),
    ],
)
def test_means_refuse_with_a_reason(table: pl.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        difference_in_means(table, "y")


def test_welch_needs_two_per_group() -> None:
    with pytest.raises(ValueError, match="two rows per group"):
        difference_in_means(groups([1], [2, 3]), "y", variance="welch")


def test_shares_carry_their_counts() -> None:
    effect = difference_in_shares(groups([1, 1, 0, 0], [1, 0, 0, 0, 0]), "y")
    assert (effect.events_treated, effect.events_control) == (2, 1)
    assert effect.estimate == pytest.approx(0.3)
    assert (effect.interval.low, effect.interval.high) == newcombe_interval(2, 4, 1, 5)
    assert effect.p == proportion_test(2, 4, 1, 5).p


@pytest.mark.parametrize(("value", "who"), [(0.0, "nobody"), (1.0, "everybody")])
def test_shares_without_any_variation_say_so(value: float, who: str) -> None:
    effect = difference_in_shares(groups([value] * 4, [value] * 5), "y")
    assert effect.estimate == 0
    assert effect.p == 1
    assert effect.interval.low < 0 < effect.interval.high
    assert effect.warnings[0].text.en.lower().startswith(who)


def test_all_events_in_one_group_have_an_interval() -> None:
    effect = difference_in_shares(groups([1.0] * 5, [0.0] * 5), "y")
    assert effect.estimate == 1
    assert 0 < effect.interval.low < effect.interval.high == 1


def test_shares_refuse_other_numbers() -> None:
    with pytest.raises(ValueError, match="must be true/false or 0/1"):
        difference_in_shares(groups([1, 2], [0, 1]), "y")


def paired(rows: list[tuple[object, bool, object]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["pair", "treated", "y"], orient="row", strict=False)


def test_pairs_are_read_whatever_the_row_order() -> None:
    """Three pairs: (yes, no), (yes, yes), (no, no); the treated share is 2/3, the untreated 1/3."""
    table = paired([(1, True, 1), (2, False, 1), (3, False, 0), (2, True, 1), (3, True, 0), (1, False, 0)])
    effect = difference_in_shares(table, "y", pair="pair")
    assert (effect.events_treated, effect.events_control) == (2, 1)
    assert (effect.interval.low, effect.interval.high) == newcombe_paired_interval(1, 1, 0, 1)
    assert effect.p == mcnemar_test(1, 0).p
    assert effect.se == pytest.approx((1 - 1 / 3) ** 0.5 / 3)


def test_pair_loses_both_when_one_has_no_outcome() -> None:
    rows = [(k, t, (k + t) % 2) for k in range(4) for t in (True, False)]
    rows[0] = (0, True, None)
    effect = difference_in_shares(paired(rows), "y", pair="pair")
    assert effect.n_treated == effect.n_control == 3
    assert effect.excluded == {"missing y": 1, "partner missing": 1}


def test_unmatched_rows_do_not_count() -> None:
    rows = [(k, t, float(k + t)) for k in range(4) for t in (True, False)]
    rows[1] = (0, False, 7.0)
    effect = difference_in_means(paired([*rows, (None, True, 9.0), (None, False, 1.0)]), "y", pair="pair")
    assert effect.n_treated == 4
    assert effect.excluded == {"missing pair": 2}


def test_concordant_pairs_have_no_test() -> None:
    table = paired([(k, t, k % 2) for k in range(6) for t in (True, False)])
    effect = difference_in_shares(table, "y", pair="pair")
    assert effect.p == 1
    assert [said.code for said in effect.warnings] == ["no-discordant-pairs"]


def test_several_controls_share_the_weight_of_a_pair() -> None:
    table = paired(
        [
            (1, True, 4.0),
            (1, False, 1.0),
            (1, False, 3.0),
            (2, True, 5.0),
            (2, False, 4.0),
            (3, True, 1.0),
            (3, False, 1.0),
        ]
    )
    effect = difference_in_means(table, "y", pair="pair")
    assert effect.estimate == pytest.approx((2 + 1 + 0) / 3)
    assert effect.se == pytest.approx(1 / 3**0.5)
    assert effect.n_control == 4


def test_reused_controls_are_counted_once() -> None:
    table = paired([(k, t, float(k * t)) for k in range(4) for t in (True, False)]).with_columns(
        person=pl.Series([1, 9, 2, 9, 3, 8, 4, 8]), y=pl.Series([1.0, 0, 1, 0, 0, 1, 1, 1])
    )
    effect = difference_in_shares(table, "y", pair="pair", person="person")
    assert effect.n_control == 2
    assert "2 different controls serve in 4 pairs" in effect.warnings[0].text.en
    assert "by person" in effect.se_method


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([(1, True, 1), (1, True, 0), (1, False, 0)], "more than one treated"),
        ([(1, True, 1), (2, False, 0)], "no pair .* has both"),
    ],
)
def test_pairs_refuse_with_a_reason(rows: list[tuple[object, bool, object]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        difference_in_shares(paired(rows), "y", pair="pair")


@pytest.mark.parametrize("counts", [(0, 0, 1, 2), (3, 2, 1, 2), (-1, 2, 1, 2)])
def test_impossible_proportions_are_refused(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="proportion needs"):
        proportion_test(*counts)


@pytest.mark.parametrize(("counts", "who"), [((0, 5, 0, 6), "nobody"), ((5, 5, 6, 6), "everybody")])
def test_nothing_to_test_is_refused(counts: tuple[int, int, int, int], who: str) -> None:
    with pytest.raises(ValueError, match=who):
        proportion_test(*counts)


def test_empty_rows_and_columns_leave_chi_squared() -> None:
    assert chi_squared([[5, 0, 7], [9, 0, 2], [0, 0, 0]]) == chi_squared([[5, 7], [9, 2]])


@pytest.mark.parametrize("table", [[[1, 2]], [[0, 0], [1, 2]], [[1, -2], [3, 4]], [1, 2, 3]])
def test_chi_squared_refuses_what_is_no_table(table: list[object]) -> None:
    with pytest.raises(ValueError, match="χ² test needs"):
        chi_squared(table)  # type: ignore[arg-type]


def test_wilson_touches_the_ends() -> None:
    assert wilson_interval(0, 7).low == 0
    assert wilson_interval(7, 7).high == 1
