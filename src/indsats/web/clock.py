"""What time it is: the server's clock, moved where old data are walked in as if they were of today."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta

from indsats.language import local


def now() -> datetime:
    """The time in UTC, with its zone."""
    return datetime.now(UTC) + _moved()


def today() -> date:
    """The Danish day."""
    return local(now()).date()


def moved() -> bool:
    """Whether another day than the calendar's counts as today."""
    return bool(os.environ.get("INDSATS_TODAY"))


def _moved() -> timedelta:
    said = os.environ.get("INDSATS_TODAY")
    if not said:
        return timedelta()
    return date.fromisoformat(said) - local(datetime.now(UTC)).date()
