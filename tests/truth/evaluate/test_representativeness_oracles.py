"""Representativeness against scipy and statsmodels, and against what document 000 says of its own table."""

from collections.abc import Iterator

import numpy as np
import polars as pl
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportions_ztest
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from indsats.evaluate import representativeness


@pytest.fixture(scope="module")
def people() -> pl.DataFrame:
    rng = np.random.default_rng(3)
    n = 900
    group = rng.random(n) < 0.2
    gaps = rng.random(n) < 0.05
    age = rng.normal(44, 9 + 3 * group)
    return pl.DataFrame(
        {
            "in": group,
            "age": pl.Series(np.where(gaps, np.nan, age)).fill_nan(None),
            "woman": rng.random(n) < np.where(group, 0.54, 0.49),
            "rare": rng.random(n) < 0.01,
            "origin": rng.choice(["dk", "iv", "v"], n, p=[0.7, 0.25, 0.05]),
            "schooling": rng.choice(["a", "b", "c"], n, p=[0.9, 0.092, 0.008]),
        }
    )


@pytest.fixture(scope="module")
def found(people: pl.DataFrame) -> pl.DataFrame:
    return representativeness(people, "in", ["age", "woman", "rare", "origin", "schooling"])


def row_of(found: pl.DataFrame, field: str, level: str | None = None) -> dict[str, float]:
    (row,) = found.filter((pl.col("field") == field) & pl.col("level").eq_missing(pl.lit(level))).to_dicts()
    return row


def test_means_equal_scipy_and_statsmodels(people: pl.DataFrame, found: pl.DataFrame) -> None:
    row = row_of(found, "age")
    known = people.drop_nulls("age")
    inside, outside = (known.filter(pl.col("in") == side)["age"].to_numpy() for side in (True, False))
    welch = stats.ttest_ind(inside, outside, equal_var=False)
    assert row["test"] == "Welch t"
    assert (row["statistic"], row["p"]) == pytest.approx((welch.statistic, welch.pvalue))
    again = CompareMeans(DescrStatsW(inside), DescrStatsW(outside)).ttest_ind(usevar="unequal")
    assert (row["statistic"], row["p"], row["df"]) == pytest.approx(again)


def test_a_mean_can_be_worked_out_again_from_its_row(found: pl.DataFrame) -> None:
    row = row_of(found, "age")
    again = stats.ttest_ind_from_stats(
        row["group"],
        row["sd_group"],
        row["n_group"],
        row["rest"],
        row["sd_rest"],
        row["n_rest"],
        equal_var=False,
    )
    assert (row["statistic"], row["p"]) == pytest.approx((again.statistic, again.pvalue))


def shares(found: pl.DataFrame) -> Iterator[dict[str, float]]:
    yield from found.filter(measure="share").to_dicts()


def test_shares_equal_scipy_and_statsmodels_from_the_counts_of_their_row(found: pl.DataFrame) -> None:
    tests = set()
    for row in shares(found):
        tests.add(row["test"])
        counts, numbers = [row["count_group"], row["count_rest"]], [row["n_group"], row["n_rest"]]
        table = np.array([counts, np.subtract(numbers, counts)])
        expected = stats.contingency.expected_freq(table)
        assert row["least_expected"] == pytest.approx(expected.min())
        if expected.min() < 5:
            assert row["test"] == "Fisher exact"
            assert row["p"] == pytest.approx(stats.fisher_exact(table).pvalue)
        else:
            assert (row["statistic"], row["p"]) == pytest.approx(proportions_ztest(counts, numbers))
            assert row["p"] == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue)
    assert tests == {"Fisher exact", "two proportions z"}


def test_distributions_equal_scipy(people: pl.DataFrame, found: pl.DataFrame) -> None:
    row = row_of(found, "origin")
    table = (
        people.group_by("origin", "in")
        .len()
        .pivot("in", index="origin", values="len")
        .drop("origin")
        .to_numpy()
    )
    chi = stats.chi2_contingency(table, correction=False)
    assert row["test"] == "chi-squared"
    assert (row["statistic"], row["df"], row["p"]) == pytest.approx((chi.statistic, chi.dof, chi.pvalue))


def test_the_exact_distribution_test_equals_a_simulation_of_its_margins(found: pl.DataFrame) -> None:
    row = row_of(found, "schooling")
    assert row["test"] == "Fisher exact"
    levels = found.filter((pl.col("field") == "schooling") & pl.col("level").is_not_null())
    table = levels.select("count_group", "count_rest").to_numpy()
    method = stats.MonteCarloMethod(n_resamples=20_000, rng=np.random.default_rng(1))
    simulated = stats.fisher_exact(table, method=method).pvalue
    assert abs(row["p"] - simulated) < 4 * np.sqrt(row["p"] * (1 - row["p"]) / 20_000)


@pytest.mark.parametrize(
    ("share", "reference", "z"),
    [(0.54, 0.49, 2.23), (0.19, 0.27, -4.03), (0.07, 0.05, 2.05), (0.22, 0.18, 2.32)],
)
def test_what_document_000_calls_significant_is_so_with_the_numbers_it_prints(
    share: float, reference: float, z: float
) -> None:
    """Women, non-western origin, disability benefit, employed: 504 people against about 51,000.

    A plausibility check only: the document names neither its test nor its numbers (digest of 000, §7.5). The whole
    is taken for the rest here, which changes less than one per cent; shares are of whole people, which moves z by
    up to 0.07.
    """
    yes = np.concatenate([np.arange(504) < round(504 * share), np.arange(51_000) < round(51_000 * reference)])
    table = pl.DataFrame({"in": np.arange(51_504) < 504, "yes": yes})
    row = representativeness(table, "in", ["yes"]).row(0, named=True)
    assert row["statistic"] == pytest.approx(z, abs=0.07)
    assert row["p"] < 0.05
