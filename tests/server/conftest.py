"""A small municipality in a database, made once: what every test of the server starts from."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

PROGRAMME = "flere-skal-med"
"""The programme most tests walk in; the code under test knows none by name."""


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing to change: the settings in tests/server/settings.py name the database."""


@pytest.fixture(scope="session")
def municipality(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, date]:
    """A data folder of 120 invented persons, and the day its facts end."""
    from indsats.library import definition_path
    from indsats.programme import load
    from indsats.record import read_record
    from indsats.simulate import simulate

    programme = load(definition_path(PROGRAMME))
    folder = simulate(programme, 120, 7, tmp_path_factory.mktemp("municipality") / "data")
    return folder, read_record(folder, programme).as_of().last_day


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker, municipality: tuple[Path, date]) -> None:
    """The test database with the municipality in it; each test rolls back what it does."""
    from indsats.library import definition_path
    from indsats.programme import load
    from indsats.record import read_record
    from indsats.web.derive import rebuild
    from indsats.web.seed import load_record, people_and_users

    folder, last = municipality
    os.environ["INDSATS_TODAY"] = last.isoformat()
    with django_db_blocker.unblock():
        definition = definition_path(PROGRAMME)
        record = read_record(folder, load(definition))
        load_record(record, definition)
        people_and_users(PROGRAMME)
        rebuild(last)


@pytest.fixture
def signed_in(client, db) -> Iterator:
    """A function that signs in the user who holds a role, and gives the client."""
    from indsats.web.models import User

    def sign_in(role: str):
        user = User.objects.filter(memberships__role=role, is_active=True).order_by("username").first()
        assert user is not None, role
        client.force_login(user)
        return client

    return sign_in
