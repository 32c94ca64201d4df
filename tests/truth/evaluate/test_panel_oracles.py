"""Absorbed regression, differences in differences and their few-site tests against independent ways to the same."""

from __future__ import annotations

import warnings
from itertools import combinations

import numpy as np
import polars as pl
import pyfixest
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

import publicdata
from indsats.evaluate import (
    absorbed_regression,
    did,
    event_study,
    group_time,
    placebo,
    randomisation_test,
    wild_bootstrap,
)
from indsats.evaluate.panel import absorb


def panel(seed: int, rows: int = 500, levels: tuple[int, ...] = (12, 7), sites: int = 9) -> pl.DataFrame:
    """Random rows with absorbed columns f0, f1 …, sites, weights and two covariates."""
    rng = np.random.default_rng(seed)
    columns = {f"f{i}": rng.integers(0, count, rows) for i, count in enumerate(levels)}
    site = rng.integers(0, sites, rows)
    x = rng.normal(size=rows) + columns["f0"] / 5
    return pl.DataFrame(
        {
            **columns,
            "site": site,
            "area": site // 2,
            "x": x,
            "z": rng.normal(size=rows) * 100 + 1e4,
            "weight": rng.uniform(0.2, 3, rows),
            "y": x
            + columns["f0"]
            + rng.normal(size=rows) * (1 + (site % 3))
            + rng.normal(size=sites)[site]
            + 1e3,
        }
    )


def dense(df: pl.DataFrame, columns: list[str], absorbed: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """The design with every indicator written out, and the outcome."""
    parts = [df[name].to_numpy().astype(float) for name in columns]
    for place, name in enumerate(absorbed):
        values = df[name].to_numpy()
        parts += [(values == level).astype(float) for level in np.unique(values)[0 if place == 0 else 1 :]]
    if not absorbed:
        parts.append(np.ones(df.height))
    return np.column_stack(parts), df["y"].to_numpy()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("weights", [None, "weight"])
@pytest.mark.parametrize("absorbed", [["f0"], ["f0", "f1"], ["site", "f1"], ["f0", "f1", "f2"]])
@pytest.mark.parametrize("small_sample", ["nonnested", "all"])
def test_coefficients_and_clustered_errors_equal_pyfixests(
    seed: int, weights: str | None, absorbed: list[str], small_sample: str
) -> None:
    df = panel(seed, levels=(12, 7, 5))
    ours = absorbed_regression(
        df, "y", ["x", "z"], absorb=absorbed, cluster="site", weights=weights, small_sample=small_sample
    )
    theirs = pyfixest.feols(
        f"y ~ x + z | {' + '.join(absorbed)}",
        df.to_pandas(),
        vcov={"CRV1": "site"},
        weights=weights,
        ssc=pyfixest.ssc(k_fixef={"nonnested": "nonnested", "all": "full"}[small_sample]),
    )
    np.testing.assert_allclose(ours.table["coef"], theirs.coef(), rtol=1e-7)
    np.testing.assert_allclose(ours.table["se"], theirs.se(), rtol=1e-7)
    np.testing.assert_allclose(ours.table["p"], theirs.pvalue(), rtol=1e-5)


@pytest.mark.parametrize("two_way", ["each", "smallest"])
def test_two_way_clusters_equal_pyfixests(two_way: str) -> None:
    df = panel(4, rows=2_000, sites=30, levels=(25, 7))
    ours = absorbed_regression(df, "y", ["x", "z"], absorb=["f1"], cluster=["site", "f0"], two_way=two_way)
    theirs = pyfixest.feols(
        "y ~ x + z | f1",
        df.to_pandas(),
        vcov={"CRV1": "site + f0"},
        ssc=pyfixest.ssc(G_df={"each": "conventional", "smallest": "min"}[two_way]),
    )
    np.testing.assert_allclose(ours.table["se"], theirs.se(), rtol=1e-7)


def test_without_absorbed_columns_it_equals_statsmodels() -> None:
    df = panel(5)
    x, y = dense(df, ["x", "z"], [])
    for cluster, se, kind, words in (
        (None, "classical", "nonrobust", {}),
        (None, "hc1", "HC1", {}),
        ("site", "hc1", "cluster", {"groups": df["site"].to_numpy()}),
    ):
        theirs = sm.OLS(y, x).fit(cov_type=kind, cov_kwds=words, use_t=True)
        ours = absorbed_regression(df, "y", ["x", "z"], cluster=cluster, se=se)
        np.testing.assert_allclose([ours.row(t)["se"] for t in ("x", "z", "constant")], theirs.bse, rtol=1e-7)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.integers(2, 9), min_size=1, max_size=3))
def test_the_within_transformation_and_its_rank_are_those_of_written_out_indicators(
    seed: int, levels: list[int]
) -> None:
    rng = np.random.default_rng(seed)
    df = panel(seed, rows=int(rng.integers(20, 80)), levels=tuple(levels))
    names = [f"f{i}" for i in range(len(levels))]
    indicators, y = dense(df, [], names)
    weight = df["weight"].to_numpy()
    root = np.sqrt(weight)
    within = absorb.Within([absorb.factor(df[name]) for name in names], weight)
    left = y.copy()[None, :]
    within.remove(left)
    fitted = indicators @ np.linalg.lstsq(indicators * root[:, None], y * root, rcond=None)[0]
    np.testing.assert_allclose(left[0], y - fitted, atol=1e-8)
    assert within.rank == np.linalg.matrix_rank(indicators)


def test_two_large_columns_are_iterated_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    df = panel(7, rows=4_000, levels=(400, 300))
    direct = absorbed_regression(df, "y", ["x", "z"], absorb=["f0", "f1"], cluster="site")
    monkeypatch.setattr(absorb, "MOST_DENSE", 10)
    iterated = absorbed_regression(df, "y", ["x", "z"], absorb=["f0", "f1"], cluster="site")
    np.testing.assert_allclose(iterated.table["coef"], direct.table["coef"], rtol=1e-8)
    np.testing.assert_allclose(iterated.table["se"], direct.table["se"], rtol=1e-8)


def test_published_differences_in_differences() -> None:
    injury = publicdata.table("injury")
    for state, estimate, error, rows in (("ky", 0.1906, 0.0685, 5626), ("mi", 0.1920, 0.1542, 1524)):
        found = did(
            injury.filter(pl.col(state) == 1), "ldurat", "highearn", "afchnge", cluster=None, se="classical"
        )
        assert found.estimate == pytest.approx(estimate, abs=5e-5)
        assert found.se == pytest.approx(error, abs=5e-5)
        assert found.n_treated + found.n_control == rows
    incinerator = did(publicdata.table("kielmc"), "rprice", "nearinc", "y81", cluster=None, se="classical")
    assert incinerator.estimate == pytest.approx(-11863.9, abs=0.05)
    assert incinerator.se == pytest.approx(7456.6, abs=0.05)


def test_petersens_errors() -> None:
    df = publicdata.table("petersen")
    for cluster, error in (
        ("firm", 0.05059573),
        ("year", 0.03338891),
        (["firm", "year"], 0.05355802),
        (None, 0.02839516),
    ):
        assert absorbed_regression(df, "y", ["x"], cluster=cluster).row("x")["se"] == pytest.approx(
            error, abs=5e-9
        )


def counties() -> pl.DataFrame:
    return publicdata.table("mpdta").with_columns(
        post=(pl.col("first.treat") > 0) & (pl.col("year") >= pl.col("first.treat"))
    )


def test_counties_with_two_way_effects_equal_fixest() -> None:
    fit = absorbed_regression(
        counties(), "lemp", ["post"], absorb=["countyreal", "year"], cluster="countyreal"
    )
    assert fit.row("post")["coef"] == pytest.approx(-0.03654894, abs=5e-9)
    assert fit.row("post")["se"] == pytest.approx(0.01326516, abs=5e-9)


def test_counties_by_group_and_time_equal_the_published() -> None:
    found = group_time(counties(), "lemp", "countyreal", "year", "first.treat")
    np.testing.assert_allclose(
        found.table["estimate"],
        [
            -0.0105,
            -0.0704,
            -0.1373,
            -0.1008,
            0.0065,
            -0.0028,
            -0.0046,
            -0.0412,
            0.0305,
            -0.0027,
            -0.0311,
            -0.0261,
        ],
        atol=5e-5,
    )
    np.testing.assert_allclose(
        found.table["se"],
        [0.0233, 0.0310, 0.0364, 0.0344, 0.0233, 0.0196, 0.0178, 0.0202, 0.0150, 0.0164, 0.0179, 0.0167],
        atol=5e-5,
    )
    simple = found.aggregate("simple").effect
    assert simple.estimate == pytest.approx(-0.039951, abs=5e-7)
    assert simple.se == pytest.approx(0.012034, abs=5e-7)
    by_time = found.aggregate("dynamic")
    np.testing.assert_allclose(
        by_time.table["estimate"], [0.0305, -0.0006, -0.0245, -0.0199, -0.0510, -0.1373, -0.1008], atol=5e-5
    )
    assert by_time.effect.estimate == pytest.approx(-0.0772, abs=5e-5)


@pytest.mark.parametrize(
    ("control", "method", "near"),
    # The other package's propensity score stops a little earlier in the doubly robust form.
    [("never", "dr", 1e-4), ("not-yet", "dr", 1e-4), ("never", "ipw", 1e-9), ("never", "reg", 1e-9)],
)
def test_counties_with_a_covariate_equal_moderndid(control: str, method: str, near: float) -> None:
    import moderndid

    df = counties()
    ours = group_time(
        df, "lemp", "countyreal", "year", "first.treat", covariates=["lpop"], control=control, method=method
    )
    theirs = moderndid.att_gt(
        df.with_columns(pl.col("first.treat", "year", "countyreal").cast(pl.Int64)),
        yname="lemp",
        tname="year",
        idname="countyreal",
        gname="first.treat",
        xformla="~ lpop",
        control_group={"never": "nevertreated", "not-yet": "notyettreated"}[control],
        est_method=method,
        boot=False,
        cband=False,
    )
    np.testing.assert_allclose(ours.table["estimate"], theirs.att_gt, atol=near / 10)
    np.testing.assert_allclose(ours.table["se"], theirs.se_gt, rtol=near)
    for kind in ("simple", "dynamic", "group", "calendar"):
        mean = moderndid.aggte(theirs, type=kind)
        assert ours.aggregate(kind).effect.estimate == pytest.approx(mean.overall_att, abs=near / 10)
        assert ours.aggregate(kind).effect.se == pytest.approx(mean.overall_se, rel=near)


def test_clustered_errors_by_group_and_time_equal_diff_diffs_own() -> None:
    from diff_diff import CallawaySantAnna

    df = counties().with_columns(state=(pl.col("countyreal") // 1000).cast(pl.Int64))
    ours = group_time(df, "lemp", "countyreal", "year", "first.treat", cluster="state")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = CallawaySantAnna(cluster="state").fit(
            df.to_pandas(), outcome="lemp", unit="countyreal", time="year", first_treat="first.treat"
        )
    expected = [cell["se"] for _, cell in sorted(theirs.group_time_effects.items())]
    np.testing.assert_allclose(ours.table["se"], expected, rtol=1e-3)
    assert ours.aggregate().effect.se == pytest.approx(theirs.overall_se, rel=1e-3)


def test_an_event_study_and_its_joint_test_equal_pyfixests() -> None:
    df = panel(11, rows=3_000, sites=40, levels=(6, 3)).with_columns(
        treated=pl.col("site") < 15, t=pl.col("f0").cast(pl.Int64) - 3
    )
    ours = event_study(df, "y", "treated", "t", cluster="site", absorb=["site"], covariates=["x"])
    terms = {f"d{t + 3}": (df["treated"] & (df["t"] == t)).cast(pl.Float64) for t in (-3, -2, 0, 1, 2)}
    theirs = pyfixest.feols(
        f"y ~ {' + '.join(terms)} + x | site + t", df.with_columns(**terms).to_pandas(), vcov={"CRV1": "site"}
    )
    compared = ours.table.filter(pl.col("period") != -1)
    np.testing.assert_allclose(compared["coef"], theirs.coef()[list(terms)], rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(compared["se"], theirs.se()[list(terms)], rtol=1e-6)
    restriction = np.zeros((2, 6))
    restriction[0, 0] = restriction[1, 1] = 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that it gives the chi-squared form, which is q times F
        wald = theirs.wald_test(restriction)["statistic"]
    assert ours.pre_trend_statistic == pytest.approx(wald / 2, rel=1e-6)


@pytest.mark.parametrize("absorbed", [[], ["f0", "f1"], ["site", "f1"]])
def test_the_wild_bootstrap_equals_one_that_refits_every_sample(absorbed: list[str]) -> None:
    df = panel(21, rows=150, sites=7, levels=(5, 4)).with_columns(
        d=((pl.col("site") < 3) & (pl.col("f1") > 1)) * 1.0
    )
    ours = wild_bootstrap(df, "y", ["d", "x"], term="d", cluster="site", absorb=absorbed)
    design, y = dense(df, ["d", "x"], absorbed)
    inverse = np.linalg.pinv(design)
    groups = df["site"].to_numpy()

    def t(values: np.ndarray) -> float:
        coefficients = inverse @ values
        scores = design * (values - design @ coefficients)[:, None]
        sums = np.stack([scores[groups == g].sum(axis=0) for g in range(7)])
        bread = inverse @ inverse.T
        return float(coefficients[0] / np.sqrt((bread @ sums.T @ sums @ bread)[0, 0]))

    def p(effect: float) -> float:
        values = y - effect * design[:, 0]
        rest = design[:, 1:]
        fitted = rest @ np.linalg.lstsq(rest, values, rcond=None)[0]
        signs = 1 - 2 * ((np.arange(2**7)[:, None] >> np.arange(7)) & 1)
        drawn = np.array([t(fitted + (values - fitted) * one[groups]) for one in signs])
        return float((np.abs(drawn) >= abs(t(values)) * (1 - 1e-9)).mean())

    assert ours.p == pytest.approx(p(0.0))
    for bound, outward in zip(ours.interval, (-1e-4, 1e-4), strict=True):
        assert p(bound - outward) >= 0.05
        assert p(bound + outward) < 0.05


@pytest.mark.parametrize("after", [None, "later"])
@pytest.mark.parametrize("strata", [None, "odd"])
def test_the_randomisation_test_equals_one_that_refits_every_assignment(
    after: str | None, strata: str | None
) -> None:
    df = panel(31, rows=300, sites=9).with_columns(
        treated=pl.col("site") < 3, odd=pl.col("site") % 2, later=pl.col("f1") > 3
    )
    ours = randomisation_test(df, "y", "site", "treated", after=after, strata=strata, covariates=["x"])
    site, odd, later = df["site"].to_numpy(), df["odd"].to_numpy(), df["later"].to_numpy()
    rest = [df["x"].to_numpy()]
    if after:
        rest += [site == one for one in range(9)]
        rest += [later & (odd == one) for one in (0, 1)] if strata else [later]
    else:
        rest += [odd == one for one in (0, 1)] if strata else [np.ones(300)]

    def coefficient(chosen: tuple[int, ...]) -> float:
        dose = np.isin(site, chosen) & (later if after else True)
        design = np.column_stack([dose, *rest]).astype(float)
        return float(np.linalg.lstsq(design, df["y"].to_numpy(), rcond=None)[0][0])

    possible = [c for c in combinations(range(9), 3) if not strata or sum(s % 2 for s in c) == 1]
    drawn = np.array([coefficient(chosen) for chosen in possible])
    assert ours.estimate == pytest.approx(coefficient((0, 1, 2)))
    assert ours.p == pytest.approx((np.abs(drawn) >= abs(ours.estimate) - 1e-9).mean())
    assert ours.se == pytest.approx(drawn.std())


def test_a_planted_effect_is_within_the_interval_as_often_as_promised() -> None:
    hits = {"clustered": 0, "bootstrap": 0, "randomised": 0}
    runs = 40
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        site = np.repeat(np.arange(30), 20)
        later, treated = rng.random(600) < 0.5, site < 10
        shock = rng.normal(size=(2, 30))[later.astype(int), site]
        y = 0.5 * (treated & later) + shock + rng.normal(size=600)
        df = pl.DataFrame({"site": site, "later": later, "treated": treated, "both": treated & later, "y": y})
        for name, found in (
            ("clustered", did(df, "y", "treated", "later", cluster="site")),
            (
                "bootstrap",
                wild_bootstrap(
                    df,
                    "y",
                    ["treated", "later", "both"],
                    term="both",
                    cluster="site",
                    repetitions=399,
                    seed=seed,
                ),
            ),
            (
                "randomised",
                randomisation_test(df, "y", "site", "treated", after="later", repetitions=399, seed=seed),
            ),
        ):
            hits[name] += found.interval.low <= 0.5 <= found.interval.high
    # 95 % of 40 is 38; 33 or fewer happens once in 700 times by chance.
    assert min(hits.values()) > 33, hits


def test_a_placebo_is_the_difference_in_differences_of_the_time_before() -> None:
    df = panel(41, sites=30, levels=(12, 7)).with_columns(treated=pl.col("site") < 12)
    before = df.filter(pl.col("f0") < 8).with_columns(fake=pl.col("f0") >= 4)
    one = placebo(df, "y", "treated", "f0", 8, 4, cluster="site", covariates=["x"])
    other = did(before, "y", "treated", "fake", cluster="site", covariates=["x"])
    assert (one.estimate, one.se, one.p) == (other.estimate, other.se, other.p)
