"""From cells as people write them to typed columns: dates, numbers, yes and no, Danish or ISO."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import polars as pl

from indsats.problem import Problem

from .findings import FILE, ROW, Check, problems
from .tables import TIME

YES_NO: Mapping[str, bool] = {
    **dict.fromkeys(("true", "ja", "yes", "sand", "1"), True),
    **dict.fromkeys(("false", "nej", "no", "falsk", "0"), False),
}
"""How yes and no are written; ``sand`` and ``falsk`` is what Danish Excel makes of them."""

_HOW: Mapping[type[pl.DataType], tuple[str, str]] = {
    pl.Date: (
        "is not a date",
        "Write the date as 2016-05-03 or 03-05-2016, with a year between 1900 and 2100.",
    ),
    pl.Datetime: ("is not a point in time", "Write it as 2016-05-03T10:15:00Z."),
    pl.Float64: ("is not a number", "Write digits with one decimal comma or point, such as 12,5."),
    pl.Int64: ("is not a whole number", "Write digits only, such as 3."),
    pl.Boolean: ("is neither yes nor no", "Write ja or nej (or true or false)."),
}


def typed(
    raw: pl.DataFrame, schema: Mapping[str, pl.DataType], file: str
) -> tuple[pl.DataFrame, list[Problem]]:
    """The table with columns of the types in ``schema``, and every cell that could not be read.

    ``raw`` has the working column ``_row``; other columns not in ``schema`` are dropped, missing ones become
    null. A cell that could not be read is null in the result.
    """
    columns: list[pl.Series] = []
    found: list[Problem] = []
    place = raw.select(pl.lit(file).alias(FILE), pl.col(ROW).cast(pl.Int64))
    for name, type_ in schema.items():
        if name not in raw.columns:
            columns.append(pl.Series(name, dtype=type_).clear(raw.height))
            continue
        given = raw[name]
        read = _read(given, type_)
        columns.append(read.alias(name))
        if read.null_count() == given.null_count():
            continue
        text = _text(given)
        broken = text.is_not_null() & read.is_null()
        if broken.any():
            what, remedy = _HOW[type(type_)]
            rows = place.with_columns(text.alias(name)).filter(broken)
            found += problems(rows, Check(name, pl.lit(True), what, remedy))
    return pl.DataFrame(columns).with_columns(place), found


def _text(given: pl.Series) -> pl.Series:
    """Cells as text without blanks at the ends; nothing at all becomes null."""
    text = given.cast(pl.String).str.strip_chars()
    return text.set(text == "", None) if (text == "").any() else text


def _read(given: pl.Series, type_: pl.DataType) -> pl.Series:
    if given.dtype == pl.Null:
        return given.cast(type_)
    if isinstance(type_, pl.Datetime) and isinstance(given.dtype, pl.Datetime):
        zoned = given if given.dtype.time_zone else given.dt.replace_time_zone("UTC")
        return zoned.dt.convert_time_zone("UTC").cast(TIME)
    if isinstance(type_, pl.Float64) and given.dtype.is_numeric():
        number = given.cast(pl.Float64)
        return number.set(~number.is_finite(), None)
    if given.dtype == type_ and given.dtype != pl.String:
        return given
    return _READERS[type(type_)](_text(given))


def _date(text: pl.Series) -> pl.Series:
    iso = text.str.to_date("%Y-%m-%d", strict=False)
    if iso.null_count() != text.null_count() or (text.str.len_bytes() != 10).any():
        cell = pl.col("cell").str.replace(r"[ T]00:00:00(\.0+)?$", "")  # a date as Excel keeps it
        ways = ((r"^\d{4}-\d\d-\d\d$", "%Y-%m-%d"), (r"^\d{1,2}-\d{1,2}-\d{4}$", "%d-%m-%Y"))
        ways += ((r"^\d{1,2}\.\d{1,2}\.\d{4}$", "%d.%m.%Y"),)
        read = [
            pl.when(cell.str.contains(shape)).then(cell).str.to_date(format_, strict=False)
            for shape, format_ in ways
        ]
        iso = text.alias("cell").to_frame().select(pl.coalesce(read)).to_series()
    year = iso.dt.year()
    return iso.set((year < 1900) | (year > 2100), None)


def _time(text: pl.Series) -> pl.Series:
    exact = text.str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", strict=False, time_unit="us")
    if exact.null_count() == text.null_count():
        return exact.dt.replace_time_zone("UTC")
    known = {cell: _moment(cell) for cell in text.unique().drop_nulls()}
    return text.replace_strict(known, default=None, return_dtype=TIME)


def _moment(cell: str) -> datetime | None:
    """A point in time; without a zone it is UTC, as in everything the record writes."""
    iso = re.sub(r"^(\d\d)-(\d\d)-(\d{4})", r"\3-\2-\1", cell)
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _number(text: pl.Series) -> pl.Series:
    point = text.str.replace(",", ".", literal=True)
    plain = point.str.contains(r"^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$")
    return point.set(~plain, None).cast(pl.Float64, strict=False)


def _whole(text: pl.Series) -> pl.Series:
    # "12.000" is twelve thousand to a Dane, so only the one zero that a spreadsheet adds is taken away
    digits = text.str.replace(r"^([+-]?\d+)\.0$", "$1")
    return digits.set(~digits.str.contains(r"^[+-]?\d+$"), None).cast(pl.Int64, strict=False)


def _yes_no(text: pl.Series) -> pl.Series:
    return text.str.to_lowercase().replace_strict(YES_NO, default=None, return_dtype=pl.Boolean)


_READERS: Mapping[type[pl.DataType], Callable[[pl.Series], pl.Series]] = {
    pl.String: lambda text: text,
    pl.Date: _date,
    pl.Datetime: _time,
    pl.Float64: _number,
    pl.Int64: _whole,
    pl.Boolean: _yes_no,
}
