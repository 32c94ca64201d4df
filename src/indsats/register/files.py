"""Reading the wide weekly register: a row a person, a column a week, checked and encoded in batches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from indsats.problem import InputRefused, Problem
from indsats.progress import Progress

from .codes import BLANK, HIGHEST, unknown_codes
from .spells import Runs, run_lengths, spell_table
from .weeks import WeekError, column_of_week, week_of_column

BATCH = 50_000
"""Persons encoded at a time: 520 weeks of them take 52 MB."""

SHOWN = 10
"""Problems listed of one sort before the rest is only counted."""

MOST = 1_000
"""Problems collected before reading stops: a wrong file has millions of them."""

_MISNAMED_WEEK = re.compile(r"^(y_.*|(y|u|uge|w|week)?[ _.\-]?\d{3,4})$", re.IGNORECASE)
_RENAMED_TWIN = re.compile(r"_duplicated_\d+$")  # what Polars calls the second column of a name
_NO_CODE = ("", ".")  # a lone dot is how SAS writes a missing number


@dataclass(frozen=True, slots=True)
class Register:
    """A weekly register as spells.

    ``spells`` has a row for each run of weeks with one code: ``person`` (String), ``first_week``,
    ``last_week`` (Int32, weeks since 1991-W32, both included), ``code`` (Int16, null for weeks without one);
    it is sorted by person and week and covers every person from ``first_week`` to ``last_week``.
    ``unknown_codes`` counts the codes the code list lacks (``code``, ``weeks``, ``persons``).
    ``columns_left_out`` names the columns of the file that are neither person nor week.
    """

    spells: pl.DataFrame
    first_week: int
    last_week: int
    unknown_codes: pl.DataFrame
    columns_left_out: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, spells: pl.DataFrame, first_week: int, last_week: int, left_out: tuple[str, ...] = ()
    ) -> Register:
        """A register of a spell table, its unknown codes counted."""
        return cls(spells, first_week, last_week, unknown_codes(spells), left_out)


def has_register(folder: Path) -> bool:
    """Whether the data folder holds a weekly register."""
    return any((folder / "register" / f"dream.{ending}").is_file() for ending in ("parquet", "csv"))


def read_register(folder: Path, progress: Progress | None = None) -> Register:
    """The weekly register in ``folder/register/dream.parquet`` or ``dream.csv``.

    One row a person: column ``person``, and ``y_YYWW`` for each week, gapless and in order; values are codes
    of up to three digits, as numbers or text; empty, null or a lone dot is a week without a code. A CSV file
    is separated by commas or semicolons. A column that is neither is left out and named in
    ``Register.columns_left_out``; a row that is empty throughout is skipped. ``progress`` is called after
    each batch of 50,000 persons and may raise to stop; nothing is written.

    Raises ``InputRefused`` with every problem found when the file is missing, empty or unreadable, a column
    name is wrong, weeks are missing or out of order, a person is missing or occurs twice, or a value is no
    code.
    """
    path = _find(folder)
    separator = _check_lines(path) if path.suffix == ".csv" else ","
    names = _names(path, separator)
    columns, first_week, left_out = _week_columns(path.name, names)
    try:
        persons, batches = _encode(path, _frames(path, separator, columns, typed=True), columns, progress)
    except pl.exceptions.ComputeError:
        # Some value of a CSV file is no whole number: read as text, which is slower and can say where.
        try:
            persons, batches = _encode(
                path, _frames(path, separator, columns, typed=False), columns, progress
            )
        except pl.exceptions.PolarsError:
            # The library's own message may quote the row, and with it a person number.
            remedy = "Export the register again, as UTF-8 if it is CSV, and check that the copy is whole"
            what = f"the file cannot be read as {path.suffix[1:]}"
            raise InputRefused([Problem(what, remedy, path.name)]) from None
    if not batches:
        raise InputRefused(
            [Problem("the register has a heading but no persons", "Add a row for each person", path.name)]
        )
    spells = spell_table(persons, batches, first_week)
    return Register.of(spells, first_week, first_week + len(columns) - 1, left_out)


def _find(folder: Path) -> Path:
    present = [
        path for ending in ("parquet", "csv") if (path := folder / "register" / f"dream.{ending}").is_file()
    ]
    if len(present) == 1:
        return present[0]
    if present:
        what, remedy = "the weekly register is there twice", "Keep one of dream.parquet and dream.csv"
    else:
        what = "there is no weekly register"
        remedy = "Put it in the data folder as register/dream.parquet or register/dream.csv"
    raise InputRefused([Problem(what, remedy, "register/dream")])


def _check_lines(path: Path) -> str:
    """The separator, once every line has as many fields as the heading.

    A file cut off in transfer ends in a short line; read as it stands, the missing weeks would pass for weeks
    without a benefit.
    """
    problems: list[Problem] = []
    with path.open("rb") as file:
        heading = file.readline()
        separator = b";" if heading.count(b";") > heading.count(b",") else b","
        expected = heading.count(separator)
        for row, line in enumerate(file, start=2):
            found = line.count(separator)
            if found != expected and line.strip() and b'"' not in line:
                problems.append(
                    Problem(
                        f"the row has {found + 1} fields and the heading has {expected + 1}",
                        "Export the file again; a last row that is too short means a copy was cut off",
                        path.name,
                        row=row,
                    )
                )
    if problems:
        raise InputRefused(_shorten(problems))
    return separator.decode()


def _scan(path: Path, separator: str, schema: dict[str, pl.DataType] | None) -> pl.LazyFrame:
    if path.suffix == ".parquet":
        return pl.scan_parquet(path)
    return pl.scan_csv(
        path, separator=separator, infer_schema=False, schema_overrides=schema, null_values=list(_NO_CODE)
    )


def _names(path: Path, separator: str) -> list[str]:
    try:
        return _scan(path, separator, None).collect_schema().names()
    except pl.exceptions.NoDataError:
        what = "the file is empty"
    except pl.exceptions.PolarsError:
        what = f"the file cannot be read as {path.suffix[1:]}"
    raise InputRefused(
        [Problem(what, "Export the register again and check that the copy is whole", path.name)]
    )


def _week_columns(file: str, names: list[str]) -> tuple[list[str], int, tuple[str, ...]]:
    """The week columns in order, the first week, and the columns that are left out."""
    problems: list[Problem] = []
    weeks: dict[str, int] = {}
    left_out: list[str] = []
    for name in names:
        twin = _RENAMED_TWIN.sub("", name)
        if twin != name and twin in names:
            problems.append(Problem("the column stands twice", "Keep one of the two", file, field=twin))
        elif name == "person":
            continue
        elif _MISNAMED_WEEK.match(name):
            try:
                weeks[name] = week_of_column(name)
            except WeekError as fault:
                problems.append(Problem(fault.what, fault.remedy, file, field=name))
        else:
            left_out.append(name)
    if "person" not in names:
        remedy = "Name the column with the person's identification 'person'"
        problems.append(Problem("there is no column 'person'", remedy, file))
    if not weeks and not problems:
        remedy = "Name week columns y_ and four digits, year and ISO week: y_1401 is week 1 of 2014"
        problems.append(Problem("there is no week column", remedy, file))
    if not problems:
        problems = _order_problems(file, weeks)
    if problems:
        raise InputRefused(_shorten(problems))
    return list(weeks), next(iter(weeks.values())), tuple(left_out)


def _order_problems(file: str, weeks: dict[str, int]) -> list[Problem]:
    problems = []
    pairs = zip(weeks.items(), list(weeks.items())[1:], strict=False)
    for (before, week), (name, following) in pairs:
        if following == week:
            what, remedy = f"'{before}' and '{name}' are the same week", "Keep one of the two"
        elif following < week:
            what, remedy = f"the column stands after the later week '{before}'", "Put the weeks in order"
        elif following > week + 1:
            missing = [column_of_week(week + 1), column_of_week(following - 1)]
            count = following - week - 1
            span = f"{missing[0]} is" if count == 1 else f"{missing[0]} to {missing[1]} ({count} weeks) are"
            what = f"{span} missing before the column"
            remedy = (
                "Add the missing weeks; empty weeks need a column too, or they would pass for observed ones"
            )
        else:
            continue
        problems.append(Problem(what, remedy, file, field=name))
    return problems


def _frames(
    path: Path, separator: str, columns: list[str], *, typed: bool
) -> tuple[int, Iterator[pl.DataFrame]]:
    schema: dict[str, pl.DataType] = {name: pl.Int16() for name in columns} if typed else {}
    lazy = _scan(path, separator, schema or None).select("person", *columns)
    total = int(lazy.select(pl.len()).collect().item())
    return total, lazy.collect_batches(chunk_size=BATCH, maintain_order=True)


def _encode(
    path: Path,
    source: tuple[int, Iterator[pl.DataFrame]],
    columns: list[str],
    progress: Progress | None,
) -> tuple[pl.Series, list[Runs]]:
    total, frames = source
    problems: list[Problem] = []
    persons: list[pl.Series] = []
    batches: list[Runs] = []
    rows: list[np.ndarray] = []
    done = 0
    for frame in frames:
        for batch in frame.iter_slices(BATCH):
            matrix = np.empty((len(columns), batch.height), dtype=np.int16)
            codes = pl.DataFrame([_codes(batch[name], path.name, done + 2, problems) for name in columns])
            for position, column in enumerate(codes.select(pl.all().cast(pl.Int16).fill_null(BLANK))):
                matrix[position] = column.to_numpy()
            person = _person(batch["person"], path.name)
            named = person.is_not_null().to_numpy()
            if not named.all():
                coded = ~named & (matrix != BLANK).any(axis=0)
                remedy = "Give the person's identification, or take the row out"
                problems += [
                    Problem("the row has no person", remedy, path.name, row=int(row) + done + 2)
                    for row in np.flatnonzero(coded)
                ]
                matrix, person = np.ascontiguousarray(matrix[:, named]), person.drop_nulls()
            if len(person):
                persons.append(person)
                batches.append(run_lengths(matrix))
                rows.append(np.flatnonzero(named) + done + 2)
            done += batch.height
            if len(problems) >= MOST:
                raise InputRefused(_shorten(problems))
            if progress is not None:
                progress(done, total, "persons read")
    everybody = pl.concat(persons) if persons else pl.Series("person", [], dtype=pl.String)
    problems += _twice(everybody, rows, path.name)
    if problems:
        raise InputRefused(_shorten(problems))
    return everybody, batches


def _person(values: pl.Series, file: str) -> pl.Series:
    """Persons as text, blanks null."""
    if values.dtype.is_integer() and values.is_between(10**8, 10**10 - 1).any():
        what = "persons are stored as numbers of nine or ten digits, which loses a leading zero"
        raise InputRefused([Problem(what, "Store the identification as text", file, field="person")])
    text = values.cast(pl.String).str.strip_chars()
    return text.set(text == "", None)


def _twice(persons: pl.Series, rows: list[np.ndarray], file: str) -> list[Problem]:
    if persons.n_unique() == len(persons):
        return []
    seen = pl.DataFrame({"person": persons, "row": np.concatenate(rows)})
    repeated = (
        seen.with_columns(before=pl.col("row").first().over("person"))
        .filter(pl.col("row") != pl.col("before"))
        .select("row", "before")
    )
    remedy = "Keep one row for each person"
    return [
        Problem(f"the person stands already in row {before}", remedy, file, row=row, field="person")
        for row, before in repeated.iter_rows()
    ]


def _codes(values: pl.Series, file: str, first_row: int, problems: list[Problem]) -> pl.Series:
    """One week's codes as whole numbers, null for none; what is no code is added to ``problems``."""
    if values.dtype.is_integer():
        codes = values
    elif values.dtype == pl.Null:
        codes = values.cast(pl.Int16)
    elif values.dtype.is_float():
        values = values.fill_nan(None)
        codes = values.set(values != values.round(), -1)
    else:
        text = values.cast(pl.String).str.strip_chars()
        text = text.set(text.is_in(_NO_CODE), None)
        codes = text.cast(pl.Int32, strict=False)
        odd = codes.is_null() & text.is_not_null()
        if odd.any():
            # "130.0" is how a whole number comes out of programs that keep gaps in decimal columns.
            decimal = text.cast(pl.Float64, strict=False)
            whole = decimal.is_not_null() & decimal.is_between(0, HIGHEST) & (decimal == decimal.round())
            codes = codes.zip_with(~odd, decimal.set(~whole.fill_null(value=False), -1).cast(pl.Int32))
            codes = codes.set(odd & codes.is_null(), -1)
    low, high = codes.min(), codes.max()  # cheaper than asking each value, and nearly always enough
    if low is not None and high is not None and (low < 0 or high > HIGHEST):  # type: ignore[operator]
        wrong = ~codes.is_between(0, HIGHEST)
        remedy = f"Codes are whole numbers from 0 to {HIGHEST}; leave a week without a code empty"
        room = max(0, MOST - len(problems))
        problems += [
            Problem(
                "this is no register code", remedy, file, None, None, int(row) + first_row, values.name, shown
            )
            for row in np.flatnonzero(wrong.fill_null(value=False).to_numpy())[:room]
            for shown in [_harmless(str(values[int(row)]))]
        ]
        return pl.Series(values.name, [None], dtype=pl.Int16).new_from_index(0, len(values))
    return codes


def _harmless(value: str) -> str:
    """The value if it is short; a long one may be a person number in the wrong column."""
    return value if len(value) <= 6 else f"{len(value)} characters"


def _shorten(problems: list[Problem]) -> list[Problem]:
    """The first problems of each sort, and how many more were found before reading stopped."""
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
