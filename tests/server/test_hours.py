"""The page of hours: what counts, what disagrees, what has been agreed, and what the citizen has left of more hours."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import cast
from filled_form import serve

pytestmark = pytest.mark.django_db

MOST = 15
"""So many questions to the database a page may ask."""


def today() -> date:
    from indsats.web import clock

    return clock.today()


def page_of(client: Any, case: Any, **query: str) -> str:
    answer = client.get(reverse("case-hours", args=[case.public]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def correction_of(case: Any, fact: Any) -> str:
    from indsats.web.screens.case_words import fact_key

    return reverse("correct", args=[case.public, fact_key(fact.fact)])


def text_of(page: str) -> str:
    """What a reader sees, without tags and with single blanks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def theirs(client: Any) -> tuple[Any, Any]:
    """A client of somebody who may do all in a programme, and a case with nothing in it but its beginning."""
    from indsats.web.models import User

    case = serve("flere-skal-med")
    client.force_login(User.objects.get(username="prøve-flere-skal-med"))
    return client, case


def told(case: Any, kind: str, first: int, last: int | None, **said: Any) -> Any:
    """Register a fact that runs from and to so many days from today."""
    from indsats.web.record import register

    values = {
        "occurred_from": (today() + timedelta(days=first)).isoformat(),
        "occurred_to": None if last is None else (today() + timedelta(days=last)).isoformat(),
        "enrolment": case.enrolment,
        "site": case.site,
    }
    said = {name: str(value) for name, value in said.items()}
    return register("prøve-flere-skal-med", case.programme, kind, values | said, person=case.person)


def test_an_empty_case_says_so_and_has_no_drawing(theirs: tuple[Any, Any]) -> None:
    client, case = theirs
    page = page_of(client, case)
    assert "Der er ikke registreret timer" in page
    assert "Ingen aftaler eller virksomhedsforløb er i gang" in page
    assert "<figure" not in page
    assert f'href="{reverse("register", args=[case.public, "hours"])}?next=' in page
    assert (
        reverse("case-hours", args=[case.public])
        not in client.get(reverse("case", args=[case.public])).content.decode()
    )


def test_overlaps_are_told_apart_by_evidence_and_never_added(theirs: tuple[Any, Any]) -> None:
    client, case = theirs
    said = told(case, "hours", -40, None, type="ordinary", hours_per_week=12, evidence="citizen")
    paid = told(case, "hours", -20, -11, type="ordinary", hours_per_week=10, evidence="payslip")
    page = page_of(client, case)
    shown = text_of(page)
    assert 'role="img"' in page
    assert "<desc" in page
    assert 'aria-labelledby="hours-title hours-about"' in page
    rows = re.findall(r"<tr data-row>.*?</tr>", page, re.S)
    assert [re.search(r'class="number">([^<]+)', row)[1] for row in rows[:3]] == ["12", "10", "12"]  # type: ignore[index]
    assert len(rows) == 4, "three stretches and one disagreement"
    assert "10 timer (lønseddel)" in text_of(rows[3])
    assert "12 timer (oplyst af borgeren)" in text_of(rows[3])
    assert "+2" in text_of(rows[3])
    assert "22" not in text_of(rows[3]).split("timer")[0]
    assert "31 af 41 dage" in shown
    assert "i gang" in text_of(rows[0])
    assert "Prøve Prøvesen" in text_of(rows[0])
    for fact in (said, paid):
        assert correction_of(case, fact) in page
    link = reverse("case-hours", args=[case.public])
    assert f'href="{link}"' in client.get(reverse("case", args=[case.public])).content.decode()


def test_what_is_confirmed_and_agrees_is_said_to(theirs: tuple[Any, Any]) -> None:
    client, case = theirs
    told(case, "hours", -40, None, type="ordinary", hours_per_week=12, evidence="register")
    told(case, "hours", -40, None, type="ordinary", hours_per_week=12, evidence="citizen")
    shown = text_of(page_of(client, case))
    assert "Alle dage er bekræftet" in shown
    assert "Ingen registreringer siger noget forskelligt" in shown


def test_agreements_and_placements_are_told_with_the_days_to_their_end(theirs: tuple[Any, Any]) -> None:
    from indsats.web.derive import project

    client, case = theirs
    over = told(case, "placement", -90, -1, type="virksomhedspraktik", employer="Bageren", hours_per_week=9)
    runs = told(case, "placement", -60, 9, type="virksomhedspraktik", employer="Gartneren", hours_per_week=15)
    project([case.person_id])
    page = page_of(client, case)
    shown = text_of(page)
    assert "hos Gartneren" in shown
    assert "9 dage tilbage" in shown
    assert "15 timer om ugen" in shown
    assert "Bageren" not in shown
    assert "Forny forløbet" in shown
    assert correction_of(case, runs) in page
    assert correction_of(case, over) not in page
    due = page[page.index('id="due"') :]
    assert reverse("register", args=[case.public, "placement"]) in page
    assert "Frist" in due
    assert "Ingen opfølgning venter" not in due


def test_few_questions_one_read_and_no_number(theirs: tuple[Any, Any]) -> None:
    from indsats.web.models import Access

    client, case = theirs
    for at in range(6):
        told(case, "hours", -40 + at, None, type="ordinary", hours_per_week=5 + at, evidence="citizen")
    with CaptureQueriesContext(connection) as asked:
        page = page_of(client, case, timer="10", timeloen="150", ydelse="kontanthjaelp-30")
    assert len(asked) <= MOST, [one["sql"][:120] for one in asked.captured_queries]
    assert list(Access.objects.filter(case=case.public).values_list("what", flat=True)) == ["case-hours"]
    assert case.person.name in page
    assert case.person.number not in page


@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_case_of_the_town_can_be_shown(signed_in: Callable[[str], Any], lang: str) -> None:
    from indsats.web.models import Case, User
    from indsats.web.rights import Reader, scope

    client = signed_in("coordinator")
    client.cookies["lang"] = lang
    reader = Reader.of(User.objects.get(pk=client.session["_auth_user_id"]))
    cases = list(scope(reader, Case)[:25])
    assert cases
    drawn = 0
    for case in cases:
        page = page_of(client, case, timer="15", timeloen="140", ydelse="kontanthjaelp-30")
        assert f'<html lang="{lang}"' in page
        assert not re.search(r"\{\w+\}|\bNone\b", text_of(page))
        drawn += 'role="img"' in page
    assert drawn


@pytest.mark.parametrize("role", ["caseworker", "administrator", "evaluator", "citizen"])
def test_what_may_not_be_seen_is_as_if_it_were_not_there(client: Any, role: str) -> None:
    whose = cast.made(role)
    client.force_login(whose.user)
    nowhere = cast.opened(client, "case-hours", public=cast.NOWHERE)
    assert nowhere.status == 404
    seen = 0
    for one in whose.samples:
        found = cast.opened(client, "case-hours", public=one.case.public)
        if whose.may("see", "hours", one) and whose.may("see", "case", one):
            seen += found.status == 200
        else:
            assert found.plain == nowhere.plain, one.name
            assert found.queries == nowhere.queries, one.name
    assert bool(seen) == (role == "caseworker")


def test_a_role_that_may_see_the_case_and_not_its_hours_finds_no_page(
    theirs: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from indsats.web.rights import scope as rights_of

    client, case = theirs
    told(case, "hours", -40, None, type="ordinary", hours_per_week=12)
    without = {
        key: [right for right in held if right.kind != "hours"]
        for key, held in rights_of.__globals__["_OF"].items()
    }
    monkeypatch.setitem(rights_of.__globals__, "_OF", without)
    unknown = client.get(reverse("case-hours", args=[cast.NOWHERE]))
    answer = client.get(reverse("case-hours", args=[case.public]))
    assert (answer.status_code, unknown.status_code) == (404, 404)
    assert text_of(answer.content.decode()) == text_of(unknown.content.decode())
    assert (
        reverse("case-hours", args=[case.public])
        not in client.get(reverse("case", args=[case.public])).content.decode()
    )


def test_hours_of_another_course_of_the_person_count_and_are_corrected_there(theirs: tuple[Any, Any]) -> None:
    from indsats.web.derive import project
    from indsats.web.record import register

    client, case = theirs
    register(
        "prøve-flere-skal-med", case.programme, "exit",
        {"enrolment": case.enrolment, "occurred_from": "2019-06-01", "site": case.site}, person=case.person,
    )  # fmt: skip
    register(
        "prøve-flere-skal-med", case.programme, "enrolled",
        {"enrolment": "e-anden", "service": case.service, "site": case.site, "occurred_from": "2019-06-03"},
        person=case.person,
    )  # fmt: skip
    project([case.person_id])
    fact = register(
        "prøve-flere-skal-med", case.programme, "hours",
        {"enrolment": "e-anden", "occurred_from": "2019-06-10", "occurred_to": "2019-06-20", "type": "flex",
         "hours_per_week": "7.5", "site": case.site},
        person=case.person,
    )  # fmt: skip
    page = page_of(client, case)
    assert "7,5" in text_of(page)
    assert correction_of(case, fact) not in page


def test_the_gain_is_worked_out_by_the_price_book_with_its_sources(theirs: tuple[Any, Any]) -> None:
    from indsats.economy import own_gain, price_book
    from indsats.language import number

    client, case = theirs
    told(case, "hours", -40, None, type="ordinary", hours_per_week=5, evidence="payslip")
    page = page_of(client, case)
    assert re.search(r'name="timer"[^>]*value="5"', page), "the hours now"
    assert re.search(r'name="timeloen"[^>]*value="[0-9]+,[0-9]+"', page), "the programme has priced a pay"
    assert "Satser og kilder" not in page, "nothing is worked out before it is asked for"
    page = page_of(client, case, timer="15", timeloen="150,50", ydelse="kontanthjaelp-30", beloeb="11282")
    book, year = price_book(), today().year
    exempt = book.exempt_an_hour("kontanthjaelp-30", year)
    assert exempt is not None
    found = own_gain(
        book.taxes_in(year),
        wage_an_hour=150.5,
        hours_a_week=15,
        benefit_a_month=11282,
        exempt_an_hour=exempt[0].amount,
        exempt_hours_a_month=160,
    )
    shown = text_of(page)
    assert f"{number(found.gain, 'da')} kr. mere om måneden" in shown
    assert f"{number(found.an_hour, 'da', 2)} kr. for hver time" in shown
    assert "5 timer (nu)" in shown
    assert 'href="https://skattesatser.dk' in page
    assert "skrevet her" in shown


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"timer": "200"}, "Skriv et tal fra 0,25 til 168"),
        ({"timer": "-3"}, "Skriv et tal, for eksempel"),
        ({"timer": "mange"}, "Skriv et tal, for eksempel"),
        ({"timer": ""}, "Skriv, hvor mange timer"),
        ({"timeloen": "12.000"}, "Skriv et tal, for eksempel"),
        ({"timeloen": "1e9"}, "Skriv et tal, for eksempel"),
        ({"timeloen": "٣"}, "Skriv et tal, for eksempel"),
        ({"timeloen": "9" * 400}, "Skriv et tal, for eksempel"),
        ({"timeloen": ""}, "Skriv timelønnen"),
        ({"ydelse": "findes-ikke"}, "Vælg den ydelse"),
        ({"ydelse": ""}, "Vælg den ydelse"),
        ({"beloeb": "<b>9</b>"}, "Skriv et tal, for eksempel"),
        ({"beloeb": "100001"}, "Skriv et tal fra 0 til 100.000"),
    ],
)
def test_nonsense_in_the_form_is_refused_kindly_at_its_field(
    theirs: tuple[Any, Any], query: dict[str, str], said: str
) -> None:
    client, case = theirs
    page = page_of(client, case, **{"timer": "10", "timeloen": "150", "ydelse": "kontanthjaelp-30", **query})
    assert said in text_of(page)
    assert 'aria-invalid="true"' in page
    assert f'href="#id_{next(iter(query))}"' in page
    assert "Satser og kilder" not in page
    assert "<b>9</b>" not in page


def test_a_year_the_price_book_has_no_rates_for_is_said_in_words(
    theirs: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, case = theirs
    monkeypatch.setenv("INDSATS_TODAY", "1999-05-05")
    shown = text_of(page_of(client, case, timer="10", timeloen="150", ydelse="kontanthjaelp-30"))
    assert "Prisbogen har ikke satserne for 1999" in shown
    monkeypatch.setenv("INDSATS_TODAY", "2027-05-05")
    shown = text_of(page_of(client, case, timer="10", timeloen="150", ydelse="kontanthjaelp-30"))
    assert "Skattesatserne for 2027 er ikke i prisbogen; dem for 2025 er brugt" in shown


def test_numbers_are_read_in_both_languages_and_only_where_they_can_be_read_in_one_way() -> None:
    from indsats.web.screens.hours_gain import number_in

    known = {
        "150": 150,
        "150,5": 150.5,
        "150.50": 150.5,
        "1.234,50": 1234.5,
        "1,234.50": 1234.5,
        " 12 000 kr.": 12000,
    }
    assert {text: number_in(text) for text in known} == known
    assert not [
        text
        for text in ("12.000", "12,000", "", "-1", "1e3", "nan", "inf", "0x10", "1,2,3")
        if number_in(text)
    ]
