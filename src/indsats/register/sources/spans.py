"""From rows that each tell of a span of time, in any notation, to runs of weeks with one code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import ClassVar

import numpy as np
import polars as pl

from indsats.problem import Problem

from ..codes import BLANK
from ..faults import MOST, each_row, harmless, shorten
from ..weeks import LAST_WEEK, ORIGIN, WeekError, week_of_column
from .source import Encoded, Part, Repair, Runs
from .tables import Table, person_column, refuse
from .values import FIRST_DAY, codes, dates, persons, text
from .wide import refused

_ISO_WEEK = re.compile(r"(\d{4})-W(\d\d)$", re.IGNORECASE)
_COLUMN = re.compile(r"(?:y_)?(\d{1,4})(?:\.0)?$", re.IGNORECASE)
_HOW = "Write a week as y_1401, 1401 or 2014-W01, or give a day of it as 2014-01-03"
_CUT = "Give the {} week to read, and what lies outside is left out or cut"
_LAST_DAY = 7 * LAST_WEEK + 6


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns tell what; in the long layout ``begin`` and ``end`` are one."""

    person: str
    begin: str
    end: str
    code: str

    @classmethod
    def of(cls, table: Table, person: str, begin: str, end: str) -> Columns:
        """The columns of these names, in capital letters or not; ``InputRefused`` for each that is missing."""
        known = {name.strip().lower(): name for name in table.names}
        who = person_column(table.file.name, table.names, person)
        asked = {"person": who, **{name: known.get(name, "") for name in (begin, end, "code")}}
        file = table.file.name
        missing = [name for name, found in asked.items() if found not in table.names]
        refuse([Problem(f"there is no column '{name}'", f"Name a column {name}", file) for name in missing])
        return cls(who, asked[begin], asked[end], asked["code"])

    def left_out(self, table: Table) -> tuple[str, ...]:
        """The other columns of the table."""
        return tuple(
            name for name in table.names if name not in (self.person, self.begin, self.end, self.code)
        )


class SpanSource:
    """What the sources have in common whose rows each tell of a span of time."""

    __slots__ = ("asked", "columns", "file", "first_week", "last_week", "left_out", "repairs", "table")

    whole: bool = False
    begin: ClassVar[str]
    end: ClassVar[str]
    overlap: ClassVar[str]
    """The columns a span begins and ends in, and what is wrong with two rows that tell of one day."""

    def __init__(
        self,
        table: Table,
        person: str = "person",
        first_week: int | None = None,
        last_week: int | None = None,
    ) -> None:
        """The rows of a table; unless given, the register's weeks are those the rows tell of."""
        self.table, self.file, self.repairs = table, table.file, table.repairs
        self.columns = Columns.of(table, person, self.begin, self.end)
        self.left_out = self.columns.left_out(table)
        self.asked = first_week is not None, last_week is not None
        self.first_week, self.last_week = reach(table, self.columns, first_week, last_week)

    def parts(self) -> Sequence[Part]:
        """The parts of the table."""
        return self.table.parts()

    def read(self, part: Part) -> Encoded:
        """The persons of a part and their runs, or what is wrong with it."""
        window = self.first_week, self.last_week
        return read_spans(self.table, self.columns, part, window, self.asked, self.overlap)


def days(values: pl.Series, *, end: bool) -> tuple[pl.Series, dict[str, WeekError]]:
    """Weeks or dates as days since Monday of 1991-W32 (Int32): a week's Monday, or at an ``end`` its Sunday.

    Null for what is neither; the faults of weeks a year does not have stand beside. Dates may lie outside the
    weeks a register can have, as 9999-12-31 does, which many systems write for an open end.
    """
    told = text(values) if not values.dtype.is_temporal() else values
    cells = told.unique().drop_nulls()
    found = dates(cells, FIRST_DAY, date.max).cast(pl.Int32) - (ORIGIN - date(1970, 1, 1)).days
    faults: dict[str, WeekError] = {}
    if cells.dtype == pl.String:
        weeks: list[int | None] = []
        for cell, day in zip(cells, found, strict=True):
            try:
                weeks.append(_day_of_week(cell, end=end) if day is None else day)
            except WeekError as fault:
                faults[cell] = fault
                weeks.append(None)
        found = pl.Series(weeks, dtype=pl.Int32)
    return told.replace_strict(cells, found, default=None, return_dtype=pl.Int32), faults


def _day_of_week(cell: str, *, end: bool) -> int | None:
    """The first day of a week, or its last, counted from Monday of 1991-W32; None for what is no week."""
    if found := _COLUMN.match(cell):
        return 7 * week_of_column(f"y_{found[1]}") + 6 * end
    if found := _ISO_WEEK.match(cell):
        try:
            monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
            return (monday - ORIGIN + timedelta(days=6 * end)).days
        except (ValueError, OverflowError):  # a week the calendar does not have
            return None
    return None


def _inside(
    values: pl.Series,
    file: str,
    rows: np.ndarray,
    problems: list[Problem],
    asked: tuple[bool, bool],
    *,
    end: bool,
    endless: bool,
) -> pl.Series:
    """The days of one end of the spans; what is none, or lies where it cannot be cut, is a problem.

    A day before the first week a register can have is cut when the first week was ``asked`` for, and an
    ``endless`` end behind the last one when the last week was.
    """
    found, faults = days(values, end=end)
    early, late = found < 0, found > _LAST_DAY
    wrong = found.is_null() | (early & (not asked[0])) | (late & (not (endless and asked[1])))
    for position in np.flatnonzero(wrong.to_numpy())[: max(0, MOST - len(problems))]:
        at = int(position)
        cell = values[at]
        fault, shown, remedy = faults.get(str(cell).strip()), None, _HOW
        if cell is None or not str(cell).strip():
            what = "there is no week or date"
        elif fault is not None:
            what = fault.what
        elif found[at] is None:
            what, shown = "this is no week of a register", harmless(str(cell))
        elif early[at]:
            what, remedy = "this lies before 1991-W32, where registers begin", _CUT.format("first")
        elif endless:
            what, remedy = "this lies behind all weeks a register can have", _CUT.format("last")
        else:
            what, shown = "this is no week of a register", harmless(str(cell))
        problems.append(Problem(what, remedy, file, row=int(rows[at]), field=values.name, value=shown))
    return found.set(wrong, None)


def reach(table: Table, columns: Columns, first: int | None, last: int | None) -> tuple[int, int]:
    """The first and last week asked for, or else told of in the table."""
    if first is None or last is None:
        least, greatest, problems = [], [], []
        for part in table.parts():
            wanted: dict[str, pl.DataType] = {columns.begin: pl.String(), columns.end: pl.String()}
            frame = table.frame(part, wanted, problems)
            refuse(problems)
            if frame is None:
                continue
            for name, found, end in ((columns.begin, least, False), (columns.end, greatest, True)):
                day = days(frame[name].unique().drop_nulls(), end=end)[0]
                found.append(day.filter(day.is_between(0, _LAST_DAY)))  # others are told when parts are read
        begin, end = pl.concat(least).min(), pl.concat(greatest).max()
        nothing = [
            Problem("no row has a week or a date that can be read", remedy, table.file.name, field=name)
            for name, found, asked, remedy in (
                (columns.begin, begin, first, _HOW),
                (columns.end, end, last, f"{_HOW}. {_CUT.format('last')}"),
            )
            if found is None and asked is None
        ]
        refuse(nothing if columns.begin != columns.end else nothing[:1])
        first = int(begin) // 7 if first is None else first  # type: ignore[arg-type]
        last = int(end) // 7 if last is None else last  # type: ignore[arg-type]
    if last < first:
        what = f"the last week ({last}) lies before the first ({first})"
        refuse([Problem(what, "Correct the first and the last week asked for", table.file.name)])
    return first, last


def read_spans(
    table: Table,
    columns: Columns,
    part: Part,
    window: tuple[int, int],
    asked: tuple[bool, bool],
    overlap: str,
) -> Encoded:
    """The runs a part tells of, and weeks without a code only where a row says so.

    Rows that say the same are counted once; of two spells that meet inside a week, the later one has the
    week. ``asked`` tells which ends of the window were asked for: what lies beyond is then cut, also where it
    lies outside the calendar. ``overlap`` says what is wrong with two rows that tell of one day.
    """
    file, problems = table.file.name, []
    wanted: dict[str, pl.DataType] = {
        columns.person: pl.String(),
        columns.begin: pl.String(),
        columns.end: pl.String(),
        columns.code: pl.Int16(),
    }
    frame = table.frame(part, wanted, problems)
    if frame is None:
        return refused(problems)
    first_row = table.first_row(part)
    code = codes(frame[columns.code], file, first_row, problems)
    who = persons(frame[columns.person], file, problems)
    rows = np.arange(first_row, first_row + len(who))
    told = ~pl.Series(np.zeros(len(who), dtype=bool))
    for name in (columns.begin, columns.end, columns.code):
        told &= frame[name].is_null()
    told = ~(told & who.is_null())  # an empty line tells nothing
    if not told.all():
        frame, code, who, rows = (
            frame.filter(told),
            code.filter(told),
            who.filter(told),
            rows[told.to_numpy()],
        )
    remedy = "Give the person's identification, or take the row out"
    problems += each_row("the row has no person", remedy, file, rows[who.is_null().to_numpy()])
    begin = _inside(frame[columns.begin], file, rows, problems, asked, end=False, endless=False)
    if columns.begin == columns.end:
        begin = begin // 7 * 7  # a day stands for its week
        end = begin + 6
    else:
        end = _inside(frame[columns.end], file, rows, problems, asked, end=True, endless=True)
    spans = pl.DataFrame(
        {"person": who, "row": rows, "begin": begin, "end": end, "code": code.fill_null(BLANK)}
    )
    reversed_ = spans.filter(pl.col("end") < pl.col("begin"))["row"]
    remedy = "Correct the two ends; both belong to the spell"
    problems += each_row("the spell ends before it begins", remedy, file, reversed_)
    if problems:
        return refused(problems)
    return _encoded(spans, window, file, overlap)


def _encoded(spans: pl.DataFrame, window: tuple[int, int], file: str, overlap: str) -> Encoded:
    repairs: list[Repair] = []
    seen = (
        spans.group_by("person", maintain_order=True).agg(row=pl.col("row").first()).with_row_index("number")
    )
    ordered = (
        spans.join(seen.select("person", "number"), on="person")
        .drop("person")
        .sort("number", "begin", "end", "code", "row")
    )
    said = ["number", "begin", "end", "code"]
    again = ordered.select(pl.all_horizontal(pl.col(said) == pl.col(said).shift(1)).fill_null(value=False))
    if repeated := int(again.to_series().sum()):
        ordered = ordered.filter(~again.to_series())
        repairs.append(Repair("rows that repeat another one left out", repeated, file))
    problems = _overlaps(ordered, file, overlap)
    if problems:
        return refused(problems)
    number, code = ordered["number"].to_numpy().astype(np.int32), ordered["code"].to_numpy()
    first, last = ordered["begin"].to_numpy() // 7, ordered["end"].to_numpy() // 7
    follows = np.append(number[1:] == number[:-1], [False]) if len(number) else np.zeros(0, dtype=bool)
    following = np.append(first[1:], [LAST_WEEK + 1])[: len(first)]
    shared = follows & (last >= following)
    other = np.append(code[1:] != code[:-1], [False])[: len(code)]
    if (shared & other).any():
        what = "weeks in which two spells meet given to the later one"
        repairs.append(Repair(what, int(np.count_nonzero(shared & other)), file))
    last = np.where(shared, following - 1, last)
    inside = (last >= window[0]) & (first <= window[1]) & (last >= first)
    cut = (first <= last) & ((first < window[0]) | (last > window[1]))
    if cut.any():
        what = "rows outside the weeks asked for left out, or cut"
        repairs.append(Repair(what, int(np.count_nonzero(cut)), file))
    first, last = np.maximum(first, window[0])[inside], np.minimum(last, window[1])[inside]
    runs = _joined(Runs(number[inside], first.astype(np.int32), last.astype(np.int32), code[inside]))
    present = np.unique(runs.person)
    runs = replace(runs, person=np.searchsorted(present, runs.person).astype(np.int32))
    person = seen["person"].gather(present)
    row = seen["row"].gather(present).to_numpy().astype(np.int64)
    return Encoded(person, row, runs, [], tuple(repairs))


def _overlaps(ordered: pl.DataFrame, file: str, what: str) -> list[Problem]:
    """A problem for each span that begins before an earlier one of the same person has ended."""
    longest = pl.col("end").cum_max().over("number")
    found = (
        ordered.with_columns(
            until=longest.shift(1).over("number"),
            before=pl.when(pl.col("end") == longest)
            .then(pl.col("row"))
            .forward_fill()
            .shift(1)
            .over("number"),
        )
        .filter(pl.col("begin") <= pl.col("until"))
        .select(pl.max_horizontal("row", "before"), before=pl.min_horizontal("row", "before"))
        .head(MOST)
    )
    remedy = "Keep one of the two, or correct their weeks; a week has one code"
    return shorten(
        [Problem(f"{what} in row {before}", remedy, file, row=row) for row, before in found.iter_rows()]
    )


def _joined(runs: Runs) -> Runs:
    """Runs of one code that follow each other without a gap as one."""
    begins = np.ones(len(runs.code), dtype=bool)
    begins[1:] = (
        (runs.person[1:] != runs.person[:-1])
        | (runs.code[1:] != runs.code[:-1])
        | (runs.first[1:] != runs.last[:-1] + 1)
    )
    at = np.flatnonzero(begins)
    until = np.append(at[1:], len(begins))[: len(at)] - 1
    return Runs(runs.person[at], runs.first[at], runs.last[until], runs.code[at])
