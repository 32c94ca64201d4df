"""Work shared between processes that need nothing of the script they are started from.

Python's own pools start a process by running the caller's script anew, which a script without an
``if __name__ == "__main__"`` and a notebook do not survive, or by a fork, which the threads of Polars do not. These
processes run ``python -m indsats.register.store.worker`` instead: tasks come in and results go out as pickles through
their standard input and output. Nothing of a task stands on a command line or in the environment, a key among it.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import struct
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import IO, Any

from indsats.problem import InputRefused, Problem

from ..writing import told_when_full

Task = tuple[Callable[..., Any], tuple[Any, ...]]
"""A function that can be imported, and what it is called with."""

_LENGTH = struct.Struct("<Q")


def perform(task: Task) -> Any:
    """The task's result. A full disk is told as a problem."""
    function, arguments = task
    with room_to_build():
        return function(*arguments)


def room_to_build() -> AbstractContextManager[None]:
    """Where a full disk is told as a problem."""
    return told_when_full(
        "there is no room left where the register is being built",
        "Make room, or choose another place, and build again: what is done is kept",
    )


class Workers:
    """This process and some others, ``count`` in all, that perform tasks."""

    def __init__(self, count: int) -> None:
        """Starts the others; they import their libraries while this one goes on."""
        self._processes = [_start() for _ in range(count - 1)]

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(BrokenPipeError):  # a task was on its way
                        pipe.close()

    def results(self, tasks: Sequence[Task]) -> Iterator[tuple[int, Any]]:
        """The number of each task and its result, as they are done.

        Raises what a task raised: ``InputRefused`` with its problems; also when a process was ended from outside.
        """
        waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        for number in range(len(tasks)):
            waiting.put(number)
        done: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()

        def feed(process: subprocess.Popen[bytes]) -> None:
            while True:
                try:
                    number = waiting.get_nowait()
                except queue.Empty:
                    return
                done.put((number, _ask(process, tasks[number])))

        for process in self._processes[: len(tasks) - 1]:
            threading.Thread(target=feed, args=(process,), daemon=True).start()
        for _ in tasks:
            if done.empty():
                try:
                    number = waiting.get_nowait()
                except queue.Empty:
                    pass
                else:
                    yield number, perform(tasks[number])
                    continue
            number, (sort, content) = done.get()
            if sort == "refused":
                raise InputRefused(content)
            if sort == "failed":
                raise RuntimeError(content)
            yield number, content


def _start() -> subprocess.Popen[bytes]:
    # One thread each: as many processes as cores share the work without waiting for one another.
    places = os.pathsep.join(place for place in sys.path if place)
    surroundings = {**os.environ, "POLARS_MAX_THREADS": "1", "PYTHONPATH": places}
    command = [sys.executable, "-m", "indsats.register.store.worker"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=surroundings)  # noqa: S603


def _ask(process: subprocess.Popen[bytes], task: Task) -> tuple[str, Any]:
    if process.stdin is None or process.stdout is None:
        raise ValueError("the process was started without pipes")
    try:
        send(process.stdin, task)
        return receive(process.stdout)
    except (OSError, Gone):
        status = process.wait()
        how = f"signal {-status}" if status < 0 else f"status {status}"
        what = f"a process that builds the register was ended from outside ({how})"
        remedy = (
            "Most often memory ran out: end other programs or build with workers=1; "
            "building again goes on from where it stopped"
        )
        return "refused", [Problem(what, remedy)]
    except Exception:  # such as a task that cannot be pickled; the one who waits for it must hear of it
        return "failed", traceback.format_exc()


class Gone(Exception):
    """The process at the other end of a pipe has ended."""


def send(pipe: IO[bytes], content: object) -> None:
    """Writes something to a pipe."""
    data = pickle.dumps(content)
    pipe.write(_LENGTH.pack(len(data)) + data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Any:
    """Reads what was sent; raises ``Gone`` when the other side is."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise Gone
    (length,) = _LENGTH.unpack(head)
    data = pipe.read(length)
    if len(data) < length:
        raise Gone
    return pickle.loads(data)  # noqa: S301 - comes from the process at the other end, which is ours
