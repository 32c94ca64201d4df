"""The page of a case's measurements: the numbers of the measurement room in words, for whoever may see them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from shutil import copytree
from typing import Any

import polars as pl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from filled_form import Fields, serve
from indsats import measure
from indsats.library import definition_path
from indsats.steer import REASONS, measurements_due

pytestmark = pytest.mark.django_db

MOST = 15
"""So many questions to the database a page may ask."""
NOWHERE = "0" * 18
WHO5 = ("humoer", "ro", "energi", "soevn", "indhold")
START = date(2019, 3, 4)
"""The day ``serve`` enrols its one person."""


def opened(client: Any, case: Any, lang: str = "da") -> Any:
    client.cookies["lang"] = lang
    page = client.get(reverse("case-measurements", args=[case.public]))
    assert page.status_code == 200
    return page


def plain(page: Any) -> str:
    """What the page says, without markup."""
    main = page.content.decode().partition("<main")[2]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))


def said(page: Any, public: str) -> str:
    """A page that was not found, without the address it was asked for and the token of its forms."""
    return re.sub(
        r'(csrfmiddlewaretoken" value=|X-CSRFToken[^:]*: *)"?[^"]+"?', "", page.content.decode()
    ).replace(public, "")


def about(page: Any, questionnaire: str) -> Any:
    return next(one for one in page.context["told"] if one.id == questionnaire)


def facts_of(case: Any) -> Any:
    from indsats.web.record import record_of

    return record_of(case.programme, [case.person_id], sites=True).as_of()


def answer(case: Any, questionnaire: str, rater: str, day: date, points: dict[str, int], **more: Any) -> None:
    from indsats.web.record import register

    values = {f"answer.{item}": point for item, point in points.items()}
    said = {"questionnaire": questionnaire, "rater": rater, "enrolment": case.enrolment, "occurred_from": day}
    said = {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}
    register(
        f"prøve-{case.programme}",
        case.programme,
        "questionnaire_answered",
        said | values | more,
        person=case.person,
    )


def asked(case: Any, questionnaire: str, step: str, day: date, **more: Any) -> None:
    from indsats.web.record import register

    said = {
        "questionnaire": questionnaire,
        "step": step,
        "enrolment": case.enrolment,
        "occurred_from": day.isoformat(),
    }
    register(
        f"prøve-{case.programme}", case.programme, "questionnaire_asked", said | more, person=case.person
    )


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """A function that makes another day count as today."""
    return lambda day: monkeypatch.setenv("INDSATS_TODAY", day.isoformat())


@pytest.fixture
def course(client: Any, today: Callable[[date], None]) -> Any:
    """A case of a programme with rounds, two editions and two raters, half a year after it began."""
    from indsats.web.models import User

    today(START + timedelta(days=200))
    case = serve("social-stoette-i-job")
    client.force_login(User.objects.get(username="prøve-social-stoette-i-job"))
    return case


@pytest.fixture
def steady(client: Any, tmp_path: Path, today: Callable[[date], None]) -> Any:
    """The same, where the definition says how much well-being differs between people, so that changes can be judged."""
    from indsats.web.models import Served, User

    folder = tmp_path / "definition"
    copytree(definition_path("social-stoette-i-job"), folder)
    (file,) = folder.rglob("measurement.yaml")
    text = file.read_text("utf-8")
    assert "value: 0.81\n" in text
    file.write_text(text.replace("value: 0.81\n", "value: 0.81\n          sd: 20\n"), "utf-8")
    today(START + timedelta(days=200))
    case = serve("social-stoette-i-job")
    Served.objects.filter(programme=case.programme).update(definition=str(folder))
    client.force_login(User.objects.get(username="prøve-social-stoette-i-job"))
    return case


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_page_of_every_case_of_the_town_is_shown_in_both_languages_with_few_questions(
    signed_in: Callable[[str], Any], lang: str
) -> None:
    from indsats.web.models import Access, Case, User
    from indsats.web.rights import Reader, scope

    client = signed_in("coordinator")
    user = User.objects.get(pk=client.session["_auth_user_id"])
    cases, drawn = list(scope(Reader.of(user), Case)), 0
    for case in cases:
        before = Access.objects.filter(case=case.public, what="case-measurements").count()
        with CaptureQueriesContext(connection) as found:
            page = opened(client, case, lang)
        assert len(found) <= MOST, [one["sql"][:120] for one in found.captured_queries]
        assert Access.objects.filter(case=case.public, what="case-measurements").count() == before + 1
        text = page.content.decode()
        assert f'<html lang="{lang}"' in text
        assert case.person.number not in text
        assert not re.search(r"\{\w+\}|\bNone\b", plain(page))
        drawn += text.count('role="img"')
        ids = re.findall(r'\bid="([^"]+)"', text)
        assert len(ids) == len(set(ids))
    assert cases
    assert drawn


def test_the_numbers_are_those_of_the_measurement_room(signed_in: Callable[[str], Any]) -> None:
    from indsats.web import clock
    from indsats.web.models import Case, User
    from indsats.web.rights import Reader, scope

    client = signed_in("coordinator")
    user, until = User.objects.get(pk=client.session["_auth_user_id"]), clock.today()
    changed = 0
    for case in scope(Reader.of(user), Case).exclude(enrolment=""):
        facts = facts_of(case)
        told = {one.id: one for one in opened(client, case).context["told"]}
        own = pl.col("enrolment") == case.enrolment
        for name, questionnaire in facts.programme.questionnaires.items():
            if questionnaire.about != "person":
                continue
            rounds = measurements_due(facts, until, questionnaires=[name]).filter(own)
            scored = measure.score_table(facts, name).filter(own & (pl.col("day") <= until))
            if name not in told:
                assert rounds.is_empty()
                assert scored.is_empty()
                continue
            said = [(one.due, one.opens, one.closes, one.status) for one in told[name].rounds]
            assert said == rounds.select("due", "opens", "closes", "status").rows()
            for score, shown in zip(
                scored["score"].unique(maintain_order=True), told[name].courses, strict=True
            ):
                rows = scored.filter(pl.col("score") == score)
                values = {one.answer: one.value for one in shown.rows}
                assert values == dict(rows.select("id", "value").iter_rows())
                answered = measure.answers(facts, name).filter(own & (pl.col("occurred_from") <= until))
                (mean,) = measure.score_rows(answered, questionnaire, score, None, at="last")
                if shown.rows and shown.rows[0].value is not None:
                    assert shown.rows[0].value == pytest.approx(mean.mean.value)
                row = measure.changes(facts, name, score, until=until).filter(own).row(0, named=True)
                first = shown.changes[0]
                if row["rater"] is not None:
                    assert (first.first.value, first.first.day) == (row["value"], row["day"])
                    assert (first.last.value if first.last else None) == row["last_value"]
                    assert first.change == row["change"]
                    changed += first.change is not None
                    if row["reason"]:
                        assert first.why.lower() == REASONS[row["reason"]].da.lower()
    assert changed


def test_a_case_without_answers_shows_what_is_to_be_answered(client: Any, course: Any) -> None:
    page = opened(client, course)
    who5 = about(page, "who5")
    assert not who5.courses
    assert who5.profile is None
    assert [one.status for one in who5.rounds] == ["missed", "due", "upcoming"]
    text = page.content.decode()
    assert 'role="img"' not in text
    assert "Skemaet er ikke besvaret endnu" in plain(page)
    from indsats.web.programmes import programme as definition

    form = f"{reverse('register', args=[course.public, 'questionnaire_answered'])}?what=who5"
    assert form in unescape(text)
    (address,) = {unescape(one) for one in re.findall(rf'href="({re.escape(form)}[^"]*)"', text)}
    filled = Fields(client.get(address).content.decode()).values
    due = list(definition(course.programme).questionnaires["who5"].waves)[1]
    assert (filled["rater"], filled["wave"]) == (["borger"], [due]), "the round that is due, not the first"


def test_a_case_of_nobody_enrolled_says_that_there_is_nothing(client: Any, course: Any) -> None:
    from indsats.web.models import Case

    Case.objects.filter(pk=course.pk).update(enrolment="")
    assert "Der er ingen målinger i forløbet" in plain(opened(client, course))


def test_one_answer_is_a_start_and_no_change(client: Any, course: Any) -> None:
    answer(course, "who5", "borger", START + timedelta(days=2), dict.fromkeys(WHO5, 2), wave="ved-start")
    page = opened(client, course)
    (trivsel,) = about(page, "who5").courses
    (change,) = trivsel.changes
    assert (change.first.value, change.last, change.change) == (40, None, None)
    assert change.why.lower() == REASONS[measure.NOT_MEASURED_AGAIN].da
    assert [one.start for one in trivsel.rows] == [True]
    assert not trivsel.svg
    assert about(page, "who5").rounds[0].words == "Besvaret 6. marts 2019, til tiden"
    assert "Risiko for depression eller stress" in plain(page)


def test_two_raters_stand_side_by_side_with_the_gap_and_what_they_said_before(
    client: Any, course: Any
) -> None:
    questionnaire = "bip-to-bedoemmere"
    items = tuple(facts_of(course).programme.questionnaires[questionnaire].items)
    late = START + timedelta(days=190)
    answer(course, questionnaire, "borger", START, dict.fromkeys(items, 2), wave="ved-start")
    answer(course, questionnaire, "borger", late, dict.fromkeys(items, 4), wave="maaling-2")
    answer(
        course,
        questionnaire,
        "cti-medarbejder",
        late,
        {**dict.fromkeys(items, 3), items[0]: 8},
        wave="maaling-2",
    )
    page = opened(client, course)
    profile = about(page, questionnaire).profile
    assert [one.before for one in profile.raters] == [START, None]
    first, second = profile.rows[0], profile.rows[1]
    assert [one.value for one in second.said] == [4, 3]
    assert (second.gap, second.said[0].before, second.said[0].moved.state) == (1, "2", "forward")
    assert (first.gap, first.said[1].value, first.said[1].words) == (None, None, "Kan ikke bedømme det")
    assert "1; højest: Borger" in plain(page)
    assert "1; highest: " in plain(opened(client, course, "en"))


def test_measured_by_another_than_at_the_start_is_no_change(
    client: Any, today: Callable[[date], None]
) -> None:
    from indsats.web.models import User

    today(START + timedelta(days=400))
    case = serve("udvikling-i-fleksjob")
    client.force_login(User.objects.get(username="prøve-udvikling-i-fleksjob"))
    items = tuple(facts_of(case).programme.questionnaires["udsigter"].items)
    answer(case, "udsigter", "sagsbehandler", START, dict.fromkeys(items, 1))
    answer(case, "udsigter", "virksomhedskonsulent", START + timedelta(days=90), dict.fromkeys(items, 3))
    page = opened(client, case)
    (course_,) = about(page, "udsigter").courses
    assert course_.changes[0].why.lower() == REASONS[measure.ANOTHER_RATER].da
    assert course_.changes[0].change is None
    assert len(course_.changes) == 2
    svg = str(course_.svg)
    assert all(part in svg for part in ('role="img"', "<title", "<desc"))
    assert "Virksomhedskonsulent" in svg
    assert "Det vides ikke, hvor pålideligt scoren måler" in plain(page)


def test_scores_of_another_edition_are_not_compared_and_their_lines_not_joined(
    client: Any, course: Any, today: Callable[[date], None]
) -> None:
    today(date(2021, 9, 1))
    answer(course, "who5", "borger", START, dict.fromkeys(WHO5, 2))
    answer(course, "who5", "borger", date(2021, 6, 1), dict.fromkeys(WHO5, 4))
    (trivsel,) = about(opened(client, course), "who5").courses
    assert trivsel.changes[0].why.lower() == REASONS[measure.ANOTHER_EDITION].da
    assert (trivsel.changes[0].change, trivsel.changes[0].last.value) == (None, 80)
    assert len({one.edition for one in trivsel.rows}) == 2
    assert "Skemaet manglede svarmuligheder" in trivsel.rows[-1].notes[0]
    assert str(trivsel.svg).count("Borger, ") == 2


def test_a_refusal_is_told_in_the_round_and_among_what_was_done(client: Any, course: Any) -> None:
    asked(course, "who5", "declined", START, wave="ved-start", rater="borger")
    asked(course, "who5", "not_reached", START + timedelta(days=185), wave="maaling-2", rater="borger")
    page = opened(client, course)
    who5 = about(page, "who5")
    assert [one.status for one in who5.rounds] == ["declined", "due", "upcoming"]
    assert who5.rounds[0].words == "Har sagt nej til at svare"
    assert [one.day for one in who5.approaches] == [START + timedelta(days=185), START]
    answer(course, "who5", "borger", START + timedelta(days=100), dict.fromkeys(WHO5, 2))
    (trivsel,) = about(opened(client, course), "who5").courses
    assert trivsel.changes[0].why.lower() == REASONS[measure.DECLINED].da


@pytest.mark.parametrize(("day", "timing"), [(-5, "early"), (-10, "on_time"), (20, "on_time"), (60, "late")])
def test_an_answer_is_early_or_late_by_the_definitions_window(
    client: Any, course: Any, today: Callable[[date], None], day: int, timing: str
) -> None:
    due = date(2019, 9, 4)
    today(due + timedelta(days=70))
    given = due + timedelta(days=-30 if timing == "early" else day)
    answer(
        course,
        "gse",
        "borger",
        given,
        dict.fromkeys(facts_of(course).programme.questionnaires["gse"].items, 3),
        wave="maaling-2",
    )
    found = about(opened(client, course), "gse").rounds[1]
    assert (found.due, found.status, found.timing) == (due, "answered", timing)
    assert found.words.endswith(
        {"early": "før runden åbnede", "on_time": "til tiden", "late": "for sent"}[timing]
    )


@pytest.mark.parametrize(
    ("points", "state", "reliable", "noticed"),
    [
        ((2, 5), "forward", "forward", "forward"),
        ((4, 2), "back", "back", "same"),
        ((3, 3), "same", "same", "same"),
    ],
)
def test_a_change_is_judged_by_what_the_definition_says_is_reliable_and_noticed(
    client: Any, steady: Any, points: tuple[int, int], state: str, reliable: str, noticed: str
) -> None:
    first, last = points
    answer(steady, "who5", "borger", START, dict.fromkeys(WHO5, first))
    answer(steady, "who5", "borger", START + timedelta(days=190), dict.fromkeys(WHO5, last))
    page = opened(client, steady)
    (change,) = about(page, "who5").courses[0].changes
    assert change.change == (last - first) * 20
    assert (change.moved.state, change.reliable.state, change.noticed.state) == (state, reliable, noticed)
    facts = facts_of(steady)
    limit = measure.threshold(facts.programme.questionnaires["who5"], "trivsel")
    assert limit is not None
    assert f"større end {limit:.1f}".replace(".", ",") in plain(page)


def test_without_a_spread_in_the_definition_nothing_is_said_of_one_persons_change(
    client: Any, course: Any
) -> None:
    answer(course, "who5", "borger", START, dict.fromkeys(WHO5, 2))
    answer(course, "who5", "borger", START + timedelta(days=190), dict.fromkeys(WHO5, 3))
    page = opened(client, course)
    (change,) = about(page, "who5").courses[0].changes
    assert (change.change, change.reliable, change.noticed.state) == (20, None, "forward")
    assert "Pålideligheden er 0,81" in plain(page)
    assert "+20, fremgang" in plain(page)
    assert "The reliability is 0.81" in plain(opened(client, course, "en"))


def test_whoever_may_not_see_answers_finds_no_page(signed_in: Callable[[str], Any]) -> None:
    from indsats.web.models import Access, Case, Membership, Responsible, User

    case = Case.objects.filter(state="active", programme="flere-skal-med").first()
    assert case is not None
    user = User.objects.create(username="konsulent", name="Ane Prøve")
    Membership.objects.create(user=user, role="company_consultant", programme=case.programme, site=case.site)
    client = signed_in("coordinator")
    client.force_login(user)
    Responsible.objects.create(case=case, role="virksomhedskonsulent", worker=user.username, since=case.start)
    assert client.get(reverse("case", args=[case.public])).status_code == 200
    before = Access.objects.count()
    nowhere = client.get(reverse("case-measurements", args=[NOWHERE]))
    found = client.get(reverse("case-measurements", args=[case.public]))
    assert (found.status_code, nowhere.status_code) == (404, 404)
    assert said(found, case.public) == said(nowhere, NOWHERE)
    assert Access.objects.count() == before
    assert (
        reverse("case-measurements", args=[case.public])
        not in client.get(reverse("case", args=[case.public])).content.decode()
    )


def test_a_hidden_person_is_as_one_who_is_not_there(client: Any, course: Any) -> None:
    from indsats.web.models import Membership, Person, User

    Person.objects.filter(pk=course.person_id).update(protected=True)
    user = User.objects.create(username="sagsbehandler-ny", name="Bo Prøve")
    Membership.objects.create(user=user, role="caseworker", programme=course.programme, site=None)
    client.force_login(user)
    found = client.get(reverse("case-measurements", args=[course.public]))
    nowhere = client.get(reverse("case-measurements", args=[NOWHERE]))
    assert (found.status_code, nowhere.status_code) == (404, 404)
    assert said(found, course.public) == said(nowhere, NOWHERE)


def test_what_people_are_called_cannot_become_markup(client: Any, course: Any) -> None:
    from indsats.web.models import Person

    Person.objects.filter(pk=course.person_id).update(name='<img src=x onerror="alert(1)">')
    answer(course, "who5", "borger", START, dict.fromkeys(WHO5, 2))
    assert b"<img src=x" not in opened(client, course).content


def test_the_case_leads_to_its_measurements_and_back(client: Any, course: Any) -> None:
    there = reverse("case-measurements", args=[course.public])
    assert there in client.get(reverse("case", args=[course.public])).content.decode()
    assert reverse("case", args=[course.public]) in opened(client, course).content.decode()
