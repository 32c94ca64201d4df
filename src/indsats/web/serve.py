"""Runs the server: the screens, and the two processes beside them, together until they are told to end.

``python -m indsats.web.serve PART`` is one of the processes; ``indsats serve`` starts them all by ``together``.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indsats.problem import InputRefused, Problem

READY = "ready.txt"
"""A file among styles and scripts that is asked for to see whether the screens answer."""
THREADS = 8
"""Requests a process answers at a time: most of them wait for the database."""
_GRACE = 25.0
"""Seconds a process has to end what it is at."""
_NOW_AND_THEN = 600.0
"""Seconds from one time to the next that what is done now and then is done."""
_CALM = 60.0
"""A process that ran so long is started again at once when it ends; one that keeps ending waits longer each time."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the screens are answered, and by how many processes."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2

    @property
    def url(self) -> str:
        """What is written in a browser."""
        shown = "localhost" if self.host in ("127.0.0.1", "0.0.0.0", "::", "::1") else self.host  # noqa: S104
        return f"http://{shown}:{self.port}"


def free(address: Address) -> None:
    """Refuse in words when something answers on the port already, or may not."""
    try:
        with socket.socket(
            socket.AF_INET6 if ":" in address.host else socket.AF_INET, socket.SOCK_STREAM
        ) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((address.host, address.port))
    except OSError as failed:
        raise InputRefused(
            [
                Problem(
                    f"port {address.port} on {address.host} cannot be used "
                    f"({(failed.strerror or 'in use').lower()})",
                    f"End what answers there, or choose another: --port {address.port + 1}",
                    file="--port",
                )
            ]
        ) from None
    except OverflowError:
        raise InputRefused([Problem(f"{address.port} is no port", "Choose one from 1024 to 65535")]) from None


def together(
    address: Address,
    started: Callable[[], None] | None = None,
    tell: Callable[[str], None] = print,
    now_and_then: Callable[[], None] | None = None,
) -> None:
    """Run all processes until SIGTERM or Ctrl-C; then let them finish what they are at, and end them.

    ``started`` is called once the screens answer, ``now_and_then`` every few minutes from then on. A process that ends
    by itself is started again and told of. Raises ``InputRefused`` when the screens never begin to answer.
    """
    stop = threading.Event()
    before = {one: signal.signal(one, lambda *_: stop.set()) for one in (signal.SIGTERM, signal.SIGINT)}
    said = {
        "INDSATS_SERVE_BIND": f"{address.host}:{address.port}",
        "INDSATS_SERVE_WORKERS": str(address.workers),
    }
    parts = [_Part(name, said) for name in _PARTS]
    try:
        screens, *beside = parts
        screens.start()
        if not _answers(address, screens, stop):
            if stop.is_set():
                return
            raise InputRefused(
                [Problem("the screens did not start", "What they said stands above; mend it and start again")]
            )
        for part in beside:  # not before, so that somebody can sign in as soon as may be
            part.start()
        if started and not stop.is_set():
            started()
        looked = time.monotonic()
        while not stop.wait(0.2):
            for part in parts:
                part.kept(tell)
            if now_and_then and time.monotonic() - looked > _NOW_AND_THEN:
                now_and_then()
                looked = time.monotonic()
    finally:
        forced = sum(part.ended() for part in _asked_to_end(parts))
        for one, handler in before.items():
            signal.signal(one, handler)
        if forced:
            tell(f"{forced} processes did not end in {_GRACE:.0f} seconds and were stopped")


class _Part:
    """One of the processes, kept running."""

    def __init__(self, name: str, said: Mapping[str, str]) -> None:
        self.name = name
        self._said = said
        self.process: subprocess.Popen[bytes] | None = None
        self._since = 0.0
        self._again: float | None = None
        self._wait = 0.5

    def start(self) -> None:
        """Begin; in a session of its own, so that Ctrl-C in a terminal reaches only who ends them in order."""
        self._since, self._again = time.monotonic(), None
        self.process = subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, "-m", "indsats.web.serve", self.name],
            env={**os.environ, **self._said, "INDSATS_SERVE_PARENT": str(os.getpid())},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kept(self, tell: Callable[[str], None]) -> None:
        """Start it again when it has ended: at once after a long run, later and later when it keeps ending."""
        code = self.process.poll() if self.process is not None else 0
        if code is None:
            return
        now = time.monotonic()
        if self._again is None:
            self._wait = 0.5 if now - self._since > _CALM else min(self._wait * 2, 60.0)
            self._again = now + self._wait
            tell(f"the process '{self.name}' ended ({code}) and is started again")
        if now >= self._again:
            self.start()

    def ask(self) -> None:
        """Ask it to end."""
        if self.process is not None and self.process.poll() is None:
            with suppress(ProcessLookupError):
                self.process.terminate()

    def ended(self) -> bool:
        """Wait until it has ended; True when it had to be forced."""
        if self.process is None:
            return False
        try:
            self.process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            return True
        return False


def _asked_to_end(parts: list[_Part]) -> list[_Part]:
    for part in parts:
        part.ask()
    return parts


def _answers(address: Address, screens: _Part, stop: threading.Event, seconds: float = 180.0) -> bool:
    """Wait until somebody answers on the port; False when the process ended, or it took too long."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address.host, address.host)  # noqa: S104
    end = time.monotonic() + seconds
    while time.monotonic() < end and not stop.wait(0.1):
        if screens.process is not None and screens.process.poll() is not None:
            return False
        try:
            with socket.create_connection((host, address.port), timeout=1) as asked:
                asked.settimeout(20)
                asked.sendall(f"GET /static/{READY} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
                if asked.recv(16).startswith(b"HTTP/"):
                    return True
        except OSError:
            continue
    return False


def _screens() -> None:
    """Answer requests by gunicorn: processes of threads, each with its own database connection."""
    from gunicorn.app.base import BaseApplication

    shared = Path("/dev/shm")  # noqa: S108 - only the workers' signs of life, which a slow disk would delay

    class Screens(BaseApplication):
        def load_config(self) -> None:
            for name, value in {
                "bind": os.environ["INDSATS_SERVE_BIND"],
                "workers": int(os.environ["INDSATS_SERVE_WORKERS"]),
                "threads": THREADS,
                "worker_class": "gthread",
                # never preloaded: a process forked after Polars was imported stands still once many compute at a time
                "preload_app": False,
                "timeout": 120,
                "graceful_timeout": int(_GRACE) - 5,
                # short: a connection that is kept stays with its process, and one of them could end up with everybody
                "keepalive": 2,
                "loglevel": "warning",
                "control_socket_disable": True,
                "worker_tmp_dir": str(shared) if shared.is_dir() else None,
                "proc_name": "indsats",
            }.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            from .wsgi import application  # first: it makes the models ready

            _read_once()
            return application

    Screens().run()


def _read_once() -> None:
    """Import the screens and read the definitions: seconds that nobody should wait for at their first page."""
    from django.db import DatabaseError, connection
    from django.urls import get_resolver

    from .programmes import served

    _ = get_resolver().url_patterns
    with suppress(DatabaseError):  # whoever opens a page is told in words
        served()
    connection.close()


def _follow() -> None:
    from .work import follow_forever

    _goes_after(5)
    follow_forever()


def _work() -> None:
    from .work import work_forever

    _goes_after(15)
    work_forever()


def _goes_after(nice: int) -> None:
    """Let whoever looks at a screen go first.

    Linux may weigh sessions against one another before it weighs processes (``sched_autogroup``), and each part has a
    session of its own: there the process's own niceness alone would give it as much as the screens.
    """
    os.nice(nice)
    with suppress(OSError):  # another system, or no such groups
        Path("/proc/self/autogroup").write_text(str(nice))


_PARTS: Mapping[str, Callable[[], None]] = {"screens": _screens, "follow": _follow, "work": _work}


def _ends_with(parent: int) -> None:
    """End this process when the one that started it is gone, however it went."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def part(name: str) -> None:
    """Be one of the processes: ``screens``, ``follow`` or ``work``."""
    if parent := os.environ.get("INDSATS_SERVE_PARENT"):
        _ends_with(int(parent))
    _PARTS[name]()


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in _PARTS:
        sys.exit(f"Say which part: {', '.join(_PARTS)}.")
    part(sys.argv[1])
