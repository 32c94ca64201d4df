"""Hours as people tell them against hours as the register has them, month by month.

Hours come as a citizen's own word, from payslips and from the register (document 001): the first are early and
rounded, the last late, and some of them are filled in by the statistical office rather than reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from indsats.problem import InputRefused, Problem
from indsats.programme import Period

from .faults import each_row, shorten

AGREES, DIFFERS = "agrees", "differs"
ONLY_REPORTED, ONLY_REGISTER = "only_reported", "only_register"
IMPUTED = "imputed"
NOT_YET_IN_REGISTER, BEFORE_REGISTER = "not_yet_in_register", "before_register"

VERDICTS = (AGREES, DIFFERS, ONLY_REPORTED, ONLY_REGISTER, IMPUTED, NOT_YET_IN_REGISTER, BEFORE_REGISTER)
"""What can be said of a person's month, in the order a summary lists it."""

TOLERANCE = 4.5
"""Hours a month two sources may differ and still agree: about one hour a week. A decision; no source sets one."""

_ROUNDING = 1e-9  # sums of sevenths are not exact: a difference on the line is not to fall on the other side
_HOURS = pl.Enum(VERDICTS)


def hours_by_month(intervals: pl.DataFrame, until: date | None = None) -> pl.DataFrame:
    """Hours in each month of intervals with hours a week, spread evenly over their days.

    ``intervals`` has ``person``, ``first`` and ``last`` (Date, both days included) and ``hours_per_week``; a
    day carries a seventh of a week. Intervals of one person that overlap are added up: they are several jobs.
    What lies after ``until`` is not counted (an agreed end may lie ahead), and a null ``last`` means the interval
    is still open on that day. Returns ``person``, ``month`` (Date, its first day) and ``hours`` (Float64), one
    row for each person and month an interval touches, sorted. An interval of 0 hours gives months of 0 hours.

    Raises ``InputRefused`` when a column is missing, a value is missing or impossible, an interval ends before it
    begins, or one is open and ``until`` is not given.
    """
    _need(intervals, ("person", "first", "last", "hours_per_week"), "the intervals")
    odd = [name for name in ("first", "last") if intervals[name].dtype not in (pl.Date, pl.Null)]
    if odd:
        what, remedy = "the days of the intervals are no dates", "Give both days as dates"
        raise InputRefused([Problem(what, remedy, field=name) for name in odd])
    _numeric(intervals, ("hours_per_week",), "the intervals")
    rows = intervals.with_columns(pl.col("first", "last").cast(pl.Date)).with_row_index("row")
    week = pl.col("hours_per_week").cast(pl.Float64, strict=False)
    backwards = "Correct one of the two days; an interval of one day begins and ends on it"
    problems = [
        *_faults(rows, "person", pl.col("person").is_null(), "there is no person", "Fill in the person"),
        *_faults(rows, "first", pl.col("first").is_null(), "there is no first day", "Fill in the first day"),
        *_faults(
            rows, "last", pl.col("last") < pl.col("first"), "the interval ends before it begins", backwards
        ),
        *_faults(
            rows,
            "hours_per_week",
            ~week.is_between(0, 168).fill_null(value=False),
            "hours a week are missing, negative or more than a week has",
            "Give hours a week as a number from 0 to 168",
        ),
    ]
    if until is None:
        what, remedy = "the interval has no end", "Give the last day, or the day to count to (until)"
        problems += _faults(rows, "last", pl.col("last").is_null(), what, remedy)
    if problems:
        raise InputRefused(shorten(problems))
    end = pl.col("last").fill_null(until) if until is not None else pl.col("last")
    cut = rows.select(
        "person", "first", last=end if until is None else pl.min_horizontal(end, pl.lit(until)), week=week
    ).filter(pl.col("first") <= pl.col("last"))
    starts = pl.date_ranges(pl.col("first").dt.month_start(), pl.col("last").dt.month_start(), "1mo")
    spread = cut.with_columns(month=starts).explode("month")
    begin = pl.max_horizontal("first", "month")
    finish = pl.min_horizontal("last", pl.col("month").dt.month_end())
    days = (finish - begin).dt.total_days() + 1
    return (
        spread.select("person", "month", hours=pl.col("week") * days / 7)
        .group_by("person", "month")
        .agg(pl.col("hours").sum())
        .sort("person", "month")
    )


def reconcile(
    reported: pl.DataFrame,
    register: pl.DataFrame,
    tolerance: float = TOLERANCE,
    *,
    covered: Period | None = None,
    most_imputed: float = 0.0,
) -> pl.DataFrame:
    """One row for each person and month that either side tells of, with a verdict.

    Both tables have ``person``, ``month`` (Date, the first of the month) and ``hours``, one row a person and month
    (add jobs up first); ``register`` may have ``imputed_share`` (0 to 1: the part of the hours that was filled
    in, not reported). Give only people who are linked: for others the register's silence says nothing.
    ``covered`` is what the register reaches over, by default from its first month to its last.

    Returns ``person``, ``month``, ``reported``, ``register`` (null without a row), ``imputed_share`` (Float64 all),
    ``difference`` (reported minus register, a missing row counting as 0 hours; null where the register does not
    reach) and ``verdict`` (Enum of ``VERDICTS``), sorted by person and month:

    - ``not_yet_in_register``, ``before_register``: the month lies outside ``covered``;
    - ``only_reported``, ``only_register``: one side has hours above 0, the other has 0 or no row;
    - ``imputed``: both have hours, and more than ``most_imputed`` of the register's were filled in, so that
      neither agreement nor difference would prove anything;
    - ``agrees``, ``differs``: both have hours, or neither; ``differs`` is by more than ``tolerance`` hours a month.

    Raises ``InputRefused`` for missing columns or values, negative hours, a day that is not the first of a month,
    and a person's month that stands twice; ``ValueError`` for a negative tolerance or an empty register of
    unknown reach.
    """
    if not tolerance >= 0:
        raise ValueError(f"the tolerance must be 0 hours or more, it is {tolerance}")
    left = _need(reported, ("person", "month", "hours"), "the reported hours")
    right = _need(register, ("person", "month", "hours"), "the register's hours")
    _numeric(left, ("hours",), "the reported hours")
    _numeric(right, ("hours", "imputed_share"), "the register's hours")
    problems = [
        *shorten(_wrong_months(left, "the reported hours")),
        *shorten(_wrong_months(right, "the register's hours")),
    ]
    if left["person"].dtype != right["person"].dtype:
        remedy = "Give persons as the same sort of value on both sides"
        problems.append(Problem("the two tables name persons differently", remedy, field="person"))
    if "imputed_share" in right.columns:
        outside = ~pl.col("imputed_share").cast(pl.Float64, strict=False).is_between(0, 1)
        remedy = "Give the share as a number from 0 to 1, or leave it empty"
        shares = right.with_row_index("row")
        problems += shorten(_faults(shares, "imputed_share", outside, "this is no share", remedy))
    if problems:
        raise InputRefused(problems)
    first, last = _reach(right, covered)
    share = pl.col("imputed_share") if "imputed_share" in right.columns else pl.lit(None)
    both = left.select("person", "month", reported=pl.col("hours").cast(pl.Float64)).join(
        right.select(
            "person", "month", register=pl.col("hours").cast(pl.Float64), imputed_share=share.cast(pl.Float64)
        ),
        on=["person", "month"],
        how="full",
        coalesce=True,
    )
    told, known = pl.col("reported").fill_null(0.0), pl.col("register").fill_null(0.0)
    inside = pl.col("month").is_between(first, last)
    verdict = (
        pl.when(pl.col("month") > last)
        .then(pl.lit(NOT_YET_IN_REGISTER))
        .when(pl.col("month") < first)
        .then(pl.lit(BEFORE_REGISTER))
        .when((told > 0) & (known <= 0))
        .then(pl.lit(ONLY_REPORTED))
        .when((told <= 0) & (known > 0))
        .then(pl.lit(ONLY_REGISTER))
        .when((known > 0) & (pl.col("imputed_share") > most_imputed + _ROUNDING))
        .then(pl.lit(IMPUTED))
        .when((told - known).abs() <= tolerance + _ROUNDING)
        .then(pl.lit(AGREES))
        .otherwise(pl.lit(DIFFERS))
    )
    return both.select(
        "person",
        "month",
        "reported",
        "register",
        "imputed_share",
        difference=pl.when(inside).then(told - known),
        verdict=verdict.cast(_HOURS),
    ).sort("person", "month")


def reconciled_summary(reconciled: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """How often each verdict was given, zeros included; one block of rows for each value of ``by``.

    Takes what ``reconcile`` returns, with columns added where wanted for ``by``. Returns ``by``, ``verdict``,
    ``person_months``, ``persons`` (who have at least one such month), ``of`` (the denominator: person-months the
    register reaches over; null for the verdicts outside it), ``share`` (``person_months / of``), and
    ``reported`` and ``register`` (hours added up), sorted by ``by`` and then as in ``VERDICTS``.
    """
    groups = list(by)
    outside = pl.col("verdict").is_in([NOT_YET_IN_REGISTER, BEFORE_REGISTER])
    counts = reconciled.group_by(*groups, "verdict").agg(
        person_months=pl.len().cast(pl.Int64),
        persons=pl.col("person").n_unique().cast(pl.Int64),
        reported=pl.col("reported").sum(),
        register=pl.col("register").sum(),
    )
    blocks = reconciled.select(groups).unique() if groups else pl.DataFrame({"": [None]})
    grid = blocks.join(pl.DataFrame({"verdict": VERDICTS}, schema={"verdict": _HOURS}), how="cross")
    filled = grid.join(counts, on=[*groups, "verdict"], how="left", nulls_equal=True).with_columns(
        pl.col("person_months", "persons").fill_null(0), pl.col("reported", "register").fill_null(0.0)
    )
    inside = pl.col("person_months").filter(~outside).sum()
    of = pl.when(~outside).then(inside.over(groups) if groups else inside)
    return (
        filled.with_columns(of=of)
        .with_columns(share=pl.when(pl.col("of") > 0).then(pl.col("person_months") / pl.col("of")))
        .select(*groups, "verdict", "person_months", "persons", "of", "share", "reported", "register")
        .sort(*groups, "verdict")
    )


def _need(table: pl.DataFrame, columns: Sequence[str], which: str) -> pl.DataFrame:
    missing = [name for name in columns if name not in table.columns]
    if missing:
        remedy = f"Name the columns {', '.join(columns)}"
        raise InputRefused([Problem(f"{which} have no column '{name}'", remedy) for name in missing])
    return table


def _numeric(table: pl.DataFrame, columns: Sequence[str], which: str) -> None:
    """Refuses columns of ``which`` table that can hold no numbers: neither numbers nor text nor nothing."""
    odd = [
        name
        for name in columns
        if name in table.columns
        and not table[name].dtype.is_numeric()
        and table[name].dtype not in (pl.String, pl.Null)
    ]
    if odd:
        what, remedy = f"{which} hold {table[odd[0]].dtype} instead of numbers", "Give numbers"
        raise InputRefused([Problem(what, remedy, field=name) for name in odd])


def _wrong_months(table: pl.DataFrame, which: str) -> list[Problem]:
    rows = table.with_row_index("row")
    if table["month"].dtype != pl.Date:
        remedy = "Give months as dates, each its first day"
        return [Problem(f"the months of {which} are {table['month'].dtype}", remedy, field="month")]
    hours = pl.col("hours").cast(pl.Float64, strict=False)
    return [
        *_faults(rows, "person", pl.col("person").is_null(), f"{which} name no person", "Fill in the person"),
        *_faults(
            rows,
            "month",
            (pl.col("month").dt.day() != 1).fill_null(value=True),
            f"{which} have a day that is not the first of a month",
            "Write months as their first day, such as 2016-05-01",
        ),
        *_faults(
            rows,
            "hours",
            ~(hours.is_finite() & (hours >= 0)).fill_null(value=False),
            f"{which} are missing or negative",
            "Give hours in the month as a number from 0 up, or take the row out",
        ),
        *_faults(
            rows,
            "month",
            ~pl.struct("person", "month").is_first_distinct(),
            f"{which} have the person's month a second time",
            "Add the hours of several jobs up to one row",
        ),
    ]


def _faults(rows: pl.DataFrame, column: str, wrong: pl.Expr, what: str, remedy: str) -> list[Problem]:
    """A problem for each row where ``wrong`` holds; ``row`` counts from 0 and is told as a spreadsheet shows it."""
    return each_row(what, remedy, "", rows.filter(wrong)["row"] + 2, column)


def _reach(register: pl.DataFrame, covered: Period | None) -> tuple[date, date]:
    """The first and the last month the register tells of as a whole."""
    if covered is not None:
        # A month the register knows only a part of cannot be compared.
        last = pl.Series([covered.last]).dt.offset_by("1d").dt.month_start().dt.offset_by("-1mo")[0]
        first = pl.Series([covered.first]).dt.offset_by("-1d").dt.month_start().dt.offset_by("1mo")[0]
        return first, last
    if register.is_empty():
        raise ValueError("the register has no hours: say what it reaches over (covered)")
    first, last = register["month"].min(), register["month"].max()
    assert isinstance(first, date)  # noqa: S101 - months are checked before
    assert isinstance(last, date)  # noqa: S101
    return first, last
