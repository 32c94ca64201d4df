"""Cohorts from public microdata that come with an installed package."""

from __future__ import annotations

import bz2
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import polars as pl

from indsats.problem import InputRefused, Problem
from indsats.programme import PackagedTable, Programme, keep, parse_rule, rule_fields

from .population import (
    Cohort,
    cohort_table,
    evaluation_of,
    refuse_own_names,
    select_population,
    with_derived,
)

if TYPE_CHECKING:
    import pandas as pd


def packaged_cohort(programme: Programme, evaluation: str) -> Cohort:
    """The cohort of an evaluation on packaged tables: its rows stacked, derived, selected and marked.

    Each row is a person, named by table and row number (``nsw-000012``). A column that only some of the
    tables have is null for the others. Raises ``ValueError`` for an evaluation on registers or one with
    outcomes in states, and what ``packaged_table`` raises.
    """
    ev = evaluation_of(programme, evaluation)
    if not ev.rows:
        raise ValueError(f"the evaluation '{evaluation}' is on registers; use cohort")
    if ev.time_to is not None or any(outcome.kind == "state" for outcome in ev.outcomes):
        raise ValueError(f"the evaluation '{evaluation}' asks for states, which packaged tables do not have")
    refuse_own_names(ev)
    read = {name: packaged_table(programme, name) for name in dict.fromkeys(part.table for part in ev.rows)}
    parts = []
    for part in ev.rows:
        fields = rule_fields(programme, f"rows:{part.table}")
        parts.append(keep(read[part.table], parse_rule(part.where, fields, expect="bool")))
    frame = pl.concat(parts, how="diagonal").unique("person", keep="first", maintain_order=True)
    considered = sum(table.height for table in read.values())
    excluded = {"outside_rows": considered - frame.height}
    frame = with_derived(frame, programme, evaluation, None)
    frame, left = select_population(frame, programme, evaluation, None)
    frame = frame.with_columns(index_week=pl.lit(None, pl.Int32), left_truncated=pl.lit(None, pl.Boolean))
    return Cohort(cohort_table(frame, ev), considered, excluded | left)


def packaged_table(programme: Programme, name: str) -> pl.DataFrame:
    """A packaged table of a programme; see ``read_packaged``.

    Raises ``ValueError`` for a table the programme does not define, and what ``read_packaged`` raises.
    """
    if name not in programme.tables:
        raise ValueError(f"the programme defines no packaged table '{name}'")
    return read_packaged(name, programme.tables[name])


def read_packaged(name: str, table: PackagedTable) -> pl.DataFrame:
    """A packaged table as it is declared, with ``person`` in front: the table's ``name`` and the row's number.

    Every number becomes Float64 before anything else is done with it: such files keep ages in 8-bit
    integers, whose square is wrong without a warning. Columns are found by name, whatever the case.

    Raises ``InputRefused`` when the package or file is not installed, the file is of no kind that is read, or
    a column is absent or of another type than declared, and ``ValueError`` for a column called ``person``.
    """
    stored = _stored(_path(table), table.file)
    present = {column.lower(): values for column, values in stored.items()}
    problems: list[Problem] = []
    columns: dict[str, pl.Series] = {}
    for column, declared in table.columns.items():
        if column == "person":
            raise ValueError(
                f"the table '{name}' declares 'person', the name of the row's own identification"
            )
        if column not in present:
            remedy = f"Its columns are {', '.join(stored)}"
            problems.append(Problem("the column is not in the file", remedy, table.file, field=column))
            continue
        found = present[column]
        kinds = {"number": pl.Float64, "text": pl.String, "bool": pl.Float64, "date": pl.Date}
        if found.dtype != kinds[declared.type]:
            remedy = f"Declare the column as it is in the file ({found.dtype})"
            problems.append(Problem(f"the column is no {declared.type}", remedy, table.file, field=column))
            continue
        if declared.type == "bool":
            if not found.drop_nulls().is_in([0.0, 1.0]).all():
                what, remedy = "the column has values beside 0 and 1", "Declare it as a number"
                problems.append(Problem(what, remedy, table.file, field=column))
            found = found == 1
        columns[column] = found.alias(column)
    if problems:
        raise InputRefused(problems)
    rows = len(next(iter(stored.values()), ()))
    width = len(str(rows))
    person = [f"{name}-{row:0{width}d}" for row in range(1, rows + 1)]
    return pl.DataFrame({"person": pl.Series(person, dtype=pl.String), **columns})


def _path(table: PackagedTable) -> Path:
    # The package's own code is not run: some of these packages import much, or fail to import.
    spec = find_spec(table.package)
    if spec is None or not spec.submodule_search_locations:
        what = f"the package {table.package}, which the data come with, is not installed"
        raise InputRefused([Problem(what, f"Install it: pip install {table.package}", table.file)])
    path = Path(next(iter(spec.submodule_search_locations))) / table.file
    if not path.is_file():
        what = f"the package {table.package} has no such file"
        raise InputRefused([Problem(what, "Install the version the requirements name", table.file)])
    return path


def _stored(path: Path, file: str) -> dict[str, pl.Series]:
    """The columns of a file as Float64, String or Date; how it is read, its ending says."""
    if file.endswith(".dta"):
        import pandas as pd  # only here: it takes a second to load, and most programmes have registers instead

        stata = cast("pd.DataFrame", pd.read_stata(path))
        return {str(column): _typed(values) for column, values in stata.items()}
    if file.endswith((".csv", ".csv.bz2")):
        content = path.read_bytes()
        text = bz2.decompress(content) if file.endswith(".bz2") else content
        table = pl.read_csv(text, infer_schema_length=None, try_parse_dates=True)
        numbers = pl.selectors.numeric() | pl.selectors.boolean()
        return table.with_columns(numbers.cast(pl.Float64).fill_nan(None)).to_dict()
    what = "a file of this kind is not read"
    raise InputRefused([Problem(what, "Name a file that ends in .dta, .csv or .csv.bz2", file)])


def _typed(values: pd.Series) -> pl.Series:
    """A column of a Stata file; missing values are null."""
    import pandas as pd

    if isinstance(values.dtype, pd.CategoricalDtype) or values.dtype == object:
        texts = [None if pd.isna(value) else str(value) for value in values]
        return pl.Series(texts, dtype=pl.String)
    if pd.api.types.is_datetime64_any_dtype(values):
        return pl.Series(values.to_numpy().astype("datetime64[D]")).cast(pl.Date)
    return pl.Series(values.to_numpy(dtype=np.float64)).fill_nan(None)
