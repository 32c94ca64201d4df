"""Days off in Denmark, and days in a rhythm that avoid them: known dates, and that no date of a rhythm is lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indsats.workdays import day_off, in_rhythm


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2024-03-28", "skærtorsdag"),
        ("2024-03-29", "langfredag"),
        ("2024-04-01", "2. påskedag"),
        ("2024-05-09", "Kristi himmelfartsdag"),
        ("2024-05-20", "2. pinsedag"),
        ("2026-05-01", "1. maj"),
        ("2026-06-05", "grundlovsdag"),
        ("2026-12-24", "juleaften"),
        ("2027-03-26", "langfredag"),
        ("2023-05-05", "store bededag"),
        ("2026-11-28", "lørdag"),
        ("2026-11-29", "søndag"),
    ],
)
def test_known_days_off(day: str, why: str) -> None:
    assert day_off(date.fromisoformat(day), "da") == why
    assert day_off(date.fromisoformat(day), "en") not in (None, why)


def test_great_prayer_day_is_a_working_day_from_2024() -> None:
    for year, day in ((2024, date(2024, 4, 26)), (2025, date(2025, 5, 16)), (2026, date(2026, 5, 1))):
        assert day.weekday() == 4, year
    assert day_off(date(2024, 4, 26), "da") is None
    assert day_off(date(2025, 5, 16), "da") is None
    assert day_off(date(2023, 5, 5), "en") == "Great Prayer Day"


def test_a_day_of_the_rhythm_that_is_off_is_held_on_the_next_and_the_rhythm_stays() -> None:
    found = in_rhythm(date(2027, 2, 25), 4, date(2027, 5, 20))
    meant = [date(2027, 2, 25), date(2027, 3, 25), date(2027, 4, 22), date(2027, 5, 20)]
    assert [one.meant for one in found] == meant
    assert [one.day for one in found] == [meant[0], date(2027, 3, 30), *meant[2:]]


def test_where_the_next_working_day_lies_after_the_end_the_one_before_is_taken() -> None:
    (*_, last) = in_rhythm(date(2026, 11, 26), 4, date(2026, 12, 25))
    assert (last.meant, last.day) == (date(2026, 12, 24), date(2026, 12, 23))
    with pytest.raises(ValueError, match="at least one week"):
        in_rhythm(date(2026, 1, 5), 0, date(2026, 2, 5))


@settings(deadline=None, max_examples=200)
@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 52), st.integers(-30, 800))
def test_a_rhythm_loses_no_date(first: date, weeks: int, length: int) -> None:
    """Held against a walk over the calendar: every date meant is there once, on a working day near it."""
    last = first + timedelta(days=length)
    expected, on = [], first
    while on <= last:
        expected.append(on)
        on += timedelta(weeks=weeks)
    found = in_rhythm(first, weeks, last)
    assert [one.meant for one in found] == expected
    days = [one.day for one in found]
    assert days == sorted(set(days)), "no two dates fall together, and their order stays"
    for one in found:
        assert day_off(one.day, "da") is None
        assert abs((one.day - one.meant).days) < 7
        assert one.day == one.meant or day_off(one.meant, "da") is not None
        if one.day > last:  # then there is no working day between the two ends
            stretch = [first + timedelta(days=n) for n in range((one.meant - first).days + 1)]
            assert all(day_off(day, "da") for day in stretch)
