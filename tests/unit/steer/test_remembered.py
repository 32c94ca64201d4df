"""What was computed from a view of the record is kept with it, and no longer."""

from __future__ import annotations

import gc
from datetime import date

from casebook import Casebook, item, programme, text
from indsats.steer import phase_runs
from indsats.steer.remembered import _HELD, remembered

PROGRAMME = programme(
    events={"over": item("Over")},
    phases={
        "all": item("All", about=text("a"), starts=[{"kind": "enrolled"}], ends=[{"event": "over"}]),
    },
)


def test_the_same_question_about_the_same_facts_is_answered_once() -> None:
    facts = Casebook(PROGRAMME).enrol("2016-01-04").facts()
    made: list[int] = []

    def make() -> list[int]:
        made.append(1)
        return made

    assert remembered(facts, "one", make) is remembered(facts, "one", make)
    assert remembered(facts, "two", make) == [1, 1]


def test_another_day_and_other_facts_are_other_questions() -> None:
    book = Casebook(PROGRAMME).enrol("2016-01-04").fact("event", "2016-03-01", event="over")
    facts = book.facts()
    assert phase_runs(facts, date(2016, 2, 1))["end"].to_list() == [None]
    assert phase_runs(facts, date(2016, 4, 1))["end"].to_list() == [date(2016, 3, 1)]
    more = book.enrol("2016-01-05", person="p2", enrolment="e2").facts()
    assert phase_runs(more, date(2016, 4, 1)).height == 2
    assert phase_runs(facts, date(2016, 4, 1)).height == 1


def test_what_is_remembered_goes_when_the_facts_do() -> None:
    gc.collect()
    before = len(_HELD)
    facts = Casebook(PROGRAMME).enrol("2016-01-04").facts()
    phase_runs(facts, date(2016, 2, 1))
    assert len(_HELD) == before + 1
    del facts
    gc.collect()
    assert len(_HELD) == before
