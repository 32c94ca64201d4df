"""Warnings of parts nothing in the definition reads: kept up for nothing, or a slip somewhere else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..base import Duration
from ..definition import Programme
from ..fields import happenings, parts, rule_places
from ..rules import Constant, FieldRef, children, walk
from ..rules import Node as RuleNode
from ..steering import AnswerIndicator, ScoreIndicator
from .finding import Finding, check_named
from .rule_checks import readable


@check_named("setting-unused")
def settings_sites_choose_are_read(programme: Programme) -> Iterator[Finding]:
    """A setting a site may change is read by a duration or a caseload; others may be there to be told."""
    read = {duration.setting for _, duration in parts(programme, Duration)}
    read |= {caseload.setting for caseload in programme.caseloads.values()}
    for name, setting in programme.settings.items():
        if setting.override and name not in read:
            what = f"a site may change the setting '{name}', and nothing reads it"
            remedy = "Name it in a duration or a caseload, or remove 'override'."
            yield Finding(("settings", name), what, remedy, "warning", at_key=True)


@check_named("event-unused")
def events_are_read(programme: Programme) -> Iterator[Finding]:
    """Every event is part of a phase, cadence, requirement, indicator or rule, or said to be for the record only."""
    used = {happening.event for _, happening in happenings(programme)}
    used |= set(_texts_compared(programme, "event", "event"))
    everything = any(
        getattr(one, "kind", None) == "event"
        and "event" not in getattr(one, "where", "") + getattr(one, "among", "")
        for one in programme.indicators.values()
    )
    for name, event in programme.events.items():
        if name not in used and not everything and not event.record_only:
            what = f"nothing counts or waits for the event '{name}'"
            remedy = (
                "Count it in an indicator, or write 'record_only: true' if it is for the case's own story."
            )
            yield Finding(("events", name), what, remedy, "warning", at_key=True)


@check_named("group-unused")
def groups_with_rules_are_read(programme: Programme) -> Iterator[Finding]:
    """A group told by a rule is what somebody is measured against; one without is told by visitation."""
    used = {service.group for service in programme.services.values()}
    used |= {draw.group for draw in programme.draws.values()}
    used |= {theory.group for theory in programme.theories.values()}
    used |= {
        group
        for one in (programme.visitation.windows if programme.visitation else ())
        for group in one.groups
    }
    used |= set(_texts_compared(programme, "visitation", "group"))
    for name, group in programme.groups.items():
        if group.when is not None and name not in used:
            what = f"no service, draw, window or theory is for the group '{name}'"
            remedy = "Name it where it belongs, or remove it."
            yield Finding(("groups", name), what, remedy, "warning", at_key=True)


_NEEDS = {
    "requirement_answered": ("requirements", "requirements"),
    "drawn": ("draws", "draws"),
    "event": ("events", "events"),
    "questionnaire_answered": ("questionnaires", "questionnaires"),
    "questionnaire_asked": ("questionnaires", "questionnaires"),
    "site_answered": ("questionnaires", "questionnaires"),
    "site_asked": ("questionnaires", "questionnaires"),
    "site_setting": ("settings", "settings"),
    "deviation_explained": ("targets", "targets"),
    "action_planned": ("targets", "targets"),
}
"""Kinds of facts that can be recorded only where the definition has a part."""


@check_named("code-list-unused")
def code_lists_are_for_facts_there_can_be(programme: Programme) -> Iterator[Finding]:
    """A code list is for a field of facts the programme can record, and has values."""
    for name, codes in programme.codes.items():
        if not codes.values:
            what = "the code list has no values, so its fields can hold nothing"
            yield Finding(("codes", name, "values"), what, "Add values, or remove the list.")
        kinds = {place.partition(".")[0] for place in codes.applies_to}
        needed = [_NEEDS[kind] for kind in kinds if kind in _NEEDS]
        if needed and len(needed) == len(kinds) and not any(getattr(programme, part) for part, _ in needed):
            what = f"the code list '{name}' is for facts that cannot be: there are no {needed[0][1]}"
            yield Finding(("codes", name), what, "Add them, or remove the list.", "warning", at_key=True)


@check_named("wave-unused")
def waves_are_shown(programme: Programme) -> Iterator[Finding]:
    """Where indicators show waves of a questionnaire, each of its waves is shown."""
    named: set[tuple[str, str]] = set()
    for indicator in programme.indicators.values():
        if isinstance(indicator, ScoreIndicator | AnswerIndicator) and indicator.wave is not None:
            named.add((indicator.questionnaire, indicator.wave))
    for name, asked in programme.questionnaires.items():
        if not any(questionnaire == name for questionnaire, _ in named):
            continue
        for wave in asked.waves:
            if (name, wave) not in named:
                what = f"indicators show other waves of '{name}', and none shows '{wave}'"
                remedy = "Add an indicator for it, or remove it."
                path = ("questionnaires", name, "waves", wave)
                yield Finding(path, what, remedy, "warning", at_key=True)


def _texts_compared(programme: Programme, kind: str, field: str) -> Iterator[Any]:
    """The texts rules over a kind of fact compare one of its fields with."""
    for place in rule_places(programme):
        rule = readable(place) if place.table == kind else None
        for node in walk(rule.tree) if rule is not None else ():
            below = children(node)
            if any(isinstance(one, FieldRef) and one.name == field for one in below):
                yield from (_text(one) for one in below if isinstance(one, Constant))


def _text(node: RuleNode) -> Any:
    return node.value if isinstance(node, Constant) else None
