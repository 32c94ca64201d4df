"""What the rule language means, one sentence at a time, on every engine."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from engines import ENGINES, answer, kept, table, values
from indsats.programme import parse_rule

FIELDS = {
    "age": "number",
    "hours": "number",
    "sex": "text",
    "reason": "text",
    "summoned": "bool",
    "has-case": "bool",
    "born": "date",
    "started": "date",
    "ended": "date",
}
NOW = date(2016, 5, 2)

SENTENCES: list[tuple[str, str, dict[str, Any], Any]] = [
    # Comparing
    ("a number equals itself", "age == 30", {"age": 30}, True),
    ("== with a missing value is unknown", "age == 30", {}, None),
    ("!= with a missing value is unknown", "age != 30", {}, None),
    ("<= takes the limit in", "age <= 30", {"age": 30}, True),
    ("< leaves the limit out", "age < 30", {"age": 30}, False),
    ("texts may stand in either quotation marks", "sex == 'f' and sex == \"f\"", {"sex": "f"}, True),
    ("texts differ by case", "sex == 'F'", {"sex": "f"}, False),
    ("texts are ordered by their characters", "sex < 'æ'", {"sex": "z"}, True),
    ("Danish letters are letters of a text", "reason == 'sygdom på vej'", {"reason": "sygdom på vej"}, True),
    ("dates compare by the calendar", "started > 2015-12-31", {"started": date(2016, 1, 1)}, True),
    ("two fields may be compared", "ended >= started", {"started": NOW, "ended": NOW}, True),
    ("truth values compare by ==", "summoned == false", {"summoned": False}, True),
    # Logic with unknowns
    ("a truth field is a condition by itself", "summoned", {"summoned": True}, True),
    ("not turns a condition", "not summoned", {"summoned": True}, False),
    ("not unknown is unknown", "not summoned", {}, None),
    ("false and unknown is false", "age > 10 and summoned", {"age": 5}, False),
    ("true and unknown is unknown", "age > 10 and summoned", {"age": 50}, None),
    ("true or unknown is true", "age > 10 or summoned", {"age": 50}, True),
    ("false or unknown is unknown", "age > 10 or summoned", {"age": 5}, None),
    ("and binds tighter than or", "summoned or summoned and age > 99", {"summoned": True, "age": 1}, True),
    ("not binds tighter than and", "not summoned and age > 1", {"summoned": False, "age": 0}, False),
    ("not covers a whole comparison", "not age == 1", {"age": 2}, True),
    ("brackets come first", "(summoned or age > 1) and age > 99", {"summoned": True, "age": 2}, False),
    ("a hyphen belongs to the name", "has-case", {"has-case": True}, True),
    # Missing
    ("is missing is true of a missing value", "reason is missing", {}, True),
    ("a condition may be asked whether it is unknown", "(age > 3) is missing", {}, True),
    ("is not missing", "reason is not missing", {"reason": "x"}, True),
    ("an empty text is not missing", "reason is missing", {"reason": ""}, False),
    # Lists
    ("in finds a text", "sex in ['f', 'm']", {"sex": "m"}, True),
    ("in finds a number", "age in [1, 2.5, -3]", {"age": -3}, True),
    ("in finds a date", "born in [2000-02-29]", {"born": date(2000, 2, 29)}, True),
    ("in of a missing value is unknown", "sex in ['f']", {}, None),
    ("not in of a missing value is unknown", "sex not in ['f']", {}, None),
    ("not in", "sex not in ['f']", {"sex": "m"}, True),
    ("a list may hold missing", "sex in ['f', missing]", {}, True),
    ("a list that holds missing still looks at values", "sex in ['f', missing]", {"sex": "m"}, False),
    ("not in a list that holds missing", "sex not in ['f', missing]", {}, False),
    ("a list of missing alone is the same as is missing", "sex in [missing]", {}, True),
    # Computing
    ("times before plus", "1 + 2 * 3", {}, 7.0),
    ("minus from left to right", "10 - 4 - 3", {}, 3.0),
    ("division from left to right", "16 / 4 / 2", {}, 2.0),
    ("the minus sign turns a field", "-age", {"age": 4}, -4.0),
    ("computing with a missing value is missing", "age + 1", {}, None),
    ("whole numbers divide to fractions", "age / hours", {"age": 7, "hours": 2}, 3.5),
    ("dividing by zero is missing", "age / hours", {"age": 7, "hours": 0}, None),
    ("zero by zero is missing", "0 / hours", {"hours": 0}, None),
    ("comparing after dividing by zero is unknown", "age / 0 > 1", {"age": 1}, None),
    ("not-a-number is missing", "age is missing", {"age": float("nan")}, True),
    ("an endless number is missing", "age > 3", {"age": float("inf")}, None),
    # Time
    ("a week is whole after seven days", "weeks_since(started)", {"started": date(2016, 4, 25)}, 1.0),
    ("a begun week does not count", "weeks_since(started)", {"started": date(2016, 4, 26)}, 0.0),
    ("a day ahead is in week -1", "weeks_since(started)", {"started": date(2016, 5, 3)}, -1.0),
    ("days count midnights", "days_since(started)", {"started": date(2016, 4, 30)}, 2.0),
    ("years are completed birthdays", "years_since(born)", {"born": date(1986, 5, 2)}, 30.0),
    ("the day before the birthday", "years_since(born)", {"born": date(1986, 5, 3)}, 29.0),
    ("time since a missing date is missing", "years_since(born)", {}, None),
    ("days between run forward", "days_between(started, ended)", {"started": NOW, "ended": NOW}, 0.0),
    (
        "days between count a leap day",
        "days_between(started, ended)",
        {"started": date(2016, 2, 28), "ended": date(2016, 3, 1)},
        2.0,
    ),
    (
        "days between are negative when the second is earlier",
        "days_between(started, ended)",
        {"started": date(2016, 1, 2), "ended": date(2016, 1, 1)},
        -1.0,
    ),
    ("days between with an open end is missing", "days_between(started, ended)", {"started": NOW}, None),
    ("year", "year(born)", {"born": date(1999, 12, 31)}, 1999.0),
    ("month", "month(born)", {"born": date(1999, 12, 31)}, 12.0),
    # Choosing and counting
    ("the least of several", "min(age, hours, 5)", {"age": 7, "hours": 6}, 5.0),
    ("the largest of two dates", "max(started, 2016-01-01)", {"started": date(2015, 1, 1)}, date(2016, 1, 1)),
    ("the least with a missing value is missing", "min(age, 5)", {}, None),
    ("the first that is not missing", "coalesce(ended, started)", {"started": NOW}, NOW),
    ("coalesce of nothing but missing is missing", "coalesce(ended, started)", {}, None),
    ("true conditions are counted", "count_true(age > 1, summoned, sex == 'f')", {"age": 2, "sex": "f"}, 2.0),
    ("unknown conditions are not counted", "count_true(summoned)", {}, 0.0),
]


@pytest.mark.parametrize(
    ("text", "row", "expected"), [case[1:] for case in SENTENCES], ids=[s[0] for s in SENTENCES]
)
def test_a_rule_means(text: str, row: dict[str, Any], expected: Any) -> None:
    assert answer(text, FIELDS, row, NOW) == expected


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        (date(2000, 2, 29), date(2021, 2, 28), 20),
        (date(2000, 2, 29), date(2021, 3, 1), 21),
        (date(2000, 2, 29), date(2020, 2, 29), 20),
        (date(1990, 12, 31), date(2020, 1, 1), 29),
        (date(2016, 5, 3), date(2016, 5, 2), -1),
    ],
)
def test_someone_born_on_a_leap_day_grows_older_on_the_first_of_march(
    born: date, day: date, years: int
) -> None:
    assert answer("years_since(born)", FIELDS, {"born": born}, day) == years


def test_rows_where_a_rule_is_unknown_are_dropped() -> None:
    frame = table({"age": [10, None, 40]}, {"age": "number"})
    rule = parse_rule("age > 20", {"age": "number"})
    opposite = parse_rule("not age > 20", {"age": "number"})
    for engine in ENGINES:
        assert kept(frame, rule, None, engine) == [2]
        assert kept(frame, opposite, None, engine) == [0]


@pytest.mark.parametrize(
    ("text", "rows"), [("true", [0, 1]), ("false", []), ("1 < 2", [0, 1]), ("1 / 0 > 1", [])]
)
def test_a_rule_may_use_no_field_at_all(text: str, rows: list[int]) -> None:
    frame = table({"age": [10, None]}, {"age": "number"})
    for engine in ENGINES:
        assert kept(frame, parse_rule(text, {}), None, engine) == rows


def test_the_day_may_differ_from_row_to_row() -> None:
    fields = {"born": "date", "index": "date"}
    rows = {"born": [date(1980, 1, 1)] * 2, "index": [date(2010, 1, 1), date(2009, 12, 31)]}
    rule = parse_rule("years_since(born)", {"born": "date"})
    for engine in ENGINES:
        assert values(table(rows, fields), rule, "index", engine) == [30.0, 29.0]


def test_small_whole_numbers_do_not_overflow() -> None:
    frame = table({"age": [100, -128]}, {"age": "number"}, age=pl.Int8)
    rule = parse_rule("age * age", {"age": "number"})
    for engine in ENGINES:
        assert values(frame, rule, None, engine) == [10_000.0, 16_384.0]


def test_a_column_without_any_value_is_missing_in_every_row() -> None:
    frame = table({"age": [None, None]}, {"age": "number"})
    rule = parse_rule("0 == coalesce(age, age)", {"age": "number"})
    for engine in ENGINES:
        assert values(frame, rule, None, engine) == [None, None]


def test_answers_in_counts_items_between_two_answers_both_included() -> None:
    items = ("energy", "sleep", "mood")
    fields = dict.fromkeys(items, "number")
    frame = table({"energy": [4, 1, None], "sleep": [5, 3, 4], "mood": [3, 2, None]}, fields)
    rule = parse_rule("answers_in(4, 5)", fields, answers=items)  # type: ignore[arg-type]
    assert rule.fields == set(items)
    for engine in ENGINES:
        assert values(frame, rule, None, engine) == [2.0, 0.0, 1.0]
