"""Whose turn it is: open cases on a day, who acts for them, which case a fact is of, and what a pause holds back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from .selection import open_on, recorded

if TYPE_CHECKING:
    from indsats.record import Facts

NO_CASE = ""
"""The enrolment of a person who has none in the programme."""

FOREVER = date(9999, 12, 31)
"""The last day of what has no end."""

_CASE = ("enrolment", "person", "unit", "site", "service")


@dataclass(frozen=True)
class Cases:
    """The cases of a view of the record on a day: what every queue looks at, made once.

    Nothing dated after ``day`` is known but appointments (planned meetings), agreed ends, and what is agreed to
    carry on where something ends.
    """

    facts: Facts
    day: date

    @cached_property
    def open(self) -> pl.DataFrame:
        """Enrolments open on the day: ``enrolment``, ``person``, ``unit``, ``site``, ``service``, ``start``."""
        return open_on(self.facts, self.day).select(*_CASE, "start")

    @cached_property
    def holders(self) -> pl.DataFrame:
        """Who holds each role of an enrolment on the day: ``enrolment``, ``role``, ``worker``, ``since``, ``place``.

        As ``responsible`` has it, for every role; roles somebody outside holds (``external``) come last. Ordered by
        enrolment and ``place``: internal roles first, each as in the definition.
        """
        roles = self.facts.programme.roles
        places = {
            role: number + (len(roles) + 1) * one.external for number, (role, one) in enumerate(roles.items())
        }
        place = pl.col("role").replace_strict(places, default=len(roles), return_dtype=pl.Int64)
        return (
            self.assigned.filter(pl.col("occurred_to").is_null() | (pl.col("occurred_to") >= self.day))
            .sort("occurred_from", "recorded_at", "id")
            .unique(["enrolment", "role"], keep="last", maintain_order=True)
            .filter(pl.col("worker").is_not_null())
            .select("enrolment", "role", "worker", since="occurred_from", place=place)
            .sort("enrolment", "place", "since")
        )

    @cached_property
    def assigned(self) -> pl.DataFrame:
        """Assignments of enrolments up to the day, with a row for each role a combined role holds."""
        known = (pl.col("occurred_from") <= self.day) & pl.col("enrolment").is_not_null()
        return recorded(self.facts, "assigned").filter(known)

    @cached_property
    def own_roles(self) -> list[str]:
        """The roles the programme's own people hold."""
        return [name for name, role in self.facts.programme.roles.items() if not role.external]

    @cached_property
    def acting(self) -> pl.DataFrame:
        """Who acts for an enrolment where nothing says otherwise: ``enrolment``, ``role``, ``worker``.

        It is the worker in the first of the programme's own roles, as the definition has them in order, that anybody
        holds for the enrolment: definitions name the one who carries the case first.
        """
        inside = self.holders.filter(pl.col("place") <= len(self.facts.programme.roles))
        first = inside.unique("enrolment", keep="first", maintain_order=True)
        return first.select("enrolment", "role", "worker")

    @cached_property
    def enrolled(self) -> pl.DataFrame:
        """Persons with an enrolment, open or not (``person``): all others have no case of their own."""
        return self.facts.enrolments().select("person").unique()

    def of(self, rows: pl.DataFrame) -> pl.LazyFrame:
        """``rows`` of facts that belong to a case that is open, with that case's ``enrolment`` and place.

        A fact that names no enrolment is of the person's open enrolment that began last; where the person never had
        one, it is of the person alone (enrolment ``NO_CASE``) and keeps its own site. What is of an enrolment that has
        ended, or of a person who only has such, is left out.
        """
        cases = self.open.lazy().drop("start")
        own = rows.lazy().drop(*(name for name in _CASE if name != "enrolment")).join(cases, on="enrolment")
        if not rows["enrolment"].null_count():
            return own
        loose = rows.lazy().filter(pl.col("enrolment").is_null() & pl.col("person").is_not_null())
        newest = (
            self.open.lazy()
            .sort("start", "enrolment")
            .unique("person", keep="last", maintain_order=True)
            .drop("start")
        )
        theirs = loose.drop(*(name for name in _CASE if name != "person")).join(newest, on="person")
        alone = loose.join(self.enrolled.lazy(), on="person", how="anti").with_columns(
            enrolment=pl.lit(NO_CASE)
        )
        columns = [*rows.drop(*_CASE).columns, *_CASE]
        return pl.concat([one.select(columns) for one in (own, theirs, alone)])

    @cached_property
    def pauses(self) -> pl.DataFrame:
        """The pauses of open enrolments, merged: ``enrolment``, ``first``, ``last`` (``FOREVER``: no end is known).

        A pause recorded without enrolment holds for all of the person's.
        """
        rows = (
            self.facts.table("pause")
            .filter(pl.col("occurred_from") <= self.day)
            .select(
                "enrolment",
                "person",
                first="occurred_from",
                last=pl.max_horizontal("occurred_from", pl.col("occurred_to").fill_null(FOREVER)),
            )
        )
        ids = self.open.select("enrolment", "person")
        own = rows.drop("person").join(ids.select("enrolment"), on="enrolment", how="semi")
        everywhere = rows.filter(pl.col("enrolment").is_null()).drop("enrolment").join(ids, on="person")
        both = pl.concat([own, everywhere.select(own.columns)]).sort("enrolment", "first")
        if both.is_empty():
            return both
        reach = pl.col("last").cum_max().shift(1).over("enrolment")
        # The end of time has no next day: what begins after it cannot be.
        apart = (pl.col("first") - pl.duration(days=1) > reach).fill_null(value=True)
        return (
            both.with_columns(spell=apart.cum_sum().over("enrolment"))
            .group_by("enrolment", "spell")
            .agg(pl.col("first").min(), pl.col("last").max())
            .drop("spell")
            .sort("enrolment", "first")
        )

    @cached_property
    def paused(self) -> pl.DataFrame:
        """The pauses that cover the day: ``enrolment``, ``first``, ``last``."""
        return self.pauses.filter((pl.col("first") <= self.day) & (pl.col("last") >= self.day))

    def out_of_pauses(self, items: pl.LazyFrame) -> pl.LazyFrame:
        """``items`` (with ``opens`` and ``due``) of which none opens in a pause.

        What would open in a pause opens on the day after it. What would open, or fall due, in a pause without an end
        is left out until the end is known.
        """
        if self.pauses.is_empty():
            return items
        pauses, endless = self.pauses.lazy(), pl.col("last") == FOREVER
        stopped = pauses.filter(endless).select("enrolment", __stopped="first")
        ends = pauses.filter(~endless).sort("first")
        # Both sides are sorted here; Polars cannot check that within groups and would warn.
        found = (
            items.join(stopped, on="enrolment", how="left")
            .filter(
                pl.col("__stopped").is_null()
                | (pl.max_horizontal("opens", "due") < pl.col("__stopped")).fill_null(value=True)
            )
            .sort("opens")
            .join_asof(
                ends,
                left_on="opens",
                right_on="first",
                by="enrolment",
                check_sortedness=False,
                coalesce=False,
            )
        )
        after = pl.col("last") + pl.duration(days=1)
        inside = pl.col("opens") <= pl.col("last")
        opens = pl.when(inside).then(after).otherwise("opens")
        return found.with_columns(opens=opens).drop("__stopped", "first", "last")
