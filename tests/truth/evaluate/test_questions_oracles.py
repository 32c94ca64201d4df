"""Dose, progression and subgroups against statsmodels and planted truth."""

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm

from indsats.evaluate import (
    dose_response,
    expected_and_actual,
    progression_and_outcome,
    subgroup_effects,
)
from indsats.evaluate.trials.robust import robust_fit


@pytest.fixture(scope="module")
def people() -> pl.DataFrame:
    rng = np.random.default_rng(3)
    n = 900
    score, age, site = rng.normal(60, 15, n), rng.normal(40, 10, n), rng.integers(0, 60, n)
    chance = 1 / (1 + np.exp(2.5 - 0.04 * score + 0.02 * (age - 40)))
    treated = rng.random(n) < 0.5
    return pl.DataFrame(
        {
            "id": np.arange(n),
            "score": score,
            "age": age,
            "site": site,
            "sex": rng.choice(["k", "m"], n),
            "treated": treated,
            "job": rng.random(n) < chance,
            "y": treated * np.where(site < 30, 1.0, 3.0) + 0.1 * score + rng.normal(size=n),
            "half": np.where(site < 30, "first", "second"),
        }
    )


@pytest.mark.parametrize("cluster", [None, "site"])
def test_odds_and_marginal_effect_equal_statsmodels(people: pl.DataFrame, cluster: str | None) -> None:
    score = people["score"].to_numpy()
    x = sm.add_constant(
        np.column_stack([(score - score.mean()) / score.std(ddof=1), people["age"].to_numpy()])
    )
    model = sm.Logit(people["job"].cast(float).to_numpy(), x)
    options: dict[str, object] = {"disp": 0, "tol": 1e-12}
    factor = 1.0
    if cluster:
        groups = people["site"].to_numpy()
        options |= {"cov_type": "cluster", "cov_kwds": {"groups": groups, "use_correction": False}}
        factor = np.sqrt(60 / 59)
    fit = model.fit(**options)
    found = progression_and_outcome(people, "score", "job", covariates=["age"], cluster=cluster)
    assert found.table["coef"].to_list() == pytest.approx(fit.params.tolist(), rel=1e-6)
    assert found.table["se"].to_list() == pytest.approx((factor * fit.bse).tolist(), rel=1e-6)
    margin = fit.get_margeff()
    assert found.shares.estimate == pytest.approx(margin.margeff[0], rel=1e-6)
    assert found.shares.se == pytest.approx(factor * margin.margeff_se[0], rel=1e-6)


def test_dose_slope_and_departure_equal_statsmodels(people: pl.DataFrame) -> None:
    found = dose_response(people, "y", "score", covariates=["age"], groups=4)
    y, score, age = (people[name].to_numpy() for name in ("y", "score", "age"))
    line = sm.OLS(y, sm.add_constant(np.column_stack([score, age]))).fit(cov_type="HC2", use_t=True)
    assert (found.effect.estimate, found.effect.se, found.effect.p) == pytest.approx(
        (line.params[1], line.bse[1], line.pvalues[1])
    )
    inner = [
        (score >= low) & (score <= high)
        for low, high in found.table.select("dose_from", "dose_to").rows()[1:3]
    ]
    bent = sm.OLS(y, sm.add_constant(np.column_stack([score, age, *inner]))).fit(cov_type="HC2", use_t=True)
    joint = bent.f_test(np.eye(5)[3:])
    assert found.departure is not None
    assert (found.departure.statistic, found.departure.p) == pytest.approx((joint.fvalue, joint.pvalue))


def test_within_sites_equals_an_indicator_per_site(people: pl.DataFrame) -> None:
    """Slope, CR2 error and degrees of freedom are those of the regression with all sixty indicators."""
    site = people["site"].to_numpy()
    indicators = (site[:, None] == np.arange(1, 60)).astype(float)
    x = np.column_stack([np.ones(900), people.select("score", "age").to_numpy(), indicators])
    expected = robust_fit(x, people["y"].to_numpy(), [f"c{i}" for i in range(62)], site).contrast(
        np.eye(62)[1]
    )
    found = dose_response(people, "y", "score", covariates=["age"], site="site").effect
    assert (found.estimate, found.se, found.df) == pytest.approx(tuple(expected), rel=1e-9)


def test_planted_subgroup_effects_are_found(people: pl.DataFrame) -> None:
    table = subgroup_effects(people, "y", "treated", ["half", "sex"], covariates=["score"]).table
    rows = {row["level"]: row for row in table.iter_rows(named=True)}
    assert rows["first"]["lower"] < 1 < rows["first"]["upper"]
    assert rows["second"]["lower"] < 3 < rows["second"]["upper"]
    assert rows["first"]["p_interaction"] < 1e-6
    assert rows["k"]["p_interaction"] > 0.01


def test_subgroups_with_a_covariate_equal_one_regression(people: pl.DataFrame) -> None:
    first = (people["half"] == "first").to_numpy()
    t = people["treated"].to_numpy()
    x = np.column_stack([first, ~first, t & first, t & ~first, people["age"].to_numpy()]).astype(float)
    expected = sm.OLS(people["y"].to_numpy(), x).fit(cov_type="HC2", use_t=True)
    table = subgroup_effects(people, "y", "treated", ["half"], covariates=["age"]).table
    assert table["effect"].to_list()[1:] == pytest.approx(expected.params[2:4].tolist())
    assert table["se"].to_list()[1:] == pytest.approx(expected.bse[2:4].tolist())
    joint = expected.f_test(np.array([[0, 0, 1, -1, 0]]))
    assert table["p_interaction"][1] == pytest.approx(float(joint.pvalue))


def test_predicted_chances_are_those_of_a_logit_on_everybody(people: pl.DataFrame) -> None:
    x = sm.add_constant(people.select("score", "age", (pl.col("sex") == "m").cast(float)).to_numpy())
    expected = sm.Logit(people["job"].cast(float).to_numpy(), x).fit(disp=0, tol=1e-12).predict(x)
    found = expected_and_actual(people, "job", ["score", "age", "sex"], id="id", folds=1).table["predicted"]
    assert found.to_list() == pytest.approx(expected.tolist(), rel=1e-6)
    crossed = expected_and_actual(people, "job", ["score", "age", "sex"], id="id").table["predicted"]
    assert np.corrcoef(crossed.to_numpy(), expected)[0, 1] > 0.98
