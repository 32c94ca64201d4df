"""A real server on a municipality of its own, a real browser, and the people who sign in."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

import town
import visiting
from served import Server, serving
from walked import Walk, launched


@pytest.fixture(scope="module")
def server(
    the_town: town.Town, town_cache: Path, tmp_path_factory: pytest.TempPathFactory, people: dict[str, Any]
) -> Iterator[Server]:
    """A server on a copy of the municipality; the tests of a module work in it one after the other.

    The workers of the site may have a single case each, so that there is a ceiling to pass; a programme with open
    counselling is served beside that of the town.
    """
    folder = tmp_path_factory.mktemp("walked")
    copy = town.copied(the_town, town_cache, folder / "town")
    away = {"XDG_STATE_HOME": str(folder), "INDSATS_TODAY": the_town.day.isoformat()}
    _prepared(town.url(copy), people["site"], away)
    with serving(town.url(copy), environment=away) as started:
        yield started
    town.dropped(town_cache, copy)


def _prepared(database: str, site: str, environment: dict[str, str]) -> None:
    """Set in a process of its own: this one works in another database."""
    script = (
        "import invited, visiting; visiting.prepared(); invited.prepared()\n"
        "from indsats.web.models import Membership\n"
        f"Membership.objects.filter(site={site!r}).update(ceiling=1)"
    )
    said = {
        "INDSATS_DATABASE": database,
        "INDSATS_SECRET": "only here",
        "DJANGO_SETTINGS_MODULE": "indsats.web.settings",
        "PYTHONPATH": os.pathsep.join([str(Path(visiting.__file__).parent), *filter(None, sys.path)]),
    }
    subprocess.run([sys.executable, "-c", script], env={**os.environ, **environment, **said}, check=True)  # noqa: S603 - our own


@pytest.fixture(scope="module")
def browser(people: dict[str, Any]) -> Iterator[Browser]:
    """The browser; who signs in is looked up before, because Django asks no database beside a running browser."""
    with sync_playwright() as playwright:
        started = launched(playwright)
        yield started
        started.close()


@pytest.fixture(scope="module")
def people(django_db_setup: None, django_db_blocker: Any) -> dict[str, Any]:
    """Users by what they are for in the walks, and the site they are at."""
    from django.db.models import Count

    from indsats.web.models import Case, Due, Membership

    with django_db_blocker.unblock():
        # a caseworker with cases and something to answer, at the site where there is most of it
        mine = {
            queue: set(Due.objects.filter(queue=queue).values_list("worker", flat=True))
            for queue in ("no_next_step", "requirements")
        }
        staff = Membership.objects.filter(
            role="caseworker", user__username__in=set.intersection(*mine.values())
        )
        at = dict(
            Due.objects.filter(queue="requirements")
            .values_list("site")
            .annotate(n=Count("case", distinct=True))
        )
        held = max(staff.order_by("user__username"), key=lambda one: at.get(one.site, 0))
        worker, site = held.user.username, held.site
        at_site = dict(Membership.objects.filter(site=site).values_list("role", "user__username"))
        found = {role: at_site[role] for role in ("coordinator", "manager")}
        for role in ("evaluator", "administrator", "citizen", "job_broker", "cti_worker"):
            found[role] = Membership.objects.filter(role=role).order_by("user__username")[0].user.username
        here = Case.objects.filter(site=site).exclude(service=None).order_by("public")[0]
        elsewhere = (
            Membership.objects.filter(role="caseworker").exclude(site=site).order_by("user__username")[0]
        )
        return {
            **found,
            "caseworker": worker,
            "site": site,
            "service": here.service,
            "stranger": elsewhere.user.username,
            "number": here.person.number,
        }


@pytest.fixture
def walk(browser: Browser, server: Server) -> Iterator[Walk]:
    """A window on the server; what complained on the way fails the test."""
    walked = Walk.begun(browser, server.url)
    yield walked
    pictures = os.environ.get("INDSATS_TEST_PICTURES")
    if pictures:
        walked.page.screenshot(path=f"{pictures}/last.png", full_page=True)
    walked.page.context.close()
