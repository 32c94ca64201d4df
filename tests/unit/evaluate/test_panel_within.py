"""Treatment in a regression within levels: the same as with indicators written out."""

import numpy as np
import polars as pl
import pytest

from indsats import evaluate as ev


def table(n: int = 600) -> pl.DataFrame:
    rng = np.random.default_rng(4)
    site, weeks = rng.integers(0, 60, n), rng.integers(0, 20, n)
    treated = rng.random(n) < 0.3 + 0.02 * weeks
    hours = 0.3 * weeks + 2.0 * treated + rng.normal(size=60)[site] + rng.normal(size=n)
    return pl.DataFrame(
        {"site": site, "weeks": weeks, "treated": treated, "hours": hours, "age": rng.normal(size=n)}
    )


def test_it_equals_the_regression_with_indicators_written_out() -> None:
    data = table()
    text = data.with_columns(pl.format("w{}", "weeks").alias("level"))
    plain = ev.regression(text, "hours", "treated", ["age", "level"], se="cluster", cluster="site")
    within = ev.regression_within(data, "hours", "treated", ["age"], absorb=["weeks"], cluster="site")
    assert within.estimate == pytest.approx(plain.estimate, rel=1e-9)
    assert within.se == pytest.approx(plain.se, rel=1e-9)
    assert within.interval == pytest.approx(plain.interval, rel=1e-8)
    assert (within.n_treated, within.n_control, within.n_clusters) == (plain.n_treated, plain.n_control, 60)


def test_few_clusters_are_told_once() -> None:
    data = table().with_columns(pl.col("site") % 9)
    effect = ev.regression_within(data, "hours", "treated", absorb=["weeks"], cluster="site")
    assert [caution.code for caution in effect.warnings].count("few-clusters") == 1


def test_a_treatment_that_is_no_yes_or_no_is_refused() -> None:
    with pytest.raises(ValueError, match="true/false"):
        ev.regression_within(table(), "hours", "age", absorb=["weeks"])
