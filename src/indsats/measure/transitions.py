"""Movement between a questionnaire's classes, or their sides, from a period's first measurement to its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

import polars as pl

from indsats.figure import Figure
from indsats.programme import Duration, Period, Questionnaire

from .answered import answers, in_period, one_a_day
from .distribution import ALL, UNKNOWN
from .editions import ANOTHER_EDITION, comparable

if TYPE_CHECKING:
    from indsats.record import Facts

OTHER = "other"
"""Left for a reason that is not among the named exits, or for none that was recorded."""
NOT_MEASURED_AGAIN = "not_measured_again"
"""Still enrolled when the period ends, but without a second measurement that can be compared."""
Level = Literal["side", "class"]
"""What people are followed between: the classes themselves, or the wider sides they belong to."""


@dataclass(frozen=True, slots=True)
class TransitionRow:
    """Persons who began in ``start`` in ``unit`` and ended at ``end``, and their share of the base."""

    unit: str
    start: str
    end: str
    count: Figure
    share: Figure


@dataclass(frozen=True, slots=True)
class Transitions:
    """A table start × end for every unit; the rows of one unit and start add up to its base.

    ``labels`` are what people begin in: the sides in the definition's order, or the classes in the order of their
    ids; those only an earlier edition had come last. ``ends`` are the labels, the named exits, ``other`` and
    ``not_measured_again``, in that order. ``ranked`` are the labels from best to worst: sides as the definition
    lists them, classes by the place of their side and then by id. ``units`` ends with ``all``.
    ``changed_rater`` says per unit how many of those measured twice were measured by another kind of rater the
    second time: their movement may be the rater's.
    """

    questionnaire: str
    level: Level
    period: Period
    start_months: int | None
    units: tuple[str, ...]
    labels: tuple[str, ...]
    ranked: tuple[str, ...]
    ends: tuple[str, ...]
    rows: tuple[TransitionRow, ...]
    changed_rater: Mapping[str, Figure]

    @property
    def sides(self) -> tuple[str, ...]:
        """The labels, by the name they have when people are followed between sides."""
        return self.labels

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
    level: Level = "side",
) -> Transitions:
    """Where those measured early in ``period`` stand when it ends, told by side or by class.

    **Base**: each person's first measurement with a label (a side, or a class) on a day within the first
    ``start_months`` calendar months of the period (the whole period when None), counted once, in the unit of that
    measurement. The document's table is ``start_months=1`` on a calendar year: everybody measured in January
    (document 004 L947-963).

    **End**, the first that holds:

    1. the person has left: an enrolment ended on the base day or later and no later than the period's last
       day, and none is open when the period ends. The reason of the last exit names the end: the first of
       ``exits`` (name to reasons) that lists it, otherwise ``other``. A measurement after that does not
       bring the person back; a new enrolment does.
    2. the label of the last measurement with one after the base day and within the period, where its edition
       can be compared with that of the first: it is the same, or every edition from the older of the two to the
       newer says it is ``comparable`` (``change.changes`` asks the same);
    3. ``not_measured_again``. Those of them who were measured, but by an edition that cannot be compared, are
       counted on that row as ``excluded`` for ``another_edition``.

    Intermediate measurements do not count: who falls back and recovers within the period has not moved. The
    document shows one column for everything but the two sides and job or education; it is the sum of our
    ``other`` and ``not_measured_again``.

    Left out, per unit: ``incomplete``, measured in the base months but never completely; ``no_class``,
    complete answers without a label. Several measurements on a day: see ``one_a_day``. Raises KeyError for an
    unknown questionnaire and ValueError when an exit bears the name of a label or of a fixed end.
    """
    questionnaire = facts.programme.questionnaires[questionnaire_id]
    labels, ranked = _labels(questionnaire, level)
    clash = (set(labels) | {OTHER, NOT_MEASURED_AGAIN}) & set(exits)
    if clash:
        what = "sides" if level == "side" else "classes"
        raise ValueError(f"exits and {what} need different names; both have {', '.join(sorted(clash))}")
    ends = (*labels, *exits, OTHER, NOT_MEASURED_AGAIN)

    measured = one_a_day(in_period(answers(facts, questionnaire_id), period), questionnaire)
    measured = measured.with_columns(pl.col("unit").fill_null(UNKNOWN))
    early = measured.filter(pl.col("occurred_from") < _end_of_start(period, start_months))
    labelled = pl.col(level).is_not_null()
    base = (
        early.filter(labelled)
        .unique("person", keep="first", maintain_order=True)
        .select(
            "person", "unit", start=level, day="occurred_from", first_rater="rater", first_edition="edition"
        )
    )
    last = (
        measured.filter(labelled)
        .join(base.select("person", "day"), on="person")
        .filter(pl.col("occurred_from") > pl.col("day"))
        .unique("person", keep="last", maintain_order=True)
        .select("person", measured_as=level, last_rater="rater", last_edition="edition")
    )
    moved = (
        base.join(last, on="person", how="left")
        .join(_left(facts, base, period, exits), on="person", how="left")
        .with_columns(comparable=comparable(questionnaire, "first_edition", "last_edition"))
        .with_columns(later=pl.when("comparable").then("measured_as"))
        .with_columns(end=pl.coalesce("left", "later", pl.lit(NOT_MEASURED_AGAIN)))
    )
    dropped = _dropped(early, base)
    units = (*sorted(set(moved["unit"]) | set(dropped["unit"])), ALL)
    stem = f"{'transition' if level == 'side' else 'class-transition'}/{questionnaire_id}"
    rows: list[TransitionRow] = []
    changed: dict[str, Figure] = {}
    for unit in units:
        of_unit = moved if unit == ALL else moved.filter(pl.col("unit") == unit)
        rows += _rows(f"{stem}/{unit}", unit, of_unit, labels, ends, _excluded(dropped, unit))
        twice = of_unit.filter(pl.col("end") == pl.col("later"))
        other_rater = int(twice.select(pl.col("first_rater").ne_missing(pl.col("last_rater")).sum()).item())
        changed[unit] = Figure.share(f"{stem}/{unit}/changed_rater", other_rater, twice.height)
    return Transitions(
        questionnaire_id, level, period, start_months, units, labels, ranked, ends, tuple(rows), changed
    )


@dataclass(frozen=True, slots=True)
class Movement:
    """Of those in ``unit`` measured at both ends, the shares who ended better, the same and worse than they began."""

    unit: str
    up: Figure
    same: Figure
    down: Figure


def movement(table: Transitions) -> tuple[Movement, ...]:
    """How many moved up, stayed and moved down, by unit, in the order ``ranked`` gives.

    The denominator are those who began and ended with a label. Left out, per unit: ``left``, who have a named or
    another exit; ``not_measured_again``; ``another_edition``.
    """
    rank = {label: place for place, label in enumerate(table.ranked)}
    stem = f"{'transition' if table.level == 'side' else 'class-transition'}/{table.questionnaire}"
    found: list[Movement] = []
    for unit in table.units:
        moved = {"up": 0, "same": 0, "down": 0}
        left_out = {"left": 0, NOT_MEASURED_AGAIN: 0, ANOTHER_EDITION: 0}
        for row in (row for row in table.rows if row.unit == unit):
            number = int(row.count.value or 0)
            if row.end in rank:
                step = rank[row.end] - rank[row.start]
                moved["up" if step < 0 else "down" if step > 0 else "same"] += number
            elif row.end == NOT_MEASURED_AGAIN:
                another = row.count.excluded.get(ANOTHER_EDITION, 0)
                left_out[ANOTHER_EDITION] += another
                left_out[NOT_MEASURED_AGAIN] += number - another
            else:
                left_out["left"] += number
        total = sum(moved.values())
        excluded = {reason: number for reason, number in left_out.items() if number}
        up, same, down = (
            Figure.share(f"{stem}/{unit}/movement/{way}", number, total, excluded=excluded)
            for way, number in moved.items()
        )
        found.append(Movement(unit, up, same, down))
    return tuple(found)


def _labels(questionnaire: Questionnaire, level: Level) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What people are followed between, as it is shown and from best to worst; the current edition's first."""
    newest_first = list(questionnaire.editions.values())[::-1]
    sides = tuple(dict.fromkeys(side for asking in newest_first for side in asking.sides))
    if level == "side":
        return sides, sides
    # The definition lists classes in the order they are tried, which is no rank.
    side_of = {part.id: part.side for asking in reversed(newest_first) for part in asking.classes}
    current = {part.id for part in questionnaire.classes}
    shown = tuple(sorted(side_of, key=lambda name: (name not in current, name)))
    place = {side: number for number, side in enumerate(sides)}
    ranked = tuple(sorted(side_of, key=lambda name: (place.get(side_of[name] or "", len(place)), name)))
    return shown, ranked


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
    labels: Sequence[str],
    ends: Sequence[str],
    excluded: Mapping[str, int],
) -> list[TransitionRow]:
    numbers = {(start, end): n for start, end, n in moved.group_by("start", "end").len().iter_rows()}
    silent = moved.filter((pl.col("end") == NOT_MEASURED_AGAIN) & pl.col("measured_as").is_not_null())
    another = dict(silent.group_by("start").len().iter_rows())
    rows: list[TransitionRow] = []
    for start in labels:
        total = sum(numbers.get((start, end), 0) for end in ends)
        for end in ends:
            number = numbers.get((start, end), 0)
            left_out = dict(excluded)
            if end == NOT_MEASURED_AGAIN and start in another:
                left_out[ANOTHER_EDITION] = another[start]
            rows.append(
                TransitionRow(
                    unit=unit,
                    start=start,
                    end=end,
                    count=Figure.count(f"{stem}/{start}/{end}/count", number, excluded=left_out),
                    share=Figure.share(f"{stem}/{start}/{end}/share", number, total, excluded=left_out),
                )
            )
    return rows
