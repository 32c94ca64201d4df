"""Reading the monthly hours of paid work that stand beside the weekly register."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from indsats.problem import InputRefused, Problem

from .faults import each_row
from .sources.tables import Table, person_column, refuse, the_column, whole
from .sources.text import DelimitedTable, open_table
from .sources.values import dates, persons, text, twice

MOST_HOURS = 744.0
"""Hours in a month of 31 days."""

HOURS = ("hours", "loentimer", "ajo_loentimer")
PAY = ("pay", "ajo_bredt_loenbeloeb")
IMPUTED = ("imputed", "ajo_loentime_kode")
"""What columns are called here and in Statistics Denmark's register of employees (BFL)."""

# "25.000" is 25,000 to Danes and 25 to others; "25.000,50" and "1.250.000" can only be Danish.
_EITHER = r"^[+-]?[1-9]\d{0,2}\.\d{3}$"
_GROUPED = r"^[+-]?\d{1,3}(\.\d{3})+,\d*$|^[+-]?\d{1,3}(\.\d{3}){2,}$"

_INDUSTRY = re.compile(r"^branche_(\d{4})_(\d{2})$", re.IGNORECASE)
_DEGREE = re.compile(r"^grad_\d{4}_\d{2}$", re.IGNORECASE)
SCHEMA: dict[str, pl.DataType] = {
    "person": pl.String(),
    "month": pl.Date(),
    "hours": pl.Float64(),
    "imputed_share": pl.Float64(),
    "pay": pl.Float64(),
}


@dataclass(frozen=True, slots=True)
class _Columns:
    """What the columns of a file are called; None for those it lacks."""

    person: str
    month: str
    hours: str
    pay: str | None
    imputed: str | None


def has_hours(folder: Path) -> bool:
    """Whether the data folder holds monthly hours."""
    return bool(_present(folder))


def read_hours(folder: Path) -> pl.DataFrame:
    """Paid hours a month from ``folder/register/hours.parquet`` or ``hours.csv``.

    The file is read as ``read_hours_file`` says. Returns ``person`` (String), ``month`` (Date), ``hours``
    (Float64), one row for each person and month, sorted; a month without a row means none reported.

    Raises ``InputRefused`` with every problem found, also when the file tells who worked but not how long.
    """
    path = _find(folder)
    hours = read_hours_file(path).select("person", "month", "hours")
    if hours["hours"].null_count():
        what = "the file tells which months people were employed in, and not for how many hours"
        remedy = "Give a file with the columns person, month and hours"
        raise InputRefused([Problem(what, remedy, path.name)])
    return hours


def read_hours_file(path: Path) -> pl.DataFrame:
    """Paid work a month from a Parquet file or a CSV file with commas, semicolons or tabs.

    A row a job: ``person``, ``month`` (the first day of the month), ``hours``, and if known ``pay`` (DKK) and
    ``imputed`` (the share of the hours that was estimated, 0 to 1). BFL's own names are known: ``ajo_loentimer``,
    ``ajo_bredt_loenbeloeb``, and ``ajo_loentime_kode`` with 0 for imputed and 1 for reported. Other columns
    are not read. The jobs of a month are added up. With semicolons numbers have decimal commas, and a number
    that would be another one with a decimal point (25.000) is refused.

    Or a row a person with DREAM's ``branche_YYYY_MM``: an industry means employed in that month. Its hours
    are then null. DREAM's ``grad_YYYY_MM`` is not turned into hours: no source says what a full month is.

    Returns ``person`` (String), ``month`` (Date), ``hours``, ``imputed_share`` (of the hours, or of the jobs if
    they have no hours) and ``pay`` (Float64, null when the file does not tell), one row for each person
    and month, sorted. A month without a row means no work reported.

    Raises ``InputRefused`` with every problem found when the file is missing, empty or unreadable, a column
    or a value is missing, two columns mean the same, a date is not the first of a month, hours are negative or
    more than a month has, or a share is none.
    """
    table = open_table(path)
    industries = [name for name in table.names if _INDUSTRY.match(name)]
    if industries:
        return _employed(table, industries)
    columns = _columns(table)
    rows = whole(table, [name for name in _named(columns) if name])
    return _added_up(_typed(rows, columns, table), columns, path.name)


def last_month(hours: pl.DataFrame) -> date | None:
    """The newest month of a table of hours, None if it is empty.

    Employers report late and correct: Statistics Denmark grosses the newest months up for it. What is
    computed on them will change with the next delivery.
    """
    newest = hours["month"].max()
    return newest if isinstance(newest, date) else None


def _present(folder: Path) -> list[Path]:
    files = (folder / "register" / f"hours.{ending}" for ending in ("parquet", "csv"))
    return [path for path in files if path.is_file()]


def _find(folder: Path) -> Path:
    present = _present(folder)
    if len(present) == 1:
        return present[0]
    what = "the monthly hours are there twice" if present else "there are no monthly hours"
    remedy = "Give them once, as register/hours.parquet or register/hours.csv in the data folder"
    raise InputRefused([Problem(what, remedy, "register/hours")])


def _columns(table: Table) -> _Columns:
    file = table.file.name
    person = person_column(file, table.names)

    problems: list[Problem] = []

    def found(names: Sequence[str], means: str) -> str | None:
        return the_column(file, table.names, names, means, problems)

    month, hours = found(("month",), "the month"), found(HOURS, "hours")
    pay, imputed = found(PAY, "pay"), found(IMPUTED, "imputed hours")
    present = {"person": person in table.names, "month": month, "hours": hours}
    missing = [name for name, there in present.items() if not there]
    remedy = "Name the columns person, month and hours"
    if "hours" in missing and any(_DEGREE.match(name) for name in table.names):
        remedy = "Give hours: an employment degree cannot be turned into hours without knowing a full month"
    problems += [Problem(f"there is no column '{name}'", remedy, file) for name in missing]
    if problems or month is None or hours is None:
        raise InputRefused(problems)
    return _Columns(person, month, hours, pay, imputed)


def _named(columns: _Columns) -> tuple[str | None, ...]:
    return columns.person, columns.month, columns.hours, columns.pay, columns.imputed


def _typed(rows: pl.DataFrame, columns: _Columns, table: Table) -> pl.DataFrame:
    """``row`` and the columns by their names here, with their types; what cannot be read as such is null."""
    commas = isinstance(table, DelimitedTable) and table.separator == ";"
    problems: list[Problem] = []
    typed = {
        "row": rows["row"],
        "person": persons(rows[columns.person], table.file.name, problems),
        "month": dates(rows[columns.month]),
        "hours": _numbers(rows[columns.hours], commas=commas),
    }
    if columns.pay:
        typed["pay"] = _numbers(rows[columns.pay], commas=commas)
        typed["pay_given"] = text(rows[columns.pay]).is_not_null()
    if columns.imputed:
        share = rows[columns.imputed]
        share = _numbers(share.cast(pl.Int8) if share.dtype == pl.Boolean else share, commas=commas)
        typed["imputed"] = share if columns.imputed.lower() == IMPUTED[0] else 1 - share
    refuse(problems)
    return pl.DataFrame(typed)


def _numbers(values: pl.Series, *, commas: bool) -> pl.Series:
    """Decimal numbers, null for what is none. ``commas``: the text has decimal commas."""
    if not values.dtype.is_numeric():
        values = text(values.cast(pl.String))
        if commas:
            values = values.set(values.str.contains(_EITHER).fill_null(value=False), None)
            grouped = values.str.contains(_GROUPED).fill_null(value=False)
            values = values.str.replace_all(".", "", literal=True).zip_with(grouped, values)
            values = values.str.replace(",", ".", literal=True)
    numbers = values.cast(pl.Float64, strict=False)
    return numbers.set(~numbers.is_finite(), None)


def _added_up(rows: pl.DataFrame, columns: _Columns, file: str) -> pl.DataFrame:
    """A row for each person and month; ``InputRefused`` with everything wrong in the rows."""
    refuse(_wrong(rows, columns, file))
    total = pl.col("hours").sum()
    sums = {"hours": total}
    if columns.imputed:
        share = (pl.col("imputed") * pl.col("hours")).sum() / total
        sums["imputed_share"] = pl.when(total > 0).then(share).otherwise(pl.col("imputed").mean())
    if columns.pay:
        sums["pay"] = pl.when(pl.col("pay").is_not_null().any()).then(pl.col("pay").sum())
    for name in ("imputed_share", "pay"):
        sums.setdefault(name, pl.lit(None, dtype=pl.Float64).first())
    summed = rows.group_by("person", "month").agg(**sums).sort("person", "month")
    over = summed.filter(pl.col("hours") > MOST_HOURS).height
    if over:
        what = f"{over} persons' months add up to more than {MOST_HOURS:.0f} hours"
        raise InputRefused([Problem(what, "Look for rows delivered twice", file, field=columns.hours)])
    return summed.select(list(SCHEMA))


def _wrong(rows: pl.DataFrame, columns: _Columns, file: str) -> list[Problem]:
    first = (rows["month"].dt.day() == 1).fill_null(value=False)
    possible = rows["hours"].is_between(0, MOST_HOURS).fill_null(value=False)
    how = "; in files with semicolons decimals have a comma and thousands no point"
    most = f"Give hours in the month as a number from 0 to {MOST_HOURS:.0f}{how}"
    found = [
        (columns.person, rows["person"].is_null(), "there is no person", "Fill in the person"),
        (
            columns.month,
            ~first,
            "this is not the first day of a month",
            "Write months as their first day, such as 2016-05-01",
        ),
        (columns.hours, ~possible, "hours are missing, negative or more than a month has", most),
    ]
    if columns.imputed:
        share = rows["imputed"].is_between(0, 1).fill_null(value=False)
        remedy = "Give a share from 0 to 1; BFL's code is 0 for imputed and 1 for reported"
        found.append((columns.imputed, ~share, "this is no share of imputed hours", remedy))
    if columns.pay:
        remedy = f"Give DKK, or leave it empty{how}"
        unread = rows["pay"].is_null() & rows["pay_given"]
        found.append((columns.pay, unread, "pay is not a number", remedy))
    return [
        problem
        for name, wrong, what, remedy in found
        for problem in each_row(what, remedy, file, rows["row"].filter(wrong), name)
    ]


def _employed(table: Table, industries: Sequence[str]) -> pl.DataFrame:
    """The months with an industry in a wide file, a row a person."""
    file = table.file.name
    months: dict[str, date] = {}
    problems: list[Problem] = []
    for name in industries:
        year, month = map(int, name.split("_")[1:])
        if 1 <= month <= 12:
            months[name] = date(year, month, 1)
        else:
            what = f"there is no month {month}"
            problems.append(Problem(what, "Name the column branche_YYYY_MM", file, field=name))
    person = person_column(file, table.names)
    if person not in table.names:
        problems.append(Problem("there is no column 'person'", "Name the column person", file))
    refuse(problems)
    rows = whole(table, [person, *months])
    who = persons(rows[person], file, problems)
    remedy = "Give the person's identification, or take the row out"
    problems += each_row("the row has no person", remedy, file, rows["row"].filter(who.is_null()), person)
    problems += twice(who.drop_nulls(), rows["row"].filter(who.is_not_null()).to_numpy(), file)
    refuse(problems)
    texts = [pl.col(name).cast(pl.String).str.strip_chars().replace("", None) for name in months]
    return (
        rows.with_columns(who.alias(person), *texts)
        .unpivot(list(months), index=person, variable_name="column")
        .filter(pl.col("value").is_not_null())
        .select(
            pl.col(person).alias("person"),
            pl.col("column").replace_strict(months, return_dtype=pl.Date).alias("month"),
            *(pl.lit(None, dtype=SCHEMA[name]).alias(name) for name in ("hours", "imputed_share", "pay")),
        )
        .sort("person", "month")
    )
