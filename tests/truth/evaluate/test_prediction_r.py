"""Areas under the curve, their errors and calibration equal R's (pROC, survival, glm), and their intervals cover."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from indsats.evaluate import (
    calibration,
    compare_discrimination,
    discrimination,
    progression_and_outcome,
    roc_points,
)
from publicdata import REFERENCE, answers

R = answers("prediction")
EQUAL = 1e-6
SCORES = ("s100b", "ndka", "wfns")


@pytest.fixture(scope="module")
def asah() -> pl.DataFrame:
    return pl.read_csv(REFERENCE / "data" / "asah.csv").with_columns(cluster=pl.int_range(pl.len()) % 12)


@pytest.mark.parametrize("score", SCORES)
def test_areas_and_intervals_equal_proc(asah: pl.DataFrame, score: str) -> None:
    found, theirs = discrimination(asah, score, "outcome"), R["areas"][score]
    assert (found.auc, found.se) == pytest.approx((theirs["auc"], theirs["se"]), rel=EQUAL)
    assert found.plain == pytest.approx(theirs["plain"], rel=EQUAL)
    assert found.interval == pytest.approx(theirs["log_odds"], rel=EQUAL)
    assert (found.n, found.events) == (113, 41)


@pytest.mark.parametrize("score", SCORES)
def test_points_of_the_curve_equal_proc(asah: pl.DataFrame, score: str) -> None:
    found, theirs = roc_points(asah, score, "outcome"), R["areas"][score]
    assert found["sensitivity"].to_list() == pytest.approx(theirs["sensitivity"], abs=EQUAL)
    assert found["specificity"].to_list() == pytest.approx(theirs["specificity"], abs=EQUAL)


@pytest.mark.parametrize("theirs", R["pairs"], ids=lambda pair: "-".join(pair["scores"]))
def test_pairs_equal_proc(asah: pl.DataFrame, theirs: dict[str, Any]) -> None:
    found = compare_discrimination(asah, theirs["scores"], "outcome")
    assert found.difference == pytest.approx(theirs["difference"], rel=EQUAL)
    assert found.difference / found.se == pytest.approx(theirs["statistic"], rel=EQUAL)
    assert found.p == pytest.approx(theirs["p"], rel=EQUAL)
    assert found.correlation * found.first.se * found.second.se == pytest.approx(
        theirs["covariance"], rel=EQUAL
    )


@pytest.mark.parametrize("score", SCORES)
def test_clustered_errors_equal_the_jackknife_of_survival(asah: pl.DataFrame, score: str) -> None:
    theirs, groups = R["clusters"]["areas"][score], R["clusters"]["n"]
    assert R["clusters"]["both"]
    found = discrimination(asah, score, "outcome", cluster="cluster")
    assert found.auc == pytest.approx(theirs["auc"], rel=EQUAL)
    assert found.se**2 == pytest.approx(theirs["variance"] * groups / (groups - 1), rel=EQUAL)
    assert found.n_clusters == groups


def test_recalibration_equals_glm() -> None:
    theirs = R["calibration"]
    found = calibration(pl.DataFrame({"p": theirs["probability"], "y": theirs["outcome"]}), "p", "y")
    assert found.in_the_large[:2] == pytest.approx(
        (theirs["in_the_large"]["estimate"], theirs["in_the_large"]["se"]), rel=EQUAL
    )
    ours = list(zip(found.intercept[:2], found.slope[:2], strict=True))
    assert ours[0] == pytest.approx(theirs["recalibrated"]["estimate"], rel=EQUAL)
    assert ours[1] == pytest.approx(theirs["recalibrated"]["se"], rel=EQUAL)
    assert found.slope.p == pytest.approx(theirs["slope_is_1"], rel=EQUAL)
    assert (found.brier, found.scaled_brier) == pytest.approx(
        (theirs["brier"], theirs["scaled_brier"]), rel=EQUAL
    )


def test_odds_ratio_per_standard_deviation_equals_glm(asah: pl.DataFrame) -> None:
    found = progression_and_outcome(asah, "s100b", "outcome").odds
    assert (found.estimate, found.se) == pytest.approx(
        (R["per_sd"]["estimate"][1], R["per_sd"]["se"][1]), rel=EQUAL
    )


def test_intervals_cover_the_true_area() -> None:
    """Two normals a shift apart have the area Φ(shift / √2); 1,000 draws of 60 people with and 90 without."""
    rng, draws, inside = np.random.default_rng(20), 1000, 0
    outcome = np.arange(150) < 60
    for shift in (0.5, 1.2):
        truth = stats.norm.cdf(shift / np.sqrt(2))
        for _ in range(draws // 2):
            table = pl.DataFrame({"y": outcome, "s": rng.normal(size=150) + shift * outcome})
            interval = discrimination(table, "s", "y").interval
            assert interval is not None
            inside += interval.low <= truth <= interval.high
    assert 0.93 <= inside / draws <= 0.97


def test_clustered_intervals_cover_where_plain_ones_do_not() -> None:
    """Everybody is asked four times; what they answer, and whether they find work, belongs to the person."""
    rng, draws = np.random.default_rng(21), 400
    truth = float(stats.norm.cdf(0.8 / np.sqrt(2)))
    covered = {"plain": 0, "clustered": 0}
    for _ in range(draws):
        person = np.repeat(np.arange(80), 4)
        outcome = np.arange(80)[person] % 2 == 0
        table = pl.DataFrame(
            {
                "person": person,
                "y": outcome,
                "s": (rng.normal(size=80)[person] * 3 + rng.normal(size=320)) / np.sqrt(10) + 0.8 * outcome,
            }
        )
        for name, cluster in (("plain", None), ("clustered", "person")):
            interval = discrimination(table, "s", "y", cluster=cluster).interval
            assert interval is not None
            covered[name] += int(interval.low <= truth <= interval.high)
    assert covered["clustered"] / draws >= 0.92
    assert covered["plain"] / draws < 0.8


def test_paired_test_keeps_its_level() -> None:
    """Two equally good, correlated scores differ significantly in about one draw of twenty."""
    rng, draws = np.random.default_rng(22), 1000
    outcome = np.arange(120) < 50
    rejected = 0
    for _ in range(draws):
        shared = rng.normal(size=120) + outcome
        table = pl.DataFrame(
            {"y": outcome, "a": shared + rng.normal(size=120), "b": shared + rng.normal(size=120)}
        )
        rejected += compare_discrimination(table, ["a", "b"], "y").p < 0.05
    assert 0.03 <= rejected / draws <= 0.07
