"""Told hours against register hours."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indsats.problem import InputRefused
from indsats.programme import Period
from indsats.register.reconcile import VERDICTS, hours_by_month, reconcile, reconciled_summary

Row = tuple[str, date, date | None, float]


def intervals(*rows: Row) -> pl.DataFrame:
    schema = {"person": pl.String, "first": pl.Date, "last": pl.Date, "hours_per_week": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def months(*rows: tuple[object, ...]) -> pl.DataFrame:
    schema = {"person": pl.String, "month": pl.Date, "hours": pl.Float64}
    if rows and len(rows[0]) == 4:
        schema["imputed_share"] = pl.Float64
    return pl.DataFrame(rows, schema=schema, orient="row")


def month(number: int) -> date:
    return date(2016, number, 1)


def test_hours_a_week_spread_over_the_days_of_each_month() -> None:
    table = hours_by_month(intervals(("a", date(2016, 1, 25), date(2016, 3, 1), 7)))
    assert table.rows() == [("a", month(1), 7.0), ("a", month(2), 29.0), ("a", month(3), 1.0)]


days = st.integers(0, 800).map(lambda number: date(2015, 6, 1) + timedelta(days=number))
stretch = st.tuples(st.sampled_from("ab"), days, st.integers(0, 400), st.integers(0, 37))


@given(st.lists(stretch, max_size=6), days)
def test_the_spread_equals_adding_up_day_by_day(rows: list[tuple[str, date, int, int]], until: date) -> None:
    expected: dict[tuple[str, date], int] = {}
    for person, first, length, weekly in rows:
        for day in (first + timedelta(days=step) for step in range(length + 1)):
            if day <= until:
                key = (person, day.replace(day=1))
                expected[key] = expected.get(key, 0) + weekly
    given_rows = [
        (person, first, first + timedelta(days=length), weekly) for person, first, length, weekly in rows
    ]
    table = hours_by_month(intervals(*given_rows), until)
    assert [row[:2] for row in table.iter_rows()] == sorted(expected)
    for person, start, hours in table.iter_rows():
        assert hours == pytest.approx(expected[person, start] / 7)


def test_an_open_interval_runs_to_the_day_counted_to() -> None:
    table = hours_by_month(intervals(("a", date(2016, 1, 31), None, 14)), until=date(2016, 2, 3))
    assert table.rows() == [("a", month(1), 2.0), ("a", month(2), 6.0)]
    begun_later = intervals(("a", date(2016, 5, 1), None, 14))
    assert hours_by_month(begun_later, until=date(2016, 2, 3)).is_empty()


def test_no_hours_are_something_told_and_intervals_without_rows_give_none() -> None:
    assert hours_by_month(intervals(("a", month(1), month(1), 0))).rows() == [("a", month(1), 0.0)]
    assert hours_by_month(intervals()).columns == ["person", "month", "hours"]


def test_impossible_intervals_are_told_by_row() -> None:
    with pytest.raises(InputRefused) as refused:
        hours_by_month(
            intervals(
                ("a", date(2016, 2, 1), date(2016, 1, 1), 3),
                ("a", date(2016, 2, 1), date(2016, 2, 1), 169),
                ("a", date(2016, 2, 1), None, 3),
                (None, None, date(2016, 2, 1), float("nan")),  # type: ignore[arg-type]
            )
        )
    found = {(problem.row, problem.field) for problem in refused.value.problems}
    assert found == {
        (2, "last"), (3, "hours_per_week"), (4, "last"), (5, "person"), (5, "first"), (5, "hours_per_week"),
    }  # fmt: skip


def test_many_faults_of_a_sort_are_counted_and_the_file_is_refused_without_its_columns() -> None:
    rows: list[Row] = [("a", date(2016, 2, 1), date(2016, 1, 1), 3)] * 25
    with pytest.raises(InputRefused, match="15 more problems are of this kind") as refused:
        hours_by_month(intervals(*rows))
    assert len(refused.value.problems) == 11
    with pytest.raises(InputRefused, match="no column 'last'"):
        hours_by_month(intervals().drop("last"))
    with pytest.raises(InputRefused, match="no dates"):
        hours_by_month(intervals().with_columns(first=pl.lit("soon")))
    with pytest.raises(InputRefused, match="the intervals hold List"):
        hours_by_month(
            intervals(*rows).with_columns(pl.concat_list("hours_per_week").alias("hours_per_week"))
        )


CASES = [
    # told, register (null: no row), imputed share, verdict
    (20.0, 20.0, 0.0, "agrees"),
    (20.0, 24.5, 0.0, "agrees"),
    (20.0, 24.6, 0.0, "differs"),
    (24.6, 20.0, None, "differs"),
    (20.0, None, None, "only_reported"),
    (1.0, 0.0, 0.0, "only_reported"),
    (None, 20.0, 0.0, "only_register"),
    (0.0, 1.0, 1.0, "only_register"),
    (0.0, None, None, "agrees"),
    (None, 0.0, 0.0, "agrees"),
    (20.0, 20.0, 0.1, "imputed"),
    (20.0, 99.0, 1.0, "imputed"),
]


@pytest.mark.parametrize(("told", "known", "share", "verdict"), CASES)
def test_every_verdict(told: float | None, known: float | None, share: float | None, verdict: str) -> None:
    reported = months(("a", month(5), told)) if told is not None else months()
    anchor = ("z", month(5), 1.0, None)
    register = months(("a", month(5), known, share), anchor) if known is not None else months(anchor)
    row = reconcile(reported, register).row(0, named=True)
    assert row["person"] == "a"
    assert row["verdict"] == verdict
    assert (row["reported"], row["register"]) == (told, known)
    assert row["difference"] == pytest.approx((told or 0) - (known or 0))


def test_months_the_register_does_not_reach_are_no_disagreement() -> None:
    reported = months(*(("a", month(number), 30.0) for number in (1, 2, 3, 4)))
    register = months(("b", month(2), 10.0), ("b", month(3), 10.0))
    table = reconcile(reported, register).filter(pl.col("person") == "a")
    expected = ["before_register", "only_reported", "only_reported", "not_yet_in_register"]
    assert table["verdict"].to_list() == expected
    assert table["difference"].to_list() == [None, 30.0, 30.0, None]


def test_a_month_covered_in_part_does_not_count_as_covered() -> None:
    reported = months(*(("a", month(number), 30.0) for number in (1, 2, 3, 4)))
    for period, inside in (
        ("2016-02-01/2016-03-31", [2, 3]),
        ("2016-01-02/2016-03-31", [2, 3]),
        ("2016-02-01/2016-04-29", [2, 3]),
    ):
        table = reconcile(reported, months(), covered=Period.model_validate(period))
        assert table.filter(verdict="only_reported")["month"].to_list() == [
            month(number) for number in inside
        ]


def test_tolerance_and_allowed_imputation_are_settings() -> None:
    reported, register = months(("a", month(5), 20.0)), months(("a", month(5), 22.0, 0.5))
    for tolerance, most, verdict in ((1, 0.5, "differs"), (2, 0.5, "agrees"), (2, 0.4, "imputed")):
        assert reconcile(reported, register, tolerance, most_imputed=most)["verdict"].to_list() == [verdict]


def test_what_cannot_be_compared_is_refused_with_the_row() -> None:
    good = months(("a", month(5), 20.0))
    for bad, field in (
        (months(("a", month(5), 1.0), ("a", month(5), 2.0)), "month"),
        (months(("a", month(4), 1.0), ("a", date(2016, 5, 2), 2.0)), "month"),
        (months(("a", month(4), 1.0), ("a", month(5), -2.0)), "hours"),
        (months(("a", month(4), 1.0), ("a", month(5), None)), "hours"),
        (months(("a", month(4), 1.0), (None, month(5), 1.0)), "person"),
    ):
        for sides in ((bad, good), (good, bad)):
            with pytest.raises(InputRefused) as refused:
                reconcile(*sides)
            assert [(problem.row, problem.field) for problem in refused.value.problems] == [(3, field)]
    with pytest.raises(InputRefused, match="no share"):
        reconcile(good, months(("a", month(5), 1.0, 1.5)))
    for column in ("hours", "imputed_share"):
        odd = months(("a", month(5), 1.0, 0.5)).with_columns(pl.concat_list(column).alias(column))
        with pytest.raises(InputRefused, match=f"column '{column}': error: the register's hours hold List"):
            reconcile(good, odd)
    with pytest.raises(InputRefused, match="name persons differently"):
        reconcile(good, months(("1", month(5), 1.0)).cast({"person": pl.Int32}))
    with pytest.raises(InputRefused, match="the months of the reported hours are String"):
        reconcile(good.cast({"month": pl.String}), good)
    with pytest.raises(ValueError, match="0 hours or more"):
        reconcile(good, good, -1)
    with pytest.raises(ValueError, match="covered"):
        reconcile(good, months())


def test_a_summary_counts_every_verdict_against_a_named_denominator() -> None:
    reported = months(("a", month(1), 9.0), ("a", month(2), 9.0), ("b", month(2), 9.0), ("b", month(3), 9.0))
    register = months(("a", month(1), 9.0), ("a", month(2), 90.0), ("b", month(2), 9.0))
    table = reconciled_summary(reconcile(reported, register))
    assert table["verdict"].to_list() == list(VERDICTS)
    assert table.filter(verdict="agrees").row(0) == ("agrees", 2, 2, 3, 2 / 3, 18.0, 18.0)
    assert table.filter(verdict="differs").row(0) == ("differs", 1, 1, 3, 1 / 3, 9.0, 90.0)
    later = ("not_yet_in_register", 1, 1, None, None, 9.0, 0.0)
    assert table.filter(verdict="not_yet_in_register").row(0) == later
    assert table["person_months"].sum() == 4
    assert table["share"].sum() == pytest.approx(1)


def test_a_summary_by_another_column_is_the_summaries_of_its_parts() -> None:
    reported = months(("a", month(1), 9.0), ("b", month(1), 9.0), ("c", month(1), 9.0))
    register = months(("a", month(1), 9.0), ("b", month(1), 90.0))
    table = reconcile(reported, register).with_columns(site=pl.Series(["n", "n", None]))
    parts = reconciled_summary(table, by=["site"])
    assert parts.height == 2 * len(VERDICTS)
    for site in ("n", None):
        mine = pl.col("site").eq_missing(pl.lit(site))
        assert parts.filter(mine).drop("site").equals(reconciled_summary(table.filter(mine).drop("site")))
