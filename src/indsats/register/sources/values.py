"""What stands in the cells of a register: codes, persons, and how what is wrong with them is told."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import polars as pl

from indsats.problem import Problem

from ..codes import HIGHEST
from ..faults import MOST, harmless

NO_CODE = ("", ".")
"""Texts that stand for a week without a code; a lone dot is how SAS writes a missing number."""

FIRST_DAY, LAST_DAY = date(1850, 1, 1), date(2100, 12, 31)
"""Days outside these are no facts about people followed in a register, but slips such as 0018-02-01."""

_SHAPES = (
    (r"^\d{4}-\d\d-\d\d$", "%Y-%m-%d"),
    (r"^\d{1,2}-\d{1,2}-\d{4}$", "%d-%m-%Y"),
    (r"^\d{1,2}\.\d{1,2}\.\d{4}$", "%d.%m.%Y"),
    (r"^\d{8}$", "%Y%m%d"),
)
_MIDNIGHT = r"[ T]00:00:00(\.0+)?$"  # behind a date as spreadsheets keep it

_SPECIAL_MISSING = re.compile(r"^\.[A-Z_]$", re.IGNORECASE)  # SAS tells 27 sorts of missing apart

NOT_A_CODE = f"Codes are whole numbers from 0 to {HIGHEST}; leave a week without a code empty"
"""What to do about a value that is no code."""


def codes(values: pl.Series, file: str, first_row: int, problems: list[Problem]) -> pl.Series:
    """One week's codes as Int16, null for a week without one.

    ``values`` may be whole numbers, decimal numbers that are whole, or text of either with blanks around and
    zeros in front; null, NaN, an empty text, a dot and SAS's special missing values (``.A``) are no code.
    ``first_row`` is the row of the first value in the file. What is no code is added to ``problems`` with its
    row, and the result is then null throughout.
    """
    dtype = values.dtype
    if dtype == pl.Null:
        return values.cast(pl.Int16)
    if dtype.is_integer():
        found = values
    elif dtype.is_float():
        values = values.fill_nan(None)
        found = values.set(values != values.round(), -1)
    else:
        found = _of_text(values.cast(pl.String))
    low, high = found.min(), found.max()  # cheaper than asking each value, and nearly always enough
    if low is None or (low >= 0 and high <= HIGHEST):  # type: ignore[operator]
        return found.cast(pl.Int16)
    wrong = (~found.is_between(0, HIGHEST)).fill_null(value=False).to_numpy()
    problems += [
        Problem(
            "this is no register code",
            NOT_A_CODE,
            file,
            row=int(row) + first_row,
            field=values.name,
            value=harmless(_written(values[int(row)])),
        )
        for row in np.flatnonzero(wrong)[: max(0, MOST - len(problems))]
    ]
    return pl.Series(values.name, [None], dtype=pl.Int16).new_from_index(0, len(values))


def _written(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _of_text(text: pl.Series) -> pl.Series:
    """Texts as numbers, null for none, -1 for what is no code."""
    text = text.str.strip_chars()
    text = text.set(text.is_in(NO_CODE), None)
    found = text.cast(pl.Int32, strict=False)
    odd = found.is_null() & text.is_not_null()
    if not odd.any():
        return found
    missing = odd & text.str.contains(f"(?i){_SPECIAL_MISSING.pattern}")
    # "130.0" is how a whole number comes out of programs that keep gaps in decimal columns.
    decimal = text.cast(pl.Float64, strict=False)
    whole = decimal.is_not_null() & decimal.is_between(0, HIGHEST) & (decimal == decimal.round())
    found = found.zip_with(~odd, decimal.set(~whole.fill_null(value=False), -1).cast(pl.Int32))
    return found.set(odd & found.is_null(), -1).set(missing, None)


def _whole(values: pl.Series) -> pl.Series:
    """Whether decimal numbers are whole, and small enough for that to be certain."""
    return (values.abs() < 2.0**53) & (values == values.round())


def text(values: pl.Series) -> pl.Series:
    """Texts without blanks around, null for none; whole numbers in a decimal column are written without ``.0``."""
    if values.dtype.is_float():
        values = values.fill_nan(None)
        if bool(_whole(values).all()):
            values = values.cast(pl.Int64)
    found = values.cast(pl.String).str.strip_chars()
    return found.set(found == "", None)


def dates(values: pl.Series, first: date = FIRST_DAY, last: date = LAST_DAY) -> pl.Series:
    """Days (Date), null for what is none or lies outside ``first`` to ``last``, both included.

    ``values`` may be dates, times of day with a date (the day their own time zone has), or text or whole
    numbers written 2016-05-03, 03-05-2016, 03.05.2016 or 20160503. A number is never a count of days.
    """
    if values.dtype == pl.Date:
        found = values
    elif isinstance(values.dtype, pl.Datetime):
        found = values.dt.replace_time_zone(None).cast(pl.Date)  # else the day would be the one in Greenwich
    else:
        cell = pl.col("cell").str.replace(_MIDNIGHT, "")
        read = [
            pl.when(cell.str.contains(shape)).then(cell).str.to_date(form, strict=False)
            for shape, form in _SHAPES
        ]
        found = text(values).alias("cell").to_frame().select(pl.coalesce(read)).to_series()
    found = found.set(~found.is_between(first, last), None)
    return found.alias(values.name)


def persons(values: pl.Series, file: str, problems: list[Problem]) -> pl.Series:
    """Persons as text without blanks around, null where there is none.

    A problem are numbers of nine or ten digits, for among them are person numbers that lost a leading zero,
    and texts of digits some of which have nine and some ten, for the same reason.
    """
    if values.dtype.is_float():
        values = values.fill_nan(None)
        if not _whole(values).all():
            what = "persons are stored as decimal numbers"
            problems.append(Problem(what, "Store the identification as text", file, field=values.name))
            return pl.Series(values.name, [None], dtype=pl.String).new_from_index(0, len(values))
        values = values.cast(pl.Int64)
    if values.dtype.is_integer() and values.is_between(10**8, 10**10 - 1).any():
        what = "persons are stored as numbers of nine or ten digits, which loses a leading zero"
        problems.append(Problem(what, "Store the identification as text", file, field=values.name))
        return values.cast(pl.String)
    found = text(values)
    long = found.filter(found.str.len_bytes().is_between(9, 10))
    digits = long.filter(long.str.contains(r"^\d+$")).str.len_bytes()
    if digits.n_unique() > 1:
        what = f"{int((digits == 9).sum())} persons have nine digits and others ten: a leading zero was lost"
        problems.append(Problem(what, "Export the identification as text", file, field=values.name))
    return found


def twice(person: pl.Series, rows: np.ndarray, file: str) -> list[Problem]:
    """A problem for each row of a person that has an earlier one. ``rows`` are their rows in the file."""
    if person.n_unique() == len(person):
        return []
    repeated = (
        pl.DataFrame({"person": person, "row": rows})
        .with_columns(before=pl.col("row").first().over("person"))
        .filter(pl.col("row") != pl.col("before"))
        .select("row", "before")
    )
    remedy = "Keep one row for each person"
    return [
        Problem(f"the person stands already in row {before}", remedy, file, row=row, field=person.name)
        for row, before in repeated.head(MOST).iter_rows()
    ]
