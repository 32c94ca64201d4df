"""What a draw reads from the table of persons: rules, strata, covariates, turns, and the hash of it all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

import numpy as np
import polars as pl

from indsats.problem import InputRefused, Problem
from indsats.programme import FieldType, Rule, RuleError, parse_rule, with_rule

MISSING = "(missing)"
"""How a stratum or a level names a field without a value. A text that reads so stands in quotation marks."""

_UNCLEAR = r'[,"]'  # in a value these would make two strata one


@dataclass(frozen=True, slots=True)
class Covariate:
    """One column to balance on: a number, a yes-or-no, or one ``level`` of a text field; NaN where missing."""

    field: str
    level: str | None
    values: np.ndarray


def check_persons(persons: pl.DataFrame, fields: Sequence[str]) -> None:
    """Raises ``InputRefused`` unless ``persons`` names everybody once and has the ``fields``."""
    missing = [name for name in ("person", *dict.fromkeys(fields)) if name not in persons.columns]
    if missing:
        remedy = "Add the column, or leave the field out of the plan"
        raise InputRefused([Problem(f"the persons have no column '{name}'", remedy) for name in missing])
    person = persons["person"]
    problems = []
    if person.dtype != pl.String and not person.dtype.is_integer():
        problems.append(
            Problem(f"persons are {person.dtype}", "Name persons by text or whole numbers", field="person")
        )
    if count := person.null_count():
        problems.append(Problem(f"{count} rows have no person", "Fill in the person", field="person"))
    if twice := len(person) - person.n_unique():
        what = f"{twice} rows have a person who stands above already"
        problems.append(Problem(what, "Keep one row for each person", field="person"))
    if problems:
        raise InputRefused(problems)


def read_rules(persons: pl.DataFrame, texts: Mapping[str, str], as_of: date | None) -> dict[str, Rule]:
    """The rules over the columns of ``persons``, by their key; ``InputRefused`` for those that cannot be used."""
    fields: dict[str, FieldType] = {}
    for name, dtype in persons.schema.items():
        if (kind := _field_type(dtype)) is not None:
            fields[name] = kind
    rules: dict[str, Rule] = {}
    problems = []
    for key, text in texts.items():
        try:
            rules[key] = parse_rule(text, fields, expect="bool")
        except RuleError as fault:
            problems.append(Problem(fault.message, fault.remedy, field=key))
            continue
        if rules[key].needs_as_of and as_of is None:
            problems.append(Problem("the rule counts time up to a day", "Give the day (as_of)", field=key))
    if problems:
        raise InputRefused(problems)
    return rules


def _field_type(dtype: pl.DataType) -> FieldType | None:
    if dtype.is_numeric():
        return "number"
    if dtype == pl.Boolean:
        return "bool"
    if dtype == pl.Date:
        return "date"
    return "text" if dtype in (pl.String, pl.Categorical, pl.Enum) else None


def holds(table: pl.DataFrame, rule: Rule, as_of: date | None) -> pl.Series:
    """Whether the rule holds for each row, null where it cannot be told."""
    return with_rule(table, "_holds", rule, as_of)["_holds"]


def first_reason(height: int, told: Mapping[str, pl.Series]) -> pl.Series:
    """For each row the first key whose rule holds, null where none does."""
    reason = pl.Series([None], dtype=pl.String).new_from_index(0, height)
    for key, is_so in told.items():
        reason = reason.set(is_so.fill_null(value=False) & reason.is_null(), key)
    return reason


def strata_of(table: pl.DataFrame, fields: Sequence[str]) -> pl.Series:
    """The stratum of each row as ``field=value, field=value``; null throughout without fields.

    Values that could be taken for something else stand in quotation marks: different values, different strata.
    """
    if not fields:
        return pl.Series("stratum", [None], dtype=pl.String).new_from_index(0, table.height)
    parts = [pl.concat_str(pl.lit(f"{name}="), _labels(_without_nan(table[name]))) for name in fields]
    return table.select(stratum=pl.concat_str(parts, separator=", "))["stratum"]


def _labels(values: pl.Series) -> pl.Series:
    """Values as text, each different from the others and from the missing one, and from what is put around it."""
    text = values.cast(pl.String)
    unclear = (text.str.contains(_UNCLEAR) | (text == MISSING)).fill_null(value=False)
    quoted = '"' + text.str.replace_all('"', '""', literal=True) + '"'
    return quoted.zip_with(unclear, text).fill_null(MISSING).alias(values.name)


def covariates_of(table: pl.DataFrame, fields: Sequence[str]) -> list[Covariate]:
    """What to balance on; ``InputRefused`` for dates and infinite numbers."""
    found: list[Covariate] = []
    problems = []
    for name in fields:
        series = _without_nan(table[name])
        kind = _field_type(series.dtype)
        if kind == "text":
            text = _labels(series)
            for level in text.unique().sort().to_list():
                found.append(Covariate(name, level, (text == level).to_numpy().astype(np.float64)))
        elif kind in ("number", "bool"):
            values = series.cast(pl.Float64)
            if values.is_infinite().any():
                problems.append(Problem("a number is infinite", "Correct it or leave it empty", field=name))
            found.append(Covariate(name, None, values.fill_null(float("nan")).to_numpy()))
        else:
            remedy = "Balance on numbers, true or false, or text"
            problems.append(Problem(f"the field is {series.dtype}", remedy, field=name))
    if problems:
        raise InputRefused(problems)
    return found


def matrix_of(covariates: Sequence[Covariate]) -> np.ndarray:
    """Persons × columns without gaps: a gap becomes the mean, and a column says where the gaps were."""
    columns = []
    for covariate in covariates:
        gaps = np.isnan(covariate.values)
        known = covariate.values[~gaps]
        columns.append(np.where(gaps, known.mean() if len(known) else 0.0, covariate.values))
        if gaps.any():
            columns.append(gaps.astype(np.float64))
    return np.column_stack(columns) if columns else np.empty((0, 0))


def _without_nan(series: pl.Series) -> pl.Series:
    return series.fill_nan(None) if series.dtype.is_float() else series


def turns_of(persons: Sequence[str], seed: int) -> np.ndarray:
    """A number for each person that seed and person alone decide: the first 8 bytes of SHA-256, uint64."""
    begun = sha256(f"{seed}\n".encode()).copy
    turns = bytearray()
    for person in persons:
        hashed = begun()
        hashed.update(person.encode())
        turns += hashed.digest()[:8]
    return np.frombuffer(bytes(turns), dtype=">u8").astype(np.uint64)


def uniform_of(seed: int, what: str) -> Callable[[], float]:
    """Random numbers from 0 to 1, a stream of its own for each ``what``.

    Taken from the raw output of PCG64: NumPy keeps that the same for ever, its distributions not (NEP 19).
    """
    bits = np.random.PCG64(int.from_bytes(sha256(f"{what}\n{seed}".encode()).digest()))
    return lambda: (int(bits.random_raw()) >> 11) * 2.0**-53


def fingerprint(table: pl.DataFrame) -> str:
    """SHA-256 of the table as CSV."""
    return sha256(table.write_csv().encode()).hexdigest()
