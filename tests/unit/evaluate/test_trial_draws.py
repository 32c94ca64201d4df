"""The effect of being drawn, of the treatment among compliers, and what chance makes of a draw."""

from math import sqrt

import numpy as np
import polars as pl
import pytest

from indsats.evaluate import cace, difference_in_means, itt, permutation_test, randomisation_balance


def trial(drawn: list[object], y: list[object], **more: list[object]) -> pl.DataFrame:
    return pl.DataFrame({"drawn": drawn, "y": y, **more}, strict=False)


BLOCKS = trial(
    [1, 1, 0, 0, 1, 1, 1, 0, 0, 0],
    [4.0, 6.0, 1.0, 3.0, 2.0, 4.0, 6.0, 1.0, 2.0, 6.0],
    block=["a"] * 4 + ["b"] * 6,
    office=["o1", "o2", "o3", "o4", "o1", "o2", "o5", "o3", "o4", "o6"],
)
"""Block a: means 5 and 2, variances 2 and 2. Block b: means 4 and 3, variances 4 and 7."""


def test_blocks_weigh_by_their_size() -> None:
    effect = itt(BLOCKS, "y", "drawn", strata="block")
    assert effect.estimate == pytest.approx(0.4 * 3 + 0.6 * 1)
    assert effect.se == pytest.approx(sqrt(0.16 * (2 / 2 + 2 / 2) + 0.36 * (4 / 3 + 7 / 3)))
    assert effect.df == 10 - 4
    assert effect.estimand == "ITT"
    assert effect.diagnostics["strata"] == 2


def test_without_strata_it_is_welch() -> None:
    welch = difference_in_means(BLOCKS, "y", "drawn", variance="welch")
    effect = itt(BLOCKS, "y", "drawn")
    assert (effect.estimate, effect.se, effect.df) == pytest.approx((welch.estimate, welch.se, welch.df))
    assert (effect.mean_treated, effect.n_control, effect.events_treated) == (4.4, 5, None)


def test_clusters_of_one_are_people() -> None:
    table = BLOCKS.with_row_index("person")
    one, two = itt(table, "y", "drawn", cluster="person"), itt(table, "y", "drawn")
    assert (one.estimate, one.se, one.n_clusters) == pytest.approx((two.estimate, two.se, 10))
    assert [said.code for said in one.warnings] == ["few-clusters"]


def test_pandas_and_any_row_order_give_the_same() -> None:
    options = {"strata": "block", "cluster": "office"}
    whole = itt(BLOCKS, "y", "drawn", **options)  # type: ignore[arg-type]
    for other in (BLOCKS.to_pandas(), BLOCKS.sample(fraction=1, shuffle=True, seed=1)):
        found = itt(other, "y", "drawn", **options)  # type: ignore[arg-type]
        assert (found.estimate, found.se, found.df) == pytest.approx((whole.estimate, whole.se, whole.df))


def test_losses_are_counted_by_group() -> None:
    table = trial([1, 1, 1, 0, 0, 0, None], [1.0, 2.0, None, 3.0, None, 5.0, 1.0])
    effect = itt(table, "y", "drawn")
    assert effect.excluded == {"missing drawn": 1, "missing y": 2}
    assert (effect.diagnostics["missing_treated"], effect.diagnostics["missing_control"]) == (1, 1)
    assert effect.warnings[0].code == "missing-values"


def test_a_block_with_one_group_left_is_left_out_and_said() -> None:
    more = trial([1, 1], [9.0, 8.0], block=["c", "c"], office=["o7", "o8"])
    effect = itt(pl.concat([BLOCKS, more], how="vertical_relaxed"), "y", "drawn", strata="block")
    assert effect.estimate == pytest.approx(itt(BLOCKS, "y", "drawn", strata="block").estimate)
    assert effect.excluded == {"stratum with one group only": 2}
    assert [said.code for said in effect.warnings] == ["stratum-without-comparison"]


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        (trial([1, 1], [1, 2]), {}, "control group .* has 0"),
        (trial([1, 1, 0, 0], [1, 1, 1, 1]), {}, "same value in every row"),
        (trial([1, 1, 0, 0], [1, 1, 0, 0]), {}, "does not vary within the groups"),
        (trial([1, 0, 0], [1, 2, 3]), {}, "those drawn are a single row"),
        (trial([1, 0, 1, 0], [1, 2, 3, 4], b=[1, 1, 2, 2]), {"strata": "b"}, "stratum '1' .* single row"),
        (trial([1, 1, 0, 0], [1, 2, 3, 4], b=[1, 1, 2, 2]), {"strata": "b"}, "no stratum"),
        (trial([1, 1, 0, 0], [1, 2, 3, 4], b=[1, 1, 2, 3]), {"cluster": "b"}, "single cluster"),
        (trial([1, 1, 0, 0] * 3, range(12), c=[2] * 12), {"covariates": ["c"]}, "'c' has the same value"),
        (trial([1, 1, 0, 0], [1, 2, 3, float("inf")]), {}, "infinite"),
        (trial([1, 1, 0, 0], [1, 2, 3, 4]), {"covariates": ["age"]}, "no column 'age'"),
        (trial([], []), {}, "no row has a value"),
    ],
)
def test_itt_refuses_with_a_reason(table: pl.DataFrame, options: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        itt(table, "y", "drawn", **options)  # type: ignore[arg-type]


def test_a_level_with_a_single_person_is_refused() -> None:
    table = trial([1, 1, 1, 0, 0, 0, 0], [1, 2, 4, 3, 5, 6, 8], sex=["k", "k", "x", "k", "k", "x", "x"])
    with pytest.raises(ValueError, match="single row alone decides"):
        itt(table, "y", "drawn", covariates=["sex"])


def test_perfect_compliance_gives_the_effect_of_being_drawn() -> None:
    effect = cace(BLOCKS.with_columns(got=pl.col("drawn")), "y", "drawn", "got", strata="block")
    plain = itt(BLOCKS, "y", "drawn", strata="block")
    assert (effect.estimate, effect.se) == pytest.approx((plain.estimate, plain.se))
    assert effect.diagnostics["first_stage_f"] is None
    assert effect.diagnostics["compliers"] == pytest.approx(1)
    assert (effect.interval.low, effect.interval.high) == pytest.approx(
        (effect.diagnostics["anderson_rubin_lower"], effect.diagnostics["anderson_rubin_upper"])
    )


def test_the_ratio_and_one_sided_compliance() -> None:
    table = trial([1] * 4 + [0] * 4, [4, 6, 2, 4, 1, 3, 2, 2], got=[1, 1, 0, 0, 0, 0, 0, 0])
    effect = cace(table, "y", "drawn", "got")
    assert effect.estimate == pytest.approx((4 - 2) / 0.5)
    assert effect.diagnostics["one_sided"] is True
    assert (effect.diagnostics["received_treated"], effect.diagnostics["received_control"]) == (0.5, 0)


def test_a_weak_draw_is_said_and_its_interval_has_no_end() -> None:
    rng = np.random.default_rng(4)
    table = trial([1, 0] * 40, rng.normal(size=80).tolist(), got=[1, 1, 0, 0] * 19 + [1, 0] * 2)
    effect = cace(table, "y", "drawn", "got")
    assert effect.diagnostics["first_stage_f"] < 5  # type: ignore[operator]
    assert effect.diagnostics["anderson_rubin_lower"] is None
    assert [(said.code, said.severity) for said in effect.warnings] == [("weak-instrument", "grave")]


@pytest.mark.parametrize(
    ("got", "message"),
    [
        ([0, 0, 1, 1], "not receive the treatment .* more often"),
        ([1, 1, 1, 1], "everybody received"),
        ([0, 0, 0, 0], "nobody received"),
        ([2, 0, 0, 1], "must be true/false or 0/1"),
    ],
)
def test_cace_refuses_with_a_reason(got: list[object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        cace(trial([1, 1, 0, 0], [1, 2, 3, 5], got=got), "y", "drawn", "got")


def test_balance_by_hand_for_one_characteristic() -> None:
    """Ages 1, 2 drawn and 3, 6 not: sum of deviations 3 − 6, variance 2·2/4 · 14/3."""
    table = trial([1, 1, 0, 0], [0, 0, 0, 0], age=[1, 2, 3, 6])
    found = randomisation_balance(table, "drawn", ["age"])
    row = found.table.row(0, named=True)
    assert row["z"] == pytest.approx(-3 / sqrt(14 / 3))
    assert row["difference"] == pytest.approx(1.5 - 4.5)
    assert (found.statistic, found.df, found.p) == pytest.approx((row["z"] ** 2, 1, row["p"]))
    assert [said.code for said in found.warnings] == ["few-rows"]


def test_balance_shows_all_levels_and_counts_them_once() -> None:
    table = BLOCKS.with_columns(flat=pl.lit(3))
    found = randomisation_balance(table, "drawn", ["block", "y", "flat"])
    assert found.table["level"].to_list() == ["a", "b", None, None]
    assert found.df == 2
    assert found.table["p"].to_list()[3] is None
    assert found.table["difference"].to_list()[:2] == pytest.approx([0, 0])


def test_balance_within_strata_removes_what_strata_explain() -> None:
    table = trial([1, 1, 0, 1, 0, 0], [0] * 6, block=[1, 1, 1, 2, 2, 2], x=[5, 5, 5, 1, 1, 2])
    found = randomisation_balance(table, "drawn", ["x"], strata="block")
    assert found.table["difference"][0] == pytest.approx((2 / 3 * -0.5) / (4 / 3))


@pytest.mark.parametrize(
    ("covariates", "options", "message"),
    [([], {}, "at least one"), (["flat"], {}, "none of flat varies"), (["y"], {"strata": "y"}, "no stratum")],
)
def test_balance_refuses_with_a_reason(covariates: list[str], options: dict[str, str], message: str) -> None:
    table = trial([1, 1, 0, 0], [1, 2, 3, 4], flat=[1, 1, 1, 1])
    with pytest.raises(ValueError, match=message):
        randomisation_balance(table, "drawn", covariates, **options)


def test_all_arrangements_of_a_small_draw() -> None:
    """Of the 20 ways to draw three of 1…6, only 4, 5, 6 and 1, 2, 3 differ as much."""
    found = permutation_test(trial([0, 0, 0, 1, 1, 1], [1, 2, 3, 4, 5, 6]), "y", "drawn")
    assert (found.difference, found.p, found.exact, found.arrangements) == (3, 0.1, True, 20)


def test_arrangements_stay_within_strata() -> None:
    table = trial([0, 1, 0, 1], [1, 2, 10, 30], block=["a", "a", "b", "b"])
    found = permutation_test(table, "y", "drawn", strata="block")
    assert (found.difference, found.p, found.arrangements) == (0.5 * 1 + 0.5 * 20, 0.5, 4)


def test_permutations_depend_on_seed_and_not_on_row_order() -> None:
    rng = np.random.default_rng(3)
    table = trial((rng.random(80) < 0.5).tolist(), rng.normal(size=80).round(1).tolist())
    once = permutation_test(table, "y", "drawn", repetitions=499)
    assert not once.exact
    assert permutation_test(table.reverse(), "y", "drawn", repetitions=499).p == once.p
    assert 1 / 500 <= once.p <= 1


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        (trial([1, 0, 0], [2, 2, 2]), {}, "does not vary"),
        (trial([1, 0, 0], [1, 2, 3]), {"repetitions": 0}, "at least one repetition"),
        (trial([1, 0], [1, 2], b=["a", "b"]), {"strata": "b"}, "no stratum"),
    ],
)
def test_permutation_refuses_with_a_reason(
    table: pl.DataFrame, options: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        permutation_test(table, "y", "drawn", **options)  # type: ignore[arg-type]
