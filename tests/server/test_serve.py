"""``indsats serve``, ``rebuild`` and ``user``: they start, tell what is wrong, and end in order."""

from __future__ import annotations

import re
import signal
import socket
import sqlite3
import stat
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

import town
from served import Server, beside, plain, run, serving

FAMILY = {"screens", "follow", "work"}


def _status(url: str) -> int:
    try:
        return urllib.request.urlopen(url, timeout=120).status  # noqa: S310 - our own server
    except urllib.error.HTTPError as answered:
        return answered.code


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is kept beside PostgreSQL lies in a folder of the test's."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("INDSATS_TODAY", raising=False)
    monkeypatch.delenv("INDSATS_SECRET", raising=False)
    return tmp_path


def test_a_data_folder_becomes_a_server_with_a_login_for_each_role(
    empty_database: str, the_town: town.Town, state: Path
) -> None:
    with serving(empty_database, "--data", str(the_town.data), "--demo") as server:
        said = plain(server.said)
        assert f"{the_town.day} counts as today" in said
        for role in ("Caseworker", "Coordinator", "Manager", "Evaluator", "Administrator", "Citizen"):
            assert re.search(rf"{role} │ \S+ │ kun-til-afproevning", said), said
        assert _status(f"{server.url}/") == 200
        assert {name for name in FAMILY if server.part(name).is_running()} == FAMILY
        everybody = server.family()
        assert server.stop(signal.SIGINT) == 0
        assert not psutil.wait_procs(everybody, timeout=5)[1]
    kept = beside(empty_database) / "secret"  # where there is a file to keep it beside
    first = "" if town.POSTGRES else kept.read_text()
    if not town.POSTGRES:
        assert len(first) >= 50
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    # once more on what is there now, from another process: nothing is loaded twice, and the secret is as it was
    with serving(empty_database, "--data", str(the_town.data), "--demo") as again:
        assert re.findall(r"([\d,]+) facts", plain(again.said)) == re.findall(r"([\d,]+) facts", said)
        assert f"{the_town.day} counts as today" in plain(again.said)
    assert town.POSTGRES or kept.read_text() == first


def test_styles_have_lasting_names_and_the_processes_keep_and_end_each_other(
    own_database: str, state: Path
) -> None:
    # with a secret of one's own there is no folder yet to keep one in
    server = Server(
        own_database, "--today", "last", environment={"INDSATS_SECRET": "only for tests " * 4}
    ).start()
    try:
        _styles(server.url)
        _screens_go_first(server)
        first = server.part("follow")
        first.kill()
        end = time.monotonic() + 60
        while time.monotonic() < end:
            time.sleep(0.2)
            try:
                if server.part("follow").pid != first.pid:
                    break
            except (StopIteration, psutil.Error):
                continue
        assert server.part("follow").pid != first.pid
        assert "'follow' ended (-9) and is started again" in plain(server.said)
        parent, *others = server.family()
        parent.kill()
        _, alive = psutil.wait_procs(others, timeout=60)
        assert not alive
    finally:
        server.kill()


def _screens_go_first(server: Server) -> None:
    for name, least in (("screens", 0), ("follow", 5), ("work", 15)):
        process = server.part(name)
        assert process.nice() == psutil.Process().nice() + least
        weighed = Path(f"/proc/{process.pid}/autogroup")
        if weighed.exists():  # Linux may weigh sessions before processes
            assert weighed.read_text().split()[-2:] == ["nice", str(least)], (name, weighed.read_text())


def _styles(url: str) -> None:
    page = urllib.request.urlopen(f"{url}/", timeout=120).read().decode()  # noqa: S310 - our own server
    names = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', page)
    assert names
    for name in names:
        assert re.search(r"\.[0-9a-f]{12}\.(css|js)$", name), name
        answer = urllib.request.urlopen(f"{url}{name}", timeout=120)  # noqa: S310 - our own server
        assert "immutable" in answer.headers["Cache-Control"]


def test_a_port_that_is_taken_is_told(own_database: str, state: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = run("serve", "--database", own_database, "--port", str(port))
    assert ended.returncode == 1
    assert f"port {port} on 127.0.0.1 cannot be used" in plain(ended.stderr)
    assert f"--port {port + 1}" in plain(ended.stderr)
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("database", "told"),
    [
        ("sqlite:////no/such/folder/x.sqlite3", "there is no folder /no/such/folder"),
        ("mysql://user@host/name", "names no database the server knows"),
        ("postgres://nobody:hushhush@localhost:1/none", "the database cannot be opened"),
    ],
)
def test_a_database_that_cannot_be_opened_is_told(database: str, told: str, state: Path) -> None:
    ended = run("serve", "--database", database, "--port", "65011")
    assert ended.returncode == 1
    assert told in plain(ended.stderr)
    assert "Traceback" not in ended.stderr
    assert "hushhush" not in ended.stderr


def test_a_file_that_is_no_database_is_told(state: Path) -> None:
    file = state / "notes.sqlite3"
    file.write_text("These are my notes, and no database at all. " * 20)
    ended = run("serve", "--database", f"sqlite:///{file}", "--port", "65011")
    assert ended.returncode == 1
    assert "the database cannot be opened (file is not a database)" in plain(ended.stderr)
    assert file.read_text().startswith("These are my notes")


def test_a_database_of_a_newer_version_is_left_alone(own_database: str, state: Path) -> None:
    if town.POSTGRES:
        pytest.skip("one look into the file is enough")
    with sqlite3.connect(own_database.removeprefix("sqlite:///")) as there:
        there.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('web', '9999_later', '2030-01-01')"
        )
    ended = run("serve", "--database", own_database, "--port", "65011")
    assert ended.returncode == 1
    assert "made by a newer version of indsats (it has the change 9999_later)" in plain(ended.stderr)


def test_rebuild_and_users_want_the_tables(empty_database: str, state: Path) -> None:
    for command in (("rebuild",), ("user", "list")):
        ended = run(*command, "--database", empty_database)
        assert ended.returncode == 1
        assert "the tables of the database are not those of this version" in plain(ended.stderr)


def test_data_that_are_not_in_order_leave_nothing(
    empty_database: str, the_town: town.Town, state: Path
) -> None:
    bad = state / "bad"
    (bad / "facts").mkdir(parents=True)
    (bad / "dataset.json").write_text((the_town.data / "dataset.json").read_text())
    (bad / "facts" / "meeting.csv").write_text("person,occurred_from,outcome\n012160-1636,not a day,held\n")
    ended = run("serve", "--database", empty_database, "--data", str(bad), "--port", "65011")
    assert ended.returncode == 1
    assert "meeting.csv" in plain(ended.stderr)
    assert "012160" not in ended.stderr
    ended = run("serve", "--database", empty_database, "--data", str(state / "none"), "--port", "65011")
    assert "there is no such data folder" in plain(ended.stderr)


def test_real_people_have_no_invented_users_and_no_other_day(
    empty_database: str, the_town: town.Town, state: Path
) -> None:
    real = state / "real"
    (real / "facts").mkdir(parents=True)
    said = (the_town.data / "dataset.json").read_text().replace("true", "false")
    (real / "dataset.json").write_text(said)
    (real / "facts" / "site_setting.csv").write_text("site,occurred_from,setting,value\n")
    with serving(empty_database, "--data", str(real), "--programme", town.PROGRAMME) as server:
        assert "Nobody can sign in yet: indsats user add" in plain(server.said)
    ended = run("serve", "--database", empty_database, "--demo", "--port", "65011")
    assert ended.returncode == 1
    assert "there are real people in the database" in plain(ended.stderr)
    added = run(
        "user",
        "add",
        "hb",
        "--role",
        "administrator",
        "--programme",
        town.PROGRAMME,
        "--database",
        empty_database,
    )
    assert added.returncode == 0, added.stderr
    assert "hb is administrator" in plain(added.stdout)


def test_roles_are_given_and_taken(own_database: str, state: Path) -> None:
    where = ("--programme", town.PROGRAMME, "--database", own_database)
    assert run("user", "add", "ny", "--role", "coordinator", *where).returncode == 0
    twice = run("user", "add", "ny", "--role", "coordinator", *where)
    assert "there is a user 'ny' already" in plain(twice.stderr)
    assert run("user", "role", "ny", "manager", *where).returncode == 0
    wrong = run("user", "role", "ny", "manger", *where)
    assert "Did you mean 'manager'?" in plain(wrong.stderr)
    listed = run("user", "list", "--database", own_database)
    assert re.search(r"ny\s+│ ny\s+│ coordinator", listed.stdout)
    assert run("user", "role", "ny", "manager", "--end", *where).returncode == 0
    again = run("user", "role", "ny", "manager", "--end", *where)
    assert "does not hold that role there" in plain(again.stderr)


def test_rebuild_says_how_many(own_database: str, the_town: town.Town, state: Path) -> None:
    ended = run(
        "rebuild", "--database", own_database, environment={"INDSATS_TODAY": the_town.day.isoformat()}
    )
    assert ended.returncode == 0, ended.stderr
    assert "projections of 120 persons made from the facts" in plain(ended.stdout)
