"""The typed tree a rule becomes: what it compares and computes, with every type already settled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Literal

from ..base import FieldType

Comparison = Literal["==", "!=", "<", "<=", ">", ">="]
Operation = Literal["+", "-", "*", "/"]


@dataclass(frozen=True, slots=True)
class FieldRef:
    """A field of the table the rule is about."""

    name: str
    type: FieldType
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, text, date or truth value as written."""

    value: float | str | date | bool
    type: FieldType
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition; unknown stays unknown."""

    of: Node
    type: FieldType = "bool"
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Both:
    """``and`` or ``or`` over two or more conditions, in Kleene's three-valued logic."""

    joined: Literal["and", "or"]
    parts: tuple[Node, ...]
    type: FieldType = "bool"
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison of two values of one type; unknown when either is missing."""

    sign: Comparison
    left: Node
    right: Node
    type: FieldType = "bool"
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class IsIn:
    """Whether a value is one of a list; ``or_missing`` when the list also names ``missing``."""

    value: Node
    choices: tuple[Constant, ...]
    or_missing: bool
    type: FieldType = "bool"
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class IsMissing:
    """Whether a value is missing; always true or false."""

    of: Node
    type: FieldType = "bool"
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Compute:
    """Arithmetic in 64-bit floats; missing when either side is, and when dividing by zero."""

    sign: Operation
    left: Node
    right: Node
    type: FieldType = "number"
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Negative:
    """A number with its sign turned."""

    of: Node
    type: FieldType = "number"
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function of its arguments; ``function`` is a key of ``functions.FUNCTIONS``."""

    function: str
    arguments: tuple[Node, ...]
    type: FieldType
    position: int = field(default=0, compare=False)


Node = FieldRef | Constant | Not | Both | Compare | IsIn | IsMissing | Compute | Negative | Call


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly under ``node``, in written order."""
    found: list[Node] = []
    for part in fields(node):
        value = getattr(node, part.name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Node):
                found.append(one)
    return tuple(found)


def walk(node: Node) -> Iterator[Node]:
    """``node`` and every node below it."""
    yield node
    for child in children(node):
        yield from walk(child)
