"""Registering and correcting: every kind of every programme, the message, the errors, and what stays."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from filled_form import Fields, serve
from indsats.library import definition_path
from indsats.programme import load
from indsats.record import KINDS

pytestmark = pytest.mark.django_db

PROGRAMMES = (
    "effektiv-indsats",
    "flere-skal-med",
    "fremskudt-indsats",
    "social-stoette-i-job",
    "supported-work",
    "udvikling-i-fleksjob",
)
PERSON_KINDS = tuple(kind for kind, model in KINDS.items() if model.needs_person)


@pytest.fixture
def working(client: Any) -> Callable[[str], tuple[Any, Any]]:
    """A function that serves a programme and signs in who may register in it: the client and the case."""
    from indsats.web.models import User

    def work(programme: str) -> tuple[Any, Any]:
        case = serve(programme)
        client.force_login(User.objects.get(username=f"prøve-{programme}"))
        return client, case

    return work


def filled(fields: Fields, programme: Any, kind: str) -> dict[str, list[str]]:
    """What somebody would fill in: all that is asked for, by the first choice there is."""
    sent = {name: list(values) for name, values in fields.values.items()}
    for name in fields.required:
        if any(sent.get(name, ())):
            continue
        offered = [one for one in fields.choices.get(name, ()) if one]
        plain = {"date": "2020-06-01", "number": "5", "text": "5" if "hours" in name else "noget"}
        sent[name] = [offered[0] if offered else plain.get(fields.kinds[name], "noget")]
    # what a programme's own entry rules ask for beside
    for name in ("reason", "channel", "goal", "value", "legal_basis"):
        offered = [one for one in fields.choices.get(name, ()) if one]
        if offered and not any(sent.get(name, ())) and kind != "requirement_answered":
            sent[name] = [offered[0]]
    items = [name for name in fields.choices if name.startswith("answer.")]
    if items:
        sent[items[0]] = [next(one for one in fields.choices[items[0]] if one)]
    return sent


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_the_form_of_every_kind_is_shown_and_what_is_filled_in_is_accepted(
    working: Callable[[str], tuple[Any, Any]], programme: str
) -> None:
    from indsats.web.models import Fact
    from indsats.web.screens.forms import CHOOSERS

    client, case = working(programme)
    definition = load(definition_path(programme))
    menu = client.get(reverse("register-menu", args=[case.public])).content.decode()
    offered = [kind for kind in PERSON_KINDS if reverse("register", args=[case.public, kind]) in menu]
    assert {"meeting", "hours", "exit", "assigned", "enrolled"} <= set(offered)
    assert ("event" in offered) == bool(definition.events)
    order = sorted(offered, key=lambda kind: (kind == "enrolled", kind == "exit"))
    for kind in order:
        address = reverse("register", args=[case.public, kind])
        page = client.get(address).content.decode()
        choices = _choices(page) if kind in CHOOSERS else [None]
        for chosen in choices or [None]:
            page = client.get(address, {"what": chosen} if chosen else {})
            assert page.status_code == 200, (kind, chosen)
            fields = Fields(page.content.decode())
            sent = filled(fields, definition, kind)
            answer = client.post(address, sent)
            assert answer.status_code == 302, (kind, chosen, _said(answer), sent)
            fact = Fact.objects.filter(programme=programme).order_by("-pk")[0]
            assert fact.kind == kind
            assert fact.recorded_by == f"prøve-{programme}"
            if chosen is not None and kind in CHOOSERS:
                assert fact.payload[CHOOSERS[kind]] == chosen


def _choices(page: str) -> list[str]:
    found = re.search(r'<select[^>]*name="what".*?</select>', page, re.DOTALL)
    return [one for one in re.findall(r'<option value="([^"]*)"', found.group(0)) if one] if found else []


def _said(answer: Any) -> str:
    text = answer.content.decode()
    found = re.search(r'id="errors".*?</ul>', text, re.DOTALL)
    return re.sub(r"<[^>]+>", " ", found.group(0) if found else text[:2000])


def test_a_meeting_with_its_result_is_four_fields_and_says_what_was_saved(
    working: Callable[[str], tuple[Any, Any]],
) -> None:
    client, case = working(PROGRAMMES[1])
    address = reverse("register", args=[case.public, "meeting"])
    page = client.get(address).content.decode()
    in_view = Fields(page.split('<details class="details"')[0] + page[page.rindex("</form>") :])
    asked = {name for name, kind in in_view.kinds.items() if kind != "hidden"}
    assert asked == {"occurred_from", "outcome", "place"}  # and the type above them
    sent = Fields(page).values
    answer = client.post(address, {**sent, "place": ["telefon"]}, follow=True)
    assert answer.redirect_chain[0][0] == reverse("case", args=[case.public])
    told = answer.content.decode()
    assert "Samtale med borgeren, afholdt" in told[told.index('class="messages"') : told.index("case-head")]


def test_one_leaves_for_the_address_asked_for_when_it_is_of_this_server(
    working: Callable[[str], tuple[Any, Any]],
) -> None:
    client, case = working(PROGRAMMES[1])
    address = reverse("register", args=[case.public, "cv"])
    for asked, gone_to in (
        ("/?koe=no_show", "/?koe=no_show"),
        ("https://elsewhere.example/", None),
        ("//x.example", None),
    ):
        sent = Fields(client.get(address, {"next": asked}).content.decode()).values
        answer = client.post(address, {**sent, "published": ["true"]})
        assert answer.status_code == 302
        assert answer["Location"] == (gone_to or reverse("case", args=[case.public]))


@pytest.mark.parametrize(
    ("kind", "changes", "da", "en"),
    [
        ("meeting", {"occurred_from": ["2099-01-01"]}, "Datoen ligger ude i fremtiden", "The day lies ahead"),
        ("meeting", {"occurred_from": [""]}, "Udfyld »Dato«", "Fill in “Day”"),
        ("meeting", {"outcome": ["danced"]}, "Vælg en af mulighederne i »Resultat«", "Choose one of those"),
        ("hours", {"hours_per_week": ["200"], "type": ["ordinary"]}, "mellem 0 og 168", "between 0 and 168"),
        ("hours", {"hours_per_week": ["mange"], "type": ["ordinary"]}, "som et tal", "as a number"),
        (
            "placement",
            {"occurred_from": ["2020-05-01"], "occurred_to": ["2020-04-01"], "hours_per_week": ["20"]},
            "før startdatoen",
            "before the beginning",
        ),
        ("placement", {"hours_per_week": ["50"]}, "højst 37", "at most 37"),
        ("contact_attempt", {"reached": ["true"]}, "Skriv, hvordan der blev fået kontakt", "how"),
        ("exit", {"occurred_from": ["2018-01-01"]}, "før forløbets første dag", "before the first day"),
    ],
)
def test_what_is_refused_is_said_in_both_languages_and_the_fields_keep_what_was_written(
    working: Callable[[str], tuple[Any, Any]], kind: str, changes: dict[str, list[str]], da: str, en: str
) -> None:
    from indsats.web.models import Fact

    client, case = working(PROGRAMMES[1])
    address = reverse("register", args=[case.public, kind])
    asked = {"what": "virksomhedspraktik"} if kind == "placement" else {}
    fields = Fields(client.get(address, asked).content.decode())
    before = Fact.objects.count()
    for lang, said in (("da", da), ("en", en)):
        client.cookies["lang"] = lang
        answer = client.post(address, {**fields.values, **changes})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert said in _said(answer)
        assert "Traceback" not in page
        kept = Fields(page).values
        for name, value in changes.items():
            if value != ["danced"] and value != [""]:
                assert kept[name] == value
    assert Fact.objects.count() == before


def test_every_refusal_of_the_record_that_a_form_can_meet_has_danish_words() -> None:
    """What the record's checks say is matched by a pattern with words of our own."""
    import inspect

    from indsats.record import answered_between, asked, between, cells, edition_items, forms, terms, validate
    from indsats.web.words.register import REFUSED

    told = set()
    for module in (answered_between, asked, between, cells, edition_items, forms, terms, validate):
        source = inspect.getsource(module)
        told |= {one for one in re.findall(r'\bf?"([a-z\'{][^"\n]{12,})",\n', source)}
    not_on_a_form = (
        "the fact says it is", "the fact belongs to", "the fact was recorded under", "versions are numbered",
        "the fact is said to be recorded", "is not a point in time", "this kind of fact is about",
        "the person is not in the table", "the setting is the same", "a setting has no end", "is a length in whole",
        "the site has already chosen", "the value is outside what a site", "has the item.",
    )  # fmt: skip
    asked_of_form = [one for one in told if not one.startswith(not_on_a_form) and "{noun}" not in one]
    unmatched = [
        one
        for one in asked_of_form
        if not any(one.startswith(skip) or skip in one for skip in not_on_a_form)
        and not any(re.search(pattern, one.replace("{", "").replace("}", "")) for pattern in REFUSED)
    ]
    assert len(told) >= 20
    assert unmatched == []


def test_a_correction_keeps_the_old_version_and_shows_both(working: Callable[[str], tuple[Any, Any]]) -> None:
    from indsats.web.models import Fact

    client, case = working(PROGRAMMES[1])
    address = reverse("register", args=[case.public, "hours"])
    sent = Fields(client.get(address).content.decode()).values
    assert client.post(address, {**sent, "hours_per_week": ["4,5"], "type": ["ordinary"]}).status_code == 302
    fact = Fact.objects.get(kind="hours", person=case.person)
    address = reverse("correct", args=[case.public, fact.fact])
    fields = Fields(client.get(address).content.decode())
    assert fields.values["hours_per_week"] == ["4,5"]
    assert client.post(address, {**fields.values, "hours_per_week": ["6"]}).status_code == 302
    first, second = Fact.objects.filter(fact=fact.fact).order_by("version")
    assert (first.payload["hours_per_week"], second.payload["hours_per_week"]) == (4.5, 6.0)
    assert first.replaced_at == second.recorded_at
    assert second.payload["type"] == "ordinary"
    page = client.get(reverse("case", args=[case.public])).content.decode()
    assert "6 timer om ugen" in page
    assert "4,5 timer om ugen" in page[page.index("Vis tidligere udgave") :]
    # sending the form as it stands makes no version
    fields = Fields(client.get(address).content.decode())
    assert client.post(address, fields.values).status_code == 302
    assert Fact.objects.filter(fact=fact.fact).count() == 2


def test_an_appointment_gets_its_result_by_being_corrected(working: Callable[[str], tuple[Any, Any]]) -> None:
    from indsats.web import clock
    from indsats.web.models import Fact

    client, case = working(PROGRAMMES[1])
    address = reverse("register", args=[case.public, "meeting"])
    sent = Fields(client.get(address, {"outcome": "planned"}).content.decode()).values
    assert sent["outcome"] == ["planned"]
    assert client.post(address, {**sent, "occurred_from": [clock.today().isoformat()]}).status_code == 302
    fact = Fact.objects.get(kind="meeting", person=case.person)
    page = client.get(reverse("correct", args=[case.public, fact.fact])).content.decode()
    assert "Registrér resultat" in page
    fields = Fields(page)
    assert fields.values["outcome"] == ["held"]
    assert client.post(reverse("correct", args=[case.public, fact.fact]), fields.values).status_code == 302
    assert Fact.objects.get(fact=fact.fact, version=2).payload["outcome"] == "held"


def test_a_withdrawn_registration_leaves_the_timeline_and_keeps_its_reason(
    working: Callable[[str], tuple[Any, Any]],
) -> None:
    from indsats.web.models import Fact

    client, case = working(PROGRAMMES[1])
    address = reverse("register", args=[case.public, "cv"])
    sent = Fields(client.get(address).content.decode()).values
    client.post(address, {**sent, "published": ["true"]})
    fact = Fact.objects.get(kind="cv", person=case.person)
    address = reverse("withdraw", args=[case.public, fact.fact])
    assert client.get(address).status_code == 200
    assert client.post(address, {"version": "1"}).status_code == 200  # without a reason nothing happens
    assert Fact.objects.filter(fact=fact.fact).count() == 1
    for _ in range(2):  # sent twice it is withdrawn once
        assert client.post(address, {"version": "1", "reason": "Forkert borger"}).status_code == 302
    assert Fact.objects.filter(fact=fact.fact).count() == 2
    page = client.get(reverse("case", args=[case.public])).content.decode()
    assert "CV lagt ud" not in page[page.index('class="timeline"') : page.index("Tilbagekaldt")]
    assert "Forkert borger" in page
    assert client.get(reverse("correct", args=[case.public, fact.fact])).status_code == 404


def test_what_is_not_there_or_not_allowed_is_not_there(
    working: Callable[[str], tuple[Any, Any]], signed_in: Callable[[str], Any]
) -> None:
    client, case = working(PROGRAMMES[0])
    for address in (
        reverse("case", args=["findesikke"]),
        reverse("register", args=[case.public, "findesikke"]),
        reverse("register", args=[case.public, "site_setting"]),
        reverse("correct", args=[case.public, "meeting-findesikke"]),
        reverse("withdraw", args=[case.public, "meeting-findesikke"]),
    ):
        assert client.get(address).status_code == 404
    client = signed_in("caseworker")  # of another programme
    for address in (
        reverse("case", args=[case.public]),
        reverse("case-now", args=[case.public]),
        reverse("case-requirements", args=[case.public]),
        reverse("register-menu", args=[case.public]),
        reverse("register", args=[case.public, "meeting"]),
    ):
        assert client.get(address).status_code == 404
        assert client.post(address, {}).status_code == 404
    assert client.post(reverse("draft", args=[case.public]), {"kind": "meeting"}).status_code == 404


def test_choosing_changes_the_fields_and_keeps_what_was_written(
    working: Callable[[str], tuple[Any, Any]],
) -> None:
    client, case = working(PROGRAMMES[1])
    address = reverse("register", args=[case.public, "meeting"])
    sent = Fields(client.get(address).content.decode()).values
    answer = client.post(
        address,
        {**sent, "occurred_from": ["2020-02-03"], "what": ["virksomhedsopfoelgning"], "choose": ["1"]},
        headers={"HX-Request": "true"},
    )
    page = answer.content.decode()
    assert "<html" not in page
    fields = Fields(page)
    assert fields.values["occurred_from"] == ["2020-02-03"]
    assert fields.values["chosen"] == ["virksomhedsopfoelgning"]
    assert "til-naeste-moede" in fields.kinds


def test_the_questions_follow_the_edition_of_the_day(working: Callable[[str], tuple[Any, Any]]) -> None:
    from indsats.web import clock
    from indsats.web.models import Fact
    from indsats.web.screens.forms_questions import edition_on

    client, case = working("social-stoette-i-job")
    definition = load(definition_path("social-stoette-i-job"))
    name, asked = next((key, one) for key, one in definition.questionnaires.items() if one.earlier)
    address = reverse("register", args=[case.public, "questionnaire_answered"])
    sent = Fields(client.get(address, {"what": name}).content.decode()).values
    assert sent["shown"] == [edition_on(asked, clock.today(), None)]
    other = next(one for one in asked.editions if one != sent["shown"][0])
    item = next(iter(asked.items))
    sent |= {"edition": [other], f"answer.{item}": ["3"], "rater": [asked.raters[0]]}
    page = client.post(address, sent)
    assert page.status_code == 200  # other questions: they are shown before anything is saved
    assert "en anden udgave af skemaet" in page.content.decode()
    again = Fields(page.content.decode()).values
    assert (again["shown"], again[f"answer.{item}"]) == ([other], ["3"])
    assert client.post(address, again).status_code == 302
    fact = Fact.objects.get(kind="questionnaire_answered", person=case.person)
    assert (fact.payload[f"answer.{item}"], fact.payload["edition"]) == (3, other)


def test_a_place_and_a_worker_that_were_not_offered_are_refused(
    working: Callable[[str], tuple[Any, Any]],
) -> None:
    from indsats.web.models import Fact, Membership, Site, User

    client, case = working("flere-skal-med")
    user = User.objects.get(username="prøve-flere-skal-med")
    role = Membership.objects.filter(user=user)[0].role
    keys = [
        case.site,
        *Site.objects.filter(programme=case.programme).exclude(key=case.site).values_list("key", flat=True),
    ]
    for key in ("andet-sted", "tredje-sted"):
        if len(keys) < 3:
            Site.objects.create(programme=case.programme, key=key, unit=case.unit, name=key)
            keys.append(key)
    Membership.objects.filter(user=user).delete()
    for key in keys[:2]:
        Membership.objects.create(user=user, role=role, programme=case.programme, site=key)
    before = Fact.objects.count()
    for kind, said in (("visitation", {"site": [keys[2]]}), ("meeting", {"worker": ["nobody"]})):
        address = reverse("register", args=[case.public, kind])
        sent = Fields(client.get(address).content.decode()).values | {"occurred_from": ["2020-06-01"]} | said
        answer = client.post(address, sent)
        assert answer.status_code == 422
        assert "Vælg en af mulighederne" in answer.content.decode()
    enrolled = Fact.objects.get(person=case.person, kind="enrolled")
    address = reverse("correct", args=[case.public, enrolled.fact])
    sent = Fields(client.get(address).content.decode()).values
    assert client.post(address, sent | {"site": [keys[2]]}).status_code == 422
    assert Fact.objects.count() == before
    assert client.post(address, sent | {"site": [keys[1]]}).status_code == 302


@pytest.mark.parametrize("said", ["²", "9" * 5000])
def test_what_is_no_version_is_left_out(working: Callable[[str], tuple[Any, Any]], said: str) -> None:
    from indsats.web.models import Fact

    client, case = working("flere-skal-med")
    enrolled = Fact.objects.get(person=case.person, kind="enrolled")
    address = reverse("correct", args=[case.public, enrolled.fact])
    assert client.post(address, {"version": said, "occurred_from": "x"}).status_code == 422
