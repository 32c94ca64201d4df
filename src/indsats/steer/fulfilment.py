"""How far the minimum requirements are met: the two shares, and the counts that belong beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

import polars as pl

from indsats.figure import Figure
from indsats.programme import Period, Programme, Requirement

from . import reasons
from .counted import Counted, Place, at_places, figure_of, rows_of
from .exposure import observed
from .remembered import remembered
from .requirements import requirement_items
from .selection import Scope

if TYPE_CHECKING:
    from indsats.record import Facts

Of = Literal["participants", "requirements"]
By = Literal["answered", "measured", "either"]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which requirements are meant: all, or those of a phase, a core element or a service, or one of them."""

    phase: str | None = None
    element: str | None = None
    requirement: str | None = None
    service: str | None = None

    def rows(self, items: pl.DataFrame) -> pl.DataFrame:
        """The items of these requirements."""
        for column in ("phase", "element", "requirement", "service"):
            value = getattr(self, column)
            if value is not None:
                items = items.filter(pl.col(column) == value)
        return items

    def requirements(self, programme: Programme) -> dict[str, Requirement]:
        """These requirements, in the order of the definition."""
        return programme.requirements_of(self.phase, self.element, self.requirement)

    def label(self) -> str:
        """Part of a figure's id: ``all``, ``phase.p``, ``phase.p+element.e``."""
        columns = ("phase", "element", "requirement", "service")
        named = [f"{column}.{getattr(self, column)}" for column in columns if getattr(self, column)]
        return "+".join(named) or "all"


def fulfilment(
    facts: Facts,
    period: Period,
    *,
    of: Of,
    by: By = "answered",
    phase: str | None = None,
    element: str | None = None,
    requirement: str | None = None,
    unit: str | None = None,
    site: str | None = None,
) -> Figure:
    """Fulfilment of the minimum requirements that fell due in ``period``, as known on its last day observed.

    The two ways the documents mix are always told apart (domain README, decision 3):

    ``of="requirements"``
        denominator: applicable items that fell due; numerator: those met.
    ``of="participants"``
        denominator: persons with an applicable item that fell due; numerator: those with all of them met. A
        person enrolled twice has to meet the items of both.

    ``by`` says whose word is taken. ``answered``: met is "yes"; "partly", "no" and no answer are not.
    ``measured``: met is what dated facts say; items they cannot tell about are left out. ``either``: what dated
    facts say where they say met or not met, else the answer.

    ``excluded`` counts items (or persons left with none): ``not_applicable``, ``not_yet_due``,
    ``phase_ended_first`` (the run ended before it fell due, and nobody answered), and by dated facts
    ``not_measured`` (the requirement names none) and ``unknown_value``. Unanswered items stay in and count as
    not met; ``requirement_counts`` tells how many they are. Id: ``fulfilment/<of>/<by>/<which>/<unit or
    all>/<first>..<last>``. Raises KeyError for a phase, element or requirement the programme does not have.
    """
    for name, known in (
        (phase, facts.programme.phases),
        (element, facts.programme.elements),
        (requirement, facts.programme.requirements),
    ):
        if name is not None and name not in known:
            raise KeyError(name)
    asked, scope = Asked(phase, element, requirement), Scope.of(unit, site)
    name = _stem_of(asked, of, by, period)(scope)
    return figure_of(met(facts, period, asked, of=of, by=by).within(scope.holds), name)


def fulfilment_by(
    facts: Facts,
    period: Period,
    place: Place,
    *,
    of: Of,
    by: By = "answered",
    phase: str | None = None,
    element: str | None = None,
    requirement: str | None = None,
) -> dict[str, Figure]:
    """``fulfilment`` at every unit of the programme or site of the record, in one pass."""
    asked = Asked(phase, element, requirement)
    return at_places(facts, met(facts, period, asked, of=of, by=by), place, _stem_of(asked, of, by, period))


def _stem_of(asked: Asked, of: Of, by: By, period: Period) -> Callable[[Scope], str]:
    return lambda scope: f"fulfilment/{of}/{by}/{asked.label()}/{scope.label}/{period.first}..{period.last}"


def met(facts: Facts, period: Period, asked: Asked, *, of: Of, by: By) -> Counted:
    """As ``fulfilment``, everywhere and for any service: an item a row."""
    judged = asked.rows(_all_judged(facts, period, by, asked.requirement))
    if not seen(facts, period):
        judged = judged.clear()
    counts = pl.col("reason").is_null()
    rows = rows_of(
        judged,
        key=pl.col("person"),
        day=pl.coalesce("due", "start"),
        kind=pl.col("requirement"),
        n=pl.when(counts).then("met"),
        d=pl.when(counts).then(1.0),
    )
    return Counted(rows, "share", "sum" if of == "requirements" else "all", known=seen(facts, period))


_COUNTED = (
    *("unit", "site", "person", "enrolment", "service"),
    *("requirement", "phase", "element", "start", "due", "met", "reason"),
)
"""What ``met`` reads of an item, and no more: the items are many."""


def _all_judged(facts: Facts, period: Period, by: By, requirement: str | None) -> pl.DataFrame:
    """The items of every requirement, or of one, judged once for all who ask."""
    every = remembered(
        facts,
        ("judged", str(period), by),
        lambda: _judged(in_play(facts, period, Asked(), Scope()), by).select(_COUNTED),
    )
    if requirement is None:
        return every
    apart = remembered(
        facts,
        ("judged apart", str(period), by),
        lambda: every.partition_by("requirement", as_dict=True),
    )
    return apart.get((requirement,), every.clear())


def in_play(facts: Facts, period: Period, asked: Asked, scope: Scope) -> pl.DataFrame:
    """The items that fell due in ``period``, and those begun that have not fallen due when it (or the data) ends.

    Columns of ``requirement_items``, ``late``: true for the latter, and ``lapsed``: true for those whose run ended,
    in the period, before they fell due. What is not applicable may have no due day;
    it is taken where its run began.
    """
    until = last_known(facts, period)
    items = asked.rows(scope.rows(requirement_items(facts, until)))
    ruled_out = pl.col("state") == "not_applicable"
    day = pl.when(ruled_out).then(pl.coalesce("due", "start")).otherwise("due")
    lapsed = ~ruled_out & pl.col("due").is_null() & pl.col("end").is_not_null()
    late = ~ruled_out & ~lapsed & (day.is_null() | (day > until))
    within = pl.when(lapsed).then("end").otherwise(day).is_between(period.first, until)
    return items.with_columns(late.alias("late"), lapsed.alias("lapsed")).filter(pl.col("late") | within)


def seen(facts: Facts, period: Period) -> bool:
    """Whether the data cover any of the period: if not, what had begun and was not due then is not known either."""
    return observed(facts, period) is not None


def last_known(facts: Facts, period: Period) -> date:
    """The last day of a period, or of the data where they end first."""
    return min(period.last, facts.last_day)


def _judged(items: pl.DataFrame, by: By) -> pl.DataFrame:
    """``items`` with ``met``, and ``reason`` where an item is not in the denominator."""
    answered = pl.col("state") == "met"
    told = pl.col("measured").is_in(["met", "not_met"]).fill_null(value=False)
    measured = (pl.col("measured") == "met").fill_null(value=False)
    met = {
        "answered": answered,
        "measured": measured,
        "either": pl.when(told).then(measured).otherwise(answered),
    }
    reason = (
        pl.when(pl.col("state") == "not_applicable")
        .then(pl.lit(reasons.NOT_APPLICABLE))
        .when("late")
        .then(pl.lit(reasons.NOT_YET_DUE))
        .when("lapsed")
        .then(pl.lit(reasons.PHASE_ENDED_FIRST))
    )
    if by == "measured":
        reason = (
            reason.when(pl.col("measured").is_null())
            .then(pl.lit(reasons.NOT_MEASURED))
            .when(pl.col("measured") == "unknown")
            .then(pl.lit(reasons.UNKNOWN_VALUE))
            .when(~told)
            .then(pl.lit(reasons.NOT_YET_DUE))
        )
    return items.with_columns(met[by].alias("met"), reason.alias("reason"))


@dataclass(frozen=True, slots=True)
class RequirementCounts:
    """Items of one requirement by what was answered; ``met`` to ``not_answered`` fell due in the period."""

    requirement: str
    met: Figure
    partly: Figure
    not_met: Figure
    not_answered: Figure
    not_applicable: Figure
    not_due: Figure


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How often a requirement was answered "no" (or "partly") for a reason; none where no reason was given."""

    requirement: str
    reason: str | None
    count: Figure


@dataclass(frozen=True, slots=True)
class AnswerGap:
    """What was answered of one requirement against what dated facts say, in items that fell due.

    ``both_met`` and ``neither_met`` agree; ``only_answered`` was answered yes although the facts say no,
    ``only_measured`` no (or partly) although they say yes; ``unanswered_met`` and ``unanswered_not_met`` were
    never answered; of ``cannot_tell`` dated facts say nothing.
    """

    requirement: str
    both_met: Figure
    neither_met: Figure
    only_answered: Figure
    only_measured: Figure
    unanswered_met: Figure
    unanswered_not_met: Figure
    cannot_tell: Figure


def requirement_counts(
    facts: Facts,
    period: Period,
    *,
    phase: str | None = None,
    element: str | None = None,
    unit: str | None = None,
    site: str | None = None,
) -> tuple[RequirementCounts, ...]:
    """Items of each requirement by state, in the order of the definition.

    ``met`` (yes), ``partly``, ``not_met`` (no), ``not_answered`` add up to the denominator of
    ``fulfilment(of="requirements")`` of the requirement. ``not_applicable`` fell due in the period too, or began
    in it where no day is set; ``not_due`` had begun and was not due when the period (or the data) ended.
    Ids: ``requirement/<id>/<unit or all>/<first>..<last>/<what>``.
    """
    asked, scope, known = Asked(phase, element), Scope.of(unit, site), seen(facts, period)
    items = in_play(facts, period, asked, scope)
    rows = items.filter(~pl.col("lapsed")).select(
        "requirement",
        what=pl.when(pl.col("state") == "not_applicable")
        .then(pl.lit("not_applicable"))
        .when("late")
        .then(pl.lit("not_due"))
        .when(pl.col("answered") == "partly")
        .then(pl.lit("partly"))
        .otherwise("state"),
    )
    return tuple(
        RequirementCounts(name, *_tally(rows, name, period, scope, RequirementCounts, known=known))
        for name in asked.requirements(facts.programme)
    )


def answer_gaps(
    facts: Facts,
    period: Period,
    *,
    phase: str | None = None,
    element: str | None = None,
    unit: str | None = None,
    site: str | None = None,
) -> tuple[AnswerGap, ...]:
    """Answered against measured, for each requirement that can be measured, in the order of the definition.

    All applicable items that fell due in the period are in one of the counts. Ids as in ``requirement_counts``.
    """
    asked, scope = Asked(phase, element), Scope.of(unit, site)
    due = in_play(facts, period, asked, scope).filter(
        ~pl.col("late") & ~pl.col("lapsed") & (pl.col("state") != "not_applicable")
    )
    yes, said, facts_say = (
        pl.col("state") == "met",
        pl.col("answered").is_not_null(),
        pl.col("measured") == "met",
    )
    rows = due.select(
        "requirement",
        what=pl.when(~pl.col("measured").is_in(["met", "not_met"]))
        .then(pl.lit("cannot_tell"))
        .when(said & yes)
        .then(pl.when(facts_say).then(pl.lit("both_met")).otherwise(pl.lit("only_answered")))
        .when(said)
        .then(pl.when(facts_say).then(pl.lit("only_measured")).otherwise(pl.lit("neither_met")))
        .when(facts_say)
        .then(pl.lit("unanswered_met"))
        .otherwise(pl.lit("unanswered_not_met")),
    )
    measured = [name for name, one in asked.requirements(facts.programme).items() if one.measured is not None]
    known = seen(facts, period)
    return tuple(
        AnswerGap(name, *_tally(rows, name, period, scope, AnswerGap, known=known)) for name in measured
    )


def reasons_for_no(
    facts: Facts,
    period: Period,
    *,
    phase: str | None = None,
    element: str | None = None,
    unit: str | None = None,
    site: str | None = None,
    scope: Scope | None = None,
) -> tuple[ReasonCount, ...]:
    """Why requirements that fell due in the period were not met, as answered: a row per requirement and reason.

    The reasons the definition lists come first, in its order, whether given or not; then others that were given;
    then, where it occurs, none. Requirements nobody answered "no" or "partly" have no rows. ``scope`` stands in for
    ``unit`` and ``site``. Ids: ``requirement/<id>/<unit or all>/<first>..<last>/reason.<reason>``.
    """
    asked, scope = Asked(phase, element), scope or Scope.of(unit, site)
    said_no = scope.rows(answered_no(facts, period, asked))
    numbers = {
        (name, reason): number
        for name, reason, number in said_no.group_by("requirement", "reason").len().iter_rows()
    }
    rows: list[ReasonCount] = []
    for name in asked.requirements(facts.programme):
        given = {reason: number for (of, reason), number in numbers.items() if of == name}
        listed = facts.programme.requirements[name].if_no if given else []
        others = sorted(reason for reason in given if reason is not None and reason not in listed)
        for reason in (*listed, *others, *([None] if None in given else [])):
            stem = f"{_stem(name, period, scope)}/reason.{reason or 'none'}"
            rows.append(ReasonCount(name, reason, Figure.count(stem, given.get(reason, 0))))
    return tuple(rows)


def answered_no(facts: Facts, period: Period, asked: Asked) -> pl.DataFrame:
    """The items that fell due in the period and were answered "no" or "partly", each with its ``reason`` (or null).

    Columns of ``requirement_items``.
    """
    items = in_play(facts, period, asked, Scope())
    return items.filter(~pl.col("late") & (pl.col("state") == "not_met"))


def _stem(name: str, period: Period, scope: Scope) -> str:
    return f"requirement/{name}/{scope.label}/{period.first}..{period.last}"


def _tally(
    rows: pl.DataFrame,
    name: str,
    period: Period,
    scope: Scope,
    shape: type[RequirementCounts | AnswerGap],
    *,
    known: bool,
) -> list[Figure]:
    """A count for each field of ``shape`` but the first, from the ``what`` of the requirement's rows."""
    mine = rows.filter(pl.col("requirement") == name).group_by("what").len()
    numbers: dict[str, int] = dict(mine.iter_rows())
    stems = [
        f"{_stem(name, period, scope)}/{field}"
        for field in shape.__dataclass_fields__
        if field != "requirement"
    ]
    if not known:
        return [Figure(stem, None, "count") for stem in stems]
    return [Figure.count(stem, numbers.get(stem.rpartition("/")[2], 0)) for stem in stems]
