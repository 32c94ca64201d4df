"""The folder beside the goal in which a store is built, and what an interrupted build left there."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from types import TracebackType

from indsats.problem import InputRefused, Problem

from ..writing import OWNERS_FOLDER, UNFINISHED, put
from .store import building_folder

try:
    import fcntl
except ImportError:  # Windows: two builds of one store at a time are not noticed there
    fcntl = None


class Site:
    """Where a store is built: ``plan.json``, ``parts``, ``merged`` (a record for each bucket) and ``store``.

    What an earlier build left is kept if it was of the same inputs, and removed otherwise. Used as a context: the
    folder stays behind unless ``clear`` was called.
    """

    def __init__(self, goal: Path, inputs: str) -> None:
        self._goal, self._inputs = goal, inputs
        self._folder = building_folder(goal)
        self.store = self._folder / "store"
        self._lock = -1

    def __enter__(self) -> Site:
        self._hold()
        if self._about() is None:
            for name in ("parts", "merged", "store"):
                shutil.rmtree(self._folder / name, ignore_errors=True)
        for name in ("parts", "merged", "store", "store/spells", "store/persons"):
            (self._folder / name).mkdir(OWNERS_FOLDER, exist_ok=True)
        for unfinished in self._folder.rglob(f"*{UNFINISHED}"):
            unfinished.unlink(missing_ok=True)
        return self

    def __exit__(
        self, _sort: type[BaseException] | None, _fault: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._let_go()

    def _hold(self) -> None:
        """Makes the folder and locks it; the lock ends with the process, however it ends."""
        while True:
            self._goal.parent.mkdir(parents=True, exist_ok=True)
            self._folder.mkdir(OWNERS_FOLDER, exist_ok=True)
            if fcntl is None:
                return
            path = self._folder / "lock"
            try:
                self._lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.path.samestat(os.fstat(self._lock), path.stat()):
                    return
            except BlockingIOError:
                self._let_go()
                what, remedy = (
                    "the store is being built by another process",
                    "Wait until it is done, or stop it",
                )
                raise InputRefused([Problem(what, remedy, self._goal.name)]) from None
            except FileNotFoundError:
                pass
            # Whoever had the lock removed the folder in between: what was locked is no longer there.
            self._let_go()

    def _let_go(self) -> None:
        if self._lock >= 0:
            os.close(self._lock)
        self._lock = -1

    def _about(self) -> tuple[int, int] | None:
        try:
            plan = json.loads((self._folder / "plan.json").read_bytes())
            return (int(plan["buckets"]), int(plan["expected"])) if plan["inputs"] == self._inputs else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def plan(self) -> tuple[int, int] | None:
        """The buckets and the persons expected, as an earlier build of the same inputs set them down."""
        return self._about()

    def keep_plan(self, buckets: int, expected: int) -> None:
        """Sets down the plan, before anything that depends on it is written."""
        plan = {"inputs": self._inputs, "buckets": buckets, "expected": expected}
        put(self._folder / "plan.json", json.dumps(plan).encode())

    def part(self, file: int, index: int) -> Path:
        """Where a part of a file is written."""
        return self._folder / "parts" / f"{file:03d}-{index:05d}"

    def record(self, bucket: int) -> Path:
        """Where it is set down that a bucket is merged."""
        return self._folder / "merged" / f"{bucket:03d}.json"

    def clear(self) -> None:
        """Removes everything: the store was finished, or its inputs were refused."""
        shutil.rmtree(self._folder, ignore_errors=True)
