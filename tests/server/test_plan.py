"""The page of a plan: goal and versions, sub-goals, the calendar with load and clashes, job goals; and who sees it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import cast
from filled_form import Fields, serve

pytestmark = pytest.mark.django_db

MOST = 15
"""So many questions to the database a page may ask."""
OF = "flere-skal-med"
BY = f"prøve-{OF}"


def today() -> Any:
    from indsats.web import clock

    return clock.today()


def page_of(client: Any, case: Any) -> str:
    answer = client.get(reverse("case-plan", args=[case.public]))
    assert answer.status_code == 200
    return answer.content.decode()


def text_of(page: str) -> str:
    """What a reader sees, without tags and with single blanks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def part(page: str, name: str) -> str:
    """What a reader sees of one panel."""
    return text_of(
        page[page.index(f'<section class="panel" id="{name}"') :].split('<section class="panel"')[1]
    )


def links(page: str, name: str) -> list[str]:
    """The addresses of links whose text begins so."""
    found = re.findall(r'<a href="([^"]+)"[^>]*>(.*?)</a>', page, re.S)
    return [unescape(href) for href, said in found if text_of(said).startswith(name)]


@pytest.fixture
def theirs(client: Any) -> tuple[Any, Any]:
    """A client of somebody who may do all in a programme, and a case with nothing in it but its beginning."""
    from indsats.web.models import User

    case = serve(OF)
    client.force_login(User.objects.get(username=BY))
    return client, case


def told(case: Any, kind: str, first: int, last: int | None = None, **said: Any) -> Any:
    """Register a fact that runs from and to so many days from today."""
    from indsats.web.record import register

    values = {
        "occurred_from": (today() + timedelta(days=first)).isoformat(),
        "occurred_to": None if last is None else (today() + timedelta(days=last)).isoformat(),
        "enrolment": case.enrolment,
        "site": case.site,
    }
    return register(BY, case.programme, kind, values | _texts(said), person=case.person)


def _texts(said: dict[str, Any]) -> dict[str, str]:
    return {name: str(one).lower() if isinstance(one, bool) else str(one) for name, one in said.items()}


def meeting(case: Any, day: int, **said: Any) -> Any:
    return told(case, "meeting", day, type="samtale", outcome="planned", **said)


def test_an_empty_plan_says_so_and_what_a_cv_is_to_hold(theirs: tuple[Any, Any]) -> None:
    client, case = theirs
    page = page_of(client, case)
    assert "Der er ingen plan endnu" in part(page, "goal")
    assert "Planen har ingen delmål endnu" in part(page, "subgoals")
    assert "Der løber ikke noget i perioden" in part(page, "calendar")
    assert "Intet støder sammen" in part(page, "clashes")
    assert "Intet med oplyste timer" in part(page, "load")
    assert "Et CV skal mindst indeholde" in part(page, "jobs")
    assert '<svg class="plan' not in page
    assert links(page, "Lav en plan")
    assert (
        reverse("case-plan", args=[case.public])
        in client.get(reverse("case", args=[case.public])).content.decode()
    )


def test_goal_versions_and_who_agreed_to_each(theirs: tuple[Any, Any]) -> None:
    client, case = theirs
    told(case, "plan", -90, goal="Kontorjob", agreed_by_citizen=True)
    told(case, "plan", -40, goal="Lagerjob", agreed_by_citizen=False)
    told(case, "plan", -20, goal="Fleksjob", on_behalf="borgeren er indlagt")
    told(case, "plan", -2, goal="Job i køkken", barrierer="Angst")
    page = page_of(client, case)
    shown = part(page, "goal")
    now, before = shown.split("Tidligere udgaver (3)")
    assert "Job i køkken" in now
    assert "Det er ikke oplyst, om borgeren er enig" in now
    assert "Angst" in now
    assert "Prøve Prøvesen" in now
    assert before.index("Fleksjob") < before.index("Lagerjob") < before.index("Kontorjob")
    assert re.search(r"Fleksjob.{0,8}Aftalt på borgerens vegne fordi borgeren er indlagt", before)
    assert re.search(r"Lagerjob.{0,8}Borgeren er ikke enig", before)
    assert re.search(r"Kontorjob.{0,8}Borgeren er enig", before)


def test_a_sub_goal_has_its_activities_and_the_answers_of_its_last_review(theirs: tuple[Any, Any]) -> None:
    client, case = theirs
    told(
        case, "activity", -30, 30, subgoal="Komme op om morgenen", activity="Morgencafé", by="Væresteder",
        purpose="Få rytme i dagen", hours_per_week=6, status="under_way",
    )  # fmt: skip
    told(case, "subgoal_reviewed", -21, subgoal="Komme op om morgenen", status="not_started", adjust=False)
    told(
        case, "subgoal_reviewed", -7, subgoal="Komme op om morgenen", status="under_way", activities_work=False,
        adjust=True, other_activities=False,
    )  # fmt: skip
    told(case, "subgoal_reviewed", -7, subgoal="Skrive en ansøgning", status="under_way")
    told(case, "subgoal_reviewed", -60, subgoal="Få et kørekort", status="reached", adjust=True)
    page = page_of(client, case)
    shown = part(page, "subgoals")
    morning, rest = shown.split("Skrive en ansøgning", 1)
    assert "Gennemgået 2 gange" in morning
    for said in ("Morgencafé", "Få rytme i dagen", "Væresteder", "6"):
        assert said in morning
    assert morning.count("skal følges op") == 2, "the activities do not work, and are to be adjusted"
    assert "Ingen aktivitet fører til delmålet" in rest.split("Få et kørekort")[0]
    over = rest.split("Få et kørekort")[1]
    assert "Ingen aktivitet" not in over
    assert "Skal indholdet justeres? Ja" in over
    assert "skal følges op" not in over
    assert len(links(page, "Gennemgå")) == 2, "what is reached is not reviewed again"


def test_forms_begin_from_the_plan_and_the_sub_goal(theirs: tuple[Any, Any]) -> None:
    client, case = theirs
    told(case, "plan", -20, goal="Job i køkken", agreed_by_citizen=True, barrierer="Angst", plantype="ny")
    told(
        case,
        "activity",
        -30,
        30,
        subgoal="Komme op",
        activity="Morgencafé",
        hours_per_week=6,
        status="under_way",
    )
    page = page_of(client, case)
    (again,) = links(page, "Ny udgave af planen")
    form = Fields(client.get(again).content.decode())
    assert form.values["goal"] == ["Job i køkken"]
    assert form.values["barrierer"] == ["Angst"]
    assert form.values["plantype"] == ["ny"]
    assert form.values["occurred_from"] == [today().isoformat()]
    assert not any(form.values.get("agreed_by_citizen", [])), "who agrees is asked anew"
    (review,) = links(page, "Gennemgå")
    assert Fields(client.get(review).content.decode()).values["subgoal"] == ["Komme op"]
    (more,) = links(page, "Føj aktivitet til")
    form = Fields(client.get(more).content.decode())
    assert form.values["subgoal"] == ["Komme op"]
    assert form.values["activity"] == [""]
    sent = {name: said[-1] for name, said in form.values.items() if said}
    answer = client.post(more, sent | {"activity": "Vækkeur", "status": "planned"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("case-plan", args=[case.public])
    assert "Vækkeur" in part(page_of(client, case), "subgoals")


def test_a_form_takes_nothing_from_what_is_withdrawn_unknown_or_somebody_elses(
    theirs: tuple[Any, Any],
) -> None:
    from indsats.web.models import Case, Person
    from indsats.web.record import register, withdraw
    from indsats.web.screens.case_words import fact_key

    client, case = theirs
    gone = told(case, "plan", -20, goal="Job i køkken")
    withdraw(BY, gone, reason="fejl", version=1)
    other = Person.objects.create(number="0231800001", name="En Anden")
    values = {"enrolment": "e-anden", "site": case.site, "occurred_from": "2019-03-04"}
    register(BY, OF, "enrolled", {**values, "service": case.service}, person=other)
    secret = register(BY, OF, "plan", {**values, "goal": "Hemmeligt"}, person=other)
    assert not Case.objects.filter(person=other, pk=case.pk).exists()
    form = reverse("register", args=[case.public, "plan"])
    for key in (fact_key(gone.fact), fact_key(secret.fact), "~findes-ikke", "\x00", "x" * 3000):
        answer = client.get(form, {"from": key})
        assert answer.status_code == 200
        assert Fields(answer.content.decode()).values["goal"] == [""], key


def test_sub_goals_are_suggested_across_activities_and_reviews(theirs: tuple[Any, Any]) -> None:
    client, case = theirs
    told(case, "activity", -30, 30, subgoal="Komme op", activity="Morgencafé", status="under_way")
    told(case, "subgoal_reviewed", -7, subgoal="Skrive en ansøgning", status="under_way")
    for kind in ("activity", "subgoal_reviewed"):
        page = client.get(reverse("register", args=[case.public, kind])).content.decode()
        offered = re.search(r'<datalist id="[^"]*subgoal[^"]*">(.*?)</datalist>', page, re.S)
        assert offered is not None
        assert set(re.findall(r'value="([^"]+)"', offered[1])) == {"Komme op", "Skrive en ansøgning"}


def test_the_calendar_holds_what_runs_at_once_and_the_week_adds_it_up(theirs: tuple[Any, Any]) -> None:
    from indsats.language import day

    client, case = theirs
    told(
        case,
        "activity",
        -30,
        30,
        subgoal="Komme op",
        activity="Morgencafé",
        hours_per_week=6,
        status="under_way",
    )
    told(
        case, "activity", -30, 30, subgoal="Komme op", activity="Droppet", hours_per_week=30, status="dropped"
    )
    told(
        case,
        "parallel_effort",
        -60,
        None,
        type="misbrugsbehandling",
        by="Rusmiddelcentret",
        hours_per_week=12.5,
    )
    told(case, "placement", -60, 9, type="virksomhedspraktik", employer="Gartneren", hours_per_week=20)
    told(case, "hours", -20, None, type="ordinary", hours_per_week=4, evidence="payslip")
    told(case, "placement", -400, -300, type="virksomhedspraktik", employer="Længe siden")
    page = page_of(client, case)
    shown = part(page, "calendar")
    for said in ("Morgencafé", "Rusmiddelcentret", "Gartneren", "12,5", "20"):
        assert said in shown
    assert "Droppet" not in shown
    assert "Længe siden" not in shown
    for source in ("activity", "parallel_effort", "placement"):
        assert f'<rect class="{source}"' in page
    # 6 + 12.5 + the greater of 20 agreed and 4 worked
    load = part(page, "load")
    assert "38,5 timer om ugen lige nu" in load
    assert "1,5 timer mere end en fuld uge" in load
    assert '<rect class="load over"' in page
    clash = part(page, "clashes")
    assert (
        f"{day(today(), 'da')}: mere end en fuld uge, til {day(today() + timedelta(days=9), 'da')}" in clash
    )
    assert clash.count("fuld uge") == 1
    assert not re.search(r'(x|y|width|height|x1|cx)="[^"]*,', page), (
        "a drawing has points, whatever the language"
    )


def test_what_does_not_fit_is_told_with_its_day(theirs: tuple[Any, Any]) -> None:
    from indsats.language import day
    from indsats.workdays import day_off

    client, case = theirs
    ahead = today() + timedelta(days=3)
    free = next(n for n in range(4, 30) if day_off(today() + timedelta(days=n), "da"))
    meeting(case, 3)
    meeting(case, 3)
    meeting(case, free)
    told(case, "pause", -1, 3, reason="sygdom")
    page = page_of(client, case)
    shown = part(page, "clashes")
    assert f"{day(ahead, 'da')}: 2 møder samme dag" in shown
    assert f"{day(ahead, 'da')}: møde i en pause" in shown
    assert f"{day(today() + timedelta(days=free), 'da')}: møde på en fridag" in shown
    assert "Intet støder sammen" not in shown
    assert page.count('<circle class="meeting"') == 3


def test_job_goals_and_what_the_cv_lacks(theirs: tuple[Any, Any]) -> None:
    client, case = theirs
    told(case, "job_goal", -30, level="B", occupation="Kok")
    told(case, "job_goal", -60, level="A", occupation="Opvasker")
    told(case, "job_goal", -10, level="A", occupation="Køkkenmedhjælper")
    told(case, "cv", -40, published=True, **{"cv-kompetencer": True, "cv-erfaring": True})
    told(
        case, "cv", -5, published=False, **{"cv-kompetencer": True, "cv-erfaring": False, "cv-jobmaal": True}
    )
    shown = part(page_of(client, case), "jobs")
    assert shown.index("Køkkenmedhjælper") < shown.index("Kok")
    assert "Opvasker" not in shown
    assert "ikke lagt ud" in shown
    assert "CV'et mangler 2 ting" in shown
    assert "Erfaring fra job" in shown
    assert "Skolegang" in shown
    assert "Kompetencer, også" not in shown
    least = {name: True for name in ("cv-kompetencer", "cv-erfaring", "cv-uddannelse", "cv-jobmaal")}
    told(case, "cv", -1, published=True, **least)
    shown = part(page_of(client, case), "jobs")
    assert "CV'et har det, det mindst skal indeholde" in shown
    assert "mangler" not in shown


def test_the_form_of_a_cv_asks_for_what_it_is_to_hold(theirs: tuple[Any, Any]) -> None:
    client, case = theirs
    page = client.get(reverse("register", args=[case.public, "cv"])).content.decode()
    form = Fields(page)
    for name in ("cv-kompetencer", "cv-erfaring", "cv-uddannelse", "cv-jobmaal"):
        assert "true" in form.choices[name]
        assert name not in form.required
    answer = client.post(
        reverse("register", args=[case.public, "cv"]),
        {"published": "false", "occurred_from": today().isoformat(), "cv-kompetencer": "true"},
    )
    assert answer.status_code == 302
    assert "CV'et mangler 3 ting" in part(page_of(client, case), "jobs")


def another_course(person: Any, programme: str, site: str) -> Any:
    """The person begins in another programme at a site, with an effort, an activity and a meeting there."""
    from indsats.library import definition_path
    from indsats.programme import load
    from indsats.web import clock
    from indsats.web.derive import project
    from indsats.web.models import Case, Served, Site
    from indsats.web.record import register

    known = load(definition_path(programme))
    Served.objects.create(
        programme=programme, definition=str(definition_path(programme)), synthetic=True, since=clock.now()
    )
    Site.objects.create(programme=programme, key=site, unit=next(iter(known.units)), name="Der")
    values = {"enrolment": f"e-{programme}", "site": site}
    register(
        BY, programme, "enrolled",
        {**values, "occurred_from": "2019-06-03", "service": next(iter(known.services))}, person=person,
    )  # fmt: skip
    begun = {**values, "occurred_from": (today() - timedelta(days=9)).isoformat()}
    register(
        BY, programme, "activity",
        {**begun, "subgoal": "Bo selv", "activity": "Hjemmevejleder", "hours_per_week": "10", "status": "under_way"},
        person=person,
    )  # fmt: skip
    soon = {**values, "occurred_from": (today() + timedelta(days=3)).isoformat()}
    kind = next(iter(known.codes_for("meeting.type").values))  # type: ignore[union-attr]
    register(BY, programme, "meeting", {**soon, "type": kind, "outcome": "planned"}, person=person)
    project([person.pk])
    return Case.objects.get(person=person, programme=programme)


def test_another_department_is_on_the_calendar_of_those_alone_who_see_its_course(
    theirs: tuple[Any, Any],
) -> None:
    from indsats.web.models import Membership, User

    client, case = theirs
    other = "effektiv-indsats"
    meeting(case, 3)
    told(case, "parallel_effort", -9, None, type="misbrugsbehandling", hours_per_week=30)
    there = another_course(case.person, other, "der")
    page = page_of(client, case)
    for name in ("calendar", "clashes", "load", "subgoals"):
        assert "Hjemmevejleder" not in part(page, name)
    assert "2 møder samme dag" not in text_of(page)
    assert "30 timer om ugen lige nu" in part(page, "load")
    assert '<rect class="course"' not in page
    assert there.public not in page

    Membership.objects.create(
        user=User.objects.get(username=BY), role="coordinator", programme=other, site=None
    )
    page = page_of(client, case)
    shown = part(page, "calendar")
    assert "Hjemmevejleder" in shown
    assert "· i " in shown
    assert "Bo selv" not in part(page, "subgoals"), "the plan is this course's"
    assert "40 timer om ugen lige nu" in part(page, "load")
    assert "3 timer mere end en fuld uge" in part(page, "load")
    assert "2 møder samme dag" in part(page, "clashes")
    assert '<rect class="course"' in page


def test_what_was_left_open_in_a_course_that_ended_runs_no_longer(theirs: tuple[Any, Any]) -> None:
    from indsats.language import day
    from indsats.web.derive import project
    from indsats.web.models import Case
    from indsats.web.record import register

    client, case = theirs
    told(case, "parallel_effort", -200, None, type="misbrugsbehandling", hours_per_week=11)
    told(case, "parallel_effort", -200, 20, type="mentor", hours_per_week=3)
    told(case, "exit", -30)
    begun = {"enrolment": "e-anden", "service": case.service, "site": case.site}
    register(
        BY,
        OF,
        "enrolled",
        begun | {"occurred_from": (today() - timedelta(days=20)).isoformat()},
        person=case.person,
    )
    project([case.person_id])
    page = page_of(client, Case.objects.get(enrolment="e-anden"))
    shown = part(page, "calendar")
    assert f"til {day(today() - timedelta(days=30), 'da')}" in shown
    assert "i et andet forløb her" in shown
    assert "3 timer om ugen lige nu" in part(page, "load")


def test_who_does_not_see_hours_sees_no_load_and_is_told_so(client: Any) -> None:
    whose = cast.made("cti_worker")
    client.force_login(whose.user)
    case = whose.sample("own").case
    told(case, "hours", -20, None, type="ordinary", hours_per_week=33, evidence="payslip")
    told(case, "placement", -20, 20, type="virksomhedspraktik", hours_per_week=35)
    page = page_of(client, case)
    assert "Vises ikke" in part(page, "load")
    assert "timer." in part(page, "load")
    assert "33" not in part(page, "load")
    assert "lige nu" not in text_of(page)
    assert '<rect class="load' not in page
    assert "det er ikke med i kalenderen: timer." in part(page, "calendar")
    assert '<rect class="placement"' in page


def test_a_role_that_sees_no_placements_has_none_of_them_in_the_calendar(
    theirs: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from indsats.web.rights import scope as rights_of

    client, case = theirs
    told(case, "placement", -20, 20, type="virksomhedspraktik", employer="Gartneren", hours_per_week=35)
    meeting(case, 3)
    meeting(case, 3)
    told(case, "job_goal", -10, level="A", occupation="Kok")
    hidden = ("placement", "meeting", "job_goal", "cv")
    without = {
        key: [right for right in held if right.kind not in hidden]
        for key, held in rights_of.__globals__["_OF"].items()
    }
    monkeypatch.setitem(rights_of.__globals__, "_OF", without)
    page = page_of(client, case)
    assert "Gartneren" not in page
    assert "35" not in part(page, "load")
    assert "2 møder" not in text_of(page)
    assert 'id="jobs"' not in page
    assert "virksomhedsforløb eller tilbud, samtale eller møde" in part(page, "calendar")


@pytest.mark.parametrize(
    "role",
    ["caseworker", "company_consultant", "cti_worker", "administrator", "evaluator", "citizen", "manager"],
)
def test_what_may_not_be_seen_is_as_if_it_were_not_there(client: Any, role: str) -> None:
    whose = cast.made(role)
    client.force_login(whose.user)
    nowhere = cast.opened(client, "case-plan", public=cast.NOWHERE)
    assert nowhere.status == 404
    seen = 0
    for one in whose.samples:
        found = cast.opened(client, "case-plan", public=one.case.public)
        of_case = whose.may("see", "case", one)
        if of_case and whose.may("see", "plan", one):
            seen += found.status == 200
            continue
        assert found.status == 404, one.name
        if not of_case:
            assert found.plain == nowhere.plain, one.name
            assert found.queries == nowhere.queries, one.name
            continue
        page = client.get(reverse("case", args=[one.case.public])).content.decode()
        assert reverse("case-plan", args=[one.case.public]) not in page
    assert bool(seen) == (role in ("caseworker", "cti_worker", "manager"))


def questions(client: Any, case: Any) -> int:
    with CaptureQueriesContext(connection) as asked:
        page_of(client, case)
    assert len(asked) <= MOST, [one["sql"][:120] for one in asked.captured_queries]
    return len(asked)


def test_few_questions_however_many_facts_one_read_and_no_number(theirs: tuple[Any, Any]) -> None:
    from indsats.web.models import Access

    client, case = theirs
    told(case, "plan", -40, goal="Job 0", agreed_by_citizen=True)
    told(case, "activity", -40, 30, subgoal="Delmål 0", activity="Gå 0", hours_per_week=1, status="under_way")
    few = questions(client, case)
    for n in range(1, 13):
        told(case, "plan", -40 + n, goal=f"Job {n}", agreed_by_citizen=True)
        told(
            case,
            "activity",
            -40,
            30 + n,
            subgoal=f"Delmål {n}",
            activity=f"Gå {n}",
            hours_per_week=1,
            status="under_way",
        )
        told(case, "subgoal_reviewed", -5, subgoal=f"Delmål {n}", status="under_way", adjust=True)
        told(case, "parallel_effort", -n, None, type="misbrugsbehandling", hours_per_week=1)
        told(case, "placement", -n, 5, type="virksomhedspraktik", hours_per_week=n)
        meeting(case, n)
    assert questions(client, case) == few
    page = page_of(client, case)
    assert set(Access.objects.filter(case=case.public).values_list("what", flat=True)) == {"case-plan"}
    assert case.person.name in page
    assert case.person.number not in page


@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_case_of_the_town_can_be_shown(signed_in: Callable[[str], Any], lang: str) -> None:
    from indsats.web.models import Case, User
    from indsats.web.rights import Reader, scope

    client = signed_in("coordinator")
    client.cookies["lang"] = lang
    reader = Reader.of(User.objects.get(pk=client.session["_auth_user_id"]))
    cases = list(scope(reader, Case)[:25])
    assert cases
    drawn = 0
    for case in cases:
        page = page_of(client, case)
        assert f'<html lang="{lang}"' in page
        assert not re.search(r"\{\w+\}|\bNone\b", text_of(page))
        drawn += '<svg class="plan' in page
    assert drawn
