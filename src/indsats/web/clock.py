"""What time it is: the server's clock, moved where old data are walked in as if they were of today."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

from indsats.language import local


def now() -> datetime:
    """The time in UTC, with its zone."""
    said, real = os.environ.get("INDSATS_TODAY"), datetime.now(UTC)
    return on_day(date.fromisoformat(said), real) if said else real


def today() -> date:
    """The Danish day."""
    return local(now()).date()


def moved() -> bool:
    """Whether another day than the calendar's counts as today."""
    return bool(os.environ.get("INDSATS_TODAY"))


def on_day(day: date, at: datetime) -> datetime:
    """A point in time moved to another day, in UTC: the clocks in Denmark show the same, in summer and in winter."""
    return datetime.combine(day, local(at).timetz()).astimezone(UTC)
