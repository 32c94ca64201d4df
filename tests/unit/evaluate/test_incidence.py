"""Competing ways out: a curve by hand, how causes and censoring are told apart, refusals and warnings."""

import math

import polars as pl
import pytest

from indsats.evaluate import cumulative_incidence

EIGHT = pl.DataFrame(
    {
        "t": [1, 2, 2, 3, 4, 4, 5, 6],
        "k": [1, 2, 1, 0, 1, 2, 0, 1],
        "g": ["a", "b", "a", "b", "b", "a", "a", "b"],
    }
)


def test_by_hand() -> None:
    """Job (1) or pension (2): S is 7/8 after week 1, 5/8 after week 2 and 3/8 after week 4 (two of five leave)."""
    found = cumulative_incidence(EIGHT, "t", "k")
    assert found.gray is None
    assert found.curves.columns == [
        "cause", "time", "at_risk", "events", "incidence", "se", "lower", "upper",
    ]  # fmt: skip
    job, pension = found.curves.partition_by("cause", maintain_order=True)
    assert job["time"].to_list() == [0, 1, 2, 3, 4, 5, 6]
    assert job["at_risk"].to_list() == [8, 8, 7, 5, 4, 2, 1]
    assert job["events"].to_list() == [0, 1, 1, 0, 1, 0, 1]
    after_4 = 1 / 8 + 1 / 8 + 5 / 8 / 4
    assert job["incidence"].to_list() == pytest.approx(
        [0, 1 / 8, 2 / 8, 2 / 8, after_4, after_4, after_4 + 5 / 16]
    )
    assert pension["incidence"].to_list() == pytest.approx([0, 0, 1 / 8, 1 / 8] + [1 / 8 + 5 / 32] * 3)
    assert job["se"][0] == job["lower"][0] == job["upper"][0] == 0


def test_first_error_is_that_of_a_share() -> None:
    """While nobody is censored the incidence is a share: its variance is p (1 − p) / n, or n − 1 within ties."""
    table = pl.DataFrame({"t": [1] + [2] * 9, "k": [1] + [0] * 9})
    first = cumulative_incidence(table, "t", "k").curves.row(1, named=True)
    assert first["se"] == pytest.approx(math.sqrt(0.1 * 0.1))  # a single event: (1/n)²
    half = 1.959963984540054 * 0.1 / (0.1 * -math.log(0.1))
    assert first["lower"] == pytest.approx(0.1 ** math.exp(half))
    assert first["upper"] == pytest.approx(0.1 ** math.exp(-half))


def test_no_bounds_where_everybody_left_by_one_cause() -> None:
    curves = cumulative_incidence(pl.DataFrame({"t": [1, 2], "k": [1, 1]}), "t", "k").curves
    assert curves["incidence"].to_list() == [0, 0.5, 1]
    assert curves.row(2, named=True)["se"] is curves.row(2, named=True)["upper"] is None


WORDS = {0: "", 1: "job", 2: "pension"}


@pytest.mark.parametrize(
    ("event", "options"),
    [
        (pl.col("k").replace_strict(WORDS), {}),
        (pl.col("k").replace_strict(WORDS | {0: "0"}), {}),
        (pl.col("k").replace_strict(WORDS | {0: "open"}), {"censored": "open"}),
        (pl.col("k").replace_strict(WORDS).cast(pl.Categorical), {}),
        (pl.col("k").replace_strict({0: 9, 1: 1, 2: 2}), {"censored": 9}),
        (pl.col("k").cast(pl.Float64), {}),
    ],
)
def test_causes_may_be_words_or_numbers(event: pl.Expr, options: dict[str, str | float]) -> None:
    plain = cumulative_incidence(EIGHT, "t", "k", "g")
    found = cumulative_incidence(EIGHT.with_columns(k=event), "t", "k", "g", **options)
    assert found.curves.drop("cause").equals(plain.curves.drop("cause"))
    assert found.gray is not None
    assert plain.gray is not None
    assert found.gray.drop("cause").equals(plain.gray.drop("cause"))
    assert found.warnings == ()


def test_groups_and_causes_keep_their_type_and_order() -> None:
    found = cumulative_incidence(EIGHT, "t", "k", "g")
    assert found.curves.columns[:3] == ["group", "cause", "time"]
    assert found.curves.select("group", "cause").unique(maintain_order=True).rows() == [
        ("a", 1), ("a", 2), ("b", 1), ("b", 2),
    ]  # fmt: skip
    assert found.gray is not None
    assert found.gray["cause"].to_list() == [1, 2]
    assert found.gray["df"].to_list() == [1, 1]


def test_the_order_of_rows_never_matters() -> None:
    one = cumulative_incidence(EIGHT, "t", "k", "g")
    for seed in range(5):
        other = cumulative_incidence(EIGHT.sample(fraction=1, shuffle=True, seed=seed), "t", "k", "g")
        assert one.curves.equals(other.curves)
        assert one.gray is not None
        assert other.gray is not None
        assert one.gray.equals(other.gray)


def test_pandas_is_read_as_polars_is() -> None:
    found = cumulative_incidence(EIGHT.to_pandas(), "t", "k", "g")
    assert found.curves.equals(cumulative_incidence(EIGHT, "t", "k", "g").curves)


def test_rows_left_out_are_counted_and_warned_of() -> None:
    table = EIGHT.with_columns(k=pl.when(pl.col("t") == 6).then(None).otherwise("k"))
    found = cumulative_incidence(table, "t", "k")
    assert found.excluded == {"missing k": 1}
    assert [caution.code for caution in found.warnings] == ["missing-values"]


def test_a_table_where_nobody_counts_as_censored_is_warned_of() -> None:
    found = cumulative_incidence(EIGHT, "t", "k", censored=9)
    assert [caution.code for caution in found.warnings] == ["nobody-censored"]


def test_one_group_is_not_tested() -> None:
    found = cumulative_incidence(EIGHT.with_columns(g=pl.lit("a")), "t", "k", "g")
    assert found.gray is None
    assert found.curves["group"].unique().to_list() == ["a"]


def test_a_cause_that_cannot_be_compared_is_said() -> None:
    """Cause 2 happens only when the other group has left."""
    table = pl.DataFrame({"t": [1, 1, 5, 6], "k": [1, 0, 1, 2], "g": ["a", "a", "b", "b"]})
    found = cumulative_incidence(table, "t", "k", "g")
    assert found.gray is not None
    assert found.gray.row(1) == (2, None, None, None)
    assert found.gray["p"][0] is not None
    assert [caution.code for caution in found.warnings] == ["cause-not-comparable"]
    assert "'2'" in found.warnings[0].text.da


@pytest.mark.parametrize(
    ("changed", "options", "message"),
    [
        ({"k": pl.lit(0)}, {}, "nobody has an event"),
        ({"k": pl.lit("")}, {}, "nobody has an event"),
        ({"k": pl.lit(1)}, {"censored": "open"}, "holds numbers"),
        ({"k": pl.date(2024, 1, 1)}, {}, "must be numbers or true/false"),
        ({"t": -pl.col("t")}, {}, "negative times"),
        ({"t": pl.lit(None, pl.Float64)}, {}, "no row has a value"),
    ],
)
def test_refusals(changed: dict[str, pl.Expr], options: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        cumulative_incidence(EIGHT.with_columns(**changed), "t", "k", **options)
