"""Reading the monthly hours of paid work that stand beside the weekly register."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from indsats.problem import InputRefused, Problem

MOST_HOURS = 744.0
"""Hours in a month of 31 days."""

SHOWN = 10
"""Problems listed of one sort before the rest is only counted."""


def read_hours(folder: Path) -> pl.DataFrame:
    """Paid hours a month from ``folder/register/hours.parquet`` or ``hours.csv``.

    Columns of the file: ``person``, ``month`` (the first day of the month), ``hours``; others are not read.
    A person may have several rows in a month, one for each job: they are added up. A CSV file is separated by
    commas, or by semicolons with decimal commas. Returns ``person`` (String), ``month`` (Date), ``hours``
    (Float64), one row for each person and month, sorted; a month without a row means none reported.

    Raises ``InputRefused`` with every problem found when the file is missing, empty or unreadable, a column
    or a value is missing, a date is not the first of a month, or hours are negative or more than a month has.
    """
    path = _find(folder)
    table = _table(path)
    rows = table.with_row_index("row", offset=2)
    problems = [
        *_problems(
            rows, path.name, "person", rows["person"].is_null(), "there is no person", "Fill in the person"
        ),
        *_problems(
            rows,
            path.name,
            "month",
            (rows["month"].is_null() | (rows["month"].dt.day() != 1)).fill_null(value=True),
            "this is not the first day of a month",
            "Write months as their first day, such as 2016-05-01",
        ),
        *_problems(
            rows,
            path.name,
            "hours",
            ~rows["hours"].is_between(0, MOST_HOURS).fill_null(value=False),
            "hours are missing, negative or more than a month has",
            f"Give hours in the month as a number from 0 to {MOST_HOURS:.0f}",
        ),
    ]
    if table.height == 0:
        problems = [Problem("the file has no rows", "Take the file out, or add its rows", path.name)]
    if problems:
        raise InputRefused(problems)
    summed = table.group_by("person", "month").agg(pl.col("hours").sum()).sort("person", "month")
    over = summed.filter(pl.col("hours") > MOST_HOURS).height
    if over:
        what = f"{over} persons' months add up to more than {MOST_HOURS:.0f} hours"
        raise InputRefused([Problem(what, "Look for rows delivered twice", path.name, field="hours")])
    return summed


def _find(folder: Path) -> Path:
    present = [
        path for ending in ("parquet", "csv") if (path := folder / "register" / f"hours.{ending}").is_file()
    ]
    if len(present) == 1:
        return present[0]
    what = "the monthly hours are there twice" if present else "there are no monthly hours"
    remedy = "Give them once, as register/hours.parquet or register/hours.csv in the data folder"
    raise InputRefused([Problem(what, remedy, "register/hours")])


def _table(path: Path) -> pl.DataFrame:
    """``person``, ``month`` and ``hours`` with their types; what cannot be read as such is null."""
    semicolons = False
    try:
        if path.suffix == ".parquet":
            table = pl.read_parquet(path)
        else:
            with path.open("rb") as file:
                semicolons = b";" in file.readline()
            table = pl.read_csv(path, separator=";" if semicolons else ",", infer_schema=False)
    except pl.exceptions.PolarsError:
        what = f"the file is empty or cannot be read as {path.suffix[1:]}"
        remedy = "Export the hours again and check that the copy is whole"
        raise InputRefused([Problem(what, remedy, path.name)]) from None
    missing = [name for name in ("person", "month", "hours") if name not in table.columns]
    if missing:
        remedy = "Name the columns person, month and hours"
        raise InputRefused([Problem(f"there is no column '{name}'", remedy, path.name) for name in missing])
    hours = pl.col("hours")
    if table["hours"].dtype == pl.String:
        hours = hours.str.strip_chars()
        hours = hours.str.replace(",", ".", literal=True) if semicolons else hours
    month = pl.col("month")
    if table["month"].dtype == pl.String:
        month = month.str.strip_chars().str.to_date("%Y-%m-%d", strict=False)
    elif not table["month"].dtype.is_temporal():
        month = pl.lit(None, dtype=pl.Date)
    person = pl.col("person").cast(pl.String).str.strip_chars()
    return table.select(
        person=pl.when(person != "").then(person),
        month=month.cast(pl.Date, strict=False),
        hours=hours.cast(pl.Float64, strict=False),
    )


def _problems(
    rows: pl.DataFrame, file: str, field: str, wrong: pl.Series, what: str, remedy: str
) -> list[Problem]:
    found = rows.filter(wrong)["row"].to_list()
    problems = [Problem(what, remedy, file, row=row, field=field) for row in found[:SHOWN]]
    if len(found) > SHOWN:
        problems.append(
            Problem(f"{len(found) - SHOWN} more rows have this problem", remedy, file, field=field)
        )
    return problems
