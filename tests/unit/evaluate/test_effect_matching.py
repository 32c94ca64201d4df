"""Matching and balance: choices, ties, losses, weights and refusals."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from indsats.evaluate import (
    Match,
    balance,
    difference_in_means,
    difference_in_shares,
    effective_size,
    nearest,
)
from indsats.evaluate import match as full_match


def match(df: pl.DataFrame, covariates: list[str], **options: Any) -> Match:
    """With the treatment column all tables here have."""
    return full_match(df, options.pop("treatment", "treated"), covariates, **options)


def pairs(score: list[float], treated: list[int], **options: object) -> list[tuple[int, int]]:
    found = nearest(np.array(score, dtype=float), np.array(treated) == 1, **options)  # type: ignore[arg-type]
    return list(zip(found.treated.tolist(), found.control.tolist(), strict=True))


def test_highest_score_chooses_first() -> None:
    """Both treated are nearest to 5; the one with 6 comes first and the one with 4 gets what is left."""
    assert pairs([4, 6, 5, 0], [1, 1, 0, 0]) == [(1, 2), (0, 3)]


def test_equally_near_goes_to_the_lower_score() -> None:
    assert pairs([5, 6, 4], [1, 0, 0]) == [(0, 2)]


def test_equal_scores_go_to_the_row_just_before_then_just_after() -> None:
    assert pairs([5, 5, 5, 5, 5], [0, 0, 1, 0, 0]) == [(2, 1)]
    assert pairs([5, 5, 5], [1, 0, 0]) == [(0, 1)]


def test_on_a_tie_the_fewer_steps_win() -> None:
    """Both controls are as far; between the treated and the lower one stands another treated."""
    assert pairs([5, 4.5, 4, 6], [1, 1, 0, 0])[0] == (0, 3)


def test_caliper_is_inclusive() -> None:
    assert pairs([1, 2], [1, 0], caliper=1.0) == [(0, 1)]
    assert pairs([1, 2.001], [1, 0], caliper=1.0) == []


def test_rounds_serve_everybody_once_before_anybody_twice() -> None:
    assert pairs([9, 1, 8, 2, 7], [1, 1, 0, 0, 0], ratio=2) == [(0, 2), (1, 3), (0, 4)]


def test_replacement_lets_all_have_the_nearest() -> None:
    assert pairs([4, 6, 5, 0], [1, 1, 0, 0], replace=True) == [(1, 2), (0, 2)]


def test_cells_hold() -> None:
    cell = np.array([0, 1, 1, 0])
    assert pairs([4, 6, 5, 0], [1, 1, 0, 0], cell=cell) == [(0, 3), (1, 2)] or pairs(
        [4, 6, 5, 0], [1, 1, 0, 0], cell=cell
    ) == [(1, 2), (0, 3)]


@pytest.fixture
def people() -> pl.DataFrame:
    rng = np.random.default_rng(12)
    n = 400
    return pl.DataFrame(
        {
            "person": [f"p{i:04d}" for i in range(n)],
            "treated": rng.random(n) < 0.25,
            "age": rng.normal(40, 10, n).round(),
            "sex": rng.choice(["k", "m"], n),
            "office": rng.choice(["north", "south", "west"], n),
            "y": rng.random(n) < 0.4,
        }
    )


def test_nobody_twice_and_pairs_complete(people: pl.DataFrame) -> None:
    made = match(people, ["age", "sex"])
    assert made.n_matched == made.n_treated == made.pairs.height
    assert made.pairs["control_row"].is_unique().all()
    assert made.pairs["treated_row"].is_sorted()
    assert made.table.height == 2 * made.n_matched
    assert (
        made.table.group_by("pair").agg(pl.col("treated").sum())["treated"].to_list() == [1] * made.n_matched
    )
    assert people[made.table["row"].to_list()]["person"].to_list() == made.table["person"].to_list()
    assert made.lost == {}
    assert made.effective_control == made.n_control_used
    assert difference_in_shares(made.table, "y", pair="pair").n_treated == made.n_matched


def test_exact_cells_and_caliper_hold_in_the_table(people: pl.DataFrame) -> None:
    made = match(people, ["age", "sex"], exact=["office", "sex"], caliper=0.1)
    sides = made.table.group_by("pair").agg(
        pl.col("office").n_unique(), pl.col("sex").n_unique(), (pl.col("score").max() - pl.col("score").min())
    )
    assert sides["office"].to_list() == sides["sex"].to_list() == [1] * sides.height
    assert sides["score"].max() <= made.calipers["distance"]  # type: ignore[operator]
    assert made.pairs["distance"].max() <= made.calipers["distance"]  # type: ignore[operator]
    assert "exact on office, sex" in made.method


def test_every_treated_is_matched_or_lost_for_a_reason(people: pl.DataFrame) -> None:
    gaps = people.with_columns(
        age=pl.when(pl.int_range(pl.len()) % 17 == 0).then(None).otherwise(pl.col("age")),
        office=pl.when(pl.col("treated") & (pl.int_range(pl.len()) % 13 == 0))
        .then(pl.lit("island"))
        .otherwise(pl.col("office")),
    )
    made = match(gaps, ["age", "sex"], exact=["office"], caliper=0.001)
    assert made.n_matched + sum(made.lost.values()) == made.n_treated
    assert set(made.lost) == {
        "missing age",
        "no control in cell",
        "no control within caliper",
        "controls used up",
    }
    assert made.excluded == {"missing age": gaps["age"].null_count()}
    assert made.lost["missing age"] == gaps.filter("treated")["age"].null_count()
    assert (
        made.lost["no control in cell"]
        == gaps.filter("treated", pl.col("age").is_not_null())["office"].eq("island").sum()
    )


def test_missing_outcome_leaves_before_prognostic_matching(people: pl.DataFrame) -> None:
    gaps = people.with_columns(y=pl.when(pl.int_range(pl.len()) < 20).then(None).otherwise(pl.col("y")))
    made = match(gaps, ["age", "sex"], distance="prognostic", outcome="y")
    assert made.excluded == {"missing y": 20}
    assert made.table["y"].null_count() == 0


def test_prognosis_ignores_what_happened_to_the_treated(people: pl.DataFrame) -> None:
    turned = people.with_columns(y=pl.col("y") ^ pl.col("treated"))
    one = match(people, ["age", "sex"], distance="prognostic", outcome="y")
    two = match(turned, ["age", "sex"], distance="prognostic", outcome="y")
    assert one.pairs.equals(two.pairs)


def test_weights_with_replacement_and_several_partners(people: pl.DataFrame) -> None:
    made = match(people, ["age", "sex"], ratio=3, replace=True)
    untreated = made.table.filter(~pl.col("treated"))
    assert untreated["weight"].sum() == pytest.approx(made.n_matched)
    totals = untreated.group_by("row").agg(pl.col("weight").sum())["weight"].to_numpy()
    assert made.effective_control == pytest.approx(totals.sum() ** 2 / (totals**2).sum())
    assert made.effective_control < made.n_control_used == untreated["row"].n_unique()
    assert made.weights.filter(~pl.col("treated"))["weight"].sum() == pytest.approx(made.n_matched)
    assert made.weights["subclass"].null_count() == people.height


def test_scarce_untreated_leave_some_short(people: pl.DataFrame) -> None:
    made = match(people, ["age", "sex"], ratio=5)
    assert made.short > 0
    counts = made.pairs.group_by("pair").len()["len"]
    assert made.short == (counts < 5).sum()


def test_balance_improves_and_keeps_its_ruler(people: pl.DataFrame) -> None:
    rng = np.random.default_rng(1)
    skewed = people.with_columns(age=pl.col("age") + 8 * pl.col("treated") + pl.Series(rng.normal(size=400)))
    made = match(skewed, ["age", "sex"], caliper=0.1)
    age = made.balance.row(1, named=True)
    assert age["field"] == "age"
    assert abs(age["smd_matched"]) < abs(age["smd"]) / 3
    deviation = skewed.filter("treated")["age"].std()
    assert age["smd"] == pytest.approx(age["difference"] / deviation)
    assert age["smd_matched"] == pytest.approx(age["difference_matched"] / deviation)


def test_matched_balance_is_that_of_the_matched_table(people: pl.DataFrame) -> None:
    made = match(people, ["age", "sex"], ratio=2, replace=True)
    again = balance(made.table, ["score", "age", "sex"], weights="weight", reference=made.sample.rows)
    for measure in ("mean_treated", "mean_control", "difference", "smd"):
        assert made.balance[f"{measure}_matched"].to_list() == pytest.approx(again[measure].to_list())
    assert made.balance["ks_matched"].to_list() == pytest.approx(again["ks"].to_list())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"distance": "prognostic"}, "needs the outcome"),
        ({"distance": "euclid"}, "distance is one of 'propensity'"),
        ({"order": "best"}, "order is one of 'largest'"),
        ({"ratio": 0}, "at least 1"),
        ({"caliper": 0.0}, "caliper of distance must be above zero"),
        ({"caliper": {"age": float("inf")}}, "caliper of age must be above zero and finite"),
        ({"caliper": {"office": 1.0}}, "'office' must be numbers"),
        ({"treatment": "y", "exact": ["person"]}, "no treated row has a control in reach"),
        ({"id": "sex"}, "same id in several rows"),
        ({"exact": ["street"]}, "no column 'street'"),
        ({"coarsen": {"age": "scott"}}, "column 'age' is coarsened by a number, cut points or 'sturges'"),
        ({"coarsen": {"age": 0}}, "at least one bin"),
        ({"coarsen": {"sex": 2}}, "'sex' must be numbers"),
        ({"coarsen": "quantiles"}, "not 'quantiles'"),
        ({"distance": None, "ratio": 2}, "whole cells have no pairs"),
        ({"distance": None, "exact": ["person"]}, "no cell has both treated and controls"),
        ({"distance": "mahalanobis", "order": "smallest"}, "need the distance of a score"),
        ({"distance": "mahalanobis", "discard": "both"}, "need the distance of a score"),
        ({"order": "random"}, "give a seed"),
        ({"seed": 1}, "give a seed exactly when"),
        ({"score": "sex"}, "'sex' must be numbers"),
    ],
)
def test_refusals(people: pl.DataFrame, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        match(people, ["age", "sex"], **options)


def test_refuses_tables_it_cannot_add_to_or_score(people: pl.DataFrame) -> None:
    with pytest.raises(ValueError, match="already has a column 'weight'"):
        match(people.with_columns(weight=1.0), ["age"])
    with pytest.raises(ValueError, match="column 'age' has the same value"):
        match(people.with_columns(age=1.0), ["age"])
    with pytest.raises(ValueError, match="every covariate has the same value"):
        match(people.with_columns(age=1.0), ["age"], distance="mahalanobis")
    with pytest.raises(ValueError, match="no covariate varies within the groups"):
        match(people.with_columns(age=pl.col("treated").cast(pl.Int8)), ["age"], distance="mahalanobis")
    with pytest.raises(ValueError, match="score is the same for everybody"):
        match(people.with_columns(s=0.5), ["age"], score="s")
    with pytest.raises(ValueError, match="leaves nobody to match"):
        match(
            people.with_columns(s=pl.col("treated") + pl.col("age") / 1000),
            ["age"],
            score="s",
            discard="both",
        )
    with pytest.raises(ValueError, match="the control group"):
        match(people.filter("treated"), ["age"])
    with pytest.raises(ValueError, match="no row has a value"):
        match(people.clear(), ["age"])
    with pytest.raises(ValueError, match="at least one covariate"):
        match(people, [])


def test_a_given_score_is_used_as_it_stands_and_pandas_is_welcome(people: pl.DataFrame) -> None:
    scored = people.with_columns(s=pl.col("age") / 7)
    made = match(scored.to_pandas(), ["age"], score="s", caliper=2.0, caliper_unit="raw")  # type: ignore[arg-type]
    assert made.scores is not None
    assert made.scores["score"].to_list() == scored["s"].to_list()
    assert made.calipers == {"distance": 2.0}
    assert made.pairs.equals(match(scored, ["age"], score="s", caliper=2.0, caliper_unit="raw").pairs)


def test_mahalanobis_by_hand() -> None:
    """One number with deviation 2 within the groups: distances are differences over 2, and rows choose in turn."""
    table = pl.DataFrame({"treated": [1, 1, 0, 0, 0], "x": [1.0, 5.0, 2.0, 4.0, 6.0]})
    made = match(table, ["x"], distance="mahalanobis")
    within = np.sqrt((8 + 8) / 3)
    assert made.pairs["control_row"].to_list() == [2, 4]
    assert made.pairs["distance"].to_list() == pytest.approx([1 / within, 1 / within])
    assert made.scores is None
    assert "score" not in made.table.columns


def test_whole_cells_by_hand() -> None:
    table = pl.DataFrame(
        {
            "treated": [1, 1, 0, 0, 0, 1, 0, 0],
            "sex": ["k", "k", "k", "k", "k", "m", "m", "x"],
            "y": [3.0, 5.0, 1.0, 2.0, 3.0, 10.0, 4.0, 99.0],
        }
    )
    made = match(table, ["sex"], distance=None)
    assert made.weights["weight"].to_list() == pytest.approx([1, 1, 2 / 3, 2 / 3, 2 / 3, 1, 1, 0])
    assert made.weights["subclass"].to_list() == [1, 1, 1, 1, 1, 2, 2, None]
    assert made.effective_control == pytest.approx(9 / (3 * 4 / 9 + 1))
    assert (made.n_matched, made.n_control_used, made.pairs.height) == (3, 4, 0)
    assert made.effect("y").estimate == pytest.approx(18 / 3 - (2 / 3 * 6 + 4) / 3)


def test_coarsening_puts_boundaries_into_the_higher_bin() -> None:
    table = pl.DataFrame({"treated": [1, 0, 1, 0, 0], "age": [20, 24, 25, 30, 19]})
    made = match(table, ["age"], distance=None, coarsen={"age": [20, 25]})
    assert made.weights["weight"].to_list() == [1, 1, 1, 1, 0]


def test_discarded_treated_are_lost_and_discarded_controls_unused() -> None:
    table = pl.DataFrame({"treated": [1, 1, 1, 0, 0, 0], "s": [9.0, 3.0, 2.0, 4.0, 1.0, 2.5], "x": range(6)})
    made = match(table, ["x"], score="s", discard="both")
    assert made.lost == {"outside common support": 1}
    assert made.pairs["control_row"].to_list() == [5, 3]
    assert match(table, ["x"], score="s", discard="control").lost == {"controls used up": 1}


def test_a_random_order_follows_its_seed(people: pl.DataFrame) -> None:
    one, same, other = (match(people, ["age"], order="random", seed=seed).pairs for seed in (1, 1, 2))
    assert one.equals(same)
    assert not one.equals(other)


def test_cautions_name_what_is_wrong() -> None:
    """Two of three treated are beyond all controls, one finds nobody, and the ages still differ."""
    table = pl.DataFrame({"treated": [1] * 3 + [0] * 9, "age": [60, 61, 30, *range(20, 29)], "y": range(12)})
    made = match(table, ["age"], score="age", caliper={"age": 32.0}, caliper_unit="raw")
    codes = {caution.code: caution for caution in made.warnings}
    assert set(codes) == {"poor-overlap", "treated-lost", "imbalance"}
    assert codes["poor-overlap"].severity == "grave"
    assert "1 of 3 treated (33%)" in codes["treated-lost"].text.en
    assert "1 af 3 med indsats (33 %)" in codes["treated-lost"].text.da
    assert "age (" in codes["imbalance"].text.en
    assert codes["imbalance"] in made.effect("y").warnings


def test_a_good_match_has_no_caution(people: pl.DataFrame) -> None:
    assert match(people, ["age", "sex"], ratio=1, replace=True, exact=["sex"], caliper=0.5).warnings == ()


def test_the_effect_by_pair_equals_the_paired_difference(people: pl.DataFrame) -> None:
    """One-to-one: the clustered error is the paired one but for the factor (n − 1)/(n − k)."""
    made = match(people, ["age", "sex"])
    one, two = made.effect("y"), difference_in_means(made.table, "y", pair="pair")
    n = 2 * made.n_matched
    assert one.estimate == pytest.approx(two.estimate)
    assert one.se == pytest.approx(two.se * np.sqrt((n - 1) / (n - 2)))
    assert (one.n_clusters, one.df) == (made.n_matched, made.n_matched - 1)
    assert (one.events_treated, one.events_control) == (two.events_treated, two.events_control)


def test_a_missing_outcome_takes_its_pair_along(people: pl.DataFrame) -> None:
    made = match(people, ["age", "sex"])
    victim = made.pairs["control_row"][0]
    gap = people.with_columns(y=pl.when(pl.int_range(pl.len()) == victim).then(None).otherwise(pl.col("y")))
    effect = match(gap, ["age", "sex"]).effect("y")
    assert effect.excluded == {"missing y": 1, "partner missing": 1}
    assert effect.n_treated == made.n_matched - 1
    assert "missing-values" in {caution.code for caution in effect.warnings}


def test_errors_that_do_not_fit_are_refused(people: pl.DataFrame) -> None:
    once, again = match(people, ["age"]), match(people, ["age"], replace=True)
    with pytest.raises(ValueError, match="matching with replacement"):
        once.effect("y", errors="abadie-imbens")
    with pytest.raises(ValueError, match="without covariates"):
        again.effect("y", covariates=["age"], errors="abadie-imbens")
    with pytest.raises(ValueError, match="'cluster', 'hc1' or 'abadie-imbens'"):
        once.effect("y", errors="bootstrap")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no discard, no exact cells"):
        match(people, ["age"], replace=True, exact=["sex"]).effect("y", errors="abadie-imbens")
    with pytest.raises(ValueError, match="no standard error"):
        match(people.with_columns(z=1.0), ["age"]).effect("z")
    with pytest.raises(ValueError, match="no column 'income'"):
        once.effect("income")
    reused = again.effect("y")
    assert "controls-reused" in {caution.code for caution in reused.warnings}
    assert reused.n_control == again.n_control_used


def test_balance_shows_levels_and_missing() -> None:
    table = pl.DataFrame(
        {
            "treated": [True, True, True, False, False, False],
            "sex": ["m", "k", "m", "k", None, "k"],
            "work": [True, None, False, False, False, True],
            "age": [30.0, 40.0, 50.0, 30.0, float("nan"), 60.0],
        }
    )
    rows = {(r["field"], r["level"]): r for r in balance(table, ["sex", "work", "age"]).iter_rows(named=True)}
    assert list(rows) == [("sex", "k"), ("sex", "m"), ("work", None), ("age", None)]
    assert rows["sex", "k"]["mean_treated"] == pytest.approx(1 / 3)
    assert rows["sex", "k"]["mean_control"] == 1
    assert (rows["sex", "k"]["missing_treated"], rows["sex", "k"]["missing_control"]) == (0, 1)
    assert (rows["work", None]["missing_treated"], rows["work", None]["missing_control"]) == (1, 0)
    assert rows["age", None]["smd"] == pytest.approx(-0.5)
    assert rows["age", None]["variance_ratio"] == pytest.approx(100 / 450)
    assert rows["work", None]["variance_ratio"] is None


def test_balance_weights_count_rows_as_often_as_they_weigh() -> None:
    table = pl.DataFrame(
        {"treated": [True, True, False, False], "age": [1.0, 3.0, 2.0, 6.0], "w": [1.0, 1.0, 3.0, 1.0]}
    )
    row = balance(table, ["age"], weights="w").row(0, named=True)
    assert row["mean_control"] == 3
    assert row["p"] is None


def test_distances_of_the_distributions_by_hand() -> None:
    """At 1, 2, 3 and 4 the treated have 1/2, 1/2, 1, 1 behind them, the weighted controls 0, 3/4, 3/4, 1."""
    table = pl.DataFrame(
        {"treated": [1, 1, 0, 0], "x": [1.0, 3.0, 2.0, 4.0], "w": [1.0, 1.0, 3.0, 1.0], "yes": [1, 0, 1, 1]}
    )
    x, yes = balance(table, ["x", "yes"], weights="w").iter_rows(named=True)
    assert (x["ks"], x["ecdf_mean"]) == pytest.approx((0.5, (0.5 + 0.25 + 0.25 + 0) / 4))
    assert (yes["ks"], yes["ecdf_mean"]) == pytest.approx((0.5, 0.5))


def test_effective_size() -> None:
    assert effective_size(np.array([1.0, 1.0, 1.0])) == 3
    assert effective_size(np.array([3.0, 1.0])) == pytest.approx(1.6)


def test_score_that_cannot_be_fitted_says_which_and_why(people: pl.DataFrame) -> None:
    rare = people.with_columns(y=pl.col("y") & (pl.col("office") != "west"))
    with pytest.raises(
        ValueError, match=r"prognostic score cannot be fitted: column .office=west. separates"
    ):
        match(rare, ["age", "office"], distance="prognostic", outcome="y")


def test_unknown_treatment_leaves_everywhere(people: pl.DataFrame) -> None:
    """A treatment in 0/1 numbers may be missing as null or NaN; both are counted, neither is a group."""
    numbers = people.with_columns(treated=pl.col("treated").cast(pl.Float64)).with_columns(
        treated=pl.when(pl.int_range(pl.len()) == 0)
        .then(None)
        .when(pl.int_range(pl.len()) == 1)
        .then(float("nan"))
        .otherwise(pl.col("treated"))
    )
    made = match(numbers, ["age", "sex"])
    assert made.excluded == {"missing treated": 2}
    assert made.n_treated == people["treated"][2:].sum()
    assert balance(numbers, ["age"])["mean_treated"][0] == people[2:].filter("treated")["age"].mean()


def test_equal_people_have_equal_scores() -> None:
    """Sums of the same decimals differ in their last bits by where the row stands; the score must not."""
    rng = np.random.default_rng(5)
    fields = [f"x{i}" for i in range(7)]
    table = pl.DataFrame(
        {name: np.round(rng.integers(0, 2, 1003) * 0.1 + 0.7 * i, 3) for i, name in enumerate(fields)}
    ).with_columns(treated=pl.Series(rng.random(1003) < 0.3))
    scores = match(table, fields).scores
    assert scores is not None
    assert scores["score"].n_unique() == table.select(fields).n_unique()
