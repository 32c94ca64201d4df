"""Weights: worked by hand on a few people, what is refused, what is said, and what may not matter."""

from math import sqrt

import numpy as np
import polars as pl
import pytest
from scipy.special import expit

from indsats.evaluate import Effect, Weighting, weigh

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture
def few() -> pl.DataFrame:
    """Ten people: 2 of 6 without education are treated, 3 of 4 with."""
    return pl.DataFrame(
        {
            "treated": [1, 1, 0, 0, 0, 0, 1, 1, 1, 0],
            "educated": [0, 0, 0, 0, 0, 0, 1, 1, 1, 1],
            "hours": [10.0, 14, 6, 8, 9, 9, 20, 22, 24, 15],
        }
    )


@pytest.fixture
def people() -> pl.DataFrame:
    rng = np.random.default_rng(4)
    n = 300
    age, origin = rng.normal(40, 9, n), rng.choice(["dk", "other", "west"], n)
    treated = rng.random(n) < expit(-0.7 + 0.05 * (age - 40) + 0.5 * (origin == "west"))
    return pl.DataFrame(
        {
            "treated": treated,
            "age": age,
            "origin": origin,
            "office": rng.integers(0, 60, n),
            "hours": 10 + 0.2 * age + 3 * treated + rng.normal(0, 4, n),
        }
    )


def codes_of(result: Weighting | Effect) -> set[str]:
    return {caution.code for caution in result.warnings}


def test_weights_for_the_treated_are_the_odds(few: pl.DataFrame) -> None:
    """Without education the odds of treatment are 2 to 4, with it 3 to 1."""
    weighting = weigh(few, "treated", ["educated"])
    assert weighting.weights["weight"].to_list() == pytest.approx([1, 1, 0.5, 0.5, 0.5, 0.5, 1, 1, 1, 3])
    assert weighting.weights["score"].to_list() == pytest.approx([1 / 3] * 6 + [3 / 4] * 4)
    assert weighting.effective_treated == pytest.approx(5)
    assert weighting.effective_control == pytest.approx(5**2 / (4 * 0.25 + 9))
    effect = weighting.effect("hours")
    assert effect.mean_treated == pytest.approx(90 / 5)
    assert effect.mean_control == pytest.approx((0.5 * 32 + 3 * 15) / 5)
    assert effect.estimate == pytest.approx(18 - 12.2)
    assert (effect.n_treated, effect.n_control, effect.estimand) == (5, 5, "ATT")


def test_weights_for_everybody_are_one_over_the_chance(few: pl.DataFrame) -> None:
    weights = weigh(few, "treated", ["educated"], estimand="ATE")
    assert weights.weights["weight"].to_list() == pytest.approx([3, 3, *[1.5] * 4, *[4 / 3] * 3, 4])
    # 6 of 10 gain 12 − 8 and 4 of 10 gain 22 − 15.
    assert weights.effect("hours").estimate == pytest.approx(0.6 * 4 + 0.4 * 7)
    stable = weigh(few, "treated", ["educated"], estimand="ATE", stabilised=True)
    assert stable.weights["weight"].to_list() == pytest.approx([1.5, 1.5, *[0.75] * 4, *[2 / 3] * 3, 2])


def test_weights_for_the_controls_and_for_overlap(few: pl.DataFrame) -> None:
    controls = weigh(few, "treated", ["educated"], estimand="ATC")
    assert controls.weights["weight"].to_list() == pytest.approx([2, 2, 1, 1, 1, 1, *[1 / 3] * 3, 1])
    overlap = weigh(few, "treated", ["educated"], method="overlap")
    assert overlap.estimand == "ATO"
    assert overlap.weights["weight"].to_list() == pytest.approx(
        [*[2 / 3] * 2, *[1 / 3] * 4, *[1 / 4] * 3, 3 / 4]
    )


@pytest.mark.parametrize("estimand", ["ATT", "ATE", "ATC"])
def test_with_one_yes_or_no_covariate_all_methods_agree(few: pl.DataFrame, estimand: str) -> None:
    score = weigh(few, "treated", ["educated"], estimand=estimand).effect("hours")  # type: ignore[arg-type]
    entropy = weigh(few, "treated", ["educated"], method="entropy", estimand=estimand).effect("hours")  # type: ignore[arg-type]
    assert entropy.estimate == pytest.approx(score.estimate)
    assert entropy.se == pytest.approx(score.se)


def test_robust_errors_are_those_of_known_weights(few: pl.DataFrame) -> None:
    """For a weighted mean: √Σ w²(y − mean)² over Σ w, here with 1 for the treated and 0.5 and 3 for controls."""
    effect = weigh(few, "treated", ["educated"]).effect("hours", errors="robust")
    treated = sum((y - 18) ** 2 for y in (10, 14, 20, 22, 24)) / 25
    control = (0.25 * sum((y - 12.2) ** 2 for y in (6, 8, 9, 9)) + 9 * (15 - 12.2) ** 2) / 25
    assert effect.se == pytest.approx(sqrt(treated + control))
    assert "known" in effect.se_method


def test_subclasses_weigh_controls_by_the_treated_of_their_class() -> None:
    """Two classes split at the treated's median: 2 treated to 4 controls below, 2 to 1 above."""
    age = [20.0, 22, 30, 32, 20.5, 21, 21.5, 19, 31]
    df = pl.DataFrame({"t": [1] * 4 + [0] * 5, "age": age, "y": [1.0, 2, 3, 4, 1, 1, 2, 2, 2]})
    weighting = weigh(df, "t", ["age"], method="subclass", subclasses=2)
    assert weighting.weights["weight"].to_list() == pytest.approx([1] * 4 + [0.5] * 4 + [2])
    assert weighting.weights["subclass"].to_list() == [1, 1, 2, 2, 1, 1, 1, 1, 2]
    assert weighting.effect("y").estimate == pytest.approx(2.5 - (0.5 * 6 + 2 * 2) / 4)
    with pytest.raises(ValueError, match="subclasses allow no error for estimated weights"):
        weighting.effect("y", errors="estimated")
    with pytest.raises(ValueError, match="subclass 2 of 4 has no control row: use fewer subclasses"):
        weigh(df, "t", ["age"], method="subclass", subclasses=4)


def test_balance_has_the_columns_of_a_match(people: pl.DataFrame) -> None:
    weighting = weigh(people, "treated", ["age", "origin"], method="entropy")
    assert weighting.balance["field"].to_list() == ["age", "origin", "origin", "origin"]
    assert weighting.balance["smd"].abs().max() > 0.1  # type: ignore[operator]
    assert weighting.balance["smd_matched"].abs().max() < 1e-9  # type: ignore[operator]
    assert "imbalance" not in codes_of(weighting)


def test_pandas_and_small_types_give_the_same(people: pl.DataFrame) -> None:
    small = people.with_columns(pl.col("age").round().cast(pl.Int8), pl.col("treated").cast(pl.UInt8))
    one = weigh(small, "treated", ["age", "origin"]).effect("hours")
    two = weigh(small.to_pandas(), "treated", ["age", "origin"]).effect("hours")
    three = weigh(small.with_columns(pl.col("age").cast(float)), "treated", ["age", "origin"]).effect("hours")
    assert one.estimate == two.estimate == pytest.approx(three.estimate)
    assert one.se == two.se == pytest.approx(three.se)


@pytest.mark.parametrize("method", ["propensity", "entropy", "overlap", "subclass"])
def test_the_order_of_rows_does_not_matter(people: pl.DataFrame, method: str) -> None:
    one = weigh(people, "treated", ["age", "origin"], method=method)  # type: ignore[arg-type]
    two = weigh(people[::-1], "treated", ["origin", "age"], method=method)  # type: ignore[arg-type]
    assert two.weights["weight"].to_numpy()[::-1] == pytest.approx(one.weights["weight"].to_numpy(), rel=1e-7)
    first, second = (w.effect("hours", covariates=["age"], cluster="office") for w in (one, two))
    assert (second.estimate, second.se) == pytest.approx((first.estimate, first.se), rel=1e-7)


@pytest.mark.parametrize("errors", ["estimated", "robust"])
def test_people_given_twice_are_one_cluster_each(people: pl.DataFrame, errors: str) -> None:
    numbered = people.with_row_index("person")
    plain = weigh(numbered, "treated", ["age"]).effect("hours", errors=errors)  # type: ignore[arg-type]
    doubled = weigh(pl.concat([numbered, numbered]), "treated", ["age"])
    twice = doubled.effect("hours", cluster="person", errors=errors)  # type: ignore[arg-type]
    assert twice.estimate == pytest.approx(plain.estimate)
    assert twice.se == pytest.approx(plain.se * sqrt(300 / 299))
    assert (twice.n_clusters, twice.df) == (300, 299)


def test_few_clusters_are_told(people: pl.DataFrame) -> None:
    some = people.with_columns(office=pl.col("office") % 8)
    assert "few-clusters" in codes_of(weigh(some, "treated", ["age"]).effect("hours", cluster="office"))
    one = weigh(people.with_columns(office=1), "treated", ["age"])
    with pytest.raises(ValueError, match="column 'office' holds one cluster"):
        one.effect("hours", cluster="office")


def test_a_small_group_is_told(people: pl.DataFrame) -> None:
    """Residuals of few rows understate their spread: of a single one they say nothing at all."""
    treated, controls = people.filter("treated"), people.filter(~pl.col("treated"))
    one = weigh(pl.concat([treated.head(19), controls]), "treated", ["age"]).effect("hours")
    assert [c.text.en.split(".")[0] for c in one.warnings if c.code == "few-rows"] == [
        "There are only 19 treated"
    ]
    two = weigh(pl.concat([treated.head(20), controls]), "treated", ["age"]).effect("hours")
    assert "few-rows" not in codes_of(two)


def test_missing_values_are_counted_by_column(people: pl.DataFrame) -> None:
    holes = people.with_row_index("i").with_columns(
        age=pl.when(pl.col("i") < 20).then(None).otherwise("age"),
        hours=pl.when(pl.col("i").is_between(10, 49)).then(None).otherwise("hours"),
        office=pl.when(pl.col("i") < 30).then(None).otherwise("office"),
    )
    weighting = weigh(holes, "treated", ["age"])
    assert weighting.excluded == {"missing age": 20}
    assert weighting.weights["row"].to_list() == list(range(20, 300))
    effect = weighting.effect("hours")
    assert effect.excluded == {"missing age": 20, "missing hours": 30}
    assert effect.n_treated + effect.n_control == 250
    assert [c.code for c in effect.warnings].count("missing-values") == 2
    with pytest.raises(ValueError, match="column 'office' lacks a value in 10 of the weighted rows"):
        weighting.effect("hours", cluster="office")


def test_trimming_leaves_out_the_hopeless_and_says_so(people: pl.DataFrame) -> None:
    wide = people.with_columns(
        age=pl.col("age") + 40 * pl.col("treated").cast(float) * (pl.col("office") < 6)
    )
    plain, cut = (weigh(wide, "treated", ["age"], estimand="ATE", trim=trim) for trim in (None, 0.1))
    reason = "score outside 0.1 to 0.9"
    assert cut.excluded[reason] == 300 - cut.n_treated - cut.n_control > 0
    assert "trimmed" in codes_of(cut)
    assert "trimmed" not in codes_of(plain)
    kept = wide.with_row_index("row").filter(pl.col("row").is_in(cut.weights["row"].implode()))
    again = weigh(kept, "treated", ["age"], estimand="ATE")
    assert cut.weights["score"].to_list() == again.weights["score"].to_list()
    # For the effect on the treated only high scores give large weights.
    high = weigh(wide, "treated", ["age"], trim=0.1)
    assert set(high.excluded) == {"score outside 0 to 0.9"}
    low = weigh(wide.with_columns(~pl.col("treated")), "treated", ["age"], trim=0.1, estimand="ATC")
    assert set(low.excluded) == {"score outside 0.1 to 1"}
    assert low.excluded["score outside 0.1 to 1"] == high.excluded["score outside 0 to 0.9"]


def test_poor_overlap_and_uneven_weights_are_told() -> None:
    rng = np.random.default_rng(2)
    x = np.concatenate([rng.normal(0, 1, 200), rng.normal(2.2, 1, 60)])
    df = pl.DataFrame({"t": [0] * 200 + [1] * 60, "x": x, "y": x + rng.normal(size=260)})
    found = weigh(df, "t", ["x"])
    assert {"poor-overlap", "extreme-weights"} <= codes_of(found)
    told = {c.code: c.text for c in found.warnings}
    low, high = x[:200].min(), x[:200].max()
    score = found.weights.filter("treated")["score"].to_numpy()
    alone = ((x[200:] < low) | (x[200:] > high) | (score > 0.98)).mean()
    assert f"{100 * alone:.0f}% of the treated" in told["poor-overlap"].en
    assert f"{100 * alone:.0f}\u00a0% af dem med indsats" in told["poor-overlap"].da
    assert codes_of(weigh(df, "t", ["x"], method="overlap")) & {"poor-overlap"} == set()


def test_hardly_anybody_to_compare_with_counts_as_nobody() -> None:
    """A control as old as the oldest widens the range, but next to treated of whom there are a hundred it is alone."""
    rng = np.random.default_rng(2)
    x = np.concatenate([rng.normal(0, 1, 300), [9.0], rng.normal(5, 1, 300)])
    df = pl.DataFrame({"t": [0] * 301 + [1] * 300, "x": x})
    found = weigh(df, "t", ["x"])
    sure = (found.weights.filter("treated")["score"] > 0.98).mean()
    below = (x[301:] < x[:301].min()).mean()
    assert below == 0
    assert sure > 0.25  # type: ignore[operator]
    told = next(c for c in found.warnings if c.code == "poor-overlap")
    assert told.severity == "grave"
    assert told.text.en.startswith(f"{100 * sure:.0f}% of the treated")  # type: ignore[operator]


def test_alike_groups_call_for_no_caution() -> None:
    rng = np.random.default_rng(1)
    df = pl.DataFrame({"t": rng.random(2000) < 0.4, "x": rng.normal(size=2000)})
    for estimand in ("ATT", "ATE", "ATC"):
        assert weigh(df, "t", ["x"], estimand=estimand).warnings == ()  # type: ignore[arg-type]


def test_entropy_balancing_without_solution_names_what_to_drop() -> None:
    t = [1, 1, 1, 0, 0, 0, 0]
    base = pl.DataFrame({"t": t, "a": [50.0, 52, 54, 20, 30, 40, 45], "y": [1.0, 2, 3, 4, 5, 6, 8]})
    with pytest.raises(ValueError, match=r"treated have mean 52 in column 'a'.*4 control rows \(20 to 45\)"):
        weigh(base, "t", ["a"], method="entropy")
    level = base.with_columns(origin=pl.Series(["dk", "other", "dk", "dk", "dk", "dk", "dk"]))
    with pytest.raises(ValueError, match="column 'origin=other'"):
        weigh(level, "t", ["origin"], method="entropy")
    # Each mean is within reach, but never both: controls have x or z, treated have both.
    joint = pl.DataFrame(
        {
            "t": [1, 1, 1, 0, 0, 0, 0],
            "x": [1.0, 1, 0, 1, 0, 0, 0],
            "z": [1.0, 0, 1, 0, 1, 0, 0],
            "w": [0.2, 0.5, 0.3, 0.3, 0.3, 0.2, 0.6],
        }
    )
    with pytest.raises(ValueError, match=r"in all 3 columns at once; leave out 'x' or 'z'$"):
        weigh(joint, "t", ["x", "z", "w"], method="entropy")


def test_entropy_balancing_takes_what_a_group_cannot_tell_apart(people: pl.DataFrame) -> None:
    """Among the controls two levels coincide with a third column, yet weights exist and are found."""
    df = pl.DataFrame(
        {
            "t": [1, 1, 1, 1, 0, 0, 0, 0, 0],
            "a": [1.0, 0, 1, 0, 1, 0, 1, 0, 0],
            "b": [1.0, 0, 0, 1, 1, 0, 1, 0, 0],
            "y": [4.0, 3, 5, 2, 2, 1, 3, 1, 2],
        }
    )
    weighting = weigh(df, "t", ["a", "b"], method="entropy")
    assert weighting.weights["weight"].to_list() == pytest.approx([1] * 4 + [1, 2 / 3, 1, 2 / 3, 2 / 3])
    assert weighting.effect("y").se > 0


@pytest.mark.parametrize(
    ("change", "settings", "message"),
    [
        ({}, {"covariates": []}, "at least one covariate"),
        ({}, {"method": "magic"}, "a method is 'propensity'"),
        ({}, {"link": "cauchit"}, "a link is 'logit' or 'probit'"),
        ({}, {"estimand": "ATO"}, "belong together"),
        ({}, {"estimand": "ATE", "method": "overlap"}, "belong together"),
        ({}, {"estimand": "CACE"}, "an estimand of weighting"),
        ({}, {"trim": 0.5}, "'trim' is a chance"),
        ({}, {"trim": 0.1, "method": "entropy"}, "for methods that have a score"),
        ({}, {"stabilised": True}, "only inverse probability weights for 'ATE'"),
        ({}, {"subclasses": 1, "method": "subclass"}, "at least 2 subclasses"),
        ({}, {"covariates": ["height"]}, "no column 'height'"),
        ({"treated": pl.lit(value=True)}, {}, "the control group"),
        ({"treated": pl.lit(None)}, {}, "no row has a value"),
        ({"treated": pl.col("age")}, {}, "must be true/false or 0/1"),
        ({"age": pl.lit(3.0)}, {}, "column 'age' has the same value in every row"),
        ({"age": pl.col("treated").cast(float)}, {}, "column 'age' separates"),
        ({"age": pl.lit(float("inf"))}, {}, "column 'age' has an infinite"),
        ({"age": pl.date(2020, 1, 1)}, {}, "column 'age' must be numbers"),
    ],
)
def test_what_cannot_be_weighted_is_refused(
    people: pl.DataFrame, change: dict, settings: dict, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        weigh(people.with_columns(**change), "treated", **{"covariates": ["age"], **settings})


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"outcome": "flat"}, "does not vary"),
        ({"outcome": "origin"}, "column 'origin' must be numbers"),
        ({"outcome": "gone"}, "no column 'gone'"),
        ({"outcome": "half"}, "the treated group"),
        ({"outcome": "hours", "cluster": "gone"}, "no column 'gone'"),
        ({"outcome": "hours", "errors": "bootstrap"}, "errors are 'estimated' or 'robust'"),
        ({"outcome": "hours", "covariates": ["flat"]}, "column 'flat' has the same value"),
    ],
)
def test_what_has_no_effect_to_estimate_is_refused(
    people: pl.DataFrame, settings: dict, message: str
) -> None:
    table = people.with_columns(flat=pl.lit(2.3), half=pl.when(~pl.col("treated")).then("hours"))
    with pytest.raises(ValueError, match=message):
        weigh(table, "treated", ["age"]).effect(**settings)
