"""Random rules on random tables: every engine says what a small interpreter in plain Python says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import floor, isclose
from typing import Any

import pandas as pd
import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engines import ENGINES, kept, table, values
from indsats.programme import keep, parse_rule, with_rule
from indsats.programme.rules.provable import answers

FIELDS = {"n": "number", "tiny": "number", "t": "text", "u": "text", "b": "bool", "d": "date", "e": "date"}
AS_OF = date(2016, 2, 29)
Row = dict[str, Any]
Tree = tuple[Any, ...]

NUMBERS = st.sampled_from([0.0, 1.0, 2.0, 3.5, 7.0, 100.0])
TEXTS = st.sampled_from(["", "a", "b", "æ", "Å", "a b"])
JOINED = st.sampled_from(["a;b", " a ;\tæ", "aa;(b", "a b;;Å\n", "b ; a b"])
NAMES = st.sampled_from(["a", "b", "æ", "a b", "(b", "A"])
DATES = st.dates(date(1899, 1, 1), date(2100, 12, 31))


def _literal(kind: str) -> st.SearchStrategy[Tree]:
    pool = {"number": NUMBERS, "text": TEXTS, "date": DATES, "bool": st.booleans()}[kind]
    return pool.map(lambda value: ("literal", value))


def _field(kind: str) -> st.SearchStrategy[Tree]:
    return st.sampled_from([name for name, type_ in FIELDS.items() if type_ == kind]).map(
        lambda name: ("field", name)
    )


def trees(kind: str, depth: int) -> st.SearchStrategy[Tree]:
    """Rules of one type, at most ``depth`` deep, as nested tuples."""
    leaves = [_field(kind), _literal(kind)]
    if depth == 0:
        return st.one_of(leaves)
    below = depth - 1
    same = trees(kind, below)
    chosen = st.tuples(st.just("coalesce"), same, same)
    if kind == "text":
        return st.one_of(*leaves, chosen)
    numbers, dates, conditions = (trees(one, below) for one in ("number", "date", "bool"))
    picked = st.tuples(st.sampled_from(["min", "max"]), same, same)
    if kind == "date":
        return st.one_of(*leaves, chosen, picked)
    if kind == "number":
        return st.one_of(
            *leaves,
            chosen,
            picked,
            st.tuples(st.sampled_from("+-*/"), numbers, numbers),
            st.tuples(st.just("negative"), numbers),
            st.tuples(st.sampled_from(["year", "month", "weeks_since", "days_since", "years_since"]), dates),
            st.tuples(st.just("days_between"), dates, dates),
            st.tuples(st.just("count_true"), conditions, conditions),
        )
    compared = st.sampled_from(["number", "text", "date"]).flatmap(
        lambda one: st.tuples(
            st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), trees(one, below), trees(one, below)
        )
    )
    listed = st.sampled_from(["number", "text", "date"]).flatmap(
        lambda one: st.tuples(
            st.sampled_from(["in", "not in"]),
            trees(one, below),
            st.lists(_literal(one), min_size=1, max_size=3),
            st.booleans(),
        )
    )
    anything = st.sampled_from(list(FIELDS.values())).flatmap(lambda one: trees(one, below))
    return st.one_of(
        *leaves,
        compared,
        listed,
        st.tuples(st.sampled_from(["and", "or"]), conditions, conditions),
        st.tuples(st.just("not"), conditions),
        st.tuples(st.just("includes"), _field("text"), NAMES.map(lambda name: ("literal", name))),
        st.tuples(st.sampled_from(["is missing", "is not missing"]), anything),
    )


def written(tree: Tree) -> str:
    """The tree as a rule, in brackets throughout."""
    head, *rest = tree
    if head == "literal":
        value = rest[0]
        if isinstance(value, bool):
            return "true" if value else "false"
        return f'"{value}"' if isinstance(value, str) else str(value)
    if head == "field":
        return rest[0]
    if head in ("in", "not in"):
        value, choices, or_missing = rest
        listed = [written(choice) for choice in choices] + ["missing"] * or_missing
        return f"({written(value)} {head} [{', '.join(listed)}])"
    parts = [written(part) for part in rest]
    if head == "negative":
        return f"(-{parts[0]})"
    if head == "not":
        return f"(not {parts[0]})"
    if head in ("is missing", "is not missing"):
        return f"({parts[0]} {head})"
    if head[0].isalpha() and head not in ("and", "or"):
        return f"{head}({', '.join(parts)})"
    return f"({parts[0]} {head} {parts[1]})"


def meaning(tree: Tree, row: Row) -> Any:
    """What the tree says about a row, by the language's definition; None is missing or unknown."""
    head, *rest = tree
    if head == "literal":
        return rest[0]
    if head == "field":
        return row[rest[0]]
    if head in ("in", "not in"):
        return _listed(head, meaning(rest[0], row), [choice[1] for choice in rest[1]], rest[2])
    found = [meaning(part, row) for part in rest]
    match head:
        case "is missing":
            return found[0] is None
        case "is not missing":
            return found[0] is not None
        case "coalesce":
            return found[0] if found[0] is not None else found[1]
        case "count_true":
            return float(sum(one is True for one in found))
        case "and":
            return False if False in found else (None if None in found else True)
        case "or":
            return True if True in found else (None if None in found else False)
    if None in found:
        return None
    return _known(head, *found)


def _listed(head: str, value: Any, choices: list[Any], or_missing: bool) -> bool | None:
    if value is None and not or_missing:
        return None
    inside = or_missing if value is None else value in choices
    return inside if head == "in" else not inside


def _known(head: str, a: Any, b: Any = None) -> Any:
    match head:
        case "not":
            return not a
        case "includes":
            return b in [name.strip(" \t\r\n") for name in a.split(";")]
        case "negative":
            return -a
        case "==" | "!=":
            return (a == b) == (head == "==")
        case "<" | ">":
            return a < b if head == "<" else a > b
        case "<=" | ">=":
            return a <= b if head == "<=" else a >= b
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "/":
            return a / b if b != 0 else None
        case "min" | "max":
            return min(a, b) if head == "min" else max(a, b)
        case "year":
            return float(a.year)
        case "month":
            return float(a.month)
        case "days_between":
            return float((b - a).days)
        case "days_since":
            return float((AS_OF - a).days)
        case "weeks_since":
            return float(floor((AS_OF - a).days / 7))
        case "years_since":
            return float(AS_OF.year - a.year - ((AS_OF.month, AS_OF.day) < (a.month, a.day)))
    raise AssertionError(head)


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "n": st.none() | st.sampled_from([-2.0, 0.0, 1.0, 2.5, 1e6]),
            "tiny": st.none() | st.integers(-128, 127),
            "t": st.none() | TEXTS | JOINED,
            "u": st.none() | TEXTS,
            "b": st.none() | st.booleans(),
            "d": st.none() | DATES,
            "e": st.none() | DATES,
        }
    ),
    min_size=1,
    max_size=6,
)
QUICK = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _on_pandas(rows: list[Row]) -> pd.DataFrame:
    # As pandas reads a file: texts and dates as objects, numbers with NaN, numbered from somewhere else.
    frame = pd.DataFrame({name: [row[name] for row in rows] for name in FIELDS})
    return frame.set_axis(range(7, 7 + len(rows)))


def _as_table(rows: list[Row]) -> pl.DataFrame:
    return table({name: [row[name] for row in rows] for name in FIELDS}, FIELDS, tiny=pl.Int8)


@given(st.sampled_from(["bool", "number", "date", "text"]).flatmap(lambda kind: trees(kind, 3)), ROWS)
@QUICK
def test_engines_and_interpreter_agree_on_values(tree: Tree, rows: list[Row]) -> None:
    rule = parse_rule(written(tree), FIELDS)  # type: ignore[arg-type]
    expected = [meaning(tree, row) for row in rows]
    for engine in ENGINES:
        assert _same(values(_as_table(rows), rule, AS_OF, engine), expected), engine
    found = with_rule(_on_pandas(rows), "value", rule, AS_OF)["value"]
    assert _same([None if pd.isna(one) else one for one in found], expected)


def _same(found: Sequence[Any], expected: Sequence[Any]) -> bool:
    """Equal but for the last digit of a division: by a constant, Polars multiplies with what it inverts to."""
    return len(found) == len(expected) and all(
        isclose(one, other, rel_tol=1e-14, abs_tol=0.0)
        if isinstance(one, float) and isinstance(other, float)
        else one == other
        for one, other in zip(found, expected, strict=True)
    )


@given(trees("bool", 3), ROWS)
@QUICK
def test_engines_and_interpreter_keep_the_same_rows(tree: Tree, rows: list[Row]) -> None:
    rule = parse_rule(written(tree), FIELDS)  # type: ignore[arg-type]
    expected = [number for number, row in enumerate(rows) if meaning(tree, row) is True]
    for engine in ENGINES:
        assert kept(_as_table(rows), rule, AS_OF, engine) == expected, engine
    assert keep(_on_pandas(rows), rule, AS_OF).index.tolist() == [7 + number for number in expected]


@given(st.tuples(trees("bool", 3), trees("bool", 2)), ROWS)
@settings(QUICK, max_examples=100)
def test_no_answer_a_row_can_give_is_thought_impossible(pair: tuple[Tree, Tree], rows: list[Row]) -> None:
    rules = [parse_rule(written(tree), FIELDS).tree for tree in pair]  # type: ignore[arg-type]
    for thought in ([0], [1], [0, 1]):
        found = answers([rules[number] for number in thought])
        for row in rows if found is not None else ():
            assert tuple(meaning(pair[number], row) for number in thought) in found
