"""The pages of assignment without a script: giving, refusing, two at once, moving many, handing over, who had it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from filled_form import Fields
from indsats.web import assigning, clock
from indsats.web.models import Access, Case, Due, Fact, HandOver, Membership, Person, Responsible, User

pytestmark = pytest.mark.django_db

ROLE = "personlig-jobformidler"
SignIn = Callable[[str], Any]


@pytest.fixture
def cases() -> list[Case]:
    """Four active cases of one site; nobody is responsible for them as far as the lists know."""
    sites = (
        Case.objects.filter(state="active").values_list("site").annotate(n=Count("pk")).order_by("-n", "site")
    )
    found = list(
        Case.objects.filter(state="active", site=sites[0][0]).select_related("person").order_by("pk")[:4]
    )
    assert len(found) == 4
    Person.objects.filter(cases__in=found).update(protected=False)
    for case in found:
        Due.objects.filter(case=case, queue="unassigned").delete()
        Due.objects.create(
            case=case, programme=case.programme, site=case.site, queue="unassigned", opens=clock.today()
        )
    return found


def _user(name: str, role: str, case: Case, ceiling: float | None = None) -> User:
    user = User.objects.create_user(name, password="only for tests", name=f"{name.title()} Prøve")  # noqa: S106
    function = ROLE if role == "job_broker" else None
    Membership.objects.create(
        user=user, role=role, programme=case.programme, site=case.site, function=function, ceiling=ceiling
    )
    return user


@pytest.fixture
def coordinator(client: Any, cases: list[Case]) -> Any:
    """A coordinator of the site, signed in."""
    client.force_login(_user("tove", "coordinator", cases[0]))
    return client


def _sent(content: str, **more: Any) -> dict[str, Any]:
    """The hidden fields of the page, and what is filled in."""
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', content)
    return {**{name: value for name, value in hidden if name != "csrfmiddlewaretoken"}, **more}


def _page(client: Any, case: Case) -> tuple[str, str]:
    url = f"{reverse('assignment')}?programme={case.programme}&sted={case.site}&rolle={ROLE}"
    return url, client.get(url).content.decode()


def test_the_page_shows_who_waits_and_what_everybody_has(coordinator: Any, cases: list[Case]) -> None:
    _user("fuld", "job_broker", cases[0], 3)
    with CaptureQueriesContext(connection) as queries:
        _, content = _page(coordinator, cases[0])
    assert len(queries) <= 15, "\n".join(one["sql"][:90] for one in queries)
    assert all(case.person.name in content for case in cases)
    assert "0 af 3" in content
    assert set(Access.objects.values_list("case", flat=True)) >= {case.pk for case in cases}


def test_the_chosen_are_given(coordinator: Any, cases: list[Case]) -> None:
    _user("ny", "job_broker", cases[0])
    _, content = _page(coordinator, cases[0])
    sent = _sent(content, sag=[cases[0].pk, cases[1].pk], til="ny", over="")
    answer = coordinator.post(reverse("assign"), sent, follow=True)
    assert "2 sager er givet til Ny Prøve" in answer.content.decode()
    assert Responsible.objects.filter(worker="ny", until=None).count() == 2
    assert f'id="sag-{cases[0].pk}"' not in answer.content.decode()
    assert Fact.objects.filter(kind="assigned", recorded_by="tove").count() == 2


@pytest.mark.parametrize(("sag", "til"), [(False, "ny"), (True, "")])
def test_without_a_case_or_a_worker_it_says_so(
    coordinator: Any, cases: list[Case], sag: bool, til: str
) -> None:
    _user("ny", "job_broker", cases[0])
    _, content = _page(coordinator, cases[0])
    answer = coordinator.post(reverse("assign"), _sent(content, sag=[cases[0].pk] if sag else [], til=til))
    assert 'id="errors"' in answer.content.decode()
    assert not Fact.objects.filter(recorded_by="tove").exists()


def test_above_the_ceiling_a_reason_is_asked_for_and_the_choice_kept(
    coordinator: Any, cases: list[Case]
) -> None:
    _user("fuld", "job_broker", cases[0], 1)
    _, content = _page(coordinator, cases[0])
    sent = _sent(content, sag=[one.pk for one in cases[:2]], til="fuld", over="")
    refused = coordinator.post(reverse("assign"), sent).content.decode()
    assert "loft på 1" in refused
    assert refused.count("checked") == 2
    assert not Fact.objects.filter(recorded_by="tove").exists()
    coordinator.post(reverse("assign"), {**sent, "over": "Kollega er syg"})
    assert {one.source for one in Fact.objects.filter(recorded_by="tove")} == {"over ceiling: Kollega er syg"}


def test_the_second_of_two_sees_what_the_first_did(coordinator: Any, cases: list[Case]) -> None:
    _user("ny", "job_broker", cases[0])
    _user("anden", "job_broker", cases[0])
    _, content = _page(coordinator, cases[0])
    assigning.assign("tovholder-a", ROLE, [assigning.Given(cases[0], "anden")])
    Due.objects.create(
        case=cases[0],
        programme=cases[0].programme,
        site=cases[0].site,
        queue="unassigned",
        opens=clock.today(),
    )
    answer = coordinator.post(reverse("assign"), _sent(content, sag=[one.pk for one in cases[:2]], til="ny"))
    assert answer.status_code == 409
    said = answer.content.decode()
    assert "Anden Prøve" in said
    assert "tovholder-a" in said
    assert not Responsible.objects.filter(worker="ny").exists()


def test_many_are_moved_as_the_plan_said(coordinator: Any, cases: list[Case]) -> None:
    for name, ceiling in (("gammel", None), ("ny", 2), ("anden", 2)):
        _user(name, "job_broker", cases[0], ceiling)
    assigning.assign("t", ROLE, [assigning.Given(one, "gammel") for one in cases])
    url = f"{reverse('assignment-bulk')}?programme={cases[0].programme}&sted={cases[0].site}&rolle={ROLE}&fra=gammel"
    form = coordinator.get(url).content.decode()
    assert all(one.person.name in form for one in cases)
    sent = _sent(
        form, sag=[one.pk for one in cases], til=["ny", "anden"], hvorfor="Stopper", over="", gør="vis"
    )
    plan = coordinator.post(reverse("assignment-bulk"), sent).content.decode()
    assert "Intet er flyttet endnu" in plan
    assert Responsible.objects.filter(worker="gammel", until=None).count() == 4
    confirmed = _sent(plan, sag=[one.pk for one in cases], til=["ny", "anden"], gør="flyt")
    answer = coordinator.post(reverse("assignment-bulk"), confirmed, follow=True)
    assert "4 sager er flyttet" in answer.content.decode()
    assert {
        worker: Responsible.objects.filter(worker=worker, until=None).count()
        for worker in ("gammel", "ny", "anden")
    } == {"gammel": 0, "ny": 2, "anden": 2}
    assert HandOver.objects.filter(giver="gammel", reason="Stopper", accepted=True).count() == 4


def test_a_plan_that_no_longer_holds_moves_nothing(coordinator: Any, cases: list[Case]) -> None:
    for name in ("gammel", "ny", "tredje"):
        _user(name, "job_broker", cases[0])
    assigning.assign("t", ROLE, [assigning.Given(one, "gammel") for one in cases])
    start = {"programme": cases[0].programme, "sted": cases[0].site, "rolle": ROLE, "fra": "gammel"}
    sent = {**start, "sag": [one.pk for one in cases], "til": ["ny"], "hvorfor": "Stopper", "gør": "vis"}
    plan = coordinator.post(reverse("assignment-bulk"), sent).content.decode()
    assigning.assign("en-anden", ROLE, [assigning.Given(cases[2], "tredje")])
    confirmed = _sent(plan, sag=[one.pk for one in cases], til=["ny"], gør="flyt")
    answer = coordinator.post(reverse("assignment-bulk"), confirmed)
    assert answer.status_code == 409
    assert not Responsible.objects.filter(worker="ny").exists()


def test_what_nobody_has_room_for_stays_and_the_plan_says_so(coordinator: Any, cases: list[Case]) -> None:
    _user("gammel", "job_broker", cases[0])
    _user("ny", "job_broker", cases[0], 3)
    assigning.assign("t", ROLE, [assigning.Given(one, "gammel") for one in cases])
    start = {"programme": cases[0].programme, "sted": cases[0].site, "rolle": ROLE, "fra": "gammel"}
    sent = {**start, "sag": [one.pk for one in cases], "til": ["ny"], "hvorfor": "Orlov", "gør": "vis"}
    plan = coordinator.post(reverse("assignment-bulk"), sent).content.decode()
    assert "Flyt 3 sager" in plan
    beyond = coordinator.post(reverse("assignment-bulk"), {**sent, "over": "Kun i maj"}).content.decode()
    assert "Flyt 4 sager" in beyond


def test_a_case_is_handed_over_by_asking_and_accepting(client: Any, cases: list[Case]) -> None:
    giver, taker = _user("giver", "job_broker", cases[0]), _user("tager", "job_broker", cases[0])
    assigning.assign("t", ROLE, [assigning.Given(cases[0], "giver")])
    client.force_login(giver)
    url = reverse("hand-over", args=[cases[0].pk])
    assert url in client.get(reverse("case", args=[cases[0].pk])).content.decode()
    page = client.get(url).content.decode()
    assert "Giver Prøve" in page
    assert 'id="errors"' in client.post(url, _sent(page, til="tager", hvorfor="")).content.decode()
    assert client.post(url, _sent(page, til="tager", hvorfor="Jeg skal på barsel")).status_code == 302
    asked = HandOver.objects.get(answered=None)
    client.force_login(taker)
    question = reverse("hand-over-answer", args=[asked.pk])
    assert "Jeg skal på barsel" in client.get(question).content.decode()
    assert client.post(question, {"gør": "ja", "svar": "Gerne"}).status_code == 302
    assert assigning.holders(cases[:1], ROLE)[cases[0].pk].payload["worker"] == "tager"


def test_a_question_is_there_for_the_taker_and_who_may_hand_over_alone(
    client: Any, cases: list[Case]
) -> None:
    giver, other = _user("giver", "job_broker", cases[0]), _user("fremmed", "job_broker", cases[0])
    _user("tager", "job_broker", cases[0])
    assigning.assign("t", ROLE, [assigning.Given(cases[0], "giver")])
    asked = assigning.ask(cases[0], ROLE, "giver", "tager", "Ferie")
    question = reverse("hand-over-answer", args=[asked.pk])
    client.force_login(other)
    assert client.get(question).status_code == 404
    assert client.post(question, {"gør": "ja"}).status_code == 404
    assert client.get(reverse("hand-over", args=[cases[0].pk])).status_code == 404
    client.force_login(giver)
    assert client.post(question, {"gør": "ja"}).status_code == 302, "the giver can only take it back"
    asked.refresh_from_db()
    assert asked.accepted is False
    assert assigning.holders(cases[:1], ROLE)[cases[0].pk].payload["worker"] == "giver"


def test_who_has_left_the_programme_is_no_longer_asked(client: Any, cases: list[Case]) -> None:
    _user("giver", "job_broker", cases[0])
    taker = _user("tager", "job_broker", cases[0])
    assigning.assign("t", ROLE, [assigning.Given(cases[0], "giver")])
    asked = assigning.ask(cases[0], ROLE, "giver", "tager", "Ferie")
    client.force_login(taker)
    assert cases[0].person.name in client.get("/", {"koe": "overdragelser"}, follow=True).content.decode()
    Membership.objects.filter(user=taker).update(programme="another", site=None)
    assert client.get(reverse("hand-over-answer", args=[asked.pk])).status_code == 404
    assert cases[0].person.name not in client.get(reverse("day"), {"koe": "overdragelser"}).content.decode()


def test_a_shielded_citizen_has_no_name_in_a_question(client: Any, cases: list[Case]) -> None:
    _user("giver", "job_broker", cases[0])
    taker = _user("tager", "job_broker", cases[0])
    assigning.assign("t", ROLE, [assigning.Given(cases[0], "giver")])
    asked = assigning.ask(cases[0], ROLE, "giver", "tager", "Ferie")
    Person.objects.filter(pk=cases[0].person_id).update(protected=True)
    client.force_login(taker)
    content = client.get(reverse("hand-over-answer", args=[asked.pk])).content.decode()
    assert cases[0].person.name not in content
    assert "Beskyttet borger" in content


def test_who_had_a_case_and_which_cases_somebody_had(coordinator: Any, cases: list[Case]) -> None:
    _user("ny", "job_broker", cases[0])
    assigning.assign("t", ROLE, [assigning.Given(cases[0], "ny")])
    url = reverse("who-was-responsible")
    today = clock.today().isoformat()
    with CaptureQueriesContext(connection) as queries:
        of_case = coordinator.get(url, {"sag": cases[0].pk, "dag": today}).content.decode()
    assert len(queries) <= 15
    assert "Ny Prøve" in of_case
    of_worker = coordinator.get(url, {"medarbejder": "ny", "dag": today, "sted": cases[0].site})
    assert cases[0].person.name in of_worker.content.decode()
    assert "2026-11-22" in coordinator.get(url, {"sag": cases[0].pk, "dag": "i går"}).content.decode()
    assert (
        "Ingen havde ansvar"
        in coordinator.get(url, {"sag": cases[0].pk, "dag": "1999-01-01"}).content.decode()
    )


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_pages_are_whole_in_both_languages(coordinator: Any, cases: list[Case], lang: str) -> None:
    coordinator.cookies["lang"] = lang
    _, content = _page(coordinator, cases[0])
    assert f'<html lang="{lang}"' in content
    assert ("Cases by worker" in content) == (lang == "en")


def test_who_only_sees_caseloads_assigns_nothing(signed_in: SignIn, cases: list[Case]) -> None:
    manager = signed_in("manager")
    content = manager.get(reverse("assignment")).content.decode()
    assert 'name="sag"' not in content
    sent = {"programme": cases[0].programme, "sag": [cases[0].pk], "til": "x"}
    assert manager.post(reverse("assign"), sent).status_code == 404


def test_no_ceiling_is_passed_by_writing_the_assignment_in_the_case(
    coordinator: Any, cases: list[Case]
) -> None:
    case = cases[0]
    full = _user("fuld", "job_broker", case, 0)
    address = reverse("register", args=[case.pk, "assigned"])
    sent = {
        **Fields(coordinator.get(address).content.decode()).values,
        "role": [ROLE],
        "worker": [full.username],
    }
    refused = coordinator.post(address, sent)
    assert "har 0 sager og et loft på 0" in refused.content.decode()
    assert not Responsible.objects.filter(case=case, worker=full.username).exists()
    earlier = str(clock.today() - timedelta(days=60)), str(clock.today() - timedelta(days=30))
    past = {**sent, "occurred_from": [earlier[0]], "occurred_to": [earlier[1]]}
    assert coordinator.post(address, past).status_code == 302  # who had it then says nothing of today
    Membership.objects.filter(user=full).update(ceiling=1)
    again = {
        **sent,
        **{
            name: Fields(coordinator.get(address).content.decode()).values[name]
            for name in ("nonce", "revision")
        },
    }
    assert coordinator.post(address, again).status_code == 302
    fact = Fact.objects.filter(kind="assigned", person=case.person).latest("recorded_at", "pk")
    assert fact.payload["worker"] == full.username
    # the one who has the case fills nobody's place by a correction
    Membership.objects.filter(user=full).update(ceiling=0)
    other = _user("anden", "job_broker", case, 0)
    correct = reverse("correct", args=[case.pk, fact.fact])
    shown = Fields(coordinator.get(correct).content.decode()).values
    assert (
        coordinator.post(
            correct, {**shown, "occurred_from": [str(clock.today() - timedelta(days=1))]}
        ).status_code
        == 302
    )
    shown = Fields(coordinator.get(correct).content.decode()).values
    assert "loft på 0" in coordinator.post(correct, {**shown, "worker": [other.username]}).content.decode()
