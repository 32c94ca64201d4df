"""Cox regressions equal R's coxph, basehaz and cox.zph (package survival)."""

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from indsats.evaluate import CoxFit, cox
from publicdata import answer_table, answers, table

R = answers("survival")
EQUAL = 1e-6

PRISON = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]
NO_RACE = [column for column in PRISON if column != "race"]
HEART = ["age", "year", "surgery", "transplant"]
CELLS = ["trt", "celltype", "karno", "diagtime", "age", "prior"]
JOBLESS = ["reprate", "disrate", "ui", "logwage", "reprate_ui", "disrate_ui"]
RECID = ["workprg", "priors", "tserved", "felon", "alcohol", "drugs", "black", "married", "educ", "age"]


def rossi(columns: list[str] = PRISON, duration: str = "week", **options: str) -> CoxFit:
    data = table("rossi").with_columns(quarter=(pl.col("week") / 13).ceil(), weight=1 + pl.col("age") % 3)
    return cox(data, duration, "arrest", columns, **options)  # pyright: ignore[reportArgumentType]


def heart(columns: list[str] = HEART, **options: str) -> CoxFit:
    return cox(table("heart"), "stop", "event", columns, entry="start", **options)  # pyright: ignore[reportArgumentType]


def heart_everything(**options: str) -> CoxFit:
    """Delayed entry, strata, weights that are not whole, clusters."""
    data = table("heart").with_columns(weight=0.5 + pl.col("id") % 3)
    columns = ["age", "year", "transplant"]
    together = {"entry": "start", "strata": "surgery", "weights": "weight", "cluster": "id"} | options
    return cox(data, "stop", "event", columns, **together)  # pyright: ignore[reportArgumentType]


def unempdur(**options: str) -> CoxFit:
    data = table("unempdur").with_columns(
        reprate_ui=pl.col("reprate") * pl.col("ui"), disrate_ui=pl.col("disrate") * pl.col("ui")
    )
    return cox(data, "spell", "censor1", JOBLESS, **options)  # pyright: ignore[reportArgumentType]


def veteran(columns: list[str], **options: dict[str, list[float]]) -> CoxFit:
    return cox(table("veteran"), "time", "status", columns, **options)  # pyright: ignore[reportArgumentType]


FITS: dict[str, Callable[[], CoxFit]] = {
    "rossi_efron": rossi,
    "rossi_breslow": lambda: rossi(ties="breslow"),
    "rossi_cluster_age": lambda: rossi(cluster="age"),
    "rossi_breslow_cluster_age": lambda: rossi(ties="breslow", cluster="age"),
    "rossi_quarterly": lambda: rossi(duration="quarter"),
    "rossi_quarterly_breslow": lambda: rossi(duration="quarter", ties="breslow"),
    "rossi_quarterly_cluster_age": lambda: rossi(duration="quarter", cluster="age"),
    "rossi_quarterly_breslow_cluster_age": lambda: rossi(duration="quarter", ties="breslow", cluster="age"),
    "rossi_strata_race": lambda: rossi(NO_RACE, strata="race"),
    "rossi_strata_race_cluster_age": lambda: rossi(NO_RACE, strata="race", cluster="age"),
    "rossi_weighted": lambda: rossi(weights="weight"),
    "rossi_weighted_breslow": lambda: rossi(weights="weight", ties="breslow"),
    "rossi_quarterly_weighted": lambda: rossi(duration="quarter", weights="weight"),
    "rossi_quarterly_weighted_cluster_age": lambda: rossi(
        duration="quarter", weights="weight", cluster="age"
    ),
    "lung": lambda: cox(table("lung"), "time", "status", ["age", "sex", "ph.ecog"]),
    "veteran": lambda: veteran(CELLS),
    "veteran_pieces": lambda: veteran(["trt", "prior", "karno"], split={"karno": [90, 180]}),
    "heart": heart,
    "heart_cluster_id": lambda: heart(cluster="id"),
    "heart_breslow_cluster_id": lambda: heart(cluster="id", ties="breslow"),
    "heart_strata_surgery": lambda: heart(["age", "year", "transplant"], strata="surgery"),
    "heart_everything": lambda: heart_everything(),
    "heart_everything_breslow": lambda: heart_everything(ties="breslow"),
    "unempdur": unempdur,
    "unempdur_breslow": lambda: unempdur(ties="breslow"),
    "recid": lambda: cox(table("recid"), "durat", "failed", RECID),
}


@pytest.mark.parametrize("name", FITS)
def test_fit_equals_coxph(name: str) -> None:
    ours, theirs = FITS[name](), R["cox"][name]
    expected = answer_table(theirs["table"])
    if name == "veteran_pieces":
        assert ours.table["term"].to_list() == [
            "trt",
            "prior",
            "karno[..90]",
            "karno[91..180]",
            "karno[181..]",
        ]
    else:
        assert ours.table["term"].to_list() == expected["term"].to_list()
    for column in ("coef", "hazard_ratio", "se", "z", "p", "lower", "upper"):
        # p-values of 1e-12 and coefficients near zero have fewer digits in common with anything.
        near_zero = 1e-9 if column in ("coef", "z") else 0.0
        np.testing.assert_allclose(
            ours.table[column], expected[column], rtol=EQUAL, atol=near_zero, err_msg=column
        )
    scale = np.sqrt(np.outer(expected["se"], expected["se"]))
    np.testing.assert_allclose(
        ours.covariance / scale, np.array(theirs["covariance"]) / scale, rtol=EQUAL, atol=1e-8
    )
    np.testing.assert_allclose(ours.naive_se, theirs["naive_se"], rtol=EQUAL)
    assert ours.loglik == pytest.approx(theirs["loglik"], rel=1e-10)
    assert ours.null_loglik == pytest.approx(theirs["null_loglik"], rel=1e-10)
    assert ours.events == theirs["events"]
    if name != "veteran_pieces":  # R counts the pieces
        assert ours.n == theirs["n"]


@pytest.mark.parametrize("transform", ["km", "rank", "identity", "log"])
def test_proportionality_of_the_prisoners_equals_zph(transform: str) -> None:
    same_tests(rossi().schoenfeld(transform), f"rossi_{transform}")  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("name", "fit"),
    [
        ("rossi_quarterly_km", lambda: rossi(duration="quarter")),
        ("rossi_breslow_km", lambda: rossi(ties="breslow")),
        ("rossi_strata_race_km", lambda: rossi(NO_RACE, strata="race")),
        ("veteran_km", lambda: veteran(["trt", "prior", "karno"])),
        ("veteran_levels_km", lambda: veteran(CELLS)),
        ("heart_km", heart),
    ],
)
def test_proportionality_equals_zph(name: str, fit: Callable[[], CoxFit]) -> None:
    same_tests(fit().schoenfeld(), name)


def test_joint_proportionality_of_levels_equals_zph_of_terms() -> None:
    same_tests(veteran(CELLS).schoenfeld(joint=True), "veteran_terms_km")


def same_tests(ours: pl.DataFrame, name: str) -> None:
    theirs = answer_table(R["proportional"][name])
    assert ours["term"].to_list() == theirs["term"].to_list()
    for column in ("statistic", "df", "p"):
        np.testing.assert_allclose(ours[column], theirs[column], rtol=EQUAL, err_msg=column)


@pytest.mark.parametrize(
    ("name", "fit"),
    [
        ("rossi_efron", rossi),
        ("rossi_breslow", lambda: rossi(ties="breslow")),
        ("rossi_quarterly", lambda: rossi(duration="quarter")),
        ("rossi_strata_race", lambda: rossi(NO_RACE, strata="race")),
        ("rossi_quarterly_weighted", lambda: rossi(duration="quarter", weights="weight")),
        ("heart", heart),
    ],
)
def test_baseline_equals_basehaz_of_all_covariates_zero(name: str, fit: Callable[[], CoxFit]) -> None:
    theirs = answer_table(R["baseline"][name])
    ours = fit().baseline()
    keys = ["time"]
    if "strata" in theirs.columns:
        stratum = next(column for column in ours.columns if ours[column].dtype != pl.Null)
        theirs = theirs.with_columns(pl.col("strata").cast(ours[stratum].dtype)).rename({"strata": stratum})
        keys = [stratum, "time"]
    both = theirs.join(ours, on=keys, suffix="_ours")
    events = ours.filter(pl.col("events") > 0)
    assert events.join(both, on=keys).height == events.height > 0
    np.testing.assert_allclose(both["cumulative_ours"], both["cumulative"], rtol=EQUAL, atol=1e-12)
