"""Checks of phases, cadences, requirements and the happenings they stand on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..base import Duration
from ..blocks import PhasesBlock, RequirementsBlock
from ..definition import Programme
from ..fields import RulePlace, happenings, parts, rule_fields
from ..flow import Cadence, EachMeasure, EveryMeasure, Happening, Requirement
from ..rules import Compare, Constant, FieldRef, IsIn, exclude_each_other, implies, suggestion, walk
from ..steering import FulfilmentIndicator, StockIndicator
from ..vocabulary import KIND_FIELDS
from .casework_checks import circles
from .finding import Finding, check_named
from .references import unknown
from .rule_checks import domain, happening_rule, readable

_OF_SITES = ("site_answered", "site_asked", "site_setting")
_OF_FIGURES = ("deviation_explained", "action_planned")


@check_named("phase")
def named_phases_exist(programme: Programme) -> Iterator[Finding]:
    """Cadences, requirements, elements, indicators, reports, roles and other phases name phases that exist."""
    for name, phase in programme.phases.items():
        for number, other in enumerate(phase.follows):
            yield from unknown(("phases", name, "follows", number), other, programme.phases, "phase")
    for name, role in programme.roles.items():
        for number, other in enumerate(role.continuity):
            yield from unknown(("roles", name, "continuity", number), other, programme.phases, "phase")
    for part in ("cadences", "requirements", "elements"):
        for name, item in getattr(programme, part).items():
            yield from unknown((part, name, "phase"), item.phase, programme.phases, "phase")
    for wanted in (StockIndicator, FulfilmentIndicator, RequirementsBlock):
        for path, part in parts(programme, wanted):
            yield from unknown((*path, "phase"), part.phase, programme.phases, "phase")
    for path, _ in parts(programme, PhasesBlock):
        if not programme.phases:
            yield Finding(path, "there are no phases to show", "Add 'phases', or remove the block.")


@check_named("phase-circle")
def circles_of_phases_have_a_way_in(programme: Programme) -> Iterator[Finding]:
    """Phases that follow one another in a circle can be entered from outside."""
    reached = _reached(programme)
    for chain in circles({name: phase.follows for name, phase in programme.phases.items()}):
        if reached.isdisjoint(chain):
            around = " → ".join([chain[0], *reversed(chain)])
            what = f"the phases follow one another in a circle that nobody enters: {around}"
            remedy = "Write 'entry: true' where people begin."
            yield Finding(("phases", chain[0], "follows"), what, remedy, "warning")


@check_named("phase-unreachable")
def phases_can_be_reached(programme: Programme) -> Iterator[Finding]:
    """A phase is where people begin, or follows one that can be reached."""
    reached = _reached(programme)
    round_about = {
        name
        for chain in circles({name: phase.follows for name, phase in programme.phases.items()})
        for name in chain
    }
    for name in programme.phases:
        if name not in reached | round_about:
            what = f"the phase '{name}' is neither where people begin nor follows one they can reach"
            remedy = "Write 'entry: true', or name the phases it 'follows'."
            yield Finding(("phases", name), what, remedy, "warning", at_key=True)


def _reached(programme: Programme) -> set[str]:
    reached = {name for name, phase in programme.phases.items() if phase.entry}
    while True:
        more = {
            name
            for name, phase in programme.phases.items()
            if name not in reached and not reached.isdisjoint(phase.follows)
        }
        if not more:
            return reached
        reached |= more


@check_named("phase-endless")
def phases_that_are_left_end(programme: Programme) -> Iterator[Finding]:
    """A phase others follow, or that runs anew, says what ends it; without, it runs until the exit."""
    followed = {other for phase in programme.phases.values() for other in phase.follows}
    for name, phase in programme.phases.items():
        if phase.ends or not (phase.repeats or name in followed):
            continue
        why = "runs anew each time it starts" if phase.repeats else "is followed by another"
        what = f"the phase '{name}' {why}, and nothing but the exit ends it"
        yield Finding(("phases", name), what, "Say what 'ends' it.", "warning", at_key=True)


@check_named("phase-skipped")
def phases_are_not_always_skipped(programme: Programme) -> Iterator[Finding]:
    """What begins a phase is not itself a reason to skip it."""
    for name, phase in programme.phases.items():
        for number, start in enumerate(phase.starts):
            if any(covers(programme, skip, start) for skip in phase.skipped_by):
                what = f"what starts the phase '{name}' also skips it"
                remedy = "Tell the two apart by 'where', or remove one."
                yield Finding(("phases", name, "starts", number), what, remedy)


def covers(programme: Programme, wide: Happening, narrow: Happening) -> bool:
    """Whether every fact of ``narrow`` is proven to be one of ``wide``."""
    if wide.kind != narrow.kind:
        return False
    one, other = happening_rule(programme, narrow), happening_rule(programme, wide)
    if one is None or other is None:
        return False
    return implies(one.tree, other.tree, domain(programme, wide.kind))


@check_named("event")
def named_events_exist(programme: Programme) -> Iterator[Finding]:
    """A happening's event exists, and its rule asks for values that event has."""
    for path, happening in happenings(programme):
        yield from unknown((*path, "event"), happening.event, programme.events, "event")
        event = programme.events.get(happening.event or "")
        rule = happening_rule(programme, happening, own=True)
        if event is None or rule is None:
            continue
        for node in walk(rule.tree):
            sides: tuple[Any, ...] = ()
            if isinstance(node, Compare):
                sides = (node.left, node.right)
            elif isinstance(node, IsIn):
                sides = (node.value, *node.choices)
            if not any(isinstance(side, FieldRef) and side.name == "value" for side in sides):
                continue
            for side in sides:
                if isinstance(side, Constant) and side.value not in event.values:
                    what = f"the event '{happening.event}' never has the value '{side.value}'"
                    remedy = suggestion(str(side.value), event.values, "Give the event 'values'.")
                    yield Finding((*path, "where"), what, remedy, offset=side.position)


@check_named("happening-of-site")
def happenings_are_about_persons(programme: Programme) -> Iterator[Finding]:
    """What happens to an enrolment is not a fact about a site."""
    for path, happening in happenings(programme):
        if happening.kind in (*_OF_SITES, *_OF_FIGURES):
            about = "a site" if happening.kind in _OF_SITES else "a figure"
            what = f"'{happening.kind}' is about {about} and belongs to no enrolment"
            yield Finding((*path, "kind"), what, "Name a kind of fact about persons.")


@check_named("duration-zero")
def durations_have_a_length(programme: Programme) -> Iterator[Finding]:
    """What must have a length has one: how often something recurs, how long something lasts or is looked at."""
    for path, duration in parts(programme, Duration):
        followed = path[0] == "reports" and path[-1] == "within"
        if path[-1] not in ("every", "lasts", "before") and not followed:
            continue
        if path[-2] == "baseline":
            continue  # measured on the day of enrolment itself
        if duration.setting is not None and duration.setting not in programme.settings:
            continue
        length = programme.length(duration)
        if length.months <= 0 and length.days <= 0:
            where = f" in the setting '{duration.setting}'" if duration.setting else ""
            yield Finding(path, f"'{path[-1]}' has no length{where}", "Write a length such as P3M or P14D.")


@check_named("cadence-clock")
def cadences_have_a_clock(programme: Programme) -> Iterator[Finding]:
    """A cadence in a phase runs for enrolments that have that phase."""
    for name, cadence in programme.cadences.items():
        phase = programme.phases.get(cadence.phase or "")
        if phase is not None and cadence.service and phase.service and cadence.service != phase.service:
            what = f"the clock never starts: the phase '{cadence.phase}' is for enrolments in '{phase.service}' only"
            remedy = f"Remove 'service', or name the phase of '{cadence.service}'."
            yield Finding(("cadences", name, "service"), what, remedy)


@check_named("requirement-cadence")
def requirements_meet_their_cadence(programme: Programme) -> Iterator[Finding]:
    """A cadence a requirement is measured by falls due within the requirement's own phase."""
    for name, requirement in programme.requirements.items():
        cadence = _cadence(programme, requirement)
        if cadence is None:
            continue
        path = ("requirements", name, "measured", "cadence")
        phase = programme.phases.get(requirement.phase or "")
        if phase is not None and cadence.service and phase.service and cadence.service != phase.service:
            what = (
                f"the cadence is for the service '{cadence.service}', "
                f"and the phase '{requirement.phase}' for '{phase.service}': nothing ever falls due"
            )
            yield Finding(path, what, "Name a cadence of that service.")
        elif cadence.phase and cadence.phase != requirement.phase:
            where = f"in '{requirement.phase}'" if requirement.phase else "in no phase"
            what = f"the cadence falls due in the phase '{cadence.phase}', and the requirement is {where}"
            yield Finding(path, what, "Give both the same phase.", "warning")


def _cadence(programme: Programme, requirement: Requirement) -> Cadence | None:
    measured = requirement.measured
    return programme.cadences.get(measured.cadence) if isinstance(measured, EveryMeasure) else None


@check_named("requirement-applies")
def requirements_apply_to_somebody(programme: Programme) -> Iterator[Finding]:
    """What makes a requirement not applicable does not stand at the start of every run."""
    enrolled = Happening(kind="enrolled")
    for name, requirement in programme.requirements.items():
        phase = programme.phases.get(requirement.phase or "")
        starts = phase.starts if phase is not None else [enrolled]
        for number, never in enumerate(requirement.not_applicable_when):
            if all(covers(programme, never, start) for start in starts):
                what = (
                    f"the requirement never applies: each {'run' if phase else 'enrolment'} begins with this"
                )
                path = ("requirements", name, "not_applicable_when", number)
                yield Finding(path, what, "Narrow it by 'where', or remove it.")


@check_named("requirement-each")
def each_asks_for_what_can_be_and_is_not_given(programme: Programme) -> Iterator[Finding]:
    """What each fact should satisfy is possible among those facts, and does not hold for them by itself."""
    for name, requirement in programme.requirements.items():
        measured = requirement.measured
        if not isinstance(measured, EachMeasure) or measured.of.kind not in KIND_FIELDS:
            continue
        kind, path = measured.of.kind, ("requirements", name, "measured", "where")
        among = happening_rule(programme, measured.of)
        asked = readable(RulePlace(path, measured.where, kind, rule_fields(programme, kind)))
        if among is None or asked is None:
            continue
        known = domain(programme, kind)
        if exclude_each_other(among.tree, asked.tree, known):
            what = "no fact in 'of' can ever satisfy this, so it is never met"
            yield Finding(path, what, "Look for conditions in 'of' and 'where' that exclude each other.")
        elif implies(among.tree, asked.tree, known):
            what = "every fact in 'of' satisfies this by itself, so it is always met"
            yield Finding(path, what, "Ask for something the facts may lack.", "warning")
