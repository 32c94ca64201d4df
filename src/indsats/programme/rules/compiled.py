"""Turns a typed tree into one Narwhals expression that gives the same answers on Polars and DuckDB."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import narwhals as nw

from .error import RuleError
from .tree import (
    Both,
    Call,
    Compare,
    Comparison,
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
from .typed import NEEDS_AS_OF, SEPARATOR

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
_MIRRORED: dict[str, Comparison] = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_LARGEST = 5_000

AsOf = date | str | None
"""The day ``*_since`` counts to: a date, the name of a date column, or none when no rule needs it."""


def size(node: Node) -> int:
    """How many expressions ``node`` becomes, where some use their parts more than once."""
    times = 1
    if isinstance(node, Compute) and node.sign == "/":
        return 1 + size(node.left) + 2 * size(node.right)
    if isinstance(node, Call):
        times = {"min": 2, "max": 2, "years_since": 3, "coalesce": 1, "count_true": 1}.get(node.function, 5)
        if node.function in ("answers_in", "includes"):
            times = 2
    return 1 + times * sum(size(child) for child in children(node))


def refuse_too_large(node: Node) -> None:
    """Raises RuleError when the expression would grow beyond what an engine takes in one piece."""
    if size(node) > _LARGEST:
        raise RuleError("the rule is too long", node.position, "Split it into several simpler rules.")


@lru_cache(maxsize=2048)
def expression(node: Node, as_of: AsOf) -> nw.Expr:
    """The value of ``node`` as an expression; raises ValueError when a needed ``as_of`` is missing."""
    match node:
        case FieldRef():
            return _field(node)
        case Constant():
            return _literal(node)
        case Not(of=of):
            return ~expression(of, as_of)
        case Both(joined=word, parts=parts):
            join = operator.and_ if word == "and" else operator.or_
            return _balanced(join, [expression(part, as_of) for part in parts])
        case Compare(sign=sign, left=left, right=right):
            if _reads_nothing(left) and not _reads_nothing(right):
                # Polars 2.1 loses the length of "literal == column without values", not of its mirror image.
                left, right, sign = right, left, _MIRRORED[sign]
            return _COMPARE[sign](expression(left, as_of), expression(right, as_of))
        case IsIn():
            return _is_in(node, as_of)
        case IsMissing(of=of):
            return expression(of, as_of).is_null()
        case Negative(of=of):
            return nw.lit(0.0, nw.Float64) - expression(of, as_of)
        case Compute(sign="/", left=left, right=right):
            under = expression(right, as_of)
            return nw.when(under != nw.lit(0.0)).then(expression(left, as_of) / under)
        case Compute(sign=sign, left=left, right=right):
            return _COMPARE[sign](expression(left, as_of), expression(right, as_of))
        case Call():
            return _call(node, as_of)


def _balanced(join: Callable[[Any, Any], Any], parts: Sequence[nw.Expr]) -> nw.Expr:
    """Joins parts as a tree of even depth, because engines limit how deep an expression may nest."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return join(_balanced(join, parts[:middle]), _balanced(join, parts[middle:]))


def _reads_nothing(node: Node) -> bool:
    return not any(isinstance(one, FieldRef) for one in walk(node))


def _field(node: FieldRef) -> nw.Expr:
    column = nw.col(node.name)
    if node.type == "number":
        # Statistics files write missing as NaN, which engines compare differently: here it becomes missing.
        number = column.cast(nw.Float64)
        return nw.when(number.is_finite()).then(number)
    if node.type == "text":
        return column.cast(nw.String)
    return column.cast(nw.Date if node.type == "date" else nw.Boolean)


def _literal(node: Constant) -> nw.Expr:
    kinds = {"number": nw.Float64, "text": nw.String, "bool": nw.Boolean, "date": nw.Date}
    return nw.lit(node.value, kinds[node.type])


def _is_in(node: IsIn, as_of: AsOf) -> nw.Expr:
    value = expression(node.value, as_of)
    found = value.is_in([choice.value for choice in node.choices])
    if not node.or_missing:
        return found
    return value.is_null() | found


def _call(node: Call, as_of: AsOf) -> nw.Expr:
    name = node.function
    if name == "includes":
        return _includes(node, as_of)
    values = [expression(argument, as_of) for argument in node.arguments]
    if name in NEEDS_AS_OF:
        return _since(name, values[0], as_of)
    if name == "days_between":
        return _day_number(values[1]) - _day_number(values[0])
    if name == "year":
        return values[0].dt.year().cast(nw.Float64)
    if name == "month":
        return values[0].dt.month().cast(nw.Float64)
    if name == "coalesce":
        return nw.coalesce(*values)
    if name in ("min", "max"):
        pick = nw.min_horizontal if name == "min" else nw.max_horizontal
        # The engines' own functions skip missing values; here one missing value makes the result unknown.
        known = _balanced(operator.and_, [~value.is_null() for value in values])
        return nw.when(known).then(pick(*values))
    if name == "answers_in":
        low, high, *items = values
        values = [(item >= low) & (item <= high) for item in items]
    counted = [nw.when(value).then(nw.lit(1.0)).otherwise(nw.lit(0.0)) for value in values]
    return _balanced(operator.add, counted)


def _includes(node: Call, as_of: AsOf) -> nw.Expr:
    """Whether one of the names in a text is the one sought. One pattern of the kind all engines read alike: blanks
    are named one by one, because what counts as blank differs."""
    held, sought = node.arguments
    name = re.escape(str(sought.value)) if isinstance(sought, Constant) else ""
    blanks = r"[ \t\r\n]*"
    pattern = f"(?:^|{SEPARATOR}){blanks}{name}{blanks}(?:{SEPARATOR}|$)"
    return expression(held, as_of).str.contains(pattern)


def _since(name: str, day: nw.Expr, as_of: AsOf) -> nw.Expr:
    if as_of is None:
        raise ValueError(f"the rule uses {name}(), which counts to a day: give 'as_of'")
    until = nw.col(as_of).cast(nw.Date) if isinstance(as_of, str) else nw.lit(as_of, nw.Date)
    if name == "years_since":
        birthday_ahead = _month_and_day(day) > _month_and_day(until)
        years = until.dt.year().cast(nw.Float64) - day.dt.year().cast(nw.Float64)
        # An unknown day must stay unknown, so the subtraction comes last and carries the missing value on.
        return years - nw.when(birthday_ahead).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
    days = _day_number(until) - _day_number(day)
    return (days / nw.lit(7.0)).floor() if name == "weeks_since" else days


def _month_and_day(day: nw.Expr) -> nw.Expr:
    return day.dt.month().cast(nw.Float64) * nw.lit(100.0) + day.dt.day().cast(nw.Float64)


def _day_number(day: nw.Expr) -> nw.Expr:
    """Days since year 1, as ``date.toordinal``. Subtracting two dates gives a duration on one engine and a
    whole number on another; the calendar's own arithmetic is the same everywhere."""
    before = day.dt.year().cast(nw.Float64) - nw.lit(1.0)
    leap = (
        (before / nw.lit(4.0)).floor() - (before / nw.lit(100.0)).floor() + (before / nw.lit(400.0)).floor()
    )
    return before * nw.lit(365.0) + leap + day.dt.ordinal_day().cast(nw.Float64)
