"""Phase runs and requirement items against a plain walk through each enrolment's days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import START, Casebook, item, programme, text
from indsats.programme import Period
from indsats.steer import barometer, fulfilment, phase_runs, requirement_items

M = 'value == "x"'


def phase(starts: list[Any], ends: list[Any], **rest: Any) -> dict[str, Any]:
    return item("Phase", about=text("about"), starts=starts, ends=ends, **rest)


def event(name: str, **rest: Any) -> dict[str, Any]:
    return {"event": name, **rest}


def asked(**rest: Any) -> dict[str, Any]:
    return item("Requirement", ask=text("?"), answer="yes_partly_no", **rest)


PROGRAMME = programme(
    events={name: item(name, values={v: item(v) for v in "xy"}) for name in "abcmkns"},
    phases={
        "once": phase([{"kind": "enrolled"}, event("b")], [event("a"), event("b")]),
        "again": phase(
            [event("a"), event("b")], [event("b"), event("c")], skipped_by=[event("s")], repeats=True
        ),
        "turns": phase([event("a")], [event("a")], repeats=True),
        "course": phase([event("b")], [], service="course"),
    },
    cadences={
        "in-phase": item("c", phase="turns", what=[event("m"), event("k")], every="P4D"),
        "always": item("c", what=[event("m", where=M)], every="P9D"),
    },
    requirements={
        "soon": asked(
            phase="again",
            due="P10D",
            measured={"how": "within", "what": [event("m", where=M)], "within": "P7D"},
        ),
        "each-time": asked(
            phase="again",
            measured={
                "how": "within",
                "of": [event("k")],
                "after": "P3D",
                "what": [event("m", where=M)],
                "within": "P5D",
            },
        ),
        "steady": asked(phase="turns", measured={"how": "every", "cadence": "in-phase"}),
        "steady-first": asked(phase="once", measured={"how": "every", "cadence": "always"}),
        "all-of": asked(phase="again", measured={"how": "each", "of": event("k"), "where": M}),
        "plain": asked(not_applicable_when=[event("n"), event("s")], due="P20D"),
        "whole": asked(measured={"how": "within", "what": [event("c")], "within": "P15D", "after": "P2D"}),
    },
)


@dataclass(frozen=True)
class Event:
    """One fact: the enrolment itself (``enrolled``), or an event of the programme."""

    day: int
    name: str
    value: str | None
    number: int


@dataclass(frozen=True)
class Case:
    start: int
    exit: int | None
    service: str
    events: tuple[Event, ...]
    answers: tuple[tuple[int, str, str], ...]


def names(happenings: list[Any]) -> set[str]:
    return {one.event or one.kind for one in happenings}


def sure(happening: Any, fact: Event) -> bool | None:
    """Whether the fact is such a happening; None where its value is missing and decides."""
    if fact.name != (happening.event or happening.kind):
        return False
    if happening.where == "true":
        return True
    return None if fact.value is None else fact.value == "x"


def days_of(case: Case, happenings: list[Any], until: int, answer: bool | None = True) -> list[int]:
    found = []
    for fact in case.events:
        judged = [sure(one, fact) for one in happenings]
        best = True if True in judged else None if None in judged else False
        if fact.day <= until and best is answer:
            found.append(fact.day)
    return sorted(found)


def left(case: Case, until: int) -> int | None:
    return case.exit if case.exit is not None and case.exit <= until else None


def walk(name: str, case: Case, until: int) -> Iterator[tuple[int, int | None, bool]]:
    """Start, end and skipped of each run, by going through the days in order."""
    this = PROGRAMME.phases[name]
    if case.start > until or this.service not in (None, case.service):
        return
    gone = left(case, until)
    skip_days = days_of(case, this.skipped_by, until)
    begun: int | None = None
    number = 0
    runs: list[tuple[int, int | None]] = []
    for today in range(-40, until + 1):
        if gone is not None and today > gone:
            break
        facts = [fact for fact in case.events if fact.day == today]
        starting = [fact for fact in facts if fact.name in names(this.starts)]
        ending = [fact for fact in facts if fact.name in names(this.ends)]
        used = False
        if begun is not None and ending:
            runs.append((begun, today))
            begun, used = None, True
        if begun is None and starting and (this.repeats or number == 0):
            begun, number = today, number + 1
            if not used and any(fact not in starting for fact in ending):
                runs.append((begun, today))
                begun = None
    if begun is not None:
        runs.append((begun, gone))
    before: int | None = None
    for start, end in runs:
        yield start, end, any(day <= start and (before is None or day > before) for day in skip_days)
        before = end


def cadence_items(name: str, case: Case, until: int) -> Iterator[tuple[int, bool]]:
    """Day due and in time, of what had fallen due by ``until``."""
    this = PROGRAMME.cadences[name]
    stretches = [(case.start, left(case, until))] if case.start <= until else []
    if this.phase is not None:
        stretches = [(start, end) for start, end, skipped in walk(this.phase, case, until) if not skipped]
    for start, end in stretches:
        last = until if end is None else end
        stops = sorted({day for day in days_of(case, this.what, until) if start < day <= last})
        for begun, done in zip([start, *stops], [*stops, None], strict=True):
            due = begun + this.every.days
            if due <= until and (end is None or due < end):
                yield due, done is not None and done <= due


def worst(states: list[str]) -> str:
    for state in ("not_met", "unknown", "met"):
        if state in states:
            return state
    return "not_due"


def measured(
    name: str, case: Case, start: int, end: int | None, until: int, before: int | None
) -> tuple[str | None, int | None]:
    how = PROGRAMME.requirements[name].measured
    if how is None:
        return None, None
    last = until if end is None else end
    if how.how == "every":
        inside = [
            timely
            for due, timely in cadence_items(how.cadence, case, until)
            if start <= due and (end is None or due < end)
        ]
        return worst(["met" if timely else "not_met" for timely in inside]), None
    if how.how == "each":
        judged = [
            {True: "met", False: "not_met", None: "unknown"}[None if f.value is None else f.value == "x"]
            for f in case.events
            if f.name == how.of.event and start <= f.day <= last
        ]
        return worst(judged), None
    clocks = [start]
    if how.of:
        clocks = [day for day in days_of(case, how.of, until) if start <= day <= last]
    states, dues = [], []
    for clock in clocks:
        opens = clock + (how.after.days if how.after else 0)
        due = opens + how.within.days

        def any_in(answer: bool | None, opens: int = opens, due: int = due) -> bool:
            days = days_of(case, how.what, until, answer)
            gone = left(case, until)
            first = opens if how.after is not None else -1000 if before is None else before + 1
            return any(first <= day <= due and (gone is None or day <= gone) for day in days)

        overtaken = end is not None and end < due
        if any_in(True):
            states.append("met")
        elif overtaken or due > until:
            states.append("not_due")
        else:
            states.append("unknown" if any_in(None) else "not_met")
        dues += [] if overtaken else [due]
    return worst(states), min(dues, default=None)


def items_of(case: Case, until: int) -> Iterator[tuple[Any, ...]]:
    for name, this in PROGRAMME.requirements.items():
        runs = (
            [(case.start, left(case, until), False)]
            if this.phase is None
            else list(walk(this.phase, case, until))
        )
        if case.start > until:
            runs = []
        for number, (start, end, skipped) in enumerate(runs):
            following = runs[number + 1][0] if number + 1 < len(runs) else 10_000
            said = [
                answer
                for day, what, answer in case.answers
                if what == name and start <= day < following and day <= until
            ]
            answer = said[-1] if said else None
            before = runs[number - 1][1] if number else None
            state, measured_due = measured(name, case, start, end, until, before)
            own = measured_due if this.due is None else start + this.due.days
            due = end if own is None else own if end is None else min(own, end)
            dated = this.due is not None or (this.measured is not None and this.measured.how == "within")
            if dated and end is not None and (own is None or end < own) and answer is None:
                due = None
            out = days_of(case, this.not_applicable_when, until if end is None else end)
            if skipped or answer == "not_applicable" or out:
                summed = "not_applicable"
                state = None if state is None else summed
            elif answer is not None:
                summed = "met" if answer == "yes" else "not_met"
            else:
                summed = "not_answered" if due is not None and due <= until else "not_due"
            yield name, number + 1, start, end, due, answer, state, summed


SPAN = st.integers(0, 60)
EVENTS = st.lists(
    st.tuples(st.integers(-15, 60), st.sampled_from("abcmkns"), st.sampled_from(["x", "y", None])),
    max_size=14,
)
ANSWERS = st.lists(
    st.tuples(
        SPAN,
        st.sampled_from(list(PROGRAMME.requirements)),
        st.sampled_from(["yes", "partly", "no", "not_applicable"]),
    ),
    max_size=5,
)
CASES = st.lists(
    st.tuples(
        st.integers(0, 30),
        st.none() | st.integers(0, 60),
        st.sampled_from(["talks", "course"]),
        EVENTS,
        ANSWERS,
    ),
    min_size=1,
    max_size=7,
)


def on(number: int | None) -> date | None:
    return None if number is None else START + timedelta(days=number)


def written(drawn: list[Any]) -> tuple[Casebook, dict[str, Case]]:
    """The same facts as a record and as plain cases."""
    book, cases = Casebook(PROGRAMME), {}
    for number, (start, length, service, events, answers) in enumerate(drawn):
        name = f"e{number}"
        who = {"person": f"p{number}", "enrolment": name}
        begun = START + timedelta(days=start)
        book.enrol(begun, service=service, **who)
        if length is not None:
            book.leave(begun + timedelta(days=length), **who)
        for day, what, value in events:
            book.fact("event", START + timedelta(days=day), event=what, value=value, **who)
        # Of several answers on a day the one recorded last holds: the order they are written in.
        ordered = sorted(answers, key=lambda answer: answer[0])
        for day, what, answer in ordered:
            when = START + timedelta(days=day)
            book.fact("requirement_answered", when, requirement=what, answer=answer, **who)
        facts = [Event(start, "enrolled", None, -1)]
        facts += [Event(day, what, value, place) for place, (day, what, value) in enumerate(events)]
        left_on = None if length is None else start + length
        cases[name] = Case(start, left_on, service, tuple(facts), tuple(ordered))
    return book, cases


@settings(max_examples=60, deadline=None)
@given(CASES, SPAN)
def test_phase_runs_equal_a_walk_through_the_days(drawn: list[Any], until: int) -> None:
    book, cases = written(drawn)
    expected = [
        (name, phase_id, run + 1, on(start), on(end), skipped)
        for name, case in cases.items()
        for phase_id in PROGRAMME.phases
        for run, (start, end, skipped) in enumerate(walk(phase_id, case, until))
    ]
    got = phase_runs(book.facts(), START + timedelta(days=until))
    assert got.select("enrolment", "phase", "run", "start", "end", "skipped").rows() == expected


@settings(max_examples=60, deadline=None)
@given(CASES, SPAN)
def test_requirement_items_equal_a_walk_through_the_days(drawn: list[Any], until: int) -> None:
    book, cases = written(drawn)
    expected = [
        (name, what, run, on(start), on(end), on(due), answer, state, summed)
        for name, case in cases.items()
        for what, run, start, end, due, answer, state, summed in items_of(case, until)
    ]
    got = requirement_items(book.facts(), START + timedelta(days=until))
    columns = ["enrolment", "requirement", "run", "start", "end", "due", "answered", "measured", "state"]
    assert got.select(columns).rows() == expected


def shares(cases: dict[str, Case], first: int, last: int, by: str) -> tuple[list[int], list[int]]:
    """Met and all, of requirements and of participants, from the items walked through by hand."""
    items, persons = [0, 0], [0, 0]
    for case in cases.values():
        counted = []
        for _, _, _, _, due, _, state, summed in items_of(case, last):
            if summed == "not_applicable" or due is None or not first <= due <= last:
                continue
            answered, told = summed == "met", state in ("met", "not_met")
            if by == "measured" and not told:
                continue
            counted.append(state == "met" if told and by != "answered" else answered)
        items = [items[0] + sum(counted), items[1] + len(counted)]
        if counted:
            persons = [persons[0] + all(counted), persons[1] + 1]
    return items, persons


@settings(max_examples=40, deadline=None)
@given(CASES, st.integers(0, 40), SPAN, st.sampled_from(["answered", "measured", "either"]))
def test_fulfilment_equals_a_count_of_the_items(drawn: list[Any], first: int, length: int, by: Any) -> None:
    book, cases = written(drawn)
    facts = book.data_until(START + timedelta(days=200)).facts()
    last = first + length
    period = Period(first=START + timedelta(days=first), last=START + timedelta(days=last))
    items, persons = shares(cases, first, last, by)
    of_items = fulfilment(facts, period, of="requirements", by=by)
    of_persons = fulfilment(facts, period, of="participants", by=by)
    if period.last < facts.first_day:
        assert (of_items.denominator, of_persons.denominator) == (None, None)
        return
    assert [of_items.numerator, of_items.denominator] == items
    assert [of_persons.numerator, of_persons.denominator] == persons


@settings(max_examples=40, deadline=None)
@given(CASES, st.integers(0, 40), SPAN)
def test_the_barometer_equals_a_count_of_the_items(drawn: list[Any], first: int, length: int) -> None:
    book, cases = written(drawn)
    facts = book.data_until(START + timedelta(days=200)).facts()
    last = first + length
    period = Period(first=START + timedelta(days=first), last=START + timedelta(days=last))
    place, total = barometer(facts, period)
    if period.last < facts.first_day:
        assert (total.requirements.denominator, total.not_due.value) == (None, None)
        return
    answered, persons = shares(cases, first, last, "answered")
    measured, _ = shares(cases, first, last, "measured")
    said = unanswered = waiting = 0
    for case in cases.values():
        for _, _, _, end, due, _, state, summed in items_of(case, last):
            fell = summed != "not_applicable" and due is not None and first <= due <= last
            said += fell and state in ("met", "not_met") and summed == "met"
            unanswered += fell and summed == "not_answered"
            lapsed = due is None and end is not None
            waiting += summed != "not_applicable" and not lapsed and (due is None or due > last)
    for row in (place, total):
        assert [row.requirements.numerator, row.requirements.denominator] == answered
        assert [row.participants.numerator, row.participants.denominator] == persons
        assert [row.measured.numerator, row.measured.denominator] == measured
        assert [row.said.numerator, row.said.denominator] == [said, measured[1]]
        assert (row.not_answered.value, row.not_due.value) == (unanswered, waiting)
