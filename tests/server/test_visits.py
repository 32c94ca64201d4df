"""Visits without appointment: two fields, people without a case, what can be done at once, and counts."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

import cast
import town
from indsats.web import clock
from indsats.web.derive import project
from indsats.web.models import Access, Due, Fact, Membership, Person, Search, User
from indsats.web.record import register
from visiting import OF, OTHER, SITE, enrolled, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(client: Client) -> Client:
    """A caseworker at a site that is open for visits, signed in."""
    client.force_login(opened())
    return client


def sent(client: Client, **fields: Any) -> Any:
    return client.post("/besoeg/", {"programme": OF, "sted": SITE, **fields})


def text(answer: Any) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def visits() -> list[Fact]:
    return list(Fact.objects.filter(programme=OF, kind="walk_in").order_by("pk"))


def test_a_visit_takes_two_fields(worker: Client) -> None:
    case = enrolled("Anne Aa", "012180-1119")
    found = sent(worker, q="anne", find="1")
    assert f'value="{case.public}" checked' in found.content.decode(), "the only one found is chosen"
    answer = sent(worker, q="anne", who=case.public, topic="brev")
    assert answer.status_code == 302
    (fact,) = visits()
    assert (fact.person_id, fact.enrolment, fact.site) == (case.person_id, case.enrolment, SITE)
    assert fact.payload == {"topic": "brev", "summoned": False, "has_case": True}
    page = text(worker.get(answer["Location"]))
    assert "Anne Aa" in page
    assert "Forstå et brev fra en myndighed" in page


def test_the_search_and_what_it_shows_are_noted(worker: Client) -> None:
    case = enrolled("Anne Aa", "012180-1119")
    sent(worker, q="anne", find="1")
    assert Search.objects.get().hits == 1
    assert Access.objects.filter(what="visits", person=case.person).exists()
    sent(worker, q="anne", who=case.public)
    assert Search.objects.count() == 1, "what stands in the field is no new search"


def test_somebody_without_a_case_is_counted_without_a_name(worker: Client) -> None:
    assert sent(worker, who="-", topic="bolig", action="vejledning").status_code == 302
    (fact,) = visits()
    assert (fact.person, fact.enrolment, fact.site) == (None, None, SITE)
    assert fact.payload == {"topic": "bolig", "action": "vejledning", "summoned": False, "has_case": False}
    assert "En uden sag her" in text(worker.get("/besoeg/"))


def test_without_a_case_there_is_advice_only(worker: Client) -> None:
    answer = sent(worker, who="-", topic="bolig", action="sagsbehandling")
    assert answer.status_code == 422
    assert "kan derfor kun få råd" in text(answer)
    assert not visits()
    ended = enrolled("Bo Bæk", "022180-1117")
    register(
        "me", OF, "exit", {"enrolment": ended.enrolment, "occurred_from": clock.today()}, person=ended.person
    )
    project([ended.person_id])
    assert sent(worker, who=ended.public, topic="bolig", action="sagsbehandling").status_code == 422
    assert sent(worker, who=ended.public, topic="bolig").status_code == 302
    (fact,) = visits()
    assert (fact.person, fact.enrolment, fact.payload["has_case"]) == (ended.person, None, False)


def test_what_is_missing_is_said_at_its_field(worker: Client) -> None:
    answer = sent(worker)
    assert answer.status_code == 422
    page = text(answer)
    assert "Find borgeren, eller vælg en uden sag." in page
    assert "Vælg, hvad det drejede sig om." in page


def test_the_same_form_sent_twice_is_one_visit(worker: Client) -> None:
    for _ in range(2):
        assert sent(worker, who="-", topic="bolig", nonce="a" * 20).status_code == 302
    assert len(visits()) == 1
    assert sent(worker, who="-", topic="helbred", nonce="a" * 20).status_code == 302
    assert len(visits()) == 2, "gone back to and filled in anew"


def test_who_has_a_meeting_today_was_summoned(worker: Client) -> None:
    case = enrolled("Anne Aa", "012180-1119")
    Due.objects.create(
        case=case, programme=OF, site=SITE, queue="meetings_today", what="", opens=clock.today(), fact="m-1"
    )
    sent(worker, who=case.public, topic="brev")
    sent(worker, who=case.public, topic="brev", summoned="no")
    assert [one.payload["summoned"] for one in visits()] == [True, False]


def test_what_waits_can_be_done_while_they_are_here(worker: Client) -> None:
    case = enrolled("Anne Aa", "012180-1119")
    ahead = clock.today() + timedelta(days=20)
    Due.objects.create(
        case=case, programme=OF, site=SITE, queue="meetings_late", what="", opens=ahead, due=ahead
    )
    answer = sent(worker, who=case.public, topic="brev")
    page = worker.get(answer["Location"]).content.decode()
    assert "Mens Anne Aa er her" in page
    assert f"/sager/{case.public}/ny/meeting/" in page, "a talk may be held early"


def test_those_of_other_sites_cannot_be_chosen(worker: Client) -> None:
    other = enrolled("Carl Cæsar", "032180-1115", OTHER)
    assert "Carl" not in text(sent(worker, q="carl", find="1"))
    assert sent(worker, who=other.public, topic="brev").status_code == 404
    assert (
        worker.post("/besoeg/", {"programme": OF, "sted": OTHER, "who": "-", "topic": "brev"}).status_code
        == 404
    )
    assert not visits()


def test_a_shielded_citizen_is_not_offered(worker: Client) -> None:
    case = enrolled("Dina Due", "042180-1113")
    Person.objects.filter(pk=case.person_id).update(protected=True)
    assert "Dina" not in text(sent(worker, q="dina", find="1"))
    assert sent(worker, who=case.public, topic="brev").status_code == 404


def test_a_nameless_visit_is_undone_the_same_day_by_whoever_made_it(worker: Client) -> None:
    sent(worker, who="-", topic="bolig")
    (address,) = re.findall(r'action="(/besoeg/[^"]+/fortryd/)"', worker.get("/besoeg/").content.decode())
    other = Client()
    user = User.objects.create(username="kollega", name="Kol Lega")
    Membership.objects.create(user=user, role="caseworker", programme=OF, site=SITE)
    other.force_login(user)
    assert address not in other.get("/besoeg/").content.decode()
    assert other.post(address, {"programme": OF, "sted": SITE}).status_code == 404
    assert worker.post(address, {"programme": OF, "sted": SITE}).status_code == 302
    assert not Fact.objects.filter(programme=OF, kind="walk_in", replaced_at=None).exists()
    assert worker.post(address, {"programme": OF, "sted": SITE}).status_code == 404


def test_openings_are_counted(worker: Client) -> None:
    case = enrolled("Anne Aa", "012180-1119")
    for days, values in (
        (0, {"has_case": False}),
        (0, {"has_case": True, "summoned": True}),
        (3, {"has_case": True}),
    ):
        of = {"enrolment": case.enrolment} if values["has_case"] else {}
        on = clock.today() - timedelta(days=days)
        register(
            "me", OF, "walk_in", {"site": SITE, "occurred_from": on, "topic": "bolig", **values, **of},
            person=case.person if of else None,
        )  # fmt: skip
    page = worker.get("/besoeg/").content.decode()
    rows = re.findall(r'<tr><th scope="row">[^<]+</th>((?:<td class="number">\d+</td>)+)</tr>', page)
    assert [re.findall(r"\d+", one) for one in rows] == [["2", "1", "1"], ["1", "0", "0"]]
    assert "1,5 om dagen" in text(worker.get("/besoeg/"))


def test_who_was_merged_stands_under_the_name_of_the_other(worker: Client) -> None:
    gone = enrolled("Anne Aa", "012180-1119")
    sent(worker, who=gone.public, topic="brev")
    kept = Person.objects.create(number="022180-1117", name="Anna Aagaard")
    Person.objects.filter(pk=gone.person_id).update(merged_into=kept)
    gone.person = kept
    gone.save()
    assert "Anna Aagaard" in text(worker.get("/besoeg/"))


def test_few_queries_however_many_came(worker: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        case = enrolled(f"Anne {number}", f"{number + 1:02}2180-1119")
        values = {"site": SITE, "occurred_from": clock.today(), "topic": "bolig", "has_case": True}
        register("me", OF, "walk_in", {**values, "enrolment": case.enrolment}, person=case.person)
    worker.get("/besoeg/")
    with django_assert_max_num_queries(15):
        assert worker.get("/besoeg/").status_code == 200


def test_the_part_with_those_found_comes_alone(worker: Client) -> None:
    enrolled("Anne <b>Aa</b>", "012180-1119")
    answer = worker.post(
        "/besoeg/", {"programme": OF, "sted": SITE, "q": "anne", "find": "1"}, headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    assert "<html" not in page
    assert "Anne &lt;b&gt;" in page


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_page_in_both_languages(worker: Client, lang: str) -> None:
    worker.cookies["lang"] = lang
    answer = worker.get("/besoeg/")
    assert f'<html lang="{lang}">' in answer.content.decode()
    assert ("Open counselling" if lang == "en" else "Åben rådgivning") in text(worker.get("/"))


def test_a_programme_without_visits_says_so(client: Client) -> None:
    whose = cast.made("caseworker")
    client.force_login(whose.user)
    assert "Ingen af dine indsatser har åben rådgivning" in text(client.get("/besoeg/"))
    assert "/besoeg/" not in client.get("/").content.decode()
    assert client.get(f"/besoeg/?programme={town.PROGRAMME}").status_code == 404
