"""Reading who people are from files like the civil register's (CPR): birth, sex, origin, civil status, residence."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl

from indsats.problem import InputRefused, Problem
from indsats.programme import PERSON_FIELDS

from .faults import MOST, each_row, harmless
from .sources.sas import ENDINGS
from .sources.tables import Table, person_column, refuse, the_column, whole
from .sources.text import open_table
from .sources.values import dates, persons, text, twice

NAMES: Mapping[str, tuple[str, ...]] = {
    "birth_date": ("birth_date", "foed_dag", "foedselsdato", "fødselsdato"),
    "sex": ("sex", "koen", "køn", "kon"),
    "origin": ("origin", "ie_type", "herkomst"),
    "civil_status": ("civil_status", "civst", "civilstand"),
    "education": ("education", "hfaudd"),
    "area": ("area", "municipality", "kom", "kommune"),
    "death_date": ("death_date", "doddato", "doedsdato"),
    "emigrated": ("emigrated", "udrejsedato"),
}
"""What columns are called here and in the registers; capital letters or not."""

DATES = ("birth_date", "death_date", "emigrated")

CODES: Mapping[str, Mapping[str, str | None]] = {
    "sex": {"1": "man", "2": "woman", "m": "man", "k": "woman", "9": None},
    "origin": {"1": "danish", "2": "immigrant", "3": "descendant", "9": None},
    "civil_status": {
        "u": "single",
        "g": "married",
        "f": "divorced",
        "e": "widowed",
        "p": "registered_partner",
        "o": "dissolved_partnership",
        "l": "surviving_partner",
        "d": "dead",
        "9": None,
    },
}
"""Codes of one character and what they mean; 9 is not stated. Sources: Statistics Denmark's documentation of the
variables KOEN, HERKOMST and CIVST."""

SCHEMA: dict[str, pl.DataType] = {
    "person": pl.String(),
    **{name: pl.Date() if kind == "date" else pl.String() for name, kind in PERSON_FIELDS.items()},
    "death_date": pl.Date(),
    "emigrated": pl.Date(),
}
"""The columns of a table of background: those of persons in a record, and the two that end follow-up."""

_SHAPE = r"^(\d{6})[- ]?(\d{4})$"
_WEIGHTS = np.array([4, 3, 2, 7, 6, 5, 4, 3, 2, 1])


def read_background(path: Path, *, derive: bool = False, synthetic: bool = False) -> pl.DataFrame:
    """Persons from a Parquet or CSV file with the columns of ``NAMES``, all but the person's optional.

    Codes of one character are translated as ``CODES`` says, other texts are kept. Dates are dates, or text as
    2016-05-03, 03-05-2016, 03.05.2016 or 20160503. With ``derive`` a missing sex is taken from the last digit
    of the person number and a missing birth date from its first seven (day, month, year and century); what
    the file says goes first, as sex may have changed in law. Numbers whose day is 60 too high are given out
    by municipalities for the time being and tell no birth date. ``synthetic`` allows months 21 to 32, which
    invented persons have.

    Returns the columns of ``SCHEMA``, those the file lacks null, one row a person in the order of the file.
    Raises ``InputRefused`` with every problem found: a person missing, twice or a number that lost a zero, a
    date that is none or lies outside 1850 to 2100, a code that is none, a death before birth, and with
    ``derive`` a number without a possible date.
    """
    table = _open(path)
    file, who = path.name, person_column(path.name, table.names)
    columns = _columns(table, who)
    rows = whole(table, [who, *columns.values()])
    problems: list[Problem] = []
    found = {"row": rows["row"], "person": persons(rows[who], file, problems)}
    remedy = "Give the person's identification, or take the row out"
    problems += each_row("the row has no person", remedy, file, rows["row"].filter(found["person"].is_null()))
    named = found["person"].is_not_null()
    problems += twice(found["person"].filter(named), rows["row"].filter(named).to_numpy(), file)
    for name, column in columns.items():
        read = _dates if name in DATES else _texts
        found[name] = read(name, rows[column], rows["row"], file, problems)
    people = pl.DataFrame(found)
    missing = [pl.lit(None, dtype=kind).alias(name) for name, kind in SCHEMA.items() if name not in found]
    people = people.with_columns(missing)
    if derive:
        people = _derived(people, file, problems, synthetic=synthetic)
    early = people.filter(pl.col("death_date") < pl.col("birth_date"))["row"]
    remedy = "Correct one of the two dates"
    problems += each_row("the person died before birth", remedy, file, early, "death_date")
    refuse(problems)
    return people.select(list(SCHEMA)).cast(SCHEMA)  # type: ignore[arg-type]


def odd_check_digits(person: pl.Series, file: str = "") -> list[Problem]:
    """A warning that counts person numbers which fail modulus 11; nothing when there are none.

    Never a reason to refuse: since October 2007 numbers are given out that fail it (the civil register
    office, cpr.dk). Many of them point to typing errors.
    """
    digits = _digits(person).drop_nulls()
    if not len(digits):
        return []
    numbers = np.frombuffer("".join(digits.to_list()).encode(), dtype=np.uint8).reshape(-1, 10) - ord("0")
    odd = int(np.count_nonzero(numbers.astype(np.int64) @ _WEIGHTS % 11))
    if not odd:
        return []
    what = f"{odd} of {len(digits)} person numbers fail the check of their last digit"
    remedy = "Numbers given out since 2007 may; look for typing errors if they are many"
    return [Problem(what, remedy, file, severity="warning")]


def _open(path: Path) -> Table:
    ending = path.suffix.lower()
    if ending in ENDINGS and path.is_file():
        what = f"background is not read from {ending} files"
        raise InputRefused([Problem(what, "Export it as Parquet or CSV", path.name)])
    return open_table(path)


def _columns(table: Table, person: str) -> dict[str, str]:
    """The field of each column; ``InputRefused`` when persons are missing or two columns mean one field."""
    file = table.file.name
    problems = []
    if person not in table.names:
        problems.append(Problem("there is no column 'person'", "Name the column person", file))
    columns: dict[str, str] = {}
    for field, names in NAMES.items():
        if column := the_column(file, table.names, names, field, problems):
            columns[field] = column
    if not columns and not problems:
        known = ", ".join(NAMES)
        problems.append(Problem("no column tells anything about persons", f"Known are {known}", file))
    if problems:
        raise InputRefused(problems)
    return columns


def _texts(field: str, values: pl.Series, rows: pl.Series, file: str, problems: list[Problem]) -> pl.Series:
    """Texts; codes of one character as what they mean."""
    cells = text(values)
    codes = CODES.get(field)
    if codes is None:
        return cells
    short = cells.str.len_chars() == 1
    means = cells.str.to_lowercase().replace_strict(dict(codes), default=None, return_dtype=pl.String)
    known = cells.str.to_lowercase().is_in(list(codes))
    wrong = (short & ~known).fill_null(value=False)
    remedy = f"Codes are {', '.join(code.upper() for code in codes)}; or write it in words"
    for row, cell in zip(rows.filter(wrong).head(MOST), cells.filter(wrong).head(MOST), strict=True):
        problems.append(
            Problem("this is no known code", remedy, file, row=row, field=values.name, value=str(cell))
        )
    return means.zip_with(short.fill_null(value=False), cells).alias(field)


def _dates(field: str, values: pl.Series, rows: pl.Series, file: str, problems: list[Problem]) -> pl.Series:
    found = dates(values)
    given = values.is_not_null() if values.dtype.is_temporal() else text(values).is_not_null()
    wrong = given & found.is_null()
    remedy = "Write the date as 2016-05-03, 03-05-2016 or 20160503"
    for row, cell in zip(rows.filter(wrong).head(MOST), values.filter(wrong).head(MOST), strict=True):
        shown = harmless(str(cell))
        problems.append(Problem("this is no date", remedy, file, row=row, field=values.name, value=shown))
    return found.alias(field)


def _digits(person: pl.Series) -> pl.Series:
    """The ten digits of what has the shape of a person number, else null."""
    shaped = person.str.contains(_SHAPE)
    return person.str.replace(_SHAPE, "${1}${2}").set(~shaped.fill_null(value=False), None)


def _derived(people: pl.DataFrame, file: str, problems: list[Problem], *, synthetic: bool) -> pl.DataFrame:
    """Sex and birth date filled in from person numbers, where the file does not tell them."""
    digits = _digits(people["person"]).alias("digits")

    def number(start: int, length: int) -> pl.Expr:
        return pl.col("digits").str.slice(start, length).cast(pl.Int32)

    day, month, year, seventh = number(0, 2), number(2, 2), number(4, 2), number(6, 1)
    replaced = day > 60
    calendar = pl.when((month > 20) & synthetic).then(month - 20).otherwise(month)
    century = (
        pl.when(seventh <= 3)
        .then(1900)
        .when(seventh.is_in([4, 9]))
        .then(pl.when(year <= 36).then(2000).otherwise(1900))
        .otherwise(pl.when(year <= 57).then(2000).otherwise(1800))
    )
    text = pl.format(
        "{}-{}-{}",
        century + year,
        calendar.cast(pl.String).str.zfill(2),
        (day - pl.when(replaced).then(60).otherwise(0)).cast(pl.String).str.zfill(2),
    )
    read = people.with_columns(digits).with_columns(
        born=text.str.to_date("%Y-%m-%d", strict=False),
        replaced=replaced,
        by_digit=pl.when(number(9, 1) % 2 == 0).then(pl.lit("woman")).otherwise(pl.lit("man")),
    )
    wrong = read.filter(pl.col("digits").is_not_null() & pl.col("born").is_null())["row"]
    remedy = "Check the number; its first six digits are day, month and year of birth"
    what = "the person number begins with no possible date"
    problems += each_row(what, remedy, file, wrong, "person")
    known = pl.col("digits").is_not_null()
    return read.with_columns(
        birth_date=pl.coalesce("birth_date", pl.when(~pl.col("replaced")).then("born")),
        sex=pl.coalesce("sex", pl.when(known).then("by_digit")),
    ).drop("digits", "born", "replaced", "by_digit")
