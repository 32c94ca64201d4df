"""Projections are what follows from the facts: the same however they were made, and never older than they say."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import polars as pl
import pytest

import town
from indsats.steer import case_rows, worklist
from indsats.web import clock
from indsats.web.derive import project, rebuild, refresh, waiting
from indsats.web.models import Case, Draft, Due, Fact, Person, Responsible, Site, User
from indsats.web.programmes import programme
from indsats.web.record import record_of, register
from projected import assigned_are_followed, day_after, facts_hold, responsible_hold, revisions_hold, rows

pytestmark = pytest.mark.django_db
MODULE = import_module("indsats.web.derive.project")  # the function of the same name stands before it


def _active() -> Case:
    found = Case.objects.filter(state="active").select_related("person").order_by("pk").first()
    assert found is not None
    return found


def _first(field: str) -> str:
    codes = programme(town.PROGRAMME).codes_for(field)
    return next(iter(codes.values)) if codes is not None else "anything"


def _contact(case: Case) -> Fact:
    return register(
        "somebody",
        case.programme,
        "contact_attempt",
        {
            "enrolment": case.enrolment,
            "site": case.site,
            "occurred_from": clock.today(),
            "reached": False,
            "channel": _first("contact_attempt.channel"),
        },
        person=case.person,
    )


def test_the_invariants_hold_of_what_was_loaded() -> None:
    facts_hold()
    revisions_hold()
    responsible_hold()
    assigned_are_followed()


def test_made_anew_they_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    before = rows()
    assert before["Case"]
    assert before["Due"]
    assert before["Responsible"]
    assert rebuild() == Person.objects.count()
    assert rows() == before
    Case.objects.all().delete()
    assert not rows()["Due"]
    monkeypatch.setattr(MODULE, "CHUNK", 7)
    rebuild()
    assert rows() == before
    for key in Person.objects.values_list("pk", flat=True)[:12]:
        project([key])
    assert rows() == before


def test_they_are_what_the_pure_functions_say_of_the_whole_record() -> None:
    facts = record_of(town.PROGRAMME).as_of()
    day = clock.today()
    wanted = worklist(facts, day).unique()
    found = pl.DataFrame(
        list(
            Due.objects.values_list(
                "case__person__number",
                "case__enrolment",
                "queue",
                "worker",
                "role",
                "what",
                "fact",
                "opens",
                "due",
                "closes",
            )
        ),
        schema={
            name: wanted.schema[name]
            for name in (
                "person",
                "enrolment",
                "queue",
                "worker",
                "role",
                "what",
                "fact",
                "opens",
                "due",
                "closes",
            )
        },
        orient="row",
    )
    same = wanted.select(found.columns).with_columns(pl.col("enrolment", "what", "fact").fill_null(""))
    assert sorted(found.rows(), key=repr) == sorted(same.rows(), key=repr)
    cases = case_rows(facts, day)
    assert Case.objects.count() == cases.height
    states = dict(cases.group_by("state").len().iter_rows())
    for state, count in states.items():
        assert Case.objects.filter(state=state).count() == count


def test_a_new_fact_leaves_the_person_waiting_until_the_projections_are_made() -> None:
    case = _active()
    assert case.person_id not in waiting()
    _contact(case)
    assert waiting() == [case.person_id]
    project(waiting())
    assert waiting() == []
    before = rows()
    rebuild()
    assert rows() == before


def test_a_fact_that_comes_while_they_are_made_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither do rows made from what is old already stay behind as if they were new."""
    case = _active()
    meeting = {
        "enrolment": case.enrolment,
        "site": case.site,
        "occurred_from": clock.today(),
        "outcome": "planned",
        "type": _first("meeting.type"),
    }
    old = case.next_planned
    real = record_of
    came = []

    def slow(*asked: object, **how: object):
        there = real(*asked, **how)  # type: ignore[arg-type]
        if not came:
            came.append(register("other", case.programme, "meeting", meeting, person=case.person))
            project([case.person_id])  # another process has made them already
        return there

    monkeypatch.setattr(MODULE, "record_of", slow)
    project([case.person_id])
    case.refresh_from_db()
    assert case.next_planned == clock.today() != old
    assert waiting() == []


def test_a_setting_of_a_place_that_comes_while_they_are_made_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    case = _active()
    real = record_of
    asked_for = []

    def slow(*asked: object, **how: object):
        there = real(*asked, **how)  # type: ignore[arg-type]
        if not asked_for:
            Site.objects.filter(programme=case.programme, key=case.site).update(revision=10**9)
        asked_for.append(1)
        return there

    monkeypatch.setattr(MODULE, "record_of", slow)
    project([case.person_id])
    assert len(asked_for) == 2


def test_a_new_setting_of_a_place_makes_those_there_wait() -> None:
    case = _active()
    there = Fact.objects.filter(programme=case.programme, kind="site_setting", replaced_at=None).first()
    assert there is not None
    register(
        "somebody",
        case.programme,
        "site_setting",
        {"site": case.site, "occurred_from": clock.today(), **there.payload},
    )
    mine = set(Case.objects.filter(site=case.site).values_list("person", flat=True))
    assert set(waiting()) == mine


def test_merged_persons_are_made_together_in_whatever_part_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Person.objects.filter(cases__isnull=False).order_by("pk").first()
    last = Person.objects.filter(cases__isnull=False).order_by("-pk").first()
    assert first is not None
    assert last is not None
    for gone, kept in ((first, last), (last, first)):
        Person.objects.filter(pk=gone.pk).update(merged_into=kept, waiting=True)
        project([gone.pk])
        before = rows()
        assert not Case.objects.filter(person=gone).exists()
        assert Case.objects.filter(person=kept).count() >= 2
        monkeypatch.setattr(MODULE, "CHUNK", 5)
        rebuild()
        assert rows() == before
        Person.objects.filter(pk=gone.pk).update(merged_into=None, waiting=True)
        project([gone.pk, kept.pk])
        assert Case.objects.filter(person=gone).exists()


def test_a_case_that_is_still_there_keeps_what_points_to_it() -> None:
    case = _active()
    user = User.objects.order_by("pk").first()
    assert user is not None
    draft = Draft.objects.create(user=user, case=case, kind="meeting", changed=clock.now())
    rebuild()
    draft.refresh_from_db()
    assert draft.case_id == case.pk


def test_a_new_day_makes_them_of_that_day() -> None:
    later = day_after(clock.today(), 3)
    assert refresh(later) == Case.objects.values("person").distinct().count()
    assert set(Case.objects.values_list("computed_on", flat=True)) == {later}
    assert refresh(later) == 0
    before = rows()
    rebuild(later)
    assert rows() == before


def test_who_was_responsible_follows_from_the_assignments() -> None:
    case = _active()
    day = clock.today()
    role = next(iter(programme(case.programme).roles))
    Fact.objects.filter(person=case.person, kind="assigned", replaced_at=None).update(replaced_at=clock.now())
    for days, worker in ((20, "a"), (10, "b"), (10, "c"), (0, "d")):
        register(
            "tester",
            case.programme,
            "assigned",
            {
                "enrolment": case.enrolment,
                "occurred_from": max(day - timedelta(days=days), case.start or day),
                "role": role,
                "worker": worker,
            },
            person=case.person,
        )
    project([case.person_id])
    held = list(
        Responsible.objects.filter(case=case, role=role).order_by("since").values_list("worker", "until")
    )
    assert held[-1] == ("d", None)
    assert [until for _, until in held[:-1]][-1] == day - timedelta(days=1)
    assert "b" not in dict(held)
    responsible_hold()
    assigned_are_followed()
