"""The rule language: parsed once, checked against known fields, the same answers on every engine."""

from .error import RuleError, known_words, nearest, suggestion
from .rule import Rule, keep, parse_rule, with_rule
from .tree import Both, Call, Compare, Compute, Constant, FieldRef, IsIn, IsMissing, Negative, Node, Not, walk
from .typed import FUNCTIONS

__all__ = [
    "FUNCTIONS",
    "Both",
    "Call",
    "Compare",
    "Compute",
    "Constant",
    "FieldRef",
    "IsIn",
    "IsMissing",
    "Negative",
    "Node",
    "Not",
    "Rule",
    "RuleError",
    "keep",
    "known_words",
    "nearest",
    "parse_rule",
    "suggestion",
    "walk",
    "with_rule",
]
