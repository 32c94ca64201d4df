"""Power, sizes and the least effect that can be found: one left out, two given, refusals."""

import pytest

from indsats.evaluate import power_cox, power_means, power_shares


def test_what_is_left_out_is_found_and_gives_the_rest_back() -> None:
    size = power_means(0.5, power=0.8, sd=2)
    assert power_means(0.5, size.n_treated, sd=2).power == pytest.approx(0.8)
    assert power_means(n_treated=size.n_treated, power=0.8, sd=2).effect == pytest.approx(0.5)
    size = power_shares(0.2, 0.3, power=0.9, controls_per_treated=3)
    assert size.n_control == pytest.approx(3 * (size.n_treated or 0))
    assert power_shares(
        0.2, n_treated=size.n_treated, n_control=size.n_control, power=0.9
    ).effect == pytest.approx(0.1)
    events = power_cox(hazard_ratio=1.3, power=0.8).events
    assert power_cox(events, hazard_ratio=1.3).power == pytest.approx(0.8)
    assert power_cox(events, power=0.8).effect == pytest.approx(1.3)


def test_direction_does_not_change_power() -> None:
    assert power_means(-1, 20).power == power_means(1, 20).power
    assert power_shares(0.3, 0.2, 100).power == pytest.approx(power_shares(0.7, 0.8, 100).power)
    assert power_cox(100, 0.3, 0.5).power == pytest.approx(power_cox(100, 0.3, 2).power)


def test_clusters_demand_more_people_and_use_t_over_clusters() -> None:
    found = power_means(0.5, 100, 100, cluster_size=20, icc=0.1)
    assert found.design_effect == pytest.approx(1 + 19 * 0.1)
    assert found.degrees == 8
    assert found.power < power_means(0.5, 100, 100).power
    alone = power_shares(0.2, 0.3, 5000, 5000, cluster_size=1)
    assert alone.design_effect == 1
    assert alone.power == pytest.approx(power_shares(0.2, 0.3, 5000, 5000).power, abs=1e-3)


def test_schoenfeld_by_hand() -> None:
    # (1.959964 + 0.841621)² / (0.25 · ln(2)²) = 7.848880 / 0.120113
    assert power_cox(hazard_ratio=2, power=0.8).events == pytest.approx(65.3456, rel=1e-5)


def test_what_anybody_finds_needs_no_more_than_the_least() -> None:
    assert power_means(1e6, power=0.8).n_treated == 2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: power_means(1, 20, power=0.8), "leave out exactly one .* none"),
        (lambda: power_means(1), "left out now: n_treated, power"),
        (lambda: power_means(1, power=0.8, n_control=20), "controls_per_treated"),
        (lambda: power_means(0, power=0.8), "no number of people"),
        (lambda: power_means(float("nan"), 20), "finite"),
        (lambda: power_means(1, 20, sd=0), "'sd' must be above 0"),
        (lambda: power_means(1, power=1.2), "'power' must be between"),
        (lambda: power_means(1, 1, 1), "three people"),
        (lambda: power_means(1, 20, cluster_size=20), "three clusters"),
        (lambda: power_means(1, 20, icc=0.1), "give 'cluster_size'"),
        (lambda: power_means(1, 20, cluster_size=20, icc=2), "'icc' must be"),
        (lambda: power_means(1, 20, cluster_size=0.5), "'cluster_size' must be"),
        (lambda: power_shares(0, 0.2, 20), "'p_control' must be between"),
        (lambda: power_shares(0.2, 1.2, 20), "'p_treated' must be between"),
        (lambda: power_shares(0.9, n_treated=20, power=0.9), "no difference is found"),
        (lambda: power_cox(100), "leave out exactly one"),
        (lambda: power_cox(-1, hazard_ratio=2), "'events' must be above 0"),
        (lambda: power_cox(100, 1, 2), "'share_treated' must be between"),
        (lambda: power_cox(hazard_ratio=1, power=0.8), "ratio of 1"),
    ],
)
def test_power_refuses_with_a_reason(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
