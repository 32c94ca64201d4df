"""Builds tree nodes and refuses those whose types do not fit, in words the writer of a rule can act on."""

from __future__ import annotations

from collections.abc import Sequence

from ..base import FieldType
from .error import RuleError, suggestion
from .tree import (
    Both,
    Call,
    Compare,
    Comparison,
    Compute,
    Constant,
    FieldRef,
    IsIn,
    Negative,
    Node,
    Not,
    Operation,
)

TYPE_WORDS: dict[FieldType, str] = {
    "number": "a number",
    "text": "a text",
    "bool": "true or false",
    "date": "a date",
}

FUNCTIONS: dict[str, str] = {
    "weeks_since": "weeks_since(date)",
    "days_since": "days_since(date)",
    "years_since": "years_since(date)",
    "days_between": "days_between(first date, second date)",
    "year": "year(date)",
    "month": "month(date)",
    "min": "min(a, b, …)",
    "max": "max(a, b, …)",
    "coalesce": "coalesce(a, b, …)",
    "count_true": "count_true(condition, condition, …)",
    "answers_in": "answers_in(low, high)",
    "includes": 'includes(field, "name")',
}
"""Every function of the language and how it is written."""

_DATE_FUNCTIONS = {
    "weeks_since": 1,
    "days_since": 1,
    "years_since": 1,
    "days_between": 2,
    "year": 1,
    "month": 1,
}
NEEDS_AS_OF = frozenset({"weeks_since", "days_since", "years_since"})


def need(node: Node, wanted: FieldType, why: str) -> None:
    """Refuses ``node`` unless it is ``wanted``; ``why`` names the place (``'and' joins``)."""
    if node.type == wanted:
        return
    remedy = {
        "bool": "Make it a condition by comparing it, such as x == 1 or x is missing.",
        "number": "Use a number field, a number, or a function that gives a number.",
        "date": "Use a date field or a date such as 2014-01-31.",
        "text": 'Put a text in quotation marks: "text".',
    }[wanted]
    if wanted == "number" and node.type == "bool":
        remedy = "count_true(…) turns a condition into 1 or 0."
    if wanted == "number" and node.type == "date":
        remedy = "days_between(first, second) gives the days between two dates."
    raise RuleError(f"{why} {TYPE_WORDS[wanted]}, and this is {TYPE_WORDS[node.type]}", node.position, remedy)


def negated(of: Node, position: int) -> Not:
    """``not of``."""
    need(of, "bool", "'not' takes")
    return Not(of, position=position)


def joined(word: str, parts: Sequence[Node], position: int) -> Both:
    """``a and b and c`` or ``a or b or c``."""
    for part in parts:
        need(part, "bool", f"'{word}' joins conditions,")
    return Both("and" if word == "and" else "or", tuple(parts), position=position)


def compared(sign: Comparison, left: Node, right: Node, position: int) -> Compare:
    """``left sign right``; both of one type, truth values only by == and !=."""
    if left.type != right.type:
        raise RuleError(
            f"{TYPE_WORDS[left.type]} is compared with {TYPE_WORDS[right.type]}",
            position,
            _unlike(left, right),
        )
    if left.type == "bool" and sign not in ("==", "!="):
        raise RuleError("true and false have no order", position, "Compare them with == or !=, or use 'not'.")
    return Compare(sign, left, right, position=position)


def _unlike(left: Node, right: Node) -> str:
    field, other = (left, right) if isinstance(left, FieldRef) else (right, left)
    if isinstance(field, FieldRef) and isinstance(other, Constant):
        wanted = {
            "text": f'"{_plain(other.value)}" in quotation marks',
            "number": "a number without quotation marks",
            "date": "a date such as 2014-01-31 without quotation marks",
            "bool": "true or false without quotation marks",
        }[field.type]
        return f"'{field.name}' is {TYPE_WORDS[field.type]}; compare it with {wanted}."
    return "Compare values of the same type."


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value).lower()


def member(value: Node, choices: Sequence[Constant], or_missing: bool, position: int) -> IsIn:
    """``value in [choices]``; all choices of the value's type."""
    for choice in choices:
        if choice.type != value.type:
            raise RuleError(
                f"the list holds {TYPE_WORDS[choice.type]} where {TYPE_WORDS[value.type]} is looked for",
                choice.position,
                _unlike(value, choice),
            )
    return IsIn(value, tuple(choices), or_missing, position=position)


def computed(sign: Operation, left: Node, right: Node, position: int) -> Compute:
    """``left sign right`` on numbers."""
    for side in (left, right):
        need(side, "number", f"'{sign}' computes with")
    return Compute(sign, left, right, position=position)


def turned(of: Node, position: int) -> Negative | Constant:
    """``-of``; a negative number is a literal of its own, so that lists may hold it."""
    need(of, "number", "'-' turns the sign of")
    if isinstance(of, Constant) and isinstance(of.value, float):
        return Constant(-of.value, "number", position)
    return Negative(of, position=position)


def called(name: str, arguments: Sequence[Node], position: int, answers: Sequence[str]) -> Call:
    """``name(arguments)``, with the number and types of arguments checked."""
    if name not in FUNCTIONS:
        raise RuleError(f"there is no function '{name}'", position, suggestion(name, FUNCTIONS))
    how = f"Write {FUNCTIONS[name]}."
    if name in _DATE_FUNCTIONS:
        if len(arguments) != _DATE_FUNCTIONS[name]:
            wanted = _DATE_FUNCTIONS[name]
            raise RuleError(
                f"'{name}' takes {wanted} value{'s' * (wanted > 1)}, not {len(arguments)}", position, how
            )
        for argument in arguments:
            need(argument, "date", f"'{name}' takes")
        return Call(name, tuple(arguments), "number", position)
    if name == "answers_in":
        return _answers_in(arguments, position, answers)
    if name == "includes":
        return _includes(arguments, position)
    least = 1 if name == "count_true" else 2
    if len(arguments) < least:
        raise RuleError(f"'{name}' takes at least {least} value{'s' * (least > 1)}", position, how)
    if name == "count_true":
        for argument in arguments:
            need(argument, "bool", "'count_true' counts conditions, each")
        return Call(name, tuple(arguments), "number", position)
    kind = arguments[0].type
    if name in ("min", "max") and kind not in ("number", "date"):
        raise RuleError(
            f"'{name}' takes numbers or dates, and this is {TYPE_WORDS[kind]}", arguments[0].position, how
        )
    for argument in arguments[1:]:
        if argument.type != kind:
            raise RuleError(
                f"'{name}' mixes {TYPE_WORDS[kind]} with {TYPE_WORDS[argument.type]}",
                argument.position,
                "Give it values of one type.",
            )
    return Call(name, tuple(arguments), kind, position)


def _answers_in(arguments: Sequence[Node], position: int, answers: Sequence[str]) -> Call:
    if not answers:
        raise RuleError(
            "'answers_in' has no questionnaire to count answers of",
            position,
            "Use it only in the class rules of a questionnaire.",
        )
    bounds = [
        argument for argument in arguments if isinstance(argument, Constant) and argument.type == "number"
    ]
    if len(arguments) != 2 or len(bounds) != 2:
        raise RuleError("'answers_in' takes two numbers", position, f"Write {FUNCTIONS['answers_in']}.")
    low, high = bounds
    if isinstance(low.value, float) and isinstance(high.value, float) and low.value > high.value:
        raise RuleError(
            f"answers_in({low.value:g}, {high.value:g}) ends below its start",
            position,
            "Put the lower number first.",
        )
    items = tuple(FieldRef(item, "number", position) for item in answers)
    return Call("answers_in", (low, high, *items), "number", position)


SEPARATOR = ";"
"""What stands between the names of a text that holds several."""


def _includes(arguments: Sequence[Node], position: int) -> Call:
    how = f"Write {FUNCTIONS['includes']}."
    if len(arguments) != 2:
        raise RuleError(f"'includes' takes 2 values, not {len(arguments)}", position, how)
    held, name = arguments
    for argument in arguments:
        need(argument, "text", "'includes' takes")
    if not (isinstance(held, FieldRef) and isinstance(name, Constant)):
        wrong = name if isinstance(held, FieldRef) else held
        raise RuleError("'includes' looks for a name written out, in a field", wrong.position, how)
    sought = str(name.value).strip()
    if not sought or SEPARATOR in sought:
        raise RuleError(
            "'includes' looks for one name",
            name.position,
            f"Write one name without {SEPARATOR}; join several with 'and' or 'or'.",
        )
    return Call("includes", (held, Constant(sought, "text", name.position)), "bool", position)
