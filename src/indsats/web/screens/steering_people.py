"""The people behind a figure: who counts, who does not, and who is left out and why, as far as the reader may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

import polars as pl
from django.db.models import QuerySet

from indsats.programme import Programme
from indsats.record import Facts
from indsats.steer import Asked, answered_no, fulfilment_rows, indicator_rows

from ..models import Case
from ..record import record_of
from ..rights import Reader, scope
from .steering_made import end_of
from .steering_reach import Followed

MOST = 2500
"""So many persons' facts are looked through at a time; a figure of more is followed site by site."""

PART = ("counted", "other", "left_out")
"""In the numerator; in the denominator alone; left out."""


@dataclass(frozen=True, slots=True)
class Behind:
    """A case behind a figure. ``part``: see ``PART``; ``n`` and ``d`` its shares of numerator and denominator, ``rows``
    how many facts or items it stands for; ``reasons`` why some of it is left out, ``what`` the requirements, ``said``
    the reason that was answered for those of them that have one."""

    case: Case
    part: str
    n: float
    d: float
    rows: int
    reasons: tuple[str, ...]
    what: tuple[str, ...]
    said: Mapping[str, str] = field(default_factory=dict)


def visible(reader: Reader, of: Programme, figure: Followed) -> QuerySet[Case]:
    """The cases a figure may be about and the reader may see, the earliest first."""
    found = scope(reader, Case).filter(programme=of.programme)
    if figure.site is not None:
        found = found.filter(site=figure.site)
    elif figure.unit is not None:
        found = found.filter(unit=figure.unit)
    elif figure.scope == "effort":
        found = found.filter(unit__in=of.effort_units)
    return found.select_related("person").order_by("start", "pk")


def behind(of: Programme, figure: Followed, cases: Sequence[Case]) -> tuple[list[Behind], Facts]:
    """Which of some cases are behind a figure, those that count first, by name within each part; and the facts read.

    What is about other cases, of the same persons too, is left out, as if it were not there.
    """
    through, newest = end_of(of.programme)
    facts = _facts(of.programme, tuple(sorted({case.person_id for case in cases})), newest, through)
    rows = _rows(facts, figure)
    if figure.site is not None:
        rows = rows.filter(pl.col("site") == figure.site)
    elif figure.unit is not None:
        rows = rows.filter(pl.col("unit") == figure.unit)
    elif figure.scope == "effort":
        rows = rows.filter(pl.col("unit").is_in(of.effort_units))
    known: dict[tuple[str, str | None], Case] = {}
    for case in cases:  # what names no enrolment is told of the person's newest case
        known[case.person.number, case.enrolment] = known[case.person.number, None] = case
    said = _said(facts, figure)
    found = []
    for row in _by_case(rows, once=figure.of == "participants").iter_rows(named=True):
        case = known.get((row["person"], row["enrolment"]))
        if case is None:
            continue
        part = PART[2] if row["counts"] == 0 else PART[0] if row["n"] > 0 else PART[1]
        reasons = tuple(reason for reason in row["reasons"] if reason is not None)
        what = tuple(one for one in row["what"] if one is not None)
        why = {one: said[row["enrolment"], one] for one in what if (row["enrolment"], one) in said}
        found.append(Behind(case, part, row["n"] or 0.0, row["d"] or 0.0, row["rows"], reasons, what, why))
    found.sort(key=lambda one: (PART.index(one.part), one.case.person.name, one.case.pk))
    return found, facts


@lru_cache(maxsize=4)
def _facts(programme: str, persons: tuple[int, ...], newest: int, through: date) -> Facts:
    """The facts about some persons, followed as long as everybody: kept for the next figure of the same people."""
    del newest  # a part of the key only: facts that come make it another view
    return replace(record_of(programme, persons, sites=True).as_of(), through=through)


def _rows(facts: Facts, figure: Followed) -> pl.DataFrame:
    if figure.indicator is not None:
        return indicator_rows(facts, figure.indicator, figure.period)
    asked = Asked(**(figure.which or {}))
    return fulfilment_rows(
        facts,
        figure.period,
        asked,
        of=figure.of,  # type: ignore[arg-type]
        by=figure.by,  # type: ignore[arg-type]
        state=figure.state,
    )


def _said(facts: Facts, figure: Followed) -> dict[tuple[str, str], str]:
    """The reason answered for each enrolment and requirement that was not met."""
    if figure.which is None or figure.by != "answered" or figure.state is not None:
        return {}
    rows = answered_no(facts, figure.period, Asked(**figure.which)).drop_nulls("reason")
    return {
        (one, requirement): reason
        for one, requirement, reason in rows.select("enrolment", "requirement", "reason").iter_rows()
    }


def _by_case(rows: pl.DataFrame, *, once: bool) -> pl.DataFrame:
    """A row a case: ``n`` and ``d`` added up, or with ``once`` met only when all of it is."""
    counts = pl.col("reason").is_null()
    of = pl.col("n").filter(counts)
    return (
        rows.filter(pl.col("person").is_not_null())
        .group_by("person", "enrolment", maintain_order=True)
        .agg(
            n=of.min() if once else of.sum(),
            d=pl.col("d").filter(counts).max() if once else pl.col("d").filter(counts).sum(),
            counts=counts.sum(),
            rows=pl.len(),
            reasons=pl.col("reason").drop_nulls().unique(maintain_order=True),
            what=pl.col("kind").filter(counts & (pl.col("n") == 0)).unique(maintain_order=True),
        )
        .with_columns(pl.col("n").fill_null(0.0), pl.col("d").fill_null(0.0))
    )
