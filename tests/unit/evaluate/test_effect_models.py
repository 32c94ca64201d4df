"""Regression and logit: categorical columns, redundancy, separation and what is said about them."""

import numpy as np
import polars as pl
import pytest

from indsats.evaluate import logit, regression


@pytest.fixture
def people() -> pl.DataFrame:
    rng = np.random.default_rng(9)
    return pl.DataFrame(
        {
            "treated": rng.random(80) < 0.5,
            "age": rng.integers(18, 65, 80).astype(np.int8),
            "origin": rng.choice(["dk", "other", "west"], 80),
            "office": rng.integers(0, 6, 80),
            "y": rng.normal(size=80),
        }
    )


def test_categories_enter_as_levels(people: pl.DataFrame) -> None:
    by_hand = people.with_columns(
        other=pl.col("origin") == "other", west=(pl.col("origin") == "west").cast(pl.Int8)
    )
    one = regression(people, "y", adjust=["origin", "age"])
    two = regression(by_hand, "y", adjust=["other", "west", "age"])
    assert (one.estimate, one.se) == pytest.approx((two.estimate, two.se))
    enum = people.with_columns(pl.col("origin").cast(pl.Enum(["west", "dk", "other"])))
    assert regression(enum, "y", adjust=["origin", "age"]).estimate == pytest.approx(one.estimate)


@pytest.mark.parametrize(
    ("column", "expression", "message"),
    [
        ("twice", pl.col("age").cast(float) * 2 + 3, "column 'twice' is an exact combination"),
        ("flat", pl.lit(4.0), "column 'flat' has the same value in every row"),
        ("copy", pl.col("treated").cast(float), "column 'copy' is an exact combination"),
    ],
)
def test_redundant_columns_are_named(
    people: pl.DataFrame, column: str, expression: pl.Expr, message: str
) -> None:
    table = people.with_columns(expression.alias(column))
    with pytest.raises(ValueError, match=message):
        regression(table, "y", adjust=["age", column])


def test_large_offsets_are_not_taken_for_redundancy(people: pl.DataFrame) -> None:
    """A year and its square, as they come, are nearly collinear with the constant but carry information."""
    rng = np.random.default_rng(2)
    table = people.with_columns(year=pl.Series(rng.integers(2008, 2020, 80))).with_columns(
        square=pl.col("year") ** 2
    )
    centred = table.with_columns(year=pl.col("year") - 2014, square=(pl.col("year") - 2014) ** 2)
    expected = regression(centred, "y", adjust=["year", "square"])
    found = regression(table, "y", adjust=["year", "square"])
    assert (found.estimate, found.se) == pytest.approx((expected.estimate, expected.se), rel=1e-6)


def test_too_few_rows(people: pl.DataFrame) -> None:
    few = people[:4].with_columns(treated=pl.Series([1, 0, 1, 0]), origin=pl.Series(list("abca")))
    with pytest.raises(ValueError, match="cannot carry 5 coefficients"):
        regression(few, "y", adjust=["origin", "age"])


def test_cluster_and_error_belong_together(people: pl.DataFrame) -> None:
    with pytest.raises(ValueError, match="'cluster' exactly when"):
        regression(people, "y", se="cluster")
    with pytest.raises(ValueError, match="'cluster' exactly when"):
        regression(people, "y", cluster="office")
    with pytest.raises(ValueError, match="at least two clusters"):
        regression(people.with_columns(office=pl.lit(1)), "y", se="cluster", cluster="office")


def test_result_names_its_convention(people: pl.DataFrame) -> None:
    effect = regression(people, "y", adjust=["age"], se="cluster", cluster="office")
    assert "CRV1 by 'office'" in effect.se_method
    assert effect.df == people["office"].n_unique() - 1
    assert effect.design == "least-squares regression, adjusted for age"


def test_missing_covariates_are_counted(people: pl.DataFrame) -> None:
    gaps = people.with_columns(age=pl.when(pl.int_range(pl.len()) < 3).then(None).otherwise(pl.col("age")))
    assert regression(gaps, "y", adjust=["age"]).excluded == {"missing age": 3}


def test_dates_are_no_covariates(people: pl.DataFrame) -> None:
    with pytest.raises(ValueError, match="column 'born' must be numbers"):
        regression(people.with_columns(born=pl.date(1970, 1, 1)), "y", adjust=["born"])


def logit_columns(n: int = 200) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(6)
    x = np.column_stack([np.ones(n), rng.normal(size=n), rng.random(n) < 0.1])
    return x, rng.random(n) < 0.3


def test_complete_separation_names_the_column() -> None:
    x, _ = logit_columns()
    with pytest.raises(ValueError, match="column 'age' separates the outcomes: its values do not overlap"):
        logit(x, x[:, 1] > 0.2, ["constant", "age", "flag"])


def test_a_level_without_events_names_the_column() -> None:
    x, y = logit_columns()
    y = y & (x[:, 2] == 0)
    with pytest.raises(ValueError, match=r"column 'origin=west' separates .* where it is 1 have outcome 0"):
        logit(x, y, ["constant", "age", "origin=west"])


def test_joint_separation_is_still_found() -> None:
    x, _ = logit_columns()
    x[:, 2] = np.random.default_rng(8).normal(size=len(x))
    with pytest.raises(ValueError, match="age, pay together separate"):
        logit(x, x[:, 1] + x[:, 2] > 0.1, ["constant", "age", "pay"])


@pytest.mark.parametrize(("value", "who"), [(0, "nobody"), (1, "everybody")])
def test_one_outcome_only_is_refused(value: int, who: str) -> None:
    x, _ = logit_columns()
    with pytest.raises(ValueError, match=who):
        logit(x, np.full(len(x), float(value)))


def test_logit_refuses_redundant_columns() -> None:
    x, y = logit_columns()
    with pytest.raises(ValueError, match="column 'again' is an exact combination"):
        logit(np.column_stack([x, x[:, 1] * 3]), y, ["constant", "age", "flag", "again"])


def test_strong_but_finite_effects_are_not_called_separation() -> None:
    """Two overlapping people among a thousand are enough for a maximum to exist."""
    x = np.column_stack([np.ones(1000), np.linspace(-5, 5, 1000)])
    y = x[:, 1] > 0
    y[[470, 530]] = [True, False]
    fit = logit(x, y)
    assert np.isfinite(fit.se).all()
    assert fit.coefficients[1] > 5
