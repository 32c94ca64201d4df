"""Answers a citizen's page must not take: late, twice, of another, made up, or with what a form sends changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import invited
from filled_form import Fields
from invited import START, address_of, answers_of, filled

pytestmark = pytest.mark.django_db

Course = tuple[Client, Any]


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """A function that makes another day count as today."""
    return lambda day: monkeypatch.setenv("INDSATS_TODAY", day.isoformat())


@pytest.fixture
def course(today: Callable[[date], None]) -> Course:
    """A citizen on the day a programme with rounds asks for the first time, and their case."""
    return invited.course(today)


def test_answers_sent_in_another_round_are_that_rounds(course: Course, today: Callable[[date], None]) -> None:
    """The round is that of the day they are sent, whatever page they come from; what was kept before is no answer."""
    client, case = course
    there = address_of(case, "who5")
    step = Fields(client.get(f"{there}?let=1").content.decode()).values
    client.post(there, {**step, step["question"][0]: ["0"], "do": "next"})
    sent = filled(client.get(f"{there}?let=0"), "4")
    today(START + timedelta(days=200))
    client = invited.let_in(invited.staff(), case)
    assert "1 af 5" in client.get(f"{there}?let=1").content.decode()
    client.post(there, {**sent, "wave": ["ved-start"], "occurred_from": [START.isoformat()]})
    (fact,) = answers_of(case)
    assert (fact.payload["wave"], fact.occurred_from) == ("maaling-2", START + timedelta(days=200))


def test_answers_after_the_course_has_ended_are_not_taken(
    course: Course, today: Callable[[date], None]
) -> None:
    from indsats.web.record import register

    client, case = course
    there = address_of(case, "who5")
    sent = filled(client.get(there))
    today(START + timedelta(days=1))
    at = {"enrolment": case.enrolment, "site": case.site, "occurred_from": START.isoformat()}
    register("mette", case.programme, "exit", at, person=case.person)
    for more in ({}, {"easy": ["1"]}):
        page = client.post(there, {**sent, **more}, follow=True)
        assert "Spørgsmålene er ikke åbne nu" in page.content.decode()
    assert client.get(there, follow=True).redirect_chain == [("/mit/", 302)]
    assert answers_of(case) == []


def test_answers_after_the_caseworker_filled_it_in_are_not_taken(course: Course) -> None:
    from indsats.web.record import register

    client, case = course
    sent = filled(client.get(address_of(case, "who5")))
    given = {name: 1 for name in sent if name.startswith("answer.")}
    at = {"enrolment": case.enrolment, "site": case.site, "occurred_from": START.isoformat()}
    said = {"questionnaire": "who5", "rater": "borger", "wave": "ved-start", **given}
    register("mette", case.programme, "questionnaire_answered", {**at, **said}, person=case.person)
    page = client.post(address_of(case, "who5"), sent, follow=True)
    assert "Spørgsmålene er ikke åbne nu" in page.content.decode()
    assert [one.recorded_by for one in answers_of(case)] == ["mette"]


def test_two_windows_give_one_answer(course: Course) -> None:
    client, case = course
    there = address_of(case, "who5")
    one, other = filled(client.get(there), "1"), filled(client.get(there), "5")
    assert one["nonce"] != other["nonce"]
    client.post(there, one)
    assert "ikke åbne nu" in client.post(there, other, follow=True).content.decode()
    assert len(answers_of(case)) == 1


def test_two_windows_sent_at_the_same_moment_give_one_answer(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other window's answers come when this one has already been told that the round is open."""
    from indsats.web.screens import mine_answers

    client, case = course
    there = address_of(case, "who5")
    one, other = filled(client.get(there), "1"), filled(client.get(there), "5")
    asked_now, first = mine_answers.asked_now, [True]

    def meanwhile(*args: Any) -> Any:
        found = asked_now(*args)
        if first.pop() if first else False:
            assert "Vi har fået dine svar" in client.post(there, other, follow=True).content.decode()
        return found

    monkeypatch.setattr(mine_answers, "asked_now", meanwhile)
    assert "ikke åbne nu" in client.post(there, one, follow=True).content.decode()
    (fact,) = answers_of(case)
    assert {value for name, value in fact.payload.items() if name.startswith("answer.")} == {5}


def test_something_else_written_at_the_same_moment_loses_no_answers(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    from indsats.web.screens import mine_answers

    client, case = course
    sent = filled(client.get(address_of(case, "who5")))
    asked_now, first = mine_answers.asked_now, [True]

    def meanwhile(*args: Any) -> Any:
        found = asked_now(*args)
        if first.pop() if first else False:
            invited.meeting(case, type="opfoelgningsmoede")
        return found

    monkeypatch.setattr(mine_answers, "asked_now", meanwhile)
    assert (
        "Vi har fået dine svar" in client.post(address_of(case, "who5"), sent, follow=True).content.decode()
    )
    assert len(answers_of(case)) == 1


def test_the_mark_of_somebody_elses_registration_is_ones_own(course: Course) -> None:
    """What a form sends as its mark cannot make the server take another fact for the citizen's answers."""
    from indsats.web.record import register

    client, case = course
    theirs = "0123456789abcdef0123"
    at = {"enrolment": case.enrolment, "site": case.site, "occurred_from": START.isoformat()}
    said = {"questionnaire": "gse", "rater": "borger", "wave": "ved-start", "answer.1": 1}
    gse = [name for name in filled(client.get(address_of(case, "gse"))) if name.startswith("answer.")]
    said = {**{name: value for name, value in said.items() if name != "answer.1"}, **dict.fromkeys(gse, 1)}
    register("x", case.programme, "questionnaire_answered", {**at, **said}, person=case.person, nonce=theirs)
    for nonce in (theirs, "../../etc", "x" * 500):
        sent = {**filled(client.get(address_of(case, "who5"))), "nonce": [nonce]}
        client.post(address_of(case, "who5"), sent)
    assert [one.payload["questionnaire"] for one in answers_of(case)] == ["gse", "who5"]


def test_answers_sent_again_after_they_were_taken_back_are_new_ones(course: Course) -> None:
    from indsats.web.record import withdraw

    client, case = course
    sent = filled(client.get(address_of(case, "who5")), "2")
    client.post(address_of(case, "who5"), sent)
    (fact,) = answers_of(case)
    withdraw("mette", fact, reason="Forkert person", version=fact.version)
    assert answers_of(case) == []
    page = client.post(
        address_of(case, "who5"), {**sent, next(iter(sent)): sent[next(iter(sent))]}, follow=True
    )
    assert "Vi har fået dine svar" in page.content.decode()
    (again,) = answers_of(case)
    assert again.fact != fact.fact


def test_nothing_is_written_without_the_link(course: Course) -> None:
    client, case = course
    sent = filled(client.get(address_of(case, "who5")))
    meeting = invited.meeting(case, type="opfoelgningsmoede")
    invited.staff().post(reverse("invite", args=[case.public]), {"do": "end"})
    for there in (address_of(case, "who5"), reverse("mine-meeting", args=[meeting.fact])):
        answer = client.post(there, {**sent, "said": "coming", "version": "1"})
        assert answer["Location"].startswith("/log-ind/"), there
    assert answers_of(case) == []
    assert invited.newest(meeting).version == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"question": "rater"},
        {"question": "answer.findes-ikke"},
        {"question": "occurred_from", "occurred_from": "2001-01-01"},
        {"trin": "-1"},
        {"trin": "99999999999999999999"},
        {"trin": "x", "question": ""},
        {"do": "fjern"},
        {"easy": "2", "shown": "x;y"},
    ],
)
def test_a_step_with_something_changed_writes_nothing_of_it(course: Course, changed: dict[str, str]) -> None:
    from indsats.web.models import Draft

    client, case = course
    there = address_of(case, "who5")
    sent = Fields(client.get(f"{there}?let=1").content.decode()).values
    found = client.post(there, {**sent, "do": "next", **changed}, follow=True)
    assert found.status_code in (200, 422)
    kept = Draft.objects.filter(case=case).first()
    assert kept is None or set(kept.values) <= {"wave", "nonce", "easy", sent["question"][0]}
    assert answers_of(case) == []
    for step in ("-3", "0", "99", "x", "1e9"):
        assert client.get(f"{there}?let=1&trin={step}").status_code == 200


def test_a_step_is_answered_by_what_is_offered_alone(course: Course) -> None:
    client, case = course
    there = address_of(case, "who5")
    sent = Fields(client.get(f"{there}?let=1").content.decode()).values
    question = sent["question"][0]
    for answer in ("99", "-1", "3; drop", ["0", "77"]):
        page = client.post(there, {**sent, "do": "next", question: answer})
        assert page.status_code == 422, answer
    assert client.post(there, {**sent, "do": "next", question: "0"}).status_code == 302


def test_questions_for_others_are_not_answered_by_the_citizen(course: Course) -> None:
    """Both answer the same form; what the citizen sends under the other's name is written as theirs."""
    client, case = course
    there = address_of(case, "bip")
    sent = {
        **filled(client.get(there), "2"),
        "answer.findes-ikke": ["1"],
        "note": ["x"],
        "recorded_by": ["y"],
    }
    client.post(there, {**sent, "questionnaire": ["mindshift"], "person": ["1"]})
    (fact,) = answers_of(case)
    assert (fact.payload["questionnaire"], fact.payload["rater"]) == ("bip", "borger")
    assert not {"answer.findes-ikke", "note"} & fact.payload.keys()
    assert fact.person_id == case.person_id


def test_no_words_are_made_up_for_instruments_of_others(course: Course) -> None:
    """WHO-5 is somebody else's wording: one question at a time, but in no plainer words, and that is said."""
    client, case = course
    page = client.get(f"{address_of(case, 'who5')}?let=1").content.decode()
    assert "Spørgsmålet står, som det er lavet" in page
    whole = client.get(address_of(case, "who5")).content.decode()
    assert "Vis ét spørgsmål ad gangen<" in whole
    assert "let at læse" not in whole + client.get("/mit/").content.decode()


def test_plainer_words_are_said_to_be_easy_to_read(course: Course, today: Callable[[date], None]) -> None:
    from indsats.web.derive import project

    _, case = course
    today(START + timedelta(days=31))
    project([case.person_id])
    client = invited.let_in(invited.staff(), case)
    assert "Let at læse, ét spørgsmål ad gangen" in client.get("/mit/").content.decode()
    assert "let at læse" in client.get(address_of(case, "borgersurvey")).content.decode()
    step = client.get(f"{address_of(case, 'borgersurvey')}?let=1").content.decode()
    assert "Spørgsmålet står, som det er lavet" not in step
