"""Which phases each enrolment has been through: begun, skipped, ended, begun anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from indsats.figure import Figure
from indsats.programme import Happening, Period, Phase

from .exposure import observed
from .remembered import remembered
from .selection import Scope, candidates, counted
from .together import PART, occurrences

if TYPE_CHECKING:
    from indsats.record import Facts

_WHOSE = [PART, "enrolment"]
_RUN: dict[str, pl.DataType] = {
    "enrolment": pl.String(),
    "person": pl.String(),
    "unit": pl.String(),
    "site": pl.String(),
    "service": pl.String(),
    "phase": pl.String(),
    "run": pl.Int64(),
    "start": pl.Date(),
    "end": pl.Date(),
    "skipped": pl.Boolean(),
}


def phase_runs(facts: Facts, until: date) -> pl.DataFrame:
    """Every run of every phase as known on the day ``until`` (nothing dated later is used).

    Columns: ``enrolment``, ``person``, ``unit``, ``site``, ``service`` (of the enrolment), ``phase``, ``run``
    (1, 2 …), ``start``, ``end`` (null: still open), ``skipped``. Ordered by enrolment, phase (as in the
    definition) and run.

    A run begins at the first ``starts`` fact that does not lie inside a run of the phase, and ends at the first
    ``ends`` fact on or after its start, at the exit, or not yet. The fact that began a run does not end it.
    Without ``repeats`` there is only the first run. Facts belong to the enrolment; one on the day of exit still
    counts and one after it does not. Within a day: starts are one start; a start on the day a run ends begins
    the next run, and what ended the one does not end the other.

    ``skipped``: a ``skipped_by`` fact of the enrolment lies on or before the start, and after the end of the run
    before it: an agreement that let somebody skip the phase once says nothing about a later return to it.
    """
    return remembered(facts, ("phase_runs", until), lambda: _phase_runs(facts, until))


def _phase_runs(facts: Facts, until: date) -> pl.DataFrame:
    enrolled, phases = open_until(facts, until), facts.programme.phases
    if not phases:
        return pl.DataFrame(schema=_RUN)
    names = pl.DataFrame(
        {PART: range(len(phases)), "phase": list(phases), "of": [one.service for one in phases.values()]},
        schema={PART: pl.Int64, "phase": pl.String, "of": pl.String},
    )
    return (
        _runs(facts, tuple(phases.values()), _exits(enrolled, names), until)
        .join(names, on=PART)
        .join(enrolled.select("enrolment", "person", "unit", "site", "service"), on="enrolment", how="left")
        .sort("enrolment", PART, "run")
        .select(pl.col(name).cast(type_) for name, type_ in _RUN.items())
    )


def open_until(facts: Facts, until: date) -> pl.DataFrame:
    """Enrolments begun by ``until``; an exit later than that is not known yet."""
    return remembered(facts, ("open_until", until), lambda: _open_until(facts, until))


def _open_until(facts: Facts, until: date) -> pl.DataFrame:
    return (
        facts.enrolments()
        .filter(pl.col("start") <= until)
        .with_columns(pl.when(pl.col("end") <= until).then(pl.col("end")).alias("end"))
    )


def _exits(enrolled: pl.DataFrame, phases: pl.DataFrame) -> pl.DataFrame:
    """The enrolments that have each phase: ``part``, ``enrolment``, ``exit``."""
    return (
        enrolled.select("enrolment", "service", exit="end")
        .join(phases.select(PART, "of"), how="cross")
        .filter(pl.col("of").is_null() | (pl.col("of") == pl.col("service")))
        .select(PART, "enrolment", "exit")
    )


def _runs(facts: Facts, phases: Sequence[Phase], exits: pl.DataFrame, until: date) -> pl.DataFrame:
    """Runs of all phases: ``part`` (the phase's number), ``enrolment``, ``run``, ``start``, ``end``, ``skipped``."""
    happened = occurrences(facts, _happenings(phases), until).filter("known")
    # A phase's facts are looked up in three thirds: what begins runs, what ends them, what skips them.
    happened = happened.with_columns(pl.col(PART) // 3, third=pl.col(PART) % 3)
    happened = happened.join(exits, on=[PART, "enrolment"]).filter(
        pl.col("exit").is_null() | (pl.col("day") <= pl.col("exit"))
    )
    starts, ends, skips = (happened.filter(pl.col("third") == third) for third in range(3))
    begun = _possible_runs(starts, ends)
    current = (
        begun.sort("day")
        .unique(_WHOSE, keep="first", maintain_order=True)
        .select(
            *_WHOSE, run=pl.lit(1, dtype=pl.Int64), start="day", stop=pl.coalesce("same_day", "later_day")
        )
    )
    rounds = [current]
    again = [number for number, phase in enumerate(phases) if phase.repeats]
    current, begun = (rows.filter(pl.col(PART).is_in(again)) for rows in (current, begun))
    while not current.is_empty():
        current = _next_runs(current, begun)
        rounds.append(current)
    runs = pl.concat(rounds).sort(*_WHOSE, "run")
    again = pl.all_horizontal(pl.col(name) == pl.col(name).shift(1) for name in _WHOSE)
    before = pl.when(again).then(pl.col("stop").shift(1))
    return (
        runs.with_columns(before=before)
        .sort("start")
        .join_asof(
            skips.select(*_WHOSE, skip="day").unique().sort("skip"),
            left_on="start",
            right_on="skip",
            by=_WHOSE,
            strategy="backward",
            check_sortedness=False,
        )
        .join(exits, on=_WHOSE, how="left")
        .select(
            *_WHOSE,
            "run",
            "start",
            end=pl.min_horizontal("stop", "exit"),
            skipped=pl.col("skip").is_not_null()
            & (pl.col("before").is_null() | (pl.col("skip") > pl.col("before"))),
        )
    )


def _happenings(phases: Sequence[Phase]) -> dict[int, Sequence[Happening]]:
    thirds = ((phase.starts, phase.ends, phase.skipped_by) for phase in phases)
    return dict(enumerate(each for three in thirds for each in three))


def _possible_runs(starts: pl.DataFrame, ends: pl.DataFrame) -> pl.DataFrame:
    """Each day on which a run may begin: ``part``, ``enrolment``, ``day``, and where a run begun then would end.

    ``same_day`` is that day itself where a fact beside those that begin it ends it, ``later_day`` the first day
    after it with an end.
    """
    days = starts.select(*_WHOSE, "day").unique()
    others = ends.join(starts, on=[*_WHOSE, "day", "kind", "id"], how="anti")
    at_once = others.select(*_WHOSE, "day", same_day="day").unique()
    after = ends.select(*_WHOSE, later_day="day").unique().sort("later_day")
    return (
        days.join(at_once, on=[*_WHOSE, "day"], how="left")
        .sort("day")
        .join_asof(
            after,
            left_on="day",
            right_on="later_day",
            by=_WHOSE,
            strategy="forward",
            allow_exact_matches=False,
            check_sortedness=False,
        )
    )


def _next_runs(current: pl.DataFrame, begun: pl.DataFrame) -> pl.DataFrame:
    """The run after each of ``current``, where there is one; those still open have none."""
    asked = (
        current.filter(pl.col("stop").is_not_null())
        .select(
            *_WHOSE,
            "run",
            "stop",
            free=pl.max_horizontal("stop", pl.col("start") + pl.duration(days=1)),
        )
        .sort("free")
    )
    found = asked.join_asof(
        begun,
        left_on="free",
        right_on="day",
        by=_WHOSE,
        strategy="forward",
        check_sortedness=False,
    ).filter(pl.col("day").is_not_null())
    # On the day the last run ended, what ended it is used up.
    at_once = pl.when(pl.col("day") > pl.col("stop")).then(pl.col("same_day"))
    return found.select(*_WHOSE, run=pl.col("run") + 1, start="day", stop=pl.coalesce(at_once, "later_day"))


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """How many enrolments began a phase in a period, skipped it, ended it, and are in it on the last day."""

    phase: str
    begun: Figure
    skipped: Figure
    ended: Figure
    open_now: Figure


def phase_counts(
    facts: Facts, period: Period, *, unit: str | None = None, site: str | None = None
) -> tuple[PhaseRow, ...]:
    """Enrolments by phase, in the order of the definition, as known on the last day observed of ``period``.

    ``begun``: with a run begun in the period and not skipped. ``skipped``: with a run that would have begun in
    the period. ``ended``: with a run not skipped that ended in the period, by what ends it or by the exit.
    ``open_now``: with a run not skipped that is open on the last day observed. No values for a period outside the
    data. An enrolment counts once in a figure however often the phase ran. ``excluded`` counts facts dated in
    the period that may begin (or end) the phase and could not be used. Ids: ``phase/<phase>/<unit or
    all>/<first>..<last>/<what>``.
    """
    scope = Scope.of(unit, site)
    until = min(period.last, facts.last_day)
    runs = scope.rows(phase_runs(facts, until))
    return tuple(
        _counts(facts, name, runs.filter(pl.col("phase") == name), period, scope, until)
        for name in facts.programme.phases
    )


def _counts(
    facts: Facts, name: str, runs: pl.DataFrame, period: Period, scope: Scope, until: date
) -> PhaseRow:
    phase = facts.programme.phases[name]
    taken, passed = runs.filter(~pl.col("skipped")), runs.filter("skipped")
    stem = f"phase/{name}/{scope.label}/{period.first}..{period.last}"

    def within(rows: pl.DataFrame, day: str) -> int:
        dated = rows.filter(pl.col(day).is_between(period.first, period.last))
        return dated["enrolment"].n_unique()

    def unused(happenings: Sequence[Happening]) -> dict[str, int]:
        found = candidates(facts, happenings, until, service=phase.service)
        return counted(scope.rows(found.filter(pl.col("day").is_between(period.first, period.last))))

    last = observed(facts, period)
    still = taken.filter(pl.col("end").is_null())["enrolment"].n_unique()
    if last is None:
        nothing = (Figure(f"{stem}/{what}", None, "count") for what in ("begun", "skipped", "ended", "open"))
        return PhaseRow(name, *nothing)
    return PhaseRow(
        name,
        Figure.count(f"{stem}/begun", within(taken, "start"), excluded=unused(phase.starts)),
        Figure.count(f"{stem}/skipped", within(passed, "start"), excluded=unused(phase.skipped_by)),
        Figure.count(f"{stem}/ended", within(taken, "end"), excluded=unused(phase.ends)),
        Figure.count(f"{stem}/open", still),
    )
