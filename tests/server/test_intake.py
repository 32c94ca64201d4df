"""The screens of visitation and intake, without a script: who waits, new citizens, enrolment and duplicates."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import town
from indsats.web import clock
from indsats.web.derive import project, waiting
from indsats.web.models import Access, Case, Fact, Membership, Merge, Person, Search, Site
from indsats.web.record import register

pytestmark = pytest.mark.django_db
OF = town.PROGRAMME
NUMBER, NAME = "032171-1234", "Nanna Nyborg"


@pytest.fixture
def coordinator(signed_in: Callable[[str], Any]) -> Any:
    return signed_in("coordinator")


def _site(role: str = "coordinator") -> str:
    one = Membership.objects.filter(role=role).order_by("user__username").first()
    assert one is not None
    return str(one.site)


def _known(number: str, name: str, site: str | None = None, **more: Any) -> Person:
    person = Person.objects.create(number=number, name=name, **more)
    values = {"site": site or _site(), "occurred_from": clock.today(), "group": "gruppe-1"}
    register("me", OF, "visitation", values, person=person)
    while found := waiting():
        project(found)
    return person


def _text(answer: Any) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def _token(answer: Any) -> str:
    found = re.search(r'name="token" value="([^"]+)"', answer.content.decode())
    assert found is not None
    return found[1]


def _searched(client: Any, number: str = NUMBER, name: str = NAME) -> Any:
    return client.post("/visitation/ny/", {"number": number, "name": name})


def _wanted(token: str, **more: Any) -> dict[str, Any]:
    return {
        "token": token, "programme": OF, "sted": _site(), "start": "visitation", "group": "gruppe-1",
        "on": clock.today().isoformat(), **more,
    }  # fmt: skip


@pytest.mark.parametrize("path", [
    "/visitation/", "/visitation/?gruppe=gruppe-1", "/visitation/?gruppe=-", "/visitation/liste/",
    "/visitation/lister/", "/visitation/ny/", "/visitation/udtraek/", "/visitation/dubletter/",
])  # fmt: skip
@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_page_is_shown_in_both_languages(coordinator: Any, path: str, lang: str) -> None:
    _known("032171-1236", "Ventende Vera")
    coordinator.cookies["lang"] = lang
    answer = coordinator.get(path)
    assert answer.status_code == 200
    assert f'<html lang="{lang}">' in answer.content.decode()


def test_who_waits_stands_first_by_how_long(coordinator: Any) -> None:
    first, second = _known("032171-1236", "Ventende Vera"), _known("042171-1236", "Ventende Viggo")
    values = {"site": _site(), "occurred_from": clock.today() - timedelta(days=40), "group": "gruppe-1"}
    register("me", OF, "visitation", values, person=second)
    while found := waiting():
        project(found)
    text = _text(coordinator.get("/visitation/"))
    assert text.index(second.name) < text.index(first.name)
    assert "40 dage" in text
    assert Access.objects.filter(what="intake", person=first).exists()


def test_only_those_of_ones_sites_wait(coordinator: Any) -> None:
    other = Site.objects.filter(programme=OF).exclude(key=_site()).first()
    assert other is not None
    _known("032171-1236", "Fremmede Frede", other.key)
    assert "Fremmede" not in _text(coordinator.get("/visitation/"))
    assert coordinator.get(f"/visitation/?sted={other.key}").status_code == 404


def test_a_page_there_cannot_be_is_empty(coordinator: Any) -> None:
    assert coordinator.get("/visitation/", {"side": "9" * 30}).status_code == 200


def test_the_landing_asks_few_queries(coordinator: Any, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        _known(f"{number + 1:02}2171-1236", f"Ventende {number}")
    with django_assert_max_num_queries(15):
        coordinator.get("/visitation/")


def test_somebody_new_is_created_from_a_search(coordinator: Any) -> None:
    shown = _searched(coordinator)
    assert Person.objects.filter(number=NUMBER).count() == 0
    answer = coordinator.post("/visitation/ny/opret/", _wanted(_token(shown)))
    person = Person.objects.get(number=NUMBER)
    case = Case.objects.get(person=person)
    assert answer.url == f"/sager/{case.pk}/"
    assert (person.name, str(person.birth_date), person.sex) == (NAME, "1971-01-03", "woman")
    assert (case.state, case.site) == ("candidate", _site())
    assert Search.objects.filter(words__contains="Nanna").exists()
    assert not Search.objects.filter(words__contains="1234").exists()


@pytest.mark.parametrize("token", ["", "made-up", "other"])
def test_nobody_is_created_without_a_search(coordinator: Any, token: str, client: Any) -> None:
    if token == "other":  # noqa: S105 - somebody else's search
        shown = _token(_searched(coordinator))
        second = Membership.objects.filter(role="caseworker").first()
        assert second is not None
        client.force_login(second.user)
        token = shown
    answer = client.post("/visitation/ny/opret/", _wanted(token))
    assert answer.url == "/visitation/ny/"
    assert not Person.objects.filter(number=NUMBER).exists()


def test_a_search_that_is_an_hour_old_creates_nobody(
    coordinator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = _token(_searched(coordinator))
    monkeypatch.setattr("indsats.web.screens.intake_person._AGE", -1)
    assert coordinator.post("/visitation/ny/opret/", _wanted(token)).url == "/visitation/ny/"


@pytest.mark.parametrize("number", ["032171-1236", "0321711236", "032171 1236"])
def test_somebody_who_is_there_is_found_and_not_created(coordinator: Any, number: str) -> None:
    _known("032171-1236", "Vera Ventende")
    shown = _searched(coordinator, number)
    assert "Vera Ventende" in _text(shown)
    assert 'name="token"' not in shown.content.decode()


def test_somebody_created_meanwhile_is_found(coordinator: Any) -> None:
    token = _token(_searched(coordinator))
    _known(NUMBER, "Vera Ventende")
    shown = coordinator.post("/visitation/ny/opret/", _wanted(token))
    assert "Vera Ventende" in _text(shown)
    assert Person.objects.filter(number=NUMBER).count() == 1


def test_somebody_one_may_not_see_looks_new_and_stays_one(coordinator: Any) -> None:
    other = Site.objects.filter(programme=OF).exclude(key=_site()).first()
    assert other is not None
    there = _known(NUMBER, "Hemmelig Person", other.key, protected=True)
    shown = _searched(coordinator)
    assert "Hemmelig" not in _text(shown)
    coordinator.post("/visitation/ny/opret/", _wanted(_token(shown)))
    there.refresh_from_db()
    assert (there.name, there.protected) == ("Hemmelig Person", True)
    assert Fact.objects.filter(person=there, kind="visitation").count() == 2


def test_sent_twice_is_once(coordinator: Any) -> None:
    sent = _wanted(_token(_searched(coordinator)), start="enrolled", service="indsatsmodel")
    for _ in range(2):
        coordinator.post("/visitation/ny/opret/", sent)
    assert Fact.objects.filter(person__number=NUMBER, kind="enrolled").count() == 1
    enrolment = Fact.objects.get(person__number=NUMBER, kind="enrolled").enrolment or ""
    assert enrolment.startswith("e-")
    assert "1234" not in enrolment


def test_one_much_alike_must_be_looked_at(coordinator: Any) -> None:
    _known("032171-1236", "Nana Nyborg", birth_date="1971-01-03")
    shown = _searched(coordinator)
    assert "Nana Nyborg" in _text(shown)
    token = _token(shown)
    again = coordinator.post("/visitation/ny/opret/", _wanted(token))
    assert again.status_code == 422
    assert not Person.objects.filter(number=NUMBER).exists()
    coordinator.post("/visitation/ny/opret/", _wanted(token, other="on"))
    assert Person.objects.filter(number=NUMBER).exists()


@pytest.mark.parametrize(("change", "said"), [
    ({"on": ""}, "Skriv en dag"),
    ({"on": "2999-01-01"}, "Skriv en dag"),
    ({"start": "enrolled", "service": ""}, "Vælg et tilbud"),
    ({"start": "exit"}, "Hvad begynder nu"),
])  # fmt: skip
def test_what_is_missing_is_asked_for_and_nothing_kept(
    coordinator: Any, change: dict[str, str], said: str
) -> None:
    answer = coordinator.post("/visitation/ny/opret/", _wanted(_token(_searched(coordinator)), **change))
    assert answer.status_code == 422
    assert said in _text(answer)
    assert not Person.objects.filter(number=NUMBER).exists()


def test_what_the_record_refuses_leaves_nobody(coordinator: Any) -> None:
    wanted = _wanted(_token(_searched(coordinator)), group="no-such-group")
    answer = coordinator.post("/visitation/ny/opret/", wanted)
    assert answer.status_code == 422
    assert not Person.objects.filter(number=NUMBER).exists()


@pytest.mark.parametrize("number", ["", "12", "abc"])
def test_a_number_is_needed(coordinator: Any, number: str) -> None:
    assert _searched(coordinator, number).status_code == 422


def test_an_impossible_number_is_refused(coordinator: Any) -> None:
    shown = _searched(coordinator, "993371-1234")
    answer = coordinator.post("/visitation/ny/opret/", _wanted(_token(shown), birth="1971-01-03"))
    assert answer.status_code == 422
    assert not Person.objects.filter(number="993371-1234").exists()


def test_a_candidate_is_enrolled_and_again_when_that_has_ended(coordinator: Any) -> None:
    person = _known(NUMBER, NAME)
    case = Case.objects.get(person=person)
    path = f"/sager/{case.pk}/indskriv/"
    shown = coordinator.get(path)
    nonce = re.search(r'name="nonce" value="([0-9a-f]{20})"', shown.content.decode())
    revision = re.search(r'name="revision" value="(\d+)"', shown.content.decode())
    assert nonce is not None
    assert revision is not None
    sent = {
        "programme": OF, "sted": _site(), "service": "indsatsmodel", "on": clock.today().isoformat(), "nonce": nonce[1],
        "revision": revision[1],
    }  # fmt: skip
    assert coordinator.post(path, {**sent, "service": ""}).status_code == 422
    answer = coordinator.post(path, sent)
    now = Case.objects.get(person=person)
    assert answer.url == f"/sager/{now.pk}/"
    assert now.state == "active"
    path = f"/sager/{now.pk}/indskriv/"
    assert coordinator.post(path, sent).url == answer.url  # sent twice
    same = coordinator.post(path, {**sent, "nonce": "f" * 20, "revision": ""})
    assert same.status_code == 422
    assert "allerede indskrevet" in _text(same)
    beside = coordinator.post(
        path, {**sent, "nonce": "e" * 20, "revision": "", "service": "rehabiliteringsspor"}
    )
    assert beside.status_code == 302
    assert Case.objects.filter(person=person).count() == 2


def test_enrolling_on_an_old_page_tells_what_has_come(coordinator: Any) -> None:
    person = _known(NUMBER, NAME)
    case = Case.objects.get(person=person)
    path = f"/sager/{case.pk}/indskriv/"
    sent = {
        "programme": OF, "sted": _site(), "service": "indsatsmodel", "on": clock.today().isoformat(), "nonce": "a" * 20,
        "revision": str(person.revision),
    }  # fmt: skip
    register("other", OF, "visitation", {"occurred_from": clock.today(), "group": "gruppe-2"}, person=person)
    answer = coordinator.post(path, sent)
    assert answer.status_code == 409
    assert "siden du åbnede siden" in _text(answer)
    assert not Fact.objects.filter(person=person, kind="enrolled").exists()


def test_only_a_case_in_reach_is_enrolled(coordinator: Any) -> None:
    far = Case.objects.filter(programme=OF).exclude(site=_site()).first()
    assert far is not None
    assert coordinator.get(f"/sager/{far.pk}/indskriv/").status_code == 404
    assert coordinator.get("/sager/nobody/indskriv/").status_code == 404


def test_duplicates_are_joined_and_parted(coordinator: Any) -> None:
    one = _known("032171-1236", "Karen Margrethe Skov", birth_date="1971-01-03", sex="woman")
    other = _known("632171-1236", "Karen Margrete Skov", birth_date="1971-01-03", sex="woman")
    listed = coordinator.get("/visitation/dubletter/")
    path = f"/visitation/dubletter/{one.public}/{other.public}/"
    assert path in listed.content.decode() or f"{other.public}/{one.public}" in listed.content.decode()
    assert "032171" not in path
    assert coordinator.get(path).status_code == 200
    assert coordinator.post(path, {"kept": one.public, "reason": ""}).status_code == 422
    assert (
        coordinator.post(path, {"kept": one.public, "reason": "samme borger"}).url == "/visitation/dubletter/"
    )
    other.refresh_from_db()
    assert other.merged_into == one
    assert coordinator.get(path).status_code == 404
    done = Merge.objects.get()
    assert coordinator.get(f"/visitation/dubletter/skil/{done.pk}/").status_code == 200
    coordinator.post(f"/visitation/dubletter/skil/{done.pk}/")
    other.refresh_from_db()
    assert other.merged_into is None
    assert Access.objects.filter(person=other, what__in=("merge", "duplicates")).exists()


def test_two_numbers_lead_to_the_two(coordinator: Any) -> None:
    one, other = _known("032171-1236", "Anne Aa"), _known("042171-1236", "Bent Bo")
    answer = coordinator.post("/visitation/dubletter/", {"one": one.number, "other": "0421711236"})
    assert answer.url == f"/visitation/dubletter/{one.public}/{other.public}/"
    assert coordinator.post("/visitation/dubletter/", {"one": one.number, "other": "1"}).status_code == 422


def test_both_must_be_in_reach(coordinator: Any) -> None:
    other = Site.objects.filter(programme=OF).exclude(key=_site()).first()
    assert other is not None
    mine, far = _known("032171-1236", "Anne Aa"), _known("032171-1238", "Anna Aa", other.key)
    path = f"/visitation/dubletter/{mine.public}/{far.public}/"
    assert coordinator.get(path).status_code == 404
    assert coordinator.post(path, {"kept": mine.public, "reason": "x"}).status_code == 404
    assert "Anna" not in _text(coordinator.get("/visitation/dubletter/"))


@pytest.mark.parametrize("role", ["manager", "evaluator", "administrator", "citizen", "job_broker"])
def test_others_find_nothing_here(signed_in: Callable[[str], Any], role: str) -> None:
    if not Membership.objects.filter(role=role).exists():
        pytest.skip("nobody in the town has the role")
    client = signed_in(role)
    for path in ("/visitation/", "/visitation/ny/", "/visitation/liste/", "/visitation/dubletter/"):
        assert client.get(path).status_code == 404, path


def test_a_caseworker_creates_and_brings_in_no_lists(signed_in: Callable[[str], Any]) -> None:
    client = signed_in("caseworker")
    assert client.get("/visitation/").status_code == 200
    assert client.get("/visitation/ny/").status_code == 200
    for path in (
        "/visitation/liste/",
        "/visitation/lister/",
        "/visitation/dubletter/",
        "/visitation/udtraek/",
    ):
        assert client.get(path).status_code == 404, path
