"""Work beside the screens: projections kept up to date, and longer jobs; each in a process of its own.

``follow_forever`` and ``work_forever`` are what the processes run: ``python -m indsats.web.work follow`` and ``work``.
Nothing of Django is loaded before they are called.
"""

from __future__ import annotations

import os
import signal
import threading


def follow_forever(stop: threading.Event | None = None) -> None:
    """Make projections of what changes, as it changes, and everybody's when the Danish day does, until ``stop`` is set.

    Without ``stop`` the process ends at SIGTERM or Ctrl-C, when the persons it is at are done.
    """
    stop = _ready(stop)
    from .follow import follow

    follow(stop)


def work_forever(stop: threading.Event | None = None) -> None:
    """Do the jobs that are asked for, oldest first, until ``stop`` is set.

    Without ``stop`` the process ends at SIGTERM or Ctrl-C; a job under way is then put back and begun again later.
    """
    stop = _ready(stop)
    from .runner import work

    work(stop)


def _ready(stop: threading.Event | None) -> threading.Event:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "indsats.web.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    if stop is None:
        stop = threading.Event()
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, lambda *_, said=stop: said.set())
    return stop


__all__ = ["follow_forever", "work_forever"]
