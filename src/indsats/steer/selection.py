"""Which facts an indicator looks at: where, when, in which service, and what is not known about them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from indsats.programme import Happening, Period, Rule, parse_rule, rule_fields, with_rule
from indsats.record import KINDS, local_day, one_group

from . import reasons
from .remembered import remembered

if TYPE_CHECKING:
    from indsats.record import Facts


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the programme a figure is about: some units, one site, all sites but one (``apart``), or all."""

    label: str = "all"
    units: frozenset[str] | None = None
    site: str | None = None
    apart: str | None = None

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
        return self.units is None and self.site is None and self.apart is None

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
        if self.apart is not None:
            inside = inside & (pl.col("site") != self.apart)
        return inside.fill_null(value=False)


HAPPENED = ("enrolment", "person", "unit", "site", "service", "day", "end", "kind", "id")
"""Columns of what happened; ``unit`` and ``site`` are those of the fact, ``end`` its last day where it has one."""


_CANDIDATE: dict[str, pl.DataType] = {
    **dict.fromkeys(HAPPENED, pl.String()),
    "day": pl.Date(),
    "end": pl.Date(),
    "sure": pl.Boolean(),
    "reason": pl.String(),
}


def happened(
    facts: Facts, happenings: Sequence[Happening], until: date, *, service: str | None = None
) -> pl.DataFrame:
    """Facts of enrolments that satisfy any of ``happenings``, known on the day ``until``: columns ``HAPPENED``.

    One row per fact, however many happenings it satisfies, ordered by day. Nothing that begins after ``until``
    is used, and rules that count time count it to that day. A meeting that is only planned counts where a rule
    asks for planned ones; who is assigned a role is assigned the roles it combines. A fact that names no enrolment
    is none of an enrolment's, however clear it seems which one was meant: ``candidates`` tells those. With
    ``service`` only facts of enrolments in it.
    """
    found = candidates(facts, happenings, until, service=service)
    return found.filter(pl.col("reason").is_null()).drop("sure", "reason")


def candidates(
    facts: Facts, happenings: Sequence[Happening], until: date, *, service: str | None = None
) -> pl.DataFrame:
    """As ``happened``, and the facts that perhaps happened, with ``sure`` and ``reason``.

    ``sure`` is false where a value that decides it is missing. ``reason`` (a key of ``REASONS``) is null for what
    happened to an enrolment, else no enrolment or the missing value.
    """
    # A happening that several parts of a definition name is looked up once.
    found = [
        remembered(
            facts, ("candidates", one.kind, one.rule, until), lambda one=one: _of_one(facts, one, until)
        )
        for one in happenings
    ]
    rows = pl.concat(found or [pl.DataFrame(schema=_CANDIDATE)]).lazy()
    if service is not None:
        rows = rows.filter((pl.col("service") == service).fill_null(pl.col("enrolment").is_null()))
    if len(found) > 1:
        # A fact that one happening cannot decide may be settled by the next.
        rows = rows.sort(pl.col("reason").is_not_null(), ~pl.col("sure")).unique(
            ["kind", "id"], keep="first", maintain_order=True
        )
    # Facts of a day stay in the order they stand in: sorting by text as well would cost more than all the rest.
    return rows.sort("day", maintain_order=True).collect()


def _of_one(facts: Facts, happening: Happening, until: date) -> pl.DataFrame:
    kind, rule = happening.kind, fact_rule(facts, happening.kind, happening.rule)
    known = recorded(facts, kind).lazy().filter(pl.col("occurred_from") <= until)
    hit = with_rule(known, "hit", rule, until)
    rows = hit.filter(pl.col("hit").fill_null(value=True) & ~unheld(kind, rule)).collect()
    reason = (
        pl.when(pl.col("enrolment").is_null())
        .then(pl.lit(reasons.NO_ENROLMENT))
        .when(pl.col("hit").is_null())
        .then(unknown_reason(kind, rule))
    )
    return one_per_fact(rows, kind).select(
        "enrolment",
        "person",
        "unit",
        "site",
        "service",
        day="occurred_from",
        end="occurred_to",
        kind=pl.lit(kind),
        id="id",
        sure=pl.col("hit").is_not_null(),
        reason=reason,
    )


def recorded(facts: Facts, kind: str) -> pl.DataFrame:
    """The facts of a kind, with the roles a combined role holds: a row each for ``assigned``, among the
    participants for ``meeting``."""
    if kind == "meeting":
        return remembered(facts, "meetings", facts.meetings)
    if kind == "assigned":
        return remembered(facts, "assigned roles", facts.assigned_roles)
    return facts.table(kind)


def one_per_fact(rows: pl.DataFrame, kind: str) -> pl.DataFrame:
    """``rows`` without what combined roles doubled: the row on which the rule (``hit``) holds goes first."""
    if kind != "assigned":
        return rows
    order = rows.sort(pl.col("hit").fill_null(value=False), descending=True, maintain_order=True)
    return order.unique("id", keep="first", maintain_order=True)


def next_day(
    clocks: pl.DataFrame, found: pl.DataFrame, name: str, *, by: Sequence[str] = ("enrolment",)
) -> pl.DataFrame:
    """``clocks`` with the first day of ``found`` in the enrolment on or after ``since``, as ``name``."""
    return clocks.sort("since").join_asof(
        found.select(*by, pl.col("day").alias(name)).sort(name),
        left_on="since",
        right_on=name,
        by=by,
        strategy="forward",
        check_sortedness=False,
    )


def counted(rows: pl.DataFrame, column: str = "reason") -> dict[str, int]:
    """How many rows each reason has, by name; rows without a reason are not counted."""
    return dict(rows.drop_nulls(column).group_by(column).len().sort(column).iter_rows())


def enrolled_in(facts: Facts, scope: Scope, service: str | None) -> pl.DataFrame:
    """The enrolments of a scope, those in a service where one is named."""
    enrolled = scope.rows(facts.enrolments())
    return enrolled if service is None else enrolled.filter(pl.col("service") == service)


def open_on(facts: Facts, day: date, service: str | None = None) -> pl.DataFrame:
    """The enrolments open on a day: begun by then and not ended (the day of exit is no longer open)."""
    return enrolled_in(facts, Scope(), service).filter(
        (pl.col("start") <= day) & (pl.col("end").is_null() | (pl.col("end") > day))
    )


def fact_rule(facts: Facts, kind: str, text: str) -> Rule:
    """A rule over the fields of a kind of fact; RuleError when it does not fit them."""
    programme = facts.programme
    return remembered(programme, ("rule", kind, text), lambda: parse_rule(text, rule_fields(programme, kind)))


def unheld(kind: str, *rules: Rule) -> pl.Expr:
    """True for meetings that are only planned, unless one of the rules asks for them by name."""
    if kind != "meeting" or any("planned" in _quoted(rule.text) for rule in rules):
        return pl.lit(value=False)
    return (pl.col("outcome") == "planned").fill_null(value=False)


def _ahead(facts: Facts, kind: str) -> pl.Expr:
    """True for what was agreed on before it begins, and begins after the data end: it has not happened."""
    if not KINDS[kind].begins_ahead:
        return pl.lit(value=False)
    begins = pl.col("occurred_from")
    return (begins > facts.last_day) & (local_day(pl.col("recorded_at")) < begins)


def judged(
    facts: Facts,
    kind: str,
    period: Period,
    service: str | None,
    *,
    among: str,
    where: str,
    by_enrolment: bool = False,
    field: str | None = None,
) -> pl.DataFrame:
    """Facts of ``kind`` that begin in ``period`` and satisfy ``among``, with ``hit`` (``where``) and ``reason``.

    ``weeks_since`` and its like count to the end of the period. A fact ``among`` rules out is no exclusion. Of the
    others these have a ``reason``, the first that fits: no enrolment although the service is asked for (or
    ``by_enrolment``), only planned or agreed on ahead of the data, unknown outcome of a meeting a rule asks about, any
    other unknown value. ``by_enrolment`` places a fact where its enrolment is, wherever it happened. Of the payload
    only ``field`` is kept.
    """
    is_among, is_where = fact_rule(facts, kind, among), fact_rule(facts, kind, where)
    inside = pl.col("occurred_from").is_between(period.first, period.last)
    rows = recorded(facts, kind).lazy().filter(inside)
    if by_enrolment:
        rows = _of_enrolments(rows, facts)
    if service is not None:
        rows = rows.filter((pl.col("service") == service).fill_null(pl.col("enrolment").is_null()))
    rows = with_rule(rows, "__among", is_among, period.last)
    rows = with_rule(rows, "hit", is_where, period.last)
    loose = pl.col("enrolment").is_null() if by_enrolment or service is not None else pl.lit(value=False)
    unknown = pl.col("__among").is_null() | pl.col("hit").is_null()
    reason = (
        pl.when(loose)
        .then(pl.lit(reasons.NO_ENROLMENT))
        .when(unheld(kind, is_among, is_where) | _ahead(facts, kind))
        .then(pl.lit(reasons.PLANNED))
        .when(unknown)
        .then(unknown_reason(kind, is_among, is_where))
    )
    # What nobody asks about is not read: facts of a kind are many and wide.
    kept = rows.filter(pl.col("__among").fill_null(value=True)).select(
        *("unit", "site", "person", "enrolment", "kind", "hit"),
        *([field] if field is not None else []),
        id="id",
        fact="id",
        day="occurred_from",
        reason=reason,
    )
    return one_per_fact(kept.collect(), kind).drop("id")


def _of_enrolments(rows: pl.LazyFrame, facts: Facts) -> pl.LazyFrame:
    """Facts placed where their enrolment is; those without one stay where they happened."""
    home = (
        facts.enrolments().lazy().select("enrolment", __unit="unit", __site="site", __home=pl.lit(value=True))
    )
    known = pl.col("__home").fill_null(value=False)
    return (
        rows.join(home.unique("enrolment"), on="enrolment", how="left", maintain_order="left")
        .filter(known | pl.col("enrolment").is_null())
        .with_columns(
            unit=pl.when(known).then("__unit").otherwise("unit"),
            site=pl.when(known).then("__site").otherwise("site"),
        )
        .drop("__unit", "__site", "__home")
    )


def in_group(facts: Facts, group: str, day: date) -> pl.DataFrame:
    """The persons (``person``) of a target group by ``day``: by the programme's rule, else by the newest visitation."""
    known = facts.table("visitation").filter(pl.col("occurred_from") <= day)
    rule = facts.programme.visitation
    if rule is not None:
        found = one_group(known, rule)
    else:
        found = (
            known.drop_nulls("group")
            .sort("occurred_from", "recorded_at", "id")
            .unique("person", keep="last", maintain_order=True)
        )
    return found.filter(pl.col("group") == group).select("person").unique(maintain_order=True)


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
