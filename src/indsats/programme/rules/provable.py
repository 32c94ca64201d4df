"""What can be said of rules without any data: which answers they can give at all, alone or together.

Each thing a rule reads (a field, a computed value) is given one value for every way the rule can tell it apart:
each constant it is compared with, what lies between and beyond them, and missing. Trying all of these against
each other gives every answer there is, and perhaps some there is not (two computed values may hang together in
ways not looked at). What is absent is therefore proven; what is present is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise, product
from math import isfinite, prod
from typing import Any

from .tree import (
    Both,
    Call,
    Compare,
    Constant,
    FieldRef,
    IsIn,
    IsMissing,
    Node,
    Not,
    children,
    walk,
)

_MOST_TRIED = 20_000
_ORDER = {
    "==": (0,),
    "!=": (-1, 1),
    "<": (-1,),
    "<=": (-1, 0),
    ">": (1,),
    ">=": (0, 1),
}
_OTHER = "\0any other text"
_NOT_STRICT = frozenset({"coalesce", "count_true", "answers_in"})

Domain = Callable[[FieldRef], Sequence[Any] | None]
"""All values a field can take beside missing; None where that is not known."""

Answer = bool | None


def answers(rules: Sequence[Node], domain: Domain = lambda _: None) -> set[tuple[Answer, ...]] | None:
    """Every combination of answers (true, false, None for unknown) the conditions ``rules`` can give for one and
    the same row, and perhaps some they cannot. None when there are too many cases to try."""
    things: dict[Any, set[Any]] = {}
    for rule in rules:
        _collect(rule, things)
    cells = {thing: _cells(thing, constants, domain) for thing, constants in things.items()}
    if prod(map(len, cells.values())) > _MOST_TRIED:
        return None
    found: set[tuple[Answer, ...]] = set()
    for values in product(*cells.values()):
        row = dict(zip(cells, values, strict=True))
        found.add(tuple(_value(rule, row) for rule in rules))
    return found


def never_true(rule: Node, domain: Domain = lambda _: None) -> bool:
    """Whether the condition is proven to hold for no row whatever."""
    found = answers([rule], domain)
    return found is not None and (True,) not in found


def always_true(rule: Node, domain: Domain = lambda _: None) -> bool:
    """Whether the condition is proven to hold for every row, whatever is missing."""
    return answers([rule], domain) == {(True,)}


def never_false(rule: Node, domain: Domain = lambda _: None) -> bool:
    """Whether the condition is proven to be false for no row."""
    found = answers([rule], domain)
    return found is not None and (False,) not in found


def exclude_each_other(one: Node, other: Node, domain: Domain = lambda _: None) -> bool:
    """Whether both conditions are proven never to hold for the same row."""
    found = answers([one, other], domain)
    return found is not None and (True, True) not in found


def implies(one: Node, other: Node, domain: Domain = lambda _: None) -> bool:
    """Whether ``other`` is proven to hold wherever ``one`` does."""
    found = answers([one, other], domain)
    return found is not None and all(second is True for first, second in found if first is True)


def _collect(node: Node, things: dict[Any, set[Any]]) -> None:
    """Enters what ``node`` reads, each with the constants it is compared with."""
    match node:
        case Constant():
            return
        case Compare(left=left, right=right) if isinstance(right, Constant) or isinstance(left, Constant):
            thing, constant = (left, right) if isinstance(right, Constant) else (right, left)
            if node.type == "bool" and thing.type == "text" and node.sign not in ("==", "!="):
                things.setdefault(node, set())
            else:
                _enter(thing, things, [constant.value] if isinstance(constant, Constant) else [])
        case Compare(left=left, right=right) if left.type != "bool":
            if left == right:
                _enter(left, things, [])
            else:
                things.setdefault(_pair(left, right), set())
        case IsIn(value=value, choices=choices):
            _enter(value, things, [choice.value for choice in choices])
        case IsMissing(of=of):
            _enter(of, things, [])
        case FieldRef():
            _enter(node, things, [])
        case Call(function=function) if function != "count_true":
            _enter(node, things, [])
        case _:
            for child in children(node):
                _collect(child, things)


def _enter(thing: Node, things: dict[Any, set[Any]], constants: Sequence[Any]) -> None:
    if isinstance(thing, Constant):
        return
    if isinstance(thing, Not | Both | Compare | IsIn | IsMissing) or _counts(thing):
        for child in [thing] if not _counts(thing) else children(thing):
            _collect(child, things)
        return
    things.setdefault(thing, set()).update(constants)


def _counts(node: Node) -> bool:
    return isinstance(node, Call) and node.function == "count_true"


def _pair(left: Node, right: Node) -> tuple[Node, Node]:
    return (left, right) if repr(left) <= repr(right) else (right, left)


def _cells(thing: Any, constants: set[Any], domain: Domain) -> list[Any]:
    """One value for each way the rules tell the thing apart, and missing."""
    if isinstance(thing, tuple):
        return [-1, 0, 1, None]
    if isinstance(thing, Call) and thing.function == "answers_in":
        return [float(count) for count in range(len(thing.arguments) - 1)]
    if isinstance(thing, Call) and thing.function == "month":
        return [*(float(month) for month in range(1, 13)), None]
    known = domain(thing) if isinstance(thing, FieldRef) else None
    if thing.type == "bool":
        return [True, False, None]
    if thing.type == "text":
        if known is None:
            return [*sorted(constants), _OTHER, None]
        others = [_OTHER] if set(known) - constants else []
        return [*sorted(constants & set(known)), *others, None]
    if known is not None:
        return [*known, None]
    return [*_told_apart(sorted(constants)), None]


def _told_apart(points: list[Any]) -> Iterator[Any]:
    """The points themselves, and one value in each gap between and beyond them."""
    points = [point for point in points if not isinstance(point, float) or isfinite(point)]
    if not points:
        yield 0.0  # infinity counts as missing, so any number will do
        return
    if isinstance(points[0], date):
        day = timedelta(days=1)
        if points[0] > date.min:
            yield points[0] - day
        yield from points
        yield from (one + day for one, other in pairwise(points) if one + day < other)
        if points[-1] < date.max:
            yield points[-1] + day
        return
    yield points[0] - 1 - abs(points[0])
    yield from points
    yield from ((one + other) / 2 for one, other in pairwise(points))
    yield points[-1] + 1 + abs(points[-1])


def _value(node: Node, row: Mapping[Any, Any]) -> Any:
    """The value of ``node``, with unknown as None, by the language's own three-valued logic."""
    if node in row:
        return None if _without_its_fields(node, row) else row[node]
    match node:
        case Constant(value=value):
            return value
        case Not(of=of):
            found = _value(of, row)
            return None if found is None else not found
        case Both(joined=word, parts=parts):
            values = [_value(part, row) for part in parts]
            decisive = word == "or"
            return decisive if decisive in values else (None if None in values else not decisive)
        case IsMissing(of=of):
            return _value(of, row) is None
        case IsIn(value=thing, choices=choices, or_missing=or_missing):
            found = _value(thing, row)
            if found is None:
                return True if or_missing else None
            return found in [choice.value for choice in choices]
        case Compare():
            return _compared(node, row)
        case Call(function="count_true", arguments=arguments):
            return float(sum(_value(one, row) is True for one in arguments))
    raise AssertionError(node)


def _compared(node: Compare, row: Mapping[Any, Any]) -> Answer:
    pair = _pair(node.left, node.right)
    if pair in row:
        if any(_without_its_fields(side, row) for side in pair):
            return None
        order = row[pair] if pair[0] == node.left or row[pair] is None else -row[pair]
    else:
        left, right = _value(node.left, row), _value(node.right, row)
        order = None if left is None or right is None else (left > right) - (left < right)
    return None if order is None else order in _ORDER[node.sign]


def _without_its_fields(node: Node, row: Mapping[Any, Any]) -> bool:
    """Whether a value is missing because a field it is made of is."""
    if isinstance(node, FieldRef | Constant):
        return isinstance(node, FieldRef) and row.get(node, 0) is None
    if any(isinstance(one, Call) and one.function in _NOT_STRICT for one in walk(node)):
        return False
    return any(row.get(one, 0) is None for one in walk(node) if isinstance(one, FieldRef))
