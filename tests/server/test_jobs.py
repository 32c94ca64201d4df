"""Longer work: claimed once, told, stopped, taken up again when its process dies, and projections beside it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from indsats.web import clock
from indsats.web.models import Case, Fact, Job, Person, User
from indsats.web.work import jobs, runner
from indsats.web.work.follow import Follower
from indsats.web.work.jobs import Failed, Made, Running
from indsats.web.work.runner import claim, do

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Any]


@pytest.fixture
def does(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Running], Made]], None]:
    """A function that says what the jobs of a kind of the tests' own do."""
    monkeypatch.setattr(jobs, "KINDS", {**jobs.KINDS, "test": "somewhere:else"})

    def does(what: Callable[[Running], Made]) -> None:
        monkeypatch.setattr(runner, "doing", lambda _kind: what)

    return does


def _ask(key: str = "test/one") -> Job:
    return jobs.ask(None, "test", key, {"n": 3})


def test_a_job_is_claimed_once_and_its_result_kept(does: Any) -> None:
    does(lambda running: Made({"sum": running.asked["n"]}, b"file"))
    asked = _ask()
    job = claim()
    assert job is not None
    assert claim() is None, "somebody is doing it"
    do(job)
    asked.refresh_from_db()
    assert (asked.made, bytes(asked.content), asked.failed) == ({"sum": 3}, b"file", "")
    assert jobs.newest("test/one") == asked


def test_the_same_is_not_asked_for_twice(does: Any) -> None:
    assert _ask() == _ask()
    assert _ask("test/other") != _ask()
    with pytest.raises(KeyError):
        jobs.ask(None, "unheard-of", "x", {})


def test_the_oldest_goes_first(does: Any) -> None:
    first, second = _ask("test/a"), _ask("test/b")
    assert [claim(), claim()] == [first, second]


def test_progress_is_told_and_a_job_stops_when_it_is_asked_to(
    does: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_OFTEN", 0.0)
    told = []

    def what(running: Running) -> Made:
        for step in range(5):
            running.tell(step, 5, "steering.step.composing")
            told.append(Job.objects.values_list("done", "total").get(pk=running.job.pk))
            if step == 2:
                Job.objects.filter(pk=running.job.pk).update(stop=True)
        return Made()

    does(what)
    asked = _ask()
    job = claim()
    assert job is not None
    do(job)
    asked.refresh_from_db()
    assert told == [(0, 5), (1, 5), (2, 5)]
    assert (asked.failed, asked.made) == ("jobs.failed.stopped", None)
    assert asked.ended is not None


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Failed("steering.no-facts"), "steering.no-facts"),
        (RuntimeError("310199-1234 fejlede"), "jobs.failed.unknown"),
    ],
)
def test_what_went_wrong_is_said_in_words_and_logged_without_what_it_was_about(
    does: Any, caplog: pytest.LogCaptureFixture, error: Exception, said: str
) -> None:
    def what(running: Running) -> Made:
        raise error

    does(what)
    asked = _ask()
    job = claim()
    assert job is not None
    do(job)
    asked.refresh_from_db()
    assert asked.failed == said
    assert "310199" not in caplog.text


def test_a_job_whose_process_died_is_taken_up_again_and_then_called_failed(does: Any) -> None:
    asked = _ask()
    assert claim() == asked
    long_ago = clock.now() - timedelta(minutes=2)
    Job.objects.filter(pk=asked.pk).update(seen=long_ago)
    assert claim() == asked, "taken up again"
    Job.objects.filter(pk=asked.pk).update(seen=long_ago)
    assert claim() is None
    asked.refresh_from_db()
    assert asked.failed == "jobs.failed.died"


def test_a_job_that_was_taken_up_by_another_leaves_its_result_out(does: Any) -> None:
    def slow(running: Running) -> Made:
        Job.objects.filter(pk=running.job.pk).update(seen=clock.now() - timedelta(minutes=2))
        assert claim() is not None
        return Made({"late": True})

    does(slow)
    asked = _ask()
    job = claim()
    assert job is not None
    do(job)
    asked.refresh_from_db()
    assert (asked.ended, asked.made) == (None, None)


def test_when_the_process_ends_the_job_waits_for_another(does: Any) -> None:
    stop = threading.Event()

    def what(running: Running) -> Made:
        stop.set()
        running.tell(0, 1, "")
        return Made()

    does(what)
    asked = _ask()
    job = claim()
    assert job is not None
    do(job, stop)
    asked.refresh_from_db()
    assert (asked.started, asked.ended, asked.tries) == (None, None, 0)


def test_the_page_of_a_job_says_how_far_it_is_with_and_without_a_script(signed_in: SignIn, does: Any) -> None:
    client = signed_in("manager")
    user = User.objects.get(pk=client.session["_auth_user_id"])
    job = jobs.ask(user, "test", "test/mine", {})
    url = reverse("job", args=[job.public])
    page = client.get(url).content.decode()
    assert '<noscript><meta http-equiv="refresh"' in page
    assert f'hx-get="{url}"' in page
    assert "<html" not in client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert client.get(reverse("jobs")).status_code == 200
    stopped = client.post(reverse("job-stop", args=[job.public]))
    assert stopped.status_code == 302
    assert claim() is None, "what was stopped before it began is never begun"
    assert "Stoppet" in client.get(url).content.decode()


def test_others_jobs_are_not_there(signed_in: SignIn, does: Any) -> None:
    job = jobs.ask(User.objects.get(username="administrator"), "test", "test/theirs", {})
    client = signed_in("caseworker")
    assert client.get(reverse("job", args=[job.public])).status_code == 404
    assert client.post(reverse("job-stop", args=[job.public])).status_code == 404


def test_projections_follow_facts_and_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    follower = Follower()
    while follower.step():
        pass
    person = Person.objects.filter(cases__isnull=False).first()
    assert person is not None
    Person.objects.filter(pk=person.pk).update(waiting=True)
    assert follower.step()
    assert not Person.objects.filter(waiting=True).exists()
    assert not follower.step()
    tomorrow = clock.today() + timedelta(days=1)
    monkeypatch.setattr(clock, "today", lambda: tomorrow)
    while follower.step():
        pass
    assert not Case.objects.filter(computed_on__lt=tomorrow).exists()


def test_one_person_whose_facts_cannot_be_read_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    from indsats.web.work import follow

    follower = Follower()
    while follower.step():
        pass
    keys = list(Person.objects.filter(cases__isnull=False).order_by("pk").values_list("pk", flat=True)[:3])
    Person.objects.filter(pk__in=keys).update(waiting=True)
    real = follow.project

    def project(persons: list[int], day: Any) -> None:
        if keys[1] in persons:
            raise ValueError("no")
        real(persons, day)

    monkeypatch.setattr(follow, "project", project)
    assert follower.step()
    assert list(Person.objects.filter(waiting=True).values_list("pk", flat=True)) == [keys[1]]
    assert not follower.step(), "it is tried again later"


_ASKED = """
import time
import django
django.setup()
from indsats.web import clock
from indsats.web.models import Job, Person
person = Person.objects.filter(cases__isnull=False).first()
Person.objects.filter(pk=person.pk).update(waiting=True)
job = Job.objects.create(what="unheard-of", key="x", created=clock.now())
until = time.monotonic() + 100
while time.monotonic() < until:
    Job.objects.filter(what="figures", ended=None).update(stop=True)
    job.refresh_from_db()
    if job.ended and not Person.objects.filter(waiting=True).exists():
        print("done", job.failed)
        break
    time.sleep(0.2)
"""


def test_the_two_processes_do_their_work_beside_the_server_and_end_when_told(own_database: str) -> None:
    """Real processes on a database of their own: a fact comes and is projected, a job is asked for and done."""
    environment = {**os.environ, "INDSATS_DATABASE": own_database, "INDSATS_SECRET": "only for tests"}
    environment["DJANGO_SETTINGS_MODULE"] = "indsats.web.settings"
    both = [
        subprocess.Popen([sys.executable, "-m", "indsats.web.work", name], env=environment)  # noqa: S603
        for name in ("follow", "work")
    ]
    try:
        ran = subprocess.run(  # noqa: S603
            [sys.executable, "-c", _ASKED],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        assert ran.stdout.strip() == "done jobs.failed.unknown"
    finally:
        for one in both:
            one.send_signal(signal.SIGTERM)
        began = time.monotonic()
        codes = [one.wait(30) for one in both]
    assert codes == [0, 0]
    assert time.monotonic() - began < 30
    assert Fact.objects.exists()
