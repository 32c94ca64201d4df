"""Waiting-time curves against R's printed output and lifelines."""

import numpy as np
import polars as pl
import pytest
from lifelines import KaplanMeierFitter
from lifelines.datasets import load_lung, load_rossi
from lifelines.statistics import multivariate_logrank_test

from indsats.evaluate import at_risk_table, kaplan_meier, logrank, median_time, survival_at


@pytest.fixture(scope="module")
def rossi() -> pl.DataFrame:
    return pl.from_pandas(load_rossi())


@pytest.fixture(scope="module")
def lung() -> pl.DataFrame:
    return pl.from_pandas(load_lung())


def test_rossi_as_r_prints_it(rossi: pl.DataFrame) -> None:
    """R survival 3.8-11: survfit(Surv(week, arrest) ~ fin) at weeks 10, 20, 30, 40 and 52."""
    read = survival_at(kaplan_meier(rossi, "week", "arrest", "fin"), [10, 20, 30, 40, 52])
    assert read["survival"].to_list() == pytest.approx(
        [0.958, 0.903, 0.829, 0.773, 0.694, 0.972, 0.912, 0.894, 0.833, 0.778], abs=5e-4
    )
    assert read["se"].to_list() == pytest.approx(
        [0.0136, 0.0202, 0.0256, 0.0285, 0.0313, 0.0112, 0.0193, 0.0210, 0.0254, 0.0283], abs=5e-5
    )
    assert read["at_risk"].to_list() == [208, 196, 180, 170, 154, 210, 201, 194, 181, 168]


def test_rossi_logrank_as_r_prints_it(rossi: pl.DataFrame) -> None:
    test = logrank(rossi, "week", "arrest", "fin")
    assert test.statistic == pytest.approx(3.84, abs=5e-3)
    assert test.df == 1
    assert test.groups["observed"].to_list() == [66, 48]
    assert test.groups["expected"].to_list() == pytest.approx([55.6, 58.4], abs=0.05)


def test_lung_medians_and_logrank_as_r_prints_them(lung: pl.DataFrame) -> None:
    medians = median_time(kaplan_meier(lung, "time", "status", "sex"))
    assert medians["median"].to_list() == [270, 426]
    assert logrank(lung, "time", "status", "sex").statistic == pytest.approx(10.3, abs=0.05)


@pytest.mark.parametrize("group", [1, 2])
def test_curve_and_log_log_bounds_equal_lifelines(lung: pl.DataFrame, group: int) -> None:
    part = lung.filter(pl.col("sex") == group)
    fitter = KaplanMeierFitter().fit(part["time"].to_numpy(), part["status"].to_numpy())
    curve = kaplan_meier(lung, "time", "status", "sex").filter(pl.col("group") == group)
    assert curve["time"].to_list() == fitter.survival_function_.index.to_list()
    assert curve["survival"].to_numpy() == pytest.approx(fitter.survival_function_.to_numpy()[:, 0])
    bounds = fitter.confidence_interval_.to_numpy()
    assert curve["lower"].to_numpy() == pytest.approx(bounds[:, 0])
    assert curve["upper"].to_numpy() == pytest.approx(bounds[:, 1])
    table = fitter.event_table
    assert curve["events"].to_list() == table["observed"].to_list()
    assert curve["censored"].to_list() == table["censored"].to_list()


def test_logrank_of_several_groups_equals_lifelines(lung: pl.DataFrame) -> None:
    complete = lung.filter(pl.col("ph.ecog").is_not_null() & (pl.col("ph.ecog") < 3))
    expected = multivariate_logrank_test(
        complete["time"].to_numpy(), complete["ph.ecog"].to_numpy(), complete["status"].to_numpy()
    )
    test = logrank(complete, "time", "status", "ph.ecog")
    assert (test.statistic, test.p, test.df) == pytest.approx((expected.test_statistic, expected.p_value, 2))


def test_at_risk_table_equals_counting(lung: pl.DataFrame) -> None:
    times = [0, 100, 365, 883, 2000]
    table = at_risk_table(kaplan_meier(lung, "time", "status", "sex"), times)
    for row, sex in zip(table.iter_rows(), (1, 2), strict=True):
        waits = lung.filter(pl.col("sex") == sex)["time"].to_numpy()
        assert row == (sex, *((waits >= t).sum() for t in times))


def test_bounds_cover_the_true_share_in_simulation() -> None:
    """Log-log bounds at a fixed week contain the true survival in about 95 of 100 samples."""
    rng = np.random.default_rng(20)
    inside = 0
    for _ in range(400):
        wait, limit = rng.exponential(60, 150), rng.uniform(20, 120, 150)
        table = pl.DataFrame({"t": np.ceil(np.minimum(wait, limit)), "e": wait <= limit})
        read = survival_at(kaplan_meier(table, "t", "e"), 30)
        inside += read["lower"][0] <= np.exp(-30 / 60) <= read["upper"][0]
    assert 0.92 <= inside / 400 <= 0.98
