"""The server's clock, moved to another day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from indsats.language import local
from indsats.web import clock


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("day", [date(2020, 7, 31), date(2020, 12, 31)])
@pytest.mark.parametrize("month", [6, 11])
def test_the_clocks_show_the_same_on_the_other_day(day: date, month: int, hour: int) -> None:
    at = datetime(2026, month, 23, hour, 10, tzinfo=UTC)
    there = local(clock.on_day(day, at))
    assert (there.date(), there.time()) == (day, local(at).time())


def test_the_moved_day_is_today_whatever_the_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INDSATS_TODAY", "2020-07-31")
    assert clock.today() == date(2020, 7, 31)
    assert clock.moved()
    monkeypatch.delenv("INDSATS_TODAY")
    assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 5
