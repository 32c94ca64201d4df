"""Effects planted in simulated people are found again, and intervals contain them as often as they say."""

import numpy as np
import polars as pl
import pytest

from indsats.evaluate import (
    Effect,
    difference_in_means,
    difference_in_shares,
    match,
    newcombe_interval,
    newcombe_paired_interval,
)


def confounded(seed: int, n: int = 3000) -> tuple[pl.DataFrame, float]:
    """People with poor prospects are treated more often; treatment adds to the outcome of each."""
    rng = np.random.default_rng(seed)
    age, weeks = rng.normal(42, 10, n), rng.integers(0, 53, n)
    origin = rng.choice(["dk", "other", "west"], n, p=[0.6, 0.3, 0.1])
    logit = -2.2 + 0.03 * (age - 42) - 0.03 * (weeks - 26) + 0.5 * (origin == "other")
    treated = rng.random(n) < 1 / (1 + np.exp(-logit))
    without = 20 - 0.2 * (age - 42) + 0.25 * (weeks - 26) - 3 * (origin == "other") + rng.normal(0, 4, n)
    gain = 2 + 0.5 * (origin == "other")
    table = pl.DataFrame(
        {"treated": treated, "age": age, "weeks": weeks, "origin": origin, "hours": without + treated * gain}
    )
    return table, float(gain[treated].mean())


@pytest.mark.parametrize("on", ["prognostic", "propensity", "mahalanobis"])
@pytest.mark.parametrize("seed", range(8))
def test_matching_recovers_the_effect_on_the_treated(on: str, seed: int) -> None:
    table, truth = confounded(seed)
    made = match(table, "treated", ["age", "weeks", "origin"], distance=on, outcome="hours", caliper=0.2)  # type: ignore[arg-type]
    effect = difference_in_means(made.table, "hours", pair="pair")
    naive = difference_in_means(table, "hours")
    assert abs(effect.estimate - truth) < 3 * effect.se
    assert abs(naive.estimate - truth) > 5 * naive.se
    assert made.n_matched > 0.9 * made.n_treated


def test_prognostic_matching_is_right_on_average() -> None:
    """Over many seeds the errors centre on zero and the standard error tells their size."""
    errors = []
    for seed in range(100, 130):
        table, truth = confounded(seed, 1500)
        made = match(
            table, "treated", ["age", "weeks", "origin"], distance="prognostic", outcome="hours", caliper=0.2
        )
        effect = difference_in_means(made.table, "hours", pair="pair")
        errors.append((effect.estimate - truth) / effect.se)
    assert abs(np.mean(errors)) < 3 / np.sqrt(len(errors))
    assert 0.6 < np.std(errors) < 1.4


@pytest.mark.parametrize("estimated", [False, True])
def test_abadie_imbens_errors_tell_the_spread(estimated: bool) -> None:
    """One table drawn a hundred times over: the errors are as large as the estimates' spread, which is smaller by a
    third where the score is estimated; the clustered error does not know that.
    """
    estimates, errors, clustered = [], [], []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        a, b = rng.normal(size=(2, 500))
        chance = 1 / (1 + np.exp(1 - 0.5 * a - 0.5 * b))
        treated = rng.random(500) < chance
        y = 3 * a - b + treated * (1 + a) + rng.normal(size=500)
        table = pl.DataFrame({"treated": treated, "a": a, "b": b, "y": y, "chance": chance})
        made = match(table, "treated", ["a", "b"], replace=True, score=None if estimated else "chance")
        effect = made.effect("y", errors="abadie-imbens")
        estimates.append(effect.estimate)
        errors.append(effect.se)
        clustered.append(made.effect("y").se)
    spread = np.std(estimates, ddof=1)
    assert np.mean(errors) == pytest.approx(spread, rel=0.2)
    assert not estimated or np.mean(clustered) > 1.25 * spread


@pytest.mark.parametrize(
    ("n1", "p1", "n2", "p2"), [(200, 0.12, 200, 0.10), (60, 0.04, 90, 0.15), (30, 0.5, 30, 0.5)]
)
def test_newcombe_covers_the_truth(n1: int, p1: float, n2: int, p2: float) -> None:
    rng = np.random.default_rng(1)
    draws = list(zip(rng.binomial(n1, p1, 4000), rng.binomial(n2, p2, 4000), strict=True))
    inside = sum(low <= p1 - p2 <= high for low, high in (newcombe_interval(a, n1, b, n2) for a, b in draws))
    assert 0.935 <= inside / 4000 <= 0.97


def test_paired_newcombe_covers_the_truth() -> None:
    rng = np.random.default_rng(2)
    cells = rng.multinomial(150, [0.10, 0.12, 0.06, 0.72], 4000)
    bounds = (newcombe_paired_interval(*(int(c) for c in row)) for row in cells)
    inside = sum(low <= 0.06 <= high for low, high in bounds)
    assert 0.935 <= inside / 4000 <= 0.97


def test_paired_and_unpaired_tests_keep_their_level() -> None:
    """Under no effect, p below 0.05 comes up about one time in twenty, with and without pairs."""
    rng = np.random.default_rng(3)
    rejected = {"pairs": 0, "groups": 0}
    for _ in range(600):
        chance = rng.beta(2, 5, 200)
        treated = rng.random(200) < chance, rng.random(200) < chance
        table = pl.DataFrame(
            {
                "pair": [*range(200), *range(200)],
                "treated": [True] * 200 + [False] * 200,
                "y": np.concatenate(treated),
            }
        )
        effects: dict[str, Effect] = {
            "pairs": difference_in_shares(table, "y", pair="pair"),
            "groups": difference_in_shares(table.with_columns(y=pl.Series(rng.random(400) < 0.3)), "y"),
        }
        for name, effect in effects.items():
            rejected[name] += effect.p < 0.05
    for name, count in rejected.items():
        assert 0.025 <= count / 600 <= 0.08, name
