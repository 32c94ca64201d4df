"""How many stand in each class, and on each side, of a questionnaire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from indsats.figure import Figure
from indsats.programme import Asking, Period, Questionnaire

from .answered import in_period, one_a_day

ALL = "all"
"""The group when a figure is not split, in figure ids as in ``ClassRow.group``."""
UNKNOWN = "unknown"
"""The group of measurements without a unit or site."""

By = Literal["unit", "site"]


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class (or side) in one unit or site: persons, and their share of those with a class there."""

    group: str
    label: str
    count: Figure
    share: Figure


def class_distribution(
    answered: pl.DataFrame,
    questionnaire: Questionnaire,
    by: By | None = "unit",
    *,
    period: Period | None = None,
    name: str = "",
) -> tuple[ClassRow, ...]:
    """Persons by class at their first complete measurement, by unit, by site or (``by=None``) together.

    ``answered`` comes from ``answers``; ``period`` limits it, both ends included. A person counts once, in
    the unit of that first measurement. Left out of the denominator, per group: ``incomplete``, persons who
    were measured but never with every item answered, and ``no_class``, complete answers that no class fits.
    Every group that occurs gets a row for every class, in the order of the definition. ``name`` is the
    questionnaire's id in figure ids (``class/<name>/<group>/<class>``).
    """
    labels = dict.fromkeys(one.id for asking in _newest_first(questionnaire) for one in asking.classes)
    return _distribution(answered, questionnaire, by, period, name, "class", list(labels))


def side_share(
    answered: pl.DataFrame,
    questionnaire: Questionnaire,
    by: By | None = "unit",
    *,
    period: Period | None = None,
    name: str = "",
) -> tuple[ClassRow, ...]:
    """As ``class_distribution``, by side; ``no_class`` also counts classes that belong to no side."""
    labels = dict.fromkeys(side for asking in _newest_first(questionnaire) for side in asking.sides)
    return _distribution(answered, questionnaire, by, period, name, "side", list(labels))


def _newest_first(questionnaire: Questionnaire) -> list[Asking]:
    """What each edition asks: classes only an earlier one had come last."""
    return list(reversed(list(questionnaire.editions.values())))


def first_measurements(answered: pl.DataFrame, questionnaire: Questionnaire) -> pl.DataFrame:
    """One row per person: the first complete measurement, or the first of all where none is complete."""
    return (
        one_a_day(answered, questionnaire)
        .sort("person", pl.col("complete").not_(), "occurred_from", maintain_order=True)
        .unique("person", keep="first", maintain_order=True)
    )


def _distribution(
    answered: pl.DataFrame,
    questionnaire: Questionnaire,
    by: By | None,
    period: Period | None,
    name: str,
    column: Literal["class", "side"],
    labels: list[str],
) -> tuple[ClassRow, ...]:
    if period is not None:
        answered = in_period(answered, period)
    group = pl.lit(ALL) if by is None else pl.col(by).fill_null(UNKNOWN)
    persons = first_measurements(answered, questionnaire).select(
        group.alias("group"), pl.col("complete"), pl.col(column).alias("label")
    )
    rows: list[ClassRow] = []
    for (key,), members in sorted(persons.group_by("group"), key=lambda part: str(part[0][0])):
        counts = dict(members.drop_nulls("label").group_by("label").len().iter_rows())
        total = sum(counts.values())
        complete = int(members["complete"].sum())
        excluded = {"incomplete": members.height - complete, "no_class": complete - total}
        excluded = {reason: number for reason, number in excluded.items() if number}
        for label in labels:
            number = counts.get(label, 0)
            stem = f"{column}/{name}/{key}/{label}"
            rows.append(
                ClassRow(
                    group=str(key),
                    label=label,
                    count=Figure.count(f"{stem}/count", number, excluded=excluded),
                    share=Figure.share(f"{stem}/share", number, total, excluded=excluded),
                )
            )
    return tuple(rows)
