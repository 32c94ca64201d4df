"""How far the minimum requirements are met: who and what is in each denominator, one sentence at a time."""

from __future__ import annotations

from typing import Any

import pytest

from casebook import Casebook, indicator, item, period, programme, text
from indsats.figure import Figure
from indsats.programme import Period
from indsats.steer import (
    REASONS,
    answer_gaps,
    barometer,
    fulfilment,
    reasons_for_no,
    requirement_counts,
)
from indsats.steer import indicator as level

CODES = item(
    "Reasons",
    **{"for": ["requirement_answered.reason"]},
    values={name: item(name) for name in ("no-time", "declined")},
)


def asked(**rest: Any) -> dict[str, Any]:
    return item("Requirement", ask=text("?"), answer="yes_partly_no", **rest)


def event(name: str) -> dict[str, Any]:
    return {"event": name}


PROGRAMME = programme(
    codes={"reasons": CODES},
    events={name: item(name) for name in ("begun", "done", "met", "waived")},
    elements={"early": item("Early", about=text("about"))},
    phases={"work": item("Work", about=text("about"), starts=[event("begun")], ends=[event("done")])},
    requirements={
        "talked": asked(
            due="P10D",
            if_no=["no-time", "declined"],
            not_applicable_when=[event("waived")],
            measured={"how": "within", "what": [event("met")], "within": "P10D"},
        ),
        "written": asked(due="P10D", element="early"),
        "worked": asked(phase="work"),
    },
    indicators={
        "share-met": indicator("fulfilment", of="requirements"),
        "course-met": indicator("fulfilment", of="participants", by="either", service="course"),
        "worked-met": indicator("fulfilment", of="requirements", phase="work"),
    },
)
JANUARY = period("2016-01-01", "2016-01-31")


def book(**answers: str | None) -> Casebook:
    """One enrolment of 4 January 2016, and answers of the 8th: what was due on the 14th."""
    case = Casebook(PROGRAMME).enrol("2016-01-04")
    return answer(case, **answers).data_until("2016-12-31")


def answer(case: Casebook, *, day: str = "2016-01-08", who: int = 1, **answers: str | None) -> Casebook:
    for name, said in answers.items():
        if said is not None:
            case.fact(
                "requirement_answered",
                day,
                person=f"p{who}",
                enrolment=f"e{who}",
                requirement=name,
                answer=said,
            )
    return case


def another(
    case: Casebook, who: int, *, site: str = "north", service: str = "talks", **answers: str
) -> Casebook:
    case.enrol("2016-01-04", person=f"p{who}", enrolment=f"e{who}", site=site, service=service)
    return answer(case, who=who, **answers)


def parts(figure: Figure) -> tuple[float | None, float | None, dict[str, int]]:
    return figure.numerator, figure.denominator, dict(figure.excluded)


def met(case: Casebook, of: str = "requirements", **rest: Any) -> Figure:
    return fulfilment(case.facts(), rest.pop("over", JANUARY), of=of, **rest)  # type: ignore[arg-type]


def test_a_requirement_is_in_the_denominator_when_it_fell_due_in_the_period() -> None:
    case = book(talked="yes", written="no")
    assert parts(met(case)) == (1, 2, {})
    assert parts(met(case, over=period("2016-01-01", "2016-01-13"))) == (0, 0, {"not_yet_due": 2})
    assert parts(met(case, over=period("2016-01-15", "2016-01-31"))) == (0, 0, {})


def test_the_share_of_participants_and_the_share_of_requirements_are_two_figures() -> None:
    case = another(book(talked="yes", written="yes"), 2, talked="yes", written="no")
    assert met(case).value == 0.75
    assert met(case, "participants").value == 0.5


def test_not_answered_counts_as_not_met_and_is_told_apart() -> None:
    case = book(talked="yes")
    assert parts(met(case)) == (1, 2, {})
    [_, written, _] = requirement_counts(case.facts(), JANUARY)
    assert (written.requirement, written.not_met.value, written.not_answered.value) == ("written", 0, 1)


def test_partly_is_not_met() -> None:
    case = book(talked="partly", written="yes")
    assert met(case).value == 0.5
    assert requirement_counts(case.facts(), JANUARY)[0].partly.value == 1


def test_not_applicable_leaves_the_denominator_and_is_counted() -> None:
    case = book(talked="not_applicable", written="yes")
    assert parts(met(case)) == (1, 1, {"not_applicable": 1})
    assert met(case, "participants").value == 1


def test_what_is_not_applicable_is_counted_when_it_would_have_fallen_due_and_not_before() -> None:
    case = book(talked="not_applicable", written="yes")
    early = period("2016-01-01", "2016-01-12")
    assert parts(met(case, over=early)) == (0, 0, {"not_yet_due": 1})
    [talked, *_] = requirement_counts(case.facts(), early)
    assert (talked.not_applicable.value, talked.not_due.value) == (0, 0)


def test_a_participant_with_nothing_applicable_is_left_out() -> None:
    case = another(book(talked="yes", written="yes"), 2, talked="not_applicable", written="not_applicable")
    assert parts(met(case, "participants")) == (1, 1, {"not_applicable": 1})


def test_not_yet_due_is_counted_beside() -> None:
    case = book(talked="yes", written="yes")
    case.fact("event", "2016-01-10", event="begun")
    assert parts(met(case)) == (2, 2, {"not_yet_due": 1})
    assert parts(met(case, "participants")) == (1, 1, {})
    assert parts(met(case, "participants", phase="work")) == (0, 0, {"not_yet_due": 1})


def test_it_is_told_as_known_when_the_period_ended() -> None:
    case = answer(book(written="yes"), talked="yes", day="2016-02-10")
    assert met(case).value == 0.5
    assert met(case, over=period("2016-01-01", "2016-02-29")).value == 1


def test_a_person_enrolled_twice_has_to_meet_the_requirements_of_both() -> None:
    case = book(talked="yes", written="yes").enrol("2016-01-04", enrolment="e2", service="course")
    assert parts(met(case, "participants")) == (0, 1, {})
    assert parts(met(case)) == (2, 4, {})


def test_dated_facts_may_say_otherwise() -> None:
    case = book(talked="yes", written="yes")
    assert parts(met(case, by="measured")) == (0, 1, {"not_measured": 1})
    case.fact("event", "2016-01-09", event="met")
    assert parts(met(case, by="measured")) == (1, 1, {"not_measured": 1})


def test_either_takes_dated_facts_where_they_can_tell_and_else_the_answer() -> None:
    assert parts(met(book(talked="yes", written="yes"), by="either")) == (1, 2, {})
    assert parts(
        met(book(talked="no", written="no").fact("event", "2016-01-09", event="met"), by="either")
    ) == (
        1,
        2,
        {},
    )


def test_a_participant_whose_requirements_no_dated_facts_tell_is_left_out() -> None:
    case = book(talked="not_applicable", written="yes")
    assert parts(met(case, "participants", by="measured")) == (0, 0, {"not_measured": 1})


def test_one_phase_one_element_or_one_requirement_can_be_asked_for() -> None:
    case = book(talked="yes", written="no")
    case.fact("event", "2016-01-10", event="begun").fact("event", "2016-01-20", event="done")
    assert parts(met(case, phase="work")) == (0, 1, {})
    assert parts(met(case, element="early")) == (0, 1, {})
    assert parts(met(case, requirement="talked")) == (1, 1, {})
    assert met(case, phase="work").id == (
        "fulfilment/requirements/answered/phase.work/all/2016-01-01..2016-01-31"
    )


def test_what_is_asked_for_has_to_exist() -> None:
    for which in ({"phase": "no"}, {"element": "no"}, {"requirement": "no"}):
        with pytest.raises(KeyError, match="no"):
            met(book(), **which)


def test_units_and_sites_have_their_own() -> None:
    case = another(book(talked="yes", written="yes"), 2, site="city", talked="no", written="no")
    assert [met(case, unit=unit).value for unit in ("outreach", "centre")] == [1, 0]
    assert met(case, site="city").value == 0
    assert met(case).value == 0.5


def test_the_indicators_are_the_same_figures() -> None:
    case = another(book(talked="yes"), 2, service="course", talked="yes", written="yes")
    case.fact("event", "2016-01-09", event="met", person="p2", enrolment="e2")
    facts = case.facts()
    assert parts(level(facts, "share-met", JANUARY)) == (3, 4, {})
    assert parts(level(facts, "course-met", JANUARY)) == (1, 1, {})
    assert parts(level(facts, "worked-met", JANUARY)) == (0, 0, {})


def test_the_counts_of_a_requirement_add_up_to_its_denominator() -> None:
    case = another(book(talked="yes", written="yes"), 2, talked="no")
    another(another(case, 3, talked="partly"), 4)
    another(case, 5, talked="not_applicable")
    [talked, _, worked] = requirement_counts(case.facts(), JANUARY)
    told = [talked.met, talked.partly, talked.not_met, talked.not_answered]
    assert [figure.value for figure in told] == [1, 1, 1, 1]
    assert sum(figure.value or 0 for figure in told) == met(case, requirement="talked").denominator
    assert (talked.not_applicable.value, talked.not_due.value, worked.not_due.value) == (1, 0, 0)
    assert talked.met.id == "requirement/talked/all/2016-01-01..2016-01-31/met"


def test_what_is_not_applicable_is_counted_where_it_would_have_begun_when_no_day_is_set() -> None:
    skipped = item("Work", about=text("a"), starts=[event("begun")], skipped_by=[event("waived")])
    definition = PROGRAMME.model_dump(exclude_none=True, by_alias=True)
    changed = programme(
        events=definition["events"],
        phases={"work": skipped},
        requirements={"worked": asked(phase="work")},
    )
    case = Casebook(changed).enrol("2016-01-04").fact("event", "2016-01-05", event="waived")
    case.fact("event", "2016-01-10", event="begun").data_until("2016-12-31")
    [worked] = requirement_counts(case.facts(), JANUARY)
    assert worked.not_applicable.value == 1
    [later] = requirement_counts(case.facts(), period("2016-02-01", "2016-02-29"))
    assert (later.not_applicable.value, later.not_due.value) == (0, 0)


def test_reasons_for_no_are_those_of_the_definition_and_then_others() -> None:
    case = book()
    for who, reason in enumerate(["declined", "declined", "other", None], 2):
        case.enrol("2016-01-04", person=f"p{who}", enrolment=f"e{who}")
        case.fact(
            "requirement_answered",
            "2016-01-08",
            person=f"p{who}",
            enrolment=f"e{who}",
            requirement="talked",
            answer="no",
            reason=reason,
        )
    rows = [(row.requirement, row.reason, row.count.value) for row in reasons_for_no(case.facts(), JANUARY)]
    assert rows == [
        ("talked", "no-time", 0),
        ("talked", "declined", 2),
        ("talked", "other", 1),
        ("talked", None, 1),
    ]


def test_the_gap_between_answered_and_measured_is_told_requirement_by_requirement() -> None:
    case = book(talked="yes")
    another(another(another(case, 2, talked="no"), 3, talked="yes"), 4, talked="no")
    another(another(another(case, 5), 6), 7, talked="not_applicable")
    for who in (1, 2, 5):
        case.fact("event", "2016-01-09", event="met", person=f"p{who}", enrolment=f"e{who}")
    [gap] = answer_gaps(case.facts(), JANUARY)
    assert gap.requirement == "talked"
    told = [gap.both_met, gap.only_measured, gap.only_answered, gap.neither_met]
    assert [figure.value for figure in told] == [1, 1, 1, 1]
    assert (gap.unanswered_met.value, gap.unanswered_not_met.value, gap.cannot_tell.value) == (1, 1, 0)


def test_a_gap_that_dated_facts_cannot_tell_is_told_as_such() -> None:
    case = book(talked="yes").leave("2016-01-10").data_until("2016-12-31")
    [gap] = answer_gaps(case.facts(), JANUARY)
    assert gap.cannot_tell.value == 1


def test_what_the_phase_ended_before_it_fell_due_is_not_counted_against_anybody() -> None:
    case = Casebook(PROGRAMME).enrol("2016-01-04").leave("2016-01-10").data_until("2016-12-31")
    [gap] = answer_gaps(case.facts(), JANUARY)
    assert [gap.cannot_tell.value, gap.unanswered_not_met.value] == [0, 0]
    figure = fulfilment(case.facts(), JANUARY, of="requirements", requirement="talked")
    assert (figure.denominator, dict(figure.excluded)) == (0, {"phase_ended_first": 1})


OUTSIDE = [period("2015-10-01", "2015-12-31"), period("2017-01-01", "2017-01-31")]


@pytest.mark.parametrize("over", OUTSIDE)
def test_before_and_after_the_data_there_is_no_fulfilment(over: Period) -> None:
    figure = met(book(talked="yes"), over=over)
    assert (figure.value, figure.denominator, figure.excluded) == (None, None, {})


@pytest.mark.parametrize("over", OUTSIDE)
def test_before_and_after_the_data_nothing_is_counted_as_none(over: Period) -> None:
    """Enrolled in January with all of it still ahead: in the barometer of next year that is no old number."""
    facts = Casebook(PROGRAMME).enrol("2016-01-04").data_until("2016-01-05").facts()
    counts = requirement_counts(facts, over)
    assert counts
    assert {one.not_due.value for one in counts} == {None}
    assert {row.not_due.value for row in barometer(facts, over)} == {None}
    assert {row.not_answered.value for row in barometer(facts, over)} == {None}
    assert {one.cannot_tell.value for one in answer_gaps(facts, over)} == {None}


def test_every_reason_has_a_title() -> None:
    case = book(talked="not_applicable")
    case.fact("event", "2016-01-10", event="begun")
    reasons = {**met(case).excluded, **met(case, by="measured").excluded}
    assert set(reasons) == {"not_applicable", "not_yet_due", "not_measured"}
    assert set(reasons) <= REASONS.keys()
