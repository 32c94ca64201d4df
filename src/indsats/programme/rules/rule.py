"""A rule ready for use: parsed and checked once, applied to any table Narwhals knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import narwhals as nw
import polars as pl

from ..base import FieldType
from .compiled import AsOf, expression, refuse_too_large
from .error import RuleError
from .parser import parse
from .tree import Call, Constant, FieldRef, Node, walk
from .typed import NEEDS_AS_OF, TYPE_WORDS

Native = TypeVar("Native")


@dataclass(frozen=True)
class Rule:
    """A checked rule: its ``text``, its typed ``tree``, the ``fields`` it reads and the ``type`` it gives."""

    text: str
    tree: Node
    fields: frozenset[str]

    @property
    def type(self) -> FieldType:
        """What the rule gives: ``bool`` for a condition, else ``number``, ``text`` or ``date``."""
        return self.tree.type

    @property
    def needs_as_of(self) -> bool:
        """Whether it counts time up to a day (``weeks_since`` and its like)."""
        return any(isinstance(node, Call) and node.function in NEEDS_AS_OF for node in walk(self.tree))

    def expr(self, as_of: date | str | None = None) -> nw.Expr:
        """The rule as a Narwhals expression over the table's columns.

        ``as_of`` is the day ``*_since`` counts to: a date, or the name of a date column where each row has a
        day of its own. Raises ValueError when the rule needs it and it is not given. A rule without fields
        gives a literal, which Narwhals' ``filter`` refuses; ``keep`` takes every rule.
        """
        return expression(self.tree, as_of)


def parse_rule(
    text: str,
    fields: Mapping[str, FieldType],
    *,
    answers: Sequence[str] = (),
    expect: FieldType | None = None,
) -> Rule:
    """The rule written as ``text`` over ``fields`` (name to type).

    ``answers`` names the items ``answers_in`` counts over; give it for class rules only. With ``expect`` a
    rule of another type is refused. Raises RuleError with message, character position and remedy.
    """
    tree = parse(text, fields, answers)
    if expect is not None and tree.type != expect:
        start = len(text) - len(text.lstrip())
        wanted = "a condition (true or false)" if expect == "bool" else TYPE_WORDS[expect]
        remedy = {
            "bool": "Compare it with something, such as x == 1.",
            "number": "Write arithmetic on number fields, or count_true(…) for a condition.",
        }.get(expect, f"Write {TYPE_WORDS[expect]}.")
        raise RuleError(f"the rule gives {TYPE_WORDS[tree.type]} where {wanted} is needed", start, remedy)
    refuse_too_large(tree)
    return Rule(text, tree, frozenset(node.name for node in walk(tree) if isinstance(node, FieldRef)))


def with_rule(frame: Native, name: str, rule: Rule, as_of: AsOf = None) -> Native:
    """``frame`` with the rule's value as column ``name``; same native type out as in, rows unchanged.

    Takes a Polars DataFrame or LazyFrame, a DuckDB relation, or any other table Narwhals knows. Raises
    ValueError when the table lacks a column the rule reads.
    """
    table = _with(frame, name, rule, as_of)
    return table.to_native()


def keep(frame: Native, rule: Rule, as_of: AsOf = None) -> Native:
    """The rows of ``frame`` for which the rule is true; rows where it is false or unknown are dropped.

    Same native type out as in. Raises ValueError when the rule is not a condition or a column is missing.
    """
    if rule.type != "bool":
        raise ValueError(f"rows are kept by a condition; '{rule.text}' gives {TYPE_WORDS[rule.type]}")
    table: Any = nw.from_native(frame)  # type: ignore[type-var]
    if isinstance(rule.tree, Constant):
        if rule.tree.value is True:
            return frame
    elif rule.fields and not _is_pandas(table):
        _need_columns(table, rule)
        return table.filter(rule.expr(as_of)).to_native()
    mark = "_kept_by_rule"
    return _with(frame, mark, rule, as_of).filter(nw.col(mark)).drop(mark).to_native()


def _with(frame: Any, name: str, rule: Rule, as_of: AsOf) -> Any:
    table = nw.from_native(frame)
    _need_columns(table, rule)
    if _is_pandas(table):
        return _with_on_pandas(frame, name, rule, as_of)
    return table.with_columns(rule.expr(as_of).alias(name))


def _is_pandas(table: Any) -> bool:
    return table.implementation.is_pandas()


def _with_on_pandas(frame: Any, name: str, rule: Rule, as_of: AsOf) -> Any:
    """pandas' own columns have no unknown truth value: what the rule reads is carried to Polars and back."""
    read = sorted(rule.fields | ({as_of} if isinstance(as_of, str) else set()))
    rows = {"": range(len(frame))}
    columns = {column: pl.from_pandas(frame[column]) for column in read}
    table = nw.from_native(pl.DataFrame({**rows, **columns})).with_columns(rule.expr(as_of).alias(name))
    value = table.to_native()[name].to_pandas(use_pyarrow_extension_array=True)
    return nw.from_native(frame.assign(**{name: value.set_axis(frame.index)}))


def _need_columns(table: Any, rule: Rule) -> None:
    absent = rule.fields.difference(table.collect_schema().names())
    if absent:
        names = ", ".join(f"'{name}'" for name in sorted(absent))
        raise ValueError(f"the table lacks {names}, which the rule '{rule.text}' reads")
