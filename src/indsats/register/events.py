"""Reading the dated facts that start a person's clock: registrations, starts, draws."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from indsats.problem import Problem

from .faults import each_row
from .sources.tables import person_column, refuse, the_column, whole
from .sources.text import open_table
from .sources.values import dates, persons
from .weeks import week_numbers


def read_events(path: Path) -> pl.DataFrame:
    """Who was registered when, from a Parquet file or a CSV file with commas, semicolons or tabs.

    A row an event: ``person`` and ``date``; other columns are not read. Dates are dates, or written as 2016-05-03,
    03-05-2016, 03.05.2016 or 20160503. Returns ``person`` (String) and
    ``week`` (Int32, the register week the day lies in), sorted. Events of one person in one week are one.

    Raises ``InputRefused`` with every problem found when the file is missing, empty or unreadable, a column or
    a value is missing, or a date is none.
    """
    table = open_table(path)
    problems: list[Problem] = []
    person = person_column(path.name, table.names)
    date = the_column(path.name, table.names, ("date",), "the date", problems)
    missing = [name for name, there in (("person", person in table.names), ("date", date)) if not there]
    remedy = "Name the columns person and date"
    refuse([*problems, *(Problem(f"there is no column '{name}'", remedy, path.name) for name in missing)])
    assert date is not None  # noqa: S101 - refused above
    rows = whole(table, [person, date])
    who = persons(rows[person], path.name, problems)
    days = dates(rows[date])
    nobody, never = rows["row"].filter(who.is_null()), rows["row"].filter(days.is_null())
    problems += each_row("there is no person", "Fill in the person", path.name, nobody, person)
    problems += each_row("this is no date", "Write dates as 2016-05-01", path.name, never, date)
    refuse(problems)
    return (
        pl.DataFrame({"person": who, "day": days})
        .select("person", week=week_numbers(pl.col("day")))
        .unique()
        .sort("person", "week")
    )
