"""Trials and plain tests against R, statsmodels, slow plain formulas and simulated truth."""

from itertools import combinations

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import SquareTable
from statsmodels.stats.multitest import multipletests

import publicdata
from indsats.evaluate import (
    adjust_p,
    binomial_test,
    cace,
    fisher_test,
    itt,
    permutation_test,
    randomisation_balance,
    transitions,
)
from indsats.evaluate.trials.robust import robust_fit


@pytest.fixture(scope="module")
def nsw() -> pl.DataFrame:
    return publicdata.table("nsw")


@pytest.fixture(scope="module")
def clustered() -> pl.DataFrame:
    rng = np.random.default_rng(8)
    n = 240
    office = rng.integers(0, 18, n)
    drawn = office % 2 == 0
    got = np.where(drawn, rng.random(n) < 0.7, rng.random(n) < 0.2)
    age = rng.normal(40, 10, n)
    return pl.DataFrame(
        {
            "office": office,
            "region": office // 6,
            "drawn": drawn,
            "got": got,
            "age": age,
            "y": 2.0 * got + 0.05 * age + rng.normal(size=18)[office] + rng.normal(size=n),
        }
    )


def test_adjusted_itt_equals_statsmodels_with_hc2(nsw: pl.DataFrame) -> None:
    covariates = ["age", "educ", "black", "re74"]
    x = nsw.select(covariates).to_numpy()
    x, drawn = x - x.mean(axis=0), nsw["treat"].to_numpy()
    matrix = sm.add_constant(np.column_stack([drawn, x, x * drawn[:, None]]))
    expected = sm.OLS(nsw["re78"].to_numpy(), matrix).fit(cov_type="HC2", use_t=True)
    effect = itt(nsw, "re78", "treat", covariates=covariates)
    assert effect.table is not None
    assert effect.table["coef"].to_list() == pytest.approx(expected.params.tolist(), rel=1e-8)
    assert effect.table["se"].to_list() == pytest.approx(expected.bse.tolist(), rel=1e-8)
    assert effect.p == pytest.approx(expected.pvalues[1], rel=1e-8)


def test_cace_is_two_stage_least_squares(clustered: pl.DataFrame) -> None:
    """Coefficients and HC2 errors written out in linear algebra, with a covariate."""
    y, d, z = (clustered[name].cast(pl.Float64).to_numpy() for name in ("y", "got", "drawn"))
    age = clustered["age"].to_numpy()
    one = np.ones(len(y))
    x, instruments = np.column_stack([one, d, age]), np.column_stack([one, z, age])
    fitted = instruments @ np.linalg.lstsq(instruments, x, rcond=None)[0]
    beta = np.linalg.solve(fitted.T @ x, fitted.T @ y)
    bread = np.linalg.inv(fitted.T @ fitted)
    leverage = np.einsum("ij,jk,ik->i", fitted, bread, fitted)
    scores = fitted * ((y - x @ beta) / np.sqrt(1 - leverage))[:, None]
    errors = np.sqrt(np.diag(bread @ scores.T @ scores @ bread))
    effect = cace(clustered, "y", "drawn", "got", covariates=["age"])
    assert effect.estimate == pytest.approx(beta[1], rel=1e-9)
    assert effect.se == pytest.approx(errors[1], rel=1e-9)


def test_cace_is_the_ratio_of_two_itts_over_strata(clustered: pl.DataFrame) -> None:
    options = {"strata": "region", "cluster": "office"}
    effect = cace(clustered, "y", "drawn", "got", **options)  # type: ignore[arg-type]
    outcome = itt(clustered, "y", "drawn", **options)  # type: ignore[arg-type]
    received = itt(clustered, "got", "drawn", **options)  # type: ignore[arg-type]
    assert effect.estimate == pytest.approx(outcome.estimate / received.estimate)
    assert effect.diagnostics["first_stage_f"] == pytest.approx((received.estimate / received.se) ** 2)


def test_anderson_rubin_bounds_are_where_the_shifted_outcome_is_just_significant(
    clustered: pl.DataFrame,
) -> None:
    effect = cace(clustered, "y", "drawn", "got", covariates=["age"])
    for name in ("anderson_rubin_lower", "anderson_rubin_upper"):
        bound = effect.diagnostics[name]
        shifted = (clustered["y"] - bound * clustered["got"].cast(pl.Float64)).to_numpy()  # type: ignore[operator]
        z = clustered["drawn"].cast(pl.Float64).to_numpy()
        matrix = sm.add_constant(np.column_stack([z, clustered["age"].to_numpy()]))
        assert sm.OLS(shifted, matrix).fit(cov_type="HC2", use_t=True).pvalues[1] == pytest.approx(
            0.05, rel=1e-6
        )


def test_cr2_equals_its_definition_in_whole_matrices(clustered: pl.DataFrame) -> None:
    """(I − H_gg)^(−1/2) per cluster and Satterthwaite's degrees of freedom, formed at full size (Bell & McCaffrey)."""
    groups = clustered["office"].to_numpy()
    x = np.column_stack([np.ones(240), clustered["drawn"].to_numpy(), clustered["age"].to_numpy()]).astype(
        float
    )
    y = clustered["y"].to_numpy()
    bread = np.linalg.inv(x.T @ x)
    rest = np.eye(240) - x @ bread @ x.T
    residuals, direction = rest @ y, np.array([0.0, 1.0, 0.0])
    parts, columns = [], []
    for group in range(18):
        here = groups == group
        values, vectors = np.linalg.eigh(rest[np.ix_(here, here)])
        weight = (vectors / np.sqrt(values)) @ vectors.T @ x[here] @ bread @ direction
        parts.append(weight @ residuals[here])
        columns.append(rest[:, here] @ weight)
    omega = np.column_stack(columns).T @ np.column_stack(columns)
    found = robust_fit(x, y, ["constant", "drawn", "age"], groups).contrast(direction)
    assert found.se == pytest.approx(np.sqrt((np.array(parts) ** 2).sum()), rel=1e-9)
    assert found.degrees == pytest.approx(np.trace(omega) ** 2 / (omega**2).sum(), rel=1e-9)


def test_trials_equal_estimatr(nsw: pl.DataFrame) -> None:
    """R's estimatr on the supported-work experiment and JOBS II: estimate, error, p and degrees of freedom."""
    known = publicdata.answers("tests")["trials"]

    def joined(one: str, two: str) -> pl.Expr:
        return pl.concat_str(pl.col(one, two).cast(pl.Int64), separator=" ")

    nsw = nsw.with_columns(stratum=joined("black", "nodegree"), cell=joined("age", "educ"))
    covariates = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"]
    jobs = publicdata.table("jobs")
    known_before = ["econ_hard", "depress1", "sex", "age"]
    for effect, answer in [
        (itt(nsw, "re78", "treat"), known["nsw_neyman"]),
        (itt(nsw, "re78", "treat", strata="stratum"), known["nsw_blocked"]),
        (itt(nsw, "re78", "treat", covariates=covariates), known["nsw_lin_hc2"]),
        (itt(nsw, "re78", "treat", cluster="cell"), known["nsw_clustered_cr2"]),
        (itt(jobs, "depress2", "treat"), known["jobs_neyman"]),
        (cace(jobs, "depress2", "treat", "comply"), known["jobs_cace"]["HC2"]),
        (
            cace(jobs, "depress2", "treat", "comply", covariates=known_before),
            known["jobs_cace_covariates"]["HC2"],
        ),
    ]:
        found = (effect.estimate, effect.se, effect.p, effect.df)
        assert found == pytest.approx(tuple(answer[name] for name in ("estimate", "se", "p", "df")), rel=1e-9)


def test_fisher_equals_r_and_solves_its_equations() -> None:
    """p as R's; the odds ratio makes the expected count the one seen, the bounds leave 2.5 % on either side."""
    for case in publicdata.answers("tests")["shares"]["fisher"].values():
        a, b, c, d = case["cells"]
        found = fisher_test(a, b, c, d)
        assert found.p == pytest.approx(case["p"], rel=1e-9)
        law = (a + b + c + d, a + c, a + b)
        if a:
            assert stats.nchypergeom_fisher.mean(*law, found.odds_ratio) == pytest.approx(a, rel=1e-6)
        if a and found.interval.low:
            assert stats.nchypergeom_fisher.sf(a - 1, *law, found.interval.low) == pytest.approx(
                0.025, rel=1e-6
            )
        assert stats.nchypergeom_fisher.cdf(a, *law, found.interval.high) == pytest.approx(0.025, rel=1e-6)


def test_binomial_as_r_prints_it() -> None:
    known = publicdata.answers("tests")["shares"]["binomial"]
    found = binomial_test(682, 925, 0.75)
    assert found.p == pytest.approx(known["p"], rel=1e-9)
    assert tuple(found.interval) == pytest.approx(tuple(known["interval"]), rel=1e-9)


@pytest.mark.parametrize(("method", "theirs"), [("holm", "holm"), ("benjamini-hochberg", "fdr_bh")])
def test_adjusted_p_equals_statsmodels(method: str, theirs: str) -> None:
    p = np.random.default_rng(1).random(40) ** 3
    assert adjust_p(p.tolist(), method) == pytest.approx(multipletests(p, method=theirs)[1].tolist())  # type: ignore[arg-type]


@given(st.lists(st.integers(1, 30), min_size=16, max_size=16))
@settings(max_examples=30, deadline=None)
def test_movement_equals_statsmodels(cells: list[int]) -> None:
    counts = np.array(cells).reshape(4, 4)
    rows = [(i, j) for i in range(4) for j in range(4) for _ in range(counts[i, j])]
    movement = transitions(pl.DataFrame(rows, schema=["x", "y"], orient="row"), "x", "y").movement
    table = SquareTable(counts, shift_zeros=False)
    for row, theirs in zip(
        movement.iter_rows(named=True), (table.homogeneity(), table.symmetry()), strict=True
    ):
        assert (row["statistic"], row["df"]) == pytest.approx((theirs.statistic, theirs.df), abs=1e-9)


def test_movement_on_stuarts_vision_data_equals_r() -> None:
    known = publicdata.answers("tests")["transitions"]
    counts = np.array(known["counts"])
    rows = np.repeat([(i, j) for i in range(4) for j in range(4)], counts.ravel(), axis=0)
    movement = transitions(pl.DataFrame(rows, schema=["right", "left"]), "right", "left").movement
    for row, name in zip(movement.iter_rows(named=True), ("stuart_maxwell", "bowker"), strict=True):
        answer = known[name]
        assert (row["statistic"], row["df"], row["p"]) == pytest.approx(
            (answer["statistic"], answer["df"], answer["p"]), rel=1e-9
        )


def test_balance_equals_the_moments_over_all_draws() -> None:
    """Mean and covariance of the sums over the drawn, by going through every draw of a small experiment."""
    rng = np.random.default_rng(6)
    block, drawn = np.array([0] * 5 + [1] * 6), np.array([1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0], dtype=bool)
    x = rng.normal(size=(11, 3))
    sums = np.array(
        [
            x[[*one, *two]].sum(axis=0)
            for one in combinations(range(5), 2)
            for two in combinations(range(5, 11), 3)
        ]
    )
    gap = x[drawn].sum(axis=0) - sums.mean(axis=0)
    covariance = np.cov(sums.T, ddof=0)
    table = pl.DataFrame({"block": block, "drawn": drawn, "a": x[:, 0], "b": x[:, 1], "c": x[:, 2]})
    found = randomisation_balance(table, "drawn", ["a", "b", "c"], strata="block")
    assert found.statistic == pytest.approx(gap @ np.linalg.solve(covariance, gap))
    assert found.table["z"].to_list() == pytest.approx((gap / np.sqrt(np.diag(covariance))).tolist())


def test_permutations_equal_scipy_where_all_are_gone_through() -> None:
    rng = np.random.default_rng(9)
    one, two = rng.normal(0.5, 1, 6), rng.normal(0, 1, 7)
    table = pl.DataFrame({"t": [True] * 6 + [False] * 7, "y": np.concatenate([one, two])})
    expected = stats.permutation_test((one, two), lambda a, b: a.mean() - b.mean(), n_resamples=np.inf)
    found = permutation_test(table, "y", "t")
    assert found.arrangements == 1716
    assert found.p == pytest.approx(
        float((np.abs(expected.null_distribution) >= abs(found.difference) - 1e-12).mean())
    )


def test_drawn_permutations_come_near_all_of_them() -> None:
    rng = np.random.default_rng(10)
    table = pl.DataFrame({"t": [True] * 6 + [False] * 7, "y": rng.integers(0, 5, 13), "b": [0, 1] * 6 + [0]})
    every, some = (permutation_test(table, "y", "t", strata="b", repetitions=r) for r in (9999, 300))
    assert every.exact
    assert not some.exact
    assert abs(every.p - some.p) < 4 * np.sqrt(every.p * (1 - every.p) / 300)


def test_nominal_coverage_with_strata_and_with_few_clusters() -> None:
    """95 % intervals hold the truth about 95 times of 100: unequal strata, and 12 offices drawn six and six."""
    rng = np.random.default_rng(12)
    runs, strata, offices = 250, 0, 0
    block = np.repeat([0, 1, 2], [20, 40, 60])
    office = np.repeat(np.arange(12), [5, 10, 15, 20] * 3)
    for _ in range(runs):
        drawn = np.concatenate([rng.permutation(n) < m for n, m in ((20, 15), (40, 10), (60, 30))])
        y = block * 2 + drawn * (1 + block) + rng.normal(size=120) * (1 + drawn)
        truth = 1 + block.mean()
        strata += _holds(itt(pl.DataFrame({"y": y, "d": drawn, "b": block}), "y", "d", strata="b"), truth)
        chosen = (rng.permutation(12) < 6)[office]
        y = rng.normal(size=12)[office] + chosen * 0.7 + rng.normal(size=150)
        offices += _holds(itt(pl.DataFrame({"y": y, "d": chosen, "o": office}), "y", "d", cluster="o"), 0.7)
    assert 0.91 <= strata / runs <= 0.985
    assert 0.91 <= offices / runs <= 0.985


def _holds(effect: object, truth: float) -> bool:
    low, high = effect.interval  # type: ignore[attr-defined]
    return low <= truth <= high
