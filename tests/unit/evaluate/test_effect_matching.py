"""Matching and balance: choices, ties, losses, weights and refusals."""

import numpy as np
import polars as pl
import pytest

from indsats.evaluate import balance, difference_in_shares, effective_size, match, nearest


def pairs(score: list[float], treated: list[int], **options: object) -> list[tuple[int, int]]:
    found = nearest(np.array(score, dtype=float), np.array(treated) == 1, **options)  # type: ignore[arg-type]
    return list(zip(found.treated.tolist(), found.untreated.tolist(), strict=True))


def test_highest_score_chooses_first() -> None:
    """Both treated are nearest to 5; the one with 6 comes first and the one with 4 gets what is left."""
    assert pairs([4, 6, 5, 0], [1, 1, 0, 0]) == [(1, 2), (0, 3)]


def test_equally_near_goes_to_the_lower_score() -> None:
    assert pairs([5, 6, 4], [1, 0, 0]) == [(0, 2)]


def test_equal_scores_go_to_the_row_just_before_then_just_after() -> None:
    assert pairs([5, 5, 5, 5, 5], [0, 0, 1, 0, 0]) == [(2, 1)]
    assert pairs([5, 5, 5], [1, 0, 0]) == [(0, 1)]


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
    assert made.pairs["untreated_row"].is_unique().all()
    assert made.pairs["treated_row"].is_sorted()
    assert made.table.height == 2 * made.n_matched
    assert (
        made.table.group_by("pair").agg(pl.col("treated").sum())["treated"].to_list() == [1] * made.n_matched
    )
    assert people[made.table["row"].to_list()]["person"].to_list() == made.table["person"].to_list()
    assert made.lost == {}
    assert made.effective_untreated == made.n_untreated_used
    assert difference_in_shares(made.table, "y", pair="pair").n_treated == made.n_matched


def test_exact_cells_and_caliper_hold_in_the_table(people: pl.DataFrame) -> None:
    made = match(people, ["age", "sex"], exact=["office", "sex"], caliper=0.1)
    sides = made.table.group_by("pair").agg(
        pl.col("office").n_unique(), pl.col("sex").n_unique(), (pl.col("score").max() - pl.col("score").min())
    )
    assert sides["office"].to_list() == sides["sex"].to_list() == [1] * sides.height
    assert made.caliper_width is not None
    assert sides["score"].max() <= made.caliper_width  # type: ignore[operator]
    assert made.pairs["distance"].max() <= made.caliper_width  # type: ignore[operator]
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
        "no untreated in cell",
        "no untreated within caliper",
        "untreated used up",
    }
    assert made.excluded == {"missing age": gaps["age"].null_count()}
    assert made.lost["missing age"] == gaps.filter("treated")["age"].null_count()
    assert (
        made.lost["no untreated in cell"]
        == gaps.filter("treated", pl.col("age").is_not_null())["office"].eq("island").sum()
    )


def test_missing_outcome_leaves_before_prognostic_matching(people: pl.DataFrame) -> None:
    gaps = people.with_columns(y=pl.when(pl.int_range(pl.len()) < 20).then(None).otherwise(pl.col("y")))
    made = match(gaps, ["age", "sex"], on="prognosis", outcome="y")
    assert made.excluded == {"missing y": 20}
    assert made.table["y"].null_count() == 0


def test_prognosis_ignores_what_happened_to_the_treated(people: pl.DataFrame) -> None:
    turned = people.with_columns(y=pl.col("y") ^ pl.col("treated"))
    one = match(people, ["age", "sex"], on="prognosis", outcome="y")
    two = match(turned, ["age", "sex"], on="prognosis", outcome="y")
    assert one.pairs.equals(two.pairs)


def test_weights_with_replacement_and_several_partners(people: pl.DataFrame) -> None:
    made = match(people, ["age", "sex"], ratio=3, replace=True)
    untreated = made.table.filter(~pl.col("treated"))
    assert untreated["weight"].sum() == pytest.approx(made.n_matched)
    totals = untreated.group_by("row").agg(pl.col("weight").sum())["weight"].to_numpy()
    assert made.effective_untreated == pytest.approx(totals.sum() ** 2 / (totals**2).sum())
    assert made.effective_untreated < made.n_untreated_used == untreated["row"].n_unique()
    assert made.balance_after["p"].null_count() == made.balance_after.height


def test_scarce_untreated_leave_some_short(people: pl.DataFrame) -> None:
    made = match(people, ["age", "sex"], ratio=5)
    assert made.short > 0
    counts = made.pairs.group_by("pair").len()["len"]
    assert made.short == (counts < 5).sum()


def test_balance_improves_and_keeps_its_ruler(people: pl.DataFrame) -> None:
    rng = np.random.default_rng(1)
    skewed = people.with_columns(age=pl.col("age") + 8 * pl.col("treated") + pl.Series(rng.normal(size=400)))
    made = match(skewed, ["age", "sex"], caliper=0.1)
    before, after = made.balance_before.row(1, named=True), made.balance_after.row(1, named=True)
    assert abs(after["smd"]) < abs(before["smd"]) / 3
    deviation = skewed.filter("treated")["age"].std()
    assert before["smd"] == pytest.approx(before["difference"] / deviation)
    assert after["smd"] == pytest.approx(after["difference"] / deviation)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"on": "prognosis"}, "needs the outcome"),
        ({"on": "mahalanobis"}, "'propensity' or 'prognosis'"),
        ({"ratio": 0}, "at least 1"),
        ({"caliper": 0.0}, "above zero"),
        ({"treated": "y", "exact": ["person"]}, "no treated row has an untreated one in reach"),
        ({"person": "sex"}, "same id in several rows"),
        ({"exact": ["street"]}, "no column 'street'"),
    ],
)
def test_refusals(people: pl.DataFrame, options: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        match(people, ["age", "sex"], **options)  # type: ignore[arg-type]


def test_refuses_tables_it_cannot_add_to_or_score(people: pl.DataFrame) -> None:
    with pytest.raises(ValueError, match="already has a column 'weight'"):
        match(people.with_columns(weight=1.0), ["age"])
    with pytest.raises(ValueError, match="column 'age' has the same value"):
        match(people.with_columns(age=1.0), ["age"])
    with pytest.raises(ValueError, match="the control group"):
        match(people.filter("treated"), ["age"])
    with pytest.raises(ValueError, match="at least one covariate"):
        match(people, [])


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
    assert rows["sex", "k"]["mean_untreated"] == 1
    assert (rows["sex", "k"]["missing_treated"], rows["sex", "k"]["missing_untreated"]) == (0, 1)
    assert (rows["work", None]["missing_treated"], rows["work", None]["missing_untreated"]) == (1, 0)
    assert rows["age", None]["smd"] == pytest.approx(-0.5)
    assert rows["age", None]["variance_ratio"] == pytest.approx(100 / 450)
    assert rows["work", None]["variance_ratio"] is None


def test_balance_weights_count_rows_as_often_as_they_weigh() -> None:
    table = pl.DataFrame(
        {"treated": [True, True, False, False], "age": [1.0, 3.0, 2.0, 6.0], "w": [1.0, 1.0, 3.0, 1.0]}
    )
    row = balance(table, ["age"], weights="w").row(0, named=True)
    assert row["mean_untreated"] == 3
    assert row["p"] is None


def test_effective_size() -> None:
    assert effective_size(np.array([1.0, 1.0, 1.0])) == 3
    assert effective_size(np.array([3.0, 1.0])) == pytest.approx(1.6)


def test_score_that_cannot_be_fitted_says_which_and_why(people: pl.DataFrame) -> None:
    rare = people.with_columns(y=pl.col("y") & (pl.col("office") != "west"))
    with pytest.raises(
        ValueError, match=r"prognostic score cannot be fitted: column .office=west. separates"
    ):
        match(rare, ["age", "office"], on="prognosis", outcome="y")


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
    assert match(table, fields).score["score"].n_unique() == table.select(fields).n_unique()
