"""Cox regression: fits solved by hand, what is refused by name, what is warned of, and what the methods give."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from indsats.evaluate import CoxFit, cox


def waits(time: list[float], event: list[int], **columns: list[object]) -> pl.DataFrame:
    return pl.DataFrame({"week": time, "event": event, **columns}, strict=False)


def people(n: int = 200, seed: int = 1) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    treated = rng.integers(0, 2, n)
    age = rng.normal(40, 10, n)
    wait = rng.exponential(30 * np.exp(-0.5 * treated + 0.01 * (age - 40)))
    end = rng.uniform(5, 60, n)
    return pl.DataFrame(
        {
            "week": np.ceil(np.minimum(wait, end)),
            "event": wait <= end,
            "treated": treated,
            "age": age,
            "site": rng.integers(0, 60, n),
            "town": rng.choice(["a", "b", "c"], n),
        }
    )


def ratio(fit: CoxFit, term: str = "x") -> float:
    return fit.table.filter(pl.col("term") == term)["hazard_ratio"].item()


def codes(fit: CoxFit) -> list[str]:
    return [caution.code for caution in fit.warnings]


def test_three_events_solved_by_hand() -> None:
    """2 = 2u/(u + 1) + u/(u + 2) for the hazard ratio u, so u² − u − 4 = 0."""
    fit = cox(waits([1, 2, 3, 4], [1, 1, 1, 0], x=[1, 0, 1, 0]), "week", "event", ["x"])
    assert ratio(fit) == pytest.approx((1 + 17**0.5) / 2)
    assert fit.null_loglik == pytest.approx(-np.log(4 * 3 * 2))


def test_two_tied_events_solved_by_hand() -> None:
    """Efron: 1 = u/(u + 2) + u/(u + 3), so u² = 6. Breslow: 1 = 2u/(u + 2), so u = 2."""
    tied = waits([1, 1, 2], [1, 1, 0], x=[1, 0, 0])
    assert ratio(cox(tied, "week", "event", ["x"])) == pytest.approx(6**0.5)
    assert ratio(cox(tied, "week", "event", ["x"], ties="breslow")) == pytest.approx(2)


def test_a_row_is_not_at_risk_in_the_week_it_enters() -> None:
    """At risk are one with x = 1 and two with x = 0 at each of three events: 2 = 3u/(u + 2), so u = 4."""
    rows = waits([1, 2, 3, 4, 4], [1, 1, 1, 0, 0], x=[1, 1, 0, 0, 1], entry=[0, 1, 0, 0, 2])
    assert ratio(cox(rows, "week", "event", ["x"], entry="entry")) == pytest.approx(4)


def test_baseline_by_hand() -> None:
    """With x balanced at every event the ratio is 1, and the hazard's steps are 1/at risk."""
    rows = waits([1, 1, 2, 2, 3, 3], [1, 1, 0, 0, 1, 1], x=[0, 1, 0, 1, 0, 1])
    fit = cox(rows, "week", "event", ["x"], ties="breslow")
    assert ratio(fit) == pytest.approx(1)
    curve = fit.baseline()
    assert curve["time"].to_list() == [1, 2, 3]
    assert curve["at_risk"].to_list() == [6, 4, 2]
    assert curve["events"].to_list() == [2, 0, 2]
    assert curve["hazard"].to_list() == pytest.approx([2 / 6, 0, 1])
    assert curve["survival"].to_list() == pytest.approx(np.exp([-2 / 6, -2 / 6, -4 / 3]).tolist())


def test_baseline_is_that_of_covariates_at_zero_not_at_their_means() -> None:
    data = people()
    fit = cox(data, "week", "event", ["treated", "age"])
    moved = cox(data.with_columns(pl.col("age") - 40), "week", "event", ["treated", "age"])
    by_decade = np.exp(40 * fit.table["coef"][1])
    assert moved.baseline()["cumulative"].to_numpy() == pytest.approx(
        fit.baseline()["cumulative"].to_numpy() * by_decade
    )


def test_baseline_names_the_strata() -> None:
    curve = cox(people(), "week", "event", ["treated"], strata="town").baseline()
    assert curve["stratum"].unique().sort().to_list() == ["a", "b", "c"]
    assert (curve.group_by("stratum").agg(pl.col("cumulative").is_sorted())["cumulative"]).all()
    assert curve.filter(pl.col("stratum") == "b")["at_risk"][0] == people()["town"].eq("b").sum()


def test_bounds_are_those_of_the_hazard_ratio_and_of_the_effect_its_logarithm() -> None:
    fit = cox(people(), "week", "event", ["treated", "age"], cluster="site")
    row = fit.table.row(0, named=True)
    assert row["lower"] == pytest.approx(np.exp(row["coef"] - 1.959964 * row["se"]), rel=1e-6)
    effect = fit.effect("treated", outcome="work")
    assert effect.scale == "log hazard ratio"
    assert np.exp(effect.interval.low) == pytest.approx(row["lower"])
    assert np.exp(effect.interval.high) == pytest.approx(row["upper"])
    assert (effect.outcome, effect.estimand, effect.n_clusters) == ("work", "association", fit.clusters)
    assert effect.n_treated + effect.n_control == fit.n == 200
    assert (effect.events_treated or 0) + (effect.events_control or 0) == fit.events


def test_effect_of_a_piece_of_time_counts_the_events_within_it() -> None:
    data = people()
    fit = cox(data, "week", "event", ["treated"], split={"treated": [8]})
    assert fit.table["term"].to_list() == ["treated[..8]", "treated[9..]"]
    early = fit.effect("treated[..8]")
    events = data.filter(pl.col("event") & (pl.col("week") <= 8))
    assert early.events_treated == events["treated"].sum()
    assert early.events_control == events.height - events["treated"].sum()
    assert early.n_treated == data["treated"].sum()
    assert fit.n == data.height


def test_names_of_pieces() -> None:
    data = people()
    fit = cox(data, "week", "event", ["treated"], split={"treated": [4, 5, 20]})
    assert fit.table["term"].to_list() == ["treated[..4]", "treated[5]", "treated[6..20]", "treated[21..]"]
    halves = data.with_columns(pl.col("week") / 2)
    fit = cox(halves, "week", "event", ["treated"], split={"treated": [4]})
    assert fit.table["term"].to_list() == ["treated[..4]", "treated[>4..]"]


def test_pandas_and_small_integers_and_any_row_order() -> None:
    data = people().with_columns(pl.col("age").cast(pl.Int8))
    straight = cox(data, "week", "event", ["treated", "age", "town"], cluster="site")
    frame: pd.DataFrame = data.to_pandas().sample(frac=1, random_state=3)
    turned = cox(frame, "week", "event", ["treated", "age", "town"], cluster="site")
    assert straight.table["term"].to_list() == ["treated", "age", "town=b", "town=c"]
    assert turned.table["se"].to_numpy() == pytest.approx(straight.table["se"].to_numpy(), rel=1e-9)
    assert turned.table["coef"].to_numpy() == pytest.approx(straight.table["coef"].to_numpy(), rel=1e-9)


@pytest.mark.parametrize("options", [{}, {"entry": "start"}, {"strata": "town"}, {"cluster": "site"}])
def test_the_unit_of_time_changes_nothing(options: dict[str, str]) -> None:
    """Small whole times are put in order by counting, others by sorting."""
    data = people().with_columns(start=pl.min_horizontal(pl.col("week") - 1, pl.col("site") % 7))
    weeks = cox(data, "week", "event", ["treated", "age"], **options)  # pyright: ignore[reportArgumentType]
    for unit in (0.1, 70_000.0):
        moved = data.with_columns(pl.col("week", "start") * unit)
        other = cox(moved, "week", "event", ["treated", "age"], **options)  # pyright: ignore[reportArgumentType]
        assert other.loglik == pytest.approx(weeks.loglik, rel=1e-12)
        for column in ("coef", "se"):
            assert other.table[column].to_numpy() == pytest.approx(weeks.table[column].to_numpy(), rel=1e-9)
        assert other.baseline()["cumulative"].to_list() == pytest.approx(
            weeks.baseline()["cumulative"].to_list()
        )


def test_fit_leaves_the_table_as_it_was() -> None:
    data = people()
    copy = data.clone()
    cox(data, "week", "event", ["age"])
    assert data.equals(copy)


def test_categorical_columns_are_tested_alone_or_together() -> None:
    fit = cox(people(), "week", "event", ["treated", "town"])
    alone, together = fit.schoenfeld(), fit.schoenfeld(joint=True)
    assert alone["term"].to_list() == ["treated", "town=b", "town=c", "GLOBAL"]
    assert together["term"].to_list() == ["treated", "town", "GLOBAL"]
    assert together["df"].to_list() == [1, 2, 3]
    assert together["statistic"][2] == pytest.approx(alone["statistic"][3])
    assert together["statistic"][1] >= alone["statistic"][1:3].to_numpy().max()


def test_missing_values_are_left_out_and_counted() -> None:
    data = people().with_columns(age=pl.when(pl.int_range(pl.len()) < 20).then(None).otherwise("age"))
    fit = cox(data, "week", "event", ["treated", "age"])
    assert fit.excluded == {"missing age": 20}
    assert fit.n == 180
    assert codes(fit) == ["missing-values"]


def test_null_and_nan_are_both_missing_in_columns_of_any_type() -> None:
    data = people().with_columns(
        age=pl.when(pl.int_range(pl.len()) == 3)
        .then(None)
        .when(pl.int_range(pl.len()) == 5)
        .then(np.nan)
        .otherwise("age"),
        town=pl.when(pl.int_range(pl.len()) != 7).then("town"),
    )
    fit = cox(data, "week", "event", ["treated", "age", "town"])
    assert fit.excluded == {"missing age": 2, "missing town": 1}


def test_few_clusters_and_few_events_are_said() -> None:
    data = people().with_columns(pl.col("site") % 5)
    assert codes(cox(data, "week", "event", ["treated"], cluster="site")) == ["few-clusters"]
    few = people(40).with_columns(event=pl.col("event") & (pl.int_range(pl.len()) < 20))
    assert codes(cox(few, "week", "event", ["treated", "age"])) == ["few-events"]


def test_weights_that_are_no_counts_give_robust_errors() -> None:
    data = people().with_columns(w=pl.col("age") / 40)
    fit = cox(data, "week", "event", ["treated"], weights="w")
    person = data.with_row_index("person")
    by_person = cox(person, "week", "event", ["treated"], weights="w", cluster="person")
    assert fit.clusters == 200
    assert fit.table["se"][0] == pytest.approx(by_person.table["se"][0])
    assert fit.table["se"][0] != pytest.approx(fit.naive_se[0], rel=1e-3)
    doubled = cox(data.with_columns(w=pl.col("w") * 2), "week", "event", ["treated"], weights="w")
    assert doubled.table["se"][0] == pytest.approx(fit.table["se"][0])


def test_a_level_without_events_is_named() -> None:
    data = people().with_columns(event=pl.col("event") & (pl.col("town") != "b"))
    with pytest.raises(ValueError, match=r"column 'town=b' has events only where it is 0"):
        cox(data, "week", "event", ["treated", "town"])


def test_a_number_that_separates_gives_a_grave_caution_and_no_silent_numbers() -> None:
    n = 40
    order = waits(
        [float(i) for i in range(1, n + 1)], [1] * n, x=[float(n - i) for i in range(n)], z=[0, 1] * 20
    )
    fit = cox(order, "week", "event", ["x", "z"])
    assert "no-finite-estimate" in codes(fit)
    assert [c.severity for c in fit.warnings if c.code == "no-finite-estimate"] == ["grave"]
    row = fit.table.row(0, named=True)
    assert row["se"] is row["p"] is row["lower"] is None
    with pytest.raises(ValueError, match="no finite estimate"):
        fit.effect("x")
    with pytest.raises(ValueError, match="no finite estimate"):
        fit.schoenfeld()


GOOD = {"duration": "week", "event": "event", "covariates": ["treated", "age"]}


@pytest.mark.parametrize(
    ("change", "options", "words"),
    [
        ({"event": pl.lit(value=False)}, {}, "nobody of the 200 rows has the event 'event'"),
        ({"event": pl.col("age")}, {}, "'event' must be true/false"),
        ({"treated": pl.lit(1)}, {}, "column 'treated' has the same value in every row"),
        ({"age": pl.lit(0.1)}, {}, "column 'age' has the same value in every row"),
        ({"age": 3 - 2 * pl.col("treated")}, {}, "column 'age' is an exact combination"),
        ({"age": pl.lit(float("inf"))}, {}, "column 'age' has an infinite"),
        ({"age": pl.lit(None, pl.Float64)}, {}, "no row has a value"),
        ({"age": pl.date(2020, 1, 1)}, {}, "column 'age' must be numbers"),
        ({"week": -pl.col("week")}, {}, "'week' has times below zero"),
        ({"late": pl.col("week")}, {"entry": "late"}, "200 rows enter"),
        ({"w": pl.lit(0)}, {"weights": "w"}, "weights in column 'w' must be above zero"),
        ({"one": pl.lit(1)}, {"cluster": "one"}, "at least two clusters, column 'one' has one"),
        ({}, {"strata": "treated"}, "column 'treated' has the same value for everybody at risk together"),
        ({}, {"strata": "absent"}, "no column 'absent'"),
        ({}, {"covariates": []}, "at least one covariate"),
        ({}, {"covariates": "treated"}, "list"),
        ({}, {"covariates": ["age", "age"]}, "named twice"),
        ({"town": pl.lit("a")}, {"covariates": ["town"]}, "one level only"),
        ({}, {"ties": "exact"}, "ties must be"),
        ({}, {"split": {"site": [8]}}, "'site', which is not one of the covariates"),
        ({}, {"split": {"age": [8, 8]}}, "times that rise"),
        ({}, {"split": {"age": []}}, "list of times"),
        ({}, {"split": {"treated": [1000]}}, r"column 'treated\[1001..\]' has the same value"),
        (
            {"w": pl.col("age"), "e": pl.lit(0)},
            {"weights": "w", "entry": "e"},
            "identifies people as 'cluster'",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(
    change: dict[str, pl.Expr], options: dict[str, object], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        cox(people().with_columns(**change), **{**GOOD, **options})  # type: ignore[arg-type]


def test_empty_tables_and_columns_that_lack_are_refused() -> None:
    with pytest.raises(ValueError, match="no row"):
        cox(people().head(0), "week", "event", ["age"])
    with pytest.raises(ValueError, match="no column 'height'"):
        cox(people(), "week", "event", ["height"])
    few = waits([1, 2, 3], [1, 1, 1], a=[1, 2, 5], b=[2, 1, 7], c=[3, 4, 1], d=[1, 0, 5])
    with pytest.raises(ValueError, match="3 complete rows cannot carry 4 coefficients"):
        cox(few, "week", "event", ["a", "b", "c", "d"])


def test_terms_without_groups_have_no_effect_to_give() -> None:
    fit = cox(people(), "week", "event", ["treated", "age"])
    with pytest.raises(ValueError, match="'age' is not 0/1"):
        fit.effect("age")
    with pytest.raises(ValueError, match="no term 'sex', it has treated, age"):
        fit.effect("sex")


def test_proportionality_cannot_be_tested_at_one_time() -> None:
    fit = cox(waits([1, 1, 1, 1], [1, 1, 0, 0], x=[1, 0, 1, 0]), "week", "event", ["x"])
    with pytest.raises(ValueError, match="at one time"):
        fit.schoenfeld()
    with pytest.raises(ValueError, match="transform must be"):
        fit.schoenfeld("square")  # type: ignore[arg-type]
