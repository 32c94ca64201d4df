"""Checks of what indicators divide by: that somebody and something can be there to count, and what they name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..definition import Programme
from ..fields import RulePlace, happenings, parts, rule_fields
from ..flow import Happening
from ..rules import exclude_each_other, suggestion
from ..steering import (
    CaseloadIndicator,
    FulfilmentIndicator,
    Indicator,
    MeanIndicator,
    MissingIndicator,
    RateIndicator,
    TimelinessIndicator,
)
from ..vocabulary import KIND_FIELDS
from .finding import Finding, check_named
from .flow_checks import covers
from .references import unknown
from .rule_checks import domain, readable

Path = tuple[Any, ...]

_ABOUT = {
    "questionnaire_answered": "person",
    "questionnaire_asked": "person",
    "site_answered": "site",
    "site_asked": "site",
}


@check_named("kind-recorded")
def kinds_counted_can_be_recorded(programme: Programme) -> Iterator[Finding]:
    """What an indicator or a happening is about can be recorded here: there is an event, requirement … to record."""
    places: list[tuple[Path, str]] = [
        ((*path, "kind" if happening.event is None else "event"), happening.kind)
        for path, happening in happenings(programme)
    ]
    for name, indicator in programme.indicators.items():
        kind = getattr(indicator, "kind", None)
        if isinstance(kind, str):
            places.append((("indicators", name, "kind"), kind))
    for path, kind in places:
        lacking = _lacking(programme, kind)
        if lacking is not None:
            what = f"'{kind}' is never recorded in this programme: it has no {lacking}"
            yield Finding(path, what, f"Add one, or count something else than '{kind}'.")


def _lacking(programme: Programme, kind: str) -> str | None:
    """What a fact of the kind must name and the programme has none of; None where it can be recorded."""
    if kind == "event":
        return None if programme.events else "events"
    if kind == "requirement_answered":
        return None if programme.requirements else "requirements"
    if kind == "site_setting":
        return (
            None if any(one.override for one in programme.settings.values()) else "settings a site may choose"
        )
    if kind in _ABOUT:
        about = _ABOUT[kind]
        there = any(one.about == about for one in programme.questionnaires.values())
        return None if there else f"questionnaires about a {about}"
    return None


@check_named("indicator-field")
def means_are_of_numbers(programme: Programme) -> Iterator[Finding]:
    """The field an indicator takes the mean of is a number that facts of its kind hold."""
    for path, indicator in _indicators(programme):
        if not isinstance(indicator, MeanIndicator) or indicator.kind not in KIND_FIELDS:
            continue
        fields = rule_fields(programme, indicator.kind)
        numbers = [name for name, type_ in fields.items() if type_ == "number"]
        at, field = (*path, "field"), indicator.field
        if field not in fields:
            remedy = suggestion(
                field, numbers, f"'{indicator.kind}' holds no number; count its facts instead."
            )
            yield Finding(at, f"'{indicator.kind}' has no field '{field}'", remedy)
        elif fields[field] != "number":
            what = f"'{field}' of '{indicator.kind}' holds a {fields[field]}, and only numbers have a mean"
            remedy = (
                f"Name one of: {', '.join(numbers)}." if numbers else "Measure a share or a count instead."
            )
            yield Finding(at, what, remedy)


@check_named("indicator-group")
def groups_of_indicators_are_found(programme: Programme) -> Iterator[Finding]:
    """The target group of an indicator exists, and visitation can lead to it."""
    rule = programme.visitation
    led_to = {group for window in rule.windows for group in window.groups} if rule is not None else None
    for path, indicator in _indicators(programme):
        at, group = (*path, "group"), indicator.group
        yield from unknown(at, group, programme.groups, "group")
        if group in programme.groups and led_to is not None and group not in led_to:
            what = f"no window of the visitation leads to the group '{group}', so nobody is in it"
            yield Finding(at, what, "Name the group in a window, or remove it here.")
        if group is not None and isinstance(indicator, RateIndicator) and indicator.per == "open_day":
            what = "opening days are nobody's, so a target group has none to divide by"
            yield Finding(at, what, "Write 'per: person_month', or remove 'group'.")


@check_named("indicator-role")
def roles_of_indicators_hold_cases(programme: Programme) -> Iterator[Finding]:
    """The role whose cases are counted exists."""
    for path, indicator in _indicators(programme):
        if isinstance(indicator, CaseloadIndicator):
            yield from unknown((*path, "role"), indicator.role, programme.roles, "role")


@check_named("indicator-step")
def steps_exist_and_can_be_missing(programme: Programme) -> Iterator[Finding]:
    """The step looked at is one of the indicator's steps, and a step can be the first that is missing.

    It cannot when the enrolment itself takes it, or when whoever took an earlier step took it by that.
    """
    enrolled = Happening(kind="enrolled")
    for path, indicator in _indicators(programme):
        if not isinstance(indicator, MissingIndicator):
            continue
        yield from unknown((*path, "step"), indicator.step, indicator.steps, "step")
        earlier: list[tuple[str, list[Happening]]] = []
        for name, step in indicator.steps.items():
            at = (*path, "steps", name)
            if any(covers(programme, one, enrolled) for one in step.what):
                what = f"every enrolment has taken the step '{name}', so it is never missing"
                yield Finding(
                    at, what, "Ask for something that comes later, or remove it.", "warning", at_key=True
                )
            for other, had in earlier:
                if all(any(covers(programme, one, fact) for one in step.what) for fact in had):
                    what = f"whoever took the step '{other}' has taken '{name}', so it is never the first missing"
                    remedy = "Put the wider step first, or tell the two apart by 'where'."
                    yield Finding(at, what, remedy, "warning", at_key=True)
                    break
            earlier.append((name, step.what))


@check_named("indicator-service")
def services_of_indicators_can_be_met(programme: Programme) -> Iterator[Finding]:
    """What an indicator counts can lie in enrolments in its service."""
    for path, indicator in _indicators(programme):
        if indicator.service is None or indicator.service not in programme.services:
            continue
        yield from _rules_of_other_services(programme, path, indicator)
        found = None
        if isinstance(indicator, FulfilmentIndicator):
            found = _requirements_of_other_services(programme, indicator)
        elif isinstance(indicator, TimelinessIndicator):
            cadence = programme.cadences.get(indicator.cadence)
            phase = programme.phases.get(cadence.phase or "") if cadence is not None else None
            if phase is not None and phase.service not in (None, indicator.service):
                found = f"the cadence runs in a phase of '{phase.service}' only, so nothing falls due"
        if found is not None:
            yield Finding((*path, "service"), found, "Remove 'service', or name that one.")


def _requirements_of_other_services(programme: Programme, indicator: FulfilmentIndicator) -> str | None:
    asked = programme.requirements_of(indicator.phase, indicator.element, indicator.requirement)
    needed: list[set[str]] = []
    for one in asked.values():
        phase, element = programme.phases.get(one.phase or ""), programme.elements.get(one.element or "")
        needed.append({part.service for part in (phase, element) if part is not None and part.service})
    if needed and all(each - {indicator.service} for each in needed):
        others = ", ".join(f"'{name}'" for name in sorted(set().union(*needed) - {indicator.service}))
        return f"its requirements are asked in {others} only, so there is nothing to divide by"
    return None


def _rules_of_other_services(programme: Programme, path: Path, indicator: Indicator) -> Iterator[Finding]:
    kind = getattr(indicator, "kind", None)
    if isinstance(kind, str):
        own = [
            ((*path, key), getattr(indicator, key), kind)
            for key in ("among", "where")
            if hasattr(indicator, key)
        ]
    else:
        own = [((*at, "where"), one.rule, one.kind) for at, one in parts(indicator, Happening, path)]
    for at, text, table in own:
        if table not in KIND_FIELDS:
            continue
        fields = rule_fields(programme, table)
        rule = readable(RulePlace(at, text, table, fields))
        within = readable(RulePlace(at, f'service == "{indicator.service}"', table, fields))
        if rule is None or within is None:
            continue
        if exclude_each_other(rule.tree, within.tree, domain(programme, table)) and not exclude_each_other(
            rule.tree, rule.tree, domain(programme, table)
        ):
            what = f"the rule never holds for enrolments in '{indicator.service}', the indicator's service"
            yield Finding(at, what, "Let the two name the same service, or remove one.")


def _indicators(programme: Programme) -> Iterator[tuple[Path, Indicator]]:
    for name, indicator in programme.indicators.items():
        yield ("indicators", name), indicator
