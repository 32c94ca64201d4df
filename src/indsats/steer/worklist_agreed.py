"""What agreements, placements, hours and sub-goals leave to be done."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from indsats.record import local_day

from .worklist_cases import FOREVER, Cases
from .worklist_items import items

ENDING_DAYS = 28
"""How long before its end an agreement or a placement is to be looked at (decision)."""

REVIEW_DAYS = 42
"""How long an open sub-goal may stand without being reviewed: six weeks (document 003 L580)."""

FOLLOW_UP_DAYS = 28
"""How long a placement may run without a meeting: four weeks (decision 13, from document 001 L434)."""

_OPEN = ("not_started", "under_way")
_TO_CONFIRM = ("citizen", "estimate")


def of_agreed(cases: Cases, met: pl.LazyFrame) -> Iterator[pl.LazyFrame]:
    """The items of the queues about what runs; ``met`` are the meetings of open cases."""
    placements = _running(cases, "placement")
    about = {"what": "what", "fact": "fact"}
    for kind, rows in (("agreement", _running(cases, "agreement")), ("placement", placements)):
        ending = _not_renewed(cases, kind, rows.filter(pl.col("last") < FOREVER))
        opens = pl.max_horizontal(pl.col("last") - pl.duration(days=ENDING_DAYS), "first")
        yield cases.out_of_pauses(
            items("agreements_ending", ending, **about, opens=opens, due="last", closes="last")
        )
    closes = pl.when(pl.col("last") < FOREVER).then("last")
    unfollowed = _unfollowed(placements, met)
    yield cases.out_of_pauses(
        items("placement_follow_up", unfollowed, **about, opens="day", due="day", closes=closes)
    )
    unsure = {"what": "type", "fact": "id", "opens": "occurred_from", "closes": "occurred_to"}
    yield cases.out_of_pauses(items("hours", _unconfirmed(cases), **unsure))
    due = pl.col("occurred_from") + pl.duration(days=REVIEW_DAYS)
    yield cases.out_of_pauses(
        items("subgoals", _unreviewed(cases), what="subgoal", fact="id", opens=due, due=due)
    )


def _running(cases: Cases, kind: str) -> pl.LazyFrame:
    """What runs on the day: ``first``, ``last`` (``FOREVER`` where no end is agreed), ``what``, ``fact``.

    One that another of its type in the case outlasts is carried on by that, and is left out.
    """
    rows = cases.facts.table(kind).filter(_runs(cases))
    running = cases.of(rows).select(
        *("enrolment", "person", "unit", "site", "service"),
        first="occurred_from",
        last=pl.col("occurred_to").fill_null(FOREVER),
        what="type",
        fact="id",
    )
    return running.filter(pl.col("last") == pl.col("last").max().over("enrolment", "person", "what"))


def _not_renewed(cases: Cases, kind: str, ending: pl.LazyFrame) -> pl.LazyFrame:
    """Those without another of their type, registered by the day, that begins the day after them at the latest."""
    known = local_day(pl.col("recorded_at")) <= cases.day
    ahead = cases.of(cases.facts.table(kind).filter((pl.col("occurred_from") > cases.day) & known))
    of = ["enrolment", "person", "what"]
    next_ = ahead.rename({"type": "what"}).group_by(of).agg(next=pl.col("occurred_from").min())
    carried = pl.col("next") <= pl.col("last") + pl.duration(days=1)
    rows = ending.join(next_, on=of, how="left", nulls_equal=True)
    return rows.filter(~carried.fill_null(value=False)).drop("next")


def _runs(cases: Cases) -> pl.Expr:
    """True for what has begun by the day and has not ended."""
    ended = pl.col("occurred_to") < cases.day
    return (pl.col("occurred_from") <= cases.day) & ~ended.fill_null(value=False)


def _unfollowed(placements: pl.LazyFrame, met: pl.LazyFrame) -> pl.LazyFrame:
    """Running placements and the ``day`` by which somebody should have been met, while that lies in the placement."""
    held = (
        met.filter(pl.col("outcome") == "held").group_by("enrolment", "person").agg(held=pl.col("day").max())
    )
    due = pl.max_horizontal("first", "held") + pl.duration(days=FOLLOW_UP_DAYS)
    rows = placements.join(held, on=["enrolment", "person"], how="left").with_columns(day=due)
    return rows.filter(pl.col("day") <= pl.col("last"))


def _unconfirmed(cases: Cases) -> pl.LazyFrame:
    """Hours that run on the day, of which only the citizen or an estimate says how many they are."""
    unsure = pl.col("evidence").is_null() | pl.col("evidence").is_in(_TO_CONFIRM)
    return cases.of(cases.facts.table("hours").filter(_runs(cases) & unsure))


def _unreviewed(cases: Cases) -> pl.LazyFrame:
    """The last review of each sub-goal that is still open."""
    rows = cases.facts.table("subgoal_reviewed").filter(pl.col("occurred_from") <= cases.day)
    return (
        cases.of(rows)
        .sort("occurred_from", "recorded_at", "id")
        .unique(["enrolment", "person", "subgoal"], keep="last", maintain_order=True)
        .filter(pl.col("status").is_in(_OPEN))
    )
