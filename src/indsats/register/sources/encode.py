"""The kernel: weeks of a batch of persons, one column after the other, become runs of equal codes.

A week's codes are compared with the week before while both are in the processor's cache; a matrix of persons and
weeks is never built. What must be looked at cell by cell (blanks, the comparison) is done on whole arrays of 16-bit
numbers; what costs more per value (range, sorting) is done on the runs, which are some forty times fewer.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from ..codes import BLANK, HIGHEST
from .source import Runs

MOST_PERSONS = np.iinfo(np.uint16).max + 1
"""Persons encoded at a time: their positions are sorted as 16-bit numbers, which is a radix sort in NumPy."""

# For each byte of a validity bitmap eight 16-bit masks: 0 keeps a value, -1 (all bits) makes it BLANK.
_MASKS = np.where(
    np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little"), 0, BLANK
).astype(np.int16)

_INTEGERS = {pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64}


class Encoder:
    """Collects the runs of up to 65,536 persons whose weeks are added one after the other.

    Time grows with persons × weeks, memory with the number of runs.
    """

    def __init__(self, persons: int, first_week: int) -> None:
        """For ``persons`` persons; the first week added is ``first_week``."""
        if not 0 < persons <= MOST_PERSONS:
            raise ValueError(f"an encoder takes 1 to {MOST_PERSONS} persons, found {persons}")
        self._persons, self._first_week = persons, first_week
        self._before: np.ndarray | None = None
        # Weeks are made dense in one of two places in turn: the other still holds the week before.
        self._places = np.empty((2, -(-persons // 8), 8), dtype=np.int16)
        self._changed = np.empty(persons, dtype=bool)
        self._person: list[np.ndarray] = []
        self._code: list[np.ndarray] = []

    def add(self, codes: np.ndarray) -> None:
        """The next week: a code for each person (Int16), ``BLANK`` for none. Not to be changed afterwards."""
        if self._before is None:
            self._changed[:] = True
        else:
            np.not_equal(codes, self._before, out=self._changed)
        at = np.flatnonzero(self._changed)
        self._person.append(at.astype(np.uint16))
        self._code.append(codes[at])
        self._before = codes

    def add_column(self, column: pl.Series) -> bool:
        """The next week from a column of whole numbers, null for none.

        False, and nothing is added, when the column needs a closer look: it is of another type, or a number
        lies where ``BLANK`` or no 16-bit number is. Other numbers that are no code are found by ``in_range``.
        """
        if column.dtype not in _INTEGERS:
            return False
        nulls = column.null_count()
        if column.dtype != pl.Int16:
            column = column.cast(pl.Int16, strict=False)
            if column.null_count() != nulls:
                return False
        codes = self._dense(column, nulls)
        if np.count_nonzero(codes == BLANK) != nulls:
            return False
        self.add(codes)
        return True

    def _dense(self, column: pl.Series, nulls: int) -> np.ndarray:
        """The numbers of a column, null as ``BLANK``.

        The bytes of the validity bitmap choose masks from a table, and a bitwise or makes the blanks: a sixth
        of the time ``fill_null`` takes.
        """
        column = column.rechunk()
        if not nulls:
            return column.to_numpy()
        array = column.to_arrow()
        if array.offset % 8:
            return column.fill_null(BLANK).to_numpy()
        validity, values = array.buffers()
        bits = np.frombuffer(validity, dtype=np.uint8)
        begin = array.offset // 8
        self._places = self._places[::-1]
        masks = self._places[0]
        np.take(_MASKS, bits[begin : begin + len(masks)], axis=0, out=masks, mode="clip")
        codes = masks.reshape(-1)[: self._persons]
        numbers = np.frombuffer(values, dtype=np.int16)[array.offset : array.offset + len(array)]
        return np.bitwise_or(codes, numbers, out=codes)

    def in_range(self) -> bool:
        """Whether everything added so far is a code or ``BLANK``. Asks the runs, not the weeks."""
        return all(not len(code) or (code.min() >= BLANK and code.max() <= HIGHEST) for code in self._code)

    def runs(self) -> Runs:
        """The runs of all weeks added, sorted by person, then week. There must be one week at least."""
        counts = [len(person) for person in self._person]
        person = np.concatenate(self._person)
        order = np.argsort(person, kind="stable")
        first = np.repeat(np.arange(len(counts), dtype=np.int32) + np.int32(self._first_week), counts)[order]
        code = np.concatenate(self._code)[order]
        each = np.bincount(person, minlength=self._persons)
        last = np.empty_like(first)
        last[:-1] = first[1:] - 1
        last[np.cumsum(each) - 1] = self._first_week + len(counts) - 1
        return Runs(np.repeat(np.arange(self._persons, dtype=np.int32), each), first, last, code)


def runs_of_rows(matrix: np.ndarray, first_week: int, left_out: int | None = None) -> Runs:
    """The runs of a matrix persons × weeks (Int16) whose first column is ``first_week``.

    Cells with the value ``left_out`` are in no run. Taken row by row, the runs need no sorting.
    """
    persons, weeks = matrix.shape
    begins = np.ones(matrix.shape, dtype=bool)
    np.not_equal(matrix[:, 1:], matrix[:, :-1], out=begins[:, 1:])
    at = np.flatnonzero(begins)
    until = np.append(at[1:], persons * weeks)[: len(at)] - 1
    code = matrix.ravel()[at]
    if left_out is not None:
        kept = code != left_out
        at, until, code = at[kept], until[kept], code[kept]
    person, first = np.divmod(at, weeks)
    last = until - person * weeks
    return Runs(
        person.astype(np.int32),
        (first + first_week).astype(np.int32),
        (last + first_week).astype(np.int32),
        code.astype(np.int16),
    )
