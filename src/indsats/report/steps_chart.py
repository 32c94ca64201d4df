"""A level that holds for stretches of days: one line of steps for each thing followed, broken where nothing is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import altair as alt

from indsats.language import Lang, month_name

from .canvas import DASHES, MUTED, SERIES, Drawing, unit_of, value_of
from .control_chart import HIGH, LEFT, PLOT, level_axis
from .sheet import Dash, Glyph, Ruler, Sheet, key, muted

_MOST_NAMED, _DOT = 6, 46
_MONTHS = (1, 2, 3, 6, 12, 24, 36, 60, 120)


@dataclass(frozen=True, slots=True)
class _Stretch:
    first: date
    after: date
    value: float
    mark: str


def steps(d: Drawing) -> alt.TopLevelMixin | None:
    """Days from left to right; the level of each ``label`` from ``first`` to ``last``, both included.

    Every line has a dash and a colour of its own, and a point where a stretch begins; a stretch with a ``mark`` has a
    hollow point, which the key names by that word. Days without a row break the line. ``None`` without any row.
    Raises ``ValueError`` when an encoding is missing or there are several words.
    """
    lines = _lines(d)
    every = [one for line in lines.values() for one in line]
    if not every:
        return None
    marks = sorted({one.mark for one in every if one.mark})
    if len(marks) > 1:
        raise ValueError(f"chart '{d.chart.id}' marks stretches with {len(marks)} words; at most one")
    first, after = min(one.first for one in every), max(one.after for one in every)
    sheet = Sheet()
    styles: dict[str, tuple[str, Dash]] = {
        name: (SERIES[at % len(SERIES)], DASHES[at % len(DASHES)]) for at, name in enumerate(lines)
    }
    top = key(sheet, -LEFT, LEFT + PLOT, _entries(sheet, styles, marks)) + 8
    value = d.required("value")
    muted(sheet, -LEFT, top + 6, d.title("y", value), "left")
    top += 22
    bottom = top + HIGH
    ruler = Ruler(0.0, max(1.0, *(one.value for one in every)) * 1.08, HIGH)
    level_axis(d, sheet, ruler, bottom, unit_of(d.cells(value), d.column(value)))
    across = Ruler(first.toordinal(), after.toordinal(), PLOT)
    for name, stretches in lines.items():
        ink, dash = styles[name]
        for piece in _unbroken(stretches):
            corners = [
                (across(day.toordinal()), bottom - ruler(one.value))
                for one in piece
                for day in (one.first, one.after)
            ]
            sheet.curve(corners, ink=ink, thick=2.5, dash=dash, item=name)
        for one in stretches:
            place = across(one.first.toordinal()), bottom - ruler(one.value)
            sheet.dot(*place, "circle", ink=ink, hollow=bool(one.mark), size=_DOT, item=name, value=one.value)
    _days(sheet, across, first, after, bottom, d.lang)
    return sheet.drawn(PLOT, bottom + 24)


def _lines(d: Drawing) -> dict[str, list[_Stretch]]:
    """The stretches of each label in order of days; rows without a day or a number are left out."""
    label, first, last = d.required("label"), d.required("first"), d.required("last")
    value, mark = d.required("value"), d.one("mark")
    words = d.texts(mark) if mark else [""] * len(d.table.rows)
    found: dict[str, list[_Stretch]] = {}
    rows = zip(d.texts(label), d.cells(first), d.cells(last), d.cells(value), words, strict=True)
    for name, begun, ended, cell, word in rows:
        level = value_of(cell)
        if isinstance(begun, date) and isinstance(ended, date) and level is not None:
            found.setdefault(name, []).append(_Stretch(begun, ended + timedelta(days=1), level, word))
    return {name: sorted(those, key=lambda one: one.first) for name, those in found.items()}


def _unbroken(stretches: list[_Stretch]) -> list[list[_Stretch]]:
    """The stretches that follow one another day by day, together."""
    found: list[list[_Stretch]] = []
    for one in stretches:
        if found and found[-1][-1].after == one.first:
            found[-1].append(one)
        else:
            found.append([one])
    return found


def _entries(sheet: Sheet, styles: dict[str, tuple[str, Dash]], marks: list[str]) -> list[tuple[Glyph, str]]:
    """What stands in the key: the lines, and what a hollow point means."""

    def sample(ink: str, dash: Dash) -> Glyph:
        def draw(x: float, y: float) -> None:
            sheet.curve([(x, y), (x + 26, y)], ink=ink, thick=2.5, dash=dash)
            sheet.dot(x, y, "circle", ink=ink, size=_DOT)

        return draw

    def hollow(x: float, y: float) -> None:
        sheet.dot(x + 13, y, "circle", ink=MUTED, hollow=True, size=_DOT)

    return [*((sample(*style), name) for name, style in styles.items()), *((hollow, word) for word in marks)]


def _days(sheet: Sheet, across: Ruler, first: date, after: date, bottom: float, lang: Lang) -> None:
    """So many months by name as there is room for; the first day where no month begins inside."""
    sheet.line(0, bottom, PLOT, bottom, ink=MUTED)
    months = range(first.year * 12 + first.month - 1, after.year * 12 + after.month)
    every = next((n for n in _MONTHS if len(months) / n <= _MOST_NAMED), _MONTHS[-1])
    named = [date(n // 12, n % 12 + 1, 1) for n in months if n % every == 0]
    named = [day for day in named if first <= day <= after] or [first]
    for day in named:
        x = across(day.toordinal())
        align = "left" if x < 40 else "right" if x > PLOT - 40 else "center"
        sheet.line(x, bottom, x, bottom + 5, ink=MUTED)
        sheet.text(x, bottom + 15, f"{month_name(day.month, lang)} {day.year}", align=align)
