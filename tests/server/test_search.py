"""Searching and the list of cases: what is found by what, who by whom, and that nothing of it is left behind."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import cast
from cast import Played

pytestmark = pytest.mark.django_db

SECRET = re.compile(r"\d{6}-?\d{4}")


@pytest.fixture
def caseworker(client: Client) -> tuple[Client, Played]:
    """A caseworker signed in, and the cases around them."""
    whose = cast.made("caseworker")
    client.force_login(whose.user)
    return client, whose


def found(client: Client, words: str) -> set[str]:
    """The cases a search leads to: those of the list, or the one it leads to at once."""
    answer = client.post("/soeg/", {"q": words})
    assert answer.status_code == 302
    one = re.fullmatch(r"/sager/(\w+)/", answer["Location"])
    if one:
        return {one[1]}
    assert re.fullmatch(r"/soeg/\?s=[\w-]+", answer["Location"]), answer["Location"]
    return set(re.findall(r'href="/sager/(\w+)/', client.get(answer["Location"]).content.decode()))


def named(person: Any, name: str) -> None:
    """Give a person a name, and what it is found by."""
    from indsats.web.models import PersonToken, folded

    person.name = name
    person.save()
    PersonToken.objects.filter(person=person).delete()
    PersonToken.objects.bulk_create(PersonToken(person=person, token=token) for token in folded(name))


@pytest.mark.parametrize(
    ("words", "hit"),
    [
        ("Åse", True), ("åse ør", True), ("ørsted", True), ("ØRSTED ÅSE", True), ("Marie", True), ("an-m", True),
        ("anne marie", True), ("ase", False), ("orsted", False), ("sted", False), ("Åse Anders", False),
        ("René", False),
    ],
)  # fmt: skip
def test_names_are_found_by_the_beginnings_of_their_parts(
    caseworker: tuple[Client, Played], words: str, hit: bool
) -> None:
    client, whose = caseworker
    case = whose.sample("site").case
    named(case.person, "Åse Anne-Marie Ørsted")
    assert (case.pk in found(client, words)) is hit


def test_accents_do_not_matter_but_danish_letters_do(caseworker: tuple[Client, Played]) -> None:
    client, whose = caseworker
    case = whose.sample("site").case
    named(case.person, "René Sørensen")
    assert found(client, "rene") == found(client, "RENÉ sør") == {case.pk}
    assert not found(client, "rene sor")


def test_numbers_are_found_with_and_without_their_hyphen(caseworker: tuple[Client, Played]) -> None:
    client, whose = caseworker
    case = whose.sample("site").case
    for kept in ("053080-1234", "0530801234"):
        type(case.person).objects.filter(pk=case.person_id).update(number=kept)
        for words in (
            "053080-1234",
            "0530801234",
            " 053080 1234 ",
            "053080\u20131234",
            "053080\u20111234\u200b",
        ):
            assert found(client, words) == {case.pk}, (kept, words)
    assert not found(client, "053080-1235")


def test_a_number_leads_straight_to_the_only_case(caseworker: tuple[Client, Played]) -> None:
    client, whose = caseworker
    case = whose.sample("own").case
    assert client.post("/soeg/", {"q": case.person.number})["Location"] == reverse("case", args=[case.pk])


def test_a_sign_no_text_has_is_left_out(caseworker: tuple[Client, Played]) -> None:
    client, whose = caseworker
    case = whose.sample("site").case
    named(case.person, "Ylva Ystad")
    assert found(client, "Yl\0va") == {case.pk}
    assert client.get("/sager/", {"hvem": "\0", "sted": "a\0"}).status_code == 200
    assert client.get("/sager/a%00/").status_code == 404


def test_a_day_of_birth_finds_either_century(caseworker: tuple[Client, Played]) -> None:
    client, whose = caseworker
    old, young = whose.sample("site").case, whose.sample("own").case
    type(old.person).objects.filter(pk=old.person_id).update(birth_date=date(1917, 2, 1))
    type(old.person).objects.filter(pk=young.person_id).update(birth_date=date(2017, 2, 1))
    for words in ("010217", "01.02.17", "1/2-17", "01-02-17"):
        assert found(client, words) == {old.pk, young.pk}, words
    assert found(client, "01.02.1917") == {old.pk}
    assert not found(client, "310217")


def test_an_enrolment_is_found_by_its_id(caseworker: tuple[Client, Played]) -> None:
    client, whose = caseworker
    case = whose.sample("site").case
    type(case).objects.filter(pk=case.pk).update(enrolment="e-7f00aa")
    assert found(client, "e-7f00aa") == {case.pk}


def test_a_merged_person_is_found_under_both_names_and_numbers(caseworker: tuple[Client, Played]) -> None:
    from indsats.web.models import Person

    client, whose = caseworker
    case = whose.sample("site").case
    gone = Person.objects.create(number="713080-1111", merged_into=case.person)
    named(gone, "Gammelt Navn")
    named(case.person, "Nyt Navn")
    assert found(client, "gammelt") == found(client, "713080-1111") == found(client, "nyt navn") == {case.pk}


@pytest.mark.parametrize(
    "role", ["caseworker", "job_broker", "cti_worker", "company_consultant", "coordinator", "manager"]
)
def test_everybody_finds_those_they_may_see_and_nobody_else(client: Client, role: str) -> None:
    from indsats.web.models import Search

    whose = cast.made(role)
    client.force_login(whose.user)
    for one in whose.samples:
        case, person = one.case, one.case.person
        wanted = {case.pk} if whose.may("see", "case", one) else set()
        type(person).objects.filter(pk=person.pk).update(birth_date=date(1961, 1, 1 + person.pk % 28))
        number, enrolment = (
            type(person).objects.values_list("number", flat=True).get(pk=person.pk),
            case.enrolment,
        )
        name = type(person).objects.values_list("name", flat=True).get(pk=person.pk)
        born = f"{1 + person.pk % 28:02}0161"
        for words in (number, name, enrolment, born):
            hits = found(client, words) & {case.pk}
            assert hits == wanted, (one.name, words)
            if not wanted and words != born:
                assert Search.objects.latest("pk").hits == 0
    # nobody is counted, or hinted at, who may not be seen
    assert found(client, "Qz") >= {one.case.pk for one in whose.samples if whose.may("see", "case", one)}
    page = client.get(client.post("/soeg/", {"q": "Qz"})["Location"]).content.decode()
    hidden = {one.case.person_id for one in whose.samples if not whose.may("see", "case", one)}
    assert not {int(key) for key in cast.NAMED.findall(page)} & hidden


def test_no_trace_in_a_search_that_finds_nobody(caseworker: tuple[Client, Played]) -> None:
    """The page after a search for somebody hidden is that after a search for nobody, to the byte."""
    client, whose = caseworker
    pages = []
    for words in (whose.sample("shielded").case.person.number, "313080-9999"):
        there = client.post("/soeg/", {"q": words})["Location"]
        with CaptureQueriesContext(connection) as asked:
            page = client.get(there).content.decode()
        text = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]*"', r"\1", page)
        pages.append((text.replace(there, "ADDRESS"), len(asked)))
    assert pages[0] == pages[1]


def test_numbers_stay_nowhere(caseworker: tuple[Client, Played], caplog: pytest.LogCaptureFixture) -> None:
    from django.contrib.sessions.models import Session

    from indsats.web.models import Search

    client, whose = caseworker
    number = whose.sample("own").case.person.number
    type(whose.user).objects.filter(pk=whose.user.pk).update(person=None)
    for words in (number, "010203-9999", "0102039999"):
        answer = client.post("/soeg/", {"q": words})
        assert words not in answer["Location"]
        page = client.get(answer["Location"])
        assert "010203" not in page.content.decode()
    kept = [one.get_decoded() for one in Session.objects.all()]
    assert not SECRET.search(str(kept))
    said = list(Search.objects.order_by("pk").values_list("words", flat=True))
    assert not any(SECRET.search(words) for words in said)
    assert said[-1] == said[-2] != said[-3], "the same number gives the same mark, however it is written"
    for words in ("010203\u20139999", "010203.9999", "01.02.03/9999", "010203\xa09999", "010203_9999 Hansen"):
        page = client.get(client.post("/soeg/", {"q": words})["Location"]).content.decode()
        assert "9999" not in page + str([one.get_decoded() for one in Session.objects.all()])
    last = list(Search.objects.order_by("-pk").values_list("words", flat=True)[:5])
    assert {words.removesuffix(" Hansen") for words in last} == {said[-1]}
    assert not SECRET.search(caplog.text)


def test_searches_and_what_they_show_are_noted(caseworker: tuple[Client, Played]) -> None:
    from indsats.web.models import Access, Person, Search

    client, whose = caseworker
    Person.objects.filter(pk=whose.sample("shielded own").case.person_id).update(name="Qz0z Prøve")
    keys = {whose.sample(name).case.person_id for name in ("own", "site", "shielded own")}
    for key in keys:
        named(Person.objects.get(pk=key), "Fælles Fornavn")
    found(client, "fælles")
    noted = Search.objects.latest("pk")
    assert (noted.user, noted.words, noted.hits, noted.shielded) == (whose.user, "fælles", 3, 1)
    reads = Access.objects.filter(user=whose.user, what="search")
    assert set(reads.values_list("person", flat=True)) == keys
    assert not reads.filter(alone=True).exists()


def test_too_little_to_search_by_asks_for_more(caseworker: tuple[Client, Played]) -> None:
    client, _ = caseworker
    for words in ("a", "a b", "", "12 34"):
        answer = client.post("/soeg/", {"q": words})
        page = client.get(answer["Location"]).content.decode()
        assert "data-row" not in page
        if words:
            assert "Skriv mindst to bogstaver" in page


def test_at_most_fifty_and_says_that_there_are_more(caseworker: tuple[Client, Played]) -> None:
    from indsats.web.models import Case

    client, whose = caseworker
    Case.objects.filter(programme=whose.sample("site").case.programme).update(site=whose.site)
    page = client.get(client.post("/soeg/", {"q": "Qz"})["Location"]).content.decode()
    assert page.count("<tr data-row") == 50
    assert "Der er flere" in page


def test_a_search_cannot_be_made_by_an_address(caseworker: tuple[Client, Played]) -> None:
    client, _ = caseworker
    page = client.get("/soeg/?q=Qz").content.decode()
    assert "data-row" not in page


def test_someone_elses_search_cannot_be_opened(caseworker: tuple[Client, Played]) -> None:
    from indsats.web.models import User

    signed, _ = caseworker
    there = signed.post("/soeg/", {"q": "Qz"})["Location"]
    other = Client()
    other.force_login(User.objects.filter(memberships__role="coordinator").order_by("pk")[0])
    assert "data-row" not in other.get(there).content.decode()


def test_what_was_found_is_looked_at_anew_each_time(caseworker: tuple[Client, Played]) -> None:
    """Who has been shielded since, or moved away, is gone from a search one goes back to."""
    from indsats.web.models import Person

    client, whose = caseworker
    case = whose.sample("site").case
    there = client.post("/soeg/", {"q": f"Qz{case.person_id}z prøve"})["Location"]
    assert case.pk in client.get(there).content.decode()
    Person.objects.filter(pk=case.person_id).update(protected=True)
    assert case.pk not in client.get(there).content.decode()


def test_few_questions(caseworker: tuple[Client, Played]) -> None:
    from indsats.web.models import Case

    client, whose = caseworker
    Case.objects.filter(programme=whose.sample("site").case.programme).update(site=whose.site)
    with CaptureQueriesContext(connection) as asked:
        there = client.post("/soeg/", {"q": "Qz"})["Location"]
    assert len(asked) <= 15, [one["sql"][:80] for one in asked]
    for address in (there, "/sager/", "/sager/?tilstand=ended&side=2", "/sager/?koe=no_next_step&hvem=x"):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        assert len(asked) <= 15, (address, len(asked), [one["sql"][:80] for one in asked])


def test_the_list_is_limited_by_what_is_chosen(caseworker: tuple[Client, Played]) -> None:
    from indsats.web.models import Case, Responsible

    client, whose = caseworker

    def listed(query: str) -> set[str]:
        return set(
            re.findall(
                r'class="row-link" href="/sager/(\w+)/', client.get(f"/sager/?{query}").content.decode()
            )
        )

    own, site = whose.sample("own").case, whose.sample("site").case
    assert {own.pk, site.pk} <= listed("")
    mine = {one.case.pk for one in whose.samples if one.own}
    assert listed(f"hvem={whose.user.username}") == mine
    assert listed(f"hvem={whose.user.username}&sted={whose.site}") == mine - {
        whose.sample("away own").case.pk
    }
    Case.objects.filter(pk=site.pk).update(state="ended")
    assert site.pk not in listed("")
    assert site.pk in listed("tilstand=ended")
    assert listed("tilstand=vrøvl&side=-1&programme=intet&fase=ingen&koe=ingen&orden=omvendt") == listed("")
    Responsible.objects.filter(case=own).delete()
    assert own.pk not in listed(f"hvem={whose.user.username}")


def test_pages_follow_one_another_without_counting_everything(caseworker: tuple[Client, Played]) -> None:
    from indsats.web.models import Case

    client, whose = caseworker
    Case.objects.filter(programme=whose.sample("site").case.programme).update(site=whose.site, state="active")
    seen: list[str] = []
    address = "/sager/?orden=navn"
    while address:
        with CaptureQueriesContext(connection) as asked:
            page = client.get(address).content.decode()
        assert not any("COUNT(" in one["sql"] for one in asked)
        seen += re.findall(r'class="row-link" href="/sager/(\w+)/', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert (
        len(seen)
        == len(set(seen))
        == Case.objects.filter(site=whose.site, person__protected=False).exclude(programme=cast.OTHER).count()
        + 1
    )  # and the shielded one that is their own


def test_the_list_as_a_file_is_safe_to_open_and_noted(signed_in: Callable[[str], Any]) -> None:
    from indsats.web.models import Access, Case, Person

    client = signed_in("coordinator")
    held = client.get("/sager/?tilstand=ended").context["rows"]
    assert held
    case = Case.objects.get(pk=held[0].href.split("/")[2])
    Person.objects.filter(pk=case.person_id).update(name="=HYPERLINK(1)")
    answer = client.get("/sager.csv?tilstand=ended")
    assert answer["Content-Disposition"] == 'attachment; filename="sager.csv"'
    text = answer.content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert not re.search(r"(^|;)=", text, re.MULTILINE)
    assert not SECRET.search(text), "a list carries no person numbers"
    lines = text.strip().splitlines()[1:]
    noted = Access.objects.filter(what="cases-export").values_list("person", flat=True)
    assert len(lines) == len(noted)
    assert case.person_id in noted
