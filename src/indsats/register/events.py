"""Reading the dated facts that start a person's clock: registrations, starts, draws."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from indsats.problem import InputRefused, Problem

from .sources.tables import open_parquet, person_column, whole
from .sources.text import open_delimited
from .sources.values import persons, shorten
from .weeks import ORIGIN

DAYS_A_WEEK = 7


def read_events(path: Path) -> pl.DataFrame:
    """Who was registered when, from a Parquet file or a CSV file with commas, semicolons or tabs.

    A row an event: ``person`` and ``date``; other columns are not read. Returns ``person`` (String) and
    ``week`` (Int32, the register week the day lies in), sorted. Events of one person in one week are one.

    Raises ``InputRefused`` with every problem found when the file is missing, empty or unreadable, a column or
    a value is missing, or a date is none.
    """
    if not path.is_file():
        raise InputRefused([Problem("there is no such file", "Check the name and the folder", path.name)])
    table = open_parquet(path) if path.suffix.lower() == ".parquet" else open_delimited(path)
    person = person_column(path.name, table.names)
    missing = [name for name in (person, "date") if name not in table.names]
    if missing:
        remedy = "Name the columns person and date"
        raise InputRefused([Problem(f"there is no column '{name}'", remedy, path.name) for name in missing])
    rows = whole(table, [person, "date"])
    problems: list[Problem] = []
    who = persons(rows[person], path.name, problems)
    dates = rows["date"]
    days = (
        dates.str.to_date("%Y-%m-%d", strict=False)
        if dates.dtype == pl.String
        else dates.cast(pl.Date, strict=False)
    )
    for row in rows.filter(who.is_null())["row"]:
        problems.append(Problem("there is no person", "Fill in the person", path.name, row=row, field=person))
    for row in rows.filter(days.is_null())["row"]:
        remedy = "Write dates as 2016-05-01"
        problems.append(Problem("this is no date", remedy, path.name, row=row, field="date"))
    if problems:
        raise InputRefused(shorten(problems))
    week = (days - ORIGIN).dt.total_days() // DAYS_A_WEEK
    return pl.DataFrame({"person": who, "week": week.cast(pl.Int32)}).unique().sort("person", "week")
