"""Checks of rules: that they can be read, have the right type and compare coded fields with real codes."""

from __future__ import annotations

from collections.abc import Iterator

from ..allowed import allowed_values
from ..definition import Programme
from ..fields import RulePlace, rule_places
from ..rules import Compare, Constant, FieldRef, IsIn, Node, Rule, RuleError, parse_rule, suggestion, walk
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
        for field, constant in _comparisons(rule.tree) if rule is not None else ():
            known = _values(programme, place.table, field.name)
            if known is None or constant.value in known:
                continue
            what = f"'{field.name}' never takes the value '{constant.value}'"
            remedy = suggestion(str(constant.value), known)
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
