"""The rule language: parsed once, checked against known fields, the same answers on every engine."""

from .error import RuleError, known_words, nearest, suggestion
from .provable import always_true, exclude_each_other, implies, never_false, never_true
from .rule import Rule, keep, parse_rule, with_rule
from .tree import (
    Both,
    Call,
    Compare,
    Compute,
    Constant,
    FieldRef,
    IsIn,
    IsMissing,
    Negative,
    Node,
    Not,
    children,
    walk,
)
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
    "always_true",
    "children",
    "exclude_each_other",
    "implies",
    "keep",
    "known_words",
    "nearest",
    "never_false",
    "never_true",
    "parse_rule",
    "suggestion",
    "walk",
    "with_rule",
]
