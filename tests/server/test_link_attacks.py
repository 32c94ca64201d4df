"""Attacks on a citizen's link and on the session it opens: replay, what is taken away, what lies elsewhere."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
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


def link() -> Any:
    from indsats.web.models import CitizenLink

    return CitizenLink.objects.order_by("-pk")[0]


# what has been taken away


def test_with_the_role_goes_the_link(worker: Client, case: Any) -> None:
    address, _ = invited.made(worker, case)
    client, _ = invited.tried(*invited.made(worker, case))
    _, code = invited.made(worker, case, "code")
    link().user.memberships.all().delete()
    assert client.get("/mit/")["Location"].startswith("/log-ind/")
    assert invited.tried(address, code)[1].status_code == 422
    assert "ikke noget link, der virker" in worker.get(reverse("invite", args=[case.public])).content.decode()


def test_with_the_case_goes_the_link(worker: Client, case: Any) -> None:
    client, _ = invited.tried(*(first := invited.made(worker, case)))
    _, code = invited.made(worker, case, "code")
    case.delete()  # as when the enrolment is withdrawn
    assert client.get("/mit/").status_code == 302
    assert invited.tried(first[0], code)[1].status_code == 422


def test_a_course_that_has_ended_can_still_be_looked_at_while_the_link_lasts(
    worker: Client, case: Any
) -> None:
    from indsats.web import clock
    from indsats.web.models import Case

    client = invited.let_in(worker, case)
    fact = invited.meeting(case)
    Case.objects.filter(pk=case.pk).update(state="ended", end=clock.today())
    page = client.get("/mit/").content.decode()
    assert "Dine næste samtaler" not in page
    assert fact.fact not in page


# another way in than one's own


def test_who_made_a_link_cannot_see_another_programme_by_it(whose: Played, worker: Client, case: Any) -> None:
    """Whoever has seen link and code could use them: what they lead to is what they could see anyway."""
    from indsats.web.models import Case, CitizenLink, Membership, User

    there = whose.sample("other programme").case
    Case.objects.filter(pk=there.pk).update(person=case.person)
    colleague = User.objects.create(username="anden-kollega")
    Membership.objects.create(user=colleague, role="coordinator", programme=there.programme)
    client = Client()
    client.force_login(colleague)
    other = invited.let_in(client, Case.objects.get(pk=there.pk))
    mine = invited.let_in(worker, case)
    assert CitizenLink.objects.filter(ended=None).count() == 2, "one ends not the other"
    for browser, programme in ((mine, town.PROGRAMME), (other, there.programme)):
        courses = browser.get("/mit/").context["courses"]
        assert [one["case"] for one in courses] == [case.pk if programme == town.PROGRAMME else there.pk]
    # nor does the page of the link tell that there is another, or who made it
    CitizenLink.objects.filter(programme=town.PROGRAMME).delete()
    page = worker.get(reverse("invite", args=[case.public])).content.decode()
    assert "ikke noget link, der virker" in page
    assert "anden-kollega" not in page
    # meetings of the other programme are not answered by it either
    fact = invited.meeting(case)
    assert invited.say(other, fact, "coming").status_code == 404


def test_a_session_by_a_link_reaches_ones_own_page_and_nothing_else(
    whose: Played, worker: Client, case: Any
) -> None:
    """Every address of the server, for a user who holds another role and is a manager beside being a citizen."""
    from indsats.web.models import Membership

    client = invited.let_in(worker, case)
    user = link().user_id
    Membership.objects.create(user_id=user, role="manager", programme=town.PROGRAMME)
    Membership.objects.create(user_id=user, role="administrator", programme=town.PROGRAMME)
    fact = whose.facts["own"]
    given = {"public": case.public, "fact": fact, "kind": cast.KIND, "asked": "x", "token": "x"}
    reached = set()
    for name, pattern in cast.patterns():
        if name in ("sign-out", "language"):
            continue
        kwargs = {one: given.get(one, cast.NOWHERE) for one in pattern.pattern.converters}
        try:
            address = reverse(name, kwargs=kwargs)
        except Exception:  # a converter takes another kind of text
            address = reverse(name, kwargs={**kwargs, **dict.fromkeys(kwargs.keys() - given.keys(), 1)})
        for found in (client.get(address), client.post(address, {"do": "word", "public": case.public})):
            if found.status_code == 302:
                assert found["Location"].split("?")[0] in ("/mit/", "/link/"), name
            elif found.status_code not in (404, 405):
                reached.add(name)
    assert reached == {"mine", "link-code", "help"}, reached


def test_a_citizen_by_a_link_gets_no_password_and_no_account(worker: Client, case: Any) -> None:
    client = invited.let_in(worker, case)
    page = client.get("/mit/").content.decode()
    assert reverse("account") not in page
    sent = {"do": "word", "old": "", "new": "langt-nok-kodeord-1", "again": "langt-nok-kodeord-1"}
    assert client.post(reverse("account"), sent)["Location"] == "/mit/"
    assert not link().user.has_usable_password()
    assert client.get("/")["Location"] == "/mit/"


def test_signed_out_one_needs_another_code(worker: Client, case: Any) -> None:
    address, code = invited.made(worker, case)
    client, _ = invited.tried(address, code)
    page = client.post("/log-ud/", follow=True)
    assert page.redirect_chain == [("/link/", 302)]
    assert "Du er logget ud" in page.content.decode()
    assert client.get("/mit/").status_code == 302
    assert invited.tried(address, code, client)[1].status_code == 422
    _, code = invited.made(worker, case, "code")
    assert invited.tried(address, code, client)[1].status_code == 302


def test_a_colleague_signed_in_here_is_signed_out_when_the_citizen_comes_in(
    worker: Client, case: Any
) -> None:
    address, code = invited.made(worker, case)
    worker.get(address)
    assert worker.get("/").status_code == 200, "opening a link signs nobody out"
    worker.post("/link/", {"code": code})
    assert worker.get(f"/sager/{case.pk}/").status_code == 404


# forms that come from elsewhere, and other methods


def test_forms_from_elsewhere_are_refused(worker: Client, case: Any) -> None:
    from indsats.web.models import Fact

    address, code = invited.made(worker, case)
    client = Client(enforce_csrf_checks=True)
    client.get(address)
    assert client.post("/link/", {"code": code}).status_code == 403
    assert link().wrong == 0, "not even counted: nobody can end a link from another page"
    page = client.get("/link/").content.decode()
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    assert client.post("/link/", {"code": code, "csrfmiddlewaretoken": token[1]}).status_code == 302
    fact = invited.meeting(case)
    before = Fact.objects.count()
    for there in (reverse("mine-meeting", args=[fact.fact]), reverse("mine-answer", args=[case.pk, "x"])):
        assert client.post(there, {"said": "coming", "version": 1, "do": "send"}).status_code == 403
    assert Fact.objects.count() == before


def test_a_link_is_made_and_a_meeting_answered_by_a_form_alone(worker: Client, case: Any) -> None:
    there = reverse("invite", args=[case.public])
    for ask in (worker.get, worker.head, worker.put, worker.options):
        ask(f"{there}?do=link")
    from indsats.web.models import CitizenLink

    assert CitizenLink.objects.count() == 0
    address, code = invited.made(worker, case)
    client = Client()
    client.get(address)
    for ask in (client.get, client.head, client.put, client.delete):
        ask(f"/link/?code={code}")
        assert client.get("/mit/").status_code == 302
    client, _ = invited.tried(address, code)
    fact = invited.meeting(case)
    for ask in (client.get, client.put, client.delete):
        assert ask(reverse("mine-meeting", args=[fact.fact]) + "?said=coming").status_code == 405
    assert invited.newest(fact).version == 1


@pytest.mark.parametrize(
    "token",
    ["..", "%2e%2e", "a" * 5000, "x%0d%0aSet-Cookie:%20a=b", "%00", "'; drop table", "æøå", "<script>"],
)
def test_whatever_stands_in_the_address_it_is_one_that_opens_nothing(token: str) -> None:
    client = Client()
    answer = client.get(f"/link/{token}/")
    assert answer.status_code in (302, 404)
    kept = client.cookies.get("link")
    assert kept is None or re.fullmatch(r"[A-Za-z0-9_-]{0,100}", kept.value)
    assert client.post("/link/", {"code": "000000"}).status_code == 422


@pytest.mark.parametrize("code", ["", " ", "0" * 5000, "１２３４５６", "12345\x00", "-1", "None"])
def test_odd_codes_are_wrong_codes(worker: Client, case: Any, code: str) -> None:
    address, _ = invited.made(worker, case)
    assert invited.tried(address, code)[1].status_code == 422
    # nor does the code of a link that was used open it: there is none
    client, _ = invited.tried(address, invited.made(worker, case, "code")[1])
    assert client.get("/mit/").status_code == 200
    assert invited.tried(address, code)[1].status_code == 422
