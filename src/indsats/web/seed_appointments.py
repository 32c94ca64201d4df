"""Appointments for invented people: simulated facts end where the observed time ends, and a working day looks ahead."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

import polars as pl

from indsats.language import ZONE
from indsats.record import Facts, Record
from indsats.steer import case_rows

_BOOKED = 0.7
"""The share of active cases that have an appointment."""
_UNANSWERED = 0.06
"""The share whose last appointment has passed, and nobody has written how it went."""
_WEEKS = 5
"""How far ahead is booked."""


def with_appointments(record: Record, seed: int = 1) -> Record:
    """The record with planned meetings around the day its facts end, for most of those who are active then.

    Each is of the type and with the worker of the case's last held meeting, and was recorded a week or so before.
    Cases that never had a meeting get none, so that the queues of those without a next step are not empty. The same
    seed gives the same. Raises ValueError where the people are not invented.
    """
    if not record.synthetic:
        raise ValueError("appointments are invented for invented people only")
    facts = record.as_of()
    rows = list(_rows(facts, random.Random(seed)))  # noqa: S311 - invented appointments, not secrets
    if not rows:
        return record
    at = datetime.combine(facts.last_day - timedelta(days=9), time(9), ZONE)
    return record.add("meeting", rows, recorded_at=at, recorded_by="simulate", source="appointments")


def _rows(facts: Facts, chance: random.Random) -> Iterator[dict[str, Any]]:
    today = facts.last_day
    held = (
        facts.table("meeting")
        .filter((pl.col("outcome") == "held") & pl.col("enrolment").is_not_null())
        .sort("occurred_from", "id")
        .unique("enrolment", keep="last", maintain_order=True)
        .rows_by_key("enrolment", named=True, unique=True)
    )
    active = case_rows(facts, today).filter(
        (pl.col("state") == "active")
        & (pl.col("start") < today - timedelta(days=10))
        & pl.col("next_planned").is_null()
    )
    for case in active.sort("enrolment").rows(named=True):
        last = held.get(case["enrolment"])
        drawn = chance.random()
        if last is None or drawn > _BOOKED + _UNANSWERED:
            continue
        # one in ten is today: the day somebody signs in has something in it
        days = (
            -chance.randint(1, 6) if drawn > _BOOKED else max(0, round(chance.triangular(-4, _WEEKS * 7, 3)))
        )
        day = today + timedelta(days=days)
        while day.weekday() > 4 and day != today:
            day += timedelta(days=1 if days > 0 else -1)
        yield {
            "person": case["person"],
            "enrolment": case["enrolment"],
            "site": case["site"],
            "occurred_from": day,
            "type": last["type"],
            "outcome": "planned",
            "worker": last["worker"],
        }
