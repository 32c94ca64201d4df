"""Reads one CSV, Excel or Parquet file into cells, or says what is wrong with the file and what to do."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import fastexcel
import polars as pl

from indsats.problem import InputRefused, Problem

from .findings import ROW, choose, masked, nearest
from .kinds import KINDS

FORMATS = (".csv", ".xlsx", ".parquet")
MASTER = ("persons", "sites")
"""Tables beside the facts that a file can hold."""


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file's cells before they are typed: ``holds`` is a kind, ``persons`` or ``sites``.

    ``frame`` has the file's columns by name and ``_row``, the row number a spreadsheet shows.
    """

    holds: str
    file: str
    frame: pl.DataFrame


def what_it_holds(path: Path) -> str:
    """What a file holds, by its name (``meeting.csv``, ``sites.xlsx``): a kind, ``persons`` or ``sites``.

    Raises InputRefused when there is no such file, the name says none of them, or the format cannot be read.
    """
    _refuse_unreadable(path)
    stem = path.stem.lower()
    names = sorted((*KINDS, *MASTER), key=len, reverse=True)
    found = next((name for name in names if re.match(rf"{name}($|[-_. ])", stem)), None)
    if found is None:
        like = nearest(stem, names)
        hint = f"Did you mean '{like}{path.suffix}'? " if like else ""
        raise _refused(
            path,
            "the file's name does not say what it holds",
            f"{hint}Name it after the kind of facts, such as meeting.csv or meeting-2016.csv. "
            f"The kinds are {', '.join(KINDS)}; beside them {' and '.join(MASTER)}.",
        )
    return found


def _refuse_unreadable(path: Path) -> None:
    if not path.is_file():
        raise _refused(path, "there is no such file", "Check the name and the folder.")
    if path.suffix.lower() not in FORMATS:
        raise _refused(
            path,
            f"'{path.suffix or 'no ending'}' is no format that can be read",
            f"Save the table as one of {', '.join(FORMATS)}.",
        )


@dataclass(frozen=True, slots=True)
class Headings:
    """What a heading row may name.

    ``elsewhere`` are columns of another kind's table, with what to do about them. ``earlier`` says of a column
    that is not known whether an earlier version of the programme may have had it.
    """

    columns: Collection[str]
    required: Collection[str]
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    earlier: Callable[[str], bool] = lambda _: False


def read_raw(path: Path, headings: Headings, holds: str | None = None) -> RawTable:
    """The cells of a file whose heading names only columns of ``headings``, all required ones among them.

    ``holds`` is what the file holds where its name need not say so.

    Headings are matched without regard to case and blanks; columns of an earlier version of the programme are
    let through when the file says which version each fact was recorded under. Raises InputRefused with every
    problem of the file as a whole.
    """
    if holds is None:
        holds = what_it_holds(path)
    else:
        _refuse_unreadable(path)
    try:
        if path.suffix.lower() == ".parquet":
            frame = _parquet(path)
        else:
            cells = _excel(path, holds) if path.suffix.lower() == ".xlsx" else _csv(path)
            frame = _headed(path, cells)
    except OSError as error:
        raise _refused(
            path, f"the file could not be opened: {error.strerror}", "Close it elsewhere and try again."
        ) from error
    return RawTable(holds, path.name, _known_columns(path, frame, headings))


def _csv(path: Path) -> pl.DataFrame:
    data = path.read_bytes()
    if data[:4] == b"PK\x03\x04":
        raise _refused(
            path, "the file is an Excel workbook with the ending .csv", "Give it the ending .xlsx."
        )
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4096]:
        raise _refused(
            path, "the file is not written in UTF-8 (it looks like UTF-16)", "Save it as 'CSV UTF-8'."
        )
    data = data.removeprefix(b"\xef\xbb\xbf")
    text = _decoded(path, data)
    if not text.strip():
        raise _empty(path)
    separator = _separator(text)
    _same_length(path, text, separator)
    try:
        return pl.read_csv(
            io.BytesIO(data), has_header=False, infer_schema=False, separator=separator, raise_if_empty=False
        )
    except pl.exceptions.PolarsError as error:
        raise _unclosed(path) from error


def _decoded(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        word = re.search(rb"[^\s,;\"]*$", data[max(0, error.start - 20) : error.start])
        following = re.match(rb"[^\s,;\"]{0,20}", data[error.start :])
        around = (word.group() if word else b"") + (following.group() if following else b"")
        raise InputRefused(
            [
                Problem(
                    "the file is written in Windows-1252 (what Excel calls 'CSV'), not in UTF-8",
                    "Save it in Excel as 'CSV UTF-8 (comma delimited)', or as a workbook (.xlsx).",
                    file=path.name,
                    row=row,
                    value=masked(around.decode("cp1252", errors="replace")),
                )
            ]
        ) from error


def _separator(text: str) -> str:
    """The sign that separates columns: the commonest of ; , and tab in the heading, outside quotes."""
    heading = re.sub(r'"[^"]*"', "", text.lstrip("\r\n").split("\n", 1)[0])
    return max(";,\t", key=heading.count)


def _same_length(path: Path, text: str, separator: str) -> None:
    """Refuses rows with more or fewer cells than the heading: a lost sign shifts every later cell."""
    if re.search(r"\r(?!\n)", text) and re.search(r"\r(?!\n)", re.sub(r'"[^"]*"', "", text)):
        raise _refused(path, "the rows end the way of old Macs (CR alone)", "Save the file as 'CSV UTF-8'.")
    if '"' in text:
        try:
            counted = [len(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
        except csv.Error as error:
            raise _unclosed(path) from error
    else:
        lines = pl.Series(text.split("\n")).str.strip_chars_end("\r")
        cells = lines.str.count_matches(separator, literal=True) + 1
        counted = cells.set(lines == "", 0)
        if counted.filter(counted > 0).n_unique() == 1:
            return
        counted = counted.to_list()
    width = next(count for count in counted if count)
    odd = [(row, count) for row, count in enumerate(counted, 1) if count not in (0, width)]
    if odd:
        raise InputRefused(
            Problem(
                f"the row has {count} cells where the heading has {width}",
                f"Look for a missing or extra '{separator}'; a text that holds the sign needs quotes.",
                file=path.name,
                row=row,
            )
            for row, count in odd
        )


def _excel(path: Path, holds: str) -> pl.DataFrame:
    try:
        sheets = fastexcel.read_excel(path).sheet_names
    except fastexcel.FastExcelError as error:
        raise _refused(
            path,
            "the file is not an Excel workbook that can be read",
            "Open it in Excel and save it as .xlsx.",
        ) from error
    named = next((sheet for sheet in sheets if sheet.strip().lower() == holds), None)
    if named is None and len(sheets) > 1:
        raise _refused(
            path,
            f"the workbook has {len(sheets)} sheets ({', '.join(sheets)}) and none is called '{holds}'",
            f"Call the sheet with the facts '{holds}', or keep one sheet only.",
        )
    try:
        return pl.read_excel(
            path,
            sheet_name=named or sheets[0],
            has_header=False,
            infer_schema_length=0,
            drop_empty_rows=False,
            drop_empty_cols=False,
            raise_if_empty=False,
            read_options={"skip_rows": 0},
        )
    except fastexcel.FastExcelError as error:
        raise _refused(
            path, "the sheet could not be read", "Open the workbook in Excel and save it again as .xlsx."
        ) from error


def _parquet(path: Path) -> pl.DataFrame:
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _refused(path, "the file is not a Parquet file that can be read", "Write it again.") from error
    if not frame.width:
        raise _empty(path)
    return frame.with_row_index(ROW, offset=2)


def _headed(path: Path, cells: pl.DataFrame) -> pl.DataFrame:
    """Cells under their heading, with row numbers; rows and columns without anything in them are left out."""
    cells = cells.with_row_index(ROW, offset=1)
    names = cells.columns[1:]
    blank = pl.all_horizontal([pl.col(name).is_null() | (pl.col(name) == "") for name in names])
    cells = cells.filter(~blank) if names else cells
    if cells.is_empty() or not names:
        raise _empty(path)
    heading = {name: (cells[name][0] or "").strip() for name in names}
    body = cells.slice(1)
    without = [name for name in names if not heading[name]]
    filled = [name for name in without if (body[name].is_not_null() & (body[name] != "")).any()]
    found = [
        Problem(
            f"column {names.index(name) + 1} has cells but no heading",
            "Write the column's name in the heading row, or delete the column.",
            file=path.name,
            row=int(cells[ROW][0]),
        )
        for name in filled
    ]
    found += [
        Problem(
            f"the heading names '{name}' {count} times",
            "Keep one of the columns and delete the others.",
            file=path.name,
            row=int(cells[ROW][0]),
            field=name,
        )
        for name, count in Counter(text.lower() for text in heading.values() if text).items()
        if count > 1
    ]
    if found:
        raise InputRefused(found)
    return body.drop(without).rename({name: text for name, text in heading.items() if text})


def _known_columns(path: Path, frame: pl.DataFrame, headings: Headings) -> pl.DataFrame:
    columns = headings.columns
    by_lower = {name.lower(): name for name in columns}
    given = {name: by_lower.get(name.lower(), name) for name in frame.columns if name != ROW}
    versioned = "programme_version" in given.values()
    unknown = [
        name
        for name, known in given.items()
        if known not in columns and not (versioned and headings.earlier(known))
    ]
    left = [name for name in columns if name not in given.values()]
    found = [
        Problem(
            "the heading is not a column of this kind of table",
            headings.elsewhere.get(name.lower())
            or f"Rename or delete the column. {choose(name, left, 'column')}",
            file=path.name,
            row=1,
            field=masked(name),
        )
        for name in unknown
    ]
    found += [
        Problem(
            f"the column '{name}' is missing",
            "Add the column with that heading and fill it in every row.",
            file=path.name,
            row=1,
            field=name,
        )
        for name in headings.required
        if name not in given.values()
    ]
    if found:
        raise InputRefused(found)
    return frame.rename({name: known for name, known in given.items() if name != known})


def _unclosed(path: Path) -> InputRefused:
    return _refused(
        path,
        "the file is not a well-formed CSV",
        "Look for a quotation mark that is opened and never closed, then save the file as CSV anew.",
    )


def _empty(path: Path) -> InputRefused:
    return _refused(
        path, "the file is empty", "Write a heading row and the rows below it, or leave the file out."
    )


def _refused(path: Path, what: str, remedy: str) -> InputRefused:
    return InputRefused([Problem(what, remedy, file=path.name)])
