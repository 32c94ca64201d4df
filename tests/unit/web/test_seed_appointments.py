"""Invented people get appointments around the day their facts end, and nobody else does."""

from dataclasses import replace

import polars as pl
import pytest

from indsats.record import Record, read_record
from indsats.web.seed_appointments import with_appointments
from simulated import definition, folder


def record() -> Record:
    return read_record(folder(), definition())


def test_appointments_lie_around_the_last_day_and_belong_to_active_cases():
    before = record()
    last = before.as_of().last_day
    after = with_appointments(before)
    new = after.table("meeting").filter(pl.col("source") == "appointments")
    assert new.height > 5
    assert set(new["outcome"]) == {"planned"}
    assert (new["occurred_from"] - last).dt.total_days().is_between(-8, 37).all()
    assert not set(new["enrolment"]) & set(
        before.table("exit").filter(pl.col("occurred_from") <= last)["enrolment"]
    )
    assert after.as_of().last_day == last  # what is only planned does not make anybody followed longer


def test_the_same_seed_gives_the_same_and_another_gives_others():
    before = record()
    assert with_appointments(before, 3).table("meeting").equals(with_appointments(before, 3).table("meeting"))
    assert (
        not with_appointments(before, 3)
        .table("meeting")
        .equals(with_appointments(before, 4).table("meeting"))
    )


def test_real_people_are_given_none():
    with pytest.raises(ValueError, match="invented"):
        with_appointments(replace(record(), synthetic=False))
