"""The wide register as Parquet: a row a person, a column a week, read a block of rows and columns at a time."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from indsats.problem import InputRefused, Problem

from ..faults import MOST
from .columns import week_columns
from .encode import MOST_PERSONS, Encoder
from .source import Encoded, Part
from .values import codes, persons
from .wide import encoded, refused

PART_ROWS = 50_000
"""Persons of a part, unless row groups are larger: a week of them fits in the processor's cache."""

HELD_BYTES = 64_000_000
"""Bytes of columns in memory at a time: a part's weeks are read in blocks of columns of no more than this."""


class ParquetSource:
    """A wide Parquet file of any size and any row groups; memory does not grow with either.

    Week columns may be whole numbers (fastest), decimal numbers that are whole, or text. A row without a
    person and without a code is skipped.
    """

    whole = True

    def __init__(self, path: Path, person: str = "person") -> None:
        """Looks at the heading of ``path``. ``person`` is the column with the person's identification.

        Raises ``InputRefused`` with every problem found: a file that is none or was cut off, no rows, no
        persons, a week that is wrong, missing or there twice.
        """
        self.file, self.person = path, person
        try:
            about = pq.read_metadata(path)
            names, types = _each_once(about.schema.to_arrow_schema())
        except FileNotFoundError:
            raise InputRefused(
                [Problem("there is no such file", "Give the file's full path", path.name)]
            ) from None
        except (pa.ArrowException, OSError):
            raise InputRefused([_unreadable(path)]) from None
        columns = week_columns(path.name, names, person)
        self.first_week, self.last_week = columns.first_week, columns.last_week
        self.left_out, self.repairs, self.weeks = columns.left_out, columns.repairs, columns.names
        groups = [about.row_group(index) for index in range(about.num_row_groups)]
        self._rows = tuple(group.num_rows for group in groups if group.num_rows)
        if not self._rows:
            what, remedy = "the register has a heading but no persons", "Add a row for each person"
            raise InputRefused([Problem(what, remedy, path.name)])
        # Of a row group too large for one part the columns are fetched whole all the same.
        fetched = max(group.total_byte_size for group in groups) / len(names)
        made = max(part.count for part in self._ranges()) * max(_width(types[name]) for name in self.weeks)
        self.columns_held = max(1, int(HELD_BYTES // max(fetched, made)))

    def parts(self) -> Sequence[Part]:
        """Ranges of rows, counted from 0."""
        return self._ranges()

    def _ranges(self) -> list[Part]:
        """Small row groups are taken together up to 50,000 rows, large ones cut evenly."""
        ranges: list[Part] = []
        start = count = 0
        for rows in (*self._rows, 0):
            if count and (not rows or count + rows > PART_ROWS):
                pieces = -(-count // MOST_PERSONS)
                cuts = [start + count * piece // pieces for piece in range(pieces + 1)]
                for begin, end in itertools.pairwise(cuts):
                    ranges.append(Part(len(ranges), begin, end - begin))
                start, count = start + count, 0
            count += rows
        return ranges

    def read(self, part: Part) -> Encoded:
        """The persons of a part and their runs, or what is wrong with it."""
        try:
            found = self._read(part, thorough=False)
            return found or self._read(part, thorough=True) or refused([])
        except (pl.exceptions.PolarsError, OSError):
            # The library's own message may quote a value.
            return refused([_unreadable(self.file)])

    def _read(self, part: Part, *, thorough: bool) -> Encoded | None:
        """None when some number is no code, which a ``thorough`` reading tells the place of."""
        problems: list[Problem] = []
        who = persons(self._block(part, [self.person])[self.person], self.file.name, problems)
        encoder = Encoder(part.count, self.first_week)
        for column in self._columns(part):
            if thorough or not encoder.add_column(column):
                found = codes(column, self.file.name, part.start + 2, problems)
                if not problems:
                    encoder.add_column(found)
            if len(problems) >= MOST:
                break
        if problems:
            return refused(problems)
        if not encoder.in_range():
            return None
        return encoded(self.file.name, who, encoder.runs(), part.start + 2)

    def _columns(self, part: Part) -> Iterator[pl.Series]:
        for begin in range(0, len(self.weeks), self.columns_held):
            yield from self._block(part, self.weeks[begin : begin + self.columns_held]).iter_columns()

    def _block(self, part: Part, names: Sequence[str]) -> pl.DataFrame:
        """Some columns of a part: what is in memory at a time."""
        about = self.file.stat()
        scan = _scan(self.file, about.st_size, about.st_mtime_ns)
        return scan.slice(part.start, part.count).select(names).collect()


@lru_cache(maxsize=2)
def _scan(path: Path, _size: int, _changed: int) -> pl.LazyFrame:
    """The file as Polars sees it. Kept, because a heading of 1,800 columns and many row groups is read slowly."""
    return pl.scan_parquet(path, glob=False)  # a name with [1] in it is a name, and no pattern


def _each_once(schema: pa.Schema) -> tuple[list[str], dict[str, pa.DataType]]:
    """The columns with their types; a second one of a name is marked as Polars marks it."""
    types: dict[str, pa.DataType] = {}
    again: dict[str, int] = {}
    for field in schema:
        seen = again.get(field.name, 0)
        types[f"{field.name}_duplicated_{seen - 1}" if seen else field.name] = field.type
        again[field.name] = seen + 1
    return list(types), types


def _width(kind: pa.DataType) -> int:
    """Bytes of a value in memory; text is held by a reference of 16 bytes and the codes' own three."""
    return max(1, kind.bit_width // 8) if pa.types.is_primitive(kind) else 24


def _unreadable(path: Path) -> Problem:
    what = "the file cannot be read as Parquet"
    return Problem(what, "Export the register again and check that the copy is whole", path.name)
