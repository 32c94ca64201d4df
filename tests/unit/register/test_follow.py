"""What a question means, on courses short enough to be followed by eye."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from pydantic import TypeAdapter

from indsats.programme import History, IndexEvent, RegisterOutcome, RegisterState
from indsats.register import monday
from indsats.register.follow import (
    Question,
    Tables,
    engine_named,
    outcomes,
    polars_engine,
    preset,
    trajectory,
)
from indsats.register.follow.question import question_of
from weekbook import START, item, programme, register_of, text

RULES: dict[str, dict[str, Any]] = {
    "benefit": {"codes": ["730-739"]},
    "off": {"codes": ["blank"]},
    "long-off": {"codes": ["blank"], "at_least_weeks": 3},
    "young": {"codes": ["blank"], "before_pension": True},
    "work": {"codes": ["blank"], "paid_hours": True},
    "school": {"codes": ["651"]},
    "gone": {"codes": ["997", "999"]},
}


def asked(
    *outcomes: dict[str, Any], index: dict[str, Any] | None = None, history: dict[str, Any] | None = None
) -> Question:
    parts = [item(**{"id": f"o{number}", "kind": "state", **one}) for number, one in enumerate(outcomes)]
    histories = () if history is None else (History(id="h", title=text("x"), **history),)  # type: ignore[arg-type]
    return Question(
        {name: RegisterState(**item(**rule)) for name, rule in RULES.items()},
        IndexEvent(**(index or {"state": "benefit"})),
        histories,
        tuple(TypeAdapter(list[RegisterOutcome]).validate_python(parts)),
    )


def rows(question: Question, course: str, *columns: str, every: bool = False, **tables: Any) -> list[Any]:
    """The columns of each case of one person, ``p``; weeks counted from the first of the course."""
    found = outcomes(register_of({"p": course}), question, engine="polars", every=every, **tables)
    return found.with_columns(pl.col("index_week", "observed_until") - START).select(columns).rows()


@pytest.mark.parametrize(
    ("course", "index", "cases"),
    [
        ("2x- 3x730 2x- 2x730", {}, [(2, False), (7, False)]),
        ("3x730 2x- 2x730", {}, [(0, True), (5, False)]),
        ("3x730 2x- 2x730", {"new": True}, [(5, False)]),
        ("1x- 3x730 2x- 2x730", {"gap_weeks": 1}, [(1, False), (6, False)]),
        ("1x- 3x730 2x- 2x730", {"gap_weeks": 2}, [(1, False)]),
        ("1x- 3x730 2x- 2x730", {"at": "end"}, [(4, False)]),
        ("1x- 3x730 2x651 2x730 1x-", {"at": "end", "gap_weeks": 2}, [(8, False)]),
        ("1x- 3x730 2x999", {"at": "end"}, []),
        ("1x- 3x730 2x997", {"at": "end"}, []),
    ],
)
def test_a_clock_starts_where_a_stay_does_or_ends(
    course: str, index: dict[str, Any], cases: list[tuple[int, bool]]
) -> None:
    question = asked(index={"state": "benefit", **index})
    assert rows(question, course, "index_week", "left_truncated", every=True) == cases
    assert rows(question, course, "index_week", "left_truncated") == cases[:1]


def test_a_stay_that_goes_on_when_the_window_opens_starts_the_clock_there() -> None:
    window = f"{monday(START + 2)}/{monday(START + 6)}"
    question = asked(index={"state": "benefit", "window": window})
    assert rows(question, "1x- 3x730 1x- 5x730", "index_week", "left_truncated", every=True) == [
        (2, True),
        (5, False),
    ]


def test_a_window_that_holds_no_thursday_has_no_cases() -> None:
    day = monday(START + 2)
    assert rows(asked(index={"state": "benefit", "window": f"{day}/{day}"}), "9x730", "index_week") == []


def test_events_count_in_weeks_that_are_observed_and_each_week_once() -> None:
    question = asked(index={"happening": {"event": "drawn"}})
    events = pl.DataFrame({"person": ["p", "p", "p", "p", "q"], "week": [START + n for n in (3, 3, 1, 9, 2)]})
    found = rows(question, "5x-", "index_week", "left_truncated", every=True, events=events)
    assert found == [(1, False), (3, False)]
    assert rows(question, "5x-", "index_week", events=events) == [(1,)]


@pytest.mark.parametrize(
    ("history", "value"),
    [
        ({"measure": "weeks", "weeks": 8}, 5.0),
        ({"measure": "weeks", "weeks": 9}, None),
        ({"measure": "share", "weeks": 8, "of": "school"}, 5 / 2),
        ({"measure": "share", "weeks": 4, "of": "gone"}, None),
        ({"measure": "uninterrupted", "weeks": 8}, 0.0),
        ({"measure": "uninterrupted", "weeks": 8, "gap_weeks": 1}, 4.0),
        ({"measure": "uninterrupted", "weeks": 3, "gap_weeks": 1}, 2.0),
        ({"measure": "uninterrupted", "weeks": 8, "gap_weeks": 2}, 5.0),
        ({"measure": "stays", "weeks": 8}, 2.0),
        ({"measure": "stays", "weeks": 8, "gap_weeks": 2}, 1.0),
        ({"measure": "stays", "weeks": 2}, 1.0),
    ],
)
def test_histories_look_at_the_weeks_before_index(history: dict[str, Any], value: float | None) -> None:
    # Off in the weeks -8 and -5..-2, in school for the two between, on something else in the week before index.
    course = "1x- 2x651 4x- 1x113 3x730"
    assert rows(asked(history={"state": "off", **history}), course, "h") == [(value,)]


WAIT = ("o0", "weeks:o0", "ended:o0")


@pytest.mark.parametrize(
    ("course", "outcome", "told"),
    [
        ("1x730 2x113 9x-", {}, (True, 3, "reached")),
        ("1x730 9x113", {}, (False, 6, "horizon")),
        ("1x730 3x113", {}, (None, 3, "data_end")),
        ("1x730 3x113 5x999", {}, (None, 3, "dead")),
        ("1x730 3x113 2x997 9x-", {}, (None, 3, "abroad")),
        ("1x730 2x113 1x- 3x999", {}, (None, 3, "reached")),
        ("1x730 1x- 9x113", {"from_week": 2}, (False, 6, "horizon")),
        ("1x730 2x- 1x113 1x- 9x113", {"at_least_weeks": 3}, (True, 4, "reached")),
        ("1x730 2x- 1x113 3x- 9x113", {"at_least_weeks": 3, "in_a_row": True}, (True, 6, "reached")),
        ("1x730 4x113 9x-", {"at_least_weeks": 3, "in_a_row": True}, (False, 6, "horizon")),
        ("1x730 1x113 2x651 9x-", {"ends": ["school"]}, (False, 1, "school")),
        ("1x730 1x- 2x651 1x113", {"ends": ["school"]}, (None, 1, "reached")),
        ("1x730 1x113 2x651 1x-", {"ends": ["school"]}, (None, 1, "school")),
        ("1x730 2x113 9x999", {"ends": ["school", "gone"]}, (None, 2, "gone")),
        ("1x730 9x113", {"ends": ["benefit"]}, (False, 0, "benefit")),
        ("1x730 2x113 9x999", {"state": "gone"}, (True, 3, "reached")),
        ("1x730 2x113 9x-", {"state": "long-off"}, (True, 3, "reached")),
        ("1x730 2x113 2x- 9x113", {"state": "long-off"}, (False, 6, "horizon")),
        ("1x730 2x113 2x-", {"state": "long-off"}, (None, 2, "data_end")),
        ("1x730 2x113 2x- 9x999", {"state": "long-off"}, (None, 2, "dead")),
    ],
)
def test_a_wait_ends_when_it_is_over_or_no_longer_seen(
    course: str, outcome: dict[str, Any], told: Any
) -> None:
    question = asked({"state": "off", "within_weeks": 6, **outcome})
    assert rows(question, course, *WAIT) == [told]


def test_weeks_from_the_one_with_the_pension_day_on_do_not_count() -> None:
    question = asked({"kind": "weeks", "state": "young", "to_week": 6})
    # 65 years on Sunday of the week number 3, on Monday of the week number 4.
    for born, weeks in ((date(1948, 1, 27), 2.0), (date(1948, 1, 28), 3.0), (None, 6.0)):
        persons = pl.DataFrame(
            {"person": ["p"], "birth_date": [born]}, schema_overrides={"birth_date": pl.Date}
        )
        assert rows(question, "1x730 9x-", "o0", persons=persons) == [(weeks,)]
    assert rows(question, "1x730 9x-", "o0") == [(6.0,)]


def hours_of(**months: float) -> pl.DataFrame:
    """Hours of ``p`` in months of 2013, and somebody's in April, to which the hours then reach."""
    numbers = {
        name: date(2013, number, 1) for number, name in enumerate(("jan", "feb", "mar", "apr"), start=1)
    }
    found = [("p", numbers[name], spent) for name, spent in months.items()] + [("q", date(2013, 4, 1), 1.0)]
    return pl.DataFrame(found, schema=["person", "month", "hours"], orient="row")


def test_paid_weeks_lie_in_months_with_hours_and_are_known_as_long_as_hours_are() -> None:
    # Weeks from 0, that of Thursday 3 January 2013: February has the weeks 5 to 8, and April ends with the week 16.
    course = "1x730 30x-"
    until_april = asked({"kind": "weeks", "state": "work", "to_week": 16})
    longer = asked({"kind": "weeks", "state": "work", "to_week": 17})
    hours = hours_of(jan=0.0, feb=80.0)
    assert rows(until_april, course, "o0", hours=hours) == [(4.0,)]
    assert rows(longer, course, "o0", hours=hours) == [(None,)]


def test_hours_a_week_are_over_the_days_of_the_months() -> None:
    question = asked(
        {"kind": "hours", "from_month": 1, "to_month": 2}, {"kind": "hours", "from_month": 3, "to_month": 4}
    )
    found = rows(question, "1x730 30x-", "o0", "o1", hours=hours_of(feb=80.0, mar=38.0))
    assert found == [(118 / ((28 + 31) / 7), None)]


@pytest.mark.parametrize(("in_a_row", "reached"), [(1, True), (2, True), (3, False)])
def test_months_are_touched_by_hours_or_by_a_week_in_a_state(in_a_row: int, reached: bool) -> None:
    question = asked({"kind": "months", "within_months": 3, "in_a_row": in_a_row, "states": ["school"]})
    # In school in the last week of March alone; hours in February.
    course = "1x730 11x113 1x651 20x113"
    assert rows(question, course, "o0", hours=hours_of(jan=10.0, feb=10.0)) == [(reached,)]


def test_months_are_unknown_when_observation_ends_before_they_do() -> None:
    question = asked({"kind": "months", "within_months": 3})
    assert rows(question, "1x730 15x113", "o0", hours=hours_of(feb=10.0)) == [(None,)]
    assert rows(question, "1x730 16x113", "o0", hours=hours_of(feb=10.0)) == [(True,)]


def test_a_status_is_that_of_one_week() -> None:
    question = asked(
        {"kind": "status", "state": "off", "week": 2}, {"kind": "status", "state": "off", "week": 3}
    )
    assert rows(question, "1x730 1x113 1x-", "o0", "o1") == [(True, None)]


def test_the_path_tells_of_each_state_in_each_week() -> None:
    engine = polars_engine()
    register = register_of({"a": "2x- 2x730 2x999", "b": "3x730 3x-"})
    question = Question({"off": RegisterState(**item(codes=["blank"]))}, IndexEvent(state="off"))
    cases = pl.DataFrame({"person": ["a", "b"], "index_week": [START + 2, START]}).cast(
        {"index_week": pl.Int32}
    )
    tables = Tables(engine.table(register.spells), engine.table(register.persons))
    found = engine.collect(trajectory(question, engine.table(cases), tables, engine, range(-1, 4)))
    assert found.sort("week").rows() == [
        ("off", -1, 1, 1),
        ("off", 0, 0, 2),
        ("off", 1, 0, 2),
        ("off", 2, 0, 1),
        ("off", 3, 1, 1),
    ]
    with pytest.raises(ValueError, match="follow each other"):
        trajectory(question, engine.table(cases), tables, engine, range(0, 4, 2))


def test_questions_that_do_not_hold_together_are_refused() -> None:
    with pytest.raises(ValueError, match="no state is defined as rest"):
        asked({"state": "off", "within_weeks": 6, "ends": ["rest"]})
    with pytest.raises(ValueError, match="the name o0"):
        asked({"state": "off", "within_weeks": 6}, {"id": "o0", "state": "off", "within_weeks": 6})
    with pytest.raises(ValueError, match="the name index_week"):
        asked({"id": "index_week", "state": "off", "within_weeks": 6})


def test_hours_and_events_that_are_needed_must_be_given() -> None:
    for outcome in ({"kind": "hours", "to_month": 2}, {"kind": "status", "state": "work", "week": 2}):
        with pytest.raises(ValueError, match="needs monthly hours"):
            rows(asked(outcome), "1x730 5x-", "o0")
    with pytest.raises(ValueError, match="no events are given"):
        rows(asked(index={"happening": {"event": "drawn"}}), "1x730", "index_week")


def test_a_question_comes_from_an_evaluation_or_a_preset() -> None:
    question = question_of(programme(), "exit")
    assert question.index.state == "benefit"
    assert [outcome.id for outcome in question.outcomes] == ["off"]
    with pytest.raises(ValueError, match="packaged tables"):
        question_of(programme({"index": None, "rows": [{"table": "t"}]}), "exit")
    assert {"employment", "education"} <= set(preset("employment-four-weeks").states)
    with pytest.raises(KeyError, match="employment-four-weeks"):
        preset("none-such")


def test_there_are_three_engines() -> None:
    with pytest.raises(ValueError, match="there are: polars, duckdb, spark"):
        engine_named("abacus")
