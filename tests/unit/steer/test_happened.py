"""From happenings of a definition to facts of enrolments."""

from __future__ import annotations

from datetime import date
from typing import Any

from casebook import Casebook, item, programme, text
from indsats.programme import Happening
from indsats.steer import happened

PROGRAMME = programme(
    events={name: item(name, values={"good": item()}) for name in ("cv", "plan")},
    roles={
        "broker": item("Broker", does=text("finds")),
        "caseworker": item("Caseworker", does=text("talks")),
        "both": item("Both", does=text("both"), combines=["broker", "caseworker"]),
    },
)


def found(case: Casebook, *happenings: Any, until: str = "2016-12-31", **rest: Any) -> list[str]:
    """Kind and day of what happened."""
    parts = [Happening.model_validate(one) for one in happenings]
    table = happened(case.facts(), parts, date.fromisoformat(until), **rest)
    assert table.columns == ["enrolment", "person", "unit", "site", "service", "day", "end", "kind", "id"]
    return [f"{kind} {day:%m-%d}" for kind, day in table.select("kind", "day").iter_rows()]


def book() -> Casebook:
    return Casebook(PROGRAMME).enrol("2016-01-04")


def test_any_of_the_list_in_the_order_of_days() -> None:
    case = (
        book()
        .fact("event", "2016-03-01", event="plan")
        .meet("2016-02-01")
        .fact("cv", "2016-04-01", published=True)
    )
    assert found(case, {"event": "plan"}, {"kind": "meeting"}, {"kind": "enrolled"}) == [
        "enrolled 01-04",
        "meeting 02-01",
        "event 03-01",
    ]
    assert found(case) == []


def test_an_event_with_a_rule_has_to_satisfy_both() -> None:
    case = (
        book()
        .fact("event", "2016-02-01", event="cv", value="good")
        .fact("event", "2016-03-01", event="plan", value="good")
    )
    case.fact("event", "2016-04-01", event="cv", value="bad")
    assert found(case, {"event": "cv", "where": 'value == "good"'}) == ["event 02-01"]


def test_a_fact_that_satisfies_two_happenings_is_one() -> None:
    case = book().fact("event", "2016-02-01", event="cv", value="good")
    assert found(case, {"event": "cv"}, {"kind": "event"}) == ["event 02-01"]


def test_what_one_happening_cannot_decide_another_may() -> None:
    case = book().fact("event", "2016-02-01", event="cv")
    unsure = {"event": "cv", "where": 'value == "good"'}
    assert found(case, unsure) == []
    assert found(case, unsure, {"event": "cv"}) == found(case, {"event": "cv"}, unsure) == ["event 02-01"]


def test_nothing_later_and_nothing_without_enrolment() -> None:
    case = book().meet("2016-02-01", enrolment=None).meet("2016-03-01").meet("2016-05-01")
    assert found(case, {"kind": "meeting"}, until="2016-04-01") == ["meeting 03-01"]


def test_only_facts_of_enrolments_in_the_service() -> None:
    case = book().enrol("2016-01-04", enrolment="e2", service="course").meet("2016-02-01")
    case.meet("2016-03-01", enrolment="e2")
    assert found(case, {"kind": "meeting"}, service="course") == ["meeting 03-01"]


def test_a_planned_meeting_happens_where_it_is_asked_for() -> None:
    case = book().meet("2016-02-01", "planned")
    assert found(case, {"kind": "meeting"}) == []
    assert found(case, {"kind": "meeting", "where": 'outcome == "planned"'}) == ["meeting 02-01"]


def test_a_combined_role_is_each_of_its_roles_and_one_assignment() -> None:
    case = book().fact("assigned", "2016-02-01", role="both", worker="w")
    for role in ("both", "broker", "caseworker"):
        assert found(case, {"kind": "assigned", "where": f'role == "{role}"'}) == ["assigned 02-01"]
    assert found(case, {"kind": "assigned", "where": 'role in ["broker", "caseworker"]'}) == [
        "assigned 02-01"
    ]
    assert found(case, {"kind": "assigned"}) == ["assigned 02-01"]


def test_time_is_counted_to_the_day_asked_about() -> None:
    case = book().meet("2016-02-01")
    long_ago = {"kind": "meeting", "where": "days_since(occurred_from) >= 30"}
    assert found(case, long_ago, until="2016-03-01") == []
    assert found(case, long_ago, until="2016-03-02") == ["meeting 02-01"]
