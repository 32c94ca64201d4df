"""Requirements: what was answered, the dated facts behind it, and where the two do not agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from indsats.programme import EachMeasure, EveryMeasure, Requirement, WithinMeasure

from .calendar import weekday
from .enriching import enriched
from .flow import make
from .judging import ENOUGH, can_be_made, judged_facts, road
from .ledger import where_true
from .lengths import met_share
from .measuring import MET, NOT_APPLICABLE, NOT_MET, clocks, measured, runs_for
from .phases import finish_new_runs
from .runs import OPEN, Days, Runs, phase_runs
from .wording import drawn, values_of
from .world import World

_NEEDLESS_SHARE = 0.06
"""Share of the runs in which what makes a requirement needless comes true, where the definition names such facts."""

_OF_THE_CASE, _OF_THE_KIND = 0.75, 0.4
"""How much whether a requirement is met has in common with the others of a case, and of the same kind of fact."""

_SLOVENLY = 0.12
"""Share of the cases in which most of the questions that stay unanswered stand."""

_STARTED_SHARE = 0.4
"""Share of the runs in which a requirement's clock is started, where hardly any run has what starts it."""

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
            judged_facts(world, key, requirement.measured, runs, met, requirement.phase)
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
        settled = state == MET
        if _ends_a_phase(world, requirement.measured, requirement.phase):
            # What ended a phase too late settles it as well: nobody ends it again in time.
            ends = np.minimum(runs.end, world.last_day)
            there = Days.of(world, requirement.measured.what).first(runs.enrolment, runs.start) <= ends
            settled |= (state == NOT_MET) & there
        if not can_be_made(world, requirement.measured.what, requirement.phase):
            settled |= state == NOT_MET
        yes = np.where(settled, _following(world, runs, state == MET, draw), yes)
        met = np.where(settled, state == MET, met)
    return yes, met


def _ends_a_phase(world: World, how: WithinMeasure, phase: str | None) -> bool:
    """Whether what a requirement asks for is what ends its phase, or one that runs but once."""
    phases = world.programme.phases
    asked = [phases[phase]] if phase is not None else [part for part in phases.values() if not part.repeats]
    implies = world.ledger.implies
    return any(implies(a, b) or implies(b, a) for a in how.what for part in asked for b in part.ends)


def _draws(world: World, key: str, requirement: Requirement, runs: Runs) -> np.ndarray:
    """Even draws that go together in a case, and more so for requirements told from the same kind of fact.

    A case that is well run is so in most things, and who makes a plan in time makes it as it should be: else
    nobody would ever have all requirements met.
    """
    n = len(world.ledger.cases)
    kind = requirement.measured.what[0].kind if isinstance(requirement.measured, WithinMeasure) else key
    whole = world.stream("well run").normal(size=n)[runs.enrolment]
    alike = world.stream(f"kept together {kind}").normal(size=n)[runs.enrolment]
    own = world.stream(f"requirement {key}").normal(size=len(runs))
    rest = (1 - _OF_THE_CASE**2 - _OF_THE_KIND**2) ** 0.5
    return ndtr(_OF_THE_CASE * whole + _OF_THE_KIND * alike + rest * own)


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
    draw = _draws(world, f"{key} anew", requirement, runs)
    return np.where(other, _following(world, runs, state == MET, draw), yes)


def _in_time(
    world: World, key: str, how: WithinMeasure, runs: Runs, met: np.ndarray, phase: str | None
) -> None:
    """Makes what is measured come true: in time where planned, late for most of the others, where it has not."""
    rng = world.stream(f"in time {key}")
    if how.of and can_be_made(world, how.of, phase):
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
    if not can_be_made(world, how.what, phase):
        return
    rows = np.flatnonzero(happens)
    avoid = [one for one in world.flow if one not in how.what]
    make(world, how.what, enrolment[rows], days[rows], f"in time {key}", avoid)


def _clocks_started(world: World, key: str, how: WithinMeasure, runs: Runs, rng: np.random.Generator) -> None:
    """Makes what starts a requirement's clock come true in some runs, where hardly any run has it."""
    ends = np.minimum(np.minimum(runs.end, world.last_day), world.ledger.cases.last[runs.enrolment])
    begun = Days.of(world, how.of).first(runs.enrolment, runs.start) <= ends
    if len(runs) == 0 or begun.mean() >= ENOUGH:
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
    way = road(world)
    if not asked or any(one in way for one in asked):
        return
    rng = world.stream(f"needless {key}")
    ends = np.minimum(np.minimum(runs.end, world.last_day), world.ledger.cases.last[runs.enrolment])
    rows = np.flatnonzero((rng.random(len(runs)) < _NEEDLESS_SHARE) & (ends >= runs.start) & ~runs.skipped)
    room = ends[rows] - runs.start[rows]
    days = runs.start[rows] + np.floor(rng.random(len(rows)) * (room + 1)).astype(np.int64)
    avoid = [one for one in world.flow if one not in asked]
    make(world, asked, runs.enrolment[rows], days, f"needless {key}", avoid)


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
    there = (days <= world.last_day) & (rng.random(n) < _answered(world, runs))
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


def _answered(world: World, runs: Runs) -> np.ndarray:
    """The chance that a question of each run is answered: most that are not stand in a few slovenly cases."""
    share = world.profile.answered_share
    slovenly = world.stream("slovenly").random(len(world.ledger.cases)) < _SLOVENLY
    often = 1 - (1 - share) / (2 * (1 - _SLOVENLY))
    seldom = 1 - (1 - share) / (2 * _SLOVENLY)
    return np.where(slovenly, max(seldom, 0.0), often)[runs.enrolment]


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
