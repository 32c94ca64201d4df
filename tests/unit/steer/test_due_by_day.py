"""Due items against a clock that is walked day by day."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import START, Casebook, item, programme
from indsats.programme import Duration
from indsats.steer import due_items

Item = tuple[str, date, date, date | None, bool | None]
SPAN = 160
DAYS = st.integers(0, SPAN)
PAUSES = st.lists(st.tuples(DAYS, st.integers(0, 40)), max_size=4)
ENROLMENTS = st.tuples(DAYS, st.none() | DAYS, st.lists(DAYS, max_size=8), PAUSES)


def day(number: int) -> date:
    return START + timedelta(days=number)


def walked(
    name: str,
    start: date,
    end: date | None,
    done: set[date],
    paused: set[date],
    every: Duration,
    until: date,
) -> list[Item]:
    """The items of one enrolment, one day at a time: the clock ticks on days without pause."""
    if start > until:
        return []
    if end is not None and end > until:
        end = None
    found: list[Item] = []
    begun, ticks, due = start, 0, None
    today = start
    horizon = until + timedelta(days=500)
    while today < horizon:
        today += timedelta(days=1)
        if due is None and today not in paused:
            ticks += 1
            if ticks == (every.after(begun) - begun).days:
                due = today
        if today in done and today <= until and (end is None or today <= end):
            closing = due
            ahead, more = today, ticks
            while closing is None:
                ahead += timedelta(days=1)
                more += ahead not in paused
                if more == (every.after(begun) - begun).days:
                    closing = ahead
            found.append((name, begun, closing, today, today <= closing))
            begun, ticks, due = today, 0, None
        elif due is not None and today > max(due, until):
            break
    assert due is not None
    found.append((name, begun, due, None, False if due <= until else None))
    return [row for row in found if end is None or row[2] < end]


@settings(max_examples=80, deadline=None)
@given(
    enrolments=st.lists(ENROLMENTS, min_size=1, max_size=4),
    every=st.sampled_from(["P1M", "P2W", "P1D", "P1M3D"]),
    until=DAYS,
)
def test_due_items_equal_a_clock_walked_day_by_day(
    enrolments: list[tuple[int, int | None, list[int], list[tuple[int, int]]]], every: str, until: int
) -> None:
    definition = programme(
        cadences={"talk": item("Talk", what=[{"kind": "event"}], every=every)}, events={"talk": item()}
    )
    book = Casebook(definition)
    expected: list[Item] = []
    for number, (start, end, done, pauses) in enumerate(enrolments):
        name = f"e{number}"
        who = {"person": f"p{number}", "enrolment": name}
        book.enrol(day(start), **who)
        if end is not None:
            book.leave(day(max(start, end)), **who)
        for when in done:
            book.fact("event", day(when), event="talk", **who)
        for first, length in pauses:
            book.fact("pause", day(first), to=day(first + length), reason="ill", **who)
        expected += walked(
            name,
            day(start),
            None if end is None else day(max(start, end)),
            {day(when) for when in done},
            {day(first + at) for first, length in pauses for at in range(length + 1)},
            definition.cadences["talk"].every,
            day(until),
        )
    got = due_items(book.facts(), "talk", day(until))
    columns = ["enrolment", "start", "due", "done_on", "timely"]
    assert got.select(columns).sort("enrolment", "start").rows() == sorted(expected, key=lambda row: row[:2])
    assert got.schema["due"] == pl.Date
