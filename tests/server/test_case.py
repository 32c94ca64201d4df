"""The case page: who, where, what is due and what happened, within fifteen questions to the database."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from filled_form import Fields, serve

pytestmark = pytest.mark.django_db

MOST = 15
"""So many questions to the database a page may ask."""
ROLES = ("caseworker", "coordinator", "job_broker", "manager")


def user_of(client: Any) -> Any:
    from indsats.web.models import User

    return User.objects.get(pk=client.session["_auth_user_id"])


def busiest(client: Any) -> Any:
    """The open case of most facts among those the reader may see."""
    from django.db.models import Count

    from indsats.web.models import Case
    from indsats.web.rights import Reader, scope

    seen = scope(Reader.of(user_of(client)), Case).filter(state__in=["active", "paused"]).values("pk")
    found = Case.objects.filter(pk__in=seen).annotate(n=Count("person__facts", distinct=True))
    return found.order_by("-n", "public").first()


def with_cases(role: str) -> Any:
    """Somebody who holds a role and is responsible for an open case."""
    from indsats.web.models import Responsible, User

    held = Responsible.objects.filter(until=None, case__state="active").values("worker")
    return User.objects.filter(memberships__role=role, username__in=held).order_by("username")[0]


@pytest.fixture
def theirs(client: Any) -> tuple[Any, Any]:
    """A client of somebody who may do all in a programme, and a case with nothing in it but its beginning."""
    from indsats.web.models import User

    case = serve("flere-skal-med")
    client.force_login(User.objects.get(username="prøve-flere-skal-med"))
    return client, case


@pytest.mark.parametrize("role", ROLES)
def test_a_page_is_shown_with_few_questions_and_the_read_is_noted(
    signed_in: Callable[[str], Any], role: str
) -> None:
    from indsats.web.models import Access

    client = signed_in(role)
    case = busiest(client)
    if case is None:  # the first of the town in the role has no open case: one who has
        client.force_login(with_cases(role))
        case = busiest(client)
    for name in ("case", "register-menu"):
        before = Access.objects.filter(case=case.public).count()
        with CaptureQueriesContext(connection) as asked:
            page = client.get(reverse(name, args=[case.public]))
        assert page.status_code == 200
        assert len(asked) <= MOST, [one["sql"][:120] for one in asked.captured_queries]
        assert Access.objects.filter(case=case.public, user=user_of(client)).count() == before + 1
        assert case.person.name in page.content.decode()
        assert case.person.number not in page.content.decode()


@pytest.mark.parametrize(
    "kind", ["meeting", "assigned", "enrolled", "questionnaire_answered", "requirement_answered"]
)
def test_a_form_is_shown_and_saved_with_few_questions(theirs: tuple[Any, Any], kind: str) -> None:
    client, case = theirs
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("register", args=[case.public, kind]))
    assert page.status_code == 200
    assert len(asked) <= MOST, [one["sql"][:120] for one in asked.captured_queries]


def test_the_questions_do_not_grow_with_the_facts(theirs: tuple[Any, Any]) -> None:
    client, case = theirs

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("case", args=[case.public])).status_code == 200
        return len(found)

    one = asked()
    address = reverse("register", args=[case.public, "meeting"])
    for day in range(1, 8):
        sent = Fields(client.get(address).content.decode()).values
        assert client.post(address, sent | {"occurred_from": [f"2020-03-0{day}"]}).status_code == 302
    client.get(reverse("case", args=[case.public]))  # the messages
    assert asked() <= one


def test_the_page_says_where_the_case_is_and_who_has_it(signed_in: Callable[[str], Any]) -> None:
    from indsats.web.models import Due, Responsible, User

    client = signed_in("caseworker")
    case = busiest(client)
    page = client.get(reverse("case", args=[case.public])).content.decode()
    assert 'aria-current="step"' in page
    held = Responsible.objects.filter(case=case, until=None)[0]
    assert User.objects.get(username=held.worker).name in page
    assert Due.objects.filter(case=case).exists()


@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_case_of_the_town_can_be_shown_in_both_languages(
    signed_in: Callable[[str], Any], lang: str
) -> None:
    from indsats.web.models import Case
    from indsats.web.rights import Reader, scope

    client = signed_in("coordinator")
    client.cookies["lang"] = lang
    cases = list(scope(Reader.of(user_of(client)), Case))
    assert cases
    for case in cases:
        for name in ("case", "case-requirements"):
            page = client.get(reverse(name, args=[case.public]))
            assert page.status_code == 200
            text = page.content.decode()
            assert f'<html lang="{lang}"' in text
            assert not re.search(r"\{\w+\}|\bNone\b", re.sub(r"<[^>]+>", "", text))


def test_what_is_late_is_said_with_its_days(theirs: tuple[Any, Any]) -> None:
    from indsats.web import clock

    client, case = theirs
    address = reverse("register", args=[case.public, "contact_attempt"])
    for days in (3, 40):
        day = (clock.today() - timedelta(days=days)).isoformat()
        sent = Fields(client.get(address).content.decode()).values
        sent |= {"occurred_from": [day], "reached": ["false"], "channel": ["sms"]}
        assert client.post(address, sent).status_code == 302
    page = client.get(reverse("case", args=[case.public])).content.decode()
    timeline = page[page.index('class="timeline"') :]
    assert "40 dage efter" in timeline
    assert "3 dage efter" not in timeline


def test_a_fact_recorded_late_in_the_evening_belongs_to_the_danish_day() -> None:
    from indsats.web.models import Fact
    from indsats.web.screens.case_facts import History
    from indsats.web.screens.case_words import clock_time

    # 23:30 in London on the 31st of May is the first of June in Denmark
    at = datetime(2020, 5, 31, 22, 30, tzinfo=UTC)
    fact = Fact(kind="cv", occurred_from=date(2020, 5, 17), recorded_at=at, fact="cv-1")
    assert History((fact,)).late == 15
    assert clock_time(at) == "0.30"
    fact.occurred_from = date(2020, 5, 18)
    assert History((fact,)).late is None


def test_what_follows_from_the_facts_is_asked_for_until_it_is_up_to_date(theirs: tuple[Any, Any]) -> None:
    from indsats.web.derive import project

    client, case = theirs
    address = reverse("register", args=[case.public, "cv"])
    sent = Fields(client.get(address).content.decode()).values
    client.post(address, sent | {"published": ["true"]})
    page = client.get(reverse("case", args=[case.public])).content.decode()
    poll = reverse("case-now", args=[case.public])
    assert f'hx-get="{poll}?part=where"' in page
    assert "Genindlæs siden" in page  # without a script
    assert 'hx-trigger="every 1s"' in client.get(poll, {"part": "due"}).content.decode()
    project([case.person_id])
    part = client.get(poll, {"part": "due"}).content.decode()
    assert "hx-trigger" not in part
    assert "<html" not in part
    assert "hx-trigger" not in client.get(reverse("case", args=[case.public])).content.decode()


def test_other_courses_are_shown_as_far_as_they_may_be_seen(theirs: tuple[Any, Any]) -> None:
    from indsats.web.models import Case, Membership

    client, case = theirs
    elsewhere = Case.objects.create(
        public="andetsteds", programme="udvikling-i-fleksjob", person=case.person, enrolment="e-x", state="active",
        start=date(2020, 1, 1), computed_on=date(2020, 1, 1),
    )  # fmt: skip
    serve_other = reverse("case", args=[elsewhere.public])
    assert serve_other not in client.get(reverse("case", args=[case.public])).content.decode()
    from indsats.library import definition_path
    from indsats.web import clock
    from indsats.web.models import Served

    Served.objects.create(
        programme="udvikling-i-fleksjob",
        definition=str(definition_path("udvikling-i-fleksjob")),
        synthetic=True,
        since=clock.now(),
    )
    Membership.objects.create(user=user_of(client), role="coordinator", programme="udvikling-i-fleksjob")
    assert serve_other in client.get(reverse("case", args=[case.public])).content.decode()


def test_said_tells_a_fact_of_every_kind_in_both_languages(signed_in: Callable[[str], Any]) -> None:
    from indsats.web.models import Fact
    from indsats.web.programmes import programme
    from indsats.web.screens.case_words import said

    kinds = set(Fact.objects.values_list("kind", flat=True))
    assert len(kinds) > 15
    for kind in kinds:
        for fact in Fact.objects.filter(kind=kind)[:20]:
            for lang in ("da", "en"):
                told = said(fact, programme(fact.programme), lang)
                assert told
                assert not re.search(r"\{\w+\}|\bNone\b|»|“", told)


def test_an_id_that_holds_a_number_is_not_carried_in_addresses(theirs: tuple[Any, Any]) -> None:
    from indsats.web import clock
    from indsats.web.models import Fact
    from indsats.web.screens.case_words import fact_key

    client, case = theirs
    Fact.objects.create(
        programme=case.programme, fact="cv 013180-0001/7", kind="cv", programme_version=1, person=case.person,
        enrolment=case.enrolment, occurred_from=date(2020, 1, 2), payload={"published": True},
        recorded_at=clock.now(), recorded_by="import",
    )  # fmt: skip
    page = client.get(reverse("case", args=[case.public])).content.decode()
    assert "013180-0001" not in page
    address = reverse("correct", args=[case.public, fact_key("cv 013180-0001/7")])
    assert address in page
    assert client.get(address).status_code == 200
