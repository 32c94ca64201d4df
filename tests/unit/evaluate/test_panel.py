"""Absorbed regression, event studies, and inference from few sites: small tables, refusals and cautions."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from indsats.evaluate import absorbed_regression, event_study, randomisation_test, wild_bootstrap
from indsats.evaluate.panel.absorb import Within, factor, nested, not_alone


def people(rows: int = 400, sites: int = 12, seed: int = 1) -> pl.DataFrame:
    """People of a third of the sites are treated in the later half; the programme adds two."""
    rng = np.random.default_rng(seed)
    site = np.arange(rows) % sites
    later = rng.random(rows) < 0.5
    treated = site < sites // 3
    wage = rng.normal(size=rows)
    return pl.DataFrame(
        {
            "site": [f"site {number:02d}" for number in site],
            "treated": treated,
            "after": later,
            "wage": wage,
            "weeks": rng.integers(0, 6, rows),
            "hours": rng.integers(0, 4, rows),
            "weight": rng.uniform(0.5, 2.0, rows),
            "y": rng.normal(size=rows) + 0.5 * wage + site / 10 + later + 2 * (treated & later),
        }
    ).with_columns(both=pl.col("treated") & pl.col("after"))


def test_a_slope_within_two_groups_is_the_one_worked_out_by_hand() -> None:
    # Group a: x −1, 1 and y −2, 2 around their means; group b: x −1, 1 and y −1, 1. Slope 6/4.
    df = pl.DataFrame({"g": ["a", "a", "b", "b"], "x": [0.0, 2.0, 5.0, 7.0], "y": [1.0, 5.0, 0.0, 2.0]})
    fit = absorbed_regression(df, "y", ["x"], absorb=["g"], se="classical")
    # Residuals are ±1/2 in each group: 1 over 4 − 3 degrees of freedom, over 4 of x.
    assert fit.row("x")["coef"] == pytest.approx(1.5)
    assert fit.row("x")["se"] == pytest.approx(math.sqrt(1 / 4))
    assert (fit.n, fit.df, fit.absorbed) == (4, 1.0, {"g": 2})


def test_the_error_clustered_by_hand() -> None:
    # x −1, 1, −1, 1 and y 0, 2, 0, 4: slope 1.5, constant 1.5, residuals 0, −1, 0, 1.
    df = pl.DataFrame({"x": [-1, 1, -1, 1], "y": [0, 2, 0, 4], "cluster": [1, 1, 2, 2]})
    fit = absorbed_regression(df, "y", ["x"], cluster="cluster")
    # Scores of x by cluster: −1 and 1; meat 2, bread 1/4; times 2/1 · 3/2.
    assert fit.row("x")["se"] == pytest.approx(math.sqrt(2 * 3 / 2 * 2 / 16))
    assert fit.df == 1


def test_levels_nested_in_clusters_count_only_on_demand() -> None:
    df = people()
    free = absorbed_regression(df, "y", ["wage"], absorb=["site"], cluster="site")
    full = absorbed_regression(df, "y", ["wage"], absorb=["site"], cluster="site", small_sample="all")
    assert free.row("wage")["se"] ** 2 * (400 - 2) == pytest.approx(full.row("wage")["se"] ** 2 * (400 - 13))
    assert "nested" in free.se_method
    assert "all absorbed" in full.se_method


def test_the_order_of_rows_and_the_kind_of_table_do_not_matter() -> None:
    df = people()
    one = absorbed_regression(df, "y", ["wage", "both"], absorb=["weeks", "hours"], cluster="site")
    other = absorbed_regression(
        df.sample(fraction=1, shuffle=True, seed=3).to_pandas(),
        "y",
        ["wage", "both"],
        absorb=["weeks", "hours"],
        cluster="site",
    )
    np.testing.assert_allclose(one.table["se"].to_numpy(), other.table["se"].to_numpy(), rtol=1e-10)


def test_residuals_belong_to_the_rows_that_were_used() -> None:
    df = people().with_columns(pl.when(pl.int_range(pl.len()) != 3).then("wage"))
    fit = absorbed_regression(df, "y", ["wage"], absorb=["site"], cluster="site")
    assert fit.excluded == {"missing wage": 1}
    assert 3 not in fit.rows
    assert fit.residuals @ df["wage"].to_numpy()[fit.rows] == pytest.approx(0, abs=1e-9)
    assert "missing-values" in [told.code for told in fit.warnings]


def test_rows_alone_in_a_level_are_left_out_again_and_again() -> None:
    # The only row of level c shares its week with nobody else once the row of d, alone too, is gone.
    df = pl.DataFrame({"g": ["a", "a", "a", "d"], "w": [1, 1, 9, 9]})
    keep, lost = not_alone([factor(df["g"]), factor(df["w"])])
    assert keep.tolist() == [True, True, False, False]
    assert lost == {"alone in g": 1, "alone in w": 1}
    table = pl.concat([people(), people(1).with_columns(site=pl.lit("lonely"))])
    fit = absorbed_regression(table, "y", ["wage"], absorb=["site"], cluster="site")
    assert fit.excluded == {"alone in site": 1}
    assert "alone-in-level" in [told.code for told in fit.warnings]


def test_the_rank_of_levels_in_two_unconnected_parts_is_exact() -> None:
    df = pl.DataFrame({"a": [0, 0, 1, 1, 2, 2, 3, 3], "b": [0, 1, 0, 1, 2, 3, 2, 3]})
    assert Within([factor(df["a"]), factor(df["b"])]).rank == 4 + 4 - 2


def test_levels_of_any_type_are_numbered_and_nesting_is_seen() -> None:
    numbered = [
        factor(pl.Series("g", values))
        for values in (
            [3, -(10**15), 3],
            ["b", "a", "b"],
            [1.5, 2.0, 1.5],
            [True, False, True],
        )
    ]
    for one in numbered:
        assert one.count == 2
        assert one.codes[0] == one.codes[2] != one.codes[1]
    inner, outer = factor(pl.Series("i", [0, 1, 2, 2])), factor(pl.Series("o", [0, 0, 1, 1]))
    assert nested(inner, outer)
    assert not nested(outer, inner)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda df: absorbed_regression(df, "y", ["treated"], absorb=["site"]), "does not vary within"),
        (
            lambda df: absorbed_regression(df.with_columns(one=pl.lit("x")), "y", ["wage"], cluster="one"),
            "at least two clusters",
        ),
        (
            lambda df: absorbed_regression(df.with_columns(twice=pl.col("wage") * 2), "y", ["wage", "twice"]),
            "'twice' is an exact combination",
        ),
        (lambda df: absorbed_regression(df.with_columns(c=pl.lit(1)), "y", ["c"]), "same value in every row"),
        (
            lambda df: absorbed_regression(df.with_columns(y=pl.col("wage") * 3 + 1), "y", ["wage"]),
            "remainder",
        ),
        (lambda df: absorbed_regression(df.with_columns(y=pl.lit(2.0)), "y", ["wage"]), "remainder"),
        (
            lambda df: absorbed_regression(
                df.with_columns(weight=pl.lit(0.0)), "y", ["wage"], weights="weight"
            ),
            "above zero",
        ),
        (lambda df: absorbed_regression(df.with_columns(y=pl.lit("x")), "y", ["wage"]), "must be numbers"),
        (
            lambda df: absorbed_regression(df.with_columns(y=pl.lit(math.inf)), "y", ["wage"]),
            "infinite",
        ),
        (lambda df: absorbed_regression(df.head(0), "y", ["wage"]), "no row"),
        (lambda df: absorbed_regression(df.head(2), "y", ["wage"]), "2 rows leave nothing"),
        (lambda df: absorbed_regression(df, "y", ["wage", "wage"]), "more than once"),
        (
            lambda df: absorbed_regression(df, "y", ["wage"], cluster=["site", "weeks", "hours"]),
            "one cluster",
        ),
        (
            lambda df: absorbed_regression(
                df.with_columns(who=pl.int_range(pl.len())), "y", ["wage"], absorb=["who"]
            ),
            "every row is alone",
        ),
        (lambda df: wild_bootstrap(df, "y", ["wage"], term="both", cluster="site"), "'term' must be one"),
        (lambda df: wild_bootstrap(df, "y", ["wage"], term="wage", cluster="site", repetitions=9), "99"),
        (lambda df: randomisation_test(df, "y", "site", "after"), "differs within a site"),
        (lambda df: randomisation_test(df, "y", "site", "treated", strata="weeks"), "two strata"),
        (lambda df: randomisation_test(df, "y", "site", "treated", strata="treated"), "one way only"),
        (
            lambda df: event_study(df.with_columns(t=pl.lit(3)), "y", "treated", "t", cluster="site"),
            "reference period -1",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(
    change: Callable[[pl.DataFrame], object], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        change(people())


def test_a_coefficient_without_variation_between_clusters_has_no_error() -> None:
    df = people().with_columns(half=pl.col("site") < "site 04")
    fit = absorbed_regression(df, "y", ["half"], cluster="half")
    assert fit.table["se"].null_count() == 2
    assert "no-error" in [told.code for told in fit.warnings]
    with pytest.raises(ValueError, match="does not vary between the clusters"):
        fit.row("half")


def test_an_event_study_finds_the_period_the_effect_begins_and_no_trend_before() -> None:
    rng = np.random.default_rng(2)
    sites, periods = 60, list(range(-3, 3))
    df = pl.DataFrame({"site": np.repeat(np.arange(sites), 6), "t": periods * sites}).with_columns(
        treated=pl.col("site") < 30
    )
    noise = rng.normal(scale=0.1, size=df.height)
    flat = df.with_columns(y=pl.Series(noise) + 3.0 * (pl.col("treated") & (pl.col("t") >= 0)) + pl.col("t"))
    found = event_study(flat, "y", "treated", "t", cluster="site", absorb=["site"])
    assert found.table["period"].to_list() == [float(period) for period in periods]
    np.testing.assert_allclose(found.table["coef"], [0, 0, 0, 3, 3, 3], atol=0.15)
    assert found.table["n"].to_list() == [30] * 6
    assert found.pre_trend_p is not None
    assert found.pre_trend_p > 0.05
    assert found.average.estimate == pytest.approx(float(found.table["coef"].tail(3).to_numpy().mean()))
    steep = df.with_columns(y=pl.Series(noise) + pl.col("t") * pl.col("treated"))
    told = event_study(steep, "y", "treated", "t", cluster="site").warnings
    assert "pre-trend" in [one.code for one in told]


def test_an_event_study_without_periods_to_judge_the_trend_by_says_so() -> None:
    df = people().with_columns(t=pl.col("after").cast(pl.Int8) - 1)
    found = event_study(df, "y", "treated", "t", cluster="site")
    assert found.pre_trend_p is None
    assert "pre-trend-untested" in [told.code for told in found.warnings]


def test_the_randomisation_test_of_four_sites_is_the_one_counted_by_hand() -> None:
    # Six ways to pick two of 1, 2, 3, 7: differences of means ±3.5, ±2.5, ±1.5; the real one (3, 7) is the largest.
    df = pl.DataFrame({"site": [1, 2, 3, 4], "change": [1.0, 2.0, 3.0, 7.0], "treated": [0, 0, 1, 1]})
    found = randomisation_test(df, "change", "site", "treated")
    assert found.estimate == pytest.approx(3.5)
    assert found.p == pytest.approx(2 / 6)
    assert found.se == pytest.approx(math.sqrt((3.5**2 + 2.5**2 + 1.5**2) / 3))
    assert found.interval == (-math.inf, math.inf)
    assert {"few-assignments", "open-interval"} <= {told.code for told in found.warnings}


def test_nineteen_sites_with_five_treated_are_gone_through_one_by_one() -> None:
    rng = np.random.default_rng(5)
    df = pl.DataFrame(
        {
            "site": np.arange(19),
            "treated": np.arange(19) < 5,
            "change": rng.normal(size=19) + 3 * (np.arange(19) < 5),
        }
    )
    found = randomisation_test(df, "change", "site", "treated")
    assert found.diagnostics["possible assignments"] == math.comb(19, 5)
    assert found.p == pytest.approx(round(found.p * 11_628) / 11_628)
    assert found.interval.low < 3 < found.interval.high
    assert found == randomisation_test(df.to_pandas(), "change", "site", "treated")


def test_drawn_assignments_count_the_real_one_and_repeat_with_the_seed() -> None:
    df = pl.DataFrame(
        {
            "site": np.arange(40),
            "treated": np.arange(40) < 20,
            "change": 10.0 * (np.arange(40) < 20) + np.arange(40) % 3,
        }
    )
    one = randomisation_test(df, "change", "site", "treated", repetitions=199, seed=4)
    assert one.p == 1 / 200
    assert one == randomisation_test(df, "change", "site", "treated", repetitions=199, seed=4)


def test_the_wild_bootstrap_goes_through_all_signs_of_few_clusters() -> None:
    df = people()
    found = wild_bootstrap(df, "y", ["treated", "after", "both"], term="both", cluster="site")
    assert found.diagnostics["repetitions"] == 2**12
    assert found.p == pytest.approx(round(found.p * 2**12) / 2**12)
    assert found.p >= 2 / 2**12
    assert found.interval.low < 2 < found.interval.high
    assert "few-treated-clusters" in [told.code for told in found.warnings]
    everywhere = wild_bootstrap(df, "y", ["after"], term="after", cluster="site")
    assert everywhere.warnings == ()
    five = wild_bootstrap(people(sites=5), "y", ["wage"], term="wage", cluster="site", repetitions=999)
    assert "Webb" in five.se_method


def test_the_wild_bootstrap_repeats_with_its_seed_and_takes_pandas() -> None:
    df = people(sites=20)
    one = wild_bootstrap(df, "y", ["wage"], term="wage", cluster="site", repetitions=499, seed=3)
    other = wild_bootstrap(
        df.to_pandas(), "y", ["wage"], term="wage", cluster="site", repetitions=499, seed=3
    )
    assert (one.p, one.interval) == (other.p, other.interval)
