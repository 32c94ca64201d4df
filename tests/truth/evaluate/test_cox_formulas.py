"""Cox regression against its formulas written out person by person, and against what must not change it."""

from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indsats.evaluate import CoxFit, cox

COVARIATES = ["treated", "age"]
SOME = settings(max_examples=20, deadline=None)
seeds = st.integers(0, 10_000)


def people(seed: int, n: int = 60) -> pl.DataFrame:
    """Weekly waits with many ties, entries, weights, strata and clusters."""
    rng = np.random.default_rng(seed)
    treated = rng.permutation(np.arange(n) % 2).astype(float)
    age = rng.normal(0, 1, n)
    week = np.ceil(rng.exponential(6 * np.exp(-0.4 * treated + 0.3 * age))).clip(1, 15)
    entry = np.where(rng.random(n) < 0.4, np.floor(rng.random(n) * week), 0.0)
    return pl.DataFrame(
        {
            "person": np.arange(n),
            "entry": entry,
            "week": week,
            "event": (np.arange(n) % 10 < 7) & (week < 15) | (np.arange(n) < 4),
            "treated": treated,
            "age": age,
            "weight": rng.integers(1, 4, n),
            "town": rng.integers(0, 2, n),
            "site": rng.integers(0, 12, n),
        }
    )


def plain_steps(data: pl.DataFrame, beta: np.ndarray, efron: bool) -> list[dict[str, object]]:
    """Every term of the likelihood, found by looking at each person in each risk set."""
    rows = data.to_dicts()
    risk = [r["weight"] * np.exp(beta[0] * r["treated"] + beta[1] * r["age"]) for r in rows]
    x = [np.array([r["treated"], r["age"]]) for r in rows]
    steps: list[dict[str, object]] = []
    for town, week in sorted({(r["town"], r["week"]) for r in rows if r["event"]}):
        at_risk = [i for i, r in enumerate(rows) if r["town"] == town and r["entry"] < week <= r["week"]]
        died = [i for i in at_risk if rows[i]["event"] and rows[i]["week"] == week]
        weight = sum(rows[i]["weight"] for i in died) / len(died)
        for number in range(len(died)):
            share = number / len(died) if efron else 0.0
            part = {i: risk[i] * (1 - share if i in died else 1.0) for i in at_risk}
            total = sum(part.values())
            mean = sum(part[i] * x[i] for i in at_risk) / total
            steps.append(
                {"total": total, "mean": mean, "part": part, "weight": weight, "died": died, "week": week}
            )
    return steps


def plain_loglik(data: pl.DataFrame, beta: np.ndarray, efron: bool) -> float:
    rows = data.filter("event").to_dicts()
    linear = sum(r["weight"] * (beta[0] * r["treated"] + beta[1] * r["age"]) for r in rows)
    return linear - sum(s["weight"] * np.log(s["total"]) for s in plain_steps(data, beta, efron))


def plain_scores(data: pl.DataFrame, beta: np.ndarray, efron: bool) -> np.ndarray:
    """The weighted score residual of each person: at each step its own share, less what was expected of it."""
    rows = data.to_dicts()
    x = [np.array([r["treated"], r["age"]]) for r in rows]
    scores = np.zeros((len(rows), 2))
    for step in plain_steps(data, beta, efron):
        for i in step["died"]:
            scores[i] += rows[i]["weight"] * (x[i] - step["mean"]) / len(step["died"])
        for i, part in step["part"].items():
            scores[i] -= part * step["weight"] / step["total"] * (x[i] - step["mean"])
    return scores


def coefficients(fit: CoxFit) -> np.ndarray:
    return fit.table["coef"].to_numpy()


def same(one: CoxFit, two: CoxFit, *, errors: bool = True) -> None:
    assert coefficients(one) == pytest.approx(coefficients(two), rel=1e-7, abs=1e-8)
    assert one.loglik == pytest.approx(two.loglik, rel=1e-9)
    if errors:
        assert one.covariance == pytest.approx(two.covariance, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("efron", [True, False])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_likelihood_slope_information_and_robust_errors_equal_the_formulas(seed: int, efron: bool) -> None:
    data = people(seed)
    fit = cox(
        data,
        "week",
        "event",
        COVARIATES,
        entry="entry",
        strata="town",
        weights="weight",
        cluster="site",
        ties="efron" if efron else "breslow",
    )
    beta = coefficients(fit)
    assert fit.loglik == pytest.approx(plain_loglik(data, beta, efron), rel=1e-10)
    assert fit.null_loglik == pytest.approx(plain_loglik(data, np.zeros(2), efron), rel=1e-10)
    step = 1e-4
    around = np.array(
        [
            [
                sum(
                    one * two * plain_loglik(data, beta + step * (one * a + two * b), efron)
                    for one in (1, -1)
                    for two in (1, -1)
                )
                / (4 * step**2)
                for a in np.eye(2)
            ]
            for b in np.eye(2)
        ]
    )
    slope = [
        (plain_loglik(data, beta + step * a, efron) - plain_loglik(data, beta - step * a, efron)) / (2 * step)
        for a in np.eye(2)
    ]
    assert slope == pytest.approx([0, 0], abs=1e-4)
    naive = np.linalg.inv(-around)
    assert fit.naive_se == pytest.approx(np.sqrt(np.diag(naive)), rel=1e-4)
    scores = plain_scores(data, beta, efron)
    assert scores.sum(axis=0) == pytest.approx([0, 0], abs=1e-8)
    sums = np.array([scores[data["site"].to_numpy() == site].sum(axis=0) for site in range(12)])
    assert fit.covariance == pytest.approx(naive @ sums.T @ sums @ naive, rel=1e-3)


def test_drift_is_tested_as_the_formulas_say() -> None:
    """The score of x·g(t) at zero, with the variance of x summed over steps by 1, g and g²."""
    data = people(5).with_columns(weight=pl.lit(1), town=pl.lit(0))
    fit = cox(data, "week", "event", COVARIATES, entry="entry")
    steps = plain_steps(data, coefficients(fit), efron=True)
    x = data.select(COVARIATES).to_numpy()
    slope, blocks = np.zeros(2), np.zeros((4, 4))
    for step in steps:
        for i in step["died"]:
            slope += step["week"] * (x[i] - step["mean"]) / len(step["died"])
        spread = sum(
            part * np.outer(x[i] - step["mean"], x[i] - step["mean"]) for i, part in step["part"].items()
        )
        g = np.array([1.0, step["week"]])
        blocks += np.kron(np.outer(g, g), spread / step["total"])
    score = np.concatenate([[0, 0], slope])
    found = fit.schoenfeld("identity")
    assert found["statistic"][2] == pytest.approx(score @ np.linalg.solve(blocks, score), rel=1e-8)
    for index in range(2):
        kept = [0, 1, 2 + index]
        alone = score[kept] @ np.linalg.solve(blocks[np.ix_(kept, kept)], score[kept])
        assert found["statistic"][index] == pytest.approx(alone, rel=1e-8)


@SOME
@given(seed=seeds)
def test_without_ties_efron_is_breslow(seed: int) -> None:
    data = people(seed).with_columns(pl.col("week") + pl.col("person") / 1000)
    fits = [
        cox(data, "week", "event", COVARIATES, entry="entry", cluster="site", ties=ties)
        for ties in ("efron", "breslow")
    ]
    same(*fits)


@SOME
@given(seed=seeds, weeks=st.sets(st.integers(1, 14), min_size=1, max_size=3))
def test_rows_cut_at_any_week_change_nothing(seed: int, weeks: set[int]) -> None:
    data = people(seed)
    edges = [-np.inf, *sorted(weeks), np.inf]
    parts = [
        data.filter((pl.col("entry") < until) & (pl.col("week") > after)).with_columns(
            entry=pl.max_horizontal("entry", pl.lit(after)),
            week=pl.min_horizontal("week", pl.lit(until)),
            event=pl.col("event") & (pl.col("week") <= until),
        )
        for after, until in pairwise(edges)
    ]
    options = {"entry": "entry", "strata": "town", "weights": "weight", "cluster": "person"}
    cut = cox(pl.concat(parts), "week", "event", COVARIATES, **options)  # type: ignore[arg-type]
    whole = cox(data, "week", "event", COVARIATES, **options)  # type: ignore[arg-type]
    same(cut, whole)
    assert cut.schoenfeld("identity")["statistic"].to_numpy() == pytest.approx(
        whole.schoenfeld("identity")["statistic"].to_numpy(), rel=1e-6, abs=1e-8
    )


@SOME
@given(seed=seeds, week=st.integers(3, 6))
def test_a_ratio_of_two_pieces_is_that_of_two_columns(seed: int, week: int) -> None:
    """The pieces are columns of their own on rows cut by hand; equal rows of both keep the ratio apart."""
    data = people(seed, 120)
    early = data.filter(pl.col("entry") < week).with_columns(
        week=pl.min_horizontal("week", pl.lit(float(week))),
        event=pl.col("event") & (pl.col("week") <= week),
        one=pl.col("age"),
        two=pl.lit(0.0),
    )
    late = data.filter(pl.col("week") > week).with_columns(
        entry=pl.max_horizontal("entry", pl.lit(float(week))), one=pl.lit(0.0), two=pl.col("age")
    )
    cut = cox(pl.concat([early, late]), "week", "event", ["treated", "one", "two"], entry="entry")
    split = cox(data, "week", "event", COVARIATES, entry="entry", split={"age": [week]})
    assert split.table["term"].to_list() == ["treated", f"age[..{week}]", f"age[{week + 1}..]"]
    same(cut, split)


@SOME
@given(seed=seeds)
def test_a_weight_of_two_is_a_row_twice(seed: int) -> None:
    """True of Breslow's ties; Efron's depend on how many rows are tied."""
    data = people(seed).with_columns(weight=pl.lit(2.0))
    twice = pl.concat([data, data])
    weighted = cox(data, "week", "event", COVARIATES, weights="weight", cluster="person", ties="breslow")
    doubled = cox(twice, "week", "event", COVARIATES, cluster="person", ties="breslow")
    same(weighted, doubled)
    assert weighted.naive_se == pytest.approx(doubled.naive_se)


@SOME
@given(seed=seeds)
def test_row_order_and_a_single_stratum_change_nothing(seed: int) -> None:
    data = people(seed)
    fit = cox(data, "week", "event", COVARIATES, cluster="site")
    same(
        fit,
        cox(data.sample(fraction=1, shuffle=True, seed=seed), "week", "event", COVARIATES, cluster="site"),
    )
    one = data.with_columns(all=pl.lit("everybody"))
    same(fit, cox(one, "week", "event", COVARIATES, cluster="site", strata="all"))


@SOME
@given(seed=seeds, moved=st.floats(-1e4, 1e4), scale=st.floats(1e-3, 1e3))
def test_units_of_a_covariate_only_change_its_own_ratio(seed: int, moved: float, scale: float) -> None:
    data = people(seed)
    fit = cox(data, "week", "event", COVARIATES, cluster="site")
    other = cox(data.with_columns(pl.col("age") * scale + moved), "week", "event", COVARIATES, cluster="site")
    assert other.loglik == pytest.approx(fit.loglik, rel=1e-9)
    assert coefficients(other) * [1, scale] == pytest.approx(coefficients(fit), rel=1e-4, abs=1e-6)
    assert other.table["z"].to_numpy() == pytest.approx(fit.table["z"].to_numpy(), rel=1e-4, abs=1e-6)


def test_planted_ratios_are_found_and_robust_errors_cover_shared_sites() -> None:
    """Weekly waits with a log ratio of −0.5; sites share a frailty and treatment is drawn by site."""
    estimates, robust, naive = [], [], []
    for run in range(30):
        rng = np.random.default_rng(run)
        site = np.arange(3000) % 100
        treated = (rng.permutation(100) < 50)[site].astype(float)
        rate = np.exp(-0.5 * treated + rng.normal(0, 0.3, 100)[site])
        wait = rng.exponential(60 / rate)
        data = pl.DataFrame(
            {"week": np.ceil(wait).clip(max=52), "event": wait <= 52, "treated": treated, "site": site}
        )
        fit = cox(data, "week", "event", ["treated"], cluster="site")
        estimates.append(coefficients(fit)[0])
        robust.append(fit.table["se"][0])
        naive.append(fit.naive_se[0])
    # A frailty of 0.3 takes a little off the average ratio.
    assert np.mean(estimates) == pytest.approx(-0.48, abs=0.04)
    spread = np.std(estimates, ddof=1)
    assert np.mean(robust) == pytest.approx(spread, rel=0.3)
    assert np.mean(naive) < 0.75 * spread
