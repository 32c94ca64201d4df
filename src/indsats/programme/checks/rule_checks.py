"""Checks of rules: that they can be read, have the right type, meet real codes, and tell something apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..allowed import allowed_values, joined_values
from ..definition import Programme
from ..fields import RulePlace, asking_of, happenings, points, rule_fields, rule_places
from ..flow import EachMeasure, Happening
from ..rules import (
    Both,
    Call,
    Compare,
    Constant,
    FieldRef,
    IsIn,
    Node,
    Rule,
    RuleError,
    always_true,
    never_false,
    never_true,
    parse_rule,
    suggestion,
    walk,
)
from ..vocabulary import FIXED_VALUES, KIND_FIELDS
from .finding import Finding, check_named


def readable(place: RulePlace) -> Rule | None:
    """The rule at ``place``, or none when it cannot be read (which the check ``rule`` reports)."""
    try:
        return parse_rule(place.text, place.fields, answers=place.answers, expect=place.expect)
    except RuleError:
        return None


@check_named("rule")
def rules_can_be_read(programme: Programme) -> Iterator[Finding]:
    """Every rule parses over the fields of its table and gives what its place needs."""
    for place in rule_places(programme):
        try:
            parse_rule(place.text, place.fields, answers=place.answers, expect=place.expect)
        except RuleError as error:
            yield Finding(place.path, error.message, error.remedy, offset=error.position)


@check_named("coded-value")
def coded_fields_meet_real_codes(programme: Programme) -> Iterator[Finding]:
    """A text compared with a coded field is one of its codes; otherwise the rule silently finds nothing."""
    for place in rule_places(programme):
        rule = readable(place)
        if rule is not None:
            yield from _miscoded(programme, place, rule)


def _miscoded(programme: Programme, place: RulePlace, rule: Rule) -> Iterator[Finding]:
    for field, constant in _comparisons(rule.tree):
        known = _values(programme, place.table, field.name)
        if known is not None and constant.value not in known:
            what = f"'{field.name}' never takes the value '{constant.value}'"
            remedy = suggestion(str(constant.value), known)
            yield Finding(place.path, what, remedy, offset=constant.position)
    for field, constant in _names_sought(rule.tree):
        joined = joined_values(programme, place.table, field.name)
        if joined is not None and constant.value not in joined:
            what = f"'{field.name}' never includes '{constant.value}'"
            remedy = suggestion(str(constant.value), joined)
            yield Finding(place.path, what, remedy, offset=constant.position)


def _values(programme: Programme, table: str, field: str) -> tuple[str, ...] | None:
    area, _, name = table.partition(":")
    if area in ("rows", "questionnaire"):
        return None
    if area == "evaluation":
        if programme.evaluations[name].rows:
            return None
        area = "person"
    return allowed_values(programme, area, field)


def domain(programme: Programme, table: str) -> Callable[[FieldRef], Sequence[Any] | None]:
    """What each field of a table can hold beside missing, for proofs about rules; None where that is open.

    Sites and units can also stand in the data folder, and a later version meets facts recorded with codes an
    earlier one had: only what is closed for good counts.
    """

    def held(field: FieldRef) -> Sequence[Any] | None:
        if table.startswith("questionnaire:"):
            asking = asking_of(programme, table)
            return [float(answer) for answer in points(asking, field.name)]
        place = f"{table}.{field.name}"
        closed = place in FIXED_VALUES or (programme.version == 1 and field.name not in ("site", "unit"))
        return _values(programme, table, field.name) if field.type == "text" and closed else None

    return held


def happening_rule(programme: Programme, happening: Happening, own: bool = False) -> Rule | None:
    """The rule a happening's facts satisfy, the event's name included unless ``own``; None when unreadable."""
    if happening.kind not in KIND_FIELDS:
        return None
    text = happening.where if own else happening.rule
    return readable(RulePlace((), text, happening.kind, rule_fields(programme, happening.kind)))


def _comparisons(tree: Node) -> Iterator[tuple[FieldRef, Constant]]:
    for node in walk(tree):
        if isinstance(node, Compare):
            sides = {type(side): side for side in (node.left, node.right)}
            field, constant = sides.get(FieldRef), sides.get(Constant)
            if isinstance(field, FieldRef) and isinstance(constant, Constant) and field.type == "text":
                yield field, constant
        elif isinstance(node, IsIn) and isinstance(node.value, FieldRef) and node.value.type == "text":
            for choice in node.choices:
                yield node.value, choice


def _names_sought(tree: Node) -> Iterator[tuple[FieldRef, Constant]]:
    for node in walk(tree):
        if isinstance(node, Call) and node.function == "includes":
            field, constant = node.arguments
            if isinstance(field, FieldRef) and isinstance(constant, Constant):
                yield field, constant


@check_named("rule-never")
def rules_can_hold(programme: Programme) -> Iterator[Finding]:
    """No condition, and no branch of an 'or', is proven never to hold."""
    whole = {(*path, "where"): happening for path, happening in happenings(programme)}
    for place in rule_places(programme):
        rule = readable(place)
        if rule is None or rule.type != "bool" or place.table.startswith("questionnaire:"):
            continue  # the classes of a questionnaire are tried on every answer pattern instead
        known = domain(programme, place.table)
        happening = whole.get(place.path)
        unknown_event = happening is not None and happening.event not in (None, *programme.events)
        if unknown_event or any(_miscoded(programme, place, rule)):
            continue  # a value that does not exist is told by itself
        named = happening_rule(programme, happening) if happening is not None else None
        tree = named.tree if named is not None else rule.tree
        if never_true(tree, known):
            what = "the rule can never hold, whatever is recorded"
            yield Finding(place.path, what, "Look for conditions that exclude each other.")
            continue
        for node in walk(rule.tree):
            for part in node.parts if isinstance(node, Both) and node.joined == "or" else ():
                if never_true(part, known):
                    what = "this part of the rule can never hold, so it adds nothing"
                    remedy = "Look for conditions that exclude each other, or remove it."
                    yield Finding(place.path, what, remedy, "warning", offset=_begins(part))


def _begins(node: Node) -> int:
    return min(one.position for one in walk(node))


@check_named("rule-always")
def rules_tell_something_apart(programme: Programme) -> Iterator[Finding]:
    """No condition that is written out is proven to hold for everything; an entry rule can refuse something."""
    each = {
        ("requirements", name, "measured", "where")
        for name, requirement in programme.requirements.items()
        if isinstance(requirement.measured, EachMeasure)
    }
    for place in rule_places(programme):
        rule = readable(place)
        if rule is None or rule.type != "bool" or place.table.startswith("questionnaire:"):
            continue
        known = domain(programme, place.table)
        if place.path[0] == "entry_rules":
            if never_false(rule.tree, known):
                what = "the rule can never refuse anything"
                yield Finding(place.path, what, "Correct it, or remove it.", "warning")
        elif isinstance(rule.tree, Constant) and place.path not in each:
            continue  # "true" is how everybody is meant
        elif always_true(rule.tree, known):
            what = "the rule holds for everything, whatever is recorded"
            yield Finding(place.path, what, "Correct it, or write 'true' if that is meant.", "warning")
