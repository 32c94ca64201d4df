"""The power goes while people register and while a list comes in: what was acknowledged is there, nothing is half."""

from __future__ import annotations

import http.client
import os
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

import town
from indsats.web import clock
from indsats.web.derive import rebuild, waiting
from indsats.web.models import Batch, Case, Fact, Membership, Person, Served, Site, User
from indsats.web.programmes import programme
from indsats.web.record import batches
from indsats.web.rights import Reader
from indsats.web.seed import PASSWORD
from projected import facts_hold, responsible_hold, revisions_hold, rows
from served import COMMAND, Server, beside, serving
from visitor import Visitor, hidden

Inside = Callable[[str], AbstractContextManager[None]]
GONE = (OSError, http.client.HTTPException, AssertionError)
"""What a visitor meets when the server is no longer there."""


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("INDSATS_SECRET", raising=False)


class Hammering(threading.Thread):
    """Somebody who registers one fact after another in a case, and remembers what the server said was saved."""

    def __init__(self, url: str, name: str, case: str, channel: str) -> None:
        super().__init__(daemon=True)
        self.channel = channel
        self.visitor, self.user, self.case = Visitor(url, 60), name, case
        self.sent: list[str] = []
        self.acknowledged: list[str] = []
        self.failed = ""

    def run(self) -> None:
        try:
            self.visitor.sign_in(self.user, PASSWORD)
            while True:
                self.one()
        except GONE as gone:
            self.failed = repr(gone)

    def one(self) -> None:
        path = f"/sager/{self.case}/ny/contact_attempt/"
        fields = hidden(self.visitor.get(path).text, "reached")
        nonce = dict(fields)["nonce"]
        self.sent.append(nonce)
        answer = self.visitor.post(
            path,
            [
                *fields,
                ("reached", "true"),
                ("channel", self.channel),
                ("occurred_from", clock.today().isoformat()),
            ],
        )
        assert answer.status == 302, answer.text[:2000]
        self.acknowledged.append(nonce)


def _there(sent: list[str]) -> set[str]:
    found = Fact.objects.filter(fact__in=[f"contact_attempt-{nonce}" for nonce in sent])
    names = list(found.values_list("fact", flat=True))
    assert len(names) == len(set(names))
    return {name.removeprefix("contact_attempt-") for name in names}


def _whole() -> None:
    facts_hold()
    revisions_hold()
    about = Fact.objects.filter(person__isnull=False, person__waiting=False, source="screen")
    for fact in about.select_related("person"):
        assert fact.person is not None  # what nobody waits for has been made into rows already
        assert Case.objects.filter(person=fact.person).exists()


def _caught_up(seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while waiting():
        assert time.monotonic() < end, "the projections do not catch up"
        time.sleep(0.3)


def test_killed_while_four_people_register(own_database: str, inside: Inside) -> None:
    with inside(own_database):
        sites = Membership.objects.filter(role="coordinator", site__isnull=False).order_by("site")
        people = []
        for name, site in sites.values_list("user__username", "site"):
            case = Case.objects.filter(site=site, state="active").order_by("pk").first()
            if case is not None:
                people.append((name, case.pk))
        before, channel = Fact.objects.count(), _channel()
    sent: list[str] = []
    acknowledged: list[str] = []
    for enough in (4, 9):
        server = Server(own_database).start()
        hammering = [Hammering(server.url, name, case, channel) for name, case in people[:4]]
        for one in hammering:
            one.start()
        end = time.monotonic() + 180
        while sum(len(one.acknowledged) for one in hammering) < enough:
            assert time.monotonic() < end, [(one.failed, len(one.acknowledged)) for one in hammering]
            time.sleep(0.01)
        server.kill()
        for one in hammering:
            one.join(90)
            sent += one.sent
            acknowledged += one.acknowledged
        with inside(own_database):
            there = _there(sent)
            assert set(acknowledged) <= there <= set(sent)
            assert Fact.objects.count() == before + len(there)
            _whole()
    again = Server(own_database).start()
    with inside(own_database):
        _caught_up()
    assert again.stop() == 0
    with inside(own_database):
        assert set(acknowledged) <= _there(sent)
        made = rows()
        rebuild()
        assert rows() == made
        responsible_hold()
    assert len(acknowledged) >= 13


def _channel() -> str:
    codes = programme(town.PROGRAMME).codes_for("contact_attempt.channel")
    return next(iter(codes.values)) if codes is not None else "phone"


def _list(cases: list[Case], size: int) -> bytes:
    days = range(size // len(cases) + 1)
    lines, channel = ["person,enrolment,site,occurred_from,reached,channel"], _channel()
    for back in days:
        for case in cases:
            day = clock.today().fromordinal(clock.today().toordinal() - back % 20)
            reached = "true" if back % 2 else "false"
            lines.append(f"{case.person.number},{case.enrolment},{case.site},{day},{reached},{channel}")
    return "\n".join(lines[: size + 1]).encode()


def test_killed_while_a_list_is_accepted(own_database: str, inside: Inside) -> None:
    """Killed at several moments of the work; then, left in peace, it goes in whole."""
    with inside(own_database):
        runs = User.objects.get(username="leder")
        Membership.objects.create(user=runs, role="coordinator", programme=town.PROGRAMME)
        ago = clock.today().fromordinal(clock.today().toordinal() - 20)
        cases = list(Case.objects.filter(state="active", start__lt=ago).select_related("person"))
        content = _list(cases, 20 * len(cases))
        batch = batches.preview(
            Reader.of(runs), town.PROGRAMME, "contact_attempt.csv", content, "contact_attempt"
        )
        assert not batch.told["problems"]
        size, before = batch.told["facts"], Fact.objects.count()
        assert size > 100
    for wait in (0.15, 0.6, 1.5, None):
        server = Server(own_database, "--workers", "1").start()
        visitor = Visitor(server.url, 120)
        visitor.sign_in("leder", PASSWORD)
        path = f"/visitation/liste/{batch.public}/"
        page = visitor.follow(path)
        fields = hidden(page.text, "skriv/")
        assert fields, page
        answers: list[int] = []
        asking = threading.Thread(
            target=_asked, args=(visitor, f"{path}skriv/", fields, answers), daemon=True
        )
        asking.start()
        if wait is None:
            asking.join(120)
            assert answers == [302]
        else:
            asking.join(wait)
        server.kill()
        asking.join(60)
        with inside(own_database):
            batch = Batch.objects.get(pk=batch.pk)
            there = Fact.objects.filter(batch=batch).count()
            assert there == (size if batch.accepted else 0), wait
            assert Fact.objects.count() == before + there
            assert batch.accepted is not None or not answers
            facts_hold()
            revisions_hold()
            if batch.accepted:
                mine = Fact.objects.filter(batch=batch).values_list("person", flat=True)
                assert set(mine) <= {case.person_id for case in cases}
                break
    with inside(own_database):
        rebuild()
        responsible_hold()


def _asked(visitor: Visitor, path: str, fields: list[tuple[str, str]], answers: list[int]) -> None:
    try:
        answers.append(visitor.post(path, fields).status)
    except GONE:
        return


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_killed_while_a_data_folder_is_loaded(
    empty_database: str, the_town: town.Town, inside: Inside, part: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first process is killed when so much of the facts has been written; the next start loads all of it."""
    code = f"""
import os, signal
from indsats.web import opening

def filled(*given, **named):
    from indsats.web.record import loading
    real, done = loading.insert, []

    def insert(table, rows):
        real(table, rows)
        done.append(rows.height if table == "web_fact" else 0)
        if sum(done) > {part} * 5000:
            os.kill(os.getpid(), signal.SIGKILL)

    loading.insert, loading._ROWS = insert, 500
    return whole(*given, **named)

whole, opening.filled = opening.filled, filled
from indsats.cli import main
main()
"""
    options = ["serve", "--database", empty_database, "--data", str(the_town.data), "--port", "65012"]
    ended = subprocess.run(  # noqa: S603 - our own command
        [COMMAND[0], "-c", code, *options],
        check=False,
        timeout=300,
        capture_output=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "indsats.web.settings"},
    )
    assert ended.returncode == -9, ended.stderr
    with inside(empty_database):
        assert (
            Fact.objects.count(),
            Person.objects.count(),
            Site.objects.count(),
            Served.objects.count(),
        ) == (0,) * 4
    if part == 0.9:
        with serving(empty_database, "--data", str(the_town.data), "--today", "last"), inside(empty_database):
            facts_hold()
            assert Fact.objects.count() > 4000
            assert not waiting()
            assert Case.objects.exists()
    if not town.POSTGRES:
        assert beside(empty_database).is_dir()
