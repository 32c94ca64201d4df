"""Waiting-time curves against R's printed output and lifelines."""

from contextlib import nullcontext

import numpy as np
import polars as pl
import pytest
import surpyval
from hypothesis import given, settings
from hypothesis import strategies as st
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


def late_and_weighted(seed: int, rows: int = 200) -> pl.DataFrame:
    """Weekly waits with many ties, seen from a later week by some, with unequal weights."""
    rng = np.random.default_rng(seed)
    wait, limit = np.ceil(rng.exponential(12, rows)), rng.integers(1, 30, rows)
    times = np.minimum(wait, limit)
    start = np.where(rng.random(rows) < 0.5, 0, np.floor(times * rng.random(rows)))
    return pl.DataFrame(
        {"t": times, "e": wait <= limit, "start": start, "w": rng.uniform(0.2, 3, rows), "one": 1.0}
    )


def test_late_entry_and_weights_equal_lifelines() -> None:
    table = late_and_weighted(1)
    times, ended, start, weight = (table[c].to_numpy() for c in ("t", "e", "start", "w"))
    for columns, given_to_it in (
        ({"entry": "start"}, {"entry": start}),
        ({"weights": "w"}, {"weights": weight}),
        ({"entry": "start", "weights": "w"}, {"entry": start, "weights": weight}),
    ):
        curve = kaplan_meier(table, "t", "e", **columns).filter(pl.col("time") > 0)
        with np.errstate(all="ignore"), pytest.warns() if "weights" in columns else nullcontext():
            fitter = KaplanMeierFitter().fit(times, ended, **given_to_it)
        expected = fitter.survival_function_at_times(curve["time"].to_numpy()).to_numpy()
        assert curve["survival"].to_numpy() == pytest.approx(expected, abs=1e-12)


def test_error_with_weights_is_the_sum_of_squared_influences() -> None:
    """The influence of each row is the derivative of log survival in its weight, here by small differences."""
    table = late_and_weighted(2, rows=60).with_columns(w=pl.col("w") + 0.5)
    for columns in ({}, {"entry": "start"}):
        curve = kaplan_meier(table, "t", "e", weights="w", **columns)
        squares = np.zeros(curve.height)
        for row in range(table.height):
            moved = []
            for step in (1e-5, -1e-5):
                change = pl.when(pl.int_range(pl.len()) == row).then(step).otherwise(0.0)
                nudged = table.with_columns(w=pl.col("w") + change)
                moved.append(kaplan_meier(nudged, "t", "e", weights="w", **columns)["survival"].to_numpy())
            squares += (table["w"][row] * (moved[0] - moved[1]) / 2e-5) ** 2
        known = curve["se"].is_not_null().to_numpy()
        assert curve["se"].to_numpy()[known] == pytest.approx(np.sqrt(squares)[known], rel=1e-6, abs=1e-9)


def test_error_with_weights_of_one_is_greenwoods() -> None:
    table = late_and_weighted(3)
    plain, weighted = kaplan_meier(table, "t", "e"), kaplan_meier(table, "t", "e", weights="one")
    for column in ("at_risk", "hazard", "survival", "se", "lower", "upper"):
        assert weighted[column].to_numpy() == pytest.approx(plain[column].to_numpy(), nan_ok=True)


def test_bounds_with_weights_cover_the_true_share_in_simulation() -> None:
    """Half the people are drawn with chance 0.3, by how long they wait; weights of one over the chance mend it."""
    rng = np.random.default_rng(5)
    inside = 0
    for _ in range(200):
        slow = rng.random(400) < 0.5
        chance = np.where(slow, 0.3, 0.9)
        drawn = rng.random(400) < chance
        wait = np.ceil(rng.exponential(np.where(slow, 40, 10)))
        table = pl.DataFrame({"t": np.minimum(wait, 30), "e": wait <= 30, "w": 1 / chance}).filter(
            pl.Series(drawn)
        )
        read = survival_at(kaplan_meier(table, "t", "e", weights="w"), 15)
        inside += read["lower"][0] <= (np.exp(-15 / 40) + np.exp(-15 / 10)) / 2 <= read["upper"][0]
    assert 0.91 <= inside / 200 <= 0.99


@pytest.mark.parametrize("strata", [None, "celltype"])
def test_logrank_with_ties_equals_surpyval(lung: pl.DataFrame, strata: str | None) -> None:
    table = lung.drop_nulls(["ph.ecog"]).with_columns(
        month=(pl.col("time") / 30).ceil(), celltype=(pl.col("age") // 15).cast(pl.Int64)
    )
    test = logrank(table, "month", "status", "ph.ecog", strata=strata)
    expected = surpyval.logrank(
        table["month"].to_numpy(),
        table["ph.ecog"].to_list(),
        c=1 - table["status"].to_numpy(),
        strata=table[strata].to_list() if strata else None,
    )
    assert (test.statistic, test.p) == pytest.approx((expected.statistic, expected.p_value), rel=1e-9)


def test_logrank_over_pairs_is_mcnemar_of_who_leaves_first() -> None:
    """In strata of one treated and one control only the first to leave tells: (b − c)² / (b + c)."""
    rng = np.random.default_rng(8)
    first, second = rng.permutation(200)[:100] + 1, rng.permutation(200)[:100] + 300
    sooner = rng.random(100) < 0.6
    table = pl.DataFrame(
        {
            "t": np.concatenate([np.where(sooner, first, second), np.where(sooner, second, first)]),
            "e": True,
            "g": [1] * 100 + [0] * 100,
            "pair": [*range(100), *range(100)],
        }
    )
    b, c = int(sooner.sum()), int((~sooner).sum())
    test = logrank(table, "t", "e", "g", strata="pair")
    assert test.statistic == pytest.approx((b - c) ** 2 / (b + c))


WAITS = st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.integers(0, 2)), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None)
@given(rows=WAITS, unit=st.sampled_from([1.0, 0.37]), seed=st.integers(0, 99))
def test_curve_counts_people_in_any_order_and_unit(
    rows: list[tuple[int, bool, int]], unit: float, seed: int
) -> None:
    """Against counting person by person, for whole weeks and for times that have to be sorted."""
    table = pl.DataFrame(rows, schema=["t", "e", "g"], orient="row").with_columns(t=pl.col("t") * unit)
    shuffled = table.sample(fraction=1, shuffle=True, seed=seed)
    curves = kaplan_meier(shuffled, "t", "e", "g")
    assert curves.equals(kaplan_meier(table, "t", "e", "g"))
    for (group,), part in curves.group_by("group", maintain_order=True):
        own = [(t * unit, e) for t, e, g in rows if g == group]
        assert part["time"].to_list() == sorted({0.0, *(t for t, _ in own)})
        left = 1.0
        for row in part.iter_rows(named=True):
            at_risk = sum(t >= row["time"] for t, _ in own)
            events = sum(e for t, e in own if t == row["time"])
            left *= 1 - events / at_risk
            assert (row["at_risk"], row["events"]) == (at_risk, events)
            assert row["hazard"] == pytest.approx(events / at_risk)
            assert row["survival"] == pytest.approx(left, abs=1e-12)
            if left > 1e-12:
                assert row["lower"] <= row["survival"] <= row["upper"]
