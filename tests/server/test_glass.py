"""Breaking the glass: for a reason, for a while, marked wherever it shows something, and looked at afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

import cast
from cast import Played

pytestmark = pytest.mark.django_db

REASON = {"cause": "emergency", "reason": "Borgeren har ringet og er i akut krise her"}


@pytest.fixture
def caseworker(client: Client) -> tuple[Client, Played]:
    """A caseworker signed in, and the cases around them."""
    whose = cast.made("caseworker")
    client.force_login(whose.user)
    return client, whose


def broken(client: Client, case: Any, **said: str) -> Any:
    """Break the glass to the person of a case."""
    return client.post("/glas/", {"number": case.person.number, **REASON, **said})


@pytest.mark.parametrize("name", ["away", "shielded", "shielded away"])
def test_a_reason_opens_the_case_for_a_while(
    caseworker: tuple[Client, Played], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from indsats.web import clock
    from indsats.web.models import Access, Glass

    client, whose = caseworker
    case = whose.sample(name).case
    assert client.get(f"/sager/{case.pk}/").status_code == 404
    answer = broken(client, case)
    assert (answer.status_code, answer["Location"]) == (302, f"/sager/{case.pk}/")
    glass = Glass.objects.get()
    assert (glass.user, glass.person, glass.cause, glass.reason) == (
        whose.user,
        case.person,
        *REASON.values(),
    )
    assert glass.until - glass.since == timedelta(hours=8)
    page = client.get(f"/sager/{case.pk}/").content.decode()
    assert page.count("Åbnet gennem brudt glas") == 2, "once to read, once as the name of the part"
    noted = Access.objects.filter(user=whose.user, person=case.person)
    assert noted.exists()
    assert set(noted.values_list("glass", flat=True)) == {glass.pk}
    # seeing is all it gives
    assert client.get(f"/sager/{case.pk}/ny/{cast.KIND}/").status_code == 404
    # others of the site stay closed, and so does this one once the time is over
    assert client.get(f"/sager/{whose.sample('away').case.pk}/").status_code == (
        200 if name == "away" else 404
    )
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=8, seconds=1))
    assert client.get(f"/sager/{case.pk}/").status_code == 404


def test_of_somebody_with_two_courses_the_other_one_is_opened(caseworker: tuple[Client, Played]) -> None:
    from indsats.web.models import Case, Glass

    client, whose = caseworker
    case, own = whose.sample("away").case, whose.sample("site").case
    Case.objects.filter(pk=own.pk).update(person=case.person)
    assert [client.get(f"/sager/{one.pk}/").status_code for one in (own, case)] == [200, 404]
    assert broken(client, case)["Location"] == f"/sager/{case.pk}/"
    assert client.get(f"/sager/{case.pk}/").status_code == 200
    assert broken(client, case).status_code == 302
    assert Glass.objects.count() == 1, "what is open is not opened again"


def test_every_page_that_shows_the_person_says_so_and_no_other(caseworker: tuple[Client, Played]) -> None:
    client, whose = caseworker
    case = whose.sample("away").case
    broken(client, case)
    there = client.post("/soeg/", {"q": f"Qz{case.person_id}z prøve"})["Location"]
    for address in (f"/sager/{case.pk}/", f"/sager/{case.pk}/krav/", there):
        assert "Åbnet gennem brudt glas" in client.get(address).content.decode(), address
    for address in (f"/sager/{whose.sample('own').case.pk}/", "/konto/", "/hjaelp/"):
        assert "Åbnet gennem brudt glas" not in client.get(address).content.decode(), address


@pytest.mark.parametrize(
    "said",
    [
        {"reason": "for kort"},
        {"reason": "a" + " " * 40},
        {"cause": ""},
        {"cause": "nysgerrig"},
        {"number": ""},
    ],
)
def test_without_a_reason_nothing_is_told(caseworker: tuple[Client, Played], said: dict[str, str]) -> None:
    from indsats.web.models import Glass

    client, whose = caseworker
    answers = []
    for number in (whose.sample("away").case.person.number, "313080-9999"):
        answer = client.post("/glas/", {"number": number, **REASON, **said})
        assert answer.status_code == 422
        answers.append(answer.content.decode().count("Der er ingen med det nummer"))
    assert answers == [0, 0]
    assert not Glass.objects.exists()


def test_nobody_by_the_number_is_said_and_noted(caseworker: tuple[Client, Played]) -> None:
    from indsats.web.models import Glass, Search

    client, whose = caseworker
    for number in ("313080-9999", whose.sample("other programme").case.person.number):
        answer = client.post("/glas/", {"number": number, **REASON})
        assert (answer.status_code, "Der er ingen med det nummer" in answer.content.decode()) == (422, True)
    assert not Glass.objects.exists()
    assert Search.objects.filter(user=whose.user, hits=0).count() == 2


def test_no_glass_is_broken_where_there_is_access(caseworker: tuple[Client, Played]) -> None:
    from indsats.web.models import Glass

    client, whose = caseworker
    for name in ("own", "site"):
        case = whose.sample(name).case
        assert broken(client, case)["Location"] == f"/sager/{case.pk}/"
    assert not Glass.objects.exists()
    broken(client, whose.sample("away").case)
    broken(client, whose.sample("away").case)
    assert Glass.objects.count() == 1


@pytest.mark.parametrize(
    "role", ["job_broker", "cti_worker", "manager", "evaluator", "administrator", "citizen"]
)
def test_only_who_has_the_right_may(client: Client, role: str) -> None:
    whose = cast.made(role)
    client.force_login(whose.user)
    assert client.get("/glas/").status_code == 404
    assert broken(client, whose.sample("away").case).status_code == 404


def test_a_glass_closes_when_the_role_ends(caseworker: tuple[Client, Played]) -> None:
    from indsats.web.models import Case, Membership
    from indsats.web.rights import Reader, scope

    client, whose = caseworker
    case = whose.sample("away").case
    broken(client, case)
    assert scope(Reader.of(whose.user), Case).filter(pk=case.pk).exists()
    Membership.objects.filter(user=whose.user).update(role="job_broker")
    assert not scope(Reader.of(whose.user), Case).filter(pk=case.pk).exists()


def test_a_glass_in_one_programme_gives_nothing_of_a_role_in_another(
    caseworker: tuple[Client, Played],
) -> None:
    """What is read through a glass is what the role in that programme may read, not what another role elsewhere may."""
    from indsats.web.models import Membership
    from indsats.web.rights import Reader, kinds_seen
    from indsats.web.rights.table import SITE_FACTS

    client, whose = caseworker
    case = whose.sample("away").case
    broken(client, case)
    Membership.objects.create(user=whose.user, role="coordinator", programme=cast.OTHER)
    assert not kinds_seen(Reader.of(whose.user), case) & set(SITE_FACTS)
    assert cast.KIND in kinds_seen(Reader.of(whose.user), case)


def test_it_is_reviewed_by_somebody_else(caseworker: tuple[Client, Played]) -> None:
    from indsats.web.models import Glass

    client, whose = caseworker
    case = whose.sample("away").case
    broken(client, case)
    glass = Glass.objects.get()
    address = f"/kontrol/glas/{glass.pk}/"
    # the manager of where the citizen is sees who it was about; the one of where the worker is, that it happened
    theirs, mine, others = (
        cast.controller("manager", site) for site in (case.site, whose.site, "andetsteds")
    )
    person = f"Qz{case.person_id}z"
    for control, sees, named in ((theirs, True, True), (mine, True, False), (others, False, False)):
        page = control.get("/kontrol/glas/").content.decode()
        assert (REASON["reason"] in page, person in page) == (sees, named)
    assert others.post(address, {"note": "Talt med medarbejderen"}).status_code == 404
    assert client.post(address, {"note": "Talt med mig selv, fint"}).status_code == 404
    mine.post(address, {"note": "kort"})
    assert Glass.objects.get().reviewed_at is None
    mine.post(address, {"note": "Talt med medarbejderen"})
    glass.refresh_from_db()
    assert (glass.reviewed_by, glass.note) == ("kontrol-manager-" + whose.site, "Talt med medarbejderen")
    theirs.post(address, {"note": "Noget helt andet her"})
    glass.refresh_from_db()
    assert glass.note == "Talt med medarbejderen", "a review is not written over"


def test_nobody_reviews_their_own(caseworker: tuple[Client, Played]) -> None:
    from indsats.web.models import Glass, Membership

    client, whose = caseworker
    broken(client, whose.sample("away").case)
    Membership.objects.create(user=whose.user, role="manager", programme="flere-skal-med")
    page = client.get("/kontrol/glas/").content.decode()
    assert "Du har selv brudt glasset" in page
    assert (
        client.post(f"/kontrol/glas/{Glass.objects.get().pk}/", {"note": "Det var helt i orden"}).status_code
        == 404
    )


def test_a_shielded_person_has_no_name_in_review_but_for_those_who_may_know(
    caseworker: tuple[Client, Played],
) -> None:
    client, whose = caseworker
    case = whose.sample("shielded").case
    broken(client, case)
    manager, administrator = cast.controller("manager", whose.site), cast.controller("administrator", None)
    assert f"Qz{case.person_id}z" not in manager.get("/kontrol/glas/").content.decode()
    assert f"Qz{case.person_id}z" in administrator.get("/kontrol/glas/").content.decode()
