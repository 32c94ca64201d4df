"""Small records drawn at random under a programme with an indicator of every measure, as plain rows and as facts.

People enrolled twice at two sites, facts without an enrolment or a place, values that are missing, a site where nothing
happens and a unit that only serves as comparison are drawn often.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from casebook import START, Casebook, indicator, item, programme, text
from indsats.programme import Period, Programme

SPAN = 160
SITES = {"north": "outreach", "south": "outreach", "quiet": "outreach", "city": "centre"}
GOOD = {"event": "cv", "where": 'value == "good"'}
STEPS = {
    "talked": {"title": text("talked"), "what": [{"kind": "meeting", "where": 'outcome == "held"'}]},
    "cv": {"title": text("cv"), "what": [GOOD]},
    "planned": {"title": text("planned"), "what": [{"event": "plan"}, {"kind": "hours"}]},
}
CAME = 'outcome in ["held", "no_show"]'
HELD = [{"kind": "meeting", "where": 'outcome == "held"'}]
RAN = [{"kind": "hours", "where": "hours_per_week > 10"}]


def _asked(**rest: Any) -> dict[str, Any]:
    return item("Requirement", ask=text("?"), answer="yes_partly_no", **rest)


def _form(about: str, **rest: Any) -> dict[str, Any]:
    return item(
        "Form",
        about=about,
        scale={"low": 1, "high": 5},
        items={"calm": item("calm")},
        raters=["citizen", "team"],
        scores={"sum": item("Sum", combine="sum")},
        **rest,
    )


@cache
def definition(**changes: Any) -> Programme:
    """Three sites in the unit of the effort, one in a unit for comparison."""
    missing = {"measures": "missing", "steps": STEPS}
    return programme(
        sites={
            name: item(name, unit=unit, open_days_per_week=None if name == "south" else 3.0)
            for name, unit in SITES.items()
        },
        groups={"g": item("G"), "h": item("H")},
        events={"cv": item("CV", values={"good": item("good")}), "plan": item("Plan")},
        roles={"broker": item("Broker", does=text("finds"))},
        cadences={"talk": item("Talk", what=HELD, every="P30D")},
        phases={"work": item("Work", about=text("w"), starts=[{"event": "cv"}], ends=[{"event": "plan"}])},
        requirements={
            "soon": _asked(due="P10D", measured={"how": "within", "what": HELD, "within": "P10D"}),
            "worked": _asked(phase="work"),
        },
        questionnaires={"goals": _form("person"), "open": _form("site")},
        indicators={
            "count": indicator("count", kind="meeting"),
            "count-course": indicator("count", kind="meeting", service="course"),
            "share": indicator("share", kind="meeting", among=CAME, where='outcome == "held"'),
            "rate-month": indicator("rate", kind="meeting", where='outcome == "held"', per="person_month"),
            "rate-day": indicator("rate", kind="meeting", where='outcome == "held"', per="open_day"),
            "mean": indicator("mean", kind="hours", field="hours_per_week", where='type != "sick"'),
            "timeliness": indicator("timeliness", cadence="talk"),
            "within": indicator("within", kind="event", where='event == "cv" and value == "good"', weeks=6),
            "stock": indicator("stock"),
            "stock-phase": indicator("stock", phase="work"),
            "reached": indicator("reached", what=[GOOD]),
            "between": indicator("between", since=HELD, until=[GOOD]),
            "consecutive": indicator("consecutive", what=RAN, months=2),
            "change": indicator("change", what=RAN, before="P60D"),
            "missing": indicator(**missing),
            **{f"missing-{step}": indicator(**missing, step=step) for step in STEPS},
            "caseload": indicator("caseload", role="broker"),
            "requirements": indicator("fulfilment", of="requirements"),
            "participants": indicator("fulfilment", of="participants", by="either"),
            "score": indicator("score", questionnaire="goals", score="sum", at="last"),
            "site-score": indicator("score", questionnaire="open", score="sum"),
            "answer": indicator("answer", questionnaire="goals", item="calm", answers=[4, 5]),
            "site-answer": indicator("answer", questionnaire="open", item="calm", answers=[4, 5]),
            "group-count": indicator("count", kind="meeting", group="g"),
            "group-share": indicator(
                "share", kind="meeting", among=CAME, where='outcome == "held"', group="g"
            ),
            "group-rate": indicator("rate", kind="meeting", per="person_month", group="g"),
            "group-stock": indicator("stock", group="g"),
            "group-participants": indicator("fulfilment", of="participants", group="g"),
        },
        **changes,
    )


@dataclass(frozen=True)
class Enrolled:
    """An enrolment, with days counted from ``START``."""

    person: str
    enrolment: str
    site: str
    service: str
    start: int
    end: int | None

    def open_on(self, day: int) -> bool:
        return self.start <= day and (self.end is None or self.end > day)


@dataclass(frozen=True)
class Fact:
    """One fact, with its place as written (none: that of its enrolment)."""

    kind: str
    day: int
    person: str | None
    enrolment: str | None
    site: str | None
    payload: dict[str, Any]


@dataclass
class Case:
    """A record as plain rows."""

    enrolled: list[Enrolled] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    until: int = SPAN
    """The data reach this day, or the last fact where that lies later."""

    def at(self, fact: Fact) -> str | None:
        """The site where a fact counts."""
        home = {one.enrolment: one.site for one in self.enrolled}
        return fact.site or home.get(fact.enrolment or "")

    def of(self, kind: str) -> list[Fact]:
        """The facts of a kind in the order they were written."""
        return [fact for fact in self.facts if fact.kind == kind]

    def book(self, under: Programme | None = None) -> Casebook:
        """The record with the same facts."""
        book = Casebook(under or definition())
        for one in self.enrolled:
            who = {"person": one.person, "enrolment": one.enrolment}
            book.enrol(on(one.start), site=one.site, service=one.service, **who)
            if one.end is not None:
                book.leave(on(one.end), **who)
        for fact in self.facts:
            place = {"person": fact.person, "enrolment": fact.enrolment, "site": fact.site}
            book.fact(fact.kind, on(fact.day), **place, **fact.payload)
        return book.data_until(on(self.until))


def on(number: int) -> date:
    return START + timedelta(days=number)


def over(first: int, last: int) -> Period:
    return Period(first=on(first), last=on(last))


DAYS = st.integers(0, SPAN)
_PAYLOADS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "meeting": st.fixed_dictionaries(
        {"outcome": st.sampled_from(["held", "held", "no_show", "planned", None]), "type": st.just("talk")}
    ),
    "event": st.sampled_from(
        [{"event": "cv", "value": "good"}, {"event": "cv", "value": None}, {"event": "plan", "value": None}]
    ),
    "hours": st.fixed_dictionaries(
        {
            "hours_per_week": st.sampled_from([4.0, 12.5, 37.0, 1 / 3, None]),
            "type": st.sampled_from(["ordinary", "ordinary", "sick", None]),
        }
    ),
    "assigned": st.fixed_dictionaries(
        {"role": st.just("broker"), "worker": st.sampled_from(["anna", "bo", None])}
    ),
    "requirement_answered": st.fixed_dictionaries(
        {
            "requirement": st.sampled_from(["soon", "worked"]),
            "answer": st.sampled_from(["yes", "partly", "no", "not_applicable"]),
        }
    ),
    "questionnaire_answered": st.fixed_dictionaries(
        {
            "questionnaire": st.just("goals"),
            "rater": st.just("citizen"),
            "answer.calm": st.sampled_from([1, 4, 5, None]),
        }
    ),
}


@st.composite
def cases(draw: st.DrawFn, kinds: Sequence[str] = tuple(_PAYLOADS), most: int = 30) -> Case:
    """Up to seven enrolments of five people, and facts about them, about sites and about nobody in particular."""
    case = Case(until=draw(st.sampled_from([SPAN, SPAN, 60])))
    for number in range(draw(st.integers(0, 7))):
        start = draw(st.integers(0, 120))
        length = draw(st.none() | st.integers(0, 60))
        case.enrolled.append(
            Enrolled(
                draw(st.sampled_from(["p1", "p2", "p3", "p4", "p5"])),
                f"e{number}",
                draw(st.sampled_from(["north", "south", "city"])),
                draw(st.sampled_from(["talks", "talks", "course"])),
                start,
                None if length is None else start + length,
            )
        )
    for _ in range(draw(st.integers(0, most if case.enrolled else 0))):
        kind = draw(st.sampled_from(kinds))
        mine = draw(st.sampled_from(case.enrolled))
        tied = kind in ("requirement_answered", "assigned") or draw(st.integers(0, 9)) > 0
        site = draw(st.sampled_from([None, None, None, "north", "city"]))
        fact = Fact(
            kind, draw(DAYS), mine.person, mine.enrolment if tied else None, site, draw(_PAYLOADS[kind])
        )
        case.facts.append(fact)
    for person in sorted({one.person for one in case.enrolled}):
        for _ in range(draw(st.integers(0, 2))):
            group = {"group": draw(st.sampled_from(["g", "h", None]))}
            case.facts.append(Fact("visitation", draw(DAYS), person, None, None, group))
    for _ in range(draw(st.integers(0, 4))):
        asked = {
            "questionnaire": "open",
            "rater": "team",
            "answer.calm": draw(st.sampled_from([1, 4, 5, None])),
        }
        site = draw(st.sampled_from(["north", "south", "city"]))
        case.facts.append(Fact("site_answered", draw(DAYS), None, None, site, asked))
    return case


@st.composite
def periods(draw: st.DrawFn) -> tuple[int, int]:
    """First and last day, mostly inside the data, now and then after them."""
    first = draw(st.integers(0, SPAN + 30))
    return first, first + draw(st.integers(0, 120))
