"""The shipped presets: written as a definition is, and whole."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from indsats.library import register_preset_path, register_presets
from indsats.programme import Programme
from indsats.register import expand
from weekbook import programme

KEYS = {"preset", "title", "source", "note", "states", "index", "history", "outcomes"}


def content(name: str) -> dict[str, Any]:
    return yaml.safe_load(register_preset_path(name).read_text("utf-8"))


def within_a_programme(name: str) -> Programme:
    """The preset's parts where they belong in a definition."""
    parts = content(name)
    asked = {key: parts[key] for key in ("index", "history", "outcomes")}
    whole = {"covariates": [{"field": "age", "title": {"da": "x", "en": "x"}}], "time_to": "employment-52"}
    return programme({**asked, **whole}, states=parts["states"])


@pytest.mark.parametrize("name", register_presets())
def test_a_preset_says_what_it_is_and_nothing_unknown(name: str) -> None:
    parts = content(name)
    assert parts["preset"] == name
    assert set(parts) <= KEYS
    assert set(parts["title"]) == set(parts["note"]) == {"da", "en"}


@pytest.mark.parametrize("name", register_presets())
def test_a_preset_fits_into_a_definition(name: str) -> None:
    evaluation = within_a_programme(name).evaluations["exit"]
    assert [outcome.id for outcome in evaluation.outcomes] == [one["id"] for one in content(name)["outcomes"]]


def test_every_week_is_in_one_state_or_ends_the_observation() -> None:
    states = within_a_programme("employment-four-weeks").states
    of_state = [expand(state.codes) for state in states.values()]
    assert sum(map(len, of_state)) == len(frozenset().union(*of_state))
    assert set(range(-1, 1000)) - frozenset().union(*of_state) == {997, 999}


def test_employment_asks_for_four_weeks_and_pay() -> None:
    employment = within_a_programme("employment-four-weeks").states["employment"]
    assert (employment.at_least_weeks, employment.paid_hours, employment.before_pension) == (4, True, False)
