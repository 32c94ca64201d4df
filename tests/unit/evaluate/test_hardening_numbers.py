"""Numbers at the edge: constants, tiny and huge units, many sites, and names that collide."""

from __future__ import annotations

import json
import warnings
from math import comb, inf, nan
from time import perf_counter

import numpy as np
import polars as pl
import pytest
from scipy.stats.contingency import odds_ratio

from indsats import evaluate as ev
from indsats.evaluate import plots
from indsats.evaluate.doubt import EmpiricalNull
from indsats.evaluate.trials.exact import fisher_test
from indsats.evaluate.trials.proportions import mcnemar_test


@pytest.fixture
def people() -> pl.DataFrame:
    rng = np.random.default_rng(4)
    n = 200
    return pl.DataFrame(
        {
            "x": rng.normal(size=n),
            "whole": rng.integers(0, 3, n),
            "z": np.full(n, 0.1),
            "t": np.arange(n) % 4 == 0,
            "y": rng.normal(size=n),
            "site": np.arange(n) // 10,
        }
    )


@pytest.mark.parametrize(("distance", "covariate"), [("mahalanobis", "x"), (None, "whole")])
def test_the_default_order_is_accepted_without_a_score_and_is_that_of_the_rows(people, distance, covariate):
    named = ev.match(people, "t", [covariate], distance=distance, order="largest", exact=None)
    assert named.weights.equals(ev.match(people, "t", [covariate], distance=distance).weights)
    assert named.weights.equals(ev.match(people, "t", [covariate], distance=distance, order="data").weights)


def test_an_order_by_rising_score_is_refused_without_a_score(people):
    with pytest.raises(ValueError, match="order by score"):
        ev.match(people, "t", ["x"], distance="mahalanobis", order="smallest")


def test_sites_without_an_outcome_do_not_count_as_clusters(people):
    known = people.with_columns(pl.when(pl.col("site") < 5).then("y").alias("y"))
    found = ev.weigh(known, "t", ["x"]).effect("y", cluster="site", errors="robust")
    assert (found.n_clusters, found.df) == (5, 4.0)
    one = people.with_columns(pl.when(pl.col("site") < 1).then("y").alias("y"))
    with pytest.raises(ValueError, match="one cluster of column 'site'"):
        ev.weigh(one, "t", ["x"]).effect("y", cluster="site", errors="robust")


def test_a_column_that_is_the_same_everywhere_is_in_balance():
    table = pl.DataFrame({"treated": [True] * 3 + [False] * 7, "x": [0.1] * 10})
    row = ev.balance(table, ["x"]).row(0, named=True)
    assert (row["smd"], row["p"], row["difference"]) == (0.0, None, 0.0)


def test_two_different_constants_have_no_standardised_difference_and_no_p():
    table = pl.DataFrame({"treated": [True] * 3 + [False] * 7, "x": [0.3] * 3 + [0.1] * 7})
    row = ev.balance(table, ["x"]).row(0, named=True)
    assert (row["smd"], row["p"]) == (None, None)
    assert row["difference"] == pytest.approx(0.2)


def test_a_constant_covariate_is_in_balance_after_matching(people):
    table = ev.match(people, "t", ["x", "z"], distance="mahalanobis").balance
    row = table.filter(field="z").row(0, named=True)
    assert (row["smd"], row["smd_matched"]) == (0.0, 0.0)


def test_balance_refuses_a_group_without_weight():
    table = pl.DataFrame({"treated": [True, True, False, False], "x": [1.0, 2, 3, 5], "w": [1.0, 1, 0, 0]})
    with pytest.raises(ValueError, match=r"every control row .* has the weight 0"):
        ev.balance(table, ["x"], weights="w")


def test_no_compliers_up_to_rounding_is_refused():
    # A third of each group in each stratum received it: the difference is zero, up to rounding.
    block = pl.DataFrame({"drawn": [1, 1, 1] * 3 + [0, 0, 0] * 7, "received": [1, 0, 0] * 10})
    table = pl.concat([block.with_columns(s=pl.lit(k)) for k in range(3)]).with_row_index("y")
    with pytest.raises(ValueError, match="more often than others"):
        ev.cace(table, "y", "drawn", "received", strata="s")
    with pytest.raises(ValueError, match="more often than others"):
        ev.cace(table, "y", "drawn", "received", covariates=["s"])


def test_a_null_on_another_scale_cannot_calibrate(people):
    effect = ev.difference_in_means(people, "y", "t")
    with pytest.raises(ValueError, match="different scales"):
        ev.calibrate(effect, EmpiricalNull(0.0, 0.1, 9, scale="log odds ratio"))
    assert ev.empirical_null([effect, effect]).scale == effect.scale


@pytest.mark.parametrize("name", ["order", "lot", "predicted", "actual", "quadrant", "treated"])
def test_ids_may_not_have_the_name_of_a_column_that_is_added(people, name):
    table = people.with_columns(done=pl.col("y") > 0).with_row_index(name)
    with pytest.raises(ValueError, match=f"'{name}'"):
        ev.expected_and_actual(table, "done", ["x"], id=name)


def test_interviewees_refuse_a_table_with_the_column_of_the_draw():
    table = pl.DataFrame({"id": [1, 2], "quadrant": ["expected failure"] * 2, "order": [7, 8]})
    with pytest.raises(ValueError, match="'order'"):
        ev.choose_interviewees(table)
    with pytest.raises(ValueError, match="'lot'"):
        ev.choose_interviewees(table.select(pl.col("id").alias("lot"), "quadrant"))


def test_a_permutation_test_does_not_depend_on_the_unit():
    table = pl.DataFrame({"t": [1, 1, 1, 0, 0, 0, 0], "y": [5.0, 7, 9, 1, 2, 3, 8]})
    tiny = table.with_columns(pl.col("y") * 1e-16)
    assert ev.permutation_test(tiny, "y", "t").p == ev.permutation_test(table, "y", "t").p < 0.5


def test_a_permutation_test_of_many_rows_does_not_count_all_ways():
    n = 500_000
    table = pl.DataFrame({"t": np.arange(n) % 2, "y": (np.arange(n) % 3 == 0).astype(float)})
    began = perf_counter()
    assert not ev.permutation_test(table, "y", "t", repetitions=99).exact
    assert perf_counter() - began < 2


@pytest.mark.parametrize("repetitions", [comb(8, 4) - 1, comb(8, 4) - 2])
def test_all_ways_are_gone_through_exactly_up_to_the_limit(repetitions):
    table = pl.DataFrame({"t": [1, 0] * 4, "y": np.arange(8.0) ** 2})
    assert ev.permutation_test(table, "y", "t", repetitions=repetitions).exact == (repetitions >= 69)


@pytest.mark.parametrize("sd", [1e-9, 1e9])
def test_the_difference_that_can_be_found_follows_the_unit(sd):
    one = ev.power_means(n_treated=50, power=0.8)
    found = ev.power_means(n_treated=50, power=0.8, sd=sd)
    assert found.effect / sd == pytest.approx(one.effect, rel=1e-9)
    assert found.power == pytest.approx(0.8)


def test_a_difference_beyond_all_doubt_is_found_for_certain():
    assert ev.power_means(1.0, 50, sd=1e-9).power == pytest.approx(1.0)


def test_power_needs_three_clusters():
    with pytest.raises(ValueError, match="three"):
        ev.power_means(0.5, 20, 20, cluster_size=20)
    with pytest.raises(ValueError, match="three"):
        ev.power_means(n_treated=20, n_control=20, cluster_size=20, power=0.8)


def test_times_of_many_digits_keep_their_columns():
    curve = ev.kaplan_meier(pl.DataFrame({"w": [1.0, 2_000_000.0], "e": [1, 1]}), "w", "e")
    assert ev.at_risk_table(curve, [1_000_000, 1_000_001]).columns == ["1000000", "1000001"]


@pytest.mark.parametrize("count", [nan, inf])
def test_mcnemar_refuses_what_is_no_count(count):
    with pytest.raises(ValueError, match="McNemar"):
        mcnemar_test(count, 1)


def test_an_event_study_takes_periods_of_many_digits():
    rng = np.random.default_rng(1)
    rows = [(s, p, s < 5) for s in range(10) for p in range(4) for _ in range(3)]
    table = pl.DataFrame(rows, schema=["site", "p", "t"], orient="row").with_columns(
        y=rng.normal(size=len(rows)), late=20_240_100 + pl.col("p")
    )
    plain = ev.event_study(table, "y", "t", "p", cluster="site", reference=1, start=2)
    late = ev.event_study(table, "y", "t", "late", cluster="site", reference=20_240_101, start=20_240_102)
    assert late.table["coef"].to_list() == pytest.approx(plain.table["coef"].to_list())


def test_a_randomisation_test_of_two_thousand_sites_counts_beyond_floats():
    n = 2_000
    table = pl.DataFrame({"site": np.arange(n), "t": np.arange(n) % 2, "y": np.sin(np.arange(n))})
    found = ev.randomisation_test(table, "y", "site", "t", repetitions=99)
    assert found.diagnostics["possible assignments"] == "10^600"
    assert 10**600 <= comb(n, n // 2) < 10**601
    assert 0 < found.p <= 1


def test_representativeness_takes_pandas(people):
    from indsats.evaluate.trials.representativeness import representativeness

    assert representativeness(people.to_pandas(), "t", ["x"]).equals(representativeness(people, "t", ["x"]))


@pytest.mark.parametrize("counts", [(3, 7, 9, 2), (0, 5, 4, 6), (5, 0, 4, 6), (40, 3, 1, 60)])
def test_fisher_agrees_with_a_slower_search(counts):
    a, b, c, d = counts
    slow = odds_ratio(np.array([[a, b], [c, d]]), kind="conditional")
    low, high = slow.confidence_interval(0.95)
    found = fisher_test(*counts)
    assert found.odds_ratio == pytest.approx(slow.statistic, rel=1e-6)
    assert found.interval == pytest.approx((low, high), rel=1e-6)


def test_fisher_is_quick_with_a_hundred_thousand_in_every_cell():
    began = perf_counter()
    found = fisher_test(100_000, 100_000, 100_000, 101_000)
    assert perf_counter() - began < 3
    assert found.interval.low < 1.01 < found.interval.high
    assert found.odds_ratio == pytest.approx(1.01, rel=1e-4)


def test_an_open_interval_is_drawn_within_the_chart(people):
    from dataclasses import replace

    effect = ev.difference_in_means(people, "y", "t")
    open_below = replace(effect, interval=type(effect.interval)(-inf, effect.interval.high))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        chart = plots.forest([open_below, effect]).to_json()
    assert "Infinity" not in chart
    assert json.loads(chart)
    assert ev.results.tidy([open_below])["lower"].item() == -inf


def test_an_order_of_classes_that_do_not_occur_is_refused():
    table = pl.DataFrame({"a": ["A", "B", "A"], "b": ["B", "B", "A"]})
    with pytest.raises(ValueError, match="none of the classes of 'order'"):
        ev.transitions(table, "a", "b", order=["Z", "Q"])
    assert ev.transitions(table, "a", "b", order=["Z", "A"]).directions.height == 4
