"""How well a score tells people apart, and how well chances are tuned."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from scipy import stats

from indsats.evaluate import (
    calibration,
    compare_discrimination,
    discrimination,
    foretold,
    logit,
    roc_points,
    wilson_interval,
)


def people(n: int = 400, seed: int = 3) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    belief = rng.integers(1, 6, n)
    job = rng.random(n) < 1 / (1 + np.exp(2.5 - 0.7 * belief))
    own = np.clip(np.round(belief + rng.normal(0, 1.5, n)), 1, 5)
    return pl.DataFrame(
        {
            "person": [f"p{i}" for i in range(n)],
            "belief": belief,
            "own": own,
            "job": job,
            "site": np.arange(n) % 60,
        }
    )


@st.composite
def scored(draw: st.DrawFn) -> pl.DataFrame:
    """Two or more with and without, of whom many score alike, but not all."""
    yes = draw(st.lists(st.integers(-4, 4), min_size=2, max_size=25))
    no = draw(st.lists(st.integers(-4, 4), min_size=2, max_size=25))
    table = pl.DataFrame({"s": [*yes, *no], "y": [True] * len(yes) + [False] * len(no)})
    return table if table["s"].n_unique() > 1 else table.with_columns(s=pl.int_range(pl.len()))


@given(scored())
@settings(deadline=None)
def test_the_area_is_mann_whitneys_u(table: pl.DataFrame) -> None:
    yes, no = (table.filter(pl.col("y") == flag)["s"].to_numpy() for flag in (True, False))
    u = stats.mannwhitneyu(yes, no).statistic
    assert discrimination(table, "s", "y").auc == pytest.approx(u / (len(yes) * len(no)), abs=1e-12)


@given(scored())
@settings(deadline=None)
def test_only_the_order_of_scores_counts(table: pl.DataFrame) -> None:
    one = discrimination(table, "s", "y")
    two = discrimination(table.with_columns(s=pl.col("s").cast(pl.Float64).exp() * 100 - 7), "s", "y")
    assert (two.auc, two.se) == pytest.approx((one.auc, one.se), abs=1e-12)


@given(scored())
@settings(deadline=None)
def test_turned_round_it_is_the_rest_of_one(table: pl.DataFrame) -> None:
    one = discrimination(table, "s", "y")
    for turned in (table.with_columns(-pl.col("s")), table.with_columns(~pl.col("y"))):
        two = discrimination(turned, "s", "y")
        assert (two.auc, two.se) == pytest.approx((1 - one.auc, one.se), abs=1e-12)


@given(scored(), st.integers(2, 6))
@settings(deadline=None)
def test_errors_follow_their_formulas_pair_by_pair(table: pl.DataFrame, groups: int) -> None:
    """DeLong's and Obuchowski's variance written out over all pairs of people."""
    table = table.with_columns(g=pl.int_range(pl.len()) % groups)
    found = discrimination(table, "s", "y")
    if found.interval is None:
        return
    (yes, of_yes), (no, of_no) = (
        (part["s"].to_numpy(), part["g"].to_numpy())
        for part in (table.filter(pl.col("y")), table.filter(~pl.col("y")))
    )
    wins = (yes[:, None] > no) + 0.5 * (yes[:, None] == no)
    up, down = wins.mean(axis=1), wins.mean(axis=0)
    assert found.se**2 == pytest.approx(up.var(ddof=1) / len(yes) + down.var(ddof=1) / len(no), abs=1e-12)
    used = np.unique(table["g"].to_numpy())
    one = np.array([(up - found.auc)[of_yes == g].sum() for g in used])
    two = np.array([(down - found.auc)[of_no == g].sum() for g in used])
    i, j, k = len(np.unique(of_yes)), len(np.unique(of_no)), len(used)
    if min(i, j) < 2:
        return
    m, n = len(yes), len(no)
    variance = i / (i - 1) * (one @ one) / m**2 + j / (j - 1) * (two @ two) / n**2
    variance += 2 * k / (k - 1) * (one @ two) / (m * n)
    if variance > 1e-9:
        assert discrimination(table, "s", "y", cluster="g").se ** 2 == pytest.approx(variance, rel=1e-9)


def test_clusters_of_one_are_no_clusters() -> None:
    table = people()
    plain, lone = discrimination(table, "own", "job"), discrimination(table, "own", "job", cluster="person")
    assert lone.se == pytest.approx(plain.se)
    assert lone.n_clusters == 400
    assert "few-clusters" in [
        one.code
        for one in discrimination(table.filter(pl.col("site") < 20), "own", "job", cluster="site").warnings
    ]


def test_the_interval_stays_within_zero_and_one() -> None:
    table = pl.DataFrame({"s": [10, 12, 14, 16, 9, 2, 4, 6, 8, 10], "y": [1, 1, 1, 1, 1, 0, 0, 0, 0, 0]})
    found = discrimination(table, "s", "y")
    assert found.auc == pytest.approx(23.5 / 25)
    assert found.interval is not None
    assert found.plain is not None
    assert found.plain.high == 1
    assert 0.5 < found.interval.low < found.auc < found.interval.high < 1


def test_a_score_that_separates_has_no_interval() -> None:
    found = discrimination(pl.DataFrame({"s": range(40), "y": [i >= 20 for i in range(40)]}), "s", "y")
    assert (found.auc, found.interval, found.p) == (1, None, None)
    assert [one.code for one in found.warnings] == ["separates"]


def test_few_with_the_outcome_are_said() -> None:
    table = pl.DataFrame({"s": np.arange(60) % 7, "y": np.arange(60) % 8 == 0})
    found = discrimination(table, "s", "y")
    assert found.events < 10
    assert [one.code for one in found.warnings] == ["few-to-foretell"]
    assert f"Kun {found.events} personer" in found.warnings[0].text.da


def test_a_score_that_runs_the_other_way_is_said() -> None:
    found = discrimination(people().with_columns(belief=-pl.col("belief")), "belief", "job")
    assert found.auc < 0.5
    assert [one.code for one in found.warnings] == ["runs-the-other-way"]
    assert f"{found.auc:.2f}".replace(".", ",") in found.warnings[0].text.da


def test_missing_rows_are_left_out_and_counted() -> None:
    table = people().with_columns(own=pl.when(pl.int_range(pl.len()) > 3).then("own"))
    found = compare_discrimination(table.to_pandas(), ["belief", "own"], "job")
    assert found.excluded == {"missing own": 4}
    assert (found.first.n, found.second.n) == (396, 396)
    assert [one.code for one in found.warnings] == ["missing-values"]


def test_the_worker_foretells_better_than_the_citizen_when_that_is_planted() -> None:
    found = compare_discrimination(people(2000), ["belief", "own"], "job")
    assert found.difference == pytest.approx(found.first.auc - found.second.auc)
    assert found.interval.low > 0
    assert found.p < 0.001
    assert found.correlation > 0.3
    other = compare_discrimination(people(2000), ["own", "belief"], "job")
    assert (other.difference, other.p) == pytest.approx((-found.difference, found.p))


def test_two_scores_that_rank_alike_cannot_be_compared() -> None:
    table = people().with_columns(twice=2 * pl.col("belief"))
    with pytest.raises(ValueError, match="tell people apart alike"):
        compare_discrimination(table, ["belief", "twice"], "job")
    with pytest.raises(ValueError, match="two different columns"):
        compare_discrimination(table, ["belief", "belief"], "job")


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"s": [1, 2, 3, 4], "y": [1, 1, 1, 1]}, "4 of 4 rows have the outcome 'y'"),
        ({"s": [1, 2, 3, 4], "y": [0, 0, 0, 0]}, "0 of 4 rows have the outcome 'y'"),
        ({"s": [1, 2, 3, 4], "y": [1, 0, 0, 0]}, "at least two with and two without"),
        ({"s": [2, 2, 2, 2], "y": [1, 1, 0, 0]}, "'s' is the same for everybody"),
        ({"s": [1, 2, 3, 4], "y": [1, 2, 0, 0]}, "must be true/false or 0/1"),
        ({"s": ["a", "b", "c", "d"], "y": [1, 1, 0, 0]}, "must be numbers"),
        ({"s": [1, 2, 3, 4]}, "no column 'y'"),
    ],
)
def test_what_cannot_be_used_is_said(columns: dict[str, Any], message: str) -> None:
    for ask in (discrimination, roc_points, foretold):
        with pytest.raises(ValueError, match=message):
            ask(pl.DataFrame(columns), "s", "y")


def test_an_outcome_does_not_foretell_itself() -> None:
    with pytest.raises(ValueError, match="cannot foretell itself"):
        discrimination(people(), "job", "job")


def test_one_cluster_and_clusters_that_cancel_out_are_refused() -> None:
    table = people()
    with pytest.raises(ValueError, match="at least two clusters"):
        discrimination(table.with_columns(site=1), "own", "job", cluster="site")
    twins = pl.DataFrame({"s": [1, 2, 2, 1] * 2, "y": [1, 0, 1, 0] * 2, "g": [1, 1, 1, 1, 2, 2, 2, 2]})
    with pytest.raises(ValueError, match="no standard error"):
        discrimination(twins, "s", "y", cluster="g")


def test_the_area_lies_under_the_points() -> None:
    table = people()
    points = roc_points(table, "belief", "job")
    assert points["threshold"].to_list() == [None, 5, 4, 3, 2, 1]
    assert points.row(0)[1:] == (0, 1, 0, 0)
    assert points.row(-1)[1:3] == (1, 0)
    under = np.trapezoid(points["sensitivity"], 1 - points["specificity"])
    assert under == pytest.approx(discrimination(table, "belief", "job").auc)
    high = table.filter(pl.col("belief") >= 4)["job"]
    assert points.row(2)[3:] == (high.sum(), len(high) - high.sum())


def test_nobody_is_foretold_by_a_model_that_saw_their_outcome() -> None:
    """A model that saw it leans towards it: without it chances are lower for those with a job, higher for others."""
    table = people()
    model = logit(
        np.column_stack([np.ones(400), table["belief"]]), table["job"].to_numpy(), ("constant", "belief")
    )
    found = foretold(table, "belief", "job", id="person", folds=20).table
    gap = found["probability"].to_numpy() - model.fitted
    job = table["job"].to_numpy()
    assert gap[job].mean() < 0 < gap[~job].mean()
    assert np.abs(gap).max() < 0.02


def test_folds_follow_people_and_not_rows() -> None:
    table = people()
    shuffled = table.sample(fraction=1, shuffle=True, seed=9)
    one = foretold(table, "belief", "job", id="person").table.sort("person")
    two = foretold(shuffled, "belief", "job", id="person").table.sort("person")
    assert_frame_equal(one, two)
    order = ["belief", "job", "probability"]
    plain, mixed = (
        foretold(each, "belief", "job").table.select(order).sort(order) for each in (table, shuffled)
    )
    assert_frame_equal(plain, mixed)
    assert not one.equals(foretold(table, "belief", "job", id="person", seed=1).table.sort("person"))


def test_foretold_keeps_the_rows_it_was_given() -> None:
    table = people().with_columns(belief=pl.when(pl.int_range(pl.len()) > 0).then("belief"))
    found = foretold(table, "belief", "job")
    assert found.table.columns == [*table.columns, "probability"]
    assert found.table["person"].to_list() == table["person"].to_list()[1:]
    assert found.excluded == {"missing belief": 1}
    with pytest.raises(ValueError, match="column 'probability'"):
        foretold(found.table, "belief", "job")
    with pytest.raises(ValueError, match="at least 2"):
        foretold(table, "belief", "job", folds=1)


def test_right_chances_are_found_right() -> None:
    rng = np.random.default_rng(5)
    p = rng.uniform(0.05, 0.9, 20_000)
    found = calibration(pl.DataFrame({"p": p, "y": rng.random(20_000) < p}), "p", "y")
    assert found.in_the_large.interval.low < 0 < found.in_the_large.interval.high
    assert found.slope.interval.low < 1 < found.slope.interval.high
    assert found.table.select((pl.col("expected").is_between("lower", "upper")).sum()).item() >= 8


def test_wrong_chances_are_found_wrong() -> None:
    """Half of a log odds too high, and twice as spread as they should be."""
    rng = np.random.default_rng(6)
    odds = rng.normal(0, 1, 20_000)
    y = rng.random(20_000) < 1 / (1 + np.exp(-odds))
    high = calibration(pl.DataFrame({"p": 1 / (1 + np.exp(-odds - 0.5)), "y": y}), "p", "y")
    assert high.in_the_large.estimate == pytest.approx(-0.5, abs=0.05)
    assert high.expected > high.observed
    wide = calibration(pl.DataFrame({"p": 1 / (1 + np.exp(-2 * odds)), "y": y}), "p", "y")
    assert wide.slope.estimate == pytest.approx(0.5, abs=0.03)
    assert wide.slope.interval.high < 1
    assert wide.slope.p < 1e-6


def test_the_fit_of_the_sample_itself_is_always_calibrated_and_honest_chances_need_not_be() -> None:
    table = people(80, seed=1)
    model = logit(np.column_stack([np.ones(80), table["own"]]), table["job"].to_numpy(), ("constant", "own"))
    within = calibration(table.with_columns(p=pl.Series(model.fitted)), "p", "job")
    assert (within.in_the_large.estimate, within.slope.estimate) == pytest.approx((0, 1), abs=1e-8)
    honest = calibration(foretold(table, "own", "job", id="person").table, "probability", "job")
    assert honest.slope.estimate < 1
    assert honest.brier > within.brier


def test_the_parts_of_brier_add_up() -> None:
    found = calibration(foretold(people(), "own", "job", id="person").table, "probability", "job", groups=4)
    whole = found.reliability - found.resolution + found.uncertainty + found.within
    assert whole == pytest.approx(found.brier)
    assert found.scaled_brier == pytest.approx(1 - found.brier / found.uncertainty)
    flat = pl.DataFrame({"p": [0.2, 0.6] * 20, "y": [0, 1, 0, 0, 1, 1, 0, 1] * 5})
    assert calibration(flat, "p", "y", groups=2).within == pytest.approx(0)


def test_groups_keep_equal_chances_together() -> None:
    table = foretold(people(), "own", "job", id="person").table.with_columns(pl.col("probability").round(1))
    found = calibration(table, "probability", "job").table
    assert (found["lowest"][1:] > found["highest"][:-1]).all()
    assert found["n"].sum() == 400
    assert found["group"].to_list() == list(range(1, found.height + 1))
    first = table.filter(pl.col("probability") <= found["highest"][0])
    assert found.row(0, named=True)["events"] == first["job"].sum()
    assert tuple(found.select("lower", "upper").row(0)) == wilson_interval(
        float(first["job"].sum()), first.height
    )


@pytest.mark.parametrize(
    ("p", "message"),
    [
        ([0.0, 0.5, 0.7, 0.4], "strictly between 0 and 1"),
        ([0.2, 0.5, 1.2, 0.4], "strictly between 0 and 1"),
        ([0.3, 0.3, 0.3, 0.3], "the same for everybody"),
        ([0.1, 0.2, 0.7, 0.8], "separates the outcomes"),
    ],
)
def test_chances_that_cannot_be_judged_are_refused(p: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        calibration(pl.DataFrame({"p": p, "y": [0, 0, 1, 1]}), "p", "y")
    with pytest.raises(ValueError, match="'groups' must be at least 1"):
        calibration(people(), "belief", "job", groups=0)
