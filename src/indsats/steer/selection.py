"""Which facts an indicator looks at: where, when, in which service, and what is not known about them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from indsats.programme import Period, Rule, parse_rule, rule_fields, with_rule

from . import reasons

if TYPE_CHECKING:
    from indsats.record import Facts


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the programme a figure is about: some units, or one site, or all of it."""

    label: str = "all"
    units: frozenset[str] | None = None
    site: str | None = None

    @classmethod
    def of(cls, unit: str | None, site: str | None) -> Scope:
        """One unit, one site (``site.<id>`` in figure ids), the site if it lies in the unit, or all."""
        units = None if unit is None else frozenset({unit})
        label = f"site.{site}" if site is not None else unit if unit is not None else "all"
        return cls(label, units, site)

    def rows(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows of ``frame`` (with columns ``unit`` and ``site``) inside the scope."""
        return frame if self.everywhere else frame.filter(self.holds)

    @property
    def everywhere(self) -> bool:
        """Whether nothing is outside the scope."""
        return self.units is None and self.site is None

    @property
    def holds(self) -> pl.Expr:
        """True for rows (with columns ``unit`` and ``site``) inside the scope, never null."""
        inside = pl.lit(value=True)
        if self.everywhere:
            # Polars gives a filled literal one value per batch of rows and then refuses it as a filter.
            return inside
        if self.units is not None:
            inside = inside & pl.col("unit").is_in(sorted(self.units))
        if self.site is not None:
            inside = inside & (pl.col("site") == self.site)
        return inside.fill_null(value=False)


@dataclass(frozen=True, slots=True)
class Selected:
    """The facts that count in a denominator, with ``hit`` (bool), and how many were left out and why."""

    rows: pl.DataFrame
    excluded: Mapping[str, int]


def fact_rule(facts: Facts, kind: str, text: str) -> Rule:
    """A rule over the fields of a kind of fact; RuleError when it does not fit them."""
    return parse_rule(text, rule_fields(facts.programme, kind))


def unheld(kind: str, *rules: Rule) -> pl.Expr:
    """True for meetings that are only planned, unless one of the rules asks for them by name."""
    if kind != "meeting" or any("planned" in _quoted(rule.text) for rule in rules):
        return pl.lit(value=False)
    return (pl.col("outcome") == "planned").fill_null(value=False)


def select(
    facts: Facts,
    kind: str,
    period: Period,
    scope: Scope,
    service: str | None,
    *,
    among: str,
    where: str,
    by_enrolment: bool = False,
) -> Selected:
    """Facts of ``kind`` that begin in ``period`` in ``scope`` and satisfy ``among``; ``hit`` is ``where``.

    ``weeks_since`` and its like count to the end of the period. A fact ``among`` rules out is no exclusion.
    Of the others these are left out, each under the first reason that fits: no enrolment although the service
    is asked for (or ``by_enrolment``), only planned, unknown outcome of a meeting a rule asks about, any
    other unknown value. ``by_enrolment`` places a fact where its enrolment is, wherever it happened.
    """
    is_among, is_where = fact_rule(facts, kind, among), fact_rule(facts, kind, where)
    rows = facts.table(kind).filter(pl.col("occurred_from").is_between(period.first, period.last))
    rows = _of_enrolments(rows, facts, scope) if by_enrolment else scope.rows(rows)
    if service is not None:
        rows = rows.filter((pl.col("service") == service).fill_null(pl.col("enrolment").is_null()))
    rows = with_rule(rows, "__among", is_among, period.last)
    rows = with_rule(rows, "hit", is_where, period.last)
    loose = pl.col("enrolment").is_null() if by_enrolment or service is not None else pl.lit(value=False)
    unknown = pl.col("__among").is_null() | pl.col("hit").is_null()
    rows = rows.filter(pl.col("__among").fill_null(value=True)).with_columns(
        pl.when(loose)
        .then(pl.lit(reasons.NO_ENROLMENT))
        .when(unheld(kind, is_among, is_where))
        .then(pl.lit(reasons.PLANNED))
        .when(unknown)
        .then(unknown_reason(kind, is_among, is_where))
        .alias("__reason")
    )
    excluded = dict(rows.drop_nulls("__reason").group_by("__reason").len().sort("__reason").iter_rows())
    return Selected(rows.filter(pl.col("__reason").is_null()).drop("__among", "__reason"), excluded)


def _of_enrolments(rows: pl.DataFrame, facts: Facts, scope: Scope) -> pl.DataFrame:
    """Facts whose enrolment lies in the scope, and those without one that happened in it."""
    home = scope.rows(facts.enrolments()).select("enrolment", __home=pl.lit(value=True))
    inside = pl.col("__home").fill_null(pl.col("enrolment").is_null() & scope.holds)
    return rows.join(home.unique(), on="enrolment", how="left").filter(inside).drop("__home")


def unknown_reason(kind: str, *rules: Rule) -> pl.Expr:
    """The reason that fits a row on which one of the rules could not be decided."""
    if kind == "meeting" and any("outcome" in rule.fields for rule in rules):
        return (
            pl.when(pl.col("outcome").is_null())
            .then(pl.lit(reasons.UNKNOWN_OUTCOME))
            .otherwise(pl.lit(reasons.UNKNOWN_VALUE))
        )
    return pl.lit(reasons.UNKNOWN_VALUE)


def _quoted(text: str) -> set[str]:
    """The text constants of a rule: what stands between one pair of quotation marks."""
    return {one or other for one, other in re.findall(r'"([^"]*)"|\'([^\']*)\'', text)}
