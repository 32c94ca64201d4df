"""A real server in processes of its own, as ``indsats serve`` starts it: for browsers, many users and sudden ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

COMMAND = (sys.executable, "-c", "from indsats.cli import main; main()")


class Server:
    """``indsats serve`` on a database; ``url`` once it answers."""

    def __init__(self, database: str, *options: str, environment: dict[str, str] | None = None) -> None:
        """Prepare; ``options`` are further options of the command."""
        self.database = database
        self.port = _free_port()
        self._options = options
        self._environment = environment or {}
        self._lines: list[str] = []
        self.process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://localhost:{self.port}"

    @property
    def said(self) -> str:
        """What it has printed so far, on both streams."""
        return "".join(self._lines)

    def start(self, seconds: float = 300) -> Server:
        """Start, and wait until it says where to open it; AssertionError with what it said when it ends first."""
        command = [
            *COMMAND,
            "serve",
            "--database",
            self.database,
            "--port",
            str(self.port),
            *self._options,
        ]
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "indsats.web.settings", **self._environment},
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()
        end = time.monotonic() + seconds
        while "Open http" not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < end, f"not started in {seconds} seconds: {self.said}"
            time.sleep(0.05)
        return self

    def _read(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.append(line)

    def family(self) -> list[psutil.Process]:
        """All its processes, the first one first."""
        assert self.process is not None
        first = psutil.Process(self.process.pid)
        return [first, *first.children(recursive=True)]

    def part(self, name: str) -> psutil.Process:
        """The process of a part: ``screens``, ``follow`` or ``work``."""
        return next(one for one in self.family() if one.cmdline()[-2:] == ["indsats.web.serve", name])

    def kill(self) -> None:
        """End everything at once, as when the power goes: nobody is asked."""
        if self.process is None or self.process.poll() is not None:
            return
        those = self.family()
        for one in those:
            one.suspend()  # nobody may react to the end of another
        for one in those:
            one.kill()
        psutil.wait_procs(those, timeout=20)
        self.process.wait(20)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end, and give its exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(60)


@contextmanager
def serving(database: str, *options: str, environment: dict[str, str] | None = None) -> Iterator[Server]:
    """A server while the block runs."""
    server = Server(database, *options, environment=environment)
    try:
        yield server.start()
    finally:
        if server.process is not None and server.process.poll() is None:
            server.stop()


def run(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """A command of ``indsats`` to its end."""
    return subprocess.run(  # noqa: S603 - our own command
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "indsats.web.settings", **(environment or {})},
    )


def plain(text: str) -> str:
    """Printed text without colours and on one line."""
    return " ".join(re.sub(r"\x1b\[[0-9;]*m", "", text).split())


def beside(database: str) -> Path:
    """The folder of what the server keeps beside a database file."""
    file = Path(database.removeprefix("sqlite:///"))
    return file.with_name(f"{file.name}.files")


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return tried.getsockname()[1]
