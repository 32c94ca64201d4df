"""What stands in the cells of a register: codes, persons, and how what is wrong with them is told."""

from __future__ import annotations

import re

import numpy as np
import polars as pl

from indsats.problem import Problem

from ..codes import HIGHEST

SHOWN = 10
"""Problems listed of one sort before the rest is only counted."""

MOST = 1_000
"""Problems collected before looking stops: a wrong file has millions of them."""

NO_CODE = ("", ".")
"""Texts that stand for a week without a code; a lone dot is how SAS writes a missing number."""

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
            value=harmless(str(values[int(row)])),
        )
        for row in np.flatnonzero(wrong)[: max(0, MOST - len(problems))]
    ]
    return pl.Series(values.name, [None], dtype=pl.Int16).new_from_index(0, len(values))


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


def persons(values: pl.Series, file: str, problems: list[Problem]) -> pl.Series:
    """Persons as text without blanks around, null where there is none.

    Numbers of nine or ten digits are a problem: among them are person numbers that lost a leading zero.
    """
    if values.dtype.is_float():
        if (values != values.round()).any():
            what = "persons are stored as decimal numbers"
            problems.append(Problem(what, "Store the identification as text", file, field=values.name))
            return pl.Series(values.name, [None], dtype=pl.String).new_from_index(0, len(values))
        values = values.fill_nan(None).cast(pl.Int64)
    if values.dtype.is_integer() and values.is_between(10**8, 10**10 - 1).any():
        what = "persons are stored as numbers of nine or ten digits, which loses a leading zero"
        problems.append(Problem(what, "Store the identification as text", file, field=values.name))
    text = values.cast(pl.String).str.strip_chars()
    return text.set(text == "", None)


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


def harmless(value: str) -> str:
    """The value if it is short; a long one may be a person number in the wrong column."""
    return value if len(value) <= 6 else f"{len(value)} characters"


def shorten(problems: list[Problem]) -> list[Problem]:
    """The first problems of each sort, and how many more were found before looking stopped."""
    kept: list[Problem] = []
    counts: dict[str, int] = {}
    for problem in problems:
        counts[problem.remedy] = counts.get(problem.remedy, 0) + 1
        if counts[problem.remedy] <= SHOWN:
            kept.append(problem)
    for remedy, count in counts.items():
        if count > SHOWN:
            alike = next(problem for problem in problems if problem.remedy == remedy)
            kept.append(
                Problem(f"at least {count - SHOWN} more problems are of this kind", remedy, alike.file)
            )
    return kept
