"""The logs: what control sees of reads and searches, samples and files, and a log of the server without people."""

from __future__ import annotations

import ast
import logging
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

import cast
from cast import Played

pytestmark = pytest.mark.django_db

WEB = Path(__file__).parents[2] / "src" / "indsats" / "web"


@pytest.fixture
def reads(client: Client) -> Played:
    """A caseworker has opened a case of their own, one of a colleague, and a shielded one of their own."""
    whose = cast.made("caseworker")
    client.force_login(whose.user)
    for name in ("own", "site", "shielded own"):
        assert client.get(f"/sager/{whose.sample(name).case.pk}/").status_code == 200
    return whose


def shown(client: Client, address: str) -> set[int]:
    """The keys of the persons a page names."""
    answer = client.get(address)
    assert answer.status_code == 200
    return {int(key) for key in cast.NAMED.findall(answer.content.decode())}


def test_control_sees_first_who_was_not_responsible(reads: Played) -> None:
    manager = cast.controller("manager", reads.site)
    own, site = reads.sample("own").case.person_id, reads.sample("site").case.person_id
    assert shown(manager, "/kontrol/") == {site}
    assert shown(manager, "/kontrol/?alle=1") == {own, site}
    assert shown(manager, f"/kontrol/?alle=1&hvem={reads.user.username}") == {own, site}
    assert shown(manager, "/kontrol/?alle=1&maaned=2001-01") == set()
    for month in ("vrøvl", "0001-01", "9999-12"):
        assert shown(manager, f"/kontrol/?maaned={month}&side=x&hvem=ingen") == {site}


def test_who_was_responsible_is_asked_of_the_day_itself(reads: Played) -> None:
    from indsats.web import clock
    from indsats.web.models import Access, Responsible

    manager = cast.controller("manager", reads.site)
    case = reads.sample("own").case
    Responsible.objects.filter(case=case, worker=reads.user.username).update(until=clock.today())
    assert case.person_id not in shown(manager, "/kontrol/")
    Access.objects.filter(case=case.pk).update(at=clock.now() + timedelta(days=1))
    assert case.person_id in shown(manager, f"/kontrol/?maaned={clock.today() + timedelta(days=1):%Y-%m}")


def test_control_reaches_as_far_as_the_membership(reads: Played) -> None:
    everything = {reads.sample(name).case.person_id for name in ("own", "site", "shielded own")}
    shielded = reads.sample("shielded own").case.person_id
    assert shown(cast.controller("manager", reads.site), "/kontrol/?alle=1") == everything - {shielded}
    assert shown(cast.controller("manager", None), "/kontrol/?alle=1") == everything - {shielded}
    assert shown(cast.controller("manager", "andetsteds"), "/kontrol/?alle=1") == set()
    assert shown(cast.controller("administrator", None), "/kontrol/?alle=1") == everything


def test_reads_of_a_case_that_is_gone_stay(reads: Played) -> None:
    """A case whose enrolment was withdrawn is no more, but who read it is known as long as the person is."""
    from indsats.web.models import Access

    key = reads.sample("site").case.person_id
    Access.objects.filter(person=key).update(case="forsvundet")
    assert key in shown(cast.controller("manager", reads.site), "/kontrol/")


def test_reads_of_somebody_merged_are_the_others(reads: Played) -> None:
    from indsats.web.models import Access, Person

    case = reads.sample("site").case
    gone = Person.objects.create(number="713080-2222", name="Qz0z", merged_into=case.person)
    Access.objects.filter(person=case.person).update(person=gone, case="forsvundet")
    assert "Qz0z" in cast.controller("manager", reads.site).get("/kontrol/").content.decode()


def test_control_is_noted_itself_and_kept_apart(reads: Played) -> None:
    from indsats.web.models import Access

    manager = cast.controller("manager", reads.site)
    manager.get("/kontrol/?alle=1")
    noted = Access.objects.filter(what="control")
    assert noted.count() == 2
    assert not noted.filter(alone=True).exists()
    assert "Kontrol" not in manager.get("/kontrol/?alle=1").content.decode().split("<tbody>")[1]
    assert manager.get("/kontrol/?alle=1&lister=1").content.decode().split("<tbody>")[1].count("<tr") > 2


def test_a_sample_is_drawn_by_chance_and_drawn_again_the_same(reads: Played) -> None:
    from indsats.web import clock
    from indsats.web.models import Access
    from indsats.web.rights import Reader
    from indsats.web.screens.control_log import SAMPLE, Period, sample

    case, at = reads.sample("site").case, clock.now()
    month = Period.of(f"{clock.today():%Y-%m}")
    Access.objects.all().delete()
    Access.objects.bulk_create(
        Access(at=at, user=reads.user, person=case.person, case=case.pk, what="case", alone=True)
        for _ in range(300)
    )
    reader = Reader.of(
        cast.controller("manager", reads.site).session and _user("kontrol-manager-" + reads.site)
    )
    drawn, of = sample(reader, month)
    assert (len(drawn), of) == (SAMPLE, 300)
    assert [one.pk for one in sample(reader, month)[0]] == [one.pk for one in drawn]
    places = sorted(one.pk for one in drawn)
    keys = sorted(Access.objects.values_list("pk", flat=True))
    assert places[0] - keys[0] < 100 < keys[-1] - places[0], "from all of the month, not from one end"
    other = Period(month.year - 1, month.month)
    assert sample(reader, other) == ([], 0)
    # the months that are over are offered first
    assert Period.of("", before=True).last < clock.today()


def _user(name: str) -> Any:
    from indsats.web.models import User

    return User.objects.get(username=name)


def test_a_month_begins_and_ends_at_danish_midnight() -> None:
    from datetime import UTC

    from indsats.web.models import Access
    from indsats.web.screens.control_log import Period

    whose = cast.made("caseworker")
    times = [datetime(2020, 6, 30, 21, 59, tzinfo=UTC), datetime(2020, 6, 30, 22, 0, tzinfo=UTC)]
    for at in times:
        Access.objects.create(at=at, user=whose.user, person=whose.sample("own").case.person, what="case")
    june, july = Period(2020, 6), Period(2020, 7)
    assert [one.at for one in Access.objects.filter(june.covers())] == times[:1]
    assert [one.at for one in Access.objects.filter(july.covers())] == times[1:]


def test_searches_are_shown_without_those_not_to_be_known_of(client: Client) -> None:
    whose = cast.made("caseworker")
    client.force_login(whose.user)
    client.post("/soeg/", {"q": f"Qz{whose.sample('shielded own').case.person_id}z prøve"})
    client.post("/soeg/", {"q": "010203-9999"})
    manager, administrator = cast.controller("manager", whose.site), cast.controller("administrator", None)
    hits = [
        re.findall(
            r'data-label="Fundet"><span>(\d+)</span>', one.get("/kontrol/soegninger/").content.decode()
        )
        for one in (manager, administrator)
    ]
    assert hits == [["0", "0"], ["0", "1"]]
    page = manager.get("/kontrol/soegninger/").content.decode()
    assert "010203" not in page
    assert "nr. " in page
    elsewhere = cast.controller("manager", "andetsteds").get("/kontrol/soegninger/").content.decode()
    assert not cast.NAMED.search(elsewhere)


def test_the_citizen_can_be_told_who_has_looked(reads: Played) -> None:
    from indsats.web.models import Access, Glass

    case = reads.sample("site").case
    number, manager = case.person.number, cast.controller("manager", reads.site)
    reads.user.name = "+SUM(A1)"
    reads.user.save()
    at = Access.objects.latest("pk").at
    glass = Glass.objects.create(
        user=reads.user,
        person=case.person,
        programme=case.programme,
        reason="=cmd|' /C calc'!A0",
        since=at,
        until=at,
    )
    Access.objects.filter(person=case.person).update(glass=glass)
    plain = manager.post("/kontrol/indsigt/", {"number": number})
    assert plain["Content-Disposition"] == 'attachment; filename="indsigt.csv"'
    text = plain.content.decode("utf-8-sig")
    assert "SUM" not in text, "without names unless they are asked for"
    assert "'=cmd" in text
    named = manager.post("/kontrol/indsigt/", {"number": number, "names": "on"}).content.decode("utf-8-sig")
    assert "'+SUM(A1)" in named
    assert not re.search(r'(^|;)"?[=+@-]', text + named, re.MULTILINE)
    assert number not in text
    assert Access.objects.filter(what="insight", person=case.person).count() == 2


@pytest.mark.parametrize("name", ["away", "shielded", "other programme"])
def test_the_file_is_not_made_for_those_beyond_reach(reads: Played, name: str) -> None:
    manager = cast.controller("manager", reads.site)
    answers = [
        manager.post("/kontrol/indsigt/", {"number": number})
        for number in (reads.sample(name).case.person.number, "313080-9999")
    ]
    assert [one.status_code for one in answers] == [422, 422]
    assert ["Der er ingen med det nummer" in one.content.decode() for one in answers] == [True, True]


def test_every_page_that_is_noted_has_a_name_in_the_log() -> None:
    """Whatever the screens call what they note has words in both languages."""
    from indsats.web.words import has

    named: set[str] = set()
    for file in sorted(WEB.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("read", "read_persons"):
                said = node.args[1] if len(node.args) > 1 else None
                if isinstance(said, ast.Constant):
                    named.add(str(said.value))
                elif isinstance(said, ast.JoinedStr) and isinstance(said.values[0], ast.Constant):
                    named.add(str(said.values[0].value).rstrip(":"))
    assert {"case", "day", "search", "cases"} <= named
    assert sorted(one for one in named if not has(f"control.what.{one}")) == []


# what the server writes in its own log


def test_an_error_is_logged_without_what_it_says() -> None:
    from indsats.web.log_lines import PlainLines

    try:
        try:
            raise ValueError("Key (number)=(053080-1234) already exists: Åse Ørsted")
        except ValueError as first:
            raise RuntimeError("Åse Ørsted, 0530801234") from first
    except RuntimeError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "f", 1, "Not Found: /sager/0530801234/", None, (type(error), error, None)
        )
    line = PlainLines().format(record)
    assert "Ørsted" not in line
    assert not re.search(r"\d{6,}", line.split(": ", 1)[1])
    assert "builtins.ValueError" in line
    assert "test_logs.py" in line


def _broken(request: HttpRequest) -> HttpResponse:
    raise ValueError(f"Åse Ørsted 053080-1234 {request.user}")


urlpatterns = [path("gaar/i/stykker/", _broken, name="broken")]
handler500 = "indsats.web.screens.errors.failed"


@pytest.mark.urls(__name__)
def test_a_page_that_breaks_says_so_calmly(
    client: Client, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    from indsats.web.log_lines import PlainLines

    assert settings.DEBUG is False
    client.raise_request_exception = False
    for language, words in (("da", "Noget gik galt hos os"), ("en", "Something went wrong on our side")):
        client.cookies["lang"] = language
        answer = client.get("/gaar/i/stykker/?navn=x")
        page = answer.content.decode()
        assert (answer.status_code, words in page) == (500, True)
        for secret in ("Ørsted", "053080", "Traceback", "ValueError", "test_logs"):
            assert secret not in page
    lines = [PlainLines().format(record) for record in caplog.records if record.levelno >= logging.ERROR]
    assert lines
    for line in lines:
        assert "/gaar/i/stykker/" in line
        assert "Ørsted" not in line
        assert "053080" not in line


def test_the_server_writes_only_such_lines() -> None:
    from indsats.web import settings as own

    assert own.LOGGING["formatters"]["plain"]["()"] == "indsats.web.log_lines.PlainLines"
    assert {one["formatter"] for one in own.LOGGING["handlers"].values()} == {"plain"}
    assert own.DEBUG is False, "details are for developers, who ask for them"


def test_the_page_for_a_broken_server_needs_no_database(client: Client, django_db_blocker: Any) -> None:
    from django.test import RequestFactory

    from indsats.web.screens import errors

    request = RequestFactory().get("/")
    with django_db_blocker.block():
        for view, status in ((errors.failed, 500), (errors.bad_request, 400), (errors.forbidden, 403)):
            assert view(request).status_code == status


def test_an_old_form_is_met_with_our_own_page(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/log-ind/", {"username": "x", "password": "y"})
    assert (answer.status_code, "Formularen er for gammel" in answer.content.decode()) == (403, True)
