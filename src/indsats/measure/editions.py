"""Answers read by the edition they were given to: what stood on that form, and what it could not hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from indsats.programme import Asking, Questionnaire

ANOTHER_EDITION = "another_edition"
"""Measured by an edition whose scores and classes may not be compared with those of the other one in question."""

Reach = Mapping[int, tuple[int, int]]
"""For each answer the lowest and highest it could have been, had the form held every point of the scale."""


def by_edition(
    frame: pl.DataFrame, questionnaire: Questionnaire, make: Callable[[str, Asking], pl.Expr]
) -> pl.Expr:
    """What ``make`` says of each row, asked of the row's own edition.

    ``frame`` names it in ``edition``; without that column every row is of the current edition. ``make`` takes the
    edition's id and what it asks.
    """
    editions = questionnaire.editions
    if "edition" not in frame.columns:
        return make(questionnaire.edition, questionnaire)
    if len(editions) == 1:
        ((name, asking),) = editions.items()
        return make(name, asking)
    return pl.coalesce(
        pl.when(pl.col("edition") == name).then(make(name, asking)) for name, asking in editions.items()
    )


def comparable(questionnaire: Questionnaire, first: str, last: str) -> pl.Expr:
    """Whether the scores and classes of the editions named in two columns may be compared.

    An edition says that of itself and those after it; over several editions each has to say so. Not of a name that
    is no edition.
    """
    spans = _spans(questionnaire)

    def of(column: str) -> pl.Expr:
        return pl.col(column).replace_strict(spans, default=None, return_dtype=pl.Int64)

    return (of(first) == of(last)).fill_null(value=False)


def comparable_with(questionnaire: Questionnaire, edition: str) -> list[str]:
    """The editions whose scores and classes may be compared with those of ``edition``, itself among them."""
    spans = _spans(questionnaire)
    return [name for name in spans if spans[name] == spans[edition]]


def _spans(questionnaire: Questionnaire) -> dict[str, int]:
    """Editions by number, the same number for those that may be compared."""
    spans: dict[str, int] = {}
    span = 0
    for name in questionnaire.editions:
        spans[name] = span
        earlier = questionnaire.earlier.get(name)
        span += earlier is not None and not earlier.comparable
    return spans


class PossibleForm(NamedTuple):
    """A form that may have been at hand: the point it ``lacks`` (none known of: null), and what answers reach."""

    lacks: int | None
    reach: Mapping[str, Reach]


def lacking(asking: Asking, items: Sequence[str]) -> list[PossibleForm]:
    """The forms that may have been at hand, as what each answer to each item could have been; none when whole.

    A form may lack points that are known to (``options``), and one of several (``lacks_one_of``): then there is
    one form for each. Who wanted a point that is not there chose one of those beside it, so an answer could have
    been anything from just above the next point below to just under the next above.
    """
    known = any(asking.items[item].options for item in items)
    if not known and not asking.lacks_one_of:
        return []
    every = range(asking.scale.low, asking.scale.high + 1)
    forms: list[PossibleForm] = []
    for lacks in asking.lacks_one_of or [None]:
        reach: dict[str, Reach] = {}
        for item in items:
            there = [point for point in asking.items[item].options or every if point != lacks]
            reach[item] = {answer: _reach(answer, there, asking) for answer in every}
        forms.append(PossibleForm(lacks, reach))
    return forms


def _reach(answer: int, there: Sequence[int], asking: Asking) -> tuple[int, int]:
    if answer not in there:
        return answer, answer
    below = [point for point in there if point < answer]
    above = [point for point in there if point > answer]
    lowest = max(below) + 1 if below else asking.scale.low
    return lowest, min(above) - 1 if above else asking.scale.high
