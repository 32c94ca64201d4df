"""What meetings leave to be done: appointments, unanswered ones, no-shows, minutes, and cases with nothing ahead."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from indsats.record import local_day

from .worklist_cases import FOREVER, Cases
from .worklist_items import LEANING, items

_MET = ("held", "no_show")
"""The outcomes after which somebody plans what comes next. A meeting called off left nothing behind it."""


def meetings(cases: Cases) -> pl.LazyFrame:
    """The meetings of open cases, held or planned, and what the queues read of them.

    Columns: ``enrolment`` and its place, ``fact``, ``what`` (the type), ``day``, ``outcome``, ``minutes_shared``,
    ``citizen_said``, ``named`` (the worker it names), ``recorded`` (the day it was last written about).
    """
    known = (pl.col("occurred_from") <= cases.day) | (pl.col("outcome") == "planned")
    rows = cases.facts.table("meeting").filter(known.fill_null(value=False))
    found = cases.of(rows).select(
        *("enrolment", "person", "unit", "site", "service", "outcome", "minutes_shared", "citizen_said"),
        fact="id",
        what="type",
        day="occurred_from",
        named="worker",
        recorded=local_day(pl.col("recorded_at")),
    )
    return found.collect().lazy()


def of_meetings(cases: Cases, met: pl.LazyFrame) -> Iterator[pl.LazyFrame]:
    """The items of the queues that are about one meeting each; ``met`` are the meetings of open cases."""
    holds = cases.holders.lazy().unique(["enrolment", "worker"], keep="first", maintain_order=True)
    held = pl.col("outcome") == "held"
    left_over = (
        (pl.col("outcome") == "planned")
        | (held & ~pl.col("minutes_shared"))
        | (pl.col("outcome") == "no_show")
    )
    named = holds.select("enrolment", "role", named="worker")
    rows = met.filter(left_over).join(named, on=["enrolment", "named"], how="left")
    # Whoever has left the case does not finish what is left over from it: those who have it now do.
    mine = pl.when(pl.col("role").is_not_null()).then("named")
    told = {"role": "role", LEANING: "named", "what": "what", "fact": "fact"}
    planned = rows.filter(pl.col("outcome") == "planned")
    ahead = planned.filter(pl.col("day") >= cases.day)
    yield items("meetings_today", ahead, **told, worker="named", opens="day", due="day", closes="day")
    # what the citizen asked lies in the version that was written last
    asked = ahead.filter(pl.col("citizen_said") == "move")
    about = {name: one for name, one in told.items() if name != "what"}
    yield items("meetings_to_move", asked, **about, worker="named", opens="recorded", due="day", closes="day")
    after = pl.col("day") + pl.duration(days=1)
    yield items("meetings_unanswered", planned, **told, worker=mine, opens=after)
    missed = _last_missed(cases, met, rows.filter(pl.col("outcome") == "no_show"))
    yield cases.out_of_pauses(items("no_show", missed, **told, worker=mine, opens="day"))
    unshared = rows.filter(held)
    yield cases.out_of_pauses(items("minutes", unshared, **told, worker=mine, opens="day"))


def _last_missed(cases: Cases, met: pl.LazyFrame, missed: pl.LazyFrame) -> pl.LazyFrame:
    """The last no-show of each case after which (that day included) nobody tried to reach or met the person."""
    attempts = cases.facts.table("contact_attempt").filter(pl.col("occurred_from") <= cases.day)
    since = pl.concat(
        [
            met.filter(pl.col("outcome") == "held").select("enrolment", "person", "day"),
            cases.of(attempts).select("enrolment", "person", day="occurred_from"),
        ]
    )
    answered = since.group_by("enrolment", "person").agg(answered=pl.col("day").max())
    last = missed.sort("day", "fact").unique(["enrolment", "person"], keep="last", maintain_order=True)
    unanswered = pl.col("answered").is_null() | (pl.col("answered") < pl.col("day"))
    return last.join(answered, on=["enrolment", "person"], how="left").filter(unanswered)


def no_next_step(cases: Cases, met: pl.LazyFrame) -> pl.LazyFrame:
    """Open cases with no meeting ahead: they open when the last one met is over, or the last planned has passed.

    Nothing of it shows in a pause, however long it had been open.
    """
    planned = pl.col("outcome") == "planned"
    last = met.group_by("enrolment").agg(
        met=pl.col("day").filter(pl.col("outcome").is_in(_MET)).max(),
        passed=pl.col("day").filter(planned).max() + pl.duration(days=1),
    )
    rows = cases.open.lazy().join(last, on="enrolment", how="left")
    opens = ["start", "met", "passed"]
    if not cases.pauses.is_empty():
        endless = pl.col("last") == FOREVER
        pauses = cases.pauses.lazy().group_by("enrolment")
        back = pl.col("last").filter(~endless).max() + pl.duration(days=1)
        found = pauses.agg(back=back, stopped=endless.any())
        rows = rows.join(found, on="enrolment", how="left")
        rows = rows.filter(~pl.col("stopped").fill_null(value=False))
        opens.append("back")
    return items("no_next_step", rows, opens=pl.max_horizontal(opens))
