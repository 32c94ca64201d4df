"""What data say against a design: overlap, separation, clusters, losses, many tests, and the calendar."""

import numpy as np
import polars as pl
import pytest

from indsats.evaluate import (
    check_attrition,
    check_before_window,
    check_clusters,
    check_future,
    check_multiple,
    check_overlap,
    check_separation,
)
from indsats.evaluate.cautions import Caution


def codes(said: tuple[Caution, ...]) -> dict[str, str]:
    for one in said:
        assert one.text.da
        assert "nan" not in (one.text.da + one.text.en).lower().split()
    return {one.code: one.severity for one in said}


def scored(treated: np.ndarray, control: np.ndarray) -> pl.DataFrame:
    flags = [True] * len(treated) + [False] * len(control)
    return pl.DataFrame({"treated": flags, "score": np.concatenate([treated, control])})


def test_groups_alike_overlap_whatever_their_size() -> None:
    rng = np.random.default_rng(3)
    for n_treated, n_control in ((1, 1), (12, 15), (50, 2000), (2000, 50), (3000, 3000)):
        table = scored(rng.normal(size=n_treated), rng.normal(size=n_control))
        assert check_overlap(table, "score", estimand="ATE") == ()


def test_treated_without_their_like_are_counted() -> None:
    rng = np.random.default_rng(4)
    near = scored(np.r_[rng.uniform(0, 1, 900), rng.uniform(2, 3, 100)], rng.uniform(0, 1, 1000))
    (said,) = check_overlap(near, "score")
    assert (said.code, said.severity) == ("poor-overlap", "doubt")
    assert "10% of the treated" in said.text.en
    assert "10\u00a0% af dem med indsats" in said.text.da
    far = scored(np.arange(10.0, 20), np.arange(10.0))
    assert codes(check_overlap(far, "score")) == {"poor-overlap": "grave"}


def test_a_single_control_far_out_does_not_hide_poor_overlap() -> None:
    rng = np.random.default_rng(5)
    table = scored(np.r_[rng.uniform(0, 1, 800), rng.uniform(2, 3, 200)], np.r_[rng.uniform(0, 1, 1000), 3.5])
    assert codes(check_overlap(table.to_pandas(), "score")) == {"poor-overlap": "doubt"}


def test_controls_alone_matter_only_for_the_effect_in_all() -> None:
    rng = np.random.default_rng(6)
    table = scored(rng.uniform(0, 1, 1000), rng.uniform(0, 2, 1000))
    assert check_overlap(table, "score") == ()
    (said,) = check_overlap(table, "score", estimand="ATE")
    assert "of the control group" in said.text.en


def test_levels_and_ranges_of_one_group_only_are_named() -> None:
    table = pl.DataFrame(
        {
            "treated": [True, True, True, False, False, False],
            "area": ["a", "a", "b", "b", "c", "c"],
            "age": [30, 31, 32, 40, 41, 42],
            "man": [True, False, True, False, True, False],
        }
    )
    (said,) = check_separation(table, "treated", ["area", "age", "man"])
    assert said.code == "separation"
    assert "area=a, area=c, age. Det er 100\u00a0% af personerne" in said.text.da
    assert "area=b" not in said.text.en
    assert "man" not in said.text.en
    assert "67% of the people" in check_separation(table.to_pandas(), "treated", ["area"])[0].text.en
    assert check_separation(table, "treated", ["man"]) == ()
    assert check_separation(table, "treated", []) == ()


def test_covariates_that_separate_only_together_are_found() -> None:
    x, y = np.meshgrid(np.arange(6.0), np.arange(6.0))
    table = pl.DataFrame({"x": x.ravel(), "y": y.ravel()}).with_columns(treated=pl.col("x") + pl.col("y") > 5)
    table = table.filter((pl.col("x") + pl.col("y")) != 5)
    assert codes(check_separation(table, "treated", ["x", "y"])) == {"separation": "grave"}
    with pytest.raises(ValueError, match="exact combination"):
        check_separation(table.with_columns(z=pl.col("x") + pl.col("y") * 2), "treated", ["x", "y", "z"])


def clustered(sizes: list[int], treated: list[bool]) -> pl.DataFrame:
    rows = [
        (f"site {i}", flag) for i, (n, flag) in enumerate(zip(sizes, treated, strict=True)) for _ in range(n)
    ]
    return pl.DataFrame(rows, schema=["site", "treated"], orient="row")


def test_clusters_few_alone_and_dominant() -> None:
    assert check_clusters(clustered([4] * 60, [True, False] * 30), "site") == ()
    assert codes(check_clusters(clustered([4] * 10, [True, False] * 5), "site")) == {"few-clusters": "doubt"}
    one = check_clusters(clustered([4] * 60, [True] + [False] * 59), "site")
    assert codes(one) == {"one-cluster-group": "grave"}
    assert "Alle med indsats hører til det samme sted" in one[0].text.da
    (said,) = check_clusters(clustered([4] * 59 + [200], [True, False] * 30), "site")
    assert said.code == "dominant-cluster"
    assert "site 59 holds 46%" in said.text.en


def lost(treated: tuple[int, int], control: tuple[int, int]) -> pl.DataFrame:
    """(seen, missing) of each group."""
    values = [value for seen, gone in (treated, control) for value in [1.0] * seen + [None] * gone]
    return pl.DataFrame({"treated": [True] * sum(treated) + [False] * sum(control), "job": values})


@pytest.mark.parametrize(
    ("treated", "control", "expected"),
    [
        ((100, 0), (100, 0), {}),
        ((95, 5), (93, 7), {}),
        ((75, 25), (76, 24), {"attrition": "doubt"}),
        ((90, 10), (97, 3), {"differential-attrition": "doubt"}),
        ((9600, 400), (9800, 200), {"differential-attrition": "doubt"}),
        ((99000, 1000), (99400, 600), {}),
        ((98, 2), (80, 20), {"differential-attrition": "grave"}),
        ((100, 0), (0, 100), {"attrition": "doubt", "differential-attrition": "grave"}),
        ((0, 100), (0, 100), {"attrition": "doubt"}),
    ],
)
def test_losses_overall_and_between_the_groups(treated, control, expected: dict[str, str]) -> None:
    assert codes(check_attrition(lost(treated, control), "job")) == expected


def test_losses_are_told_in_percent() -> None:
    said = check_attrition(lost((90, 10), (97, 3)).to_pandas(), "job")[0].text
    assert "mangler for 10,0\u00a0% med indsats og 3,0\u00a0% uden, en forskel på 7,0 procentpoint" in said.da
    assert "10.0% of the treated and 3.0% of the controls, 7.0 percentage points apart" in said.en


def test_rows_that_cannot_be_checked_are_counted() -> None:
    table = flex_jobs().with_columns(
        pl.when(pl.col("index_week") > 20).then(pl.col("index_week")),
        pl.col("treated").shift(1),
        score=pl.lit(0.5),
    )
    given = {"after": "after", "programme_start": 1000}
    for said in (
        check_future(table, "index_week"),
        check_before_window(table, follow_up_weeks=1, **given),
        check_overlap(table, "score"),
        check_separation(table, "treated", []),
        check_attrition(table, "age_week"),
    ):
        assert list(codes(said)) == ["missing-values"]
    assert "missing-values" in codes(check_clusters(table, "takes_part"))


def test_many_tests_are_many() -> None:
    assert check_multiple(1) == ()
    assert codes(check_multiple(4)) == {"many-tests": "note"}
    (said,) = check_multiple(20)
    assert said.severity == "doubt"
    assert "64% of cases" in said.text.en
    assert "p under 0,0025" in said.text.da
    with pytest.raises(ValueError, match="1 or more"):
        check_multiple(0)


# A cohort as of document 002: registered in another benefit (index week), later to ledighedsydelse or straight
# into a flex job, in participating municipalities and others, the year before and the period of the effort.
# Weeks count from 1 January 2016: the project begins in week 52, before-people are drawn in weeks 17–68 (May 2016
# to April 2017, L254) and the others in weeks 69–120 (May 2017 to April 2018, L432).
PROJECT = 52


def flex_jobs() -> pl.DataFrame:
    index = np.repeat(np.arange(17, 121), 4)
    n = len(index)
    takes_part = np.tile([True, True, False, False], n // 4)
    after = index >= 69
    direct = np.arange(n) % 4 == 0
    wait = np.arange(n) % 7 + 3
    reached = index + wait
    return pl.DataFrame(
        {
            "person": [f"p{i}" for i in range(n)],
            "index_week": index.astype(np.int32),
            "after": after,
            "takes_part": takes_part,
            "treated": after & takes_part,
            "reached_week": reached,
            "flex_job_week": np.where(direct, reached, reached + 10),
            "age_week": index - 1,
        }
    )


def test_selecting_on_what_came_later_is_found_in_a_cohort_as_of_002() -> None:
    # Target group 1A keeps those who later reach ledighedsydelse or a flex job (L366).
    (said,) = check_future(
        flex_jobs(), "index_week", selection={"på ledighedsydelse eller i fleksjob": "reached_week"}
    )
    assert (said.code, said.severity) == ("selected-on-the-future", "grave")
    assert "for 100,0\u00a0%" in said.text.da
    assert "typically 6 weeks after" in said.text.en


def test_outcomes_at_the_start_of_the_clock_are_found_in_a_cohort_as_of_002() -> None:
    # With the clock from ledighedsydelse (L430) those who go straight into a flex job wait no time (L366, L454).
    table = flex_jobs()
    said = check_future(
        table,
        "reached_week",
        selection={"på ledighedsydelse eller i fleksjob": "reached_week"},
        outcome_week="flex_job_week",
    )
    assert codes(said) == {"outcome-before-start": "doubt"}
    assert f"{table.height // 4} of {table.height} already" in said[0].text.en


def test_the_contaminated_before_window_is_found_in_a_cohort_as_of_002() -> None:
    given = {"after": "after", "programme_start": PROJECT, "participating": "takes_part"}
    (said,) = check_before_window(flex_jobs(), follow_up_weeks=0, **given)
    # Of the 52 weeks of drawing, weeks 52–68 lie in the project: 17 weeks of two people each.
    assert (said.code, said.severity) == ("before-window-contaminated", "grave")
    assert "34 of 104 (32.7%)" in said.text.en
    assert "34 of them even entered" in said.text.en
    (said,) = check_before_window(flex_jobs(), follow_up_weeks=52, **given)
    assert "104 of 104 (100.0%)" in said.text.en
    assert "34 af dem kom endda til" in said.text.da


def test_a_before_window_that_ends_in_time_is_clean() -> None:
    table = flex_jobs().filter(pl.col("after") | (pl.col("index_week") + 12 < PROJECT))
    given = {"after": "after", "programme_start": PROJECT, "participating": "takes_part"}
    assert check_before_window(table, follow_up_weeks=12, **given) == ()
    (said,) = check_before_window(table.to_pandas(), follow_up_weeks=13, **given)
    assert said.severity == "note"
    assert "2 of 46" in said.text.en


def test_sites_may_begin_in_weeks_of_their_own_or_never() -> None:
    table = flex_jobs().with_columns(starts=pl.when("takes_part").then(60))
    (said,) = check_before_window(table, after="after", follow_up_weeks=0, programme_start="starts")
    assert "18 of 104" in said.text.en


def test_a_design_that_knows_only_the_past_is_not_warned_of() -> None:
    table = flex_jobs().with_columns(start=pl.col("index_week"))
    said = check_future(
        table,
        "index_week",
        selection={"on benefit": "index_week"},
        covariates={"age": "age_week"},
        treatment_start="start",
        outcome_week="flex_job_week",
        outcome_from=1,
    )
    assert said == ()


def test_covariates_from_the_future_are_worst_inside_the_window_of_the_outcome() -> None:
    table = flex_jobs()
    late = {"motivation": "reached_week"}
    assert codes(check_future(table, "index_week", covariates=late)) == {"covariate-from-the-future": "doubt"}
    before = check_future(table, "index_week", covariates=late, outcome_from=10)
    assert codes(before) == {"covariate-from-the-future": "doubt"}
    just_inside = check_future(table, "index_week", covariates=late, outcome_from=9)
    assert codes(just_inside) == {"covariate-from-the-future": "grave"}
    inside = check_future(table, "index_week", covariates=late, outcome_from=1)
    assert codes(inside) == {"covariate-from-the-future": "grave"}
    assert "i den tid, hvor udfaldet selv tælles" in inside[0].text.da


def test_treatment_that_begins_after_the_clock_is_immortal_time() -> None:
    table = pl.DataFrame(
        {"entry": [10, 10, 10, 10, 10], "treated": [1, 1, 1, 0, 0], "begins": [10, 14, 18, None, 90]}
    )
    (said,) = check_future(table.to_pandas(), "entry", treatment_start="begins")
    assert (said.code, said.severity) == ("immortal-time", "grave")
    assert "66.7% of the treated" in said.text.en
    assert "typisk 6 uger" in said.text.da


def test_checks_do_not_depend_on_the_order_of_rows() -> None:
    table = flex_jobs()
    mixed = table.sample(fraction=1, shuffle=True, seed=2)
    selection = {"reached": "reached_week"}
    assert check_future(mixed, "index_week", selection=selection) == check_future(
        table, "index_week", selection=selection
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: check_future(t, "week"), "no column 'week'"),
        (lambda t: check_future(t, "index_week", selection={"x": "week"}), "no column 'week'"),
        (lambda t: check_future(t, "index_week", covariates={"x": "none"}), "no week for anybody"),
        (lambda t: check_future(t, "index_week", covariates={"x": "person"}), "must be numbers"),
        (
            lambda t: check_before_window(
                t.filter("after"), after="after", follow_up_weeks=1, programme_start=52
            ),
            "nobody is in the time before",
        ),
        (
            lambda t: check_before_window(t, after="after", follow_up_weeks=-1, programme_start=52),
            "0 or more",
        ),
        (
            lambda t: check_before_window(t, after="person", follow_up_weeks=1, programme_start=52),
            "must be numbers",
        ),
        (lambda t: check_overlap(t.filter("treated"), "index_week"), "control group"),
        (lambda t: check_separation(t, "treated", ["week"]), "no column 'week'"),
        (lambda t: check_clusters(t.head(0), "takes_part"), "no row"),
        (lambda t: check_attrition(t, "job"), "no column 'job'"),
    ],
)
def test_checks_refuse_with_a_reason(call, message: str) -> None:
    table = flex_jobs().with_columns(none=pl.lit(None, pl.Int32))
    with pytest.raises(ValueError, match=message):
        call(table)
