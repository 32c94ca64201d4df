"""The first step a case lacks, one sentence at a time, and counted again in plain Python on drawn facts."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given, settings

from casebook import Casebook, indicator, item, period, programme, text
from drawn_cases import SITES, STEPS, Case, Enrolled, cases, on, over, periods
from indsats.figure import Figure
from indsats.steer import indicator as level
from indsats.steer import indicator_rows


def step(name: str, **rest: Any) -> dict[str, Any]:
    return {"title": text(name), "what": [{"event": name, **rest}]}


ORDER = {"cv": step("cv", where='value == "good"'), "plan": step("plan"), "job": step("job")}
PROGRAMME = programme(
    events={name: item(name, values={"good": item(), "bad": item()}) for name in ORDER},
    indicators={
        "any": {**indicator("missing"), "steps": ORDER},
        "course": {**indicator("missing"), "steps": ORDER, "service": "course"},
        **{f"no-{name}": {**indicator("missing"), "steps": ORDER, "step": name} for name in ORDER},
    },
)
SPRING = period("2016-01-01", "2016-06-30")


def book(*events: str, until: str = "2016-12-31") -> Casebook:
    """One enrolment with events such as ``cv`` and ``cv?``, whose value is not known."""
    case = Casebook(PROGRAMME).enrol("2016-01-04")
    for event in events:
        case.fact("event", "2016-03-01", event=event.rstrip("?"), value=None if "?" in event else "good")
    return case.data_until(until)


def of(case: Casebook, name: str = "any", **scope: str) -> Figure:
    return level(case.facts(), name, SPRING, **scope)


def lacks(case: Casebook) -> list[str]:
    """The steps of which somebody lacks each first."""
    return [name for name in ORDER if of(case, f"no-{name}").numerator]


def test_the_first_step_without_a_fact_is_the_one_it_lacks() -> None:
    assert lacks(book()) == ["cv"]
    assert lacks(book("cv")) == ["plan"]
    assert lacks(book("cv", "plan")) == ["job"]


def test_a_later_step_that_is_taken_does_not_stand_in_for_an_earlier() -> None:
    assert lacks(book("plan", "job")) == ["cv"]


def test_who_has_taken_all_lacks_none_and_stays_in_the_denominator() -> None:
    done = book("cv", "plan", "job")
    assert (of(done).value, of(done).denominator, lacks(done)) == (0, 1, [])
    assert of(book("cv")).value == 1


def test_it_is_asked_of_enrolments_open_on_the_last_day_observed() -> None:
    assert of(book().leave("2016-06-30")).denominator == 0
    assert of(book().leave("2016-07-01")).denominator == 1
    early = Casebook(PROGRAMME).enrol("2016-01-04").leave("2016-05-01").data_until("2016-04-30")
    assert of(early).denominator == 0


def test_a_step_taken_after_the_period_is_not_taken_yet() -> None:
    case = book().fact("event", "2016-07-01", event="cv", value="good")
    assert lacks(case) == ["cv"]


def test_a_person_with_two_enrolments_counts_twice() -> None:
    case = book("cv").enrol("2016-02-01", enrolment="e2")
    assert (of(case).denominator, lacks(case)) == (2, ["cv", "plan"])


def test_where_a_missing_value_decides_what_is_lacking_it_is_left_out_of_every_step() -> None:
    for case in (book("cv?"), book("cv?", "plan", "job")):
        for name in ("any", *(f"no-{step}" for step in ORDER)):
            assert (of(case, name).denominator, of(case, name).excluded) == (0, {"unknown_value": 1})


def test_a_missing_value_in_a_step_that_is_taken_anyway_or_lies_behind_the_one_lacking_decides_nothing() -> (
    None
):
    assert lacks(book("cv?", "cv")) == ["plan"]
    assert of(book("job", "plan")).excluded == {}


def test_the_place_and_the_service_are_those_of_the_enrolment() -> None:
    case = book("cv").enrol("2016-02-01", person="p2", enrolment="e2", site="city", service="course")
    assert [of(case, unit=unit).denominator for unit in ("outreach", "centre")] == [1, 1]
    assert (of(case, "course").denominator, of(case, "no-cv", site="city").value) == (1, 1)


def test_it_is_told_of_everybody_and_has_no_interval() -> None:
    assert (of(book()).low, of(book()).high) == (None, None)


def test_after_the_data_nothing_is_known() -> None:
    after = level(book(until="2016-06-30").facts(), "any", period("2016-07-01", "2016-12-31"))
    assert (after.value, after.denominator) == (None, 0)
    assert indicator_rows(
        book(until="2016-06-30").facts(), "any", period("2017-01-01", "2017-02-01")
    ).is_empty()


def taken(case: Case, one: Enrolled, step: str, day: int) -> bool | None:
    """Whether an enrolment has taken a step by a day; none where a missing value decides."""
    answers: list[bool | None] = []
    for fact in case.facts:
        if fact.enrolment != one.enrolment or fact.day > day:
            continue
        said = fact.payload
        if step == "talked" and fact.kind == "meeting" and said["outcome"] != "planned":
            answers.append(None if said["outcome"] is None else said["outcome"] == "held")
        elif step == "cv" and fact.kind == "event" and said["event"] == "cv":
            answers.append(None if said["value"] is None else True)
        elif step == "planned":
            answers.append(fact.kind == "hours" or (fact.kind == "event" and said["event"] == "plan"))
    return True if True in answers else None if None in answers else False


@settings(max_examples=60, deadline=None)
@given(cases(("meeting", "event", "hours"), most=20), periods())
def test_it_is_what_one_counts_by_hand(case: Case, days: tuple[int, int]) -> None:
    facts = case.book().facts()
    last = min(days[1], (facts.last_day - on(0)).days)
    for place in (None, *SITES):
        first, left = Counter[str | None](), Counter[str]()
        for one in case.enrolled:
            if not one.open_on(last) or place not in (None, one.site) or days[0] > last:
                continue
            had = {step: taken(case, one, step, last) for step in STEPS}
            lacking = next((step for step in STEPS if had[step] is not True), None)
            if lacking is not None and had[lacking] is None:
                left["unknown_value"] += 1
            else:
                first[lacking] += 1
        steps = {step: level(facts, f"missing-{step}", over(*days), site=place) for step in STEPS}
        whole = level(facts, "missing", over(*days), site=place)
        for step, found in steps.items():
            assert (found.numerator, found.denominator) == (first[step], first.total())
            assert found.excluded == whole.excluded == left
        assert sum(found.numerator or 0 for found in steps.values()) == whole.numerator
