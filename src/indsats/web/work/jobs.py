"""Jobs: asking for one, telling how far it is, and what kinds there are."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

from django.db import transaction
from django.db.models import QuerySet

from .. import clock
from ..models import Job, User

_OFTEN = 0.4
"""Seconds between two notes of how far a job is."""


class Stopped(Exception):
    """Somebody asked the job to stop, or the process is ending."""


class Failed(Exception):
    """The job cannot be done; ``said`` is the key of the words that say why and what to do."""

    def __init__(self, said: str) -> None:
        """Keep the key."""
        super().__init__(said)
        self.said = said


@dataclass(frozen=True, slots=True)
class Made:
    """What a job made: something for the page, and a file if it makes one."""

    told: Any = None
    content: bytes | None = None


Doing = Callable[["Running"], Made]

KINDS: Mapping[str, str] = {
    "figures": "indsats.web.screens.steering_made:make_page",
    "report": "indsats.web.screens.steering_reports:make_report",
}
"""What does each kind of job: ``module:function`` of a ``Doing``. Loaded when the first such job is done."""

STANDING = "indsats.web.screens.steering_made:standing"
"""Asks for what is to be ready before anybody comes: when the process begins, and each new day."""


def ask_standing() -> None:
    """Ask for the standing jobs."""
    module, name = STANDING.split(":")
    getattr(import_module(module), name)()


def doing(what: str) -> Doing:
    """The function of a kind of job; KeyError for a kind nobody knows."""
    module, name = KINDS[what].split(":")
    return cast("Doing", getattr(import_module(module), name))


def ask(user: User | None, what: str, key: str, asked: Mapping[str, Any]) -> Job:
    """The job that makes ``key``, asked for now; the one under way when somebody has asked for the same already.

    ``asked`` is JSON: what the job's function needs. Raises KeyError for an unknown kind.
    """
    KINDS[what]
    with transaction.atomic():
        known = Job.objects.filter(key=key, ended=None, stop=False).defer("made", "content").first()
        if known is not None:
            return known
        return Job.objects.create(user=user, what=what, key=key, asked=dict(asked), created=clock.now())


def made_for(key: str) -> QuerySet[Job]:
    """The jobs that made ``key`` and went well, the newest first."""
    return Job.objects.filter(key=key, ended__isnull=False, failed="").order_by("-ended")


def newest(key: str) -> Job | None:
    """The newest job that made ``key`` and went well."""
    return made_for(key).first()


def under_way(key: str) -> Job | None:
    """The job that is making ``key``, or waits to."""
    return Job.objects.filter(key=key, ended=None).defer("made", "content").order_by("created").first()


class Running:
    """A job being done: what was asked, and where it tells how far it is."""

    def __init__(self, job: Job, ending: Callable[[], bool] = lambda: False) -> None:
        """``ending`` says whether the process is about to end."""
        self.job = job
        self.asked: Mapping[str, Any] = job.asked
        self._ending = ending
        self._told = 0.0

    def tell(self, done: int, total: int, step: str) -> None:
        """Note how far the job is; ``step`` is what is being done. Raises ``Stopped`` when it is to stop.

        Notes that come close after one another are left out, the look whether to stop with them.
        """
        if self._ending():
            raise Stopped
        at = time.monotonic()
        if at - self._told < _OFTEN:
            return
        self._told = at
        mine = Job.objects.filter(pk=self.job.pk)
        mine.update(done=done, total=total, step=step[:200], seen=clock.now())
        if mine.values_list("stop", flat=True).first() is not False:
            raise Stopped
