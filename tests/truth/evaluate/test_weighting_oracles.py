"""Weights and doubly robust estimates against published numbers, statsmodels, and equations stacked by hand."""

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import norm
from statsmodels.treatment.tests.results import results_teffects as stata
from statsmodels.treatment.treatment_effects import TreatmentEffect

from indsats.evaluate import Effect, aipw, standardise, weigh
from publicdata import table

OUTCOME = ["prenatal1_", "mmarried_", "mage", "fbaby_"]
SCORE = ["mmarried_", "mage", "mage2", "fbaby_", "medu"]
LALONDE = ["age", "educ", "race", "married", "nodegree", "re74", "re75"]


@pytest.fixture(scope="module")
def births() -> pl.DataFrame:
    return table("cattaneo2")


@pytest.fixture(scope="module")
def lalonde() -> pl.DataFrame:
    return table("lalonde")


def printed(effect: Effect, results: np.ndarray, rel: float = 1e-8) -> None:
    """Stata prints effect and control mean in the first column, their errors in the second."""
    assert effect.estimate == pytest.approx(results[0, 0], rel=rel)
    assert effect.se == pytest.approx(results[0, 1], rel=rel)
    assert effect.mean_control == pytest.approx(results[1, 0], rel=rel)
    assert effect.p == pytest.approx(results[0, 3], rel=1e-6)
    assert effect.interval == pytest.approx(tuple(results[0, 4:6]), rel=rel)


def test_standardisation_equals_stata(births: pl.DataFrame) -> None:
    printed(standardise(births, "bweight", "mbsmoke_", OUTCOME), stata.results_ra.table)
    treated = standardise(births, "bweight", "mbsmoke_", OUTCOME, estimand="ATT")
    printed(treated, stata.results_ra.table_t)


def test_inverse_probability_weights_equal_stata(births: pl.DataFrame) -> None:
    weights = weigh(births, "mbsmoke_", SCORE, estimand="ATE", link="probit")
    printed(weights.effect("bweight"), stata.results_ipw.table)
    weights = weigh(births, "mbsmoke_", SCORE, link="probit")
    printed(weights.effect("bweight"), stata.results_ipw.table_t)


def test_augmented_weighting_equals_stata(births: pl.DataFrame) -> None:
    effect = aipw(
        births, "bweight", "mbsmoke_", OUTCOME, score_covariates=SCORE, folds=1, trim=0, link="probit"
    )
    printed(effect, stata.results_aipw.table)


def test_logit_scores_equal_statsmodels(births: pl.DataFrame) -> None:
    """The same estimators with a logit score; statsmodels' errors come from numerical derivatives."""
    frame = births.to_pandas()
    score = sm.Logit(frame["mbsmoke_"], sm.add_constant(frame[SCORE])).fit(disp=0)
    outcome = sm.OLS(frame["bweight"], sm.add_constant(frame[OUTCOME]))
    other = TreatmentEffect(outcome, frame["mbsmoke_"].to_numpy(), results_select=score)
    theirs = other.ipw(disp=False).results_gmm
    ours = weigh(births, "mbsmoke_", SCORE, estimand="ATE").effect("bweight")
    assert (ours.estimate, ours.se) == pytest.approx((theirs.params[0], theirs.bse[0]), rel=1e-4)
    theirs = other.aipw(disp=False).results_gmm
    ours = aipw(births, "bweight", "mbsmoke_", OUTCOME, score_covariates=SCORE, folds=1, trim=0)
    assert (ours.estimate, ours.se) == pytest.approx((theirs.params[0], theirs.bse[0]), rel=1e-4)


def test_weights_and_subclasses_equal_matchit(lalonde: pl.DataFrame) -> None:
    weighted = weigh(lalonde, "treat", LALONDE).effect("re78", errors="robust")
    assert weighted.estimate == pytest.approx(1214.071, abs=5e-4)
    assert weighted.se == pytest.approx(824.0517, abs=5e-5)
    classed = weigh(lalonde, "treat", LALONDE, method="subclass", subclasses=6).effect("re78")
    assert classed.estimate == pytest.approx(1359.488, abs=5e-4)


@pytest.fixture(scope="module")
def smokers() -> tuple[pl.DataFrame, list[str]]:
    """The model of Hernán and Robins' book, chapters 12 and 13."""
    raw = table("nhefs")
    squares = {f"{c}2": pl.col(c) ** 2 for c in ("age", "smokeintensity", "smokeyrs", "wt71")}
    words = {c: pl.col(c).cast(pl.String) for c in ("education", "exercise", "active")}
    plain = ["sex", "race", "age", "smokeintensity", "smokeyrs", "wt71"]
    return raw.with_columns(**squares).with_columns(**words), [*plain, *squares, *words]


def test_inverse_probability_weights_equal_the_book(smokers: tuple[pl.DataFrame, list[str]]) -> None:
    people, covariates = smokers
    weights = weigh(people, "qsmk", covariates, estimand="ATE")
    effect = weights.effect("wt82_71", errors="robust")
    assert weights.weights["weight"].mean() == pytest.approx(1.996, abs=5e-4)
    assert (effect.estimate, effect.se) == pytest.approx((3.441, 0.525), abs=7e-4)
    assert effect.interval == pytest.approx((2.41, 4.47), abs=0.005)
    stable = weigh(people, "qsmk", covariates, estimand="ATE", stabilised=True)
    assert stable.weights["weight"].mean() == pytest.approx(0.999, abs=5e-4)
    again = stable.effect("wt82_71")
    known = weights.effect("wt82_71")
    assert (again.estimate, again.se) == pytest.approx((known.estimate, known.se), rel=1e-9)


def test_standardisation_equals_the_book(smokers: tuple[pl.DataFrame, list[str]]) -> None:
    people, covariates = smokers
    effect = standardise(people, "wt82_71", "qsmk", covariates, interactions=["smokeintensity"])
    assert effect.estimate == pytest.approx(3.517, abs=5e-4)
    assert (effect.mean_treated, effect.mean_control) == pytest.approx((5.27, 1.76), abs=0.01)


# Errors where no other package has them: all equations stacked and differentiated numerically.


def stacked(
    equations: Callable[[np.ndarray], np.ndarray], start: np.ndarray, target: int
) -> tuple[float, float]:
    """The solution of equations (rows × parameters) that sum to zero, and its sandwich error (parameter ``target``)."""
    theta = np.array(start, dtype=float)

    def total(at: np.ndarray) -> np.ndarray:
        return equations(at).mean(axis=0)

    def slope(at: np.ndarray) -> np.ndarray:
        ends = [(total(at + step) - total(at - step)) / (2 * 1e-5) for step in 1e-5 * np.eye(len(at))]
        return np.column_stack(ends)

    for _ in range(50):
        theta = theta - np.linalg.solve(slope(theta), total(theta))
    assert np.abs(total(theta)).max() < 1e-9
    bread = np.linalg.inv(slope(theta))
    rows = equations(theta)
    variance = bread @ (rows.T @ rows / len(rows)) @ bread.T / len(rows)
    return float(theta[target]), float(np.sqrt(variance[target, target]))


@pytest.fixture(scope="module")
def small() -> tuple[pl.DataFrame, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    x = np.column_stack([np.ones(400), rng.normal(size=400), rng.random(400) < 0.4]).astype(float)
    t = (rng.random(400) < expit(-0.5 + 0.6 * x[:, 1] - 0.7 * x[:, 2])).astype(float)
    y = 1 + x[:, 1] + 2 * x[:, 2] + t * (1 + x[:, 1]) + rng.normal(size=400) * (1 + t)
    return pl.DataFrame({"t": t, "a": x[:, 1], "b": x[:, 2], "y": y}), x, t, y


ODDS = {
    "ATE": lambda e, t: t / e + (1 - t) / (1 - e),
    "ATT": lambda e, t: t + (1 - t) * e / (1 - e),
    "ATC": lambda e, t: t * (1 - e) / e + 1 - t,
    "ATO": lambda e, t: t * (1 - e) + (1 - t) * e,
}


@pytest.mark.parametrize("estimand", ["ATE", "ATT", "ATC", "ATO"])
@pytest.mark.parametrize("curve", [expit, norm.cdf])
@pytest.mark.parametrize("adjusted", [False, True])
def test_errors_of_estimated_weights_equal_stacked_equations(
    small: tuple[pl.DataFrame, np.ndarray, np.ndarray, np.ndarray],
    estimand: str,
    curve: Callable[[np.ndarray], np.ndarray],
    adjusted: bool,
) -> None:
    df, x, t, y = small
    density = (lambda eta: expit(eta) * (1 - expit(eta))) if curve is expit else norm.pdf
    z = np.column_stack([np.ones(len(t)), t, *([x[:, 1]] if adjusted else [])])

    def equations(theta: np.ndarray) -> np.ndarray:
        eta = x @ theta[:3]
        e = curve(eta)
        score = x * ((t - e) * density(eta) / (e * (1 - e)))[:, None]
        return np.hstack([score, z * (ODDS[estimand](e, t) * (y - z @ theta[3:]))[:, None]])

    expected = stacked(equations, np.zeros(3 + z.shape[1]), 4)
    weights = weigh(
        df,
        "t",
        ["a", "b"],
        method="overlap" if estimand == "ATO" else "propensity",
        estimand=estimand,  # type: ignore[arg-type]
        link="logit" if curve is expit else "probit",
    )
    effect = weights.effect("y", covariates=["a"] if adjusted else [])
    assert (effect.estimate, effect.se) == pytest.approx(expected, rel=1e-6)


def test_errors_of_stabilised_weights_equal_stacked_equations(
    small: tuple[pl.DataFrame, np.ndarray, np.ndarray, np.ndarray],
) -> None:
    """With a covariate in the outcome's regression the share of treated matters and is an estimate too."""
    df, x, t, y = small
    z = np.column_stack([np.ones(len(t)), t, x[:, 1]])

    def equations(theta: np.ndarray) -> np.ndarray:
        e, share = expit(x @ theta[:3]), theta[3]
        weight = t * share / e + (1 - t) * (1 - share) / (1 - e)
        residual = weight * (y - z @ theta[4:])
        return np.hstack([x * (t - e)[:, None], (t - share)[:, None], z * residual[:, None]])

    expected = stacked(equations, np.array([0, 0, 0, 0.5, 0, 0, 0]), 5)
    weights = weigh(df, "t", ["a", "b"], estimand="ATE", stabilised=True)
    effect = weights.effect("y", covariates=["a"])
    assert (effect.estimate, effect.se) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("estimand", ["ATT", "ATC", "ATE"])
@pytest.mark.parametrize("adjusted", [False, True])
def test_errors_of_entropy_balancing_equal_stacked_equations(
    small: tuple[pl.DataFrame, np.ndarray, np.ndarray, np.ndarray], estimand: str, adjusted: bool
) -> None:
    df, x, t, y = small
    target = {"ATT": t, "ATC": 1 - t, "ATE": np.ones(len(t))}[estimand]
    z = np.column_stack([np.ones(len(t)), t, *([x[:, 1]] if adjusted else [])])

    def equations(theta: np.ndarray) -> np.ndarray:
        one = np.where(t == 1, np.exp(x @ theta[:3]), 0) if estimand != "ATT" else t
        two = np.where(t == 0, np.exp(x @ theta[3:6]), 0) if estimand != "ATC" else 1 - t
        first = x * (one - target)[:, None] if estimand != "ATT" else np.ones_like(x) * theta[:3]
        second = x * (two - target)[:, None] if estimand != "ATC" else np.ones_like(x) * theta[3:6]
        return np.hstack([first, second, z * ((one + two) * (y - z @ theta[6:]))[:, None]])

    expected = stacked(equations, np.zeros(6 + z.shape[1]), 7)
    weights = weigh(df, "t", ["a", "b"], method="entropy", estimand=estimand)  # type: ignore[arg-type]
    effect = weights.effect("y", covariates=["a"] if adjusted else [])
    assert (effect.estimate, effect.se) == pytest.approx(expected, rel=1e-6)


def test_entropy_weights_are_the_most_even_that_balance(
    small: tuple[pl.DataFrame, np.ndarray, np.ndarray, np.ndarray],
) -> None:
    """Hainmueller's problem solved from the other side: entropy maximised under constraints, by another method."""
    df = small[0]
    some = pl.concat([df.filter(pl.col("t") == 1), df.filter(pl.col("t") == 0).head(25)])
    ours = weigh(some, "t", ["a", "b"], method="entropy").weights.filter(~pl.col("treated"))["weight"]
    controls = some.filter(pl.col("t") == 0).select("a", "b").to_numpy()
    means = some.filter(pl.col("t") == 1).select("a", "b").mean().to_numpy()[0]
    found = minimize(
        lambda w: float((w * np.log(w)).sum()),
        np.full(25, 1 / 25),
        jac=lambda w: np.log(w) + 1,
        bounds=[(1e-9, 1)] * 25,
        constraints=[
            {"type": "eq", "fun": lambda w: w.sum() - 1},
            {"type": "eq", "fun": lambda w: w @ controls - means},
        ],
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert found.success
    assert ours.to_numpy() / ours.sum() == pytest.approx(found.x, abs=1e-6)
