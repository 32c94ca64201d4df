"""The questions beside the effect: dose, progression, subgroups, and whom to talk to."""

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from scipy import stats

from indsats.evaluate import (
    adjust_p,
    choose_interviewees,
    difference_in_means,
    dose_response,
    expected_and_actual,
    progression_and_outcome,
    subgroup_effects,
    wilson_interval,
)


@pytest.fixture(scope="module")
def people() -> pl.DataFrame:
    rng = np.random.default_rng(2)
    n = 300
    site = rng.integers(0, 6, n)
    hours, score = rng.integers(0, 10, n), rng.normal(50, 10, n)
    chance = 1 / (1 + np.exp(3.5 - 0.15 * hours - 0.05 * score))
    return pl.DataFrame(
        {
            "id": [f"p{i:03d}" for i in range(n)],
            "site": site,
            "fidelity": 1 + 0.4 * site,
            "hours": hours,
            "score": score,
            "start": score - rng.normal(3, 5, n),
            "sex": rng.choice(["k", "m"], n),
            "treated": rng.random(n) < 0.5,
            "job": rng.random(n) < chance,
        }
    )


def test_the_slope_by_hand() -> None:
    table = pl.DataFrame({"y": [1.0, 2.0, 4.0, 5.0, 9.0], "dose": [0, 1, 2, 3, 4]})
    found = dose_response(table, "y", "dose")
    assert found.effect.estimate == pytest.approx((-2 * 1 - 1 * 2 + 1 * 5 + 2 * 9) / 10)
    assert (found.effect.scale, found.effect.estimand) == ("slope", "association")
    assert found.effect.diagnostics["correlation"] == pytest.approx(
        np.corrcoef([1, 2, 4, 5, 9], range(5))[0, 1]
    )


def test_dose_groups_keep_equal_doses_together(people: pl.DataFrame) -> None:
    found = dose_response(people, "job", "hours").table
    assert found["n"].sum() == 300
    assert (found["dose_from"][1:] > found["dose_to"][:-1]).all()
    first = people.filter(pl.col("hours") <= found["dose_to"][0])["job"]
    assert found["mean"][0] == pytest.approx(first.mean())
    assert (found["lower"][0], found["upper"][0]) == wilson_interval(first.sum(), len(first))


def test_a_bent_relation_departs_from_the_line() -> None:
    rng = np.random.default_rng(0)
    dose = np.repeat([0.0, 1.0, 2.0, 3.0], 30)
    bent = pl.DataFrame({"dose": dose, "y": (dose - 1.5) ** 2 + rng.normal(size=120)})
    found = dose_response(bent, "y", "dose", groups=4).departure
    assert found is not None
    assert found.degrees == (2, 116)
    assert found.p < 1e-6
    assert dose_response(bent, "y", "dose", groups=2).departure is None


def test_a_dose_of_the_site_is_ecological(people: pl.DataFrame) -> None:
    found = dose_response(people, "job", "fidelity", site="site").effect
    assert found.diagnostics["dose_level"] == "site"
    assert found.n_clusters == 6
    said = {one.code: one.severity for one in found.warnings}
    assert said == {"association": "doubt", "ecological": "grave", "few-clusters": "doubt"}


def test_a_dose_of_the_person_is_compared_within_sites(people: pl.DataFrame) -> None:
    found = dose_response(people, "score", "hours", site="site").effect
    centred = people.with_columns(pl.col("score", "hours") - pl.col("score", "hours").mean().over("site"))
    assert found.estimate == pytest.approx(dose_response(centred, "score", "hours").effect.estimate)
    assert "ecological" not in [one.code for one in found.warnings]


def test_a_drawn_dose_is_an_effect(people: pl.DataFrame) -> None:
    found = dose_response(people.to_pandas(), "job", "hours", drawn=True).effect
    assert (found.estimand, found.warnings) == ("ATE", ())


def test_few_doses_are_their_own_groups() -> None:
    table = pl.DataFrame({"y": [1.0, 3.0, 3.0, 7.0, 4.0], "dose": [0, 0, 1, 1, 1]})
    found = dose_response(table, "y", "dose", groups=3)
    assert found.table["dose_mean"].to_list() == [0, 1]
    assert found.departure is None


def test_change_is_the_later_score_minus_the_earlier(people: pl.DataFrame) -> None:
    found = progression_and_outcome(people, "score", "job", earlier="start")
    change = (people["score"] - people["start"]).to_numpy()
    assert found.table["term"].to_list() == ["constant", "change in score", "start"]
    assert found.table["sd"].to_list()[1] == pytest.approx(change.std(ddof=1))
    assert found.odds.scale == "log odds ratio"
    assert 0 < found.shares.estimate < 1


def test_a_score_in_other_units_says_the_same(people: pl.DataFrame) -> None:
    other = people.with_columns(score=pl.col("score") * 1000 - 7)
    one, two = (progression_and_outcome(table, "score", "job") for table in (people, other))
    assert (one.odds.estimate, one.odds.se, one.shares.se) == pytest.approx(
        (two.odds.estimate, two.odds.se, two.shares.se)
    )


def test_few_events_are_said(people: pl.DataFrame) -> None:
    few = people.with_columns(job=pl.int_range(pl.len()) % 40 == 0)
    found = progression_and_outcome(few, "score", "job", covariates=["hours", "sex"])
    assert "few-events" in [one.code for one in found.odds.warnings]
    assert found.odds.warnings[0].text.en.endswith("beyond hours, sex, which are held constant.")


def test_each_level_is_its_own_difference(people: pl.DataFrame) -> None:
    found = subgroup_effects(people, "score", "treated", ["sex", "site"])
    rows = found.table.filter(pl.col("group") == "sex").rows_by_key("level", named=True, unique=True)
    for level in ("k", "m"):
        part = people.filter(pl.col("sex") == level)
        plain = difference_in_means(part, "score", variance="welch")
        assert (rows[level]["effect"], rows[level]["se"]) == pytest.approx((plain.estimate, plain.se))
    gap = rows["m"]["effect"] - rows["k"]["effect"]
    ratio = gap**2 / (rows["m"]["se"] ** 2 + rows["k"]["se"] ** 2)
    assert rows["k"]["p_interaction"] == pytest.approx(stats.f.sf(ratio, 1, 296))
    assert found.table["p_holm"].to_list()[1:] == adjust_p(found.table["p"].to_list()[1:])
    assert found.table["group"].to_list() == ["all", "sex", "sex", *["site"] * 6]
    assert "exploratory-subgroups" in [one.code for one in found.warnings]


def test_a_subgroup_without_comparison_has_no_effect_and_is_named(people: pl.DataFrame) -> None:
    odd = people.with_columns(
        sex=pl.when(pl.int_range(pl.len()) < 3).then(pl.lit("x")).otherwise(pl.col("sex")),
        treated=pl.col("treated") | (pl.int_range(pl.len()) < 3),
    )
    found = subgroup_effects(odd, "score", "treated", ["sex"])
    assert found.table.filter(pl.col("level") == "x")["effect"].to_list() == [None]
    assert "No effect is estimated for sex = x" in found.warnings[-1].text.en


def test_predictions_follow_ids_and_not_rows(people: pl.DataFrame) -> None:
    one = expected_and_actual(people, "job", ["score", "hours"], id="id")
    two = expected_and_actual(
        people.sample(fraction=1, shuffle=True, seed=3), "job", ["score", "hours"], id="id"
    )
    assert one.table["predicted"].to_list() == pytest.approx(two.table.sort("id")["predicted"].to_list())
    assert one.threshold == pytest.approx(people["job"].mean())


def test_quadrants_are_expectation_by_event(people: pl.DataFrame) -> None:
    found = expected_and_actual(people, "job", ["score"], id="id", threshold=0.4).table
    for expected, actual, name in [
        (True, True, "expected success"),
        (False, True, "unexpected success"),
        (False, False, "expected failure"),
        (True, False, "unexpected failure"),
    ]:
        here = found.filter((pl.col("predicted") >= 0.4) == expected, pl.col("actual") == actual)
        assert here.height > 0
        assert here["quadrant"].unique().to_list() == [name]


def test_people_shape_what_is_expected_of_other_parts_only(people: pl.DataFrame) -> None:
    """With two parts a changed score moves the expectations of the other half, and of nobody else in its own."""
    changed = people.with_columns(score=pl.when(pl.col("id") == "p000").then(90.0).otherwise(pl.col("score")))
    one, two = (
        expected_and_actual(t, "job", ["score"], id="id", folds=2).table["predicted"].to_numpy()
        for t in (people, changed)
    )
    moved = one != two
    assert moved[0]
    assert 148 <= moved[1:].sum() <= 152


def test_interviewees_come_six_from_each_quadrant(people: pl.DataFrame) -> None:
    expected = expected_and_actual(people, "job", ["score", "hours"], id="id", treated="treated")
    chosen = choose_interviewees(expected)
    assert chosen.table.height == 24
    assert chosen.table["quadrant"].value_counts()["count"].to_list() == [6] * 4
    assert chosen.table["treated"].all()
    assert choose_interviewees(expected.table.reverse()).table["id"].to_list() == chosen.table["id"].to_list()
    more = choose_interviewees(expected, 7).table.filter(pl.col("order") <= 6)
    assert more["id"].to_list() == chosen.table["id"].to_list()
    assert choose_interviewees(expected, seed=1).table["id"].to_list() != chosen.table["id"].to_list()


def test_a_short_quadrant_gives_all_and_says_so(people: pl.DataFrame) -> None:
    table = expected_and_actual(people, "job", ["score"], id="id").table
    small = table.filter((pl.col("quadrant") != "unexpected success") | (pl.col("predicted") < 0))
    found = choose_interviewees(small, 5)
    assert found.table.height == 15
    assert found.warnings[0].text.en.startswith(
        "There are fewer than 5 to choose from in: unexpected success"
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: dose_response(t.with_columns(hours=1), "job", "hours"), "'hours' has the same value"),
        (lambda t: dose_response(t, "job", "hours", groups=1), "at least 2"),
        (lambda t: dose_response(t.with_columns(site=1), "job", "hours", site="site"), "two clusters"),
        (lambda t: dose_response(t, "job", "sex"), "must be numbers"),
        (lambda t: dose_response(t, "job", "hours", site="site", cluster="id"), "splits sites"),
        (lambda t: dose_response(t, "job", "hours", site="site", covariates=["fidelity"]), "sites hold it"),
        (lambda t: progression_and_outcome(t.with_columns(job=False), "score", "job"), "nobody"),
        (lambda t: progression_and_outcome(t.with_columns(score=4), "score", "job"), "same for everybody"),
        (
            lambda t: progression_and_outcome(t.with_columns(job=pl.col("score") > 50), "score", "job"),
            "separates",
        ),
        (
            lambda t: progression_and_outcome(t.with_columns(site=1), "score", "job", cluster="site"),
            "two clusters",
        ),
        (lambda t: subgroup_effects(t, "job", "treated", []), "at least one column"),
        (lambda t: subgroup_effects(t, "job", "treated", ["id"]), "300 values"),
        (
            lambda t: subgroup_effects(t, "job", "treated", ["sex"], covariates=["sex"]),
            "cannot be treatment or",
        ),
        (lambda t: subgroup_effects(t.with_columns(job=True), "job", "treated", ["sex"]), "does not vary"),
        (lambda t: expected_and_actual(t, "job", ["score"], id="sex"), "same id in several rows"),
        (lambda t: expected_and_actual(t, "job", [], id="id"), "at least one covariate"),
        (lambda t: expected_and_actual(t, "job", ["score"], id="id", folds=299), "folds need"),
        (lambda t: expected_and_actual(t, "job", ["score"], id="id", threshold=1.0), "between 0 and 1"),
        (
            lambda t: expected_and_actual(
                t.with_columns(job=pl.col("score") > 50), "job", ["score"], id="id"
            ),
            "predicting part 1 of 5 from the others: column 'score' separates",
        ),
        (lambda t: choose_interviewees(t), "its column 'quadrant'"),
        (lambda t: choose_interviewees(t, 0), "at least 1"),
    ],
)
def test_questions_refuse_with_a_reason(
    people: pl.DataFrame, call: Callable[[pl.DataFrame], object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        call(people)
