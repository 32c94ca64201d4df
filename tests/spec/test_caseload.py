"""How many cases a worker has, and who has too many, one sentence at a time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from casebook import Casebook, item, programme, text
from indsats.steer import REASONS, RoleCaseload, caseload

ROLES: dict[str, Any] = {
    "broker": item("Broker", does=text("finds")),
    "caseworker": item("Caseworker", does=text("talks")),
    "mentor": item("Mentor", does=text("supports")),
    "both": item("Both", does=text("both"), combines=["broker", "caseworker"]),
}
PROGRAMME = programme(
    roles=ROLES,
    settings={"ceiling": item("Ceiling", value=2, unit=text("cases"), override=True)},
    caseloads={
        "brokers": item("Brokers", role="broker", most=2),
        "caseworkers": item("Caseworkers", role="caseworker", setting="ceiling"),
    },
)
DAY = date(2016, 6, 1)


def book(*sites: str) -> Casebook:
    """Enrolments e1, e2 … at these sites from 4 January 2016."""
    case = Casebook(PROGRAMME)
    for number, site in enumerate(sites, 1):
        case.enrol("2016-01-04", person=f"p{number}", enrolment=f"e{number}", site=site)
    return case


def assign(case: Casebook, worker: str | None, *cases: int, day: str = "2016-01-05", **rest: Any) -> Casebook:
    for number in cases:
        who = {"person": f"p{number}", "enrolment": f"e{number}"}
        case.fact("assigned", day, worker=worker, **{"role": "broker", **who, **rest})
    return case


def of(case: Casebook, role: str = "broker", day: date = DAY, **scope: Any) -> RoleCaseload:
    [found] = caseload(case.facts(), day, role=role, **scope)
    return found


def cases(found: RoleCaseload) -> dict[str, int]:
    return dict(found.workers.select("worker", "cases").iter_rows())


def test_cases_are_open_enrolments_by_the_worker_assigned() -> None:
    found = of(assign(assign(book("north", "north", "city"), "anna", 1, 2), "bo", 3))
    assert cases(found) == {"anna": 2, "bo": 1}
    assert (found.mean.value, found.mean.numerator, found.mean.denominator) == (1.5, 3, 2)
    assert found.most.value == 2


def test_the_latest_assignment_holds() -> None:
    case = assign(assign(book("north", "north"), "anna", 1, 2), "bo", 1, day="2016-03-01")
    assert cases(of(case)) == {"anna": 1, "bo": 1}
    assert cases(of(case, day=date(2016, 2, 1))) == {"anna": 2}


def test_an_assignment_that_has_ended_gives_the_case_back() -> None:
    case = assign(assign(book("north"), "anna", 1), "bo", 1, day="2016-03-01", to="2016-04-30")
    assert cases(of(case, day=date(2016, 4, 30))) == {"bo": 1}
    assert cases(of(case)) == {"anna": 1}


def test_a_case_that_is_closed_is_no_case() -> None:
    case = assign(book("north", "north"), "anna", 1, 2).leave("2016-06-01", person="p1", enrolment="e1")
    assert cases(of(case)) == {"anna": 1}
    assert cases(of(case, day=date(2016, 5, 31))) == {"anna": 2}


def test_a_case_without_a_worker_in_the_role_is_counted_beside() -> None:
    found = of(assign(assign(book("north", "north", "north"), "anna", 1), None, 2))
    assert found.mean.excluded == {"no_worker": 2}
    assert "no_worker" in REASONS


def test_who_fills_two_roles_at_once_has_the_cases_of_both() -> None:
    case = assign(book("north"), "anna", 1, role="both")
    assert cases(of(case)) == cases(of(case, "caseworker")) == cases(of(case, "both")) == {"anna": 1}


def test_who_has_more_than_the_ceiling_is_above_it_and_who_has_as_many_is_not() -> None:
    case = assign(assign(book(*["north"] * 5), "anna", 1, 2, 3), "bo", 4, 5)
    found = of(case)
    assert found.workers.select("worker", "ceiling", "above").rows() == [
        ("anna", 2.0, True),
        ("bo", 2.0, False),
    ]
    assert (found.above.numerator, found.above.denominator) == (1, 2)


def test_a_site_may_have_a_ceiling_of_its_own() -> None:
    case = assign(
        assign(book(*["north"] * 3, *["city"] * 3), "anna", 1, 2, 3, role="caseworker"),
        "bo",
        4,
        5,
        6,
        role="caseworker",
    )
    setting = {"person": None, "enrolment": None, "site": "city", "setting": "ceiling"}
    case.fact("site_setting", "2016-02-01", value=3.0, **setting)
    rows = of(case, "caseworker").workers.select("worker", "site", "ceiling", "above").rows()
    assert rows == [("anna", "north", 2.0, True), ("bo", "city", 3.0, False)]


def test_a_worker_with_cases_at_several_sites_belongs_where_most_of_them_are() -> None:
    found = of(assign(book("north", "city", "city"), "anna", 1, 2, 3))
    assert found.workers.select("worker", "unit", "site", "cases").rows() == [("anna", "centre", "city", 3)]


def test_without_a_ceiling_nobody_is_above_it() -> None:
    found = of(assign(book("north"), "anna", 1, role="mentor"), "mentor")
    assert found.workers["above"].to_list() == [None]
    assert (found.above.value, found.above.denominator) == (None, 0)


def test_a_unit_has_the_cases_enrolled_in_it() -> None:
    case = assign(book("north", "city"), "anna", 1, 2)
    assert cases(of(case, unit="outreach")) == {"anna": 1}


def test_left_to_itself_it_tells_the_roles_the_definition_has_a_caseload_for() -> None:
    found = caseload(assign(book("north"), "anna", 1).facts(), DAY)
    assert [one.role for one in found] == ["broker", "caseworker"]
    assert (found[1].workers.height, found[1].mean.value, found[1].most.value) == (0, None, None)


def test_an_unknown_role_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="nobody"):
        caseload(book("north").facts(), DAY, role="nobody")
