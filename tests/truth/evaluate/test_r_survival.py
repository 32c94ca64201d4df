"""Survival curves, log-rank tests, restricted means and competing causes equal R's (survival, cmprsk)."""

import numpy as np
import polars as pl
import pytest

from indsats.evaluate import (
    cumulative_incidence,
    kaplan_meier,
    logrank,
    median_time,
    restricted_mean,
    restricted_mean_difference,
)
from publicdata import answer_table, answers, table

R = answers("survival")
COMPETING = answers("competing")
EQUAL = 1e-6


def rossi() -> pl.DataFrame:
    return table("rossi").with_columns(weight=1 + pl.col("age") % 3)


def words(column: str) -> pl.Expr:
    """Numbers as R prints the levels of a group."""
    return pl.col(column).cast(pl.Float64).cast(pl.Int64).cast(pl.String)


CURVES = {
    "lung": lambda: kaplan_meier(table("lung"), "time", "status", "sex"),
    "rossi": lambda: kaplan_meier(rossi(), "week", "arrest", "fin"),
    "rossi_weighted": lambda: kaplan_meier(rossi(), "week", "arrest", "fin", weights="weight"),
    "veteran": lambda: kaplan_meier(table("veteran"), "time", "status", "celltype"),
    "unempdur": lambda: kaplan_meier(table("unempdur"), "spell", "censor1"),
    "heart_entry": lambda: kaplan_meier(table("heart"), "stop", "event", "transplant", entry="start"),
}


@pytest.mark.parametrize("name", CURVES)
def test_kaplan_meier_equals_survfit(name: str) -> None:
    ours = CURVES[name]()
    if "group" not in ours.columns:
        ours = ours.with_columns(group=pl.lit(""))
    elif ours["group"].dtype.is_numeric():
        ours = ours.with_columns(group=words("group"))
    theirs = answer_table(R["kaplan_meier"][name])
    both = theirs.join(ours, on=["group", "time"], suffix="_ours")
    assert both.height == theirs.height, "a time of R's is missing"
    events = ours.filter(pl.col("events") > 0)
    assert events.height == theirs.filter(pl.col("events") > 0).height
    for column in ("at_risk", "events", "censored", "survival", "se", "lower", "upper"):
        given = both.filter(pl.col(column).is_not_null())
        if column in ("lower", "upper"):  # R draws no bounds before the first event; ours are then 1
            given = given.filter(pl.col("survival") < 1)
        found, expected = given[f"{column}_ours"].to_numpy(), given[column].to_numpy()
        np.testing.assert_allclose(found, expected, rtol=EQUAL, atol=1e-12, err_msg=column)


@pytest.mark.parametrize(("name", "by"), [("lung", "sex"), ("veteran", "celltype")])
def test_median_time_equals_quantile_of_survfit(name: str, by: str) -> None:
    ours = median_time(kaplan_meier(table(name), "time", "status", by)).sort("group")
    theirs = answer_table(R["medians"][name])
    if name == "veteran":  # R's groups are in the order of the alphabet here as well
        assert ours["group"].to_list() == ["adeno", "large", "smallcell", "squamous"]
    for column in ("median", "lower", "upper"):
        assert ours[column].to_list() == theirs[column].to_list(), column


LOGRANKS = {
    "lung_sex": lambda: logrank(table("lung"), "time", "status", "sex"),
    "rossi_fin": lambda: logrank(table("rossi"), "week", "arrest", "fin"),
    "rossi_fin_strata_race_wexp": lambda: logrank(
        table("rossi").with_columns(stratum=pl.col("race") * 2 + pl.col("wexp")),
        "week",
        "arrest",
        "fin",
        strata="stratum",
    ),
    "veteran_celltype": lambda: logrank(table("veteran"), "time", "status", "celltype"),
    "veteran_celltype_strata_trt": lambda: logrank(
        table("veteran"), "time", "status", "celltype", strata="trt"
    ),
}


@pytest.mark.parametrize("name", LOGRANKS)
def test_logrank_equals_survdiff(name: str) -> None:
    ours, theirs = LOGRANKS[name](), R["logrank"][name]
    assert ours.statistic == pytest.approx(theirs["statistic"], rel=EQUAL)
    assert ours.df == theirs["df"]
    assert ours.p == pytest.approx(theirs["p"], rel=EQUAL)
    groups = ours.groups.sort("group")
    assert groups["observed"].to_list() == pytest.approx(theirs["observed"], rel=EQUAL)
    assert groups["expected"].to_list() == pytest.approx(theirs["expected"], rel=EQUAL)


@pytest.mark.parametrize(
    ("name", "data", "duration", "event", "by", "horizon"),
    [
        ("rossi_52", "rossi", "week", "arrest", "fin", 52),
        ("rossi_30", "rossi", "week", "arrest", "fin", 30),
        ("lung_365", "lung", "time", "status", "sex", 365),
    ],
)
def test_restricted_means_equal_survfit(
    name: str, data: str, duration: str, event: str, by: str, horizon: float
) -> None:
    theirs = answer_table(R["restricted_means"][name])
    ours = restricted_mean(table(data), duration, event, by, horizon=horizon).sort("group")
    np.testing.assert_allclose(ours["mean"], theirs["mean"], rtol=EQUAL)
    np.testing.assert_allclose(ours["se"], theirs["se"], rtol=EQUAL)
    flagged = table(data).with_columns(second=pl.col(by) == pl.col(by).max())
    effect = restricted_mean_difference(flagged, duration, event, "second", horizon=horizon)
    assert effect.estimate == pytest.approx(theirs["mean"][1] - theirs["mean"][0], rel=EQUAL)
    assert effect.se == pytest.approx(float(np.hypot(*theirs["se"])), rel=EQUAL)


def mgus2() -> pl.DataFrame:
    """Progression (1) or death without it (2), whichever came first."""
    progressed = pl.col("pstat") == 1
    return table("mgus2").with_columns(
        time=pl.when(progressed).then("ptime").otherwise("futime"),
        cause=pl.when(progressed).then(1.0).otherwise(2 * pl.col("death")),
        age_group=pl.when(pl.col("age") < 60)
        .then(pl.lit("a"))
        .when(pl.col("age") < 70)
        .then(pl.lit("b"))
        .when(pl.col("age") < 80)
        .then(pl.lit("c"))
        .otherwise(pl.lit("d")),
    )


def unempdur() -> pl.DataFrame:
    return table("unempdur").with_columns(
        cause=pl.when(pl.col("censor1") == 1)
        .then(pl.lit("fulltime"))
        .when(pl.col("censor2") == 1)
        .then(pl.lit("parttime"))
        .otherwise(pl.lit(""))
    )


INCIDENCES = {
    "bmt": lambda: cumulative_incidence(table("bmt"), "time", "status", "dis"),
    "mgus2_sex": lambda: cumulative_incidence(mgus2(), "time", "cause", "sex"),
    "mgus2_age": lambda: cumulative_incidence(mgus2(), "time", "cause", "age_group"),
    "unempdur_ui": lambda: cumulative_incidence(unempdur(), "spell", "cause", "ui", censored=""),
}


@pytest.mark.parametrize("name", INCIDENCES)
def test_cumulative_incidence_equals_cuminc(name: str) -> None:
    curves = INCIDENCES[name]().curves
    for column in ("group", "cause"):
        if curves[column].dtype.is_numeric():
            curves = curves.with_columns(words(column).alias(column))
    theirs = answer_table(COMPETING[name]["curves"]).with_columns(pl.col("group", "cause").cast(pl.String))
    # Ours has rows at each group's own times, R's were read off at the times of all.
    both = curves.join(theirs, on=["group", "cause", "time"], suffix="_r").filter(
        pl.col("incidence_r").is_not_null()
    )
    jumps = both.filter(pl.col("events") > 0)
    assert jumps.height == curves.filter(pl.col("events") > 0).height, "a time of ours is not R's"
    np.testing.assert_allclose(both["incidence"], both["incidence_r"], rtol=EQUAL, atol=1e-14)
    np.testing.assert_allclose(both["se"] ** 2, both["variance"], rtol=EQUAL, atol=1e-14)


@pytest.mark.parametrize("name", INCIDENCES)
def test_gray_test_equals_cuminc(name: str) -> None:
    gray = INCIDENCES[name]().gray
    assert gray is not None
    theirs = answer_table(COMPETING[name]["gray"])
    for column in ("statistic", "df", "p"):
        np.testing.assert_allclose(gray[column], theirs[column], rtol=EQUAL, err_msg=column)
