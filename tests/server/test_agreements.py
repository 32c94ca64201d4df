"""Renewing an agreement, and laying down its follow-up plan: shown before it is saved, and written all or nothing."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from filled_form import Fields, serve
from indsats.problem import InputRefused
from indsats.workdays import day_off, in_rhythm

pytestmark = pytest.mark.django_db

MOST = 20
"""So many questions to the database a page may ask."""
PROGRAMME = "flere-skal-med"
FOLLOW_UP = "virksomhedsopfoelgning"


def today() -> date:
    from indsats.web import clock

    return clock.today()


def on(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


@pytest.fixture
def theirs(client: Any) -> tuple[Any, Any]:
    """A client of somebody who may do all in a programme, and a case with nothing in it but its beginning."""
    from indsats.web.models import User

    case = serve(PROGRAMME)
    client.force_login(User.objects.get(username=f"prøve-{PROGRAMME}"))
    return client, case


def agreed(case: Any, first: int, last: int | None, kind: str = "agreement", **said: Any) -> Any:
    """An agreement of so many days from today until so many."""
    from indsats.web.record import register

    values = {
        "occurred_from": on(first),
        "occurred_to": None if last is None else on(last),
        "enrolment": case.enrolment,
        "site": case.site,
        "type": "arbejdsaftale",
    }
    return register(f"prøve-{PROGRAMME}", case.programme, kind, values | said, person=case.person)


def renewal_of(case: Any, fact: Any) -> str:
    from indsats.web.screens.case_words import fact_key

    return reverse("renew", args=[case.public, fact_key(fact.fact)])


def plan(first: int, weeks: int = 4, **more: str) -> dict[str, str]:
    return {"follow_type": FOLLOW_UP, "follow_first": on(first), "follow_weeks": str(weeks), **more}


def form_of(client: Any, address: str, **said: str) -> dict[str, Any]:
    """What a browser would send of the form at an address, with what is filled in."""
    page = client.get(address)
    assert page.status_code == 200
    return {**Fields(page.content.decode()).values, **said}


def work_agreement(client: Any, case: Any, **said: str) -> tuple[str, dict[str, Any]]:
    address = reverse("register", args=[case.public, "agreement"]) + "?what=arbejdsaftale"
    return address, form_of(client, address, **said)


def meetings(case: Any) -> list[Any]:
    from indsats.web.models import Fact

    found = Fact.objects.filter(person=case.person, kind="meeting", replaced_at=None)
    return list(found.order_by("occurred_from"))


def agreements(case: Any) -> list[Any]:
    from indsats.web.models import Fact

    return list(Fact.objects.filter(person=case.person, kind="agreement", replaced_at=None).order_by("pk"))


def text_of(answer: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def lines_of(answer: Any) -> list[str]:
    """The days of the plan as the page shows them."""
    page = answer.content.decode()
    found = re.search(r'id="follow-up-days".*?</ol>', page, re.S)
    return re.findall(r"<li>(.*?)</li>", found[0]) if found else []


# the follow-up plan


def test_the_days_are_shown_with_their_agenda_before_anything_is_written(theirs: tuple[Any, Any]) -> None:
    client, case = theirs
    address, sent = work_agreement(client, case, occurred_to=on(120), **plan(7))
    answer = client.post(address, {**sent, "days": "1"})
    assert answer.status_code == 200
    assert len(lines_of(answer)) == 5
    shown = text_of(answer)
    assert "Fast dagsorden for opfølgning på virksomheden" in shown
    assert "Er det stadig det rigtige mål?" in shown
    assert agreements(case) == []
    assert meetings(case) == []
    again = Fields(answer.content.decode()).values
    assert {name: again[name] for name in plan(7)} == {name: [said] for name, said in plan(7).items()}


def test_the_plan_is_written_with_the_agreement(theirs: tuple[Any, Any]) -> None:
    from indsats.web.record import laid_down_with

    client, case = theirs
    address, sent = work_agreement(client, case, occurred_to=on(120), follow_place="virksomhed", **plan(7))
    answer = client.post(address, sent, follow=True)
    (agreement,) = agreements(case)
    assert "5 opfølgninger er planlagt" in text_of(answer)
    expected = [one.day for one in in_rhythm(today() + timedelta(days=7), 4, today() + timedelta(days=120))]
    held = meetings(case)
    assert [one.occurred_from for one in held] == expected
    for one in held:
        assert one.payload["outcome"] == "planned"
        assert (one.payload["type"], one.payload["place"]) == (FOLLOW_UP, "virksomhed")
        assert one.payload["worker"] == f"prøve-{PROGRAMME}"
        assert laid_down_with(one.source) == agreement.fact
        assert one.enrolment == case.enrolment
    # the same form sent twice is one registration
    assert client.post(address, sent).status_code == 302
    assert len(agreements(case)) == 1
    assert len(meetings(case)) == 5
    # and with another plan it is not lost silently
    other = client.post(address, {**sent, "follow_weeks": "2"})
    assert other.status_code == 200
    assert len(meetings(case)) == 5


def test_a_day_off_is_said_and_moved(theirs: tuple[Any, Any]) -> None:
    client, case = theirs
    ahead = next(n for n in range(1, 9) if (today() + timedelta(days=n)).weekday() == 5)
    address, sent = work_agreement(client, case, occurred_to=on(ahead + 20), **plan(ahead))
    (line,) = lines_of(client.post(address, {**sent, "days": "1"}))
    assert "i stedet for" in line
    assert "lørdag" in line
    client.post(address, sent)
    (held,) = meetings(case)
    assert day_off(held.occurred_from, "da") is None
    assert held.occurred_from > today() + timedelta(days=ahead)


def test_without_a_plan_the_agreement_stands_alone(theirs: tuple[Any, Any]) -> None:
    client, case = theirs
    address, sent = work_agreement(client, case, occurred_to=on(120))
    assert sent["follow_weeks"] == ["4"]
    assert client.post(address, sent).status_code == 302
    assert len(agreements(case)) == 1
    assert meetings(case) == []


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ({**plan(7), "follow_type": ""}, "follow_type"),
        ({**plan(7), "follow_first": ""}, "follow_first"),
        ({**plan(-1)}, "follow_first"),
        ({**plan(200)}, "follow_first"),
        ({**plan(7), "follow_weeks": "0"}, "follow_weeks"),
        ({**plan(7), "follow_weeks": "53"}, "follow_weeks"),
        ({**plan(7), "follow_weeks": "x"}, "follow_weeks"),
        ({**plan(7), "occurred_to": ""}, "occurred_to"),
        ({**plan(7), "occurred_to": on(700), "follow_weeks": "1"}, "follow_weeks"),
        ({**plan(7), "follow_worker": "somebody-else"}, "follow_worker"),
        ({**plan(7), "follow_place": "nowhere"}, "follow_place"),
        ({**plan(7), "follow_type": "nothing"}, "follow_type"),
        ({"follow_weeks": "2"}, "follow_first"),
        ({"follow_place": "somewhere"}, "follow_first"),
    ],
)
def test_what_makes_no_plan_is_said_at_its_field_and_nothing_is_written(
    theirs: tuple[Any, Any], said: dict[str, str], at: str
) -> None:
    client, case = theirs
    address, sent = work_agreement(client, case, **{"occurred_to": on(120), **said})
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert f'href="#id_{at}"' in answer.content.decode()
    assert agreements(case) == []
    assert meetings(case) == []


def test_enter_in_a_field_saves_and_does_not_show_the_days(theirs: tuple[Any, Any]) -> None:
    client, case = theirs
    address, _ = work_agreement(client, case)
    page = client.get(address).content.decode()
    buttons = re.findall(r"<button[^>]*>", page[page.index('id="fill"') :])
    assert 'type="submit"' in buttons[0]
    assert "name=" not in buttons[0], "a browser presses the first button that sends the form"
    assert any('name="days"' in one for one in buttons[1:])


def test_where_one_of_the_dates_is_refused_nothing_is_written(theirs: tuple[Any, Any]) -> None:
    from indsats.web.record import Beside, register

    _, case = theirs
    shared = {"enrolment": case.enrolment, "site": case.site}
    rows: list[dict[str, Any]] = [
        {**shared, "type": FOLLOW_UP, "outcome": "planned", "occurred_from": on(7)},
        {**shared, "type": "no-such-meeting", "outcome": "planned", "occurred_from": on(14)},
    ]
    values = {**shared, "type": "arbejdsaftale", "occurred_from": on(0), "occurred_to": on(60)}
    with pytest.raises(InputRefused) as refused:
        register("x", case.programme, "agreement", values, person=case.person, beside=Beside("meeting", rows))
    assert {one.field for one in refused.value.problems} == {"meeting.type"}
    assert agreements(case) == []
    assert meetings(case) == []


def test_somebody_who_may_not_register_meetings_gets_no_plan(
    theirs: tuple[Any, Any], monkeypatch: Any
) -> None:
    from indsats.web.screens import register_follow_up

    client, case = theirs
    monkeypatch.setattr(register_follow_up, "allowed", lambda *_: {"register": {"agreement"}})
    address, sent = work_agreement(client, case, occurred_to=on(120))
    assert not any(name.startswith("follow_") for name in sent)
    assert client.post(address, {**sent, **plan(7)}).status_code == 302
    assert meetings(case) == []


def test_the_dates_stand_on_the_page_of_hours_in_words(theirs: tuple[Any, Any]) -> None:
    from indsats.web.record import correct, withdraw

    client, case = theirs
    address, sent = work_agreement(client, case, occurred_to=on(150), **plan(7))
    client.post(address, sent)
    held, late, gone, *_ = meetings(case)
    correct("x", held, {"occurred_from": on(-3), "outcome": "held"})
    correct("x", late, {"occurred_from": on(-1)})
    withdraw("x", gone, reason="never agreed")
    page = client.get(reverse("case-hours", args=[case.public]))
    shown = text_of(page)
    for words in (": holdt", ": mangler resultat", ": næste", ": planlagt", "Tidligere (1)", "Senere (2)"):
        assert words in shown, words
    assert "Registrér resultat" in shown
    client.cookies["lang"] = "en"
    assert ": result missing" in text_of(client.get(reverse("case-hours", args=[case.public])))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("case-hours", args=[case.public]))
    assert len(asked) <= MOST, len(asked)


# renewal


def test_a_renewal_carries_what_was_agreed_and_begins_the_day_after(theirs: tuple[Any, Any]) -> None:
    from indsats.web.models import Access, Fact

    client, case = theirs
    old = agreed(
        case, -60, 9, counterpart="Byens Bageri", arbejdsopgaver="Bage brød", **{"mentor-aftalt": "true"}
    )
    with CaptureQueriesContext(connection) as asked:
        page = client.get(renewal_of(case, old))
    assert len(asked) <= MOST, len(asked)
    assert Access.objects.latest("pk").what == "renew"
    shown = text_of(page)
    assert "Forny aftalen" in shown
    assert "Den gamle bliver stående" in shown
    assert "Dagen efter den gamle slutter." in shown
    sent = Fields(page.content.decode()).values
    assert sent["occurred_from"] == [on(10)]
    assert sent["occurred_to"] == [on(10 + 69)]
    assert sent["counterpart"] == ["Byens Bageri"]
    assert sent["arbejdsopgaver"] == ["Bage brød"]
    assert not any(sent.get("mentor-aftalt", ())), (
        "an answer by yes or no is about the moment it was given in"
    )
    answer = client.post(renewal_of(case, old), {**sent, **plan(14)})
    assert answer.status_code == 302
    first, new = agreements(case)
    assert first.pk == old.pk
    assert Fact.objects.filter(fact=old.fact).count() == 1
    assert (new.occurred_from.isoformat(), new.occurred_to.isoformat()) == (on(10), on(79))
    assert (new.payload["type"], new.payload["counterpart"]) == ("arbejdsaftale", "Byens Bageri")
    assert [one.occurred_from for one in meetings(case)] == [
        one.day for one in in_rhythm(today() + timedelta(days=14), 4, today() + timedelta(days=79))
    ]


def test_what_is_renewed_leaves_the_worklist(theirs: tuple[Any, Any]) -> None:
    from indsats.web.derive import project
    from indsats.web.models import Due

    client, case = theirs
    old = agreed(case, -60, 9)
    project([case.person_id])
    ending = Due.objects.filter(case__person=case.person, queue="agreements_ending", fact=old.fact)
    assert ending.exists()
    assert client.post(renewal_of(case, old), form_of(client, renewal_of(case, old))).status_code == 302
    project([case.person_id])
    assert not ending.exists()


def test_what_is_over_is_renewed_from_today(theirs: tuple[Any, Any]) -> None:
    client, case = theirs
    sent = form_of(client, renewal_of(case, agreed(case, -60, -31)))
    assert sent["occurred_from"] == [on(0)]
    assert sent["occurred_to"] == [on(29)]


def test_a_placement_is_renewed_by_the_link_of_the_page_of_hours(theirs: tuple[Any, Any]) -> None:
    from indsats.web.models import Fact

    client, case = theirs
    old = agreed(case, -20, 5, "placement", type="virksomhedspraktik", employer="Lageret")
    assert renewal_of(case, old) in client.get(reverse("case-hours", args=[case.public])).content.decode()
    client.cookies["lang"] = "en"
    page = client.get(renewal_of(case, old))
    assert "Renew the placement" in text_of(page)
    assert "The day after the old one ends." in text_of(page)
    assert client.post(renewal_of(case, old), Fields(page.content.decode()).values).status_code == 302
    assert (
        Fact.objects.filter(kind="placement", occurred_from=on(6), payload__employer="Lageret").count() == 1
    )


def test_only_agreements_and_placements_that_hold_are_renewed(theirs: tuple[Any, Any]) -> None:
    from indsats.web.record import register, withdraw

    client, case = theirs
    values = {"occurred_from": on(0), "reached": "false", "enrolment": case.enrolment, "site": case.site}
    call = register("x", case.programme, "contact_attempt", values, person=case.person)
    gone = agreed(case, -5, 5)
    withdraw("x", gone, reason="never made")
    assert client.get(renewal_of(case, call)).status_code == 404
    assert client.get(renewal_of(case, gone)).status_code == 404


def test_a_draft_keeps_the_plan(theirs: tuple[Any, Any]) -> None:
    client, case = theirs
    address, sent = work_agreement(client, case, occurred_to=on(120), **plan(7))
    assert client.post(reverse("draft", args=[case.public]), sent).status_code in (200, 204)
    opened = form_of(client, address + "&draft=1")
    assert {name: opened[name] for name in plan(7)} == {name: [said] for name, said in plan(7).items()}
    assert client.post(address, opened).status_code == 302
    assert len(meetings(case)) == 5


# a follow-up plan never loses a date

WAYS = ("save", "draft", "renewal", "edited")


@pytest.fixture
def undone() -> Any:
    """A function that runs another and takes back what it wrote."""

    def run(does: Any) -> None:
        mark = transaction.savepoint()
        try:
            does()
        finally:
            transaction.savepoint_rollback(mark)

    return run


def test_a_follow_up_plan_never_loses_a_date(theirs: tuple[Any, Any], undone: Any) -> None:
    """Through the form and the database: every date of the rhythm ends as exactly one planned meeting."""
    client, case = theirs
    old = agreed(case, -60, 5)
    address, blank = work_agreement(client, case)
    renewal = renewal_of(case, old)
    renewing = form_of(client, renewal)

    @settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(WAYS), st.integers(6, 40), st.integers(1, 9), st.integers(0, 300))
    def laid_down_once(way: str, first: int, weeks: int, length: int) -> None:
        def does() -> None:
            said = {"occurred_to": on(first + length), **plan(first, weeks)}
            where, form = (renewal, renewing) if way == "renewal" else (address, blank)
            # the database forgets the former example, and each form is one registration
            sent = {**form, "revision": "", "nonce": f"{first:04x}{weeks:04x}{length:012x}", **said}
            if way == "draft":
                client.post(reverse("draft", args=[case.public]), sent)
                sent = form_of(client, address + "&draft=1")
            if way == "edited":
                asked = client.post(address, {**sent, **plan(first + 1, weeks + 1), "days": "1"})
                sent = {**Fields(asked.content.decode()).values, **said}
            answer = client.post(where, sent)
            assert answer.status_code == 302, text_of(answer)
            begins, ends = today() + timedelta(days=first), today() + timedelta(days=first + length)
            expected = [one.day for one in in_rhythm(begins, weeks, ends)]
            assert [one.occurred_from for one in meetings(case)] == expected
            assert {one.payload["outcome"] for one in meetings(case)} == {"planned"}

        undone(does)

    laid_down_once()
