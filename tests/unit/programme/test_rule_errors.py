"""A rule that cannot be used says what is wrong, at which character, and what to write instead."""

from __future__ import annotations

import pytest

from engines import ENGINES, kept, table
from indsats.programme import RuleError, parse_rule

FIELDS = {"age": "number", "hours": "number", "sex": "text", "born": "date", "ok": "bool"}

# The mark ^ stands before the character the error must point at.
ERRORS = [
    ("^aeg > 3", "no field 'aeg'", "Did you mean 'age'?"),
    ("^whatever > 3", "no field 'whatever'", "Known here"),
    ("age >^", "ends too early", "Finish"),
    ("(age > 3^", "')' is expected", "Close"),
    ("age > 3^)", "')' does not fit", "Remove it"),
    ("age > 3 ^age", "'age' does not fit", "Join"),
    ("^and age > 3", "'and' does not fit", "Join"),
    ("age ^= 3", "sign =", "=="),
    ("age ^& ok", "sign &", "and"),
    ("age ^≥ 3", "sign ≥", ">="),
    ("age > 3 ^AND ok", "small letters", "and"),
    ("^Age > 3", "not a name", "small letters"),
    ("sex == ^“f”", "sign “", "straight"),
    ("sex == ^'f", "not closed", "End it"),
    ("sex ^== 3", "a text is compared with a number", '"3" in quotation marks'),
    ("born ^> '2014-01-01'", "a date is compared with a text", "without quotation marks"),
    ("ok ^< true", "no order", "=="),
    ("age ^== ok", "a number is compared with true or false", "same type"),
    ("^age and ok", "'and' joins conditions", "comparing"),
    ("not ^age", "'not' takes", "comparing"),
    ("age + ^sex", "'+' computes", "number field"),
    ("age + ^ok", "'+' computes", "count_true"),
    ("^born - born", "'-' computes", "days_between"),
    ("1 < age ^< 4", "two comparisons", "and"),
    ("age == ^missing", "compared with 'missing'", "is missing"),
    ("age != ^missing", "compared with 'missing'", "is not missing"),
    ("^missing == age", "compared with 'missing'", "is missing"),
    ("^null == age", "not a word of rules", "missing"),
    ("age is ^3", "'is' is followed by", "is missing"),
    ("age ^not 3", "'not' stands between", "not in"),
    ("age in ^3", "'[' is expected", "square brackets"),
    ("age in [1 ^2]", "',' is expected", "commas"),
    ("age in [1, ^'a']", "the list holds a text", "number"),
    ("sex in [^f]", "'f' is a name", '"f"'),
    ("age in ^[]", "holds no values", "at least one"),
    ("age in [^1 + 1]", "numbers, texts and dates only", "=="),
    ("^[1, 2] == age", "a list stands alone", "in"),
    ("^weeks_ago(born) > 3", "no function 'weeks_ago'", "weeks_since"),
    ("weeks_since(^age)", "'weeks_since' takes a date", "date field"),
    ("^days_between(born) > 1", "takes 2 values", "days_between("),
    ("^min(age) > 1", "at least 2", "min("),
    ("min(age, ^born) > 1", "mixes", "one type"),
    ("max(^sex, sex) == 'f'", "numbers or dates", "max("),
    ("count_true(^age)", "'count_true' counts", "comparing"),
    ("^answers_in(1, 2) > 1", "no questionnaire", "class rules"),
    ("^includes(sex)", "takes 2 values", "includes(field"),
    ("includes(^age, 'a')", "'includes' takes a text", "quotation marks"),
    ("includes(sex, ^sex)", "a name written out", "includes(field"),
    ("includes(^'a;b', 'a')", "in a field", "includes(field"),
    ("includes(sex, ^'a;b')", "one name", "join several"),
    ("includes(sex, ^' ')", "one name", "without ;"),
    ("born > ^2014-02-30", "not a day", "2014-01-31"),
    ("born > ^2014-2-3", "neither as a date", "all its digits"),
    ("^age-hours > 3", "read as one name", "age - hours"),
    ("age > ^3x", "neither a number nor a name", "letter"),
    ("sex == 'f'^, ok", "',' does not fit", "lists"),
    ("^", "empty", "condition"),
]


@pytest.mark.parametrize(("marked", "message", "remedy"), ERRORS, ids=[case[0] for case in ERRORS])
def test_an_error_points_at_its_character(marked: str, message: str, remedy: str) -> None:
    with pytest.raises(RuleError) as raised:
        parse_rule(marked.replace("^", "", 1), FIELDS)  # type: ignore[arg-type]
    assert message in raised.value.message
    assert remedy in raised.value.remedy
    assert raised.value.position == marked.index("^")


def test_a_rule_of_the_wrong_type_is_refused() -> None:
    with pytest.raises(RuleError, match="a number where a condition"):
        parse_rule("age + 1", FIELDS, expect="bool")  # type: ignore[arg-type]


def test_answers_in_takes_its_bounds_in_order() -> None:
    with pytest.raises(RuleError, match="ends below its start"):
        parse_rule("answers_in(5, 4) > 1", {"a": "number"}, answers=["a"])


@pytest.mark.parametrize("text", ["(" * 200 + "ok" + ")" * 200, "not " * 500 + "ok"])
def test_a_rule_nested_beyond_reading_is_refused(text: str) -> None:
    with pytest.raises(RuleError, match="nested too deeply"):
        parse_rule(text, FIELDS)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", [" + ".join(["age"] * 3000) + " > 1", "age / (" * 29 + "age" + ")" * 29 + " > 1"]
)
def test_a_rule_too_large_for_an_engine_is_refused(text: str) -> None:
    with pytest.raises(RuleError, match=r"too long|too deeply"):
        parse_rule(text, FIELDS)  # type: ignore[arg-type]


def test_a_long_list_and_a_long_row_of_conditions_are_fine() -> None:
    codes = ", ".join(str(code) for code in range(900))
    row = " or ".join(f"age == {number}" for number in range(600, 900))
    rule = parse_rule(f"age in [{codes}] and ({row})", {"age": "number"})
    for engine in ENGINES:
        assert kept(table({"age": [899, 900, None]}, {"age": "number"}), rule, None, engine) == [0]


def test_a_rule_that_counts_time_needs_a_day() -> None:
    rule = parse_rule("weeks_since(born) > 1", FIELDS)  # type: ignore[arg-type]
    assert rule.needs_as_of
    with pytest.raises(ValueError, match="weeks_since"):
        rule.expr()
