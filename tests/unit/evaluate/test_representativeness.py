"""A group against its population: what is compared with what, counted and refused."""

from collections.abc import Sequence
from itertools import product
from math import comb, isclose, prod

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indsats.evaluate import representativeness


def rows(
    inside: Sequence[object], outside: Sequence[object], dtype: pl.DataType | None = None
) -> pl.DataFrame:
    flags = [True] * len(inside) + [False] * len(outside)
    return pl.DataFrame({"in": flags, "x": pl.Series([*inside, *outside], dtype=dtype)})


def one(table: pl.DataFrame, **options: str) -> dict[str, object]:
    result = representativeness(table, "in", ["x"], **options)  # type: ignore[arg-type]
    assert result.height == 1
    return result.row(0, named=True)


def test_a_mean_is_given_for_group_rest_and_all_with_what_it_is_made_of() -> None:
    row = one(rows([2, 4, None], [1, 2, 3, 6, None, None]))
    assert (row["measure"], row["test"]) == ("mean", "Welch t")
    assert (row["group"], row["rest"], row["population"]) == (3, 3, 3)
    assert (row["n_group"], row["n_rest"], row["n_population"]) == (2, 4, 6)
    assert (row["missing_group"], row["missing_rest"]) == (1, 2)
    assert row["sd_group"] == pytest.approx(2**0.5)
    assert row["count_group"] is None


def test_a_share_is_its_count_over_its_number() -> None:
    row = one(rows([True] * 12 + [False] * 8 + [None], [True] * 20 + [False] * 40))
    assert (row["measure"], row["test"]) == ("share", "two proportions z")
    assert (row["count_group"], row["n_group"], row["group"]) == (12, 20, 0.6)
    assert (row["count_rest"], row["n_rest"], row["rest"]) == (20, 60, 1 / 3)
    assert row["population"] == 32 / 80
    assert row["missing_group"] == 1
    assert row["standardised"] == pytest.approx((0.6 - 1 / 3) / ((0.6 * 0.4 + 2 / 9) / 2) ** 0.5)


def test_a_text_field_has_its_distribution_first_and_then_a_share_for_each_level() -> None:
    table = representativeness(rows(list("aab"), list("aabbc")), "in", ["x"])
    assert table["level"].to_list() == [None, "a", "b", "c"]
    assert table["measure"].to_list() == ["distribution", "share", "share", "share"]
    shares = table.filter(measure="share")
    assert shares["count_group"].to_list() == [2, 1, 0]
    assert shares["count_rest"].to_list() == [2, 2, 1]
    for column in ("group", "rest", "population"):
        assert shares[column].sum() == pytest.approx(1)


counts = st.tuples(st.integers(0, 12), st.integers(1, 12), st.integers(0, 30), st.integers(1, 30))


@given(counts)
def test_the_population_lies_between_group_and_rest_by_their_numbers(
    numbers: tuple[int, int, int, int],
) -> None:
    yes, no, others, nos = numbers
    row = one(rows([1] * yes + [0] * no, [1] * others + [0] * nos))
    outside = row["n_rest"] / row["n_population"]  # type: ignore[operator]
    assert isclose(row["difference_population"], row["difference_rest"] * outside, abs_tol=1e-12)  # type: ignore
    assert row["difference_rest"] == row["group"] - row["rest"]  # type: ignore[operator]


@given(counts)
def test_an_exact_test_takes_over_when_a_cell_expects_fewer_than_five(
    numbers: tuple[int, int, int, int],
) -> None:
    yes, no, others, nos = numbers
    row = one(rows([1] * yes + [0] * no, [1] * others + [0] * nos))
    total = yes + no + others + nos
    least = min(yes + others, no + nos) * min(yes + no, others + nos) / total
    assert row["least_expected"] == pytest.approx(least)
    if yes + others == 0:
        assert (row["test"], row["p"]) == ("none: all are alike", None)
    else:
        assert row["test"] == ("Fisher exact" if least < 5 else "two proportions z")


def by_going_through_all(group: list[int], rest: list[int]) -> float:
    """Freeman and Halton by definition, in whole numbers."""
    totals = [a + b for a, b in zip(group, rest, strict=True)]

    def ways(table: Sequence[int]) -> int:
        return prod(comb(total, here) for total, here in zip(totals, table, strict=True))

    size = sum(group)
    tables = [t for t in product(*(range(total + 1) for total in totals)) if sum(t) == size]
    return sum(ways(t) for t in tables if ways(t) <= ways(group)) / comb(sum(totals), size)


levels = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=4)


@given(levels)
def test_the_exact_test_of_several_levels_is_the_sum_over_all_tables(pairs: list[tuple[int, int]]) -> None:
    group, rest = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    names = "abcd"[: len(pairs)]
    inside = [name for name, n in zip(names, group, strict=True) for _ in range(n)]
    outside = [name for name, n in zip(names, rest, strict=True) for _ in range(n)]
    if not inside or not outside:
        return
    row = representativeness(rows(inside, outside), "in", ["x"]).row(0, named=True)
    if row["test"] == "Fisher exact":
        assert row["p"] == pytest.approx(by_going_through_all(group, rest))
    elif row["test"] == "chi-squared":
        assert row["least_expected"] >= 5
    else:
        assert row["test"] == "none: all are alike"


def test_too_many_tables_for_an_exact_test_leave_chi_squared_with_its_warning() -> None:
    inside = list("a" * 200 + "b" * 200 + "c" * 200 + "d" * 2)
    outside = list("a" * 300 + "b" * 300 + "c" * 300 + "d" * 2)
    row = representativeness(rows(inside, outside), "in", ["x"]).row(0, named=True)
    assert row["test"] == "chi-squared"
    assert row["least_expected"] < 5


@pytest.mark.parametrize(
    ("table", "test", "standardised"),
    [
        (rows([0.1] * 7, [0.1] * 5), "none: no variation", 0.0),
        (rows([0.3] * 7, [0.1] * 5), "none: no variation", None),
        (rows([3.0], [1.0, 2.0, 5.0]), "none: a single value", None),
        (rows([None, None], [1.5, 2], pl.Float64()), "none: nobody has a value", None),
        (rows([True, True], [True, True]), "none: all are alike", 0.0),
        (rows([None, None], [True, False], pl.Boolean()), "none: nobody has a value", None),
    ],
)
def test_where_nothing_can_be_tested_the_reason_is_given(
    table: pl.DataFrame, test: str, standardised: float | None
) -> None:
    row = one(table)
    assert (row["test"], row["p"], row["statistic"]) == (test, None, None)
    assert row["standardised"] == standardised


def test_a_text_field_nobody_has_a_value_in_says_so() -> None:
    row = one(rows([None], [None, None], pl.String()))
    assert (row["measure"], row["test"]) == ("distribution", "none: nobody has a value")
    assert (row["missing_group"], row["missing_rest"]) == (1, 2)
    half = representativeness(rows([None], ["a", "b"], pl.String()), "in", ["x"])
    assert half["test"].to_list() == ["none: nobody has a value"] * 3


def test_weights_weigh_means_and_nothing_is_tested() -> None:
    table = rows([1.0, 4.0], [2.0, 3.0, 5.0]).with_columns(w=pl.Series([3, 1, 0, 1, 1]))
    row = one(table, weights="w")
    assert (row["group"], row["rest"], row["population"]) == (7 / 4, 4, 15 / 6)
    assert (row["test"], row["p"]) == ("none: weighted", None)
    plain = one(table.with_columns(w=pl.lit(2.5)), weights="w")
    for column in ("group", "rest", "population", "standardised", "sd_group", "n_rest"):
        assert plain[column] == pytest.approx(one(table)[column])
    nobody = one(table.with_columns(w=pl.Series([0, 0, 1, 1, 1])), weights="w")
    assert nobody["group"] is None


def test_weighted_levels_add_up() -> None:
    table = rows(list("aab"), list("abb")).with_columns(w=pl.Series([1, 2, 3, 4, 5, 6]))
    shares = representativeness(table, "in", ["x"], weights="w").filter(measure="share")
    assert shares["group"].to_list() == [0.5, 0.5]
    assert shares["rest"].to_list() == pytest.approx([4 / 15, 11 / 15])


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (rows([1, 2], []), "the control group"),
        (rows([1, 2], [3]).with_columns(pl.lit(None, pl.Boolean).alias("in")), "3 lack it"),
        (rows([1, 2], [3]).rename({"x": "y"}), "no column 'x'"),
        (rows([1, 2], [3]).with_columns(x=pl.date(2020, 1, 1)), "must be numbers"),
        (rows([1.0, 2.0], [float("inf")]), "infinite"),
    ],
)
def test_what_cannot_be_compared_is_refused(table: pl.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        representativeness(table, "in", ["x"])


@pytest.mark.parametrize(("weight", "message"), [(-1.0, "negative weight"), (None, "lacks a weight")])
def test_weights_that_weigh_nothing_sensible_are_refused(weight: float | None, message: str) -> None:
    table = rows([1, 2], [3]).with_columns(w=pl.lit(weight, pl.Float64))
    with pytest.raises(ValueError, match=message):
        representativeness(table, "in", ["x"], weights="w")
