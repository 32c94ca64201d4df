"""The course in columns against the slow telling, on drawn cases; and what must hold of every course."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import Casebook, item, programme
from indsats.programme import Period, Programme
from indsats.record import Facts
from indsats.steer import course
from plain_course import LEAVES, STEPS, Event, told, ways

FIRST = date(2018, 1, 1)
DAYS = 60
PERIOD = Period(first=FIRST, last=FIRST + timedelta(DAYS))
KIND = {"started": "enrolled"}
PAYLOAD = {"drawn": {"draw": "d", "arm": "in"}, "excluded": {"reason": "r"}, "agreement": {"type": "a"}}


@cache
def definition() -> Programme:
    steps = {name: item(name, what=[{"kind": KIND.get(name, name)}], leaves=name in LEAVES) for name in STEPS}
    return programme(course=steps)


def facts_of(events: list[Event]) -> Facts:
    book = Casebook(definition())
    for step, person, enrolment, day in events:
        rest = {"placement": {"type": "p"}, "started": {"service": "talks"}, "exit": {"reason": "job"}}
        book.fact(
            KIND.get(step, step),
            day,
            person=f"p{person}",
            enrolment=enrolment,
            site="north",
            **PAYLOAD.get(step, rest.get(step, {})),
        )
    return book.data_until(PERIOD.last).facts()


def on(day: int) -> date:
    return FIRST + timedelta(day)


@st.composite
def cases(draw: st.DrawFn) -> list[Event]:
    """Some people, each with draws, exclusions, and enrolments that do not begin on the same day."""
    events: list[Event] = []
    days = st.integers(0, DAYS)
    for person in range(draw(st.integers(1, 8))):
        for step in ("drawn", "excluded"):
            events += [(step, person, None, on(day)) for day in draw(st.lists(days, max_size=3))]
        for start in draw(st.lists(days, max_size=2, unique=True)):
            name = f"e{person}-{start}"
            events.append(("started", person, name, on(start)))
            for step in ("agreement", "placement"):
                # some before the enrolment began, some after it is over
                events += [(step, person, name, on(day)) for day in draw(st.lists(days, max_size=2))]
            if draw(st.booleans()):
                events.append(("exit", person, name, on(draw(st.integers(start, DAYS)))))
    return events


@given(cases())
@settings(max_examples=150, deadline=None)
def test_the_steps_are_those_of_the_slow_telling(events: list[Event]) -> None:
    found = course(facts_of(events), PERIOD)
    plain = ways(events)
    for row in found.steps:
        slow = told(plain, row.step, PERIOD.last)
        counts = (row.came_in, row.came_on, row.past, row.left, row.under_way)
        assert tuple(one.value for one in counts) == (
            slow.came_in,
            slow.came_on,
            slow.past,
            slow.left,
            slow.under_way,
        ), row.step
        if row.wait is not None and row.arrived is not None:
            assert (row.wait.value, row.arrived.value) == (slow.wait, slow.arrived), row.step


@given(cases())
@settings(max_examples=60, deadline=None)
def test_everybody_who_could_come_did_one_of_four_things_and_nobody_waited_less_than_a_day(
    events: list[Event],
) -> None:
    found = course(facts_of(events), PERIOD)
    for row in found.steps:
        four = (row.came_on, row.past, row.left, row.under_way)
        assert sum(one.value or 0 for one in four) == row.share.denominator
        assert row.reached.value == (row.came_in.value or 0) + (row.came_on.value or 0)
        if row.wait is not None and row.wait.value is not None:
            assert row.wait.value >= 0
            assert (row.wait.low is None) or row.wait.low <= row.wait.value
    started = next(row for row in found.steps if row.step == "started")
    assert found.intake[-1].enrolled_so_far.value == started.reached.value


@given(cases())
@settings(max_examples=40, deadline=None)
def test_the_months_make_the_period_and_the_cumulated_series(events: list[Event]) -> None:
    found = course(facts_of(events), PERIOD)
    so_far = 0.0
    for row in found.intake:
        so_far += row.enrolled.value or 0
        assert row.enrolled_so_far.value == so_far  # nobody came before the period
    assert found.enrolled.value == so_far
