"""Cohorts, covariates and outcomes: three engines against each other and against plain Python with loops."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.util import find_spec
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indsats.programme import (
    Happening,
    History,
    HoursOutcome,
    IndexEvent,
    MonthsOutcome,
    Period,
    RegisterState,
    StateOutcome,
    StatusOutcome,
    Text,
    WeeksOutcome,
)
from indsats.register.follow import (
    Engine,
    Question,
    Tables,
    duckdb_engine,
    follow,
    polars_engine,
    spark_engine,
    trajectory,
)
from truth.plain_follow import HOLE, Person, World, plain_follow, plain_trajectory, thursday

START = 1117  # 2013-W01
TEXT = Text(da="x", en="x")
ITEM: dict[str, Any] = {"title": TEXT, "source": "L1"}
STATES = ["s-a", "s-b", "s-c"]


@dataclass
class Drawn:
    world: World
    question: Question
    every: bool
    maximal: bool


@st.composite
def states(draw: st.DrawFn) -> RegisterState:
    codes = draw(
        st.just(["blank"])
        | st.lists(
            st.sampled_from(["blank", "730-739", "651", "730", "737", "997", "999", "998", "651-735"]),
            min_size=1,
            max_size=3,
            unique=True,
        )
    )
    return RegisterState(
        **ITEM,
        codes=codes,
        before_pension=draw(st.booleans()),
        paid_hours=draw(st.sampled_from([False, False, True])),
        at_least_weeks=draw(st.sampled_from([1, 1, 2, 4])),
    )


@st.composite
def persons(draw: st.DrawFn, name: str) -> Person:
    first = START + draw(st.integers(0, 3))
    code = st.sampled_from([None, None, 730, 730, 737, 651, 997, 998, 999, HOLE])
    drawn = draw(st.lists(st.tuples(code, st.integers(1, 7)), min_size=3, max_size=12))
    codes = [one for one, length in drawn for _ in range(length)]
    codes = [730 if one == HOLE and at in (0, len(codes) - 1) else one for at, one in enumerate(codes)]
    # Reaches the state pension age during the weeks, on any day of the week, or long after.
    births = st.none() | st.integers(0, 300).map(lambda days: date(1948, 1, 1) + timedelta(days=days))
    months = st.integers(2013 * 12, 2013 * 12 + 14)
    return Person(
        name,
        first,
        codes,
        draw(births | st.just(date(1980, 2, 29))),
        draw(st.dictionaries(months, st.sampled_from([0.0, 0.25, 37.5, 148.0]), max_size=12)),
        draw(st.lists(st.integers(START - 2, START + 40), max_size=3)),
    )


@st.composite
def indexes(draw: st.DrawFn) -> IndexEvent:
    window = None
    if draw(st.booleans()):
        opens = date(2013, 1, 1) + timedelta(days=draw(st.integers(-20, 100)))
        window = Period(first=opens, last=opens + timedelta(days=draw(st.integers(0, 200))))
    if draw(st.integers(0, 4)) == 0:
        return IndexEvent(happening=Happening(event="draw"), window=window)
    return IndexEvent(
        state=draw(st.sampled_from(STATES)),
        at=draw(st.sampled_from(["start", "start", "end"])),
        new=draw(st.booleans()),
        gap_weeks=draw(st.sampled_from([0, 0, 1, 4])),
        window=window,
    )


@st.composite
def histories(draw: st.DrawFn, name: str) -> History:
    measure = draw(st.sampled_from(["weeks", "share", "uninterrupted", "stays"]))
    return History(
        id=name,
        title=TEXT,
        state=draw(st.sampled_from(STATES)),
        weeks=draw(st.integers(1, 12)),
        measure=measure,
        of=draw(st.sampled_from(STATES)) if measure == "share" else None,
        gap_weeks=draw(st.integers(0, 4)) if measure in ("uninterrupted", "stays") else 0,
    )


@st.composite
def outcomes(draw: st.DrawFn, name: str) -> Any:
    kind = draw(st.sampled_from(["state", "state", "state", "status", "weeks", "hours", "months"]))
    state = st.sampled_from(STATES)
    first = draw(st.integers(1, 3))
    if kind == "state":
        return StateOutcome(
            **ITEM,
            id=name,
            kind="state",
            state=draw(state),
            from_week=first,
            within_weeks=draw(st.integers(first, 16)),
            at_least_weeks=draw(st.integers(1, 4)),
            in_a_row=draw(st.booleans()),
            ends=draw(st.lists(state, max_size=2, unique=True)),
        )
    if kind == "status":
        return StatusOutcome(**ITEM, id=name, kind="status", state=draw(state), week=draw(st.integers(1, 16)))
    if kind == "weeks":
        last = draw(st.integers(first, 16))
        return WeeksOutcome(**ITEM, id=name, kind="weeks", state=draw(state), from_week=first, to_week=last)
    if kind == "hours":
        last = draw(st.integers(first, 4))
        return HoursOutcome(**ITEM, id=name, kind="hours", from_month=first, to_month=last)
    by_states = draw(st.lists(state, max_size=2, unique=True))
    return MonthsOutcome(
        **ITEM,
        id=name,
        kind="months",
        within_months=draw(st.integers(1, 6)),
        in_a_row=draw(st.integers(1, 3)),
        hours=draw(st.booleans()) or not by_states,
        states=by_states,
    )


@st.composite
def questions(draw: st.DrawFn) -> Drawn:
    people = [draw(persons(f"p{number}")) for number in range(draw(st.integers(4, 8)))]
    months = [month for person in people for month in person.hours]
    question = Question(
        {name: draw(states()) for name in STATES},
        draw(indexes()),
        tuple(draw(histories(f"h-{number}")) for number in range(draw(st.integers(1, 3)))),
        tuple(draw(outcomes(f"o-{number}")) for number in range(draw(st.integers(1, 4)))),
    )
    world = World(dict(question.states), people, max(months, default=None))
    return Drawn(world, question, draw(st.sampled_from([True, True, False])), draw(st.booleans()))


def crowded(seed: int) -> Drawn:
    """Forty persons of long lives, and every sort of history and outcome: rare meetings of rules happen here."""
    random = Random(seed)  # noqa: S311 - courses of weeks, no secrets
    codes = [None, None, None, 730, 730, 737, 651, 998, HOLE]
    people = []
    for number in range(40):
        lengths = [random.choice([1, 1, 2, 2, 3, 4, 5, 9]) for _ in range(random.randint(6, 18))]
        weeks: list[Any] = [code for length in lengths for code in [random.choice(codes)] * length]
        weeks[0] = weeks[-1] = 730 if random.random() < 0.5 else None
        if random.random() < 0.4:  # abroad, or dead, to the end or for a while
            begins, code = random.randrange(1, len(weeks)), random.choice([997, 999])
            ends = min(len(weeks), begins + random.randint(1, 30))
            weeks[begins:ends] = [code] * (ends - begins)
        hours = {2013 * 12 + m: random.choice([0.0, 0.25, 80.0]) for m in range(9) if random.random() < 0.7}
        born = random.choice(
            [None, date(1948, 1, 1) + timedelta(days=random.randrange(300)), date(1980, 1, 1)]
        )
        events = [START + random.randrange(30) for _ in range(2)]
        people.append(Person(f"p{number:02}", START + random.randrange(4), weeks, born, hours, events))
    rules: dict[str, dict[str, Any]] = {
        "s-a": {"codes": ["blank"], "at_least_weeks": random.choice([1, 3])},
        "s-b": {"codes": ["730-739"], "at_least_weeks": random.choice([1, 2])},
        "s-c": {"codes": random.choice([["651"], ["651", "999"], ["997-999"]])},
        "s-d": {"codes": ["blank", "651"], "before_pension": True},
        "s-e": {"codes": ["blank"], "paid_hours": True, "at_least_weeks": random.choice([1, 4])},
    }
    names = list(rules)

    def state() -> str:
        return random.choice(names)

    measures = ["weeks", "share", "uninterrupted", "stays", "uninterrupted", "stays"]
    histories = [
        History(
            id=f"h-{number}",
            title=TEXT,
            state=state(),
            weeks=random.randint(1, 12),
            measure=measure,  # type: ignore[arg-type]
            of=state() if measure == "share" else None,
            gap_weeks=random.randint(1, 4) if number > 3 else 0,
        )
        for number, measure in enumerate(measures)
    ]
    asked: list[Any] = [
        StateOutcome(
            **ITEM,
            id=f"o-{number}",
            kind="state",
            state=name,
            from_week=random.randint(1, 3),
            within_weeks=random.randint(3, 16),
            at_least_weeks=random.randint(1, 4),
            in_a_row=random.random() < 0.5,
            ends=random.sample(names, random.randint(0, 2)),
        )
        for number, name in enumerate(names)
    ]
    asked.append(StatusOutcome(**ITEM, id="status", kind="status", state=state(), week=random.randint(1, 12)))
    asked.append(WeeksOutcome(**ITEM, id="weeks", kind="weeks", state=state(), from_week=2, to_week=9))
    asked.append(HoursOutcome(**ITEM, id="hours", kind="hours", from_month=1, to_month=random.randint(1, 3)))
    for in_a_row in (2, 3):
        counted = random.sample(names, random.randint(1, 2))
        asked.append(
            MonthsOutcome(
                **ITEM, id=f"m-{in_a_row}", kind="months", within_months=4, in_a_row=in_a_row, states=counted
            )
        )
    gap, at = random.choice([0, 2]), random.choice(["start", "end"])
    index = IndexEvent(state=random.choice(["s-a", "s-b", "s-e"]), gap_weeks=gap, at=at)  # type: ignore[arg-type]
    states_ = {name: RegisterState(**ITEM, **rule) for name, rule in rules.items()}
    question = Question(states_, index, tuple(histories), tuple(asked))
    return Drawn(
        World(dict(question.states), people, 2013 * 12 + 8), question, every=True, maximal=seed % 2 == 0
    )


def spells(people: list[Person], *, maximal: bool) -> pl.DataFrame:
    """The weeks as spells: as long as can be, or broken every third week."""
    rows: list[tuple[str, int, int, int | None]] = []
    for person in people:
        for week in person.weeks:
            code = person.code(week)
            if code == HOLE:
                continue
            before = rows[-1] if rows else None
            goes_on = before is not None and (before[0], before[2], before[3]) == (
                person.name,
                week - 1,
                code,
            )
            if goes_on and before is not None and (maximal or week % 3):
                rows[-1] = (person.name, before[1], week, code)
            else:
                rows.append((person.name, week, week, code))
    schema = {"person": pl.String(), "first_week": pl.Int32(), "last_week": pl.Int32(), "code": pl.Int16()}
    # Row order must not matter: the last comes first.
    return pl.DataFrame(rows, schema=schema, orient="row").reverse()


def tables(drawn: Drawn, engine: Engine) -> Tables:
    people = drawn.world.persons
    weeks = {"first_week": pl.Int32(), "last_week": pl.Int32()}
    observed = [(one.name, one.first_week, one.last_week, one.birth) for one in people]
    hours = [(one.name, month, spent) for one in people for month, spent in one.hours.items()]
    events = [(one.name, week) for one in people for week in one.events]
    return Tables(
        engine.table(spells(people, maximal=drawn.maximal)),
        engine.table(
            pl.DataFrame(observed, {"person": pl.String(), **weeks, "birth_date": pl.Date()}, orient="row")
        ),
        engine.table(
            pl.DataFrame(
                hours, {"person": pl.String(), "month": pl.Int32(), "hours": pl.Float64()}, orient="row"
            )
        ),
        engine.table(pl.DataFrame(events, {"person": pl.String(), "week": pl.Int32()}, orient="row")),
        maximal=drawn.maximal,
    )


def answered(drawn: Drawn, engine: Engine) -> pl.DataFrame:
    native = follow(drawn.question, tables(drawn, engine), engine, every=drawn.every)
    return engine.collect(native).sort("person", "index_week")


def expected(drawn: Drawn) -> list[tuple[Any, ...]]:
    question = drawn.question
    return plain_follow(
        drawn.world, question.index, list(question.history), list(question.outcomes), drawn.every
    )


def types(question: Question) -> dict[str, Any]:
    found: dict[str, Any] = {
        "person": pl.String,
        "index_week": pl.Int32,
        "left_truncated": pl.Boolean,
        "observed_until": pl.Int32,
        **{history.id: pl.Float64 for history in question.history},
    }
    for outcome in question.outcomes:
        amount = isinstance(outcome, HoursOutcome | WeeksOutcome)
        found[outcome.id] = pl.Float64 if amount else pl.Boolean
        if isinstance(outcome, StateOutcome):
            found |= {f"weeks:{outcome.id}": pl.Int32, f"ended:{outcome.id}": pl.String}
    return found


@pytest.fixture(scope="module")
def spark() -> Iterator[Engine]:
    if find_spec("pyspark") is None:
        pytest.skip("PySpark is not installed, so the questions are not answered on Spark")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed (Debian: openjdk-17-jre-headless), so Spark cannot run")
    from pyspark.sql import SparkSession

    quiet = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "1"}
    local = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
    builder: Any = SparkSession.builder
    session = builder.master("local[1]").config(map={**quiet, **local}).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield spark_engine(session)
    session.stop()


@pytest.fixture(scope="module")
def duck() -> Iterator[Engine]:
    engine = duckdb_engine()
    yield engine
    engine.close()


@settings(max_examples=80, deadline=None)
@given(questions())
def test_polars_finds_what_walking_through_the_weeks_finds(drawn: Drawn) -> None:
    found = answered(drawn, polars_engine())
    assert dict(found.schema) == types(drawn.question)
    assert found.rows() == expected(drawn)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(questions())
def test_duckdb_finds_what_walking_through_the_weeks_finds(duck: Engine, drawn: Drawn) -> None:
    found = answered(drawn, duck)
    duck.forget()
    assert dict(found.schema) == types(drawn.question)
    assert found.rows() == expected(drawn)


@pytest.mark.parametrize("seed", range(5))
def test_engines_find_in_a_crowd_what_walking_through_the_weeks_finds(duck: Engine, seed: int) -> None:
    drawn = crowded(seed)
    rows = expected(drawn)
    for engine in (polars_engine(), duck):
        found = answered(drawn, engine)
        engine.forget()
        assert dict(found.schema) == types(drawn.question)
        assert found.rows() == rows


def test_spark_finds_the_same_in_a_crowd(spark: Engine) -> None:
    drawn = crowded(1)
    assert answered(drawn, spark).rows() == expected(drawn)
    spark.forget()


@settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(questions())
def test_spark_finds_what_walking_through_the_weeks_finds(spark: Engine, drawn: Drawn) -> None:
    found = answered(drawn, spark)
    spark.forget()
    assert dict(found.schema) == types(drawn.question)
    assert found.rows() == expected(drawn)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(questions(), st.integers(-6, 0), st.integers(0, 12))
def test_the_path_of_states_is_what_counting_week_by_week_finds(
    duck: Engine, drawn: Drawn, before: int, after: int
) -> None:
    weeks = range(before, after + 1)
    cases = [row[:2] for row in expected(drawn)]
    expected_rows = plain_trajectory(drawn.world, cases, weeks)
    index = pl.DataFrame(cases, {"person": pl.String(), "index_week": pl.Int32()}, orient="row")
    for engine in (polars_engine(), duck):
        native = trajectory(drawn.question, engine.table(index), tables(drawn, engine), engine, weeks)
        found = engine.collect(native).sort("state", "week")
        engine.forget()
        assert found.rows() == expected_rows


def test_weeks_lie_in_the_month_of_their_thursday() -> None:
    assert thursday(START) == date(2013, 1, 3)
