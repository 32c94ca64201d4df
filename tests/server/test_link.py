"""A citizen's link: made by whoever may, opened with a code that works once, and no way in for anybody else."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import cast
import invited
import town
from cast import Played

pytestmark = pytest.mark.django_db


@pytest.fixture
def whose() -> Played:
    """The cast of a caseworker."""
    return cast.made("caseworker")


@pytest.fixture
def worker(whose: Played) -> Client:
    """The caseworker, signed in."""
    client = Client()
    client.force_login(whose.user)
    return client


@pytest.fixture
def case(whose: Played) -> Any:
    """A case of theirs."""
    return whose.sample("own").case


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that lets time pass."""
    from indsats.web import clock

    now = clock.now()
    return lambda **by: monkeypatch.setattr(clock, "now", lambda: now + timedelta(**by))


def links() -> Any:
    from indsats.web.models import CitizenLink

    return CitizenLink.objects.order_by("pk")


def noted(person: int) -> list[str]:
    from indsats.web.models import Access

    rows = Access.objects.filter(person=person, what__startswith="link-").order_by("pk")
    return list(rows.values_list("what", flat=True))


def test_link_and_code_let_the_citizen_in_and_are_kept_as_digests(worker: Client, case: Any) -> None:
    from indsats.web.models import User

    address, code = invited.made(worker, case)
    token = address.split("/")[2]
    assert len(token) >= 43, "256 bits"
    (link,) = links()
    assert token not in (link.token, link.code)
    assert code not in (link.token, link.code, link.salt)
    client, answer = invited.tried(address, code)
    assert answer["Location"] == "/mit/"
    page = client.get("/mit/").content.decode()
    assert f"Hej Qz{case.person_id}z" in page
    user = User.objects.get(pk=client.session["_auth_user_id"])
    assert not user.has_usable_password()
    assert user.person_id == case.person_id
    assert list(user.memberships.values_list("role", "programme", "site")) == [
        ("citizen", town.PROGRAMME, None)
    ]
    assert Client().post("/log-ind/", {"username": user.username, "password": ""}).status_code == 422
    assert noted(case.person_id) == ["link-made", "link-used"]


def test_a_code_with_a_space_in_it_is_the_same(worker: Client, case: Any) -> None:
    address, code = invited.made(worker, case)
    assert invited.tried(address, f"{code[:3]} {code[3:]}")[1].status_code == 302


def test_a_code_works_once_and_another_can_be_made(worker: Client, case: Any) -> None:
    address, code = invited.made(worker, case)
    assert invited.tried(address, code)[1].status_code == 302
    assert invited.tried(address, code)[1].status_code == 422
    none, new = invited.made(worker, case, "code")
    assert none == ""
    assert invited.tried(address, new)[1].status_code == 302
    # the one before is no longer good when a new one is made
    _, first = invited.made(worker, case, "code")
    _, second = invited.made(worker, case, "code")
    assert invited.tried(address, first)[1].status_code == (302 if first == second else 422)


def test_five_wrong_codes_end_the_link(worker: Client, case: Any) -> None:
    address, code = invited.made(worker, case)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        assert invited.tried(address, wrong)[1].status_code == 422
    assert invited.tried(address, code)[1].status_code == 422
    (link,) = links()
    assert (link.why, link.code, link.wrong) == ("wrong", "", 5)
    assert noted(case.person_id) == ["link-made", *["link-failed"] * 5, "link-ended"]
    assert "ikke noget link" in worker.get(reverse("invite", args=[case.public])).content.decode()
    assert worker.post(reverse("invite", args=[case.public]), {"do": "code"}).status_code == 200
    assert links().count() == 1, "an ended link gets no new code"


def test_wrong_codes_count_over_new_codes(worker: Client, case: Any) -> None:
    address, code = invited.made(worker, case)
    for _ in range(5):
        wrong = "000000" if code != "000000" else "111111"
        invited.tried(address, wrong)
        if links()[0].ended is None:
            _, code = invited.made(worker, case, "code")
    assert links()[0].why == "wrong"


def test_time_ends_code_and_link(worker: Client, case: Any, later: Any) -> None:
    address, code = invited.made(worker, case)
    later(hours=24, seconds=1)
    assert invited.tried(address, code)[1].status_code == 422, "the code is too old"
    _, code = invited.made(worker, case, "code")
    client, answer = invited.tried(address, code)
    assert answer.status_code == 302
    _, code = invited.made(worker, case, "code")
    later(days=7, seconds=1)
    assert invited.tried(address, code)[1].status_code == 422
    assert client.get("/mit/")["Location"].startswith("/log-ind/"), "whoever was in is out"


def test_a_new_link_ends_the_old_one_and_whoever_is_in_by_it(worker: Client, case: Any) -> None:
    first, code = invited.made(worker, case)
    client, _ = invited.tried(first, code)
    _, code = invited.made(worker, case, "code")
    second, new = invited.made(worker, case)
    assert client.get("/mit/").status_code == 302
    for tried_code in (code, new):
        assert invited.tried(first, tried_code)[1].status_code == 422
    client, answer = invited.tried(second, new)
    assert answer.status_code == 302
    worker.post(reverse("invite", args=[case.public]), {"do": "end"})
    assert client.get("/mit/").status_code == 302
    assert [link.why for link in links()] == ["new", "by_hand"]


def test_the_same_is_said_whatever_is_wrong(worker: Client, case: Any, later: Any) -> None:
    address, code = invited.made(worker, case)
    pages = [invited.tried("/link/findes-ikke/", code)[1], invited.tried(address, "x")[1]]
    worker.post(reverse("invite", args=[case.public]), {"do": "end"})
    pages.append(invited.tried(address, code)[1])
    later(days=8)
    pages.append(invited.tried(address, code)[1])
    told = {re.sub(r'value="[^"]*"', "", page.content.decode()) for page in pages}
    assert len(told) == 1
    assert {page.status_code for page in pages} == {422}
    assert [Client().get(one).headers["Location"] for one in (address, "/link/x/")] == ["/link/"] * 2


def test_an_address_is_not_looked_up_before_there_is_a_code(worker: Client, case: Any) -> None:
    address, _ = invited.made(worker, case)
    client = Client()
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    assert len(asked) == 0


def test_codes_are_compared_in_constant_time_and_for_links_that_are_not_there_too(
    worker: Client, case: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from indsats.web import citizen_links

    compared: list[tuple[str, str]] = []

    def watched(one: str, other: str) -> bool:
        compared.append((one, other))
        return one == other

    monkeypatch.setattr(citizen_links, "constant_time_compare", watched)
    address, code = invited.made(worker, case)
    for there, said in ((address, "123"), ("/link/x/", "123"), (address, code)):
        invited.tried(there, said)
    assert len(compared) == 3
    assert all(len(one) == 64 for one, _ in compared)


def test_a_session_known_from_before_leads_nowhere(worker: Client, case: Any) -> None:
    """Somebody who put their own session into the citizen's browser is not let in with them."""
    address, code = invited.made(worker, case)
    client = Client()
    session = client.session
    session["put there"] = True
    session.save()
    fixed = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = fixed
    invited.tried(address, code, client)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != fixed
    stranger = Client()
    stranger.cookies[settings.SESSION_COOKIE_NAME] = fixed
    assert stranger.get("/mit/").status_code == 302


def test_a_session_is_short_and_ends_from_the_last_page(worker: Client, case: Any) -> None:
    client = invited.let_in(worker, case)
    assert 0 < client.session.get_expiry_age() <= 30 * 60
    assert client.get("/mit/").cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 30 * 60


def test_a_session_by_a_link_is_a_citizens_whatever_else_the_user_may(worker: Client, case: Any) -> None:
    from indsats.web.models import Membership

    client = invited.let_in(worker, case)
    Membership.objects.create(
        user_id=int(client.session["_auth_user_id"]), role="manager", programme=town.PROGRAMME
    )
    assert client.get("/mit/").status_code == 200
    assert client.get("/sager/").status_code == 404
    assert client.get(f"/sager/{case.pk}/").status_code == 404


def test_a_worker_who_is_a_citizen_too_gets_another_user(worker: Client, whose: Played, case: Any) -> None:
    whose.user.person = case.person
    whose.user.save()
    client = invited.let_in(worker, case)
    assert int(client.session["_auth_user_id"]) != whose.user.pk


def test_the_same_citizen_keeps_their_user(worker: Client, case: Any) -> None:
    from indsats.web.models import RoleChange

    one, other = invited.let_in(worker, case), invited.let_in(worker, case)
    assert int(other.session["_auth_user_id"]) == links()[1].user_id == links()[0].user_id
    assert one.get("/mit/").status_code == 302
    told = RoleChange.objects.filter(user=links()[0].user_id).values_list("what", "role")
    assert list(told) == [("made", ""), ("given", "citizen")]


def test_access_closed_by_an_administrator_stays_closed(worker: Client, case: Any) -> None:
    from indsats.web.models import User

    address, _ = invited.made(worker, case)
    client, _ = invited.tried(*invited.made(worker, case))
    _, code = invited.made(worker, case, "code")
    User.objects.filter(pk=links()[0].user_id).update(is_active=False)
    assert client.get("/mit/").status_code == 302
    assert invited.tried(address, code)[1].status_code == 422
    page = worker.post(reverse("invite", args=[case.public]), {"do": "link"}, follow=True).content.decode()
    assert "lukket af en administrator" in page
    assert links().count() == 2


def test_who_may_make_a_link(whose: Played, worker: Client) -> None:
    """Only those who may know of a shielded person make them one; the table's tests have the rest."""
    for name in ("own", "site", "away own", "shielded own"):
        invited.made(worker, whose.sample(name).case)
    for name in ("shielded", "away", "shielded away", "other programme"):
        address = reverse("invite", args=[whose.sample(name).case.public])
        assert worker.post(address, {"do": "link"}).status_code == 404
    assert links().count() == 4


def test_tries_from_one_place_are_limited_whatever_the_link(worker: Client, case: Any) -> None:
    for n in range(10):
        assert invited.tried(f"/link/gaet-{n}/", "123456")[1].status_code == 422
    address, code = invited.made(worker, case)
    assert invited.tried(address, code)[1].status_code == 429
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert invited.tried(address, code, elsewhere)[1].status_code == 302


def test_the_address_is_told_nowhere(worker: Client, case: Any, caplog: pytest.LogCaptureFixture) -> None:
    from indsats.web.log_lines import PlainLines
    from indsats.web.models import Access

    address, code = invited.made(worker, case)
    token = address.split("/")[2]
    client = Client(enforce_csrf_checks=True)
    with caplog.at_level(logging.DEBUG, "django"):
        first = client.get(address)
        assert first["Referrer-Policy"] == "no-referrer"
        assert "no-store" in first["Cache-Control"]
        assert client.post(address).status_code == 302
        page = client.get("/link/")
        assert "no-store" in page["Cache-Control"]
        assert token not in page.content.decode()
        client.post("/link/", {"code": code})  # without the form's token: refused
        client.get(f"{address}mere/")  # somebody mangled it
    told = "\n".join(PlainLines().format(one) for one in caplog.records if one.name != "django.db.backends")
    assert "Not Found: /link/…/mere/" in told
    assert token not in told
    kept = client.cookies["link"]
    assert (kept["httponly"], kept["samesite"], kept["path"]) == (True, "Lax", "/link/")
    assert not Access.objects.filter(what__contains=token).exists()
    # and not when the code is right
    client, _ = invited.tried(address, code)
    assert client.cookies["link"].value == ""
    assert token not in str(dict(client.session))


def test_control_sees_links_made_used_failed_and_ended(worker: Client, whose: Played, case: Any) -> None:
    address, code = invited.made(worker, case)
    invited.tried(address, "forkert")
    invited.tried(address, code)
    worker.post(reverse("invite", args=[case.public]), {"do": "end"})
    page = cast.controller("manager", whose.site).get("/kontrol/?alle=1").content.decode()
    for said in ("link lavet til borgeren", "forkert kode", "borgerens link brugt", "borgerens link stoppet"):
        assert said in page, said


def test_the_page_is_reached_from_the_case_and_shows_nothing_twice(worker: Client, case: Any) -> None:
    there = reverse("invite", args=[case.public])
    assert f'href="{there}"' in worker.get(reverse("case", args=[case.public])).content.decode()
    address, code = invited.made(worker, case)
    with CaptureQueriesContext(connection) as asked:
        page = worker.get(there).content.decode()
    assert address not in page
    assert code not in page
    assert len(asked) <= 12, [one["sql"][:90] for one in asked]
    worker.cookies["lang"] = "en"
    assert "Make a new code" in worker.get(there).content.decode()
