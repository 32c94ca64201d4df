"""Keeps the projections up to date: whose facts changed first, then, when the day does, everybody's."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from datetime import date

from django.db import DatabaseError, close_old_connections

from .. import clock
from ..derive import project, waiting
from ..models import Case

_IDLE = 0.2
"""Seconds between looks when nothing waits."""
_AT_ONCE = 200
"""How many persons are made at a time: few enough that nobody who registers waits behind them."""
_AGAIN = 60.0
"""Seconds before a person whose projections failed is tried again."""

_log = logging.getLogger(__name__)


def follow(stop: threading.Event) -> None:
    """Make projections until ``stop`` is set. A database that is away is waited for."""
    made = Follower()
    while not stop.is_set():
        close_old_connections()
        try:
            worked = made.step()
        except DatabaseError as error:
            _log.warning("projections wait for the database: %s", type(error).__name__)
            worked = False
            stop.wait(1.0)
        if not worked:
            stop.wait(_IDLE)


class Follower:
    """What the process remembers: which day's projections there are, whose are still of an earlier day, who failed."""

    def __init__(self) -> None:
        """Nothing is known to be up to date yet."""
        self.day: date | None = None
        self.old: deque[int] = deque()
        self.failed: dict[int, float] = {}

    def step(self) -> bool:
        """Make a few projections; False when there were none to make."""
        day = clock.today()
        if day != self.day:
            self.old = deque(_of_earlier_days(day))
            self.day = day
        now = time.monotonic()
        later = {key for key, at in self.failed.items() if now - at < _AGAIN}
        due = [key for key in waiting(_AT_ONCE + len(later)) if key not in later][:_AT_ONCE]
        if not due:
            due = [self.old.popleft() for _ in range(min(_AT_ONCE, len(self.old)))]
        if due:
            self._make(due, day)
        return bool(due)

    def _make(self, persons: list[int], day: date) -> None:
        try:
            project(persons, day)
        except DatabaseError:
            self.day = None  # look anew for those of an earlier day: some of them may be among these
            raise
        except Exception as error:
            if len(persons) > 1:
                # one by one, so that a person whose facts cannot be read keeps nobody else waiting
                for key in persons:
                    self._make([key], day)
                return
            # keys of rows, never what the message says: it may name somebody
            _log.error("no projections of person row %d: %s", persons[0], type(error).__name__)
            self.failed[persons[0]] = time.monotonic()
        else:
            for key in persons:
                self.failed.pop(key, None)


def _of_earlier_days(day: date) -> list[int]:
    old = Case.objects.filter(computed_on__lt=day).order_by("person").values_list("person", flat=True)
    return list(old.distinct())
