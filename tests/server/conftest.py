"""The database every test of the server starts from, and somebody signed in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import town

PROGRAMME = town.PROGRAMME


@pytest.fixture(scope="session")
def town_cache(request: pytest.FixtureRequest) -> Path:
    """Where the template lies from one run of the tests to the next."""
    return request.config.cache.mkdir("server")


@pytest.fixture(scope="session")
def the_town(town_cache: Path, django_test_environment: None, django_db_blocker: Any) -> town.Town:
    """The template with 120 invented persons; its last day counts as today."""
    with django_db_blocker.unblock():
        made = town.made(town_cache)
    os.environ["INDSATS_TODAY"] = made.day.isoformat()
    return made


@pytest.fixture(scope="session")
def municipality(the_town: town.Town) -> tuple[Path, date]:
    """The data folder of the 120 invented persons, and the day its facts end."""
    return the_town.data, the_town.day


@pytest.fixture(scope="session")
def django_db_setup(
    the_town: town.Town, town_cache: Path, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[None]:
    """A copy of the template for this process; each test rolls back what it does.

    A test that needs other processes to see what it does takes ``own_database`` instead of ``transactional_db``:
    facts cannot be deleted, so nothing can empty this database again.
    """
    copy = town.copied(the_town, town_cache, tmp_path_factory.mktemp("database") / "shared")
    town.point_to(copy)
    yield
    from django.db import connections

    with django_db_blocker.unblock():
        connections.close_all()
    town.dropped(town_cache, copy)


@pytest.fixture
def own_database(the_town: town.Town, town_cache: Path, tmp_path: Path) -> Iterator[str]:
    """The address (``INDSATS_DATABASE``) of a copy of the municipality that other processes may work in."""
    copy = town.copied(the_town, town_cache, tmp_path / "own")
    yield town.url(copy)
    town.dropped(town_cache, copy)


@pytest.fixture
def empty_database(town_cache: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    made = town.emptied(town_cache, tmp_path / "empty")
    yield town.url(made)
    town.dropped(town_cache, made)


@pytest.fixture
def signed_in(client: Any, db: None) -> Callable[[str], Any]:
    """A function that signs in the first user who holds a role, and gives the client."""
    from indsats.web.models import User

    def sign_in(role: str) -> Any:
        user = User.objects.filter(memberships__role=role, is_active=True).order_by("username").first()
        assert user is not None, role
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def inside(django_db_setup: None, django_db_blocker: Any) -> Callable[[str], AbstractContextManager[None]]:
    """A function that lets this process look into another database, such as ``own_database``, for a block."""
    from django.db import connections

    @contextmanager
    def look(database: str) -> Iterator[None]:
        before = dict(connections.settings["default"])
        with django_db_blocker.unblock():
            town.point_to(town.parsed(database))
            try:
                yield
            finally:
                town.point_to(before)

    return look


@pytest.fixture
def reader(db: None) -> Any:
    """The coordinator of a site, as lists are brought in."""
    from listbook import coordinator

    return coordinator()
