"""What would overturn an estimate: E-values, hidden bias in pairs, negative controls, single sites, tipping points."""

from dataclasses import replace
from math import exp, sqrt

import numpy as np
import polars as pl
import pytest

from indsats.evaluate import (
    Effect,
    EmpiricalNull,
    Interval,
    bounds_of_differences,
    calibrate,
    check_negative_controls,
    difference_in_means,
    difference_in_shares,
    e_value,
    e_value_of,
    empirical_null,
    leave_one_out,
    regression,
    robustness_value,
    rosenbaum_bounds,
    tipping_point,
)


def effect(estimate: float = 1.0, se: float = 0.5, p: float = 0.04, **more: object) -> Effect:
    base = Effect(
        estimand="ATT",
        estimate=estimate,
        se=se,
        interval=Interval(estimate - 1.96 * se, estimate + 1.96 * se),
        p=p,
        n_treated=100,
        n_control=100,
        outcome="job",
        design="drawn up for a test",
        se_method="classical",
    )
    return replace(base, **more)  # type: ignore[arg-type]


def shares(treated: int, control: int, n: int = 100) -> Effect:
    flags = [True] * n + [False] * n
    job = [1] * treated + [0] * (n - treated) + [1] * control + [0] * (n - control)
    return difference_in_shares(pl.DataFrame({"treated": flags, "job": job}), "job")


def codes(warnings: tuple) -> dict[str, str]:
    return {said.code: said.severity for said in warnings}


def test_the_e_value_of_the_published_example() -> None:
    found = e_value(3.9, 1.8, 8.7)
    assert found.point == pytest.approx(7.263, abs=5e-4)
    assert found.limit == pytest.approx(3.0)


def test_a_protective_ratio_has_the_e_value_of_its_inverse() -> None:
    assert e_value(0.5, 0.4, 0.8).point == pytest.approx(e_value(2, 1.25, 2.5).point)
    assert e_value(0.5, 0.4, 0.8).limit == pytest.approx(1.25 + sqrt(1.25 * 0.25))


def test_an_interval_that_holds_no_effect_needs_no_hidden_cause() -> None:
    assert e_value(1.4, 0.9, 2.2).limit == 1
    assert e_value(0.7, 0.4, 1.0).limit == 1
    assert e_value(1.0).point == 1
    assert e_value(1.4).limit is None


def test_rare_and_common_outcomes_are_turned_into_risk_ratios() -> None:
    assert e_value(4, scale="odds ratio").risk_ratio == 2
    assert e_value(4, scale="odds ratio", common=False).risk_ratio == 4
    assert e_value(4, scale="hazard ratio").risk_ratio == pytest.approx((1 - 0.5**2) / (1 - 0.5**0.5))
    assert e_value(0.5, scale="standardised difference").risk_ratio == pytest.approx(exp(0.455))


def test_a_difference_in_shares_becomes_a_risk_ratio() -> None:
    found = shares(60, 30)
    assert e_value_of(found).point == pytest.approx(2 + sqrt(2))
    low = 1 + found.interval.low / 0.3
    assert e_value_of(found).limit == pytest.approx(low + sqrt(low * (low - 1)))


def test_log_ratios_and_amounts_are_turned_into_risk_ratios() -> None:
    hazard = effect(np.log(2), 0.1, scale="log hazard ratio")
    assert e_value_of(hazard).common is True
    assert e_value_of(replace(hazard, events_control=10)).risk_ratio == pytest.approx(2)
    assert e_value_of(replace(hazard, events_control=16)).risk_ratio < 2
    endless = e_value_of(effect(1.0, 1000, scale="log hazard ratio"))
    assert endless.limit == 1
    assert e_value_of(effect(3.0), sd=6).risk_ratio == pytest.approx(exp(0.455))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: e_value(-0.5), "above zero.*logarithm"),
        (lambda: e_value(float("nan")), "finite"),
        (lambda: e_value(2, 2.5, 3), "not between"),
        (lambda: e_value_of(effect()), "amount: give 'sd'"),
        (lambda: e_value_of(effect(), sd=0), "above zero"),
        (lambda: e_value_of(effect(scale="correlation")), "is a correlation"),
        (lambda: e_value_of(shares(0, 30)), "no risk ratio"),
        (lambda: e_value_of(shares(30, 0)), "no risk ratio"),
    ],
)
def test_e_values_refuse_with_a_reason(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_bounds_on_yes_or_no_pairs_by_hand() -> None:
    # 3 of 3 differing pairs favour treatment: (Γ / (1 + Γ))³ and (1 / (1 + Γ))³.
    found = bounds_of_differences([1, 1, 1, 0, 0], gammas=[1, 3])
    assert found.table["p_low"].to_list() == pytest.approx([1 / 8, 1 / 64])
    assert found.table["p_high"].to_list() == pytest.approx([1 / 8, 27 / 64])
    assert (found.n_pairs, found.n_different, found.gamma_star) == (5, 3, None)
    assert codes(found.warnings) == {"nothing-to-overturn": "note"}
    assert found.table["estimate_low"].null_count() == 2


def test_bounds_on_amounts_by_hand() -> None:
    # Ranks 1, 2, 3, the smallest negative: W = 5, reached by {2, 3} and {1, 2, 3}.
    found = bounds_of_differences([-1, 2, 4], gammas=[1, 2])
    assert found.statistic == 5
    assert found.table["p_high"].to_list() == pytest.approx([2 / 8, 4 / 9])
    assert found.table["estimate_low"][0] == found.table["estimate_high"][0] == pytest.approx(1.75)


def test_alternatives_mirror_each_other() -> None:
    d = np.array([3.0, 1, 4, 1, 5, -9, 2, 6, 5, 3, 5])
    up, down = bounds_of_differences(d), bounds_of_differences(-d, alternative="less")
    assert down.table["p_high"].to_list() == pytest.approx(up.table["p_high"].to_list())
    both = bounds_of_differences(d, alternative="two-sided")
    assert both.table["p_high"][0] == pytest.approx(2 * up.table["p_high"][0])


def test_gamma_star_is_where_the_bound_reaches_five_percent() -> None:
    found = bounds_of_differences([1] * 110 + [-1] * 12)
    assert found.gamma_star is not None
    at_star = bounds_of_differences([1] * 110 + [-1] * 12, gammas=[found.gamma_star])
    assert at_star.table["p_high"][0] == pytest.approx(0.05)
    assert 5 < found.gamma_star < 6
    assert found.warnings == ()


def test_a_conclusion_on_little_room_for_hidden_bias_is_doubted() -> None:
    found = bounds_of_differences([1] * 62 + [-1] * 42)
    assert codes(found.warnings) == {"sensitive-to-hidden-bias": "doubt"}
    assert "gange så store odds" in found.warnings[0].text.da


def test_pairs_that_do_not_differ_have_nothing_to_test() -> None:
    found = bounds_of_differences([0, 0, 0])
    assert codes(found.warnings) == {"no-discordant-pairs": "doubt"}
    assert found.table["p_high"].unique().to_list() == [1]


def pairs() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "pair": [1, 1, 2, 2, 3, 3, 4],
            "treated": [True, False] * 3 + [True],
            "hours": [5, 6, 9, 7, 8, 4, 7],
            "person": list("abcdefg"),
        }
    )


def test_bounds_of_a_table_of_pairs_take_the_treated_minus_the_control() -> None:
    found = rosenbaum_bounds(pairs(), "hours", pair="pair", gammas=[1, 2])
    assert found.table.equals(bounds_of_differences([-1, 2, 4], gammas=[1, 2]).table)
    assert found.excluded == {"partner missing": 1}
    assert codes(found.warnings)["missing-values"] == "doubt"
    again = rosenbaum_bounds(
        pairs().to_pandas().sample(frac=1, random_state=1), "hours", pair="pair", gammas=[1, 2]
    )
    assert again.table.equals(found.table)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bounds_of_differences([]), "at least one"),
        (lambda: bounds_of_differences([1, float("nan")]), "missing or infinite"),
        (lambda: bounds_of_differences([1, 2], gammas=[0.5]), "1 or more"),
        (lambda: rosenbaum_bounds(pairs().with_columns(pair=1).head(0), "hours", pair="pair"), "no row"),
        (
            lambda: rosenbaum_bounds(
                pairs().with_columns(person=pl.Series(list("abcbefg"))),
                "hours",
                pair="pair",
                person="person",
            ),
            "none of them in two",
        ),
        (
            lambda: rosenbaum_bounds(
                pl.DataFrame({"pair": [1, 1, 1], "treated": [1, 0, 0], "hours": [3, 2, 1]}),
                "hours",
                pair="pair",
            ),
            "one control",
        ),
    ],
)
def test_bounds_refuse_with_a_reason(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_equal_errors_give_the_plain_mean_and_the_spread_that_is_left() -> None:
    # With one error for all the likelihood is highest at the mean, and at the variance (÷ n) less se².
    null = empirical_null([effect(value, 0.1) for value in (-0.4, 0.0, 0.1, 0.3, 0.5)])
    spread = np.var([-0.4, 0.0, 0.1, 0.3, 0.5])
    assert (null.mean, null.sd) == pytest.approx((0.1, sqrt(spread - 0.01)), rel=1e-6)


def test_negative_controls_alike_beyond_chance_leave_no_spread() -> None:
    null = empirical_null([effect(value, 1.0) for value in (0.1, 0.2, 0.3)])
    assert (null.mean, null.sd) == pytest.approx((0.2, 0.0))
    same = empirical_null([effect(0.2, 1.0)] * 3)
    assert (same.mean, same.sd) == pytest.approx((0.2, 0.0))


def test_calibration_shifts_widens_and_keeps_what_was() -> None:
    found = calibrate(effect(1.0, 0.3, p=0.001), EmpiricalNull(0.4, 0.4, 9))
    assert (found.estimate, found.se) == pytest.approx((0.6, 0.5))
    assert found.interval.low == pytest.approx(0.6 - 1.959964 * 0.5)
    assert found.diagnostics["uncalibrated estimate"] == 1.0
    assert found.p == pytest.approx(0.2301393)
    assert "calibrated by 9 negative controls" in found.design


def test_negative_controls_that_show_an_effect_are_told() -> None:
    said = check_negative_controls([effect(p=0.2), effect(p=0.01, outcome="age at school")])
    assert codes(said) == {"few-negative-controls": "doubt", "negative-control-shows-effect": "doubt"}
    assert "age at school" in said[1].text.da
    assert check_negative_controls([effect(p=0.2)] * 5) == ()
    with pytest.raises(ValueError, match="no negative control"):
        check_negative_controls([])


@pytest.mark.parametrize(
    ("controls", "message"),
    [
        ([effect()], "at least two"),
        ([effect(), effect(scale="slope")], "different scales"),
        ([effect(), effect(se=0)], "above zero"),
    ],
)
def test_calibration_refuses_with_a_reason(controls: list[Effect], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        calibrate(effect(), controls)


def sites(values: dict[str, tuple[list[float], list[float]]]) -> pl.DataFrame:
    rows = [
        (site, treated, value)
        for site, groups in values.items()
        for treated, group in zip((True, False), groups, strict=True)
        for value in group
    ]
    return pl.DataFrame(rows, schema=["site", "treated", "y"], orient="row")


def mean(table: pl.DataFrame) -> Effect:
    return difference_in_means(table, "y")


def test_leaving_out_gives_the_estimate_of_the_rest() -> None:
    table = sites({"A": ([5, 6], [1, 2]), "B": ([4, 6], [3, 3]), "C": ([7, 5], [2, 2])})
    found = leave_one_out(table, "site", mean)
    assert found.table["site"].to_list() == ["A", "B", "C"]
    without_b = mean(table.filter(pl.col("site") != "B"))
    row = found.table.row(1, named=True)
    assert (row["estimate"], row["lower"], row["rows"]) == (without_b.estimate, without_b.interval.low, 4)
    assert row["change"] == pytest.approx(without_b.estimate - found.full.estimate)
    assert found.warnings == ()


def test_one_site_that_decides_is_named() -> None:
    table = sites({"A": ([0, 1, 2], [1, 0, 2]), "B": ([1, 2, 1], [2, 1, 2]), "C": ([9, 9, 8], [0, 1, 1])})
    found = leave_one_out(table, "site", mean)
    assert codes(found.warnings) == {"one-site-decides": "doubt"}
    assert "C matters most: without it the effect is −0.167 instead of 2.556" in found.warnings[0].text.en
    assert "uden det er virkningen −0,167" in found.warnings[0].text.da


@pytest.mark.parametrize(
    ("treated", "odd_one_out", "severity"),
    [
        ([0, 1, 1.9], ([2, 1, 2], [1, 1, 1]), "note"),  # from a little above to a little below nothing
        ([3, 4, 5], ([0, 1, 2], [40, 41, 42]), "grave"),  # from an uncertain fall to a sure rise
    ],
)
def test_what_a_site_decides_says_how_grave_it_is(treated, odd_one_out, severity: str) -> None:
    alike = ([float(value) for value in treated] * 3, [0.0, 1, 2] * 3)
    table = sites({"A": alike, "B": alike, "C": odd_one_out})
    assert codes(leave_one_out(table, "site", mean).warnings) == {"one-site-decides": severity}


def test_a_site_nothing_can_be_estimated_without_is_said() -> None:
    table = sites({"A": ([5, 6], [1, 2]), "B": ([], [3, 4]), "C": ([], [2, 1])})
    found = leave_one_out(table.to_pandas(), "site", mean)
    assert found.table["estimate"].null_count() == 1
    assert "treated group" in found.table["problem"][0]
    assert codes(found.warnings) == {"site-cannot-be-left-out": "doubt"}


def test_leaving_out_needs_two_sites_and_counts_rows_without_one() -> None:
    table = sites({"A": ([5, 6], [1, 2]), "B": ([4, 6], [3, 3])})
    with pytest.raises(ValueError, match="one site only"):
        leave_one_out(table.filter(pl.col("site") == "A"), "site", mean)
    unknown = pl.concat([table, table.head(1).with_columns(site=pl.lit(None, pl.String))])
    found = leave_one_out(unknown, "site", mean)
    assert "missing-values" in codes(found.warnings)
    assert found.full.n_treated == 4


def test_the_robustness_value_of_the_published_example() -> None:
    # Cinelli & Hazlett (2020), the Darfur study: t = 4.184, 783 degrees of freedom.
    found = robustness_value(4.18445, 783)
    assert (found.value, found.limit, found.partial_r2) == pytest.approx((0.139, 0.076, 0.022), abs=5e-4)
    assert robustness_value(1.0, 783).limit == 0
    assert robustness_value(-4.18445, 783) == found


def test_tipping_points_of_shares_are_tried_on_a_grid() -> None:
    found = shares(50, 30)
    tip = tipping_point(found, imbalances=[0.5], strengths=[0.1, 0.3, 0.4])
    assert tip.product == pytest.approx(0.2)
    assert tip.product_limit == found.interval.low
    assert tip.table is not None
    assert tip.table["estimate"].to_list() == pytest.approx([0.15, 0.05, 0.0])
    assert tip.table["overturned"].to_list() == ["nothing", "interval", "estimate"]
    assert tip.table["lower"][0] == pytest.approx(found.interval.low - 0.05)
    assert tip.robustness is None


def test_a_negative_effect_tips_the_other_way() -> None:
    up, down = tipping_point(shares(50, 30)), tipping_point(shares(30, 50))
    assert up.table is not None
    assert down.table is not None
    assert down.table["estimate"].to_list() == pytest.approx((-up.table["estimate"]).to_list())
    assert down.table["overturned"].equals(up.table["overturned"])
    assert down.product_limit == pytest.approx(up.product_limit)


def test_amounts_have_a_robustness_value_when_their_errors_are_classical() -> None:
    rng = np.random.default_rng(1)
    table = pl.DataFrame(
        {"treated": [True, False] * 50, "y": rng.normal(size=100), "site": list(range(20)) * 5}
    )
    plain = regression(table, "y")
    assert plain.statistic is not None
    assert tipping_point(plain).robustness == robustness_value(plain.statistic, 98)
    clustered = tipping_point(regression(table, "y", se="cluster", cluster="site"))
    assert clustered.robustness is None
    assert codes(clustered.warnings) == {"no-robustness-value": "note"}


def test_tipping_points_refuse_with_a_reason() -> None:
    with pytest.raises(ValueError, match="use the E-value"):
        tipping_point(effect(scale="log odds ratio"))
    with pytest.raises(ValueError, match="between 0 and 1"):
        tipping_point(effect(), imbalances=[2])
    with pytest.raises(ValueError, match="at least 2 degrees"):
        robustness_value(2.0, 1)
