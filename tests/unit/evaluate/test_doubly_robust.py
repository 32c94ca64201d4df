"""Standardisation and doubly robust estimates: worked by hand, what is refused, said and left alone."""

from math import sqrt

import numpy as np
import polars as pl
import pytest
from scipy.special import expit

from indsats.evaluate import aipw, standardise

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture
def few() -> pl.DataFrame:
    """Six without education, two of them treated, and four with, of whom two."""
    return pl.DataFrame(
        {
            "treated": [1, 1, 0, 0, 0, 0, 1, 1, 0, 0],
            "educated": [0, 0, 0, 0, 0, 0, 1, 1, 1, 1],
            "hours": [10.0, 14, 6, 8, 9, 9, 20, 24, 15, 17],
            "job": [1, 0, 1, 0, 0, 0, 1, 0, 1, 0],
        }
    )


@pytest.fixture
def people() -> pl.DataFrame:
    rng = np.random.default_rng(6)
    n = 400
    age, origin = rng.normal(40, 9, n), rng.choice(["dk", "other", "west"], n)
    treated = rng.random(n) < expit(-0.5 + 0.05 * (age - 40) + 0.4 * (origin == "west"))
    hours = 10 + 0.2 * age + 3 * treated + rng.normal(0, 4, n)
    return pl.DataFrame(
        {
            "treated": treated,
            "age": age,
            "origin": origin,
            "office": rng.integers(0, 60, n),
            "hours": hours,
            "job": hours > 20,
        }
    )


@pytest.mark.parametrize(("estimand", "uneducated"), [("ATE", 6 / 10), ("ATT", 2 / 4), ("ATC", 4 / 6)])
def test_gains_of_groups_are_averaged_over_those_meant(
    few: pl.DataFrame, estimand: str, uneducated: float
) -> None:
    """The uneducated gain 12 − 8 hours, the educated 22 − 16; in jobs 1/2 − 1/4 and 0."""
    expected = uneducated * 4 + (1 - uneducated) * 6
    one = standardise(few, "hours", "treated", ["educated"], estimand=estimand)  # type: ignore[arg-type]
    two = aipw(few, "hours", "treated", ["educated"], estimand=estimand, folds=1)  # type: ignore[arg-type]
    assert (one.estimate, two.estimate) == pytest.approx((expected, expected))
    assert one.se == pytest.approx(two.se)
    assert one.mean_treated == pytest.approx(uneducated * 12 + (1 - uneducated) * 22)
    assert two.mean_control == pytest.approx(uneducated * 8 + (1 - uneducated) * 16)
    jobs = standardise(few, "job", "treated", ["educated"], estimand=estimand)  # type: ignore[arg-type]
    assert jobs.estimate == pytest.approx(uneducated * 0.25)
    assert (jobs.events_treated, jobs.events_control) == (2, 2)


def test_without_covariates_it_is_the_difference_in_means(few: pl.DataFrame) -> None:
    effect = standardise(few, "hours", "treated", [])
    assert effect.estimate == pytest.approx(68 / 4 - 64 / 6)
    variances = [np.var([10, 14, 20, 24]) / 4, np.var([6, 8, 9, 9, 15, 17]) / 6]
    assert effect.se == pytest.approx(sqrt(sum(variances)))


def test_categories_and_pandas_give_the_same(people: pl.DataFrame) -> None:
    by_hand = people.with_columns(other=pl.col("origin") == "other", west=pl.col("origin") == "west")
    for estimate in (standardise, aipw):
        one = estimate(people, "hours", "treated", ["age", "origin"])
        two = estimate(by_hand, "hours", "treated", ["age", "other", "west"])
        three = estimate(people.to_pandas(), "hours", "treated", ["age", "origin"])
        assert (two.estimate, two.se) == pytest.approx((one.estimate, one.se))
        assert three.estimate == one.estimate


@pytest.mark.parametrize("outcome", ["hours", "job"])
def test_the_order_of_rows_does_not_matter(people: pl.DataFrame, outcome: str) -> None:
    """Where folds are drawn, clusters are: which cluster goes where depends on its label."""
    mixed = people.sample(fraction=1, shuffle=True, seed=1)
    one, two = (standardise(df, outcome, "treated", ["age", "origin"]) for df in (people, mixed))
    assert (two.estimate, two.se) == pytest.approx((one.estimate, one.se))
    one, two = (aipw(df, outcome, "treated", ["age"], cluster="office") for df in (people, mixed))
    assert (two.estimate, two.se) == pytest.approx((one.estimate, one.se))


def test_the_seed_decides_the_folds(people: pl.DataFrame) -> None:
    one, same, other = (aipw(people, "hours", "treated", ["age"], seed=seed) for seed in (1, 1, 2))
    assert one.estimate == same.estimate
    assert one.estimate != other.estimate
    assert abs(one.estimate - other.estimate) < one.se / 2
    assert (one.diagnostics["folds"], one.diagnostics["seed"]) == (5, 1)


def test_people_given_twice_are_one_cluster_each(people: pl.DataFrame) -> None:
    numbered = people.with_row_index("person")
    both = pl.concat([numbered, numbered])
    for settings in ({}, {"folds": 1}):
        estimate = aipw if settings else standardise
        plain = estimate(numbered, "job", "treated", ["age"], **settings)
        twice = estimate(both, "job", "treated", ["age"], cluster="person", **settings)
        assert twice.estimate == pytest.approx(plain.estimate)
        assert twice.se == pytest.approx(plain.se * sqrt(400 / 399))
        assert twice.n_clusters == 400


def test_missing_values_are_counted(people: pl.DataFrame) -> None:
    holes = people.with_row_index("i").with_columns(
        age=pl.when(pl.col("i") < 5).then(None).otherwise("age"),
        hours=pl.when(pl.col("i").is_between(3, 9)).then(float("nan")).otherwise("hours"),
    )
    for estimate in (standardise, aipw):
        effect = estimate(holes, "hours", "treated", ["age"])
        assert effect.excluded == {"missing hours": 7, "missing age": 3}
        assert effect.n_treated + effect.n_control == 390
        assert effect.warnings[0].code == "missing-values"


def test_a_group_in_which_nobody_has_the_outcome_is_told(people: pl.DataFrame) -> None:
    """Its model predicts 0 for all: the estimate is the other group's standardised share, with a caution."""
    table = people.with_columns(job=pl.col("job") & pl.col("treated"))
    for estimate in (standardise, aipw):
        effect = estimate(table, "job", "treated", ["age"])
        assert effect.mean_control == 0
        assert effect.estimate == effect.mean_treated > 0
        told = [c for c in effect.warnings if c.code == "same-outcome-in-group"]
        assert [c.text.en.split(".")[0] for c in told] == ["None of the controls have the outcome"]


def test_rows_out_of_reach_are_left_out_and_counted(people: pl.DataFrame) -> None:
    far = people.with_columns(age=pl.col("age") + 45 * pl.col("treated").cast(float) * (pl.col("office") < 5))
    every, near = (aipw(far, "hours", "treated", ["age"], trim=trim, folds=1) for trim in (0, 0.05))
    assert every.excluded == {}
    left = near.excluded["score outside 0.05 to 0.95"]
    assert near.n_treated + near.n_control == 400 - left < 400
    assert "trimmed" in {c.code for c in near.warnings}
    assert {"trimmed"} & {c.code for c in every.warnings} == set()
    # The effect on the treated needs no control to have had a chance of treatment.
    treated = aipw(far, "hours", "treated", ["age"], estimand="ATT", trim=0.05, folds=1)
    assert set(treated.excluded) == {"score outside 0 to 0.95"}


@pytest.mark.parametrize(
    ("estimate", "change", "settings", "message"),
    [
        (standardise, {}, {"estimand": "ATO"}, "an estimand of standardisation"),
        (standardise, {}, {"interactions": ["office"]}, "'office' is not"),
        (standardise, {"hours": pl.lit(2.3)}, {}, "does not vary"),
        (standardise, {"treated": pl.lit(1)}, {}, "the control group"),
        (standardise, {"hours": pl.col("origin")}, {}, "column 'hours' must be numbers"),
        (standardise, {"office": pl.lit(1)}, {"cluster": "office"}, "one cluster"),
        (
            standardise,
            {"age": pl.when("treated").then("age").otherwise(pl.lit(40.0))},
            {},
            "among the controls cannot be fitted: column 'age' has the same value",
        ),
        (
            standardise,
            {"hours": (pl.col("age") > 40).cast(float)},
            {},
            "outcome model among the treated cannot be fitted: column 'age' separates",
        ),
        (aipw, {}, {"estimand": "ATO"}, "an estimand of doubly robust"),
        (aipw, {}, {"folds": 0}, "'folds' at least 1"),
        (aipw, {}, {"trim": 0.7}, "'trim' is from 0"),
        (aipw, {}, {"folds": 500}, "500 folds cannot be made of"),
        (aipw, {}, {"folds": 61, "cluster": "office"}, "61 folds cannot be made of 60 clusters in 'office'"),
        (aipw, {"age": pl.col("treated").cast(float)}, {}, "fold 1 is left out: .*column 'age' separates"),
        (aipw, {"age": pl.col("treated").cast(float)}, {"folds": 1}, "column 'age' separates"),
        (aipw, {"hours": pl.lit(1.0)}, {}, "does not vary"),
    ],
)
def test_what_cannot_be_estimated_is_refused(
    people: pl.DataFrame, estimate: object, change: dict, settings: dict, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        estimate(people.with_columns(**change), "hours", "treated", ["age"], **settings)  # type: ignore[operator]
