"""The folder beside the goal in which a store is built, and what an interrupted build left there."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from types import TracebackType

from indsats.problem import InputRefused, Problem

from .merge import put
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
        self._folder.mkdir(parents=True, exist_ok=True)
        self._hold()
        if self._about() is None:
            for name in ("parts", "merged", "store"):
                shutil.rmtree(self._folder / name, ignore_errors=True)
        for name in ("parts", "merged", "store/spells", "store/persons"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        for unfinished in self._folder.rglob("*.unfinished"):
            unfinished.unlink(missing_ok=True)
        return self

    def __exit__(
        self, _sort: type[BaseException] | None, _fault: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._lock >= 0:
            os.close(self._lock)

    def _hold(self) -> None:
        if fcntl is None:
            return
        self._lock = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # ends with the process, however it ends
        except BlockingIOError:
            os.close(self._lock)
            what, remedy = "the store is being built by another process", "Wait until it is done, or stop it"
            raise InputRefused([Problem(what, remedy, self._goal.name)]) from None

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
