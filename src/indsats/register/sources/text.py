"""Text with separators, cut into parts that end where a line ends."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import polars as pl

from indsats.problem import InputRefused, Problem
from indsats.progress import Progress

from ..faults import MOST
from .source import Part, Repair
from .tables import (
    AGAIN,
    NARROW_ROWS,
    NO_ROWS,
    PART_BYTES,
    PART_ROWS,
    STRETCH,
    Table,
    has_weeks,
    likely_person,
    open_parquet,
)

_WHOLE_CODE = re.compile(rb'("|(^|[,;\t\n])\d{3}(\.0+)?)$')
_WHOLE_WEEK = re.compile(rb'("|(^|[,;\t\n])(\d{4}-\d\d-\d\d|y_\d{4}|\d{4}-W\d\d))$')
_NEWLINE, _QUOTE = 10, 34


@dataclass(frozen=True, slots=True)
class DelimitedTable:
    """Text with separators. ``cuts`` are the first byte, the number of bytes and the first row of each part."""

    file: Path
    separator: str
    encoding: str
    names: tuple[str, ...]
    cuts: tuple[tuple[int, int, int], ...]
    repairs: tuple[Repair, ...]
    ended: bool = False  # whether the last line must have its end, or a last field that looks whole

    def parts(self) -> Sequence[Part]:
        """Ranges of bytes that end where a line ends."""
        return [Part(index, start, count) for index, (start, count, _) in enumerate(self.cuts)]

    def first_row(self, part: Part) -> int:
        """The row the part begins with, the heading being row 1."""
        return self.cuts[part.index][2]

    def frame(
        self, part: Part, types: Mapping[str, pl.DataType], problems: list[Problem]
    ) -> pl.DataFrame | None:
        """The columns of ``types`` in a part, or None once something was added to ``problems``.

        A line with another number of fields than the heading is a problem: a file cut off in transfer ends in
        a short line, and its missing weeks would pass for weeks without a benefit.
        """
        with self.file.open("rb") as file:
            file.seek(part.start)
            data = file.read(part.count)
        row = self.first_row(part)
        if len(data) != part.count:
            problems.append(Problem("the file became shorter while it was read", AGAIN, self.file.name))
            return None
        problems += self._unended(data, row) + self._uneven(data, row, thorough=False)
        if problems:
            return None
        if self.encoding != "utf-8":
            data = data.decode(self.encoding).encode()
        try:
            return self._read(data, types)
        except pl.exceptions.PolarsError:
            problems += self._uneven(data, row, thorough=True)
        if problems:
            return None
        try:
            return self._read(data, {})  # some field has another type: as text it can be told where
        except pl.exceptions.PolarsError:
            # The library's own message may quote the row, and with it a person number.
            last = row + data.count(b"\n") - 1
            what = f"the lines {row} to {last} cannot be read as text with separators"
            problems.append(Problem(what, AGAIN, self.file.name))
        return None

    def _read(self, data: bytes, types: Mapping[str, pl.DataType]) -> pl.DataFrame:
        schema = {name: types.get(name, pl.String()) for name in self.names}
        return pl.read_csv(data, separator=self.separator, has_header=False, schema=schema, null_values=["."])

    def _unended(self, data: bytes, row: int) -> list[Problem]:
        """A last line without its line end is whole only if its last field looks whole."""
        name = self.names[-1].lower()
        whole = _WHOLE_CODE if name == "code" or has_weeks([name]) else _WHOLE_WEEK
        if not self.ended or data.endswith(b"\n") or whole.search(data[-40:]):
            return []
        what = "the last line has no line end, so the file may have been cut off inside it"
        remedy = "Compare with the original; if the line is whole, end it with a line break"
        return [Problem(what, remedy, self.file.name, row=row + data.count(b"\n"))]

    def _uneven(self, data: bytes, row: int, *, thorough: bool) -> list[Problem]:
        """The lines with another number of fields than the heading.

        Unless ``thorough`` the fields of all lines are counted together first. That is right in all cases but
        one: a line too long makes up for one too short. Polars refuses the former.
        """
        each = len(self.names) - 1
        text = np.frombuffer(data, dtype=np.uint8)
        parts = text == ord(self.separator)
        ends = text == _NEWLINE
        if b'"' in data:
            # A running count of quotes is odd inside a quoted field; eight bits are enough to tell.
            outside = np.cumsum(text == _QUOTE, dtype=np.uint8) & 1 == 0
            if not bool(outside[-1]) or np.count_nonzero(ends & ~outside):
                inside = np.flatnonzero(ends & ~outside) if outside[-1] else np.flatnonzero(outside)[-1:]
                line = row + int(np.count_nonzero(ends[: int(inside[0]) if len(inside) else 0]))
                what = "a quotation mark is opened and not closed on the line"
                remedy = "Close it; a field must end on the line it begins on"
                return [Problem(what, remedy, self.file.name, row=line)]
            parts &= outside
        lines = int(np.count_nonzero(ends)) + (not data.endswith(b"\n"))
        if not thorough and np.count_nonzero(parts) == lines * each:
            return []
        starts = np.concatenate([[0], np.flatnonzero(ends) + 1])[:lines]
        found = np.add.reduceat(parts, starts, dtype=np.int64)
        lengths = np.diff(np.append(starts, len(data)))
        empty = (lengths <= 2) & (found == 0) & np.isin(text[starts], (_NEWLINE, 13))
        wrong = np.flatnonzero((found != each) & ~empty)
        remedy = "Export the file again; a last row that is too short means a copy was cut off"
        return [
            Problem(
                f"the row has {found[line] + 1} fields and the heading has {each + 1}",
                remedy,
                self.file.name,
                row=row + int(line),
            )
            for line in wrong[:MOST]
        ]


def open_table(path: Path) -> Table:
    """The table in a file of few columns: Parquet by its ending, otherwise text with separators.

    Raises ``InputRefused`` when there is no such file, or it cannot be read or has no rows.
    """
    if not path.is_file():
        raise InputRefused([Problem("there is no such file", "Check the name and the folder", path.name)])
    return open_parquet(path) if path.suffix.lower() == ".parquet" else open_delimited(path)


def open_delimited(
    path: Path, progress: Progress | None = None, person: str = "person", *, ended: bool = False
) -> DelimitedTable:
    """The table in a text file with commas, semicolons or tabs, in UTF-8 or Latin-1.

    The file is read through once, to cut it into parts and to know their rows; ``progress`` is told how far.
    ``person`` is what the column of persons may be called besides the names registers use. With ``ended`` a last
    line without its line end is refused unless its last field looks like a whole code or week: a register
    that was cut off has numbers that are too short. Raises ``InputRefused`` when the file is empty, has no
    rows, or is not text.
    """
    with path.open("rb") as file:
        heading = file.readline()
    plain = heading.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n")
    if not plain.strip():
        raise InputRefused([Problem("the file is empty, or its first line is", AGAIN, path.name)])
    if b"\r" in plain:
        what = "lines end in carriage returns alone, or one stands in the heading"
        raise InputRefused([Problem(what, "Save it with line feeds at the ends of lines", path.name)])
    sign = max(",;\t", key=lambda sign: plain.count(sign.encode()))
    try:
        text = plain.decode("utf-8" if _is_utf8(plain) else "latin-1")
        names = next(csv.reader(io.StringIO(text), delimiter=sign))
    except csv.Error:
        what = "the first line cannot be read as a heading"
        raise InputRefused([Problem(what, "Give a line with the names of the columns", path.name)]) from None
    who = None if has_weeks(names) else likely_person(names, person)
    cuts, encoding = _cuts(path, len(heading), sign, who, progress)
    if not cuts:
        raise InputRefused([Problem(NO_ROWS, "Add its rows, or leave the file out", path.name)])
    encoding = encoding if _is_utf8(plain) else "latin-1"
    repairs = (Repair("text in Latin-1 read as such", 1, path.name),) if encoding == "latin-1" else ()
    return DelimitedTable(path, sign, encoding, _each_once(names), tuple(cuts), repairs, ended)


def _cuts(
    path: Path, start: int, separator: str, person: int | None, progress: Progress | None
) -> tuple[list[tuple[int, int, int]], str]:
    """The first byte, the bytes and the first row of the parts, and the encoding.

    ``person`` is the position of the column of persons where a person has several rows.
    """
    cuts: list[tuple[int, int, int]] = []
    most = PART_ROWS if person is None else NARROW_ROWS
    encoding, row, size = "utf-8", 2, path.stat().st_size
    with path.open("rb") as file:
        file.seek(start)
        sample = file.read(1_000_000)
        file.seek(start)
        length = max(1, min(PART_BYTES, most * (len(sample) // max(1, sample.count(b"\n")))))
        while block := file.read(length):
            block += b"" if block.endswith(b"\n") else file.readline()
            if block.count(b"\n") > most:  # lines became shorter than the first ones
                ends = np.flatnonzero(np.frombuffer(block, dtype=np.uint8) == _NEWLINE)
                block = block[: int(ends[most - 1]) + 1]
                file.seek(start + len(block))
            if person is not None:
                block += _rest_of_person(file, block, separator.encode(), person)
            if b"\0" in block:
                what, remedy = "the file is not text in UTF-8 or Latin-1", "Save it as CSV in UTF-8"
                raise InputRefused([Problem(what, remedy, path.name)])
            if encoding == "utf-8" and not block.isascii() and not _is_utf8(block):
                encoding = "latin-1"
            if block.strip():
                cuts.append((start, len(block), row))
            row += block.count(b"\n")
            start += len(block)
            if progress is not None:
                progress(start, size, "bytes looked through")
    return cuts, encoding


def _rest_of_person(file: BinaryIO, block: bytes, separator: bytes, person: int) -> bytes:
    """The lines that follow a block as long as they have the person of its last line."""

    def who(line: bytes) -> bytes:
        return (line.split(separator, person + 1) + [b""] * person)[person]

    last = who(block[block.rfind(b"\n", 0, -1) + 1 :])
    begin = file.tell()
    rest: list[bytes] = []
    for line in itertools.islice(iter(file.readline, b""), STRETCH):
        if who(line) != last:
            break
        rest.append(line)
    following = b"".join(rest)
    file.seek(begin + len(following))
    return following


def _is_utf8(block: bytes) -> bool:
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return True


def _each_once(names: Sequence[str]) -> tuple[str, ...]:
    """Names without blanks around; a name that stands twice is marked as Polars marks it."""
    seen: dict[str, int] = {}
    unique = []
    for name in (name.strip() for name in names):
        again = seen.get(name)
        unique.append(name if again is None else f"{name}_duplicated_{again}")
        seen[name] = 0 if again is None else again + 1
    return tuple(unique)
