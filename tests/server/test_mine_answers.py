"""A citizen answers a questionnaire on their own page, and nobody answers another's, another time or another round."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import cast
import invited
from cast import Played
from filled_form import Fields
from invited import START, address_of, answers_of, newest, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """A function that makes another day count as today."""
    return lambda day: monkeypatch.setenv("INDSATS_TODAY", day.isoformat())


@pytest.fixture
def course(today: Callable[[date], None]) -> tuple[Client, Any]:
    """A citizen on the day a programme with rounds asks for the first time, and their case."""
    return invited.course(today)


@pytest.fixture
def whose(client: Client) -> Played:
    """The cast of a citizen, who is signed in."""
    made = cast.made("citizen")
    client.force_login(made.user)
    return made


def test_the_caseworker_sees_the_answer_on_the_case_and_on_my_day(course: tuple[Client, Any]) -> None:
    from indsats.web.derive import project
    from indsats.web.models import Membership, User

    client, case = course
    worker = User.objects.create(username="mette", name="Mette Prøve")
    Membership.objects.create(user=worker, role="caseworker", programme=case.programme)
    fact = invited.meeting(case, type="opfoelgningsmoede", worker="mette")
    say(client, fact, "move", "Hellere fredag")
    project([case.person_id])
    theirs = Client()
    theirs.force_login(worker)
    page = theirs.get("/?koe=meetings_to_move").content.decode()
    assert "Vera Kvist" in page
    assert reverse("correct", args=[case.public, fact.fact]) in page
    page = unescape(theirs.get(reverse("case", args=[case.public])).content.decode())
    assert "vil gerne flytte" in page
    assert "Hellere fredag" in page
    # another day is found: what was said was about the one before
    form = theirs.get(reverse("correct", args=[case.public, fact.fact])).content.decode()
    sent = Fields(form).values
    sent["occurred_from"] = [(fact.occurred_from + timedelta(days=4)).isoformat()]
    theirs.post(reverse("correct", args=[case.public, fact.fact]), sent)
    assert not {"citizen_said", "citizen_wish"} & newest(fact).payload.keys()


def asked(client: Client) -> list[str]:
    (shown,) = client.get("/mit/").context["courses"]
    return [name for name, *_ in shown["asked"]]


def test_what_is_open_for_the_citizen_is_offered(course: tuple[Client, Any]) -> None:
    client, case = course
    assert "who5" in asked(client)
    assert "bip" in asked(client), "one the citizen and somebody else answer each"
    assert not {"mindshift", "fidelitet"} & set(asked(client))
    for name in ("mindshift", "findes-ikke"):
        page = client.get(address_of(case, name), follow=True)
        assert "Spørgsmålene er ikke åbne nu" in page.content.decode(), name


def test_all_at_once(course: tuple[Client, Any]) -> None:
    from indsats.web.models import Access

    client, case = course
    page = client.get(address_of(case, "who5")).content.decode()
    fields = Fields(page)
    items = [name for name in fields.choices if name.startswith("answer.")]
    assert len(items) == 5
    sent = {**fields.values, **{name: ["3"] for name in items}, "do": ["send"]}
    done = client.post(address_of(case, "who5"), sent, follow=True)
    assert "Vi har fået dine svar" in done.content.decode()
    (fact,) = answers_of(case)
    assert fact.payload == {
        "questionnaire": "who5",
        "rater": "borger",
        "wave": "ved-start",
        **dict.fromkeys(items, 3),
    }
    assert (fact.enrolment, fact.site) == (case.enrolment, case.site)
    assert fact.recorded_by == client.get("/mit/").context["reader"].name
    assert "who5" not in asked(client), "at once, before the projections are made"
    assert Access.objects.filter(what="mine-answer", person=case.person).exists()
    # sent a second time, it is the same; gone back to, it is closed
    client.post(address_of(case, "who5"), sent)
    assert len(answers_of(case)) == 1


def test_who_answers_when_and_which_round_are_not_the_citizens_to_say(course: tuple[Client, Any]) -> None:
    client, case = course
    fields = Fields(client.get(address_of(case, "bip")).content.decode())
    items = [name for name in fields.choices if name.startswith("answer.")]
    sent = {**fields.values, **{name: ["2"] for name in items}, "do": ["send"]}
    forged = {
        "rater": ["cti-medarbejder"],
        "wave": ["maaling-3"],
        "occurred_from": ["2019-01-01"],
        "enrolment": ["x"],
    }
    client.post(address_of(case, "bip"), {**sent, **forged})
    (fact,) = answers_of(case)
    assert (fact.payload["rater"], fact.payload["wave"]) == ("borger", "ved-start")
    assert (fact.occurred_from, fact.enrolment) == (START, case.enrolment)


def test_an_answer_off_the_scale_and_no_answers_are_refused(course: tuple[Client, Any]) -> None:
    client, case = course
    fields = Fields(client.get(address_of(case, "who5")).content.decode())
    item = next(name for name in fields.choices if name.startswith("answer."))
    for sent in ({**fields.values, item: ["99"]}, fields.values):
        page = client.post(address_of(case, "who5"), {**sent, "do": ["send"]})
        assert page.status_code == 422
        assert "alert-error" in page.content.decode()
    assert answers_of(case) == []


def test_kept_answers_stand_there_when_one_comes_back(course: tuple[Client, Any]) -> None:
    client, case = course
    fields = Fields(client.get(address_of(case, "who5")).content.decode())
    item = next(name for name in fields.choices if name.startswith("answer."))
    client.post(address_of(case, "who5"), {**fields.values, item: ["4"], "do": ["keep"]})
    assert answers_of(case) == []
    again = Fields(client.get(address_of(case, "who5")).content.decode())
    assert again.values[item] == ["4"]


def test_one_question_at_a_time(course: tuple[Client, Any]) -> None:
    client, case = course
    there = address_of(case, "who5")

    def step(page: str, do: str = "next", answer: str | None = None) -> Any:
        sent = Fields(page).values
        question = sent["question"][0]
        return client.post(
            there, {**sent, "do": [do], **({question: [answer]} if answer else {})}, follow=True
        )

    page = client.get(f"{there}?let=1").content.decode()
    assert "1 af 5" in page
    assert len([name for name in Fields(page).choices if name.startswith("answer.")]) == 1
    refused = step(page)
    assert refused.status_code == 422
    assert "Vælg et svar" in refused.content.decode()
    page = step(page, answer="5").content.decode()
    assert "2 af 5" in page
    page = step(page, "skip").content.decode()
    assert "3 af 5" in page
    # the connection is lost: one goes on where one was, with what one had said
    page = client.get(there).content.decode()
    assert "3 af 5" in page
    assert "Vi har gemt dine svar" in page
    back = client.get(f"{there}?let=1&trin=1").content.decode()
    assert Fields(back).values[Fields(back).values["question"][0]] == ["5"]
    for _ in range(3):
        page = step(page, answer="1").content.decode()
    assert "Er du færdig?" in page
    assert "Du har svaret på 4 af 5" in page
    done = client.post(there, {**Fields(page).values, "do": ["send"]}, follow=True)
    assert "Vi har fået dine svar" in done.content.decode()
    (fact,) = answers_of(case)
    given = [value for name, value in sorted(fact.payload.items()) if name.startswith("answer.")]
    assert sorted(given) == [1, 1, 1, 5]
    assert fact.payload["wave"] == "ved-start"
    from indsats.web.models import Draft

    assert not Draft.objects.filter(case=case).exists()


def test_the_plain_words_of_the_definition_are_asked_in_both_languages(
    course: tuple[Client, Any], today: Callable[[date], None]
) -> None:
    from indsats.web.derive import project

    client, case = course
    today(START + timedelta(days=31))
    project([case.person_id])
    assert client.get("/mit/").status_code == 302, "the link is older than a week"
    client = invited.let_in(invited.staff(), case)
    there = address_of(case, "borgersurvey")
    assert "Lyttede de til dig, da planen blev lavet?" in client.get(f"{there}?let=1").content.decode()
    assert "Lyttede de til dig" not in client.get(there).content.decode()
    client.cookies["lang"] = "en"
    assert "Did they listen to you when the plan was made?" in client.get(f"{there}?let=1").content.decode()


def test_another_citizens_questionnaire_is_not_there(course: tuple[Client, Any], whose: Played) -> None:
    client, case = course
    other = whose.sample("own").case
    for public in (other.public, "0" * 18):
        assert client.get(reverse("mine-answer", args=[public, "who5"])).status_code == 404
        assert client.post(reverse("mine-answer", args=[public, "who5"]), {"do": "send"}).status_code == 404
    assert answers_of(case) == []


def test_a_step_asks_few_questions_of_the_database(course: tuple[Client, Any]) -> None:
    client, case = course
    there = f"{address_of(case, 'who5')}?let=1"
    client.get(there)
    with CaptureQueriesContext(connection) as asked_:
        assert client.get(there).status_code == 200
    assert len(asked_) <= 20, "\n".join(one["sql"][:400] for one in asked_)


def test_no_page_of_the_citizens_has_their_number_in_it(course: tuple[Client, Any]) -> None:
    client, case = course
    for there in ("/mit/", address_of(case, "who5"), f"{address_of(case, 'who5')}?let=1"):
        page = client.get(there).content.decode()
        assert case.person.number not in page
        assert not re.search(r'(href|action)="[^"]*' + re.escape(case.person.name.split()[0]), page)
