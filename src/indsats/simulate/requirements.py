"""Requirements: what was answered, the dated facts behind it, and where the two do not agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import ndtr

from indsats.programme import EachMeasure, EveryMeasure, Happening, Requirement, WithinMeasure

from .calendar import weekday
from .enriching import enriched, joined
from .flow import make, makeable
from .ledger import where_true
from .measuring import MET, NOT_APPLICABLE, NOT_MET, clocks, measured, runs_for
from .phases import finish_new_runs, met_share
from .runs import OPEN, Days, Runs, phase_runs
from .satisfying import fields_of
from .wording import drawn, values_of
from .world import World

_NEEDLESS_SHARE = 0.06
"""Share of the runs in which what makes a requirement needless comes true, where the definition names such facts."""

_TOGETHER = 0.85
"""How much of whether a requirement is met is shared by those told from the same kind of fact."""

_ENOUGH = 0.3
_STARTED_SHARE = 0.4
_JUDGED_SHARE = 0.7
"""Where fewer than ``_ENOUGH`` of the runs have what a requirement looks at, it is made for such a share."""

_ANSWERED_AGAIN = 0.05
_FIRST_DAYS, _LAST_DAYS = 60, 130
"""When a requirement that nothing else dates is asked about, counted from the run's start."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of one requirement: the runs it was asked of and the last answer of each ("" for none)."""

    runs: Runs
    answer: np.ndarray


def requirement_facts(world: World) -> dict[str, Asked]:
    """Facts that requirements are measured by, then the answers; by requirement what was asked.

    The runs of a phase are read off the facts when the first of its requirements comes to it, and once more when
    all facts are there and the answers are given.
    """
    programme = world.programme
    by_phase: dict[str, Runs] = {}
    before = {key: phase_runs(world, phase) for key, phase in programme.phases.items()}
    planned: dict[str, tuple[Runs, np.ndarray, np.ndarray]] = {}
    for key, requirement in programme.requirements.items():
        if requirement.phase is not None and requirement.phase not in by_phase:
            by_phase[requirement.phase] = phase_runs(world, programme.phases[requirement.phase])
        runs = runs_for(world, requirement, by_phase)
        _needless(world, key, requirement, runs)
        planned[key] = (runs, *_plan(world, key, requirement, runs))
        if isinstance(requirement.measured, WithinMeasure):
            _in_time(world, key, requirement.measured, runs, planned[key][2], requirement.phase)
    for key, requirement in programme.requirements.items():
        if isinstance(requirement.measured, EachMeasure):
            runs, _, met = planned[key]
            _at_each(world, key, requirement.measured, runs, met, requirement.phase)
    finish_new_runs(world, before)
    by_phase = {key: phase_runs(world, phase) for key, phase in programme.phases.items()}
    told = {}
    for key, requirement in programme.requirements.items():
        runs = runs_for(world, requirement, by_phase)
        yes, met = _as_planned(world, key, runs, *planned[key])
        yes = _as_it_came(world, key, requirement, runs, yes, met)
        told[key] = Asked(runs, _answers(world, key, requirement, runs, yes))
    return told


def _as_planned(
    world: World, key: str, runs: Runs, before: Runs, yes: np.ndarray, met: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What was planned for the runs as they are now; drawn for those that were not there then."""
    at = {
        pair: index
        for index, pair in enumerate(zip(before.enrolment.tolist(), before.start.tolist(), strict=True))
    }
    pairs = zip(runs.enrolment.tolist(), runs.start.tolist(), strict=True)
    found = np.array([at.get(pair, -1) for pair in pairs], dtype=np.int64)
    fresh = world.stream(f"requirement {key} later").random(len(runs))
    drawn_now = fresh < world.behaviour("requirement_yes", runs.enrolment)
    if not len(before):
        return drawn_now, drawn_now
    return np.where(found >= 0, yes[found], drawn_now), np.where(found >= 0, met[found], drawn_now)


def _plan(world: World, key: str, requirement: Requirement, runs: Runs) -> tuple[np.ndarray, np.ndarray]:
    """By run what is answered and what the facts should say, disagreeing as often as planted.

    Where the facts have settled it already the answer follows them; else the facts will follow the answer.
    """
    rng = world.stream(f"requirement {key}")
    profile, n = world.profile, len(runs)
    draw, doubt = _draws(world, key, requirement, runs), rng.random(n)
    yes = draw < world.behaviour("requirement_yes", runs.enrolment)
    met = np.where(yes, doubt >= profile.yes_but_late, doubt < profile.no_but_done)
    if isinstance(requirement.measured, WithinMeasure):
        state, _ = measured(world, requirement, runs)
        # What happened too late settles it as well: nobody makes it again in time.
        ends = np.minimum(runs.end, world.last_day)
        there = Days.of(world, requirement.measured.what).first(runs.enrolment, runs.start) <= ends
        settled = (state == MET) | ((state == NOT_MET) & there)
        if not _can_be_made(world, requirement.measured.what, requirement.phase):
            settled |= state == NOT_MET
        yes = np.where(settled, _following(world, runs, state == MET, draw), yes)
        met = np.where(settled, state == MET, met)
    return yes, met


def _draws(world: World, key: str, requirement: Requirement, runs: Runs) -> np.ndarray:
    """Even draws that go together for requirements told from the same kind of fact.

    Who makes a plan in time makes it as it should be: requirements of one plan are kept or missed together more
    often than not.
    """
    own = world.stream(f"requirement {key}").normal(size=len(runs))
    if not isinstance(requirement.measured, WithinMeasure):
        return ndtr(own)
    kind = requirement.measured.what[0].kind
    shared = world.stream(f"kept together {kind}").normal(size=len(world.ledger.cases))[runs.enrolment]
    return ndtr(_TOGETHER * shared + (1 - _TOGETHER**2) ** 0.5 * own)


def _following(world: World, runs: Runs, met: np.ndarray, draw: np.ndarray) -> np.ndarray:
    """Answers that follow what the facts say, but for the planted share that do not."""
    chance = world.behaviour("requirement_yes", runs.enrolment)
    share = met_share(world, chance)
    if_met = chance * (1 - world.profile.yes_but_late) / np.maximum(share, 1e-9)
    if_not = chance * world.profile.yes_but_late / np.maximum(1 - share, 1e-9)
    return draw < np.where(met, if_met, if_not)


def _as_it_came(
    world: World,
    key: str,
    requirement: Requirement,
    runs: Runs,
    yes: np.ndarray,
    met: np.ndarray,
) -> np.ndarray:
    """The answers, drawn anew where the facts came to say something else than planned."""
    if requirement.measured is None or (
        isinstance(requirement.measured, EveryMeasure) and not requirement.phase
    ):
        return yes
    state, _ = measured(world, requirement, runs)
    other = ((state == MET) & ~met) | ((state == NOT_MET) & met)
    if isinstance(requirement.measured, EveryMeasure):
        other = np.isin(state, (MET, NOT_MET))
    draw = world.stream(f"requirement {key} anew").random(len(runs))
    return np.where(other, _following(world, runs, state == MET, draw), yes)


def _can_be_made(world: World, asked: Sequence[Happening], phase: str | None) -> bool:
    """Whether facts can be made without beginning a phase out of turn or skipping one by the way.

    That they end a phase, begin the next after the requirement's own, or, for a requirement without a phase,
    begin any, is as it should be.
    """
    phases = world.programme.phases.values()
    against = [one for part in phases for one in part.skipped_by]
    against += [
        one for part in phases if phase is not None and phase not in part.follows for one in part.starts
    ]
    return bool(makeable(world, asked)) and not any(
        world.ledger.implies(one, other) for one in asked for other in against
    )


def _road(world: World) -> list[Happening]:
    """What begins, ends and skips phases."""
    phases = world.programme.phases.values()
    return [one for phase in phases for one in (*phase.starts, *phase.ends, *phase.skipped_by)]


def _in_time(
    world: World, key: str, how: WithinMeasure, runs: Runs, met: np.ndarray, phase: str | None
) -> None:
    """Makes what is measured come true: in time where planned, late for most of the others, where it has not."""
    rng = world.stream(f"in time {key}")
    if how.of and _can_be_made(world, how.of, phase):
        _clocks_started(world, key, how, runs, rng)
    run, low, due, start = clocks(world, how, runs)
    enrolment = runs.enrolment[run]
    hit = Days.of(world, how.what).first(enrolment, low) <= due
    first = np.maximum(low, start)
    room = np.maximum(due - first, 0)
    early = first + np.floor((0.15 + 0.8 * rng.random(len(run))) * room).astype(np.int64)
    late = due + 2 + np.floor(rng.exponential(0.35, len(run)) * np.maximum(room, 10)).astype(np.int64)
    wanted = met[run]
    days = np.where(wanted, np.maximum(weekday(early), first), np.maximum(weekday(late), due + 1))
    ends = np.minimum(runs.end[run], world.ledger.cases.last[enrolment])
    happens = ~hit & ~runs.skipped[run] & (days <= ends) & (wanted | (rng.random(len(run)) < 0.75))
    rows = np.flatnonzero(happens & wanted)
    also = enriched(world, how.what, enrolment[rows], first[rows], due[rows], f"in time {key}")
    happens[rows[also]] = False
    if not _can_be_made(world, how.what, phase):
        return
    rows = np.flatnonzero(happens)
    avoid = [one for one in world.flow if one not in how.what]
    make(world, how.what, enrolment[rows], days[rows], f"in time {key}", avoid)


def _clocks_started(world: World, key: str, how: WithinMeasure, runs: Runs, rng: np.random.Generator) -> None:
    """Makes what starts a requirement's clock come true in some runs, where hardly any run has it."""
    ends = np.minimum(np.minimum(runs.end, world.last_day), world.ledger.cases.last[runs.enrolment])
    begun = Days.of(world, how.of).first(runs.enrolment, runs.start) <= ends
    if len(runs) == 0 or begun.mean() >= _ENOUGH:
        return
    rows = np.flatnonzero(
        ~begun & ~runs.skipped & (rng.random(len(runs)) < _STARTED_SHARE) & (ends >= runs.start)
    )
    part = np.floor(rng.random(len(rows)) * 0.6 * (ends[rows] - runs.start[rows])).astype(np.int64)
    avoid = [one for one in world.flow if one not in how.of]
    make(world, how.of, runs.enrolment[rows], runs.start[rows] + part, f"clock {key}", avoid)


def _needless(world: World, key: str, requirement: Requirement, runs: Runs) -> None:
    """Makes what lets a requirement not apply come true in a few runs."""
    asked = requirement.not_applicable_when
    road = _road(world)
    if not asked or any(one in road for one in asked):
        return
    rng = world.stream(f"needless {key}")
    ends = np.minimum(np.minimum(runs.end, world.last_day), world.ledger.cases.last[runs.enrolment])
    rows = np.flatnonzero((rng.random(len(runs)) < _NEEDLESS_SHARE) & (ends >= runs.start) & ~runs.skipped)
    room = ends[rows] - runs.start[rows]
    days = runs.start[rows] + np.floor(rng.random(len(rows)) * (room + 1)).astype(np.int64)
    avoid = [one for one in world.flow if one not in asked]
    make(world, asked, runs.enrolment[rows], days, f"needless {key}", avoid)


def _at_each(
    world: World, key: str, how: EachMeasure, runs: Runs, met: np.ndarray, phase: str | None
) -> None:
    """Changes facts in a run so that all of them satisfy a rule where planned, and one does not where not."""
    if _can_be_made(world, [how.of], phase):
        _made_for_each(world, key, how, runs)
    table = world.ledger.table(how.of.kind)
    if table is None or table.is_empty() or len(runs) == 0:
        return
    rng = world.stream(f"at each {key}")
    asked = Happening(kind=how.of.kind, where=f"({how.of.rule}) and ({how.where})")
    refused = Happening(kind=how.of.kind, where=f"({how.of.rule}) and not ({how.where})")
    good, bad = (world.ledger.ways(one, int(world.last_day)) for one in (asked, refused))
    inside = world.ledger.satisfies(table, [how.of])
    rows = np.flatnonzero(inside)
    days, enrolment = table["occurred_from"].to_numpy()[rows], table["enrolment"].to_numpy()[rows]
    to_good = np.zeros(len(rows), dtype=bool)
    to_bad = np.zeros(len(rows), dtype=bool)
    order = np.lexsort((days, enrolment))
    edges = np.searchsorted(enrolment[order], np.arange(int(enrolment.max(initial=0)) + 2))
    for index, who in enumerate(runs.enrolment.tolist()):
        if who + 1 >= len(edges):
            continue
        these = order[edges[who] : edges[who + 1]]
        these = these[
            (days[these] >= runs.start[index]) & (days[these] <= min(runs.end[index], world.last_day))
        ]
        if not len(these):
            continue
        to_good[these] = True
        if not met[index]:
            one = these[int(rng.integers(0, len(these)))]
            to_good[one], to_bad[one] = False, True
    for marked, ways in ((to_good, good), (to_bad, bad)):
        if ways.height and marked.any():
            table = _changed(world, how, table, rows[marked], ways, rng, add=marked is to_good)
    world.ledger.replace(how.of.kind, table)


def _made_for_each(world: World, key: str, how: EachMeasure, runs: Runs) -> None:
    """A fact to judge in most of the runs, where hardly any run has one."""
    rng = world.stream(f"made for each {key}")
    ends = np.minimum(np.minimum(runs.end, world.last_day), world.ledger.cases.last[runs.enrolment])
    there = Days.of(world, [how.of]).first(runs.enrolment, runs.start) <= ends
    if len(runs) == 0 or there.mean() >= _ENOUGH:
        return
    rows = np.flatnonzero(
        ~there & ~runs.skipped & (rng.random(len(runs)) < _JUDGED_SHARE) & (ends >= runs.start)
    )
    part = np.floor((0.1 + 0.8 * rng.random(len(rows))) * (ends[rows] - runs.start[rows])).astype(np.int64)
    avoid = [one for one in world.flow if one != how.of]
    make(world, [how.of], runs.enrolment[rows], runs.start[rows] + part, f"for each {key}", avoid)


def _changed(
    world: World,
    how: EachMeasure,
    table: pl.DataFrame,
    rows: np.ndarray,
    ways: pl.DataFrame,
    rng: np.random.Generator,
    *,
    add: bool,
) -> pl.DataFrame:
    """The table with the fields the measure's rule reads set by one of ``ways`` in some rows.

    Names in a list are added to those there, or taken out, so that several requirements of one meeting can
    all be kept.
    """
    kind, before = how.of.kind, table
    reads = world.ledger.fields_read(Happening(kind=kind, where=how.where))
    fields = [
        name for name in fields_of(ways) if name in reads and name in table.columns and name != "occurred_to"
    ]
    picked = rng.integers(0, ways.height, len(rows))
    for name in fields:
        values = table[name].to_list()
        for row, way in zip(rows.tolist(), picked.tolist(), strict=True):
            fresh = ways[name][way]
            values[row] = joined(values[row], fresh, ways[name], add) if name == "participants" else fresh
        table = table.with_columns(pl.Series(name, values, dtype=table.schema[name]))
    # What the programme's entry rules would refuse stays as it was.
    refused = np.zeros(table.height, dtype=bool)
    refused[rows] = ~world.ledger.accepts(kind, table[rows])
    back = pl.Series(refused)
    return table.with_columns(
        pl.when(back).then(before[name]).otherwise(pl.col(name)).alias(name) for name in fields
    )


def _answers(
    world: World,
    key: str,
    requirement: Requirement,
    runs: Runs,
    yes: np.ndarray,
) -> np.ndarray:
    """Answers a question of each run that has come far enough; returns the last answer, "" where there is none."""
    rng = world.stream(f"answer {key}")
    profile, n, ledger = world.profile, len(runs), world.ledger
    state, due = measured(world, requirement, runs)
    asked_on = _asked_on(world, requirement, runs, due, rng)
    # What is still open when a case ends is answered on its last day.
    out = ledger.cases.exit[runs.enrolment]
    asked_on = np.where(out >= 0, np.minimum(asked_on, out), asked_on)
    days = np.minimum(weekday(np.maximum(asked_on, runs.start)), runs.until - 1)
    days = np.maximum(days, runs.start)
    there = (days <= world.last_day) & (rng.random(n) < profile.answered_share)
    there &= ~(runs.skipped & (rng.random(n) < 0.7))
    needless = (state == NOT_APPLICABLE) & (rng.random(n) < 0.9)
    needless |= (state != NOT_APPLICABLE) & (rng.random(n) < profile.not_applicable_share)
    less = "partly" if requirement.answer == "yes_partly_no" else "no"
    not_yes = np.where(rng.random(n) < profile.partly_share, less, "no")
    answer = np.where(needless, "not_applicable", np.where(yes, "yes", not_yes)).astype(object)
    again = there & (rng.random(n) < _ANSWERED_AGAIN) & (days - 21 >= runs.start)
    earlier = np.flatnonzero(again)
    _answer(
        world, key, requirement, runs.enrolment[earlier], weekday(days[earlier] - 14), answer[earlier], rng
    )
    rows = np.flatnonzero(there)
    _answer(world, key, requirement, runs.enrolment[rows], days[rows], answer[rows], rng)
    return np.where(there, answer, "")


def _asked_on(
    world: World, requirement: Requirement, runs: Runs, due: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """The day the question is looked at: around its deadline, else at the end of the run or some months in."""
    n = len(runs)
    if requirement.due is not None:
        site = world.ledger.cases.site[runs.enrolment]
        due = world.later(runs.start, requirement.due, site)
        return due - np.floor(rng.exponential(9.0, n)).astype(np.int64) + rng.integers(0, 4, n)
    usual = runs.start + rng.integers(_FIRST_DAYS, _LAST_DAYS, n)
    if requirement.phase is None and not isinstance(requirement.measured, WithinMeasure):
        return usual
    dated = np.where(due < OPEN, due, usual)
    end = np.minimum(dated, np.where(runs.end < OPEN, runs.end, dated))
    return end + rng.integers(0, 12, n)


def _answer(
    world: World,
    key: str,
    requirement: Requirement,
    enrolment: np.ndarray,
    days: np.ndarray,
    answer: np.ndarray,
    rng: np.random.Generator,
) -> None:
    known = requirement.if_no or values_of(world.programme, "requirement_answered", "reason")
    reason = drawn(list(known), len(enrolment), rng)
    reason = where_true(np.isin(answer, ["no", "partly"]), reason)
    world.ledger.add(
        "requirement_answered", days, enrolment=enrolment, requirement=key, answer=answer, reason=reason
    )
