"""Signing in and out, one's own account, the language, the citizen's page, and users with their roles."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

import cast
import town

pytestmark = pytest.mark.django_db

WORD = "ord-nok-til-at-virke"


@pytest.fixture
def worker() -> Any:
    """A caseworker with a password."""
    from indsats.web.models import Membership, User

    user = User.objects.create_user("mette", password=WORD, name="Mette Prøve")
    Membership.objects.create(user=user, role="caseworker", programme=town.PROGRAMME)
    return user


def sign_in(client: Client, word: str = WORD, name: str = "mette", **more: str) -> Any:
    """Send the form."""
    return client.post("/log-ind/", {"username": name, "password": word, **more})


# signing in


def test_the_way_in_and_out(client: Client, worker: Any) -> None:
    asked = client.get("/sager/?tilstand=ended")
    assert asked["Location"] == "/log-ind/?next=/sager/%3Ftilstand%3Dended"
    page = client.get(asked["Location"])
    assert page.context["next"] == "/sager/?tilstand=ended"
    assert sign_in(client, "forkert").status_code == 422
    assert sign_in(client, next="/sager/?tilstand=ended")["Location"] == "/sager/?tilstand=ended"
    assert client.get("/sager/").status_code == 200
    assert client.get("/log-ind/")["Location"] == "/"
    assert client.get("/log-ud/").status_code == 405, "a link or a picture signs nobody out"
    out = client.post("/log-ud/")
    assert out["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/sager/").status_code == 302


@pytest.mark.parametrize(
    "there", ["https://ond.dk/", "//ond.dk", "/\\ond.dk", "javascript:alert(1)", "http:ond.dk", " /x"]
)
def test_nobody_is_sent_elsewhere(client: Client, worker: Any, there: str) -> None:
    assert client.post("/sprog/", {"lang": "en", "next": there})["Location"] == "/"
    assert sign_in(client, next=there)["Location"] == "/"


def test_the_same_is_said_of_a_wrong_name_and_a_wrong_word(client: Client, worker: Any) -> None:
    pages = [sign_in(client, "forkert", name).content.decode() for name in ("mette", "ukendt")]
    plain = [re.sub(r'value="[^"]*"', "", page) for page in pages]
    assert plain[0] == plain[1]
    assert "passer ikke sammen" in pages[0]


def test_closed_access_does_not_open(client: Client, worker: Any) -> None:
    sign_in(client)
    type(worker).objects.filter(pk=worker.pk).update(is_active=False)
    assert client.get("/sager/").status_code == 302, "whoever is signed in is out at the next page"
    assert sign_in(client).status_code == 422


@pytest.mark.parametrize(
    ("role", "there"),
    [
        ("caseworker", "/"), ("job_broker", "/"), ("company_consultant", "/"), ("cti_worker", "/"),
        ("coordinator", "/"),
        ("manager", "/barometer/"), ("evaluator", "/barometer/"), ("administrator", "/brugere/"), ("citizen", "/mit/"),
    ],
)  # fmt: skip
def test_everybody_begins_where_their_work_is(client: Client, worker: Any, role: str, there: str) -> None:
    worker.memberships.update(role=role)
    assert sign_in(client)["Location"] == there


def test_ten_failures_and_then_a_wait(client: Client, worker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from indsats.web import clock
    from indsats.web.models import Attempt

    for _ in range(10):
        assert sign_in(client, "forkert").status_code == 422
    answer = sign_in(client)
    assert (answer.status_code, "Vent et kvarter" in answer.content.decode()) == (429, True)
    # from elsewhere the name is shut too, and from here other names are
    assert (
        Client(REMOTE_ADDR="10.0.0.9").post("/log-ind/", {"username": "METTE", "password": WORD}).status_code
        == 429
    )
    assert sign_in(client, name="en-anden").status_code == 429
    assert (
        Client(REMOTE_ADDR="10.0.0.9").post("/log-ind/", {"username": "x", "password": "y"}).status_code
        == 422
    )
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=15, seconds=1))
    assert sign_in(client).status_code == 302
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=2))
    sign_in(Client(), "forkert")
    assert Attempt.objects.count() == 2, "what no longer counts is not kept"


def test_attempts_tell_nobody_who_tried(client: Client, worker: Any) -> None:
    from indsats.web.models import Attempt

    sign_in(client, "forkert")
    assert all(re.fullmatch(r"[0-9a-f]{40}", key) for key in Attempt.objects.values_list("key", flat=True))


def test_a_colleague_cannot_be_shut_out_by_guessing_at_their_name(client: Client, worker: Any) -> None:
    """A browser the user has signed in with is counted by itself."""
    sign_in(client)
    client.post("/log-ud/")
    stranger = Client(REMOTE_ADDR="10.0.0.9")
    for _ in range(11):
        sign_in(stranger, "forkert")
    assert sign_in(stranger).status_code == 429
    assert sign_in(client).status_code == 302
    client.post("/log-ud/")
    for _ in range(10):
        assert sign_in(client, "forkert").status_code == 422
    assert sign_in(client).status_code == 429, "but not without end"


def test_a_known_browser_is_known_for_its_own_user_only(client: Client, worker: Any) -> None:
    from indsats.web.models import User

    User.objects.create_user("anden", password=WORD)
    sign_in(client)
    client.post("/log-ud/")
    for _ in range(10):
        sign_in(client, "forkert", "anden")
    assert sign_in(client, name="anden").status_code == 429
    client.cookies["known"] = "gætteri"
    assert sign_in(client).status_code == 429, "a made-up mark is none"


def test_behind_a_proxy_the_address_is_the_one_the_proxy_saw(settings: Any, worker: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    one = Client(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.2.3.4, 192.0.2.7")
    for n in range(10):
        sign_in(one, "forkert", f"navn-{n}")
    assert sign_in(one, name="x").status_code == 429
    other = Client(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.2.3.4, 192.0.2.8")
    assert sign_in(other, name="x").status_code == 422


# one's own account


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            {"old": "forkert", "new": "en-helt-ny-sætning", "again": "en-helt-ny-sætning"},
            "ikke din nuværende",
        ),
        ({"old": WORD, "new": "en-helt-ny-sætning", "again": "en-helt-anden"}, "ikke ens"),
        ({"old": WORD, "new": "for-kort", "again": "for-kort"}, "mindst 12 tegn"),
        ({"old": WORD, "new": "password1234", "again": "password1234"}, "let at gætte"),
        ({"old": "", "new": "", "again": ""}, "Skriv noget her"),
    ],
)
def test_a_new_password_is_refused_with_the_reason(
    client: Client, worker: Any, said: dict[str, str], words: str
) -> None:
    client.force_login(worker)
    answer = client.post("/konto/", {"do": "word", **said})
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    worker.refresh_from_db()
    assert worker.check_password(WORD)


def test_a_new_password_signs_out_everywhere_else(client: Client, worker: Any) -> None:
    other = Client()
    sign_in(client)
    sign_in(other)
    new = "en-helt-ny-sætning"
    client.post("/konto/", {"do": "word", "old": WORD, "new": new, "again": new})
    assert client.get("/konto/").status_code == 200
    assert other.get("/konto/").status_code == 302
    assert sign_in(Client(), new).status_code == 302


def test_single_keys_can_be_switched_off(client: Client, worker: Any) -> None:
    client.force_login(worker)
    assert 'data-keys="on"' in client.get("/konto/").content.decode()
    client.post("/konto/", {"do": "keys"})
    assert 'data-keys="off"' in client.get("/konto/").content.decode()
    client.post("/konto/", {"do": "keys", "on": "on"})
    assert 'data-keys="on"' in client.get("/konto/").content.decode()


def test_the_account_says_what_one_may_do(client: Client, worker: Any) -> None:
    client.force_login(worker)
    page = client.get("/konto/").content.decode()
    assert "Sagsbehandler" in page
    assert "bryde glasset" in page
    client.cookies["lang"] = "en"
    assert "break the glass" in client.get("/konto/").content.decode()


def test_the_language_stays(client: Client) -> None:
    answer = client.post("/sprog/", {"lang": "en", "next": "/hjaelp/?x=1"})
    assert answer["Location"] == "/hjaelp/?x=1"
    assert '<html lang="en">' in client.get("/hjaelp/").content.decode()
    client.post("/sprog/", {"lang": "klingon", "next": "/"})
    assert client.cookies["lang"].value == "en"
    assert client.get("/sprog/").status_code == 405


# the citizen's page


def test_a_citizen_sees_their_own_course_and_no_page_of_the_staffs(client: Client) -> None:
    from indsats.web import clock
    from indsats.web.models import Fact

    whose = cast.made("citizen")
    client.force_login(whose.user)
    case = whose.sample("own").case
    Fact.objects.create(
        programme=case.programme, fact="naeste", kind="meeting", programme_version=1, person=case.person,
        enrolment=case.enrolment, site=case.site, occurred_from=clock.today() + timedelta(days=3),
        payload={"type": "samtale", "outcome": "planned"}, recorded_at=clock.now(), recorded_by="x",
    )  # fmt: skip
    Fact.objects.create(
        programme=case.programme, fact="plan-1", kind="plan", programme_version=1, person=case.person,
        enrolment=case.enrolment, site=case.site, occurred_from=clock.today(),
        payload={"goal": "Et fleksjob på lageret"}, recorded_at=clock.now(), recorded_by="x",
    )  # fmt: skip
    page = client.get("/mit/").content.decode()
    assert f"Hej Qz{case.person_id}z" in page
    assert "Et fleksjob på lageret" in page
    assert "De hjælper dig" in page
    from indsats.web.templatetags.indsats import weekday

    assert weekday(clock.today() + timedelta(days=3)) in page
    for address in (f"/sager/{case.pk}/", "/sager/", "/barometer/", "/brugere/", "/kontrol/", "/visitation/"):
        assert client.get(address).status_code == 404, address
    assert client.post("/soeg/", {"q": "Qz"}).status_code == 404
    assert client.get("/")["Location"] == "/mit/"
    assert "main-nav" not in page


def test_a_citizen_sees_no_fact_beyond_meeting_and_plan(client: Client) -> None:
    from indsats.web.models import Fact
    from indsats.web.rights import Reader, scope

    whose = cast.made("citizen")
    kinds = set(scope(Reader.of(whose.user), Fact).values_list("kind", flat=True))
    assert kinds <= {"plan", "meeting", "subgoal_reviewed", "agreement", "placement", "enrolled"}


def test_a_citizen_who_was_registered_twice_still_sees_their_course(client: Client) -> None:
    from indsats.web.models import Person

    whose = cast.made("citizen")
    case = whose.sample("own").case
    whose.user.person = Person.objects.create(number="", name="Qz0z", public="twice", merged_into=case.person)
    whose.user.save()
    client.force_login(whose.user)
    page = client.get("/mit/").content.decode()
    assert "De hjælper dig" in page
    assert "Vi kan ikke finde et forløb" not in page


def test_a_citizen_without_a_person_sees_an_empty_page(client: Client, worker: Any) -> None:
    worker.memberships.update(role="citizen")
    client.force_login(worker)
    assert "Vi kan ikke finde et forløb" in client.get("/mit/").content.decode()


# users


@pytest.fixture
def administrator(signed_in: Callable[[str], Any]) -> Any:
    """An administrator signed in."""
    return signed_in("administrator")


def test_a_new_user_gets_a_word_that_is_shown_once_and_must_be_replaced(administrator: Any) -> None:
    from indsats.web.models import RoleChange, User

    answer = administrator.post("/brugere/ny/", {"username": "ny.kollega", "name": "Ny Kollega"})
    shown = re.search(r"<code>([a-z-]{19})</code>", answer.content.decode())
    assert shown, "the word stands on the page"
    user = User.objects.get(username="ny.kollega")
    assert shown[1] not in administrator.get(f"/brugere/{user.pk}/").content.decode()
    administrator.post(
        f"/brugere/{user.pk}/",
        {"do": "give", "programme": town.PROGRAMME, "role": "caseworker", "site": "", "function": ""},
    )
    theirs = Client()
    assert sign_in(theirs, shown[1], "ny.kollega")["Location"] == "/konto/"
    for address in ("/", "/sager/", "/opgaver/"):
        assert theirs.get(address)["Location"] == "/konto/", "nothing else is seen before a word of one's own"
    new = "en-helt-ny-sætning"
    done = theirs.post("/konto/", {"do": "word", "old": shown[1], "new": new, "again": new})
    assert done["Location"] == "/"
    assert theirs.get("/sager/").status_code == 200
    assert list(RoleChange.objects.filter(user=user).order_by("pk").values_list("what", flat=True)) == [
        "made",
        "given",
    ]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"username": "", "name": "X"}, "to eller flere"),
        ({"username": "053080-1234", "name": "X"}, "ikke et CPR-nummer"),
        ({"username": "LEDER", "name": "X"}, "allerede en bruger"),
        ({"username": "ny", "name": ""}, "Skriv navnet"),
    ],
)
def test_a_user_is_refused_with_the_reason(administrator: Any, said: dict[str, str], words: str) -> None:
    answer = administrator.post("/brugere/ny/", said)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)


def test_a_role_is_given_and_ended(administrator: Any, worker: Any) -> None:
    from indsats.web.models import Membership, RoleChange, Site

    site = Site.objects.filter(programme=town.PROGRAMME).order_by("key")[0].key
    address = f"/brugere/{worker.pk}/"
    asked = {
        "do": "give",
        "programme": town.PROGRAMME,
        "role": "coordinator",
        "site": site,
        "ceiling": "12,5",
    }
    assert administrator.post(address, asked).status_code == 302
    held = Membership.objects.get(user=worker, role="coordinator")
    assert (held.site, held.ceiling, held.function) == (site, 12.5, None)
    assert administrator.post(address, asked).status_code == 422, "not twice"
    assert Membership.objects.filter(user=worker, role="coordinator").count() == 1
    administrator.post(address, {"do": "end", "membership": str(held.pk)})
    assert not Membership.objects.filter(pk=held.pk).exists()
    told = administrator.get(address).content.decode()
    assert "Fik rollen Tovholder" in told
    assert "Rollen Tovholder afsluttet" in told
    assert RoleChange.objects.filter(user=worker).count() == 2


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"role": "kejser"}, "Vælg en rolle"),
        ({"site": "ingensteds"}, "Vælg et sted i indsatsen"),
        ({"role": "evaluator", "site": "SITE"}, "gælder hele indsatsen"),
        ({"function": "kejser"}, "Vælg en funktion"),
        ({"ceiling": "nan"}, "tal over 0"),
        ({"ceiling": "mange"}, "tal over 0"),
        ({"role": "citizen", "number": "313080-9999"}, "nummeret på en borger"),
    ],
)
def test_a_role_is_refused_with_the_reason(
    administrator: Any, worker: Any, said: dict[str, str], words: str
) -> None:
    from indsats.web.models import Membership, Site

    site = Site.objects.filter(programme=town.PROGRAMME)[0].key
    said = {name: site if text == "SITE" else text for name, text in said.items()}
    answer = administrator.post(
        f"/brugere/{worker.pk}/",
        {"do": "give", "programme": town.PROGRAMME, "role": "caseworker", "site": site, **said},
    )
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert Membership.objects.filter(user=worker).count() == 1


def test_a_citizen_is_linked_to_one_person(administrator: Any) -> None:
    from indsats.web.models import Person, User

    user = User.objects.create(username="en.borger")
    first, second = Person.objects.order_by("pk")[:2]
    asked = {"do": "give", "programme": town.PROGRAMME, "role": "citizen"}
    assert administrator.post(f"/brugere/{user.pk}/", {**asked, "number": first.number}).status_code == 302
    user.refresh_from_db()
    assert user.person == first
    user.memberships.all().delete()
    assert administrator.post(f"/brugere/{user.pk}/", {**asked, "number": second.number}).status_code == 422


def test_access_is_closed_and_opened_and_words_are_made(administrator: Any, worker: Any) -> None:
    theirs = Client()
    sign_in(theirs)
    address = f"/brugere/{worker.pk}/"
    administrator.post(address, {"do": "off"})
    assert theirs.get("/konto/").status_code == 302
    administrator.post(address, {"do": "on"})
    assert sign_in(theirs).status_code == 302
    page = administrator.post(address, {"do": "word"}).content.decode()
    assert theirs.get("/konto/").status_code == 302, "the old word no longer works"
    shown = re.search(r"<code>([a-z-]{19})</code>", page)
    assert shown
    assert sign_in(Client(), shown[1])["Location"] == "/konto/"


def test_nobody_gives_themselves_a_role(administrator: Any) -> None:
    from indsats.web.models import User

    own = User.objects.get(pk=administrator.session["_auth_user_id"])
    before = own.memberships.count()
    for said in (
        {"do": "give", "role": "caseworker", "programme": town.PROGRAMME},
        {"do": "off"},
        {"do": "word"},
    ):
        answer = administrator.post(f"/brugere/{own.pk}/", said)
        assert (answer.status_code, "en anden administrator" in answer.content.decode()) == (422, True)
    own.refresh_from_db()
    assert (own.memberships.count(), own.is_active, own.once) == (before, True, False)


def test_an_administrator_reaches_their_own_programmes_only(administrator: Any, worker: Any) -> None:
    from indsats.web.models import Membership

    address = f"/brugere/{worker.pk}/"
    elsewhere = Membership.objects.create(user=worker, role="manager", programme="en-anden")
    # whoever holds a password holds everything: somebody who works elsewhere too is not taken over from here
    for do in ("off", "word"):
        assert administrator.post(address, {"do": do}).status_code == 422
    administrator.post(address, {"do": "end", "membership": str(elsewhere.pk)})
    assert Membership.objects.filter(pk=elsewhere.pk).exists()
    administrator.post(address, {"do": "give", "role": "manager", "programme": "en-anden"})
    assert Membership.objects.filter(programme="en-anden").count() == 1
    worker.memberships.filter(programme=town.PROGRAMME).delete()
    assert administrator.get(address).status_code == 404
    assert worker.name not in administrator.get("/brugere/").content.decode()
