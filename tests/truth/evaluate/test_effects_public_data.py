"""The effects published for the supported-work programme, from the microdata that come with causaldata."""

from importlib.resources import files

import pandas as pd
import polars as pl
import pytest

from indsats.evaluate import balance, difference_in_means, logit, regression

CONTROLS = ["age", "age2", "educ", "nodegree", "black", "hisp", "re74", "re75"]


def microdata(name: str) -> pl.DataFrame:
    """One Stata file as 64-bit floats (age is an 8-bit integer there and would overflow when squared)."""
    frame = pd.read_stata(str(files("causaldata") / name / f"{name}.dta"))
    numeric = frame.select_dtypes("number").astype("float64")
    return pl.from_pandas(numeric).with_columns(age2=pl.col("age") ** 2)


@pytest.fixture(scope="module")
def nsw() -> pl.DataFrame:
    return microdata("nsw_mixtape")


@pytest.fixture(scope="module")
def cps(nsw: pl.DataFrame) -> pl.DataFrame:
    """The treated of the experiment against the population survey."""
    return pl.concat([nsw.filter(pl.col("treat") == 1), microdata("cps_mixtape").select(nsw.columns)])


def test_difference_in_means_of_the_experiment(nsw: pl.DataFrame) -> None:
    effect = difference_in_means(nsw, "re78", "treat")
    assert effect.estimate == pytest.approx(1794.34, abs=0.005)
    assert effect.se == pytest.approx(632.85, abs=0.005)
    assert (effect.n_treated, effect.n_control, effect.df) == (185, 260, 443)


def test_welch_of_the_experiment(nsw: pl.DataFrame) -> None:
    effect = difference_in_means(nsw, "re78", "treat", variance="welch")
    assert effect.statistic == pytest.approx(2.6741, abs=5e-5)
    assert effect.df == pytest.approx(307.13, abs=0.005)
    assert effect.p == pytest.approx(0.00789, abs=5e-6)
    assert effect.se == pytest.approx(671.0, abs=0.05)


def test_adjusted_effect_of_the_experiment(nsw: pl.DataFrame) -> None:
    effect = regression(nsw, "re78", "treat", CONTROLS)
    assert effect.estimate == pytest.approx(1672.20, abs=0.005)
    assert effect.se == pytest.approx(638.40, abs=0.005)


def test_small_integers_do_not_overflow(nsw: pl.DataFrame) -> None:
    small = nsw.with_columns(pl.col("age").cast(pl.Int8), pl.col("educ").cast(pl.Int8))
    small = small.with_columns(age2=pl.col("age").cast(pl.Int16) ** 2)
    assert regression(small, "re78", "treat", CONTROLS).estimate == pytest.approx(1672.20, abs=0.005)


def test_experiment_with_marital_status(nsw: pl.DataFrame) -> None:
    controls = [*(c for c in CONTROLS if c != "age2"), "marr"]
    effect = regression(nsw, "re78", "treat", controls)
    assert effect.estimate == pytest.approx(1676.3, abs=0.05)
    assert effect.se == pytest.approx(638.7, abs=0.05)


def test_against_the_population_survey(cps: pl.DataFrame) -> None:
    raw = difference_in_means(cps, "re78", "treat")
    assert raw.estimate == pytest.approx(-8497.5, abs=0.05)
    assert raw.se == pytest.approx(712.0, abs=0.05)
    assert raw.n_control == 15992
    adjusted = regression(cps, "re78", "treat", CONTROLS)
    assert adjusted.estimate == pytest.approx(739, abs=0.5)
    assert adjusted.se == pytest.approx(547, abs=0.5)


def test_logit_is_stable_on_skewed_earnings(cps: pl.DataFrame) -> None:
    """Published propensity models on these data converge; the score has to order treated above untreated."""
    names = ["constant", *CONTROLS]
    matrix = cps.select(pl.lit(1.0).alias("constant"), *CONTROLS).to_numpy()
    fit = logit(matrix, cps["treat"].to_numpy(), names)
    assert fit.fitted.sum() == pytest.approx(185, abs=1e-6)


def test_balance_uses_the_treated_deviation_as_matchit(nsw: pl.DataFrame) -> None:
    """MatchIt 4.7.2 on the same 185 treated and 429 others, whose means are known from its output."""
    others = {"age": 28.0303, "educ": 10.2354, "re74": 5619.2365, "re75": 2466.4844}
    printed = {"age": -0.3094, "educ": 0.0550, "re74": -0.7211, "re75": -0.2903}
    treated = nsw.filter(pl.col("treat") == 1).select("treat", *others)
    stand_in = pl.DataFrame({"treat": [0.0, 0.0], **{name: [mean, mean] for name, mean in others.items()}})
    table = balance(pl.concat([treated, stand_in]), list(others), "treat")
    for row in table.iter_rows(named=True):
        assert row["smd"] == pytest.approx(printed[row["field"]], abs=6e-5)


def test_balance_of_shares_as_matchit() -> None:
    """Shares divide by the square root of p(1 − p) among the treated: MatchIt 4.7.2 on 185 and 429 people."""
    counts = {"black": (156, 87, 1.7615), "hispan": (11, 61, -0.3498), "white": (18, 281, -1.8819)}
    race = pl.concat(
        pl.DataFrame({"race": [name] * (t + c), "treat": [1] * t + [0] * c})
        for name, (t, c, _) in counts.items()
    )
    table = balance(race, ["race"], "treat")
    assert table["level"].to_list() == ["black", "hispan", "white"]
    assert table["smd"].to_list() == pytest.approx([smd for *_, smd in counts.values()], abs=5e-5)
    married = pl.DataFrame(
        {"m": [1] * 35 + [0] * 150 + [1] * 220 + [0] * 209, "treat": [1] * 185 + [0] * 429}
    )
    assert balance(married, ["m"], "treat")["smd"][0] == pytest.approx(-0.8263, abs=5e-5)
