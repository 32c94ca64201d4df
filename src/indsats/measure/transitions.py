"""Movement between the sides of a questionnaire from the first measurement of a period to its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from indsats.figure import Figure
from indsats.programme import Duration, Period

from .answered import answers, in_period, one_a_day
from .distribution import ALL, UNKNOWN

if TYPE_CHECKING:
    from indsats.record import Facts

OTHER = "other"
"""Left for a reason that is not among the named exits, or for none that was recorded."""
NOT_MEASURED_AGAIN = "not_measured_again"
"""Still enrolled when the period ends, but without a second measurement."""


@dataclass(frozen=True, slots=True)
class TransitionRow:
    """Persons who began on side ``start`` in ``unit`` and ended at ``end``, and their share of the base."""

    unit: str
    start: str
    end: str
    count: Figure
    share: Figure


@dataclass(frozen=True, slots=True)
class Transitions:
    """A table side × end for every unit; the rows of one unit and start add up to its base.

    ``ends`` are the sides, the named exits, ``other`` and ``not_measured_again``, in that order. ``units``
    ends with ``all``. ``changed_rater`` says per unit how many of those measured twice were measured by
    another kind of rater the second time: their movement may be the rater's.
    """

    questionnaire: str
    period: Period
    start_months: int | None
    units: tuple[str, ...]
    sides: tuple[str, ...]
    ends: tuple[str, ...]
    rows: tuple[TransitionRow, ...]
    changed_rater: Mapping[str, Figure]

    def row(self, unit: str, start: str, end: str) -> TransitionRow:
        """The one row for these three; KeyError where there is none."""
        for row in self.rows:
            if (row.unit, row.start, row.end) == (unit, start, end):
                return row
        raise KeyError((unit, start, end))

    def counts(self, start: str, units: Sequence[str]) -> list[list[int]]:
        """Persons by unit (rows) and end (columns), as a test of independence takes them."""
        return [[int(self.row(unit, start, end).count.value or 0) for end in self.ends] for unit in units]


def transitions(
    facts: Facts,
    questionnaire_id: str,
    period: Period,
    exits: Mapping[str, Sequence[str]],
    *,
    start_months: int | None = None,
) -> Transitions:
    """Where those measured early in ``period`` stand when it ends.

    **Base**: each person's first measurement with a side on a day within the first ``start_months`` calendar
    months of the period (the whole period when None), counted once, in the unit of that measurement. The
    document's table is ``start_months=1`` on a calendar year: everybody measured in January
    (document 004 L947-963).

    **End**, the first that holds:

    1. the person has left: an enrolment ended on the base day or later and no later than the period's last
       day, and none is open when the period ends. The reason of the last exit names the end: the first of
       ``exits`` (name to reasons) that lists it, otherwise ``other``. A measurement after that does not
       bring the person back; a new enrolment does.
    2. the side of the last measurement with a side after the base day and within the period;
    3. ``not_measured_again``.

    Intermediate measurements do not count: who falls back and recovers within the period has not moved. The
    document shows one column for everything but the two sides and job or education; it is the sum of our
    ``other`` and ``not_measured_again``.

    Left out, per unit: ``incomplete``, measured in the base months but never completely; ``no_class``,
    complete answers without a side. Several measurements on a day: see ``one_a_day``. Raises KeyError for an
    unknown questionnaire and ValueError when an exit bears the name of a side or of a fixed end.
    """
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    sides = tuple(questionnaire.sides)
    clash = (set(sides) | {OTHER, NOT_MEASURED_AGAIN}) & set(exits)
    if clash:
        raise ValueError(f"exits and sides need different names; both have {', '.join(sorted(clash))}")
    ends = (*sides, *exits, OTHER, NOT_MEASURED_AGAIN)

    measured = one_a_day(in_period(answers(facts, questionnaire_id), period), questionnaire)
    measured = measured.with_columns(pl.col("unit").fill_null(UNKNOWN))
    early = measured.filter(pl.col("occurred_from") < _end_of_start(period, start_months))
    sided = pl.col("side").is_not_null()
    base = (
        early.filter(sided)
        .unique("person", keep="first", maintain_order=True)
        .select("person", "unit", start="side", day="occurred_from", first_rater="rater")
    )
    last = (
        measured.filter(sided)
        .join(base.select("person", "day"), on="person")
        .filter(pl.col("occurred_from") > pl.col("day"))
        .unique("person", keep="last", maintain_order=True)
        .select("person", later="side", last_rater="rater")
    )
    moved = (
        base.join(last, on="person", how="left")
        .join(_left(facts, base, period, exits), on="person", how="left")
        .with_columns(end=pl.coalesce("left", "later", pl.lit(NOT_MEASURED_AGAIN)))
    )
    dropped = _dropped(early, base)
    units = (*sorted(set(moved["unit"]) | set(dropped["unit"])), ALL)
    stem = f"transition/{questionnaire_id}"
    rows: list[TransitionRow] = []
    changed: dict[str, Figure] = {}
    for unit in units:
        of_unit = moved if unit == ALL else moved.filter(pl.col("unit") == unit)
        rows += _rows(f"{stem}/{unit}", unit, of_unit, sides, ends, _excluded(dropped, unit))
        twice = of_unit.filter(pl.col("end") == pl.col("later"))
        other_rater = int(twice.select(pl.col("first_rater").ne_missing(pl.col("last_rater")).sum()).item())
        changed[unit] = Figure.share(f"{stem}/{unit}/changed_rater", other_rater, twice.height)
    return Transitions(questionnaire_id, period, start_months, units, sides, ends, tuple(rows), changed)


def _end_of_start(period: Period, start_months: int | None) -> date:
    """The first day that is too late for the base."""
    if start_months is None:
        return period.last + timedelta(days=1)
    return Duration(months=start_months).after(period.first)


def _left(
    facts: Facts, base: pl.DataFrame, period: Period, exits: Mapping[str, Sequence[str]]
) -> pl.DataFrame:
    """Person and the exit that ``left`` names, for those of ``base`` without an open enrolment at the end."""
    enrolled = facts.enrolments().join(base.select("person", "day"), on="person")
    ended = pl.col("end").is_not_null() & (pl.col("end") <= period.last)
    open_at_end = enrolled.filter((pl.col("start") <= period.last) & ~ended).select("person").unique()
    name_of = {reason: name for name in reversed(list(exits)) for reason in exits[name]}
    name = pl.col("exit_reason").replace_strict(name_of, default=OTHER, return_dtype=pl.String)
    place = pl.col("left").replace_strict(
        {name: place for place, name in enumerate(exits)}, default=len(exits), return_dtype=pl.Int64
    )
    return (
        enrolled.filter(ended & (pl.col("end") >= pl.col("day")))
        .join(open_at_end, on="person", how="anti")
        .with_columns(name.alias("left"))
        # Two services may end on one day; the named reason says more than 'other'.
        .sort("person", "end", place, descending=[False, True, False])
        .unique("person", keep="first", maintain_order=True)
        .select("person", "left")
    )


def _dropped(early: pl.DataFrame, base: pl.DataFrame) -> pl.DataFrame:
    """Persons measured in the base months who are not in the base: ``unit``, ``reason``."""
    return (
        early.join(base.select("person"), on="person", how="anti")
        .sort(pl.col("complete").not_(), maintain_order=True)
        .unique("person", keep="first", maintain_order=True)
        .select(
            "unit",
            reason=pl.when("complete").then(pl.lit("no_class")).otherwise(pl.lit("incomplete")),
        )
    )


def _excluded(dropped: pl.DataFrame, unit: str) -> dict[str, int]:
    rows = dropped if unit == ALL else dropped.filter(pl.col("unit") == unit)
    return dict(rows.group_by("reason").len().sort("reason").iter_rows())


def _rows(
    stem: str,
    unit: str,
    moved: pl.DataFrame,
    sides: Sequence[str],
    ends: Sequence[str],
    excluded: Mapping[str, int],
) -> list[TransitionRow]:
    numbers = {(start, end): n for start, end, n in moved.group_by("start", "end").len().iter_rows()}
    rows: list[TransitionRow] = []
    for start in sides:
        total = sum(numbers.get((start, end), 0) for end in ends)
        for end in ends:
            number = numbers.get((start, end), 0)
            rows.append(
                TransitionRow(
                    unit=unit,
                    start=start,
                    end=end,
                    count=Figure.count(f"{stem}/{start}/{end}/count", number, excluded=excluded),
                    share=Figure.share(f"{stem}/{start}/{end}/share", number, total, excluded=excluded),
                )
            )
    return rows
