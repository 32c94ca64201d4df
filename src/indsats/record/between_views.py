"""What came to the record between two views of it, fact by fact and by cause, and the views that lie between them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args

import polars as pl

from indsats.programme import Programme

from . import tables
from .record import Facts

Arrival = Literal["late", "late_people", "corrected", "since", "new_people"]
"""Why a fact looks different in the later view.

``late``
    about somebody known before, and of a day the earlier view already reached.
``late_people``
    of an enrolment nobody had registered, although it had begun by then.
``corrected``
    another value, or withdrawn; in two extracts without history also: missing in the later one.
``since``
    of a day after that.
``new_people``
    of an enrolment that began after that.
"""
ARRIVALS: tuple[Arrival, ...] = get_args(Arrival)

ARRIVED = {"kind": pl.String(), "id": pl.String(), "person": pl.String(), "arrival": pl.String()}
"""Columns of ``Between.arrived``: a row for each fact that differs."""

_ABOUT_THE_ROW = {*tables.KEY, *tables.RECORDED, "programme_version"}
"""Columns that tell of the registration and not of what happened."""


@dataclass(frozen=True)
class Between:
    """Two views of the same programme's facts and what differs between them. ``arrived`` has columns ``ARRIVED``."""

    before: Facts
    after: Facts
    arrived: pl.DataFrame

    def view(
        self, arrivals: Collection[Arrival], programme: Programme | None = None, through: date | None = None
    ) -> Facts:
        """The earlier view with the facts of some arrivals as the later view has them.

        ``programme`` is the definition they are read by (the later view's when left out), ``through`` the day the
        data reach to.
        """
        read_by = programme or self.after.programme
        taken = self.arrived.filter(pl.col("arrival").is_in(list(arrivals)))
        facts = {}
        for kind in {**self.before.facts, **self.after.facts}:
            ids = taken.filter(pl.col("kind") == kind).select("id")
            then, now = (_table(view, kind) for view in (self.before, self.after))
            kept = then.join(ids, on="id", how="anti", maintain_order="left")
            came = now.join(ids, on="id", how="semi", maintain_order="left")
            facts[kind] = tables.fitted(pl.concat([kept, came], how="diagonal_relaxed"), kind, read_by)
        known = (self.before if not arrivals else self.after).known
        return replace(
            self.after,
            programme=read_by,
            facts=facts,
            persons=_with_those_of(self.before.persons, self.after.persons, "person", arrivals),
            sites=_with_those_of(self.before.sites, self.after.sites, "site", arrivals),
            known=known,
            through=through,
        )


def last_day_looked_at(view: Facts, last: date) -> date:
    """How far a report of a period that ends on ``last`` could see: no further than the day it was known."""
    if view.known is None:
        return min(last, view.last_day)
    known = pl.select(tables.local_day(pl.lit(view.known).cast(tables.TIME))).item()
    return min(last, known)


def compare_views(before: Facts, after: Facts, until: date) -> Between:
    """What differs between two views, told apart by ``Arrival``; ``until`` is the last day the earlier one looked at.

    Facts are paired by their id and held against each other by what they say, not by who wrote it when, so two
    extracts of which nobody kept the versions compare as well. A value that was missing and has been filled in is no
    correction: it is as late, or as new, as the day it tells of. Nor is an end that has come since.
    """
    known = _known(before)
    parts = [_of_kind(before, after, kind) for kind in {**before.facts, **after.facts}]
    differing = pl.concat([part for part in parts if part.height] or [_of_kind(before, after, "enrolled")])
    begun = _table(after, "enrolled").select("enrolment", "person", began="occurred_from")
    starts = begun.group_by("enrolment").agg(pl.col("began").min())
    first = begun.group_by("person").agg(person_began=pl.col("began").min())
    rows = (
        differing.join(starts, on="enrolment", how="left")
        .join(first, on="person", how="left")
        .join(known["enrolment"], on="enrolment", how="left")
        .join(known["person"], on="person", how="left")
        .with_columns(arrival=_arrival(until))
    )
    return Between(before, after, rows.select(*ARRIVED).sort("kind", "id"))


def _arrival(until: date) -> pl.Expr:
    day = pl.lit(until)
    ahead = (pl.col("from_then") > day) & (pl.col("from_now").fill_null(pl.col("from_then")) > day)
    # An enrolment it names goes before the person; a fact about nobody is as old as its day.
    is_known = (
        pl.when(pl.col("enrolment").is_not_null())
        .then(pl.col("enrolment_known").fill_null(value=False))
        .when(pl.col("person").is_not_null())
        .then(pl.col("person_known").fill_null(value=False))
        .otherwise(pl.lit(value=True))
    )
    began = (
        pl.when(pl.col("enrolment").is_not_null()).then(pl.col("began")).otherwise(pl.col("person_began"))
    ).fill_null(pl.col("from_now"))
    by_day = pl.when(pl.col("from_now") <= day)
    filled_on = pl.when(pl.col("end_came")).then(pl.col("to_now")).otherwise(pl.col("from_now"))
    return (
        pl.when(ahead & ~pl.col("added"))
        .then(pl.lit("since"))
        .when(pl.col("gone"))
        .then(pl.lit("corrected"))
        .when(
            ~pl.col("added")
            & pl.col("only_end")
            & (pl.col("to_then").fill_null(date.max) > day)
            & (pl.col("to_now") > day)
        )
        .then(pl.lit("since"))
        .when(~pl.col("added") & pl.col("filled"))
        .then(pl.when(filled_on <= day).then(pl.lit("late")).otherwise(pl.lit("since")))
        .when(~pl.col("added"))
        .then(pl.lit("corrected"))
        .when(is_known)
        .then(by_day.then(pl.lit("late")).otherwise(pl.lit("since")))
        .when(began > day)
        .then(pl.lit("new_people"))
        .otherwise(by_day.then(pl.lit("late_people")).otherwise(pl.lit("since")))
    )


_DIFFERING = {
    "kind": pl.String(),
    "id": pl.String(),
    "person": pl.String(),
    "enrolment": pl.String(),
    "from_then": pl.Date(),
    "from_now": pl.Date(),
    "to_then": pl.Date(),
    "to_now": pl.Date(),
    "added": pl.Boolean(),
    "gone": pl.Boolean(),
    "only_end": pl.Boolean(),
    "end_came": pl.Boolean(),
    "filled": pl.Boolean(),
}


def _of_kind(before: Facts, after: Facts, kind: str) -> pl.DataFrame:
    """The facts of a kind that are not the same in both views: columns ``_DIFFERING``."""
    then, now = (_table(view, kind) for view in (before, after))
    # A column only one version of the definition has is no difference in what was registered.
    said = [name for name in now.columns if name in then.columns and name not in _ABOUT_THE_ROW]
    there = pl.lit(value=True)
    both = then.select("id", *said, _was=there).join(
        now.select("id", *said, _is=there), on="id", how="full", coalesce=True, suffix="__now"
    )
    changed = {name: pl.col(name).ne_missing(pl.col(f"{name}__now")) for name in said}
    was, is_now = pl.col("_was").is_not_null(), pl.col("_is").is_not_null()
    rest = [differs for name, differs in changed.items() if name != "occurred_to"]
    # A planned meeting of which the outcome was written down is as much filled in as an empty field.
    empty = {name: pl.col(name).is_null() for name in said}
    if kind == "meeting" and "outcome" in said:
        empty["outcome"] = empty["outcome"] | (pl.col("outcome") == "planned")
    filled = pl.all_horizontal(~changed[name] | empty[name] for name in said)
    return (
        both.filter(~(was & is_now) | pl.any_horizontal(changed.values()))
        .with_columns(
            kind=pl.lit(kind),
            person=pl.coalesce("person__now", "person"),
            enrolment=pl.coalesce("enrolment__now", "enrolment"),
            from_then="occurred_from",
            from_now="occurred_from__now",
            to_then="occurred_to",
            to_now="occurred_to__now",
            added=~was,
            gone=~is_now,
            only_end=changed["occurred_to"] & ~pl.any_horizontal(rest),
            end_came=changed["occurred_to"] & pl.col("occurred_to").is_null(),
            filled=filled,
        )
        .select(pl.col(name).cast(type_) for name, type_ in _DIFFERING.items())
    )


def _known(view: Facts) -> dict[str, pl.DataFrame]:
    """The enrolments and persons a view has any fact of: ``enrolment``, ``person``, each with a column that is true."""
    enrolments = _table(view, "enrolled").select("enrolment").drop_nulls().unique()
    persons = pl.concat(_table(view, kind).select("person") for kind in {"enrolled": None, **view.facts})
    there = pl.lit(value=True)
    return {
        "enrolment": enrolments.with_columns(enrolment_known=there),
        "person": persons.drop_nulls().unique().with_columns(person_known=there),
    }


def _table(view: Facts, kind: str) -> pl.DataFrame:
    found = view.facts.get(kind)
    return tables.empty(kind, view.programme) if found is None else found


def _with_those_of(
    then: pl.DataFrame, now: pl.DataFrame, key: str, arrivals: Collection[Arrival]
) -> pl.DataFrame:
    """The later table of persons or sites once corrections are in; before that only the rows the earlier one lacks."""
    if "corrected" in arrivals:
        return now
    return pl.concat([then, now.join(then, on=key, how="anti")], how="diagonal_relaxed")
