"""The citizen's own page: what they see, and what they say to their meetings."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import cast
import invited
from cast import Played
from invited import newest, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def whose(client: Client) -> Played:
    """The cast of a citizen, who is signed in."""
    made = cast.made("citizen")
    client.force_login(made.user)
    return made


# meetings


def test_every_meeting_ahead_is_shown_the_next_first(client: Client, whose: Played) -> None:
    case = whose.sample("own").case
    from indsats.web.models import Fact

    Fact.objects.filter(person=case.person, kind="meeting", replaced_at=None).update(
        occurred_from=date(2019, 3, 4)
    )
    for days in (9, 2, 30, 0):
        invited.meeting(case, days)
    invited.meeting(case, 5, outcome="cancelled")
    (course,) = client.get("/mit/").context["courses"]
    from indsats.web import clock

    assert [(one.day - clock.today()).days for one in course["meetings"]] == [0, 2, 9, 30]


def test_a_citizen_says_that_they_come_or_asks_for_another_time(client: Client, whose: Played) -> None:
    case = whose.sample("own").case
    fact = invited.meeting(case)
    page = say(client, fact, "coming").content.decode()
    assert "Tak. Vi ved nu, at du kommer" in page
    last = newest(fact)
    assert (last.version, last.payload["citizen_said"], last.recorded_by) == (
        2,
        "coming",
        whose.user.username,
    )
    page = unescape(say(client, fact, "move", "  Hellere   om eftermiddagen <b> ").content.decode())
    assert "Du skrev: Hellere om eftermiddagen &lt;b&gt;" in page.replace("<b>", "&lt;b&gt;")
    assert newest(fact).payload["citizen_wish"] == "Hellere om eftermiddagen <b>"
    # and back again: the wish goes with it
    say(client, fact, "coming")
    assert newest(fact).version == 4
    assert "citizen_wish" not in newest(fact).payload
    say(client, fact, "coming")
    assert newest(fact).version == 4, "the same again is no new version"
    # the rest of the appointment is as it was
    first = fact.payload
    assert {name: newest(fact).payload[name] for name in first} == first


@pytest.mark.parametrize(
    ("said", "wish", "words"),
    [
        ("never", "", "Vælg, om du kommer"),
        ("", "", "Vælg, om du kommer"),
        ("move", "x" * 201, "højst 200 tegn"),
    ],
)
def test_what_cannot_be_said_is_refused_with_the_reason(
    client: Client, whose: Played, said: str, wish: str, words: str
) -> None:
    fact = invited.meeting(whose.sample("own").case)
    assert words in say(client, fact, said, wish).content.decode()
    assert newest(fact).version == 1


def test_only_ones_own_planned_meetings_ahead(client: Client, whose: Played) -> None:
    own = whose.sample("own").case
    others = [invited.meeting(whose.sample(name).case) for name in ("site", "away", "shielded")]
    past = invited.meeting(own, -1)
    cancelled = invited.meeting(own, 3, outcome="cancelled")
    held = invited.meeting(own, 0, outcome="held")
    attempt = whose.facts["own"]
    for fact in (*others, past, cancelled, held):
        assert say(client, fact, "coming").status_code == 404, fact.fact
        assert newest(fact).version == 1
    assert client.post(reverse("mine-meeting", args=[attempt]), {"said": "coming"}).status_code == 404
    today = invited.meeting(own, 0)
    say(client, today, "move")
    assert newest(today).payload["citizen_said"] == "move", "until the day is over"


def test_nothing_else_of_a_meeting_can_be_written(client: Client, whose: Played) -> None:
    fact = invited.meeting(whose.sample("own").case)
    say(client, fact, "coming", outcome="held", occurred_from="2001-01-01", type="andet", worker="mig")
    last = newest(fact)
    assert last.occurred_from == fact.occurred_from
    assert last.payload == {**fact.payload, "citizen_said": "coming"}


def test_a_meeting_that_was_changed_meanwhile_is_looked_at_again(client: Client, whose: Played) -> None:
    from indsats.web.record import correct

    fact = invited.meeting(whose.sample("own").case)
    correct("x", fact, {"place": None, "occurred_from": fact.occurred_from + timedelta(days=1)})
    page = say(client, fact, "coming", version=1).content.decode()
    assert "blevet ændret, mens du havde siden åben" in page
    assert newest(fact).version == 2


@pytest.mark.parametrize(
    "name", ["register", "correct", "withdraw", "case", "case-measurements", "invite", "draft"]
)
def test_a_citizen_posting_where_the_staff_do_finds_nothing(client: Client, whose: Played, name: str) -> None:
    from indsats.web.models import Fact

    case = whose.sample("own").case
    fact = invited.meeting(case)
    before = Fact.objects.count()
    for kind in ("meeting", "questionnaire_answered"):
        more = {"register": {"kind": kind}, "correct": {"fact": fact.fact}, "withdraw": {"fact": fact.fact}}
        address = reverse(name, kwargs={"public": case.public, **more.get(name, {})})
        for sent in ({"outcome": "held", "reason": "x", "do": "link"}, {"kind": kind, "do": "code"}):
            assert client.post(address, sent).status_code == 404
    assert Fact.objects.count() == before


def test_the_plan_shows_sub_goals_with_what_is_done_for_them(client: Client, whose: Played) -> None:
    from indsats.web import clock
    from indsats.web.record import register

    case = whose.sample("own").case
    today = clock.today().isoformat()
    at = {"enrolment": case.enrolment, "site": case.site, "occurred_from": today}
    rows = [
        ("activity", {"subgoal": "Køre bus", "activity": "Prøveture", "by": "Mentor", "status": "under_way"}),
        ("activity", {"subgoal": "Køre bus", "activity": "Opgivet ting", "status": "dropped"}),
        ("subgoal_reviewed", {"subgoal": "Komme op", "status": "reached"}),
    ]
    for kind, said in rows:
        register("x", case.programme, kind, {**at, **said}, person=case.person)
    page = unescape(client.get("/mit/").content.decode())
    for words in ("Køre bus", "Prøveture, i gang", "Hvem: Mentor", "Komme op: nået"):
        assert words in page, words
    assert "Opgivet ting" not in page


def test_the_page_asks_few_questions_however_many_meetings(client: Client, whose: Played) -> None:
    for days in range(1, 12):
        invited.meeting(whose.sample("own").case, days)
    client.get("/mit/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/mit/").status_code == 200
    assert len(asked) <= 15, [one["sql"][:100] for one in asked]
