"""Spells of states."""

from __future__ import annotations

import pytest

from indsats.register import state_spells
from weekbook import START, programme, register_of


def course(states: list[str] | None, **courses: str) -> list[tuple[str, str, int, int]]:
    return [
        (person, state, first - START, last - START)
        for person, state, first, last in state_spells(register_of(courses), states, programme()).rows()
    ]


def test_neighbouring_codes_of_one_state_are_one_spell() -> None:
    assert course(["benefit"], a="2x730 3x733 1x- 1x739") == [("a", "benefit", 0, 4), ("a", "benefit", 6, 6)]


def test_persons_are_not_joined_to_each_other() -> None:
    assert course(["benefit"], a="1x- 2x730", b="2x730 1x-") == [
        ("a", "benefit", 1, 2),
        ("b", "benefit", 0, 1),
    ]


def test_a_week_may_be_in_several_states() -> None:
    assert course(["practice", "benefit"], a="1x730 2x737") == [
        ("a", "practice", 1, 2),
        ("a", "benefit", 0, 2),
    ]


def test_blank_joins_with_codes_where_a_state_says_so() -> None:
    assert course(["off", "work"], a="2x651 2x- 1x730") == [("a", "off", 0, 3), ("a", "work", 2, 3)]


def test_all_states_of_the_programme() -> None:
    found = course(None, a="1x730 1x651 1x-")
    assert [state for _, state, _, _ in found] == ["benefit", "education", "work", "off"]


def test_nobody_in_a_state_gives_no_rows() -> None:
    assert course(["death"], a="3x730") == []


def test_a_state_that_is_not_defined_is_refused() -> None:
    with pytest.raises(ValueError, match="no state flexjob"):
        course(["flexjob"], a="1x730")
