"""Regression, logit and proportion results against statsmodels, scipy and printed R output."""

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest

from indsats.evaluate import (
    chi_squared,
    difference_in_means,
    difference_in_shares,
    logit,
    mcnemar_test,
    newcombe_interval,
    newcombe_paired_interval,
    proportion_test,
    regression,
    wilson_interval,
)


@pytest.fixture(scope="module")
def people() -> pl.DataFrame:
    rng = np.random.default_rng(7)
    n = 400
    age, office = rng.normal(40, 9, n), rng.integers(0, 23, n)
    treated = rng.random(n) < 0.4
    noise = rng.normal(size=n) * (1 + treated) + rng.normal(size=23)[office]
    return pl.DataFrame(
        {
            "treated": treated,
            "age": age,
            "sex": rng.choice(["k", "m"], n),
            "office": office,
            "weight": rng.uniform(0.2, 3, n),
            "y": 3 + 0.8 * treated + 0.05 * age + noise,
        }
    )


def oracle_matrix(people: pl.DataFrame) -> np.ndarray:
    columns = [pl.col("treated").cast(float), "age", (pl.col("sex") == "m").cast(float)]
    return sm.add_constant(people.select(columns).to_numpy())


@pytest.mark.parametrize("kind", ["classical", "hc1", "cluster"])
@pytest.mark.parametrize("weighted", [False, True])
def test_regression_errors_equal_statsmodels(people: pl.DataFrame, kind: str, weighted: bool) -> None:
    weights = people["weight"].to_numpy() if weighted else np.ones(people.height)
    model = sm.WLS(people["y"].to_numpy(), oracle_matrix(people), weights=weights)
    options: dict[str, object] = {
        "classical": {"cov_type": "nonrobust"},
        "hc1": {"cov_type": "HC1", "use_t": True},
        "cluster": {
            "cov_type": "cluster",
            "cov_kwds": {"groups": people["office"].to_numpy(), "df_correction": True},
            "use_t": True,
        },
    }[kind]
    expected = model.fit(**options)
    effect = regression(
        people,
        "y",
        adjust=["age", "sex"],
        se=kind,  # type: ignore[arg-type]
        cluster="office" if kind == "cluster" else None,
        weights="weight" if weighted else None,
    )
    assert effect.estimate == pytest.approx(expected.params[1], rel=1e-10)
    assert effect.se == pytest.approx(expected.bse[1], rel=1e-10)
    assert effect.p == pytest.approx(expected.pvalues[1], rel=1e-8)
    assert (effect.interval.low, effect.interval.high) == pytest.approx(
        tuple(expected.conf_int()[1]), rel=1e-9
    )


def test_logit_equals_statsmodels() -> None:
    rng = np.random.default_rng(3)
    x = sm.add_constant(np.column_stack([rng.normal(50000, 20000, 900), rng.integers(0, 2, 900)]))
    y = rng.random(900) < 1 / (1 + np.exp(1 - 2e-5 * x[:, 1] + 0.7 * x[:, 2]))
    fit = logit(x, y)
    expected = sm.GLM(y.astype(float), x, family=sm.families.Binomial()).fit(
        tol=1e-14, tol_criterion="params"
    )
    assert fit.coefficients == pytest.approx(expected.params, rel=1e-7)
    assert fit.se == pytest.approx(expected.bse, rel=1e-7)
    assert fit.fitted == pytest.approx(expected.fittedvalues, rel=1e-7)
    assert fit.log_likelihood == pytest.approx(expected.llf, rel=1e-10)


def test_logit_without_a_constant_equals_statsmodels() -> None:
    rng = np.random.default_rng(4)
    x = rng.normal(1, 1, (300, 2))
    y = rng.random(300) < 0.3
    expected = sm.Logit(y.astype(float), x).fit(disp=0, tol=1e-12)
    assert logit(x, y).coefficients == pytest.approx(expected.params, rel=1e-6)
    assert logit(x, y).se == pytest.approx(expected.bse, rel=1e-6)


@pytest.mark.parametrize(
    "counts", [(56, 70, 48, 80), (9, 10, 3, 10), (0, 10, 0, 10), (10, 10, 0, 20), (5, 56, 0, 29)]
)
def test_score_intervals_equal_statsmodels(counts: tuple[int, int, int, int]) -> None:
    expected = confint_proportions_2indep(*counts, method="newcomb", compare="diff")
    assert newcombe_interval(*counts) == pytest.approx(expected, abs=1e-12)
    assert wilson_interval(*counts[:2]) == pytest.approx(
        proportion_confint(*counts[:2], method="wilson"), abs=1e-12
    )


def test_newcombe_as_printed_in_his_article() -> None:
    """Method 10 of Table II: 56/70 against 48/80."""
    assert newcombe_interval(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)


@pytest.mark.parametrize(
    ("pairs", "printed"), [((20, 12, 2, 16), (0.0562, 0.3292)), ((36, 12, 2, 0), (0.0569, 0.3404))]
)
def test_paired_newcombe_as_published(pairs: tuple[int, int, int, int], printed: tuple[float, float]) -> None:
    """Method 10, fifty pairs of which twelve and two discordant: partners alike, and partners unlike."""
    assert newcombe_paired_interval(*pairs) == pytest.approx(printed, abs=5e-5)


def test_proportion_test_equals_statsmodels() -> None:
    z, p = proportions_ztest([253, 211], [2052, 2052])
    assert proportion_test(253, 2052, 211, 2052) == pytest.approx((z, p), rel=1e-12)


def test_four_sample_test_as_r_prints_it() -> None:
    """R: prop.test(c(83, 90, 129, 70), c(86, 93, 136, 82))."""
    yes, of = np.array([83, 90, 129, 70]), np.array([86, 93, 136, 82])
    statistic, df, p = chi_squared(np.vstack([yes, of - yes]))
    assert statistic == pytest.approx(12.60041, abs=5e-6)
    assert df == 3
    assert p == pytest.approx(0.005585, abs=5e-7)


def test_two_samples_are_the_square_of_z() -> None:
    z, p = proportion_test(12, 80, 25, 90)
    assert chi_squared([[12, 68], [25, 65]])[::2] == pytest.approx((z**2, p))


def test_mcnemar_equals_statsmodels() -> None:
    expected = mcnemar([[30, 21], [9, 40]], exact=False, correction=False)
    z, p = mcnemar_test(21, 9)
    assert (z**2, p) == pytest.approx((expected.statistic, expected.pvalue))


def test_paired_newcombe_is_the_unpaired_one_when_pairs_are_unrelated() -> None:
    """With no correlation between partners the paired interval is Newcombe's for two groups of that size."""
    both, first, second, neither = 24, 36, 16, 24  # the shares 60/100 and 40/100, independent
    assert newcombe_paired_interval(both, first, second, neither) == pytest.approx(
        newcombe_interval(60, 100, 40, 100)
    )


def test_paired_means_equal_scipy() -> None:
    rng = np.random.default_rng(11)
    first, second = rng.normal(1, 1, 40), rng.normal(0, 1, 40)
    table = pl.DataFrame(
        {
            "pair": [*range(40), *range(40)],
            "treated": [True] * 40 + [False] * 40,
            "y": np.concatenate([first, second]),
        }
    ).sample(fraction=1, shuffle=True, seed=2)
    expected = stats.ttest_rel(first, second)
    effect = difference_in_means(table, "y", pair="pair")
    assert (effect.statistic, effect.p) == pytest.approx((expected.statistic, expected.pvalue))
    assert (effect.interval.low, effect.interval.high) == pytest.approx(tuple(expected.confidence_interval()))


def test_reused_controls_give_the_two_way_cluster_error() -> None:
    """Pairs that share controls: the error equals statsmodels' clustering both by pair and by person."""
    rng = np.random.default_rng(5)
    n = 60
    control = rng.integers(0, 25, n)
    base = rng.normal(size=25)
    rows = pl.DataFrame(
        {
            "pair": [*range(n), *range(n)],
            "person": [*range(100, 100 + n), *control.tolist()],
            "treated": [True] * n + [False] * n,
            "y": np.concatenate([rng.normal(0.5, 1, n) + base[control], base[control]]),
        }
    )
    effect = difference_in_means(rows, "y", pair="pair", person="person")
    x = sm.add_constant(rows["treated"].cast(float).to_numpy())
    groups = rows.select("pair", "person").to_numpy()
    parts = [
        sm.OLS(rows["y"].to_numpy(), x)
        .fit(cov_type="cluster", cov_kwds={"groups": g, "use_correction": False})
        .cov_params()[1, 1]
        for g in (groups[:, 0], groups[:, 1], np.arange(2 * n))
    ]
    people = len(np.unique(groups[:, 1]))
    scaled = parts[0] * n / (n - 1) + parts[1] * people / (people - 1) - parts[2] * 2 * n / (2 * n - 1)
    assert effect.se == pytest.approx(np.sqrt(scaled), rel=1e-10)
    assert effect.n_control == len(np.unique(control))


def test_range_of_p_for_two_groups_of_2052() -> None:
    """12.3 % against 10.3 % of 2,052 each: all counts that round so give p between 0.038 and 0.049."""
    found = []
    for x1 in (252, 253):
        for x2 in (211, 212):
            table = pl.DataFrame(
                {
                    "treated": [True] * 2052 + [False] * 2052,
                    "y": [True] * x1 + [False] * (2052 - x1) + [True] * x2 + [False] * (2052 - x2),
                }
            )
            found.append(difference_in_shares(table, "y").p)
    assert min(found) == pytest.approx(0.0384, abs=5e-5)
    assert max(found) == pytest.approx(0.0486, abs=5e-5)
