"""The wide register as text of fixed width: a line a person, three characters a week."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from indsats.problem import InputRefused, Problem

from ..codes import BLANK, HIGHEST
from ..faults import MOST
from ..weeks import LAST_WEEK, WeekError, column_of_week, week_of_column
from .source import Encoded, Part, Repair
from .tables import AGAIN, PART_BYTES, PART_ROWS
from .values import codes
from .wide import encoded_rows, refused

WIDTH = 3
"""Characters a week takes unless the layout says otherwise."""

BLOCK = 512
"""Lines decoded at a time, so that what is between bytes and codes stays in the cache."""

_WRONG = -2
_SIGNS = 32  # blank, point and digits lie among 32 neighbouring characters: five bits tell them apart
_FIRST_SIGN, _LAST_SIGN = 0x20, 0x3F

_MARK = b"\xef\xbb\xbf"  # some programs put this before text in UTF-8

Place = Annotated[int, Field(ge=1)]


class Layout(BaseModel):
    """Where persons and weeks stand in a line; places are counted from 1.

    ``first_week`` is a column name such as ``y_9132``. Unless given, persons begin the line, weeks follow
    them, and there are as many weeks as the line has room for.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    person_width: Place
    first_week: str
    person_start: Place = 1
    weeks_start: Place | None = None
    week_width: Annotated[int, Field(ge=WIDTH, le=16)] = WIDTH
    weeks: Place | None = None


@dataclass(slots=True)
class FixedWidthSource:
    """A line a person in ``rows`` lines of ``line`` bytes behind ``mark`` bytes; places are counted from 0."""

    file: Path
    first_week: int
    last_week: int
    left_out: tuple[str, ...]
    repairs: tuple[Repair, ...]
    person: tuple[int, int]
    weeks_start: int
    week_width: int
    line: int
    ending: bytes
    rows: int
    mark: int = 0
    whole: bool = True

    @property
    def weeks(self) -> int:
        """The number of weeks in a line."""
        return self.last_week - self.first_week + 1

    def parts(self) -> Sequence[Part]:
        """Ranges of lines, the first being line 0."""
        step = max(1, min(PART_ROWS, 2 * PART_BYTES // self.line))
        starts = range(0, self.rows, step)
        return [Part(index, start, min(step, self.rows - start)) for index, start in enumerate(starts)]

    def read(self, part: Part) -> Encoded:
        """The persons of a part and their runs, or what is wrong with it. There is no heading: row 1 is one."""
        length = part.count * self.line
        with self.file.open("rb") as file:
            file.seek(self.mark + part.start * self.line)
            data = file.read(length)
        if part.start + part.count == self.rows and len(data) >= length - len(self.ending):
            data = data[: length - len(self.ending)] + self.ending  # the last line may lack its end
        if len(data) != length:
            return refused([Problem("the file became shorter while it was read", AGAIN, self.file.name)])
        lines = np.frombuffer(data, dtype=np.uint8).reshape(part.count, self.line)
        problems = self._line_ends(lines, part.start + 1)
        if problems:
            return refused(problems)
        matrix = self._codes(lines, part.start + 1, problems)
        who = self._text(lines, *self.person, name="person")
        return encoded_rows(self.file.name, who, matrix, self.first_week, part.start + 1, problems)

    def _line_ends(self, lines: np.ndarray, first_row: int) -> list[Problem]:
        """A problem for the first line of another length: those after it are out of step."""
        body = self.line - len(self.ending)
        ends = np.frombuffer(self.ending, dtype=np.uint8)
        wrong = (lines[:, body:] != ends).any(axis=1) | (lines[:, :body] == ends[-1]).any(axis=1)
        if not wrong.any():
            return []
        what = f"the line is not {body} characters long with the same line end, as the first one is"
        return [Problem(what, AGAIN, self.file.name, row=first_row + int(np.argmax(wrong)))]

    def _codes(self, lines: np.ndarray, first_row: int, problems: list[Problem]) -> np.ndarray:
        """Codes as Int16 (persons × weeks); what is no code is added to ``problems``."""
        until = self.weeks_start + self.week_width * self.weeks
        cells = lines[:, self.weeks_start : until].reshape(len(lines), self.weeks, self.week_width)
        matrix = np.empty(cells.shape[:2], dtype=np.int16)
        if self.week_width == WIDTH:
            for start in range(0, len(lines), BLOCK):
                matrix[start : start + BLOCK] = _decoded(cells[start : start + BLOCK])
            if matrix.min() > _WRONG:
                return matrix
        for week in range(self.weeks):
            place = self.weeks_start + week * self.week_width
            name = column_of_week(self.first_week + week)
            text = self._text(lines, place, place + self.week_width, name=name)
            matrix[:, week] = codes(text, self.file.name, first_row, problems).fill_null(BLANK).to_numpy()
            if len(problems) >= MOST:
                break
        return matrix

    @staticmethod
    def _text(lines: np.ndarray, start: int, until: int, name: str) -> pl.Series:
        field = np.full((len(lines), until - start + 1), ord("\n"), dtype=np.uint8)
        field[:, :-1] = lines[:, start:until]
        text = field.tobytes()[:-1]
        return pl.Series(name, text.decode("latin-1").split("\n"), dtype=pl.String)


def open_fixed_width(path: Path, layout: Layout | Mapping[str, Any] | Path | None = None) -> FixedWidthSource:
    """The register in a text file of fixed width.

    ``layout`` may be a file in YAML or JSON; without one it is looked for beside the file, under its name and
    ``.yaml``, ``.yml`` or ``.json``. Raises ``InputRefused`` when there is no layout, the layout does not fit
    the line, or the file does not consist of lines of one length (LF or CRLF).
    """
    plan = _layout(path, layout)
    with path.open("rb") as file:
        first = file.readline()
    mark = len(_MARK) if first.startswith(_MARK) else 0
    first = first[mark:]
    ending = b"\r\n" if first.endswith(b"\r\n") else b"\n"
    body = len(first.rstrip(b"\r\n"))
    if not body:
        raise InputRefused([Problem("the file is empty, or its first line is", AGAIN, path.name)])
    weeks_start = plan.weeks_start or plan.person_start + plan.person_width
    weeks = plan.weeks or (body - weeks_start + 1) // plan.week_width
    problems = _unfitting(path.name, plan, body, weeks_start, weeks)
    try:
        week = week_of_column(plan.first_week)
    except WeekError as fault:
        raise InputRefused([*problems, Problem(fault.what, fault.remedy, path.name)]) from None
    if not problems and week + weeks - 1 > LAST_WEEK:
        what = f"{weeks} weeks from '{plan.first_week}' go beyond what a column name can tell"
        problems.append(Problem(what, "Correct the first week or the number of weeks", path.name))
    line = body + len(ending)
    size = _size(path) + len(ending) - mark
    if not problems and size % line:
        problems.append(_first_odd_line(path, mark, line, ending))
    if problems:
        raise InputRefused(problems)
    person = plan.person_start - 1, plan.person_start - 1 + plan.person_width
    rows = size // line
    spans = sorted([person, (weeks_start - 1, weeks_start - 1 + weeks * plan.week_width), (body, body)])
    gaps = [
        f"characters {until + 1}-{start}"
        for (_, until), (start, _) in zip([(0, 0), *spans], spans, strict=False)
        if start > until
    ]
    return FixedWidthSource(
        path,
        week,
        week + weeks - 1,
        tuple(gaps),
        (),
        person,
        weeks_start - 1,
        plan.week_width,
        line,
        ending,
        rows,
        mark,
    )


def layout_beside(path: Path) -> Path | None:
    """The layout of ``dream.txt`` in ``dream.txt.yaml`` or ``dream.yaml``, if there is one (or .yml, .json)."""
    endings = (".yaml", ".yml", ".json")
    beside = [path.with_name(path.name + ending) for ending in endings]
    beside += [path.with_suffix(ending) for ending in endings]
    return next((place for place in beside if place.is_file()), None)


def _layout(path: Path, layout: Layout | Mapping[str, Any] | Path | None) -> Layout:
    if isinstance(layout, Layout):
        return layout
    where = path.name
    if layout is None:
        layout = layout_beside(path)
        if layout is None:
            what = "a file of fixed width needs to be told where persons and weeks stand"
            remedy = f"Put {path.name}.yaml beside it with person_width and first_week, such as y_9132"
            raise InputRefused([Problem(what, remedy, path.name)])
    if isinstance(layout, Path):
        where = layout.name
        try:
            text = layout.read_text(encoding="utf-8")
            layout = json.loads(text) if where.endswith(".json") else yaml.safe_load(text)
        except (OSError, ValueError, yaml.YAMLError):
            what, remedy = "the layout cannot be read", "Write it as YAML or JSON, in UTF-8"
            raise InputRefused([Problem(what, remedy, where)]) from None
    try:
        return Layout.model_validate(layout)
    except ValidationError as refusal:
        known = ", ".join(Layout.model_fields)
        raise InputRefused(
            Problem(
                f"the layout is wrong: {fault['msg']}",
                f"The fields are {known}",
                where,
                field=".".join(map(str, fault["loc"])) or None,
            )
            for fault in refusal.errors()
        ) from None


def _unfitting(file: str, plan: Layout, body: int, weeks_start: int, weeks: int) -> list[Problem]:
    person_until = plan.person_start + plan.person_width - 1
    weeks_until = weeks_start + weeks * plan.week_width - 1
    remedy = "Correct the layout; it must tell of the line as it is"
    what = None
    if weeks < 1 or max(person_until, weeks_until) > body:
        what = f"the layout needs {max(person_until, weeks_until)} characters and the line has {body}"
    elif plan.person_start <= weeks_until and weeks_start <= person_until:
        what = "persons and weeks overlap in the layout"
    elif plan.weeks is None and weeks_until != body:
        what = f"{body - weeks_until} characters remain behind {weeks} weeks of {plan.week_width} characters"
    return [Problem(what, remedy, file)] if what else []


def _size(path: Path) -> int:
    """The bytes of the file without the line ends it ends in: the last line may lack its own, or have several."""
    size = path.stat().st_size
    with path.open("rb") as file:
        while size:
            step = min(size, 4096)
            file.seek(size - step)
            left = len(file.read(step).rstrip(b"\r\n"))
            size -= step - left
            if left:
                break
    return size


def _first_odd_line(path: Path, mark: int, line: int, ending: bytes) -> Problem:
    """Where the first line of another length stands, and why it may be so."""
    body = line - len(ending)
    with path.open("rb") as file:
        file.seek(mark)
        letters = _letters(file.read(body))
        file.seek(mark)
        for row, text in enumerate(file, start=1):
            if len(text) == line:
                continue
            cells = text.rstrip(b"\r\n")
            if len(cells) == body:
                what, remedy = (
                    "the line does not end as the first one does",
                    "Save all lines with one line end",
                )
            elif _letters(cells) == letters:
                what = "the file has letters outside ASCII in UTF-8, which take more than one byte"
                remedy = "Save the file in Latin-1, where each letter takes one"
            else:
                what, remedy = f"the line has {len(cells)} characters and the first has {body}", AGAIN
            return Problem(what, remedy, path.name, row=row)
    return Problem("the lines are not of one length", AGAIN, path.name)


def _letters(line: bytes) -> int:
    return len(line.decode("utf-8", errors="replace"))


def _decoded(cells: np.ndarray) -> np.ndarray:
    """Codes of three characters each (lines × weeks × 3); ``_WRONG`` where there is none."""
    if cells.min() < _FIRST_SIGN or cells.max() > _LAST_SIGN:
        return np.full(cells.shape[:2], _WRONG, dtype=np.int16)
    signs = cells & np.uint8(_SIGNS - 1)
    index = signs[:, :, 0].astype(np.int16)
    index <<= 5
    index |= signs[:, :, 1]
    index <<= 5
    index |= signs[:, :, 2]
    return _CODES[index]


def _table() -> np.ndarray:
    """What three signs of five bits mean: a number with blanks on either side, or nothing or a dot."""

    def meaning(text: str) -> int:
        text = text.strip(" ")
        if text in ("", "."):
            return BLANK
        return int(text) if text.isdecimal() and int(text) <= HIGHEST else _WRONG

    def triples() -> Iterator[str]:
        signs = [chr(_FIRST_SIGN + sign) for sign in range(_SIGNS)]
        return (a + b + c for a in signs for b in signs for c in signs)

    return np.array([meaning(text) for text in triples()], dtype=np.int16)


_CODES = _table()
