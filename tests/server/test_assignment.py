"""Giving cases to workers: ceilings, reasons, two at once, hand-overs, and who was responsible on a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Count

from indsats.web import assigning, caseloads, clock
from indsats.web.assigning import Above, Given, Taken, Unfit
from indsats.web.caseloads import Load, spread
from indsats.web.derive import project
from indsats.web.models import Case, Due, Fact, HandOver, Membership, Responsible, Site, User
from indsats.web.programmes import programme

pytestmark = pytest.mark.django_db

ROLE = "personlig-jobformidler"


@pytest.fixture
def cases() -> list[Case]:
    """Three active cases of one site."""
    sites = (
        Case.objects.filter(state="active").values_list("site").annotate(n=Count("pk")).order_by("-n", "site")
    )
    found = list(Case.objects.filter(state="active", site=sites[0][0]).order_by("pk")[:3])
    assert len(found) == 3
    return found


@pytest.fixture
def worker(cases: list[Case]) -> str:
    """A worker at the site who has no cases yet."""
    return _worker("ny-medarbejder", cases[0], None)


def _worker(name: str, case: Case, ceiling: float | None) -> str:
    user = User.objects.create_user(name, password="only for tests", name=f"Medarbejder {name}")  # noqa: S106
    Membership.objects.create(
        user=user, role="job_broker", programme=case.programme, site=case.site, function=ROLE, ceiling=ceiling
    )
    return name


def _given(cases: list[Case], worker: str) -> list[Given]:
    seen = assigning.marks(cases, ROLE)
    return [Given(case, worker, seen[case.pk]) for case in cases]


def test_assigning_writes_a_fact_of_today_and_the_lists_show_it_at_once(
    cases: list[Case], worker: str
) -> None:
    facts = assigning.assign("tovholder", ROLE, _given(cases, worker))
    assert [fact.kind for fact in facts] == ["assigned"] * 3
    assert {fact.occurred_from for fact in facts} == {clock.today()}
    assert {fact.payload["worker"] for fact in facts} == {worker}
    assert Responsible.objects.filter(case__in=cases, role=ROLE, worker=worker, until=None).count() == 3
    assert not Due.objects.filter(case__in=cases, queue="unassigned").exists()
    load = caseloads.load_of(programme(cases[0].programme), ROLE, worker)
    assert load is not None
    assert (load.cases, load.weighted) == (3, 3.0)


def test_what_is_shown_at_once_is_what_the_projections_say(cases: list[Case], worker: str) -> None:
    assigning.assign("tovholder", ROLE, _given(cases, worker))

    def held() -> list[tuple[Any, ...]]:
        rows = Responsible.objects.filter(case__in=cases).values_list(
            "case", "role", "worker", "since", "until"
        )
        return sorted(map(str, rows))

    at_once = held()
    project([case.person_id for case in cases])
    assert held() == at_once


def test_above_the_ceiling_it_is_refused_whole_without_a_reason(cases: list[Case]) -> None:
    full = _worker("fyldt", cases[0], 2)
    before = Fact.objects.count()
    with pytest.raises(Above) as refused:
        assigning.assign("tovholder", ROLE, _given(cases, full))
    assert [one.worker for one in refused.value.loads] == [full]
    assert Fact.objects.count() == before
    facts = assigning.assign("tovholder", ROLE, _given(cases, full), override="Kollega er syg til maj")
    assert all(fact.source == "over ceiling: Kollega er syg til maj" for fact in facts)
    assert HandOver.objects.filter(case__in=cases, taker=full, override="Kollega er syg til maj").count() == 3


def test_only_who_passes_the_ceiling_needs_the_reason(cases: list[Case], worker: str) -> None:
    full = _worker("fyldt", cases[0], 0.5)
    seen = assigning.marks(cases, ROLE)
    given = [
        Given(cases[0], full, seen[cases[0].pk]),
        *(Given(one, worker, seen[one.pk]) for one in cases[1:]),
    ]
    facts = {
        fact.payload["worker"]: fact.source for fact in assigning.assign("t", ROLE, given, override="Aftalt")
    }
    assert facts == {full: "over ceiling: Aftalt", worker: "screen"}


def test_of_two_who_assign_the_same_case_the_second_sees_the_first(cases: list[Case], worker: str) -> None:
    other = _worker("en-anden", cases[0], None)
    both_saw = _given(cases, worker)
    second = [Given(one.case, other, one.seen) for one in both_saw]
    assigning.assign("tovholder-a", ROLE, both_saw[:1])
    before = Fact.objects.count()
    with pytest.raises(Taken) as refused:
        assigning.assign("tovholder-b", ROLE, second)
    (fact,) = refused.value.by_case.values()
    assert (fact.recorded_by, fact.payload["worker"]) == ("tovholder-a", worker)
    assert Fact.objects.count() == before, "all or nothing"


def test_somebody_without_the_role_or_gone_is_no_taker(cases: list[Case], worker: str) -> None:
    with pytest.raises(Unfit):
        assigning.assign("t", ROLE, _given(cases, "findes-ikke"))
    User.objects.filter(username=worker).update(is_active=False)
    with pytest.raises(Unfit):
        assigning.assign("t", ROLE, _given(cases, worker))


def test_until_the_taker_accepts_the_giver_is_responsible(cases: list[Case], worker: str) -> None:
    taker = _worker("tager", cases[0], None)
    assigning.assign("t", ROLE, _given(cases[:1], worker))
    asked = assigning.ask(cases[0], ROLE, worker, taker, "Jeg går på barsel")
    assert assigning.holders(cases[:1], ROLE)[cases[0].pk].payload["worker"] == worker
    assert assigning.waiting_for(taker) == 1
    fact = assigning.accept(asked, "Det er fint")
    assert (fact.payload["worker"], fact.occurred_from, fact.source) == (taker, clock.today(), "hand-over")
    assert assigning.holders(cases[:1], ROLE)[cases[0].pk].payload["worker"] == taker
    assert assigning.waiting_for(taker) == 0
    with pytest.raises(Taken):
        assigning.accept(asked)


def test_a_question_answered_no_changes_nothing(cases: list[Case], worker: str) -> None:
    taker = _worker("tager", cases[0], None)
    assigning.assign("t", ROLE, _given(cases[:1], worker))
    asked = assigning.ask(cases[0], ROLE, worker, taker, "Ferie")
    before = Fact.objects.count()
    assert assigning.decline(asked, "Jeg har ikke plads")
    assert not assigning.decline(asked, "to gange")
    assert Fact.objects.count() == before
    asked.refresh_from_db()
    assert (asked.accepted, asked.answer) == (False, "Jeg har ikke plads")


def test_a_case_the_giver_has_lost_meanwhile_cannot_be_accepted(cases: list[Case], worker: str) -> None:
    taker, third = _worker("tager", cases[0], None), _worker("tredje", cases[0], None)
    assigning.assign("t", ROLE, _given(cases[:1], worker))
    asked = assigning.ask(cases[0], ROLE, worker, taker, "Ferie")
    assigning.assign("t", ROLE, _given(cases[:1], third))
    with pytest.raises(Taken):
        assigning.accept(asked)


def test_a_taker_above_the_ceiling_says_why(cases: list[Case], worker: str) -> None:
    taker = _worker("tager", cases[0], 0.5)
    assigning.assign("t", ROLE, _given(cases[:1], worker))
    asked = assigning.ask(cases[0], ROLE, worker, taker, "Ferie")
    with pytest.raises(Above):
        assigning.accept(asked)
    asked.refresh_from_db()
    assert asked.answered is None
    fact = assigning.accept(asked, override="Kun i to uger")
    assert fact.source == "over ceiling: Kun i to uger"


def test_the_ceiling_is_the_workers_own_or_the_programmes() -> None:
    of = programme("flere-skal-med")
    site = Site.objects.filter(programme=of.programme).first()
    assert site is not None
    asked = next(iter(of.caseloads.values()))
    found = {one.worker: one for one in caseloads.loads(of, asked.role, [site.key])}
    assert found
    assert all(one.ceiling == asked.most for one in found.values())
    assert all(one.typical == asked.typical for one in found.values())


def _load(worker: str, weighted: float, ceiling: float | None) -> Load:
    return Load(worker, worker, ROLE, (None,), int(weighted), weighted, ceiling)


def test_cases_are_spread_evenly_below_the_ceilings() -> None:
    takers = [_load("a", 10, 20), _load("b", 0, 10), _load("c", 4, 5)]
    found = spread([(f"s{n:02}", 1.0) for n in range(12)], takers)
    has = {"a": 10, "b": 0, "c": 4}
    for worker in found.given.values():
        has[worker] += 1
    assert not found.left
    assert all(has[one.worker] <= (one.ceiling or 0) for one in takers)
    assert has["b"] > has["c"]


def test_what_nobody_has_room_for_is_left_unless_it_may_go_beyond() -> None:
    takers = [_load("a", 9, 10)]
    cases = [("x", 1.0), ("y", 1.0), ("z", 0.5)]
    assert spread(cases, takers).left == ("y", "z")
    beyond = spread(cases, takers, beyond=True)
    assert set(beyond.given) == {"x", "y", "z"}
    assert spread(cases, []).left == ("x", "y", "z")


def test_who_was_responsible_on_a_day_follows_from_the_facts(cases: list[Case], worker: str) -> None:
    old = assigning.holders(cases[:1], ROLE).get(cases[0].pk)
    assigning.assign("t", ROLE, _given(cases[:1], worker))
    project([cases[0].person_id])
    today = clock.today()
    on = caseloads.responsible_on(Case.objects.filter(pk=cases[0].pk), today)
    assert (ROLE, worker) in {(row.role, row.worker) for row in on}
    before = caseloads.responsible_on(Case.objects.filter(pk=cases[0].pk), today - timedelta(days=1))
    assert {row.worker for row in before if row.role == ROLE} == ({old.payload["worker"]} if old else set())
