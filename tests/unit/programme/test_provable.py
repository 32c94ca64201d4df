"""What is said to be proven of a rule is, and what can be told apart is told apart.

That nothing possible is ever called impossible is tried on random rules in ``test_rules_agree``.
"""

from __future__ import annotations

import pytest

from indsats.programme import parse_rule
from indsats.programme.rules import (
    FieldRef,
    Node,
    always_true,
    exclude_each_other,
    implies,
    never_false,
    never_true,
)
from indsats.programme.rules.provable import answers

FIELDS = {"age": "number", "h": "number", "t": "text", "d": "date", "e": "date", "ok": "bool", "p": "text"}


def _tree(text: str) -> Node:
    return parse_rule(text, FIELDS).tree  # type: ignore[arg-type]


def _known(field: FieldRef) -> list[str] | None:
    return ["a", "b", "c"] if field.name == "t" else None


@pytest.mark.parametrize(
    "text",
    [
        't == "a" and t == "b"',
        "age < 10 and age > 20",
        "d > 2014-01-01 and d < 2014-01-02",
        "e >= d and d > e",
        "ok and not ok",
        "ok == false and ok",
        't in ["a"] and t != "a"',
        "count_true(ok, age > 3) > 2",
        "month(d) > 12",
        "age * 2 > 4 and age is missing",
        'includes(p, "x") and p is missing',
        'includes(p, "x") and not includes(p, "x")',
        "t != t",
        "age / h != age / h",
        "years_since(d) >= 30 and years_since(d) < 30",
        'not (t == "a" or t != "a" or t is missing)',
        "3 < 2",
    ],
)
def test_what_never_holds(text: str) -> None:
    assert never_true(_tree(text))


@pytest.mark.parametrize(
    "text",
    [
        "age > 10 and age < 20",
        "d >= 2014-01-01 and d < 2014-01-02",
        't < "b" and t > "a"',
        "age > 1 and h > 2",
        'includes(p, "x") and includes(p, "y")',
        'coalesce(t, "a") == "a" and t is missing',
        "min(age, h) > 3 and age > 3",
        "age == age",
        "count_true(ok, age > 3) > 1",
    ],
)
def test_what_can_hold(text: str) -> None:
    assert not never_true(_tree(text))


def test_values_of_a_coded_field_are_all_there_is() -> None:
    assert never_true(_tree('t != "a" and t not in ["b", "c"]'), _known)
    assert not never_true(_tree('t != "a" and t != "b"'), _known)
    assert never_true(_tree('t == "d"'), _known)


def test_what_always_holds_holds_for_what_is_missing_too() -> None:
    assert not always_true(_tree("age < 10 or age >= 10"))
    assert never_false(_tree("age < 10 or age >= 10"))
    assert always_true(_tree("age < 10 or age >= 10 or age is missing"))
    assert not never_false(_tree("age < 10 or age > 10"))
    assert not always_true(_tree("age / h == age / h or age is missing or h is missing"))  # division by zero


def test_two_rules_together() -> None:
    assert exclude_each_other(_tree('t == "a"'), _tree('t in ["b", "c"]'))
    assert not exclude_each_other(_tree('t == "a"'), _tree('t in ["a", "c"]'))
    assert implies(_tree("age > 20"), _tree("age > 10"))
    assert not implies(_tree("age > 10"), _tree("age > 20"))
    assert not implies(_tree("age > 10"), _tree("age > 10 and ok"))


def test_too_many_cases_prove_nothing() -> None:
    many = " and ".join(
        f"age != {number} and h != {number} and d != 2014-01-{number:02}" for number in range(1, 29)
    )
    assert answers([_tree(many)]) is None
    assert not never_true(_tree(many + " and ok and not ok"))
