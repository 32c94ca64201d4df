"""What a missed target asks for: an explanation and a plan of action, whether they came, and what is still open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from indsats.programme import Duration, Period
from indsats.record import local_day

from .aims import TargetRow, targets

if TYPE_CHECKING:
    from indsats.record import Facts

Given = Literal["in_time", "late", "missing", "awaited", "carried"]
"""Whether what was asked for came by its day. ``awaited``: it has not come, and there is still time; ``carried``: there
is no new plan, and one of an earlier period is still open."""

_OPEN = ("planned", "under_way")


@dataclass(frozen=True, slots=True)
class Explanation:
    """An explanation on record: the fact, the day it was first recorded, its cause and its text as written."""

    fact: str
    given_on: date
    cause: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Action:
    """A plan on record. ``overdue``: still open after its deadline. ``carried``: begun in an earlier period."""

    fact: str
    given_on: date
    text: str
    owner: str | None
    status: Literal["planned", "under_way", "done", "dropped"]
    start: date
    deadline: date
    overdue: bool
    carried: bool


@dataclass(frozen=True, slots=True)
class DeviationRow:
    """One indicator in one place: how it stands to its target and what came of it.

    ``asked_by`` is the last day for explanation and plan, none where nothing is asked because the target is not
    missed. ``explained`` and ``planned`` say whether they came, none where nothing is asked. ``actions`` are the new
    ones and those carried forward, by start; there may be some where nothing is asked.
    """

    aim: TargetRow
    asked_by: date | None
    explained: Given | None
    explanation: Explanation | None
    planned: Given | None
    actions: tuple[Action, ...]


def deviations(
    facts: Facts,
    unit: str | None,
    indicators: Sequence[str],
    period: Period,
    *,
    site: str | None = None,
) -> tuple[DeviationRow, ...]:
    """One row per indicator of a unit, a site or (with neither) the whole programme, in the order given.

    A target that is ``not_met`` asks for an explanation and a plan (003 L165, L259, L590, L1026) within the target's
    ``explain_within`` after the period. Explanations are those about the same place whose time covers the whole
    period; the first that was recorded counts, by the day of its first version, so that mending a word does not make
    it late. A plan answers the period when it begins after it, before as much time again has passed, and has not been
    dropped. Plans begun earlier are carried forward while they are open. Everything is as known at
    ``facts.known``, and the day then tells what is missing or overdue; without it the last day on which anything
    was recorded. Raises as ``targets``.
    """
    today = _today(facts)
    return tuple(
        _row(facts, aim, period, today) for aim in targets(facts, unit, indicators, period, site=site)
    )


def _row(facts: Facts, aim: TargetRow, period: Period, today: date) -> DeviationRow:
    explanation = _explanation(facts, aim, period)
    actions = _actions(facts, aim, period, today)
    if aim.status != "not_met" or aim.rule is None:
        return DeviationRow(aim, None, None, explanation, None, actions)
    within = facts.programme.length(aim.rule.explain_within)
    by = _end_of(period, within)
    new = [action.given_on for action in actions if not action.carried and action.status != "dropped"]
    planned = _given(min(new, default=None), by, today)
    if not new and any(action.carried for action in actions):
        planned = "carried"
    given_on = explanation.given_on if explanation is not None else None
    return DeviationRow(aim, by, _given(given_on, by, today), explanation, planned, actions)


def _end_of(period: Period, within: Duration) -> date:
    """The day so long after a period: a month after June is the last of July, not the thirtieth."""
    return within.after(period.last + timedelta(days=1)) - timedelta(days=1)


def _given(on: date | None, by: date, today: date) -> Given:
    if on is None:
        return "missing" if today > by else "awaited"
    return "late" if on > by else "in_time"


def _explanation(facts: Facts, aim: TargetRow, period: Period) -> Explanation | None:
    covers = (pl.col("occurred_from") <= period.first) & (pl.col("occurred_to") >= period.last)
    found = _about(facts, "deviation_explained", aim).filter(covers).sort("given_on", "id")
    for row in found.head(1).iter_rows(named=True):
        return Explanation(row["id"], row["given_on"], row["cause"], row["explanation"])
    return None


def _actions(facts: Facts, aim: TargetRow, period: Period, today: date) -> tuple[Action, ...]:
    is_open = pl.col("status").is_in(_OPEN)
    carried = pl.col("occurred_from") <= period.last
    found = (
        _about(facts, "action_planned", aim)
        .with_columns(carried=carried, overdue=is_open & (pl.col("occurred_to") < today))
        .filter((carried & is_open) | (~carried & (pl.col("occurred_from") <= _next_end(period))))
        .sort("occurred_from", "id")
    )
    return tuple(_action(row) for row in found.iter_rows(named=True))


def _next_end(period: Period) -> date:
    """The last day of the period that follows: as many months where it is whole months, else as many days."""
    after = period.last + timedelta(days=1)
    if period.first.day == 1 == after.day:
        months = (after.year - period.first.year) * 12 + after.month - period.first.month
        return Duration(months=months).after(after) - timedelta(days=1)
    return period.last + (after - period.first)


def _action(row: dict[str, Any]) -> Action:
    return Action(
        row["id"],
        row["given_on"],
        row["action"],
        row["owner"],
        row["status"],
        row["occurred_from"],
        row["occurred_to"],
        row["overdue"],
        row["carried"],
    )


def _about(facts: Facts, kind: str, aim: TargetRow) -> pl.DataFrame:
    """The facts of a kind about the indicator in exactly this place, with ``given_on``, the Danish day they came."""
    table = facts.table(kind).filter(pl.col("indicator") == aim.indicator)
    if aim.site is not None:
        table = table.filter(pl.col("site") == aim.site)
    elif aim.unit is not None:
        table = table.filter(pl.col("site").is_null() & (pl.col("unit") == aim.unit))
    else:
        table = table.filter(pl.col("site").is_null() & pl.col("unit").is_null())
    first = facts.first_recorded(kind)
    return table.join(first, on="id", how="left", maintain_order="left").with_columns(
        given_on=local_day(pl.col("first_recorded_at"))
    )


def _today(facts: Facts) -> date:
    """The day the view was taken; for a view of everything the last day on which anything happened or was recorded."""
    if facts.known is not None:
        return pl.select(local_day(pl.lit(facts.known))).item()
    days = [table.select(local_day(pl.col("recorded_at").max())).item() for table in facts.facts.values()]
    return max([facts.last_day, *(day for day in days if day is not None)])
