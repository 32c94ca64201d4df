"""Does the jobs: takes the oldest, tells that it is alive, and notes what came of it."""

from __future__ import annotations

import logging
import threading
import traceback
from datetime import datetime, timedelta
from pathlib import PurePath
from types import TracebackType

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import F, Q

from indsats.problem import InputRefused

from .. import clock
from ..models import Job
from .jobs import Failed, Running, Stopped, ask_standing, doing

_IDLE = 0.5
"""Seconds between looks when no job waits."""
_HEART = 5.0
"""Seconds between two signs of life."""
_DEAD = timedelta(seconds=30)
"""A job that gave no sign of life for so long has lost its process."""
_TRIES = 2
"""How often a job is begun before it is called failed: what killed its process once may do so again."""

_log = logging.getLogger(__name__)


def work(stop: threading.Event) -> None:
    """Do jobs until ``stop`` is set. A database that is away is waited for."""
    day = None
    while not stop.is_set():
        close_old_connections()
        try:
            if day != clock.today():
                ask_standing()
                day = clock.today()
            job = claim()
            if job is not None:
                with _Heart(job):
                    do(job, stop)
        except DatabaseError as error:
            _log.warning("jobs wait for the database: %s", type(error).__name__)
            stop.wait(1.0)
            job = None
        if job is None:
            stop.wait(_IDLE)


def claim() -> Job | None:
    """The oldest job nobody is doing, now ours; None when there is none.

    Jobs whose process died are among them, until they have been begun too often.
    """
    with transaction.atomic():
        now = clock.now()
        lost = Job.objects.filter(_lost(now))
        lost.filter(Q(tries__gte=_TRIES) & Q(stop=False)).update(ended=now, failed="jobs.failed.died")
        lost.filter(stop=True).update(ended=now, failed="jobs.failed.stopped")
        free = Job.objects.filter(Q(started=None, ended=None, stop=False) | _lost(now)).order_by(
            "created", "pk"
        )
        if connection.features.has_select_for_update_skip_locked:
            free = free.select_for_update(skip_locked=True)
        job = free.defer("made", "content").first()
        if job is None:
            return None
        # where rows cannot be locked, whoever changes it first has it
        unchanged = Job.objects.filter(pk=job.pk, ended=None, tries=job.tries, seen=job.seen)
        if not unchanged.update(started=now, seen=now, tries=F("tries") + 1, done=0, total=0, step=""):
            return None
        job.tries += 1
        return job


def _lost(now: datetime) -> Q:
    # a sign of life from the future is one of another day that counted as today
    return Q(ended=None, started__isnull=False) & (Q(seen__lt=now - _DEAD) | Q(seen__gt=now + _DEAD))


def do(job: Job, stop: threading.Event | None = None) -> None:
    """Do a claimed job and note what came of it, in words when it failed."""
    mine = Job.objects.filter(pk=job.pk, tries=job.tries, ended=None)
    try:
        made = doing(job.what)(Running(job, stop.is_set if stop else lambda: False))
    except Stopped:
        if mine.filter(stop=False).update(started=None, seen=None, tries=F("tries") - 1):
            return  # the process ends: the job is somebody else's
        _ended(job, "jobs.failed.stopped")
    except Failed as failed:
        _ended(job, failed.said)
    except InputRefused as refused:
        _log.warning(
            "job %s of kind %s was refused: %d problems", job.public, job.what, len(refused.problems)
        )
        _ended(job, "jobs.failed.refused")
    except DatabaseError:
        raise
    except Exception as error:
        # where it went wrong, never what the message says: it may name somebody
        _log.error(
            "job %s of kind %s failed: %s at %s", job.public, job.what, type(error).__name__, _place(error)
        )
        _ended(job, "jobs.failed.unknown")
    else:
        if not mine.update(ended=clock.now(), made=made.told, content=made.content, failed="", step=""):
            _log.warning("job %s was taken up by another process; its result is left out", job.public)


def _ended(job: Job, said: str) -> None:
    Job.objects.filter(pk=job.pk, ended=None).update(ended=clock.now(), failed=said, step="")


def _place(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{PurePath(last.filename).name}:{last.lineno}"


class _Heart:
    """Tells beside a job that its process is alive, from a thread and a connection of its own."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heart", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join(_HEART)

    def _beat(self) -> None:
        try:
            while not self._done.wait(_HEART):
                try:
                    Job.objects.filter(pk=self._job.pk, tries=self._job.tries, ended=None).update(
                        seen=clock.now()
                    )
                except DatabaseError:
                    continue  # the next beat tries again; the job itself says so if the database stays away
        finally:
            connection.close()
